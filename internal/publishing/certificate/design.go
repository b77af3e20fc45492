package certificate

import (
	"fmt"
	"math"
	"strings"

	"laurel/internal/material/lettering"
	"laurel/internal/material/text"
	"laurel/internal/material/tone"
	"laurel/internal/publishing/site"
)

// look is the colours of a certificate.
type look struct {
	accent, accentInk, gold, bad ink
	good                         bool // it is not drained of its colours
}

func lookOf(c Content) look {
	set := c.Look
	if set == (tone.Set{}) {
		set = tone.Of(tone.Accent, tone.Paper).Print
	}
	l := look{ink(set.Accent), ink(set.AccentInk), ink{R: 0xb0, G: 0x8d, B: 0x43}, ink(set.Bad), true}
	if !c.Award.State.Good() {
		grey := ink{R: 0x6b, G: 0x6f, B: 0x6c}
		l.accent, l.gold, l.good = grey, ink{R: 0xa4, G: 0xa6, B: 0xa4}, false
		l.accentInk = ink{R: 255, G: 255, B: 255}
	}
	return l
}

// room is where things stand on the first page, in millimetres.
type room struct {
	left, right, top, bottom float64 // of texts, facts and results
	above                    float64 // room above the facts
	facts                    float64 // what those may take with it, at most
	picture                  float64 // the side of the achievement's picture, at most
	least                    float64 // and at least, of what gives way to texts
	signed                   float64 // where signatures begin
	row                      float64 // where what is below those begins
	end                      float64 // where that ends
	fine                     [2]float64
	band                     float64 // how wide the band is
}

// most is how high texts and facts may be together.
func (r room) most() float64 { return r.bottom - r.top + r.picture - r.least }

const (
	qrSide   = 25.0
	bandSide = 76.0
)

// nameSize is that of the learner's name, in points.
func (s *sheet) nameSize() float64 {
	return map[string]float64{"classic": 40, "modern": 36, "portrait": 36}[s.design]
}

// room measures the first page.
func (s *sheet) room(c Content) (r room) {
	a := c.Award
	status := s.height(s.status(a), s.w-80, 1)
	switch s.design {
	case "modern":
		r = room{left: bandSide + 17, right: s.w - 17, top: 15, above: 7.5, facts: 50, end: s.h - 12, band: bandSide}
		if s.words.RightToLeft() {
			r.left, r.right = 17, s.w-bandSide-17
		}
		r.fine = [2]float64{r.left, r.right}
		r.row = r.end - s.height(s.finePrintTexts(a, 1), r.right-r.left, 1)
		r.signed = r.row - max(s.signedHeight(c, r), s.partnerHeight(c))
		r.top += status
	case "portrait":
		r = room{left: 26, right: s.w - 26, top: 22, above: 8, facts: 82, picture: 52, least: 24, end: s.h - 21}
		r.fine = [2]float64{r.left, r.right - qrSide - 8}
		r.row = s.lowRow(c, r)
		r.signed = r.row - s.signedHeight(c, r)
		r.top += 15 + 6 + r.picture + 5 + status
	default:
		r = room{left: 30, right: s.w - 30, top: 41 + status, above: 5, facts: 46, end: s.h - 22.5, picture: 40}
		r.fine = [2]float64{r.left, s.w/2 - 25}
		r.row = s.lowRow(c, r)
		r.signed = r.row - s.signedHeight(c, r)
		r.least = r.picture
		r.picture, r.least = min(40, r.end-r.signed), min(40, r.end-r.signed)
	}
	r.bottom = r.signed - 3
	return r
}

// lowRow is where the row at the bottom begins: partner and fine print, and the code.
func (s *sheet) lowRow(c Content, r room) float64 {
	high := s.partnerHeight(c) + s.height(s.finePrintTexts(c.Award, 1), r.fine[1]-r.fine[0], 1)
	if c.Award.Take.VerifyURL != "" {
		high = max(high, qrSide)
		if s.design == "portrait" {
			high = max(high, qrSide+s.height([]para{s.caption(c.Award)}, qrSide+8, 1))
		}
	}
	return r.end - high
}

