package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// Mojibake is what was meant by a text of which UTF-8 was read as Windows-1252: "Jürgen"
// of "JÃ¼rgen"; empty: it is no such text. Only what is practically never written
// otherwise is taken for it: capitals before the end of a quotation («CAFÉ»), or two
// signs that would make a letter that no name has, are not.
func Mojibake(s string) string {
	if !strings.ContainsFunc(s, isLead) {
		return ""
	}
	var b strings.Builder
	found := 0 // sequences, but for those of other scripts that stand alone
	before, lastFar := rune(' '), false
	for rest := s; rest != ""; {
		r, size := utf8.DecodeRuneInString(rest)
		meant, n := sequence(rest)
		end := rest[n:]
		after, _ := utf8.DecodeRuneInString(end)
		if n == 0 || closes(rest[:n]) && unicode.IsUpper(before) && !unicode.IsLetter(after) {
			b.WriteString(rest[:size])
			rest, before, lastFar = rest[size:], r, false
			continue
		}
		far := meant >= 0x250 && !(0x2010 <= meant && meant <= 0x2122) && !(0x1e00 <= meant && meant <= 0x1eff)
		if !far || lastFar {
			found++
		}
		b.WriteRune(meant)
		rest, before, lastFar = end, meant, far
	}
	if found == 0 {
		return ""
	}
	return b.String()
}

// isLead tells a letter that Windows-1252 shows for the first byte of a letter in UTF-8.
func isLead(r rune) bool { return 0xc2 <= r && r <= 0xf4 }

// sequence reads one letter that was read as several, and how many bytes those have.
func sequence(s string) (meant rune, n int) {
	first, size := utf8.DecodeRuneInString(s)
	if !isLead(first) {
		return 0, 0
	}
	bytes := []byte{byte(first)}
	want := 2
	if first >= 0xe0 {
		want = 3
	}
	if first >= 0xf0 {
		want = 4
	}
	n = size
	for len(bytes) < want {
		r, size := utf8.DecodeRuneInString(s[n:])
		c, ok := charmap.Windows1252.EncodeRune(r)
		if !ok && 0x80 <= r && r <= 0x9f { // bytes without a meaning, which stay what they are
			c, ok = byte(r), true
		}
		if !ok || c < 0x80 || c > 0xbf {
			return 0, 0
		}
		bytes = append(bytes, c)
		n += size
	}
	meant, size = utf8.DecodeRune(bytes)
	if size != want || !written(meant) {
		return 0, 0
	}
	return meant, n
}

// written tells a character that texts of today have.
func written(r rune) bool {
	switch {
	case 0xa0 <= r && r <= 0x17f, 0x1a0 <= r && r <= 0x1b0, 0x1cd <= r && r <= 0x1dc, 0x218 <= r && r <= 0x21b, 0x1e00 <= r && r <= 0x1eff:
		return true
	case 0x2010 <= r && r <= 0x2026, 0x2030 <= r && r <= 0x203a, r == 0x20ac, r == 0x2122:
		return true
	}
	return r >= 0x370 && unicode.IsLetter(r) || unicode.Is(unicode.Mn, r) && r >= 0x591 || 0x1f300 <= r && r <= 0x1faff
}

// closes tells signs that may well stand behind a letter: the second and further ones of
// a sequence.
func closes(s string) bool {
	_, size := utf8.DecodeRuneInString(s)
	return strings.Trim(s[size:], "’‘”“»›…–—™®©°ªº¹²³ \u00a0·´¨§") == ""
}
