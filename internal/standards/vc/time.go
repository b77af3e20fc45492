package vc

import (
	"fmt"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// timeLayout is xsd:dateTimeStamp with whole seconds and the zone Z.
const timeLayout = "2006-01-02T15:04:05Z"

// NewTime returns t in UTC, cut to the whole second.
func NewTime(t time.Time) Time {
	return Time{t.UTC().Truncate(time.Second)}
}

// String returns the text form of t, as in a document.
func (t Time) String() string { return t.UTC().Format(timeLayout) }

// MarshalJSON writes "2006-01-02T15:04:05Z". Years outside 0 to 9999 have no
// such form and are an error.
func (t Time) MarshalJSON() ([]byte, error) {
	if y := t.UTC().Year(); y < 0 || y > 9999 {
		return nil, fmt.Errorf("year %d has no place in a date", y)
	}
	return t.UTC().AppendFormat(nil, `"`+timeLayout+`"`), nil
}

// UnmarshalJSON reads any RFC 3339 date and time; the zone is mandatory, a
// fraction of a second is dropped.
func (t *Time) UnmarshalJSON(data []byte) error {
	text, err := jsontext.AppendUnquote(nil, data)
	if err != nil {
		return fmt.Errorf("date is not a string")
	}
	parsed, err := time.Parse(time.RFC3339Nano, string(text))
	if err != nil {
		return fmt.Errorf("date %q is not of the form 2026-01-31T12:00:00Z", text)
	}
	*t = NewTime(parsed)
	return nil
}
