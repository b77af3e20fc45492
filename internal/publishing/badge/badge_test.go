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
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"

	"laurel/internal/material/picture"
	"laurel/internal/publishing/site"
	"laurel/internal/standards/bake"
)

// TestDrawnBadgesLook pins lines and pixels: a badge that was published must not
// look another way with a newer laurel, nor on another processor: GOAMD64=v3, which
// fuses products and sums, and GOARCH=386, where vector has no assembly, give the
// same. LAUREL_BADGES=DIR writes the pictures there.
func TestDrawnBadgesLook(t *testing.T) {
	badges := NewBadges(nil, nil)
	for _, tt := range []struct{ name, kind, pixels, svg string }{
		{"Soldering 学習", "Badge", "cf67093e6710", "2f755c7ee99f"}, // which no font has
		{"Soldering 学習", "Course", "7817a2452347", "b9d6d2bdf546"},
		{"Soldering 学習", "ext:Skill", "5306308c32bb", "826d347a57ae"},
		{"Soldering", "Badge", "ad9f8b3502c7", "26fcfc0c20d1"},
		{"Ελληνική Μεταλλοτεχνία", "Course", "006d50785a23", "6c6f262d851d"},
		{"دورة اللحام الأساسية", "ext:Skill", "e06578a33511", "eb640254f04a"},
	} {
		b := site.Badge{Name: tt.name, Type: tt.kind, Issuer: "Example Academy"}
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
		p, err := badges.Picture(site.Badge{Name: fmt.Sprint(i)}, false, nil)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	up, down := NewBadges(nil, nil), NewBadges(nil, nil)
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
	badges := NewBadges(nil, nil)
	types := append(allTypes(), "", "ext:Unknown", "ext:MicroThing")
	for i, kind := range types {
		b := site.Badge{Name: fmt.Sprintf("Achievement %d", i), Type: kind, Issuer: "Example Academy"}
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
		clean, err := picture.ToSVG(s, picture.SVG)
		if err != nil || bytes.Count(clean, []byte("<path")) != bytes.Count(s, []byte("<path")) {
			t.Errorf("%s: the drawn SVG does not pass the sanitizer: %v", kind, err)
		}
		if dir := os.Getenv("LAUREL_BADGES"); dir != "" {
			for ext, data := range map[string][]byte{"png": p, "svg": s} {
				if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%02d.%s", i, ext)), data, 0o666); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}

// Forty names of one kind and issuer are told apart, but for a rare pair.
func TestDrawnBadgesDiffer(t *testing.T) {
	seen := map[string]bool{}
	for i := range 40 {
		seen[string(writeSVG(drawBadge(site.Badge{Name: fmt.Sprintf("Course %d", i), Type: "Course"}, plainMiddle)))] = true
	}
	if len(seen) < 37 {
		t.Errorf("40 names give %d pictures", len(seen))
	}
}

// Each of the three choices depends on what it should, and on nothing else.
func TestDrawnBadgeDepends(t *testing.T) {
	one := site.Badge{Name: "A", Type: "Course", Issuer: "I"}
	base := string(writeSVG(drawBadge(one, plainMiddle)))
	for what, b := range map[string]site.Badge{
		"name":   {Name: "B", Type: "Course", Issuer: "I"},
		"type":   {Name: "A", Type: "Badge", Issuer: "I"},
		"issuer": {Name: "A", Type: "Course", Issuer: "J"},
	} {
		if string(writeSVG(drawBadge(b, plainMiddle))) == base {
			t.Errorf("another %s gives the same picture", what)
		}
	}
}

func TestPairsContrast(t *testing.T) {
	for i, p := range pairs {
		if c := contrast(hexColor(p.field), hexColor(p.accent)); c < 4.5 {
			t.Errorf("pair %d: contrast %.1f", i, c)
		}
		s := newScheme(uint64(i))
		for what, c := range map[string]float64{
			"rim on white": contrast(s.rim, rgb{255, 255, 255}), "rim on black": contrast(s.rim, rgb{}),
			"glyph": contrast(s.glyph, s.field) / 3, "leaf": contrast(s.leafShade, s.field) / 1.5,
		} {
			if c < 1.5 {
				t.Errorf("pair %d: %s: contrast %.1f", i, what, c)
			}
		}
	}
}

// contrast is the ratio of WCAG 2.2, with a plain square for the sRGB curve.
func contrast(a, b rgb) float64 {
	lum := func(c rgb) float64 {
		f := func(v uint8) float64 { x := float64(v) / 255; return x * x }
		return 0.2126*f(c.r) + 0.7152*f(c.g) + 0.0722*f(c.b)
	}
	x, y := lum(a)+0.05, lum(b)+0.05
	return max(x, y) / min(x, y)
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
		if _, err := NewBadges(images, nil).Picture(b, true, nil); err == nil || !strings.Contains(err.Error(), b.ImageFile) {
			t.Errorf("%s: %v", b.ImageFile, err)
		}
	}
	if _, err := NewBadges(nil, nil).Picture(site.Badge{ImageFile: "a.png", MediaType: picture.PNG}, false, nil); err == nil {
		t.Error("an image without a folder was accepted")
	}
}

func TestBadgesWithImages(t *testing.T) {
	images := fstest.MapFS{
		"a.png": {Data: testImage(t, 800, 600)},
		"a.svg": {Data: []byte(`<svg xmlns="http://www.w3.org/2000/svg" class="x" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>`)},
	}
	badges := NewBadges(images, nil)
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
	badges := NewBadges(files, nil)
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
	badges := NewBadges(images, nil)
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
	badges := NewBadges(nil, nil)
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

func BenchmarkDrawnPNG(b *testing.B) {
	for b.Loop() {
		if _, err := NewBadges(nil, nil).Picture(site.Badge{Name: "A", Type: "Certificate"}, false, nil); err != nil {
			b.Fatal(err)
		}
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
