package certificate

import (
	"strconv"

	"github.com/go-text/typesetting/font/opentype"

	"laurel/internal/material/lettering"
)

// operators are those of an outline, which are written once.
func (f *Fonts) operators(o *lettering.Outline) string {
	if kept, ok := f.written.Load(o); ok {
		return kept.(string)
	}
	path := operators(o.Segments)
	f.written.Store(o, path)
	return path
}

// operators writes an outline with the operators of PDF (PDF 2.0, 8.5.2), which has
// no quadratic curves: they become cubic ones.
func operators(segments []opentype.Segment) string {
	var b []byte
	number := func(v float32) {
		b = strconv.AppendFloat(b, float64(int64(v*10+half(v)))/10, 'f', -1, 64)
		b = append(b, ' ')
	}
	points := func(operator string, all ...opentype.SegmentPoint) {
		for _, p := range all {
			number(p.X)
			number(p.Y)
		}
		b = append(append(b, operator...), '\n')
	}
	var at opentype.SegmentPoint
	open := false
	for _, s := range segments {
		args := s.ArgsSlice()
		switch s.Op {
		case opentype.SegmentOpMoveTo:
			if open {
				b = append(b, "h\n"...)
			}
			points("m", args[0])
			open = true
		case opentype.SegmentOpLineTo:
			points("l", args[0])
		case opentype.SegmentOpQuadTo:
			points("c", toward(at, args[0]), toward(args[1], args[0]), args[1])
		case opentype.SegmentOpCubeTo:
			points("c", args[0], args[1], args[2])
		}
		at = args[len(args)-1]
	}
	if open {
		b = append(b, "h\n"...)
	}
	return string(b)
}

// toward is two thirds of the way from one point to another.
func toward(from, to opentype.SegmentPoint) opentype.SegmentPoint {
	return opentype.SegmentPoint{X: from.X + (to.X-from.X)*2/3, Y: from.Y + (to.Y-from.Y)*2/3}
}

// half rounds what is cut off to whole numbers.
func half(v float32) float32 {
	if v < 0 {
		return -0.5
	}
	return 0.5
}
