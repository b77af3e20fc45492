package cases

import (
	"crypto"
	"crypto/elliptic"
	"maps"
	"slices"
	"sync"
	"time"

	"laurel/internal/standards/did"
	"laurel/internal/standards/vc"
)

const (
	holderID  = "did:web:ana.example.org"
	holderKey = holderID + "#key-1"
	keyP256   = issuerID + "#key-p256"
	keyP384   = issuerID + "#key-p384"
	keyRSA    = issuerID + "#key-rsa"
	contextV2 = "https://www.w3.org/ns/credentials/v2"
	context1  = "https://www.w3.org/2018/credentials/v1"
)

// Good returns the originals as cases.
func Good() []Case {
	var all []Case
	for _, o := range Originals() {
		all = append(all, o.Case)
	}
	return all
}

// Originals returns credentials of every format that laurel verifies, all valid,
// made once.
var Originals = sync.OnceValue(func() []Original {
	var all []Original
	for _, c := range build("good", slices.Concat(dataIntegrity(), detachedGood(), composed(), tokens(), pictures(), pages())) {
		all = append(all, Original{c, formOf(c.Input)})
	}
	return all
})

// secured is a good case of a document, signed with a key that the academy's
// document names.
func secured(name string, doc, changes object, key crypto.Signer) attack {
	return attack{name, valid, "ok", func(a *academy) []byte { return encode(a.secure(doc, options(changes), key)) }}
}

func dataIntegrity() []attack {
	p256, p384 := ecKey(elliptic.P256(), "first"), ecKey(elliptic.P384(), "first")
	legacy := object{"type": "Ed25519Signature2020", "cryptosuite": absent}
	return []attack{
		signed("eddsa-rdfc-2022", valid, "ok", func(object) {}),
		signed("eddsa-rdfc-2022-rich", valid, "ok", func(doc object) { maps.Copy(doc, rich()) }),
		{"eddsa-rdfc-2022-statement", valid, "ok", func(a *academy) []byte { return a.sign(statement()) }},
		{"eddsa-rdfc-2022-chain", valid, "ok", func(a *academy) []byte {
			doc := a.secure(statement(), options(object{"id": "urn:uuid:11111111-1111-4111-8111-111111111111"}), edKey("first"))
			return encode(a.secure(doc, options(object{"previousProof": "urn:uuid:11111111-1111-4111-8111-111111111111"}), edKey("first")))
		}},
		secured("ecdsa-rdfc-2019-p256", credential(), object{"cryptosuite": "ecdsa-rdfc-2019", "verificationMethod": keyP256}, p256),
		secured("ecdsa-rdfc-2019-p384", statement(), object{"cryptosuite": "ecdsa-rdfc-2019", "verificationMethod": keyP384}, p384),
		secured("eddsa-jcs-2022", credential(), object{"cryptosuite": "eddsa-jcs-2022"}, edKey("first")),
		secured("ecdsa-jcs-2019", statement(), object{"cryptosuite": "ecdsa-jcs-2019", "verificationMethod": keyP256}, p256),
		{"ecdsa-sd-2023", valid, "ok", func(a *academy) []byte {
			return encode(a.secureSD(credential(), options(object{"cryptosuite": "ecdsa-sd-2023", "verificationMethod": keyP256}), p256, `description|narrative|#name`))
		}},
		secured("ed25519-signature-2020", with(statement(), object{"@context": []any{vc.ContextVC, "https://w3id.org/security/suites/ed25519-2020/v1"}}), legacy, edKey("first")),
		secured("data-model-1.1", version1(), legacy, edKey("first")),
	}
}

// rich are members of a credential that says a lot.
func rich() object {
	description := "urn:uuid:5f0f1a8c-7c55-4a58-9f0d-2b8f6a0c9d01"
	return object{
		"description": "A course of twelve weeks.",
		"image":       object{"id": "https://academy.example.org/images/woodworking.png", "type": "Image"},
		"evidence": []any{
			object{"id": "https://academy.example.org/evidence/1", "type": []any{"Evidence"}, "name": "Stool", "narrative": "Of *oak*."},
			object{"type": []any{"Evidence"}, "name": "Exam"},
		},
		"credentialSubject": with(subjectOf(credential()), object{
			"identifier": []any{object{"type": "IdentityObject", "hashed": true, "identityHash": vc.HashIdentity("ana@example.org", "Kosher"), "identityType": "emailAddress", "salt": "Kosher"}},
			"result":     []any{object{"type": []any{"Result"}, "resultDescription": description, "value": "87.5"}},
			"achievement": with(achievementOf(credential()), object{
				"creditsAvailable": 4.5,
				"tag":              []any{"wood", "tools"},
				"alignment":        []any{object{"type": []any{"Alignment"}, "targetName": "Carpentry", "targetUrl": "https://example.com/skills/carpentry"}},
				"resultDescription": []any{object{
					"id": description, "type": []any{"ResultDescription"}, "name": "Percent", "resultType": "Percent",
				}},
			}),
		}),
	}
}

// version1 is a badge of data model 1.1, unsigned.
func version1() object {
	return with(credential(), object{
		"@context":         []any{context1, "https://purl.imsglobal.org/spec/ob/v3p0/context.json", "https://w3id.org/security/suites/ed25519-2020/v1"},
		"issuanceDate":     "2026-01-15T09:00:00Z",
		"expirationDate":   "2028-01-15T09:00:00Z",
		"validFrom":        absent,
		"validUntil":       absent,
		"awardedDate":      absent,
		"credentialStatus": absent,
	})
}

