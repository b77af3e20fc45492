package cases

import (
	"crypto/ed25519"
	"math/big"
	"slices"
	"strings"

	"github.com/mr-tron/base58"

	"laurel/internal/standards/did"
	"laurel/internal/standards/vc"
)

// proofAttacks are about proofs: what they say, how they are written, and how
// many there are.
func proofAttacks() []attack {
	// lie is a proof that the issuer made with these options: its signature is
	// good.
	lie := func(name, verdict, code string, changes object) attack {
		return attack{name, verdict, code, func(a *academy) []byte {
			return encode(a.secure(credential(), options(changes), edKey("first")))
		}}
	}
	member := func(name, verdict, code, member string, value any) attack {
		return tamper(name, verdict, code, func(doc object) {
			if p := proofOf(doc); value == absent {
				delete(p, member)
			} else {
				p[member] = value
			}
		})
	}
	return slices.Concat([]attack{
		lie("as-laurel-signs", valid, "ok", nil),
		lie("no-created", valid, "ok", object{"created": absent}),
		lie("expires-later", valid, "ok", object{"expires": "2026-06-01T12:00:01Z"}),
		lie("expired", invalid, "proof-expired", object{"expires": "2026-06-01T12:00:00Z"}),
		lie("expired-long-ago", invalid, "proof-expired", object{"expires": "2020-01-01T00:00:00Z"}),
		lie("created-in-the-future", invalid, "proof-future", object{"created": "2026-06-01T12:05:01Z"}),
		lie("created-within-the-skew", valid, "ok", object{"created": "2026-06-01T12:05:00Z"}),
		lie("created-30-february", invalid, "date-malformed", object{"created": "2026-02-30T12:00:00Z"}),
		lie("created-without-zone", invalid, "date-malformed", object{"created": "2026-05-01T12:00:00"}),
		lie("expires-30-february", invalid, "date-malformed", object{"expires": "2027-02-30T12:00:00Z"}),
		lie("expires-without-zone", invalid, "date-malformed", object{"expires": "2027-05-01T12:00:00"}),
		lie("purpose-authentication", invalid, "proof-purpose", object{"proofPurpose": "authentication"}),
		lie("purpose-key-agreement", invalid, "proof-purpose", object{"proofPurpose": "keyAgreement"}),
		lie("domain-and-challenge", valid, "ok", object{"domain": "academy.example.org", "challenge": "abc"}),
		member("purpose-swapped", invalid, "proof-purpose", "proofPurpose", "authentication"),
		member("purpose-list", invalid, "proof-malformed & schema", "proofPurpose", []any{"assertionMethod"}),
		member("purpose-missing", invalid, "proof-malformed", "proofPurpose", absent),
		member("created-changed", invalid, "signature-invalid", "created", "2026-05-01T12:00:00Z"),
		member("created-removed", invalid, "signature-invalid", "created", absent),
		member("created-number", invalid, "proof-malformed & date-malformed", "created", 1780000000),
		member("expires-added", invalid, "signature-invalid", "expires", "2030-01-01T00:00:00Z"),
		member("future-suite", undetermined, "suite-unsupported", "cryptosuite", "future-2031"),
		member("suite-missing", invalid, "proof-malformed", "cryptosuite", absent),
		member("suite-of-ecdsa", invalid, "key-mismatch", "cryptosuite", "ecdsa-rdfc-2019"),
		member("suite-of-jcs", invalid, "signature-invalid", "cryptosuite", "eddsa-jcs-2022"),
		member("suite-in-capitals", undetermined, "suite-unsupported", "cryptosuite", "EDDSA-RDFC-2022"),
		member("suite-draft", invalid, "signature-invalid", "cryptosuite", "eddsa-2022"),
		member("type-future", undetermined, "suite-unsupported", "type", "FutureProof2031"),
		member("type-future-iri", undetermined, "suite-unsupported", "type", "https://example.org/FutureProof2031"),
		member("type-list", invalid, "proof-malformed & schema", "type", []any{"DataIntegrityProof"}),
		member("type-missing", invalid, "proof-malformed & type-missing", "type", absent),
		member("previous-proof-of-nothing", invalid, "proof-malformed", "previousProof", "urn:uuid:0b9b3f3e-0d5b-4d2a-9a44-0f8b1f1a2c3e"),
		member("method-missing", invalid, "proof-malformed", "verificationMethod", absent),
		member("method-relative", invalid, "iri-relative", "verificationMethod", "#key-2026-1"),
		member("method-object", invalid, "proof-malformed", "verificationMethod", object{"id": keyID}),
		member("method-without-fragment", undetermined, "method-malformed", "verificationMethod", issuerID),
		member("method-with-query", invalid, "method-foreign", "verificationMethod", issuerID+"?versionId=1#key-2026-1"),
		member("undefined-member", invalid, "proof-malformed & term-undefined", "note", "hello"),
		member("own-context", undetermined, "context-inline", "@context", vc.ContextVC),
		member("jwk-beside", invalid, "proof-malformed & term-undefined", "publicKeyJwk", object{"kty": "OKP", "crv": "Ed25519", "x": base64url(edKey("evil").Public().(ed25519.PublicKey))}),
		member("value-missing", invalid, "proof-malformed", "proofValue", absent),
		member("value-number", invalid, "proof-malformed & schema", "proofValue", 7),
		tamper("proof-removed", invalid, "proof-missing", func(doc object) { delete(doc, "proof") }),
		tamper("proof-empty", invalid, "proof-missing & member-malformed", func(doc object) { doc["proof"] = []any{} }),
		tamper("proof-null", invalid, "proof-missing & member-malformed", func(doc object) { doc["proof"] = nil }),
		tamper("proof-string", invalid, "proof-malformed & member-malformed", func(doc object) { doc["proof"] = "urn:uuid:0b9b3f3e-0d5b-4d2a-9a44-0f8b1f1a2c3e" }),
		tamper("proof-object", valid, "ok", func(doc object) { doc["proof"] = proofOf(doc) }),
		tamper("proof-in-two-arrays", invalid, "proof-malformed & member-malformed", func(doc object) { doc["proof"] = []any{doc["proof"]} }),
	}, valueAttacks(), proofSets())
}

