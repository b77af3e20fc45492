package proof_test

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"io"
	"math/big"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"

	"laurel/internal/standards/jsonld"
	"laurel/internal/standards/proof"
)

// joseKeys are a key for each algorithm, and one of the wrong curve.
func joseKeys(t testing.TB) map[string]crypto.Signer {
	t.Helper()
	keys := map[string]crypto.Signer{"EdDSA": testKey()}
	for name, curve := range map[string]elliptic.Curve{"ES256": elliptic.P256(), "ES384": elliptic.P384(), "ES512": elliptic.P521()} {
		key, err := ecdsa.GenerateKey(curve, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		keys[name] = key
	}
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	keys["RS256"] = key
	return keys
}

func joseSigned(t testing.TB, algorithm string, key crypto.Signer, payload string) string {
	t.Helper()
	options := (&jose.SignerOptions{}).WithType("vc+jwt").WithHeader("kid", "did:web:academy.example.org#key-2026-1")
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.SignatureAlgorithm(algorithm), Key: key}, options)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := signer.Sign([]byte(payload))
	if err != nil {
		t.Fatal(err)
	}
	compact, err := signed.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return compact
}

func b64(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }

// TestJWS: each algorithm verifies under its key, and under no other.
func TestJWS(t *testing.T) {
	keys := joseKeys(t)
	for _, algorithm := range []string{"EdDSA", "ES256", "ES384", "RS256"} {
		compact := joseSigned(t, algorithm, keys[algorithm], `{"name":"x"}`)
		j, err := proof.ParseJWS(compact)
		if err != nil {
			t.Fatal(err)
		}
		if j.Algorithm != algorithm || j.Type != "vc+jwt" || j.KeyID != "did:web:academy.example.org#key-2026-1" || string(j.Payload) != `{"name":"x"}` {
			t.Errorf("got %+v", j)
		}
		for name, key := range keys {
			switch err := j.Verify(key.Public()); name {
			case algorithm:
				if err != nil {
					t.Errorf("%s: %v", name, err)
				}
			case "ES512":
				wantCode(t, err, "key-malformed")
			default:
				wantCode(t, err, "key-mismatch")
			}
		}
		wantCode(t, j.Verify(nil), "key-malformed")
		wantCode(t, j.Verify([]byte("secret")), "key-malformed")
		if algorithm == "RS256" {
			continue // a key takes a while to make
		}
		wantCode(t, j.Verify(joseKeys(t)[algorithm].Public()), map[bool]string{true: "", false: "signature-invalid"}[algorithm == "EdDSA"])
	}
	// RFC 9864 names the same algorithm by its curve.
	named, err := proof.ParseJWS(reheaded(t, `{"alg":"Ed25519"}`, testKey()))
	if err != nil {
		t.Fatal(err)
	}
	wantCode(t, named.Verify(testKey().Public()), "")
	wantCode(t, named.Verify(keys["ES256"].Public()), "key-mismatch")
	for _, unknown := range []string{"ES512", "PS256", "ES256K-R", "eddsa", "ML-DSA-65"} {
		j, err := proof.ParseJWS(reheaded(t, `{"alg":"`+unknown+`"}`, testKey()))
		if err != nil || j.Known() || j.Fits(testKey().Public()) {
			t.Errorf("%s: %v", unknown, err)
		}
		wantCode(t, j.Verify(testKey().Public()), "suite-unknown")
	}
}

// reheaded is a JWS with a good signature of Ed25519, whatever its header says.
func reheaded(t testing.TB, header string, key crypto.Signer) string {
	t.Helper()
	input := b64(header) + "." + b64("x")
	signature, err := key.Sign(nil, []byte(input), crypto.Hash(0))
	if err != nil {
		t.Fatal(err)
	}
	return input + "." + b64(string(signature))
}

