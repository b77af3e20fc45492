package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"laurel/internal/testing/browser"
)

// claimed is what the claim page shows.
type claimed struct {
	Note     string   `json:"note"`
	Why      string   `json:"why"` // there is no award, as a code
	Verdict  string   `json:"verdict"`
	Code     string   `json:"code"`     // of the check that decided
	Variants []string `json:"variants"` // that can be chosen
	Chosen   string   `json:"chosen"`
	Article  bool     `json:"article"`
	Name     string   `json:"name"`  // of the recipient
	Title    string   `json:"title"` // of the achievement
	Link     string   `json:"link"`  // to share it
	History  int      `json:"history"`
	Hash     string   `json:"hash"`
}

// claimScript waits until the page has come to an end: an award with its
// verdict, or a note in its place.
const claimScript = `new Promise((resolve, reject) => {
	const find = selector => document.querySelector(selector);
	const text = selector => find(selector)?.textContent.trim() ?? '';
	const answer = () => {
		const {state, code, variant} = document.getElementById('claim-app').dataset;
		if (!['open', 'error'].includes(state)) return false;
		const article = find('#claim-award article'), box = find('#claim-verdict .verdict');
		const rows = [...document.querySelectorAll('#claim-verdict .vcheck')];
		const decided = rows.find(r => r.dataset.outcome === 'fail') ?? rows.find(r => r.dataset.outcome === 'unknown');
		const radios = [...document.querySelectorAll('#claim-variants input[type=radio]')];
		const shown = find('#claim-variants') !== null && !find('#claim-variants').hidden;
		resolve({
			note: text('#claim-note'), why: code ?? '', verdict: box?.dataset.verdict ?? '', code: decided?.dataset.code ?? 'ok',
			variants: shown ? radios.map(r => r.value) : [], chosen: variant ?? '',
			article: article !== null, name: text('#claim-award .recipient'), title: text('#claim-award h1, #claim-award .sheet h2'),
			link: find('#claim-award .take-url a')?.href ?? '', history: history.length, hash: location.hash,
		});
		return true;
	};
	if (answer()) return;
	const watch = new MutationObserver(() => answer() && watch.disconnect());
	watch.observe(document.body, {childList: true, subtree: true, attributes: true, characterData: true});
	setTimeout(() => reject(new Error('nothing is shown: ' + document.getElementById('claim-app').textContent.slice(0, 300))), 100000);
})`

func (b *tab) claimed() (claimed, error) { return evaluate[claimed](b, claimScript) }

// claimTab opens a tab that has the focus.
func claimTab(t *testing.T, profile context.Context, server string, settings ...chromedp.Action[chromedp.Void]) *tab {
	t.Helper()
	return newTab(t, profile, server, append([]chromedp.Action[chromedp.Void]{window(1280), browser.Focus()}, settings...)...)
}

// follow follows a claim link from elsewhere.
func (b *tab) follow(t *testing.T, link string) claimed {
	t.Helper()
	if err := afresh(b, link); err != nil {
		t.Fatal(err)
	}
	return b.shownClaim(t)
}

func (b *tab) shownClaim(t *testing.T) claimed {
	t.Helper()
	c, err := b.claimed()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestClaim opens claim links in the browser.
func TestClaim(t *testing.T) {
	slow(t, "opens pages in a browser")
	t.Parallel()
	site := newClaimSite(t)
	server := serve(t, site.public, "/larkspur/")
	heard := listenTo(server)
	profile := newBrowser(t)

	t.Run("take", func(t *testing.T) { takeAll(t, profile, server.URL, site) }) // alone: downloads are the whole browser's
	t.Run("page", func(t *testing.T) {
		for name, test := range map[string]func(*testing.T, context.Context, string, *claimSite){
			"links": everyLink, "follow": followLinks, "share": shareNoName, "same": samePage, "looks": claimLooks, "choose": choosePieces,
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				test(t, profile, server.URL, site)
			})
		}
	})
	t.Run("kept to itself", func(t *testing.T) { keptToItself(t, heard.requests(), site) })
}

