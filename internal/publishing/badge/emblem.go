package badge

import (
	"crypto/sha256"
	"math"

	"laurel/internal/material/tone"
	"laurel/internal/publishing/site"
)

// look is all that tells one emblem from another but what is written on it. It
// follows from the id of an achievement and from nothing else, so an emblem stays as
// it is whatever becomes of the others.
type look struct {
	turn      int // of the hue, in twelfths
	outline   int // among those of its family
	ring      int
	count     int // of the parts of the ring, 0 to 3
	inverted  bool
	guilloche int
}

// salt must never change: all emblems would. Of many it is the one with which the
// sample's differ most, and those of the tests.
const salt = "laurel emblem 312\x00"

func lookOf(id string) look {
	sum := sha256.Sum256([]byte(salt + id))
	return look{
		turn: int(sum[0]) % hues, ring: int(sum[1]) % len(rings), outline: int(sum[2]),
		count: int(sum[3]) % 4, inverted: sum[4]%4 == 0, guilloche: int(sum[5]) % len(guilloches),
	}
}

// The radii of an emblem, around its middle.
const (
	outer     = 245.0 // of the outline
	ringOuter = 203.0
	ringInner = 143.0
	medallion = 138.0
)

// detail is how much of an emblem is drawn: what is too fine for a size is left out.
type detail int

const (
	plain    detail = iota // for 48 pixels
	fine                   // from 128 pixels: the guilloche
	lettered               // from 256 pixels: the ribbon
)

// drawEmblem draws all but the ribbon, with letters on its medallion. On a coloured
// ground it has a halo.
func drawEmblem(b site.Badge, accent tone.Color, letters *initials, grain int, halo *tone.Color) []shape {
	l := lookOf(b.ID)
	f := familyOf(b.Type)
	if b.OfIssuer {
		l = look{guilloche: l.guilloche, ring: l.ring, count: l.count}
		f = families[0]
	}
	c := newScheme(accent, l.turn)
	o := f.outlines[l.outline%len(f.outlines)]
	field, part := c.deep, c.pale
	if l.inverted {
		field, part = c.pale, c.deep
	}
	at := placed(center.e, center.f+f.sink, 0, f.scale())
	d := drawing{grain: grain}
	if halo != nil {
		d.add(plain, center, *halo, func(p *pen) { o(p, outer+9) })
	}
	d.add(plain, center, c.deep, func(p *pen) { o(p, outer) })
	d.add(plain, center, c.gold, func(p *pen) { o(p, outer-13) })
	d.add(plain, center, field, func(p *pen) { o(p, outer-20) })
	d.line(fine, at, c.mid, 1.5, func(p *pen) { guilloches[l.guilloche](p, 9+3*l.count) })
	d.add(plain, at, part, func(p *pen) { rings[l.ring](p, l.count) })
	d.add(plain, at, c.gold, func(p *pen) { p.circle(0, 0, medallion) })
	d.add(plain, at, c.disc, func(p *pen) { p.circle(0, 0, medallion-9) })
	d.line(fine, at, c.mid, 2, func(p *pen) { p.circle(0, 0, medallion-19) })
	d.add(plain, at, c.deep, func(p *pen) { letters.draw(p) })
	return d.shapes
}

// drawing collects shapes.
type drawing struct {
	grain  int
	shapes []shape
}

// add adds a filled shape, of which the pen may draw nothing.
func (d *drawing) add(from detail, m matrix, fill tone.Color, draw func(p *pen)) {
	d.line(from, m, fill, 0, draw)
}

// line adds a line of a width, or what is filled if that is 0.
func (d *drawing) line(from detail, m matrix, color tone.Color, width float64, draw func(p *pen)) {
	p := &pen{m: m, grain: max(d.grain, 1)}
	draw(p)
	if len(p.steps) > 0 {
		d.shapes = append(d.shapes, shape{color: color, width: width, from: from, path: p.path, steps: p.steps})
	}
}

// The matrices of drawings around the middle of the square, and from its corner.
var (
	center  = matrix{1, 0, 0, 1, drawingSize / 2, drawingSize / 2}
	unmoved = matrix{a: 1, d: 1}
)

// rings are what stands around the medallion, of 10 to 20 parts, or of as many as
// suit them.
var rings = [...]func(p *pen, count int){
	ringRays, ringBeads, ringPetals, ringTeeth, ringChevrons, ringBricks, ringLeaves, ringRope,
}

// around draws something n times, each time turned on; up is away from the middle.
func (p *pen) around(n int, draw func(i int)) {
	m := p.m
	for i := range n {
		p.m = m.turned(2 * math.Pi * float64(i) / float64(n))
		draw(i)
	}
	p.m = m
}

const ringMiddle = (ringOuter + ringInner) / 2

func ringRays(p *pen, count int) {
	n := []int{16, 20, 26, 32}[count]
	a, b := polar(ringInner, math.Pi/float64(n)*.5), polar(ringOuter, math.Pi/float64(n)*.5)
	p.around(n, func(int) { p.poly(a.x, a.y, b.x, b.y, -b.x, b.y, -a.x, a.y) })
}

func ringBeads(p *pen, count int) {
	n := []int{10, 12, 15, 20}[count]
	r := min(22, math.Pi*ringMiddle/float64(n)*.62)
	p.around(n, func(i int) {
		if n%2 == 0 && i%2 == 1 { // every other one is small
			p.circle(0, -ringMiddle, r*.62)
			return
		}
		p.circle(0, -ringMiddle, r)
	})
}

