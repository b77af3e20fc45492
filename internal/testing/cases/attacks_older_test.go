package cases

import (
	"encoding/base64"
	"slices"

	"laurel/internal/standards/vc"
)

// olderStatuses are the ways of revoking that came before the bitstring status
// list, and endorsements as tokens.
func olderStatuses() []attack {
	const url = "https://academy.example.org/revoked.json"
	const context2021 = "https://w3id.org/vc/status-list/2021/v1"
	const extensions = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"
	id := credential()["id"]
	// ims is a credential whose status is in a list that nobody signs.
	ims := func(name, verdict, code string, list any) attack {
		return attack{"1edtech-" + name, verdict, code, func(a *academy) []byte {
			if list != nil {
				a.documents[url] = encode(list)
			}
			return a.sign(with(credential(), object{
				"@context":         []any{vc.ContextVC, vc.ContextOB, extensions},
				"credentialStatus": object{"id": url, "type": "1EdTechRevocationList"},
			}))
		}}
	}
	// old is a credential with an entry of 2021, and the list that change makes
	// of a good one.
	old := func(name, verdict, code, index string, change func(doc object)) attack {
		return attack{"2021-" + name, verdict, code, func(a *academy) []byte {
			bits := vc.NewBitstring(vc.ListLength)
			bits.Set(7, true)
			encoded, err := bits.Encode()
			check("write bits", err)
			doc := object{
				"@context": []any{context1, context2021}, "id": listURL,
				"type": []any{"VerifiableCredential", "StatusList2021Credential"}, "issuer": issuerID, "issuanceDate": "2026-05-01T00:00:00Z",
				"credentialSubject": object{"id": listURL + "#list", "type": "StatusList2021", "statusPurpose": "revocation", "encodedList": encoded[1:]},
			}
			if change != nil {
				change(doc)
			}
			a.documents[listURL] = token(header("EdDSA", keyID, "JWT"), object{"iss": issuerID, "vc": doc}, edKey("first"))
			return token(header("EdDSA", keyID, "vc+jwt"), with(credential(), object{
				"@context":         []any{vc.ContextVC, vc.ContextOB, context2021},
				"credentialStatus": with(statusEntry(listURL, "revocation", index), object{"type": "StatusList2021Entry"}),
			}), edKey("first"))
		}}
	}
	// newer is a credential with an entry of 2021 that names a list of today.
	newer := func(a *academy, set ...int) []byte {
		a.documents[listURL] = a.list(nil, set...)
		return a.sign(with(credential(), object{
			"@context":         []any{vc.ContextVC, vc.ContextOB, context2021},
			"credentialStatus": with(statusEntry(listURL, "revocation", "7"), object{"type": "StatusList2021Entry"}),
		}))
	}
	// both is a credential with two kinds of entries for one URL, where there is a list of
	// one of the kinds.
	both := func(name, verdict, code string, names, turned bool) attack {
		return attack{"1edtech-" + name, verdict, code, func(a *academy) []byte {
			a.documents[listURL] = a.list(nil)
			if names {
				a.documents[listURL] = encode(object{"id": listURL, "issuer": issuerID, "revokedCredential": []any{}})
			}
			entries := []any{statusEntry(listURL, "revocation", "7"), object{"id": listURL, "type": "1EdTechRevocationList"}}
			if turned {
				slices.Reverse(entries)
			}
			return a.sign(with(statement(), object{"@context": []any{vc.ContextVC, vc.ContextOB, extensions}, "credentialStatus": entries}))
		}}
	}
	listed := func(entries ...any) object {
		return object{"id": url, "issuer": issuerID, "revokedCredential": entries}
	}
	return []attack{
		ims("not-listed", valid, "ok", listed(object{"id": "urn:x:y", "revoked": true})),
		ims("listed", invalid, "revoked", listed(object{"id": id, "revoked": true, "revocationReason": "error"})),
		ims("listed-bare", invalid, "revoked", listed(object{"id": id})),
		ims("of-another", undetermined, "status-list-issuer", with(listed(), object{"issuer": "did:web:evil.example"})),
		ims("of-another-listed", undetermined, "status-list-issuer", with(listed(object{"id": id}), object{"issuer": "did:web:evil.example"})),
		ims("of-nobody", undetermined, "status-list-issuer", with(listed(), object{"issuer": absent})),
		ims("entry-without-id", undetermined, "status-list-malformed", listed(object{"revoked": true})),
		ims("listed-beside-one-without-id", invalid, "revoked", listed(object{"revoked": true}, object{"id": id})),
		ims("listed-twice", invalid, "revoked", listed(object{"id": id}, object{"id": id, "revoked": false})),
		ims("unavailable", undetermined, "status-unavailable", nil),
		ims("malformed", undetermined, "status-list-malformed", object{"issuer": issuerID}),
		// What one of the two takes for a list is none for the other, whichever is looked at first.
		both("bits-at-both", undetermined, "status-list-malformed", false, false),
		both("bits-at-both-in-turn", undetermined, "status-list-malformed", false, true),
		both("names-at-both", undetermined, "status-list-malformed", true, false),
		both("names-at-both-in-turn", undetermined, "status-list-malformed", true, true),
		old("not-revoked", valid, "ok", "6", nil),
		old("revoked", invalid, "revoked", "7", nil),
		old("other-purpose", undetermined, "status-purpose", "6", func(doc object) { subjectOf(doc)["statusPurpose"] = "suspension" }),
		old("multibase", valid, "ok", "6", func(doc object) {
			subjectOf(doc)["encodedList"] = "u" + subjectOf(doc)["encodedList"].(string)
		}),
		old("multibase-revoked", invalid, "revoked", "7", func(doc object) {
			subjectOf(doc)["encodedList"] = "u" + subjectOf(doc)["encodedList"].(string)
		}),
		old("standard", valid, "ok", "6", func(doc object) { subjectOf(doc)["encodedList"] = inStandard(doc, base64.StdEncoding) }),
		old("standard-revoked", invalid, "revoked", "7", func(doc object) { subjectOf(doc)["encodedList"] = inStandard(doc, base64.RawStdEncoding) }),
		old("padded-twice", undetermined, "status-list-malformed", "7", func(doc object) {
			subjectOf(doc)["encodedList"] = inStandard(doc, base64.StdEncoding) + "===="
		}),
		old("two-alphabets", undetermined, "status-list-malformed", "7", func(doc object) {
			subjectOf(doc)["encodedList"] = inStandard(doc, base64.RawStdEncoding) + "-+"
		}),
		{"2021-entry-of-a-newer-list", undetermined, "status-list-malformed", func(a *academy) []byte { return newer(a) }},
		{"2021-entry-of-a-newer-list-revoked", invalid, "revoked", func(a *academy) []byte { return newer(a, 7) }},
		old("stale", undetermined, "status-list-stale", "6", func(doc object) { doc["expirationDate"] = "2026-05-31T00:00:00Z" }),
		endorsedByToken("endorsement-token", valid, "ok", func(t []byte) []byte { return t }),
		endorsedByToken("endorsement-token-forged", invalid, "embedded-invalid", func(t []byte) []byte { return append(t[:len(t)-4], "AAAA"...) }),
	}
}

// inStandard are the bits of a list in another base64 than base64url.
func inStandard(doc object, to *base64.Encoding) string {
	return to.EncodeToString(unbase64(subjectOf(doc)["encodedList"].(string)))
}

// endorsedByToken is a credential in a JWT, with an endorsement in a JWT.
func endorsedByToken(name, verdict, code string, change func(token []byte) []byte) attack {
	return attack{name, verdict, code, func(*academy) []byte {
		inner := change(token(header("EdDSA", guildKey, "vc+jwt"), endorsement(), edKey("guild")))
		doc := credential()
		doc["endorsementJwt"] = []any{string(inner)}
		return token(header("EdDSA", keyID, "vc+jwt"), doc, edKey("first"))
	}}
}
