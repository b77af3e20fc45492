package badge

import (
	"slices"
	"strings"

	"laurel/internal/material/lettering"
	"laurel/internal/material/tone"
)

// The ribbon lies over the lower leaves of the wreath, below the emblem. It
// hangs a little: all that is on it, its writing too, is moved up the more the
// further it is from the middle, so that letters that join still do.
const (
	ribbonBase  = 411.0 // y of its middle line, in the middle
	ribbonHalf  = 200.0 // half of its width
	ribbonRoom  = 364.0 // for writing, from left to right
	ribbonLeast = 33.0  // half of its height
	ribbonMost  = 50.0
	ribbonBend  = 30.0 // how much higher its ends are
	ribbonTail  = 46.0 // how far its tails reach from beneath
	ribbonDrop  = 20.0 // how far they hang
	squeezed    = 0.9  // of the width of type, for long names: what condensed faces have
	ribbonLines = 2
)

// typeSizes are those a name is tried in, the better first: in one line as long
// as that is large, then in two, squeezed at last.
var typeSizes = []struct {
	size    float64
	lines   int
	squeeze float64
}{
	{46, 1, 1}, {42, 1, 1}, {38, 1, 1}, {35, 1, 1}, {32, 1, 1}, {34, 2, 1}, {32, 2, 1}, {30, 2, 1},
	{32, 2, squeezed}, {30, 2, squeezed}, {28, 2, squeezed}, {26, 2, squeezed}, {24, 2, squeezed}, {22, 2, squeezed},
}

// writing is the name on a ribbon: one or two lines, in a size and narrower by
// a factor, and the base line of each, from the middle of the ribbon down.
type writing struct {
	lines   []lettering.Line
	bases   []float64
	size    float64
	squeeze float64
	half    float64 // of the height of the ribbon
}

// writeName sets a name in as large a type as fits. What is too long in the
// smallest is cut after a word, with an ellipsis. The error is a
// *lettering.MissingRune where no font has a character; ok tells whether there
// is a way to write it.
func writeName(fonts *lettering.Fonts, text string) (w writing, ok bool, err error) {
	words := lettering.Words{Text: text, Bold: true}
	set, err := fonts.Set(words)
	if err != nil {
		return writing{}, false, err
	}
	for _, t := range typeSizes {
		room := ribbonRoom / (t.size * t.squeeze)
		lines, broken := set.Wrap(room)
		if len(lines) == 0 || len(lines) > t.lines || broken {
			continue
		}
		if w, ok := stacked(balanced(set, lines, room), t.size, t.squeeze); ok {
			return w, true, nil
		}
	}
	least := typeSizes[len(typeSizes)-1]
	lines, err := shortened(fonts, words, ribbonRoom/(least.size*least.squeeze), ribbonLines)
	if err != nil || len(lines) == 0 {
		return writing{}, false, err
	}
	w, ok = stacked(lines, least.size, least.squeeze)
	return w, ok, nil
}

// stacked puts lines below each other, so that their ink is in the middle of
// the ribbon; ok tells whether the ribbon may be so high.
func stacked(lines []lettering.Line, size, squeeze float64) (w writing, ok bool) {
	const (
		capital, descent = 0.73, 0.1 // at least, so that alike names stand alike
		leading, air     = 1.06, 0.06
		margin           = 11
	)
	w = writing{lines: lines, size: size, squeeze: squeeze}
	top, base, below := 0.0, 0.0, 0.0
	for i, l := range lines {
		above, under := capital, descent
		for s := range l.Shapes() {
			above, under = max(above, s.Above+s.Y), max(under, s.Below-s.Y)
		}
		if i == 0 {
			top = above
		} else {
			base += max(leading, below+above+air)
		}
		below = under
		w.bases = append(w.bases, base)
	}
	height := (top + base + below) * size
	for i, b := range w.bases {
		w.bases[i] = (top+b)*size - height/2
	}
	w.half = max(ribbonLeast, height/2+margin)
	return w, w.half <= ribbonMost
}

// balanced makes two lines about as long as each other.
func balanced(set *lettering.Text, lines []lettering.Line, room float64) []lettering.Line {
	if len(lines) < 2 {
		return lines
	}
	for width := set.Whole().Width() / 2; width < room; width += 0.1 {
		if even, broken := set.Wrap(width); len(even) == len(lines) && !broken {
			return even
		}
	}
	return lines
}

// shortened is a text in so many lines, words broken that are longer than those,
// or as much of it as they take: with an ellipsis after a word, or in the middle
// of one that fills them.
func shortened(fonts *lettering.Fonts, of lettering.Words, room float64, most int) ([]lettering.Line, error) {
	set, err := fonts.Set(of)
	if err != nil {
		return nil, err
	}
	all, _ := set.Wrap(room)
	if len(all) <= most {
		return all, nil
	}
	for _, may := range []func(int) bool{set.Breaks, set.Splits} {
		for end := all[most].From; end > 0; end-- {
			if !may(end) {
				continue
			}
			if lines, ok, err := ended(fonts, of, set, end, room, most); err != nil || ok {
				return lines, err
			}
		}
	}
	return nil, nil
}

