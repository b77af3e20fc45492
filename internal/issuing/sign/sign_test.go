package sign_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	crand "crypto/rand"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/ledger"
	"laurel/internal/issuing/plan"
	"laurel/internal/issuing/sign"
	"laurel/internal/standards/conform"
	"laurel/internal/standards/did"
	"laurel/internal/standards/proof"
	"laurel/internal/standards/verify"
)

var noon = time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)

// tools are made once: contexts and schemas take a while to read.
var tools = sync.OnceValues(func() (t struct {
	processor *proof.Processor
	checker   *conform.Checker
}, err error) {
	if t.processor, err = proof.New(); err != nil {
		return t, err
	}
	t.checker, err = conform.New()
	return t, err
})

// newKey is an Ed25519 key that depends on nothing but seed.
func newKey(seed byte) ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(bytes.Repeat([]byte{seed}, ed25519.SeedSize))
}

func publicOf(t *testing.T, key crypto.Signer) plan.PublicKey {
	t.Helper()
	multikey, err := did.EncodeMultikey(key.Public())
	if err != nil {
		t.Fatal(err)
	}
	return plan.PublicKey{Kid: "key-2026-1", PublicKeyMultibase: multikey, Created: noon.AddDate(0, -1, 0)}
}

// academy is a site with awards "knots" and "splices" for a number of learners
// each.
func academy(knots, splices int) *model.Site {
	s := &model.Site{BaseURL: "https://example.org/academy", Languages: []string{"en"},
		Issuer: model.Profile{Name: "Example Academy", URL: "https://example.org"},
		Sign:   model.Sign{Formats: []string{"eddsa-rdfc-2022"}}}
	c := &model.Cohort{Slug: "spring", Name: "Spring"}
	for _, a := range []struct {
		slug string
		n    int
	}{{"knots", knots}, {"splices", splices}} {
		definition := &model.Achievement{Slug: a.slug, Name: "Rope: " + a.slug, Description: "Made six " + a.slug + ".",
			AchievementType: "Badge", Criteria: model.Criteria{Narrative: "Make **six** " + a.slug + "."}}
		s.Achievements = append(s.Achievements, definition)
		for i := range a.n {
			key := fmt.Sprintf("l%04d", i)
			c.Awards = append(c.Awards, &model.Award{
				Key: model.AwardKey{Cohort: "spring", Achievement: a.slug, Recipient: key}, Cohort: c, Achievement: definition, Visibility: model.Public,
				Recipient:   model.Recipient{Name: "Learner " + key, Key: key, Email: key + "@example.org"},
				AwardedDate: noon.AddDate(0, 0, -1),
				Source:      model.Source{File: "content/awards/spring.yaml", Line: 10 + len(c.Awards), Column: 5},
			})
		}
	}
	s.Cohorts = []*model.Cohort{c}
	return s
}

// desk is a ledger with a key beside it.
type desk struct {
	*ledger.Writer
	key ed25519.PrivateKey
	now time.Time
	// of are the keys of endorsers, by their names.
	of      map[string]plan.PublicKey
	private map[string]crypto.Signer
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	w, err := ledger.OpenWriter(t.TempDir(), ledger.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.Close() })
	return &desk{Writer: w, key: newKey(1), now: noon}
}

