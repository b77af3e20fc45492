package plan_test

import (
	"slices"
	"strings"
	"testing"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/ledger"
	"laurel/internal/issuing/plan"
	"laurel/internal/material/hint"
)

// TestSelect names awards in every way, and asks on what a decision falls.
func TestSelect(t *testing.T) {
	b := newBook(t)
	s := academy("ana", "ben", "cleo")
	private := academy("dan").Cohorts[0].Awards[0]
	private.Visibility, private.Cohort = model.Private, s.Cohorts[0]
	private.Key.Cohort = "autumn"
	s.Cohorts = append(s.Cohorts, &model.Cohort{Slug: "autumn", Name: "Autumn", Awards: []*model.Award{private}})
	b.carryOut(t, b.plan(t, s))
	b.decide(t, "spring/knots/ben", ledger.ActionRevoke)
	b.decide(t, "spring/knots/cleo", ledger.ActionSuspend)
	ana := b.State().Record("spring/knots/ana").Credential
	for name, c := range map[string]struct {
		names   []string
		action  string
		lenient bool
		on      []string
		passed  int
		final   bool
	}{
		"one":              {[]string{"spring/knots/ana"}, ledger.ActionRevoke, false, []string{"ana"}, 0, false},
		"by its id":        {[]string{ana}, ledger.ActionRevoke, false, []string{"ana"}, 0, false},
		"twice":            {[]string{ana, "spring/knots/ana"}, ledger.ActionSuspend, false, []string{"ana"}, 0, false},
		"a cohort":         {[]string{"spring"}, ledger.ActionRevoke, false, []string{"ana", "cleo"}, 1, false},
		"a cohort and one": {[]string{"spring", "spring/knots/cleo"}, ledger.ActionReinstate, false, []string{"cleo"}, 2, false},
		"from a file":      {[]string{"spring/knots/ben", ana}, ledger.ActionRevoke, true, []string{"ana"}, 1, false},
		"what is final":    {[]string{"spring/knots/ben"}, ledger.ActionReinstate, false, nil, 0, true},
	} {
		t.Run(name, func(t *testing.T) {
			chosen, err := plan.Select(b.State(), c.names)
			if err != nil {
				t.Fatal(err)
			}
			records, passed, err := chosen.Deciding(c.action, c.lenient)
			if c.final != (hint.Of(err) != "") || !c.final && err != nil {
				t.Fatal(err)
			}
			var on []string
			for _, r := range records {
				on = append(on, r.Award[len("spring/knots/"):])
			}
			if !slices.Equal(on, c.on) || passed != c.passed && !c.final {
				t.Errorf("on %v, passed %d", on, passed)
			}
		})
	}
	for _, name := range []string{"", "spring/", "spring/knots", "spring/knots/zoe", "sprin", "knots"} {
		if chosen, err := plan.Select(b.State(), []string{name}); err == nil {
			t.Errorf("%q is %+v", name, chosen)
		}
	}
	for name, c := range map[string]struct {
		on  int
		why string
	}{"spring/knots/ana": {1, ""}, "spring/knots/ben": {1, ""}, "spring": {3, ""}, "autumn/knots/dan": {0, "neither as public"}, "autumn": {0, ""}} {
		chosen, err := plan.Select(b.State(), []string{name})
		if err != nil {
			t.Fatal(err)
		}
		records, _, err := chosen.Withdrawing(false)
		if len(records) != c.on || (err == nil) != (c.why == "") || err != nil && (hint.Of(err) == "" || !strings.Contains(err.Error(), c.why)) {
			t.Errorf("%s: %d are withdrawn, %v", name, len(records), err)
		}
		if records, passed, err := chosen.Withdrawing(true); err != nil || len(records) != c.on || c.on == 0 && passed != 1 {
			t.Errorf("%s, leniently: %d are withdrawn, %d passed, %v", name, len(records), passed, err)
		}
	}
}
