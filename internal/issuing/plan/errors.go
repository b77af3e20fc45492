package plan

import (
	"fmt"
	"strings"

	"laurel/internal/authoring/model"
)

// AwardError is a mistake in which award is asked for.
type AwardError struct{ Award, Text string }

func (e *AwardError) Error() string { return fmt.Sprintf("award %s: %s", e.Award, e.Text) }

// Hint says what to try.
func (*AwardError) Hint() string { return "laurel plan shows the keys of awards" }

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
		lines[i] = fmt.Sprintf("%v: %s", one.Source, one.Text)
	}
	return strings.Join(lines, "\n")
}

// Hint says what to try.
func (AwardProblems) Hint() string {
	return "leave it out, or write a validUntil in the future"
}

// KeyError says that no key can sign what is planned, or that a key is not
// what the ledger says.
type KeyError struct {
	Kid, Text string
	Profile   string // slug of the endorser who has no key
}

func (e *KeyError) Error() string {
	if e.Kid == "" {
		return e.Text
	}
	return fmt.Sprintf("key %s: %s", e.Kid, e.Text)
}

// SettingError is something in the content's "sign" or "formats" that the keys do
// not allow.
type SettingError struct {
	Source    model.Source // zero: it is a default
	Text, Try string
}

func (e *SettingError) Error() string {
	if e.Source.File == "" {
		return e.Text
	}
	return fmt.Sprintf("%v:%d: %s", e.Source, e.Source.Column, e.Text)
}

// Hint says what to try.
func (e *SettingError) Hint() string { return e.Try }

// Hint says what to try.
func (e *KeyError) Hint() string {
	if e.Profile != "" {
		return "laurel key new --profile " + e.Profile
	}
	if e.Kid == "" {
		return "laurel key list shows the keys; laurel key new makes one"
	}
	return "restore keys/ from your copy, or make a key under a new name: laurel key new"
}
