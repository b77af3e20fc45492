package picture

import (
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/image/colornames"
)

// Values of SVG 2 attributes. Each function takes a whole value and says whether
// it is one. Numbers are finite and at most maxNumber.

const maxNumber = 1e9

func space(s string) string { return strings.TrimLeft(s, " \t\r\n\f") }

// comma passes over white space with at most one comma in it.
func comma(s string) string {
	s = space(s)
	if rest, ok := strings.CutPrefix(s, ","); ok {
		return space(rest)
	}
	return s
}

// number reads a number as SVG writes it: "-.5e3", and ".5" after "1.5" in "1.5.5".
func number(s string) (v float64, rest string, ok bool) {
	digits := func(s string) string { return strings.TrimLeft(s, "0123456789") }
	one := func(s, of string) string {
		if s != "" && strings.IndexByte(of, s[0]) >= 0 {
			return s[1:]
		}
		return s
	}
	whole := one(s, "+-")
	point := digits(whole)
	fraction := one(point, ".")
	if rest = digits(fraction); len(point) == len(whole) && len(rest) == len(fraction) {
		return 0, s, false
	}
	if e := one(rest, "eE"); len(e) < len(rest) { // but not "em", say
		if power := one(e, "+-"); len(digits(power)) < len(power) {
			rest = digits(power)
		}
	}
	v, err := strconv.ParseFloat(s[:len(s)-len(rest)], 64)
	return v, rest, err == nil && math.Abs(v) <= maxNumber
}

// numbers reads a list of numbers, between commas or white space.
func numbers(s string) ([]float64, bool) {
	var out []float64
	for rest := space(s); rest != ""; rest = comma(rest) {
		n, after, ok := number(rest)
		if !ok {
			return nil, false
		}
		out, rest = append(out, n), after
	}
	return out, endsWell(s)
}

// endsWell tells that no comma stands at the end.
func endsWell(s string) bool { return !strings.HasSuffix(strings.TrimRight(s, " \t\r\n"), ",") }

// measure reads a number with one of some units, each worth a number of others.
func measure(s string, units map[string]float64) (float64, bool) {
	n, unit, ok := number(s)
	worth, known := units[strings.ToLower(unit)]
	return n * worth, ok && known
}

// The units of lengths that do not depend on a font, in pixels; those of angles,
// and of shares.
var (
	absolute = map[string]float64{"": 1, "px": 1, "pt": 4. / 3, "pc": 16, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96, "q": 96 / 101.6}
	lengths  = func() map[string]float64 { m := maps.Clone(absolute); m["%"] = 1; return m }()
	angles   = map[string]float64{"": 1, "deg": 1, "grad": 1, "rad": 1, "turn": 1}
	shares   = map[string]float64{"": 1, "%": 1}
)

func isLength(s string) bool { _, ok := measure(s, lengths); return ok }
func isAngle(s string) bool  { _, ok := measure(s, angles); return ok }
func isShare(s string) bool  { _, ok := measure(s, shares); return ok }

func notNegative(s string) bool {
	n, ok := measure(s, lengths)
	return ok && n >= 0
}

// isDashes judges stroke-dasharray.
func isDashes(s string) bool {
	all := strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(" \t\r\n,", r) })
	return s == "none" || len(all) > 0 && len(all) <= 64 && !slices.ContainsFunc(all, func(f string) bool { return !notNegative(f) })
}

// isColor judges a colour of CSS Color 4: names, #rgb to #rrggbbaa, rgb() and
// hsl() in both spellings.
func isColor(s string) bool {
	s = strings.ToLower(s)
	_, named := colornames.Map[s]
	return named || s == "transparent" || s == "rebeccapurple" || calledColor().MatchString(s)
}

var calledColor = sync.OnceValue(func() *regexp.Regexp {
	const n, angle, comma, end = `[+-]?(?:\d+\.?\d*|\.\d+)`, `(?:deg|grad|rad|turn)?`, `\s*,\s*`, `\s*\)`
	const share = n + `%?`
	list := func(first, rest, between, slash string) string {
		return first + between + rest + between + rest + `(?:` + slash + share + `)?` + end
	}
	return regexp.MustCompile(`^(?:#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})|` +
		`rgba?\(\s*(?:` + list(n, n, comma, comma) + `|` + list(n+`%`, n+`%`, comma, comma) + `|` + list(share, share, `\s+`, `\s*/\s*`) + `)|` +
		`hsla?\(\s*(?:` + list(n+angle, n+`%`, comma, comma) + `|` + list(n+angle, n+`%`, `\s+`, `\s*/\s*`) + `))$`)
})

// isTransform judges a list of transforms (CSS Transforms 1, "Syntax of the SVG
// transform attribute"); none and the empty list change nothing.
func isTransform(s string) bool {
	if s == "none" {
		return true
	}
	for s = strings.Trim(s, " \t\r\n"); s != ""; {
		name, rest, _ := strings.Cut(s, "(")
		arguments, rest, closed := strings.Cut(rest, ")")
		v, ok := numbers(arguments)
		if name = strings.TrimRight(name, " \t\r\n"); !ok || !closed || !slices.Contains(transforms[name], len(v)) {
			return false
		}
		s = comma(rest)
	}
	return true
}

// transforms are how many numbers each of them takes.
var transforms = map[string][]int{"matrix": {6}, "translate": {1, 2}, "scale": {1, 2}, "rotate": {1, 3}, "skewX": {1}, "skewY": {1}}

// steps are how many numbers each command of a path takes.
var steps = map[byte]int{'m': 2, 'l': 2, 'h': 1, 'v': 1, 'c': 6, 's': 4, 'q': 4, 't': 2, 'a': 7, 'z': 0}

// isPath judges path data (SVG 2, "The grammar for path data"). Browsers draw a
// path up to its first mistake; here that is not a path.
func isPath(d string) bool {
	command := byte(0)
	for s := space(d); s != ""; s = comma(s) {
		first := command == 0
		if b := s[0] | 0x20; b >= 'a' && b <= 'z' {
			command, s = b, space(s[1:])
		} else if first || command == 'z' {
			return false
		}
		n, known := steps[command]
		if !known || first && command != 'm' {
			return false
		}
		for i := range n {
			ok := false
			if command == 'a' && (i == 3 || i == 4) { // a flag: "11" are two
				if ok = s != "" && (s[0] == '0' || s[0] == '1'); ok {
					s = s[1:]
				}
			} else {
				_, s, ok = number(s)
			}
			if !ok {
				return false
			}
			if i < n-1 {
				s = comma(s)
			}
		}
	}
	return endsWell(d)
}
