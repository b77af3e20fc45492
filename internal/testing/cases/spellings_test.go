package cases

import (
	"bytes"
	"compress/gzip"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/binary"
	"encoding/pem"
	"slices"
	"strings"
	"testing"

	"github.com/mr-tron/base58"

	"laurel/internal/standards/vc"
	"laurel/internal/testing/interop"
)

// spelling is one more way in which genuine issuers spell a kind of kinds().
type spelling struct {
	name, want string // want: verdict and code
	make       func(a *academy) []byte
}

const spelledID = "did:web:spelled.example"

var spelledKey = edKey("spelled")

// published serves a document of spelledID with one key, key-1, changed so.
func (a *academy) published(changes object) {
	a.documents[spelledID] = encode(with(object{
		"@context": []any{"https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"}, "id": spelledID,
		"verificationMethod": []any{spelledMethod(nil)}, "assertionMethod": []any{spelledID + "#key-1"},
	}, changes))
}

func spelledMethod(changes object) object {
	return with(object{"id": spelledID + "#key-1", "type": "Multikey", "controller": spelledID, "publicKeyMultibase": multikey(spelledKey.Public())}, changes)
}

// saysSo is a statement of spelledID's, signed with its key under the name.
func (a *academy) saysSo(changes object) []byte {
	return encode(a.secure(decode(encode(with(with(statement(), object{"issuer": spelledID}), changes))), options(object{"verificationMethod": spelledID + "#key-1"}), spelledKey))
}

func spelledMethods() []spelling {
	doc := func(name, want string, changes object) spelling {
		return spelling{"02-" + name, want, func(a *academy) []byte {
			a.published(changes)
			return a.saysSo(nil)
		}}
	}
	m := spelledMethod(nil)
	rel := spelledMethod(object{"id": "#key-1"})
	foreign := func(name string, entry any) spelling {
		return doc("foreign-"+name, "valid ok", object{"verificationMethod": []any{entry, m}})
	}
	many := []any{}
	for i := range 300 {
		many = append(many, spelledMethod(object{"id": spelledID + "#x" + string(rune('a'+i%26)) + strings.Repeat("y", i/26)}))
	}
	return []spelling{
		doc("plain", "valid ok", nil),
		doc("relative", "valid ok", object{"verificationMethod": []any{rel}, "assertionMethod": []any{"#key-1"}}),
		doc("relative-and-absolute", "valid ok", object{"verificationMethod": []any{m}, "assertionMethod": []any{rel}}),
		doc("relative-controller", "undetermined key-malformed", object{"verificationMethod": []any{spelledMethod(object{"controller": "#"})}}),
		doc("three-relationships", "valid ok", object{"assertionMethod": []any{m}, "authentication": []any{m}, "capabilityInvocation": []any{m}, "capabilityDelegation": []any{rel}}),
		doc("only-embedded", "valid ok", object{"verificationMethod": absent, "assertionMethod": []any{m}}),
		doc("only-embedded-in-authentication-and-named", "valid ok", object{"verificationMethod": absent, "authentication": []any{m}, "assertionMethod": []any{spelledID + "#key-1"}}),
		doc("embedded-in-capability-and-named", "valid ok", object{"verificationMethod": absent, "capabilityInvocation": []any{m}, "assertionMethod": []any{spelledID + "#key-1"}}),
		doc("embedded-in-keyagreement-and-named", "valid ok", object{"verificationMethod": absent, "keyAgreement": []any{m}, "assertionMethod": []any{spelledID + "#key-1"}}),
		doc("one-object", "valid ok", object{"verificationMethod": m, "assertionMethod": spelledID + "#key-1"}),
		doc("publickey-old-member", "valid ok", object{"verificationMethod": absent, "publicKey": []any{m}}),
		doc("differs-in-type-only", "undetermined key-ambiguous", object{"assertionMethod": []any{spelledMethod(object{"type": "Ed25519VerificationKey2020"})}}),
		doc("twice-one-with-extra", "undetermined key-ambiguous", object{"assertionMethod": []any{spelledMethod(object{"comment": "x"})}}),
		doc("twice-one-with-null", "valid ok", object{"assertionMethod": []any{spelledMethod(object{"revoked": nil})}}),
		doc("twice-reference-object", "valid ok", object{"assertionMethod": []any{object{"id": spelledID + "#key-1"}}}),
		doc("twice-reference-thin", "undetermined key-ambiguous", object{"assertionMethod": []any{object{"id": spelledID + "#key-1", "type": "Multikey", "controller": spelledID}}}),
		// What comes nearest: none of these is the issuer's key for credentials.
		doc("only-in-keyagreement", "invalid method-not-assertion", object{"verificationMethod": absent, "assertionMethod": []any{}, "keyAgreement": []any{m}}),
		doc("only-in-publickey", "invalid method-not-assertion", object{"verificationMethod": absent, "assertionMethod": absent, "publicKey": []any{m}}),
		doc("in-publickey-of-another", "invalid method-controller", object{"verificationMethod": absent, "publicKey": []any{spelledMethod(object{"controller": guildID})}}),
		doc("in-capability-by-the-name-of-another-key", "invalid signature-invalid", object{"verificationMethod": []any{spelledMethod(object{"publicKeyMultibase": multikey(edKey("other").Public())})}, "capabilityInvocation": []any{m}}),
		doc("in-two-capabilities-not-alike", "undetermined key-ambiguous", object{"verificationMethod": absent, "keyAgreement": []any{spelledMethod(object{"publicKeyMultibase": multikey(edKey("other").Public())})}, "capabilityInvocation": []any{m}}),
		doc("twice-one-revoked", "undetermined key-ambiguous", object{"assertionMethod": []any{spelledMethod(object{"revoked": "2026-01-01T00:00:00Z"})}}),
		doc("twice-one-with-another-key", "undetermined key-ambiguous", object{"assertionMethod": []any{spelledMethod(object{"publicKeyPem": "x"})}}),
		foreign("null", nil), foreign("number", 7), foreign("text", "did:web:x#y"), foreign("list", []any{}), foreign("empty", object{}),
		foreign("type-null", object{"id": spelledID + "#old", "type": nil}),
		foreign("type-list", object{"id": spelledID + "#old", "type": []any{"Multikey"}, "controller": spelledID}),
		foreign("unknown-type", object{"id": spelledID + "#old", "type": "GpgVerificationKey2020", "controller": spelledID, "publicKeyGpg": "-----BEGIN"}),
		foreign("no-controller", object{"id": spelledID + "#old", "type": "Multikey", "publicKeyMultibase": "z6Mk"}),
		foreign("jwk-text", object{"id": spelledID + "#old", "type": "JsonWebKey2020", "controller": spelledID, "publicKeyJwk": "{}"}),
		foreign("id-number", object{"id": 7, "type": "Multikey"}),
		foreign("blockchain", object{"id": spelledID + "#old", "type": "EcdsaSecp256k1RecoveryMethod2020", "controller": spelledID, "blockchainAccountId": "eip155:1:0xab16a96D359eC26a11e2C2b3d8f8B8942d5Bfcdb"}),
		foreign("hex", object{"id": spelledID + "#old", "type": "EcdsaSecp256k1VerificationKey2019", "controller": spelledID, "publicKeyHex": "02"}),
		doc("assertion-broken-beside", "valid ok", object{"assertionMethod": []any{nil, 7, spelledID + "#key-1", object{}}}),
		doc("service-broken", "valid ok", object{"service": 7}),
		doc("service-null", "valid ok", object{"service": []any{nil, object{"id": 7}}}),
		doc("context-number", "valid ok", object{"@context": 7}), doc("context-missing", "valid ok", object{"@context": absent}),
		doc("context-inline", "valid ok", object{"@context": []any{"https://www.w3.org/ns/did/v1", object{"@base": spelledID, "Key": "https://x", "key": "https://x"}}}),
		doc("controller-odd", "valid ok", object{"controller": 7, "alsoKnownAs": object{}}),
		doc("proof-inside", "valid ok", object{"proof": object{"type": "JsonWebSignature2020"}}),
		doc("many-methods", "undetermined issuer-document-malformed", object{"verificationMethod": append([]any{m}, many...)}),
		doc("id-with-fragment-slash", "undetermined issuer-document-malformed", object{"id": nil}),
		{"02-wrapped-in-resolution", "undetermined issuer-document-malformed", func(a *academy) []byte {
			a.published(nil)
			a.documents[spelledID] = encode(object{"@context": "https://w3id.org/did-resolution/v1", "didDocument": decode(a.documents[spelledID]), "didDocumentMetadata": object{}, "didResolutionMetadata": object{}})
			return a.saysSo(nil)
		}},
		{"02-bom", "undetermined issuer-document-malformed", func(a *academy) []byte {
			a.published(nil)
			a.documents[spelledID] = append([]byte("\ufeff"), a.documents[spelledID]...)
			return a.saysSo(nil)
		}},
	}
}

