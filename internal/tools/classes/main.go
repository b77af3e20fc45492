// Command classes writes the classes of all characters for the scripts of the
// pages, from those of material/text:
//
//	classes themes/default/src/verifier/classtable.ts
package main

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"unicode"

	"laurel/internal/material/text"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: classes FILE")
		os.Exit(2)
	}
	if err := os.WriteFile(os.Args[1], table(), 0o644); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// table is the file: the runs of code points of one class from 0 to U+10FFFF,
// each its class as a capital letter, in the order of text.Class, and its length
// to the base of 36.
func table() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "// Made by internal/tools/classes from Unicode %s; do not edit.\n\n", unicode.Version)
	b.WriteString("/** Runs of characters of one class: its letter, and how many, to the base of 36. */\nexport const runs = '' +")
	line := ""
	put := func(run string) {
		if len(line)+len(run) > 110 {
			fmt.Fprintf(&b, "\n  '%s' +", line)
			line = ""
		}
		line += run
	}
	from, class := rune(0), text.ClassOf(0)
	for r := rune(1); r <= unicode.MaxRune+1; r++ {
		if r <= unicode.MaxRune && text.ClassOf(r) == class {
			continue
		}
		put(string('A'+rune(class)) + strconv.FormatInt(int64(r-from), 36))
		from, class = r, text.ClassOf(r)
	}
	fmt.Fprintf(&b, "\n  '%s';\n", line)
	return b.Bytes()
}
