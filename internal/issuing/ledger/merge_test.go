package ledger_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"laurel/internal/issuing/ledger"
)

// fork writes a common beginning, and then events of each of two copies; it returns
// their folders.
func fork(t *testing.T, common, ours, theirs []ledger.Event) (a, b string) {
	t.Helper()
	a, b = filepath.Join(t.TempDir(), "a"), filepath.Join(t.TempDir(), "b")
	write(t, a, ledger.Options{}, common)
	data, err := os.ReadFile(filepath.Join(a, "0001.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(b, 0o700); err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(b, "0001.jsonl"), data)
	write(t, a, ledger.Options{}, ours)
	write(t, b, ledger.Options{}, theirs)
	return a, b
}

// mergeInto merges b into a.
func mergeInto(t *testing.T, a, b string) (ledger.Merged, error) {
	t.Helper()
	w, err := ledger.OpenWriter(a, ledger.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	return w.Merge(t.Context(), open(t, b))
}

// at is an issue event with an award, id and index of its own choosing.
func at(n int, award string, index int) ledger.Event {
	ev := issue(n)
	ev.Salt = ""
	ev.Issue.Award, ev.Issue.List, ev.Issue.Index, ev.Issue.Variants = award, 1, index, nil
	ev.Issue.Documents = ev.Issue.Documents[:1]
	return ev
}

func decide(ev ledger.Event, action string) ledger.Event {
	return ledger.Event{Status: &ledger.StatusEvent{Award: ev.Issue.Award, Credential: ev.Issue.Credential, Action: action, Date: start}}
}

func TestMergeSharesAnIndex(t *testing.T) {
	one, two := at(101, "a/b/one", 5), at(102, "a/b/two", 5)
	a, b := fork(t, []ledger.Event{key("key-2026-1", ledger.ActionAdded)}, []ledger.Event{one}, []ledger.Event{two})
	m, err := mergeInto(t, a, b)
	if err != nil || m.Events != 1 || len(m.Shared) != 1 || m.Shared[0].Credential != two.Issue.Credential {
		t.Fatalf("%+v, %v", m, err)
	}
	// The second is replaced without being revoked, which would revoke the first.
	next := at(103, "a/b/two", 6)
	next.Issue.Replaces = two.Issue.Credential
	write(t, a, ledger.Options{}, []ledger.Event{next})
	s := open(t, a).State()
	if len(s.Shared()) != 0 || s.Record("a/b/one").Status != ledger.Active || s.BitSet(s.Record("a/b/one")) {
		t.Fatal("the first is not as it was")
	}
	// What revokes the second award revokes both of its credentials, and so the first
	// is to be issued anew.
	write(t, a, ledger.Options{}, []ledger.Event{decide(next, ledger.ActionRevoke)})
	s = open(t, a).State()
	if got := s.ByCredential(two.Issue.Credential).Status; got != ledger.Revoked {
		t.Errorf("the replaced one is %s", got)
	}
	if list := s.Shared(); len(list) != 1 || list[0].Award != "a/b/one" || !s.BitSet(list[0]) {
		t.Errorf("to be issued anew: %v", list)
	}
}

func TestMergeContradictions(t *testing.T) {
	r1, r2, r3 := at(111, "a/b/one", 1), at(112, "a/b/two", 2), at(113, "a/b/three", 3)
	common := []ledger.Event{key("key-2026-1", ledger.ActionAdded), r1, r2, r3, decide(r2, ledger.ActionSuspend)}
	mine, other := at(114, "a/b/same", 4), at(115, "a/b/same", 5)
	a, b := fork(t, common,
		[]ledger.Event{decide(r1, ledger.ActionRevoke), mine, decide(r3, ledger.ActionSuspend), key("key-2026-1", ledger.ActionRetired)},
		[]ledger.Event{decide(r1, ledger.ActionRevoke), decide(r2, ledger.ActionReinstate), other, decide(r3, ledger.ActionSuspend), decide(r3, ledger.ActionReinstate),
			key("key-2026-1", ledger.ActionRetired)})
	before := open(t, b).State().Mark()
	m, err := mergeInto(t, a, b)
	if err != nil {
		t.Fatal(err)
	}
	s := open(t, a).State()
	for award, want := range map[string]ledger.Status{"a/b/one": ledger.Revoked, "a/b/two": ledger.Active, "a/b/three": ledger.Suspended, "a/b/same": ledger.Active} {
		if got := s.Record(award).Status; got != want {
			t.Errorf("%s is %s, want %s", award, got, want)
		}
	}
	if len(m.Twice) != 1 || m.Twice[0].Credential != other.Issue.Credential || m.Twice[0].ReplacedBy != mine.Issue.Credential || len(s.Twice()) != 1 {
		t.Errorf("issued twice: %v", m.Twice)
	}
	if len(m.Moot) != 4 {
		t.Errorf("told: %q", m.Moot)
	}
	if !s.HasMerged(before) {
		t.Error("the other's newest event is not known")
	}
	// Once is enough, and the other way round it is the same.
	if m, err := mergeInto(t, a, b); err != nil || m.Events != 0 {
		t.Errorf("again: %+v, %v", m, err)
	}
	if _, err := mergeInto(t, b, a); err != nil {
		t.Fatal(err)
	}
	for r := range s.Records() {
		if open(t, b).State().ByCredential(r.Credential) == nil {
			t.Errorf("%s is lost", r.Credential)
		}
	}
}

func TestMergeKeys(t *testing.T) {
	second := key("key-2026-2", ledger.ActionAdded)
	clash := key("key-2026-2", ledger.ActionAdded)
	clash.Key.PublicKeyMultibase = "z6MkAnother"
	a, b := fork(t, []ledger.Event{key("key-2026-1", ledger.ActionAdded)}, []ledger.Event{second}, []ledger.Event{clash})
	data, err := os.ReadFile(filepath.Join(a, "0001.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	var two *ledger.KeyClashError
	if _, err := mergeInto(t, a, b); !errors.As(err, &two) || two.Kid != "key-2026-2" || err != error(two) {
		t.Errorf("error is %v", err)
	}
	if now, err := os.ReadFile(filepath.Join(a, "0001.jsonl")); err != nil || !bytes.Equal(now, data) {
		t.Error("something was written")
	}
}

// A merge that is cut off at any line is finished by merging again, and two people
// who merge the same get the same bytes.
func TestMergeCutOff(t *testing.T) {
	a, b := fork(t, []ledger.Event{key("key-2026-1", ledger.ActionAdded)}, []ledger.Event{at(121, "a/b/one", 1)},
		[]ledger.Event{at(122, "a/b/two", 2), decide(at(122, "a/b/two", 2), ledger.ActionSuspend), at(123, "a/b/three", 3)})
	file := filepath.Join(a, "0001.jsonl")
	before, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := mergeInto(t, a, b); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(string(whole[len(before):]), "\n")
	for n := range lines {
		put(t, file, append(bytes.Clone(before), strings.Join(lines[:n], "")...))
		if _, err := mergeInto(t, a, b); err != nil {
			t.Fatalf("cut off after %d events: %v", n, err)
		}
		now, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 && !bytes.Equal(now, whole) {
			t.Error("merging the same gives other bytes")
		}
		if s := open(t, a).State(); s.Len() != 3 || !s.HasMerged(open(t, b).State().Mark()) {
			t.Errorf("cut off after %d events: %d credentials", n, s.Len())
		}
	}
}

// One copy revokes an award for good and the other issues it anew: neither is lost,
// and both sides are told how to revoke the newer one.
func TestMergeTellsRevokedAndReissued(t *testing.T) {
	old, anew := at(121, "a/b/one", 1), at(122, "a/b/one", 2)
	anew.Issue.Replaces = old.Issue.Credential
	reissue := decide(old, ledger.ActionRevoke)
	reissue.Status.Reissue = true
	a, b := fork(t, []ledger.Event{key("key-2026-1", ledger.ActionAdded), old}, []ledger.Event{reissue, anew}, []ledger.Event{decide(old, ledger.ActionRevoke)})
	before := filepath.Join(t.TempDir(), "before")
	if err := os.CopyFS(before, os.DirFS(a)); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ into, from, want string }{
		{a, b, "award a/b/one: this copy issued it anew, and the other one revoked it: the newer credential is valid; where it is not to be: laurel revoke a/b/one"},
		{b, before, "award a/b/one: this copy revoked it, and the other one issued it anew: the newer credential is valid; where it is not to be: laurel revoke a/b/one"},
	} {
		m, err := mergeInto(t, c.into, c.from)
		if err != nil || len(m.Moot) != 1 || m.Moot[0] != c.want {
			t.Errorf("told %q, %v", m.Moot, err)
		}
		if r := open(t, c.into).State().Record("a/b/one"); r.Credential != anew.Issue.Credential || r.Status != ledger.Active {
			t.Errorf("the award is %+v", r)
		}
	}
}

// An award that was revoked with its variants counts once, a bit of nobody's once.
func TestAgainstCountsAwards(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a")
	ev := variants(131)
	ev.Issue.List, ev.Issue.Index = 1, 10
	set := []int{10, 99}
	for i := range ev.Issue.Variants {
		ev.Issue.Variants[i].List, ev.Issue.Variants[i].Index = 1, 11+i
		set = append(set, 11+i)
	}
	write(t, dir, ledger.Options{}, []ledger.Event{key("key-2026-1", ledger.ActionAdded), ev})
	err := open(t, dir).State().Against(ledger.Seen{Where: "public/", Lists: []ledger.SeenList{{List: 1, Set: set}}})
	var behind *ledger.OutsideError
	if !errors.As(err, &behind) || behind.Decisions != 2 || behind.Lists != 1 || behind.Lag != ledger.Behind {
		t.Errorf("%+v", behind)
	}
	if want := "content/ledger/ is older than what public/ tells of; missing are at least 2 revocations or other decisions, 1 newer status list, since "; !strings.HasPrefix(behind.Error(), want) {
		t.Errorf("said %s", behind)
	}
}
