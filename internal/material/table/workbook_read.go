package table

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Limits of a workbook, in bytes of its unpacked parts.
const (
	maxSheet   = 128 << 20
	maxStrings = 32 << 20
	maxPart    = 8 << 20
	maxParts   = 10_000
	maxToken   = 1 << 20 // one element with its attributes, or one text
	maxMerged  = 1_000
)

// workbook is an Office Open XML workbook (ECMA-376, part 1, 18 "SpreadsheetML").
type workbook struct {
	parts    map[string]*zip.File // by name, in small letters
	from1904 bool
	strings  []string
	formats  []format // by style of a cell
	merged   []area
}

// sniffArchive says of a ZIP archive that is no workbook what it is.
func sniffArchive(data []byte) *Fault {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return &Fault{Text: "is damaged, or cut off: it begins as a workbook does", Try: "save it again, or copy it again from where it came"}
	}
	if len(z.File) > maxParts {
		return &Fault{Text: fmt.Sprintf("has more than %d parts, and is no workbook", maxParts)}
	}
	has := map[string]bool{}
	for _, f := range z.File {
		has[partName(f.Name)] = true
	}
	switch {
	case has["xl/workbook.bin"]:
		fault, try := Other(".xlsb")
		return &Fault{Text: fault, Try: try}
	case has["content.xml"] && has["mimetype"]:
		fault, try := Other(".ods")
		return &Fault{Text: fault, Try: try}
	case has["index/document.iwa"], has["index.zip"]:
		fault, try := Other(".numbers")
		return &Fault{Text: fault, Try: try}
	case has["word/document.xml"]:
		return &Fault{Text: "is a document of Word, and no table", Try: "copy the table to Excel and save it as Excel workbook (.xlsx)"}
	case !has["[content_types].xml"]:
		return &Fault{Text: "is a ZIP archive, and no workbook", Try: "unpack it, and use what is in it"}
	}
	return nil
}

