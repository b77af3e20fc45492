package ledger_test

import (
	"slices"
	"testing"

	"laurel/internal/issuing/ledger"
)

// A list of which indexes were given out singly: where the partner is another's, each
// stays with its one bit; where it is nobody's, it is set from the next signing on.
func TestListOfSingleIndexes(t *testing.T) {
	dir := t.TempDir()
	one, mate, alone := at(1, "a/b/one", 5), at(2, "a/b/mate", ledger.Partner(5)), at(3, "a/b/alone", 20)
	write(t, dir, ledger.Options{}, []ledger.Event{one, mate, alone, decide(one, ledger.ActionRevoke), decide(alone, ledger.ActionSuspend), list(1, 2)})
	s := open(t, dir).State()
	if l := s.Lists()[0]; !slices.Equal(l.Set, []int{5, 19, 20}) || !slices.Equal(l.SignedSet, []int{5, 20}) || !l.Changed {
		t.Errorf("the list is %+v", l)
	}
	if s.BitSet(s.Record("a/b/mate")) || len(s.Shared()) != 0 || len(s.Bits(s.Record("a/b/one"))) != 1 || len(s.Bits(s.Record("a/b/alone"))) != 2 {
		t.Error("who has both of a pair's indexes is told apart by one bit each")
	}
	paired := list(1, 3)
	paired.List.Pairs = true
	write(t, dir, ledger.Options{}, []ledger.Event{paired})
	if l := open(t, dir).State().Lists()[0]; l.Changed {
		t.Errorf("signed again, it is %+v", l)
	}
	w := openWriter(t, dir, ledger.Options{})
	if err := w.Append(start, []ledger.Event{list(1, 3)}); err == nil {
		t.Error("a list without partners counts them")
	}
}

// Two copies gave one credential an index, another one its partner: both bits are set
// as soon as one of them is not active, whatever came first, and taking that back leaves
// nothing behind.
func TestMergeSharesAPair(t *testing.T) {
	for name, c := range map[string]struct{ ours, theirs []string }{
		"neither is revoked": {nil, nil},
		"ours is revoked":    {[]string{ledger.ActionRevoke}, nil},
		"theirs is revoked":  {nil, []string{ledger.ActionRevoke}},
		"theirs came back":   {nil, []string{ledger.ActionSuspend, ledger.ActionReinstate}},
	} {
		t.Run(name, func(t *testing.T) {
			one, two := at(101, "a/b/one", 5), at(102, "a/b/two", ledger.Partner(5))
			ours, theirs := []ledger.Event{one}, []ledger.Event{two}
			for _, action := range c.ours {
				ours = append(ours, decide(one, action))
			}
			for _, action := range c.theirs {
				theirs = append(theirs, decide(two, action))
			}
			a, b := fork(t, []ledger.Event{key("key-2026-1", ledger.ActionAdded)}, ours, theirs)
			if _, err := mergeInto(t, a, b); err != nil {
				t.Fatal(err)
			}
			s := open(t, a).State()
			var want []int
			chosen := "a/b/two"
			if len(c.ours)+len(c.theirs) == 1 {
				want = []int{2, 5}
			}
			if len(c.theirs) == 1 {
				chosen = "a/b/one"
			}
			if l := s.Lists()[0]; !slices.Equal(l.Set, want) || l.Issued != 2 {
				t.Errorf("the list is %+v", l)
			}
			if list := s.Shared(); len(list) != 1 || list[0].Award != chosen || s.BitSet(list[0]) != (want != nil) {
				t.Errorf("to be issued anew: %v", list)
			}
		})
	}
}
