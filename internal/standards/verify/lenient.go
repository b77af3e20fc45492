package verify

import (
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
		value, _ := jsonld.At(doc, f.Pointer)
		switch f.Code {
		case "date-malformed":
			if s, ok := value.(string); ok && hasNoZone(s) {
				list[i].Code, list[i].Severity = "date-zone", conform.Warning
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

// timeOf reads a date of the document; without its zone it is one only if that
// is allowed.
func (j *judgement) timeOf(v any) (time.Time, bool) {
	if s, ok := v.(string); ok && j.v.o.Lenient && hasNoZone(s) {
		v = s + "Z"
	}
	return timeOf(v)
}

// hasNoZone tells a date that is one but for its zone.
func hasNoZone(s string) bool {
	if _, err := conform.ParseDateTime(s); err == nil {
		return false
	}
	_, err := conform.ParseDateTime(s + "Z")
	return err == nil
}

// indexOf reads a statusListIndex that is a number.
func indexOf(v any) (string, bool) {
	n, ok := v.(float64)
	if !ok || n < 0 || n > 1<<31 || n != float64(int64(n)) {
		return "", false
	}
	return strconv.FormatInt(int64(n), 10), true
}
