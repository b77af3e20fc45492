package certificate_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io/fs"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"unicode"

	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/gofont/goregular"

	"laurel/internal/material/lettering"
	"laurel/internal/publishing/certificate"
	"laurel/internal/testing/poppler"
)

// madeFont is a font whose shapes are those of another, for some characters:
// what a test needs of a font of a script for which there is none to have.
func madeFont(base []byte, characters string) []byte {
	var all []rune
	for _, r := range characters {
		if !slices.Contains(all, r) {
			all = append(all, r)
		}
	}
	slices.Sort(all)
	// A table of format 12 (OpenType Specification 1.9, "cmap").
	cmap := []byte{0, 0, 0, 1, 0, 3, 0, 10, 0, 0, 0, 12, 0, 12, 0, 0}
	cmap = binary.BigEndian.AppendUint32(cmap, uint32(16+12*len(all)))
	cmap = append(cmap, 0, 0, 0, 0)
	cmap = binary.BigEndian.AppendUint32(cmap, uint32(len(all)))
	for i, r := range all {
		for _, v := range []uint32{uint32(r), uint32(r), uint32(40 + i)} {
			cmap = binary.BigEndian.AppendUint32(cmap, v)
		}
	}
	font := bytes.Clone(base)
	entry := font[bytes.Index(font, []byte("cmap")):]
	binary.BigEndian.PutUint32(entry[8:], uint32(len(font)))
	binary.BigEndian.PutUint32(entry[12:], uint32(len(cmap)))
	return append(font, cmap...)
}

// folder is a folder with fonts.
func folder(pairs ...any) lettering.Folder {
	files := fstest.MapFS{}
	for i := 0; i < len(pairs); i += 2 {
		files[pairs[i].(string)] = &fstest.MapFile{Data: pairs[i+1].([]byte)}
	}
	return lettering.Folder{Name: "fonts", Files: files}
}