// heads are those of a JWT by spelledID.
func (a *academy) jwt(head, payload object) []byte {
	return token(with(object{"alg": "EdDSA", "kid": spelledID + "#key-1", "typ": "JWT"}, head), payload, spelledKey)
}

func old() object {
	return with(version1(), object{"issuer": spelledID, "@context": []any{context1}, "type": []any{"VerifiableCredential"}, "name": absent,
		"credentialSubject": object{"id": "did:example:ana", "degree": object{"type": "BachelorDegree", "name": "x"}}})
}

func oldClaims(doc, changes object) object {
	return with(object{"iss": spelledID, "nbf": 1768467600, "sub": "did:example:ana", "jti": doc["id"], "exp": 1831539600, "vc": doc}, changes)
}

func spelledWords() []spelling {
	v1 := func(name, want string, changes object) spelling {
		return spelling{"03-v1-" + name, want, func(a *academy) []byte {
			a.published(nil)
			doc := with(old(), changes)
			return a.jwt(nil, oldClaims(doc, nil))
		}}
	}
	v2 := func(name, want string, changes object) spelling {
		return spelling{"03-v2-" + name, want, func(a *academy) []byte {
			a.published(nil)
			return a.jwt(object{"typ": "vc+jwt"}, with(with(statement(), object{"issuer": spelledID, "credentialSubject": object{"id": "did:example:ana", "degree": object{"type": "BachelorDegree"}}}), changes))
		}}
	}
	var list []spelling
	for name, changes := range map[string]object{
		"plain":          {},
		"schema":         {"credentialSchema": object{"id": "https://example.org/s.json", "type": "FullJsonSchemaValidator2021"}},
		"terms":          {"termsOfUse": []any{object{"type": "IssuerPolicy", "id": "https://example.org/t", "prohibition": []any{object{"assigner": "x"}}}}},
		"terms-ebsi":     {"termsOfUse": object{"id": "https://api-pilot.ebsi.eu/x", "type": "IssuanceCertificate"}},
		"evidence":       {"evidence": []any{object{"type": []any{"DocumentVerification"}, "verifier": "https://x.example", "evidenceDocument": "DriversLicense"}}},
		"type":           {"type": []any{"VerifiableCredential", "VerifiableAttestation", "VerifiableId"}},
		"nested":         {"credentialSubject": object{"id": "did:example:ana", "a": []any{[]any{object{"b": object{"c": []any{nil, 1, "x", true}}}}}}},
		"at-words":       {"credentialSubject": object{"id": "did:example:ana", "@type": "Person", "@id": "did:example:ana"}},
		"at-foo":         {"credentialSubject": object{"id": "did:example:ana", "@foo": "x"}},
		"curie":          {"credentialSubject": object{"id": "did:example:ana", "schema:name": "x"}},
		"url":            {"credentialSubject": object{"id": "did:example:ana", "https://schema.org/name": "x"}},
		"subject-noid":   {"credentialSubject": object{"alumniOf": "x"}},
		"type-space":     {"type": []any{"VerifiableCredential", "University Degree Credential"}},
		"issuer-object":  {"issuer": object{"id": spelledID, "name": "X", "image": "https://x.example/i.png", "colour": "green"}},
		"unknown-ctx":    {"@context": []any{context1, "https://example.org/unknown/v1"}},
		"inline-ctx":     {"@context": []any{context1, object{"degree": "https://example.org/degree"}}},
		"vocab-ctx":      {"@context": []any{context1, object{"@vocab": "https://example.org/#"}}},
		"ctx-text":       {"@context": context1},
		"display":        {"credentialBranding": object{"backgroundColor": "#fff"}, "display": []any{object{"name": "x"}}},
		"status-foreign": {"credentialStatus": object{"id": "https://x.example/1", "type": "CredentialStatusList2017"}},
	} {
		for _, one := range []func(string, string, object) spelling{v1, v2} {
			changes := with(changes, nil)
			want := "valid ok"
			switch name {
			case "at-foo", "at-words", "curie", "url", "issuer-object":
				want = "undetermined words-unknown"
			case "unknown-ctx":
				want = "undetermined context-unknown"
			case "inline-ctx", "vocab-ctx":
				want = "undetermined context-inline"
			case "status-foreign":
				want = "undetermined status-type-unknown"
			}
			s := one(name, want, changes)
			if strings.Contains(s.name, "v2") {
				v2ctx := func(v any) any {
					if v == context1 {
						return vc.ContextVC
					}
					return v
				}
				switch c := changes["@context"].(type) {
				case string:
					changes["@context"] = v2ctx(c)
				case []any:
					c = slices.Clone(c)
					c[0] = v2ctx(c[0])
					changes["@context"] = c
				}
				s = one(name, want, changes)
			}
			list = append(list, s)
		}
	}
	return list
}

