package picture

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"maps"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
)

const svgStart = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9">`

// TestWritten: all that is accepted is written, in one spelling.
func TestWritten(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"shapes", `<g transform="translate(1 2)scale(3)"><path d="M0 0h9" fill="rgb(1,2,3)"/></g>`,
			`<g transform="translate(1 2)scale(3)"><path d="M0 0h9" fill="rgb(1,2,3)"/></g>`},
		{"sorted", `<rect y="1" x="2" width="3"/>`, `<rect width="3" x="2" y="1"/>`},
		{"text", `<text x="1">Żółć &lt;b&gt; &amp; <tspan>x</tspan></text>`, `<text x="1">Żółć &lt;b&gt; &amp; <tspan>x</tspan></text>`},
		{"comment", `<!-- secret --><path d="M0 0"/>`, `<path d="M0 0"/>`},
		{"fallback", `<linearGradient id="a"/><path fill="url( '#a' ) red"/>`, `<linearGradient id="a"/><path fill="url(#a) red"/>`},
		{"style_attribute", `<linearGradient id="a"/><path fill="red" style="fill:url(#a); stroke: blue !important;-inkscape-stroke:hairline;marker:none"/>`,
			`<linearGradient id="a"/><path fill="url(#a)" marker-end="none" marker-mid="none" marker-start="none" stroke="blue"/>`},
		{"style_first", `<path style="fill:blue" fill="red"/>`, `<path fill="blue"/>`},
		{"inherit", `<g fill="red"><path fill="blue" style="fill:inherit"/></g>`, `<g fill="red"><path/></g>`},
		{"style_only", `<path style="isolation:isolate;mix-blend-mode:screen;opacity:.5"/>`, `<path opacity=".5" style="isolation:isolate;mix-blend-mode:screen;"/>`},
		{"ids", `<g id="ok.1"/><g id="1a"/><g id="über"/>`, `<g id="ok.1"/><g id="1a"/><g id="über"/>`},
		{"href", `<g id="a"/><use xlink:href="#b" href="#a"/><use xlink:href="#a"/>`, `<g id="a"/><use xlink:href="#a"/><use xlink:href="#a"/>`},
		{"line_break", `<path d="M0 0&#10;h1"/>`, `<path d="M0 0&#10;h1"/>`},
		{"idle", `<g class="a" data-name="b" xml:space="default" version="1.1"/>`, `<g xml:space="default"/>`},
		{"described", `<g role="img" aria-label="a (b)" lang="de"><title>x<!-- y -->z</title></g>`, `<g aria-label="a (b)" lang="de" role="img"><title>xz</title></g>`},
	} {
		d, problems := readSVG([]byte(svgStart + tt.in + `</svg>`))
		if len(problems) > 0 {
			t.Errorf("%s: %v", tt.name, problems)
			continue
		}
		_, body, _ := strings.Cut(string(writeSVG(d)), ">")
		if body != tt.want+"</svg>\n" {
			t.Errorf("%s:\ngot  %s\nwant %s", tt.name, body, tt.want)
		}
	}
	got, err := ToSVG([]byte("\ufeff"+`<?xml version="1.0"?><s:svg xmlns:s="http://www.w3.org/2000/svg" viewBox="0 0 1 1" width="1"><s:g/></s:svg>`), SVG)
	if want := `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1" width="1"><g/></svg>` + "\n"; err != nil || string(got) != want {
		t.Errorf("got %s, %v", got, err)
	}
}

