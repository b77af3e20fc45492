package jsonld_test

import (
	"path"
	"strings"
	"testing"

	"laurel/internal/standards/rdfc"
	"laurel/internal/testing/vectors"
)

// TestSameAsJSONLDJS: canonical N-Quads equal those of jsonld.js 9.0.0 in safe
// mode (jsonldjs/make.mjs of package vectors), for lists, numbers, languages, graphs, JSON
// literals, control characters and the undefined xsd: of CLR 2.0.1.
func TestSameAsJSONLDJS(t *testing.T) {
	v := vocabulary(t)
	files := vectors.Files("documents", "*.json")
	if len(files) < 7 {
		t.Fatalf("%d documents", len(files))
	}
	for _, file := range files {
		name := strings.TrimSuffix(path.Base(file), ".json")
		t.Run(name, func(t *testing.T) {
			got, err := v.Canonical(parse(t, vectors.Read("documents/"+name+".json")), rdfc.Options{})
			if err != nil {
				t.Fatal(err)
			}
			want := strings.Split(string(vectors.Read("jsonldjs/"+name+".nq")), "\n")
			for i, line := range strings.Split(string(got), "\n") {
				if i >= len(want) || line != want[i] {
					t.Fatalf("line %d:\ngot  %s\nwant %s", i+1, line, want[min(i, len(want)-1)])
				}
			}
			if n := strings.Count(string(got), "\n"); n != len(want)-1 {
				t.Errorf("%d lines, want %d", n, len(want)-1)
			}
		})
	}
	clr, err := v.Canonical(parse(t, vectors.Read("documents/clr.json")), rdfc.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if want := `"https://academy.example.org/a/1"^^<xsd:anyURI> .`; !strings.Contains(string(clr), want) {
		t.Errorf("no %s in\n%s", want, clr)
	}
}
