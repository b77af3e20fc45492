package cli

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"laurel/internal/issuing/ledger"
	"laurel/internal/issuing/plan"
)

func (a *app) withdrawCommand() *cobra.Command {
	var awards awardsFlag
	var reason string
	var sure confirmation
	c := &cobra.Command{
		Use:   "withdraw AWARD...",
		Short: "Take sealed awards off the site for good",
		Long: `Take sealed awards off the site, whether or not their learners have opened them.
Their claim links, and links that learners passed on, stop working once "laurel
build" has run and public/ is published. What was already downloaded stays with
whoever has it. A reissued award is sealed again, under new links.

The credential itself stays valid; to revoke it as well: laurel revoke. To take
down a public page, make the award private.

` + awardsHelp + `
An award key or a cohort includes credentials that were replaced; a credential
id means that credential only.`,
		Example: "  laurel withdraw spring-2026/welding-basics/ana@example.org --reason \"asked for by Ana\"",
		RunE: func(c *cobra.Command, args []string) error {
			return a.withdraw(c.Context(), awards, args, reason, sure)
		},
	}
	awards.add(c)
	sure.add(c)
	c.Flags().StringVar(&reason, "reason", "", "the reason, for the ledger")
	return c
}

// withdraw writes the decisions to the ledger, all or none.
func (a *app) withdraw(ctx context.Context, from awardsFlag, args []string, reason string, sure confirmation) error {
	records, passed, err := a.record(ctx, from, args, decision{
		sure: sure,
		many: "This takes %s off the site for good: their links will no longer open anything.",
		on:   plan.Selection.Withdrawing,
		event: func(r *ledger.Record, now time.Time) ledger.Event {
			return ledger.Event{Withdraw: &ledger.WithdrawEvent{Award: r.Award, Credential: r.Credential, Reason: reason, Date: now}}
		},
	})
	if err != nil {
		return err
	}
	return a.reportWithdrawn(records, passed)
}

func (a *app) reportWithdrawn(records []*ledger.Record, passed int) error {
	if a.json {
		return a.printDecided("withdraw", records, passed)
	}
	for _, r := range records {
		a.printf("  %s\n", clean(r.Award))
	}
	if len(records) == 0 {
		a.printf("nothing to withdraw\n")
	} else {
		a.printf("withdrew %s; laurel build takes them off the site\n", plural(len(records), "sealed credential"))
		a.notef("what was signed stays valid; to revoke it as well: laurel revoke AWARD\n")
	}
	if passed > 0 {
		a.notef("left alone: %s not sealed, or already withdrawn\n", plural(passed, "award"))
	}
	return nil
}
