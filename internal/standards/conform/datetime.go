package conform

import (
	"errors"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// dateTimeStamp takes an xsd:dateTimeStamp apart: year, month, day, hour, minute,
// second, its fraction, and the zone where that is not Z.
var dateTimeStamp = regexp.MustCompile(`^(-?(?:[0-9]{4}|[1-9][0-9]{4,8}))-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])` +
	`T([01][0-9]|2[0-4]):([0-5][0-9]):([0-5][0-9])(?:\.([0-9]+))?(?:Z|([+-](?:0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00))$`)

// ParseDateTime reads an xsd:dateTimeStamp (XML Schema 1.1 Part 2, section
// 3.4.28), the form of every date in a credential (VCDM v2.0, "Validity
// Period"). The zone is mandatory and at most 14 hours, the day must exist in
// the calendar, 24:00:00 is the start of the next day, there is no leap second.
// Years have four to nine digits; digits of a second beyond the ninth are read
// and dropped.
func ParseDateTime(s string) (time.Time, error) {
	m := dateTimeStamp.FindStringSubmatch(s)
	if m == nil {
		return time.Time{}, errors.New("not of the form 2026-01-31T12:00:00Z with a time zone")
	}
	number := func(digits string) int {
		n, _ := strconv.Atoi(digits) // of at most nine
		return n
	}
	year, month, day, hour := number(m[1]), time.Month(number(m[2])), number(m[3]), number(m[4])
	if hour == 24 && strings.Trim(m[5]+m[6]+m[7], "0") != "" {
		return time.Time{}, errors.New("hour 24 is only for 24:00:00")
	}
	if d := time.Date(year, month, day, 0, 0, 0, 0, time.UTC); d.Day() != day {
		return time.Time{}, errors.New("no such day in the calendar")
	}
	t := time.Date(year, month, day, hour, number(m[5]), number(m[6]), number((m[7] + "000000000")[:9]), time.UTC)
	if m[8] == "" {
		return t, nil
	}
	zone, err := time.Parse("-07:00", m[8])
	_, offset := zone.Zone()
	return t.Add(-time.Duration(offset) * time.Second), err
}
