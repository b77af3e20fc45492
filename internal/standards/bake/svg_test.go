package bake_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"laurel/internal/standards/bake"
)

const (
	svgOpen = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:ob="https://purl.imsglobal.org/ob/v3p0">`
	svgOne  = svgOpen + `<ob:credential><![CDATA[{"a":1}]]></ob:credential></svg>`
)

func TestSVGShape(t *testing.T) {
	for _, tt := range []struct{ name, image, credential, want string }{
		{"json", plainSVG, `{"a":1}`, strings.Replace(plainSVG, `data-x="a>b">`,
			`data-x="a>b" xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0"><openbadges:credential><![CDATA[{"a":1}]]></openbadges:credential>`, 1)},
		{"jws", plainSVG, jws, strings.Replace(plainSVG, `data-x="a>b">`,
			`data-x="a>b" xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0"><openbadges:credential verify="`+jws+`"></openbadges:credential>`, 1)},
		{"clr", "\ufeff" + plainSVG, `{"type":["ClrCredential"]}`, "\ufeff" + strings.Replace(plainSVG, `data-x="a>b">`,
			`data-x="a>b" xmlns:clr="https://purl.imsglobal.org/clr/v2p0"><clr:credential><![CDATA[{"type":["ClrCredential"]}]]></clr:credential>`, 1)},
		{"declared", `<svg xmlns="http://www.w3.org/2000/svg" xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0" ><g/></svg>`, `{}`,
			`<svg xmlns="http://www.w3.org/2000/svg" xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0" ><openbadges:credential><![CDATA[{}]]></openbadges:credential><g/></svg>`},
		{"prefixed", `<s:svg xmlns:s="http://www.w3.org/2000/svg"><s:g/></s:svg>`, `{}`,
			`<s:svg xmlns:s="http://www.w3.org/2000/svg" xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0"><openbadges:credential><![CDATA[{}]]></openbadges:credential><s:g/></s:svg>`},
	} {
		got, err := bake.SVG([]byte(tt.image), []byte(tt.credential))
		if err != nil || string(got) != tt.want {
			t.Errorf("%s: %v\ngot  %s\nwant %s", tt.name, err, got, tt.want)
		}
		if err := wellFormed(got); err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}

func wellFormed(data []byte) error {
	d := xml.NewDecoder(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff"))))
	for {
		if _, err := d.Token(); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
	}
}

func TestUnbakeSVG(t *testing.T) {
	for _, tt := range []struct{ name, image, want string }{
		{"cdata", svgOne, `{"a":1}`},
		{"escaped_text", svgOpen + `<ob:credential> {&quot;a&quot;:&#49;} </ob:credential></svg>`, `{"a":1}`},
		{"split_cdata", svgOpen + `<ob:credential><![CDATA[{"a":"]]]]><![CDATA[>"}]]></ob:credential></svg>`, `{"a":"]]>"}`},
		{"comment_before", svgOpen + "\n<!-- x --><title/>" + `<ob:credential>{}</ob:credential></svg>`, `{}`},
		{"verify", svgOpen + `<ob:credential verify=" ` + jws + ` "> </ob:credential></svg>`, jws},
		{"own_declaration", `<svg><c:credential xmlns:c="https://purl.imsglobal.org/clr/v2p0">{}</c:credential></svg>`, `{}`},
		{"doctype", `<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">` + svgOne, `{"a":1}`},
	} {
		got, err := bake.UnbakeSVG([]byte(tt.image))
		if err != nil || string(got) != tt.want {
			t.Errorf("%s: %q, %v", tt.name, got, err)
		}
	}
}

func TestUnbakeSVGRefuses(t *testing.T) {
	const one = `<ob:credential>{}</ob:credential>`
	for _, tt := range []struct {
		name, image string
		is          error
	}{
		{"none", plainSVG, bake.ErrNotBaked},
		{"other_namespace", `<svg xmlns:openbadges="https://purl.imsglobal.org/spec/ob/v3p0"><openbadges:credential>{}</openbadges:credential></svg>`, bake.ErrNotBaked},
		{"undeclared_prefix", `<svg><openbadges:credential>{}</openbadges:credential></svg>`, bake.ErrNotBaked},
		{"in_comment", svgOpen + "<!--" + one + "--></svg>", bake.ErrNotBaked},
		{"twice", svgOpen + one + one + `</svg>`, nil},
		{"deep", svgOpen + `<g>` + one + `</g></svg>`, nil},
		{"nested", svgOpen + `<ob:credential>{}` + one + `</ob:credential></svg>`, nil},
		{"elements_inside", svgOpen + `<ob:credential>{"a":<b/>1}</ob:credential></svg>`, nil},
		{"both_ways", svgOpen + `<ob:credential verify="a.b.c">{}</ob:credential></svg>`, nil},
		{"empty", svgOpen + `<ob:credential/></svg>`, nil},
		{"empty_verify", svgOpen + `<ob:credential verify=""/></svg>`, nil},
		{"attribute_twice", svgOpen + `<ob:credential verify="a" verify="b"/></svg>`, nil},
		{"entity_bomb", `<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>` + svgOpen + `<ob:credential>&b;</ob:credential></svg>`, nil},
		{"external_entity", `<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>` + svgOne, nil},
		{"empty_subset", `<!DOCTYPE svg []>` + svgOne, nil},
		{"unknown_entity", svgOpen + `<ob:credential>&nbsp;{}</ob:credential></svg>`, nil},
		{"entity_alone", `<!ENTITY a "b">` + svgOne, nil},
		{"late_doctype", svgOpen + `<!DOCTYPE svg>` + one + `</svg>`, nil},
		{"late_declaration", " " + `<?xml version="1.0"?>` + svgOne, nil},
		{"latin1", `<?xml version="1.0" encoding="ISO-8859-1"?>` + svgOne, nil},
		{"two_roots", svgOne + svgOne, nil},
		{"text_after", svgOne + "x", nil},
		{"text_before", "x" + svgOne, nil},
		{"cut", svgOne[:len(svgOne)-3], nil},
		{"crossed", svgOpen + `<g>` + one + `</svg></g>`, nil},
		{"html", `<html xmlns:ob="https://purl.imsglobal.org/ob/v3p0">` + one + `</html>`, nil},
		{"not_utf8", strings.Replace(svgOne, "a", "\xff", 1), nil},
		{"too_deep", svgOpen + strings.Repeat("<g>", 300) + strings.Repeat("</g>", 300) + `</svg>`, nil},
		{"attributes", `<svg` + manyAttributes(100_000) + `>` + `</svg>`, nil},
		{"large", svgOpen + `<ob:credential>` + strings.Repeat("a", bake.MaxCredential+1) + `</ob:credential></svg>`, bake.ErrTooLarge},
		{"huge", strings.Repeat(" ", bake.MaxImage) + svgOne, bake.ErrTooLarge},
		{"nothing", "", nil},
	} {
		got, err := bake.UnbakeSVG([]byte(tt.image))
		if err == nil {
			t.Errorf("%s: gave %.60q", tt.name, got)
		}
		if errors.Is(err, bake.ErrNotBaked) != (tt.is == bake.ErrNotBaked) || tt.is != nil && !errors.Is(err, tt.is) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.is)
		}
	}
}