// front draws the first page: who earned what from whom, and where to check.
func (s *sheet) front(c Content, f front) {
	if s.err != nil {
		return
	}
	r := s.room(c)
	s.begin(c, true)
	s.centre = s.design != "modern"
	switch s.design {
	case "modern":
		s.band(c, r)
		s.paras(s.part, s.status(c.Award), r.left, r.right, 15, 1)
	case "portrait":
		s.head(s.part, c, r.left, r.right, 22, 15)
		s.paras(s.part, s.status(c.Award), r.left, r.right, 38.5, 1)
	default:
		s.head(s.part, c, r.left, r.right, 23, 15)
		s.paras(s.part, s.status(c.Award), r.left, r.right, 39.5, 1)
	}
	s.body(c, f, r)
	s.signatures(c, r)
	s.low(c, r)
	s.centre = false
}

// body is who earned what, as large as the room allows, and the facts.
func (s *sheet) body(c Content, f front, r room) {
	texts := s.middleTexts(c, f.short)
	facts, _ := s.footHeight(f, r)
	for scale := 1.0; s.err == nil; scale -= 0.04 {
		height := s.height(texts, r.right-r.left, scale)
		if height+facts > r.most() {
			if scale < 0.2 {
				s.err = fmt.Errorf("%s: its names are too long for a page", s.place)
			}
			continue
		}
		spare := r.bottom - r.top - height - facts
		if s.design == "portrait" { // the picture gives way
			side := r.picture + min(spare, 0)
			s.figure(s.part, c.Picture, c.Award.Achievement.ImageAlt, s.w/2-side/2, r.top-r.picture-5, side, side)
			r.top -= r.picture - side
			spare = max(spare, 0)
		}
		y := r.top + spare/2
		y = s.paras(s.part, texts, r.left, r.right, y, scale)
		if s.design == "modern" {
			y = r.bottom - facts
			s.ornament()
			s.page.Line(rule, 0.25, r.left, y+2.5, r.right, y+2.5)
		}
		if s.design == "portrait" {
			s.ornament()
			s.page.Line(rule, 0.25, r.left, y+3.5, r.right, y+3.5)
		}
		s.foot(f, r, y+r.above-0.5)
		return
	}
}

// signing is how somebody signs: their hand, a line, their name and what they are.
func (s *sheet) signing(signatory site.Signatory) []para {
	texts := []para{{text: signatory.Name, bold: true, size: 9.5, lines: 2, ink: black, after: 0.3}}
	if signatory.Title != "" {
		texts = append(texts, para{text: signatory.Title, size: 8, lines: 3, ink: muted})
	}
	return texts
}

// signingWidth is how wide a signature is.
func (s *sheet) signingWidth(r room) float64 {
	switch s.design {
	case "modern":
		return min(56, (r.right-r.left-12)/2)
	case "portrait":
		return 62
	}
	return 64
}

const handHeight = 13.0

func (s *sheet) signedHeight(c Content, r room) float64 {
	high := 0.0
	for _, signatory := range c.Award.Certificate.Signatories {
		high = max(high, handHeight+1.2+s.height(s.signing(signatory), s.signingWidth(r), 1)+4)
	}
	return high
}

func (s *sheet) signatures(c Content, r room) {
	all := c.Award.Certificate.Signatories
	wide := s.signingWidth(r)
	for i, signatory := range all {
		var x float64
		switch {
		case s.design == "modern":
			x = r.left + float64(i)*(wide+12)
		case s.design == "portrait":
			x = s.w/2 - (float64(len(all))*(wide+14)-14)/2 + float64(i)*(wide+14)
		case i == 0:
			x = r.left + (s.w/2-25-r.left-wide)/2
		default:
			x = s.w/2 + 25 + (r.right-s.w/2-25-wide)/2
		}
		if s.words.RightToLeft() {
			x = s.w - x - wide
			if s.design == "modern" {
				x = r.right - float64(i)*(wide+12) - wide
			}
		}
		y := r.signed
		if hand := c.Pictures[signatory.Image.Href]; hand != nil {
			left := x
			switch w, _ := hand.fit(wide-8, handHeight); {
			case s.centre:
				left = x + (wide-w)/2
			case s.words.RightToLeft():
				left = x + wide - w
			}
			w, _ := hand.fit(wide-8, handHeight)
			s.figure(s.part, hand, s.word("certificate.signature", "name", signatory.Name), left, y+0.8, w, handHeight)
		}
		s.ornament()
		s.page.Line(black, 0.25, x, y+handHeight, x+wide, y+handHeight)
		s.paras(s.part, s.signing(signatory), x, x+wide, y+handHeight+1.2, 1)
	}
}

func (s *sheet) partnerHeight(c Content) float64 {
	if c.Award.Certificate.Partner.Name == "" {
		return 0
	}
	return 14
}

