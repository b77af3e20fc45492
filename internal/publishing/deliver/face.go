package deliver

import (
	"bytes"
	"fmt"
	"strconv"
	"sync"

	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/font/opentype"
	"github.com/go-text/typesetting/font/opentype/tables"
	"golang.org/x/text/unicode/norm"
)

// face is a font that text is shaped with and whose outlines are drawn. It is
// read when it is first used, and then shared by all certificates.
type face struct {
	path   string // for people: the file, and which of a collection
	family string
	aspect font.Aspect
	// variable tells whether it may be made bold, heavy that it is to be.
	variable, heavy bool
	cmap            font.Cmap
	digest          [32]byte
	load            func() (*font.Font, error)

	once     sync.Once
	font     *font.Font
	err      error
	outlines sync.Map // font.GID -> outline
}

// outline is the shape of a glyph as path operators of a PDF, in the units of
// its font, and how far it reaches above and below the base line.
type outline struct {
	path         string
	above, below float64 // in sizes of the type
}

// open reads the font.
func (f *face) open() (*font.Font, error) {
	f.once.Do(func() {
		f.font, f.err = f.load()
		if f.err == nil && f.font.Upem() == 0 {
			f.err = fmt.Errorf("%s: a font without a size", f.path)
		}
	})
	return f.font, f.err
}

// parseFont reads font number i of a file. A font that breaks the parser is an
// error.
func parseFont(data []byte, i int) (f *font.Font, err error) {
	defer func() {
		if recover() != nil {
			f, err = nil, fmt.Errorf("not a font that can be read")
		}
	}()
	loaders, err := opentype.NewLoaders(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	if i >= len(loaders) {
		return nil, fmt.Errorf("a collection without font %d", i)
	}
	return font.NewFont(loaders[i])
}

// characters reads which characters a font has.
func characters(l *opentype.Loader) (font.Cmap, error) {
	raw, err := l.RawTable(opentype.MustNewTag("cmap"))
	if err != nil {
		return nil, err
	}
	table, _, err := tables.ParseCmap(raw)
	if err != nil {
		return nil, err
	}
	var page tables.FontPage
	if raw, err := l.RawTable(opentype.MustNewTag("OS/2")); err == nil {
		if os2, _, err := tables.ParseOs2(raw); err == nil {
			page = os2.FontPage()
		}
	}
	all, _, err := font.ProcessCmap(table, page)
	return all, err
}

// covers tells whether the font has a character, or its parts.
func (f *face) covers(r rune) bool {
	if _, ok := f.cmap.Lookup(r); ok || ignorable(r) {
		return true
	}
	parts := []rune(norm.NFD.String(string(r)))
	if len(parts) < 2 {
		return false
	}
	for _, p := range parts {
		if _, ok := f.cmap.Lookup(p); !ok {
			return false
		}
	}
	return true
}

// outline draws a glyph once.
func (f *face) outline(of *font.Face, id font.GID) outline {
	if kept, ok := f.outlines.Load(id); ok {
		return kept.(outline)
	}
	drawn, _ := of.GlyphDataOutline(id)
	o := outline{path: operators(drawn.Segments)}
	upem := float64(of.Upem())
	for i, s := range drawn.Segments {
		for _, p := range s.ArgsSlice() {
			y := float64(p.Y) / upem
			if i == 0 {
				o.above, o.below = y, -y
			}
			o.above, o.below = max(o.above, y), max(o.below, -y)
		}
	}
	f.outlines.Store(id, o)
	return o
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
