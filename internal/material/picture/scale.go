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
	dw, dh := max(1, (w*side+long/2)/long), max(1, (h*side+long/2)/long)
	out := image.NewNRGBA(image.Rect(0, 0, dw, dh))
	columns, rows := spans(w, dw), spans(h, dh)
	for y := range dh {
		for x := range dw {
			i := out.PixOffset(x, y)
			mean(out.Pix[i:i+4], m, columns[x], rows[y])
		}
	}
	return out
}

// span is a run of source pixels under one new pixel; the first and the last
// may be covered in part.
type span struct {
	from, to    int    // to is the last one
	first, last uint64 // weights; those between weigh full
	full        uint64
}

func (s span) weight(i int) uint64 {
	switch i {
	case s.from:
		return s.first
	case s.to:
		return s.last
	}
	return s.full
}

// spans divides n source pixels among d < n new ones: in units of which a source
// pixel has d and a new one n, so that all weights are whole.
func spans(n, d int) []span {
	out := make([]span, d)
	for i := range out {
		start, end := i*n, (i+1)*n
		s := span{from: start / d, to: (end - 1) / d, full: uint64(d)}
		s.first = uint64(min((s.from+1)*d, end) - start)
		s.last = uint64(end - max(s.to*d, start))
		out[i] = s
	}
	return out
}

// mean writes the mean of an area. Colours weigh by their opacity, so what is
// transparent does not shine through at the edges. The sums stay below
// 255² · 4096², far from the end of 64 bits.
func mean(dst []uint8, m *image.NRGBA, columns, rows span) {
	var r, g, b, a, area uint64
	for y := rows.from; y <= rows.to; y++ {
		row := m.Pix[y*m.Stride:]
		wy := rows.weight(y)
		for x := columns.from; x <= columns.to; x++ {
			w := wy * columns.weight(x)
			p := row[4*x : 4*x+4]
			wa := w * uint64(p[3])
			r += wa * uint64(p[0])
			g += wa * uint64(p[1])
			b += wa * uint64(p[2])
			a += wa
			area += w
		}
	}
	if a == 0 {
		return
	}
	dst[0], dst[1], dst[2] = uint8((r+a/2)/a), uint8((g+a/2)/a), uint8((b+a/2)/a)
	dst[3] = uint8((a + area/2) / area)
}
