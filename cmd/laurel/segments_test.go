package main

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"laurel/internal/issuing/ledger"
)

// TestSegmentsMerge has git merge ledgers in segments of a few events, which both
// sides filled up and went beyond: with the driver alone where both have as many
// segments, else with the command that the driver names.
func TestSegmentsMerge(t *testing.T) {
	t.Parallel()
	const segment = 2500
	alone, helped := 0, 0
	for _, way := range []string{"merge", "rebase", "cherry-pick"} {
		for _, c := range []struct{ base, ours, theirs int }{
			{0, 1, 1}, {1, 1, 1}, {2, 1, 1}, {3, 1, 1}, {2, 3, 3}, {2, 8, 8}, {5, 4, 4}, {9, 12, 12}, {2, 1, 9}, {2, 9, 1}, {6, 2, 5}, {8, 1, 4}, {7, 0, 5},
		} {
			t.Run(fmt.Sprintf("%s/%d_%d_%d", way, c.base, c.ours, c.theirs), func(t *testing.T) {
				dir := t.TempDir()
				folder := filepath.Join(dir, "site/content/ledger")
				writeFile(t, filepath.Join(dir, ".gitattributes"), "content/ledger/*.jsonl -text merge=laurel-ledger\n**/content/ledger/*.jsonl -text merge=laurel-ledger\n")
				writeFile(t, filepath.Join(dir, "site/content/site.yaml"), "")
				writeFile(t, filepath.Join(dir, ".gitignore"), ".lock\n")
				mustGit(t, dir, "init", "-q", "-b", "main")
				withDriver(t, dir)
				grow(t, folder, segment, "base", c.base)
				commit(t, dir, "base")
				mustGit(t, dir, "checkout", "-q", "-b", "theirs")
				grow(t, folder, segment, "theirs", c.theirs)
				commit(t, dir, "theirs")
				want := idsOf(t, folder)
				mustGit(t, dir, "checkout", "-q", "main")
				if c.ours > 0 {
					grow(t, folder, segment, "ours", c.ours)
					commit(t, dir, "ours")
				}
				maps.Copy(want, idsOf(t, folder))
				how := map[string][]string{"merge": {"merge", "-q", "theirs"}, "rebase": {"rebase", "-q", "theirs"}, "cherry-pick": {"cherry-pick", "theirs"}}[way]
				if out, err := gitIn(t, dir, how...); err != nil {
					if !strings.Contains(out, "laurel ledger merge") {
						t.Errorf("git: %s", out)
					}
					helped++
					must(t, filepath.Join(dir, "site"), "ledger", "merge")
					mustGit(t, dir, "add", "-A")
					go1 := map[string][]string{"merge": {"commit", "-qm", "merged"}, "rebase": {"rebase", "--continue"}, "cherry-pick": {"cherry-pick", "--continue"}}[way]
					mustGit(t, dir, go1...)
				} else {
					alone++
				}
				if out := mustGit(t, dir, "status", "--porcelain"); out != "" {
					t.Errorf("left over: %s", out)
				}
				if got := idsOf(t, folder); !maps.Equal(got, want) {
					t.Errorf("%d credentials, want %d", len(got), len(want))
				}
				grow(t, folder, segment, "after", 3)
			})
		}
	}
	t.Logf("%d merged by git alone, %d with the command", alone, helped)
}

// freeIndex is an index of a status list that no other credential of these tests has:
// two that are drawn at random meet now and then.
var freeIndex = func() func() int {
	var drawn atomic.Int64
	all := rand.Perm(ledger.ListLength)
	return func() int { return all[drawn.Add(1)-1] }
}()

// grow appends issue events to a ledger, with its own rules about segments.
func grow(t *testing.T, folder string, segment int64, who string, n int) {
	t.Helper()
	w, err := ledger.OpenWriter(folder, ledger.Options{MaxSegment: segment})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	for i := range n {
		id := fmt.Sprintf("%s-%d-%d", who, w.State().Len(), i)
		ev := ledger.Event{Issue: &ledger.IssueEvent{Award: "a/b/" + id, Credential: "urn:uuid:" + id, List: 1, Index: freeIndex(), Visibility: "public",
			Documents: []ledger.Document{{Format: "f", MediaType: "m", Document: jsontext.Value(`{"a":"` + strings.Repeat("x", 100+rand.IntN(900)) + `"}`)}}}}
		at := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
		if _, _, head := w.State().Head(); head.After(at) {
			at = head
		}
		if err := w.Append(at, []ledger.Event{ev}); err != nil {
			t.Fatal(err)
		}
	}
	if n == 0 {
		if err := os.WriteFile(filepath.Join(folder, ".keep"), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// idsOf are the credentials of a ledger, which must be good.
func idsOf(t *testing.T, folder string) map[string]bool {
	t.Helper()
	l, err := ledger.Open(folder, ledger.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	ids := map[string]bool{}
	for r := range l.State().Records() {
		ids[r.Credential] = true
	}
	return ids
}
