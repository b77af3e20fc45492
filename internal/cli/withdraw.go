package cli

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"laurel/internal/issuing/ledger"
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
		on:   selection.withdrawable,
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

// withdrawable are the records whose capsules can be taken off the site. One
// award that was named and has none is an error; in a cohort or a list from a
// file it is passed over and counted.
func (c selection) withdrawable(names []string, lenient bool) (records []*ledger.Record, passed int, err error) {
	taken := make(map[*ledger.Record]bool)
	add := func(awards []*ledger.Record, lenient bool) {
		some := false
		for _, r := range awards {
			if r.Capsules == nil || !r.Withdrawn.IsZero() {
				continue
			}
			some = true
			if !taken[r] {
				taken[r] = true
				records = append(records, r)
			}
		}
		switch {
		case some:
		case lenient:
			passed++
		case err == nil:
			err = &notSealedError{awards[0]}
		}
	}
	for _, r := range c.records {
		awards := []*ledger.Record{r}
		if slices.Contains(names, r.Award) {
			awards = history(c.state, r)
		}
		add(awards, lenient)
	}
	for _, cohort := range c.cohorts {
		for r := range c.state.Records() {
			if r.ReplacedBy == "" && inCohort(r, cohort) {
				add(history(c.state, r), true)
			}
		}
	}
	return records, passed, err
}

// history is a record and those it took the place of, the newest first.
func history(s *ledger.State, r *ledger.Record) []*ledger.Record {
	var list []*ledger.Record
	for ; r != nil; r = s.ByCredential(r.Replaces) {
		list = append(list, r)
	}
	return list
}

// notSealedError is an award that has no capsule on the site.
type notSealedError struct{ record *ledger.Record }

func (e *notSealedError) Error() string {
	why := "it was never sealed"
	if !e.record.Withdrawn.IsZero() {
		why = "it was withdrawn before"
	}
	return fmt.Sprintf("award %s cannot be withdrawn: %s; nothing was written", clean(e.record.Award), why)
}

// Hint says what to try.
func (*notSealedError) Hint() string {
	return "only awards with a claim link can be withdrawn; to take a credential back: laurel revoke AWARD"
}