// TestRefused: what would not be shown is a problem at its place.
func TestRefused(t *testing.T) {
	for _, tt := range []struct{ name, in, at, field, text string }{
		{"script", `<script>alert(1)</script>`, `<script`, "script", "is an element that is not allowed in images here"},
		{"handler", `<path d="M0 0" onclick="x()"/>`, `onclick`, "path.onclick", "runs a script"},
		{"handler_upper", `<path ONERROR="x"/>`, `ONERROR`, "path.ONERROR", "runs a script"},
		{"foreign", `<foreignObject/>`, `<foreignObject`, "foreignObject", "is an element that is not allowed in images here"},
		{"html", `<h:script xmlns:h="http://www.w3.org/1999/xhtml">x</h:script>`, `<h:script`, "script", "not an element of SVG"},
		{"animation", `<path d="M0 0"><set attributeName="href" to="javascript:x()"/></path>`, `<set`, "set", "is an element that is not allowed in images here"},
		{"link", `<a href="javascript:x()"><path d="M0 0"/></a>`, `<a`, "a", "is an element that is not allowed in images here"},
		{"style_element", `<style>path{fill:red}</style>`, `<style`, "style", "is an element that is not allowed in images here"},
		{"image", `<image href="data:image/png;base64,AAAA"/>`, `<image`, "image", "is an element that is not allowed in images here"},
		{"metadata", `<metadata/>`, `<metadata`, "metadata", "is an element that is not allowed in images here"},
		{"outside_use", `<use href="https://example.com/a.svg#x"/>`, `href`, "use.href", "outside"},
		{"outside_paint", `<path fill="url(https://example.com/#a)"/>`, `fill`, "path.fill", "outside"},
		{"outside_style", `<path style="fill:red;background:url(//x)"/>`, `style`, "path.style", "outside"},
		{"escape", `<path fill="u\72l(//x)"/>`, `fill`, "path.fill", "outside"},
		{"comment", `<path fill="u/**/rl(//x)"/>`, `fill`, "path.fill", "outside"},
		{"image_set", `<path fill="image-set('//x')"/>`, `fill`, "path.fill", "outside"},
		{"style_property", `<path style="fill:red;background:red"/>`, `style`, "path.style", "background"},
		{"style_text", `<path style="fill red"/>`, `style`, "path.style", "sets what is not allowed in images here"},
		{"font", `<path style="font:bold 3px serif"/>`, `style`, "path.style", "font"},
		{"blend_attribute", `<path mix-blend-mode="multiply"/>`, `mix-blend-mode`, "path.mix-blend-mode", "is an attribute that is not allowed in images here"},
		{"id", `<path id="a b"/>`, `id`, "path.id", "has a value"},
		{"colour", `<path fill="rad"/>`, `fill`, "path.fill", "has a value"},
		{"number", `<circle r="1e400"/>`, `r=`, "circle.r", "has a value"},
		{"negative", `<circle r="-1"/>`, `r=`, "circle.r", "has a value"},
		{"unit", `<circle r="1em"/>`, `r=`, "circle.r", "has a value"},
		{"path", `<path d="M0 0 L"/>`, `d=`, "path.d", "has a value"},
		{"path_begins", `<path d="L0 0"/>`, `d=`, "path.d", "has a value"},
		{"path_comma", `<path d="M0 0,"/>`, `d=`, "path.d", "has a value"},
		{"path_flag", `<path d="M0 0a1 1 0 2 0 1 1"/>`, `d=`, "path.d", "has a value"},
		{"points", `<polygon points="1 2 3"/>`, `points`, "polygon.points", "has a value"},
		{"transform", `<g transform="rotat(3)"/>`, `transform`, "g.transform", "has a value"},
		{"view", `<svg viewBox="0 0 0 1"/>`, `viewBox="0 0 0`, "svg.viewBox", "has a value"},
		{"nowhere", `<use href="#dot"/>`, `<use`, "use.href", "not in the image"},
		{"wrong_kind", `<g id="a"/><path fill="url(#a)"/>`, `<path`, "path.fill", "not of the right kind"},
		{"circle", `<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g>`, `<g`, "g", "refers to itself"},
		{"pattern_circle", `<pattern id="a" width="1" height="1"><path fill="url(#a)"/></pattern><path fill="url(#a)"/>`, `<pattern`, "pattern", "refers to itself"},
		{"idle_place", `<linearGradient><path d="M0 0h1"/></linearGradient>`, `<path`, "path", "is not shown where it is"},
		{"idle_stop", `<stop/>`, `<stop`, "stop", "is not shown where it is"},
		{"idle_text", `<g>hello</g>`, `hello`, "g", "contains text"},
		{"twice", `<path d="M0 0" d="M1 1"/>`, `d="M0`, "path.d", "given twice"},
		{"entity", `<text>&a;</text>`, ``, "", "not well-formed"},
		{"not_utf8", "<text>\xff</text>", ``, "", "not well-formed"},
	} {
		text := svgStart + tt.in + `</svg>`
		problems := Check([]byte(text), SVG)
		at := strings.Index(text[len(svgStart):], tt.at) + len(svgStart)
		if !slices.ContainsFunc(problems, func(p Problem) bool {
			return (p.Offset == at || tt.at == "") && p.Field == tt.field && strings.Contains(p.Text, tt.text)
		}) {
			t.Errorf("%s: nothing of %q at %d, but %+v", tt.name, tt.field, at, problems)
		}
	}
	for name, in := range map[string]string{
		"empty": "", "not_xml": "hello", "html": `<html xmlns="http://www.w3.org/1999/xhtml"/>`, "no_namespace": `<svg/>`, "cut": svgStart,
		"two_roots": svgStart + "</svg>" + svgStart + "</svg>", "text_after": svgStart + "</svg>x",
		"subset": `<!DOCTYPE svg [ ]>` + svgStart + "</svg>", "bare_entity": `<!ENTITY a "b">` + svgStart + "</svg>",
		"latin1": `<?xml version="1.0" encoding="ISO-8859-1"?>` + svgStart + "</svg>", "no_size": `<svg xmlns="http://www.w3.org/2000/svg"/>`,
	} {
		if problems := Check([]byte(in), SVG); len(problems) == 0 {
			t.Errorf("%s is accepted", name)
		}
	}
	if _, err := ToSVG([]byte(svgStart+"\n<g>\n ü <script/></g></svg>"), SVG); err == nil || !strings.Contains(err.Error(), "line 2, column 4: g contains text") {
		t.Errorf("the place of a problem: %v", err)
	}
}

