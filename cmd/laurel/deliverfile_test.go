package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"laurel/internal/testing/browser"
	"laurel/internal/testing/poppler"
)

// TestDeliveredFile opens certificates that are files, from the disk and with
// no network: they judge themselves, notice what was changed, ask nobody, and
// print as one page.
func TestDeliveredFile(t *testing.T) {
	slow(t, "opens pages in a browser")
	t.Parallel()
	out := filepath.Join(packages.read(t), "packages")
	files, err := filepath.Glob(filepath.Join(out, "*/*/certificate.html"))
	if err != nil {
		t.Fatal(err)
	}
	variants, err := filepath.Glob(filepath.Join(out, "*/*/*/certificate.html"))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) < 90 || len(variants) < 20 {
		t.Fatalf("only %d certificates, and %d of variants", len(files), len(variants))
	}
	profile := newBrowser(t)
	b := newTab(t, profile, "file://", offline(), window(1280))
	suspended := 0
	for _, file := range slices.Concat(sample(files, 10), sample(variants, 5), fileOf(t, files, "mig-welding-1", "wrap award is-suspended"), fileOf(t, files, "", `<html lang="de"`), fileOf(t, files, "records-", "transcript")) {
		verdict := b.openFile(t, file)
		if verdict == "invalid" && strings.Contains(readString(t, file), "wrap award is-suspended") {
			suspended++
			if text := b.verdictText(t); !strings.Contains(text, "suspended") || strings.Contains(text, "revoked") {
				t.Errorf("%s: suspended, and it says: %s", file, text)
			}
		} else if verdict != "valid" {
			t.Errorf("%s: verdict %q: %s", file, verdict, b.verdictText(t))
		}
		if text := b.verdictText(t); !strings.Contains(text, "20") { // a year
			t.Errorf("%s: the verdict names no date: %s", file, text)
		}
		b.silent(t, file)
		b.drawnAsWritten(t, file)
		if l, err := b.look(); err != nil || len(l.Wide) > 0 || len(l.Broken) > 0 || l.Headings != 1 || l.Pictures < 2 {
			t.Errorf("%s: %+v, %v", file, l, err)
		}
	}
	if suspended == 0 {
		t.Error("no suspended award was opened")
	}
	t.Run("changed", func(t *testing.T) { changedFile(t, b, files) })
	t.Run("printed", func(t *testing.T) {
		printedFile(t, b, files[0], "urn:uuid:", "Not valid")
		printedFile(t, b, fileOf(t, files, "mig-welding-1", "wrap award is-suspended")[0], "Not valid", "Status list")
		bad := filepath.Join(t.TempDir(), "certificate.html")
		if err := os.WriteFile(bad, []byte(strings.Replace(readString(t, files[0]), `<div class="sheet-foot">`, `<p>with distinction</p><div class="sheet-foot">`, 1)), 0o600); err != nil {
			t.Fatal(err)
		}
		printedFile(t, b, bad, "Not valid", "urn:uuid:")
	})
	t.Run("axe", func(t *testing.T) {
		axe := browser.NewAxe(t)
		for scheme, width := range map[string]int64{"light": 320, "dark": 1280} {
			b := newTab(t, profile, "file://", window(width), colours(scheme), browser.Policy(false))
			for _, file := range slices.Concat(files[:1], fileOf(t, files, "records-", "transcript")) {
				b.openFile(t, file)
				if l, err := b.look(); err != nil || len(l.Wide) > 0 {
					t.Errorf("%s at %d: %v, %v", file, width, l.Wide, err)
				}
				axe.Ask(t, b.Tab, "certificate.html")
			}
		}
	})
}

// drawnAsWritten holds the sheet that the script drew against the one that the
// template wrote: elements, attributes and texts are the same. There is more than
// one way to draw a code.
func (b *tab) drawnAsWritten(t *testing.T, file string) {
	t.Helper()
	html, err := json.Marshal(readString(t, file))
	if err != nil {
		t.Fatal(err)
	}
	differs, err := evaluate[string](b, fmt.Sprintf(`(() => {
		const plain = text => text.replace(/\s+/g, ' ').trim();
		const lines = e => ['<' + e.localName + '>', ...[...e.attributes].filter(a => a.name !== 'd').map(a => a.name + '=' + a.value).sort(),
			...[...e.childNodes].flatMap(n => n.nodeType === 1 ? lines(n) : n.nodeType === 3 && plain(n.data) !== '' ? [plain(n.data)] : []), '</>'];
		const written = lines(new DOMParser().parseFromString(%s, 'text/html').querySelector('.sheet'));
		const drawn = lines(document.querySelector('.sheet'));
		const at = written.findIndex((line, i) => line !== drawn[i]);
		return at < 0 && written.length === drawn.length ? '' : JSON.stringify([written.slice(at - 2, at + 3), drawn.slice(at - 2, at + 3)]).slice(0, 600);
	})()`, html))
	if err != nil || differs != "" {
		t.Errorf("%s: the sheet is drawn in another way than it is written: %s, %v", file, differs, err)
	}
}

