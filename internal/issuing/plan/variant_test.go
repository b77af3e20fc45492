package plan_test

import (
	"io"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/ledger"
	"laurel/internal/issuing/plan"
	"laurel/internal/standards/vc"
)

var choice = []model.Variant{model.NoName, model.AchievementOnly}

// withChoice is an academy whose awards say all that an award can say, are
// handed out by link, and have variants.
func withChoice(names ...string) *model.Site {
	s := academy(names...)
	credits := 2.5
	for _, a := range s.Cohorts[0].Awards {
		a.Visibility, a.Variants = model.Link, choice
		a.ValidUntil = noon.AddDate(1, 0, 0)
		a.ActivityStartDate, a.ActivityEndDate = noon.AddDate(0, -2, 0), noon.AddDate(0, -1, 0)
		a.CreditsEarned, a.LicenseNumber, a.Narrative, a.Role, a.Term = &credits, "L-secret", "Did secret things.", "secret role", "secret term"
		a.AssertedBy = &model.Profile{ID: "https://secret.example.org", Name: "Secret School"}
		a.Evidence = []model.Evidence{{ID: "https://secret.example.org/work"}}
		a.Result = []model.Result{{Value: "72", Status: "Completed", Alignment: []model.Alignment{{TargetName: "secret goal", TargetURL: "https://secret.example.org/goal"}}}}
		a.Recipient.StudentID = "S-secret"
	}
	return s
}