// oldVocabulary are elements and attributes that one half of laurel accepted, of
// which the other deleted 26 and 72.
const oldVocabulary = `svg g defs title desc symbol use path rect circle ellipse line polyline polygon text tspan
	textPath linearGradient radialGradient stop clipPath mask pattern marker filter feBlend feColorMatrix
	feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting feDisplacementMap feDistantLight feDropShadow
	feFlood feFuncA feFuncB feFuncG feFuncR feGaussianBlur feMerge feMergeNode feMorphology feOffset fePointLight
	feSpecularLighting feSpotLight feTile feTurbulence switch
	id class style lang role version baseProfile viewBox preserveAspectRatio width height x y x1 y1
	x2 y2 cx cy r rx ry fx fy fr d points pathLength transform dx dy rotate textLength lengthAdjust startOffset method
	spacing side offset gradientUnits gradientTransform spreadMethod href clipPathUnits maskUnits maskContentUnits
	patternUnits patternContentUnits patternTransform markerWidth markerHeight markerUnits refX refY orient
	filterUnits primitiveUnits in in2 result mode type values tableValues slope intercept amplitude exponent operator
	k1 k2 k3 k4 order kernelMatrix divisor bias targetX targetY edgeMode preserveAlpha surfaceScale diffuseConstant
	specularConstant specularExponent kernelUnitLength scale xChannelSelector yChannelSelector azimuth elevation
	pointsAtX pointsAtY pointsAtZ limitingConeAngle z stdDeviation radius baseFrequency numOctaves seed stitchTiles
	fill fill-opacity fill-rule stroke stroke-width stroke-opacity stroke-linecap stroke-linejoin stroke-miterlimit
	stroke-dasharray stroke-dashoffset opacity color display visibility overflow clip clip-path clip-rule mask filter
	mask-type flood-color flood-opacity lighting-color stop-color stop-opacity marker marker-start marker-mid
	marker-end paint-order vector-effect shape-rendering text-rendering image-rendering color-rendering
	color-interpolation color-interpolation-filters mix-blend-mode isolation enable-background font font-family
	font-size font-size-adjust font-stretch font-style font-variant font-weight text-anchor text-decoration
	letter-spacing word-spacing dominant-baseline alignment-baseline baseline-shift direction unicode-bidi
	writing-mode pointer-events transform-origin aria-label aria-labelledby aria-describedby aria-hidden focusable`