// silent tells that a file asked for nothing but itself.
func (b *tab) silent(t *testing.T, file string) {
	t.Helper()
	for _, fault := range b.said() {
		t.Errorf("%s: %s", file, fault)
	}
	asked, err := evaluate[int](b, `performance.getEntriesByType('resource').filter(e => !e.name.startsWith('data:')).length`)
	if err != nil || asked != 0 {
		t.Errorf("%s: %d requests, %v", file, asked, err)
	}
}

// fileOf is the first of the files that is of an achievement and holds a text.
func fileOf(t *testing.T, files []string, achievement, text string) []string {
	t.Helper()
	for _, file := range files {
		if strings.Contains(file, achievement) && strings.Contains(readString(t, file), text) {
			return []string{file}
		}
	}
	t.Fatalf("no certificate holds %s", text)
	return nil
}

// changedFile changes a file in every way that would mislead its reader.
func changedFile(t *testing.T, b *tab, files []string) {
	const name, start = "Anaïs Exempleau", `<div class="sheet sheet-certificate sheet-modern">`
	file := fileOf(t, files, "mig-welding-1", `dir="auto">`+name+`</p>`)[0]
	good := readString(t, file)
	sheet := func(s string) string {
		return strings.Replace(s, `dir="auto">`+name+`</p>`, `dir="auto">Max Musterfrau</p>`, 1)
	}
	inside := func(s string) string {
		return strings.ReplaceAll(s, `identityHash\":\"`+name, `identityHash\":\"Max Musterfrau`)
	}
	for _, c := range []struct {
		name   string
		change func(string) string
		want   string // in the verdict; empty: any reason
	}{
		{"name_on_the_sheet", sheet, "Max Musterfrau"},
		{"name_inside", inside, "changed after it was signed"},
		{"both", func(s string) string { return inside(sheet(s)) }, "changed after it was signed"},
		{"date", func(s string) string { return strings.Replace(s, "29 May 2026", "29 May 2019", 1) }, "29 May 2019"},
		{"a_line_more", func(s string) string {
			return strings.Replace(s, `<div class="sheet-foot">`, `<p>with distinction</p><div class="sheet-foot">`, 1)
		}, "with distinction"},
		{"name_removed", func(s string) string { return strings.Replace(s, `dir="auto">`+name+`</p>`, `dir="auto"></p>`, 1) }, name},
		{"signatory", func(s string) string {
			return strings.Replace(s, `<strong dir="auto">Hazel Specimen</strong>`, `<strong dir="auto">Mallory Evil</strong>`, 1)
		}, "Mallory Evil"},
		{"no_sheet", func(s string) string { return strings.Replace(s, start, `<div>`, 1) }, "the certificate"},
		{"no_status_list", func(s string) string {
			return strings.Replace(s, `BitstringStatusListCredential`, `BitstringStatusListCredentials`, 1)
		}, ""},
		{"another_key", func(s string) string {
			return strings.Replace(s, `publicKeyMultibase\": \"z6Mk`, `publicKeyMultibase\": \"z6Mj`, 1)
		}, ""},
		{"name_as_a_label", func(s string) string {
			return strings.NewReplacer(
				`dir="auto">`+name+`</p>`, `dir="auto">Mallory Evil</p><p class="visually-hidden">`+name+`</p>`,
				`<script type="application/json" id="file-did">`, `<script type="application/json" class="file-labels">{"x":"Mallory Evil"}</script><script type="application/json" id="file-did">`,
			).Replace(s)
		}, "Mallory Evil"},
		{"second_sheet", func(s string) string {
			return strings.Replace(s, start, start+`<p>Mallory Evil</p></div>`+start, 1)
		}, "Mallory Evil"},
		{"style", func(s string) string {
			// As if its policy allowed it as well.
			return strings.Replace(s, `</style>`, `.recipient{font-size:0}.recipient::after{content:"Mallory Evil"}</style>`, 1)
		}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			verdict := b.openChanged(t, good, c.change)
			if text := b.verdictText(t); verdict == "valid" || !strings.Contains(text, c.want) || strings.HasPrefix(text, "✓") {
				t.Errorf("verdict %q: %s", verdict, text)
			}
			sheets, err := evaluate[int](b, `document.querySelectorAll('.sheet').length`)
			if err != nil || verdict == "invalid" && sheets != 0 && c.name != "no_status_list" { // which leaves what was signed as good as it was
				t.Errorf("%q, with %d sheets, %v", verdict, sheets, err)
			}
			for _, fault := range b.said() {
				if c.name != "style" || !strings.Contains(fault, "policy") && !strings.Contains(fault, "Content Security Policy") {
					t.Error(fault)
				}
			}
		})
	}

	// What was added beside what was signed is gone, as are all words that the
	// file brings.
	for what, change := range map[string]func(string) string{
		"labels": func(s string) string {
			return strings.Replace(s, `<script type="application/json" id="file-did">`, `<script type="application/json" class="file-labels">{"award.to":"Mallory Evil"}</script><script type="application/json" id="file-verifier">{"verdict.valid":"Mallory Evil"}</script><script type="application/json" id="file-did">`, 1)
		},
		"picture": func(s string) string {
			return strings.Replace(s, `<div class="sheet-image"><img class="badge" src="data:image/svg+xml;base64,`, `<div class="sheet-image"><img class="badge" src="data:image/svg+xml;base64,AAAA`, 1)
		},
		"more_pictures": func(s string) string {
			return strings.Replace(s, `<div class="sheet-text">`, `<div class="sheet-text"><img class="evil" alt="" src="data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciLz4=">`, 1)
		},
		"code": func(s string) string {
			return strings.Replace(s, `<path fill-rule="evenodd" d="M4 4`, `<path class="evil" fill-rule="evenodd" d="M0 0h9v9h-9zM4 4`, 1)
		},
		"address": func(s string) string {
			return strings.Replace(s, `data-verify="https://academy.example.org/larkspur/`, `data-verify="https://evil.example.org/larkspur/`, 1)
		},
		"link": func(s string) string {
			return strings.Replace(s, `<p class="file-note">`, `<p class="file-note"><a href="https://evil.example.org/">Mallory Evil</a>`, 1)
		},
		"outside": func(s string) string {
			return strings.Replace(s, `<article class="wrap`, `<p class="recipient">Mallory Evil</p><article class="wrap`, 1)
		},
		"behind": func(s string) string { return s + `<p>Mallory Evil</p>` },
		"shadow": func(s string) string {
			return strings.Replace(s, `<main id="content">`, `<template shadowrootmode="open"><p>Mallory Evil</p></template><main id="content">`, 1)
		},
		"title": func(s string) string { return strings.Replace(s, `<title>`, `<title>Mallory Evil`, 1) },
		"attributes": func(s string) string {
			return strings.Replace(s, `<html lang="en" dir="ltr"`, `<html lang="en" dir="rtl" class="evil" title="Mallory Evil"`, 1)
		},
	} {
		t.Run(what, func(t *testing.T) {
			verdict := b.openChanged(t, good, change)
			html, err := evaluate[string](b, `(document.querySelectorAll('script').forEach(s => s.remove()), document.documentElement.outerHTML + document.documentElement.innerText)`)
			if err != nil || strings.Contains(html, "Mallory") || strings.Contains(html, "evil") || strings.Contains(html, "base64,AAAA") {
				t.Errorf("verdict %q, %v: the page shows\n%.3000s", verdict, err, html[strings.Index(html, "<body"):])
			}
			if verdict == "valid" && !strings.Contains(html, name+"</p>") || verdict == "" {
				t.Errorf("verdict %q, and the learner is not named", verdict)
			}
			if shown, err := evaluate[bool](b, `document.querySelector('.verdict').checkVisibility() && document.body.shadowRoot === null`); err != nil || !shown {
				t.Errorf("the verdict is not seen, %v", err)
			}
			b.silent(t, what)
		})
	}
}

