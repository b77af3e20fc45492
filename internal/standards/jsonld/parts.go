package jsonld

import (
	"errors"
	"strconv"

	"laurel/internal/standards/rdfc"
)

// Name returns a copy of doc in which every node has an id, one that had none a
// blank node label. So the statements of a part of the document, which
// Statements gives, are known again among those of the whole. It is what
// "skolemizeCompactJsonLd" is for in Data Integrity ECDSA Cryptosuites v1.0,
// section 3.4.8, without a change of form. The work is paid from b. Errors are
// *Error.
func (v *Vocabulary) Name(doc map[string]any, b *rdfc.Budget) (map[string]any, error) {
	named := cloneJSON(doc).(map[string]any)
	var unnamed []map[string]any
	w := v.newWalk()
	w.unnamed = func(node map[string]any) { unnamed = append(unnamed, node) }
	if _, err := w.within(named, b); err != nil {
		return nil, err
	}
	for i, node := range unnamed {
		node["id"] = "_:node-" + strconv.Itoa(i)
	}
	return named, nil
}

// Statements returns what a document that Name gave says, or a part of it, each
// blank node called the same in all of them: by its id, a cell of a list by what
// has the list, a graph by what is in it. A part with some items of a list
// only therefore has other statements than the whole. Errors are *Error; value-lost
// also stands for a document in which two nodes would have one name.
func (v *Vocabulary) Statements(named map[string]any, b *rdfc.Budget) ([]rdfc.Quad, error) {
	return v.quads(named, b, true)
}

func cloneJSON(value any) any {
	switch value := value.(type) {
	case map[string]any:
		clone := make(map[string]any, len(value))
		for name, member := range value {
			clone[name] = cloneJSON(member)
		}
		return clone
	case []any:
		clone := make([]any, len(value))
		for i, item := range value {
			clone[i] = cloneJSON(item)
		}
		return clone
	}
	return value
}

// An owner is where a list stands: a property of a node, and a place in the list.
type owner struct {
	subject, property string
	item              int
}

// cell is the node of one item of a list.
func (q *quadWriter) cell(of owner) (rdfc.Term, error) {
	if !q.named {
		return q.blank(), nil
	}
	return q.nameOnce("cell " + strconv.Itoa(of.item) + " " + of.subject + " " + of.property)
}

// graph is the node of what has no id after expansion: one without an id in the
// document, or the graph that a property puts its value in.
func (q *quadWriter) graph(m map[string]any) (rdfc.Term, error) {
	if !q.named {
		return q.blank(), nil
	}
	if content, _ := m["@graph"].([]any); len(content) == 1 {
		if node, ok := content[0].(map[string]any); ok {
			if id, ok := node["@id"].(string); ok {
				return q.nameOnce("graph " + id)
			}
		}
	}
	return rdfc.Term{}, errors.New("a node has no id, which all should have")
}

func (q *quadWriter) nameOnce(name string) (rdfc.Term, error) {
	if q.used[name] {
		return rdfc.Term{}, errors.New("two lists of one property, or two graphs of one node, cannot be told apart")
	}
	if q.used == nil {
		q.used = make(map[string]bool)
	}
	q.used[name] = true
	return rdfc.Term{Kind: rdfc.Blank, Value: name}, nil
}
