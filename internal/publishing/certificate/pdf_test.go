package certificate_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"
	"unicode"

	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/gofont/goregular"

	"laurel/internal/material/lettering"
	"laurel/internal/material/picture"
	"laurel/internal/publishing/certificate"
	"laurel/internal/publishing/render"
	"laurel/internal/publishing/site"
	"laurel/internal/testing/poppler"
)

const credential = `{"@context":["https://www.w3.org/ns/credentials/v2"],"id":"urn:uuid:6f8f1a0e-0000-4000-8000-000000000001","name":"Ä \\ ( ) €"}`

// award is a certificate as most are.
func award() *site.AwardPage {
	a := &site.AwardPage{Award: site.Award{
		CredentialID: "urn:uuid:6f8f1a0e-0000-4000-8000-000000000001", RecipientName: "Zoë Brontësdóttir",
		AwardedDate: time.Date(2026, 6, 30, 0, 0, 0, 0, time.UTC), ValidFrom: time.Date(2026, 7, 1, 9, 30, 0, 0, time.UTC),
		CreditsEarned: "4.5", LicenseNumber: "LK-2026-0042",
		Results: []site.Result{{Name: "Theory paper", Standing: site.Standing{Value: "83"}}, {Name: "Joint quality", Standing: site.Standing{Value: "Sound"}}},
	}}
	a.IssuedBy = site.Issuer{Name: "Larkspur Academy", DID: "did:web:academy.example.org:larkspur"}
	a.Achievement = site.Achievement{Name: "MIG Welding, Level 1", Type: "Certificate of Completion",
		Description: "Sets up a MIG welder and joins mild steel of 2 to 6 mm."}
	a.Status.State, a.State = "valid", site.Unchecked
	a.Take.VerifyURL = "https://academy.example.org/larkspur/verify/#6f8f1a0e-0000-4000-8000-000000000001"
	return a
}

// drawn is a renderer, and a picture that it drew, made once for all tests.
var drawn = sync.OnceValues(func() (c struct {
	*render.Renderer
	picture *certificate.Picture
}, err error) {
	if c.Renderer, err = render.New(nil, nil, render.Options{}); err != nil {
		return c, err
	}
	png, err := c.Badges.Picture(site.Badge{Name: "Example"}, false, nil)
	if err != nil {
		return c, err
	}
	c.picture, err = certificate.NewPicture(png, 300)
	return c, err
})

func content(t testing.TB, a *site.AwardPage, language string) certificate.Content {
	t.Helper()
	r, err := drawn()
	if err != nil {
		t.Fatal(err)
	}
	return certificate.Content{Award: a, Words: r.Words(language), Picture: r.picture, IssuerPicture: r.picture,
		Credential: []byte(credential), Place: "content/awards/x.yaml:7"}
}

