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
	case until.given && now.After(until.Time):
		return fail("expired", "date", sayTime(until.Time))
	case from.given && now.Before(from.Time):
		return fail("not-yet-valid", "date", sayTime(from.Time))
	case !until.given:
		return pass("ok.dates-open")
	}
	return pass("ok.dates", "date", sayTime(until.Time))
}

// A moment is a time that may be absent. No value of the time says so: a signer may
// write any, the year 1 and 1970 as well.
type moment struct {
	time.Time
	given bool
}

// timeOf reads a date of the document. Data model 1.1 lets one go without its zone
// (Verifiable Credentials Data Model v1.1, 4.5: the date and time of XML Schema), and
// it is then taken for UTC. What else may be missing is for leniency to say.
func (j *judgement) timeOf(v any) (moment, bool) {
	from, _, ok := j.span(v)
	return from, ok
}

// timeOf reads an xsd:dateTimeStamp, or one without its zone where that is allowed.
// A member that is absent, or null, is a moment that is not given.
func timeOf(v any, zoneless bool) (moment, bool) {
	if v == nil {
		return moment{}, true
	}
	s, ok := v.(string)
	if !ok {
		return moment{}, false
	}
	if zoneless && hasNoZone(s) {
		s += "Z"
	}
	t, err := conform.ParseDateTime(s)
	if err != nil {
		return moment{}, false
	}
	return moment{t, true}, true
}

// hasNoZone tells a date that is one but for its zone.
func hasNoZone(s string) bool {
	if _, err := conform.ParseDateTime(s); err == nil {
		return false
	}
	_, err := conform.ParseDateTime(s + "Z")
	return err == nil
}

func sayTime(t time.Time) string {
	return t.UTC().Format("2006-01-02 15:04:05 UTC")
}
