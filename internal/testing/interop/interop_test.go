package interop

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"
)

// judges is how many verifiers look at each file.
const judges = 2

// TestAcademy builds the sample academy once and has everybody look at it.
func TestAcademy(t *testing.T) {
	if testing.Short() {
		t.Skip("asks the verifiers of others on Node")
	}
	needNode(t)
	a := buildAcademy(t)
	verdicts := judge(t, "--at", judgedAt.Format(time.RFC3339), a.public(), baseURL)
	t.Run("agree", func(t *testing.T) { testAgree(t, a, verdicts) })
	t.Run("status", func(t *testing.T) { testStatus(t, a, verdicts) })
	t.Run("linked", func(t *testing.T) { testLinked(t, a) })
	t.Run("audit", func(t *testing.T) { testAudit(t, a, verdicts) })
	t.Run("mutations", func(t *testing.T) { testMutations(t, a) })
	t.Run("forms", func(t *testing.T) { testForms(t, a) })
	t.Run("unbake", func(t *testing.T) { testUnbake(t, a) })
	t.Run("wallet", func(t *testing.T) { testWallet(t, a) })
	t.Run("deliver", func(t *testing.T) { testDeliver(t, a) })
	t.Run("closed", func(t *testing.T) { testClosed(t, a) })
	t.Run("bench", func(t *testing.T) { testBench(t, a) })
}

// testAgree compares, file by file, what each judge and laurel say of every
// credential and list that is published.
func testAgree(t *testing.T, a *academy, verdicts []verdict) {
	byFile := map[string][]verdict{}
	for _, v := range verdicts {
		byFile[v.File] = append(byFile[v.File], v)
	}
	files := slices.Sorted(maps.Keys(byFile))
	if want := a.published(t); !slices.Equal(files, want) {
		t.Fatalf("the judges saw %d files, %d are published", len(files), len(want))
	}
	mine := a.verify(t, files)
	for _, file := range files {
		if len(byFile[file]) != judges {
			t.Errorf("%s: %d verdicts, want %d", file, len(byFile[file]), judges)
		}
		for _, v := range byFile[file] {
			if !v.Verified {
				t.Errorf("%s: %s refuses it: %s", file, v.Judge, v.Error)
			}
			if v.revoked() != mine[file].stopped() {
				t.Errorf("%s: revoked is %t to %s, laurel says %s", file, v.revoked(), v.Judge, mine[file])
			}
		}
		if m := mine[file]; m.Verdict != "valid" && !m.stopped() {
			t.Errorf("%s: laurel says %s", file, m)
		}
	}
}

// testStatus checks that exactly the two awards whose bit is set are reported
// as revoked, and that the reinstated one is not.
func testStatus(t *testing.T, a *academy, verdicts []verdict) {
	ids := a.issued(t)
	want := []string{}
	for _, award := range []string{revokedAward, suspendedAward} {
		if ids[award] == "" {
			t.Fatalf("%s was never issued", award)
		}
		want = append(want, ids[award])
	}
	if _, err := os.Stat(a.credentialFile(ids[reinstatedAward])); err != nil {
		t.Fatalf("%s is not published: %v", reinstatedAward, err)
	}
	slices.Sort(want)
	revoked := map[string][]string{}
	for _, v := range verdicts {
		if v.revoked() {
			revoked[v.Judge] = append(revoked[v.Judge], v.ID)
		}
	}
	if len(revoked) != judges {
		t.Errorf("%d judges see a revoked credential, want %d", len(revoked), judges)
	}
	for name, got := range revoked {
		if slices.Sort(got); !slices.Equal(got, want) {
			t.Errorf("%s reports %q as revoked, want %q", name, got, want)
		}
	}
}

// testMutations alters one credential in ten ways. Everybody must refuse all
// ten, and nobody the two copies that say the same as the original.
func testMutations(t *testing.T, a *academy) {
	original := a.credentialFile(a.issued(t)[reinstatedAward])
	out := t.TempDir()
	verdicts := judge(t, "--at", judgedAt.Format(time.RFC3339), "--mutate", original, a.public(), baseURL, out)
	genuine := map[string]bool{}
	for _, v := range verdicts {
		genuine[v.File] = v.Genuine
		if v.Verified != v.Genuine {
			t.Errorf("%s: %s says verified=%t (%s)", v.Mutation, v.Judge, v.Verified, v.Error)
		}
	}
	files := slices.Sorted(maps.Keys(genuine))
	altered := 0
	for file, m := range a.verify(t, files) {
		if valid := m.Verdict == "valid"; valid != genuine[file] {
			t.Errorf("%s: laurel says %s", filepath.Base(file), m)
		}
		if !genuine[file] {
			altered++
		}
	}
	if altered != 10 || len(files) != 12 {
		t.Errorf("%d files with %d alterations, want 12 with 10", len(files), altered)
	}
}

// testClosed shows that the judges have no network: under another base URL
// a credential's issuer cannot be resolved, and the run says so.
func testClosed(t *testing.T, a *academy) {
	file := a.credentialFile(a.issued(t)[reinstatedAward])
	out, stderr, code := node(t, "judge.mjs", t.TempDir(), "https://elsewhere.example.org", file)
	if code != 1 {
		t.Errorf("exit code %d, want 1\n%s", code, stderr)
	}
	var last verdict
	lines := slices.Collect(splitLines(out))
	if err := json.Unmarshal(lines[len(lines)-1], &last); err != nil || last.Summary == nil {
		t.Fatalf("no summary at the end: %v", err)
	}
	if last.Summary.RefusedRequests == 0 {
		t.Error("no request was refused")
	}
	for _, line := range lines[:len(lines)-1] {
		var v verdict
		if err := json.Unmarshal(line, &v); err != nil || v.Verified {
			t.Errorf("without its issuer's document: %s (%v)", line, err)
		}
	}
}

// testBench has the npm stack sign the academy's own documents anew and judges
// the outcome: what bench.mjs times is the whole work.
func testBench(t *testing.T, a *academy) {
	published := a.published(t)
	lists, err := filepath.Glob(filepath.Join(a.public(), "status", "1.json"))
	if err != nil {
		t.Fatal(err)
	}
	files := append(lists, published[:3]...)
	var unsigned []byte
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var line bytes.Buffer
		if err := json.Compact(&line, text); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		unsigned = append(append(unsigned, line.Bytes()...), '\n')
	}
	source, out := filepath.Join(t.TempDir(), "unsigned.jsonl"), t.TempDir()
	if err := os.WriteFile(source, unsigned, 0o600); err != nil {
		t.Fatal(err)
	}
	stdout, stderr, code := node(t, "bench.mjs", strconv.Itoa(len(files)), source, out)
	var times struct {
		Count         int
		CPUMs, WallMs float64
	}
	if err := json.Unmarshal(stdout, &times); err != nil || code != 0 {
		t.Fatalf("bench.mjs: exit code %d, %v\n%s", code, err, stderr)
	}
	if times.Count != len(files) || times.CPUMs <= 0 || times.WallMs <= 0 {
		t.Errorf("bench.mjs reports %+v for %d documents", times, len(files))
	}
	for _, v := range judge(t, "--at", judgedAt.Format(time.RFC3339), out, baseURL) {
		if !v.Verified {
			t.Errorf("%s: %s refuses what the npm stack signed: %s", v.File, v.Judge, v.Error)
		}
	}
}
