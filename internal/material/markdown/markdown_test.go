package markdown_test

import (
	"strings"
	"testing"

	"laurel/internal/material/markdown"
)

// TestLead: the first paragraph, in words.
func TestLead(t *testing.T) {
	m := markdown.New(markdown.Within)
	for source, want := range map[string]string{
		"# Title\n\nOne *two*\nthree `f&amp;` &amp; [four](https://example.org/) \\* <mailto:a@b.cd>\n\nNot.": "One two three f&amp; & four * mailto:a@b.cd",
		"- only\n- a list": "",
		"":                 "",
		"Knows the ropes, ties them and " + strings.Repeat("again ", 30): "Knows the ropes, ties them and again again…",
		"Knows the ropes, and all that follows is far too long to say":   "Knows the ropes, and all that follows is…",
		strings.Repeat("ä", 60): strings.Repeat("ä", 43) + "…",
	} {
		if got := m.Lead(source, 44); got != want {
			t.Errorf("%q leads with %q, want %q", source, got, want)
		}
	}
}

func TestHTML(t *testing.T) {
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
			got, err := markdown.New(markdown.Absolute).HTML(c.in, 3)
			if err != nil {
				t.Fatal(err)
			}
			if got != c.want {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
		})
	}
}

// hostile are texts on which parsers of Markdown take quadratic time, each as a
// unit to be repeated.
var hostile = []string{
	"*a_ ", "*", "a_", "**a *b ", "[", "![", "[a](", "[a](b)", "`a``b", ">", "> ", "- ", "1. ", "|\n", "|a", "> > > > a\n", "  - a\n", "[a]: b\n", "<a:", "&", "[a\n", "[[a]]",
	"<a ", "<", "`a", "* ", "[a]: x\n", "]", "![[]", "<!--", "a\n[", "&amp;", "a**b", "*a **a ", "_a __a ", "\\", "[a][b] ", "a\n===\n", "# a\n", "```\n", "    a\n", "a |b\n-|-\n", "\t", "&#x202e;", "<a@b.c>", "[a](<b", "[a](b 'c", "a  \n", "~~~\n",
}

func repeated(unit string, size int) string { return strings.Repeat(unit, size/len(unit)) }

// TestHostile: of what takes quadratic time beyond the limits, the limits leave
// what costs little: so many signs, cells and levels and no more. Nobody has to
// wait for a text that is refused.
func TestHostile(t *testing.T) {
	m := markdown.New(markdown.Absolute)
	for _, unit := range hostile {
		long := repeated(unit, markdown.MaxSize)
		faults := m.Check(long)
		signs := strings.Count(long, "*") + strings.Count(long, "_") + strings.Count(long, "[") + strings.Count(long, "]")
		if runs := strings.Contains(unit, "**") || unit == "*"; len(faults) == 0 && signs > 8<<10 && !runs {
			t.Errorf("%q: %d signs are taken", unit, signs)
		}
		drawn, err := m.HTML(long+"\n\n<b>", 2)
		if err != nil || !strings.HasSuffix(drawn, "&lt;b&gt;</p>\n") && len(faults) > 0 && strings.Contains(faults[0].Text, "more than") {
			t.Errorf("%q: %v", unit, err)
		}
		if tooLong := m.Check(long + strings.Repeat("x", 1+markdown.MaxSize-len(long))); len(tooLong) != 1 {
			t.Errorf("%q: beyond the limit of bytes are %d faults", unit, len(tooLong))
		}
	}
}