// fonts are the built-in ones, as a new run has them.
func fonts(t testing.TB) *certificate.Fonts {
	t.Helper()
	f, err := certificate.NewFonts(lettering.Sources{})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func write(t *testing.T, c certificate.Content, paper certificate.Paper) string {
	t.Helper()
	data, err := fonts(t).PDF(c, paper)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "certificate.pdf")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func onlyPage(t *testing.T, file string) poppler.Page {
	t.Helper()
	all := poppler.Pages(t, file)
	if len(all) != 1 {
		t.Fatalf("%d pages", len(all))
	}
	return all[0]
}

// wellPlaced tells of words that stand outside of a page's frame, or in others.
func wellPlaced(t *testing.T, page poppler.Page) {
	t.Helper()
	edge := 10 * 72 / 25.4
	for i, w := range page.Words {
		if w.Left < edge || w.Right > page.Width-edge || w.Top < edge || w.Bottom > page.Height-edge {
			t.Errorf("%q is outside of the frame: %+v", w.Text, w)
		}
		for _, other := range page.Words[:i] {
			if min(w.Right, other.Right)-max(w.Left, other.Left) > 1 && min(w.Bottom, other.Bottom)-max(w.Top, other.Top) > (w.Bottom-w.Top)/3 {
				t.Errorf("%q stands in %q: %+v, %+v", w.Text, other.Text, w, other)
			}
		}
	}
}

func TestPDF(t *testing.T) {
	for paper, size := range map[certificate.Paper][2]float64{certificate.A4: {841.89, 595.28}, certificate.Letter: {792, 612}} {
		t.Run(string(paper), func(t *testing.T) {
			file := write(t, content(t, award(), "en"), paper)
			page := onlyPage(t, file)
			if abs(page.Width-size[0]) > 0.1 || abs(page.Height-size[1]) > 0.1 {
				t.Errorf("the page is %g by %g points", page.Width, page.Height)
			}
			text := strings.Join(strings.Fields(poppler.Run(t, "pdftotext", "-layout", file, "-")), " ")
			whole := strings.ReplaceAll(text, " ", "")
			for _, want := range []string{"Larkspur Academy", "Awarded to", "Zoë Brontësdóttir", "MIG Welding, Level 1", "Certificate of Completion",
				"Sets up a MIG welder and joins mild steel of 2 to 6 mm.", "30 June 2026", "Does not expire", "4.5", "LK-2026-0042", "Theory paper", "Sound",
				award().Take.VerifyURL, award().CredentialID, award().IssuedBy.DID} {
				if !strings.Contains(text, want) && (strings.Contains(want, " ") || !strings.Contains(whole, want)) {
					t.Errorf("%q is not in\n%s", want, text)
				}
			}
			info := poppler.Run(t, "pdfinfo", file)
			for _, want := range []string{"Title:           MIG Welding, Level 1 – Zoë Brontësdóttir", "Author:          Larkspur Academy", "2026", "PDF version:     1.7"} {
				if !strings.Contains(info, want) {
					t.Errorf("%q is not in\n%s", want, info)
				}
			}
		})
	}
}

// TestAttachment takes the credential out of the PDF, byte for byte.
func TestAttachment(t *testing.T) {
	file := write(t, content(t, award(), "en"), certificate.A4)
	if list := poppler.Run(t, "pdfdetach", "-list", file); !strings.Contains(list, "1 embedded files") || !strings.Contains(list, "1: credential.json") {
		t.Errorf("attached is %s", list)
	}
	out := filepath.Join(t.TempDir(), "out.json")
	poppler.Run(t, "pdfdetach", "-save", "1", "-o", out, file)
	if got, err := os.ReadFile(out); err != nil || string(got) != credential {
		t.Errorf("attached is %s, %v", got, err)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"/Subtype /application#2Fjson", "/AFRelationship /Data", "/F (credential.json)"} {
		if !bytes.Contains(data, []byte(want)) {
			t.Errorf("the file does not say %s", want)
		}
	}
}

// TestSamePDF writes a certificate twice, and one about somebody else.
func TestSamePDF(t *testing.T) {
	f, c := fonts(t), content(t, award(), "de")
	first, err := f.PDF(c, certificate.A4)
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		again, err := fonts(t).PDF(content(t, award(), "de"), certificate.A4)
		if err != nil || !bytes.Equal(first, again) {
			t.Fatalf("the same certificate gives other bytes, %v", err)
		}
	}
	other := award()
	other.RecipientName = "Max Mustermann"
	if again, err := f.PDF(content(t, other, "de"), certificate.A4); err != nil || bytes.Equal(first, again) {
		t.Errorf("another certificate gives the same bytes, %v", err)
	}
}

// TestNothingIsCutOff sets what is hard to fit: all of it is there, and inside
// of the frame.
func TestNothingIsCutOff(t *testing.T) {
	long := func(n int) string { return strings.TrimSpace(strings.Repeat("Bartholomäus ", n)) }
	cases := map[string]func(a *site.AwardPage){
		"long_name":         func(a *site.AwardPage) { a.RecipientName = long(8) },
		"very_long_name":    func(a *site.AwardPage) { a.RecipientName = long(60) },
		"one_long_word":     func(a *site.AwardPage) { a.RecipientName = strings.Repeat("Donaudampfschiff", 20) },
		"long_achievement":  func(a *site.AwardPage) { a.Achievement.Name = long(40) },
		"both":              func(a *site.AwardPage) { a.RecipientName, a.Achievement.Name = long(30), long(30) },
		"long_description":  func(a *site.AwardPage) { a.Achievement.Description = long(30) },
		"long_issuer":       func(a *site.AwardPage) { a.IssuedBy.Name = long(30) },
		"nobody":            func(a *site.AwardPage) { a.RecipientName = "" },
		"only_a_did":        func(a *site.AwardPage) { a.RecipientName, a.RecipientID = "", "did:key:z6Mk"+strings.Repeat("x", 200) },
		"nowhere_to_verify": func(a *site.AwardPage) { a.Take.VerifyURL = "" },
		"a_sealed_one": func(a *site.AwardPage) {
			a.Take.VerifyURL = "https://academy.example.org/larkspur/claim/#" + strings.Repeat("0", 32) + "." + strings.Repeat("k", 43)
		},
		"suspended": func(a *site.AwardPage) { a.State = site.Suspended },
	}
	for name, change := range cases {
		t.Run(name, func(t *testing.T) {
			a := award()
			change(a)
			file := write(t, content(t, a, "en"), certificate.Letter)
			page := onlyPage(t, file)
			wellPlaced(t, page)
			var all strings.Builder
			for _, w := range page.Words {
				all.WriteString(w.Text)
			}
			for _, want := range []string{a.RecipientName, a.RecipientID, a.Achievement.Name, a.Achievement.Description, a.IssuedBy.Name, a.CredentialID, a.Take.VerifyURL} {
				if !strings.Contains(all.String(), strings.ReplaceAll(want, " ", "")) {
					t.Errorf("%q is not in %s", want, all.String())
				}
			}
		})
	}
}

