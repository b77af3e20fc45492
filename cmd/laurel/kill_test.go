package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"laurel/internal/issuing/capsule"
	"laurel/internal/issuing/ledger"
)

// TestKill kills commands that write at random moments: sign most often, revoke,
// build and key new. The ledger must stay whole: no award issued twice, no index
// used twice, none lost that was there before, none valid again that was revoked,
// and the next run goes on to the end, where every award with a link is sealed and
// the site is what its audit wants. LAUREL_KILLS sets how often; fifty are of one
// site, since what there is to sign and to check grows with every run.
func TestKill(t *testing.T) {
	t.Parallel()
	want := 300
	if testing.Short() {
		want = 10
	}
	if s := os.Getenv("LAUREL_KILLS"); s != "" {
		var err error
		if want, err = strconv.Atoi(s); err != nil {
			t.Fatal(err)
		}
	}
	const each = 50
	for left := want; left > 0; left -= each {
		t.Run(strconv.Itoa(left), func(t *testing.T) {
			t.Parallel()
			killOften(t, min(left, each))
		})
	}
}

// killOften kills that many runs in a site of their own.
func killOften(t *testing.T, want int) {
	dir := smallSite(t, false) // its key opens fast, so that most kills fall into the work itself
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))

	kills, completed, before := 0, 0, map[string]string{}
	of := map[string]int{}
	// spans are how long the commands take, about: less where one ended before it was
	// killed, and more where it did not.
	spans := map[string]time.Duration{}
	revoked := map[string]bool{}
	for round := 0; kills < want; round++ {
		if round > want*6 {
			t.Fatalf("only %d of %d runs could be killed", kills, round)
		}
		if round == 0 || completed > 0 {
			addCohort(t, dir, round, 24)
			completed = 0
		}
		args, where := []string{"sign"}, dir
		if round%4 == 3 {
			args = others(round, before, revoked)
		}
		if spans[args[0]] == 0 {
			if round > 0 {
				where = copyFolder(t, dir)
			}
			start := time.Now()
			if out, err := laurel(t.Context(), where, args...).CombinedOutput(); err != nil {
				t.Fatalf("%v: %v\n%s", args, err, out)
			}
			spans[args[0]] = time.Since(start)
		}
		if round == 0 {
			addCohort(t, dir, 1_000, 24)
		}
		c := laurel(t.Context(), dir, args...)
		var out strings.Builder
		c.Stdout, c.Stderr = &out, &out
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		wait := time.Duration(random.Int64N(int64(spans[args[0]])))
		time.Sleep(wait)
		ended := c.Process.Kill() != nil
		if err := c.Wait(); err == nil {
			ended = true
		} else if c.ProcessState.ExitCode() >= 0 {
			t.Fatalf("%v failed by itself: %v\n%s", args, err, out.String())
		} else {
			kills++
			of[args[0]]++
		}
		if ended {
			spans[args[0]] = max(wait, time.Millisecond)
		} else {
			spans[args[0]] += spans[args[0]] / 20
		}
		if ended && args[0] == "sign" {
			completed++
		}
		before = checkLedger(t, dir, before)
		for r := range stateOf(t, dir).Records() {
			if revoked[r.Award] && r.Status != ledger.Revoked {
				t.Fatalf("award %s is valid again", r.Award)
			}
			if r.Status == ledger.Revoked {
				revoked[r.Award] = true
			}
		}
	}

	must(t, dir, "sign")
	after := checkLedger(t, dir, before)
	if plan := must(t, dir, "plan"); !strings.Contains(plan, "nothing to sign") {
		t.Errorf("after the last run there is still something to sign:\n%s", plan)
	}
	must(t, dir, "build")
	must(t, dir, "audit")
	t.Logf("%d kills (%v), %d awards, %d revoked, %d sealed", kills, of, len(after), len(revoked), checkSealing(t, dir))
}

// others is a command that is not sign: of twelve, six build, five revoke an award,
// and one, which takes its time, makes a key.
func others(round int, awards map[string]string, revoked map[string]bool) []string {
	switch n := round / 4 % 12; {
	case n == 11:
		return []string{"key", "new"}
	case n%2 == 0:
		return []string{"build"}
	}
	for award := range awards {
		if !revoked[award] {
			return []string{"revoke", award, "--reason", "a mistake"}
		}
	}
	return []string{"build"}
}

// checkSealing opens every capsule: each award with a link has one, and it holds
// what was signed. It returns how many awards have.
func checkSealing(t *testing.T, dir string) int {
	t.Helper()
	l, err := ledger.Open(filepath.Join(dir, "content/ledger"), ledger.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	n := 0
	for r := range l.State().Records() {
		if (r.Capsules != nil) != (r.Visibility == "link") && r.Status == ledger.Active {
			t.Fatalf("award %s is %s and has %d capsules", r.Award, r.Visibility, len(r.Capsules))
		}
		if r.Capsules == nil {
			continue
		}
		n++
		ev, err := l.Event(r.CapsulePos)
		if err != nil {
			t.Fatal(err)
		}
		signed, err := l.Documents(r)
		if err != nil {
			t.Fatal(err)
		}
		opened, err := capsule.Unpack(strings.Trim(string(ev.Capsule.Packed[0]), `"`))
		if err != nil || len(opened.Credentials) != len(signed) {
			t.Fatalf("the capsule of award %s: %v", r.Award, err)
		}
		for i, c := range opened.Credentials {
			if string(c.Documents[0].Document) != string(signed[i].Document) {
				t.Fatalf("the capsule of award %s holds another credential than the one signed", r.Award)
			}
		}
	}
	return n
}

// addCohort adds an award list of n awards.
func addCohort(t *testing.T, dir string, number, n int) {
	t.Helper()
	var b strings.Builder
	fmt.Fprintf(&b, "name: Cohort %d\nachievement: welcome-badge\nawardedDate: 2026-06-30\n", number)
	if number%2 == 1 {
		b.WriteString("variants: [achievement-only]\n")
	}
	b.WriteString("recipients:\n")
	for i := range n {
		fmt.Fprintf(&b, "  - {key: k%d, name: Learner %d Exampleton}\n", i, i)
	}
	file := filepath.Join(dir, "content/awards", fmt.Sprintf("kill-%04d.yaml", number))
	if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

// checkLedger opens the ledger, which checks the chain, and returns the
// credential of every award. What was there before must still be there.
func checkLedger(t *testing.T, dir string, before map[string]string) map[string]string {
	t.Helper()
	l, err := ledger.Open(filepath.Join(dir, "content/ledger"), ledger.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	now := map[string]string{}
	type place struct{ list, index int }
	taken := map[place]bool{}
	for r := range l.State().Records() {
		if now[r.Award] != "" {
			t.Fatalf("award %s was issued twice", r.Award)
		}
		if taken[place{r.List, r.Index}] {
			t.Fatalf("index %d of list %d is used twice", r.Index, r.List)
		}
		now[r.Award] = r.Credential
		taken[place{r.List, r.Index}] = true
		for _, v := range r.Variants {
			if taken[place{v.List, v.Index}] {
				t.Fatalf("index %d of list %d is used twice", v.Index, v.List)
			}
			taken[place{v.List, v.Index}] = true
		}
		docs, err := l.Documents(r)
		if err != nil || len(docs) == 0 {
			t.Fatalf("award %s has no document: %v", r.Award, err)
		}
	}
	for award, credential := range before {
		if now[award] != credential {
			t.Fatalf("award %s had credential %s, and now %q", award, credential, now[award])
		}
	}
	return now
}
