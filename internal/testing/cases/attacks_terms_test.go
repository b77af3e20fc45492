package cases

import (
	"slices"

	"laurel/internal/standards/vc"
)

// termAttacks leave the signed statements alone, or seem to, and change what a
// reader of the JSON sees.
func termAttacks() []attack {
	contexts := func(more ...any) []any { return append([]any{vc.ContextVC, vc.ContextOB}, more...) }
	context := func(name, verdict, code string, value any) attack {
		return tamper(name, verdict, code, func(doc object) { doc["@context"] = value })
	}
	member := func(name, code, member string, value any) attack {
		return tamper(name, invalid, code, func(doc object) { doc[member] = value })
	}
	subject := func(name, code, member string, value any) attack {
		return tamper(name, invalid, code, func(doc object) { subjectOf(doc)[member] = value })
	}
	return []attack{
		context("vocab-injected", undetermined, "context-inline", contexts(object{"@vocab": "https://evil.example/#"})),
		context("vocab-injected-before", invalid, "context-first", append([]any{object{"@vocab": "https://evil.example/#"}}, contexts()...)),
		context("base-injected", undetermined, "context-inline", contexts(object{"@base": "https://evil.example/"})),
		context("terms-swapped", invalid, "context-redefines", contexts(object{"name": "https://schema.org/description", "description": "https://schema.org/name"})),
		context("propagate", undetermined, "context-inline", contexts(object{"@propagate": false})),
		context("empty-inline", undetermined, "context-inline", contexts(object{})),
		context("null-context", invalid, "context-malformed", contexts(nil)),
		context("number-context", invalid, "context-malformed", contexts(1)),
		context("unknown-context", undetermined, "context-unknown", contexts("https://evil.example/context")),
		context("almost-known-context", undetermined, "context-unknown", contexts("https://www.w3.org/ns/credentials/v2#")),
		context("known-context-http", undetermined, "context-unknown", contexts("http://www.w3.org/ns/credentials/v2")),
		context("relative-context", invalid, "context-malformed", contexts("context.json")),
		// It gives every word a meaning, and no word of the document another.
		context("undefined-terms", valid, "ok", contexts(undefinedTerms)),
		tamper("undefined-terms-with-a-word", invalid, "signature-invalid", func(doc object) {
			doc["@context"] = contexts(undefinedTerms)
			subjectOf(doc)["grade"] = "A"
		}),
		tamper("undefined-terms-with-a-type", invalid, "signature-invalid", func(doc object) {
			doc["@context"] = contexts(undefinedTerms)
			doc["type"] = append(doc["type"].([]any), "Masterpiece")
		}),
		tamper("undefined-terms-for-those-of-badges", invalid, "signature-invalid & schema", func(doc object) { doc["@context"] = []any{vc.ContextVC, undefinedTerms} }),
		context("dcc-context-conflicts", invalid, "context-conflict", contexts("https://w3id.org/dcc/v1")),
		context("blockcerts-context-conflicts", invalid, "context-conflict", contexts("https://w3id.org/blockcerts/v3")),
		context("blockcerts-context-in-front", invalid, "context-first", append([]any{"https://w3id.org/blockcerts/v3.2"}, contexts()...)),
		learning("dcc", valid, "ok", func(object) {}),
		learning("dcc-course-changed", invalid, "signature-invalid", func(doc object) { courseOf(doc)["name"] = "Surgery" }),
		learning("dcc-course-turned-round", invalid, "signature-invalid", func(doc object) {
			credential := at(doc, "credentialSubject", "hasCredential")
			credential["educationalCredentialAwarded"] = credential["awardedOnCompletionOf"]
			delete(credential, "awardedOnCompletionOf")
		}),
		learning("dcc-course-a-text", invalid, "value-lost", func(doc object) { at(doc, "credentialSubject", "hasCredential")["awardedOnCompletionOf"] = "Surgery" }),
		learning("dcc-course-a-value", invalid, "value-lost", func(doc object) {
			at(doc, "credentialSubject", "hasCredential")["awardedOnCompletionOf"] = object{"@value": "Surgery"}
		}),
		learning("dcc-course-null", invalid, "signature-invalid & value-null", func(doc object) { at(doc, "credentialSubject", "hasCredential")["awardedOnCompletionOf"] = nil }),
		learning("dcc-second-course-added", invalid, "signature-invalid", func(doc object) {
			at(doc, "credentialSubject", "hasCredential")["awardedOnCompletionOf"] = []any{courseOf(doc), object{"type": "Course", "name": "Surgery"}}
		}),
		context("one-context-less", invalid, "type-undefined", []any{vc.ContextVC}),
		context("context-twice", undetermined, "expansion-failed", contexts(vc.ContextVC)),
		context("contexts-swapped", invalid, "context-first", []any{vc.ContextOB, vc.ContextVC}),
		context("context-of-1.1-in-front", invalid, "version-mix", append([]any{"https://www.w3.org/2018/credentials/v1"}, contexts()...)),
		context("context-empty", invalid, "context-first", []any{}),
		context("context-object", invalid, "context-first", object{"@vocab": "https://evil.example/#"}),
		context("older-badge-context", invalid, "context-conflict", []any{vc.ContextVC, "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json"}),
		tamper("context-removed", invalid, "context-missing", func(doc object) { delete(doc, "@context") }),
		tamper("context-nested", undetermined, "context-inline", func(doc object) { subjectOf(doc)["@context"] = vc.ContextVC }),
		tamper("context-nested-vocab", undetermined, "context-inline", func(doc object) { subjectOf(doc)["@context"] = object{"@vocab": "https://evil.example/#"} }),
		member("undefined-term", "term-undefined", "grade", "A"),
		subject("undefined-term-inside", "term-undefined", "grade", "A"),
		member("undefined-type", "type-undefined", "type", []any{"VerifiableCredential", "OpenBadgeCredential", "DoctorOfMedicine"}),
		member("iri-as-term", "term-undefined", "https://schema.org/name", "Surgery"),
		member("compact-iri-as-term", "term-undefined", "schema:name", "Surgery"),
		member("term-in-capitals", "term-undefined", "AWARDEDDATE2", "x"),
		member("keyword-graph", "keyword-forbidden", "@graph", []any{}),
		member("keyword-id", "keyword-forbidden", "@id", "urn:uuid:0b9b3f3e-0d5b-4d2a-9a44-0f8b1f1a2c3d"),
		member("keyword-type", "keyword-forbidden", "@type", "OpenBadgeCredential"),
		member("keyword-included", "keyword-forbidden", "@included", []any{object{"id": "urn:x:y"}}),
		member("keyword-reverse", "keyword-forbidden", "@reverse", object{"issuer": []any{}}),
		member("keyword-nest", "keyword-forbidden", "@nest", object{"name": "Surgery"}),
		member("keyword-unknown", "keyword-forbidden", "@future", "x"),
		subject("keyword-index", "keyword-forbidden", "@index", "x"),
		subject("keyword-set", "keyword-forbidden", "@set", []any{}),
		subject("keyword-list", "keyword-forbidden", "@list", []any{}),
		member("relative-evidence", "id-malformed", "evidence", []any{object{"id": "work.pdf", "type": []any{"Evidence"}}}),
		subject("relative-subject", "id-malformed", "id", "learners/1"),
		subject("fragment-subject", "id-malformed", "id", "#me"),
		subject("blank-subject", "signature-invalid & id-malformed", "id", "_:b0"),
		member("relative-id", "id-malformed", "id", "credentials/1"),
		member("id-with-space", "id-malformed", "id", "urn:uuid:0b9b3f3e 0d5b"),
		member("name-null", "signature-invalid & text-malformed", "name", nil),
		member("status-null", "signature-invalid & member-malformed", "credentialStatus", nil),
		member("status-empty", "signature-invalid & member-malformed", "credentialStatus", []any{}),
		member("name-number", "signature-invalid & text-malformed", "name", 7),
		member("name-list", "signature-invalid & schema", "name", []any{"Woodworking", "Surgery"}),
		member("name-language", "signature-invalid & schema", "name", object{"@value": "Woodworking", "@language": "en"}),
		member("name-bad-language", "text-malformed", "name", object{"@value": "Woodworking", "@language": "not a language"}),
		member("name-direction", "schema", "name", object{"@value": "Woodworking", "@direction": "ltr"}),
		member("name-value-and-id", "text-malformed", "name", object{"@value": "Woodworking", "@id": "https://evil.example/"}),
		tamper("name-value-object", invalid, "schema", func(doc object) { doc["name"] = object{"@value": "Woodworking"} }),
		// The vocabulary of Open Badges says that both types are one class.
		tamper("type-of-the-same-class", valid, "ok", func(doc object) {
			doc["type"] = []any{"VerifiableCredential", "AchievementCredential"}
		}),
		tamper("types-turned-round", valid, "ok", func(doc object) { slices.Reverse(doc["type"].([]any)) }),
		tamper("criteria-in-an-array", invalid, "ob-criteria", func(doc object) { achievementOf(doc)["criteria"] = []any{achievementOf(doc)["criteria"]} }),
		elsewhere("status-told-of-a-related-node", "node-repeated", "credentialStatus"),
		elsewhere("end-told-of-a-related-node", "node-repeated", "validUntil"),
		elsewhere("subject-told-of-a-related-node", "subject-missing", "credentialSubject"),
		tamper("type-without-an-array", valid, "ok", func(doc object) { at(doc, "issuer")["type"] = "Profile" }),
	}
}

