package content_test

import (
	"fmt"
	"testing"
	"time"

	"laurel/internal/authoring/model"
)

func TestLoad(t *testing.T) {
	site, err := academy().load(t)
	if err != nil {
		t.Fatal(err)
	}
	if site.BaseURL != "https://example.org/academy" || len(site.Languages) != 2 || site.Visibility != model.Private ||
		len(site.Sign.Keys) != 1 || site.Sign.Keys[0].Kid != "key-2026-1" || site.Status.ValidFor.Days != 90 {
		t.Errorf("site.yaml was misread: %+v", site)
	}
	if l := site.Theme.Logo; l == nil || l.File != "logo.svg" {
		t.Errorf("the logo is %+v", l)
	}
	site.Theme.Logo = nil
	if want := (model.Theme{Name: "default", Accent: "#00aa77", Paper: "#fcfbf7", Fonts: model.Fonts{Headings: `"Source Serif 4", Georgia`}}); site.Theme != want || site.Certificate.Design != "modern" {
		t.Errorf("the theme is %+v", site.Theme)
	}
	i := site.Issuer
	if i.ID != "" || i.Name != "Example Academy" || i.Image.MediaType != "image/svg+xml" || i.Image.Caption != "A wreath" ||
		i.Address.Geo.Latitude != 52.52 || i.Address.PostalCode != "10115" || i.ParentOrg.ID != "https://parent.example.com/" ||
		i.OtherIdentifier[0].Identifier != "4711" {
		t.Errorf("the issuer was misread: %+v", i)
	}
	if len(site.Achievements) != 2 || site.Achievements[0].Slug != "safety" || site.Achievements[1].Slug != "welding" {
		t.Fatalf("achievements: %v", site.Achievements)
	}
	if len(site.Pages) != 1 || site.Pages[0].Slug != "about" || site.Pages[0].Order != 2 || site.Pages[0].Language != "de-CH" ||
		site.Pages[0].Markdown[:7] != "# About" {
		t.Errorf("pages: %+v", site.Pages)
	}
}

func TestLoadAchievement(t *testing.T) {
	site, err := academy().load(t)
	if err != nil {
		t.Fatal(err)
	}
	a := site.Achievement("welding")
	for _, c := range []struct{ name, got, want string }{
		{"description", a.Description, "Joins metal.\n\nAnd keeps all fingers."},
		{"achievementType", a.AchievementType, "Certificate"},
		{"criteria.id", a.Criteria.ID, "https://example.org/criteria"},
		{"image", a.Image.File + " " + a.Image.MediaType, "badges/welding.png image/png"},
		{"alignment.targetType", a.Alignment[0].TargetType, "ceasn:Competency"},
		{"creator", a.Creator.ID + " " + a.Creator.DateOfBirth, "did:web:creator.example.com 1970-02-28"},
		{"version", a.Version, "1.10"},
		{"published", a.Published.String(), "2026-02-01 00:00:00 +0000 UTC"},
		{"related.version", a.Related[0].Version, "1.10"},
		{"valueMin", a.ResultDescription[1].ValueMin, "0"},
		{"level", a.ResultDescription[3].RubricCriterionLevel[0].Level, "1"},
		{"points", a.ResultDescription[3].RubricCriterionLevel[0].Points, "0.5"},
		{"source", a.Source.File, "content/achievements/welding.yaml"},
	} {
		if c.got != c.want {
			t.Errorf("%s is %q, want %q", c.name, c.got, c.want)
		}
	}
	if *a.CreditsAvailable != 3.5 || a.ValidFor != (model.Period{Years: 2}) || len(a.Tag) != 2 || len(a.ResultDescription[0].AllowedValue) != 3 {
		t.Errorf("misread: %+v", a)
	}
}

