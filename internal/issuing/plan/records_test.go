package plan_test

import (
	"crypto/rand"
	"slices"
	"strings"
	"testing"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/ledger"
	"laurel/internal/issuing/plan"
	"laurel/internal/standards/vc"
)

// college is a site with the achievements a, b and c in cohorts of their own, a
// program "all" of a and b, and awards "achievement/learner".
func college(awards ...string) *model.Site {
	s := academy()
	s.Cohorts, s.Achievements = nil, nil
	for _, slug := range []string{"a", "b", "c"} {
		s.Achievements = append(s.Achievements, &model.Achievement{Slug: slug, Name: slug, Description: slug, Criteria: model.Criteria{Narrative: slug}})
		c := &model.Cohort{Slug: "of-" + slug}
		for _, award := range awards {
			of, who, _ := strings.Cut(award, "/")
			if of != slug {
				continue
			}
			c.Awards = append(c.Awards, &model.Award{Key: model.AwardKey{Cohort: c.Slug, Achievement: slug, Recipient: who}, Cohort: c,
				Achievement: s.Achievement(slug), Visibility: model.Public, AwardedDate: noon.AddDate(0, 0, -1),
				Recipient: model.Recipient{Name: who, Key: who, Email: who + "@example.org"}, Variants: []model.Variant{model.NoName},
				Source: model.Source{File: "content/awards/of-" + slug + ".yaml", Line: 7}})
		}
		s.Cohorts = append(s.Cohorts, c)
	}
	s.Programs = []*model.Program{{Slug: "all", Name: "All", Achievements: s.Achievements[:2], Visibility: model.Public,
		Associations: []model.Association{{Type: "precedes", Source: s.Achievements[0], Target: s.Achievements[1]}},
		Source:       model.Source{File: "content/programs/all.yaml", Line: 1}}}
	return s
}

// records says what a plan does with records.
func records(p *plan.Plan) string {
	var out []string
	for _, i := range p.Issue {
		if i.Holds != nil {
			text := "+" + i.Award.Key.Recipient
			for _, m := range i.Holds.Members {
				text += " " + m.Award.Achievement.Slug
			}
			if i.Holds.Partial {
				text += " partial"
			}
			if i.Replaces != "" {
				text += " anew"
			}
			out = append(out, text+" ("+i.Holds.Why+")")
		}
	}
	for _, e := range p.Void {
		out = append(out, "x"+e.Award)
	}
	for _, w := range p.Waiting {
		out = append(out, "?"+w.Award.Key.Recipient)
	}
	for _, c := range p.Changed {
		out = append(out, "~"+c.Record.Award+" "+strings.Join(c.Fields, ","))
	}
	for _, r := range p.Vanished {
		out = append(out, "-"+r.Award)
	}
	return strings.Join(out, "; ")
}

// step plans a site, checks what becomes of records, and carries it out; then
// nothing is left to do.
func (b *book) step(t *testing.T, s *model.Site, want string) *plan.Plan {
	t.Helper()
	p := b.plan(t, s)
	if got := records(p); got != want {
		t.Fatalf("plan: %s\nwant: %s", got, want)
	}
	if !p.Empty() {
		b.carryOut(t, p)
	}
	if again := b.plan(t, s); len(again.Issue) > 0 || len(again.Void) > 0 {
		t.Fatalf("it is not done: %s", records(again))
	}
	return p
}

func (b *book) request(s *model.Site, program string, learners ...string) (*plan.Plan, error) {
	return plan.Make(plan.Input{Site: s, State: b.State(), Keys: []plan.PublicKey{key}, Now: b.now, Rand: rand.Reader, List: b.ListDocument,
		Document: b.MainDocument, Request: &plan.RecordRequest{Learners: learners, Program: program}})
}

