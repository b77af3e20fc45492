package jsonld_test

import (
	"math"
	"path"
	"strconv"
	"strings"
	"testing"

	"laurel/internal/standards/jsonld"
	"laurel/internal/standards/rdfc"
	"laurel/internal/testing/vectors"
)

// TestSameAsCanonicalize: canonical JSON equals that of canonicalize 1.0.8 from npm
// (jsonldjs/more.mjs of package vectors).
func TestSameAsCanonicalize(t *testing.T) {
	files := vectors.Files("jsonldjs", "*.jcs")
	if len(files) < 7 {
		t.Fatalf("%d files", len(files))
	}
	for _, file := range files {
		name := strings.TrimSuffix(path.Base(file), ".jcs")
		got, err := jsonld.CanonicalJSON(parse(t, vectors.Read("documents/"+name+".json")))
		if err != nil {
			t.Fatal(err)
		}
		equal(t, name, got, string(vectors.Read("jsonldjs/"+name+".jcs")))
	}
}

// TestNumbersOfJavaScript: RFC 8785, section 3.2.2.3 and appendix B.
func TestNumbersOfJavaScript(t *testing.T) {
	lines := strings.Split(strings.TrimSpace(string(vectors.Read("jsonldjs/numbers.txt"))), "\n")
	for _, line := range lines {
		hexadecimal, want, _ := strings.Cut(line, " ")
		bits, err := strconv.ParseUint(hexadecimal, 16, 64)
		if err != nil {
			t.Fatal(err)
		}
		got, err := jsonld.CanonicalJSON(math.Float64frombits(bits))
		if err != nil || got != want {
			t.Errorf("%s: got %s, %v, want %s", hexadecimal, got, err, want)
		}
		if back, err := jsonld.Parse([]byte(want)); err != nil || back != math.Float64frombits(bits) {
			t.Errorf("%s is read as %v, %v", want, back, err)
		}
	}
	t.Logf("%d numbers", len(lines))
	if len(lines) < 600 {
		t.Error("too few")
	}
}

// TestCanonicalJSON: sections 3.2.2.2 and 3.2.3 of RFC 8785, the example of the
// one with all its escapes and the example of sorting by UTF-16.
func TestCanonicalJSON(t *testing.T) {
	for in, want := range map[string]string{
		`{"a": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/"}`:                                                      `{"a":"€$\u000f\nA'B\"\\\\\"/"}`,
		`{"\u20ac":1,"\r":2,"\ufb33":3,"1":4,"\ud83d\ude00":5,"\u0080":6,"\u00f6":7}`:                                 "{\"\\r\":2,\"1\":4,\"\u0080\":6,\"ö\":7,\"€\":1,\"😀\":5,\"\ufb33\":3}",
		`[ null , true, false, [], {}, "<&>\u2028\u007f", 1.0, 10e1, 0.000001, 1e-7, 333333333.3333333, 1E30 , 4.50]`: "[null,true,false,[],{},\"<&>\u2028\u007f\",1,100,0.000001,1e-7,333333333.3333333,1e+30,4.5]",
	} {
		value, err := jsonld.Parse([]byte(in))
		if err != nil {
			t.Fatalf("%s: %v", in, err)
		}
		got, err := jsonld.CanonicalJSON(value)
		if err != nil || got != want {
			t.Errorf("got %s, %v, want %s", got, err, want)
		}
	}
}

// TestSHA384SameAsJSONLDJS: RDFC-1.0 with SHA-384 inside, as P-384 has it, equals
// that of rdf-canonize 5.0.0.
func TestSHA384SameAsJSONLDJS(t *testing.T) {
	files := vectors.Files("jsonldjs", "*.sha384.nq")
	if len(files) < 7 {
		t.Fatalf("%d files", len(files))
	}
	other := 0
	for _, file := range files {
		name := strings.TrimSuffix(path.Base(file), ".sha384.nq")
		got, err := vocabulary(t).Canonical(parse(t, vectors.Read("documents/"+name+".json")), rdfc.Options{Hash: rdfc.SHA384})
		if err != nil {
			t.Fatal(err)
		}
		equal(t, name, string(got), string(vectors.Read("jsonldjs/"+name+".sha384.nq")))
		if string(got) != string(vectors.Read("jsonldjs/"+name+".nq")) {
			other++
		}
	}
	if other < 3 {
		t.Errorf("only %d of %d differ from SHA-256", other, len(files))
	}
}
