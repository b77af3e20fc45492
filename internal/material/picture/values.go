package picture

import (
	"math"
	"strconv"
	"strings"

	"golang.org/x/image/colornames"
)

// Values of SVG 2 attributes. Each parser takes a whole value and says whether
// it is one. Numbers are finite and at most maxNumber.

const maxNumber = 1e9

// cursor reads a value from its start.
type cursor struct {
	s  string
	at int
}

func (c *cursor) space() {
	for c.at < len(c.s) && strings.IndexByte(" \t\r\n\f", c.s[c.at]) >= 0 {
		c.at++
	}
}

// comma passes over white space with at most one comma in it.
func (c *cursor) comma() {
	c.space()
	if c.at < len(c.s) && c.s[c.at] == ',' {
		c.at++
		c.space()
	}
}

func (c *cursor) done() bool { return c.at == len(c.s) }

// number reads a number as SVG writes it: "-.5e3", and ".5" after "1.5" in "1.5.5".
func (c *cursor) number() (float64, bool) {
	i := c.at
	digits := func() int {
		from := i
		for i < len(c.s) && c.s[i] >= '0' && c.s[i] <= '9' {
			i++
		}
		return i - from
	}
	if i < len(c.s) && (c.s[i] == '+' || c.s[i] == '-') {
		i++
	}
	n := digits()
	if i < len(c.s) && c.s[i] == '.' {
		i++
		n += digits()
	}
	if n == 0 {
		return 0, false
	}
	if end := i; i < len(c.s) && (c.s[i] == 'e' || c.s[i] == 'E') {
		if i++; i < len(c.s) && (c.s[i] == '+' || c.s[i] == '-') {
			i++
		}
		if digits() == 0 {
			i = end // "em", say
		}
	}
	v, err := strconv.ParseFloat(c.s[c.at:i], 64)
	c.at = i
	return v, err == nil && math.Abs(v) <= maxNumber
}

func (c *cursor) word() string {
	from := c.at
	for c.at < len(c.s) && (c.s[c.at]|0x20 >= 'a' && c.s[c.at]|0x20 <= 'z') {
		c.at++
	}
	return c.s[from:c.at]
}

func parseNumber(s string) (float64, bool) {
	c := cursor{s: s}
	n, ok := c.number()
	return n, ok && c.done()
}

// numbers reads a list of numbers, between commas or white space.
func numbers(s string) ([]float64, bool) {
	var out []float64
	c := cursor{s: strings.Trim(s, " \t\r\n")}
	for !c.done() {
		n, ok := c.number()
		if !ok {
			return nil, false
		}
		out = append(out, n)
		c.comma()
	}
	return out, !strings.HasSuffix(c.s, ",")
}

// parseShare reads a number, or a percentage as its hundredth, brought to 0 to 1.
func parseShare(s string) (float64, bool) {
	rest, percent := strings.CutSuffix(s, "%")
	n, ok := parseNumber(rest)
	if percent {
		n /= 100
	}
	return min(max(n, 0), 1), ok
}

// length is one in user units, or in percent of something.
type length struct {
	n       float64
	percent bool
}

// of is the length in user units where 100 % are full.
func (l length) of(full float64) float64 {
	if l.percent {
		return float64(l.n*full) / 100
	}
	return l.n
}

// units of CSS that do not depend on a font, in user units.
var units = map[string]float64{"": 1, "px": 1, "pt": 4. / 3, "pc": 16, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96, "q": 96 / 101.6}

func parseLength(s string) (length, bool) {
	c := cursor{s: s}
	n, ok := c.number()
	unit := strings.ToLower(c.s[c.at:])
	factor, known := units[unit]
	switch {
	case !ok:
		return length{}, false
	case unit == "%":
		return length{n, true}, true
	}
	return length{n: n * factor}, known
}

