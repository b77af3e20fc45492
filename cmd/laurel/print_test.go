package main

import (
	"encoding/base64"
	"encoding/csv"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"

	"laurel/internal/testing/poppler"
)

// paper is how a page is printed, in inches.
type paper struct {
	name          string
	width, height float64 // of the page that comes out
	params        page.PrintToPDFParams
}

// papers are the sheets that printers have, laid across, and what the browser
// takes when it lets the page choose.
func papers() []paper {
	yes, none := true, 0.4
	print := func(width, height float64, css bool) page.PrintToPDFParams {
		p := page.PrintToPDFParams{PaperWidth: width, PaperHeight: height, PrintBackground: &yes,
			MarginTop: &none, MarginBottom: &none, MarginLeft: &none, MarginRight: &none}
		if css {
			p.PreferCSSPageSize = &yes
		} else {
			p.Landscape = &yes
		}
		return p
	}
	return []paper{
		{"A4", 11.69, 8.27, print(8.27, 11.69, false)},
		{"Letter", 11, 8.5, print(8.5, 11, false)},
		{"A4 chosen by the page", 11.69, 8.27, print(8.27, 11.69, true)},
		{"Letter chosen by the page", 11, 8.5, print(8.5, 11, true)},
	}
}

// certificate is what must stand on an award's sheet.
type certificate struct {
	award  string // its key
	tall   bool   // it stands upright
	text   []string
	absent []string
}

// hardAcademy adds to the sample what is hard to fit on a sheet: names of 60
// characters, one of them a single word, achievements with names of 120, a
// description and results to match, in both directions.
func hardAcademy(t *testing.T, dir string) (list []certificate) {
	t.Helper()
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, "content", name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	long := "Advanced Preparation, Installation, Commissioning and Maintenance of Ventilation and Refrigeration Systems in Old Housing"
	arabic := "شهادة متقدمة في إعداد وتركيب وتشغيل وصيانة أنظمة التهوية والتبريد في المباني السكنية القديمة وفي المدارس والمستشفيات العامة"
	names := map[string]string{
		"one-word": strings.Repeat("Wolfeschlegel", 5)[:60],
		"many":     "Maria Magdalena Wilhelmine von Musterhausen-Beispielsberg IV",
		"wide":     strings.TrimSpace(strings.Repeat("WMWM ", 12)),
		"rtl":      "عبد الرحمن بن محمد بن عبد الله بن أحمد بن يوسف النموذجي الكبير",
	}
	description := strings.TrimSpace(strings.Repeat("Plans the work, reads drawings and data sheets, and explains to customers what was done and why. ", 7))
	for _, a := range [][4]string{{"hard", long, description, "en"}, {"hard-rtl", arabic, arabic + " " + arabic, "ar"}} {
		slug := a[0]
		results := ""
		for i := range 6 {
			results += fmt.Sprintf("  - id: r%d\n    name: Part %d of the final examination\n    resultType: Percent\n    valueMin: \"0\"\n    valueMax: \"100\"\n", i, i+1)
		}
		write("achievements/"+slug+".yaml", fmt.Sprintf("name: %q\ndescription: %q\nachievementType: CertificateOfCompletion\ninLanguage: %s\ncriteria:\n  narrative: Everything.\ncreditsAvailable: 12.5\nvalidFor: P3Y\nresultDescription:\n%s",
			a[1], a[2], a[3], results))
		rows := ""
		for _, key := range slices.Sorted(maps.Keys(names)) {
			if slug == "hard-rtl" && key != "rtl" && key != "one-word" {
				continue
			}
			name := names[key]
			rows += fmt.Sprintf("  - key: %s\n    name: %q\n    licenseNumber: LIC-%s-2026\n    creditsEarned: 12.5\n    result:\n", key, name, key)
			for i := range 6 {
				rows += fmt.Sprintf("      - resultDescription: r%d\n        value: \"%d\"\n", i, 90+i)
			}
			text := []string{"LIC-" + key + "-2026", "12.5", "90", "95"}
			if slug == "hard" {
				text = append(text, "Housing", "Ventilation", "12.5")
			}
			switch key {
			case "many":
				text = append(text, "Maria", "Musterhausen-Beispielsberg", "IV")
			case "wide":
				text = append(text, "WMWM")
			}
			list = append(list, certificate{award: slug + "-2026/" + slug + "/" + key, text: text})
		}
		write("awards/"+slug+"-2026.yaml", fmt.Sprintf("name: Hard\nachievement: %s\nawardedDate: 2026-05-29\nvisibility: public\nrecipients:\n%s", slug, rows))
	}
	return list
}

