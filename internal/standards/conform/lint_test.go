package conform_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"laurel/internal/standards/conform"
	"laurel/internal/standards/vc"
)

// goodList is a signed status list in the profile.
func goodList(t testing.TB) map[string]any {
	t.Helper()
	c, err := vc.NewStatusList(vc.StatusListOptions{
		URL: "https://academy.example.org/status/1.json", Issuer: "did:web:academy.example.org", Purpose: vc.Revocation,
		ValidFrom: time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC), TTL: time.Hour,
	}, vc.NewBitstring(vc.ListLength))
	if err != nil {
		t.Fatal(err)
	}
	data, err := c.Encode()
	if err != nil {
		t.Fatal(err)
	}
	doc := parse(t, data)
	doc["proof"] = read(t, "good.json")["proof"]
	return doc
}

// award, list and others make the document that a rule is shown on.
func award(t testing.TB) map[string]any { return read(t, "good.json") }

func endorsed(t testing.TB) map[string]any {
	doc := read(t, "good.json")
	endorsement := read(t, "1edtech-ob30/endorsement-valid.json")
	delete(endorsement, "credentialSchema")
	doc["endorsement"] = []any{endorsement}
	return doc
}

func TestLintTakesTheProfile(t *testing.T) {
	c := checker(t)
	unsigned := award(t)
	delete(unsigned, "proof")
	for name, doc := range map[string]map[string]any{
		"award": award(t), "unsigned": unsigned, "list": goodList(t), "endorsed": endorsed(t),
	} {
		if found := c.Lint(doc); len(found) > 0 {
			t.Errorf("%s: %v", name, found)
		}
	}
}

// set puts a value at the end of a path; delete when it is gone.
type gone struct{}

func set(doc map[string]any, v any, steps ...any) {
	switch last := steps[len(steps)-1].(type) {
	case string:
		o := at(doc, steps[:len(steps)-1]...).(map[string]any)
		if o[last] = v; v == (gone{}) {
			delete(o, last)
		}
	case int:
		at(doc, steps[:len(steps)-1]...).([]any)[last] = v
	}
}

