package bake_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"

	"laurel/internal/standards/bake"
	"laurel/internal/testing/vectors"
)

// credential has every character that makes trouble in a picture: letters
// beyond ASCII and beyond the basic plane, braces, a CDATA end, escapes, mark-up.
const credential = `{"@context":["https://www.w3.org/ns/credentials/v2"],` +
	`"type":["VerifiableCredential","OpenBadgeCredential"],` +
	`"name":"Żółć 学習 🎓 {curly} } { \"quoted\" \\","html":"a]]>b<c>&amp;","empty":"","n":1.50}`

const clrCredential = `{"type":["VerifiableCredential","ClrCredential"],"name":"A record"}`

const jws = "eyJhbGciOiJFZERTQSJ9.eyJ0eXBlIjpbIlZlcmlmaWFibGVDcmVkZW50aWFsIl19.c2lnbmF0dXJl"

const plainSVG = `<?xml version="1.0" encoding="UTF-8"?>
<!-- <svg> in a comment -->
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" data-x="a>b"><path d="M0 0h9v9z"/></svg>
`

func TestVectors(t *testing.T) {
	for _, tt := range []struct{ file, sum, prefix string }{
		{"simple-json.svg", "e300f9902b0fe9183c7c0856a8a4c61a777bae968a4ba0f8f264ef166c36528f", "{"},
		{"simple-jwt.svg", "ce221d85ec0e2d1a31cd14adeb5cab161a44e8776a34d356e2c6677f9fb13afb", "eyJ"},
	} {
		data := vectors.Read("1edtech-baked/" + tt.file)
		if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != tt.sum {
			t.Errorf("%s is not the official file", tt.file)
		}
		got, err := bake.Unbake(data)
		if err != nil {
			t.Fatalf("%s: %v", tt.file, err)
		}
		if !strings.HasPrefix(string(got), tt.prefix) {
			t.Errorf("%s begins %.20q", tt.file, got)
		}
		if tt.prefix == "{" {
			var doc struct{ ID string }
			if err := json.Unmarshal(got, &doc); err != nil || doc.ID != "http://example.com/credentials/3527" {
				t.Errorf("%s: id %q, %v", tt.file, doc.ID, err)
			}
		} else if strings.Count(string(got), ".") != 2 {
			t.Errorf("%s is no compact JWS", tt.file)
		}
		if _, err := bake.SVG(data, []byte(credential)); !errors.Is(err, bake.ErrBaked) {
			t.Errorf("%s baked again: %v", tt.file, err)
		}
	}
}

func TestRoundTrip(t *testing.T) {
	for name, in := range map[string]string{"badge": credential, "clr": clrCredential, "jws": jws, "spaced": "\r\n{\r\n \"a\" : 1 }\n"} {
		want, err := bake.Text([]byte(in))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for format, f := range map[string]func(a, b []byte) ([]byte, error){"png": bake.PNG, "svg": bake.SVG} {
			image := []byte(plainSVG)
			if format == "png" {
				image = testPNG(t)
			}
			baked, err := f(image, []byte(in))
			if err != nil {
				t.Fatalf("%s %s: %v", name, format, err)
			}
			got, err := bake.Unbake(baked)
			if err != nil || !bytes.Equal(got, want) {
				t.Errorf("%s %s: got %s, %v\nwant %s", name, format, got, err, want)
			}
			if _, err := f(baked, []byte(in)); !errors.Is(err, bake.ErrBaked) {
				t.Errorf("%s %s baked twice: %v", name, format, err)
			}
			again, _ := f(image, got)
			if !bytes.Equal(again, baked) {
				t.Errorf("%s %s: what came out bakes to other bytes", name, format)
			}
		}
	}
}

func TestText(t *testing.T) {
	got, err := bake.Text([]byte(credential))
	if err != nil {
		t.Fatal(err)
	}
	var a, b any
	if err := json.Unmarshal([]byte(credential), &a); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(got, &b); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(a, b) {
		t.Errorf("meaning changed:\n%s", got)
	}
	for _, r := range got {
		if r >= 0x80 {
			t.Fatalf("byte %#x is not ASCII", r)
		}
	}
	if n := bytes.Count(got, []byte("{")); n != 1 {
		t.Errorf("%d opening braces, want the outer one", n)
	}
	if bytes.Contains(got, []byte("]]>")) {
		t.Error("a CDATA end is left")
	}
	if !bytes.Contains(got, []byte(`"n":1.50`)) {
		t.Error("a number was written anew")
	}
	if again, err := bake.Text(got); err != nil || !bytes.Equal(again, got) {
		t.Errorf("Text of Text differs: %v", err)
	}
}

func TestTextRefuses(t *testing.T) {
	for name, in := range map[string]string{
		"empty": "", "array": "[1]", "string": `"a"`, "cut": `{"a":`, "trailing": `{} {}`,
		"duplicate": `{"a":1,"a":2}`, "bad_utf8": "{\"a\":\"\xff\"}", "lone_surrogate": `{"a":"\ud800"}`,
		"two_parts": "YQ.YQ", "jws_line_break": "eyJh\nbGciOiJFZERTQSJ9.e30.YQ", "jws_padding": "YQ==.e30.YQ",
		"jws_payload": "YQ.YQ.YQ", "jws_detached": "e30..YQ",
		"large": `{"a":"` + strings.Repeat("a", bake.MaxCredential) + `"}`,
		"grown": `{"a":"` + strings.Repeat("{", bake.MaxCredential/4) + `"}`,
	} {
		if got, err := bake.Text([]byte(in)); err == nil {
			t.Errorf("%s: accepted as %.60s", name, got)
		}
	}
}

func TestUnbakeOther(t *testing.T) {
	for _, in := range []string{"", "GIF89a", "{}", "<html></html>", "<", "\x89PNG"} {
		if _, err := bake.Unbake([]byte(in)); !errors.Is(err, bake.ErrFormat) {
			t.Errorf("%q: %v", in, err)
		}
	}
}
