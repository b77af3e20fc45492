package picture

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"regexp"
	"strings"
	"testing"
)

const svgStart = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9">`

func TestSanitizeSVG(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"shapes", `<g transform="translate(1 2)scale(3)"><path d="M0 0h9" fill="rgb(1,2,3)"/></g>`,
			`<g transform="translate(1 2)scale(3)"><path d="M0 0h9" fill="rgb(1,2,3)"/></g>`},
		{"sorted", `<rect y="1" x="2" width="3"/>`, `<rect width="3" x="2" y="1"/>`},
		{"text", `<text x="1">Żółć &lt;b&gt; &amp; <tspan>x</tspan></text>`, `<text x="1">Żółć &lt;b&gt; &amp; <tspan>x</tspan></text>`},
		{"script", `<script>alert(1)</script><path d="M0 0"/>`, `<path d="M0 0"/>`},
		{"script_nested", `<script><path d="M0 0"/><style>path{fill:red}</style></script><path d="M0 0"/>`, `<path d="M0 0"/>`},
		{"handlers", `<path onclick="x()" onload="x()" ONERROR="x" d="M0 0"/>`, `<path d="M0 0"/>`},
		{"foreign", `<foreignObject><body xmlns="http://www.w3.org/1999/xhtml"><script/></body></foreignObject>`, ``},
		{"html", `<h:script xmlns:h="http://www.w3.org/1999/xhtml">x</h:script>`, ``},
		{"animation", `<path d="M0 0"><set attributeName="href" to="javascript:x()"/><animate attributeName="d"/></path>`, `<path d="M0 0"/>`},
		{"link", `<a href="javascript:x()"><path d="M0 0"/></a>`, `<path d="M0 0"/>`},
		{"link_in_link", `<a><a><path d="M0 0"/></a></a>`, `<path d="M0 0"/>`},
		{"comment", `<!-- secret --><?php x ?><metadata>me</metadata>`, ``},
		{"outside_use", `<use href="https://example.com/a.svg#x"/><use xlink:href="#b"/>`, `<use/><use xlink:href="#b"/>`},
		{"outside_image", `<image href="https://example.com/a.png"/><image href="data:image/svg+xml;base64,AAAA"/>`, `<image/><image/>`},
		{"urls", `<path fill="url(#a)" stroke="url(https://example.com/#a)" mask="URL(#a)" clip-path="url( '#b' )"/>`,
			`<path clip-path="url(#b)" fill="url(#a)"/>`},
		{"fallback", `<path fill="url(#a) red" stroke="url(#a) url(//x)"/>`, `<path fill="url(#a) red"/>`},
		{"functions", `<path fill="image-set('//x')" stroke="src(//x)" d="expression(1)" opacity="u\72l(//x)" color="u/**/rl(//x)"/>`, `<path/>`},
		{"style_attribute", `<path fill="red" style="fill:url(#a);STROKE: blue !important; background:url(//x);filter:url(#f)"/>`,
			`<path fill="url(#a)" stroke="blue"/>`},
		{"style_bad_value", `<path fill="red" style="fill:url(//example.com)"/>`, `<path fill="red"/>`},
		{"style_sheet", `<defs><style>@import url(//x); @media print { .a {fill:black} rect {fill:black} } @font-face{src:url(//x)} /* c */ .a, path.b { fill: red } #c{fill:blue} rect{fill:green} g > path {fill: pink}</style></defs>` +
			`<path class="x a"/><path class="b"/><path id="c" class="a"/><rect/><rect class="b" style="fill:lime"/>`,
			`<defs/><path fill="red"/><path fill="red"/><path fill="blue" id="c"/><rect fill="green"/><rect fill="lime"/>`},
		{"ids", `<g id="ok.1"/><g id="a b"/><g id="&quot;&gt;"/>`, `<g id="ok.1"/><g/><g/>`},
		{"line_break", `<path d="M0 0&#10;h1"/>`, `<path d="M0 0&#10;h1"/>`},
		{"filter", `<filter id="f"><feImage href="//x"/></filter>`, ``},
		{"credential", `<ob:credential xmlns:ob="https://purl.imsglobal.org/ob/v3p0">{}</ob:credential>`, ``},
		{"editor", `<sodipodi:namedview xmlns:sodipodi="http://sodipodi.example"/><g inkscape:label="x" xmlns:inkscape="http://inkscape.example"/>`, `<g/>`},
	} {
		got, err := SanitizeSVG([]byte(svgStart + tt.in + `</svg>`))
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		_, body, _ := strings.Cut(string(got), ">")
		if body != tt.want+"</svg>\n" {
			t.Errorf("%s:\ngot  %s\nwant %s", tt.name, body, tt.want)
		}
	}
}

func TestSanitizeSVGRoot(t *testing.T) {
	in := "\ufeff" + `<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">` +
		`<s:svg xmlns:s="http://www.w3.org/2000/svg" onload="x()" viewBox="0 0 1 1" width="1"><s:g/></s:svg>`
	got, err := SanitizeSVG([]byte(in))
	if want := `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1" width="1"><g/></svg>` + "\n"; err != nil || string(got) != want {
		t.Errorf("got %s, %v", got, err)
	}
}

