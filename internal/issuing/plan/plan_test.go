package plan_test

import (
	"bytes"
	"compress/gzip"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/ledger"
	"laurel/internal/issuing/plan"
	"laurel/internal/standards/vc"
)

var noon = time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)

// academy is a site with one achievement and an award for each name.
func academy(names ...string) *model.Site {
	a := &model.Achievement{Slug: "knots", Name: "Knots", Description: "Ties six knots.",
		Criteria: model.Criteria{Narrative: "Tie six knots."}}
	c := &model.Cohort{Slug: "spring", Name: "Spring"}
	for _, n := range names {
		c.Awards = append(c.Awards, &model.Award{
			Key: model.AwardKey{Cohort: "spring", Achievement: "knots", Recipient: n}, Cohort: c, Achievement: a, Visibility: model.Public,
			Recipient:   model.Recipient{Name: n, Key: n, Email: n + "@example.org"},
			AwardedDate: noon.AddDate(0, 0, -1),
			Source:      model.Source{File: "content/awards/spring.yaml", Line: 7},
		})
	}
	return &model.Site{BaseURL: "https://example.org/academy", Languages: []string{"en"},
		Issuer: model.Profile{Name: "Example Academy"}, Sign: model.Sign{Formats: []string{"eddsa-rdfc-2022"}},
		Achievements: []*model.Achievement{a}, Cohorts: []*model.Cohort{c}}
}

var key = plan.PublicKey{Kid: "key-2026-1", PublicKeyMultibase: "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2", Created: noon.AddDate(0, -1, 0)}

// book is a ledger that signs plans without signing: the documents are the
// unsecured ones.
type book struct {
	*ledger.Writer
	now time.Time
}

func newBook(t *testing.T) *book {
	t.Helper()
	w, err := ledger.OpenWriter(t.TempDir(), ledger.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.Close() })
	return &book{w, noon}
}