// keptToItself: no request of all those that were made says what is behind the
// "#" of a link, nor which page it came from.
func keptToItself(t *testing.T, requests []string, site *claimSite) {
	capsules := 0
	for _, r := range requests {
		target, _, _ := strings.Cut(r, "\n")
		for who, fragment := range site.links {
			name, key, _ := strings.Cut(fragment, ".")
			if strings.Contains(r, key) || strings.Contains(r, key[:20]) {
				t.Errorf("a request carries the key of %s: %s", who, target)
			}
			if strings.Contains(r, name) && target != "GET /larkspur/c/"+name+".jwe" && target != "GET /larkspur/c/"+name+".page.jwe" {
				t.Errorf("a request carries the name of %s: %s", who, r)
			}
		}
		if _, from, ok := strings.Cut(r, "\nReferer: "); ok && strings.Contains(strings.SplitN(from, "\n", 2)[0], "/claim/") {
			t.Errorf("a request says that it is from the claim page: %s", target)
		}
		if strings.Contains(target, "/c/") {
			capsules++
			if strings.Contains(r, "\nReferer:") || strings.Contains(r, "\nCookie:") {
				t.Errorf("a capsule is asked for with more than its name: %s", r)
			}
		}
	}
	if capsules < 20 || len(requests) < 50 {
		t.Errorf("of %d requests %d were for capsules", len(requests), capsules)
	}
	t.Logf("%d requests, %d of them for capsules", len(requests), capsules)
}

// everyLink opens links that lead to an award, and links that do not: the page
// says what is wrong in a sentence.
func everyLink(t *testing.T, profile context.Context, server string, site *claimSite) {
	good := site.links["claimed"]
	name, key, _ := strings.Cut(good, ".")
	other := map[bool]string{true: "B", false: "A"}[key[5] == 'A']
	three := []string{"full", "no-name", "achievement-only"}
	absent := strings.Repeat("0123456789abcdef", 2)
	cases := map[string]struct {
		link string
		want claimed
		note string // key of the words it says
		gone string // what it asks for in vain
	}{
		"good":              {"#" + good, claimed{Verdict: "valid", Code: "ok", Variants: three, Chosen: "full", Article: true, Name: claimName}, "claim.note.open", ""},
		"good, full stop":   {"#" + good + ".", claimed{Verdict: "valid", Code: "ok", Variants: three, Chosen: "full", Article: true, Name: claimName}, "claim.note.open", ""},
		"good, newsletter":  {"#" + good + "&utm_source=mail", claimed{Verdict: "valid", Code: "ok", Variants: three, Chosen: "full", Article: true, Name: claimName}, "claim.note.open", ""},
		"good, plain":       {"#" + site.links["plain"], claimed{Verdict: "valid", Code: "ok", Article: true, Name: "Paul Plain-Beispiel"}, "claim.note.open", ""},
		"good, hard text":   {"#" + site.links["hard"], claimed{Verdict: "valid", Code: "ok", Article: true, Name: hardName}, "claim.note.open", ""},
		"revoked":           {"#" + site.links["revoked"], claimed{Verdict: "invalid", Code: "revoked", Variants: three, Chosen: "full", Article: true, Name: "Rosa Revoked-Exampleton"}, "claim.note.open", ""},
		"withdrawn":         {"#" + site.links["withdrawn"], claimed{}, "claim.note.missing", site.links["withdrawn"][:32]},
		"of another site":   {"#" + absent + "." + key, claimed{}, "claim.note.missing", absent},
		"wrong key":         {"#" + name + "." + key[:5] + other + key[6:], claimed{}, "claim.note.key", ""},
		"another's key":     {"#" + name + "." + strings.SplitN(site.links["plain"], ".", 2)[1], claimed{}, "claim.note.key", ""},
		"cut off":           {"#" + good[:len(good)-1], claimed{}, "claim.note.malformed", ""},
		"cut off early":     {"#" + name, claimed{}, "claim.note.malformed", ""},
		"something behind":  {"#" + good + "A", claimed{}, "claim.note.malformed", ""},
		"a full stop":       {"#" + site.links["plain"] + ").", claimed{Verdict: "valid", Code: "ok", Article: true, Name: "Paul Plain-Beispiel"}, "claim.note.open", ""},
		"a newsletter's":    {"#" + site.links["plain"] + "&utm_source=news", claimed{Verdict: "valid", Code: "ok", Article: true, Name: "Paul Plain-Beispiel"}, "claim.note.open", ""},
		"a space":           {"#" + site.links["plain"] + "%20", claimed{Verdict: "valid", Code: "ok", Article: true, Name: "Paul Plain-Beispiel"}, "claim.note.open", ""},
		"upper case":        {"#" + strings.ToUpper(name) + "." + key, claimed{}, "claim.note.malformed", ""},
		"a way up":          {"#../../did." + key, claimed{}, "claim.note.malformed", ""},
		"key's last bits":   {"#" + good[:len(good)-1] + nextDigit(good[len(good)-1]), claimed{}, "claim.note.malformed", ""},
		"no fragment":       {"", claimed{}, "claim.note.none", ""},
		"an empty fragment": {"#", claimed{}, "claim.note.none", ""},
	}
	b := claimTab(t, profile, server)
	words := themeWords(t)
	for _, what := range slices.Sorted(maps.Keys(cases)) {
		c := cases[what]
		t.Run(what, func(t *testing.T) {
			got := b.follow(t, server+"/larkspur/claim/"+c.link)
			if got.Note != words[c.note] {
				t.Errorf("the page says %q", got.Note)
			}
			if c.link != "" && c.link != "#" && got.Hash != c.link {
				t.Errorf("the address has become %s", got.Hash)
			}
			shown := claimed{Verdict: got.Verdict, Code: got.Code, Variants: got.Variants, Chosen: got.Chosen, Article: got.Article, Name: got.Name}
			if !c.want.Article {
				shown.Code = ""
			}
			if len(shown.Variants) == 0 {
				shown.Variants, shown.Chosen = nil, ""
			}
			if fmt.Sprint(shown) != fmt.Sprint(c.want) {
				t.Errorf("the page shows %+v", got)
			}
			b.cleanBut(t, c.gone)
		})
	}
}