// composed are documents with credentials in them, and a status list.
func composed() []attack {
	endorsed := func(a *academy) object {
		doc := credential()
		achievementOf(doc)["endorsement"] = []any{decode(a.signAs(endorsement(), guildKey, edKey("guild")))}
		return doc
	}
	return []attack{
		{"status-list", valid, "ok", func(a *academy) []byte { return a.list(nil, 5) }},
		{"endorsement", valid, "ok", func(a *academy) []byte { return a.signAs(endorsement(), guildKey, edKey("guild")) }},
		{"endorsed", valid, "ok", func(a *academy) []byte { return a.sign(endorsed(a)) }},
		record("clr", valid, "ok", nil),
		{"presentation", valid, "ok", func(a *academy) []byte {
			doc := presentation(decode(a.sign(statement())), decode(a.sign(with(statement(), object{"id": "urn:uuid:3a3f8f0e-7a55-4c5e-8a0f-3f1d6c1b9e22"}))))
			return encode(a.present(doc))
		}},
		{"presentation-unsigned", valid, "ok", func(a *academy) []byte {
			return encode(presentation(decode(a.sign(credential()))))
		}},
		{"presentation-enveloped", valid, "ok", func(a *academy) []byte {
			return encode(a.present(presentation(enveloped(token(header("EdDSA", keyID, "vc+jwt"), statement(), edKey("first"))))))
		}},
	}
}

// presentation is one of these credentials by their learner, unsigned.
func presentation(credentials ...any) object {
	return object{
		"@context": []any{vc.ContextVC, vc.ContextOB}, "type": []any{"VerifiablePresentation"},
		"holder": holderID, "verifiableCredential": credentials,
	}
}

// present signs a presentation with the holder's key.
func (a *academy) present(doc object) object {
	holder := did.WebDocument(holderID, []did.PublishedKey{{Kid: "key-1", PublicKeyMultibase: multikey(edKey("ana").Public())}})
	holder.Authentication = holder.AssertionMethod
	a.publish(holderID, holder)
	return a.secure(doc, options(object{"verificationMethod": holderKey, "proofPurpose": "authentication", "challenge": "abc", "domain": "employer.example.com"}), edKey("ana"))
}

// enveloped is a token as a document (Verifiable Credentials Data Model v2.0,
// "Enveloped Verifiable Credentials").
func enveloped(token []byte) object {
	return object{"@context": vc.ContextVC, "type": "EnvelopedVerifiableCredential", "id": "data:application/vc+jwt," + string(token)}
}

func header(alg, kid, typ string) object { return object{"alg": alg, "kid": kid, "typ": typ} }

// claims are those of a VC-JWT as Open Badges 3.0 has it: the credential, and
// registered claims that repeat it.
func claims(doc object) object {
	return with(doc, object{
		"iss": issuerID, "jti": doc["id"], "sub": subjectOf(doc)["id"],
		"nbf": seconds(doc["validFrom"]), "exp": seconds(doc["validUntil"]),
	})
}

// seconds is a date as a NumericDate.
func seconds(date any) int64 {
	t, err := time.Parse(time.RFC3339, date.(string))
	check("read a date", err)
	return t.Unix()
}

func tokens() []attack {
	jwt := func(name string, header, payload object, key crypto.Signer) attack {
		return attack{name, valid, "ok", func(a *academy) []byte {
			a.addRSA()
			return token(header, payload, key)
		}}
	}
	return []attack{
		jwt("jwt-eddsa", header("EdDSA", keyID, "JWT"), claims(credential()), edKey("first")),
		jwt("jwt-es256", header("ES256", keyP256, "JWT"), claims(credential()), ecKey(elliptic.P256(), "first")),
		jwt("jwt-es384", header("ES384", keyP384, "JWT"), claims(credential()), ecKey(elliptic.P384(), "first")),
		jwt("jwt-rs256", header("RS256", keyRSA, "JWT"), claims(credential()), rsaKey()),
		jwt("vc-jwt", header("EdDSA", keyID, "vc+jwt"), statement(), edKey("first")),
	}
}

// addRSA adds an RSA key to the academy's document.
func (a *academy) addRSA() {
	d := a.document()
	d.VerificationMethod = append(d.VerificationMethod, did.VerificationMethod{ID: keyRSA, Type: "JsonWebKey", Controller: issuerID, PublicKeyJwk: jwk(rsaKey().Public())})
	d.AssertionMethod = append(d.AssertionMethod, keyRSA)
	a.publish(issuerID, d)
}

func pictures() []attack {
	return []attack{
		{"png", valid, "ok", func(a *academy) []byte { return bakedPNG(a.sign(credential())) }},
		{"png-jwt", valid, "ok", func(*academy) []byte {
			return bakedPNG(token(header("EdDSA", keyID, "JWT"), claims(credential()), edKey("first")))
		}},
		{"svg", valid, "ok", func(a *academy) []byte { return bakedSVG(a.sign(credential())) }},
		{"svg-jwt", valid, "ok", func(*academy) []byte {
			return bakedSVG(token(header("EdDSA", keyID, "JWT"), claims(credential()), edKey("first")))
		}},
	}
}

// pages are certificates for people, with the credential inside.
func pages() []attack {
	return []attack{
		{"pdf", valid, "ok", func(a *academy) []byte { return withPDF(a.sign(credential())) }},
		{"html", valid, "ok", func(a *academy) []byte { return withHTML(a.sign(credential())) }},
	}
}
