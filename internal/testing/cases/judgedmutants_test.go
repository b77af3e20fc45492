package cases

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"laurel/internal/standards/verify"
)

// leastMutants is how many mutants must be tried, and chanceOfMutant the chance, one in
// so many, of one to be tried without LAUREL_ALL_MUTANTS. With -short it is a
// tenth of that.
const (
	leastMutants   = 100_000
	chanceOfMutant = 5
)

// fewer is n, or ten times as much with -short.
func fewer(n int) int {
	if testing.Short() {
		return 10 * n
	}
	return n
}

// tally counts the mutants of one original.
type tally struct {
	made, tried, valid, false atomic.Int64 // of those made, some are no mutants after all, and others cannot be baked
}

// TestMutants tries mutants of every original: each is refused, or says the same
// with the same signature and shows nothing else. A sample of fixed seed; all of
// them if LAUREL_ALL_MUTANTS is set.
func TestMutants(t *testing.T) {
	every := os.Getenv("LAUREL_ALL_MUTANTS") != ""
	var all tally
	originals := Originals()
	if len(originals) < 20 {
		t.Errorf("%d originals, want 20", len(originals))
	}
	for _, o := range originals {
		t.Run(o.Name, func(t *testing.T) {
			var n tally
			tryMutants(t, o, every, &n)
			t.Logf("%6d bytes, %6d mutants, %6d tried, %4d valid and equal", len(o.Input), n.made.Load(), n.tried.Load(), n.valid.Load())
			all.made.Add(n.made.Load())
			all.tried.Add(n.tried.Load())
			all.valid.Add(n.valid.Load())
			all.false.Add(n.false.Load())
		})
	}
	t.Logf("%d originals, %d mutants, of which %d tried, %d valid and equal: %d false accepts",
		len(originals), all.made.Load(), all.tried.Load(), all.valid.Load(), all.false.Load())
	if all.tried.Load() < int64(leastMutants/fewer(1)) {
		t.Error("too few mutants")
	}
}

func tryMutants(t *testing.T, o Original, every bool, n *tally) {
	judge := verifierOf(t, o.Case)
	shown := show(judge.Credential(t.Context(), o.Input))
	mutants := make(chan Mutant, 64)
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for m := range mutants {
				n.tried.Add(1)
				if complaint := try(t.Context(), judge, o, shown, m, n); complaint != "" && n.false.Add(1) <= 10 {
					t.Error(complaint)
				}
			}
		})
	}
	chance := rand.New(rand.NewPCG(3, uint64(len(o.Input))))
	for m := range Mutants(o, func() bool {
		n.made.Add(1)
		return every || chance.IntN(fewer(chanceOfMutant)) == 0
	}) {
		mutants <- m
	}
	close(mutants)
	workers.Wait()
}

// TestListMutants gives a revoked credential mutants of its status list: with
// none of them is it valid.
func TestListMutants(t *testing.T) {
	c, list := Revoked()
	if r := verifierOf(t, c).Credential(t.Context(), c.Input); Deciding(r) != "revoked" {
		t.Fatalf("%s, want revoked", Deciding(r))
	}
	made, tried, codes := 0, 0, map[string]int{}
	chance := rand.New(rand.NewPCG(5, 5))
	for m := range Mutants(list, func() bool {
		made++
		return os.Getenv("LAUREL_ALL_MUTANTS") != "" || chance.IntN(fewer(chanceOfMutant)) == 0
	}) {
		tried++
		c.Documents = maps.Clone(c.Documents)
		c.Documents[list.Name] = m.Input
		r := verifierOf(t, c).Credential(t.Context(), c.Input)
		codes[Deciding(r)]++
		if r.Verdict == verify.Valid {
			t.Errorf("%s at %s of the list makes a revoked credential valid: %.400q", m.Kind, m.Where, m.Input)
		}
	}
	t.Logf("%d mutants of a list, %d tried, %v", made, tried, codes)
	if tried < 50/fewer(1) {
		t.Error("too few mutants")
	}
}

// try returns what is wrong about the verdict on a mutant.
func try(ctx context.Context, judge *verify.Verifier, o Original, shown []string, m Mutant, n *tally) string {
	r := judge.Credential(ctx, m.Input)
	if r.Verdict != verify.Valid {
		return ""
	}
	n.valid.Add(1)
	if !o.Same(m.Input) {
		return fmt.Sprintf("%s at %s is valid and not what was signed: %.400q", m.Kind, m.Where, m.Input)
	}
	for _, line := range show(r) {
		if !slices.Contains(shown, line) {
			return fmt.Sprintf("%s at %s shows %s", m.Kind, m.Where, line)
		}
	}
	return ""
}

// show is what a report shows of a credential, one line for each member that is
// not empty. The two types of a badge are one class; types and presented
// credentials have no order; what nobody signed does not count.
func show(r *verify.Report) []string {
	s := r.Summary
	var lines []string
	add := func(name, value string) {
		if value != "" {
			lines = append(lines, name+": "+value)
		}
	}
	if c, _ := r.Check(verify.Proof); c.Code != "presentation-unsigned" {
		for name, value := range map[string]string{
			"id": s.ID, "name": s.Name, "issuer": s.IssuerID, "issuer name": s.IssuerName, "subject": s.SubjectID,
			"subject name": s.SubjectName, "achievement": s.Achievement, "awarded": s.AwardedDate, "from": s.ValidFrom, "until": s.ValidUntil,
		} {
			add(name, value)
		}
		for _, name := range s.Type {
			add("type", strings.Replace(name, "AchievementCredential", "OpenBadgeCredential", 1))
		}
	}
	for _, part := range r.Parts {
		lines = append(lines, show(part)...)
	}
	slices.Sort(lines)
	return slices.Compact(lines)
}
