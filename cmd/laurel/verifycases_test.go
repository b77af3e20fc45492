package main

import (
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

// TestVerifyCases has the command line and, in Chromium, the verify page judge
// every case of the table: both must give its verdict and its reason.
func TestVerifyCases(t *testing.T) {
	list := cases.All()
	if len(list) < 900 {
		t.Fatalf("only %d cases", len(list))
	}
	dir := builtSample(t)
	t.Run("command-line", func(t *testing.T) { commandLineJudges(t, list) })
	t.Run("page", func(t *testing.T) { pageJudges(t, dir, list) })
}

func expected(c cases.Case) string { return c.Verdict + " " + c.Code }

func commandLineJudges(t *testing.T, list []cases.Case) {
	dir := t.TempDir()
	agreed := 0
	for i, c := range list {
		input := filepath.Join(dir, fmt.Sprintf("%d.in", i))
		args := []string{"verify", "--offline", "--no-cache", "--json", "--at", c.At.Format(time.RFC3339)}
		files := map[string][]byte{input: c.Input}
		n := 0
		for url, data := range c.Documents {
			file := filepath.Join(dir, fmt.Sprintf("%d-%d.json", i, n))
			files[file] = data
			args = append(args, "--documents", url+"="+file)
			n++
		}
		for file, data := range files {
			if err := os.WriteFile(file, data, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		code, stdout, stderr := run(t, dir, append(args, input)...)
		var out struct {
			Reports []verify.Report `json:"reports"`
			Verdict verify.Verdict  `json:"verdict"`
		}
		if err := json.Unmarshal([]byte(stdout), &out); err != nil || len(out.Reports) != 1 {
			t.Errorf("%s/%s: exit %d, %d reports, %v\n%s", c.Suite, c.Name, code, len(out.Reports), err, stderr)
			continue
		}
		r := out.Reports[0]
		want := map[verify.Verdict]int{verify.Valid: 0, verify.Invalid: 1, verify.Undetermined: 3}[r.Verdict]
		if got := string(r.Verdict) + " " + cases.Deciding(&r); got != expected(c) || code != want {
			t.Errorf("%s/%s: the command line says %s and exits with %d, want %s", c.Suite, c.Name, got, code, expected(c))
			continue
		}
		agreed++
	}
	t.Logf("the command line agrees on %d of %d cases", agreed, len(list))
}

// batch is how many cases the page is handed at once.
const batch = 50

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
	for start := 0; start < len(list); start += batch {
		part := list[start:min(start+batch, len(list))]
		var questions []question
		for _, c := range part {
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
			t.Fatalf("cases %d to %d: %v", start, start+len(part)-1, err)
		}
		for _, c := range part {
			if got := answers[c.Suite+"/"+c.Name]; got != expected(c) && c.WhyNotPage == "" {
				t.Errorf("%s/%s: the page says %s, want %s", c.Suite, c.Name, got, expected(c))
				continue
			}
			agreed++
		}
	}
	for _, fault := range b.said() {
		t.Error(fault)
	}
	t.Logf("the page agrees on %d of %d cases", agreed, len(list))
}
