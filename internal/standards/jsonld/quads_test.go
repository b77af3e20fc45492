package jsonld_test

import (
	"math"
	"strings"
	"testing"

	"laurel/internal/standards/jsonld"
	"laurel/internal/standards/rdfc"
)

// TestNumber: JSON-LD 1.1 API, "Data Round Tripping", as JavaScript writes it
// (the texts come from toFixed(0) and toExponential(15) of Node). json-gold
// differs between 2^63 and 1e21.
func TestNumber(t *testing.T) {
	tests := []struct {
		v      float64
		double bool
		want   string
	}{
		{0, false, "0"},
		{-7, false, "-7"},
		{1 << 53, false, "9007199254740992"},
		{1 << 63, false, "9223372036854775808"},
		{123456789012345680000, false, "123456789012345683968"},
		{999999999999999900000, false, "999999999999999868928"},
		{1e20, false, "100000000000000000000"},
		{1e21, false, "1.0E21"},
		{-1e21, false, "-1.0E21"},
		{5, true, "5.0E0"},
		{0, true, "0.0E0"},
		{0.5, false, "5.0E-1"},
		{0.1, false, "1.0E-1"},
		{100.25, false, "1.0025E2"},
		{1e-7, false, "1.0E-7"},
		{3.141592653589793, false, "3.141592653589793E0"},
		{math.SmallestNonzeroFloat64, false, "4.940656458412465E-324"},
		{1234567890123.125, false, "1.234567890123125E12"},
	}
	for _, test := range tests {
		got, datatype := jsonld.Number(test.v, test.double)
		if got != test.want {
			t.Errorf("%v: got %s, want %s", test.v, got, test.want)
		}
		isInteger := datatype == "http://www.w3.org/2001/XMLSchema#integer"
		if isInteger == (test.double || test.v != math.Trunc(test.v) || math.Abs(test.v) >= 1e21) {
			t.Errorf("%v: datatype %s", test.v, datatype)
		}
	}
}

// TestKeptByOurs: what json-gold 0.9.1 drops or spoils on the way to quads
// is signed as it stands.
func TestKeptByOurs(t *testing.T) {
	v := bundled(t)
	long := "https://example.org/" + strings.Repeat("a", 3000)
	tests := []struct{ name, in, want string }{
		{"long-iri", subject(`, "achievement": {"id": "` + long + `"}`), "<" + long + ">"},
		{"odd-http-iri", subject(`, "achievement": {"id": "http://a_b.example.org:99999/%zz"}`), "<http://a_b.example.org:99999/%zz>"},
		{"host-only", subject(`, "achievement": {"id": "http://localhost"}`), "<http://localhost>"},
		{"international-iri", subject(`, "achievement": {"id": "https://例え.example.org/é"}`), "<https://例え.example.org/é>"},
		{"json-array", schema(`[3, {"b": null, "a": 1.0}, "x"]`), `"[3,{\"a\":1,\"b\":null},\"x\"]"^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON>`},
		{"json-string", schema(`"<é>\u0007"`), `"\"<é>\\u0007\""^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON>`},
		{"json-number", schema(`1e21`), `"1e+21"^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON>`},
		{"json-false", schema(`false`), `"false"^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON>`},
		{"eight-equal-items", subject(`, "achievement": {"type": "Achievement", "resultDescription": {"type": "ResultDescription", "allowedValue": ["1","1","1","1","1","1","1","1"]}}`), `"1"`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := v.Canonical(parse(t, []byte(test.in)), rdfc.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(string(got), test.want) {
				t.Errorf("no %s in\n%s", test.want, got)
			}
		})
	}
}

func schema(value string) string {
	return `{"@context": "https://www.w3.org/ns/credentials/v2", "id": "urn:x:y", "type": "JsonSchema", "jsonSchema": ` + value + `}`
}
