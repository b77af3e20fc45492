package jsonld

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/piprate/json-gold/ld"

	"laurel/internal/standards/rdfc"
)

const (
	rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
	xsd = "http://www.w3.org/2001/XMLSchema#"
)

// quads takes a document through safe mode and expansion to its statements. With
// named, its nodes all have ids, as Name gives them.
func (v *Vocabulary) quads(doc map[string]any, b *rdfc.Budget, named bool) ([]rdfc.Quad, error) {
	w, err := v.newWalk().within(doc, b)
	if err != nil {
		return nil, err
	}
	expanded, err := expand(w.document, w.options)
	if err != nil {
		return nil, err
	}
	q := quadWriter{quads: make([]rdfc.Quad, 0, w.statements), labels: make(map[string]string), named: named}
	for _, node := range expanded {
		if _, err := q.object(node, rdfc.Term{}, owner{}); err != nil {
			return nil, &Error{Code: "value-lost", Detail: err.Error(), Err: err}
		}
	}
	if len(q.quads) != w.statements {
		return nil, &Error{Code: "value-lost", Detail: fmt.Sprintf("the document makes %d statements, expansion kept %d", w.statements, len(q.quads))}
	}
	return q.quads, nil
}

// expand calls json-gold, which panics on some hostile input.
func expand(document map[string]any, o *ld.JsonLdOptions) (expanded []any, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = &Error{Code: "expansion-failed", Detail: fmt.Sprintf("json-gold panicked: %v", r)}
		}
	}()
	expanded, err = ld.NewJsonLdProcessor().Expand(document, o)
	if err != nil {
		return nil, &Error{Code: "expansion-failed", Detail: "not a JSON-LD document", Err: err}
	}
	return expanded, nil
}

// A quadWriter turns expanded JSON-LD into quads: Deserialize JSON-LD to RDF
// Algorithm, JSON-LD 1.1 Processing Algorithms and API, section 8.1. Where
// json-gold and the algorithm drop what is not RDF, it fails.
type quadWriter struct {
	quads  []rdfc.Quad
	labels map[string]string // blank node labels of the document -> ours
	issued int

	named bool            // blank nodes are called after what they belong to, see parts.go
	used  map[string]bool // such names of nodes that cannot have an id
}

func (q *quadWriter) add(s rdfc.Term, predicate string, o, g rdfc.Term) {
	q.quads = append(q.quads, rdfc.Quad{Subject: s, Predicate: iri(predicate), Object: o, Graph: g})
}

func iri(value string) rdfc.Term { return rdfc.Term{Kind: rdfc.IRI, Value: value} }

func (q *quadWriter) blank() rdfc.Term {
	q.issued++
	return rdfc.Term{Kind: rdfc.Blank, Value: "b" + strconv.Itoa(q.issued)}
}

// resource is the term for an @id.
func (q *quadWriter) resource(id string) (rdfc.Term, error) {
	if strings.HasPrefix(id, "_:") {
		if q.named {
			return rdfc.Term{Kind: rdfc.Blank, Value: id}, nil
		}
		label, known := q.labels[id]
		if !known {
			label = q.blank().Value
			q.labels[id] = label
		}
		return rdfc.Term{Kind: rdfc.Blank, Value: label}, nil
	}
	if !rdfc.ValidIRI(id) {
		return rdfc.Term{}, errors.New("an id is not an absolute IRI after expansion")
	}
	return iri(id), nil
}

// object writes what an expanded value says in graph g and returns its term.
func (q *quadWriter) object(value any, g rdfc.Term, of owner) (rdfc.Term, error) {
	m, ok := value.(map[string]any)
	if !ok {
		return rdfc.Term{}, errors.New("expansion gave something that is not an object")
	}
	if _, is := m["@value"]; is {
		return literal(m)
	}
	if list, is := m["@list"]; is {
		return q.list(list, g, of)
	}
	return q.node(m, g)
}

func (q *quadWriter) node(m map[string]any, g rdfc.Term) (rdfc.Term, error) {
	subject, err := rdfc.Term{}, error(nil)
	if id, has := m["@id"]; has {
		text, ok := id.(string)
		if !ok {
			return subject, errors.New("an id is not a string after expansion")
		}
		if subject, err = q.resource(text); err != nil {
			return subject, err
		}
	} else if subject, err = q.graph(m); err != nil {
		return subject, err
	}
	for key, value := range m {
		values, isList := value.([]any)
		switch {
		case key == "@id":
			continue
		case key == "@reverse":
			if err := q.reverse(value, subject, g); err != nil {
				return subject, err
			}
		case !isList:
			return subject, fmt.Errorf("expansion gave no array for %q", key)
		case key == "@type":
			for _, t := range values {
				text, ok := t.(string)
				if !ok || !rdfc.ValidIRI(text) {
					return subject, errors.New("a type is not an absolute IRI after expansion")
				}
				q.add(subject, rdf+"type", iri(text), g)
			}
		case key == "@graph":
			for _, node := range values {
				if _, err := q.object(node, subject, owner{}); err != nil {
					return subject, err
				}
			}
		case !rdfc.ValidIRI(key):
			return subject, fmt.Errorf("expansion gave %q, which is not a property", key)
		default:
			for _, item := range values {
				o, err := q.object(item, g, owner{subject.Value, key, 0})
				if err != nil {
					return subject, err
				}
				q.add(subject, key, o, g)
			}
		}
	}
	return subject, nil
}

