package certificate

import (
	"slices"

	"laurel/internal/material/lettering"
)

// Visual is a text as it is seen from left to right.
func (f *Fonts) Visual(line string, rightToLeft bool) (string, error) {
	t, err := f.letters.Set(lettering.Words{Text: line, RightToLeft: rightToLeft})
	if err != nil {
		return "", err
	}
	var all []rune
	for _, p := range t.Whole().Pieces() {
		part := slices.Clone(t.Runes[p.From:p.To])
		if p.Level%2 == 1 {
			slices.Reverse(part)
		}
		all = append(all, part...)
	}
	return string(all), nil
}

// Glyphs are the numbers of the glyphs of a text, from left to right, none where
// it is written as text, and the fonts of its runs.
func (f *Fonts) Glyphs(s string, bold bool) (ids []uint32, fonts []string, err error) {
	t, err := f.letters.Set(lettering.Words{Text: s, Bold: bold})
	if err != nil {
		return nil, nil, err
	}
	for _, p := range t.Whole().Pieces() {
		fonts = append(fonts, p.Face.Path())
		for _, g := range p.Glyphs {
			ids = append(ids, uint32(g.ID))
		}
	}
	return ids, fonts, nil
}

// Lines are the lines of a text in a width, in sizes of its type.
func (f *Fonts) Lines(s string, width float64) ([]string, error) {
	t, err := f.letters.Set(lettering.Words{Text: s})
	if err != nil {
		return nil, err
	}
	lines, _ := t.Wrap(width)
	var all []string
	for _, l := range lines {
		all = append(all, l.String())
	}
	return all, nil
}
