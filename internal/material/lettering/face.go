package lettering

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/font/opentype"
	"github.com/go-text/typesetting/font/opentype/tables"
	"golang.org/x/text/unicode/norm"
)

// Face is a font that text is shaped with and whose outlines are drawn. It is
// read when it is first used, and then shared by all.
type Face struct {
	path   string // for people: the file, and which of a collection
	family string
	aspect font.Aspect
	// variable tells whether it may be made bold, heavy that it is to be.
	variable, heavy bool
	builtIn         bool
	cmap            font.Cmap
	digest          [32]byte
	load            func() (*font.Font, error)

	once     sync.Once
	font     *font.Font
	err      error
	outlines sync.Map // font.GID -> *Outline
}

// Outline is the shape of a glyph, in the units of its font, y up, and how far
// it reaches above and below the base line.
type Outline struct {
	Segments     []opentype.Segment
	Above, Below float64 // in sizes of the type
}

// open reads the font.
func (f *Face) open() (*font.Font, error) {
	f.once.Do(func() {
		f.font, f.err = f.load()
		if f.err == nil && f.font.Upem() == 0 {
			f.err = fmt.Errorf("%s: a font without a size", f.path)
		}
	})
	return f.font, f.err
}

const unreadable = "not a font that can be read"

// orBroken makes the panic of a parser that a font breaks an error. It is to be
// deferred.
func orBroken(err *error, text string) {
	if recover() != nil {
		*err = errors.New(text)
	}
}

// parseFont reads font number i of a file. A font that breaks the parser is an
// error.
func parseFont(data []byte, i int) (f *font.Font, err error) {
	defer orBroken(&err, unreadable)
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
func (f *Face) covers(r rune) bool {
	if _, ok := f.cmap.Lookup(r); ok || ignorable(r) {
		return true
	}
	parts := []rune(norm.NFD.String(string(r)))
	return len(parts) > 1 && !slices.ContainsFunc(parts, func(p rune) bool { _, ok := f.cmap.Lookup(p); return !ok })
}

// outline draws a glyph once.
func (f *Face) outline(of *font.Face, id font.GID) *Outline {
	if kept, ok := f.outlines.Load(id); ok {
		return kept.(*Outline)
	}
	drawn, _ := of.GlyphDataOutline(id)
	o := &Outline{Segments: drawn.Segments}
	upem := float64(of.Upem())
	for i, s := range drawn.Segments {
		for _, p := range s.ArgsSlice() {
			y := float64(p.Y) / upem
			if i == 0 {
				o.Above, o.Below = y, -y
			}
			o.Above, o.Below = max(o.Above, y), max(o.Below, -y)
		}
	}
	f.outlines.Store(id, o)
	return o
}

// Path names the font for people: its file, and which of a collection.
func (f *Face) Path() string { return f.path }

// BuiltIn tells whether the font is laurel's own.
func (f *Face) BuiltIn() bool { return f.builtIn }

// Try draws every character of a text once: an error where the font breaks the
// parser.
func (f *Face) Try(text string) (err error) {
	defer orBroken(&err, "a font with outlines that cannot be read")
	opened, err := newSetter().face(f)
	if err != nil {
		return err
	}
	for _, r := range text {
		if id, ok := opened.NominalGlyph(r); ok {
			f.outline(opened, id)
		}
	}
	return nil
}

// Steps of an outline, and a place in it.
const (
	MoveTo = opentype.SegmentOpMoveTo
	LineTo = opentype.SegmentOpLineTo
	QuadTo = opentype.SegmentOpQuadTo
	CubeTo = opentype.SegmentOpCubeTo
)

// Point is a place in an outline.
type Point = opentype.SegmentPoint
