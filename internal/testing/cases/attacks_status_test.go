package cases

import (
	"bytes"
	"compress/gzip"
	"strings"

	"laurel/internal/standards/vc"
)

// statusAttacks are about status lists: the issuer's, and what others put in
// their place.
func statusAttacks() []attack {
	subject := func(changes object) func(object) {
		return func(doc object) { doc["credentialSubject"] = with(subjectOf(doc), changes) }
	}
	top := func(changes object) func(object) {
		return func(doc object) {
			for name, value := range changes {
				if doc[name] = value; value == absent {
					delete(doc, name)
				}
			}
		}
	}
	encoded := func(n int, set ...int) func(object) {
		bits := vc.NewBitstring(n)
		for _, i := range set {
			bits.Set(i, true)
		}
		text, err := bits.Encode()
		check("write bits", err)
		return subject(object{"encodedList": text})
	}
	// list is a list that the issuer signed.
	list := func(name, verdict, code string, set []int, change func(object)) attack {
		return attack{name, verdict, code, func(a *academy) []byte {
			a.documents[listURL] = a.list(change, set...)
			return a.sign(credential())
		}}
	}
	// about is a list of a purpose, with an entry of that purpose.
	about := func(name, verdict, code, purpose string, set ...int) attack {
		return attack{name, verdict, code, func(a *academy) []byte {
			a.documents[listURL] = a.list(subject(object{"statusPurpose": purpose}), set...)
			return a.sign(with(credential(), object{"credentialStatus": statusEntry(listURL, purpose, "94567")}))
		}}
	}
	// served is a document under the list's URL.
	served := func(name, verdict, code string, make func(a *academy) []byte) attack {
		return attack{name, verdict, code, func(a *academy) []byte {
			if data := make(a); data != nil {
				a.documents[listURL] = data
			} else {
				delete(a.documents, listURL)
			}
			return a.sign(credential())
		}}
	}
	entry := func(name, verdict, code string, changes object) attack {
		return signed(name, verdict, code, func(doc object) {
			doc["credentialStatus"] = with(at(doc, "credentialStatus"), changes)
		})
	}
	// entries is a credential with several entries, which Open Badges does not
	// have; 7 is revoked.
	entries := func(name, verdict, code string, list ...any) attack {
		return attack{name, verdict, code, func(a *academy) []byte {
			a.documents[listURL] = a.list(nil, 7)
			return a.sign(with(statement(), object{"credentialStatus": list}))
		}}
	}
	const revoked = 94567
	// foreign is a list by the guild, under the URL that the academy signed.
	foreign := func(name, verdict, code string, set []int, changes object, key string) attack {
		return served("foreign-list-"+name, verdict, code, func(a *academy) []byte {
			doc := with(decode(a.list(nil, set...)), object{"issuer": guildID, "proof": absent})
			return a.signAs(with(doc, changes), guildKey, edKey(key))
		})
	}
	// late is a list whose proof is made with these options, and jws one in a JWT with
	// these claims.
	late := func(name, verdict, code string, o object, set ...int) attack {
		return served("list-"+name, verdict, code, func(a *academy) []byte {
			return encode(a.secure(with(decode(a.list(nil, set...)), object{"proof": absent}), options(o), edKey("first")))
		})
	}
	jws := func(name, verdict, code string, claims object, set ...int) attack {
		return served("list-in-a-jwt-"+name, verdict, code, func(a *academy) []byte {
			return token(header("EdDSA", keyID, "vc+jwt"), with(with(decode(a.list(nil, set...)), object{"proof": absent}), claims), edKey("first"))
		})
	}
	// spelled is a list whose bits are spelled otherwise.
	spelled := func(name, verdict, code string, set []int, spell func(string) string) attack {
		return list("bits-"+name, verdict, code, set, func(doc object) {
			subject(object{"encodedList": spell(subjectOf(doc)["encodedList"].(string))})(doc)
		})
	}
	standard := func(s string) string {
		return strings.NewReplacer("-", "+", "_", "/").Replace(strings.TrimPrefix(s, "u"))
	}
	good, bad := statusEntry(listURL, "revocation", "94567"), statusEntry(listURL, "revocation", "7")
	unknown := statusEntry("https://nowhere.example/1", "revocation", "94567")
	var messages []any
	for _, state := range []string{"0x0", "0x1", "0x2", "0x3"} {
		messages = append(messages, object{"status": state, "message": "state " + state})
	}
	many := make([]any, 9)
	for i := range many {
		many[i] = statusEntry(listURL, "revocation", "1"+string(rune('0'+i)))
	}
	return []attack{
		list("revoked", invalid, "revoked", []int{revoked}, nil),
		list("neighbours-revoked", valid, "ok", []int{revoked - 1, revoked + 1}, nil),
		list("two-purposes", invalid, "revoked", []int{revoked}, subject(object{"statusPurpose": []any{"suspension", "revocation"}})),
		about("suspended", invalid, "suspended", "suspension", revoked),
		about("not-suspended", valid, "ok", "suspension"),
		about("refresh", valid, "ok", "refresh", revoked),
		about("unknown-purpose", undetermined, "status-purpose-unknown", "applause"),
		list("other-purpose", undetermined, "status-purpose", nil, subject(object{"statusPurpose": "suspension"})),
		list("other-issuer", undetermined, "status-list-invalid", nil, top(object{"issuer": "did:web:evil.example"})),
		list("other-id", undetermined, "status-list-id", nil, top(object{"id": "https://academy.example.org/status/7.json"})),
		list("other-id-revoked", invalid, "revoked", []int{revoked}, top(object{"id": "https://academy.example.org/status/7.json"})),
		list("no-id", undetermined, "status-list-id", nil, top(object{"id": absent})),
		list("rolled-back", undetermined, "status-list-stale", nil, top(object{"validUntil": "2026-06-01T11:59:59Z"})),
		list("rolled-back-revoked", invalid, "revoked", []int{revoked}, top(object{"validUntil": "2026-06-01T11:59:59Z"})),
		list("of-tomorrow", undetermined, "status-list-stale", nil, top(object{"validFrom": "2026-06-02T00:00:00Z"})),
		list("list-with-a-status", undetermined, "status-list-status", nil, top(object{"credentialStatus": statusEntry(listURL, "revocation", "1")})),
		list("short", undetermined, "status-list-length", nil, encoded(100000)),
		list("short-revoked", invalid, "revoked", nil, encoded(100000, revoked)),
		list("too-short-for-the-index", undetermined, "status-list-length", nil, encoded(1024)),
		list("no-bits", undetermined, "status-list-malformed", nil, subject(object{"encodedList": "uAAAA"})),
		spelled("without-prefix", undetermined, "status-list-malformed", nil, func(s string) string { return s[1:] }),
		spelled("without-prefix-revoked", invalid, "revoked", []int{revoked}, func(s string) string { return s[1:] }),
		spelled("with-padding", undetermined, "status-list-malformed", nil, func(s string) string { return s + "=" }),
		spelled("in-standard-base64", undetermined, "status-list-malformed", nil, standard),
		spelled("in-standard-base64-revoked", invalid, "revoked", []int{revoked}, standard),
		spelled("in-two-alphabets", undetermined, "status-list-malformed", []int{revoked}, func(s string) string { return s[:9] + "+_" + s[9:] }),
		spelled("with-two-prefixes", undetermined, "status-list-malformed", []int{revoked}, func(s string) string { return "u" + s }),
		spelled("behind-a-space", undetermined, "status-list-malformed", []int{revoked}, func(s string) string { return " " + s }),
		spelled("in-lines", undetermined, "status-list-malformed", []int{revoked}, func(s string) string { return s[:20] + "\n" + s[20:] }),
		spelled("cut", undetermined, "status-list-malformed", []int{revoked}, func(s string) string { return s[:len(s)-8] }),
		list("bits-that-explode", undetermined, "status-list-malformed", nil, subject(object{"encodedList": "u" + base64url(zip(make([]byte, 17<<20)))})),
		list("bits-in-two-members", undetermined, "status-list-malformed", nil, subject(object{"encodedList": "u" + base64url(append(zip(make([]byte, 8192)), zip(make([]byte, 8192))...))})),
		list("bits-with-a-tail", undetermined, "status-list-malformed", nil, subject(object{"encodedList": "u" + base64url(append(zip(make([]byte, 16384)), 0))})),
		late("in-force", valid, "ok", object{"expires": "2026-06-01T12:00:01Z"}),
		late("proof-expired", undetermined, "status-list-stale", object{"expires": "2026-06-01T12:00:00Z"}),
		late("proof-expired-revoked", invalid, "revoked", object{"expires": "2026-06-01T12:00:00Z"}, revoked),
		late("proof-of-tomorrow-revoked", invalid, "revoked", object{"created": "2026-06-02T12:00:00Z"}, revoked),
		late("for-authentication-revoked", undetermined, "status-list-invalid", object{"proofPurpose": "authentication"}, revoked),
		jws("good", valid, "ok", nil),
		jws("expired", undetermined, "status-list-stale", object{"exp": now.Unix()}),
		jws("expired-revoked", invalid, "revoked", object{"exp": now.Unix()}, revoked),
		jws("of-two-issuers", undetermined, "status-list-malformed", object{"iss": "did:web:evil.example"}),
		jws("of-two-issuers-revoked", invalid, "revoked", object{"iss": "did:web:evil.example"}, revoked),
		jws("naming-another", undetermined, "status-list-invalid", object{"issuer": guildID}, revoked),
		foreign("in-place", undetermined, "status-list-issuer", nil, nil, "guild"),
		foreign("revoked", undetermined, "status-list-issuer", []int{revoked}, nil, "guild"),
		foreign("under-another-name", undetermined, "status-list-issuer", []int{revoked}, object{"id": "https://guild.example.org/status/1.json"}, "guild"),
		foreign("stale", undetermined, "status-list-issuer", nil, object{"validUntil": "2026-06-01T11:59:59Z"}, "guild"),
		foreign("forged", undetermined, "status-list-invalid", []int{revoked}, nil, "evil"),
		served("foreign-list-by-a-look-alike", undetermined, "status-list-undetermined", func(a *academy) []byte {
			const alike = "did:web:academy.examp1e.org"
			return a.signAs(with(decode(a.list(nil)), object{"issuer": alike, "proof": absent}), alike+"#key-2026-1", edKey("evil"))
		}),
		served("foreign-list-by-a-bare-key", undetermined, "status-list-issuer", func(a *academy) []byte {
			own := "did:key:" + multikey(edKey("evil").Public())
			return a.signAs(with(decode(a.list(nil)), object{"issuer": own, "proof": absent}), own+"#"+own[len("did:key:"):], edKey("evil"))
		}),
		served("revoked-in-a-list-of-another-key", undetermined, "status-list-invalid", func(a *academy) []byte {
			return a.signAs(with(decode(a.list(nil, revoked)), object{"proof": absent}), keyID, edKey("evil"))
		}),
		served("revoked-by-whoever-hosts", undetermined, "status-list-invalid", func(a *academy) []byte {
			return encode(with(decode(a.list(nil)), object{"credentialSubject": decode(a.list(nil, revoked))["credentialSubject"]}))
		}),
		list("replayed", valid, "ok", nil, top(object{"validFrom": "2026-04-17T12:00:00Z"})),
		list("replayed-revoked", invalid, "revoked", []int{revoked}, top(object{"validFrom": "2026-04-17T12:00:00Z"})),
		list("replayed-within-30-days", valid, "ok", nil, top(object{"validFrom": "2026-05-02T12:00:00Z"})),
		list("replayed-after-30-days", valid, "ok", nil, top(object{"validFrom": "2026-05-02T11:59:59Z"})),
		list("replayed-after-its-ttl", valid, "ok", nil, func(doc object) {
			top(object{"validFrom": "2026-05-31T11:59:59Z"})(doc)
			subject(object{"ttl": 86400000})(doc)
		}),
		list("replayed-after-two-days", valid, "ok", nil, func(doc object) {
			top(object{"validFrom": "2026-05-30T11:59:59Z"})(doc)
			subject(object{"ttl": 86400000})(doc)
		}),
		list("replayed-within-its-ttl", valid, "ok", nil, func(doc object) {
			top(object{"validFrom": "2026-04-17T12:00:00Z"})(doc)
			subject(object{"ttl": 7776000000})(doc)
		}),
		list("replayed-with-a-ttl-for-caches", valid, "ok", nil, subject(object{"ttl": 300000})),
		list("replayed-of-the-year-1", valid, "ok", nil, top(object{"validFrom": "0001-01-01T00:00:00Z"})),
		list("undated", valid, "ok", nil, top(object{"validFrom": absent})),
		list("date-unreadable", undetermined, "status-list-malformed", nil, top(object{"validUntil": "soon"})),
		list("date-unreadable-revoked", invalid, "revoked", []int{revoked}, top(object{"validUntil": "soon"})),
		list("of-tomorrow-revoked", invalid, "revoked", []int{revoked}, top(object{"validFrom": "2026-06-02T00:00:00Z"})),
		list("other-purpose-set", undetermined, "status-purpose", []int{revoked}, subject(object{"statusPurpose": "suspension"})),
		list("purpose-unsaid", undetermined, "status-list-malformed", []int{revoked}, subject(object{"statusPurpose": absent})),
		list("ttl-a-text", undetermined, "status-list-malformed", nil, subject(object{"ttl": "1"})),
		list("subject-missing", undetermined, "status-list-malformed", []int{revoked}, top(object{"credentialSubject": absent})),
		served("bits-changed", undetermined, "status-list-invalid", func(a *academy) []byte {
			return encode(with(decode(a.list(nil, revoked)), object{"credentialSubject": decode(a.list(nil))["credentialSubject"]}))
		}),
		served("list-unsigned", undetermined, "status-list-invalid", func(a *academy) []byte {
			return encode(with(decode(a.list(nil)), object{"proof": absent}))
		}),
		served("list-signed-by-another", undetermined, "status-list-invalid", func(a *academy) []byte {
			return a.signAs(with(decode(a.list(nil)), object{"proof": absent}), issuerID+"#key-2", edKey("evil"))
		}),
		served("list-of-a-future-suite", undetermined, "status-list-undetermined", func(a *academy) []byte {
			doc := decode(a.list(nil))
			proofOf(doc)["cryptosuite"] = "future-2031"
			return encode(doc)
		}),
		served("list-a-credential", undetermined, "status-list-malformed", func(a *academy) []byte { return a.sign(credential()) }),
		served("list-a-web-page", undetermined, "status-list-malformed", func(*academy) []byte { return []byte("<!doctype html>") }),
		served("list-duplicate-name", undetermined, "status-list-malformed", func(a *academy) []byte {
			return append([]byte(`{"issuer":"did:web:evil.example",`), a.list(nil)[1:]...)
		}),
		served("list-unavailable", undetermined, "status-unavailable", func(*academy) []byte { return nil }),
		entry("index-last", valid, "ok", object{"statusListIndex": "131071"}),
		entry("index-beyond", undetermined, "status-range", object{"statusListIndex": "131072"}),
		entry("index-huge", invalid, "status-malformed", object{"statusListIndex": "99999999999999999999"}),
		entry("index-padded", invalid, "status-malformed", object{"statusListIndex": "094567"}),
		entry("index-negative", invalid, "status-malformed", object{"statusListIndex": "-1"}),
		entry("index-plus", invalid, "status-malformed", object{"statusListIndex": "+94567"}),
		entry("index-hex", invalid, "status-malformed", object{"statusListIndex": "0x10"}),
		entry("index-fraction", invalid, "status-malformed", object{"statusListIndex": "94567.0"}),
		entry("index-space", invalid, "status-malformed", object{"statusListIndex": " 94567"}),
		entry("index-other-digits", invalid, "status-malformed", object{"statusListIndex": "٩"}),
		entry("index-empty", invalid, "status-malformed", object{"statusListIndex": ""}),
		entry("index-number", invalid, "status-malformed", object{"statusListIndex": 94567}),
		entry("index-list", invalid, "status-malformed", object{"statusListIndex": []any{"94567"}}),
		entry("list-elsewhere", undetermined, "status-unavailable", object{"statusListCredential": "https://nowhere.example/1"}),
		entry("list-missing", invalid, "status-malformed", object{"statusListCredential": absent}),
		entry("purpose-missing", invalid, "status-malformed", object{"statusPurpose": absent}),
		entry("purpose-list", invalid, "status-malformed", object{"statusPurpose": []any{"revocation"}}),
		tamper("type-missing", invalid, "type-missing", func(doc object) { delete(at(doc, "credentialStatus"), "type") }),
		entry("two-bits", undetermined, "status-list-length", object{"statusListIndex": "7", "statusSize": 2, "statusMessage": messages}),
		signed("type-unknown", undetermined, "status-type-unknown", func(doc object) {
			doc["credentialStatus"] = object{"id": "https://academy.example.org/status/1", "type": "https://example.org/types/FutureStatus"}
		}),
		entries("good-then-revoked", invalid, "revoked", good, bad),
		entries("revoked-then-good", invalid, "revoked", bad, good),
		entries("good-then-unavailable", undetermined, "status-unavailable", good, unknown),
		entries("unavailable-then-revoked", invalid, "revoked", unknown, bad),
		entries("nine-entries", undetermined, "status-too-many", many...),
		tamper("status-removed", invalid, "signature-invalid", func(doc object) { delete(doc, "credentialStatus") }),
		tamper("status-moved", invalid, "term-undefined", func(doc object) {
			subjectOf(doc)["credentialStatus"] = doc["credentialStatus"]
			delete(doc, "credentialStatus")
		}),
		tamper("index-changed", invalid, "signature-invalid", func(doc object) { at(doc, "credentialStatus")["statusListIndex"] = "1" }),
		signed("no-status", valid, "ok", func(doc object) { delete(doc, "credentialStatus") }),
	}
}

func zip(data []byte) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := w.Write(data)
	check("compress", err)
	check("compress", w.Close())
	return b.Bytes()
}
