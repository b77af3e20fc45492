package ledger_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"laurel/internal/issuing/ledger"
)

var start = time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)

// issue is a made-up award: everything follows from n.
func issue(n int) ledger.Event {
	return ledger.Event{Salt: base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%016d", n)), Issue: &ledger.IssueEvent{
		Award:      fmt.Sprintf("spring-2026/welding/learner-%d@example.org", n),
		Credential: credential(n),
		List:       1,
		Index:      n * 7 % ledger.ListLength,
		Visibility: "public",
		Content:    strings.Repeat("0f", 32),
		Documents: []ledger.Document{{
			Format:    "eddsa-rdfc-2022",
			MediaType: "application/vc+ld+json",
			Document:  jsontext.Value(fmt.Sprintf(`{"id":"%s","name":"Learner %d"}`, credential(n), n)),
		}},
	}}
}

func credential(n int) string { return fmt.Sprintf("urn:uuid:00000000-0000-4000-8000-%012d", n) }

func issues(from, to int) []ledger.Event {
	var events []ledger.Event
	for n := from; n < to; n++ {
		events = append(events, issue(n))
	}
	return events
}

func status(n int, action, reason string) ledger.Event {
	is := issue(n).Issue
	return ledger.Event{Status: &ledger.StatusEvent{
		Award: is.Award, Credential: is.Credential, Action: action, Reason: reason, Date: start,
	}}
}

func list(n, set int) ledger.Event {
	return ledger.Event{List: &ledger.ListEvent{List: n, Set: set, Document: jsontext.Value(`{"type":["BitstringStatusListCredential"]}`)}}
}

func key(kid, action string) ledger.Event {
	return ledger.Event{Key: &ledger.KeyEvent{Kid: kid, Action: action, PublicKeyMultibase: "z6MkExample", At: start}}
}

// write opens, appends every group and closes.
func write(t testing.TB, dir string, o ledger.Options, groups ...[]ledger.Event) {
	t.Helper()
	w := openWriter(t, dir, o)
	for _, g := range groups {
		if err := w.Append(start, g); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
}

func openWriter(t testing.TB, dir string, o ledger.Options) *ledger.Writer {
	t.Helper()
	w, err := ledger.OpenWriter(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.Close() })
	return w
}

// unsynced is the real folder, of which nothing waits for the disk: for tests
// that write it a thousand times, and pull no plug.
type unsynced struct{ ledger.FS }

type unsyncedFile struct{ ledger.File }

func openUnsynced(t testing.TB, dir string) ledger.FS {
	t.Helper()
	root, err := ledger.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	return unsynced{root}
}

func (u unsynced) OpenFile(name string, flag int, perm fs.FileMode) (ledger.File, error) {
	f, err := u.FS.OpenFile(name, flag, perm)
	if err != nil {
		return nil, err
	}
	return unsyncedFile{f}, nil
}

func (unsynced) SyncDir() error { return nil }

func (unsyncedFile) Sync() error { return nil }

