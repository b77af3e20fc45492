package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/audits"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// chromium finds the browser. A run without one proves nothing, so it fails
// rather than skips.
func chromium(t *testing.T) string {
	t.Helper()
	names := []string{"chromium", "chromium-browser", "google-chrome"}
	if name := os.Getenv("CHROMIUM"); name != "" {
		names = []string{name}
	}
	for _, name := range names {
		if file, err := exec.LookPath(name); err == nil {
			return file
		}
	}
	t.Fatalf("these tests need Chromium (Debian: apt-get install chromium; \"make test\" does that), and there is none of %s; CHROMIUM names another", strings.Join(names, ", "))
	return ""
}

// newBrowser starts a browser, with some more options, that ends with the test.
func newBrowser(t *testing.T, more ...chromedp.ExecAllocatorOption) context.Context {
	t.Helper()
	options := []chromedp.ExecAllocatorOption{
		chromedp.ExecPath(chromium(t)),
		chromedp.Headless, chromedp.NoSandbox, chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck, chromedp.DisableGPU,
		chromedp.WSURLReadTimeout(time.Minute),
	}
	for _, flag := range []string{"disable-quic", "disable-background-networking", "disable-component-update", "disable-sync",
		"disable-extensions", "disable-dev-shm-usage", "disable-renderer-backgrounding", "disable-background-timer-throttling"} {
		options = append(options, chromedp.Flag(flag, true))
	}
	// The folder of the profile is made, and removed, by the allocator. What
	// else the browser leaves goes with the test, as far as its processes,
	// some of which end a moment later, let it.
	left, err := os.MkdirTemp("", "laurel-browser")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(left) })
	options = append(options, chromedp.Env("TMPDIR="+left, "XDG_CACHE_HOME="+left, "XDG_CONFIG_HOME="+left))
	allocator, stop := chromedp.NewExecAllocator(context.Background(), append(options, more...)...)
	ctx, closeBrowser := chromedp.NewContext(allocator)
	t.Cleanup(func() {
		closeBrowser()
		stop()
	})
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("start Chromium: %v", err)
	}
	return ctx
}

// serve serves a folder below a base path as a static host does: with the
// site's own page for what is not there.
func serve(t *testing.T, dir, base string) *httptest.Server {
	t.Helper()
	types := map[string]string{".json": "application/json", ".svg": "image/svg+xml", ".png": "image/png", ".css": "text/css",
		".js": "text/javascript", ".html": "text/html; charset=utf-8", ".xml": "application/xml", ".txt": "text/plain"}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/favicon.ico" { // asked for by pictures that are opened as pages
			w.WriteHeader(http.StatusNoContent)
			return
		}
		name := strings.TrimPrefix(r.URL.Path, base)
		if strings.HasSuffix(r.URL.Path, "/") {
			name += "index.html"
		}
		b, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(path.Clean("/"+name))))
		status := http.StatusOK
		if err != nil || !strings.HasPrefix(r.URL.Path, base) {
			name, status = "404.html", http.StatusNotFound
			if b, err = os.ReadFile(filepath.Join(dir, name)); err != nil {
				http.Error(w, err.Error(), http.StatusInternalServerError)
				return
			}
		}
		w.Header().Set("Content-Type", types[path.Ext(name)])
		w.WriteHeader(status)
		w.Write(b)
	}))
	t.Cleanup(s.Close)
	return s
}

// tab is a page of the browser that notes what should not happen: errors on the
// console, violations of the policy, dialogs, requests to other hosts.
type tab struct {
	ctx  context.Context
	site string // "http://127.0.0.1:1234"

	mu     sync.Mutex
	faults []string
	gone   string // a URL of the site that is expected not to be there
}

// command is a command of the browser's protocol that returns nothing.
func command[P any](c cdp.Command[P, cdp.Empty], p P) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, c, p)
		return err
	})
}

// newTab opens a tab that is closed with the test.
func newTab(t *testing.T, browser context.Context, site string, settings ...chromedp.Action[chromedp.Void]) *tab {
	t.Helper()
	b := &tab{site: site}
	ctx, stop := chromedp.NewContext(browser, chromedp.WithListener(b.note))
	t.Cleanup(stop)
	b.ctx = ctx
	steps := append([]chromedp.Action[chromedp.Void]{command(network.Enable, network.EnableParams{}), command(log.Enable, cdp.Empty{}),
		command(audits.Enable, cdp.Empty{}), command(page.Enable, page.EnableParams{})}, settings...)
	if err := chromedp.Do(ctx, steps...); err != nil {
		t.Fatalf("open a tab: %v", err)
	}
	return b
}

