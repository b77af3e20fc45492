package conform_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"laurel/internal/standards/conform"
	"laurel/internal/testing/vectors"
)

func TestParseDateTime(t *testing.T) {
	for text, want := range map[string]string{
		"2026-01-31T12:00:00Z":                "2026-01-31T12:00:00Z",
		"2026-01-31T12:00:00.5Z":              "2026-01-31T12:00:00.5Z",
		"2026-01-31T12:00:00.1234567891Z":     "2026-01-31T12:00:00.123456789Z",
		"2026-01-31T12:00:00+05:30":           "2026-01-31T06:30:00Z",
		"2026-01-31T12:00:00-14:00":           "2026-02-01T02:00:00Z",
		"2026-01-31T12:00:00+00:00":           "2026-01-31T12:00:00Z",
		"2026-01-31T12:00:00-00:00":           "2026-01-31T12:00:00Z",
		"2026-12-31T24:00:00Z":                "2027-01-01T00:00:00Z",
		"2026-12-31T24:00:00.000Z":            "2027-01-01T00:00:00Z",
		"2024-02-29T00:00:00Z":                "2024-02-29T00:00:00Z",
		"0000-01-01T00:00:00Z":                "0000-01-01T00:00:00Z",
		"0001-01-01T00:00:00Z":                "0001-01-01T00:00:00Z",
		"12026-01-31T12:00:00Z":               "12026-01-31T12:00:00Z",
		"-0044-03-15T12:00:00Z":               "-0044-03-15T12:00:00Z",
		"999999999-12-31T23:59:59.999999999Z": "999999999-12-31T23:59:59.999999999Z",
		"2023-02-25T19:10:39-06:00":           "2023-02-26T01:10:39Z",
	} {
		got, err := conform.ParseDateTime(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if s := got.Format(time.RFC3339Nano); s != want || got.Location() != time.UTC {
			t.Errorf("%s is %s, want %s", text, s, want)
		}
	}
}

func TestParseDateTimeRefuses(t *testing.T) {
	for _, text := range []string{
		"", "2026", "2026-01-31", "2026-01-31T12:00:00", "2026-01-31T12:00Z", "2026-01-31 12:00:00Z",
		"2026-01-31t12:00:00Z", "2026-01-31T12:00:00z", "2026-01-31T12:00:00.Z", "2026-01-31T12:00:00,5Z",
		"2026-02-30T00:00:00Z", "2025-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z",
		"2026-01-00T00:00:00Z", "2026-01-31T25:00:00Z", "2026-01-31T24:00:01Z", "2026-01-31T24:00:00.1Z", "2026-01-31T24:01:00Z",
		"2026-01-31T12:60:00Z", "2026-01-31T12:00:60Z", "2026-01-31T12:00:00+14:01", "2026-01-31T12:00:00+15:00",
		"2026-01-31T12:00:00+05:60", "2026-01-31T12:00:00+0530", "2026-01-31T12:00:00+05", "2026-01-31T12:00:00ZZ",
		" 2026-01-31T12:00:00Z", "2026-01-31T12:00:00Z\n", "026-01-31T12:00:00Z", "02026-01-31T12:00:00Z", "+2026-01-31T12:00:00Z",
		"9999999999-01-31T12:00:00Z", "2026-1-31T12:00:00Z", "２０２６-01-31T12:00:00Z", "20260131T120000Z", "2026-W05-6T12:00:00Z",
		"Sat 25 Feb 2023 07:16:31 PM CST", "--2026-01-31T12:00:00Z", "2026-01-31T12:00:00+-5:00",
	} {
		if got, err := conform.ParseDateTime(text); err == nil {
			t.Errorf("%q is %s", text, got)
		}
	}
}

// FuzzParseDateTime compares with the standard library, which reads RFC 3339
// but takes more zones and no hour 24.
func FuzzParseDateTime(f *testing.F) {
	f.Add("2026-01-31T12:00:00Z")
	f.Add("2026-12-31T24:00:00.5+05:30")
	f.Fuzz(func(t *testing.T, s string) {
		got, err := conform.ParseDateTime(s)
		if err != nil {
			return
		}
		want, err := time.Parse(time.RFC3339Nano, s)
		if err == nil && !got.Equal(want) {
			t.Errorf("%q is %s, not %s", s, got, want)
		}
	})
}

func TestIsURL(t *testing.T) {
	for _, s := range []string{
		"https://example.org", "https://example.org/ä", "http://example.org:8080/a?b#c", "did:example:subject", "did:web:h%3A8443:a",
		"did:example:refresh/1", "urn:uuid:1", "data:image/png;base64,AA==", "mailto:a@example.org", "https://[::1]/", "tag:x",
	} {
		if !conform.IsURL(s) {
			t.Errorf("%s is no URL", s)
		}
	}
	for _, s := range []string{
		"", "fake-issuer", "https ://not-a-url/statusList/4", "https://", "https:example.org", "https:///a", "http://#a", "://a", "1a:b", "_:b0",
		"did:", "did:example", "did:example:", "did::x", "urn:", "urn:uuid:", "a:", "https://example.org/a b", "https://example.org/\n",
		"https://example.org/<x>", "https://example.org/#a#b", "https://example.org/%", "https://example.org/%zz", "https://example.org/\u0085",
		"z6MkpJySVETLnxhQG9DzEdmKJtysBDjuuTeDfUj1uNNCUqcj", "/a", "//example.org/a", "#a", "https://exam\\ple.org",
	} {
		if conform.IsURL(s) {
			t.Errorf("%q is a URL", s)
		}
	}
}

// TestURLExamples holds isURL and isDataURL to the examples that the scripts of
// the pages are held to as well.
func TestURLExamples(t *testing.T) {
	for _, example := range vectors.URLs() {
		is := strings.Fields(example.Is)
		if conform.IsURL(example.Text) != slices.Contains(is, "url") || conform.IsDataURL(example.Text) != slices.Contains(is, "data") {
			t.Errorf("%q is not %q", example.Text, example.Is)
		}
	}
}
