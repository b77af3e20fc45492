package ledger_test

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"laurel/internal/issuing/ledger"
	"laurel/internal/standards/tlog"
)

// head is a head over so many made-up leaves.
func head(size int64) ledger.Event {
	var edge tlog.Edge
	edge.Add(make([]tlog.Entry, size)...)
	return headOf(&edge)
}

func headOf(edge *tlog.Edge) ledger.Event {
	h := edge.Head()
	return ledger.Event{Head: &ledger.HeadEvent{Size: h.Size, Root: h.Root[:], Edge: edge.Bytes(),
		Checkpoint: fmt.Sprintf("example.org/log\n%d\n%s\n\n— example.org/log AAAA\n", h.Size, h.Root)}}
}

func earlier(entries int) ledger.Event {
	return ledger.Event{Log: &ledger.LogEvent{Entries: bytes.Repeat([]byte("an entry of forty bytes, as was the rule"), entries)}}
}

func merged(digit string) ledger.Event {
	return ledger.Event{Merge: &ledger.MergeEvent{Checkpoint: "example.org/log\n", Seq: 9, Hash: strings.Repeat(digit, 64), Events: 4}}
}

func clock(at time.Time) ledger.Event {
	return ledger.Event{Clock: &ledger.ClockEvent{At: at, Reason: "the battery was empty"}}
}

func adopted(n, list int) ledger.Event {
	ev := issue(n)
	ev.Issue.Adopted, ev.Issue.List = true, list
	return ev
}

func frozen(n, set int, kept ...int) ledger.Event {
	ev := list(n, set)
	ev.List.Frozen, ev.List.Kept = true, kept
	return ev
}

// The log's events come back as they went in, opening gives the state that
// appending gave, and every event but heads is a leaf, and every document.
func TestLogEvents(t *testing.T) {
	dir := t.TempDir()
	w := openWriter(t, dir, ledger.Options{})
	groups := [][]ledger.Event{
		{earlier(3), earlier(2)}, // 5 entries, 2 leaves
		{key("key-2026-1", ledger.ActionAdded), variants(1), issue(2), merged("a")}, // 1, 4, 2, 1
		{head(15)},
		{status(1, ledger.ActionRevoke, ""), head(16), merged("b")},
	}
	var all []ledger.Event
	for _, g := range groups {
		if err := w.Append(start, g); err != nil {
			t.Fatal(err)
		}
		all = append(all, g...)
	}
	log := w.State().Log()
	if log.Size != 16 || log.Seq != 9 || log.Adopted != 5 || log.Events != 1 || log.Leaves != 1 || !log.At.Equal(start) || log.Checkpoint != all[8].Head.Checkpoint {
		t.Errorf("the log is at %+v", log)
	}
	if m := w.State().Merges(); len(m) != 2 || m[1] != *all[9].Merge {
		t.Errorf("merges are %+v", m)
	}
	l := open(t, dir)
	if a, b := summary(w.State()), summary(l.State()); a != b || !reflect.DeepEqual(log, l.State().Log()) {
		t.Errorf("state after append:\n%s\nstate after open:\n%s", a, b)
	}
	salts := map[string]bool{}
	for _, ev := range all {
		salts[ev.Salt] = true
	}
	if len(salts) != len(all) {
		t.Errorf("%d events have %d salts", len(all), len(salts))
	}
	if got, err := l.Event(log.Pos); err != nil || !reflect.DeepEqual(got, all[8]) {
		t.Errorf("the head came back as %+v, %v", got, err)
	}
}

// A salt that an event comes with is kept: a leaf that was published stays the
// same when its event is taken into another ledger.
func TestSaltIsKept(t *testing.T) {
	w := openWriter(t, t.TempDir(), ledger.Options{})
	ev := issue(1)
	ev.Salt = "c2FsdHNhbHRzYWx0c2FsdA"
	group := []ledger.Event{ev}
	if err := w.Append(start, group); err != nil || group[0].Salt != ev.Salt {
		t.Errorf("salt is %s, %v", group[0].Salt, err)
	}
}

