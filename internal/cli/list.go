package cli

import (
	"bytes"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"laurel/internal/authoring/content"
	"laurel/internal/authoring/model"
	"laurel/internal/issuing/ledger"
	"laurel/internal/issuing/register"
	"laurel/internal/material/durable"
	"laurel/internal/material/hint"
	"laurel/internal/material/table"
	"laurel/internal/material/text"
	"laurel/internal/publishing/deliver"
	"laurel/internal/publishing/privacy"
	"laurel/internal/publishing/site"
)

func (a *app) listCommand() *cobra.Command {
	var l listing
	c := &cobra.Command{
		Use:   "list",
		Short: "List everybody's awards: who has what, since when, until when",
		Long: `List the awards of all award lists, and those that were signed and are no longer in
the content: whose, for what, when, until when, how each stands, and who may see it.

The status is one of: not signed, valid, expiring (within 90 days), expired,
suspended, revoked, or key revoked, which means that it has to be issued again.
What is no longer in the content is called gone in the place of its visibility.

With --format the list is a table for a spreadsheet or a mail merge: csv has
commas, semicolon is what Excel opens by itself where commas mark decimals. With
--email it has the addresses, with --link the page of a public award and the claim
link of a sealed one. Whoever has a claim link has the award: delete such a table
when it has been used.`,
		Example: "  laurel list --expires-before P60D\n  laurel list --cohort spring-2026 --status revoked\n  laurel list --expires-before P60D --email --out ~/renewals.csv",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			l.asTable = c.Flags().Changed("format") || l.out != ""
			return a.list(c, l)
		},
	}
	l.filter.add(a, c)
	a.formatFlag(c, &l.format)
	c.Flags().StringVar(&l.out, "out", "", "write to this file, readable by you alone; an earlier list there is replaced")
	c.Flags().BoolVar(&l.email, "email", false, "with the recipients' e-mail addresses")
	c.Flags().BoolVar(&l.link, "link", false, "with the page of each public award, and the claim link of each sealed one, which is a secret")
	return c
}

// listing is what one run of list is asked for.
type listing struct {
	filter      awardFilter
	format      table.Format
	asTable     bool // for a spreadsheet
	out         string
	email, link bool
}

// listed is one line of the list, and its form in JSON, schema version 1.
type listed struct {
	Award       string    `json:"award"`
	Name        string    `json:"name"`
	Email       string    `json:"email,omitzero"`
	Cohort      string    `json:"cohort"`
	Achievement string    `json:"achievement"` // slug
	Title       string    `json:"title"`
	Awarded     time.Time `json:"awardedDate,omitzero"`
	Signed      time.Time `json:"signed,omitzero"`
	Until       time.Time `json:"validUntil,omitzero"`
	Status      string    `json:"status"`
	Reason      string    `json:"reason,omitzero"`     // of the status
	Since       time.Time `json:"since,omitzero"`      // of the status
	Visibility  string    `json:"visibility"`          // or withdrawn, or gone
	Credential  string    `json:"credential,omitzero"` // id
	Link        string    `json:"link,omitzero"`
}

// The statuses of the list that a credential's site.State is not.
const (
	notSigned  = "not signed"
	keyRevoked = "key revoked"
)

// listStatuses are all of them, as --status takes them.
var listStatuses = []string{notSigned, string(site.Valid), string(site.Expiring), string(site.Expired), string(site.Suspended), string(site.Revoked), keyRevoked}

// Visibilities of the list that an award's own is not.
const (
	withdrawn = "withdrawn"
	gone      = "gone" // no longer in the content
)