// someValues are values of all kinds of attributes.
var someValues = []string{"3", "50%", "-2", "none", "red", "#1a2b3c80", "url(#p)", "url(#c)", "url(#k)", "url(#m)", "url(#f)", "M1 1L8 1L4 8Z", "1 1 8 1 4 8",
	"0 0 5 5", "rotate(9)", "auto", "inherit", "round", "evenodd", "hidden", "userSpaceOnUse", "objectBoundingBox", "stroke", "alpha",
	"multiply", "linearRGB", "non-scaling-stroke", "crispEdges", "currentColor", "reflect", "bold", "3px", "2 1", "xMinYMax slice", "en", "#d"}

// around is a drawing with one of each kind of thing that may be referred to.
func around(element, attributes string) string {
	body := fmt.Sprintf(`<%s id="one" %s/>`, element, attributes)
	switch element {
	case "stop":
		body = `<linearGradient id="one">` + fmt.Sprintf(`<stop %s/>`, attributes) + `<stop offset="1" stop-color="#00f"/></linearGradient><path d="M0 0h9v9z" fill="url(#one)"/>`
	case "linearGradient", "radialGradient":
		body = fmt.Sprintf(`<%s id="one" %s><stop stop-color="red"/><stop offset="1" stop-color="#00f"/></%[1]s><path d="M0 0h9v9z" fill="url(#one)"/>`, element, attributes)
	case "pattern", "clipPath", "mask", "marker":
		use := map[string]string{"pattern": "fill", "clipPath": "clip-path", "mask": "mask", "marker": "marker-mid"}[element]
		body = fmt.Sprintf(`<%s id="one" %s><circle cx="2" cy="2" r="2" fill="#fff"/></%[1]s><path d="M0 0h9v9z" %s="url(#one)"/>`, element, attributes, use)
	case "g", "svg", "defs":
		body = fmt.Sprintf(`<%s id="one" %s><path d="M1 1h7v5z" stroke="#0a0"/></%[1]s>`, element, attributes)
	case "symbol":
		body = fmt.Sprintf(`<symbol id="one" %s><path d="M1 1h7v5z" stroke="#0a0"/></symbol><use href="#one"/>`, attributes)
	case "use":
		body = fmt.Sprintf(`<use href="#d" id="one" %s/>`, attributes)
	case "tspan", "textPath":
		body = fmt.Sprintf(`<text>a<%s %s>b</%[1]s></text>`, element, attributes)
	case "feFuncA", "feFuncB", "feFuncG", "feFuncR":
		body = fmt.Sprintf(`<filter id="one"><feComponentTransfer><%s %s/></feComponentTransfer></filter>`, element, attributes)
	case "feMergeNode":
		body = fmt.Sprintf(`<filter id="one"><feMerge><%s %s/></feMerge></filter>`, element, attributes)
	case "feDistantLight", "fePointLight", "feSpotLight":
		body = fmt.Sprintf(`<filter id="one"><feDiffuseLighting><%s %s/></feDiffuseLighting></filter>`, element, attributes)
	default:
		if strings.HasPrefix(element, "fe") {
			body = fmt.Sprintf(`<filter id="one"><%s %s/></filter><path d="M0 0h9v9z" filter="url(#one)"/>`, element, attributes)
		}
	}
	filter := ""
	if strings.Contains(attributes, "url(#f)") {
		filter = `<filter id="f"><feGaussianBlur stdDeviation="1"/></filter>`
	}
	return svgStart + `<defs><linearGradient id="p"><stop stop-color="#0ff"/><stop offset="1"/></linearGradient><clipPath id="c"><circle cx="4" cy="4" r="3"/></clipPath>` +
		`<marker id="k" markerWidth="2" markerHeight="2"><path d="M0 0h2v2z"/></marker><mask id="m"><path d="M0 0h9v6z" fill="#ccc"/></mask>` +
		filter + `</defs><path id="d" d="M1 7L4 2L8 7" fill="none" stroke="#888"/>` + body + `</svg>`
}

