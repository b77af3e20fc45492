package proof_test

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/mr-tron/base58"

	"laurel/internal/standards/jsonld"
	"laurel/internal/standards/proof"
	"laurel/internal/standards/rdfc"
)

func TestSignKeepsBytes(t *testing.T) {
	p, key := newProcessor(t), testKey()
	for name, in := range map[string]string{
		"compact":  with(`, "name": "<b> & \u00e9 é"`),
		"newlines": with(",\n\t\"name\": \"x\"\n"),
		"space":    " " + with(``) + "\n",
	} {
		t.Run(name, func(t *testing.T) {
			signed, err := p.Sign([]byte(in), benchOptions, key)
			if err != nil {
				t.Fatal(err)
			}
			start := bytes.Index(signed, []byte(`,"proof":[`))
			end := bytes.LastIndexByte(signed, ']') + 1
			if start < 0 || string(signed[:start])+string(signed[end:]) != in {
				t.Errorf("got %s", signed)
			}
			const want = `,"proof":[{"type":"DataIntegrityProof","created":"2026-06-01T12:00:00Z","verificationMethod":"did:web:academy.example.org#key-2026-1","cryptosuite":"eddsa-rdfc-2022","proofPurpose":"assertionMethod","proofValue":"z`
			if !strings.HasPrefix(string(signed[start:]), want) {
				t.Errorf("got %s", signed[start:end])
			}
			again, err := p.Sign([]byte(in), benchOptions, key)
			if err != nil || !bytes.Equal(signed, again) {
				t.Error("signing twice gives two results")
			}
			if err := p.Verify(parse(t, signed), 0, key.Public(), nil); err != nil {
				t.Error(err)
			}
		})
	}
}

type brokenKey struct{ ed25519.PublicKey }

func (k brokenKey) Public() crypto.PublicKey { return k.PublicKey }
func (k brokenKey) Sign(io.Reader, []byte, crypto.SignerOpts) ([]byte, error) {
	return nil, io.ErrUnexpectedEOF
}

// faultyKey makes signatures that do not fit, as a bit flipped in memory would.
type faultyKey struct{ ed25519.PrivateKey }

func (k faultyKey) Sign(random io.Reader, message []byte, o crypto.SignerOpts) ([]byte, error) {
	signature, err := k.PrivateKey.Sign(random, message, o)
	signature[7] ^= 1
	return signature, err
}

func TestSignChecksTheSignature(t *testing.T) {
	_, err := newProcessor(t).Sign([]byte(with(``)), benchOptions, faultyKey{testKey()})
	var e *jsonld.Error
	if !errors.As(err, &e) || e.Code != "signature-invalid" {
		t.Errorf("a signature that does not fit: %v", err)
	}
}

func TestSignRefuses(t *testing.T) {
	p, key := newProcessor(t), testKey()
	p256, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, in string
		o        proof.Options
		key      crypto.Signer
		code     string
	}{
		{"not-json", `{`, benchOptions, key, "json-syntax"},
		{"not-an-object", `[]`, benchOptions, key, "json-syntax"},
		{"signed-before", with(`, "proof": []`), benchOptions, key, "proof-present"},
		{"unknown-suite", with(``), proof.Options{VerificationMethod: "did:example:k#1", Cryptosuite: "eddsa-2022"}, key, "suite-unknown"},
		{"no-method", with(``), proof.Options{}, key, "iri-relative"},
		{"relative-method", with(``), proof.Options{VerificationMethod: "#key"}, key, "iri-relative"},
		{"unknown-purpose", with(``), proof.Options{VerificationMethod: "did:example:k#1", ProofPurpose: "nonsense"}, key, "iri-relative"},
		{"other-key", with(``), benchOptions, p256, "key-mismatch"},
		{"low-order-key", with(``), benchOptions, brokenKey{make(ed25519.PublicKey, 32)}, "key-low-order"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := p.Sign([]byte(test.in), test.o, test.key)
			wantCode(t, err, test.code)
		})
	}
	if _, err := p.Sign([]byte(with(``)), benchOptions, brokenKey{key.Public().(ed25519.PublicKey)}); err == nil || jsonld.CodeOf(err) != "" {
		t.Errorf("a failing key: %v", err)
	}
}

