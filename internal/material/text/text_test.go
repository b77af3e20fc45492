package text_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"laurel/internal/material/text"
)

// TestClasses: what must be true of the classes of all code points, whatever
// version of Unicode they are made from.
func TestClasses(t *testing.T) {
	var count [text.None + 1]int
	for r := rune(0); r <= unicode.MaxRune; r++ {
		c := text.ClassOf(r)
		count[c]++
		if text.IsSpace(r) != unicode.IsSpace(r) {
			t.Errorf("%U: white space %v, to Unicode %v", r, text.IsSpace(r), unicode.IsSpace(r))
		}
		if (c == text.Bidi || c == text.Control || c == text.None) && text.Fault(r) == "" {
			t.Errorf("%U, which nobody can be shown, may be written", r)
		}
		if !utf8.ValidRune(r) {
			continue
		}
		s := string(r)
		if shown := c == text.Shown || c == text.Space || c == text.Joiner; shown != (text.Escape(s) == s) {
			t.Errorf("%U: escaped as %s", r, text.Escape(s))
		}
		if c == text.Shown && r != ' ' && (text.Terminal(s) != s || text.Print(s) != norm.NFC.String(s) || text.Blank(s)) {
			t.Errorf("%U: %q on a terminal, %q in print", r, text.Terminal(s), text.Print(s))
		}
		for _, shown := range []string{text.Escape(s), text.Terminal(s), text.Print(s)} {
			for _, one := range shown {
				if c := text.ClassOf(one); c == text.Control || c == text.Bidi || c == text.Layout {
					t.Errorf("%U is shown as %U", r, one)
				}
			}
		}
	}
	t.Logf("of %d code points: shown %d, space %d, layout %d, joiner %d, hidden %d, bidi %d, control %d, none %d",
		unicode.MaxRune+1, count[0], count[1], count[2], count[3], count[4], count[5], count[6], count[7])
}

func TestShown(t *testing.T) {
	const (
		persian = "می\u200cخواهم"          // with U+200C
		sinhala = "ශ්\u200dරී"             // with U+200D
		family  = "👩\u200d👩\u200d👧\u200d👦" // joined by U+200D
		heart   = "❤\ufe0f"                // with U+FE0F
		wales   = "🏴\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f"
	)
	for _, c := range []struct{ name, in, escaped, terminal, print string }{
		{"persian", persian, persian, persian, persian},
		{"sinhala", sinhala, sinhala, sinhala, sinhala},
		{"emoji-joined", family, family, family, "👩👩👧👦"},
		{"emoji-variation", heart, heart, heart, "❤"},
		{"emoji-flag", wales, wales, wales, "🏴"},
		{"tags-alone", "a\U000e0067\U000e0062", `a\U000e0067\U000e0062`, "a??", "a"},
		{"flag-of-nothing", "🏴\U000e0067\U000e007f", `🏴\U000e0067\U000e007f`, "🏴??", "🏴"},
		{"ideograph-with-its-shape", "辻\U000e0100", "辻\U000e0100", "辻\U000e0100", "辻\U000e0100"},
		{"decomposed", "Zoe\u0308", "Zoe\u0308", "Zoe\u0308", "Zoë"},
		{"no-break-space", "a\u00a0b", "a\u00a0b", "a\u00a0b", "a b"},
		{"lines", "a\r\n\tb\u2028c", `a\u000d\u000a\u0009b\u2028c`, "a???b?c", "a b c"},
		{"override", "a\u202eb", `a\u202eb`, "a?b", "ab"},
		{"colour", "\x1b[31mred", `\u001b[31mred`, "?[31mred", "[31mred"},
		{"soft-hyphen", "a\u00adb", `a\u00adb`, "a?b", "ab"},
		{"byte-order-mark", "\ufeffa", `\ufeffa`, "?a", "a"},
		{"filler", "\u3164", `\u3164`, "?", ""},
		{"not-utf8", "a\xffb", `a\ufffdb`, "a?b", "a\ufffdb"},
		{"private", "a\ue000b", `a\ue000b`, "a?b", "a\ue000b"},
		{"later-ideograph", "\U0002ebf0", "\U0002ebf0", "\U0002ebf0", "\U0002ebf0"},
		{"later-emoji", "\U0001fae9", "\U0001fae9", "\U0001fae9", "\U0001fae9"},
		{"arabic-number-sign", "\u0600", "\u0600", "\u0600", "\u0600"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := text.Escape(c.in); got != c.escaped {
				t.Errorf("escaped %+q, want %+q", got, c.escaped)
			}
			if got := text.Terminal(c.in); got != c.terminal {
				t.Errorf("on a terminal %+q, want %+q", got, c.terminal)
			}
			if got := text.Print(c.in); got != c.print {
				t.Errorf("in print %+q, want %+q", got, c.print)
			}
		})
	}
	if got := text.Escape(strings.Repeat("é", 161)); got != strings.Repeat("é", 160)+"..." {
		t.Errorf("a long text ends in %q", got[300:])
	}
	if got := text.Quote("a\"b\n"); got != `"a\"b\u000a"` {
		t.Errorf("quoted as %s", got)
	}
	if got := text.TerminalLines("a\nb\rc"); got != "a\nb?c" {
		t.Errorf("two lines are %q", got)
	}
}

// FuzzShown: no text gets past a line, or is shown less than it has.
func FuzzShown(f *testing.F) {
	for _, seed := range []string{"a", "🏴\U000e0067\U000e007f", "\u202e", "a\xff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if got := text.Terminal(s); utf8.RuneCountInString(got) != utf8.RuneCountInString(s) || strings.ContainsAny(got, "\r\n\t\x1b\u202e") {
			t.Errorf("%+q on a terminal is %+q", s, got)
		}
		if got := text.Escape(s); strings.ContainsAny(got, "\r\n\t\x1b\u202e\u2028") {
			t.Errorf("%+q in a report is %+q", s, got)
		}
		if got := text.Print(s); text.Trim(got) != got || strings.ContainsAny(got, "\r\n\t\x1b\u202e\u00a0") {
			t.Errorf("%+q in print is %+q", s, got)
		}
		if text.Trim(s) != strings.TrimSpace(s) {
			t.Errorf("%+q is trimmed to %+q", s, text.Trim(s))
		}
	})
}

func TestIsFileName(t *testing.T) {
	for name, want := range map[string]bool{"a": true, "A-1_b.c": true, "0.pdf": true, strings.Repeat("z", 100): true,
		"": false, ".a": false, "-a": false, "_a": false, "a/b": false, "a b": false, "ä": false, "aä": false, "a\xff": false, "a@": false, "a[": false, "a{": false,
		strings.Repeat("z", 101): false, "a\n": false} {
		if text.IsFileName(name) != want {
			t.Errorf("%q: %v", name, !want)
		}
	}
}