func TestParseJWSRefuses(t *testing.T) {
	good := joseSigned(t, "EdDSA", testKey(), `{"name":"x"}`)
	parts := strings.Split(good, ".")
	header := func(text string) string { return b64(text) + "." + parts[1] + "." + parts[2] }
	tests := []struct{ name, in, code string }{
		{"empty", "", "jws-malformed"},
		{"json", `{"payload":"","signatures":[]}`, "jws-malformed"},
		{"two-parts", parts[0] + "." + parts[1], "jws-malformed"},
		{"four-parts", good + ".", "jws-malformed"},
		{"five-parts", good + "." + parts[1] + "." + parts[2], "jws-malformed"},
		{"padding", parts[0] + "=." + parts[1] + "." + parts[2], "jws-malformed"},
		{"newline-behind", good + "\n", "jws-malformed"},
		{"newline-inside", good[:9] + "\n" + good[9:], "jws-malformed"},
		{"space-before", " " + good, "jws-malformed"},
		{"plus", strings.Replace(good, ".", "+.", 1), "jws-malformed"},
		{"trailing-bits", good[:len(good)-1] + string(good[len(good)-1]+1), "jws-malformed"},
		{"too-long", parts[0] + "." + strings.Repeat("A", 2<<20) + "." + parts[2], "json-too-large"},
		{"header-too-long", header(`{"alg":"EdDSA","x":"` + strings.Repeat("x", 70_000) + `"}`), "json-too-large"},
		{"no-header", "." + parts[1] + "." + parts[2], "json-syntax"},
		{"header-array", header(`["EdDSA"]`), "jws-malformed"},
		{"header-twice", header(`{"alg":"EdDSA"}{"alg":"EdDSA"}`), "json-syntax"},
		{"alg-twice", header(`{"alg":"EdDSA","alg":"EdDSA"}`), "json-duplicate-name"},
		{"alg-in-two-cases", header(`{"alg":"EdDSA","Alg":"none"}`), "json-duplicate-name"},
		{"no-alg", header(`{"kid":"x"}`), "jws-malformed"},
		{"capital-alg", header(`{"Alg":"EdDSA"}`), "jws-malformed"},
		{"number-alg", header(`{"alg":1}`), "jws-malformed"},
		{"array-kid", header(`{"alg":"EdDSA","kid":["x"]}`), "jws-malformed"},
		{"number-typ", header(`{"alg":"EdDSA","typ":1}`), "jws-malformed"},
		{"none", header(`{"alg":"none"}`), "algorithm-forbidden"},
		{"none-in-other-case", header(`{"alg":"nOnE"}`), "algorithm-forbidden"},
		{"none-unsigned", b64(`{"alg":"none"}`) + "." + parts[1] + ".", "algorithm-forbidden"},
		{"symmetric", header(`{"alg":"HS256"}`), "algorithm-forbidden"},
		{"crit", header(`{"alg":"EdDSA","crit":["exp"],"exp":1}`), "header-forbidden"},
		{"empty-crit", header(`{"alg":"EdDSA","crit":[]}`), "header-forbidden"},
		{"b64", header(`{"alg":"EdDSA","b64":true}`), "header-forbidden"},
		{"private-key", header(`{"alg":"EdDSA","jwk":{"kty":"OKP","crv":"Ed25519","x":"AA","d":"AA"}}`), "header-forbidden"},
		{"key-of-no-use", header(`{"alg":"EdDSA","jwk":{"kty":"EC","crv":"P-256","x":"AA","y":"AA"},"x5c":7}`), ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := proof.ParseJWS(test.in)
			wantCode(t, err, test.code)
		})
	}
	t.Logf("%d refused", len(tests))
}

// TestJWSSignatures: signatures of the wrong form, under a key of the right kind.
func TestJWSSignatures(t *testing.T) {
	keys := joseKeys(t)
	sized := func(n int) []byte { return bytes.Repeat([]byte{0xFF}, n) }
	tests := []struct {
		name, algorithm string
		signature       []byte
		code            string
	}{
		{"empty", "EdDSA", nil, "signature-malformed"},
		{"63-bytes", "EdDSA", make([]byte, 63), "signature-malformed"},
		{"s-too-great", "EdDSA", sized(64), "signature-malformed"},
		{"zeros", "EdDSA", make([]byte, 64), "signature-invalid"},
		{"empty", "ES256", nil, "signature-malformed"},
		{"zeros", "ES256", make([]byte, 64), "signature-malformed"}, // CVE-2022-21449
		{"too-great", "ES256", sized(64), "signature-malformed"},
		{"of-p384", "ES256", sized(96), "signature-malformed"},
		{"ones", "ES256", big.NewInt(1).FillBytes(make([]byte, 64)), "signature-malformed"},
		{"of-p256", "ES384", sized(64), "signature-malformed"},
		{"zeros", "ES384", make([]byte, 96), "signature-malformed"},
		{"empty", "RS256", nil, "signature-malformed"},
		{"short", "RS256", make([]byte, 255), "signature-malformed"},
		{"zeros", "RS256", make([]byte, 256), "signature-invalid"},
		{"too-great", "RS256", sized(256), "signature-invalid"},
	}
	for _, test := range tests {
		t.Run(test.algorithm+"-"+test.name, func(t *testing.T) {
			good := joseSigned(t, test.algorithm, keys[test.algorithm], "x")
			cut := good[:strings.LastIndexByte(good, '.')+1]
			j, err := proof.ParseJWS(cut + b64(string(test.signature)))
			if err != nil {
				t.Fatal(err)
			}
			wantCode(t, j.Verify(keys[test.algorithm].Public()), test.code)
		})
	}
}

// TestJWSKeyOfTheHeader: a key in the header is not used, whoever signed with it.
func TestJWSKeyOfTheHeader(t *testing.T) {
	_, stranger, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.EdDSA, Key: stranger}, &jose.SignerOptions{EmbedJWK: true})
	if err != nil {
		t.Fatal(err)
	}
	signed, err := signer.Sign([]byte("x"))
	if err != nil {
		t.Fatal(err)
	}
	compact, err := signed.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	j, err := proof.ParseJWS(compact)
	if err != nil {
		t.Fatal(err)
	}
	wantCode(t, j.Verify(testKey().Public()), "signature-invalid")
	if j.Header["jwk"] == nil {
		t.Error("the key of the header cannot be seen")
	}
}

