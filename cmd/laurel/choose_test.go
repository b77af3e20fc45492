package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"laurel/internal/testing/browser"
)

// pieces is what the claim page shows where the learner chooses piece by piece.
type pieces struct {
	Labels  []string `json:"labels"`  // of the boxes
	Ticked  []string `json:"ticked"`  // pointers
	Text    string   `json:"text"`    // what is shown
	JSON    string   `json:"json"`    // what can be downloaded
	PNG     string   `json:"png"`     // in base64
	SDJWT   string   `json:"sdjwt"`   // the same as an SD-JWT
	Whole   string   `json:"whole"`   // what the learner keeps to choose from
	Link    string   `json:"link"`    // that can be copied
	Focus   string   `json:"focus"`   // where the focus is
	Live    string   `json:"live"`    // what is read out
	Hash    string   `json:"hash"`    // of the address
	Verdict string   `json:"verdict"` // of what is shown
}

const piecesScript = `(async () => {
	const file = async kind => new Uint8Array(await (await fetch(document.querySelector('.claim-chosen [data-download="' + kind + '"]').href)).arrayBuffer());
	const boxes = [...document.querySelectorAll('#claim-pieces input')];
	return {
		labels: boxes.map(b => b.closest('label').textContent), ticked: boxes.filter(b => b.checked).map(b => b.value),
		text: document.getElementById('claim-award').textContent, json: new TextDecoder().decode(await file('credential.json')), sdjwt: new TextDecoder().decode(await file('credential.sd-jwt.txt')),
		png: btoa(String.fromCharCode(...await file('badge.png'))), link: document.querySelector('.claim-chosen [data-action=copy-link]')?.dataset.copy ?? '',
		whole: await (await fetch(document.querySelector('.claim-chosen-whole a').href)).text(),
		focus: document.activeElement.value ?? document.activeElement.localName, live: document.getElementById('claim-live').textContent,
		hash: location.hash, verdict: document.querySelector('#claim-verdict .verdict')?.dataset.verdict ?? '',
	};
})()`

// chosen waits until the page shows what is ticked.
func (b *tab) chosen(t *testing.T, ticked ...string) pieces {
	t.Helper()
	wait := `new Promise((resolve, reject) => {
		const ticked = ` + jsonText(t, append([]string{}, ticked...)) + `;
		const wait = () => {
			const {state, variant} = document.getElementById('claim-app').dataset;
			const boxes = [...document.querySelectorAll('#claim-pieces input:checked')].map(b => b.value);
			return state === 'open' && variant === 'choose' && document.querySelector('.claim-chosen') && String(boxes) === String(ticked) ? resolve(true) : setTimeout(wait, 20);
		};
		wait();
		setTimeout(() => reject(new Error('it does not come: ' + document.getElementById('claim-app').innerText.slice(0, 500))), 100000);
	})`
	if _, err := evaluate[bool](b, wait); err != nil {
		t.Fatal(err)
	}
	shown, err := evaluate[pieces](b, piecesScript)
	if err != nil {
		t.Fatal(err)
	}
	return shown
}

