package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"

	"laurel/internal/testing/browser"
)

// shown is what the verify page shows as its answer.
type shown struct {
	Verdict string            `json:"verdict"` // empty if there is none
	Code    string            `json:"code"`    // of the check that decided, else ok
	Codes   map[string]string `json:"codes"`   // by check
	Word    string            `json:"word"`
	Why     string            `json:"why"`
	Title   string            `json:"title"`  // of the credential
	Warned  bool              `json:"warned"` // that nothing of it is vouched for
	Note    string            `json:"note"`
	Hosts   []string          `json:"hosts"` // that it wants to ask
	Hint    string            `json:"hint"`  // who was asked
	Live    string            `json:"live"`
	Focus   string            `json:"focus"`
	Carrier string            `json:"carrier"` // what it was taken out of, in a sentence
	More    string            `json:"more"`    // all that stands below the verdict
	To      string            `json:"to"`      // the first of the facts
	Next    []string          `json:"next"`    // what to do about it
	Rows    int               `json:"rows"`
}

// answerScript waits for a verdict, a note or a question.
const answerScript = `new Promise((resolve, reject) => {
	const out = document.getElementById('verify-out');
	const text = selector => out.querySelector(selector)?.textContent ?? '';
	const answer = () => {
		const box = out.querySelector('.verdict'), rows = [...out.querySelectorAll('.vreport > .vchecks > .vcheck')];
		if (out.hidden || !box && !out.querySelector(':scope > .vnote, :scope > .vask')) return false;
		const decided = rows.find(r => r.dataset.outcome === 'fail') ?? rows.find(r => r.dataset.outcome === 'unknown');
		resolve({
			verdict: box?.dataset.verdict ?? '', code: decided?.dataset.code ?? 'ok',
			codes: Object.fromEntries(rows.map(r => [r.dataset.check, r.dataset.code])),
			word: text('#verdict'), why: text('.verdict-text'), title: text('.vcard-title'), warned: text('.vwarning') !== '', note: text('.vnote'),
			hosts: [...out.querySelectorAll('.vask li')].map(e => e.textContent), hint: text(':scope > .hint'),
			live: document.getElementById('verify-live').textContent, focus: document.activeElement.id || document.activeElement.localName, rows: rows.length, carrier: text('.verdict-carrier'),
			more: [...out.querySelectorAll('#verdict ~ *:not(.verdict-text)')].map(e => e.textContent).join(' '), to: text('.vfacts'), next: [...out.querySelectorAll('.verdict-next')].map(e => e.textContent),
		});
		return true;
	};
	if (answer()) return;
	new MutationObserver((_, o) => answer() && o.disconnect()).observe(out, {childList: true, subtree: true, attributes: true});
	setTimeout(() => reject(new Error('nothing is shown')), 100000);
})`

func (b *tab) answer() (shown, error) { return evaluate[shown](b, answerScript) }

// drop lets go of a file above the page and returns the milliseconds until
// there is a verdict.
func (b *tab) drop(name string, data []byte) (float64, error) {
	return evaluate[float64](b, fmt.Sprintf(`new Promise((resolve, reject) => {
		const file = new File([Uint8Array.from(atob(%q), c => c.charCodeAt(0))], %q);
		const data = new DataTransfer();
		data.items.add(file);
		const zone = document.getElementById('verify-drop'), out = document.getElementById('verify-out');
		const start = performance.now();
		for (const kind of ['dragenter', 'dragover', 'drop']) {
			const e = new DragEvent(kind, {bubbles: true, cancelable: true, dataTransfer: data});
			zone.dispatchEvent(e);
			if (kind !== 'dragenter' && !e.defaultPrevented) reject(new Error(kind + ' is left to the browser'));
		}
		new MutationObserver((_, o) => {
			if (!out.querySelector('.verdict')) return;
			o.disconnect();
			resolve(performance.now() - start);
		}).observe(out, {childList: true});
		setTimeout(() => reject(new Error('no verdict')), 100000);
	})`, base64.StdEncoding.EncodeToString(data), name))
}

