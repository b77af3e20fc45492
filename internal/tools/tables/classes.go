package main

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"laurel/internal/material/text"
)

// classTable writes the classes of all characters for the scripts: the runs of
// code points of one class from 0 to U+10FFFF, each its class as a capital
// letter, in the order of text.Class, and its length to the base of 36.
func classTable(_ string, files map[string][]byte) error {
	var b strings.Builder
	b.WriteString(heading("//", "internal/material/text and Unicode "+unicode.Version))
	b.WriteString("/** Runs of characters of one class: its letter, and how many, to the base of 36. */\nexport const runs = '' +")
	line := ""
	from, class := rune(0), text.ClassOf(0)
	for r := rune(1); r <= unicode.MaxRune+1; r++ {
		if r <= unicode.MaxRune && text.ClassOf(r) == class {
			continue
		}
		run := string('A'+rune(class)) + strconv.FormatInt(int64(r-from), 36)
		if len(line)+len(run) > 110 {
			fmt.Fprintf(&b, "\n  '%s' +", line)
			line = ""
		}
		line += run
		from, class = r, text.ClassOf(r)
	}
	fmt.Fprintf(&b, "\n  '%s';\n", line)
	files["themes/default/src/verifier/classtable.ts"] = []byte(b.String())
	return nil
}