func (d *desk) plan(t *testing.T, s *model.Site, reissue ...string) *plan.Plan {
	t.Helper()
	p, err := plan.Make(plan.Input{Site: s, State: d.State(), Keys: slices.Collect(d.keys(t)), Now: d.now,
		Rand: chance(byte(d.State().Len())), Reissue: again(reissue), List: d.list, Document: func(r *ledger.Record) ([]byte, error) {
			docs, err := d.Documents(r)
			if err != nil {
				return nil, err
			}
			return docs[0].Document, nil
		}})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// keys are the issuer's, and those of endorsers.
func (d *desk) keys(t *testing.T) iter.Seq[plan.PublicKey] {
	return func(yield func(plan.PublicKey) bool) {
		if !yield(publicOf(t, d.key)) {
			return
		}
		for _, name := range slices.Sorted(maps.Keys(d.of)) {
			if !yield(d.of[name]) {
				return
			}
		}
	}
}

func (d *desk) list(l ledger.ListState) ([]byte, error) {
	e, err := d.Event(l.Pos)
	if err != nil {
		return nil, err
	}
	return e.List.Document, nil
}

func again(awards []string) *plan.Reissue {
	if len(awards) == 0 {
		return nil
	}
	return &plan.Reissue{Awards: awards}
}

// chance is randomness that repeats, other for each seed.
func chance(seed byte) io.Reader { return rand.NewChaCha8([32]byte{seed}) }

func (d *desk) options(t *testing.T) sign.Options {
	t.Helper()
	made, err := tools()
	if err != nil {
		t.Fatal(err)
	}
	o := sign.Options{Keys: map[string]crypto.Signer{"key-2026-1": d.key}, Processor: made.processor, Checker: made.checker, Seed: 3, NextHead: d.NextHead, Signed: d.Signed}
	maps.Copy(o.Keys, d.private)
	for _, l := range d.State().Lists() {
		if l.SignedAt.IsZero() {
			continue
		}
		e, err := d.Event(l.Pos)
		if err != nil {
			t.Fatal(err)
		}
		o.Lists = append(o.Lists, e.List.Document)
	}
	return o
}

// sign carries the plan out and returns what was emitted.
func (d *desk) sign(t *testing.T, p *plan.Plan) [][]ledger.Event {
	t.Helper()
	var groups [][]ledger.Event
	err := sign.Run(t.Context(), p, d.options(t), func(events []ledger.Event) error {
		groups = append(groups, slices.Clone(events))
		return d.Append(p.Now, events)
	})
	if err != nil {
		t.Fatal(err)
	}
	d.now = d.now.Add(time.Minute)
	return groups
}

// refuse runs the plan, which must fail and emit nothing.
func refuse(t *testing.T, p *plan.Plan, o sign.Options) error {
	t.Helper()
	err := sign.Run(t.Context(), p, o, func(events []ledger.Event) error {
		t.Errorf("%d events were emitted", len(events))
		return nil
	})
	if err == nil {
		t.Fatal("signed")
	}
	return err
}

func types(events []ledger.Event) string {
	var b strings.Builder
	for _, e := range events {
		switch {
		case e.Key != nil:
			b.WriteByte('k')
		case e.Issue != nil:
			b.WriteByte('i')
		case e.Status != nil:
			b.WriteByte('s')
		case e.List != nil:
			b.WriteByte('l')
		case e.Capsule != nil:
			b.WriteByte('c')
		case e.Head != nil:
			b.WriteByte('h')
		}
	}
	return b.String()
}

// TestGroups: keys are told before what they signed, awards come in plan order
// and in groups, lists and the log's head last.
func TestGroups(t *testing.T) {
	d := newDesk(t)
	p := d.plan(t, academy(430, 20))
	var done []int
	o := d.options(t)
	o.Progress = func(n int) { done = append(done, n) }
	var groups [][]ledger.Event
	if err := sign.Run(t.Context(), p, o, func(events []ledger.Event) error {
		groups = append(groups, slices.Clone(events))
		return d.Append(p.Now, events)
	}); err != nil {
		t.Fatal(err)
	}
	all := slices.Concat(groups...)
	if got, want := types(all), "k"+strings.Repeat("i", 450)+"lh"; got != want {
		t.Fatalf("events are %s", got)
	}
	for _, g := range groups {
		if n := strings.Count(types(g), "i"); n > 200 {
			t.Errorf("a group has %d awards", n)
		}
	}
	if !slices.Equal(done, []int{200, 400, 450}) {
		t.Errorf("progress was %v", done)
	}
	issues := all[1:451]
	for i, e := range issues {
		if e.Issue.Award != p.Issue[i].Award.Key.String() || e.Issue.Credential != p.Issue[i].CredentialID ||
			e.Issue.Index != p.Issue[i].Index || e.Issue.List != p.Issue[i].List || e.Issue.Visibility != "public" {
			t.Fatalf("award %d is %+v", i, e.Issue)
		}
	}
	if p := d.plan(t, academy(430, 20)); !p.Empty() {
		t.Errorf("after signing there is something left: %d awards, %d lists", len(p.Issue), len(p.Lists))
	}
}

// TestSignedDocumentsVerify looks at all that was signed as a stranger would.
func TestSignedDocumentsVerify(t *testing.T) {
	d := newDesk(t)
	p := d.plan(t, academy(5, 4))
	events := slices.Concat(d.sign(t, p)...)
	docs := &verify.Documents{}
	document, err := did.WebDocument(p.DID, p.Published).Encode()
	if err != nil {
		t.Fatal(err)
	}
	if err := docs.Add("", document); err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		if e.List != nil {
			if err := docs.Add("", e.List.Document); err != nil {
				t.Fatal(err)
			}
		}
	}
	o := d.options(t)
	v := verify.New(o.Processor, o.Checker, verify.Options{Now: d.now, Load: docs.Load})
	judged := 0
	for _, e := range events {
		if e.Issue == nil {
			continue
		}
		main := e.Issue.Documents[0]
		if len(e.Issue.Documents) != 1 || main.Format != "eddsa-rdfc-2022" || main.MediaType != "application/vc" {
			t.Fatalf("documents of %s: %+v", e.Issue.Award, e.Issue.Documents)
		}
		if r := v.Credential(t.Context(), main.Document); r.Verdict != verify.Valid || r.Summary.ID != e.Issue.Credential {
			t.Errorf("%s is %s: %+v", e.Issue.Award, r.Verdict, r.Checks)
		}
		judged++
	}
	if judged != 9 {
		t.Errorf("%d of 9 judged", judged)
	}
}

