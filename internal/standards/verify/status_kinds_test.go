package verify_test

import (
	"encoding/base64"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"laurel/internal/standards/did"
	"laurel/internal/standards/vc"
	"laurel/internal/standards/verify"
)

// listOf is a signed status list of these purposes; bits are set as in a string
// of 0 and 1 from its left end.
func (w *world) listOf(purpose string, bits string, length int) []byte {
	w.t.Helper()
	b := vc.NewBitstring(length)
	for i, c := range bits {
		b.Set(i, c == '1')
	}
	encoded, err := b.Encode()
	if err != nil {
		w.t.Fatal(err)
	}
	return w.sign(map[string]any{
		"@context": []any{vc.ContextVC}, "id": listURL, "type": []any{"VerifiableCredential", "BitstringStatusListCredential"},
		"issuer": issuerID, "validFrom": "2026-05-31T00:00:00Z",
		"credentialSubject": map[string]any{"id": listURL + "#list", "type": "BitstringStatusList", "statusPurpose": purpose, "encodedList": encoded, "ttl": 60000.0},
	})
}

// TestStatusPurposes takes values of one and of several bits for every purpose.
func TestStatusPurposes(t *testing.T) {
	messages := []any{
		map[string]any{"status": "0x0", "message": "pending"}, map[string]any{"status": "0x1", "message": "accepted\x1b[31m"},
		map[string]any{"status": "0x2", "message": "rejected"}, map[string]any{"status": "0x3", "message": "withdrawn"},
	}
	two := map[string]any{"statusSize": 2.0, "statusMessage": messages}
	for _, c := range []struct {
		name, purpose, index, bits string
		length                     int
		more                       map[string]any
		verdict                    verify.Verdict
		code, says                 string
	}{
		{"revoked", "revocation", "3", "0001", vc.ListLength, nil, verify.Invalid, "revoked", ""},
		{"suspended", "suspension", "3", "0001", vc.ListLength, nil, verify.Invalid, "suspended", ""},
		{"refresh", "refresh", "3", "0001", vc.ListLength, nil, verify.Valid, "refresh", ""},
		{"refresh-none", "refresh", "2", "0001", vc.ListLength, nil, verify.Valid, "ok", ""},
		{"message", "message", "0", "01", 2 * vc.ListLength, two, verify.Valid, "status-message", `0x1, and says: "accepted\u001b[31m"`},
		{"message-zero", "message", "1", "01", 2 * vc.ListLength, two, verify.Valid, "status-message", "pending"},
		{"message-second", "message", "1", "0011", 2 * vc.ListLength, two, verify.Valid, "status-message", "withdrawn"},
		{"message-high-bit", "message", "1", "0010", 2 * vc.ListLength, two, verify.Valid, "status-message", "rejected"},
		{"revocation-of-two-bits", "revocation", "1", "0010", 2 * vc.ListLength, two, verify.Invalid, "revoked", "rejected"},
		{"revocation-of-two-bits-none", "revocation", "1", "1100", 2 * vc.ListLength, two, verify.Valid, "ok", ""},
		{"beyond-the-end-by-its-size", "revocation", "131071", "0", vc.ListLength, two, verify.Undetermined, "status-list-length", ""},
		{"short-by-its-size", "revocation", "1", "0", vc.ListLength, two, verify.Undetermined, "status-list-length", ""},
		{"unknown-purpose", "applause", "0", "0", vc.ListLength, nil, verify.Undetermined, "status-purpose-unknown", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			w.serve(listURL, w.listOf(c.purpose, c.bits, c.length))
			doc := with(credential(), map[string]any{"credentialStatus": with(statusEntry(listURL, c.purpose, c.index), c.more)})
			r := w.verifier(now).Credential(t.Context(), jwtOf(t, doc, nil))
			want(t, r, c.verdict, verify.Status, c.code)
			if row, _ := r.Check(verify.Status); !strings.Contains(row.Text, c.says) {
				t.Error(row.Text)
			}
			wantSafe(t, r)
		})
	}
	for size, verdict := range map[any]verify.Verdict{0.0: verify.Invalid, 1.5: verify.Invalid, "2": verify.Invalid, 64.0: verify.Invalid} {
		w := newWorld(t)
		doc := with(credential(), map[string]any{"credentialStatus": with(statusEntry(listURL, "revocation", "1"), map[string]any{"statusSize": size})})
		if r := w.verifier(now).Credential(t.Context(), jwtOf(t, doc, nil)); r.Verdict != verdict {
			t.Errorf("statusSize %v: %s", size, r.Verdict)
		}
	}
}