// TestPrint prints awards of the sample academy, and harder ones: each is one
// page, whole, with a code that leads to the verification of the credential.
func TestPrint(t *testing.T) {
	slow(t, "opens pages in a browser")
	t.Parallel()
	dir := copySample(t)
	list := append(hardAcademy(t, dir), []certificate{
		{award: "welding-spring-2026/mig-welding-1/zoe-brontesdottir", text: []string{"Brontësdóttir", "MIG", "Welding,", "Larkspur", "29", "May", "2026", "Hazel", "Specimen", "Registrar,"}, absent: []string{"Revoked", "Download", "LinkedIn", "Metalwork"}},
		{award: "food-2026/food-handler/food-01", tall: true, text: []string{"Revoked", "Hazel", "Registrar,"}},
		{award: "daten-2026/datenanalyse/daten-02", text: []string{"Verliehen"}},
		{award: "welding-spring-2026/mig-welding-1/did:web:ahmad.example.org"},
	}...)
	must(t, dir, "sign")
	must(t, dir, "revoke", "food-2026/food-handler/food-01", "hard-2026/hard/wide", "--yes", "--reason", "issued by mistake")
	must(t, dir, "sign")
	must(t, dir, "build")
	folders := awardFolders(t, dir)
	server := serve(t, filepath.Join(dir, "public"), "/larkspur/")
	b := newTab(t, newBrowser(t), server.URL, colours("dark"))
	press := &press{b, qrReader(t, dir), t.TempDir(), 0}
	for _, c := range list {
		folder := folders[c.award]
		if folder == "" {
			t.Fatalf("%s was not signed", c.award)
		}
		if err := b.visit(server.URL + "/larkspur/" + folder); err != nil {
			t.Fatal(err)
		}
		uuid := strings.TrimSuffix(strings.TrimPrefix(folder, "awards/"), "/")
		c.text = append(c.text, "urn:uuid:"+uuid)
		press.print(t, c, "https://academy.example.org/larkspur/verify/#"+uuid)
	}
	// A sealed award prints as well, once its link is opened; its code holds
	// the link that shows what is on the sheet, and no more.
	for _, row := range claimLinks(t, dir, 2) {
		_, fragment, _ := strings.Cut(row.link, "#")
		if err := b.visit(server.URL + "/larkspur/claim/#" + fragment); err != nil {
			t.Fatal(err)
		}
		shared, err := evaluate[string](b, `new Promise((resolve, reject) => {
			const look = () => document.querySelector('#claim-award [data-tools=good]:not([hidden]) .take-url a') && resolve(document.querySelector('.take-url a').href); // once it is judged
			look();
			new MutationObserver(look).observe(document.getElementById('claim-award'), {childList: true, subtree: true, attributes: true});
			setTimeout(() => reject(new Error(document.getElementById('claim-note').textContent)), 100000);
		})`)
		if err != nil || !strings.HasPrefix(shared, "https://academy.example.org/larkspur/claim/#") {
			t.Fatalf("the link of %s opens %q, %v", row.achievement, shared, err)
		}
		c := certificate{award: "sealed " + row.achievement, text: strings.Fields(row.achievement), absent: []string{"checked", "show?", "Everything"}}
		press.print(t, c, shared)
	}
}

