package deliver

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"slices"
	"strings"
	"sync"
	"unicode"

	"codeberg.org/go-pdf/fpdf"
	"github.com/go-fonts/dejavu/dejavusans"
	"github.com/go-fonts/dejavu/dejavusansbold"
	"github.com/go-text/typesetting/language"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/text/unicode/norm"
)

// maxFont bounds a font. Only the characters that a certificate uses get into
// it.
const maxFont = 64 << 20

// Fonts are those of the certificates on paper. They are read once and shared
// by all; what is shaped with them is kept for the next certificate. They may
// be used by several goroutines.
type Fonts struct {
	// regular and bold are embedded: what they have of the alphabets of Europe
	// is written as text. All else is drawn with the first of families that has
	// it.
	regular, bold *embedded
	families      []*family

	mu     sync.Mutex
	idle   []*setter
	shaped map[textKey]*text
}

// maxShaped bounds the texts that are kept.
const maxShaped = 4096

// embedded is a TrueType font that is embedded, and which characters of the Basic
// Multilingual Plane it writes.
type embedded struct {
	data []byte // of the theme or built in, cut down to the characters in has
	face *face
	has  [0x10000 / 64]uint64
}

// FontSources are where fonts are looked for, one after the other.
type FontSources struct {
	// Theme has a folder fonts, or is nil. Of it regular.ttf and bold.ttf are
	// what certificates are set in; the first stands in for the second where
	// that is missing. All others there have what these lack.
	Theme fs.FS
	// Folders are looked into after the theme and the built-in font.
	Folders []FontFolder
	// Note is told of fonts in Folders that are left out; nil: nobody is.
	Note func(string)
}

// NewFonts finds the fonts. Built in is DejaVu Sans: Latin with Vietnamese,
// Greek, Cyrillic, Armenian, Georgian, Hebrew, Arabic, Lao and others.
func NewFonts(from FontSources) (*Fonts, error) {
	note := func(file string, why error) {
		if from.Note != nil {
			from.Note(fmt.Sprintf("%s is left out: %v", file, why))
		}
	}
	regular, err := themeFont(from.Theme, "fonts/regular.ttf")
	if err != nil {
		return nil, err
	}
	bold, err := themeFont(from.Theme, "fonts/bold.ttf")
	if err != nil {
		return nil, err
	}
	if regular == nil && bold != nil {
		return nil, errors.New("the theme has fonts/bold.ttf and no fonts/regular.ttf")
	}
	if bold == nil {
		bold = regular
	}
	f := &Fonts{regular: regular, bold: bold, shaped: map[textKey]*text{}}
	if regular != nil {
		f.families = append(f.families, &family{regular: regular.face, bold: bold.face})
	}
	more, err := themeFamilies(from.Theme)
	if err != nil {
		return nil, err
	}
	f.families = append(f.families, more...)
	if err := f.addBuiltIn(); err != nil {
		return nil, err
	}
	for _, d := range from.Folders {
		more, err := d.families(note)
		if err != nil {
			return nil, err
		}
		f.families = append(f.families, more...)
	}
	return f, nil
}

// addBuiltIn adds DejaVu Sans, which is also embedded where the theme has no
// font for it.
func (f *Fonts) addBuiltIn() error {
	if f.regular == nil {
		var err error
		if f.regular, err = readFont("DejaVu Sans", dejavusans.TTF, true); err != nil {
			return err
		}
		if f.bold, err = readFont("DejaVu Sans Bold", dejavusansbold.TTF, true); err != nil {
			return err
		}
		f.families = append(f.families, &family{regular: f.regular.face, bold: f.bold.face})
		return nil
	}
	regular, err := builtIn("DejaVu Sans", dejavusans.TTF)
	if err != nil {
		return err
	}
	bold, err := builtIn("DejaVu Sans Bold", dejavusansbold.TTF)
	if err != nil {
		return err
	}
	f.families = append(f.families, &family{regular: regular, bold: bold})
	return nil
}

