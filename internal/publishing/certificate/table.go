package certificate

import (
	"laurel/internal/material/lettering"
	"laurel/internal/material/pdf"
)

// table is entries in two columns, a line or more for each.
type table struct {
	rows []row
	size float64 // points

	// width is that of a column; of it values take the end, of this width.
	left, width, values float64
}

// row is an entry: its value stands beside its name.
type row struct{ name, value []lettering.Line }

// valueGap is the distance between name and value, in millimetres.
const valueGap = 4.0

var (
	nameText  = para{ink: muted}
	valueText = para{ink: black, bold: true}
)

// table sets entries between left and right. Nothing in it gets smaller than
// size: what is long takes more lines.
func (s *sheet) table(entries []entry, left, right, size float64) table {
	t := table{size: size, left: left, width: (right - left - gutter) / 2}
	names, values := make([]*lettering.Text, len(entries)), make([]*lettering.Text, len(entries))
	widest, longest := 0.0, 0.0
	for i, e := range entries {
		names[i], values[i] = s.shape(e.name, nameText.bold), s.shape(e.value, valueText.bold)
		if s.err != nil {
			return t
		}
		widest = max(widest, values[i].Whole().Width()*size*point)
		longest = max(longest, names[i].Whole().Width()*size*point)
	}
	// Values take what they need, and at most half of the column where names
	// need more than what is left.
	t.values = min(widest+0.5, max(t.width/2, t.width-valueGap-longest-0.5))
	for i := range entries {
		name, _ := names[i].Wrap((t.width - valueGap - t.values) / (size * point))
		value, _ := values[i].Wrap(t.values / (size * point))
		t.rows = append(t.rows, row{name, value})
	}
	return t
}

// rowHeight is that of a row, with the room around it and the line below it.
func (t table) rowHeight(r row) float64 {
	return max(height(r.name, t.size), height(r.value, t.size)) + 2*t.margin()
}

// margin is the room above and below the lines of a row.
func (t table) margin() float64 { return t.size * point * 0.25 }

func (t table) heightOf(rows []row) float64 {
	total := 0.0
	for _, r := range rows {
		total += t.rowHeight(r)
	}
	return total
}

// balanced parts the rows into two columns of about the same height.
func (t table) balanced() (columns [2][]row) {
	best := t.heightOf(t.rows)
	columns[0] = t.rows
	first := 0.0
	for i, r := range t.rows {
		first += t.rowHeight(r)
		if taller := max(first, t.heightOf(t.rows[i+1:])); taller < best {
			best, columns = taller, [2][]row{t.rows[:i+1], t.rows[i+1:]}
		}
	}
	return columns
}

// height is that of the table in balanced columns.
func (t table) height() float64 {
	columns := t.balanced()
	return max(t.heightOf(columns[0]), t.heightOf(columns[1]))
}

// fill parts as many rows as have room into two columns, and returns the others.
func (t table) fill(room float64) (columns [2][]row, rest table) {
	if t.height() <= room {
		return t.balanced(), table{}
	}
	rest = t
	for i := range columns {
		columns[i], rest.rows = t.fillColumn(rest.rows, room)
	}
	return columns, rest
}

// fillColumn takes rows for one column. A row that is taller than all of it goes
// on in the next.
func (t table) fillColumn(rows []row, room float64) (taken, rest []row) {
	for len(rows) > 0 {
		r := rows[0]
		tall := t.rowHeight(r)
		if tall <= room {
			taken, rows, room = append(taken, r), rows[1:], room-tall
			continue
		}
		if len(taken) > 0 {
			break
		}
		head, tail := t.part(r, room)
		return []row{head}, append([]row{tail}, rows[1:]...)
	}
	return taken, rows
}

// part takes as many lines of a row as have room, at least one.
func (t table) part(r row, room float64) (head, tail row) {
	take := func(lines []lettering.Line) (a, b []lettering.Line) {
		n := min(1, len(lines))
		for n < len(lines) && t.rowHeight(row{name: lines[:n+1]}) <= room {
			n++
		}
		return lines[:n], lines[n:]
	}
	head.name, tail.name = take(r.name)
	head.value, tail.value = take(r.value)
	return head, tail
}

// drawTable draws two columns from y, as one table. On a sheet from right to left they
// are mirrored.
func (s *sheet) drawTable(parent *pdf.Element, t table, columns [2][]row, y float64) {
	mirrored := func(from, to float64) (float64, float64) {
		if both := 2*(t.left+t.width) + gutter; s.words.RightToLeft() {
			return both - to, both - from
		}
		return from, to
	}
	if len(t.rows) == 0 {
		return
	}
	was := s.centre
	s.centre = false
	whole := parent.Add("Table")
	for i, rows := range columns {
		left := t.left + float64(i)*(t.width+gutter)
		right := left + t.width
		at := y
		for _, r := range rows {
			from, to := mirrored(left, right-t.values-valueGap)
			tr := whole.Add("TR")
			s.mark(tr, "TH", "").Scope = "Row"
			s.lines(r.name, nameText, t.size, from, to, at+t.margin())
			s.mark(tr, "TD", "")
			from, to = mirrored(right-t.values, right)
			s.lines(r.value, valueText, t.size, from, to, at+t.margin())
			at += t.rowHeight(r)
			from, to = mirrored(left, right)
			s.ornament()
			s.page.Line(faint, 0.15, from, at, to, at)
		}
	}
	s.centre = was
}
