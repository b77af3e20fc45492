package conform_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"laurel/internal/standards/conform"
)

// minimal is the least that is a credential.
const minimal = `{"@context":["https://www.w3.org/ns/credentials/v2"],"type":["VerifiableCredential"],
	"issuer":"did:example:issuer","credentialSubject":{"id":"did:example:subject"}}`

// TestStructureRules changes one member of a document (a null removes none of
// its own: the member is set to null) and gives the codes of what is found.
func TestStructureRules(t *testing.T) {
	for _, test := range []struct {
		name string
		base string // empty for minimal
		with string // members to set
		want string
	}{
		{"minimal", "", `{}`, ""},
		{"context missing", "", `{"@context":[]}`, "context-first"},
		{"context null", "", `{"@context":null}`, "context-first context-malformed"},
		{"context of another", "", `{"@context":["https://example.org/x"]}`, "context-first"},
		{"context second", "", `{"@context":["https://example.org/x","https://www.w3.org/ns/credentials/v2"]}`, "context-first"},
		{"context number", "", `{"@context":["https://www.w3.org/ns/credentials/v2",5]}`, "context-malformed"},
		{"context relative", "", `{"@context":["https://www.w3.org/ns/credentials/v2","x"]}`, "context-malformed"},
		{"context string", "", `{"@context":"https://www.w3.org/ns/credentials/v2"}`, ""},
		{"context redefines base", "", `{"@context":["https://www.w3.org/ns/credentials/v2",{"VerifiableCredential":"https://example.org/x"}]}`, "context-redefines"},
		{"context redefines name", "", `{"@context":["https://www.w3.org/ns/credentials/v2",{"name":"https://example.org/x"}]}`, "context-redefines"},
		{"context repeats name", "", `{"@context":["https://www.w3.org/ns/credentials/v2",{"name":"https://schema.org/name"}]}`, ""},
		{"context redefines own", "", `{"@context":["https://www.w3.org/ns/credentials/v2",{"A":{"@id":"https://example.org/x","@protected":true}},{"A":"https://example.org/y"}]}`, "context-redefines"},
		{"context unprotected", "", `{"@context":["https://www.w3.org/ns/credentials/v2",{"A":"https://example.org/x"},{"A":"https://example.org/y"}]}`, ""},
		{"version 1", "", `{"@context":["https://www.w3.org/2018/credentials/v1"]}`, "vcdm1-unsupported"},
		{"version mix", "", `{"@context":["https://www.w3.org/2018/credentials/v1","https://www.w3.org/ns/credentials/v2"]}`, "vcdm1-unsupported"},
		{"type string", "", `{"type":"VerifiableCredential"}`, ""},
		{"type empty", "", `{"type":[]}`, "type-malformed type-missing"},
		{"type null", "", `{"type":null}`, "type-malformed type-missing"},
		{"type number among", "", `{"type":["VerifiableCredential",7]}`, "type-malformed"},
		{"type of subject", "", `{"credentialSubject":{"type":{}}}`, "type-malformed"},
		{"id two", "", `{"id":["did:example:a","did:example:b"]}`, "id-malformed"},
		{"id object", "", `{"id":{}}`, "id-malformed"},
		{"id relative", "", `{"id":"a/b"}`, "id-malformed"},
		{"id blank node", "", `{"id":"_:b0"}`, "id-malformed"},
		{"id script", "", `{"id":"JavaScript:alert(1)"}`, "id-unsafe"},
		{"id data", "", `{"credentialSubject":{"achievement":{"id":"data:text/html,x"}}}`, "id-unsafe"},
		{"id of subject", "", `{"credentialSubject":{"id":"a"}}`, "id-malformed"},
		{"id deep", "", `{"credentialSubject":{"a":[[{"b":{"id":5}}]]}}`, "id-malformed"},
		{"id in literal", "", `{"credentialSubject":{"jsonSchema":{"id":5,"type":7}}}`, ""},
		{"issuer null", "", `{"issuer":null}`, "issuer-missing"},
		{"issuer array", "", `{"issuer":["did:example:a"]}`, "issuer-malformed"},
		{"issuer without id", "", `{"issuer":{"name":"A"}}`, "issuer-malformed"},
		{"issuer id null", "", `{"issuer":{"id":null}}`, "id-malformed"},
		{"issuer name number", "", `{"issuer":{"id":"did:example:a","name":5}}`, "text-malformed"},
		{"subject string", "", `{"credentialSubject":"did:example:a"}`, "subject-malformed"},
		{"subject null", "", `{"credentialSubject":null}`, "subject-malformed"},
		{"subject empty", "", `{"credentialSubject":{}}`, "subject-malformed"},
		{"subjects none", "", `{"credentialSubject":[]}`, "subject-missing"},
		{"subjects one empty", "", `{"credentialSubject":[{"id":"did:example:a"},{}]}`, "subject-malformed"},
		{"name null", "", `{"name":null}`, "text-malformed"},
		{"name no value", "", `{"name":{"@language":"en"}}`, "text-malformed"},
		{"name bad language", "", `{"name":{"@value":"a","@language":"e n"}}`, "text-malformed"},
		{"name language object", "", `{"name":{"@value":"a","@language":["en"]}}`, "text-malformed"},
		{"name bad direction", "", `{"name":{"@value":"a","@direction":"up"}}`, "text-malformed"},
		{"name value number", "", `{"name":{"@value":4}}`, "text-malformed"},
		{"description extra", "", `{"description":[{"@value":"a","x":1}]}`, "text-malformed"},
		{"date only", "", `{"validFrom":"2026-01-31"}`, "date-malformed"},
		{"date no zone", "", `{"validUntil":"2026-01-31T00:00:00"}`, "date-malformed"},
		{"date array", "", `{"validFrom":["2026-01-31T00:00:00Z"]}`, "date-malformed"},
		{"date null", "", `{"validFrom":null}`, "date-malformed"},
		{"dates turned", "", `{"validFrom":"2026-01-31T00:00:01Z","validUntil":"2026-01-31T00:00:00Z"}`, "date-order"},
		{"dates turned by zone", "", `{"validFrom":"2026-01-31T00:00:00Z","validUntil":"2026-01-31T01:00:00+02:00"}`, "date-order"},
		{"dates equal", "", `{"validFrom":"2026-01-31T00:00:00Z","validUntil":"2026-01-31T00:00:00Z"}`, ""},
		{"status string", "", `{"credentialStatus":"did:example:a"}`, "member-malformed"},
		{"status null", "", `{"credentialStatus":null}`, "member-malformed"},
		{"status none", "", `{"credentialStatus":[]}`, "member-malformed"},
		{"status of others", "", `{"credentialStatus":{"type":"https://example.org/S"}}`, ""},
		{"entry", "", `{"credentialStatus":{"type":"BitstringStatusListEntry","statusPurpose":"revocation","statusListIndex":"7","statusListCredential":"https://example.org/1"}}`, ""},
		{"entry index number", "", `{"credentialStatus":{"type":"BitstringStatusListEntry","statusPurpose":"revocation","statusListIndex":7,"statusListCredential":"https://example.org/1"}}`, "status-malformed"},
		{"entry index negative", "", `{"credentialStatus":{"type":"BitstringStatusListEntry","statusPurpose":"revocation","statusListIndex":"-7","statusListCredential":"https://example.org/1"}}`, "status-malformed"},
		{"entry purpose array", "", `{"credentialStatus":{"type":"BitstringStatusListEntry","statusPurpose":["revocation"],"statusListIndex":"7","statusListCredential":"https://example.org/1"}}`, "status-malformed"},
		{"entry no list", "", `{"credentialStatus":{"type":"BitstringStatusListEntry","statusPurpose":"revocation","statusListIndex":"7"}}`, "status-malformed"},
		{"entry id of list", "", `{"credentialStatus":{"id":"https://example.org/1","type":"BitstringStatusListEntry","statusPurpose":"revocation","statusListIndex":"7","statusListCredential":"https://example.org/1"}}`, "status-malformed"},
		{"entry two bits", "", `{"credentialStatus":{"type":"BitstringStatusListEntry","statusPurpose":"message","statusListIndex":"7","statusSize":2,"statusMessage":[{},{},{}],"statusListCredential":"https://example.org/1"}}`, "status-malformed"},
		{"entry two bits told", "", `{"credentialStatus":{"type":"BitstringStatusListEntry","statusPurpose":"message","statusListIndex":"7","statusSize":2,"statusMessage":[{},{},{},{}],"statusListCredential":"https://example.org/1"}}`, ""},
		{"entry size zero", "", `{"credentialStatus":{"type":"BitstringStatusListEntry","statusPurpose":"message","statusListIndex":"7","statusSize":0,"statusListCredential":"https://example.org/1"}}`, "status-malformed"},
		{"schema no id", "", `{"credentialSchema":{"type":"JsonSchema"}}`, "id-missing"},
		{"schema id relative", "", `{"credentialSchema":{"id":"s","type":"JsonSchema"}}`, "id-malformed"},
		{"refresh no type", "", `{"refreshService":{"id":"https://example.org/r"}}`, "type-missing"},
		{"terms string", "", `{"termsOfUse":"https://example.org/t"}`, "member-malformed"},
		{"evidence one bad", "", `{"evidence":[{"type":"https://example.org/E"},{"id":"https://example.org/e"}]}`, "type-missing"},
		{"proof no type", "", `{"proof":{"proofValue":"z"}}`, "type-missing"},
		{"proof none", "", `{"proof":[]}`, "member-malformed"},
		{"proof string", "", `{"proof":"z"}`, "member-malformed"},
		{"proof date", "", `{"proof":{"type":"DataIntegrityProof","created":"2026-02-30T00:00:00Z"}}`, "date-malformed"},
		{"related good", "", `{"relatedResource":{"id":"https://example.org/x","digestSRI":"sha384-S57yQDg1MTzF56Oi9DbSQ14u7jBy0RDdx0YbeV7shwhCS88G8SCXeFq82PafhCrW"}}`, ""},
		{"related multibase", "", `{"relatedResource":[{"id":"https://example.org/x","digestMultibase":"uEiBZ"}]}`, ""},
		{"related bare URL", "", `{"relatedResource":["https://example.org/x"]}`, "related-malformed"},
		{"related no digest", "", `{"relatedResource":{"id":"https://example.org/x"}}`, "related-malformed"},
		{"related no id", "", `{"relatedResource":{"digestMultibase":"uEiBZ"}}`, "related-malformed"},
		{"related same id", "", `{"relatedResource":[{"id":"https://example.org/x","digestMultibase":"uEiBZ"},{"id":"https://example.org/x","digestMultibase":"uEiBZ"}]}`, "related-malformed"},
		{"related SRI number", "", `{"relatedResource":{"id":"https://example.org/x","digestSRI":5}}`, "related-malformed"},
		{"related SRI short", "", `{"relatedResource":{"id":"https://example.org/x","digestSRI":"sha256-AAAA"}}`, "related-malformed"},
		{"related SRI unknown", "", `{"relatedResource":{"id":"https://example.org/x","digestSRI":"md5-AAAA"}}`, "related-malformed"},
		{"related context", "", `{"relatedResource":{"id":"https://www.w3.org/ns/credentials/v2","digestSRI":"sha256-WZVc7WaX1h4D8rJVb+v+MImrFoQrhG9bWG1/e/reyAA="}}`, "related-digest"},
		{"related context right", "", `{"relatedResource":{"id":"https://www.w3.org/ns/credentials/v2","digestSRI":"sha384-l/HrjlBCNWyAX91hr6LFV2Y3heB5Tcr6IeE4/Tje8YyzYBM8IhqjHWiWpr8+ZbYU"}}`, ""},
		{"related context multihash", "", `{"relatedResource":{"id":"https://www.w3.org/ns/credentials/v2","digestMultibase":"uEiAtcRZCtyawRAFifKn7rDL1yFMPsZA8xNsCJYcXkhpIgQ"}}`, "related-digest"},
		{"related context multihash right", "", `{"relatedResource":{"id":"https://www.w3.org/ns/credentials/v2","digestMultibase":"uIDCX8euOUEI1bIBf3WGvosVXZjeF4HlNyvoh4Tj9ON7xjLNgEzwiGqMdaJamvz5lthQ"}}`, ""},
		{"related context both", "", `{"relatedResource":{"id":"https://www.w3.org/ns/credentials/v2","digestSRI":"sha384-l/HrjlBCNWyAX91hr6LFV2Y3heB5Tcr6IeE4/Tje8YyzYBM8IhqjHWiWpr8+ZbYU","digestMultibase":"uEiAtcRZCtyawRAFifKn7rDL1yFMPsZA8xNsCJYcXkhpIgQ"}}`, "related-digest"},
		{"ob subject elsewhere", "", `{"credentialSubject":{"type":"AchievementSubject"}}`, "ob-credential-type"},

		{"list", "", `{"type":["VerifiableCredential","BitstringStatusListCredential"],"credentialSubject":{"type":"BitstringStatusList","statusPurpose":["revocation"],"encodedList":"uA","ttl":5}}`, ""},
		{"list of none", "", `{"type":["VerifiableCredential","BitstringStatusListCredential"]}`, "status-list-malformed"},
		{"list broken", "", `{"type":["VerifiableCredential","BitstringStatusListCredential"],"credentialSubject":{"type":"BitstringStatusList","statusPurpose":[],"encodedList":"zA","ttl":-5}}`, "status-list-malformed"},

		{"presentation", presentation, `{}`, ""},
		{"presentation of nothing", presentation, `{"verifiableCredential":[]}`, ""},
		{"presentation of URL", presentation, `{"verifiableCredential":["https://example.org/c"]}`, "member-malformed"},
		{"presentation of null", presentation, `{"verifiableCredential":[null]}`, "member-malformed"},
		{"presentation of bad", presentation, `{"verifiableCredential":[{"@context":["https://www.w3.org/ns/credentials/v2"],"type":["VerifiableCredential"],"issuer":"x","credentialSubject":{"a":1}}]}`, "issuer-malformed"},
		{"presentation of version 1", presentation, `{"verifiableCredential":{"@context":["https://www.w3.org/2018/credentials/v1"],"type":["VerifiableCredential"]}}`, "vcdm1-unsupported"},
		{"presentation of version 1 itself", presentation, `{"@context":["https://www.w3.org/2018/credentials/v1"]}`, "vcdm1-unsupported"},
		{"presentation enveloped", presentation, `{"verifiableCredential":[{"@context":"https://www.w3.org/ns/credentials/v2","type":"EnvelopedVerifiableCredential","id":"data:application/vc+jwt,a.b.c"}]}`, ""},
		{"presentation enveloped URL", presentation, `{"verifiableCredential":[{"@context":"https://www.w3.org/ns/credentials/v2","type":"EnvelopedVerifiableCredential","id":"https://example.org/c"}]}`, "envelope-malformed"},
		{"presentation enveloped no context", presentation, `{"verifiableCredential":[{"type":"EnvelopedVerifiableCredential","id":"data:application/vc+jwt,a.b.c"}]}`, "context-missing"},
		{"presentation holder null", presentation, `{"holder":null}`, "holder-malformed"},
		{"presentation holder empty", presentation, `{"holder":{}}`, "holder-malformed"},
		{"presentation holder array", presentation, `{"holder":["did:example:a"]}`, "holder-malformed"},
		{"presentation id", presentation, `{"id":"a"}`, "id-malformed"},
		{"presentation terms", presentation, `{"termsOfUse":{}}`, "type-missing"},
	} {
		base := test.base
		if base == "" {
			base = minimal
		}
		doc := parse(t, []byte(base))
		for name, v := range parse(t, []byte(test.with)) {
			doc[name] = v
		}
		found := conform.Structure(doc)
		if got := strings.Join(codes(found), " "); got != test.want {
			t.Errorf("%s: got %q, want %q: %v", test.name, got, test.want, found)
		}
	}
}

