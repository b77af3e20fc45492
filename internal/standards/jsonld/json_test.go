package jsonld_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"laurel/internal/standards/jsonld"
	"laurel/internal/testing/vectors"
)

// TestParseRefuses: P2.
func TestParseRefuses(t *testing.T) {
	tests := []struct{ name, in, code, pointer string }{
		{"empty", ``, "json-syntax", ""},
		{"only-space", ` `, "json-syntax", ""},
		{"open-object", `{"a":1`, "json-syntax", ""},
		{"open-array", `[1,`, "json-syntax", ""},
		{"trailing-comma", `{"a":1,}`, "json-syntax", ""},
		{"trailing-value", `{} {}`, "json-syntax", ""},
		{"trailing-text", `{}x`, "json-syntax", ""},
		{"comment", `{/**/}`, "json-syntax", ""},
		{"bom", "\ufeff{}", "json-syntax", ""},
		{"not-utf8", "{\"a\":\"\xff\"}", "json-syntax", "/a"},
		{"overlong-utf8", "\"\xc0\xaf\"", "json-syntax", ""},
		{"lone-surrogate", `{"a":"\ud800"}`, "json-syntax", "/a"},
		{"swapped-surrogates", `"\udc00\ud800"`, "json-syntax", ""},
		{"control-character", "\"a\nb\"", "json-syntax", ""},
		{"duplicate", `{"a":1,"a":1}`, "json-duplicate-name", "/a"},
		{"duplicate-escaped", `{"a":1,"\u0061":2}`, "json-duplicate-name", "/a"},
		{"duplicate-inside", `{"x":[{"a":1,"a":2}]}`, "json-duplicate-name", "/x/0/a"},
		{"other-case", `{"issuer":1,"Issuer":2}`, "json-duplicate-name", ""},
		{"long-s", `{"issuer":1,"iſſuer":2}`, "json-duplicate-name", ""},
		{"kelvin", `{"key":1,"Key":2}`, "json-duplicate-name", ""},
		{"other-case-of-many", `{"a":0,"b":0,"c":0,"d":0,"e":0,"f":0,"g":0,"h":0,"i":0,"j":0,"k":0,"l":0,"m":0,"M":0}`, "json-duplicate-name", ""},
		{"long-s-of-many", `{"a":0,"b":0,"c":0,"d":0,"e":0,"f":0,"g":0,"h":0,"i":0,"j":0,"k":0,"l":0,"s":0,"ſ":0}`, "json-duplicate-name", ""},
		{"deep-array", strings.Repeat("[", 65) + strings.Repeat("]", 65), "json-too-deep", ""},
		{"very-deep", strings.Repeat("[", 500_000), "json-too-deep", ""},
		{"large", `"` + strings.Repeat("a", 1<<20) + `"`, "json-too-large", ""},
		{"digits-lost", `{"n":9007199254740993}`, "json-number", "/n"},
		{"fraction-lost", `0.1000000000000000055511151231257828`, "json-number", ""},
		{"too-great", `1e400`, "json-number", ""},
		{"vanishing", `1e-400`, "json-number", ""},
		{"negative-zero", `-0`, "json-number", ""},
		{"negative-zero-fraction", `-0.00`, "json-number", ""},
		{"huge-exponent", `1e99999999999999999999`, "json-number", ""},
		{"leading-zero", `012`, "json-syntax", ""},
		{"plus", `+1`, "json-syntax", ""},
		{"nan", `NaN`, "json-syntax", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			v, err := jsonld.Parse([]byte(test.in))
			if jsonld.CodeOf(err) != test.code {
				t.Fatalf("got %v, %v, want %s", v, err, test.code)
			}
			if test.pointer != "" && !strings.Contains(err.Error(), `"`+test.pointer+`"`) {
				t.Errorf("got %v, want pointer %s", err, test.pointer)
			}
		})
	}
	for _, in := range []string{`[]`, `"a"`, `null`, `1`} {
		if _, err := jsonld.ParseObject([]byte(in)); jsonld.CodeOf(err) != "json-syntax" {
			t.Errorf("%s as an object: %v", in, err)
		}
	}
}

func TestParse(t *testing.T) {
	tests := []struct {
		in   string
		want any
	}{
		{` {"a":[1,-2.50,true,false,null,"\u00e9\ud83d\ude00"]} `, map[string]any{"a": []any{1.0, -2.5, true, false, nil, "é😀"}}},
		{`{}`, map[string]any{}},
		{`[]`, []any{}},
		{`{"a":1,"b":{"A":2}}`, map[string]any{"a": 1.0, "b": map[string]any{"A": 2.0}}},
		{`0.1`, 0.1},
		{`1.10`, 1.1},
		{`0.30000000000000004`, 0.30000000000000004},
		{`9007199254740992`, float64(1 << 53)},
		{`9223372036854775808`, float64(1 << 63)},
		{`100000000000000000000`, 1e20},
		{`1E+2`, 100.0},
		{`1.7976931348623157e308`, 1.7976931348623157e308},
		{`5e-324`, 5e-324},
		{`0.000`, 0.0},
		{`0e5`, 0.0},
		{strings.Repeat("[", 64) + strings.Repeat("]", 64), nested(64)},
	}
	for _, test := range tests {
		got, err := jsonld.Parse([]byte(test.in))
		if err != nil || !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: got %v, %v", test.in, got, err)
		}
	}
	if _, err := jsonld.ParseLimit([]byte(`"`+strings.Repeat("a", 1<<20)+`"`), 2<<20); err != nil {
		t.Error(err)
	}
}

func nested(n int) any {
	if n == 1 {
		return []any{}
	}
	return []any{nested(n - 1)}
}

// FuzzParse: what Parse takes, a second strict parser takes too and reads the
// same, and it survives writing and parsing again.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{`{"a":[1,-2.5e3,true,null,"\u00e9"]}`, `{"a":1,"A":2}`, `"\ud800"`, `1e400`, `-0`, `[[[]]]`, `{"issuer":1,"iſſuer":2}`, `9223372036854775808`} {
		f.Add([]byte(seed))
	}
	f.Add(vectors.Read("documents/welding.json"))
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := jsonld.Parse(data)
		if err != nil {
			if jsonld.CodeOf(err) == "" {
				t.Fatalf("no code: %v", err)
			}
			return
		}
		var other any
		if err := json.Unmarshal(data, &other); err != nil {
			t.Fatalf("encoding/json/v2 refuses %q: %v", data, err)
		}
		if !reflect.DeepEqual(got, other) {
			t.Fatalf("got %v, encoding/json/v2 %v", got, other)
		}
		out, err := json.Marshal(got)
		if err != nil {
			t.Fatal(err)
		}
		again, err := jsonld.Parse(out)
		if err != nil || !reflect.DeepEqual(got, again) {
			t.Fatalf("wrote %q, read %v, %v", out, again, err)
		}
	})
}
