package content

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Problem is one mistake in the content.
//
// Text and Hint never quote what an author wrote about a person: they may be
// logged. Excerpt is the author's own line, for the author's own terminal.
type Problem struct {
	// File is slash-separated and relative to the site folder.
	File string
	// Line and Column count from 1, Column in characters; both are 0 where a
	// whole file or folder is meant.
	Line, Column int
	// Field is the way to the value: "recipients[3].email" in YAML, "row 12,
	// email" in a roster, the element in an SVG image; empty for a whole file.
	Field string
	// Text says what is wrong, lower case, without a full stop.
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
	if p.Line > 0 {
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
}

func (c *collector) add(p Problem) {
	if !c.full(p.File) {
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