const presentation = `{"@context":["https://www.w3.org/ns/credentials/v2"],"type":"VerifiablePresentation","holder":"did:example:h"}`

// TestOpenBadgeRules changes one place of a good award.
func TestOpenBadgeRules(t *testing.T) {
	subject := func(steps ...any) []any { return append([]any{"credentialSubject"}, steps...) }
	type doc = map[string]any
	for _, test := range []struct {
		code  string
		value any
		steps []any
	}{
		{"", "2026-06-01T12:00:00+02:00", []any{"awardedDate"}},
		{"date-malformed", "2026-06-01", []any{"awardedDate"}},
		{"id-missing", gone{}, []any{"id"}},
		{"ob-issuer-type", "Organization", []any{"issuer", "type"}},
		{"ob-image", "https://example.org/i.png", []any{"issuer", "image"}},
		{"ob-image", "https://example.org/i.png", []any{"image"}},
		{"ob-image", doc{"id": "https://example.org/i.png"}, subject("achievement", "image")},
		{"ob-evidence-type", "Proof", []any{"evidence", 0, "type"}},
		{"ob-subject-type", "Person", subject("type")},
		{"ob-achievement", gone{}, subject("achievement")},
		{"ob-achievement", "https://example.org/a", subject("achievement")},
		{"ob-achievement-type", "Course", subject("achievement", "type")},
		{"ob-achievement", gone{}, subject("achievement", "id")},
		{"ob-achievement", gone{}, subject("achievement", "name")},
		{"ob-achievement", gone{}, subject("achievement", "description")},
		{"ob-criteria", gone{}, subject("achievement", "criteria")},
		{"ob-criteria", doc{"type": "Criteria"}, subject("achievement", "criteria")},
		{"", doc{"id": "https://example.org/c"}, subject("achievement", "criteria")},
		{"ob-alignment", "Link", subject("achievement", "alignment", 0, "type")},
		{"ob-alignment", "", subject("achievement", "alignment", 0, "targetName")},
		{"ob-alignment", "skills/1", subject("achievement", "alignment", 0, "targetUrl")},
		{"ob-alignment", "Skill", subject("achievement", "alignment", 0, "targetType")},
		{"ob-alignment", "ext:", subject("achievement", "alignment", 0, "targetType")},
		{"", "ext:Skill", subject("achievement", "alignment", 0, "targetType")},
		{"", "ceterms:Credential", subject("achievement", "alignment", 0, "targetType")},
		{"ob-result", "urn:uuid:none", subject("result", 0, "resultDescription")},
		{"ob-result", "urn:uuid:none", subject("result", 0, "achievedLevel")},
		{"ob-result", "Grade", subject("result", 0, "type")},
		{"ob-result", "Status", subject("achievement", "resultDescription", 1, "resultType")},
		{"ob-result", "urn:uuid:none", subject("achievement", "resultDescription", 0, "requiredLevel")},
		{"ob-identity", "Identity", subject("identifier", 0, "type")},
		{"ob-identity", "no", subject("identifier", 0, "hashed")},
		{"ob-identity", "", subject("identifier", 0, "identityHash")},
		{"ob-identity", true, subject("identifier", 0, "hashed")},
		{"ob-identity", "sha256$00", subject("identifier", 1, "identityHash")},
		{"", "md5$" + strings.Repeat("a", 32), subject("identifier", 1, "identityHash")},
		{"ob-identity", "email", subject("identifier", 1, "identityType")},
		{"", "ext:badgeNumber", subject("identifier", 1, "identityType")},
		{"ob-identity", "x", subject("identifier", 0, "note")},
	} {
		d := read(t, "good.json")
		set(d, test.value, test.steps...)
		found := errorsOf(conform.Structure(d))
		want := []string{test.code}
		if test.code == "" {
			want = nil
		}
		if !slices.Equal(codes(found), want) {
			t.Errorf("%v = %v: want %q, found %v", test.steps, test.value, test.code, found)
		}
	}
}