// themeFamilies are the theme's fonts beside regular.ttf and bold.ttf. One that
// is broken is an error.
func themeFamilies(theme fs.FS) ([]*family, error) {
	if theme == nil {
		return nil, nil
	}
	if info, err := fs.Lstat(theme, "fonts"); errors.Is(err, fs.ErrNotExist) || err == nil && !info.IsDir() {
		return nil, nil
	}
	files, err := fs.Sub(theme, "fonts")
	if err != nil {
		return nil, fmt.Errorf("read the theme's fonts: %w", err)
	}
	var broken error
	folder := FontFolder{Name: "fonts", Files: files, but: []string{"regular.ttf", "bold.ttf"}}
	all, err := folder.families(func(file string, why error) { broken = fmt.Errorf("read the theme's %s: %w", file, why) })
	if err != nil {
		return nil, fmt.Errorf("read the theme's fonts: %w", err)
	}
	for _, family := range all {
		for _, face := range family.in(true) {
			if _, err := face.open(); err != nil {
				return nil, fmt.Errorf("read the theme's %s: %w", face.path, err)
			}
		}
	}
	return all, broken
}

// main is the font that is embedded.
func (f *Fonts) main(bold bool) *embedded {
	if bold {
		return f.bold
	}
	return f.regular
}

// inOrder are the fonts to draw with: what is written in one of Europe's
// alphabets, in the embedded one if it can be.
func (f *Fonts) inOrder(bold bool, script language.Script) iter.Seq[*face] {
	european := slices.Contains([]language.Script{language.Latin, language.Greek, language.Cyrillic, language.Common, language.Inherited}, script)
	return func(yield func(*face) bool) {
		if european && !yield(f.main(bold).face) {
			return
		}
		for _, family := range f.families {
			for _, face := range family.in(bold) {
				if !yield(face) {
					return
				}
			}
		}
	}
}

// set shapes a text, or finds it among those that are shaped. The error is a
// *missingRune where no font has a character.
func (f *Fonts) set(k textKey) (*text, error) {
	f.mu.Lock()
	t := f.shaped[k]
	var s *setter
	if n := len(f.idle); t == nil && n > 0 {
		s, f.idle = f.idle[n-1], f.idle[:n-1]
	}
	f.mu.Unlock()
	if t != nil {
		return t, nil
	}
	if s == nil {
		s = newSetter()
	}
	t, err := s.set(f, k)
	f.mu.Lock()
	defer f.mu.Unlock()
	if lacking := (*missingRune)(nil); err == nil || errors.As(err, &lacking) {
		f.idle = append(f.idle, s) // else something has gone wrong in it
	}
	if err != nil {
		return nil, err
	}
	if len(f.shaped) >= maxShaped {
		clear(f.shaped)
	}
	f.shaped[k] = t
	return t, nil
}

// themeFont reads a font of the theme; nil where there is none.
func themeFont(theme fs.FS, name string) (*embedded, error) {
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
	out, err := readFont(name, data, false)
	if err != nil {
		return nil, fmt.Errorf("read the theme's %s: %w", name, err)
	}
	return out, nil
}

// readFont checks a font with a parser that is made for hostile ones, and then
// that the writer of PDFs, which is not, takes it. The writer gets no more of it
// than is written as text, as it reads all of it again for each certificate. A
// font that is trusted is not tried.
func readFont(name string, data []byte, trusted bool) (*embedded, error) {
	if len(data) < 4 || string(data[:4]) != "\x00\x01\x00\x00" && string(data[:4]) != "true" {
		return nil, errors.New("not a TrueType font (OpenType fonts with CFF outlines and collections cannot be embedded: call them other than regular and bold)")
	}
	parsed, err := sfnt.Parse(data)
	if err != nil {
		return nil, fmt.Errorf("not a TrueType font: %w", err)
	}
	if err := embeddable(data); err != nil {
		return nil, err
	}
	f := &embedded{}
	if f.face, err = builtIn(name, data); err != nil {
		return nil, err
	}
	var buffer sfnt.Buffer
	for r := rune(1); r < 0x10000; r++ {
		if !european(r) {
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
		}
	}
	if err := f.cut(data); err != nil || trusted {
		return f, err
	}
	return f, f.try()
}