func (a *app) list(c *cobra.Command, l listing) error {
	if err := a.tableFormat(c, &l.format, l.out); err != nil {
		return err
	}
	if l.out != "" {
		l.out = a.env.path(l.out)
		if err := errors.Join(privacy.CheckPlace(a.dir, l.out), checkListFile(l.out)); err != nil {
			return err
		}
	}
	o, err := a.openRegister()
	if err != nil {
		return err
	}
	defer o.Close()
	chosen, err := l.filter.choose(o)
	if err != nil {
		return err
	}
	lines := make([]listed, len(chosen))
	for i, e := range chosen {
		if lines[i], err = o.line(e); err != nil {
			return err
		}
		if !l.email && !a.json {
			lines[i].Email = ""
		}
		if l.link {
			if lines[i].Link, err = o.link(e); err != nil {
				return err
			}
		}
	}
	switch {
	case a.json:
		b, err := encodeJSON(struct {
			SchemaVersion int      `json:"schemaVersion"`
			Awards        []listed `json:"awards"`
		}{schemaVersion, append([]listed{}, lines...)})
		if err != nil {
			return err
		}
		return a.handList(l, b, len(lines), 0)
	case l.asTable:
		var b bytes.Buffer
		inert, err := table.Write(&b, l.format, l.rows(lines))
		if err != nil {
			return err
		}
		return a.handList(l, b.Bytes(), len(lines), inert)
	}
	a.printList(lines, l)
	return nil
}

// rows are the list as a table.
func (l listing) rows(lines []listed) [][]string {
	cells := func(x listed) []string {
		row := []string{x.Award, x.Name}
		if l.email {
			row = append(row, x.Email)
		}
		row = append(row, x.Title, dayOrNone(x.Awarded), dayOrNone(x.Until), x.Status, x.Visibility, x.Credential)
		if l.link {
			row = append(row, x.Link)
		}
		return row
	}
	head := []string{"award", "name", "achievement", "awarded", "until", "status", "visibility", "credential"}
	if l.email {
		head = slices.Insert(head, 2, "email")
	}
	if l.link {
		head = append(head, "link")
	}
	rows := [][]string{head}
	for _, x := range lines {
		rows = append(rows, cells(x))
	}
	return rows
}

// checkListFile refuses to write over what is not an earlier list.
func checkListFile(file string) error {
	ok, err := durable.Replaceable(file, func(head []byte) bool {
		for _, own := range []string{"\ufeffaward,name,", "\ufeffaward;name;", "\ufeffaward\tname\t", "{\n  \"schemaVersion\": 1,\n  \"awards\": ["} {
			if strings.HasPrefix(string(head), own) {
				return true
			}
		}
		return false
	})
	if err == nil && !ok {
		err = hint.Errorf("laurel list replaces only its own lists, and no workbook: choose another name, or remove the file", "%s already exists; nothing was written", clean(file))
	}
	return err
}

func (a *app) handList(l listing, text []byte, n, inert int) error {
	if l.out == "" {
		_, err := a.stdout.Write(text)
		return err
	}
	if err := deliver.WriteFile(l.out, text); err != nil {
		return err
	}
	a.notef("wrote %s to %s; it names people: keep it out of public places\n", plural(n, "award"), clean(l.out))
	if inert > 0 {
		a.notef("put an apostrophe before %s that a spreadsheet could read as a formula\n", plural(inert, "cell"))
	}
	return nil
}

// printList prints a line for each award, cut to the width of the terminal. Where that
// is narrow, keys are left out: the name finds an award as well.
func (a *app) printList(lines []listed, l listing) {
	width := a.outputWidth()
	rows := [][]string{{"NAME", "ACHIEVEMENT", "AWARDED", "UNTIL", "STATUS", "SEEN BY", "E-MAIL", "AWARD", "LINK"}}
	for _, x := range lines {
		row := []string{clean(x.Name), clean(x.Title), dayOrNone(x.Awarded), dayOrNone(x.Until), x.Status, x.Visibility, clean(x.Email), "", clean(x.Link)}
		if width >= 100 {
			row[7] = clean(x.Award)
		}
		rows = append(rows, row)
	}
	widths := fitColumns(rows, width, func(widths []int, c int) int {
		switch {
		case c < 2:
			return widths[c]
		case c == 7:
			return widths[c] / 2
		case c == 6:
			return widths[c] * 2 / 3
		}
		return 0
	})
	if len(lines) > 0 {
		a.printColumns(rows, widths, 7, func(i, c int) string {
			if c != 4 {
				return ""
			}
			return statusColour(lines[i].Status)
		})
	}
	a.printf("%s\n", plural(len(lines), "award"))
	if l.link {
		a.notef("whoever has a claim link has the award: send each to its learner only\n")
	}
}

