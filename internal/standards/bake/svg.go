package bake

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"unicode/utf8"
)

const svgNamespace = "http://www.w3.org/2000/svg"

// NewSVG checks an SVG from end to end and keeps it for baking. It refuses
// images that are not well-formed XML in UTF-8, whose root is not svg in its
// namespace or is empty, or that declare entities; and with ErrBaked those that
// carry a credential, with ErrTooLarge those over the limit.
func NewSVG(image []byte) (_ *Blank, err error) {
	defer wrap(&err, "read SVG")
	w := svgWalk{is: isCredential}
	if err := w.walk(image); err != nil {
		return nil, err
	}
	switch {
	case w.found > 0:
		return nil, ErrBaked
	case w.root.Name.Space != svgNamespace:
		return nil, errors.New("the svg element is not in the SVG namespace")
	case image[w.rootEnd-2] == '/':
		return nil, errors.New("the svg element is empty")
	}
	return &Blank{bake: func(t written) ([]byte, error) {
		return spliceSVG(image, w.root, w.rootEnd, t)
	}}, nil
}

// spliceSVG writes the namespace at the end of the svg start tag, and the
// element directly after it. rootEnd is the offset of the byte after the tag.
func spliceSVG(image []byte, root xml.StartElement, rootEnd int, t written) ([]byte, error) {
	declare := " xmlns:" + t.kind.prefix + `="` + t.kind.namespace + `"`
	for _, a := range root.Attr {
		if a.Name.Space != "xmlns" || a.Name.Local != t.kind.prefix {
			continue
		}
		if a.Value != t.kind.namespace {
			return nil, fmt.Errorf("bake SVG: the prefix %s stands for another namespace", t.kind.prefix)
		}
		declare = ""
	}
	open, end := "<"+t.kind.prefix+":credential><![CDATA[", "]]></"+t.kind.prefix+":credential>"
	if t.jws {
		open, end = "<"+t.kind.prefix+`:credential verify="`, `"></`+t.kind.prefix+":credential>"
	}
	return slices.Concat(image[:rootEnd-1], []byte(declare), []byte{'>'},
		[]byte(open), t.data, []byte(end), image[rootEnd:]), nil
}

// UnbakeSVG returns the credential of an SVG: the text, or else the verify
// attribute, of the one credential element below the root, in the Open Badges
// or the CLR namespace, without surrounding white space. It returns
// ErrNotBaked if there is none, ErrTooLarge over MaxImage or MaxCredential,
// and an error for two of them, for one with both text and attribute, for
// entity declarations, and for XML that is not well-formed.
func UnbakeSVG(image []byte) (credential []byte, err error) {
	return unbakeSVG(image, isCredential, false)
}

// unbakeSVG takes the one element whose name is right. Both: it may have text beside
// verify, and then that counts.
func unbakeSVG(image []byte, is func(xml.Name) bool, both bool) (credential []byte, err error) {
	defer wrap(&err, "unbake SVG")
	w := svgWalk{is: is}
	if err := w.walk(image); err != nil {
		return nil, err
	}
	switch {
	case w.found == 0:
		return nil, ErrNotBaked
	case w.found > 1:
		return nil, errors.New("more than one credential in the image")
	case w.verify == nil, both && len(bytes.Trim(w.text, space)) > 0:
		return checkUnbaked(w.text)
	case len(bytes.Trim(w.text, space)) > 0:
		return nil, errors.New("the credential is given twice, as text and in verify")
	}
	return checkUnbaked(w.verify)
}

// svgWalk reads an SVG once and notes its root and its credentials.
type svgWalk struct {
	is      func(xml.Name) bool // tells a credential's element
	root    xml.StartElement
	rootEnd int  // offset after the root's start tag; 0: not seen
	begun   bool // something was read
	depth   int
	inside  bool // in a credential element
	found   int  // credential elements
	text    []byte
	verify  []byte // nil: no such attribute
}

func (w *svgWalk) walk(image []byte) error {
	if len(image) > MaxImage {
		return ErrTooLarge
	}
	// The parser does not look at what comments and document types are made of.
	if !utf8.Valid(image) || bytes.ContainsFunc(image, isIllegal) {
		return errors.New("not of characters that XML may have, in UTF-8")
	}
	// The parser takes a byte order mark for text.
	start := 0
	if bytes.HasPrefix(image, []byte(bom)) {
		start = len(bom)
	}
	d := xml.NewDecoder(bytes.NewReader(image[start:]))
	for {
		tok, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		if err := w.token(tok, start+int(d.InputOffset())); err != nil {
			return err
		}
		w.begun = true
	}
	if w.rootEnd == 0 {
		return errors.New("there is no svg element")
	}
	return nil
}

// isIllegal tells what XML 1.0 has no place for ("2.2 Characters").
func isIllegal(r rune) bool {
	return r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == '\ufffe' || r == '\uffff'
}

func (w *svgWalk) token(tok xml.Token, end int) error {
	switch t := tok.(type) {
	case xml.StartElement:
		return w.start(t, end)
	case xml.EndElement:
		w.depth--
		w.inside = false
	case xml.CharData:
		return w.chars(t)
	case xml.Directive:
		return checkDoctype(t, w.rootEnd > 0)
	case xml.ProcInst:
		if t.Target == "xml" && w.begun {
			return errors.New("the XML declaration is not at the beginning")
		}
	}
	return nil
}

func (w *svgWalk) start(t xml.StartElement, end int) error {
	if err := checkAttributes(t.Attr); err != nil {
		return err
	}
	w.depth++
	switch {
	case w.inside:
		return errors.New("there are elements inside the credential")
	case w.depth > maxSVGDepth:
		return errors.New("elements nest too deep")
	case w.depth == 1 && w.rootEnd > 0:
		return errors.New("there is more than one root element")
	case w.depth == 1 && t.Name.Local != "svg":
		return errors.New("the root element is not svg")
	case w.depth == 1:
		w.root, w.rootEnd = t.Copy(), end
	}
	if !w.is(t.Name) {
		return nil
	}
	if w.depth != 2 {
		return errors.New("the credential is not directly below the svg element")
	}
	w.found++
	w.inside = true
	for _, a := range t.Attr {
		if a.Name.Space == "" && a.Name.Local == "verify" {
			w.verify = []byte(a.Value)
		}
	}
	return nil
}

func (w *svgWalk) chars(t xml.CharData) error {
	if w.depth == 0 && len(bytes.Trim(t, space)) > 0 {
		return errors.New("there is text outside the svg element")
	}
	if w.inside {
		w.text = append(w.text, t...)
	}
	return nil
}

// checkAttributes refuses an attribute given twice, which the parser lets pass
// and readers would take differently.
func checkAttributes(attrs []xml.Attr) error {
	if len(attrs) > maxAttributes {
		return errors.New("an element has too many attributes")
	}
	for i, a := range attrs {
		for _, b := range attrs[:i] {
			if a.Name == b.Name {
				return errors.New("an attribute is given twice")
			}
		}
	}
	return nil
}

// checkDoctype lets a document type pass that only names the public DTD, which
// is never fetched; the official baked images have one. An internal subset
// could declare entities (an entity bomb) and is refused.
func checkDoctype(t xml.Directive, late bool) error {
	switch {
	case late:
		return errors.New("a document type declaration after the beginning")
	case !bytes.HasPrefix(t, []byte("DOCTYPE")):
		return errors.New("a declaration that is no document type")
	case bytes.ContainsAny(t, "[]<>"):
		return errors.New("the document type has an internal subset")
	}
	return nil
}
