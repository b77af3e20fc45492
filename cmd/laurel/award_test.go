package main

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"laurel/internal/testing/browser"
	"laurel/internal/testing/poppler"
)

// awardShown is what the page of an award says of how it stands, and offers.
type awardShown struct {
	Class  []string
	Title  string
	Text   string
	Tools  string // which of the two kinds can be seen
	Links  int    // to LinkedIn, wallets and pictures, that are not hidden
	Ticks  int    // that say valid
	Proven bool
	Rows   int
	Height float64
	Shift  float64 // of the layout, since the page was opened
}

const awardScript = `(() => {
	const article = document.querySelector('article.award');
	const seen = e => !e.closest('[hidden]');
	const text = selector => [...document.querySelectorAll(selector)].map(e => e.textContent.trim()).join(' ');
	return {
		Class: [...article.classList].filter(c => c.startsWith('is-') || c === 'not-good'), Title: text('.status-title'), Text: text('.status-text'),
		Tools: [...document.querySelectorAll('[data-tools]')].filter(seen).map(e => e.dataset.tools).join(' '),
		Links: [...article.querySelectorAll('a[href*="linkedin.com"], a[href^="dccrequest:"], a[data-download="badge.png"]')].filter(seen).length,
		Ticks: article.matches('.is-valid, .is-expiring') + article.querySelectorAll('.member .vmark-valid, [data-rows] .checked[data-verdict=valid]').length,
		Proven: article.hasAttribute('data-proven'), Rows: document.querySelectorAll('[data-rows] .vcheck').length, Height: document.documentElement.scrollHeight,
		Shift: (window.shifts ?? []).reduce((sum, e) => sum + e.value, 0),
	};
})()`

// clock has pages see another time than the machine's: window.clock, in milliseconds,
// or what it was started with; and notes how far the layout shifts.
func clock(now time.Time) browser.Setting {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: fmt.Sprintf(`{
		window.clock = %d;
		const machine = Date;
		Date = class extends machine {
			constructor(...a) { a.length ? super(...a) : super(window.clock); }
			static now() { return window.clock; }
		};
		window.shifts = [];
		new PerformanceObserver(list => shifts.push(...list.getEntries())).observe({type: 'layout-shift', buffered: true});
	}`, now.UnixMilli())})
		return err
	})
}

