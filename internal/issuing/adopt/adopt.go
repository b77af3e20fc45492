// Package adopt makes ledger events of credentials that were found signed, where
// the ledger that issued them is lost or is behind: it verifies each, groups the
// forms of one award, finds the award of the content that it belongs to, and enters
// it as it is, with the status lists and the log as they were published.
//
// It decides and writes nothing: what was found comes in, a Result goes out. What
// was found is trusted for nothing but what the issuer's keys have signed; which
// keys are the issuer's, the caller says.
package adopt

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/ledger"
	"laurel/internal/issuing/plan"
	"laurel/internal/material/pool"
	"laurel/internal/standards/did"
	"laurel/internal/standards/vc"
	"laurel/internal/standards/verify"
)

// Input is all that an adoption depends on.
type Input struct {
	Site *model.Site
	// DID is the issuer's.
	DID   string
	State *ledger.State
	// Keys are the issuer's, with what is known of their life.
	Keys []plan.PublicKey
	Now  time.Time
	// Verifier makes a verifier that asks only this loader.
	Verifier func(verify.Loader) *verify.Verifier
	// Groups are what was found, and Lists the status lists.
	Groups []Group
	Lists  []Document
	// Entries are those of the published log, 40 bytes each, as its signed head
	// proves them; nil: there is none.
	Entries []byte
	// WithoutLists goes on where a list that credentials name was not found.
	WithoutLists bool
	// Progress is told how many documents are verified; nil: nobody is.
	Progress func(done int)
}

// Document is something signed, and where it was found.
type Document struct {
	Name string // as messages name it
	// Data is JSON with an embedded proof, or a compact JWS.
	Data []byte
	// Variant is which form of its group it is; empty: that is not known.
	Variant string
	// Carried tells that it was taken out of something, such as a picture, whose
	// bytes may be spelled in another way than those that were signed and published.
	Carried bool
}

// Group are the documents of one award, as far as where they were found tells.
type Group struct {
	Documents  []Document
	Visibility model.Visibility // as it was published; empty: that is not known
	// Capsules are those of a claim link that was opened, the learner's own first,
	// and Packed what they hold; nil: there are none.
	Capsules []ledger.Capsule
	Packed   []jsontext.Value
	// Email and Name are what a list of links says of its learner; empty: nothing.
	Email, Name string
	// Record is what an older ledger knew of it, if that is where it was found: its
	// award, and what was decided about it.
	Record *ledger.Record
}

// Refused is something that is not adopted.
type Refused struct {
	Name   string `json:"file"`
	Reason string `json:"reason"`
	// Ours tells that it claims to be this issuer's.
	Ours bool `json:"ours"`
}

// Result is what there is to enter.
type Result struct {
	// Events are to be appended as one group.
	Events  []ledger.Event
	Refused []Refused // by name
	// Adopted counts awards, Matched those of them that are the content's, Variants
	// their further credentials, Revoked those found revoked, Known the credentials that the
	// ledger has already, Sealed awards whose claim links work again.
	Adopted, Matched, Variants, Revoked, Known, Sealed int
	// Lists, Keys and Entries count those of the published ones that the ledger lacked.
	Lists, Keys, Entries int
	// NoLists are lists that credentials name and nobody has.
	NoLists []int
}

// adoption is one run.
type adoption struct {
	in      Input
	result  Result
	awards  map[string]*award // by the id of each of its credentials
	order   []*award
	lists   map[int]*list
	own     map[int]ledger.ListState // the ledger's lists
	inForce map[string]bool          // award keys that something in force has now
	later   []ledger.Event           // decisions that no list tells of yet
	over    map[*ledger.Record]bool  // known, and revoked by a list that was found
	matched map[string]*model.Award  // of the content, by award key
	index   *index
}

// form is one credential of an award.
type form struct {
	variant   string
	name      string // of the file it was found in first
	id        string
	list      int
	index     int
	parsed    *vc.Credential
	documents []ledger.Document
	carried   bool // documents[0] is
}

// award is what was found of one.
type award struct {
	forms      []*form // the full one first
	visibility model.Visibility
	group      *Group // that its capsules are of; nil: none
	hints      []Group
	key        string
}

func (a *award) full() *form { return a.forms[0] }

// record is what an older ledger knew of it; nil: nothing.
func (a *award) record() *ledger.Record {
	for _, h := range a.hints {
		if h.Record != nil && h.Record.Credential == a.full().id {
			return h.Record
		}
	}
	return nil
}