func (b *book) plan(t *testing.T, s *model.Site, reissue ...string) *plan.Plan {
	t.Helper()
	p, err := b.try(s, reissue...)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func (b *book) try(s *model.Site, awards ...string) (*plan.Plan, error) {
	if len(awards) == 0 {
		return b.make(s, nil)
	}
	return b.make(s, &plan.Reissue{Awards: awards})
}

func (b *book) make(s *model.Site, reissue *plan.Reissue) (*plan.Plan, error) {
	return plan.Make(plan.Input{Site: s, State: b.State(), Keys: []plan.PublicKey{key}, Now: b.now, Rand: rand.Reader, Reissue: reissue, List: b.ListDocument, Document: b.MainDocument})
}

func (b *book) decide(t *testing.T, award, action string) {
	t.Helper()
	r := b.State().Record(award)
	err := b.Append(b.now, []ledger.Event{{Status: &ledger.StatusEvent{Award: r.Award, Credential: r.Credential, Action: action, Date: b.now}}})
	if err != nil {
		t.Fatal(err)
	}
}

// unsecured is a planned credential; a record's members are their ids.
func unsecured(p *plan.Plan, i *plan.Issue, v *plan.Variant) ([]byte, error) {
	switch {
	case i.Holds != nil:
		var members []jsontext.Value
		for _, id := range i.Embedded(v) {
			members = append(members, jsontext.Value(`{"id":"`+id+`"}`))
		}
		return p.RecordDocument(i, v, members).Encode()
	case v != nil:
		return p.VariantDocument(i, v).Encode()
	}
	return p.Document(i).Encode()
}

func (b *book) carryOut(t *testing.T, p *plan.Plan) {
	t.Helper()
	var events []ledger.Event
	for i := range p.KeyEvents {
		events = append(events, ledger.Event{Key: &p.KeyEvents[i]})
	}
	for _, e := range slices.Concat(p.Twice, p.Void) {
		events = append(events, ledger.Event{Status: e})
	}
	for _, i := range p.Issue {
		doc, err := unsecured(p, i, nil)
		if err != nil {
			t.Fatal(err)
		}
		if i.Revoke != nil {
			events = append(events, ledger.Event{Status: i.Revoke})
		}
		issue := &ledger.IssueEvent{Award: i.Award.Key.String(), Credential: i.CredentialID,
			List: i.List, Index: i.Index, Visibility: string(i.Award.Visibility), Content: i.Content, Replaces: i.Replaces,
			Documents: []ledger.Document{{Format: "eddsa-rdfc-2022", MediaType: "application/vc", Document: doc}}}
		for _, v := range i.Variants {
			if doc, err = unsecured(p, i, v); err != nil {
				t.Fatal(err)
			}
			issue.Variants = append(issue.Variants, ledger.VariantIssue{Name: string(v.Name), Credential: v.CredentialID, List: v.List, Index: v.Index})
			issue.Documents = append(issue.Documents, ledger.Document{Format: "eddsa-rdfc-2022", MediaType: "application/vc", Variant: string(v.Name), Document: doc})
		}
		events = append(events, ledger.Event{Issue: issue})
		if i.Capsules != nil {
			events = append(events, unsealed(i.Award.Key.String(), i.CredentialID, i.Capsules))
		}
	}
	for _, s := range p.Seal {
		events = append(events, unsealed(s.Record.Award, s.Record.Credential, s.Capsules))
	}
	for _, l := range p.Lists {
		c, err := p.StatusList(l)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := c.Encode()
		if err != nil {
			t.Fatal(err)
		}
		events = append(events, ledger.Event{List: &ledger.ListEvent{List: l.List, Set: len(l.Set), Pairs: true, ValidUntil: l.ValidUntil, Document: doc}})
	}
	b.now = b.now.Add(time.Minute)
	if err := b.Append(b.now, events); err != nil {
		t.Fatal(err)
	}
	if !p.Head {
		t.Fatal("events are planned, and no head that covers them")
	}
	edge, err := b.NextHead(t.Context(), b.now)
	if err != nil {
		t.Fatal(err)
	}
	root := edge.Head().Root
	if err := b.Append(b.now, []ledger.Event{{Head: &ledger.HeadEvent{Size: edge.Head().Size, Root: root[:], Edge: edge.Bytes(), Checkpoint: "made up"}}}); err != nil {
		t.Fatal(err)
	}
}

// What a command appends is followed by a head, whatever it was, and one head
// is enough. Where there is no key, none is planned.
func TestHeadIsPlanned(t *testing.T) {
	b := newBook(t)
	s := academy("ana")
	b.carryOut(t, b.plan(t, s))
	if p := b.plan(t, s); p.Head || !p.Empty() {
		t.Errorf("a head of nothing is planned: %+v", p)
	}
	taken := ledger.MergeEvent{Seq: 1, Hash: strings.Repeat("0", 64)}
	if err := b.Append(b.now, []ledger.Event{{Merge: &taken}}); err != nil {
		t.Fatal(err)
	}
	p := b.plan(t, s)
	if !p.Head || p.Empty() || !p.NeedsKey() || len(p.Issue)+len(p.Lists)+len(p.Seal)+len(p.KeyEvents) > 0 {
		t.Errorf("the plan is %+v", p)
	}
	none, err := plan.Make(plan.Input{Site: s, State: b.State(), Now: b.now, Rand: rand.Reader, List: b.ListDocument})
	if err != nil || none.Head || none.NeedsKey() {
		t.Errorf("without a key, the plan is %+v, %v", none, err)
	}
	b.carryOut(t, p)
	if p := b.plan(t, s); !p.Empty() {
		t.Errorf("after its head, the plan is %+v", p)
	}
}

// unsealed is a capsule event with nothing in its capsules.
func unsealed(award, credential string, capsules []ledger.Capsule) ledger.Event {
	e := &ledger.CapsuleEvent{Award: award, Credential: credential, Capsules: capsules}
	for range capsules {
		e.Packed = append(e.Packed, jsontext.Value(`"e30....."`))
	}
	return ledger.Event{Capsule: e}
}

func TestPlanOfNewSite(t *testing.T) {
	p := newBook(t).plan(t, academy("ana", "ben"))
	if p.DID != "did:web:example.org:academy" {
		t.Errorf("DID is %s", p.DID)
	}
	if len(p.Issue) != 2 || len(p.Lists) != 1 || len(p.KeyEvents) != 1 {
		t.Fatalf("%d awards, %d lists, %d key events; want 2, 1, 1", len(p.Issue), len(p.Lists), len(p.KeyEvents))
	}
	if p.Issue[0].CredentialID == p.Issue[1].CredentialID || p.Issue[0].Index == p.Issue[1].Index {
		t.Error("two awards share an id or an index")
	}
	c := p.Document(p.Issue[0])
	if c.CredentialSubject.Achievement.ID != "https://example.org/academy/achievements/knots/achievement.json" {
		t.Errorf("achievement is %s", c.CredentialSubject.Achievement.ID)
	}
	for _, id := range c.CredentialSubject.Identifier {
		if id.IdentityType == "emailAddress" && (!id.Hashed || id.IdentityHash != vc.HashIdentity("ana@example.org", id.Salt) || len(id.Salt) < 22) {
			t.Errorf("e-mail address is not hashed with a salt of 16 bytes: %+v", id)
		}
	}
}

func TestNothingToDoAfterSigning(t *testing.T) {
	b := newBook(t)
	s := academy("ana", "ben")
	b.carryOut(t, b.plan(t, s))
	p := b.plan(t, s)
	if !p.Empty() || len(p.Changed)+len(p.Vanished) > 0 {
		t.Errorf("plan after signing has %d awards, %d lists, %d changed, %d vanished", len(p.Issue), len(p.Lists), len(p.Changed), len(p.Vanished))
	}
}

func TestDigest(t *testing.T) {
	b := newBook(t)
	s := academy("ana", "ben")
	digest := b.plan(t, s).Digest()
	b.now = b.now.Add(time.Hour)
	if again := b.plan(t, s).Digest(); again != digest {
		t.Error("the digest depends on time or chance")
	}
	for name, change := range map[string]func(*model.Site){
		"recipient":   func(s *model.Site) { s.Cohorts[0].Awards[0].Recipient.Name = "anna" },
		"e-mail":      func(s *model.Site) { s.Cohorts[0].Awards[0].Recipient.Email = "anna@example.org" },
		"achievement": func(s *model.Site) { s.Achievements[0].Description = "Ties seven knots." },
		"issuer":      func(s *model.Site) { s.Issuer.Name = "Another" },
		"visibility":  func(s *model.Site) { s.Cohorts[0].Awards[0].Visibility = model.Private },
		"award":       func(s *model.Site) { s.Cohorts[0].Awards = s.Cohorts[0].Awards[1:] },
	} {
		other := academy("ana", "ben")
		change(other)
		if b.plan(t, other).Digest() == digest {
			t.Errorf("the digest does not depend on the %s", name)
		}
	}
}

func TestChangedNamesFields(t *testing.T) {
	b := newBook(t)
	b.carryOut(t, b.plan(t, academy("ana", "ben")))
	s := academy("ana", "ben")
	s.Cohorts[0].Awards[1].Recipient.Name = "Benjamin"
	s.Achievements[0].Version = "2"
	p := b.plan(t, s)
	if len(p.Issue) != 0 || len(p.Changed) != 1 || p.Earlier != 1 || len(p.Unversioned) != 0 {
		t.Fatalf("%d to sign, %d changed, %d of an earlier version; want 0, 1, 1", len(p.Issue), len(p.Changed), p.Earlier)
	}
	if got := p.Changed[0].Fields; !slices.Equal(got, []string{"credentialSubject.achievement.version", "credentialSubject.identifier[0].identityHash"}) {
		t.Errorf("second award changed in %v", got)
	}
	s.Achievements[0].Version, s.Achievements[0].Description = "", "Other words"
	if p = b.plan(t, s); len(p.Changed) != 2 || p.Earlier != 0 || len(p.Unversioned) != 1 {
		t.Errorf("other words, same version: %d changed, %d of an earlier version, %d without a new one", len(p.Changed), p.Earlier, len(p.Unversioned))
	}
}

func TestVanished(t *testing.T) {
	b := newBook(t)
	b.carryOut(t, b.plan(t, academy("ana", "ben")))
	p := b.plan(t, academy("ana"))
	if len(p.Vanished) != 1 || p.Vanished[0].Award != "spring/knots/ben" || !p.Empty() {
		t.Errorf("vanished: %v, empty: %v", p.Vanished, p.Empty())
	}
}

func TestRevocationSignsListAgain(t *testing.T) {
	b := newBook(t)
	s := academy("ana", "ben")
	b.carryOut(t, b.plan(t, s))
	r := b.State().Record("spring/knots/ana")
	if err := b.Append(b.now, []ledger.Event{{Status: &ledger.StatusEvent{Award: r.Award, Credential: r.Credential, Action: ledger.ActionRevoke, Date: b.now}}}); err != nil {
		t.Fatal(err)
	}
	p := b.plan(t, s)
	if len(p.Issue) != 0 || len(p.Lists) != 1 || !slices.Equal(p.Lists[0].Set, pairs(r.Index)) {
		t.Fatalf("lists after a revocation: %+v, %d to sign", p.Lists, len(p.Issue))
	}
	list, err := p.StatusList(p.Lists[0])
	if err != nil {
		t.Fatal(err)
	}
	bits, err := vc.DecodeBitstring(list.CredentialSubject.EncodedList, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range []int{r.Index, ledger.Partner(r.Index), (r.Index + 8) % vc.ListLength} {
		if set, err := bits.Get(i); err != nil || set != (i/8 == r.Index/8) {
			t.Errorf("bit %d is %v, %v", i, set, err)
		}
	}
}

// pairs are indexes and their partners, ascending.
func pairs(indexes ...int) []int {
	for _, i := range indexes {
		indexes = append(indexes, ledger.Partner(i))
	}
	slices.Sort(indexes)
	return indexes
}

// A site with 500 awards, each also without a name, 100 of them revoked: who counts
// the bits of a byte from the highest, as the standard has it, and who counts them from
// the lowest, as LearnCard and trustbloc's library do, see the same of every credential.
func TestBothReadersOfStatusAgree(t *testing.T) {
	b := newBook(t)
	names := make([]string, 500)
	for i := range names {
		names[i] = fmt.Sprint("n", i)
	}
	s := academy(names...)
	for _, a := range s.Cohorts[0].Awards {
		a.Variants = []model.Variant{model.NoName}
	}
	b.carryOut(t, b.plan(t, s))
	var events []ledger.Event
	for _, name := range names[:100] {
		r := b.State().Record("spring/knots/" + name)
		events = append(events, ledger.Event{Status: &ledger.StatusEvent{Award: r.Award, Credential: r.Credential, Action: ledger.ActionRevoke, Date: b.now}})
	}
	if err := b.Append(b.now, events); err != nil {
		t.Fatal(err)
	}
	p := b.plan(t, s)
	if len(p.Lists) != 1 || len(p.Lists[0].Set) != 400 {
		t.Fatalf("planned lists: %+v", p.Lists)
	}
	c, err := p.StatusList(p.Lists[0])
	if err != nil {
		t.Fatal(err)
	}
	packed, err := base64.RawURLEncoding.DecodeString(c.CredentialSubject.EncodedList[1:])
	if err != nil {
		t.Fatal(err)
	}
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	list, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	for r := range b.State().Records() {
		for _, e := range r.Entries() {
			highest, lowest := list[e.Index/8]>>(7-e.Index%8)&1 == 1, list[e.Index/8]>>(e.Index%8)&1 == 1
			if want := r.Status == ledger.Revoked; highest != want || lowest != want {
				t.Errorf("%s, %s: revoked %v, from the highest bit %v, from the lowest %v", r.Award, e.Credential, want, highest, lowest)
			}
		}
	}
	b.carryOut(t, p)
	if p := b.plan(t, s); !p.Empty() {
		t.Errorf("planned again: %+v", p.Lists)
	}
}

func TestReissue(t *testing.T) {
	b := newBook(t)
	b.carryOut(t, b.plan(t, academy("ana")))
	s := academy("ana", "ben") // ben is new, and not asked for
	s.Cohorts[0].Awards[0].Recipient.Name = "Anna"
	old := b.State().Record("spring/knots/ana")
	p := b.plan(t, s, "spring/knots/ana")
	if len(p.Issue) != 1 || p.Issue[0].Replaces != old.Credential || p.Issue[0].Revoke == nil {
		t.Fatalf("reissue plans %+v", p.Issue)
	}
	if len(p.Lists) != 1 || !slices.Equal(p.Lists[0].Set, pairs(old.Index)) {
		t.Fatalf("reissue plans lists %+v", p.Lists)
	}
	b.carryOut(t, p)
	if is := b.State().Record("spring/knots/ana"); is.Credential == old.Credential || is.Index == old.Index || is.Status != ledger.Active {
		t.Errorf("after the reissue the award has %+v", is)
	}
	var award *plan.AwardError
	if _, err := b.try(s, "spring/knots/ben"); !errors.As(err, &award) {
		t.Errorf("reissue of an award that was never signed: %v", err)
	}
	if _, err := b.try(s, "spring/knots/carl"); !errors.As(err, &award) {
		t.Errorf("reissue of an award that does not exist: %v", err)
	}
}

func TestListLapses(t *testing.T) {
	b := newBook(t)
	s := academy("ana")
	s.Status.ValidFor = model.Period{Days: 30}
	p := b.plan(t, s)
	if want := b.now.AddDate(0, 0, 30); !p.Lists[0].ValidUntil.Equal(want) {
		t.Errorf("list is valid until %v, want %v", p.Lists[0].ValidUntil, want)
	}
	b.carryOut(t, p)
	b.now = noon.AddDate(0, 0, 19)
	if p := b.plan(t, s); !p.Empty() {
		t.Errorf("list is signed again with a third of its time left: %+v", p.Lists)
	}
	b.now = noon.AddDate(0, 0, 21)
	if p := b.plan(t, s); len(p.Lists) != 1 {
		t.Error("list is not signed again before it lapses")
	}
}

// TestListRenewed: a list that never lapses is signed again before verifiers warn of
// its age.
func TestListRenewed(t *testing.T) {
	b := newBook(t)
	s := academy("ana")
	b.carryOut(t, b.plan(t, s))
	b.now = noon.AddDate(0, 0, 20)
	if p := b.plan(t, s); !p.Empty() {
		t.Errorf("list is signed again after 20 days: %+v", p.Lists)
	}
	b.now = noon.AddDate(0, 0, 21)
	if p := b.plan(t, s); len(p.Lists) != 1 || p.Lists[0].Reason != "signed long ago" {
		t.Errorf("list is not signed again after 21 days: %+v", p.Lists)
	}
}

func TestKeyChoice(t *testing.T) {
	retired := key
	retired.Kid, retired.Retired = "key-2025-1", noon
	newer := key
	newer.Kid, newer.Created = "key-2026-2", noon
	p256 := plan.PublicKey{Kid: "key-2026-3", Created: noon, PublicKeyMultibase: "zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP"}
	for _, c := range []struct {
		name string
		keys []plan.PublicKey
		want string
		err  bool
	}{
		{"", nil, "", false},
		{"", []plan.PublicKey{retired}, "", false},
		{"", []plan.PublicKey{key, newer, retired}, "key-2026-2", false},
		{"key-2026-1", []plan.PublicKey{key, newer}, "key-2026-1", false},
		{"key-2025-1", []plan.PublicKey{key, retired}, "", true},
		{"key-2020-9", []plan.PublicKey{key}, "", true},
		{"", []plan.PublicKey{key, p256}, "key-2026-1", false},
		{"key-2026-3", []plan.PublicKey{key, p256}, "", true},
	} {
		s := academy("ana")
		if c.name != "" {
			s.Sign.Keys = []model.KeyName{{Kid: c.name, Source: model.Source{File: "content/site.yaml", Line: 9, Column: 8}}}
		}
		p, err := plan.Make(plan.Input{Site: s, State: newBook(t).State(), Keys: c.keys, Now: noon, Rand: rand.Reader})
		if (err != nil) != c.err {
			t.Errorf("key %q of %d: error %v", c.name, len(c.keys), err)
		} else if err == nil && p.Key.Kid != c.want {
			t.Errorf("key %q of %d: chose %q, want %q", c.name, len(c.keys), p.Key.Kid, c.want)
		}
	}
}

// Each form has a key of its own kind, named or the newest; what the keys do not
// allow is told with its place.
func TestFormsAndTheirKeys(t *testing.T) {
	p256 := plan.PublicKey{Kid: "key-p-1", Created: noon, PublicKeyMultibase: "zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP"}
	p384 := plan.PublicKey{Kid: "key-p-2", Created: noon.Add(time.Hour), PublicKeyMultibase: "z82LkuBieyGShVBhvtE2zoiD6Kma4tJGFtkAhxR5pfkp5QPw4LutoYWhvQCnGjdVn14kujQ"}
	retired := p384
	retired.Retired = noon
	held := p256 // and older than the file's
	held.Kid, held.Exec = "key-h-1", "token"
	gone := held
	gone.Revoked = noon
	both := []string{model.MainForm, "ecdsa-rdfc-2019"}
	for _, c := range []struct {
		name          string
		site, cohort  []string
		named, expect string
		keys          []plan.PublicKey
	}{
		{"newest", both, nil, "", "key-2026-1 key-p-2", []plan.PublicKey{p384, key, p256}},
		{"named", both, nil, "key-p-1", "key-2026-1 key-p-1", []plan.PublicKey{p384, key, p256}},
		{"both named", both, nil, "key-p-1 key-2026-1", "key-2026-1 key-p-1", []plan.PublicKey{p384, key, p256}},
		{"of the cohort", both[:1], both, "", "key-2026-1 key-p-1", []plan.PublicKey{key, p256}},
		{"not of the cohort", both, both[:1], "", "key-2026-1", []plan.PublicKey{key, p256}},
		{"not of the cohort, no key", both, both[:1], "", "key-2026-1", []plan.PublicKey{key}},
		{"no key", both, nil, "", "content/site.yaml:7:12: no key can sign ecdsa-rdfc-2019, which needs P-256 or P-384 / laurel key new --algorithm P-256", []plan.PublicKey{key, retired}},
		{"no key for the cohort", both[:1], both, "", "content/awards/c.yaml:3:10: no key can sign ecdsa-rdfc-2019", []plan.PublicKey{key}},
		{"two of one kind", both, nil, "key-p-1 key-p-2", "content/site.yaml:9:8: sign.key: key-p-2 is used for no form: ecdsa-rdfc-2019 is signed with key-p-1, which is named before it", []plan.PublicKey{key, p384, p256}},
		{"of no form", both[:1], nil, "key-p-1", "content/site.yaml:9:8: sign.key: key-p-1 is used for no form: it is a key of another kind", []plan.PublicKey{key, p256}},
		{"of a program", both, nil, "exec:token", "key-2026-1 key-h-1", []plan.PublicKey{key, p384, held}},
		{"of a program, one kind", both, nil, "exec:token key-p-2", "content/site.yaml:9:8: sign.key: key-p-2 is used for no form: ecdsa-rdfc-2019 is signed with key-h-1", []plan.PublicKey{key, p384, held}},
		{"of a program, revoked", both, nil, "exec:token", "content/site.yaml:9:8: sign.key: exec:token cannot sign: it is revoked / ", []plan.PublicKey{key, p384, gone}},
		{"of another program", both, nil, "exec:tokens", "content/site.yaml:9:8: sign.key: no key of keys/ is one that tokens holds / laurel key new --exec records one", []plan.PublicKey{key, p384, held}},
		{"none", both, nil, "", "", nil},
	} {
		s := academy("ana")
		s.Sign.Formats, s.Sign.FormatsSource = c.site, model.Source{File: "content/site.yaml", Line: 7, Column: 12}
		s.Cohorts[0].Formats, s.Cohorts[0].FormatsSource = c.cohort, model.Source{File: "content/awards/c.yaml", Line: 3, Column: 10}
		for _, kid := range strings.Fields(c.named) {
			s.Sign.Keys = append(s.Sign.Keys, model.KeyName{Kid: kid, Source: model.Source{File: "content/site.yaml", Line: 9, Column: 8}})
		}
		p, err := plan.Make(plan.Input{Site: s, State: newBook(t).State(), Keys: c.keys, Now: noon, Rand: rand.Reader})
		got := ""
		if err != nil {
			got = err.Error()
			if h, ok := err.(interface{ Hint() string }); ok {
				got += " / " + h.Hint()
			}
		} else {
			var kids []string
			for _, f := range p.NeededForms() {
				kids = append(kids, f.Key.Kid)
			}
			got = strings.TrimSpace(strings.Join(kids, " "))
		}
		if !strings.HasPrefix(got, c.expect) {
			t.Errorf("%s: %s, want %s", c.name, got, c.expect)
		}
	}
}

// TestIndexesAreUniform fills more than one list and looks at the spread of
// the indexes: chi-squared over 64 buckets, 63 degrees of freedom, p > 0.001.
func TestIndexesAreUniform(t *testing.T) {
	names := make([]string, 50_000)
	for i := range names {
		names[i] = fmt.Sprint("n", i)
	}
	p := newBook(t).plan(t, academy(names...))
	if len(p.Lists) != 2 {
		t.Fatalf("%d awards open %d lists, want 2: the next opens at three quarters", len(names), len(p.Lists))
	}
	seen := make(map[[2]int]bool)
	var buckets [64]float64
	first := 0
	for _, i := range p.Issue {
		at := [2]int{i.List, i.Index}
		if seen[at] {
			t.Fatalf("index %v is used twice", at)
		}
		seen[at], seen[[2]int{i.List, ledger.Partner(i.Index)}] = true, true
		if i.List == 1 {
			first++
			buckets[i.Index*64/vc.ListLength]++
		}
	}
	if first != vc.ListLength/2/4*3 {
		t.Errorf("list 1 holds %d, want three quarters of half of %d", first, vc.ListLength)
	}
	chi, want := 0.0, float64(first)/64
	for _, n := range buckets {
		chi += (n - want) * (n - want) / want
	}
	// Without replacement the spread is narrower than chi-squared says.
	if chi > 103.4 {
		t.Errorf("chi-squared of the indexes is %.1f, above 103.4", chi)
	}
}

func TestReissueOfSuspendedAward(t *testing.T) {
	for name, between := range map[string]bool{"list not signed between": false, "list signed between": true} {
		t.Run(name, func(t *testing.T) {
			b := newBook(t)
			s := academy("ana")
			b.carryOut(t, b.plan(t, s))
			b.decide(t, "spring/knots/ana", ledger.ActionSuspend)
			if between {
				b.carryOut(t, b.plan(t, s))
			}
			b.carryOut(t, b.plan(t, s, "spring/knots/ana"))
			if p := b.plan(t, s); !p.Empty() {
				t.Errorf("still to do: %+v", p.Lists)
			}
		})
	}
}

func TestReissueOfCohort(t *testing.T) {
	b := newBook(t)
	b.carryOut(t, b.plan(t, academy("ana", "ben", "cid")))
	b.decide(t, "spring/knots/ana", ledger.ActionRevoke)
	s := academy("ana", "ben", "dan") // cid has vanished, dan is new
	s.Achievements[0].Version = "2"
	cohort := &plan.Reissue{Cohorts: []string{"spring"}, Resume: true}
	p, err := b.make(s, cohort)
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Issue) != 1 || p.Issue[0].Award.Key.String() != "spring/knots/ben" || p.Passed != 2 {
		t.Fatalf("%d to reissue, %d passed; want ben alone, and ana and cid passed", len(p.Issue), p.Passed)
	}
	b.carryOut(t, p)
	if p, err = b.make(s, cohort); err != nil || len(p.Issue) != 0 || p.Passed != 3 {
		t.Errorf("repeated, it reissues %d and passes %d, %v", len(p.Issue), p.Passed, err)
	}
	if p = b.plan(t, s, "spring/knots/ana"); len(p.Issue) != 1 || p.Issue[0].Revoke != nil {
		t.Error("a revoked award that is named is not reissued")
	}
}

// A reissue that was cut off between the revocation and the issue is finished by
// the next plan, whatever that is for; so is one that a wrong clock makes needed.
func TestOwedReissue(t *testing.T) {
	b := newBook(t)
	s := academy("ana", "ben", "cid")
	b.carryOut(t, b.plan(t, s))
	r := b.State().Record("spring/knots/ana")
	p := b.plan(t, s, r.Award)
	if err := b.Append(b.now, []ledger.Event{{Status: p.Issue[0].Revoke}}); err != nil {
		t.Fatal(err)
	}
	b.decide(t, "spring/knots/cid", ledger.ActionRevoke) // by itself: nothing follows
	for name, reissue := range map[string]*plan.Reissue{"sign": nil, "reissue": {Awards: []string{"spring/knots/ben"}}, "of the cohort": {Cohorts: []string{"spring"}, Resume: true}} {
		p, err := b.make(s, reissue)
		if err != nil || len(p.Issue) == 0 || p.Issue[0].Replaces != r.Credential || p.Issue[0].Revoke != nil {
			t.Errorf("%s: %+v, %v", name, p, err)
		}
	}
	b.carryOut(t, b.plan(t, s))
	if p := b.plan(t, s); !p.Empty() {
		t.Errorf("still to do: %d awards, %d lists", len(p.Issue), len(p.Lists))
	}

	late := b.now.AddDate(70, 0, 0)
	s = academy("ana", "ben", "cid", "dan", "eva")
	right := b.now.Add(time.Hour)
	b.now = late
	b.carryOut(t, b.plan(t, s))
	b.decide(t, "spring/knots/eva", ledger.ActionSuspend)
	b.now = right
	if err := b.Append(b.now, []ledger.Event{{Clock: &ledger.ClockEvent{At: right}}}); err != nil {
		t.Fatal(err)
	}
	p, err := b.make(s, &plan.Reissue{})
	if err != nil || len(p.Issue) != 1 || p.Issue[0].Award.Key.Recipient != "dan" || p.Issue[0].Revoke == nil || len(p.Lists) != 1 {
		t.Fatalf("after the clock is right: %+v, %v; want dan alone, and the list", p, err)
	}
	b.carryOut(t, p)
	if p := b.plan(t, s); !p.Empty() {
		t.Errorf("still to do: %d awards, %d lists", len(p.Issue), len(p.Lists))
	}
}

func TestMovedAwardIsNotSignedTwice(t *testing.T) {
	for name, change := range map[string]func(*model.Site){
		"cohort renamed": func(s *model.Site) {
			s.Cohorts[0].Slug = "early-spring"
			s.Cohorts[0].Awards[0].Key.Cohort = "early-spring"
		},
		"DID added": func(s *model.Site) {
			a := s.Cohorts[0].Awards[0]
			a.Recipient = model.Recipient{Name: "ana", ID: "did:web:ana.example.org", StudentID: "ana", Email: "ana@example.org"}
			a.Key.Recipient = "did:web:ana.example.org"
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBook(t)
			b.carryOut(t, b.plan(t, academy("ana")))
			s := academy("ana")
			change(s)
			p := b.plan(t, s)
			if len(p.Issue) != 0 || len(p.Vanished) != 0 || len(p.Moved) != 1 || p.Moved[0].Record.Award != "spring/knots/ana" {
				t.Errorf("%d to sign, %d vanished, %d moved", len(p.Issue), len(p.Vanished), len(p.Moved))
			}
		})
	}
	b := newBook(t)
	b.carryOut(t, b.plan(t, academy("ana")))
	if p := b.plan(t, academy("ben")); len(p.Issue) != 1 || len(p.Vanished) != 1 {
		t.Error("another recipient is taken for the one before")
	}
}

