package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"laurel/internal/issuing/keys"
	"laurel/internal/issuing/ledger"
)

// tracing is what is done to a run of laurel: call number At to the file system
// below Site goes wrong.
type tracing struct {
	Site  string
	Fault fault
	At    int  // 0: only counts
	Reads bool // count what only reads as well
}

// fault is how a call goes wrong.
type fault string

const (
	fails     fault = "fails"      // EIO, and nothing was done
	failsDone fault = "fails done" // EIO, though it was done
	full      fault = "full"       // half of a write, then ENOSPC for good
	killed    fault = "killed"     // the process ends before the call
)

// traced is what came of it.
type traced struct {
	Calls int    // counted
	Hit   string // the call that went wrong; empty: none did
	Exit  int    // -1: killed
}

// errNoTrace: this machine lets nobody trace.
var errNoTrace = errors.New("system calls cannot be traced here (ptrace)")

// trace runs a command line and watches it.
func trace(t *testing.T, dir string, what tracing, args ...string) (traced, string) {
	t.Helper()
	what.Site = dir
	r, out, err := runTraced(laurel(context.Background(), dir, args...), what) // it is not waited for as others are
	if errors.Is(err, errNoTrace) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return r, out
}

// smallSite is a folder with a few awards and a key that opens fast.
func smallSite(t *testing.T, signed bool) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "academy")
	must(t, ".", "new", dir)
	fastKey(t, dir)
	if signed {
		must(t, dir, "sign")
		must(t, dir, "build")
	}
	return dir
}

// faulty are commands that write, each with what has to be so once it has run.
var faulty = []struct {
	name   string
	signed bool // the site is signed and built before
	before [][]string
	// other is done in a copy of the folder that was made before; OTHER is that.
	other [][]string
	// lost: the ledger is lost then, and LINKS is a table of claim links.
	lost bool
	args []string
	once bool // what is done is refused the next time
	done func(*ledger.State, string) bool
}{
	{name: "sign", args: []string{"sign"}, done: func(s *ledger.State, _ string) bool { return s.Len() == 6 }},
	{name: "build", signed: true, before: [][]string{{"revoke", revokedAward}, {"sign"}}, args: []string{"build"}, done: func(s *ledger.State, dir string) bool {
		return true // what counts is that it is audited
	}},
	{name: "revoke", signed: true, once: true, args: []string{"revoke", revokedAward, "first-evening/welcome-badge/S-1003", "--yes", "--reason", "a mistake"},
		done: func(s *ledger.State, _ string) bool {
			return s.Record(revokedAward).Status == ledger.Revoked && s.Record("first-evening/welcome-badge/S-1003").Status == ledger.Revoked
		}},
	{name: "reissue", signed: true, args: []string{"reissue", "first-evening", "--yes"}, done: func(s *ledger.State, _ string) bool {
		r := s.Record(revokedAward)
		return r.Replaces != "" && r.Status == ledger.Active
	}},
	{name: "key new", signed: true, args: []string{"key", "new"}, done: func(s *ledger.State, dir string) bool {
		list, err := keys.List(filepath.Join(dir, "keys"))
		return err == nil && len(list) >= 2 && len(s.Keys()) == len(list)
	}},
	{name: "merge", signed: true, other: [][]string{{"revoke", revokedAward}, {"sign"}}, before: [][]string{{"suspend", "first-evening/welcome-badge/S-1003"}},
		args: []string{"ledger", "merge", "OTHER"}, done: func(s *ledger.State, _ string) bool {
			return s.Record(revokedAward).Status == ledger.Revoked && s.Record("first-evening/welcome-badge/S-1003").Status == ledger.Suspended && len(s.Merges()) == 1
		}},
	{name: "adopt", signed: true, lost: true, args: []string{"ledger", "adopt", "PUBLIC", "LINKS"}, done: func(s *ledger.State, _ string) bool {
		return s.Len() == 4 && s.Record(revokedAward).Adopted
	}},
	{name: "mend clock", signed: true, once: true, before: [][]string{{"in 2096", "reissue", "first-evening", "--yes", "--date-is-right"}},
		args: []string{"ledger", "mend-clock", "--yes"}, done: func(s *ledger.State, _ string) bool {
			for r := range s.Records() {
				if r.Misdated && r.Status != ledger.Revoked {
					return false
				}
			}
			_, _, at := s.Head()
			return at.Year() < 2096
		}},
	{name: "key revoke", signed: true, before: [][]string{{"key", "new", "key-other"}}, args: []string{"key", "revoke", "key-2026-1", "--reissue", "--yes"},
		done: func(s *ledger.State, _ string) bool {
			for r := range s.Records() {
				if r.ReplacedBy == "" && (r.Replaces == "" || r.Status != ledger.Active) {
					return false
				}
			}
			return !s.Keys()[0].Revoked.IsZero()
		}},
}

const revokedAward = "first-evening/welcome-badge/welcome-01"

