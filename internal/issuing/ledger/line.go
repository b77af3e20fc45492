package ledger

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// A line is {"seq":…,"time":…,"type":…,"prev":…,"salt":…, payload …,"sum":"<hex>"}. The
// sum is the SHA-256 of the line's bytes before its own comma: without it the
// newest line, which no prev vouches for yet, could be changed unnoticed.
const (
	sumOpen  = `,"sum":"`
	sumClose = `"}`
	sumSize  = len(sumOpen) + 2*sha256.Size + len(sumClose)
)

var zeroPrev = strings.Repeat("0", 2*sha256.Size)

type header struct {
	Seq    int64     `json:"seq"`
	Time   time.Time `json:"time"`
	Type   Type      `json:"type"`
	Prev   string    `json:"prev"`
	Salt   string    `json:"salt"`
	Merged int64     `json:"merged,omitzero"`
}

type trailer struct {
	Sum string `json:"sum,omitzero"`
}

// lineOf is the shape of a line with such an event.
type lineOf[E any] struct {
	header
	Event E `json:",embed"`
	trailer
}

func newLine[E any](h header, event *E) any { return &lineOf[E]{header: h, Event: *event} }

// readEvent reads a line with such an event.
func readEvent[E any](line []byte, opts json.Options) (header, *E, error) {
	var v lineOf[E]
	err := json.Unmarshal(line, &v, opts)
	return v.header, &v.Event, err
}

// appendLine adds the event's line, without newline, to b.
func (ev *Event) appendLine(b []byte) ([]byte, error) {
	start := len(b)
	b, err := ev.appendBody(b)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(b[start:])
	b = append(b, sumOpen...)
	b = hex.AppendEncode(b, sum[:])
	b = append(b, sumClose...)
	if n := len(b) - start; n > MaxLine {
		return nil, fmt.Errorf("the event has %d bytes, the limit is %d", n, MaxLine)
	}
	return b, nil
}

// appendBody adds the line up to its sum.
func (ev *Event) appendBody(b []byte) ([]byte, error) {
	h := header{ev.Seq, ev.Time, ev.Type, ev.Prev, ev.Salt, ev.Merged}
	var v any
	switch ev.Type {
	case TypeKey:
		v = newLine(h, ev.Key)
	case TypeIssue:
		v = newLine(h, ev.Issue)
	case TypeStatus:
		v = newLine(h, ev.Status)
	case TypeList:
		v = newLine(h, ev.List)
	case TypeCapsule:
		v = newLine(h, ev.Capsule)
	case TypeWithdraw:
		v = newLine(h, ev.Withdraw)
	case TypeHead:
		v = newLine(h, ev.Head)
	case TypeLog:
		v = newLine(h, ev.Log)
	case TypeMerge:
		v = newLine(h, ev.Merge)
	case TypeClock:
		v = newLine(h, ev.Clock)
	}
	buf := bytes.NewBuffer(b)
	if err := json.MarshalWrite(buf, v, json.Deterministic(true), jsontext.PreserveRawStrings(true)); err != nil {
		return nil, jsonError("not an event", err)
	}
	buf.Truncate(buf.Len() - len("}"))
	return buf.Bytes(), nil
}

// reading says how much of a line is wanted.
type reading bool

const (
	whole reading = true  // documents, sealed ones and all
	facts reading = false // documents are checked to be JSON, and left out
)

// skipped stands for a document that was left out.
var skipped = jsontext.Value("0")

var (
	readWhole = json.RejectUnknownMembers(true)
	readFacts = json.JoinOptions(readWhole, json.WithUnmarshalers(
		json.UnmarshalFromFunc(func(d *jsontext.Decoder, v *jsontext.Value) error {
			*v = skipped
			_, err := d.ReadValue() // checks in one go, and copies nothing
			return err
		})))
)

// checkSum tells whether the line's bytes are those that were written, and
// returns the hash of the whole line.
func checkSum(line []byte) (hash [sha256.Size]byte, err error) {
	n := len(line) - sumSize
	if n < 1 || line[0] != '{' || !bytes.HasPrefix(line[n:], []byte(sumOpen)) || !bytes.HasSuffix(line, []byte(sumClose)) {
		return hash, errors.New("not an event: the line does not end with its checksum")
	}
	h := sha256.New()
	h.Write(line[:n])
	want := [2 * sha256.Size]byte{}
	hex.Encode(want[:], h.Sum(hash[:0]))
	if got := line[n+len(sumOpen) : len(line)-len(sumClose)]; string(got) != string(want[:]) {
		return hash, fmt.Errorf("the line was changed: it says its checksum is %s, its bytes give %s", abbreviate(string(got)), abbreviate(string(want[:])))
	}
	h.Write(line[n:])
	h.Sum(hash[:0])
	return hash, nil
}

