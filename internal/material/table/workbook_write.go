package table

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"laurel/internal/material/hint"
)

// Limits of a sheet in Excel ("Excel specifications and limits").
const (
	sheetRows    = 1 << 20
	sheetColumns = 1 << 14
	cellLength   = 32_767 // in units of UTF-16
)

// parts of a workbook that are always the same. All cells have the number format @,
// text, so that what somebody corrects in them stays what they type; the first row is
// bold and stays in view.
var fixedParts = [][2]string{
	{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/><Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>`},
	{"_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
	{"xl/workbook.xml", `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>`},
	{"xl/_rels/workbook.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/><Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/></Relationships>`},
	{"xl/styles.xml", `<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`},
}

// writeWorkbook writes a workbook of one sheet, in which every cell is text. The same
// rows give the same bytes.
func writeWorkbook(b *bytes.Buffer, rows [][]string) error {
	sheet, strs, err := sheetXML(rows)
	if err != nil {
		return err
	}
	z := zip.NewWriter(b)
	for _, part := range append(fixedParts, [2]string{"xl/worksheets/sheet1.xml", sheet}, [2]string{"xl/sharedStrings.xml", strs}) {
		w, err := z.Create(part[0])
		if err == nil {
			_, err = w.Write([]byte(xml.Header + part[1]))
		}
		if err != nil {
			return fmt.Errorf("write a workbook: %w", err)
		}
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("write a workbook: %w", err)
	}
	return nil
}

// sheetXML is the sheet, and the texts that its cells name by number: each once.
func sheetXML(rows [][]string) (sheet, strs string, err error) {
	if len(rows) > sheetRows {
		return "", "", hint.Errorf("choose fewer, or --format csv", "%d rows are more than the %d that a workbook can have", len(rows), sheetRows)
	}
	var s, texts strings.Builder
	var widths []int
	number := map[string]int{}
	cells := 0
	for i, row := range rows {
		if len(row) > sheetColumns {
			return "", "", fmt.Errorf("%d columns are more than the %d that a workbook can have", len(row), sheetColumns)
		}
		style := "1"
		if i == 0 {
			style = "2"
		}
		fmt.Fprintf(&s, `<row r="%d">`, i+1)
		for c, cell := range row {
			if c == len(widths) {
				widths = append(widths, 8)
			}
			if cell == "" {
				continue
			}
			if len(utf16.Encode([]rune(cell))) > cellLength {
				return "", "", hint.Errorf("choose --format csv", "%s has more than the %d characters that a cell of a workbook can have", Name(c, i+1), cellLength)
			}
			widths[c] = max(widths[c], min(utf8.RuneCountInString(cell)+2, 60))
			n, known := number[cell]
			if !known {
				n = len(number)
				number[cell] = n
				texts.WriteString(`<si><t xml:space="preserve">`)
				xml.EscapeText(&texts, []byte(escapeLike.ReplaceAllString(cell, "_x005F$0")))
				texts.WriteString(`</t></si>`)
			}
			cells++
			s.WriteString(`<c r="` + Name(c, i+1) + `" s="` + style + `" t="s"><v>` + strconv.Itoa(n) + `</v></c>`)
		}
		s.WriteString(`</row>`)
	}
	const main = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"`
	var cols strings.Builder
	for i, w := range widths {
		fmt.Fprintf(&cols, `<col min="%d" max="%d" width="%d" style="1" customWidth="1"/>`, i+1, i+1, w)
	}
	head := `<worksheet ` + main + `><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>`
	if cols.Len() > 0 {
		head += `<cols>` + cols.String() + `</cols>`
	}
	return head + `<sheetData>` + s.String() + `</sheetData></worksheet>`,
		fmt.Sprintf(`<sst %s count="%d" uniqueCount="%d">%s</sst>`, main, cells, len(number), texts.String()), nil
}

// escapeLike is what a workbook takes for an escaped character (ECMA-376, part 1,
// 22.9.2.19 "ST_Xstring").
var escapeLike = regexp.MustCompile(`_x[0-9A-Fa-f]{4}_`)

// Name is the name of a cell as spreadsheets have it: B7 is the second column,
// counted from 0, of the seventh row, counted from 1.
func Name(column, row int) string {
	name := ""
	for c := column + 1; c > 0; c = (c - 1) / 26 {
		name = string(rune('A'+(c-1)%26)) + name
	}
	return name + strconv.Itoa(row)
}