func TestRecordIsPlannedWhenComplete(t *testing.T) {
	b := newBook(t)
	b.step(t, college("a/ana", "a/ben"), "")
	s := college("a/ana", "a/ben", "b/ana", "c/ana", "b/ben")
	p := b.step(t, s, "+ana a b (completes the program); +ben a b (completes the program)")
	if i := p.Issue[len(p.Issue)-1]; i.Award.Key.String() != "records/all/ben" || i.Award.Visibility != model.Public {
		t.Errorf("the record is %s, %s", i.Award.Key, i.Award.Visibility)
	}
	// One member was signed before, the other is of the same plan.
	doc, err := b.MainDocument(b.State().Record("records/all/ben"))
	if err != nil {
		t.Fatal(err)
	}
	clr, err := vc.ParseClr(doc)
	if err != nil || clr == nil {
		t.Fatal(clr, err)
	}
	c := clr.CredentialSubject
	if len(c.VerifiableCredential) != 2 || string(c.VerifiableCredential[0]) != `{"id":"`+b.State().Record("of-a/a/ben").Credential+`"}` ||
		string(c.VerifiableCredential[1]) != `{"id":"`+b.State().Record("of-b/b/ben").Credential+`"}` || clr.Partial || len(c.Achievement) != 2 ||
		len(c.Association) != 1 || c.Association[0].SourceID != "https://example.org/academy/achievements/a/achievement.json" || c.Identifier[0].IdentityHash != "ben" ||
		!slices.Equal(clr.Context, []string{vc.ContextVC, vc.ContextCLR, vc.ContextOB}) {
		t.Errorf("the record is %s", doc)
	}
	b.step(t, s, "")
	if cohort := plan.Records(s, b.State()); len(cohort.Awards) != 2 || cohort.Awards[0].Key.String() != "records/all/ana" {
		t.Errorf("records: %+v", cohort)
	}
}

func TestRecordFollowsItsMembers(t *testing.T) {
	s := college("a/ana", "b/ana", "c/ana")
	s.Programs[0].Completion = model.Completion{SomeOf: 2, From: s.Achievements}
	s.Programs[0].Achievements = s.Achievements
	b := newBook(t)
	b.step(t, s, "+ana a b c (completes the program)")
	// A change of the content alone is told, as that of an award is: a new record would
	// take the learner's link away.
	s.Programs[0].Description = "All of it."
	b.step(t, s, "~records/all/ana content")
	// A suspended member, and its return.
	b.decide(t, "of-c/c/ana", ledger.ActionSuspend)
	b.step(t, s, "+ana a b anew (members: 1 suspended)")
	b.decide(t, "of-c/c/ana", ledger.ActionReinstate)
	b.step(t, s, "+ana a b c anew (members: 1 new)")
	// A reissue brings its record with it, and no other.
	p := b.plan(t, s, "of-b/b/ana")
	if got := records(p); got != "+ana a b c anew (members: 1 signed anew)" || len(p.Issue) != 2 {
		t.Fatalf("reissue: %s", got)
	}
	b.carryOut(t, p)
	b.step(t, s, "")
	// The record by its own name, alone.
	if p = b.plan(t, s, "records/all/ana"); records(p) != "+ana a b c anew (to be signed anew)" || len(p.Issue) != 1 {
		t.Fatalf("reissue of the record: %s", records(p))
	}
	b.decide(t, "of-a/a/ana", ledger.ActionRevoke)
	b.step(t, s, "+ana b c anew (members: 1 revoked)")
	before := b.State().Record("records/all/ana")
	b.decide(t, "of-b/b/ana", ledger.ActionRevoke)
	b.step(t, s, "xrecords/all/ana")
	if rec := b.State().Record("records/all/ana"); rec != before || rec.Status != ledger.Revoked {
		t.Errorf("the record is %+v", rec)
	}
	b.step(t, s, "")
}

