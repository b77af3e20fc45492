package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"laurel/internal/issuing/ledger"
)

// P21: eight commands at once, again and again, come to what they come to one after
// the other. One that another keeps from the ledger says so, and is given again.
func TestConcurrentCommands(t *testing.T) {
	t.Parallel()
	rounds := 50
	if testing.Short() {
		rounds = 1
	}
	dir := smallSite(t, false)
	var list strings.Builder
	list.WriteString("name: Many\nachievement: welcome-badge\nawardedDate: 2026-09-08\nrecipients:\n")
	for i := range rounds * 4 {
		fmt.Fprintf(&list, "  - {key: k%d, name: Learner %d Exampleton, visibility: link}\n", i, i)
	}
	if err := os.WriteFile(filepath.Join(dir, "content/awards/many.yaml"), []byte(list.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	must(t, dir, "sign")
	must(t, dir, "build")
	serial := copyFolder(t, dir)
	award := func(round, n int) string { return fmt.Sprintf("many/welcome-badge/k%d", round*4+n) }
	again := 0
	var mu sync.Mutex
	for round := range rounds {
		commands := [][]string{
			{"revoke", award(round, 0), "--reason", "a mistake"}, {"suspend", award(round, 1)}, {"withdraw", award(round, 2)},
			{"suspend", award(round, 3)}, {"sign"}, {"build"}, {"plan"}, {"claim-links", "many"},
		}
		if round > 0 {
			commands[6] = []string{"reinstate", award(round-1, 3)}
		}
		var all sync.WaitGroup
		for _, args := range commands {
			all.Go(func() {
				for {
					out, err := laurel(t.Context(), dir, args...).CombinedOutput()
					busy := strings.Contains(string(out), "is writing to it") || strings.Contains(string(out), "another laurel is building")
					if err == nil || !busy || t.Context().Err() != nil {
						if err != nil {
							t.Errorf("%v: %v\n%s", args, err, out)
						}
						return
					}
					mu.Lock()
					again++
					mu.Unlock()
					time.Sleep(40 * time.Millisecond)
				}
			})
		}
		all.Wait()
		for _, args := range commands[:5] {
			must(t, serial, args...)
		}
		if round > 0 {
			must(t, serial, commands[6]...)
		}
		if t.Failed() {
			t.FailNow()
		}
	}
	for _, d := range []string{dir, serial} {
		must(t, d, "sign")
		must(t, d, "build")
		must(t, d, "audit")
	}
	a, b := statuses(stateOf(t, dir)), statuses(stateOf(t, serial))
	if a != b {
		t.Errorf("at once:\n%s\none after the other:\n%s", a, b)
	}
	t.Logf("%d rounds of 8 commands, %d given again", rounds, again)
}

// statuses is what a ledger says of each award, by credential.
func statuses(s *ledger.State) string {
	var b strings.Builder
	for r := range s.Records() {
		fmt.Fprintf(&b, "%s %s %s %s %d %d %t\n", r.Award, r.Credential, r.Status, r.StatusReason, r.List, r.Index, r.Withdrawn.IsZero())
	}
	for _, l := range s.Lists() {
		fmt.Fprintln(&b, l.List, l.Issued, l.Set, l.SignedSet)
	}
	return b.String()
}
