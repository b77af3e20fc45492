package lettering

import (
	"iter"
	"slices"
	"unicode"

	"github.com/go-text/typesetting/font"
)

// ascent is how far a line reaches above its base line, in sizes of its type;
// it may reach further where its characters do.
const ascent = 0.93

// height is that of a line, in sizes of its type, at least.
const height = 1.22

// Words is a text, which is Printable, and what its shape depends on.
type Words struct {
	Text        string
	Bold        bool
	RightToLeft bool   // of the text around it
	Language    string // BCP 47; may be empty
	Drawn       bool   // shapes are wanted, whatever Sources.AsText says
}

// Text is a text that is shaped, at a size of 1. It never changes.
type Text struct {
	Runes []rune
	Base  int       // embedding level: 0 left to right, 1 right to left
	Sums  []float64 // where each character begins, if all stood in one line
	// Above and Below are the height of its lines over and under their base.
	Above, Below float64

	runs   []Run
	breaks []bool // a line may begin with this character
	splits []bool // likewise, if it must
}

// Run is a stretch of text in one font and direction.
type Run struct {
	From, To int
	Level    int  // odd from right to left
	AsText   bool // not shaped, without glyphs: see Sources.AsText
	Face     *Face
	Upem     float64 // units of the font that are a size of 1
	Glyphs   []Glyph // from left to right
}

// Glyph is a shape; At is the first character that it belongs to. Lengths are
// in sizes of the type, y up.
type Glyph struct {
	ID              font.GID
	At              int
	DX, DY, Advance float64
	Outline         *Outline
}

// reach makes room for a shape.
func (t *Text) reach(above, below float64) {
	const air = 0.03
	t.Above, t.Below = max(t.Above, above+air), max(t.Below, below+air)
}

// sum turns the widths of characters into their places.
func (t *Text) sum() {
	at := 0.0
	for i, w := range t.Sums {
		t.Sums[i] = at
		at += w
	}
}

// Leading is the height of a line.
func (t *Text) Leading() float64 { return t.Above + t.Below }

// Breaks tells whether a line may begin with character i.
func (t *Text) Breaks(i int) bool { return t.breaks[i] }

// Splits tells whether one may if it must: what is drawn as one is not split.
func (t *Text) Splits(i int) bool { return t.splits[i] }

// Line is a part of a text that stands in one line.
type Line struct {
	Of       *Text
	From, To int
}

// Whole is all of a text in one line.
func (t *Text) Whole() Line { return Line{t, 0, len(t.Runes)} }

// Width is that of a line at a size of 1, without spaces at its end.
func (l Line) Width() float64 { return l.Of.Sums[l.To] - l.Of.Sums[l.From] }

// Trim is a line without spaces around it.
func (l Line) Trim() Line {
	for l.From < l.To && unicode.IsSpace(l.Of.Runes[l.To-1]) {
		l.To--
	}
	for l.From < l.To && unicode.IsSpace(l.Of.Runes[l.From]) {
		l.From++
	}
	return l
}

// Wrap breaks a text into lines of a width, and words that are wider where they
// may be; broken tells whether there is one.
func (t *Text) Wrap(width float64) (lines []Line, broken bool) {
	current := Line{t, 0, 0}
	for from := 0; from < len(t.Runes); {
		to := from + 1
		for to < len(t.Runes) && !t.breaks[to] {
			to++
		}
		if longer := (Line{t, current.From, to}); longer.Trim().Width() <= width {
			current, from = longer, to
			continue
		}
		if current.From < current.To {
			lines = append(lines, current.Trim())
		}
		for current = (Line{t, from, to}); current.Trim().Width() > width; broken = true {
			end := current.Head(width)
			if end == current.To { // one shape that is too wide
				broken = true
				break
			}
			lines = append(lines, Line{t, current.From, end}.Trim())
			current.From = end
		}
		from = to
	}
	if current = current.Trim(); current.From < current.To {
		lines = append(lines, current)
	}
	return lines, broken
}

// Head is the end of as much of a line as fits in a width, at least one
// character.
func (l Line) Head(width float64) int {
	end := l.From
	for i := l.From + 1; i <= l.To; i++ {
		if !l.Of.splits[i] && i != l.To {
			continue
		}
		if end > l.From && l.Of.Sums[i]-l.Of.Sums[l.From] > width {
			break
		}
		end = i
	}
	return end
}

// Piece is the part of a run that stands in a line.
type Piece struct {
	Run
	From, To int
}

// Pieces are those of a line in the order in which they stand from left to
// right (Unicode Bidirectional Algorithm, UAX #9, L2).
func (l Line) Pieces() []Piece {
	var all []Piece
	highest, odd := 0, 127
	for _, r := range l.Of.runs {
		from, to := max(r.From, l.From), min(r.To, l.To)
		if from >= to {
			continue
		}
		all = append(all, Piece{r, from, to})
		highest = max(highest, r.Level)
		if r.Level%2 == 1 {
			odd = min(odd, r.Level)
		}
	}
	for level := highest; level >= odd; level-- {
		for i := 0; i < len(all); {
			end := i
			for end < len(all) && all[end].Level >= level {
				end++
			}
			slices.Reverse(all[i:end])
			i = max(end, i+1)
		}
	}
	return all
}

// String is what a line says.
func (l Line) String() string { return string(l.Of.Runes[l.From:l.To]) }

// Shapes are the outlines of a line, from left to right, and where the origin
// of each is, at a size of 1: x from the left end of the line, y up from its
// base. What is not shaped (Run.AsText) has none.
func (l Line) Shapes() iter.Seq[Shape] {
	return func(yield func(Shape) bool) {
		left := 0.0
		for _, p := range l.Pieces() {
			x := left
			for _, g := range p.Glyphs {
				if g.At < p.From || g.At >= p.To {
					continue
				}
				if len(g.Outline.Segments) > 0 && !yield(Shape{g.Outline, x + g.DX, g.DY, 1 / p.Upem}) {
					return
				}
				x += g.Advance
			}
			left += l.Of.Sums[p.To] - l.Of.Sums[p.From]
		}
	}
}

// Shape is an outline in its place; Scale is that of the units of its font.
type Shape struct {
	*Outline
	X, Y, Scale float64
}
