package cli

import (
	"fmt"
	"strings"
	"testing"
)

// TestSome: a list is as long as somebody reads, and with -v whole.
func TestSome(t *testing.T) {
	var lines []string
	for i := range 30 {
		lines = append(lines, fmt.Sprintf("content/awards/a.csv:%d", i+2))
	}
	text := (&app{}).some(append([]string{lines[0]}, lines...))
	if n := strings.Count(text, "\n"); n != shown+1 || !strings.HasPrefix(text, "  content/awards/a.csv:2 (2 awards)\n") || !strings.HasSuffix(text, "  and 20 more; -v shows them\n") {
		t.Errorf("%d lines: %s", n, text)
	}
	if n := strings.Count((&app{}).some(lines[:shown+1]), "\n"); n != shown+1 {
		t.Errorf("%d lines of %d", n, shown+1)
	}
	if text := (&app{verbose: true}).some(lines); strings.Count(text, "\n") != len(lines) {
		t.Errorf("with -v: %s", text)
	}
}
