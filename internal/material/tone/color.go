// Package tone derives the colours of a theme: of an accent and a paper that its
// author chose, two sets of colours, one light and one dark, in which every text can
// be read on everything it stands on.
//
// It works in OKLCH, in which equal numbers look equally light, and gives plain
// sRGB, so that no browser, PDF or picture has to compute anything. The same colours
// give the same bytes on every machine.
package tone

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
)

// Color is an opaque sRGB colour.
type Color struct{ R, G, B uint8 }

// Hex returns the colour 0xrrggbb.
func Hex(v uint32) Color { return Color{uint8(v >> 16), uint8(v >> 8), uint8(v)} }

// String is #rrggbb.
func (c Color) String() string { return fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B) }

var written = regexp.MustCompile(`^#(?:([0-9A-Fa-f]{6})|([0-9A-Fa-f])([0-9A-Fa-f])([0-9A-Fa-f]))$`)

// Parse reads #rrggbb or #rgb; false: s is neither.
func Parse(s string) (Color, bool) {
	m := written.FindStringSubmatch(s)
	if m == nil {
		return Color{}, false
	}
	digits := m[1]
	if digits == "" {
		digits = m[2] + m[2] + m[3] + m[3] + m[4] + m[4]
	}
	v, err := strconv.ParseUint(digits, 16, 32)
	return Hex(uint32(v)), err == nil
}

// Mix is the colour that lies percent of the way from c to d, in sRGB.
func (c Color) Mix(d Color, percent int) Color {
	f := func(a, b uint8) uint8 { return uint8((int(a)*(100-percent) + int(b)*percent + 50) / 100) }
	return Color{f(c.R, d.R), f(c.G, d.G), f(c.B, d.B)}
}

// LCH is a colour in OKLCH: lightness from 0 to 1, chroma from 0 to about 0.37, hue
// in degrees.
type LCH struct{ L, C, H float64 }

// Products are rounded before they are added, here and below: a processor that does
// both at once would give other digits than one that does not.
func dot(a, b, c, x, y, z float64) float64 {
	return float64(a*x) + float64(b*y) + float64(c*z)
}

// LCH is the colour in OKLCH; the hue of a grey is 0.
func (c Color) LCH() LCH {
	r, g, b := linear(c.R), linear(c.G), linear(c.B)
	l := math.Cbrt(dot(.4122214708, .5363325363, .0514459929, r, g, b))
	m := math.Cbrt(dot(.2119034982, .6806995451, .1073969566, r, g, b))
	s := math.Cbrt(dot(.0883024619, .2817188376, .6299787005, r, g, b))
	x := dot(1.9779984951, -2.4285922050, .4505937099, l, m, s)
	y := dot(.0259040371, .7827717662, -.8086757660, l, m, s)
	out := LCH{L: dot(.2104542553, .7936177850, -.0040720468, l, m, s), C: math.Sqrt(float64(x*x) + float64(y*y))}
	if out.C < .002 {
		out.C = 0
		return out
	}
	out.H = math.Mod(math.Atan2(y, x)*180/math.Pi+360, 360)
	return out
}

// Color is the colour in sRGB; of one that sRGB does not have, the nearest with the
// same lightness and hue.
func (c LCH) Color() Color {
	if out, ok := c.inside(); ok {
		return out
	}
	low, high := 0.0, c.C
	for range 24 {
		middle := (low + high) / 2
		if _, ok := (LCH{c.L, middle, c.H}).inside(); ok {
			low = middle
		} else {
			high = middle
		}
	}
	out, _ := LCH{c.L, low, c.H}.inside()
	return out
}

// inside is the colour in sRGB, and whether that has it.
func (c LCH) inside() (Color, bool) {
	sin, cos := math.Sincos(c.H * math.Pi / 180)
	a, b := float64(c.C*cos), float64(c.C*sin)
	cube := func(v float64) float64 { return float64(float64(v*v) * v) }
	l := cube(dot(1, .3963377774, .2158037573, c.L, a, b))
	m := cube(dot(1, -.1055613458, -.0638541728, c.L, a, b))
	s := cube(dot(1, -.0894841775, -1.2914855480, c.L, a, b))
	in := true
	channel := func(v float64) uint8 {
		in = in && v > -.0005 && v < 1.0005
		v = min(max(v, 0), 1)
		if v <= .0031308 {
			v *= 12.92
		} else {
			v = float64(1.055*math.Pow(v, 1/2.4)) - .055
		}
		return uint8(float64(v*255) + .5)
	}
	out := Color{channel(dot(4.0767416621, -3.3077115913, .2309699292, l, m, s)),
		channel(dot(-1.2684380046, 2.6097574011, -.3413193965, l, m, s)),
		channel(dot(-.0041960863, -.7034186147, 1.7076147010, l, m, s))}
	return out, in
}

func linear(v uint8) float64 {
	f := float64(v) / 255
	if f <= .04045 {
		return f / 12.92
	}
	return math.Pow((f+.055)/1.055, 2.4)
}

// Contrast is the contrast ratio of two colours as WCAG 2 has it, from 1 to 21.
func Contrast(a, b Color) float64 {
	light := func(c Color) float64 { return dot(.2126, .7152, .0722, linear(c.R), linear(c.G), linear(c.B)) }
	x, y := light(a), light(b)
	return (max(x, y) + .05) / (min(x, y) + .05)
}