// TestFaults lets calls to the file system go wrong in every command that writes,
// one at a time: it fails, it fails though it was done, the disk is full from the
// middle of a write on, or the process is killed there. Afterwards the ledger is
// whole, nothing that was there is lost or there twice, and the same command gets
// to its end. LAUREL_FAULTS=all tries every call; otherwise some of those of each
// command that make many.
func TestFaults(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("faults at many calls take minutes")
	}
	limit := 24
	if os.Getenv("LAUREL_FAULTS") == "all" {
		limit = 1 << 20
	}
	for _, c := range faulty {
		t.Run(strings.ReplaceAll(c.name, " ", "-"), func(t *testing.T) {
			t.Parallel()
			limit := limit
			if c.name == "key new" && limit < 1<<20 {
				limit = min(limit, 8) // it takes its time to encrypt the key
			}
			base := smallSite(t, c.signed)
			args := slices.Clone(c.args)
			replace := func(name, with string) {
				if i := slices.Index(args, name); i >= 0 {
					args[i] = with
				}
			}
			if c.other != nil {
				other := copyFolder(t, base)
				replace("OTHER", other)
				for _, step := range c.other {
					must(t, other, step...)
				}
			}
			for _, before := range c.before {
				if before[0] == "in 2096" {
					step := laurel(t.Context(), base, before[1:]...)
					step.Env = append(step.Env, "SOURCE_DATE_EPOCH=4000000000")
					if out, err := step.CombinedOutput(); err != nil {
						t.Fatalf("%v: %v\n%s", before, err, out)
					}
					continue
				}
				must(t, base, before...)
			}
			if c.lost {
				links := filepath.Join(t.TempDir(), "links.csv")
				replace("LINKS", links)
				replace("PUBLIC", filepath.Join(base, "public"))
				must(t, base, "claim-links", "--out", links)
				for _, gone := range []string{"content/ledger", ".laurel/head.json"} {
					if err := os.RemoveAll(filepath.Join(base, gone)); err != nil {
						t.Fatal(err)
					}
				}
			}
			count, out := trace(t, copyFolder(t, base), tracing{}, args...)
			if count.Exit != 0 || count.Calls < 8 {
				t.Fatalf("without a fault: exit %d after %d calls\n%s", count.Exit, count.Calls, out)
			}
			reads, _ := trace(t, copyFolder(t, base), tracing{Reads: true}, args...)
			tried := 0
			try := func(f fault, n, limit int, reads bool) {
				step := max(1, (n+limit-1)/limit)
				for at := 1 + tried%step; at <= n; at += step {
					tried++
					dir := copyFolder(t, base)
					got, out := trace(t, dir, tracing{Fault: f, At: at, Reads: reads}, args...)
					when := fmt.Sprintf("%s, call %d of %d (%s)", f, at, n, got.Hit)
					if strings.Contains(out, "panic") || strings.Contains(out, "goroutine ") {
						t.Fatalf("%s: %s", when, out)
					}
					kept(t, base, dir, when)
					// The same again. What was done and only not told cannot be done twice.
					code, _, errs := run(t, dir, args...)
					if s := stateOf(t, dir); !c.done(s, dir) || code != 0 && !c.once {
						t.Fatalf("%s: the next run: exit %d, %s\nthe first: %s", when, code, errs, out)
					}
					kept(t, base, dir, when)
					if tried%8 != 1 && c.name != "build" {
						continue
					}
					must(t, dir, "sign")
					must(t, dir, "build")
					must(t, dir, "audit")
					must(t, dir, "ledger", "check")
					if s := must(t, dir, "plan"); !strings.Contains(s, "nothing to sign") {
						t.Fatalf("%s: still to do: %s", when, s)
					}
				}
			}
			if c.name == "build" && limit > 12 && limit < 1<<20 {
				limit = 12 // after each, the whole site is built and audited
			}
			for _, f := range []fault{fails, failsDone, full, killed} {
				try(f, count.Calls, limit, false)
			}
			try(fails, reads.Calls, max(1, limit/3), true)
			t.Logf("%d faults; %d calls write, %d in all", tried, count.Calls, reads.Calls)
		})
	}
}

// kept checks a ledger after a fault: nothing that was there is lost, no award has
// two credentials in force, no index two owners, what was revoked is.
func kept(t *testing.T, base, dir, when string) {
	t.Helper()
	before, now := stateOf(t, base), stateOf(t, dir)
	for r := range before.Records() {
		still := now.ByCredential(r.Credential)
		if still == nil || r.Status == ledger.Revoked && still.Status != ledger.Revoked {
			t.Fatalf("%s: credential %s is lost, or valid again: %+v", when, r.Credential, still)
		}
	}
	inForce, taken := map[string]bool{}, map[[2]int]bool{}
	for r := range now.Records() {
		if r.Status != ledger.Revoked && inForce[r.Award] || taken[[2]int{r.List, r.Index}] {
			t.Fatalf("%s: award %s or index %d is there twice", when, r.Award, r.Index)
		}
		inForce[r.Award] = inForce[r.Award] || r.Status != ledger.Revoked
		taken[[2]int{r.List, r.Index}] = true
	}
}

// copyFolder copies a site folder, with the times that a build remembers.
func copyFolder(t *testing.T, from string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "academy")
	if out, err := exec.Command("cp", "-a", from, to).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return to
}
