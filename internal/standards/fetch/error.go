package fetch

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
)

// Reason is why a document could not be had.
type Reason string

// The reasons.
const (
	Forbidden   Reason = "forbidden"   // laurel will not ask there
	Unreachable Reason = "unreachable" // no answer, or not one that TLS trusts
	TimedOut    Reason = "timeout"
	BadStatus   Reason = "status" // an answer, but not 200
	TooLarge    Reason = "too-large"
)

// Error says why a URL was not got.
type Error struct {
	URL    string
	Reason Reason
	Status int // with BadStatus

	redirected bool
	err        error
}

// Error returns one line; the URL stands in it quoted.
func (e *Error) Error() string {
	what := "get"
	if e.redirected {
		what = "follow the redirect of"
	}
	switch {
	case e.Reason == BadStatus:
		return fmt.Sprintf("%s %q: the server answered %d", what, shorten(e.URL), e.Status)
	case e.Reason == TimedOut:
		return fmt.Sprintf("%s %q: no answer in time", what, shorten(e.URL))
	}
	return fmt.Sprintf("%s %q: %v", what, shorten(e.URL), e.err)
}

// Unwrap returns the cause, which may be nil.
func (e *Error) Unwrap() error { return e.err }

func refuse(why string) *Error {
	return &Error{Reason: Forbidden, err: errors.New(why)}
}

// asError keeps an *Error found anywhere in the chain, under the URL that was
// asked for.
func asError(rawURL string, err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		found := *e
		found.URL = rawURL
		return &found
	}
	var n net.Error
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, os.ErrDeadlineExceeded) || errors.As(err, &n) && n.Timeout() {
		return &Error{URL: rawURL, Reason: TimedOut, err: err}
	}
	// The standard client's error says the URL again.
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	return &Error{URL: rawURL, Reason: Unreachable, err: err}
}

// shorten keeps a hostile URL from filling the screen.
func shorten(s string) string {
	const most = 200
	if len(s) > most {
		return s[:most] + "..."
	}
	return s
}
