package certificate

import (
	"fmt"
	"strconv"
	"strings"

	"laurel/internal/publishing/site"
)

// draw draws all pages of a certificate. What has no room on the first in type
// that can be read stands in full on those after it.
func (s *sheet) draw(c Content) {
	s.left, s.right = edge+pad, s.w-edge-pad
	f := s.plan(c)
	over := s.layOverleaf(c, f)
	held := s.layTranscript(c)
	if s.pages = 1 + len(over); held != nil {
		s.pages += len(held.pages)
	}
	s.front(c, f)
	for i, page := range over {
		s.overleaf(c, page, 2+i)
	}
	for i := 2 + len(over); i <= s.pages; i++ {
		s.transcriptPage(c, held, i-2-len(over), i)
	}
}

// front draws the first page: who earned what from whom, and where to check.
func (s *sheet) front(c Content, f front) {
	s.page(c, 1)
	s.foot(c.Award, f, s.finePrintTop(c.Award))
	s.middle(c, f)
}

// page begins a page: its frame, the issuer, the fine print.
func (s *sheet) page(c Content, number int) {
	if s.err != nil {
		return
	}
	s.pdf.AddPage()
	s.frame()
	s.head(c)
	s.finePrint(c.Award, number)
}

// head is the issuer, and what has become of the award if it does not count.
func (s *sheet) head(c Content) {
	y := edge + 11.0
	left, right := s.left, s.right
	if p := c.IssuerPicture; p != nil {
		w, h := p.fit(13, 13)
		at := left
		if s.words.RightToLeft() {
			at = right - 13
			right -= 17
		} else {
			left += 17
		}
		s.picture("issuer", p, at+(13-w)/2, y+(13-h)/2, w, h)
	}
	name := para{text: c.Award.IssuedBy.Name, bold: true, size: 14, lines: 2, ink: black}
	lines, size := s.set(name, right-left, 1)
	s.lines(lines, name, size, left, right, y+6.5-height(lines, size)/2)
	s.paras(s.status(c.Award), s.left, s.right, y+17, 1)
}

// headEnd is where the head ends.
func (s *sheet) headEnd(a *site.AwardPage) float64 {
	return edge + 28 + s.height(s.status(a), s.right-s.left, 1)
}

// status is what has become of an award that does not count.
func (s *sheet) status(a *site.AwardPage) []para {
	if a.State.Over() {
		return []para{{text: s.word("status." + string(a.State)), bold: true, size: 13, lines: 1, ink: ink{148, 33, 27}, after: 1}}
	}
	return nil
}

// finePrint is what somebody needs who cannot scan: where to check, which
// credential, whose; and which page of how many this is.
func (s *sheet) finePrint(a *site.AwardPage, page int) {
	y := s.finePrintTop(a) + 4
	s.stroke(rule, 0.2)
	s.pdf.Line(s.left, y-2, s.right, y-2)
	s.paras(s.finePrintTexts(a, page), s.left, s.right, y, 1)
}

// finePrintTop is where the fine print begins, at the bottom of every page.
func (s *sheet) finePrintTop(a *site.AwardPage) float64 {
	return s.h - edge - 10.5 - s.height(s.finePrintTexts(a, s.pages), s.right-s.left, 1)
}

func (s *sheet) finePrintTexts(a *site.AwardPage, page int) []para {
	var texts []para
	for _, e := range []entry{
		{"certificate.check", a.Take.VerifyURL}, {"proof.credential", a.CredentialID}, {"proof.issuer", a.IssuedBy.DID},
	} {
		if e.value != "" {
			texts = append(texts, para{text: s.word(e.name) + ": " + e.value, size: 7, lines: 2, ink: muted})
		}
	}
	if s.pages > 1 {
		texts = append(texts, para{text: s.word("certificate.page", "page", page, "pages", s.pages), bold: true, size: 7, lines: 1, ink: muted})
	}
	return texts
}

// entry is something that is said of an award, by name.
type entry struct{ name, value string }

// front is what stands on the first page, and what stands on the pages after it.
type front struct {
	facts   []fact
	scale   float64 // of facts and results
	results []entry // below facts, in two columns
	over    []entry // overleaf
	title   string  // of over, if all are of a kind
	// short is the description with an ellipsis, whose whole is overleaf.
	short bool
}

// The room for facts and results on the first page, in millimetres, and how
// much smaller than usual they may get there.
const (
	footRoom   = 42.0
	leastScale = 0.8
	resultSize = 8.5 // points, of results in two columns
)

