package tlog

import (
	"crypto/sha256"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// Tiles are eight levels of the tree high, as C2SP tlog-tiles has it.
const (
	tileHeight = 8
	tileWidth  = 1 << tileHeight
)

// tilePath is a tile's path below the log, C2SP tlog-tiles, "Merkle Tree".
func tilePath(t tlog.Tile) string {
	if t.L == -1 {
		return "tile/entries/" + strings.TrimPrefix(t.Path(), "tile/8/data/")
	}
	return "tile/" + strings.TrimPrefix(t.Path(), "tile/8/")
}

func parseTilePath(path string) (tlog.Tile, error) {
	rest, ok := strings.CutPrefix(path, "tile/entries/")
	if ok {
		rest = "tile/8/data/" + rest
	} else if rest, ok = strings.CutPrefix(path, "tile/"); ok {
		rest = "tile/8/" + rest
	}
	t, err := tlog.ParseTilePath(rest)
	if err != nil || tilePath(t) != path {
		return tlog.Tile{}, fmt.Errorf("%q is not the path of a tile", path)
	}
	return t, nil
}

// Tree is a whole log: 72 bytes an entry.
type Tree struct {
	entries []Entry
	// levels[k] are the hashes of the perfect trees of 256 to the k leaves.
	levels [][]Hash
}

// NewTree is the tree over the entries, which it keeps.
func NewTree(entries []Entry) *Tree {
	t := &Tree{entries: entries}
	level := make([]Hash, len(entries))
	for i := range entries {
		level[i] = tlog.RecordHash(entries[i][:])
	}
	for len(level) > 0 {
		t.levels = append(t.levels, level)
		next := make([]Hash, len(level)/tileWidth)
		for i := range next {
			next[i] = perfect(level[i*tileWidth:][:tileWidth])
		}
		level = next
	}
	return t
}

// perfect is the root over a power of two of hashes.
func perfect(hashes []Hash) Hash {
	if len(hashes) == 1 {
		return hashes[0]
	}
	half := len(hashes) / 2
	return tlog.NodeHash(perfect(hashes[:half]), perfect(hashes[half:]))
}

// Size is the number of entries.
func (t *Tree) Size() int64 { return int64(len(t.entries)) }

// Entry is the one at an index, from 0.
func (t *Tree) Entry(index int64) Entry { return t.entries[index] }

// HeadAt is the head of the log when it had so many entries, at most Size.
func (t *Tree) HeadAt(size int64) (Head, error) {
	if size < 0 || size > t.Size() {
		return Head{}, fmt.Errorf("the log has %d entries, not %d", t.Size(), size)
	}
	if size == 0 {
		return Head{Root: sha256.Sum256(nil)}, nil
	}
	root, err := tlog.TreeHash(size, tlog.HashReaderFunc(t.hashes))
	return Head{size, root}, err
}

// hashes reads hashes by tlog's numbers.
func (t *Tree) hashes(indexes []int64) ([]Hash, error) {
	hashes := make([]Hash, len(indexes))
	for i, x := range indexes {
		level, n := tlog.SplitStoredHashIndex(x)
		low := level % tileHeight
		hashes[i] = perfect(t.levels[level/tileHeight][n<<low:][:1<<low])
	}
	return hashes, nil
}

// Paths are those of the files that a log of so many entries consists of,
// below the log: tiles and bundles of entries, without the checkpoint. A path
// with ".p/" in it is that of a tile that grows; the others never change.
func Paths(size int64) []string {
	var paths []string
	for _, t := range tlog.NewTiles(tileHeight, 0, size) {
		paths = append(paths, tilePath(t))
		if t.L == 0 {
			t.L = -1
			paths = append(paths, tilePath(t))
		}
	}
	return paths
}

// End is how many entries a log must have to have the file of one of Paths.
func End(path string) (int64, error) {
	t, err := parseTilePath(path)
	if err != nil {
		return 0, err
	}
	return (t.N<<tileHeight + int64(t.W)) << (tileHeight * max(t.L, 0)), nil
}

// File is the content of one of Paths.
func (t *Tree) File(path string) ([]byte, error) {
	tile, err := parseTilePath(path)
	if err != nil {
		return nil, err
	}
	level := max(tile.L, 0)
	if level >= len(t.levels) || tile.N > int64(len(t.levels[level]))>>tileHeight || tile.N<<tileHeight+int64(tile.W) > int64(len(t.levels[level])) {
		return nil, fmt.Errorf("%s is beyond a log of %d entries", path, t.Size())
	}
	start, end := tile.N<<tileHeight, tile.N<<tileHeight+int64(tile.W)
	var data []byte
	if tile.L == -1 {
		for _, e := range t.entries[start:end] {
			data = append(append(data, 0, EntrySize), e[:]...)
		}
		return data, nil
	}
	for _, h := range t.levels[level][start:end] {
		data = append(data, h[:]...)
	}
	return data, nil
}

// ReadTree reads all entries of a log of a head, and proves that they are its.
// Of the tiles it reads nothing. Errors are as Find's.
func ReadTree(head Head, read Reader) (*Tree, error) {
	var entries []Entry
	for n := int64(0); n<<tileHeight < head.Size; n++ {
		t := tlog.Tile{H: tileHeight, L: -1, N: n, W: int(min(tileWidth, head.Size-n<<tileHeight))}
		data, err := readFile(read, tilePath(t))
		if err != nil {
			return nil, err
		}
		bundle, err := parseBundle(data, t.W)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", tilePath(t), err)
		}
		entries = append(entries, bundle...)
	}
	t := NewTree(entries)
	if got, err := t.HeadAt(head.Size); err != nil || got != head {
		return nil, fmt.Errorf("the log's %d entries are not those that were signed", head.Size)
	}
	return t, nil
}