func statusColour(status string) string {
	switch status {
	case string(site.Valid):
		return green
	case string(site.Expired), string(site.Revoked), keyRevoked:
		return red
	}
	return yellow
}

// openedRegister is the register of an opened ledger, at a time.
type openedRegister struct {
	*register.Register
	*ledger.Ledger
	site  *model.Site
	now   time.Time
	where deliver.Published
}

// registerOf is the register of a ledger that is open already.
func (a *app) registerOf(l *ledger.Ledger, now time.Time) (*openedRegister, error) {
	content, err := a.loadContent()
	if err != nil {
		return nil, err
	}
	asSigned(content, l.State())
	return registerAt(content, l, now)
}

func registerAt(content *model.Site, l *ledger.Ledger, now time.Time) (*openedRegister, error) {
	r, err := register.Make(content, l.State(), l.MainDocument)
	return &openedRegister{r, l, content, now, published(l)}, err
}

// openRegister reads content and ledger.
func (a *app) openRegister() (*openedRegister, error) {
	now, err := a.now()
	if err != nil {
		return nil, err
	}
	content, l, err := a.inputs()
	if err != nil {
		return nil, err
	}
	o, err := registerAt(content, l, now)
	if err != nil {
		l.Close()
	}
	return o, err
}

// status is how an award stands, one of listStatuses.
func (o *openedRegister) status(e *register.Entry) (string, error) {
	if e.Record == nil {
		return notSigned, nil
	}
	return o.statusOf(e.Record)
}

func (o *openedRegister) statusOf(rec *ledger.Record) (string, error) {
	word := string(site.Valid)
	if rec.Status != ledger.Active {
		word = string(rec.Status)
	}
	state := string(site.StateAt(time.Time{}, rec.ValidUntil, word, o.now))
	if state == string(site.Revoked) {
		return state, nil
	}
	kid, err := o.where.RevokedKey(rec)
	if err == nil && kid != "" {
		state = keyRevoked
	}
	return state, err
}

// seenBy is who may see an award: its visibility, or why nobody does.
func seenBy(e *register.Entry) string {
	switch {
	case e.Award == nil:
		return gone
	case e.Record != nil && !e.Record.Withdrawn.IsZero():
		return withdrawn
	}
	return string(e.Award.Visibility)
}

func (o *openedRegister) line(e *register.Entry) (listed, error) {
	x := listed{Award: e.Key, Name: e.Name, Email: e.Email(), Cohort: e.Cohort(), Achievement: e.Achievement(), Title: e.Title,
		Awarded: e.Awarded, Until: e.Until(), Visibility: seenBy(e)}
	if e.Record != nil {
		x.Credential, x.Signed = e.Record.Credential, e.Record.IssuedAt
		x.Reason, x.Since = e.Record.StatusReason, e.Record.StatusSince
	}
	var err error
	x.Status, err = o.status(e)
	return x, err
}

// link is the page of a public award, or the claim link of a sealed one; empty: it has
// neither.
func (o *openedRegister) link(e *register.Entry) (string, error) {
	if e.Record == nil || e.Award == nil {
		return "", nil
	}
	if page := o.page(e, e.Record); page != "" {
		return page, nil
	}
	link, _, err := deliver.LinkOf(o.site, o.where, e.Award, e.Record)
	return link, err
}

// page is the address of a public credential's page; empty: it has none.
func (o *openedRegister) page(e *register.Entry, rec *ledger.Record) string {
	if e.Award == nil || e.Award.Visibility != model.Public || !rec.Withdrawn.IsZero() || rec.Replaced() {
		return ""
	}
	return o.site.URL(model.AwardFolder(rec.Credential))
}

// awardFilter chooses awards by what they are.
type awardFilter struct {
	before, after                             string
	cohorts, achievements, statuses, visibles []string
	name                                      string
}

