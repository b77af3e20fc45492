package content

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"laurel/internal/authoring/model"
	"laurel/internal/material/table"
)

var (
	dateFields = []string{"awardedDate", "validUntil", "activityStartDate", "activityEndDate"}
	idFields   = []string{"id", "email", "studentId", "key", "licenseNumber"}

	// madeDate is what spreadsheets make of 1.3 or 3-5: 01. Mrz, 5-Mar, Mar 05.
	madeDate = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?i)^(\d{1,2}[-. /]{1,2}` + month + `|` + month + `\.?[-. /]{1,2}\d{1,4}|\d{1,2}[-. /]{1,2}` + month + `\.?[-. /]{1,2}\d{2,4}|\d{1,2}[./]\d{1,2}[./]\d{4})\.?$`)
	})
	// zeroed is a number of which a spreadsheet has set the last digits to zero.
	zeroed = regexp.MustCompile(`^[1-9]\d{14}0{3,}$`)
	spaces = regexp.MustCompile("[ \u00a0\u2007\u2009\u202f]+")
)

const month = `(jan|janv|feb|febr|fév|févr|mar|mär|mrz|mars|apr|avr|abr|may|mai|jun|juin|jul|juil|aug|août|ago|sep|sept|oct|okt|out|nov|dec|dez|déc|dic|ene)`

const asText = "in the spreadsheet, format the column as text, type the value again and export anew"

// cell is what a cell of a column says, in the spelling that a YAML file would have; or
// what is wrong with it, and how to export it right.
func (c *cohortReader) cell(s *source, col column, cell table.Cell) (text, fault, try string) {
	isName := col.field == "name" || col.field == firstName || col.field == lastName
	switch {
	case cell.Kind == table.Broken:
		return "", "", ""
	case col.nameless && !cell.Empty():
		return "", "the column has no name, and there is something in its cells", "name the column, or delete it"
	case cell.Fault != "":
		return "", cell.Fault, cell.Try
	case cell.Text == "" && isName:
		return "", "is empty", "write the name, or delete the row; who has one name only needs a table with the column name"
	case cell.Text == "":
		return "", "", ""
	case slices.Contains(dateFields, col.field):
		return c.reading.date(cell)
	case cell.Kind == table.Date:
		return "", "is a date, perhaps made by the spreadsheet of what was typed", asText
	case col.field == "creditsEarned":
		if cell.Kind == table.Number {
			return cell.Text, "", ""
		}
		return number(cell.Text, s.comma, func(string) bool { return true })
	case col.group == "result":
		if madeDate().MatchString(cell.Text) {
			return "", "is a date, perhaps made by the spreadsheet of what was typed", asText
		}
		return cell.Text, "", ""
	case cell.Kind == table.Number && isName:
		return "", "is a number, and no name", "write the name, or delete the row"
	case cell.Kind == table.Number && strings.ContainsAny(cell.Text, ".-"):
		return "", "is kept as a number, and a text is meant", asText
	case isName:
		if strings.ContainsRune(cell.Text, '?') {
			return "", "has a question mark in a name: letters were lost in an export", "export it from the original again, as CSV UTF-8 or as an Excel workbook (.xlsx)"
		}
		return spaces.ReplaceAllString(cell.Text, " "), "", ""
	case slices.Contains(idFields, col.field):
		switch t := cell.Text; {
		case strings.HasPrefix(t, "'"):
			return "", "begins with an apostrophe, with which a spreadsheet marks text", "delete the apostrophe; to keep zeros at the beginning, format the column as text and export anew"
		case zeroed.MatchString(t):
			return "", "is a number of more than 15 digits, of which a spreadsheet has set those behind the 15th to 0", asText
		case madeDate().MatchString(t):
			return "", "is a date, perhaps made by the spreadsheet of what was typed", asText
		}
	}
	return cell.Text, "", ""
}

var (
	decimalComma = regexp.MustCompile(`^[-+]?\d+,\d+$`)
	thousands    = regexp.MustCompile(`^[-+]?[1-9]\d{0,2}[.,]\d{3}$`)
)

// number is a number with a point, of one that may have a decimal comma. Where it is either
// a decimal or thousands, what fits says counts, if it says it of one of them.
func number(s string, comma rune, fits func(string) bool) (number, fault, try string) {
	point := strings.Replace(s, ",", ".", 1)
	whole := strings.NewReplacer(",", "", ".", "").Replace(s)
	ambiguous := thousands.MatchString(s) && (strings.Contains(s, ",") || comma == ';')
	switch {
	case ambiguous && fits(point) && fits(whole):
		return "", "is either a number of thousands or one with decimals", "show it without a sign for thousands, and with fewer or more than three decimals"
	case ambiguous && fits(whole):
		return whole, "", ""
	case decimalComma.MatchString(s):
		return point, "", ""
	}
	return s, "", ""
}

// meantNumbers are types of results that are numbers, whatever else is said of them.
var meantNumbers = []string{"GradePointAverage", "Percent", "PredictedScore", "RawScore", "ScaledScore", "RubricScore"}

// meant is the value of a result that a cell says: a number with a point, where a number is
// meant.
func (l *loader) meant(e resultEntry, d model.ResultDescription) (string, bool) {
	s := e.cell
	if slices.Contains(d.AllowedValue, s) {
		return s, true
	}
	fits := func(s string) bool { fault, _ := valueFault(d, s); return fault == "" }
	_, isLow := decimal(d.ValueMin)
	_, isHigh := decimal(d.ValueMax)
	_, isMark := decimal(d.RequiredValue)
	of := strings.Replace(s, ",", ".", 1)
	if !(isLow || isHigh || isMark || slices.Contains(meantNumbers, d.ResultType) || slices.Contains(d.AllowedValue, of)) {
		return s, true
	}
	if len(d.AllowedValue) > 0 && !slices.Contains(d.AllowedValue, of) {
		return s, true
	}
	n, fault, try := number(s, e.at.s.comma, fits)
	if fault != "" {
		e.at.problem(fault, try)
		return "", false
	}
	return n, true
}

// dateForm is how a table shows dates.
type dateForm struct {
	said    string
	shape   *regexp.Regexp
	y, m, d int // which group of shape is which
}

// parseDateForm reads such as DD.MM.YYYY.
func parseDateForm(s string) (*dateForm, string) {
	f := &dateForm{said: s}
	groups := 0
	shape := regexp.MustCompile(`[A-Za-z]+|[^A-Za-z]+`).ReplaceAllStringFunc(s, func(part string) string {
		var into *int
		pattern := `(\d{1,2})`
		switch strings.ToUpper(part) {
		case "YYYY":
			into, pattern = &f.y, `(\d{4})`
		case "MM", "M":
			into = &f.m
		case "DD", "D":
			into = &f.d
		default:
			if part[0] >= 'A' && part[0] <= 'z' && part[0] != '_' {
				groups = 9
			}
			return regexp.QuoteMeta(part)
		}
		if groups++; *into != 0 {
			groups = 9
		}
		*into = groups
		return pattern
	})
	if groups != 3 || f.y*f.m*f.d == 0 {
		return nil, "must have the year as YYYY, the month as MM and the day as DD, each once"
	}
	f.shape = regexp.MustCompile(`^` + shape + `$`)
	return f, ""
}

var (
	dayFirst  = regexp.MustCompile(`^(\d{1,2})([./-])(\d{1,2})([./-])\d{4}$`)
	yearFirst = regexp.MustCompile(`^\d{4}([./-]|年)\d{1,2}([./-]|月)\d{1,2}(日?)$`)
	shortYear = regexp.MustCompile(`^\d{1,2}[./-]\d{1,2}[./-]\d{2}$`)
	serial    = regexp.MustCompile(`^[2-9]\d{4}([.,]\d+)?$`)
)

// date is a date in ISO 8601, of a cell that shows it as the cohort says.
func (r *reading) date(cell table.Cell) (text, fault, try string) {
	s := cell.Text
	if cell.Kind == table.Date || plainDate.MatchString(s) || zonedTime.MatchString(s) || localTime.MatchString(s) {
		return s, "", ""
	}
	if r.dates != nil {
		if m := r.dates.shape.FindStringSubmatch(s); m != nil {
			return m[r.dates.y] + "-" + two(m[r.dates.m]) + "-" + two(m[r.dates.d]), "", ""
		}
	}
	if serial.MatchString(s) || cell.Kind == table.Number {
		return "", "is a number, perhaps a date as spreadsheets count them", "in the spreadsheet, format the column as a date, and export anew"
	}
	if shortYear.MatchString(s) {
		return "", "is a date with only two digits of its year", "show the year with four digits"
	}
	if r.dates != nil {
		return "", "is not a date as dates: in the cohort says, " + r.dates.said, "write all dates of the table so, or as 2026-06-30"
	}
	if m := yearFirst.FindStringSubmatch(s); m != nil {
		return "", "must be a date", "say in the cohort how the table shows dates: dates: YYYY" + m[1] + "MM" + m[2] + "DD" + m[3]
	}
	if m := dayFirst.FindStringSubmatch(s); m != nil && m[2] == m[4] {
		try := "say in the cohort how the table shows dates: dates: " + strings.Join([]string{"DD", "MM", "YYYY"}, m[2])
		if m[2] != "." {
			try += " or dates: " + strings.Join([]string{"MM", "DD", "YYYY"}, m[2])
		}
		return "", "must be a date", try
	}
	return "", "must be a date, or a date and time with a zone", "write 2026-06-30 or 2026-06-30T09:00:00+02:00"
}

func two(s string) string {
	if n, err := strconv.Atoi(s); err == nil && n < 10 {
		return "0" + strconv.Itoa(n)
	}
	return cmp.Or(s, "00")
}
