package main

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	cdpbrowser "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"laurel/internal/testing/interop"
)

// downloads are the files that a browser saves.
type downloads struct {
	dir string

	mu    sync.Mutex
	names map[string]string // suggested names, by id
	done  chan string       // ids
}

// saveTo has the browser save what is downloaded in a profile, and says what it saved.
func saveTo(t *testing.T, ctx context.Context) *downloads {
	t.Helper()
	d := &downloads{dir: t.TempDir(), names: map[string]string{}, done: make(chan string, 20)}
	if err := chromedp.ListenBrowser(ctx, func(ev any) {
		switch ev := ev.(type) {
		case *cdpbrowser.EventDownloadWillBegin:
			d.mu.Lock()
			d.names[ev.GUID] = ev.SuggestedFilename
			d.mu.Unlock()
		case *cdpbrowser.EventDownloadProgress:
			if ev.State == cdpbrowser.DownloadProgressStateCompleted {
				d.done <- ev.GUID
			}
		}
	}); err != nil {
		t.Fatal(err)
	}
	enabled := true
	if _, err := chromedp.CallBrowser(ctx, cdpbrowser.SetDownloadBehavior, cdpbrowser.SetDownloadBehaviorParams{
		Behavior: cdpbrowser.SetDownloadBehaviorBehaviorAllowAndName, BrowserContextID: chromedp.FromContext(ctx).BrowserContextID, DownloadPath: d.dir, EventsEnabled: &enabled}); err != nil {
		t.Fatal(err)
	}
	return d
}

// next waits for a file and returns its name and where it is.
func (d *downloads) next(t *testing.T) (name, file string) {
	t.Helper()
	select {
	case id := <-d.done:
		d.mu.Lock()
		defer d.mu.Unlock()
		return d.names[id], filepath.Join(d.dir, id)
	case <-time.After(2 * time.Minute):
		t.Fatal("nothing was downloaded")
	}
	return "", ""
}

// taken is a file that a learner took along.
type taken struct {
	name, file string
	kind       string // "json", "png", "svg"
	credential string // the id it must be of
}

// takeAll chooses each form of an award, takes each of its files along, by
// keyboard alone, and has others judge them. Then the same of a public award.
func takeAll(t *testing.T, ctx context.Context, server string, site *claimSite) {
	d := saveTo(t, ctx)
	b := claimTab(t, ctx, server)
	record := site.record(t, "claims-2026/mig-welding-1/claimed")
	ids := map[string]string{"full": record.Credential}
	for _, v := range record.Variants {
		ids[v.Name] = v.Credential
	}
	var all []taken
	var links []string // into the wallet
	c := b.follow(t, server+"/larkspur/claim/#"+site.links["claimed"])
	history := c.History
	for i, variant := range []string{"full", "no-name", "achievement-only"} {
		if i > 0 {
			if _, err := evaluate[bool](b, `(document.activeElement.blur(), scrollTo(0, 0), true)`); err != nil {
				t.Fatal(err)
			}
			b.tabTo(t, "#claim-variants input:checked")
			if err := b.do(chromedp.KeyEvent(kb.ArrowDown)); err != nil {
				t.Fatal(err)
			}
		}
		c = b.variant(t, variant)
		if c.Verdict != "valid" || c.History != history {
			t.Errorf("%s: the page shows %+v", variant, c)
		}
		all = append(all, b.takeFiles(t, d, ids[variant])...)
		b.codeLeadsTo(t, c.Link)
		links = append(links, b.walletLinks(t)...)
	}
	b.pressButtons(t, c.Link, readString(t, all[len(all)-5].file))
	b.clean(t)
	offered(t, links, all, "full", "no-name", "achievement-only")

	other := claimTab(t, ctx, server)
	open := "welding-spring-2026/mig-welding-1/zoe-brontesdottir"
	if err := other.visit(server + "/larkspur/" + awardFolders(t, site.dir)[open]); err != nil {
		t.Fatal(err)
	}
	public := other.takeFiles(t, d, site.record(t, open).Credential)
	offered(t, other.walletLinks(t), public, "public")
	other.pressButtons(t, sampleURL+awardFolders(t, site.dir)[open], readString(t, public[2].file))
	other.clean(t)
	for _, f := range append(all, public...) {
		if f.kind == "html" {
			named := filepath.Join(t.TempDir(), "certificate.html")
			if err := os.WriteFile(named, []byte(readString(t, f.file)), 0o600); err != nil {
				t.Fatal(err)
			}
			if verdict := other.openFile(t, named); verdict != "valid" {
				t.Errorf("%s shows the verdict %s: %s", f.name, verdict, other.verdictText(t))
			}
			// The site names one signatory, whose signature it has.
			if pictures, err := evaluate[string](other, `[...document.querySelectorAll('.sheet img')].filter(i => i.naturalWidth > 0 && i.src.startsWith('data:')).map(i => i.parentElement.className).join()`); err != nil || pictures != "sheet-issuer,sheet-image,sheet-hand sheet-hand-0" {
				t.Errorf("%s has the pictures %s, %v", f.name, pictures, err)
			}
		}
	}
	judgeTaken(t, site, append(all, public...))
	t.Logf("%d files of a sealed award and %d of a public one were taken along and judged", len(all), len(public))
}