func spelledKids() []spelling {
	p256 := ecKey(elliptic.P256(), "spelled")
	web := func(name, want string, head object) spelling {
		return spelling{"04-web-" + name, want, func(a *academy) []byte {
			a.published(nil)
			return a.jwt(head, oldClaims(old(), nil))
		}}
	}
	text := multikey(spelledKey.Public())
	by := func(name, want, who string, head object) spelling {
		return spelling{"04-" + name, want, func(a *academy) []byte {
			doc := with(old(), object{"issuer": who})
			return a.jwt(head, oldClaims(doc, object{"iss": who}))
		}}
	}
	key, jwkID := "did:key:"+text, "did:jwk:"+base64url(encode(jwk(spelledKey.Public())))
	thumb := thumbprint(spelledKey.Public())
	list := []spelling{
		web("absolute", "valid ok", nil),
		web("issuer-object-in-iss-missing", "valid ok", object{"kid": "key-1"}),
		web("hash", "valid ok", object{"kid": "#key-1"}),
		web("uuid", "valid ok", object{"kid": "0b9b3f3e-0d5b-4d2a-9a44-0f8b1f1a2c3d"}),
		web("urn-uuid", "valid ok", object{"kid": "urn:uuid:0b9b3f3e-0d5b-4d2a-9a44-0f8b1f1a2c3d"}),
		web("zero", "valid ok", object{"kid": "0"}),
		web("empty", "valid ok", object{"kid": ""}),
		web("thumbprint", "valid ok", object{"kid": thumb}),
		web("thumbprint-uri", "valid ok", object{"kid": "urn:ietf:params:oauth:jwk-thumbprint:sha-256:" + thumb}),
		web("thumbprint-fragment", "valid ok", object{"kid": spelledID + "#" + thumb}),
		web("url-jwks", "valid ok", object{"kid": "https://spelled.example/.well-known/jwks.json#1"}),
		web("url", "valid ok", object{"kid": "https://spelled.example/keys/1"}),
		web("did-doc-url", "valid ok", object{"kid": "https://spelled.example/.well-known/did.json#key-1"}),
		web("path", "valid ok", object{"kid": spelledID + "/path#key-1"}),
		web("query", "valid ok", object{"kid": spelledID + "?versionId=1#key-1"}),
		web("capitals", "valid ok", object{"kid": "did:web:Spelled.Example#key-1"}),
		web("other-case-fragment", "valid ok", object{"kid": spelledID + "#Key-1"}),
		web("foreign", "invalid method-foreign", object{"kid": "did:web:other.example#key-1"}),
		web("number", "invalid jws-malformed", object{"kid": 1}),
		web("null", "invalid jws-malformed", object{"kid": nil}),
		web("jwk", "valid ok", object{"kid": absent, "jwk": jwk(spelledKey.Public())}),
		web("jwk-with-extra", "valid ok", object{"kid": absent, "jwk": with(jwk(spelledKey.Public()), object{"kid": "x", "use": "sig", "alg": "EdDSA"})}),
		web("no-typ", "valid ok", object{"typ": absent}),
		web("typ-lower", "valid ok", object{"typ": "jwt"}),
		web("typ-vc-ld-jwt", "valid ok", object{"typ": "vc+ld+jwt"}),
		web("typ-vc+ld+json+jwt", "valid ok", object{"typ": "vc+ld+json+jwt"}),
		web("typ-ld+json", "undetermined jwt-type", object{"typ": "application/vc+ld+json"}),
		web("cty", "valid ok", object{"cty": "vc"}),
		web("iss-in-header", "valid ok", object{"iss": spelledID}),
		web("x5c", "valid ok", object{"x5c": []any{"MIIB"}}),
		web("x5t", "valid ok", object{"x5t": "abc", "x5u": "https://x.example"}),
		web("jku", "valid ok", object{"jku": "https://spelled.example/jwks.json"}),
		by("key-full", "valid ok", key, object{"kid": key + "#" + text}),
		by("key-wrong-fragment", "valid ok", key, object{"kid": key + "#key-1"}),
		by("key-zero", "valid ok", key, object{"kid": key + "#0"}),
		by("key-hash", "valid ok", key, object{"kid": "#" + text}),
		by("key-fragment", "valid ok", key, object{"kid": text}),
		by("key-thumb", "valid ok", key, object{"kid": thumb}),
		by("key-uuid", "valid ok", key, object{"kid": "6d9b1b5c-fd0e-4a1f-9b7e-2f9b0a6a1f11"}),
		by("key-query", "valid ok", key, object{"kid": key + "?x=1#" + text}),
		by("key-jwk", "valid ok", key, object{"kid": absent, "jwk": jwk(spelledKey.Public())}),
		by("key-trailing-hash", "valid ok", key, object{"kid": key + "#"}),
		by("jwk-1", "valid ok", jwkID, object{"kid": jwkID + "#1"}),
		by("jwk-0", "valid ok", jwkID, object{"kid": jwkID + "#0"}),
		by("jwk-key", "valid ok", jwkID, object{"kid": jwkID + "#key-1"}),
		by("jwk-hash0", "valid ok", jwkID, object{"kid": "#0"}),
		by("jwk-only0", "valid ok", jwkID, object{"kid": "0"}),
		by("jwk-thumb-uri", "valid ok", jwkID, object{"kid": "urn:ietf:params:oauth:jwk-thumbprint:sha-256:" + thumb}),
	}
	two := func(name, want string, head, claims object) spelling {
		return spelling{"04-two-" + name, want, func(a *academy) []byte {
			a.published(object{"verificationMethod": []any{spelledMethod(nil), spelledMethod(object{"id": spelledID + "#key-2", "publicKeyMultibase": multikey(edKey("other").Public())}),
				spelledMethod(object{"id": spelledID + "#key-3", "publicKeyMultibase": multikey(p256.Public())})},
				"assertionMethod": []any{"#key-1", "#key-2", "#key-3"}})
			return a.jwt(head, oldClaims(old(), claims))
		}}
	}
	list = append(list,
		two("none", "valid ok", object{"kid": absent}, nil),
		two("thumb", "valid ok", object{"kid": thumb}, nil),
		two("thumb-uri", "valid ok", object{"kid": "urn:ietf:params:oauth:jwk-thumbprint:sha-256:" + thumb}, nil),
		two("bare", "valid ok", object{"kid": spelledID}, nil),
		two("jwk", "valid ok", object{"kid": absent, "jwk": jwk(spelledKey.Public())}, nil),
		two("fragment", "valid ok", object{"kid": "key-1"}, nil),
	)
	proofs := func(name, want, who, method string) spelling {
		return spelling{"04-proof-" + name, want, func(a *academy) []byte {
			a.published(nil)
			return encode(a.secure(with(statement(), object{"issuer": who}), options(object{"verificationMethod": method}), spelledKey))
		}}
	}
	return append(list,
		proofs("web-bare", "valid ok", spelledID, spelledID),
		spelling{"04-proof-web-bare-by-another", "invalid signature-invalid", func(a *academy) []byte {
			a.published(nil)
			return encode(a.secure(with(statement(), object{"issuer": spelledID}), options(object{"verificationMethod": spelledID}), edKey("mallory")))
		}},
		spelling{"04-proof-web-bare-of-two", "undetermined method-malformed", func(a *academy) []byte {
			a.published(object{"verificationMethod": []any{spelledMethod(nil), spelledMethod(object{"id": spelledID + "#key-2"})}, "assertionMethod": []any{"#key-1", "#key-2"}})
			return encode(a.secure(with(statement(), object{"issuer": spelledID}), options(object{"verificationMethod": spelledID}), spelledKey))
		}},
		proofs("jwk-bare", "valid ok", jwkID, jwkID),
	)
}

