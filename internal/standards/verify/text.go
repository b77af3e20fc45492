package verify

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxText is the most characters of a credential's string that a report quotes.
const maxText = 160

// safe makes a string of a credential fit for a terminal, a log and a sentence:
// control characters, bidirectional controls, invisible formatting and what
// Unicode has not assigned are escaped, and long text is cut. A report could
// otherwise be made to print its own verdict.
func safe(s string) string {
	var b strings.Builder
	n := 0
	for _, r := range s {
		if n == maxText {
			b.WriteString("...")
			break
		}
		n++
		switch {
		case r == utf8.RuneError, !isPlain(r):
			if r > 0xffff {
				fmt.Fprintf(&b, `\U%08x`, r)
			} else {
				fmt.Fprintf(&b, `\u%04x`, r)
			}
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// isPlain keeps the joiners that Persian and Indian names are spelt with.
func isPlain(r rune) bool {
	if r == '\u200c' || r == '\u200d' {
		return true
	}
	return r == ' ' || unicode.IsGraphic(r) && !unicode.IsSpace(r) && !unicode.Is(unicode.Cf, r)
}

// quote puts a safe string in quotation marks.
func quote(s string) string {
	return `"` + strings.ReplaceAll(safe(s), `"`, `\"`) + `"`
}