// signedDocument is a small credential with one proof that verifies.
func signedDocument(t *testing.T) map[string]any {
	signed, err := newProcessor(t).Sign([]byte(with(`, "name": "x"`)), benchOptions, testKey())
	if err != nil {
		t.Fatal(err)
	}
	return parse(t, signed)
}

func theProof(doc map[string]any) map[string]any {
	return doc["proof"].([]any)[0].(map[string]any)
}

// encoded is a signature as a proofValue.
func encoded(raw []byte) string { return "z" + base58.Encode(raw) }

func TestVerifyRefuses(t *testing.T) {
	key := testKey().Public().(ed25519.PublicKey)
	raw := func(doc map[string]any) []byte {
		b, err := base58.Decode(theProof(doc)["proofValue"].(string)[1:])
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	set := func(name string, value any) func(map[string]any) {
		return func(doc map[string]any) { theProof(doc)[name] = value }
	}
	without := func(name string) func(map[string]any) {
		return func(doc map[string]any) { delete(theProof(doc), name) }
	}
	change := func(f func([]byte) []byte) func(map[string]any) {
		return func(doc map[string]any) { theProof(doc)["proofValue"] = encoded(f(raw(doc))) }
	}
	tests := []struct {
		name string
		edit func(map[string]any)
		code string
	}{
		{"no-proof", func(d map[string]any) { delete(d, "proof") }, "proof-missing"},
		{"empty-proof", func(d map[string]any) { d["proof"] = []any{} }, "proof-missing"},
		{"string-proof", func(d map[string]any) { d["proof"] = "x" }, "proof-malformed"},
		{"null-proof", func(d map[string]any) { d["proof"] = nil }, "proof-malformed"},
		{"33-proofs", func(d map[string]any) { d["proof"] = slices.Repeat(d["proof"].([]any), 33) }, "proof-malformed"},
		{"bad-second-proof", func(d map[string]any) { d["proof"] = append(d["proof"].([]any), 1.0) }, "proof-malformed"},
		{"unknown-member", set("nonsense", "1"), "proof-malformed"},
		{"term-of-v2", set("name", "x"), "proof-malformed"},
		{"number-member", set("created", 1.0), "proof-malformed"},
		{"domain-of-numbers", set("domain", []any{1.0}), "proof-malformed"},
		{"type-array", set("type", []any{"DataIntegrityProof"}), "proof-malformed"},
		{"no-type", without("type"), "proof-malformed"},
		{"no-suite", without("cryptosuite"), "proof-malformed"},
		{"no-method", without("verificationMethod"), "proof-malformed"},
		{"no-purpose", without("proofPurpose"), "proof-malformed"},
		{"no-value", without("proofValue"), "proof-malformed"},
		{"other-type", set("type", "ExampleSignature2031"), "suite-unknown"},
		{"other-suite", set("cryptosuite", "bbs-2023"), "suite-unknown"},
		{"type-of-2020", set("type", "Ed25519Signature2020"), "type-undefined"},
		{"suite-of-jcs", set("cryptosuite", "eddsa-jcs-2022"), "signature-invalid"},
		{"suite-of-ecdsa", set("cryptosuite", "ecdsa-rdfc-2019"), "key-mismatch"},
		{"suite-of-sd", set("cryptosuite", "ecdsa-sd-2023"), "signature-malformed"},
		{"suite-in-capitals", set("cryptosuite", "EDDSA-RDFC-2022"), "suite-unknown"},
		{"other-context", set("@context", []any{"https://www.w3.org/ns/credentials/v2"}), "context-inline"},
		{"inline-context", set("@context", map[string]any{}), "context-inline"},

		{"base64url", set("proofValue", "uAAAA"), "signature-malformed"},
		{"no-multibase", func(d map[string]any) { theProof(d)["proofValue"] = theProof(d)["proofValue"].(string)[1:] + "1" }, "signature-malformed"},
		{"only-z", set("proofValue", "z"), "signature-malformed"},
		{"not-base58", set("proofValue", "z0OIl"), "signature-malformed"},
		{"newline", func(d map[string]any) { theProof(d)["proofValue"] = theProof(d)["proofValue"].(string) + "\n" }, "signature-malformed"},
		{"very-long", set("proofValue", "z"+strings.Repeat("2", 500_000)), "signature-malformed"},
		{"63-bytes", change(func(b []byte) []byte { return b[:63] }), "signature-malformed"},
		{"65-bytes", change(func(b []byte) []byte { return append(b, 0) }), "signature-malformed"},
		{"leading-zero", change(func(b []byte) []byte { return append([]byte{0}, b...) }), "signature-malformed"},
		{"s-plus-order", change(func(b []byte) []byte { return append(b[:32], plusOrder(b[32:])...) }), "signature-malformed"},
		{"s-of-ones", change(func(b []byte) []byte { return append(b[:32], bytes.Repeat([]byte{0xFF}, 32)...) }), "signature-malformed"},
		{"flipped-r", change(func(b []byte) []byte { b[0] ^= 1; return b }), "signature-invalid"},
		{"flipped-s", change(func(b []byte) []byte { b[32] ^= 1; return b }), "signature-invalid"},
		{"zeros", change(func([]byte) []byte { return make([]byte, 64) }), "signature-invalid"},
		{"zero-r", change(func(b []byte) []byte { clear(b[:32]); return b }), "signature-invalid"},

		{"other-created", set("created", "2026-06-01T12:00:01Z"), "signature-invalid"},
		{"no-created", without("created"), "signature-invalid"},
		{"expires-added", set("expires", "2099-01-01T00:00:00Z"), "signature-invalid"},
		{"domain-added", set("domain", "example.org"), "signature-invalid"},
		{"id-added", set("id", "urn:x:y"), "signature-invalid"},
		{"other-method", set("verificationMethod", "did:web:academy.example.org#key-2026-2"), "signature-invalid"},
		{"other-purpose", set("proofPurpose", "authentication"), "signature-invalid"},
		{"other-name", func(d map[string]any) { d["name"] = "y" }, "signature-invalid"},
		{"name-gone", func(d map[string]any) { delete(d, "name") }, "signature-invalid"},
		{"more-contexts", func(d map[string]any) { d["@context"] = append(d["@context"].([]any), "https://example.org/v1") }, "context-unknown"},
		{"undefined-term", func(d map[string]any) { d["nonsense"] = "x" }, "term-undefined"},
		{"relative-method", set("verificationMethod", "#key"), "iri-relative"},
		{"missing-previous", set("previousProof", "urn:uuid:gone"), "proof-malformed"},
	}
	p := newProcessor(t)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			doc := signedDocument(t)
			test.edit(doc)
			wantCode(t, p.Verify(doc, 0, key, nil), test.code)
		})
	}
	doc := signedDocument(t)
	for _, i := range []int{-1, 1} {
		wantCode(t, p.Verify(doc, i, key, nil), "proof-missing")
	}
	if err := p.Verify(doc, 0, key, nil); err != nil {
		t.Errorf("untouched: %v", err)
	}
	wantCode(t, p.Verify(doc, 0, key, rdfc.NewBudget(3)), "canonicalization-budget")
	theProof(doc)["proofPurpose"] = "nonsense"
	if err := p.Verify(doc, 0, key, nil); err == nil || !strings.Contains(err.Error(), `at "/proof/0/proofPurpose"`) {
		t.Errorf("got %v", err)
	}
	same := signedDocument(t)
	theProof(same)["@context"] = same["@context"]
	if err := p.Verify(same, 0, key, nil); err != nil {
		t.Errorf("proof repeats the @context: %v", err)
	}
}

