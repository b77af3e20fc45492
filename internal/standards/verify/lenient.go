package verify

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"laurel/internal/standards/conform"
	"laurel/internal/standards/jsonld"
	"laurel/internal/standards/vc"
)

// soften turns the deviations that Options.Lenient names into warnings.
func (v *Verifier) soften(doc map[string]any, list []conform.Finding) []conform.Finding {
	if !v.o.Lenient {
		return list
	}
	for i, f := range list {
		value, there := jsonld.At(doc, f.Pointer)
		isNull := there && value == nil && !strings.HasPrefix(f.Pointer, "/proof/")
		switch f.Code {
		case "text-malformed", "member-malformed":
			if isNull {
				list[i].Severity = conform.Warning
			}
		case "date-malformed":
			s, _ := value.(string)
			if isNull {
				list[i].Severity = conform.Warning
			} else if _, _, ok := looseDate(s); ok {
				list[i].Code, list[i].Severity = "date-zone", conform.Warning
				if !strings.Contains(s, "T") {
					list[i].Code = "date-zone.day"
				}
			}
		case "ob-image":
			if url, ok := value.(string); isNull || ok && strings.Contains(url, ":") {
				list[i].Severity = conform.Warning
			}
		case "status-malformed":
			if _, ok := indexOf(value); ok && strings.HasSuffix(f.Pointer, "/statusListIndex") {
				list[i].Severity = conform.Warning
			}
		case "status-list-malformed":
			if s, ok := value.(string); ok && strings.HasSuffix(f.Pointer, "/encodedList") {
				if _, _, err := vc.ReadBitstring(s); err == nil {
					list[i].Severity = conform.Warning
				}
			}
		}
	}
	return list
}

// span is timeOf with the moment at which a day ends that has no time; without it
// both are the same.
func (j *judgement) span(v any) (from, until moment, ok bool) {
	if s, is := v.(string); is && j.v.o.Lenient {
		if first, last, ok := looseDate(s); ok {
			return moment{first, true}, moment{last, true}, true
		}
	}
	from, ok = timeOf(v, j.format == FormatVC1)
	return from, from, ok
}

// tolerated is a departure that leaves no doubt what is meant: it is not judged, or
// only warned of where leniency was asked for.
func (v *Verifier) tolerated(key string, values ...any) finding {
	if v.o.Lenient {
		return warn(key, values...)
	}
	return unknown(key, values...)
}

// looseDate reads what is no date of a credential, but one without a zone, which is
// then taken for UTC, or a day without a time, which then lasts from its first moment
// to its last.
func looseDate(s string) (from, until time.Time, ok bool) {
	if _, err := conform.ParseDateTime(s); err == nil {
		return from, until, false
	}
	day, zone := s, ""
	if m := dayInZone.FindStringSubmatch(s); m != nil {
		day, zone = m[1], m[2]
	}
	if zone == "" {
		zone = "Z"
	}
	if from, err := conform.ParseDateTime(day + zone); err == nil {
		return from, from, true
	}
	from, err := conform.ParseDateTime(day + "T00:00:00" + zone)
	return from, from.Add(24*time.Hour - time.Nanosecond), err == nil
}

// dayInZone takes a day apart that has a zone and no time (xsd:date).
var dayInZone = regexp.MustCompile(`^(-?[0-9]+-[0-9]{2}-[0-9]{2})(Z|[+-][0-9]{2}:[0-9]{2})$`)

// indexOf reads a statusListIndex that is a number.
func indexOf(v any) (string, bool) {
	n, ok := v.(float64)
	if !ok || n < 0 || n > 1<<31 || n != float64(int64(n)) {
		return "", false
	}
	return strconv.FormatInt(int64(n), 10), true
}
