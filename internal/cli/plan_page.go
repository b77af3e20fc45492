package cli

import (
	"bytes"
	"cmp"
	_ "embed"
	"fmt"
	"html/template"
	"strings"
	"time"

	"laurel/internal/issuing/plan"
	"laurel/internal/material/durable"
	"laurel/internal/material/hint"
	"laurel/internal/publishing/privacy"
)

//go:embed plan.html
var planPage string

// pageMark is how a page of a plan begins: what does not is not written over.
const pageMark = "<!doctype html>\n<!-- laurel plan: "

// checkPage refuses a file for a plan where it could be published, and one that is
// something else.
func checkPage(site, file string) error {
	if err := privacy.CheckPlace(site, file); err != nil {
		return err
	}
	ok, err := durable.Replaceable(file, func(head []byte) bool { return len(head) == 0 || strings.HasPrefix(string(head), pageMark) })
	if err == nil && !ok {
		err = hint.Errorf("name another file, or remove it first", "%s is there, and is no page of a plan", file)
	}
	return err
}

// reviewPage is what plan.html shows.
type reviewPage struct {
	Issuer, DID, Address, Key, Date, Signs, Digest string

	Lists   []reviewList
	Others  []reviewOthers
	Changed []reviewChange
}

type reviewList struct {
	Name, Achievement, Slug, Count, Variants string
	Expire, Results                          bool // some do, have
	Span                                     int  // columns behind the first
	Rows                                     []reviewRow
}

type reviewRow struct {
	Number                                         int
	Name, Awarded, Expires, Email, Key, Visibility string
	Results, Details                               []plan.Fact
	Notes                                          []string
}

type reviewOthers struct {
	Title string
	Lines []string
}

type reviewChange struct{ Of, Field, Was, Is, Note string }

// writePage writes the plan as a page to print and sign off.
func (a *app) writePage(file string, p *plan.Plan) error {
	t, err := template.New("plan").Parse(planPage)
	if err != nil {
		return fmt.Errorf("read the page of a plan: %w", err)
	}
	// What html/template leaves out of a page are comments.
	_, rest, _ := strings.Cut(planPage, "\n")
	mark, _, _ := strings.Cut(rest, "\n")
	var body bytes.Buffer
	if err := t.Execute(&body, a.review(p)); err != nil {
		return fmt.Errorf("write the page of a plan: %w", err)
	}
	html := bytes.Replace(body.Bytes(), []byte("<!doctype html>\n"), []byte("<!doctype html>\n"+mark+"\n"), 1)
	if err := durable.ReplaceFile(file, html, 0o600); err != nil {
		return fmt.Errorf("write %s: %w", file, err)
	}
	a.notef("wrote the plan to %s: it names people, so keep it to those who check it\n", clean(file))
	return nil
}

func (a *app) review(p *plan.Plan) *reviewPage {
	r := &reviewPage{Issuer: p.Site.Issuer.Name, DID: p.DID, Address: p.Site.BaseURL, Key: p.Key.Kid,
		Date: p.Now.Format(time.DateOnly), Signs: "nothing", Digest: p.Digest()}
	if p.NeedsKey() {
		r.Signs = signedParts(p)
	}
	for _, b := range p.Batches() {
		l := reviewList{Name: visible(cmp.Or(b.Cohort.Name, b.Cohort.Slug)), Achievement: visible(b.Achievement.Name), Slug: b.Cohort.Slug + "/" + b.Achievement.Slug,
			Count: plural(len(b.Issues), "award"), Variants: variantsOf(b.Issues[0]), Span: 5}
		for n, i := range b.Issues {
			award := i.Award
			row := reviewRow{Number: n + 1, Name: cmp.Or(visible(award.Recipient.Name), "(no name)"), Awarded: award.AwardedDate.Format(time.DateOnly), Expires: dayOrNone(award.ValidUntil),
				Email: visible(award.Recipient.Email), Key: visible(award.Key.Recipient), Visibility: string(award.Visibility), Notes: remarks(i, p.Now)}
			if row.Key == row.Email {
				row.Key = ""
			}
			for _, f := range plan.Results(award) {
				row.Results = append(row.Results, plan.Fact{Name: visible(f.Name), Text: visible(f.Text)})
			}
			for _, f := range plan.Details(award) {
				if f.Name != "email" && f.Text != award.Key.Recipient {
					row.Details = append(row.Details, plan.Fact{Name: f.Name, Text: visibleLines(f.Text)})
				}
			}
			if variantsOf(i) != l.Variants {
				l.Variants = ""
			}
			l.Expire = l.Expire || row.Expires != ""
			l.Results = l.Results || row.Results != nil
			l.Rows = append(l.Rows, row)
		}
		if l.Expire {
			l.Span++
		}
		if l.Results {
			l.Span++
		}
		r.Lists = append(r.Lists, l)
	}
	r.others(p)
	edits, single := p.Edits()
	for _, e := range edits {
		of := awardsAmong(len(e.Changes), func(i int) bool { return e.Changes[i].Award != nil }) + ", such as " + beforeKey(e.Changes[0].Award) + e.Changes[0].Record.Award
		r.Changed = append(r.Changed, changeRow(of, e.Difference))
	}
	for _, c := range single {
		of := beforeKey(c.Award) + c.Record.Award
		for _, d := range c.Differences {
			r.Changed = append(r.Changed, changeRow(of, d))
		}
		if len(c.Differences) == 0 {
			r.Changed = append(r.Changed, reviewChange{Of: of, Field: strings.Join(c.Fields, ", ")})
		}
	}
	return r
}

