package ledger_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"laurel/internal/issuing/ledger"
)

// FuzzSegment: whatever a segment holds, opening it does not panic, and an
// accepted one is exactly what its events encode to.
func FuzzSegment(f *testing.F) {
	_, data := segment1(f, issues(1, 3), []ledger.Event{status(1, ledger.ActionRevoke, "é"), list(1, 1), key("key-2026-1", ledger.ActionAdded)})
	f.Add(data)
	f.Add(data[:len(data)-1])
	f.Add(chain(goodKey, goodIssue, goodList))
	f.Add([]byte("\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		checkSegment(t, data)
	})
}

// FuzzLine puts right sums around the bodies, which a fuzzer cannot guess.
func FuzzLine(f *testing.F) {
	for _, body := range []string{goodKey, goodIssue, goodList} {
		f.Add(body, body)
	}
	f.Fuzz(func(t *testing.T, first, second string) {
		checkSegment(t, chain(first, second))
	})
}

func checkSegment(t *testing.T, data []byte) {
	dir := t.TempDir()
	put(t, filepath.Join(dir, "0001.jsonl"), data)
	l, err := ledger.Open(dir, ledger.Options{})
	if err != nil {
		return
	}
	defer l.Close()
	var again []byte
	for len(again) < bytes.LastIndexByte(data, '\n')+1 {
		line, _, _ := bytes.Cut(data[len(again):], []byte("\n"))
		ev, err := l.Event(ledger.PositionOf(1, int64(len(again)), line))
		if err != nil {
			return // only reading in whole finds fault with a document's wrapping
		}
		b, err := ev.Encode()
		if err != nil {
			t.Fatalf("event %d was read, and cannot be written: %v", ev.Seq, err)
		}
		again = append(append(again, b...), '\n')
	}
	if !bytes.HasPrefix(data, again) {
		t.Fatalf("read\n%s\nwritten\n%s", data, again)
	}
	// What was accepted can be gone on with.
	w, err := ledger.OpenWriter(dir, ledger.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	if now, _ := os.ReadFile(filepath.Join(dir, "0001.jsonl")); !bytes.Equal(now, again) {
		t.Fatal("opening for writing changed whole lines")
	}
}
