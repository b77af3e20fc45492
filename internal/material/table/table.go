// Package table reads and writes tables as spreadsheets have them: CSV in the
// dialects that programs save, and workbooks (.xlsx, Office Open XML).
//
// It owns what a cell is, and guesses nothing of it: what a spreadsheet destroyed, or
// shows otherwise than it is kept, is a fault of that cell. It knows no columns,
// awards or people, and reads no file itself. What it reads is not trusted: sizes are
// bounded before memory is spent.
package table

import "laurel/internal/material/hint"

// Format is how a table is written. It is the value of a flag --format; the zero value
// is CSV.
type Format string

// The formats.
const (
	CSV       Format = "csv"       // RFC 4180: commas, UTF-8
	Semicolon Format = "semicolon" // the same with semicolons, as where commas mark decimals
	Tab       Format = "tab"       // the same with tabs
	XLSX      Format = "xlsx"      // a workbook of one sheet
)

// Formats are the names of all formats.
var Formats = []string{string(CSV), string(Semicolon), string(Tab), string(XLSX)}

// String is the name of the format.
func (f *Format) String() string {
	if *f == "" {
		return string(CSV)
	}
	return string(*f)
}

// Set takes the name of a format, and refuses all else.
func (f *Format) Set(s string) error {
	for _, name := range Formats {
		if s == name {
			*f = Format(s)
			return nil
		}
	}
	return hint.Errorf("csv has commas, semicolon what Excel opens where commas mark decimals", "must be csv, semicolon, tab or xlsx")
}

// Type is what help texts call such a value.
func (f *Format) Type() string { return "FORMAT" }

// Extension is how the name of a file of that format ends, with its dot.
func (f Format) Extension() string {
	switch f {
	case XLSX:
		return ".xlsx"
	case Tab:
		return ".tsv"
	}
	return ".csv"
}

// separator is what parts the cells of a line.
func (f Format) separator() byte {
	switch f {
	case Semicolon:
		return ';'
	case Tab:
		return '\t'
	}
	return ','
}
