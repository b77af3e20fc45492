package browser

import (
	"os"
	"path/filepath"
	"testing"

	"laurel/internal/testing/interop"
)

// violation is what axe-core found.
type violation struct {
	ID     string   `json:"id"`
	Impact string   `json:"impact"`
	Help   string   `json:"help"`
	Where  []string `json:"where"`
}

const axeRun = `axe.run(document, {resultTypes: ['violations']}).then(r => ({
	passes: r.passes.length,
	violations: r.violations.map(v => ({id: v.id, impact: v.impact || '', help: v.help, where: v.nodes.map(n => n.target.join(' ')).slice(0, 5)})),
}))`

// Axe is axe-core, which tells whether everybody can use a page.
type Axe struct {
	source string

	// Minor counts what was found and matters little, by impact and rule.
	Minor map[string]int
}

// NewAxe reads axe-core, which npm installs from the lockfile where it is
// missing. Each test has one of its own.
func NewAxe(t testing.TB) *Axe {
	t.Helper()
	dir := filepath.Join(interop.Repository(t), "internal/testing/browser/axe")
	if err := interop.Install(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(filepath.Join(dir, "node_modules/axe-core/axe.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	return &Axe{string(b), map[string]int{}}
}

// Ask asks axe-core of what a tab shows, whose policy must be off: see Policy.
// What is serious or critical is an error of the test, the rest is counted.
func (a *Axe) Ask(t testing.TB, b *Tab, where string) {
	t.Helper()
	if there, err := Evaluate[bool](b, `typeof axe !== 'undefined'`); err != nil {
		t.Fatalf("%s: %v", where, err)
	} else if !there {
		if _, err := Evaluate[bool](b, a.source+";true"); err != nil {
			t.Fatalf("%s: %v", where, err)
		}
	}
	found, err := Evaluate[struct {
		Passes     int         `json:"passes"`
		Violations []violation `json:"violations"`
	}](b, axeRun)
	if err != nil {
		t.Fatalf("%s: %v", where, err)
	}
	if found.Passes < 10 {
		t.Errorf("%s: axe-core looked at %d rules only", where, found.Passes)
	}
	for _, v := range found.Violations {
		if v.Impact == "serious" || v.Impact == "critical" || v.Impact == "" {
			t.Errorf("%s: %s: %s: %s %q", where, v.Impact, v.ID, v.Help, v.Where)
		} else {
			a.Minor[v.Impact+": "+v.ID]++
		}
	}
}

// Log logs what matters little.
func (a *Axe) Log(t testing.TB) {
	t.Helper()
	for what, n := range a.Minor {
		t.Logf("%d times: %s", n, what)
	}
}
