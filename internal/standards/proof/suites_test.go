package proof_test

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"encoding/asn1"
	"io"
	"maps"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/mr-tron/base58"

	"laurel/internal/standards/jsonld"
	"laurel/internal/standards/proof"
	"laurel/internal/standards/rdfc"
	"laurel/internal/testing/vectors"
	"laurel/internal/testing/work"
)

// testKeyOn is a published key on a curve.
func testKeyOn(t testing.TB, curve elliptic.Curve) *ecdsa.PrivateKey {
	t.Helper()
	size := (curve.Params().BitSize + 7) / 8
	key, err := ecdsa.ParseRawPrivateKey(curve, []byte("a published test key, long enough for both curves")[:size])
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// A suiteUnderKey is a way of signing.
type suiteUnderKey struct {
	name, suite string
	key         crypto.Signer
}

func signingSuites(t testing.TB) []suiteUnderKey {
	p256, p384 := testKeyOn(t, elliptic.P256()), testKeyOn(t, elliptic.P384())
	return []suiteUnderKey{
		{"eddsa-rdfc", "eddsa-rdfc-2022", testKey()},
		{"eddsa-jcs", "eddsa-jcs-2022", testKey()},
		{"ecdsa-rdfc-p256", "ecdsa-rdfc-2019", p256},
		{"ecdsa-rdfc-p384", "ecdsa-rdfc-2019", p384},
		{"ecdsa-jcs-p256", "ecdsa-jcs-2019", p256},
		{"ecdsa-jcs-p384", "ecdsa-jcs-2019", p384},
	}
}

func (s suiteUnderKey) options() proof.Options {
	o := benchOptions
	o.Cryptosuite = s.suite
	return o
}

func (s suiteUnderKey) sign(t testing.TB, p *proof.Processor, doc string) []byte {
	t.Helper()
	signed, err := p.Sign([]byte(doc), s.options(), s.key)
	if err != nil {
		t.Fatal(err)
	}
	return signed
}

// TestSuites: what is signed verifies under its key, under no other, and in no
// other suite.
func TestSuites(t *testing.T) {
	p := newProcessor(t)
	for _, s := range signingSuites(t) {
		t.Run(s.name, func(t *testing.T) {
			signed := s.sign(t, p, with(`, "name": "x"`))
			if !bytes.Equal(signed, s.sign(t, p, with(`, "name": "x"`))) {
				t.Error("signing twice gives two results")
			}
			doc := parse(t, signed)
			if err := p.CheckTerms(doc); err != nil {
				t.Error(err)
			}
			for _, other := range signingSuites(t) {
				err := p.Verify(doc, 0, other.key.Public(), nil)
				switch {
				case other.key.Public().(interface{ Equal(crypto.PublicKey) bool }).Equal(s.key.Public()):
					if err != nil {
						t.Errorf("%s: %v", other.name, err)
					}
				case other.suite[:5] == s.suite[:5]: // the other curve
					wantCode(t, err, "signature-malformed")
				default:
					wantCode(t, err, "key-mismatch")
				}
				if other.suite != s.suite {
					renamed := parse(t, signed)
					theProof(renamed)["cryptosuite"] = other.suite
					if err := p.Verify(renamed, 0, s.key.Public(), nil); jsonld.CodeOf(err) != "signature-invalid" && jsonld.CodeOf(err) != "key-mismatch" {
						t.Errorf("as %s: %v", other.suite, err)
					}
				}
			}
			undefined := parse(t, signed)
			undefined["nonsense"] = "x"
			wantCode(t, p.Verify(undefined, 0, s.key.Public(), nil), "term-undefined")
			_, err := p.Sign([]byte(with(`, "nonsense": "x"`)), s.options(), s.key)
			wantCode(t, err, "term-undefined")
		})
	}
}

// TestECDSASignatures: numbers out of range, and the second form of a signature,
// which is taken.
func TestECDSASignatures(t *testing.T) {
	p := newProcessor(t)
	for _, s := range signingSuites(t)[2:4] {
		order := s.key.Public().(*ecdsa.PublicKey).Curve.Params().N
		size := len(order.Bytes())
		doc := parse(t, s.sign(t, p, with(`, "name": "x"`)))
		signature, err := base58.Decode(theProof(doc)["proofValue"].(string)[1:])
		if err != nil || len(signature) != 2*size {
			t.Fatalf("%d bytes, %v", len(signature), err)
		}
		r, n := signature[:size], new(big.Int).SetBytes(signature[size:])
		number := func(n *big.Int) []byte { return n.FillBytes(make([]byte, size)) }
		for _, test := range []struct {
			name, code string
			value      []byte
		}{
			{"as-it-is", "", signature},
			{"negative-s", "", slices.Concat(r, number(new(big.Int).Sub(order, n)))},
			{"zero-r", "signature-malformed", slices.Concat(make([]byte, size), number(n))},
			{"zero-s", "signature-malformed", slices.Concat(r, make([]byte, size))},
			{"s-is-the-order", "signature-malformed", slices.Concat(r, number(order))},
			{"r-is-the-order", "signature-malformed", slices.Concat(number(order), number(n))},
			{"one-byte-more", "signature-malformed", append(slices.Clone(signature), 0)},
			{"one-byte-less", "signature-malformed", signature[:2*size-1]},
			{"swapped", "signature-invalid", slices.Concat(number(n), r)},
			{"all-one", "signature-invalid", slices.Concat(number(big.NewInt(1)), number(big.NewInt(1)))},
		} {
			t.Run(s.name+"-"+test.name, func(t *testing.T) {
				theProof(doc)["proofValue"] = encoded(test.value)
				wantCode(t, p.Verify(doc, 0, s.key.Public(), nil), test.code)
			})
		}
		der, err := asn1.Marshal(struct{ R, S *big.Int }{new(big.Int).SetBytes(r), n})
		if err != nil {
			t.Fatal(err)
		}
		theProof(doc)["proofValue"] = encoded(der)
		wantCode(t, p.Verify(doc, 0, s.key.Public(), nil), "signature-malformed")
	}
}

// oddKey answers with something that is no ECDSA signature.
type oddKey struct {
	*ecdsa.PrivateKey
	answer []byte
}

func (k oddKey) Sign(io.Reader, []byte, crypto.SignerOpts) ([]byte, error) { return k.answer, nil }

func TestSignChecksECDSA(t *testing.T) {
	key := testKeyOn(t, elliptic.P256())
	o := benchOptions
	o.Cryptosuite = "ecdsa-rdfc-2019"
	for name, test := range map[string]struct {
		answer []byte
		code   string
	}{
		"nothing":  {nil, "signature-malformed"},
		"raw":      {make([]byte, 64), "signature-malformed"},
		"zeros":    {[]byte{0x30, 6, 2, 1, 0, 2, 1, 0}, "signature-malformed"},
		"negative": {[]byte{0x30, 6, 2, 1, 1, 2, 1, 0xFF}, "signature-malformed"},
		"more":     {[]byte{0x30, 6, 2, 1, 1, 2, 1, 1, 0}, "signature-malformed"},
		"ones":     {[]byte{0x30, 6, 2, 1, 1, 2, 1, 1}, "signature-invalid"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := newProcessor(t).Sign([]byte(with(``)), o, oddKey{key, test.answer})
			wantCode(t, err, test.code)
		})
	}
}