// TestReissue: the revocation of the old credential comes before the new one.
func TestReissue(t *testing.T) {
	d := newDesk(t)
	d.sign(t, d.plan(t, academy(3, 0)))
	s := academy(3, 0)
	s.Cohorts[0].Awards[1].Recipient.Name = "Corrected Name"
	old := d.State().Record("spring/knots/l0001")
	p := d.plan(t, s, "spring/knots/l0001")
	groups := d.sign(t, p)
	if got := types(slices.Concat(groups...)); got != "silh" {
		t.Fatalf("events of a reissue are %s", got)
	}
	if got := types(groups[0]); got != "si" {
		t.Errorf("revocation and new credential are not in one group: %s", got)
	}
	if r := d.State().Record("spring/knots/l0001"); r.Replaces != old.Credential || d.State().ByCredential(old.Credential).Status != ledger.Revoked {
		t.Errorf("after the reissue: %+v", r)
	}
}

// TestRefusedDocuments: what a known verifier would refuse is not signed, and
// the message says where it is written and who would refuse it.
func TestRefusedDocuments(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(*model.Award)
		says  string
	}{
		"unnamed":          {func(a *model.Award) { a.Recipient = model.Recipient{Key: a.Recipient.Key} }, "(refused by 1EdTech"},
		"no-criteria":      {func(a *model.Award) { a.Achievement.Criteria = model.Criteria{ID: "not a URL"} }, "/credentialSubject/achievement/criteria"},
		"relative-url":     {func(a *model.Award) { a.Evidence = []model.Evidence{{ID: "portfolio/1"}} }, "/evidence"},
		"unknown-type":     {func(a *model.Award) { a.Achievement.AchievementType = "Medal" }, "achievementType"},
		"result-of-none":   {func(a *model.Award) { a.Result = []model.Result{{Status: "Perfect"}} }, "/credentialSubject/result"},
		"learner-relative": {func(a *model.Award) { a.Recipient.ID = "learner" }, "/credentialSubject/id"},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			s := academy(3, 0)
			c.spoil(s.Cohorts[0].Awards[1])
			err := refuse(t, d.plan(t, s), d.options(t))
			var refused *sign.DocumentError
			if !errors.As(err, &refused) {
				t.Fatalf("error is %v", err)
			}
			// A fault of the definition shows at its first award.
			if text := err.Error(); !strings.HasPrefix(text, "content/awards/spring.yaml:1") || !strings.Contains(text, c.says) {
				t.Errorf("message is %s", text)
			}
			if text := err.Error(); strings.Contains(text, "Learner") || strings.Contains(text, "@") {
				t.Errorf("the message names somebody: %s", text)
			}
		})
	}
}

// TestFirstErrorInPlanOrder: of several mistakes the first is told, whichever
// worker finds its own first.
func TestFirstErrorInPlanOrder(t *testing.T) {
	d := newDesk(t)
	s := academy(60, 0)
	for _, i := range []int{17, 18, 40, 59} {
		s.Cohorts[0].Awards[i].Evidence = []model.Evidence{{ID: "relative"}}
	}
	o := d.options(t)
	o.Workers = 8
	for range 5 {
		var refused *sign.DocumentError
		if err := refuse(t, d.plan(t, s), o); !errors.As(err, &refused) || refused.Source.Line != 10+17 {
			t.Fatalf("error is %v", err)
		}
	}
}

