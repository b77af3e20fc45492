package table

import (
	"bytes"
	"encoding/binary"
	"encoding/csv"
	"errors"
	"io"
	"maps"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// charmaps are the encodings of one byte a character that spreadsheets save by
// themselves, in what part of the world: nothing in a text says which it is.
var charmaps = map[string]*charmap.Charmap{
	"windows-1250": charmap.Windows1250, // Polish, Czech, Hungarian, Croatian, …
	"windows-1251": charmap.Windows1251, // Cyrillic
	"windows-1252": charmap.Windows1252, // western Europe, America
	"windows-1253": charmap.Windows1253, // Greek
	"windows-1254": charmap.Windows1254, // Turkish
	"windows-1257": charmap.Windows1257, // Baltic
	"iso-8859-15":  charmap.ISO8859_15,
	"macintosh":    charmap.Macintosh,
}

// Encodings are the names that Options.Encoding may have.
func Encodings() []string { return append([]string{"utf-8"}, slices.Sorted(maps.Keys(charmaps))...) }

// decode is a text in UTF-8, without a byte order mark.
func decode(data []byte, encoding string) ([]byte, *Fault) {
	said := encoding != "" && encoding != "utf-8"
	at := -1
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("\xfe\xff")):
		if encoding != "" {
			return nil, &Fault{Line: 1, Column: 1, Text: "the file is UTF-16, not " + encoding, Try: "delete encoding: from the cohort"}
		}
		return decode16(data)
	case bytes.HasPrefix(data, []byte("\ufeff")):
		if said {
			return nil, &Fault{Line: 1, Column: 1, Text: "the file is UTF-8, not " + encoding, Try: "delete encoding: from the cohort"}
		}
		data = data[3:]
		at = validUTF8(data)
	case said:
		if i := bytes.IndexFunc(data, func(r rune) bool { return r >= utf8.RuneSelf }); i >= 0 && validUTF8(data) < 0 {
			return nil, &Fault{Line: 1, Column: 1, Text: "the file is UTF-8, not " + encoding, Try: "delete encoding: from the cohort"}
		}
		return decodeBytes(data, charmaps[encoding], encoding)
	default:
		at = validUTF8(data)
	}
	if i := bytes.IndexByte(data, 0); i >= 0 {
		line, column := lineOf(data, i)
		text := "the file contains a control character (U+0000)"
		if every := bytes.Count(data[:min(len(data), 64)], []byte{0}); i < 2 && every >= min(len(data), 64)/3 && every <= 40 {
			text = "the file is UTF-16 without a byte order mark, or no text at all"
		}
		return nil, &Fault{Line: line, Column: column, Text: text, Try: "save it again as CSV UTF-8, or as an Excel workbook (.xlsx)"}
	}
	if at >= 0 {
		line, column := lineOf(data, at)
		return nil, &Fault{Line: line, Column: column, Text: "the file is not UTF-8 text",
			Try: "in Excel: File > Save as > CSV UTF-8, or Excel workbook (.xlsx), which laurel reads as well; of a file in Windows-1252, as Excel in western Europe saves plain CSV, say so in the cohort: encoding: windows-1252"}
	}
	return data, nil
}

func lineOf(data []byte, at int) (line, column int) {
	return bytes.Count(data[:at], []byte("\n")) + 1, at - bytes.LastIndexByte(data[:at], '\n')
}

func decode16(data []byte) ([]byte, *Fault) {
	var order binary.ByteOrder = binary.LittleEndian
	if data[0] == 0xfe {
		order = binary.BigEndian
	}
	data = data[2:]
	if len(data)%2 != 0 {
		return nil, &Fault{Line: 1, Column: 1, Text: "the file is cut off: UTF-16 has an even number of bytes", Try: "save it again"}
	}
	units := make([]uint16, len(data)/2)
	for i := range units {
		units[i] = order.Uint16(data[2*i:])
	}
	out := make([]byte, 0, len(units)+len(units)/2)
	for _, r := range utf16.Decode(units) {
		if r == 0 || r == utf8.RuneError {
			line := bytes.Count(out, []byte("\n")) + 1
			return nil, &Fault{Line: line, Column: 1, Text: "the file begins as UTF-16 does, but is none", Try: "save it again as CSV UTF-8, or as an Excel workbook (.xlsx)"}
		}
		out = utf8.AppendRune(out, r)
	}
	return out, nil
}

func decodeBytes(data []byte, m *charmap.Charmap, encoding string) ([]byte, *Fault) {
	out := make([]byte, 0, len(data)+len(data)/8)
	for i, c := range data {
		r := m.DecodeByte(c)
		if r == utf8.RuneError || c >= 0x80 && r < 0xa0 || c == 0 {
			line, column := lineOf(data, i)
			return nil, &Fault{Line: line, Column: column, Text: "the file has a byte that means nothing in " + encoding, Try: "it is in another encoding: save it again as CSV UTF-8, or as an Excel workbook (.xlsx), and delete encoding: from the cohort"}
		}
		out = utf8.AppendRune(out, r)
	}
	return out, nil
}