// TestContextOfJCS: the @context is signed as the proof repeats it, and the
// document must have the same.
func TestContextOfJCS(t *testing.T) {
	p := newProcessor(t)
	s := signingSuites(t)[1]
	one := `{"@context": "https://www.w3.org/ns/credentials/v2", "type": "VerifiableCredential", "issuer": "did:example:i", "credentialSubject": {"id": "did:example:s"}}`
	doc := parse(t, s.sign(t, p, one))
	verify := func() error { return p.Verify(doc, 0, s.key.Public(), nil) }
	if err := verify(); err != nil || theProof(doc)["@context"] != "https://www.w3.org/ns/credentials/v2" {
		t.Errorf("%v, %v", err, theProof(doc))
	}
	doc["@context"] = []any{"https://www.w3.org/ns/credentials/v2"} // means the same
	if err := verify(); err != nil {
		t.Error(err)
	}
	doc["@context"] = []any{"https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"}
	wantCode(t, verify(), "context-inline")
	theProof(doc)["@context"] = doc["@context"]
	wantCode(t, verify(), "signature-invalid")
	delete(theProof(doc), "@context")
	wantCode(t, verify(), "signature-invalid")

	// A proof made without @context: eddsa-jcs-2022 in its first drafts.
	unsecured := parse(t, []byte(one))
	config := maps.Clone(theProof(doc))
	delete(config, "proofValue")
	stages, err := p.Stages(unsecured, config, s.suite, s.key.Public())
	if err != nil {
		t.Fatal(err)
	}
	config["proofValue"] = encoded(ed25519.Sign(testKey(), stages.HashData))
	unsecured["proof"] = config
	if err := p.Verify(unsecured, 0, s.key.Public(), nil); err != nil {
		t.Error(err)
	}
}

// TestMixedProofs: a set of proofs of all suites, and a chain through them.
func TestMixedProofs(t *testing.T) {
	p := newProcessor(t)
	unsecured := parse(t, []byte(with(`, "name": "x"`)))
	doc := maps.Clone(unsecured)
	var proofs []any
	for i, s := range signingSuites(t) {
		signed := theProof(parse(t, s.sign(t, p, with(`, "name": "x"`))))
		if i == 0 {
			proofs = append(proofs, signed)
			continue
		}
		// Made over the one before.
		config := maps.Clone(signed)
		delete(config, "proofValue")
		config["id"] = "urn:uuid:proof-" + s.name
		before := proofs[i-1].(map[string]any)
		over := maps.Clone(unsecured)
		if id, has := before["id"]; has {
			config["previousProof"] = id
			over["proof"] = []any{before}
		}
		stages, err := p.Stages(over, config, s.suite, s.key.Public())
		if err != nil {
			t.Fatal(err)
		}
		config["proofValue"] = encoded(rawSign(t, s, stages.HashData))
		proofs = append(proofs, config)
	}
	doc["proof"] = proofs
	if err := p.CheckTerms(doc); err != nil {
		t.Error(err)
	}
	for i, s := range signingSuites(t) {
		if err := p.Verify(doc, i, s.key.Public(), nil); err != nil {
			t.Errorf("%s: %v", s.name, err)
		}
	}
	proofs[2].(map[string]any)["created"] = "2026-06-01T12:00:01Z"
	for i, s := range signingSuites(t) {
		// Proof 2 is changed, and part of what proof 3 was made over.
		wantCode(t, p.Verify(doc, i, s.key.Public(), nil), map[bool]string{true: "signature-invalid"}[i == 2 || i == 3])
	}
}

