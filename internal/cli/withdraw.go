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
		Long: `Take sealed awards off the site, before or after their learners have opened
them: their claim links, and links that learners passed on, lead nowhere once
"laurel build" has run and public/ is published. What was downloaded stays with
who has it. A reissued award is sealed anew, under other links.

The credential itself stays valid; to take it back as well: laurel revoke. To
take down a public page, make the award private.

` + awardsHelp + `
An award or a cohort means what was replaced as well, a credential id that one
alone.`,
		Example: "  laurel withdraw spring-2026/welding-basics/ana@example.org --reason \"asked for by Ana\"",
		RunE: func(c *cobra.Command, args []string) error {
			return a.withdraw(c.Context(), awards, args, reason, sure)
		},
	}
	awards.add(c)
	sure.add(c, "This takes %s off the site for good: their links open nothing any more.")
	c.Flags().StringVar(&reason, "reason", "", "why, for the ledger")
	return c
}

// withdraw writes the decisions to the ledger, all or none.
func (a *app) withdraw(ctx context.Context, from awardsFlag, args []string, reason string, sure confirmation) error {
	records, passed, err := a.record(ctx, from, args, decision{
		sure: sure,
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
		return a.printJSON(struct {
			SchemaVersion int      `json:"schemaVersion"`
			Action        string   `json:"action"`
			Credentials   []string `json:"credentials"`
			Passed        int      `json:"passed"`
		}{schemaVersion, "withdraw", credentialsOf(records), passed})
	}
	for _, r := range records {
		a.printf("  %s\n", clean(r.Award))
	}
	if len(records) == 0 {
		a.printf("nothing to withdraw\n")
	} else {
		a.printf("withdrew %s; laurel build takes them off the site\n", plural(len(records), "sealed credential"))
		a.notef("what was signed stays valid; to take it back as well: laurel revoke AWARD\n")
	}
	if passed > 0 {
		a.notef("left alone: %s not sealed, or withdrawn before\n", plural(passed, "award"))
	}
	return nil
}
