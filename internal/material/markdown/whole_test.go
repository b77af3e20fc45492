package markdown_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"math/rand/v2"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"

	"laurel/internal/material/markdown"
)

// standard is CommonMark with tables as goldmark draws it by itself, with all
// that laurel's pages leave out.
var standard = goldmark.New(goldmark.WithExtensions(extension.Table))

var (
	tag  = regexp.MustCompile(`<[^<>]*>`)
	href = regexp.MustCompile(`<a href="([^"]*)"`)
)

// shown is the text and the links of a drawn text.
func shown(drawn string) (text string, links []string) {
	for _, m := range href.FindAllStringSubmatch(drawn, -1) {
		to := html.UnescapeString(m[1])
		if u, err := url.Parse(to); err == nil {
			to = u.String()
		}
		links = append(links, to)
	}
	return html.UnescapeString(tag.ReplaceAllString(drawn, "")), links
}

// whole draws a text that Check takes, and wants all that the standard shows:
// the same words, the same links. It returns the text and the links, or false if
// the text has a fault.
func whole(t *testing.T, m *markdown.Markdown, source string) (text string, links []string, ok bool) {
	t.Helper()
	if len(m.Check(source)) > 0 {
		return "", nil, false
	}
	drawn, err := m.HTML(source, 2)
	if err != nil {
		t.Fatal(err)
	}
	var want bytes.Buffer
	if err := standard.Convert([]byte(source), &want); err != nil {
		t.Fatal(err)
	}
	text, links = shown(drawn)
	wantText, wantLinks := shown(want.String())
	if text != wantText || !slices.Equal(links, wantLinks) {
		t.Errorf("%q is taken, and shown as\n%q %q, not as\n%q %q", source, text, links, wantText, wantLinks)
	}
	return text, links, true
}

// TestWhole: what Check takes, HTML shows whole. The texts are made of all that
// Markdown has, with words that each occur once, so that none can get lost.
func TestWhole(t *testing.T) {
	const texts = 10_000
	chance := rand.New(rand.NewPCG(1, 2))
	taken, words := 0, 0
	for range texts {
		b := builder{chance: chance}
		m := markdown.New(markdown.Links(chance.IntN(2)))
		source := b.text()
		text, links, ok := whole(t, m, source)
		if !ok {
			continue
		}
		taken++
		everything := text + strings.Join(links, " ")
		for _, w := range b.words {
			if words++; !strings.Contains(everything, w) {
				t.Errorf("%q is taken, and does not show %q:\n%s", source, w, everything)
			}
		}
	}
	if taken < texts/5 || taken > texts*4/5 {
		t.Errorf("%d of %d texts are taken", taken, texts)
	}
	t.Logf("%d of %d texts are taken, and %d words of them are shown", taken, texts, words)
}

// builder writes a text with words of its own.
type builder struct {
	chance *rand.Rand
	words  []string
}

// fill puts a new word for each w, and something within a line for each %.
func (b *builder) fill(form string, depth int) string {
	var out strings.Builder
	for _, c := range form {
		switch {
		case c == 'W':
			w := fmt.Sprintf("w%dx", len(b.words))
			b.words = append(b.words, w)
			out.WriteString(w)
		case c == '%' && depth > 0:
			out.WriteString(b.fill(pick(b.chance, inlines), depth-1))
		case c == '%':
			out.WriteString(b.fill("W", 0))
		default:
			out.WriteRune(c)
		}
	}
	return out.String()
}

func pick(chance *rand.Rand, forms []string) string { return forms[chance.IntN(len(forms))] }

var inlines = []string{
	"W", "W", "W W", "*%*", "**%**", "_%_", "`W`", "`` W`W ``", "[%](https://example.org/W)", "[%](<https://example.org/W>)", "<https://example.org/W>", "<W@example.org>",
	"[%](mailto:W@example.org)", "W & W < W > W", "&copy; W", "&#87;", "\\*W\\*", "W  \nW", "W\\\nW", "W\nW", "[W]", "[W] [W]: W", "W|W", "~~W~~", "W*W_W", "[%][ref]", "[ref][]", "[W](../W/)",
	"![W](W.png)", "<b>W</b>", "[W](https://example.org/ \"W\")", "[W](javascript:W)", "&#x202e;W", "<!-- W -->", "[W](W)", "<W>",
}

