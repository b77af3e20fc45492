package cli

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"laurel/internal/issuing/ledger"
	"laurel/internal/issuing/plan"
	"laurel/internal/material/hint"
)

func (a *app) ledgerMendClock() *cobra.Command {
	var sure confirmation
	var passphrase passphraseFlag
	var reason string
	c := &cobra.Command{
		Use:   "mend-clock",
		Short: "Sign again what a wrong clock dated in the future",
		Long: `A site was signed while the clock was far ahead: nothing can be signed any more
until that date, and what was signed then is not valid before it. Set the clock
right and run this. It records in the ledger from when on dates are right, and
signs again, with today's date, what bears a date in the future: credentials
(their learners need new claim links) and status lists. Everything else stays as
it is, and what was decided in between stays decided. Where it is cut off, "laurel
sign" goes on. Then run laurel build.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return a.mendClock(c.Context(), sure, reason, passphrase)
		},
	}
	sure.add(c)
	passphrase.add(c, "passphrase-file")
	c.Flags().StringVar(&reason, "reason", "", "the reason, for the ledger")
	return c
}

func (a *app) mendClock(ctx context.Context, sure confirmation, reason string, passphrase passphraseFlag) error {
	now, err := a.now()
	if err != nil {
		return err
	}
	w, err := a.openWriter()
	if err != nil {
		return err
	}
	defer w.Close()
	_, _, head := w.State().Head()
	wrong := misdated(w.State(), now)
	switch {
	case !head.After(now) && wrong == 0:
		return hint.Errorf("", "nothing to mend: the clock says %s, and no event of the ledger is dated later", now.Format(time.RFC3339))
	case now.Before(released()):
		return hint.Errorf("set this machine's clock (or SOURCE_DATE_EPOCH) right first",
			"the clock says %s, which is before this laurel was made (%s)", now.Format(time.DateOnly), released().Format(time.DateOnly))
	}
	if head.After(now) {
		// A clock that is behind, too, finds events of the future.
		if err := sure.ask(ctx, a, fmt.Sprintf("If today is %s, then the newest event of the ledger, dated %s, and %s signed meanwhile bear wrong dates. They would be revoked and signed again with today's.",
			now.Format(time.DateOnly), head.Format(time.RFC3339), plural(wrong, "award"))); err != nil {
			return err
		}
		if err := w.Append(now, []ledger.Event{{Clock: &ledger.ClockEvent{At: now, Reason: reason}}}); err != nil {
			return err
		}
		a.notef("dates are right again from %s on\n", now.Format(time.RFC3339))
	}
	none := func(*ledger.Ledger) (*plan.Reissue, bool, error) { return &plan.Reissue{}, false, nil } // but what is owed
	return unfinished("the ledger's dates are set right, but not everything is signed again (laurel sign goes on)",
		a.signInto(ctx, w, signing{passphrase: passphrase, reissue: none}))
}

// misdated counts the awards in force that bear a date after now, or are known to
// bear a wrong one.
func misdated(s *ledger.State, now time.Time) int {
	n := 0
	for r := range s.Records() {
		if r.Status != ledger.Revoked && (r.Misdated || r.IssuedAt.After(now)) {
			n++
		}
	}
	return n
}