// valueAttacks write one signature in another way.
func valueAttacks() []attack {
	value := func(name, code string, change func(signature []byte, text string) string) attack {
		return tamper(name, invalid, code, func(doc object) {
			p := proofOf(doc)
			text := p["proofValue"].(string)
			signature, err := base58.Decode(text[1:])
			check("read a proofValue", err)
			p["proofValue"] = change(signature, text)
		})
	}
	// order is the order of Ed25519's group, L.
	order, _ := new(big.Int).SetString("7237005577332262213973186563042994240857116359379907606001950938285454250989", 10)
	return []attack{
		value("value-s-plus-l", "signature-malformed", func(signature []byte, _ string) string {
			s := slices.Clone(signature[32:])
			slices.Reverse(s)
			s = new(big.Int).Add(new(big.Int).SetBytes(s), order).FillBytes(make([]byte, 32))
			slices.Reverse(s)
			return multibase(append(slices.Clone(signature[:32]), s...))
		}),
		value("value-s-zero", "signature-invalid", func(signature []byte, _ string) string {
			return multibase(append(slices.Clone(signature[:32]), make([]byte, 32)...))
		}),
		value("value-zero", "signature-invalid", func([]byte, string) string { return multibase(make([]byte, 64)) }),
		value("value-one-more-byte", "signature-malformed", func(signature []byte, _ string) string { return multibase(append(signature, 0)) }),
		value("value-one-byte-less", "signature-malformed", func(signature []byte, _ string) string { return multibase(signature[:63]) }),
		value("value-leading-ones", "signature-malformed", func(_ []byte, text string) string { return "z1" + text[1:] }),
		value("value-with-space", "signature-malformed", func(_ []byte, text string) string { return text + " " }),
		value("value-with-newline", "signature-malformed", func(_ []byte, text string) string { return text + "\n" }),
		value("value-outside-alphabet", "signature-malformed", func(_ []byte, text string) string { return text[:len(text)-1] + "0" }),
		value("value-base64url", "signature-malformed", func(signature []byte, _ string) string { return "u" + base64url(signature) }),
		value("value-hex", "signature-malformed", func([]byte, string) string { return "f" + strings.Repeat("00", 64) }),
		value("value-without-prefix", "signature-malformed", func(_ []byte, text string) string { return text[1:] }),
		value("value-upper-prefix", "signature-malformed", func(_ []byte, text string) string { return "Z" + text[1:] }),
		value("value-empty", "proof-malformed", func([]byte, string) string { return "" }),
		value("value-only-prefix", "signature-malformed", func([]byte, string) string { return "z" }),
		value("value-very-long", "signature-malformed", func([]byte, string) string { return "z" + strings.Repeat("2", 100_000) }),
	}
}

