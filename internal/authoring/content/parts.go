package content

import (
	"bytes"
	"regexp"

	"gopkg.in/yaml.v3"

	"laurel/internal/authoring/model"
)

// A yaml.Node tree is about 25 times the size of its text, and the one of a
// whole award list is what fills memory. So the recipients
// of a long list are parsed in parts. Where the text leaves any doubt about
// where a recipient starts, the list is parsed as a whole: the result is the
// same.
const (
	wholeBytes = 256 << 10 // lists up to this size are parsed as a whole
	partBytes  = 128 << 10
)

// parts is an award list with its recipients cut out.
type parts struct {
	rest []byte // the text, with empty lines where the recipients were
	line int    // of the property recipients
	list []part
}

// part is some of the recipients: text that starts with a hyphen in a line.
type part struct {
	text []byte
	line int
}

// anchorText finds what may be an anchor. An alias may stand in another part
// than its anchor, so lists with anchors are parsed as a whole.
var anchorText = regexp.MustCompile(`(^|[\s\[{,:])&\S`)

// cut finds the recipients of a list in block style: the lines after a line
// "recipients:" up to the next one that is indented less than the first
// hyphen, or as much but without one. Texts up to whole bytes are not cut;
// parts have at least size bytes, but for the last.
func cut(text []byte, whole, size int) (parts, bool) {
	var p parts
	if len(text) <= whole || bytes.IndexByte(text, '&') >= 0 && anchorText.Match(text) {
		return p, false
	}
	indent, itemsStart, line, at := -1, 0, 0, 0
	for at < len(text) {
		line++
		end := len(text)
		if i := bytes.IndexByte(text[at:], '\n'); i >= 0 {
			end = at + i + 1
		}
		l := bytes.TrimRight(text[at:end], " \r\n")
		body := bytes.TrimLeft(l, " ")
		column := len(l) - len(body)
		isItem := len(body) > 0 && body[0] == '-' && (len(body) == 1 || body[1] == ' ')
		switch {
		case p.line == 0:
			if string(l) == "recipients:" {
				p.line = line
			}
		case len(body) == 0 || body[0] == '#':
		case indent < 0 && !isItem:
			return p, false // a flow list, an alias, a comment of another kind
		case indent < 0 || isItem && column == indent:
			if indent < 0 {
				indent, itemsStart = column, at
			}
			if n := len(p.list); n == 0 || at-offsetOf(text, p.list[n-1].text) >= size {
				p.list = append(p.list, part{text[at:], line})
			}
		case column <= indent:
			p.finish(text, itemsStart, at)
			return p, true
		}
		at = end
	}
	if indent < 0 {
		return p, false
	}
	p.finish(text, itemsStart, len(text))
	return p, true
}

// offsetOf is where a tail of text starts.
func offsetOf(text, tail []byte) int { return len(text) - len(tail) }

// finish ends each part where the next one starts, and makes the rest: it
// keeps the line ends, so that lines keep their numbers.
func (p *parts) finish(text []byte, start, end int) {
	p.rest = append(p.rest, text[:start]...)
	p.rest = append(p.rest, bytes.Repeat([]byte("\n"), bytes.Count(text[start:end], []byte("\n")))...)
	p.rest = append(p.rest, text[end:]...)
	for i := range p.list {
		last := end
		if i+1 < len(p.list) {
			last = offsetOf(text, p.list[i+1].text)
		}
		p.list[i].text = text[offsetOf(text, p.list[i].text):last]
	}
}

// cohortInParts reads a long award list part by part. It returns false for a
// list that must be parsed as a whole; what it reported until then will be
// reported again, and counts once.
func (l *loader) cohortInParts(f contentFile, s *source, rosters map[string]bool) (*model.Cohort, bool) {
	p, ok := cut(s.text, l.wholeBytes, l.partBytes)
	if !ok || s.tooMany() {
		return nil, false
	}
	top, err := parse(p.rest)
	if err != nil {
		return nil, false
	}
	// The line could be part of a quoted text. Only if the parser, too, finds
	// an empty property there, it is the one.
	if !hasEmptyProperty(top, "recipients", p.line) {
		return nil, false
	}
	v, ok := s.top(top, 1)
	if !ok {
		return nil, false
	}
	o, ok := v.mapping(cohortClass)
	if !ok {
		return nil, false
	}
	c := l.newCohort(f)
	c.readAll(o, rosters, func() { ok = c.parts(o, p.list) })
	return c.cohort, ok
}

func hasEmptyProperty(top *yaml.Node, name string, line int) bool {
	for i := 0; i+1 < len(top.Content); i += 2 {
		if k := top.Content[i]; k.Value == name && k.Line == line {
			return top.Kind == yaml.MappingNode && top.Content[i+1].Tag == "!!null"
		}
	}
	return false
}

// parts reads the recipients. A text that was cut inside of a quoted value
// or a flow list cannot be parsed: then it returns false.
func (c *cohortReader) parts(o object, list []part) bool {
	all, _ := o.get("recipients")
	n := 0
	for _, p := range list {
		top, err := parse(p.text)
		if err != nil || top.Kind != yaml.SequenceNode || top.Style&yaml.FlowStyle != 0 {
			return false
		}
		moveDown(top, p.line-1)
		v, ok := c.top.s.top(top, 2)
		if !ok {
			return false
		}
		for i, item := range v.node.Content {
			c.item(all.child("", n+i, item))
		}
		n += len(top.Content)
	}
	return true
}

// moveDown adds to the line numbers of a tree.
func moveDown(n *yaml.Node, lines int) {
	n.Line += lines
	for _, child := range n.Content {
		moveDown(child, lines)
	}
}