// TestSampleStopsTheRun: signatures that are good in themselves and that a
// verifier would still refuse, because of what is published beside them.
func TestSampleStopsTheRun(t *testing.T) {
	other := newKey(2)
	foreign := newDesk(t)
	foreign.key = other
	theirs := academy(1, 0)
	foreign.sign(t, foreign.plan(t, theirs))

	for name, c := range map[string]struct {
		spoil func(*plan.Plan, *sign.Options)
		says  string
	}{
		"key-revoked":         {func(p *plan.Plan, _ *sign.Options) { p.Published[0].Revoked = noon.AddDate(0, 0, -1) }, "issuer-key"},
		"no-list":             {func(_ *plan.Plan, o *sign.Options) { o.Lists = nil }, "status"},
		"list-of-another-key": {func(_ *plan.Plan, o *sign.Options) { o.Lists = foreign.options(t).Lists }, "status"},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.sign(t, d.plan(t, academy(3, 0)))
			p, o := d.plan(t, academy(4, 0)), d.options(t)
			if len(p.Issue) != 1 || len(p.Lists) != 0 {
				t.Fatalf("%d awards and %d lists are planned", len(p.Issue), len(p.Lists))
			}
			c.spoil(p, &o)
			err := refuse(t, p, o)
			if text := err.Error(); !strings.Contains(text, "laurel's own verifier finds it") || !strings.Contains(text, c.says) ||
				!strings.Contains(text, "content/awards/spring.yaml:13") {
				t.Errorf("message is %s", text)
			}
		})
	}
}

// TestListIsJudged: a status list goes through the full verifier too.
func TestListIsJudged(t *testing.T) {
	d := newDesk(t)
	p := d.plan(t, academy(1, 0))
	p.Published[0].Revoked = noon.AddDate(0, 0, -1)
	if err := refuse(t, p, d.options(t)); !strings.Contains(err.Error(), "status list 1 was signed, but") {
		t.Errorf("error is %v", err)
	}
}

// TestKeyMustBePublished: no sample is needed to see that nobody could verify.
func TestKeyMustBePublished(t *testing.T) {
	for name, spoil := range map[string]func(*plan.Plan){
		"another key":  func(p *plan.Plan) { p.Published[0].PublicKeyMultibase = publicOf(t, newKey(2)).PublicKeyMultibase },
		"none":         func(p *plan.Plan) { p.Published = nil },
		"another name": func(p *plan.Plan) { p.Published[0].Kid = "key-2020-1" },
	} {
		d := newDesk(t)
		p := d.plan(t, academy(1, 0))
		spoil(p)
		var key *plan.KeyError
		if err := refuse(t, p, d.options(t)); !errors.As(err, &key) {
			t.Errorf("%s: error is %v", name, err)
		}
	}
}

// TestOneBadRowSignsNothing: the last of many awards is bad, and not one group
// before it is handed on.
func TestOneBadRowSignsNothing(t *testing.T) {
	d := newDesk(t)
	s := academy(450, 0)
	s.Cohorts[0].Awards[440].Evidence = []model.Evidence{{ID: "relative"}}
	s.Cohorts[0].Awards[449].Evidence = []model.Evidence{{ID: "relative"}}
	var bad sign.DocumentErrors
	if err := refuse(t, d.plan(t, s), d.options(t)); !errors.As(err, &bad) || len(bad) != 2 {
		t.Errorf("error is %v", err)
	}
}

