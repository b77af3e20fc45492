package deliver_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"laurel/internal/publishing/deliver"
)

const academy = "https://academy.example.org/larkspur"

func open(t *testing.T, dir string) *deliver.Folder {
	t.Helper()
	f, err := deliver.OpenFolder(dir, academy)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// list are the files below a folder, without what deliver keeps for itself.
func list(t *testing.T, dir string) string {
	t.Helper()
	var names []string
	check(t, filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && !strings.HasPrefix(d.Name(), ".") {
			rel, _ := filepath.Rel(dir, p)
			names = append(names, filepath.ToSlash(rel))
		}
		return err
	}))
	return strings.Join(names, " ")
}

func TestFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "packages")
	f := open(t, dir)
	check(t, f.Put("ada-1", "1", "", "README.txt"))
	check(t, f.Put("ada-1/welding", "1", "p1", "credential.json", "no-name/credential.json"))
	if !f.Unchanged("ada-1/welding", "1") || f.Unchanged("ada-1/welding", "2") || f.Unchanged("ada-1", "") {
		t.Error("what is unchanged is not known")
	}
	if f.Delivered("ada-1/welding") != "" {
		t.Error("delivered before the run has come to its end")
	}
	check(t, f.Close())

	// The run was interrupted: what it wrote is known, and not yet delivered.
	f = open(t, dir)
	if !f.Unchanged("ada-1/welding", "1") || f.Delivered("ada-1/welding") != "" {
		t.Error("an interrupted run is forgotten")
	}
	check(t, f.Finish())
	check(t, f.Close())
	f = open(t, dir)
	if f.Delivered("ada-1/welding") != "p1" {
		t.Error("not delivered after the end of a run")
	}

	// What is no longer made goes; a file that was lost is made again.
	check(t, os.Remove(filepath.Join(dir, "ada-1/welding/credential.json")))
	if f.Unchanged("ada-1/welding", "1") {
		t.Error("a lost file is not missed")
	}
	check(t, f.Put("ada-1/welding", "2", "p2", "credential.json"))
	if got := list(t, dir); got != "ada-1/README.txt ada-1/welding/credential.json" {
		t.Errorf("there is %s", got)
	}

	// Nobody but the owner reads any of it.
	check(t, filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		info, _ := d.Info()
		if mode := info.Mode().Perm(); err == nil && mode&0o077 != 0 && d.Name() != ".laurel-lock" {
			t.Errorf("%s has mode %o", p, mode)
		}
		return err
	}))

	if stale := f.Stale(map[string]bool{"ada-1": true}); len(stale) != 1 || stale[0] != "ada-1/welding" {
		t.Errorf("stale is %v", stale)
	}
	check(t, f.Prune("ada-1/welding"))
	check(t, f.Close())
	if got := list(t, dir); got != "ada-1/README.txt" {
		t.Errorf("there is %s", got)
	}
}

func TestFolderRefuses(t *testing.T) {
	dir := t.TempDir()
	check(t, os.WriteFile(filepath.Join(dir, "letter.txt"), []byte("mine"), 0o600))
	var foreign *deliver.ForeignError
	if _, err := deliver.OpenFolder(dir, academy); !errors.As(err, &foreign) || foreign.Count != 1 || strings.Contains(err.Error(), "letter") {
		t.Errorf("a folder of somebody's: %v", err)
	}
	if got := list(t, dir); got != "letter.txt" {
		t.Errorf("there is %s", got)
	}

	// A file in the way is not overwritten; one beside it is nobody's business.
	dir = t.TempDir()
	f := open(t, dir)
	check(t, os.MkdirAll(filepath.Join(dir, "ada-1/welding"), 0o700))
	mine := filepath.Join(dir, "ada-1/welding/credential.json")
	check(t, os.WriteFile(mine, []byte("mine"), 0o600))
	check(t, os.WriteFile(filepath.Join(dir, "notes.txt"), []byte("mine"), 0o600))
	if err := f.Put("ada-1/welding", "1", "", "credential.json"); !errors.As(err, &foreign) {
		t.Errorf("a file in the way: %v", err)
	}
	if b, _ := os.ReadFile(mine); string(b) != "mine" {
		t.Error("it was overwritten")
	}
	// Nor is what a link leads to.
	outside := t.TempDir()
	check(t, os.Symlink(outside, filepath.Join(dir, "bob-2")))
	if err := f.Put("bob-2/welding", "1", "", "credential.json"); err == nil || list(t, outside) != "" {
		t.Errorf("written through a link: %v, %s", err, list(t, outside))
	}
	if _, err := deliver.OpenFolder(dir, academy); !errors.Is(err, deliver.ErrBusy) {
		t.Errorf("a second run: %v", err)
	}
	check(t, f.Close())
	var other *deliver.OtherSiteError
	if _, err := deliver.OpenFolder(dir, "https://other.example.org"); !errors.As(err, &other) {
		t.Errorf("another site's: %v", err)
	}
}

// TestNamesNobody: what goes wrong is told without the names of folders.
func TestNamesNobody(t *testing.T) {
	f := open(t, t.TempDir())
	defer f.Close()
	check(t, f.PutFor("ada", "ada-1/welding", "credential.json", "hers"))
	var foreign *deliver.ForeignError
	if err := f.PutFor("zed", "ada-1/welding", "credential.json", "his"); !errors.As(err, &foreign) || strings.Contains(err.Error(), "ada") {
		t.Errorf("another learner's folder is taken: %v", err)
	}
	f.Fill(func(*os.File, []byte) error {
		return &fs.PathError{Op: "write", Path: "ada-1/welding/x", Err: syscall.ENOSPC}
	})
	if err := f.PutFor("ada", "ada-1/welding", "credential.json", "new"); !errors.Is(err, syscall.ENOSPC) || strings.Contains(err.Error(), "ada") {
		t.Errorf("a full disk is told as %v", err)
	}
}