// do carries out actions, which must not take long.
func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) error {
	ctx, stop := context.WithTimeout(b.ctx, time.Minute)
	defer stop()
	return chromedp.Do(ctx, steps...)
}

// evaluate returns what a script, or its promise, gives.
func evaluate[T any](b *tab, script string) (T, error) {
	ctx, stop := context.WithTimeout(b.ctx, time.Minute)
	defer stop()
	return chromedp.Run(ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
}

func (b *tab) fault(format string, args ...any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.faults = append(b.faults, fmt.Sprintf(format, args...))
}

// note takes the events of the tab.
func (b *tab) note(ev any) {
	switch ev := ev.(type) {
	case *network.EventRequestWillBeSent:
		if u := ev.Request.URL; !strings.HasPrefix(u, b.site+"/") && !strings.HasPrefix(u, "data:") && !strings.HasPrefix(u, "blob:"+b.site+"/") && u != "about:blank" {
			b.fault("asked for %s", u)
		}
	case *log.EventEntryAdded:
		b.mu.Lock()
		expected := ev.Entry.URL != "" && ev.Entry.URL == b.gone
		b.mu.Unlock()
		if !expected {
			b.fault("console: %s: %s %s", ev.Entry.Level, ev.Entry.Text, ev.Entry.URL)
		}
	case *runtime.EventConsoleAPICalled:
		b.fault("a script wrote to the console: %s", ev.Type)
	case *runtime.EventExceptionThrown:
		what := ev.ExceptionDetails.Text
		if e := ev.ExceptionDetails.Exception; e != nil {
			what += " " + e.Description
		}
		b.fault("exception: %s", what)
	case *audits.EventIssueAdded:
		if ev.Issue.Code == audits.InspectorIssueCodeContentSecurityPolicyIssue {
			d := ev.Issue.Details.ContentSecurityPolicyIssueDetails
			b.fault("policy violated: %s by %s", d.ViolatedDirective, d.BlockedURL)
		}
	case *page.EventJavascriptDialogOpening:
		b.fault("a dialog opened: %s", ev.Message)
		go b.do(command(page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{}))
	}
}

// visit opens a page and waits until it is loaded.
func (b *tab) visit(url string) error {
	b.mu.Lock()
	b.gone = ""
	if strings.Contains(url, "/no-such-") {
		b.gone = url
	}
	b.mu.Unlock()
	return b.do(chromedp.Navigate(url))
}

// said returns what was noted since it was asked last.
func (b *tab) said() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	faults := b.faults
	b.faults = nil
	return faults
}

// look is what a loaded page is like.
type look struct {
	Headings  int      `json:"headings"`
	Title     string   `json:"title"`
	Language  string   `json:"language"`
	Wide      []string `json:"wide"`   // elements that make it wider than the window
	Broken    []string `json:"broken"` // pictures that did not load
	Pending   int      `json:"pending"`
	Pictures  int      `json:"pictures"`
	Styled    bool     `json:"styled"`
	Lightness float64  `json:"lightness"` // of the background, 0 black to 255 white
	Filter    bool     `json:"filter"`    // a search field can be seen
}

const lookScript = `(() => {
	const root = document.documentElement;
	for (const i of document.images) i.loading = 'eager';
	const pictures = [...document.images];
	const wide = root.scrollWidth <= root.clientWidth ? [] :
		[...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > root.clientWidth + 1)
			.slice(0, 5).map(e => e.tagName.toLowerCase() + '.' + e.className);
	if (root.scrollWidth > root.clientWidth && wide.length === 0) wide.push('html');
	const colour = e => getComputedStyle(e).backgroundColor.match(/[\d.]+/g).map(Number);
	let c = colour(document.body);
	if (c.length === 4 && c[3] === 0) c = colour(root);
	const field = document.querySelector('input[type=search]');
	return {
		headings: document.querySelectorAll('h1').length,
		title: document.title,
		language: root.lang,
		wide: wide,
		broken: pictures.filter(i => i.complete && i.naturalWidth === 0).map(i => i.getAttribute('src')),
		pending: pictures.filter(i => !i.complete).length,
		pictures: pictures.length,
		styled: document.styleSheets.length > 0,
		lightness: (c[0] + c[1] + c[2]) / 3,
		filter: field !== null && field.getClientRects().length > 0,
	};
})()`

// look looks at the page once its pictures are there.
func (b *tab) look() (look, error) {
	for deadline := time.Now().Add(10 * time.Second); ; {
		l, err := evaluate[look](b, lookScript)
		if err != nil || l.Pending == 0 {
			return l, err
		}
		if time.Now().After(deadline) {
			return l, errors.New("pictures do not finish loading")
		}
		time.Sleep(20 * time.Millisecond)
	}
}
