package verify_test

import (
	"testing"

	"laurel/internal/standards/vc"
	"laurel/internal/standards/verify"
)

// TestPolicy holds credentials against what is required of them.
func TestPolicy(t *testing.T) {
	w := newWorld(t)
	learner := func(identity map[string]any) map[string]any {
		doc := credential()
		doc["credentialSubject"] = with(doc["credentialSubject"].(map[string]any), map[string]any{"identifier": []any{with(map[string]any{"type": "IdentityObject"}, identity)}})
		return doc
	}
	salted := learner(map[string]any{"hashed": true, "identityType": "emailAddress", "salt": "abc", "identityHash": vc.HashIdentity("ana@example.org", "abc")})
	plain := learner(map[string]any{"hashed": false, "identityType": "emailAddress", "identityHash": "ana@example.org"})
	named := learner(map[string]any{"hashed": false, "identityType": "name", "identityHash": "ana@example.org"})
	bareKey := "did:key:" + multikey(t, key("other"))
	for _, c := range []struct {
		name, key, value string
		doc              map[string]any
		outcome          verify.Outcome
		code             string
	}{
		{"type", "achievementType", "Badge", credential(), verify.Pass, "ok"},
		{"type-other", "achievementType", "Diploma", credential(), verify.Fail, "require-achievement-type"},
		{"type-case", "achievementType", "badge", credential(), verify.Fail, "require-achievement-type"},
		{"achievement", "achievement", "https://academy.example.org/achievements/woodworking/achievement.json", credential(), verify.Pass, "ok"},
		{"achievement-other", "achievement", "https://academy.example.org/", credential(), verify.Fail, "require-achievement"},
		{"alignment-none", "alignment", "https://example.com/skill", credential(), verify.Fail, "require-alignment"},
		{"issuer", "issuer", issuerID, credential(), verify.Pass, "ok"},
		{"issuer-domain", "issuer", "Academy.example.org", credential(), verify.Pass, "ok"},
		{"issuer-part-of-domain", "issuer", "example.org", credential(), verify.Fail, "require-issuer"},
		{"issuer-name", "issuer", "Example Academy", credential(), verify.Unknown, "require-issuer-claimed"},
		{"issuer-other", "issuer", "did:web:evil.example", credential(), verify.Fail, "require-issuer"},
		{"after", "awardedAfter", "2026-01-10", credential(), verify.Pass, "ok"},
		{"after-later", "awardedAfter", "2026-01-10T00:00:01Z", credential(), verify.Fail, "require-date"},
		{"after-validFrom", "awardedAfter", "2026-01-15", with(credential(), map[string]any{"awardedDate": nil}), verify.Pass, "ok"},
		{"age", "notOlderThan", "P5M", credential(), verify.Pass, "ok"},
		{"age-over", "notOlderThan", "P4M3W", credential(), verify.Fail, "require-date"},
		{"age-days", "notOlderThan", "P1Y2D", credential(), verify.Pass, "ok"},
		{"recipient-did", "recipient", "did:key:z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi", credential(), verify.Pass, "ok"},
		{"recipient-salted", "recipient", "ana@example.org", salted, verify.Pass, "ok"},
		{"recipient-case", "recipient", "Ana@Example.org", salted, verify.Pass, "ok"},
		{"recipient-other", "recipient", "eve@example.org", salted, verify.Fail, "require-recipient"},
		{"recipient-plain", "recipient", "ana@example.org", plain, verify.Pass, "ok"},
		{"recipient-a-name", "recipient", "ana@example.org", named, verify.Fail, "require-recipient"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := verify.Requirement{Key: c.key, Value: c.value}
			if err := r.Check(); err != nil {
				t.Fatal(err)
			}
			v := verify.New(w.processor, w.checker, verify.Options{Now: now, Load: w.load, Require: &verify.Policy{Requirements: []verify.Requirement{r}}})
			report := v.Credential(t.Context(), w.sign(c.doc))
			row, ok := report.Check(verify.Fitness)
			if report.Verdict != verify.Valid || !ok || row.Outcome != c.outcome || row.Code != c.code || len(report.Requirements) != 1 {
				t.Errorf("%s, %+v", report.Verdict, row)
			}
			if report.Fit() != (c.outcome == verify.Pass) {
				t.Errorf("fit: %t", report.Fit())
			}
		})
	}
	require := func(list ...verify.Requirement) *verify.Verifier {
		return verify.New(w.processor, w.checker, verify.Options{Now: now, Load: w.load, Require: &verify.Policy{Requirements: list}})
	}
	badge := verify.Requirement{Key: "achievementType", Value: "Badge"}
	// A bare key is not who it says.
	report := require(verify.Requirement{Key: "issuer", Value: "Example Academy"}).Credential(t.Context(), w.signAs(by(bareKey), bareKey+"#"+multikey(t, key("other")), key("other")))
	if row, _ := report.Check(verify.Fitness); report.Verdict != verify.Valid || row.Outcome != verify.Unknown || row.Code != "require-issuer-claimed" || report.Fit() || report.Unfit() {
		t.Errorf("%s, %+v", report.Verdict, row)
	}
	// What is not valid is fit for nothing.
	report = require(badge).Credential(t.Context(), compact(t, map[string]any{"alg": "EdDSA", "kid": keyID}, credential(), key("mallory")))
	if row, _ := report.Check(verify.Fitness); report.Fit() || row.Outcome != verify.Skipped || report.Requirements != nil {
		t.Errorf("%+v", row)
	}
	// One credential of several is enough, and has to meet all.
	good := decode(t, w.sign(credential()))
	old := decode(t, w.sign(with(credential(), map[string]any{"id": "urn:uuid:0b9b3f3e-0d5b-4d2a-9a44-0f8b1f1a2c3e", "awardedDate": "2001-01-01T00:00:00Z"})))
	young := verify.Requirement{Key: "notOlderThan", Value: "P1Y"}
	if r := require(badge, young).Credential(t.Context(), encode(t, presentation(old, good))); !r.Fit() {
		t.Error("a presentation with one that is fit is not")
	}
	if r := require(badge, young).Credential(t.Context(), encode(t, presentation(old))); r.Fit() || r.Verdict != verify.Valid {
		t.Error("a presentation with none that is fit is")
	}
	if r := require(verify.Requirement{Key: "achievementType", Value: "Diploma"}, badge, young).Credential(t.Context(), w.sign(clr(good))); !r.Fit() {
		t.Error("a learner record with one that is fit is not")
	}
	for _, bad := range []verify.Requirement{
		{}, {Key: "issuer"}, {Key: "colour", Value: "red"}, {Key: "awardedAfter", Value: "2026-13-01"}, {Key: "awardedAfter", Value: "2026-01-01T00:00:00"},
		{Key: "notOlderThan", Value: "P"}, {Key: "notOlderThan", Value: "PT1H"}, {Key: "notOlderThan", Value: "P1D1Y"}, {Key: "notOlderThan", Value: "2Y"}, {Key: "notOlderThan", Value: "P99999Y"}, {Key: "notOlderThan", Value: "P2"},
		{Key: "recipient", Value: "Ana Example"}, {Key: "recipient", Value: "ana.example.org"},
	} {
		if err := bad.Check(); err == nil {
			t.Errorf("%+v is taken", bad)
		}
	}
}

