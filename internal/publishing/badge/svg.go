package badge

import (
	"bytes"
	"math"
	"strconv"
)

// writeSVG writes the shapes as an SVG of paths, with nothing else in it.
func writeSVG(shapes []shape) []byte {
	var b bytes.Buffer
	b.WriteString(`<svg xmlns="http://www.w3.org/2000/svg" width="512" height="512" viewBox="0 0 512 512">` + "\n")
	for _, s := range shapes {
		b.WriteString(`<path fill="` + s.fill.String() + `" d="`)
		writePath(&b, s.ops)
		b.WriteString("\"/>\n")
	}
	b.WriteString("</svg>\n")
	return b.Bytes()
}

// points is how many points a step of a path has.
func (o op) points() int {
	switch o.kind {
	case 'C':
		return 3
	case 'Q':
		return 2
	case 'Z':
		return 0
	}
	return 1
}

// writePath writes a path in numbers relative to the point before, which are
// shorter. They are counted in tenths, as points are rounded to, so that nothing
// adds up.
func writePath(b *bytes.Buffer, ops []op) {
	var at, start [2]int
	for _, o := range ops {
		if o.kind == 'Z' {
			b.WriteByte('z')
			at = start
			continue
		}
		from := at
		if o.kind == 'M' {
			b.WriteByte('M')
			from = [2]int{}
		} else {
			b.WriteByte(o.kind + 'a' - 'A')
		}
		for i, p := range o.p[:o.points()] {
			at = [2]int{tenths(p.x), tenths(p.y)}
			writeTenths(b, at[0]-from[0], i > 0)
			writeTenths(b, at[1]-from[1], true)
		}
		if o.kind == 'M' {
			start = at
		}
	}
}

func tenths(v float64) int { return int(math.Round(v * 10)) }

// writeTenths writes a number of tenths; apart: from a number before it.
func writeTenths(b *bytes.Buffer, n int, apart bool) {
	if apart && n >= 0 {
		b.WriteByte(' ')
	}
	if n < 0 {
		b.WriteByte('-')
		n = -n
	}
	if n >= 10 || n == 0 {
		b.WriteString(strconv.Itoa(n / 10))
	}
	if n%10 > 0 {
		b.WriteByte('.')
		b.WriteByte('0' + byte(n%10))
	}
}