// plan decides what stands where. Facts and results go smaller, then the results
// to two columns, then to the next page, and all but the dates with them if even
// those have no room. A description that is long goes smaller, and then, in full,
// to the next page.
func (s *sheet) plan(c Content) front {
	f := s.planFoot(c.Award)
	if s.pages = 1; len(f.over) > 0 || c.Award.Record != nil {
		s.pages = 2
	}
	f.short = !s.fits(c, f)
	return f
}

func (s *sheet) planFoot(a *site.AwardPage) front {
	dates := []entry{{s.word("award.date"), s.words.Date(a.AwardedDate)}}
	if a.ValidUntil.IsZero() {
		dates = append(dates, entry{s.word("validity"), s.word("validity.unlimited")})
	} else {
		dates = append(dates, entry{s.word("award.until"), s.words.Date(a.ValidUntil)})
	}
	if r := a.Record; r != nil {
		dates = append([]entry{{s.word("record.issued"), s.words.Date(a.ValidFrom)}}, dates...)
		dates = append(dates, entry{s.word("record.count"), strconv.Itoa(r.Count)}, entry{s.word("record.total"), r.Credits})
	}
	more := said([]entry{{s.word("credits.earned"), a.CreditsEarned}, {s.word("award.license"), a.LicenseNumber}})
	var results []entry
	for _, r := range a.Results {
		results = append(results, entry{r.Name, s.words.Result(r.Standing)})
	}
	see := s.word("certificate.see", "page", 2)
	tries := []front{{facts: facts(dates, more, results)}}
	if len(results) > 0 {
		tries = append(tries, front{facts: facts(dates, more), results: results},
			front{facts: facts(dates, more, []entry{{s.word("results"), see}}), over: results, title: s.word("results")})
	}
	if over := append(more, results...); len(over) > 0 {
		tries = append(tries, front{facts: facts(dates, []entry{{s.word("certificate.more"), see}}), over: over})
	}
	for _, f := range tries {
		for f.scale = 1; f.scale >= leastScale-0.01; f.scale -= 0.05 {
			if height, small := s.footHeight(a, f); height <= footRoom && !small || s.err != nil {
				return f
			}
		}
	}
	last := tries[len(tries)-1]
	last.scale = leastScale
	return last
}

// fits tells whether the first page has room for all of the description, and
// the names hardly get smaller for it.
func (s *sheet) fits(c Content, f front) bool {
	description := c.Award.Achievement.Description
	if description == "" {
		return true
	}
	left, right := s.besidePicture(c)
	top, bottom := s.headEnd(c.Award), s.footTop(c.Award, f)
	for scale := 1.0; scale >= 0.9; scale -= 0.04 {
		if s.height(s.middleTexts(c.Award, false), right-left, scale) <= bottom-top {
			return true
		}
	}
	lines, _ := s.set(s.description(description, true), right-left, 1)
	return len(lines) > 0 && lines[len(lines)-1].Of == lines[0].Of // nothing was left out
}

// footSides are where facts and results stand, beside the QR code.
func (s *sheet) footSides(a *site.AwardPage) (left, right float64) {
	if a.Take.VerifyURL == "" {
		return s.left, s.right
	}
	return s.left, s.right - qrBox - gutter
}

// footHeight is what facts and results of the first page take, and whether a
// text among them gets too small.
func (s *sheet) footHeight(a *site.AwardPage, f front) (height float64, small bool) {
	left, right := s.footSides(a)
	height = s.factRows(f.facts, left, right, 0, f.scale, false)
	for _, fact := range f.facts {
		for _, p := range []para{fact.label, fact.value} {
			_, size := s.set(p, (right-left)/2, f.scale)
			small = small || size < p.size*leastScale-0.01
		}
	}
	if len(f.results) > 0 {
		height += rowGap*f.scale + s.table(f.results, left, right, resultSize*f.scale).height()
	}
	return height, small
}

// said are the entries that say something.
func said(all []entry) (some []entry) {
	for _, e := range all {
		if e.value != "" {
			some = append(some, e)
		}
	}
	return some
}

// fact is a label with its value below it.
type fact struct{ label, value para }

func facts(lists ...[]entry) (all []fact) {
	for _, list := range lists {
		for _, e := range said(list) {
			all = append(all, fact{para{text: e.name, size: 8.5, lines: 2, ink: muted}, para{text: e.value, bold: true, size: 10.5, lines: 2, ink: black}})
		}
	}
	return all
}