// Run decides what to enter. It fails where the lists that credentials name are not
// there, with a hint, and with ctx's error.
func Run(ctx context.Context, in Input) (*Result, error) {
	a := &adoption{in: in, awards: map[string]*award{}, lists: map[int]*list{}, matched: map[string]*model.Award{}, own: map[int]ledger.ListState{}, over: map[*ledger.Record]bool{}, inForce: map[string]bool{}}
	for _, s := range in.State.Lists() {
		a.own[s.List] = s
	}
	judged, err := a.judge(ctx)
	if err != nil {
		return nil, err
	}
	if err := a.findLists(ctx); err != nil {
		return nil, err
	}
	a.gather(judged)
	a.index = newIndex(in.Site)
	if err := a.events(); err != nil {
		return nil, err
	}
	slices.SortStableFunc(a.result.Refused, func(x, y Refused) int { return strings.Compare(x.Name, y.Name) })
	return &a.result, nil
}

func (a *adoption) refuse(name string, ours bool, format string, args ...any) {
	a.result.Refused = append(a.result.Refused, Refused{name, fmt.Sprintf(format, args...), ours})
}

// judged is a document that was looked at.
type judged struct {
	form   *form // nil: refused
	reason string
	ours   bool
}

// judge verifies all documents, on all cores.
func (a *adoption) judge(ctx context.Context) ([][]judged, error) {
	v, err := a.verifier()
	if err != nil {
		return nil, err
	}
	type place struct{ group, document int }
	var places []place
	all := make([][]judged, len(a.in.Groups))
	for g, group := range a.in.Groups {
		all[g] = make([]judged, len(group.Documents))
		for d := range group.Documents {
			places = append(places, place{g, d})
		}
	}
	err = pool.Each(ctx, len(places), 0, func(i int) error {
		p := places[i]
		all[p.group][p.document] = a.one(ctx, v, a.in.Groups[p.group].Documents[p.document])
		return ctx.Err()
	}, func(i int) {
		if a.in.Progress != nil {
			a.in.Progress(i + 1)
		}
	})
	return all, err
}

// verifier asks nobody: it has the keys of the issuer, and those of endorsers, each for
// what is theirs.
func (a *adoption) verifier() (*verify.Verifier, error) {
	published := map[string][]did.PublishedKey{a.in.DID: nil}
	for _, k := range a.in.Keys {
		whose, err := a.didOf(k.Profile)
		if err != nil {
			return nil, err
		}
		published[whose] = append(published[whose], did.PublishedKey{Kid: k.Kid, PublicKeyMultibase: k.PublicKeyMultibase, Revoked: k.Revoked, JOSE: true})
	}
	docs := &verify.Documents{}
	for whose, keys := range published {
		document, err := did.WebDocument(whose, keys).Encode()
		if err != nil {
			return nil, fmt.Errorf("encode the DID document of %s: %w", whose, err)
		}
		if err := docs.Add(whose, document); err != nil {
			return nil, fmt.Errorf("read the DID document of %s: %w", whose, err)
		}
	}
	return a.in.Verifier(docs.Load), nil
}

// didOf is the DID of an endorser; of none: the issuer's.
func (a *adoption) didOf(profile string) (string, error) {
	if profile == "" {
		return a.in.DID, nil
	}
	id, err := did.WebDID(a.in.Site.EndorserURL(profile))
	if err != nil {
		return "", fmt.Errorf("derive the DID of %s: %w", profile, err)
	}
	return id, nil
}

// profileOf is the endorser whose DID it is; the issuer has none. Not ok: it is
// nobody's of this site.
func (a *adoption) profileOf(id string) (profile string, ok bool) {
	if id == a.in.DID {
		return "", true
	}
	profile, ok = strings.CutPrefix(id, a.in.DID+":endorsers:")
	return profile, ok && slices.ContainsFunc(a.in.Keys, func(k plan.PublicKey) bool { return k.Profile == profile })
}

// genuine says what is wrong with a report beyond what time and decisions do;
// empty: nothing.
func genuine(r *verify.Report) string {
	for _, name := range []string{verify.Structure, verify.Proof, verify.IssuerKey} {
		if c, ok := r.Check(name); !ok || c.Outcome != verify.Pass && c.Outcome != verify.Warn {
			return c.String()
		}
	}
	for _, c := range r.Checks {
		switch c.Name {
		case verify.Status, verify.IssuerTrust, verify.Endorsements, verify.Fitness:
			continue
		}
		// What a record holds is judged by itself, and its status is not looked up here.
		if (c.Outcome == verify.Fail || c.Outcome == verify.Unknown) && c.Code != "expired" && c.Code != "embedded-undetermined" {
			return c.String()
		}
	}
	return ""
}