// plusOrder adds the order of the group to little-endian s: the second form of
// a signature that RFC 8032 forbids.
func plusOrder(s []byte) []byte {
	order, _ := new(big.Int).SetString("7237005577332262213973186563042994240857116359379907606001950938285454250989", 10)
	b := slices.Clone(s)
	slices.Reverse(b)
	n := new(big.Int).SetBytes(b)
	b = n.Add(n, order).FillBytes(make([]byte, 32))
	slices.Reverse(b)
	return b
}

// TestMutations flips every bit of a signed credential (P1): each mutant is
// refused, or says the same.
func TestMutations(t *testing.T) {
	p, key := newProcessor(t), testKey()
	signed, err := p.Sign([]byte(with(`, "name": "Weld\u00e9"`)), benchOptions, key)
	if err != nil {
		t.Fatal(err)
	}
	v := vocabulary(t)
	original, err := v.Canonical(parse(t, signed), rdfc.Options{})
	if err != nil {
		t.Fatal(err)
	}
	refused, equal := 0, 0
	for i := range signed {
		for bit := range 8 {
			mutant := slices.Clone(signed)
			mutant[i] ^= 1 << bit
			doc, err := jsonld.ParseObject(mutant)
			if err == nil {
				err = p.Verify(doc, 0, key.Public(), nil)
			}
			if err != nil {
				if jsonld.CodeOf(err) == "" {
					t.Fatalf("no code: %v", err)
				}
				refused++
				continue
			}
			canonical, err := v.Canonical(doc, rdfc.Options{})
			if err != nil || !bytes.Equal(canonical, original) {
				t.Fatalf("byte %d bit %d: verified, but says something else: %s", i, bit, mutant)
			}
			equal++
		}
	}
	t.Logf("%d mutants refused, %d say the same", refused, equal)
	if equal > len(signed)/10 {
		t.Errorf("%d mutants of %d bytes verify", equal, len(signed))
	}
}