func TestExpiredBeforeSigned(t *testing.T) {
	s := academy("ana", "ben")
	s.Cohorts[0].Awards[1].ValidUntil = noon.Add(-time.Hour)
	var problems plan.AwardProblems
	if _, err := newBook(t).try(s); !errors.As(err, &problems) || len(problems) != 1 || problems[0].Source.Line != 7 {
		t.Errorf("error is %v", err)
	}
}

func TestChangedBaseURL(t *testing.T) {
	b := newBook(t)
	b.carryOut(t, b.plan(t, academy("ana")))
	s := academy("ana")
	s.BaseURL = "https://example.org/school"
	var issuer *vc.IssuedElsewhereError
	if _, err := b.try(s); !errors.As(err, &issuer) {
		t.Errorf("error is %v", err)
	}
}

func TestKeyOfAnotherName(t *testing.T) {
	b := newBook(t)
	b.carryOut(t, b.plan(t, academy("ana")))
	other := key
	other.PublicKeyMultibase = "z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi"
	var wrong *plan.KeyError
	_, err := plan.Make(plan.Input{Site: academy("ana"), State: b.State(), Keys: []plan.PublicKey{other}, Now: b.now, Rand: rand.Reader, List: b.ListDocument})
	if !errors.As(err, &wrong) {
		t.Errorf("error is %v", err)
	}
}

func TestListFollowsValidFor(t *testing.T) {
	b := newBook(t)
	s := academy("ana")
	b.carryOut(t, b.plan(t, s))
	s.Status.ValidFor = model.Period{Days: 10}
	p := b.plan(t, s)
	if len(p.Lists) != 1 {
		t.Fatal("a list without an end stays, though the site sets one")
	}
	b.carryOut(t, p)
	s.Status.ValidFor = model.Period{Years: 1}
	b.now = b.now.AddDate(0, 0, 8)
	if p := b.plan(t, s); len(p.Lists) != 1 {
		t.Error("a list about to lapse stays, since the site allows more today")
	}
}
