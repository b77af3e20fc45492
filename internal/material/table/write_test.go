package table_test

import (
	"archive/zip"
	"encoding/csv"
	"io"
	"regexp"
	"strings"
	"testing"

	"laurel/internal/material/table"
)

// What would be computed is made text, wherever a program splits the line; all
// else stays as it is.
func TestTable(t *testing.T) {
	for cell, want := range map[string]string{
		"Ana Example": "Ana Example", "Ana = Example": "Ana = Example", "O'Example": "O'Example", "": "",
		"ana+badges@example.org": "ana+badges@example.org", `Ana "A" Example, Dr`: `Ana "A" Example, Dr`,
		"Ana; Example": "Ana; Example", " Ana": " Ana", "李 Example": "李 Example", "'=1": "'=1", "two\nlines": "two\nlines",
		"=1+1": "'=1+1", "+44": "'+44", "-Ana": "'-Ana", "@SUM(A1)": "'@SUM(A1)", "＝1": "'＝1",
		" =1": "' =1", "\u00a0=1": "'\u00a0=1", "\u3000=1": "'\u3000=1", "\ufeff=1": "'\ufeff=1", "\u200b\u200b=1": "'\u200b\u200b=1",
		"\t=1": "\t'=1", `"=1`: `'"=1`, "\x00=1": "'\x00=1",
		"Bob;=1+1;": "Bob;'=1+1;", "Bob; @x": "Bob;' @x", "Bob|-1": "Bob|'-1", "Bob,\u200b+1": "Bob,'\u200b+1",
		"Bob\t=1": "Bob\t'=1", "Bob\n=1": "Bob\n'=1", `Bob;"=1"`: `Bob;'"=1"`, "=1;=2": "'=1;'=2", "a;;=1": "a;;'=1",
	} {
		for column := range 2 {
			row := []string{"first", "last"}
			row[column] = cell
			var b strings.Builder
			changed, err := table.Write(&b, table.CSV, [][]string{{"name", "link"}, row})
			if err != nil {
				t.Fatal(err)
			}
			text, marked := strings.CutPrefix(b.String(), "\ufeff")
			if !marked || !strings.HasPrefix(text, "name,link\r\n") || !strings.HasSuffix(text, "\r\n") {
				t.Fatalf("%q is written as %q", cell, text)
			}
			rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
			if err != nil || len(rows) != 2 || rows[1][column] != want || rows[1][1-column] != []string{"last", "first"}[column] {
				t.Errorf("%q: rows are %q, %v; want %q", cell, rows, err, want)
			}
			if (changed == 1) != (cell != want) {
				t.Errorf("%q: %d cells are told as changed", cell, changed)
			}
			for _, separator := range ";,\t|" {
				if bad := computed(text, separator); bad != "" {
					t.Errorf("%q, split at %q, has the cell %q", cell, separator, bad)
				}
			}
		}
	}
}

var formula = regexp.MustCompile(`^[\s\p{Z}\p{C}]*[=+@＝＋－＠-]`)

// computed is a cell that a program would take for a formula which splits the
// text at a separator, a quote meaning something at the beginning of a cell
// only; empty: none. Lines are split as by programs that heed no quotes, too.
func computed(text string, separator rune) string {
	for _, piece := range append(strings.Split(text, "\r\n"), strings.Split(text, "\n")...) {
		r := csv.NewReader(strings.NewReader(piece))
		r.Comma, r.LazyQuotes, r.FieldsPerRecord = separator, true, -1
		rows, _ := r.ReadAll() // what cannot be read is split below
		rows = append(rows, strings.Split(piece, string(separator)))
		for _, row := range rows {
			for _, cell := range row {
				if formula.MatchString(cell) || formula.MatchString(strings.TrimLeft(cell, `"`)) {
					return cell
				}
			}
		}
	}
	return ""
}

// Cells are quoted where any program could see the end of a cell in them.
func TestTableQuotes(t *testing.T) {
	rows := [][]string{{"a"}}
	for _, cell := range []string{"x;y", "x\ty", "x|y", "x,y", `x"y`, "x\ny", "x\ry", " x", "x y"} {
		rows = append(rows, []string{cell})
	}
	want := "\ufeffa\r\n\"x;y\"\r\n\"x\ty\"\r\n\"x|y\"\r\n\"x,y\"\r\n\"x\"\"y\"\r\n\"x\ny\"\r\n\"x\ry\"\r\n\" x\"\r\nx y\r\n"
	var b strings.Builder
	if _, err := table.Write(&b, "", rows); err != nil || b.String() != want {
		t.Errorf("written as %q, %v, want %q", b.String(), err, want)
	}
}

// A workbook is the same bytes each time, and its text is text, whatever it looks like.
func TestWorkbook(t *testing.T) {
	rows := [][]string{{"name", "link"}, {"=1+1", "_x0041_ <&\"\n"}, {"", "00123"}}
	var a, b strings.Builder
	for _, to := range []*strings.Builder{&a, &b} {
		if n, err := table.Write(to, table.XLSX, rows); err != nil || n != 0 {
			t.Fatal(n, err)
		}
	}
	if a.String() != b.String() {
		t.Error("two workbooks of the same rows differ")
	}
	z, err := zip.NewReader(strings.NewReader(a.String()), int64(a.Len()))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open("xl/sharedStrings.xml")
	if err != nil {
		t.Fatal(err)
	}
	text, _ := io.ReadAll(f)
	if want := `<si><t xml:space="preserve">=1+1</t></si><si><t xml:space="preserve">_x005F_x0041_ &lt;&amp;&#34;&#xA;</t></si><si><t xml:space="preserve">00123</t></si>`; !strings.Contains(string(text), want) {
		t.Errorf("%s", text)
	}
	if _, err := table.Write(io.Discard, table.XLSX, [][]string{{strings.Repeat("x", 32_768)}}); err == nil || err.Error() != "A1 has more than the 32767 characters that a cell of a workbook can have" {
		t.Error(err)
	}
}

func TestName(t *testing.T) {
	for want, at := range map[string][2]int{"A1": {0, 1}, "Z9": {25, 9}, "AA10": {26, 10}, "XFD7": {16383, 7}} {
		if got := table.Name(at[0], at[1]); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