// TestProofChain: a proof with previousProof is made over the proofs it names,
// Data Integrity 1.0, section 4.5.
func TestProofChain(t *testing.T) {
	p, key := newProcessor(t), testKey()
	first := theProof(signedDocument(t))
	doc := parse(t, []byte(with(`, "name": "x"`)))
	sign := func(unsecured, config map[string]any) map[string]any {
		stages, err := p.Stages(unsecured, config, "eddsa-rdfc-2022", key.Public())
		if err != nil {
			t.Fatal(err)
		}
		signed := map[string]any{"proofValue": encoded(ed25519.Sign(key, stages.HashData))}
		for name, value := range config {
			signed[name] = value
		}
		return signed
	}
	delete(first, "proofValue")
	first["id"] = "urn:uuid:first"
	first = sign(doc, first)
	second := map[string]any{}
	for name, value := range first {
		second[name] = value
	}
	delete(second, "proofValue")
	second["id"], second["previousProof"] = "urn:uuid:second", "urn:uuid:first"
	doc["proof"] = []any{first}
	second = sign(doc, second)
	doc["proof"] = []any{first, second}
	for i := range 2 {
		if err := p.Verify(doc, i, key.Public(), nil); err != nil {
			t.Errorf("proof %d: %v", i, err)
		}
	}
	first["created"] = "2026-06-01T12:00:01Z"
	for i := range 2 {
		wantCode(t, p.Verify(doc, i, key.Public(), nil), "signature-invalid")
	}
	doc["proof"] = []any{first, first, second}
	wantCode(t, p.Verify(doc, 2, key.Public(), nil), "proof-malformed")
}

