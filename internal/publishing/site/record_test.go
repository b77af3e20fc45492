package site_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"laurel/internal/authoring/model"
	"laurel/internal/publishing/site"
)

// outline says the tree of a record in one line.
func outline(parts []site.RecordPart) string {
	var list []string
	for _, p := range parts {
		s := p.Name
		for _, r := range p.Relations {
			s += " " + r.Type + " " + r.Name
		}
		for _, m := range p.Members {
			s += " " + m.Status.State + m.Credits
		}
		if len(p.Parts) > 0 {
			s += " (" + outline(p.Parts) + ")"
		}
		list = append(list, s)
	}
	return strings.Join(list, ", ")
}

// TestRecordPage: the page of a public record shows the tree of what it holds, each
// as the ledger knows it today, and is made anew when one of them is revoked; the page
// of a sealed one says nothing that was not signed.
func TestRecordPage(t *testing.T) {
	s := newShop(t)
	knots, splices := s.site.Achievements[0], s.site.Achievements[1]
	ropes := &model.Achievement{Slug: "ropes", Name: "ROPES", Description: "All of it.", Criteria: model.Criteria{Narrative: "Show it."}}
	s.site.Achievements = []*model.Achievement{knots, ropes, splices}
	five, half := 5.0, 0.3
	knots.CreditsAvailable = &five
	s.site.Programs = []*model.Program{{Slug: "rope", Name: "Rope", Achievements: []*model.Achievement{knots, splices, ropes}, Visibility: model.Public,
		Completion: model.Completion{SomeOf: 2, From: []*model.Achievement{knots, splices}},
		Associations: []model.Association{{Type: "isPartOf", Source: knots, Target: ropes}, {Type: "isParentOf", Source: ropes, Target: splices},
			{Type: "precedes", Source: knots, Target: splices}, {Type: "isChildOf", Source: splices, Target: knots}},
		Variants: []model.RecordVariant{{Name: "knots-only", Achievements: []*model.Achievement{knots}}}}}
	s.award("spring", "knots", "l1", model.Public)
	s.award("spring", "splices", "l1", model.Public).CreditsEarned = &half
	s.sign(t)
	const award = "records/rope/l1"
	rec := s.State().Record(award)
	page := func() (*site.AwardPage, [32]byte) {
		t.Helper()
		p := s.plan(t)
		for _, o := range p.Outputs {
			if o.Kind == site.Page && o.Record == rec {
				document, err := s.document(rec)
				if err != nil {
					t.Fatal(err)
				}
				a, err := p.AwardPage(o, document)
				if err != nil {
					t.Fatal(err)
				}
				return a, o.Fingerprint
			}
		}
		t.Fatal("the record has no page")
		return nil, [32]byte{}
	}
	s.site.Cohorts = append(s.site.Cohorts, &model.Cohort{Slug: model.Records, Awards: []*model.Award{s.site.Learners()[0].Record(s.site.Programs[0], "l1")}})
	a, before := page()
	r := a.Record
	if got := outline(r.Parts); got != "ROPES (KNOTS before SPLICES whole SPLICES valid5, SPLICES after KNOTS part KNOTS valid0.3)" {
		t.Errorf("the tree is %s", got)
	}
	if r.Count != 2 || r.Credits != "5.3" || r.Partial || r.Fallen || a.Status.State != "valid" {
		t.Errorf("the record is %+v, %s", r, a.Status.State)
	}
	if got := fmt.Sprint(r.Rows()[0].Depth, r.Rows()[1].Depth, r.Rows()[0].Member == nil, len(r.Rows())); got != "0 1 true 3" {
		t.Errorf("its rows are %s", got)
	}
	if want := "../../" + model.AwardFolder(s.State().Record("spring/knots/l1").Credential); r.Rows()[1].Member.Href != want {
		t.Errorf("a member's page is at %q, want %q", r.Rows()[1].Member.Href, want)
	}
	// One whose award is no longer public, or in the content, is not shown in a record.
	award1 := s.site.Cohorts[0].Awards[0]
	for name, change := range map[string]func(){
		"sealed": func() { award1.Visibility = model.Link }, "taken out": func() { s.site.Cohorts[0].Awards = s.site.Cohorts[0].Awards[1:] },
	} {
		all := s.site.Cohorts[0].Awards
		change()
		if slices.ContainsFunc(s.plan(t).Outputs, func(o site.Output) bool { return o.Record == rec }) {
			t.Errorf("%s: an award is on the site within a record", name)
		}
		award1.Visibility, s.site.Cohorts[0].Awards = model.Public, all
	}
	s.decide(t, "spring/splices/l1", "revoke", "by mistake", true)
	a, after := page()
	if a.Status.State != "fallen" || before == after || a.Record.Rows()[2].Member.Status.Reason != "by mistake" {
		t.Errorf("after the revocation: %s, %s, same %t", a.Status.State, outline(a.Record.Parts), before == after)
	}
	p := s.plan(t)
	documents, err := s.Documents(rec)
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := p.SealedPage("knots-only", documents[1].Document, nil, "https://example.org/", nil, "")
	if err != nil || outline(sealed.Record.Parts) != "KNOTS 5" || !sealed.Record.Partial || sealed.Record.Rows()[0].Member.Href != "" {
		t.Errorf("sealed: %+v, %v", sealed, err)
	}
}
