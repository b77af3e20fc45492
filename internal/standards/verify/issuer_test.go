package verify_test

import (
	"crypto/ed25519"
	"maps"
	"strings"
	"testing"

	"laurel/internal/standards/did"
	"laurel/internal/standards/verify"
)

func jwkOf(k ed25519.PrivateKey, more map[string]any) map[string]any {
	jwk := map[string]any{"kty": "OKP", "crv": "Ed25519", "x": b64(k.Public().(ed25519.PublicKey))}
	maps.Copy(jwk, more)
	return jwk
}

// by is the credential of another issuer.
func by(id string) map[string]any {
	return with(credential(), map[string]any{"issuer": map[string]any{"id": id, "type": []any{"Profile"}, "name": "Example Academy", "url": "https://school.example.org/about"}, "credentialStatus": nil})
}

// TestIssuerForms takes the ways in which issuers publish their keys, and what
// each of them could be abused for.
func TestIssuerForms(t *testing.T) {
	k := key("other")
	const issuer = "https://school.example.org/issuers/1"
	const root = "https://school.example.org"
	didJWK := "did:jwk:" + b64(encode(t, jwkOf(k, nil)))
	for _, c := range []struct {
		name     string
		id, kid  string
		served   map[string]any // by URL
		verdict  verify.Verdict
		code     string
		embedded bool // a proof in the document; else a JWT
	}{
		{"did-jwk", didJWK, didJWK + "#0", nil, verify.Valid, "ok", false},
		{"did-jwk-embedded", didJWK, didJWK + "#0", nil, verify.Valid, "ok", true},
		{"did-jwk-other-fragment", didJWK, didJWK + "#1", nil, verify.Valid, "ok", false}, // it is one key
		{"did-jwk-other-fragment-embedded", didJWK, didJWK + "#1", nil, verify.Invalid, "method-missing", true},
		{"did-jwk-bare", didJWK, didJWK, nil, verify.Valid, "ok", false},
		{"did-jwk-bare-embedded", didJWK, didJWK, nil, verify.Valid, "ok", true},
		{"did-jwk-malformed", "did:jwk:e30", "did:jwk:e30#0", nil, verify.Undetermined, "key-unsupported", false},
		{"key-set", issuer, "a", map[string]any{issuer: map[string]any{"keys": []any{jwkOf(k, map[string]any{"kid": "a"})}}}, verify.Valid, "ok", false},
		{"key-set-of-another", issuer, "a", map[string]any{issuer: map[string]any{"iss": "https://evil.example", "keys": []any{jwkOf(k, map[string]any{"kid": "a"})}}}, verify.Invalid, "issuer-document-id", false},
		{"key-set-and-no-kid", issuer, "", map[string]any{issuer: map[string]any{"keys": []any{jwkOf(k, map[string]any{"kid": "a"})}}}, verify.Valid, "ok", false},
		{"key-set-without-names", issuer, "", map[string]any{issuer: map[string]any{"keys": []any{jwkOf(key("stranger"), nil), jwkOf(k, nil)}}}, verify.Valid, "ok", false},
		{"key-set-without-the-key", issuer, "", map[string]any{issuer: map[string]any{"keys": []any{jwkOf(key("stranger"), nil)}}}, verify.Invalid, "not-reached", false},
		{"key-set-and-the-issuer-for-kid", issuer, issuer, map[string]any{issuer: map[string]any{"keys": []any{jwkOf(k, map[string]any{"kid": "a"})}}}, verify.Valid, "ok", false},
		{"key-set-and-another-path", issuer, root + "/keys/1", map[string]any{issuer: map[string]any{"keys": []any{jwkOf(k, map[string]any{"kid": "a"})}}}, verify.Valid, "ok", false},
		{"key-set-and-another-host", issuer, "https://evil.example/keys/1", map[string]any{issuer: map[string]any{"keys": []any{jwkOf(k, map[string]any{"kid": "a"})}}}, verify.Invalid, "method-foreign", false},
		{"key-for-encryption", issuer, "a", map[string]any{issuer: map[string]any{"keys": []any{jwkOf(k, map[string]any{"kid": "a", "use": "enc"})}}}, verify.Invalid, "method-missing", false},
		{"key-for-another-algorithm", issuer, "a", map[string]any{issuer: map[string]any{"keys": []any{jwkOf(k, map[string]any{"kid": "a", "alg": "ES256"})}}}, verify.Undetermined, "key-unsupported", false},
		{"well-known-set-of-the-root", root, "a", map[string]any{root + "/.well-known/jwks.json": map[string]any{"keys": []any{jwkOf(k, map[string]any{"kid": "a"})}}}, verify.Valid, "ok", false},
		{"well-known-set-names-issuer", issuer, "a", map[string]any{root + "/.well-known/jwks.json": map[string]any{"iss": issuer, "keys": []any{jwkOf(k, map[string]any{"kid": "a"})}}}, verify.Valid, "ok", false},
		{"well-known-set-of-the-host", issuer, "a", map[string]any{root + "/.well-known/jwks.json": map[string]any{"keys": []any{jwkOf(k, map[string]any{"kid": "a"})}}}, verify.Undetermined, "issuer-unavailable", false},
		{"document-is-key", issuer, issuer + "#key-1", map[string]any{issuer: map[string]any{"id": issuer + "#key-1", "type": "Multikey", "controller": issuer, "publicKeyMultibase": multikey(t, k)}}, verify.Valid, "ok", true},
		{"document-is-key-of-another", issuer, issuer + "#key-1", map[string]any{issuer: map[string]any{"id": issuer + "#key-1", "type": "Multikey", "controller": "https://evil.example/", "publicKeyMultibase": multikey(t, k)}}, verify.Invalid, "method-controller", true},
		{"document-is-jwk", issuer, issuer + "#key-1", map[string]any{issuer: map[string]any{"id": issuer + "#key-1", "controller": issuer, "publicKeyJwk": jwkOf(k, nil)}}, verify.Valid, "ok", true},
		{"kid-in-jwk", issuer, "thumbprint", map[string]any{issuer: map[string]any{"id": issuer, "assertionMethod": []any{map[string]any{"id": "#1", "type": "JsonWebKey", "controller": issuer, "publicKeyJwk": jwkOf(k, map[string]any{"kid": "thumbprint"})}}}}, verify.Valid, "ok", false},
		{"kid-not-for-credentials", issuer, "thumbprint", map[string]any{issuer: map[string]any{"id": issuer, "verificationMethod": []any{map[string]any{"id": "#1", "type": "JsonWebKey", "controller": issuer, "publicKeyJwk": jwkOf(k, map[string]any{"kid": "thumbprint"})}}}}, verify.Invalid, "method-not-assertion", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			for url, doc := range c.served {
				w.serve(url, encode(t, doc.(map[string]any)))
			}
			var data []byte
			if c.embedded {
				data = w.signAs(by(c.id), c.kid, k)
			} else {
				data = compact(t, map[string]any{"alg": "EdDSA", "kid": c.kid}, by(c.id), k)
			}
			want(t, w.verifier(now).Credential(t.Context(), data), c.verdict, verify.IssuerKey, c.code)
		})
	}
}

