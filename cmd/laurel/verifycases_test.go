package main

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"laurel/internal/standards/verify"
	"laurel/internal/testing/cases"
)

// TestVerifyCases has the command line judge every case of the table, and in
// Chromium the verify page some of each kind, which Node has judge them all in
// package cases: each must give the table's verdict and reason.
func TestVerifyCases(t *testing.T) {
	t.Parallel()
	list := cases.All()
	if len(list) < 900 {
		t.Fatalf("only %d cases", len(list))
	}
	var forms map[string]string
	t.Run("command-line", func(t *testing.T) { forms = commandLineJudges(t, list) })
	t.Run("page", func(t *testing.T) {
		slow(t, "opens pages in a browser")
		some := representative(list, forms)
		if len(some) < 45 || len(some) > 75 {
			t.Errorf("%d cases stand for all", len(some))
		}
		pageJudges(t, academy.read(t), some)
	})
}

func expected(c cases.Case) string { return c.Verdict + " " + c.Code }

// representative are the first case of each form with each verdict, and one of
// each suite.
func representative(list []cases.Case, forms map[string]string) []cases.Case {
	var some []cases.Case
	met := map[string]bool{}
	for _, c := range list {
		form, suite := forms[c.Suite+"/"+c.Name]+" "+c.Verdict, "suite "+c.Suite
		if !met[form] || !met[suite] {
			met[form], met[suite] = true, true
			some = append(some, c)
		}
	}
	return some
}

// commandLineJudges returns the form of each case, by suite and name: its format
// and what it was taken out of.
func commandLineJudges(t *testing.T, list []cases.Case) map[string]string {
	dir := t.TempDir()
	stored := map[[32]byte]string{}
	store := func(data []byte) string {
		sum := sha256.Sum256(data)
		if stored[sum] == "" {
			file := filepath.Join(dir, fmt.Sprintf("%d.in", len(stored)))
			if err := os.WriteFile(file, data, 0o600); err != nil {
				t.Fatal(err)
			}
			stored[sum] = file
		}
		return stored[sum]
	}
	agreed, forms := 0, map[string]string{}
	for _, c := range list {
		args := []string{"verify", "--offline", "--no-cache", "--json", "--at", c.At.Format(time.RFC3339)}
		for url, data := range c.Documents {
			args = append(args, "--documents", url+"="+store(data))
		}
		code, stdout, stderr := run(t, dir, append(args, store(c.Input))...)
		var out struct {
			Reports []verify.Report `json:"reports"`
			Verdict verify.Verdict  `json:"verdict"`
		}
		if err := json.Unmarshal([]byte(stdout), &out); err != nil || len(out.Reports) != 1 {
			t.Errorf("%s/%s: exit %d, %d reports, %v\n%s", c.Suite, c.Name, code, len(out.Reports), err, stderr)
			continue
		}
		r := out.Reports[0]
		forms[c.Suite+"/"+c.Name] = string(r.Format) + " " + r.Carrier
		want := map[verify.Verdict]int{verify.Valid: 0, verify.Invalid: 1, verify.Undetermined: 3}[r.Verdict]
		if got := string(r.Verdict) + " " + cases.Deciding(&r); got != expected(c) || code != want {
			t.Errorf("%s/%s: the command line says %s and exits with %d, want %s", c.Suite, c.Name, got, code, expected(c))
			continue
		}
		agreed++
	}
	t.Logf("the command line agrees on %d of %d cases", agreed, len(list))
	return forms
}

// judgeScript hands cases to the page, which answers each with an event.
const judgeScript = `new Promise(resolve => {
	const cases = %s, answers = {};
	addEventListener('laurel:verified', function heard({detail}) {
		answers[detail.id] = detail.error ?? detail.verdict + ' ' + detail.code;
		if (Object.keys(answers).length === cases.length) {
			removeEventListener('laurel:verified', heard);
			resolve(answers);
		}
	});
	for (const detail of cases) dispatchEvent(new CustomEvent('laurel:verify', {detail}));
})`

func pageJudges(t *testing.T, dir string, list []cases.Case) {
	const base = "/larkspur/"
	server := serve(t, filepath.Join(dir, "public"), base)
	b := newTab(t, newBrowser(t), server.URL)
	if err := b.visit(server.URL + base + "verify/#test"); err != nil {
		t.Fatal(err)
	}
	type question struct {
		ID        string            `json:"id"`
		Data      []byte            `json:"data"`
		Documents map[string][]byte `json:"documents"`
		At        time.Time         `json:"at"`
	}
	agreed := 0
	var questions []question
	for _, c := range list {
		questions = append(questions, question{c.Suite + "/" + c.Name, c.Input, c.Documents, c.At})
	}
	text, err := json.Marshal(questions)
	if err != nil {
		t.Fatal(err)
	}
	// A line separator is text in JSON and was none in scripts.
	script := strings.NewReplacer("\u2028", `\u2028`, "\u2029", `\u2029`).Replace(string(text))
	answers, err := evaluate[map[string]string](b, fmt.Sprintf(judgeScript, script))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range list {
		if got := answers[c.Suite+"/"+c.Name]; got != expected(c) && c.WhyNotPage == "" {
			t.Errorf("%s/%s: the page says %s, want %s", c.Suite, c.Name, got, expected(c))
			continue
		}
		agreed++
	}
	for _, fault := range b.said() {
		t.Error(fault)
	}
	t.Logf("the page agrees on %d of %d cases", agreed, len(list))
}
