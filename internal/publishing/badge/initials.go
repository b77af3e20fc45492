package badge

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode"

	"laurel/internal/material/lettering"
)

// initials are what stands in the medallion of an emblem: letters, and dots for the
// level that a name ends with.
type initials struct {
	line  lettering.Line
	ok    bool // there are letters, and a font has them: else there is a star
	level int
}

// initialsOf are those of a name: of Latin ones the first letters of two words, those
// with a capital first, or the first two of one; of others the first letter.
func initialsOf(name string) (letters string, level int) {
	words := strings.FieldsFunc(name, func(r rune) bool {
		return !unicode.In(r, unicode.L, unicode.M, unicode.N) && r != '\'' && r != '’'
	})
	words, level = levelOf(words)
	var first, capital []string // of words that begin with a letter
	for _, w := range words {
		switch runes := []rune(w); {
		case unicode.In(runes[0], unicode.Lu, unicode.Lt):
			first, capital = append(first, w), append(capital, w)
		case unicode.IsLetter(runes[0]):
			first = append(first, w)
		}
	}
	switch {
	case len(first) == 0:
		return "", level
	case !unicode.Is(unicode.Latin, []rune(first[0])[0]):
		return upper(head(first[0], 1)), level
	case len(capital) > 1:
		first = capital
	}
	if len(first) == 1 || !unicode.Is(unicode.Latin, []rune(first[1])[0]) {
		one := head(first[0], 2)
		return upper(head(one, 1)) + strings.TrimPrefix(one, head(one, 1)), level
	}
	return upper(head(first[0], 1)) + upper(head(first[1], 1)), level
}

// levelOf takes the number from 1 to 5 that names end with, "Level 2" or "Welding II",
// off the words.
func levelOf(words []string) ([]string, int) {
	if len(words) < 2 {
		return words, 0
	}
	last := []rune(words[len(words)-1])
	level := slices.Index([]string{"", "I", "II", "III", "IV", "V"}, string(last))
	if len(last) == 1 {
		level = max(level, digit(last[0]))
	}
	if level > 0 && level <= 5 {
		return words[:len(words)-1], level
	}
	return words, 0
}

// digit is the value of a decimal digit of any script, which are in order; -1 of what
// is none.
func digit(r rune) int {
	for _, digits := range unicode.Nd.R16 {
		if low := rune(digits.Lo); low <= r && r <= rune(digits.Hi) {
			return int(r-low) % 10
		}
	}
	return -1
}

// head is the first n letters of a word, with the marks on them.
func head(word string, n int) string {
	for i, r := range word {
		if unicode.In(r, unicode.M) {
			continue
		}
		if n == 0 {
			return word[:i]
		}
		n--
	}
	return word
}

// upper is a letter as a capital, where its script has capitals for titles.
func upper(s string) string {
	if unicode.In([]rune(s)[0], unicode.Latin, unicode.Greek, unicode.Cyrillic, unicode.Armenian) {
		return strings.ToUpper(s)
	}
	return s
}

// initials sets those of a name.
func (b *Badges) initials(name string) (*initials, error) {
	letters, level := initialsOf(name)
	out := &initials{level: level}
	if letters == "" {
		return out, nil
	}
	fonts, err := b.fonts()
	if err != nil {
		return nil, err
	}
	set, err := fonts.Set(lettering.Words{Text: letters, Bold: true})
	if lacking := (*lettering.MissingRune)(nil); errors.As(err, &lacking) {
		return out, nil
	}
	if err != nil {
		return nil, fmt.Errorf("write initials on a badge: %w", err)
	}
	out.line, out.ok = set.Whole(), true
	return out, nil
}

// box is where the ink of a line is, at a size of 1.
type box struct{ left, right, below, above float64 }

func boxOf(shapes func(func(lettering.Shape) bool)) box {
	b := box{math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)}
	for s := range shapes {
		for _, g := range s.Segments {
			for _, q := range g.ArgsSlice() {
				x, y := s.X+float64(q.X)*s.Scale, s.Y+float64(q.Y)*s.Scale
				b = box{min(b.left, x), max(b.right, x), min(b.below, y), max(b.above, y)}
			}
		}
	}
	return b
}

// draw draws them around the origin.
func (i *initials) draw(p *pen) {
	const (
		width, high, deep = 198.0, 112.0, 132.0
		lift, drop        = 13.0, 76.0 // of the letters and the dots, where there are dots
	)
	middle := 0.0
	if i.level > 0 {
		middle = -lift
		for k := range i.level {
			p.circle(float64(k)*26-float64(i.level-1)*13, drop, 9.5)
		}
	}
	if !i.ok {
		var xy []float64
		outer, inner := regular(5, 84, 0), regular(5, 36, math.Pi/5)
		for k := range outer {
			xy = append(xy, outer[k].x, outer[k].y+middle+6, inner[k].x, inner[k].y+middle+6)
		}
		p.poly(xy...)
		return
	}
	all := boxOf(i.line.Shapes())
	var first box
	for s := range i.line.Shapes() {
		first = boxOf(func(yield func(lettering.Shape) bool) { yield(s) })
		break
	}
	size := min(width/(all.right-all.left), high/(first.above-first.below), deep/(all.above-all.below))
	x, y := (all.left+all.right)/2, (first.above+first.below)/2
	for s := range i.line.Shapes() {
		p.outline(s, func(u, v float64) (float64, float64) { return (u - x) * size, middle - (v-y)*size })
	}
}
