package main

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"laurel/internal/publishing/render"
	"laurel/internal/testing/browser"
	"laurel/themes"
)

// TestLanguages reads a site in Arabic as who reads from right to left does, changes its
// language without losing what the address says, and holds what Go writes of numbers,
// days and lists to what the browser would write.
func TestLanguages(t *testing.T) {
	slow(t, "opens pages in a browser")
	t.Parallel()
	dir := t.TempDir()
	catalogueOf(t, dir, 8)
	name := filepath.Join(dir, "content", "site.yaml")
	yaml, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(strings.Replace(string(yaml), "[en]", "[en, ar, de]", 1)), 0o644); err != nil {
		t.Fatal(err)
	}
	must(t, dir, "build")
	server := serve(t, filepath.Join(dir, "public"), "/hall/")
	profile := newBrowser(t)
	b := newTab(t, profile, server.URL, window(360))
	home := server.URL + "/hall/"
	axe, asked := browser.NewAxe(t), newTab(t, profile, server.URL, browser.Policy(false))
	for _, page := range []string{"ar/", "ar/achievements/a0000/", "ar/verify/", "ar/claim/", "ar/skills/"} {
		for _, width := range []int64{360, 1280} {
			if err := b.do(window(width)); err != nil {
				t.Fatal(err)
			}
			if err := b.visit(home + page); err != nil {
				t.Fatalf("%s: %v", page, err)
			}
			found := ask[[]string](t, b, `(() => {
				const root = document.documentElement, found = [];
				if (root.dir !== 'rtl' || root.lang !== 'ar') found.push('the page is ' + root.lang + ', ' + root.dir);
				if (root.scrollWidth > innerWidth) found.push('wider than the window');
				const side = e => { const b = e.getBoundingClientRect(); return b.left + b.width / 2; };
				const [first, last] = [document.querySelector('.site-header .brand'), document.querySelector('.site-header .languages')];
				if (innerWidth > 1000 && first && last && side(first) < side(last)) found.push('the header runs from left to right');
				for (const e of document.querySelectorAll('code, pre, .contact a')) {
					if (e.checkVisibility() && getComputedStyle(e).direction !== 'ltr') found.push('from right to left: ' + e.textContent);
				}
				const text = root.textContent;
				for (const word of ['Skip to content', 'Verify', 'Achievements', 'Languages']) if (text.includes(word)) found.push('in English: ' + word);
				return found;
			})()`)
			if len(found) > 0 {
				t.Errorf("%s, %d wide: %v", page, width, found)
			}
			scheme := map[bool]string{true: "light", false: "dark"}[width == 360]
			if err := asked.do(window(width), colours(scheme)); err != nil {
				t.Fatal(err)
			}
			if err := asked.visit(home + page); err != nil {
				t.Fatalf("%s: %v", page, err)
			}
			axe.Ask(t, asked.Tab, page+", "+scheme)
		}
	}

	// What the address says goes along into the other language, also what opens an award.
	for _, page := range []string{"verify/#vc=https://hall.example.org/hall/nothing.json", "claim/#not-a-link"} {
		b.Expect("/hall/nothing.json")
		if err := b.visit("about:blank"); err != nil {
			t.Fatal(err)
		}
		if err := b.visit(home + page); err != nil {
			t.Fatal(err)
		}
		if err := b.do(chromedp.Click(chromedp.CSS(`.languages summary`)), chromedp.Click(chromedp.CSS(`.languages a[hreflang="ar"]`)), chromedp.WaitVisible(chromedp.CSS(`html[lang="ar"] .site-header`))); err != nil {
			t.Fatal(err)
		}
		if got, want := ask[string](t, b, `location.href`), home+"ar/"+page; got != want {
			t.Errorf("%s in Arabic is %s", page, got)
		}
	}

	r, err := render.New(nil, nil, render.Options{})
	if err != nil {
		t.Fatal(err)
	}
	days := []string{"2026-03-05", "2025-12-31", "2024-02-29"}
	for _, tag := range []string{"en-GB", "en-US", "de", "es", "fr", "pt", "ar", "uk", "zh", "hi"} {
		w := r.Words(tag)
		table, err := fs.ReadFile(themes.Default(), "strings/"+tag[:2]+".json")
		if err != nil {
			t.Fatal(err)
		}
		said := ask[struct{ Numbers, Decimals, Days, Lists []string }](t, b, fmt.Sprintf(`(() => {
			const tag = %q, words = %s, forms = words['duration.day'];
			const n = new Intl.NumberFormat(tag, {numberingSystem: 'latn', useGrouping: 'always', maximumFractionDigits: 15}), plural = new Intl.PluralRules(tag), list = new Intl.ListFormat(tag);
			const day = new Intl.DateTimeFormat(tag, {dateStyle: 'long', timeZone: 'UTC', numberingSystem: 'latn', calendar: 'gregory'});
			return {numbers: [...Array(130).keys(), 1000, 1234567].map(i => (forms[plural.select(i)] ?? forms.other).replace('{n}', n.format(i))),
				decimals: [2.5, 12345.678].map(i => n.format(i)), days: %s.map(d => day.format(new Date(d))), lists: [['a'], ['a', 'b'], ['a', 'b', 'c', 'd']].map(l => list.format(l))};
		})()`, tag, table, mustJSON(t, days)))
		i := 0
		check := func(got string, wanted []string) {
			t.Helper()
			if i < len(wanted) && got != wanted[i] {
				t.Errorf("%s: %q, and the browser writes %q", tag, got, wanted[i])
			}
			i++
		}
		for n := range 130 {
			text, err := w.Text("duration.day", "n", n)
			if err != nil {
				t.Fatal(err)
			}
			check(text, said.Numbers)
		}
		for _, n := range []int{1000, 1234567} {
			text, err := w.Text("duration.day", "n", n)
			if err != nil {
				t.Fatal(err)
			}
			check(text, said.Numbers)
		}
		i = 0
		for _, n := range []string{"2.5", "12345.678"} {
			check(w.Number(n), said.Decimals)
		}
		i = 0
		for _, day := range days {
			at, err := time.Parse(time.DateOnly, day)
			if err != nil {
				t.Fatal(err)
			}
			check(w.Date(at), said.Days)
		}
		i = 0
		for _, items := range [][]string{{"a"}, {"a", "b"}, {"a", "b", "c", "d"}} {
			check(w.List(items), said.Lists)
		}
	}
}

func mustJSON(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