// parseDashes reads stroke-dasharray; none is nil.
func parseDashes(s string) ([]length, bool) {
	if s == "none" {
		return nil, true
	}
	var out []length
	for _, f := range strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(" \t\r\n,", r) }) {
		l, ok := parseLength(f)
		if !ok || l.n < 0 {
			return nil, false
		}
		out = append(out, l)
	}
	return out, len(out) > 0 && len(out) <= 64
}

// parseAngle reads an angle, in degrees.
func parseAngle(s string) (float64, bool) {
	c := cursor{s: s}
	n, ok := c.number()
	factor, known := map[string]float64{"": 1, "deg": 1, "grad": .9, "rad": 180 / math.Pi, "turn": 360}[c.s[c.at:]]
	return n * factor, ok && known
}

// rgba is a colour of sRGB, not multiplied by its opacity, which is 0 to 1.
type rgba struct {
	r, g, b uint8
	a       float64
}

// parseColor reads a colour of CSS Color 4: names, #rgb to #rrggbbaa, rgb() and
// hsl() in both spellings.
func parseColor(s string) (rgba, bool) {
	s = strings.ToLower(s)
	if s == "transparent" {
		return rgba{}, true
	}
	if c, ok := colornames.Map[s]; ok {
		return rgba{c.R, c.G, c.B, 1}, true
	}
	if s == "rebeccapurple" {
		return rgba{0x66, 0x33, 0x99, 1}, true
	}
	if hex, ok := strings.CutPrefix(s, "#"); ok {
		return hexColor(hex)
	}
	name, args, ok := strings.Cut(s, "(")
	args, closed := strings.CutSuffix(args, ")")
	if !ok || !closed {
		return rgba{}, false
	}
	return callColor(strings.TrimSuffix(name, "a"), args)
}

func hexColor(hex string) (rgba, bool) {
	if len(hex) == 3 || len(hex) == 4 {
		var b strings.Builder
		for _, d := range hex {
			b.WriteRune(d)
			b.WriteRune(d)
		}
		hex = b.String()
	}
	if len(hex) == 6 {
		hex += "ff"
	}
	v, err := strconv.ParseUint(hex, 16, 32)
	if err != nil || len(hex) != 8 {
		return rgba{}, false
	}
	return rgba{uint8(v >> 24), uint8(v >> 16), uint8(v >> 8), float64(uint8(v)) / 255}, true
}

func callColor(name, args string) (rgba, bool) {
	f := strings.FieldsFunc(args, func(r rune) bool { return strings.ContainsRune(" \t,/", r) })
	if len(f) != 3 && len(f) != 4 || strings.Count(args, ",") > 3 {
		return rgba{}, false
	}
	out := rgba{a: 1}
	if len(f) == 4 {
		var ok bool
		if out.a, ok = parseShare(f[3]); !ok {
			return rgba{}, false
		}
	}
	var v [3]float64
	for i := range v {
		n, percent := strings.CutSuffix(f[i], "%")
		x, ok := parseNumber(n)
		switch {
		case name == "hsl" && i == 0:
			x, ok = parseAngle(f[i])
		case name == "hsl":
			x, ok = min(max(x/100, 0), 1), ok && percent
		case percent:
			x = x * 255 / 100
		}
		if !ok {
			return rgba{}, false
		}
		v[i] = x
	}
	switch name {
	case "rgb":
		out.r, out.g, out.b = toByte(v[0]), toByte(v[1]), toByte(v[2])
	case "hsl":
		channel := func(n float64) uint8 {
			k := math.Mod(n+v[0]/30, 12)
			if k < 0 {
				k += 12
			}
			a := float64(v[1] * min(v[2], 1-v[2]))
			return toByte(float64(255 * (v[2] - float64(a*max(-1, min(k-3, 9-k, 1))))))
		}
		out.r, out.g, out.b = channel(0), channel(8), channel(4)
	default:
		return rgba{}, false
	}
	return out, true
}

func toByte(v float64) uint8 { return uint8(min(max(math.Floor(v+.5+1e-6), 0), 255)) }

