package certificate

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"laurel/internal/material/lettering"
	"laurel/internal/material/pdf"
	"laurel/internal/material/picture"
	"laurel/internal/material/text"
	"laurel/internal/publishing/render"
)

// Measures of the sheet, in millimetres.
const (
	edge   = 10.0 // from the paper's edge to what stands on it
	pad    = 15.0 // from there to the text of pages after the first
	gutter = 9.0
	point  = 25.4 / 72
)

type ink = pdf.Colour

var (
	black = ink{}
	muted = ink{R: 68, G: 68, B: 68}
	rule  = ink{R: 187, G: 187, B: 187}
	faint = ink{R: 221, G: 221, B: 221}
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
	role  string  // in the document's structure; empty: a P
	as    string  // its language, where it may be another than the certificate's
}

// sheet is a certificate being drawn. After an error it draws nothing more.
type sheet struct {
	doc         *pdf.Writer
	page        *pdf.Page
	part        *pdf.Element // of the certificate
	fonts       *Fonts
	words       render.Words
	look        look
	design      string
	w, h        float64
	left, right float64 // of what stands on it
	place       string
	pages       int  // of the certificate
	centre      bool // lines stand in the middle
	opposite    bool // lines stand where they end otherwise
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

// mark makes what is drawn from now on an element of a parent's.
func (s *sheet) mark(parent *pdf.Element, kind, language string) *pdf.Element {
	e := parent.Add(kind)
	if e.Language = language; language == s.words.Language {
		e.Language = ""
	}
	s.page.Mark(e)
	return e
}

// ornament makes what is drawn from now on nothing that is read.
func (s *sheet) ornament() { s.page.Mark(nil) }

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

// paras draws texts below each other, as elements of parent; nil: as ornament.
func (s *sheet) paras(parent *pdf.Element, texts []para, left, right, y, scale float64) float64 {
	for _, p := range texts {
		lines, size := s.set(p, right-left, scale)
		if parent == nil {
			s.ornament()
		} else if role := p.role; len(lines) > 0 {
			if role == "" {
				role = "P"
			}
			s.mark(parent, role, p.as)
		}
		y = s.lines(lines, p, size, left, right, y) + p.after*scale
	}
	return y
}

// lines draws the lines of a text from y and returns where they end. On a sheet from
// right to left they stand at the right, and where all is centred in the middle.
func (s *sheet) lines(lines []lettering.Line, p para, size, left, right, y float64) float64 {
	for _, l := range lines {
		x := left
		switch width := l.Width() * size * point; {
		case s.centre:
			x = (left + right - width) / 2
		case s.words.RightToLeft() != s.opposite:
			x = right - width
		}
		s.line(l, p, size, x, y+l.Of.Above*size*point)
		y += l.Of.Leading() * size * point
	}
	return y
}

// centred draws what draw does with its lines in the middle.
func (s *sheet) centred(is bool, draw func()) {
	was := s.centre
	s.centre = is
	draw()
	s.centre = was
}

// figure draws a picture in a box, of which a reader is told alt; without it, it is
// ornament.
func (s *sheet) figure(parent *pdf.Element, p *Picture, alt string, x, y, w, h float64) {
	if s.err != nil || p == nil {
		return
	}
	fw, fh := p.fit(w, h)
	x, y = x+(w-fw)/2, y+(h-fh)/2
	if s.ornament(); alt != "" {
		e := s.mark(parent, "Figure", "")
		e.Alt, e.Box = text.Print(alt), [4]float64{x, y, x + fw, y + fh}
	}
	s.page.Image(p.image, x, y, fw, fh)
}

// qr draws a QR code with its quiet zone, and links it. The dark modules are
// one shape, so that no hairlines show between them.
func (s *sheet) qr(parent *pdf.Element, address string, x, y, side float64) {
	code, err := picture.NewQRCode(address)
	if err != nil {
		s.err = err
		return
	}
	link := parent.Add("Link")
	e := s.mark(link, "Figure", "")
	e.Alt, e.Box = s.word("certificate.qr")+": "+address, [4]float64{x, y, x + side, y + side}
	s.page.Rect(ink{R: 255, G: 255, B: 255}, x, y, side, side)
	var path strings.Builder
	for row, cells := range code.Modules {
		for from := 0; from < len(cells); from++ {
			if !cells[from] {
				continue
			}
			to := from
			for to < len(cells) && cells[to] {
				to++
			}
			fmt.Fprintf(&path, "%d %d %d 1 re\n", from, row, to-from)
			from = to
		}
	}
	s.page.Path(path.String(), black, 0, x, y, side/float64(code.Size), false)
	s.page.Link(link, address, s.word("certificate.qr"), x, y, side, side)
}
