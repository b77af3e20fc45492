package markdown_test

import (
	"bytes"
	"encoding/json"
	"html"
	"math/rand/v2"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"laurel/internal/material/markdown"
	"laurel/internal/testing/interop"
)

// blockTag is a tag beside which line ends mean nothing.
var blockTag = regexp.MustCompile(`\n*(</?(?:p|h[1-6]|ul|ol|li|blockquote|pre|table|thead|tbody|tr|th|td|hr)(?: [^>]*)?>)\n*`)

// drawnAlike writes HTML in one way, so that what is drawn alike is the same text.
func drawnAlike(drawn string) string {
	return html.UnescapeString(strings.ReplaceAll(blockTag.ReplaceAllString(drawn, "$1"), "<br>\n", "<br>"))
}

var delimiter = regexp.MustCompile(`^\|?(?: *:?-+:? *\|)* *:?-+:? *\|?$`)

// apart tells a text whose tables stand between empty lines, each line with a bar.
// Of one that another block runs into, GitHub Flavored Markdown says little, and
// parsers differ.
func apart(source string) bool {
	for block := range strings.SplitSeq(source, "\n\n") {
		lines := strings.Split(strings.Trim(block, "\n"), "\n")
		for i, line := range lines {
			table := strings.Contains(block, "|") && delimiter.MatchString(line)
			barred := func(line string) bool { return strings.Contains(line, "|") }
			if table && (i != 1 || slices.ContainsFunc(lines, func(l string) bool { return !barred(l) })) {
				return false
			}
		}
	}
	return true
}

// TestPage: what Check takes, the script of the verify page draws as HTML does,
// element by element; of other texts it shows the same words (micromark and goldmark
// differ on a list that begins with 7 behind a block of code), and no link more.
func TestPage(t *testing.T) {
	if testing.Short() {
		t.Skip("runs Node")
	}
	chance := rand.New(rand.NewPCG(5, 6))
	texts := specification(t)
	for range 3000 {
		b := builder{chance: chance}
		texts = append(texts, b.text())
	}
	for _, unit := range hostile {
		texts = append(texts, strings.Repeat(unit, 5)+"x", strings.Repeat("> ", 40)+unit)
	}
	texts = append(texts, strings.Repeat("a", markdown.MaxSize+1)+"*b*", strings.Repeat("|a", 5000)+"\n"+strings.Repeat("|-", 5000)+"\n"+strings.Repeat("a\n", 20),
		strings.Repeat("*a_ ", 8<<10), "[a](HTTPS://example.org/ü?b#c) [d](mailto:e@example.org?subject=f)", "a\r\nb\rc", "3. a\n4. b", "[a](https://b@example.org/) [a](https://example.org@example.com/)",
		"[a](javascript&colon;alert(1)) [b](java&Tab;script:alert(1)) <javascript:alert(1)> [c](data:text/html,x) [d](//example.org/) [e](https:///x) [f](https://example.org:0/)")
	dir := filepath.Join(interop.Repository(t), "themes/default/src")
	if err := interop.Install(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	var input bytes.Buffer
	for _, text := range texts {
		if err := json.NewEncoder(&input).Encode(text); err != nil {
			t.Fatal(err)
		}
	}
	out, stderr, code, err := interop.Run(t.Context(), filepath.Join(dir, "tools"), input.String(), "prose.mjs")
	if err != nil || code != 0 {
		t.Fatalf("prose.mjs ends with %d, %v: %s", code, err, stderr)
	}
	answers := json.NewDecoder(bytes.NewReader(out))
	m := markdown.New(markdown.Absolute)
	same, links, near, other := 0, 0, 0, 0
	for _, source := range texts {
		var got string
		if err := answers.Decode(&got); err != nil {
			t.Fatal(err)
		}
		want, err := m.HTML(source, 2)
		if err != nil {
			t.Fatal(err)
		}
		if !apart(source) {
			near++
			continue
		}
		if len(m.Check(source)) == 0 {
			if same++; drawnAlike(got) != drawnAlike(want) {
				t.Errorf("%q is drawn as\n%s\nnot as\n%s", source, drawnAlike(got), drawnAlike(want))
			}
			continue
		}
		gotText, gotLinks := shown(drawnAlike(got))
		wantText, wantLinks := shown(drawnAlike(want))
		if words(gotText) != words(wantText) {
			other++
			t.Logf("%q is shown as\n%s\nnot as\n%s", source, gotText, wantText)
		}
		if links += len(gotLinks); len(gotLinks) > len(wantLinks) {
			t.Errorf("%q has the links %q, not %q", source, gotLinks, wantLinks)
		}
	}
	if other > len(texts)/1000 {
		t.Errorf("of the texts with faults %d are shown in other words", other)
	}
	if same < 1200 || near > len(texts)/4 {
		t.Errorf("only %d texts have no fault, and in %d tables do not stand apart", same, near)
	}
	t.Logf("%d texts of %d are drawn by the page as by laurel, the rest shows the same words with %d links; %d have a table that does not stand apart", same, len(texts), links, near)
}

func words(s string) string { return strings.Join(strings.Fields(s), " ") }
