package cli

import (
	"crypto/rand"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/spf13/cobra"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/ledger"
	"laurel/internal/issuing/plan"
)

func (a *app) planCommand() *cobra.Command {
	var detailed bool
	var page string
	c := &cobra.Command{
		Use:   "plan",
		Short: "Show what would be signed, and why",
		Long: `Compare the content with the ledger and show what would be signed: the people of
each award list, with dates, results and addresses; status lists, keys to record,
and awards to seal so that a claim link opens them; also what was signed but has
since changed, as it was and is, or gone. An award that looks like one already
signed, such as with a corrected address, is told and not signed. No key and no
network is used, and nothing is written but what --html asks for.

Of very many awards each list shows the first; -v shows all, and all that is said of
each. --json has the whole documents that would be signed; what is drawn when they
are (ids, salts, places in status lists, the time) is left out. --html writes a page
to print, check and sign off.

The digest at the end identifies this plan: "laurel sign --plan DIGEST" signs
only the plan that was reviewed. With --detailed-exitcode the exit code is 0 when
there is nothing to sign, 2 when there is, and 1 when that cannot be told.`,
		Example: "  laurel plan\n  laurel plan --html ~/plan.html\n  laurel plan --json | jq .digest",
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if page = a.env.path(page); page != "" {
				if err := checkPage(a.dir, page); err != nil {
					return err
				}
			}
			l, err := a.openLedger()
			if err != nil {
				return err
			}
			defer l.Close()
			p, err := a.makePlan(l, nil, nil)
			if err != nil {
				return err
			}
			if page != "" {
				if err := a.writePage(page, p); err != nil {
					return err
				}
			}
			if a.json {
				err = a.streamJSON(planReport(p))
			} else {
				a.printPlan(p, l.State())
			}
			if err == nil && detailed && !p.Empty() {
				err = &verdictError{exitToSign}
			}
			return err
		},
	}
	c.Flags().BoolVar(&detailed, "detailed-exitcode", false, "exit with 2 when there is something to sign")
	c.Flags().StringVar(&page, "html", "", "write a page to print and sign off to this file, readable by you alone")
	return c
}

// exitToSign is how plan ends with --detailed-exitcode where there is something to sign,
// as terraform does. A command line that is misused ends so, too, and says so.
const exitToSign = 2

// lean is for many awards: what is known of them stays in memory, and what the collector
// leaves lying, so much of a hundred of that, would come on top. It returns what ends it.
func lean(many bool, percent int) func() {
	if !many {
		return func() {}
	}
	before := debug.SetGCPercent(percent)
	return func() { debug.SetGCPercent(before) }
}

// makePlan is the first stage: content + ledger -> what is to be signed.
func (a *app) makePlan(l *ledger.Ledger, reissue *plan.Reissue, request *plan.RecordRequest) (*plan.Plan, error) {
	const many = 10_000
	defer lean(l.State().Len() > many, 30)()
	now, err := a.now()
	if err != nil {
		return nil, err
	}
	site, err := a.loadContentAt(now)
	if err != nil {
		return nil, err
	}
	awards := 0
	for _, c := range site.Cohorts {
		awards += len(c.Awards)
	}
	defer lean(awards > many, 30)()
	public, err := a.publicKeys(l.State())
	if err != nil {
		return nil, err
	}
	return plan.Make(plan.Input{Site: site, State: l.State(), Keys: public, Now: now, Rand: rand.Reader,
		Document: l.MainDocument, List: l.ListDocument, Reissue: reissue, Request: request})
}

