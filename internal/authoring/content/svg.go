package content

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strings"
)

const (
	svgSpace     = "http://www.w3.org/2000/svg"
	xlinkSpace   = "http://www.w3.org/1999/xlink"
	xmlSpace     = "http://www.w3.org/XML/1998/namespace"
	svgElements  = 20_000
	svgDepth     = 64
	svgFaults    = 100 // so many are listed; a drawing is one line, often
	savePlainSVG = "save it as plain SVG (Inkscape: Plain SVG; Illustrator and Figma: presentation attributes, no metadata)"
)

// Allow lists. No element that runs, animates, embeds or links; no attribute
// that is a handler or a style sheet of its own.
var (
	svgElementNames = words(`svg g defs title desc symbol use path rect circle ellipse line polyline polygon text tspan
		textPath linearGradient radialGradient stop clipPath mask pattern marker filter feBlend feColorMatrix
		feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting feDisplacementMap feDistantLight feDropShadow
		feFlood feFuncA feFuncB feFuncG feFuncR feGaussianBlur feMerge feMergeNode feMorphology feOffset fePointLight
		feSpecularLighting feSpotLight feTile feTurbulence switch`)
	svgAttributeNames = words(`id class style lang role version baseProfile viewBox preserveAspectRatio width height x y x1 y1
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
		writing-mode pointer-events transform-origin aria-label aria-labelledby aria-describedby aria-hidden focusable`)
	localURL = regexp.MustCompile(`(?i)url\(\s*['"]?#[A-Za-z_][A-Za-z0-9._:-]*['"]?\s*\)`)
	svgID    = regexp.MustCompile(`^#[^\s#]+$`)
)

func words(s string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(s) {
		m[w] = true
	}
	return m
}

// svg tells whether a file is an SVG image that only draws, and reports each
// element and attribute that does more.
func (l *loader) svg(name string, text []byte) bool {
	if len(text) > svgBytes {
		l.fault(name, "is larger than "+size(svgBytes), "simplify the drawing, or use a PNG image")
		return false
	}
	s, ok := newSource(name, text, l.problems)
	if !ok {
		return false
	}
	c := svgCheck{s: s, d: xml.NewDecoder(bytes.NewReader(s.text)), nested: map[string]bool{}}
	c.d.Strict = true
	c.d.CharsetReader = func(string, io.Reader) (io.Reader, error) { return nil, errors.New("not UTF-8") }
	c.run()
	return c.faults == 0
}

type svgCheck struct {
	s        *source
	d        *xml.Decoder
	open     []string // ids of the open elements, "" for none
	elements int
	uses     []svgUse
	nested   map[string]bool // ids of elements that hold a use
	faults   int
}

type svgUse struct {
	target string
	offset int
}

func (c *svgCheck) fail(offset int, field, text, hint string) {
	if c.faults++; c.faults > svgFaults {
		return
	}
	c.s.report(c.s.position(min(offset, len(c.s.text))), field, text, hint)
}

func (c *svgCheck) run() {
	for {
		offset := int(c.d.InputOffset())
		t, err := c.d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			c.fail(offset, "", "is not well-formed SVG", "")
			return
		}
		switch t := t.(type) {
		case xml.Directive:
			c.fail(offset, "", "must not have a document type or entities (<!…>)", "delete the line that starts with <!DOCTYPE")
		case xml.ProcInst:
			if t.Target != "xml" {
				c.fail(offset, "", "must not have processing instructions (<?…?>)", "delete it")
			}
		case xml.StartElement:
			if !c.start(t, offset) {
				return
			}
		case xml.EndElement:
			c.open = c.open[:len(c.open)-1]
		}
	}
	if c.elements == 0 {
		c.fail(0, "", "is not an SVG image", "")
	}
	for _, u := range c.uses {
		if c.nested[u.target] {
			// Ten levels of ten uses draw ten thousand million shapes.
			c.fail(u.offset, "use", "shows an element that holds a use itself", "draw the shape in its place")
		}
	}
}

