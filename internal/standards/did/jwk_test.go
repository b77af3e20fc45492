package did_test

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"errors"
	"maps"
	"math/big"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"laurel/internal/standards/did"
)

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func rsaJWK(t testing.TB, bits int) map[string]any {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		t.Fatal(err)
	}
	return map[string]any{"kty": "RSA", "n": b64(key.N.Bytes()), "e": b64(big.NewInt(int64(key.E)).Bytes())}
}

func method(jwk map[string]any) did.VerificationMethod {
	return did.VerificationMethod{ID: "did:example:a#b", Type: "JsonWebKey", PublicKeyJwk: jwk}
}

func jwkWith(jwk map[string]any, changes map[string]any) map[string]any {
	c := maps.Clone(jwk)
	maps.Copy(c, changes)
	return c
}

func TestRSA(t *testing.T) {
	good := rsaJWK(t, 2048)
	if key, err := method(good).PublicKey(); err != nil || key.(*rsa.PublicKey).N.BitLen() != 2048 {
		t.Fatalf("%T, %v", key, err)
	}
	n, _ := base64.RawURLEncoding.DecodeString(good["n"].(string))
	even := append([]byte{}, n...)
	even[len(even)-1] &^= 1
	for name, changes := range map[string]map[string]any{
		"private":      {"d": "AQAB"},
		"private-part": {"p": "AQAB"},
		"secret":       {"k": "AQAB"},
		"for-pss":      {"alg": "PS256"},
		"encryption":   {"use": "enc"},
		"leading-zero": {"n": b64(append([]byte{0}, n...))},
		"padded":       {"n": good["n"].(string) + "="},
		"even":         {"n": b64(even)},
		"short":        {"n": b64(n[:128])},
		"long":         {"n": b64(append([]byte{1}, make([]byte, 1024)...))},
		"e-one":        {"e": "AQ"},
		"e-even":       {"e": "BA"},
		"e-large":      {"e": b64([]byte{1, 0, 0, 0, 1})},
		"no-n":         {"n": nil},
	} {
		if _, err := method(jwkWith(good, changes)).PublicKey(); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
	if _, err := method(map[string]any{"kty": "RSA", "crv": "P-256"}).PublicKey(); !errors.Is(err, did.ErrUnsupportedKey) {
		t.Errorf("RSA with a curve: %v", err)
	}
}

func TestJWKDocument(t *testing.T) {
	public, _, _ := ed25519.GenerateKey(rand.Reader)
	ec, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	point, _ := ec.PublicKey.Bytes()
	for name, jwk := range map[string]map[string]any{
		"ed25519": {"kty": "OKP", "crv": "Ed25519", "x": b64(public)},
		"p256":    {"kty": "EC", "crv": "P-256", "alg": "ES256", "x": b64(point[1:33]), "y": b64(point[33:])},
		"rsa":     rsaJWK(t, 2048),
	} {
		data, _ := json.Marshal(jwk)
		id := "did:jwk:" + b64(data)
		d, err := did.JWKDocument(id)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		m, ok := d.Method(id + "#0")
		if !ok || !d.Asserts(id+"#0") || !d.Authenticates(id+"#0") || m.Controller != id {
			t.Errorf("%s: %+v", name, d)
		}
		if _, err := m.PublicKey(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := did.JWKDocument(id + "="); err == nil {
			t.Errorf("%s: a second spelling is taken", name)
		}
	}
	for _, id := range []string{
		"did:jwk:", "did:key:z6Mk", "did:jwk:bnVsbA", "did:jwk:" + b64([]byte(`{"kty":"OKP"}`)), "did:jwk:" + b64([]byte(`{"kty":"OKP","kty":"EC"}`)),
		"did:jwk:" + strings.Repeat("A", 5000),
	} {
		if _, err := did.JWKDocument(id); err == nil {
			t.Errorf("%.40s is taken", id)
		}
	}
}

func TestParseKeySet(t *testing.T) {
	const issuer = "https://academy.example.org"
	jwk := func(kid, more string) string {
		return `{"kty":"OKP","crv":"Ed25519","kid":"` + kid + `","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"` + more + `}`
	}
	d, iss, err := did.ParseKeySet([]byte(`{"iss":"`+issuer+`","keys":[`+jwk("a", "")+`,`+jwk("b", `,"use":"enc"`)+`,{"kty":"OKP"}]}`), issuer)
	if err != nil || iss != issuer || len(d.VerificationMethod) != 2 || d.VerificationMethod[1].ID != issuer+"#/keys/2" {
		t.Fatalf("%+v, %q, %v", d, iss, err)
	}
	m, ok := d.MethodByKid("a")
	if !ok || m.ID != issuer+"#a" || !d.Asserts(m.ID) || d.Authenticates(m.ID) {
		t.Errorf("%+v", d)
	}
	if _, err := m.PublicKey(); err != nil {
		t.Error(err)
	}
	d, _, err = did.ParseKeySet([]byte(`{"keys":[`+jwk("a", "")+`,`+jwk("a", "")+`,`+jwk("b", "")+`,7,`+jwk("b", `,"x5t":"y"`)+`]}`), issuer)
	if err != nil || len(d.VerificationMethod) != 2 || d.VerificationMethod[0].Fault() != nil || d.VerificationMethod[1].Fault() != did.ErrAmbiguous || d.Whole(did.Methods) {
		t.Errorf("%+v, %v", d, err)
	}
	for _, bad := range []string{`{}`, `[]`, `{"keys":[]}`, `{"keys":[` + strings.Repeat(`{},`, 256) + `{}]}`} {
		if _, _, err := did.ParseKeySet([]byte(bad), issuer); err == nil {
			t.Errorf("%.40s is taken", bad)
		}
	}
}

func TestDocumentThatIsAKey(t *testing.T) {
	const multikey = "z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi"
	for _, c := range []struct{ name, json, id, method, controller string }{
		{"own", `{"id":"https://example.org/issuer","type":"Multikey","publicKeyMultibase":"` + multikey + `"}`, "https://example.org/issuer", "https://example.org/issuer", "https://example.org/issuer"},
		{"fragment", `{"id":"https://example.org/issuer#key-1","controller":"https://example.org/issuer","publicKeyMultibase":"` + multikey + `"}`, "https://example.org/issuer", "https://example.org/issuer#key-1", "https://example.org/issuer"},
		{"of-another", `{"id":"https://example.org/issuer","controller":"https://example.com/","type":"Multikey","publicKeyMultibase":"` + multikey + `"}`, "https://example.org/issuer", "https://example.org/issuer", "https://example.com/"},
	} {
		d, err := did.ParseDocument([]byte(c.json))
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		m, ok := d.Method(c.method)
		if d.ID != c.id || !ok || m.Controller != c.controller || !d.Asserts(c.method) {
			t.Errorf("%s: %+v", c.name, d)
		}
		if _, err := m.PublicKey(); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if _, err := did.ParseDocument([]byte(`{"id":"https://example.org/issuer#key-1"}`)); err == nil {
		t.Error("a document of no key with a fragment in its id is taken")
	}
}

// What parses is spelt the one way that its bytes have, and gives a key.
func FuzzJWKDocument(f *testing.F) {
	f.Add(`{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}`)
	f.Add(`{"kty":"RSA","e":"AQAB","n":"AQAB"}`)
	f.Add(`{"kty":"EC","crv":"P-256"}`)
	f.Fuzz(func(t *testing.T, jwk string) {
		id := "did:jwk:" + b64([]byte(jwk))
		d, err := did.JWKDocument(id)
		if err != nil {
			return
		}
		m, ok := d.Method(id + "#0")
		if !ok {
			t.Fatal("no method")
		}
		if _, err := m.PublicKey(); err != nil {
			t.Errorf("%s: %v", jwk, err)
		}
	})
}