// The JSON form of a plan, schema version 1.
type (
	planJSON struct {
		SchemaVersion int           `json:"schemaVersion"`
		Digest        string        `json:"digest"`
		Issuer        string        `json:"issuer"`
		Key           string        `json:"key"`             // empty: there is none yet
		Date          string        `json:"date"`            // that signing now would bear
		Forms         []planForm    `json:"forms,omitempty"` // beside the main one
		Keys          []planKey     `json:"keys"`
		Issue         []planIssue   `json:"issue"`
		Endorse       []planEndorse `json:"endorse"`    // signed before what they are embedded in
		Unendorsed    []string      `json:"unendorsed"` // endorsements of awards that were signed without them
		Seal          []planRecord  `json:"seal"`       // signed before
		Variants      int           `json:"variants"`   // of all that is issued
		Capsules      int           `json:"capsules"`   // of all that is issued or sealed
		Head          bool          `json:"head"`       // the ledger's head is signed
		Lists         []planList    `json:"lists"`
		Twice         []planRecord  `json:"twice"` // to be revoked: issued in two copies of the ledger
		Changed       []planChanged `json:"changed"`
		Missed        []string      `json:"missed,omitempty"`      // awards to sign, with a result that does not pass
		Earlier       int           `json:"earlier,omitempty"`     // signed for an earlier version
		Unversioned   []string      `json:"unversioned,omitempty"` // achievements
		Moved         []planMoved   `json:"moved"`                 // not signed: each looks like one that was
		Unclear       []planUnclear `json:"unclear,omitempty"`     // not signed: each looks like several that were
		Vanished      []planRecord  `json:"vanished"`
		Fewer         []planRecord  `json:"fewer,omitempty"` // signed in fewer forms than are asked for now
		Void          []planRecord  `json:"void,omitempty"`  // records to be revoked: a member was
		Waiting       []planWaiting `json:"waiting,omitempty"`
	}
	planWaiting struct {
		Award string `json:"award"`
		Why   string `json:"why"`
	}
	planForm struct {
		Format string `json:"format"`
		Key    string `json:"key"` // empty: there is none yet
	}
	planKey struct {
		Kid     string `json:"kid"`
		Action  string `json:"action"`
		Profile string `json:"profile,omitzero"`
	}
	planIssue struct {
		Award       string     `json:"award"`
		Recipient   planWho    `json:"recipient"`
		Achievement string     `json:"achievement,omitzero"` // none of a learner record
		Awarded     string     `json:"awardedDate,omitzero"`
		ValidUntil  string     `json:"validUntil,omitzero"`
		Results     []planFact `json:"results,omitempty"`
		Visibility  string     `json:"visibility"`
		Content     string     `json:"content"`
		Replaces    string     `json:"replaces,omitzero"`
		Renewal     string     `json:"renewal,omitzero"` // what becomes of what it replaces, where it renews that: keep or supersede
		Source      string     `json:"source"`           // file:line
		// Variants are the names of its further credentials.
		Variants []model.Variant `json:"variants,omitempty"`
		// Of a learner record: its program, the award keys of its members, whether the
		// program is not complete, and why it is signed.
		Program string   `json:"program,omitzero"`
		Members []string `json:"members,omitempty"`
		Partial bool     `json:"partial,omitzero"`
		Why     string   `json:"why,omitzero"`
		// Document is the whole credential to be, as plan.Unsigned has it, and those of
		// its variants by their names.
		Document         document            `json:"document"`
		VariantDocuments map[string]document `json:"variantDocuments,omitempty"`
	}
	planEndorse struct {
		Endorsement string   `json:"endorsement"` // key in the ledger
		Endorser    string   `json:"endorser"`
		Key         string   `json:"key"` // empty: there is none yet
		Content     string   `json:"content"`
		Replaces    string   `json:"replaces,omitzero"`
		Source      string   `json:"source"` // file:line
		Document    document `json:"document"`
	}
	planList struct {
		List    int    `json:"list"`
		Profile string `json:"profile,omitzero"` // of the endorser whose it is
		Reason  string `json:"reason"`
		Set     int    `json:"set"`
	}
	planRecord struct {
		Award      string `json:"award"`
		Credential string `json:"credential"`
	}
	planMoved struct {
		Award  string     `json:"award"`
		Was    planRecord `json:"was"`
		Source string     `json:"source"` // file:line
	}
	planChanged struct {
		planRecord
		Name        string           `json:"name,omitzero"` // the recipient's, as it is now
		Fields      []string         `json:"fields"`        // JSON paths in the signed document
		Differences []planDifference `json:"differences,omitempty"`
	}
	// planDifference is in the author's words, whole.
	planDifference struct {
		Field  string `json:"field"`
		Was    string `json:"was"`
		Is     string `json:"is"`
		Hashed bool   `json:"hashed,omitzero"` // what it was is not known
	}
	planUnclear struct {
		Awards []string     `json:"awards"`
		Was    []planRecord `json:"was"`
	}
	planWho struct {
		Name      string `json:"name,omitzero"`
		Email     string `json:"email,omitzero"`
		ID        string `json:"id,omitzero"`
		StudentID string `json:"studentId,omitzero"` // never published
	}
	planFact struct {
		Name string `json:"name"`
		Text string `json:"text"`
	}
)

// document is made when it is printed: many would fill the memory.
type document func() (jsontext.Value, error)

// MarshalJSONTo writes the document.
func (d document) MarshalJSONTo(e *jsontext.Encoder) error {
	v, err := d()
	if err != nil {
		return err
	}
	return e.WriteValue(v)
}

// streamJSON is printJSON without the whole of it in memory.
func (a *app) streamJSON(v any) error {
	err := json.MarshalWrite(a.stdout, v, json.Deterministic(true), jsontext.WithIndent("  "))
	if a.stdout.err != nil {
		return a.stdout.err
	}
	if err != nil {
		return fmt.Errorf("encode output: %w", err)
	}
	a.printf("\n")
	return nil
}

