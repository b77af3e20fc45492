package cli

import (
	"cmp"
	"crypto/rand"
	"fmt"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/keys"
	"laurel/internal/issuing/ledger"
	"laurel/internal/issuing/plan"
	"laurel/internal/material/hint"
)

func (a *app) planCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "plan",
		Short: "Show what would be signed, and why",
		Long: `Compare the content with the ledger and show what would be signed: new awards,
status lists, keys to record, and awards to seal so that a claim link opens
them; also what was signed but has since changed or gone. No key and no network
is used, and nothing is written.

The digest at the end identifies this plan: "laurel sign --plan DIGEST" signs
only the plan that was reviewed.`,
		Example: "  laurel plan\n  laurel plan --json | jq .digest",
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			l, err := a.openLedger()
			if err != nil {
				return err
			}
			defer l.Close()
			p, err := a.makePlan(l, nil, nil)
			if err != nil {
				return err
			}
			if a.json {
				return a.printJSON(planReport(p))
			}
			a.printPlan(p, l.State())
			return nil
		},
	}
}

// makePlan is the first stage: content + ledger -> what is to be signed.
func (a *app) makePlan(l *ledger.Ledger, reissue *plan.Reissue, request *plan.RecordRequest) (*plan.Plan, error) {
	// With many awards, what is known of them stays in memory, and what the collector
	// leaves lying would come on top of that.
	const many = 10_000
	before := 0
	lean := func(awards int) {
		if awards > many && before == 0 {
			before = debug.SetGCPercent(30)
		}
	}
	defer func() {
		if before != 0 {
			debug.SetGCPercent(before)
		}
	}()
	lean(l.State().Len())
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
	lean(awards)
	public, err := a.publicKeys(l.State())
	if err != nil {
		return nil, err
	}
	return plan.Make(plan.Input{Site: site, State: l.State(), Keys: public, Now: now, Rand: rand.Reader,
		Document: l.MainDocument, List: l.ListDocument, Reissue: reissue, Request: request})
}

