package cases

import (
	"crypto/elliptic"
	"encoding/base64"
	"slices"

	"github.com/mr-tron/base58"

	"laurel/internal/standards/vc"
)

// suiteAttacks are about the cryptosuites that laurel verifies beside its own.
func suiteAttacks() []attack {
	p256, p384 := ecKey(elliptic.P256(), "first"), ecKey(elliptic.P384(), "first")
	ec := object{"cryptosuite": "ecdsa-rdfc-2019", "verificationMethod": keyP256}
	made := func(name, verdict, code string, make func(a *academy) object) attack {
		return attack{name, verdict, code, func(a *academy) []byte { return encode(make(a)) }}
	}
	// signature changes the bytes of an ECDSA signature.
	signature := func(name, verdict, code string, change func([]byte) []byte) attack {
		return made(name, verdict, code, func(a *academy) object {
			doc := a.secure(statement(), options(ec), p256)
			value, err := base58.Decode(proofOf(doc)["proofValue"].(string)[1:])
			check("read a proofValue", err)
			proofOf(doc)["proofValue"] = multibase(change(value))
			return doc
		})
	}
	jcsSigned := func(name, verdict, code string, change func(doc object)) attack {
		return made(name, verdict, code, func(a *academy) object {
			doc := a.secure(credential(), options(object{"cryptosuite": "eddsa-jcs-2022"}), edKey("first"))
			change(doc)
			return doc
		})
	}
	n := elliptic.P256().Params().N.Bytes()
	return slices.Concat([]attack{
		signature("ecdsa-s-negated", valid, "ok", func(s []byte) []byte { return negated(p256, s) }),
		signature("ecdsa-zero", invalid, "signature-malformed", func(s []byte) []byte { return make([]byte, len(s)) }),
		signature("ecdsa-r-and-s-are-the-order", invalid, "signature-malformed", func([]byte) []byte { return append(slices.Clone(n), n...) }),
		signature("ecdsa-der", invalid, "signature-malformed", derOf),
		signature("ecdsa-short", invalid, "signature-malformed", func(s []byte) []byte { return s[:63] }),
		signature("ecdsa-of-p384-length", invalid, "signature-malformed", func(s []byte) []byte { return append(make([]byte, 32), s...) }),
		made("ecdsa-under-an-ed25519-key", invalid, "key-mismatch", func(a *academy) object {
			return a.secure(statement(), options(with(ec, object{"verificationMethod": keyID})), p256)
		}),
		made("ecdsa-p384-under-a-p256-key", invalid, "signature-malformed", func(a *academy) object { return a.secure(statement(), options(ec), p384) }),
		made("eddsa-under-a-p256-key", invalid, "key-mismatch", func(a *academy) object {
			return a.secure(statement(), options(object{"verificationMethod": keyP256}), edKey("first"))
		}),
		made("jcs-suite-with-an-rdfc-signature", invalid, "signature-invalid", func(a *academy) object {
			doc := a.secure(statement(), options(nil), edKey("first"))
			proofOf(doc)["cryptosuite"] = "eddsa-jcs-2022"
			return doc
		}),
		jcsSigned("jcs", valid, "ok", func(object) {}),
		jcsSigned("jcs-changed", invalid, "signature-invalid", func(doc object) { achievementOf(doc)["name"] = "Surgery" }),
		jcsSigned("jcs-types-turned-round", invalid, "signature-invalid", func(doc object) { slices.Reverse(doc["type"].([]any)) }),
		jcsSigned("jcs-term-added", invalid, "signature-invalid", func(doc object) { doc["grade"] = "A" }),
		jcsSigned("jcs-context-added", undetermined, "context-inline", func(doc object) {
			doc["@context"] = append(doc["@context"].([]any), "https://w3id.org/security/multikey/v1")
		}),
		jcsSigned("jcs-context-of-proof-shorter", undetermined, "context-inline", func(doc object) { proofOf(doc)["@context"] = doc["@context"].([]any)[:1] }),
		jcsSigned("jcs-context-of-proof-missing", invalid, "signature-invalid", func(doc object) { delete(proofOf(doc), "@context") }),
		made("legacy-type-with-a-cryptosuite", invalid, "term-undefined", func(a *academy) object {
			doc := a.secure(with(statement(), legacyContext()), options(object{"type": "Ed25519Signature2020", "cryptosuite": absent}), edKey("first"))
			proofOf(doc)["cryptosuite"] = "eddsa-rdfc-2022"
			return doc
		}),
		made("legacy-2018", invalid, "proof-malformed", func(a *academy) object {
			doc := a.secure(statement(), options(nil), edKey("first"))
			doc["proof"] = []any{with(options(object{"type": "Ed25519Signature2018", "cryptosuite": absent}), object{"jws": "eyJhbGciOiJFZERTQSJ9..AAAA"})}
			return doc
		}),
	}, disclosureAttacks())
}

