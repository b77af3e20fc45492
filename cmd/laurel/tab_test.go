package main

import (
	"context"
	"net/http/httptest"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"laurel/internal/testing/browser"
)

// tab is a page of the browser, with what laurel's own pages are asked for.
type tab struct{ *browser.Tab }

func newBrowser(t *testing.T) context.Context {
	t.Helper()
	return browser.Open(t)
}

func serve(t *testing.T, dir, base string) *httptest.Server {
	t.Helper()
	return browser.Serve(t, dir, base)
}

func newTab(t *testing.T, profile context.Context, site string, settings ...browser.Setting) *tab {
	t.Helper()
	return &tab{browser.NewTab(t, profile, site, settings...)}
}

func evaluate[T any](b *tab, script string) (T, error) { return browser.Evaluate[T](b.Tab, script) }

func run1[T any](b *tab, action chromedp.Action[T]) (T, error) { return browser.Run(b.Tab, action) }

func command[P any](c cdp.Command[P, cdp.Empty], p P) browser.Setting { return browser.Command(c, p) }

func window(width int64) browser.Setting { return browser.Window(width) }

func colours(scheme string) browser.Setting { return browser.Colours(scheme) }

func offline() browser.Setting { return browser.Offline() }

func (b *tab) do(steps ...browser.Setting) error { return b.Do(steps...) }

func (b *tab) visit(url string) error { return b.Visit(url) }

func (b *tab) said() []string { return b.Said() }

func (b *tab) look() (browser.Look, error) { return b.Look() }

func (b *tab) clean(t *testing.T) { t.Helper(); b.Clean(t) }

func (b *tab) pdf(p page.PrintToPDFParams) ([]byte, error) { return b.PDF(p) }
