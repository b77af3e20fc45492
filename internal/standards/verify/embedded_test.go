package verify_test

import (
	"fmt"
	"slices"
	"testing"

	"laurel/internal/standards/did"
	"laurel/internal/standards/verify"
)

// endorsed is a signed credential whose achievement carries endorsements.
func (w *world) endorsed(endorsements ...any) []byte {
	doc := credential()
	subject := doc["credentialSubject"].(map[string]any)
	subject["achievement"] = with(subject["achievement"].(map[string]any), map[string]any{"endorsement": endorsements})
	return w.sign(doc)
}

func TestEndorsements(t *testing.T) {
	w := newWorld(t)
	guild := "did:web:guild.example.org"
	w.publish(did.WebDocument(guild, []did.PublishedKey{{Kid: "key-1", PublicKeyMultibase: multikey(t, key("guild"))}}))
	byGuild := func(changes map[string]any) map[string]any {
		doc := with(endorsement(), map[string]any{"issuer": map[string]any{"id": guild, "type": []any{"Profile"}, "name": "Example Guild"}})
		return decode(t, w.signAs(with(doc, changes), guild+"#key-1", key("guild")))
	}
	good := byGuild(nil)
	forged := with(good, map[string]any{"name": "The best course of all"})
	foreign := decode(t, w.signAs(with(endorsement(), map[string]any{"issuer": map[string]any{"id": guild, "type": []any{"Profile"}, "name": "Example Guild"}}), keyID, key("first")))
	var many []any
	for i := range 17 {
		many = append(many, byGuild(map[string]any{"id": fmt.Sprintf("urn:uuid:51d0c6d0-31b3-44a4-8a8c-8f8ef44d7f%02d", i)}))
	}
	for _, c := range []struct {
		name         string
		endorsements []any
		verdict      verify.Verdict
		code         string
	}{
		{"good", []any{good}, verify.Valid, "ok"},
		{"forged", []any{forged}, verify.Invalid, "embedded-invalid"},
		{"good-and-forged", []any{good, with(forged, map[string]any{"id": "urn:uuid:51d0c6d0-31b3-44a4-8a8c-8f8ef44d7f01"})}, verify.Invalid, "embedded-invalid"},
		{"key-of-another", []any{foreign}, verify.Invalid, "embedded-invalid"},
		{"unsigned", []any{with(good, map[string]any{"proof": nil})}, verify.Invalid, "embedded-invalid"},
		{"expired", []any{byGuild(map[string]any{"validUntil": "2026-05-01T00:00:00Z"})}, verify.Valid, "embedded-lapsed"},
		{"unavailable", []any{decode(t, w.signAs(with(endorsement(), map[string]any{"issuer": "did:web:nowhere.example"}), "did:web:nowhere.example#key-1", key("guild")))}, verify.Undetermined, "embedded-undetermined"},
		{"seventeen", many, verify.Undetermined, "embedded-too-many"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := w.verifier(now).Credential(t.Context(), w.endorsed(c.endorsements...))
			want(t, r, c.verdict, verify.Endorsements, c.code)
			if n := len(r.Endorsements); c.code != "embedded-too-many" && n != len(c.endorsements) {
				t.Errorf("%d reports on %d endorsements", n, len(c.endorsements))
			} else if n > 0 && c.name == "good" && (r.Endorsements[0].Verdict != verify.Valid || r.Endorsements[0].Summary.IssuerName != "Example Guild") {
				t.Errorf("report: %+v", r.Endorsements[0])
			}
		})
	}
	want(t, w.verifier(now).Credential(t.Context(), w.sign(credential())), verify.Valid, verify.Endorsements, "none")
	if r := w.verifier(now).Credential(t.Context(), w.endorsed(slices.Repeat([]any{good}, 40)...)); len(r.Endorsements) != 1 {
		t.Errorf("%d reports on one endorsement", len(r.Endorsements))
	}
}
