package vc_test

import (
	"bytes"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"laurel/internal/standards/vc"
)

func number(f float64) *float64 { return &f }

// full sets every member that a credential can have.
func full() *vc.Credential {
	day := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	image := &vc.Image{ID: "https://academy.example.org/a.png", Type: "Image", Caption: "A <b>badge</b> & more"}
	alignment := []vc.Alignment{{
		Type: []string{"Alignment"}, TargetCode: "42", TargetDescription: "Welds", TargetName: "Welding",
		TargetFramework: "Crafts", TargetType: "CFItem", TargetURL: "https://skills.example.com/42",
	}}
	profile := vc.Profile{
		ID: "did:web:academy.example.org", Type: []string{"Profile"}, Name: "Sample Academy",
		URL: "https://academy.example.org/", Phone: "+1", Description: "A school", Image: image,
		Email: "office@academy.example.org",
		Address: &vc.Address{
			Type: []string{"Address"}, AddressCountry: "Nowhere", AddressCountryCode: "XX", AddressRegion: "R",
			AddressLocality: "L", StreetAddress: "S 1", PostOfficeBoxNumber: "7", PostalCode: "00000",
			Geo: &vc.GeoCoordinates{Type: "GeoCoordinates", Latitude: 1.5, Longitude: -2},
		},
		OtherIdentifier: []vc.IdentifierEntry{{Type: "IdentifierEntry", Identifier: "9", IdentifierType: "identifier"}},
		Official:        "O", FamilyName: "F", GivenName: "G", AdditionalName: "A", PatronymicName: "P",
		HonorificPrefix: "Dr", HonorificSuffix: "II", FamilyNamePrefix: "van", DateOfBirth: "2000-01-01",
	}
	parent := profile
	profile.ParentOrg = &parent
	creator := parent
	return &vc.Credential{
		Context: []string{vc.ContextVC, vc.ContextOB},
		ID:      "urn:uuid:00000000-0000-4000-8000-000000000001",
		Type:    []string{"VerifiableCredential", "OpenBadgeCredential"},
		Name:    "Welding", Description: "Can weld — 溶接", Image: image, Issuer: profile,
		ValidFrom: vc.NewTime(day), ValidUntil: vc.NewTime(day.AddDate(2, 0, 0)), AwardedDate: vc.NewTime(day),
		CredentialSubject: vc.AchievementSubject{
			ID: "did:example:learner", Type: []string{"AchievementSubject"},
			Identifier: []vc.IdentityObject{{
				Type: "IdentityObject", Hashed: true, IdentityType: "emailAddress", Salt: "Kosher",
				IdentityHash: vc.HashIdentity("a@example.com", "Kosher"),
			}},
			Achievement: vc.Achievement{
				ID: "https://academy.example.org/achievements/welding/achievement.json", Type: []string{"Achievement"},
				AchievementType: "Certificate", Name: "Welding", Description: "Can weld",
				Criteria: vc.Criteria{ID: "https://academy.example.org/c", Narrative: "Weld **well**"},
				Image:    image, Alignment: alignment, Creator: &creator, CreditsAvailable: number(2.5),
				FieldOfStudy: "Crafts", HumanCode: "W1", InLanguage: "en", Specialization: "Steel",
				OtherIdentifier: []vc.IdentifierEntry{{Type: "IdentifierEntry", Identifier: "9", IdentifierType: "identifier"}},
				Related:         []vc.Related{{ID: "https://academy.example.org/de", Type: []string{"Related"}, InLanguage: "de", Version: "1"}},
				ResultDescription: []vc.ResultDescription{{
					ID: "urn:uuid:00000000-0000-4000-8000-000000000002", Type: []string{"ResultDescription"},
					Name: "Level", ResultType: "RubricCriterionLevel", Alignment: alignment, AllowedValue: []string{"C", "B", "A"},
					RequiredLevel: "urn:uuid:00000000-0000-4000-8000-000000000003", RequiredValue: "C", ValueMax: "A", ValueMin: "C",
					RubricCriterionLevel: []vc.RubricCriterionLevel{{
						ID: "urn:uuid:00000000-0000-4000-8000-000000000003", Type: []string{"RubricCriterionLevel"},
						Name: "Good", Description: "Good", Level: "2", Points: "5", Alignment: alignment,
					}},
				}},
				Tag: []string{"welding"}, Version: "1",
			},
			ActivityStartDate: vc.NewTime(day), ActivityEndDate: vc.NewTime(day),
			CreditsEarned: number(0), LicenseNumber: "L1", Narrative: "N", Role: "Welder",
			Result: []vc.Result{{
				Type: []string{"Result"}, ResultDescription: "urn:uuid:00000000-0000-4000-8000-000000000002",
				AchievedLevel: "urn:uuid:00000000-0000-4000-8000-000000000003", Status: "Completed", Value: "A", Alignment: alignment,
			}},
			Source: &creator, Term: "Spring",
		},
		Evidence: []vc.Evidence{{
			ID: "https://academy.example.org/e", Type: []string{"Evidence"}, Name: "N", Description: "D",
			Narrative: "N", Genre: "G", Audience: "A",
		}},
		RelatedResource:  []vc.RelatedResource{{ID: "https://academy.example.org/e", MediaType: "application/pdf", DigestSRI: "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="}},
		CredentialStatus: vc.NewStatusListEntry("https://academy.example.org/status/1.json", vc.Revocation, 94567),
	}
}

