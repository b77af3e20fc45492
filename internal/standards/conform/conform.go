// Package conform says whether a document has the form that the standards
// demand, and whether the verifiers in use would take it. It owns the bundled
// JSON Schemas and three questions about a parsed document:
//
//   - Structure: is it a credential or presentation at all? Asked of any
//     issuer's document (Verifiable Credentials Data Model v2.0, Open Badges
//     Specification v3.0, Bitstring Status List v1.0).
//   - Schemas: does it pass 1EdTech's JSON Schemas, in both forms that have been
//     served under their names?
//   - Lint: is it in the narrow profile that every known verifier takes? Asked
//     of what laurel is about to sign.
//
// What only JSON-LD can tell, a term or type that no context defines, is asked
// of proof. The package reads no time, fetches nothing, and refuses VCDM 1.1.
//
// A document is what a strict JSON parser returns: map[string]any, []any,
// string, bool, nil, and numbers as float64 or json.Number.
package conform

import (
	"cmp"
	"fmt"
	"slices"

	"laurel/internal/standards/jsonld"
)

// Severity is how bad a finding is.
type Severity int

// An Error makes a document unfit; a Warning is worth telling.
const (
	Error Severity = iota
	Warning
)

// String returns "error" or "warning".
func (s Severity) String() string {
	if s == Warning {
		return "warning"
	}
	return "error"
}

// Finding is one thing that is wrong with a document.
type Finding struct {
	Code     string // stable, kebab-case
	Pointer  string // JSON Pointer (RFC 6901) to the place, empty for the document
	Detail   string // a sentence for people, without the words of the document that could name one
	Verifier string // which verifier or standard refuses it
	Severity Severity
}

// String returns the finding in one line.
func (f Finding) String() string {
	where := f.Pointer
	if where == "" {
		where = "document"
	}
	return fmt.Sprintf("%s: %s (%s; %s)", where, f.Detail, f.Code, f.Verifier)
}

// maxFindings bounds what is returned, which is enough to mend a document: a
// hostile one must fill neither memory nor a page with what is wrong about it.
const maxFindings = 50

// document is the place of all of it.
var document = new(jsonld.Place)

// findings collects what is wrong.
type findings struct {
	list     []Finding
	verifier string // of the findings that are added now
}

func (f *findings) add(code string, p *jsonld.Place, format string, args ...any) {
	f.report(Error, code, p, format, args...)
}

func (f *findings) warn(code string, p *jsonld.Place, format string, args ...any) {
	f.report(Warning, code, p, format, args...)
}

func (f *findings) report(s Severity, code string, p *jsonld.Place, format string, args ...any) {
	if len(f.list) == maxCollected {
		return
	}
	f.list = append(f.list, Finding{
		Code: code, Pointer: p.Pointer(), Detail: fmt.Sprintf(format, args...), Verifier: f.verifier, Severity: s,
	})
}

// sorted returns the findings in the order of their places, without doubles. Of
// too many, warnings are left out before errors are.
func (f *findings) sorted() []Finding {
	slices.SortStableFunc(f.list, byPlace)
	list := slices.Compact(f.list)
	if len(list) > maxFindings {
		slices.SortStableFunc(list, func(a, b Finding) int { return cmp.Compare(a.Severity, b.Severity) })
		list = list[:maxFindings]
		slices.SortStableFunc(list, byPlace)
	}
	return list
}

func byPlace(a, b Finding) int {
	return cmp.Or(cmp.Compare(a.Pointer, b.Pointer), cmp.Compare(a.Code, b.Code), cmp.Compare(a.Detail, b.Detail))
}