// TestStatusList2021 reads the list that came before, secured as a JWT.
func TestStatusList2021(t *testing.T) {
	bits := vc.NewBitstring(vc.ListLength)
	bits.Set(7, true)
	encoded, err := bits.Encode()
	if err != nil {
		t.Fatal(err)
	}
	raw, err := base64.RawURLEncoding.DecodeString(encoded[1:])
	if err != nil {
		t.Fatal(err)
	}
	const context = "https://w3id.org/vc/status-list/2021/v1"
	list := func(list string) map[string]any {
		return map[string]any{"iss": issuerID, "vc": map[string]any{
			"@context": []any{"https://www.w3.org/2018/credentials/v1", context}, "id": listURL, "type": []any{"VerifiableCredential", "StatusList2021Credential"},
			"issuer": issuerID, "issuanceDate": "2026-05-01T00:00:00Z",
			"credentialSubject": map[string]any{"id": listURL + "#list", "type": "StatusList2021", "statusPurpose": "revocation", "encodedList": list},
		}}
	}
	for _, c := range []struct {
		name, index, list string
		verdict           verify.Verdict
		code              string
	}{
		{"not-revoked", "6", encoded[1:], verify.Valid, "status-list-old"},
		{"revoked", "7", encoded[1:], verify.Invalid, "revoked"},
		{"padded", "7", base64.URLEncoding.EncodeToString(raw), verify.Invalid, "revoked"},
		{"multibase", "6", encoded, verify.Valid, "status-list-old"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			w.serve(listURL, compact(t, map[string]any{"alg": "EdDSA", "kid": keyID}, list(c.list), key("first")))
			doc := with(credential(), map[string]any{
				"@context":         []any{vc.ContextVC, vc.ContextOB, context},
				"credentialStatus": with(statusEntry(listURL, "revocation", c.index), map[string]any{"type": "StatusList2021Entry"}),
			})
			want(t, w.verifier(now).Credential(t.Context(), jwtOf(t, doc, nil)), c.verdict, verify.Status, c.code)
		})
	}
}

// TestRevocationList1EdTech looks up an id in a list that nobody signed.
func TestRevocationList1EdTech(t *testing.T) {
	const url = "https://academy.example.org/revoked"
	id := credential()["id"].(string)
	for _, c := range []struct {
		name, list string
		verdict    verify.Verdict
		code       string
	}{
		{"not-listed", `{"id":"` + url + `","issuer":"` + issuerID + `","revokedCredential":[{"id":"urn:x:1","revoked":true}]}`, verify.Valid, "status-unsigned"},
		{"listed", `{"id":"` + url + `","issuer":"` + issuerID + `","revokedCredential":[{"id":"` + id + `","revoked":true,"revocationReason":"error"}]}`, verify.Invalid, "revoked"},
		{"listed-bare", `{"issuer":{"id":"` + issuerID + `"},"revokedCredential":[{"id":"` + id + `"}]}`, verify.Invalid, "revoked"},
		{"reinstated", `{"issuer":"` + issuerID + `","revokedCredential":[{"id":"` + id + `","revoked":false}]}`, verify.Valid, "status-unsigned"},
		{"of-another", `{"issuer":"did:web:evil.example","revokedCredential":[]}`, verify.Undetermined, "status-list-issuer"},
		{"no-list", `{"issuer":"` + issuerID + `"}`, verify.Undetermined, "status-list-malformed"},
		{"html", `<html></html>`, verify.Undetermined, "status-list-malformed"},
		{"absent", ``, verify.Undetermined, "status-unavailable"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			if c.list != "" {
				w.serve(url, []byte(c.list))
			}
			doc := with(credential(), map[string]any{
				"@context":         []any{vc.ContextVC, vc.ContextOB, "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"},
				"credentialStatus": map[string]any{"id": url, "type": "1EdTechRevocationList"},
			})
			want(t, w.verifier(now).Credential(t.Context(), w.sign(doc)), c.verdict, verify.Status, c.code)
		})
	}
}

