package plan_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"laurel/internal/authoring/model"
)

// row is an award keyed by its recipient's address.
type row struct{ list, of, name, email, key string }

// hall is a site with these rows; every achievement says the same but for its file and name.
func hall(names map[string]string, rows ...row) *model.Site {
	s := academy()
	s.Achievements, s.Cohorts = nil, nil
	for _, r := range rows {
		a := s.Achievement(r.of)
		if a == nil {
			a = &model.Achievement{Slug: r.of, Name: "Knots", Description: "Ties six knots.", Criteria: model.Criteria{Narrative: "Tie them."}}
			if other, ok := names[r.of]; ok {
				a.Name, a.Description = other, "Other words."
			}
			s.Achievements = append(s.Achievements, a)
		}
		i := slices.IndexFunc(s.Cohorts, func(c *model.Cohort) bool { return c.Slug == r.list })
		if i < 0 {
			i = len(s.Cohorts)
			s.Cohorts = append(s.Cohorts, &model.Cohort{Slug: r.list})
		}
		c := s.Cohorts[i]
		who := model.Recipient{Name: r.name, Email: r.email, Key: r.key}
		c.Awards = append(c.Awards, &model.Award{Key: model.AwardKey{Cohort: r.list, Achievement: r.of, Recipient: who.StableKey()}, Cohort: c,
			Achievement: a, Recipient: who, Visibility: model.Public, AwardedDate: noon.AddDate(0, 0, -1), Source: model.Source{File: "content/awards/" + r.list + ".yaml", Line: len(c.Awards) + 2}})
	}
	return s
}

