package cases

// claimAttacks change what the credential claims after it was signed, or claim
// in a shape that the data model or Open Badges 3.0 does not have.
func claimAttacks() []attack {
	// wrong puts a value where another type belongs; the credential is signed as
	// it was, so that only the order of checks decides the code.
	wrong := func(name, code, member string, value any) attack {
		return tamper(name, invalid, code, func(doc object) { doc[member] = value })
	}
	subject := func(name, code, member string, value any) attack {
		return tamper(name, invalid, code, func(doc object) {
			if subjectOf(doc)[member] = value; value == absent {
				delete(subjectOf(doc), member)
			}
		})
	}
	achievement := func(name, code, member string, value any) attack {
		return tamper(name, invalid, code, func(doc object) {
			if achievementOf(doc)[member] = value; value == absent {
				delete(achievementOf(doc), member)
			}
		})
	}
	issuer := func(name, code, member string, value any) attack {
		return tamper(name, invalid, code, func(doc object) {
			if at(doc, "issuer")[member] = value; value == absent {
				delete(at(doc, "issuer"), member)
			}
		})
	}
	remove := func(name, code, member string) attack {
		return tamper(name, invalid, code, func(doc object) { delete(doc, member) })
	}
	const changed = "signature-invalid"
	return []attack{
		subject("another-learner", changed, "id", "did:web:mallory.example"),
		subject("narrative-added", changed, "narrative", "With distinction."),
		achievement("another-achievement", changed, "name", "Brain surgery"),
		achievement("easier-criteria", changed, "criteria", object{"narrative": "None."}),
		issuer("another-issuer-name", changed, "name", "Example University"),
		issuer("another-issuer", "method-foreign", "id", "did:web:evil.example"),
		wrong("longer-validity", changed, "validUntil", "2099-01-01T00:00:00Z"),
		remove("no-end", changed, "validUntil"),
		wrong("earlier-award", changed, "awardedDate", "2001-01-01T00:00:00Z"),
		wrong("another-id", changed, "id", "urn:uuid:00000000-0000-4000-8000-000000000000"),
		remove("no-id", "signature-invalid & id-missing", "id"),
		wrong("second-subject", "signature-invalid & schema", "credentialSubject", []any{subjectOf(credential()), with(subjectOf(credential()), object{"id": "did:web:mallory.example"})}),

		signed("expired", invalid, "expired", func(doc object) { doc["validUntil"] = "2026-06-01T11:59:59Z" }),
		signed("ends-this-moment", valid, "ok", func(doc object) { doc["validUntil"] = "2026-06-01T12:00:00Z" }),
		signed("not-yet-valid", invalid, "not-yet-valid", func(doc object) { doc["validFrom"] = "2026-06-01T12:00:01Z" }),
		signed("begins-this-moment", valid, "ok", func(doc object) { doc["validFrom"] = "2026-06-01T12:00:00Z" }),
		signed("ends-with-another-zone", valid, "ok", func(doc object) { doc["validUntil"] = "2026-06-01T23:00:00+10:30" }),
		signed("validity-of-1996-days", valid, "ok", func(doc object) { doc["validUntil"] = "2096-02-29T00:00:00Z" }),
		wrong("until-30-february", "signature-invalid & date-malformed", "validUntil", "2027-02-30T00:00:00Z"),
		wrong("until-29-february-2027", "signature-invalid & date-malformed", "validUntil", "2027-02-29T00:00:00Z"),
		wrong("until-without-zone", "signature-invalid & date-malformed", "validUntil", "2028-01-15T09:00:00"),
		wrong("until-date-only", "signature-invalid & date-malformed", "validUntil", "2028-01-15"),
		wrong("until-25-hours", "signature-invalid & date-malformed", "validUntil", "2028-01-15T25:00:00Z"),
		wrong("until-leap-second", "signature-invalid & date-malformed", "validUntil", "2028-01-15T23:59:60Z"),
		wrong("until-small-t", "signature-invalid & date-malformed", "validUntil", "2028-01-15t09:00:00z"),
		wrong("until-space", "signature-invalid & date-malformed", "validUntil", "2028-01-15 09:00:00Z"),
		wrong("until-zone-99", "signature-invalid & date-malformed", "validUntil", "2028-01-15T09:00:00+99:00"),
		wrong("until-number", "signature-invalid & date-malformed", "validUntil", 1831539600),
		wrong("until-list", "date-malformed", "validUntil", []any{"2028-01-15T09:00:00Z"}),
		wrong("until-before-from", "signature-invalid & date-order", "validUntil", "2026-01-01T00:00:00Z"),

		wrong("type-string", "type-missing", "type", "OpenBadgeCredential"),
		wrong("type-without-vc", "type-missing", "type", []any{"OpenBadgeCredential"}),
		wrong("type-number", "ob-credential-type", "type", []any{"VerifiableCredential", 7}),
		wrong("type-nested", "ob-credential-type", "type", []any{"VerifiableCredential", []any{"OpenBadgeCredential"}}),
		wrong("type-empty", "ob-credential-type", "type", []any{}),
		wrong("type-relative", "type-undefined", "type", []any{"VerifiableCredential", "OpenBadgeCredential", "../x"}),
		remove("type-missing", "ob-credential-type", "type"),
		wrong("id-list", "id-malformed", "id", []any{"urn:uuid:0b9b3f3e-0d5b-4d2a-9a44-0f8b1f1a2c3d"}),
		wrong("id-number", "id-malformed", "id", 7),
		wrong("id-object", "id-malformed", "id", object{"id": "urn:x:y"}),
		remove("issuer-missing", "method-foreign & issuer-missing", "issuer"),
		wrong("issuer-number", "issuer-malformed", "issuer", 7),
		wrong("issuer-list", "method-foreign & issuer-malformed", "issuer", []any{at(credential(), "issuer")}),
		wrong("issuer-two", "method-foreign & issuer-malformed", "issuer", []any{at(credential(), "issuer"), "did:web:evil.example"}),
		wrong("issuer-string", "signature-invalid", "issuer", issuerID),
		wrong("issuer-not-a-url", "id-malformed", "issuer", object{"id": "Example Academy", "type": []any{"Profile"}}),
		issuer("issuer-type-wrong", "ob-issuer-type", "type", []any{"InvalidProfile"}),
		issuer("issuer-type-missing", "signature-invalid & ob-issuer-type", "type", absent),
		issuer("issuer-type-achievement", "signature-invalid & ob-issuer-type", "type", []any{"Achievement"}),
		issuer("issuer-name-object", "text-malformed", "name", object{"en": "Example Academy"}),
		issuer("issuer-image-string", "signature-invalid & ob-image", "image", "https://academy.example.org/logo.png"),
		issuer("issuer-id-missing", "method-foreign & issuer-malformed", "id", absent),
		remove("subject-missing", "signature-invalid & subject-missing", "credentialSubject"),
		wrong("subject-string", "signature-invalid & subject-malformed", "credentialSubject", "did:web:mallory.example"),
		wrong("subject-empty", "signature-invalid & subject-malformed", "credentialSubject", object{}),
		wrong("subject-empty-list", "signature-invalid & subject-missing", "credentialSubject", []any{}),
		subject("subject-type-wrong", "ob-subject-type", "type", []any{"InvalidSubject"}),
		subject("subject-type-missing", "ob-subject-type", "type", absent),
		subject("subject-type-profile", "ob-subject-type", "type", []any{"Profile"}),
		subject("subject-without-achievement", "signature-invalid & ob-achievement", "achievement", absent),
		subject("achievement-string", "signature-invalid & ob-achievement", "achievement", "https://academy.example.org/achievements/1"),
		subject("achievement-list", "signature-invalid & ob-achievement", "achievement", []any{achievementOf(credential()), achievementOf(credential())}),
		subject("identifier-unhashed-number", "signature-invalid & ob-identity", "identifier", []any{object{"type": "IdentityObject", "hashed": "true", "identityHash": "x", "identityType": "name"}}),
		subject("result-without-type", "ob-result", "result", []any{object{"value": "A"}}),
		achievement("achievement-type-missing", "ob-achievement-type", "type", absent),
		achievement("achievement-without-name", "signature-invalid & ob-achievement", "name", absent),
		achievement("achievement-without-criteria", "signature-invalid & ob-criteria", "criteria", absent),
		achievement("criteria-string", "ob-criteria", "criteria", "Make a stool."),
		achievement("criteria-empty", "signature-invalid & ob-criteria", "criteria", object{}),
		achievement("alignment-without-type", "ob-alignment", "alignment", []any{object{"targetName": "x", "targetUrl": "https://example.org/x"}}),
		achievement("tag-number", "signature-invalid & schema", "tag", []any{7}),
		achievement("credits-string", "signature-invalid & schema", "creditsAvailable", "3"),
		wrong("evidence-type-wrong", "ob-evidence-type", "evidence", []any{object{"type": []any{"InvalidEvidence"}, "name": "x"}}),
		wrong("evidence-type-missing", "signature-invalid & ob-evidence-type", "evidence", []any{object{"name": "x"}}),
		wrong("evidence-string", "signature-invalid & member-malformed", "evidence", "https://example.org/evidence"),
		wrong("evidence-number", "member-malformed", "evidence", []any{7}),
		wrong("schema-without-type", "signature-invalid & type-missing", "credentialSchema", []any{object{"id": "https://example.org/schema"}}),
		wrong("terms-without-type", "signature-invalid & type-missing", "termsOfUse", []any{object{"id": "https://example.org/terms"}}),
		wrong("refresh-without-type", "signature-invalid & type-missing", "refreshService", []any{object{"id": "https://example.org/refresh"}}),
		wrong("status-string", "signature-invalid & member-malformed", "credentialStatus", "https://example.org/status"),
		wrong("related-without-digest", "signature-invalid & related-malformed", "relatedResource", []any{object{"id": "https://example.org/x"}}),
		wrong("awarded-number", "signature-invalid & date-malformed", "awardedDate", 7),
		wrong("image-string", "signature-invalid & ob-image", "image", "https://example.org/badge.png"),
	}
}