func withFolders(t testing.TB, all ...lettering.Folder) *certificate.Fonts {
	t.Helper()
	f, err := certificate.NewFonts(lettering.Sources{Folders: all})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// lookAt draws a page at 100 dots an inch.
func lookAt(t *testing.T, file string) image.Image {
	t.Helper()
	stem := strings.TrimSuffix(file, ".pdf")
	poppler.Run(t, "pdftoppm", "-png", "-singlefile", "-r", "100", file, stem)
	f, err := os.Open(stem + ".png")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	m, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// dark counts the dark dots of a part of a page, in millimetres.
func dark(m image.Image, left, top, right, bottom float64) int {
	dot := func(mm float64) int { return int(math.Round(mm / 25.4 * 100)) }
	n := 0
	for y := dot(top); y < min(dot(bottom), m.Bounds().Dy()); y++ {
		for x := dot(left); x < min(dot(right), m.Bounds().Dx()); x++ {
			if r, g, b, _ := m.At(x, y).RGBA(); r+g+b < 3*0x8000 {
				n++
			}
		}
	}
	return n
}

// insideFrame tells whether nothing is drawn between the frame and the edge of
// the paper, or beside the text but the frame.
func insideFrame(m image.Image, w, h float64) bool {
	return dark(m, 0, 0, w, 5.4)+dark(m, 0, h-5.4, w, h)+dark(m, 0, 0, 5.4, h)+dark(m, w-5.4, 0, w, h)+
		dark(m, 19.5, 22, 29, h-22)+dark(m, w-29, 22, w-19.5, h-22) == 0
}

// withoutMarks is text without the directions that pdftotext writes into it.
func withoutMarks(s string) string {
	return strings.Map(func(r rune) rune {
		if 0x202A <= r && r <= 0x202E || r == 0x200E || r == 0x200F {
			return -1
		}
		return r
	}, s)
}

// scripts are names that need more than letters side by side. Those of the
// first kind are in the built-in font, the others are in a folder.
var scripts = map[string]struct {
	name   string
	folder bool
}{
	"arabic":         {"محمد نمونه", false},
	"persian":        {"محمد نمونه\u200cای", false},
	"hebrew":         {"יעל לדוגמה", false},
	"hebrew_points":  {"מִשְׁפָּחָה", false},
	"vietnamese":     {"Nguyễn Thị Mẫu", false},
	"yoruba":         {"Ìfẹ́ Àpẹẹrẹ", false},
	"armenian":       {"Հայկ Օրինակյան", false},
	"georgian":       {"ნინო მაგალითაძე", false},
	"lao":            {"ປະເທດ", false},
	"thai":           {"สมชาย ตัวอย่าง", true},
	"devanagari":     {"उदाहरण", true},
	"han":            {"見本 花子", true},
	"hangul":         {"홍길동", true},
	"beyond_the_bmp": {"𠮷野 例子", true},
}

// TestScripts writes names of many scripts: they are seen, they are found as
// text, and they stand inside of the frame.
func TestScripts(t *testing.T) {
	var missing strings.Builder
	for _, s := range scripts {
		if s.folder {
			missing.WriteString(s.name)
		}
	}
	all := withFolders(t, folder("deep/er/made.ttf", madeFont(goregular.TTF, missing.String())))
	for name, s := range scripts {
		t.Run(name, func(t *testing.T) {
			a := award()
			a.RecipientName = s.name
			a.Achievement.Name = "Named " + s.name
			file := writeWith(t, all, content(t, a, "en"), certificate.A4)
			if text := withoutMarks(poppler.Run(t, "pdftotext", file, "-")); !strings.Contains(text, s.name) {
				t.Errorf("%q is not in\n%s", s.name, text)
			}
			if info := poppler.Run(t, "pdfinfo", file); !strings.Contains(info, s.name) {
				t.Errorf("%q is not in\n%s", s.name, info)
			}
			m := lookAt(t, file)
			if !insideFrame(m, 297, 210) {
				t.Error("something stands outside of the frame")
			}
			page, found := onlyPage(t, file), 0
			for _, w := range page.Words {
				backwards := []rune(w.Text)
				slices.Reverse(backwards)
				if !strings.Contains(s.name, withoutMarks(w.Text)) && !strings.Contains(s.name, string(backwards)) || w.Bottom-w.Top < 25 {
					continue
				}
				found++
				const mm = 25.4 / 72
				if n := dark(m, w.Left*mm, w.Top*mm, w.Right*mm, w.Bottom*mm); n < 40 {
					t.Errorf("only %d dots are dark where %q stands", n, w.Text)
				}
			}
			if found == 0 {
				t.Errorf("no word of %q is as large as a name", s.name)
			}
		})
	}
}

func writeWith(t *testing.T, f *certificate.Fonts, c certificate.Content, paper certificate.Paper) string {
	t.Helper()
	data, err := f.PDF(c, paper)
	if err != nil {
		t.Fatal(err)
	}
	file := t.TempDir() + "/certificate.pdf"
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// TestJoined compares the shapes of letters in words with those of letters that
// stand alone.
func TestJoined(t *testing.T) {
	all := fonts(t)
	for _, c := range []struct {
		text    string
		changed int // letters whose shape is another in the word
	}{
		{"محمد", 4}, // initial, medial, medial, final
		{"بيت", 3},
		{"دار", 0},   // these do not join to the left, nor to one another
		{"يעל", 0},   // the first is Arabic and stands alone
		{"שלום", 0},  // Hebrew letters never do
		{"נמל12", 0}, // nor do they before a number
	} {
		for _, bold := range []bool{false, true} {
			shaped, _, err := all.Glyphs(c.text, bold)
			if err != nil {
				t.Fatal(err)
			}
			var alone []uint32
			for _, r := range c.text {
				one, _, err := all.Glyphs(string(r), bold)
				if err != nil {
					t.Fatal(err)
				}
				alone = append(one, alone...)
			}
			if len(shaped) != len(alone) {
				t.Errorf("%q: %d shapes, %d letters", c.text, len(shaped), len(alone))
				continue
			}
			changed := 0
			for i := range shaped {
				if shaped[i] != alone[i] {
					changed++
				}
			}
			if changed != c.changed {
				t.Errorf("%q: %d letters have another shape, want %d: %v, alone %v", c.text, changed, c.changed, shaped, alone)
			}
		}
	}
	// What parts letters does: without it they join.
	joined, _, err := all.Glyphs("نمونهای", false)
	if err != nil {
		t.Fatal(err)
	}
	parted, _, err := all.Glyphs("نمونه\u200cای", false)
	if err != nil || slices.Equal(joined, slices.DeleteFunc(slices.Clone(parted), func(id uint32) bool { return !slices.Contains(joined, id) })) {
		t.Errorf("joined %v, parted %v, %v", joined, parted, err)
	}
	// Latin is written as text, also beside Arabic.
	if ids, _, err := all.Glyphs("Nguyễn Ελένη Дмитрий", false); err != nil || len(ids) != 0 {
		t.Errorf("plain text is drawn as %v, %v", ids, err)
	}
	if ids, _, err := all.Glyphs("Ada 2026 محمد", false); err != nil || len(ids) != 4 {
		t.Errorf("beside Arabic are drawn %v, %v", ids, err)
	}
}

// TestLongNames sets names that do not fit in a line, in scripts from right to
// left and without spaces.
func TestLongNames(t *testing.T) {
	if testing.Short() {
		t.Skip("draws many certificates")
	}
	all := withFolders(t, folder("thai.ttf", madeFont(goregular.TTF, "สมชายตัวอย่าง")))
	for name, text := range map[string]string{
		"arabic": strings.TrimSpace(strings.Repeat("محمد نمونه ", 30)),
		"thai":   strings.Repeat("สมชายตัวอย่าง", 30),
		"mixed":  strings.TrimSpace(strings.Repeat("محمد Ali (12) ", 20)),
	} {
		for language, words := range map[string]string{"en": "left", "ar": "right"} {
			t.Run(name+"_"+words, func(t *testing.T) {
				a := award()
				a.RecipientName, a.Achievement.Name, a.Achievement.Description = text, text, strings.Repeat(text+" ", 20)
				a.IssuedBy.Name = text
				file := writeWith(t, all, content(t, a, language), certificate.Letter)
				if !insideFrame(lookAt(t, file), 279.4, 215.9) {
					t.Error("something stands outside of the frame")
				}
				want := map[rune]int{}
				for _, r := range text {
					want[r] += 3
				}
				for _, r := range poppler.Run(t, "pdftotext", file, "-") {
					want[r]--
				}
				for r, n := range want {
					if n > 0 && !unicode.IsSpace(r) {
						t.Errorf("%q is missing %d times", r, n)
					}
				}
			})
		}
	}
}

// TestLines breaks lines where a reader expects it.
func TestLines(t *testing.T) {
	all := withFolders(t, folder("made.ttf", madeFont(goregular.TTF, "見本花子สมชาย\u0e31\u0e48")))
	for _, c := range []struct {
		text  string
		width float64
		want  []string
	}{
		{"one two three", 4.8, []string{"one two", "three"}},
		{"Müller-Lüdenscheidt", 6, []string{"Müller-", "Lüdenschei", "dt"}},
		{"見本花子", 2.0, []string{"見本", "花子"}},
		{"ab محمد نمونه", 4.5, []string{"ab محمد", "نمونه"}},
		{"สมัช่า", 1.4, []string{"สมั", "ช่า"}}, // never between a letter and its marks
	} {
		got, err := all.Lines(c.text, c.width)
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%q is %q, want %q, %v", c.text, got, c.want, err)
		}
		for _, l := range got {
			if r := []rune(l)[0]; unicode.Is(unicode.Mn, r) {
				t.Errorf("%q: a line begins with a mark", got)
			}
		}
	}
}

// TestFontFolders chooses among the fonts of folders: by what they have, in the
// order of their paths, bold where that is asked for.
func TestFontFolders(t *testing.T) {
	const thai, han = "สมชาย", "見本花子"
	fontOf := func(f *certificate.Fonts, text string, bold bool) string {
		t.Helper()
		_, from, err := f.Glyphs(text, bold)
		if err != nil {
			t.Fatal(err)
		}
		return strings.Join(from, ", ")
	}
	f := withFolders(t, folder(
		"b/mono.ttf", madeFont(gomono.TTF, thai+han), "a/part.ttf", madeFont(gobold.TTF, thai[:6]), "a/regular.ttf", madeFont(goregular.TTF, thai),
		"a/readme.txt", []byte("no font"), "a/broken.ttf", []byte("no font")))
	for _, c := range []struct {
		text string
		bold bool
		want string
	}{
		{thai, false, "fonts/a/regular.ttf"},                         // the first that has it all
		{thai, true, "fonts/a/regular.ttf"},                          // its bold lacks some
		{thai[:6], true, "fonts/a/part.ttf"},                         // this is the bold of the same family
		{thai + han, false, "fonts/a/regular.ttf, fonts/b/mono.ttf"}, // each script by itself
		{han, true, "fonts/b/mono.ttf"},                              // there is no bold
		{"محمد", true, "DejaVu Sans Bold"},                           // the built-in one goes first
		{"Ada", true, "DejaVu Sans Bold"},
	} {
		if got := fontOf(f, c.text, c.bold); got != c.want {
			t.Errorf("%q is of %s, want %s", c.text, got, c.want)
		}
	}
	// A folder that is named first goes first.
	two := withFolders(t, lettering.Folder{Name: "one", Files: folder("z.ttf", madeFont(gomono.TTF, thai)).Files}, folder("a.ttf", madeFont(goregular.TTF, thai)))
	if got := fontOf(two, thai, false); got != "one/z.ttf" {
		t.Errorf("taken is %s", got)
	}
	if two.Digest() == f.Digest() || two.Digest() == fonts(t).Digest() {
		t.Error("other fonts have the same digest")
	}
	// The theme's own go before the built-in one.
	theme, err := certificate.NewFonts(lettering.Sources{Theme: fstest.MapFS{"fonts/arabic.ttf": {Data: madeFont(gomono.TTF, "محمد")}}})
	if err != nil {
		t.Fatal(err)
	}
	if got := fontOf(theme, "محمد", true); got != "fonts/arabic.ttf" {
		t.Errorf("taken is %s", got)
	}
}

// TestBrokenFolders leaves out what is broken, links, and too much.
func TestBrokenFolders(t *testing.T) {
	var notes []string
	restricted := madeFont(goregular.TTF, "สม")
	entry := bytes.Index(restricted, []byte("OS/2"))
	restricted[int(binary.BigEndian.Uint32(restricted[entry+8:]))+9] = 2
	files := folder("good.ttf", madeFont(goregular.TTF, "ส"), "cut.ttf", goregular.TTF[:200], "gif.otf", []byte("GIF89a"), "empty.ttc", []byte{},
		"restricted.ttf", restricted, "big.ttf", append(bytes.Clone(goregular.TTF), make([]byte, 64<<20)...)).Files.(fstest.MapFS)
	files["link.ttf"] = &fstest.MapFile{Mode: fs.ModeSymlink | 0o777, Data: []byte("good.ttf")}
	files["deep/"+strings.Repeat("x/", 20)+"lost.ttf"] = &fstest.MapFile{Data: madeFont(goregular.TTF, "म")}
	f, err := certificate.NewFonts(lettering.Sources{
		Folders: []lettering.Folder{{Name: "fonts", Files: files}}, Note: func(file string, why error) { notes = append(notes, fmt.Sprintf("%s is left out: %v", file, why)) }})
	if err != nil {
		t.Fatal(err)
	}
	all := strings.Join(notes, "\n")
	if len(notes) != 5 {
		t.Errorf("told of\n%s", all)
	}
	for _, want := range []string{"fonts/cut.ttf is left out", "fonts/gif.otf is left out", "fonts/empty.ttc is left out", "fonts/restricted.ttf is left out: a font whose licence", "fonts/big.ttf is left out: larger than"} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is not in\n%s", want, all)
		}
	}
	if _, from, err := f.Glyphs("ส", false); err != nil || from[0] != "fonts/good.ttf" {
		t.Errorf("%v, %v", from, err)
	}
	if _, _, err := f.Glyphs("म", false); err == nil {
		t.Error("a font too deep down was found")
	}
	if _, err := certificate.NewFonts(lettering.Sources{Folders: []lettering.Folder{{Name: "nowhere", Files: os.DirFS(t.TempDir() + "/nowhere")}}}); err == nil || !strings.Contains(err.Error(), "read the fonts in nowhere") {
		t.Errorf("a folder that is not there: %v", err)
	}
}