// TestSameAward changes rows after they were signed, and looks which are taken for the
// same award, which for new ones, and which are neither.
func TestSameAward(t *testing.T) {
	ana, ben := row{"t", "knots", "Ana Example", "ana@example.org", ""}, row{"t", "knots", "Ben Beispiel", "ben@example.org", ""}
	with := func(r row, change func(*row)) row { change(&r); return r }
	email := func(r row, e string) row { return with(r, func(r *row) { r.email = e }) }
	of := func(r row, a string) row { return with(r, func(r *row) { r.of = a }) }
	in := func(r row, l string) row { return with(r, func(r *row) { r.list = l }) }
	named := func(r row, n string) row { return with(r, func(r *row) { r.name = n }) }
	two := email(ana, "ana.two@example.org")
	for name, c := range map[string]struct {
		was, is []row
		names   map[string]string
		date    int    // days that all are awarded later
		want    string // new moved unclear gone changed
	}{
		"email corrected":               {was: []row{ana, ben}, is: []row{ana, email(ben, "ben.new@example.org")}, want: "0 1 0 0 0"},
		"both emails corrected":         {was: []row{ana, ben}, is: []row{email(ana, "a@example.org"), email(ben, "b@example.org")}, want: "0 2 0 0 0"},
		"achievement's file renamed":    {was: []row{ana, ben}, is: []row{of(ana, "hitches"), of(ben, "hitches")}, want: "0 2 0 0 0"},
		"list renamed":                  {was: []row{ana, ben}, is: []row{in(ana, "u"), in(ben, "u")}, want: "0 2 0 0 0"},
		"list and achievement renamed":  {was: []row{ana, ben}, is: []row{in(of(ana, "hitches"), "u"), in(of(ben, "hitches"), "u")}, want: "0 2 0 0 0"},
		"email and achievement":         {was: []row{ana, ben}, is: []row{of(ana, "hitches"), email(of(ben, "hitches"), "b@example.org")}, want: "0 2 0 0 0"},
		"email and list":                {was: []row{ana, ben}, is: []row{in(ana, "u"), in(email(ben, "b@example.org"), "u")}, want: "0 2 0 0 0"},
		"all three":                     {was: []row{ana}, is: []row{in(of(email(ana, "a@example.org"), "hitches"), "u")}, want: "0 1 0 0 0"},
		"email and date":                {was: []row{ana}, is: []row{email(ana, "a@example.org")}, date: 90, want: "0 1 0 0 0"},
		"name and achievement":          {was: []row{ana}, is: []row{of(named(ana, "Ana Exemple"), "hitches")}, want: "0 1 0 0 0"},
		"name and email":                {was: []row{ana, ben}, is: []row{ana, email(named(ben, "Cem Örnek"), "cem@example.org")}, want: "1 0 0 1 0"},
		"name corrected":                {was: []row{ana, ben}, is: []row{named(ana, "Ana Exemple"), ben}, want: "0 0 0 0 1"},
		"key for the email":             {was: []row{ana}, is: []row{with(ana, func(r *row) { r.key = "A-1" })}, want: "0 1 0 0 0"},
		"name as capitals":              {was: []row{ana}, is: []row{email(named(ana, "ANA  EXAMPLE"), "a@example.org")}, want: "0 1 0 0 0"},
		"rows in another order":         {was: []row{ana, ben}, is: []row{ben, ana}, want: "0 0 0 0 0"},
		"addresses swapped":             {was: []row{ana, ben}, is: []row{email(ana, ben.email), email(ben, ana.email)}, want: "0 0 0 0 2"},
		"one takes the other's":         {was: []row{ana, ben}, is: []row{email(ana, ben.email), email(ben, "b@example.org")}, want: "0 1 0 1 1"},
		"one more of the name":          {was: []row{ana}, is: []row{ana, two}, want: "1 0 0 0 0"},
		"which of two is the one":       {was: []row{ana}, is: []row{two, email(ana, "ana.3@example.org")}, want: "0 0 2 0 0"},
		"two of a name, both new":       {was: []row{ana, two}, is: []row{email(ana, "a3@example.org"), email(ana, "a4@example.org")}, want: "0 0 2 0 0"},
		"two of a name, one gone":       {was: []row{ana, two}, is: []row{email(ana, "a3@example.org")}, want: "0 0 1 0 0"},
		"two of a name, one corrected":  {was: []row{ana, two}, is: []row{ana, email(two, "a4@example.org")}, want: "0 1 0 0 0"},
		"another achievement":           {was: []row{ana}, is: []row{of(ana, "sails")}, names: map[string]string{"sails": "Sails"}, want: "1 0 0 1 0"},
		"a second achievement":          {was: []row{ana}, is: []row{ana, of(ana, "sails")}, names: map[string]string{"sails": "Sails"}, want: "1 0 0 0 0"},
		"earned again, old list gone":   {was: []row{ana, ben}, is: []row{in(ana, "u"), in(ben, "u")}, date: 365, want: "2 0 0 2 0"},
		"numbers used again":            {was: []row{with(ana, func(r *row) { r.key = "1" })}, is: []row{in(row{"t", "knots", "Cem Örnek", "cem@example.org", "1"}, "u")}, want: "1 0 0 1 0"},
		"split in two lists":            {was: []row{ana, ben}, is: []row{in(ana, "u"), in(ben, "v")}, want: "0 2 0 0 0"},
		"moved to a list that is there": {was: []row{ana, in(ben, "u")}, is: []row{in(ana, "u"), in(ben, "u")}, want: "0 1 0 0 0"},
		"a namesake in another list":    {was: []row{ana, in(ben, "u")}, is: []row{in(ben, "u"), in(two, "u"), ben}, want: "2 0 0 1 0"},
	} {
		t.Run(strings.ReplaceAll(name, " ", "-"), func(t *testing.T) {
			b := newBook(t)
			b.carryOut(t, b.plan(t, hall(nil, c.was...)))
			s := hall(c.names, c.is...)
			for _, l := range s.Cohorts {
				for _, a := range l.Awards {
					a.AwardedDate = a.AwardedDate.AddDate(0, 0, c.date)
				}
			}
			p := b.plan(t, s)
			unclear := 0
			for _, u := range p.Unclear {
				unclear += len(u.Awards)
			}
			if got := fmt.Sprint(len(p.Issue), len(p.Moved), unclear, len(p.Vanished), len(p.Changed)); got != c.want {
				t.Errorf("new, moved, unclear, gone, changed are %s, want %s", got, c.want)
			}
			for _, m := range p.Moved { // what is told to be done does it
				m.Award.Recipient.Key, m.Award.Key = m.Was().Recipient, m.Was()
			}
			if len(p.Moved) > 0 && len(p.Changed) == 0 && strings.HasPrefix(name, "email") && !strings.Contains(name, "achievement") {
				if p := b.plan(t, s); len(p.Issue)+len(p.Moved)+len(p.Vanished) != 0 || len(p.Changed) == 0 {
					t.Errorf("with the old key: %d new, %d moved, %d gone, %d changed", len(p.Issue), len(p.Moved), len(p.Vanished), len(p.Changed))
				}
			}
		})
	}
}

