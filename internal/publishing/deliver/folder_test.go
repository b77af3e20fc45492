package deliver_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
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
	if _, err := deliver.OpenFolder(dir, academy); !errors.As(err, &foreign) || foreign.Name != "letter.txt" {
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
	var busy *deliver.BusyError
	if _, err := deliver.OpenFolder(dir, academy); !errors.As(err, &busy) {
		t.Errorf("a second run: %v", err)
	}
	check(t, f.Close())
	var other *deliver.OtherSiteError
	if _, err := deliver.OpenFolder(dir, "https://other.example.org"); !errors.As(err, &other) {
		t.Errorf("another site's: %v", err)
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
	} {
		dir := t.TempDir()
		check(t, os.WriteFile(filepath.Join(dir, ".laurel-delivery.jsonl"), []byte(c.record), 0o600))
		f, err := deliver.OpenFolder(dir, academy)
		if (err == nil) != c.ok {
			t.Errorf("%s: %v", name, err)
		}
		if f != nil {
			f.Close()
		}
	}
}
