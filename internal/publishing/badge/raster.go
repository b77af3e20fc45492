package badge

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"image"
	"image/color"
	"image/png"
	"maps"
	"math"
	"slices"

	"golang.org/x/image/draw"
	"golang.org/x/image/vector"
)

// curveSteps is how many lines stand for one cubic in the PNG.
const curveSteps = 16

// quadSteps is how many stand for a curve of a letter.
const quadSteps = 5

// rasterize fills the shapes, smooth at the edges, into a square picture.
// Coordinates are brought to 1/64 of a pixel first and the rasterizer computes
// with integers at this size, so every processor gives the same pixels.
func rasterize(shapes []shape, size int) *image.RGBA {
	dst := image.NewRGBA(image.Rect(0, 0, size, size))
	scale := float64(size) / drawingSize
	var z vector.Rasterizer
	for _, s := range shapes {
		r := bounds(s.ops, scale).Intersect(dst.Rect)
		z.Reset(r.Dx(), r.Dy())
		z.DrawOp = draw.Src
		trace(&z, s.ops, scale, r.Min)
		mask := image.NewAlpha(image.Rect(0, 0, r.Dx(), r.Dy()))
		z.Draw(mask, mask.Rect, image.Opaque, image.Point{})
		// Sixteen steps of an edge look like 256, and let the picture be
		// written with a palette at less than half of the size.
		for i, a := range mask.Pix {
			mask.Pix[i] = uint8((int(a)+8)/17) * 17
		}
		fill := image.NewUniform(color.RGBA{s.fill.r, s.fill.g, s.fill.b, 255})
		draw.DrawMask(dst, r, fill, image.Point{}, mask, image.Point{}, draw.Over)
	}
	return dst
}

// bounds returns the pixels that a path can touch: those around its points,
// handles included.
func bounds(ops []op, scale float64) image.Rectangle {
	lo, hi := point{math.Inf(1), math.Inf(1)}, point{math.Inf(-1), math.Inf(-1)}
	for _, o := range ops {
		for _, p := range o.p[:o.points()] {
			lo.x, lo.y = min(lo.x, p.x), min(lo.y, p.y)
			hi.x, hi.y = max(hi.x, p.x), max(hi.y, p.y)
		}
	}
	return image.Rect(int(lo.x*scale)-1, int(lo.y*scale)-1, int(hi.x*scale)+2, int(hi.y*scale)+2)
}

// trace hands a path to the rasterizer, curves as lines, from origin.
func trace(z *vector.Rasterizer, ops []op, scale float64, origin image.Point) {
	place := func(p point) (float32, float32) {
		x, y := snap(p.x*scale, 64), snap(p.y*scale, 64)
		return float32(x) - float32(origin.X), float32(y) - float32(origin.Y)
	}
	var pen point
	for _, o := range ops {
		switch o.kind {
		case 'M':
			pen = o.p[0]
			z.MoveTo(place(pen))
		case 'L':
			pen = o.p[0]
			z.LineTo(place(pen))
		case 'Q':
			for i := 1; i <= quadSteps; i++ {
				z.LineTo(place(quadratic(pen, o.p, float64(i)/quadSteps)))
			}
			pen = o.p[1]
		case 'C':
			for i := 1; i <= curveSteps; i++ {
				z.LineTo(place(cubic(pen, o.p, float64(i)/curveSteps)))
			}
			pen = o.p[2]
		case 'Z':
			z.ClosePath()
		}
	}
}

// quadratic returns the point of a quadratic Bézier curve at t.
func quadratic(from point, p [3]point, t float64) point {
	u := 1 - t
	a, b, c := u*u, 2*u*t, t*t
	return point{a*from.x + b*p[0].x + c*p[1].x, a*from.y + b*p[0].y + c*p[1].y}
}

// cubic returns the point of a cubic Bézier curve at t.
func cubic(from point, p [3]point, t float64) point {
	u := 1 - t
	a, b, c, d := u*u*u, 3*u*u*t, 3*u*t*t, t*t*t
	return point{
		a*from.x + b*p[0].x + c*p[1].x + d*p[2].x,
		a*from.y + b*p[0].y + c*p[1].y + d*p[2].y,
	}
}

// encodeFlat writes a picture of few colours as a PNG with a palette.
func encodeFlat(m *image.RGBA) ([]byte, error) {
	pal, index := palette(m)
	out := image.NewPaletted(m.Rect, pal)
	var last uint32
	at := index[last]
	for i := range out.Pix {
		if c := binary.BigEndian.Uint32(m.Pix[4*i:]); c != last {
			last, at = c, index[c]
		}
		out.Pix[i] = at
	}
	var b bytes.Buffer
	if err := png.Encode(&b, out); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// palette returns the 256 most frequent colours of a picture and, for each
// colour of it, as four bytes, the index of the nearest one. What does not find
// a place are rare pixels where three edges meet.
func palette(m *image.RGBA) (color.Palette, map[uint32]uint8) {
	count := map[uint32]int{}
	for i := 0; i < len(m.Pix); {
		c, from := binary.BigEndian.Uint32(m.Pix[i:]), i
		for i < len(m.Pix) && binary.BigEndian.Uint32(m.Pix[i:]) == c {
			i += 4
		}
		count[c] += i - from
	}
	order := slices.SortedFunc(maps.Keys(count), func(a, b uint32) int {
		return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(a, b))
	})
	kept := order[:min(len(order), 256)]
	pal := make(color.Palette, len(kept))
	for i, c := range kept {
		pal[i] = color.NRGBAModel.Convert(color.RGBA{uint8(c >> 24), uint8(c >> 16), uint8(c >> 8), uint8(c)})
	}
	index := make(map[uint32]uint8, len(order))
	for i, c := range kept {
		index[c] = uint8(i)
	}
	for _, c := range order[len(kept):] {
		index[c] = nearest(kept, c)
	}
	return pal, index
}

// nearest returns the index of the colour of kept that is nearest to c.
func nearest(kept []uint32, c uint32) uint8 {
	best, least := 0, math.MaxInt
	for i, k := range kept {
		d := 0
		for shift := 0; shift < 32; shift += 8 {
			e := int(k>>shift&255) - int(c>>shift&255)
			d += e * e
		}
		if d < least {
			best, least = i, d
		}
	}
	return uint8(best)
}