// parseTransform reads a list of transforms (CSS Transforms 1, "Syntax of the
// SVG transform attribute"); none and the empty list change nothing.
func parseTransform(s string) (matrix, bool) {
	m := identity
	c := cursor{s: strings.Trim(s, " \t\r\n")}
	if c.s == "none" {
		return m, true
	}
	for !c.done() {
		name := c.word()
		c.space()
		end := strings.IndexByte(c.s[c.at:], ')')
		if end < 0 || c.s[c.at] != '(' {
			return m, false
		}
		v, ok := numbers(c.s[c.at+1 : c.at+end])
		t, known := transform(name, v)
		if !ok || !known {
			return m, false
		}
		m = m.mul(t)
		c.at += end + 1
		c.comma()
	}
	return m, true
}

func transform(name string, v []float64) (matrix, bool) {
	n := len(v)
	radians := func(degrees float64) float64 { return degrees * math.Pi / 180 }
	switch {
	case name == "matrix" && n == 6:
		return matrix{v[0], v[1], v[2], v[3], v[4], v[5]}, true
	case name == "translate" && (n == 1 || n == 2):
		return translation(v[0], append(v, 0)[1]), true
	case name == "scale" && (n == 1 || n == 2):
		return matrix{v[0], 0, 0, v[n-1], 0, 0}, true
	case name == "rotate" && (n == 1 || n == 3):
		m := rotation(v[0])
		if n == 3 {
			m = translation(v[1], v[2]).mul(m).mul(translation(-v[1], -v[2]))
		}
		return m, true
	case name == "skewX" && n == 1:
		return matrix{1, 0, math.Tan(radians(v[0])), 1, 0, 0}, true
	case name == "skewY" && n == 1:
		return matrix{1, math.Tan(radians(v[0])), 0, 1, 0, 0}, true
	}
	return identity, false
}

// matrix maps (x, y) to (a·x + c·y + e, b·x + d·y + f), as in SVG. Products are
// rounded before they are added, so that no processor fuses the two.
type matrix struct{ a, b, c, d, e, f float64 }

var identity = matrix{a: 1, d: 1}

func translation(x, y float64) matrix { return matrix{1, 0, 0, 1, x, y} }

func rotation(degrees float64) matrix {
	s, c := math.Sincos(degrees * math.Pi / 180)
	return matrix{c, s, -s, c, 0, 0}
}

func (m matrix) apply(p point) point {
	return point{float64(m.a*p.x) + float64(m.c*p.y) + m.e, float64(m.b*p.x) + float64(m.d*p.y) + m.f}
}

// mul is m after n.
func (m matrix) mul(n matrix) matrix {
	return matrix{
		float64(m.a*n.a) + float64(m.c*n.b), float64(m.b*n.a) + float64(m.d*n.b),
		float64(m.a*n.c) + float64(m.c*n.d), float64(m.b*n.c) + float64(m.d*n.d),
		float64(m.a*n.e) + float64(m.c*n.f) + m.e, float64(m.b*n.e) + float64(m.d*n.f) + m.f,
	}
}

func (m matrix) det() float64 { return float64(m.a*m.d) - float64(m.b*m.c) }

// scale is how much larger things become, in the mean of both directions: from a
// millionth to a million, also of what has no numbers.
func (m matrix) scale() float64 {
	if s := math.Sqrt(math.Abs(m.det())); s > 1e-6 {
		return min(s, 1e6)
	}
	return 1e-6
}

// inverse is ok if the matrix is not flat.
func (m matrix) inverse() (matrix, bool) {
	d := m.det()
	if d == 0 || math.IsNaN(d) || math.IsInf(1/d, 0) {
		return identity, false
	}
	n := matrix{m.d / d, -m.b / d, -m.c / d, m.a / d, 0, 0}
	p := n.apply(point{m.e, m.f})
	n.e, n.f = -p.x, -p.y
	return n, true
}
