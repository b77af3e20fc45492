package table

import (
	"regexp"
	"strings"
	"sync"

	"laurel/internal/material/text"
)

func trimmed(s string) string { return text.Trim(s) }

var (
	// scientific is a number as spreadsheets show what is too long for them.
	scientific = regexp.MustCompile(`^[-+]?\d+([.,]\d+)?[eE][-+]\d{1,3}$`)
	// formula is one that was saved in place of its value.
	formula = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^=(".*"|[-+]?\d.*|\(.*|[$']?[A-Z]{1,3}\$?\d.*|[\p{L}_][\p{L}\d_. ]*[(!].*)$`)
	})
	// apostrophe is how a number is typed as text.
	apostrophe = regexp.MustCompile(`^['’](\d|[=+\-@])`)
	// errorCell is what formulas show that failed, in the languages of spreadsheets.
	errorCell = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^(#[¡¿]?[\p{Lu}0/_]+[!?]|#(N/A|N/D|N/B|NV|N\.V\.|N\.A\.|I/T|SAKNAS!|GETTING_DATA|FIELD|CALC|REF|NAME|WERT|ERROR|FEHLER)|(Err|Fehler|Erreur|Errore):\d{3})$`)
	})
	tooNarrow = regexp.MustCompile(`^#{2,}$`)
	lost      = regexp.MustCompile(`^[?\s]*\?[?\s]*\?[?\s]*$`)
)

// damage says what a spreadsheet did to a text, and how to export it right; empty:
// nothing that can be seen.
func damage(s string) (fault, try string) {
	if s == "" {
		return "", ""
	}
	switch c := s[0]; {
	case c == '#' && tooNarrow.MatchString(s):
		return "holds only number signs: the column was too narrow to show what is in it", "make the column wider and export anew"
	case c == '#' || c == 'E' || c == 'F':
		if errorCell().MatchString(s) {
			return "is the error of a formula, and no value", "mend the formula in the spreadsheet, or type the value in its place, and export anew"
		}
	case c == '=' && formula().MatchString(s):
		return "is a formula, and not its value", "in the spreadsheet, replace the formula by its value (copy, then paste special: values) and export anew"
	case (c == '\'' || strings.HasPrefix(s, "’")) && apostrophe.MatchString(s):
		return "begins with an apostrophe, with which a spreadsheet marks text", "delete the apostrophe; to keep zeros at the beginning, format the column as text and export anew"
	case c == '?' && lost.MatchString(s):
		return "holds only question marks: its letters were lost in an export", "export it from the original again, as CSV UTF-8 or as an Excel workbook (.xlsx)"
	case c == '-' || c == '+' || '0' <= c && c <= '9':
		if scientific.MatchString(s) {
			return "is a number that a spreadsheet has shortened, such as 2.02601E+11: its digits are lost", "in the spreadsheet, format the column as text or as a number without decimals, check the digits, and export anew; an Excel workbook (.xlsx) keeps up to 15"
		}
	}
	if strings.ContainsRune(s, '\ufffd') {
		return "has lost letters: it contains the sign for an unreadable character (U+FFFD)", "export it from the original again, as CSV UTF-8 or as an Excel workbook (.xlsx)"
	}
	if meant := text.Mojibake(s); meant != "" {
		return "is damaged: letters were read in a wrong encoding, and several signs stand for one", "open the original and export it again as CSV UTF-8 or as an Excel workbook (.xlsx)"
	}
	return "", ""
}
