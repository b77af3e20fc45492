package main

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"laurel/internal/issuing/ledger"
)

// gitIn runs git in a folder and returns what it said, and whether it went well.
func gitIn(t *testing.T, dir string, args ...string) (string, error) {
	t.Helper()
	c := exec.CommandContext(t.Context(), "git", append([]string{"-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false"}, args...)...)
	c.Dir = dir
	c.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null", "GIT_EDITOR=true")
	out, err := c.CombinedOutput()
	return string(out), err
}

func mustGit(t *testing.T, dir string, args ...string) string {
	t.Helper()
	out, err := gitIn(t, dir, args...)
	if err != nil {
		t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return out
}

// committed is a signed school in a repository of git, which never tidies up.
var committed = &shared{make: func(t *testing.T, dir string) {
	school(t, dir)
	attributes, err := os.ReadFile("../../internal/cli/skeleton/gitattributes")
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(dir, ".gitattributes"), string(attributes))
	writeFile(t, filepath.Join(dir, ".gitignore"), "/keys/\n/public/\n.laurel/\n/content/ledger/.lock\n")
	must(t, dir, "sign")
	mustGit(t, dir, "init", "-q", "-b", "main", "--template=")
	configure(t, dir, "[gc]\n\tauto = 0\n[maintenance]\n\tauto = false\n")
	commit(t, dir, "first")
	mustGit(t, dir, "repack", "-adq") // few files to copy
}}

// configure adds to a repository's configuration.
func configure(t *testing.T, dir, text string) {
	t.Helper()
	name := filepath.Join(dir, ".git/config")
	before, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, name, string(before)+text)
}

// withDriver sets the merge driver up, as "laurel ledger status" tells.
func withDriver(t *testing.T, dir string) {
	t.Helper()
	configure(t, dir, "[merge \"laurel-ledger\"]\n\tdriver = "+asLaurel+"=1 '"+os.Args[0]+"' ledger merge %O %A %B\n")
}

// clones are n clones of a signed school, the first one the origin of the others;
// driver: with the merge driver, as "laurel ledger status" tells. Cohorts named c0,
// c1, … have an award list each, so that contents never conflict.
func clones(t *testing.T, n int, driver bool) []string {
	t.Helper()
	var dirs []string
	for range n {
		dir := committed.copy(t)
		if driver {
			withDriver(t, dir)
		}
		if len(dirs) > 0 {
			configure(t, dir, "[remote \"origin\"]\n\turl = "+dirs[0]+"\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n")
		}
		dirs = append(dirs, dir)
	}
	return dirs
}

// award writes a cohort of one award, signs it and commits.
func award(t *testing.T, dir, cohort string) {
	t.Helper()
	writeFile(t, filepath.Join(dir, "content/awards", cohort+".yaml"), "name: "+cohort+"\nachievement: welding\nawardedDate: 2026-03-02\nvisibility: public\nrecipients:\n  - name: Somebody of "+cohort+"\n    key: one\n")
	must(t, dir, "sign")
	commit(t, dir, cohort)
}

func commit(t *testing.T, dir, subject string) {
	t.Helper()
	mustGit(t, dir, "add", "-A")
	mustGit(t, dir, "commit", "--allow-empty", "-qm", subject)
}

