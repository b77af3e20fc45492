package verify_test

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"laurel/internal/standards/vc"
	"laurel/internal/standards/verify"
)

func b64(data []byte) string { return base64.RawURLEncoding.EncodeToString(data) }

// compact signs a JWT by hand, so that a test can say anything in it.
func compact(t testing.TB, header, payload map[string]any, k ed25519.PrivateKey) []byte {
	t.Helper()
	input := b64(encode(t, header)) + "." + b64(encode(t, payload))
	return []byte(input + "." + b64(ed25519.Sign(k, []byte(input))))
}

// jwtOf is a JWT with the issuer's key; changes are made to its payload.
func jwtOf(t testing.TB, doc, changes map[string]any) []byte {
	t.Helper()
	return compact(t, map[string]any{"alg": "EdDSA", "kid": keyID}, with(doc, changes), key("first"))
}

// registered are the claims that Open Badges 3.0 asks for.
func registered() map[string]any {
	return map[string]any{
		"iss": issuerID, "jti": "urn:uuid:0b9b3f3e-0d5b-4d2a-9a44-0f8b1f1a2c3d", "sub": "did:key:z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi",
		"nbf": float64(time.Date(2026, 1, 15, 9, 0, 0, 0, time.UTC).Unix()), "exp": float64(time.Date(2028, 1, 15, 9, 0, 0, 0, time.UTC).Unix()),
		"iat": float64(now.Unix()), "aud": "https://example.com/",
	}
}

func TestJWTClaims(t *testing.T) {
	w := newWorld(t)
	verifier := w.verifier(now)
	for _, c := range []struct {
		name    string
		claims  map[string]any
		verdict verify.Verdict
		code    string
	}{
		{"all", nil, verify.Valid, "ok"},
		{"none", map[string]any{"iss": nil, "jti": nil, "sub": nil, "nbf": nil, "exp": nil, "iat": nil, "aud": nil}, verify.Valid, "ok"},
		{"iss-of-another", map[string]any{"iss": "did:web:evil.example"}, verify.Invalid, "jwt-claim-mismatch"},
		{"iss-empty", map[string]any{"iss": ""}, verify.Invalid, "jwt-claim-mismatch"},
		{"iss-list", map[string]any{"iss": []any{issuerID}}, verify.Invalid, "jwt-claim-mismatch"},
		{"sub-of-another", map[string]any{"sub": "did:web:mallory.example"}, verify.Invalid, "jwt-claim-mismatch"},
		{"jti-of-another", map[string]any{"jti": "urn:uuid:00000000-0000-4000-8000-000000000000"}, verify.Invalid, "jwt-claim-mismatch"},
		{"nbf-of-another", map[string]any{"nbf": float64(1)}, verify.Invalid, "jwt-claim-mismatch"},
		{"exp-of-another", map[string]any{"exp": float64(now.Add(time.Hour).Unix())}, verify.Invalid, "jwt-claim-mismatch"},
		{"exp-text", map[string]any{"exp": "2028-01-15T09:00:00Z"}, verify.Invalid, "jwt-claim-malformed"},
		{"exp-huge", map[string]any{"exp": 1e300}, verify.Invalid, "jwt-claim-malformed"},
		{"iat-future", map[string]any{"iat": float64(now.Add(time.Hour).Unix())}, verify.Invalid, "proof-future"},
		{"iat-text", map[string]any{"iat": "now"}, verify.Invalid, "jwt-claim-malformed"},
		{"undefined-member", map[string]any{"note": "hello"}, verify.Valid, "ok"},
	} {
		t.Run(c.name, func(t *testing.T) {
			claims := registered()
			maps.Copy(claims, c.claims)
			r := verifier.Credential(t.Context(), jwtOf(t, credential(), claims))
			want(t, r, c.verdict, verify.Proof, c.code)
			if r.Format != verify.FormatJWT {
				t.Errorf("format %s", r.Format)
			}
		})
	}
	// Under vc+jwt, nbf and exp are about the signature.
	header := map[string]any{"alg": "EdDSA", "kid": keyID, "typ": "vc+jwt"}
	for _, c := range []struct {
		exp     time.Duration
		verdict verify.Verdict
		code    string
	}{{time.Hour, verify.Valid, "ok"}, {-time.Second, verify.Invalid, "proof-expired"}} {
		data := compact(t, header, with(credential(), map[string]any{"exp": float64(now.Add(c.exp).Unix())}), key("first"))
		want(t, verifier.Credential(t.Context(), data), c.verdict, verify.Proof, c.code)
	}
}

