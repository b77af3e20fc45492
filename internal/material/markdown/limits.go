package markdown

import (
	"fmt"
	"strings"
)

// The limits of one text, in constants.json, are the same for who writes, for who
// draws, and for the scripts. They are far above what people write; goldmark takes
// quadratic time on what is far above them (120 kB of "*a_ " took 3.4 s).

// beyond says which limit a text is beyond and where, or has no Text.
func beyond(source string) Fault {
	if len(source) > MaxSize {
		return Fault{MaxSize, fmt.Sprintf("is longer than %d KiB", MaxSize>>10), "split it into several pages"}
	}
	at, widest, wide, signs := 0, 0, 0, 0
	for line := range strings.Lines(source) {
		if nesting(line) > maxNesting {
			return Fault{at, fmt.Sprintf("opens more than %d quotes and lists on one line", maxNesting), "put a backslash before a character that is meant as text"}
		}
		if bars := strings.Count(line, "|"); bars > widest {
			widest, wide = bars, at
		}
		for i := range len(line) {
			if c := line[i]; c == '*' || c == '_' || c == '[' || c == ']' || c == '`' || c == '<' {
				if i > 0 && line[i-1] == c && c != '[' && c != ']' {
					continue // a run is one sign
				}
				if signs++; signs > maxSigns {
					return Fault{at + i, fmt.Sprintf("has more than %d characters that could begin or end emphasis, a link or code", maxSigns), "split it into several pages"}
				}
			}
		}
		at += len(line)
	}
	if widest*strings.Count(source, "\n") > maxCells {
		return Fault{wide, "could contain a table of more than " + fmt.Sprint(maxCells) + " cells", "make the table smaller, or split the text"}
	}
	return Fault{}
}

// nesting counts the signs at the beginning of a line that could open a quote or
// a list item. A line of nothing else that draws a rule opens none.
func nesting(line string) int {
	if strings.Trim(line, "-*_ \t\r\n") == "" {
		return 0
	}
	n := 0
	for rest := strings.TrimLeft(line, " \t"); rest != ""; rest = strings.TrimLeft(rest, " \t") {
		digits := len(rest) - len(strings.TrimLeft(rest, "0123456789"))
		switch c := rest[min(digits, len(rest)-1)]; {
		case digits == 0 && c == '>':
			rest = rest[1:]
		case digits == 0 && (c == '-' || c == '+' || c == '*'), 0 < digits && digits < 10 && (c == '.' || c == ')'):
			rest = rest[digits+1:]
			if rest != "" && !strings.ContainsAny(rest[:1], " \t\r\n") {
				return n
			}
		default:
			return n
		}
		n++
	}
	return n
}
