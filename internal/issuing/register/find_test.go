package register_test

import (
	"strings"
	"testing"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/ledger"
	"laurel/internal/issuing/register"
)

// made is a register of made-up people, none of them signed for.
func made(t *testing.T, people ...model.Recipient) *register.Register {
	t.Helper()
	c := &model.Cohort{Slug: "autumn"}
	for _, r := range people {
		c.Awards = append(c.Awards, &model.Award{Key: model.AwardKey{Cohort: c.Slug, Achievement: "welding", Recipient: r.StableKey()},
			Cohort: c, Achievement: &model.Achievement{Slug: "welding", Name: "Welding"}, Recipient: r})
	}
	l, err := ledger.Open(t.TempDir(), ledger.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	reg, err := register.Make(&model.Site{Cohorts: []*model.Cohort{c}}, l.State(), l.MainDocument)
	if err != nil {
		t.Fatal(err)
	}
	return reg
}

// TestFind looks for people as others write them.
func TestFind(t *testing.T) {
	reg := made(t,
		model.Recipient{Key: "1", Name: "Jürgen Müßig", Email: "Juergen@Example.org"},
		model.Recipient{Key: "2", Name: "Søren  Łukasz Ærø"},
		model.Recipient{Key: "3", Name: "Müßig, Anna", StudentID: "00123"},
		model.Recipient{Key: "4", Name: "İpek Örnek"},
		model.Recipient{Key: "5", Name: "कमला उदाहरण"},
		model.Recipient{Key: "6", Name: "Ana O’Beispiel", ID: "did:web:learner.example.org"},
		model.Recipient{Key: "7", Name: "कमल उदाहरण"},
	)
	for what, want := range map[string]string{
		"Jürgen Müßig":                "1",
		"JU\u0308RGEN MU\u0308SSIG":   "1",
		"juergen muessig":             "1",
		"Jurgen Mussig":               "1",
		"Müßig Jürgen":                "1",
		"  müßig,jürgen ":             "1",
		"juergen@example.ORG":         "1",
		"mailto:juergen@example.org":  "1",
		"autumn/welding/1":            "1",
		"Soren Lukasz Aero":           "2",
		"Søren Ærø":                   "2",
		"Soeren Aero":                 "2",
		"müßig":                       "1 3",
		"00123":                       "3",
		"123":                         "",
		"ipek ornek":                  "4",
		"İPEK ÖRNEK":                  "4",
		"कमला उदाहरण":                 "5",
		"Ana O'Beispiel":              "6",
		"did:web:learner.example.org": "6",
		"Jürg":                        "",
		"":                            "",
		"  ":                          "",
	} {
		found, err := reg.Find(what)
		if err != nil {
			t.Errorf("%q: %v", what, err)
		}
		var keys []string
		for _, e := range found.Entries {
			keys = append(keys, strings.TrimPrefix(e.Key, "autumn/welding/"))
		}
		if got := strings.Join(keys, " "); got != want {
			t.Errorf("%q finds %q, not %q", what, got, want)
		}
	}
	for what, want := range map[string]string{"Jürgen Mühsig": "1", "autumn/wleding/4": "4", "Müssing, Anna": "3", "nobody at all": ""} {
		got := ""
		if near := reg.Near(what); len(near) > 0 {
			got = strings.TrimPrefix(near[0].Key, "autumn/welding/")
		}
		if got != want {
			t.Errorf("near to %q is %q, not %q", what, got, want)
		}
	}
	if _, err := reg.Find("https://example.org/claim/#0123456789abcdef0123456789abcdef.short"); err != model.ErrBrokenClaimLink {
		t.Errorf("a link that was cut off: %v", err)
	}
}
