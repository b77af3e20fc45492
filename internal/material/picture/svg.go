package picture

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"regexp"
	"slices"
	"strings"
)

const (
	// MaxSVGBytes bounds an SVG.
	MaxSVGBytes  = 1 << 20
	maxElements  = 20_000
	maxDepth     = 64
	maxAttribute = 64 // of one element
	// maxDrawn bounds the elements that browsers draw when they follow every
	// reference, which can be exponentially more than are written.
	maxDrawn = 100_000
	// maxProblems is how many are listed; a drawing is one line, often.
	maxProblems = 100
)

const (
	svgSpace   = "http://www.w3.org/2000/svg"
	xlinkSpace = "http://www.w3.org/1999/xlink"
	xmlSpace   = "http://www.w3.org/XML/1998/namespace"

	plainSVG = "save it as plain SVG (Inkscape: Plain SVG; Illustrator and Figma: presentation attributes, no metadata)"
)

// Problem is a mistake in a picture.
type Problem struct {
	// Offset is the place in the text, in bytes.
	Offset int
	// Field is the element, or element and attribute with a dot between; empty
	// where neither is meant.
	Field string
	Text  string // what is wrong, after the name of the file
	Hint  string // what to do; may be empty
}

// node is an element of an SVG that was read, with attributes that are on the
// allow list of package picture, each with a value that means something; or text,
// where name is empty.
type node struct {
	name  string
	attrs map[string]string
	kids  []*node
	text  string
	at    int // offset of the start tag
}

// readSVG reads an SVG, in UTF-8 without a byte order mark, of at most 1 MiB.
// Whatever would not be shown as the author sees it is a problem: the allow list
// (rules.go) has shapes, gradients, patterns, clips, masks, markers and
// references into the same document. Nothing is left out but what draws
// nothing. Problems are in the order of the text, at most 100 of them; without
// any, it returns the root.
//
// Refused as well: entities and document types, more than 20,000 elements,
// deeper than 64, and drawings that refer to themselves or would draw more than
// 100,000 elements.
func readSVG(text []byte) (*node, []Problem) {
	r := reader{text: text, d: xml.NewDecoder(bytes.NewReader(text)), ids: map[string]*node{}, drawn: map[*node]int{}}
	if len(text) > MaxSVGBytes {
		r.fail(0, "", "is larger than 1 MiB", "simplify the drawing, or use a PNG image")
		return nil, r.problems
	}
	r.d.Strict = true
	r.d.CharsetReader = func(string, io.Reader) (io.Reader, error) { return nil, errors.New("not UTF-8") }
	if r.read(); len(r.problems) == 0 {
		if r.count(r.root) > maxDrawn {
			r.fail(r.root.at, "", fmt.Sprintf("draws more than %d elements when each use is followed", maxDrawn), "simplify the drawing, or use a PNG image")
		}
	}
	slices.SortStableFunc(r.problems, func(a, b Problem) int { return a.Offset - b.Offset })
	if len(r.problems) > 0 {
		return nil, r.problems
	}
	return r.root, nil
}

// reader makes nodes of a text.
type reader struct {
	text     []byte
	d        *xml.Decoder
	open     []*node // nil: an element that was refused
	elements int
	root     *node
	ids      map[string]*node
	drawn    map[*node]int // elements drawn for a node; counting: not known yet
	problems []Problem
}

func (r *reader) fail(offset int, field, text, hint string) {
	if len(r.problems) < maxProblems {
		r.problems = append(r.problems, Problem{min(offset, len(r.text)), field, text, hint})
	}
}

// last is the element that is open; nil if there is none, or it was refused.
func (r *reader) last() *node {
	if len(r.open) == 0 {
		return nil
	}
	return r.open[len(r.open)-1]
}

