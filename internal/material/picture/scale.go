package picture

import "image"

// shrink returns the picture, no side longer than side, in its proportions.
//
// Each new pixel is the mean of the area it covers, computed in integers. The
// kernels of x/image/draw add floating-point products, which some processors
// fuse and others do not, and need five times the memory.
func shrink(m *image.NRGBA, side int) *image.NRGBA {
	w, h := m.Rect.Dx(), m.Rect.Dy()
	if w <= side && h <= side {
		return m
	}
	long := max(w, h)
	out := image.NewNRGBA(image.Rect(0, 0, max(1, (w*side+long/2)/long), max(1, (h*side+long/2)/long)))
	for y := range out.Rect.Dy() {
		for x := range out.Rect.Dx() {
			mean(out, m, x, y)
		}
	}
	return out
}

// covered is how much of source pixel i lies under new pixel j, where n source
// pixels become d < n new ones: in units of which a source pixel has d and a new
// one n, so that all is whole.
func covered(i, d, j, n int) uint64 {
	return uint64(max(0, min((i+1)*d, (j+1)*n)-max(i*d, j*n)))
}

// mean writes the mean of an area. Colours weigh by their opacity, so what is
// transparent does not shine through at the edges. The sums stay below
// 255² · 4096², far from the end of 64 bits.
func mean(out, m *image.NRGBA, x, y int) {
	w, h, dw, dh := m.Rect.Dx(), m.Rect.Dy(), out.Rect.Dx(), out.Rect.Dy()
	var r, g, b, a, area uint64
	for i := y * h / dh; i*dh < (y+1)*h; i++ {
		for k := x * w / dw; k*dw < (x+1)*w; k++ {
			weight := covered(i, dh, y, h) * covered(k, dw, x, w)
			p := m.Pix[m.PixOffset(k, i):][:4]
			wa := weight * uint64(p[3])
			r += wa * uint64(p[0])
			g += wa * uint64(p[1])
			b += wa * uint64(p[2])
			a += wa
			area += weight
		}
	}
	if a > 0 {
		copy(out.Pix[out.PixOffset(x, y):], []uint8{uint8((r + a/2) / a), uint8((g + a/2) / a), uint8((b + a/2) / a), uint8((a + area/2) / area)})
	}
}