func encode(t *testing.T, c *vc.Credential) []byte {
	t.Helper()
	data, err := c.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestEncodedCredentialIsByteStable(t *testing.T) {
	got := encode(t, full())
	if again := encode(t, full()); !bytes.Equal(got, again) {
		t.Fatal("equal credentials, other bytes")
	}
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.WriteFile("testdata/full.json", got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("testdata/full.json")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("bytes of a credential changed, got\n%s\nwant\n%s", got, want)
	}
	for _, raw := range []string{"A <b>badge</b> & more", "溶接", `"creditsEarned":0,`} {
		if !bytes.Contains(got, []byte(raw)) {
			t.Errorf("%s is not in the document as it stands", raw)
		}
	}
}

func TestCredentialRoundTrip(t *testing.T) {
	c := full()
	data := encode(t, c)
	back, err := vc.ParseCredential(data)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(c, back) {
		t.Error("another credential came back")
	}
	if again := encode(t, back); !bytes.Equal(data, again) {
		t.Errorf("got  %s\nwant %s", again, data)
	}
}

// TestFullSetsEveryMember keeps the round trip honest when a field is added.
func TestFullSetsEveryMember(t *testing.T) {
	var walk func(path string, v reflect.Value)
	walk = func(path string, v reflect.Value) {
		switch v.Kind() {
		case reflect.Pointer:
			if !v.IsNil() {
				walk(path, v.Elem())
			}
		case reflect.Slice:
			for i := range v.Len() {
				walk(path, v.Index(i))
			}
		case reflect.Struct:
			if v.Type() == reflect.TypeFor[vc.Time]() {
				return
			}
			for i := range v.NumField() {
				f := v.Type().Field(i)
				if v.Field(i).IsZero() && f.Name != "Proof" && f.Name != "Endorsement" && f.Name != "Context" && f.Name != "ParentOrg" {
					t.Errorf("%s.%s is not set", path, f.Name)
				}
				walk(path+"."+f.Name, v.Field(i))
			}
		}
	}
	walk("Credential", reflect.ValueOf(full()))
}

func TestEmptyMembersAreLeftOut(t *testing.T) {
	c := &vc.Credential{
		Context: []string{vc.ContextVC, vc.ContextOB}, ID: "urn:uuid:1", Type: []string{"VerifiableCredential"},
		Issuer:    vc.Profile{ID: "did:web:example.org", Type: []string{"Profile"}},
		ValidFrom: vc.NewTime(time.Date(2026, 1, 31, 11, 0, 0, 999, time.FixedZone("", -3600))),
		CredentialSubject: vc.AchievementSubject{
			Type:        []string{"AchievementSubject"},
			Achievement: vc.Achievement{ID: "https://example.org/a", Type: []string{"Achievement"}, Name: "A", Description: "A"},
		},
	}
	want := `{"@context":["https://www.w3.org/ns/credentials/v2","https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],` +
		`"id":"urn:uuid:1","type":["VerifiableCredential"],"issuer":{"id":"did:web:example.org","type":["Profile"]},` +
		`"validFrom":"2026-01-31T12:00:00Z","credentialSubject":{"type":["AchievementSubject"],` +
		`"achievement":{"id":"https://example.org/a","type":["Achievement"],"name":"A","description":"A","criteria":{}}}}`
	if got := encode(t, c); string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestParseCredentialKeepsProofAndPassesOverTheUnknown(t *testing.T) {
	data := encode(t, full())
	proof := `[{"type":"DataIntegrityProof","proofValue":"z3"}]`
	signed := string(data[:len(data)-1]) + `,"future":{"a":[1]},"proof":` + proof + `}`
	c, err := vc.ParseCredential([]byte(signed))
	if err != nil {
		t.Fatal(err)
	}
	if string(c.Proof) != proof {
		t.Errorf("proof is %s", c.Proof)
	}
}

func TestParseCredentialRefuses(t *testing.T) {
	for name, text := range map[string]string{
		"duplicate name": `{"id":"urn:a","id":"urn:b"}`,
		"trailing data":  `{"id":"urn:a"} {}`,
		"not UTF-8":      "{\"id\":\"urn:\xff\"}",
		"array":          `[]`,
		"date":           `{"validFrom":"2026-02-30T00:00:00Z"}`,
		"date no zone":   `{"validFrom":"2026-02-03T00:00:00"}`,
		"date number":    `{"validFrom":1}`,
	} {
		if _, err := vc.ParseCredential([]byte(text)); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
	// A name that differs in case only is not the member.
	c, err := vc.ParseCredential([]byte(`{"id":"urn:a","ID":"urn:b"}`))
	if err != nil || c.ID != "urn:a" {
		t.Errorf("got %v, %v", c, err)
	}
}

func TestTime(t *testing.T) {
	for text, want := range map[string]string{
		`"2026-01-31T12:00:00Z"`:        `"2026-01-31T12:00:00Z"`,
		`"2026-01-31T12:00:00.987Z"`:    `"2026-01-31T12:00:00Z"`,
		`"2026-01-31T12:00:00+05:30"`:   `"2026-01-31T06:30:00Z"`,
		`"1969-12-31T23:59:59.5-01:00"`: `"1970-01-01T00:59:59Z"`,
	} {
		var v vc.Time
		if err := v.UnmarshalJSON([]byte(text)); err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got, err := v.MarshalJSON(); err != nil || string(got) != want {
			t.Errorf("%s: got %s, %v", text, got, err)
		}
		if `"`+v.String()+`"` != want {
			t.Errorf("%s: string is %s", text, v)
		}
	}
	if _, err := vc.NewTime(time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)).MarshalJSON(); err == nil {
		t.Error("the year 10000 was written")
	}
}

func TestPublishedDocuments(t *testing.T) {
	c := full()
	context := "{\n  \"@context\": [\n    \"" + vc.ContextVC + "\",\n    \"" + vc.ContextOB + "\"\n  ],\n  \"id\": "
	profile, err := c.Issuer.Encode()
	if err != nil {
		t.Fatal(err)
	}
	achievement, err := c.CredentialSubject.Achievement.Encode()
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{"issuer": profile, "achievement": achievement} {
		if !strings.HasPrefix(string(data), context) || !bytes.HasSuffix(data, []byte("\n}\n")) {
			t.Errorf("%s is\n%s", name, data)
		}
	}
	if c.Issuer.Context != nil || c.CredentialSubject.Achievement.Context != nil {
		t.Error("encoding changed the value")
	}
}

func TestHashIdentity(t *testing.T) {
	// The example of Open Badges Specification v3.0, "IdentityHash", with SHA-256.
	want := "sha256$b5809d8a92f8858436d7e6b87c12ebc0ae1eac4baecc2c0b913aee2c922ef399"
	if got := vc.HashIdentity("a@example.com", "Kosher"); got != want {
		t.Errorf("got %s", got)
	}
	if vc.HashIdentity("ab", "c") != vc.HashIdentity("a", "bc") {
		t.Error("the salt is not simply appended")
	}
}
