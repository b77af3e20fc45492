package cli

import (
	"slices"
	"testing"
	"time"
)

// A cohort that is called as a day stays a cohort.
func TestSince(t *testing.T) {
	day := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		set   bool
		since string
		day   time.Time
		last  bool
		bad   bool
	}{
		"not_given": {},
		"alone":     {set: true, since: sinceLast, last: true},
		"day":       {set: true, since: "2026-11-01", day: day},
		"no_day":    {set: true, since: "yesterday", bad: true},
		"empty":     {set: true, bad: true},
	} {
		t.Run(name, func(t *testing.T) {
			d := delivery{names: []string{"2026-11-01"}, since: c.since, sinceSet: c.set}
			got, last, err := d.sinceAs()
			if !got.Equal(c.day) || last != c.last || (err != nil) != c.bad || !slices.Equal(d.names, []string{"2026-11-01"}) {
				t.Errorf("day %v, last %t, cohorts %q, error %v", got, last, d.names, err)
			}
		})
	}
}