// readText reads CSV.
func readText(data []byte, o Options) (*Sheet, error) {
	text, fault := decode(data, o.Encoding)
	if fault != nil {
		return nil, fault
	}
	if !bytes.ContainsRune(text, '\n') { // as Excel for the Mac once ended lines
		text = bytes.ReplaceAll(text, []byte("\r"), []byte("\n"))
	}
	if fault := withinLines(text); fault != nil {
		return nil, fault
	}
	s := &Sheet{Text: text}
	body, skipped := text, 0
	if comma, rest, ok := separatorLine(text); ok {
		s.Comma, body, skipped = comma, rest, 1
	} else {
		s.Comma = separatorOf(text, o.Known)
	}
	s.rows = func(yield func(Row, error) bool) { textRows(body, s.Comma, skipped, yield) }
	return s, nil
}

// withinLines refuses too many or too long lines, before encoding/csv makes millions of
// strings of them.
func withinLines(text []byte) *Fault {
	for n, rest := 1, text; len(rest) > 0; n++ {
		line, more, _ := bytes.Cut(rest, []byte("\n"))
		if len(line) > lineBytes {
			return &Fault{Line: n, Column: 1, Text: "the line is longer than 128 KiB"}
		}
		if n > MaxRows {
			return tooMany(n)
		}
		rest = more
	}
	return nil
}

// separatorLine reads the line sep=; that Excel takes for what separates the cells below.
func separatorLine(text []byte) (comma rune, rest []byte, ok bool) {
	line, rest, _ := bytes.Cut(text, []byte("\n"))
	s := strings.TrimLeft(strings.TrimRight(string(line), "\r"), `"`)
	if len(s) < 4 || !strings.EqualFold(s[:4], "sep=") {
		return 0, nil, false
	}
	// A sheet that was saved again has separators behind it, too.
	if s = s[4:]; s == "" || !strings.ContainsRune(",;\t|", rune(s[0])) || strings.Trim(s, ",;\t|\"") != "" {
		return 0, nil, false
	}
	return rune(s[0]), rest, true
}

// separatorOf tells what separates the cells: that which makes the most known names of the
// first line that is not empty.
func separatorOf(text []byte, known func(string) bool) rune {
	best, most := ',', 0
	for _, comma := range ",;\t|" {
		r := newReader(text, comma)
		header, err := r.Read()
		if err != nil {
			continue
		}
		n := 0
		for _, name := range header {
			if known != nil && known(trimmed(name)) {
				n++
			}
		}
		if n > most || n == most && most == 0 && len(header) > 1 && best == ',' && comma != ',' && !bytes.ContainsRune(firstLine(text), ',') {
			best, most = comma, n
		}
	}
	return best
}

func firstLine(text []byte) []byte {
	line, _, _ := bytes.Cut(bytes.TrimLeft(text, "\r\n"), []byte("\n"))
	return line
}

func newReader(text []byte, comma rune) *csv.Reader {
	r := csv.NewReader(bytes.NewReader(text))
	r.Comma = comma
	r.FieldsPerRecord = -1
	r.ReuseRecord = true
	r.TrimLeadingSpace = comma != '\t' // which is such a space itself
	return r
}

func textRows(body []byte, comma rune, skipped int, yield func(Row, error) bool) {
	r := newReader(body, comma)
	wrapped := 0
	var cells []Cell
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			fault, goOn := quoting(err, skipped)
			if !yield(Row{}, fault) || !goOn {
				return
			}
			continue
		}
		line, _ := r.FieldPos(0)
		number := line - wrapped // as spreadsheets count: a cell may hold lines
		cells = cells[:0]
		for i, text := range record {
			wrapped += strings.Count(text, "\n")
			at, column := r.FieldPos(i)
			c := Cell{Text: strings.ReplaceAll(text, "\r", "\n"), Line: at + skipped, Column: column}
			c.finish()
			cells = append(cells, c)
		}
		if isEmpty(cells) {
			continue // what spreadsheets leave behind below a table
		}
		if !yield(Row{Number: number, Line: line + skipped, Cells: cells}, nil) {
			return
		}
	}
}

// quoting is a row that is no CSV. goOn is false when nothing after it can be trusted.
func quoting(err error, skipped int) (fault *Fault, goOn bool) {
	var p *csv.ParseError
	if !errors.As(err, &p) {
		return &Fault{Line: 1, Column: 1, Text: "cannot be read as CSV"}, false
	}
	switch p.Err {
	case csv.ErrBareQuote:
		return &Fault{Line: p.Line + skipped, Column: p.Column, Text: "there is a double quote inside an unquoted cell", Try: `put the cell in double quotes, and write "" for each quote in it`}, true
	case csv.ErrQuote:
		return &Fault{Line: p.StartLine + skipped, Column: 1, Text: "a cell in double quotes does not end where it should", Try: `write "" for a quote inside such a cell`}, false
	}
	return &Fault{Line: max(p.Line, 1) + skipped, Column: max(p.Column, 1), Text: "cannot be read as CSV"}, false
}
