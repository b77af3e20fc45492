package badge

import (
	"bytes"
	"cmp"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"
	"slices"
	"strings"

	"golang.org/x/image/vector"

	"laurel/internal/material/tone"
)

// raster draws the shapes of up to a detail on a picture, their square being side
// pixels wide and its corner at a place. Edges have sixteen steps, which look like 256
// and make the PNG half as large.
//
// Every processor gives the same pixels: up to 512 pixels vector counts in whole
// numbers, but for curves, which trace breaks into lines.
func raster(out *image.NRGBA, shapes []shape, upTo detail, side int, at image.Point) {
	const tile = 512
	z := vector.NewRasterizer(1, 1)
	for _, s := range shapes {
		if s.from > upTo {
			continue
		}
		t := tracer{side: side, at: at}
		t.trace(s)
		box := t.bounds().Intersect(out.Rect)
		for y := box.Min.Y; y < box.Max.Y; y += tile {
			for x := box.Min.X; x < box.Max.X; x += tile {
				part := image.Rect(x, y, x+tile, y+tile).Intersect(box)
				z.Reset(part.Dx(), part.Dy())
				z.DrawOp = draw.Src
				t.lead(z, part.Min)
				mask := image.NewAlpha(image.Rect(0, 0, part.Dx(), part.Dy()))
				z.Draw(mask, mask.Rect, image.Opaque, image.Point{})
				blend(out, mask, part.Min, s.color)
			}
		}
	}
}

// blend lays a colour on a picture, where a mask tells.
func blend(out *image.NRGBA, mask *image.Alpha, at image.Point, c tone.Color) {
	for y := range mask.Rect.Dy() {
		line := out.Pix[out.PixOffset(at.X, at.Y+y):]
		for x, m := range mask.Pix[y*mask.Stride:][:mask.Rect.Dx()] {
			a := (int(m) + 8) / 17 * 17
			if a == 0 {
				continue
			}
			q := line[4*x:][:4]
			below := int(q[3]) * (255 - a) // in 255ths of 255
			all := a*255 + below
			mix := func(over, under uint8) uint8 { return uint8((int(over)*a*255 + int(under)*below + all/2) / all) }
			q[0], q[1], q[2], q[3] = mix(c.R, q[0]), mix(c.G, q[1]), mix(c.B, q[2]), uint8((all+127)/255)
		}
	}
}

// newPicture is a square without anything in it.
func newPicture(side int) *image.NRGBA { return image.NewNRGBA(image.Rect(0, 0, side, side)) }

// tracer breaks a shape into polygons, in pixels.
type tracer struct {
	side  int
	at    image.Point
	lines [][]spot
}

// spot is a place in a picture.
type spot struct{ x, y float32 }

// trace counts in whole tenths of a unit.
func (t *tracer) trace(s shape) {
	pieces := 24 // of a curve
	if s.width > 0 {
		pieces = 12
	}
	var all [][]spot
	at, first := [2]int{}, [2]int{}
	add := func(p spot) { all[len(all)-1] = append(all[len(all)-1], p) }
	for _, s := range s.steps {
		switch s.command {
		case 'z':
			if at != first {
				add(t.pixel(first[0], first[1], 1))
			}
			at = first
			continue
		case 'M':
			at, first = s.to[0], s.to[0]
			all = append(all, []spot{t.pixel(at[0], at[1], 1)})
			continue
		}
		n := strings.IndexByte("?lqc", s.command)
		x, y := []int{at[0]}, []int{at[1]}
		for _, p := range s.to[:n] {
			x, y = append(x, p[0]), append(y, p[1])
		}
		for i := 1; i <= pieces; i++ {
			if n > 1 || i == pieces {
				vx, scale := bezier(x, i, pieces)
				vy, _ := bezier(y, i, pieces)
				add(t.pixel(vx, vy, scale))
			}
		}
		at = s.to[n-1]
	}
	if s.width == 0 {
		t.lines = all
		return
	}
	half := float32(s.width) * float32(t.side) / (2 * drawingSize)
	for _, line := range all {
		for i := range line[1:] {
			if q, ok := stroke(line[i], line[i+1], half); ok {
				t.lines = append(t.lines, q)
			}
		}
	}
}