func spelledKinds() []spelling {
	p256 := ecKey(elliptic.P256(), "spelled")
	p521 := "z" + base58.Encode(append(binary.AppendUvarint(nil, 0x1202), append([]byte{2}, make([]byte, 66)...)...))
	method := func(name, want string, changes object) spelling {
		return spelling{"05-" + name, want, func(a *academy) []byte {
			a.published(object{"verificationMethod": []any{spelledMethod(changes)}})
			return a.saysSo(nil)
		}}
	}
	raw := []byte(spelledKey.Public().(ed25519.PublicKey))
	no := func(changes object) object { return with(object{"publicKeyMultibase": absent}, changes) }
	der, err := x509.MarshalPKIXPublicKey(spelledKey.Public())
	check("encode", err)
	pemText := string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
	long := func(code uint64, n int) string {
		return "z" + base58.Encode(append(binary.AppendUvarint(nil, code), make([]byte, n)...))
	}
	list := []spelling{
		method("hex", "undetermined key-unsupported", no(object{"type": "Ed25519VerificationKey2018", "publicKeyHex": "ab"})),
		method("pem", "undetermined key-unsupported", no(object{"type": "RsaVerificationKey2018", "publicKeyPem": pemText})),
		method("base64", "undetermined key-unsupported", no(object{"type": "Ed25519VerificationKey2018", "publicKeyBase64": base64.StdEncoding.EncodeToString(raw)})),
		method("p521", "undetermined key-unsupported", object{"publicKeyMultibase": p521}),
		method("bls", "undetermined key-unsupported", object{"publicKeyMultibase": long(0xeb, 96)}),
		method("bls-g1", "undetermined key-unsupported", object{"publicKeyMultibase": long(0xea, 48)}),
		method("x25519", "undetermined key-unsupported", object{"publicKeyMultibase": long(0xec, 32)}),
		method("ed448", "undetermined key-unsupported", object{"publicKeyMultibase": long(0x1203, 57)}),
		method("mldsa44", "undetermined key-unsupported", object{"publicKeyMultibase": long(0x1210, 1312)}),
		method("bls2020", "undetermined key-unsupported", no(object{"type": "Bls12381G2Key2020", "publicKeyBase58": base58.Encode(make([]byte, 96))})),
		method("jwk-okp-x25519", "undetermined key-unsupported", no(object{"type": "JsonWebKey2020", "publicKeyJwk": object{"kty": "OKP", "crv": "X25519", "x": base64url(raw)}})),
		method("jwk-okp-ed448", "undetermined key-unsupported", no(object{"type": "JsonWebKey2020", "publicKeyJwk": object{"kty": "OKP", "crv": "Ed448", "x": base64url(make([]byte, 57))}})),
		method("jwk-p521", "undetermined key-unsupported", no(object{"type": "JsonWebKey2020", "publicKeyJwk": object{"kty": "EC", "crv": "P-521", "x": "AA", "y": "AA"}})),
		method("jwk-akp", "undetermined key-unsupported", no(object{"type": "JsonWebKey", "publicKeyJwk": object{"kty": "AKP", "alg": "ML-DSA-44", "pub": "AA"}})),
		method("jwk2020-multibase", "valid ok", object{"type": "JsonWebKey2020"}),
		method("multikey-jwk", "valid ok", no(object{"type": "Multikey", "publicKeyJwk": jwk(spelledKey.Public())})),
		method("jsonwebkey-multibase", "valid ok", object{"type": "JsonWebKey"}),
		method("2018-multibase", "valid ok", object{"type": "Ed25519VerificationKey2018"}),
		method("2018-multibase-raw", "undetermined key-malformed", object{"type": "Ed25519VerificationKey2018", "publicKeyMultibase": multibase(raw)}),
		method("2020-multibase-raw", "undetermined key-malformed", object{"type": "Ed25519VerificationKey2020", "publicKeyMultibase": multibase(raw)}),
		method("2020-base58", "valid ok", no(object{"type": "Ed25519VerificationKey2020", "publicKeyBase58": base58.Encode(raw)})),
		method("2020-base58-coded", "undetermined key-malformed", no(object{"type": "Ed25519VerificationKey2020", "publicKeyBase58": multikey(spelledKey.Public())[1:]})),
		method("multikey-base58", "undetermined key-unsupported", no(object{"type": "Multikey", "publicKeyBase58": base58.Encode(raw)})),
		method("jwk2020-base58", "undetermined key-unsupported", no(object{"type": "JsonWebKey2020", "publicKeyBase58": base58.Encode(raw)})),
		method("2018-jwk-2", "valid ok", no(object{"type": "Ed25519VerificationKey2018", "publicKeyJwk": with(jwk(spelledKey.Public()), object{"kid": "x", "use": "sig"})})),
		method("both-same", "undetermined key-malformed", object{"publicKeyJwk": jwk(spelledKey.Public())}),
		method("both-same-base58", "undetermined key-malformed", object{"type": "Ed25519VerificationKey2018", "publicKeyBase58": base58.Encode(raw)}),
		method("both-other", "undetermined key-malformed", object{"publicKeyJwk": jwk(edKey("other").Public())}),
		method("jwk-padded", "undetermined key-malformed", no(object{"type": "JsonWebKey2020", "publicKeyJwk": object{"kty": "OKP", "crv": "Ed25519", "x": base64.URLEncoding.EncodeToString(raw)}})),
		method("jwk-use-enc", "undetermined key-malformed", no(object{"type": "JsonWebKey2020", "publicKeyJwk": with(jwk(spelledKey.Public()), object{"use": "enc"})})),
		method("jwk-x5c", "valid ok", no(object{"type": "JsonWebKey2020", "publicKeyJwk": with(jwk(spelledKey.Public()), object{"x5c": []any{"MII"}, "x5u": "https://x.example"})})),
		method("jwk-key_ops", "valid ok", no(object{"type": "JsonWebKey2020", "publicKeyJwk": with(jwk(spelledKey.Public()), object{"key_ops": []any{"verify"}, "ext": true})})),
		method("jwk-key_ops-both", "valid ok", no(object{"type": "JsonWebKey2020", "publicKeyJwk": with(jwk(spelledKey.Public()), object{"key_ops": []any{"sign", "verify"}})})),
		method("jwk-crv-lower", "undetermined key-unsupported", no(object{"type": "JsonWebKey2020", "publicKeyJwk": with(jwk(spelledKey.Public()), object{"crv": "ed25519"})})),
		method("mb-f", "undetermined key-malformed", object{"publicKeyMultibase": "fed01" + strings.Repeat("ab", 32)}),
		method("mb-m", "undetermined key-malformed", object{"publicKeyMultibase": "m7Qarq6urq6urq6urq6urq6urq6urq6urq6urq6urq6urqw"}),
		method("no-type", "undetermined key-unsupported", object{"type": absent}),
		method("type-did-key", "undetermined key-unsupported", object{"type": "Ed25519Key2099"}),
	}
	rsaOf := func(name, want string, bits int) spelling {
		return spelling{"05-rsa-" + name, want, func(a *academy) []byte {
			n := make([]byte, bits/8)
			for i := range n {
				n[i] = 0xff
			}
			pub := x509.MarshalPKCS1PublicKey(&rsa.PublicKey{N: bigOf(n), E: 65537})
			who := "did:key:z" + base58.Encode(append(binary.AppendUvarint(nil, 0x1205), pub...))
			doc := with(old(), object{"issuer": who})
			return token(object{"alg": "RS256", "kid": who, "typ": "JWT"}, oldClaims(doc, object{"iss": who}), rsaKey())
		}}
	}
	didkey := func(name, want, text string) spelling {
		return spelling{"05-did-key-" + name, want, func(a *academy) []byte {
			who := "did:key:" + text
			return encode(a.secure(with(statement(), object{"issuer": who}), options(object{"verificationMethod": who + "#" + text}), spelledKey))
		}}
	}
	didjwk := func(name, want string, key object, head object) spelling {
		return spelling{"05-did-jwk-" + name, want, func(a *academy) []byte {
			who := "did:jwk:" + base64url(encode(key))
			doc := with(old(), object{"issuer": who})
			return token(with(object{"alg": "ES256", "kid": who + "#0", "typ": "JWT"}, head), oldClaims(doc, object{"iss": who}), p256)
		}}
	}
	k := jwk(p256.Public())
	return append(list,
		rsaOf("1024", "undetermined key-unsupported", 1024),
		rsaOf("3072", "invalid signature-malformed", 3072),
		didkey("p521", "undetermined key-unsupported", p521),
		didkey("p521-point", "undetermined key-unsupported", "z2J9gaYxrKVpdoG9A4gRnmpnRCcxU6agDtFVVBVdn1JedouoZN7SzcyREXXzWgt3gGiwpoHq7K68X4m32D8HgzG8wv3sY5j7"),
		didkey("bls", "undetermined key-unsupported", long(0xeb, 96)),
		didkey("bls-g1g2", "undetermined key-unsupported", long(0xee, 144)),
		didkey("x25519", "undetermined key-unsupported", long(0xec, 32)),
		didkey("ed448", "undetermined key-unsupported", long(0x1203, 57)),
		didkey("p256-uncompressed", "undetermined key-unsupported", "z"+base58.Encode(append(binary.AppendUvarint(nil, 0x1200), func() []byte { b, _ := p256.PublicKey.Bytes(); return b }()...))),
		didkey("sr25519", "undetermined key-unsupported", long(0xef, 32)),
		didkey("base64url", "undetermined key-unsupported", "u"+base64url(append([]byte{0xed, 1}, raw...))),
		didjwk("plain", "valid ok", k, nil),
		didjwk("alg", "valid ok", with(k, object{"alg": "ES256"}), nil),
		didjwk("use", "valid ok", with(k, object{"use": "sig", "kid": "x"}), nil),
		didjwk("kid-null", "valid ok", with(k, object{"kid": nil, "use": nil, "alg": nil}), nil),
		didjwk("key_ops", "valid ok", with(k, object{"key_ops": []any{"verify"}, "ext": true}), nil),
		didjwk("alg-other", "undetermined key-unsupported", with(k, object{"alg": "ES384"}), nil),
		didjwk("alg-ecdh", "undetermined key-unsupported", with(k, object{"alg": "ECDH-ES"}), nil),
		didjwk("use-enc", "invalid issuer-malformed", with(k, object{"use": "enc"}), nil),
		didjwk("key_ops-sign", "undetermined key-unsupported", with(k, object{"key_ops": []any{"sign"}}), nil),
		didjwk("private", "invalid issuer-malformed", with(k, object{"d": "AA"}), nil),
		didjwk("p521", "undetermined suite-unsupported", object{"kty": "EC", "crv": "P-521", "x": "AA", "y": "AA"}, object{"alg": "ES512"}),
		didjwk("oct", "undetermined key-unsupported", object{"kty": "foo"}, nil),
	)
}

