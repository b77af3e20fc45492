package render

import (
	"bytes"
	"fmt"
	"html"
	"html/template"
	"net/url"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	goldhtml "github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// maxMarkdown is the longest text read as Markdown, in bytes. goldmark takes
// quadratic time on hostile input (120 kB of "*a_ " took 3.4 s), so a longer
// text is shown as plain text. It holds about ten printed pages.
const maxMarkdown = 32 << 10

// maxNesting is how many quote and list markers may open on one line, for the
// same reason.
const maxNesting = 32

// maxCells is how many cells a table could have, for the same reason: goldmark
// fills every row up to the width of the widest line.
const maxCells = 1 << 16

// markdown turns the Markdown of definitions and credentials, which may come
// from anyone, into HTML.
type markdown struct{ engine goldmark.Markdown }

func newMarkdown() *markdown {
	// Without parsers for HTML, a tag is text like any other and is escaped
	// like any other: there is no raw HTML to filter.
	p := parser.NewParser(
		parser.WithBlockParsers(
			util.Prioritized(parser.NewSetextHeadingParser(), 100),
			util.Prioritized(parser.NewThematicBreakParser(), 200),
			util.Prioritized(parser.NewListParser(), 300),
			util.Prioritized(parser.NewListItemParser(), 400),
			util.Prioritized(parser.NewCodeBlockParser(), 500),
			util.Prioritized(parser.NewATXHeadingParser(), 600),
			util.Prioritized(parser.NewFencedCodeBlockParser(), 700),
			util.Prioritized(parser.NewBlockquoteParser(), 800),
			util.Prioritized(parser.NewParagraphParser(), 1000),
		),
		parser.WithInlineParsers(
			util.Prioritized(parser.NewCodeSpanParser(), 100),
			util.Prioritized(parser.NewLinkParser(), 200),
			util.Prioritized(parser.NewAutoLinkParser(), 300),
			util.Prioritized(parser.NewEmphasisParser(), 500),
		),
		parser.WithParagraphTransformers(parser.DefaultParagraphTransformers()...),
	)
	return &markdown{engine: goldmark.New(
		goldmark.WithParser(p),
		// A cell's alignment would be a style attribute, which the pages'
		// Content Security Policy forbids.
		goldmark.WithExtensions(extension.NewTable(extension.WithTableCellAlignMethod(extension.TableCellAlignNone))),
		goldmark.WithRendererOptions(renderer.WithNodeRenderers(util.Prioritized(linkRenderer{}, 1))),
	)}
}

// lineEnds makes one line end of all (CommonMark 0.31, "Characters and lines").
var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n")

// html is the only place where text becomes HTML without html/template: every
// other value is escaped by it. What comes out has the elements p, h2 to h6,
// ul, ol, li, blockquote, pre, code, em, strong, hr, br, table and its parts,
// and a with http, https or mailto links; no attributes but href and rel of a,
// and start of ol. Headings are moved to level and below, and no level is
// skipped. A text longer than 32 KiB, or nested beyond reason, comes out as
// plain paragraphs.
func (m *markdown) html(source string, level int) (template.HTML, error) {
	source = lineEnds.Replace(strings.ToValidUTF8(source, "\uFFFD"))
	if len(source) > maxMarkdown || nestedTooDeep(source) || tooWide(source) {
		return template.HTML(plainParagraphs(source)), nil
	}
	data := []byte(source)
	document := m.engine.Parser().Parse(text.NewReader(data))
	shiftHeadings(document, level)
	var out bytes.Buffer
	if err := m.engine.Renderer().Render(&out, data, document); err != nil {
		return "", fmt.Errorf("render Markdown: %w", err)
	}
	return template.HTML(out.String()), nil
}

// nestedTooDeep reports whether a line opens more quotes and lists than a
// person would.
func nestedTooDeep(source string) bool {
	for line := range strings.Lines(source) {
		markers := 0
	count:
		for _, c := range []byte(line) {
			switch {
			case c == '>' || c == '-' || c == '+' || c == '*' || c == '.' || c == ')':
				markers++
			case c == ' ' || c == '\t' || '0' <= c && c <= '9':
			default:
				break count
			}
		}
		if markers > maxNesting && strings.Trim(line, "-*_ \t\r\n") != "" {
			return true
		}
	}
	return false
}

// tooWide reports whether a text could hold a larger table than a person would
// write.
func tooWide(source string) bool {
	bars := 0
	for line := range strings.Lines(source) {
		bars = max(bars, strings.Count(line, "|"))
	}
	return bars*strings.Count(source, "\n") > maxCells
}

func plainParagraphs(source string) string {
	var out strings.Builder
	for _, paragraph := range strings.Split(source, "\n\n") {
		if strings.TrimSpace(paragraph) != "" {
			out.WriteString("<p>" + html.EscapeString(paragraph) + "</p>\n")
		}
	}
	return out.String()
}

// shiftHeadings puts a text's headings below the page's: the text's first level
// becomes level, and each heading is at most one deeper than the one before.
func shiftHeadings(document ast.Node, level int) {
	before := level - 1
	_ = ast.Walk(document, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if heading, ok := n.(*ast.Heading); ok && entering {
			heading.Level = min(heading.Level+level-1, before+1, 6)
			before = heading.Level
		}
		return ast.WalkContinue, nil
	})
}

