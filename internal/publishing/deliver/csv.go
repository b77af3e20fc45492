package deliver

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"laurel/internal/material/text"
)

// Table is a list of people as CSV (RFC 4180, CRLF, UTF-8), which a spreadsheet
// or a mail merge reads. It begins with a byte order mark: Excel takes a file
// without one for the machine's own code page, and so sends letters to people
// whose names it has garbled; every other program that reads CSV knows the mark.
//
// What people wrote is text in it, and never a formula, which could send the
// links of others elsewhere (OWASP, "CSV Injection"), also where the table is
// split at other characters than commas: Excel goes by the machine's list
// separator, which is a semicolon wherever commas mark decimals.
type Table struct {
	text  bytes.Buffer
	inert int
}

// NewTable begins a table with the names of its columns.
func NewTable(header ...string) *Table {
	t := &Table{}
	t.text.WriteString("\ufeff")
	t.Row(header...)
	return t
}

// Row adds a line.
func (t *Table) Row(cells ...string) {
	for i, cell := range cells {
		if i > 0 {
			t.text.WriteByte(',')
		}
		text := inert(cell)
		if text != cell {
			t.inert++
		}
		if strings.ContainsAny(text, separators+`"`) || strings.TrimSpace(text) != text {
			text = `"` + strings.ReplaceAll(text, `"`, `""`) + `"`
		}
		t.text.WriteString(text)
	}
	t.text.WriteString("\r\n")
}

// Bytes is the whole table.
func (t *Table) Bytes() []byte { return t.text.Bytes() }

// Inert counts the cells with an apostrophe that keeps them from being computed.
func (t *Table) Inert() int { return t.inert }

// separators are what programs split lines and cells at. A quote does not keep
// them from it: after a comma, to a program that splits at semicolons, it
// stands inside a cell, where it means nothing.
const separators = ";,|\t\r\n"

// inert puts an apostrophe in front of what would be computed, at the beginning
// of a cell and after each separator in it.
func inert(cell string) string {
	var b strings.Builder
	for cell != "" {
		end := strings.IndexAny(cell, separators) + 1
		if end == 0 {
			end = len(cell)
		}
		if isFormula(cell[:end]) {
			b.WriteByte('\'')
		}
		b.WriteString(cell[:end])
		cell = cell[end:]
	}
	return b.String()
}

// isFormula tells whether a spreadsheet may compute what begins so, whatever is
// not seen in front of it. The wide signs are what Japanese keyboards write.
func isFormula(s string) bool {
	s = strings.TrimLeftFunc(s, func(r rune) bool {
		return r == '"' || r == ' ' || text.ClassOf(r) != text.Shown
	})
	r, _ := utf8.DecodeRuneInString(s)
	return strings.ContainsRune("=+-@＝＋－＠", r)
}
