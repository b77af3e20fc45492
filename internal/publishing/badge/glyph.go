package badge

import "math"

// The glyphs fill a circle of radius 100 around the origin of m, in two tones.

// glyphStar is a cut star, each point half in shade.
func glyphStar(m matrix, c scheme) []shape {
	outer, inner := regular(5, 98, 0), regular(5, 43, math.Pi/5)
	for i := range outer {
		outer[i].y += 5
		inner[i].y += 5
	}
	whole, half := &pen{m: m}, &pen{m: m}
	for i := range outer {
		a, b, d := outer[i], inner[i], inner[(i+4)%5]
		whole.poly(0, 5, d.x, d.y, a.x, a.y, b.x, b.y)
		half.poly(0, 5, d.x, d.y, a.x, a.y)
	}
	return []shape{whole.shape(c.glyphMid), half.shape(c.glyph)}
}

// glyphGem is a brilliant seen from the side.
func glyphGem(m matrix, c scheme) []shape {
	return []shape{
		layer(m, c.glyphMid, func(p *pen) { p.poly(-58, -66, 58, -66, 96, -18, 0, 88, -96, -18) }),
		layer(m, c.glyph, func(p *pen) {
			p.poly(-58, -66, -28, -66, -44, -18, -96, -18)
			p.poly(0, -66, 44, -18, -44, -18)
			p.poly(-44, -18, 44, -18, 0, 88)
			p.poly(58, -66, 96, -18, 44, -18, 30, -66)
		}),
		layer(m, c.cut, func(p *pen) { p.poly(-96, -20, 96, -20, 92, -15, -92, -15) }),
	}
}

// glyphRosette is a seal on two ribbons with a check mark.
func glyphRosette(m matrix, c scheme) []shape {
	seal := shifted(m, 0, -26)
	return []shape{
		layer(m, c.glyphMid, func(p *pen) {
			p.poly(-46, 10, -2, 30, -30, 98, -45, 72, -74, 78)
			p.poly(46, 10, 74, 78, 45, 72, 30, 98, 2, 30)
		}),
		layer(seal, c.cut, func(p *pen) { p.lobes(12, 79, 69) }),
		layer(seal, c.glyph, func(p *pen) { p.lobes(12, 72, 63) }),
		layer(seal, c.field, func(p *pen) { p.ring(0, 0, 52, 47) }),
		layer(seal, c.field, func(p *pen) { p.check(0.52) }),
	}
}

// check draws a check mark of the given size; 1 fills the circle of a glyph.
func (p *pen) check(s float64) {
	p.poly(-62*s, 2*s, -44*s, -16*s, -16*s, 12*s, 46*s, -50*s, 64*s, -32*s, -16*s, 48*s)
}

// shifted moves the origin of m.
func shifted(m matrix, x, y float64) matrix {
	o := m.apply(point{x, y})
	m.e, m.f = o.x, o.y
	return m
}

// glyphBook is an open book.
func glyphBook(m matrix, c scheme) []shape {
	page := func(p *pen, s float64) {
		p.move(0, -44).curve(s*22, -66, s*62, -70, s*92, -58).line(s*92, 58).curve(s*62, 46, s*22, 50, 0, 72).close()
	}
	return []shape{
		layer(m, c.glyph, func(p *pen) { page(p, -1) }),
		layer(m, c.glyphMid, func(p *pen) { page(p, 1) }),
		layer(m, c.field, func(p *pen) {
			for _, y := range []float64{-32, -6, 20} {
				p.move(20, y+1).curve(36, y-9, 56, y-12, 76, y-9).line(76, y).curve(56, y-3, 36, y, 20, y+10).close()
			}
			p.poly(-3, -42, 3, -42, 3, 69, 0, 73, -3, 69)
		}),
	}
}

