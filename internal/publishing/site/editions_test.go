package site_test

import (
	"strings"
	"testing"

	"laurel/internal/authoring/model"
	"laurel/internal/publishing/site"
)

// TestEditions: each language has its pages, all of which lead to the same page in the
// others; what was written in several languages is shown in that of the page, and what
// was not says in which it is.
func TestEditions(t *testing.T) {
	s := newShop(t)
	s.site.Languages = []string{"en", "de-AT"}
	s.site.Achievements[0].InLanguage, s.site.Achievements[1].InLanguage = "en", "de"
	s.site.Achievements[0].Related = []model.Related{{ID: "splices", InLanguage: "de"}}
	s.site.Achievements[1].Related = []model.Related{{ID: "knots", InLanguage: "en"}}
	s.site.Pages = []*model.Page{
		{Slug: "about", Title: "About", Markdown: "x"}, {Slug: "wir", Title: "Wir", Language: "de-AT", TranslationOf: "about", Markdown: "y"},
		{Slug: "terms", Title: "Terms", Markdown: "z"}}
	s.award("spring", "splices", "ana", model.Public)
	s.sign(t)
	plan := s.plan(t)
	const base = "https://example.org/academy/"
	for _, c := range []struct{ path, title, language, foreign, canonical, switched string }{
		{"index.html", "Example Academy", "en", "", "", "./ ./de-AT/"},
		{"de-AT/index.html", "Example Academy", "de-AT", "en", "de-AT/", "../ ../de-AT/"},
		{"achievements/knots/index.html", "KNOTS", "en", "", "achievements/knots/", "../../achievements/knots/ ../../de-AT/achievements/splices/"},
		{"de-AT/achievements/splices/index.html", "SPLICES", "de-AT", "", "de-AT/achievements/splices/", "../../../achievements/knots/ ../../../de-AT/achievements/splices/"},
		// At its own address an achievement stays what it is; elsewhere its translation is shown.
		{"achievements/splices/index.html", "SPLICES", "de", "", "de-AT/achievements/splices/", "../../achievements/knots/ ../../de-AT/achievements/splices/"},
		{"de-AT/achievements/knots/index.html", "SPLICES", "de-AT", "", "de-AT/achievements/splices/", "../../../achievements/knots/ ../../../de-AT/achievements/splices/"},
		{"about/index.html", "About", "en", "", "about/", "../about/ ../de-AT/wir/"},
		{"de-AT/wir/index.html", "Wir", "de-AT", "", "de-AT/wir/", "../../about/ ../../de-AT/wir/"},
		{"de-AT/terms/index.html", "Terms", "de-AT", "en", "de-AT/terms/", "../../terms/ ../../de-AT/terms/"},
		{"verify/index.html", "", "en", "", "verify/", "../verify/ ../de-AT/verify/"},
		{"de-AT/claim/index.html", "", "de-AT", "", "de-AT/claim/", "../../claim/ ../../de-AT/claim/"},
		{"de-AT/404.html", "Example Academy", "de-AT", "", "de-AT/404.html", "/academy/404.html /academy/de-AT/404.html"},
	} {
		o := output(plan, c.path)
		if o == nil {
			t.Errorf("no page %s", c.path)
			continue
		}
		common := commonOf(t, o.Page)
		var switched []string
		for _, l := range common.Alternates {
			switched = append(switched, l.Href)
		}
		if common.Title != c.title || common.Language != c.language || common.Foreign != c.foreign || common.Canonical != base+c.canonical ||
			strings.Join(switched, " ") != c.switched || common.URL != o.URL {
			t.Errorf("%s: %q in %s, foreign %q, canonical %s, switched %s, URL %s", c.path, common.Title, common.Language, common.Foreign, common.Canonical, switched, common.URL)
		}
		nav := "About Terms"
		if strings.HasPrefix(c.language, "de") {
			nav = "Wir"
		}
		var labels []string
		for _, l := range common.Nav {
			labels = append(labels, l.Label)
		}
		if strings.Join(labels, " ") != nav {
			t.Errorf("%s: the navigation is %s", c.path, labels)
		}
	}
	for path, want := range map[string]string{"index.html": "KNOTS", "de-AT/index.html": "SPLICES"} {
		if cards := output(plan, path).Page.(*site.HomePage).Achievements; len(cards) != 1 || cards[0].Name != want || cards[0].Language != "" {
			t.Errorf("%s lists %+v", path, cards)
		}
	}
	// Who reads neither is shown what the site's first language has.
	s.site.Languages = []string{"en", "de-AT", "fr"}
	if cards := output(s.plan(t), "fr/index.html").Page.(*site.HomePage).Achievements; len(cards) != 1 || cards[0].Name != "KNOTS" || cards[0].Language != "en" {
		t.Errorf("in French it lists %+v", cards)
	}
	s.site.Languages = []string{"en", "de-AT"}
	for _, o := range plan.Outputs {
		if o.Kind == site.Page && o.Record != nil {
			document, err := s.input(t).Document(o.Record)
			if err != nil {
				t.Fatal(err)
			}
			award, err := plan.AwardPage(o, document)
			if err != nil {
				t.Fatal(err)
			}
			if award.Base != "../../de-AT/" || award.Achievement.Href != "../../de-AT/achievements/splices/" || len(award.Alternates) > 0 {
				t.Errorf("the award leads to %s and %s", award.Base, award.Achievement.Href)
			}
		}
	}
	if id := base + "achievements/splices/achievement.json"; !strings.Contains(string(output(plan, "achievements/splices/achievement.json").Bytes), `"id": "`+id+`"`) {
		t.Errorf("the achievement's id is not %s", id)
	}
}

// commonOf is what a page has in common with all.
func commonOf(t *testing.T, page any) site.Common {
	t.Helper()
	switch p := page.(type) {
	case *site.HomePage:
		return p.Common
	case *site.AchievementPage:
		return p.Common
	case *site.TextPage:
		return p.Common
	case *site.VerifyPage:
		return p.Common
	case *site.ClaimPage:
		return p.Common
	case *site.NotFoundPage:
		return p.Common
	}
	t.Fatalf("a page of type %T", page)
	return site.Common{}
}

// TestSpoken: the words of a language are there for who reads it on the site, and that
// something was signed in it for its learner alone shows nowhere.
func TestSpoken(t *testing.T) {
	s := newShop(t)
	s.versions = true
	s.site.Achievements[0].InLanguage = "uk"
	a := s.award("spring", "knots", "ana", model.Private)
	s.sign(t)
	s.site.Achievements[0].InLanguage = "en"
	for _, c := range []struct {
		visibility model.Visibility
		want       bool
	}{{model.Private, false}, {model.Link, true}, {model.Public, true}} {
		a.Visibility = c.visibility
		in := s.input(t)
		in.Assets = []site.AssetFile{{Path: "assets/verdicts-uk-0a1b2c3d.js", Language: "uk"}}
		p, err := site.Make(in)
		if err != nil {
			t.Fatal(err)
		}
		if got := output(p, in.Assets[0].Path) != nil; got != c.want {
			t.Errorf("%s: words in Ukrainian: %v", c.visibility, got)
		}
	}
}
