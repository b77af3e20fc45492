package cli

import (
	"encoding/csv"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rivo/uniseg"
)

// TestVerifyTable prints a list of many: a line each, aligned whatever the letters,
// and nothing of it that steers a terminal or is computed by a spreadsheet.
func TestVerifyTable(t *testing.T) {
	named := func(name, title string) []byte {
		return testCredential(t, func(doc map[string]any) {
			subject := doc["credentialSubject"].(map[string]any)
			subject["identifier"] = []any{map[string]any{"type": "IdentityObject", "hashed": false, "identityType": "name", "identityHash": name, "salt": ""}}
			subject["achievement"].(map[string]any)["name"] = title
		})
	}
	long := strings.Repeat("Woodworking and ", 40)
	dir, document := folder(t, map[string][]byte{
		"all/1.json": named("Ana Example", "Planing"), "all/2.json": named("李 例子例子", "木工"), "all/3.json": named("Zoe\u0308 E\u0301xample", long),
		"all/4.json": named("=HYPERLINK(\"https://example.org\")", "+\x1b[2Kx;@y"), "all/5.json": []byte(`{"type":"VerifiableCredential","credentialSubject":{"id":"urn:x:y"}}`),
	})
	code, out, _ := run(t, nil, document, "--table", filepath.Join(dir, "all"))
	lines := strings.Split(strings.TrimSuffix(out, "\n"), "\n")
	if code != exitProblem || len(lines) != 7 || lines[6] != "5 credentials: 4 valid, 1 invalid, 0 undetermined" {
		t.Fatalf("exit %d:\n%s", code, out)
	}
	at := uniseg.StringWidth(lines[0][:strings.Index(lines[0], "AWARDED")])
	for _, line := range lines[1:5] {
		before, _, ok := strings.Cut(line, "2026-01-10")
		if !ok || uniseg.StringWidth(before) != at || uniseg.StringWidth(line) > tableWidth {
			t.Errorf("not aligned, or too wide: %q", line)
		}
	}
	for i, want := range []string{"FILE", "  valid  ", "李 例子例子  ", "Zoe\u0308 E\u0301xample", "…", "  invalid  "} {
		if !strings.Contains(lines[i], want) || strings.ContainsRune(out, '\x1b') {
			t.Errorf("line %d has no %q: %q", i, want, lines[i])
		}
	}

	code, out, _ = run(t, nil, document, "--csv", filepath.Join(dir, "all"))
	text, marked := strings.CutPrefix(out, "\ufeff")
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || code != exitProblem || !marked || len(rows) != 6 || strings.Join(rows[0], " ") != "file verdict who what by awarded from until code reason fit" {
		t.Fatalf("exit %d, %v: %q", code, err, out)
	}
	for i, want := range []string{
		"valid|Ana Example|Planing|Example Academy (academy.example.org)|2026-01-10|2026-01-15|||", "valid|李 例子例子|木工|", "valid|Zoe\u0308 E\u0301xample|" + long[:160],
		`valid|'=HYPERLINK("https://example.org")|'+\u001b[2Kx;'@y|`, "invalid|urn:x:y||||||proof-missing|The document is not signed.",
	} {
		if got := strings.Join(rows[i+1][1:], "|"); !strings.HasPrefix(got, want) {
			t.Errorf("row %d: %q, want %q", i, got, want)
		}
	}
	code, out, _ = run(t, nil, document, "--csv", "--require", "achievementType=Diploma", filepath.Join(dir, "all/1.json"))
	if code != exitProblem || !strings.Contains(out, ",require-achievement-type,") || !strings.HasSuffix(out, ",no\r\n") {
		t.Errorf("exit %d: %s", code, out)
	}
	for _, args := range [][]string{{"--table", "--csv"}, {"--json", "--csv"}, {"--json", "--table"}} {
		if code, out, errs := run(t, nil, document, append(args, dir)...); code != exitMisused || out != "" || !strings.Contains(errs, "--json, --table and --csv") {
			t.Errorf("%q: exit %d, %s%s", args, code, out, errs)
		}
	}
}

// TestVerifyTableParts gives credentials in a presentation lines of their own.
func TestVerifyTableParts(t *testing.T) {
	inside := string(testCredential(t, nil))
	dir, document := folder(t, map[string][]byte{
		"vp.json": []byte(`{"@context":["https://www.w3.org/ns/credentials/v2"],"type":["VerifiablePresentation"],"verifiableCredential":[` + inside + `,` + strings.Replace(inside, "Planing", "Brewing", 1) + `]}`),
	})
	_, out, errs := run(t, nil, document, "--table", filepath.Join(dir, "vp.json"))
	for _, want := range []string{"/vp.json  invalid", "/vp.json[0]  valid  ", "/vp.json[1]  invalid"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q:\n%s%s", want, out, errs)
		}
	}
}

// TestFitColumns keeps every line within the terminal, however much there is to say, and
// leaves more to the file and the reason than to the rest.
func TestFitColumns(t *testing.T) {
	long := strings.Repeat("x", 200)
	for _, most := range []int{leastWidth, 100, tableWidth, 3000} {
		widths := fitColumns([][]string{{"FILE", "VERDICT", "WHO", "WHAT", "BY", "AWARDED", "UNTIL", "REASON"}, {long, "undetermined", long, long, long, "2026-01-10", "2026-01-10", long}}, most, share)
		total := len(gap) * (len(widths) - 1)
		for _, width := range widths {
			total += width
		}
		if total > most || most < 1000 && total != most || widths[1] != len("undetermined") || widths[5] != dateWidth || widths[7] < widths[0] || widths[0] < widths[2] {
			t.Errorf("of %d columns: %v, in all %d", most, widths, total)
		}
	}
}

// TestCutTo cuts between characters as they are seen.
func TestCutTo(t *testing.T) {
	for _, c := range []struct {
		in, want string
		width    int
		path     bool
	}{
		{"short", "short", 5, false}, {"longer", "long…", 5, false}, {"木工木工", "木工…", 6, false}, {"木工木工", "木工…", 5, false},
		{"e\u0301e\u0301e\u0301e\u0301", "e\u0301e\u0301…", 3, false}, {"folder/file.json", "…le.json", 8, true}, {"ab👩‍👩‍👧cd", "ab…", 4, false},
	} {
		if got := cutTo(c.in, c.width, c.path); got != c.want {
			t.Errorf("cutTo(%q, %d) = %q, want %q", c.in, c.width, got, c.want)
		}
	}
}
