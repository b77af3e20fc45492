package ledger

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"github.com/gofrs/flock"
)

// ErrClock is what a ClockError is.
var ErrClock = errors.New("the clock is behind the ledger")

// ClockError refuses events older than the newest one: the clock is wrong, or
// another machine's was.
type ClockError struct{ Now, Head time.Time }

func (e *ClockError) Error() string {
	return fmt.Sprintf("%v: the clock says %s, but the newest event is from %s", ErrClock, stamp(e.Now), stamp(e.Head))
}

// Hint says what to try.
func (*ClockError) Hint() string {
	return "set this machine's clock (or SOURCE_DATE_EPOCH) right; if it is the ledger's date that is wrong: laurel ledger mend-clock"
}

func (e *ClockError) Unwrap() error { return ErrClock }

// CheckTime returns a *ClockError for a time that is before the newest event's: no
// event but a ClockEvent may bear it.
func (s *State) CheckTime(now time.Time) error {
	if _, _, head := s.Head(); now.Before(head) {
		return &ClockError{Now: now, Head: head}
	}
	return nil
}

// ErrStopped is wrapped by every Append after one that failed in writing.
var ErrStopped = errors.New("nothing more is written to the ledger after an earlier failure")

// Writer is a ledger opened for writing, by this process alone. It is for one
// goroutine.
type Writer struct {
	*Ledger
	lock    *flock.Flock
	max     int64
	tail    tail
	file    File // the last segment; nil until there is one
	stopped error
	copying bool // events keep their times: they are another copy's, continued
}

// OpenWriter takes the ledger folder dir for writing and reads it as Open
// does. The folder is created when missing. An unfinished last line is
// removed, and told by Torn. While another process writes, the error is a
// *LockedError.
func OpenWriter(dir string, o Options) (*Writer, error) {
	if err := o.lost(dir); err != nil {
		return nil, err
	}
	if err := makeDir(dir); err != nil {
		return nil, fmt.Errorf("create ledger: %w", err)
	}
	fl, err := lock(dir, o.Now)
	if err != nil {
		return nil, err
	}
	w := &Writer{lock: fl, max: o.maxSegment()}
	w.Ledger = &Ledger{dir: dir, fs: o.FS, state: newState(o.mark()), files: map[int32]File{}}
	if err := w.open(o.Seen); err != nil {
		return nil, errors.Join(err, w.Close())
	}
	return w, nil
}

func (w *Writer) open(seen []Seen) error {
	var err error
	if w.fs == nil {
		if w.fs, err = openRoot(w.dir); err != nil {
			return fmt.Errorf("open ledger: %w", err)
		}
	}
	if w.tail, err = w.scan(); err != nil {
		return err
	}
	if err := w.state.against(seen); err != nil {
		return err
	}
	if w.tail.segment == 0 {
		return nil
	}
	if w.file, err = w.fs.OpenFile(segmentName(w.tail.segment), openAppend, 0); err != nil {
		return fmt.Errorf("open ledger: %w", err)
	}
	if w.torn != nil {
		if err := w.file.Truncate(w.torn.Offset); err != nil {
			return fmt.Errorf("remove the unfinished last line of %s: %w", w.torn.File, err)
		}
	}
	// A writer that was killed may have left whole events that no fsync has
	// covered yet. From here on they count, so they must last.
	if err := errors.Join(w.file.Sync(), w.fs.SyncDir()); err != nil {
		return fmt.Errorf("sync %s: %w", w.Ledger.file(w.tail.segment), err)
	}
	return nil
}

// Append writes a group of events, fills in their headers, and returns when
// they are durable: one write and one fsync, unless the group crosses into a
// new segment. Times are cut to whole seconds of UTC.
//
// A group that breaks a rule is refused whole, and so is one before the newest
// event's time (*ClockError) unless it begins with a ClockEvent; the writer can
// go on. After a failure in writing
// nothing is known of the group but that each of its events is either there or
// not, and the Writer is stopped: open the ledger again to see.
func (w *Writer) Append(now time.Time, events []Event) error {
	if w.stopped != nil {
		return fmt.Errorf("append to ledger: %w: %w", ErrStopped, w.stopped)
	}
	now = now.UTC().Truncate(time.Second)
	if err := w.state.CheckTime(now); err != nil && (len(events) == 0 || events[0].Clock == nil) {
		return err
	}
	var undo journal
	parts, err := w.stage(now, events, &undo)
	if err == nil {
		for _, p := range parts {
			if err = w.write(p); err != nil {
				w.stopped = err
				break
			}
		}
	}
	if err != nil {
		undo.undo()
		return fmt.Errorf("append to ledger: %w", err)
	}
	return nil
}

