package did_test

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"errors"
	"strings"
	"testing"

	"laurel/internal/standards/did"
)

func TestDocumentEncode(t *testing.T) {
	d := did.Document{
		Context: []string{did.ContextDID, did.ContextMultikey},
		ID:      "did:web:example.org",
		VerificationMethod: []did.VerificationMethod{{
			ID: "did:web:example.org#key-2026-1", Type: "Multikey", Controller: "did:web:example.org",
			PublicKeyMultibase: ed25519Multikey,
		}},
		AssertionMethod: []string{"did:web:example.org#key-2026-1"},
	}
	const want = `{
  "@context": [
    "https://www.w3.org/ns/did/v1",
    "https://w3id.org/security/multikey/v1"
  ],
  "id": "did:web:example.org",
  "verificationMethod": [
    {
      "id": "did:web:example.org#key-2026-1",
      "type": "Multikey",
      "controller": "did:web:example.org",
      "publicKeyMultibase": "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
    }
  ],
  "assertionMethod": [
    "did:web:example.org#key-2026-1"
  ]
}
`
	got, err := d.Encode()
	if err != nil || string(got) != want {
		t.Fatalf("Encode = %s, %v; want %s", got, err, want)
	}
	back, err := did.ParseDocument(got)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := back.Encode(); err != nil || string(again) != want {
		t.Errorf("parsed and encoded again = %s, %v", again, err)
	}
}

func TestParseDocument(t *testing.T) {
	const data = `{
		"@context": ["https://www.w3.org/ns/did/v1", {"@base": "did:web:example.org"}],
		"id": "did:web:example.org",
		"controller": "did:web:example.org",
		"service": [{"id": "#s", "type": "X", "serviceEndpoint": "https://example.org"}],
		"verificationMethod": [
			{"id": "#key-1", "type": "Ed25519VerificationKey2020", "controller": "did:web:example.org", "publicKeyMultibase": "` + ed25519Multikey + `"},
			{"id": "did:web:example.org#key-2", "type": "JsonWebKey2020", "controller": "did:web:example.org",
			 "publicKeyJwk": {"kty": "EC", "crv": "P-256", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}}
		],
		"authentication": ["#key-1", {"id": "#login", "type": "Multikey", "controller": "did:web:example.org", "publicKeyMultibase": "` + ed25519Multikey + `"}],
		"assertionMethod": [
			"#key-1",
			{"id": "#key-3", "type": "JsonWebKey", "controller": "did:web:example.org",
			 "publicKeyJwk": {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}}
		]
	}`
	d, err := did.ParseDocument([]byte(data))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		id      string
		asserts bool
		key     any
	}{
		{"did:web:example.org#key-1", true, ed25519.PublicKey{}},
		{"did:web:example.org#key-2", false, &ecdsa.PublicKey{}},
		{"did:web:example.org#key-3", true, ed25519.PublicKey{}},
		{"did:web:example.org#login", false, ed25519.PublicKey{}},
	} {
		m, ok := d.Method(c.id)
		if !ok {
			t.Errorf("%s is missing", c.id)
			continue
		}
		if d.Asserts(c.id) != c.asserts {
			t.Errorf("Asserts(%s) = %t", c.id, !c.asserts)
		}
		key, err := m.PublicKey()
		if err != nil {
			t.Errorf("%s: %v", c.id, err)
		}
		switch c.key.(type) {
		case ed25519.PublicKey:
			_, ok = key.(ed25519.PublicKey)
		case *ecdsa.PublicKey:
			_, ok = key.(*ecdsa.PublicKey)
		}
		if !ok {
			t.Errorf("%s is a %T", c.id, key)
		}
	}
	if _, ok := d.Method("#key-1"); ok {
		t.Error("a relative id finds a method")
	}
	if len(d.Context) != 1 || len(d.Controller) != 1 {
		t.Errorf("Context = %q, Controller = %q", d.Context, d.Controller)
	}
}

func TestParseDocumentRefuses(t *testing.T) {
	method := `{"id":"#a","type":"Multikey","controller":"did:web:a","publicKeyMultibase":"` + ed25519Multikey + `"}`
	for name, data := range map[string]string{
		"empty":            ``,
		"null":             `null`,
		"list":             `[]`,
		"no-id":            `{}`,
		"relative-id":      `{"id":"a"}`,
		"fragment-id":      `{"id":"did:web:a#b"}`,
		"id-twice":         `{"id":"did:web:a","id":"did:web:b"}`,
		"trailing":         `{"id":"did:web:a"} {}`,
		"bad-utf8":         "{\"id\":\"did:web:a\xff\"}",
		"method-twice":     `{"id":"did:web:a","verificationMethod":[` + method + `,` + method + `]}`,
		"embedded-twice":   `{"id":"did:web:a","verificationMethod":[` + method + `],"assertionMethod":[` + method + `]}`,
		"relative-method":  `{"id":"did:web:a","verificationMethod":[{"id":"key"}]}`,
		"method-is-string": `{"id":"did:web:a","verificationMethod":["x"]}`,
		"method-is-object": `{"id":"did:web:a","verificationMethod":` + method + `}`,
		"number-in-method": `{"id":"did:web:a","assertionMethod":[1]}`,
		"too-many-methods": `{"id":"did:web:a","assertionMethod":["#0` + manyReferences(300) + `"]}`,
		"too-long":         `{"id":"did:web:a","x":"` + strings.Repeat("a", 1<<20) + `"}`,
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := did.ParseDocument([]byte(data)); err == nil {
				t.Error("parsed")
			}
		})
	}
}

