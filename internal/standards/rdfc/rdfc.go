// Package rdfc canonicalises RDF datasets: RDF Dataset Canonicalization
// (RDFC-1.0), W3C Recommendation of 21 May 2024, with SHA-256 or SHA-384.
//
// It owns quads, canonical N-Quads and the labelling of blank nodes, and knows nothing
// of JSON-LD or credentials. It refuses to work without a limit: RDFC-1.0 is
// exponential for hostile ("poison") graphs, so every call spends from a
// Budget and fails with ErrBudget when that is used up.
package rdfc

import (
	"errors"
	"fmt"
)

// Kind tells what a Term is. The zero value is no term at all, which is what
// the graph of a quad in the default graph is.
type Kind uint8

const (
	IRI     Kind = iota + 1 // Value is an absolute IRI, without angle brackets
	Blank                   // Value is the label, without "_:"
	Literal                 // Value is the lexical form, unescaped
)

// XSDString is the datatype of a literal that names none.
const XSDString = "http://www.w3.org/2001/XMLSchema#string"

// A Term is one component of a quad. Datatype and Language belong to literals
// only. An empty Datatype means xsd:string, or rdf:langString when Language is
// set; Language is kept as it is written.
type Term struct {
	Kind                      Kind
	Value, Datatype, Language string
}

// A Quad is one statement. Subject is an IRI or a blank node, Predicate an IRI,
// Object any term, Graph an IRI, a blank node, or the zero Term for the default
// graph.
type Quad struct {
	Subject, Predicate, Object, Graph Term
}

// Hash names the hash algorithm inside RDFC-1.0 (section 4.1). It is not the
// hash taken of the result.
type Hash uint8

const (
	SHA256 Hash = iota // the default of RDFC-1.0
	SHA384             // what ecdsa-rdfc-2019 uses with P-384
)

// Options of Canonicalize. The zero value is SHA-256 with a fresh default budget.
type Options struct {
	Hash   Hash
	Budget *Budget // nil: a budget of DefaultBudget units for this call alone
	// Name is what a blank node is called in the result in place of its canonical
	// label, without "_:", by that label. No two may have one name. nil: the labels.
	Name func(canonical string) string
}

// ErrBudget is returned when a dataset needs more work than the budget allows.
// Such a dataset is almost certainly built to hurt; section 7.1, "Dataset
// Poisoning".
var ErrBudget = errors.New("dataset needs more work to canonicalise than is allowed")

// Canonicalize returns the canonical N-Quads of the dataset: one line each,
// sorted by code point, without duplicates, blank nodes labelled c14n0, c14n1, …
// An empty dataset gives no bytes. The error is ErrBudget, or tells which quad
// is not RDF.
func Canonicalize(quads []Quad, o Options) ([]byte, error) {
	c, err := label(quads, &o)
	if err != nil {
		return nil, err
	}
	return c.serialize(o.Name), nil
}

// Labels returns the canonical label of each blank node by the one it has in
// quads, both without "_:": the issued identifiers map, section 4.5. Errors are
// those of Canonicalize.
func Labels(quads []Quad, o Options) (map[string]string, error) {
	c, err := label(quads, &o)
	if err != nil {
		return nil, err
	}
	labels := make(map[string]string, len(c.nodes))
	for given, node := range c.nodes {
		labels[given] = string(c.canonical.appendLabel(nil, node)[len("_:"):])
	}
	return labels, nil
}

func label(quads []Quad, o *Options) (*canonicalizer, error) {
	for i := range quads {
		if err := quads[i].check(); err != nil {
			return nil, fmt.Errorf("quad %d: %w", i, err)
		}
	}
	if o.Budget == nil {
		o.Budget = NewBudget(DefaultBudget)
	}
	c := newCanonicalizer(quads, *o)
	return c, c.labelAll()
}

// Line is the quad as one line of canonical N-Quads, its end included.
func (q *Quad) Line() string {
	dst := append(appendTerm(nil, &q.Subject), ' ')
	dst = append(appendTerm(dst, &q.Predicate), ' ')
	dst = appendTerm(dst, &q.Object)
	if q.Graph.Kind != 0 {
		dst = appendTerm(append(dst, ' '), &q.Graph)
	}
	return string(append(dst, " .\n"...))
}

func (q *Quad) check() error {
	switch {
	case q.Subject.Kind != IRI && q.Subject.Kind != Blank:
		return errors.New("subject is neither an IRI nor a blank node")
	case q.Predicate.Kind != IRI:
		return errors.New("predicate is not an IRI")
	case q.Object.Kind < IRI || q.Object.Kind > Literal:
		return errors.New("object is missing")
	case q.Graph.Kind > Blank:
		return errors.New("graph is neither an IRI nor a blank node")
	}
	return nil
}
