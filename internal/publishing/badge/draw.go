package badge

import (
	"crypto/sha256"
	"encoding/binary"
	"math"

	"laurel/internal/publishing/site"
)

// drawBadge composes the emblem of an achievement that has no picture of its
// own. The type chooses the outline and the glyph, the name chooses the colours
// and the pattern behind the glyph, the issuer chooses leaves and ornament, so
// the badges of one issuer look like one family. The name itself is written over
// it by drawRibbon, for which the glyph stands a little higher: middle is where.
func drawBadge(b site.Badge, middle float64) []shape {
	f := familyOf(b.Type)
	name, issuer := hash("name", b.Name), hash("issuer", b.Issuer)
	c := newScheme(name)
	pattern := patterns[name>>16%uint64(len(patterns))]
	count := 9 + int(name>>32%8)
	leaf := leaves[issuer%uint64(len(leaves))]
	ornament := ornaments[issuer>>16%uint64(len(ornaments))]

	shapes := drawSilhouette(f.silhouette, c)
	shapes = append(shapes, layer(center, c.relief, func(p *pen) { pattern(p, count) }))
	shapes = append(shapes, drawWreath(leaf, c)...)
	shapes = append(shapes, layer(placed(256, 256-168, 0, 1), c.glyph, ornament))
	return append(shapes, f.glyph(placed(256, middle, 0, 1.04), c)...)
}

// hash gives a number that is the same on every machine and in every version.
func hash(purpose, s string) uint64 {
	sum := sha256.Sum256([]byte("laurel badge " + purpose + "\x00" + s))
	return binary.BigEndian.Uint64(sum[:])
}

// The matrices of drawings around the middle of the square, and from its corner.
var (
	center  = matrix{1, 0, 0, 1, drawingSize / 2, drawingSize / 2}
	unmoved = matrix{a: 1, d: 1}
)

// silhouette draws the badge's edge around the origin, about r from it.
type silhouette func(p *pen, r float64)

func silhouetteCircle(p *pen, r float64)  { p.circle(0, 0, r) }
func silhouetteSeal(p *pen, r float64)    { p.lobes(20, r, r*0.93) }
func silhouetteBurst(p *pen, r float64)   { p.lobes(36, r, r*0.945) }
func silhouetteFlower(p *pen, r float64)  { p.lobes(8, r, r*0.9) }
func silhouetteSquare(p *pen, r float64)  { p.squircle(0, 0, r*0.945, 0.86) }
func silhouetteHexagon(p *pen, r float64) { p.rounded(regular(6, r*1.03, 0), r*0.24) }
func silhouetteOctagon(p *pen, r float64) { p.rounded(regular(8, r*1.02, math.Pi/8), r*0.14) }

// drawSilhouette lays the outline upon itself, smaller and smaller: rim, edge, a
// fine line, field.
func drawSilhouette(o silhouette, c scheme) []shape {
	var out []shape
	for _, l := range []struct {
		r    float64
		fill rgb
	}{{246, c.rim}, {235, c.edge}, {223, c.leafShade}, {219.5, c.field}} {
		out = append(out, layer(center, l.fill, func(p *pen) { o(p, l.r) }))
	}
	return out
}

// patterns are reliefs of the field, within the circle that every outline has,
// of 9 to 16 parts.
var patterns = [...]func(p *pen, n int){patternRays, patternRings, patternPetals, patternFacets}

const fieldRadius = 196

func patternRays(p *pen, n int) {
	half := math.Pi / float64(4*n)
	for i := range 2 * n {
		mid := math.Pi * float64(i) / float64(n)
		a, b := polar(fieldRadius, mid-half), polar(fieldRadius, mid+half)
		p.poly(0, 0, a.x, a.y, b.x, b.y)
	}
}

func patternRings(p *pen, n int) {
	step := float64(fieldRadius) * 4 / float64(3*n+4)
	for r := float64(fieldRadius); r > step; r -= step {
		p.ring(0, 0, r, r-step*0.44)
	}
}

func patternPetals(p *pen, n int) {
	bend := 3.8 / float64(n)
	for i := range n {
		at := 2 * math.Pi * float64(i) / float64(n)
		a, b, tip := polar(130, at-bend), polar(130, at+bend), polar(fieldRadius, at)
		p.move(0, 0).curve(0, 0, a.x, a.y, tip.x, tip.y).curve(b.x, b.y, 0, 0, 0, 0).close()
	}
}

func patternFacets(p *pen, n int) {
	outer, inner := regular(n, fieldRadius, 0), regular(n, 120, math.Pi/float64(n))
	for i := range n {
		a, b, c := outer[i], inner[i], inner[(i+n-1)%n]
		p.poly(a.x, a.y, b.x, b.y, c.x, c.y)
	}
}

// ornaments sit between the tips of the wreath: a diamond, dots, a star, a drop.
var ornaments = [...]func(p *pen){
	func(p *pen) { p.poly(0, -19, 12, 0, 0, 19, -12, 0) },
	func(p *pen) {
		p.circle(0, -6, 9)
		p.circle(-20, 3, 5.5)
		p.circle(20, 3, 5.5)
	},
	func(p *pen) {
		var xy []float64
		outer, inner := regular(5, 18, 0), regular(5, 7.6, math.Pi/5)
		for i := range outer {
			xy = append(xy, outer[i].x, outer[i].y, inner[i].x, inner[i].y)
		}
		p.poly(xy...)
	},
	func(p *pen) {
		p.move(0, -22).curve(5, -9, 13, -4, 13, 5).curve(13, 12.5, 7, 17, 0, 17)
		p.curve(-7, 17, -13, 12.5, -13, 5).curve(-13, -4, -5, -9, 0, -22).close()
	},
}
