package picture

import (
	"cmp"
	"image"
	"math"
	"slices"
)

// Areas are filled with integers: corners are brought to 1/256 of a pixel, and
// each row of pixels is crossed by 16 lines on which the covered parts are
// measured exactly. So every processor gives the same pixels.

const (
	grid   = 256 // parts of a pixel
	rows   = 16  // lines across a row of pixels
	step16 = grid / rows
)

// maxFar is how many pixels from the picture a corner may be.
const maxFar = 1 << 20

// edge goes down from y0 to y1.
type edge struct {
	x0, y0, x1, y1 int32
	up             bool // was drawn upwards
}

// mask is how far each pixel of a rectangle is covered, 0 to 255.
type mask struct {
	r   image.Rectangle
	pix []uint8
}

func (m *mask) row(y int) []uint8 { w := m.r.Dx(); return m.pix[(y-m.r.Min.Y)*w:][:w] }

// contour collects the edges of an area in pixels.
type contour struct {
	edges []edge
	reach float64 // how far away corners may be
	far   bool    // one was farther
	room  int     // for more edges; below 0: there were more
}

// snap brings a coordinate to the grid. Processors that fuse multiplication and
// addition differ from others in the last bit, and designed coordinates like to
// lie exactly between two places; the little more sends those one way.
func snap(v float64) int32 { return int32(math.Floor(v*grid + .5 + 1e-6)) }

// add adds a closed polygon, mapped by m.
func (o *contour) add(m matrix, corners ...point) {
	if o.room -= len(corners); len(corners) < 2 || o.room < 0 {
		return
	}
	type place struct{ x, y int32 }
	at := func(p point) place {
		p = m.apply(p)
		if !(math.Abs(p.x) < o.reach && math.Abs(p.y) < o.reach) {
			o.far = true
			return place{}
		}
		return place{snap(p.x), snap(p.y)}
	}
	from := at(corners[len(corners)-1])
	for _, c := range corners {
		to := at(c)
		switch {
		case from.y < to.y:
			o.edges = append(o.edges, edge{from.x, from.y, to.x, to.y, false})
		case from.y > to.y:
			o.edges = append(o.edges, edge{to.x, to.y, from.x, from.y, true})
		}
		from = to
	}
}

// addTurned adds a polygon so that it turns clockwise on the picture: of such,
// the non-zero rule fills the union.
func (o *contour) addTurned(m matrix, corners ...point) {
	area := 0.
	for i, c := range corners {
		d := corners[(i+1)%len(corners)]
		area += float64(c.x*d.y) - float64(c.y*d.x)
	}
	if area < 0 != (m.det() < 0) {
		slices.Reverse(corners)
	}
	o.add(m, corners...)
}

// fill measures what the outline covers of a picture of w by h pixels. It tells
// spend how many crossings it counts, and stops where that says so.
func (o *contour) fill(w, h int, evenOdd bool, spend func(int) bool) *mask {
	first, last := int32(math.MaxInt32), int32(math.MinInt32)
	left, right := first, last
	for _, e := range o.edges {
		first, last = min(first, e.y0), max(last, e.y1)
		left, right = min(left, e.x0, e.x1), max(right, e.x0, e.x1)
	}
	r := image.Rect(int(left)/grid-1, int(first)/grid-1, int(right)/grid+2, int(last)/grid+2).Intersect(image.Rect(0, 0, w, h))
	out := &mask{r: r}
	if len(o.edges) == 0 || r.Empty() {
		out.r = image.Rectangle{}
		return out
	}
	out.pix = make([]uint8, r.Dx()*r.Dy())
	slices.SortFunc(o.edges, func(a, b edge) int { return cmp.Compare(a.y0, b.y0) })
	var active []edge
	var crossings []int32
	next := 0
	sums, whole := make([]int32, r.Dx()+1), make([]int32, r.Dx()+1)
	limit := int32(r.Dx() * grid)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		clear(sums)
		clear(whole)
		for line := range int32(rows) {
			at := int32(y*grid) + line*step16 + step16/2
			for next < len(o.edges) && o.edges[next].y0 <= at {
				active = append(active, o.edges[next])
				next++
			}
			active = slices.DeleteFunc(active, func(e edge) bool { return e.y1 <= at })
			if !spend(len(active) + 1) {
				return out
			}
			crossings = crossings[:0]
			for _, e := range active {
				x := e.x0 + int32(int64(e.x1-e.x0)*int64(at-e.y0)/int64(e.y1-e.y0))
				x = min(max(x-int32(r.Min.X*grid), 0), limit) << 1
				if e.up {
					x++
				}
				crossings = append(crossings, x)
			}
			slices.Sort(crossings)
			measure(crossings, evenOdd, sums, whole)
		}
		row, full := out.row(y), int32(0)
		for x := range row {
			full += whole[x]
			row[x] = uint8((int(sums[x]+full)*255 + grid*rows/2) / (grid * rows))
		}
	}
	return out
}

// measure adds what lies between the crossings of one line: in sums the parts
// of pixels, in whole where runs of full pixels begin and end.
func measure(crossings []int32, evenOdd bool, sums, whole []int32) {
	winding := 0
	var from int32
	for _, c := range crossings {
		before := winding != 0
		switch {
		case evenOdd:
			winding ^= 1
		case c&1 == 1:
			winding--
		default:
			winding++
		}
		x := c >> 1
		if !before {
			from = x
		}
		if !before || winding != 0 || from == x {
			continue
		}
		a, b := from/grid, x/grid
		if a == b {
			sums[a] += x - from
			continue
		}
		sums[a] += grid - from%grid
		sums[b] += x % grid
		whole[a+1] += grid
		whole[b] -= grid
	}
}