func (f *awardFilter) add(a *app, c *cobra.Command) {
	flags := c.Flags()
	flags.StringVar(&f.before, "expires-before", "", "those that expire before a date, or within a duration from now, such as P60D")
	flags.StringVar(&f.after, "expires-after", "", "those that expire on or after a date, or a duration from now")
	flags.StringArrayVar(&f.cohorts, "cohort", nil, "those of this award list (repeatable)")
	flags.StringArrayVar(&f.achievements, "achievement", nil, "those for this achievement, by its file's name (repeatable)")
	flags.StringArrayVar(&f.statuses, "status", nil, "those that stand so: "+strings.Join(listStatuses, ", ")+" (repeatable)")
	flags.StringVar(&f.name, "name", "", "those whose recipient's name has all these words")
	flags.StringArrayVar(&f.visibles, "visibility", nil, "those that are public, link, private, withdrawn or gone (repeatable)")
	a.completeFilter(c)
}

// given tells whether anything is asked for.
func (f *awardFilter) given() bool {
	return f.before+f.after+f.name != "" || len(f.cohorts)+len(f.achievements)+len(f.statuses)+len(f.visibles) > 0
}

// choose are the entries that agree with all of it. A name that nothing has is misuse.
func (f *awardFilter) choose(o *openedRegister) ([]*register.Entry, error) {
	var before, after time.Time
	var err error
	if before, err = moment("expires-before", f.before, o.now); err == nil {
		after, err = moment("expires-after", f.after, o.now)
	}
	if err != nil {
		return nil, err
	}
	cohorts, achievements := map[string]bool{}, map[string]bool{}
	for _, e := range o.Entries {
		cohorts[e.Cohort()], achievements[e.Achievement()] = true, true
	}
	for _, c := range o.site.Cohorts {
		cohorts[c.Slug] = true
	}
	for _, a := range o.site.Achievements {
		achievements[a.Slug] = true
	}
	visible := []string{string(model.Public), string(model.Link), string(model.Private), withdrawn, gone}
	for _, flag := range []struct {
		name, what   string
		given, known []string
	}{{"cohort", "award list", f.cohorts, slices.Sorted(maps.Keys(cohorts))}, {"achievement", "achievement", f.achievements, slices.Sorted(maps.Keys(achievements))},
		{"status", "status", f.statuses, listStatuses}, {"visibility", "visibility", f.visibles, visible}} {
		for _, given := range flag.given {
			if slices.Contains(flag.known, given) {
				continue
			}
			try := "it is one of " + strings.Join(flag.known, ", ")
			if near := text.Nearest(given, flag.known); near != "" {
				try = "did you mean --" + flag.name + " " + shellWord(near) + "?"
			} else if len(flag.known) > 12 {
				try = "laurel list --json shows all"
			}
			return nil, misuse(try, "--%s: there is no %s %s", flag.name, flag.what, text.Quote(given))
		}
	}
	named := register.Named(f.name)
	var chosen []*register.Entry
	for _, e := range o.Entries {
		until := e.Until()
		if !before.IsZero() && (until.IsZero() || !until.Before(before)) || !after.IsZero() && !until.IsZero() && until.Before(after) ||
			len(f.cohorts) > 0 && !slices.Contains(f.cohorts, e.Cohort()) || len(f.achievements) > 0 && !slices.Contains(f.achievements, e.Achievement()) ||
			len(f.visibles) > 0 && !slices.Contains(f.visibles, seenBy(e)) || f.name != "" && !named(e.Name) {
			continue
		}
		if len(f.statuses) > 0 {
			status, err := o.status(e)
			if err != nil {
				return nil, err
			}
			if !slices.Contains(f.statuses, status) {
				continue
			}
		}
		chosen = append(chosen, e)
	}
	return chosen, nil
}

// moment reads a date, or a duration from now; empty: the zero time.
func moment(flag, s string, now time.Time) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	if t, err := time.Parse(time.DateOnly, s); err == nil {
		return t, nil
	}
	p, fault, _ := content.Period(s)
	if fault != "" {
		return time.Time{}, misuse("write a date, such as 2026-12-31, or a duration from now: P60D is 60 days, P2M two months", "--%s takes a date or a duration, not %s", flag, text.Quote(s))
	}
	return p.AddTo(now), nil
}
