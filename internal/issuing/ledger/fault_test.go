package ledger_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"syscall"
	"testing"

	"laurel/internal/issuing/ledger"
)

// fault says how a call of the file system goes wrong.
type fault struct {
	name string
	err  error
	// done: the call does its work, and then fails. half: a write takes half
	// of its bytes first.
	done, half bool
	// stays: every later call fails as well, as on a full or dead disk.
	stays bool
}

var faults = []fault{
	{name: "EIO", err: syscall.EIO},
	{name: "EIO_for_good", err: syscall.EIO, stays: true},
	{name: "EIO_but_done", err: syscall.EIO, done: true},
	{name: "ENOSPC_after_half", err: syscall.ENOSPC, half: true},
	{name: "ENOSPC_after_half_for_good", err: syscall.ENOSPC, half: true, stays: true},
	{name: "EROFS", err: syscall.EROFS, stays: true},
}

// faultFS lets call number at fail.
type faultFS struct {
	ledger.FS
	fault
	at, calls int
	hit       string // the call that failed first
}

// call runs do, or what the fault makes of it.
func (f *faultFS) call(what string, do func() error) error {
	f.calls++
	if f.calls != f.at && !(f.stays && f.hit != "") {
		return do()
	}
	if f.hit == "" {
		f.hit = what
	}
	if f.done {
		do()
	}
	return fmt.Errorf("%s: %w", what, f.err)
}

func (f *faultFS) ReadDir() (entries []fs.DirEntry, err error) {
	err = f.call("readdir", func() error { entries, err = f.FS.ReadDir(); return err })
	return entries, err
}

func (f *faultFS) OpenFile(name string, flag int, perm fs.FileMode) (ledger.File, error) {
	var file ledger.File
	err := f.call("open "+name, func() (err error) { file, err = f.FS.OpenFile(name, flag, perm); return err })
	if err != nil {
		if file != nil {
			file.Close()
		}
		return nil, err
	}
	return &faultFile{file, f}, nil
}

func (f *faultFS) SyncDir() error { return f.call("sync folder", f.FS.SyncDir) }

type faultFile struct {
	ledger.File
	f *faultFS
}

func (f *faultFile) Read(p []byte) (n int, err error) {
	if e := f.f.call("read", func() error { n, err = f.File.Read(p); return nil }); e != nil {
		return 0, e
	}
	return n, err
}

func (f *faultFile) Write(p []byte) (n int, err error) {
	err = f.f.call("write", func() error { n, err = f.File.Write(p); return err })
	if err != nil && f.f.half && n == 0 {
		n, _ = f.File.Write(p[:len(p)/2])
	}
	return n, err
}

func (f *faultFile) Sync() error { return f.f.call("sync", f.File.Sync) }

func (f *faultFile) Truncate(size int64) error {
	return f.f.call("truncate", func() error { return f.File.Truncate(size) })
}

func (f *faultFile) Close() error {
	err := f.f.call("close", f.File.Close)
	if err != nil {
		f.File.Close()
	}
	return err
}

// groups is a run of a few appends that crosses into new segments.
func groups() [][]ledger.Event {
	return [][]ledger.Event{
		{key("key-2026-1", ledger.ActionAdded)},
		issues(1, 5),
		{status(1, ledger.ActionRevoke, ""), list(1, 1)},
		{capsules(2, ""), withdraw(2, "")},
		append(issues(5, 9), variants(9), capsules(9, all...)),
	}
}

// P17, P19: at every call of every append something goes wrong. What was
// acknowledged is there afterwards, the chain is whole, a group is there in
// whole events, and the run can be completed.
func TestFaultAtEveryCall(t *testing.T) {
	for _, flt := range faults {
		t.Run(flt.name, func(t *testing.T) {
			for at := 1; ; at++ {
				if hit := runWithFault(t, flt, at); hit == "" {
					if at < 30 {
						t.Errorf("only %d calls were tried", at-1)
					}
					return
				}
				if t.Failed() {
					return
				}
			}
		})
	}
}

