package main

import (
	"bytes"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// files are the bytes of every file below a folder.
func files(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	root := os.DirFS(dir)
	err := fs.WalkDir(root, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		all[p], err = fs.ReadFile(root, p)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func sameFiles(t *testing.T, what string, a, b map[string][]byte) {
	t.Helper()
	if x, y := slices.Sorted(maps.Keys(a)), slices.Sorted(maps.Keys(b)); !slices.Equal(x, y) {
		t.Errorf("%s: %d files and %d files", what, len(x), len(y))
	}
	for p := range a {
		if !bytes.Equal(a[p], b[p]) {
			t.Errorf("%s: %s differs", what, p)
		}
	}
}

// TestBuildIsReproducible builds the sample academy again: after public/ was
// deleted, on another path, at another time, in another time zone and
// language, on one processor, without keys.
func TestBuildIsReproducible(t *testing.T) {
	t.Parallel()
	dir := academy.copy(t)
	first := files(t, filepath.Join(dir, "public"))
	if len(first) < 200 {
		t.Fatalf("only %d files", len(first))
	}

	if err := os.RemoveAll(filepath.Join(dir, "public")); err != nil {
		t.Fatal(err)
	}
	must(t, dir, "build")
	sameFiles(t, "after deleting public/", first, files(t, filepath.Join(dir, "public")))

	other := filepath.Join(t.TempDir(), "some", "other place")
	if err := os.CopyFS(filepath.Join(other, "content"), os.DirFS(filepath.Join(dir, "content"))); err != nil {
		t.Fatal(err)
	}
	c := laurel(t.Context(), other, "build")
	c.Env = append(c.Env, "SOURCE_DATE_EPOCH=2000000000", "TZ=Asia/Kathmandu", "LANG=tr_TR.UTF-8", "LC_ALL=tr_TR.UTF-8", "GOMAXPROCS=1", "HOME=/nonexistent")
	c.Dir = "/"
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("build on another path: %v\n%s", err, out)
	}
	sameFiles(t, "on another path", first, files(t, filepath.Join(other, "public")))
}
