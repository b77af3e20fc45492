package main

import (
	"context"
	"encoding/base64"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/chromedp"
)

// otherHost answers for the stranger's hosts, and notes what they were asked.
type otherHost struct {
	mu    sync.Mutex
	files map[string][]byte // by URL
	asked []string
}

// answerFor answers what a tab asks of the host from now on.
func (h *otherHost) answerFor(t *testing.T, b *tab) {
	t.Helper()
	err := chromedp.Listen(b.Ctx, func(ev any) {
		paused, ok := ev.(*fetch.EventRequestPaused)
		if !ok {
			return
		}
		h.mu.Lock()
		h.asked = append(h.asked, paused.Request.Method+" "+paused.Request.URL)
		for _, name := range []string{"Referer", "Cookie", "Authorization"} {
			if v, has := paused.Request.Headers[name]; has {
				h.asked = append(h.asked, fmt.Sprintf("%s: %v", name, v))
			}
		}
		body, has := h.files[paused.Request.URL]
		h.mu.Unlock()
		reply := fetch.FulfillRequestParams{RequestID: paused.RequestID, ResponseCode: 404}
		if has {
			reply.ResponseCode, reply.Body = 200, body
		}
		reply.ResponseHeaders = []*fetch.HeaderEntry{{Name: "Access-Control-Allow-Origin", Value: "*"}}
		go b.do(command(fetch.FulfillRequest, reply))
	})
	if err != nil {
		t.Fatal(err)
	}
	only := []*fetch.RequestPattern{{URLPattern: "https://" + strangerHost + "/*"}, {URLPattern: "https://" + listHost + "/*"}}
	if err := b.do(command(fetch.Enable, fetch.EnableParams{Patterns: only})); err != nil {
		t.Fatal(err)
	}
}

// has gives the host its files.
func (h *otherHost) has(files map[string][]byte) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.files = files
}

// said returns what the host was asked since.
func (h *otherHost) said() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	asked := h.asked
	h.asked = nil
	return asked
}

// stranger hands in credentials whose issuer is elsewhere: the hosts are named,
// and asked only when the visitor says so.
func stranger(t *testing.T, profile context.Context, server string, in inputs) {
	document, credential := "GET https://"+strangerHost+"/.well-known/did.json", "https://"+strangerHost+"/awards/credential.json"
	forged := []byte(strings.ReplaceAll(string(in.stranger), in.title, in.title+" with honours"))
	drop := func(data []byte) func(*tab) error {
		return func(b *tab) error { _, err := b.drop("credential.json", data); return err }
	}
	link := func(vc string) func(*tab) error {
		return func(b *tab) error { return afresh(b, server+"/larkspur/verify/#vc="+vc) }
	}
	both := []string{"GET " + credential, document}
	// Where a credential comes from an address of its issuer's, its place in the
	// log is asked for, and then whether there is a log.
	beside := append(slices.Clone(both), "GET https://"+strangerHost+"/awards/log.json", "GET https://"+strangerHost+"/log/checkpoint")
	cases := map[string]struct {
		give    func(*tab) error
		silent  bool   // the host has nothing
		before  string // the verdict before the host is asked
		asked   []string
		verdict string
		code    string
	}{
		"dropped":      {drop(in.stranger), false, "undetermined", both[1:], "valid", "ok"},
		"forged":       {drop(forged), false, "undetermined", both[1:], "invalid", "signature-invalid"},
		"withdrawn":    {drop(in.withdrawn), false, "undetermined", []string{document, "GET https://" + listHost + "/suspended.json"}, "invalid", "suspended"},
		"no answer":    {drop(in.stranger), true, "undetermined", both[1:], "undetermined", "issuer-unavailable"},
		"link":         {link(url.QueryEscape(credential)), false, "", beside, "valid", "ok"},
		"link to JSON": {link(base64.RawURLEncoding.EncodeToString(in.stranger)), false, "undetermined", both[1:], "valid", "ok"},
		"picture":      {func(b *tab) error { return b.choose(onDisk(t, "photo.png", qrPicture(t, credential))) }, false, "", beside, "valid", "ok"},
	}
	b := verifier(t, profile, server)
	var host otherHost
	host.answerFor(t, b)
	for _, name := range slices.Sorted(maps.Keys(cases)) {
		c := cases[name]
		t.Run(name, func(t *testing.T) {
			if err := afresh(b, server+"/larkspur/verify/"); err != nil {
				t.Fatal(err)
			}
			host.has(in.elsewhere)
			if c.silent {
				host.has(nil)
			}
			if err := c.give(b); err != nil {
				t.Fatal(err)
			}
			a, err := b.answer()
			if err != nil {
				t.Fatal(err)
			}
			hosts := []string{strangerHost}
			if name == "withdrawn" { // both are named at once
				hosts = append(hosts, listHost)
			}
			if a.Verdict != c.before || !slices.Equal(a.Hosts, hosts) {
				t.Errorf("before the host was asked the page shows %+v", a)
			}
			b.clean(t)
			if asked := host.said(); len(asked) > 0 {
				t.Fatalf("nobody said so, and the host was asked: %q", asked)
			}
			if err := b.do(chromedp.Click(chromedp.CSS(".vask button"))); err != nil {
				t.Fatal(err)
			}
			if a, err = b.answer(); err != nil {
				t.Fatal(err)
			}
			if a.Verdict != c.verdict || a.Code != c.code || len(a.Hosts) > 0 || !strings.Contains(a.Hint, strangerHost) {
				t.Errorf("after the host was asked the page shows %+v", a)
			}
			if told := strings.Contains(a.Note, strangerHost); told != c.silent {
				t.Errorf("of the host's silence the page says %q", a.Note)
			}
			if asked := host.said(); !slices.Equal(asked, c.asked) {
				t.Errorf("the host was asked %q", asked)
			}
			for _, fault := range b.said() {
				noLog := strings.Contains(fault, "/awards/log.json") || strings.Contains(fault, "/log/checkpoint")
				missing := (c.silent || noLog) && strings.HasPrefix(fault, "console: error: Failed to load resource") && strings.Contains(fault, strangerHost)
				if !missing && !strings.HasPrefix(fault, "asked for https://"+strangerHost+"/") && !strings.HasPrefix(fault, "asked for https://"+listHost+"/") {
					t.Error(fault)
				}
			}
		})
	}
}