// TestLenient holds the lenient mode to the deviations it names.
func TestLenient(t *testing.T) {
	w := newWorld(t)
	w.serve(listURL, w.listOf("revocation", "0001", 1024))
	strict := w.verifier(now)
	lenient := verify.New(w.processor, w.checker, verify.Options{Now: now, Load: w.load, Lenient: true})
	entry := func(index any) map[string]any {
		return map[string]any{"credentialStatus": with(statusEntry(listURL, "revocation", "0"), map[string]any{"statusListIndex": index})}
	}
	none := map[string]any{"credentialStatus": nil}
	null := jsontext.Value("null")
	ofType := func(name string) map[string]any {
		subject := maps.Clone(credential()["credentialSubject"].(map[string]any))
		subject["achievement"] = with(subject["achievement"].(map[string]any), map[string]any{"achievementType": name})
		return subject
	}
	for _, c := range []struct {
		name            string
		changes         map[string]any
		strict, lenient verify.Verdict
		check, code     string // leniently
	}{
		{"short-list", entry("0"), verify.Undetermined, verify.Valid, verify.Status, "status-list-length"},
		{"short-list-revoked", entry("3"), verify.Invalid, verify.Invalid, verify.Status, "revoked"},
		{"number", entry(0.0), verify.Invalid, verify.Valid, verify.Structure, "status-malformed"},
		{"number-revoked", entry(3.0), verify.Invalid, verify.Invalid, verify.Status, "revoked"},
		{"fraction", entry(0.5), verify.Invalid, verify.Invalid, verify.Structure, "status-malformed"},
		{"no-zone", with(none, map[string]any{"validFrom": "2026-01-15T09:00:00", "credentialStatus": []any{}}), verify.Invalid, verify.Invalid, verify.Structure, "member-malformed"},
		{"day", with(none, map[string]any{"validFrom": "2026-01-15", "validUntil": "2026-06-01"}), verify.Invalid, verify.Valid, verify.Structure, "date-zone"},
		{"day-in-a-zone", with(none, map[string]any{"validUntil": "2026-06-01+02:00"}), verify.Invalid, verify.Valid, verify.Structure, "date-zone"},
		{"day-past", with(none, map[string]any{"validUntil": "2026-05-31"}), verify.Invalid, verify.Invalid, verify.Dates, "expired"},
		{"day-to-come", with(none, map[string]any{"validFrom": "2026-06-02"}), verify.Invalid, verify.Invalid, verify.Dates, "not-yet-valid"},
		{"day-of-no-calendar", with(none, map[string]any{"validFrom": "2026-02-30"}), verify.Invalid, verify.Invalid, verify.Structure, "date-malformed"},
		{"image-by-url", with(none, map[string]any{"image": "https://academy.example.org/badge.png"}), verify.Invalid, verify.Valid, verify.Structure, "ob-image"},
		{"image-null", with(none, map[string]any{"image": null}), verify.Invalid, verify.Valid, verify.Structure, "ob-image"},
		{"image-of-words", with(none, map[string]any{"image": "a picture"}), verify.Invalid, verify.Invalid, verify.Structure, "ob-image"},
		{"null-for-the-end", with(none, map[string]any{"validUntil": null}), verify.Invalid, verify.Valid, verify.Structure, "date-malformed"},
		{"null-for-the-issuer", with(none, map[string]any{"issuer": null}), verify.Invalid, verify.Invalid, verify.Structure, "issuer-missing"},
		{"null-for-the-subject", with(none, map[string]any{"credentialSubject": null}), verify.Invalid, verify.Invalid, verify.Structure, "subject-malformed"},
		{"type-off-the-list", with(none, map[string]any{"credentialSubject": ofType("Program")}), verify.Invalid, verify.Valid, verify.Schema, "schema"},
		{"two-statuses", map[string]any{"credentialStatus": []any{statusEntry(listURL, "revocation", "0"), statusEntry(listURL, "revocation", "1")}}, verify.Invalid, verify.Valid, verify.Schema, "schema"},
		{"two-statuses-one-revoked", map[string]any{"credentialStatus": []any{statusEntry(listURL, "revocation", "0"), statusEntry(listURL, "revocation", "3")}}, verify.Invalid, verify.Invalid, verify.Status, "revoked"},
		{"not-a-date", map[string]any{"validFrom": "yesterday"}, verify.Invalid, verify.Invalid, verify.Structure, "date-malformed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			data := jwtOf(t, with(credential(), c.changes), nil)
			want(t, strict.Credential(t.Context(), data), c.strict, "", "")
			want(t, lenient.Credential(t.Context(), data), c.lenient, c.check, c.code)
		})
	}
	zoneless := with(credential(), map[string]any{"validFrom": "2026-01-15T09:00:00", "validUntil": "2026-06-01T12:00:01", "credentialStatus": nil})
	data := jwtOf(t, zoneless, nil)
	want(t, strict.Credential(t.Context(), data), verify.Invalid, verify.Structure, "date-malformed")
	want(t, lenient.Credential(t.Context(), data), verify.Valid, verify.Structure, "date-zone")
	later := verify.New(w.processor, w.checker, verify.Options{Now: now.Add(2 * time.Second), Load: w.load, Lenient: true})
	want(t, later.Credential(t.Context(), data), verify.Invalid, verify.Dates, "expired")
	// A member that is null is in no statements, and takes none away.
	embedded := decode(t, w.sign(with(credential(), none)))
	data = encode(t, with(embedded, map[string]any{"image": null}))
	want(t, strict.Credential(t.Context(), data), verify.Invalid, verify.Contexts, "value-null")
	want(t, lenient.Credential(t.Context(), data), verify.Valid, verify.Contexts, "value-null")
	want(t, lenient.Credential(t.Context(), encode(t, with(embedded, map[string]any{"validUntil": null}))), verify.Invalid, verify.Proof, "signature-invalid")
	// A signature is never taken leniently.
	forged := compact(t, map[string]any{"alg": "EdDSA", "kid": keyID}, zoneless, key("mallory"))
	want(t, lenient.Credential(t.Context(), forged), verify.Invalid, verify.Proof, "signature-invalid")
	undefined := jwtOf(t, with(zoneless, map[string]any{"note": "hello"}), nil)
	want(t, lenient.Credential(t.Context(), undefined), verify.Valid, verify.Contexts, "words-unknown")
	badSchema := with(credential(), map[string]any{"credentialStatus": nil, "awardedDate": nil})
	badSchema["credentialSubject"] = with(badSchema["credentialSubject"].(map[string]any), map[string]any{"creditsEarned": "many"})
	data = jwtOf(t, badSchema, nil)
	want(t, strict.Credential(t.Context(), data), verify.Invalid, verify.Schema, "schema")
	want(t, lenient.Credential(t.Context(), data), verify.Valid, verify.Schema, "schema")
}