func spelledSuites() []spelling {
	foreign := func(name, want string, proofs any) spelling {
		return spelling{"06-" + name, want, func(a *academy) []byte {
			a.published(nil)
			return encode(with(statement(), object{"issuer": spelledID, "proof": proofs}))
		}}
	}
	p := func(typ any, changes object) object {
		return with(object{"type": typ, "created": "2026-01-15T09:00:00Z", "verificationMethod": spelledID + "#key-1", "proofPurpose": "assertionMethod", "proofValue": "abc=="}, changes)
	}
	u := "undetermined suite-unsupported"
	list := []spelling{
		foreign("bbs2020", u, p("BbsBlsSignature2020", nil)),
		foreign("bbsproof2020", u, p("BbsBlsSignatureProof2020", object{"nonce": "x"})),
		foreign("bbs-2023", u, p("DataIntegrityProof", object{"cryptosuite": "bbs-2023", "proofValue": "u2V0C"})),
		foreign("merkle2017", "undetermined blockcerts", p([]any{"MerkleProof2017", "Extension"}, object{"merkleRoot": "x", "anchors": []any{object{"sourceId": "0x", "type": "ETHData"}}})),
		foreign("merkle2019", "undetermined blockcerts", p("MerkleProof2019", object{"created": "2026-01-15T09:00:00.123"})),
		foreign("secp2019", u, p("EcdsaSecp256k1Signature2019", object{"jws": "a..b", "proofValue": absent})),
		foreign("recovery2020", u, p("EcdsaSecp256k1RecoverySignature2020", object{"jws": "a..b", "proofValue": absent, "verificationMethod": "did:pkh:eip155:1:0x1#blockchainAccountId"})),
		foreign("rsa2018", u, p("RsaSignature2018", object{"jws": "a..b", "proofValue": absent, "creator": "x"})),
		foreign("jcs2020", u, p("JcsEd25519Signature2020", object{"signatureValue": "x", "proofValue": absent})),
		foreign("eip712", u, p("EthereumEip712Signature2021", object{"eip712": object{"domain": object{}, "types": "https://x.example"}})),
		foreign("oa", u, object{"type": "OpenAttestationMerkleProofSignature2018", "proofPurpose": "assertionMethod", "targetHash": "x", "proofs": []any{}, "merkleRoot": "x", "salts": "x", "privacy": object{"obfuscated": []any{}}, "key": "did:ethr:0x#controller", "signature": "0x"}),
		foreign("cl", u, p("CLSignature2019", object{"proofValue": object{"a": 1}})),
		foreign("anoncreds", u, p("DataIntegrityProof", object{"cryptosuite": "anoncreds-2023"})),
		foreign("mldsa", u, p("DataIntegrityProof", object{"cryptosuite": "mldsa44-rdfc-2024"})),
		foreign("xi", u, p("DataIntegrityProof", object{"cryptosuite": "ecdsa-xi-2023", "extraInformation": "x"})),
		foreign("created-number", u, p("BbsBlsSignature2020", object{"created": 7})),
		foreign("created-null", u, p("BbsBlsSignature2020", object{"created": nil})),
		foreign("created-missing", u, p("BbsBlsSignature2020", object{"created": absent})),
		foreign("created-offset", u, p("BbsBlsSignature2020", object{"created": "2026-01-15 09:00:00 +0000"})),
		foreign("own-context", u, p("BbsBlsSignature2020", object{"@context": "https://w3id.org/security/bbs/v1"})),
		foreign("own-context-inline", u, p("BbsBlsSignature2020", object{"@context": []any{object{"@vocab": "x"}}})),
		foreign("purpose-object", u, p("BbsBlsSignature2020", object{"proofPurpose": object{"id": "x"}, "verificationMethod": object{"id": "x", "type": "y"}})),
		foreign("purpose-other", u, p("BbsBlsSignature2020", object{"proofPurpose": "contractAgreement"})),
		foreign("type-url", u, p("https://w3id.org/security#BbsBlsSignature2020", nil)),
		foreign("type-curie", u, p("sec:BbsBlsSignature2020", nil)),
		foreign("type-array", u, p([]any{"BbsBlsSignature2020"}, nil)),
		foreign("type-array-two", u, p([]any{"X", "Y"}, nil)),
		foreign("array-unknown", u, []any{p("BbsBlsSignature2020", nil), p("X", nil)}),
		foreign("unnamed-cryptosuite", "invalid proof-malformed", p("DataIntegrityProof", nil)),
		foreign("cryptosuite-null", "invalid proof-malformed", p("DataIntegrityProof", object{"cryptosuite": nil})),
		foreign("null-word", u, p("BbsBlsSignature2020", object{"nonce": nil})),
		foreign("chain", u, p("DataIntegrityProof", object{"cryptosuite": "x-2026", "previousProof": 7, "domain": 7})),
	}
	mix := func(name, want string, first bool, other object, changes object) spelling {
		return spelling{"06-mix-" + name, want, func(a *academy) []byte {
			a.published(nil)
			doc := decode(a.saysSo(changes))
			own := doc["proof"].([]any)
			if first {
				doc["proof"] = append([]any{other}, own...)
			} else {
				doc["proof"] = append(own, other)
			}
			return encode(doc)
		}}
	}
	return append(list,
		mix("after", u, false, p("BbsBlsSignature2020", nil), nil),
		mix("before", u, true, p("MerkleProof2019", nil), nil),
		mix("suite", u, true, p("DataIntegrityProof", object{"cryptosuite": "bbs-2023"}), nil),
		mix("odd", u, true, p("FutureProof", object{"created": 7, "@context": object{}}), nil),
	)
}

