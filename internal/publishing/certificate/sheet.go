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
	"laurel/internal/publishing/site"
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
)

// para is text that is set in lines.
type para struct {
	text  string
	bold  bool
	size  float64 // points, at most
	lines int     // it gets smaller, down to half, to be no longer and break no word
	cut   bool    // what is left over after lines is left out, with an ellipsis
	ink   ink
	after float64 // millimetres below it
}

// sheet is a certificate being drawn. After an error it draws nothing more.
type sheet struct {
	pdf   *fpdf.Fpdf
	fonts *Fonts
	words render.Words
	w, h  float64
	place string
	err   error
}

// word is a word of the theme.
func (s *sheet) word(key string) string {
	text, err := s.words.Text(key)
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

func (s *sheet) draw(c Content) {
	s.frame()
	left, right := edge+pad, s.w-edge-pad
	top := s.head(c, left, right)
	bottom := s.finePrint(c.Award, left, right)
	if s.err == nil {
		bottom = s.foot(c.Award, left, right, bottom)
	}
	s.middle(c, left, right, top, bottom)
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

// head is the issuer, and what has become of the award if it does not count.
// It returns where it ends.
func (s *sheet) head(c Content, left, right float64) float64 {
	y := edge + 11.0
	x := left
	if p := c.IssuerPicture; p != nil {
		w, h := p.fit(13, 13)
		at := x
		if s.words.RightToLeft() {
			at = right - 13
		} else {
			x += 17
		}
		s.picture("issuer", p, at+(13-w)/2, y+(13-h)/2, w, h)
		if s.words.RightToLeft() {
			right -= 17
		}
	}
	name := para{text: c.Award.Issuer.Name, bold: true, size: 14, lines: 2, ink: black}
	lines, size := s.set(name, right-x, 1)
	s.lines(lines, name, size, x, right, y+6.5-height(lines, size)/2)
	y += 17
	if state := c.Award.Status.State; state == "revoked" || state == "suspended" {
		p := para{text: s.word("status." + state), bold: true, size: 13, lines: 1, ink: ink{148, 33, 27}}
		lines, size := s.set(p, right-left, 1)
		y = s.lines(lines, p, size, left, right, y) + 1
	}
	return y
}

// finePrint is what somebody needs who cannot scan: where to check, which
// credential, whose. It stands at the bottom, and returns where it begins.
func (s *sheet) finePrint(a *site.AwardPage, left, right float64) float64 {
	type entry struct{ label, value string }
	var all []entry
	for _, e := range []entry{
		{"certificate.check", a.Take.VerifyURL}, {"proof.credential", a.CredentialID}, {"proof.issuer", a.Issuer.DID},
	} {
		if e.value != "" {
			all = append(all, entry{s.word(e.label), e.value})
		}
	}
	var texts []para
	for _, e := range all {
		texts = append(texts, para{text: e.label + ": " + e.value, size: 7, lines: 2, ink: muted})
	}
	height := s.height(texts, right-left, 1)
	y := s.h - edge - 6.5 - height
	s.stroke(rule, 0.2)
	s.pdf.Line(left, y-2, right, y-2)
	s.paras(texts, left, right, y, 1)
	return y - 4
}

// fact is a label with its value.
type fact struct{ label, value para }

// facts are those of the sheet, as certificate.html has them.
func (s *sheet) facts(a *site.AwardPage) []fact {
	var out []fact
	add := func(label, value string) {
		if value != "" {
			out = append(out, fact{para{text: label, size: 8.5, lines: 2, ink: muted}, para{text: value, bold: true, size: 10.5, lines: 2, ink: black}})
		}
	}
	add(s.word("award.date"), s.words.Date(a.AwardedDate))
	if a.ValidUntil.IsZero() {
		add(s.word("validity"), s.word("validity.unlimited"))
	} else {
		add(s.word("award.until"), s.words.Date(a.ValidUntil))
	}
	add(s.word("credits.earned"), a.CreditsEarned)
	add(s.word("award.license"), a.LicenseNumber)
	for i, r := range a.Results {
		if i < 7 {
			add(r.Name, r.Value)
		}
	}
	return out
}

// foot is the facts and the QR code. It returns where it begins.
func (s *sheet) foot(a *site.AwardPage, left, right, bottom float64) float64 {
	codeLeft := right
	top := bottom
	if a.Take.VerifyURL != "" {
		codeLeft = right - qrBox
		caption := para{text: s.word("award.scan"), size: 8, lines: 2, ink: muted}
		lines, size := s.set(caption, qrBox, 1)
		top = bottom - qrBox - height(lines, size)
		s.qr(a.Take.VerifyURL, codeLeft, top, qrBox)
		s.centred(lines, caption, size, codeLeft, right, top+qrBox)
	}
	facts := s.facts(a)
	for scale := 1.0; ; scale -= 0.05 {
		height := s.factRows(facts, left, codeLeft-gutter, 0, scale, false)
		if height > 42 && scale > 0.4 {
			continue
		}
		top = min(top, bottom-height)
		s.stroke(rule, 0.2)
		s.pdf.Line(left, top-3, right, top-3)
		s.factRows(facts, left, codeLeft-gutter, top+1, scale, true)
		return top - 6
	}
}

// factRows sets the facts beside each other, in as many rows as they need, and
// returns their height; draw tells whether to draw them or only to measure.
func (s *sheet) factRows(facts []fact, left, right, top, scale float64, draw bool) float64 {
	x, y, row := left, top, 0.0
	for _, f := range facts {
		width := min(max(s.width(f.label, scale), s.width(f.value, scale))+0.5, (right-left)/2)
		if x > left && x+width > right {
			x, y, row = left, y+row+2.5*scale, 0
		}
		pair := []para{f.label, f.value}
		row = max(row, s.height(pair, width, scale))
		if draw {
			from, to := x, x+width
			if s.words.RightToLeft() {
				from, to = left+right-to, left+right-from
			}
			s.paras(pair, from, to, y, scale)
		}
		x += width + gutter
	}
	return y + row - top
}

// middle is who earned what, beside the achievement's picture, as large as the
// room allows.
func (s *sheet) middle(c Content, left, right, top, bottom float64) {
	if s.err != nil {
		return
	}
	if c.Picture != nil {
		w, h := c.Picture.fit(pictureBox, min(pictureBox, bottom-top))
		x := right - (pictureBox+w)/2
		if s.words.RightToLeft() {
			x = left + (pictureBox-w)/2
			left += pictureBox + gutter
		} else {
			right -= pictureBox + gutter
		}
		s.picture("achievement", c.Picture, x, (top+bottom-h)/2, w, h)
	}
	texts := s.middleTexts(c.Award)
	for scale := 1.0; s.err == nil; scale -= 0.04 {
		height := s.height(texts, right-left, scale)
		if height <= bottom-top {
			s.paras(texts, left, right, (top+bottom-height)/2, scale)
			return
		}
		if scale < 0.2 {
			s.err = fmt.Errorf("%s: its names are too long for a page", s.place)
		}
	}
}

func (s *sheet) middleTexts(a *site.AwardPage) []para {
	label := func(key string) para { return para{text: s.word(key), size: 9.5, lines: 1, ink: muted, after: 1} }
	var texts []para
	switch {
	case a.RecipientName != "":
		texts = append(texts, label("award.to"), para{text: a.RecipientName, bold: true, size: 32, lines: 2, ink: black, after: 4}, label("award.for"))
	case a.RecipientID != "":
		texts = append(texts, label("award.to"), para{text: a.RecipientID, size: 10, lines: 3, ink: black, after: 4}, label("award.for"))
	default:
		texts = append(texts, label("award.unnamed"))
	}
	texts = append(texts, para{text: a.Achievement.Name, bold: true, size: 20, lines: 2, ink: black, after: 1.5})
	if a.Achievement.Type != "" {
		texts = append(texts, para{text: a.Achievement.Type, size: 10, lines: 1, ink: accent, after: 1.5})
	}
	if a.Achievement.Description != "" {
		texts = append(texts, para{text: a.Achievement.Description, size: 10.5, lines: 4, cut: true, ink: muted})
	}
	return texts
}

// set breaks a text into lines and finds its size, in points.
func (s *sheet) set(p para, width, scale float64) ([]lettering.Line, float64) {
	t := s.shape(p.text, p.bold)
	if t == nil {
		return nil, p.size
	}
	for size := p.size * scale; ; size *= 0.95 {
		room := width / (size * point)
		lines, broken := t.Wrap(room)
		switch {
		case len(lines) <= p.lines && !broken || !p.cut && size <= p.size*scale/2:
			return lines, size
		case p.cut && size <= p.size*scale*0.8 && len(lines) > p.lines:
			return s.shorten(lines[:p.lines], p.bold, room), size
		case p.cut && size <= p.size*scale*0.8:
			return lines, size
		}
	}
}

// shorten ends the last line with an ellipsis.
func (s *sheet) shorten(lines []lettering.Line, bold bool, room float64) []lettering.Line {
	last := lines[len(lines)-1]
	more := s.shape("…", bold)
	if more == nil {
		return lines
	}
	last.To = last.Head(room - more.Whole().Width())
	kept := strings.TrimRight(last.String(), " ,;:")
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
	modules, err := picture.QRModules(text)
	if err != nil {
		s.err = err
		return
	}
	unit := side / float64(len(modules)) / point
	var path strings.Builder
	path.WriteString("q 0 0 0 rg\n")
	for row, cells := range modules {
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
