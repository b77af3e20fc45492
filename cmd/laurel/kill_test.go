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

// TestKillSign kills sign at random moments. The ledger must stay whole: no
// award issued twice, no index used twice, none lost that was there before,
// and the next run goes on to the end, where every award with a link is sealed.
// LAUREL_KILLS sets how often.
func TestKillSign(t *testing.T) {
	slow(t, "kills processes")
	t.Parallel()
	want := 50
	if s := os.Getenv("LAUREL_KILLS"); s != "" {
		var err error
		if want, err = strconv.Atoi(s); err != nil {
			t.Fatal(err)
		}
	}
	dir := copySample(t)
	// A key that opens fast, so that most kills fall into the signing.
	fastKey(t, dir)
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))

	kills, completed, before := 0, 0, map[string]string{}
	var span time.Duration
	for round := 0; kills < want; round++ {
		if round > want*6 {
			t.Fatalf("only %d of %d runs could be killed", kills, round)
		}
		if span == 0 || completed > 0 {
			addCohort(t, dir, round, 150)
			completed = 0
		}
		if span == 0 {
			start := time.Now()
			if out, err := laurel(t.Context(), dir, "sign").CombinedOutput(); err != nil {
				t.Fatalf("sign: %v\n%s", err, out)
			}
			span = time.Since(start)
			addCohort(t, dir, 1_000, 150)
		}
		c := laurel(t.Context(), dir, "sign")
		var out strings.Builder
		c.Stdout, c.Stderr = &out, &out
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(random.Int64N(int64(span))))
		if err := c.Process.Kill(); err != nil {
			completed++ // it had ended
		}
		if err := c.Wait(); err == nil {
			completed++
		} else if c.ProcessState.ExitCode() >= 0 {
			t.Fatalf("sign failed by itself: %v\n%s", err, out.String())
		} else {
			kills++
		}
		before = checkLedger(t, dir, before)
	}

	must(t, dir, "sign")
	after := checkLedger(t, dir, before)
	if plan := must(t, dir, "plan"); !strings.Contains(plan, "nothing to sign") {
		t.Errorf("after the last run there is still something to sign:\n%s", plan)
	}
	t.Logf("%d kills, %d awards, %d sealed", kills, len(after), checkSealing(t, dir))
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
		if (r.Capsules != nil) != (r.Visibility == "link") {
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
	fmt.Fprintf(&b, "name: Cohort %d\nachievement: public-speaking\nawardedDate: 2026-06-30\n", number)
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
