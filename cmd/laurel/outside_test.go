package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"laurel/internal/issuing/keys"
)

// school is a small site: Ana and Ben have a public award, Cem a sealed one.
func school(t *testing.T, dir string) {
	t.Helper()
	for name, text := range map[string]string{
		"content/site.yaml":                 "baseURL: https://school.example.org\nlanguages: [en]\nissuer:\n  name: Example School\n",
		"content/achievements/welding.yaml": "name: Welding\ndescription: Joins steel.\nachievementType: Certificate\ncriteria:\n  narrative: Joined steel.\n",
		"content/awards/spring.yaml": "name: Spring\nachievement: welding\nawardedDate: 2026-03-01\nrecipients:\n" +
			"  - name: Ana Example\n    key: ana\n    visibility: public\n  - name: Ben Beispiel\n    key: ben\n    visibility: public\n  - name: Cem Örnek\n    key: cem\n",
	} {
		writeFile(t, filepath.Join(dir, name), text)
	}
	fastKey(t, dir)
}

func writeFile(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// grown is a school that signed and built, with the ledger and keys of that time
// in old/, then revoked Ben's award and its key, signed and built again.
var grown = &shared{make: func(t *testing.T, dir string) {
	school(t, dir)
	must(t, dir, "sign")
	must(t, dir, "build")
	copyTree(t, filepath.Join(dir, "content/ledger"), filepath.Join(dir, "old/ledger"))
	copyTree(t, filepath.Join(dir, "keys"), filepath.Join(dir, "old/keys"))
	must(t, dir, "revoke", "spring/welding/ben")
	must(t, dir, "sign")
	must(t, dir, "build")
	copyTree(t, filepath.Join(dir, "content/ledger"), filepath.Join(dir, "older key/ledger"))
	copyTree(t, filepath.Join(dir, "keys"), filepath.Join(dir, "older key/keys"))
	must(t, dir, "key", "revoke", "--yes", oneKid(t, dir))
	nextKey(t, dir)
	must(t, dir, "sign")
	must(t, dir, "build")
}}

// nextKey makes a second key.
func nextKey(t *testing.T, dir string) {
	t.Helper()
	if _, err := keys.New(filepath.Join(dir, "keys"), "key-2026-2", keys.Ed25519, []byte(passphrase), time.Now(), keys.Options{Iterations: 1000}); err != nil {
		t.Fatal(err)
	}
}

func oneKid(t *testing.T, dir string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "keys/*.jwe"))
	if err != nil || len(files) == 0 {
		t.Fatal("no key", err)
	}
	return strings.TrimSuffix(filepath.Base(files[0]), ".jwe")
}

// bring puts a folder in the place of another.
func bring(t *testing.T, from, to string) {
	t.Helper()
	if err := os.RemoveAll(to); err != nil {
		t.Fatal(err)
	}
	copyTree(t, from, to)
}

// lines edits the lines of a ledger of one segment.
func lines(t *testing.T, dir string, edit func([][]byte) [][]byte) {
	t.Helper()
	name := filepath.Join(dir, "content/ledger/0001.jsonl")
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, bytes.Join(edit(bytes.SplitAfter(b, []byte("\n"))), nil), 0o600); err != nil {
		t.Fatal(err)
	}
}

