package site_test

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/capsule"
	"laurel/internal/issuing/ledger"
	"laurel/internal/issuing/plan"
	"laurel/internal/publishing/render"
	"laurel/internal/publishing/site"
	"laurel/internal/standards/did"
	"laurel/internal/standards/vc"
)

var noon = time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)

// key is the public half of some Ed25519 key.
var key = plan.PublicKey{Kid: "key-2026-1", PublicKeyMultibase: "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2", Created: noon.AddDate(0, -1, 0)}

// shop is a site with a ledger that is signed in without signing: a proof is
// there, and proves nothing.
type shop struct {
	*ledger.Writer
	site *model.Site
	now  time.Time
	draw *rand.ChaCha8
	// versions tells that the ledger says of which definition awards are.
	versions bool
}

// newShop has an academy with two achievements and no awards yet.
func newShop(t *testing.T) *shop {
	t.Helper()
	w, err := ledger.OpenWriter(t.TempDir(), ledger.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.Close() })
	definition := func(slug string) *model.Achievement {
		return &model.Achievement{Slug: slug, Name: strings.ToUpper(slug), Description: "Knows " + slug + ".",
			AchievementType: "Badge", Criteria: model.Criteria{Narrative: "Show " + slug + "."}}
	}
	knots, splices := definition("knots"), definition("splices")
	knots.Related = []model.Related{{ID: "splices"}, {ID: "https://example.com/ropes"}}
	return &shop{w, &model.Site{BaseURL: "https://example.org/academy", Languages: []string{"en"},
		Issuer: model.Profile{Name: "Example Academy", URL: "https://example.org"}, Visibility: model.Link,
		Sign: model.Sign{Formats: []string{"eddsa-rdfc-2022"}}, Achievements: []*model.Achievement{knots, splices},
		Pages: []*model.Page{{Slug: "about", Title: "About"}, {Slug: "imprint", Title: "Imprint", Hidden: true}},
	}, noon, rand.NewChaCha8([32]byte{1}), false}
}

// award adds an award to the content.
func (s *shop) award(cohort, achievement, who string, v model.Visibility) *model.Award {
	var c *model.Cohort
	for _, x := range s.site.Cohorts {
		if x.Slug == cohort {
			c = x
		}
	}
	if c == nil {
		c = &model.Cohort{Slug: cohort, Name: "Cohort " + cohort}
		s.site.Cohorts = append(s.site.Cohorts, c)
	}
	a := &model.Award{Key: model.AwardKey{Cohort: cohort, Achievement: achievement, Recipient: who}, Cohort: c, Achievement: s.site.Achievement(achievement),
		Visibility: v, AwardedDate: noon.AddDate(0, 0, -1),
		Recipient: model.Recipient{Name: "Learner " + who, Key: who, Email: who + "@example.org"}}
	c.Awards = append(c.Awards, a)
	return a
}

// sign records what is planned, or a reissue.
func (s *shop) sign(t *testing.T, reissue ...string) {
	t.Helper()
	in := plan.Input{Site: s.site, State: s.State(), Keys: []plan.PublicKey{key}, Now: s.now, Rand: s.draw, Document: s.document, List: s.list}
	if len(reissue) > 0 {
		in.Reissue = &plan.Reissue{Awards: reissue}
	}
	p, err := plan.Make(in)
	if err != nil {
		t.Fatal(err)
	}
	var events []ledger.Event
	for i := range p.KeyEvents {
		events = append(events, ledger.Event{Key: &p.KeyEvents[i]})
	}
	made := map[string]jsontext.Value{}
	document := func(i *plan.Issue, v *plan.Variant) encoder {
		if i.Holds == nil && v == nil {
			return p.Document(i)
		} else if i.Holds == nil {
			return p.VariantDocument(i, v)
		}
		var members []jsontext.Value
		for _, id := range i.Embedded(v) {
			if made[id] == nil {
				made[id], _ = s.document(s.State().ByCredential(id))
			}
			members = append(members, made[id])
		}
		return p.RecordDocument(i, v, members)
	}
	for _, i := range p.Issue {
		if i.Revoke != nil {
			events = append(events, ledger.Event{Status: i.Revoke})
		}
		issue := &ledger.IssueEvent{Award: i.Award.Key.String(), Credential: i.CredentialID, List: i.List, Index: i.Index,
			Visibility: string(i.Award.Visibility), Content: i.Content, Replaces: i.Replaces, ValidUntil: i.Award.ValidUntil, Documents: []ledger.Document{signed(t, p, document(i, nil), "")}}
		made[i.CredentialID] = issue.Documents[0].Document
		if s.versions && !i.Award.Key.IsRecord() {
			c, err := vc.Parse(issue.Documents[0].Document)
			if err != nil {
				t.Fatal(err)
			}
			issue.Definition = c.CredentialSubject.Achievement.Definition()
		}
		for _, v := range i.Variants {
			issue.Variants = append(issue.Variants, ledger.VariantIssue{Name: string(v.Name), Credential: v.CredentialID, List: v.List, Index: v.Index})
			issue.Documents = append(issue.Documents, signed(t, p, document(i, v), string(v.Name)))
			made[v.CredentialID] = issue.Documents[len(issue.Documents)-1].Document
		}
		events = append(events, ledger.Event{Issue: issue})
		if i.Capsules != nil {
			events = append(events, ledger.Event{Capsule: seal(t, i.Award.Key.String(), i.CredentialID, i.Capsules, issue.Documents)})
		}
	}
	for _, award := range p.Seal {
		docs, err := s.Documents(award.Record)
		if err != nil {
			t.Fatal(err)
		}
		events = append(events, ledger.Event{Capsule: seal(t, award.Award.Key.String(), award.Record.Credential, award.Capsules, docs)})
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
		events = append(events, ledger.Event{List: &ledger.ListEvent{List: l.List, Set: len(l.Set), Pairs: true, Document: doc}})
	}
	s.append(t, events...)
}

