package conform

import (
	"errors"
	"strings"
	"time"
)

// ParseDateTime reads an xsd:dateTimeStamp (XML Schema 1.1 Part 2, section
// 3.4.28), the form of every date in a credential (VCDM v2.0, "Validity
// Period"). The zone is mandatory and at most 14 hours, the day must exist in
// the calendar, 24:00:00 is the start of the next day, there is no leap second.
// Years have four to nine digits; digits of a second beyond the ninth are read
// and dropped.
func ParseDateTime(s string) (time.Time, error) {
	r := dateReader{rest: s}
	year := r.year()
	r.skip('-')
	month := r.digits(2, 1, 12)
	r.skip('-')
	day := r.digits(2, 1, 31)
	r.skip('T')
	hour := r.digits(2, 0, 24)
	r.skip(':')
	minute := r.digits(2, 0, 59)
	r.skip(':')
	second := r.digits(2, 0, 59)
	nanos, fraction := r.fraction()
	offset := r.zone()
	if r.bad || r.rest != "" {
		return time.Time{}, errors.New("not of the form 2026-01-31T12:00:00Z with a time zone")
	}
	if hour == 24 && (minute != 0 || second != 0 || fraction) {
		return time.Time{}, errors.New("hour 24 is only for 24:00:00")
	}
	if d := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC); d.Day() != day {
		return time.Time{}, errors.New("no such day in the calendar")
	}
	t := time.Date(year, time.Month(month), day, hour, minute, second, nanos, time.UTC)
	return t.Add(-time.Duration(offset) * time.Minute), nil
}

// dateReader takes a date apart from the left; bad once something did not fit.
type dateReader struct {
	rest string
	bad  bool
}

func (r *dateReader) skip(c byte) {
	if r.rest == "" || r.rest[0] != c {
		r.bad = true
		return
	}
	r.rest = r.rest[1:]
}

// digits reads exactly n digits as a number between low and high.
func (r *dateReader) digits(n, low, high int) int {
	if len(r.rest) < n {
		r.bad = true
		return 0
	}
	v := 0
	for _, c := range []byte(r.rest[:n]) {
		if c < '0' || c > '9' {
			r.bad = true
			return 0
		}
		v = v*10 + int(c-'0')
	}
	if v < low || v > high {
		r.bad = true
	}
	r.rest = r.rest[n:]
	return v
}

// year reads four digits, or more without a leading zero, and a minus sign.
func (r *dateReader) year() int {
	text, minus := strings.CutPrefix(r.rest, "-")
	n := len(text) - len(strings.TrimLeft(text, "0123456789"))
	if n < 4 || n > 9 || n > 4 && text[0] == '0' {
		r.bad = true
		return 0
	}
	r.rest = text
	year := r.digits(n, 0, 999999999)
	if minus {
		return -year
	}
	return year
}

// fraction reads the fraction of a second, if there is one, and tells whether
// it is more than nothing.
func (r *dateReader) fraction() (nanos int, some bool) {
	text, ok := strings.CutPrefix(r.rest, ".")
	if !ok {
		return 0, false
	}
	n := len(text) - len(strings.TrimLeft(text, "0123456789"))
	if n == 0 {
		r.bad = true
		return 0, false
	}
	r.rest = text[n:]
	some = strings.Trim(text[:n], "0") != ""
	for i := range 9 {
		nanos *= 10
		if i < n {
			nanos += int(text[i] - '0')
		}
	}
	return nanos, some
}

// zone reads Z or ±hh:mm and returns the minutes east of UTC.
func (r *dateReader) zone() int {
	if r.rest == "Z" {
		r.rest = ""
		return 0
	}
	sign := 1
	if strings.HasPrefix(r.rest, "-") {
		sign = -1
		r.skip('-')
	} else {
		r.skip('+')
	}
	hours := r.digits(2, 0, 14)
	r.skip(':')
	minutes := r.digits(2, 0, 59)
	if hours == 14 && minutes != 0 {
		r.bad = true
	}
	return sign * (hours*60 + minutes)
}