func legacyContext() object {
	return object{"@context": []any{vc.ContextVC, "https://w3id.org/security/suites/ed25519-2020/v1"}}
}

// disclosureAttacks are about derived proofs of ecdsa-sd-2023: a holder may leave
// out what the issuer allows, and nothing else.
func disclosureAttacks() []attack {
	key := ecKey(elliptic.P256(), "first")
	const free = `description|narrative`
	shown := func(name, verdict, code string, change func(doc object)) attack {
		return attack{name, verdict, code, func(a *academy) []byte {
			doc := a.secureSD(credential(), options(object{"cryptosuite": "ecdsa-sd-2023", "verificationMethod": keyP256}), key, free)
			change(doc)
			return encode(doc)
		}}
	}
	// value changes the bytes of the proof.
	value := func(name, code string, change func([]byte) []byte) attack {
		return shown(name, invalid, code, func(doc object) {
			data, err := base64.RawURLEncoding.DecodeString(proofOf(doc)["proofValue"].(string)[1:])
			check("read a proofValue", err)
			proofOf(doc)["proofValue"] = "u" + base64url(change(data))
		})
	}
	return []attack{
		shown("sd-all-shown", valid, "ok", func(object) {}),
		shown("sd-statement-changed", invalid, "signature-invalid", func(doc object) { achievementOf(doc)["description"] = "Surgery." }),
		shown("sd-mandatory-changed", invalid, "signature-invalid", func(doc object) { achievementOf(doc)["name"] = "Surgery" }),
		shown("sd-mandatory-left-out", invalid, "signature-invalid", func(doc object) { delete(doc, "validUntil") }),
		shown("sd-status-left-out", invalid, "signature-invalid", func(doc object) { delete(doc, "credentialStatus") }),
		shown("sd-statement-added", invalid, "signature-invalid", func(doc object) { subjectOf(doc)["narrative"] = "With distinction." }),
		shown("sd-value-base58", invalid, "signature-malformed", func(doc object) { proofOf(doc)["proofValue"] = multibase(make([]byte, 200)) }),
		value("sd-value-trailing", "signature-malformed", func(data []byte) []byte { return append(data, 0) }),
		value("sd-value-cut", "signature-malformed", func(data []byte) []byte { return data[:len(data)-1] }),
		value("sd-value-empty", "signature-malformed", func([]byte) []byte { return nil }),
		value("sd-value-base-proof", "base-proof", func(data []byte) []byte { return append([]byte{0xd9, 0x5d, 0x00}, data[3:]...) }),
		value("sd-value-other-tag", "signature-malformed", func(data []byte) []byte { return append([]byte{0xd9, 0x5d, 0x07}, data[3:]...) }),
		{"sd-signed-by-the-forger", invalid, "signature-invalid", func(a *academy) []byte {
			return encode(a.secureSD(credential(), options(object{"cryptosuite": "ecdsa-sd-2023", "verificationMethod": keyP256}), ecKey(elliptic.P256(), "evil"), free))
		}},
		{"sd-free-description-left-out", valid, "ok", func(a *academy) []byte {
			doc := with(credential(), object{"description": "A course of twelve weeks."})
			return encode(a.secureSD(doc, options(object{"cryptosuite": "ecdsa-sd-2023", "verificationMethod": keyP256}), key, free, "description"))
		}},
		// Whether a status may be left out is the issuer's decision, who should not.
		{"sd-free-status-left-out", valid, "ok", func(a *academy) []byte {
			return encode(a.secureSD(credential(), options(object{"cryptosuite": "ecdsa-sd-2023", "verificationMethod": keyP256}), key, `status`, "credentialStatus"))
		}},
		{"sd-everything-free", valid, "ok", func(a *academy) []byte {
			return encode(a.secureSD(statement(), options(object{"cryptosuite": "ecdsa-sd-2023", "verificationMethod": keyP256}), key, `.`))
		}},
	}
}
