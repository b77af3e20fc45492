package badge

import "math"

// The drawing of a badge is a list of filled paths in a square of 512 units,
// y down. Coordinates are rounded to a tenth when a path is made, so the SVG
// and the PNG show the same lines, on every processor.

// drawingSize is the side of the square a badge is drawn in.
const drawingSize = 512

// point is a place in the drawing.
type point struct{ x, y float64 }

// op is one step of a path: 'M' and 'L' go to p[0], 'Q' is a quadratic curve with
// control point p[0] and end p[1], 'C' is a cubic with control points p[0], p[1]
// and end p[2], 'Z' closes.
type op struct {
	kind byte
	p    [3]point
}

// shape is a path and its colour. It is filled by the non-zero rule, so a hole
// is a subpath that turns the other way.
type shape struct {
	fill rgb
	ops  []op
}

// matrix maps (x, y) to (a·x + c·y + e, b·x + d·y + f), as in SVG.
type matrix struct{ a, b, c, d, e, f float64 }

func (m matrix) apply(p point) point {
	return point{m.a*p.x + m.c*p.y + m.e, m.b*p.x + m.d*p.y + m.f}
}

// placed returns the matrix that scales, then turns by an angle in radians, then
// moves the origin to (x, y).
func placed(x, y, angle, scale float64) matrix {
	s, c := math.Sincos(angle)
	return matrix{c * scale, s * scale, -s * scale, c * scale, x, y}
}

// mirrored returns m followed by a reflection at the drawing's vertical axis.
func (m matrix) mirrored() matrix {
	return matrix{-m.a, m.b, -m.c, m.d, drawingSize - m.e, m.f}
}

// pen collects the steps of a path, each point through a matrix.
type pen struct {
	m   matrix
	ops []op
}

func newPen(m matrix) *pen { return &pen{m: m} }

func (p *pen) at(q point) point {
	q = p.m.apply(q)
	return point{snap(q.x, 10), snap(q.y, 10)}
}

// snap rounds v to a fraction 1/n. Processors that fuse multiplication and
// addition differ from others in the last bit, and designed coordinates like to
// lie exactly between two fractions; the little more sends those one way.
func snap(v, n float64) float64 {
	const more = 1e-6
	return math.Floor(v*n+0.5+more) / n
}

func (p *pen) move(x, y float64) {
	p.ops = append(p.ops, op{kind: 'M', p: [3]point{p.at(point{x, y})}})
}

func (p *pen) line(x, y float64) {
	p.ops = append(p.ops, op{kind: 'L', p: [3]point{p.at(point{x, y})}})
}

func (p *pen) curve(x1, y1, x2, y2, x, y float64) {
	p.ops = append(p.ops, op{'C', [3]point{p.at(point{x1, y1}), p.at(point{x2, y2}), p.at(point{x, y})}})
}

func (p *pen) quad(x1, y1, x, y float64) {
	p.ops = append(p.ops, op{'Q', [3]point{p.at(point{x1, y1}), p.at(point{x, y})}})
}

func (p *pen) close() { p.ops = append(p.ops, op{kind: 'Z'}) }

// poly draws a closed polygon through x, y pairs.
func (p *pen) poly(xy ...float64) {
	p.move(xy[0], xy[1])
	for i := 2; i < len(xy); i += 2 {
		p.line(xy[i], xy[i+1])
	}
	p.close()
}

// circleK is the length of the handles that make four cubics a circle.
const circleK = 0.5523

// circle draws a circle; a negative radius turns the other way, for a hole.
func (p *pen) circle(x, y, r float64) { p.squircle(x, y, r, circleK) }

// squircle draws four cubics through the ends of a cross. The handles k make
// it a circle at 0.55 and nearly a square at 1.
func (p *pen) squircle(x, y, r, k float64) {
	s := math.Abs(r)
	h := r * k // the sign of r goes up or down first
	g := s * k
	p.move(x+s, y)
	p.curve(x+s, y+h, x+g, y+r, x, y+r)
	p.curve(x-g, y+r, x-s, y+h, x-s, y)
	p.curve(x-s, y-h, x-g, y-r, x, y-r)
	p.curve(x+g, y-r, x+s, y-h, x+s, y)
	p.close()
}

// ring draws a circle with a round hole.
func (p *pen) ring(x, y, outer, inner float64) {
	p.circle(x, y, outer)
	p.circle(x, y, -inner)
}

// polar returns the point at a distance and an angle from the top, clockwise.
func polar(r, angle float64) point {
	s, c := math.Sincos(angle)
	return point{r * s, -r * c}
}

// regular returns the corners of a regular polygon around the origin, the first
// at an angle from the top.
func regular(n int, r, from float64) []point {
	out := make([]point, n)
	for i := range out {
		out[i] = polar(r, from+2*math.Pi*float64(i)/float64(n))
	}
	return out
}

// rounded draws a closed polygon whose corners are cut by a distance and bent.
func (p *pen) rounded(corners []point, cut float64) {
	n := len(corners)
	for i, c := range corners {
		in := toward(c, corners[(i+n-1)%n], cut)
		out := toward(c, corners[(i+1)%n], cut)
		if i == 0 {
			p.move(in.x, in.y)
		} else {
			p.line(in.x, in.y)
		}
		a, b := between(in, c, 0.6), between(out, c, 0.6)
		p.curve(a.x, a.y, b.x, b.y, out.x, out.y)
	}
	p.close()
}

// lobes draws a closed line of n bulges (a seal) between two radii.
func (p *pen) lobes(n int, outer, inner float64) {
	valleys := regular(n, inner, 0)
	step := 2 * math.Pi / float64(n)
	high := inner + (outer-inner)*4/3 // where handles must be for the bulge to reach outer
	p.move(valleys[0].x, valleys[0].y)
	for i := range n {
		from := step * float64(i)
		a, b := polar(high, from+step*0.12), polar(high, from+step*0.88)
		to := valleys[(i+1)%n]
		p.curve(a.x, a.y, b.x, b.y, to.x, to.y)
	}
	p.close()
}

func between(a, b point, t float64) point {
	return point{a.x + (b.x-a.x)*t, a.y + (b.y-a.y)*t}
}

// toward returns the point at a distance from a on the way to b.
func toward(a, b point, distance float64) point {
	return between(a, b, distance/math.Hypot(b.x-a.x, b.y-a.y))
}