func TestFrozenList(t *testing.T) {
	dir := t.TempDir()
	w := openWriter(t, dir, ledger.Options{})
	for _, g := range [][]ledger.Event{
		{adopted(1, 1), frozen(1, 2, 14, 40)}, // 14 is award 2's
		{adopted(2, 1), status(1, ledger.ActionRevoke, ""), frozen(1, 3)},
		{status(2, ledger.ActionSuspend, ""), status(2, ledger.ActionReinstate, ""), frozen(1, 3, 50)},
	} {
		if err := w.Append(start, g); err != nil {
			t.Fatal(err)
		}
	}
	li := w.State().Lists()[0]
	if !li.Frozen || !slices.Equal(li.Set, []int{0, 7, 40, 50}) || !slices.Equal(li.SignedSet, []int{7, 40, 50}) || !li.Changed || li.Issued != 2 {
		t.Errorf("the list is %+v", li)
	}
	// Signed again, the partner of what is revoked is set as well; those of bits that
	// were kept are anybody's.
	again := frozen(1, 4)
	again.List.Pairs = true
	if err := w.Append(start, []ledger.Event{again}); err != nil || w.State().Lists()[0].Changed {
		t.Errorf("signed in pairs: %v, %+v", err, w.State().Lists())
	}
	if !w.State().Record(issue(2).Issue.Award).Adopted {
		t.Error("what was adopted is not told as that")
	}
	if a, b := summary(w.State()), summary(open(t, dir).State()); a != b {
		t.Errorf("state after append:\n%s\nstate after open:\n%s", a, b)
	}
}

// What a wrong clock dated in the future is known by the clock event, dates of
// decisions are put right, and a group that is refused takes that back.
func TestMisdated(t *testing.T) {
	dir := t.TempDir()
	w := openWriter(t, dir, ledger.Options{})
	late, now := start.AddDate(70, 0, 0), start.AddDate(0, 0, 1)
	revoked := key("key-2026-1", ledger.ActionRevoked)
	revoked.Key.At = late
	suspended := status(1, ledger.ActionSuspend, "")
	suspended.Status.Date = late
	for _, step := range []struct {
		now   time.Time
		group []ledger.Event
	}{{start, append(issues(1, 2), key("key-2026-1", ledger.ActionAdded))}, {late, []ledger.Event{issue(2), revoked, suspended}}} {
		if err := w.Append(step.now, step.group); err != nil {
			t.Fatal(err)
		}
	}
	before := summary(w.State())
	if err := w.Append(now, []ledger.Event{clock(now), issue(2)}); err == nil {
		t.Fatal("an award is issued twice")
	}
	if after := summary(w.State()); after != before {
		t.Errorf("after a refusal:\n%s\nbefore:\n%s", after, before)
	}
	if err := w.Append(now, []ledger.Event{clock(now)}); err != nil {
		t.Fatal(err)
	}
	for _, s := range []*ledger.State{w.State(), open(t, dir).State()} {
		one, two := s.ByCredential(credential(1)), s.ByCredential(credential(2))
		if one.Misdated || !two.Misdated || !one.StatusSince.Equal(now) || one.Status != ledger.Suspended || !s.Keys()[0].Revoked.Equal(now) {
			t.Errorf("the awards are %+v and %+v, the key %+v", one, two, s.Keys()[0])
		}
	}
}

// TestClockSetRight: after a clock event, dates start again.
func TestClockSetRight(t *testing.T) {
	dir := t.TempDir()
	w := openWriter(t, dir, ledger.Options{})
	late, now := start.AddDate(70, 0, 0), start.AddDate(0, 0, 1)
	for _, step := range []struct {
		now   time.Time
		group []ledger.Event
	}{{start, issues(1, 2)}, {late, issues(2, 3)}, {now, []ledger.Event{clock(start.Add(time.Hour)), issue(3)}}} {
		if err := w.Append(step.now, step.group); err != nil {
			t.Fatal(err)
		}
	}
	for _, group := range [][]ledger.Event{{clock(now)}, {clock(now.Add(time.Hour))}, {issue(4), clock(start)}} {
		if err := w.Append(now.Add(-time.Minute), group); err == nil {
			t.Errorf("%+v is taken", group[0])
		}
	}
	if a, b := summary(w.State()), summary(open(t, dir).State()); a != b {
		t.Errorf("state after append:\n%s\nstate after open:\n%s", a, b)
	}
}