// TestManyResults: every word of every result and of the description that was
// signed is on the paper, once, inside of the frame, in type that can be read, on
// as few pages as that takes.
func TestManyResults(t *testing.T) {
	if testing.Short() {
		t.Skip("draws many certificates")
	}
	word := func(kind string, i int) string { return fmt.Sprintf("%s%03d", kind, i) }
	results := func(n int) func(a *site.AwardPage) {
		return func(a *site.AwardPage) {
			a.Results = nil
			for i := range n {
				a.Results = append(a.Results, site.Result{Name: word("Part", i), Standing: site.Standing{Value: word("V", i)}})
			}
		}
	}
	// long are results of which names and values have so many words.
	long := func(n, names, values int) func(a *site.AwardPage) {
		return func(a *site.AwardPage) {
			a.Results = nil
			for i := range n {
				r := site.Result{}
				for k := range names {
					r.Name += word(fmt.Sprintf("name%d.", i), k) + " "
				}
				for k := range values {
					r.Value += word(fmt.Sprintf("value%d.", i), k) + " "
				}
				a.Results = append(a.Results, r)
			}
		}
	}
	describe := func(n int) func(a *site.AwardPage) {
		return func(a *site.AwardPage) {
			a.Achievement.Description = ""
			for i := range n {
				a.Achievement.Description += word("describes", i) + " "
			}
		}
	}
	with := func(all ...func(a *site.AwardPage)) func(a *site.AwardPage) {
		return func(a *site.AwardPage) {
			for _, change := range all {
				change(a)
			}
		}
	}
	state := func(state string) func(a *site.AwardPage) {
		return func(a *site.AwardPage) { a.State = site.State(state).Lasting() }
	}
	statuses := func(a *site.AwardPage) {
		a.Results = []site.Result{{Name: "Theory", Standing: site.Standing{Status: "Completed"}}}
	}
	license := func(a *site.AwardPage) {
		a.LicenseNumber = ""
		for i := range 150 {
			a.LicenseNumber += word("license", i) + " "
		}
	}
	for name, c := range map[string]struct {
		change func(a *site.AwardPage)
		pages  int
	}{
		"eight":             {results(8), 1},
		"twelve":            {results(12), 1},
		"thirty":            {results(30), 1},
		"hundred":           {results(100), 4},
		"long":              {long(4, 8, 8), 1},
		"twelve_long":       {long(12, 9, 9), 3},
		"thirty_long":       {long(30, 9, 9), 4},
		"very_long":         {long(3, 60, 60), 4},
		"taller_than_paper": {long(2, 300, 900), 18},
		"status_only":       {statuses, 1},
		"description":       {describe(60), 1},
		"long_description":  {describe(200), 1},
		"longer":            {describe(400), 4},
		"all":               {with(describe(700), long(12, 9, 9)), 7},
		"revoked":           {with(describe(60), results(30), state("revoked")), 1},
		"license":           {with(license, results(3)), 3},
		"license_and_all":   {with(license, describe(700), long(12, 9, 9)), 9},
	} {
		for _, paper := range []certificate.Paper{certificate.A4, certificate.Letter} {
			for _, language := range []string{"en", "ar"} {
				if language == "ar" && (paper == certificate.A4 || c.pages == 1) {
					continue
				}
				t.Run(name+"-"+string(paper)+"-"+language, func(t *testing.T) {
					a := award()
					c.change(a)
					all := poppler.Pages(t, write(t, content(t, a, language), paper))
					if len(all) > c.pages || len(all) == 1 && c.pages > 1 {
						t.Errorf("%d pages", len(all))
					}
					count := map[string]int{}
					for i, page := range all {
						wellPlaced(t, page)
						text := ""
						for _, w := range page.Words {
							count[w.Text]++
							if !strings.ContainsFunc(w.Text, func(r rune) bool { return unicode.Is(unicode.Arabic, r) }) {
								text += w.Text // a long address goes on to the other side of its label
							}
							if w.Bottom-w.Top < 7 {
								t.Errorf("%q is %.1f points high", w.Text, w.Bottom-w.Top)
							}
						}
						wanted := []string{a.CredentialID, a.Take.VerifyURL, a.IssuedBy.DID}
						if number := map[string]string{"en": fmt.Sprintf("Page%dof%d", i+1, len(all)), "ar": fmt.Sprint(len(all), i+1)}; len(all) > 1 {
							wanted = append(wanted, number[language])
						}
						for _, want := range wanted {
							if !strings.Contains(text, strings.ReplaceAll(want, " ", "")) {
								t.Errorf("page %d does not say %q", i+1, want)
							}
						}
					}
					said := a.LicenseNumber
					for _, r := range a.Results {
						said += " " + r.Name + " " + r.Value + " " + strings.ToLower(r.Status)
					}
					for _, w := range strings.Fields(said) {
						if count[w] != 1 {
							t.Errorf("%q is there %d times", w, count[w])
						}
					}
					for _, w := range strings.Fields(a.Achievement.Description) {
						if count[w] == 0 {
							t.Errorf("%q is missing", w)
						}
					}
				})
			}
		}
	}
}

