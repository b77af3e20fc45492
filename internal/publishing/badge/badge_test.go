package badge

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"

	"laurel/internal/material/picture"
	"laurel/internal/material/tone"
	"laurel/internal/publishing/site"
	"laurel/internal/standards/bake"
)

// newTestBadges are badges of the default theme's colours.
func newTestBadges(images, theme fs.FS) *Badges {
	return NewBadges(images, theme, tone.Of(tone.Accent, tone.Paper))
}

// achievement is the badge of one whose id ends in a number.
func achievement(i int, name, kind string) site.Badge {
	return site.Badge{ID: fmt.Sprintf("https://example.org/achievements/a-%d/achievement.json", i), Name: name, Type: kind}
}

// TestDrawnBadgesLook pins lines and pixels: a badge that was published must not
// look another way with a newer laurel, nor on another processor: GOAMD64=v3, which
// fuses products and sums, and GOARCH=386, where vector has no assembly, give the
// same. LAUREL_BADGES=DIR writes the pictures there.
func TestDrawnBadgesLook(t *testing.T) {
	badges := newTestBadges(nil, nil)
	for i, tt := range []struct{ name, kind, pixels, svg string }{
		{"学習 Soldering", "Badge", "9be6b07d465e", "14e487d90e54"}, // which no font has
		{"Soldering 学習", "Course", "8b577e2b8caf", "4dcfa85a2faa"},
		{"Soldering, Level 2", "ext:Skill", "2c57ce0f1d4d", "e05ef17a8464"},
		{"Soldering", "License", "5d69e35cf7bb", "88668d57ee35"},
		{"Ελληνική Μεταλλοτεχνία", "Course", "f1313a236be4", "ed87f73b360c"},
		{"دورة اللحام الأساسية", "ext:Skill", "0f724fb83ad6", "65a4891342df"},
	} {
		b := achievement(i, tt.name, tt.kind)
		s, err := badges.Picture(b, true, nil)
		if err != nil {
			t.Fatal(err)
		}
		data, err := badges.Picture(b, false, nil)
		if err != nil {
			t.Fatal(err)
		}
		m, err := png.Decode(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		pixels := image.NewRGBA(m.Bounds())
		draw.Draw(pixels, pixels.Rect, m, image.Point{}, draw.Src)
		if got := digest(pixels.Pix); got != tt.pixels {
			t.Errorf("%s, %s: pixels have digest %s, want %s", tt.name, tt.kind, got, tt.pixels)
		}
		if got := digest(s); got != tt.svg {
			t.Errorf("%s, %s: SVG has digest %s, want %s", tt.name, tt.kind, got, tt.svg)
		}
	}
}

// Two renderers give the same bytes, whatever they made before.
func TestDrawnBadgesRepeat(t *testing.T) {
	const n = 4
	draw := func(badges *Badges, i int) []byte {
		p, err := badges.Picture(achievement(i, fmt.Sprint(i), ""), false, nil)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	up, down := newTestBadges(nil, nil), newTestBadges(nil, nil)
	var first [n][]byte
	for i := range n {
		first[i] = draw(up, i)
	}
	for i := n - 1; i >= 0; i-- {
		if !bytes.Equal(draw(down, i), first[i]) {
			t.Errorf("badge %d differs", i)
		}
	}
}

func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:6])
}

// allTypes are those that a family is chosen by, sorted.
func allTypes() []string {
	var all []string
	for _, f := range families {
		all = append(all, f.types...)
	}
	slices.Sort(all)
	return all
}

