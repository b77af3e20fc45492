package picture

import (
	"regexp"
	"strings"
)

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

// The elements of SVG 2 that stay. All others go, with what is in them.
var allowedElements = set(`svg g defs symbol use title desc
	path rect circle ellipse line polyline polygon image text tspan
	linearGradient radialGradient stop pattern clipPath mask marker`)

// unwrapped elements go, but what is in them stays.
var unwrapped = set("a switch")

// textElements are those whose text is kept.
var textElements = set("title desc text tspan")

// presentation lists the properties that are attributes as well, and so may
// come from a style sheet (SVG 2, "Presentation attributes").
var presentation = set(`clip-path clip-rule color color-interpolation
	direction display dominant-baseline alignment-baseline baseline-shift
	fill fill-opacity fill-rule font-family font-size font-size-adjust font-stretch
	font-style font-variant font-weight image-rendering letter-spacing
	marker-end marker-mid marker-start mask opacity overflow paint-order
	shape-rendering stop-color stop-opacity stroke stroke-dasharray
	stroke-dashoffset stroke-linecap stroke-linejoin stroke-miterlimit
	stroke-opacity stroke-width text-anchor text-decoration text-rendering
	unicode-bidi vector-effect visibility word-spacing writing-mode`)

// allowedAttributes are the others that stay.
var allowedAttributes = set(`id role lang xml:lang xml:space version aria-label
	aria-hidden x y x1 y1 x2 y2 cx cy r rx ry fx fy fr dx dy rotate width height
	viewBox preserveAspectRatio transform d points pathLength textLength
	lengthAdjust gradientUnits gradientTransform spreadMethod offset
	patternUnits patternContentUnits patternTransform clipPathUnits maskUnits
	maskContentUnits markerUnits markerWidth markerHeight orient refX refY`)

// proseAttributes hold words for people, which no reader takes for a function.
var proseAttributes = set("aria-label")

// hrefElements may refer to an element of the same document.
var hrefElements = set("use linearGradient radialGradient pattern")

var (
	idPattern    = regexp.MustCompile(`^[\pL_][\pL\pN_.:-]*$`)
	urlPattern   = regexp.MustCompile(`^url\(\s*['"]?#([\pL_][\pL\pN_.:-]*)['"]?\s*\)\s*([a-zA-Z]*|#[0-9a-fA-F]{3,8})$`)
	callPattern  = regexp.MustCompile(`([\pL\pN_-]*)\s*\(`)
	imagePattern = regexp.MustCompile(`^data:image/(png|jpeg|jpg);base64,`)
)

// allowedCalls are the functions that values may use beside url(#id).
var allowedCalls = set("rgb rgba hsl hsla matrix translate scale rotate skewX skewY")

// cleanAttribute tells whether an attribute stays, and how it is written. After
// the tree was styled, style and class have done their work.
func cleanAttribute(element, name, value string) (string, bool) {
	value = strings.TrimSpace(value)
	switch {
	case name == "id":
		return value, idPattern.MatchString(value)
	case name == "xlink:href":
		return cleanHref(element, value)
	case proseAttributes[name]:
		return value, true
	case presentation[name] || allowedAttributes[name]:
		return cleanValue(value)
	}
	return "", false
}

func cleanHref(element, value string) (string, bool) {
	switch {
	case element == "image":
		return value, imagePattern.MatchString(value)
	case hrefElements[element]:
		id, ok := strings.CutPrefix(value, "#")
		return value, ok && idPattern.MatchString(id)
	}
	return "", false
}

// cleanValue checks the value of a property or attribute: one reference into the
// same document, or text without a function that is not listed. A backslash
// would let CSS spell any word in another way.
func cleanValue(value string) (string, bool) {
	if m := urlPattern.FindStringSubmatch(value); m != nil {
		return strings.TrimSpace("url(#" + m[1] + ") " + m[2]), true
	}
	if strings.ContainsAny(value, `\;{}@`) || strings.Contains(value, "/*") {
		return "", false
	}
	for _, call := range callPattern.FindAllStringSubmatch(value, -1) {
		if !allowedCalls[call[1]] {
			return "", false
		}
	}
	return value, true
}