// TestRightToLeft mirrors the sheet for a language that is written so, and
// keeps all of it inside of the frame.
func TestRightToLeft(t *testing.T) {
	a := award()
	a.Certificate.Design = "modern" // the others are centred
	page := onlyPage(t, write(t, content(t, a, "ar"), certificate.A4))
	wellPlaced(t, page)
	for _, w := range page.Words {
		if w.Text == "Brontësdóttir" && abs(w.Right-page.Width*(297-93)/297) > 3 {
			t.Errorf("the name ends at %g of %g", w.Right, page.Width)
		}
	}
}

// TestMissingCharacter refuses what would be an empty box, and names nobody.
func TestMissingCharacter(t *testing.T) {
	for name, want := range map[string]string{"홍길동": "U+D64D (Hangul)", "अथर्व": "U+0905 (Devanagari)", "Ada 🦉": "U+1F989 (a symbol)"} {
		a := award()
		a.RecipientName = name
		_, err := fonts(t).PDF(content(t, a, "en"), certificate.A4)
		var glyph *certificate.GlyphError
		if !errors.As(err, &glyph) || err.Error() != "content/awards/x.yaml:7: no font for the certificate has "+want {
			t.Errorf("%s: %v", want, err)
		}
	}
	a := award()
	a.RecipientName = "Zoe\u0308 \u200b\u00adŁukasz\tΕλένη Дмитрий\ufe0f" // composed, and what has no shape left out
	if _, err := fonts(t).PDF(content(t, a, "en"), certificate.A4); err != nil {
		t.Error(err)
	}
}