// TestJWSMutations flips every bit (P1): the alphabet has no second form of a
// text, so that every mutant is refused.
func TestJWSMutations(t *testing.T) {
	keys := joseKeys(t)
	mutants := 0
	for _, algorithm := range []string{"EdDSA", "ES256", "ES384", "RS256"} {
		compact := joseSigned(t, algorithm, keys[algorithm], `{"name":"Weld"}`)
		for i := range len(compact) {
			for bit := range 8 {
				mutant := []byte(compact)
				mutant[i] ^= 1 << bit
				j, err := proof.ParseJWS(string(mutant))
				if err == nil {
					err = j.Verify(keys[algorithm].Public())
				}
				if jsonld.CodeOf(err) == "" {
					t.Fatalf("%s: byte %d bit %d: %v", algorithm, i, bit, err)
				}
				mutants++
			}
		}
	}
	t.Logf("%d mutants refused", mutants)
}

func TestCheckRSAKey(t *testing.T) {
	good, ok := joseKeys(t)["RS256"].Public().(*rsa.PublicKey)
	if !ok {
		t.Fatal("no RSA key")
	}
	even := new(big.Int).Lsh(big.NewInt(1), 2047)
	for _, test := range []struct {
		name string
		key  *rsa.PublicKey
		code string
	}{
		{"good", good, ""},
		{"nil", nil, "key-malformed"},
		{"no-modulus", &rsa.PublicKey{E: 65537}, "key-malformed"},
		{"negative", &rsa.PublicKey{N: new(big.Int).Neg(good.N), E: 65537}, "key-malformed"},
		{"even", &rsa.PublicKey{N: even, E: 65537}, "key-malformed"},
		{"even-exponent", &rsa.PublicKey{N: good.N, E: 65538}, "key-malformed"},
		{"no-exponent", &rsa.PublicKey{N: good.N}, "key-malformed"},
		{"exponent-3", &rsa.PublicKey{N: good.N, E: 3}, "key-weak"},
		{"exponent-1", &rsa.PublicKey{N: good.N, E: 1}, "key-weak"},
		{"1024-bits", &rsa.PublicKey{N: new(big.Int).SetBit(new(big.Int).Rsh(good.N, 1024), 0, 1), E: 65537}, "key-weak"},
		{"9000-bits", &rsa.PublicKey{N: new(big.Int).SetBit(new(big.Int).Lsh(good.N, 7000), 0, 1), E: 65537}, "key-malformed"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if err := proof.CheckPublicKey(test.key); jsonld.CodeOf(err) != test.code {
				t.Errorf("got %v, want %q", err, test.code)
			}
		})
	}
}

// TestSignJWS: what is signed here verifies, here and by go-jose, and says which
// key and type it is of.
func TestSignJWS(t *testing.T) {
	keys := joseKeys(t)
	for _, algorithm := range []string{"EdDSA", "ES256", "ES384", "RS256"} {
		payload := `{"name":"<Weld>"}`
		compact, err := proof.SignJWS([]byte(payload), proof.JWSHeader{Type: "vc+jwt", KeyID: "did:web:academy.example.org#key-2026-1"}, keys[algorithm])
		if err != nil {
			t.Fatal(err)
		}
		header, _, _ := strings.Cut(compact, ".")
		if want := b64(`{"alg":"` + algorithm + `","kid":"did:web:academy.example.org#key-2026-1","typ":"vc+jwt"}`); header != want {
			t.Errorf("%s: the header is %s", algorithm, header)
		}
		parsed, err := jose.ParseSignedCompact(compact, []jose.SignatureAlgorithm{jose.SignatureAlgorithm(algorithm)})
		if err != nil {
			t.Fatal(err)
		}
		if got, err := parsed.Verify(keys[algorithm].Public()); err != nil || string(got) != payload {
			t.Errorf("%s: go-jose has %q, %v", algorithm, got, err)
		}
	}
	bare, err := proof.SignJWS(nil, proof.JWSHeader{}, keys["EdDSA"])
	if err != nil || !strings.HasPrefix(bare, b64(`{"alg":"EdDSA"}`)+"..") {
		t.Errorf("a bare one is %q, %v", bare, err)
	}
	_, err = proof.SignJWS(nil, proof.JWSHeader{}, keys["ES512"])
	wantCode(t, err, "key-malformed")
	_, err = proof.SignJWS(make([]byte, 1<<20+1), proof.JWSHeader{}, keys["EdDSA"])
	wantCode(t, err, "json-too-large")
	_, err = proof.SignJWS(nil, proof.JWSHeader{}, otherKey{keys["ES256"], keys["ES384"]})
	wantCode(t, err, "signature-malformed")
	_, err = proof.SignJWS(nil, proof.JWSHeader{}, otherKey{keys["EdDSA"], joseKeys(t)["ES256"]})
	wantCode(t, err, "signature-malformed")
}

// otherKey signs with another key than it says.
type otherKey struct{ says, uses crypto.Signer }

func (k otherKey) Public() crypto.PublicKey { return k.says.Public() }
func (k otherKey) Sign(random io.Reader, digest []byte, o crypto.SignerOpts) ([]byte, error) {
	return k.uses.Sign(rand.Reader, digest, crypto.SHA256)
}