// TestLinkage lets a domain vouch for a bare key.
func TestLinkage(t *testing.T) {
	k := key("linked")
	id := "did:key:" + multikey(t, k)
	method := id + "#" + multikey(t, k)
	const url = "https://school.example.org/.well-known/did-configuration.json"
	link := func(changes map[string]any) map[string]any {
		return with(map[string]any{
			"@context":          []any{"https://www.w3.org/2018/credentials/v1", "https://identity.foundation/.well-known/did-configuration/v1"},
			"type":              []any{"VerifiableCredential", "DomainLinkageCredential"},
			"issuer":            id,
			"issuanceDate":      "2026-01-01T00:00:00Z",
			"expirationDate":    "2027-01-01T00:00:00Z",
			"credentialSubject": map[string]any{"id": id, "origin": "https://school.example.org"},
		}, changes)
	}
	jwt := func(k ed25519.PrivateKey, changes map[string]any) []any {
		return []any{string(compact(t, map[string]any{"alg": "EdDSA", "kid": method}, map[string]any{"iss": id, "sub": id, "vc": link(changes)}, k))}
	}
	for _, c := range []struct {
		name  string
		links []any
		code  string
	}{
		{"none", nil, "issuer-anonymous"},
		{"jwt", jwt(k, nil), "issuer-linked"},
		{"second", append([]any{"hello", 7.0}, jwt(k, nil)...), "issuer-linked"},
		{"forged", jwt(key("mallory"), nil), "issuer-anonymous"},
		{"expired", jwt(k, map[string]any{"expirationDate": "2026-02-01T00:00:00Z"}), "issuer-anonymous"},
		{"another-origin", jwt(k, map[string]any{"credentialSubject": map[string]any{"id": id, "origin": "https://school.example.com"}}), "issuer-anonymous"},
		{"another-subject", jwt(k, map[string]any{"credentialSubject": map[string]any{"id": "did:key:z6Mk", "origin": "https://school.example.org"}}), "issuer-anonymous"},
		{"of-another-type", jwt(k, map[string]any{"type": []any{"VerifiableCredential"}}), "issuer-anonymous"},
		{"unsigned", []any{link(nil)}, "issuer-anonymous"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			if c.links != nil {
				w.serve(url, encode(t, map[string]any{"@context": "https://identity.foundation/.well-known/did-configuration/v1", "linked_dids": c.links}))
			}
			r := w.verifier(now).Credential(t.Context(), w.signAs(by(id), method, k))
			want(t, r, verify.Valid, verify.IssuerTrust, c.code)
			if row, _ := r.Check(verify.IssuerTrust); c.code == "issuer-linked" && !strings.Contains(row.Text, "school.example.org") {
				t.Error(row.Text)
			}
		})
	}
	// A forged credential sends nobody anywhere.
	w := newWorld(t)
	w.verifier(now).Credential(t.Context(), w.signAs(by(id), method, key("mallory")))
	if w.asked[url] > 0 {
		t.Error("asked for the domain linkage of a forged credential")
	}
}

