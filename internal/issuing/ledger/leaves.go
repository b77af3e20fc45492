package ledger

import (
	"bufio"
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"slices"
	"sort"
	"time"

	"laurel/internal/material/pool"
	"laurel/internal/material/text"
	"laurel/internal/standards/tlog"
)

type digest = [sha256.Size]byte

// DocumentSalt is the salt under which a document of an event with this salt
// is a leaf of the log: a secret of its own, so that who is given it learns
// nothing of the award's other documents. salt is Event.Salt.
func DocumentSalt(salt string, d *Document) [sha256.Size]byte {
	key, _ := text.Base64URL(salt) // checked when the event was read
	mac := hmac.New(sha256.New, key)
	fmt.Fprintf(mac, "credential\n%s\n%s", d.Variant, d.Format)
	return digest(mac.Sum(nil))
}

// leaves are the digests of an event's leaves: its line's hash, and of an issue
// event each document's.
func (ev *Event) leaves(hash digest) ([]digest, error) {
	leaves := []digest{hash}
	if ev.Issue == nil {
		return leaves, nil
	}
	for i := range ev.Issue.Documents {
		d := &ev.Issue.Documents[i]
		salt := DocumentSalt(ev.Salt, d)
		leaf, err := tlog.DocumentDigest(salt[:], d.Document)
		if err != nil {
			return nil, fmt.Errorf("documents[%d]: %w", i, err)
		}
		leaves = append(leaves, leaf)
	}
	return leaves, nil
}

// LogPlace is where a document of an award is in the log.
type LogPlace struct {
	Variant, Format string // as in Document
	Index           int64
	Salt            [sha256.Size]byte
}

// LogPlaces finds the documents of a record in the log, in the order of
// Documents; nil while no head covers them. tree is Tree's.
func (l *Ledger) LogPlaces(r *Record, tree *tlog.Tree) ([]LogPlace, error) {
	head := l.state.Logged(r.Seq)
	if head == nil {
		return nil, nil
	}
	ev, err := l.Event(r.Pos)
	if err != nil {
		return nil, err
	}
	leaves, err := ev.leaves(r.Pos.Hash)
	if err != nil {
		return nil, fmt.Errorf("read credential %s: %w", r.Credential, err)
	}
	var places []LogPlace
	for i, leaf := range leaves[1:] {
		d := &ev.Issue.Documents[i]
		n := sort.Search(int(head.Size-head.From), func(n int) bool {
			at := tree.Entry(head.From + int64(n)).Digest()
			return bytes.Compare(at[:], leaf[:]) >= 0
		})
		index := head.From + int64(n)
		if index == head.Size || tree.Entry(index).Digest() != leaf {
			return nil, fmt.Errorf("credential %s: a document is not in the log", r.Credential)
		}
		places = append(places, LogPlace{d.Variant, d.Format, index, DocumentSalt(ev.Salt, d)})
	}
	return places, nil
}

// NextHead is the tree of the log when all events so far are logged at a time:
// that of a head event to come. Without events since the newest head it is that
// head's. Only what the newest head does not cover is read.
func (l *Ledger) NextHead(ctx context.Context, at time.Time) (*tlog.Edge, error) {
	edge, err := tlog.ReadEdge(l.state.log.Size, l.state.log.Edge)
	if err != nil {
		return nil, err
	}
	from := Position{Segment: 1}
	if l.state.log.Seq > 0 {
		from = after(l.state.log.Pos)
	}
	err = l.batches(ctx, from, func(b batch) error {
		edge.Add(b.entries(at)...)
		return nil
	})
	if err == nil && edge.Head().Size != l.state.log.Size+l.state.log.Leaves {
		err = errChanged
	}
	if err != nil {
		return nil, fmt.Errorf("compute the log's head: %w", err)
	}
	return edge, nil
}

// Tree is the log under the newest head, from all events that it covers; it
// finds a head that was signed over other leaves than its events have. published
// reads a file of the log as it was published before, as tlog.Reader; where it
// gives a log that an earlier head of this ledger signed, only what came after
// is read from the ledger. Nil: everything is.
func (l *Ledger) Tree(ctx context.Context, published tlog.Reader) (*tlog.Tree, error) {
	heads := l.state.heads
	if len(heads) == 0 {
		return tlog.NewTree(nil), nil
	}
	newest := heads[len(heads)-1]
	entries := make([]tlog.Entry, 0, newest.Size)
	from := Position{Segment: 1}
	if published != nil {
		if known, n := l.known(published); known != nil {
			if n == len(heads)-1 {
				return known, nil
			}
			for i := range known.Size() {
				entries = append(entries, known.Entry(i))
			}
			from, heads = after(heads[n].Pos), heads[n+1:]
		}
	}
	err := l.batches(ctx, from, func(b batch) error {
		if b.head == nil { // not logged yet
			return nil
		}
		if len(heads) == 0 || heads[0].Seq != b.head.Seq {
			return errChanged
		}
		entries = append(entries, b.entries(b.head.Time)...)
		heads = heads[1:]
		return nil
	})
	if err == nil && len(heads) > 0 {
		err = errChanged
	}
	if err != nil {
		return nil, fmt.Errorf("compute the log: %w", err)
	}
	tree := tlog.NewTree(entries)
	for _, h := range l.state.heads {
		if at, err := tree.HeadAt(h.Size); err != nil || at != h.Head {
			return nil, &CorruptError{File: l.file(h.Pos.Segment), err: fmt.Errorf("event %d signs a log of %d leaves that is not that of the events before it", h.Seq, h.Size)}
		}
	}
	return tree, nil
}