var blocks = []string{
	"%\n", "%\n", "%\n\n", "# %\n", "## % ##\n", "%\n===\n", "%\n---\n", "- %\n- %\n", "* %\n\n  %\n* %\n", "1. %\n2. %\n", "7) %\n", "> %\n> %\n", "> - %\n>   > %\n", "***\n", "    W\n    W\n",
	"```\nW <W>\n```\n", "```go\nW\n```\n", "~~~\nW\n", "| % | % |\n|---|:-:|\n| % | % |\n| % |\n", "W | W\n-|-\nW | W\n\n", "\n[ref]: https://example.org/W\n\n",
	"```W W\nW\n```\n", "\n[W]: https://example.org/W\n\n", "| % |\n|---|\n| % | % |\n\n", "<div>W</div>\n\n", "- W\n  ```\n  W\n  ```\n",
}

// text is some blocks; what refers to a definition has one, most of the time.
func (b *builder) text() string {
	var out strings.Builder
	for range 1 + b.chance.IntN(4) {
		out.WriteString(b.fill(pick(b.chance, blocks), 2))
		if b.chance.IntN(2) == 0 {
			out.WriteString("\n")
		}
	}
	if strings.Contains(out.String(), "[ref]") && b.chance.IntN(4) > 0 {
		out.WriteString(b.fill("\n\n[ref]: https://example.org/W\n", 0))
	}
	return out.String()
}

// specification is the Markdown of the examples of CommonMark's specification.
func specification(t *testing.T) (list []string) {
	t.Helper()
	dir, err := exec.CommandContext(t.Context(), "go", "list", "-m", "-f", "{{.Dir}}", "github.com/yuin/goldmark").Output()
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(dir)), "_test", "spec.json"))
	if err != nil {
		t.Fatal(err)
	}
	var examples []struct{ Markdown string }
	if err := json.Unmarshal(data, &examples); err != nil {
		t.Fatal(err)
	}
	for _, e := range examples {
		list = append(list, e.Markdown)
	}
	return list
}

// TestWholeSpecification does the same with the examples of CommonMark's
// specification, and with what the sample academy says.
func TestWholeSpecification(t *testing.T) {
	examples := specification(t)
	pages, err := filepath.Glob("../../../content/pages/*.md")
	if err != nil || len(pages) == 0 {
		t.Fatalf("no pages: %v", err)
	}
	for _, page := range pages {
		data, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		_, body, _ := strings.Cut(strings.TrimPrefix(string(data), "---"), "\n---\n")
		if _, _, ok := whole(t, markdown.New(markdown.Within), body); !ok {
			t.Errorf("%s has a fault", page)
		}
	}
	taken := 0
	for _, e := range examples {
		for _, links := range []markdown.Links{markdown.Absolute, markdown.Within} {
			if _, _, ok := whole(t, markdown.New(links), e); ok {
				taken++
			}
		}
	}
	if len(examples) < 600 || taken < 500 {
		t.Errorf("%d of %d examples are taken", taken, len(examples))
	}
	t.Logf("of %d examples %d are taken, with links elsewhere and within, and shown whole", len(examples), taken)
}

// FuzzWhole does the same with any text.
func FuzzWhole(f *testing.F) {
	for _, unit := range hostile {
		f.Add(strings.Repeat(unit, 5) + "x")
	}
	b := builder{chance: rand.New(rand.NewPCG(3, 4))}
	for range 100 {
		f.Add(b.text())
	}
	f.Fuzz(func(t *testing.T, source string) {
		if strings.ToValidUTF8(source, "") != source || strings.ContainsAny(source, "\r\x00") {
			return // content has neither
		}
		for _, links := range []markdown.Links{markdown.Absolute, markdown.Within} {
			whole(t, markdown.New(links), source)
		}
	})
}
