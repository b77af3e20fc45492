// Package tlog is a transparency log as plain files: 40-byte entries, the
// Merkle tree of RFC 6962, section 2.1, over them, the tree's hashes in tiles
// (C2SP tlog-tiles), and its head as a signed note (C2SP tlog-checkpoint).
//
// It computes what is published, and judges what others publish, through a
// function that reads a file. It knows nothing of ledgers: what an entry's
// digest stands for is for its callers, but for a document's, which the one who
// logs it and the one who checks it must compute alike.
package tlog

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"math/bits"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"golang.org/x/mod/sumdb/tlog"
)

// Hash is a leaf's, a node's or the root's.
type Hash = tlog.Hash

// EntrySize is how many bytes an entry has.
const EntrySize = 40

// Entry is what a leaf's hash is of: eight bytes, big endian, with the seconds
// since 1970 at which the leaf was logged, and a digest of what was.
type Entry [EntrySize]byte

// NewEntry is the entry of a digest that is logged at a time, which must not
// be before 1970.
func NewEntry(at time.Time, digest [sha256.Size]byte) Entry {
	var e Entry
	binary.BigEndian.PutUint64(e[:], uint64(at.Unix()))
	copy(e[8:], digest[:])
	return e
}

// Time is when the entry was logged, as the log says. It is meaningful for
// years up to 9999; an entry beyond has the zero Time.
func (e Entry) Time() time.Time {
	const last = 253402300799 // the year 9999
	s := binary.BigEndian.Uint64(e[:])
	if s > last {
		return time.Time{}
	}
	return time.Unix(int64(s), 0).UTC()
}

// Digest is what was logged.
func (e Entry) Digest() [sha256.Size]byte { return [sha256.Size]byte(e[8:]) }

// DocumentDigest is the digest of a signed document: a JSON object in any
// spelling, of which the canonical form counts (RFC 8785), or a compact JOSE
// form, as a JSON string or as it is. So who has the document and the salt
// finds its leaf, and who has not learns nothing from it.
func DocumentDigest(salt, document []byte) ([sha256.Size]byte, error) {
	form := document
	switch v := jsontext.Value(document); v.Kind() {
	case '{':
		v = append(jsontext.Value(nil), v...)
		if err := v.Canonicalize(); err != nil {
			return [sha256.Size]byte{}, fmt.Errorf("the document is not JSON: %w", err)
		}
		form = v
	case '"':
		var s string
		if err := json.Unmarshal(document, &s); err != nil {
			return [sha256.Size]byte{}, fmt.Errorf("the document is not JSON: %w", err)
		}
		form = []byte(s)
	}
	sum := sha256.Sum256(form)
	h := sha256.New()
	h.Write([]byte("laurel credential\n"))
	h.Write(salt)
	h.Write(sum[:])
	return [sha256.Size]byte(h.Sum(nil)), nil
}

// Head is a log's size and root.
type Head struct {
	Size int64
	Root Hash
}

// Edge is all that is needed of a tree to add to it: the hashes of the perfect
// trees that it consists of, from the left. The zero Edge is the empty tree's.
type Edge struct {
	size   int64
	hashes []Hash
}

// ReadEdge is the Edge of a tree of so many leaves, from what Bytes gave.
func ReadEdge(size int64, data []byte) (*Edge, error) {
	if size < 0 || len(data) != sha256.Size*bits.OnesCount64(uint64(size)) {
		return nil, fmt.Errorf("%d bytes are no edge of a tree of %d leaves", len(data), size)
	}
	e := &Edge{size: size}
	for ; len(data) > 0; data = data[sha256.Size:] {
		e.hashes = append(e.hashes, Hash(data[:sha256.Size]))
	}
	return e, nil
}

// Add adds entries.
func (e *Edge) Add(entries ...Entry) {
	for _, entry := range entries {
		h := tlog.RecordHash(entry[:])
		for n := e.size; n&1 == 1; n >>= 1 {
			last := len(e.hashes) - 1
			h = tlog.NodeHash(e.hashes[last], h)
			e.hashes = e.hashes[:last]
		}
		e.hashes = append(e.hashes, h)
		e.size++
	}
}

