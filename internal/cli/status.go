package cli

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"laurel/internal/issuing/ledger"
	"laurel/internal/issuing/plan"
)

func (a *app) revokeCommand() *cobra.Command {
	return a.statusCommand(ledger.ActionRevoke, "Revoke credentials for good",
		`A revoked credential never becomes valid again. To correct one, use
"laurel reissue".`)
}

func (a *app) suspendCommand() *cobra.Command {
	return a.statusCommand(ledger.ActionSuspend, "Make credentials invalid until they are reinstated",
		`A credential has only one status entry, because the Open Badges schemas allow no
more; so verifiers report a suspended credential as revoked.`)
}

func (a *app) reinstateCommand() *cobra.Command {
	return a.statusCommand(ledger.ActionReinstate, "Make suspended credentials valid again", "")
}

const awardsHelp = awardHelp + `
A cohort means all of its awards.`

const awardHelp = `AWARD is an award key as "laurel plan" and "laurel list" show it, or whatever
you have of it: the learner's name, e-mail address or number, the id of a
credential, the link of a page, a claim link. What is found by anything but its
key or credential id is shown, and asked about before it is changed for good;
where there are several, they are listed, and nothing is done.`

func (a *app) statusCommand(action, short, long string) *cobra.Command {
	var awards awardsFlag
	var reason string
	var public bool
	var sure confirmation
	c := &cobra.Command{
		Use:   action + " AWARD...",
		Short: short,
		Long: strings.TrimSpace(short + `.

The decision and its reason are written to the ledger at once; the next "laurel
sign" signs the status list, and the next "laurel build" publishes it.` + "\n\n" + awardsHelp + "\n\n" + long),
		Example: "  laurel " + action + " spring-2026/welding-basics/ana@example.org --reason \"…\"\n  laurel " + action + " --from awards.txt",
		RunE: func(c *cobra.Command, args []string) error {
			return a.decide(c.Context(), action, awards, args, reason, public, sure)
		},
		ValidArgsFunction: a.completeAwards(0, true),
	}
	awards.add(c)
	if manyWarning[action] != "" {
		sure.add(c)
	}
	c.Flags().StringVar(&reason, "reason", "", "the reason, for the ledger")
	c.Flags().BoolVar(&public, "publish-reason", false, "show the reason on the award's page")
	return c
}

// manyWarning is what a decision on many awards means, where it has to be
// confirmed.
var manyWarning = map[string]string{
	ledger.ActionRevoke:  "This revokes %s for good: a revoked credential never becomes valid again.",
	ledger.ActionSuspend: "This suspends %s: verifiers will report their credentials as revoked until they are reinstated.",
}

// decide writes status decisions to the ledger, all or none.
func (a *app) decide(ctx context.Context, action string, from awardsFlag, args []string, reason string, public bool, sure confirmation) error {
	if public && reason == "" {
		return misuse("add --reason TEXT", "--publish-reason needs a reason to publish")
	}
	records, passed, err := a.record(ctx, from, args, decision{
		sure: sure,
		many: manyWarning[action],
		on: func(chosen plan.Selection, lenient bool) ([]*ledger.Record, int, error) {
			return chosen.Deciding(action, lenient)
		},
		event: func(r *ledger.Record, now time.Time) ledger.Event {
			return ledger.Event{Status: &ledger.StatusEvent{Award: r.Award, Credential: r.Credential, Action: action,
				Reason: reason, Date: now, Public: public}}
		},
	})
	if err != nil {
		return err
	}
	if a.json {
		return a.printDecided(action, records, passed)
	}
	for _, r := range records {
		a.printf("  %s%s\n", clean(r.Award), earlierOne(r))
	}
	if len(records) == 0 {
		a.printf("nothing to %s\n", action)
	} else {
		a.printf("%s %s; laurel sign and laurel build make it known to verifiers\n", plan.Done(action), plural(awardsOf(records), "award"))
		a.alsoThere(action)
	}
	if passed > 0 {
		a.notef("left alone: %s to which it does not apply\n", plural(passed, "award"))
	}
	return nil
}

// earlierOne says of a record that its award has a newer one.
func earlierOne(r *ledger.Record) string {
	if r.ReplacedBy == "" {
		return ""
	}
	return "  its earlier credential " + r.Credential
}

// decision is what somebody decided about awards that they named.
type decision struct {
	// on are the records it is about, of what was chosen, and how many were
	// passed over. Lenient: the names come from a file.
	on    func(chosen plan.Selection, lenient bool) (records []*ledger.Record, passed int, err error)
	event func(r *ledger.Record, now time.Time) ledger.Event
	// many is the sentence to confirm where it is about more than one, with a
	// place for their number; empty: nothing is asked.
	many string
	sure confirmation
}

