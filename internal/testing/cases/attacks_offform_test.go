package cases

import (
	"slices"
	"strings"

	"laurel/internal/standards/vc"
)

// offFormAttacks come near what is judged although its form is wrong or not
// understood: that a signature is looked at must not make anything valid, and that
// something is not understood must not hide what is false.
func offFormAttacks() []attack {
	made := func(name, verdict, code string, make func(a *academy) object) attack {
		return attack{name, verdict, code, func(a *academy) []byte { return encode(make(a)) }}
	}
	// off is a badge with a picture that is no Image, as its issuer signed it.
	off := func(name, code string, changes object, change func(a *academy, doc object)) attack {
		return made(name, invalid, code, func(a *academy) object {
			doc := decode(a.sign(with(credential(), with(object{"image": "https://academy.example.org/badge.png"}, changes))))
			if change != nil {
				change(a, doc)
			}
			return doc
		})
	}
	// named is a JWT of the issuer's.
	named := func(name, verdict, code string, changes object) attack {
		return attack{name, verdict, code, func(*academy) []byte {
			return token(header("EdDSA", keyID, "vc+jwt"), with(credential(), changes), edKey("first"))
		}}
	}
	jcsOptions := options(object{"cryptosuite": "eddsa-jcs-2022"})
	inJCS := func(name, verdict, code string, changes, after object) attack {
		return made(name, verdict, code, func(a *academy) object {
			return with(a.secure(with(credential(), changes), jcsOptions, edKey("first")), after)
		})
	}
	strange := object{
		"type": "ExampleProof2019", "created": "2022-03-09T11:13:29.130168", "verificationMethod": keyID, "proofPurpose": "assertionMethod",
		"@context": object{"@vocab": "https://evil.example/#"}, "anchors": []any{object{"id": "not a url", "type": 7}},
	}
	good := func(a *academy) object { return decode(a.sign(credential())) }
	forged := func(a *academy) object {
		doc := good(a)
		achievementOf(doc)["name"] = "Surgery"
		return doc
	}
	shell := func(name, verdict, code string, changes object, credentials func(a *academy) []any) attack {
		return made(name, verdict, code, func(a *academy) object { return with(presentation(credentials(a)...), changes) })
	}
	one := func(make func(a *academy) object) func(a *academy) []any {
		return func(a *academy) []any { return []any{make(a)} }
	}
	text := func(name, verdict, code string, change func(s string) string) attack {
		return attack{name, verdict, code, func(a *academy) []byte { return []byte(change(string(a.sign(credential())))) }}
	}
	inline := func(terms string) func(s string) string {
		return func(s string) string {
			return strings.Replace(s, `"`+vc.ContextOB+`"`, `"`+vc.ContextOB+`",`+terms, 1)
		}
	}
	const words = "https://example.org/words#"
	return []attack{
		off("signed", "ob-image", nil, nil),
		off("forged", "signature-invalid & ob-image", nil, func(_ *academy, doc object) { achievementOf(doc)["name"] = "Surgery" }),
		off("of-another", "method-foreign & ob-image", nil, func(_ *academy, doc object) { at(doc, "issuer")["id"] = "did:web:evil.example" }),
		off("unsigned", "proof-missing & ob-image", nil, func(_ *academy, doc object) { delete(doc, "proof") }),
		off("expired", "expired & ob-image", object{"validUntil": "2026-05-01T00:00:00Z"}, nil),
		off("revoked", "revoked & ob-image", nil, func(a *academy, _ object) { a.documents[listURL] = a.list(nil, 94567) }),
		off("key-gone", "method-missing & ob-image", nil, func(_ *academy, doc object) { proofOf(doc)["verificationMethod"] = issuerID + "#key-9" }),
		off("purpose-of-a-presentation", "proof-purpose & ob-image", nil, func(_ *academy, doc object) { proofOf(doc)["proofPurpose"] = "authentication" }),
		made("proof-of-a-day", invalid, "date-malformed", func(a *academy) object {
			return a.secure(credential(), options(object{"created": "2026-06-01"}), edKey("first"))
		}),
		made("proof-of-a-day-by-another", invalid, "signature-invalid & date-malformed", func(a *academy) object {
			return a.secure(credential(), options(object{"created": "2026-06-01"}), edKey("evil"))
		}),
		// What is null is in no signature: it must neither take away nor add.
		tamper("null-added", invalid, "value-null", func(doc object) { subjectOf(doc)["creditsEarned"] = nil }),
		tamper("null-for-the-end", invalid, "signature-invalid & date-malformed", func(doc object) { doc["validUntil"] = nil }),
		tamper("null-for-the-award", invalid, "signature-invalid & date-malformed", func(doc object) { doc["awardedDate"] = nil }),
		tamper("null-in-a-list", invalid, "member-malformed", func(doc object) { doc["evidence"] = []any{nil} }),
		tamper("null-for-the-context", invalid, "context-first", func(doc object) { doc["@context"] = nil }),
		tamper("null-for-the-id", invalid, "id-malformed", func(doc object) { doc["id"] = nil }),
		tamper("null-in-the-proof", invalid, "proof-malformed & value-lost", func(doc object) { proofOf(doc)["domain"] = nil }),
		// Every word of a JWT and of canonical JSON is signed.
		named("words-of-its-own", valid, "ok", object{"schoolGrade": "A", "credentialSchema": object{"id": "https://example.org/s.json", "type": "OwnSchema2031"}}),
		named("words-read-elsewhere", undetermined, "words-unknown", object{"achievement": object{"name": "Surgery"}}),
		named("words-without-their-context", undetermined, "words-unknown", object{
			"@context": []any{vc.ContextVC}, "type": []any{"VerifiableCredential"}, "credentialSubject": object{"achievement": object{"name": "Surgery"}},
		}),
		named("words-as-addresses", undetermined, "words-unknown", object{words + "credentialStatus": "x"}),
		named("words-that-hide-a-status", undetermined, "words-unknown", object{"credentialStatus": absent, "https://www.w3.org/2018/credentials#credentialStatus": statusEntry(listURL, "revocation", "94567")}),
		named("words-of-json-ld", undetermined, "words-unknown", object{"@graph": []any{}}),
		named("words-and-expired", invalid, "expired", object{"schoolGrade": "A", "validUntil": "2026-05-01T00:00:00Z"}),
		named("words-without-end", undetermined, "words-unknown", manyWords(65)),
		named("words-in-a-large-document", undetermined, "words-unknown", with(manyWords(60), object{
			"evidence": slices.Repeat([]any{object{"type": []any{"Evidence"}, "name": "x"}}, 6_000),
		})),
		named("words-as-many-as-may-be", valid, "ok", manyWords(60)),
		named("words-inline", undetermined, "context-inline", object{"@context": []any{vc.ContextVC, vc.ContextOB, object{"schoolGrade": words + "grade"}}}),
		named("words-inline-that-say-the-same", undetermined, "context-inline", object{"@context": []any{vc.ContextVC, vc.ContextOB, object{
			"name": object{"@id": "https://schema.org/name", "@protected": true}, "description": "schema:description",
		}}}),
		named("words-inline-that-mean-nothing", invalid, "context-redefines", object{"@context": []any{vc.ContextVC, vc.ContextOB, object{"name": nil}}}),
		named("words-inline-that-redefine", invalid, "context-redefines", object{"@context": []any{vc.ContextVC, vc.ContextOB, object{"name": words + "name"}}}),
		named("context-missing", invalid, "context-missing", object{"@context": absent}),
		inJCS("canonical-json-with-words", valid, "ok", object{"schoolGrade": "A"}, nil),
		inJCS("canonical-json-words-changed", invalid, "signature-invalid", object{"schoolGrade": "A"}, object{"schoolGrade": "B"}),
		inJCS("canonical-json-words-added", invalid, "signature-invalid", nil, object{"schoolGrade": "A"}),
		inJCS("canonical-json-null-added", invalid, "signature-invalid & text-malformed", nil, object{"description": nil}),
		inJCS("canonical-json-of-inline-words", undetermined, "context-inline", object{"@context": []any{vc.ContextVC, vc.ContextOB, object{"schoolGrade": words + "grade"}}}, nil),
		made("canonical-json-beside-statements", invalid, "signature-invalid & term-undefined", func(a *academy) object {
			doc := a.secure(with(credential(), object{"proof": absent}), options(nil), edKey("first"))
			return a.secure(with(doc, object{"schoolGrade": "A"}), jcsOptions, edKey("evil"))
		}),
		made("direction", undetermined, "direction-unsigned", func(a *academy) object {
			doc := decode(a.sign(with(statement(), object{"name": object{"@value": "Ana", "@language": "ar"}})))
			return with(doc, object{"name": object{"@value": "Ana", "@language": "ar", "@direction": "rtl"}})
		}),
		{"direction-in-a-token", valid, "ok", func(*academy) []byte {
			return token(header("EdDSA", keyID, "vc+jwt"), with(statement(), object{"name": object{"@value": "Ana", "@language": "ar", "@direction": "rtl"}}), edKey("first"))
		}},
		// Proofs that are not known: they vouch for nothing, and take nothing away.
		tamper("strange-proof", undetermined, "suite-unsupported", func(doc object) { doc["proof"] = strange }),
		tamper("strange-proof-with-two-types", undetermined, "suite-unsupported", func(doc object) {
			doc["proof"] = []any{with(strange, object{"type": []any{"ExampleProof2019", "Ed25519Signature2031"}})}
		}),
		tamper("strange-proof-and-a-known-type", invalid, "proof-malformed & id-malformed", func(doc object) {
			doc["proof"] = []any{with(strange, object{"type": []any{"ExampleProof2019", "DataIntegrityProof"}})}
		}),
		// Known, but in words that no context of the document defines.
		tamper("proof-without-its-words", undetermined, "suite-unsupported", func(doc object) {
			doc["proof"] = []any{object{"type": "JsonWebSignature2020", "created": "2026-05-01T12:00:00Z", "verificationMethod": keyID,
				"proofPurpose": "assertionMethod", "jws": "eyJhbGciOiJFZERTQSIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19.." + base64url(make([]byte, 64))}}
		}),
		tamper("proof-without-its-words-and-expired", invalid, "expired", func(doc object) {
			doc["validUntil"] = "2026-05-01T00:00:00Z"
			doc["proof"] = []any{object{"type": "JsonWebSignature2020", "created": "2026-05-01T12:00:00Z", "verificationMethod": keyID,
				"proofPurpose": "assertionMethod", "jws": "eyJhbGciOiJFZERTQSIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19.." + base64url(make([]byte, 64))}}
		}),
		tamper("strange-suite", undetermined, "suite-unsupported", func(doc object) {
			doc["proof"] = with(strange, object{"type": "DataIntegrityProof", "cryptosuite": "example-proof-2019"})
		}),
		tamper("strange-suite-of-no-name", invalid, "proof-malformed & id-malformed", func(doc object) {
			doc["proof"] = with(strange, object{"type": "DataIntegrityProof", "cryptosuite": ""})
		}),
		tamper("strange-suite-before-a-false-one", invalid, "signature-invalid", func(doc object) {
			doc["proof"] = []any{with(strange, object{"type": "DataIntegrityProof", "cryptosuite": "example-proof-2019"}), proofOf(doc)}
			doc["awardedDate"] = "2001-01-01T00:00:00Z"
		}),
		tamper("strange-proof-beside", undetermined, "suite-unsupported", func(doc object) { doc["proof"] = append(doc["proof"].([]any), strange) }),
		tamper("strange-proof-before-a-false-one", invalid, "signature-invalid", func(doc object) {
			doc["proof"] = []any{strange, proofOf(doc)}
			doc["awardedDate"] = "2001-01-01T00:00:00Z"
		}),
		tamper("strange-proof-and-expired", invalid, "expired", func(doc object) {
			doc["proof"] = strange
			doc["validUntil"] = "2026-05-01T00:00:00Z"
		}),
		tamper("strange-proof-and-off-form", invalid, "ob-image", func(doc object) {
			doc["proof"] = strange
			doc["image"] = "https://academy.example.org/badge.png"
		}),
		tamper("inline-and-expired", invalid, "expired", func(doc object) {
			doc["@context"] = append(doc["@context"].([]any), object{"schoolGrade": words + "grade"})
			doc["validUntil"] = "2026-05-01T00:00:00Z"
		}),
		// Terms of a context may differ in case alone; members may not, and no name
		// may be there twice.
		text("terms-differ-in-case", undetermined, "context-inline", inline(`{"Course":"`+words+`Course","course":"`+words+`course"}`)),
		text("terms-deep-differ-in-case", undetermined, "context-inline", inline(`{"Course":{"@id":"`+words+`Course","@context":{"Unit":"`+words+`Unit","unit":"`+words+`unit"}}}`)),
		text("terms-twice", invalid, "json-duplicate-name", inline(`{"course":"`+words+`course","course":"`+words+`Course"}`)),
		text("contexts-differ-in-case", invalid, "json-duplicate-name", func(s string) string { return `{"@CONTEXT":[],` + s[1:] }),
		text("members-differ-in-case-beside-a-context", invalid, "json-duplicate-name", func(s string) string {
			return strings.Replace(s, `"credentialSubject":{`, `"credentialSubject":{"@context":{"A":"x:y","a":"x:y"},"ID":"did:web:mallory.example",`, 1)
		}),
		// Whatever ails a presentation, its credentials are judged.
		shell("presentation-id-of-none", invalid, "id-malformed", object{"id": "the first"}, one(good)),
		shell("presentation-id-of-none-and-forged", invalid, "embedded-invalid & id-malformed", object{"id": "the first"}, one(forged)),
		shell("presentation-strange-proof", undetermined, "suite-unsupported", object{"proof": strange, "holder": holderID}, one(good)),
		shell("presentation-strange-proof-and-forged", invalid, "embedded-invalid", object{"proof": strange, "holder": holderID}, one(forged)),
		shell("presentation-in-a-blockchain-and-forged", invalid, "embedded-invalid", object{"proof": with(strange, object{"type": "MerkleProof2019"}), "holder": holderID}, one(forged)),
		shell("presentation-inline", undetermined, "context-inline", object{"@context": []any{vc.ContextVC, object{"@vocab": words}}}, one(good)),
		shell("presentation-with-words", valid, "ok", object{"note": "hello"}, one(good)),
		shell("presentation-with-words-of-a-badge", undetermined, "words-unknown", object{"achievement": "Surgery"}, one(good)),
		shell("presentation-of-two-models", invalid, "embedded-invalid & version-mix", object{"@context": []any{vc.ContextVC, context1}}, one(forged)),
		made("presentation-false-and-forged", invalid, "signature-invalid", func(a *academy) object {
			return with(a.present(presentation(forged(a))), object{"id": "urn:uuid:00000000-0000-4000-8000-000000000000"})
		}),
		// The same for what is inside of a credential.
		record("record-of-an-off-form", invalid, "embedded-invalid", func(a *academy, inner object) object {
			return decode(a.sign(with(inner, object{"proof": absent, "image": "https://academy.example.org/badge.png"})))
		}),
		endorsedByToken("endorsement-with-words", valid, "ok", func([]byte) []byte {
			return token(header("EdDSA", guildKey, "vc+jwt"), with(endorsement(), object{"schoolGrade": "A"}), edKey("guild"))
		}),
		endorsedByToken("endorsement-with-words-of-a-badge", undetermined, "embedded-undetermined", func([]byte) []byte {
			return token(header("EdDSA", guildKey, "vc+jwt"), with(endorsement(), object{"achievement": "A"}), edKey("guild"))
		}),
		endorsedByToken("endorsement-lapsed-and-not-understood", undetermined, "embedded-undetermined", func([]byte) []byte {
			return token(header("EdDSA", guildKey, "vc+jwt"), with(endorsement(), object{"achievement": "A", "validUntil": "2026-05-01T00:00:00Z"}), edKey("guild"))
		}),
		endorsedByToken("endorsement-with-words-and-false", invalid, "embedded-invalid", func([]byte) []byte {
			return token(header("EdDSA", guildKey, "vc+jwt"), with(endorsement(), object{"schoolGrade": "A"}), edKey("evil"))
		}),
		// Off-form lists of statuses: a bit that the issuer set counts.
		{"nine-statuses-one-revoked", invalid, "revoked & schema", func(a *academy) []byte {
			a.documents[listURL] = a.list(nil, 94567)
			doc := credential()
			doc["credentialStatus"] = slices.Repeat([]any{doc["credentialStatus"]}, 9)
			return token(header("EdDSA", keyID, "vc+jwt"), doc, edKey("first"))
		}},
	}
}

// manyWords are members that no context defines.
func manyWords(n int) object {
	words := object{}
	for i := range n {
		words["word"+strings.Repeat("x", i)] = "?"
	}
	return words
}
