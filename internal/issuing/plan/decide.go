package plan

import (
	"fmt"
	"iter"
	"slices"

	"laurel/internal/issuing/ledger"
	"laurel/internal/material/hint"
)

// Selection is what was named of the ledger's awards, to decide on.
type Selection struct {
	// Cohorts were named as a whole.
	Cohorts []string

	records []*ledger.Record // by award key or credential id, each once
	names   []string
	state   *ledger.State
}

// Select looks up award keys, credential ids and cohorts in the ledger. A name
// that nothing signed has is an error.
func Select(s *ledger.State, names []string) (Selection, error) {
	chosen := Selection{names: names, state: s}
	taken := make(map[*ledger.Record]bool)
	for _, name := range names {
		rec := s.Record(name)
		if rec == nil {
			rec = s.ByCredential(name)
		}
		switch {
		case rec != nil:
			if !taken[rec] {
				taken[rec] = true
				chosen.records = append(chosen.records, rec)
			}
		case hasCohort(s, name):
			if !slices.Contains(chosen.Cohorts, name) {
				chosen.Cohorts = append(chosen.Cohorts, name)
			}
		default:
			return Selection{}, fmt.Errorf("no signed award, credential or cohort is called %s; nothing was written", name)
		}
	}
	return chosen, nil
}

func hasCohort(s *ledger.State, name string) bool {
	for r := range s.Records() {
		if keyOf(r).Cohort == name {
			return true
		}
	}
	return false
}

// Deciding are the records whose status an action changes, one of ledger's for a
// StatusEvent. One that was named by itself and cannot be changed is an error; in
// a cohort it is passed over and counted, and where lenient, as for names from a
// file that may be given again, everywhere. With an award's newest credential go those
// that it renewed and that are kept.
func (c Selection) Deciding(action string, lenient bool) (records []*ledger.Record, passed int, err error) {
	taken := make(map[*ledger.Record]bool)
	var add func(r *ledger.Record, lenient bool)
	add = func(r *ledger.Record, lenient bool) {
		switch {
		case taken[r]:
		case applies(action, r.Status):
			taken[r] = true
			records = append(records, r)
			for _, before := range c.kept(r) {
				if applies(action, before.Status) {
					add(before, lenient)
				}
			}
		case lenient:
			passed++
		case err == nil:
			err = notApplicable(r, action)
		}
	}
	for _, r := range c.records {
		add(r, lenient)
	}
	for r := range c.ofCohorts() {
		add(r, true)
	}
	return records, passed, err
}

// kept are an award's earlier credentials that a decision on its newest is about as well.
func (c Selection) kept(r *ledger.Record) []*ledger.Record {
	if r.ReplacedBy != "" {
		return nil // it was named itself, and it alone is meant
	}
	return c.state.Kept(r)
}

// Withdrawing are the records that can be taken off the site: those with capsules
// or a page. One that was named by itself and has neither is an error; otherwise as
// Deciding. One that was replaced has nothing there any more.
func (c Selection) Withdrawing(lenient bool) (records []*ledger.Record, passed int, err error) {
	taken := make(map[*ledger.Record]bool)
	add := func(r *ledger.Record, lenient bool) {
		why := notThere(r)
		switch {
		case taken[r]:
		case why == "":
			taken[r] = true
			records = append(records, r)
			for _, before := range c.kept(r) {
				if notThere(before) == "" && !taken[before] {
					taken[before] = true
					records = append(records, before)
				}
			}
		case lenient:
			passed++
		case err == nil:
			err = hint.Errorf("only what is public or has a claim link can be withdrawn; to take a credential back: laurel revoke AWARD",
				"award %s cannot be withdrawn: %s; nothing was written", r.Award, why)
		}
	}
	for _, r := range c.records {
		add(r, lenient)
	}
	for r := range c.ofCohorts() {
		add(r, true)
	}
	return records, passed, err
}

// notThere says why nothing of a credential is on the site that could be
// withdrawn; empty: something is.
func notThere(r *ledger.Record) string {
	switch {
	case !r.Withdrawn.IsZero():
		return "it was already withdrawn"
	case r.Replaced():
		return r.Credential + " was replaced, and the next laurel build takes it off the site"
	case r.Capsules == nil && r.Visibility != ledger.Public:
		return "it was signed neither as public nor by claim link"
	}
	return ""
}

// Reissue is what to sign anew. What was replaced already cannot be; where
// lenient, a run that was interrupted is gone on with.
func (c Selection) Reissue(reason string, lenient bool) (*Reissue, error) {
	r := &Reissue{Cohorts: c.Cohorts, Resume: lenient || len(c.Cohorts) > 0, Reason: reason}
	for _, rec := range c.records {
		if rec.ReplacedBy != "" {
			return nil, fmt.Errorf("%s was replaced by %s: name that, or the award", rec.Credential, rec.ReplacedBy)
		}
		r.Awards = append(r.Awards, rec.Award)
	}
	return r, nil
}

// ofCohorts are the newest credentials of all awards of the cohorts.
func (c Selection) ofCohorts() iter.Seq[*ledger.Record] {
	return func(yield func(*ledger.Record) bool) {
		for _, cohort := range c.Cohorts {
			for r := range c.state.Records() {
				if r.ReplacedBy == "" && keyOf(r).Cohort == cohort && !yield(r) {
					return
				}
			}
		}
	}
}

// applies tells whether an action changes a status.
func applies(action string, s ledger.Status) bool {
	switch action {
	case ledger.ActionRevoke:
		return s != ledger.Revoked
	case ledger.ActionSuspend:
		return s == ledger.Active
	}
	return s == ledger.Suspended
}

func notApplicable(r *ledger.Record, action string) error {
	try := ""
	if r.Status == ledger.Revoked {
		try = "a revoked credential cannot be reinstated; to issue a new one: laurel reissue AWARD"
	}
	return hint.Errorf(try, "award %s cannot be %s: it is %s; nothing was written", r.Award, Done(action), r.Status)
}

// Done says what an action of a ledger.StatusEvent does to an award, such as
// "revoked".
func Done(action string) string {
	switch action {
	case ledger.ActionRevoke:
		return "revoked"
	case ledger.ActionSuspend:
		return "suspended"
	}
	return "reinstated"
}