// reverse writes what is said of nodes that a term with @reverse names: they are the
// subjects, and this node is the object.
func (q *quadWriter) reverse(value any, object, g rdfc.Term) error {
	m, ok := value.(map[string]any)
	if !ok {
		return errors.New("expansion gave no object for @reverse")
	}
	for key, value := range m {
		nodes, isList := value.([]any)
		if !isList || !rdfc.ValidIRI(key) {
			return fmt.Errorf("expansion gave %q below @reverse, which is not a property with an array", key)
		}
		for _, node := range nodes {
			subject, err := q.object(node, g, owner{object.Value, key, 0})
			if err != nil {
				return err
			}
			if subject.Kind == rdfc.Literal {
				return errors.New("expansion gave a literal below @reverse")
			}
			q.add(subject, key, object, g)
		}
	}
	return nil
}

// list writes an rdf:List and returns its head. List Conversion, section 8.3.
func (q *quadWriter) list(value any, g rdfc.Term, of owner) (rdfc.Term, error) {
	items, ok := value.([]any)
	if !ok {
		return rdfc.Term{}, errors.New("a list is not an array after expansion")
	}
	head := iri(rdf + "nil")
	for i := len(items) - 1; i >= 0; i-- {
		o, err := q.object(items[i], g, owner{})
		if err != nil {
			return head, err
		}
		of.item = i
		cell, err := q.cell(of)
		if err != nil {
			return head, err
		}
		q.add(cell, rdf+"first", o, g)
		q.add(cell, rdf+"rest", head, g)
		head = cell
	}
	return head, nil
}

// literal is Object to RDF Conversion, section 8.2, for value objects.
func literal(m map[string]any) (rdfc.Term, error) {
	t := rdfc.Term{Kind: rdfc.Literal}
	for key, value := range m {
		text, isString := value.(string)
		switch {
		case key == "@value":
		case key == "@type" && isString:
			t.Datatype = text
		case key == "@language" && isString && rdfc.ValidLanguage(text):
			t.Language = text
		default:
			return t, fmt.Errorf("%s of a value cannot be signed", key)
		}
	}
	if t.Datatype == "@json" {
		text, err := CanonicalJSON(m["@value"])
		t.Value, t.Datatype = text, rdf+"JSON"
		return t, err
	}
	if t.Datatype != "" && !rdfc.ValidIRI(t.Datatype) {
		return t, errors.New("a datatype is not an absolute IRI")
	}
	datatype := ""
	switch v := m["@value"].(type) {
	case string:
		t.Value = v
	case bool:
		t.Value, datatype = strconv.FormatBool(v), xsd+"boolean"
	case float64:
		t.Value, datatype = number(v, t.Datatype == xsd+"double")
	default:
		return t, errors.New("a value is no string, number or boolean after expansion")
	}
	if t.Datatype == "" {
		t.Datatype = datatype
	}
	return t, nil
}

// CanonicalJSON is a value that Parse gave in the JSON Canonicalization Scheme,
// RFC 8785, which rdf:JSON literals are written in, and what the suites over
// canonical JSON sign.
func CanonicalJSON(value any) (string, error) {
	data, err := json.Marshal(value)
	if err != nil {
		return "", fmt.Errorf("write JSON value: %w", err)
	}
	text := jsontext.Value(data)
	if err := text.Canonicalize(); err != nil {
		return "", fmt.Errorf("canonicalise JSON value: %w", err)
	}
	return string(text), nil
}

// number writes a JSON number as JSON-LD does: an integer in canonical form
// without exponent, or a canonical double when it has a fraction, is at least
// 1e21, or is to be a double.
func number(v float64, double bool) (text, datatype string) {
	if !double && v == math.Trunc(v) && math.Abs(v) < 1e21 {
		return strconv.FormatFloat(v, 'f', 0, 64), xsd + "integer"
	}
	mantissa, exponent, _ := strings.Cut(sixteenDigits(v), "e")
	mantissa = strings.TrimRight(mantissa, "0")
	if strings.HasSuffix(mantissa, ".") {
		mantissa += "0"
	}
	e, _ := strconv.Atoi(exponent)
	return mantissa + "E" + strconv.Itoa(e), xsd + "double"
}

// sixteenDigits is how JSON-LD writes a number with a fraction. Numbers that
// need more have been refused, so nothing is rounded.
func sixteenDigits(v float64) string { return strconv.FormatFloat(v, 'e', 15, 64) }
