package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"laurel/internal/cli"
	"laurel/internal/issuing/keys"
	"laurel/internal/standards/verify"
)

// TestThief has somebody who stole the key sign awards with last year's date. The
// signature is good and the key is in force, so that the verdict is valid, as the
// thief wants; that the award is not in the issuer's log is told by the command
// line and on the page, wherever it comes from.
func TestThief(t *testing.T) {
	slow(t, "opens pages in a browser")
	t.Parallel()
	root := t.TempDir()
	owner, thief := filepath.Join(root, "owner"), filepath.Join(root, "thief")
	must(t, root, "new", owner)
	if _, err := keys.New(filepath.Join(owner, "keys"), "key-2026-1", keys.Ed25519, []byte(passphrase), time.Now().AddDate(-2, 0, 0), keys.Options{Iterations: keyWork}); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(thief, os.DirFS(owner)); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Join(thief, "keys/key-2026-1.jwe"), 0o600); err != nil {
		t.Fatal(err)
	}
	must(t, owner, "sign")
	must(t, owner, "build")
	lastYear := strconv.FormatInt(time.Now().AddDate(-1, 0, 0).Unix(), 10)
	at := func(dir string, args ...string) {
		t.Helper()
		var out strings.Builder
		if code := cli.Main(t.Context(), cli.Environment{Args: append([]string{"-C", dir}, args...), Stdout: &out, Stderr: &out, KeyWork: keyWork, Rehearsal: true,
			Lookup: func(name string) (string, bool) {
				if name == "SOURCE_DATE_EPOCH" {
					return lastYear, true
				}
				return variables(name)
			}}); code != 0 {
			t.Fatalf("laurel %s: exit %d\n%s", strings.Join(args, " "), code, &out)
		}
	}
	at(thief, "sign")
	at(thief, "build")
	forged, err := filepath.Glob(filepath.Join(thief, "public/awards/*/credential.json"))
	if err != nil || len(forged) == 0 {
		t.Fatalf("%q, %v", forged, err)
	}
	good, err := filepath.Glob(filepath.Join(owner, "public/awards/*/credential.json"))
	if err != nil || len(good) == 0 {
		t.Fatalf("%q, %v", good, err)
	}
	credential, err := os.ReadFile(forged[0])
	if err != nil {
		t.Fatal(err)
	}
	alone := filepath.Join(root, "alone.json")
	if err := os.WriteFile(alone, credential, 0o600); err != nil {
		t.Fatal(err)
	}

	copied := filepath.Join(owner, "public")
	for _, c := range []struct {
		name, file, log string
		code, required  int // the exit codes without and with --require log
	}{
		{"good", good[0], "pass ok", 0, 0},
		{"with the thief's own place in a log", forged[0], "warn log-missing", 0, 3},
		{"with nothing", alone, "skipped log-unplaced", 0, 3},
	} {
		for required, want := range map[bool]int{false: c.code, true: c.required} {
			args := []string{"verify", "--json", "--offline", "--documents", copied, c.file}
			if required {
				args = append(args, "--require", "log")
			}
			code, out, errs := run(t, owner, args...)
			var answer struct{ Reports []verify.Report }
			if err := json.Unmarshal([]byte(out), &answer); err != nil || len(answer.Reports) != 1 {
				t.Fatalf("%s: %v\n%s%s", c.name, err, out, errs)
			}
			r := answer.Reports[0]
			row, _ := r.Check(verify.Log)
			if got := string(row.Outcome) + " " + row.Code; code != want || r.Verdict != verify.Valid || got != c.log {
				t.Errorf("%s, required %t: exit %d, %s, %s", c.name, required, code, r.Verdict, got)
			}
		}
	}

	// The thief has the host as well, and puts the award beside the others: with a
	// place in another log, and with none. Then the same page of the good one.
	server := serve(t, copied, "/badges/")
	b := newTab(t, newBrowser(t), server.URL, window(1280))
	folder := filepath.Join(copied, "awards", filepath.Base(filepath.Dir(forged[0])))
	if err := os.CopyFS(folder, os.DirFS(filepath.Dir(forged[0]))); err != nil {
		t.Fatal(err)
	}
	look := func(name, log, told string, give func() error) {
		t.Helper()
		if err := afresh(b, server.URL+"/badges/verify/"); err != nil {
			t.Fatal(err)
		}
		if err := give(); err != nil {
			t.Fatal(err)
		}
		a, err := b.answer()
		if err != nil {
			t.Fatal(err)
		}
		got, err := evaluate[string](b, `(e => e.dataset.outcome + ' ' + e.dataset.code)(document.querySelector('[data-check=log]'))`)
		if err != nil || got != log || a.Verdict != "valid" || !strings.Contains(a.More, told) || told != "" && !strings.Contains(a.Live, told) {
			t.Errorf("%s: the page shows %s, %v, %+v", name, got, err, a)
		}
	}
	page := func(folder string) func() error {
		return func() error {
			id := filepath.Base(folder)
			b.Expect(server.URL + "/badges/awards/" + id + "/log.json")
			_, err := evaluate[string](b, fmt.Sprintf(`location.hash = %q`, id))
			return err
		}
	}
	files := func(folder string) func() error {
		return func() error {
			return b.choose(filepath.Join(folder, "log.json"), filepath.Join(folder, "credential.json"))
		}
	}
	const elsewhere = "is not in its issuer’s log where it is said to be: it may have been signed without the issuer’s knowledge, or dated back"
	look("place in another log", "warn log-missing", elsewhere, page(folder))
	look("files of it", "warn log-missing", elsewhere, files(folder))
	if err := os.Remove(filepath.Join(folder, "log.json")); err != nil {
		t.Fatal(err)
	}
	look("no place", "warn log-missing", "nothing beside the credential says where in it that is", page(folder))
	look("file alone", "skipped log-unplaced", "", func() error { return b.choose(alone) })
	look("good", "pass ok", "", page(filepath.Dir(good[0])))
	look("good files", "pass ok", "", files(filepath.Dir(good[0])))
	b.clean(t)
}
