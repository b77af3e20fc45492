package lettering

import (
	"fmt"
	"iter"
	"slices"
	"unicode"

	"github.com/go-text/typesetting/bidi"
	"github.com/go-text/typesetting/di"
	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/font/opentype"
	"github.com/go-text/typesetting/language"
	"github.com/go-text/typesetting/segmenter"
	"github.com/go-text/typesetting/shaping"
	"golang.org/x/image/math/fixed"
	unicodebidi "golang.org/x/text/unicode/bidi"

	"laurel/internal/material/text"
)

// setter shapes text. It keeps what it learns of fonts, and serves one
// goroutine at a time.
type setter struct {
	paragraph bidi.Paragraph
	segments  segmenter.Segmenter
	shaper    shaping.HarfbuzzShaper
	faces     map[*Face]*font.Face
}

func newSetter() *setter {
	s := &setter{faces: map[*Face]*font.Face{}}
	s.shaper.SetFontCacheSize(64)
	return s
}

// face is a font to shape with; an error where it cannot be read.
func (s *setter) face(f *Face) (*font.Face, error) {
	if known, ok := s.faces[f]; ok {
		return known, nil
	}
	parsed, err := f.open()
	if err != nil {
		return nil, err
	}
	opened := font.NewFace(parsed)
	if f.heavy {
		opened.SetVariations([]font.Variation{{Tag: opentype.MustNewTag("wght"), Value: float32(font.WeightBold)}})
	}
	s.faces[f] = opened
	return opened, nil
}

// draws tells whether a font has characters, with a shape each.
func (s *setter) draws(f *Face, text []rune) bool {
	if slices.ContainsFunc(text, func(r rune) bool { return !f.covers(r) }) {
		return false
	}
	opened, err := s.face(f)
	if err != nil {
		return false
	}
	for _, r := range text {
		// Fonts of emoji list characters that are pictures elsewhere in them.
		if id, ok := opened.NominalGlyph(r); ok && unicode.IsGraphic(r) && !unicode.IsSpace(r) && !ignorable(r) && len(f.outline(opened, id).Segments) == 0 {
			return false
		}
	}
	return true
}

// MissingRune says that no font has a character.
type MissingRune struct{ Rune rune }

func (e *MissingRune) Error() string { return fmt.Sprintf("no font has %U", e.Rune) }

// set shapes a text, which is printable.
func (s *setter) set(fonts *Fonts, k Words) (t *Text, err error) {
	defer orBroken(&err, "set a text: one of the fonts is broken")
	t = &Text{Runes: []rune(k.Text), Above: ascent, Below: height - ascent}
	n := len(t.Runes)
	t.Sums, t.breaks, t.splits = make([]float64, n+1), make([]bool, n+1), make([]bool, n+1)
	direction := bidi.LeftToRight
	if startsRight(k.Text, k.RightToLeft) {
		direction, t.Base = bidi.RightToLeft, 1
	}
	s.findBreaks(t)
	runs := s.paragraph.Segment(inOneDirection(t.Runes), direction)
	for i := range runs.NumRuns() {
		r := runs.Run(i)
		level := int(r.Level)
		for from := r.Start; from < r.End; {
			end, own := oneLevel(t.Runes, from, r.End, t.Base, level)
			for from < end {
				to, script := sameScript(t.Runes, from, end)
				if err := s.addRuns(fonts, k, t, from, to, own, script); err != nil {
					return nil, err
				}
				from = to
			}
			level = 0
		}
	}
	t.sum()
	return t, nil
}

// findBreaks finds where a line may end (Unicode Line Breaking Algorithm, UAX
// #14), and where a word may be broken for want of such a place.
func (s *setter) findBreaks(t *Text) {
	s.segments.Init(t.Runes)
	for lines := s.segments.LineIterator(); lines.Next(); {
		l := lines.Line()
		t.breaks[l.Offset+len(l.Text)] = true
	}
	for all := s.segments.GraphemeIterator(); all.Next(); {
		t.splits[all.Grapheme().Offset] = true
	}
	t.splits[len(t.Runes)] = true
	// An address is not divided after a hyphen: who copies it from a PDF gets it without
	// that, as a word that was divided.
	for from, to := range addresses(t.Runes) {
		for i := from; i < to-1; i++ {
			if t.Runes[i] == '-' && t.Runes[i+1] != '-' {
				t.breaks[i+1], t.splits[i+1] = false, false
			}
		}
	}
}

// sameScript is how far one script goes; what belongs to none, such as digits
// and spaces, goes with what is before it, or else after it.
func sameScript(text []rune, from, end int) (int, language.Script) {
	script := language.Common
	for i := from; i < end; i++ {
		switch own := language.LookupScript(text[i]); {
		case !own.Strong() || own == script:
		case script == language.Common:
			script = own
		default:
			return i, script
		}
	}
	return end, script
}

// addRuns chooses fonts for a stretch of one script and direction: one for all
// of it if there is one, else one for each of its characters.
func (s *setter) addRuns(fonts *Fonts, k Words, t *Text, from, to, level int, script language.Script) error {
	faces := fonts.inOrder(k.Bold, script)
	if f := s.first(faces, t.Runes[from:to]); f != nil {
		return s.addRun(fonts, k, t, from, to, level, script, f)
	}
	var current *Face
	start := from
	for i := from; i < to; {
		end := i + 1
		for end < to && !t.splits[end] {
			end++
		}
		chosen := current
		if current == nil || !s.draws(current, t.Runes[i:end]) {
			chosen = s.first(faces, t.Runes[i:end])
		}
		if chosen == nil {
			worst := slices.IndexFunc(t.Runes[i:end], func(r rune) bool { return s.first(faces, []rune{r}) == nil })
			return &MissingRune{t.Runes[i+max(worst, 0)]}
		}
		if current != nil && chosen != current {
			if err := s.addRun(fonts, k, t, start, i, level, script, current); err != nil {
				return err
			}
			start = i
		}
		current, i = chosen, end
	}
	return s.addRun(fonts, k, t, start, to, level, script, current)
}