// start judges an element. It returns false when there is no sense in
// going on.
func (c *svgCheck) start(t xml.StartElement, offset int) bool {
	c.elements++
	switch {
	case c.elements == 1 && (t.Name.Local != "svg" || t.Name.Space != svgSpace):
		c.fail(offset, t.Name.Local, "is not an SVG image", `it starts with <svg xmlns="`+svgSpace+`">`)
		return false
	case c.elements > svgElements || len(c.open) >= svgDepth:
		c.fail(offset, "", "has too many elements, or too deep ones", "simplify the drawing, or use a PNG image")
		return false
	case t.Name.Space != svgSpace:
		c.fail(offset, fieldName(t.Name.Local), "is not an element of SVG", savePlainSVG)
	case !svgElementNames[t.Name.Local]:
		c.fail(offset, fieldName(t.Name.Local), "is an element that images here must not have", "delete it, or "+savePlainSVG)
	}
	id, target := "", ""
	for _, a := range t.Attr {
		c.attribute(t.Name.Local, a, offset)
		switch a.Name.Local {
		case "id":
			id = a.Value
		case "href":
			target = strings.TrimPrefix(a.Value, "#")
		}
	}
	c.open = append(c.open, id)
	if t.Name.Local == "use" {
		c.uses = append(c.uses, svgUse{target, offset})
		for _, id := range c.open {
			if id != "" {
				c.nested[id] = true
			}
		}
	}
	if c.elements == 1 && !hasSize(t.Attr) {
		c.fail(offset, "svg", "has neither a viewBox nor a width and height", `write such as viewBox="0 0 100 100"`)
	}
	return true
}

func (c *svgCheck) attribute(element string, a xml.Attr, offset int) {
	name := fieldName(a.Name.Local)
	field := fieldName(element) + "." + name
	switch {
	case a.Name.Space == "xmlns" || a.Name.Space == "" && a.Name.Local == "xmlns":
		return
	case a.Name.Space == xmlSpace && (a.Name.Local == "space" || a.Name.Local == "lang"):
		return
	case a.Name.Space == xlinkSpace && a.Name.Local == "href":
	case a.Name.Space != "":
		c.fail(offset, field, "is not an attribute of SVG", savePlainSVG)
		return
	case strings.HasPrefix(strings.ToLower(a.Name.Local), "on"):
		c.fail(offset, field, "runs a script", "delete the attribute")
		return
	case !svgAttributeNames[a.Name.Local] && !strings.HasPrefix(a.Name.Local, "data-"):
		c.fail(offset, field, "is an attribute that images here must not have", "delete it, or "+savePlainSVG)
		return
	}
	switch {
	case a.Name.Local == "href" && !svgID.MatchString(a.Value):
		c.fail(offset, field, "refers to something outside of the image", "only #id is possible")
	case a.Name.Local != "href" && !harmless(a.Value):
		c.fail(offset, field, "refers to something outside of the image", "only url(#id) is possible")
	}
}

// harmless tells whether a presentation attribute or style stays inside the
// image. CSS escapes and comments could hide a url(), so they are out.
func harmless(s string) bool {
	if strings.ContainsAny(s, "\\@<") || strings.Contains(s, "/*") {
		return false
	}
	rest := strings.ToLower(localURL.ReplaceAllString(s, ""))
	for _, word := range []string{"url", "image(", "image-set", "src(", "expression", "javascript:", "data:", "import", "behavior", "-moz-binding"} {
		if strings.Contains(rest, word) {
			return false
		}
	}
	return true
}

func hasSize(attributes []xml.Attr) bool {
	n := map[string]bool{}
	for _, a := range attributes {
		n[a.Name.Local] = a.Name.Space == "" && strings.TrimSpace(a.Value) != ""
	}
	return n["viewBox"] || n["width"] && n["height"]
}
