package main

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/capsule"
	"laurel/internal/issuing/ledger"
	"laurel/internal/publishing/render"
	"laurel/internal/publishing/site"
	"laurel/internal/testing/browser"
)

// opened is what the claim page shows.
type opened struct {
	State   string   `json:"state"` // "open" or "error"
	Code    string   `json:"code"`  // of an error
	Variant string   `json:"variant"`
	Title   string   `json:"title"` // of the document
	Note    string   `json:"note"`
	Verdict string   `json:"verdict"` // empty: none is shown
	Name    string   `json:"name"`    // of the award that is shown, empty: none
	Class   string   `json:"class"`   // of its article
	Choices []string `json:"choices"` // that can be seen
	Files   []string `json:"files"`   // names of the downloads
	Heads   int      `json:"heads"`   // of the first rank, that can be seen
	Focus   string   `json:"focus"`
	URL     string   `json:"url"`
}

// openedScript waits until the claim page has opened a link, or said why not.
const openedScript = `new Promise((resolve, reject) => {
	const app = document.getElementById('claim-app');
	const seen = e => e.checkVisibility();
	const answer = () => {
		if (!['open', 'error'].includes(app.dataset.state)) return false;
		const article = document.querySelector('#claim-award article');
		resolve({
			state: app.dataset.state, code: app.dataset.code ?? '', variant: app.dataset.variant ?? '', title: document.title,
			note: document.getElementById('claim-note').textContent, verdict: document.querySelector('#claim-verdict .verdict')?.dataset.verdict ?? '',
			name: article?.querySelector('h1')?.textContent.trim() ?? '', class: article?.className ?? '',
			choices: [...document.querySelectorAll('#claim-variants input')].filter(seen).map(i => i.value),
			files: [...document.querySelectorAll('#claim-award a[data-download]')].filter(a => a.protocol === 'blob:' && !a.closest('[hidden]')).map(a => a.download),
			heads: [...document.querySelectorAll('h1')].filter(seen).length, focus: document.activeElement.id || document.activeElement.localName, url: location.href,
		});
		return true;
	};
	if (answer()) return;
	new MutationObserver((_, o) => answer() && o.disconnect()).observe(app, {attributes: true, attributeFilter: ['data-state']});
	setTimeout(() => reject(new Error('the claim page is still ' + app.dataset.state)), 100000);
})`