func TestJWTHeader(t *testing.T) {
	w := newWorld(t)
	verifier := w.verifier(now)
	mallory := key("mallory")
	jwk := map[string]any{"kty": "OKP", "crv": "Ed25519", "x": b64(mallory.Public().(ed25519.PublicKey))}
	for _, c := range []struct {
		name    string
		header  map[string]any
		by      string
		verdict verify.Verdict
		check   string
		code    string
	}{
		{"absolute-kid", map[string]any{"kid": keyID}, "first", verify.Valid, verify.IssuerKey, "ok"},
		{"relative-kid", map[string]any{"kid": "#key-2026-1"}, "first", verify.Valid, verify.IssuerKey, "ok"},
		{"bare-kid", map[string]any{"kid": "key-2026-1"}, "first", verify.Valid, verify.IssuerKey, "ok"},
		{"typ", map[string]any{"kid": keyID, "typ": "JWT"}, "first", verify.Valid, verify.IssuerKey, "ok"},
		{"kid-and-jwk", map[string]any{"kid": keyID, "jwk": jwk}, "first", verify.Valid, verify.IssuerKey, "ok"},
		{"kid-and-foreign-jwk", map[string]any{"kid": keyID, "jwk": jwk}, "mallory", verify.Invalid, verify.Proof, "signature-invalid"},
		{"jwk-alone", map[string]any{"jwk": jwk}, "mallory", verify.Undetermined, verify.IssuerKey, "jwk-untrusted"},
		{"jku-alone", map[string]any{"jku": "https://evil.example/keys"}, "mallory", verify.Undetermined, verify.IssuerKey, "jwk-untrusted"},
		{"no-kid", map[string]any{}, "first", verify.Valid, verify.IssuerKey, "ok"},
		{"no-kid-by-another", map[string]any{}, "mallory", verify.Invalid, verify.Proof, "signature-invalid"},
		{"kid-of-the-issuer", map[string]any{"kid": issuerID}, "first", verify.Valid, verify.IssuerKey, "ok"},
		{"kid-of-another", map[string]any{"kid": "did:web:evil.example#key-1"}, "mallory", verify.Invalid, verify.IssuerKey, "method-foreign"},
		{"kid-did-key", map[string]any{"kid": "did:key:" + multikey(t, mallory) + "#" + multikey(t, mallory)}, "mallory", verify.Invalid, verify.IssuerKey, "method-foreign"},
		{"kid-unknown", map[string]any{"kid": issuerID + "#key-2"}, "first", verify.Valid, verify.IssuerKey, "ok"},
		{"kid-unknown-by-another", map[string]any{"kid": issuerID + "#key-2"}, "mallory", verify.Invalid, verify.IssuerKey, "method-missing"},
		{"kid-path", map[string]any{"kid": "../../key"}, "first", verify.Valid, verify.IssuerKey, "ok"},
		{"kid-path-by-another", map[string]any{"kid": "../../key"}, "mallory", verify.Invalid, verify.IssuerKey, "method-missing"},
		{"wrong-key", map[string]any{"kid": keyID}, "mallory", verify.Invalid, verify.Proof, "signature-invalid"},
		{"alg-of-another-key", map[string]any{"kid": keyID, "alg": "ES256"}, "first", verify.Invalid, verify.Proof, "key-mismatch"},
		{"alg-none", map[string]any{"kid": keyID, "alg": "none"}, "first", verify.Invalid, verify.Structure, "algorithm-forbidden"},
		{"alg-hmac", map[string]any{"kid": keyID, "alg": "HS256"}, "first", verify.Invalid, verify.Structure, "algorithm-forbidden"},
		{"alg-pss", map[string]any{"kid": keyID, "alg": "PS256"}, "first", verify.Undetermined, verify.Proof, "suite-unsupported"},
		{"crit", map[string]any{"kid": keyID, "crit": []any{"b64"}, "b64": false}, "first", verify.Invalid, verify.Structure, "header-forbidden"},
		{"another-use", map[string]any{"kid": keyID, "typ": "at+jwt"}, "first", verify.Undetermined, verify.Structure, "jwt-type"},
		{"sd-jwt", map[string]any{"kid": keyID, "typ": "vc+sd-jwt"}, "first", verify.Invalid, verify.Structure, "sd-jwt-malformed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			header := map[string]any{"alg": "EdDSA"}
			maps.Copy(header, c.header)
			want(t, verifier.Credential(t.Context(), compact(t, header, credential(), key(c.by))), c.verdict, c.check, c.code)
		})
	}
	good := jwtOf(t, credential(), nil)
	for name, data := range map[string][]byte{
		"padded":         append(bytes.Clone(good), '='),
		"line-of-others": bytes.Replace(good, []byte("."), []byte(".\u2028"), 1),
		"no-signature":   good[:bytes.LastIndexByte(good, '.')+1],
		"four-parts":     append(bytes.Clone(good), ".AAAA"...),
		"other-payload":  []byte(strings.Replace(string(good), ".ey", ".fy", 1)),
	} {
		if r := verifier.Credential(t.Context(), data); r.Verdict == verify.Valid {
			t.Errorf("%s is valid", name)
		}
	}
	want(t, verifier.Credential(t.Context(), append([]byte(" \n"), append(bytes.Clone(good), '\n')...)), verify.Valid, "", "")
	want(t, verifier.Credential(t.Context(), bytes.Replace(good, []byte("."), []byte(".\n"), 1)), verify.Valid, "", "")
	baked := bakedSVG(t, good)
	if r := verifier.Credential(t.Context(), baked); r.Verdict != verify.Valid || r.Carrier != "svg" {
		t.Errorf("baked: %s in %s", r.Verdict, r.Carrier)
	}
}