// TestFolderIsFull fills the disk in the middle of each write of a run, also of
// a note: what was written is known, and the next run completes.
func TestFolderIsFull(t *testing.T) {
	for room := range 8 {
		dir := t.TempDir()
		f := open(t, dir)
		left := room
		f.Fill(func(w *os.File, data []byte) error {
			if left--; left >= 0 {
				_, err := w.Write(data)
				return err
			}
			w.Write(data[:len(data)/2])
			return syscall.ENOSPC
		})
		var full error
		for _, folder := range []string{"ada-1/welding", "bob-2/welding"} {
			if err := f.Put(folder, "1", "p", "credential.json", "certificate.pdf"); err != nil {
				full = err
			}
		}
		if !errors.Is(full, syscall.ENOSPC) {
			t.Errorf("room for %d: %v", room, full)
		}
		check(t, f.Close())
		f = open(t, dir)
		for _, folder := range []string{"ada-1/welding", "bob-2/welding"} {
			if err := f.Put(folder, "1", "p", "credential.json", "certificate.pdf"); err != nil {
				t.Errorf("room for %d, the next run: %v", room, err)
			}
		}
		check(t, f.Close())
		if got := list(t, dir); got != "ada-1/welding/certificate.pdf ada-1/welding/credential.json bob-2/welding/certificate.pdf bob-2/welding/credential.json" {
			t.Errorf("room for %d: there is %s", room, got)
		}
		if left, _ := filepath.Glob(filepath.Join(dir, "*/*/.laurel-new-*")); left != nil {
			t.Errorf("room for %d: left behind %v", room, left)
		}
	}
}

// TestFolderKeepsWhatIsNotIts gives a folder with somebody's .gitignore and with
// links where laurel writes.
func TestFolderKeepsWhatIsNotIts(t *testing.T) {
	dir := t.TempDir()
	ignore := filepath.Join(dir, ".gitignore")
	check(t, os.WriteFile(ignore, []byte("*.bak\n"), 0o644))
	f := open(t, dir)
	if b, _ := os.ReadFile(ignore); string(b) != "*.bak\n" || !f.OwnGitignore {
		t.Errorf("somebody's .gitignore is now %q", b)
	}
	check(t, f.Close())
	check(t, os.Remove(ignore))
	for range 2 {
		f = open(t, dir)
		if b, _ := os.ReadFile(ignore); !strings.HasSuffix(string(b), "\n*\n") || f.OwnGitignore {
			t.Errorf("laurel's .gitignore is %q", b)
		}
		check(t, f.Close())
	}

	outside := t.TempDir()
	for _, name := range []string{".laurel-lock", ".laurel-delivery.jsonl"} {
		for _, to := range []string{filepath.Join(outside, "new"), filepath.Join(dir, ".gitignore")} {
			dir := t.TempDir()
			check(t, os.Symlink(to, filepath.Join(dir, name)))
			if f, err := deliver.OpenFolder(dir, academy); err == nil {
				f.Close()
				t.Errorf("%s is a link, and followed", name)
			}
		}
	}
	if got := list(t, outside); got != "" {
		t.Errorf("made outside: %s", got)
	}
}

// TestRecordIsHostile gives a record that would have laurel remove files
// elsewhere, or that is cut off.
func TestRecordIsHostile(t *testing.T) {
	head := `{"laurel":"delivery","schemaVersion":1,"site":"` + academy + `"}` + "\n"
	for name, c := range map[string]struct {
		record string
		ok     bool
	}{
		"torn":       {head + `{"folder":"a","files":["x"]}` + "\n" + `{"folder":"b","fil`, true},
		"up":         {head + `{"folder":"../a","files":["x"]}` + "\n", false},
		"up_file":    {head + `{"folder":"a","files":["../../x"]}` + "\n", false},
		"absolute":   {head + `{"folder":"a","files":["/etc/passwd"]}` + "\n", false},
		"no_header":  {`{"folder":"a","files":["x"]}` + "\n", false},
		"newer":      {`{"laurel":"delivery","schemaVersion":2,"site":"` + academy + `"}` + "\n", false},
		"not_json":   {head + "hello\n", false},
		"empty_file": {"", false},
		"torn_head":  {head[:20], false},
	} {
		dir := t.TempDir()
		check(t, os.Mkdir(filepath.Join(dir, "ada-1"), 0o700))
		check(t, os.WriteFile(filepath.Join(dir, ".laurel-delivery.jsonl"), []byte(c.record), 0o600))
		f, err := deliver.OpenFolder(dir, academy)
		if (err == nil) != c.ok {
			t.Errorf("%s: %v", name, err)
		}
		var damaged *deliver.DamagedError
		if !c.ok && name != "newer" && !errors.As(err, &damaged) {
			t.Errorf("%s is not told as damaged: %v", name, err)
		}
		if f != nil {
			f.Close()
		}
	}
}

// TestRecordNeverBegun: a run that was stopped before it wrote anything leaves
// no more than a folder that is as good as new.
func TestRecordNeverBegun(t *testing.T) {
	dir := t.TempDir()
	check(t, os.WriteFile(filepath.Join(dir, ".laurel-delivery.jsonl"), nil, 0o600))
	f := open(t, dir)
	check(t, f.Put("ada-1/welding", "1", "", "credential.json"))
	check(t, f.Close())
}
