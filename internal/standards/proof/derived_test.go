package proof_test

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/fxamacker/cbor/v2"

	"laurel/internal/standards/proof"
	"laurel/internal/standards/rdfc"
	"laurel/internal/testing/vectors"
)

// permanentResident is the vector of ecdsa-sd-2023 with every intermediate value.
type permanentResident struct {
	AddSignedSDBase, DerivedRevealDocument json.RawMessage
	VerifyNQuads                           []string
	VerifyDerivedProofValue                struct {
		BaseSignature, PublicKey string
		Signatures               []string
		MandatoryIndexes         []uint64
	}
	VerifyCreateVerifyData struct{ ProofHash, MandatoryHash string }
}

func residentVector(t testing.TB) (v permanentResident) {
	t.Helper()
	if err := json.Unmarshal(vectors.Read("vc-di-ecdsa/ecdsa-sd-2023-prc.json"), &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func TestDerivedVector(t *testing.T) {
	v := residentVector(t)
	p, doc := processor(t), parse(t, v.DerivedRevealDocument)
	value := doc["proof"].(map[string]any)["proofValue"].(string)

	s, err := p.DerivedStages(doc, value)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "statements", strings.Join(s.Statements, ""), strings.Join(v.VerifyNQuads, ""))
	equal(t, "proof hash", hex.EncodeToString(s.ProofHash), v.VerifyCreateVerifyData.ProofHash)
	equal(t, "mandatory hash", hex.EncodeToString(s.MandatoryHash), v.VerifyCreateVerifyData.MandatoryHash)
	equal(t, "base signature", hex.EncodeToString(s.BaseSignature), v.VerifyDerivedProofValue.BaseSignature)
	if !slices.Equal(s.Mandatory, v.VerifyDerivedProofValue.MandatoryIndexes) || len(s.Signatures) != len(v.VerifyDerivedProofValue.Signatures) {
		t.Errorf("mandatory %v, %d signatures", s.Mandatory, len(s.Signatures))
	}
	if err := verifyByFragment(t, p, doc, 0); err != nil {
		t.Error(err)
	}
	wantCode(t, verifyByFragment(t, p, parse(t, v.AddSignedSDBase), 0), "base-proof")
	// A base proof is known for one without a key.
	wantCode(t, proof.CheckForm(parse(t, v.AddSignedSDBase), 0), "base-proof")
	wantCode(t, proof.CheckForm(doc, 0), "")
	wantCode(t, p.Verify(doc, 0, nil, nil), "key-malformed")
}

// TestDerivedRefuses: what is changed, added or left out of a derived proof or of
// what it shows.
func TestDerivedRefuses(t *testing.T) {
	reveal := residentVector(t).DerivedRevealDocument
	p := processor(t)
	parts := func(edit func(c *proof.Components)) func(map[string]any) {
		return func(doc map[string]any) {
			options := doc["proof"].(map[string]any)
			options["proofValue"] = editComponents(t, options["proofValue"].(string), edit)
		}
	}
	value := func(f func(string) string) func(map[string]any) {
		return func(doc map[string]any) {
			options := doc["proof"].(map[string]any)
			options["proofValue"] = f(options["proofValue"].(string))
		}
	}
	subject := func(doc map[string]any) map[string]any { return doc["credentialSubject"].(map[string]any) }
	flip := func(b cbor.ByteString, i int) cbor.ByteString {
		raw := []byte(b)
		raw[i] ^= 1
		return cbor.ByteString(raw)
	}
	tests := []struct {
		name string
		edit func(map[string]any)
		code string
	}{
		{"other-country", func(d map[string]any) { subject(d)["birthCountry"] = "Utopia" }, "signature-invalid"},
		{"other-end", func(d map[string]any) { d["validUntil"] = "2035-12-16T23:59:59Z" }, "signature-invalid"},
		{"end-gone", func(d map[string]any) { delete(d, "validUntil") }, "signature-invalid"},
		{"other-issuer", func(d map[string]any) { d["issuer"].(map[string]any)["id"] = "did:example:me" }, "signature-invalid"},
		{"issuer-without-image", func(d map[string]any) { delete(d["issuer"].(map[string]any), "image") }, "signature-invalid"},
		{"more-said", func(d map[string]any) { subject(d)["givenName"] = "JANE" }, "signature-invalid"},
		{"more-nodes", func(d map[string]any) { d["credentialSubject"] = []any{subject(d), subject(d)} }, "signature-invalid"},
		{"undefined-term", func(d map[string]any) { d["nonsense"] = "x" }, "term-undefined"},
		{"other-created", func(d map[string]any) { d["proof"].(map[string]any)["created"] = "2023-08-15T23:36:39Z" }, "signature-invalid"},
		{"expires-added", func(d map[string]any) { d["proof"].(map[string]any)["expires"] = "2035-08-15T23:36:39Z" }, "signature-invalid"},

		{"base58", value(func(s string) string { return "z" + s[1:] }), "signature-malformed"},
		{"padding", value(func(s string) string { return s + "=" }), "signature-malformed"},
		{"newline", value(func(s string) string { return s[:9] + "\n" + s[9:] }), "signature-malformed"},
		{"not-base64url", value(func(s string) string { return s[:9] + "+" + s[10:] }), "signature-malformed"},
		{"cut-off", value(func(s string) string { return s[:len(s)-4] }), "signature-malformed"},
		{"more-bytes", value(func(s string) string { return s + "AAAA" }), "signature-malformed"},
		{"only-header", value(func(string) string { return "u2V0B" }), "signature-malformed"},
		{"other-header", value(func(s string) string { return "u2V0C" + s[5:] }), "signature-malformed"},
		{"base-header", value(func(s string) string { return "u2V0A" + s[5:] }), "base-proof"},
		{"two-forms-of-a-number", value(func(s string) string { return reencode(t, s, []byte{0x84, 0x00, 0x04}, []byte{0x84, 0x18, 0x00, 0x04}) }), "signature-malformed"},
		{"tagged", value(func(s string) string {
			return reencode(t, s, []byte{0x85, 0x58, 0x40}, []byte{0x85, 0xd8, 0x40, 0x58, 0x40})
		}), "signature-malformed"},
		{"length-open", value(func(s string) string {
			return reencode(t, s, []byte{0x85, 0x58, 0x40}, []byte{0x9f, 0x58, 0x40}) + "_w"
		}), "signature-malformed"},

		{"flipped-base", parts(func(c *proof.Components) { c.BaseSignature = flip(c.BaseSignature, 40) }), "signature-invalid"},
		{"short-base", parts(func(c *proof.Components) { c.BaseSignature = c.BaseSignature[:63] }), "signature-malformed"},
		{"zero-base", parts(func(c *proof.Components) { c.BaseSignature = cbor.ByteString(make([]byte, 64)) }), "signature-malformed"},
		{"flipped-key", parts(func(c *proof.Components) { c.PublicKey = flip(c.PublicKey, 2) }), "signature-invalid"},
		{"key-of-other-kind", parts(func(c *proof.Components) { c.PublicKey = flip(c.PublicKey, 0) }), "signature-malformed"},
		{"flipped-signature", parts(func(c *proof.Components) { c.Signatures[2] = flip(c.Signatures[2], 3) }), "signature-invalid"},
		{"zero-signature", parts(func(c *proof.Components) { c.Signatures[2] = cbor.ByteString(make([]byte, 64)) }), "signature-malformed"},
		{"long-signature", parts(func(c *proof.Components) { c.Signatures[2] += "\x00" }), "signature-malformed"},
		{"swapped-signatures", parts(func(c *proof.Components) { c.Signatures[0], c.Signatures[1] = c.Signatures[1], c.Signatures[0] }), "signature-invalid"},
		{"signature-gone", parts(func(c *proof.Components) { c.Signatures = c.Signatures[1:] }), "signature-invalid"},
		{"signature-twice", parts(func(c *proof.Components) { c.Signatures = append(c.Signatures, c.Signatures[0]) }), "signature-invalid"},
		{"no-signatures", parts(func(c *proof.Components) { c.Signatures = nil }), "signature-malformed"},
		{"label-gone", parts(func(c *proof.Components) { delete(c.Labels, 1) }), "signature-invalid"},
		{"label-too-many", parts(func(c *proof.Components) { c.Labels[7] = cbor.ByteString(make([]byte, 32)) }), "signature-invalid"},
		{"label-of-31-bytes", parts(func(c *proof.Components) { c.Labels[1] = c.Labels[1][:31] }), "signature-malformed"},
		{"labels-swapped", parts(func(c *proof.Components) { c.Labels[0], c.Labels[1] = c.Labels[1], c.Labels[0] }), "signature-invalid"},
		{"two-nodes-one-label", parts(func(c *proof.Components) { c.Labels[1] = c.Labels[0] }), "signature-malformed"},
		{"mandatory-gone", parts(func(c *proof.Components) { c.Mandatory = c.Mandatory[1:] }), "signature-invalid"},
		{"mandatory-twice", parts(func(c *proof.Components) { c.Mandatory = append([]uint64{c.Mandatory[0]}, c.Mandatory...) }), "signature-malformed"},
		{"mandatory-unsorted", parts(func(c *proof.Components) { slices.Reverse(c.Mandatory) }), "signature-malformed"},
		{"mandatory-beyond", parts(func(c *proof.Components) { c.Mandatory = append(c.Mandatory, 1<<40) }), "signature-invalid"},
	}
	key := methodKey(t, parse(t, reveal)["proof"].(map[string]any)["verificationMethod"].(string))
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			doc := parse(t, reveal)
			test.edit(doc)
			wantCode(t, p.Verify(doc, 0, key, nil), test.code)
		})
	}
	doc := parse(t, reveal)
	parts(func(*proof.Components) {})(doc)
	if err := p.Verify(doc, 0, key, nil); err != nil {
		t.Errorf("taken apart and put together: %v", err)
	}
	wantCode(t, p.Verify(doc, 0, testKey().Public(), nil), "key-mismatch")
	wantCode(t, p.Verify(doc, 0, key, rdfc.NewBudget(900)), "canonicalization-budget")
	t.Logf("%d refused", len(tests))
}

// editComponents changes the parts of a proofValue.
func editComponents(t *testing.T, value string, edit func(*proof.Components)) string {
	t.Helper()
	raw, err := base64.RawURLEncoding.DecodeString(value[1:])
	if err != nil {
		t.Fatal(err)
	}
	var c proof.Components
	if err := cbor.Unmarshal(raw[3:], &c); err != nil {
		t.Fatal(err)
	}
	c.Labels = maps.Clone(c.Labels)
	edit(&c)
	content, err := cbor.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	return "u" + base64.RawURLEncoding.EncodeToString(append(raw[:3:3], content...))
}

// reencode replaces bytes of a proofValue, which must be there once.
func reencode(t *testing.T, value string, before, after []byte) string {
	t.Helper()
	raw, err := base64.RawURLEncoding.DecodeString(value[1:])
	if err != nil || strings.Count(string(raw), string(before)) != 1 {
		t.Fatalf("%x occurs %d times, %v", before, strings.Count(string(raw), string(before)), err)
	}
	return "u" + base64.RawURLEncoding.EncodeToString([]byte(strings.Replace(string(raw), string(before), string(after), 1)))
}