// openChanged opens a file with a change.
func (b *tab) openChanged(t *testing.T, good string, change func(string) string) string {
	t.Helper()
	bad := change(good)
	if bad == good {
		t.Fatal("nothing was changed")
	}
	file := filepath.Join(t.TempDir(), "certificate.html")
	if err := os.WriteFile(file, []byte(bad), 0o600); err != nil {
		t.Fatal(err)
	}
	return b.openFile(t, file)
}

// printedFile prints a file: one page across, with the certificate and, where
// it does not count, with words that say so.
func printedFile(t *testing.T, b *tab, file, with, without string) {
	t.Helper()
	b.openFile(t, file)
	for _, p := range papers() {
		data, err := b.pdf(p.params)
		if err != nil {
			t.Fatal(err)
		}
		out := filepath.Join(t.TempDir(), "printed.pdf")
		if err := os.WriteFile(out, data, 0o600); err != nil {
			t.Fatal(err)
		}
		pages := poppler.Pages(t, out)
		if len(pages) != 1 || pages[0].Width < pages[0].Height {
			t.Errorf("%s: %d pages", p.name, len(pages))
		}
		text := poppler.Run(t, "pdftotext", "-layout", out, "-")
		if strings.Contains(text, "checks itself") || strings.Contains(text, "Licences") ||
			!strings.Contains(text, with) || strings.Contains(text, without) {
			t.Errorf("%s: printed is\n%s", p.name, text)
		}
	}
}

// sample are at most n of a list, spread over it.
func sample(list []string, n int) []string {
	var out []string
	for i := range n {
		out = append(out, list[i*len(list)/n])
	}
	return out
}

func readString(t *testing.T, file string) string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// openFile opens a file and waits for its verdict.
func (b *tab) openFile(t *testing.T, file string) string {
	t.Helper()
	if err := b.visit("file://" + file); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	verdict, err := evaluate[string](b, `new Promise(resolve => {
		const look = () => document.documentElement.dataset.verdict ? resolve(document.documentElement.dataset.verdict) : setTimeout(look, 20);
		look();
	})`)
	if err != nil {
		t.Fatalf("%s: there is no verdict: %v", file, err)
	}
	return verdict
}

func (b *tab) verdictText(t *testing.T) string {
	t.Helper()
	text, err := evaluate[string](b, `document.querySelector('#file-verdict .verdict, #file-verdict .vnote').textContent`)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
