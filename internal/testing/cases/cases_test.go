// Package cases lists what every verifier of laurel must answer alike: the
// command line and the verify page are given the same bytes, the same documents
// and the same time, and must give the same verdict for the same reason.
//
// It owns the table: published vectors (package vectors), attacks made by hand
// from the credentials of an invented issuer, good credentials of every format,
// and the mutants of those. It judges nothing itself, and touches neither network
// nor clock. All keys in it are made from names and serve nothing else.
package cases

import (
	"slices"
	"sync"
	"time"

	"laurel/internal/standards/verify"
)

// Case is one thing to be judged.
type Case struct {
	// Name is unique within Suite; both are made of a-z, A-Z, 0-9, "-", "_" and ".".
	Name, Suite string
	// Input is what is handed to the verifier.
	Input []byte
	// Documents are all that the verifier can have, by URL or DID. What is not
	// here is not available.
	Documents map[string][]byte
	// Place is a log.json that came with it, in the suite of logs; empty and not nil:
	// it is missing where it ought to be.
	Place []byte
	// At is the moment of judging.
	At time.Time
	// Verdict is valid, invalid or undetermined.
	Verdict string
	// Code is the code of the check that decides: see Deciding.
	Code string
	// Form is the code of the first check of the form alone that says the same, where
	// another decides; empty where none of the form does.
	Form string
	// Items are verdict and code of each, where there are several in the input.
	Items []string
}

// id is the name of the case among those of all suites.
func (c Case) id() string { return c.Suite + "/" + c.Name }

// wanted is what a verifier must answer: verdict and code.
func (c Case) wanted() string { return c.Verdict + " " + c.Code }

// All returns every case: those of Vectors, Attacks and Good, made once.
var All = sync.OnceValue(func() []Case { return slices.Concat(Vectors(), Attacks(), Good()) })

// answer is the verdict of a report, and the code that decided.
func answer(r *verify.Report) string { return string(r.Verdict) + " " + Deciding(r) }

// Deciding returns the code of the check that decides a report's verdict, as
// Report.Decisive has it; "ok" if it is valid.
func Deciding(r *verify.Report) string {
	if r.Verdict == verify.Valid {
		return "ok"
	}
	return r.Decisive().Code
}

// faultOfForm returns the code that Case.Form is about.
func faultOfForm(r *verify.Report) string {
	decided := r.Decisive()
	i := slices.IndexFunc(r.Checks, func(c verify.Check) bool { return c.Outcome == decided.Outcome })
	if r.Verdict == verify.Valid || i < 0 || r.Checks[i].Code == decided.Code || !slices.Contains([]string{verify.Structure, verify.Contexts, verify.Schema}, r.Checks[i].Name) {
		return ""
	}
	return r.Checks[i].Code
}
