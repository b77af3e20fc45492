package rdfc_test

import (
	"strings"
	"testing"

	"laurel/internal/standards/rdfc"
	"laurel/internal/testing/nquads"
	"laurel/internal/testing/vectors"
)

func TestW3CVectors(t *testing.T) {
	ran, want := 0, 0
	for _, v := range vectors.Manifest("rdf-canon") {
		if v.Expected.Result == "" {
			continue // an expected result, listed in its own right
		}
		want++
		t.Run(strings.TrimSuffix(v.File, "-in.nq"), func(t *testing.T) {
			quads, err := nquads.Parse(v.Data())
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
			if expected := vectors.Read("rdf-canon/" + v.Expected.Result); string(got) != string(expected) {
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
	files := vectors.Files("rdf-canon", "*-in.nq")
	t.Logf("%d of %d vectors of rdf-canon agree", ran, want)
	if ran != want || want != len(files) || want == 0 {
		t.Errorf("ran %d, the manifest lists %d, %d files are there", ran, want, len(files))
	}
}