// record writes a decision to the ledger, for all records or none.
func (a *app) record(ctx context.Context, from awardsFlag, args []string, d decision) (records []*ledger.Record, passed int, err error) {
	names, err := from.read(a, args)
	if err != nil {
		return nil, 0, err
	}
	now, err := a.now()
	if err != nil {
		return nil, 0, err
	}
	w, err := a.openWriter()
	if err != nil {
		return nil, 0, err
	}
	defer w.Close()
	chosen, guessed, err := a.selection(w.Ledger, names)
	if err != nil {
		return nil, 0, err
	}
	if records, passed, err = d.on(chosen, from.file != ""); err != nil {
		return nil, 0, err
	}
	if n := awardsOf(records); d.many != "" && (n > 1 || n > 0 && guessed) {
		if err := d.sure.ask(ctx, a, fmt.Sprintf(d.many, plural(n, "award"))); err != nil {
			return nil, 0, err
		}
	}
	when, date := decisionTime(now, w.State())
	events := make([]ledger.Event, len(records))
	for i, r := range records {
		events[i] = d.event(r, date)
	}
	return records, passed, w.Append(when, events)
}

// awardsOf counts the awards that records are of.
func awardsOf(records []*ledger.Record) int {
	awards := map[string]bool{}
	for _, r := range records {
		awards[r.Award] = true
	}
	return len(awards)
}

func (a *app) printDecided(action string, records []*ledger.Record, passed int) error {
	ids := make([]string, len(records))
	for i, r := range records {
		ids[i] = r.Credential
	}
	return a.printJSON(struct {
		SchemaVersion int      `json:"schemaVersion"`
		Action        string   `json:"action"`
		Credentials   []string `json:"credentials"`
		Passed        int      `json:"passed"`
	}{schemaVersion, action, ids, passed})
}

func (a *app) reissueCommand() *cobra.Command {
	var awards awardsFlag
	var passphrase passphraseFlag
	var reason string
	var sure, dateRight confirmation
	c := &cobra.Command{
		Use:   "reissue AWARD...",
		Short: "Revoke credentials and sign them again from today's content",
		Long: `Revoke credentials and sign them again from today's content: for example with a
corrected name, or a learner's new DID. The old credential stays in the ledger,
revoked; the new one has an id of its own. Other awards of the plan are left
alone.

The next "laurel build" takes all of the old credential off the site: its claim
links open nothing, and in the place of a public page is one that says only that it
was replaced. It leads to the newer one where both were signed as public and name
the same person in the same way, so that it never ties two names together.

` + awardsHelp,
		Example: "  laurel reissue spring-2026/welding-basics/ana@example.org --reason \"name corrected\"",
		RunE: func(c *cobra.Command, args []string) error {
			names, err := awards.read(a, args)
			if err != nil {
				return err
			}
			pick := func(l *ledger.Ledger) (*plan.Reissue, bool, error) {
				chosen, guessed, err := a.selection(l, names)
				if err != nil {
					return nil, false, err
				}
				r, err := chosen.Reissue(reason, awards.file != "")
				return r, guessed, err
			}
			return a.sign(c.Context(), signing{passphrase: passphrase, reissue: pick, sure: &sure, dateRight: dateRight})
		},
		ValidArgsFunction: a.completeAwards(0, true),
	}
	awards.add(c)
	sure.add(c)
	dateRight.addDate(c)
	passphrase.add(c, "passphrase-file")
	c.Flags().StringVar(&reason, "reason", "", "the reason, for the ledger")
	return c
}

// awardsFlag takes awards as arguments or from a file.
type awardsFlag struct{ file string }

func (f *awardsFlag) add(c *cobra.Command) {
	c.Flags().StringVar(&f.file, "from", "", "read awards from this file, one per line")
}

func (f *awardsFlag) read(a *app, args []string) ([]string, error) {
	if f.file == "" {
		if len(args) == 0 {
			return nil, misuse("name an award by its key or the learner's name, or a cohort, or use --from FILE", "no award is named")
		}
		return args, nil
	}
	if len(args) > 0 {
		return nil, misuse("use one of the two", "awards are named both on the command line and by --from")
	}
	file, err := os.Open(a.env.path(f.file))
	if err != nil {
		return nil, fmt.Errorf("read awards: %w", err)
	}
	defer file.Close()
	var names []string
	s := bufio.NewScanner(file)
	for s.Scan() {
		if line := strings.TrimSpace(strings.TrimPrefix(s.Text(), "\ufeff")); line != "" && !strings.HasPrefix(line, "#") {
			names = append(names, line)
		}
	}
	if err := s.Err(); err != nil {
		return nil, fmt.Errorf("read awards from %s: %w", f.file, err)
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("read awards from %s: it names none", f.file)
	}
	return names, nil
}