func (r *reader) read() {
	for {
		offset := int(r.d.InputOffset())
		t, err := r.d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			r.fail(offset, "", "is not well-formed SVG", "")
			return
		}
		switch t := t.(type) {
		case xml.Directive:
			r.fail(offset, "", "must not have a document type or entities (<!…>)", "delete the line that starts with <!DOCTYPE")
		case xml.ProcInst:
			if t.Target != "xml" {
				r.fail(offset, "", "must not have processing instructions (<?…?>)", "delete it")
			}
		case xml.StartElement:
			if !r.start(t, offset) {
				return
			}
		case xml.EndElement:
			r.open = r.open[:len(r.open)-1]
		case xml.CharData:
			r.chars(string(t), offset)
		}
	}
	if r.elements == 0 {
		r.fail(0, "", "is not an SVG image", "")
	}
}

// start judges an element. It returns false when there is no sense in going on.
func (r *reader) start(t xml.StartElement, offset int) bool {
	r.elements++
	name := t.Name.Local
	parent := r.last()
	switch {
	case r.elements > 1 && len(r.open) == 0:
		r.fail(offset, "", "has more than one root element", "")
		return false
	case r.elements == 1 && (name != "svg" || t.Name.Space != svgSpace):
		r.fail(offset, short(name), "is not an SVG image", `it starts with <svg xmlns="`+svgSpace+`">`)
		return false
	case r.elements > maxElements || len(r.open) >= maxDepth || len(t.Attr) > maxAttribute:
		r.fail(offset, "", "has too many elements, or too deep ones", "simplify the drawing, or use a PNG image")
		return false
	case t.Name.Space != svgSpace:
		r.fail(offset, short(name), "is not an element of SVG", plainSVG)
	case !elements[name]:
		r.fail(offset, short(name), "is an element that is not allowed in images here", "delete it, or "+plainSVG+", or use a PNG image instead of the SVG")
	case parent != nil && !mayHold(parent.name, name):
		r.fail(offset, name, "is not shown where it is, within "+parent.name, "move it out of there, or delete it")
	default:
		n := &node{name: name, attrs: map[string]string{}, at: offset}
		r.attributes(n, t.Attr)
		r.open = append(r.open, n)
		if parent != nil {
			parent.kids = append(parent.kids, n)
		} else if r.elements == 1 {
			r.root = n
			if _, _, ok := n.size(); !ok {
				r.fail(offset, "svg", "has neither a viewBox nor a width and height", `for example viewBox="0 0 100 100"`)
			}
		}
		if id := n.attrs["id"]; id != "" && r.ids[id] == nil {
			r.ids[id] = n
		}
		return true
	}
	r.open = append(r.open, nil)
	return true
}

func (r *reader) chars(s string, offset int) {
	n := r.last()
	switch {
	case n != nil && textElements[n.name]:
		n.kids = append(n.kids, &node{text: s})
	case n != nil && strings.TrimSpace(s) != "" && len(r.problems) == 0:
		r.fail(offset, n.name, "contains text, which is shown only inside a text element", "delete it")
	case len(r.open) == 0 && strings.Trim(s, " \t\r\n") != "":
		r.fail(offset, "", "is not well-formed SVG", "delete the text outside the svg element")
	}
}

// attributes judges what a start tag holds. The declarations of a style
// attribute become attributes, and go before those that are attributes already.
func (r *reader) attributes(n *node, all []xml.Attr) {
	tag := r.text[n.at:min(int(r.d.InputOffset()), len(r.text))]
	seen := map[xml.Name]bool{}
	for _, a := range all {
		name := a.Name.Local
		field, offset := n.name+"."+short(name), n.at+offsetOf(tag, name)
		switch {
		case seen[a.Name]:
			r.fail(offset, field, "is given twice", "delete one of the two")
			continue
		case a.Name.Space == "xmlns" || a.Name.Space == "" && (name == "xmlns" || name == "style"):
			continue
		case a.Name.Space == xmlSpace && (name == "space" || name == "lang"):
			name = "xml:" + name
		case a.Name.Space == xlinkSpace && name == "href":
			if seen[xml.Name{Local: "href"}] { // SVG 2: it goes before its old spelling
				continue
			}
		case a.Name.Space != "":
			r.fail(offset, field, "is not an attribute of SVG", plainSVG)
			continue
		case strings.HasPrefix(strings.ToLower(name), "on"):
			r.fail(offset, field, "runs a script", "delete the attribute")
			continue
		case styleOnly[name]:
			r.fail(offset, field, "is an attribute that is not allowed in images here", "write it in a style attribute")
			continue
		}
		seen[a.Name] = true
		r.attribute(n, name, a.Value, field, offset)
	}
	for _, a := range all {
		if a.Name.Space == "" && a.Name.Local == "style" {
			r.declarations(n, a.Value, n.at+offsetOf(tag, "style"))
		}
	}
}

