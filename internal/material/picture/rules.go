package picture

import (
	"maps"
	"regexp"
	"strings"
	"sync"
)

// The one list of what an SVG may hold; the corpus of the test has a picture for
// each entry.

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

const shapes = "path rect circle ellipse line polyline polygon"

var (
	// elements are those of SVG 2 that are shown, or that describe.
	elements = set("svg g defs symbol use title desc linearGradient radialGradient stop pattern clipPath mask marker " +
		shapes + " filter " + primitives + " text tspan textPath")

	// fine are those that have attributes of their own: of text and of filters.
	fine = set("text tspan textPath filter " + primitives)

	// textElements are those whose text is kept.
	textElements = set("title desc text tspan textPath")
)

// primitives are the parts of a filter. feImage fetches, and is not among them.
const primitives = `feBlend feColorMatrix feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting
	feDisplacementMap feDistantLight feDropShadow feFlood feFuncA feFuncB feFuncG feFuncR feGaussianBlur feMerge
	feMergeNode feMorphology feOffset fePointLight feSpecularLighting feSpotLight feTile feTurbulence`

// textProperties count in text and in filters alone.
const textProperties = `font-family font-size font-size-adjust font-stretch font-style font-variant font-weight letter-spacing word-spacing
	text-anchor text-decoration dominant-baseline alignment-baseline baseline-shift direction unicode-bidi writing-mode
	text-rendering color-interpolation-filters flood-color flood-opacity lighting-color`

// mayHold tells whether an element shows, or means something, within another.
func mayHold(parent, name string) bool {
	if name == "title" || name == "desc" {
		return parent != "title" && parent != "desc"
	}
	kinds, ok := children[parent]
	return ok && kinds[name]
}

var children = func() map[string]map[string]bool {
	content := set("svg g defs symbol use linearGradient radialGradient pattern clipPath mask marker text filter " + shapes)
	stops, words := set("stop"), set("tspan textPath")
	m := map[string]map[string]bool{"linearGradient": stops, "radialGradient": stops, "clipPath": set("use text " + shapes),
		"text": words, "tspan": words, "textPath": set("tspan"), "filter": set(primitives), "feMerge": set("feMergeNode"),
		"feComponentTransfer": set("feFuncA feFuncB feFuncG feFuncR")}
	for name := range set("svg g defs symbol pattern mask marker") {
		m[name] = content
	}
	for name := range set("feDiffuseLighting feSpecularLighting") {
		m[name] = set("feDistantLight fePointLight feSpotLight")
	}
	return m
}()

// targets are what a reference may lead to.
var (
	paints  = set("linearGradient radialGradient pattern")
	targets = map[string]map[string]bool{"href": nil, "fill": paints, "stroke": paints, "clip-path": set("clipPath"), "mask": set("mask"),
		"filter": set("filter"), "marker-start": set("marker"), "marker-mid": set("marker"), "marker-end": set("marker")}
	hrefTargets = map[string]map[string]bool{"use": set("svg g symbol use text " + shapes), "linearGradient": set("linearGradient radialGradient"),
		"radialGradient": set("linearGradient radialGradient"), "pattern": set("pattern"), "textPath": set(shapes)}
)