// elsewhere moves a member to another object of the same id: an issuer could have
// signed statements that stay as they were, and who looks for the member in its
// place finds none.
func elsewhere(name, code, member string) attack {
	return tamper(name, invalid, code, func(doc object) {
		doc["evidence"] = []any{object{"id": doc["id"], "type": []any{"Evidence", "VerifiableCredential"}, member: doc[member]}}
		delete(doc, member)
	})
}

const undefinedTerms = "https://www.w3.org/ns/credentials/undefined-terms/v2"

// learning is a credential in the vocabulary of the Digital Credentials Consortium,
// changed after it was signed. Its course is named the wrong way round, by a term with
// @reverse.
func learning(name, verdict, code string, change func(doc object)) attack {
	return attack{name, verdict, code, func(a *academy) []byte {
		doc := a.secure(object{
			"@context":     []any{context1, "https://w3id.org/security/suites/ed25519-2020/v1", "https://w3id.org/dcc/v1"},
			"id":           "urn:uuid:0f7ce9ee-3d34-44b6-8a5c-2b54a3dbf1f9",
			"type":         []any{"VerifiableCredential", "LearningCredential"},
			"issuer":       object{"id": issuerID, "type": "Issuer", "name": "Example Academy"},
			"issuanceDate": "2026-01-15T09:00:00Z",
			"credentialSubject": object{
				"id": "did:key:z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi", "type": "Person", "name": "Ana Example",
				"hasCredential": object{
					"type": []any{"EducationalOccupationalCredential", "ProgramCompletionCredential"}, "name": "Woodworking",
					"awardedOnCompletionOf": object{"type": "EducationalOccupationalProgram", "name": "Woodworking in twelve weeks"},
				},
			},
		}, options(object{"type": "Ed25519Signature2020", "cryptosuite": absent}), edKey("first"))
		change(doc)
		return encode(doc)
	}}
}

func courseOf(doc object) object {
	return at(doc, "credentialSubject", "hasCredential", "awardedOnCompletionOf")
}