// cleanBut is clean, but that the browser may report a capsule that is not there.
func (b *tab) cleanBut(t *testing.T, gone string) {
	t.Helper()
	time.Sleep(50 * time.Millisecond)
	for _, fault := range b.said() {
		if gone == "" || !strings.Contains(fault, "/c/"+gone+".") || !strings.Contains(fault, "404") {
			t.Error(fault)
		}
	}
}

// nextDigit changes the two bits of a key's last digit that are no part of the
// key: another spelling of the same one.
func nextDigit(c byte) string {
	const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	return string(digits[strings.IndexByte(digits, c)+1])
}

// themeWords are what the theme's pages say in English.
func themeWords(t *testing.T) map[string]string {
	t.Helper()
	text, err := os.ReadFile("../../themes/default/strings/en.json")
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]any // a word that counts has several forms
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	words := map[string]string{}
	for key, v := range all {
		if word, ok := v.(string); ok {
			words[key] = word
		}
	}
	return words
}

// followLinks goes from link to link in one tab, as a learner does who has
// several, and back: the page shows what the address says.
func followLinks(t *testing.T, profile context.Context, server string, site *claimSite) {
	b := claimTab(t, profile, server)
	if c := b.follow(t, server+"/larkspur/claim/#"+site.links["claimed"]); c.Name != claimName {
		t.Fatalf("the page shows %+v", c)
	}
	wait := func(what, condition string) {
		t.Helper()
		if _, err := evaluate[bool](b, fmt.Sprintf(`new Promise((resolve, reject) => {
			const wait = () => (%s) ? resolve(true) : setTimeout(wait, 20);
			wait();
			setTimeout(() => reject(new Error('it does not come')), 100000);
		})`, condition)); err != nil {
			t.Fatalf("%s: %v", what, err)
		}
	}
	show := func(name string) string {
		quoted, err := json.Marshal(name)
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprintf(`document.querySelector('#claim-award .recipient')?.textContent.trim() === %s && document.querySelector('#claim-verdict .verdict') !== null`, quoted)
	}
	if _, err := evaluate[string](b, fmt.Sprintf(`location.hash = %q`, site.links["plain"])); err != nil {
		t.Fatal(err)
	}
	wait("another link", show("Paul Plain-Beispiel"))
	if _, err := evaluate[string](b, `location.hash = 'cut.off'`); err != nil {
		t.Fatal(err)
	}
	wait("a damaged link", `document.querySelector('#claim-award article') === null && document.body.innerText.indexOf('Plain-Beispiel') < 0`)
	if _, err := evaluate[bool](b, `(history.go(-2), true)`); err != nil {
		t.Fatal(err)
	}
	wait("back", show(claimName))
	// Every form of a revoked award is revoked.
	b.follow(t, server+"/larkspur/claim/#"+site.links["revoked"])
	for _, variant := range []string{"no-name", "achievement-only"} {
		if err := b.do(chromedp.Click(chromedp.CSS(`#claim-variants input[value="` + variant + `"]`))); err != nil {
			t.Fatal(err)
		}
		if c := b.variant(t, variant); c.Verdict != "invalid" || c.Code != "revoked" {
			t.Errorf("%s of a revoked award is shown as %+v", variant, c)
		}
	}
	left, err := evaluate[string](b, `JSON.stringify([Object.keys(localStorage), Object.keys(sessionStorage), document.cookie, history.state])`)
	if err != nil {
		t.Fatal(err)
	}
	if left != `[[],[],"",null]` {
		t.Errorf("the page leaves behind %s", left)
	}
	b.clean(t)
}

