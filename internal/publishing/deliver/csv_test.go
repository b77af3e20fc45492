package deliver_test

import (
	"encoding/csv"
	"regexp"
	"strings"
	"testing"

	"laurel/internal/publishing/deliver"
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
			table := deliver.NewTable("name", "link")
			table.Row(row...)
			text, marked := strings.CutPrefix(string(table.Bytes()), "\ufeff")
			if !marked || !strings.HasPrefix(text, "name,link\r\n") || !strings.HasSuffix(text, "\r\n") {
				t.Fatalf("%q is written as %q", cell, text)
			}
			rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
			if err != nil || len(rows) != 2 || rows[1][column] != want || rows[1][1-column] != []string{"last", "first"}[column] {
				t.Errorf("%q: rows are %q, %v; want %q", cell, rows, err, want)
			}
			if (table.Inert() == 1) != (cell != want) {
				t.Errorf("%q: %d cells are told as changed", cell, table.Inert())
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
	table := deliver.NewTable("a")
	for _, cell := range []string{"x;y", "x\ty", "x|y", "x,y", `x"y`, "x\ny", "x\ry", " x", "x y"} {
		table.Row(cell)
	}
	want := "\ufeffa\r\n\"x;y\"\r\n\"x\ty\"\r\n\"x|y\"\r\n\"x,y\"\r\n\"x\"\"y\"\r\n\"x\ny\"\r\n\"x\ry\"\r\n\" x\"\r\nx y\r\n"
	if got := string(table.Bytes()); got != want {
		t.Errorf("written as %q, want %q", got, want)
	}
}