// takeFiles presses everything that downloads a file, in the order in which Tab
// leads there.
func (b *tab) takeFiles(t *testing.T, d *downloads, id string) []taken {
	t.Helper()
	b.unfold(t, "#take")
	b.tabTo(t, `[data-action="zip"]`)
	if err := b.do(chromedp.KeyEvent(" ")); err != nil {
		t.Fatal(err)
	}
	name, archive := d.next(t)
	if filepath.Ext(name) != ".zip" {
		t.Errorf("all files are saved as %s", name)
	}
	var all []taken
	for _, kind := range []string{"png", "svg", "json"} {
		if kind == "svg" {
			b.unfold(t, ".take-forms")
		}
		what := map[string]string{"json": "credential.json", "png": "badge.png", "svg": "badge.svg"}[kind]
		b.tabTo(t, `[data-download="`+what+`"]`)
		if err := b.do(chromedp.KeyEvent(kb.Enter)); err != nil {
			t.Fatal(err)
		}
		name, file := d.next(t)
		if filepath.Ext(name) != "."+kind {
			t.Errorf("%s is saved as %s", what, name)
		}
		all = append(all, taken{name, file, kind, id})
	}
	return append(all, unzip(t, archive, id, all)...)
}

// unfold opens what is folded, from where Tab is on.
func (b *tab) unfold(t *testing.T, details string) {
	t.Helper()
	b.tabTo(t, details+" > summary")
	if err := b.do(chromedp.KeyEvent(kb.Enter)); err != nil {
		t.Fatal(err)
	}
}

