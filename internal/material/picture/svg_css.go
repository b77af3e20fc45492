package picture

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
)

// svgRules are the rules of a document's style sheets that are understood:
// selectors of an element name, a class or an id, alone or together.
type svgRules []svgRule

type svgRule struct {
	element, class, id string // empty: any
	declarations       []declaration
}

type declaration struct{ property, value string }

var (
	commentPattern  = regexp.MustCompile(`(?s)/\*.*?\*/`)
	atPattern       = regexp.MustCompile(`@[^;{}]*(?:;|\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}|$)`)
	rulePattern     = regexp.MustCompile(`([^{}]*)\{([^{}]*)\}`)
	selectorPattern = regexp.MustCompile(`^(\*|[a-zA-Z]+)?(?:\.([\pL_-][\pL\pN_-]*))?(?:#([\pL_-][\pL\pN_-]*))?$`)
)

// maxSVGRules bounds the rules that are tried on each element.
const maxSVGRules = 500

// parseCSS reads a style sheet. At-rules and selectors beyond the simple ones
// are left out with what they hold.
func parseCSS(css string) svgRules {
	var out svgRules
	css = commentPattern.ReplaceAllString(css, "")
	css = atPattern.ReplaceAllString(css, "")
	for _, m := range rulePattern.FindAllStringSubmatch(css, -1) {
		declarations := parseDeclarations(m[2])
		for s := range strings.SplitSeq(m[1], ",") {
			s = strings.TrimSpace(s)
			sel := selectorPattern.FindStringSubmatch(s)
			if s == "" || sel == nil || len(out) == maxSVGRules {
				continue
			}
			out = append(out, svgRule{strings.TrimPrefix(sel[1], "*"), sel[2], sel[3], declarations})
		}
	}
	// Ids go before classes before names; among equals, the later one wins.
	slices.SortStableFunc(out, func(a, b svgRule) int { return cmp.Compare(a.weight(), b.weight()) })
	return out
}

func (r svgRule) weight() int {
	w := 0
	for i, s := range []string{r.element, r.class, r.id} {
		if s != "" {
			w += 1 << (2 * i)
		}
	}
	return w
}

// parseDeclarations reads "property: value; …", presentation properties only.
func parseDeclarations(s string) []declaration {
	var out []declaration
	for d := range strings.SplitSeq(s, ";") {
		property, value, ok := strings.Cut(d, ":")
		property = strings.ToLower(strings.TrimSpace(property))
		value, _, _ = strings.Cut(value, "!")
		if ok && presentation[property] {
			out = append(out, declaration{property, strings.TrimSpace(value)})
		}
	}
	return out
}

// apply turns the rules and the style attributes of a tree into presentation
// attributes, in the order of the cascade: attributes, rules, style attribute.
func (rules svgRules) apply(n *svgNode) {
	if n.name == "" {
		return
	}
	classes := strings.Fields(n.attrs["class"])
	for _, r := range rules {
		if r.matches(n, classes) {
			n.set(r.declarations)
		}
	}
	if style, ok := n.attrs["style"]; ok {
		n.set(parseDeclarations(commentPattern.ReplaceAllString(style, "")))
	}
	for _, k := range n.kids {
		rules.apply(k)
	}
}

func (r svgRule) matches(n *svgNode, classes []string) bool {
	return (r.element == "" || r.element == n.name) &&
		(r.class == "" || slices.Contains(classes, r.class)) &&
		(r.id == "" || r.id == n.attrs["id"])
}

// set writes declarations over the attributes. One that would not be let
// through does not hide one that is.
func (n *svgNode) set(declarations []declaration) {
	for _, d := range declarations {
		if _, ok := cleanValue(d.value); ok && d.value != "" {
			n.attrs[d.property] = d.value
		}
	}
}
