package badge

import (
	"bytes"
	"cmp"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"maps"
	"slices"
	"strings"

	"golang.org/x/image/vector"
)

// raster draws shapes, 512 pixels square. Edges have sixteen steps, which look
// like 256 and make the PNG half as large.
//
// Every processor gives the same pixels: up to this size vector counts in whole
// numbers, but for curves, which trace breaks into lines.
func raster(shapes []shape) *image.NRGBA {
	square := image.Rect(0, 0, drawingSize, drawingSize)
	out, mask := image.NewRGBA(square), image.NewAlpha(square)
	z := vector.NewRasterizer(drawingSize, drawingSize)
	for _, s := range shapes {
		z.Reset(drawingSize, drawingSize)
		z.DrawOp = draw.Src
		trace(z, s.steps)
		z.Draw(mask, square, image.Opaque, image.Point{})
		for i, a := range mask.Pix {
			mask.Pix[i] = uint8((int(a)+8)/17) * 17
		}
		draw.DrawMask(out, square, image.NewUniform(color.RGBA{s.fill.r, s.fill.g, s.fill.b, 255}), image.Point{}, mask, image.Point{}, draw.Over)
	}
	flat := image.NewNRGBA(square)
	draw.Draw(flat, square, out, image.Point{}, draw.Src)
	return flat
}

// trace leads a rasterizer along a path. It counts in whole tenths of a pixel.
func trace(z *vector.Rasterizer, steps []step) {
	const pieces = 24 // of a curve
	at := [2]int{}
	for _, s := range steps {
		switch s.command {
		case 'z':
			z.ClosePath()
			continue
		case 'M':
			at = s.to[0]
			z.MoveTo(float32(at[0])/10, float32(at[1])/10)
			continue
		}
		n := strings.IndexByte("?lqc", s.command)
		x, y := []int{at[0]}, []int{at[1]}
		for _, p := range s.to[:n] {
			x, y = append(x, p[0]), append(y, p[1])
		}
		for i := 1; i <= pieces; i++ {
			if n > 1 || i == pieces {
				z.LineTo(bezier(x, i, pieces), bezier(y, i, pieces))
			}
		}
		at = s.to[n-1]
	}
}

// bezier is the coordinate of a curve after at of n parts of the way, in pixels
// (de Casteljau).
func bezier(control []int, at, n int) float32 {
	v, scale := slices.Clone(control), 10
	for k := len(v) - 1; k > 0; k-- {
		for i := range k {
			v[i] = v[i]*(n-at) + v[i+1]*at
		}
		scale *= n
	}
	return float32(v[0]) / float32(scale)
}

// encode writes a picture with a palette: its 256 most frequent colours.
// What does not find a place are rare pixels where three edges meet; they take
// the nearest one.
func encode(m *image.NRGBA) ([]byte, error) {
	all := make([]color.NRGBA, len(m.Pix)/4)
	for i := range all {
		all[i] = color.NRGBA{m.Pix[4*i], m.Pix[4*i+1], m.Pix[4*i+2], m.Pix[4*i+3]}
	}
	count := map[color.NRGBA]int{}
	for i, from := 1, 0; i <= len(all); i++ {
		if i == len(all) || all[i] != all[from] {
			count[all[from]] += i - from
			from = i
		}
	}
	order := slices.SortedFunc(maps.Keys(count), func(a, b color.NRGBA) int {
		return cmp.Or(count[b]-count[a], int(a.R)-int(b.R), int(a.G)-int(b.G), int(a.B)-int(b.B), int(a.A)-int(b.A))
	})
	out := image.NewPaletted(m.Rect, nil)
	index := map[color.NRGBA]uint8{}
	for i, c := range order {
		if i < 256 {
			out.Palette = append(out.Palette, c)
		}
		index[c] = uint8(out.Palette.Index(c))
	}
	for i, c := range all {
		if i > 0 && c == all[i-1] {
			out.Pix[i] = out.Pix[i-1]
		} else {
			out.Pix[i] = index[c]
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, out); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
