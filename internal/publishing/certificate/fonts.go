package certificate

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"

	"laurel/internal/material/lettering"
	"laurel/internal/material/pdf"
	"laurel/internal/material/text"
)

// Fonts are those of the certificates on paper. They are read once and shared
// by all; what is shaped with them is kept for the next certificate. They may
// be used by several goroutines.
type Fonts struct {
	letters *lettering.Fonts
	// regular and bold are embedded: what they have of the alphabets of Europe
	// is written as text. All else is drawn with the first font that has it.
	regular, bold *embedded
	written       sync.Map // *lettering.Outline, or of an ornament what it is -> its operators, a string
}

// embedded is a TrueType font that is embedded, and which characters of the Basic
// Multilingual Plane it writes.
type embedded struct {
	font *pdf.Font
	has  [0x10000 / 64]uint64
}

// NewFonts finds the fonts; see lettering.Open. AsText is its own to say. Those that
// are embedded are checked to be such that they can be.
func NewFonts(from lettering.Sources) (f *Fonts, err error) {
	f = &Fonts{}
	from.AsText = func(bold bool, text []rune) bool { return f.main(bold).writes(text) }
	if f.letters, err = lettering.Open(from); err != nil {
		return nil, err
	}
	if f.regular, err = f.embed(false); err != nil {
		return nil, err
	}
	f.bold = f.regular
	if f.letters.Main(true) != f.letters.Main(false) {
		f.bold, err = f.embed(true)
	}
	return f, err
}

// embed makes the main font ready to be embedded.
func (f *Fonts) embed(bold bool) (*embedded, error) {
	face := f.letters.Main(bold)
	e, err := readFont(face, f.letters.MainData(bold))
	if err != nil {
		return nil, fmt.Errorf("read the theme's %s: %w", face.Path(), err)
	}
	return e, nil
}

// main is the font that is embedded.
func (f *Fonts) main(bold bool) *embedded {
	if bold {
		return f.bold
	}
	return f.regular
}

// Digest is a digest of all fonts.
func (f *Fonts) Digest() [32]byte { return f.letters.Digest() }

// readFont checks a font with a parser that is made for hostile ones, and then
// that it can be embedded. A font that is trusted is not tried.
func readFont(face *lettering.Face, data []byte) (*embedded, error) {
	trusted := face.BuiltIn()
	parsed, err := sfnt.Parse(data)
	if err != nil {
		return nil, fmt.Errorf("not a TrueType font: %w", err)
	}
	tables, err := embeddable(data)
	if err != nil {
		return nil, err
	}
	f := &embedded{}
	glyphs := map[rune]uint16{}
	var all strings.Builder
	var buffer sfnt.Buffer
	for r := rune(1); r < 0x10000; r++ {
		if !text.European(r) {
			continue
		}
		i, err := parsed.GlyphIndex(&buffer, r)
		if err != nil || i == 0 {
			continue
		}
		// A glyph that is made of itself would be followed for ever.
		if !trusted {
			_, err = parsed.LoadGlyph(&buffer, i, fixed.I(16), nil)
		}
		if err == nil {
			f.has[r/64] |= 1 << (r % 64)
			glyphs[r] = uint16(i)
			all.WriteRune(r)
		}
	}
	if len(glyphs) == 0 {
		return nil, errors.New("a TrueType font without characters")
	}
	name := strings.Map(func(r rune) rune {
		if r < 0x80 && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
			return r
		}
		return -1
	}, strings.TrimSuffix(path.Base(face.Path()), path.Ext(face.Path())))
	if f.font, err = pdf.NewFont(name, tables, glyphs); err != nil || trusted {
		return f, err
	}
	return f, face.Try(all.String())
}

func (f *embedded) covers(r rune) bool { return r < 0x10000 && f.has[r/64]>>(r%64)&1 == 1 }

// GlyphError says that no font has a character of an award. Neither
// the text nor its owner is named.
type GlyphError struct {
	Place string // file:line of the award
	Rune  rune
}

func (e *GlyphError) Error() string {
	return fmt.Sprintf("%s: no font for the certificate has %U (%s)", e.Place, e.Rune, scriptOf(e.Rune))
}

// scriptOf names the script of a character, to help find a font.
func scriptOf(r rune) string {
	for name, table := range unicode.Scripts {
		if name != "Common" && name != "Inherited" && unicode.Is(table, r) {
			return name
		}
	}
	return "a symbol"
}

// writes tells whether all of a text is embedded.
func (f *embedded) writes(text []rune) bool {
	return !slices.ContainsFunc(text, func(r rune) bool { return !f.covers(r) })
}
