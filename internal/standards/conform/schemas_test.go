package conform_test

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"testing"

	"laurel/internal/standards/conform"
	"laurel/internal/standards/vc"
)

func checker(t testing.TB) *conform.Checker {
	t.Helper()
	c, err := conform.New()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestX(t *testing.T) {
	c := checker(t)
	_ = vc.Revocation
	for _, f := range []string{"simple", "simple-did-web-method", "endorsement-valid", "simple-err-type", "simple-err-credential-subject-type", "bit-string-list--credential-status-revoked"} {
		t.Log(f)
		for _, x := range c.Schemas(read(t, "1edtech-ob30", f+".json")) {
			t.Log("   ", x)
		}
	}
	e, _ := os.ReadDir("schemas")
	for _, f := range e {
		d, _ := os.ReadFile("schemas/" + f.Name())
		s := sha256.Sum256(d)
		t.Log(f.Name(), hex.EncodeToString(s[:]))
	}
	d, _ := os.ReadFile("testdata/good.json")
	for _, x := range c.Schemas(parse(t, d)) {
		t.Log("   ", x)
	}
}

func BenchmarkSchemas(b *testing.B) {
	c := checker(b)
	d, _ := os.ReadFile("testdata/good.json")
	doc := parse(b, d)
	b.ReportAllocs()
	b.Log(len(d))
	for b.Loop() {
		c.Schemas(doc)
	}
}
func BenchmarkStructure(b *testing.B) {
	d, _ := os.ReadFile("testdata/good.json")
	doc := parse(b, d)
	b.ReportAllocs()
	for b.Loop() {
		conform.Structure(doc)
	}
}