func (r *reader) declarations(n *node, style string, offset int) {
	field := n.name + ".style"
	style = important.ReplaceAllString(style, "") // it changes nothing where there is no style sheet
	if !harmless(style) {
		r.fail(offset, field, "refers to something outside the image", "only url(#id) is possible")
		return
	}
	for d := range strings.SplitSeq(style, ";") {
		property, value, ok := strings.Cut(d, ":")
		property = strings.TrimSpace(property)
		switch {
		case property == "" && !ok:
		case ok && property == "marker": // the short way of saying all three
			for _, where := range []string{"start", "mid", "end"} {
				r.attribute(n, "marker-"+where, value, field, offset)
			}
		case ok && (properties[property] || idle[property] || strings.HasPrefix(property, "-inkscape-")):
			r.attribute(n, property, value, field, offset)
		default:
			r.fail(offset, field, "sets what is not allowed in images here: "+short(property), "delete it, or "+plainSVG)
		}
	}
}

// attribute judges one attribute or property, and keeps it if it says something.
func (r *reader) attribute(n *node, name, value, field string, offset int) {
	value = strings.Trim(value, " \t\r\n")
	rule, known := rules()[name]
	switch {
	case name == "href" && (value == "" || value[0] != '#' || !idPattern.MatchString(value[1:])) || !harmless(value):
		only := "only url(#id) is possible"
		if name == "href" {
			only = "only #id is possible"
		}
		r.fail(offset, field, "refers to something outside the image", only)
		return
	case idle[name] || strings.HasPrefix(name, "data-") || strings.HasPrefix(name, "-inkscape-"):
		return
	case inherited[name] && value == "inherit":
		delete(n.attrs, name)
		return
	case known && rule(value) || fine[n.name] && fineAttributes[name]:
	case known:
		r.fail(offset, field, "has a value that is not allowed in images here", "correct it, or "+plainSVG)
		return
	default:
		r.fail(offset, field, "is an attribute that is not allowed in images here", "delete it, or "+plainSVG)
		return
	}
	if m := localURL.FindStringSubmatch(value); m != nil {
		value = strings.TrimSpace("url(#" + m[1] + ") " + m[2])
	}
	n.attrs[name] = value
}

// offsetOf finds an attribute in a start tag.
func offsetOf(tag []byte, name string) int {
	for i := 0; ; {
		at := bytes.Index(tag[i:], []byte(name))
		if at < 0 {
			return 0
		}
		i += at
		rest := bytes.TrimLeft(tag[i+len(name):], " \t\r\n")
		if i > 0 && (bytes.IndexByte([]byte(" \t\r\n:"), tag[i-1]) >= 0) && len(rest) > 0 && rest[0] == '=' {
			return i
		}
		i += len(name)
	}
}

// short keeps a name from outside to what a line of text can bear.
func short(s string) string {
	if !shortName.MatchString(s) {
		return "?"
	}
	return s
}

