package render

import (
	"strings"
	"testing"
	"time"
)

func TestMarkdown(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"plain", "a *b* **c** `d`", "<p>a <em>b</em> <strong>c</strong> <code>d</code></p>\n"},
		{"html-is-text", "<b>x</b> <script>alert(1)</script>", "<p>&lt;b&gt;x&lt;/b&gt; &lt;script&gt;alert(1)&lt;/script&gt;</p>\n"},
		{"html-block-is-text", "<div onclick=alert(1)>\n*x*\n</div>", "<p>&lt;div onclick=alert(1)&gt;\n<em>x</em>\n&lt;/div&gt;</p>\n"},
		{"comment-is-text", "<!-- x -->", "<p>&lt;!-- x --&gt;</p>\n"},
		{"link", "[a](https://example.org/b?c=d&e=f)", `<p><a href="https://example.org/b?c=d&amp;e=f" rel="nofollow noopener noreferrer">a</a></p>` + "\n"},
		{"link-title-dropped", `[a](https://example.org "x\" onclick=\"alert(1)")`, `<p><a href="https://example.org" rel="nofollow noopener noreferrer">a</a></p>` + "\n"},
		{"mailto", "[a](mailto:a@example.org)", `<p><a href="mailto:a@example.org" rel="nofollow noopener noreferrer">a</a></p>` + "\n"},
		{"autolink", "<https://example.org/a>", `<p><a href="https://example.org/a" rel="nofollow noopener noreferrer">https://example.org/a</a></p>` + "\n"},
		{"autolink-mail", "<a@example.org>", `<p><a href="mailto:a@example.org" rel="nofollow noopener noreferrer">a@example.org</a></p>` + "\n"},
		{"autolink-script", "<javascript:alert(1)>", "<p>javascript:alert(1)</p>\n"},
		{"javascript", "[a](javascript:alert(1))", "<p>a</p>\n"},
		{"javascript-entity", "[a](javascript&colon;alert(1))", "<p>a</p>\n"},
		{"javascript-numeric", "[a](&#106;avascript&#58;alert(1))", "<p>a</p>\n"},
		{"javascript-double-entity", "[a](javascript&amp;colon;alert(1))", "<p>a</p>\n"},
		{"javascript-case-and-tab", "[a](JaVa&Tab;ScRiPt:alert(1))", "<p>a</p>\n"},
		{"javascript-escaped", `[a](javascript\:alert(1))`, "<p>a</p>\n"},
		{"data", "[a](data:text/html,x)", "<p>a</p>\n"},
		{"blob", "[a](blob:https://example.org/x)", "<p>a</p>\n"},
		{"vbscript", "[a](vbscript:x)", "<p>a</p>\n"},
		{"protocol-relative", "[a](//example.org/x)", "<p>a</p>\n"},
		{"relative", "[a](../x)", "<p>a</p>\n"},
		{"user-in-url", "[a](https://example.org@example.com/)", "<p>a</p>\n"},
		{"no-host", "[a](https:///x)", "<p>a</p>\n"},
		{"reference", "[a]\n\n[a]: javascript:alert(1)", "<p>a</p>\n"},
		{"image", "![a *b*](https://example.org/x.png \"t\")", "<p>a <em>b</em></p>\n"},
		{"image-quote", `![" onerror="alert(1)](x)`, "<p>&quot; onerror=&quot;alert(1)</p>\n"},
		{"fence-info", "```\" onclick=alert(1)\n<x>\n```", "<pre><code>&lt;x&gt;\n</code></pre>\n"},
		{"headings-shifted", "# a\n\n### b\n\n# c", "<h3>a</h3>\n<h4>b</h4>\n<h3>c</h3>\n"},
		{"heading-attributes-are-text", "# a {onclick=x}", "<h3>a {onclick=x}</h3>\n"},
		{"table-without-style", "| a |\n|:-:|\n| b |", "<table>\n<thead>\n<tr>\n<th>a</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>b</td>\n</tr>\n</tbody>\n</table>\n"},
		{"invalid-utf8", "a\xffb", "<p>a\uFFFDb</p>\n"},
		{"empty", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := newMarkdown().html(c.in, 3)
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != c.want {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
		})
	}
}

// TestMarkdownIsBounded holds texts that take quadratic time, at the longest
// that is read as Markdown and beyond, to a time far above what a slow machine
// needs and far below what an attacker would.
func TestMarkdownIsBounded(t *testing.T) {
	fill := func(unit string) string { return strings.Repeat(unit, maxMarkdown/len(unit)) }
	for name, text := range map[string]string{
		"emphasis": fill("*a_ "), "stars": fill("*"), "underscores": fill("a_"), "mixed": fill("**a *b "),
		"brackets": fill("["), "images": fill("!["), "links": fill("[a]("), "closed": fill("[a](b)"), "backticks": fill("`a``b"),
		"quotes": fill(">"), "spaced-quotes": fill("> "), "lists": fill("- "), "numbers": fill("1. "), "table": "|a|\n|-|\n" + fill("|\n"),
		"wide":    strings.Repeat("|a", 5000) + "\n" + strings.Repeat("|-", 5000) + "\n" + strings.Repeat("a\n", 6000),
		"columns": fill("|a") + "\n" + fill("|-"), "quote-lines": fill("> > > > a\n"), "list-lines": fill("  - a\n"), "indented": nested(200), "references": fill("[a]: b\n"),
		"autolinks": fill("<a:"), "entities": fill("&"), "long": strings.Repeat("*a_ ", 1<<18),
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			if _, err := newMarkdown().html(text, 3); err != nil {
				t.Fatal(err)
			}
			if took := time.Since(start); took > 2*time.Second {
				t.Errorf("took %s", took)
			} else {
				t.Log(took)
			}
		})
	}
}

// nested is a list whose items are each one level deeper.
func nested(levels int) string {
	var out strings.Builder
	for i := range levels {
		out.WriteString(strings.Repeat("  ", i) + "- a\n")
	}
	return out.String()[:min(out.Len(), maxMarkdown)]
}

func TestLongMarkdownIsPlainText(t *testing.T) {
	text := strings.Repeat("a", maxMarkdown) + "\n\n<b>*x*"
	got, err := newMarkdown().html(text, 3)
	if err != nil {
		t.Fatal(err)
	}
	if want := "</p>\n<p>&lt;b&gt;*x*</p>\n"; !strings.HasSuffix(string(got), want) {
		t.Errorf("ends in %q, want %q", got[len(got)-40:], want)
	}
}

func FuzzMarkdown(f *testing.F) {
	for _, seed := range []string{"a *b*", "[a](javascript&colon;x)", "<x onload=y>", "```x\ny", "| a |\n|:-:|", "![a](b \"c\")", "# a {b=c}"} {
		f.Add(seed)
	}
	engine := newMarkdown()
	f.Fuzz(func(t *testing.T, text string) {
		html, err := engine.html(text, 2)
		if err != nil {
			t.Fatal(err)
		}
		checkInert(t, "<html>"+string(html)+"</html>")
	})
}
