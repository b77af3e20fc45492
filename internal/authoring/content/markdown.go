package content

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
	"gopkg.in/yaml.v3"
)

// markdownCheck finds what Markdown must not hold: raw HTML, and links other
// than http, https and mailto. Rendering leaves such things out in silence,
// or, in other hands, lets them through; here
// the author hears of it.
type markdownCheck struct{ parser parser.Parser }

// newMarkdownCheck makes goldmark's CommonMark parser without emphasis: it has
// no part in what is a link or HTML, and is what goldmark needs quadratic
// time for.
func newMarkdownCheck() *markdownCheck {
	return &markdownCheck{parser.NewParser(
		parser.WithBlockParsers(parser.DefaultBlockParsers()...),
		parser.WithInlineParsers(
			util.Prioritized(parser.NewCodeSpanParser(), 100),
			util.Prioritized(parser.NewLinkParser(), 200),
			util.Prioritized(parser.NewAutoLinkParser(), 300),
			util.Prioritized(parser.NewRawHTMLParser(), 400),
		),
		parser.WithParagraphTransformers(parser.DefaultParagraphTransformers()...),
	)}
}

// check calls report for each fault of a Markdown text, with its byte offset.
// Only a page may have images and relative links.
func (m *markdownCheck) check(markdown string, page bool, report func(offset int, text, hint string)) {
	if !strings.ContainsAny(markdown, "<[") {
		return // neither HTML nor a link starts with anything else
	}
	if at := deepQuote(markdown); at >= 0 {
		report(at, fmt.Sprintf("holds quotes in quotes, more than %d deep", quoteDepth), "")
		return
	}
	source := []byte(markdown)
	doc := m.parser.Parse(text.NewReader(source))
	err := ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		destination, isImage := []byte(nil), false
		switch n := n.(type) {
		case *ast.HTMLBlock, *ast.RawHTML:
			report(offset(n), "holds raw HTML", "write Markdown; to show code, put it between back-ticks")
			return ast.WalkContinue, nil
		case *ast.AutoLink:
			if n.AutoLinkType == ast.AutoLinkEmail {
				return ast.WalkContinue, nil
			}
			destination = n.URL(source)
		case *ast.Link:
			destination = n.Destination
		case *ast.Image:
			destination, isImage = n.Destination, true
		default:
			return ast.WalkContinue, nil
		}
		if isImage && !page {
			report(offset(n), "holds an image", "a narrative is text and links; an achievement has its image property")
		} else if fault, hint := linkFault(destination, page, isImage); fault != "" {
			report(offset(n), fault, hint)
		}
		return ast.WalkContinue, nil
	})
	if err != nil {
		report(0, "is not Markdown", "")
	}
}

// quoteDepth is how deep block quotes nest; goldmark needs quadratic time for
// them, too.
const quoteDepth = 32

// deepQuote is the offset of a line that starts too many block quotes, or -1.
func deepQuote(markdown string) int {
	at := 0
	for line := range strings.Lines(markdown) {
		start := line[:len(line)-len(strings.TrimLeft(line, "> \t"))]
		if strings.Count(start, ">") > quoteDepth {
			return at
		}
		at += len(line)
	}
	return -1
}

// offset is where a node starts, or the nearest thing around it that knows.
func offset(n ast.Node) int {
	for ; n != nil; n = n.Parent() {
		if p := n.Pos(); p >= 0 {
			return p
		}
		if n.Type() == ast.TypeBlock && n.Lines() != nil && n.Lines().Len() > 0 {
			return n.Lines().At(0).Start
		}
	}
	return 0
}

// linkFault judges a destination as a browser will see it: with its entities
// and escapes resolved first.
func linkFault(destination []byte, page, isImage bool) (fault, hint string) {
	s := string(util.URLEscape(destination, true))
	u, err := url.Parse(s)
	if err != nil {
		return "holds a link that is no URL", "write such as https://example.org/page"
	}
	switch strings.ToLower(u.Scheme) {
	case "http", "https":
		if isImage {
			return "shows an image of another site", "pages ask nothing of third parties: copy the image into content/images"
		}
		if fault := webURLFault(u.Scheme + s[len(u.Scheme):]); fault != "" {
			return "holds a link that " + fault, ""
		}
		return "", ""
	case "mailto":
		if isImage || !strings.Contains(u.Opaque, "@") {
			return "holds a link to no e-mail address", "write such as mailto:name@example.org"
		}
		return "", ""
	case "":
	default:
		return "holds a link that is neither http, https nor mailto", ""
	}
	switch {
	case !page:
		return "holds a link that is not absolute", "write the whole URL, such as https://example.org/page"
	case u.Host != "" || strings.HasPrefix(s, "//") || strings.Contains(s, "%5C"):
		return "holds a link without http: or https:", "write the whole URL, such as https://example.org/page"
	case strings.HasPrefix(s, "/"):
		return "holds a link that starts with a slash", "links between pages are relative, such as ../about/"
	case s == "":
		return "holds a link to nowhere", ""
	}
	return "", ""
}

// narrative reads the Markdown property of that name in Criteria, Evidence
// and awards.
func (l *loader) narrative(o object) string {
	v, ok := o.get("narrative")
	if !ok {
		return ""
	}
	s, ok := v.prose()
	if !ok {
		return ""
	}
	l.markdown.check(s, false, func(offset int, text, hint string) {
		at := v.position()
		if v.node.Style&yaml.LiteralStyle != 0 && v.at == v.node {
			at.line += 1 + strings.Count(s[:offset], "\n")
			line := v.s.line(at.line)
			at.column = 1 + len(line) - len(strings.TrimLeft(line, " "))
		}
		v.s.report(at, v.path(), text, hint)
	})
	return s
}
