package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"golang.org/x/image/draw"
	"golang.org/x/image/font"
	"golang.org/x/image/font/basicfont"
	"golang.org/x/image/math/fixed"

	"laurel/internal/testing/browser"
	"laurel/internal/testing/poppler"
)

// shotLanguages are those in which every page is photographed: an achievement of
// each, the title of a list, who earned it, and what is said of them.
var shotLanguages = map[string][4]string{
	"en": {"data-analysis", "Open data, autumn 2026", "Ada Exampleton", "The analysis of the bus counts is carried on by the town."},
	"de": {"datenanalyse", "Offene Daten, Herbst 2026", "Änne Mustermeyer-Süßkind", "Die Auswertung der Zählstellen wird von der Stadt weitergeführt."},
	"ar": {"tahlil", "بيانات مفتوحة، خريف 2026", "ليلى أحمد النموذجية", "تواصل المدينة العمل بتحليل عدّادات الدراجات."},
}

// arabicAchievement is the one that the sample lacks.
const arabicAchievement = `name: تحليل البيانات المفتوحة
description: ينقل مجموعة بيانات عامة من التنزيل إلى رسم بياني صادق، فينظّفها ويربطها ويلخّصها، ويقول ما لا تستطيع الأرقام أن تبيّنه.
achievementType: MicroCredential
inLanguage: ar
creditsAvailable: 2.5
tag: [بيانات, حاسوب]
criteria: {narrative: "مشروع من أربع خطوات: **سؤال** يطرحه أحد في المدينة، و**بيانات** لها ترخيص، و**تحليل** يعيده غيره، و**جواب** في صفحة واحدة."}
alignment:
  - {targetName: إجراء تحليل البيانات, targetUrl: "http://data.europa.eu/esco/skill/2b92a5b2-6758-4ee3-9fb4-b6387a55cc8f", targetFramework: ESCO, targetType: "ext:ESCOSkill"}
resultDescription:
  - {id: projekt, name: المشروع, resultType: RubricScore, valueMin: "0", valueMax: "12", requiredValue: "7"}
`

// shotStates are how an award stands when its page is opened: whose page, when, and
// whether the issuer's list can be read.
var shotStates = []struct {
	state, key string
	at         func(end time.Time) time.Time
	blocked    bool
}{
	{"valid", "good", func(end time.Time) time.Time { return end.AddDate(-1, 0, 0) }, false},
	{"expiring", "good", func(end time.Time) time.Time { return end.AddDate(0, 0, -30) }, false},
	{"expired", "good", func(end time.Time) time.Time { return end.AddDate(1, 0, 0) }, false},
	{"not-yet", "good", func(end time.Time) time.Time { return end.AddDate(-4, 0, 0) }, false},
	{"suspended", "suspended", func(end time.Time) time.Time { return end.AddDate(-1, 0, 0) }, false},
	{"revoked", "revoked", func(end time.Time) time.Time { return end.AddDate(-1, 0, 0) }, false},
	{"unknown", "good", func(end time.Time) time.Time { return end.AddDate(-1, 0, 0) }, true},
}

// shots are pictures of pages in a folder, and what is said of them in sheets.
type shots struct {
	b     *tab
	dir   string
	sheet map[string][]string // names of pictures, by sheet
}

// take photographs what the tab shows, on a phone and a screen, light and dark.
func (s *shots) take(t *testing.T, sheet, name string) {
	t.Helper()
	for _, width := range []int64{360, 1280} {
		for _, scheme := range []string{"light", "dark"} {
			if err := s.b.do(window(width), colours(scheme)); err != nil {
				t.Fatal(err)
			}
			if l, err := s.b.look(); err != nil {
				t.Fatalf("%s: %v", name, err)
			} else if len(l.Wide)+len(l.Broken) > 0 {
				t.Errorf("%s, %d wide: beyond the window %v, without a picture %v", name, width, l.Wide, l.Broken)
			}
			var picture []byte
			err := s.b.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
				size, err := cdp.Call(ctx, target, page.GetLayoutMetrics, cdp.Empty{})
				if err != nil {
					return err
				}
				shot, err := cdp.Call(ctx, target, page.CaptureScreenshot, page.CaptureScreenshotParams{CaptureBeyondViewport: new(true),
					Clip: &page.Viewport{Width: float64(width), Height: min(size.CSSContentSize.Height, 6000), Scale: 1}})
				picture = shot.Data
				return err
			}))
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			s.keep(t, sheet, fmt.Sprintf("%s-%s-%s.png", name, map[bool]string{true: "phone", false: "desktop"}[width < 600], scheme), picture)
		}
	}
}

