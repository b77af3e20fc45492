package cases

import (
	"bytes"
	"crypto/ed25519"
	"slices"
	"strings"

	"laurel/internal/standards/did"
)

// keyAttacks leave the signature good and make the key not the issuer's, or not
// a key to trust.
func keyAttacks() []attack {
	document := func(name, verdict, code string, change func(d *did.Document)) attack {
		return attack{name, verdict, code, func(a *academy) []byte {
			d := a.document()
			change(&d)
			a.publish(issuerID, d)
			return a.sign(credential())
		}}
	}
	method := func(name, verdict, code string, change func(m *did.VerificationMethod)) attack {
		return document(name, verdict, code, func(d *did.Document) { change(&d.VerificationMethod[0]) })
	}
	material := func(name, verdict, code string, bytes []byte) attack {
		return method(name, verdict, code, func(m *did.VerificationMethod) { m.PublicKeyMultibase = multibase(bytes) })
	}
	// raw changes the text of the issuer's document.
	raw := func(name, verdict, code string, change func(s string) string) attack {
		return attack{name, verdict, code, func(a *academy) []byte {
			a.documents[issuerID] = []byte(change(string(a.documents[issuerID])))
			return a.sign(credential())
		}}
	}
	ed := func(point ...byte) []byte { return append([]byte{0xed, 1}, point...) }
	public := []byte(edKey("first").Public().(ed25519.PublicKey))
	return slices.Concat([]attack{
		document("authentication-only", invalid, "method-not-assertion", func(d *did.Document) { d.Authentication, d.AssertionMethod = d.AssertionMethod, nil }),
		document("method-missing", invalid, "method-missing", func(d *did.Document) { d.VerificationMethod = nil }),
		document("document-of-another", invalid, "issuer-document-id", func(d *did.Document) { d.ID = "did:web:evil.example" }),
		document("document-without-id", undetermined, "issuer-document-malformed", func(d *did.Document) { d.ID = "" }),
		document("two-methods-of-one-name", undetermined, "key-ambiguous", func(d *did.Document) {
			d.VerificationMethod = append([]did.VerificationMethod{{ID: keyID, Type: "Multikey", Controller: issuerID, PublicKeyMultibase: multikey(edKey("evil").Public())}}, d.VerificationMethod...)
		}),
		method("controller-mismatch", invalid, "method-controller", func(m *did.VerificationMethod) { m.Controller = "did:web:evil.example" }),
		method("controller-missing", undetermined, "key-malformed", func(m *did.VerificationMethod) { m.Controller = "" }),
		method("revoked", invalid, "key-revoked", func(m *did.VerificationMethod) { m.Revoked = "2026-05-31T00:00:00Z" }),
		method("revoked-at-this-moment", invalid, "key-revoked", func(m *did.VerificationMethod) { m.Revoked = "2026-06-01T12:00:00Z" }),
		method("revoked-after-the-proof", invalid, "key-revoked", func(m *did.VerificationMethod) { m.Revoked = "2026-06-01T11:30:00Z" }),
		method("revoked-later", valid, "ok", func(m *did.VerificationMethod) { m.Revoked = "2027-01-01T00:00:00Z" }),
		method("revoked-nonsense", undetermined, "key-malformed", func(m *did.VerificationMethod) { m.Revoked = "yes" }),
		method("revoked-30-february", undetermined, "key-malformed", func(m *did.VerificationMethod) { m.Revoked = "2027-02-30T00:00:00Z" }),
		method("expired", invalid, "key-expired", func(m *did.VerificationMethod) { m.Expires = "2026-06-01T12:00:00Z" }),
		method("expires-later", valid, "ok", func(m *did.VerificationMethod) { m.Expires = "2026-06-01T12:00:01Z" }),
		method("two-materials", undetermined, "key-malformed", func(m *did.VerificationMethod) {
			m.PublicKeyJwk = map[string]any{"kty": "OKP", "crv": "Ed25519", "x": base64url(public)}
		}),
		method("unknown-kind", undetermined, "key-unsupported", func(m *did.VerificationMethod) { m.Type = "FutureKey2031" }),
		method("another-key", invalid, "signature-invalid", func(m *did.VerificationMethod) { m.PublicKeyMultibase = multikey(edKey("evil").Public()) }),
		method("key-of-another-kind", invalid, "key-mismatch", func(m *did.VerificationMethod) {
			m.PublicKeyMultibase = "zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP"
		}),
		material("key-short", undetermined, "key-malformed", ed(public[:31]...)),
		material("key-long", undetermined, "key-malformed", ed(append(slices.Clone(public), 0)...)),
		material("key-unknown-codec", undetermined, "key-unsupported", append([]byte{0xec, 1}, public...)),
		material("key-identity", invalid, "key-low-order", ed(append([]byte{1}, make([]byte, 31)...)...)),
		material("key-zero", invalid, "key-low-order", ed(make([]byte, 32)...)),
		material("key-order-two", invalid, "key-low-order", ed(append([]byte{0xec}, append(bytes.Repeat([]byte{0xff}, 30), 0x7f)...)...)),
		material("key-not-canonical", undetermined, "key-malformed", ed(append([]byte{0xf0}, append(bytes.Repeat([]byte{0xff}, 30), 0x7f)...)...)),
		method("key-leading-ones", undetermined, "key-malformed", func(m *did.VerificationMethod) { m.PublicKeyMultibase = "z1" + m.PublicKeyMultibase[1:] }),
		method("key-base64url", valid, "ok", func(m *did.VerificationMethod) { m.PublicKeyMultibase = "u" + base64url(ed(public...)) }),
		raw("document-html", undetermined, "issuer-document-malformed", func(string) string { return "<!doctype html>" }),
		raw("document-empty", undetermined, "issuer-document-malformed", func(string) string { return "" }),
		raw("document-duplicate-name", undetermined, "issuer-document-malformed", func(s string) string {
			return strings.Replace(s, "{", `{"assertionMethod":["`+keyID+`"],`, 1)
		}),
		raw("document-trailing", undetermined, "issuer-document-malformed", func(s string) string { return s + "{}" }),
		{"document-unavailable", undetermined, "issuer-unavailable", func(a *academy) []byte {
			delete(a.documents, issuerID)
			return a.sign(credential())
		}},
	}, methodAttacks(), []attack{oneSignatureForAll()})
}

