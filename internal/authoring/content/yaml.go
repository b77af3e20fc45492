package content

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// Limits of one YAML file.
const (
	// yamlMarks bounds line breaks, commas, colons and brackets before the
	// file is parsed: a yaml.Node takes about 200 bytes of memory, and
	// 4 million of them fit into 16 MiB of text. 10,000 recipients with
	// evidence and results need about 350,000.
	yamlMarks = 1_000_000
	// yamlDepth is how deep values nest; the vocabulary needs 8.
	yamlDepth = 32
	// yamlExpansion is how many values aliases may stand for, beside the ones
	// that are written out (alias bombs).
	yamlExpansion = 200_000
)

// yaml parses the source as one YAML document and returns its top value. It
// reports and returns false for anything but one document of plain mappings,
// lists and scalars within the limits.
func (s *source) yaml() (value, bool) {
	if s.tooMany() {
		s.report(position{1, 1}, "", "the file contains too many values", "split it into several files")
		return value{}, false
	}
	top, err := parse(s.text)
	if err != nil {
		if quoted := quoteHyphens(s.text); quoted != nil {
			top, err = parse(quoted)
		}
	}
	var second secondDocument
	switch {
	case errors.Is(err, io.EOF):
		s.report(position{1, 1}, "", "the file is empty", "")
		return value{}, false
	case errors.As(err, &second):
		s.report(position(second), "", "a second YAML document starts here", "a file holds one document: delete this --- line, or move what follows to a file of its own")
		return value{}, false
	case err != nil:
		s.syntax(err)
		return value{}, false
	}
	return s.top(top, 1)
}

// tooMany estimates from its text how many values a file holds.
func (s *source) tooMany() bool {
	marks := 0
	for _, mark := range []string{"\n", ",", ":", "[", "{", "- ", "? "} {
		marks += bytes.Count(s.text, []byte(mark))
	}
	marks += 3 * bytes.Count(s.text, []byte("#")) // yaml.v3 keeps comments, at a price
	return marks > yamlMarks
}

// top checks a tree whose top stands at that depth, and makes a value of it.
func (s *source) top(n *yaml.Node, depth int) (value, bool) {
	c := treeCheck{s: s, sizes: map[*yaml.Node]int{}}
	c.walk(n, depth)
	return value{s: s, at: n, node: n}, !c.failed
}

var (
	columnLines = regexp.MustCompile(`(?m)^columns:[ \t]*\r?\n(?:[ \t]+.*\n?|\r?\n)+`)
	hyphenAlone = regexp.MustCompile(`(?m):([ \t]+)-[ \t]*(\r?)$`)
)

// quoteHyphens is a text that is no YAML for the one reason that columns: has a hyphen
// without quotes, as everybody would write it; nil: it has none.
func quoteHyphens(text []byte) []byte {
	found := false
	quoted := columnLines.ReplaceAllFunc(text, func(lines []byte) []byte {
		found = found || hyphenAlone.Match(lines)
		return hyphenAlone.ReplaceAll(lines, []byte(`:$1"-"$2`))
	})
	if !found {
		return nil
	}
	return quoted
}

// secondDocument is the error for a text of more than one document.
type secondDocument position

func (secondDocument) Error() string { return "a second document" }

// parse reads text as one YAML document and returns its top node, or io.EOF
// if there is none, a secondDocument, or an error of the parser.
func parse(text []byte) (*yaml.Node, error) {
	d := yaml.NewDecoder(bytes.NewReader(text))
	var doc, second yaml.Node
	if err := decode(d, &doc); err != nil {
		return nil, err
	}
	if err := decode(d, &second); err == nil {
		return nil, secondDocument{max(second.Line, 1), max(second.Column, 1)}
	} else if !errors.Is(err, io.EOF) {
		return nil, err
	}
	if len(doc.Content) != 1 {
		return nil, io.EOF
	}
	return doc.Content[0], nil
}

// decode turns a panic of the parser into an error: the file may be hostile,
// and yaml.v3 has had panics before (CVE-2022-28948).
func decode(d *yaml.Decoder, n *yaml.Node) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = errors.New("the YAML parser could not make sense of the file")
		}
	}()
	return d.Decode(n)
}