// enter puts text into the field at once, as pasting does, and presses Verify.
func (b *tab) enter(text string) error {
	return b.do(chromedp.Focus(chromedp.CSS("#verify-text")), command(input.InsertText, input.InsertTextParams{Text: text}),
		chromedp.Click(chromedp.CSS("#verify-go")))
}

// transfer sends an event with text in it to the page's body.
func (b *tab) transfer(kind, member, media, text string) error {
	_, err := evaluate[bool](b, fmt.Sprintf(`(() => {
		const data = new DataTransfer();
		data.setData(%[3]q, %[4]q);
		document.body.dispatchEvent(new %[1]s(%[2]q === 'dataTransfer' ? 'drop' : 'paste', {bubbles: true, cancelable: true, %[2]s: data}));
		return true;
	})()`, kind, member, media, text))
	return err
}

func (b *tab) choose(files ...string) error {
	return b.do(chromedp.SetUploadFiles(chromedp.CSS("#verify-file"), files))
}

// scan presses the button for the camera, and sees that it is let go once there
// is an answer.
func (b *tab) scan() error {
	if _, err := evaluate[bool](b, `(() => {
		const devices = navigator.mediaDevices, ask = devices.getUserMedia.bind(devices);
		devices.getUserMedia = async what => window.seen = await ask(what);
		return true;
	})()`); err != nil {
		return err
	}
	if err := b.do(chromedp.Click(chromedp.CSS("#verify-scan"))); err != nil {
		return err
	}
	if _, err := b.answer(); err != nil {
		return err
	}
	ended, err := evaluate[bool](b, `window.seen.getTracks().every(t => t.readyState === 'ended')`)
	if err == nil && !ended {
		err = errors.New("the camera is still on")
	}
	return err
}

// verifier opens the verify page in a tab that has the focus.
func verifier(t *testing.T, profile context.Context, server string, settings ...chromedp.Action[chromedp.Void]) *tab {
	t.Helper()
	b := newTab(t, profile, server, append([]chromedp.Action[chromedp.Void]{window(1280), browser.Focus()}, settings...)...)
	if err := b.visit(server + "/larkspur/verify/"); err != nil {
		t.Fatal(err)
	}
	return b
}

// TestVerifyPage hands credentials to the verify page in every way that it
// takes them.
func TestVerifyPage(t *testing.T) {
	slow(t, "opens pages in a browser")
	t.Parallel()
	dir := academy.read(t)
	in := newInputs(t, dir)
	server := serve(t, filepath.Join(dir, "public"), "/larkspur/")
	profile := newBrowser(t)
	browser.Camera(t, film(t, in.page))

	t.Run("ways", func(t *testing.T) { everyWay(t, profile, server.URL, in) }) // alone, for it measures
	// In a group, so that browser and server outlive the parallel tests.
	t.Run("page", func(t *testing.T) {
		for name, test := range map[string]func(*testing.T, context.Context, string, inputs){
			"verdicts": everyVerdict, "no award": noAward, "stranger": stranger, "keyboard": keyboardOnly,
			"certificates": certificates, "people": forPeople, "displayer": displayer, "looks": verifierLooks, "axe": verifierAxe, "no scripts": withoutScripts, "many": manyFiles,
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				test(t, profile, server.URL, in)
			})
		}
	})
}

