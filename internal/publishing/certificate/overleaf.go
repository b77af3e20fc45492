package certificate

import "laurel/internal/material/lettering"

// over is what stands on a page after the first, below its head.
type over struct {
	title   []para // on the first of them: of what the table is
	lines   []lettering.Line
	table   table
	columns [2][]row
}

const (
	overleafText = 10.5 // points, of the description
	overleafRow  = 9.0  // of results
	// overleafWidth is how wide the description is at most, in millimetres, as
	// longer lines are hard to read.
	overleafWidth = 180.0
	// overleafLeast is the room below which a table begins on a new page.
	overleafLeast = 25.0
)

// layOverleaf sets what the first page has no room for: the description and the
// results, in as many pages as they need.
func (s *sheet) layOverleaf(c Content, f front) (pages []over) {
	if !f.short && len(f.over) == 0 {
		return nil
	}
	s.pages = 2
	top, bottom := s.overleafTop(c), s.finePrintTop(c.Award)
	y := top
	var page over
	next := func() {
		pages = append(pages, page)
		page, y = over{}, top
	}
	if f.short {
		t := s.shape(c.Award.Achievement.Description, false)
		if t == nil {
			return nil
		}
		lines, _ := t.Wrap(min(overleafWidth, s.right-s.left) / (overleafText * point))
		for leading := t.Leading() * overleafText * point; len(lines) > 0; {
			n := min(len(lines), int((bottom-y)/leading))
			page.lines, lines = lines[:n], lines[n:]
			y += float64(n) * leading
			if len(lines) > 0 {
				next()
			}
		}
		y += 5
	}
	if len(f.over) > 0 && bottom-y < overleafLeast {
		next()
	}
	for rest := s.table(f.over, s.left, s.right, overleafRow); len(rest.rows) > 0; {
		if f.title != "" {
			page.title = []para{{text: f.title, bold: true, size: 11, lines: 1, ink: black, after: 2, role: "H2"}}
		}
		page.table = rest
		page.columns, rest = rest.fill(bottom - y - s.height(page.title, s.right-s.left, 1))
		if len(rest.rows) > 0 {
			next()
		}
	}
	return append(pages, page)
}

// headEnd is where the head of a page after the first ends.
func (s *sheet) headEnd(c Content) float64 {
	return edge + 28 + s.height(s.status(c.Award), s.right-s.left, 1)
}

// overleafTop is where a page after the first begins below its head.
func (s *sheet) overleafTop(c Content) float64 {
	return s.headEnd(c) + 4 + s.height(s.overleafHead(c), s.right-s.left, 1)
}

// overleafHead says again who earned what.
func (s *sheet) overleafHead(c Content) []para {
	texts := []para{{text: c.Award.Achievement.Name, bold: true, size: 14, lines: 2, ink: black, after: 1}}
	if name := c.Award.RecipientName; name != "" {
		texts = append(texts, para{text: name, size: 11, lines: 2, ink: black, after: 1})
	}
	texts[len(texts)-1].after = 4
	return texts
}

// overleaf draws a page after the first.
func (s *sheet) overleaf(c Content, p over, number int) {
	s.pageAfter(c, number)
	if s.err != nil {
		return
	}
	s.paras(nil, s.overleafHead(c), s.left, s.right, s.headEnd(c)+4, 1)
	y := s.overleafTop(c)
	if len(p.lines) > 0 {
		s.mark(s.part, "P", c.Award.Achievement.Language)
		y = s.lines(p.lines, para{ink: black}, overleafText, s.left, s.right, y) + 5
	}
	y = s.paras(s.part, p.title, s.left, s.right, y, 1)
	s.drawTable(s.part, p.table, p.columns, y)
}
