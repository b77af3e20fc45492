package ledger

import (
	"crypto/sha256"
	"fmt"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Event reads one event again, documents included, and checks that its line
// is still the one that was read before.
func (l *Ledger) Event(pos Position) (Event, error) {
	f, err := l.segment(pos.Segment)
	if err != nil {
		return Event{}, err
	}
	line := make([]byte, pos.Length)
	if _, err := f.ReadAt(line, pos.Offset); err != nil {
		return Event{}, fmt.Errorf("read event in %s: %w", l.file(pos.Segment), err)
	}
	if sha256.Sum256(line) != pos.Hash {
		return Event{}, fmt.Errorf("read event in %s: the line at byte %d is no longer the one that was read on opening", l.file(pos.Segment), pos.Offset)
	}
	var ev Event
	if err := ev.decode(line, whole); err != nil {
		return Event{}, fmt.Errorf("read event in %s at byte %d: %w", l.file(pos.Segment), pos.Offset, err)
	}
	return ev, nil
}

// Documents reads the signed documents of an issued credential, byte for byte
// as they were appended: those of the full credential first, at least one.
func (l *Ledger) Documents(r *Record) ([]Document, error) {
	ev, err := l.Event(r.Pos)
	if err != nil {
		return nil, err
	}
	if ev.Issue == nil {
		return nil, l.other(r.Pos, ev, "an issue")
	}
	return ev.Issue.Documents, nil
}

// Bytes are what a document is as a file: the JSON object as it is, the text of a
// compact form.
func Bytes(document jsontext.Value) ([]byte, error) {
	if document.Kind() != '"' {
		return document, nil
	}
	var text string
	err := json.Unmarshal(document, &text)
	return []byte(text), err
}

// Signed reads the main form of a credential by its id, which may be a variant's.
func (l *Ledger) Signed(credential string) (jsontext.Value, error) {
	r := l.state.ByCredential(credential)
	if r == nil {
		return nil, fmt.Errorf("credential %s is not in the ledger", credential)
	}
	docs, err := l.Documents(r)
	if err != nil {
		return nil, err
	}
	variant := ""
	for _, v := range r.Variants {
		if v.Credential == credential {
			variant = v.Name
		}
	}
	for _, d := range docs {
		if d.Variant == variant {
			return d.Document, nil
		}
	}
	return nil, fmt.Errorf("credential %s has no document", credential)
}

// MainDocument reads the first signed document of an issued credential.
func (l *Ledger) MainDocument(r *Record) ([]byte, error) {
	docs, err := l.Documents(r)
	if err != nil {
		return nil, err
	}
	return docs[0].Document, nil
}

// ListDocument reads a status list as it was signed last; nil: it never was.
func (l *Ledger) ListDocument(s ListState) ([]byte, error) {
	ev, err := l.list(s)
	if ev == nil {
		return nil, err
	}
	return ev.Document, nil
}

// ListToken reads the token of a status list as it was signed last; nil: it has none.
func (l *Ledger) ListToken(s ListState) ([]byte, error) {
	ev, err := l.list(s)
	if ev == nil || ev.Token == "" {
		return nil, err
	}
	return []byte(ev.Token), nil
}

func (l *Ledger) list(s ListState) (*ListEvent, error) {
	if s.SignedAt.IsZero() {
		return nil, nil
	}
	ev, err := l.Event(s.Pos)
	if err != nil {
		return nil, fmt.Errorf("read status list %d: %w", s.List, err)
	}
	if ev.List == nil {
		return nil, l.other(s.Pos, ev, "a status list")
	}
	return ev.List, nil
}

// ListDocuments reads all status lists that were signed, as they were signed
// last.
func (l *Ledger) ListDocuments() ([][]byte, error) {
	var lists [][]byte
	for _, s := range l.state.Lists() {
		switch document, err := l.ListDocument(s); {
		case err != nil:
			return nil, err
		case document != nil:
			lists = append(lists, document)
		}
	}
	return lists, nil
}

// ListTokens reads all tokens of status lists, as they were signed last.
func (l *Ledger) ListTokens() ([][]byte, error) {
	var tokens [][]byte
	for _, s := range l.state.Lists() {
		switch token, err := l.ListToken(s); {
		case err != nil:
			return nil, err
		case token != nil:
			tokens = append(tokens, token)
		}
	}
	return tokens, nil
}

// Capsules reads the names and keys of a sealed record's capsules, the
// learner's own first, at least one. The record must have some.
func (l *Ledger) Capsules(r *Record) ([]Capsule, error) {
	ev, err := l.capsules(r)
	if err != nil {
		return nil, err
	}
	return ev.Capsules, nil
}

// SealedCapsule is a capsule with what it holds, compressed.
type SealedCapsule struct {
	Capsule
	Packed string
}

// Sealed reads what a record's capsules hold, in the order of Record.Capsules. The record must have some.
func (l *Ledger) Sealed(r *Record) ([]SealedCapsule, error) {
	ev, err := l.capsules(r)
	if err != nil {
		return nil, err
	}
	if len(ev.Packed) != len(ev.Capsules) {
		return nil, fmt.Errorf("read the capsules of %s: %d of %d were sealed", r.Credential, len(ev.Packed), len(ev.Capsules))
	}
	sealed := make([]SealedCapsule, len(ev.Packed))
	for i, text := range ev.Packed {
		sealed[i].Capsule = ev.Capsules[i]
		if err := json.Unmarshal(text, &sealed[i].Packed); err != nil {
			return nil, fmt.Errorf("read the capsules of %s: capsule %d is not a string: %w", r.Credential, i, err)
		}
	}
	return sealed, nil
}

func (l *Ledger) capsules(r *Record) (*CapsuleEvent, error) {
	if r.Capsules == nil {
		return nil, fmt.Errorf("read the capsules of %s: it has none", r.Credential)
	}
	ev, err := l.Event(r.CapsulePos)
	if err != nil {
		return nil, fmt.Errorf("read the capsules of %s: %w", r.Credential, err)
	}
	if ev.Capsule == nil {
		return nil, l.other(r.CapsulePos, ev, "a capsule")
	}
	return ev.Capsule, nil
}

// other says that an event is not of the type that was looked for.
func (l *Ledger) other(pos Position, ev Event, want string) error {
	return fmt.Errorf("read event in %s: event %d is of type %s, not %s", l.file(pos.Segment), ev.Seq, ev.Type, want)
}
