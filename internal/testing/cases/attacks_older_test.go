package cases

import (
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
	listed := func(entries ...any) object {
		return object{"id": url, "issuer": issuerID, "revokedCredential": entries}
	}
	return []attack{
		ims("not-listed", valid, "ok", listed(object{"id": "urn:x:y", "revoked": true})),
		ims("listed", invalid, "revoked", listed(object{"id": id, "revoked": true, "revocationReason": "error"})),
		ims("listed-bare", invalid, "revoked", listed(object{"id": id})),
		ims("of-another", invalid, "status-list-issuer", with(listed(), object{"issuer": "did:web:evil.example"})),
		ims("unavailable", undetermined, "status-unavailable", nil),
		ims("malformed", undetermined, "status-list-malformed", object{"issuer": issuerID}),
		old("not-revoked", valid, "ok", "6", nil),
		old("revoked", invalid, "revoked", "7", nil),
		old("other-purpose", invalid, "status-purpose", "6", func(doc object) { subjectOf(doc)["statusPurpose"] = "suspension" }),
		old("multibase", invalid, "status-list-malformed", "6", func(doc object) {
			subjectOf(doc)["encodedList"] = "u" + subjectOf(doc)["encodedList"].(string)
		}),
		old("stale", undetermined, "status-list-stale", "6", func(doc object) { doc["expirationDate"] = "2026-05-31T00:00:00Z" }),
		endorsedByToken("endorsement-token", valid, "ok", func(t []byte) []byte { return t }),
		endorsedByToken("endorsement-token-forged", invalid, "embedded-invalid", func(t []byte) []byte { return append(t[:len(t)-4], "AAAA"...) }),
	}
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