func open(t testing.TB, dir string) *ledger.Ledger {
	t.Helper()
	l, err := ledger.Open(dir, ledger.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

// summary is all that a State says, for comparing two of them.
func summary(s *ledger.State) string {
	seq, hash, at := s.Head()
	var b strings.Builder
	fmt.Fprintln(&b, seq, hash, at)
	for r := range s.Records() {
		fmt.Fprintf(&b, "%+v living=%t\n", *r, s.Record(r.Award) == r)
	}
	fmt.Fprintf(&b, "%+v\n%+v\n", s.Lists(), s.Keys())
	return b.String()
}

func TestMissingFolderIsEmpty(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "content", "ledger")
	l := open(t, dir)
	seq, hash, at := l.State().Head()
	if seq != 0 || hash != strings.Repeat("0", 64) || !at.IsZero() {
		t.Errorf("head is %d, %s, %s", seq, hash, at)
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Error("reading created the folder")
	}
	w := openWriter(t, dir, ledger.Options{})
	if w.State().Len() != 0 || w.Torn() != nil {
		t.Error("a new ledger is not empty")
	}
}

// awkward documents must come back byte for byte: their signatures are over
// what a JSON library may feel free to write in another way.
var awkward = []string{
	`{"a":"\u0041\/\u00e9é\ud83d\ude00😀\u2028 \b\f\n\r\t\"\\"}`,
	`{"n":[1.0,1E+2,1e2,-0,0.10,123456789012345678901234567890,1.7976931348623157e309]}`,
	`{"z":1,"a":{"é":null,"e\u0301":true,"":[]},"m":{},"A":2}`,
	`{"html":"</script><!--&<>","sum":"x","prev":"y","documents":[{"document":0}]}`,
	`"eyJhbGciOiJFZERTQSJ9.e30.c2ln"`,
	`{"deep":` + strings.Repeat(`[`, 60) + strings.Repeat(`]`, 60) + `}`,
}

func TestDocumentsAreVerbatim(t *testing.T) {
	dir := t.TempDir()
	ev := issue(1)
	ev.Issue.Documents = nil
	for _, doc := range awkward {
		if !jsontext.Value(doc).IsValid() {
			t.Fatalf("test document %s is not JSON", doc)
		}
		ev.Issue.Documents = append(ev.Issue.Documents, ledger.Document{Format: "f", MediaType: "m/t", Document: jsontext.Value(doc)})
	}
	li := list(1, 0)
	li.List.Document = jsontext.Value(awkward[0])
	write(t, dir, ledger.Options{}, []ledger.Event{ev, li})

	l := open(t, dir)
	docs, err := l.Documents(l.State().ByCredential(credential(1)))
	if err != nil {
		t.Fatal(err)
	}
	for i, d := range docs {
		if string(d.Document) != awkward[i] {
			t.Errorf("document %d came back as %s", i, d.Document)
		}
	}
	got, err := l.Event(l.State().Lists()[0].Pos)
	if err != nil {
		t.Fatal(err)
	}
	if string(got.List.Document) != awkward[0] {
		t.Errorf("list document came back as %s", got.List.Document)
	}
}

func TestEventsComeBack(t *testing.T) {
	dir := t.TempDir()
	full := issue(2)
	full.Issue.ValidUntil = time.Date(2028, 2, 29, 23, 0, 0, 999, time.FixedZone("", 3600))
	full.Issue.Replaces = credential(1)
	st := status(1, ledger.ActionRevoke, "name was wrong: \u00a0 \"é\"")
	st.Status.Public = true
	full.Issue.Award = st.Status.Award
	events := []ledger.Event{key("key-2026-1", ledger.ActionAdded), issue(1), st, full, list(1, 1)}
	w := openWriter(t, dir, ledger.Options{})
	if err := w.Append(start.Add(time.Millisecond), events); err != nil {
		t.Fatal(err)
	}
	var positions []ledger.Position
	for r := range w.State().Records() {
		positions = append(positions, r.Pos)
	}
	for i, want := range []ledger.Event{events[1], events[3]} {
		got, err := w.Event(positions[i])
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("event came back as %+v, want %+v", got, want)
		}
	}
	if got := events[3].Issue.ValidUntil; !got.Equal(time.Date(2028, 2, 29, 22, 0, 0, 0, time.UTC)) {
		t.Errorf("validUntil became %s", got)
	}
	if events[4].Seq != 5 || events[4].Type != ledger.TypeList || !events[4].Time.Equal(start) {
		t.Errorf("header was not filled in: %+v", events[4])
	}
	if a, b := summary(w.State()), summary(open(t, dir).State()); a != b {
		t.Errorf("state after append:\n%s\nstate after open:\n%s", a, b)
	}
}

