package content

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"laurel/internal/authoring/model"
	"laurel/internal/material/hint"
	"laurel/internal/material/table"
	"laurel/internal/material/text"
)

// sheetName finds the sheet in what a cohort names as its roster: list.xlsx#Sheet.
var sheetName = regexp.MustCompile(`(?i)^(.+\.xls[xm])#(.+)$`)

// roster reads the table a cohort names. Its rows are turned into the
// nodes that a recipient in YAML would have, and read as such.
func (c *cohortReader) roster(v value, rosters map[string]bool) {
	s, ok := v.text()
	if !ok {
		return
	}
	sheet := ""
	if m := sheetName.FindStringSubmatch(s); m != nil {
		s, sheet = m[1], m[2]
	}
	name := rosterPath(s)
	other, try := table.Other(name)
	switch {
	case name == "" || !fs.ValidPath(name):
		v.problem("must be a file below content/, named relative to content/awards", "for example spring-2026.csv or spring-2026.xlsx")
		return
	case other != "":
		v.problem(other, try)
		return
	case !table.IsText(name) && !table.IsWorkbook(name):
		v.problem("must be a .csv or .xlsx file", "")
		return
	}
	rosters[name] = true
	data, ok := c.read(c.onDisk(name), csvBytes, &v)
	if !ok {
		return
	}
	src := &source{name: name, sheet: true, workbook: table.IsWorkbook(name), problems: c.problems}
	if len(data) == 0 {
		src.report(position{1, 1}, "", "the roster is empty", "its first line names the columns, such as name,email")
		return
	}
	t, err := table.Read(name, data, table.Options{Encoding: c.reading.encoding, Sheet: sheet, Known: c.fields(true).known})
	if err != nil {
		src.text = data
		c.tableFault(src, err)
		return
	}
	src.text, src.comma = t.Text, t.Comma
	if src.workbook {
		src.name += "#" + t.Name
		if sheet == "" && len(t.Others) > 0 {
			c.warn(v.source(), "the workbook has "+strconv.Itoa(len(t.Others)+1)+" sheets, of which the first is read: "+t.Name,
				"roster: "+s+"#"+t.Name+" says that it is meant; the others are "+strings.Join(t.Others, ", "))
		}
	}
	if !src.givesAway() {
		c.sheet(src, t)
	}
}

// tableFault reports what is wrong with a table, and not with one of its cells.
func (c *cohortReader) tableFault(s *source, err error) {
	at := position{}
	var f *table.Fault
	if errors.As(err, &f) && f.Line > 0 {
		at = position{f.Line, f.Column}
	}
	if at.line == 0 {
		c.fault(s.name, err.Error(), hint.Of(err))
		return
	}
	s.report(at, "", err.Error(), hint.Of(err))
}

func (c *cohortReader) sheet(s *source, t *table.Sheet) {
	var columns []column
	rows := 0
	for row, err := range t.Rows() {
		if s.workbook {
			s.show(row.Cells)
		}
		switch {
		case err != nil:
			c.tableFault(s, err)
			if columns == nil {
				return
			}
			rows++
		case columns == nil:
			var ok bool
			if columns, ok = c.columns(s, row); !ok {
				return
			}
		case s.workbook && s.rowGivesAway(row.Line):
			return
		default:
			rows++
			c.line(s, columns, row)
		}
	}
	if rows == 0 {
		s.report(position{1, 1}, "", "the roster has no rows below its header", "add them, or delete roster: from the cohort")
	}
}

// line reads one row below the header.
func (c *cohortReader) line(s *source, columns []column, row table.Row) {
	field := "row " + strconv.Itoa(row.Number)
	fail := func(text, hint string) { s.report(position{row.Line, 1}, field, text, hint) }
	if row.Hidden {
		fail("is hidden, by a filter or by hand: nobody can tell whether it is meant", "show all rows (Data > Clear the filter), and delete those that are not meant")
		return
	}
	for i := len(columns); i < len(row.Cells); i++ {
		if !row.Cells[i].Empty() {
			fail(fmt.Sprintf("has %d cells, but the header has %d", len(row.Cells), len(columns)), "a cell that contains "+commaName(s.comma)+" must be in double quotes")
			return
		}
	}
	named := len(columns)
	for columns[named-1].nameless {
		named--
	}
	if len(row.Cells) < named && !s.workbook {
		fail(fmt.Sprintf("has %d of the %d cells that the header has", len(row.Cells), named), "write "+commaName(s.comma)+" for each cell that is empty, at the end of the row as well; an Excel workbook (.xlsx) needs none")
		return
	}
	for i := len(row.Cells); i < len(columns); i++ {
		row.Cells = append(row.Cells, table.Cell{Line: row.Line, Column: i + 1})
	}
	at := value{s: s, row: true, item: row.Number, at: c.rowNode(s, columns, row)}
	at.node = at.at
	c.row(object{&at})
}

