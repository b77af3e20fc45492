package proof_test

import (
	"crypto"
	"encoding/json"
	"strings"
	"testing"

	"laurel/internal/standards/bake"
	"laurel/internal/standards/did"
	"laurel/internal/standards/proof"
	"laurel/internal/testing/vectors"
)

// An example of a Recommendation, signed in several ways.
type example struct {
	ECDSARDFC2019 json.RawMessage `json:"ecdsa-rdfc-2019"`
	ECDSASD2023   json.RawMessage `json:"ecdsa-sd-2023"`
	JWT           string
	SDJWT         string
	JWK           map[string]any
}

// examples reads the cases of the manifest.
func examples(t testing.TB) map[string]example {
	t.Helper()
	list := vectors.Manifest("w3c-rec-examples")
	if files := vectors.Files("w3c-rec-examples", "*.json"); len(files) != len(list) {
		t.Fatalf("%d files, %d cases", len(files), len(list))
	}
	all := make(map[string]example)
	for _, c := range list {
		var e example
		if err := json.Unmarshal(c.Data(), &e); err != nil {
			t.Fatal(err)
		}
		all[c.File] = e
	}
	return all
}

// TestExamples: the examples of VCDM 2.0 with embedded proofs. Those of
// ecdsa-sd-2023 are base proofs.
func TestExamples(t *testing.T) {
	p := processor(t)
	count := map[string]int{}
	for file, e := range examples(t) {
		t.Run(file, func(t *testing.T) {
			if e.ECDSARDFC2019 != nil {
				if err := verifyByFragment(t, p, parse(t, e.ECDSARDFC2019), 0); err != nil {
					t.Error(err)
				}
				count["verifies"]++
			}
			if e.ECDSASD2023 != nil {
				wantCode(t, verifyByFragment(t, p, parse(t, e.ECDSASD2023), 0), "base-proof")
				count["base proof"]++
			}
		})
	}
	t.Logf("%d examples: %v", len(examples(t)), count)
	if count["verifies"] != 5 || count["base proof"] != 5 {
		t.Errorf("got %v", count)
	}
}

// jwk reads a public key as the documents of issuers have it.
func jwk(t testing.TB, members map[string]any) crypto.PublicKey {
	t.Helper()
	key, err := did.VerificationMethod{ID: "#key", Type: "JsonWebKey", Controller: "did:example:x", PublicKeyJwk: members}.PublicKey()
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// TestJOSEExamples: the examples of VCDM 2.0 and VC-JOSE-COSE. Of those with
// disclosures the signed part is a JWS too.
func TestJOSEExamples(t *testing.T) {
	count := map[string]int{}
	for file, e := range examples(t) {
		t.Run(file, func(t *testing.T) {
			issued, _, _ := strings.Cut(e.SDJWT, "~")
			for kind, compact := range map[string]string{"jwt": e.JWT, "sd-jwt": issued} {
				if compact == "" {
					continue
				}
				j, err := proof.ParseJWS(strings.TrimSpace(compact))
				if err != nil {
					t.Fatal(err)
				}
				if err := j.Verify(jwk(t, e.JWK)); err != nil {
					t.Errorf("%s: %v", kind, err)
				}
				if doc := parse(t, j.Payload); doc["@context"] == nil || j.Algorithm != "ES256" || j.KeyID == "" {
					t.Errorf("%s: got %+v", kind, j)
				}
				count[kind]++
			}
		})
	}
	t.Logf("%v", count)
	if count["jwt"] != 7 || count["sd-jwt"] != 7 {
		t.Errorf("got %v", count)
	}
}

// TestBakedExamples: what 1EdTech baked into pictures. The key of the JWS stands
// in its own header, which proves nothing; it is the right one to test with.
func TestBakedExamples(t *testing.T) {
	unbake := func(name string) []byte {
		credential, err := bake.UnbakeSVG(vectors.Read("1edtech-baked/" + name))
		if err != nil {
			t.Fatal(err)
		}
		return credential
	}
	j, err := proof.ParseJWS(string(unbake("simple-jwt.svg")))
	if err != nil {
		t.Fatal(err)
	}
	if err := j.Verify(jwk(t, j.Header["jwk"].(map[string]any))); err != nil || j.Algorithm != "RS256" {
		t.Errorf("%s: %v", j.Algorithm, err)
	}
	if err := verifyByFragment(t, newProcessor(t), parse(t, unbake("simple-json.svg")), 0); err != nil {
		t.Error(err)
	}
}