func spelledDates() []spelling {
	var list []spelling
	for _, d := range []struct{ name, value, want string }{
		{"no-zone", "2026-01-15T09:00:00", "valid ok"},
		{"fraction", "2026-01-15T09:00:00.123456", "valid ok"},
		{"fraction-long", "2026-01-15T09:00:00.1234567891234", "valid ok"},
		{"zone", "2026-01-15T09:00:00+00:00", "valid ok"},
		{"minus-zero", "2026-01-15T09:00:00-00:00", "valid ok"},
		{"fraction-zone", "2026-01-15T09:00:00.123456+00:00", "valid ok"},
		{"zone-14", "2026-01-15T09:00:00+14:00", "valid ok"},
		{"negative-year", "-0044-03-15T09:00:00", "valid ok"},
		{"year-zero", "0000-01-01T00:00:00Z", "valid ok"},
		{"year-one", "0001-01-01T00:00:00", "valid ok"},
		{"hour-24", "2026-01-15T24:00:00", "valid ok"},
		{"day", "2026-01-15", "invalid date-malformed"},
		{"space", "2026-01-15 09:00:00", "invalid date-malformed"},
		{"no-seconds", "2026-01-15T09:00", "invalid date-malformed"},
		{"zone-short", "2026-01-15T09:00:00+0000", "invalid date-malformed"},
		{"lower", "2026-01-15t09:00:00", "invalid date-malformed"},
		{"leap", "2025-12-31T23:59:60", "invalid date-malformed"},
		{"feb-30", "2026-02-30T09:00:00", "invalid date-malformed"},
		{"future", "2027-01-15T09:00:00", "invalid not-yet-valid"},
		{"future-by-zone", "2026-06-01T15:00:00", "invalid not-yet-valid"},
		{"rfc-2822", "Thu, 15 Jan 2026 09:00:00 GMT", "invalid date-malformed"},
	} {
		list = append(list, spelling{"07-" + d.name, d.want, func(a *academy) []byte {
			a.published(nil)
			doc := with(version1(), object{"issuer": spelledID, "issuanceDate": d.value, "credentialSubject": object{"id": "did:example:ana"}, "type": []any{"VerifiableCredential"}, "@context": []any{context1, "https://w3id.org/security/suites/ed25519-2020/v1"}, "name": absent})
			return encode(a.secure(doc, options(object{"type": "Ed25519Signature2020", "cryptosuite": absent, "verificationMethod": spelledID + "#key-1"}), spelledKey))
		}})
		list = append(list, spelling{"07-jwt-" + d.name, d.want, func(a *academy) []byte {
			a.published(nil)
			doc := with(old(), object{"issuanceDate": d.value, "expirationDate": absent})
			return a.jwt(nil, oldClaims(doc, object{"nbf": absent, "exp": absent}))
		}})
	}
	nbf := func(name, want, value string, claims object) spelling {
		return spelling{"07-nbf-" + name, want, func(a *academy) []byte {
			a.published(nil)
			return a.jwt(nil, oldClaims(with(old(), object{"issuanceDate": value}), claims))
		}}
	}
	proof := func(name, want, created string) spelling {
		return spelling{"07-created-" + name, want, func(a *academy) []byte {
			a.published(nil)
			doc := with(version1(), object{"issuer": spelledID, "credentialSubject": object{"id": "did:example:ana"}, "type": []any{"VerifiableCredential"}, "@context": []any{context1, "https://w3id.org/security/suites/ed25519-2020/v1"}, "name": absent})
			return encode(a.secure(doc, options(object{"type": "Ed25519Signature2020", "cryptosuite": absent, "created": created, "verificationMethod": spelledID + "#key-1"}), spelledKey))
		}}
	}
	return append(list,
		nbf("same", "valid ok", "2026-01-15T09:00:00", nil),
		nbf("fraction", "valid ok", "2026-01-15T09:00:00.987", nil),
		nbf("fraction-nbf", "valid ok", "2026-01-15T09:00:00.987Z", object{"nbf": 1768467600.987}),
		nbf("zone", "valid ok", "2026-01-15T10:00:00+01:00", nil),
		nbf("date-missing", "valid ok", "2026-01-15T09:00:00Z", object{"vc": with(old(), object{"issuanceDate": absent, "expirationDate": absent})}),
		nbf("exp-differs-by-fraction", "valid ok", "2026-01-15T09:00:00Z", object{"vc": with(old(), object{"expirationDate": "2028-01-15T09:00:00.5Z"})}),
		proof("no-zone", "valid ok", "2026-01-15T09:00:00"), proof("fraction", "valid ok", "2026-01-15T09:00:00.123456"), proof("zone", "valid ok", "2026-01-15T09:00:00+00:00"),
	)
}