type encoder interface{ Encode() ([]byte, error) }

// signed is a document with a proof that proves nothing.
func signed(t *testing.T, p *plan.Plan, c encoder, variant string) ledger.Document {
	t.Helper()
	doc, err := c.Encode()
	if err != nil {
		t.Fatal(err)
	}
	proof := fmt.Sprintf(`,"proof":[{"type":"DataIntegrityProof","cryptosuite":"eddsa-rdfc-2022","verificationMethod":"%s#%s"}]}`, p.DID, key.Kid)
	return ledger.Document{Format: "eddsa-rdfc-2022", MediaType: "application/vc", Variant: variant,
		Document: append(bytes.TrimSuffix(doc, []byte("}")), proof...)}
}

// seal is the event of an award's capsules: the learner's has all its documents,
// each of the others one.
func seal(t *testing.T, award, credential string, capsules []ledger.Capsule, documents []ledger.Document) *ledger.CapsuleEvent {
	t.Helper()
	var forms []capsule.Credential
	for _, d := range documents {
		forms = append(forms, capsule.Credential{Variant: cmp.Or(d.Variant, ledger.Full),
			Documents: []capsule.Document{{Format: d.Format, MediaType: d.MediaType, Document: d.Document}}})
	}
	ev := &ledger.CapsuleEvent{Award: award, Credential: credential, Capsules: capsules}
	for i := range capsules {
		contents := capsule.Contents{Version: capsule.Version, Credentials: slices.Clone(forms)}
		if i > 0 {
			contents.Credentials = forms[i-1 : i]
		} else {
			for k, other := range capsules[1:] {
				contents.Credentials[k].Share = other.Name + "." + other.Key
			}
		}
		packed, err := capsule.Pack(contents)
		if err != nil {
			t.Fatal(err)
		}
		ev.Packed = append(ev.Packed, jsontext.Value(`"`+packed+`"`))
	}
	return ev
}

// withdraw takes an award off the site.
func (s *shop) withdraw(t *testing.T, award string) {
	t.Helper()
	s.append(t, ledger.Event{Withdraw: &ledger.WithdrawEvent{Award: award, Credential: s.State().Record(award).Credential, Date: s.now}})
}

// capsules is the ledger's record of the sealed files of an award.
func (s *shop) capsules(t *testing.T, r *ledger.Record) *ledger.CapsuleEvent {
	t.Helper()
	e, err := s.Event(r.CapsulePos)
	if err != nil {
		t.Fatal(err)
	}
	return e.Capsule
}

func (s *shop) append(t *testing.T, events ...ledger.Event) {
	t.Helper()
	s.now = s.now.Add(time.Minute)
	if err := s.Append(s.now, events); err != nil {
		t.Fatal(err)
	}
}

// decide records a decision about an award's living credential.
func (s *shop) decide(t *testing.T, award, action, reason string, public bool) {
	t.Helper()
	r := s.State().Record(award)
	s.append(t, ledger.Event{Status: &ledger.StatusEvent{Award: award, Credential: r.Credential, Action: action,
		Reason: reason, Public: public, Date: s.now}})
}

func (s *shop) list(l ledger.ListState) ([]byte, error) {
	e, err := s.Event(l.Pos)
	if err != nil {
		return nil, err
	}
	return e.List.Document, nil
}

func (s *shop) document(r *ledger.Record) ([]byte, error) {
	docs, err := s.Documents(r)
	if err != nil {
		return nil, err
	}
	return docs[0].Document, nil
}

func (s *shop) input(t *testing.T) site.Input {
	t.Helper()
	id, err := did.WebDID(s.site.BaseURL)
	if err != nil {
		t.Fatal(err)
	}
	in := site.Input{Site: s.site, State: s.State(), Document: s.document, Issuer: plan.Issuer(s.site, id),
		List: func(l ledger.ListState) ([]byte, error) {
			e, err := s.Event(l.Pos)
			if err != nil {
				return nil, err
			}
			return e.List.Document, nil
		}}
	in.Achievements = map[string]vc.Achievement{}
	for _, a := range s.site.Achievements {
		in.Achievements[a.Slug] = plan.Achievement(s.site, id, a)
	}
	return in
}

