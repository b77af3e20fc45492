package picture

import (
	"cmp"
	"image"
	"image/color"
	"slices"
)

// most is how many colours a palette has.
const most = 256

// counted is a colour, its channels as they are in NRGBA, and how many pixels have it.
type counted struct {
	c [4]uint8
	n int64
}

// indexed returns a picture with a palette of up to 256 colours, a third as large as
// PNG: its own, or if there are more the means of as many groups of like ones (median
// cut). It counts in whole numbers, and so gives the same on every machine.
func indexed(m *image.NRGBA) *image.Paletted {
	count := map[[4]uint8]int64{}
	for i := 0; i < len(m.Pix); i += 4 {
		count[[4]uint8(m.Pix[i:])]++
	}
	all := make([]counted, 0, len(count))
	for c, n := range count {
		all = append(all, counted{c, n})
	}
	slices.SortFunc(all, func(a, b counted) int { return slices.Compare(a.c[:], b.c[:]) })
	groups, worth := [][]counted{all}, []int64{spread(all).worth}
	for len(groups) < most {
		next := slices.Index(worth, slices.Max(worth))
		if worth[next] == 0 { // all are of one colour each
			break
		}
		a, b := halves(groups[next])
		groups[next], worth[next] = a, spread(a).worth
		groups, worth = append(groups, b), append(worth, spread(b).worth)
	}
	out := image.NewPaletted(m.Rect, nil)
	index := make(map[[4]uint8]uint8, len(all))
	for i, g := range groups {
		out.Palette = append(out.Palette, middle(g))
		for _, c := range g {
			index[c.c] = uint8(i)
		}
	}
	for i := range out.Pix {
		out.Pix[i] = index[[4]uint8(m.Pix[4*i:])]
	}
	return out
}

// extent is the channel in which a group's colours are furthest apart, and what it is
// worth to divide it there.
type extent struct {
	channel int
	worth   int64
}

func spread(g []counted) extent {
	low, high, n := [4]uint8{255, 255, 255, 255}, [4]uint8{}, int64(0)
	for _, c := range g {
		for i, v := range c.c {
			low[i], high[i] = min(low[i], v), max(high[i], v)
		}
		n += c.n
	}
	e := extent{}
	for i := range low {
		if far := int64(high[i]) - int64(low[i]); far > 0 && far*far*n > e.worth {
			e = extent{i, far * far * n}
		}
	}
	return e
}

// halves divides a group of at least two colours so that both halves have about as
// many pixels.
func halves(g []counted) (a, b []counted) {
	by := spread(g).channel
	slices.SortFunc(g, func(a, b counted) int {
		return cmp.Or(cmp.Compare(a.c[by], b.c[by]), slices.Compare(a.c[:], b.c[:]))
	})
	all, n, at := int64(0), int64(0), 1
	for _, c := range g {
		all += c.n
	}
	for i, c := range g[:len(g)-1] {
		at = i + 1
		if n += c.n; 2*n >= all {
			break
		}
	}
	return g[:at:at], g[at:]
}

// middle is the mean of a group's colours, each as often as it is there; what is
// transparent has no say in the colour.
func middle(g []counted) color.NRGBA {
	var sum [3]int64
	var solid, n int64
	for _, c := range g {
		weight := c.n * int64(c.c[3])
		for i := range sum {
			sum[i] += weight * int64(c.c[i])
		}
		solid, n = solid+weight, n+c.n
	}
	if solid == 0 {
		return color.NRGBA{}
	}
	mean := func(i int) uint8 { return uint8((sum[i] + solid/2) / solid) }
	return color.NRGBA{mean(0), mean(1), mean(2), uint8((solid + n/2) / n)}
}
