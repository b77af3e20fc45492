package picture

import (
	"math"
	"strings"
)

type point struct{ x, y float64 }

func (p point) add(q point) point { return point{p.x + q.x, p.y + q.y} }
func (p point) sub(q point) point { return point{p.x - q.x, p.y - q.y} }
func (p point) times(f float64) point {
	return point{float64(p.x * f), float64(p.y * f)}
}

// between is the point at t on the way from p to q.
func between(p, q point, t float64) point { return p.add(q.sub(p).times(t)) }

func (p point) length() float64 { return math.Sqrt(float64(p.x*p.x) + float64(p.y*p.y)) }

// step is one of a path in absolute coordinates: 'M' and 'L' go to p[2], 'C' is
// a cubic curve with handles p[0] and p[1], 'Z' closes.
type step struct {
	kind byte
	p    [3]point
}

type path []step

func (p *path) move(to point)        { *p = append(*p, step{'M', [3]point{2: to}}) }
func (p *path) line(to point)        { *p = append(*p, step{'L', [3]point{2: to}}) }
func (p *path) curve(a, b, to point) { *p = append(*p, step{'C', [3]point{a, b, to}}) }
func (p *path) close()               { *p = append(*p, step{kind: 'Z'}) }

// quad draws a quadratic curve from a point.
func (p *path) quad(from, handle, to point) {
	p.curve(between(from, handle, 2./3), between(to, handle, 2./3), to)
}

// arguments is how many numbers each command takes.
var arguments = map[byte]int{'m': 2, 'l': 2, 'h': 1, 'v': 1, 'c': 6, 's': 4, 'q': 4, 't': 2, 'a': 7, 'z': 0}

// parsePath reads path data (SVG 2, "The grammar for path data"). Browsers draw
// a path up to its first mistake; here that is not a path.
func parsePath(s string) (path, bool) {
	c := cursor{s: s}
	r := pathReader{}
	var command byte
	for c.space(); !c.done(); c.comma() {
		if b := c.s[c.at]; b|0x20 >= 'a' && b|0x20 <= 'z' {
			command = b
			c.at++
			c.space()
		} else if command == 0 || command|0x20 == 'z' {
			return nil, false
		}
		n, known := arguments[command|0x20]
		if !known || len(r.out) == 0 && command|0x20 != 'm' {
			return nil, false
		}
		var v [7]float64
		for i := range n {
			var ok bool
			if command|0x20 == 'a' && (i == 3 || i == 4) {
				v[i], ok = c.flag()
			} else {
				v[i], ok = c.number()
			}
			if !ok {
				return nil, false
			}
			if i < n-1 {
				c.comma()
			}
		}
		r.add(command, v)
		switch command { // what follows without a command are lines
		case 'm':
			command = 'l'
		case 'M':
			command = 'L'
		}
	}
	return r.out, !strings.HasSuffix(strings.TrimRight(s, " \t\r\n"), ",")
}

func (c *cursor) flag() (float64, bool) {
	if c.at < len(c.s) && (c.s[c.at] == '0' || c.s[c.at] == '1') {
		c.at++
		return float64(c.s[c.at-1] - '0'), true
	}
	return 0, false
}

// pathReader turns commands into steps.
type pathReader struct {
	out       path
	at, start point
	handle    point // the last handle of the curve before, for smooth ones
	before    byte  // the command before, in lower case
}

func (r *pathReader) add(command byte, v [7]float64) {
	kind := command | 0x20
	origin := r.at
	if command != kind {
		origin = point{}
	}
	p := func(i int) point { return origin.add(point{v[i], v[i+1]}) }
	// mirrored is the handle of a smooth curve.
	mirrored := func(kinds string) point {
		if strings.IndexByte(kinds, r.before) >= 0 {
			return r.at.times(2).sub(r.handle)
		}
		return r.at
	}
	if r.before == 'z' && kind != 'm' && kind != 'z' {
		r.out.move(r.at)
	}
	from := r.at
	switch kind {
	case 'm':
		r.at = p(0)
		r.start = r.at
		r.out.move(r.at)
	case 'l':
		r.at = p(0)
		r.out.line(r.at)
	case 'h':
		r.at.x = origin.x + v[0]
		r.out.line(r.at)
	case 'v':
		r.at.y = origin.y + v[0]
		r.out.line(r.at)
	case 'c':
		r.handle, r.at = p(2), p(4)
		r.out.curve(p(0), r.handle, r.at)
	case 's':
		first := mirrored("cs")
		r.handle, r.at = p(0), p(2)
		r.out.curve(first, r.handle, r.at)
	case 'q':
		r.handle, r.at = p(0), p(2)
		r.out.quad(from, r.handle, r.at)
	case 't':
		r.handle, r.at = mirrored("qt"), p(0)
		r.out.quad(from, r.handle, r.at)
	case 'a':
		r.at = p(5)
		r.out.arc(from, r.at, point{math.Abs(v[0]), math.Abs(v[1])}, v[2], v[3] != 0, v[4] != 0)
	case 'z':
		r.at = r.start
		r.out.close()
	}
	r.before = kind
}

