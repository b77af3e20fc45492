package cli

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/ledger"
	"laurel/internal/issuing/register"
	"laurel/internal/standards/vc"
)

func (a *app) showCommand() *cobra.Command {
	var link bool
	c := &cobra.Command{
		Use:   "show AWARD",
		Short: "Show all that is known of one award",
		Long: `Show all that is known of one award: whose it is, for what, its dates and results,
how it stands and why, what was decided about it, its credentials, those before it
as well, its files, and where it is written in the content.

` + awardHelp + `

With --link, its page or its claim link is shown, too. Whoever has a claim link has
the award.`,
		Example: "  laurel show \"Ana Example\"\n  laurel show ana@example.org --link",
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) != 1 {
				return misuse("laurel show \"Ana Example\"; laurel list shows all awards", "name one award")
			}
			return a.show(c.Context(), args[0], link)
		},
		ValidArgsFunction: a.completeAwards(1, false),
	}
	c.Flags().BoolVar(&link, "link", false, "with its page, or its claim link, which is a secret")
	return c
}

// shown is an award in full, and its form in JSON, schema version 1.
type shownAward struct {
	SchemaVersion int `json:"schemaVersion"`
	listed
	StudentID   string            `json:"studentId,omitzero"`
	ID          string            `json:"id,omitzero"` // DID
	Source      string            `json:"source,omitzero"`
	Narrative   string            `json:"narrative,omitzero"`
	Results     []shownResult     `json:"results,omitempty"`
	Credits     *float64          `json:"creditsEarned,omitzero"`
	Activity    []string          `json:"activity,omitempty"` // from, to
	Credentials []shownCredential `json:"credentials"`        // the newest first
	History     []shownEvent      `json:"history"`            // the oldest first
}

type shownResult struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

type shownCredential struct {
	ID       string            `json:"id"`
	Signed   time.Time         `json:"signed"`
	Until    time.Time         `json:"validUntil,omitzero"`
	Status   string            `json:"status"`
	Replaced string            `json:"replacedBy,omitzero"`
	Renewed  bool              `json:"renewed,omitzero"` // by that
	Forms    []string          `json:"forms"`
	Variants map[string]string `json:"variants,omitempty"` // id by name
	Files    []string          `json:"files,omitempty"`    // on the site
}

type shownEvent struct {
	seq        int64
	Time       time.Time `json:"time"`
	What       string    `json:"what"`
	Credential string    `json:"credential"`
	Reason     string    `json:"reason,omitzero"`
}

func (a *app) show(ctx context.Context, name string, link bool) error {
	o, err := a.openRegister()
	if err != nil {
		return err
	}
	defer o.Close()
	f := a.finder(o.Ledger, o.site, false)
	f.register = o.Register
	found, err := f.find(name)
	if err != nil {
		return err
	}
	if len(found.Entries) > 1 {
		return f.several(name, found.Entries)
	}
	e := found.Entries[0]
	s := shownAward{SchemaVersion: schemaVersion, Credentials: []shownCredential{}, History: []shownEvent{}}
	if s.listed, err = o.line(e); err != nil {
		return err
	}
	if link {
		if s.Link, err = o.link(e); err != nil {
			return err
		}
	}
	if e.Award != nil {
		s.Source, s.ID, s.StudentID = e.Award.Source.String(), e.Award.Recipient.ID, e.Award.Recipient.StudentID
	}
	if e.Record != nil {
		if err := s.signed(ctx, o, e); err != nil {
			return err
		}
	} else if e.Award.Program == nil {
		s.planned(e.Award)
	}
	if a.json {
		return a.printJSON(s)
	}
	a.printShown(s, found.Record)
	return nil
}

// planned fills in what will be signed of an award.
func (s *shownAward) planned(a *model.Award) {
	s.Narrative, s.Credits = a.Narrative, a.CreditsEarned
	for _, r := range a.Result {
		name := r.ResultDescription
		for _, d := range a.Achievement.ResultDescription {
			if d.ID == r.ResultDescription {
				name = d.Name
			}
		}
		s.Results = append(s.Results, shownResult{name, strings.Join(nonEmpty(r.Value, r.AchievedLevel, r.Status), ", ")})
	}
	s.Activity = nonEmpty(dayOrNone(a.ActivityStartDate), dayOrNone(a.ActivityEndDate))
}

// signed fills in what was signed.
func (s *shownAward) signed(ctx context.Context, o *openedRegister, e *register.Entry) error {
	b, err := o.MainDocument(e.Record)
	if err != nil {
		return err
	}
	if c, err := vc.Parse(b); err == nil {
		of := c.CredentialSubject
		s.Narrative, s.Credits, s.Awarded = of.Narrative, of.CreditsEarned, c.AwardedDate.Time
		for _, r := range of.Result {
			name, value := r.ResultDescription, nonEmpty(r.Value)
			for _, d := range of.Achievement.ResultDescription {
				if d.ID != r.ResultDescription {
					continue
				}
				name = d.Name
				for _, level := range d.RubricCriterionLevel {
					if level.ID == r.AchievedLevel {
						value = append(value, level.Name)
					}
				}
			}
			s.Results = append(s.Results, shownResult{name, strings.Join(append(value, nonEmpty(r.Status)...), ", ")})
		}
		s.Activity = nonEmpty(dayOrNone(of.ActivityStartDate.Time), dayOrNone(of.ActivityEndDate.Time))
	}
	ours := map[string]bool{} // ids of full credentials
	for _, rec := range append([]*ledger.Record{e.Record}, o.State().Earlier(e.Record)...) {
		c := shownCredential{ID: rec.Credential, Signed: rec.IssuedAt, Until: rec.ValidUntil, Replaced: rec.ReplacedBy,
			Forms: rec.Formats, Files: o.files(e, rec)}
		if c.Status, err = o.statusOf(rec); err != nil {
			return err
		}
		for _, v := range rec.Variants {
			if c.Variants == nil {
				c.Variants = map[string]string{}
			}
			c.Variants[v.Name] = v.Credential
		}
		c.Renewed = rec.ReplacedBy != "" && o.State().ByCredential(rec.ReplacedBy).Renewal != ""
		ours[rec.Credential] = true
		s.Credentials = append(s.Credentials, c)
	}
	s.History, err = history(ctx, o.Ledger, ours)
	return err
}

