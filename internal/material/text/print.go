package text

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Print is a text as it is set: composed (NFC), in one line, with single
// spaces, without what has no shape of its own. What joins and parts letters
// stays between letters that it may join: Persian and Sinhala, among others, are
// not right without. What is None stays, too, so that who sets the text finds
// that no font has it.
func Print(s string) string {
	s = norm.NFC.String(s)
	if strings.ContainsFunc(s, func(r rune) bool { return ClassOf(r) != Shown }) {
		s = shaped(s)
	}
	return strings.Join(strings.Fields(s), " ")
}

// shaped leaves out what has no shape.
func shaped(s string) string {
	all := []rune(s)
	var b strings.Builder
	for i, r := range all {
		switch ClassOf(r) {
		case Space, Layout:
			b.WriteByte(' ')
		case Joiner:
			if r == zeroWidthNonJoiner || r == zeroWidthJoiner {
				if i > 0 && i+1 < len(all) && joinable(all[i-1]) {
					b.WriteRune(r)
				}
			} else if !(0xfe00 <= r && r <= 0xfe0f) {
				b.WriteRune(r) // of an ideograph: the shape that a name is written with
			}
		case Hidden, Bidi, Control:
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

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