// TestHostileFolders changes bytes of a font of a folder: it is left out, or its
// shapes are drawn.
func TestHostileFolders(t *testing.T) {
	if testing.Short() {
		t.Skip("draws many certificates")
	}
	random := rand.New(rand.NewPCG(3, 4))
	a := award()
	a.RecipientName = "สมชาย"
	c, taken := content(t, a, "en"), 0
	const times = 50
	for n := range times {
		data := madeFont(gomono.TTF, a.RecipientName)
		tables := int(binary.BigEndian.Uint16(data[4:]))
		for range 1 + n%4 {
			entry := data[12+16*random.IntN(tables):]
			at := int(binary.BigEndian.Uint32(entry[8:])) + random.IntN(min(64, int(binary.BigEndian.Uint32(entry[12:]))))
			if n%10 == 0 {
				at = random.IntN(12 + 16*tables)
			}
			data[at] = byte(random.Uint32())
		}
		f := withFolders(t, folder("x.ttf", data))
		_, err := f.PDF(c, certificate.A4)
		var glyph *certificate.GlyphError
		if err == nil {
			taken++
		} else if !errors.As(err, &glyph) {
			t.Error(err)
		}
	}
	if taken < 5 || taken == times {
		t.Errorf("%d of %d fonts were taken", taken, times)
	}
}

