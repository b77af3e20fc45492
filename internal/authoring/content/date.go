package content

import (
	"regexp"
	"strconv"
	"time"

	"laurel/internal/authoring/model"
)

var (
	plainDate = regexp.MustCompile(`^\d{4}-\d\d-\d\d$`)
	// zonedTime is RFC 3339 in whole seconds, as xsd:dateTimeStamp has it:
	// upper-case T and Z, the zone always there.
	zonedTime = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$`)
	localTime = regexp.MustCompile(`^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?$`)
	duration  = regexp.MustCompile(`^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$`)
)

// FirstYear and LastYear are those that a date may have: outside of them, it is a slip
// of the pen.
const (
	FirstYear = 1900
	LastYear  = 9999
)

// date reads a moment: a date, which stands for its first moment in UTC, or
// a date and time with a zone, which keeps its zone.
func (o object) date(name string) time.Time {
	v, ok := o.get(name)
	if !ok || !v.isScalar() {
		return time.Time{}
	}
	s := v.node.Value
	switch {
	case plainDate.MatchString(s):
		return v.inYears(time.Parse(time.DateOnly, s))
	case zonedTime.MatchString(s):
		// In UTC, not the machine's own zone: two machines must read the same.
		return v.inYears(time.ParseInLocation(time.RFC3339, s, time.UTC))
	case localTime.MatchString(s):
		v.problem("has no time zone", "write 2026-06-30T09:00:00+02:00, or only the date")
	default:
		v.problem("must be a date, or a date and time with a zone", "write 2026-06-30 or 2026-06-30T09:00:00+02:00")
	}
	return time.Time{}
}

func (v *value) inYears(t time.Time, err error) time.Time {
	if err != nil {
		v.problem("is a day or time that does not exist", "check the day and the month")
		return time.Time{}
	}
	if _, offset := t.Zone(); offset > 14*3600 || offset < -14*3600 {
		v.problem("has a time zone that does not exist", "")
		return time.Time{}
	}
	if y := t.UTC().Year(); y < FirstYear || y > LastYear {
		v.problem("must be between the years "+strconv.Itoa(FirstYear)+" and "+strconv.Itoa(LastYear), "")
		return time.Time{}
	}
	return t
}

// day reads a calendar date, such as dateOfBirth, and keeps its text.
func (o object) day(name string) string {
	v, ok := o.get(name)
	if !ok || !v.isScalar() {
		return ""
	}
	if !plainDate.MatchString(v.node.Value) {
		v.problem("must be a date", "write 1990-12-31")
		return ""
	}
	if _, err := time.Parse(time.DateOnly, v.node.Value); err != nil {
		v.problem("is a day that does not exist", "")
		return ""
	}
	return v.node.Value
}

// period reads an ISO 8601 duration of whole numbers, such as P2Y6M.
func (o object) period(name string) model.Period {
	v, s, ok := o.textOf(name)
	if !ok {
		return model.Period{}
	}
	p, fault, hint := Period(s)
	switch {
	case fault != "":
		v.problem(fault, hint)
	case p.IsZero():
		v.problem("is a duration of zero", "leave the field out")
	}
	return p
}

// Period reads an ISO 8601 duration of whole numbers, such as P2Y6M, or says what is
// wrong with it, as it follows its name in a sentence, and what to write.
func Period(s string) (p model.Period, fault, hint string) {
	m := duration.FindStringSubmatch(s)
	if m == nil || s[len(s)-1] == 'P' || s[len(s)-1] == 'T' {
		return p, "must be an ISO 8601 duration", "write P2Y for two years, P6M for six months, P90D for ninety days"
	}
	var n [8]int
	for i := 1; i < len(m); i++ {
		if len(m[i]) > 4 {
			return p, "is too long a duration", "each number has at most four digits"
		}
		n[i], _ = strconv.Atoi("0" + m[i])
	}
	return model.Period{Years: n[1], Months: n[2], Days: 7*n[3] + n[4], Hours: n[5], Minutes: n[6], Seconds: n[7]}, "", ""
}