// wrong are the ways in which a ledger is not the one that is known outside.
var wrong = []struct {
	name string
	do   func(t *testing.T, dir string)
}{
	{"older", func(t *testing.T, dir string) {
		bring(t, filepath.Join(dir, "old/ledger"), filepath.Join(dir, "content/ledger"))
		bring(t, filepath.Join(dir, "old/keys"), filepath.Join(dir, "keys"))
	}},
	{"lost", func(t *testing.T, dir string) { os.RemoveAll(filepath.Join(dir, "content/ledger")) }},
	{"empty", func(t *testing.T, dir string) {
		lines(t, dir, func([][]byte) [][]byte { return nil })
	}},
	{"cut", func(t *testing.T, dir string) {
		lines(t, dir, func(l [][]byte) [][]byte { return l[:len(l)-2] }) // the last is empty
	}},
	{"cut-deep", func(t *testing.T, dir string) {
		lines(t, dir, func(l [][]byte) [][]byte { return l[:2] })
	}},
	{"another-sites", func(t *testing.T, dir string) {
		other := t.TempDir()
		school(t, other)
		must(t, other, "sign")
		bring(t, filepath.Join(other, "content/ledger"), filepath.Join(dir, "content/ledger"))
		bring(t, filepath.Join(other, "keys"), filepath.Join(dir, "keys"))
	}},
	{"forked", func(t *testing.T, dir string) {
		other := t.TempDir()
		school(t, other)
		bring(t, filepath.Join(dir, "old/ledger"), filepath.Join(other, "content/ledger"))
		bring(t, filepath.Join(dir, "old/keys"), filepath.Join(other, "keys"))
		for range 3 { // more events than the site knows of
			must(t, other, "suspend", "spring/welding/ana")
			must(t, other, "reinstate", "spring/welding/ana")
		}
		must(t, other, "suspend", "spring/welding/cem")
		must(t, other, "sign")
		bring(t, filepath.Join(other, "content/ledger"), filepath.Join(dir, "content/ledger"))
		bring(t, filepath.Join(other, "keys"), filepath.Join(dir, "keys"))
	}},
	{"missing-segment", func(t *testing.T, dir string) { os.Remove(filepath.Join(dir, "content/ledger/0001.jsonl")) }},
	{"older-key", func(t *testing.T, dir string) {
		bring(t, filepath.Join(dir, "older key/ledger"), filepath.Join(dir, "content/ledger"))
		bring(t, filepath.Join(dir, "older key/keys"), filepath.Join(dir, "keys"))
	}},
}

// readers and writers are the commands that open the ledger.
var looking = [][]string{
	{"plan"}, {"sign"}, {"build"}, {"serve", "--port", "0"}, {"audit"}, {"claim-links"}, {"deliver", "--out", "OUT"},
	{"revoke", "spring/welding/ana"}, {"suspend", "spring/welding/ana"}, {"reinstate", "spring/welding/ana"}, {"withdraw", "spring/welding/cem"},
	{"reissue", "spring/welding/ana"}, {"ledger", "check"}, {"key", "new"}, {"key", "list"}, {"key", "retire", "--yes", "KID"}, {"key", "revoke", "--yes", "KID"},
}

// TestLedgerIsNotBelievedAlone tries every command on every wrong ledger, with
// what this folder remembers and with public/ alone.
func TestLedgerIsNotBelievedAlone(t *testing.T) {
	t.Parallel()
	tried := 0
	for _, w := range wrong {
		for _, remembers := range []bool{true, false} {
			dir := grown.copy(t)
			w.do(t, dir)
			if !remembers {
				if err := os.Remove(filepath.Join(dir, ".laurel/head.json")); err != nil {
					t.Fatal(err)
				}
			}
			before := treeDigests(t, dir)
			for _, args := range looking {
				args = slices.Clone(args)
				for i := range args {
					args[i] = strings.NewReplacer("OUT", filepath.Join(t.TempDir(), "out"), "KID", oneKid(t, dir)).Replace(args[i])
				}
				t.Run(fmt.Sprintf("%s/%v/%s", w.name, remembers, strings.Join(args[:min(2, len(args))], "_")), func(t *testing.T) {
					tried++
					code, out, errs := run(t, dir, args...)
					if code != 1 || strings.Contains(out, "no problems") {
						t.Errorf("exit %d\n%s%s", code, out, errs)
					}
					if args[0] != "audit" && !strings.Contains(out+errs, "content/ledger/ is ") && !strings.Contains(out+errs, "the segment is missing") {
						t.Errorf("said: %s%s", out, errs)
					}
					if args[0] == "audit" && !strings.Contains(out, "PROBLEM  content/ledger") {
						t.Errorf("said: %s%s", out, errs)
					}
					if after := treeDigests(t, dir); !slices.Equal(before, after) {
						t.Errorf("something was written:\n%s", strings.Join(after, "\n"))
					}
				})
			}
		}
	}
	t.Logf("%d commands on wrong ledgers", tried)
}

