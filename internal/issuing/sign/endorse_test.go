package sign_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/ledger"
	"laurel/internal/issuing/plan"
	"laurel/internal/issuing/received"
	"laurel/internal/issuing/sign"
	"laurel/internal/standards/did"
	"laurel/internal/standards/proof"
	"laurel/internal/standards/vc"
	"laurel/internal/standards/verify"
)

// guild gives the desk a key of an endorser, newer than the issuer's.
func (d *desk) guild(t *testing.T, slug string) {
	t.Helper()
	kid := "key-" + slug
	sum := sha256.Sum256([]byte(slug))
	key := newKey(sum[0])
	k := publicOf(t, key)
	k.Kid, k.Profile, k.Created = kid, slug, noon.AddDate(0, 0, -1)
	if d.of == nil {
		d.of, d.private = map[string]plan.PublicKey{}, map[string]crypto.Signer{}
	}
	d.of[kid], d.private[kid] = k, key
}

// endorse adds an endorsement by a body to a site.
func endorse(s *model.Site, slug string, of model.Target, name string) *model.Endorsement {
	e := s.Endorser(slug)
	if e == nil {
		e = &model.Endorser{Slug: slug, Profile: model.Profile{Name: "Example " + slug, URL: "https://" + slug + ".example.org/"}}
		s.Endorsers = append(s.Endorsers, e)
	}
	x := &model.Endorsement{Endorser: e, Target: of, Name: name, Comment: "Fit for *work*.", AwardedDate: noon.AddDate(0, 0, -9),
		Source: model.Source{File: "content/endorsements/" + slug + ".yaml", Line: 5 + len(e.Endorsements), Column: 5}}
	e.Endorsements = append(e.Endorsements, x)
	return x
}