// files are what is published of a credential, below public/.
func (o *openedRegister) files(e *register.Entry, rec *ledger.Record) []string {
	var files []string
	switch {
	case e.Award == nil || !rec.Withdrawn.IsZero() || rec.Replaced() || e.Award.Visibility == model.Private:
		return nil
	case e.Award.Visibility == model.Public:
		folder := model.AwardFolder(rec.Credential)
		files = append(files, folder)
		for _, f := range rec.Evidence {
			files = append(files, folder+"evidence/"+f.Name)
		}
	}
	for _, name := range rec.Capsules {
		files = append(files, model.CapsulePath(name))
	}
	return files
}

// history is what the ledger says of these credentials.
func history(ctx context.Context, l *ledger.Ledger, ours map[string]bool) ([]shownEvent, error) {
	var mu sync.Mutex
	events := []shownEvent{}
	err := l.Each(ctx, func(ev *ledger.Event) error {
		e := shownEvent{seq: ev.Seq, Time: ev.Time}
		switch {
		case ev.Issue != nil:
			e.Credential, e.What = ev.Issue.Credential, "signed"
			switch {
			case ev.Issue.Renewal != "":
				e.What = "renewed"
			case ev.Issue.Replaces != "":
				e.What = "signed anew"
			case ev.Issue.Adopted:
				e.What = "found signed"
			}
		case ev.Status != nil:
			e.Credential, e.Reason = ev.Status.Credential, ev.Status.Reason
			e.What = map[string]string{ledger.ActionRevoke: "revoked", ledger.ActionSuspend: "suspended", ledger.ActionReinstate: "reinstated"}[ev.Status.Action]
		case ev.Capsule != nil:
			e.Credential, e.What = ev.Capsule.Credential, "sealed"
		case ev.Withdraw != nil:
			e.Credential, e.What, e.Reason = ev.Withdraw.Credential, "withdrawn", ev.Withdraw.Reason
		}
		if ours[e.Credential] {
			mu.Lock()
			events = append(events, e)
			mu.Unlock()
		}
		return ctx.Err()
	}, func(int) {})
	slices.SortFunc(events, func(a, b shownEvent) int { return int(a.seq - b.seq) })
	return events, err
}

func nonEmpty(list ...string) []string {
	return slices.DeleteFunc(list, func(s string) bool { return s == "" })
}

func (a *app) printShown(s shownAward, asked *ledger.Record) {
	row := func(name, format string, args ...any) {
		if text := fmt.Sprintf(format, args...); text != "" {
			a.printf("%-12s %s\n", name, clean(text))
		}
	}
	row("name", "%s", s.Name)
	row("e-mail", "%s", s.Email)
	row("DID", "%s", s.ID)
	row("student", "%s", s.StudentID)
	row("achievement", "%s", s.Title)
	row("award", "%s", shellWord(s.Award))
	row("written in", "%s", s.Source)
	row("awarded", "%s", dayOrNone(s.Awarded))
	row("activity", "%s", strings.Join(s.Activity, " to "))
	for _, r := range s.Results {
		row("result", "%s: %s", r.Name, r.Value)
	}
	if s.Credits != nil {
		row("credits", "%v", *s.Credits)
	}
	row("text", "%s", strings.Join(strings.Fields(s.Narrative), " "))
	until := dayOrNone(s.Until)
	if until == "" {
		until = "never"
	}
	row("expires", "%s", until)
	status := s.Status
	if !s.Since.IsZero() {
		status += ", since " + dayOrNone(s.Since)
	}
	if s.Reason != "" {
		status += ": " + s.Reason
	}
	row("status", "%s", status)
	row("seen by", "%s", s.Visibility)
	row("link", "%s", s.Link)
	for i, c := range s.Credentials {
		remark := ""
		switch {
		case c.Renewed:
			remark = ", renewed since"
		case c.Replaced != "":
			remark = ", replaced since"
		}
		if asked != nil && asked.Credential == c.ID && i > 0 {
			remark += " (the one you named)"
		}
		a.printf("\ncredential %s\n  signed %s, %s%s\n", c.ID, dayOrNone(c.Signed), c.Status, remark)
		a.printf("  forms  %s\n", strings.Join(c.Forms, ", "))
		for _, name := range slices.Sorted(maps.Keys(c.Variants)) {
			a.printf("  %s  %s\n", clean(name), clean(c.Variants[name]))
		}
		for _, f := range c.Files {
			a.printf("  public/%s\n", clean(f))
		}
	}
	if len(s.History) > 0 {
		a.printf("\nhistory\n")
	}
	for _, e := range s.History {
		line := e.What
		if e.Reason != "" {
			line += ": " + e.Reason
		}
		if len(s.Credentials) > 1 {
			line += "  " + e.Credential
		}
		a.printf("  %s  %s\n", e.Time.UTC().Format("2006-01-02 15:04"), clean(line))
	}
}
