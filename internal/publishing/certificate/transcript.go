package certificate

import (
	"slices"

	"laurel/internal/material/lettering"
	"laurel/internal/publishing/site"
)

// The columns of a transcript. Nothing in it gets smaller: what is long takes more
// lines, and a row that has no room goes on on the next page.
const (
	columnName = iota
	columnDate
	columnResult
	columnCredits
	columns
)

const (
	transcriptSize = 9.0 // points
	transcriptHead = 8.0 // of the columns' names
	indent         = 5.0 // millimetres, of what is part of something
	deepest        = 4   // as far as indents go
)

// transcript is what a learner record holds, as a table of several pages.
type transcript struct {
	left, right [columns]float64
	heads       [columns][]lettering.Line
	pages       [][]transcriptRow
}

type transcriptRow struct {
	cells  [columns][]lettering.Line
	note   []lettering.Line // below the name: what has become of it
	indent float64
	bold   bool
}

var noteText = para{bold: true, ink: ink{R: 148, G: 33, B: 27}}

// layTranscript sets what a record holds, in as many pages as it needs; nil for an
// award.
func (s *sheet) layTranscript(c Content) *transcript {
	r := c.Award.Record
	if r == nil {
		return nil
	}
	s.pages = 2
	t := s.transcriptColumns(r)
	rows := s.transcriptRows(t, r)
	if s.err != nil {
		return t
	}
	room := s.finePrintTop(c.Award) - s.overleafTop(c) - t.headHeight()
	for len(rows) > 0 {
		var page []transcriptRow
		left := room
		for len(rows) > 0 && rows[0].height() <= left {
			left -= rows[0].height()
			page, rows = append(page, rows[0]), rows[1:]
		}
		if len(page) == 0 { // taller than a page
			head, tail := rows[0].part(room)
			page, rows[0] = []transcriptRow{head}, tail
		}
		t.pages = append(t.pages, page)
	}
	return t
}

// transcriptColumns finds the columns' places: dates and credits take what they need,
// names and results share the rest.
func (s *sheet) transcriptColumns(r *site.Record) *transcript {
	t := &transcript{}
	names := [columns]string{s.word("record.achievement"), s.word("award.date"), s.word("record.result"), s.word("record.credits")}
	var widest [columns]float64
	see := func(column int, p para) { widest[column] = max(widest[column], s.width(p, 1)+0.5) }
	results := false
	for i, name := range names {
		see(i, para{text: name, size: transcriptHead, bold: true})
	}
	for _, row := range r.Rows() {
		if row.Member == nil {
			continue
		}
		results = results || len(row.Member.Results) > 0
		see(columnDate, para{text: s.words.Date(row.Member.AwardedDate), size: transcriptSize})
		see(columnCredits, para{text: s.words.Number(row.Member.Credits), size: transcriptSize, bold: true})
	}
	see(columnCredits, para{text: s.words.Number(r.Credits), size: transcriptSize, bold: true})
	const gap = 5.0
	rest := s.right - s.left - widest[columnDate] - widest[columnCredits] - 3*gap
	widths := [columns]float64{rest * 0.5, widest[columnDate], rest * 0.5, widest[columnCredits]}
	if !results {
		widths[columnName], widths[columnResult] = rest-widest[columnResult], widest[columnResult]
	}
	x := s.left
	for i, width := range widths {
		t.left[i], t.right[i] = x, x+width
		x += width + gap
		t.heads[i] = s.wrap(names[i], true, width, transcriptHead)
	}
	return t
}

// wrap sets a text in lines of a width, in millimetres.
func (s *sheet) wrap(text string, bold bool, width, size float64) []lettering.Line {
	t := s.shape(text, bold)
	if t == nil || text == "" {
		return nil
	}
	lines, _ := t.Wrap(width / (size * point))
	return lines
}

