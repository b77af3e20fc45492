package verify_test

import (
	"testing"
	"time"

	"laurel/internal/standards/vc"
	"laurel/internal/standards/verify"
)

func TestStatus(t *testing.T) {
	subject := func(change map[string]any) func(map[string]any) {
		return func(doc map[string]any) {
			doc["credentialSubject"] = with(doc["credentialSubject"].(map[string]any), change)
		}
	}
	short := func(set ...int) func(map[string]any) {
		bits := vc.NewBitstring(100000)
		for _, i := range set {
			bits.Set(i, true)
		}
		encoded, err := bits.Encode()
		if err != nil {
			t.Fatal(err)
		}
		return subject(map[string]any{"encodedList": encoded})
	}
	top := func(change map[string]any) func(map[string]any) {
		return func(doc map[string]any) {
			for name, value := range change {
				doc[name] = value
			}
		}
	}
	for _, c := range []struct {
		name    string
		set     []int
		change  func(map[string]any) // of the list, before it is signed
		entry   map[string]any       // changes to the entry
		verdict verify.Verdict
		code    string
	}{
		{name: "good", verdict: verify.Valid, code: "ok"},
		{name: "neighbours-set", set: []int{94566, 94568}, verdict: verify.Valid, code: "ok"},
		{name: "revoked", set: []int{94567}, verdict: verify.Invalid, code: "revoked"},
		{name: "suspended", set: []int{94567}, change: subject(map[string]any{"statusPurpose": "suspension"}), entry: map[string]any{"statusPurpose": "suspension"}, verdict: verify.Invalid, code: "suspended"},
		{name: "not-suspended", change: subject(map[string]any{"statusPurpose": "suspension"}), entry: map[string]any{"statusPurpose": "suspension"}, verdict: verify.Valid, code: "ok"},
		{name: "two-purposes", set: []int{94567}, change: subject(map[string]any{"statusPurpose": []any{"suspension", "revocation"}}), verdict: verify.Invalid, code: "revoked"},
		{name: "refresh", set: []int{94567}, change: subject(map[string]any{"statusPurpose": "refresh"}), entry: map[string]any{"statusPurpose": "refresh"}, verdict: verify.Valid, code: "refresh"},
		{name: "unknown-purpose", change: subject(map[string]any{"statusPurpose": "applause"}), entry: map[string]any{"statusPurpose": "applause"}, verdict: verify.Undetermined, code: "status-purpose-unknown"},
		{name: "other-purpose", change: subject(map[string]any{"statusPurpose": "suspension"}), verdict: verify.Undetermined, code: "status-purpose"},
		{name: "other-issuer", change: top(map[string]any{"issuer": "did:web:evil.example"}), verdict: verify.Undetermined, code: "status-list-invalid"},
		{name: "other-id", change: top(map[string]any{"id": "https://academy.example.org/status/7.json"}), verdict: verify.Undetermined, code: "status-list-id"},
		{name: "other-id-revoked", set: []int{94567}, change: top(map[string]any{"id": "https://academy.example.org/status/7.json"}), verdict: verify.Invalid, code: "revoked"},
		{name: "no-id", change: func(doc map[string]any) { delete(doc, "id") }, verdict: verify.Undetermined, code: "status-list-id"},
		{name: "stale", change: top(map[string]any{"validUntil": "2026-06-01T11:59:59Z"}), verdict: verify.Undetermined, code: "status-list-stale"},
		{name: "stale-revoked", set: []int{94567}, change: top(map[string]any{"validUntil": "2026-06-01T11:59:59Z"}), verdict: verify.Invalid, code: "revoked"},
		{name: "stale-suspended", set: []int{94567}, change: func(doc map[string]any) {
			doc["validUntil"] = "2026-06-01T11:59:59Z"
			subject(map[string]any{"statusPurpose": "suspension"})(doc)
		}, entry: map[string]any{"statusPurpose": "suspension"}, verdict: verify.Undetermined, code: "status-list-stale"},
		{name: "of-tomorrow", change: top(map[string]any{"validFrom": "2026-06-02T00:00:00Z"}), verdict: verify.Undetermined, code: "status-list-stale"},
		{name: "with-a-status", change: top(map[string]any{"credentialStatus": statusEntry(listURL, "revocation", "1")}), verdict: verify.Undetermined, code: "status-list-status"},
		{name: "short", change: short(), verdict: verify.Undetermined, code: "status-list-length"},
		{name: "short-revoked", change: short(94567), verdict: verify.Invalid, code: "revoked"},
		{name: "no-bits", change: subject(map[string]any{"encodedList": "uAAAA"}), verdict: verify.Undetermined, code: "status-list-malformed"},
		{name: "index-beyond", entry: map[string]any{"statusListIndex": "131072"}, verdict: verify.Undetermined, code: "status-range"},
		{name: "index-huge", entry: map[string]any{"statusListIndex": "99999999999999999999"}, verdict: verify.Invalid, code: "status-malformed"},
		{name: "index-padded", entry: map[string]any{"statusListIndex": "094567"}, verdict: verify.Invalid, code: "status-malformed"},
		{name: "other-generation", entry: map[string]any{"type": "StatusList2021Entry"}, verdict: verify.Undetermined, code: "status-list-malformed"},
		{name: "unknown-type", entry: map[string]any{"type": "https://example.org/vocabulary#FutureStatusEntry"}, verdict: verify.Undetermined, code: "status-type-unknown"},
		{name: "list-elsewhere", entry: map[string]any{"statusListCredential": "https://nowhere.example/1"}, verdict: verify.Undetermined, code: "status-unavailable"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			w.serve(listURL, w.list(c.change, c.set...))
			doc := credential()
			doc["credentialStatus"] = with(doc["credentialStatus"].(map[string]any), c.entry)
			if c.name == "other-generation" {
				doc["@context"] = append(doc["@context"].([]any), "https://w3id.org/vc/status-list/2021/v1")
			}
			if c.name == "unknown-type" {
				doc["credentialStatus"] = map[string]any{"id": listURL + "#1", "type": c.entry["type"]}
			}
			want(t, w.verifier(now).Credential(t.Context(), w.sign(doc)), c.verdict, verify.Status, c.code)
		})
	}
}

