package markdown

import (
	"bytes"
	"html"
	"regexp"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
	tables "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	characters "laurel/internal/material/text"
)

// Fault is one thing that a text may not have: what is against the rules, or
// would not be shown as it is written.
type Fault struct {
	Offset int // in bytes
	// Text says what is wrong, lower case, without a full stop; Hint what to try,
	// and may be empty. Neither quotes the text.
	Text, Hint string
}

// newTags makes CommonMark's parser with HTML and without emphasis, which has no
// part in what is HTML.
func newTags() parser.Parser {
	return parser.NewParser(
		parser.WithBlockParsers(parser.DefaultBlockParsers()...),
		parser.WithInlineParsers(
			util.Prioritized(parser.NewCodeSpanParser(), 100),
			util.Prioritized(parser.NewLinkParser(), 200),
			util.Prioritized(parser.NewAutoLinkParser(), 300),
			util.Prioritized(parser.NewRawHTMLParser(), 400),
		),
		parser.WithParagraphTransformers(parser.DefaultParagraphTransformers()...),
	)
}

// Check finds what a text may not have, in its order: raw HTML, images, links
// that Links does not allow, and all that HTML would not show: titles of links,
// links that are defined and not used, words behind the back-ticks of a block of
// code, cells beside a table, references to characters that nobody can be shown.
// A text beyond a limit has that one fault. What has no fault is shown whole by
// HTML.
func (m *Markdown) Check(source string) []Fault {
	if f := beyond(source); f.Text != "" {
		return []Fault{f}
	}
	c := check{source: []byte(source), links: m.links, used: map[string]bool{}}
	if strings.Contains(source, "<") {
		c.walk(m.tags.Parse(text.NewReader(c.source)), c.tag)
	}
	c.walk(m.engine.Parser().Parse(text.NewReader(c.source)), c.node)
	for _, d := range c.defined {
		c.definition(d)
	}
	slices.SortStableFunc(c.faults, func(a, b Fault) int { return a.Offset - b.Offset })
	return c.faults
}

// check is the state of one Check.
type check struct {
	source  []byte
	links   Links
	defined []*ast.LinkReferenceDefinition
	used    map[string]bool // labels of definitions: true from the first link with it
	faults  []Fault
}

func (c *check) walk(document ast.Node, visit func(ast.Node)) {
	_ = ast.Walk(document, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			visit(n)
		}
		return ast.WalkContinue, nil
	})
}

func (c *check) fault(n ast.Node, text, hint string) {
	c.faults = append(c.faults, Fault{offset(n), text, hint})
}

// tag reports HTML.
func (c *check) tag(n ast.Node) {
	switch n.(type) {
	case *ast.HTMLBlock, *ast.RawHTML:
		c.fault(n, "contains raw HTML", "write Markdown; to show code, put it between back-ticks")
	}
}

// node reports what HTML would not show as it is written.
func (c *check) node(n ast.Node) {
	switch n := n.(type) {
	case *ast.AutoLink:
		c.link(n, c.links.auto(n, c.source))
	case *ast.Link:
		c.uses(n.Reference)
		c.link(n, c.links.destination(n.Destination))
		if len(n.Title) > 0 && n.Reference == nil {
			c.fault(n, "contains a link with a title, which pages do not show", "put it into the text")
		}
	case *ast.Image:
		c.uses(n.Reference)
		c.fault(n, "contains an image, which pages do not show", "an achievement has its image property; elsewhere write text and links")
	case *ast.LinkReferenceDefinition:
		c.defined = append(c.defined, n)
	case *ast.FencedCodeBlock:
		if info := n.Info; info != nil && len(bytes.Fields(info.Segment.Value(c.source))) > 1 {
			c.faults = append(c.faults, Fault{info.Segment.Start, "contains text after the marks that open a block of code, which pages do not show", "put it on the next line"})
		}
	case *tables.TableRow:
		c.row(n)
	case *ast.Text:
		c.references(n)
	}
}

func (c *check) link(n ast.Node, t target) {
	if t.fault != "" {
		c.fault(n, t.fault, t.hint)
	}
}

func (c *check) uses(r *ast.ReferenceLink) {
	if r != nil {
		c.used[util.ToLinkReference(r.Value)] = true
	}
}

// definition reports one that no link uses, of which nothing is shown: a note in
// brackets with a colon behind it may look like one. The first of a label counts.
func (c *check) definition(d *ast.LinkReferenceDefinition) {
	label := util.ToLinkReference(d.Label)
	switch {
	case !c.used[label]:
		c.fault(d, "defines a link that is not used, or is already defined, so the line is not shown", `put a backslash before the [ if it is meant as text, or delete the line`)
	case len(d.Title) > 0:
		c.fault(d, "defines a link with a title, which pages do not show", "put it into the text")
	}
	c.used[label] = false
}

// row reports cells beyond the columns of the table.
func (c *check) row(n *tables.TableRow) {
	cell := n.LastChild()
	if cell == nil || cell.Lines().Len() == 0 {
		return
	}
	rest, _, _ := bytes.Cut(c.source[cell.Lines().At(0).Stop:], []byte("\n"))
	if len(bytes.Trim(rest, "| \t\r")) > 0 {
		c.faults = append(c.faults, Fault{cell.Lines().At(0).Stop, "has more cells in a row than the table has columns, so the last would not be shown", "give the table's header row as many cells"})
	}
}

var reference = regexp.MustCompile(`&#(?:[xX][0-9A-Fa-f]+|[0-9]+);`)

// references reports numbers of characters that may not be written themselves.
func (c *check) references(n *ast.Text) {
	if n.IsRaw() || n.Parent().Kind() == ast.KindCodeSpan {
		return
	}
	for _, at := range reference.FindAllIndex(n.Segment.Value(c.source), -1) {
		from := n.Segment.Start + at[0]
		for _, r := range html.UnescapeString(string(c.source[from : n.Segment.Start+at[1]])) {
			if fault := characters.Fault(r); fault != "" {
				c.faults = append(c.faults, Fault{from, "stands for " + fault, "delete it"})
			}
		}
	}
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