// TestPrintOverleaf prints an award whose results and description have no room on
// one page: every word of them is on the paper, away from its edges.
func TestPrintOverleaf(t *testing.T) {
	slow(t, "opens pages in a browser")
	t.Parallel()
	dir := copySample(t)
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, "content", name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	var description, results, values strings.Builder
	var want []string
	for i := range 180 {
		want = append(want, fmt.Sprintf("describes%03d", i))
		description.WriteString(want[i] + " ")
	}
	for i := range 40 {
		name, value := fmt.Sprintf("Examination%02d", i), fmt.Sprintf("%d.25", 10+i)
		want = append(want, name, value)
		fmt.Fprintf(&results, "  - id: r%d\n    name: %s of the joints in the overhead position, and of all else\n    resultType: Percent\n    valueMin: \"0\"\n    valueMax: \"100\"\n", i, name)
		fmt.Fprintf(&values, "      - {resultDescription: r%d, value: \"%s\"}\n", i, value)
	}
	write("achievements/overleaf.yaml", "name: Overleaf\ndescription: "+description.String()+"\nachievementType: Certificate\ncriteria:\n  narrative: x\nresultDescription:\n"+results.String())
	write("awards/overleaf.yaml", "name: Overleaf\nachievement: overleaf\nawardedDate: 2026-05-29\nvisibility: public\nrecipients:\n  - key: one\n    name: Ana Example\n    result:\n"+values.String())
	must(t, dir, "sign")
	must(t, dir, "build")
	server := serve(t, filepath.Join(dir, "public"), "/larkspur/")
	b := newTab(t, newBrowser(t), server.URL)
	if err := b.visit(server.URL + "/larkspur/" + awardFolders(t, dir)["overleaf/overleaf/one"]); err != nil {
		t.Fatal(err)
	}
	for _, paper := range papers() {
		file := filepath.Join(t.TempDir(), "printed.pdf")
		data, err := b.pdf(paper.params)
		if err == nil {
			err = os.WriteFile(file, data, 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
		pages, found := poppler.Pages(t, file), map[string]bool{}
		if len(pages) < 2 || len(pages) > 4 {
			t.Errorf("%s: %d pages", paper.name, len(pages))
		}
		for i, page := range pages {
			for _, w := range page.Words {
				found[w.Text] = true
				if w.Left < 18 || w.Top < 18 || w.Right > page.Width-18 || w.Bottom > page.Height-18 {
					t.Errorf("%s: %q stands at the edge of page %d", paper.name, w.Text, i+1)
				}
			}
		}
		for _, word := range want {
			if !found[word] {
				t.Errorf("%s: lacks %q", paper.name, word)
			}
		}
	}
}

// claimLink is a row of what "laurel claim-links" prints.
type claimLink struct{ achievement, link string }

// claimLinks are the links of n different achievements.
func claimLinks(t *testing.T, dir string, n int) (links []claimLink) {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(must(t, dir, "claim-links"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, row := range rows[1:] {
		if len(links) < n && !seen[row[2]] {
			links = append(links, claimLink{row[2], row[3]})
			seen[row[2]] = true
		}
	}
	if len(links) < n {
		t.Fatalf("links of %d achievements only", len(links))
	}
	return links
}

// press prints what a tab shows.
type press struct {
	b      *tab
	reader string // of codes
	out    string // folder
	n      int    // printed
}

// print prints the open page on every paper, and looks at what comes out. The
// code on it must say verify.
func (p *press) print(t *testing.T, c certificate, verify string) {
	t.Helper()
	if _, err := p.b.look(); err != nil {
		t.Fatal(err)
	}
	checkFits(t, p.b, c.award)
	for i, paper := range papers() {
		file := filepath.Join(p.out, fmt.Sprintf("%d-%d.pdf", p.n, i))
		data, err := p.b.pdf(paper.params)
		if err == nil {
			err = os.WriteFile(file, data, 0o644)
		}
		if err != nil {
			t.Fatalf("%s on %s: %v", c.award, paper.name, err)
		}
		checkSheet(t, file, c, paper)
		if i != p.n%4 {
			continue // one of them has its code read, as drawing it takes a while
		}
		if got := readPrintedCode(t, p.b, p.reader, file); got != verify {
			t.Errorf("%s on %s: the code says %q, want %q", c.award, paper.name, got, verify)
		}
	}
	p.n++
	for _, fault := range p.b.said() {
		t.Errorf("%s: %s", c.award, fault)
	}
}

// checkSheet looks at a printed certificate.
func checkSheet(t *testing.T, file string, c certificate, p paper) {
	t.Helper()
	pages := poppler.Pages(t, file)
	if len(pages) != 1 {
		t.Errorf("%s on %s: %d pages", c.award, p.name, len(pages))
		return
	}
	sheet := pages[0]
	if c.tall {
		p.width, p.height = p.height, p.width
	}
	if math.Abs(sheet.Width-72*p.width) > 2 || math.Abs(sheet.Height-72*p.height) > 2 {
		t.Errorf("%s on %s: the page is %.0f by %.0f points", c.award, p.name, sheet.Width, sheet.Height)
	}
	words := map[string]bool{}
	var all strings.Builder
	for _, w := range sheet.Words {
		words[w.Text] = true
		all.WriteString(w.Text)
		if w.Left < 18 || w.Top < 18 || w.Right > sheet.Width-18 || w.Bottom > sheet.Height-18 {
			t.Errorf("%s on %s: %q stands at the edge of the paper", c.award, p.name, w.Text)
		}
	}
	for _, text := range c.text {
		// What is too long for a line stands on two.
		if !words[text] && !strings.Contains(all.String(), text) {
			t.Errorf("%s on %s: lacks %q", c.award, p.name, text)
		}
	}
	for _, text := range c.absent {
		if words[text] {
			t.Errorf("%s on %s: has %q", c.award, p.name, text)
		}
	}
}

// checkFits looks at the sheet as it is laid out for paper: nothing on it may
// be cut off, and nothing lie over something else.
func checkFits(t *testing.T, b *tab, award string) {
	t.Helper()
	media := func(name string) error {
		return b.do(command(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: name}))
	}
	if err := media("print"); err != nil {
		t.Fatal(err)
	}
	defer media("")
	// Letter, the narrower paper, less the margins, at 96 pixels an inch.
	for _, width := range []int64{(279 - 20) * 96 * 10 / 254, (297 - 20) * 96 * 10 / 254} {
		if err := b.do(window(width)); err != nil {
			t.Fatal(err)
		}
		cut, err := evaluate[[]string](b, `(() => {
			const sheet = document.querySelector('.sheet'), inside = sheet.getBoundingClientRect(), faults = [];
			// What is faint behind or across all of it is ornament.
			const ornament = e => e.matches('.sheet-frame, .sheet-background, .sheet-background *, .sheet-stamp');
			const parts = [...sheet.children].filter(e => e.getClientRects().length > 0 && !ornament(e));
			for (const e of sheet.querySelectorAll('*')) {
				if (e.getClientRects().length === 0 || ornament(e) || e.closest('svg') && e.localName !== 'svg') continue;
				const r = e.getBoundingClientRect(), name = e.localName + '.' + e.className;
				if (r.left < inside.left || r.right > inside.right + 1 || r.top < inside.top || r.bottom > inside.bottom + 1) faults.push(name + ' leaves the sheet');
				if (e.scrollHeight > e.clientHeight + 2 && getComputedStyle(e).overflowY === 'hidden') faults.push(name + ' is cut off');
			}
			for (const [i, e] of parts.entries()) for (const f of parts.slice(i + 1)) {
				const a = e.getBoundingClientRect(), b = f.getBoundingClientRect();
				if (Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1)
					faults.push(e.className + ' lies over ' + f.className);
			}
			return faults;
		})()`)
		if err != nil {
			t.Fatal(err)
		}
		for _, fault := range cut {
			t.Errorf("%s, %d wide: %s", award, width, fault)
		}
	}
}

// qrReader is the path of the script with which the verify page reads codes.
func qrReader(t *testing.T, dir string) string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dir, "public/assets/verify-camera-*.js"))
	if err != nil || len(found) != 1 {
		t.Fatalf("%d readers of codes, %v", len(found), err)
	}
	return "/larkspur/assets/" + filepath.Base(found[0])
}

// readPrintedCode reads the code on a printed page, from a picture of it at 150
// dots an inch, which is what a poor camera sees.
func readPrintedCode(t *testing.T, b *tab, reader, file string) string {
	t.Helper()
	picture := strings.TrimSuffix(file, ".pdf")
	poppler.Run(t, "pdftoppm", "-png", "-singlefile", "-r", strconv.Itoa(150), file, picture)
	data, err := os.ReadFile(picture + ".png")
	if err != nil {
		t.Fatal(err)
	}
	text, err := evaluate[string](b, fmt.Sprintf(`import(%q).then(m => m.readPicture(new Blob([Uint8Array.from(atob(%q), c => c.charCodeAt(0))], {type: 'image/png'}))).then(s => s ?? '')`,
		reader, base64.StdEncoding.EncodeToString(data)))
	if err != nil {
		t.Fatal(err)
	}
	return text
}
