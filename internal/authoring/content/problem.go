package content

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"laurel/internal/material/table"
)

// Problem is one mistake in the content.
//
// Text and Hint never quote what an author wrote about a person: they may be
// logged. Excerpt is the author's own line, for the author's own terminal.
type Problem struct {
	// File is slash-separated and relative to the site folder; of a workbook, its sheet
	// follows: content/awards/list.xlsx#Sheet1.
	File string
	// Line and Column count from 1, Column in characters, or columns of a workbook; both
	// are 0 where a whole file or folder is meant.
	Line, Column int
	// Field is the way to the value: "recipients[3].email" in YAML, "row 12,
	// email (C12)" in a roster, the element in an SVG image; empty for a whole file.
	Field string
	// Text says what is wrong, lower case, without a full stop. What is wrong in the same
	// way in many rows of a roster is one problem, and its text ends with which they are.
	Text string
	// Hint says what to try, such as `did you mean "email"?`; may be empty.
	Hint string
	// Excerpt is the line the mistake is on, cut to excerptLimit characters,
	// with control and bidirectional characters written as \u202e. It may
	// name people.
	Excerpt string
}

// String is place, field and text on one line, without hint and excerpt.
func (p Problem) String() string {
	var b strings.Builder
	b.WriteString(p.File)
	if p.Line > 0 && sheetName.MatchString(p.File) {
		b.WriteString("!" + table.Name(p.Column-1, p.Line))
	} else if p.Line > 0 {
		fmt.Fprintf(&b, ":%d:%d", p.Line, p.Column)
	}
	b.WriteString(": ")
	if p.Field != "" {
		b.WriteString(p.Field + ": ")
	}
	b.WriteString(p.Text)
	return b.String()
}

// Problems is every mistake in the content, sorted by file, line and column,
// none twice. It is the error of Load.
type Problems []Problem

// Error is one line a problem, each with its hint after
// a semicolon: "content/awards/spring-2026.yaml:14:9: recipients[3].email: …".
func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i, one := range p {
		lines[i] = one.String()
		if one.Hint != "" {
			lines[i] += "; " + one.Hint
		}
	}
	return strings.Join(lines, "\n")
}

// problemLimit bounds what one file may report; a roster of the wrong kind
// would else say the same thing a hundred thousand times.
const problemLimit = 10_000

// collector gathers the problems of one Load.
type collector struct {
	list    Problems
	perFile map[string]int // how many were found, listed or not
	alike   map[Problem]*alike
}

// alike is a problem that several rows of a roster have.
type alike struct {
	at   int // of the first in the list
	rows []int
	n    int
	last int // row
}

// firstRows is how many rows are told where many have the same problem.
const firstRows = 5

var rowField = regexp.MustCompile(`^row (\d+)(?:, (.*?))?(?: \(([A-Z]+)\d+\))?$`)

// isAlike counts a problem that another row has in the same column.
func (c *collector) isAlike(p Problem) bool {
	m := rowField.FindStringSubmatch(p.Field)
	if m == nil {
		return false
	}
	key := Problem{File: p.File, Field: m[2] + "\n" + m[3], Text: p.Text, Hint: p.Hint}
	row, _ := strconv.Atoi(m[1])
	a := c.alike[key]
	if a == nil {
		c.alike[key] = &alike{at: len(c.list), rows: []int{row}, n: 1, last: row}
		return false
	}
	if row == a.last {
		return true // one error a cell
	}
	a.last = row
	if a.n++; len(a.rows) < firstRows {
		a.rows = append(a.rows, row)
	}
	return true
}

func (c *collector) add(p Problem) {
	if !c.isAlike(p) && !c.full(p.File) {
		c.perFile[p.File]++
		c.list = append(c.list, p)
	}
}

// full tells whether a file has used up its share; one more problem is then
// only counted.
func (c *collector) full(file string) bool {
	if c.perFile[file] < problemLimit {
		return false
	}
	c.perFile[file]++
	return true
}

// sorted returns what was gathered, nil if nothing was.
func (c *collector) sorted() Problems {
	for _, a := range c.alike {
		if a.n > 1 && a.at < len(c.list) {
			rows := strings.Trim(fmt.Sprint(a.rows), "[]")
			more := ""
			if a.n > len(a.rows) {
				more = " …"
			}
			c.list[a.at].Text += fmt.Sprintf(" (in %d rows: %s%s)", a.n, strings.ReplaceAll(rows, " ", ", "), more)
		}
	}
	c.alike = map[Problem]*alike{}
	for file, n := range c.perFile {
		if n > problemLimit {
			c.list = append(c.list, Problem{File: file, Text: fmt.Sprintf("%d more problems are not listed", n-problemLimit)})
		}
	}
	slices.SortFunc(c.list, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column),
			cmp.Compare(a.Field, b.Field), cmp.Compare(a.Text, b.Text), cmp.Compare(a.Hint, b.Hint))
	})
	return slices.Compact(c.list)
}
