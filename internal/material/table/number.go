package table

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
)

const asTyped = "format the cell as text, and type what is meant"

// shows is how a number format shows a number.
type shows uint8

const (
	plain   shows = iota // its digits, as far as they fit
	fixed                // so many digits before the point, and so many behind it
	rounded              // up to so many digits behind the point, perhaps with signs for thousands
	percent
	date // with year, month and day
	partOfDate
	clock // a time of the day, or how long
	other // with signs of its own
)

// format is a number format of a cell, as far as it matters.
type format struct {
	shows           shows
	whole, decimals int
}

// builtinFormat is the code of a number format that workbooks know by its number
// (ECMA-376, part 1, 18.8.30 "numFmt"); those that differ by language are dates or
// amounts of money.
func builtinFormat(id string) string {
	n, err := strconv.Atoi(id)
	switch {
	case err != nil || n == 0 || n == 49:
		return "General"
	case n >= 1 && n <= 4:
		return [...]string{"0", "0.00", "#,##0", "#,##0.00"}[n-1]
	case n == 9 || n == 10:
		return "0%"
	case n == 11 || n == 48:
		return "0.00E+00"
	case n == 12 || n == 13:
		return "# ?/?"
	case n == 14 || n == 15 || n == 22 || n >= 27 && n <= 31 || n == 36 || n >= 50 && n <= 54 || n == 57 || n == 58:
		return "yyyy-mm-dd"
	case n == 16:
		return "d-mmm"
	case n == 17:
		return "mmm-yy"
	case n >= 18 && n <= 21 || n >= 32 && n <= 35 || n >= 45 && n <= 47 || n == 55 || n == 56:
		return "h:mm"
	case n >= 37 && n <= 40:
		return map[int]string{37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00"}[n]
	}
	return `0" "`
}

var (
	// unshown is what a number format has beside what it shows: colours, languages,
	// widths of signs.
	unshown = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`\[(?i:Black|Blue|Cyan|Green|Magenta|Red|White|Yellow|Color ?\d+|\$-[^\]]*|DBNum\d)\]|_.|\*.`)
	})
	quoted = regexp.MustCompile(`"[^"]*"|\\.`)
	zeros  = regexp.MustCompile(`^(0+)(?:\.(0+))?$`)
	digits = regexp.MustCompile(`^[#0,]*[#0](?:\.([#0]+))?$`)
)

// parseFormat reads the code of a number format, of which the first section is that of
// numbers that are not negative.
func parseFormat(code string) format {
	s := unshown().ReplaceAllString(code, "")
	bare := quoted.ReplaceAllString(s, "\x00")
	bare, _, _ = strings.Cut(bare, ";")
	low := strings.ToLower(strings.TrimSpace(bare))
	switch {
	case low == "general" || low == "@" || low == "standard":
		return format{shows: plain}
	case strings.HasPrefix(low, "general"):
		return format{shows: other}
	case strings.Contains(low, "["):
		if strings.ContainsAny(low, "hms") && !strings.ContainsAny(low, "yd$<>=") {
			return format{shows: clock}
		}
		return format{shows: other}
	case strings.Contains(low, "e+") || strings.Contains(low, "e-"):
		return format{shows: plain} // 2.02601E+11: the workbook has all digits
	case strings.ContainsAny(low, "ydmhsge") && !strings.ContainsAny(low, "#%") && !strings.Contains(low, "0.0"):
		switch {
		case strings.ContainsAny(low, "yge") && strings.Contains(low, "d"):
			return format{shows: date}
		case strings.ContainsAny(low, "ydge") || strings.Contains(low, "m") && !strings.ContainsAny(low, "hs"):
			return format{shows: partOfDate}
		}
		return format{shows: clock}
	case strings.Contains(low, "%"):
		return format{shows: percent}
	}
	bare = strings.TrimSpace(bare)
	if m := zeros.FindStringSubmatch(bare); m != nil {
		return format{fixed, len(m[1]), len(m[2])}
	}
	if m := digits.FindStringSubmatch(bare); m != nil && !strings.HasSuffix(strings.Split(bare, ".")[0], ",") {
		return format{shows: rounded, decimals: len(m[1])}
	}
	return format{shows: other}
}

// number reads a number, or what a number stands for.
func (r *rowReader) number(c Cell, value string) Cell {
	f, err := strconv.ParseFloat(value, 64)
	if err != nil || math.IsInf(f, 0) || math.IsNaN(f) {
		c.Fault, c.Try = "is no number, although the workbook says so", asTyped
		return c
	}
	var how format
	if n, err := strconv.Atoi(r.style); err == nil && n >= 0 && n < len(r.formats) {
		how = r.formats[n]
	}
	c.Kind = Number
	c.Text = exact(f)
	switch how.shows {
	case date:
		return r.date(c, f)
	case partOfDate:
		c = r.date(c, f)
		if c.Fault == "" {
			c.Fault, c.Try = "is a date of which the sheet shows only a part", "format the cell as a date with day, month and year, and check it; where no date is meant, format it as text and type the value again"
		}
		return c
	case clock:
		c.Fault, c.Try = "is a time of the day, and no date", asTyped
		return c
	case percent:
		c.Fault, c.Try = "is shown in percent, but kept as another number: 91% is kept as 0.91", "write the number that is meant, such as 91, in a cell with the format General"
		return c
	case other:
		c.Fault, c.Try = "is shown with more than its digits, by a number format of its own", "set the format to General, or format it as text and type what is shown"
		return c
	}
	if math.Abs(f) >= 1e15 {
		c.Fault, c.Try = "is a number of more than 15 digits, of which spreadsheets keep 15 and set the others to 0", "format the column as text, and type it again"
		return c
	}
	if how.shows == plain {
		return c
	}
	shown := strconv.FormatFloat(f, 'f', how.decimals, 64)
	if back, err := strconv.ParseFloat(shown, 64); err != nil || exact(back) != c.Text {
		c.Fault, c.Try = "is shown rounded, and kept as another number", "round the number itself, or show all its decimals (format General)"
		return c
	}
	if how.shows == fixed && f >= 0 {
		whole, _, _ := strings.Cut(shown, ".")
		c.Text = strings.Repeat("0", max(0, how.whole-len(whole))) + shown
	}
	return c
}

// exact is a number in decimal, to the 15 digits that spreadsheets have: 0.3, and not
// 0.30000000000000004.
func exact(f float64) string {
	f, _ = strconv.ParseFloat(strconv.FormatFloat(f, 'g', 15, 64), 64)
	if f == 0 {
		return "0"
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}

// date reads a day as it is counted: from 1900, which is taken for a leap year, or from
// 1904 (ECMA-376, part 1, 18.17.4 "Dates and Times").
func (r *rowReader) date(c Cell, f float64) Cell {
	start, first := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC), 1.0
	if r.from1904 {
		start, first = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC), 0
	} else if f < 60 {
		start = start.AddDate(0, 0, 1)
	}
	if f < first || f >= 2_958_466 || !r.from1904 && f >= 60 && f < 61 {
		c.Fault, c.Try = "is a date that does not exist", "type the date again"
		return c
	}
	seconds := math.Round(f * 86400)
	at := start.Add(time.Duration(math.Mod(seconds, 86400))*time.Second).AddDate(0, 0, int(seconds/86400))
	c.Kind, c.Text = Date, at.Format("2006-01-02T15:04:05")
	c.Text = strings.TrimSuffix(c.Text, "T00:00:00")
	return c
}
