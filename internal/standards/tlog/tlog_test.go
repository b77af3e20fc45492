package tlog_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"time"

	"filippo.io/torchwood"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	laurel "laurel/internal/standards/tlog"
)

var logged = time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)

func entries(from, to int) []laurel.Entry {
	var list []laurel.Entry
	for n := from; n < to; n++ {
		list = append(list, laurel.NewEntry(logged.Add(time.Duration(n)*time.Second), sha256.Sum256(fmt.Appendf(nil, "%d", n))))
	}
	return list
}

// naive is RFC 6962, section 2.1, word for word.
func naive(d []laurel.Entry) [32]byte {
	switch len(d) {
	case 0:
		return sha256.Sum256(nil)
	case 1:
		return sha256.Sum256(append([]byte{0}, d[0][:]...))
	}
	k := 1
	for k*2 < len(d) {
		k *= 2
	}
	l, r := naive(d[:k]), naive(d[k:])
	return sha256.Sum256(slices.Concat([]byte{1}, l[:], r[:]))
}

// files is a published log: its files, without the checkpoint.
type files map[string][]byte

func (f files) read(path string) ([]byte, error) {
	data, ok := f[path]
	if !ok {
		return nil, fs.ErrNotExist
	}
	return data, nil
}

func publish(t *testing.T, tree *laurel.Tree) files {
	t.Helper()
	f := files{}
	for _, path := range laurel.Paths(tree.Size()) {
		data, err := tree.File(path)
		if end, err := laurel.End(path); err != nil || end > tree.Size() || slices.Contains(laurel.Paths(end-1), path) || !slices.Contains(laurel.Paths(end), path) {
			t.Fatalf("%s is of a log of %d, %v", path, end, err)
		}
		if err != nil || len(data) > laurel.MaxFile || f[path] != nil {
			t.Fatalf("%s: %d bytes, %v", path, len(data), err)
		}
		f[path] = data
	}
	return f
}

// ReadTiles, SaveTiles and ReadEndpoint are for torchwood's client.
func (f files) ReadTiles(_ context.Context, tiles []tlog.Tile) (data [][]byte, err error) {
	for _, t := range tiles {
		one, err := f.read(torchwood.TilePath(t))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", torchwood.TilePath(t), err)
		}
		data = append(data, one)
	}
	return data, nil
}
func (files) SaveTiles([]tlog.Tile, [][]byte) {}
func (f files) ReadEndpoint(_ context.Context, path string) ([]byte, error) {
	return f.read(path)
}

// Every size from 0 to 600 has RFC 6962's root, in whole and added to; and its
// files prove every entry's place, here and to torchwood's client.
func TestTree(t *testing.T) {
	const most = 600
	all := entries(0, most)
	whole := laurel.NewTree(all)
	var edge laurel.Edge
	var heads []laurel.Head
	for size := range most + 1 {
		head := edge.Head()
		if head.Size != int64(size) || head.Root != laurel.Hash(naive(all[:size])) {
			t.Fatalf("size %d: the edge's head is %v", size, head)
		}
		if at, err := whole.HeadAt(int64(size)); err != nil || at != head {
			t.Fatalf("size %d: the tree's head was %v, %v", size, at, err)
		}
		again, err := laurel.ReadEdge(head.Size, edge.Bytes())
		if err != nil || again.Head() != head {
			t.Fatalf("size %d: the edge comes back as %v, %v", size, again, err)
		}
		edge = *again
		heads = append(heads, head)
		if size < most {
			edge.Add(all[size])
		}
	}
	step := 7
	if testing.Short() {
		step = 37
	}
	for size := range most + 1 {
		if size%step != 0 && (size+1)%256 > 2 {
			continue
		}
		tree := laurel.NewTree(all[:size])
		published := publish(t, tree)
		client, err := torchwood.NewClient(published)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for i, e := range client.Entries(t.Context(), tlog.Tree{N: heads[size].Size, Hash: heads[size].Root}, 0) {
			if int(i) != n || !bytes.Equal(e, all[n][:]) {
				t.Fatalf("size %d: torchwood reads entry %d as %x", size, i, e)
			}
			n++
		}
		// The client leaves the incomplete tile for later; it reads the rest one by one.
		if err := client.Err(); err != nil || n < size/256*256 {
			t.Fatalf("size %d: torchwood reads %d entries, %v", size, n, err)
		}
		for i := range size {
			if i%(7*step) != 0 && i != size-1 && i >= 3 {
				continue
			}
			e, err := laurel.Find(heads[size], int64(i), published.read)
			if err != nil || e != all[i] || !e.Time().Equal(logged.Add(time.Duration(i)*time.Second)) {
				t.Fatalf("size %d: entry %d is %x, %v", size, i, e, err)
			}
			got, proof, err := client.Entry(t.Context(), tlog.Tree{N: heads[size].Size, Hash: heads[size].Root}, int64(i))
			if err != nil || !bytes.Equal(got, e[:]) || tlog.CheckRecord(proof, int64(size), heads[size].Root, int64(i), tlog.RecordHash(got)) != nil {
				t.Fatalf("size %d: torchwood reads entry %d as %x, %v", size, i, got, err)
			}
		}
		back, err := laurel.ReadTree(heads[size], published.read)
		if err != nil || back.Size() != int64(size) {
			t.Fatalf("size %d: the tree comes back as %v, %v", size, back, err)
		}
	}
}

