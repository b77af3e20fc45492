package rdfc_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"laurel/internal/standards/rdfc"
	"laurel/internal/testing/nquads"
	"laurel/internal/testing/vectors"
)

func seeds(f *testing.F) {
	for _, v := range vectors.Manifest("rdf-canon") {
		f.Add(v.Data())
	}
	f.Add([]byte("<a:s> <a:p> \"\\u0041\\n\"@en-GB _:g.\r\n# comment\r\n"))
}

// FuzzCanonicalize: other labels, another order and repeated quads change
// nothing, and the canonical form is its own canonical form.
func FuzzCanonicalize(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		quads, err := nquads.Parse(data)
		if err != nil {
			return
		}
		for _, hash := range []rdfc.Hash{rdfc.SHA256, rdfc.SHA384} {
			o := func() rdfc.Options { return rdfc.Options{Hash: hash, Budget: rdfc.NewBudget(20_000)} }
			want, err := rdfc.Canonicalize(quads, o())
			if errors.Is(err, rdfc.ErrBudget) {
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			big := rdfc.Options{Hash: hash}
			shuffled, err := rdfc.Canonicalize(relabelled(quads), big)
			if err != nil {
				t.Fatal(err)
			}
			if string(shuffled) != string(want) {
				t.Fatalf("one order gives\n%s\nanother\n%s", want, shuffled)
			}
			canonical, err := nquads.Parse(want)
			if err != nil {
				t.Fatalf("canonical form does not parse: %v", err)
			}
			again, err := rdfc.Canonicalize(canonical, big)
			if err != nil {
				t.Fatal(err)
			}
			if string(again) != string(want) {
				t.Fatalf("not stable:\n%s\nthen\n%s", want, again)
			}
		}
	})
}

// relabelled shuffles the quads, repeats one and gives every blank node another
// label. The shuffle is fixed, so that a failure repeats.
func relabelled(quads []rdfc.Quad) []rdfc.Quad {
	r := rand.New(rand.NewPCG(1, uint64(len(quads))))
	out := slices.Clone(quads)
	if len(out) > 0 {
		out = append(out, out[0])
	}
	r.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	labels := make(map[string]string)
	for i := range out {
		for _, term := range []*rdfc.Term{&out[i].Subject, &out[i].Object, &out[i].Graph} {
			if term.Kind != rdfc.Blank {
				continue
			}
			if _, known := labels[term.Value]; !known {
				labels[term.Value] = fmt.Sprintf("n%d", 1000-len(labels))
			}
			term.Value = labels[term.Value]
		}
	}
	return out
}