// linkRenderer writes what can carry a URL or a name of the author's choosing,
// in place of goldmark's own writers.
type linkRenderer struct{}

func (linkRenderer) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(ast.KindLink, renderLink)
	r.Register(ast.KindAutoLink, renderAutoLink)
	r.Register(ast.KindImage, renderImage)
	r.Register(ast.KindFencedCodeBlock, renderFencedCode)
}

// renderLink writes the link without its title. goldmark leaves entities in a
// destination, and javascript&colon;… is JavaScript to a browser
// (CVE-2026-5160), so they are resolved before the URL is judged.
func renderLink(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	href := linkURL(string(util.URLEscape(n.(*ast.Link).Destination, true)))
	switch {
	case href == "": // the words stay, the link goes
	case entering:
		openLink(w, href)
	default:
		_, _ = w.WriteString("</a>")
	}
	return ast.WalkContinue, nil
}

func renderAutoLink(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	link := n.(*ast.AutoLink)
	target := string(util.URLEscape(link.URL(source), false))
	if link.AutoLinkType == ast.AutoLinkEmail && !strings.HasPrefix(strings.ToLower(target), "mailto:") {
		target = "mailto:" + target
	}
	href := linkURL(target)
	if href != "" {
		openLink(w, href)
	}
	_, _ = w.WriteString(html.EscapeString(string(link.Label(source))))
	if href != "" {
		_, _ = w.WriteString("</a>")
	}
	return ast.WalkContinue, nil
}

func openLink(w util.BufWriter, href string) {
	_, _ = w.WriteString(`<a href="` + html.EscapeString(href) + `" rel="nofollow noopener noreferrer">`)
}

// renderImage leaves an image's words: a page asks nobody else for anything.
func renderImage(util.BufWriter, []byte, ast.Node, bool) (ast.WalkStatus, error) {
	return ast.WalkContinue, nil
}

// renderFencedCode leaves out the info string, which would become a class.
func renderFencedCode(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		_, _ = w.WriteString("</code></pre>\n")
		return ast.WalkContinue, nil
	}
	_, _ = w.WriteString("<pre><code>")
	lines := n.Lines()
	for i := range lines.Len() {
		line := lines.At(i)
		goldhtml.DefaultWriter.RawWrite(w, line.Value(source))
	}
	return ast.WalkContinue, nil
}

// linkURL returns a URL that a text may link to, else "": an http or https URL
// with a host and without a user, or a mailto URL.
func linkURL(target string) string {
	if u, err := url.Parse(target); err == nil && strings.EqualFold(u.Scheme, "mailto") && u.Opaque != "" {
		return u.String()
	}
	return webURL(target)
}

// webURL returns target where it is an absolute http or https URL with a host
// and without a user name (which serves only to deceive), else "".
func webURL(target string) string {
	u, err := url.Parse(target)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil {
		return ""
	}
	return u.String()
}