// A size whose tiles have three levels, and files in folders of a thousand.
func TestManyEntries(t *testing.T) {
	if testing.Short() {
		t.Skip("300,000 entries")
	}
	all := entries(0, 300_000)
	tree := laurel.NewTree(all)
	var edge laurel.Edge
	edge.Add(all...)
	head := edge.Head()
	if at, err := tree.HeadAt(300_000); err != nil || at != head {
		t.Fatalf("head is %v, %v", at, err)
	}
	read := func(path string) ([]byte, error) { return tree.File(path) }
	for _, i := range []int64{0, 255, 256, 65_535, 65_536, 262_144, 299_999} {
		if e, err := laurel.Find(head, i, read); err != nil || e != all[i] {
			t.Errorf("entry %d is %x, %v", i, e, err)
		}
	}
	paths := laurel.Paths(300_000)
	for _, want := range []string{"tile/0/x001/170", "tile/0/x001/171.p/224", "tile/entries/x001/171.p/224", "tile/1/004.p/147", "tile/2/000.p/4"} {
		if !slices.Contains(paths, want) {
			t.Errorf("%s is not published", want)
		}
	}
}

// What is published is proved: any other byte, length or file is told.
func TestOtherBytes(t *testing.T) {
	all := entries(0, 300)
	tree := laurel.NewTree(all)
	head, _ := tree.HeadAt(300)
	for _, c := range []struct {
		name, path string
		change     func([]byte) []byte
	}{
		{"entry", "tile/entries/001.p/44", func(b []byte) []byte { b[len(b)-1] ^= 1; return b }},
		{"time", "tile/entries/001.p/44", func(b []byte) []byte { b[43*42+9] ^= 1; return b }},
		{"length", "tile/entries/001.p/44", func(b []byte) []byte { b[1] = 41; return b }},
		{"shorter", "tile/entries/001.p/44", func(b []byte) []byte { return b[:len(b)-1] }},
		{"longer", "tile/entries/001.p/44", func(b []byte) []byte { return append(b, 0) }},
		{"tile", "tile/0/001.p/44", func(b []byte) []byte { b[0] ^= 1; return b }},
		{"shorter_tile", "tile/0/001.p/44", func(b []byte) []byte { return b[1:] }},
		{"upper_tile", "tile/1/000.p/1", func(b []byte) []byte { b[0] ^= 1; return b }},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := publish(t, tree)
			f[c.path] = c.change(f[c.path])
			var re *laurel.ReadError
			if _, err := laurel.Find(head, 299, f.read); err == nil || errors.As(err, &re) {
				t.Errorf("error is %v", err)
			}
			if _, err := laurel.ReadTree(head, f.read); strings.HasPrefix(c.path, "tile/entries/") && err == nil {
				t.Error("the whole log is read")
			}
		})
	}
	f := publish(t, tree)
	delete(f, "tile/0/001.p/44")
	var re *laurel.ReadError
	if _, err := laurel.Find(head, 299, f.read); !errors.As(err, &re) || !errors.Is(err, fs.ErrNotExist) || re.Path != "tile/0/001.p/44" {
		t.Errorf("a missing tile: %v", err)
	}
	for _, index := range []int64{-1, 300, 1 << 60} {
		if _, err := laurel.Find(head, index, f.read); err == nil {
			t.Errorf("entry %d is found", index)
		}
	}
	for _, path := range []string{"checkpoint", "tile/0/002", "tile/0/001", "tile/0/001.p/45", "tile/0/000.p/0", "tile/2/000", "tile/x/000", "tile/0/../0/000", "tile/entries/entries/000", "tile/8/0/000", "tile/data/000"} {
		if _, err := tree.File(path); err == nil {
			t.Errorf("%s is a file of the log", path)
		}
	}
}

