package deliver

import (
	"slices"
	"unicode"

	"github.com/go-text/typesetting/font"
)

// ascent is how far a line reaches above its base line, in sizes of its type;
// it may reach further where its characters do.
const ascent = 0.93

// textKey is a text, and what its shape depends on.
type textKey struct {
	text        string
	bold        bool
	rightToLeft bool // of the text around it
	language    string
}

// text is a text that is shaped, at a size of 1. It never changes.
type text struct {
	runes  []rune
	base   int // embedding level: 0 left to right, 1 right to left
	runs   []run
	sums   []float64 // where each character begins, if all stood in one line
	breaks []bool    // a line may begin with this character
	splits []bool    // likewise, if it must
	// above and below are the height of its lines over and under their base.
	above, below float64
}

// run is a stretch of text in one font and direction.
type run struct {
	from, to int
	level    int
	real     bool // written as text in the font that is embedded
	face     *face
	upem     float64
	glyphs   []glyph // from left to right
}

// glyph is a shape; at is the first character that it belongs to.
type glyph struct {
	id              font.GID
	at              int
	dx, dy, advance float64
	path            string
}

// reach makes room for a shape.
func (t *text) reach(above, below float64) {
	const air = 0.03
	t.above, t.below = max(t.above, above+air), max(t.below, below+air)
}

// sum turns the widths of characters into their places.
func (t *text) sum() {
	at := 0.0
	for i, w := range t.sums {
		t.sums[i] = at
		at += w
	}
}

// leading is the height of a line.
func (t *text) leading() float64 { return t.above + t.below }

// line is a part of a text that stands in one line.
type line struct {
	of       *text
	from, to int
}

func (t *text) whole() line { return line{t, 0, len(t.runes)} }

// width is that of a line at a size of 1, without spaces at its end.
func (l line) width() float64 { return l.of.sums[l.to] - l.of.sums[l.from] }

// trim is a line without spaces around it.
func (l line) trim() line {
	for l.from < l.to && unicode.IsSpace(l.of.runes[l.to-1]) {
		l.to--
	}
	for l.from < l.to && unicode.IsSpace(l.of.runes[l.from]) {
		l.from++
	}
	return l
}

// wrap breaks a text into lines of a width, and words that are wider where they
// may be; broken tells whether there is one.
func (t *text) wrap(width float64) (lines []line, broken bool) {
	current := line{t, 0, 0}
	for from := 0; from < len(t.runes); {
		to := from + 1
		for to < len(t.runes) && !t.breaks[to] {
			to++
		}
		if longer := (line{t, current.from, to}); longer.trim().width() <= width {
			current, from = longer, to
			continue
		}
		if current.from < current.to {
			lines = append(lines, current.trim())
		}
		for current = (line{t, from, to}); current.trim().width() > width; broken = true {
			end := current.head(width)
			if end == current.to { // one shape that is too wide
				broken = true
				break
			}
			lines = append(lines, line{t, current.from, end}.trim())
			current.from = end
		}
		from = to
	}
	if current = current.trim(); current.from < current.to {
		lines = append(lines, current)
	}
	return lines, broken
}

// head is the end of as much of a line as fits in a width, at least one
// character.
func (l line) head(width float64) int {
	end := l.from
	for i := l.from + 1; i <= l.to; i++ {
		if !l.of.splits[i] && i != l.to {
			continue
		}
		if end > l.from && l.of.sums[i]-l.of.sums[l.from] > width {
			break
		}
		end = i
	}
	return end
}

// piece is the part of a run that stands in a line.
type piece struct {
	run
	from, to int
}

// pieces are those of a line in the order in which they stand from left to
// right (Unicode Bidirectional Algorithm, UAX #9, L2).
func (l line) pieces() []piece {
	var all []piece
	highest, odd := 0, 127
	for _, r := range l.of.runs {
		from, to := max(r.from, l.from), min(r.to, l.to)
		if from >= to {
			continue
		}
		all = append(all, piece{r, from, to})
		highest = max(highest, r.level)
		if r.level%2 == 1 {
			odd = min(odd, r.level)
		}
	}
	for level := highest; level >= odd; level-- {
		for i := 0; i < len(all); {
			end := i
			for end < len(all) && all[end].level >= level {
				end++
			}
			slices.Reverse(all[i:end])
			i = max(end, i+1)
		}
	}
	return all
}