// Bytes are the hashes, one after the other.
func (e *Edge) Bytes() []byte {
	b := make([]byte, 0, len(e.hashes)*sha256.Size)
	for _, h := range e.hashes {
		b = append(b, h[:]...)
	}
	return b
}

// Head is the tree's.
func (e *Edge) Head() Head {
	if e.size == 0 {
		return Head{Root: sha256.Sum256(nil)}
	}
	root := e.hashes[len(e.hashes)-1]
	for i := len(e.hashes) - 2; i >= 0; i-- {
		root = tlog.NodeHash(e.hashes[i], root)
	}
	return Head{e.size, root}
}

// Reader reads a file of a log, by its path below the log: "checkpoint",
// "tile/0/000". A limit of what it reads is its own; MaxFile fits all.
type Reader func(path string) ([]byte, error)

// MaxFile is the size of the longest file of a log whose entries are Entry's,
// in bytes.
const MaxFile = tileWidth * (EntrySize + 2)

// Find reads the entry at an index and proves that it is in the tree of a
// head. An error of the reader is wrapped by a *ReadError; any other means that
// the log's files do not fit its head.
func Find(head Head, index int64, read Reader) (Entry, error) {
	if index < 0 || index >= head.Size {
		return Entry{}, fmt.Errorf("there is no entry %d in a log of %d", index, head.Size)
	}
	hashes := hashReader(head, read)
	proof, err := tlog.ProveRecord(head.Size, index, hashes)
	if err != nil {
		return Entry{}, err
	}
	t := tlog.Tile{H: tileHeight, L: -1, N: index / tileWidth, W: int(min(tileWidth, head.Size-index/tileWidth*tileWidth))}
	bundle, err := readFile(read, tilePath(t))
	if err != nil {
		return Entry{}, err
	}
	entries, err := parseBundle(bundle, t.W)
	if err != nil {
		return Entry{}, err
	}
	entry := entries[index%tileWidth]
	if err := tlog.CheckRecord(proof, head.Size, head.Root, index, tlog.RecordHash(entry[:])); err != nil {
		return Entry{}, fmt.Errorf("entry %d is not the one that was signed: %w", index, err)
	}
	return entry, nil
}

// ReadError is a failure of a Reader.
type ReadError struct {
	Path string
	Err  error
}

func (e *ReadError) Error() string { return fmt.Sprintf("read the log's %s: %v", e.Path, e.Err) }

func (e *ReadError) Unwrap() error { return e.Err }

func readFile(read Reader, path string) ([]byte, error) {
	data, err := read(path)
	if err != nil {
		return nil, &ReadError{path, err}
	}
	return data, nil
}

// hashReader reads hashes of a tree from tiles, and proves that they are its.
func hashReader(head Head, read Reader) tlog.HashReader {
	return tlog.TileHashReader(tlog.Tree{N: head.Size, Hash: head.Root}, tiles(read))
}

type tiles Reader

func (tiles) Height() int { return tileHeight }

func (read tiles) ReadTiles(want []tlog.Tile) ([][]byte, error) {
	data := make([][]byte, len(want))
	for i, t := range want {
		var err error
		if data[i], err = readFile(Reader(read), tilePath(t)); err != nil {
			return nil, err
		}
		if len(data[i]) != t.W*sha256.Size {
			return nil, fmt.Errorf("the log's %s has %d bytes, not %d", tilePath(t), len(data[i]), t.W*sha256.Size)
		}
	}
	return data, nil
}

func (tiles) SaveTiles([]tlog.Tile, [][]byte) {}

var errBundle = errors.New("a bundle of the log's entries is not as it must be")

// parseBundle reads an entry bundle: each entry after its length, two bytes,
// big endian.
func parseBundle(data []byte, count int) ([]Entry, error) {
	if len(data) != count*(EntrySize+2) {
		return nil, fmt.Errorf("%w: it has %d bytes for %d entries", errBundle, len(data), count)
	}
	entries := make([]Entry, count)
	for i := range entries {
		one := data[i*(EntrySize+2):][:EntrySize+2]
		if binary.BigEndian.Uint16(one) != EntrySize {
			return nil, fmt.Errorf("%w: entry %d is not of %d bytes", errBundle, i, EntrySize)
		}
		entries[i] = Entry(one[2:])
	}
	return entries, nil
}