// TestAwardPage: what the page of an award says of it is true when it is read, and when
// it is printed: time and the issuer's list can take back what was said.
func TestAwardPage(t *testing.T) {
	slow(t, "opens pages in a browser")
	t.Parallel()
	dir := academy.copy(t)
	public := filepath.Join(dir, "public")
	folders := awardFolders(t, dir)
	const full, ends = "welding-spring-2026/mig-welding-1/zoe-brontesdottir", "safety-days-2026/first-aid/safety-05"
	const revoked, suspended = "safety-days-2026/first-aid/hong-gildong", "safety-days-2026/workshop-safety/hong-gildong"
	stale := map[string][]byte{} // pages as a browser has them that got them before
	for _, award := range []string{revoked, suspended} {
		stale["/larkspur/"+folders[award]] = []byte(readString(t, filepath.Join(public, filepath.FromSlash(folders[award]), "index.html")))
	}
	must(t, dir, "revoke", revoked, "--reason", "It was somebody else’s.", "--publish-reason", "--yes")
	must(t, dir, "suspend", suspended, "--reason", "A secret.", "--yes")
	must(t, dir, "sign")
	must(t, dir, "build")
	server := serve(t, public, "/larkspur/")
	next := server.Config.Handler
	server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if old := stale[r.URL.Path]; old != nil && r.Header.Get("Sec-Fetch-Dest") == "document" {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.Write(old)
			return
		}
		next.ServeHTTP(w, r)
	})
	profile := newBrowser(t)
	now := time.Now().UTC()
	open := func(t *testing.T, award string, settings ...browser.Setting) *tab {
		t.Helper()
		if folders[award] == "" {
			t.Fatalf("%s was not signed: %q", award, slices.Sorted(maps.Keys(folders)))
		}
		b := newTab(t, profile, server.URL, append([]browser.Setting{window(360)}, settings...)...)
		if err := b.visit(server.URL + "/larkspur/" + folders[award]); err != nil {
			t.Fatal(err)
		}
		return b
	}
	// shows waits until the page says a state.
	shows := func(t *testing.T, b *tab, state string) awardShown {
		t.Helper()
		var got awardShown
		for range 3000 {
			var err error
			if got, err = evaluate[awardShown](b, awardScript); err != nil {
				t.Fatal(err)
			}
			if slices.Contains(got.Class, "is-"+state) {
				return got
			}
			time.Sleep(20 * time.Millisecond)
		}
		t.Fatalf("the page does not come to say %s: %+v", state, got)
		return got
	}
	set := func(t *testing.T, b *tab, at time.Time) {
		t.Helper()
		if _, err := evaluate[bool](b, fmt.Sprintf(`(window.clock = %d, document.dispatchEvent(new Event('visibilitychange')), true)`, at.UnixMilli())); err != nil {
			t.Fatal(err)
		}
	}
	good := func(t *testing.T, got awardShown, want bool) {
		t.Helper()
		if tools := map[bool]string{true: "good", false: "not-good"}[want]; got.Tools != tools || slices.Contains(got.Class, "not-good") == want || (got.Links > 1) != want || (got.Ticks > 0) && !want {
			t.Errorf("offered as good: %v, wanted %v: %+v", got.Tools, want, got)
		}
	}

	t.Run("checked in place", func(t *testing.T) {
		t.Parallel()
		b := open(t, full, clock(now))
		got := shows(t, b, "valid")
		good(t, got, true)
		if got.Height >= 3000 || got.Rows > 0 || got.Proven || got.Shift > 0.02 {
			t.Errorf("folded, before it is checked, the page is %+v", got)
		}
		if err := b.do(chromedp.Click(chromedp.CSS(".status-check")), chromedp.WaitVisible(chromedp.CSS("[data-rows] .vcheck"))); err != nil {
			t.Fatal(err)
		}
		if got = shows(t, b, "valid"); got.Rows < 10 || !got.Proven {
			t.Errorf("checked, it says %+v", got)
		}
		if at, err := evaluate[string](b, `location.pathname`); err != nil || at != "/larkspur/"+folders[full] {
			t.Errorf("the check is at %s, %v", at, err)
		}
		b.clean(t)
	})
	t.Run("clock", func(t *testing.T) {
		t.Parallel()
		b := open(t, ends, clock(now))
		shows(t, b, "valid")
		until, err := evaluate[string](b, `document.querySelector('article.award').dataset.until`)
		if err != nil {
			t.Fatal(err)
		}
		end, err := time.Parse(time.RFC3339, until)
		if err != nil {
			t.Fatal(err)
		}
		set(t, b, end.AddDate(0, 0, -30))
		got := shows(t, b, "expiring")
		good(t, got, true)
		if !strings.Contains(got.Title, "in 30 days") {
			t.Errorf("30 days before its end it says %q", got.Title)
		}
		set(t, b, end)
		shows(t, b, "expiring")
		// Nothing tells the page that time went on but that it is printed.
		if _, err := evaluate[bool](b, fmt.Sprintf(`(window.clock = %d, true)`, end.UnixMilli()+1)); err != nil {
			t.Fatal(err)
		}
		printed := filepath.Join(t.TempDir(), "page.pdf")
		data, err := b.PDF(page.PrintToPDFParams{PreferCSSPageSize: new(true)})
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(printed, data, 0o600); err != nil {
			t.Fatal(err)
		}
		if text := poppler.Run(t, "pdftotext", printed, "-"); !strings.Contains(text, "Expired") || strings.Contains(text, "Valid now") {
			t.Errorf("printed after its end it says:\n%s", text)
		}
		good(t, shows(t, b, "expired"), false)
		set(t, b, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
		shows(t, b, "not-yet")
		b.clean(t)

		// Opened after its end, it never says anything else.
		late := open(t, ends, clock(end.AddDate(1, 0, 0)))
		good(t, shows(t, late, "expired"), false)
		if err := late.do(chromedp.Click(chromedp.CSS(".status-check")), chromedp.WaitVisible(chromedp.CSS("[data-rows] .vcheck"))); err != nil {
			t.Fatal(err)
		}
		good(t, shows(t, late, "expired"), false)
		late.clean(t)
	})
	t.Run("taken back", func(t *testing.T) {
		t.Parallel()
		for award, state := range map[string]string{revoked: "revoked", suspended: "suspended"} {
			b := open(t, award, clock(now))
			if html := string(stale["/larkspur/"+folders[award]]); !strings.Contains(html, `award is-unchecked"`) {
				t.Fatalf("before it was %s, the page of %s said something else", state, award)
			}
			got := shows(t, b, state)
			good(t, got, false)
			if strings.Contains(got.Text, "somebody else’s") != (state == "revoked") || strings.Contains(got.Text, "secret") {
				t.Errorf("%s, it says %q", state, got.Text)
			}
			if end, err := evaluate[string](b, `document.querySelector('.timeline .end')?.textContent ?? ''`); err != nil || !strings.Contains(end, got.Title) {
				t.Errorf("%s, its times end in %q, %v", state, end, err)
			}
			b.clean(t)
		}
		// Without the list nothing is said, and nothing taken away.
		b := open(t, ends, clock(now), browser.Command(network.SetBlockedURLs, network.SetBlockedURLsParams{URLPatterns: []*network.BlockPattern{{URLPattern: "*://*:*/larkspur/status/*", Block: true}}}))
		good(t, shows(t, b, "unknown"), true)
	})
	t.Run("axe", func(t *testing.T) {
		t.Parallel()
		axe := browser.NewAxe(t)
		for _, c := range []struct {
			award, state string
			at           time.Time
		}{{ends, "valid", now}, {ends, "expired", now.AddDate(50, 0, 0)}, {ends, "not-yet", now.AddDate(-10, 0, 0)}, {revoked, "revoked", now}, {suspended, "suspended", now}} {
			b := open(t, c.award, clock(c.at), browser.Policy(false))
			shows(t, b, c.state)
			for _, scheme := range []string{"light", "dark"} {
				if err := b.do(colours(scheme)); err != nil {
					t.Fatal(err)
				}
				axe.Ask(t, b.Tab, c.state+", "+scheme)
			}
		}
		axe.Log(t)
	})
	t.Run("without script", func(t *testing.T) {
		t.Parallel()
		html := readString(t, filepath.Join(public, filepath.FromSlash(folders[ends]), "index.html"))
		written := regexp.MustCompile(`(?s)<template.*?</template>`).ReplaceAllString(html, "")
		for _, want := range []string{`class="wrap award is-unchecked"`, "Not checked yet", "to count until"} {
			if !strings.Contains(written, want) {
				t.Errorf("as written the page lacks %q", want)
			}
		}
		if !regexp.MustCompile(`As of \d{1,2} \w+ 20\d\d`).MatchString(written) {
			t.Error("as written the page does not say of when it is")
		}
		for _, bad := range []string{"Valid now", "vmark-valid", `data-verdict="valid"`, "is-valid"} {
			if strings.Contains(written, bad) {
				t.Errorf("as written the page says %q", bad)
			}
		}
		b := open(t, ends, browser.Scripts(false))
		if seen, err := run1(b, chromedp.Text(chromedp.CSS(".status-line"))); err != nil || !strings.Contains(seen, "Not checked yet") {
			t.Errorf("without a script the page says %q, %v", seen, err)
		}
	})
}