// version1 is the credential in data model 1.1, of no Open Badges type.
func version1() map[string]any {
	return map[string]any{
		"@context": []any{"https://www.w3.org/2018/credentials/v1", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json"},
		"id":       "urn:uuid:0b9b3f3e-0d5b-4d2a-9a44-0f8b1f1a2c3d", "type": []any{"VerifiableCredential", "OpenBadgeCredential"},
		"issuer":       map[string]any{"id": issuerID, "type": []any{"Profile"}, "name": "Example Academy"},
		"issuanceDate": "2026-01-15T09:00:00Z", "name": "Woodworking",
		"credentialSubject": map[string]any{
			"id": "did:key:z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi", "type": []any{"AchievementSubject"},
			"achievement": credential()["credentialSubject"].(map[string]any)["achievement"],
		},
	}
}

func TestVersion1(t *testing.T) {
	w := newWorld(t)
	verifier := w.verifier(now)
	jwt := func(payload map[string]any) []byte {
		return compact(t, map[string]any{"alg": "EdDSA", "kid": keyID, "typ": "JWT"}, payload, key("first"))
	}
	claims := with(registered(), map[string]any{"exp": nil})
	v1 := version1()
	bare := with(v1, map[string]any{"issuer": nil, "id": nil, "issuanceDate": nil})
	for _, c := range []struct {
		name        string
		data        []byte
		verdict     verify.Verdict
		check, code string
	}{
		{"jwt", jwt(with(claims, map[string]any{"vc": v1})), verify.Valid, verify.Proof, "ok"},
		{"jwt-completed-from-claims", jwt(with(claims, map[string]any{"vc": bare})), verify.Valid, verify.Proof, "ok"},
		{"jwt-without-issuer", jwt(with(claims, map[string]any{"vc": bare, "iss": nil})), verify.Invalid, verify.Structure, "issuer-missing"},
		{"jwt-iss-of-another", jwt(with(claims, map[string]any{"vc": v1, "iss": "did:web:evil.example"})), verify.Invalid, verify.Proof, "jwt-claim-mismatch"},
		{"jwt-expired", jwt(with(claims, map[string]any{"vc": v1, "exp": float64(now.Add(-time.Hour).Unix())})), verify.Invalid, verify.Dates, "expired"},
		{"v2-under-vc", jwt(map[string]any{"vc": credential()}), verify.Undetermined, verify.Structure, "version-mix"},
		{"v1-without-vc", jwt(v1), verify.Undetermined, verify.Structure, "version-mix"},
		{"vc-and-members", jwt(with(v1, map[string]any{"vc": v1})), verify.Invalid, verify.Structure, "version-mix"},
		{"vc-a-string", jwt(map[string]any{"vc": "hello"}), verify.Invalid, verify.Structure, "version-mix"},
		{"jwt-and-proof", jwt(with(claims, map[string]any{"vc": with(v1, map[string]any{"proof": map[string]any{"type": "DataIntegrityProof"}})})), verify.Invalid, verify.Structure, "jwt-two-securings"},
		{"v1-without-date", jwt(map[string]any{"vc": with(v1, map[string]any{"issuanceDate": nil})}), verify.Invalid, verify.Structure, "date-missing"},
		{"v1-not-yet", jwt(map[string]any{"vc": with(v1, map[string]any{"issuanceDate": "2030-01-01T00:00:00Z"})}), verify.Invalid, verify.Dates, "not-yet-valid"},
		{"v1-expired-validUntil", jwt(map[string]any{"vc": with(v1, map[string]any{"validUntil": "2020-01-01T00:00:00Z"})}), verify.Invalid, verify.Dates, "expired"},
		{"v2-and-proof", jwtOf(t, credential(), map[string]any{"proof": map[string]any{"type": "DataIntegrityProof"}}), verify.Invalid, verify.Structure, "jwt-two-securings"},
		{"v2-with-issuanceDate", jwtOf(t, credential(), map[string]any{"issuanceDate": "2026-01-15T09:00:00Z"}), verify.Undetermined, verify.Contexts, "words-unknown"},
	} {
		t.Run(c.name, func(t *testing.T) {
			want(t, verifier.Credential(t.Context(), c.data), c.verdict, c.check, c.code)
		})
	}
}

// TestJWTLenient: what leaves no doubt is undetermined, and a warning for those who ask
// for leniency; what is false stays so.
func TestJWTLenient(t *testing.T) {
	w := newWorld(t)
	strict := w.verifier(now)
	lenient := verify.New(w.processor, w.checker, verify.Options{Now: now, Load: w.load, Lenient: true})
	jwt := func(by string, payload map[string]any) []byte {
		return compact(t, map[string]any{"alg": "EdDSA", "kid": keyID, "typ": "JWT"}, payload, key(by))
	}
	v1, at := version1(), func(date any, add time.Duration) float64 {
		t, err := time.Parse(time.RFC3339, date.(string))
		if err != nil {
			panic(err)
		}
		return float64(t.Add(add).Unix())
	}
	ended := with(credential(), map[string]any{"validUntil": now.Add(-time.Minute).Format(time.RFC3339)})
	presented := map[string]any{"@context": []any{"https://www.w3.org/2018/credentials/v1"}, "type": []any{"VerifiablePresentation"},
		"id": "3a3f8f0e-7a55-4c5e-8a0f-3f1d6c1b9e22", "verifiableCredential": []any{decode(t, w.sign(credential()))}}
	for _, c := range []struct {
		name            string
		data            []byte
		strict, lenient verify.Verdict
		check, code     string
	}{
		{"nbf-before", jwt("first", map[string]any{"nbf": at(v1["issuanceDate"], -90*time.Second), "vc": v1}), verify.Undetermined, verify.Valid, verify.Structure, "jwt-claim-near"},
		{"nbf-after", jwt("first", map[string]any{"nbf": at(v1["issuanceDate"], 90*time.Second), "vc": v1}), verify.Undetermined, verify.Valid, verify.Structure, "jwt-claim-near"},
		{"nbf-too-far", jwt("first", map[string]any{"nbf": at(v1["issuanceDate"], -6*time.Minute), "vc": v1}), verify.Invalid, verify.Invalid, verify.Proof, "jwt-claim-mismatch"},
		{"nbf-before-and-forged", jwt("mallory", map[string]any{"nbf": at(v1["issuanceDate"], -90*time.Second), "vc": v1}), verify.Invalid, verify.Invalid, verify.Proof, "signature-invalid"},
		{"ended-though-exp-is-later", jwt("first", map[string]any{"exp": float64(now.Add(time.Minute).Unix()), "vc": ended}), verify.Invalid, verify.Invalid, verify.Dates, "expired"},
		{"ended-by-exp", jwt("first", map[string]any{"exp": float64(now.Add(-time.Minute).Unix()), "vc": with(ended, map[string]any{"validUntil": now.Add(time.Minute).Format(time.RFC3339)})}), verify.Invalid, verify.Invalid, verify.Proof, "proof-expired"},
		{"2.0-under-vc", jwt("first", map[string]any{"iss": issuerID, "vc": credential()}), verify.Undetermined, verify.Valid, verify.Structure, "version-mix"},
		{"2.0-under-vc-and-forged", jwt("mallory", map[string]any{"iss": issuerID, "vc": credential()}), verify.Invalid, verify.Invalid, verify.Proof, "signature-invalid"},
		{"2.0-under-vc-of-another", jwt("first", map[string]any{"iss": "did:web:evil.example", "vc": credential()}), verify.Invalid, verify.Invalid, verify.Proof, "jwt-claim-mismatch"},
		{"1.1-without-vc", jwt("first", v1), verify.Undetermined, verify.Valid, verify.Structure, "version-mix"},
		{"bare-uuid", encode(t, presented), verify.Undetermined, verify.Valid, verify.Structure, "id-malformed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if r := strict.Credential(t.Context(), c.data); r.Verdict != c.strict || c.strict == verify.Undetermined && r.Signed == nil && r.Format != verify.FormatPresentation {
				t.Errorf("strictly it is %s, signed by %v", r.Verdict, r.Signed)
			}
			r := lenient.Credential(t.Context(), c.data)
			want(t, r, c.lenient, c.check, c.code)
			if c.name == "bare-uuid" && (len(r.Parts) != 1 || r.Parts[0].Verdict != verify.Valid) {
				t.Error("the credential in it was not judged")
			}
		})
	}
}