func TestLoadAwards(t *testing.T) {
	site, err := academy().load(t)
	if err != nil {
		t.Fatal(err)
	}
	awards := site.Cohorts[0].Awards
	june := time.Date(2026, 6, 30, 0, 0, 0, 0, time.UTC)
	july := june.AddDate(0, 0, 1)
	type row struct {
		key            string
		visibility     model.Visibility
		awarded, until time.Time
		results        []model.Result
		evidence, file string
		line           int
	}
	grade := []model.Result{{ResultDescription: "grade", Value: "A"}}
	const yaml, csv = "content/awards/spring-2026.yaml", "content/awards/spring-2026.csv"
	want := []row{
		{"spring-2026/welding/ada@example.com", model.Public, june, june.AddDate(2, 0, 0), []model.Result{
			{ResultDescription: "craft", AchievedLevel: "journeyman"}, {ResultDescription: "state", Status: "Completed"},
			{ResultDescription: "score", Value: "99.5"}}, "Work", yaml, 27},
		{"spring-2026/welding/did:web:bo.example.com", model.Link, june, time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC), grade, "Work", yaml, 37},
		{"spring-2026/welding/k3", model.Link, june, june.AddDate(2, 0, 0), grade, "Work", yaml, 40},
		{"spring-2026/safety/k3", model.Link, june, time.Time{}, nil, "Work", yaml, 40},
		{"spring-2026/welding/cy@example.com", model.Public, july, july.AddDate(2, 0, 0), []model.Result{
			{ResultDescription: "grade", Value: "B"}, {ResultDescription: "state", Status: "Completed"},
			{ResultDescription: "craft", AchievedLevel: "apprentice"}}, "Cy's work", csv, 2},
		{"spring-2026/welding/s-5", model.Link, june, june.AddDate(2, 0, 0), grade, "Work", csv, 4},
	}
	if len(awards) != len(want) {
		t.Fatalf("%d awards, want %d", len(awards), len(want))
	}
	for i, w := range want {
		a := awards[i]
		if a.Key.String() != w.key || a.Visibility != w.visibility || !a.AwardedDate.Equal(w.awarded) || !a.ValidUntil.Equal(w.until) ||
			a.Evidence[0].Name != w.evidence || a.Source.File != w.file || a.Source.Line != w.line || a.Cohort != site.Cohorts[0] {
			t.Errorf("award %d is %+v,\nwant %+v", i, a, w)
		}
		if len(a.Result) != len(w.results) {
			t.Errorf("%s has the results %v, want %v", w.key, a.Result, w.results)
			continue
		}
		for j, r := range w.results {
			if g := a.Result[j]; g.ResultDescription != r.ResultDescription || g.Value != r.Value || g.Status != r.Status || g.AchievedLevel != r.AchievedLevel {
				t.Errorf("%s has the result %v, want %v", w.key, g, r)
			}
		}
	}
	if awards[5].Recipient.Name != "=Dee Example" || awards[4].Narrative != "Said \"yes\",\ntwice" || awards[2].Recipient.Name != "李 Example" {
		t.Error("texts of recipients were changed")
	}
	if _, offset := awards[0].ActivityStartDate.Zone(); offset != 3600 {
		t.Error("the zone of a date was lost")
	}
	if *awards[4].CreditsEarned != 2.5 || *awards[5].CreditsEarned != 3 || awards[0].AssertedBy.Name != "Example School" || awards[0].Role != "Student" {
		t.Error("defaults of the cohort were misread")
	}
}

// TestLoadDefaults reads the least a site can be.
func TestLoadDefaults(t *testing.T) {
	site, err := files{"content/site.yaml": "baseURL: https://example.org//\nlanguages: [en]\nissuer: {name: Example}\n"}.load(t)
	if err != nil {
		t.Fatal(err)
	}
	if site.BaseURL != "https://example.org" || site.Theme.Name != "default" || site.Visibility != model.Link ||
		len(site.Sign.Formats) != 1 || site.Sign.Formats[0] != "eddsa-rdfc-2022" || !site.Status.ValidFor.IsZero() {
		t.Errorf("defaults: %+v", site)
	}
}