// partner is who awards together with the issuer, between left and right from y.
func (s *sheet) partner(c Content, left, right, y float64) {
	p := c.Award.Certificate.Partner
	if p.Name == "" {
		return
	}
	s.centred(false, func() {
		if logo := c.Pictures[p.Image.Href]; logo != nil {
			x := left
			if s.words.RightToLeft() {
				x, right = right-11, right-14
			} else {
				left += 14
			}
			s.figure(s.part, logo, "", x, y, 11, 11)
		}
		texts := []para{{text: s.word("certificate.with"), size: 8, lines: 1, ink: muted, after: 0.3}, {text: p.Name, bold: true, size: 9, lines: 2, ink: black}}
		s.paras(s.part, texts, left, right, y+5.5-s.height(texts, right-left, 1)/2, 1)
	})
}

// caption is what stands beside the QR code.
func (s *sheet) caption(a *site.AwardPage) para {
	said := a.Certificate.Caption
	if said == "" {
		said = s.word("award.scan")
	}
	return para{text: said, size: 8, lines: 3, ink: muted}
}

// low is the row at the bottom: partner and fine print, the seal, and the code.
func (s *sheet) low(c Content, r room) {
	fine := s.finePrintTexts(c.Award, 1)
	left, right := r.fine[0], r.fine[1]
	if s.words.RightToLeft() && s.design != "modern" {
		left, right = s.w-right, s.w-left
	}
	top := r.end - s.height(fine, right-left, 1)
	if s.design == "modern" {
		signed := float64(len(c.Award.Certificate.Signatories)) * (s.signingWidth(r) + 12)
		if begin, end := left+signed, right; s.words.RightToLeft() {
			s.partner(c, left, right-signed, r.row-16)
		} else {
			s.partner(c, begin, end, r.row-16)
		}
	} else {
		s.partner(c, left, right, top-13)
	}
	s.centred(false, func() { s.paras(s.part, fine, left, right, top, 1) })
	switch s.design {
	case "classic":
		s.seal(c, r)
		s.code(c, r)
	case "portrait":
		s.code(c, r)
	}
}

// seal is the seal, or in its place the achievement's picture, in the middle.
func (s *sheet) seal(c Content, r room) {
	side := r.picture
	of, alt := c.Picture, c.Award.Achievement.ImageAlt
	if own := c.Pictures[c.Award.Certificate.Seal.Href]; own != nil {
		if of, alt = own, c.Award.Certificate.Seal.Alt; alt == "" {
			alt = s.word("certificate.seal", "issuer", c.Award.IssuedBy.Name)
		}
	}
	s.figure(s.part, of, alt, s.w/2-side/2, r.end-side+2, side, side)
}

// code is the QR code with its caption: beside it, or below it where there is less
// width.
func (s *sheet) code(c Content, r room) {
	if c.Award.Take.VerifyURL == "" {
		return
	}
	caption := s.caption(c.Award)
	if s.design == "portrait" {
		lines, size := s.set(caption, qrSide+8, 1)
		x, y := r.right-qrSide, r.end-height(lines, size)-qrSide
		if s.words.RightToLeft() {
			x = r.left
		}
		s.qr(s.part, c.Award.Take.VerifyURL, x, y, qrSide)
		s.mark(s.part, "P", "")
		s.lines(lines, caption, size, x-4, x+qrSide+4, y+qrSide)
		return
	}
	x, begin, end := r.right-qrSide, s.w/2+25, r.right-qrSide-2.5
	if s.words.RightToLeft() {
		x, begin, end = r.left, r.left+qrSide+2.5, s.w/2-25
	}
	s.qr(s.part, c.Award.Take.VerifyURL, x, r.end-qrSide, qrSide)
	s.opposite = true
	s.centred(false, func() {
		s.paras(s.part, []para{caption}, begin, end, r.end-2-s.height([]para{caption}, end-begin, 1), 1)
	})
	s.opposite = false
}