func spelledContexts() []spelling {
	var list []spelling
	for _, c := range []struct {
		name  string
		inner any
		want  string
	}{
		{"object", object{"colour": "https://example.org/colour"}, "undetermined context-inline"},
		{"vocab", object{"@vocab": "https://example.org/#"}, "undetermined context-inline"},
		{"protected", object{"@protected": true, "colour": object{"@id": "https://example.org/colour", "@type": "@id"}}, "undetermined context-inline"},
		{"version", object{"@version": 1.1, "Colour": "https://example.org/C", "colour": "https://example.org/c"}, "undetermined context-inline"},
		{"import", object{"@import": "https://example.org/x"}, "undetermined context-inline"},
		{"base", object{"@base": "https://example.org/"}, "undetermined context-inline"},
		{"language", object{"@language": "en"}, "undetermined context-inline"},
		{"direction", object{"@direction": "rtl"}, "undetermined context-inline"},
		{"propagate", object{"@propagate": false}, "undetermined context-inline"},
		{"empty", object{}, "undetermined context-inline"},
		{"scoped", object{"A": object{"@id": "https://example.org/A", "@context": object{"b": "https://example.org/b", "B": "https://example.org/B"}}}, "undetermined context-inline"},
		{"issuer", object{"issuer": "https://example.org/name"}, "undetermined context-inline"},
		{"http", "http://example.org/v1", "undetermined context-unknown"},
		{"did", "did:web:example.org", "undetermined context-unknown"},
		{"fragment", "https://example.org/v1#x", "undetermined context-unknown"},
	} {
		add := func(name string, make func(a *academy) []byte) {
			list = append(list, spelling{"08-" + c.name + "-" + name, c.want, func(a *academy) []byte { a.published(nil); return make(a) }})
		}
		add("v2", func(a *academy) []byte {
			return encode(with(decode(a.saysSo(nil)), object{"@context": []any{vc.ContextVC, c.inner}}))
		})
		add("v1", func(a *academy) []byte {
			doc := with(version1(), object{"issuer": spelledID})
			doc["@context"] = append(slices.Clone(doc["@context"].([]any)), c.inner)
			doc["proof"] = options(object{"type": "Ed25519Signature2020", "cryptosuite": absent, "proofValue": multibase(make([]byte, 64)), "verificationMethod": spelledID + "#key-1"})
			return encode(doc)
		})
		add("v1-bare", func(a *academy) []byte {
			return encode(with(old(), object{"@context": []any{context1, c.inner}, "proof": options(object{"type": "Ed25519Signature2020", "cryptosuite": absent, "proofValue": multibase(make([]byte, 64)), "verificationMethod": spelledID + "#key-1"})}))
		})
		add("v1-jwt", func(a *academy) []byte {
			return a.jwt(nil, oldClaims(with(old(), object{"@context": []any{context1, c.inner}}), nil))
		})
		add("jcs", func(a *academy) []byte {
			return encode(a.secure(with(statement(), object{"issuer": spelledID, "@context": []any{vc.ContextVC, c.inner}}), options(object{"cryptosuite": "eddsa-jcs-2022", "verificationMethod": spelledID + "#key-1"}), spelledKey))
		})
		add("jwt", func(a *academy) []byte {
			return a.jwt(object{"typ": "vc+jwt"}, with(statement(), object{"issuer": spelledID, "@context": []any{vc.ContextVC, c.inner}}))
		})
	}
	return append(list, spelling{"08-name-v1", "undetermined context-inline", func(a *academy) []byte {
		a.published(nil)
		return a.jwt(nil, oldClaims(with(old(), object{"@context": []any{context1, object{"name": "https://example.org/name", "exp": "https://example.org/exp"}}}), nil))
	}})
}

