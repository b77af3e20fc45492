package jsonld_test

import (
	"testing"

	"laurel/internal/standards/jsonld"
	"laurel/internal/standards/rdfc"
	"laurel/internal/testing/vectors"
)

func BenchmarkStages(b *testing.B) {
	v, data := bundled(b), vectors.Read("documents/welding.json")
	doc := parse(b, data)
	quads, err := v.Quads(doc)
	if err != nil {
		b.Fatal(err)
	}
	for name, stage := range map[string]func() error{
		"Parse":        func() error { _, err := jsonld.Parse(data); return err },
		"Walk":         func() error { return v.Check(doc, nil) },
		"Quads":        func() error { _, err := v.Quads(doc); return err },
		"Canonicalize": func() error { _, err := rdfc.Canonicalize(quads, rdfc.Options{}); return err },
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := stage(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkJSONGold is the same expansion without the parsed contexts.
func BenchmarkJSONGold(b *testing.B) {
	v, doc := bundled(b), parse(b, vectors.Read("documents/welding.json"))
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := v.ExpandBothWays(doc); err != nil {
			b.Fatal(err)
		}
	}
}
