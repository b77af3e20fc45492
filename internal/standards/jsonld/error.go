package jsonld

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// An Error says why a document, or something about it, was refused. Codes are
// stable. Those of this package are
//
//	json-syntax json-duplicate-name json-too-deep json-too-large json-number
//	context-missing context-unknown context-inline context-conflict
//	term-undefined type-undefined iri-relative keyword-forbidden value-lost
//	direction-unsigned node-repeated canonicalization-budget expansion-failed
//
// and package proof adds its own.
type Error struct {
	Code    string
	Pointer string // RFC 6901 JSON pointer to the place, may be empty
	Detail  string // one line for people; quotes names of the document, never its values
	Err     error  // what caused it, may be nil
}

func (e *Error) Error() string {
	if e.Pointer == "" {
		return e.Code + ": " + e.Detail
	}
	return fmt.Sprintf("%s at %q: %s", e.Code, e.Pointer, e.Detail)
}

func (e *Error) Unwrap() error { return e.Err }

// CodeOf is the code of an error that is an *Error or has one as its cause; empty:
// neither.
func CodeOf(err error) string {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// OverBudget is the error for a budget that is used up, which err says.
func OverBudget(err error) *Error {
	return &Error{Code: "canonicalization-budget", Detail: "the document needs more work to canonicalise than is allowed", Err: err}
}

// A Place is where in a document a reader is, linked from the inside out, so
// that nothing is built unless there is an error to report. The zero Place is
// the document itself.
type Place struct {
	outer *Place
	name  string
	index int // counts when array is true
	array bool
}

// Member is the place of a member of the object at p.
func (p *Place) Member(name string) *Place { return &Place{outer: p, name: name} }

// Item is the place of an item of the array at p, counted from 0.
func (p *Place) Item(index int) *Place { return &Place{outer: p, index: index, array: true} }

// Pointer writes the place as a JSON pointer, RFC 6901.
func (p *Place) Pointer() string {
	if p == nil || p.outer == nil {
		return ""
	}
	if p.array {
		return p.outer.Pointer() + "/" + strconv.Itoa(p.index)
	}
	return p.outer.Pointer() + "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(p.name)
}

// Errorf is an Error at p.
func (p *Place) Errorf(code, format string, args ...any) *Error {
	return &Error{Code: code, Pointer: p.Pointer(), Detail: fmt.Sprintf(format, args...)}
}

// Under moves an Error that was found in what stands at p, read as a document of
// its own, to its place in the whole document. Other errors stay as they are.
func (p *Place) Under(err error) error {
	if e, ok := err.(*Error); ok {
		moved := *e
		moved.Pointer = p.Pointer() + e.Pointer
		return &moved
	}
	return err
}