// arc draws an elliptical arc as cubic curves (SVG 2, "Elliptical arc
// implementation notes").
func (p *path) arc(from, to, radius point, rotate float64, large, sweep bool) {
	if from == to {
		return
	}
	if radius.x == 0 || radius.y == 0 {
		p.line(to)
		return
	}
	turn := rotation(rotate)
	back, _ := turn.inverse()
	half := back.apply(from.sub(to).times(.5))
	unit := point{half.x / radius.x, half.y / radius.y}
	far := float64(unit.x*unit.x) + float64(unit.y*unit.y)
	if far > 1 {
		radius = radius.times(math.Sqrt(far))
		unit, far = unit.times(1/math.Sqrt(far)), 1
	}
	k := math.Sqrt(max(0, 1/far-1))
	if large == sweep {
		k = -k
	}
	center := point{float64(k * unit.y), float64(-k * unit.x)} // in the space of a unit circle
	begin := unit.sub(center)
	end := unit.times(-1).sub(center)
	angle := math.Atan2(begin.y, begin.x)
	span := math.Atan2(end.y, end.x) - angle
	switch {
	case sweep && span < 0:
		span += 2 * math.Pi
	case !sweep && span > 0:
		span -= 2 * math.Pi
	}
	middle := between(from, to, .5)
	m := translation(middle.x, middle.y).mul(turn).mul(matrix{radius.x, 0, 0, radius.y, 0, 0}).mul(translation(center.x, center.y))
	n := int(math.Ceil(math.Abs(span)/(math.Pi/2) - 1e-9))
	d := span / float64(n)
	h := 4. / 3 * math.Tan(d/4)
	on := func(t float64) point { s, c := math.Sincos(t); return point{c, s} }
	for i := range n {
		t := angle + float64(d*float64(i))
		a, b := on(t), on(t+d)
		last := m.apply(b)
		if i == n-1 {
			last = to
		}
		p.curve(m.apply(point{a.x - float64(h*a.y), a.y + float64(h*a.x)}), m.apply(point{b.x + float64(h*b.y), b.y - float64(h*b.x)}), last)
	}
}

// ellipse draws one clockwise from the right.
func (p *path) ellipse(c, r point) {
	right, left := point{c.x + r.x, c.y}, point{c.x - r.x, c.y}
	p.move(right)
	p.arc(right, left, r, 0, false, true)
	p.arc(left, right, r, 0, false, true)
	p.close()
}

// rect draws a rectangle whose corners may be round.
func (p *path) rect(x, y, w, h, rx, ry float64) {
	if rx <= 0 || ry <= 0 {
		p.move(point{x, y})
		p.line(point{x + w, y})
		p.line(point{x + w, y + h})
		p.line(point{x, y + h})
		p.close()
		return
	}
	r := point{rx, ry}
	p.move(point{x + rx, y})
	for _, side := range [][2]point{{{x + w - rx, y}, {x + w, y + ry}}, {{x + w, y + h - ry}, {x + w - rx, y + h}},
		{{x + rx, y + h}, {x, y + h - ry}}, {{x, y + ry}, {x + rx, y}}} {
		p.line(side[0])
		p.arc(side[0], side[1], r, 0, false, true)
	}
	p.close()
}

// vertex is a point of a line that stands for a path; smooth ones lie within a
// curve.
type vertex struct {
	point
	smooth bool
}

// polyline is a subpath, curves as lines.
type polyline struct {
	v      []vertex
	closed bool
}

// flatten returns the subpaths as lines, no farther from the curves than a
// twentieth of a pixel where scale pixels are one unit. spend is told how many
// points are made, and may say that it is enough.
func (p path) flatten(scale float64, spend func(int) bool) []polyline {
	var out []polyline
	var at point
	last := func() *polyline { return &out[len(out)-1] }
	for _, s := range p {
		switch s.kind {
		case 'M':
			out = append(out, polyline{v: []vertex{{point: s.p[2]}}})
		case 'L':
			last().v = append(last().v, vertex{point: s.p[2]})
		case 'C':
			bend := max(s.p[0].sub(at).sub(s.p[1].sub(s.p[0])).length(), s.p[1].sub(s.p[0]).sub(s.p[2].sub(s.p[1])).length())
			n := int(min(max(math.Ceil(math.Sqrt(bend*scale*15)), 1), 400))
			if !spend(n) {
				return nil
			}
			for i := 1; i < n; i++ {
				last().v = append(last().v, vertex{cubic(at, s.p, float64(i)/float64(n)), true})
			}
			last().v = append(last().v, vertex{point: s.p[2]})
		case 'Z':
			last().closed = true
			at = last().v[0].point
			continue
		}
		at = s.p[2]
	}
	return out
}

// cubic is the point of a cubic curve at t.
func cubic(from point, p [3]point, t float64) point {
	ab, bc, cd := between(from, p[0], t), between(p[0], p[1], t), between(p[1], p[2], t)
	return between(between(ab, bc, t), between(bc, cd, t), t)
}

// box is a rectangle around points.
type box struct{ lo, hi point }

var nowhere = box{point{math.Inf(1), math.Inf(1)}, point{math.Inf(-1), math.Inf(-1)}}

func (b box) with(p point) box {
	return box{point{min(b.lo.x, p.x), min(b.lo.y, p.y)}, point{max(b.hi.x, p.x), max(b.hi.y, p.y)}}
}

// through is the box around what a matrix makes of the box.
func (b box) through(m matrix) box {
	return nowhere.with(m.apply(b.lo)).with(m.apply(point{b.hi.x, b.lo.y})).with(m.apply(point{b.lo.x, b.hi.y})).with(m.apply(b.hi))
}

func (b box) size() point { return b.hi.sub(b.lo) }

// matrix maps the unit square to the box.
func (b box) matrix() matrix { s := b.size(); return matrix{s.x, 0, 0, s.y, b.lo.x, b.lo.y} }
