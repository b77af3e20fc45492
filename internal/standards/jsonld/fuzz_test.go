package jsonld_test

import (
	"testing"

	"laurel/internal/standards/jsonld"
	"laurel/internal/standards/rdfc"
	"laurel/internal/testing/nquads"
	"laurel/internal/testing/vectors"
	"laurel/internal/testing/work"
)

// FuzzDocument: no document makes the way from JSON to canonical N-Quads panic
// or work without end; every refusal has a code; what comes out is canonical.
func FuzzDocument(f *testing.F) {
	for _, name := range sortedNames(documents(f)) {
		if name != "vc-di-eddsa" {
			f.Add(vectors.Read(name))
		}
	}
	f.Add([]byte(subject(`, "achievement": {"id": "_:a", "related": [{"id": "_:b", "related": {"id": "_:a"}}]}`)))
	f.Add([]byte(`{"@context": {"@import": "https://www.w3.org/ns/credentials/v2"}}`))
	v := vocabulary(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		doc, err := jsonld.ParseObject(data)
		if err != nil {
			return
		}
		var canonical []byte
		if made, _ := work.Of(func() { canonical, err = v.Canonical(doc, rdfc.Options{Budget: rdfc.NewBudget(50_000)}) }); made > mostAllocations {
			t.Errorf("%d allocations", made)
		}
		if err != nil {
			if jsonld.CodeOf(err) == "" {
				t.Fatalf("no code: %v", err)
			}
			return
		}
		quads, err := nquads.Parse(canonical)
		if err != nil {
			t.Fatalf("%v in\n%s", err, canonical)
		}
		again, err := rdfc.Canonicalize(quads, rdfc.Options{})
		if err != nil || string(again) != string(canonical) {
			t.Fatalf("not canonical: %v\n%s", err, canonical)
		}
	})
}
