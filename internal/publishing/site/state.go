package site

import (
	"time"

	"laurel/internal/issuing/ledger"
)

// State is how an award stands at some moment. It is the class of an award's page
// with "is-" before it, and what a template draws its status line by.
type State string

// The states of an award. Fallen is a learner record that holds something which was
// revoked or suspended since.
const (
	Unchecked State = "unchecked"
	Valid     State = "valid"
	Expiring  State = "expiring" // valid, and ends within Soon
	Expired   State = "expired"
	NotYet    State = "not-yet"
	Suspended State = "suspended"
	Revoked   State = "revoked"
	Fallen    State = "fallen"
	Invalid   State = "invalid" // it was checked, and something else is wrong with it
	Unknown   State = "unknown" // it could not be checked
)

// Soon is how long before its end an award is said to end.
const Soon = 90 * 24 * time.Hour

// Good tells whether an award counts, or may: of one that does not, nothing is
// offered to show around.
func (s State) Good() bool { return s != Expired && s != Suspended && s != Revoked && s != Invalid }

// Verdict is "valid", "invalid" or "undetermined", as a check would have it.
func (s State) Verdict() string {
	switch {
	case s == Valid || s == Expiring:
		return "valid"
	case s == Unchecked || s == Unknown:
		return "undetermined"
	}
	return "invalid"
}

// Over tells whether time or the issuer has decided: a page may say so without
// anybody having checked.
func (s State) Over() bool { return !s.Good() || s == NotYet || s == Fallen }

// Lasting is what may be said on paper, and in a file that may be read at any time: what
// has been decided, by time or the issuer; else Unchecked.
func (s State) Lasting() State {
	if s.Over() {
		return s
	}
	return Unchecked
}

// StateAt is how an award that counts between two moments stands at a third one; from
// and until are zero where nothing bounds it. Status is AwardStatus.State: empty, it is
// not known, so that time alone decides. The script of award pages decides by the same
// rule (src/pages/state.ts), and testdata/states.json holds both to it.
func StateAt(from, until time.Time, status string, now time.Time) State {
	switch {
	case status == "revoked":
		return Revoked
	case !until.IsZero() && now.After(until):
		return Expired
	case status == "suspended":
		return Suspended
	case !from.IsZero() && now.Before(from):
		return NotYet
	case status == "fallen":
		return Fallen
	case status == "":
		return Unchecked
	case !until.IsZero() && until.Sub(now) <= Soon:
		return Expiring
	}
	return Valid
}

// Late counts the living awards of today's content that the issuer has not taken back
// and that have expired at a time, and those that expire soon after it.
func (p *Layout) Late(now time.Time) (expired, expiring int) {
	for rec := range p.in.State.Records() {
		if rec.Profile != "" || rec.ReplacedBy != "" || !rec.Withdrawn.IsZero() || rec.Status != ledger.Active || p.visibility(rec) == "" {
			continue
		}
		switch StateAt(time.Time{}, rec.ValidUntil, "valid", now) {
		case Expired:
			expired++
		case Expiring:
			expiring++
		}
	}
	return expired, expiring
}

// written is what a page may say that is written once and read at any time: what the
// issuer decided against an award, and nothing that time or a new list can take back.
func written(status AwardStatus) State {
	return State(status.State).Lasting()
}