// first is the first font that has some characters, or nil.
func (s *setter) first(faces iter.Seq[*Face], text []rune) *Face {
	for f := range faces {
		if s.draws(f, text) {
			return f
		}
	}
	return nil
}

// addRun sets a stretch in one font: as it stands, where that is the main one
// and the caller writes it as text, else shaped.
func (s *setter) addRun(fonts *Fonts, k Words, t *Text, from, to, level int, script language.Script, f *Face) error {
	opened, err := s.face(f)
	if err != nil {
		return err
	}
	upem := float64(opened.Upem())
	r := Run{From: from, To: to, Level: level, Face: f, Upem: upem}
	if !k.Drawn && f == fonts.Main(k.Bold) && level%2 == 0 && fonts.asText != nil && fonts.asText(k.Bold, t.Runes[from:to]) {
		r.AsText = true
		for i := from; i < to; i++ {
			id, _ := opened.NominalGlyph(t.Runes[i])
			t.Sums[i] = float64(opened.HorizontalAdvance(id)) / upem
			if size, ok := opened.GlyphExtents(id); ok {
				t.reach(float64(size.YBearing)/upem, -float64(size.YBearing+size.Height)/upem)
			}
		}
		t.runs = append(t.runs, r)
		return nil
	}
	direction := di.DirectionLTR
	if level%2 == 1 {
		direction = di.DirectionRTL
	}
	out := s.shaper.ShapeNoExtents(shaping.Input{
		Text: t.Runes, RunStart: from, RunEnd: to, Direction: direction, Face: opened, Size: fixed.I(int(opened.Upem())),
		Script: script, Language: language.NewLanguage(k.Language),
	})
	units := func(v fixed.Int26_6) float64 { return float64(v) / 64 / upem }
	starts := make([]bool, to-from)
	for _, g := range out.Glyphs {
		at := g.TextIndex()
		if g.GlyphID == 0 && !ignorable(t.Runes[at]) && !unicode.IsSpace(t.Runes[at]) {
			return &MissingRune{t.Runes[at]}
		}
		shown := f.outline(opened, g.GlyphID)
		dy := units(g.YOffset)
		t.reach(shown.Above+dy, shown.Below-dy)
		r.Glyphs = append(r.Glyphs, Glyph{ID: g.GlyphID, At: at, DX: units(g.XOffset), DY: dy, Advance: units(g.Advance), Outline: shown})
		t.Sums[at] += units(g.Advance)
		starts[at-from] = true
	}
	for i, is := range starts {
		if !is { // what is drawn as one is not broken
			t.splits[from+i], t.breaks[from+i] = false, false
		}
	}
	t.runs = append(t.runs, r)
	return nil
}

// addresses are where the words of a text begin and end that are addresses or
// identifiers: those with a colon within.
func addresses(text []rune) iter.Seq2[int, int] {
	return func(yield func(int, int) bool) {
		for from := 0; from < len(text); {
			to := from
			for to < len(text) && !unicode.IsSpace(text[to]) {
				to++
			}
			if colon := slices.Index(text[from:to], ':'); colon >= 0 && from+colon < to-1 && !yield(from, to) {
				return
			}
			from = to + 1
		}
	}
}

// inOneDirection is a text by whose letters its runs are found: an address runs from
// left to right as a whole, also the slash at its end.
func inOneDirection(text []rune) []rune {
	same := text
	for from, to := range addresses(text) {
		if startsRight(string(text[from:to]), true) {
			continue
		}
		if &same[0] == &text[0] {
			same = slices.Clone(text)
		}
		for i := from; i < to; i++ {
			same[i] = 'a'
		}
	}
	return same
}

// startsRight tells whether a text runs from right to left: the direction of
// its first letter, else that of the text around it (UAX #9, P2 and P3).
func startsRight(text string, around bool) bool {
	for _, r := range text {
		switch classOf(r) {
		case unicodebidi.L:
			return false
		case unicodebidi.R, unicodebidi.AL:
			return true
		}
	}
	return around
}

func classOf(r rune) unicodebidi.Class {
	properties, _ := unicodebidi.LookupRune(r)
	return properties.Class()
}

// oneLevel is how far one embedding level goes. The runs of go-text are of one
// direction: in a text from left to right a number that belongs to letters from
// right to left (level 2) and what is after it (level 0) are one run there.
func oneLevel(text []rune, from, end, base, level int) (int, int) {
	if base == 1 || level%2 == 1 {
		return end, level
	}
	if level == 0 {
		for i := from; i < end; i++ {
			if classOf(text[i]) == unicodebidi.AN {
				if i > from {
					return i, 0
				}
				level = 2
				break
			}
		}
	}
	if level == 0 {
		return end, 0
	}
	number := func(i int) bool {
		return i < end && (classOf(text[i]) == unicodebidi.EN || classOf(text[i]) == unicodebidi.AN)
	}
	for i := from; i < end; i++ {
		switch classOf(text[i]) {
		case unicodebidi.EN, unicodebidi.AN, unicodebidi.ET, unicodebidi.NSM, unicodebidi.BN:
		case unicodebidi.ES, unicodebidi.CS:
			if !number(i + 1) {
				return i, 2
			}
		default:
			return max(i, from+1), 2
		}
	}
	return end, 2
}

// ignorable tells whether a character only has an effect on others, so that a
// font need not have it.
func ignorable(r rune) bool {
	c := text.ClassOf(r)
	return c == text.Joiner || c == text.Hidden
}