// rules are the attributes, each with what its value must be.
var rules = sync.OnceValue(func() map[string]func(string) bool {
	m := map[string]func(string) bool{}
	add := func(names string, rule func(string) bool) {
		for name := range set(names) {
			m[name] = rule
		}
	}
	words := func(list string) func(string) bool {
		known := set(list)
		return func(s string) bool { return known[s] }
	}
	any := func(string) bool { return true }
	pattern := func(p string) func(string) bool { return regexp.MustCompile(`^(?:` + p + `)$`).MatchString }

	add("id", idPattern.MatchString)
	add("href", any) // judged already
	add("lang xml:lang role aria-label aria-labelledby aria-describedby aria-hidden", any)
	add("viewBox", func(s string) bool { n, ok := numbers(s); return ok && len(n) == 4 && n[2] > 0 && n[3] > 0 })
	add("preserveAspectRatio", pattern(`none|x(Min|Mid|Max)Y(Min|Mid|Max)(\s+(meet|slice))?`))
	add("x y x1 y1 x2 y2 cx cy fx fy refX refY stroke-dashoffset", isLength)
	add("width height r fr markerWidth markerHeight stroke-width", notNegative)
	add("rx ry", func(s string) bool { return s == "auto" || notNegative(s) })
	add("offset opacity fill-opacity stroke-opacity stop-opacity", isShare)
	add("d", isPath)
	add("points", func(s string) bool { n, ok := numbers(s); return ok && len(n)%2 == 0 })
	add("transform gradientTransform patternTransform", isTransform)
	add("gradientUnits clipPathUnits maskUnits maskContentUnits patternUnits patternContentUnits", words("userSpaceOnUse objectBoundingBox"))
	add("markerUnits", words("strokeWidth userSpaceOnUse"))
	add("spreadMethod", words("pad reflect repeat"))
	add("orient", func(s string) bool { return isAngle(s) || s == "auto" || s == "auto-start-reverse" })
	add("fill stroke", isPaint)
	add("color stop-color", func(s string) bool { return isColor(s) || s == "currentColor" })
	add("fill-rule clip-rule", words("nonzero evenodd"))
	add("stroke-linecap", words("butt round square"))
	add("stroke-linejoin", words("miter round bevel"))
	add("stroke-miterlimit", func(s string) bool { n, ok := numbers(s); return ok && len(n) == 1 && n[0] >= 1 })
	add("stroke-dasharray", isDashes)
	add("clip-path mask filter marker-start marker-mid marker-end", func(s string) bool { return s == "none" || localURL.MatchString(s) && strings.HasSuffix(s, ")") })
	add("display", words("none inline block inline-block"))
	add("visibility", words("visible hidden collapse"))
	add("overflow", words("visible hidden auto scroll"))
	add("mask-type", words("luminance alpha"))
	add("paint-order", pattern(`normal|(fill|stroke|markers)(\s+(fill|stroke|markers)){0,2}`))
	add("shape-rendering", words("auto geometricPrecision crispEdges optimizeSpeed"))
	add("color-interpolation", words("auto sRGB linearRGB"))
	add("vector-effect", words("none non-scaling-stroke"))
	add("pathLength", pattern(`[0-9.]+`))
	add("mix-blend-mode", words(`normal multiply screen overlay darken lighten color-dodge color-burn hard-light soft-light
		difference exclusion hue saturation color luminosity plus-lighter`))
	add("xml:space", words("default preserve"))

	// What counts in text and in filters alone is kept for these.
	add(textProperties, any)
	for name := range styleOnly {
		if m[name] == nil {
			m[name] = any
		}
	}
	return m
})

func isPaint(s string) bool {
	if m := localURL.FindStringSubmatch(s); m != nil {
		return m[2] == "" || !strings.HasPrefix(m[2], "url") && isPaint(m[2])
	}
	return isColor(s) || s == "none" || s == "currentColor"
}

var (
	// fineAttributes are those that fine elements have beside rules.
	fineAttributes = set(`dx dy rotate textLength lengthAdjust startOffset method spacing side
		filterUnits primitiveUnits in in2 result mode type values tableValues slope intercept amplitude exponent operator
		k1 k2 k3 k4 order kernelMatrix divisor bias targetX targetY edgeMode preserveAlpha surfaceScale diffuseConstant
		specularConstant specularExponent kernelUnitLength scale xChannelSelector yChannelSelector azimuth elevation
		pointsAtX pointsAtY pointsAtZ limitingConeAngle z stdDeviation radius baseFrequency numOctaves seed stitchTiles
		x y z width height`)

	// idle attributes change nothing of what is shown, and are not written.
	idle = set(`class version baseProfile enable-background focusable pointer-events cursor clip image-rendering
		color-rendering marker solid-color solid-opacity`)

	// styleOnly are properties that are no attributes: of text, and of blending.
	styleOnly = set(`mix-blend-mode isolation white-space text-indent text-align text-transform text-orientation
		text-overflow text-decoration-line text-decoration-style text-decoration-color line-height font-variant-ligatures
		font-variant-position font-variant-caps font-variant-numeric font-variant-alternates font-variant-east-asian
		font-feature-settings font-variation-settings font-kerning`)

	// inherited are the properties that an element has from the one around it.
	inherited = set(`fill fill-opacity fill-rule stroke stroke-opacity stroke-width stroke-linecap stroke-linejoin
		stroke-miterlimit stroke-dasharray stroke-dashoffset color clip-rule visibility paint-order shape-rendering
		color-interpolation marker-start marker-mid marker-end`)

	// properties are what a style attribute may set.
	properties = func() map[string]bool {
		m := set(`opacity stop-color stop-opacity clip-path mask mask-type filter display overflow vector-effect ` + textProperties)
		maps.Copy(m, inherited)
		maps.Copy(m, styleOnly)
		return m
	}()
)
