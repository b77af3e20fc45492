package certificate

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"codeberg.org/go-pdf/fpdf"

	"laurel/internal/material/lettering"
	"laurel/internal/material/picture"
	"laurel/internal/material/text"
	"laurel/internal/publishing/render"
)

// Measures of the sheet, in millimetres.
const (
	edge       = 10.0 // from the paper's edge to the frame
	pad        = 15.0 // from the frame to the text
	pictureBox = 48.0
	qrBox      = 30.0
	gutter     = 9.0
	point      = 25.4 / 72
)

type ink struct{ r, g, b int }

var (
	black  = ink{0, 0, 0}
	muted  = ink{68, 68, 68}
	accent = ink{23, 97, 74}
	gold   = ink{169, 133, 56}
	rule   = ink{187, 187, 187}
	faint  = ink{221, 221, 221}
)

// para is text that is set in lines.
type para struct {
	text  string
	bold  bool
	size  float64 // points, at most
	least float64 // how much smaller it may get; zero: by half
	lines int     // it gets smaller to be no longer and break no word
	cut   bool    // what is left over after lines is left out, with an ellipsis
	ink   ink
	after float64 // millimetres below it
}

// sheet is a certificate being drawn. After an error it draws nothing more.
type sheet struct {
	pdf         *fpdf.Fpdf
	fonts       *Fonts
	words       render.Words
	w, h        float64
	left, right float64 // of what stands on it
	place       string
	pages       int // of the certificate
	err         error
}

// word is a word of the theme; pairs are what stands in it.
func (s *sheet) word(key string, pairs ...any) string {
	text, err := s.words.Text(key, pairs...)
	if err != nil && s.err == nil {
		s.err = err
	}
	return text
}

// shape sets a text in the fonts; nil, and the sheet has an error, where they
// cannot.
func (s *sheet) shape(said string, bold bool) *lettering.Text {
	return s.shapeAs(lettering.Words{Text: text.Print(said), Bold: bold, RightToLeft: s.words.RightToLeft(), Language: s.words.Language})
}

func (s *sheet) shapeAs(k lettering.Words) *lettering.Text {
	if s.err != nil {
		return nil
	}
	t, err := s.fonts.letters.Set(k)
	if lacking := (*lettering.MissingRune)(nil); errors.As(err, &lacking) {
		s.err = &GlyphError{s.place, lacking.Rune}
	} else if err != nil {
		s.err = fmt.Errorf("%s: %w", s.place, err)
	}
	return t
}

func (s *sheet) font(bold bool, size float64) {
	style := ""
	if bold {
		style = "B"
	}
	s.pdf.SetFont("laurel", style, size)
}

func (s *sheet) frame() {
	s.stroke(accent, 0.55)
	s.pdf.Rect(edge, edge, s.w-2*edge, s.h-2*edge, "D")
	s.stroke(gold, 0.25)
	s.pdf.Rect(edge+2.5, edge+2.5, s.w-2*edge-5, s.h-2*edge-5, "D")
}

func (s *sheet) stroke(c ink, width float64) {
	s.pdf.SetDrawColor(c.r, c.g, c.b)
	s.pdf.SetLineWidth(width)
}

// set breaks a text into lines and finds its size, in points.
func (s *sheet) set(p para, width, scale float64) ([]lettering.Line, float64) {
	t := s.shape(p.text, p.bold)
	if t == nil {
		return nil, p.size
	}
	least := p.least
	if least == 0 {
		least = 0.5
	}
	for size := p.size * scale; ; size *= 0.95 {
		room := width / (size * point)
		lines, broken := t.Wrap(room)
		switch {
		case len(lines) <= p.lines && !broken:
			return lines, size
		case size > p.size*scale*least:
		case p.cut && len(lines) > p.lines:
			return s.shorten(lines[:p.lines], p.bold, room), size
		default:
			return lines, size
		}
	}
}