var (
	yamlError = regexp.MustCompile(`(?s)^yaml: (?:line (\d+): )?(.*)$`)
	// parserError finds the errors whose line yaml.v3 counts from 0.
	parserError   = regexp.MustCompile(`^did not find expected (<|node|'|key)|^found (undefined tag|duplicate %|incompatible)`)
	unknownAnchor = regexp.MustCompile(`^unknown anchor '(.+)' referenced$`)
)

// syntaxHints say what mostly is behind an error of the parser.
var syntaxHints = []struct{ text, hint string }{
	{"mapping values are not allowed", "text that contains a colon must be in quotes; or the line is indented too far"},
	{"could not find expected ':'", "a property is its name, a colon and a space"},
	{"cannot start any token", "text that starts with such a character must be in quotes"},
	{"unexpected end of stream", "a quote is not closed"},
	{"expected key", "the line is indented differently from the lines around it, or something follows a closing quote"},
	{"expected ',' or", "a bracket is not closed"},
	{"expected alphabetic", "text that starts with * or & must be in quotes"},
}

// syntax reports an error of the parser, which knows lines, not columns.
func (s *source) syntax(err error) {
	at, text := position{1, 1}, err.Error()
	if m := yamlError.FindStringSubmatch(text); m != nil {
		text = m[2]
		if n, err := strconv.Atoi(m[1]); err == nil && n > 0 {
			at.line = n
			if parserError.MatchString(text) {
				at.line++
			}
		}
	}
	hint := ""
	for _, h := range syntaxHints {
		if strings.Contains(text, h.text) {
			hint = h.hint
		}
	}
	if m := unknownAnchor.FindStringSubmatch(text); m != nil {
		if i := bytes.Index(s.text, []byte("*"+m[1])); i >= 0 {
			at = s.position(i)
		}
		text, hint = "no anchor of that name is defined above", "text that starts with * must be in quotes"
	}
	at.line = min(at.line, s.position(len(s.text)).line)
	if at.column == 1 {
		line := s.line(at.line)
		for at.column <= len(line) && line[at.column-1] == ' ' {
			at.column++
		}
		if at.column <= len(line) && line[at.column-1] == '\t' {
			hint = "indent with spaces, not tabs"
		}
	}
	s.report(at, "", "not YAML: "+text, hint)
}

// treeCheck walks a parsed document before anything is read from it.
type treeCheck struct {
	s        *source
	sizes    map[*yaml.Node]int // of anchored values, expanded; -1 while open
	expanded int
	failed   bool
}

func (c *treeCheck) fail(n *yaml.Node, text, hint string) {
	c.failed = true
	c.s.report(position{n.Line, n.Column}, "", text, hint)
}

// walk returns how many values n stands for, aliases expanded.
func (c *treeCheck) walk(n *yaml.Node, depth int) int {
	if depth > yamlDepth {
		if !c.failed {
			c.fail(n, fmt.Sprintf("values are nested deeper than %d levels", yamlDepth), "")
		}
		return 1
	}
	if n.Kind == yaml.AliasNode {
		return c.alias(n)
	}
	switch {
	case n.Style&yaml.TaggedStyle != 0:
		c.fail(n, "YAML tags (!…) are not used here", "put the text in quotes instead of using a tag")
	case n.Tag == "!!merge":
		c.fail(n, "merge keys (<<) are not used here", "write the properties out, or use an alias for a whole value")
	}
	if n.Anchor != "" {
		c.sizes[n] = -1
	}
	size := 1
	for _, child := range n.Content {
		size += c.walk(child, depth+1)
	}
	if n.Anchor != "" {
		c.sizes[n] = size
	}
	return size
}

func (c *treeCheck) alias(n *yaml.Node) int {
	size := c.sizes[n.Alias]
	if size < 0 {
		c.fail(n, "the alias stands for a value that contains the alias itself", "")
		return 1
	}
	c.expanded += size
	if c.expanded > yamlExpansion {
		if !c.failed {
			c.fail(n, fmt.Sprintf("aliases stand for more than %d values", yamlExpansion), "write the values out")
		}
		return 1
	}
	return size
}