func TestCheck(t *testing.T) {
	const whole = "write the whole URL, such as https://example.org/page"
	for _, c := range []struct {
		name, in string
		links    markdown.Links
		at       int
		want     string // part of text and hint
	}{
		{"html", "a <b>c", markdown.Within, 2, "contains raw HTML; write Markdown"},
		{"html-block", "a\n\n<div>\n", markdown.Within, 3, "contains raw HTML"},
		{"comment", "<!-- a -->", markdown.Within, 0, "contains raw HTML"},
		{"image", "a ![b](../c.png)", markdown.Within, 2, "contains an image, which pages do not show"},
		{"image-of-another-site", "![b](https://example.org/c.png)", markdown.Absolute, 0, "contains an image"},
		{"javascript", "[a](javascript&colon;x)", markdown.Within, 0, "neither http, https nor mailto"},
		{"relative", "a [b](../c/)", markdown.Absolute, 2, "contains a link that is not absolute; " + whole},
		{"without-scheme", "[a](//example.org/)", markdown.Within, 0, "without http: or https:; " + whole},
		{"slash", "[a](/b/)", markdown.Within, 0, "starts with a slash"},
		{"nowhere", "[a]()", markdown.Within, 0, "a link that leads nowhere"},
		{"user", "[a](https://b@example.org/)", markdown.Within, 0, "user name or password"},
		{"no-mail", "[a](mailto:b)", markdown.Within, 0, "without a valid e-mail address"},
		{"title", `a [b](https://example.org/ "c")`, markdown.Within, 2, "a link with a title, which pages do not show; put it into the text"},
		{"title-of-a-definition", "[a]\n\n[a]: https://example.org/ 'c'", markdown.Within, 5, "defines a link with a title"},
		{"definition-not-used", "a\n\n[Note]: important", markdown.Within, 3, "that is not used; put a backslash"},
		{"definition-twice", "[a]\n\n[a]: https://example.org/\n[a]: https://example.com/", markdown.Within, 31, "is already defined"},
		{"code-with-words", "``` go main\na\n```", markdown.Within, 4, "text after the marks that open a block of code; put it on the next line"},
		{"cells", "| a |\n|---|\n| b | c |", markdown.Within, 15, "more cells in a row"},
		{"override", "a &#x202E;b", markdown.Within, 2, "stands for a bidirectional control character (U+202E)"},
		{"nul", "a &#0;", markdown.Within, 2, "stands for a replacement character"},
		{"quotes", strings.Repeat("> ", 33) + "a", markdown.Within, 0, "more than 32 quotes and lists"},
		{"lists", "a\n\n" + strings.Repeat("- ", 33) + "a", markdown.Within, 3, "more than 32 quotes and lists"},
		{"cells-of-a-table", strings.Repeat("|a", 5000) + "\n" + strings.Repeat("|-", 5000) + "\n" + strings.Repeat("a\n", 20), markdown.Within, 0, "more than 65536 cells"},
		{"signs", strings.Repeat("*a_ ", 8<<10), markdown.Within, 16384, "more than 8192 characters that could"},
		{"size", strings.Repeat("a", markdown.MaxSize+1), markdown.Within, markdown.MaxSize, "longer than 64 KiB; split it"},

		{"dots-are-no-lists", strings.Repeat(".", 200) + "\n\n" + strings.Repeat("* ", 100) + "\n\n" + strings.Repeat("-", 100), markdown.Within, 0, ""},
		{"page-link", "[a](../b/#c) [d](e.html?f) [g](#h)", markdown.Within, 0, ""},
		{"links", "<https://example.org/> <a@example.org> [a](HTTPS://example.org/ü?b#c) [d](mailto:e@example.org?subject=f) [g][1]\n\n[1]: <https://example.org/h%20i>", markdown.Absolute, 0, ""},
		{"language-of-code", "```go\na\n```\n~~~ sh\n<b>\n~~~\n`<c>`", markdown.Absolute, 0, ""},
		{"references-in-code", "`&#x202e;` &#228; &amp; &#x1F600;", markdown.Absolute, 0, ""},
		{"full-table", "| a | b |\n|:-:|---|\n| c | d |\n| e |\n| f \\| g | |", markdown.Absolute, 0, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			faults := markdown.New(c.links).Check(c.in)
			if c.want == "" {
				if len(faults) > 0 {
					t.Errorf("%+v", faults)
				}
				return
			}
			if len(faults) != 1 || faults[0].Offset != c.at {
				t.Fatalf("%+v, want one at %d", faults, c.at)
			}
			for _, part := range strings.Split(c.want, "; ") {
				if !strings.Contains(faults[0].Text+"; "+faults[0].Hint, part) {
					t.Errorf("%+v says nothing of %q", faults[0], part)
				}
			}
		})
	}
}