// others are all that is no award to be signed, and no change.
func (r *reviewPage) others(p *plan.Plan) {
	add := func(title string, lines []string) {
		if lines != nil {
			r.Others = append(r.Others, reviewOthers{title, lines})
		}
	}
	_, records := p.Parts()
	var lines []string
	for _, i := range records {
		lines = append(lines, fmt.Sprintf("%s%s: %s, %s, %s%s", beforeKey(i.Award), i.Award.Key, visible(i.Award.Title()), i.Award.Visibility, plural(len(i.Holds.Members), "member"), remark(i, p.Now)))
	}
	add("Learner records to sign", lines)
	lines = nil
	for _, e := range p.Endorse {
		lines = append(lines, fmt.Sprintf("%s: %s. %s", e.Key(), visible(e.Name), visible(e.Comment)))
	}
	add("Endorsements to sign", lines)
	lines = nil
	for _, s := range p.Seal {
		lines = append(lines, beforeKey(s.Award)+s.Record.Award)
	}
	add("Awards to seal, already signed", lines)
	lines = nil
	for _, l := range p.Lists {
		lines = append(lines, fmt.Sprintf("status/%d.json: %s%s", l.List, l.Reason, ofProfile(l.Profile)))
	}
	add("Status lists to sign", lines)
	lines = nil
	for _, i := range p.Missed() {
		lines = append(lines, beforeKey(i.Award)+i.Award.Key.String()+": "+results(i.Award))
	}
	add("With a result that does not reach what is required", lines)
	lines = nil
	for _, m := range p.Moved {
		lines = append(lines, fmt.Sprintf("%s%s looks like %s%s", beforeKey(m.Award), m.Award.Key, m.Record.Award, keepKey(m)))
	}
	for _, u := range p.Unclear {
		for _, award := range u.Awards {
			lines = append(lines, fmt.Sprintf("%s%s looks like %s, of which it is not clear which", beforeKey(award), award.Key, plural(len(u.Records), "award")))
		}
	}
	add("Not signed, because it looks like one already signed", lines)
	lines = nil
	for _, rec := range p.Vanished {
		lines = append(lines, rec.Award)
	}
	add("No longer in the content, and still issued", lines)
}

func changeRow(of string, d plan.Difference) reviewChange {
	c := reviewChange{Of: of, Field: d.Field, Was: visibleLines(d.Was), Is: visibleLines(d.Is)}
	if d.Invisible() {
		c.Was, c.Is, c.Note = spelledOut(d.Was), spelledOut(d.Is), "It looks the same."
	}
	if d.Hashed {
		c.Was = "another one"
	}
	c.Was, c.Is = cmp.Or(c.Was, "(none)"), cmp.Or(c.Is, "(none)")
	return c
}

// visibleLines is visible for a text of several lines.
func visibleLines(s string) string {
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		lines[i] = visible(line)
	}
	return strings.Join(lines, "\n")
}
