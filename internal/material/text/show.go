package text

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// quoteLimit is the most characters of a text that a sentence quotes.
const quoteLimit = 160

// Escape makes a text fit for a sentence, a log and a report, which it could
// otherwise make to say something else: what is neither Shown nor Space nor
// a Joiner is written as \u and four or \U and eight hexadecimal digits, and after 160
// characters the text ends in "...".
func Escape(s string) string {
	var b strings.Builder
	n := 0
	for r, c := range classes(s) {
		if n == quoteLimit {
			b.WriteString("...")
			break
		}
		n++
		if c == Shown || c == Space || c == Joiner {
			b.WriteRune(r)
		} else {
			b.WriteString(codeOf(r))
		}
	}
	return b.String()
}

// Quote is Escape between quotation marks.
func Quote(s string) string {
	return `"` + strings.ReplaceAll(Escape(s), `"`, `\"`) + `"`
}

func codeOf(r rune) string {
	if r > 0xffff {
		return fmt.Sprintf(`\U%08x`, r)
	}
	return fmt.Sprintf(`\u%04x`, r)
}

// Terminal makes a text fit for one line of a terminal: what cannot be seen, or
// would move, turn or colour other text, is a question mark.
func Terminal(s string) string {
	var b strings.Builder
	for r, c := range classes(s) {
		switch c {
		case Shown, Space, Joiner:
			b.WriteRune(r)
		default:
			b.WriteByte('?')
		}
	}
	return b.String()
}

// TerminalLines is Terminal for a text of several lines.
func TerminalLines(s string) string {
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		lines[i] = Terminal(line)
	}
	return strings.Join(lines, "\n")
}

// Fault names a character that authors may not write in any text, such as "a
// control character (U+0007)", or is empty. Line feed and tab are for the caller
// to judge. What is hidden but harmless may be written; what
// not everybody could be shown may not.
func Fault(r rune) string {
	switch c := ClassOf(r); {
	case r == '\n', r == '\t':
		return ""
	case r == 0x2028 || r == 0x2029:
		return fmt.Sprintf("a line separator (U+%04X)", r)
	case c == Control, c == Layout:
		return fmt.Sprintf("a control character (U+%04X)", r)
	case c == Bidi:
		return fmt.Sprintf("a bidirectional control character (U+%04X)", r)
	case r == 0xfeff:
		return "a byte order mark (U+FEFF) inside the text"
	case r == utf8.RuneError:
		return "a replacement character (U+FFFD), left where letters were lost"
	case c == None && isPrivate(r):
		return fmt.Sprintf("a character for private use (U+%04X), which others see as another or none", r)
	case c == None:
		return fmt.Sprintf("a code point that is no character (U+%04X)", r)
	}
	return ""
}

func isPrivate(r rune) bool {
	return 0xe000 <= r && r <= 0xf8ff || r >= 0xf0000 && r&0xfffe != 0xfffe
}