// known is what was published before, and which of the heads it is under; nil:
// it is of no head of this ledger.
func (l *Ledger) known(published tlog.Reader) (*tlog.Tree, int) {
	checkpoint, err := published(tlog.CheckpointPath)
	if err != nil {
		return nil, 0
	}
	head, err := tlog.StatedHead(string(checkpoint))
	if err != nil {
		return nil, 0
	}
	n := slices.IndexFunc(l.state.heads, func(h Head) bool { return h.Head == head })
	if n < 0 {
		return nil, 0
	}
	tree, err := tlog.ReadTree(head, published)
	if err != nil {
		return nil, 0
	}
	return tree, n
}

var errChanged = errors.New("the ledger is no longer as it was opened")

// batch is what one head covers and the one before does not: first entries that
// were adopted as they are, then leaves.
type batch struct {
	adopted []tlog.Entry
	leaves  []digest
	head    *Event // nil: of the events after the newest head
}

// entries are the batch's, logged at a time: the leaves by their digests, so
// that neighbours tell nothing.
func (b *batch) entries(at time.Time) []tlog.Entry {
	slices.SortFunc(b.leaves, func(a, b digest) int { return bytes.Compare(a[:], b[:]) })
	entries := b.adopted
	for _, leaf := range b.leaves {
		entries = append(entries, tlog.NewEntry(at, leaf))
	}
	return entries
}

// linesAtOnce is how many lines are read before their leaves are computed, on
// all cores.
const linesAtOnce = 256

// batches reads the events from a position on, and calls f with what each head
// covers, and at the end with what none does, if there is any.
func (l *Ledger) batches(ctx context.Context, from Position, f func(batch) error) error {
	var b batch
	lines := make([][]byte, 0, linesAtOnce)
	flush := func() error {
		events, leaves := make([]Event, len(lines)), make([][]digest, len(lines))
		err := pool.Each(ctx, len(lines), 0, func(i int) (err error) {
			if err := events[i].decode(lines[i], whole); err != nil {
				return err
			}
			if ev := &events[i]; ev.Head == nil {
				leaves[i], err = ev.leaves(sha256.Sum256(lines[i]))
			}
			if is := events[i].Issue; is != nil {
				is.Documents = nil
			}
			return err
		}, nil)
		if err != nil {
			return err
		}
		lines = lines[:0]
		for i := range events {
			ev := &events[i]
			if ev.Log != nil {
				for e := ev.Log.Entries; len(e) > 0; e = e[EntrySize:] {
					b.adopted = append(b.adopted, tlog.Entry(e[:EntrySize]))
				}
			}
			b.leaves = append(b.leaves, leaves[i]...)
			if ev.Head != nil {
				b.head = ev
				if err := f(b); err != nil {
					return err
				}
				b = batch{}
			}
		}
		return nil
	}
	err := l.lines(from, func(line []byte) error {
		lines = append(lines, bytes.Clone(line))
		if len(lines) == linesAtOnce {
			return flush()
		}
		return nil
	})
	if err == nil {
		err = flush()
	}
	if err == nil && len(b.leaves) > 0 {
		err = f(b)
	}
	return err
}

// after is where the line after one begins, if there is one in its segment.
func after(p Position) Position {
	return Position{Segment: p.Segment, Offset: p.Offset + int64(p.Length) + 1}
}

// lines reads the lines from a position to the newest event. f must not keep
// them.
func (l *Ledger) lines(from Position, f func(line []byte) error) error {
	if l.state.seq == 0 {
		return nil
	}
	for n := from.Segment; n <= l.state.last.Segment; n++ {
		file, err := l.segment(n)
		if err != nil {
			return err
		}
		start, end := int64(0), int64(1<<62)
		if n == from.Segment {
			start = from.Offset
		}
		if n == l.state.last.Segment {
			end = after(l.state.last).Offset
		}
		r := bufio.NewReaderSize(io.NewSectionReader(file, start, end-start), 256<<10)
		for {
			line, size, err := readLine(r)
			if err == io.EOF && size == 0 {
				break
			}
			if err != nil {
				return fmt.Errorf("read %s: %w", l.file(n), err)
			}
			if len(line) == 0 { // it ends the segment
				continue
			}
			if err := f(line); err != nil {
				return fmt.Errorf("%s: %w", l.file(n), err)
			}
		}
	}
	return nil
}

// Each reads every event again, documents included, and calls f with them, on all
// cores and in no order; progress is told how many were read.
func (l *Ledger) Each(ctx context.Context, f func(*Event) error, progress func(done int)) error {
	var batch [][]byte
	done := 0
	flush := func() error {
		err := pool.Each(ctx, len(batch), 0, func(i int) error {
			var ev Event
			if err := ev.decode(batch[i], whole); err != nil {
				return err
			}
			return f(&ev)
		}, nil)
		done += len(batch)
		batch = batch[:0]
		progress(done)
		return err
	}
	err := l.lines(Position{Segment: 1}, func(line []byte) error {
		if batch = append(batch, bytes.Clone(line)); len(batch) < linesAtOnce {
			return nil
		}
		return flush()
	})
	if err == nil && len(batch) > 0 {
		err = flush()
	}
	return err
}