func ringPetals(p *pen, count int) {
	n := []int{10, 12, 15, 18}[count]
	w := math.Pi * ringMiddle / float64(n) * .74
	p.around(n, func(int) {
		p.move(0, -ringInner+4).curve(w*1.2, -ringInner-16, w*1.2, -ringOuter+14, 0, -ringOuter-3)
		p.curve(-w*1.2, -ringOuter+14, -w*1.2, -ringInner-16, 0, -ringInner+4).close()
	})
}

func ringTeeth(p *pen, count int) {
	n := []int{12, 16, 20, 26}[count]
	a, tip := polar(ringInner, math.Pi/float64(n)*.96), polar(ringOuter+2, 0)
	p.around(n, func(int) { p.poly(a.x, a.y, tip.x, tip.y, -a.x, a.y) })
}

func ringChevrons(p *pen, count int) {
	n := []int{10, 13, 16, 20}[count]
	step := 2 * math.Pi / float64(n)
	at := func(r, share float64) (x, y float64) { q := polar(r, step*share); return q.x, q.y }
	p.around(n, func(int) {
		p.move(at(ringOuter, -.45)).line(at(ringOuter, .05)).line(at(ringMiddle, .5)).line(at(ringInner, .05))
		p.line(at(ringInner, -.45)).line(at(ringMiddle, 0)).close()
	})
}

func ringBricks(p *pen, count int) {
	n := []int{12, 15, 18, 22}[count]
	for row, r := range []float64{ringInner + 13, ringMiddle + 13, ringOuter + 3} {
		w := math.Pi / float64(n)
		half := float64(row%2) * w
		a, b := polar(r-15, w*.78), polar(r, w*.8)
		m := p.m
		p.m = m.turned(half)
		p.around(n, func(int) { p.poly(a.x, a.y, b.x, b.y, -b.x, b.y, -a.x, a.y) })
		p.m = m
	}
}

// ringLeaves is a wreath, open at its top: two branches from the bottom.
func ringLeaves(p *pen, count int) {
	n := []int{8, 10, 12, 15}[count]
	long := 125 / math.Sqrt(float64(n)) * 1.35
	m := p.m
	for _, side := range []float64{1, -1} {
		for i := range n {
			at := math.Pi - side*(.1+(float64(i)+.2)/float64(n)*(math.Pi-.28))
			q := polar(ringMiddle, at)
			for _, out := range []float64{1, -1} {
				p.m = m.over(placed(q.x, q.y, at-(side+1)*math.Pi/2-out*.5, 1))
				p.leaf(long * (1.05 - .3*float64(i)/float64(n)))
			}
		}
	}
	p.m = m
}

// leaf draws a leaf from the origin to the right.
func (p *pen) leaf(long float64) {
	w := long * .27
	p.move(0, 0).curve(long*.25, -w, long*.65, -w, long, 0).curve(long*.65, w, long*.25, w, 0, 0).close()
}

// ringRope is strands that lie over each other.
func ringRope(p *pen, count int) {
	n := []int{12, 15, 19, 24}[count]
	step := 2 * math.Pi / float64(n)
	at := func(r, share float64) point { return polar(r, step*share) }
	p.around(n, func(int) {
		a, b, c, d := at(ringInner, -.86), at(ringOuter, .24), at(ringOuter, .86), at(ringInner, -.24)
		h1, h2 := at(ringMiddle-8, -.72), at(ringMiddle+4, -.1)
		k1, k2 := at(ringMiddle+4, .52), at(ringMiddle-8, -.1)
		p.move(a.x, a.y).curve(h1.x, h1.y, h2.x, h2.y, b.x, b.y).line(c.x, c.y)
		p.curve(k1.x, k1.y, k2.x, k2.y, d.x, d.y).close()
	})
}

// guilloches are the fine lines behind a ring, of about n waves.
var guilloches = [...]func(p *pen, n int){
	func(p *pen, n int) { waves(p, 2*n, 2, ringInner-2, ringOuter+5) },
	func(p *pen, n int) { waves(p, 2*n, 3, ringInner-2, ringOuter+5) },
	func(p *pen, n int) { waves(p, n+5, 4, ringInner-2, ringOuter+5) },
	func(p *pen, n int) {
		waves(p, 2*n, 2, ringInner-2, ringMiddle+6)
		waves(p, 2*n, 2, ringMiddle-6, ringOuter+5)
	},
	func(p *pen, n int) { waves(p, 3*n, 2, ringInner-2, ringOuter+5) },
	func(p *pen, n int) { waves(p, n+2, 6, ringInner-2, ringOuter+5) },
}

// waves draws closed lines of n waves between two radii, each turned a little against
// the one before.
func waves(p *pen, n, lines int, inner, outer float64) {
	const reach = .364 // of half a wave, where the handles of a cosine are
	half := math.Pi / float64(n)
	m := p.m
	for i := range lines {
		p.m = m.turned(2 * half * float64(i) / float64(lines))
		at := func(k int, share float64) (x, y float64) {
			r := inner
			if k%2 == 0 {
				r = outer
			}
			q := polar(r/math.Cos(half*share), half*(float64(k)+share))
			return q.x, q.y
		}
		p.move(at(0, 0))
		for k := range 2 * n {
			x1, y1 := at(k, reach)
			x2, y2 := at(k+1, -reach)
			x, y := at(k+1, 0)
			if k == 0 {
				p.curve(x1, y1, x2, y2, x, y)
			} else {
				p.smooth(x2, y2, x, y)
			}
		}
		p.close()
	}
	p.m = m
}
