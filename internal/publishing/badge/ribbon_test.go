package badge

import (
	"bytes"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/image/font/gofont/gomono"

	"laurel/internal/material/lettering"
	"laurel/internal/material/text"
	"laurel/internal/publishing/site"
)

// ribbonNames are names in several scripts, short and long, with what is above
// and below letters.
var ribbonNames = []string{
	"MIG", "Welding Foundations", "Community Interpreter, Level 3: health, housing and public services",
	"Donaudampfschifffahrtsgesellschaftskapitänsanwärterin", strings.Repeat("Ågqyß ", 300), strings.Repeat("W", 400),
	"Chứng chỉ Kỹ thuật Hàn ẾỀỂ", "ÉÈÊ ÄÖÜ gjpqy", "Основы сварки и безопасность", "Βασικές γνώσεις", "Հիմունքներ", "შედუღება",
	"دورة اللحام الأساسية", "دورة MIG 1 (2026)", "קורס ריתוך מתקדם", "מִשְׁפָּחָה", "ປະກາດ", "C++ & 1/2 – “A”",
}

func builtInFonts(t testing.TB) *lettering.Fonts {
	t.Helper()
	fonts, err := lettering.Open(lettering.Sources{Serif: true})
	if err != nil {
		t.Fatal(err)
	}
	return fonts
}

func written(t testing.TB, fonts *lettering.Fonts, name string) writing {
	t.Helper()
	w, ok, err := writeName(fonts, text.Print(name))
	if err != nil || !ok {
		t.Fatalf("%q: %v, %v", name, ok, err)
	}
	return w
}

// TestRibbonInk: what is written stands between the two lines of the ribbon,
// and in the middle of it.
func TestRibbonInk(t *testing.T) {
	fonts := builtInFonts(t)
	for _, name := range ribbonNames {
		w := written(t, fonts, name)
		if n := len(w.lines); n < 1 || n > ribbonLines {
			t.Errorf("%q: %d lines", name, n)
		}
		left, right := math.Inf(1), math.Inf(-1)
		p := pen{m: unmoved}
		w.letters(&p)
		for _, o := range readPath(t, p.path) {
			for _, p := range o.p {
				_, top := hang(p.x-256, -w.half+6.5)
				_, bottom := hang(p.x-256, w.half-6.5)
				if p.y < top || p.y > bottom {
					t.Fatalf("%q: ink at %v, the ribbon is from %.1f to %.1f", name, p, top, bottom)
				}
				left, right = min(left, p.x), max(right, p.x)
			}
		}
		if left < 256-ribbonRoom/2-3 || right > 256+ribbonRoom/2+3 || math.Abs(left+right-512) > 14 {
			t.Errorf("%q: ink from %.1f to %.1f", name, left, right)
		}
	}
}

func TestRibbonLines(t *testing.T) {
	fonts := builtInFonts(t)
	for _, c := range []struct {
		name string
		want []string
	}{
		{"MIG", []string{"MIG"}},
		{"Welding Foundations", []string{"Welding", "Foundations"}},
		{"Bachelor of Applied Bicycle Engineering", []string{"Bachelor of Applied", "Bicycle Engineering"}},
		{"Community Interpreter, Level 3: health, housing and public services", []string{"Community Interpreter, Level 3:", "health, housing and public…"}},
		{"Donaudampfschifffahrtsgesellschaftskapitänsanwärterin", []string{"Donaudampfschifffahrtsgesellsc", "haftskapitänsanwärterin"}},
		{strings.Repeat("Wm", 40), []string{"WmWmWmWmWmWmWmWm", "WmWmWmWmWmWmWmW…"}},
	} {
		var got []string
		for _, l := range written(t, fonts, c.name).lines {
			got = append(got, l.String())
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%q is written as %q", c.name, got)
		}
	}
	for _, long := range ribbonNames {
		w := written(t, fonts, long)
		all := make([]string, len(w.lines))
		for i, l := range w.lines {
			all[i] = l.String()
		}
		said := strings.Join(all, " ")
		kept, cut := strings.CutSuffix(said, "…")
		whole := strings.ReplaceAll(text.Print(long), " ", "")
		if !strings.HasPrefix(whole, strings.ReplaceAll(kept, " ", "")) || !cut && len(strings.ReplaceAll(said, " ", "")) != len(whole) {
			t.Errorf("%q is written as %q", long, all)
		}
	}
}

// TestRibbonJoined: letters that join touch each other, also where the ribbon
// bends, and the first of a word from right to left is the rightmost.
func TestRibbonJoined(t *testing.T) {
	fonts := builtInFonts(t)
	w := written(t, fonts, "محمد")
	type span struct{ left, right float64 }
	var spans []span
	for s := range w.lines[0].Shapes() {
		p := pen{m: unmoved}
		p.outline(s, func(x, y float64) (float64, float64) { return hang(x*w.size, -y*w.size) })
		at := span{math.Inf(1), math.Inf(-1)}
		for _, o := range readPath(t, p.path) {
			for _, q := range o.p {
				at.left, at.right = min(at.left, q.x), max(at.right, q.x)
			}
		}
		spans = append(spans, at)
	}
	if len(spans) != 4 {
		t.Fatalf("%d shapes", len(spans))
	}
	for i := range spans[1:] {
		if spans[i].right < spans[i+1].left-0.2 {
			t.Errorf("shapes %d and %d are apart: %v, %v", i, i+1, spans[i], spans[i+1])
		}
	}
	alone := written(t, fonts, "م")
	for s := range alone.lines[0].Shapes() {
		for j := range w.lines[0].Shapes() {
			if s.Outline == j.Outline {
				t.Error("a letter stands in the word as it does alone")
			}
		}
	}
}