func spelledLists() []spelling {
	const url = "https://lists.example.com/status/3"
	encoded := func(set ...int) string {
		bits := vc.NewBitstring(vc.ListLength)
		for _, i := range set {
			bits.Set(i, true)
		}
		c, err := vc.NewStatusList(vc.StatusListOptions{URL: url, Issuer: issuerID, Purpose: vc.Revocation, ValidFrom: now}, bits)
		check("make", err)
		data, err := c.Encode()
		check("write", err)
		return subjectOf(decode(data))["encodedList"].(string)
	}
	listOf := func(who, purpose string, set ...int) object {
		return object{"@context": []any{vc.ContextVC}, "id": url, "type": []any{"VerifiableCredential", "BitstringStatusListCredential"}, "issuer": who, "validFrom": "2026-05-20T00:00:00Z",
			"credentialSubject": object{"id": url + "#list", "type": "BitstringStatusList", "statusPurpose": purpose, "encodedList": encoded(set...)}}
	}
	old21 := func(who, purpose string, set ...int) object {
		return object{"@context": []any{context1, "https://w3id.org/vc/status-list/2021/v1", "https://w3id.org/security/suites/ed25519-2020/v1"}, "id": url, "type": []any{"VerifiableCredential", "StatusList2021Credential"}, "issuer": who, "issuanceDate": "2026-05-20T00:00:00Z",
			"credentialSubject": object{"id": url + "#list", "type": "StatusList2021", "statusPurpose": purpose, "encodedList": encoded(set...)[1:]}}
	}
	text := multikey(edKey("lister").Public())
	lister := "did:key:" + text
	by := object{"verificationMethod": lister + "#" + text}
	var list []spelling
	one := func(name, want string, entry any, list21 bool, secured func(a *academy) []byte) {
		list = append(list, spelling{"01-" + name, want, func(a *academy) []byte {
			a.published(nil)
			a.documents[url] = secured(a)
			if list21 {
				doc := with(version1(), object{"issuer": spelledID, "credentialStatus": entry, "name": absent, "type": []any{"VerifiableCredential"}, "credentialSubject": object{"id": "did:example:ana"},
					"@context": []any{context1, "https://w3id.org/vc/status-list/2021/v1", "https://w3id.org/security/suites/ed25519-2020/v1"}})
				return encode(a.secure(doc, options(object{"type": "Ed25519Signature2020", "cryptosuite": absent, "verificationMethod": spelledID + "#key-1"}), spelledKey))
			}
			return a.saysSo(object{"credentialStatus": entry})
		}})
	}
	e := func(purpose string, index any) object { return statusEntry(url, purpose, index) }
	e21 := func(purpose string) object { return with(e(purpose, "7"), object{"type": "StatusList2021Entry"}) }
	proofBy := func(doc object) func(a *academy) []byte {
		return func(a *academy) []byte { return encode(a.secure(doc, options(by), edKey("lister"))) }
	}
	proof20 := func(doc object) func(a *academy) []byte {
		return func(a *academy) []byte {
			return encode(a.secure(doc, options(object{"type": "Ed25519Signature2020", "cryptosuite": absent, "verificationMethod": lister + "#" + text}), edKey("lister")))
		}
	}
	jwtBy := func(doc object, head object) func(a *academy) []byte {
		return func(a *academy) []byte {
			return token(with(object{"alg": "EdDSA", "kid": lister + "#" + text, "typ": "vc+jwt"}, head), doc, edKey("lister"))
		}
	}
	vcBy := func(doc object) func(a *academy) []byte {
		return func(a *academy) []byte {
			return token(object{"alg": "EdDSA", "kid": lister + "#" + text, "typ": "JWT"}, object{"iss": lister, "sub": url + "#list", "jti": doc["id"], "nbf": seconds("2026-05-20T00:00:00Z"), "vc": doc}, edKey("lister"))
		}
	}
	u := "undetermined status-list-issuer"
	one("proof", u, e("revocation", "7"), false, proofBy(listOf(lister, "revocation")))
	one("proof-set", u, e("revocation", "7"), false, proofBy(listOf(lister, "revocation", 7)))
	one("jwt", u, e("revocation", "7"), false, jwtBy(listOf(lister, "revocation"), nil))
	one("jwt-set", u, e("revocation", "7"), false, jwtBy(listOf(lister, "revocation", 7), nil))
	one("jwt-typ", u, e("revocation", "7"), false, jwtBy(listOf(lister, "revocation"), object{"typ": "JWT"}))
	one("issuer-object", u, e("revocation", "7"), false, jwtBy(with(listOf(lister, "revocation"), object{"issuer": object{"id": lister, "name": "x"}}), nil))
	one("suspension", u, e("suspension", "7"), false, jwtBy(listOf(lister, "suspension"), nil))
	one("suspension-set", u, e("suspension", "7"), false, jwtBy(listOf(lister, "suspension", 7), nil))
	one("message", u, with(e("message", "7"), object{"statusSize": 1, "statusMessage": []any{object{"status": "0x0", "message": "fine"}, object{"status": "0x1", "message": "bad"}}}), false, jwtBy(listOf(lister, "message", 7), nil))
	one("several-purposes", u, []any{e("revocation", "7"), e("suspension", "7")}, false, jwtBy(with(listOf(lister, "x"), object{"credentialSubject": object{"id": url + "#list", "type": "BitstringStatusList", "statusPurpose": []any{"revocation", "suspension"}, "encodedList": encoded()}}), nil))
	one("2021", u, e21("revocation"), true, proof20(old21(lister, "revocation")))
	one("2021-set", u, e21("revocation"), true, proof20(old21(lister, "revocation", 7)))
	one("2021-jwt", u, e21("revocation"), true, vcBy(old21(lister, "revocation")))
	one("2021-jwt-set", u, e21("revocation"), true, vcBy(old21(lister, "revocation", 7)))
	one("2021-suspension", u, e21("suspension"), true, vcBy(old21(lister, "suspension", 7)))
	one("https", u, e("revocation", "7"), false, func(a *academy) []byte {
		who := "https://lists.example.com/issuer"
		a.documents[who] = encode(object{"id": who, "verificationMethod": []any{object{"id": who + "#1", "type": "Multikey", "controller": who, "publicKeyMultibase": text}}, "assertionMethod": []any{who + "#1"}})
		return encode(a.secure(listOf(who, "revocation"), options(object{"verificationMethod": who + "#1"}), edKey("lister")))
	})
	one("gone-issuer", "undetermined status-list-undetermined", e("revocation", "7"), false, func(a *academy) []byte {
		return encode(a.secure(listOf("did:web:gone.example", "revocation"), options(object{"verificationMethod": "did:web:gone.example#1"}), edKey("lister")))
	})
	one("unsigned", "undetermined status-list-invalid", e("revocation", "7"), false, func(a *academy) []byte { return encode(listOf(lister, "revocation")) })
	one("unknown-suite", "undetermined status-list-undetermined", e("revocation", "7"), false, func(a *academy) []byte {
		return encode(with(listOf(lister, "revocation"), object{"proof": options(with(by, object{"cryptosuite": "bbs-2023", "proofValue": "u2V0"}))}))
	})
	one("no-id", u, e("revocation", "7"), false, jwtBy(with(listOf(lister, "revocation"), object{"id": absent}), nil))
	one("entry-no-id", u, with(e("revocation", "7"), object{"id": absent}), false, jwtBy(listOf(lister, "revocation"), nil))
	one("gzip-garbage", "undetermined status-list-malformed", e("revocation", "7"), false, jwtBy(with(listOf(lister, "revocation"), object{"credentialSubject": object{"id": url, "type": "BitstringStatusList", "statusPurpose": "revocation", "encodedList": "uabc"}}), nil))
	one("did-spelled-twice", "valid ok", e("revocation", "7"), false, func(a *academy) []byte {
		return encode(a.secure(listOf(spelledID, "revocation"), options(object{"verificationMethod": spelledID + "#key-1"}), spelledKey))
	})
	one("same-issuer-jwt-no-kid", "valid ok", e("revocation", "7"), false, func(a *academy) []byte {
		return a.jwt(object{"kid": absent, "typ": "vc+jwt"}, listOf(spelledID, "revocation"))
	})
	one("same-issuer-jwt-set", "invalid revoked", e("revocation", "7"), false, func(a *academy) []byte { return a.jwt(nil, listOf(spelledID, "revocation", 7)) })
	one("same-issuer-extra-words", "valid ok", e("revocation", "7"), false, func(a *academy) []byte {
		return a.jwt(nil, with(listOf(spelledID, "revocation"), object{"colour": "x"}))
	})
	one("short-list", "undetermined status-list-length", e("revocation", "7"), false, func(a *academy) []byte {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		w.Write(make([]byte, 100))
		w.Close()
		doc := listOf(spelledID, "revocation")
		subjectOf(doc)["encodedList"] = "u" + base64url(b.Bytes())
		return a.jwt(nil, doc)
	})
	return list
}

// TestSpellings has the command's code and the page judge what genuine issuers and
// libraries make of each kind in other spellings than those of TestKinds: both give the
// verdict that is right, in the same rows.
func TestSpellings(t *testing.T) {
	if err := interop.Install(t.Context(), pageSource); err != nil {
		t.Fatal(err)
	}
	var list []Case
	founding := newAcademy()
	for _, s := range slices.Concat(spelledLists(), spelledMethods(), spelledWords(), spelledKids(), spelledKinds(), spelledSuites(), spelledDates(), spelledContexts()) {
		a := &academy{processor: founding.processor, vocabulary: founding.vocabulary, documents: map[string][]byte{}}
		verdict, code, _ := strings.Cut(s.want, " ")
		list = append(list, Case{Suite: "spellings", Name: s.name, Input: s.make(a), Documents: a.documents, At: now, Verdict: verdict, Code: code})
	}
	answers := askPage(t, list)
	for _, c := range list {
		r := verifierOf(t, c).Credential(t.Context(), c.Input)
		page := answers[c.id()]
		mine, theirs := answer(r), string(page.Verdict)+" "+page.Code
		if mine != c.wanted() || theirs != mine {
			t.Errorf("%s: laurel says %s, the page %s, want %s: %s", c.Name, mine, theirs, c.wanted(), r.Decisive().Text)
		} else if same := sameRows(t, c.id(), &page.Report, r); same != len(r.Checks) {
			t.Errorf("%s: of %d rows %d are alike", c.id(), len(r.Checks), same)
		}
	}
	t.Logf("%d spellings", len(list))
}