// glyphPeaks is a mountain of two peaks with a sun.
func glyphPeaks(m matrix, c scheme) []shape {
	return []shape{
		layer(m, c.glyphMid, func(p *pen) { p.poly(36, -30, 98, 66, -26, 66) }),
		layer(m, c.cut, func(p *pen) { p.poly(-22, -84, 70, 66, -110, 66) }),
		layer(m, c.glyph, func(p *pen) { p.poly(-22, -72, 62, 66, -98, 66) }),
		layer(m, c.glyphMid, func(p *pen) { p.poly(-22, -72, 62, 66, 6, 66, -22, 14, -6, -10) }),
		layer(m, c.glyph, func(p *pen) { p.circle(58, -58, 19) }),
	}
}

// glyphCube is a cube in parallel perspective: a building block.
func glyphCube(m matrix, c scheme) []shape {
	const w, h = 84, 48
	return []shape{
		layer(m, c.glyph, func(p *pen) { p.poly(0, -98, w, -98+h, 0, -98+2*h, -w, -98+h) }),
		layer(m, c.glyphMid, func(p *pen) { p.poly(w+1, -42, w+1, h+4, 5, 100, 5, 6) }),
		layer(m, c.glyphMid.mix(c.field, 32), func(p *pen) { p.poly(-w-1, -42, -5, 6, -5, 100, -w-1, h+4) }),
	}
}

// glyphLayers is a pile of three leaves: what can be stacked.
func glyphLayers(m matrix, c scheme) []shape {
	edge := func(y float64) func(p *pen) {
		return func(p *pen) { p.poly(-92, y, -70, y-12, 0, y+24, 70, y-12, 92, y, 0, y+48) }
	}
	return []shape{
		layer(m, c.glyphMid.mix(c.field, 34), edge(44)),
		layer(m, c.glyphMid, edge(10)),
		layer(m, c.glyph, func(p *pen) { p.poly(0, -86, 92, -38, 0, 10, -92, -38) }),
	}
}

// glyphShield is a shield, half in shade, with a check mark.
func glyphShield(m matrix, c scheme) []shape {
	half := func(p *pen, s float64) {
		p.move(0, -98).curve(s*22, -80, s*52, -72, s*82, -72).line(s*82, -8).curve(s*82, 42, s*46, 80, 0, 100).close()
	}
	return []shape{
		layer(m, c.glyph, func(p *pen) { half(p, -1) }),
		layer(m, c.glyphMid, func(p *pen) { half(p, 1) }),
		layer(m, c.field, func(p *pen) { p.check(0.78) }),
	}
}

// glyphCap is a mortarboard.
func glyphCap(m matrix, c scheme) []shape {
	return []shape{
		layer(m, c.glyphMid, func(p *pen) {
			p.move(-54, -8).line(54, -8).line(54, 42).curve(34, 70, -34, 70, -54, 42).close()
		}),
		layer(m, c.cut, func(p *pen) { p.poly(0, -78, 112, -24, 0, 32, -112, -24) }),
		layer(m, c.glyph, func(p *pen) { p.poly(0, -72, 100, -24, 0, 24, -100, -24) }),
		layer(m, c.glyphMid, func(p *pen) {
			p.poly(81, -18, 88, -21, 88, 40, 81, 40)
			p.circle(84.5, 42, 9)
			p.poly(78, 46, 91, 46, 97, 80, 72, 80)
		}),
	}
}

// glyphScroll is a written sheet with a seal.
func glyphScroll(m matrix, c scheme) []shape {
	return []shape{
		layer(m, c.glyph, func(p *pen) {
			p.move(-58, -88).line(40, -88).line(66, -62).line(66, 76).curve(66, 80, 62, 84, 58, 84)
			p.line(-58, 84).curve(-62, 84, -66, 80, -66, 76).line(-66, -80).curve(-66, -84, -62, -88, -58, -88).close()
		}),
		layer(m, c.glyphMid, func(p *pen) { p.poly(40, -88, 66, -62, 40, -62) }),
		layer(m, c.field, func(p *pen) {
			p.poly(-42, -56, 18, -56, 18, -46, -42, -46)
			p.poly(-42, -30, 42, -30, 42, -20, -42, -20)
			p.poly(-42, -4, 42, -4, 42, 6, -42, 6)
		}),
		layer(m, c.field, func(p *pen) { p.poly(8, 46, 44, 46, 44, 98, 26, 86, 8, 98) }),
		layer(m, c.leafShade, func(p *pen) { p.poly(13, 46, 39, 46, 39, 88, 26, 79, 13, 88) }),
		layer(m, c.field, func(p *pen) { p.circle(26, 42, 28) }),
		layer(m, c.glyphMid, func(p *pen) { p.circle(26, 42, 22) }),
	}
}

