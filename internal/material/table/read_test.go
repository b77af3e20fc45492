package table_test

import (
	"archive/zip"
	"bytes"
	"strings"
	"testing"

	"laurel/internal/material/table"
)

// zipOf is an archive of these parts. One whose name begins with ! says that it unpacks
// to 1 GiB.
func zipOf(parts ...string) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(parts); i += 2 {
		name, lies := strings.CutPrefix(parts[i], "!")
		if lies {
			w, _ := z.CreateRaw(&zip.FileHeader{Name: name, Method: zip.Deflate, UncompressedSize64: 1 << 30, CompressedSize64: 2})
			w.Write([]byte{3, 0})
			continue
		}
		w, _ := z.Create(name)
		w.Write([]byte(parts[i+1]))
	}
	z.Close()
	return b.Bytes()
}

const (
	rels  = `<Relationships><Relationship Id="r1" Type="x/officeDocument" Target="/xl/workbook.xml"/></Relationships>`
	sheet = `<Relationships><Relationship Id="r1" Type="x/worksheet" Target="s.xml"/></Relationships>`
	main  = `<workbook xmlns:r="r"><sheets><sheet name="A" r:id="r1"/></sheets></workbook>`
)

func parts(sheetText string) []string {
	return []string{"[Content_Types].xml", "<Types/>", "_rels/.rels", rels, "xl/workbook.xml", main, "xl/_rels/workbook.xml.rels", sheet, "xl/s.xml", sheetText}
}

// whole reads a table to its end.
func whole(name string, data []byte) (rows []string, err error) {
	s, err := table.Read(name, data, table.Options{})
	if err != nil {
		return nil, err
	}
	for row, err := range s.Rows() {
		if err != nil {
			return rows, err
		}
		var cells []string
		for _, c := range row.Cells {
			cells = append(cells, c.Text)
		}
		rows = append(rows, strings.Join(cells, "|"))
	}
	return rows, nil
}

// What is hostile is refused before it takes memory or time.
func TestReadLimits(t *testing.T) {
	lying := parts("")
	lying[8] = "!xl/s.xml"
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"bomb":           {zipOf(lying...), "is too large: unpacked, s.xml has more than 128 MiB"},
		"long-attribute": {zipOf(parts(`<worksheet a="` + strings.Repeat("x", 2<<20) + `"/>`)...), "is a damaged workbook"},
		"long-text":      {zipOf(parts(`<worksheet><sheetData>` + strings.Repeat("x", 2<<20))...), "is a damaged workbook"},
		"entity":         {zipOf(parts(`<worksheet>&a;</worksheet>`)...), "is a damaged workbook"},
		"merged":         {zipOf(parts(`<worksheet><sheetData/>` + strings.Repeat(`<mergeCell ref="A1:B2"/>`, 1001) + `</worksheet>`)...), "has more than 1000 merged cells"},
		"no-sheet":       {zipOf("[Content_Types].xml", "", "_rels/.rels", rels), "is a damaged workbook"},
		"parts":          {zipOf(strings.Split(strings.Repeat("a,b,", 10_001), ",")[:20_002]...), "has more than 10000 parts, and is no workbook"},
		"deep":           {zipOf(parts(`<worksheet><sheetData>` + strings.Repeat("<row>", 1<<17))...), ""},
	} {
		if _, err := whole("a.xlsx", c.data); (err == nil) != (c.want == "") || err != nil && err.Error() != c.want {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
}

// What laurel writes, it reads.
func TestWriteAndRead(t *testing.T) {
	rows := [][]string{{"name", "email", "id"}, {"Jürgen; \"J\"", "a\nb", "00123"}, {"李 _x0041_", "", "5"}}
	for _, f := range []table.Format{table.CSV, table.Semicolon, table.Tab, table.XLSX} {
		var b bytes.Buffer
		if _, err := table.Write(&b, f, rows); err != nil {
			t.Fatal(err)
		}
		s, err := table.Read("a"+f.Extension(), b.Bytes(), table.Options{Known: func(h string) bool { return h == "name" || h == "email" }})
		if err != nil {
			t.Fatal(f, err)
		}
		n := 0
		for row, err := range s.Rows() {
			if err != nil {
				t.Fatal(f, err)
			}
			for i, c := range row.Cells {
				if c.Text != rows[n][i] || c.Fault != "" || row.Number != n+1 {
					t.Errorf("%s: row %d has %q (%s), want %q", f, row.Number, c.Text, c.Fault, rows[n][i])
				}
			}
			n++
		}
		if n != len(rows) {
			t.Errorf("%s: %d rows", f, n)
		}
	}
}

// FuzzRead: whatever bytes a file has, they are a table or one fault.
func FuzzRead(f *testing.F) {
	var b bytes.Buffer
	table.Write(&b, table.XLSX, [][]string{{"name"}, {"Ana"}})
	f.Add("a.xlsx", b.Bytes())
	f.Add("a.xlsx", zipOf(parts(`<worksheet><sheetData><row r="9"><c r="B2" s="7" t="s"><v>9</v></c><c r="ZZZZ1"><v>1e400</v></c><c><f/></c></row></sheetData></worksheet>`)...))
	f.Add("a.csv", []byte("\xff\xfea\x00;\x00b\x00"))
	f.Add("a.csv", []byte("sep=;\r\n\"a\";'1\r\n=\"1\""))
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		rows, err := whole(name, data)
		if err != nil && err.Error() == "" {
			t.Errorf("%q: an error that says nothing, after %q", data, rows)
		}
	})
}
