package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestVerifierScript changes the verifier that the site serves. Neither page runs
// it, each says so, and both get on once it is as it was.
func TestVerifierScript(t *testing.T) {
	slow(t, "opens pages in a browser")
	t.Parallel()
	site := newClaimSite(t)
	scripts, err := filepath.Glob(filepath.Join(site.public, "assets/verifier-*.js"))
	if err != nil || len(scripts) != 1 {
		t.Fatalf("scripts %q, %v", scripts, err)
	}
	good, err := os.ReadFile(scripts[0])
	if err != nil {
		t.Fatal(err)
	}
	put := func(script []byte) {
		if err := os.WriteFile(scripts[0], script, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	folder := awardFolders(t, site.dir)["welding-spring-2026/mig-welding-1/zoe-brontesdottir"]
	credential, err := os.ReadFile(filepath.Join(site.public, folder, "credential.json"))
	if err != nil {
		t.Fatal(err)
	}
	server, browser := serve(t, site.public, "/larkspur/"), newBrowser(t)

	// A good verdict for everything, and what a host that fails may send.
	for name, changed := range map[string][]byte{
		"changed": append([]byte("globalThis.changed = true;"), good...),
		"cut off": good[:len(good)/2],
		"another": bytes.Replace(good, []byte(`"fail"`), []byte(`"pass"`), 1),
	} {
		t.Run(name, func(t *testing.T) {
			put(changed)
			page := verifier(t, browser, server.URL)
			if err := page.enter(string(credential)); err != nil {
				t.Fatal(err)
			}
			if a, err := page.answer(); err != nil || a.Verdict != "" || a.Note != themeWords(t)["verifier.error.loading"] {
				t.Errorf("the verify page shows %+v, %v", a, err)
			}
			award := claimTab(t, browser, server.URL)
			if c := award.follow(t, server.URL+"/larkspur/claim/#"+site.links["claimed"]); c.Why != "failed" || c.Article || c.Verdict != "" {
				t.Errorf("the claim page shows %+v", c)
			}
			for _, b := range []*tab{page, award} {
				if ran, err := evaluate[bool](b, `'changed' in globalThis`); ran || err != nil {
					t.Errorf("the script ran: %v, %v", ran, err)
				}
			}

			put(good)
			if err := page.do(chromedp.Click(chromedp.CSS("#verify-go"))); err != nil {
				t.Fatal(err)
			}
			if _, err := evaluate[bool](page, `new Promise(resolve => { const ask = () => document.querySelector('#verify-out .vbusy, #verify-out .vnote') ? setTimeout(ask, 20) : resolve(true); ask(); })`); err != nil {
				t.Fatal(err)
			}
			if a, err := page.answer(); err != nil || a.Verdict != "valid" {
				t.Errorf("then the verify page shows %+v, %v", a, err)
			}
			if err := award.do(chromedp.Click(chromedp.CSS("#claim-note button"))); err != nil {
				t.Fatal(err)
			}
			if _, err := evaluate[bool](award, `new Promise(resolve => { const ask = () => document.getElementById('claim-app').dataset.state === 'open' ? resolve(true) : setTimeout(ask, 20); ask(); })`); err != nil {
				t.Fatal(err)
			}
			if c := award.shownClaim(t); !c.Article || c.Verdict != "valid" {
				t.Errorf("then the claim page shows %+v", c)
			}
		})
	}
}