func (a *app) printPlan(p *plan.Plan, state *ledger.State) {
	a.printf("%s  %s\n", clean(p.Site.Issuer.Name), p.DID)
	switch {
	case p.Key.Kid == "" && len(state.Keys()) == 0:
		a.printf("no key yet: run laurel key new\n")
	case p.Key.Kid == "":
		a.printTrouble(a.noKey(state))
	case !keys.HasPrivate(a.keysDir(), p.Key.Kid):
		a.printTrouble(missingKey(p.Key))
	default:
		a.printf("key %s\n", p.Key.Kid)
	}
	for i, f := range p.Forms[1:] {
		before := slices.ContainsFunc(p.Forms[:i+1], func(b plan.Form) bool { return b.Key.Kid == f.Key.Kid })
		switch {
		case f.Key.Kid == "":
			a.printf("no key for %s yet: run laurel key new --algorithm %s\n", f.Format, plan.Algorithm(f.Format))
		case !keys.HasPrivate(a.keysDir(), f.Key.Kid):
			if !before { // one key may be that of several forms
				a.printTrouble(missingKey(f.Key))
			}
		default:
			a.printf("key %s for %s\n", f.Key.Kid, f.Format)
		}
	}
	a.printEndorsers(p)
	a.printDate(p.Now, state)
	if len(p.KeyEvents) > 0 {
		a.printf("\nkeys to record:\n")
		for _, k := range p.KeyEvents {
			a.printf("  %s %s%s\n", k.Kid, k.Action, ofProfile(k.Profile))
		}
	}
	a.printEndorsements(p)
	awards, records := p.Parts()
	if len(awards) > 0 {
		a.printf("\n%s to sign%s:\n", plural(len(awards), "award"), extent(awards))
		for _, i := range awards {
			a.printf("  + %s  %s, %s%s\n", clean(i.Award.Key.String()), clean(i.Award.Title()), i.Award.Visibility, remark(i, p.Now))
		}
	}
	if len(records) > 0 {
		a.printf("\n%s to sign%s:\n", plural(len(records), "learner record"), extent(records))
		for _, i := range records {
			a.printf("  + %s  %s, %s, %s%s: %s\n", clean(i.Award.Key.String()), clean(i.Award.Title()), i.Award.Visibility,
				plural(len(i.Holds.Members), "member"), remark(i, p.Now), clean(i.Holds.Why))
		}
	}
	if len(p.Seal) > 0 {
		a.printf("\n%s to seal, which %s already signed:\n", plural(len(p.Seal), "award"), wasWere(len(p.Seal)))
		for _, s := range p.Seal {
			a.printf("  * %s\n", clean(s.Record.Award))
		}
	}
	if len(p.Twice) > 0 {
		a.printf("\n%s to revoke, which another copy of the ledger issued for an award that has one; the learner needs the other's link:\n", plural(len(p.Twice), "credential"))
		for _, e := range p.Twice {
			a.printf("  x %s  %s\n", clean(e.Award), clean(e.Credential))
		}
	}
	if len(p.Void) > 0 {
		a.printf("\n%s to revoke, because a member was revoked and the program is no longer complete:\n", plural(len(p.Void), "learner record"))
		for _, e := range p.Void {
			a.printf("  x %s  %s\n", clean(e.Award), clean(e.Credential))
		}
		a.printf("  to have one signed anew all the same, as partial: laurel record LEARNER --program PROGRAM\n")
	}
	if len(p.Lists) > 0 {
		a.printf("\n%s to sign:\n", plural(len(p.Lists), "status list"))
		for _, l := range p.Lists {
			a.printf("  + status/%d.json  %s%s\n", l.List, l.Reason, ofProfile(l.Profile))
		}
	}
	if p.Head && len(p.Issue)+len(p.Endorse)+len(p.Lists) == 0 {
		a.printf("\nthe ledger's head to sign\n")
	}
	if len(p.Changed) > 0 {
		a.printf("\n%s changed since signing; what was signed stays as it is:\n", awardsAmong(len(p.Changed), func(i int) bool { return p.Changed[i].Award != nil }))
		for _, c := range p.Changed {
			a.printf("  ~ %s  %s\n", clean(c.Record.Award), strings.Join(c.Fields, ", "))
		}
		a.printf("  to revoke them and sign them again: laurel reissue AWARD\n")
	}
	if missed := p.Missed(); len(missed) > 0 {
		a.printf("\n%s with a result that does not reach what is required, which pages will say (where a lower mark is better, list the marks in allowedValue, the worst first):\n", plural(len(missed), "award"))
		for _, i := range missed {
			a.printf("  ! %s\n", clean(i.Award.Key.String()))
		}
	}
	if p.Earlier > 0 {
		a.printf("\n%s signed for an earlier version of the achievement, which the site keeps readable\n", plural(p.Earlier, "award"))
	}
	for _, achievement := range p.Unversioned {
		a.printf("\nachievement %s has changed since it was awarded, and its version has not (%s): give it a new one, such as version: %q, so that readers can tell the two apart\n",
			achievement.Slug, clean(cmp.Or(achievement.Version, "it has none")), strconv.Itoa(p.Now.Year()))
	}
	a.printUnendorsed(p)
	if len(p.Moved) > 0 {
		a.printf("\n%s not signed, because each looks like one already signed under another key:\n", plural(len(p.Moved), "award"))
		for _, m := range p.Moved {
			a.printf("  > %s  was %s\n", clean(m.Award.Key.String()), clean(m.Record.Award))
		}
		a.printf("  to keep the old key: give the award list its old file name, or use the last\n")
		a.printf("  part of the old key as the recipient's key; then laurel reissue AWARD if needed\n")
		a.printf("  to issue a new credential instead: first laurel revoke the old one\n")
	}
	if len(p.Waiting) > 0 {
		a.printf("\n%s due, but not to be signed as things are:\n", plural(len(p.Waiting), "learner record"))
		for _, w := range p.Waiting {
			a.printf("  ? %s  %s\n", clean(w.Award.Key.String()), clean(w.Why))
		}
	}
	if n := len(p.Fewer); n > 0 {
		a.printf("\n%s %s signed in fewer forms than are asked for now, which what is signed from now on has;\n  to revoke and sign those anew in all of them: laurel reissue AWARD\n", plural(n, "award"), wasWere(n))
	}
	if len(p.Vanished) > 0 {
		a.printf("\n%s no longer in the content; what was signed stays issued, but is not on the site:\n", awardsAmong(len(p.Vanished), func(i int) bool { return p.Vanished[i].Profile == "" }))
		for _, r := range p.Vanished {
			a.printf("  - %s\n", clean(r.Award))
		}
		a.printf("  to revoke them: laurel revoke AWARD\n")
	}
	if p.Empty() {
		a.printf("\nnothing to sign\n")
	}
	a.printf("\ndigest %s\n", p.Digest())
}

