package cli

import (
	"context"
	"fmt"
	"runtime/debug"
	"time"

	"laurel/internal/issuing/ledger"
)

const (
	// quiet is how long after the newest event a date of signing is taken without
	// a word: somewhat more than from one yearly course to the next.
	quiet = 400 * 24 * time.Hour
	// lifetime is how many years after it was built laurel is taken to run.
	lifetime = 5
)

// released is when this program was built, or, where that is not recorded in it,
// a date that was not later.
func released() time.Time {
	if at, err := time.Parse(time.RFC3339, linkedTime); err == nil {
		return at.UTC()
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if at, err := time.Parse(time.RFC3339, s.Value); s.Key == "vcs.time" && err == nil {
				return at.UTC()
			}
		}
	}
	return time.Date(2026, time.July, 1, 0, 0, 0, 0, time.UTC)
}

// farAhead says why a time is implausibly late to be now; empty: it is not.
func farAhead(now time.Time, s *ledger.State) string {
	_, _, head := s.Head()
	switch built := released(); {
	case !head.IsZero() && now.Sub(head) > quiet:
		return fmt.Sprintf("more than %d days after the newest event of the ledger, of %s", quiet/(24*time.Hour), head.Format(time.DateOnly))
	case now.After(built.AddDate(lifetime, 0, 0)):
		return fmt.Sprintf("more than %d years after this laurel was made, on %s", lifetime, built.Format(time.DateOnly))
	}
	return ""
}

// checkDate has a date of signing confirmed that lies implausibly ahead: what is
// signed bears it for good, and nothing can be signed with an earlier one.
func checkDate(ctx context.Context, a *app, now time.Time, s *ledger.State, right *confirmation) error {
	why := farAhead(now, s)
	if why == "" {
		return nil
	}
	return right.ask(ctx, a, fmt.Sprintf("The clock says %s, %s: what is signed would bear that date.", now.Format(time.DateOnly), why))
}

// decisionTime is the time of an event that must not wait for a clock to be put
// right, such as a revocation, and the date of the decision itself. An event is
// never earlier than the newest one, and one that a clock far ahead would date is
// dated like that; a decision is dated by the clock, but never ahead of its event.
func decisionTime(now time.Time, s *ledger.State) (event, date time.Time) {
	_, _, head := s.Head()
	event = now
	if now.Before(head) || !head.IsZero() && farAhead(now, s) != "" {
		event = head
	}
	if now.Before(event) {
		return event, now
	}
	return event, event
}