func manyAttributes(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(" a" + strings.Repeat("b", i%50) + string(rune('a'+i%26)) + `="x"`)
	}
	return b.String()
}

func TestSVGRefuses(t *testing.T) {
	for name, image := range map[string]string{
		"no_namespace": `<svg><g/></svg>`,
		"empty":        `<svg xmlns="http://www.w3.org/2000/svg"/>`,
		"other_root":   `<g xmlns="http://www.w3.org/2000/svg"></g>`,
		"prefix_taken": `<svg xmlns="http://www.w3.org/2000/svg" xmlns:openbadges="http://openbadges.org"><g/></svg>`,
		"subset":       `<!DOCTYPE svg [<!ENTITY a "b">]>` + plainSVG,
		"png":          string(testPNG(t)),
	} {
		if got, err := bake.SVG([]byte(image), []byte("{}")); err == nil {
			t.Errorf("%s: gave %q", name, got)
		}
	}
}

func FuzzUnbakeSVG(f *testing.F) {
	f.Add([]byte(svgOne))
	f.Add([]byte(plainSVG))
	f.Add([]byte(svgOpen + `<ob:credential verify="a.b.c"/></svg>`))
	f.Add([]byte(`<!DOCTYPE svg [<!ENTITY a "b">]><svg>&a;</svg>`))
	f.Add([]byte("\ufeff" + `<?xml version="1.0"?><s:svg xmlns:s='http://www.w3.org/2000/svg' a="/" ></s:svg>`))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := bake.UnbakeSVG(data)
		if err == nil && (len(c) == 0 || len(c) > bake.MaxCredential) {
			t.Errorf("unbaked %d bytes", len(c))
		}
		baked, bakeErr := bake.SVG(data, []byte(credential))
		if err == nil && !errors.Is(bakeErr, bake.ErrBaked) {
			t.Errorf("a baked image was baked again: %v", bakeErr)
		}
		if bakeErr != nil {
			return
		}
		want, _ := bake.Text([]byte(credential))
		got, err := bake.UnbakeSVG(baked)
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("round trip: %q, %v", got, err)
		}
	})
}

func BenchmarkSVG(b *testing.B) {
	blank, err := bake.NewSVG([]byte(plainSVG))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := blank.Bake([]byte(credential)); err != nil {
			b.Fatal(err)
		}
	}
}