var shortName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,40}$`)

// harmless tells whether a value stays inside the image. CSS escapes and
// comments could hide a url(), so they are out.
func harmless(s string) bool {
	if strings.ContainsAny(s, "\\@<{}") || strings.Contains(s, "/*") {
		return false
	}
	rest := strings.ToLower(anyURL.ReplaceAllString(s, ""))
	words := []string{"url", "image(", "image-set", "src(", "expression", "javascript:", "data:", "import", "behavior", "-moz-binding"}
	return !slices.ContainsFunc(words, func(word string) bool { return strings.Contains(rest, word) })
}

var (
	important = regexp.MustCompile(`(?i)!\s*important\b`)
	idPattern = regexp.MustCompile(`^[\pL\pN_.:-]+$`)
	anyURL    = regexp.MustCompile(`url\(\s*['"]?#[\pL\pN_.:-]+['"]?\s*\)`)
	localURL  = regexp.MustCompile(`^url\(\s*['"]?#([\pL\pN_.:-]+)['"]?\s*\)\s*(.*)$`)
)

const counting = -1

// count follows every reference as browsers do. It refuses those that lead
// nowhere, and circles, and says how many elements are drawn, up to maxDrawn.
func (r *reader) count(n *node) int {
	switch done := r.drawn[n]; {
	case done == counting:
		r.fail(n.at, n.name, "refers to itself", "draw the shape in its place")
		return 0
	case done > 0:
		return done
	}
	r.drawn[n] = counting
	total := 1
	for name, kinds := range targets {
		id, ok := reference(name, n.attrs[name])
		if !ok {
			continue
		}
		if name == "href" {
			kinds = hrefTargets[n.name]
		}
		target := r.ids[id]
		if target == nil || !kinds[target.name] {
			r.fail(n.at, n.name+"."+name, "refers to something that is not in the image, or not of the right kind", "correct the id")
			continue
		}
		total = min(total+r.count(target), maxDrawn+1)
	}
	for _, k := range n.kids {
		total = min(total+r.count(k), maxDrawn+1)
	}
	r.drawn[n] = total
	return total
}

// reference is the id that an attribute names.
func reference(name, value string) (string, bool) {
	if name == "href" {
		return strings.CutPrefix(value, "#")
	}
	if m := localURL.FindStringSubmatch(value); m != nil {
		return m[1], true
	}
	return "", false
}

// writeSVG writes a drawing anew: what was read, nothing else, in one spelling.
// Reading and writing that again gives the same bytes.
func writeSVG(root *node) []byte {
	var b bytes.Buffer
	root.write(&b)
	start := `<svg xmlns="` + svgSpace + `"`
	if bytes.Contains(b.Bytes(), []byte(` xlink:href="`)) { // in text its quotation mark would be escaped
		start += ` xmlns:xlink="` + xlinkSpace + `"`
	}
	return slices.Concat([]byte(start), b.Bytes()[len("<svg"):], []byte("\n"))
}

// size is that of a root in pixels: width and height, or the viewBox in their
// place and for their ratio.
func (n *node) size() (w, h float64, ok bool) {
	get := func(name string) float64 {
		v, _ := measure(n.attrs[name], absolute)
		return v
	}
	w, h = get("width"), get("height")
	if v, _ := numbers(n.attrs["viewBox"]); len(v) == 4 {
		switch {
		case w == 0 && h == 0:
			w, h = v[2], v[3]
		case w == 0:
			w = h * v[2] / v[3]
		case h == 0:
			h = w * v[3] / v[2]
		}
	}
	return w, h, w > 0 && h > 0 && w < math.Inf(1) && h < math.Inf(1)
}

// write writes the element, attributes sorted by name.
func (n *node) write(b *bytes.Buffer) {
	if n.name == "" {
		escaper.WriteString(b, n.text)
		return
	}
	b.WriteString("<" + n.name)
	style := ""
	for _, name := range slices.Sorted(maps.Keys(n.attrs)) {
		value := n.attrs[name]
		if styleOnly[name] {
			style += name + ":" + value + ";"
			continue
		}
		if name == "href" { // the old spelling is the one that every reader of SVG knows
			name = "xlink:href"
		}
		b.WriteString(" " + name + `="`)
		escaper.WriteString(b, value)
		b.WriteByte('"')
	}
	if style != "" {
		b.WriteString(` style="`)
		escaper.WriteString(b, style)
		b.WriteByte('"')
	}
	if len(n.kids) == 0 && n.name != "svg" {
		b.WriteString("/>")
		return
	}
	b.WriteByte('>')
	for _, k := range n.kids {
		k.write(b)
	}
	b.WriteString("</" + n.name + ">")
}

// escaper escapes text and attribute values. White space other than the blank
// is written by number, since a parser would alter it in an attribute.
var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;",
	"\t", "&#9;", "\n", "&#10;", "\r", "&#13;")
