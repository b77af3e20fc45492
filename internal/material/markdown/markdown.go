// Package markdown reads CommonMark, with tables, within one set of limits: Check
// tells authors what a text may not have, HTML draws it, and what the one takes
// the other shows whole. It refuses raw HTML, images, and links other than http,
// https and mailto (and between the pages of a site, where they are asked for).
package markdown

import (
	"bytes"
	"fmt"
	"html"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	goldhtml "github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// Markdown reads texts within the limits of this package. It may be used by
// several goroutines.
type Markdown struct {
	engine goldmark.Markdown
	tags   parser.Parser
	links  Links
}

// New makes a Markdown whose links lead where links says.
func New(links Links) *Markdown { return newMarkdown(links, func(href string) string { return href }) }

// Moved is New(Within) for texts that stand in another place than they were written
// for: moved is given each link within the site, and gives it as seen from there.
func Moved(moved func(href string) string) *Markdown { return newMarkdown(Within, moved) }

func newMarkdown(links Links, moved func(string) string) *Markdown {
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
	return &Markdown{links: links, tags: newTags(), engine: goldmark.New(
		goldmark.WithParser(p),
		// A cell's alignment would be a style attribute, which the pages'
		// Content Security Policy forbids.
		goldmark.WithExtensions(extension.NewTable(extension.WithTableCellAlignMethod(extension.TableCellAlignNone))),
		goldmark.WithRendererOptions(renderer.WithNodeRenderers(util.Prioritized(linkRenderer{links, moved}, 1))),
	)}
}

// lineEnds makes one line end of all (CommonMark 0.31, "Characters and lines").
var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n")

// HTML draws a text. What comes out has the elements p, h2 to h6, ul, ol, li,
// blockquote, pre, code, em, strong, hr, br, table and its parts, and a with
// links that Links allows; no attributes but href and rel of a, and start of ol.
// Headings are moved to level and below, and no level is skipped. What Check
// finds no fault with is shown whole; of other texts, what is not allowed is left
// out or shown as text, and one beyond a limit comes out as plain paragraphs.
func (m *Markdown) HTML(source string, level int) (string, error) {
	source = lineEnds.Replace(strings.ToValidUTF8(source, "\uFFFD"))
	if beyond(source).Text != "" {
		return "<p>" + strings.ReplaceAll(html.EscapeString(source), "\n\n", "</p>\n<p>") + "</p>\n", nil
	}
	data := []byte(source)
	document := m.engine.Parser().Parse(text.NewReader(data))
	shiftHeadings(document, level)
	var out bytes.Buffer
	if err := m.engine.Renderer().Render(&out, data, document); err != nil {
		return "", fmt.Errorf("render Markdown: %w", err)
	}
	return out.String(), nil
}

// Lead is the first paragraph of a text without marks, for where it is only named: in
// one line, at most so many characters long, cut between words. It is empty where the
// text has no paragraph outside of lists and quotes, or is beyond a limit.
func (m *Markdown) Lead(source string, most int) string {
	source = lineEnds.Replace(strings.ToValidUTF8(source, "\uFFFD"))
	if beyond(source).Text != "" {
		return ""
	}
	data := []byte(source)
	var b strings.Builder
	for n := m.engine.Parser().Parse(text.NewReader(data)).FirstChild(); n != nil; n = n.NextSibling() {
		if _, ok := n.(*ast.Paragraph); ok {
			said(&b, n, data)
			break
		}
	}
	words := strings.Fields(b.String())
	line := strings.Join(words, " ")
	for utf8.RuneCountInString(line) > most && len(words) > 1 {
		words = words[:len(words)-1]
		line = strings.TrimRight(strings.Join(words, " "), ".,;:–—-") + "…"
	}
	if utf8.RuneCountInString(line) > most {
		line = string([]rune(line)[:max(most-1, 0)]) + "…"
	}
	return line
}

// said writes what a paragraph says, without marks.
func said(b *strings.Builder, paragraph ast.Node, source []byte) {
	_ = ast.Walk(paragraph, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.AutoLink:
			b.Write(n.Label(source))
		case *ast.Text:
			value := n.Segment.Value(source)
			if _, code := n.Parent().(*ast.CodeSpan); !code {
				value = util.ResolveEntityNames(util.ResolveNumericReferences(util.UnescapePunctuations(value)))
			}
			b.Write(value)
			if n.SoftLineBreak() || n.HardLineBreak() {
				b.WriteByte(' ')
			}
		}
		return ast.WalkContinue, nil
	})
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
type linkRenderer struct {
	links Links
	moved func(string) string // of links within the site
}

func (l linkRenderer) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(ast.KindLink, l.link)
	r.Register(ast.KindAutoLink, l.autoLink)
	r.Register(ast.KindImage, renderImage)
	r.Register(ast.KindFencedCodeBlock, renderFencedCode)
}

// link writes a link without its title; of one that is not allowed the words
// stay.
func (l linkRenderer) link(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	href := l.links.destination(n.(*ast.Link).Destination).href
	if href != "" && !strings.Contains(href, ":") {
		href = l.moved(href)
	}
	switch {
	case href == "":
	case entering:
		l.open(w, href)
	default:
		_, _ = w.WriteString("</a>")
	}
	return ast.WalkContinue, nil
}

func (l linkRenderer) autoLink(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	link := n.(*ast.AutoLink)
	href := l.links.auto(link, source).href
	if href != "" {
		l.open(w, href)
	}
	_, _ = w.WriteString(html.EscapeString(string(link.Label(source))))
	if href != "" {
		_, _ = w.WriteString("</a>")
	}
	return ast.WalkContinue, nil
}

// open begins a link. Another page of the site is no stranger.
func (l linkRenderer) open(w util.BufWriter, href string) {
	rel := ` rel="nofollow noopener noreferrer"`
	if u, err := url.Parse(href); err == nil && u.Scheme == "" {
		rel = ""
	}
	_, _ = w.WriteString(`<a href="` + html.EscapeString(href) + `"` + rel + `>`)
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
