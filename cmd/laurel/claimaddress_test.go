package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"laurel/internal/testing/poppler"
)

// TestClaimAddress: while a lesser form of an award is shown, the link to all of
// it is nowhere: not in the address, not in the history, not on paper.
func TestClaimAddress(t *testing.T) {
	slow(t, "opens pages in a browser")
	t.Parallel()
	site := newClaimSite(t)
	server := serve(t, site.public, "/larkspur/")
	heard := listenTo(server)
	profile := newBrowser(t)
	full := site.links["claimed"]
	claim := server.URL + "/larkspur/claim/"

	t.Run("chosen", func(t *testing.T) {
		b := claimTab(t, profile, server.URL)
		c := b.follow(t, claim+"#"+full)
		history := c.History
		// Readers can tell their browser to keep a margin, and it then prints the
		// address there.
		if _, err := evaluate[int](b, `document.styleSheets[0].insertRule('@page certificate { margin: 12mm !important }', document.styleSheets[0].cssRules.length)`); err != nil {
			t.Fatal(err)
		}
		asked := len(heard.requests())
		for _, variant := range []string{"no-name", "achievement-only", "full", "no-name"} {
			if err := b.do(chromedp.Click(chromedp.CSS(`#claim-variants input[value="` + variant + `"]`))); err != nil {
				t.Fatal(err)
			}
			c = b.variant(t, variant)
			want := "#" + full
			if variant != "full" {
				_, want, _ = strings.Cut(c.Link, "#")
				want = "#" + want
			}
			if c.Hash != want || c.History != history || len(c.Variants) != 3 || (variant != "full") == (c.Hash == "#"+full) {
				t.Errorf("%s: the page shows %+v", variant, c)
			}
			if variant != "full" {
				for _, paper := range papers() {
					if text := headed(t, b, paper.params); strings.Contains(text, full[:32]) || strings.Contains(text, full[33:]) {
						t.Errorf("%s on %s: the paper tells the link to all of the award:\n%s", variant, paper.name, text)
					}
				}
			} else if text := headed(t, b, papers()[0].params); !strings.Contains(text, full) {
				t.Errorf("the browser prints no address, so this proves nothing:\n%s", text)
			}
		}
		for _, r := range heard.requests()[asked:] {
			if strings.Contains(r, "/c/") {
				t.Errorf("the link is opened again: %s", r)
			}
		}
		// "Skip to content" leads into the page, and takes no link away.
		b.tabTo(t, ".skip")
		if err := b.do(chromedp.KeyEvent(kb.Enter)); err != nil {
			t.Fatal(err)
		}
		if _, err := evaluate[bool](b, `new Promise(resolve => { const ask = () => location.hash === '#content' ? setTimeout(ask, 10) : resolve(true); ask(); })`); err != nil {
			t.Fatal(err)
		}
		if again := b.variant(t, "no-name"); again.Hash != c.Hash || !again.Article {
			t.Errorf("after \"skip to content\" the page shows %+v", again)
		}
		if err := b.do(chromedp.Reload()); err != nil {
			t.Fatal(err)
		}
		if again := b.shownClaim(t); again.Hash != c.Hash || len(again.Variants) != 0 || again.Verdict != "valid" || again.Name != "" {
			t.Errorf("loaded again, the page shows %+v", again)
		}
		b.clean(t)
	})

	t.Run("no margin", func(t *testing.T) {
		// All of it is shown, as to the learner; the browser has no room for the
		// address, if the page may choose its margins.
		b := claimTab(t, profile, server.URL)
		b.follow(t, claim+"#"+full)
		for _, paper := range papers()[2:] {
			if text := headed(t, b, paper.params); strings.Contains(text, "127.0.0.1") || strings.Contains(text, full) {
				t.Errorf("on %s the page's address is printed:\n%s", paper.name, text)
			}
		}
	})

	t.Run("broken off", func(t *testing.T) {
		b := claimTab(t, profile, server.URL)
		b.follow(t, claim+"#"+full)
		if _, err := evaluate[bool](b, `(() => {
			const {encode} = TextEncoder.prototype; // of a credential: what opens its page still works
			TextEncoder.prototype.encode = function (s) { if (s.startsWith('{')) throw new Error('broken'); return encode.call(this, s); };
			return true;
		})()`); err != nil {
			t.Fatal(err)
		}
		if err := b.do(chromedp.Click(chromedp.CSS(`#claim-variants input[value="no-name"]`))); err != nil {
			t.Fatal(err)
		}
		if c := b.shownClaim(t); c.Why != "failed" || c.Article || !strings.HasPrefix(c.Note, themeWords(t)["claim.note.failed"]) {
			t.Errorf("the page shows %+v", c)
		}
		b.clean(t)
	})

	t.Run("key ended", func(t *testing.T) {
		file := filepath.Join(site.public, "did.json")
		good, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, member := range []string{"revoked", "expires"} {
			var did map[string]any
			if err := json.Unmarshal(good, &did); err != nil {
				t.Fatal(err)
			}
			for _, m := range did["verificationMethod"].([]any) {
				maps.Copy(m.(map[string]any), map[string]any{member: "2026-06-01T00:00:00Z"})
			}
			data, err := json.Marshal(did)
			if err == nil {
				err = os.WriteFile(file, data, 0o644)
			}
			if err != nil {
				t.Fatal(err)
			}
			b := claimTab(t, profile, server.URL)
			if c := b.follow(t, claim+"#"+full); c.Why != "ended" || c.Article || c.Note != themeWords(t)["claim.note.ended"] {
				t.Errorf("%s: the page shows %+v", member, c)
			}
			b.clean(t)
		}
	})
}

