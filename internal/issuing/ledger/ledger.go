// Package ledger owns content/ledger: the durable, append-only record of what
// was signed, revoked and published as status lists. It is the only place that
// knows which status indexes are taken.
//
// The ledger is text, one event a line, in segments 0001.jsonl, 0002.jsonl, …
// Each line carries the SHA-256 of the line before it (prev, across segments)
// and of itself (sum), so a changed, lost, doubled or reordered line is found
// and named when the ledger is opened. The chain finds accidents; whoever can
// write the folder can also write a new chain, and only the signatures inside
// the documents stand against that, and the log's signed heads: each event, and
// each signed document, is a leaf of a tree whose root they sign.
//
// The package knows no credential's meaning: documents go in and come out byte
// for byte. It refuses what would make the record ambiguous: a status index,
// credential id, capsule name or award used twice, a decision about an unknown
// credential, a clock behind the newest event, a second writer.
package ledger

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"sync"
	"time"
)

// Defaults and limits.
const (
	// DefaultMaxSegment is the size at which a new segment is begun, in bytes.
	DefaultMaxSegment = 16 << 20
	// MaxLine is the longest event, in bytes, newline not counted.
	MaxLine = 8 << 20
)

// Options are the settings of Open and OpenWriter. The zero value is right for
// reading; a writer also wants Now.
type Options struct {
	// MaxSegment is the size in bytes that a segment may grow to; a longer
	// event gets a segment of its own. Zero means DefaultMaxSegment.
	MaxSegment int64
	// Seen is what is known of the ledger outside of it. One that is not a
	// continuation of that is refused with an *OutsideError, before anything is
	// written. At most one has a Mark.
	Seen []Seen
	// Now is told to a second writer as the time the first one began.
	Now time.Time
	// FS replaces the file system of the ledger's folder, for tests. Nil means
	// the folder itself, reached through os.Root. The lock is always taken in
	// the real folder.
	FS FS
}

func (o Options) maxSegment() int64 {
	if o.MaxSegment > 0 {
		return o.MaxSegment
	}
	return DefaultMaxSegment
}

// Position is where an event's line is.
type Position struct {
	Segment int32 // number of the segment, from 1
	Length  int32 // bytes, newline not counted
	Offset  int64 // of the line's first byte
	Hash    [sha256.Size]byte
}

// Torn describes an unfinished last line, left by a crash or a full disk in
// the middle of a write. It was never acknowledged, and is no event.
type Torn struct {
	File   string
	Offset int64
	Bytes  int64
}

// Ledger is an opened ledger. Event and Documents are safe for concurrent use.
type Ledger struct {
	dir   string
	fs    FS // nil when the folder does not exist
	state *State
	torn  *Torn

	mu    sync.Mutex
	files map[int32]File // segments opened for ReadAt
}

// Open reads every segment of the ledger folder dir once, checks the chain and
// derives the State. A folder that does not exist is an empty ledger. An
// unfinished last line is left alone and told by Torn; any other fault is a
// *CorruptError. No lock is taken: a reader beside a writer sees a prefix of
// what is being written.
func Open(dir string, o Options) (*Ledger, error) {
	l := &Ledger{dir: dir, fs: o.FS, state: newState(o.mark()), files: map[int32]File{}}
	if l.fs == nil {
		root, err := openRoot(dir)
		if errors.Is(err, fs.ErrNotExist) {
			if err := l.state.against(o.Seen); err != nil {
				return nil, err
			}
			return l, nil
		}
		if err != nil {
			return nil, fmt.Errorf("open ledger: %w", err)
		}
		l.fs = root
	}
	_, err := l.scan()
	if err == nil {
		err = l.state.against(o.Seen)
	}
	if err != nil {
		l.Close()
		return nil, err
	}
	return l, nil
}

// State is what follows from all events. It belongs to the ledger: a Writer's
// Append changes it.
func (l *Ledger) State() *State { return l.state }

// Torn is the unfinished last line found by Open, or the one that OpenWriter
// removed; nil when there was none.
func (l *Ledger) Torn() *Torn { return l.torn }

// Close releases the files held open for reading.
func (l *Ledger) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	var errs []error
	for n, f := range l.files {
		errs = append(errs, f.Close())
		delete(l.files, n)
	}
	if l.fs != nil {
		errs = append(errs, l.fs.Close())
		l.fs = nil
	}
	return errors.Join(errs...)
}

// segment returns segment n, opened for ReadAt.
func (l *Ledger) segment(n int32) (File, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if f := l.files[n]; f != nil {
		return f, nil
	}
	if l.fs == nil {
		return nil, fmt.Errorf("read ledger %s: %w", l.dir, fs.ErrClosed)
	}
	f, err := l.fs.OpenFile(segmentName(n), openRead, 0)
	if err != nil {
		return nil, fmt.Errorf("read ledger: %w", err)
	}
	l.files[n] = f
	return f, nil
}

// file is the name of a segment as it is told to people.
func (l *Ledger) file(segment int32) string {
	return path.Join(l.dir, segmentName(segment))
}
