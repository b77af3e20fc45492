package rdfc_test

import (
	"errors"
	"fmt"
	"testing"

	"laurel/internal/standards/rdfc"
	"laurel/internal/testing/work"
)

// edges builds a graph of blank nodes with one predicate.
func edges(pairs [][2]int) []rdfc.Quad {
	quads := make([]rdfc.Quad, len(pairs))
	for i, p := range pairs {
		quads[i] = rdfc.Quad{
			Subject:   rdfc.Term{Kind: rdfc.Blank, Value: fmt.Sprintf("e%d", p[0])},
			Predicate: rdfc.Term{Kind: rdfc.IRI, Value: "https://example.org/p"},
			Object:    rdfc.Term{Kind: rdfc.Blank, Value: fmt.Sprintf("e%d", p[1])},
		}
	}
	return quads
}

// clique joins every node to every other, both ways, as W3C test074 does.
func clique(n int) (pairs [][2]int) {
	for i := range n {
		for j := range n {
			if i != j {
				pairs = append(pairs, [2]int{i, j})
			}
		}
	}
	return pairs
}

func bipartite(n int) (pairs [][2]int) {
	for i := range n {
		for j := range n {
			pairs = append(pairs, [2]int{i, n + j})
		}
	}
	return pairs
}

func cycle(n int) (pairs [][2]int) {
	for i := range n {
		pairs = append(pairs, [2]int{i, (i + 1) % n})
	}
	return pairs
}

func hypercube(bits int) (pairs [][2]int) {
	for i := range 1 << bits {
		for b := range bits {
			pairs = append(pairs, [2]int{i, i ^ 1<<b})
		}
	}
	return pairs
}

func star(n int) (pairs [][2]int) {
	for i := range n {
		pairs = append(pairs, [2]int{0, i + 1})
	}
	return pairs
}

func copies(n int, pairs [][2]int, size int) (all [][2]int) {
	for i := range n {
		for _, p := range pairs {
			all = append(all, [2]int{p[0] + i*size, p[1] + i*size})
		}
	}
	return all
}

// TestPoison: hostile graphs fail with ErrBudget, and neither failing nor
// passing takes more work than a budget buys (P6).
func TestPoison(t *testing.T) {
	tests := []struct {
		name  string
		pairs [][2]int
		fails bool
	}{
		{"clique-8", clique(8), true},
		{"clique-9", clique(9), true},
		{"clique-10", clique(10), true},
		{"clique-11", clique(11), true},
		{"clique-12", clique(12), true},
		{"clique-50", clique(50), true},
		{"clique-100", clique(100), true},
		{"bipartite-6", bipartite(6), true},
		{"bipartite-10", bipartite(10), true},
		{"hypercube-5", hypercube(5), true},
		{"star-12", star(12), false},
		{"star-5000", star(5000), true},
		{"cycle-3000", cycle(3000), true},
		{"cliques-4", copies(20, clique(4), 4), false},
		{"pairs-10000", copies(10000, clique(2), 2), true},
		{"pairs-100", copies(100, clique(2), 2), false},
		{"cycle-30", cycle(30), false},
		{"star-5", star(5), false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var err error
			quads := edges(test.pairs)
			made, _ := work.Of(func() { _, err = rdfc.Canonicalize(quads, rdfc.Options{}) })
			t.Logf("%d quads, %d allocations: %v", len(test.pairs), made, err)
			if test.fails != errors.Is(err, rdfc.ErrBudget) || !test.fails && err != nil {
				t.Errorf("got %v", err)
			}
			if made > 4*rdfc.DefaultBudget {
				t.Error("too many")
			}
		})
	}
}

// TestBudgetIsShared: calls that share a budget share its limit.
func TestBudgetIsShared(t *testing.T) {
	b := rdfc.NewBudget(1000)
	o := rdfc.Options{Budget: b}
	quads := edges(cycle(8))
	var err error
	calls := 0
	for ; err == nil && calls < 1000; calls++ {
		_, err = rdfc.Canonicalize(quads, o)
	}
	if !errors.Is(err, rdfc.ErrBudget) || calls < 2 || b.Left() != 0 {
		t.Errorf("after %d calls: %v, %d units left", calls, err, b.Left())
	}
}