func jsonText(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// choosePieces ticks what is shown of an award, with the keyboard, and has what
// comes of it judged: by laurel verify, by the npm suite, and by the verify page
// that its link leads to.
func choosePieces(t *testing.T, profile context.Context, server string, site *claimSite) {
	b := claimTab(t, profile, server, browser.Policy(false))
	if c := b.follow(t, server+"/larkspur/claim/#"+site.links["chooser"]); !slices.Equal(c.Variants, []string{"full", "no-name", "choose"}) || c.Name != chooserName {
		t.Fatalf("the page shows %+v", c)
	}
	press := func(keys ...string) {
		t.Helper()
		for _, key := range keys {
			if err := b.do(chromedp.KeyEvent(key)); err != nil {
				t.Fatal(err)
			}
		}
	}
	// The one choice there is: by arrow keys to its last.
	if err := b.do(chromedp.Focus(chromedp.CSS("#claim-variants input:checked"))); err != nil {
		t.Fatal(err)
	}
	press(kb.ArrowUp)
	least := b.chosen(t)
	for _, private := range []string{"Cleo", "Choiceworth", "cleo@", "representative", "MW-1-0002", "root runs", "garden gate", "A letter"} {
		if strings.Contains(least.Text, private) || strings.Contains(least.JSON, private) {
			t.Errorf("with nothing ticked, %q is shown", private)
		}
	}
	if least.Verdict != "valid" || least.Hash != "" || least.Focus != "choose" || !strings.Contains(least.Live, themeWords(t)["claim.variant.choose"]) {
		t.Errorf("with nothing ticked: %s, at %q, focus on %s, says %q", least.Verdict, least.Hash, least.Focus, least.Live)
	}
	want := []string{"Name: " + chooserName, themeWords(t)["claim.choice.identifier.emailAddress"], "Result: Theory", "Result: ", "Credits: 4", "Licence number: MW-1-0002",
		"Role: Workshop representative", "What the issuer wrote about you: Cleo's", "Begun on: 16 March 2026", "All else about the achievement", "Awarded on: 29 May 2026", "Evidence: A garden gate", "Evidence: A letter", "All else about the issuer"}
	if len(least.Labels) != len(want) {
		t.Fatalf("can be chosen: %q", least.Labels)
	}
	for i, label := range least.Labels {
		if !strings.HasPrefix(label, want[i]) {
			t.Errorf("box %d is called %q, want %q", i, label, want[i])
		}
	}

	// Into the boxes, and down them: the name, the second result, a piece of evidence.
	// A code that a camera reads holds the name, and not all that is then chosen.
	press(kb.Tab, " ")
	named := b.chosen(t, "/credentialSubject/identifier/0")
	b.qrLeadsTo(t, "#claim-chosen-code svg", named.Link)
	press(kb.Tab, kb.Tab, kb.Tab, " ")
	b.chosen(t, "/credentialSubject/identifier/0", "/credentialSubject/result/1")
	press(kb.Tab, kb.Tab, kb.Tab, kb.Tab, kb.Tab, kb.Tab, kb.Tab, kb.Tab, " ")
	pointers := []string{"/credentialSubject/identifier/0", "/credentialSubject/result/1", "/evidence/0"}
	shown := b.chosen(t, pointers...)
	if shown.Focus != "/evidence/0" || !strings.Contains(shown.Text, chooserName) || !strings.Contains(shown.Text, "A garden gate") || !strings.Contains(shown.Text, themeWords(t)["claim.choose.qr.long"]) ||
		strings.Contains(shown.JSON, "MW-1-0002") || strings.Contains(shown.JSON, "A letter") {
		t.Errorf("focus on %s; shown:\n%s\n%s", shown.Focus, shown.Text, shown.JSON)
	}
	axe := browser.NewAxe(t)
	b.everyLook(t, "choosing", 1280, func(where, _ string, _ browser.Look) { axe.Ask(t, b.Tab, where) })
	axe.Log(t)

	// Judged by others.
	file := onDisk(t, "chosen.json", []byte(shown.JSON))
	png, err := base64.StdEncoding.DecodeString(shown.PNG)
	if err != nil {
		t.Fatal(err)
	}
	baked := onDisk(t, "chosen.png", png)
	token := onDisk(t, "chosen.sd-jwt.txt", []byte(shown.SDJWT))
	must(t, site.dir, "verify", "--offline", "--documents", site.public, file, baked, token)
	if list := must(t, site.dir, "disclose", token, "--list"); strings.Count(shown.SDJWT, "~") != 4 || !strings.Contains(list, chooserName) || strings.Contains(list, "A letter") {
		t.Errorf("as an SD-JWT it shows\n%s", list)
	}
	same := must(t, site.dir, "disclose", onDisk(t, "whole.json", []byte(shown.Whole)), "--reveal", pointers[0], "--reveal", pointers[1], "--reveal", pointers[2])
	if !sameJSON(t, same, shown.JSON) {
		t.Errorf("laurel disclose makes\n%s\nthe page\n%s", same, shown.JSON)
	}
	type answer struct {
		Verified bool
		Error    string
	}
	for _, a := range nodeLines[answer](t, jsonText(t, map[string]string{"verify": file})+"\n", "disclose.mjs", site.public, strings.TrimSuffix(sampleURL, "/"), t.TempDir()) {
		if !a.Verified {
			t.Errorf("npm refuses it: %s", a.Error)
		}
	}

	// The link leads to the verify page, which shows just that.
	fragment, ok := strings.CutPrefix(shown.Link, sampleURL+"verify/#vcz=")
	if !ok {
		t.Fatalf("the link is %s", shown.Link)
	}
	other := claimTab(t, profile, server)
	if err := afresh(other, server+"/larkspur/verify/#vcz="+fragment); err != nil {
		t.Fatal(err)
	}
	verdict, err := evaluate[string](other, `new Promise((resolve, reject) => {
		const wait = () => document.querySelector('.verdict') && location.hash === '' ? resolve(document.querySelector('.verdict').dataset.verdict + ' ' + document.querySelector('.vfacts').textContent) : setTimeout(wait, 20);
		wait();
		setTimeout(() => reject(new Error(document.body.innerText.slice(0, 500))), 100000);
	})`)
	if err != nil || !strings.HasPrefix(verdict, "valid ") || !strings.Contains(verdict, chooserName) {
		t.Errorf("the verify page says %q, %v", verdict, err)
	}
	other.clean(t)

	// Loaded again, the page has the award, though its address does not tell which.
	if err := b.do(chromedp.Reload()); err != nil {
		t.Fatal(err)
	}
	if c := b.shownClaim(t); c.Name != chooserName || c.Hash != "" {
		t.Errorf("loaded again, the page shows %+v", c)
	}
	b.clean(t)
}