// TestDifferences reads what has changed as authors wrote it.
func TestDifferences(t *testing.T) {
	signed := func() *model.Site {
		s := academy()
		a := s.Achievements[0]
		a.Tag, a.Criteria.Narrative = []string{"rope"}, strings.Repeat("Tie it well. ", 20)+"Tie six knots."
		a.ResultDescription = []model.ResultDescription{{ID: "points", Name: "Points", ResultType: "RawScore"}}
		a.Alignment = []model.Alignment{{TargetName: "Ropes", TargetURL: "https://example.org/ropes"}}
		c := s.Cohorts[0]
		for i := range 600 {
			n := fmt.Sprintf("n%d", i)
			c.Awards = append(c.Awards, &model.Award{Key: model.AwardKey{Cohort: "spring", Achievement: "knots", Recipient: n}, Cohort: c, Achievement: a,
				Visibility: model.Private, Recipient: model.Recipient{Name: "Jürgen Müßig", Key: n, Email: n + "@example.org"}, AwardedDate: noon,
				Result: []model.Result{{ResultDescription: "points", Value: "7"}}})
		}
		return s
	}
	b := newBook(t)
	b.carryOut(t, b.plan(t, signed()))
	s := signed()
	a, first, second := s.Achievements[0], s.Cohorts[0].Awards[0], s.Cohorts[0].Awards[1]
	a.Criteria.Narrative = strings.Replace(a.Criteria.Narrative, "six", "seven", 1)
	a.Alignment = append([]model.Alignment{{TargetName: "Sails", TargetURL: "https://example.org/sails"}}, a.Alignment...)
	first.Recipient.Name, first.Recipient.Email, first.AwardedDate = "Jürgen Mühsig", "new@example.org", noon.AddDate(0, 0, 2)
	first.Result[0].Value, first.Role = "8", "Skipper"
	second.Recipient.Name = "Ju\u0308rgen Mu\u0308ßig"
	edits, single := b.plan(t, s).Edits()
	var got []string
	for _, e := range edits {
		was, is := e.Excerpt(64)
		got = append(got, fmt.Sprintf("%d %s %s: %s → %s", len(e.Changes), e.Achievement, e.Field, was, is))
	}
	for _, c := range single {
		for _, d := range c.Differences {
			got = append(got, fmt.Sprintf("%s %s: %s → %s %v %v", c.Award.Key.Recipient, d.Field, d.Was, d.Is, d.Hashed, d.Invisible()))
		}
	}
	for _, w := range []string{
		"600 knots achievement.criteria.narrative: …well. Tie it well. Tie six knots. → …well. Tie it well. Tie seven knots.",
		"n0 awardedDate: 2026-07-01 → 2026-07-03 false false",
		"n0 name: Jürgen Müßig → Jürgen Mühsig false false",
		"n0 email:  → new@example.org true false",
		"n0 result.points: 7 → 8 false false",
		"n0 role:  → Skipper false false",
		"n1 name: Jürgen Müßig → Ju\u0308rgen Mu\u0308ßig false true",
	} {
		if !slices.Contains(got, w) {
			t.Errorf("%q is not among\n%s", w, strings.Join(got, "\n"))
		}
	}
	if len(single) != 2 {
		t.Errorf("%d are told one by one", len(single))
	}
}