func TestDrawnBadges(t *testing.T) {
	badges := newTestBadges(nil, nil)
	types := append(allTypes(), "", "ext:Unknown", "ext:MicroThing")
	for i, kind := range types {
		b := achievement(i, fmt.Sprintf("Achievement %d", i), kind)
		p, err := badges.Picture(b, false, nil)
		if err != nil {
			t.Fatal(err)
		}
		m, err := png.Decode(bytes.NewReader(p))
		if err != nil {
			t.Fatal(err)
		}
		if m.Bounds() != image.Rect(0, 0, 512, 512) {
			t.Errorf("%s: bounds %v", kind, m.Bounds())
		}
		if _, _, _, a := m.At(0, 0).RGBA(); a != 0 {
			t.Errorf("%s: the corner is not transparent", kind)
		}
		if _, _, _, a := m.At(256, 200).RGBA(); a != 0xffff {
			t.Errorf("%s: the middle is not opaque", kind)
		}
		if len(p) > 48<<10 {
			t.Errorf("%s: %d bytes of PNG", kind, len(p))
		}
		s, err := badges.Picture(b, true, nil)
		if err != nil {
			t.Fatal(err)
		}
		checkXML(t, s)
		_, paths, _ := bytes.Cut(s, []byte("</style>")) // its own, which authors may not have
		clean, err := picture.ToSVG(append([]byte(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 512 512">`), paths...), picture.SVG)
		if err != nil || bytes.Count(clean, []byte("<path")) != bytes.Count(s, []byte("<path")) {
			t.Errorf("%s: the drawn SVG does not pass the sanitizer: %v", kind, err)
		}
		if dir := os.Getenv("LAUREL_BADGES"); dir != "" {
			row, err := badges.Sized(b, site.Row, true)
			if err != nil {
				t.Fatal(err)
			}
			for ext, data := range map[string][]byte{"png": p, "svg": s, "row.svg": row} {
				if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%02d.%s", i, ext)), data, 0o666); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}

// small draws what a badge shows at a size.
func small(t testing.TB, badges *Badges, b site.Badge, side int, upTo detail) *image.NRGBA {
	t.Helper()
	shapes, err := badges.draw(b, upTo)
	if err != nil {
		t.Fatal(err)
	}
	m := newPicture(side)
	raster(m, shapes, upTo, side, image.Point{})
	return m
}

func colorAt(m *image.NRGBA, x, y int) tone.Color {
	c := m.NRGBAAt(x, y)
	return tone.Color{R: c.R, G: c.G, B: c.B}
}

// TestFiftyDiffer: fifty achievements of one type, and of one name, are told apart at
// 48 pixels: of the pixels of any two many differ well.
func TestFiftyDiffer(t *testing.T) {
	const side, n = 48, 50
	badges := newTestBadges(nil, nil)
	var all [n]*image.NRGBA
	for i := range n {
		all[i] = small(t, badges, achievement(i, "Welding", "Badge"), side, plain)
	}
	least := side * side
	for i, a := range all {
		for j, b := range all[:i] {
			differ := 0
			for k := 0; k < len(a.Pix); k += 4 {
				apart := 0
				for c := range 4 {
					apart = max(apart, int(a.Pix[k+c])-int(b.Pix[k+c]), int(b.Pix[k+c])-int(a.Pix[k+c]))
				}
				if apart > 24 {
					differ++
				}
			}
			least = min(least, differ)
			if differ < side*side/10 {
				t.Errorf("emblems %d and %d differ in %d pixels of %d", i, j, differ, side*side)
			}
		}
	}
	t.Logf("the nearest two differ in %d pixels of %d", least, side*side)
}

// TestInitialsLegible: at 48 pixels the letters stand out from the medallion, large
// enough, whatever the accent.
func TestInitialsLegible(t *testing.T) {
	const side = 48
	for i, accent := range []uint32{0x17614a, 0x000000, 0xffff00, 0xff0000, 0x0000ff, 0x808080, 0xffb300} {
		badges := NewBadges(nil, nil, tone.Of(tone.Hex(accent), tone.Paper))
		for k, name := range []string{"Welding Foundations", "Data Analysis", "Beekeeping", "Ελληνικά", "Сварка", "دورة اللحام", "学習"} {
			b := achievement(10*i+k, name, "")
			m := small(t, badges, b, side, plain)
			ground := newScheme(tone.Hex(accent), lookOf(b.ID).turn).disc
			stands, top, bottom := 0, side, 0
			for y := side / 3; y < side*2/3; y++ {
				for x := side / 3; x < side*2/3; x++ {
					if tone.Contrast(colorAt(m, x, y), ground) >= 4.5 {
						stands++
						top, bottom = min(top, y), max(bottom, y)
					}
				}
			}
			if stands < 14 || bottom-top < 5 {
				t.Errorf("%#06x: of %q %d pixels stand out, in lines %d to %d", accent, name, stands, top, bottom)
			}
		}
	}
}

// TestLetteringFrom256: the ribbon's writing is in no picture for less, and hidden where
// a whole one is shown smaller.
func TestLetteringFrom256(t *testing.T) {
	badges := newTestBadges(nil, nil)
	b := achievement(1, "Welding Foundations", "Badge")
	shapes, err := badges.draw(b, lettered)
	if err != nil {
		t.Fatal(err)
	}
	count := map[detail]int{}
	for _, s := range shapes {
		count[s.from]++
	}
	whole, err := badges.Picture(b, true, nil)
	if err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(whole, []byte(`class="r"`)); n == 0 || n != count[lettered] || !bytes.Contains(whole, []byte("@media(max-width:255.9px){.r{display:none}}")) {
		t.Errorf("%d of %d shapes of the ribbon hide below 256 pixels", n, count[lettered])
	}
	for size, most := range map[site.Size]int{site.Row: 5 << 10, site.Card: 11 << 10} {
		for i := range 100 {
			s, err := badges.Sized(achievement(i, fmt.Sprintf("Welding Foundations %d", i), allTypes()[i%len(allTypes())]), size, true)
			if err != nil || len(s) > most || bytes.Contains(s, []byte(`class="r"`)) || (size == site.Row) == bytes.Contains(s, []byte("<style>")) {
				t.Errorf("%s %d: %d bytes, %v", size, i, len(s), err)
			}
		}
	}
}

// TestHueFollows: emblems have the accent's hue, or one of eleven others at even
// distances from it, whatever the accent.
func TestHueFollows(t *testing.T) {
	for _, accent := range []tone.Color{tone.Accent, tone.Hex(0x1f4e8c), tone.Hex(0x8a2031), tone.Hex(0xffb300)} {
		badges := NewBadges(nil, nil, tone.Of(accent, tone.Paper))
		seen := map[int]bool{}
		for i := range 60 {
			b := achievement(i, "Welding", "Badge")
			rim := colorAt(small(t, badges, b, 128, plain), 64, 4).LCH()
			away := math.Mod(rim.H-accent.LCH().H+720+15, 360)
			turn := int(away) / 30
			if off := math.Abs(away - float64(turn)*30 - 15); off > 3 || turn != lookOf(b.ID).turn {
				t.Errorf("%s: emblem %d has hue %.1f, %d twelfths away", accent, i, rim.H, turn)
			}
			seen[turn] = true
		}
		if len(seen) < 11 {
			t.Errorf("%s: %d hues", accent, len(seen))
		}
		if own := colorAt(small(t, badges, site.Badge{ID: "x", Name: "Academy", OfIssuer: true}, 128, plain), 64, 4).LCH().H; math.Abs(own-accent.LCH().H) > 3 {
			t.Errorf("%s: the issuer's own has hue %.1f", accent, own)
		}
	}
}

// An emblem depends on what it should, and on nothing else.
func TestDrawnBadgeDepends(t *testing.T) {
	svg := func(badges *Badges, b site.Badge) string {
		t.Helper()
		s, err := badges.Picture(b, true, nil)
		if err != nil {
			t.Fatal(err)
		}
		return string(s)
	}
	badges := newTestBadges(nil, nil)
	one := site.Badge{ID: "1", Name: "A", Type: "Course"}
	base := svg(badges, one)
	for what, b := range map[string]site.Badge{
		"id":   {ID: "2", Name: "A", Type: "Course"},
		"name": {ID: "1", Name: "B", Type: "Course"},
		"type": {ID: "1", Name: "A", Type: "Badge"},
	} {
		if svg(badges, b) == base {
			t.Errorf("another %s gives the same picture", what)
		}
	}
	if svg(NewBadges(nil, nil, tone.Of(tone.Hex(0x1f4e8c), tone.Paper)), one) == base {
		t.Error("another accent gives the same picture")
	}
	if svg(NewBadges(nil, nil, tone.Of(tone.Accent, tone.Hex(0xffffff))), one) != base {
		t.Error("another paper gives another picture")
	}
}

// TestInitials: which letters an emblem has, and how many dots.
func TestInitials(t *testing.T) {
	for name, want := range map[string]string{
		"Archive Care, Level 1": "AC1", "Baking with Sourdough": "BS", "Beekeeping": "Be", "Blacksmithing III": "Bl3",
		"Soldadura básica": "SB", "éducation": "Éd", "Éducation": "Éd", "A": "A", "IT": "IT", "5 Steps to C++": "SC", "Level 5": "Le5",
		"Course 101": "Co", "Excel 7": "Ex", "3": "", "": "", "!": "", "Welding & Joining": "WJ", "l’atelier du bois": "LD",
		"Основы сварки 2": "О2", "Ελληνική Μεταλλοτεχνία": "Ε", "دورة اللحام ٣": "د3", "学習 Soldering": "学", "कंप्यूटर": "कं", "შედუღება": "შ",
	} {
		letters, level := initialsOf(name)
		if level > 0 {
			letters += fmt.Sprint(level)
		}
		if letters != want {
			t.Errorf("%q has %q, want %q", name, letters, want)
		}
	}
}

func TestSchemeContrast(t *testing.T) {
	for accent := uint32(0); accent <= 0xffffff; accent += 0x0d3f31 {
		for turn := range hues {
			s := newScheme(tone.Hex(accent), turn)
			for what, c := range map[string][2]float64{
				"letters": {tone.Contrast(s.deep, s.disc), 7}, "ring": {tone.Contrast(s.deep, s.pale), 4.5},
				"rim on white": {tone.Contrast(s.deep, tone.Hex(0xffffff)), 7}, "rim on black": {tone.Contrast(s.gold, tone.Hex(0)), 4.5},
			} {
				if c[0] < c[1] {
					t.Errorf("%06x, turned by %d: %s: contrast %.1f", accent, turn, what, c[0])
				}
			}
		}
	}
}

func checkXML(t *testing.T, data []byte) {
	t.Helper()
	for d := xml.NewDecoder(bytes.NewReader(data)); ; {
		if _, err := d.Token(); err == io.EOF {
			return
		} else if err != nil {
			t.Fatalf("not well-formed: %v\n%s", err, data)
		}
	}
}

// countingFS counts how often files are opened.
type countingFS struct {
	fstest.MapFS
	opened atomic.Int32
}

func (c *countingFS) Open(name string) (fs.File, error) {
	c.opened.Add(1)
	return c.MapFS.Open(name)
}

func TestBadgesRefuse(t *testing.T) {
	images := fstest.MapFS{
		"large.png": {Data: make([]byte, picture.MaxBytes+1)},
		"bad.svg":   {Data: []byte("<svg")},
	}
	for _, b := range []site.Badge{
		{ImageFile: "large.png", MediaType: picture.PNG},
		{ImageFile: "missing.png", MediaType: picture.PNG},
		{ImageFile: "../secret.png", MediaType: picture.PNG},
		{ImageFile: "bad.svg", MediaType: picture.SVG},
	} {
		if _, err := newTestBadges(images, nil).Picture(b, true, nil); err == nil || !strings.Contains(err.Error(), b.ImageFile) {
			t.Errorf("%s: %v", b.ImageFile, err)
		}
	}
	if _, err := newTestBadges(nil, nil).Picture(site.Badge{ImageFile: "a.png", MediaType: picture.PNG}, false, nil); err == nil {
		t.Error("an image without a folder was accepted")
	}
}

func TestBadgesWithImages(t *testing.T) {
	images := fstest.MapFS{
		"a.png": {Data: testImage(t, 800, 600)},
		"a.svg": {Data: []byte(`<svg xmlns="http://www.w3.org/2000/svg" class="x" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>`)},
	}
	badges := newTestBadges(images, nil)
	raster := site.Badge{Name: "A", ImageFile: "a.png", MediaType: picture.PNG}
	s, err := badges.Picture(raster, true, nil)
	if err != nil {
		t.Fatal(err)
	}
	checkXML(t, s)
	_, body, _ := bytes.Cut(s, []byte("base64,"))
	body, _, _ = bytes.Cut(body, []byte(`"`))
	inner, err := base64.StdEncoding.DecodeString(string(body))
	if err != nil {
		t.Fatal(err)
	}
	if c, err := png.DecodeConfig(bytes.NewReader(inner)); err != nil || c.Width != 512 || c.Height != 384 {
		t.Errorf("embedded %d × %d, %v", c.Width, c.Height, err)
	}
	vector := site.Badge{Name: "A", ImageFile: "a.svg", MediaType: picture.SVG}
	got, err := badges.Picture(vector, true, nil)
	if want := `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>` + "\n"; err != nil || string(got) != want {
		t.Errorf("got %s, %v", got, err)
	}
	if _, err := badges.Picture(vector, false, nil); err == nil || !strings.Contains(err.Error(), "a.svg") {
		t.Errorf("a PNG of an SVG with none beside it: %v", err)
	}
	for size, want := range map[site.Size]string{site.Card: "320 × 240", site.Row: "112 × 84"} {
		for _, b := range []site.Badge{raster, {Name: "A", ImageFile: "a.svg", PNGFile: "a.png", MediaType: picture.SVG}} {
			data, err := badges.Sized(b, size, false)
			if err != nil {
				t.Fatal(err)
			}
			if c, err := png.DecodeConfig(bytes.NewReader(data)); err != nil || fmt.Sprintf("%d × %d", c.Width, c.Height) != want {
				t.Errorf("%s is %d × %d, want %s: %v", size, c.Width, c.Height, want, err)
			}
		}
	}
	vector.PNGFile = "a.png"
	beside, err := badges.Picture(vector, false, nil)
	if err != nil {
		t.Fatal(err)
	}
	if want, _ := badges.Picture(raster, false, nil); !bytes.Equal(beside, want) {
		t.Error("the PNG beside an SVG is not taken")
	}
}

func TestBadgesConcurrently(t *testing.T) {
	files := &countingFS{MapFS: fstest.MapFS{"a.png": {Data: testImage(t, 40, 30)}}}
	badges := newTestBadges(files, nil)
	var wg sync.WaitGroup
	results := make([][]byte, 32)
	for i := range results {
		wg.Go(func() {
			b := site.Badge{Name: "A", ImageFile: "a.png", MediaType: picture.PNG}
			if i%2 == 1 {
				b = site.Badge{Name: fmt.Sprint(i % 4)}
			}
			var err error
			if results[i], err = badges.Picture(b, false, nil); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	for i := 4; i < len(results); i++ {
		if !bytes.Equal(results[i], results[i%4]) {
			t.Errorf("picture %d differs", i)
		}
	}
	if n := files.opened.Load(); n != 1 {
		t.Errorf("the image was read %d times", n)
	}
}

func TestCacheIsBounded(t *testing.T) {
	var c cache
	misses := 0
	get := func(i int) {
		_, err := c.get(cacheKey{badge: site.Badge{Name: fmt.Sprint(i)}}, func() (made, error) {
			misses++
			return made{data: make([]byte, 1<<20)}, nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for i := range 100 {
		get(i)
		get(0) // stays in use, so it stays
	}
	if misses != 100 {
		t.Errorf("made %d pictures, want 100", misses)
	}
	if c.bytes > maxCacheBytes || c.bytes != len(c.entries)<<20 {
		t.Errorf("%d bytes in %d entries", c.bytes, len(c.entries))
	}
	get(1)
	if misses != 101 {
		t.Error("the oldest picture was kept")
	}
}

func TestBaked(t *testing.T) {
	images := fstest.MapFS{"a.png": {Data: testImage(t, 40, 30)}}
	badges := newTestBadges(images, nil)
	for _, b := range []site.Badge{{Name: "A"}, {Name: "A", ImageFile: "a.png", MediaType: picture.PNG}} {
		for i := range 2 {
			credential := fmt.Appendf(nil, `{"n":%d}`, i)
			p, err := badges.Picture(b, false, credential)
			if err != nil {
				t.Fatal(err)
			}
			s, err := badges.Picture(b, true, credential)
			if err != nil {
				t.Fatal(err)
			}
			for _, image := range [][]byte{p, s} {
				if got, err := bake.Unbake(image); err != nil || !bytes.Equal(got, credential) {
					t.Errorf("unbaked %s, %v", got, err)
				}
			}
			plain, err := badges.Picture(b, false, nil)
			if _, bakeErr := bake.UnbakePNG(plain); err != nil || !errors.Is(bakeErr, bake.ErrNotBaked) {
				t.Errorf("the plain picture changed: %v, %v", err, bakeErr)
			}
		}
	}
	if _, err := badges.Picture(site.Badge{}, false, []byte("no credential")); err == nil {
		t.Error("what is no credential was baked")
	}
}

func BenchmarkBaked(b *testing.B) {
	badges := newTestBadges(nil, nil)
	credential := fmt.Appendf(nil, `{"a":"%04000d"}`, 1)
	for name, svg := range map[string]bool{"png": false, "svg": true} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := badges.Picture(site.Badge{Name: "A"}, svg, credential); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkDrawn draws another emblem each time.
func BenchmarkDrawn(b *testing.B) {
	badges := newTestBadges(nil, nil)
	for name, draw := range map[string]func(site.Badge) ([]byte, error){
		"png": badges.makePNG, "svg": badges.makeSVG,
		"row": func(d site.Badge) ([]byte, error) { return badges.Sized(d, site.Row, true) },
	} {
		b.Run(name, func(b *testing.B) {
			n, size := 0, 0
			for ; b.Loop(); n++ {
				data, err := draw(achievement(n, fmt.Sprintf("Welding Foundations %d", n), "Certificate"))
				if err != nil {
					b.Fatal(err)
				}
				size += len(data)
			}
			b.ReportMetric(float64(size)/float64(n), "bytes")
		})
	}
}

// testImage returns a PNG of many colours.
func testImage(t testing.TB, w, h int) []byte {
	t.Helper()
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.SetNRGBA(x, y, color.NRGBA{uint8(x), uint8(y), uint8(x * y), 255})
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