// glyphGear is a wheel with eight teeth.
func glyphGear(m matrix, c scheme) []shape {
	return []shape{
		layer(m, c.glyph, func(p *pen) {
			const n = 8
			var xy []float64
			for i := range n {
				at := 2 * math.Pi * float64(i) / n
				for _, q := range []point{polar(74, at-0.27), polar(98, at-0.19), polar(98, at+0.19), polar(74, at+0.27)} {
					xy = append(xy, q.x, q.y)
				}
			}
			p.poly(xy...)
			p.circle(0, 0, -40)
		}),
		layer(m, c.glyphMid, func(p *pen) { p.ring(0, 0, 60, 40) }),
	}
}

// glyphCheck is a check mark that leaves its ring.
func glyphCheck(m matrix, c scheme) []shape {
	var shapes []shape
	for _, part := range [][2]float64{{0.5, 1}, {0.98, 1.5}, {1.48, 2.1}} {
		shapes = append(shapes, layer(m, c.glyphMid, func(p *pen) { p.sector(0, 0, 96, 76, math.Pi*part[0], math.Pi*part[1]) }))
	}
	return append(shapes, layer(shifted(m, 12, -4), c.glyph, func(p *pen) { p.check(1.05) }))
}

// glyphHeart is a heart, half in shade.
func glyphHeart(m matrix, c scheme) []shape {
	half := func(p *pen, s float64) {
		p.move(0, -44).curve(s*18, -86, s*94, -88, s*94, -24).curve(s*94, 22, s*42, 58, 0, 92).close()
	}
	return []shape{layer(m, c.glyph, func(p *pen) { half(p, -1) }), layer(m, c.glyphMid, func(p *pen) { half(p, 1) })}
}

// glyphRings is two linked rings.
func glyphRings(m matrix, c scheme) []shape {
	const r, w = 56, 17
	return []shape{
		layer(m, c.glyph, func(p *pen) { p.ring(-36, 0, r, r-w) }),
		layer(m, c.field, func(p *pen) { p.ring(36, 0, r+5, r-w-5) }),
		layer(m, c.glyphMid, func(p *pen) { p.ring(36, 0, r, r-w) }),
		// The upper crossing is the left ring's: a sector of it once more.
		layer(m, c.field, func(p *pen) { p.sector(-36, 0, r+5, r-w-5, 0.35, 1.25) }),
		layer(m, c.glyph, func(p *pen) { p.sector(-36, 0, r, r-w, 0.30, 1.30) }),
	}
}

// sector draws a piece of a ring between two angles from the top.
func (p *pen) sector(x, y, outer, inner, from, to float64) {
	k := (to - from) / 3
	at := func(r, a float64) point { q := polar(r, a); return point{x + q.x, y + q.y} }
	bend := func(r, a, k float64) point {
		q, d := at(r, a), polar(r, a+math.Pi/2)
		return point{q.x + d.x*k, q.y + d.y*k}
	}
	a, b := at(outer, from), at(inner, to)
	p.move(a.x, a.y)
	c1, c2, end := bend(outer, from, k), bend(outer, to, -k), at(outer, to)
	p.curve(c1.x, c1.y, c2.x, c2.y, end.x, end.y)
	p.line(b.x, b.y)
	c1, c2, end = bend(inner, to, -k), bend(inner, from, k), at(inner, from)
	p.curve(c1.x, c1.y, c2.x, c2.y, end.x, end.y)
	p.close()
}
