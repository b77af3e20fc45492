package main

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"laurel/internal/testing/browser"
)

// keyboardOnly goes through the form with Tab and Enter.
func keyboardOnly(t *testing.T, profile context.Context, server string, in inputs) {
	b := verifier(t, profile, server)
	active := func() string {
		t.Helper()
		id, err := evaluate[string](b, `document.activeElement.id || document.activeElement.localName`)
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	press := func(keys string, options ...chromedp.KeyOption) {
		t.Helper()
		if err := b.do(chromedp.KeyEvent(keys, options...)); err != nil {
			t.Fatal(err)
		}
	}
	var met []string
	for len(met) < 40 && !slices.Contains(met, "verify-text") {
		press(kb.Tab)
		met = append(met, active())
		visible, err := evaluate[bool](b, `(() => {
			const seen = e => e && e.getClientRects().length > 0 && (getComputedStyle(e).outlineStyle !== 'none' || getComputedStyle(e).boxShadow !== 'none');
			return seen(document.activeElement) || seen(document.querySelector('label[for="' + document.activeElement.id + '"]'));
		})()`)
		if err != nil {
			t.Fatal(err)
		}
		if !visible {
			t.Errorf("nobody sees that %s has the focus", met[len(met)-1])
		}
	}
	if !slices.Contains(met, "verify-file") || !slices.Contains(met, "verify-scan") || met[len(met)-1] != "verify-text" {
		t.Fatalf("Tab leads to %q", met)
	}
	want := func(verdict, live string) {
		t.Helper()
		a, err := b.answer()
		if err != nil {
			t.Fatal(err)
		}
		if a.Verdict != verdict || !strings.HasPrefix(a.Live, live) || a.Focus != "verdict" {
			t.Errorf("the page shows %+v", a)
		}
	}
	press(in.url)
	press(kb.Tab)
	if active() != "verify-go" {
		t.Fatalf("Tab leads from the text to %s", active())
	}
	press(kb.Enter)
	want("valid", "Valid. ")

	// From the text field itself, and with nothing in it.
	clearText := func(text string) {
		t.Helper()
		if _, err := evaluate[bool](b, fmt.Sprintf(`(e => { e.value = %q; e.focus(); document.getElementById('verify-out').replaceChildren(); return true })(document.getElementById('verify-text'))`, text)); err != nil {
			t.Fatal(err)
		}
	}
	clearText("hello")
	press(kb.Enter, chromedp.KeyModifiers(chromedp.ModifierCtrl))
	want("undetermined", "Not determined. ")
	clearText("")
	press(kb.Tab)
	press(kb.Enter)
	a, err := b.answer()
	if err != nil {
		t.Fatal(err)
	}
	if a.Verdict != "" || a.Note == "" || a.Focus != "verify-text" {
		t.Errorf("of an empty field the page says %+v", a)
	}
	// A question of the page takes the focus, and Enter answers it.
	host := otherHost{files: in.elsewhere}
	host.answerFor(t, b)
	b.clean(t)
	if err := b.visit(server + "/larkspur/verify/#vc=" + url.QueryEscape("https://"+strangerHost+"/awards/credential.json")); err != nil {
		t.Fatal(err)
	}
	if _, err := evaluate[bool](b, `new Promise(done => { const wait = () => document.activeElement.closest('.vask') ? done(true) : setTimeout(wait, 20); wait() })`); err != nil {
		t.Fatal(err)
	}
	b.clean(t)
	press(kb.Enter)
	want("valid", "Valid. ")
}

// states are the page with nothing, a report, a refusal, a question and a list on it.
func states(in inputs) map[string]func(*tab) error {
	give := func(data []byte) func(*tab) error {
		return func(b *tab) error { _, err := b.drop("given", data); return err }
	}
	return map[string]func(*tab) error{
		"empty":    func(*tab) error { return nil },
		"valid":    give(in.json),
		"invalid":  give(in.tampered),
		"stranger": give(in.stranger),
		"many": func(b *tab) error {
			return b.dropped(map[string][]byte{"a.json": in.json, "b.json": in.tampered, "c.json": in.stranger, "d.png": in.plain, "a name without a space, " + strings.Repeat("long", 20) + ".pdf": in.pdf})
		},
		"note": func(b *tab) error { return b.enter("http://127.0.0.1/") },
	}
}

// verifierLooks looks at the page on a phone and a screen, light and dark.
func verifierLooks(t *testing.T, profile context.Context, server string, in inputs) {
	seen := 0
	b := verifier(t, profile, server)
	for name, give := range states(in) {
		if err := b.do(window(320), colours("light")); err != nil {
			t.Fatal(err)
		}
		if err := afresh(b, server+"/larkspur/verify/"); err != nil {
			t.Fatal(err)
		}
		if err := give(b); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		b.everyLook(t, name, 320, func(where, _ string, l browser.Look) {
			if l.Headings != 1 {
				t.Errorf("%s: %d main headings", where, l.Headings)
			}
			seen++
		})
		for _, fault := range b.said() {
			t.Errorf("%s: %s", name, fault)
		}
	}
	t.Logf("looked %d times", seen)
}

// verifierAxe asks axe-core of the page with nothing on it, and with answers.
func verifierAxe(t *testing.T, profile context.Context, server string, in inputs) {
	asked := 0
	for scheme, width := range map[string]int64{"light": 320, "dark": 1280} {
		b := verifier(t, profile, server, window(width), colours(scheme), browser.Policy(false))
		axe := browser.NewAxe(t)
		for name, give := range states(in) {
			if err := afresh(b, server+"/larkspur/verify/"); err != nil {
				t.Fatal(err)
			}
			if err := give(b); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			axe.Ask(t, b.Tab, "verify/, "+name+", "+scheme)
			asked++
		}
		axe.Log(t)
	}
	t.Logf("asked axe-core %d times", asked)
}

// withoutScripts: who runs no scripts is told how to verify.
func withoutScripts(t *testing.T, profile context.Context, server string, _ inputs) {
	b := verifier(t, profile, server, command(emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}))
	text, err := evaluate[string](b, `document.body.innerText`)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"JavaScript is not running", "laurel verify credential.json", "did:web:academy.example.org:larkspur"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page does not say %q:\n%s", want, text)
		}
	}
	for _, form := range []string{"Choose files", "Choose a folder", "Drop files here"} {
		if strings.Contains(text, form) {
			t.Errorf("the page offers what does nothing: %q", form)
		}
	}
	b.clean(t)
}
