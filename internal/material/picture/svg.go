package picture

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

const (
	maxSVGBytes      = 1 << 20
	maxSVGDepth      = 64
	maxSVGElements   = 20_000
	maxSVGAttributes = 64
	// maxSVGDrawn bounds the elements that are drawn when every reference is
	// followed, which can be exponentially more than are written.
	maxSVGDrawn = 100_000
	// maxSVGImages and maxSVGImageSide bound the raster images inside an SVG.
	maxSVGImages    = 8
	maxSVGImageSide = 2048
)

const (
	svgNamespace   = "http://www.w3.org/2000/svg"
	xlinkNamespace = "http://www.w3.org/1999/xlink"
	xmlNamespace   = "http://www.w3.org/XML/1998/namespace"
)

// SanitizeSVG returns an SVG anew from what an allow list lets through: shapes,
// text, gradients, patterns, clips, masks, markers, and references into the
// same document. Scripts, event handlers, animation, links, foreign content,
// filters, comments and metadata are left out, and so is every attribute that
// is not listed or whose value could reach outside. Style sheets of simple
// selectors become attributes; no CSS is left. PNG and JPEG in data URLs are
// decoded and written anew.
//
// The output has one spelling: sanitising it again returns the same bytes. It
// refuses more than 1 MiB, what is not well-formed UTF-8 with an svg root,
// document types with declarations of their own (entities), and documents that
// would draw more than 100,000 elements or refer to themselves.
func SanitizeSVG(data []byte) ([]byte, error) {
	if len(data) > maxSVGBytes {
		return nil, fmt.Errorf("the SVG is larger than %d bytes", maxSVGBytes)
	}
	p := svgParser{}
	if err := p.parse(bytes.TrimPrefix(data, []byte("\ufeff"))); err != nil {
		return nil, fmt.Errorf("the SVG cannot be used: %w", err)
	}
	p.rules.apply(p.root)
	clean(p.root)
	images := 0
	if err := rewriteImages(p.root, &images); err != nil {
		return nil, fmt.Errorf("the SVG cannot be used: %w", err)
	}
	if err := checkReferences(p.root); err != nil {
		return nil, fmt.Errorf("the SVG cannot be used: %w", err)
	}
	var b bytes.Buffer
	p.root.write(&b, true)
	b.WriteByte('\n')
	return b.Bytes(), nil
}

// svgNode is an element, or text where name is empty.
type svgNode struct {
	name  string
	attrs map[string]string // local names; those of xlink and xml with prefix
	kids  []*svgNode
	text  string
}

// svgParser builds the tree of the elements that are allowed.
type svgParser struct {
	root     *svgNode
	open     []*svgNode // nil: an element that is passed over, its children too
	elements int
	css      strings.Builder
	inStyle  bool
	rules    svgRules
}

func (p *svgParser) parse(data []byte) error {
	d := xml.NewDecoder(bytes.NewReader(data))
	for {
		tok, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		switch t := tok.(type) {
		case xml.StartElement:
			err = p.start(t)
		case xml.EndElement:
			p.end()
		case xml.CharData:
			err = p.chars(string(t))
		case xml.Directive:
			if !bytes.HasPrefix(t, []byte("DOCTYPE")) || bytes.ContainsAny(t, "[]<>") {
				err = errors.New("its document type has declarations of its own")
			}
		}
		if err != nil {
			return err
		}
	}
	if p.root == nil {
		return errors.New("there is no svg element")
	}
	p.rules = parseCSS(p.css.String())
	return nil
}

func (p *svgParser) start(t xml.StartElement) error {
	p.elements++
	switch {
	case p.elements > maxSVGElements:
		return fmt.Errorf("it has more than %d elements", maxSVGElements)
	case len(p.open) >= maxSVGDepth:
		return fmt.Errorf("its elements nest more than %d deep", maxSVGDepth)
	case len(t.Attr) > maxSVGAttributes:
		return fmt.Errorf("an element has more than %d attributes", maxSVGAttributes)
	case len(p.open) == 0 && p.root != nil:
		return errors.New("it has more than one root element")
	case len(p.open) == 0 && (t.Name.Local != "svg" || t.Name.Space != svgNamespace):
		return errors.New("its root is not svg in the SVG namespace")
	}
	n, err := p.node(t)
	if err != nil {
		return err
	}
	if len(p.open) == 0 {
		p.root = n
	} else if parent := p.open[len(p.open)-1]; n != nil && n != parent {
		parent.kids = append(parent.kids, n)
	}
	p.open = append(p.open, n)
	p.inStyle = t.Name.Space == svgNamespace && t.Name.Local == "style" && !p.passedOver()
	return nil
}