// runWithFault returns the call that failed, or nothing when at is past the
// last call.
func runWithFault(t *testing.T, flt fault, at int) string {
	dir := t.TempDir()
	// Before the run there is a ledger with an unfinished line.
	o := ledger.Options{MaxSegment: 1200}
	write(t, dir, ledger.Options{FS: openUnsynced(t, dir)}, issues(10, 12))
	f, err := os.OpenFile(dir+"/0001.jsonl", os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		t.Fatal(err)
	}
	f.WriteString(`{"seq":3,"time":`)
	f.Close()

	ffs := &faultFS{FS: openUnsynced(t, dir), fault: flt, at: at}
	acknowledged := int64(2)
	faulty := o
	faulty.FS = ffs
	w, err := ledger.OpenWriter(dir, faulty)
	if err == nil {
		for _, g := range groups() {
			if err = w.Append(start, g); err != nil {
				if again := w.Append(start, issues(30, 31)); !errors.Is(again, ledger.ErrStopped) || !errors.Is(again, flt.err) {
					t.Errorf("call %d (%s): the writer goes on after %v: %v", at, ffs.hit, err, again)
				}
				break
			}
			acknowledged += int64(len(g))
			if seq, _, _ := w.State().Head(); seq != acknowledged {
				t.Errorf("call %d (%s): head is %d, acknowledged %d", at, ffs.hit, seq, acknowledged)
			}
		}
		if seq, _, _ := w.State().Head(); seq != acknowledged {
			t.Errorf("call %d (%s): after a failure the head is %d, acknowledged %d", at, ffs.hit, seq, acknowledged)
		}
		err = errors.Join(err, w.Close())
	}
	if ffs.hit == "" {
		if err != nil || acknowledged != 17 {
			t.Errorf("without a fault: %d events, %v", acknowledged, err)
		}
		return ""
	}
	if err != nil && !errors.Is(err, flt.err) {
		t.Errorf("call %d (%s): error is %v", at, ffs.hit, err)
	}
	if err == nil && !strings.HasPrefix(ffs.hit, "close") { // of a file that was only read
		t.Errorf("call %d (%s): the failure was not told", at, ffs.hit)
	}
	complete(t, dir, o, acknowledged, fmt.Sprintf("call %d (%s)", at, ffs.hit))
	return ffs.hit
}

// complete opens the ledger after a fault, checks it, and appends what is not
// there yet.
func complete(t *testing.T, dir string, o ledger.Options, acknowledged int64, when string) {
	o.FS = openUnsynced(t, dir)
	w, err := ledger.OpenWriter(dir, o)
	if err != nil {
		t.Errorf("%s: reopen: %v", when, err)
		return
	}
	defer w.Close()
	seq, _, _ := w.State().Head()
	if seq < acknowledged {
		t.Errorf("%s: %d events were acknowledged, %d are there", when, acknowledged, seq)
	}
	var rest []ledger.Event
	var flat []ledger.Event
	for _, g := range groups() {
		flat = append(flat, g...)
	}
	rest = flat[seq-2:]
	if err := w.Append(start, rest); err != nil {
		t.Errorf("%s: complete the run: %v", when, err)
	}
	for _, n := range []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11} {
		r := w.State().ByCredential(credential(n))
		if r == nil {
			t.Errorf("%s: credential %d is not there", when, n)
			continue
		}
		docs, err := w.Documents(r)
		if err != nil || string(docs[0].Document) != string(issue(n).Issue.Documents[0].Document) {
			t.Errorf("%s: documents of %d: %s, %v", when, n, docs, err)
		}
	}
	for n, names := range map[int][]string{2: {""}, 9: all} {
		r := w.State().ByCredential(credential(n))
		if r == nil || len(r.Capsules) != len(names) {
			t.Errorf("%s: the capsules of credential %d are %+v", when, n, r)
			continue
		}
		ev, err := w.Event(r.CapsulePos)
		if err != nil || string(ev.Capsule.Packed[0]) != string(capsules(n, names...).Capsule.Packed[0]) {
			t.Errorf("%s: the capsule of %d: %+v, %v", when, n, ev.Capsule, err)
		}
	}
}

// A failed group is cut off again where the disk lets it: the ledger is byte
// for byte as it was.
func TestFailedGroupIsCutOff(t *testing.T) {
	for _, what := range []string{"write", "sync"} {
		t.Run(what, func(t *testing.T) {
			name, before := segment1(t, issues(1, 3))
			dir := strings.TrimSuffix(name, "/0001.jsonl")
			root, err := ledger.OpenRoot(dir)
			if err != nil {
				t.Fatal(err)
			}
			ffs := &faultFS{FS: root, fault: fault{err: syscall.ENOSPC, half: what == "write"}, at: -1}
			w, err := ledger.OpenWriter(dir, ledger.Options{FS: ffs})
			if err != nil {
				t.Fatal(err)
			}
			ffs.at = ffs.calls + 1
			if what == "sync" {
				ffs.at++
			}
			if err := w.Append(start, issues(3, 9)); !errors.Is(err, syscall.ENOSPC) || ffs.hit != what {
				t.Fatalf("error is %v, in %s", err, ffs.hit)
			}
			w.Close()
			if now, _ := os.ReadFile(name); string(now) != string(before) {
				t.Errorf("the file has %d bytes, before %d", len(now), len(before))
			}
		})
	}
}
