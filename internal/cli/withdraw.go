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
		Short: "Take awards off the site for good",
		Long: `Take awards off the site, public ones and sealed ones. Once "laurel build" has run
and public/ is published, claim links, and links that learners passed on, open
nothing. In the place of a public page is one that says only that the credential
was taken off, and when; its files are gone. What was already downloaded stays
with whoever has it. A reissued award is on the site again, under a new address.
The page of a learner record with the award in it goes, too; the next "laurel sign"
seals that, for its learner alone.

The credential itself stays valid; to revoke it as well: laurel revoke. What was
replaced by a reissue needs no withdrawing: the next build takes it off.

` + awardsHelp,
		Example: "  laurel withdraw spring-2026/welding-basics/ana@example.org --reason \"asked for by Ana\"",
		RunE: func(c *cobra.Command, args []string) error {
			return a.withdraw(c.Context(), awards, args, reason, sure)
		},
		ValidArgsFunction: a.completeAwards(0, true),
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
		many: "This takes %s off the site for good: their links and pages will no longer show anything.",
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
		a.printf("  %s%s\n", clean(r.Award), earlierOne(r))
	}
	if len(records) == 0 {
		a.printf("nothing to withdraw\n")
	} else {
		a.printf("withdrew %s; laurel build takes them off the site\n", plural(len(records), "credential"))
		a.notef("what was signed stays valid; to revoke it as well: laurel revoke AWARD\n")
	}
	if passed > 0 {
		a.notef("left alone: %s neither public nor sealed, or already withdrawn\n", plural(passed, "award"))
	}
	return nil
}
