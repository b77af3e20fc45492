package cli

import (
	"strings"
	"testing"
	"time"

	"laurel/internal/issuing/ledger"
)

// A date is implausible by the ledger's newest event, or by the program's own
// date; a decision is recorded all the same, in order, and dated no later than
// its event.
func TestClockAhead(t *testing.T) {
	t.Parallel()
	newest := released().AddDate(0, 1, 0)
	w, err := ledger.OpenWriter(t.TempDir(), ledger.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	if why := farAhead(released().AddDate(4, 11, 0), w.State()); why != "" {
		t.Errorf("an empty ledger, and a laurel not five years old: %s", why)
	}
	if why := farAhead(released().AddDate(5, 0, 1), w.State()); !strings.Contains(why, "more than 5 years after this laurel was made") {
		t.Errorf("an empty ledger, and a laurel of more than five years: %q", why)
	}
	if err := w.Append(newest, []ledger.Event{{Key: &ledger.KeyEvent{Kid: "key-a", Action: ledger.ActionAdded, PublicKeyMultibase: "z", At: newest}}}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		now, event, date time.Time
		why              string
	}{
		{newest.Add(time.Hour), newest.Add(time.Hour), newest.Add(time.Hour), ""},
		{newest.AddDate(0, 0, 400), newest.AddDate(0, 0, 400), newest.AddDate(0, 0, 400), ""},
		{newest.AddDate(0, 0, 401), newest, newest, "more than 400 days after the newest event"},
		{newest.AddDate(70, 0, 0), newest, newest, "more than 400 days after the newest event"},
		{newest.AddDate(0, 0, -3), newest, newest.AddDate(0, 0, -3), ""},
	} {
		if why := farAhead(c.now, w.State()); !strings.HasPrefix(why, c.why) || c.why == "" && why != "" {
			t.Errorf("%s: %q", c.now, why)
		}
		if event, date := decisionTime(c.now, w.State()); !event.Equal(c.event) || !date.Equal(c.date) {
			t.Errorf("a decision of %s is dated %s, by an event of %s", c.now, date, event)
		}
	}
}
