package certificate

import (
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"laurel/internal/material/lettering"
)

// line draws a line of text from x, its base line at y, with the pen and the
// size that are set.
func (s *sheet) line(l lettering.Line, colour ink, size, x, y float64) {
	unit := size * point // millimetres
	for _, p := range l.Pieces() {
		if p.AsText {
			s.pdf.Text(x, y, string(l.Of.Runes[p.From:p.To]))
		} else {
			s.unseen(l.Of, p, unit, x, y)
			s.outlines(p, colour, size, x, y)
		}
		x += (l.Of.Sums[p.To] - l.Of.Sums[p.From]) * unit
	}
}

// outlines fills the shapes of glyphs. The path of each is in the units of its
// font.
func (s *sheet) outlines(p lettering.Piece, colour ink, size, x, y float64) {
	var b []byte
	number := func(v float64, digits int) {
		b = strconv.AppendFloat(b, v, 'f', digits, 64)
		b = append(b, ' ')
	}
	b = fmt.Appendf(b, "q %.3f %.3f %.3f rg\n", float64(colour.r)/255, float64(colour.g)/255, float64(colour.b)/255)
	scale := size / p.Upem
	right, up := x/point, (s.h-y)/point
	for _, g := range p.Glyphs {
		if g.At < p.From || g.At >= p.To {
			continue
		}
		if path := s.fonts.operators(g.Outline); path != "" {
			b = append(b, "q "...)
			number(scale, 6)
			b = append(b, "0 0 "...)
			number(scale, 6)
			number(right+g.DX*size, 3)
			number(up+g.DY*size, 3)
			b = append(append(append(b, "cm\n"...), path...), "f Q\n"...)
		}
		right += g.Advance * size
	}
	s.pdf.RawWriteStr(string(append(b, 'Q')))
}

// unseen writes what outlines show as text that is not drawn (PDF 2.0, 9.3.6),
// word by word in the places of the outlines, so that it can be found and
// copied. As in all of a PDF it stands in the order in which it is seen.
func (s *sheet) unseen(t *lettering.Text, p lettering.Piece, unit, x, y float64) {
	if slices.ContainsFunc(t.Runes[p.From:p.To], beyond) {
		s.unseenSpan(t.Runes[p.From:p.To], (t.Sums[p.To]-t.Sums[p.From])*unit, x, y)
		return
	}
	for from := p.From; from < p.To; {
		to := from
		for to < p.To && !unicode.IsSpace(t.Runes[to]) {
			to++
		}
		if to > from {
			start := t.Sums[from] - t.Sums[p.From]
			if p.Level%2 == 1 {
				start = t.Sums[p.To] - t.Sums[to]
			}
			s.unseenWord(t.Runes[from:to], p.Level%2 == 1, (t.Sums[to]-t.Sums[from])*unit, x+start*unit, y)
		}
		from = to + 1
	}
}

func (s *sheet) unseenWord(word []rune, backwards bool, width, x, y float64) {
	shown := slices.Clone(word)
	if backwards {
		slices.Reverse(shown)
	}
	text := string(shown)
	natural := s.pdf.GetStringWidth(text)
	if natural <= 0 || width <= 0 {
		return
	}
	s.pdf.RawWriteStr(fmt.Sprintf("q 3 Tr %.2f Tz", 100*width/natural))
	s.pdf.Text(x, y, text)
	s.pdf.RawWriteStr("Q")
}

// beyond tells whether the embedded font has no code for a character.
func beyond(r rune) bool { return r >= 0x10000 }

// unseenSpan writes a text with characters beyond the codes of the embedded
// font: some others that say what they stand for (PDF 2.0, 14.9.4).
func (s *sheet) unseenSpan(text []rune, width, x, y float64) {
	s.pdf.RawWriteStr("/Span <</ActualText <" + hex.EncodeToString([]byte(wideText(string(text)))) + ">>> BDC")
	s.unseenWord([]rune(strings.Repeat("x", len(text))), false, width, x, y)
	s.pdf.RawWriteStr("EMC")
}