// shareNoName: what a learner passes on opens the form they chose, and cannot
// be turned into another.
func shareNoName(t *testing.T, profile context.Context, server string, site *claimSite) {
	b := claimTab(t, profile, server)
	b.follow(t, server+"/larkspur/claim/#"+site.links["claimed"])
	for _, variant := range []string{"no-name", "achievement-only"} {
		if err := b.do(chromedp.Click(chromedp.CSS(`#claim-variants input[value="` + variant + `"]`))); err != nil {
			t.Fatal(err)
		}
		c := b.variant(t, variant)
		fragment, ok := strings.CutPrefix(c.Link, sampleURL+"claim/#")
		if !ok || fragment == site.links["claimed"] {
			t.Fatalf("%s is shared as %q", variant, c.Link)
		}
		other := claimTab(t, profile, server)
		got := other.follow(t, server+"/larkspur/claim/#"+fragment)
		if got.Verdict != "valid" || len(got.Variants) > 1 || strings.Contains(got.Name, "Zoë") {
			t.Errorf("%s is opened as %+v", variant, got)
		}
		html, err := evaluate[string](other, `document.documentElement.outerHTML`)
		if err != nil {
			t.Fatal(err)
		}
		contents := site.published(t, fragment)
		if contents == nil || len(contents.Credentials) != 1 || contents.Credentials[0].Variant != variant || contents.Credentials[0].Share != "" {
			t.Fatalf("the capsule of %s holds %+v", variant, contents)
		}
		signed := string(contents.Credentials[0].Documents[0].Document)
		private := []string{"Zoë", "Claimsdóttir", "Claimsd\\u00f3ttir", "zoe.claims", "MW-1-0001", "root runs", "A garden gate", "/zoe/"}
		if variant == "achievement-only" {
			private = append(private, "Workshop representative", "Spring 2026")
		}
		for _, p := range private {
			if strings.Contains(html, p) || strings.Contains(signed, p) {
				t.Errorf("%s tells %q", variant, p)
			}
		}
		if strings.Contains(signed, `"result":`) != (variant == "no-name") {
			t.Errorf("%s has results, or has none: %.200s", variant, signed)
		}
		full := site.record(t, "claims-2026/mig-welding-1/claimed")
		if strings.Contains(html, strings.TrimPrefix(full.Credential, "urn:uuid:")) || strings.Contains(signed, full.Credential) {
			t.Errorf("%s tells which credential it belongs to", variant)
		}
		other.clean(t)
	}
	b.clean(t)
}

