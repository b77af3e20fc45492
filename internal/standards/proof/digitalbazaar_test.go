package proof_test

import (
	"path"
	"strings"
	"testing"

	"laurel/internal/standards/proof"
	"laurel/internal/testing/vectors"
)

// TestSignedByDigitalBazaar: what the libraries of Digital Bazaar sign and derive
// (digitalbazaar/make.mjs of package vectors) verifies, and nothing else under its key does.
func TestSignedByDigitalBazaar(t *testing.T) {
	p := newProcessor(t)
	files := vectors.Files("digitalbazaar", "*.json")
	count := map[string]int{}
	for _, file := range files {
		name := path.Base(file)
		t.Run(name, func(t *testing.T) {
			doc := parse(t, vectors.Read(file))
			if err := p.CheckTerms(doc); err != nil {
				t.Error(err)
			}
			if strings.HasSuffix(name, ".base.json") {
				wantCode(t, verifyByFragment(t, p, doc, 0), "base-proof")
				count["base proof"]++
				return
			}
			if err := verifyByFragment(t, p, doc, 0); err != nil {
				t.Error(err)
			}
			proofs, err := proof.Proofs(doc)
			if err != nil {
				t.Fatal(err)
			}
			count[proofs[0].Type+" "+proofs[0].Cryptosuite]++
			doc["issuer"] = "did:web:stranger.example.org"
			wantCode(t, verifyByFragment(t, p, doc, 0), "signature-invalid")
		})
	}
	t.Logf("%d documents: %v", len(files), count)
	if len(files) < 19 || len(count) != 5 {
		t.Errorf("only %d documents: %v", len(files), count)
	}
}
