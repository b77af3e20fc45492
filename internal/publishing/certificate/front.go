package certificate

import (
	"strings"

	"laurel/internal/material/lettering"
	"laurel/internal/material/pdf"
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

// begin begins a page with its ornament, and what an award that is not good has all
// over it.
func (s *sheet) begin(c Content, first bool) {
	s.page = s.doc.Page(s.w, s.h)
	s.ornament()
	if background := c.Pictures[c.Award.Certificate.Background.Href]; first && background != nil {
		s.page.Faint(0.14, func() { s.cover(background) })
	}
	s.frame(first)
	if stamp := s.stamp(c.Award); stamp != nil {
		s.watermark(*stamp)
	}
}

// pageAfter begins a page after the first: its frame, the issuer, the fine print. All
// of that is said on the first, so it is not read again.
func (s *sheet) pageAfter(c Content, number int) {
	if s.err != nil {
		return
	}
	s.begin(c, false)
	s.head(nil, c, s.left, s.right, edge+11, 13)
	s.paras(nil, s.status(c.Award), s.left, s.right, edge+28, 1)
	a := c.Award
	y := s.finePrintTop(a) + 4
	s.page.Line(rule, 0.2, s.left, y-2, s.right, y-2)
	s.paras(nil, s.finePrintTexts(a, number), s.left, s.right, y, 1)
}

// head is the issuer, in a row so high from y, and what has become of the award.
func (s *sheet) head(parent *pdf.Element, c Content, left, right, y, high float64) {
	name := para{text: c.Award.IssuedBy.Name, bold: true, size: 15, lines: 2, ink: black}
	room, gap := right-left, 0.0
	if c.IssuerPicture != nil {
		gap = high + 4
	}
	lines, size := s.set(name, room-gap, 1)
	start, end := left+gap, right
	if s.words.RightToLeft() {
		start, end = left, right-gap
	}
	if s.centre {
		wide := gap + widest(lines, size)
		start = (left + right - wide) / 2
		end = start + wide
		if s.words.RightToLeft() {
			end -= gap
		} else {
			start += gap
		}
	}
	at := start - gap
	if s.words.RightToLeft() {
		at = end + gap - high
	}
	s.figure(parent, c.IssuerPicture, "", at, y, high, high)
	if parent != nil {
		s.mark(parent, "P", "")
	}
	s.centred(false, func() { s.lines(lines, name, size, start, end, y+high/2-height(lines, size)/2) })
}

func widest(lines []lettering.Line, size float64) (wide float64) {
	for _, l := range lines {
		wide = max(wide, l.Width()*size*point)
	}
	return wide
}

// status is what has become of an award that does not count.
func (s *sheet) status(a *site.AwardPage) []para {
	if a.State.Over() {
		return []para{{text: s.word("status." + string(a.State)), bold: true, size: 13, lines: 1, ink: s.look.bad, after: 1}}
	}
	return nil
}

// finePrintTop is where the fine print begins, at the bottom of a page after the first.
func (s *sheet) finePrintTop(a *site.AwardPage) float64 {
	return s.h - edge - 10.5 - s.height(s.finePrintTexts(a, s.pages), s.right-s.left, 1)
}

// finePrintTexts are what somebody needs who cannot scan: where to check, which
// credential, whose; and which page of how many this is.
func (s *sheet) finePrintTexts(a *site.AwardPage, page int) []para {
	var texts []para
	for _, e := range []entry{
		{"certificate.check", a.Take.VerifyURL}, {"proof.credential", a.CredentialID}, {"proof.issuer", a.IssuedBy.DID},
	} {
		if e.value != "" {
			texts = append(texts, para{text: s.word(e.name) + ": " + e.value, size: 7, lines: 4, ink: muted})
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

// How much smaller than usual facts and results may get on the first page.
const (
	leastScale = 0.8
	resultSize = 8.5 // points, of results in two columns
)

// plan decides what stands where. Facts and results go smaller, then the results
// to two columns, then to the next page, and all but the dates with them if even
// those have no room. A description that is long goes smaller, and then, in full,
// to the next page.
func (s *sheet) plan(c Content) front {
	f := s.planFoot(c)
	if s.pages = 1; len(f.over) > 0 || c.Award.Record != nil {
		s.pages = 2
	}
	for small := f; small.scale >= leastScale-0.01; small.scale -= 0.05 {
		if s.fits(c, small) {
			return small
		}
	}
	f.short = true
	return f
}

func (s *sheet) planFoot(c Content) front {
	a, r := c.Award, s.room(c)
	dates := []entry{{s.word("award.date"), s.words.Date(a.AwardedDate)}}
	if a.ValidUntil.IsZero() {
		dates = append(dates, entry{s.word("validity"), s.word("validity.unlimited")})
	} else {
		dates = append(dates, entry{s.word("award.until"), s.words.Date(a.ValidUntil)})
	}
	if r := a.Record; r != nil {
		dates = append([]entry{{s.word("record.issued"), s.words.Date(a.ValidFrom)}}, dates...)
		dates = append(dates, entry{s.word("record.count"), s.words.Number(r.Count)}, entry{s.word("record.total"), s.words.Number(r.Credits)})
	}
	more := said([]entry{{s.word("credits.earned"), s.words.Number(a.CreditsEarned)}, {s.word("award.license"), a.LicenseNumber}})
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
			if height, small := s.footHeight(f, r); height <= r.facts && !small || s.err != nil {
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
	r := s.room(c)
	facts, _ := s.footHeight(f, r)
	for scale := 1.0; scale >= 0.9; scale -= 0.04 {
		if s.height(s.middleTexts(c, false), r.right-r.left, scale)+facts <= r.most() {
			return true
		}
	}
	lines, _ := s.set(s.description(c, true), r.right-r.left, 1)
	return len(lines) > 0 && lines[len(lines)-1].Of == lines[0].Of // nothing was left out
}

// footHeight is what facts and results of the first page take with the room above
// them, and whether a text among them gets too small.
func (s *sheet) footHeight(f front, r room) (height float64, small bool) {
	height = r.above + s.factRows(nil, f.facts, r.left, r.right, 0, f.scale)
	for _, fact := range f.facts {
		for _, p := range []para{fact.label, fact.value} {
			_, size := s.set(p, (r.right-r.left)/2, f.scale)
			small = small || size < p.size*leastScale-0.01
		}
	}
	if len(f.results) > 0 {
		height += rowGap*f.scale + s.table(f.results, r.left, r.right, resultSize*f.scale).height()
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

// foot is the facts and the results, from y on.
func (s *sheet) foot(f front, r room, y float64) {
	list := s.part.Add("L")
	y += s.factRows(list, f.facts, r.left, r.right, y, f.scale)
	if len(f.results) > 0 {
		t := s.table(f.results, r.left, r.right, resultSize*f.scale)
		s.drawTable(s.part, t, t.balanced(), y+rowGap*f.scale)
	}
}

// rowGap is the distance between rows of facts, in millimetres.
const rowGap = 2.5

// factRows sets the facts beside each other, in as many rows as they need, and
// returns their height; without a list they are only measured.
func (s *sheet) factRows(list *pdf.Element, facts []fact, left, right, top, scale float64) float64 {
	y := top
	for from := 0; from < len(facts); {
		var widths []float64
		wide, high := -gutter, 0.0
		for _, f := range facts[from:] {
			width := min(max(s.width(f.label, scale), s.width(f.value, scale))+0.5, (right-left)/2)
			if len(widths) > 0 && wide+gutter+width > right-left {
				break
			}
			widths, wide = append(widths, width), wide+gutter+width
			high = max(high, s.height([]para{f.label, f.value}, width, scale))
		}
		x := left
		if s.centre {
			x = (left + right - wide) / 2
		}
		for i, f := range facts[from : from+len(widths)] {
			begin, end := x, x+widths[i]
			if s.words.RightToLeft() {
				begin, end = left+right-end, left+right-begin
			}
			if list != nil {
				item := list.Add("LI")
				f.label.role, f.value.role = "Lbl", "LBody"
				s.paras(item, []para{f.label, f.value}, begin, end, y, scale)
			}
			x += widths[i] + gutter
		}
		from += len(widths)
		if y += high; from < len(facts) {
			y += rowGap * scale
		}
	}
	return y - top
}

// middleTexts are those beside the picture; short tells to leave out what the
// next page says of the description.
func (s *sheet) middleTexts(c Content, short bool) []para {
	a := c.Award
	label := func(key string) para { return para{text: s.word(key), size: 9.5, lines: 1, ink: muted, after: 1} }
	var texts []para
	switch {
	case a.RecipientName != "":
		texts = append(texts, label("award.to"), para{text: a.RecipientName, bold: true, size: s.nameSize(), lines: 2, ink: black, after: 4}, label("award.for"))
	case a.RecipientID != "":
		texts = append(texts, label("award.to"), para{text: a.RecipientID, size: 10, lines: 3, ink: black, after: 4}, label("award.for"))
	default:
		texts = append(texts, label("award.unnamed"))
	}
	texts = append(texts, para{text: a.Achievement.Name, bold: true, size: 22, lines: 2, ink: s.look.accent, after: 1.5, role: "H1", as: a.Achievement.Language})
	if r := a.Record; r != nil {
		kind := s.word("record")
		if r.Partial {
			kind += " · " + s.word("record.partial")
		}
		texts = append(texts, para{text: kind, bold: r.Partial, size: 10, lines: 1, ink: s.look.accent, after: 1.5})
	}
	if a.Achievement.Type != "" {
		texts = append(texts, para{text: a.Achievement.Type, size: 10, lines: 1, ink: s.look.accent, after: 1.5})
	}
	if a.Achievement.Description != "" {
		texts = append(texts, s.description(c, short))
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
func (s *sheet) description(c Content, short bool) para {
	p := para{text: c.Award.Achievement.Description, as: c.Award.Achievement.Language, size: 10.5, least: leastScale, lines: 7, ink: muted}
	if short {
		p.lines, p.cut, p.after = 4, true, 1
	}
	return p
}