// vocabulary gives every element with every attribute, as attribute and as
// property: with each of the values that may be right on some elements, and with
// one of them and one that may be wrong on the others.
func vocabulary(yield func(element, attribute, text string)) {
	words := maps.Clone(elements)
	attributes := maps.Clone(idle)
	for name := range rules() {
		attributes[name] = true
	}
	maps.Copy(attributes, fineAttributes)
	for _, name := range strings.Fields(oldVocabulary) {
		attributes[name], words[name] = true, true
	}
	delete(attributes, "id")
	thorough := set("path rect ellipse g svg use stop linearGradient radialGradient pattern clipPath mask marker text")
	for _, element := range slices.Sorted(maps.Keys(words)) {
		for _, attribute := range slices.Sorted(maps.Keys(attributes)) {
			values := slices.DeleteFunc(slices.Clone(someValues), func(v string) bool {
				return rules()[attribute] != nil && !rules()[attribute](v)
			})
			if n := 1 + len(attribute)%2; (!thorough[element] || rules()[attribute] == nil) && len(values) > n {
				values = values[:n]
			}
			if thorough[element] {
				values = append(values, "-2.5.x")
			}
			for _, value := range values {
				yield(element, attribute, around(element, attribute+`="`+value+`"`))
				if properties[attribute] && thorough[element] {
					yield(element, attribute, around(element, `style="`+attribute+`:`+value+`"`))
				}
			}
		}
	}
}

// TestVocabulary: of every element with every attribute and many values, what is
// accepted is in what is written, whole, unless it is idle.
func TestVocabulary(t *testing.T) {
	accepted, refused := 0, 0
	met, enough := 0, 10_000
	if testing.Short() {
		enough /= 10
	}
	vocabulary(func(element, attribute, text string) {
		if met++; testing.Short() && met%10 != 0 {
			return
		}
		d, problems := readSVG([]byte(text))
		if len(problems) > 0 {
			refused++
			if p := problems[0]; p.Offset < len(svgStart) && p.Text != "is not well-formed SVG" && !strings.HasPrefix(p.Text, "draws more") || p.Text == "" {
				t.Errorf("%s: the problem has no place: %+v", text, p)
			}
			return
		}
		accepted++
		written := string(writeSVG(d))
		if missing := lost(text, written); missing != "" {
			t.Fatalf("%s is lost:\n%s\n%s", missing, text, written)
		}
	})
	t.Logf("%d accepted, and %d refused", accepted, refused)
	if accepted < enough || refused < enough {
		t.Errorf("%d are accepted, %d refused", accepted, refused)
	}
}