// decode reads a line, strictly: no unknown member, no name twice, every
// member where and as appendLine writes it. Of documents that are left out, only
// the JSON's syntax is checked.
func (ev *Event) decode(line []byte, r reading) error {
	opts := readFacts
	if r == whole {
		opts = readWhole
	}
	typ := peekType(line)
	var h header
	var err error
	switch typ {
	case TypeKey:
		h, ev.Key, err = readEvent[KeyEvent](line, opts)
	case TypeIssue:
		h, ev.Issue, err = readEvent[IssueEvent](line, opts)
	case TypeStatus:
		h, ev.Status, err = readEvent[StatusEvent](line, opts)
	case TypeList:
		h, ev.List, err = readEvent[ListEvent](line, opts)
	case TypeCapsule:
		h, ev.Capsule, err = readEvent[CapsuleEvent](line, opts)
	case TypeWithdraw:
		h, ev.Withdraw, err = readEvent[WithdrawEvent](line, opts)
	case TypeHead:
		h, ev.Head, err = readEvent[HeadEvent](line, opts)
	case TypeLog:
		h, ev.Log, err = readEvent[LogEvent](line, opts)
	case TypeMerge:
		h, ev.Merge, err = readEvent[MergeEvent](line, opts)
	case TypeClock:
		h, ev.Clock, err = readEvent[ClockEvent](line, opts)
	case "":
		return errors.New("not an event: it does not begin with seq, time and type")
	default:
		return fmt.Errorf("unknown type of event %q", abbreviate(string(typ)))
	}
	if err != nil {
		return jsonError("not an event", err)
	}
	ev.Seq, ev.Time, ev.Type, ev.Prev, ev.Salt, ev.Merged = h.Seq, h.Time, h.Type, h.Prev, h.Salt, h.Merged
	if ev.Type != typ {
		return errors.New("not an event: it does not begin with seq, time and type")
	}
	if err := ev.check(); err != nil {
		return err
	}
	return ev.checkForm(line)
}

// peekType finds the header's type; decode checks that it is that.
func peekType(line []byte) Type {
	const member = `"type":"`
	start := line[:min(len(line), 128)]
	i := bytes.Index(start, []byte(member))
	if i < 0 {
		return ""
	}
	typ, _, ok := bytes.Cut(start[i+len(member):], []byte{'"'})
	if !ok {
		return ""
	}
	return Type(typ)
}

// checkForm refuses a line that reads well but is not as appendLine writes it: a
// member left out, other order, white space.
func (ev *Event) checkForm(line []byte) error {
	end := 0 // what of the body stands for documents that were left out
	switch {
	case ev.Type == TypeList && isSkipped(ev.List.Document):
		end = len("0")
	case ev.Type == TypeIssue && isSkipped(ev.Issue.Documents[0].Document):
		end = len(`]`)
		is := *ev.Issue
		is.Documents = nil
		ev = &Event{Seq: ev.Seq, Time: ev.Time, Type: ev.Type, Prev: ev.Prev, Salt: ev.Salt, Merged: ev.Merged, Issue: &is}
	case ev.Type == TypeCapsule && isSkipped(ev.Capsule.Packed[0]):
		end = len(`]`)
		c := *ev.Capsule
		c.Packed = nil
		ev = &Event{Seq: ev.Seq, Time: ev.Time, Type: ev.Type, Prev: ev.Prev, Salt: ev.Salt, Merged: ev.Merged, Capsule: &c}
	}
	room := bodies.Get().(*[]byte)
	defer bodies.Put(room)
	body, err := ev.appendBody((*room)[:0])
	if err != nil {
		return err
	}
	if cap(body) <= maxKeptBody {
		*room = body
	}
	if !bytes.HasPrefix(line, body[:len(body)-end]) || end == 0 && len(line) != len(body)+sumSize {
		return errors.New("not an event as laurel writes it: a member is missing, or not in its place")
	}
	return nil
}

// bodies are buffers for the lines that checkForm writes; larger ones than
// maxKeptBody, which hold documents, are not kept.
var bodies = sync.Pool{New: func() any { return new([]byte) }}

const maxKeptBody = 64 << 10

func isSkipped(v jsontext.Value) bool { return len(v) == len(skipped) && &v[0] == &skipped[0] }

// jsonError tells where a JSON error is, without quoting values: a ledger
// holds people's names.
func jsonError(action string, err error) error {
	var syn *jsontext.SyntacticError
	var sem *json.SemanticError
	switch {
	case errors.Is(err, jsontext.ErrDuplicateName) && errors.As(err, &syn):
		return fmt.Errorf("%s: member %q is given twice", action, syn.JSONPointer)
	case errors.Is(err, json.ErrUnknownName) && errors.As(err, &sem):
		return fmt.Errorf("%s: unknown member %q", action, sem.JSONPointer)
	case errors.As(err, &syn):
		return fmt.Errorf("%s: invalid JSON at byte %d, in %q", action, syn.ByteOffset, syn.JSONPointer)
	case errors.As(err, &sem):
		return fmt.Errorf("%s: wrong kind of value in %q", action, sem.JSONPointer)
	}
	return errors.New(action + ": invalid JSON")
}

// abbreviate shortens a digest or word for a message.
func abbreviate(s string) string {
	s = printable(s)
	if len(s) > 16 {
		return s[:16] + "…"
	}
	return s
}

// printable keeps control characters of a damaged file off the terminal.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x20 || r > 0x7e {
			return '?'
		}
		return r
	}, s)
}
