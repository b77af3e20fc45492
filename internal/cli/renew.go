package cli

import (
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"laurel/internal/issuing/ledger"
	"laurel/internal/issuing/plan"
	"laurel/internal/publishing/site"
)

func (a *app) renewCommand() *cobra.Command {
	var r renewing
	c := &cobra.Command{
		Use:   "renew AWARD...",
		Short: "Sign awards again with later dates, for learners who earned them anew",
		Long: `Sign awards again with later dates, for learners who showed again what they can: a
new credential, with an id and a claim link of its own, awarded today or on the date
of --awarded, that expires as the achievement's validFor has it, or as long after as
before, or at --until. Everything else is as the content has it. Nothing else is
signed.

The old credential stays good until it ends, with its page and its claim link. An
achievement that says "renewal: supersede" has it revoked instead. The pages of a
public award say that it was renewed, and the old one leads to the newer one where
both name the same person in the same way. To whoever has a sealed one, nothing
tells of the other.

Where a list was given later dates by hand, those are taken. In the ledger each
credential names the one it renews. What was renewed already, and has more than half
of its time before it, is left alone, so that the same command can be run again;
--awarded with a later date renews it all the same.

Without AWARD, --expires-before and the other filters of "laurel list" choose: then
what has expired already is left out, unless --status or --expires-after asks for it.

` + awardsHelp,
		Example: "  laurel renew \"Ana Example\" --awarded 2026-11-02\n  laurel renew --expires-before P60D --cohort spring-2024 --dry-run",
		RunE: func(c *cobra.Command, args []string) error {
			r.names = args
			return a.renew(c, r)
		},
		ValidArgsFunction: a.completeAwards(0, true),
	}
	r.from.add(c)
	r.filter.add(a, c)
	c.Flags().StringVar(&r.awarded, "awarded", "", "the new awardedDate, as YYYY-MM-DD; default: today")
	c.Flags().StringVar(&r.until, "until", "", "when the new credentials expire, as YYYY-MM-DD")
	c.Flags().BoolVar(&r.dry, "dry-run", false, "show the plan, and sign nothing")
	r.sure.add(c)
	r.dateRight.addDate(c)
	r.passphrase.add(c, "passphrase-file")
	return c
}

// renewing is what one run of renew is asked for.
type renewing struct {
	names           []string
	from            awardsFlag
	filter          awardFilter
	awarded, until  string
	dry             bool
	sure, dateRight confirmation
	passphrase      passphraseFlag
}

func (a *app) renew(c *cobra.Command, r renewing) error {
	now, err := a.now()
	if err != nil {
		return err
	}
	var with plan.Renewal
	for _, d := range []struct {
		flag, given string
		into        *time.Time
	}{{"awarded", r.awarded, &with.Awarded}, {"until", r.until, &with.Until}} {
		if d.given == "" {
			continue
		}
		if *d.into, err = time.Parse(time.DateOnly, d.given); err != nil {
			return misuse("for example --"+d.flag+" 2026-11-02", "--%s takes a date, not %q", d.flag, d.given)
		}
	}
	switch {
	case with.Awarded.After(now):
		return misuse("renew it when it has been earned", "--awarded %s lies in the future", r.awarded)
	case !with.Until.IsZero() && !with.Until.After(now):
		return misuse("what is renewed has to be good for a while", "--until %s is not in the future", r.until)
	case r.filter.given() && (len(r.names) > 0 || r.from.file != ""):
		return misuse("use one of the two", "awards are named, and chosen by a filter as well")
	case !r.filter.given() && r.from.file == "" && len(r.names) == 0:
		return misuse("name an award by its key or the learner's name, or choose with --expires-before P60D", "no award is named")
	}
	if !r.filter.given() {
		if r.names, err = r.from.read(a, r.names); err != nil {
			return err
		}
	}
	pick := func(l *ledger.Ledger) (*plan.Reissue, bool, error) { return a.toRenew(l, r, &with, now) }
	if r.dry {
		l, err := a.openLedger()
		if err != nil {
			return err
		}
		defer l.Close()
		chosen, _, err := pick(l)
		if err != nil {
			return err
		}
		p, err := a.makePlan(l, chosen, nil)
		if err != nil {
			return err
		}
		if a.json {
			return a.printJSON(planReport(p))
		}
		a.printPlan(p, l.State())
		return nil
	}
	return a.sign(c.Context(), signing{passphrase: r.passphrase, reissue: pick, sure: &r.sure, dateRight: r.dateRight})
}

// toRenew chooses what is renewed. What a filter or a list brings along and cannot be
// renewed is passed over.
func (a *app) toRenew(l *ledger.Ledger, r renewing, with *plan.Renewal, now time.Time) (*plan.Reissue, bool, error) {
	chosen := &plan.Reissue{Renew: with, Lenient: r.filter.given() || r.from.file != ""}
	if r.filter.given() {
		o, err := a.registerOf(l, now)
		if err != nil {
			return nil, false, err
		}
		if len(r.filter.statuses) == 0 {
			r.filter.statuses = []string{string(site.Valid), string(site.Expiring)}
			if r.filter.after != "" {
				r.filter.statuses = append(r.filter.statuses, string(site.Expired))
			}
		}
		entries, err := r.filter.choose(o)
		if err != nil {
			return nil, false, err
		}
		for _, e := range entries {
			if e.Award != nil && e.Award.Program == nil {
				chosen.Awards = append(chosen.Awards, e.Key)
			}
		}
		return chosen, false, nil
	}
	selection, guessed, err := a.selection(l, r.names)
	if err != nil {
		return nil, false, err
	}
	named, err := selection.Reissue("", chosen.Lenient)
	if err != nil {
		return nil, false, err
	}
	chosen.Awards, chosen.Cohorts = named.Awards, named.Cohorts
	for _, key := range named.Awards {
		if rec := l.State().Record(key); rec != nil && plan.IsRecord(rec) {
			return nil, false, errors.New("a learner record is not renewed: it is signed anew when what it holds is")
		}
	}
	return chosen, guessed, nil
}

// reportRenewed tells whose dates have moved.
func (a *app) reportRenewed(p *plan.Plan) {
	for _, i := range p.Issue {
		if i.Renewal != "" {
			a.printf("  %s  %s\n", clean(i.Award.Key.String()), renewalRemark(i))
		}
	}
}

// renewalRemark says what becomes of an award that is renewed.
func renewalRemark(i *plan.Issue) string {
	s := fmt.Sprintf("renewed: awarded %s -> %s, until %s", dayOrNone(i.Renewed), dayOrNone(i.Award.AwardedDate), dayOrNone(i.Award.ValidUntil))
	if i.Renewal == ledger.RenewalSupersede {
		return s + "; the old one is revoked"
	}
	return s + "; the old one is kept until it ends"
}

// renewSentence says what a run renews, to be confirmed.
func renewSentence(p *plan.Plan) string {
	n, superseded := renewed(p), 0
	for _, i := range p.Issue {
		if i.Renewal != "" && i.Revoke != nil {
			superseded++
		}
	}
	s := fmt.Sprintf("This renews %s", plural(n, "award"))
	switch {
	case superseded == n:
		s += ", and revokes the old credentials for good."
	case superseded > 0:
		s += fmt.Sprintf(", and revokes the old credentials of %d for good.", superseded)
	default:
		s += "; the old credentials stay good until they end."
	}
	return s
}