// Not every issuer's list is as signed.
func TestStatusListTampered(t *testing.T) {
	for _, c := range []struct {
		name    string
		list    func(w *world) []byte
		verdict verify.Verdict
		code    string
	}{
		{"bits-changed", func(w *world) []byte {
			doc := decode(t, w.list(nil, 94567))
			doc["credentialSubject"] = decode(t, w.list(nil))["credentialSubject"]
			return encode(t, doc)
		}, verify.Undetermined, "status-list-invalid"},
		{"unsigned", func(w *world) []byte {
			return encode(t, with(decode(t, w.list(nil)), map[string]any{"proof": nil}))
		}, verify.Undetermined, "status-list-invalid"},
		{"signed-by-another", func(w *world) []byte {
			doc := with(decode(t, w.list(nil)), map[string]any{"proof": nil})
			return w.signAs(doc, issuerID+"#key-2", key("evil"))
		}, verify.Undetermined, "status-list-invalid"},
		{"unknown-suite", func(w *world) []byte {
			doc := decode(t, w.list(nil))
			doc["proof"].([]any)[0].(map[string]any)["cryptosuite"] = "future-2031"
			return encode(t, doc)
		}, verify.Undetermined, "status-list-undetermined"},
		{"a-credential", func(w *world) []byte { return w.sign(credential()) }, verify.Undetermined, "status-list-malformed"},
		{"a-web-page", func(*world) []byte { return []byte("<!doctype html>") }, verify.Undetermined, "status-list-malformed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			w.serve(listURL, c.list(w))
			want(t, w.verifier(now).Credential(t.Context(), w.sign(credential())), c.verdict, verify.Status, c.code)
		})
	}
}

func TestEveryStatusEntryCounts(t *testing.T) {
	w := newWorld(t)
	w.serve(listURL, w.list(nil, 7))
	good, bad := statusEntry(listURL, "revocation", "94567"), statusEntry(listURL, "revocation", "7")
	unknown := statusEntry("https://nowhere.example/1", "revocation", "94567")
	many := make([]any, 9)
	for i := range many {
		many[i] = statusEntry(listURL, "revocation", "1"+string(rune('0'+i)))
	}
	for _, c := range []struct {
		name    string
		entries any
		code    string
		outcome verify.Outcome
	}{
		{"good-then-revoked", []any{good, bad}, "revoked", verify.Fail},
		{"revoked-then-good", []any{bad, good}, "revoked", verify.Fail},
		{"good-then-unavailable", []any{good, unknown}, "status-unavailable", verify.Unknown},
		{"unavailable-then-revoked", []any{unknown, bad}, "revoked", verify.Fail},
		{"two-good", []any{good, statusEntry(listURL, "revocation", "8")}, "ok", verify.Pass},
		{"nine", many, "status-too-many", verify.Unknown},
		{"nine-and-revoked", append([]any{bad}, many...), "revoked", verify.Fail},
		{"none", nil, "status-none", verify.Skipped},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := w.verifier(now).Credential(t.Context(), w.sign(with(credential(), map[string]any{"credentialStatus": c.entries})))
			if got, _ := r.Check(verify.Status); got.Code != c.code || got.Outcome != c.outcome {
				t.Errorf("status = %+v", got)
				logReport(t, r)
			}
		})
	}
}

// A status list is a credential of its own, which audit hands in like any other.
func TestStatusListItself(t *testing.T) {
	w := newWorld(t)
	want(t, w.verifier(now).Credential(t.Context(), w.list(nil, 5)), verify.Valid, verify.Subject, "ok")
	bad := w.list(func(doc map[string]any) {
		doc["credentialSubject"] = with(doc["credentialSubject"].(map[string]any), map[string]any{"encodedList": "uAAAA"})
	})
	want(t, w.verifier(now).Credential(t.Context(), bad), verify.Invalid, verify.Subject, "status-list-malformed")
	stale := w.list(func(doc map[string]any) { doc["validUntil"] = "2026-06-01T11:00:00Z" })
	want(t, w.verifier(now.Add(time.Hour)).Credential(t.Context(), stale), verify.Invalid, verify.Dates, "expired")
}
