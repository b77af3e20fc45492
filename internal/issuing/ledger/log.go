package ledger

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"sort"
	"time"

	"laurel/internal/standards/tlog"
)

// saltSize is the random part of a line, in bytes.
const saltSize = 16

func drawSalt() string {
	b := make([]byte, saltSize)
	rand.Read(b)
	return base64.RawURLEncoding.EncodeToString(b)
}

// LogState is where the log stands that is made of the events: each event but
// heads is a leaf, and so is each document of an issue event.
type LogState struct {
	// Size, Root, Edge, Checkpoint and At are the newest head's: the leaves it
	// covers, and when it was signed. All zero: none was signed.
	Size       int64
	Root       [32]byte
	Edge       []byte // as in HeadEvent; not to be changed
	Checkpoint string
	At         time.Time
	Seq        int64    // of the head's event
	Pos        Position // of the head's event
	// Adopted are the entries taken over from an earlier log; they are the
	// log's first.
	Adopted int64
	// Events are those since the newest head, Leaves the leaves that the next
	// head adds to Size: theirs, and what was adopted.
	Events int64
	Leaves int64
	logs   int64 // LogEvents
}

// Log returns where the log stands.
func (s *State) Log() LogState { return s.log }

// Head is a signed head of the log, as far as it is remembered.
type Head struct {
	tlog.Head
	At   time.Time
	Seq  int64    // of its event
	Pos  Position // of its event
	From int64    // the index of the first leaf that it alone covers
}

// HeadOver is the first head that covers so many leaves; nil: none does.
func (s *State) HeadOver(leaves int64) *Head {
	return s.firstHead(func(h *Head) bool { return h.Size >= leaves })
}

// Logged is the head whose leaves have those of an event; nil: it is not
// logged yet.
func (s *State) Logged(seq int64) *Head {
	return s.firstHead(func(h *Head) bool { return h.Seq > seq })
}

func (s *State) firstHead(is func(*Head) bool) *Head {
	i := sort.Search(len(s.heads), func(i int) bool { return is(&s.heads[i]) })
	if i == len(s.heads) {
		return nil
	}
	return &s.heads[i]
}

// Merges are the copies of the ledger whose events were taken in, in order.
func (s *State) Merges() []MergeEvent { return s.merges }

// take counts an event that was found right.
func (l *LogState) take(ev *Event, pos Position) {
	switch ev.Type {
	case TypeHead:
		h := ev.Head
		*l = LogState{Size: h.Size, Root: [32]byte(h.Root), Edge: h.Edge, Checkpoint: h.Checkpoint, At: ev.Time, Seq: ev.Seq, Pos: pos, Adopted: l.Adopted, logs: l.logs}
		return
	case TypeLog:
		n := int64(len(ev.Log.Entries) / EntrySize)
		l.Adopted += n
		l.logs++
		l.Leaves += n
	case TypeIssue:
		l.Leaves += int64(len(ev.Issue.Documents))
	}
	l.Events++
	l.Leaves++
}

func (s *State) applyHead(ev *Event) error {
	switch want := s.log.Size + s.log.Leaves; {
	case s.log.Events == 0:
		return errors.New("a head of the log follows another, and there is nothing between them")
	case ev.Head.Size != want:
		return fmt.Errorf("the log's head is signed over %d leaves, but there are %d", ev.Head.Size, want)
	}
	edge, err := tlog.ReadEdge(ev.Head.Size, ev.Head.Edge)
	if err != nil {
		return err
	}
	if edge.Head().Root != tlog.Hash(ev.Head.Root) {
		return errors.New("the root of the log's head is not that of the perfect trees it names")
	}
	return nil
}

func (s *State) applyLog() error {
	if s.log.logs != s.seq {
		return errors.New("entries of an earlier log are taken over after the first events; they can only be a ledger's first events")
	}
	return nil
}

func (s *State) applyMerge(e *MergeEvent) error {
	for _, m := range s.merges {
		if m.Hash == e.Hash {
			return errors.New("a copy of the ledger is taken in a second time")
		}
	}
	return nil
}

// WrongUntil is the latest date that a wrong clock gave to an event, as ClockEvents
// tell; zero: there is none.
func (s *State) WrongUntil() time.Time { return s.wrong }

func (s *State) applyClock(ev *Event, j *journal) error {
	at := ev.Clock.At
	switch {
	case at.After(ev.Time):
		return fmt.Errorf("dates are said to be right from %s on, which is after the event that says so, %s", stamp(at), stamp(ev.Time))
	case !s.time.After(at):
		return fmt.Errorf("dates are said to be right from %s on, but no event is dated later", stamp(at))
	}
	// What bears a later date was made, decided or taken off before. Of a key that
	// matters most: one revoked "in 2096" would be trusted until then.
	wrong := s.wrong
	j.add(func() { s.wrong = wrong })
	if s.time.After(s.wrong) {
		s.wrong = s.time
	}
	mend := func(t *time.Time) {
		if old := *t; old.After(at) {
			*t = at
			j.add(func() { *t = old })
		}
	}
	for _, k := range s.keys {
		mend(&k.Added)
		mend(&k.Retired)
		mend(&k.Revoked)
	}
	for _, r := range s.records {
		if ev.Merged > 0 && !r.merged && r.Seq >= ev.Merged {
			continue // this copy's clock was right
		}
		mend(&r.StatusSince)
		mend(&r.Withdrawn)
		if old := r.Misdated; r.IssuedAt.After(at) && !old {
			r.Misdated = true
			j.add(func() { r.Misdated = false })
		}
	}
	return nil
}
