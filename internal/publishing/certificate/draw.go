package certificate

import (
	"slices"
	"strconv"
	"unicode"

	"laurel/internal/material/lettering"
)

// line draws a line of text from x, its base line at y.
func (s *sheet) line(l lettering.Line, p para, size, x, y float64) {
	unit := size * point // millimetres
	font := s.fonts.main(p.bold)
	for _, piece := range l.Pieces() {
		if piece.AsText {
			s.page.Text(font.font, p.ink, size, x, y, l.Of.Runes[piece.From:piece.To])
		} else {
			s.unseen(l.Of, piece, font, size, x, y)
			s.outlines(piece, p.ink, size, x, y)
		}
		x += (l.Of.Sums[piece.To] - l.Of.Sums[piece.From]) * unit
	}
}

// outlines fills the shapes of glyphs: one path, in millimetres from x and up from y.
func (s *sheet) outlines(p lettering.Piece, colour ink, size, x, y float64) {
	var b []byte
	number := func(v float64, digits int) {
		b = append(strconv.AppendFloat(b, v, 'f', digits, 64), ' ')
	}
	unit, right := size*point, 0.0
	for _, g := range p.Glyphs {
		if g.At < p.From || g.At >= p.To {
			continue
		}
		if path := s.fonts.operators(g.Outline); path != "" {
			b = append(b, "q "...)
			number(unit/p.Upem, 7)
			b = append(b, "0 0 "...)
			number(unit/p.Upem, 7)
			number(right+g.DX*unit, 4)
			number(g.DY*unit, 4)
			b = append(append(append(b, "cm\n"...), path...), "f Q\n"...)
		}
		right += g.Advance * unit
	}
	if len(b) > 0 {
		s.page.Path(string(b), colour, 0, x, y, 1, true)
	}
}

// unseen writes what outlines show as text that is not drawn (ISO 32000-1, 9.3.6),
// word by word in the places of the outlines, so that it can be found and
// copied. As in all of a PDF it stands in the order in which it is seen.
func (s *sheet) unseen(t *lettering.Text, p lettering.Piece, font *embedded, size, x, y float64) {
	unit := size * point
	for from := p.From; from < p.To; {
		to := from
		for to < p.To && !unicode.IsSpace(t.Runes[to]) {
			to++
		}
		if to > from {
			start, word := t.Sums[from]-t.Sums[p.From], slices.Clone(t.Runes[from:to])
			if p.Level%2 == 1 {
				start = t.Sums[p.To] - t.Sums[to]
				slices.Reverse(word)
			}
			s.page.Unseen(font.font, size, x+start*unit, y, (t.Sums[to]-t.Sums[from])*unit, word)
		}
		from = to + 1
	}
}