// stateOf is what a folder's ledger adds up to.
func stateOf(t *testing.T, dir string) *ledger.State {
	t.Helper()
	l, err := ledger.Open(filepath.Join(dir, "content/ledger"), ledger.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.State()
}

// whole checks that a merged ledger is good, has these awards, and that they can be
// revoked, signed and built.
func whole(t *testing.T, dir string, awards ...string) {
	t.Helper()
	if out := must(t, dir, "ledger", "check"); !strings.Contains(out, "no problems") {
		t.Errorf("check: %s", out)
	}
	s := stateOf(t, dir)
	for _, a := range awards {
		if s.Record(a) == nil {
			t.Errorf("%s is not in the ledger", a)
		}
	}
	must(t, dir, "sign")
	must(t, dir, "build")
	if out := must(t, dir, "audit"); !strings.Contains(out, "no problems") {
		t.Errorf("audit: %s", out)
	}
	if out := must(t, dir, "plan"); !strings.Contains(out, "nothing to sign") {
		t.Errorf("plan: %s", out)
	}
}

// TestTwoClonesMerge has two people sign and revoke in two clones, and git merge
// them with the driver: by merge, pull of several commits, rebase and cherry-pick.
func TestTwoClonesMerge(t *testing.T) {
	t.Parallel()
	for _, way := range []string{"merge", "pull", "rebase", "cherry-pick"} {
		t.Run(way, func(t *testing.T) {
			dirs := clones(t, 2, true)
			a, b := dirs[0], dirs[1]
			award(t, a, "left")
			must(t, a, "revoke", "spring/welding/ana")
			must(t, a, "sign")
			commit(t, a, "revoked Ana")
			award(t, b, "right")
			award(t, b, "more")
			must(t, b, "suspend", "spring/welding/ben")
			must(t, b, "sign")
			commit(t, b, "suspended Ben")
			mustGit(t, b, "fetch", "-q", "origin")
			switch way {
			case "merge":
				mustGit(t, b, "merge", "-q", "origin/main")
			case "pull":
				mustGit(t, b, "pull", "-q", "--no-rebase", "origin", "main")
			case "rebase":
				mustGit(t, b, "rebase", "-q", "origin/main")
			case "cherry-pick":
				mustGit(t, b, "cherry-pick", "HEAD..origin/main")
			}
			if code, out, errs := run(t, b, "build"); code != 1 || !strings.Contains(errs, "two copies of the ledger") {
				t.Errorf("lists of both are not signed yet, and build says %d: %s%s", code, out, errs)
			}
			whole(t, b, "left/welding/one", "right/welding/one", "more/welding/one")
			s := stateOf(t, b)
			for award, want := range map[string]ledger.Status{"spring/welding/ana": ledger.Revoked, "spring/welding/ben": ledger.Suspended, "spring/welding/cem": ledger.Active} {
				if got := s.Record(award).Status; got != want {
					t.Errorf("%s is %s, want %s", award, got, want)
				}
			}
			for _, award := range []string{"left/welding/one", "right/welding/one", "more/welding/one"} {
				must(t, b, "revoke", award)
			}
			must(t, b, "sign")
			must(t, b, "build")
			if out := must(t, b, "audit"); !strings.Contains(out, "5 revoked") {
				t.Errorf("audit: %s", out)
			}
			// And back: the first clone takes all of it over as it is.
			commit(t, b, "revoked them")
			mustGit(t, a, "pull", "-q", "--no-rebase", b, "main")
			must(t, a, "build")
			whole(t, a)
		})
	}
}

// TestWithoutDriver has git merge two ledgers as text, or not at all: every command
// refuses and names the one that helps.
func TestWithoutDriver(t *testing.T) {
	t.Parallel()
	for _, attribute := range []string{"merge=laurel-ledger", "-merge"} {
		t.Run(attribute, func(t *testing.T) {
			dirs := clones(t, 2, false)
			a, b := dirs[0], dirs[1]
			for _, dir := range dirs {
				writeFile(t, filepath.Join(dir, ".git/info/attributes"), "/content/ledger/*.jsonl -text "+attribute+"\n")
			}
			award(t, a, "left")
			award(t, b, "right")
			mustGit(t, b, "fetch", "-q", "origin")
			if out, err := gitIn(t, b, "merge", "origin/main"); err == nil {
				t.Fatalf("git merged: %s", out)
			}
			before := treeDigests(t, filepath.Join(b, "content"))
			for _, args := range [][]string{{"plan"}, {"sign"}, {"build"}, {"revoke", "spring/welding/ana"}, {"key", "list"}, {"claim-links"}} {
				code, _, errs := run(t, b, args...)
				if code != 1 || !strings.Contains(errs, "git has not merged content/ledger/") || !strings.Contains(errs, "laurel ledger merge") {
					t.Errorf("%v: exit %d: %s", args, code, errs)
				}
			}
			if code, out, _ := run(t, b, "ledger", "status"); code != 1 || !strings.Contains(out, "git config merge.laurel-ledger.driver") {
				t.Errorf("status: exit %d: %s", code, out)
			}
			if after := treeDigests(t, filepath.Join(b, "content")); fmt.Sprint(before) != fmt.Sprint(after) {
				t.Error("something was written")
			}
			must(t, b, "ledger", "merge")
			commit(t, b, "merged")
			whole(t, b, "left/welding/one", "right/welding/one")
		})
	}
}

// TestBothIssued has both clones issue the same award, and one decide otherwise.
func TestBothIssued(t *testing.T) {
	t.Parallel()
	dirs := clones(t, 2, true)
	a, b := dirs[0], dirs[1]
	award(t, a, "same")
	must(t, a, "suspend", "spring/welding/ana")
	must(t, a, "sign")
	commit(t, a, "suspended")
	award(t, b, "same")
	must(t, b, "suspend", "spring/welding/ana")
	must(t, b, "reinstate", "spring/welding/ana")
	must(t, b, "sign")
	commit(t, b, "reinstated")
	mustGit(t, a, "pull", "-q", "--no-rebase", b, "main")
	if out := must(t, a, "plan"); !strings.Contains(out, "issued in two copies of the ledger; replaced by urn:uuid:") {
		t.Errorf("plan: %s", out)
	}
	if s := stateOf(t, a); s.Record("spring/welding/ana").Status != ledger.Suspended || len(s.Twice()) != 1 {
		t.Error("Ana is reinstated, or nothing was issued twice")
	}
	whole(t, a, "same/welding/one")
	n := 0
	for r := range stateOf(t, a).Records() {
		if r.Award == "same/welding/one" && r.Status == ledger.Active {
			n++
		}
	}
	if n != 1 {
		t.Errorf("%d credentials are in force", n)
	}
}

// TestMergeOther merges a folder, an older one, and one that has it all.
func TestMergeOther(t *testing.T) {
	t.Parallel()
	dirs := clones(t, 2, false)
	a, b := dirs[0], dirs[1]
	if out := must(t, a, "ledger", "merge", b); !strings.Contains(out, "nothing to merge") {
		t.Error(out)
	}
	award(t, b, "right")
	must(t, a, "ledger", "merge", b)
	if x, y := stateOf(t, a).Mark(), stateOf(t, b).Mark(); x != y {
		t.Errorf("one that has nothing of its own does not become the other: %v, %v", x, y)
	}
	award(t, a, "left")
	award(t, b, "more")
	must(t, a, "ledger", "merge", filepath.Join(b, "content/ledger"))
	whole(t, a, "right/welding/one", "left/welding/one", "more/welding/one")
	must(t, b, "ledger", "merge", a)
	whole(t, b, "right/welding/one", "left/welding/one", "more/welding/one")
}

// TestRandomHistories merges two to four clones by git in random order until all
// have all. LAUREL_HISTORIES says how many times.
func TestRandomHistories(t *testing.T) {
	t.Parallel()
	n := 200
	if testing.Short() {
		n = 5
	}
	if v, err := strconv.Atoi(os.Getenv("LAUREL_HISTORIES")); err == nil {
		n = v
	}
	var merges, events atomic.Int64
	t.Run("seeds", func(t *testing.T) {
		for seed := range n {
			t.Run(strconv.Itoa(seed), func(t *testing.T) {
				t.Parallel() // they mostly wait for the disk
				m, e := history(t, uint64(seed))
				merges.Add(m)
				events.Add(e)
			})
		}
	})
	t.Logf("%d histories, %d merges, %d events", n, merges.Load(), events.Load())
}

// history is one of them; it returns how many merges and events there were. Its
// clones keep git's objects in one place, so that one need not fetch from another;
// TestTwoClonesMerge does.
func history(t *testing.T, seed uint64) (merges, events int64) {
	r := rand.New(rand.NewPCG(seed, 9))
	dirs := clones(t, 2+r.IntN(3), true)
	objects := filepath.Join(dirs[0], ".git/objects")
	for _, dir := range dirs[1:] {
		if err := errors.Join(os.RemoveAll(filepath.Join(dir, ".git/objects")), os.Symlink(objects, filepath.Join(dir, ".git/objects"))); err != nil {
			t.Fatal(err)
		}
	}
	merge := func(dir, from string) {
		head, err := os.ReadFile(filepath.Join(from, ".git/refs/heads/main"))
		if err != nil {
			t.Fatal(err)
		}
		mustGit(t, dir, "merge", "-q", strings.TrimSpace(string(head)))
		merges++
	}
	var awards []string
	for step := range 3 + r.IntN(4) {
		dir := dirs[r.IntN(len(dirs))]
		switch r.IntN(4) {
		case 0:
			merge(dir, dirs[r.IntN(len(dirs))])
		case 1:
			run(t, dir, []string{"revoke", "suspend", "reinstate"}[r.IntN(3)], "spring/welding/"+[]string{"ana", "ben", "cem"}[r.IntN(3)])
			must(t, dir, "sign")
			commit(t, dir, "decided")
		default:
			cohort := fmt.Sprintf("c%d", step)
			award(t, dir, cohort)
			awards = append(awards, cohort+"/welding/one")
		}
	}
	for i := range dirs {
		merge(dirs[0], dirs[i])
	}
	if out := must(t, dirs[0], "ledger", "check"); !strings.Contains(out, "no problems") {
		t.Fatalf("%s", out)
	}
	union := stateOf(t, dirs[0])
	for _, a := range awards {
		if union.Record(a) == nil {
			t.Fatalf("%s is lost", a)
		}
	}
	for _, dir := range dirs {
		for r := range stateOf(t, dir).Records() {
			got := union.ByCredential(r.Credential)
			if got == nil {
				t.Fatalf("%s is lost", r.Credential)
			}
			if r.Status == ledger.Revoked && got.Status != ledger.Revoked {
				t.Fatalf("%s is revoked no more", r.Credential)
			}
		}
	}
	must(t, dirs[0], "sign")
	if out := must(t, dirs[0], "plan"); !strings.Contains(out, "nothing to sign") {
		t.Fatalf("%s", out)
	}
	if seed%10 == 0 { // drawing pages takes longer than all else, and TestTwoClonesMerge does it
		must(t, dirs[0], "build")
	}
	return merges, stateOf(t, dirs[0]).Mark().Seq
}