// lost names an element or attribute of a drawing that is not in what was
// written of it, and shows something.
func lost(read, written string) string {
	a, b := tokens(read), tokens(written)
	for i, e := range a {
		if i >= len(b) || e.name != b[i].name {
			return e.name
		}
		for name, value := range e.attrs {
			switch {
			case idle[name] || inherited[name] && value == "inherit" || strings.HasPrefix(name, "data-"):
			case b[i].attrs[name] == "" && value != "" && name != "style":
				return e.name + "." + name
			case name == "style":
				for d := range strings.SplitSeq(value, ";") {
					property, v, _ := strings.Cut(d, ":")
					if property = strings.TrimSpace(property); property == "" || idle[property] || strings.TrimSpace(v) == "inherit" || strings.HasPrefix(property, "-") {
						continue
					}
					if b[i].attrs[property] == "" && !strings.Contains(b[i].attrs["style"], property+":") {
						return e.name + "." + property
					}
				}
			}
		}
	}
	if len(b) > len(a) {
		return "nothing, but more is written: " + b[len(a)].name
	}
	return ""
}

func tokens(text string) []*node {
	var out []*node
	for d := xml.NewDecoder(strings.NewReader(text)); ; {
		token, err := d.Token()
		if err != nil {
			return out
		}
		if e, ok := token.(xml.StartElement); ok {
			n := &node{name: e.Name.Local, attrs: map[string]string{}}
			for _, a := range e.Attr {
				if a.Name.Space != "xmlns" && a.Name.Local != "xmlns" {
					n.attrs[a.Name.Local] = a.Value
					if a.Name.Space == xmlSpace {
						n.attrs["xml:"+a.Name.Local] = a.Value
						delete(n.attrs, a.Name.Local)
					}
				}
			}
			out = append(out, n)
		}
	}
}

// TestVocabularyAsChromium: what is written of every attribute with every value
// is shown as what was read. Of the many, every 151st is looked at.
func TestVocabularyAsChromium(t *testing.T) {
	c := openChromium(t)
	n := 0
	vocabulary(func(element, attribute, text string) {
		d, problems := readSVG([]byte(text))
		if len(problems) > 0 {
			return
		}
		if n++; n%151 > 0 {
			return
		}
		if !bytes.Equal(c.draw(t, text, writeSVG(d), 128, 128).Pix, c.draw(t, text, []byte(text), 128, 128).Pix) {
			t.Errorf("what is written is shown otherwise\n%s\n%s", text, writeSVG(d))
		}
	})
	t.Logf("%d drawings", n/151)
}

// hostile are drawings that try to take all memory, or all day.
func hostile() map[string]string {
	levels := func(f func(i int) string) string {
		var b strings.Builder
		for i := range 30 {
			b.WriteString(f(i))
		}
		return b.String()
	}
	many := func(n int, s string) string { return strings.Repeat(s, n) }
	return map[string]string{
		"deep":         many(100, "<g>") + many(100, "</g>"),
		"deep_refused": many(100, "<script>") + many(100, "</script>"),
		"many":         many(maxElements, "<g/>"),
		"attributes":   "<g" + strings.Join(strings.Split(" "+many(100, "x"), ""), ` a`) + "/>",
		"large":        many(MaxSVGBytes, " "),
		"uses": `<g id="a0"><path/></g>` + levels(func(i int) string {
			return fmt.Sprintf(`<g id="a%d"><use href="#a%d"/><use href="#a%d"/></g>`, i+1, i, i)
		}),
		"patterns": levels(func(i int) string {
			return fmt.Sprintf(`<pattern id="p%d"><path fill="url(#p%d)"/><path style="fill:url(#p%d)"/></pattern>`, i, i+1, i+1)
		}) + `<pattern id="p30"/><path fill="url(#p0)"/>`,
		"masks": levels(func(i int) string {
			return fmt.Sprintf(`<mask id="m%d"><g mask="url(#m%d)"><path d="M0 0h9v9H0z" mask="url(#m%d)"/></g></mask>`, i, i+1, i+1)
		}) + `<mask id="m30"/><path mask="url(#m0)" d="M0 0h9v9"/>`,
		"clips": levels(func(i int) string {
			return fmt.Sprintf(`<clipPath id="c%d" clip-path="url(#c%d)"><path d="M0 0h9v9H0z" clip-path="url(#c%d)"/></clipPath>`, i, i+1, i+1)
		}) + `<clipPath id="c30"/><path clip-path="url(#c0)" d="M0 0h9v9"/>`,
		"numbers":        `<path d="M` + many(500_000, "1 ") + `"/>`,
		"style":          `<path style="` + many(300_000, ";:;") + `"/>`,
		"urls":           `<path fill="` + many(50_000, "url(#a)") + `"/>`,
		"one_attribute":  `<g ` + many(300_000, " ") + `id="a"/>`,
		"title":          `<title>` + many(500_000, "x") + `</title>`,
		"problems":       many(10_000, `<g onclick=""/>`),
		"dash_list":      `<path d="M0 0H9" stroke="red" stroke-dasharray="` + many(100_000, "1 ") + `"/>`,
		"references":     `<linearGradient id="g"/>` + many(10_000, `<path d="M0 0h9v9z" fill="url(#g)" stroke="url(#g)"/>`),
		"gradient_chain": levels(func(i int) string { return fmt.Sprintf(`<linearGradient id="g%d" href="#g%d"/>`, i, i+1) }) + `<linearGradient id="g30"><stop/></linearGradient><path d="M0 0h9v9z" fill="url(#g0)"/>`,
	}
}