// The form of a line is fixed: other tools read it, and other clones compare
// it.
func TestLine(t *testing.T) {
	dir := t.TempDir()
	ev := key("key-2026-1", ledger.ActionAdded)
	ev.Salt = issue(1).Salt
	write(t, dir, ledger.Options{}, []ledger.Event{ev})
	got, err := os.ReadFile(filepath.Join(dir, "0001.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"seq":1,"time":"2026-03-01T09:00:00Z","type":"key","prev":"0000000000000000000000000000000000000000000000000000000000000000","salt":"MDAwMDAwMDAwMDAwMDAwMQ",` +
		`"kid":"key-2026-1","action":"added","publicKeyMultibase":"z6MkExample","at":"2026-03-01T09:00:00Z",` +
		`"sum":"`
	if !strings.HasPrefix(string(got), want) {
		t.Errorf("line is %s", got)
	}
	var parsed map[string]any
	if err := json.Unmarshal(got, &parsed); err != nil {
		t.Error(err)
	}
	if fi, _ := os.Stat(filepath.Join(dir, "0001.jsonl")); fi.Mode().Perm() != 0o600 {
		t.Errorf("segment has mode %v", fi.Mode())
	}
}

func TestState(t *testing.T) {
	dir := t.TempDir()
	w := openWriter(t, dir, ledger.Options{})
	again := issue(9)
	again.Issue.Award, again.Issue.Replaces = issue(1).Issue.Award, credential(1)
	second := issue(10)
	second.Issue.List = 2
	for _, g := range [][]ledger.Event{
		{key("key-2026-1", ledger.ActionAdded), key("key-2026-2", ledger.ActionAdded)},
		issues(1, 6),
		{list(1, 0)},
		{status(2, ledger.ActionSuspend, "unpaid"), status(3, ledger.ActionSuspend, ""), status(3, ledger.ActionReinstate, ""), status(4, ledger.ActionRevoke, "")},
		{status(1, ledger.ActionRevoke, "reissued"), again, second},
		{key("key-2026-1", ledger.ActionRetired), key("key-2026-1", ledger.ActionRevoked)},
	} {
		if err := w.Append(start, g); err != nil {
			t.Fatal(err)
		}
	}
	for name, s := range map[string]*ledger.State{"after append": w.State(), "after open": open(t, dir).State()} {
		t.Run(name, func(t *testing.T) {
			for n, want := range map[int]ledger.Status{1: ledger.Revoked, 2: ledger.Suspended, 3: ledger.Active, 4: ledger.Revoked, 5: ledger.Active, 9: ledger.Active} {
				if got := s.ByCredential(credential(n)).Status; got != want {
					t.Errorf("credential %d is %s, want %s", n, got, want)
				}
			}
			if r := s.Record(issue(1).Issue.Award); r.Credential != credential(9) || r.Replaces != credential(1) {
				t.Errorf("the reissued award has %+v", r)
			}
			if r := s.ByCredential(credential(1)); r.ReplacedBy != credential(9) {
				t.Errorf("the replaced credential has %+v", r)
			}
			if s.Len() != 7 || s.Record("nobody") != nil || s.ByCredential("nothing") != nil {
				t.Error("records are miscounted or made up")
			}
			lists := s.Lists()
			if len(lists) != 2 || lists[0].Issued != 6 || lists[1].Issued != 1 {
				t.Fatalf("lists are %+v", lists)
			}
			if l := lists[0]; !slices.Equal(l.Set, []int{0, 7, 9, 14, 27, 28}) || !slices.Equal(l.Partners, []int{0, 9, 27}) || l.SignedSet != nil || !l.Changed || !l.SignedAt.Equal(start) {
				t.Errorf("list 1 is %+v", l)
			}
			if l := lists[1]; l.Changed || !l.SignedAt.IsZero() {
				t.Errorf("list 2 is %+v", l)
			}
			for index, want := range map[int]bool{7: true, 63: true, 8: false, -1: true, ledger.ListLength: true} {
				if s.Used(1, index) != want {
					t.Errorf("Used(1, %d) is %t", index, !want)
				}
			}
			if s.Used(3, 7) {
				t.Error("a list that was never opened has a used index")
			}
			keys := s.Keys()
			if len(keys) != 2 || keys[0].Retired.IsZero() || keys[0].Revoked.IsZero() || keys[0].RevokedSeq != 17 || !keys[1].Retired.IsZero() {
				t.Errorf("keys are %+v", keys)
			}
		})
	}
	paired := list(1, 6)
	paired.List.Pairs = true
	if err := w.Append(start, []ledger.Event{paired}); err != nil {
		t.Fatal(err)
	}
	if l := w.State().Lists()[0]; l.Changed || len(l.SignedSet) != 6 {
		t.Errorf("the list that was just signed is %+v", l)
	}
}

// refused groups leave file and state as they were, though all but the last
// event is good, and the writer goes on.
func TestRefused(t *testing.T) {
	reissue := func(replaces string) ledger.Event {
		ev := issue(20)
		ev.Issue.Award, ev.Issue.Replaces = issue(1).Issue.Award, replaces
		return ev
	}
	edit := func(ev ledger.Event, f func(*ledger.IssueEvent)) ledger.Event { f(ev.Issue); return ev }
	document := func(doc string) ledger.Event {
		return edit(issue(20), func(e *ledger.IssueEvent) { e.Documents[0].Document = jsontext.Value(doc) })
	}
	other := status(1, ledger.ActionRevoke, "")
	other.Status.Award = issue(2).Issue.Award
	both := issue(20)
	both.Status = status(1, ledger.ActionRevoke, "").Status
	badType := issue(20)
	badType.Type = ledger.TypeList
	anotherKey := key("key-2026-1", ledger.ActionRetired)
	anotherKey.Key.PublicKeyMultibase = "z6MkOther"

	cases := []struct {
		name  string
		event ledger.Event
		want  string
	}{
		{"credential_twice", edit(issue(20), func(e *ledger.IssueEvent) { e.Credential = credential(1) }), "issued a second time"},
		{"index_twice", edit(issue(20), func(e *ledger.IssueEvent) { e.Index = 7 }), "index 7 of list 1"},
		{"index_of_same_group", edit(issue(20), func(e *ledger.IssueEvent) { e.Index = 12 * 7 }), "is taken"},
		{"index_negative", edit(issue(20), func(e *ledger.IssueEvent) { e.Index = -1 }), "outside the list"},
		{"index_too_high", edit(issue(20), func(e *ledger.IssueEvent) { e.Index = ledger.ListLength }), "outside the list"},
		{"list_zero", edit(issue(20), func(e *ledger.IssueEvent) { e.List = 0 }), "list 0"},
		{"award_twice", reissue(""), "for an award that has one: " + credential(1)},
		{"replaces_other", reissue(credential(2)), "but the award's credential is"},
		{"replaces_active", reissue(credential(1)), "which is not revoked"},
		{"replaces_unknown", edit(issue(20), func(e *ledger.IssueEvent) { e.Replaces = "urn:uuid:x" }), "was not issued"},
		{"no_award", edit(issue(20), func(e *ledger.IssueEvent) { e.Award = "" }), "award is empty"},
		{"award_with_newline", edit(issue(20), func(e *ledger.IssueEvent) { e.Award = "a\nb" }), "control character"},
		{"award_not_utf8", edit(issue(20), func(e *ledger.IssueEvent) { e.Award = "a\xff" }), "not UTF-8"},
		{"no_documents", edit(issue(20), func(e *ledger.IssueEvent) { e.Documents = nil }), "no documents"},
		{"document_with_space", document(`{"a": 1}`), "white space"},
		{"document_with_newline", document("{\"a\":1}\n"), "white space"},
		{"document_duplicate_name", document(`{"a":1,"a":2}`), "twice"},
		{"document_not_utf8", document("{\"a\":\"\xff\"}"), "invalid JSON"},
		{"document_lone_surrogate", document(`{"a":"\ud800"}`), "invalid JSON"},
		{"document_two_values", document(`{}{}`), "invalid JSON"},
		{"document_number", document(`0`), "neither"},
		{"document_missing", document(``), "neither"},
		{"status_of_unknown", status(77, ledger.ActionRevoke, ""), "never issued"},
		{"status_of_other_award", other, "another award"},
		{"status_unknown_action", status(1, "forgive", ""), "unknown action"},
		{"reinstate_active", status(1, ledger.ActionReinstate, ""), "not suspended"},
		{"suspend_suspended", status(3, ledger.ActionSuspend, ""), "while it is suspended"},
		{"suspend_revoked", status(2, ledger.ActionSuspend, ""), "final"},
		{"reinstate_revoked", status(2, ledger.ActionReinstate, ""), "final"},
		{"revoke_revoked", status(2, ledger.ActionRevoke, ""), "final"},
		{"list_with_other_bits", list(1, 1), "1 bits set, but 2 are"},
		{"key_twice", key("key-2026-1", ledger.ActionAdded), "second time"},
		{"key_unknown", key("key-2026-9", ledger.ActionRetired), "never added"},
		{"key_changed", anotherKey, "another public key"},
		{"no_payload", ledger.Event{}, "one payload"},
		{"two_payloads", both, "one payload"},
		{"wrong_type", badType, "has the payload of type issue"},
	}
	dir := t.TempDir()
	w := openWriter(t, dir, ledger.Options{})
	if err := w.Append(start, append(issues(1, 5), key("key-2026-1", ledger.ActionAdded),
		status(2, ledger.ActionRevoke, ""), status(3, ledger.ActionSuspend, ""))); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, "0001.jsonl")
	before, _ := os.ReadFile(name)
	was := summary(w.State())
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			group := []ledger.Event{issue(12), list(1, 2), list(7, 0), key("key-2026-2", ledger.ActionAdded), key("key-2026-1", ledger.ActionRevoked),
				status(4, ledger.ActionSuspend, ""), status(4, ledger.ActionReinstate, ""), c.event}
			err := w.Append(start, group)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error is %v, want one with %q", err, c.want)
			}
			if err != nil && strings.Contains(err.Error(), "learner") {
				t.Errorf("the error names a person: %v", err)
			}
			if now := summary(w.State()); now != was {
				t.Errorf("the state has changed to\n%s", now)
			}
		})
	}
	if after, _ := os.ReadFile(name); string(after) != string(before) {
		t.Error("the file has changed")
	}
	if err := w.Append(start, issues(12, 13)); err != nil {
		t.Errorf("the writer does not go on: %v", err)
	}
}