func TestCheckpoint(t *testing.T) {
	const origin = "badges.example.org/academy/log"
	key, other := ed25519.NewKeyFromSeed(make([]byte, 32)), ed25519.NewKeyFromSeed(bytes.Repeat([]byte{1}, 32))
	public := func(k ed25519.PrivateKey) ed25519.PublicKey { return k.Public().(ed25519.PublicKey) }
	head := laurel.Head{Size: 300, Root: sha256.Sum256([]byte("root"))}
	text, err := laurel.SignCheckpoint(origin, head, key)
	if err != nil {
		t.Fatal(err)
	}
	vkey, err := note.NewEd25519VerifierKey(origin, public(key))
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		t.Fatal(err)
	}
	n, err := note.Open([]byte(text), note.VerifierList(verifier))
	if err != nil {
		t.Fatal(err)
	}
	c, err := torchwood.ParseCheckpoint(n.Text)
	if err != nil || c.Origin != origin || c.N != head.Size || c.Hash != head.Root || c.Extension != "" {
		t.Errorf("torchwood reads %+v, %v", c, err)
	}
	if got, err := laurel.OpenCheckpoint(text, origin, []ed25519.PublicKey{public(other), public(key)}); err != nil || got != head {
		t.Errorf("it opens as %v, %v", got, err)
	}
	if got, err := laurel.StatedHead(text); err != nil || got != head {
		t.Errorf("it states %v, %v", got, err)
	}
	if _, err := laurel.OpenCheckpoint(text, origin, []ed25519.PublicKey{public(other)}); !errors.Is(err, laurel.ErrUnsigned) {
		t.Errorf("another's key: %v", err)
	}
	if _, err := laurel.OpenCheckpoint(text, origin, nil); !errors.Is(err, laurel.ErrUnsigned) {
		t.Errorf("no key: %v", err)
	}
	if _, err := laurel.OpenCheckpoint(text, "other.example/log", []ed25519.PublicKey{public(key)}); err == nil {
		t.Error("the checkpoint of another log opens")
	}
	for i := range text {
		for _, bit := range []byte{1, 32} {
			changed := []byte(text)
			changed[i] ^= bit
			if got, err := laurel.OpenCheckpoint(string(changed), origin, []ed25519.PublicKey{public(key)}); err == nil {
				t.Errorf("byte %d as %q: it opens as %v", i, changed[i], got)
			}
		}
	}
	for _, base := range []string{"https://example.org", "https://example.org/", "https://example.org/a+b", "http://localhost:8080/x"} {
		if text, err := laurel.SignCheckpoint(laurel.Origin(base), head, key); err != nil {
			t.Errorf("%s: %v, %s", base, err, text)
		}
	}
	if got := laurel.Origin("https://example.org/badges/"); got != "example.org/badges/log" {
		t.Errorf("the origin is %s", got)
	}
}

// A document has one digest in any spelling, and another under any other salt.
func TestDocumentDigest(t *testing.T) {
	salt := bytes.Repeat([]byte{7}, 32)
	digest := func(salt []byte, doc string) [32]byte {
		d, err := laurel.DocumentDigest(salt, []byte(doc))
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	canonical := sha256.Sum256([]byte(`{"a":1,"é":["x"]}`))
	want := sha256.Sum256(slices.Concat([]byte("laurel credential\n"), salt, canonical[:]))
	for _, doc := range []string{`{"a":1,"é":["x"]}`, "{ \"\\u00e9\" : [\"\\u0078\"],\n\"a\":1.0 }"} {
		if got := digest(salt, doc); got != want {
			t.Errorf("%s: %x", doc, got)
		}
	}
	if digest(salt, `"a.b.c"`) != digest(salt, `a.b.c`) {
		t.Error("a JOSE form differs from the string of it")
	}
	if digest(salt, `{"a":1}`) == digest(salt[1:], `{"a":1}`) || digest(salt, `{"a":1}`) == digest(salt, `{"a":2}`) {
		t.Error("two digests are one")
	}
	for _, doc := range []string{`{"a":1`, `{"a":1,"a":2}`, `{}{}`, `"a`, "{\"a\":\"\xff\"}"} {
		if d, err := laurel.DocumentDigest(salt, []byte(doc)); err == nil {
			t.Errorf("%s: %x", doc, d)
		}
	}
}