// proofSets are documents with more than one proof: each must be good.
func proofSets() []attack {
	set := func(name, verdict, code string, make func(a *academy, good object, first any) []any) attack {
		return attack{name, verdict, code, func(a *academy) []byte {
			good := decode(a.sign(credential()))
			return encode(with(good, object{"proof": make(a, good, proofOf(good))}))
		}}
	}
	of := func(a *academy, doc, changes object, key string) any {
		return proofOf(a.secure(doc, options(changes), edKey(key)))
	}
	evil := object{"verificationMethod": "did:web:evil.example#key-1"}
	other := with(credential(), object{"name": "Another"})
	chain := func(a *academy, id string) (first, second any) {
		doc := a.secure(credential(), options(object{"id": "urn:uuid:11111111-1111-4111-8111-111111111111"}), edKey("first"))
		doc = a.secure(doc, options(object{"previousProof": id}), edKey("first"))
		proofs := doc["proof"].([]any)
		return proofs[0], proofs[1]
	}
	return []attack{
		set("good-and-good", valid, "ok", func(a *academy, _ object, first any) []any {
			return []any{first, of(a, credential(), object{"created": absent}, "first")}
		}),
		set("good-and-bad", invalid, "signature-invalid", func(a *academy, _ object, first any) []any { return []any{first, of(a, other, nil, "first")} }),
		set("bad-and-good", invalid, "signature-invalid", func(a *academy, _ object, first any) []any { return []any{of(a, other, nil, "first"), first} }),
		set("good-and-foreign", invalid, "method-foreign", func(a *academy, _ object, first any) []any {
			a.publish("did:web:evil.example", did.WebDocument("did:web:evil.example", []did.PublishedKey{{Kid: "key-1", PublicKeyMultibase: multikey(edKey("evil").Public())}}))
			return []any{first, of(a, credential(), evil, "evil")}
		}),
		set("good-and-unknown", undetermined, "suite-unsupported", func(a *academy, _ object, first any) []any {
			return []any{first, with(first.(object), object{"cryptosuite": "future-2031"})}
		}),
		set("good-and-expired", invalid, "proof-expired", func(a *academy, _ object, first any) []any {
			return []any{first, of(a, credential(), object{"expires": "2026-01-01T00:00:00Z"}, "first")}
		}),
		set("nine-proofs", undetermined, "proof-too-many", func(_ *academy, _ object, first any) []any { return slices.Repeat([]any{first}, 9) }),
		set("a-string-beside", invalid, "proof-malformed & member-malformed", func(_ *academy, _ object, first any) []any { return []any{first, "proof"} }),
		set("a-null-beside", invalid, "proof-malformed & member-malformed", func(_ *academy, _ object, first any) []any { return []any{first, nil} }),
		set("chain", valid, "ok", func(a *academy, _ object, _ any) []any {
			first, second := chain(a, "urn:uuid:11111111-1111-4111-8111-111111111111")
			return []any{first, second}
		}),
		set("chain-without-its-first", invalid, "proof-malformed", func(a *academy, _ object, _ any) []any {
			_, second := chain(a, "urn:uuid:11111111-1111-4111-8111-111111111111")
			return []any{second}
		}),
		set("chain-with-another-first", invalid, "signature-invalid", func(a *academy, _ object, first any) []any {
			_, second := chain(a, "urn:uuid:11111111-1111-4111-8111-111111111111")
			return []any{of(a, credential(), object{"id": "urn:uuid:11111111-1111-4111-8111-111111111111", "created": "2026-05-01T00:00:00Z"}, "first"), second}
		}),
		set("chain-to-itself", invalid, "proof-malformed", func(a *academy, _ object, _ any) []any {
			return []any{of(a, credential(), object{"id": "urn:x:1", "previousProof": "urn:x:1"}, "first")}
		}),
	}
}