func manyReferences(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(`","#` + strings.Repeat("k", i+1))
	}
	return b.String()
}

func TestPublicKeyRefuses(t *testing.T) {
	okp := func(more map[string]any) map[string]any {
		m := map[string]any{"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
		for k, v := range more {
			m[k] = v
		}
		return m
	}
	for _, c := range []struct {
		name        string
		method      did.VerificationMethod
		unsupported bool
	}{
		{"unknown-type", did.VerificationMethod{Type: "RsaVerificationKey2018"}, true},
		{"no-material", did.VerificationMethod{Type: "Multikey"}, false},
		{"two-materials", did.VerificationMethod{Type: "Multikey", PublicKeyMultibase: ed25519Multikey, PublicKeyJwk: okp(nil)}, false},
		{"p256-as-ed25519-2020", did.VerificationMethod{Type: "Ed25519VerificationKey2020", PublicKeyMultibase: p256Multikey}, false},
		{"no-jwk", did.VerificationMethod{Type: "JsonWebKey", PublicKeyMultibase: ed25519Multikey}, false},
		{"private-jwk", did.VerificationMethod{Type: "JsonWebKey", PublicKeyJwk: okp(map[string]any{"d": "AA"})}, false},
		{"encryption-jwk", did.VerificationMethod{Type: "JsonWebKey", PublicKeyJwk: okp(map[string]any{"use": "enc"})}, false},
		{"key-ops", did.VerificationMethod{Type: "JsonWebKey", PublicKeyJwk: okp(map[string]any{"key_ops": []any{"sign"}})}, false},
		{"x25519-jwk", did.VerificationMethod{Type: "JsonWebKey", PublicKeyJwk: map[string]any{"kty": "OKP", "crv": "X25519"}}, true},
		{"rsa-jwk-empty", did.VerificationMethod{Type: "JsonWebKey", PublicKeyJwk: map[string]any{"kty": "RSA"}}, false},
		{"padded", did.VerificationMethod{Type: "JsonWebKey", PublicKeyJwk: okp(map[string]any{"x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo="})}, false},
		{"line-break", did.VerificationMethod{Type: "JsonWebKey", PublicKeyJwk: okp(map[string]any{"x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHUR\no"})}, false},
		{"trailing-bits", did.VerificationMethod{Type: "JsonWebKey", PublicKeyJwk: okp(map[string]any{"x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURp"})}, false},
		{"short", did.VerificationMethod{Type: "JsonWebKey", PublicKeyJwk: okp(map[string]any{"x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHUR"})}, false},
		{"off-curve", did.VerificationMethod{Type: "JsonWebKey", PublicKeyJwk: map[string]any{"kty": "EC", "crv": "P-256",
			"x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "y": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"}}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := c.method.PublicKey()
			if err == nil || errors.Is(err, did.ErrUnsupportedKey) != c.unsupported {
				t.Errorf("err = %v", err)
			}
		})
	}
}

func TestKeyDocument(t *testing.T) {
	id := "did:key:" + ed25519Multikey
	d, err := did.KeyDocument(id)
	if err != nil {
		t.Fatal(err)
	}
	m, ok := d.Method(id + "#" + ed25519Multikey)
	if !ok || !d.Asserts(m.ID) || m.Controller != id {
		t.Errorf("method = %+v, %t", m, ok)
	}
	for _, bad := range []string{"did:web:example.org", "did:key:", "did:key:z6Mk", id + "#" + ed25519Multikey, "did:key:" + ed25519Multikey + ":x"} {
		if _, err := did.KeyDocument(bad); err == nil {
			t.Errorf("KeyDocument(%q) succeeded", bad)
		}
	}
}

func TestSplit(t *testing.T) {
	for _, c := range []struct{ in, did, fragment string }{
		{"did:web:example.org#key-1", "did:web:example.org", "key-1"},
		{"https://example.org/issuers/1#a#b", "https://example.org/issuers/1", "a#b"},
		{"did:web:example.org", "did:web:example.org", ""},
	} {
		if d, f := did.Split(c.in); d != c.did || f != c.fragment {
			t.Errorf("Split(%q) = %q, %q", c.in, d, f)
		}
	}
}

func TestMethod(t *testing.T) {
	for in, want := range map[string]string{
		"did:web:example.org": "web", "did:key:z6Mk": "key", "DID:web:a": "", "did:WEB:a": "", "did:web": "", "did:web:": "", "did::a": "", "https://example.org": "",
	} {
		if got := did.Method(in); got != want {
			t.Errorf("Method(%q) = %q, want %q", in, got, want)
		}
	}
}

// No document of anyone makes the parser panic, and what it gives parses again.
func FuzzParseDocument(f *testing.F) {
	f.Add([]byte(`{"id":"did:web:a","verificationMethod":[{"id":"#a","type":"Multikey"}],"assertionMethod":["#a",{"id":"#b"}]}`))
	f.Add([]byte(`{"id":"https://example.org/i","controller":["a"],"assertionMethod":"#a"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := did.ParseDocument(data)
		if err != nil {
			return
		}
		again, err := d.Encode()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := did.ParseDocument(again); err != nil && len(again) <= 1<<20 {
			t.Errorf("%s does not parse again: %v", again, err)
		}
	})
}
