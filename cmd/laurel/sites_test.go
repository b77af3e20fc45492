package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// scratch is a folder for what the tests of this process share. It goes with
// the last of them.
var scratch = sync.OnceValues(func() (string, error) { return os.MkdirTemp("", "laurel-sites") })

// shared is a folder that is made once, by the first test that asks for it.
type shared struct {
	make func(t *testing.T, dir string)

	mu  sync.Mutex
	dir string // empty: not made
}

// read is the folder, to be read only: all tests have the same.
func (s *shared) read(t *testing.T) string {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.dir == "" {
		root, err := scratch()
		if err != nil {
			t.Fatal(err)
		}
		dir, err := os.MkdirTemp(root, "")
		if err != nil {
			t.Fatal(err)
		}
		s.make(t, dir)
		s.dir = dir
	}
	return s.dir
}

// copy is the test's own copy of the folder.
func (s *shared) copy(t *testing.T) string {
	t.Helper()
	to := t.TempDir()
	copyTree(t, s.read(t), to)
	return to
}

// copyTree copies files with their modes and times.
func copyTree(t *testing.T, from, to string) {
	t.Helper()
	err := filepath.WalkDir(from, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, p)
		if err != nil {
			return err
		}
		target := filepath.Join(to, rel)
		info, err := d.Info()
		if err != nil {
			return err
		}
		if d.IsDir() {
			if err := os.MkdirAll(target, 0o755); err != nil {
				return err
			}
			return os.Chmod(target, info.Mode().Perm())
		}
		data, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		if err := os.WriteFile(target, data, info.Mode().Perm()); err != nil {
			return err
		}
		return os.Chtimes(target, info.ModTime(), info.ModTime())
	})
	if err != nil {
		t.Fatal(err)
	}
}

// academy is the sample academy, signed and built, with one award revoked and
// one suspended.
var academy = &shared{make: func(t *testing.T, dir string) {
	sampleContent(t, dir)
	must(t, dir, "sign")
	must(t, dir, "revoke", "food-2026/food-handler/food-01", "--reason", "issued by mistake")
	must(t, dir, "suspend", "welding-spring-2026/mig-welding-1/hong-gildong", "--reason", "under review")
	must(t, dir, "sign")
	must(t, dir, "build")
}}

// packages are what the learners of the academy are handed.
var packages = &shared{make: func(t *testing.T, dir string) {
	// Some names of the academy are beyond the font: exit 1, and all else is there.
	out := filepath.Join(dir, "packages")
	if code, _, errs := run(t, academy.read(t), "deliver", "--out", out); code != 1 || !strings.Contains(errs, "delivered without certificate.pdf") {
		t.Fatalf("laurel deliver: exit %d\n%s", code, errs)
	}
}}
