package cases

import (
	"bytes"
	"fmt"

	"laurel/internal/standards/vc"
)

// embeddedAttacks are credentials within a credential: endorsements, and the
// credentials of a comprehensive learner record. Each counts.
func embeddedAttacks() []attack {
	endorsed := func(name, verdict, code string, make func(a *academy) []any) attack {
		return attack{name, verdict, code, func(a *academy) []byte {
			doc := credential()
			achievementOf(doc)["endorsement"] = make(a)
			return a.sign(doc)
		}}
	}
	one := func(name, verdict, code string, changes object, after func(doc object)) attack {
		return endorsed(name, verdict, code, func(a *academy) []any {
			doc := decode(a.signAs(with(endorsement(), changes), guildKey, edKey("guild")))
			if after != nil {
				after(doc)
			}
			return []any{doc}
		})
	}
	const second = "urn:uuid:51d0c6d0-31b3-44a4-8a8c-8f8ef44d7f01"
	good := func(a *academy) object { return decode(a.signAs(endorsement(), guildKey, edKey("guild"))) }
	return []attack{
		one("endorsed", valid, "ok", nil, nil),
		one("endorsement-lapsed", valid, "ok", object{"validUntil": "2026-05-01T00:00:00Z"}, nil),
		one("endorsement-not-yet", valid, "ok", object{"validFrom": "2026-07-01T00:00:00Z"}, nil),
		one("endorsement-forged", invalid, "embedded-invalid", nil, func(doc object) { doc["name"] = "The best course of all" }),
		one("endorsement-lapsed-and-forged", invalid, "embedded-invalid", object{"validUntil": "2026-05-01T00:00:00Z"}, func(doc object) { doc["name"] = "The best course of all" }),
		one("endorsement-unsigned", invalid, "embedded-invalid", nil, func(doc object) { delete(doc, "proof") }),
		one("endorsement-of-a-future-suite", undetermined, "embedded-undetermined", nil, func(doc object) { proofOf(doc)["cryptosuite"] = "future-2031" }),
		endorsed("good-and-forged", invalid, "embedded-invalid", func(a *academy) []any {
			return []any{good(a), with(good(a), object{"id": second})}
		}),
		endorsed("endorsement-with-key-of-another", invalid, "embedded-invalid", func(a *academy) []any {
			return []any{decode(a.signAs(endorsement(), keyID, edKey("first")))}
		}),
		endorsed("endorsement-of-nobody", undetermined, "embedded-undetermined", func(a *academy) []any {
			return []any{decode(a.signAs(with(endorsement(), object{"issuer": "did:web:nowhere.example"}), "did:web:nowhere.example#key-1", edKey("guild")))}
		}),
		endorsed("endorsement-string", invalid, "schema", func(*academy) []any { return []any{"urn:uuid:51d0c6d0-31b3-44a4-8a8c-8f8ef44d7f00"} }),
		{"seventeen-with-the-same-endorsement", valid, "ok", func(a *academy) []byte {
			var many []any
			for i := range 17 {
				doc := credential()
				doc["id"] = fmt.Sprintf("urn:uuid:51d0c6d0-31b3-44a4-8a8c-8f8ef44d8f%02d", i)
				achievementOf(doc)["endorsement"] = []any{good(a)}
				many = append(many, decode(a.sign(doc)))
			}
			return encode(presentation(many...))
		}},
		endorsed("seventeen-endorsements", undetermined, "embedded-too-many", func(a *academy) []any {
			var many []any
			for i := range 17 {
				id := fmt.Sprintf("urn:uuid:51d0c6d0-31b3-44a4-8a8c-8f8ef44d7f%02d", i)
				many = append(many, decode(a.signAs(with(endorsement(), object{"id": id}), guildKey, edKey("guild"))))
			}
			return many
		}),
		{"endorsement-swapped", invalid, "signature-invalid", func(a *academy) []byte {
			doc := credential()
			achievementOf(doc)["endorsement"] = []any{good(a)}
			doc = decode(a.sign(doc))
			achievementOf(doc)["endorsement"] = []any{decode(a.signAs(with(endorsement(), object{"id": second}), guildKey, edKey("guild")))}
			return encode(doc)
		}},
		record("record", valid, "ok", nil),
		record("record-with-a-forged", invalid, "embedded-invalid", func(_ *academy, inner object) object {
			achievementOf(inner)["name"] = "Surgery"
			return inner
		}),
		record("record-with-an-unsigned", invalid, "embedded-invalid", func(_ *academy, inner object) object {
			return with(inner, object{"proof": absent})
		}),
		record("record-of-somebody-else", valid, "ok", func(a *academy, _ object) object {
			other := credential()
			other["credentialSubject"].(object)["id"] = "did:web:ben.example.org"
			return decode(a.sign(other))
		}),
		// An endorsement may stand in every credential of a record, but not twice in
		// two versions, even where each is good.
		{"record-of-endorsed", valid, "ok", func(a *academy) []byte { return a.sign(clr(twoEndorsed(a, good(a), good(a))...)) }},
		{"record-of-endorsed-in-two-ways", invalid, "node-repeated", func(a *academy) []byte {
			other := decode(a.signAs(with(endorsement(), object{"name": "Another"}), guildKey, edKey("guild")))
			whole := a.sign(clr(twoEndorsed(a, good(a), good(a))...))
			return bytes.Replace(whole, encode(good(a)), encode(other), 1)
		}},
		record("record-with-a-revoked", valid, "ok", func(a *academy, inner object) object {
			a.documents[listURL] = a.list(nil, 94567)
			return inner
		}),
	}
}

// twoEndorsed are two credentials, each with its endorsement.
func twoEndorsed(a *academy, endorsements ...object) []any {
	var list []any
	for i, e := range endorsements {
		doc := credential()
		doc["id"] = fmt.Sprintf("urn:uuid:51d0c6d0-31b3-44a4-8a8c-8f8ef44d9f%02d", i)
		achievementOf(doc)["endorsement"] = []any{e}
		list = append(list, decode(a.sign(doc)))
	}
	return list
}

// record is a ClrCredential of one credential, which change may change before
// the whole is signed.
func record(name, verdict, code string, change func(a *academy, inner object) object) attack {
	return attack{name, verdict, code, func(a *academy) []byte {
		inner := decode(a.sign(credential()))
		if change != nil {
			inner = change(a, inner)
		}
		return a.sign(clr(inner))
	}}
}

// clr is a comprehensive learner record of these credentials, unsigned.
func clr(credentials ...any) object {
	doc := with(credential(), object{
		"@context":         []any{vc.ContextVC, "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json", vc.ContextOB},
		"id":               "urn:uuid:7a3c1d52-5a43-4d6d-9d1b-6f5f8f0e7c11",
		"type":             []any{"VerifiableCredential", "ClrCredential"},
		"name":             "Record of 2026",
		"credentialStatus": statusEntry(listURL, "revocation", "1234"),
		"credentialSubject": object{
			"id": "did:key:z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi", "type": []any{"ClrSubject"},
			"verifiableCredential": credentials,
		},
	})
	delete(doc, "awardedDate")
	return doc
}