// keep writes a picture.
func (s *shots) keep(t *testing.T, sheet, file string, data []byte) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(s.dir, file), data, 0o644); err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(s.sheet[sheet], file) {
		s.sheet[sheet] = append(s.sheet[sheet], file)
	}
}

// paper draws the first page of a PDF.
func (s *shots) paper(t *testing.T, sheet, name string, pdf []byte) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "paper")
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	poppler.Run(t, "pdftoppm", "-png", "-singlefile", "-r", "80", file, file)
	s.keep(t, sheet, name+".png", []byte(readString(t, file+".png")))
}

// page opens a page, waits until a script says that all is there, and takes it.
func (s *shots) page(t *testing.T, sheet, name, url, ready string) {
	t.Helper()
	if err := s.b.do(window(1280), colours("light")); err != nil {
		t.Fatal(err)
	}
	if err := s.b.visit("about:blank"); err != nil {
		t.Fatal(err)
	}
	if err := s.b.visit(url); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if ready != "" {
		s.until(t, name, ready)
	}
	// What is far below is drawn all the same.
	if _, err := evaluate[bool](s.b, `(sheet => { sheet.replaceSync('* { content-visibility: visible !important }'); document.adoptedStyleSheets.push(sheet); return true })(new CSSStyleSheet())`); err != nil {
		t.Fatal(err)
	}
	s.take(t, sheet, name)
}