// TestForeignLists takes the list of another than the credential's issuer: told, and
// counted only leniently or where a register has whose it is, and never if that one did
// not sign it, or it goes by another name.
func TestForeignLists(t *testing.T) {
	const guild = "did:web:guild.example.org"
	w := newWorld(t)
	w.publish(did.WebDocument(guild, []did.PublishedKey{{Kid: "key-1", PublicKeyMultibase: multikey(t, key("guild"))}}))
	list := func(changes map[string]any, by string, set ...int) []byte {
		doc := decode(t, w.list(nil, set...))
		delete(doc, "proof")
		return w.signAs(with(with(doc, map[string]any{"issuer": guild}), changes), guild+"#key-1", key(by))
	}
	suspension := decode(t, w.listOf("suspension", "0001", vc.ListLength))
	delete(suspension, "proof")
	known := &verify.Registry{Name: "known", Issuers: map[string]verify.RegisteredIssuer{guild: {}}}
	for _, c := range []struct {
		name                string
		list                []byte
		entry               map[string]any
		strict, lenient, in string // what the status row says, with a registry in the end
		valid               bool   // where it counts
	}{
		{"clear", list(nil, "guild"), nil, "unknown status-list-issuer", "warn status-list-issuer", "warn status-list-issuer", true},
		{"revoked", list(nil, "guild", 94567), nil, "unknown status-list-issuer", "fail revoked", "fail revoked", false},
		{"suspended", w.signAs(with(suspension, map[string]any{"issuer": guild}), guild+"#key-1", key("guild")),
			statusEntry(listURL, "suspension", "3"), "unknown status-list-issuer", "fail suspended", "fail suspended", false},
		{"forged", list(nil, "evil"), nil, "unknown status-list-invalid", "unknown status-list-invalid", "unknown status-list-invalid", false},
		{"forged-revoked", list(nil, "evil", 94567), nil, "unknown status-list-invalid", "unknown status-list-invalid", "unknown status-list-invalid", false},
		{"other-name", list(map[string]any{"id": "https://guild.example.org/1"}, "guild", 94567), nil, "unknown status-list-issuer", "unknown status-list-id", "unknown status-list-id", false},
		{"stale", list(map[string]any{"validUntil": "2026-05-31T12:00:00Z"}, "guild"), nil, "unknown status-list-issuer", "unknown status-list-stale", "unknown status-list-stale", false},
		{"stale-revoked", list(map[string]any{"validUntil": "2026-05-31T12:00:00Z"}, "guild", 94567), nil, "unknown status-list-issuer", "fail revoked", "fail revoked", false},
		{"old", list(map[string]any{"validFrom": "2026-04-01T12:00:00Z"}, "guild"), nil, "unknown status-list-issuer", "warn status-list-issuer", "warn status-list-issuer", true},
	} {
		w.serve(listURL, c.list)
		doc := credential()
		doc["credentialStatus"] = with(doc["credentialStatus"].(map[string]any), c.entry)
		data := w.sign(doc)
		for _, mode := range []struct {
			want string
			o    verify.Options
		}{{c.strict, verify.Options{}}, {c.lenient, verify.Options{Lenient: true}}, {c.in, verify.Options{Registry: known}}} {
			mode.o.Now, mode.o.Load = now, w.load
			r := verify.New(w.processor, w.checker, mode.o).Credential(t.Context(), data)
			row, _ := r.Check(verify.Status)
			if got := string(row.Outcome) + " " + row.Code; got != mode.want || (r.Verdict == verify.Valid) != (c.valid && mode.want != c.strict) {
				t.Errorf("%s, lenient %v, register %v: %s, %+v; want %s", c.name, mode.o.Lenient, mode.o.Registry != nil, r.Verdict, row, mode.want)
			}
			if said := row.Text; row.Code == "status-list-issuer" && !strings.Contains(said, guild) || c.name == "old" && row.Outcome == verify.Warn && !strings.Contains(said, "61 days old") {
				t.Errorf("%s: %s", c.name, said)
			}
		}
	}
}