func TestCheckPublicKey(t *testing.T) {
	unhex := func(s string) ed25519.PublicKey {
		b, err := hex.DecodeString(s)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	p224, err := ecdsa.GenerateKey(elliptic.P224(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	p384, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	p256, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	off := p256.PublicKey
	off.Curve = elliptic.P384() // on which no point has these coordinates
	tests := []struct {
		name string
		key  crypto.PublicKey
		code string
	}{
		{"nil", nil, "key-malformed"},
		{"string", "z6Mk", "key-malformed"},
		{"nil-ecdsa", (*ecdsa.PublicKey)(nil), "key-malformed"},
		{"empty", ed25519.PublicKey{}, "key-malformed"},
		{"31-bytes", make(ed25519.PublicKey, 31), "key-malformed"},
		{"33-bytes", make(ed25519.PublicKey, 33), "key-malformed"},
		{"p-256-as-value", ecdsa.PublicKey{}, "key-malformed"},
		{"p-224", p224.Public(), "key-malformed"},
		{"off-the-curve", &off, "key-malformed"},
		{"p-384", p384.Public(), ""},
		{"good", testKey().Public(), ""},
		{"order-4", unhex("0000000000000000000000000000000000000000000000000000000000000000"), "key-low-order"},
		{"order-4-sign", unhex("0000000000000000000000000000000000000000000000000000000000000080"), "key-low-order"},
		{"identity", unhex("0100000000000000000000000000000000000000000000000000000000000000"), "key-low-order"},
		{"identity-sign", unhex("0100000000000000000000000000000000000000000000000000000000000080"), "key-low-order"},
		{"order-8", unhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"), "key-low-order"},
		{"order-8-sign", unhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85"), "key-low-order"},
		{"order-8-other", unhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"), "key-low-order"},
		{"order-2", unhex("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"), "key-low-order"},
		{"p", unhex("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"), "key-low-order"},
		{"p-plus-1", unhex("eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"), "key-low-order"},
		{"p-plus-3", unhex("f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"), "key-malformed"},
		{"all-ones", unhex(strings.Repeat("ff", 32)), "key-malformed"},
		{"no-point", unhex("0200000000000000000000000000000000000000000000000000000000000000"), "key-malformed"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if err := proof.CheckPublicKey(test.key); jsonld.CodeOf(err) != test.code {
				t.Errorf("got %v, want %q", err, test.code)
			}
		})
	}
	for i := range 200 { // no honest key is refused
		key := ed25519.NewKeyFromSeed(fmt.Appendf(nil, "published test key number %06d", i)[:32])
		if err := proof.CheckPublicKey(key.Public()); err != nil {
			t.Errorf("key %d: %v", i, err)
		}
	}
}

// TestLowOrderKey: under the identity key, R = S*B verifies with
// crypto/ed25519 for every message; here it does not.
func TestLowOrderKey(t *testing.T) {
	identity := make(ed25519.PublicKey, 32)
	identity[0] = 1
	forged := make([]byte, 64) // S = 0, R = the identity
	forged[0] = 1
	if !ed25519.Verify(identity, []byte("anything"), forged) {
		t.Fatal("crypto/ed25519 refuses the identity key by itself now")
	}
	doc := signedDocument(t)
	theProof(doc)["proofValue"] = encoded(forged)
	wantCode(t, newProcessor(t).Verify(doc, 0, identity, nil), "key-low-order")
}

func TestProofs(t *testing.T) {
	var doc map[string]any
	if err := json.Unmarshal([]byte(`{"proof": [
		{"id": "urn:a", "type": "DataIntegrityProof", "cryptosuite": "c", "verificationMethod": "v", "proofPurpose": "p", "proofValue": "z", "created": "t", "expires": "u", "domain": "d", "challenge": "h", "nonce": "n", "previousProof": ["urn:b", "urn:c"]},
		{"type": "Ed25519Signature2018", "jws": "x..y", "proofPurpose": "assertionMethod"}]}`), &doc); err != nil {
		t.Fatal(err)
	}
	proofs, err := proof.Proofs(doc)
	if err != nil || len(proofs) != 2 {
		t.Fatal(proofs, err)
	}
	got := fmt.Sprintf("%+v", []any{proofs[0].ID, proofs[0].Type, proofs[0].Cryptosuite, proofs[0].VerificationMethod, proofs[0].ProofPurpose,
		proofs[0].ProofValue, proofs[0].Created, proofs[0].Expires, proofs[0].Domain, proofs[0].Challenge, proofs[0].Nonce, proofs[0].PreviousProof})
	if want := "[urn:a DataIntegrityProof c v p z t u [d] h n [urn:b urn:c]]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if proofs[1].Type != "Ed25519Signature2018" || proofs[1].ProofPurpose != "assertionMethod" || proofs[1].Raw["jws"] != "x..y" {
		t.Errorf("got %+v", proofs[1])
	}
	doc["proof"] = doc["proof"].([]any)[1]
	if proofs, err := proof.Proofs(doc); err != nil || len(proofs) != 1 {
		t.Errorf("object form: %v, %v", proofs, err)
	}
}
