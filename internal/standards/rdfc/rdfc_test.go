package rdfc_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"laurel/internal/standards/rdfc"
)

type vector struct {
	File          string
	HashAlgorithm string
	Complexity    int
	What          string
	Expected      struct{ Result string }
}

// vectors reads testdata/rdf-canon/manifest.json (w3c/rdf-canon, see there).
func vectors(t testing.TB) []vector {
	t.Helper()
	var manifest struct{ Cases []vector }
	data, err := os.ReadFile("testdata/rdf-canon/manifest.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &manifest); err != nil {
		t.Fatal(err)
	}
	return manifest.Cases
}

func TestW3CVectors(t *testing.T) {
	ran, want := 0, 0
	for _, v := range vectors(t) {
		if v.Expected.Result == "" {
			continue // an expected result, listed in its own right
		}
		want++
		t.Run(strings.TrimSuffix(v.File, "-in.nq"), func(t *testing.T) {
			quads, err := rdfc.ParseNQuads(read(t, v.File))
			if err != nil {
				t.Fatal(err)
			}
			o := rdfc.Options{Budget: rdfc.NewBudget(rdfc.DefaultBudget)}
			switch v.HashAlgorithm {
			case "SHA256":
			case "SHA384":
				o.Hash = rdfc.SHA384
			default:
				t.Fatalf("unknown hash %q", v.HashAlgorithm)
			}
			got, err := rdfc.Canonicalize(quads, o)
			if err != nil {
				t.Fatal(err)
			}
			if expected := read(t, v.Expected.Result); string(got) != string(expected) {
				t.Fatalf("got\n%s\nwant\n%s", got, expected)
			}
			if v.Complexity > 5 {
				t.Logf("complexity %d: %d units", v.Complexity, rdfc.DefaultBudget-o.Budget.Left())
				if used := rdfc.DefaultBudget - o.Budget.Left(); used > rdfc.DefaultBudget/20 {
					t.Errorf("%d units: too near to the limit", used)
				}
			}
			ran++
		})
	}
	files, err := filepath.Glob("testdata/rdf-canon/*-in.nq")
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d of %d vectors of rdf-canon agree", ran, want)
	if ran != want || want != len(files) || want == 0 {
		t.Errorf("ran %d, the manifest lists %d, %d files are there", ran, want, len(files))
	}
}

func read(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata/rdf-canon", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}