// stroke is a piece of a line with some width; all turn the same way, so that what
// two of them cover is covered.
func stroke(a, b spot, half float32) ([]spot, bool) {
	dx, dy := float64(b.x-a.x), float64(b.y-a.y)
	long := math.Sqrt(float64(dx*dx) + float64(dy*dy))
	if long == 0 {
		return nil, false
	}
	nx, ny := snap(-dy/long*float64(half)), snap(dx/long*float64(half))
	return []spot{{a.x + nx, a.y + ny}, {b.x + nx, b.y + ny}, {b.x - nx, b.y - ny}, {a.x - nx, a.y - ny}}, true
}

// snap rounds to a 4096th, and so does away with the last bits, which processors may
// differ in.
func snap(v float64) float32 { return float32(math.Floor(v*4096+0.5+1e-6)) / 4096 }

// pixel is the place of what has coordinates in tenths, of which one is scale.
func (t *tracer) pixel(x, y, scale int) spot {
	f := func(v, from int) float32 {
		return float32(float64(int64(v)*int64(t.side))/float64(10*drawingSize*scale)) + float32(from)
	}
	return spot{f(x, t.at.X), f(y, t.at.Y)}
}

func (t *tracer) bounds() image.Rectangle {
	if len(t.lines) == 0 {
		return image.Rectangle{}
	}
	low, high := t.lines[0][0], t.lines[0][0]
	for _, l := range t.lines {
		for _, p := range l {
			low, high = spot{min(low.x, p.x), min(low.y, p.y)}, spot{max(high.x, p.x), max(high.y, p.y)}
		}
	}
	down := func(v float32) int { return int(math.Floor(float64(v))) }
	return image.Rect(down(low.x), down(low.y), down(high.x)+1, down(high.y)+1)
}

// lead leads a rasterizer along the polygons, seen from a corner.
func (t *tracer) lead(z *vector.Rasterizer, from image.Point) {
	x, y := float32(from.X), float32(from.Y)
	for _, l := range t.lines {
		z.MoveTo(l[0].x-x, l[0].y-y)
		for _, p := range l[1:] {
			z.LineTo(p.x-x, p.y-y)
		}
		z.ClosePath()
	}
}

// bezier is the coordinate of a curve after at of n parts of the way, and of what it
// is a multiple (de Casteljau).
func bezier(control []int, at, n int) (v, scale int) {
	c := slices.Clone(control)
	scale = 1
	for k := len(c) - 1; k > 0; k-- {
		for i := range k {
			c[i] = c[i]*(n-at) + c[i+1]*at
		}
		scale *= n
	}
	return c[0], scale
}

// encode writes a picture with a palette: its 256 most frequent colours.
// What does not find a place are rare pixels where three edges meet; they take
// the nearest one.
func encode(m *image.NRGBA, level png.CompressionLevel) ([]byte, error) {
	var colors []color.NRGBA // in the order in which they come, and how many have each
	var count []int
	known := map[color.NRGBA]int32{}
	var recent [1 << 10]struct { // those that were asked for last, since maps are slow
		color color.NRGBA
		id    int32 // from 1
	}
	ids := make([]int32, len(m.Pix)/4)
	for i := range ids {
		c := color.NRGBA{m.Pix[4*i], m.Pix[4*i+1], m.Pix[4*i+2], m.Pix[4*i+3]}
		slot := &recent[(uint(c.R)*61^uint(c.G)*17^uint(c.B)*5^uint(c.A))%uint(len(recent))]
		if slot.color != c || slot.id == 0 {
			id, ok := known[c]
			if !ok {
				id = int32(len(colors) + 1)
				known[c], colors, count = id, append(colors, c), append(count, 0)
			}
			slot.color, slot.id = c, id
		}
		ids[i] = slot.id - 1
		count[ids[i]]++
	}
	order := make([]int, len(colors))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int {
		a, b := colors[i], colors[j]
		return cmp.Or(count[j]-count[i], int(a.R)-int(b.R), int(a.G)-int(b.G), int(a.B)-int(b.B), int(a.A)-int(b.A))
	})
	out := image.NewPaletted(m.Rect, nil)
	index := make([]uint8, len(colors))
	for place, i := range order {
		if place < 256 {
			out.Palette = append(out.Palette, colors[i])
		}
	}
	for place, i := range order {
		if index[i] = uint8(place); place >= 256 {
			index[i] = uint8(out.Palette.Index(colors[i]))
		}
	}
	for i, id := range ids {
		out.Pix[i] = index[id]
	}
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: level}).Encode(&b, out); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