func TestSanitizeSVGRefuses(t *testing.T) {
	var laughs strings.Builder
	laughs.WriteString(`<g id="a0"><path/></g>`)
	for i := range 30 {
		fmt.Fprintf(&laughs, `<g id="a%d"><use href="#a%d"/><use href="#a%d"/></g>`, i+1, i, i)
	}
	var patterns strings.Builder
	for i := range 30 {
		fmt.Fprintf(&patterns, `<pattern id="p%d"><path fill="url(#p%d)"/><path style="fill:url(#p%d)"/></pattern>`, i, i+1, i+1)
	}
	for name, in := range map[string]string{
		"empty":        "",
		"not_xml":      "hello",
		"html":         `<html xmlns="http://www.w3.org/1999/xhtml"/>`,
		"no_namespace": `<svg/>`,
		"cut":          svgStart,
		"two_roots":    svgStart + "</svg>" + svgStart + "</svg>",
		"text_after":   svgStart + "</svg>x",
		"entity":       `<!DOCTYPE svg [<!ENTITY a "b">]>` + svgStart + "&a;</svg>",
		"subset":       `<!DOCTYPE svg [ ]>` + svgStart + "</svg>",
		"bare_entity":  `<!ENTITY a "b">` + svgStart + "</svg>",
		"latin1":       `<?xml version="1.0" encoding="ISO-8859-1"?>` + svgStart + "</svg>",
		"not_utf8":     svgStart + "<text>\xff</text></svg>",
		"twice":        svgStart + `<path d="a" d="b"/></svg>`,
		"large":        svgStart + strings.Repeat(" ", maxSVGBytes) + "</svg>",
		"deep":         svgStart + strings.Repeat("<g>", 100) + strings.Repeat("</g>", 100) + "</svg>",
		"deep_script":  svgStart + strings.Repeat("<script>", 100) + strings.Repeat("</script>", 100) + "</svg>",
		"many":         svgStart + strings.Repeat("<g/>", maxSVGElements) + "</svg>",
		"attributes":   svgStart + "<g" + strings.Join(strings.Split(" "+strings.Repeat("x", 100), ""), ` a`) + "/></svg>",
		"laughs":       svgStart + laughs.String() + "</svg>",
		"patterns":     svgStart + patterns.String() + `<path fill="url(#p0)"/></svg>`,
		"circle":       svgStart + `<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g></svg>`,
		"self":         svgStart + `<g id="a"><use href="#a"/></g></svg>`,
		"image_bomb":   svgStart + `<image href="data:image/png;base64,` + base64.StdEncoding.EncodeToString([]byte(header(4096, 4096))) + `"/></svg>`,
		"image_broken": svgStart + `<image href="data:image/png;base64,!!!!"/></svg>`,
		"many_images":  svgStart + strings.Repeat(dataImage(t), 9) + "</svg>",
	} {
		if got, err := SanitizeSVG([]byte(in)); err == nil {
			t.Errorf("%s: gave %.200s", name, got)
		}
	}
}

func dataImage(t testing.TB) string {
	return `<image href="data:image/png;base64,` + base64.StdEncoding.EncodeToString(testImage(t, 3, 3)) + `"/>`
}

func TestSanitizeSVGImage(t *testing.T) {
	in := svgStart + `<image width="9" href="data:image/jpeg;base64,` +
		base64.StdEncoding.EncodeToString(testJPEG(t, gradient(20, 10))) + `"/></svg>`
	got, err := SanitizeSVG([]byte(in))
	if err != nil || !bytes.Contains(got, []byte(`<image width="9" xlink:href="data:image/png;base64,`)) {
		t.Errorf("%s, %v", got, err)
	}
	again, err := SanitizeSVG(got)
	if err != nil || !bytes.Equal(again, got) {
		t.Errorf("sanitized again: %s, %v", again, err)
	}
}

// outside finds in an output what could run, or reach another host. Text for
// people is not looked at.
var outside = regexp.MustCompile(`(?i)<(script|foreignobject|style|a|set|animate)\b|<[^>]*[ ](on\w+|style|class|href)=|` +
	`url\([^#]|href="(?:[^#d]|d[^a])|<!|<\?`)

func FuzzSanitizeSVG(f *testing.F) {
	f.Add([]byte(svgStart + `<style>.a{fill:url(#x)}</style><g class="a" style="fill:red"><path d="M0 0"/></g></svg>`))
	f.Add([]byte(svgStart + `<a xlink:href="javascript:x"><text>a<tspan>b</tspan></text></a><script>x</script></svg>`))
	f.Add([]byte(svgStart + `<use href="#a"/><g id="a" onload="x"/>` + dataImage(f) + `</svg>`))
	f.Add([]byte(`<!DOCTYPE svg><s:svg xmlns:s="http://www.w3.org/2000/svg" fill="url( '#a' ) red"/>`))
	f.Fuzz(func(t *testing.T, data []byte) {
		out, err := SanitizeSVG(data)
		if err != nil {
			return
		}
		checkXML(t, out)
		for _, m := range outside.FindAll(out, -1) {
			t.Errorf("%q is left in %s", m, out)
		}
		again, err := SanitizeSVG(out)
		if len(out) <= maxSVGBytes && (err != nil || !bytes.Equal(again, out)) {
			t.Errorf("sanitized again: %v\n%s\n%s", err, out, again)
		}
	})
}
