package render

import (
	"bytes"
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
	case 'Z':
		return 0
	}
	return 1
}

func writePath(b *bytes.Buffer, ops []op) {
	for _, o := range ops {
		b.WriteByte(o.kind)
		for i, p := range o.p[:o.points()] {
			if i > 0 {
				b.WriteByte(' ')
			}
			b.WriteString(strconv.FormatFloat(p.x, 'f', -1, 64))
			b.WriteByte(' ')
			b.WriteString(strconv.FormatFloat(p.y, 'f', -1, 64))
		}
	}
}
