package cli

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A cell that a spreadsheet would compute is made text; others stay as they
// are, whatever is in them.
func TestLinkListIsHarmless(t *testing.T) {
	for cell, want := range map[string]string{
		"Ana Example": "Ana Example", "Ana = Example": "Ana = Example", "O'Example": "O'Example", "": "",
		"ana+badges@example.org": "ana+badges@example.org", `Ana "A" Example, Dr`: `Ana "A" Example, Dr`,
		"=1+1": "'=1+1", "+44": "'+44", "-Ana": "'-Ana", "@SUM(A1)": "'@SUM(A1)", " =1": "' =1", "\u00a0=1": "'\u00a0=1",
		"\t=1": "'\t=1", "＝1": "'＝1", "李 Example": "李 Example", "'=1": "'=1",
	} {
		list := linkList{links: []claimLink{{Name: cell, Email: "ana@example.org", Achievement: "Knots", Link: "https://example.org/claim/#a.b"}}}
		b, err := list.encode(false)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Count(string(b), "\r\n") != 2 || !strings.HasPrefix(string(b), "name,email,achievement,link\r\n") {
			t.Errorf("%q: not RFC 4180: %q", cell, b)
		}
		rows, err := csv.NewReader(strings.NewReader(string(b))).ReadAll()
		if err != nil || len(rows) != 2 || rows[1][0] != want || rows[1][3] != "https://example.org/claim/#a.b" {
			t.Errorf("%q: rows are %q, %v; want %q", cell, rows, err, want)
		}
		if (list.quoted == 1) != (cell != want) {
			t.Errorf("%q: %d cells are told as changed", cell, list.quoted)
		}
	}
}

// The list takes the place of an earlier one, is readable by its owner alone
// whatever that was, and leaves nothing else behind.
func TestWritePrivate(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "links.csv")
	if err := os.WriteFile(file, []byte("before"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := writePrivate(file, []byte("after")); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(file)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	if b, _ := os.ReadFile(file); string(b) != "after" {
		t.Errorf("holds %s", b)
	}
	target := filepath.Join(dir, "target")
	if err := os.Symlink(target, filepath.Join(dir, "leads-on")); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"leads-on", "."} {
		if err := writePrivate(filepath.Join(dir, name), []byte("x")); err == nil {
			t.Errorf("wrote over %s", name)
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 2 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}
