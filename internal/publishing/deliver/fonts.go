package deliver

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"unicode"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/text/unicode/norm"
)

// maxFont bounds a theme's font. Only the characters that a certificate uses
// get into it.
const maxFont = 16 << 20

// Fonts are those of the certificates on paper. They are read once and shared
// by all.
type Fonts struct{ regular, bold *font }

// font is a TrueType font, and which characters of the Basic Multilingual
// Plane it has a glyph for.
type font struct {
	data []byte
	has  [0x10000 / 64]uint64
}

// NewFonts reads fonts/regular.ttf and fonts/bold.ttf of a theme; the first
// stands in for the second where that is missing. Without them, or a theme, it
// is the Go fonts: Latin, Greek and Cyrillic.
func NewFonts(theme fs.FS) (*Fonts, error) {
	regular, err := themeFont(theme, "fonts/regular.ttf")
	if err != nil {
		return nil, err
	}
	bold, err := themeFont(theme, "fonts/bold.ttf")
	if err != nil {
		return nil, err
	}
	switch {
	case regular == nil && bold != nil:
		return nil, errors.New("the theme has fonts/bold.ttf and no fonts/regular.ttf")
	case regular == nil:
		return builtInFonts()
	case bold == nil:
		bold = regular
	}
	return &Fonts{regular, bold}, nil
}

func builtInFonts() (*Fonts, error) {
	regular, err := readFont(goregular.TTF)
	if err != nil {
		return nil, err
	}
	bold, err := readFont(gobold.TTF)
	if err != nil {
		return nil, err
	}
	return &Fonts{regular, bold}, nil
}

// themeFont reads a font of the theme; nil where there is none.
func themeFont(theme fs.FS, name string) (*font, error) {
	if theme == nil {
		return nil, nil
	}
	info, err := fs.Lstat(theme, name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the theme's %s: %w", name, err)
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("read the theme's %s: not a regular file", name)
	}
	f, err := theme.Open(name)
	if err != nil {
		return nil, fmt.Errorf("read the theme's %s: %w", name, err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxFont+1))
	if err != nil {
		return nil, fmt.Errorf("read the theme's %s: %w", name, err)
	}
	if len(data) > maxFont {
		return nil, fmt.Errorf("read the theme's %s: larger than %d bytes", name, maxFont)
	}
	out, err := readFont(data)
	if err != nil {
		return nil, fmt.Errorf("read the theme's %s: %w", name, err)
	}
	return out, nil
}

// readFont checks a font with a parser that is made for hostile ones, and then
// that the writer of PDFs, which is not, takes it.
func readFont(data []byte) (*font, error) {
	if len(data) < 4 || string(data[:4]) != "\x00\x01\x00\x00" && string(data[:4]) != "true" {
		return nil, errors.New("not a TrueType font (OpenType fonts with CFF outlines and collections cannot be embedded)")
	}
	parsed, err := sfnt.Parse(data)
	if err != nil {
		return nil, fmt.Errorf("not a TrueType font: %w", err)
	}
	if err := embeddable(data); err != nil {
		return nil, err
	}
	f := &font{data: data}
	var buffer sfnt.Buffer
	for r := rune(1); r < 0x10000; r++ {
		i, err := parsed.GlyphIndex(&buffer, r)
		if err != nil || i == 0 {
			continue
		}
		// A glyph that is made of itself would be followed for ever.
		if _, err := parsed.LoadGlyph(&buffer, i, fixed.I(16), nil); err == nil {
			f.has[r/64] |= 1 << (r % 64)
		}
	}
	return f, f.try()
}

// try writes a page with every character of the font.
func (f *font) try() (err error) {
	defer func() {
		if recover() != nil {
			err = errors.New("a TrueType font with tables that cannot be embedded")
		}
	}()
	pdf := fpdf.New("L", "mm", "A4", "")
	pdf.AddUTF8FontFromBytes("f", "", f.data)
	pdf.AddPage()
	pdf.SetFont("f", "", 10)
	var all strings.Builder
	for r := rune(1); r < 0x10000; r++ {
		if f.covers(r) {
			all.WriteRune(r)
		}
	}
	if all.Len() == 0 {
		return errors.New("a TrueType font without characters")
	}
	pdf.Text(10, 10, all.String())
	return pdf.Output(io.Discard)
}

func (f *font) covers(r rune) bool { return r < 0x10000 && f.has[r/64]>>(r%64)&1 == 1 }

// GlyphError says that the certificate's font cannot write an award. Neither
// the text nor its owner is named.
type GlyphError struct {
	Place string // file:line of the award
	Rune  rune
}

func (e *GlyphError) Error() string {
	return fmt.Sprintf("%s: the certificate's font has no character %U (%s)", e.Place, e.Rune, scriptOf(e.Rune))
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

// printable is text as it is set on paper: composed, in one line, without what
// has no shape of its own.
func printable(s string) string {
	s = norm.NFC.String(s)
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), 0xFE00 <= r && r <= 0xFE0F:
			return -1
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// missing is the first character that the font lacks, or 0.
func (f *font) missing(s string) rune {
	for _, r := range s {
		if !f.covers(r) {
			return r
		}
	}
	return 0
}

// Digest is the SHA-256 of both fonts.
func (f *Fonts) Digest() [32]byte {
	h := sha256.New()
	for _, font := range []*font{f.regular, f.bold} {
		sum := sha256.Sum256(font.data)
		h.Write(sum[:])
	}
	return [32]byte(h.Sum(nil))
}
