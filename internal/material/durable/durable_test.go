package durable

import (
	"os"
	"path/filepath"
	"testing"
)

func TestReplace(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "f")
	for _, text := range []string{"one", "two"} {
		// A file that cannot be written is replaced as well.
		if err := ReplaceFile(file, []byte(text), 0o400); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(file); err != nil || string(got) != text {
			t.Errorf("%q, %v", got, err)
		}
	}
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if why, err := Others(f); why != "" || err != nil {
		t.Errorf("a file for its owner alone %s (%v)", why, err)
	}
	if info, err := f.Stat(); err != nil || info.Mode()&0o222 != 0 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if err := ReplaceFile(file, []byte("while it is open"), 0o644); err != nil {
		t.Error(err)
	}
	if names, err := os.ReadDir(dir); err != nil || len(names) != 1 {
		t.Errorf("%d files are left, %v", len(names), err)
	}
	if err := ReplaceFile(filepath.Join(dir, "none", "f"), nil, 0o600); err == nil {
		t.Error("a folder was made")
	}
}