// TestReason tells in a list of many what warns of a valid credential: who nobody can
// tell, whom it is about too, but not what nearly every report says.
func TestReason(t *testing.T) {
	warn := func(name, code string) verify.Check {
		return verify.Check{Name: name, Outcome: verify.Warn, Code: code}
	}
	domain, lookalike := warn(verify.IssuerTrust, "issuer-unregistered"), warn(verify.IssuerTrust, "issuer-lookalike")
	key, unlisted, who := warn(verify.IssuerTrust, "issuer-anonymous"), warn(verify.IssuerTrust, "issuer-unlisted"), warn(verify.Subject, "subject-unidentified")
	later, zone := warn(verify.Log, "log-later"), warn(verify.Dates, "date-zone")
	for _, c := range []struct {
		want   string
		checks []verify.Check
	}{
		{"", nil}, {"", []verify.Check{domain}},
		{"issuer-anonymous", []verify.Check{key}}, {"issuer-unlisted", []verify.Check{unlisted}}, {"subject-unidentified", []verify.Check{who, domain}},
		{"date-zone", []verify.Check{zone, key}}, {"log-later", []verify.Check{who, unlisted, later}}, {"issuer-lookalike", []verify.Check{zone, who, lookalike, later}},
	} {
		r := verify.Report{Verdict: verify.Valid, Checks: c.checks}
		if got, ok := r.Reason(); got.Code != c.want || ok != (c.want != "") {
			t.Errorf("%+v: %q, want %q", c.checks, got.Code, c.want)
		}
	}
}