func TestRegistry(t *testing.T) {
	w := newWorld(t)
	registry := &verify.Registry{Name: "known.json", Issuers: map[string]verify.RegisteredIssuer{issuerID: {Name: "The Academy\x1b[31m", URL: "https://academy.example.org"}}}
	v := verify.New(w.processor, w.checker, verify.Options{Now: now, Load: w.load, Registry: registry})
	r := v.Credential(t.Context(), w.sign(credential()))
	want(t, r, verify.Valid, verify.IssuerTrust, "issuer-registered")
	wantSafe(t, r)
	w.publish(did.WebDocument("did:web:other.example", []did.PublishedKey{{Kid: "key-1", PublicKeyMultibase: multikey(t, key("other"))}}))
	r = v.Credential(t.Context(), w.signAs(by("did:web:other.example"), "did:web:other.example#key-1", key("other")))
	want(t, r, verify.Valid, verify.IssuerTrust, "issuer-unlisted")
	if row, _ := r.Check(verify.IssuerTrust); row.Outcome != verify.Warn || !strings.Contains(row.Text, `the domain "other.example"`) || row.Hint == "" {
		t.Errorf("%+v", row)
	}
	// A domain that looks like another, unless a register has it.
	const alike = "did:web:xn--80ak6aa92e.example"
	w.publish(did.WebDocument(alike, []did.PublishedKey{{Kid: "key-1", PublicKeyMultibase: multikey(t, key("other"))}}))
	signed := w.signAs(by(alike), alike+"#key-1", key("other"))
	for _, v := range []*verify.Verifier{w.verifier(now), v} {
		r = v.Credential(t.Context(), signed)
		want(t, r, verify.Valid, verify.IssuerTrust, "issuer-lookalike")
		if row, _ := r.Check(verify.IssuerTrust); !strings.Contains(row.Text, `"xn--80ak6aa92e.example (аррӏе.example)"`) || r.Summary.IssuerHost != "xn--80ak6aa92e.example (аррӏе.example)" {
			t.Errorf("%+v, %+v", row, r.Summary)
		}
	}
	registry.Issuers[alike] = verify.RegisteredIssuer{Name: "The Apple"}
	want(t, v.Credential(t.Context(), signed), verify.Valid, verify.IssuerTrust, "issuer-registered")
}