// one verifies a document and reads where it stands.
func (a *adoption) one(ctx context.Context, v *verify.Verifier, d Document) judged {
	document, payload, err := compactDocument(d.Data)
	if err != nil {
		return judged{reason: err.Error()}
	}
	c, err := vc.Parse(payload)
	if err != nil {
		return judged{reason: "it is not a credential that laurel writes"}
	}
	if c.Issuer.ID != a.in.DID {
		return judged{reason: "it is another issuer's: " + c.Issuer.ID}
	}
	if why := genuine(v.Credential(ctx, d.Data)); why != "" {
		return judged{reason: why, ours: true}
	}
	f := &form{variant: d.Variant, name: d.Name, id: c.ID, parsed: c, documents: []ledger.Document{document}, carried: d.Carried}
	if f.list, f.index, err = a.entryOf(c.CredentialStatus); err != nil {
		return judged{reason: err.Error(), ours: true}
	}
	if !strings.HasPrefix(f.id, "urn:uuid:") {
		return judged{reason: "its id is not one that laurel draws", ours: true}
	}
	return judged{form: f, ours: true}
}

// gather joins what belongs to one award. Those groups that say most come first: a
// form that was found by itself is then known to belong to one.
func (a *adoption) gather(all [][]judged) {
	order := make([]int, len(all))
	for i := range order {
		order[i] = i
	}
	weight := func(g int) int { return len(a.in.Groups[g].Documents) + 100*len(a.in.Groups[g].Capsules) }
	slices.SortStableFunc(order, func(x, y int) int { return weight(y) - weight(x) })
	known := map[string]bool{}
	for _, g := range order {
		group := &a.in.Groups[g]
		var forms []*form
		for i, j := range all[g] {
			switch {
			case j.form == nil:
				a.refuse(group.Documents[i].Name, j.ours, "%s", j.reason)
			case a.in.State.ByCredential(j.form.id) != nil:
				if !known[j.form.id] {
					known[j.form.id] = true
					a.result.Known++
				}
				forms = append(forms, j.form)
			default:
				forms = append(forms, j.form)
			}
		}
		a.group(group, forms)
	}
}

// group enters the forms of a group into an award that has one of them, or into a
// new one.
func (a *adoption) group(group *Group, forms []*form) {
	var into *award
	for _, f := range forms {
		if into == nil {
			into = a.awards[f.id]
		}
	}
	fresh := into == nil
	if fresh {
		into = &award{}
	}
	for _, f := range forms {
		switch own := a.awards[f.id]; {
		case own != nil: // in this award or in another: one more document of it
			own.add(a, f)
		case len(into.forms) > 0 && (f.variant == "" || into.has(f.variant)):
			alone := &award{visibility: group.Visibility, hints: []Group{*group}}
			a.enter(alone, f)
			a.order = append(a.order, alone)
		default:
			a.enter(into, f)
		}
	}
	if len(into.forms) == 0 {
		return
	}
	slices.SortStableFunc(into.forms, func(x, y *form) int { return rank(x) - rank(y) })
	if fresh {
		a.order = append(a.order, into)
	}
	if into.visibility == "" || group.Visibility == model.Public {
		into.visibility = group.Visibility
	}
	if group.Capsules != nil && into.group == nil {
		into.group = group
	}
	into.hints = append(into.hints, *group)
}

func rank(f *form) int {
	if f.variant == "" || f.variant == ledger.Full {
		return 0
	}
	return 1
}

func (a *award) has(variant string) bool {
	return slices.ContainsFunc(a.forms, func(f *form) bool { return f.variant == variant || rank(f) == 0 && variant == ledger.Full })
}

func (a *adoption) enter(into *award, f *form) {
	into.forms = append(into.forms, f)
	a.awards[f.id] = into
}

// add takes another document of a credential that was found already, in a form that
// is new.
func (a *award) add(run *adoption, f *form) {
	for _, own := range a.forms {
		if own.id != f.id {
			continue
		}
		for _, d := range f.documents {
			same := slices.IndexFunc(own.documents, func(o ledger.Document) bool { return o.Format == d.Format })
			switch {
			case same < 0:
				own.documents = append(own.documents, d)
			case own.carried && !f.carried && same == 0 && sameDocument(own.documents[0].Document, d.Document):
				own.documents[0], own.carried = d, false
			case !sameDocument(own.documents[same].Document, d.Document):
				run.refuse(f.name, true, "another credential with the same id, %s, was found in %s", f.id, own.name)
			}
		}
		if own.variant == "" {
			own.variant = f.variant
		}
	}
}