// part is what one segment gets of a group.
type part struct {
	segment int32
	lines   []byte
}

// stage encodes the events and applies them to the state, to be taken back if
// they cannot be written.
func (w *Writer) stage(now time.Time, events []Event, undo *journal) ([]part, error) {
	at := w.tail
	parts := []part{{segment: at.segment, lines: make([]byte, 0, min(estimate(events), w.max))}}
	for i := range events {
		ev := &events[i]
		seq, prev, _ := w.state.Head()
		ev.Seq, ev.Prev = seq+1, prev
		if ev.Merged == 0 && !w.copying {
			ev.Time = now
		}
		if ev.Salt == "" {
			ev.Salt = drawSalt()
		}
		if err := ev.normalise(); err != nil {
			return nil, fmt.Errorf("event %d of %d: %w", i+1, len(events), err)
		}
		p := &parts[len(parts)-1]
		lines, err := ev.appendLine(p.lines)
		if err != nil {
			return nil, fmt.Errorf("event %d of %d: %w", i+1, len(events), err)
		}
		line := lines[len(p.lines):]
		need := int64(len(line)) + 1
		if at.segment == 0 || at.closed || at.size > 0 && at.size+need > w.max {
			at = tail{segment: at.segment + 1}
			parts = append(parts, part{segment: at.segment})
			p, lines = &parts[len(parts)-1], line
		}
		pos := Position{Segment: at.segment, Offset: at.size, Length: int32(len(line)), Hash: sha256.Sum256(line)}
		if err := w.state.apply(ev, pos, undo); err != nil {
			return nil, fmt.Errorf("event %d of %d: %w", i+1, len(events), err)
		}
		p.lines = append(lines, '\n')
		at.size += need
	}
	return parts, nil
}

// estimate is about as many bytes as the events' lines will have.
func estimate(events []Event) int64 {
	var n int64
	for _, ev := range events {
		n += 768
		if ev.Log != nil {
			n += int64(len(ev.Log.Entries)) * 4 / 3
		}
		if ev.Issue != nil {
			for _, d := range ev.Issue.Documents {
				n += int64(len(d.Document)) + 128
			}
		}
		if ev.Capsule != nil {
			for _, s := range ev.Capsule.Packed {
				n += int64(len(s)) + 128
			}
		}
	}
	return n
}

// write makes one part durable.
func (w *Writer) write(p part) error {
	if len(p.lines) == 0 {
		return nil
	}
	if p.segment != w.tail.segment {
		if err := w.begin(p.segment); err != nil {
			return err
		}
	}
	_, err := w.file.Write(p.lines)
	if err == nil {
		err = w.file.Sync()
	}
	if err != nil {
		// The kernel may have dropped what it could not write and still show
		// it to the next reader. Cut it off, so that what is read is what is
		// on the disk; where that fails too, the next OpenWriter finds whole
		// events and possibly an unfinished line.
		w.file.Truncate(w.tail.size)
		return fmt.Errorf("write %s: %w", w.Ledger.file(p.segment), err)
	}
	w.tail.size += int64(len(p.lines))
	return nil
}

// begin creates a segment and makes its name durable.
func (w *Writer) begin(segment int32) error {
	if w.file != nil && !w.tail.closed {
		_, err := w.file.Write([]byte{'\n'})
		if err := errors.Join(err, w.file.Sync()); err != nil {
			w.file.Truncate(w.tail.size)
			return fmt.Errorf("end %s: %w", w.Ledger.file(w.tail.segment), err)
		}
		w.tail.size, w.tail.closed = w.tail.size+1, true
	}
	f, err := w.fs.OpenFile(segmentName(segment), openCreate, filePerm)
	if err != nil {
		return fmt.Errorf("create segment: %w", err)
	}
	old := w.file
	w.file, w.tail = f, tail{segment: segment}
	if old != nil {
		err = old.Close()
	}
	if err := errors.Join(err, w.fs.SyncDir()); err != nil {
		return fmt.Errorf("create %s: %w", w.Ledger.file(segment), err)
	}
	return nil
}

// Close gives the ledger free. What was appended is durable already.
func (w *Writer) Close() error {
	if w.stopped == nil {
		w.stopped = errors.New("it was closed")
	}
	var errs []error
	if w.file != nil {
		errs = append(errs, w.file.Close())
		w.file = nil
	}
	errs = append(errs, w.Ledger.Close())
	if w.lock != nil {
		errs = append(errs, unlock(w.lock))
		w.lock = nil
	}
	return errors.Join(errs...)
}