// TestRecordThatIsIncomplete: what nobody revoked is told, and is not revoked.
func TestRecordThatIsIncomplete(t *testing.T) {
	s := college("a/ana", "b/ana")
	b := newBook(t)
	b.step(t, s, "+ana a b (completes the program)")
	less := college("a/ana")
	b.step(t, less, "~records/all/ana members: 1 no longer in the content; no longer complete; -of-b/b/ana")
	s.Programs = nil
	b.step(t, s, "-records/all/ana")
	// One that has expired stays in what was signed.
	s = college("a/ben", "b/ben")
	s.Cohorts[0].Awards[0].ValidUntil = noon.AddDate(1, 0, 0)
	b = newBook(t)
	b.step(t, s, "+ben a b (completes the program)")
	b.now = noon.AddDate(2, 0, 0)
	b.step(t, s, "")
}

func TestRecordOnRequest(t *testing.T) {
	s := college("a/ana", "c/ana")
	s.Cohorts[0].Awards[0].Recipient.ID = "did:web:ana.example.org"
	b := newBook(t)
	b.step(t, s, "")
	for _, name := range []string{"ana", "did:web:ana.example.org", "of-a/a/ana"} {
		p, err := b.request(s, "all", name)
		if err != nil || records(p) != "+ana a partial (asked for)" || len(p.Issue) != 1 {
			t.Fatalf("%s: %s, %v", name, records(p), err)
		}
	}
	p, err := b.request(s, "all", "ana")
	if err != nil {
		t.Fatal(err)
	}
	b.carryOut(t, p)
	b.step(t, s, "")
	if p, err = b.request(s, "all", "ana"); err != nil || len(p.Issue) != 0 || p.Passed != 1 {
		t.Errorf("again: %s, %v", records(p), err)
	}
	// A partial one stays partial, or becomes whole.
	if p, err = b.request(s, model.Everything, "ana"); err != nil || records(p) != "+ana a c (asked for)" {
		t.Errorf("everything: %s, %v", records(p), err)
	}
	b.carryOut(t, p)
	s = college("a/ana", "b/ana", "c/ana")
	s.Cohorts[0].Awards[0].Recipient.ID = "did:web:ana.example.org"
	b.step(t, s, "+ana a b anew (members: 1 new); +ana a b c anew (members: 1 new)")
	for _, bad := range []struct{ program, learner string }{{"all", "nobody"}, {"none", "ana"}} {
		if _, err := b.request(s, bad.program, bad.learner); err == nil {
			t.Errorf("%v is taken", bad)
		}
	}
}

func TestRecordOfTwoNames(t *testing.T) {
	s := college("a/ana", "b/ana", "a/ben", "b/ben")
	s.Cohorts[1].Awards[0].Recipient.Name = "Another Person"
	s.Cohorts[1].Awards[1].Recipient.Name = "  BEN"
	newBook(t).step(t, s, "+ana a b (completes the program; its awards have different names); +ben a b (completes the program)")
}

func TestRecordOfAConflict(t *testing.T) {
	s := college("a/ana", "b/ana")
	for i, id := range []string{"did:web:one.example.org", "did:web:two.example.org"} {
		s.Cohorts[i].Awards[0].Recipient.ID = id
	}
	b := newBook(t)
	b.step(t, s, "?ana")
	if _, err := b.request(s, "all", "ana"); err == nil || !strings.Contains(err.Error(), "different DIDs") {
		t.Errorf("asked for: %v", err)
	}
	s.Programs = nil
	b.step(t, s, "")
}

