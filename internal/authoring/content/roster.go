package content

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"laurel/internal/material/text"
)

// column is one column of a roster: what its cells are.
type column struct {
	group string // "evidence", "result" or ""
	key   *yaml.Node
}

// Limits of a roster, beside its size.
const (
	rosterColumnsLimit = 200
	rosterLines        = 200_000
	rosterLineBytes    = 128 << 10 // a row of a spreadsheet is far shorter
)

// roster reads the CSV file a cohort names. Its rows are turned into the
// nodes that a recipient in YAML would have, and read as such.
func (c *cohortReader) roster(v value, rosters map[string]bool) {
	s, ok := v.text()
	if !ok {
		return
	}
	name := rosterPath(s)
	switch {
	case name == "" || !fs.ValidPath(name):
		v.problem("must be a file below content/, named relative to content/awards", "for example spring-2026.csv")
		return
	case path.Ext(name) != ".csv":
		v.problem("must be a .csv file", "")
		return
	}
	rosters[name] = true
	data, ok := c.read(c.onDisk(name), csvBytes, &v)
	if !ok {
		return
	}
	src, ok := newSource(name, data, c.problems)
	src.sheet = true
	if ok && src.withinLines() {
		c.sheet(src)
	}
}

// withinLines reports a file with too many or too long lines, before
// encoding/csv makes millions of strings of it.
func (s *source) withinLines() bool {
	rest, n := s.text, 0
	for len(rest) > 0 {
		n++
		line, more, _ := bytes.Cut(rest, []byte("\n"))
		if len(line) > rosterLineBytes {
			s.report(position{n, 1}, "", "the line is longer than "+size(rosterLineBytes), "")
			return false
		}
		if n > rosterLines {
			s.report(position{n, 1}, "", fmt.Sprintf("the roster has more than %d lines", rosterLines), "split it into several cohorts")
			return false
		}
		rest = more
	}
	return true
}

func (c *cohortReader) sheet(s *source) {
	r := csv.NewReader(bytes.NewReader(s.text))
	r.FieldsPerRecord = -1
	r.ReuseRecord = true
	r.TrimLeadingSpace = true
	header, err := r.Read()
	if errors.Is(err, io.EOF) {
		s.report(position{1, 1}, "", "the roster is empty", "its first line names the columns, such as name,email")
		return
	}
	if err != nil {
		s.quoting(err)
		return
	}
	trim(header)
	columns, ok := c.header(s, r, header)
	if !ok {
		return
	}
	rows, wrapped := 0, 0
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			if s.quoting(err) {
				rows++
				continue
			}
			return
		}
		line, _ := r.FieldPos(0)
		number := line - wrapped // as spreadsheets count: a cell may hold lines
		for _, cell := range record {
			wrapped += strings.Count(cell, "\n")
		}
		trim(record)
		if !slices.ContainsFunc(record, func(cell string) bool { return cell != "" }) {
			continue // what spreadsheets leave behind below a table
		}
		rows++
		if len(record) != len(columns) {
			s.report(position{line, 1}, "row "+strconv.Itoa(number), fmt.Sprintf("has %d cells, but the header has %d", len(record), len(columns)),
				"a cell that contains a comma must be in double quotes")
			continue
		}
		at := value{s: s, row: true, item: number, at: rowNode(columns, record, r)}
		at.node = at.at
		c.row(object{&at})
	}
	if rows == 0 {
		s.report(position{1, 1}, "", "the roster has no rows below its header", "add them, or delete roster: from the cohort")
	}
}

// trim takes off the white space around cells: nobody means it, and
// spreadsheets are full of it.
func trim(record []string) {
	for i := range record {
		record[i] = text.Trim(record[i])
	}
}

// quoting reports a row that is no CSV. It returns false when nothing after it
// can be trusted.
func (s *source) quoting(err error) bool {
	var p *csv.ParseError
	if !errors.As(err, &p) {
		s.report(position{1, 1}, "", "cannot be read as CSV", "")
		return false
	}
	switch p.Err {
	case csv.ErrBareQuote:
		s.report(position{p.Line, p.Column}, "", "there is a double quote inside an unquoted cell", `put the cell in double quotes, and write "" for each quote in it`)
		return true
	case csv.ErrQuote:
		s.report(position{p.StartLine, 1}, "", "a cell in double quotes does not end where it should", `write "" for a quote inside such a cell`)
		return false
	}
	s.report(position{max(p.Line, 1), max(p.Column, 1)}, "", "cannot be read as CSV", "")
	return false
}

