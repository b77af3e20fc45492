package site_test

import (
	"bytes"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"laurel/internal/authoring/model"
	"laurel/internal/publishing/render"
	"laurel/internal/publishing/site"
)

// TestCatalogueBySize: few achievements have nothing to look for, some a search, many
// are rows with facets, and of those a page has so many.
func TestCatalogueBySize(t *testing.T) {
	r, err := render.New(nil, nil, render.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for n, want := range map[int]struct {
		size         string
		shown, boxes int
		all          bool
	}{6: {"few", 6, 0, false}, 7: {"some", 7, 0, false}, 23: {"some", 23, 0, false}, 24: {"many", 24, 3 + 7 + 2, false}, 500: {"many", 40, 3 + 40 + 2, true}} {
		s := newShop(t)
		s.site.Achievements = manyAchievements(n)
		p := s.plan(t)
		home := pageAt[*site.HomePage](t, p, "index.html")
		if home.Size != want.size || home.Total != n || len(home.Achievements) != want.shown || (home.AllHref != "") != want.all {
			t.Errorf("of %d: %s, %d of %d, %q", n, home.Size, len(home.Achievements), home.Total, home.AllHref)
		}
		if !slices.IsSortedFunc(home.Achievements, func(a, b site.AchievementCard) int { return strings.Compare(a.Name, b.Name) }) {
			t.Errorf("of %d: not in the order of their names", n)
		}
		boxes := 0
		for _, f := range home.Facets {
			// All are in English, which nobody needs to choose.
			if boxes += len(f.Choices) + len(f.More); f.Total < 2 || f.Name == "language" || f.Name == "tag" {
				t.Errorf("of %d: facet %s with %d values", n, f.Name, f.Total)
			}
		}
		if boxes != want.boxes {
			t.Errorf("of %d: %d boxes, want %d", n, boxes, want.boxes)
		}
		listed := 0
		if want.all {
			for _, g := range pageAt[*site.CataloguePage](t, p, "achievements/index.html").Groups {
				listed += len(g.Achievements)
			}
			if listed != n {
				t.Errorf("the page of all lists %d of %d", listed, n)
			}
		}
		var html bytes.Buffer
		if err := r.Page(&html, home); err != nil {
			t.Fatal(err)
		}
		if html.Len() > 60_000 {
			t.Errorf("of %d: the first page has %d bytes", n, html.Len())
		}
	}
}

// manyAchievements are of three types and two levels, each with a skill; about seven
// achievements share one.
func manyAchievements(n int) (all []*model.Achievement) {
	for i := range n {
		skill := fmt.Sprintf("skill %d", i%max(7, n/7))
		all = append(all, &model.Achievement{Slug: fmt.Sprintf("a%03d", i), Name: fmt.Sprintf("Course %03d", n-i), Description: "Knows its subject well enough to explain it to somebody else.",
			AchievementType: []string{"Badge", "Course", "Diploma"}[i%3], InLanguage: "en", Criteria: model.Criteria{Narrative: "Show it."},
			Alignment: []model.Alignment{{TargetName: skill, TargetURL: "https://example.com/" + url.PathEscape(skill), TargetFramework: "Example"},
				{TargetName: fmt.Sprint("Step ", i%2), TargetURL: fmt.Sprint("https://example.com/step/", i%2), TargetType: "ext:ExampleLevel"}}})
	}
	return all
}

func pageAt[P any](t *testing.T, p *site.Layout, path string) P {
	t.Helper()
	for _, o := range p.Outputs {
		if page, ok := o.Page.(P); ok && o.Path == path {
			return page
		}
	}
	t.Fatalf("no page %s", path)
	panic("unreachable")
}

// TestSkillsAndPrograms: what has one target is one skill, in whatever language, and a
// program's page says what is before what.
func TestSkillsAndPrograms(t *testing.T) {
	s := newShop(t)
	s.site.Languages = []string{"en", "de"}
	knots, splices := s.site.Achievements[0], s.site.Achievements[1]
	splices.InLanguage, splices.Name = "de", "Spleiße"
	of := func(name, target string) model.Alignment {
		return model.Alignment{TargetName: name, TargetURL: "https://example.com/" + target, TargetFramework: "Ropes"}
	}
	knots.Alignment = []model.Alignment{of("join ropes", "join"), of("coil", "coil")}
	splices.Alignment = []model.Alignment{of("Seile verbinden", "join"), {TargetName: "Stufe 2", TargetURL: "https://example.com/2", TargetType: "ext:RopeLevel"}}
	s.site.Programs = []*model.Program{{Slug: "ropes", Name: "Ropes", Achievements: s.site.Achievements, Completion: model.Completion{SomeOf: 1, From: s.site.Achievements},
		Associations: []model.Association{{Type: "precedes", Source: knots, Target: splices}}}}
	p := s.plan(t)

	skill := pageAt[*site.SkillPage](t, p, "de/skills/join-ropes/index.html")
	if skill.Title != "Seile verbinden" || skill.Foreign != "" || len(skill.Achievements) != 2 || len(skill.Programs) != 1 || len(skill.Nodes) != 1 {
		t.Errorf("the skill's page has %+v", skill)
	}
	if is := skill.Achievements[1].Is; is != "language=de&level=stufe-2&skill=join-ropes&skill=seile-verbinden&type=Badge" {
		t.Errorf("a card is %q", is)
	}
	if list := pageAt[*site.SkillsPage](t, p, "skills/index.html"); len(list.Groups) != 1 || len(list.Groups[0].Skills) != 2 || list.Groups[0].Skills[1].Label != "join ropes" || list.Groups[0].Skills[1].Count != 2 {
		t.Errorf("the skills are %+v", list.Groups)
	}
	program := pageAt[*site.ProgramPage](t, p, "programs/ropes/index.html")
	if program.SomeOf != 1 || program.From != nil || len(program.Parts) != 2 || program.Parts[0].Relations[0].Type != "before" || program.Parts[1].Relations[0].Type != "after" {
		t.Errorf("the program's page has %+v", program)
	}
	page := pageAt[*site.AchievementPage](t, p, "achievements/splices/index.html")
	if len(page.Around) != 1 || page.Around[0].Type != "before" || page.Around[0].Name != knots.Name || page.Achievement.Alignments[0].Href != page.Base+"skills/join-ropes/" || page.Achievement.Alignments[1].Href != "" {
		t.Errorf("around it are %+v", page.Around)
	}
}
