package main

import (
	"bufio"
	"bytes"
	"fmt"
	"strings"
	"testing"
)

// TestStart bounds what every command does before its first line: the memory that the
// initialisers of packages take, which is the same in each run. Lists and schemas are
// read by what needs them. Most is the schema library's own, 1.7 MB.
func TestStart(t *testing.T) {
	t.Parallel()
	c := laurel(t.Context(), t.TempDir(), "--version")
	c.Env = append(c.Env, "GODEBUG=inittrace=1")
	var trace bytes.Buffer
	c.Stderr = &trace
	if err := c.Run(); err != nil {
		t.Fatal(err)
	}
	const most, mostOfOne = 6_000_000, 2_000_000
	packages, all := 0, 0
	for s := bufio.NewScanner(&trace); s.Scan(); {
		var name, at, spent string
		var size, count int
		line := strings.NewReplacer(" ms clock,", "", " ms,", "").Replace(s.Text())
		if n, _ := fmt.Sscanf(line, "init %s %s %s %d bytes, %d allocs", &name, &at, &spent, &size, &count); n != 5 {
			continue
		}
		if size > mostOfOne {
			t.Errorf("%s takes %d bytes before a command starts, of %d at most", name, size, mostOfOne)
		}
		packages++
		all += size
	}
	if packages < 50 || all > most {
		t.Errorf("%d packages take %d bytes before a command starts, of %d at most", packages, all, most)
	}
}