// foot is the facts, the results and the QR code.
func (s *sheet) foot(a *site.AwardPage, f front, bottom float64) {
	if a.Take.VerifyURL != "" {
		caption := s.caption()
		lines, size := s.set(caption, qrBox, 1)
		top := bottom - qrBox - height(lines, size)
		s.qr(a.Take.VerifyURL, s.right-qrBox, top, qrBox)
		s.centred(lines, caption, size, s.right-qrBox, s.right, top+qrBox)
	}
	top := s.footTop(a, f) + 6
	s.stroke(rule, 0.2)
	s.pdf.Line(s.left, top-3, s.right, top-3)
	left, right := s.footSides(a)
	y := top + 1 + s.factRows(f.facts, left, right, top+1, f.scale, true)
	if len(f.results) > 0 {
		t := s.table(f.results, left, right, resultSize*f.scale)
		s.drawTable(t, t.balanced(), y+rowGap*f.scale)
	}
}

// footTop is where the foot begins.
func (s *sheet) footTop(a *site.AwardPage, f front) float64 {
	room, _ := s.footHeight(a, f)
	if a.Take.VerifyURL != "" {
		lines, size := s.set(s.caption(), qrBox, 1)
		room = max(room, qrBox+height(lines, size))
	}
	return s.finePrintTop(a) - room - 7.5
}

// caption is what stands below the QR code.
func (s *sheet) caption() para {
	return para{text: s.word("award.scan"), size: 8, lines: 2, ink: muted}
}

// rowGap is the distance between rows of facts, in millimetres.
const rowGap = 2.5

// factRows sets the facts beside each other, in as many rows as they need, and
// returns their height; draw tells whether to draw them or only to measure.
func (s *sheet) factRows(facts []fact, left, right, top, scale float64, draw bool) float64 {
	x, y, row := left, top, 0.0
	for _, f := range facts {
		width := min(max(s.width(f.label, scale), s.width(f.value, scale))+0.5, (right-left)/2)
		if x > left && x+width > right {
			x, y, row = left, y+row+rowGap*scale, 0
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

// besidePicture is where who earned what stands: beside the achievement's
// picture, if there is one.
func (s *sheet) besidePicture(c Content) (left, right float64) {
	switch {
	case c.Picture == nil:
		return s.left, s.right
	case s.words.RightToLeft():
		return s.left + pictureBox + gutter, s.right
	}
	return s.left, s.right - pictureBox - gutter
}

// middle is who earned what, as large as the room allows.
func (s *sheet) middle(c Content, f front) {
	top, bottom := s.headEnd(c.Award), s.footTop(c.Award, f)
	if s.err != nil {
		return
	}
	if c.Picture != nil {
		w, h := c.Picture.fit(pictureBox, min(pictureBox, bottom-top))
		x := s.right - (pictureBox+w)/2
		if s.words.RightToLeft() {
			x = s.left + (pictureBox-w)/2
		}
		s.picture("achievement", c.Picture, x, (top+bottom-h)/2, w, h)
	}
	left, right := s.besidePicture(c)
	texts := s.middleTexts(c.Award, f.short)
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

// middleTexts are those beside the picture; short tells to leave out what the
// next page says of the description.
func (s *sheet) middleTexts(a *site.AwardPage, short bool) []para {
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
	if r := a.Record; r != nil {
		kind := s.word("record")
		if r.Partial {
			kind += " · " + s.word("record.partial")
		}
		texts = append(texts, para{text: kind, bold: r.Partial, size: 10, lines: 1, ink: accent, after: 1.5})
	}
	if a.Achievement.Type != "" {
		texts = append(texts, para{text: a.Achievement.Type, size: 10, lines: 1, ink: accent, after: 1.5})
	}
	if a.Achievement.Description != "" {
		texts = append(texts, s.description(a.Achievement.Description, short))
	}
	if len(a.EndorsedBy) > 0 && !short {
		if n := len(texts) - 1; texts[n].after == 0 {
			texts[n].after = 1.5
		}
		texts = append(texts, para{text: s.word("certificate.endorsed") + " " + strings.Join(a.EndorsedBy, " · "), bold: true, size: 9, lines: 1, cut: true, ink: black})
	}
	if short {
		texts = append(texts, para{text: s.word("certificate.see", "page", 2), size: 8.5, lines: 1, ink: muted})
	}
	return texts
}

// description is the achievement's, whole or with an ellipsis.
func (s *sheet) description(words string, short bool) para {
	p := para{text: words, size: 10.5, least: leastScale, lines: 7, ink: muted}
	if short {
		p.lines, p.cut, p.after = 4, true, 1
	}
	return p
}
