package lettering

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Printable is text as it is set: composed, in one line, without what
// has no shape of its own. What joins and parts letters stays between letters
// that it may join: Persian and Sinhala, among others, are not right without.
func Printable(s string) string {
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
	return (unicode.IsLetter(r) || unicode.IsMark(r)) && r > 0x0600 && !European(r) && !unicode.In(r, unicode.Inherited, unicode.Han, unicode.Hangul, unicode.Hiragana, unicode.Katakana)
}

// European tells whether a character is of the alphabets of Europe, or stands
// beside them, and is drawn by itself.
func European(r rune) bool {
	return unicode.In(r, unicode.Latin, unicode.Greek, unicode.Cyrillic) && !unicode.Is(unicode.Mn, r) ||
		unicode.Is(unicode.Common, r) && unicode.IsGraphic(r) && (r < 0x0300 || 0x2000 <= r && r < 0x2E00)
}
