package main

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
)

// list is what the verify page shows of many files.
type list struct {
	Title    string            `json:"title"`
	Numbers  []string          `json:"numbers"` // all, valid, invalid, undetermined
	Files    []string          `json:"files"`   // of the rows that are seen, in their order
	Verdicts map[string]string `json:"verdicts"`
	Same     map[string]string `json:"same"`
	Left     []string          `json:"left"`
	Hosts    []string          `json:"hosts"`
	Asked    string            `json:"asked"`
	Live     string            `json:"live"`
	Focus    string            `json:"focus"`
}

// listScript waits until all is judged.
const listScript = `new Promise((resolve, reject) => {
	const out = document.getElementById('verify-out');
	const answer = () => {
		const many = out.querySelector('.vmany');
		if (!many || !many.querySelector('.vmany-progress').hidden) return false;
		const texts = selector => [...many.querySelectorAll(selector)].map(e => e.textContent);
		const rows = [...many.querySelectorAll('tbody tr')].filter(r => !r.hidden), name = r => r.querySelector('.vmany-open').textContent;
		resolve({
			title: many.querySelector('h2').textContent, numbers: texts('.vmany-number'), files: rows.map(name),
			verdicts: Object.fromEntries(rows.map(r => [name(r), r.dataset.verdict])),
			same: Object.fromEntries(rows.filter(r => r.querySelector('.vmany-same')).map(r => [name(r), r.querySelector('.vmany-same').textContent])),
			left: texts('.vmany-left strong'), hosts: texts('.vask li'), asked: [...many.querySelectorAll('.hint')].at(-1).textContent,
			live: document.getElementById('verify-live').textContent, focus: document.activeElement.id || document.activeElement.textContent,
		});
		return true;
	};
	if (answer()) return;
	new MutationObserver((_, o) => answer() && o.disconnect()).observe(out, {childList: true, subtree: true, attributes: true});
	setTimeout(() => reject(new Error('nothing is listed: ' + out.textContent.slice(0, 200))), 100000);
})`

func (b *tab) list() (list, error) { return evaluate[list](b, listScript) }

// let lets go of files and folders of the disk above the page.
func (b *tab) let(paths ...string) error {
	data := &input.DragData{Items: []*input.DragDataItem{}, Files: paths, DragOperationsMask: 1}
	for _, kind := range []input.DispatchDragEventType{input.DispatchDragEventTypeDragEnter, input.DispatchDragEventTypeDragOver, input.DispatchDragEventTypeDrop} {
		if err := b.do(command(input.DispatchDragEvent, input.DispatchDragEventParams{Type: kind, X: 100, Y: 400, Data: data})); err != nil {
			return err
		}
	}
	return nil
}

