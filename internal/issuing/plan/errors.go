package plan

import (
	"fmt"
	"strings"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/ledger"
)

// AwardError is a mistake in which award is asked for.
type AwardError struct{ Award, Text string }

func (e *AwardError) Error() string { return fmt.Sprintf("award %s: %s", e.Award, e.Text) }

// Hint says what to try.
func (*AwardError) Hint() string {
	return "laurel plan shows the keys of awards"
}

// AwardProblem is an award of the content that cannot be signed.
type AwardProblem struct {
	Source model.Source
	Text   string
}

// AwardProblems are all of them, in content's order.
type AwardProblems []AwardProblem

func (p AwardProblems) Error() string {
	lines := make([]string, len(p))
	for i, one := range p {
		lines[i] = fmt.Sprintf("%s:%d: %s", one.Source.File, one.Source.Line, one.Text)
	}
	return strings.Join(lines, "\n")
}

// Hint says what to try.
func (AwardProblems) Hint() string {
	return "leave it out, or write a validUntil that is still to come"
}

// KeyError says that no key can sign what is planned, or that a key is not
// what the ledger says.
type KeyError struct{ Kid, Text string }

func (e *KeyError) Error() string {
	if e.Kid == "" {
		return e.Text
	}
	return fmt.Sprintf("key %s: %s", e.Kid, e.Text)
}

// Hint says what to try.
func (e *KeyError) Hint() string {
	if e.Kid == "" {
		return "laurel key list shows what there is; laurel key new makes one"
	}
	return "restore keys/ from your copy, or make a key under a new name: laurel key new"
}

// StatusError is an action that does not apply to an award.
type StatusError struct {
	Award  string
	Action string // of a ledger.StatusEvent
	Status ledger.Status
}

func (e *StatusError) Error() string {
	return fmt.Sprintf("award %s cannot be %s: it is %s; nothing was written", e.Award, Done(e.Action), e.Status)
}

// Hint says what to try.
func (e *StatusError) Hint() string {
	if e.Status != ledger.Revoked {
		return ""
	}
	return "a revoked credential cannot come back; to issue another one: laurel reissue AWARD"
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

// SealError is an award that has no capsule on the site.
type SealError struct {
	Award     string
	Withdrawn bool // it had one
}

func (e *SealError) Error() string {
	why := "it was never sealed"
	if e.Withdrawn {
		why = "it was withdrawn before"
	}
	return fmt.Sprintf("award %s cannot be withdrawn: %s; nothing was written", e.Award, why)
}

// Hint says what to try.
func (*SealError) Hint() string {
	return "only awards with a claim link can be withdrawn; to take a credential back: laurel revoke AWARD"
}
