// Package lettering turns text into shapes: it finds fonts, sets a text of any
// script in lines, and hands out the outlines of its glyphs. It owns shaping,
// directions and line breaks; what is drawn with the outlines, and where, is its
// callers' business. It looks for fonts nowhere but where it is told: the same
// fonts and text give the same shapes on any machine. A font that breaks its
// parser is an error, never a panic.
package lettering

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"slices"
	"sync"

	"github.com/go-fonts/dejavu/dejavusans"
	"github.com/go-fonts/dejavu/dejavusansbold"
	"github.com/go-fonts/dejavu/dejavuserifbold"
	"github.com/go-text/typesetting/language"
)

// maxFont bounds a font.
const maxFont = 64 << 20

// maxShaped bounds the texts that are kept.
const maxShaped = 4096

// Fonts are fonts to set text in, the first that has it being taken. They are
// read once; what is shaped with them is kept. They may be used by several
// goroutines.
type Fonts struct {
	families []*family // the main one first
	main     [2]source // regular, bold
	asText   func(bold bool, text []rune) bool

	mu     sync.Mutex
	idle   []*setter
	shaped map[Words]*Text
}

// source is a font of the main family, as it was read.
type source struct {
	face *Face
	data []byte
}

// Sources are where fonts are looked for, one after the other.
type Sources struct {
	// Theme has a folder fonts, or is nil. Of it regular.ttf and bold.ttf are
	// the main family; the first stands in for the second where that is
	// missing. All others there have what these lack.
	Theme fs.FS
	// Folders are looked into after the theme and the built-in font.
	Folders []Folder
	// Note is told of fonts in Folders that are left out; nil: nobody is.
	Note func(file string, why error)
	// AsText tells which texts from left to right in the main family the caller
	// sets by itself: they are measured, character by character, and not shaped.
	// nil: all is shaped.
	AsText func(bold bool, text []rune) bool
	// Serif takes the built-in font with serifs, which is bold, as the main family
	// where the theme has none: for titles and initials. DejaVu Sans has what it lacks.
	Serif bool
}

// Open finds the fonts. Built in is DejaVu Sans: Latin with Vietnamese, Greek,
// Cyrillic, Armenian, Georgian, Hebrew, Arabic, Lao and others; it is the main
// family where the theme has none. A font of the theme that is broken is an
// error; one of Folders is left out.
func Open(from Sources) (*Fonts, error) {
	f := &Fonts{shaped: map[Words]*Text{}, asText: from.AsText}
	if err := f.addTheme(from.Theme); err != nil {
		return nil, err
	}
	before := len(f.families)
	if from.Serif {
		if err := f.addMain("DejaVu Serif Bold", dejavuserifbold.TTF, "", nil); err != nil {
			return nil, err
		}
	}
	if err := f.addMain("DejaVu Sans", dejavusans.TTF, "DejaVu Sans Bold", dejavusansbold.TTF); err != nil {
		return nil, err
	}
	for _, family := range f.families[before:] {
		for _, face := range family.in(true) {
			face.builtIn = true
		}
	}
	note := from.Note
	if note == nil {
		note = func(string, error) {}
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

// addTheme adds the fonts of a theme.
func (f *Fonts) addTheme(theme fs.FS) error {
	const regularName, boldName = "fonts/regular.ttf", "fonts/bold.ttf"
	regular, err := themeFont(theme, regularName)
	if err != nil {
		return err
	}
	bold, err := themeFont(theme, boldName)
	switch {
	case err != nil:
		return err
	case regular == nil && bold != nil:
		return errors.New("the theme has fonts/bold.ttf and no fonts/regular.ttf")
	case regular != nil:
		if err := f.addMain(regularName, regular, boldName, bold); err != nil {
			return fmt.Errorf("read the theme's %w", err)
		}
	}
	more, err := themeFamilies(theme)
	f.families = append(f.families, more...)
	return err
}

// trueType tells whether data begin as a TrueType font does (OpenType
// Specification 1.9, "Organization of an OpenType Font").
func trueType(data []byte) bool {
	return len(data) >= 4 && (string(data[:4]) == "\x00\x01\x00\x00" || string(data[:4]) == "true")
}

// addMain adds a family that is at hand, bold only if it is; the first one is the
// main one.
func (f *Fonts) addMain(regularName string, regular []byte, boldName string, bold []byte) error {
	r, err := builtIn(regularName, regular)
	if err != nil {
		return err
	}
	b := r
	if bold == nil {
		bold = regular
	} else if b, err = builtIn(boldName, bold); err != nil {
		return err
	}
	if f.main[0].face == nil {
		f.main = [2]source{{r, regular}, {b, bold}}
	}
	f.families = append(f.families, &family{regular: r, bold: b})
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
	folder := Folder{Name: "fonts", Files: files, but: []string{"regular.ttf", "bold.ttf"}}
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

// Main is the font of the main family.
func (f *Fonts) Main(bold bool) *Face { return f.source(bold).face }

// MainData is its file. Do not change it.
func (f *Fonts) MainData(bold bool) []byte { return f.source(bold).data }

func (f *Fonts) source(bold bool) source {
	if bold {
		return f.main[1]
	}
	return f.main[0]
}

// inOrder are the fonts to draw with: what is written in one of Europe's
// alphabets, in the main one if it can be.
func (f *Fonts) inOrder(bold bool, script language.Script) iter.Seq[*Face] {
	european := slices.Contains([]language.Script{language.Latin, language.Greek, language.Cyrillic, language.Common, language.Inherited}, script)
	return func(yield func(*Face) bool) {
		if european && !yield(f.Main(bold)) {
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

// Set shapes a text, or finds it among those that are shaped. The error is a
// *MissingRune where no font has a character.
func (f *Fonts) Set(k Words) (*Text, error) {
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
	if lacking := (*MissingRune)(nil); err == nil || errors.As(err, &lacking) {
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
func themeFont(theme fs.FS, name string) (data []byte, err error) {
	if theme == nil {
		return nil, nil
	}
	info, err := fs.Lstat(theme, name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err == nil && !info.Mode().IsRegular():
		err = errors.New("not a regular file")
	case err == nil:
		data, err = readWhole(theme, name)
	}
	if err == nil && !trueType(data) {
		err = errors.New("not a TrueType font (OpenType fonts with CFF outlines and collections cannot be embedded: call them other than regular and bold)")
	}
	if err != nil {
		return nil, fmt.Errorf("read the theme's %s: %w", name, err)
	}
	return data, nil
}

// readWhole reads a file of at most maxFont bytes.
func readWhole(files fs.FS, name string) ([]byte, error) {
	f, err := files.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxFont+1))
	if err == nil && len(data) > maxFont {
		return nil, fmt.Errorf("larger than %d bytes", maxFont)
	}
	return data, err
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