// TestLoadLocalZone: the same files are the same site, whatever the machine's
// time zone.
func TestLoadLocalZone(t *testing.T) {
	local := time.Local
	defer func() { time.Local = local }()
	time.Local = time.FixedZone("CET", 3600)
	site, err := academy().load(t)
	if err != nil {
		t.Fatal(err)
	}
	if start := site.Cohorts[0].Awards[0].ActivityStartDate; start.Location() == time.Local {
		t.Error("a date took the machine's time zone")
	}
}

// TestLoadVariants: the achievement says which forms there are, and the cohort
// may say otherwise for its awards, or that there is no choice.
func TestLoadVariants(t *testing.T) {
	for _, c := range []struct {
		name, cohort    string
		welding, safety string // of the awards
	}{
		{"of_the_achievement", "", "[no-name achievement-only]", "[no-name]"},
		{"of_the_cohort", "variants: [achievement-only]\n", "[achievement-only]", "[achievement-only]"},
		{"order_is_kept", "variants: [achievement-only, full, no-name]\n", "[achievement-only no-name]", "[achievement-only no-name]"},
		{"full_alone", "variants: [full]\n", "[]", "[]"},
		{"turned_off", "variants: []\n", "[]", "[]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			site, err := academy().replace(t, spring, "roster:", c.cohort+"roster:").load(t)
			if err != nil {
				t.Fatal(err)
			}
			for _, a := range site.Cohorts[0].Awards {
				want := c.welding
				if a.Achievement.Slug == "safety" {
					want = c.safety
				}
				if got := fmt.Sprint(a.Variants); got != want {
					t.Errorf("the award in line %d has the variants %s, want %s", a.Source.Line, got, want)
				}
			}
			if got := fmt.Sprint(site.Achievement("welding").Variants); got != "[no-name achievement-only]" {
				t.Errorf("the achievement has the variants %s", got)
			}
		})
	}
}

// TestTheme: what a site does not say, its theme's own file does, and else laurel.
func TestTheme(t *testing.T) {
	bare := academy().replace(t, siteFile, "theme: {name: default, accent: \"#0A7\", paper: \"#FCFBF7\", fonts: {headings: '\"Source Serif 4\", Georgia'}, certificate: modern, logo: logo.svg}\n", "")
	own := bare.with("themes/mine/theme.yaml", "accent: \"#123\"\nfonts: Georgia, serif\n")
	for name, c := range map[string]struct {
		files files
		want  model.Theme
	}{
		"none": {bare, model.Theme{Name: "default", Accent: "#17614a", Paper: "#faf9f5"}},
		"name": {own.replace(t, siteFile, "visibility:", "theme: mine\nvisibility:"), model.Theme{Name: "mine", Accent: "#112233", Paper: "#faf9f5", Fonts: model.Fonts{Headings: "Georgia, serif", Text: "Georgia, serif"}}},
		"both": {own.replace(t, siteFile, "visibility:", "theme: {name: mine, accent: '#a0b0c0', fonts: {text: Arial}}\nvisibility:"), model.Theme{Name: "mine", Accent: "#a0b0c0", Paper: "#faf9f5", Fonts: model.Fonts{Headings: "Georgia, serif", Text: "Arial"}}},
	} {
		if site, err := c.files.load(t); err != nil || site.Theme != c.want {
			t.Errorf("%s: %+v, %v", name, site, err)
		}
	}
	_, err := own.with("themes/mine/theme.yaml", "accent: \"#123\"\npaper: brown\n").replace(t, siteFile, "visibility:", "theme: mine\nvisibility:").load(t)
	if err == nil || err.Error() != `themes/mine/theme.yaml:2:8: paper: is not a colour; write it as "#17614a": #, and two hexadecimal digits each of red, green and blue` {
		t.Error(err)
	}
}
