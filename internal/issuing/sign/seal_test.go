package sign_test

import (
	"crypto"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/capsule"
	"laurel/internal/issuing/ledger"
	"laurel/internal/issuing/plan"
	"laurel/internal/issuing/sign"
	"laurel/internal/standards/did"
	"laurel/internal/standards/verify"
)

// linked is an academy whose awards are handed out by link.
func linked(n int, variants ...model.Variant) *model.Site {
	s := academy(n, 0)
	for _, a := range s.Cohorts[0].Awards {
		a.Visibility, a.Variants = model.Link, variants
	}
	return s
}

var choice = []model.Variant{model.NoName, model.AchievementOnly}

// open opens the capsule i of an event.
func open(t *testing.T, e *ledger.CapsuleEvent, i int) *capsule.Contents {
	t.Helper()
	packed, err := strconv.Unquote(string(e.Packed[i]))
	if err != nil {
		t.Fatal(err)
	}
	jwe, err := capsule.Seal(packed, e.Capsules[i].Key)
	if err != nil {
		t.Fatal(err)
	}
	c, err := capsule.Open(jwe, e.Capsules[i].Key)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// An award with variants is one issue and its capsules; the learner's holds
// everything and leads to the others, and each of the others one form alone.
func TestSealedVariants(t *testing.T) {
	d := newDesk(t)
	p := d.plan(t, linked(2, choice...))
	events := slices.Concat(d.sign(t, p)...)
	if got := types(events); got != "kiciclh" {
		t.Fatalf("events are %s", got)
	}
	issue, sealed := events[1].Issue, events[2].Capsule
	if sealed.Award != issue.Award || sealed.Credential != issue.Credential || len(sealed.Capsules) != 4 {
		t.Fatalf("the capsules are %+v", sealed)
	}
	all := open(t, sealed, 0)
	if len(all.Credentials) != 3 {
		t.Fatalf("the learner's capsule holds %d credentials", len(all.Credentials))
	}
	for i, name := range []string{"full", "no-name", "achievement-only"} {
		c := all.Credentials[i]
		if c.Variant != name || c.Share != sealed.Capsules[i+1].Name+"."+sealed.Capsules[i+1].Key || len(c.Documents) != 1 ||
			string(c.Documents[0].Document) != string(issue.Documents[i].Document) {
			t.Errorf("credential %d of the learner's capsule is %+v", i, c)
		}
		one := open(t, sealed, i+1)
		if len(one.Credentials) != 1 || one.Credentials[0].Variant != name || one.Credentials[0].Share != "" ||
			string(one.Credentials[0].Documents[0].Document) != string(issue.Documents[i].Document) {
			t.Errorf("the capsule of %s holds %+v", name, one)
		}
	}
	if r := d.State().ByCredential(issue.Variants[1].Credential); r == nil || len(r.Capsules) != 4 {
		t.Errorf("the record is %+v", r)
	}
	if p := d.plan(t, linked(2, choice...)); !p.Empty() {
		t.Errorf("left: %d awards, %d to seal", len(p.Issue), len(p.Seal))
	}
}

// Every variant verifies, and is revoked with its award.
func TestVariantsVerify(t *testing.T) {
	d := newDesk(t)
	s := linked(2, choice...)
	p := d.plan(t, s)
	d.sign(t, p)
	document, err := did.WebDocument(p.DID, p.Published).Encode()
	if err != nil {
		t.Fatal(err)
	}
	verdicts := func() (list []verify.Verdict) {
		t.Helper()
		o, docs := d.options(t), &verify.Documents{}
		for _, b := range append(o.Lists, document) {
			if err := docs.Add("", b); err != nil {
				t.Fatal(err)
			}
		}
		v := verify.New(o.Processor, o.Checker, verify.Options{Now: d.now, Load: docs.Load})
		for r := range d.State().Records() {
			documents, err := d.Documents(r)
			if err != nil {
				t.Fatal(err)
			}
			for _, one := range documents {
				report := v.Credential(t.Context(), one.Document)
				list = append(list, report.Verdict)
			}
		}
		return list
	}
	good, bad := verify.Valid, verify.Invalid
	if got := verdicts(); !slices.Equal(got, []verify.Verdict{good, good, good, good, good, good}) {
		t.Errorf("verdicts after signing: %v", got)
	}
	r := d.State().Record("spring/knots/l0001")
	if err := d.Append(d.now, []ledger.Event{{Status: &ledger.StatusEvent{Award: r.Award, Credential: r.Credential, Action: ledger.ActionRevoke, Date: d.now}}}); err != nil {
		t.Fatal(err)
	}
	d.sign(t, d.plan(t, s))
	if got := verdicts(); !slices.Equal(got, []verify.Verdict{good, good, good, bad, bad, bad}) {
		t.Errorf("verdicts after a revocation: %v", got)
	}
}

// A run that is cut off between an issue and its capsule is completed by the
// next one.
func TestSealedLater(t *testing.T) {
	d := newDesk(t)
	s := linked(450, model.NoName)
	cut := errors.New("killed")
	p := d.plan(t, s)
	err := sign.Run(t.Context(), p, d.options(t), func(events []ledger.Event) error {
		last := slices.IndexFunc(events, func(e ledger.Event) bool { return e.Capsule != nil && e.Capsule.Award == "spring/knots/l0300" })
		if last < 0 {
			return d.Append(p.Now, events)
		}
		if err := d.Append(p.Now, events[:last]); err != nil {
			t.Fatal(err)
		}
		return cut
	})
	if !errors.Is(err, cut) {
		t.Fatal(err)
	}
	p = d.plan(t, s)
	if len(p.Seal) != 1 || p.Seal[0].Record.Award != "spring/knots/l0300" || len(p.Issue) != 149 {
		t.Fatalf("left: %d awards, %d to seal", len(p.Issue), len(p.Seal))
	}
	o := d.options(t)
	if err := refuse(t, p, o); !strings.Contains(err.Error(), "content/awards/spring.yaml:310") {
		t.Errorf("without a way to read what was signed: %v", err)
	}
	o.Documents = d.Documents
	var done []int
	o.Progress = func(n int) { done = append(done, n) }
	all := d.run(t, p, o)
	if got, want := types(all), strings.Repeat("ic", 149)+"clh"; got != want || !slices.Equal(done, []int{150}) {
		t.Errorf("events are %s, progress %v", got, done)
	}
	record := d.State().Record("spring/knots/l0300")
	documents, err := d.Documents(record)
	if err != nil {
		t.Fatal(err)
	}
	if c := open(t, all[298].Capsule, 0); len(c.Credentials) != 2 || string(c.Credentials[1].Documents[0].Document) != string(documents[1].Document) {
		t.Errorf("the capsule holds %+v", c)
	}
	if p := d.plan(t, s); !p.Empty() {
		t.Errorf("left: %d to seal", len(p.Seal))
	}
}

// run carries a plan out and returns what was emitted.
func (d *desk) run(t *testing.T, p *plan.Plan, o sign.Options) []ledger.Event {
	t.Helper()
	var all []ledger.Event
	if err := sign.Run(t.Context(), p, o, func(events []ledger.Event) error {
		all = append(all, slices.Clone(events)...)
		return d.Append(p.Now, events)
	}); err != nil {
		t.Fatal(err)
	}
	return all
}

// An award that has become one with a link is sealed, also where there is no
// key to sign the log's head with.
func TestSealWithoutKey(t *testing.T) {
	d := newDesk(t)
	s := linked(230, choice...)
	for _, a := range s.Cohorts[0].Awards {
		a.Visibility = model.Public
	}
	d.sign(t, d.plan(t, s))
	p := d.plan(t, linked(230, choice...))
	p.Key, p.Head = plan.PublicKey{}, false
	all := d.run(t, p, sign.Options{Documents: d.Documents})
	if got := types(all); got != strings.Repeat("c", 230) {
		t.Errorf("events are %s", got)
	}
	if c := open(t, all[229].Capsule, 3); c.Credentials[0].Variant != "achievement-only" {
		t.Errorf("the last capsule holds %+v", c)
	}
}

// A capsule is made of nothing but what was signed of its own award.
func TestSealRefusesOtherDocuments(t *testing.T) {
	for name, documents := range map[string]func(*desk, *ledger.Record) ([]ledger.Document, error){
		"fails": func(*desk, *ledger.Record) ([]ledger.Document, error) { return nil, errors.New("unreadable") },
		"none":  func(*desk, *ledger.Record) ([]ledger.Document, error) { return nil, nil },
		"fewer": func(d *desk, r *ledger.Record) ([]ledger.Document, error) {
			docs, err := d.Documents(r)
			return docs[:2], err
		},
		"order": func(d *desk, r *ledger.Record) ([]ledger.Document, error) {
			docs, err := d.Documents(r)
			docs[1], docs[2] = docs[2], docs[1]
			return docs, err
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			s := linked(1, choice...)
			s.Cohorts[0].Awards[0].Visibility = model.Private
			d.sign(t, d.plan(t, s))
			s.Cohorts[0].Awards[0].Visibility = model.Link
			o := d.options(t)
			o.Documents = func(r *ledger.Record) ([]ledger.Document, error) { return documents(d, r) }
			if err := refuse(t, d.plan(t, s), o); !strings.Contains(err.Error(), "seal award at content/awards/spring.yaml:10") {
				t.Errorf("error is %v", err)
			}
		})
	}
}