// passedOver reports whether the open element lies inside one that is left out;
// it itself does not count.
func (p *svgParser) passedOver() bool {
	return len(p.open) > 1 && p.open[len(p.open)-2] == nil
}

// node returns the element for the tree: nil for one to leave out, the parent
// for one of which only the children stay.
func (p *svgParser) node(t xml.StartElement) (*svgNode, error) {
	attrs := map[string]string{}
	seen := map[xml.Name]bool{}
	for _, a := range t.Attr {
		if seen[a.Name] {
			return nil, errors.New("an attribute is given twice")
		}
		seen[a.Name] = true
		switch a.Name.Space {
		case "":
			attrs[a.Name.Local] = a.Value
		case xlinkNamespace, "xlink":
			attrs["xlink:"+a.Name.Local] = a.Value
		case xmlNamespace, "xml":
			attrs["xml:"+a.Name.Local] = a.Value
		}
	}
	var parent *svgNode
	if len(p.open) > 0 {
		if parent = p.open[len(p.open)-1]; parent == nil {
			return nil, nil
		}
	}
	switch {
	case t.Name.Space != svgNamespace:
		return nil, nil
	case unwrapped[t.Name.Local]:
		return parent, nil
	case !allowedElements[t.Name.Local]:
		return nil, nil
	}
	return &svgNode{name: t.Name.Local, attrs: attrs}, nil
}

func (p *svgParser) end() {
	p.open = p.open[:len(p.open)-1]
	p.inStyle = false
}

func (p *svgParser) chars(s string) error {
	if len(p.open) == 0 {
		if strings.TrimSpace(s) != "" {
			return errors.New("there is text outside the svg element")
		}
		return nil
	}
	if p.inStyle {
		p.css.WriteString(s)
		return nil
	}
	n := p.open[len(p.open)-1]
	if n == nil || !textElements[n.name] {
		return nil
	}
	if k := len(n.kids); k > 0 && n.kids[k-1].name == "" {
		n.kids[k-1].text += s
		return nil
	}
	n.kids = append(n.kids, &svgNode{text: s})
	return nil
}

// clean leaves the attributes that the allow list lets through, in the one
// spelling that is written.
func clean(n *svgNode) {
	if href, ok := n.attrs["href"]; ok { // SVG 2: it comes before the old spelling
		n.attrs["xlink:href"] = href
	}
	for name, value := range n.attrs {
		if value, ok := cleanAttribute(n.name, name, value); ok {
			n.attrs[name] = value
		} else {
			delete(n.attrs, name)
		}
	}
	for _, k := range n.kids {
		clean(k)
	}
}

// write writes the element, attributes sorted by name.
func (n *svgNode) write(b *bytes.Buffer, root bool) {
	if n.name == "" {
		svgText.WriteString(b, n.text)
		return
	}
	b.WriteString("<" + n.name)
	if root {
		b.WriteString(` xmlns="` + svgNamespace + `"`)
		if n.uses("xlink:href") {
			b.WriteString(` xmlns:xlink="` + xlinkNamespace + `"`)
		}
	}
	names := make([]string, 0, len(n.attrs))
	for name := range n.attrs {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		b.WriteString(" " + name + `="`)
		svgText.WriteString(b, n.attrs[name])
		b.WriteByte('"')
	}
	if len(n.kids) == 0 && !root {
		b.WriteString("/>")
		return
	}
	b.WriteByte('>')
	for _, k := range n.kids {
		k.write(b, false)
	}
	b.WriteString("</" + n.name + ">")
}

// uses reports whether an attribute is anywhere in the tree.
func (n *svgNode) uses(attribute string) bool {
	if _, ok := n.attrs[attribute]; ok {
		return true
	}
	return slices.ContainsFunc(n.kids, func(k *svgNode) bool { return k.uses(attribute) })
}

// svgText escapes text and attribute values. White space other than the blank
// is written by number, since a parser would alter it in an attribute.
var svgText = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;",
	"\t", "&#9;", "\n", "&#10;", "\r", "&#13;")
