package table

import (
	"bytes"
	"fmt"
	"iter"
	"path"
	"regexp"
	"strings"
	"unicode/utf8"

	"laurel/internal/material/text"
)

// Limits of what is read.
const (
	MaxRows    = 200_000
	MaxColumns = 200
	lineBytes  = 128 << 10 // a row of a spreadsheet is far shorter
)

// Options are what is known of a table before it is read.
type Options struct {
	// Encoding is one of Encodings; empty: UTF-8, or UTF-16 with a byte order mark.
	Encoding string
	// Sheet is the sheet of a workbook; empty: the first that is not hidden.
	Sheet string
	// Known tells whether a text is the name of a column: by the names in the first
	// line it is told what separates them.
	Known func(header string) bool
}

// Fault is what is wrong with a table, at its place where it has one. It never quotes
// what is in cells.
type Fault struct {
	Line, Column int // of the text, from 1, the column in bytes; 0: the whole file
	Text, Try    string
}

func (f *Fault) Error() string { return f.Text }

// Hint says what to try.
func (f *Fault) Hint() string { return f.Try }

// Kind is what a cell holds.
type Kind uint8

// The kinds. All cells of CSV are Text.
const (
	Text   Kind = iota
	Number      // in decimal, with a point, as it is kept and shown: 202601000000, 1.30, 00123
	Date        // 2026-06-30, or 2026-06-30T09:00:00, which has no zone
	Broken      // belongs to a fault that another cell tells
)

// Cell is one cell. White space around its text is taken off.
type Cell struct {
	Text string
	Kind Kind
	// Fault says why the cell cannot be taken, as it follows its name in a sentence, and
	// Try what to do; empty: it can.
	Fault, Try string
	// Line and Column are its place: in the text, the column in bytes; in a workbook, row
	// and column. Both count from 1.
	Line, Column int
}

// Empty tells that there is nothing in the cell.
func (c *Cell) Empty() bool { return c.Text == "" && c.Fault == "" }

// Row is one row that is not empty. Its cells are valid until the next one is read.
type Row struct {
	Number int // as spreadsheets count, from 1
	Line   int // of the text; in a workbook, Number
	Hidden bool
	Cells  []Cell
}

// Sheet is one table.
type Sheet struct {
	// Text is that of CSV, in UTF-8 without a byte order mark: what lines and columns are
	// counted in. Nil: of a workbook.
	Text []byte
	// Name is that of the sheet, and Others are the other visible ones of its workbook.
	Name   string
	Others []string
	// Comma is what separates cells of CSV.
	Comma rune

	rows func(yield func(Row, error) bool)
}

// Rows goes through the rows, once. An error is a *Fault; the rows behind it are those
// that can still be trusted.
func (s *Sheet) Rows() iter.Seq2[Row, error] { return s.rows }

// IsText and IsWorkbook tell by the name of a file what Read takes it for.
func IsText(name string) bool {
	ext := strings.ToLower(path.Ext(name))
	return ext == ".csv" || ext == ".tsv" || ext == ".txt"
}

// IsWorkbook tells a workbook, as IsText does text.
func IsWorkbook(name string) bool {
	ext := strings.ToLower(path.Ext(name))
	return ext == ".xlsx" || ext == ".xlsm"
}

const saveAs = "open it in its program and save it as .xlsx, or as CSV UTF-8"

// Other says of the name of a file that it is a table of another kind, which is not read;
// empty: it is none.
func Other(name string) (fault, try string) {
	switch strings.ToLower(path.Ext(name)) {
	case ".xls", ".xlt":
		return "is a workbook of Excel 97 to 2003, which is not read", "open it in Excel and save it as Excel workbook (.xlsx)"
	case ".xlsb":
		return "is a binary workbook of Excel, which is not read", "open it in Excel and save it as Excel workbook (.xlsx)"
	case ".ods", ".fods":
		return "is a spreadsheet of LibreOffice, which is not read", "in LibreOffice: File > Save as, file type Excel 2007-365 (.xlsx)"
	case ".numbers":
		return "is a spreadsheet of Numbers, which is not read", "in Numbers: File > Export to > Excel (.xlsx)"
	case ".gsheet":
		return "is only a link to Google Sheets", "in Google Sheets: File > Download > Microsoft Excel (.xlsx)"
	}
	return "", ""
}

