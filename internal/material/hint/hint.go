// Package hint gives errors a second line: the error says what is wrong, its hint
// what to try. An error type may also have a method Hint() string of its own.
package hint

import (
	"errors"
	"fmt"
	"io/fs"
)

type hinted struct {
	error
	hint string
}

func (h *hinted) Unwrap() error { return h.error }
func (h *hinted) Hint() string  { return h.hint }

// Errorf is fmt.Errorf with a hint.
func Errorf(hint, format string, args ...any) error {
	return &hinted{fmt.Errorf(format, args...), hint}
}

// Of is the hint of an error: its own, else that of the first of its causes that
// has one. Empty: none has.
func Of(err error) string {
	var h interface{ Hint() string }
	switch {
	case errors.As(err, &h):
		return h.Hint()
	case errors.Is(err, fs.ErrPermission):
		return "check who owns the file and its folder"
	}
	return ""
}
