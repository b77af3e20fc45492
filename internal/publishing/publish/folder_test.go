package publish_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"laurel/internal/publishing/publish"
)

// build publishes files, given as path to content, and returns the stats.
func build(t *testing.T, dir string, files map[string]string) (publish.Stats, error) {
	t.Helper()
	b, err := publish.Open(dir, planned(files), nil)
	if err != nil {
		return publish.Stats{}, err
	}
	defer b.Close()
	for p, content := range files {
		if b.Unchanged(p) {
			continue
		}
		if err := b.Put(publish.Made{Path: p, Data: []byte(content)}); err != nil {
			return publish.Stats{}, err
		}
	}
	return b.Commit()
}

func planned(files map[string]string) []publish.File {
	var out []publish.File
	for p, content := range files {
		out = append(out, publish.File{Path: p, Fingerprint: sha256.Sum256([]byte(content)), Immutable: strings.HasPrefix(p, "records/")})
	}
	return out
}

// tree is every file of public/, by path.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	public := os.DirFS(filepath.Join(dir, "public"))
	err := fs.WalkDir(public, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := fs.ReadFile(public, p)
		files[p] = string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func mustBuild(t *testing.T, dir string, files map[string]string) publish.Stats {
	t.Helper()
	stats, err := build(t, dir, files)
	if err != nil {
		t.Fatal(err)
	}
	for p, content := range files {
		if got := tree(t, dir)[p]; got != content {
			t.Fatalf("%s is %q, want %q", p, got, content)
		}
	}
	return stats
}

func TestUnchangedFilesAreNotTouched(t *testing.T) {
	dir := t.TempDir()
	files := map[string]string{"index.html": "home", "a/b/index.html": "page"}
	if s := mustBuild(t, dir, files); s.Written != 2 {
		t.Errorf("first build: %+v", s)
	}
	long := time.Now().Add(-time.Hour)
	for p := range files {
		if err := os.Chtimes(filepath.Join(dir, "public", p), long, long); err != nil {
			t.Fatal(err)
		}
	}
	// The times differ from what is remembered, so the bytes are compared.
	if s := mustBuild(t, dir, files); s.Written != 0 || s.Unchanged != 2 {
		t.Errorf("second build: %+v", s)
	}
	info, err := os.Stat(filepath.Join(dir, "public/index.html"))
	if err != nil || !info.ModTime().Equal(long) {
		t.Errorf("an unchanged file was touched: %v, %v", info.ModTime(), err)
	}
}

func TestDamagedFileIsWrittenAgain(t *testing.T) {
	dir := t.TempDir()
	files := map[string]string{"index.html": "home", "records/1.json": "{}"}
	mustBuild(t, dir, files)
	for p := range files {
		if err := os.WriteFile(filepath.Join(dir, "public", p), []byte("something else"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if s := mustBuild(t, dir, files); s.Written != 2 {
		t.Errorf("%+v", s)
	}
}

func TestPrune(t *testing.T) {
	dir := t.TempDir()
	mustBuild(t, dir, map[string]string{"index.html": "home", "old/deep/index.html": "gone", "old/kept.html": "kept"})
	s := mustBuild(t, dir, map[string]string{"index.html": "home", "old/kept.html": "kept"})
	if s.Pruned != 1 {
		t.Errorf("%+v", s)
	}
	if _, err := os.Stat(filepath.Join(dir, "public/old/deep")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("an empty folder stays: %v", err)
	}
}

func TestFolderTakesThePlaceOfAFile(t *testing.T) {
	dir := t.TempDir()
	mustBuild(t, dir, map[string]string{"a": "file", "b/c": "file"})
	mustBuild(t, dir, map[string]string{"a/index.html": "page", "b": "file"})
	if got := tree(t, dir); len(got) != 2 {
		t.Errorf("public/ holds %v", got)
	}
}

func TestForeignFiles(t *testing.T) {
	for name, path := range map[string]string{"beside": "notes.txt", "hidden": ".secret", "deep": "a/b/c.html", "in the way": "index.html"} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			full := filepath.Join(dir, "public", path)
			if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(full, []byte("mine"), 0o644); err != nil {
				t.Fatal(err)
			}
			_, err := build(t, dir, map[string]string{"index.html": "home", "style.css": "a{}"})
			var foreign *publish.ForeignError
			if !errors.As(err, &foreign) || !slices.Equal(foreign.Paths, []string{"public/" + path}) {
				t.Fatalf("error is %v", err)
			}
			if got := tree(t, dir); len(got) != 1 || got[path] != "mine" {
				t.Errorf("public/ was changed: %v", got)
			}
		})
	}
}

func TestFilesOfTheHostAreLeftAlone(t *testing.T) {
	dir := t.TempDir()
	for _, p := range []string{".gitignore", ".gitkeep", ".git/config"} {
		full := filepath.Join(dir, "public", p)
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte("host"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	mustBuild(t, dir, map[string]string{"index.html": "home"})
	if got := tree(t, dir); len(got) != 4 {
		t.Errorf("public/ holds %v", got)
	}
}

func TestEqualForeignFileIsTakenOver(t *testing.T) {
	dir := t.TempDir()
	files := map[string]string{"index.html": "home"}
	mustBuild(t, dir, files)
	if err := os.RemoveAll(filepath.Join(dir, ".laurel")); err != nil {
		t.Fatal(err)
	}
	if s := mustBuild(t, dir, files); s.Unchanged != 1 {
		t.Errorf("%+v", s)
	}
	mustBuild(t, dir, map[string]string{"index.html": "new home"}) // now its own again
}

func TestSymlinkIsForeign(t *testing.T) {
	dir := t.TempDir()
	outside := filepath.Join(t.TempDir(), "outside.html")
	if err := os.WriteFile(outside, []byte("outside"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "public"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, filepath.Join(dir, "public/index.html")); err != nil {
		t.Fatal(err)
	}
	_, err := build(t, dir, map[string]string{"index.html": "home"})
	var foreign *publish.ForeignError
	if !errors.As(err, &foreign) {
		t.Errorf("error is %v", err)
	}
	if b, err := os.ReadFile(outside); err != nil || string(b) != "outside" {
		t.Errorf("a file outside was written: %q, %v", b, err)
	}
}

func TestRecordsDoNotChange(t *testing.T) {
	dir := t.TempDir()
	mustBuild(t, dir, map[string]string{"records/1.json": "signed", "index.html": "home"})
	_, err := build(t, dir, map[string]string{"records/1.json": "other", "index.html": "new"})
	var immutable *publish.ImmutableError
	if !errors.As(err, &immutable) {
		t.Fatalf("error is %v", err)
	}
	if got := tree(t, dir); got["records/1.json"] != "signed" || got["index.html"] != "home" {
		t.Errorf("public/ was changed: %v", got)
	}
}

func TestWhatIsMadeMustBePlanned(t *testing.T) {
	dir := t.TempDir()
	mustBuild(t, dir, map[string]string{"index.html": "home"})
	b, err := publish.Open(dir, planned(map[string]string{"index.html": "new", "about.html": "new"}), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if err := b.Put(publish.Made{Path: "other.html"}); err == nil {
		t.Error("an unplanned file was taken")
	}
	if err := b.Put(publish.Made{Path: "index.html", Data: []byte("new")}); err != nil {
		t.Fatal(err)
	}
	if err := b.Put(publish.Made{Path: "index.html", Data: []byte("new")}); err == nil {
		t.Error("a file was taken twice")
	}
	if _, err := b.Commit(); err == nil || !strings.Contains(err.Error(), "about.html") {
		t.Errorf("a planned file that was not made: %v", err)
	}
	if got := tree(t, dir); got["index.html"] != "home" {
		t.Errorf("a failed build changed public/: %v", got)
	}
}

func TestImpossiblePaths(t *testing.T) {
	for _, p := range []string{"../outside", "/etc/passwd", "a//b", "", ".", "a/../../b"} {
		if _, err := publish.Open(t.TempDir(), []publish.File{{Path: p}}, nil); err == nil {
			t.Errorf("path %q was taken", p)
		}
	}
	twice := []publish.File{{Path: "a"}, {Path: "a"}}
	if _, err := publish.Open(t.TempDir(), twice, nil); err == nil {
		t.Error("a path was planned twice")
	}
}

func TestOneBuildAtATime(t *testing.T) {
	dir := t.TempDir()
	first, err := publish.Open(dir, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := publish.Open(dir, nil, nil); !errors.Is(err, publish.ErrBusy) {
		t.Errorf("error is %v", err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	second, err := publish.Open(dir, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	second.Close()
}

func TestDamagedManifest(t *testing.T) {
	dir := t.TempDir()
	mustBuild(t, dir, map[string]string{"index.html": "home"})
	manifest := filepath.Join(dir, ".laurel/public.txt")
	good, err := os.ReadFile(manifest)
	if err != nil {
		t.Fatal(err)
	}
	for name, bad := range map[string][]byte{
		"other":  []byte("hello\n"),
		"cut":    good[:len(good)/2],
		"escape": bytes.Replace(good, []byte("index.html"), []byte("../x.html"), 1),
	} {
		if err := os.WriteFile(manifest, bad, 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := build(t, dir, map[string]string{"index.html": "new"}); err == nil {
			t.Errorf("%s: a damaged manifest was read", name)
		}
		if got := tree(t, dir)["index.html"]; got != "home" {
			t.Errorf("%s: public/ was changed", name)
		}
	}
}

// TestOneTimeForABuild keeps hosts, which show when a file was last modified,
// from telling which files were made together.
func TestOneTimeForABuild(t *testing.T) {
	dir := t.TempDir()
	files := map[string]string{}
	for _, name := range []string{"a", "c/b", "c/d", "e/f/g"} {
		files[name] = name
	}
	if _, err := build(t, dir, files); err != nil {
		t.Fatal(err)
	}
	first, err := os.Stat(filepath.Join(dir, "public/a"))
	if err != nil {
		t.Fatal(err)
	}
	for name := range files {
		info, err := os.Stat(filepath.Join(dir, "public", name))
		if err != nil {
			t.Fatal(err)
		}
		if !info.ModTime().Equal(first.ModTime()) {
			t.Errorf("%s was modified at %s, a at %s", name, info.ModTime(), first.ModTime())
		}
	}
	if stats, err := build(t, dir, files); err != nil || stats.Unchanged != len(files) {
		t.Errorf("built again: %+v, %v", stats, err)
	}
}

func TestOwnFilesAreKnownByTheirPath(t *testing.T) {
	dir := t.TempDir()
	mustBuild(t, dir, map[string]string{"log/head": "one", "log/tile.p/1": "a", "index.html": "home"})
	if err := os.RemoveAll(filepath.Join(dir, ".laurel")); err != nil {
		t.Fatal(err)
	}
	files := map[string]string{"log/head": "two", "log/tile.p/2": "ab", "index.html": "home"}
	var foreign *publish.ForeignError
	if _, err := publish.Open(dir, planned(files), nil); !errors.As(err, &foreign) || !slices.Equal(foreign.Paths, []string{"public/log/tile.p/1"}) {
		t.Fatalf("what nobody remembers is taken: %v", err)
	}
	b, err := publish.Open(dir, planned(files), func(p string) bool { return strings.HasPrefix(p, "log/") })
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	for p, text := range files {
		if err := b.Put(publish.Made{Path: p, Data: []byte(text)}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := b.Commit(); err != nil {
		t.Fatal(err)
	}
	if got := tree(t, dir); !maps.Equal(got, files) {
		t.Errorf("public/ is %v", got)
	}
}
