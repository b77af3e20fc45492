package hint

import "testing"

func TestArg(t *testing.T) {
	for _, c := range []struct{ in, posix, windows string }{
		{"academy", "academy", "academy"},
		{"spring-2026/welcome-badge/ana@example.org", "spring-2026/welcome-badge/ana@example.org", "spring-2026/welcome-badge/ana@example.org"},
		{"Büro", "Büro", "Büro"},
		{"", "''", `""`},
		{"my academy", "'my academy'", `"my academy"`},
		{"@list", "@list", `"@list"`},
		{`C:\Users\Ana Example`, `'C:\Users\Ana Example'`, `"C:\Users\Ana Example"`},
		{`C:\Users\ana`, `'C:\Users\ana'`, `C:\Users\ana`},
		{"Ana's", `'Ana'\''s'`, `"Ana's"`},
		{"$HOME; rm -r x", "'$HOME; rm -r x'", "'$HOME; rm -r x'"},
		{"it's 100%", `'it'\''s 100%'`, "'it''s 100%'"},
		{"~/academy", "'~/academy'", `"~/academy"`},
		{"a\u00a0b", "'a\u00a0b'", "\"a\u00a0b\""},
	} {
		if got := arg(c.in, false); got != c.posix {
			t.Errorf("%q: %s, want %s", c.in, got, c.posix)
		}
		if got := arg(c.in, true); got != c.windows {
			t.Errorf("%q on Windows: %s, want %s", c.in, got, c.windows)
		}
	}
}
