package picture

import "math"

// pencil is how lines are stroked.
type pencil struct {
	width     float64
	cap, join string
	limit     float64 // of miters
	dashes    []float64
	offset    float64
}

// stroke adds what a pencil covers along a line: pieces that overlap, for the
// non-zero rule. scale is how many pixels a unit has. It stops where spend says
// so, which is told of pieces.
func (p pencil) stroke(o *contour, m matrix, scale float64, l polyline, spend func(int) bool) {
	for _, l := range p.dash(l, spend) {
		v := clean(l)
		if len(v) == 1 {
			p.dot(o, m, scale, v[0].point, l)
			continue
		}
		n := len(v) - 1
		if l.closed {
			n++
		}
		for i := range n {
			if !spend(rows) {
				return
			}
			a, b := v[i], v[(i+1)%len(v)]
			side := across(a.point, b.point).times(p.width / 2)
			o.addTurned(m, a.add(side), b.add(side), b.sub(side), a.sub(side))
			if i+1 < n || l.closed {
				p.corner(o, m, scale, a.point, b, v[(i+2)%len(v)].point)
			}
		}
		if !l.closed {
			p.end(o, m, scale, v[1].point, v[0].point)
			p.end(o, m, scale, v[n-1].point, v[n].point)
		}
	}
}

// clean leaves out points that lie on the one before.
func clean(l polyline) []vertex {
	v := []vertex{l.v[0]}
	for _, next := range l.v[1:] {
		if next.point != v[len(v)-1].point {
			v = append(v, next)
		}
	}
	if l.closed && len(v) > 1 && v[len(v)-1].point == v[0].point {
		v = v[:len(v)-1]
	}
	return v
}

// across is the unit vector to the right of the way from a to b.
func across(a, b point) point {
	d := b.sub(a)
	n := d.length()
	return point{-d.y / n, d.x / n}
}

// dot draws a line without length, which has caps at most. Its direction is
// that of the x axis, or what a dash has from its line.
func (p pencil) dot(o *contour, m matrix, scale float64, at point, l polyline) {
	r := p.width / 2
	switch {
	case len(l.v) < 2 && !l.closed:
	case p.cap == "round":
		p.disc(o, m, scale, at)
	case p.cap == "square":
		o.addTurned(m, at.add(point{-r, -r}), at.add(point{r, -r}), at.add(point{r, r}), at.add(point{-r, r}))
	}
}

func (p pencil) disc(o *contour, m matrix, scale float64, at point) {
	r := p.width / 2
	n := int(min(max(math.Ceil(math.Sqrt(r*scale)*7), 8), 200))
	corners := make([]point, n)
	for i := range corners {
		s, c := math.Sincos(2 * math.Pi * float64(i) / float64(n))
		corners[i] = at.add(point{c, s}.times(r))
	}
	o.addTurned(m, corners...)
}

// end draws the cap at b of a line that comes from a.
func (p pencil) end(o *contour, m matrix, scale float64, a, b point) {
	switch p.cap {
	case "round":
		p.disc(o, m, scale, b)
	case "square":
		side := across(a, b).times(p.width / 2)
		on := point{side.y, -side.x}
		o.addTurned(m, b.add(side), b.add(side).add(on), b.sub(side).add(on), b.sub(side))
	}
}

// corner draws the join at b of the way from a to c.
func (p pencil) corner(o *contour, m matrix, scale float64, a point, b vertex, c point) {
	r := p.width / 2
	in, out := across(a, b.point), across(b.point, c)
	turn := float64(in.x*out.y) - float64(in.y*out.x)
	along := float64(in.x*out.x) + float64(in.y*out.y)
	if turn == 0 && along > 0 {
		return
	}
	if turn > 0 { // the outer side is to the left
		in, out = in.times(-1), out.times(-1)
	}
	from, to := b.add(in.times(r)), b.add(out.times(r))
	join, limit := p.join, p.limit
	if b.smooth { // of a curve, which has no corners but where it turns back
		join, limit = "miter", 4
	}
	switch ratio := math.Sqrt(max(0, (1+along)/2)); { // of width to the length of the miter
	case join == "round":
		p.disc(o, m, scale, b.point)
	case join == "miter" && float64(limit*ratio) >= 1:
		tip := in.add(out)
		o.addTurned(m, b.point, from, b.add(tip.times(r/float64(tip.length()*ratio))), to)
	case b.smooth:
		p.disc(o, m, scale, b.point)
	default:
		o.addTurned(m, b.point, from, to)
	}
}

// dash cuts a line into its dashes.
func (p pencil) dash(l polyline, spend func(int) bool) []polyline {
	total := 0.
	for _, d := range p.dashes {
		total += d
	}
	if total <= 0 {
		return []polyline{l}
	}
	v := l.v
	if l.closed {
		v = append(v[:len(v):len(v)], v[0])
	}
	dashes := p.dashes
	if len(dashes)%2 == 1 {
		dashes = append(dashes[:len(dashes):len(dashes)], dashes...)
		total *= 2
	}
	at := math.Mod(p.offset, total)
	if at < 0 {
		at += total
	}
	i := 0
	for at >= dashes[i] && at > 0 {
		at -= dashes[i]
		i = (i + 1) % len(dashes)
	}
	left := dashes[i] - at
	var out []polyline
	begin := func(at point) { out = append(out, polyline{v: []vertex{{point: at}}}) }
	if i%2 == 0 {
		begin(v[0].point)
	}
	for k := 1; k < len(v); k++ {
		a, b := v[k-1].point, v[k]
		n := b.sub(a).length()
		for done := 0.; ; {
			if done+left > n {
				left -= n - done
				if i%2 == 0 {
					line := &out[len(out)-1].v
					*line = append(*line, b)
				}
				break
			}
			done += left
			here := between(a, b.point, done/n)
			if n == 0 {
				here = a
			}
			if i%2 == 0 {
				line := &out[len(out)-1]
				line.v = append(line.v, vertex{point: here})
				if clean(*line); len(clean(*line)) == 1 && p.cap == "square" { // turned as the line is
					half := b.sub(a).times(1e-6 / max(n, 1e-9))
					line.v = []vertex{{point: here.sub(half)}, {point: here.add(half)}}
				}
			} else {
				begin(here)
			}
			i = (i + 1) % len(dashes)
			left = dashes[i]
			if !spend(4 * rows) {
				return nil
			}
		}
	}
	return out
}
