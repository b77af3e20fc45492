package certificate_test

import (
	"bytes"
	"errors"
	"html"
	"maps"
	"os"
	"regexp"
	"strings"
	"testing"

	"laurel/internal/material/picture"
	"laurel/internal/publishing/certificate"
	"laurel/internal/publishing/site"
	"laurel/internal/testing/poppler"
)

// signed is an award with all that a certificate can have, in a design.
func signed(t testing.TB, design, language string) (*site.AwardPage, certificate.Content) {
	t.Helper()
	a := award()
	a.Achievement.ImageAlt = "A welder's mask"
	a.Certificate = site.Certificate{Design: design, Caption: "Point a phone here",
		Signatories: []site.Signatory{{Name: "Hazel Specimen", Title: "Registrar", Image: site.SheetPicture{Href: "hand"}}, {Name: "Owain Samplach", Title: "Examiner"}},
		Partner:     site.Partner{Name: "Guild of Makers", Image: site.SheetPicture{Href: "logo"}}, Background: site.SheetPicture{Href: "logo"}}
	c := content(t, a, language)
	c.Pictures = map[string]*certificate.Picture{"hand": c.Picture, "logo": c.IssuerPicture}
	return a, c
}

// TestDesigns writes each design on each paper, upright and from right to left: all of
// it is there, in its place, in a structure, and nothing of the file is as a reader of
// PDF does not expect it.
func TestDesigns(t *testing.T) {
	for design, code := range map[string]struct{ right, bottom, side float64 }{"classic": {30, 22.5, 25}, "modern": {0, 0, 30}, "portrait": {26, 0, 25}} {
		for _, paper := range []certificate.Paper{certificate.A4, certificate.Letter} {
			language := map[certificate.Paper]string{certificate.A4: "en", certificate.Letter: "ar"}[paper]
			t.Run(design+"-"+string(paper), func(t *testing.T) {
				a, c := signed(t, design, language)
				file := write(t, c, paper)
				page := onlyPage(t, file)
				wellPlaced(t, page)
				if (page.Height > page.Width) != (design == "portrait") {
					t.Errorf("the page is %g by %g", page.Width, page.Height)
				}
				text := strings.Join(strings.Fields(poppler.Run(t, "pdftotext", file, "-")), " ")
				for _, want := range []string{"Hazel Specimen", "Registrar", "Owain Samplach", "Examiner", "Guild of Makers", "Point a phone here", a.RecipientName, a.Achievement.Name, a.IssuedBy.Name, "Theory paper", "83", "4.5"} {
					if strings.Count(text, want) != 1 {
						t.Errorf("%q is there %d times in\n%s", want, strings.Count(text, want), text)
					}
				}
				structured(t, file, a, language)
				if paper == certificate.A4 && code.right > 0 {
					readsAs(t, file, a.Take.VerifyURL, page.Width*25.4/72-code.right-code.side, code.side)
				} else if paper == certificate.A4 {
					readsAs(t, file, a.Take.VerifyURL, 76.0/2-15, code.side)
				}
			})
		}
	}
}