// A fault that only a variant has is found before anything is signed, and the
// message says which form it is.
func TestVariantIsChecked(t *testing.T) {
	d := newDesk(t)
	s := linked(3, choice...)
	p := d.plan(t, s)
	p.Issue[1].Variants[1].CredentialID = "not a URI"
	err := refuse(t, p, d.options(t))
	var refused *sign.DocumentError
	if !errors.As(err, &refused) || refused.Source.Line != 11 || !strings.Contains(err.Error(), "the variant achievement-only of the award is not signed") {
		t.Errorf("error is %v", err)
	}
	// And what only the full verifier sees stops the run, for variants too.
	d.sign(t, d.plan(t, linked(3, choice...)))
	p = d.plan(t, linked(4, choice...))
	p.Issue[0].Variants[0].List = 7
	err = refuse(t, p, d.options(t))
	if !strings.Contains(err.Error(), "the variant no-name of the award at content/awards/spring.yaml:13 was signed, but laurel's own verifier finds it") {
		t.Errorf("error is %v", err)
	}
}

// BenchmarkSign signs 1,000 awards and writes them to a ledger, sealed and not.
func BenchmarkSign(b *testing.B) {
	for _, c := range []struct {
		name       string
		visibility model.Visibility
		variants   []model.Variant
	}{{"unsealed", model.Private, nil}, {"sealed", model.Link, nil}, {"sealed_variants", model.Link, choice}} {
		b.Run(c.name, func(b *testing.B) {
			made, err := tools()
			if err != nil {
				b.Fatal(err)
			}
			s := academy(1000, 0)
			for i := range 20 {
				s.Achievements[0].Alignment = append(s.Achievements[0].Alignment, model.Alignment{TargetName: fmt.Sprint("Skill ", i), TargetURL: fmt.Sprint("https://example.org/skills/", i)})
			}
			for _, a := range s.Cohorts[0].Awards {
				a.Visibility, a.Variants = c.visibility, c.variants
			}
			multikey, err := did.EncodeMultikey(newKey(1).Public())
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				w, err := ledger.OpenWriter(b.TempDir(), ledger.Options{})
				if err != nil {
					b.Fatal(err)
				}
				p, err := plan.Make(plan.Input{Site: s, State: w.State(), Now: noon, Rand: chance(1),
					Keys: []plan.PublicKey{{Kid: "key-2026-1", PublicKeyMultibase: multikey, Created: noon}}})
				if err != nil {
					b.Fatal(err)
				}
				o := sign.Options{Keys: map[string]crypto.Signer{"key-2026-1": newKey(1)}, Processor: made.processor, Checker: made.checker, Seed: 3}
				if err := sign.Run(b.Context(), p, o, func(events []ledger.Event) error { return w.Append(p.Now, events) }); err != nil {
					b.Fatal(err)
				}
				w.Close()
			}
		})
	}
}
