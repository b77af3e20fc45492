// Package text knows what may be shown of a text that somebody else wrote: on a
// terminal, in a sentence of a report, in print, on a page. It owns the one
// classification of characters and the one meaning of white space, from which
// the scripts of the pages are given theirs (verifier/classtable.ts, made by
// internal/tools/tables). It refuses styling and translation, and knows neither
// files nor credentials.
package text

import (
	"bytes"
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Class is what a character is to somebody who is shown it.
type Class uint8

// The classes. Every code point has one, those of no character as well.
const (
	// Shown has a shape of its own: letters, marks, digits, punctuation, signs,
	// and the space U+0020. So have code points that Unicode keeps for
	// ideographs and pictographs: names and emoji of its later versions.
	Shown Class = iota
	// Space is white space within a line, other than U+0020.
	Space
	// Layout is white space that ends a line or moves in it: tab, line feed,
	// carriage return, vertical tab, form feed, U+0085, U+2028, U+2029.
	Layout
	// Joiner shapes the characters beside it, and has no shape of its own:
	// U+200C and U+200D, which Persian, Indian languages and emoji are spelt
	// with, and variation selectors.
	Joiner
	// Hidden cannot be seen: soft hyphens, marks of direction, spaces of no
	// width, byte order marks, tags, fillers.
	Hidden
	// Bidi turns the direction of other text: embeddings, overrides, isolates.
	Bidi
	// Control is a control character that is no white space.
	Control
	// None has nothing to show that would mean the same to all: code points
	// that Unicode has not assigned, private use, halves of surrogate pairs,
	// and U+FFFD, which is what is left of a character that was lost.
	None
)

// ClassOf returns the class of a code point; what is no code point has None.
func ClassOf(r rune) Class {
	switch {
	case ' ' <= r && r < 0x7f:
		return Shown
	case '\t' <= r && r <= '\r', r == 0x85, r == 0x2028, r == 0x2029:
		return Layout
	case unicode.IsControl(r):
		return Control
	case unicode.Is(unicode.Zs, r):
		return Space
	case r == zeroWidthNonJoiner, r == zeroWidthJoiner, unicode.Is(unicode.Variation_Selector, r):
		return Joiner
	case 0x202a <= r && r <= 0x202e, 0x2066 <= r && r <= 0x2069:
		return Bidi
	case r == utf8.RuneError:
		return None
	case unicode.Is(unicode.Prepended_Concatenation_Mark, r): // format characters that are drawn
		return Shown
	case unicode.Is(unicode.Cf, r), unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r) && unicode.IsGraphic(r):
		return Hidden
	case unicode.IsGraphic(r), reserved(r):
		return Shown
	}
	return None
}

const (
	zeroWidthNonJoiner = 0x200c
	zeroWidthJoiner    = 0x200d
)

// reserved tells a code point that has no character yet, and is kept for an
// ideograph (Unicode Standard Annex 38: planes 2 and 3) or an emoji (Unicode
// Technical Standard 51, "Extended_Pictographic").
func reserved(r rune) bool {
	ideograph := 0x20000 <= r && r <= 0x3fffd && r&0xfffe != 0xfffe
	return ideograph || 0x1f000 <= r && r <= 0x1faff || 0x1fc00 <= r && r <= 0x1fffd
}

// classes goes through a text. The tags of a flag (England's is a black flag
// and six of them) are Joiners; elsewhere tags are Hidden.
func classes(s string) iter.Seq2[rune, Class] {
	return func(yield func(rune, Class) bool) {
		flag := 0 // where the tags of a flag end
		for i, r := range s {
			c := ClassOf(r)
			switch {
			case r == blackFlag:
				flag = i + flagLength(s[i:])
			case i < flag:
				c = Joiner
			}
			if !yield(r, c) {
				return
			}
		}
	}
}

const (
	blackFlag = 0x1f3f4
	cancelTag = 0xe007f
)

// flagLength is how many bytes a black flag and its tags have, or 0 where it has
// none: three to six small letters or digits, and the tag that ends them (Unicode
// Technical Standard 51, "emoji tag sequence").
func flagLength(s string) int {
	n := 0
	for i, r := range s {
		switch tag := r - 0xe0000; {
		case i == 0:
		case r == cancelTag && 3 <= n && n <= 6:
			return i + utf8.RuneLen(r)
		case 'a' <= tag && tag <= 'z', '0' <= tag && tag <= '9':
			n++
		default:
			return 0
		}
	}
	return 0
}

// Blank tells whether nothing of a text can be seen.
func Blank(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r != ' ' && ClassOf(r) == Shown })
}

// IsSpace tells white space, which may stand around a document and around what
// people type: that of Unicode (property White_Space). Byte order marks and
// spaces of no width are none.
func IsSpace(r rune) bool {
	c := ClassOf(r)
	return r == ' ' || c == Space || c == Layout
}

// Trim takes the white space off both ends. Bytes that are not UTF-8 are no
// white space.
func Trim(s string) string { return strings.TrimFunc(s, IsSpace) }

// TrimBytes is Trim for a text in UTF-8, such as a document.
func TrimBytes(b []byte) []byte { return bytes.TrimFunc(b, IsSpace) }
