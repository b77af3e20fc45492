package browser

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/audits"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// Tab is a page of the browser that notes what should not happen: errors on the
// console, violations of the policy, dialogs, requests to other hosts.
type Tab struct {
	// Ctx is what chromedp's actions run in.
	Ctx context.Context

	site string // "http://127.0.0.1:1234"

	mu     sync.Mutex
	faults []string
	gone   string // a URL of the site that is expected not to be there
}

// Setting is what a tab is made to be like before it opens a page.
type Setting = chromedp.Action[chromedp.Void]

// Command is a command of the browser's protocol that returns nothing.
func Command[P any](c cdp.Command[P, cdp.Empty], p P) Setting {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, c, p)
		return err
	})
}

// Window makes the tab as large as a phone (less than 600 pixels wide) or a
// screen.
func Window(width int64) Setting {
	height := int64(900)
	if width < 600 {
		height = 700
	}
	return Command(emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: width, Height: height, DeviceScaleFactor: 1})
}

// Colours makes the tab prefer "light" or "dark" pages.
func Colours(scheme string) Setting {
	return Command(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
}

// Scripts lets pages run scripts, or not.
func Scripts(on bool) Setting {
	return Command(emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !on})
}

// Policy holds pages to their content security policy, or not, as what is put
// into them by a test may need.
func Policy(on bool) Setting {
	return Command(page.SetBypassCSP, page.SetBypassCSPParams{Enabled: !on})
}

// Focus has the tab keep the focus, whatever other tabs do.
func Focus() Setting {
	return Command(emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
}

// Offline takes the network away from the tab.
func Offline() Setting {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{
			MatchedNetworkConditions: []*network.Conditions{{Offline: true}}})
		return err
	})
}

// NewTab opens a tab in a profile that Open returned; it is closed with the
// test. Site is the origin that pages may ask, such as "http://127.0.0.1:1234".
func NewTab(t testing.TB, profile context.Context, site string, settings ...Setting) *Tab {
	t.Helper()
	b := &Tab{site: site}
	ctx, stop := chromedp.NewContext(profile, chromedp.WithListener(b.note))
	t.Cleanup(stop)
	b.Ctx = ctx
	steps := append([]Setting{Command(network.Enable, network.EnableParams{}), Command(log.Enable, cdp.Empty{}),
		Command(audits.Enable, cdp.Empty{}), Command(page.Enable, page.EnableParams{})}, settings...)
	if err := chromedp.Do(ctx, steps...); err != nil {
		t.Fatalf("open a tab: %v", err)
	}
	return b
}

// Do carries out actions.
func (b *Tab) Do(steps ...Setting) error {
	ctx, stop := context.WithTimeout(b.Ctx, patience)
	defer stop()
	return chromedp.Do(ctx, steps...)
}

// Run carries out an action that returns something.
func Run[T any](b *Tab, action chromedp.Action[T]) (T, error) {
	ctx, stop := context.WithTimeout(b.Ctx, patience)
	defer stop()
	return chromedp.Run(ctx, action)
}

// Evaluate returns what a script, or its promise, gives.
func Evaluate[T any](b *Tab, script string) (T, error) {
	return Run(b, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
}

// Picture is how an element looks, with so many pixels to each of its own.
func (b *Tab) Picture(selector string, scale float64) (image.Image, error) {
	data, err := Run(b, chromedp.ScreenshotScale(chromedp.CSS(selector), scale))
	if err != nil {
		return nil, err
	}
	return png.Decode(bytes.NewReader(data))
}

// PDF prints what the tab shows.
func (b *Tab) PDF(p page.PrintToPDFParams) ([]byte, error) {
	var data []byte
	err := b.Do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		result, err := cdp.Call(ctx, target, page.PrintToPDF, p)
		data = result.Data
		return err
	}))
	return data, err
}

func (b *Tab) fault(format string, args ...any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.faults = append(b.faults, fmt.Sprintf(format, args...))
}

// note takes the events of the tab.
func (b *Tab) note(ev any) {
	switch ev := ev.(type) {
	case *network.EventRequestWillBeSent:
		if u := ev.Request.URL; !strings.HasPrefix(u, b.site+"/") && !strings.HasPrefix(u, "data:") && !strings.HasPrefix(u, "blob:"+b.site+"/") && u != "about:blank" {
			b.fault("asked for %s", u)
		}
	case *log.EventEntryAdded:
		b.mu.Lock()
		beside := strings.TrimSuffix(b.gone, ".jwe") + ".page.jwe"
		page := strings.TrimSuffix(b.gone, "credential.json")
		expected := ev.Entry.URL != "" && (ev.Entry.URL == b.gone || ev.Entry.URL == beside || ev.Entry.URL == page)
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
		go b.Do(Command(page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{}))
	}
}

// Expect has the tab not mind that a URL of the site is not there, until the
// next Visit; with a capsule or a credential, the page beside it.
func (b *Tab) Expect(gone string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.gone = gone
}

// Visit opens a page and waits until it is loaded. One whose address has
// "/no-such-" in it is expected not to be there.
func (b *Tab) Visit(url string) error {
	gone := ""
	if strings.Contains(url, "/no-such-") {
		gone = url
	}
	return b.VisitWithout(url, gone)
}

// VisitWithout opens a page that asks for something of the site that is not
// there.
func (b *Tab) VisitWithout(url, gone string) error {
	b.Expect(gone)
	return b.Do(chromedp.Navigate(url))
}

// Said returns what was noted since it was asked last.
func (b *Tab) Said() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	faults := b.faults
	b.faults = nil
	return faults
}

// Clean fails the test if anything happened that should not. What the browser
// notices late has time to arrive.
func (b *Tab) Clean(t testing.TB) {
	t.Helper()
	time.Sleep(50 * time.Millisecond)
	for _, fault := range b.Said() {
		t.Error(fault)
	}
}

// Look is what a loaded page is like.
type Look struct {
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

// Look looks at the page once its pictures are there.
func (b *Tab) Look() (Look, error) {
	for range int(patience / (20 * time.Millisecond)) { // pages without scripts tell no events
		l, err := Evaluate[Look](b, lookScript)
		if err != nil || l.Pending == 0 {
			return l, err
		}
		time.Sleep(20 * time.Millisecond)
	}
	return Look{}, errors.New("pictures do not finish loading")
}