// Read reads a table from the bytes of a file; its name says whether text or a workbook
// is meant. The error is a *Fault, of the whole file.
func Read(name string, data []byte, o Options) (*Sheet, error) {
	kind, fault := sniff(data)
	workbook := IsWorkbook(name)
	switch {
	case fault != nil:
		return nil, fault
	case kind == "zip" && !workbook:
		return nil, &Fault{Text: "is an Excel workbook and no text, in spite of its name", Try: "rename it to " + strings.TrimSuffix(path.Base(name), path.Ext(name)) + ".xlsx, also where it is named; or in Excel: File > Save as > CSV UTF-8"}
	case kind == "" && workbook:
		return nil, &Fault{Text: "is no workbook, in spite of its name", Try: "if it is CSV, rename it to " + strings.TrimSuffix(path.Base(name), path.Ext(name)) + ".csv, also where it is named; or open it in Excel and save it as Excel workbook (.xlsx)"}
	case workbook && o.Encoding != "":
		return nil, &Fault{Text: "is a workbook, which has no encoding to be told", Try: "delete encoding:"}
	case workbook:
		return readWorkbook(data, o)
	case o.Sheet != "":
		return nil, &Fault{Text: "has no sheets: it is text", Try: "leave out # and what follows it"}
	}
	return readText(data, o)
}

// sniff tells what bytes are: "zip", which a workbook is, or nothing special. What is
// of another program is a fault that says so.
func sniff(data []byte) (kind string, fault *Fault) {
	starts := func(s string) bool { return bytes.HasPrefix(data, []byte(s)) }
	switch {
	case starts("PK\x03\x04"), starts("PK\x05\x06"):
		return "zip", sniffArchive(data)
	case starts("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
		if bytes.Contains(data, []byte("E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00")) {
			return "", &Fault{Text: "is protected with a password", Try: "in Excel: File > Info > Protect workbook > Encrypt with password, delete the password, and save it"}
		}
		return "", &Fault{Text: "is a workbook of Excel 97 to 2003 (.xls), which is not read", Try: "open it in Excel and save it as Excel workbook (.xlsx)"}
	case starts("%PDF-"):
		return "", &Fault{Text: "is a PDF, and no table", Try: saveAs}
	case starts("{\\rtf"):
		return "", &Fault{Text: "is a text document (RTF), and no table", Try: saveAs}
	}
	head := strings.ToLower(strings.TrimLeft(strings.TrimPrefix(string(data[:min(len(data), 512)]), "\ufeff"), " \t\r\n"))
	if markup.MatchString(head) {
		what := "a web page"
		if strings.HasPrefix(head, "<?xml") || strings.Contains(head, "<workbook") {
			what = "XML"
		}
		return "", &Fault{Text: "is " + what + ", and neither a workbook nor CSV, whatever its name says", Try: "open it in Excel and save it as Excel workbook (.xlsx)"}
	}
	return "", nil
}

var markup = regexp.MustCompile(`^<(\?xml|!doctype|!--|html|head|body|table|meta|style|div|workbook)[ >]`)

// finish takes the white space off a text cell, and notes what a spreadsheet did to it.
func (c *Cell) finish() {
	c.Text = text.Trim(c.Text)
	c.Fault, c.Try = damage(c.Text)
}

func isEmpty(cells []Cell) bool {
	for i := range cells {
		if !cells[i].Empty() {
			return false
		}
	}
	return true
}

func tooMany(line int) *Fault {
	return &Fault{Line: line, Column: 1, Text: fmt.Sprintf("the roster has more than %d lines", MaxRows), Try: "split it into several cohorts"}
}

// validUTF8 is where a text stops being UTF-8; -1: nowhere.
func validUTF8(data []byte) int {
	for i := 0; i < len(data); {
		if data[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, n := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && n <= 1 {
			return i
		}
		i += n
	}
	return -1
}