// ended sets a text up to an end, and an ellipsis; ok tells whether it fits.
func ended(fonts *lettering.Fonts, words lettering.Words, of *lettering.Text, end int, room float64, most int) (lines []lettering.Line, ok bool, err error) {
	kept := strings.TrimRight(string(of.Runes[:end]), " ,;:–—-(/")
	if kept == "" {
		return nil, false, nil
	}
	words.Text, words.RightToLeft = kept+"…", of.Base == 1
	set, err := fonts.Set(words)
	if err != nil {
		return nil, false, err
	}
	lines, _ = set.Wrap(room)
	return lines, len(lines) <= most && !slices.ContainsFunc(lines, func(l lettering.Line) bool { return l.Width() > room }), nil
}

// hang is a place on the ribbon that is (x, y) from the middle of it.
func hang(x, y float64) (float64, float64) {
	return 256 + x, ribbonBase + y - ribbonBend*(x/ribbonHalf)*(x/ribbonHalf)
}

// hangLine draws a line on the ribbon, which is a parabola there.
func (p *pen) hangLine(x0, y0, x1, y1 float64) {
	third := func(t float64) (float64, float64) {
		// The handles of a parabola lie on the tangents at its ends, a third of
		// the way.
		x, y := x0+(x1-x0)*t, y0+(y1-y0)*t
		from, slope := x0, x1-x0
		if t > 0.5 {
			from, slope = x1, x0-x1
		}
		return 256 + x, ribbonBase + y - ribbonBend*(from*from+2*from*slope/3)/(ribbonHalf*ribbonHalf)
	}
	ax, ay := third(1.0 / 3)
	bx, by := third(2.0 / 3)
	x, y := hang(x1, y1)
	p.curve(ax, ay, bx, by, x, y)
}

// bandShape draws the ribbon between two heights and two sides.
func (p *pen) bandShape(left, top, right, bottom float64) {
	p.move(hang(left, top))
	p.hangLine(left, top, right, top)
	p.line(hang(right, bottom))
	p.hangLine(right, bottom, left, bottom)
	p.close()
}

// drawRibbon draws a ribbon with a name on it.
func drawRibbon(w writing, c scheme) []shape {
	half := w.half
	tails := func(grow float64) func(p *pen) {
		return func(p *pen) {
			for _, side := range []float64{-1, 1} {
				inner, outer := side*(ribbonHalf-26), side*(ribbonHalf+ribbonTail-26)
				top, bottom := -half+ribbonDrop-grow, half+ribbonDrop+grow
				p.move(hang(inner, top)).line(hang(outer+side*grow, top)).line(hang(outer-side*16+side*grow, ribbonDrop))
				p.line(hang(outer+side*grow, bottom)).line(hang(inner, bottom)).close()
			}
		}
	}
	folds := func(p *pen) {
		for _, side := range []float64{-1, 1} {
			p.move(hang(side*ribbonHalf, half)).line(hang(side*(ribbonHalf-26), half))
			p.line(hang(side*(ribbonHalf-26), half+ribbonDrop)).close()
		}
	}
	d := drawing{}
	add := func(color tone.Color, draw func(p *pen)) { d.add(lettered, unmoved, color, draw) }
	add(c.disc, tails(5))
	add(c.mid, tails(0))
	add(c.deep, folds)
	add(c.gold, func(p *pen) { p.bandShape(-ribbonHalf-5, -half-5, ribbonHalf+5, half+5) })
	add(c.disc, func(p *pen) { p.bandShape(-ribbonHalf, -half, ribbonHalf, half) })
	add(c.deep, w.letters)
	return d.shapes
}

// letters draws the outlines of a name, on the ribbon.
func (w writing) letters(p *pen) {
	for i, l := range w.lines {
		left := -l.Width() * w.size * w.squeeze / 2
		for s := range l.Shapes() {
			p.outline(s, func(x, y float64) (float64, float64) {
				return hang(left+x*w.size*w.squeeze, w.bases[i]-y*w.size)
			})
		}
	}
}

// outline draws a shape of a line of type; place tells where what is (x, y) from the
// beginning of its base line goes, y up, in sizes of the type.
func (p *pen) outline(s lettering.Shape, place func(x, y float64) (float64, float64)) {
	at := func(q lettering.Point) (float64, float64) {
		return place(s.X+float64(q.X)*s.Scale, s.Y+float64(q.Y)*s.Scale)
	}
	open := false
	for _, g := range s.Segments {
		a := g.ArgsSlice()
		switch g.Op {
		case lettering.MoveTo:
			if open {
				p.close()
			}
			p.move(at(a[0]))
			open = true
		case lettering.LineTo:
			p.line(at(a[0]))
		case lettering.QuadTo:
			x1, y1 := at(a[0])
			x, y := at(a[1])
			p.quad(x1, y1, x, y)
		case lettering.CubeTo:
			x1, y1 := at(a[0])
			x2, y2 := at(a[1])
			x, y := at(a[2])
			p.curve(x1, y1, x2, y2, x, y)
		}
	}
	if open {
		p.close()
	}
}