func TestKeyThatDoesNotFit(t *testing.T) {
	p256, err := ecdsa.GenerateKey(elliptic.P256(), crand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	d := newDesk(t)
	var wrong *plan.KeyError

	o := d.options(t)
	o.Keys = map[string]crypto.Signer{"key-2026-1": newKey(2)}
	if err := refuse(t, d.plan(t, academy(1, 0)), o); !errors.As(err, &wrong) || wrong.Kid != "key-2026-1" {
		t.Errorf("another private key: %v", err)
	}
	o.Keys = map[string]crypto.Signer{"key-2026-1": p256}
	if err := refuse(t, d.plan(t, academy(1, 0)), o); !errors.As(err, &wrong) {
		t.Errorf("a P-256 key for an Ed25519 one: %v", err)
	}
	p := d.plan(t, academy(1, 0))
	p.Forms[0].Key = publicOf(t, p256)
	if err := refuse(t, p, o); !errors.As(err, &wrong) || !strings.Contains(err.Error(), "of a kind that eddsa-rdfc-2022 cannot") {
		t.Errorf("a P-256 key: %v", err)
	}
	p = d.plan(t, academy(1, 0))
	p.Forms[0].Key = plan.PublicKey{}
	if err := refuse(t, p, d.options(t)); !errors.As(err, &wrong) {
		t.Errorf("no key: %v", err)
	}
}

// TestInterrupted: a run that is interrupted before its first
// group leaves nothing, and one that is interrupted later keeps its groups.
func TestInterrupted(t *testing.T) {
	d := newDesk(t)
	p := d.plan(t, academy(450, 0))
	ctx, stop := context.WithCancel(t.Context())
	stop()
	err := sign.Run(ctx, p, d.options(t), func(events []ledger.Event) error {
		t.Errorf("%s was emitted", types(events))
		return nil
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v", err)
	}

	ctx, stop = context.WithCancel(t.Context())
	defer stop()
	issued := 0
	err = sign.Run(ctx, p, d.options(t), func(events []ledger.Event) error {
		issued += strings.Count(types(events), "i")
		if issued >= 200 {
			stop()
		}
		return d.Append(p.Now, events)
	})
	if !errors.Is(err, context.Canceled) || issued != 200 {
		t.Errorf("stopped after the first group: %d awards, error %v", issued, err)
	}
	rest := d.plan(t, academy(450, 0))
	if len(rest.Issue) != 250 || len(rest.Lists) != 1 {
		t.Fatalf("left: %d awards, %d lists", len(rest.Issue), len(rest.Lists))
	}
	d.sign(t, rest)
	if d.State().Len() != 450 {
		t.Errorf("%d awards in the end", d.State().Len())
	}
}

// TestEmitFails: when the ledger cannot take a group, no other is made.
func TestEmitFails(t *testing.T) {
	d := newDesk(t)
	full, calls := errors.New("no space"), 0
	err := sign.Run(t.Context(), d.plan(t, academy(450, 0)), d.options(t), func([]ledger.Event) error {
		calls++
		return full
	})
	if !errors.Is(err, full) || calls != 1 {
		t.Errorf("%d calls, error %v", calls, err)
	}
}

// TestKeyEventsAlone: what is only to be recorded of a key needs no private
// key.
func TestKeyEventsAlone(t *testing.T) {
	d := newDesk(t)
	d.sign(t, d.plan(t, academy(1, 0)))
	retired := publicOf(t, d.key)
	retired.Retired = d.now
	p, err := plan.Make(plan.Input{Site: academy(1, 0), State: d.State(), Keys: []plan.PublicKey{retired}, Now: d.now, Rand: chance(9), List: d.list})
	if err != nil {
		t.Fatal(err)
	}
	var got []ledger.Event
	if err := sign.Run(t.Context(), p, sign.Options{}, func(events []ledger.Event) error {
		got = append(got, events...)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if types(got) != "k" || got[0].Key.Action != ledger.ActionRetired {
		t.Errorf("events: %s", types(got))
	}
}

// TestWorkersDoNotMatter: the same plan gives the same documents, however many
// sign it.
func TestWorkersDoNotMatter(t *testing.T) {
	d := newDesk(t)
	p := d.plan(t, academy(210, 30))
	var one []byte
	for _, workers := range []int{1, 4, 32} {
		o := d.options(t)
		o.Workers, o.Seed, o.NextHead = workers, uint64(workers), nil
		var all []ledger.Event
		if err := sign.Run(t.Context(), p, o, func(events []ledger.Event) error {
			all = append(all, events...)
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		for _, e := range all {
			text, err := json.Marshal([]any{e.Key, e.Issue, e.List}, json.Deterministic(true))
			if err != nil {
				t.Fatal(err)
			}
			b.Write(append(text, '\n'))
		}
		if one == nil {
			one = b.Bytes()
		} else if !bytes.Equal(one, b.Bytes()) {
			t.Errorf("%d workers make other events than 1", workers)
		}
	}
	if bytes.Count(one, []byte("\n")) != 242 {
		t.Errorf("%d events", bytes.Count(one, []byte("\n")))
	}
}
