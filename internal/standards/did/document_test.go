package did_test

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

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
		"id-number":        `{"id":1}`,
		"name-twice":       `{"id":"did:web:a","verificationMethod":[{"id":"#a","id":"#b"}]}`,
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

// TestParseDocumentFaults holds the faults of a document to where they are: the key
// did:web:a#a is good in all of them but where the name says otherwise.
func TestParseDocumentFaults(t *testing.T) {
	const method = `{"id":"#a","type":"Multikey","controller":"did:web:a","publicKeyMultibase":"` + ed25519Multikey + `"}`
	const absolute = `{"publicKeyMultibase":"` + ed25519Multikey + `","controller":"did:web:a","type":"Multikey","id":"did:web:a#a"}`
	other := strings.Replace(method, "Q2\"", "Q3\"", 1)
	none, all := []string{}, []string{did.Methods, did.Assertion, did.Authentication}
	for _, c := range []struct {
		name, members string
		unread        []string
		ambiguous     bool
	}{
		{"twice-alike", `"verificationMethod":[` + method + `,` + absolute + `],"assertionMethod":"#a"`, none, false},
		{"embedded-alike", `"verificationMethod":[` + method + `],"assertionMethod":[` + absolute + `]`, none, false},
		{"twice-not-alike", `"verificationMethod":[` + method + `,` + other + `],"assertionMethod":"#a"`, none, true},
		{"embedded-not-alike", `"verificationMethod":[` + method + `],"assertionMethod":[` + other + `]`, none, true},
		{"foreign-without-id", `"verificationMethod":[{"type":"X"},` + method + `],"assertionMethod":["#a"]`, []string{did.Methods}, false},
		{"foreign-relative", `"verificationMethod":[{"id":"key"},` + method + `],"assertionMethod":["#a"]`, []string{did.Methods}, false},
		{"foreign-is-string", `"verificationMethod":["x",null,1,` + method + `],"assertionMethod":["#a"]`, []string{did.Methods}, false},
		{"foreign-of-wrong-types", `"verificationMethod":[{"id":"#b","type":["X"],"publicKeyJwk":"y"},` + method + `],"assertionMethod":["#a"]`, none, false},
		{"foreign-twice", `"verificationMethod":[{"id":"#b"},{"id":"#b","x":1},` + method + `],"assertionMethod":["#a"]`, none, false},
		{"references-of-wrong-types", `"verificationMethod":[` + method + `],"assertionMethod":["#a",1,{}],"authentication":7`, all, false},
		{"one-object", `"verificationMethod":` + method + `,"assertionMethod":"#a"`, none, false},
		{"elsewhere", `"@context":3,"controller":{},"alsoKnownAs":[1],"service":"x","verificationMethod":[` + method + `],"assertionMethod":["#a"]`, none, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, err := did.ParseDocument([]byte(`{"id":"did:web:a",` + c.members + `}`))
			if err != nil {
				t.Fatal(err)
			}
			m, ok := d.Method("did:web:a#a")
			if _, err := m.PublicKey(); !ok || !d.Asserts(m.ID) || (err != nil) != c.ambiguous || errors.Is(m.Fault(), did.ErrAmbiguous) != c.ambiguous {
				t.Errorf("%+v: %v", m, err)
			}
			for _, member := range all {
				if d.Whole(member) == slices.Contains(c.unread, member) {
					t.Errorf("Whole(%s) = %t", member, d.Whole(member))
				}
			}
			for _, m := range d.VerificationMethod {
				if _, err := m.PublicKey(); m.ID != "did:web:a#a" && err == nil {
					t.Errorf("%s has a key", m.ID)
				}
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
		{"unknown-type", did.VerificationMethod{Type: "FutureKey2031", PublicKeyMultibase: ed25519Multikey}, true},
		{"no-type", did.VerificationMethod{PublicKeyMultibase: ed25519Multikey}, true},
		{"rsa-2018", did.VerificationMethod{Type: "RsaVerificationKey2018", PublicKeyMultibase: ed25519Multikey}, false},
		{"base58-of-multikey", did.VerificationMethod{Type: "Multikey", PublicKeyBase58: "11111111111111111111111111111111"}, true},
		{"base58-short", did.VerificationMethod{Type: "Ed25519VerificationKey2018", PublicKeyBase58: "1111111111111111111111111111111"}, false},
		{"base58-and-multibase", did.VerificationMethod{Type: "Ed25519VerificationKey2018", PublicKeyBase58: "11111111111111111111111111111111", PublicKeyMultibase: ed25519Multikey}, false},
		{"p521-jwk", did.VerificationMethod{Type: "JsonWebKey", PublicKeyJwk: map[string]any{"kty": "EC", "crv": "P-521"}}, true},
		{"no-material", did.VerificationMethod{Type: "Multikey"}, false},
		{"two-materials", did.VerificationMethod{Type: "Multikey", PublicKeyMultibase: ed25519Multikey, PublicKeyJwk: okp(nil)}, false},
		{"p256-as-ed25519-2020", did.VerificationMethod{Type: "Ed25519VerificationKey2020", PublicKeyMultibase: p256Multikey}, false},
		{"no-jwk", did.VerificationMethod{Type: "JsonWebKey"}, false},
		{"private-jwk", did.VerificationMethod{Type: "JsonWebKey", PublicKeyJwk: okp(map[string]any{"d": "AA"})}, false},
		{"encryption-jwk", did.VerificationMethod{Type: "JsonWebKey", PublicKeyJwk: okp(map[string]any{"use": "enc"})}, false},
		{"key-ops", did.VerificationMethod{Type: "JsonWebKey", PublicKeyJwk: okp(map[string]any{"key_ops": []any{"sign"}})}, true},
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

// TestPublicKeyReads are methods whose key is where it is, whatever their type says.
func TestPublicKeyReads(t *testing.T) {
	okp := map[string]any{"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
	const k256 = "zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme" // of the example of did:key
	for _, c := range []struct {
		method  did.VerificationMethod
		kind    string
		lenient bool
	}{
		{did.VerificationMethod{Type: "Ed25519VerificationKey2018", PublicKeyBase58: "GmaDrppBC7P5ARKV8g3djiwP89vz1jLK23V2GBjuAEGB"}, did.Ed25519, false},
		{did.VerificationMethod{Type: "Ed25519VerificationKey2018", PublicKeyJwk: okp}, did.Ed25519, true},
		{did.VerificationMethod{Type: "Ed25519VerificationKey2020", PublicKeyJwk: okp}, did.Ed25519, true},
		{did.VerificationMethod{Type: "Ed25519VerificationKey2020", PublicKeyBase58: "GmaDrppBC7P5ARKV8g3djiwP89vz1jLK23V2GBjuAEGB"}, did.Ed25519, true},
		{did.VerificationMethod{Type: "Multikey", PublicKeyMultibase: "u7QHqSmxj4pxSCr71UHsTLsX5lUd2rr6-e5JCHuppFEbSLA"}, did.Ed25519, true},
		{did.VerificationMethod{Type: "JsonWebKey", PublicKeyMultibase: p256Multikey}, did.P256, true},
		{did.VerificationMethod{Type: "EcdsaSecp256r1VerificationKey2019", PublicKeyMultibase: p256Multikey}, did.P256, false},
		{did.VerificationMethod{Type: "EcdsaSecp256k1VerificationKey2019", PublicKeyMultibase: k256}, did.Secp256k1, false},
		{did.VerificationMethod{Type: "Multikey", PublicKeyMultibase: k256}, did.Secp256k1, false},
	} {
		key, err := c.method.PublicKey()
		if err != nil || did.Kind(key) != c.kind || c.method.Lenient() != c.lenient {
			t.Errorf("%+v: %s, %v, lenient %t", c.method, did.Kind(key), err, c.method.Lenient())
		}
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

// TestPublishedKeysRevoked: whatever a document says of revoked, the key is revoked.
func TestPublishedKeysRevoked(t *testing.T) {
	unread := time.Unix(0, 0)
	for written, want := range map[string]bool{"": false, "2026-01-01T00:00:00Z": true, "0001-01-01T00:00:00Z": true, "yes": true} {
		d := did.Document{ID: "did:web:academy.example.org", VerificationMethod: []did.VerificationMethod{{ID: "did:web:academy.example.org#key-1", Type: "Multikey", Revoked: written}}}
		if keys := d.PublishedKeys(unread); len(keys) != 1 || keys[0].Revoked.IsZero() == want {
			t.Errorf("revoked %q: %+v", written, keys)
		}
	}
}