// rawSign is what a suite does with hash data.
func rawSign(t *testing.T, s suiteUnderKey, hashData []byte) []byte {
	t.Helper()
	signature, err := proof.SignHashData(s.suite, s.key, hashData)
	if err != nil {
		t.Fatal(err)
	}
	return signature
}

// TestSuiteMutations flips bits of documents of each suite (P1): each mutant is
// refused, or says the same.
func TestSuiteMutations(t *testing.T) {
	p := processor(t)
	documents := map[string][]byte{
		"ecdsa-sd-2023":        residentVector(t).DerivedRevealDocument,
		"Ed25519Signature2020": vectors.Read("1edtech-ob30/simple_v1.json"),
	}
	keys := make(map[string]crypto.PublicKey)
	for name, data := range documents {
		proofs, err := proof.Proofs(parse(t, data))
		if err != nil {
			t.Fatal(err)
		}
		keys[name] = methodKey(t, proofs[0].VerificationMethod)
	}
	for _, s := range signingSuites(t)[1:] {
		documents[s.name], keys[s.name] = s.sign(t, p, with(`, "name": "Weld\u00e9"`)), s.key.Public()
	}
	for _, name := range sortedNames(documents) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bits := []int{0, 1, 2, 3, 4, 5, 6, 7}
			if testing.Short() || name == "ecdsa-sd-2023" { // 20,000 signatures take a while
				bits = []int{0, 4}
			}
			mutateBits(t, p, documents[name], keys[name], bits)
		})
	}
}

func mutateBits(t *testing.T, p *proof.Processor, signed []byte, key crypto.PublicKey, bits []int) {
	if err := p.Verify(parse(t, signed), 0, key, nil); err != nil {
		t.Fatal(err)
	}
	v := vocabulary(t)
	original := said(t, v, parse(t, signed))
	refused, same := 0, 0
	for i := range signed {
		for _, bit := range bits {
			mutant := slices.Clone(signed)
			mutant[i] ^= 1 << bit
			doc, err := jsonld.ParseObject(mutant)
			if err == nil {
				err = p.Verify(doc, 0, key, nil)
			}
			if err != nil {
				if jsonld.CodeOf(err) == "" {
					t.Fatalf("no code: %v", err)
				}
				refused++
				continue
			}
			if said(t, v, doc) != original {
				t.Fatalf("byte %d bit %d: verified, but says something else: %s", i, bit, mutant)
			}
			same++
		}
	}
	t.Logf("%d mutants refused, %d say the same", refused, same)
	if same > refused/10 {
		t.Errorf("%d mutants verify", same)
	}
}

// said is what a document says without its proof.
func said(t *testing.T, v *jsonld.Vocabulary, doc map[string]any) string {
	t.Helper()
	unsecured := maps.Clone(doc)
	delete(unsecured, "proof")
	canonical, err := v.Canonical(unsecured, rdfc.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return string(canonical)
}

// TestManyProofs: the proofs of a document share one budget, so that 32 of them on
// one of 1 MiB do not cost 32 times as much (P6).
func TestManyProofs(t *testing.T) {
	p := newProcessor(t)
	for _, s := range signingSuites(t)[:2] {
		for name, item := range map[string]string{"numbers": `1.5`, "strings": `"a string of some length, as they are"`} {
			n := 1 << 20 / (len(item) + 1) * 9 / 10
			large := with(`, "name": [` + strings.TrimSuffix(strings.Repeat(item+",", n), ",") + `]`)
			doc := parse(t, []byte(large))
			one := theProof(parse(t, s.sign(t, p, with(``))))
			doc["proof"] = slices.Repeat([]any{one}, 32)
			budget := rdfc.NewBudget(rdfc.DefaultBudget)
			refused := 0
			made, _ := work.Of(func() {
				for i := range 32 {
					if jsonld.CodeOf(p.Verify(doc, i, s.key.Public(), budget)) == "canonicalization-budget" {
						refused++
					}
				}
			})
			t.Logf("%s, %s: %d allocations, %d refused", s.name, name, made, refused)
			if made > 2_000_000 || refused == 0 {
				t.Error("too many, or none")
			}
		}
	}
}
