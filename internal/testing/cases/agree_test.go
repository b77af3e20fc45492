package cases

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"laurel/internal/cli"
	"laurel/internal/standards/verify"
	"laurel/internal/testing/browser"
)

// laurel runs a command line in this process.
func laurel(t *testing.T, dir string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs strings.Builder
	code = cli.Main(t.Context(), cli.Environment{Args: args, Dir: dir, Stdout: &out, Stderr: &errs, Lookup: func(string) (string, bool) { return "", false }})
	return code, out.String(), errs.String()
}

// TestVerifyCases has the command line judge every case of the table, and in
// Chromium the verify page some of each kind, which Node is asked of all by
// TestPage: each must give the table's verdict and reason.
func TestVerifyCases(t *testing.T) {
	list := All()
	if len(list) < 900 {
		t.Fatalf("only %d cases", len(list))
	}
	var forms map[string]string
	t.Run("command-line", func(t *testing.T) { forms = commandLineJudges(t, list) })
	t.Run("page", func(t *testing.T) {
		some := representative(list, forms)
		if len(some) < 45 || len(some) > 75 {
			t.Errorf("%d cases stand for all", len(some))
		}
		pageJudges(t, some)
	})
}

// rareCase needs what the page loads when few documents ask for it.
const rareCase = "good/json-web-signature-2020-eddsa"

// representative are the first case of each form with each verdict, one of each
// suite, and rareCase.
func representative(list []Case, forms map[string]string) []Case {
	var some []Case
	met := map[string]bool{}
	for _, c := range list {
		form, suite := forms[c.id()]+" "+c.Verdict, "suite "+c.Suite
		if !met[form] || !met[suite] || c.id() == rareCase {
			met[form], met[suite] = true, true
			some = append(some, c)
		}
	}
	return some
}

// commandLineJudges returns the form of each case, by its id: its format and
// what it was taken out of.
func commandLineJudges(t *testing.T, list []Case) map[string]string {
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
		code, stdout, stderr := laurel(t, dir, append(args, store(c.Input))...)
		var out struct {
			Reports []verify.Report `json:"reports"`
			Verdict verify.Verdict  `json:"verdict"`
		}
		if err := json.Unmarshal([]byte(stdout), &out); err != nil || len(out.Reports) == 0 || len(out.Reports) > 1 && c.Code != "input-several" {
			t.Errorf("%s: exit %d, %d reports, %v\n%s", c.id(), code, len(out.Reports), err, stderr)
			continue
		}
		r := out.Reports[0]
		forms[c.id()] = string(r.Format) + " " + r.Carrier
		exits := map[verify.Verdict]int{verify.Valid: 0, verify.Invalid: 1, verify.Undetermined: 3}
		if c.Code == "input-several" {
			var items []string
			for _, r := range out.Reports {
				items = append(items, answer(&r))
			}
			if len(items) < 2 || c.Items != nil && !slices.Equal(items, c.Items) || code != exits[out.Verdict] {
				t.Errorf("%s: the command line says %q and exits with %d, want %q", c.id(), items, code, c.Items)
				continue
			}
			agreed++
			continue
		}
		if got := answer(&r); got != c.wanted() || code != exits[r.Verdict] {
			t.Errorf("%s: the command line says %s and exits with %d, want %s", c.id(), got, code, c.wanted())
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

func pageJudges(t *testing.T, list []Case) {
	const base = "/badges/"
	profile := browser.Open(t)
	dir := t.TempDir()
	for _, args := range [][]string{{"new", "."}, {"build"}} {
		if code, _, stderr := laurel(t, dir, args...); code != 0 {
			t.Fatalf("laurel %s: exit %d\n%s", args[0], code, stderr)
		}
	}
	server := browser.Serve(t, filepath.Join(dir, "public"), base)
	b := browser.NewTab(t, profile, server.URL)
	if err := b.Visit(server.URL + base + "verify/#test"); err != nil {
		t.Fatal(err)
	}
	var questions []pageCase
	for _, c := range list {
		questions = append(questions, c.forPage())
	}
	text, err := json.Marshal(questions)
	if err != nil {
		t.Fatal(err)
	}
	// A line separator is text in JSON and was none in scripts.
	script := strings.NewReplacer("\u2028", `\u2028`, "\u2029", `\u2029`).Replace(string(text))
	answers, err := browser.Evaluate[map[string]string](b, fmt.Sprintf(judgeScript, script))
	if err != nil {
		t.Fatal(err)
	}
	agreed := 0
	for _, c := range list {
		if got := answers[c.id()]; got != c.wanted() {
			t.Errorf("%s: the page says %s, want %s", c.id(), got, c.wanted())
			continue
		}
		agreed++
	}
	b.Clean(t)
	t.Logf("the page agrees on %d of %d cases", agreed, len(list))
}
