package deliver

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"laurel/internal/material/hint"
	"laurel/internal/material/table"
)

// The list is a table that Excel takes for UTF-8, wherever it splits the lines.
func TestLinkList(t *testing.T) {
	list := LinkList{Links: []ClaimLink{
		{Name: "Ana; Example", Email: "ana@example.org", Achievement: "Knots", Link: "https://example.org/claim/#a.b"},
		{Name: "Bob;=1+1;", Achievement: "Knots"},
	}}
	b, err := list.Encode(table.CSV)
	want := "\ufeffname,email,achievement,link\r\n\"Ana; Example\",ana@example.org,Knots,https://example.org/claim/#a.b\r\n\"Bob;'=1+1;\",,Knots,\r\n"
	if err != nil || string(b) != want || list.Inert != 1 {
		t.Errorf("written as %q (%d cells changed), %v", b, list.Inert, err)
	}
}

// The list takes the place of an earlier one, is readable by its owner alone
// whatever that was, and leaves nothing else behind.
func TestWriteList(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "links.csv")
	first, err := (&LinkList{Links: []ClaimLink{{Name: "Ana"}}}).Encode(table.CSV)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, first, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := WriteList(file, append(first, "after"...)); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(file)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	if b, _ := os.ReadFile(file); !strings.HasSuffix(string(b), "after") {
		t.Errorf("holds %s", b)
	}
	target := filepath.Join(dir, "target")
	if err := os.WriteFile(target, first, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(target, filepath.Join(dir, "leads-on")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("nowhere", filepath.Join(dir, "leads-nowhere")); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"leads-on", "leads-nowhere", "."} {
		if err := WriteList(filepath.Join(dir, name), []byte("x")); err == nil {
			t.Errorf("wrote over %s", name)
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 4 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}

// Nothing is written over but a list of claim links.
func TestReplaceable(t *testing.T) {
	list := &LinkList{Links: []ClaimLink{{Name: "Ana", Link: "https://example.org/claim/#a.b"}}}
	csv, err := list.Encode(table.CSV)
	if err != nil {
		t.Fatal(err)
	}
	book, err := list.Encode(table.XLSX)
	if err != nil {
		t.Fatal(err)
	}
	var other strings.Builder
	if _, err := table.Write(&other, table.XLSX, [][]string{{"name", "email", "achievement", "folder", "link"}}); err != nil {
		t.Fatal(err)
	}
	object, err := list.EncodeJSON()
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		holds string
		good  bool
	}{
		"table":      {string(csv), true},
		"object":     {string(object), true},
		"workbook":   {string(book), true},
		"other_book": {other.String(), false},
		"empty":      {"", false},
		"cut":        {string(csv[:10]), false},
		"ledger":     {`{"seq":1,"time":"2026-06-30T12:00:00Z"}` + "\n", false},
		"roster":     {"name,email,achievement\r\nAna,ana@example.org,knots\r\n", false},
		"mail_merge": {"\ufeffname,email,achievement,folder,link\r\n", false},
		"text":       {"my notes", false},
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "links.csv")
			if err := os.WriteFile(file, []byte(c.holds), 0o644); err != nil {
				t.Fatal(err)
			}
			err := WriteList(file, csv)
			after, _ := os.ReadFile(file)
			if (err == nil) != c.good || !c.good && string(after) != c.holds {
				t.Errorf("%v; the file now holds %q", err, after)
			}
			if err != nil && hint.Of(err) == "" {
				t.Errorf("%v has no hint", err)
			}
		})
	}
}