func TestEndorsementAndLearnerRecordRules(t *testing.T) {
	endorsement := read(t, "1edtech-ob30/endorsement-valid.json")
	delete(endorsement, "name")
	set(endorsement, gone{}, "credentialSubject", "id")
	if got := places(conform.Structure(endorsement)); got != "/credentialSubject/id ob-endorsement; /name ob-endorsement" {
		t.Error(got)
	}
	set(endorsement, "AchievementSubject", "credentialSubject", "type")
	if got := places(conform.Structure(endorsement)); !strings.Contains(got, "/credentialSubject/type ob-subject-type") {
		t.Error(got)
	}
	clr := parse(t, []byte(minimal))
	clr["id"] = "urn:uuid:1"
	clr["type"] = []any{"VerifiableCredential", "ClrCredential"}
	clr["credentialSubject"] = map[string]any{"type": "Person", "association": []any{map[string]any{"type": []any{"Association"}}}}
	want := "/credentialSubject/association/0/type clr-credential; /credentialSubject/type ob-subject-type; " +
		"/credentialSubject/verifiableCredential clr-credential; /name clr-credential"
	if got := places(conform.Structure(clr)); got != want {
		t.Error(got)
	}
}

// TestFindingsAreBoundedAndOrdered: a hostile document fills neither memory nor
// a page, and says the same each time.
func TestFindingsAreBoundedAndOrdered(t *testing.T) {
	text := strings.Replace(minimal, `"credentialSubject":{`, `"credentialSubject":{"a":[`+strings.Repeat(`{"id":5,"type":7},`, 900)+`{}],`, 1)
	first := places(conform.Structure(parse(t, []byte(text))))
	for range 5 {
		if again := places(conform.Structure(parse(t, []byte(text)))); again != first {
			t.Fatal("other findings")
		}
	}
	if n := strings.Count(first, ";") + 1; n != 50 {
		t.Errorf("%d findings", n)
	}
}

func TestSchemasRefuseTooManyValues(t *testing.T) {
	doc := read(t, "good.json")
	doc["evidence"] = make([]any, 200000)
	found := checker(t).Schemas(doc)
	if len(found) != 1 || !strings.Contains(found[0].Detail, "100000") {
		t.Errorf("found %v", found)
	}
}

// TestNumbersOfBothKinds: documents come with float64 or json.Number.
func TestNumbersOfBothKinds(t *testing.T) {
	c := checker(t)
	doc := read(t, "good.json")
	for _, v := range []any{4.5, json.Number("4.5"), json.Number("4")} {
		set(doc, v, "credentialSubject", "creditsEarned")
		if found := append(c.Schemas(doc), c.Lint(doc)...); len(found) > 0 {
			t.Errorf("%T: %v", v, found)
		}
	}
	set(doc, json.Number("90071992547409920"), "credentialSubject", "creditsEarned")
	if got := places(c.Lint(doc)); got != "/credentialSubject/creditsEarned lint-number" {
		t.Error(got)
	}
}
