package jsonld

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/piprate/json-gold/ld"

	"laurel/internal/standards/rdfc"
)

// A property is a member of a node being walked.
type property struct {
	name    string
	term    *ld.TermDefinition
	scope   *scope // of the node that has it
	context any    // @context of the document it is in
}

func (p property) in(container string) bool {
	return slices.Contains(p.term.Container, container)
}

// property checks all values of a property and returns their copy.
func (w *walk) property(value any, p property, at *Place) (any, error) {
	for _, c := range p.term.Container {
		if c != "@set" && (p.term.Reverse || c != "@list" && c != "@graph") {
			return nil, at.Errorf("value-lost", "%s containers are not supported", c)
		}
	}
	if p.term.Type == "@json" && value != nil {
		w.statements++
		return value, nil
	}
	list, isList := value.([]any)
	if !isList {
		return w.item(value, p, at)
	}
	out := make([]any, len(list))
	for i, item := range list {
		if _, nested := item.([]any); nested {
			return nil, at.Item(i).Errorf("value-lost", "an array inside an array")
		}
		var err error
		if out[i], err = w.item(item, p, at.Item(i)); err != nil {
			return nil, err
		}
	}
	if p.in("@list") {
		w.statements += 1 + len(list) // the list itself, and rest of each cell
	}
	return out, nil
}

// item checks one value that is no array.
func (w *walk) item(value any, p property, at *Place) (any, error) {
	if p.in("@list") && !at.array {
		w.statements += 2 // a list of one
	}
	w.statements++
	if node, isNode := value.(map[string]any); p.term.Reverse && (!isNode || node["@value"] != nil) {
		return nil, at.Errorf("value-lost", "a value where an object must be: the term says something of it")
	}
	switch value := value.(type) {
	case nil:
		return nil, at.Errorf("value-lost", "null says nothing and cannot be signed")
	case map[string]any:
		if _, is := value["@value"]; is {
			return w.valueObject(value, p, at)
		}
		return w.nested(value, p, at)
	case string:
		return w.text(value, p, at)
	}
	// A number or a boolean.
	if p.in("@graph") || p.term.Type == "@id" || p.term.Type == "@vocab" {
		return nil, at.Errorf("iri-relative", "neither an IRI nor an object")
	}
	return value, kept(value, at)
}

// kept refuses a number of which JSON-LD writes fewer digits than it has: the
// last one could be changed without breaking the signature.
func kept(value any, at *Place) error {
	if f, ok := value.(float64); ok {
		if written, err := strconv.ParseFloat(sixteenDigits(f), 64); err != nil || written != f {
			return at.Errorf("value-lost", "a number with more digits than are signed")
		}
	}
	return nil
}

// text checks a string, which the term may make an IRI.
func (w *walk) text(value string, p property, at *Place) (any, error) {
	if p.in("@graph") {
		return nil, at.Errorf("value-lost", "a string where an object must be; it would not be signed")
	}
	s, err := w.forValue(p.scope, p.name)
	if err != nil {
		return nil, locate(err, at)
	}
	if s != p.scope {
		if d := s.terms[p.name]; d == nil || d.Type != p.term.Type {
			return nil, at.Errorf("value-lost", "a string where an object must be")
		}
	}
	switch p.term.Type {
	case "@id":
		return w.id(value, s, at)
	case "@vocab":
		iri, ok := w.vocabIRI(value, s)
		if !ok {
			return nil, at.Errorf("iri-relative", "neither a term nor an absolute IRI")
		}
		return iri, nil
	}
	return value, nil
}

// valueObject checks a string with language, or a typed literal written out
// (VCDM 2.0, section 11.1). RDF 1.1 has no place for @direction, so it would
// not be signed; jsonld.js refuses it likewise.
func (w *walk) valueObject(obj map[string]any, p property, at *Place) (any, error) {
	if t := p.term.Type; t != "" && t != "@none" || p.in("@graph") {
		return nil, at.Errorf("keyword-forbidden", "a value object where a plain value or an object must be")
	}
	out := make(map[string]any, len(obj))
	for _, key := range slices.Sorted(maps.Keys(obj)) {
		value := obj[key]
		out[key] = value
		here := at.Member(key)
		switch key {
		case "@value":
			switch value.(type) {
			case string, bool, float64:
				if err := kept(value, here); err != nil {
					return nil, err
				}
			default:
				return nil, here.Errorf("value-lost", "not a string, number or boolean")
			}
		case "@language":
			_, isString := obj["@value"].(string)
			if tag, ok := value.(string); !ok || !isString || !rdfc.ValidLanguage(tag) {
				return nil, here.Errorf("value-lost", "not a language tag, or not on a string")
			}
		case "@type":
			if _, tagged := obj["@language"]; tagged {
				return nil, here.Errorf("value-lost", "both a type and a language")
			}
			name, _ := value.(string)
			iri, ok := w.vocabIRI(name, p.scope)
			if !ok {
				return nil, here.Errorf("type-undefined", "no context defines this datatype")
			}
			out[key] = iri
		case "@direction":
			return nil, here.Errorf("direction-unsigned", "RDF has no place for @direction")
		default:
			return nil, here.Errorf("keyword-forbidden", "%q must not be in a value object", key)
		}
	}
	return out, nil
}