// TestTogether writes certificates at once from the same fonts: each is as it
// is by itself.
func TestTogether(t *testing.T) {
	if testing.Short() {
		t.Skip("draws many certificates")
	}
	shared, names := fonts(t), []string{"محمد نمونه", "יעל לדוגמה", "Ada Example", "Ìfẹ́ Àpẹẹrẹ", "ნინო მაგალითაძე", "محمد Ali"}
	var certificates []certificate.Content
	var alone, together [][]byte
	for _, name := range names {
		a := award()
		a.RecipientName = name
		c := content(t, a, "en")
		data, err := fonts(t).PDF(c, certificate.A4)
		if err != nil {
			t.Fatal(err)
		}
		certificates, alone = append(certificates, c), append(alone, data)
	}
	together = make([][]byte, 4*len(names))
	var wg sync.WaitGroup
	for i := range together {
		wg.Go(func() {
			data, err := shared.PDF(certificates[i%len(names)], certificate.A4)
			if err != nil {
				t.Error(err)
			}
			together[i] = data
		})
	}
	wg.Wait()
	for i, data := range together {
		if !bytes.Equal(data, alone[i%len(names)]) {
			t.Errorf("%q is written otherwise among others", names[i%len(names)])
		}
	}
}

func BenchmarkShaped(b *testing.B) {
	a := award()
	a.RecipientName, a.Achievement.Description = "محمد نمونه", strings.Repeat("محمد نمونه ", 20)
	f, c := fonts(b), content(b, a, "en")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := f.PDF(c, certificate.A4); err != nil {
			b.Fatal(err)
		}
	}
}

// TestVisual: what is written from right to left stands so, and numbers in it
// do not.
func TestVisual(t *testing.T) {
	all := fonts(t)
	for _, c := range []struct {
		line, want string
		right      bool
	}{
		{"plain text 1", "plain text 1", false},
		{"שלום", "םולש", false},
		{"שלום עולם", "םלוע םולש", true},
		{"Award שלום 2026", "Award 2026 םולש", false},
		{"Award שלום 3/2026 (x)", "Award 3/2026 םולש (x)", false},
		{"Award שלום now", "Award םולש now", false},
		{"שלום Ada", "Ada םולש", true},
	} {
		if got, err := all.Visual(c.line, c.right); err != nil || got != c.want {
			t.Errorf("%q is drawn as %q, want %q", c.line, got, c.want)
		}
	}
}