// everyWay hands in the same good credential, which must be found valid without
// anybody else being asked.
func everyWay(t *testing.T, profile context.Context, server string, in inputs) {
	verify := server + "/larkspur/verify/"
	encoded := base64.RawURLEncoding.EncodeToString(in.json)
	ways := map[string]func(*testing.T, *tab) error{
		"choose JSON":     func(t *testing.T, b *tab) error { return b.choose(onDisk(t, "credential.json", in.json)) },
		"choose PNG":      func(t *testing.T, b *tab) error { return b.choose(onDisk(t, "badge.png", in.png)) },
		"choose SVG":      func(t *testing.T, b *tab) error { return b.choose(onDisk(t, "badge.svg", in.svg)) },
		"choose misnamed": func(t *testing.T, b *tab) error { return b.choose(onDisk(t, "badge.txt", in.png)) },
		"choose QR code":  func(t *testing.T, b *tab) error { return b.choose(onDisk(t, "photo.png", qrPicture(t, in.page))) },
		"drop JSON":       func(t *testing.T, b *tab) error { return timed(t, b, "credential.json", in.json) },
		"drop PNG":        func(t *testing.T, b *tab) error { return timed(t, b, "badge.png", in.png) },
		"drop SVG":        func(t *testing.T, b *tab) error { return timed(t, b, "badge.svg", in.svg) },
		"drop URL": func(_ *testing.T, b *tab) error {
			return b.transfer("DragEvent", "dataTransfer", "text/uri-list", in.url)
		},
		"paste JSON":       func(_ *testing.T, b *tab) error { return b.enter(string(in.json)) },
		"paste URL":        func(_ *testing.T, b *tab) error { return b.enter(in.url) },
		"paste page's URL": func(_ *testing.T, b *tab) error { return b.enter(" " + in.page + "\n") },
		"paste here's URL": func(_ *testing.T, b *tab) error {
			return b.enter(strings.Replace(in.url, sampleURL, server+"/larkspur/", 1))
		},
		"paste on page": func(_ *testing.T, b *tab) error {
			return b.transfer("ClipboardEvent", "clipboardData", "text/plain", string(in.json))
		},
		"fragment JSON":   func(_ *testing.T, b *tab) error { return afresh(b, verify+"#vc="+encoded) },
		"fragment URL":    func(_ *testing.T, b *tab) error { return afresh(b, verify+"#vc="+url.QueryEscape(in.url)) },
		"fragment pasted": func(_ *testing.T, b *tab) error { return b.enter(sampleURL + "verify/#vc=" + encoded) },
		"fragment later":  func(_ *testing.T, b *tab) error { return b.visit(verify + "#vc=" + encoded) },
		"fragment UUID":   func(_ *testing.T, b *tab) error { return afresh(b, verify+"#"+path.Base(in.page)) },
		"UUID later":      func(_ *testing.T, b *tab) error { return b.visit(verify + "#" + strings.ToUpper(path.Base(in.page))) },
		"UUID pasted":     func(_ *testing.T, b *tab) error { return b.enter(sampleURL + "verify/#" + path.Base(in.page)) },
		"camera":          func(_ *testing.T, b *tab) error { return b.scan() },
	}
	b := verifier(t, profile, server)
	for _, name := range slices.Sorted(maps.Keys(ways)) {
		t.Run(name, func(t *testing.T) {
			if err := afresh(b, verify); err != nil {
				t.Fatal(err)
			}
			if err := ways[name](t, b); err != nil {
				t.Fatal(err)
			}
			a, err := b.answer()
			if err != nil {
				t.Fatal(err)
			}
			if a.Verdict != "valid" || a.Code != "ok" || a.Title != in.title || a.Warned || len(a.Hosts) > 0 || a.Rows != 11 {
				t.Errorf("the page shows %+v", a)
			}
			if a.Focus != "verdict" || !strings.HasPrefix(a.Live, "Valid. ") {
				t.Errorf("focus is on %q, and a screen reader says %q", a.Focus, a.Live)
			}
			if strings.Contains(a.Hint, "example") {
				t.Errorf("the page says of a credential of its own site: %s", a.Hint)
			}
			b.clean(t)
		})
	}
	t.Logf("%d ways to hand in a credential", len(ways))
}