func TestClockBehind(t *testing.T) {
	w := openWriter(t, t.TempDir(), ledger.Options{})
	if err := w.Append(start, issues(1, 2)); err != nil {
		t.Fatal(err)
	}
	err := w.Append(start.Add(-time.Second), issues(2, 3))
	var ce *ledger.ClockError
	if !errors.Is(err, ledger.ErrClock) || !errors.As(err, &ce) || !ce.Head.Equal(start) || !ce.Now.Equal(start.Add(-time.Second)) {
		t.Errorf("error is %v", err)
	}
	if err := w.Append(start.Add(time.Second/2), issues(2, 3)); err != nil {
		t.Errorf("the same second is refused: %v", err)
	}
}

func TestSegments(t *testing.T) {
	dir := t.TempDir()
	o := ledger.Options{MaxSegment: 2000}
	write(t, dir, o, issues(0, 20), issues(20, 21))
	big := issue(21)
	big.Issue.Documents[0].Document = jsontext.Value(`{"a":"` + strings.Repeat("x", 5000) + `"}`)
	write(t, dir, o, []ledger.Event{big}, issues(22, 40))

	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	segments := 0
	for _, e := range entries {
		if filepath.Ext(e.Name()) != ".jsonl" {
			continue
		}
		segments++
		if fi, _ := e.Info(); fi.Size() > 2000 && fi.Size() < 5000 || fi.Size() == 0 {
			t.Errorf("%s has %d bytes", e.Name(), fi.Size())
		}
	}
	if segments < 10 {
		t.Errorf("there are %d segments", segments)
	}
	l := open(t, dir)
	for n := range 40 {
		docs, err := l.Documents(l.State().ByCredential(credential(n)))
		if err != nil || n != 21 && string(docs[0].Document) != string(issue(n).Issue.Documents[0].Document) {
			t.Errorf("documents of %d: %s, %v", n, docs, err)
		}
	}
	if seq, _, _ := l.State().Head(); seq != 40 {
		t.Errorf("head is %d", seq)
	}
}

func TestEventChecksLine(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, ledger.Options{}, issues(1, 3))
	l := open(t, dir)
	name := filepath.Join(dir, "0001.jsonl")
	data, _ := os.ReadFile(name)
	data[200] ^= 1
	if err := os.WriteFile(name, data, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Documents(l.State().ByCredential(credential(1))); err == nil {
		t.Error("a line that changed under the ledger is handed out")
	}
	if _, err := l.Documents(l.State().ByCredential(credential(2))); err != nil {
		t.Error(err)
	}
}

func TestAppendTooLong(t *testing.T) {
	w := openWriter(t, t.TempDir(), ledger.Options{})
	ev := issue(1)
	ev.Issue.Documents[0].Document = jsontext.Value(`"` + strings.Repeat("x", ledger.MaxLine) + `"`)
	if err := w.Append(start, []ledger.Event{ev}); err == nil || !strings.Contains(err.Error(), "limit") {
		t.Errorf("error is %v", err)
	}
	ev.Issue.Documents[0].Document = jsontext.Value(`"` + strings.Repeat("x", ledger.MaxLine-1000) + `"`)
	if err := w.Append(start, []ledger.Event{ev}); err != nil {
		t.Error(err)
	}
}
