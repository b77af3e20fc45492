package picture

import "math"

// corner is where a marker may stand, with the directions in which the path
// comes and goes; zero: it does not.
type corner struct {
	at      point
	in, out point
}

// markers sets the markers of a path.
func (p *painter) markers(outline path, s state) {
	var names [3]*node
	for i, where := range []string{"marker-start", "marker-mid", "marker-end"} {
		if m := localURL.FindStringSubmatch(s.of(where, "none")); m != nil {
			names[i] = p.ids[m[1]]
		}
	}
	if names == [3]*node{} {
		return
	}
	corners := outline.corners()
	for i, c := range corners {
		if i == 0 {
			p.marker(names[0], c, s, true)
		} else if i < len(corners)-1 {
			p.marker(names[1], c, s, false)
		}
		if i == len(corners)-1 {
			p.marker(names[2], c, s, false)
		}
	}
}

// corners are the ends of a path's steps.
func (p path) corners() []corner {
	var out []corner
	var at point
	start := 0
	direction := func(points ...point) point {
		for _, q := range points[1:] {
			if d := q.sub(points[0]); d != (point{}) {
				return d.times(1 / d.length())
			}
		}
		return point{}
	}
	for _, s := range p {
		switch s.kind {
		case 'M':
			start = len(out)
			out = append(out, corner{at: s.p[2]})
		case 'L', 'Z':
			to := s.p[2]
			if s.kind == 'Z' {
				to = out[start].at
			}
			d := direction(at, to)
			out[len(out)-1].out = d
			out = append(out, corner{at: to, in: d})
			if s.kind == 'Z' {
				out[len(out)-1].out, out[start].in = out[start].out, d
				at = to
				continue
			}
		case 'C':
			out[len(out)-1].out = direction(at, s.p[0], s.p[1], s.p[2])
			out = append(out, corner{at: s.p[2], in: direction(s.p[2], s.p[1], s.p[0], at).times(-1)})
		}
		at = s.p[2]
	}
	return out
}

// angle is the direction of a corner, in degrees: halfway between in and out.
func (c corner) angle() float64 {
	d := c.in.add(c.out)
	if d.length() < 1e-9 {
		d = c.in
	}
	return math.Atan2(d.y, d.x) * 180 / math.Pi
}

func (p *painter) marker(n *node, c corner, s state, first bool) {
	if n == nil || !p.spend(1) {
		return
	}
	var turn float64
	switch o := or(n.attrs["orient"], "0"); o {
	case "auto":
		turn = c.angle()
	case "auto-start-reverse":
		if turn = c.angle(); first {
			turn += 180
		}
	default:
		turn, _ = parseAngle(o)
	}
	inner := s.around(n)
	inner = inner.enter(n)
	inner.m = s.m.mul(translation(c.at.x, c.at.y)).mul(rotation(turn))
	if n.attrs["markerUnits"] != "userSpaceOnUse" {
		l, _ := parseLength(s.of("stroke-width", "1"))
		w := l.of(s.full(""))
		inner.m = inner.m.mul(matrix{w, 0, 0, w, 0, 0})
	}
	size := point{s.length(n, "markerWidth", "3"), s.length(n, "markerHeight", "3")}
	ref := fitted(n, box{hi: size}).apply(point{s.length(n, "refX", "0"), s.length(n, "refY", "0")})
	inner.m = inner.m.mul(translation(-ref.x, -ref.y))
	inner.clip = s.clip
	p.grouped(n, inner, func(s state) { p.viewport(n, s, box{hi: size}) })
}
