package cases

import (
	"maps"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"laurel/internal/standards/conform"
	"laurel/internal/standards/proof"
	"laurel/internal/standards/verify"
	"laurel/internal/testing/browser"
)

// TestMain lets the collector wait, as the command line does: most of what is
// judged here is a few kilobytes of garbage.
func TestMain(m *testing.M) {
	debug.SetGCPercent(400)
	code := m.Run()
	browser.Close()
	os.Exit(code)
}

// tools are made once for all tests: both take time, and are safe for concurrent
// use.
var tools = sync.OnceValues(func() (*proof.Processor, *conform.Checker) {
	p, err := proof.New()
	if err != nil {
		panic(err)
	}
	c, err := conform.New()
	if err != nil {
		panic(err)
	}
	return p, c
})

// verifierOf is a verifier that has the documents of a case and nothing else.
func verifierOf(t testing.TB, c Case) *verify.Verifier {
	t.Helper()
	p, checker := tools()
	documents := &verify.Documents{}
	for url, data := range c.Documents {
		if err := documents.Add(url, data); err != nil {
			t.Fatal(err)
		}
	}
	return verify.New(p, checker, verify.Options{Now: c.At, Load: documents.Load})
}

func logReport(t testing.TB, r *verify.Report) {
	t.Helper()
	for _, c := range r.Checks {
		t.Logf("  %-12s %-8s %-24s %s", c.Name, c.Outcome, c.Code, c.Text)
	}
}

// TestCases judges every case. With LAUREL_UPDATE set it writes the verdicts of
// the published vectors anew, to be read as a diff.
func TestCases(t *testing.T) {
	update := os.Getenv("LAUREL_UPDATE") != ""
	count := map[string]int{}
	verdicts := map[string]string{}
	for _, c := range All() {
		name := c.id()
		t.Run(name, func(t *testing.T) {
			count[c.Suite]++
			if _, again := verdicts[name]; again {
				t.Error("there are two of this name")
			}
			judge := verifierOf(t, c)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			r := judge.Credential(t.Context(), c.Input)
			runtime.ReadMemStats(&after)
			if mb := (after.TotalAlloc - before.TotalAlloc) >> 20; mb > 200 {
				t.Errorf("took %d MB, and the time that goes with them", mb)
			}
			got := answer(r)
			if want := c.wanted(); got != want && !update {
				t.Errorf("%s, want %s", got, want)
				logReport(t, r)
			}
			form := faultOfForm(r)
			if form != c.Form && !update {
				t.Errorf("form %q, want %q", form, c.Form)
				logReport(t, r)
			}
			if verdicts[name] = got; form != "" {
				verdicts[name] += " & " + form
			}
		})
	}
	total := 0
	for _, suite := range slices.Sorted(maps.Keys(count)) {
		t.Logf("%-30s %4d cases", suite, count[suite])
		total += count[suite]
	}
	t.Logf("%-30s %4d cases", "all", total)
	if update {
		writeVerdicts(t, verdicts)
	}
}

// TestWrapped: white space around a credential changes nothing.
func TestWrapped(t *testing.T) {
	names := map[string]bool{}
	wanted := 0
	for _, c := range Wrapped() {
		if names[c.Name] {
			t.Errorf("two cases %s", c.Name)
		}
		names[c.Name] = true
		if c.Verdict == "" {
			continue
		}
		wanted++
		r := verifierOf(t, c).Credential(t.Context(), c.Input)
		if got := answer(r); got != c.wanted() {
			t.Errorf("%s: %s, want %s %s", c.Name, got, c.Verdict, c.Code)
		}
	}
	t.Logf("%d cases, of which %d are wrapped in white space alone", len(names), wanted)
}

func writeVerdicts(t *testing.T, verdicts map[string]string) {
	kept := map[string]string{}
	for _, c := range Vectors() {
		kept[c.id()] = verdicts[c.id()]
	}
	data, err := json.Marshal(kept, json.Deterministic(true), jsontext.WithIndent("\t"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("testdata/verdicts.json", append(data, '\n'), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestVectorsAreSound holds what was recorded for the published vectors to what
// their manifests say: nothing is valid that has no good signature.
func TestVectorsAreSound(t *testing.T) {
	for _, c := range Vectors() {
		if c.Code == "" {
			t.Errorf("%s/%s has no recorded verdict; run with LAUREL_UPDATE=1", c.Suite, c.Name)
		}
		if (c.Suite == "vcdm2-structure" || strings.HasSuffix(c.Name, "Base") || strings.Contains(c.Name, "-err-")) && c.Verdict == "valid" {
			t.Errorf("%s/%s is valid", c.Suite, c.Name)
		}
	}
}