// afresh opens a page that is open already, as a link from elsewhere does.
func afresh(b *tab, url string) error {
	if err := b.visit("about:blank"); err != nil {
		return err
	}
	return b.visit(url)
}

// timed drops a file on a page just opened, and again, and logs how long the
// verdict took.
func timed(t *testing.T, b *tab, name string, data []byte) error {
	first, err := b.drop(name, data)
	if err != nil {
		return err
	}
	again, err := b.drop(name, data)
	if err != nil {
		return err
	}
	t.Logf("%s: verdict %.0f ms after the first drop, %.0f ms after the next", name, first, again)
	return nil
}

// noAward names awards that the site does not have, and one that is sealed: the
// page says so in a sentence.
func noAward(t *testing.T, profile context.Context, server string, _ inputs) {
	const claim = "claim/#0123456789abcdef0123456789abcdef.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	verify := server + "/larkspur/verify/"
	missing := "awards/00000000-0000-4000-8000-000000000000/"
	b := verifier(t, profile, server)
	for name, c := range map[string]struct {
		hand func() error
		note string
	}{
		"fragment": {func() error {
			_, err := evaluate[string](b, fmt.Sprintf(`location.hash = %q`, path.Base(missing)))
			return err
		}, "This site has no credential at that address."},
		"pasted": {func() error { return b.enter(sampleURL + "verify/#" + path.Base(missing)) }, "This site has no credential at that address."},
		"sealed": {func() error { return b.enter(sampleURL + claim) }, "This link opens an award, which is checked on its own page:"},
	} {
		t.Run(name, func(t *testing.T) {
			if err := afresh(b, verify); err != nil {
				t.Fatal(err)
			}
			b.Expect(server + "/larkspur/" + missing + "credential.json")
			if err := c.hand(); err != nil {
				t.Fatal(err)
			}
			a, err := b.answer()
			if err != nil {
				t.Fatal(err)
			}
			if a.Verdict != "" || !strings.HasPrefix(a.Note, c.note) || len(a.Hosts) > 0 {
				t.Errorf("the page shows %+v", a)
			}
			if name == "sealed" {
				href, err := evaluate[string](b, `document.querySelector('#verify-out a').href`)
				if err != nil || href != server+"/larkspur/"+claim {
					t.Errorf("it leads to %s, %v", href, err)
				}
			}
			b.clean(t)
		})
	}
}

// certificates hands in what learners send, and what others make of it: the
// credential inside is judged, and the page says that it alone was.
func certificates(t *testing.T, profile context.Context, server string, in inputs) {
	forged := bytes.ReplaceAll(in.html, []byte(in.title), []byte(in.title+" with honours"))
	cut := in.pdf[:bytes.LastIndex(in.pdf, []byte("/Type /EmbeddedFile "))+300]
	for name, c := range map[string]struct {
		file          string
		data          []byte
		verdict, code string
		carrier       string
	}{
		"PDF":           {"certificate.pdf", in.pdf, "valid", "ok", "The credential was taken from a PDF."},
		"HTML":          {"certificate.html", in.html, "valid", "ok", "The credential was taken from a web page."},
		"misnamed":      {"photo.jpg", in.pdf, "valid", "ok", "The credential was taken from a PDF."},
		"unnamed":       {"certificate.html", in.unnamed, "valid", "ok", "The credential was taken from a web page."},
		"forged":        {"certificate.html", forged, "invalid", "signature-invalid", "The credential was taken from a web page."},
		"cut short":     {"certificate.pdf", cut, "undetermined", "pdf-malformed", ""},
		"other PDF":     {"other.pdf", []byte("%PDF-1.7\n%%EOF\n"), "undetermined", "pdf-unsupported", ""},
		"other webpage": {"other.html", []byte("<!doctype html><p>Certificate</p>"), "undetermined", "html-page", ""},
	} {
		t.Run(name, func(t *testing.T) {
			b := verifier(t, profile, server)
			if _, err := b.drop(c.file, c.data); err != nil {
				t.Fatal(err)
			}
			a, err := b.answer()
			if err != nil {
				t.Fatal(err)
			}
			if a.Verdict != c.verdict || a.Code != c.code || len(a.Hosts) > 0 || !strings.HasPrefix(a.Carrier, c.carrier) || (a.Carrier == "") != (c.carrier == "") {
				t.Errorf("the page shows %+v", a)
			}
			if c.carrier != "" && (a.Codes["structure"] != "carrier-unchecked" || !strings.HasSuffix(a.Live, a.Carrier) || !strings.Contains(a.Carrier, "was not checked")) {
				t.Errorf("a screen reader says %q, the row %q", a.Live, a.Codes["structure"])
			}
			person := strings.Contains(a.More, "is the person it names")
			if c.verdict == "valid" && (person == (name == "unnamed") || strings.Contains(a.More, "does not say who earned it") != (name == "unnamed") || strings.Contains(a.To, "urn:")) {
				t.Errorf("the page says %q of %q", a.More, a.To)
			}
			b.clean(t)
		})
	}
}

