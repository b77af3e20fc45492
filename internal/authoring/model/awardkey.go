package model

import (
	"fmt"
	"strings"

	"laurel/internal/material/text"
)

// AwardKey names an award for good: in the ledger, on the command line, and
// wherever people talk of it. Written out it is
// "<cohort>/<achievement>/<recipient>".
type AwardKey struct {
	Cohort      string // slug
	Achievement string // slug; of a record (the cohort Records), its program's
	// Recipient is Recipient.StableKey. A slash in it parts nothing.
	Recipient string
}

func (k AwardKey) String() string { return k.Cohort + "/" + k.Achievement + "/" + k.Recipient }

// ParseAwardKey reads a key that was written out. It fails where a part is
// missing or empty; the error quotes nothing, since a key may name a person.
func ParseAwardKey(s string) (AwardKey, error) {
	parts := strings.SplitN(s, "/", 3)
	if len(parts) < 3 || parts[0] == "" || parts[1] == "" || parts[2] == "" {
		return AwardKey{}, fmt.Errorf("an award key has three parts, <cohort>/<achievement>/<recipient>")
	}
	return AwardKey{parts[0], parts[1], parts[2]}, nil
}

// FoldKey makes recipient keys equal that a person takes for the same: the
// spellings of an e-mail address. All that is read is composed.
func FoldKey(k string) string {
	if strings.Contains(k, "@") {
		return text.Email(k)
	}
	return k
}

// MaxRecipientKey is the greatest length of a recipient key, in bytes.
const MaxRecipientKey = 254

// RecipientKeyFault says what is wrong with a recipient key, as it follows its
// name in a sentence; empty: nothing. It becomes an argument of commands, so it
// holds nothing that people cannot see or type, and does not look like a flag.
func RecipientKeyFault(s string) string {
	switch {
	case len(s) > MaxRecipientKey:
		return "is too long"
	case strings.ContainsFunc(s, func(r rune) bool { return r == '/' || r == ' ' || text.ClassOf(r) != text.Shown }):
		return "must not contain white space, slashes or invisible characters"
	case strings.Trim(s, ".") == "" || s[0] == '-':
		return "must not consist of dots only or start with a hyphen"
	}
	return ""
}