// TestThemeFonts takes a theme's fonts, and refuses what is none.
func TestThemeFonts(t *testing.T) {
	theme := func(pairs ...any) fstest.MapFS {
		fs := fstest.MapFS{}
		for i := 0; i < len(pairs); i += 2 {
			fs["fonts/"+pairs[i].(string)] = &fstest.MapFile{Data: pairs[i+1].([]byte)}
		}
		return fs
	}
	mono, err := certificate.NewFonts(lettering.Sources{Theme: theme("regular.ttf", gomono.TTF)})
	if err != nil {
		t.Fatal(err)
	}
	if mono.Digest() == fonts(t).Digest() {
		t.Error("the theme's font is not taken")
	}
	if _, err := mono.PDF(content(t, award(), "en"), certificate.A4); err != nil {
		t.Error(err)
	}
	if f, err := certificate.NewFonts(lettering.Sources{Theme: theme("other.ttf", gomono.TTF)}); err != nil || f.Digest() == fonts(t).Digest() || f.Digest() == mono.Digest() {
		t.Errorf("a font beside is as none: %v", err)
	}
	cut := goregular.TTF[:len(goregular.TTF)/2]
	// changed is the font with bytes of a table replaced.
	changed := func(table string, at int, with ...byte) []byte {
		data := bytes.Clone(goregular.TTF)
		entry := bytes.Index(data, []byte(table))
		copy(data[int(binary.BigEndian.Uint32(data[entry+8:]))+at:], with)
		return data
	}
	for name, c := range map[string]struct {
		theme fstest.MapFS
		want  string
	}{
		"not_a_font": {theme("regular.ttf", []byte("GIF89a")), "not a TrueType font"},
		"empty":      {theme("regular.ttf", []byte{}), "not a TrueType font"},
		"collection": {theme("regular.ttf", []byte("ttcf\x00\x01\x00\x00")), "cannot be embedded"},
		"opentype":   {theme("regular.ttf", []byte("OTTO\x00\x01\x00\x00")), "cannot be embedded"},
		"cut":        {theme("regular.ttf", cut), "not a TrueType font"},
		"restricted": {theme("regular.ttf", changed("OS/2", 8, 0, 2)), "licence forbids"},
		"no_cmap":    {theme("regular.ttf", changed("cmap", 0, 0, 0, 0, 0)), "TrueType font"},
		"names":      {theme("regular.ttf", changed("name", 0, 0, 1)), "whose names"},
		"too_large":  {theme("regular.ttf", append(bytes.Clone(goregular.TTF), make([]byte, 64<<20)...)), "larger than"},
		"bold_alone": {theme("bold.ttf", gobold.TTF), "no fonts/regular.ttf"},
		"beside":     {theme("other.otf", []byte("GIF89a")), "read the theme's fonts/other.otf: "},
		"link":       {fstest.MapFS{"fonts/regular.ttf": {Mode: os.ModeSymlink | 0o777, Data: []byte("x")}}, "not a regular file"},
	} {
		if _, err := certificate.NewFonts(lettering.Sources{Theme: c.theme}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestBrokenFonts changes bytes of a font, most of them where its tables say
// how to read them: it is refused, or writes a certificate.
func TestBrokenFonts(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	c, taken := content(t, award(), "en"), 0
	for n := range 60 {
		data := bytes.Clone(gomono.TTF)
		tables := int(binary.BigEndian.Uint16(data[4:]))
		for range 1 + n%4 {
			entry := data[12+16*random.IntN(tables):]
			at := int(binary.BigEndian.Uint32(entry[8:])) + random.IntN(min(64, int(binary.BigEndian.Uint32(entry[12:]))))
			if n%10 == 0 {
				at = random.IntN(12 + 16*tables)
			}
			data[at] = byte(random.Uint32())
		}
		fonts, err := certificate.NewFonts(lettering.Sources{Theme: fstest.MapFS{"fonts/regular.ttf": {Data: data}}})
		if err != nil {
			continue
		}
		taken++
		var glyph *certificate.GlyphError
		if _, err := fonts.PDF(c, certificate.A4); err != nil && !errors.As(err, &glyph) {
			t.Error(err)
		}
	}
	if taken < 5 || taken == 60 {
		t.Errorf("%d of 60 fonts were taken", taken)
	}
}

// TestPicture writes pictures no larger than asked.
func TestPicture(t *testing.T) {
	c := content(t, award(), "en")
	file := write(t, c, certificate.A4)
	list := poppler.Run(t, "pdfimages", "-list", file)
	if !strings.Contains(list, " 300   300 ") {
		t.Errorf("pictures are\n%s", list)
	}
	if _, err := certificate.NewPicture([]byte("no picture"), 10); err == nil {
		t.Error("what is no picture is taken")
	}
}

// TestPrintedCode looks at the page as a printer would draw it: where the QR
// code is there is as much black as white, and nothing is black but ink.
func TestPrintedCode(t *testing.T) {
	m := lookAt(t, write(t, content(t, award(), "en"), certificate.A4))
	code, err := picture.NewQRCode(award().Take.VerifyURL)
	if err != nil {
		t.Fatal(err)
	}
	// The code is 25 mm wide, at the right, beside the caption: find
	// it by its first dark module, then compare every module at its middle.
	dots := 25 / 25.4 * 100 / float64(code.Size)
	left, top := (297-30-25)/25.4*100, 0.0
	found := 0
	for y := 300.0; y < 800 && found < code.Size*code.Size; y++ {
		top, found = y, 0
		for row, cells := range code.Modules {
			for column, dark := range cells {
				r, _, _, _ := m.At(int(left+(float64(column)+0.5)*dots), int(top+(float64(row)+0.5)*dots)).RGBA()
				if (r < 0x8000) == dark {
					found++
				}
			}
		}
	}
	if all := code.Size * code.Size; found < all {
		t.Errorf("of %d modules only %d are as they should be", all, found)
	}
}

func abs(x float64) float64 { return max(x, -x) }

func BenchmarkPDF(b *testing.B) {
	f, c := fonts(b), content(b, award(), "en")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := f.PDF(c, certificate.A4); err != nil {
			b.Fatal(err)
		}
	}
}
