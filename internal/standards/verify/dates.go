package verify

import (
	"time"

	"laurel/internal/standards/conform"
)

// dates checks validFrom and validUntil (Verifiable Credentials Data Model v2.0,
// 4.9 "Validity Period"), and issuanceDate and expirationDate where data model
// 1.1 has them (its 4.5 and 4.6).
func (j *judgement) dates() finding {
	now := j.validity("validFrom", "validUntil")
	if j.format != FormatVC1 {
		return now
	}
	before := j.validity("issuanceDate", "expirationDate")
	if j.doc["validFrom"] == nil && j.doc["validUntil"] == nil {
		return before
	}
	return worst(before, now)
}

func (j *judgement) validity(fromName, untilName string) finding {
	now := j.v.o.Now
	from, fromRead := j.timeOf(j.doc[fromName])
	_, until, untilRead := j.span(j.doc[untilName])
	switch {
	case !fromRead:
		return fail("date-malformed", "name", quote(fromName))
	case !untilRead:
		return fail("date-malformed", "name", quote(untilName))
	case !until.IsZero() && now.After(until):
		return fail("expired", "date", sayTime(until))
	case !from.IsZero() && now.Before(from):
		return fail("not-yet-valid", "date", sayTime(from))
	case until.IsZero():
		return pass("ok.dates-open")
	}
	return pass("ok.dates", "date", sayTime(until))
}

// timeOf reads an xsd:dateTimeStamp; a member that is absent is the zero time.
func timeOf(v any) (time.Time, bool) {
	if v == nil {
		return time.Time{}, true
	}
	s, ok := v.(string)
	if !ok {
		return time.Time{}, false
	}
	t, err := conform.ParseDateTime(s)
	return t, err == nil
}

func sayTime(t time.Time) string {
	return t.UTC().Format("2006-01-02 15:04:05 UTC")
}