// zipped is an archive of some files.
func zipped(t *testing.T, files map[string][]byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		f, err := w.Create(name)
		if err == nil {
			_, err = f.Write(files[name])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// desk is what a personnel desk has: archives, of which one is damaged and one too large, and a folder;
// forty files, of which some are no credentials, some are none of this site's, one is a
// second copy. They are in the order in which they are judged.
func desk(t *testing.T, in inputs) []string {
	t.Helper()
	zeros := make([]byte, 17<<20)
	files := map[string][]byte{
		"Müller, Anna.pdf": in.pdf, "Both.pdf": slices.Concat(in.pdf, in.pdf), "badge.png": in.png, "badge.svg": in.svg, "certificate.html": in.html, "copy of badge.json": in.json,
		"altered.json": in.tampered, "cut short.json": in.json[:len(in.json)/2], "expired.json": in.expired, "revoked.json": in.revoked,
		"other school/stranger.json": in.stranger, "other school/withdrawn.json": in.withdrawn,
		"canteen.png": in.plain, "menu.txt": []byte("Monday: soup"), ".hidden.json": in.json, "empty.json": nil,
		"answer of a server.json": slices.Concat([]byte(`{"credentials": [`), in.json, []byte(","), in.revoked, []byte("]}")),
		"=cmd|' '!A0.json":        in.unnamed,
		"../applications.zip": zipped(t, map[string][]byte{
			"a/credential.json": in.json, "a/notes.txt": []byte("hello"), "b.json": in.revoked, "c.zip": zipped(t, map[string][]byte{"d.json": in.json}), "__MACOSX/a": in.json,
		}),
		"../bomb.zip":   zipped(t, map[string][]byte{"a.json": in.json, "b": zeros, "c": zeros, "d": zeros, "e": zeros, "f.json": in.json}),
		"../broken.zip": zipped(t, map[string][]byte{"a.json": in.json})[:900],
	}
	folders, err := filepath.Glob(filepath.Join(in.public, "awards/*/credential.json"))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; len(files) < 40; i++ {
		files[fmt.Sprintf("class of 2026/%02d.json", i)] = []byte(readString(t, folders[i]))
	}
	dir := filepath.Join(t.TempDir(), "desk")
	for name, data := range files {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	above := filepath.Dir(dir)
	return []string{filepath.Join(above, "applications.zip"), filepath.Join(above, "bomb.zip"), filepath.Join(above, "broken.zip"), dir}
}

// dropped lets go of files that are made in the page, and waits until they are judged.
func (b *tab) dropped(files map[string][]byte) error {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(files)) {
		all = append(all, fmt.Sprintf(`new File([Uint8Array.from(atob(%q), c => c.charCodeAt(0))], %q)`, base64.StdEncoding.EncodeToString(files[name]), name))
	}
	if _, err := evaluate[bool](b, fmt.Sprintf(`(() => {
		const dataTransfer = new DataTransfer();
		for (const file of [%s]) dataTransfer.items.add(file);
		return document.getElementById('verify-drop').dispatchEvent(new DragEvent('drop', {bubbles: true, cancelable: true, dataTransfer}));
	})()`, strings.Join(all, ","))); err != nil {
		return err
	}
	_, err := b.list()
	return err
}

// saved presses the button that saves the table, and is what would be saved.
func (b *tab) saved() (string, error) {
	return evaluate[string](b, `new Promise((resolve, reject) => {
		const make = URL.createObjectURL;
		URL.createObjectURL = blob => (blob.bytes().then(b => resolve(btoa(String.fromCharCode(...b)))), make(blob));
		[...document.querySelectorAll('.vmany-tools .button')].at(-1).click();
		URL.createObjectURL = make;
		setTimeout(() => reject(new Error('nothing is saved')), 100000);
	}).then(atob).then(s => new TextDecoder('utf-8', {ignoreBOM: true}).decode(Uint8Array.from(s, c => c.charCodeAt(0))))`)
}

// manyFiles hands in a folder: the page lists what the command line does, asks others
// only when told to and each once, opens every report, and leads back.
func manyFiles(t *testing.T, profile context.Context, server string, in inputs) {
	given := desk(t, in)
	dir := given[len(given)-1]
	b := verifier(t, profile, server)
	var host otherHost
	host.answerFor(t, b)
	host.has(in.elsewhere)
	if err := b.let(given...); err != nil {
		t.Fatal(err)
	}
	l, err := b.list()
	if err != nil {
		t.Fatal(err)
	}
	b.clean(t)
	_, want, said := run(t, dir, append([]string{"verify", "--csv", "--offline", "--no-cache", "--documents", in.public}, given...)...)
	want = strings.ReplaceAll(want, filepath.Dir(dir)+"/", "")
	numbers := []string{fmt.Sprint(strings.Count(want, "\r\n") - 1)}
	for _, verdict := range []string{"valid", "invalid", "undetermined"} {
		numbers = append(numbers, fmt.Sprint(strings.Count(want, ","+verdict+",")))
	}
	if !slices.Equal(l.Numbers, numbers) || l.Title != "Checked: "+numbers[0] || !strings.HasSuffix(l.Live, fmt.Sprintf("%s valid, %s not valid, %s not determined.", numbers[1], numbers[2], numbers[3])) || l.Focus != "many" {
		t.Errorf("the page says %q, %q, reads out %q; the focus is on %q", l.Title, l.Numbers, l.Live, l.Focus)
	}
	if same := l.Same["desk/copy of badge.json"]; same != "The same credential as in applications.zip/a/credential.json" || l.Same["desk/altered.json"] != "" {
		t.Errorf("of a second copy the page says %q, of a forged one %q", same, l.Same["desk/altered.json"])
	}
	if want := []string{"applications.zip/a/notes.txt", "bomb.zip/b", "bomb.zip/c", "bomb.zip/d", "desk/canteen.png", "desk/empty.json", "desk/menu.txt"}; !slices.Equal(l.Left, want) {
		t.Errorf("left out are %q", l.Left)
	}
	if table, err := b.saved(); err != nil || table != want {
		t.Errorf("the page saves, %v:\n%s\nthe command line prints:\n%s%s", err, table, want, said)
	}

	// One in full, the next, and back by the browser's own button.
	press := func(script string) {
		t.Helper()
		if _, err := evaluate[bool](b, script+", true"); err != nil {
			t.Fatal(err)
		}
	}
	read := func() shown {
		t.Helper()
		a, err := b.answer()
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	press(`[...document.querySelectorAll('.vmany-open')].find(e => e.textContent === 'desk/altered.json').click()`)
	if a := read(); a.Verdict != "invalid" || a.Code != "signature-invalid" || a.Focus != "verdict" {
		t.Errorf("opened is %+v", a)
	}
	press(`document.querySelector('.verdict').remove(), [...document.querySelectorAll('.vmany-steps button')].at(-1).click()`)
	if a := read(); a.Verdict != "valid" || !strings.Contains(a.Hint, "this site") {
		t.Errorf("the next is %+v", a)
	}
	press(`history.back()`)
	if l, err = b.list(); err != nil || l.Focus == "many" || l.Focus == "body" {
		t.Errorf("the focus is on %q, %v", l.Focus, err)
	}

	// Only those that are not valid, the worst first.
	press(`document.querySelectorAll('.vmany-filter')[2].click()`)
	press(`document.querySelector('.vmany-file .vmany-sort').click()`)
	press(`document.querySelector('.vmany-file .vmany-sort').click()`)
	if l, err = b.list(); err != nil || fmt.Sprint(len(l.Files)) != numbers[2] || l.Files[0] != "desk/revoked.json" || l.Files[len(l.Files)-1] != "applications.zip/b.json" {
		t.Errorf("not valid are %q, %v", l.Files, err)
	}

	if asked := host.said(); len(asked) > 0 || !slices.Equal(l.Hosts, []string{listHost, strangerHost}) {
		t.Fatalf("%q would be asked, and %q was", l.Hosts, asked)
	}
	press(`document.querySelectorAll('.vmany-filter')[0].click()`)
	press(`document.querySelector('.vask button').click()`)
	if l, err = b.list(); err != nil || l.Verdicts["desk/other school/stranger.json"] != "valid" || l.Verdicts["desk/other school/withdrawn.json"] != "invalid" || len(l.Hosts) > 0 {
		t.Errorf("then the page lists %+v, %v", l, err)
	}
	if asked := host.said(); len(asked) != 2 {
		t.Errorf("the others were asked %q", asked)
	}
	once, err := evaluate[[]string](b, `performance.getEntriesByType('resource').map(e => e.name).filter(name => name.endsWith('.json'))`)
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(once)
	if len(slices.Compact(slices.Clone(once))) != len(once) {
		t.Errorf("the page asked twice: %q", once)
	}
	b.said()

	stopped(t, b, dir)
	alone(t, b, in)
}

// stopped stops while files are judged, and goes on.
func stopped(t *testing.T, b *tab, dir string) {
	t.Helper()
	if _, err := evaluate[bool](b, `(() => {
		new MutationObserver((_, o) => {
			if (document.querySelectorAll('.vmany tbody tr').length < 7 || document.querySelector('.vmany-table').hidden) return;
			o.disconnect();
			document.querySelector('.vmany-progress button').click();
		}).observe(document.getElementById('verify-out'), {childList: true, subtree: true});
		return true;
	})()`); err != nil {
		t.Fatal(err)
	}
	class := filepath.Join(dir, "class of 2026")
	files, err := os.ReadDir(class)
	if err != nil {
		t.Fatal(err)
	}
	if err := b.let(class); err != nil {
		t.Fatal(err)
	}
	stopped, err := evaluate[string](b, `new Promise(done => {
		const wait = () => {
			const button = document.querySelector('.vmany-progress button');
			button?.textContent === 'Continue' ? done(document.querySelector('.vmany h2').textContent + ' ' + document.querySelector('.vmany progress').value) : setTimeout(wait, 20);
		};
		wait();
	})`)
	if err != nil || stopped != "Stopped. Checked so far: 7 7" {
		t.Errorf("stopped, the page says %q, %v", stopped, err)
	}
	if table, err := b.saved(); err != nil || strings.Count(table, "Not checked: stopped before its turn.") != len(files)-7 {
		t.Errorf("stopped, the page saves %q, %v", table, err)
	}
	if _, err := evaluate[bool](b, `document.querySelector('.vmany-progress button').click(), true`); err != nil {
		t.Fatal(err)
	}
	if l, err := b.list(); err != nil || len(l.Files) != len(files) {
		t.Errorf("then the page lists %+v, %v", l, err)
	}
}

// alone hands in pictures of which one shows a QR code: it is left out, and checked
// when that is asked for.
func alone(t *testing.T, b *tab, in inputs) {
	t.Helper()
	if err := b.dropped(map[string][]byte{"a.png": in.plain, "photo.png": qrPicture(t, in.page)}); err != nil {
		t.Fatal(err)
	}
	l, err := b.list()
	if err != nil || l.Title != "There is no credential in what you gave." || len(l.Left) != 2 {
		t.Errorf("of two pictures the page says %+v, %v", l, err)
	}
	if _, err := evaluate[bool](b, `[...document.querySelectorAll('.vmany-alone')].at(-1).click(), true`); err != nil {
		t.Fatal(err)
	}
	if a, err := b.answer(); err != nil || a.Verdict != "valid" {
		t.Errorf("of the code the page shows %+v, %v", a, err)
	}
	b.clean(t)

	// Several in one text are a list, too.
	if err := b.enter("[" + string(in.revoked) + "," + string(in.json) + "]"); err != nil {
		t.Fatal(err)
	}
	if l, err = b.list(); err != nil || !slices.Equal(l.Files, []string{"Pasted text[0]", "Pasted text[1]"}) {
		t.Errorf("of two in one text the page says %+v, %v", l, err)
	}
	if _, err := evaluate[bool](b, `document.querySelectorAll('.vmany-open')[1].click(), true`); err != nil {
		t.Fatal(err)
	}
	if a, err := b.answer(); err != nil || a.Verdict != "valid" || a.Title != in.title {
		t.Errorf("of the second the page shows %+v, %v", a, err)
	}
	b.clean(t)
}
