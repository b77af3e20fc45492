package sign

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/plan"
)

// TestSampleSizes: at least three awards of every achievement, or all where
// there are fewer, and at least one in a hundred of all.
func TestSampleSizes(t *testing.T) {
	for _, sizes := range [][]int{{0}, {1}, {2, 3}, {4}, {99}, {100}, {301}, {1000}, {1000, 1, 2}, {10_000}, {50, 50, 50, 50, 50, 50}} {
		t.Run(fmt.Sprint(sizes), func(t *testing.T) {
			var issues []*plan.Issue
			for i, n := range sizes {
				a := &model.Achievement{Slug: fmt.Sprint("a", i)}
				for range n {
					issues = append(issues, &plan.Issue{Award: &model.Award{Achievement: a}})
				}
			}
			other := false
			var first []bool
			for seed := range uint64(20) {
				chosen := chooseSample(issues, rand.New(rand.NewPCG(seed, 0)))
				of, total := map[string]int{}, 0
				for i, yes := range chosen {
					if yes {
						of[issues[i].Award.Achievement.Slug]++
						total++
					}
				}
				for i, n := range sizes {
					if got := of[fmt.Sprint("a", i)]; got < min(n, 3) {
						t.Errorf("%d of %d awards of an achievement are in the sample", got, n)
					}
				}
				if total*100 < len(issues) {
					t.Errorf("%d of %d awards are in the sample", total, len(issues))
				}
				if most := max(3*len(sizes), len(issues)/100+1); total > most {
					t.Errorf("%d of %d awards are in the sample, more than %d", total, len(issues), most)
				}
				if first == nil {
					first = chosen
				}
				for i := range chosen {
					other = other || chosen[i] != first[i]
				}
			}
			if len(issues) > 3*len(sizes) && !other {
				t.Error("every seed chooses the same sample")
			}
		})
	}
}
