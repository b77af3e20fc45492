package main

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"laurel/internal/testing/browser"
)

// shifted is how far the page has moved under its reader since it began to load.
const shifted = `new Promise(done => {
	let sum = 0;
	new PerformanceObserver(list => { for (const e of list.getEntries()) if (!e.hadRecentInput) sum += e.value; }).observe({type: 'layout-shift', buffered: true});
	requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(sum), 50)));
})`

// moving are elements of which the style sheet moves or fades something.
const moving = `[...document.querySelectorAll('*')].filter(e => {
	const s = getComputedStyle(e);
	return (s.transitionDuration + ',' + s.animationDuration).split(',').some(d => parseFloat(d) > 0.001);
}).map(e => e.localName + '.' + e.className)`

// outgrown are elements that make the page wider than the window.
const outgrown = `document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1).slice(0, 5).map(e => e.localName + '.' + e.className)`

// unmarked are controls of which forced colours leave no edge.
const unmarked = `[...document.querySelectorAll('.button, .field, input:not([type=hidden], .visually-hidden), textarea, select')].filter(e => e.checkVisibility() && parseFloat(getComputedStyle(e).borderTopWidth) < 1 && getComputedStyle(e).appearance === 'none').map(e => e.localName + '.' + e.className)`

// small are controls that are hard to hit: buttons below 44 pixels of height, anything
// below 24 that is not a word in a sentence.
const small = `[...document.querySelectorAll('.button, nav a, nav summary, footer li a, input:not(.visually-hidden), select, summary')].filter(e => e.checkVisibility()).filter(e => {
	const b = e.getBoundingClientRect();
	return b.height > 0 && b.height < (e.matches('.button') ? 43.5 : 23.5);
}).map(e => e.localName + '.' + e.className + ' ' + Math.round(e.getBoundingClientRect().height))`

// focused is what has the focus, and what is wrong with how that is seen.
const focused = `(() => {
	const e = document.activeElement, at = e.matches('.visually-hidden') && e.id ? document.querySelector('label[for="' + e.id + '"]') ?? e : e;
	const ring = x => { const s = getComputedStyle(x); return s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2; };
	const marked = ring(at) || [...document.querySelectorAll(':has(:focus-visible)')].some(ring) || getComputedStyle(e, '::after').outlineStyle !== 'none';
	const b = at.getBoundingClientRect();
	return {what: e === document.body ? '' : e.localName + '.' + e.className, marked: e === document.body || marked, seen: e === document.body || b.bottom > 0 && b.top < innerHeight && b.width > 0};
})()`

// calm looks at one page of each kind as people do who see, move or read otherwise:
// nothing moves while it loads, text can be twice as large, motion can be off, colours
// the reader's own, and the keyboard reaches all, and shows where it is.
func calm(t *testing.T, profile context.Context, server string, pages []string) {
	b := newTab(t, profile, server, browser.Focus())
	for _, p := range pages {
		for _, width := range []int64{360, 1280} {
			if err := b.do(window(width), colours("light")); err != nil {
				t.Fatal(err)
			}
			if err := b.visit(server + "/larkspur/" + p); err != nil {
				t.Fatalf("/%s: %v", p, err)
			}
			if sum := ask[float64](t, b, shifted); sum > 0.02 {
				t.Errorf("/%s, %d wide: it shifts by %.3f", p, width, sum)
			}
			if found := ask[[]string](t, b, small); len(found) > 0 {
				t.Errorf("/%s, %d wide: too small to hit: %v", p, width, found)
			}
		}
		ask[string](t, b, `document.documentElement.style.fontSize = '200%'`)
		if found := ask[[]string](t, b, outgrown); len(found) > 0 {
			t.Errorf("/%s, text twice as large: wider than the window: %v", p, found)
		}
		ask[string](t, b, `document.documentElement.style.fontSize = ''`)
		b.media(t, "prefers-reduced-motion", "reduce")
		if found := ask[[]string](t, b, moving); len(found) > 0 {
			t.Errorf("/%s, motion reduced: these move: %v", p, found)
		}
		b.media(t, "forced-colors", "active")
		if found := ask[[]string](t, b, unmarked); len(found) > 0 {
			t.Errorf("/%s, colours forced: without an edge: %v", p, found)
		}
		b.media(t, "prefers-color-scheme", "dark")
		b.tabThrough(t, p)
	}
}

func ask[T any](t *testing.T, b *tab, script string) T {
	t.Helper()
	v, err := evaluate[T](b, script)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func (b *tab) media(t *testing.T, name, value string) {
	t.Helper()
	if err := b.do(command(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: name, Value: value}}})); err != nil {
		t.Fatal(err)
	}
}

// tabThrough goes through the first controls of a page by keyboard: first comes the
// way past the header, and each that has the focus shows it, where it can be seen.
func (b *tab) tabThrough(t *testing.T, p string) {
	t.Helper()
	ask[string](t, b, `(document.activeElement.blur(), scrollTo(0, 0), '')`)
	for i := range 24 {
		if err := b.do(chromedp.KeyEvent(kb.Tab)); err != nil {
			t.Fatal(err)
		}
		f := ask[struct {
			What         string
			Marked, Seen bool
		}](t, b, focused)
		if f.What == "" {
			break // past the last one
		}
		if i == 0 && !strings.HasPrefix(f.What, "a.skip") {
			t.Errorf("/%s: the first stop is %s", p, f.What)
		}
		if !f.Marked || !f.Seen {
			t.Errorf("/%s, stop %d: %s is marked: %v, seen: %v", p, i, fmt.Sprint(f.What), f.Marked, f.Seen)
		}
	}
}