func envelope(kind, id string) map[string]any {
	return map[string]any{"@context": []any{vc.ContextVC}, "type": []any{kind}, "id": id}
}

func TestEnvelope(t *testing.T) {
	w := newWorld(t)
	verifier := w.verifier(now)
	good := string(jwtOf(t, credential(), nil))
	for _, c := range []struct {
		name, id string
		verdict  verify.Verdict
		code     string
	}{
		{"good", "data:application/vc+jwt," + good, verify.Valid, "ok"},
		{"base64", "data:application/vc+jwt;base64," + base64.StdEncoding.EncodeToString([]byte(good)), verify.Valid, "ok"},
		{"sd-jwt", "data:application/vc+sd-jwt," + good + "~", verify.Valid, "ok"},
		{"cose", "data:application/vc+cose;base64,AAAA", verify.Undetermined, "envelope-unsupported"},
		{"no-jws", "data:application/vc+jwt,hello", verify.Invalid, "envelope-malformed"},
		{"json", `data:application/vc+jwt,%7B%7D`, verify.Invalid, "envelope-malformed"},
		{"not-data", "https://example.org/credential", verify.Invalid, "envelope-malformed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			want(t, verifier.Credential(t.Context(), encode(t, envelope("EnvelopedVerifiableCredential", c.id))), c.verdict, verify.Structure, c.code)
		})
	}
}