func commaName(comma rune) string {
	switch comma {
	case ';':
		return "a semicolon"
	case '\t':
		return "a tab"
	case '|':
		return "a vertical bar"
	}
	return "a comma"
}

// broken is the tag of a cell of which it was said what is wrong: that is the one error
// of the cell.
const broken = "!broken"

// rowNode makes the mapping that a row means. Empty cells are properties that
// are not there; evidence columns are one Evidence, result columns a mapping
// by the id of the result description.
func (c *cohortReader) rowNode(s *source, columns []column, row table.Row) *yaml.Node {
	cells := make([]yaml.Node, len(columns)) // one allocation a row
	top := &yaml.Node{Kind: yaml.MappingNode, Line: row.Line, Column: 1, Content: make([]*yaml.Node, 0, 2*len(columns))}
	if len(row.Cells) > 0 && !s.workbook {
		top.Line, top.Column = row.Cells[0].Line, row.Cells[0].Column
	}
	groups := map[string]*yaml.Node{}
	var first, last *yaml.Node // parts of the name
	for i := range columns {
		col, cell := columns[i], row.Cells[i]
		if col.ignored {
			continue
		}
		n := &cells[i]
		n.Kind, n.Tag, n.Style = yaml.ScalarNode, "!!str", yaml.DoubleQuotedStyle
		n.Line, n.Column, n.LineComment = cell.Line, cell.Column, col.letter
		where := value{s: s, up: &value{s: s, row: true, item: row.Number, at: top}, name: col.field, at: n}
		var fault, try string
		n.Value, fault, try = c.cell(s, col, cell)
		if fault != "" || cell.Kind == table.Broken {
			n.Tag = broken
		} else if n.Value == "" {
			continue
		}
		if col.nameless {
			if fault != "" && !col.told {
				s.report(col.at, "row "+col.row+", column "+col.letter, fault, try)
				columns[i].told = true
			}
			continue
		}
		if fault != "" {
			s.meant = text.Mojibake(cell.Text)
			where.problem(fault, try)
		}
		switch col.field {
		case firstName:
			first = n
			continue
		case lastName:
			last = n
			continue
		}
		into := top
		if g := col.group; g != "" {
			into = groups[g]
			if into == nil {
				into = &yaml.Node{Kind: yaml.MappingNode, Line: n.Line, Column: n.Column}
				groups[g] = into
				at := into
				if g == "evidence" {
					at = &yaml.Node{Kind: yaml.SequenceNode, Line: n.Line, Column: n.Column, Content: []*yaml.Node{into}}
				}
				top.Content = append(top.Content, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: g, Line: n.Line, Column: n.Column}, at)
			}
		}
		into.Content = append(into.Content, col.key, n)
	}
	if first != nil && last != nil {
		name := *first
		name.Value += " " + last.Value
		if last.Tag == broken {
			name.Tag = broken
		}
		top.Content = append(top.Content, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: "name"}, &name)
	}
	return top
}

// rosterPath is the path of a roster in the site folder, or "" if it leaves
// content/ or is none.
func rosterPath(s string) string {
	p := path.Join("content/awards", s)
	if path.IsAbs(s) || strings.ContainsAny(s, `\:`) || !strings.HasPrefix(p, "content/") || strings.HasPrefix(p, "content/ledger/") {
		return ""
	}
	return p
}

// warn notes what is no mistake, and worth to be known.
func (c *cohortReader) warn(at model.Source, text, hint string) {
	c.warnings = append(c.warnings, model.Warning{Source: at, Text: text, Hint: hint})
}
