package cli

import (
	"errors"
	"io"
	"io/fs"
)

// output is standard output. What was asked for counts as printed only when all
// of it was taken, so the first error is kept for the end, and nothing more is
// written after it: printing itself need not look.
type output struct {
	to  io.Writer
	err error
}

func (o *output) Write(p []byte) (int, error) {
	if o.err != nil {
		return 0, o.err
	}
	n, err := o.to.Write(p)
	if err != nil {
		o.err = &outputError{err}
	}
	return n, o.err
}

// check is how a command ended that ended with err: one whose output is not
// whole has failed, whatever it found. A failure of another kind goes first.
func (o *output) check(err error) error {
	var verdict *verdictError
	if o.err != nil && (err == nil || errors.As(err, &verdict)) {
		return o.err
	}
	return err
}

// outputError says that what was asked for could not be printed, or not all.
type outputError struct{ err error }

func (e *outputError) Error() string {
	err := e.err
	if path := (*fs.PathError)(nil); errors.As(err, &path) {
		err = path.Err // whatever file it is
	}
	return "write to standard output: " + err.Error()
}

func (e *outputError) Unwrap() error { return e.err }

// Hint says what to try.
func (*outputError) Hint() string {
	return "the command itself was carried out; only its output was lost: send it to a file or pipe that can be written"
}