// structured looks at what a screen reader is told (ISO 14289-1, clause 7).
func structured(t *testing.T, file string, a *site.AwardPage, language string) {
	t.Helper()
	tree := poppler.Run(t, "pdfinfo", "-struct-text", file)
	heading := regexp.MustCompile(`H1 \(block\)\n\s+"` + regexp.QuoteMeta(a.Achievement.Name) + `"`)
	if !heading.MatchString(tree) || strings.Count(tree, "H1") != 1 {
		t.Errorf("the achievement is not the one heading of\n%s", tree)
	}
	for element, n := range map[string]int{"Figure": 3, "Link (inline)": 1, "LI (block)": 6, "Lbl": 6, "LBody": 6} {
		if got := strings.Count(tree, element); got != n {
			t.Errorf("%d %s, not %d, in\n%s", got, element, n, tree)
		}
	}
	before := 0
	for _, said := range []string{a.IssuedBy.Name, a.RecipientName, a.Achievement.Name, "Theory paper"} {
		if at := strings.Index(tree, said); at < before {
			t.Errorf("%q is read too early", said)
		} else {
			before = at
		}
	}
	for _, row := range strings.Split(strings.TrimSpace(poppler.Run(t, "pdffonts", file)), "\n")[2:] {
		if !strings.Contains(row, "yes yes yes") {
			t.Errorf("a font is not embedded whole: %s", row)
		}
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	alt := regexp.MustCompile(`/S /Figure [^\n]*/Alt <`)
	if n := len(alt.FindAll(data, -1)); n != 3 {
		t.Errorf("%d of 3 figures have a text", n)
	}
	for _, want := range []string{"<pdfuaid:part>1</pdfuaid:part>", "/MarkInfo <</Marked true>>", "/DisplayDocTitle true", "/Tabs /S", "<rdf:li>" + language + "</rdf:li>", "/Subtype /Link /Rect"} {
		if !bytes.Contains(data, []byte(want)) {
			t.Errorf("the file does not say %s", want)
		}
	}
}

// readsAs looks at a page as a printer would draw it: every module of a QR code that
// is so wide, and so far from the left, is as it should be.
func readsAs(t *testing.T, file, says string, left, side float64) {
	t.Helper()
	m := lookAt(t, file)
	code, err := picture.NewQRCode(says)
	if err != nil {
		t.Fatal(err)
	}
	dots, all, most := side/25.4*100/float64(code.Size), code.Size*code.Size, 0
	for y := 300.0; y < float64(m.Bounds().Dy())-100 && most < all; y++ {
		found := 0
		for row, cells := range code.Modules {
			for column, dark := range cells {
				r, _, _, _ := m.At(int(left/25.4*100+(float64(column)+0.5)*dots), int(y+(float64(row)+0.5)*dots)).RGBA()
				if (r < 0x8000) == dark {
					found++
				}
			}
		}
		most = max(most, found)
	}
	if most < all {
		t.Errorf("of %d modules only %d are as they should be", all, most)
	}
}

// TestBad drains a certificate that does not count of its colours, and writes across
// it what it is: in shapes, which a screen reader is told at its head.
func TestBad(t *testing.T) {
	for _, state := range []site.State{site.Revoked, site.Suspended, site.Expired} {
		a, c := signed(t, "modern", "en")
		good := lookAt(t, write(t, c, certificate.A4))
		a.State = state
		file := write(t, c, certificate.A4)
		bad := lookAt(t, file)
		r, g, b, _ := bad.At(20, 400).RGBA()
		if _, was, _, _ := good.At(20, 400).RGBA(); max(r, g, b)-min(r, g, b) > 0x0a00 || was == g {
			t.Errorf("%s: the band is still coloured, %x %x %x", state, r, g, b)
		}
		if tree := poppler.Run(t, "pdfinfo", "-struct-text", file); strings.Count(strings.ToLower(tree), string(state)) != 1 {
			t.Errorf("%s is said otherwise than once in\n%s", state, tree)
		}
	}
}

// TestBooklet puts many certificates into one file, of which each is as it is alone,
// and goes on after one that no font can write.
func TestBooklet(t *testing.T) {
	f := fonts(t)
	var out bytes.Buffer
	_, c := signed(t, "classic", "en")
	b := f.NewBooklet(&out, "Spring course 2026", "Larkspur Academy", "en", c.Award.ValidFrom, certificate.A4)
	for i, name := range []string{"Ada Beispiel", "홍길동", "Ben Muster", "Cem Örnek"} {
		a, c := signed(t, []string{"classic", "classic", "portrait", "modern"}[i], "en")
		a.RecipientName = name
		var glyph *certificate.GlyphError
		if err := b.Add(c); errors.As(err, &glyph) != (i == 1) || err != nil && i != 1 {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	file := t.TempDir() + "/booklet.pdf"
	if err := os.WriteFile(file, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	pages := poppler.Pages(t, file)
	if len(pages) != 3 || pages[1].Height < pages[1].Width || pages[2].Height > pages[2].Width {
		t.Fatalf("%d pages", len(pages))
	}
	tree := poppler.Run(t, "pdfinfo", "-struct-text", file)
	if strings.Count(tree, "  Sect\n") != 3 || strings.Count(tree, "H1") != 3 || !strings.Contains(tree, "Cem Örnek") || strings.Contains(tree, "홍") {
		t.Errorf("the structure is\n%s", tree)
	}
	if n := strings.Count(poppler.Run(t, "pdffonts", file), "CID TrueType"); n != 2 {
		t.Errorf("%d fonts are embedded, not each once", n)
	}
}

// TestEqual: what is printed of an award's page and what its PDF says is the same, word
// by word, in each design.
func TestEqual(t *testing.T) {
	r, err := drawn()
	if err != nil {
		t.Fatal(err)
	}
	for _, design := range []string{"classic", "modern", "portrait"} {
		a, c := signed(t, design, "en")
		a.Language, a.Achievement.ImageHref = "en", "x.png"
		var b strings.Builder
		if err := r.Page(&b, a); err != nil {
			t.Fatal(err)
		}
		_, page, _ := strings.Cut(b.String(), `<div class="sheet `)
		page, _, _ = strings.Cut(page, `<div class="award-body">`)
		page = regexp.MustCompile(`(?s)<title.*?</title>|<[^>]*>`).ReplaceAllString(page[strings.Index(page, ">")+1:], " ")
		count := func(text string) map[string]int {
			words := map[string]int{}
			for _, w := range strings.Fields(strings.ReplaceAll(html.UnescapeString(text), ":", " ")) {
				words[w]++
			}
			return words
		}
		// Addresses may be on two lines of paper.
		paper := strings.NewReplacer("/verify/\n#", "/verify/#").Replace(poppler.Run(t, "pdftotext", write(t, c, certificate.A4), "-"))
		printed, drawn := count(page), count(paper)
		if !maps.Equal(printed, drawn) {
			t.Errorf("%s: printed is\n%v\nand drawn\n%v", design, printed, drawn)
		}
	}
}