// seal publishes a capsule of one's own making, with its page, and returns the
// fragment of its link.
func seal(t *testing.T, public string, forms ...capsule.Credential) string {
	t.Helper()
	name, key, err := capsule.New(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	packed, err := capsule.Pack(capsule.Contents{Version: capsule.Version, Credentials: forms})
	if err != nil {
		t.Fatal(err)
	}
	jwe, err := capsule.Seal(packed, key)
	if err != nil {
		t.Fatal(err)
	}
	place(t, public, model.CapsulePath(name), jwe)
	var html []byte
	for _, form := range forms {
		html = append(html, drawSealed(t, form, sampleURL+"claim/#"+name+"."+key)...)
	}
	page, err := capsule.SealPage(html, key, [32]byte{})
	if err != nil {
		t.Fatal(err)
	}
	place(t, public, model.CapsulePagePath(name), page)
	return "#" + name + "." + key
}

// drawSealed is the page of a form as a build draws it; of what no build would
// draw, some page of an award.
func drawSealed(t *testing.T, form capsule.Credential, link string) []byte {
	t.Helper()
	l, err := ledger.Open(t.TempDir(), ledger.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	plan, err := site.Make(site.Input{Site: &model.Site{BaseURL: strings.TrimSuffix(sampleURL, "/"), Languages: []string{"en"}}, State: l.State()})
	if err != nil {
		t.Fatal(err)
	}
	page, err := plan.SealedPage(form.Variant, form.Documents[0].Document, form.Formats(), link, nil, "")
	if err != nil {
		return []byte(`<article class="wrap award is-unchecked"><h1>What nobody is to see</h1></article>`)
	}
	r, err := render.New(nil, nil, render.Options{})
	if err != nil {
		t.Fatal(err)
	}
	html, err := r.Sealed(page)
	if err != nil {
		t.Fatal(err)
	}
	return html
}

func place(t *testing.T, public, path, data string) {
	t.Helper()
	file := filepath.Join(public, filepath.FromSlash(path))
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(data), 0o644); err != nil {
		t.Fatal(err)
	}
}

// as is a form of an award that consists of one credential.
func as(variant string, credential []byte) capsule.Credential {
	return capsule.Credential{Variant: variant, Documents: []capsule.Document{{Format: "eddsa-rdfc-2022", MediaType: "application/vc", Document: credential}}}
}

// TestClaimPage opens links to what may be behind them: an award in every
// state, and what is none.
func TestClaimPage(t *testing.T) {
	slow(t, "opens pages in a browser")
	t.Parallel()
	dir := academy.copy(t)
	public := filepath.Join(dir, "public")
	in := newInputs(t, dir)
	server := serve(t, public, "/larkspur/")
	claim := server.URL + "/larkspur/claim/"
	b := newTab(t, newBrowser(t), server.URL, window(1280), browser.Focus())
	name, key := strings.Repeat("0", 32), strings.Repeat("A", 43)
	good := seal(t, public, as("full", in.json))
	for _, path := range []string{model.CapsulePath(strings.Repeat("1", 32)), model.CapsulePagePath(strings.Repeat("1", 32))} {
		place(t, public, path, "no capsule")
	}
	const words = "The link is damaged or incomplete."

	// What is not shown: the sentence begins as told.
	for what, c := range map[string]struct{ fragment, code, note string }{
		"no fragment": {"", "none", "This page opens awards from their claim links."},
		"cut off":     {good[:len(good)-1], "malformed", words},
		"mistyped":    {"#" + name[1:] + "g." + key, "malformed", words},
		"too long":    {good + "A", "malformed", words},
		"not there":   {"#" + name + "." + key, "missing", "There is no such award on this site."},
		"other key":   {good[:34] + key, "key", "The key in the link does not open this award."},
		"no capsule":  {"#" + strings.Repeat("1", 32) + "." + key, "damaged", "What is stored behind this link is damaged."},
		"stranger's":  {seal(t, public, as("full", in.stranger)), "foreign", "What the link opens was not issued by this site"},
		"altered":     {seal(t, public, as("full", in.tampered)), "foreign", "What the link opens was not issued by this site"},
		"no award":    {seal(t, public, as("full", []byte(`{"id":"urn:x"}`))), "foreign", "What the link opens was not issued by this site"},
	} {
		t.Run(what, func(t *testing.T) {
			a := b.open(t, claim+c.fragment, claim+"../c/"+name+".jwe")
			if a.State != "error" || a.Code != c.code || !strings.HasPrefix(a.Note, c.note) {
				t.Errorf("the page says %+v", a)
			}
			if a.Name != "" || a.Verdict != "" || len(a.Files)+len(a.Choices) > 0 || a.Heads != 1 || a.Title != "An award · Larkspur Academy" {
				t.Errorf("and shows %+v", a)
			}
			b.clean(t)
		})
	}

	// What is shown, with its verdict on top.
	for what, c := range map[string]struct {
		credential     []byte
		verdict, class string
	}{
		"valid":     {in.json, "valid", "is-valid"},
		"revoked":   {in.revoked, "invalid", "is-revoked"},
		"suspended": {in.suspended, "invalid", "is-revoked"}, // the site's list has one bit for both
		"expired":   {in.expired, "invalid", "is-expired"},
	} {
		t.Run(what, func(t *testing.T) {
			link := claim + seal(t, public, as("full", c.credential))
			a := b.open(t, link, "")
			if a.State != "open" || a.Verdict != c.verdict || a.Name == "" || !slices.Contains(strings.Fields(a.Class), c.class) || a.Heads != 1 {
				t.Errorf("the page shows %+v", a)
			}
			files := 3
			if c.class != "is-valid" {
				files = 1 // what does not count is not to be shown around
			}
			if seen, err := evaluate[float64](b, `document.getElementById('claim-note').getBoundingClientRect().height`); err != nil || seen > 1 || a.Note == "" {
				t.Errorf("%q is said %v pixels high, not only to screen readers, %v", a.Note, seen, err)
			}
			if a.Title != a.Name+" · Larkspur Academy" || a.URL != link || len(a.Choices) > 0 || len(a.Files) != files {
				t.Errorf("the page shows %+v", a)
			}
			b.clean(t)
		})
	}
	t.Run("choice", func(t *testing.T) { choose(t, b, claim, public, in) })
	t.Run("verify", func(t *testing.T) {
		b.open(t, claim+good, "")
		if err := b.do(chromedp.Click(chromedp.CSS("#details > summary")), chromedp.Click(chromedp.CSS("#details a[data-verify]"))); err != nil {
			t.Fatal(err)
		}
		if err := b.do(chromedp.WaitVisible(chromedp.CSS("#verify-app"))); err != nil {
			t.Fatal(err)
		}
		if a, err := b.answer(); err != nil || a.Verdict != "valid" || a.Title != in.title {
			t.Errorf("the verify page shows %+v, %v", a, err)
		}
		// The credential was in the address; the history is not to keep it.
		if at, err := evaluate[string](b, `location.href`); err != nil || at != server.URL+"/larkspur/verify/" {
			t.Errorf("the address is %.200s, %v", at, err)
		}
		b.clean(t)
	})
	t.Run("unreachable", func(t *testing.T) { unreachable(t, b, claim, public, good) })
}

// open opens a link afresh. gone is what is expected to be missing.
func (b *tab) open(t *testing.T, link, gone string) opened {
	t.Helper()
	if err := b.visit("about:blank"); err != nil {
		t.Fatal(err)
	}
	if err := b.VisitWithout(link, strings.ReplaceAll(gone, "claim/../", "")); err != nil {
		t.Fatal(err)
	}
	return b.opened(t)
}

func (b *tab) opened(t *testing.T) opened {
	t.Helper()
	a, err := evaluate[opened](b, openedScript)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// choose goes through the forms of an award with the keyboard alone, and then
// follows another link in the same tab.
func choose(t *testing.T, b *tab, claim, public string, in inputs) {
	short := as("achievement-only", in.expired)
	short.Share = strings.Repeat("2", 32) + "." + strings.Repeat("A", 43)
	full := as("full", in.json)
	full.Documents = append(full.Documents, capsule.Document{Format: "vc-jwt", MediaType: "text/plain", Document: []byte(`"e30.e30.AA"`)},
		capsule.Document{Format: "ecdsa-rdfc-2019", MediaType: "application/vc", Document: []byte(`{"b":1,"a":2}`)})
	link := claim + seal(t, public, full, short)
	a := b.open(t, link, "")
	if !slices.Equal(a.Choices, []string{"full", "achievement-only"}) || a.Variant != "full" || a.Verdict != "valid" || len(a.Files) != 5 ||
		!strings.HasSuffix(a.Files[3], "-full.jwt.txt") || !strings.HasSuffix(a.Files[4], "-full.ecdsa.json") {
		t.Fatalf("the page shows %+v", a)
	}
	if want := a.Files[0]; !strings.HasSuffix(want, "-full.png") {
		t.Errorf("the file is called %s", want)
	}

	if err := b.do(chromedp.Focus(chromedp.CSS("#claim-variants input:checked")), chromedp.KeyEvent(kb.ArrowDown)); err != nil {
		t.Fatal(err)
	}
	a = b.turned(t, "achievement-only")
	if a.Verdict != "invalid" || len(a.Files) != 1 || a.Focus != "claim-variant-1" || !strings.HasSuffix(a.Files[0], "-achievement-only.json") {
		t.Errorf("after the arrow key the page shows %+v", a)
	}
	shared, err := evaluate[string](b, `document.querySelector('[data-action="copy-link"]').dataset.copy`)
	if err != nil || shared != sampleURL+"claim/#"+short.Share {
		t.Errorf("the link to share is %s, %v", shared, err)
	}
	if err := b.do(chromedp.KeyEvent(kb.ArrowUp)); err != nil {
		t.Fatal(err)
	}
	if a = b.turned(t, "full"); a.Verdict != "valid" || a.Focus != "claim-variant-0" || a.URL != link {
		t.Errorf("back again the page shows %+v", a)
	}

	// Another link in the same tab; nothing is left of the first.
	if _, err := evaluate[string](b, `new Promise(resolve => {
		addEventListener('hashchange', () => resolve(location.hash), {once: true});
		location.hash = '#x';
	})`); err != nil {
		t.Fatal(err)
	}
	if a = b.opened(t); a.Code != "malformed" || a.Name != "" || len(a.Choices) > 0 || a.Title != "An award · Larkspur Academy" {
		t.Errorf("after another link the page shows %+v", a)
	}
	b.clean(t)
}

// turned waits until a form is shown.
func (b *tab) turned(t *testing.T, variant string) opened {
	t.Helper()
	if _, err := evaluate[bool](b, fmt.Sprintf(`new Promise((resolve, reject) => {
		const app = document.getElementById('claim-app');
		const shown = () => app.dataset.variant === %q && app.dataset.state === 'open' && (resolve(true), true);
		if (shown()) return;
		new MutationObserver((_, o) => shown() && o.disconnect()).observe(app, {attributes: true});
		setTimeout(() => reject(new Error('the form is not shown')), 100000);
	})`, variant)); err != nil {
		t.Fatal(err)
	}
	return b.opened(t)
}

// unreachable takes away what the verdict needs, and brings it back.
func unreachable(t *testing.T, b *tab, claim, public, link string) {
	keys := filepath.Join(public, "did.json")
	away := func(file string) {
		if err := os.Rename(file, file+".away"); err != nil {
			t.Fatal(err)
		}
	}
	back := func(file string) {
		if err := os.Rename(file+".away", file); err != nil {
			t.Fatal(err)
		}
	}
	away(keys)
	a := b.open(t, claim+link, claim+"../did.json")
	if a.Code != "unchecked" || a.Name != "" || len(a.Files) > 0 {
		t.Errorf("without the issuer's keys the page shows %+v", a)
	}
	back(keys)
	if err := b.do(chromedp.Click(chromedp.CSS("#claim-note button"))); err != nil {
		t.Fatal(err)
	}
	if a = b.turned(t, "full"); a.Verdict != "valid" || a.Name == "" {
		t.Errorf("tried again, the page shows %+v", a)
	}

	lists, err := filepath.Glob(filepath.Join(public, "status/*.json"))
	lists = slices.DeleteFunc(lists, func(file string) bool { // an endorser has one of its own
		return !strings.Contains(readString(t, file), `"issuer":"did:web:academy.example.org:larkspur"`)
	})
	if err != nil || len(lists) != 1 {
		t.Fatalf("%d status lists, %v", len(lists), err)
	}
	away(lists[0])
	a = b.open(t, claim+link, claim+"../status/"+filepath.Base(lists[0]))
	if a.State != "open" || a.Verdict != "undetermined" || strings.Contains(a.Class, "is-valid") {
		t.Errorf("without the status list the page shows %+v", a)
	}
	back(lists[0])

	// Without its page an award cannot be shown.
	name := link[1:33]
	page := filepath.Join(public, filepath.FromSlash(model.CapsulePagePath(name)))
	away(page)
	a = b.open(t, claim+link, claim+"../c/"+name+".page.jwe")
	if a.Code != "template" || a.Name != "" || len(a.Files) > 0 {
		t.Errorf("without its page the award is shown as %+v", a)
	}
	back(page)
	b.clean(t)
}

// TestClaimShownFirst: the award is on the page before its verifier is loaded, and
// says that it is being checked, and nothing of what it is worth.
func TestClaimShownFirst(t *testing.T) {
	slow(t, "opens pages in a browser")
	t.Parallel()
	dir := academy.copy(t)
	public := filepath.Join(dir, "public")
	in := newInputs(t, dir)
	link := "/larkspur/claim/" + seal(t, public, as("full", in.json))
	server := serve(t, public, "/larkspur/")
	var loaded atomic.Bool
	hold := make(chan struct{})
	next := server.Config.Handler
	server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.Path, "/assets/verifier-") {
			<-hold
			loaded.Store(true)
		}
		next.ServeHTTP(w, r)
	})
	b := newTab(t, newBrowser(t), server.URL, window(1280), browser.Focus())
	if err := b.visit(server.URL + link); err != nil {
		t.Fatal(err)
	}
	shown, err := evaluate[string](b, `new Promise((resolve, reject) => {
		const app = document.getElementById('claim-app');
		const look = () => {
			const article = app?.querySelector('#claim-award article');
			if (app?.dataset.state !== 'checking' || !article || performance.getEntriesByName('first-award').length === 0) return false;
			resolve([article.querySelector('h1').textContent, article.className, document.querySelector('.verdict') === null,
				[...article.querySelectorAll('.status-check, .take, a[data-download]')].filter(e => !e.closest('[hidden]')).length, document.getElementById('claim-note').checkVisibility(), performance.getEntriesByName('first-award').length].join('|'));
			return true;
		};
		const wait = () => look() || setTimeout(wait, 20);
		wait();
		setTimeout(() => reject(new Error('no award is shown: ' + document.body.innerText.slice(0, 300))), 100000);
	})`)
	if err != nil {
		t.Fatal(err)
	}
	if want := in.title + "|wrap award is-unchecked|true|0|true|1"; shown != want || loaded.Load() {
		t.Errorf("before the verifier came (%v) the page shows %s, want %s", loaded.Load(), shown, want)
	}
	close(hold)
	if a := b.opened(t); a.State != "open" || a.Verdict != "valid" || a.Class != "wrap award is-valid" {
		t.Errorf("and then %+v", a)
	}
	b.clean(t)
}
