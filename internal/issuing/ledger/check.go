package ledger

import (
	"bytes"
	"cmp"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// check judges an event by itself: what it says of the events before it is for
// State.apply. Messages quote no award and no reason: both may name people.
func (ev *Event) check() error {
	if err := checkTime("time", ev.Time); err != nil {
		return err
	}
	if b, err := hex.DecodeString(ev.Prev); err != nil || len(b)*2 != len(zeroPrev) || strings.ToLower(ev.Prev) != ev.Prev {
		return errors.New("prev is not a SHA-256 in lower-case hex")
	}
	switch {
	case ev.Key != nil:
		return ev.Key.check()
	case ev.Issue != nil:
		return ev.Issue.check()
	case ev.Status != nil:
		return ev.Status.check()
	default:
		return ev.List.check()
	}
}

func (k *KeyEvent) check() error {
	switch k.Action {
	case ActionAdded, ActionRetired, ActionRevoked:
	default:
		return fmt.Errorf("key event: unknown action %q", abbreviate(k.Action))
	}
	if k.Action == ActionAdded && k.PublicKeyMultibase == "" {
		return errors.New("key event: a key is added without publicKeyMultibase")
	}
	return cmp.Or(checkName("kid", k.Kid), checkTime("at", k.At), checkText("reason", k.Reason))
}

func (is *IssueEvent) check() error {
	if len(is.Documents) == 0 {
		return errors.New("issue event: no documents")
	}
	for i := range is.Documents {
		d := &is.Documents[i]
		err := cmp.Or(checkName("format", d.Format), checkName("mediaType", d.MediaType), checkDocument(d.Document))
		if err != nil {
			return fmt.Errorf("issue event: documents[%d]: %w", i, err)
		}
	}
	if is.Index < 0 || is.Index >= ListLength {
		return fmt.Errorf("issue event: index %d is outside the list, which has %d entries", is.Index, ListLength)
	}
	if !is.ValidUntil.IsZero() {
		if err := checkTime("validUntil", is.ValidUntil); err != nil {
			return err
		}
	}
	return cmp.Or(checkList(is.List), checkName("award", is.Award), checkName("credential", is.Credential),
		checkName("visibility", is.Visibility), checkText("content", is.Content), checkText("replaces", is.Replaces))
}

func (st *StatusEvent) check() error {
	switch st.Action {
	case ActionRevoke, ActionSuspend, ActionReinstate:
	default:
		return fmt.Errorf("status event: unknown action %q", abbreviate(st.Action))
	}
	if st.Reason != "" {
		if err := checkName("reason", st.Reason); err != nil {
			return err
		}
	}
	return cmp.Or(checkName("award", st.Award), checkName("credential", st.Credential), checkTime("date", st.Date))
}

func (li *ListEvent) check() error {
	if li.Set < 0 || li.Set > ListLength {
		return fmt.Errorf("list event: %d bits cannot be set in a list of %d", li.Set, ListLength)
	}
	if !li.ValidUntil.IsZero() {
		if err := checkTime("validUntil", li.ValidUntil); err != nil {
			return err
		}
	}
	return cmp.Or(checkList(li.List), checkDocument(li.Document))
}

// MaxList is the highest number of a status list.
const MaxList = 9999

func checkList(n int) error {
	if n < 1 || n > MaxList {
		return fmt.Errorf("list %d is outside 1 to %d", n, MaxList)
	}
	return nil
}

// checkTime allows only what comes back from JSON as it went in.
func checkTime(name string, t time.Time) error {
	_, offset := t.Zone()
	if t.IsZero() || t.Year() < 1 || t.Year() > 9999 || t.Nanosecond() != 0 || offset != 0 {
		return fmt.Errorf("%s is not a UTC time in whole seconds", name)
	}
	return nil
}

// checkName allows one non-empty line.
func checkName(name, s string) error {
	if s == "" {
		return fmt.Errorf("%s is empty", name)
	}
	if strings.ContainsFunc(s, unicode.IsControl) {
		return fmt.Errorf("%s has a control character", name)
	}
	return checkText(name, s)
}

func checkText(name, s string) error {
	if !utf8.ValidString(s) {
		return fmt.Errorf("%s is not UTF-8", name)
	}
	return nil
}

// checkDocument refuses a document that could not be read back byte for byte.
// Whether it is JSON at all is for the encoder to find out.
func checkDocument(d jsontext.Value) error {
	switch {
	case isSkipped(d):
		return nil
	case d.Kind() != '{' && d.Kind() != '"':
		return errors.New("the document is neither a JSON object nor a JSON string")
	case !isCompact(d):
		return errors.New("the document is not compact JSON: there is white space between its tokens")
	}
	return nil
}

// isCompact tells whether there is no white space outside the strings of d.
func isCompact(d []byte) bool {
	for len(d) > 0 {
		quote := bytes.IndexByte(d, '"')
		if quote < 0 {
			quote = len(d)
		}
		for _, c := range d[:quote] {
			if c <= ' ' {
				return false
			}
		}
		d = d[min(quote+1, len(d)):]
		i := 0
		for i < len(d) && d[i] != '"' {
			if d[i] == '\\' {
				i++ // what is escaped
			}
			i++
		}
		d = d[min(i+1, len(d)):]
	}
	return true
}