// headed is the text of the printed page, with the header and footer that
// browsers print unless told not to.
func headed(t *testing.T, b *tab, p page.PrintToPDFParams) string {
	t.Helper()
	yes := true
	p.DisplayHeaderFooter = &yes
	data, err := b.pdf(p)
	if err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(t.TempDir(), "headed.pdf")
	if err := os.WriteFile(out, data, 0o600); err != nil {
		t.Fatal(err)
	}
	if pages := poppler.Pages(t, out); len(pages) != 1 {
		t.Errorf("%d pages", len(pages))
	}
	return strings.Join(strings.Fields(poppler.Run(t, "pdftotext", "-raw", out, "-")), "")
}

// TestTakeFails has the buttons of an award's page do what does not work, and
// wants to be told so; and shares by the system's way, where there is one.
func TestTakeFails(t *testing.T) {
	slow(t, "opens pages in a browser")
	t.Parallel()
	dir := academy.read(t)
	public := filepath.Join(dir, "public")
	server := serve(t, public, "/larkspur/")
	folder := awardFolders(t, dir)["welding-spring-2026/mig-welding-1/zoe-brontesdottir"]
	b := claimTab(t, newBrowser(t), server.URL, chromedp.Func(stubs))
	if err := b.visit(server.URL + "/larkspur/" + folder); err != nil {
		t.Fatal(err)
	}
	words := themeWords(t)
	if err := b.do(chromedp.Click(chromedp.CSS("#take > summary"))); err != nil {
		t.Fatal(err)
	}
	press := func(action, want string) {
		t.Helper()
		patience := 100_000 // milliseconds
		if want == "nothing" {
			patience = 1500
		}
		said, err := evaluate[string](b, fmt.Sprintf(`new Promise((resolve, reject) => {
			const live = document.querySelector('.take-live'), button = document.querySelector('[data-action="%s"]');
			if (!button.checkVisibility()) reject(new Error('there is no button'));
			new MutationObserver((_, o) => live.textContent !== '' && (o.disconnect(), resolve(live.textContent))).observe(live, {childList: true});
			setTimeout(() => resolve('nothing'), %d);
			button.click();
		})`, action, patience))
		if err != nil || said != want {
			t.Errorf("%s: the page says %q, %v; want %q", action, said, err, want)
		}
	}
	press("share", "nothing")
	shared, err := evaluate[string](b, `JSON.stringify(window.shared)`)
	if want := `{"title":"MIG Welding, Level 1 · Larkspur Academy","url":"` + sampleURL + folder + `"}`; err != nil || shared != want {
		t.Errorf("shared is %s, %v; want %s", shared, err, want)
	}
	if _, err := evaluate[bool](b, `(window.broken = 'AbortError', true)`); err != nil {
		t.Fatal(err)
	}
	press("share", "nothing") // the learner closed the choice
	if _, err := evaluate[bool](b, `(window.broken = 'NotAllowedError', true)`); err != nil {
		t.Fatal(err)
	}
	press("share", words["take.share.failed"])
	press("copy-link", words["take.copy.failed"])
	press("copy-text", words["take.copy.failed"])
	press("zip", words["take.zip.failed"])
	b.clean(t)
}