// treeDigests are the files of a site folder but for what a writer locks.
func treeDigests(t *testing.T, dir string) []string {
	t.Helper()
	var all []string
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() == ".lock" || d.Name() == "lock" {
			return err
		}
		b, err := os.ReadFile(p)
		rel, _ := filepath.Rel(dir, p)
		all = append(all, fmt.Sprintf("%s %x", rel, sha256.Sum256(b)))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestOldLedgerRevokesStill restores an old ledger after a revocation, and after
// one of the key: what is published stays as it is, and invalid.
func TestOldLedgerRevokesStill(t *testing.T) {
	t.Parallel()
	for _, what := range []string{"award", "key"} {
		t.Run(what, func(t *testing.T) {
			dir := t.TempDir()
			school(t, dir)
			must(t, dir, "sign")
			must(t, dir, "build")
			ben := credentialOf(t, dir, "Ben Beispiel")
			verify := func() (int, string) {
				code, out, _ := run(t, dir, "verify", "--offline", "--documents", filepath.Join(dir, "public"), ben)
				return code, out
			}
			if code, out := verify(); code != 0 {
				t.Fatalf("exit %d: %s", code, out)
			}
			if n := othersTake(t, dir, ben); n != 2 {
				t.Fatalf("%d of two other verifiers take what is good", n)
			}
			copyTree(t, filepath.Join(dir, "content/ledger"), filepath.Join(dir, "backup/ledger"))
			copyTree(t, filepath.Join(dir, "keys"), filepath.Join(dir, "backup/keys"))
			if what == "award" {
				must(t, dir, "revoke", "spring/welding/ben")
			} else {
				must(t, dir, "key", "revoke", "--yes", oneKid(t, dir))
				nextKey(t, dir)
			}
			must(t, dir, "sign")
			must(t, dir, "build")
			if code, out := verify(); code != 1 {
				t.Fatalf("exit %d: %s", code, out)
			}
			bring(t, filepath.Join(dir, "backup/ledger"), filepath.Join(dir, "content/ledger"))
			bring(t, filepath.Join(dir, "backup/keys"), filepath.Join(dir, "keys"))
			os.RemoveAll(filepath.Join(dir, ".laurel/head.json"))
			for _, command := range []string{"plan", "sign", "build", "build"} {
				if code, out, errs := run(t, dir, command); code != 1 || !strings.Contains(errs, "content/ledger/ is older than what ") {
					t.Errorf("%s: exit %d: %s%s", command, code, out, errs)
				}
			}
			if code, out := verify(); code != 1 {
				t.Errorf("exit %d: %s", code, out)
			}
			if n := othersTake(t, dir, ben); n != 0 {
				t.Errorf("%d of two other verifiers take it", n)
			}
		})
	}
}

// othersTake counts the verifiers that are not laurel's to which a credential of
// the school's public/ is good.
func othersTake(t *testing.T, dir, credential string) int {
	t.Helper()
	var c struct{ ID string }
	if b, err := os.ReadFile(credential); err != nil || json.Unmarshal(b, &c) != nil {
		t.Fatal(credential, err)
	}
	judged, good := 0, 0
	for _, v := range nodeLines[struct {
		ID       string
		Verified bool
		Revoked  *bool
	}](t, "", "judge.mjs", filepath.Join(dir, "public"), "https://school.example.org") {
		if v.ID == c.ID {
			judged++
			if v.Verified && (v.Revoked == nil || !*v.Revoked) {
				good++
			}
		}
	}
	if judged != 2 {
		t.Fatalf("%d verdicts on %s", judged, credential)
	}
	return good
}

// credentialOf is the published credential of somebody.
func credentialOf(t *testing.T, dir, name string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "public/awards/*/credential.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if b, err := os.ReadFile(f); err == nil && bytes.Contains(b, []byte(name)) {
			return f
		}
	}
	t.Fatalf("no credential of %s among %d", name, len(files))
	return ""
}
