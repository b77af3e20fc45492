package main

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"laurel/internal/testing/browser"
)

// pagesOf are the paths of the sample's pages to visit: the first, all
// achievements, five awards of different kinds, the texts, and one that is not
// there.
func pagesOf(t *testing.T, dir string) []string {
	t.Helper()
	public := filepath.Join(dir, "public")
	pages := []string{"", "no-such-page/at/any/depth", "de/achievements/datenanalyse/", "de/skills/", "programs/workshop-foundation/", "skills/perform-data-analysis/"}
	found, err := filepath.Glob(filepath.Join(public, "achievements/*/index.html"))
	if err != nil {
		t.Fatal(err)
	}
	texts, err := filepath.Glob(filepath.Join(public, "*/index.html"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range append(found, texts...) {
		rel, err := filepath.Rel(public, filepath.Dir(file))
		if err != nil {
			t.Fatal(err)
		}
		pages = append(pages, filepath.ToSlash(rel)+"/")
	}
	folders := awardFolders(t, dir)
	for _, award := range []string{
		"food-2026/food-handler/food-01",                              // revoked, and would expire
		"welding-spring-2026/mig-welding-1/hong-gildong",              // suspended
		"welding-spring-2026/mig-welding-1/zoe-brontesdottir",         // with evidence and a narrative
		"daten-2026/datenanalyse/daten-02",                            // in German
		"welding-spring-2026/mig-welding-1/did:web:ahmad.example.org", // from right to left
		"records/workshop-foundation/conformance",                     // a learner record
	} {
		if folders[award] == "" {
			t.Fatalf("%s was not signed", award)
		}
		pages = append(pages, folders[award])
	}
	if len(pages) < 20 {
		t.Fatalf("only %d pages", len(pages))
	}
	return pages
}

// TestBrowser opens the sample academy in Chromium.
func TestBrowser(t *testing.T) {
	slow(t, "opens pages in a browser")
	t.Parallel()
	dir := academy.read(t)
	pages := pagesOf(t, dir)
	server := serve(t, filepath.Join(dir, "public"), "/larkspur/")
	profile := newBrowser(t)

	// With and without scripts, and each on a phone and a screen, light and dark.
	// In a group, so that browser and server outlive the parallel tests.
	t.Run("pages", func(t *testing.T) {
		for scripts, first := range map[bool]int64{true: 320, false: 1280} {
			t.Run(fmt.Sprintf("scripts=%v", scripts), func(t *testing.T) {
				t.Parallel()
				visitAll(t, profile, server.URL, pages, first, scripts)
			})
		}
	})
	t.Run("axe", func(t *testing.T) {
		some := someOf(pages)
		for scheme, width := range map[string]int64{"light": 320, "dark": 1280} {
			t.Run(fmt.Sprintf("%d-%s", width, scheme), func(t *testing.T) {
				t.Parallel()
				askAxe(t, profile, server.URL, some, width, scheme)
			})
		}
	})
	t.Run("calm", func(t *testing.T) {
		t.Parallel()
		folders := awardFolders(t, dir)
		calm(t, profile, server.URL, []string{"", "achievements/mig-welding-1/", "about/", "verify/", "claim/", "no-such-page",
			folders["welding-spring-2026/mig-welding-1/zoe-brontesdottir"], folders["food-2026/food-handler/food-01"]})
	})
	t.Run("filter", func(t *testing.T) { filter(t, profile, server.URL) })
}

// someOf leaves three of the achievements' pages, which are all alike.
func someOf(pages []string) []string {
	var some []string
	n := 0
	for _, p := range pages {
		if strings.HasPrefix(p, "achievements/") {
			if n++; n%4 != 0 {
				continue
			}
		}
		some = append(some, p)
	}
	return some
}

// askAxe asks axe-core of every page whether everybody can use it. Nothing
// serious or critical may be found; the rest is logged.
func askAxe(t *testing.T, profile context.Context, server string, pages []string, width int64, scheme string) {
	axe := browser.NewAxe(t)
	b := newTab(t, profile, server, window(width), colours(scheme), browser.Policy(false))
	for _, p := range pages {
		if err := b.visit(server + "/larkspur/" + p); err != nil {
			t.Fatalf("/%s: %v", p, err)
		}
		if _, err := b.look(); err != nil {
			t.Fatalf("/%s: %v", p, err)
		}
		axe.Ask(t, b.Tab, "/"+p)
	}
	axe.Log(t)
	t.Logf("asked of %d pages", len(pages))
}

// visitAll looks at every page, which it opens in a window of a width and then
// makes wider or narrower, lighter and darker: nothing may go wrong, and
// everything fit.
func visitAll(t *testing.T, profile context.Context, server string, pages []string, first int64, scripts bool) {
	b := newTab(t, profile, server, browser.Scripts(scripts))
	pictures := 0
	for _, p := range pages {
		if err := b.do(window(first), colours("light")); err != nil {
			t.Fatal(err)
		}
		if err := b.visit(server + "/larkspur/" + p); err != nil {
			t.Fatalf("/%s: %v", p, err)
		}
		b.everyLook(t, "/"+p, first, func(where, scheme string, l browser.Look) {
			pictures += l.Pictures
			if l.Headings != 1 || l.Title == "" || l.Language == "" {
				t.Errorf("%s: %d main headings, title %q, language %q", where, l.Headings, l.Title, l.Language)
			}
			if home := p == "" || p == "de/"; l.Filter != (home && scripts) {
				t.Errorf("%s: the search field can be seen: %v", where, l.Filter)
			}
		})
		for _, fault := range b.said() {
			t.Errorf("/%s: %s", p, fault)
		}
	}
	if pictures < 80 {
		t.Errorf("only %d pictures were seen", pictures)
	}
}

// everyLook looks at what a tab shows on a phone and a screen, light and dark, in
// a window of the given width first: everything must be there, and fit.
func (b *tab) everyLook(t *testing.T, what string, first int64, also func(where, scheme string, l browser.Look)) {
	t.Helper()
	for _, width := range []int64{first, 1600 - first} {
		for _, scheme := range []string{"light", "dark"} {
			where := fmt.Sprintf("%s, %d wide, %s", what, width, scheme)
			if err := b.do(window(width), colours(scheme)); err != nil {
				t.Fatalf("%s: %v", where, err)
			}
			l, err := b.look()
			if err != nil {
				t.Fatalf("%s: %v", where, err)
			}
			if len(l.Wide) > 0 {
				t.Errorf("%s: is wider than the window: %v", where, l.Wide)
			}
			if len(l.Broken) > 0 {
				t.Errorf("%s: pictures are missing: %v", where, l.Broken)
			}
			if light := l.Lightness > 128; !l.Styled || light != (scheme == "light") {
				t.Errorf("%s: styled: %v, and the background has lightness %.0f of 255", where, l.Styled, l.Lightness)
			}
			also(where, scheme, l)
		}
	}
}

// filter tries the search on the first page: it leaves what was looked for.
func filter(t *testing.T, profile context.Context, server string) {
	b := newTab(t, profile, server)
	if err := b.visit(server + "/larkspur/"); err != nil {
		t.Fatal(err)
	}
	shown := func() []string {
		t.Helper()
		names, err := evaluate[[]string](b, `[...document.querySelectorAll('[data-is]')].filter(e => e.getClientRects().length > 0).map(e => e.querySelector('h3').textContent)`)
		if err != nil {
			t.Fatal(err)
		}
		return names
	}
	all := shown()
	for text, want := range map[string]int{"WELDING": 1, "zzz": 0, "<script>": 0} {
		if _, err := evaluate[string](b, `document.querySelector('input[type=search]').value = ''`); err != nil {
			t.Fatal(err)
		}
		if err := b.do(chromedp.SendKeys(chromedp.CSS("input[type=search]"), text)); err != nil {
			t.Fatal(err)
		}
		var got []string
		for range 3000 { // it may wait for typing to end
			if got = shown(); want == 0 && len(got) == 0 || want > 0 && len(got) >= want && len(got) < len(all) {
				break
			}
			time.Sleep(20 * time.Millisecond)
		}
		if (len(got) > 0) != (want > 0) || len(got) >= len(all) {
			t.Errorf("of %d achievements %q leaves %v", len(all), text, got)
		}
		if want > 0 && !slices.ContainsFunc(got, func(name string) bool { return strings.Contains(name, "Welding") }) {
			t.Errorf("%q leaves %v", text, got)
		}
	}
	for _, fault := range b.said() {
		t.Error(fault)
	}
}