func (s *sheet) transcriptRows(t *transcript, r *site.Record) (rows []transcriptRow) {
	width := func(column int) float64 { return t.right[column] - t.left[column] }
	for _, of := range r.Rows() {
		row := transcriptRow{indent: indent * float64(min(of.Depth, deepest)), bold: of.Member == nil}
		row.cells[columnName] = s.wrap(of.Part.Name, row.bold, width(columnName)-row.indent, transcriptSize)
		if m := of.Member; m != nil {
			if m.Issuer != "" {
				row.cells[columnName] = append(row.cells[columnName], s.wrap(m.Issuer, false, width(columnName)-row.indent, transcriptSize)...)
			}
			if m.Status.State == "revoked" || m.Status.State == "suspended" {
				row.note = s.wrap(s.word("status."+m.Status.State), true, width(columnName)-row.indent, transcriptSize)
			}
			row.cells[columnDate] = s.wrap(s.words.Date(m.AwardedDate), false, width(columnDate), transcriptSize)
			for _, result := range m.Results {
				said := s.words.Result(result.Standing)
				if result.Name != "" {
					said = result.Name + ": " + said
				}
				row.cells[columnResult] = append(row.cells[columnResult], s.wrap(said, false, width(columnResult), transcriptSize)...)
			}
			row.cells[columnCredits] = s.wrap(s.words.Number(m.Credits), false, width(columnCredits), transcriptSize)
		}
		rows = append(rows, row)
	}
	if r.Credits != "" {
		total := transcriptRow{bold: true}
		total.cells[columnName] = s.wrap(s.word("record.total"), true, width(columnName), transcriptSize)
		total.cells[columnCredits] = s.wrap(s.words.Number(r.Credits), true, width(columnCredits), transcriptSize)
		rows = append(rows, total)
	}
	return rows
}

// rowMargin is the room above and below the lines of a row, in millimetres.
const rowMargin = transcriptSize * point * 0.3

func (r transcriptRow) height() float64 {
	tallest := height(r.cells[columnName], transcriptSize) + height(r.note, transcriptSize)
	for _, lines := range r.cells[1:] {
		tallest = max(tallest, height(lines, transcriptSize))
	}
	return tallest + 2*rowMargin
}

// part takes as many lines of each cell as have room, at least one.
func (r transcriptRow) part(room float64) (head, tail transcriptRow) {
	head, tail = r, r
	fits := func(lines []lettering.Line) int {
		n := min(1, len(lines))
		for n < len(lines) && height(lines[:n+1], transcriptSize)+2*rowMargin <= room {
			n++
		}
		return n
	}
	for i, lines := range r.cells {
		n := fits(lines)
		head.cells[i], tail.cells[i] = lines[:n], lines[n:]
	}
	if n := fits(slices.Concat(r.cells[columnName], r.note)) - len(head.cells[columnName]); n < len(r.note) {
		head.note, tail.note = r.note[:max(n, 0)], r.note[max(n, 0):]
	} else {
		tail.note = nil
	}
	if len(tail.cells[columnName]) == 0 && len(tail.note) == 0 {
		tail.cells[columnName] = r.cells[columnName] // whose it is that goes on
	}
	return head, tail
}

func (t *transcript) headHeight() float64 {
	tallest := 0.0
	for _, lines := range t.heads {
		tallest = max(tallest, height(lines, transcriptHead))
	}
	return tallest + 1.5
}

// transcriptPage draws one page of a transcript. On a sheet from right to left the
// columns are mirrored.
func (s *sheet) transcriptPage(c Content, t *transcript, index, number int) {
	s.pageAfter(c, number)
	if s.err != nil {
		return
	}
	s.paras(nil, s.overleafHead(c), s.left, s.right, s.headEnd(c)+4, 1)
	y := s.overleafTop(c)
	whole := s.part.Add("Table")
	tr := whole.Add("TR")
	for i, lines := range t.heads {
		s.mark(tr, "TH", "").Scope = "Column"
		s.cell(t, i, 0, lines, para{ink: muted, bold: true}, transcriptHead, y)
	}
	y += t.headHeight()
	s.ornament()
	s.page.Line(rule, 0.25, s.left, y, s.right, y)
	for _, row := range t.pages[index] {
		tr := whole.Add("TR")
		for i, lines := range row.cells {
			in := 0.0
			if i == columnName {
				s.mark(tr, "TH", "").Scope = "Row"
			} else {
				s.mark(tr, "TD", "")
			}
			if i == columnName {
				in = row.indent
			}
			end := s.cell(t, i, in, lines, para{ink: black, bold: row.bold}, transcriptSize, y+rowMargin)
			if i == columnName {
				s.cell(t, i, in, row.note, noteText, transcriptSize, end)
			}
		}
		y += row.height()
		s.ornament()
		s.page.Line(faint, 0.15, s.left, y, s.right, y)
	}
}

// cell draws the lines of a cell from y and returns where they end. Credits stand at
// the end of their column.
func (s *sheet) cell(t *transcript, column int, indent float64, lines []lettering.Line, p para, size, y float64) float64 {
	for _, l := range lines {
		from, to := t.left[column]+indent, t.right[column]
		if column == columnCredits {
			from = to - l.Width()*size*point
		}
		if s.words.RightToLeft() {
			from, to = s.left+s.right-to, s.left+s.right-from
		}
		y = s.lines([]lettering.Line{l}, p, size, from, to, y)
	}
	return y
}