// partName is the name of a part as it is looked up: some programs write others than
// they refer to.
func partName(s string) string {
	return strings.ToLower(strings.TrimPrefix(strings.ReplaceAll(s, `\`, "/"), "/"))
}

var errWorkbook = &Fault{Text: "is a damaged workbook", Try: "open it in Excel or LibreOffice and save it again as Excel workbook (.xlsx)"}

func readWorkbook(data []byte, o Options) (*Sheet, error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, errWorkbook
	}
	w := &workbook{parts: map[string]*zip.File{}}
	for _, f := range z.File {
		w.parts[partName(f.Name)] = f
	}
	main := w.related("", "/officedocument")
	if len(main) == 0 {
		return nil, errWorkbook
	}
	sheets, err := w.sheets(main[0].target)
	if err != nil {
		return nil, err
	}
	s, part, err := choose(sheets, o.Sheet)
	if err != nil {
		return nil, err
	}
	for _, r := range w.related(main[0].target, "/sharedstrings") {
		if err := w.readStrings(r.target); err != nil {
			return nil, err
		}
	}
	for _, r := range w.related(main[0].target, "/styles") {
		if err := w.readStyles(r.target); err != nil {
			return nil, err
		}
	}
	text, err := w.read(part, maxSheet)
	if err != nil {
		return nil, err
	}
	if err := w.readMerged(text); err != nil {
		return nil, err
	}
	s.rows = func(yield func(Row, error) bool) { w.rows(text, yield) }
	return s, nil
}

// sheetEntry is a sheet as the workbook lists it.
type sheetEntry struct {
	name, part string
	hidden     bool
}

// choose takes the sheet of that name, or the first that is not hidden.
func choose(sheets []sheetEntry, name string) (*Sheet, string, error) {
	var visible []string
	for _, s := range sheets {
		if !s.hidden {
			visible = append(visible, s.name)
		}
	}
	for _, s := range sheets {
		if name == "" && !s.hidden || name != "" && strings.EqualFold(trimmed(s.name), trimmed(name)) {
			others := slices.DeleteFunc(visible, func(other string) bool { return other == s.name })
			return &Sheet{Name: s.name, Others: others}, s.part, nil
		}
	}
	if name == "" {
		return nil, "", &Fault{Text: "has no sheet with cells that is not hidden", Try: "show one, or name one: roster: …xlsx#Sheet"}
	}
	return nil, "", &Fault{Text: "has no sheet of that name", Try: "its sheets are " + strings.Join(visible, ", ")}
}

// read unpacks a part.
func (w *workbook) read(name string, limit int64) ([]byte, error) {
	f := w.parts[name]
	if f == nil {
		return nil, errWorkbook
	}
	tooLarge := &Fault{Text: fmt.Sprintf("is too large: unpacked, %s has more than %d MiB", path.Base(name), limit>>20), Try: "delete what is no part of the list, or split it"}
	if f.UncompressedSize64 > uint64(limit) {
		return nil, tooLarge
	}
	if f.Flags&1 != 0 {
		return nil, &Fault{Text: "is an encrypted archive", Try: "save it as Excel workbook (.xlsx) without a password"}
	}
	r, err := f.Open()
	if err != nil {
		return nil, errWorkbook
	}
	defer r.Close()
	text, err := io.ReadAll(io.LimitReader(r, limit+1))
	switch {
	case int64(len(text)) > limit:
		return nil, tooLarge
	case err != nil:
		return nil, errWorkbook
	}
	return toUTF8(text), nil
}

// toUTF8 is XML in UTF-8: some programs write parts of a workbook as UTF-16.
func toUTF8(text []byte) []byte {
	if bytes.HasPrefix(text, []byte("\xff\xfe")) || bytes.HasPrefix(text, []byte("\xfe\xff")) {
		if out, fault := decode16(text); fault == nil {
			return encodingDecl.ReplaceAll(out, nil)
		}
	}
	return text
}

var encodingDecl = regexp.MustCompile(`^<\?xml[^>]*\?>`)

// walk goes through the elements of a part, without their prefixes. It keeps no more
// of it than one element.
func walk(text []byte, start func(e xml.StartElement), chars func(string), end func(name string)) error {
	d := xml.NewDecoder(&tokens{text: text})
	d.CharsetReader = func(string, io.Reader) (io.Reader, error) { return nil, errWorkbook }
	for {
		t, err := d.RawToken()
		switch t := t.(type) {
		case xml.StartElement:
			start(t)
		case xml.EndElement:
			end(t.Name.Local)
		case xml.CharData:
			chars(string(t))
		case xml.Directive:
			return errWorkbook // a document type, which workbooks have none of
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return errWorkbook
		}
	}
}

// tokens reads a text, but no token that is too long.
type tokens struct {
	text []byte
	at   int
	last int // behind the last >
}

func (t *tokens) ReadByte() (byte, error) {
	if t.at == len(t.text) {
		return 0, io.EOF
	}
	c := t.text[t.at]
	t.at++
	if c == '>' {
		t.last = t.at
	} else if t.at-t.last > maxToken {
		return 0, errWorkbook
	}
	return c, nil
}

func (t *tokens) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	c, err := t.ReadByte()
	if err != nil {
		return 0, err
	}
	p[0] = c
	return 1, nil
}

func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func isTrue(s string) bool { return s == "1" || s == "true" }

func nothing(string) {}

// relation is what a part refers to.
type relation struct{ id, target string }

// related are the parts of a kind that a part refers to; of the package itself, where it
// is named "".
func (w *workbook) related(from, kind string) (list []relation) {
	dir, base := path.Split(from)
	text, err := w.read(dir+"_rels/"+base+".rels", maxPart)
	if err != nil {
		return nil
	}
	walk(text, func(e xml.StartElement) {
		if e.Name.Local == "Relationship" && strings.HasSuffix(strings.ToLower(attr(e, "Type")), kind) && attr(e, "TargetMode") != "External" {
			target := strings.ReplaceAll(attr(e, "Target"), `\`, "/")
			if !strings.HasPrefix(target, "/") {
				target = dir + target
			}
			list = append(list, relation{attr(e, "Id"), partName(path.Clean("/" + target))})
		}
	}, nothing, nothing)
	return list
}

// sheets reads which sheets there are, and the calendar of the workbook. What is only a
// chart or a macro is none.
func (w *workbook) sheets(main string) (list []sheetEntry, err error) {
	text, err := w.read(main, maxPart)
	if err != nil {
		return nil, err
	}
	targets := map[string]string{}
	for _, r := range w.related(main, "/worksheet") {
		targets[r.id] = r.target
	}
	err = walk(text, func(e xml.StartElement) {
		switch e.Name.Local {
		case "workbookPr":
			w.from1904 = isTrue(attr(e, "date1904"))
		case "sheet":
			id := ""
			for _, a := range e.Attr {
				if a.Name.Local == "id" && a.Name.Space != "" {
					id = a.Value
				}
			}
			if part := targets[id]; part != "" {
				list = append(list, sheetEntry{attr(e, "name"), part, attr(e, "state") == "hidden" || attr(e, "state") == "veryHidden"})
			}
		}
	}, nothing, nothing)
	return list, err
}

// richText gathers the text of an element of strings: that of its runs together, without
// how Japanese is read, which stands beside it.
type richText struct {
	b              strings.Builder
	inText, beside bool
}

func (r *richText) start(name string) {
	switch name {
	case "t":
		r.inText = true
	case "rPh":
		r.beside = true
	}
}

func (r *richText) chars(s string) {
	if r.inText && !r.beside {
		r.b.WriteString(s)
	}
}

func (r *richText) end(name string) {
	switch name {
	case "t":
		r.inText = false
	case "rPh":
		r.beside = false
	}
}

func (r *richText) take() string {
	s := unescape(r.b.String())
	r.b.Reset()
	return s
}

// unescape reads characters that XML cannot hold, _x000D_ (ECMA-376, part 1, 22.9.2.19
// "ST_Xstring").
func unescape(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	return escapeLike.ReplaceAllStringFunc(s, func(m string) string {
		n, _ := strconv.ParseUint(m[2:6], 16, 16)
		if !utf8.ValidRune(rune(n)) {
			return m
		}
		return string(rune(n))
	})
}

func (w *workbook) readStrings(part string) error {
	text, err := w.read(part, maxStrings)
	if err != nil {
		return err
	}
	var r richText
	return walk(text, func(e xml.StartElement) { r.start(e.Name.Local) }, r.chars, func(name string) {
		r.end(name)
		if name == "si" {
			w.strings = append(w.strings, r.take())
		}
	})
}

func (w *workbook) readStyles(part string) error {
	text, err := w.read(part, maxPart)
	if err != nil {
		return err
	}
	codes, in := map[string]string{}, false
	return walk(text, func(e xml.StartElement) {
		switch e.Name.Local {
		case "numFmt":
			codes[attr(e, "numFmtId")] = attr(e, "formatCode")
		case "cellXfs":
			in = true
		case "xf":
			if in {
				id := attr(e, "numFmtId")
				code, own := codes[id]
				if !own {
					code = builtinFormat(id)
				}
				w.formats = append(w.formats, parseFormat(code))
			}
		}
	}, nothing, func(name string) { in = in && name != "cellXfs" })
}

// area is some merged cells, with columns from 0 and rows from 1.
type area struct{ column, row, lastColumn, lastRow int }

var mergedRef = regexp.MustCompile(`<(?:\w+:)?mergeCell\s[^>]*?ref="([^"]{1,40})"`)

// readMerged finds merged cells, which a sheet has behind its rows.
func (w *workbook) readMerged(text []byte) error {
	at := bytes.LastIndex(text, []byte("sheetData"))
	if at < 0 {
		return nil
	}
	for _, m := range mergedRef.FindAllSubmatch(text[at:], maxMerged+1) {
		first, last, ok := strings.Cut(string(m[1]), ":")
		var a area
		var good, alsoGood bool
		a.column, a.row, good = place(first)
		a.lastColumn, a.lastRow, alsoGood = place(last)
		if !ok || !good || !alsoGood {
			return errWorkbook
		}
		if len(w.merged) == maxMerged {
			return &Fault{Text: fmt.Sprintf("has more than %d merged cells", maxMerged), Try: "undo the merging (Home > Merge & center), and fill in each cell"}
		}
		w.merged = append(w.merged, a)
	}
	return nil
}

// place reads the name of a cell: its column from 0, its row from 1.
func place(name string) (column, row int, ok bool) {
	i := 0
	for ; i < len(name) && i < 4 && 'A' <= name[i] && name[i] <= 'Z'; i++ {
		column = column*26 + int(name[i]-'A') + 1
	}
	row, err := strconv.Atoi(name[i:])
	return column - 1, row, i > 0 && i < 4 && err == nil && row > 0
}

// rows reads the rows of a sheet.
func (w *workbook) rows(text []byte, yield func(Row, error) bool) {
	r := rowReader{workbook: w, yield: yield}
	if err := walk(text, r.start, r.chars, r.end); err != nil && !r.stopped {
		yield(Row{}, err)
	}
}

// rowReader is the state of reading a sheet.
type rowReader struct {
	*workbook
	yield   func(Row, error) bool
	stopped bool
	inData  bool

	row   Row
	cell  Cell
	count int // of rows

	typ, style       string
	formula, inValue bool
	value            strings.Builder
	inline           richText
}

func (r *rowReader) start(e xml.StartElement) {
	switch e.Name.Local {
	case "sheetData":
		r.inData = true
	case "row":
		number, err := strconv.Atoi(attr(e, "r"))
		if err != nil {
			number = r.row.Number + 1
		}
		r.row = Row{Number: number, Line: number, Hidden: isTrue(attr(e, "hidden")), Cells: r.row.Cells[:0]}
	case "c":
		column, _, ok := place(attr(e, "r"))
		if !ok {
			column = len(r.row.Cells)
		}
		r.typ, r.style, r.formula = attr(e, "t"), attr(e, "s"), false
		r.value.Reset()
		r.cell = Cell{Line: r.row.Number, Column: column + 1}
	case "f":
		r.formula = true
	case "v":
		r.inValue = true
	default:
		if r.typ == "inlineStr" {
			r.inline.start(e.Name.Local)
		}
	}
}

func (r *rowReader) chars(s string) {
	if r.inValue {
		r.value.WriteString(s)
	}
	r.inline.chars(s)
}

func (r *rowReader) end(name string) {
	switch name {
	case "sheetData":
		r.inData = false
	case "v":
		r.inValue = false
	case "c":
		if r.inData && !r.stopped {
			r.put()
		}
	case "row":
		if r.inData && !r.stopped {
			r.endRow()
		}
	default:
		r.inline.end(name)
	}
}

// put puts the cell in its column; those before it that the sheet leaves out are empty.
func (r *rowReader) put() {
	column := r.cell.Column - 1
	if column >= MaxColumns {
		if r.value.Len() > 0 && column < sheetColumns && !slices.ContainsFunc(r.row.Cells, func(c Cell) bool { return c.Column > MaxColumns }) {
			r.row.Cells = append(r.row.Cells, Cell{Text: "…", Line: r.row.Number, Column: MaxColumns + 1})
		}
		return
	}
	r.cell = r.read(r.cell)
	for len(r.row.Cells) <= column {
		r.row.Cells = append(r.row.Cells, Cell{Line: r.row.Number, Column: len(r.row.Cells) + 1})
	}
	r.row.Cells[column] = r.cell
}

func (r *rowReader) endRow() {
	r.merge()
	if isEmpty(r.row.Cells) {
		return
	}
	if r.count++; r.count > MaxRows {
		r.yield(Row{}, tooMany(r.row.Number))
		r.stopped = true
		return
	}
	r.stopped = !r.yield(r.row, nil)
}

// merge marks merged cells of the row: what is written in the first one counts for no
// other, and nobody can tell which were meant.
func (r *rowReader) merge() {
	for _, a := range r.merged {
		if r.row.Number < a.row || r.row.Number > a.lastRow || a.row == a.lastRow && a.column == a.lastColumn {
			continue
		}
		for c := a.column; c <= min(a.lastColumn, MaxColumns-1); c++ {
			for len(r.row.Cells) <= c {
				r.row.Cells = append(r.row.Cells, Cell{Line: r.row.Number, Column: len(r.row.Cells) + 1})
			}
			cell := &r.row.Cells[c]
			if first := r.row.Number == a.row && c == a.column; !first {
				cell.Kind = Broken
			} else if !cell.Empty() {
				cell.Fault = "is merged with others, " + Name(a.column, a.row) + " to " + Name(a.lastColumn, a.lastRow) + ", and its value is that of the first one only"
				cell.Try = "undo the merging (Home > Merge & center), and fill in each cell"
			}
		}
	}
}

// read reads what a cell holds.
func (r *rowReader) read(c Cell) Cell {
	value := r.value.String()
	switch r.typ {
	case "s":
		n, err := strconv.Atoi(trimmed(value))
		if err != nil || n < 0 || n >= len(r.strings) {
			if value != "" {
				c.Fault, c.Try = "refers to a text that the workbook does not have", errWorkbook.Try
			}
			return c
		}
		c.Text = r.strings[n]
		c.finish()
	case "inlineStr":
		c.Text = r.inline.take()
		c.finish()
	case "str":
		c.Text = unescape(value)
		c.finish()
	case "b":
		c.Text = map[bool]string{true: "TRUE", false: "FALSE"}[isTrue(trimmed(value))]
		c.Fault, c.Try = "holds true or false, and no text", asTyped
	case "e":
		c.Text = value
		c.Fault, c.Try = "is the error of a formula, and no value", "mend the formula in the spreadsheet, or type the value in its place"
	case "d":
		c.Text, c.Kind = strings.TrimSuffix(trimmed(value), "T00:00:00"), Date
	default:
		value = trimmed(value)
		if value != "" {
			c = r.number(c, value)
		}
	}
	if r.formula && value == "" && r.typ != "str" && r.typ != "inlineStr" {
		c.Fault, c.Try = "is a formula of which the workbook has no value", "open it in Excel or LibreOffice, let it compute, and save it again"
	}
	return c
}