// band is what the band of the modern design carries: issuer, emblem, code.
func (s *sheet) band(c Content, r room) {
	x := 0.0
	if s.words.RightToLeft() {
		x = s.w - r.band
	}
	left, right := x+10, x+r.band-10
	s.centred(true, func() {
		s.figure(s.part, c.IssuerPicture, "", x+r.band/2-10, 14, 20, 20)
		y := s.paras(s.part, []para{{text: c.Award.IssuedBy.Name, bold: true, size: 15, lines: 3, ink: s.look.accentInk}}, left, right, 37, 1)
		bottom := s.h - 12
		caption := s.caption(c.Award)
		if caption.ink = s.look.accentInk; c.Award.Take.VerifyURL != "" {
			bottom -= 32 + s.height([]para{caption}, right-left, 1)
		}
		picture, alt := c.Picture, c.Award.Achievement.ImageAlt
		if own := c.Pictures[c.Award.Certificate.Seal.Href]; own != nil {
			picture, alt = own, c.Award.Certificate.Seal.Alt
		}
		side := min(56, bottom-y-8)
		s.figure(s.part, picture, alt, x+(r.band-side)/2, (y+bottom-side)/2, side, side)
		if c.Award.Take.VerifyURL != "" {
			s.qr(s.part, c.Award.Take.VerifyURL, x+r.band/2-15, bottom, 30)
			s.paras(s.part, []para{caption}, left, right, bottom+31.5, 1)
		}
	})
}

// stamp is what is written across a certificate that does not count.
func (s *sheet) stamp(a *site.AwardPage) *para {
	if s.look.good {
		return nil
	}
	return &para{text: s.word("status." + string(a.State)), bold: true, size: 90, lines: 1, ink: s.look.bad}
}

func (s *sheet) watermark(p para) {
	t := s.shapeAs(lettering.Words{Text: text.Print(p.text), Bold: p.bold, RightToLeft: s.words.RightToLeft(), Language: s.words.Language, Drawn: true})
	if t == nil {
		return
	}
	line := t.Whole()
	size := min(p.size, 0.72*math.Hypot(s.w, s.h)/(line.Width()*point))
	angle := math.Atan2(s.h, s.w) * 0.8
	wide := line.Width() * size * point
	s.ornament()
	s.page.Faint(0.13, func() {
		s.page.Turned(math.Cos(angle), math.Sin(angle), s.w/2, s.h/2, func() {
			x := -wide / 2
			for _, piece := range line.Pieces() {
				s.outlines(piece, p.ink, size, x, size*point*0.35)
				x += (t.Sums[piece.To] - t.Sums[piece.From]) * size * point
			}
		})
	})
}

// cover draws a picture over all of the page.
func (s *sheet) cover(p *Picture) {
	w, h := p.fit(s.w, s.h)
	grow := max(s.w/w, s.h/h)
	w, h = w*grow, h*grow
	s.page.Clipped(0, 0, s.w, s.h, func() { s.page.Image(p.image, (s.w-w)/2, (s.h-h)/2, w, h) })
}

// frame is the ornament of a page: of the first one that of the design.
func (s *sheet) frame(first bool) {
	accent, gold := s.look.accent, s.look.gold
	switch {
	case !first:
		s.page.Frame(accent, 0.5, edge, edge, s.w-2*edge, s.h-2*edge)
		s.page.Frame(gold, 0.25, edge+2, edge+2, s.w-2*edge-4, s.h-2*edge-4)
	case s.design == "classic":
		s.page.Frame(accent, 0.8, 9.4, 9.4, s.w-18.8, s.h-18.8)
		s.page.Path(s.fonts.ornament("waves", s.w, s.h, guilloche), accent, 0.2, 0, 0, 1, false)
		s.page.Frame(gold, 0.5, 17.6, 17.6, s.w-35.2, s.h-35.2)
		s.page.Frame(gold, 0.2, 18.7, 18.7, s.w-37.4, s.h-37.4)
		for _, x := range []float64{13.5, s.w - 13.5} {
			for _, y := range []float64{13.5, s.h - 13.5} {
				s.rosette(x, y)
			}
		}
	case s.design == "modern":
		x, line := 0.0, bandSide
		if s.words.RightToLeft() {
			x, line = s.w-bandSide, s.w-bandSide-1.4
		}
		s.page.Rect(accent, x, 0, bandSide, s.h)
		s.page.Clipped(x, 0, bandSide, s.h, func() {
			s.page.Faint(0.2, func() {
				s.page.Path(s.fonts.ornament("turns", x+bandSide/2, s.h/2, turns), s.look.accentInk, 0.25, 0, 0, 1, false)
			})
		})
		s.page.Rect(gold, line, 0, 1.4, s.h)
	default:
		s.page.Path(notched(9, 8, s.w, s.h), accent, 1.1, 0, 0, 1, false)
		s.page.Path(notched(11.5, 8, s.w, s.h), gold, 0.4, 0, 0, 1, false)
		for _, x := range []float64{11.6, s.w - 11.6} {
			for _, y := range []float64{11.6, s.h - 11.6} {
				s.page.Path(circle(x, y, 2.3)+circle(x, y, 0.7), gold, 0.6, 0, 0, 1, false)
			}
		}
	}
}

