package model

import (
	"testing"
	"time"
)

func TestPeriodAddTo(t *testing.T) {
	zone := time.FixedZone("", 2*3600)
	for _, c := range []struct {
		name       string
		p          Period
		from, want time.Time
	}{
		{"years", Period{Years: 2}, time.Date(2026, 6, 30, 0, 0, 0, 0, time.UTC), time.Date(2028, 6, 30, 0, 0, 0, 0, time.UTC)},
		{"leap-day", Period{Years: 1}, time.Date(2028, 2, 29, 9, 0, 0, 0, time.UTC), time.Date(2029, 2, 28, 9, 0, 0, 0, time.UTC)},
		{"month-end", Period{Months: 1}, time.Date(2026, 1, 31, 0, 0, 0, 0, time.UTC), time.Date(2026, 2, 28, 0, 0, 0, 0, time.UTC)},
		{"over-year", Period{Months: 14}, time.Date(2026, 11, 30, 0, 0, 0, 0, time.UTC), time.Date(2028, 1, 30, 0, 0, 0, 0, time.UTC)},
		{"days", Period{Days: 90}, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)},
		{"hours", Period{Hours: 36, Minutes: 1, Seconds: 1}, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 1, 2, 12, 1, 1, 0, time.UTC)},
		{"zone", Period{Months: 1}, time.Date(2026, 1, 31, 0, 30, 0, 0, zone), time.Date(2026, 2, 28, 0, 30, 0, 0, zone)},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := c.p.AddTo(c.from); !got.Equal(c.want) {
				t.Errorf("%v plus %+v is %v, want %v", c.from, c.p, got, c.want)
			}
		})
	}
	if !(Period{}).IsZero() || (Period{Seconds: 1}).IsZero() {
		t.Error("IsZero is wrong")
	}
}

func TestStableKey(t *testing.T) {
	r := Recipient{Name: "A", Email: "a@example.org"}
	for _, want := range []string{"a@example.org", "s1", "did:web:example.org", "k1"} {
		if got := r.StableKey(); got != want {
			t.Errorf("%+v has the key %q, want %q", r, got, want)
		}
		switch {
		case r.StudentID == "":
			r.StudentID = "s1"
		case r.ID == "":
			r.ID = "did:web:example.org"
		default:
			r.Key = "k1"
		}
	}
}
