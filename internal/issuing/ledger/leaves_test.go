package ledger_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"laurel/internal/issuing/ledger"
	"laurel/internal/standards/tlog"
)

// signHead appends the head of what there is, as sign does.
func signHead(t testing.TB, w *ledger.Writer, at time.Time) {
	t.Helper()
	edge, err := w.NextHead(t.Context(), at)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Append(at, []ledger.Event{headOf(edge)}); err != nil {
		t.Fatal(err)
	}
}

func treeOf(t testing.TB, l *ledger.Ledger, published tlog.Reader) *tlog.Tree {
	t.Helper()
	tree, err := l.Tree(context.Background(), published)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

// publish is the log of a tree as files.
func publish(t testing.TB, tree *tlog.Tree, checkpoint string) map[string][]byte {
	t.Helper()
	files := map[string][]byte{"checkpoint": []byte(checkpoint)}
	for _, path := range tlog.Paths(tree.Size()) {
		var err error
		if files[path], err = tree.File(path); err != nil {
			t.Fatal(err)
		}
	}
	return files
}

func reader(files map[string][]byte) tlog.Reader {
	return func(path string) ([]byte, error) {
		if data, ok := files[path]; ok {
			return data, nil
		}
		return nil, fs.ErrNotExist
	}
}

// logged is what the contract says of the leaves, computed from the lines of a
// segment, and of nothing that laurel computes them with.
func logged(t testing.TB, segment []byte, l *ledger.Ledger) []tlog.Entry {
	t.Helper()
	var all []tlog.Entry
	var pending [][32]byte
	at := int64(0)
	for line := range bytes.Lines(segment) {
		line = bytes.TrimSuffix(line, []byte("\n"))
		ev, err := l.Event(ledger.PositionOf(1, at, line))
		if err != nil {
			t.Fatal(err)
		}
		at += int64(len(line)) + 1
		switch {
		case ev.Head != nil:
			slices.SortFunc(pending, func(a, b [32]byte) int { return strings.Compare(hex.EncodeToString(a[:]), hex.EncodeToString(b[:])) })
			for _, p := range pending {
				all = append(all, tlog.NewEntry(ev.Time, p))
			}
			pending = nil
			continue
		case ev.Log != nil:
			for e := range slices.Chunk(ev.Log.Entries, 40) {
				all = append(all, tlog.Entry(e))
			}
		}
		pending = append(pending, sha256.Sum256(line))
		if ev.Issue == nil {
			continue
		}
		key, _ := base64.RawURLEncoding.DecodeString(ev.Salt)
		for _, d := range ev.Issue.Documents {
			mac := hmac.New(sha256.New, key)
			mac.Write([]byte("credential\n" + d.Variant + "\n" + d.Format))
			form := slices.Clone(d.Document)
			if form.Kind() == '"' {
				form, _ = jsontext.AppendUnquote(nil, form)
			} else if err := form.Canonicalize(); err != nil {
				t.Fatal(err)
			}
			sum := sha256.Sum256(form)
			pending = append(pending, sha256.Sum256(slices.Concat([]byte("laurel credential\n"), mac.Sum(nil), sum[:])))
		}
	}
	return all
}

// The tree is that of the contract, whether it is derived from all events or
// from what was published before, and each document is found in it.
func TestTreeOfEvents(t *testing.T) {
	dir := t.TempDir()
	w := openWriter(t, dir, ledger.Options{})
	if err := w.Append(start, []ledger.Event{earlier(300)}); err != nil {
		t.Fatal(err)
	}
	var published map[string][]byte
	for round := range 6 {
		at := start.Add(time.Duration(round) * time.Hour)
		jose := issue(round*1000 + 999)
		jose.Issue.Documents = append(jose.Issue.Documents, ledger.Document{Format: "jose", MediaType: "application/vc+jwt", Document: jsontext.Value(`"eyJ.eyJ.\u0061"`)})
		group := []ledger.Event{variants(round*1000 + 998), jose}
		group = append(group, issues(round*1000, round*1000+round*100)...)
		for i := range group {
			group[i].Issue.List = round + 10
			for v := range group[i].Issue.Variants {
				group[i].Issue.Variants[v].List = round + 20
			}
		}
		if err := w.Append(at, group); err != nil {
			t.Fatal(err)
		}
		if round == 3 {
			continue // it was interrupted: the next run signs the head of both
		}
		signHead(t, w, at.Add(time.Minute))
		tree := treeOf(t, w.Ledger, reader(published))
		if cold := treeOf(t, w.Ledger, nil); !slices.EqualFunc(tlog.Paths(cold.Size()), tlog.Paths(tree.Size()), func(a, b string) bool {
			x, err1 := cold.File(a)
			y, err2 := tree.File(b)
			return a == b && bytes.Equal(x, y) && errors.Join(err1, err2) == nil
		}) {
			t.Fatalf("round %d: from what was published another log is derived", round)
		}
		published = publish(t, tree, w.State().Log().Checkpoint)
	}
	data, err := os.ReadFile(filepath.Join(dir, "0001.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	l := open(t, dir)
	want, tree := logged(t, data, l), treeOf(t, l, reader(published))
	if tree.Size() != int64(len(want)) {
		t.Fatalf("the log has %d entries, not %d", tree.Size(), len(want))
	}
	for i, e := range want {
		if tree.Entry(int64(i)) != e {
			t.Fatalf("entry %d is %x, not %x", i, tree.Entry(int64(i)), e)
		}
	}
	last := l.State().Log()
	for r := range l.State().Records() {
		places, err := l.LogPlaces(r, tree)
		docs, err2 := l.Documents(r)
		if err != nil || err2 != nil || len(places) != len(docs) {
			t.Fatalf("%s: places are %v, %v", r.Credential, places, errors.Join(err, err2))
		}
		for i, p := range places {
			digest, err := tlog.DocumentDigest(p.Salt[:], docs[i].Document)
			if err != nil || p.Variant != docs[i].Variant || p.Format != docs[i].Format {
				t.Fatalf("%s: place %+v, %v", r.Credential, p, err)
			}
			if i > 0 && p.Salt == places[0].Salt {
				t.Fatalf("%s: two documents have one salt", r.Credential)
			}
			if r.Seq%50 == 0 || len(docs) > 1 {
				e, err := tlog.Find(tlog.Head{Size: last.Size, Root: last.Root}, p.Index, reader(published))
				if err != nil || e.Digest() != digest || e.Time().Before(r.IssuedAt) {
					t.Fatalf("%s: entry %d is %x, %v", r.Credential, p.Index, e, err)
				}
			}
		}
	}
}

// What was published and is not this ledger's, or is changed, is not gone by.
func TestPublishedIsNotTrusted(t *testing.T) {
	w := openWriter(t, t.TempDir(), ledger.Options{})
	if err := w.Append(start, issues(0, 300)); err != nil {
		t.Fatal(err)
	}
	signHead(t, w, start)
	good := publish(t, treeOf(t, w.Ledger, nil), w.State().Log().Checkpoint)
	if err := w.Append(start, issues(300, 310)); err != nil {
		t.Fatal(err)
	}
	signHead(t, w, start)
	want := treeOf(t, w.Ledger, nil)
	for path := range good {
		for name, change := range map[string]func([]byte) []byte{
			"bit":   func(b []byte) []byte { b[len(b)/2] ^= 1; return b },
			"short": func(b []byte) []byte { return b[:len(b)-1] },
			"empty": func([]byte) []byte { return nil },
		} {
			files := map[string][]byte{}
			for p, data := range good {
				files[p] = bytes.Clone(data)
			}
			files[path] = change(files[path])
			if tree := treeOf(t, w.Ledger, reader(files)); tree.Entry(5) != want.Entry(5) || tree.Size() != want.Size() {
				t.Errorf("%s, %s: another log is derived", path, name)
			}
		}
	}
}

// A head that was signed over other events than the ledger has is found.
func TestHeadOfOtherEvents(t *testing.T) {
	dir := t.TempDir()
	w := openWriter(t, dir, ledger.Options{})
	if err := w.Append(start, append(issues(0, 3), head(6))); err != nil {
		t.Fatal(err)
	}
	var corrupt *ledger.CorruptError
	if _, err := w.Tree(t.Context(), nil); !errors.As(err, &corrupt) || !strings.Contains(err.Error(), "event 4 signs a log of 6 leaves that is not") {
		t.Errorf("error is %v", err)
	}
	if places, err := w.LogPlaces(w.State().Record(issue(1).Issue.Award), tlog.NewTree(make([]tlog.Entry, 6))); err == nil {
		t.Errorf("a credential is found at %v", places)
	}
}

// P23, P24: nothing in the log, nor in what is told of one document's place,
// ties a document to another of the same award, or to anybody: the digests are
// of random salts, in order, and two ledgers with the same events have none in
// common.
func TestLogTellsNothing(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	var logs [2]*tlog.Tree
	var places [2][]ledger.LogPlace
	for i := range logs {
		w := openWriter(t, t.TempDir(), ledger.Options{})
		var group []ledger.Event
		for n := range 100 {
			ev := variants(n)
			ev.Salt = ""
			group = append(group, ev)
		}
		if i == 1 {
			random.Shuffle(len(group), func(a, b int) { group[a], group[b] = group[b], group[a] })
		}
		if err := w.Append(start, group); err != nil {
			t.Fatal(err)
		}
		signHead(t, w, start)
		logs[i] = treeOf(t, w.Ledger, nil)
		for r := range w.State().Records() {
			p, err := w.LogPlaces(r, logs[i])
			if err != nil {
				t.Fatal(err)
			}
			places[i] = append(places[i], p...)
			docs, _ := w.Documents(r)
			for n, d := range docs {
				// Without its salt, nobody finds a document, whatever else is known.
				for _, salt := range [][]byte{nil, make([]byte, 32), p[(n+1)%3].Salt[:], []byte(r.Credential)} {
					digest, err := tlog.DocumentDigest(salt, d.Document)
					if err != nil {
						t.Fatal(err)
					}
					for at := range logs[i].Size() {
						if logs[i].Entry(at).Digest() == digest {
							t.Fatalf("entry %d is found with the salt %x", at, salt)
						}
					}
				}
			}
		}
	}
	seen := map[[32]byte]bool{}
	for _, log := range logs {
		for i := range log.Size() {
			e := log.Entry(i)
			if seen[e.Digest()] {
				t.Fatal("two entries have one digest")
			}
			seen[e.Digest()] = true
			if before := max(i-1, 0); i > 0 && fmt.Sprintf("%x", log.Entry(before).Digest()) >= fmt.Sprintf("%x", e.Digest()) {
				t.Fatal("entries are not in the order of their digests")
			}
		}
	}
	// The places of one award's documents are as far from each other as any two.
	near := 0
	for i := 0; i+2 < len(places[0]); i += 3 {
		for _, pair := range [][2]int{{0, 1}, {1, 2}, {0, 2}} {
			if d := places[0][i+pair[0]].Index - places[0][i+pair[1]].Index; d >= -4 && d <= 4 {
				near++
			}
		}
	}
	if near > 25 { // 300 pairs, of which about 6 lie so near by chance
		t.Errorf("%d of 300 pairs of an award's documents are neighbours", near)
	}
}

func BenchmarkNextHead(b *testing.B) {
	w := openWriter(b, b.TempDir(), ledger.Options{})
	for n := 0; n < 5000; n += 500 {
		if err := w.Append(start, largeIssues(n, n+500)); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := w.NextHead(b.Context(), start); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*5000), "µs/award")
}