// shorten ends the last line with an ellipsis, behind a word if it can.
func (s *sheet) shorten(lines []lettering.Line, bold bool, room float64) []lettering.Line {
	last := lines[len(lines)-1]
	more := s.shape("…", bold)
	if more == nil {
		return lines
	}
	last.To = last.Head(room - more.Whole().Width())
	kept := last.String()
	if i := strings.LastIndexByte(kept, ' '); i > len(kept)/2 {
		kept = kept[:i]
	}
	kept = strings.TrimRight(kept, " ,;:")
	if end := s.shapeAs(lettering.Words{Text: kept + "…", Bold: bold, RightToLeft: last.Of.Base == 1, Language: s.words.Language}); end != nil {
		return append(slices.Clone(lines[:len(lines)-1]), end.Whole())
	}
	return lines
}

// width is that of a text in one line.
func (s *sheet) width(p para, scale float64) float64 {
	t := s.shape(p.text, p.bold)
	if t == nil {
		return 0
	}
	return t.Whole().Width() * p.size * scale * point
}

// height is that of lines below each other.
func height(lines []lettering.Line, size float64) float64 {
	total := 0.0
	for _, l := range lines {
		total += l.Of.Leading() * size * point
	}
	return total
}

// height is that of texts below each other.
func (s *sheet) height(texts []para, width, scale float64) float64 {
	total := 0.0
	for _, p := range texts {
		lines, size := s.set(p, width, scale)
		total += height(lines, size) + p.after*scale
	}
	return total
}

// paras draws texts below each other.
func (s *sheet) paras(texts []para, left, right, y, scale float64) {
	for _, p := range texts {
		lines, size := s.set(p, right-left, scale)
		y = s.lines(lines, p, size, left, right, y) + p.after*scale
	}
}

// lines draws the lines of a text from y and returns where they end. On a
// sheet from right to left they stand at the right.
func (s *sheet) lines(lines []lettering.Line, p para, size, left, right, y float64) float64 {
	s.font(p.bold, size)
	s.pdf.SetTextColor(p.ink.r, p.ink.g, p.ink.b)
	for _, l := range lines {
		x := left
		if s.words.RightToLeft() {
			x = right - l.Width()*size*point
		}
		s.line(l, p.ink, size, x, y+l.Of.Above*size*point)
		y += l.Of.Leading() * size * point
	}
	return y
}

func (s *sheet) centred(lines []lettering.Line, p para, size, left, right, y float64) {
	s.font(p.bold, size)
	for _, l := range lines {
		w := l.Width() * size * point
		y = s.lines([]lettering.Line{l}, p, size, (left+right-w)/2, (left+right+w)/2, y)
	}
}

func (s *sheet) picture(name string, p *Picture, x, y, w, h float64) {
	if s.err != nil {
		return
	}
	o := fpdf.ImageOptions{ImageType: "PNG"}
	s.pdf.RegisterImageOptionsReader(name, o, bytes.NewReader(p.png))
	s.pdf.ImageOptions(name, x, y, w, h, false, o, 0, "")
}

// qr draws a QR code with its quiet zone, and links it. The dark modules are
// one shape, so that no hairlines show between them.
func (s *sheet) qr(text string, x, y, side float64) {
	code, err := picture.NewQRCode(text)
	if err != nil {
		s.err = err
		return
	}
	unit := side / float64(code.Size) / point
	var path strings.Builder
	path.WriteString("q 0 0 0 rg\n")
	for row, cells := range code.Modules {
		for from := 0; from < len(cells); from++ {
			if !cells[from] {
				continue
			}
			to := from
			for to < len(cells) && cells[to] {
				to++
			}
			fmt.Fprintf(&path, "%.3f %.3f %.3f %.3f re\n", x/point+float64(from)*unit, (s.h-y)/point-float64(row+1)*unit, float64(to-from)*unit, unit)
			from = to
		}
	}
	path.WriteString("f Q")
	s.pdf.RawWriteStr(path.String())
	s.pdf.LinkString(x, y, side, side, text)
}