// TestJWTBits flips every third bit of a JWT's last two parts: none is valid,
// because a signature is over these very bytes.
func TestJWTBits(t *testing.T) {
	w := newWorld(t)
	verifier := w.verifier(now)
	good := jwtOf(t, credential(), registered())
	count := 0
	for i := 0; i < len(good); i++ {
		bit := i % 8
		mutant := bytes.Clone(good)
		mutant[i] ^= 1 << bit
		count++
		if r := verifier.Credential(t.Context(), mutant); r.Verdict == verify.Valid {
			t.Errorf("byte %d, bit %d: valid", i, bit)
		}
	}
	t.Log(fmt.Sprint(count, " mutants, 0 valid"))
}

// TestJWTAlgorithms signs with each algorithm under a did:jwk, and swaps their
// names.
func TestJWTAlgorithms(t *testing.T) {
	w := newWorld(t)
	verifier := w.verifier(now)
	p256, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	p384, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	big, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	ec := func(k *ecdsa.PrivateKey, crv string, hash func([]byte) []byte) (map[string]any, func([]byte) []byte) {
		point, err := k.PublicKey.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		n := len(point) / 2
		return map[string]any{"kty": "EC", "crv": crv, "x": b64(point[1 : 1+n]), "y": b64(point[1+n:])}, func(input []byte) []byte {
			r, s, err := ecdsa.Sign(rand.Reader, k, hash(input))
			if err != nil {
				t.Fatal(err)
			}
			return append(r.FillBytes(make([]byte, n)), s.FillBytes(make([]byte, n))...)
		}
	}
	sha256Of := func(b []byte) []byte { h := sha256.Sum256(b); return h[:] }
	sha384Of := func(b []byte) []byte { h := sha512.Sum384(b); return h[:] }
	type signer struct {
		alg  string
		jwk  map[string]any
		sign func([]byte) []byte
	}
	a, b, c := signer{alg: "ES256"}, signer{alg: "ES384"}, signer{alg: "RS256"}
	a.jwk, a.sign = ec(p256, "P-256", sha256Of)
	b.jwk, b.sign = ec(p384, "P-384", sha384Of)
	c.jwk = map[string]any{"kty": "RSA", "n": b64(big.N.Bytes()), "e": "AQAB"}
	c.sign = func(input []byte) []byte {
		s, err := rsa.SignPKCS1v15(nil, big, crypto.SHA256, sha256Of(input))
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	for _, s := range []signer{a, b, c} {
		id := "did:jwk:" + b64(encode(t, s.jwk))
		for _, alg := range []string{"ES256", "ES384", "RS256", "EdDSA"} {
			input := b64(encode(t, map[string]any{"alg": alg, "kid": id + "#0"})) + "." + b64(encode(t, by(id)))
			r := verifier.Credential(t.Context(), []byte(input+"."+b64(s.sign([]byte(input)))))
			if alg == s.alg {
				want(t, r, verify.Valid, verify.Proof, "ok")
			} else {
				want(t, r, verify.Invalid, verify.Proof, "key-mismatch")
			}
		}
	}
}
