package main

import (
	"context"
	"os"
	"testing"

	"github.com/chromedp/cdproto/page"

	"laurel/internal/testing/interop"
)

// axeSource is the script of axe-core, which npm installs from the lockfile
// where it is missing.
func axeSource(t *testing.T) string {
	t.Helper()
	const dir = "testdata/browser"
	if err := interop.Install(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(dir + "/node_modules/axe-core/axe.min.js")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// violation is what axe-core found.
type violation struct {
	Page   string   `json:"page"`
	ID     string   `json:"id"`
	Impact string   `json:"impact"`
	Help   string   `json:"help"`
	Where  []string `json:"where"`
}

const axeRun = `axe.run(document, {resultTypes: ['violations']}).then(r => ({
	passes: r.passes.length,
	violations: r.violations.map(v => ({id: v.id, impact: v.impact || '', help: v.help, where: v.nodes.map(n => n.target.join(' ')).slice(0, 5)})),
}))`

// askAxe asks axe-core of every page whether everybody can use it. Nothing
// serious or critical may be found; the rest is logged.
func askAxe(t *testing.T, browser context.Context, axe, server string, pages []string, width int64, scheme string) {
	// The policy of the pages would keep axe-core out too.
	b := newTab(t, browser, server, window(width), colours(scheme), command(page.SetBypassCSP, page.SetBypassCSPParams{Enabled: true}))
	minor := map[string]int{}
	for _, p := range pages {
		if err := b.visit(server + "/larkspur/" + p); err != nil {
			t.Fatalf("/%s: %v", p, err)
		}
		if _, err := b.look(); err != nil {
			t.Fatalf("/%s: %v", p, err)
		}
		askAxeHere(t, b, axe, p, minor)
	}
	for what, n := range minor {
		t.Logf("on %d pages: %s", n, what)
	}
}

// askAxeHere asks axe-core of what a tab shows, and counts what matters little.
func askAxeHere(t *testing.T, b *tab, axe, p string, minor map[string]int) {
	t.Helper()
	if _, err := evaluate[bool](b, axe+";true"); err != nil {
		t.Fatalf("/%s: %v", p, err)
	}
	found, err := evaluate[struct {
		Passes     int         `json:"passes"`
		Violations []violation `json:"violations"`
	}](b, axeRun)
	if err != nil {
		t.Fatalf("/%s: %v", p, err)
	}
	if found.Passes < 10 {
		t.Errorf("/%s: axe-core looked at %d rules only", p, found.Passes)
	}
	for _, v := range found.Violations {
		if v.Impact == "serious" || v.Impact == "critical" || v.Impact == "" {
			t.Errorf("/%s: %s: %s: %s %q", p, v.Impact, v.ID, v.Help, v.Where)
		} else {
			minor[v.Impact+": "+v.ID]++
		}
	}
}
