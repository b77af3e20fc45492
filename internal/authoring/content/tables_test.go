package content_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"laurel/internal/authoring/content"
	"laurel/internal/authoring/model"
)

// office is a site with one award list, whose recipients are in a table.
func office(list, table, text string) files {
	return files{
		"content/site.yaml": "baseURL: https://example.org\nlanguages: [en]\nissuer: {name: Example}\n",
		"content/achievements/course.yaml": `name: Course
description: A course.
criteria: {narrative: Pass.}
resultDescription:
  - {id: score, name: Score, resultType: RawScore, valueMin: "0", valueMax: "5000"}
  - {id: mark, name: Mark, resultType: Result, allowedValue: ["5.0", "4.0", "2.3", "1.3", "1.0"]}
  - {id: share, name: Share, resultType: Percent}
  - {id: words, name: Words, resultType: Result}
`,
		"content/awards/k.yaml": "name: K\nachievement: course\nawardedDate: 2026-06-30\nroster: " + table + "\n" + list,
		"content/awards/" + regexp.MustCompile(`#.*`).ReplaceAllString(table, ""): text,
	}
}

// read is what an award list has: a line an award, with what its row says.
func read(site *model.Site) string {
	var lines []string
	for _, a := range site.Cohorts[0].Awards {
		r := a.Recipient
		line := strings.Join([]string{r.Name, r.Email, r.StudentID, r.Key, a.Role, a.AwardedDate.Format("2006-01-02")}, "|")
		if a.CreditsEarned != nil {
			line += fmt.Sprintf("|credits %g", *a.CreditsEarned)
		}
		for _, r := range a.Result {
			line += "|" + r.ResultDescription + " " + r.Value
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

func utf16Text(s string, big bool) string {
	var b strings.Builder
	for _, u := range utf16.Encode([]rune("\ufeff" + s)) {
		if big {
			b.Write([]byte{byte(u >> 8), byte(u)})
		} else {
			b.Write([]byte{byte(u), byte(u >> 8)})
		}
	}
	return b.String()
}

// latin is a text in one byte a letter.
func latin(s string) string {
	b := make([]byte, 0, len(s))
	for _, r := range s {
		b = append(b, byte(r))
	}
	return string(b)
}

// Number formats of book's cells, by their number there.
var bookFormats = []string{"General", "yyyy\\-mm\\-dd", "00000", "0%", "0.00E+00", "0.0", "mmm\\-yy", "h:mm", "#,##0.00", "[$-407]d. mmmm yyyy", "# ?/?", `#,##0.00\ "€"`, "@", `d.\ mmm`, "0", `General" P."`}

// book is a workbook with one sheet, Kurs, of these rows, and parts that it has besides
// or otherwise.
func book(rows string, parts ...string) string {
	styles := ""
	xfs := ""
	for i, code := range bookFormats {
		styles += fmt.Sprintf(`<numFmt numFmtId="%d" formatCode="%s"/>`, 164+i, strings.ReplaceAll(code, `"`, "&quot;"))
		xfs += fmt.Sprintf(`<xf numFmtId="%d"/>`, 164+i)
	}
	const main = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"`
	const rel = `Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/`
	all := []string{
		"[Content_Types].xml", "<Types/>",
		"_rels/.rels", `<Relationships><Relationship Id="r1" ` + rel + `officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml", `<workbook ` + main + `><workbookPr/><sheets><sheet name="Kurs" sheetId="1" r:id="r1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="r1" ` + rel + `worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" ` + rel + `worksheet" Target="/xl/worksheets/sheet2.xml"/><Relationship Id="r3" ` + rel + `styles" Target="styles.xml"/><Relationship Id="r4" ` + rel + `sharedStrings" Target="sharedStrings.xml"/></Relationships>`,
		"xl/styles.xml", `<styleSheet ` + main + `><numFmts>` + styles + `</numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs>` + xfs + `</cellXfs></styleSheet>`,
		"xl/sharedStrings.xml", `<sst ` + main + `><si><t>name</t></si><si><t>email</t></si><si><r><t xml:space="preserve">Jürgen </t></r><r><rPr><b/></rPr><t>Muster</t></r><rPh sb="0" eb="1"><t>furigana</t></rPh></si></sst>`,
		"xl/worksheets/sheet1.xml", rows,
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(all); i += 2 {
		text := all[i+1]
		for j := 0; j < len(parts); j += 2 {
			if parts[j] == all[i] {
				text = parts[j+1]
			}
		}
		if i+2 == len(all) && !strings.HasPrefix(text, "<worksheet") {
			text = `<worksheet ` + main + `><sheetData>` + text + `</sheetData></worksheet>`
		}
		w, _ := z.Create(all[i])
		w.Write([]byte(text))
	}
	for j := 0; j < len(parts); j += 2 {
		if !slices.Contains(all, parts[j]) {
			w, _ := z.Create(parts[j])
			w.Write([]byte(parts[j+1]))
		}
	}
	z.Close()
	return b.String()
}

// xrow is a row of a sheet. A cell is text; or =N:V, a number in the format N; or XML.
func xrow(n int, cells ...string) string {
	s := fmt.Sprintf(`<row r="%d">`, n)
	for i, c := range cells {
		at := fmt.Sprintf("%c%d", 'A'+i, n)
		switch m := regexp.MustCompile(`^=(\d+):(.*)$`).FindStringSubmatch(c); {
		case m != nil:
			s += fmt.Sprintf(`<c r="%s" s="%s"><v>%s</v></c>`, at, m[1], m[2])
		case strings.HasPrefix(c, "<c "):
			s += strings.Replace(c, "<c ", `<c r="`+at+`" `, 1)
		case c != "":
			s += fmt.Sprintf(`<c r="%s" t="inlineStr"><is><t xml:space="preserve">%s</t></is></c>`, at, c)
		}
	}
	return s + "</row>"
}

// one is a sheet of one recipient, with one cell that is the case: in the column that is
// named.
func one(column, cell string) string {
	return book(xrow(1, "name", "key", column) + xrow(2, "Ana", "k1", cell))
}

func fixture(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// TestTables reads spreadsheets as their programs save them: what is right in them, or
// the one error that says what happened, where, and how to export it right. Never wrong
// data.
func TestTables(t *testing.T) {
	const two = "Jürgen Muster|j@example.org||||2026-06-30\nZoë Example|zoe@example.org||||2026-06-30"
	const ana, anaDay = "Ana|ana@example.org||||2026-06-30", "Ana|ana@example.org||||2026-07-01"
	de := "Name;E-Mail\r\nJürgen Muster;j@example.org\r\nZoë Example;zoe@example.org\r\n"
	tab := strings.ReplaceAll(de, ";", "\t")
	dated := func(s string) string { return "name;email;awardedDate\nAna;ana@example.org;" + s + "\n" }
	const fromPrograms = "Jürgen Muster|j.muster@example.org|00123|||2026-06-30|credits 2.5|score 87.5\nZoë Example|zoe@example.org|202601000000|||2026-07-01|credits 3|score 91"
	for _, c := range []struct{ name, list, table, text, want, hint string }{
		// The cases of the issue.
		{name: "case-06", text: fixture(t, "cases/06-mojibake-signed/t.csv"), want: "!row 2, name (A2): is damaged: letters were read in a wrong encoding", hint: "CSV UTF-8"},
		{name: "case-10-windows", text: fixture(t, "cases/10-excel-csv-refused/05-windows1252.csv"), want: "!the file is not UTF-8 text", hint: "encoding: windows-1252"},
		{name: "case-10-windows-said", list: "encoding: windows-1252", text: fixture(t, "cases/10-excel-csv-refused/05-windows1252.csv"), want: "Zoë Ærøskøbing|zoe@example.org||||2026-06-30"},
		{name: "case-10-semicolon", text: fixture(t, "cases/10-excel-csv-refused/07-semicolon.csv"), want: "Zoë Example|zoe@example.org||||2026-06-30"},
		{name: "case-10-tab", text: fixture(t, "cases/10-excel-csv-refused/08-tab.csv"), want: "Zoë Example|zoe@example.org||||2026-06-30"},
		{name: "case-10-sep", text: fixture(t, "cases/10-excel-csv-refused/09-sep-semicolon.csv"), want: "Zoë|zoe@example.org||||2026-06-30"},
		{name: "case-11-case", text: fixture(t, "cases/11-header-variants/11-header-case.csv"), want: ana},
		{name: "case-11-first-last", text: fixture(t, "cases/11-header-variants/14-first-last.csv"), want: "Ana Example|ana@example.org||||2026-06-30"},
		{name: "case-11-trailing", text: fixture(t, "cases/11-header-variants/16-trailing-empty-column.csv"), want: ana + "\nBen|ben@example.org||||2026-06-30"},
		{name: "case-11-extra", text: fixture(t, "cases/11-header-variants/52-extra-columns.csv"), want: ana, hint: `columns: {Nr: "-", Phone: "-", Notes: "-"}`},
		{name: "case-12-two", text: fixture(t, "cases/12-spreadsheet-mangled-ids/28-sci-notation.csv"), want: "!row 2, studentId (B2): is a number that a spreadsheet has shortened, such as 2.02601E+11: its digits are lost (in 2 rows: 2, 3)", hint: "format the column as text"},
		{name: "case-12-one", text: fixture(t, "cases/12-spreadsheet-mangled-ids/28b-sci-notation-one.csv"), want: "!row 2, studentId (B2): is a number that a spreadsheet has shortened"},
		{name: "case-12-formula", text: fixture(t, "cases/12-spreadsheet-mangled-ids/29-excel-text-formula.csv"), want: "!row 2, studentId (B2): is a formula, and not its value"},
		{name: "case-19-ragged", text: fixture(t, "cases/19-small-hints/69-ragged.csv"), want: "!row 2: has 2 of the 3 cells that the header has", hint: "write a comma for each cell that is empty"},

		// Dialects of text.
		{name: "excel-de", text: "\ufeff" + de, want: two},
		{name: "excel-de-trailing", text: strings.ReplaceAll(de, "\r\n", ";;\r\n") + ";;;\r\n;;;\r\n", want: two},
		{name: "excel-fr", list: "dates: DD/MM/YYYY", text: "Prénom;Nom de famille;Adresse e-mail;awardedDate\r\nZoé;Exemple;zoe@example.org;01/07/2026\r\n", want: "Zoé Exemple|zoe@example.org||||2026-07-01"},
		{name: "excel-fr-name", text: "Nom;Prénom;E-mail\r\nExemple;Zoé;zoe@example.org\r\n", want: "!row 1, column B: is a part of the name, and there is no column for the last name"},
		{name: "excel-de-name", text: "Name;Vorname;E-Mail\r\nMuster;Jürgen;j@example.org\r\n", want: "!row 1, column A: may be the whole name or a part of it", hint: "columns: {Name: lastName}"},
		{name: "excel-de-name-said", list: "columns: {Name: last name}", text: "Name;Vorname;E-Mail\r\nMuster;Jürgen;j@example.org\r\n", want: "Jürgen Muster|j@example.org||||2026-06-30"},
		{name: "excel-us", list: "dates: MM/DD/YYYY", text: "Full Name,Email Address,Awarded Date\r\n\"Doe, Ana\",ana@example.org,7/1/2026\r\n", want: "Doe, Ana|ana@example.org||||2026-07-01"},
		{name: "excel-jp", list: "dates: YYYY年MM月DD日", text: "\ufeffname,email,awardedDate\r\n山田　太郎,ana@example.org,2026年7月1日\r\n", want: "山田　太郎|ana@example.org||||2026-07-01"},
		{name: "excel-jp-shift-jis", text: "name,email\r\n\x8eR\x93c,ana@example.org\r\n", want: "!the file is not UTF-8 text"},
		{name: "excel-jp-as-windows", list: "encoding: windows-1252", text: "name,email\r\n\x8eR\x93c\x81@\x91\xbe,ana@example.org\r\n", want: "!the file has a byte that means nothing in windows-1252"},
		{name: "excel-pl", list: "encoding: windows-1250", text: "name;email\r\nMicha\xb3 \x8cwi\xeaty;m@example.org\r\n", want: "Michał Święty|m@example.org||||2026-06-30"},
		{name: "excel-mac-old", text: "name;email\rAna;ana@example.org\r", want: ana},
		{name: "libreoffice", text: strings.ReplaceAll(strings.ReplaceAll(de, "\r\n", "\n"), ";", ","), want: two},
		{name: "libreoffice-quotes", text: "\"name\",\"email\"\n\"Ana \"\"A\"\" Example\",\"ana@example.org\"\n", want: `Ana "A" Example|ana@example.org||||2026-06-30`},
		{name: "numbers-app", text: "\ufeff" + tab, want: two},
		{name: "google-sheets", text: "name,email,role\r\nAna,ana@example.org,\"Lead, Team A\"", want: "Ana|ana@example.org|||Lead, Team A|2026-06-30"},
		{name: "sep-line-quoted", text: "\"sep=;\"\r\n" + de, want: two},
		{name: "sep-line-bar", text: "SEP=|\r\nname|email\r\nAna|ana@example.org\r\n", want: ana},
		{name: "utf16-le", text: utf16Text(tab, false), want: two},
		{name: "utf16-be", text: utf16Text(de, true), want: two},
		{name: "utf16-no-mark", text: utf16Text(tab, false)[2:], want: "!the file is UTF-16 without a byte order mark", hint: "CSV UTF-8"},
		{name: "utf16-cut", text: utf16Text(tab, false)[:41], want: "!the file is cut off"},
		{name: "windows-said", list: "encoding: Windows-1252", text: latin(de), want: two},
		{name: "windows-wrongly-said", list: "encoding: windows-1252", text: de, want: "!the file is UTF-8, not windows-1252"},
		{name: "encoding-unknown", list: "encoding: cp437", text: de, want: "!encoding: is no encoding that laurel reads"},
		{name: "inner-lines", text: "name;email;narrative\r\nAna;ana@example.org;\"one\r\ntwo; three\"\r\nBen;ben@example,;\r\n", want: "!row 3, email (B3): must be an e-mail address"},
		{name: "tsv", table: "k.tsv", text: tab, want: two},
		{name: "upper-case", table: "k.CSV", text: de, want: two},
		{name: "empty-rows-above", text: "\r\n;\r\n" + de, want: two},
		{name: "title-above", text: "Kurs im Frühjahr;;\r\n" + de, want: "!row 1, column A: is not the name of a column, nor is any other in this row"},
		{name: "header-only", text: "name;email\r\n", want: "!the roster has no rows below its header"},
		{name: "unclosed-quote", text: "name,email\n\"Ana,ana@example.org\nBen,b@example.org\n", want: "!a cell in double quotes does not end"},
		{name: "extra-cell", text: "name;email;role\nAna;ana@example.org;a;b\n", want: "!row 2: has 4 cells, but the header has 3", hint: "contains a semicolon must be in double quotes"},

		// Columns.
		{name: "columns", list: "columns:\n  Kursnote: result.mark\n  Telefon: -\n  Teilnehmer: name\n", text: "Teilnehmer;E-Mail;Kursnote;Telefon\nAna;ana@example.org;1,3;0123\n", want: ana + "|mark 1.3"},
		{name: "columns-unknown", list: "columns: {Kursnote: result.marks}", text: "name;email;Kursnote\nAna;ana@example.org;1,3\n", want: "!columns.Kursnote: is not the name of a column", hint: `did you mean "result.mark"?`},
		{name: "columns-absent", list: "columns: {Note: result.mark}", text: "name;email\nAna;ana@example.org\n", want: "!columns.Note: the roster has no column of that name"},
		{name: "columns-twice", text: "email;E-Mail;name\nana@example.org;a@example.org;Ana\n", want: "!row 1, column B: the column is given twice: column A is email as well"},
		{name: "column-misspelt", text: "name;email;visibilty\nAna;ana@example.org;private\n", want: `!row 1, column C: is not the name of a column`, hint: `columns: {visibilty: "-"}`},
		{name: "column-nameless", text: "name;;email\nAna;x;ana@example.org\nBen;y;b@example.org\n", want: "!row 1, column B: the column has no name, and there is something in its cells"},
		{name: "empty-name", text: "name;email\n;ana@example.org\n", want: "!row 2, name (A2): is empty", hint: "write the name"},
		{name: "empty-last-name", text: "Nachname;Vorname;email\n;Ana;ana@example.org\n", want: "!row 2, lastName (A2): is empty"},
		{name: "spaces", text: "name ;  E - Mail:\n\u00a0Ana\u00a0 Example ;ana@example.org\u00a0\n", want: "Ana Example|ana@example.org||||2026-06-30"},

		// Dates and numbers, never guessed.
		{name: "date-iso", text: dated("2026-07-01"), want: anaDay},
		{name: "date-de", list: "dates: DD.MM.YYYY", text: dated("1.7.2026"), want: anaDay},
		{name: "date-us-said", list: "dates: MM/DD/YYYY", text: dated("07/01/2026"), want: anaDay},
		{name: "date-not-said", text: dated("01.07.2026"), want: "!row 2, awardedDate (C2): must be a date", hint: "dates: DD.MM.YYYY"},
		{name: "date-not-said-us", text: dated("7/1/2026"), want: "!row 2, awardedDate (C2): must be a date", hint: "dates: DD/MM/YYYY or dates: MM/DD/YYYY"},
		{name: "date-other", list: "dates: DD.MM.YYYY", text: dated("07/01/2026"), want: "!row 2, awardedDate (C2): is not a date as dates: in the cohort says, DD.MM.YYYY"},
		{name: "date-impossible", list: "dates: DD.MM.YYYY", text: dated("31.06.2026"), want: "!row 2, awardedDate (C2): is a day or time that does not exist"},
		{name: "date-short-year", list: "dates: DD.MM.YYYY", text: dated("01.07.26"), want: "!row 2, awardedDate (C2): is a date with only two digits of its year"},
		{name: "date-serial", text: dated("46204"), want: "!row 2, awardedDate (C2): is a number, perhaps a date"},
		{name: "dates-form", list: "dates: DD.MM.YY", text: de, want: "!dates: must have the year as YYYY"},
		{name: "comma", text: "name;email;creditsEarned;result.score\nAna;ana@example.org;2,5;87,5\n", want: ana + "|credits 2.5|score 87.5"},
		{name: "comma-quoted", text: "name,email,creditsEarned\nAna,ana@example.org,\"2,5\"\n", want: ana + "|credits 2.5"},
		{name: "thousands", text: "name;email;creditsEarned\nAna;ana@example.org;1.500\n", want: "!row 2, creditsEarned (C2): is either a number of thousands or one with decimals"},
		{name: "thousands-of-scale", text: "name;email;result.share\nAna;ana@example.org;1,500\n", want: ana + "|share 1.500"},
		{name: "thousands-of-no-scale", text: "name;email;result.score\nAna;ana@example.org;1.500\n", want: "!row 2, result.score (C2): is either a number of thousands"},
		{name: "comma-in-words", text: "name;email;result.words\nAna;ana@example.org;1,3\n", want: ana + "|words 1,3"},
		{name: "percent", text: "name;email;result.share\nAna;ana@example.org;91%\n", want: "!row 2, result.share (C2): must be a decimal number", hint: "leave the % out"},

		// What spreadsheets destroy.
		{name: "shortened-de", text: "name;studentId\nAna;2,02601E+11\n", want: "!row 2, studentId (B2): is a number that a spreadsheet has shortened"},
		{name: "zeroed", text: "name;studentId\nAna;110101199003070000\n", want: "!row 2, studentId (B2): is a number of more than 15 digits"},
		{name: "apostrophe", text: "name;studentId\nAna;'00123\n", want: "!row 2, studentId (B2): begins with an apostrophe", hint: "format the column as text"},
		{name: "apostrophe-of-a-name", text: "name;email\n'Abd al-Muster;ana@example.org\n", want: "'Abd al-Muster|ana@example.org||||2026-06-30"},
		{name: "formula", text: "name;email;role\nAna;ana@example.org;\"=VLOOKUP(A2;B:C;2)\"\n", want: "!row 2, role (C2): is a formula"},
		{name: "formula-error", text: "name;email\n#N/A;ana@example.org\n", want: "!row 2, name (A2): is the error of a formula"},
		{name: "formula-error-de", text: "name;email\n#NV;ana@example.org\n#BEZUG!;b@example.org\n", want: "!row 2, name (A2): is the error of a formula, and no value (in 2 rows: 2, 3)"},
		{name: "narrow", text: "name;email;awardedDate\nAna;ana@example.org;########\n", want: "!row 2, awardedDate (C2): holds only number signs"},
		{name: "lost", text: "name;email\n??? ????;ana@example.org\n", want: "!row 2, name (A2): holds only question marks"},
		{name: "lost-letter", text: "name;email\nJ?rgen;ana@example.org\n", want: "!row 2, name (A2): has a question mark in a name"},
		{name: "lost-sign", text: "name;email\nJ\ufffdrgen;ana@example.org\n", want: "!row 2, name (A2): has lost letters"},
		{name: "mojibake", text: "name;email\nJÃ¼rgen;ana@example.org\n", want: "!row 2, name (A2): is damaged"},
		{name: "mojibake-ru", text: "name;email\nÐ˜Ð²Ð°Ð½;ana@example.org\n", want: "!row 2, name (A2): is damaged"},
		{name: "grade-as-date", text: "name;email;result.words\nAna;ana@example.org;01. Mrz\n", want: "!row 2, result.words (C2): is a date, perhaps made by the spreadsheet"},
		{name: "id-as-date", text: "name;studentId\nAna;5-Mar\n", want: "!row 2, studentId (B2): is a date, perhaps made by the spreadsheet"},
		{name: "many", text: "name;email\n" + strings.Repeat("Ana;nobody\n", 300), want: "!row 2, email (B2): must be an e-mail address (in 300 rows: 2, 3, 4, 5, 6 …)"},

		// Workbooks of programs.
		{name: "openpyxl", table: "k.xlsx", text: fixture(t, "tables/openpyxl.xlsx"), want: fromPrograms, hint: "roster: k.xlsx#Kurs says that it is meant; the others are Notizen"},
		{name: "openpyxl-sheet", table: "k.xlsx#Kurs", text: fixture(t, "tables/openpyxl.xlsx"), want: fromPrograms},
		{name: "xlsxwriter-1904", table: "k.xlsx", text: fixture(t, "tables/xlsxwriter-1904.xlsx"), want: fromPrograms},
		{name: "libreoffice-xlsx", table: "k.XLSX#kurs", text: fixture(t, "tables/libreoffice.xlsx"), want: fromPrograms},
		{name: "no-such-sheet", table: "k.xlsx#Kurs2", text: fixture(t, "tables/openpyxl.xlsx"), want: "!has no sheet of that name", hint: "its sheets are Kurs, Notizen"},
		{name: "workbook-named-csv", text: fixture(t, "tables/openpyxl.xlsx"), want: "!is an Excel workbook and no text", hint: "rename it to k.xlsx"},
		{name: "csv-named-workbook", table: "k.xlsx", text: de, want: "!is no workbook, in spite of its name", hint: "rename it to k.csv"},
		{name: "xls", table: "k.xls", text: fixture(t, "tables/libreoffice.xls"), want: "!roster: is a workbook of Excel 97 to 2003", hint: "save it as Excel workbook (.xlsx)"},
		{name: "xls-named-xlsx", table: "k.xlsx", text: fixture(t, "tables/libreoffice.xls"), want: "!is a workbook of Excel 97 to 2003"},
		{name: "ods", table: "k.ods", text: fixture(t, "tables/libreoffice.ods"), want: "!roster: is a spreadsheet of LibreOffice", hint: "file type Excel 2007-365"},
		{name: "ods-named-xlsx", table: "k.xlsx", text: fixture(t, "tables/libreoffice.ods"), want: "!is a spreadsheet of LibreOffice"},
		{name: "numbers", table: "k.numbers", text: "PK", want: "!roster: is a spreadsheet of Numbers", hint: "File > Export to > Excel"},
		{name: "numbers-named-xlsx", table: "k.xlsx", text: book("", "Index/Document.iwa", "x"), want: "!is a spreadsheet of Numbers"},
		{name: "password", table: "k.xlsx", text: "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 512) + utf16Text("EncryptedPackage", false)[2:], want: "!is protected with a password"},
		{name: "html-named-xls", text: "<html><table><tr><td>name</td></tr></table></html>", want: "!is a web page, and neither a workbook nor CSV"},
		{name: "truncated", table: "k.xlsx", text: fixture(t, "tables/openpyxl.xlsx")[:3000], want: "!is damaged, or cut off"},

		// Kinds of cells.
		{name: "shared-and-rich", table: "k.xlsx", text: book(xrow(1, `<c t="s"><v>0</v></c>`, `<c t="s"><v>1</v></c>`) + xrow(3, `<c t="s"><v>2</v></c>`, " j@example.org\u00a0") + xrow(900, "", " ")), want: "Jürgen Muster|j@example.org||||2026-06-30"},
		{name: "date-1900", table: "k.xlsx", text: one("awardedDate", "=1:46204"), want: "Ana|||k1||2026-07-01"},
		{name: "date-long", table: "k.xlsx", text: one("awardedDate", "=9:46204"), want: "Ana|||k1||2026-07-01"},
		{name: "date-1904", table: "k.xlsx", text: book(xrow(1, "name", "key", "awardedDate")+xrow(2, "Ana", "k1", "=1:44742"), "xl/workbook.xml", `<workbook xmlns:r="r"><workbookPr date1904="1"/><sheets><sheet name="Kurs" r:id="r1"/></sheets></workbook>`), want: "Ana|||k1||2026-07-01"},
		{name: "date-leap-day-of-1900", table: "k.xlsx", text: one("awardedDate", "=1:60"), want: "!row 2, awardedDate (C2): is a date that does not exist"},
		{name: "date-with-time", table: "k.xlsx", text: one("awardedDate", "=1:46204.5"), want: "!row 2, awardedDate (C2): has no time zone"},
		{name: "date-iso-cell", table: "k.xlsx", text: one("awardedDate", `<c t="d"><v>2026-07-01</v></c>`), want: "Ana|||k1||2026-07-01"},
		{name: "date-month-only", table: "k.xlsx", text: one("awardedDate", "=6:46204"), want: "!row 2, awardedDate (C2): is a date of which the sheet shows only a part"},
		{name: "date-without-year", table: "k.xlsx", text: one("awardedDate", "=13:46204"), want: "!row 2, awardedDate (C2): is a date of which the sheet shows only a part"},
		{name: "date-as-text", table: "k.xlsx", list: "dates: DD.MM.YYYY", text: one("awardedDate", "01.07.2026"), want: "Ana|||k1||2026-07-01"},
		{name: "date-as-number", table: "k.xlsx", text: one("awardedDate", "=0:46204"), want: "!row 2, awardedDate (C2): is a number, perhaps a date"},
		{name: "time", table: "k.xlsx", text: one("awardedDate", "=7:0.5"), want: "!row 2, awardedDate (C2): is a time of the day"},
		{name: "grade-made-date", table: "k.xlsx", text: one("result.mark", "=1:46023"), want: "!row 2, result.mark (C2): is a date, perhaps made by the spreadsheet"},
		{name: "id-number", table: "k.xlsx", text: one("studentId", "=0:12345"), want: "Ana||12345|k1||2026-06-30"},
		{name: "id-scientific", table: "k.xlsx", text: one("studentId", "=4:2.02601E+11"), want: "Ana||202601000000|k1||2026-06-30"},
		{name: "id-15-digits", table: "k.xlsx", text: one("studentId", "=14:123456789012345"), want: "Ana||123456789012345|k1||2026-06-30"},
		{name: "id-16-digits", table: "k.xlsx", text: one("studentId", "=14:1234567890123450"), want: "!row 2, studentId (C2): is a number of more than 15 digits"},
		{name: "id-zeros", table: "k.xlsx", text: one("studentId", "=2:123"), want: "Ana||00123|k1||2026-06-30"},
		{name: "id-text", table: "k.xlsx", text: one("studentId", "00123"), want: "Ana||00123|k1||2026-06-30"},
		{name: "id-decimal", table: "k.xlsx", text: one("studentId", "=0:1.1"), want: "!row 2, studentId (C2): is kept as a number, and a text is meant"},
		{name: "id-date", table: "k.xlsx", text: one("studentId", "=1:46204"), want: "!row 2, studentId (C2): is a date"},
		{name: "mark-with-decimals", table: "k.xlsx", text: one("result.mark", "=5:1"), want: "Ana|||k1||2026-06-30|mark 1.0"},
		{name: "mark-rounded", table: "k.xlsx", text: one("result.mark", "=5:1.26"), want: "!row 2, result.mark (C2): is shown rounded"},
		{name: "mark-of-a-sum", table: "k.xlsx", text: one("result.score", "=0:0.30000000000000004"), want: "Ana|||k1||2026-06-30|score 0.3"},
		{name: "score-thousands", table: "k.xlsx", text: one("result.score", "=8:1234.5"), want: "Ana|||k1||2026-06-30|score 1234.5"},
		{name: "percent-cell", table: "k.xlsx", text: one("result.share", "=3:0.91"), want: "!row 2, result.share (C2): is shown in percent"},
		{name: "fraction", table: "k.xlsx", text: one("studentId", "=10:0.5"), want: "!row 2, studentId (C2): is shown with more than its digits"},
		{name: "money", table: "k.xlsx", text: one("creditsEarned", "=11:2.5"), want: "!row 2, creditsEarned (C2): is shown with more than its digits"},
		{name: "unit", table: "k.xlsx", text: one("creditsEarned", "=15:2.5"), want: "!row 2, creditsEarned (C2): is shown with more than its digits"},
		{name: "boolean", table: "k.xlsx", text: one("role", `<c t="b"><v>1</v></c>`), want: "!row 2, role (C2): holds true or false"},
		{name: "error-cell", table: "k.xlsx", text: one("role", `<c t="e"><v>#N/A</v></c>`), want: "!row 2, role (C2): is the error of a formula"},
		{name: "formula-text", table: "k.xlsx", text: one("role", `<c t="str"><f>A2</f><v>Lead</v></c>`), want: "Ana|||k1|Lead|2026-06-30"},
		{name: "formula-number", table: "k.xlsx", text: one("creditsEarned", `<c><f>1+1.5</f><v>2.5</v></c>`), want: "Ana|||k1||2026-06-30|credits 2.5"},
		{name: "formula-empty", table: "k.xlsx", text: one("role", `<c t="str"><f>IF(1,"")</f><v></v></c>`), want: "Ana|||k1||2026-06-30"},
		{name: "formula-not-computed", table: "k.xlsx", text: one("role", `<c><f>A2</f><v></v></c>`), want: "!row 2, role (C2): is a formula of which the workbook has no value", hint: "let it compute"},
		{name: "number-as-name", table: "k.xlsx", text: book(xrow(1, "name", "key") + xrow(2, "=0:7", "k1")), want: "!row 2, name (A2): is a number, and no name"},
		{name: "short-row", table: "k.xlsx", text: book(xrow(1, "key", "role", "name") + xrow(2, "k1")), want: "!row 2, name (C2): is empty"},
		{name: "hidden-row", table: "k.xlsx", text: book(xrow(1, "name", "key") + strings.Replace(xrow(2, "Ana", "k1"), "<row", `<row hidden="1"`, 1) + strings.Replace(xrow(3, "Ben", "k2"), "<row", `<row hidden="1"`, 1)), want: "!row 2: is hidden, by a filter or by hand: nobody can tell whether it is meant (in 2 rows: 2, 3)"},
		{name: "merged", table: "k.xlsx", text: book(`<worksheet><sheetData>` + xrow(1, "name", "key", "role") + xrow(2, "Ana", "k1", "Lead") + xrow(3, "Ben", "k2") + `</sheetData><mergeCells><mergeCell ref="C2:C3"/></mergeCells></worksheet>`), want: "!row 2, role (C2): is merged with others, C2 to C3"},
		{name: "first-sheet-hidden", table: "k.xlsx", text: book(xrow(1, "x"), "xl/worksheets/sheet2.xml", `<worksheet><sheetData>`+xrow(1, "name", "key")+xrow(2, "Ana", "k1")+`</sheetData></worksheet>`, "xl/workbook.xml", `<workbook xmlns:r="r"><sheets><sheet name="Listen" state="hidden" r:id="r1"/><sheet name="Kurs" r:id="r2"/></sheets></workbook>`), want: "Ana|||k1||2026-06-30"},
		{name: "escaped", table: "k.xlsx", text: one("role", "a_x005F_b"), want: "Ana|||k1|a_b|2026-06-30"},
		{name: "document-type", table: "k.xlsx", text: book(`<worksheet><!DOCTYPE x [<!ENTITY a "b">]><sheetData/></worksheet>`), want: "!is a damaged workbook"},
	} {
		t.Run(c.name, func(t *testing.T) {
			table := c.table
			if table == "" {
				table = "k.csv"
			}
			site, err := office(c.list, table, c.text).load(t)
			want, wrong := strings.CutPrefix(c.want, "!")
			if !wrong {
				if err != nil {
					t.Fatal(err)
				}
				if got := read(site); got != want {
					t.Errorf("read as\n%s\nwant\n%s", got, want)
				}
				if c.hint != "" && (len(site.Warnings) != 1 || !strings.Contains(site.Warnings[0].Hint, c.hint)) || c.hint == "" && len(site.Warnings) > 0 {
					t.Errorf("warnings: %v, want %q", site.Warnings, c.hint)
				}
				return
			}
			if err == nil {
				t.Fatalf("read as\n%s\nwant the error %s", read(site), want)
			}
			problems := err.(content.Problems)
			if c.table != "" && table != "k.csv" && len(problems) == 2 && strings.Contains(problems[0].Text, "is not a .yaml file") {
				problems = problems[1:] // what is no table lies beside the list
			}
			if len(problems) != 1 || !strings.Contains(problems.Error(), want) || !strings.Contains(problems[0].Hint, c.hint) || problems[0].Hint == "" && !strings.Contains(want, "hidden, by") {
				t.Errorf("%v\nwant the one error %s; %s", err, want, c.hint)
			}
		})
	}
}
