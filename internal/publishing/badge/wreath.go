package badge

import "math"

// leafStyle is the foliage of a wreath.
type leafStyle struct {
	pairs  int     // of leaves on each branch
	length float64 // of the lowest leaf
	width  float64 // half of its greatest width, as a share of its length
	belly  float64 // where along the leaf the handles of that width are, 0 to 1
	spread float64 // angle between leaf and stem, in radians
}

var leaves = [...]leafStyle{
	{pairs: 9, length: 60, width: 0.235, belly: 0.42, spread: 0.50}, // laurel
	{pairs: 11, length: 52, width: 0.20, belly: 0.48, spread: 0.54}, // olive
	{pairs: 8, length: 62, width: 0.28, belly: 0.36, spread: 0.52},  // bay
}

const (
	wreathRadius = 158
	wreathStart  = 0.10 // angle from the bottom where the branch begins
	wreathEnd    = 2.62 // angle from the bottom where its last leaf begins
)

// drawWreath draws two branches from the bottom to either side of the top: whole
// leaves in the shaded tone, then the light halves, and the tie.
func drawWreath(s leafStyle, c scheme) []shape {
	var shade, light pen
	for _, m := range branch(s) {
		for _, m := range []matrix{m, m.mirrored()} {
			shade.m, light.m = m, m
			s.outline(&shade)
			s.half(&light)
		}
	}
	stem := &pen{m: center}
	drawStem(stem)
	stem.m = center.mirrored()
	drawStem(stem)
	tie := placed(256, 256+wreathRadius, 0, 1)
	return []shape{
		stem.shape(c.leafShade), shade.shape(c.leafShade), light.shape(c.leaf),
		layer(tie, c.leaf, func(p *pen) { p.poly(0, -17, 17, 0, 0, 17, -17, 0) }),
		layer(tie, c.cut, func(p *pen) { p.poly(0, -9, 9, 0, 0, 9, -9, 0) }),
	}
}

// branch returns where the leaves of the right branch are: a leaf of length 1
// lies on the x axis from 0.
func branch(s leafStyle) []matrix {
	var out []matrix
	step := (wreathEnd - wreathStart) / float64(s.pairs)
	for i := range s.pairs {
		t := float64(i) / float64(s.pairs)
		size := s.length * (1 - 0.28*t)
		// The inner leaf is a little ahead, as on a twig.
		out = append(out,
			leafAt(wreathStart+step*(float64(i)+0.30), s.spread, size),
			leafAt(wreathStart+step*(float64(i)+0.62), -s.spread, size*0.92))
	}
	return append(out, leafAt(wreathEnd, 0, s.length*0.72))
}

// leafAt places a leaf on the stem at an angle from the bottom, turned outward
// from the direction of the stem.
func leafAt(angle, outward, size float64) matrix {
	s, c := math.Sincos(angle)
	x, y := 256+wreathRadius*s, 256+wreathRadius*c
	// The stem goes counter-clockwise: its direction at angle is (c, -s).
	return placed(x, y, math.Atan2(-s, c)+outward, size)
}

// outline draws a whole leaf.
func (s leafStyle) outline(p *pen) {
	w := s.width * 4 / 3
	p.move(0, 0).curve(s.belly*0.5, -w, s.belly+0.25, -w, 1, 0).curve(s.belly+0.25, w, s.belly*0.5, w, 0, 0).close()
}

// half draws the side of a leaf that catches the light.
func (s leafStyle) half(p *pen) {
	w := s.width * 4 / 3
	p.move(0, 0).curve(s.belly*0.5, -w, s.belly+0.25, -w, 1, 0).curve(0.7, -0.03, 0.3, 0.03, 0, 0).close()
}

// drawStem draws the right stem, thinner toward its end.
func drawStem(p *pen) {
	const n = 6 // cubics; each spans a small angle, so handles are a third of it
	step := (wreathEnd - wreathStart) / n
	arc := func(r0, r1, from, d float64) {
		s0, c0 := math.Sincos(from)
		s1, c1 := math.Sincos(from + d)
		k := d / 3
		p.curve(r0*(s0+c0*k), r0*(c0-s0*k), r1*(s1-c1*k), r1*(c1+s1*k), r1*s1, r1*c1)
	}
	half := func(i int) float64 { return 3.8 - 2.4*float64(i)/n }
	s, c := math.Sincos(wreathStart)
	p.move((wreathRadius+half(0))*s, (wreathRadius+half(0))*c)
	for i := range n {
		arc(wreathRadius+half(i), wreathRadius+half(i+1), wreathStart+step*float64(i), step)
	}
	s, c = math.Sincos(wreathEnd)
	p.line((wreathRadius-half(n))*s, (wreathRadius-half(n))*c)
	for i := n; i > 0; i-- {
		arc(wreathRadius-half(i), wreathRadius-half(i-1), wreathStart+step*float64(i), -step)
	}
	p.close()
}
