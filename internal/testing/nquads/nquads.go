// Package nquads reads N-Quads for tests, with a parser that others wrote.
package nquads

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/cayleygraph/quad"
	"github.com/cayleygraph/quad/nquads"

	"laurel/internal/standards/rdfc"
)

// Parse reads a dataset as it is written: duplicates stay.
func Parse(data []byte) ([]rdfc.Quad, error) {
	if !utf8.Valid(data) {
		return nil, errors.New("not UTF-8")
	}
	var quads []rdfc.Quad
	for line := range strings.Lines(string(data)) {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		raw, err := nquads.ParseRaw(line)
		if err != nil {
			return nil, err
		}
		var terms [4]rdfc.Term
		for i, v := range []quad.Value{raw.Subject, raw.Predicate, raw.Object, raw.Label} {
			if terms[i], err = term(v); err != nil {
				return nil, err
			}
		}
		quads = append(quads, rdfc.Quad{Subject: terms[0], Predicate: terms[1], Object: terms[2], Graph: terms[3]})
		if _, err := rdfc.Canonicalize(quads[len(quads)-1:], rdfc.Options{}); err != nil {
			return nil, err // the parser takes a literal anywhere
		}
	}
	return quads, nil
}

func term(v quad.Value) (rdfc.Term, error) {
	switch v := v.(type) {
	case nil:
		return rdfc.Term{}, nil
	case quad.IRI:
		if !rdfc.ValidIRI(string(v)) {
			return rdfc.Term{}, fmt.Errorf("%q is no absolute IRI", v)
		}
		return rdfc.Term{Kind: rdfc.IRI, Value: string(v)}, nil
	case quad.BNode:
		return rdfc.Term{Kind: rdfc.Blank, Value: string(v)}, nil
	case quad.String:
		return rdfc.Term{Kind: rdfc.Literal, Value: string(v)}, nil
	case quad.LangString:
		return rdfc.Term{Kind: rdfc.Literal, Value: string(v.Value), Language: v.Lang}, nil
	case quad.TypedString:
		return rdfc.Term{Kind: rdfc.Literal, Value: string(v.Value), Datatype: strings.TrimSuffix(string(v.Type), rdfc.XSDString)}, nil
	}
	return rdfc.Term{}, fmt.Errorf("a term of type %T", v)
}
