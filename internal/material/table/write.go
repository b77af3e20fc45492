package table

import (
	"bytes"
	"io"
	"strings"
	"unicode/utf8"

	"laurel/internal/material/text"
)

// Write writes a table, its first row the names of the columns, and tells how many
// cells it had to put an apostrophe before.
//
// CSV (RFC 4180, CRLF, UTF-8) begins with a byte order mark: Excel takes a file
// without one for the machine's own code page, and so sends letters to people
// whose names it has garbled; every other program that reads CSV knows the mark.
//
// What people wrote is text in it, and never a formula, which could send the
// links of others elsewhere (OWASP, "CSV Injection"), also where the table is
// split at other characters than the format's own: Excel goes by the machine's list
// separator, which is a semicolon wherever commas mark decimals. In a workbook text is
// text, and needs no apostrophe; it can hold 1,048,576 rows, and 32,767 characters in
// a cell, and more is an error before anything is written.
func Write(w io.Writer, f Format, rows [][]string) (inert int, err error) {
	var b bytes.Buffer
	if f == XLSX {
		err = writeWorkbook(&b, rows)
	} else {
		inert = writeText(&b, f.separator(), rows)
	}
	if err != nil {
		return 0, err
	}
	_, err = w.Write(b.Bytes())
	return inert, err
}

func writeText(b *bytes.Buffer, separator byte, rows [][]string) (changed int) {
	b.WriteString("\ufeff")
	for _, row := range rows {
		for i, cell := range row {
			if i > 0 {
				b.WriteByte(separator)
			}
			text := inert(cell)
			if text != cell {
				changed++
			}
			if strings.ContainsAny(text, separators+`"`) || strings.TrimSpace(text) != text {
				text = `"` + strings.ReplaceAll(text, `"`, `""`) + `"`
			}
			b.WriteString(text)
		}
		b.WriteString("\r\n")
	}
	return changed
}

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