// printDate says which date would be signed, and what is wrong with it.
func (a *app) printDate(now time.Time, state *ledger.State) {
	a.printf("date %s\n", now.Format(time.DateOnly))
	if why := farAhead(now, state); why != "" {
		a.printf("  that is %s: set the clock right, or, if it is, laurel sign --date-is-right\n", why)
	} else if err := state.CheckTime(now); err != nil {
		a.printTrouble(err)
	}
}

func (a *app) printTrouble(err error) {
	a.printf("%s\n  %s\n", err, hint.Of(err))
}

// extent says what comes with the awards to be signed.
func extent(issues []*plan.Issue) string {
	text := ""
	variants, awards, capsules := 0, 0, 0
	for _, i := range issues {
		variants += len(i.Variants)
		if i.Capsules != nil {
			awards++
			capsules += len(i.Capsules)
		}
	}
	if variants > 0 {
		text += ", with " + plural(variants, "variant")
	}
	if awards > 0 {
		text += fmt.Sprintf(", %d to seal in %s", awards, plural(capsules, "capsule"))
	}
	return text
}

func wasWere(n int) string {
	if n == 1 {
		return "was"
	}
	return "were"
}

func remark(i *plan.Issue, now time.Time) string {
	remark := ""
	for _, v := range i.Variants {
		remark += ", " + string(v.Name)
	}
	if i.Holds != nil && i.Holds.Partial {
		remark += ", partial"
	}
	if i.Replaces != "" {
		remark += ", replaces " + i.Replaces
	}
	if i.Shared {
		remark += ", whose status index is another award's, too"
	}
	if i.Award.AwardedDate.After(now) {
		remark += ", awarded in the future: " + i.Award.AwardedDate.Format(time.DateOnly)
	}
	return remark
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
		Moved         []planMoved   `json:"moved"`
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
		Award       string `json:"award"`
		Achievement string `json:"achievement,omitzero"` // none of a learner record
		Visibility  string `json:"visibility"`
		Content     string `json:"content"`
		Replaces    string `json:"replaces,omitzero"`
		Source      string `json:"source"` // file:line
		// Variants are the names of its further credentials.
		Variants []model.Variant `json:"variants,omitempty"`
		// Of a learner record: its program, the award keys of its members, whether the
		// program is not complete, and why it is signed.
		Program string   `json:"program,omitzero"`
		Members []string `json:"members,omitempty"`
		Partial bool     `json:"partial,omitzero"`
		Why     string   `json:"why,omitzero"`
	}
	planEndorse struct {
		Endorsement string `json:"endorsement"` // key in the ledger
		Endorser    string `json:"endorser"`
		Key         string `json:"key"` // empty: there is none yet
		Content     string `json:"content"`
		Replaces    string `json:"replaces,omitzero"`
		Source      string `json:"source"` // file:line
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
		Award string     `json:"award"`
		Was   planRecord `json:"was"`
	}
	planChanged struct {
		planRecord
		Fields []string `json:"fields"`
	}
)

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
		issue := planIssue{Award: i.Award.Key.String(), Visibility: string(i.Award.Visibility), Content: i.Content, Replaces: i.Replaces,
			Source: i.Award.Source.String(), Variants: i.Award.Variants}
		if i.Holds == nil {
			issue.Achievement = i.Award.Achievement.Slug
		} else {
			issue.Program, issue.Partial, issue.Why = i.Award.Program.Slug, i.Holds.Partial, i.Holds.Why
			for _, m := range i.Holds.Members {
				issue.Members = append(issue.Members, m.Award.Key.String())
			}
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
		j.Endorse = append(j.Endorse, planEndorse{e.Key().String(), e.Endorser.Slug, p.Endorser(e.Endorser.Slug).Key.Kid, e.Content, e.Replaces, e.Source.String()})
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
		j.Changed = append(j.Changed, planChanged{planRecord{c.Record.Award, c.Record.Credential}, c.Fields})
	}
	j.Earlier = p.Earlier
	for _, i := range p.Missed() {
		j.Missed = append(j.Missed, i.Award.Key.String())
	}
	for _, achievement := range p.Unversioned {
		j.Unversioned = append(j.Unversioned, achievement.Slug)
	}
	for _, m := range p.Moved {
		j.Moved = append(j.Moved, planMoved{m.Award.Key.String(), planRecord{m.Record.Award, m.Record.Credential}})
	}
	for _, r := range p.Fewer {
		j.Fewer = append(j.Fewer, planRecord{r.Award, r.Credential})
	}
	for _, r := range p.Vanished {
		j.Vanished = append(j.Vanished, planRecord{r.Award, r.Credential})
	}
	return j
}