func encode(t *testing.T, c *vc.Credential) string {
	t.Helper()
	b, err := c.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// What a variant leaves out is nowhere in it, and what it keeps is as in the
// full credential; nothing in one leads to another.
func TestVariantDocuments(t *testing.T) {
	for name, recipient := range map[string]model.Recipient{
		"email": {Name: "Ana Exemplo", Email: "ana@example.org"},
		"did":   {Name: "Ana Exemplo", ID: "did:web:ana.example.org"},
		"key":   {Name: "Ana Exemplo", ID: "did:key:z6MkExample"},
		"name":  {Name: "Ana Exemplo", Key: "ana-key"},
		"all":   {Name: "Ana Exemplo", Key: "ana-key", ID: "did:web:ana.example.org", Email: "ana@example.org", StudentID: "S-secret"},
	} {
		t.Run(name, func(t *testing.T) {
			s := withChoice("ana")
			s.Cohorts[0].Awards[0].Recipient = recipient
			p := newBook(t).plan(t, s)
			i := p.Issue[0]
			full := p.Document(i)
			unnamed, bare := p.VariantDocument(i, i.Variants[0]), p.VariantDocument(i, i.Variants[1])

			for what, text := range map[string]string{"no-name": encode(t, unnamed), "achievement-only": encode(t, bare)} {
				for _, secret := range []string{"Ana", "Exemplo", "ana-key", "S-secret", "ana@", full.ID, full.CredentialStatus.StatusListIndex + `"`} {
					if strings.Contains(text, secret) {
						t.Errorf("%s holds %s: %s", what, secret, text)
					}
				}
				for _, id := range full.CredentialSubject.Identifier {
					if id.Hashed && (strings.Contains(text, id.Salt) || strings.Contains(text, id.IdentityHash)) {
						t.Errorf("%s has the salt or hash of the full credential", what)
					}
				}
			}
			if text := encode(t, bare); strings.Contains(text, "ecret") || strings.Contains(text, "did:web:ana") || strings.Contains(text, "2.5") || strings.Contains(text, `"72"`) {
				t.Errorf("achievement-only tells more than the achievement: %s", text)
			}
			if id := unnamed.CredentialSubject.ID; !strings.HasPrefix(id, "urn:uuid:") || id == unnamed.ID || id == full.ID {
				t.Errorf("no-name has the subject %q", id)
			}
			if ids := unnamed.CredentialSubject.Identifier; (len(ids) == 1) != (recipient.Email != "") ||
				len(ids) == 1 && ids[0].IdentityHash != vc.HashIdentity(recipient.Email, ids[0].Salt) {
				t.Errorf("no-name has the identifiers %+v", ids)
			}
			if b := bare.CredentialSubject; !strings.HasPrefix(b.ID, "urn:uuid:") || b.ID == unnamed.CredentialSubject.ID || b.ID == bare.ID {
				t.Errorf("achievement-only has the subject %q", b.ID)
			}
			// Nothing else of the subject is in no-name than these.
			rest := unnamed.CredentialSubject
			if len(rest.Result) != 1 || *rest.CreditsEarned != 2.5 || rest.ActivityStartDate.IsZero() || rest.ActivityEndDate.IsZero() {
				t.Errorf("no-name leaves out how well it was earned: %+v", rest)
			}
			if want := (vc.Result{Type: []string{"Result"}, Value: "72", Status: "Completed"}); !reflect.DeepEqual(rest.Result[0], want) {
				t.Errorf("no-name has the result %+v", rest.Result[0])
			}
			rest = vc.AchievementSubject{ID: rest.ID, Type: rest.Type, Identifier: rest.Identifier, Achievement: rest.Achievement,
				Result: rest.Result, CreditsEarned: rest.CreditsEarned, ActivityStartDate: rest.ActivityStartDate, ActivityEndDate: rest.ActivityEndDate}
			if !reflect.DeepEqual(rest, unnamed.CredentialSubject) || unnamed.Evidence != nil {
				t.Errorf("no-name tells more than it may: %+v", unnamed)
			}
			if text := encode(t, unnamed); strings.Contains(text, "ecret") || strings.Contains(text, "did:web:ana") || strings.Contains(text, "did:key") {
				t.Errorf("no-name tells more than it may: %s", text)
			}
			for what, c := range map[string]*vc.Credential{"no-name": unnamed, "achievement-only": bare} {
				if c.Name != full.Name || c.Issuer.ID != full.Issuer.ID || !c.ValidFrom.Equal(full.ValidFrom.Time) || !c.ValidUntil.Equal(full.ValidUntil.Time) ||
					!c.AwardedDate.Equal(full.AwardedDate.Time) || c.CredentialSubject.Achievement.ID != full.CredentialSubject.Achievement.ID {
					t.Errorf("%s differs from the full credential in more than it leaves out", what)
				}
			}
		})
	}
}

// Ids, indexes, names and keys are all different, and an award has capsules for
// each form when it is handed out by link.
func TestVariantsArePlanned(t *testing.T) {
	s := withChoice("ana", "ben", "cid")
	s.Cohorts[0].Awards[1].Visibility = model.Public
	s.Cohorts[0].Awards[2].Variants = nil
	p := newBook(t).plan(t, s)
	seen := map[string]bool{}
	once := func(what string) {
		if seen[what] {
			t.Errorf("%s is there twice", what)
		}
		seen[what] = true
	}
	indexes := map[int]bool{}
	for _, i := range p.Issue {
		once(i.CredentialID)
		indexes[i.Index] = true
		for _, v := range i.Variants {
			once(v.CredentialID)
			indexes[v.Index] = true
		}
		for _, c := range i.Capsules {
			once(c.Name)
			once(c.Key)
		}
	}
	if len(indexes) != 7 || len(p.Lists) != 1 {
		t.Errorf("%d indexes, %d lists; want 7, 1", len(indexes), len(p.Lists))
	}
	of := func(i int) (names []string) {
		for _, c := range p.Issue[i].Capsules {
			names = append(names, c.Variant)
		}
		return names
	}
	if !slices.Equal(of(0), []string{"", "full", "no-name", "achievement-only"}) || of(1) != nil || !slices.Equal(of(2), []string{""}) {
		t.Errorf("capsules are of %q, %q and %q", of(0), of(1), of(2))
	}
	if awards, capsules := p.Sealed(); p.Variants() != 4 || awards != 2 || capsules != 5 {
		t.Errorf("%d variants, %d awards in %d capsules", p.Variants(), awards, capsules)
	}
}

// The status of an award is that of all its variants.
func TestVariantsShareTheirStatus(t *testing.T) {
	b := newBook(t)
	s := withChoice("ana", "ben")
	b.carryOut(t, b.plan(t, s))
	r := b.State().Record("spring/knots/ana")
	want := pairs(r.Index, r.Variants[0].Index, r.Variants[1].Index)

	b.decide(t, "spring/knots/ana", ledger.ActionSuspend)
	p := b.plan(t, s)
	if len(p.Lists) != 1 || !slices.Equal(p.Lists[0].Set, want) {
		t.Fatalf("a suspension sets %+v, want %v", p.Lists, want)
	}
	b.decide(t, "spring/knots/ana", ledger.ActionReinstate)
	if p := b.plan(t, s); len(p.Lists) > 0 || !p.Head {
		t.Errorf("a reinstatement leaves %+v", p.Lists)
	}
	s.Cohorts[0].Awards[0].Recipient.Name = "Anna"
	p = b.plan(t, s, "spring/knots/ana")
	if len(p.Lists) != 1 || !slices.Equal(p.Lists[0].Set, want) || len(p.Issue[0].Variants) != 2 || len(p.Issue[0].Capsules) != 4 {
		t.Fatalf("a reissue plans %+v, %+v; want the bits %v", p.Issue[0], p.Lists, want)
	}
	b.carryOut(t, p)
	if p := b.plan(t, s); !p.Empty() {
		t.Errorf("after the reissue: %d lists, %d to seal", len(p.Lists), len(p.Seal))
	}
}

// Another choice of variants is a change of the award, and its order is none.
func TestVariantsChange(t *testing.T) {
	b := newBook(t)
	b.carryOut(t, b.plan(t, withChoice("ana")))
	for name, c := range map[string]struct {
		variants []model.Variant
		changed  bool
	}{
		"order":   {[]model.Variant{model.AchievementOnly, model.NoName}, false},
		"fewer":   {choice[:1], true},
		"none":    {nil, true},
		"another": {[]model.Variant{model.NoName}, true},
	} {
		s := withChoice("ana")
		s.Cohorts[0].Awards[0].Variants = c.variants
		p := b.plan(t, s)
		if len(p.Issue) != 0 || (len(p.Changed) == 1) != c.changed {
			t.Errorf("%s: %d to sign, %d changed", name, len(p.Issue), len(p.Changed))
		}
		if c.changed && !slices.Equal(p.Changed[0].Fields, []string{"variants"}) {
			t.Errorf("%s: changed in %v", name, p.Changed[0].Fields)
		}
		if !c.changed {
			continue
		}
		other := newBook(t)
		if other.plan(t, s).Digest() == other.plan(t, withChoice("ana")).Digest() {
			t.Errorf("%s: the digest does not depend on the variants", name)
		}
	}
}

// What is signed and has become an award with a link is sealed, and nothing
// else: not what is revoked, suspended, withdrawn, public or gone.
func TestSeal(t *testing.T) {
	b := newBook(t)
	names := []string{"linked", "public", "private", "revoked", "suspended", "withdrawn", "gone", "changed"}
	s := withChoice(names...)
	for _, a := range s.Cohorts[0].Awards {
		a.Visibility = model.Private
	}
	s.Cohorts[0].Awards[5].Visibility = model.Link
	b.carryOut(t, b.plan(t, s))
	b.decide(t, "spring/knots/revoked", ledger.ActionRevoke)
	b.decide(t, "spring/knots/suspended", ledger.ActionSuspend)
	r := b.State().Record("spring/knots/withdrawn")
	if err := b.Append(b.now, []ledger.Event{{Withdraw: &ledger.WithdrawEvent{Award: r.Award, Credential: r.Credential, Date: b.now}}}); err != nil {
		t.Fatal(err)
	}
	b.carryOut(t, b.plan(t, s)) // the status list

	s = withChoice("linked", "public", "private", "revoked", "suspended", "withdrawn", "changed")
	s.Cohorts[0].Awards[1].Visibility, s.Cohorts[0].Awards[2].Visibility = model.Public, model.Private
	s.Cohorts[0].Awards[6].Recipient.Name = "Another"
	p := b.plan(t, s)
	var sealed []string
	for _, seal := range p.Seal {
		sealed = append(sealed, strings.TrimPrefix(seal.Record.Award, "spring/knots/"))
		if len(seal.Capsules) != 4 || seal.Capsules[3].Variant != "achievement-only" {
			t.Errorf("%s gets the capsules %+v", seal.Record.Award, seal.Capsules)
		}
	}
	if !slices.Equal(sealed, []string{"linked", "changed"}) {
		t.Errorf("sealed are %v", sealed)
	}
	if p.Empty() || !p.NeedsKey() { // for the log's head alone
		t.Errorf("empty: %t, needs a key: %t", p.Empty(), p.NeedsKey())
	}
	digest := p.Digest()
	b.now = b.now.Add(time.Minute)
	if again := b.plan(t, s); again.Digest() != digest || again.Seal[0].Capsules[0].Name == p.Seal[0].Capsules[0].Name {
		t.Error("the digest depends on chance, or names do not")
	}
	if reissue := b.plan(t, s, "spring/knots/public"); len(reissue.Seal) != 0 {
		t.Error("a reissue seals what it was not asked for")
	}
	b.carryOut(t, p)
	if p := b.plan(t, s); !p.Empty() || p.Digest() == digest {
		t.Errorf("after sealing %d are to be sealed", len(p.Seal))
	}
}

// A plan cannot be made of less randomness than it needs: for each of three
// credentials an index, an id and a salt, for two a subject, and four capsules.
func TestPlanNeedsRandomness(t *testing.T) {
	s, empty := withChoice("ana"), newBook(t).State()
	const need = 3*(4+16+16) + 2*16 + 4*(16+32)
	for n := range need + 1 {
		_, err := plan.Make(plan.Input{Site: s, State: empty, Keys: []plan.PublicKey{key}, Now: noon, Rand: io.LimitReader(rand.NewChaCha8([32]byte{1}), int64(n))})
		if (err == nil) != (n == need) {
			t.Fatalf("with %d of %d bytes: %v", n, need, err)
		}
	}
}

// An address of which only a hash is known stays that hash, with its salt. It is not in
// a variant that names nobody: both would be told to belong together by it.
func TestHashedEmail(t *testing.T) {
	b := newBook(t)
	s := withChoice("ana")
	hashed := model.HashedEmail{IdentityHash: vc.HashIdentity("ana@example.org", "old"), Salt: "old"}
	a := s.Cohorts[0].Awards[0]
	a.Recipient.Email, a.Recipient.HashedEmail = "", hashed
	p := b.plan(t, s)
	ids := p.Document(p.Issue[0]).CredentialSubject.Identifier
	if want := (vc.IdentityObject{Type: "IdentityObject", Hashed: true, IdentityHash: hashed.IdentityHash, IdentityType: "emailAddress", Salt: "old"}); !slices.Contains(ids, want) {
		t.Errorf("identities are %+v", ids)
	}
	for _, v := range p.Issue[0].Variants {
		for _, id := range p.VariantDocument(p.Issue[0], v).CredentialSubject.Identifier {
			if id.IdentityHash == hashed.IdentityHash {
				t.Errorf("%s has the hash", v.Name)
			}
		}
	}
	b.carryOut(t, p)
	if p := b.plan(t, s); !p.Empty() || len(p.Changed) != 0 {
		t.Errorf("planned again: %+v", p.Changed)
	}
}