// TestRecordVariants: each choice is a credential of its own, and one without a name
// holds the members' own forms without one.
func TestRecordVariants(t *testing.T) {
	s := college("a/ana", "b/ana")
	s.Programs[0].Variants = []model.RecordVariant{{Name: model.NoName, NoName: true}, {Name: "first", Label: "The first", Achievements: s.Achievements[:1]}, {Name: "other", Achievements: s.Achievements[2:]}}
	b := newBook(t)
	p := b.step(t, s, "+ana a b (completes the program)")
	i := p.Issue[len(p.Issue)-1]
	if len(i.Variants) != 2 {
		t.Fatalf("variants: %+v", i.Variants)
	}
	docs, err := b.Documents(b.State().Record("records/all/ana"))
	if err != nil || len(docs) != 3 {
		t.Fatal(len(docs), err)
	}
	nameless, err := vc.ParseClr(docs[1].Document)
	if err != nil {
		t.Fatal(err)
	}
	if c := nameless.CredentialSubject; len(c.VerifiableCredential) != 2 || !strings.Contains(string(c.VerifiableCredential[0]), p.Issue[0].Variants[0].CredentialID) ||
		!strings.HasPrefix(c.ID, "urn:uuid:") || len(c.Identifier) != 1 || nameless.Partial || strings.Contains(string(docs[1].Document), `"ana"`) {
		t.Errorf("without a name: %s", docs[1].Document)
	}
	first, err := vc.ParseClr(docs[2].Document)
	if err != nil {
		t.Fatal(err)
	}
	if c := first.CredentialSubject; len(c.VerifiableCredential) != 1 || len(c.Achievement) != 1 || len(c.Association) != 0 || !first.Partial || c.Identifier[0].IdentityHash != "ana" || first.ID == nameless.ID || first.Name != "All: The first" {
		t.Errorf("the choice: %s", docs[2].Document)
	}
	// What was signed without the form waits.
	for _, c := range s.Cohorts {
		for _, a := range c.Awards {
			a.Variants = nil
		}
	}
	s.Programs[0].Variants = nil
	b = newBook(t)
	b.step(t, s, "+ana a b (completes the program)")
	s.Programs[0].Variants = []model.RecordVariant{{Name: model.NoName, NoName: true}}
	b.step(t, s, "?ana")
}

// TestRecordIsNoMorePublic than what it is about.
func TestRecordIsNoMorePublic(t *testing.T) {
	s := college("a/ana", "b/ana")
	s.Cohorts[1].Awards[0].Visibility = model.Link
	b := newBook(t)
	p := b.step(t, s, "+ana a b (completes the program)")
	if i := p.Issue[len(p.Issue)-1]; i.Award.Visibility != model.Link || i.Capsules == nil {
		t.Errorf("a record with a sealed member is %s", i.Award.Visibility)
	}
	s.Cohorts[0].Awards[0].Visibility = model.Private
	if v := plan.Records(s, b.State()).Awards[0].Visibility; v != model.Private {
		t.Errorf("a record with a private member is %s", v)
	}

	// What was taken off the site is not shown in a record, signed before or after.
	s = college("a/ana", "b/ana")
	b = newBook(t)
	withdraw := func(award string) {
		r := b.State().Record(award)
		if err := b.Append(b.now, []ledger.Event{{Withdraw: &ledger.WithdrawEvent{Award: r.Award, Credential: r.Credential, Date: b.now}}}); err != nil {
			t.Fatal(err)
		}
	}
	b.step(t, s, "+ana a b (completes the program)")
	withdraw(s.Cohorts[0].Awards[0].Key.String())
	if v := plan.Records(s, b.State()).Awards[0].Visibility; v != model.Link {
		t.Errorf("a record with a member that was taken off the site is %s", v)
	}
	if p := b.plan(t, s); len(p.Seal) != 1 || p.Seal[0].Record.Award != "records/all/ana" {
		t.Errorf("sealed are %+v", p.Seal)
	}
}

// TestRecordDigest: the digest of a reviewed plan is that of the plan that is
// signed, and another where a record holds something else.
func TestRecordDigest(t *testing.T) {
	b, s := newBook(t), college("a/ana", "b/ana")
	one, two := b.plan(t, s), b.plan(t, s)
	if one.Digest() != two.Digest() {
		t.Error("the same plan has two digests")
	}
	s.Programs[0].Name = "Other"
	if one.Digest() == b.plan(t, s).Digest() {
		t.Error("another record has the same digest")
	}
}
