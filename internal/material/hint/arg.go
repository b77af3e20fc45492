package hint

import (
	"runtime"
	"strings"
	"unicode"
)

// Arg is an argument as a shell takes it, for commands that a message tells to run: as
// it is where that does, else in quotes. The shell is that of POSIX; on Windows both
// PowerShell and cmd take it, and PowerShell alone where the two have nothing in common.
func Arg(s string) string { return arg(s, runtime.GOOS == "windows") }

func arg(s string, windows bool) string {
	special := func(r rune) bool {
		switch {
		case r < 0x80 && (unicode.IsLetter(r) || unicode.IsDigit(r)), strings.ContainsRune("-_./:+@", r):
			return false
		case r == '\\':
			return !windows
		}
		return !unicode.IsLetter(r) && !unicode.IsMark(r)
	}
	switch {
	case s != "" && !strings.ContainsFunc(s, special) && !(windows && s[0] == '@'): // which PowerShell has for something else
		return s
	case !windows:
		return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
	case strings.ContainsAny(s, "$`%\"“”„"):
		return "'" + strings.NewReplacer("'", "''", "‘", "‘‘", "’", "’’", "‚", "‚‚", "‛", "‛‛").Replace(s) + "'"
	}
	return `"` + s + `"`
}