// TestLenientLists: what is spelled wrongly in a list is a warning where that is
// allowed, and what it revokes is revoked everywhere.
func TestLenientLists(t *testing.T) {
	for _, set := range [][]int{nil, {94567}} {
		w := newWorld(t)
		w.serve(listURL, w.list(func(doc map[string]any) {
			subject := doc["credentialSubject"].(map[string]any)
			doc["credentialSubject"] = with(subject, map[string]any{"encodedList": strings.TrimPrefix(subject["encodedList"].(string), "u")})
		}, set...))
		data := w.sign(credential())
		lenient := verify.New(w.processor, w.checker, verify.Options{Now: now, Load: w.load, Lenient: true})
		if set != nil {
			want(t, w.verifier(now).Credential(t.Context(), data), verify.Invalid, verify.Status, "revoked")
			want(t, lenient.Credential(t.Context(), data), verify.Invalid, verify.Status, "revoked")
			continue
		}
		want(t, w.verifier(now).Credential(t.Context(), data), verify.Undetermined, verify.Status, "status-list-malformed")
		want(t, lenient.Credential(t.Context(), data), verify.Valid, verify.Status, "status-list-malformed")
	}
}

// TestListAge: a list that was not signed for long is a warning that tells its age.
func TestListAge(t *testing.T) {
	const day = 24 * 60 * 60 * 1000.0
	for _, c := range []struct {
		signed string
		ttl    any
		says   string // empty: no warning
	}{
		{"2026-05-31T00:00:00Z", nil, ""}, {"2026-05-02T12:00:00Z", nil, ""}, {"2026-05-02T11:59:59Z", nil, "is 30 days old"}, {"2026-04-17T12:00:00Z", nil, "is 45 days old"},
		{"2026-05-31T00:00:00Z", 60000.0, ""}, {"2026-04-17T12:00:00Z", 60000.0, "is 45 days old"}, {"2026-04-17T12:00:00Z", 90 * day, ""},
		{"2026-05-31T11:00:00Z", day, "is one day old"}, {"2026-05-28T12:00:00Z", day, "is 4 days old"}, {"0001-01-01T00:00:00Z", nil, "is 739767 days old"},
	} {
		w := newWorld(t)
		w.serve(listURL, w.list(func(doc map[string]any) {
			doc["validFrom"] = c.signed
			if c.ttl != nil {
				doc["credentialSubject"] = with(doc["credentialSubject"].(map[string]any), map[string]any{"ttl": c.ttl})
			}
		}))
		r := w.verifier(now).Credential(t.Context(), w.sign(credential()))
		row, _ := r.Check(verify.Status)
		if r.Verdict != verify.Valid || (row.Code == "status-list-old") != (c.says != "") || !strings.Contains(row.Text, c.says) {
			t.Errorf("signed %s, ttl %v: %s, %+v, want %q", c.signed, c.ttl, r.Verdict, row, c.says)
		}
	}
}