// TestLintRules breaks one rule after the other: that one is found, at the
// place, and no other.
func TestLintRules(t *testing.T) {
	type doc = map[string]any
	type change func(doc)
	to := func(v any, steps ...any) change { return func(d doc) { set(d, v, steps...) } }
	subject := func(steps ...any) []any { return append([]any{"credentialSubject"}, steps...) }
	plain := doc{"@value": "Schweißen", "@language": "de"}
	cases := []struct {
		code    string
		pointer string
		base    func(testing.TB) map[string]any
		change  change
	}{
		{"lint-type", "/type", award, to([]any{"VerifiableCredential", "AchievementCredential"}, "type")},
		{"lint-type", "/type", award, to([]any{"OpenBadgeCredential", "VerifiableCredential"}, "type")},
		{"lint-type", "/type", award, to([]any{"VerifiableCredential", "OpenBadgeCredential", "https://example.com/T"}, "type")},
		{"lint-context", "/@context", award, to([]any{vc.ContextVC}, "@context")},
		{"lint-context", "/@context", award, to([]any{vc.ContextVC, "https://purl.imsglobal.org/spec/ob/v3p0/context.json"}, "@context")},
		{"lint-context", "/@context", award, to([]any{vc.ContextVC, vc.ContextOB, "https://example.com/more"}, "@context")},
		{"lint-context", "/@context", goodList, to([]any{vc.ContextVC, vc.ContextOB}, "@context")},
		{"lint-context", "/@context", goodList, to(vc.ContextVC, "@context")},
		{"lint-issuer-did", "/issuer", goodList, func(d doc) {
			set(d, "https://academy.example.org/", "issuer")
			set(d, "https://academy.example.org/#key-2026-1", "proof", 0, "verificationMethod")
		}},
		{"lint-valid-from", "/validFrom", award, to(gone{}, "validFrom")},
		{"lint-date", "/validFrom", award, to("2026-06-01T12:00:00.000Z", "validFrom")},
		{"lint-date", "/awardedDate", award, to("2026-06-01T12:00:00+02:00", "awardedDate")},
		{"lint-date", "/validUntil", award, to("2029-06-01T24:00:00Z", "validUntil")},
		{"lint-date", "/credentialSubject/activityEndDate", award, to("2026-06-01", subject("activityEndDate")...)},
		{"lint-date", "/proof/0/created", award, to("2026-06-01T12:00:00+00:00", "proof", 0, "created")},
		{"lint-plain-text", "/name", award, to(plain, "name")},
		{"lint-plain-text", "/credentialSubject/achievement/name", award, to(doc{"en": "Welding"}, subject("achievement", "name")...)},
		{"lint-empty", "/credentialSubject/achievement/tag", award, to([]any{}, subject("achievement", "tag")...)},
		{"lint-empty", "/credentialSubject/role", award, to(nil, subject("role")...)},
		{"lint-empty", "/credentialSubject/achievement/tag/1", award, to(nil, subject("achievement", "tag", 1)...)},
		{"lint-number", "/credentialSubject/creditsEarned", award, to(9007199254740992.0, subject("creditsEarned")...)},
		{"lint-identical-items", "/credentialSubject/achievement/resultDescription/1/allowedValue", award,
			to([]any{"A", "B", "A", "A", "A", "A", "A", "A", "A"}, subject("achievement", "resultDescription", 1, "allowedValue")...)},
		{"lint-endorsement-jwt", "/endorsementJwt", award, to([]any{"a.b.c"}, "endorsementJwt")},
		{"lint-extension-type", "/credentialSchema/0", award,
			to([]any{doc{"id": "https://example.com/s", "type": "1EdTechJsonSchemaValidator2019"}}, "credentialSchema")},
		{"lint-id", "/id", award, to("https://academy.example.org/awards/1", "id")},
		{"lint-id", "/id", award, to("urn:uuid:677fe8a6cacf98774d482d07", "id")},
		{"lint-id", "/id", award, to("urn:uuid:5F0F8A3E-2D0B-4C59-9F1E-0C1D2E3F4A5B", "id")},
		{"lint-issuer-object", "/issuer", award, to("did:web:academy.example.org", "issuer")},
		{"lint-issuer-object", "/issuer", award, to("Profile", "issuer", "type")},
		{"lint-issuer-name", "/issuer/name", award, to(gone{}, "issuer", "name")},
		{"lint-endorsement-unsigned", "/endorsement", endorsed, to(gone{}, "endorsement", 0, "proof")},
		{"lint-subject-single", "/credentialSubject", award, func(d doc) { d["credentialSubject"] = []any{d["credentialSubject"]} }},
		{"lint-subject-named", "/credentialSubject", award, func(d doc) {
			set(d, gone{}, subject("id")...)
			set(d, gone{}, subject("identifier")...)
		}},
		{"lint-subject-image", "/credentialSubject/image", award,
			to(doc{"id": "https://example.com/i.png", "type": "Image"}, subject("image")...)},
		{"lint-achievement-id", "/credentialSubject/achievement/id", award, to("urn:uuid:5f0f8a3e-2d0b-4c59-9f1e-0c1d2e3f4a5b", subject("achievement", "id")...)},
		{"lint-email-hashed", "/credentialSubject/identifier/1", award, to(false, subject("identifier", 1, "hashed")...)},
		{"lint-identity-salt", "/credentialSubject/identifier/1", award, to(gone{}, subject("identifier", 1, "salt")...)},
		{"lint-identity-salt", "/credentialSubject/identifier/1", award, to("md5$"+strings.Repeat("0", 32), subject("identifier", 1, "identityHash")...)},
		{"lint-status-single", "/credentialStatus", award, func(d doc) { d["credentialStatus"] = []any{d["credentialStatus"]} }},
		{"lint-status-type", "/credentialStatus/type", award, to("StatusList2021Entry", "credentialStatus", "type")},
		{"lint-status-type", "/credentialStatus/type", award, to([]any{"BitstringStatusListEntry"}, "credentialStatus", "type")},
		{"lint-status-id", "/credentialStatus/id", award, to("https://academy.example.org/status/1.json#1", "credentialStatus", "id")},
		{"lint-status-id", "/credentialStatus/id", award, to(gone{}, "credentialStatus", "id")},
		{"lint-status-purpose", "/credentialStatus/statusPurpose", award, to("message", "credentialStatus", "statusPurpose")},
		{"lint-status-index", "/credentialStatus/statusListIndex", award, func(d doc) {
			set(d, "007", "credentialStatus", "statusListIndex")
			set(d, "https://academy.example.org/status/1.json#007", "credentialStatus", "id")
		}},
		{"lint-status-url", "/credentialStatus/statusListCredential", award, func(d doc) {
			set(d, "https://academy.example.org/status/1", "credentialStatus", "statusListCredential")
			set(d, "https://academy.example.org/status/1#94567", "credentialStatus", "id")
		}},
		{"lint-proof-single", "/proof", award, func(d doc) { d["proof"] = at(d, "proof", 0) }},
		{"lint-proof-single", "/proof", award, func(d doc) { d["proof"] = append(d["proof"].([]any), at(d, "proof", 0)) }},
		{"lint-proof-suite", "/proof/0/cryptosuite", award, to("ecdsa-rdfc-2019", "proof", 0, "cryptosuite")},
		{"lint-proof-suite", "/proof/0/cryptosuite", award, to("Ed25519Signature2020", "proof", 0, "type")},
		{"lint-proof-purpose", "/proof/0/proofPurpose", award, to("authentication", "proof", 0, "proofPurpose")},
		{"lint-proof-issuer", "/proof/0/verificationMethod", award, to("did:web:other.example.org#key-2026-1", "proof", 0, "verificationMethod")},
		{"lint-proof-issuer", "/proof/0/verificationMethod", award, to("did:web:academy.example.org", "proof", 0, "verificationMethod")},
		{"lint-proof-key-name", "/proof/0/verificationMethod", award, to("did:web:academy.example.org#z6MkjZRZv3aez3r1", "proof", 0, "verificationMethod")},
		{"lint-list-url", "/id", goodList, to("http://academy.example.org/status/1.json", "id")},
		{"lint-list-url", "/id", goodList, to("https://academy.example.org/status/1", "id")},
		{"lint-list-subject-type", "/credentialSubject/type", goodList, to([]any{"BitstringStatusList"}, subject("type")...)},
		{"lint-list-purpose", "/credentialSubject/statusPurpose", goodList, to([]any{"revocation"}, subject("statusPurpose")...)},
		{"lint-list-purpose", "/credentialSubject/statusPurpose", goodList, to("message", subject("statusPurpose")...)},
		{"lint-list-length", "/credentialSubject/encodedList", goodList, to("uH4sIAAAAAAAA", subject("encodedList")...)},
		{"lint-list-length", "/credentialSubject/encodedList", goodList, func(d doc) {
			text, err := vc.NewBitstring(100000).Encode()
			if err != nil {
				t.Fatal(err)
			}
			set(d, text, subject("encodedList")...)
		}},
		{"lint-list-entity", "/name", goodList, to("Welding &amp; more", "name")},
		{"lint-list-entity", "/name", goodList, to("a && b &#38;", "name")},
	}
	c := checker(t)
	shown := map[string]bool{}
	for _, test := range cases {
		shown[test.code] = true
		document := test.base(t)
		test.change(document)
		found := errorsOf(c.Lint(document))
		if !slices.Equal(codes(found), []string{test.code}) || !slices.ContainsFunc(found, func(f conform.Finding) bool { return f.Pointer == test.pointer }) {
			t.Errorf("%s at %s: found %v", test.code, test.pointer, found)
		}
		for _, f := range found {
			if f.Verifier == "" || len(f.Detail) < 20 {
				t.Errorf("%s says too little: %v", test.code, f)
			}
		}
	}
	for _, code := range conform.RuleCodes() {
		if !shown[code] {
			t.Errorf("no case for %s", code)
		}
	}
}

func TestLintBeginsWithStructure(t *testing.T) {
	doc := award(t)
	delete(doc, "issuer")
	doc["id"] = "relative"
	found := checker(t).Lint(doc)
	if got := fmt.Sprint(codes(found)); got != "[id-malformed issuer-missing]" {
		t.Error(got)
	}
}

func TestLintLeavesAmpersandsAlone(t *testing.T) {
	doc := goodList(t)
	doc["name"] = "R&D; fish & chips; a&; AT&T"
	// "R&D;" is the form of a character reference all the same.
	if found := codes(checker(t).Lint(doc)); !slices.Equal(found, []string{"lint-list-entity"}) {
		t.Error(found)
	}
	doc["name"] = "fish & chips; a&; AT&T"
	if found := checker(t).Lint(doc); len(found) > 0 {
		t.Error(found)
	}
}