// receivedOf is an endorsement of something that somebody signed with a did:key.
func receivedOf(t *testing.T, subject string, seed byte) []byte {
	t.Helper()
	made, err := tools()
	if err != nil {
		t.Fatal(err)
	}
	key := newKey(seed)
	multikey, err := did.EncodeMultikey(key.Public())
	if err != nil {
		t.Fatal(err)
	}
	id := "did:key:" + multikey
	e := vc.NewEndorsement("A word", vc.Profile{ID: id, Type: []string{"Profile"}, Name: fmt.Sprint("Example Body ", seed)}, subject, "Good.")
	e.ID, e.ValidFrom = fmt.Sprintf("urn:uuid:00000000-0000-4000-8000-0000000000%02x", seed), vc.NewTime(noon.AddDate(0, 0, -2))
	b, err := e.Encode()
	if err == nil {
		b, err = made.processor.Sign(b, proof.Options{VerificationMethod: id + "#" + multikey, Created: noon.AddDate(0, 0, -2)}, key)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestEndorsements: an endorser's key signs what it endorses with and nothing else,
// before the awards that embed it, which are valid with it.
func TestEndorsements(t *testing.T) {
	d := newDesk(t)
	d.guild(t, "guild")
	s := academy(2, 1)
	knots, splices := s.Achievements[0], s.Achievements[1]
	first := s.Cohorts[0].Awards[0]
	first.Variants = []model.Variant{model.AchievementOnly}
	endorse(s, "guild", model.Target{Achievement: knots}, "Of knots")
	endorse(s, "guild", model.Target{}, "Of the issuer")
	endorse(s, "guild", model.Target{Award: first}, "Of one award")
	s.Received = []*model.Received{
		{Target: model.Target{Achievement: splices}, Document: append(receivedOf(t, "https://example.org/academy/achievements/splices/achievement.json", 9), '\n')},
		{Target: model.Target{Achievement: splices}, Document: receivedOf(t, "https://example.org/academy/achievements/splices/achievement.json", 8), Shown: true},
	}
	p := d.plan(t, s)
	if p.Key.Kid != "key-2026-1" || len(p.Published) != 1 || p.Published[0].Kid != "key-2026-1" {
		t.Fatalf("the issuer's keys are %+v, and %+v signs", p.Published, p.Key)
	}
	guild := p.Endorser("guild")
	if guild.DID != "did:web:example.org:academy:endorsers:guild" || guild.Key.Kid != "key-guild" || len(guild.Published) != 1 {
		t.Fatalf("the endorser is %+v", guild)
	}
	if got := []int{len(p.Endorse), len(p.Issue), len(p.Lists)}; !slices.Equal(got, []int{3, 3, 2}) || p.Lists[1].Profile != "guild" {
		t.Fatalf("endorsements, awards and lists: %v, %+v", got, p.Lists)
	}
	events := slices.Concat(d.sign(t, p)...)
	if got := types(events); got != "kkiiiiiillh" {
		t.Fatalf("events are %s", got)
	}
	document := func(key string) []byte {
		t.Helper()
		b, err := d.Documents(d.State().Record(key))
		if err != nil {
			t.Fatal(err)
		}
		return b[0].Document
	}
	signed := map[string][]byte{}
	for _, of := range []string{"achievements/knots", "issuer", "awards/spring/knots/l0000"} {
		signed[of] = document("endorsements/guild/" + of)
		if !bytes.Contains(signed[of], []byte(`"verificationMethod":"`+guild.DID+`#key-guild"`)) {
			t.Errorf("%s is not signed with the endorser's key", of)
		}
	}
	award, err := vc.ParseCredential(document("spring/knots/l0000"))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(award.Endorsement[0], signed["awards/spring/knots/l0000"]) || !bytes.Equal(award.Issuer.Endorsement[0], signed["issuer"]) ||
		!bytes.Equal(award.CredentialSubject.Achievement.Endorsement[0], signed["achievements/knots"]) {
		t.Error("an endorsement is not embedded as it was signed")
	}
	if e, err := vc.ReadEndorsement(award.Endorsement[0]); err != nil || e.Subject != award.ID {
		t.Errorf("the award's endorsement is of %s, want %s (%v)", e.Subject, award.ID, err)
	}
	docs, err := d.Documents(d.State().Record("spring/knots/l0000"))
	if err != nil {
		t.Fatal(err)
	}
	variant, err := vc.ParseCredential(docs[1].Document)
	if err != nil || len(variant.Endorsement) > 0 || len(variant.Issuer.Endorsement) != 1 || len(variant.CredentialSubject.Achievement.Endorsement) != 1 {
		t.Errorf("the variant's endorsements: %+v %v", variant.Endorsement, err)
	}
	splice, err := vc.ParseCredential(document("spring/splices/l0000"))
	if err != nil || len(splice.CredentialSubject.Achievement.Endorsement) != 1 || !bytes.Equal(splice.CredentialSubject.Achievement.Endorsement[0], bytes.TrimSpace(s.Received[0].Document)) {
		t.Errorf("what was received is not embedded as it came: %v", err)
	}
	judge := d.judge(t, p)
	for _, key := range []string{"endorsements/guild/issuer", "spring/knots/l0000", "spring/knots/l0001", "spring/splices/l0000"} {
		if r := judge(document(key)); r.Verdict != verify.Valid {
			t.Errorf("%s is %s: %+v", key, r.Verdict, r.Decisive())
		}
	}
	if p := d.plan(t, s); !p.Empty() || len(p.Changed)+len(p.Vanished)+len(p.Unendorsed) > 0 {
		t.Errorf("something is left: %+v", p)
	}
}

// judge is the full verifier, with all that the site would publish.
func (d *desk) judge(t *testing.T, p *plan.Plan) func([]byte) *verify.Report {
	t.Helper()
	made, err := tools()
	if err != nil {
		t.Fatal(err)
	}
	docs := &verify.Documents{}
	for _, of := range append(slices.Clone(p.Endorsers), plan.Endorser{DID: p.DID, Published: p.Published}) {
		b, err := did.WebDocument(of.DID, of.Published).Encode()
		if err == nil {
			err = docs.Add("", b)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, l := range d.options(t).Lists {
		if err := docs.Add("", l); err != nil {
			t.Fatal(err)
		}
	}
	v := verify.New(made.processor, made.checker, verify.Options{Now: d.now, Load: docs.Load})
	return func(b []byte) *verify.Report { return v.Credential(context.Background(), b) }
}

// TestLaterEndorsements: one that comes later changes no award; reissuing brings it in.
// What was revoked is embedded no more.
func TestLaterEndorsements(t *testing.T) {
	d := newDesk(t)
	s := academy(2, 0)
	d.sign(t, d.plan(t, s))
	d.guild(t, "guild")
	knots, award := s.Achievements[0], s.Cohorts[0].Awards[0]
	of := endorse(s, "guild", model.Target{Achievement: knots}, "Of knots")
	endorse(s, "guild", model.Target{Award: award}, "Of one award")
	p := d.plan(t, s)
	if len(p.Endorse) != 1 || len(p.Issue)+len(p.Changed) > 0 || len(p.Unendorsed) != 1 {
		t.Fatalf("%d endorsements, %d awards, %d changed, %d waiting", len(p.Endorse), len(p.Issue), len(p.Changed), len(p.Unendorsed))
	}
	d.sign(t, p)
	embedded := func(n int) {
		t.Helper()
		b, err := d.Documents(d.State().Record(award.Key.String()))
		if err != nil {
			t.Fatal(err)
		}
		c, err := vc.ParseCredential(b[0].Document)
		if err != nil || len(c.Endorsement)+len(c.CredentialSubject.Achievement.Endorsement) != n {
			t.Errorf("%d endorsements are embedded, want %d (%v)", len(c.Endorsement)+len(c.CredentialSubject.Achievement.Endorsement), n, err)
		}
		if r := d.judge(t, d.plan(t, s))(b[0].Document); r.Verdict != verify.Valid {
			t.Errorf("the award is %s: %+v", r.Verdict, r.Decisive())
		}
	}
	embedded(0)
	p = d.plan(t, s, award.Key.String())
	if len(p.Endorse) != 1 || len(p.Issue) != 1 {
		t.Fatalf("reissued with %d endorsements, %d awards", len(p.Endorse), len(p.Issue))
	}
	d.sign(t, p)
	embedded(2)
	// Naming the endorsement of an award names the award, since it is of its credential.
	p = d.plan(t, s, "endorsements/guild/awards/"+award.Key.String())
	if len(p.Endorse) != 1 || p.Endorse[0].Revoke == nil || len(p.Issue) != 1 {
		t.Fatalf("reissued with %+v, %d awards", p.Endorse, len(p.Issue))
	}
	d.sign(t, p)
	embedded(2)
	of.Comment = "Fit for all work."
	if p := d.plan(t, s); len(p.Changed) != 1 || !slices.Equal(p.Changed[0].Fields, []string{"credentialSubject.endorsementComment"}) || len(p.Endorse) > 0 {
		t.Errorf("changed: %+v", p.Changed)
	}
	rec := d.State().Record("endorsements/guild/achievements/knots")
	if err := d.Append(d.now, []ledger.Event{{Status: &ledger.StatusEvent{Award: rec.Award, Credential: rec.Credential, Action: ledger.ActionRevoke, Date: d.now}}}); err != nil {
		t.Fatal(err)
	}
	p = d.plan(t, s)
	if len(p.Lists) != 1 || p.Lists[0].Profile != "guild" || len(p.Endorse) > 0 {
		t.Fatalf("after a revocation: %+v", p.Lists)
	}
	d.sign(t, p)
	d.sign(t, d.plan(t, s, award.Key.String()))
	embedded(1)
}

// TestEndorsementsRefused: nothing is signed where an endorsement cannot be.
func TestEndorsementsRefused(t *testing.T) {
	d := newDesk(t)
	d.guild(t, "guild")
	made := func(change func(s *model.Site, x *model.Endorsement)) *model.Site {
		s := academy(1, 0)
		x := endorse(s, "guild", model.Target{Achievement: s.Achievements[0]}, "Of knots")
		change(s, x)
		return s
	}
	good := func(*model.Site, *model.Endorsement) {}
	var bad sign.DocumentErrors
	err := refuse(t, d.plan(t, made(func(_ *model.Site, x *model.Endorsement) { x.Endorser.Profile.DateOfBirth = "yesterday" })), d.options(t))
	if !errors.As(err, &bad) || len(bad) == 0 || bad[0].Source.File != "content/endorsements/guild.yaml" {
		t.Errorf("with a date that is none: %v", err)
	}
	without := d.options(t)
	delete(without.Keys, "key-guild")
	if err := refuse(t, d.plan(t, made(good)), without); !strings.Contains(err.Error(), "key-guild") {
		t.Errorf("without the private key: %v", err)
	}
	for _, c := range []struct {
		name, want string
		change     func(s *model.Site, x *model.Endorsement)
	}{
		{"expired", "content/endorsements/guild.yaml:5: the endorsement has expired on 2026-06-30", func(_ *model.Site, x *model.Endorsement) { x.ValidUntil = noon.AddDate(0, 0, -1) }},
		{"many", "would embed 17 endorsements, and verifiers refuse more than 16", func(s *model.Site, _ *model.Endorsement) {
			for i := range 16 {
				s.Received = append(s.Received, &model.Received{Document: receivedOf(t, "did:web:example.org:academy", byte(10+i))})
			}
		}},
	} {
		_, err := plan.Make(plan.Input{Site: made(c.change), State: d.State(), Keys: slices.Collect(d.keys(t)), Now: d.now, Rand: chance(1), List: d.list})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	// A key of the endorser alone signs no award, and the other way round.
	for profile, keys := range map[string][]plan.PublicKey{"": {d.of["key-guild"]}, "guild": {publicOf(t, d.key)}} {
		p, err := plan.Make(plan.Input{Site: made(good), State: d.State(), Keys: keys, Now: d.now, Rand: chance(1), List: d.list})
		if err != nil {
			t.Fatal(err)
		}
		var key *plan.KeyError
		if err := refuse(t, p, d.options(t)); !errors.As(err, &key) || key.Profile != profile {
			t.Errorf("with a key of another: %v", err)
		}
	}
}

// TestEndorsedRecords: an issuer that many endorse stands in every credential of a
// record, and the record is valid.
func TestEndorsedRecords(t *testing.T) {
	d := newDesk(t)
	s := college(1)
	for i := range 9 {
		s.Received = append(s.Received, &model.Received{Document: receivedOf(t, "did:web:example.org:academy", byte(10+i))})
	}
	p := d.plan(t, s)
	d.sign(t, p)
	docs, err := d.Documents(d.State().Record("records/rope/l0000"))
	if err != nil {
		t.Fatal(err)
	}
	if r := d.judge(t, p)(docs[0].Document); r.Verdict != verify.Valid || len(r.Parts) != 2 || len(r.Parts[1].Endorsements) != 9 {
		t.Errorf("the record is %s: %+v", r.Verdict, r.Decisive())
	}
}

// TestReceived judges what others signed before it is embedded, and without a clock.
func TestReceived(t *testing.T) {
	made, err := tools()
	if err != nil {
		t.Fatal(err)
	}
	const subject = "https://example.org/academy/achievements/knots/achievement.json"
	s := academy(1, 1)
	verifier := func(now time.Time, load verify.Loader) (*verify.Verifier, error) {
		return verify.New(made.processor, made.checker, verify.Options{Now: now, Load: load}), nil
	}
	good := receivedOf(t, subject, 9)
	by := func(key crypto.Signer, id string, change func(*vc.Endorsement)) []byte {
		e := vc.NewEndorsement("A word", vc.Profile{ID: id, Type: []string{"Profile"}, Name: "Example Body"}, subject, "Good.")
		e.ID, e.ValidFrom = "urn:uuid:00000000-0000-4000-8000-000000000001", vc.NewTime(noon.AddDate(0, 0, -2))
		change(e)
		b, err := e.Encode()
		if err == nil {
			b, err = made.processor.Sign(b, proof.Options{VerificationMethod: id + "#key-1"}, key)
		}
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	stranger := newKey(7)
	multikey, err := did.EncodeMultikey(stranger.Public())
	if err != nil {
		t.Fatal(err)
	}
	keys, err := did.WebDocument("did:web:guild.example.org", []did.PublishedKey{{Kid: "key-1", PublicKeyMultibase: multikey}}).Encode()
	if err != nil {
		t.Fatal(err)
	}
	ours, err := did.WebDocument("did:web:example.org:academy", []did.PublishedKey{{Kid: "key-1", PublicKeyMultibase: multikey}}).Encode()
	if err != nil {
		t.Fatal(err)
	}
	nothing := func(*vc.Endorsement) {}
	web := by(stranger, "did:web:guild.example.org", nothing)
	expired := by(stranger, "did:web:guild.example.org", func(e *vc.Endorsement) { e.ValidUntil = vc.NewTime(noon.AddDate(0, 0, -1)) })
	listed := by(stranger, "did:web:guild.example.org", func(e *vc.Endorsement) {
		e.CredentialStatus = vc.NewStatusListEntry("https://guild.example.org/status/1.json", vc.Revocation, 7)
	})
	for _, c := range []struct {
		name        string
		document    []byte
		documents   [][]byte
		now, always string // what is said at a time, and without one; empty: nothing
		hint        string
	}{
		{"did-key", good, nil, "", "", ""},
		{"did-web", web, [][]byte{keys}, "", "", ""},
		{"without-keys", web, nil, "could not be fetched", "could not be fetched", "did.json"},
		{"without-list", listed, [][]byte{keys}, "guild.example.org", "", "status list"},
		{"forged", bytes.Replace(good, []byte("Good."), []byte("Best."), 1), nil, "does not verify", "does not verify", "ask for it again"},
		{"expired", expired, [][]byte{keys}, "expired", "", "take it out"},
		{"else", receivedOf(t, "https://example.org/academy/achievements/splices/achievement.json", 9), nil, "endorses something else", "endorses something else", subject},
		{"ours", by(newKey(1), "did:web:example.org:academy", nothing), nil, "is signed by the issuer", "is signed by the issuer", "somebody else"},
		{"made-here", by(newKey(1), "did:web:example.org:academy:endorsers:guild", nothing), nil, "an endorser of this site", "an endorser of this site", "endorsements:"},
		{"our-keys", web, [][]byte{keys, ours}, "would speak for this site", "would speak for this site", "take it out"},
		{"endorsers-keys", web, [][]byte{keys, bytes.ReplaceAll(ours, []byte("academy"), []byte("academy:endorsers:guild"))}, "would speak for", "would speak for", "take it out"},
		{"no-endorsement", keys, nil, "is not an EndorsementCredential", "is not an EndorsementCredential", "documents:"},
		{"not-json", []byte("{"), nil, "is not a JSON document", "is not a JSON document", ""},
	} {
		for at, want := range map[time.Time]string{noon: c.now, {}: c.always} {
			r := &model.Received{Target: model.Target{Achievement: s.Achievements[0]}, Document: c.document, Documents: c.documents}
			fault, hint := received.Fault(t.Context(), s, r, at, verifier)
			if want == "" && fault != "" || !strings.Contains(fault, want) || want != "" && !strings.Contains(hint, c.hint) {
				t.Errorf("%s at %v: %q, %q; want %q, %q", c.name, at, fault, hint, want, c.hint)
			}
		}
	}
}