// pressButtons presses what copies and prints, from where Tab is on. What is
// copied is pasted again.
func (b *tab) pressButtons(t *testing.T, link, text string) {
	t.Helper()
	for _, name := range []string{"clipboard-read", "clipboard-write"} {
		if err := b.do(command(cdpbrowser.SetPermission, cdpbrowser.SetPermissionParams{BrowserContextID: chromedp.FromContext(b.Ctx).BrowserContextID,
			Permission: &cdpbrowser.PermissionDescriptor{Name: name}, Setting: "granted"})); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := evaluate[bool](b, `(window.printed = 0, window.print = () => { window.printed++ }, true)`); err != nil {
		t.Fatal(err)
	}
	press := func(selector string) {
		t.Helper()
		b.tabTo(t, selector)
		if err := b.do(chromedp.KeyEvent(kb.Enter)); err != nil {
			t.Fatal(err)
		}
	}
	copied := func(want string) {
		t.Helper()
		got, err := evaluate[string](b, `new Promise((resolve, reject) => {
			const live = document.querySelector('.take-live');
			const wait = () => live.textContent === '' ? setTimeout(wait, 20) : navigator.clipboard.readText().then(text => {
				const said = live.textContent;
				live.textContent = '';
				resolve(said + ' ' + text);
			}, reject);
			wait();
			setTimeout(() => reject(new Error('nothing is said')), 100000);
		})`)
		if err != nil {
			t.Fatal(err)
		}
		if got != themeWords(t)["take.copied"]+" "+want {
			t.Errorf("the page says and has copied %q, not %q", got, want)
		}
	}
	press(`.take [data-action="copy-link"]`)
	copied(link)
	if _, err := evaluate[bool](b, `(document.activeElement.blur(), scrollTo(0, 0), true)`); err != nil {
		t.Fatal(err)
	}
	press(`[data-action="print"]`)
	if n, err := evaluate[int](b, `window.printed`); err != nil || n != 1 {
		t.Errorf("printed %d times, %v", n, err)
	}
	press(".take-fields summary")
	press(`.take-fields [data-action="copy"]`)
	copied("MIG Welding, Level 1")
	press(`[data-action="copy-text"]`)
	copied(text)
}

// unzip takes the files out of an archive. They are those that can be had one
// by one.
func unzip(t *testing.T, file, id string, single []taken) []taken {
	t.Helper()
	r, err := zip.OpenReader(file)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var all []taken
	for _, f := range r.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		kind := strings.TrimPrefix(filepath.Ext(f.Name), ".")
		for _, s := range single {
			if s.kind != kind {
				continue
			}
			alone, err := os.ReadFile(s.file)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(alone, data) {
				t.Errorf("%s in the archive has other bytes than alone", f.Name)
			}
		}
		all = append(all, taken{f.Name, onDisk(t, filepath.Base(f.Name), data), kind, id})
	}
	if len(all) != len(single)+1 || all[len(single)].kind != "html" {
		t.Errorf("the archive has %d files, not %d and the certificate", len(all), len(single))
	}
	return all
}

const judgesFolder = "../../internal/testing/interop"

// nodeLines runs a script of the judges' and parses its lines.
func nodeLines[T any](t *testing.T, input string, args ...string) []T {
	t.Helper()
	if err := interop.Install(t.Context(), judgesFolder); err != nil {
		t.Fatal(err)
	}
	stdout, stderr, code, err := interop.Run(t.Context(), judgesFolder, input, args...)
	if err != nil || code != 0 {
		t.Fatalf("%s: exit code %d, %v\n%s%s", args[0], code, err, stdout, stderr)
	}
	var lines []T
	for line := range bytes.Lines(stdout) {
		var v T
		if err := json.Unmarshal(line, &v); err != nil {
			t.Fatalf("%s printed %q: %v", args[0], line, err)
		}
		lines = append(lines, v)
	}
	return lines
}

// judgeTaken has every file judged by laurel, and what it carries, taken out by
// others, by verifiers that are not laurel's.
func judgeTaken(t *testing.T, site *claimSite, all []taken) {
	t.Helper()
	var files, images []string
	carried := map[string]string{} // file -> JSON file of its credential
	for _, f := range all {
		// Named as it was saved.
		named := filepath.Join(t.TempDir(), filepath.Base(f.name))
		if err := os.Rename(f.file, named); err != nil {
			t.Fatal(err)
		}
		files = append(files, named)
		switch f.kind {
		case "json":
			carried[named] = named
		case "html":
		default:
			images = append(images, named)
		}
		if out := must(t, site.dir, "verify", "--offline", "--documents", site.public, named); !strings.Contains(out, "valid") {
			t.Errorf("%s: laurel says\n%s", f.name, out)
		}
	}
	for _, baked := range nodeLines[struct {
		File, Text, Naive string
		Count             int
	}](t, "", append([]string{"unbake.mjs"}, images...)...) {
		if baked.Count != 1 {
			t.Errorf("%s carries %d credentials", filepath.Base(baked.File), baked.Count)
		}
		if !sameJSON(t, baked.Naive, baked.Text) {
			t.Errorf("%s: who counts braces gets %q", filepath.Base(baked.File), baked.Naive)
		}
		carried[baked.File] = onDisk(t, "unbaked.json", []byte(baked.Text))
	}
	args := []string{"judge.mjs", site.public, strings.TrimSuffix(sampleURL, "/")}
	for i, f := range files {
		if carried[f] == "" {
			continue
		}
		data, err := os.ReadFile(carried[f])
		if err != nil {
			t.Fatal(err)
		}
		var c struct{ ID string }
		if err := json.Unmarshal(data, &c); err != nil || c.ID != all[i].credential {
			t.Errorf("%s is of %s, not of %s (%v)", all[i].name, c.ID, all[i].credential, err)
		}
		args = append(args, carried[f])
	}
	judged := map[string]int{}
	for _, v := range nodeLines[struct {
		File, Judge, Error string
		Verified           bool
		Revoked            *bool
	}](t, "", args...) {
		if v.File == "" { // the summary
			continue
		}
		judged[v.File]++
		if !v.Verified && v.Judge != "" {
			t.Errorf("%s refuses %s: %s", v.Judge, v.File, v.Error)
		}
	}
	for _, f := range carried {
		if judged[f] != 2 {
			t.Errorf("%d verdicts on %s", judged[f], f)
		}
	}
}