// Types of proofs in which credentials were signed before Data Integrity 1.0.
const (
	Ed25519Signature2018 = "Ed25519Signature2018"
	Ed25519Signature2020 = "Ed25519Signature2020"
	JSONWebSignature2020 = "JsonWebSignature2020"
)

// SuiteContext is the one context that a proof of a type may bring itself: some signers
// put it there, as it defines all the terms of such a proof. The proof is then signed
// under it alone. Empty for other types; that of JsonWebSignature2020 has no term for
// the type of a proof.
func SuiteContext(proofType string) string {
	switch proofType {
	case Ed25519Signature2018:
		return "https://w3id.org/security/suites/ed25519-2018/v1"
	case Ed25519Signature2020:
		return "https://w3id.org/security/suites/ed25519-2020/v1"
	}
	return ""
}

// bringsSuiteContext tells whether a node is a proof with the context of its suite.
func bringsSuiteContext(proof map[string]any) bool {
	proofType, _ := proof["type"].(string)
	url := SuiteContext(proofType)
	return url != "" && SameContext(proof["@context"], url)
}

// Properties whose values are credentials of their own, which may bring their
// own @context: OB 3.0 endorsement, CLR 2.0 and VCDM 2.0 verifiableCredential.
func embedsCredentials(name string) bool {
	return name == "endorsement" || name == "verifiableCredential"
}

// nested checks a node object below a property.
func (w *walk) nested(obj map[string]any, p property, at *Place) (any, error) {
	keyword := ""
	for key := range obj {
		if strings.HasPrefix(key, "@") && key != "@context" && (keyword == "" || key < keyword) {
			keyword = key
		}
	}
	if keyword != "" {
		return nil, at.Member(keyword).Errorf("keyword-forbidden", "the JSON-LD keyword %q must not be used here", keyword)
	}
	s, err := w.nestedScope(obj, p)
	if err != nil {
		return nil, locate(err, at)
	}
	context := p.context
	if own, has := obj["@context"]; has {
		here := at.Member("@context")
		switch {
		case p.name == "proof" && SameContext(own, context):
			// Some signers repeat it; it is in force already.
		case p.name == "proof" && bringsSuiteContext(obj):
			if s, err = w.ownContext(own, w.memo.root, here); err != nil {
				return nil, err
			}
		case embedsCredentials(p.name):
			context = own
			if s, err = w.ownContext(own, s, here); err != nil {
				return nil, err
			}
		default:
			return nil, here.Errorf("context-inline", "a nested @context")
		}
	}
	if !p.in("@graph") {
		return w.node(obj, s, context, at)
	}
	outer := w.graph
	w.graphs++
	w.graph = w.graphs
	before := w.statements
	out, err := w.node(obj, s, context, at)
	w.graph = outer
	if err == nil && w.statements == before {
		return nil, at.Errorf("value-lost", "an object with nothing but an id; it would not be signed")
	}
	return out, err
}

// nestedScope is Expansion steps 7 and 8: type-scoped contexts end at a nested
// node, but not at a mere reference.
func (w *walk) nestedScope(obj map[string]any, p property) (*scope, error) {
	if len(obj) == 1 {
		for key := range obj {
			if d := p.scope.terms[key]; d != nil && d.ID == "@id" {
				return w.forValue(p.scope, p.name)
			}
		}
	}
	return w.forNode(p.scope, p.name)
}

// SameContext compares two @context values; one URL and an array of one are the
// same. Contexts that are not given by URL are never the same.
func SameContext(a, b any) bool {
	return slices.EqualFunc(oneOrMore(a), oneOrMore(b), func(a, b any) bool {
		l, ok := a.(string)
		r, also := b.(string)
		return ok && also && l == r
	})
}

func oneOrMore(value any) []any {
	if list, ok := value.([]any); ok {
		return list
	}
	return []any{value}
}