// TestHostile: little memory is taken for whatever comes.
func TestHostile(t *testing.T) {
	for name, body := range hostile() {
		text := []byte(svgStart + body + "</svg>")
		allocated := allocation(func() {
			problems := Check(text, SVG)
			if len(problems) > maxProblems {
				t.Errorf("%s: %d problems", name, len(problems))
			}
		})
		if allocated > 1<<28 {
			t.Errorf("%s: %d MiB allocated", name, allocated>>20)
		}
	}
}

// allocation is how much f allocates.
func allocation(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

func checkXML(t *testing.T, data []byte) {
	t.Helper()
	for d := xml.NewDecoder(bytes.NewReader(data)); ; {
		if _, err := d.Token(); err == io.EOF {
			return
		} else if err != nil {
			t.Fatalf("not well-formed: %v\n%s", err, data)
		}
	}
}

// outside finds in what is written what could run, or reach another host. Text
// for people is not looked at.
var outside = regexp.MustCompile(`(?i)<(script|foreignobject|style|a|set|animate|image)\b|<[^>]*[ ](on\w+|class|href)=|` +
	`url\([^#]|href="[^#]|<!|<\?`)

// FuzzSVG: what is accepted is written whole, well-formed and harmless, is read
// again as the same.
func FuzzSVG(f *testing.F) {
	all := corpus(f)
	for _, name := range names(all) {
		if len(all[name]) < 4<<10 {
			f.Add(all[name])
		}
	}
	f.Add([]byte(svgStart + `<a xlink:href="javascript:x"><text>a<tspan>b</tspan></text></a><script>x</script></svg>`))
	f.Add([]byte(`<!DOCTYPE svg><s:svg xmlns:s="http://www.w3.org/2000/svg" fill="url( '#a' ) red"/>`))
	f.Fuzz(func(t *testing.T, data []byte) {
		problems := Check(data, SVG)
		for _, p := range problems {
			if p.Offset < 0 || p.Offset > len(data) || p.Text == "" {
				t.Errorf("%+v", p)
			}
		}
		if len(problems) > 0 {
			return
		}
		d := readGood(t, "", data)
		out := writeSVG(d)
		checkXML(t, out)
		for _, m := range outside.FindAll(out, -1) {
			t.Errorf("%q is left in %s", m, out)
		}
		if missing := lost(string(data), string(out)); missing != "" {
			t.Errorf("%s is lost:\n%s\n%s", missing, data, out)
		}
		if len(out) > MaxSVGBytes {
			return
		}
		again := readGood(t, "again", out)
		if !bytes.Equal(writeSVG(again), out) {
			t.Errorf("read again: %s\n%s", out, writeSVG(again))
		}
	})
}