// TestRibbonOrNone: no ribbon where there is nothing to write with, or nothing
// to write.
func TestRibbonOrNone(t *testing.T) {
	serif, sans := newTestBadges(nil, nil), newTestBadges(nil, nil)
	sans.fonts = func() (*lettering.Fonts, error) { return lettering.Open(lettering.Sources{}) }
	for _, c := range []struct {
		badge  site.Badge
		ribbon bool
	}{
		{site.Badge{Name: "Soldering"}, true},
		{site.Badge{Name: "محمد"}, true},
		{site.Badge{Name: "学習 Soldering"}, false},
		{site.Badge{Name: "Soldering", OfIssuer: true}, false},
		{site.Badge{}, false},
		{site.Badge{Name: " \u200b"}, false},
		{site.Badge{Name: "A" + strings.Repeat("\u0301", 40)}, false}, // too high, where a font piles them
	} {
		badges := serif
		if strings.HasPrefix(c.badge.Name, "A\u0301") {
			badges = sans
		}
		svg, err := badges.Picture(c.badge, true, nil)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(svg, []byte(`class="r"`)) != c.ribbon {
			t.Errorf("%+v: ribbon %v", c.badge, !c.ribbon)
		}
		if bytes.Contains(svg, []byte("<text")) {
			t.Errorf("%+v: text in the SVG", c.badge)
		}
	}
}

// TestRibbonFonts: the theme's fonts are taken before the built-in ones, and
// none is opened before there is something to write.
func TestRibbonFonts(t *testing.T) {
	theme := &countingFS{MapFS: fstest.MapFS{"fonts/regular.ttf": {Data: gomono.TTF}}}
	badges := newTestBadges(nil, theme)
	issuer, named := site.Badge{OfIssuer: true}, site.Badge{Name: "Soldering"}
	if _, err := badges.Picture(issuer, false, nil); err != nil {
		t.Fatal(err)
	}
	if n := theme.opened.Load(); n != 0 {
		t.Errorf("%d files of the theme are opened for nothing", n)
	}
	mono, err := badges.Picture(named, true, nil)
	if err != nil {
		t.Fatal(err)
	}
	if built, err := newTestBadges(nil, nil).Picture(named, true, nil); err != nil || bytes.Equal(mono, built) {
		t.Errorf("the theme's font is not taken: %v", err)
	}
	broken := fstest.MapFS{"fonts/regular.ttf": {Data: []byte("GIF89a")}}
	if _, err := newTestBadges(nil, broken).Picture(named, false, nil); err == nil || !strings.Contains(err.Error(), "fonts/regular.ttf") {
		t.Errorf("a broken font: %v", err)
	}
}

// TestPathsRead reads a path as SVG 1.1, 8.3 has it, and compares the points.
func TestPathsRead(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	p := pen{m: center}
	var want []read
	for range 2000 {
		s := read{command: "Mlqczs"[random.IntN(6)]}
		if len(want) == 0 {
			s.command = 'M'
		}
		xy := make([]float64, 2*points[s.command])
		for i := range xy {
			xy[i] = float64(random.IntN(6000)-3000) / []float64{10, 100, 1000}[random.IntN(3)]
		}
		for i := 0; i < len(xy); i += 2 {
			s.p = append(s.p, point{xy[i] + 256, xy[i+1] + 256})
		}
		want = append(want, s)
		switch s.command {
		case 'M':
			p.move(xy[0], xy[1])
		case 'l':
			p.line(xy[0], xy[1])
		case 'q':
			p.quad(xy[0], xy[1], xy[2], xy[3])
		case 'c':
			p.curve(xy[0], xy[1], xy[2], xy[3], xy[4], xy[5])
		case 's':
			p.smooth(xy[0], xy[1], xy[2], xy[3])
		case 'z':
			p.close()
		}
	}
	got := readPath(t, p.path)
	if len(got) != len(want) {
		t.Fatalf("%d steps, want %d", len(got), len(want))
	}
	for i, w := range want {
		if got[i].command != w.command {
			t.Fatalf("step %d is %c, want %c", i, got[i].command, w.command)
		}
		for j, q := range w.p {
			if r := got[i].p[j]; max(math.Abs(r.x-q.x), math.Abs(r.y-q.y)) > 0.05+1e-5 {
				t.Fatalf("step %d: %v, want %v", i, got[i], w)
			}
		}
	}
}

// read is a step of a path, its points as they are.
type read struct {
	command byte
	p       []point
}

// points is how many each command has.
var points = map[byte]int{'M': 1, 'l': 1, 'q': 2, 'c': 3, 's': 2, 'z': 0}

// readPath reads the steps of a path that a pen wrote.
func readPath(t *testing.T, path []byte) []read {
	t.Helper()
	d := string(path)
	number := func() float64 {
		d = strings.TrimPrefix(d, " ")
		end, dots := 0, 0
		for end < len(d) && (d[end] >= '0' && d[end] <= '9' || d[end] == '-' && end == 0 || d[end] == '.' && dots == 0) {
			if d[end] == '.' {
				dots++
			}
			end++
		}
		v, err := strconv.ParseFloat(d[:end], 64)
		if err != nil {
			t.Fatal(err)
		}
		d = d[end:]
		return v
	}
	var all []read
	var at, start point
	for d != "" {
		o := read{command: d[0]}
		from := at
		if d[0] == 'M' {
			from = point{}
		}
		d = d[1:]
		for range points[o.command] {
			at = point{from.x + number(), from.y + number()}
			o.p = append(o.p, at)
		}
		switch o.command {
		case 'M':
			start = at
		case 'z':
			at = start
		}
		all = append(all, o)
	}
	return all
}