// variant waits until a form is shown.
func (b *tab) variant(t *testing.T, variant string) claimed {
	t.Helper()
	var c claimed
	for range 3000 {
		c = b.shownClaim(t)
		named := c.Name == claimName
		if c.Chosen == variant && named == (variant == "full") && c.Verdict != "" {
			return c
		}
		if _, err := evaluate[bool](b, `new Promise(done => setTimeout(() => done(true), 30))`); err != nil {
			t.Fatal(err)
		}
	}
	t.Fatalf("%s was chosen, and the page shows %+v", variant, c)
	return c
}

// states of the claim page, by the link that leads to them.
func claimStates(site *claimSite) map[string]string {
	name, _, _ := strings.Cut(site.links["claimed"], ".")
	return map[string]string{
		"open": "#" + site.links["claimed"], "plain": "#" + site.links["plain"], "hard text": "#" + site.links["hard"],
		"revoked": "#" + site.links["revoked"], "damaged": "#" + name, "empty": "",
		"wrong key": "#" + name + "." + strings.Repeat("A", 43),
	}
}

// claimLooks looks at every state of the claim page, and asks axe-core of it, on
// a phone and a screen, light and dark; and of the page of a public award.
func claimLooks(t *testing.T, profile context.Context, server string, site *claimSite) {
	b := claimTab(t, profile, server, browser.Policy(false))
	axe, asked := browser.NewAxe(t), 0
	ask := func(what string) {
		t.Helper()
		b.everyLook(t, what, 1280, func(where, _ string, _ browser.Look) {
			heads, err := evaluate[int](b, `[...document.querySelectorAll('h1')].filter(e => e.checkVisibility()).length`)
			if err != nil {
				t.Fatalf("%s: %v", where, err)
			}
			if heads != 1 {
				t.Errorf("%s: %d headings", where, heads)
			}
			axe.Ask(t, b.Tab, where)
			asked++
		})
	}
	for name, link := range claimStates(site) {
		b.follow(t, server+"/larkspur/claim/"+link)
		ask("claim/, " + name)
	}
	b.follow(t, server+"/larkspur/claim/#"+site.links["claimed"])
	for _, variant := range []string{"no-name", "achievement-only"} {
		if err := b.do(chromedp.Click(chromedp.CSS(`#claim-variants input[value="` + variant + `"]`))); err != nil {
			t.Fatal(err)
		}
		b.variant(t, variant)
		ask("claim/, " + variant)
	}
	public := awardFolders(t, site.dir)["welding-spring-2026/mig-welding-1/zoe-brontesdottir"]
	if err := b.visit(server + "/larkspur/" + public); err != nil {
		t.Fatal(err)
	}
	ask(public)
	axe.Log(t)
	b.clean(t)
	t.Logf("looked, and asked axe-core, %d times", asked)
}

// articleScript is what a page shows of an award, one line an element: its
// name, its classes and the text that is its own. Left out is what differs
// because only one of the two has an address of its own: where links lead,
// what QR codes say, and the ways that need an address; and that the claim page judges
// what is endorsed, where the other leads to who does.
const articleScript = `(() => {
	const article = document.querySelector('article.award').cloneNode(true);
	const differs = '.status-when, .status-rows, .take-code, .take-url, [data-action=share], .sheet-print dd, .verify li:first-child p, .verify li:nth-child(2) a, .verify pre, .part-verdict, .endorsement-check';
	for (const e of article.querySelectorAll('a[href^="https://verifierplus.org/"]')) e.closest('p').remove();
	for (const e of article.querySelectorAll(differs)) e.remove();
	const lines = [];
	const walk = (e, depth) => {
		const own = [...e.childNodes].filter(n => n.nodeType === 3).map(n => n.data.replace(/\s+/g, ' ').trim()).filter(t => t && !t.startsWith('http')).join(' | ');
		const attributes = [...e.attributes].filter(a => ['class', 'id', 'lang', 'dir', 'datetime', 'alt', 'aria-label', 'data-download', 'data-action'].includes(a.name))
			.map(a => a.name + '=' + a.value).sort().join(' ');
		lines.push('  '.repeat(depth) + e.localName + ' ' + attributes + ': ' + own);
		for (const c of e.children) walk(c, depth + 1);
	};
	walk(article, 0);
	return lines;
})()`

