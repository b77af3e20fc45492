package plan_test

import (
	"slices"
	"testing"

	"laurel/internal/issuing/ledger"
)

// Two copies of a ledger issued awards under one status index: one is issued anew,
// and neither is revoked by that; what revokes one later has the other issued anew.
func TestSharedIndex(t *testing.T) {
	for name, index := range map[string]int{"the same": 5, "its partner": ledger.Partner(5)} {
		t.Run(name, func(t *testing.T) { sharedIndex(t, 5, index) })
	}
}

func sharedIndex(t *testing.T, indexes ...int) {
	a, b := newBook(t), newBook(t)
	for i, one := range []*book{a, b} {
		p := one.plan(t, academy([]string{"ana", "ben"}[i]))
		p.Issue[0].Index = indexes[i]
		one.carryOut(t, p)
	}
	m, err := a.Merge(t.Context(), b.Ledger)
	if err != nil || len(m.Shared) != 1 {
		t.Fatalf("%+v, %v", m, err)
	}
	both := academy("ana", "ben")
	p := a.plan(t, both)
	if len(p.Issue) != 1 || p.Issue[0].Award.Key.Recipient != "ben" || !p.Issue[0].Shared || p.Issue[0].Revoke != nil || p.Issue[0].Replaces == "" {
		t.Fatalf("planned %+v", p.Issue)
	}
	if len(p.Lists) != 1 || len(p.Lists[0].Set) != 0 || p.Lists[0].Reason != "two copies of the ledger signed it" {
		t.Fatalf("planned %+v", p.Lists)
	}
	a.carryOut(t, p)
	if p := a.plan(t, both); !p.Empty() {
		t.Fatalf("planned %+v %+v", p.Issue, p.Lists)
	}
	a.decide(t, "spring/knots/ben", ledger.ActionRevoke)
	p = a.plan(t, both)
	if len(p.Issue) != 1 || p.Issue[0].Award.Key.Recipient != "ana" || p.Issue[0].Revoke == nil || len(p.Lists[0].Set) != 4 {
		t.Fatalf("planned %+v", p.Issue)
	}
	a.carryOut(t, p)
	if p := a.plan(t, both); !p.Empty() || a.State().Record("spring/knots/ana").Status != ledger.Active {
		t.Fatalf("planned %+v %+v", p.Issue, p.Lists)
	}
}

// Two copies issued the same award: the second credential is revoked, the first
// stays, and nothing is issued.
func TestIssuedTwice(t *testing.T) {
	a, b := newBook(t), newBook(t)
	for i, one := range []*book{a, b} {
		p := one.plan(t, academy("ana"))
		p.Issue[0].Index = i
		one.carryOut(t, p)
	}
	first := a.State().Record("spring/knots/ana").Credential
	if _, err := a.Merge(t.Context(), b.Ledger); err != nil {
		t.Fatal(err)
	}
	p := a.plan(t, academy("ana"))
	if len(p.Issue) != 0 || len(p.Twice) != 1 || p.Twice[0].Credential == first || !slices.Equal(p.Lists[0].Set, []int{1, 6}) {
		t.Fatalf("planned %+v, to revoke %+v, %+v", p.Issue, p.Twice, p.Lists)
	}
	if q := a.plan(t, academy("ana")); q.Digest() != p.Digest() {
		t.Error("the digest changes")
	}
}