// everyVerdict hands in what is not valid.
func everyVerdict(t *testing.T, profile context.Context, server string, in inputs) {
	at := strings.LastIndex(string(in.json), `"proofValue":"z`) + len(`"proofValue":"z`) + 20
	resigned := slices.Clone(in.json)
	if resigned[at] = '2'; in.json[at] == '2' {
		resigned[at] = '3'
	}
	cases := map[string]struct {
		data          []byte
		verdict, code string
		title         bool
		next          string
	}{
		"revoked":     {in.revoked, "invalid", "revoked", true, "Ask the learner for a newer one"},
		"suspended":   {in.suspended, "invalid", "revoked", true, "Ask the learner for a newer one"}, // the site's list has one bit for both
		"expired":     {in.expired, "invalid", "expired", true, "Ask the learner for a renewed"},
		"tampered":    {in.tampered, "invalid", "signature-invalid", true, "Do not rely on it. Ask the learner"},
		"other proof": {resigned, "invalid", "signature-invalid", true, "Do not rely on it. Ask the learner"},
		"plain PNG":   {in.plain, "undetermined", "image-not-baked", false, "Get the file exactly as"},
		"cut short":   {in.json[:len(in.json)/2], "invalid", "json-syntax", false, "Get the file exactly as"},
		"no form":     {[]byte("hello"), "undetermined", "form-unsupported", false, "Get the file exactly as"},
	}
	b := verifier(t, profile, server)
	for _, name := range slices.Sorted(maps.Keys(cases)) {
		c := cases[name]
		t.Run(name, func(t *testing.T) {
			if err := afresh(b, server+"/larkspur/verify/"); err != nil {
				t.Fatal(err)
			}
			if _, err := b.drop("given", c.data); err != nil {
				t.Fatal(err)
			}
			a, err := b.answer()
			if err != nil {
				t.Fatal(err)
			}
			if a.Verdict != c.verdict || a.Code != c.code || len(a.Hosts) > 0 {
				t.Errorf("the page shows %+v", a)
			}
			if (a.Title != "") != c.title || a.Warned != c.title {
				t.Errorf("the credential's title is shown as %q, with a warning: %v", a.Title, a.Warned)
			}
			if len(a.Next) != 1 || !strings.HasPrefix(a.Next[0], "Next step: "+c.next) {
				t.Errorf("the page says to do %q", a.Next)
			}
			word := map[string]string{"invalid": "Not valid", "undetermined": "Not determined"}[c.verdict]
			if a.Word != word || a.Why == "" || a.Live != word+". "+a.Why || a.Focus != "verdict" {
				t.Errorf("focus is on %q, the verdict %q says %q, and a screen reader %q", a.Focus, a.Word, a.Why, a.Live)
			}
			b.clean(t)
		})
	}
	t.Logf("%d that are not valid", len(cases))
}