// european tells whether a character is of the alphabets of Europe, or stands
// beside them, and is drawn by itself.
func european(r rune) bool {
	return unicode.In(r, unicode.Latin, unicode.Greek, unicode.Cyrillic) && !unicode.Is(unicode.Mn, r) ||
		unicode.Is(unicode.Common, r) && unicode.IsGraphic(r) && (r < 0x0300 || 0x2000 <= r && r < 0x2E00)
}

// cut takes from a font what is embedded.
func (f *embedded) cut(data []byte) (err error) {
	defer unusable(&err)
	all := f.all()
	if all == "" {
		return errors.New("a TrueType font without characters")
	}
	f.data = fpdf.UTF8CutFont(data, all)
	return nil
}

func unusable(err *error) {
	if recover() != nil {
		*err = errors.New("a TrueType font with tables that cannot be embedded")
	}
}

// all is a text of every character that is embedded.
func (f *embedded) all() string {
	var all strings.Builder
	for r := rune(1); r < 0x10000; r++ {
		if f.covers(r) {
			all.WriteRune(r)
		}
	}
	return all.String()
}

// try draws every character that is embedded, and writes a page with all of
// them.
func (f *embedded) try() (err error) {
	defer unusable(&err)
	opened, err := newSetter().face(f.face)
	if err != nil {
		return err
	}
	for _, r := range f.all() {
		if id, ok := opened.NominalGlyph(r); ok {
			f.face.outline(opened, id)
		}
	}
	pdf := fpdf.New("L", "mm", "A4", "")
	pdf.AddUTF8FontFromBytes("f", "", f.data)
	pdf.AddPage()
	pdf.SetFont("f", "", 10)
	pdf.Text(10, 10, f.all())
	return pdf.Output(io.Discard)
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

// printable is text as it is set on paper: composed, in one line, without what
// has no shape of its own. What joins and parts letters stays between letters
// that it may join: Persian and Sinhala, among others, are not right without.
func printable(s string) string {
	s = norm.NFC.String(s)
	if !plain(s) {
		s = visible(s)
	}
	return strings.Join(strings.Fields(s), " ")
}

// plain tells whether a text has nothing but letters and spaces.
func plain(s string) bool {
	for _, r := range s {
		if r < ' ' || r >= 0x7f && !unicode.IsLetter(r) {
			return false
		}
	}
	return true
}

// visible leaves out what has no shape.
func visible(s string) string {
	all := []rune(s)
	var b strings.Builder
	for i, r := range all {
		switch {
		case unicode.IsSpace(r):
			b.WriteByte(' ')
		case r == zeroWidthNonJoiner || r == zeroWidthJoiner:
			if i > 0 && i+1 < len(all) && joinable(all[i-1]) {
				b.WriteRune(r)
			}
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), 0xFE00 <= r && r <= 0xFE0F:
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

const (
	zeroWidthNonJoiner = 0x200C
	zeroWidthJoiner    = 0x200D
)

// joinable tells whether a character is of a script whose letters join.
func joinable(r rune) bool {
	return (unicode.IsLetter(r) || unicode.IsMark(r)) && r > 0x0600 && !european(r) && !unicode.In(r, unicode.Inherited, unicode.Han, unicode.Hangul, unicode.Hiragana, unicode.Katakana)
}

// writes tells whether all of a text is embedded.
func (f *embedded) writes(text []rune) bool {
	for _, r := range text {
		if !f.covers(r) {
			return false
		}
	}
	return true
}

// Digest is a digest of all fonts.
func (f *Fonts) Digest() [32]byte {
	h := sha256.New()
	for _, family := range f.families {
		for _, face := range family.in(true) {
			h.Write(face.digest[:])
		}
	}
	return [32]byte(h.Sum(nil))
}