// stubs has sharing tell what it is given, or fail as window.broken says, when
// nothing else works either.
func stubs(ctx context.Context, target *chromedp.Target) error {
	_, err := cdp.Call(ctx, target, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: `
		Object.defineProperty(navigator, 'share', {value: async what => {
			if (window.broken) throw new DOMException('no', window.broken);
			window.shared = what;
		}});
		navigator.clipboard.writeText = async () => { throw new Error('no') };
		document.execCommand = () => false;
		window.fetch = async () => { throw new TypeError('no') };
	`})
	return err
}

// TestSeparators looks at the points between the parts of an alignment on a
// phone, on the pages of the skills that an achievement shows: none begins a line.
func TestSeparators(t *testing.T) {
	slow(t, "opens pages in a browser")
	t.Parallel()
	dir := academy.read(t)
	server := serve(t, filepath.Join(dir, "public"), "/larkspur/")
	b := newTab(t, newBrowser(t), server.URL, window(320))
	if err := b.visit(server.URL + "/larkspur/achievements/bookkeeping/"); err != nil {
		t.Fatal(err)
	}
	skills, err := evaluate[[]string](b, `[...new Set([...document.querySelectorAll('main a[href*="skills/"]')].map(a => new URL(a.href).pathname))].filter(p => !p.endsWith('/skills/'))`)
	if err != nil {
		t.Fatal(err)
	}
	type points struct{ First, Between, Wrong int }
	var seen points
	for _, skill := range skills {
		if err := b.visit(server.URL + skill); err != nil {
			t.Fatal(err)
		}
		on, err := evaluate[points](b, `(() => {
			const seen = {first: 0, between: 0, wrong: 0};
			for (const meta of document.querySelectorAll('.alignments .meta')) {
				const clip = /^inset\(\S+ \S+ \S+ (\S+)px\)$/.exec(getComputedStyle(meta).clipPath);
				const edge = meta.getBoundingClientRect().left + (clip ? Number(clip[1]) : 0);
				let top;
				for (const part of meta.children) {
					const {left, top: at, height} = part.getBoundingClientRect();
					const begins = top === undefined || at > top + height / 2;
					top = begins ? at : top;
					// The point stands in the middle of the pixels before the part.
					const room = parseFloat(getComputedStyle(part, '::before').width), point = left - room / 2;
					const shown = getComputedStyle(part, '::before').content !== 'none' && point - 2 > edge;
					seen[begins ? 'first' : 'between']++;
					seen.wrong += shown === begins ? 1 : 0;
				}
			}
			return seen;
		})()`)
		if err != nil || on.Wrong > 0 {
			t.Errorf("%s: %+v, %v", skill, on, err)
		}
		seen.First += on.First
		seen.Between += on.Between
	}
	if seen.First < 5 || seen.Between == 0 {
		t.Errorf("of %d skills: %+v", len(skills), seen)
	}
}
