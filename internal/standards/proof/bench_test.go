package proof_test

import (
	"crypto/ed25519"
	"testing"
	"time"

	"laurel/internal/standards/jsonld"
	"laurel/internal/standards/proof"
	"laurel/internal/testing/vectors"
)

var benchOptions = proof.Options{
	VerificationMethod: "did:web:academy.example.org#key-2026-1",
	Created:            time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC),
}

func testKey() ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed([]byte("a published test key of 32 bytes"))
}

func newProcessor(t testing.TB) *proof.Processor {
	t.Helper()
	p, err := proof.New()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// The work of the benchmarks is documents/welding.json of package jsonld: 4.8 KB, 122
// quads, 11 blank nodes.

func BenchmarkSign(b *testing.B) {
	p, data, key := newProcessor(b), vectors.Read("documents/welding.json"), testKey()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := p.Sign(data, benchOptions, key); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkVerify(b *testing.B) {
	p, key := newProcessor(b), testKey()
	signed, err := p.Sign(vectors.Read("documents/welding.json"), benchOptions, key)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		doc, err := jsonld.ParseObject(signed)
		if err != nil {
			b.Fatal(err)
		}
		if err := p.Verify(doc, 0, key.Public(), nil); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkVerifySuites(b *testing.B) {
	p, data := newProcessor(b), string(vectors.Read("documents/welding.json"))
	for _, s := range signingSuites(b) {
		b.Run(s.name, func(b *testing.B) {
			signed := s.sign(b, p, data)
			b.ReportAllocs()
			for b.Loop() {
				if err := p.Verify(parse(b, signed), 0, s.key.Public(), nil); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