func sameJSON(t *testing.T, a, b string) bool {
	t.Helper()
	var x, y any
	if err := json.Unmarshal([]byte(b), &y); err != nil {
		t.Fatal(err)
	}
	return json.Unmarshal([]byte(a), &x) == nil && reflect.DeepEqual(x, y)
}

// codeLeadsTo: the QR code of the certificate, as it is on the screen, leads
// where the learner's link leads.
func (b *tab) codeLeadsTo(t *testing.T, link string) {
	t.Helper()
	b.qrLeadsTo(t, "#claim-award .sheet-qr svg", link)
}

// qrLeadsTo: a QR code, as it is on the screen, leads to a link.
func (b *tab) qrLeadsTo(t *testing.T, code, link string) {
	t.Helper()
	picture, err := run1(b, chromedp.ScreenshotScale(chromedp.CSS(code), 3))
	if err != nil {
		t.Fatal(err)
	}
	if err := interop.Install(t.Context(), judgesFolder); err != nil {
		t.Fatal(err)
	}
	stdout, stderr, exit, err := interop.Run(t.Context(), judgesFolder, "", "qr.mjs", onDisk(t, "qr.png", picture))
	if got := strings.TrimSpace(string(stdout)); err != nil || exit != 0 || got != link {
		t.Errorf("the QR code leads to %q, not %q: %v %s", got, link, err, stderr)
	}
}

// walletLinks are the link into the wallet, and the one by way of its site.
func (b *tab) walletLinks(t *testing.T) []string {
	t.Helper()
	links, err := evaluate[[]string](b, `[...document.querySelectorAll('.take-wallet a.button, .take-wallet [data-wallet] a')].filter(a => !a.closest('[hidden]')).map(a => a.href)`)
	if err != nil || len(links) != 2 || !strings.HasPrefix(links[0], "dccrequest://request?") || !strings.HasPrefix(links[1], "https://lcw.app/mobile?") {
		t.Fatalf("links into the wallet are %.300q, %v", links, err)
	}
	return links
}

// offered: the wallet takes the same credentials out of the links as were saved
// as files.
func offered(t *testing.T, links []string, all []taken, variants ...string) {
	t.Helper()
	offers := nodeLines[struct {
		Credentials []json.RawMessage
		Origin      string
	}](t, strings.Join(links, "\n"), "wallet.mjs")
	for i := range offers {
		variant := variants[min(i/2, len(variants)-1)]
		if len(offers) != 2*len(variants) || len(offers[i].Credentials) != 1 {
			t.Fatalf("%d links offer %+v", len(links), offers)
		}
		at := i/2*7 + 2 // the JSON comes after the pictures
		saved, err := os.ReadFile(all[at].file)
		if err != nil {
			t.Fatal(err)
		}
		if !sameJSON(t, string(offers[i].Credentials[0]), string(saved)) || all[at].kind != "json" {
			t.Errorf("the wallet is offered another credential than is saved: %s", variant)
		}
		if offers[i].Origin != "https://academy.example.org" {
			t.Errorf("the wallet is told that the offer is from %s", offers[i].Origin)
		}
	}
	longest := 0
	for _, l := range links {
		longest = max(longest, len(l))
	}
	t.Logf("%d wallet links, the longest of %d characters", len(links), longest)
}