// What breaks a rule of the log is refused, and the state stays as it was.
func TestRefusedLogEvents(t *testing.T) {
	with := func(ev ledger.Event, f func(*ledger.Event)) ledger.Event { f(&ev); return ev }
	cases := []struct {
		name  string
		event ledger.Event
		want  string
	}{
		{"head_too_small", head(7), "signed over 7 leaves, but there are 8"},
		{"head_too_large", head(9), "signed over 9 leaves, but there are 8"},
		{"head_empty", head(0), "size 0"},
		{"head_root", with(head(8), func(ev *ledger.Event) { ev.Head.Root = ev.Head.Root[1:] }), "root has 31 bytes"},
		{"head_edge", with(head(8), func(ev *ledger.Event) { ev.Head.Edge = make([]byte, 64) }), "edge has 64 bytes"},
		{"head_other_root", with(head(8), func(ev *ledger.Event) { ev.Head.Root[3] ^= 1 }), "not that of the perfect trees"},
		{"head_unsigned", with(head(8), func(ev *ledger.Event) { ev.Head.Checkpoint = "" }), "no checkpoint"},
		{"head_long", with(head(8), func(ev *ledger.Event) { ev.Head.Checkpoint = strings.Repeat("x", 5000) }), "the limit is 4096"},
		{"log_later", earlier(1), "only be a ledger's first"},
		{"log_empty", earlier(0), "entries have 0 bytes"},
		{"log_cut", ledger.Event{Log: &ledger.LogEvent{Entries: make([]byte, 41)}}, "entries have 41 bytes"},
		{"log_long", earlier(ledger.MaxLogEntries + 1), "not 1 to 65536"},
		{"merge_twice", merged("a"), "a second time"},
		{"merge_events", with(merged("b"), func(ev *ledger.Event) { ev.Merge.Events = 10 }), "cannot have been taken in"},
		{"merge_hash", merged("A"), "lower-case hex"},
		{"clock_ahead", clock(start.Add(time.Second)), "after the event that says so"},
		{"clock_for_nothing", clock(start), "no event is dated later"},
		{"clock_reason", with(clock(start.Add(-time.Hour)), func(ev *ledger.Event) { ev.Clock.Reason = "a\nb" }), "control character"},
		{"salt", with(issue(9), func(ev *ledger.Event) { ev.Salt = "short" }), "salt is not"},
		{"kept_in_living_list", with(list(3, 1), func(ev *ledger.Event) { ev.List.Kept = []int{1} }), "not frozen"},
		{"kept_out_of_order", frozen(3, 2, 5, 4), "kept[1]"},
		{"kept_twice", frozen(3, 2, 5, 5), "kept[1]"},
		{"kept_outside", frozen(3, 1, ledger.ListLength), "kept[0]"},
		{"kept_again", frozen(2, 2, 40), "known already"},
		{"kept_of_a_credential", frozen(2, 2, 7), "known already"},
		{"kept_uncounted", frozen(2, 1, 41), "1 bits set, but 2 are"},
		{"thawed", list(2, 1), "is frozen"},
		{"drawn_from_frozen", with(issue(9), func(ev *ledger.Event) { ev.Issue.List = 2 }), "the list is frozen"},
	}
	w := openWriter(t, t.TempDir(), ledger.Options{})
	if err := w.Append(start, []ledger.Event{earlier(2), merged("a"), head(4), adopted(1, 2), frozen(2, 1, 40)}); err != nil {
		t.Fatal(err)
	}
	log := func() any { return []any{w.State().Log(), w.State().Merges()} }
	was, logged := summary(w.State()), log()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			group := []ledger.Event{merged("c"), head(8), issue(12), adopted(13, 2), frozen(2, 2, 60), frozen(5, 1, 3), c.event}
			switch {
			case strings.HasPrefix(c.name, "head"):
				group = []ledger.Event{merged("c"), c.event}
			case strings.HasPrefix(c.name, "kept") || c.name == "thawed":
				group = []ledger.Event{adopted(13, 2), merged("c"), c.event}
			}
			err := w.Append(start, group)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error is %v, want one with %q", err, c.want)
			}
			if now := summary(w.State()); now != was || !reflect.DeepEqual(log(), logged) {
				t.Errorf("the state has changed to\n%s%+v", now, log())
			}
		})
	}
	if err := w.Append(start, []ledger.Event{head(7), head(7)}); err == nil || !strings.Contains(err.Error(), "nothing between") {
		t.Errorf("two heads of the same leaves: %v", err)
	}
	if err := w.Append(start, []ledger.Event{head(7)}); err != nil {
		t.Errorf("the writer does not go on: %v", err)
	}
}
