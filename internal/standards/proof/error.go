package proof

import (
	"fmt"
	"strconv"
	"strings"
)

// An Error says why a document or proof was refused. Codes are stable:
//
//	json-syntax json-duplicate-name json-too-deep json-too-large json-number
//	context-missing context-unknown context-inline context-conflict
//	term-undefined type-undefined iri-relative keyword-forbidden value-lost
//	node-repeated canonicalization-budget expansion-failed
//	proof-missing proof-present proof-malformed suite-unknown suite-verify-only
//	base-proof jws-malformed header-forbidden algorithm-forbidden
//	signature-malformed signature-invalid
//	key-malformed key-low-order key-weak key-mismatch
type Error struct {
	Code    string
	Pointer string // RFC 6901 JSON pointer to the place, may be empty
	Detail  string // one line for people; quotes names of the document, never its values
	err     error
}

func (e *Error) Error() string {
	if e.Pointer == "" {
		return e.Code + ": " + e.Detail
	}
	return fmt.Sprintf("%s at %q: %s", e.Code, e.Pointer, e.Detail)
}

func (e *Error) Unwrap() error { return e.err }

// A place is where a walk is, linked from the inside out, so that nothing is
// built unless there is an error to report.
type place struct {
	outer *place
	name  string
	index int // counts when name is empty and outer is not nil
	array bool
}

func (p *place) member(name string) *place { return &place{outer: p, name: name} }

func (p *place) item(index int) *place { return &place{outer: p, index: index, array: true} }

// pointer writes the JSON pointer.
func (p *place) pointer() string {
	if p == nil || p.outer == nil {
		return ""
	}
	if p.array {
		return p.outer.pointer() + "/" + strconv.Itoa(p.index)
	}
	return p.outer.pointer() + "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(p.name)
}

func (p *place) errorf(code, format string, args ...any) *Error {
	return &Error{Code: code, Pointer: p.pointer(), Detail: fmt.Sprintf(format, args...)}
}
