package picture

import (
	"math"
	"slices"
)

// shades are how many steps a gradient has.
const shades = 1024

// gradient is the ink of a linear or radial gradient for an element whose shapes
// have the box b. It is not ok where it paints nothing, and a fallback counts.
func (p *painter) gradient(n *node, s state, b box, opacity float64) (ink, bool) {
	chain := p.inheriting(n)
	var stops []*node
	for _, c := range chain {
		if stops = stopsOf(c); len(stops) > 0 {
			break
		}
	}
	n = merged(chain)
	if len(stops) == 0 {
		return nil, true
	}
	m, _ := parseTransform(n.attrs["gradientTransform"])
	if n.attrs["gradientUnits"] != "userSpaceOnUse" {
		if size := b.size(); !(size.x > 0 && size.y > 0) {
			return nil, false
		}
		m, s.view = b.matrix().mul(m), point{1, 1}
	}
	table := shadesOf(stops, s, opacity)
	flat := func(i int) ink { return func(int, int) [4]uint8 { return table[i] } }
	if len(stops) == 1 {
		return flat(shades), true
	}
	back, ok := s.m.mul(m).inverse()
	if !ok {
		return nil, true
	}
	var at func(q point) (float64, bool)
	if n.name == "linearGradient" {
		from := point{s.length(n, "x1", "0%"), s.length(n, "y1", "0%")}
		way := point{s.length(n, "x2", "100%"), s.length(n, "y2", "0%")}.sub(from)
		square := float64(way.x*way.x) + float64(way.y*way.y)
		if square == 0 {
			return flat(shades), true
		}
		at = func(q point) (float64, bool) {
			q = q.sub(from)
			return (float64(q.x*way.x) + float64(q.y*way.y)) / square, true
		}
	} else {
		if at, ok = s.radial(n); !ok {
			return flat(shades), true
		}
	}
	spread := n.attrs["spreadMethod"]
	return func(x, y int) [4]uint8 {
		t, ok := at(back.apply(point{float64(x) + .5, float64(y) + .5}))
		if !ok {
			return [4]uint8{}
		}
		switch spread {
		case "repeat":
			t -= math.Floor(t)
		case "reflect":
			t = math.Abs(t - float64(2*math.Floor(t/2+.5)))
		}
		if !(t > 0) { // nor a number
			t = 0
		}
		return table[int(float64(min(t, 1)*shades)+.5)]
	}, true
}

func stopsOf(n *node) []*node {
	return slices.DeleteFunc(slices.Clone(n.kids), func(k *node) bool { return k.name != "stop" })
}

// radial tells where between two circles a point lies: the larger of the places
// whose circle goes through it and has a radius.
func (s state) radial(n *node) (func(point) (float64, bool), bool) {
	c := point{s.length(n, "cx", "50%"), s.length(n, "cy", "50%")}
	r, r0 := s.length(n, "r", "50%"), s.length(n, "fr", "0")
	f := c
	if _, ok := n.attrs["fx"]; ok {
		f.x = s.length(n, "fx", "")
	}
	if _, ok := n.attrs["fy"]; ok {
		f.y = s.length(n, "fy", "")
	}
	if r <= 0 {
		return nil, false
	}
	d, dr := c.sub(f), r-r0
	a := float64(d.x*d.x) + float64(d.y*d.y) - float64(dr*dr)
	return func(q point) (float64, bool) {
		q = q.sub(f)
		// |q - t·d| = r0 + t·dr
		half := float64(q.x*d.x) + float64(q.y*d.y) + float64(r0*dr)
		rest := float64(q.x*q.x) + float64(q.y*q.y) - float64(r0*r0)
		if math.Abs(a) < 1e-9*float64(r*r) {
			if half == 0 {
				return 0, false
			}
			t := rest / (2 * half)
			return t, r0+float64(t*dr) >= 0
		}
		root := float64(half*half) - float64(a*rest)
		if root < 0 {
			return 0, false
		}
		root = math.Sqrt(root)
		t, u := (half+root)/a, (half-root)/a
		if t < u {
			t, u = u, t
		}
		if r0+float64(t*dr) >= 0 {
			return t, true
		}
		return u, r0+float64(u*dr) >= 0
	}, true
}

// shadesOf are the colours between the stops, as they are drawn.
func shadesOf(stops []*node, s state, opacity float64) *[shades + 1][4]uint8 {
	type stop struct {
		at float64
		rgba
	}
	list := make([]stop, len(stops))
	for i, n := range stops {
		own := s.around(n).enter(n)
		list[i] = stop{at: share(or(n.attrs["offset"], "0")), rgba: own.color(or(n.attrs["stop-color"], "black"))}
		list[i].a *= float64(share(n.attrs["stop-opacity"]) * opacity)
		if i > 0 {
			list[i].at = max(list[i].at, list[i-1].at)
		}
	}
	var out [shades + 1][4]uint8
	k := 0
	for i := range out {
		t := float64(i) / shades
		for k < len(list) && list[k].at <= t {
			k++
		}
		switch {
		case k == 0:
			out[i] = list[0].pixel()
		case k == len(list):
			out[i] = list[k-1].pixel()
		default:
			a, b := list[k-1], list[k]
			u := (t - a.at) / (b.at - a.at)
			mix := func(x, y float64) float64 { return x + float64((y-x)*u) }
			out[i] = rgba{toByte(mix(float64(a.r), float64(b.r))), toByte(mix(float64(a.g), float64(b.g))),
				toByte(mix(float64(a.b), float64(b.b))), mix(a.a, b.a)}.pixel()
		}
	}
	return &out
}