// header reads the first line. A name it does not know is not repeated in
// the message: where the header was forgotten, it is a person's.
func (c *cohortReader) header(s *source, r *csv.Reader, header []string) ([]column, bool) {
	good := true
	fail := func(i int, text, hint string) {
		line, column := r.FieldPos(i)
		s.report(position{line, column}, "row 1, column "+strconv.Itoa(i+1), text, hint)
		good = false
	}
	if len(header) == 1 && strings.ContainsAny(header[0], ";\t") {
		fail(0, "the columns are not separated by commas", "save the sheet as CSV with commas")
		return nil, false
	}
	if len(header) > rosterColumnsLimit {
		fail(rosterColumnsLimit, fmt.Sprintf("the roster has more than %d columns", rosterColumnsLimit), "")
		return nil, false
	}
	results, all := c.resultColumns(slices.Contains(header, "achievement"))
	known := append(slices.Clone(rosterColumns), results...)
	columns := make([]column, len(header))
	for i, name := range header {
		isResult := strings.HasPrefix(name, "result.") && len(name) > len("result.")
		switch {
		case slices.Contains(header[:i], name):
			fail(i, "the column is given twice", "delete one of the two")
		case name == "":
			fail(i, "the column has no name", "delete the column, or name it")
		case isResult && !all && !slices.Contains(results, name):
			fail(i, "no achievement of the cohort has a result description with that id", didYouMean(name, results))
		case !isResult && !slices.Contains(rosterColumns, name):
			fail(i, "is not the name of a column", cmp.Or(didYouMean(name, known), "the first line names the columns, such as name,email"))
		}
		group, field, grouped := strings.Cut(name, ".")
		if !grouped {
			group, field = "", name
		}
		columns[i] = column{group, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: strings.Clone(field)}}
	}
	if good && !slices.ContainsFunc(header, func(n string) bool { return n == "id" || n == "email" || n == "studentId" || n == "key" }) {
		fail(0, "no column says who the recipients are", "add a column id, email, studentId or key")
	}
	return columns, good
}

// resultColumns lists the result columns that make sense; all is true where
// that cannot be known.
func (c *cohortReader) resultColumns(own bool) (names []string, all bool) {
	list := c.earned
	if own || !c.said {
		list = nil
		for _, a := range c.achievements {
			list = append(list, a)
		}
	}
	for _, a := range list {
		all = all || a.broken
	}
	for _, id := range descriptionIDs(list) {
		names = append(names, "result."+id)
	}
	slices.Sort(names)
	return names, all || c.said && len(c.earned) == 0
}

// rowNode makes the mapping that a row means. Empty cells are properties that
// are not there; evidence columns are one Evidence, result columns a mapping
// by the id of the result description.
func rowNode(columns []column, record []string, r *csv.Reader) *yaml.Node {
	cells := make([]yaml.Node, len(record)) // one allocation a row
	line, start := r.FieldPos(0)
	row := &yaml.Node{Kind: yaml.MappingNode, Line: line, Column: start, Content: make([]*yaml.Node, 0, 2*len(record))}
	groups := map[string]*yaml.Node{}
	for i, cell := range record {
		if cell == "" {
			continue
		}
		n := &cells[i]
		n.Kind, n.Tag, n.Style, n.Value = yaml.ScalarNode, "!!str", yaml.DoubleQuotedStyle, cell
		n.Line, n.Column = r.FieldPos(i)
		into := row
		if g := columns[i].group; g != "" {
			into = groups[g]
			if into == nil {
				into = &yaml.Node{Kind: yaml.MappingNode, Line: n.Line, Column: n.Column}
				groups[g] = into
				top := into
				if g == "evidence" {
					top = &yaml.Node{Kind: yaml.SequenceNode, Line: n.Line, Column: n.Column, Content: []*yaml.Node{into}}
				}
				row.Content = append(row.Content, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: g, Line: n.Line, Column: n.Column}, top)
			}
		}
		into.Content = append(into.Content, columns[i].key, n)
	}
	return row
}