// plan is the site as it stands.
func (s *shop) plan(t *testing.T) *site.Layout {
	t.Helper()
	p, err := site.Make(s.input(t))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// press fills in the bytes of a plan, as a build does.
func (s *shop) press(t *testing.T, p *site.Layout) map[string][]byte {
	t.Helper()
	r, err := render.New(nil, nil, render.Options{})
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]byte{}
	for _, o := range p.Outputs {
		var document []byte
		if o.Record != nil {
			if document, err = s.document(o.Record); err != nil {
				t.Fatal(err)
			}
		}
		switch o.Kind {
		case site.Capsule:
			sealed, err := s.Ledger.Sealed(o.Record)
			if err != nil {
				t.Fatal(err)
			}
			jwe, err := capsule.Seal(sealed[o.Capsule].Packed, sealed[o.Capsule].Key)
			if err != nil {
				t.Fatal(err)
			}
			all[o.Path] = []byte(jwe)
		case site.CapsulePage:
			html, key := s.sealedPage(t, p, r, o)
			jwe, err := capsule.SealPage(html, key, p.SealedDigest(r.Digest()))
			if err != nil {
				t.Fatal(err)
			}
			all[o.Path] = []byte(jwe)
		case site.Page:
			page := o.Page
			if o.Record != nil {
				if page, err = p.AwardPage(o, document); err != nil {
					t.Fatal(err)
				}
			}
			var b bytes.Buffer
			if err := r.Page(&b, page); err != nil {
				t.Fatalf("%s: %v", o.Path, err)
			}
			all[o.Path] = b.Bytes()
		case site.PreviewPicture: // stands for what is drawn of it
			if all[o.Path], err = json.Marshal(o.Preview); err != nil {
				t.Fatal(err)
			}
		case site.Tombstone:
			page, err := p.TombstonePage(o)
			if err != nil {
				t.Fatal(err)
			}
			var b bytes.Buffer
			if err := r.Page(&b, page); err != nil {
				t.Fatalf("%s: %v", o.Path, err)
			}
			all[o.Path] = b.Bytes()
		case site.Credential:
			all[o.Path] = document
		case site.Picture, site.BakedPicture:
			if all[o.Path], err = r.Badges.Picture(*o.Badge, strings.HasSuffix(o.Path, ".svg"), document); err != nil {
				t.Fatal(err)
			}
		default:
			all[o.Path] = o.Bytes
		}
	}
	return all
}

// sealedPage draws the page beside a capsule, and says which key the capsule has.
func (s *shop) sealedPage(t *testing.T, p *site.Layout, r *render.Renderer, o site.Output) (html []byte, key string) {
	t.Helper()
	sealed, err := s.Ledger.Sealed(o.Record)
	if err != nil {
		t.Fatal(err)
	}
	c := sealed[o.Capsule]
	contents, err := capsule.Unpack(c.Packed)
	if err != nil {
		t.Fatal(err)
	}
	for _, form := range contents.Credentials {
		link := model.ClaimLink{Name: c.Name, Key: c.Key}
		if form.Share != "" {
			if link, err = model.ParseClaimLink(form.Share); err != nil {
				t.Fatal(err)
			}
		}
		page, err := p.SealedPage(form.Variant, form.Documents[0].Document, form.Formats(), s.site.ClaimURL(link), nil, o.Record.Certificate)
		if err != nil {
			t.Fatal(err)
		}
		one, err := r.Sealed(page)
		if err != nil {
			t.Fatal(err)
		}
		html = append(html, one...)
	}
	return html, c.Key
}

// output is the planned file under a path, or nil.
func output(p *site.Layout, path string) *site.Output {
	for i := range p.Outputs {
		if p.Outputs[i].Path == path {
			return &p.Outputs[i]
		}
	}
	return nil
}

// folder is where a credential's files would be.
func folder(r *ledger.Record) string {
	return "awards/" + strings.TrimPrefix(r.Credential, "urn:uuid:") + "/"
}

// awardPage is the page of an award's credential, which must be planned.
func (s *shop) awardPage(t *testing.T, p *site.Layout, r *ledger.Record) *site.AwardPage {
	t.Helper()
	o := output(p, folder(r)+"index.html")
	if o == nil {
		t.Fatalf("%s has no page", r.Award)
	}
	document, err := s.document(r)
	if err != nil {
		t.Fatal(err)
	}
	page, err := p.AwardPage(*o, document)
	if err != nil {
		t.Fatal(err)
	}
	return page
}

// digestOf is that of a value's JSON, to see whether a page shows the same.
func digestOf(t *testing.T, v any) [32]byte {
	t.Helper()
	b, err := json.Marshal(v, json.Deterministic(true))
	if err != nil {
		t.Fatal(err)
	}
	return sha256.Sum256(b)
}