func planReport(p *plan.Plan) planJSON {
	j := planJSON{SchemaVersion: schemaVersion, Digest: p.Digest(), Issuer: p.DID, Key: p.Key.Kid, Date: p.Now.Format(time.DateOnly),
		Keys: []planKey{}, Issue: []planIssue{}, Endorse: []planEndorse{}, Unendorsed: []string{}, Seal: []planRecord{}, Lists: []planList{}, Twice: []planRecord{}, Changed: []planChanged{}, Moved: []planMoved{}, Vanished: []planRecord{}}
	for _, f := range p.Forms[1:] {
		j.Forms = append(j.Forms, planForm{f.Format, f.Key.Kid})
	}
	for _, k := range p.KeyEvents {
		j.Keys = append(j.Keys, planKey{k.Kid, k.Action, k.Profile})
	}
	for _, i := range p.Issue {
		issue := planIssue{Award: i.Award.Key.String(), Recipient: who(i.Award), Awarded: plan.Day(i.Award.AwardedDate), ValidUntil: plan.Day(i.Award.ValidUntil), Visibility: string(i.Award.Visibility), Content: i.Content, Replaces: i.Replaces, Renewal: i.Renewal,
			Source: i.Award.Source.String(), Variants: i.Award.Variants}
		if i.Holds == nil {
			issue.Achievement = i.Award.Achievement.Slug
			for _, f := range plan.Results(i.Award) {
				issue.Results = append(issue.Results, planFact(f))
			}
		} else {
			issue.Program, issue.Partial, issue.Why = i.Award.Program.Slug, i.Holds.Partial, i.Holds.Why
			for _, m := range i.Holds.Members {
				issue.Members = append(issue.Members, m.Award.Key.String())
			}
		}
		issue.Document = func() (jsontext.Value, error) { return p.Unsigned(i, nil) }
		for _, v := range i.Variants {
			if issue.VariantDocuments == nil {
				issue.VariantDocuments = map[string]document{}
			}
			issue.VariantDocuments[string(v.Name)] = func() (jsontext.Value, error) { return p.Unsigned(i, v) }
		}
		j.Issue = append(j.Issue, issue)
	}
	for _, e := range p.Void {
		j.Void = append(j.Void, planRecord{e.Award, e.Credential})
	}
	for _, w := range p.Waiting {
		j.Waiting = append(j.Waiting, planWaiting{w.Award.Key.String(), w.Why})
	}
	for _, e := range p.Endorse {
		j.Endorse = append(j.Endorse, planEndorse{e.Key().String(), e.Endorser.Slug, p.Endorser(e.Endorser.Slug).Key.Kid, e.Content, e.Replaces, e.Source.String(),
			func() (jsontext.Value, error) { return e.Unsigned(p) }})
	}
	for _, x := range p.Unendorsed {
		j.Unendorsed = append(j.Unendorsed, x.Key().String())
	}
	for _, s := range p.Seal {
		j.Seal = append(j.Seal, planRecord{s.Record.Award, s.Record.Credential})
	}
	j.Variants = p.Variants()
	_, j.Capsules = p.Sealed()
	j.Head = p.Head
	for _, l := range p.Lists {
		j.Lists = append(j.Lists, planList{l.List, l.Profile, l.Reason, len(l.Set)})
	}
	for _, e := range p.Twice {
		j.Twice = append(j.Twice, planRecord{e.Award, e.Credential})
	}
	for _, c := range p.Changed {
		changed := planChanged{planRecord: planRecord{c.Record.Award, c.Record.Credential}, Fields: c.Fields}
		if c.Award != nil {
			changed.Name = c.Award.Recipient.Name
		}
		for _, d := range c.Differences {
			changed.Differences = append(changed.Differences, planDifference(d))
		}
		j.Changed = append(j.Changed, changed)
	}
	j.Earlier = p.Earlier
	for _, i := range p.Missed() {
		j.Missed = append(j.Missed, i.Award.Key.String())
	}
	for _, achievement := range p.Unversioned {
		j.Unversioned = append(j.Unversioned, achievement.Slug)
	}
	for _, m := range p.Moved {
		j.Moved = append(j.Moved, planMoved{m.Award.Key.String(), planRecord{m.Record.Award, m.Record.Credential}, m.Award.Source.String()})
	}
	for _, u := range p.Unclear {
		unclear := planUnclear{}
		for _, award := range u.Awards {
			unclear.Awards = append(unclear.Awards, award.Key.String())
		}
		for _, r := range u.Records {
			unclear.Was = append(unclear.Was, planRecord{r.Award, r.Credential})
		}
		j.Unclear = append(j.Unclear, unclear)
	}
	for _, r := range p.Fewer {
		j.Fewer = append(j.Fewer, planRecord{r.Award, r.Credential})
	}
	for _, r := range p.Vanished {
		j.Vanished = append(j.Vanished, planRecord{r.Award, r.Credential})
	}
	return j
}

func who(award *model.Award) planWho {
	r := award.Recipient
	return planWho{r.Name, r.Email, r.ID, r.StudentID}
}
