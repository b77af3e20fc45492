package badge

import (
	"bytes"
	"fmt"
	"math"
	"strconv"
	"strings"

	"laurel/internal/material/tone"
)

// The drawing of a badge is a list of filled paths in a square of 512 units,
// y down.

// drawingSize is the side of the square a badge is drawn in.
const drawingSize = 512

// point is a place in the drawing.
type point struct{ x, y float64 }

// shape is the data of an SVG path, the same in steps, and its colour. It is
// filled by the non-zero rule, so a hole is a subpath that turns the other way; or
// if it has a width, a line of that.
type shape struct {
	color tone.Color
	width float64
	from  detail // where it is drawn
	path  []byte
	steps []step
}

// step is a command of a path and where it leads, in tenths: M, l, q and c by one
// to three points, z by none.
type step struct {
	command byte
	to      [3][2]int
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

// over returns the matrix that does n, then m.
func (m matrix) over(n matrix) matrix {
	o := m.apply(point{n.e, n.f})
	return matrix{
		m.a*n.a + m.c*n.b, m.b*n.a + m.d*n.b,
		m.a*n.c + m.c*n.d, m.b*n.c + m.d*n.d, o.x, o.y,
	}
}

// turned is m after a turn by an angle in radians, clockwise.
func (m matrix) turned(angle float64) matrix { return m.over(placed(0, 0, angle, 1)) }

// pen writes a path, each point through a matrix, in tenths of a unit or so many of
// them as its grain says, and relative to the point before, which is shorter. They are
// counted whole, so that nothing adds up.
type pen struct {
	m                 matrix
	grain             int // 1 if it is 0
	path              []byte
	steps             []step
	at, start, handle [2]int // the point before, the first of the subpath, and the last handle, in tenths
}

// The steps of a path each return the pen, for the next one.

func (p *pen) move(x, y float64) *pen {
	p.at = [2]int{}
	p.step('M', x, y)
	p.start = p.at
	return p
}

func (p *pen) line(x, y float64) *pen                  { return p.step('l', x, y) }
func (p *pen) quad(x1, y1, x, y float64) *pen          { return p.step('q', x1, y1, x, y) }
func (p *pen) curve(x1, y1, x2, y2, x, y float64) *pen { return p.step('c', x1, y1, x2, y2, x, y) }

func (p *pen) close() {
	p.path, p.steps = append(p.path, 'z'), append(p.steps, step{command: 'z'})
	p.at = p.start
}

// smooth is a curve whose first handle mirrors the last one of the curve before.
func (p *pen) smooth(x2, y2, x, y float64) *pen {
	first := [2]int{2*p.at[0] - p.handle[0], 2*p.at[1] - p.handle[1]}
	p.step('s', x2, y2, x, y)
	s := &p.steps[len(p.steps)-1]
	s.command, s.to = 'c', [3][2]int{first, s.to[0], s.to[1]}
	return p
}

func (p *pen) step(command byte, xy ...float64) *pen {
	p.path = append(p.path, command)
	from, s := p.at, step{command: command}
	for i := 0; i < len(xy); i += 2 {
		q := p.m.apply(point{xy[i], xy[i+1]})
		p.handle, p.at = p.at, [2]int{p.tenths(q.x), p.tenths(q.y)}
		s.to[i/2] = p.at
		p.number(p.at[0]-from[0], i > 0)
		p.number(p.at[1]-from[1], true)
	}
	p.steps = append(p.steps, s)
	return p
}

// tenths rounds to tenths, or to the pen's grain of them. Processors that fuse
// multiplication and addition differ from others in the last bit, and designed
// coordinates like to lie exactly between two tenths; the little more sends those one
// way.
func (p *pen) tenths(v float64) int {
	grain := max(p.grain, 1)
	return grain * int(math.Floor(v*10/float64(grain)+0.5+1e-6))
}

// number writes a number of tenths; apart: from a number before it.
func (p *pen) number(n int, apart bool) {
	if apart && n >= 0 {
		p.path = append(p.path, ' ')
	}
	if n < 0 {
		p.path = append(p.path, '-')
		n = -n
	}
	if n >= 10 || n == 0 {
		p.path = strconv.AppendInt(p.path, int64(n/10), 10)
	}
	if n%10 > 0 {
		p.path = append(p.path, '.', '0'+byte(n%10))
	}
}

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

// circle draws a circle.
func (p *pen) circle(x, y, r float64) { p.squircle(x, y, r, circleK) }

// squircle draws four cubics through the ends of a cross. The handles k make
// it a circle at 0.55 and nearly a square at 1.
func (p *pen) squircle(x, y, r, k float64) {
	s := math.Abs(r)
	h := r * k // the sign of r goes up or down first
	g := s * k
	p.move(x+s, y).curve(x+s, y+h, x+g, y+r, x, y+r).curve(x-g, y+r, x-s, y+h, x-s, y)
	p.curve(x-s, y-h, x-g, y-r, x, y-r).curve(x+g, y-r, x+s, y-h, x+s, y).close()
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
	step := 2 * math.Pi / float64(n)
	valleys := regular(n, inner, -step/2)
	high := inner + (outer-inner)*4/3 // where handles must be for the bulge to reach outer
	p.move(valleys[0].x, valleys[0].y)
	for i := range n {
		from := step * (float64(i) - .5)
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

// writeSVG writes the shapes of up to a detail as an SVG of paths. What is too fine
// for a size hides in it, by the only rules that it has.
func writeSVG(shapes []shape, upTo detail) []byte {
	var b bytes.Buffer
	b.WriteString(`<svg xmlns="http://www.w3.org/2000/svg" width="512" height="512" viewBox="0 0 512 512">` + "\n")
	hide := []string{"", "@media(max-width:127.9px){.f{display:none}}", "@media(max-width:255.9px){.r{display:none}}"}
	if upTo > plain {
		b.WriteString("<style>" + strings.Join(hide[:upTo+1], "") + "</style>\n")
	}
	for _, s := range shapes {
		if s.from > upTo {
			continue
		}
		b.WriteString("<path ")
		if s.from > plain {
			fmt.Fprintf(&b, `class="%c" `, " fr"[s.from])
		}
		if s.width > 0 {
			fmt.Fprintf(&b, `fill="none" stroke="%s" stroke-width="%g" d="`, s.color, s.width)
		} else {
			fmt.Fprintf(&b, `fill="%s" d="`, s.color)
		}
		b.Write(s.path)
		b.WriteString("\"/>\n")
	}
	b.WriteString("</svg>\n")
	return b.Bytes()
}
