package vectors_test

import (
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"laurel/internal/testing/vectors"
)

// Every file of a suite is the one that its manifest names, unchanged.
func TestManifests(t *testing.T) {
	count := 0
	for _, suite := range append(vectors.Suites(), "rdf-canon", "rfc9901", "1edtech-ob20") {
		var listed []string
		for _, c := range vectors.Manifest(suite) {
			if sum := sha256.Sum256(c.Data()); hex.EncodeToString(sum[:]) != c.SHA256 {
				t.Errorf("%s is not the file of the manifest", c.Name())
			}
			listed = append(listed, c.Name())
			count++
		}
		for _, name := range vectors.Files(suite, "*") {
			if !slices.Contains(listed, name) && !strings.HasSuffix(name, "/README.md") {
				t.Errorf("%s is not in the manifest", name)
			}
		}
	}
	if count < 160 {
		t.Errorf("only %d files", count)
	}
	if documents := vectors.Documents(); len(documents) < 6 {
		t.Errorf("only %d documents", len(documents))
	}
}

// No test keeps a copy of a vector for itself.
func TestOnce(t *testing.T) {
	sums := map[[32]byte]string{}
	err := filepath.WalkDir("files", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(p)
		sums[sha256.Sum256(data)] = p
		return err
	})
	if err != nil || len(sums) < 150 {
		t.Fatalf("%d files, %v", len(sums), err)
	}
	looked := 0
	err = filepath.WalkDir("../../..", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			if d != nil && (d.Name() == "node_modules" || d.Name() == ".git" || strings.HasSuffix(filepath.ToSlash(p), "testing/vectors")) {
				return fs.SkipDir
			}
			return err
		}
		if !strings.Contains(filepath.ToSlash(p), "/testdata/") || !d.Type().IsRegular() {
			return nil
		}
		data, err := os.ReadFile(p)
		if of := sums[sha256.Sum256(data)]; of != "" && len(data) > 0 {
			t.Errorf("%s is a copy of %s", p, of)
		}
		looked++
		return err
	})
	if err != nil || looked < 10 {
		t.Fatalf("%d files, %v", looked, err)
	}
}