// methodAttacks sign with the forger's own key and name it in a way that a
// careless verifier takes for the issuer's.
func methodAttacks() []attack {
	evil := edKey("evil")
	forged := func(name, verdict, code, method string) attack {
		return attack{name, verdict, code, func(a *academy) []byte {
			a.publish("did:web:evil.example", did.WebDocument("did:web:evil.example", []did.PublishedKey{{Kid: "key-1", PublicKeyMultibase: multikey(evil.Public())}}))
			return a.signAs(credential(), method, evil)
		}}
	}
	// by is a credential whose issuer has this id, signed with a key of it.
	by := func(name, verdict, code, id string) attack {
		return attack{name, verdict, code, func(a *academy) []byte {
			doc := with(credential(), object{"issuer": object{"id": id, "type": []any{"Profile"}, "name": "Nobody"}, "credentialStatus": absent})
			return a.signAs(doc, id+"#key-1", edKey("first"))
		}}
	}
	key := multikey(evil.Public())
	return []attack{
		forged("method-of-another-did", invalid, "method-foreign", "did:web:evil.example#key-1"),
		forged("method-of-a-did-key", invalid, "method-foreign", "did:key:"+key+"#"+key),
		forged("method-below-the-issuer", invalid, "method-foreign", issuerID+":path#key-1"),
		forged("method-with-the-issuer-as-prefix", invalid, "method-foreign", issuerID+".evil.example#key-1"),
		forged("method-in-capitals", invalid, "signature-invalid", "did:web:ACADEMY.example.org#key-2026-1"),
		forged("method-names-a-key", invalid, "method-missing", issuerID+"#"+key),
		forged("method-two-fragments", invalid, "method-missing", keyID+"#"+key),
		forged("method-https", invalid, "method-foreign", "https://academy.example.org/did.json#key-2026-1"),
		forged("method-http", invalid, "method-malformed", "http://academy.example.org/did.json#key-2026-1"),
		by("issuer-unknown-method", undetermined, "issuer-unsupported", "did:example:abc"),
		by("issuer-ip", invalid, "issuer-malformed", "did:web:127.0.0.1"),
		by("issuer-short-did-key", invalid, "issuer-malformed", "did:key:z6Mk"),
		by("issuer-http", undetermined, "issuer-unsupported", "http://example.org/issuer"),
		by("issuer-nobody-published", undetermined, "issuer-unavailable", "did:web:nowhere.example"),
	}
}

// oneSignatureForAll is the attack on verifiers that take keys of low order: with
// the identity as key, R the identity and S zero, one signature fits every
// message.
func oneSignatureForAll() attack {
	return attack{"low-order-signature", invalid, "key-low-order", func(a *academy) []byte {
		identity := append([]byte{1}, make([]byte, 31)...)
		d := a.document()
		d.VerificationMethod[0].PublicKeyMultibase = multibase(append([]byte{0xed, 1}, identity...))
		a.publish(issuerID, d)
		doc := decode(a.sign(credential()))
		proofOf(doc)["proofValue"] = multibase(append(slices.Clone(identity), make([]byte, 32)...))
		return encode(doc)
	}}
}
