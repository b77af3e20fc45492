package cases

import (
	"encoding/base64"

	"laurel/internal/standards/did"
	"laurel/internal/standards/vc"
)

// formAttacks are about what laurel takes beside a single credential of data
// model 2.0: presentations, envelopes, data model 1.1, Open Badges 2.0.
func formAttacks() []attack {
	made := func(name, verdict, code string, make func(a *academy) object) attack {
		return attack{name, verdict, code, func(a *academy) []byte { return encode(make(a)) }}
	}
	// shown is a presentation of a statement, signed by its holder, then changed.
	shown := func(name, verdict, code string, change func(a *academy, doc object)) attack {
		return made(name, verdict, code, func(a *academy) object {
			doc := a.present(presentation(decode(a.sign(statement()))))
			change(a, doc)
			return doc
		})
	}
	good := func(a *academy) object { return decode(a.sign(credential())) }
	forged := func(a *academy) object {
		doc := good(a)
		achievementOf(doc)["name"] = "Surgery"
		return doc
	}
	envelope := func(name, verdict, code, id string) attack {
		return made(name, verdict, code, func(*academy) object {
			return object{"@context": vc.ContextVC, "type": "EnvelopedVerifiableCredential", "id": id}
		})
	}
	old := func(name, verdict, code string, changes object) attack {
		return made(name, verdict, code, func(a *academy) object {
			return a.secure(with(version1(), changes), options(object{"type": "Ed25519Signature2020", "cryptosuite": absent}), edKey("first"))
		})
	}
	goodToken := string(token(header("EdDSA", keyID, "vc+jwt"), statement(), edKey("first")))
	goodSDJWT := string(token(header("EdDSA", keyID, "vc+sd-jwt"), statement(), edKey("first"))) + "~"
	return []attack{
		made("presentation-of-a-forged", invalid, "embedded-invalid", func(a *academy) object { return presentation(good(a), forged(a)) }),
		made("presentation-of-an-unsigned", invalid, "embedded-invalid", func(*academy) object { return presentation(credential()) }),
		made("presentation-of-an-expired", invalid, "embedded-invalid", func(a *academy) object {
			return presentation(decode(a.sign(with(credential(), object{"validUntil": "2026-05-01T00:00:00Z"}))))
		}),
		made("presentation-of-a-future-suite", undetermined, "embedded-undetermined", func(a *academy) object {
			doc := good(a)
			proofOf(doc)["cryptosuite"] = "future-2031"
			return presentation(good(a), doc)
		}),
		made("presentation-of-a-token", valid, "ok", func(*academy) object { return presentation(enveloped([]byte(goodToken))) }),
		made("presentation-of-nothing", undetermined, "presentation-empty", func(*academy) object { return presentation() }),
		made("presentation-of-a-number", invalid, "embedded-malformed", func(*academy) object { return presentation(7) }),
		made("presentation-of-65", undetermined, "embedded-too-many", func(a *academy) object {
			doc := good(a)
			var many []any
			for range 65 {
				many = append(many, doc)
			}
			return presentation(many...)
		}),
		made("presentation-of-itself", undetermined, "embedded-undetermined", func(a *academy) object {
			doc := presentation(good(a))
			for range 5 {
				doc = presentation(doc)
			}
			return doc
		}),
		shown("presentation", valid, "ok", func(*academy, object) {}),
		shown("presentation-changed", invalid, "signature-invalid", func(_ *academy, doc object) { doc["id"] = "urn:uuid:00000000-0000-4000-8000-000000000000" }),
		shown("presentation-of-another-holder", invalid, "method-foreign", func(_ *academy, doc object) { doc["holder"] = "did:web:mallory.example" }),
		shown("presentation-challenge-changed", invalid, "signature-invalid", func(_ *academy, doc object) { proofOf(doc)["challenge"] = "def" }),
		shown("presentation-credential-added", invalid, "signature-invalid", func(a *academy, doc object) {
			doc["verifiableCredential"] = append(doc["verifiableCredential"].([]any), decode(a.sign(with(statement(), object{"id": "urn:uuid:3a3f8f0e-7a55-4c5e-8a0f-3f1d6c1b9e22"}))))
		}),
		shown("presentation-holder-unknown", undetermined, "issuer-unavailable", func(a *academy, _ object) { delete(a.documents, holderID) }),
		shown("presentation-key-not-for-it", invalid, "method-not-assertion", func(a *academy, _ object) {
			d := did.WebDocument(holderID, []did.PublishedKey{{Kid: "key-1", PublicKeyMultibase: multikey(edKey("ana").Public())}})
			d.AssertionMethod = nil
			a.publish(holderID, d)
		}),
		made("envelope", valid, "ok", func(*academy) object { return enveloped([]byte(goodToken)) }),
		envelope("envelope-of-sd-jwt", undetermined, "jwt-type", "data:application/vc+sd-jwt,"+goodToken+"~"),
		envelope("envelope-of-a-good-sd-jwt", valid, "ok", "data:application/vc+sd-jwt,"+goodSDJWT),
		envelope("envelope-of-a-dc-sd-jwt", valid, "ok", "data:application/dc+sd-jwt,"+goodSDJWT),
		envelope("envelope-of-a-tampered-sd-jwt", invalid, "sd-disclosure-unused", "data:application/vc+sd-jwt,"+goodSDJWT+nameOf+"~"),
		envelope("envelope-of-sd-jwt-that-is-none", invalid, "envelope-malformed", "data:application/vc+sd-jwt,"+goodToken),
		envelope("envelope-of-jwt-that-is-an-sd-jwt", invalid, "envelope-malformed", "data:application/vc+jwt,"+goodSDJWT),
		envelope("envelope-in-capitals-with-parameters", valid, "ok", "data:Application/VC+JWT;charset=UTF-8;q=1,"+goodToken),
		envelope("envelope-in-base64", valid, "ok", "data:application/vc+jwt;base64,"+base64.StdEncoding.EncodeToString([]byte(goodToken))),
		envelope("envelope-in-base64-without-padding", valid, "ok", "data:application/vc+jwt;base64,"+base64.RawStdEncoding.EncodeToString([]byte(goodToken))),
		envelope("envelope-in-no-base64", invalid, "envelope-malformed", "data:application/vc+jwt;base64,"+goodToken),
		envelope("envelope-of-a-jwt", valid, "ok", "data:application/jwt,"+goodToken),
		envelope("envelope-of-vp-type", undetermined, "envelope-unsupported", "data:application/vp+jwt,"+goodToken),
		made("envelope-of-a-presentation", invalid, "envelope-malformed", func(a *academy) object {
			a.present(presentation())
			return enveloped(token(header("EdDSA", holderKey, "JWT"), presentation(enveloped([]byte(goodToken))), edKey("ana")))
		}),
		made("presentation-of-an-sd-jwt", valid, "ok", func(*academy) object {
			return presentation(object{"@context": vc.ContextVC, "type": "EnvelopedVerifiableCredential", "id": "data:application/vc+sd-jwt," + goodSDJWT})
		}),
		{"presentation-with-a-bare-uuid", undetermined, "id-malformed", func(a *academy) []byte {
			a.present(presentation())
			return token(header("EdDSA", holderKey, "JWT"), object{"iss": holderID, "vp": with(presentation(enveloped([]byte(goodToken))), object{"@context": []any{context1}, "id": "3a3f8f0e-7a55-4c5e-8a0f-3f1d6c1b9e22"})}, edKey("ana"))
		}},
		made("presentation-with-a-bare-uuid-of-a-forged", invalid, "embedded-invalid", func(a *academy) object {
			return with(presentation(forged(a)), object{"id": "3a3f8f0e-7a55-4c5e-8a0f-3f1d6c1b9e22"})
		}),
		envelope("envelope-of-text", undetermined, "envelope-unsupported", "data:text/plain,hello"),
		envelope("envelope-of-nothing", invalid, "envelope-malformed", "data:application/vc+jwt,"),
		envelope("envelope-elsewhere", invalid, "envelope-malformed", "https://evil.example/credential.jwt"),
		envelope("envelope-tampered", invalid, "signature-invalid", "data:application/vc+jwt,"+goodToken[:len(goodToken)-4]+"AAAA"),
		old("version-1", valid, "ok", nil),
		old("version-1-expired", invalid, "expired", object{"expirationDate": "2026-05-01T00:00:00Z"}),
		old("version-1-not-yet", invalid, "not-yet-valid", object{"issuanceDate": "2026-07-01T00:00:00Z"}),
		old("version-1-without-issuance-date", invalid, "date-missing", object{"issuanceDate": absent}),
		made("version-1-tampered", invalid, "signature-invalid", func(a *academy) object {
			doc := a.secure(version1(), options(object{"type": "Ed25519Signature2020", "cryptosuite": absent}), edKey("first"))
			achievementOf(doc)["name"] = "Surgery"
			return doc
		}),
		oldToken("version-1-token", valid, "ok", nil, nil),
		oldToken("version-1-token-of-claims-alone", valid, "ok", nil, object{"issuer": absent, "id": absent, "issuanceDate": absent, "expirationDate": absent}),
		oldToken("version-1-token-iss-of-another", invalid, "jwt-claim-mismatch", object{"iss": "did:web:evil.example"}, nil),
		oldToken("version-1-token-issuer-of-another", invalid, "jwt-claim-mismatch", nil, object{"issuer": "did:web:evil.example"}),
		oldToken("version-1-token-sub-of-another", invalid, "jwt-claim-mismatch", object{"sub": "did:web:mallory.example"}, nil),
		oldToken("version-1-token-jti-of-another", invalid, "jwt-claim-mismatch", object{"jti": "urn:x:y"}, nil),
		oldToken("version-1-token-expired", invalid, "proof-expired", object{"exp": 1777593600}, object{"expirationDate": absent}),
		oldToken("version-1-token-two-ends", invalid, "jwt-claim-mismatch", object{"exp": 4102444800}, object{"expirationDate": "2026-05-01T00:00:00Z"}),
		oldToken("version-1-token-without-dates", invalid, "date-missing", object{"nbf": absent, "exp": absent}, object{"issuanceDate": absent, "expirationDate": absent}),
		oldToken("version-1-token-nbf-future", invalid, "proof-future & date-order", object{"nbf": 4102444800}, object{"issuanceDate": absent}),
		oldToken("version-1-token-of-2.0", invalid, "schema", object{"nbf": absent, "exp": absent}, object{"@context": []any{vc.ContextVC, vc.ContextOB}}),
		oldToken("version-1-token-with-a-proof", invalid, "jwt-two-securings", nil, object{"proof": options(nil)}),
		oldToken("version-1-token-members-beside", invalid, "version-mix", object{"@context": []any{vc.ContextVC}}, nil),
		made("version-1-unsigned", invalid, "proof-missing", func(*academy) object { return version1() }),
		made("issuance-date-in-2.0", invalid, "term-undefined", func(a *academy) object {
			return with(decode(a.sign(credential())), object{"issuanceDate": "2026-01-15T09:00:00Z"})
		}),
		made("open-badges-2", undetermined, "open-badges-2", func(*academy) object {
			return object{
				"@context": "https://w3id.org/openbadges/v2", "type": "Assertion", "id": "https://example.org/assertions/1",
				"recipient": object{"type": "email", "hashed": true, "identity": "sha256$00"}, "badge": "https://example.org/badges/1",
				"issuedOn": "2019-01-01T00:00:00Z", "verification": object{"type": "HostedBadge"},
			}
		}),
		{"pdf", undetermined, "pdf-unsupported", func(*academy) []byte { return []byte("%PDF-1.7\n%%EOF\n") }},
		{"jpeg", undetermined, "image-unsupported", func(*academy) []byte { return []byte("\xff\xd8\xff\xe0\x00\x10JFIF") }},
	}
}

// oldToken is a badge of data model 1.1 in a JWT, under vc.
func oldToken(name, verdict, code string, claims, members object) attack {
	return attack{name, verdict, code, func(*academy) []byte {
		doc := with(version1(), object{"@context": []any{context1, "https://purl.imsglobal.org/spec/ob/v3p0/context.json"}})
		payload := object{
			"iss": issuerID, "sub": subjectOf(doc)["id"], "jti": doc["id"], "nbf": seconds(doc["issuanceDate"]), "exp": seconds(doc["expirationDate"]),
			"vc": with(doc, members),
		}
		return token(header("EdDSA", keyID, "JWT"), with(payload, claims), edKey("first"))
	}}
}
