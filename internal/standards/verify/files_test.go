package verify_test

import (
	"context"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"testing"

	"github.com/mr-tron/base58"
)

// TestCompare: a file at hand is the one that was signed if it has every digest that
// the credential gives of it and that is understood here.
func TestCompare(t *testing.T) {
	w := newWorld(t)
	file := []byte("what was built")
	multi := func(code, size byte, digest []byte) string {
		return "u" + base64.RawURLEncoding.EncodeToString(append([]byte{code, size}, digest...))
	}
	sum := func(text string) []byte { s := sha256.Sum256([]byte(text)); return s[:] }
	s384, s512 := sha512.Sum384(file), sha512.Sum512(file)
	right, wrong := multi(0x12, 32, sum(string(file))), multi(0x12, 32, sum("another"))
	sri := "sha256-" + base64.StdEncoding.EncodeToString(sum(string(file)))
	other := "sha256-" + base64.StdEncoding.EncodeToString(sum("another"))
	for _, test := range []struct{ name, sri, multibase, code string }{
		{"base64url", "", right, "file-same"},
		{"base58", "", "z" + base58.Encode(append([]byte{0x12, 32}, sum(string(file))...)), "file-same"},
		{"sha384", "", multi(0x20, 48, s384[:]), "file-same"},
		{"sha512", "", multi(0x13, 64, s512[:]), "file-same"},
		{"of-another", "", wrong, "file-differs"},
		{"both", sri, right, "file-same"},
		{"both-multibase-of-another", sri, wrong, "file-differs"},
		{"both-sri-of-another", other, right, "file-differs"},
		{"unknown-algorithm", "", multi(0x16, 32, sum(string(file))), ""},
		{"unknown-algorithm-and-sri", sri, multi(0x16, 32, sum("another")), "file-same"},
		{"length-that-is-not-its-own", "", multi(0x12, 31, sum(string(file))), ""},
		{"code-of-another-length", "", multi(0x13, 32, sum(string(file))), ""},
		{"in-hexadecimal", "", "f1220", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			resource := map[string]any{"id": "https://example.org/a/report.txt"}
			for name, value := range map[string]string{"digestSRI": test.sri, "digestMultibase": test.multibase} {
				if value != "" {
					resource[name] = value
				}
			}
			doc := credential()
			doc["relatedResource"] = resource
			r := w.verifier(now).Credential(t.Context(), w.sign(doc))
			r.Compare(t.Context(), func(context.Context, string, string) []byte { return file })
			code := ""
			if len(r.Files) == 1 {
				code = r.Files[0].Code
			}
			if code != test.code {
				t.Errorf("%q, want %q", code, test.code)
				logReport(t, r)
			}
		})
	}
}
