package ledger_test

import (
	"bytes"
	"errors"
	"io/fs"
	"testing"
	"testing/fstest"

	"laurel/internal/issuing/ledger"
)

// FuzzSegment: whatever a segment holds, opening it does not panic, and an
// accepted one is exactly what its events encode to.
func FuzzSegment(f *testing.F) {
	_, data := segment1(f, issues(1, 3), []ledger.Event{status(1, ledger.ActionRevoke, "é"), list(1, 1), key("key-2026-1", ledger.ActionAdded)})
	f.Add(data)
	f.Add(data[:len(data)-1])
	f.Add(chain(goodKey, goodIssue, goodList))
	f.Add(chain(goodIssue, goodForms, goodSeal, goodGone))
	f.Add(chain(goodLog, goodKey, goodIssue, goodForms, goodHead, goodMerge, goodClock))
	_, sealed := segment1(f, []ledger.Event{variants(1), capsules(1, all...), withdraw(1, "é")})
	f.Add(sealed)
	f.Add([]byte("\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		checkSegment(t, data)
	})
}

// FuzzLine puts right sums around the bodies, which a fuzzer cannot guess.
func FuzzLine(f *testing.F) {
	for _, body := range []string{goodKey, goodIssue, goodList, goodForms} {
		f.Add(body, body)
	}
	f.Add(goodIssue, goodSeal)
	f.Add(goodSeal, goodGone)
	f.Add(goodLog, goodHead)
	f.Add(goodMerge, goodClock)
	f.Fuzz(func(t *testing.T, first, second string) {
		checkSegment(t, chain(first, second))
	})
}

func checkSegment(t *testing.T, data []byte) {
	l, err := ledger.Open("memory", ledger.Options{FS: readOnly{fstest.MapFS{"0001.jsonl": {Data: data}}}})
	if err != nil {
		return
	}
	defer l.Close()
	end := bytes.LastIndexByte(data, '\n') + 1
	if torn := l.Torn(); (torn != nil) != (end < len(data)) || torn != nil && torn.Offset != int64(end) {
		t.Fatalf("torn is %+v, the last newline is before byte %d of %d", torn, end, len(data))
	}
	for at := 0; at < end; {
		line, _, _ := bytes.Cut(data[at:], []byte("\n"))
		ev, err := l.Event(ledger.PositionOf(1, int64(at), line))
		if err != nil {
			return // only reading in whole finds fault with a document's wrapping
		}
		b, err := ev.Encode()
		if err != nil {
			t.Fatalf("event %d was read, and cannot be written: %v", ev.Seq, err)
		}
		if !bytes.Equal(b, line) {
			t.Fatalf("read    %s\nwritten %s", line, b)
		}
		at += len(line) + 1
	}
}

// readOnly is a folder in memory.
type readOnly struct{ fstest.MapFS }

func (r readOnly) ReadDir() ([]fs.DirEntry, error) { return fs.ReadDir(r.MapFS, ".") }
func (r readOnly) SyncDir() error                  { return errReadOnly }
func (r readOnly) Close() error                    { return nil }

func (r readOnly) OpenFile(name string, _ int, _ fs.FileMode) (ledger.File, error) {
	if r.MapFS[name] == nil {
		return nil, fs.ErrNotExist
	}
	return readOnlyFile{bytes.NewReader(r.MapFS[name].Data)}, nil
}

var errReadOnly = errors.New("the folder is read-only")

type readOnlyFile struct{ *bytes.Reader }

func (readOnlyFile) Write([]byte) (int, error) { return 0, errReadOnly }
func (readOnlyFile) Sync() error               { return errReadOnly }
func (readOnlyFile) Truncate(int64) error      { return errReadOnly }
func (readOnlyFile) Close() error              { return nil }
