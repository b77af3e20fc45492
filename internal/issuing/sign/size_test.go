package sign_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/ledger"
	"laurel/internal/issuing/sign"
)

// An award that has no room in the ledger is found before the first is signed,
// and told by its place.
func TestTooLargeToSeal(t *testing.T) {
	d := newDesk(t)
	large := func() *model.Site {
		s := linked(3, choice...)
		last := s.Cohorts[0].Awards[2]
		achievement := *last.Achievement
		achievement.Slug, achievement.Criteria.Narrative = "large", strings.Repeat("x", 1<<20-3000)
		s.Achievements = append(s.Achievements, &achievement)
		last.Achievement = &achievement
		return s
	}
	emitted := 0
	s := large()
	err := sign.Run(t.Context(), d.plan(t, s), d.options(t), func([]ledger.Event) error { emitted++; return nil })
	var bad sign.DocumentErrors
	if !errors.As(err, &bad) || len(bad) != 1 || bad[0].Source != s.Cohorts[0].Awards[2].Source || emitted != 0 ||
		!strings.Contains(err.Error(), "award is not signed: sealed, it would take up to") {
		t.Fatalf("%d groups were written, error %.300v", emitted, err)
	}

	// Signed it fits, and then cannot be sealed: nothing else is signed either.
	s = large()
	for _, a := range s.Cohorts[0].Awards {
		a.Visibility = model.Private
	}
	if got := types(slices.Concat(d.sign(t, d.plan(t, s))...)); strings.Count(got, "i") != 3 {
		t.Fatalf("events are %s", got)
	}
	s = large()
	o := d.options(t)
	o.Documents = d.Documents
	err = sign.Run(t.Context(), d.plan(t, s), o, func([]ledger.Event) error { emitted++; return nil })
	if err == nil || emitted != 0 || !strings.Contains(err.Error(), "award is not sealed: sealed, it would take up to") {
		t.Fatalf("%d groups were written, error %.300v", emitted, err)
	}
}