// ownScript is what is of an award itself on its page, byte for byte, but that it
// is said of every link where it leads.
const ownScript = `document.querySelectorAll('article.award :is(.part-verdict, .endorsement-check)').forEach(e => { e.nextSibling?.remove(); e.remove(); }),
[...document.querySelectorAll('article.award :is(.sheet-issuer, .sheet-image, .sheet-text, .sheet-facts, .issuer, .learned, .timeline-box, .proof)')].map(e => {
	for (const name of ['href', 'src']) {
		for (const x of e.querySelectorAll('[' + name + ']')) x.setAttribute(name, new URL(x[name]).pathname + new URL(x[name]).search);
	}
	return e.outerHTML;
})`

// samePage: a sealed award looks as the same award looks when it is public.
func samePage(t *testing.T, profile context.Context, server string, site *claimSite) {
	other := serve(t, filepath.Join(site.twin, "public"), "/larkspur/")
	folders := awardFolders(t, site.twin)
	for key, award := range map[string]string{"claimed": "claims-2026/mig-welding-1/claimed", "hard": "plain-2026/datenanalyse/hard"} {
		sealed, open := claimTab(t, profile, server), claimTab(t, profile, other.URL)
		sealed.follow(t, server+"/larkspur/claim/#"+site.links[key])
		if err := open.visit(other.URL + "/larkspur/" + folders[award]); err != nil {
			t.Fatal(err)
		}
		// Both say how the award stands once they have asked, the public page after it is opened.
		if err := open.do(chromedp.WaitVisible(chromedp.CSS("article.award.is-valid"))); err != nil {
			t.Fatal(err)
		}
		got, err := evaluate[[]string](sealed, articleScript)
		if err != nil {
			t.Fatal(err)
		}
		want, err := evaluate[[]string](open, articleScript)
		if err != nil {
			t.Fatal(err)
		}
		if len(want) < 80 {
			t.Errorf("%s: the page of the award has %d elements", award, len(want))
		}
		for i := range max(len(got), len(want)) {
			if i >= len(got) || i >= len(want) || got[i] != want[i] {
				t.Errorf("%s: element %d of %d and %d:\nsealed %q\npublic %q", award, i, len(got), len(want), at(got, i), at(want, i))
				break
			}
		}
		ofSealed, err := evaluate[[]string](sealed, ownScript)
		if err != nil {
			t.Fatal(err)
		}
		ofPublic, err := evaluate[[]string](open, ownScript)
		if err != nil {
			t.Fatal(err)
		}
		if len(ofSealed) != 8 || !slices.Equal(ofSealed, ofPublic) {
			t.Errorf("%s: of %d and %d parts not all have the same bytes", award, len(ofSealed), len(ofPublic))
		}
		sealed.clean(t)
		open.clean(t)
	}
}

func at(lines []string, i int) []string {
	return lines[max(0, min(i-1, len(lines))):min(i+2, len(lines))]
}

// tabTo presses Tab until an element has the focus that can be seen to have it.
func (b *tab) tabTo(t *testing.T, selector string) {
	t.Helper()
	for range 150 {
		if err := b.do(chromedp.KeyEvent(kb.Tab)); err != nil {
			t.Fatal(err)
		}
		there, err := evaluate[string](b, fmt.Sprintf(`(e => !e.matches(%q) ? '' :
			e.getClientRects().length === 0 ? 'hidden' :
			[e, e.closest('label')].some(x => x && (getComputedStyle(x).outlineStyle !== 'none' || getComputedStyle(x).boxShadow !== 'none')) ? 'seen' : 'plain')(document.activeElement)`, selector))
		if err != nil {
			t.Fatal(err)
		}
		if there == "" {
			continue
		}
		if there != "seen" {
			t.Errorf("nobody sees that %s has the focus: it is %s", selector, there)
		}
		return
	}
	t.Fatalf("Tab does not lead to %s", selector)
}