func (s *sheet) rosette(x, y float64) {
	white := ink{R: 255, G: 255, B: 255}
	s.page.Path(circle(x, y, 7.8), white, 0, 0, 0, 1, false)
	s.page.Path(circle(x, y, 7.8), s.look.gold, 0.7, 0, 0, 1, false)
	s.page.Path(circle(x, y, 6.6), s.look.accent, 0.3, 0, 0, 1, false)
	var petals strings.Builder
	for i := range 12 {
		sin, cos := math.Sincos(float64(i) * math.Pi / 6)
		petals.WriteString(circle(x+3*cos, y+3*sin, 3))
	}
	s.page.Path(petals.String(), s.look.accent, 0.2, 0, 0, 1, false)
}

// ornament is a path of two measures, drawn once.
func (f *Fonts) ornament(name string, a, b float64, draw func(a, b float64) string) string {
	key := [3]any{name, a, b}
	if kept, ok := f.written.Load(key); ok {
		return kept.(string)
	}
	path := draw(a, b)
	f.written.Store(key, path)
	return path
}

// circle is the path of one.
func circle(x, y, r float64) string { return ellipse(x, y, r, r, 0) }

// ellipse is the path of one, turned.
func ellipse(x, y, rx, ry, angle float64) string {
	const k = 0.5523
	sin, cos := math.Sincos(angle)
	at := func(u, v float64) string {
		return fmt.Sprintf("%.2f %.2f ", x+u*rx*cos-v*ry*sin, y+u*rx*sin+v*ry*cos)
	}
	return at(1, 0) + "m " + at(1, k) + at(k, 1) + at(0, 1) + "c " + at(-k, 1) + at(-1, k) + at(-1, 0) + "c " +
		at(-1, -k) + at(-k, -1) + at(0, -1) + "c " + at(k, -1) + at(1, -k) + at(1, 0) + "c h\n"
}

// turns is an ellipse that was turned over and over.
func turns(x, y float64) string {
	var b strings.Builder
	for i := range 32 {
		b.WriteString(ellipse(x, y, 102, 48, float64(i)*math.Pi/32))
	}
	return b.String()
}

// notched is a frame whose corners are cut out round.
func notched(edge, cut, w, h float64) string {
	l, t, r, b := edge, edge, w-edge, h-edge
	const k = 0.4477
	return fmt.Sprintf("%.2f %.2f m %.2f %.2f l %.2f %.2f %.2f %.2f %.2f %.2f c %.2f %.2f l %.2f %.2f %.2f %.2f %.2f %.2f c %.2f %.2f l %.2f %.2f %.2f %.2f %.2f %.2f c %.2f %.2f l %.2f %.2f %.2f %.2f %.2f %.2f c h\n",
		l+cut, t, r-cut, t, r-cut, t+cut*(1-k), r-cut*(1-k), t+cut, r, t+cut,
		r, b-cut, r-cut*(1-k), b-cut, r-cut, b-cut*(1-k), r-cut, b,
		l+cut, b, l+cut, b-cut*(1-k), l+cut*(1-k), b-cut, l, b-cut,
		l, t+cut, l+cut*(1-k), t+cut, l+cut, t+cut*(1-k), l+cut, t)
}

// guilloche are waves that cross each other along the four sides.
func guilloche(w, h float64) string {
	var b strings.Builder
	side := func(from, to float64, at func(along, across float64) (float64, float64)) {
		n := math.Round((to - from) / 3.2)
		step := (to - from) / n
		for _, height := range []float64{2.7, -2.7, 1.5, -1.5} {
			x, y := at(from, 0)
			fmt.Fprintf(&b, "%.2f %.2f m\n", x, y)
			sign := 1.0
			for i := range int(n) {
				start := from + float64(i)*step
				for _, p := range [][2]float64{{start + step*0.364, height * 1.333 * sign}, {start + step*0.636, height * 1.333 * sign}, {start + step, 0}} {
					x, y := at(p[0], p[1])
					fmt.Fprintf(&b, "%.2f %.2f ", x, y)
				}
				b.WriteString("c\n")
				sign = -sign
			}
		}
	}
	for _, y := range []float64{13.5, h - 13.5} {
		side(13.5, w-13.5, func(u, v float64) (float64, float64) { return u, y + v })
	}
	for _, x := range []float64{13.5, w - 13.5} {
		side(13.5, h-13.5, func(u, v float64) (float64, float64) { return x + v, u })
	}
	return b.String()
}