// until waits for what a script says.
func (s *shots) until(t *testing.T, name, ready string) {
	t.Helper()
	if _, err := evaluate[bool](s.b, fmt.Sprintf(`new Promise((done, fail) => {
		const look = () => (%s) ? done(true) : setTimeout(look, 20);
		look();
		setTimeout(() => fail(new Error(document.body.innerText.slice(0, 600))), 60000);
	})`, ready)); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

// TestShots makes, for make shots, pictures of pages of every kind to look at, and
// sheets of them all: on phone and screen, light and dark, in three languages, awards in
// every state, certificates of every design on paper and as PDF. It asserts only that
// nothing stands beyond the window or lacks its picture.
func TestShots(t *testing.T) {
	out := os.Getenv("LAUREL_SHOTS")
	if out == "" {
		t.Skip("it is make shots")
	}
	if err := os.RemoveAll(out); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		t.Fatal(err)
	}
	end := time.Now().UTC().AddDate(2, 0, 0).Truncate(24 * time.Hour)
	dir := shotSite(t, end)
	server := serve(t, filepath.Join(dir, "public"), "/larkspur/")
	home := server.URL + "/larkspur/"
	profile := newBrowser(t)
	s := &shots{newTab(t, profile, server.URL, browser.Focus(), clock(time.Now())), out, map[string][]string{}}
	languages, folders := []string{"en", "de", "ar"}, awardFolders(t, dir)
	links := map[string]string{}
	rows, err := csv.NewReader(strings.NewReader(must(t, dir, "claim-links"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[1:] {
		_, links[row[0]], _ = strings.Cut(row[3], "#")
	}

	for _, language := range languages {
		base, achievement := home+map[bool]string{false: language + "/"}[language == "en"], shotLanguages[language][0]
		award := func(key string) string { return folders["shots-"+language+"-classic/"+achievement+"/"+key] }
		for _, p := range [][2]string{
			{"home", ""}, {"achievement", "achievements/" + achievement + "/"}, {"achievement-rich", "achievements/mig-welding-1/"},
			{"skills", "skills/"}, {"skill", "skills/perform-data-analysis/"}, {"program", "programs/workshop-foundation/"}, {"text", "about/"}, {"claim-empty", "claim/"}, {"not-found", "no-such-page"},
		} {
			if _, err := os.Stat(filepath.Join(dir, "public", strings.TrimPrefix(base, home), p[1], "index.html")); err != nil && p[0] != "not-found" {
				t.Logf("%s: no %s", language, p[1])
				continue
			}
			s.page(t, language, language+"-"+p[0], base+p[1], "")
		}
		s.page(t, language, language+"-verify", base+"verify/#"+strings.Trim(strings.TrimPrefix(award("good"), "awards/"), "/"), `document.querySelector('#verify-out .verdict')`)
		s.page(t, language, language+"-claim", base+"claim/#"+links[shotLanguages[language][2]], `document.querySelector('#claim-award article') && document.querySelector('#claim-verdict .verdict')`)
		s.page(t, language, language+"-tombstone", home+award("gone"), "")

		for _, state := range shotStates {
			name := language + "-award-" + state.state
			b := newTab(t, profile, server.URL, clock(state.at(end)))
			if state.blocked {
				if err := b.do(browser.Command(network.SetBlockedURLs, network.SetBlockedURLsParams{URLPatterns: []*network.BlockPattern{{URLPattern: "*://*:*/larkspur/status/*", Block: true}}})); err != nil {
					t.Fatal(err)
				}
			}
			s := &shots{b, s.dir, s.sheet}
			s.page(t, language+"-awards", name, home+award(state.key), `document.querySelector('article.is-`+state.state+`')`)
			if state.state != "not-yet" && state.state != "unknown" {
				s.print(t, name+"-paper")
			}
		}
		for _, design := range []string{"classic", "modern", "portrait"} {
			if err := s.b.visit(home + folders["shots-"+language+"-"+design+"/"+achievement+"/good"]); err != nil {
				t.Fatal(err)
			}
			s.until(t, design, `document.querySelector('article.is-valid')`)
			s.print(t, language+"-"+design+"-print")
		}
	}
	s.page(t, "en", "en-record", home+folders["records/workshop-foundation/conformance"], "")

	f := &shots{newTab(t, profile, "file://", offline()), s.dir, s.sheet}
	for _, language := range languages {
		for _, design := range []string{"classic", "modern", "portrait"} {
			packages := t.TempDir()
			must(t, dir, "deliver", "shots-"+language+"-"+design, "--out", packages, "--fonts", "/usr/share/fonts")
			for _, file := range glob(t, packages, "*/*/certificate.html") {
				name := language + "-" + design + map[bool]string{true: "-suspended"}[strings.Contains(readString(t, file), "wrap award is-suspended")]
				s.paper(t, "certificates", name+"-pdf", []byte(readString(t, filepath.Join(filepath.Dir(file), "certificate.pdf"))))
				if design == "classic" {
					f.page(t, language, name+"-file", "file://"+file, `document.documentElement.dataset.verdict`)
				}
			}
		}
	}

	for _, n := range []int{3, 500} {
		dir := t.TempDir()
		catalogueOf(t, dir, n)
		replaceOnce(t, filepath.Join(dir, "content/site.yaml"), "[en]", "[en, de, ar]")
		must(t, dir, "build")
		server := serve(t, filepath.Join(dir, "public"), "/hall/")
		c := &shots{newTab(t, profile, server.URL), s.dir, s.sheet}
		for _, language := range languages {
			base := server.URL + "/hall/" + map[bool]string{false: language + "/"}[language == "en"]
			c.page(t, language, fmt.Sprintf("%s-home-of-%d", language, n), base, "")
			if n == 500 { // of few there is no page of all
				c.page(t, language, language+"-all-of-500", base+"achievements/", "")
			}
		}
	}
	s.sheets(t)
}

// print takes what the page is on paper.
func (s *shots) print(t *testing.T, name string) {
	t.Helper()
	data, err := s.b.pdf(page.PrintToPDFParams{PreferCSSPageSize: new(true), PrintBackground: new(true)})
	if err != nil {
		t.Fatal(err)
	}
	s.paper(t, "certificates", name, data)
}

// shotSite is the sample academy in three languages, with an award of each language in
// every state, and of every design.
func shotSite(t *testing.T, end time.Time) string {
	t.Helper()
	dir := copySample(t)
	replaceOnce(t, filepath.Join(dir, "content/site.yaml"), "languages: [en, de]", "languages: [en, de, ar]")
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, "content", name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("achievements/tahlil.yaml", arabicAchievement)
	var gone, revoked, suspended []string
	for language, l := range shotLanguages {
		for _, design := range []string{"classic", "modern", "portrait"} {
			cohort := "shots-" + language + "-" + design
			var rows strings.Builder
			keys := []string{"good"}
			if design == "classic" {
				keys = []string{"good", "suspended", "revoked", "gone", "sealed"}
			}
			for _, key := range keys {
				visibility := map[bool]string{true: "link", false: "public"}[key == "sealed"]
				fmt.Fprintf(&rows, "  - {key: %s, name: %q, narrative: %q, visibility: %s, creditsEarned: 2.5, result: [{resultDescription: RESULT, value: \"11\"}]}\n", key, l[2], l[3], visibility)
			}
			result := map[bool]string{true: "project", false: "projekt"}[language == "en"]
			write("awards/"+cohort+".yaml", fmt.Sprintf(`name: %q
achievement: %s
awardedDate: 2026-10-17T18:00:00+01:00
validUntil: %s
certificate:
  design: %s
  signatories:
    - {name: Hazel Specimen, title: "Registrar, Larkspur Academy", image: {file: signatures/hazel-specimen.svg, caption: Signature of Hazel Specimen}}
    - {name: Dr Sam Placeholder, title: Head of the guild}
  partner: {name: Welders' Guild, image: {file: guild.svg, caption: The guild's mark}}
recipients:
%s`, l[1], l[0], end.Format(time.RFC3339), design, strings.ReplaceAll(rows.String(), "RESULT", result)))
		}
		award := "shots-" + language + "-classic/" + l[0] + "/"
		gone, revoked, suspended = append(gone, award+"gone"), append(revoked, award+"revoked"), append(suspended, award+"suspended")
	}
	must(t, dir, "sign")
	must(t, dir, append([]string{"revoke", "--yes", "--publish-reason", "--reason", "It was somebody else’s."}, revoked...)...)
	must(t, dir, append([]string{"suspend", "--yes", "--reason", "under review"}, suspended...)...)
	must(t, dir, append([]string{"withdraw", "--yes", "--reason", "asked for"}, gone...)...)
	must(t, dir, "sign")
	must(t, dir, "build")
	return dir
}

// sheets puts the pictures together: one sheet of each kind, and contact.png of all.
func (s *shots) sheets(t *testing.T) {
	t.Helper()
	var all []string
	for _, name := range slices.Sorted(maps.Keys(s.sheet)) {
		s.contact(t, "sheet-"+name, s.sheet[name], 260, 420)
		all = append(all, s.sheet[name]...)
	}
	s.contact(t, "contact", all, 112, 170)
	t.Logf("%d pictures, and %d sheets of them, are in %s", len(all), len(s.sheet)+1, s.dir)
}

// contact is one sheet: the upper part of each picture, and its name.
func (s *shots) contact(t *testing.T, name string, files []string, width, height int) {
	t.Helper()
	const gap, columns = 8, 2160
	across := columns / (width + gap)
	sheet := image.NewRGBA(image.Rect(0, 0, gap+across*(width+gap), gap+(len(files)+across-1)/across*(height+3*gap)))
	draw.Draw(sheet, sheet.Bounds(), image.NewUniform(color.Gray{90}), image.Point{}, draw.Src)
	for i, file := range files {
		picture := readPNG(t, filepath.Join(s.dir, file))
		at, from := image.Pt(gap+i%across*(width+gap), gap+i/across*(height+3*gap)), picture.Bounds()
		from.Max.Y = min(from.Max.Y, from.Min.Y+from.Dx()*height/width)
		draw.CatmullRom.Scale(sheet, image.Rectangle{at, at.Add(image.Pt(width, width*from.Dy()/from.Dx()))}, picture, from, draw.Src, nil)
		said := strings.TrimSuffix(file, ".png")
		said = said[max(0, len(said)-width/7):]
		(&font.Drawer{Dst: sheet, Src: image.White, Face: basicfont.Face7x13, Dot: fixed.P(at.X, at.Y+height+13)}).DrawString(said)
	}
	var b bytes.Buffer
	if err := png.Encode(&b, sheet); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(s.dir, name+".png"), b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}
