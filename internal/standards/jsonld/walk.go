package jsonld

import (
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/piprate/json-gold/ld"

	"laurel/internal/standards/rdfc"
)

// A walk is safe mode for one document. It goes through every node before
// json-gold sees any, refuses what a signature would not cover as shown, and
// makes the copy that json-gold expands. Each node of the copy carries, as
// @context, a small parsed context with just the terms it uses: json-gold puts
// such a context in place of the active one (context.go, case *Context) and so
// parses nothing. Types and @vocab values are written as the IRIs they mean.
type walk struct {
	vocabulary *Vocabulary
	memo       *memo
	made       int // scopes that were not in the memo

	options  *ld.JsonLdOptions
	contexts map[*scope]*ld.Context // the small contexts; fresh, as json-gold writes into them

	unnamed func(node map[string]any) // told of every node without an id, if there

	statements int // quads that expansion must give
	graph      int // number of the graph of the node at hand
	graphs     int
	secured    map[graphNode]description // of credentials and presentations, by id
}

type graphNode struct {
	graph int
	id    string
}

// A walked document is ready for json-gold.
type walked struct {
	document   map[string]any
	statements int
	options    *ld.JsonLdOptions
}

// Types whose nodes may be described in one place of a document only; see
// walk.describe.
const (
	typeCredential   = "https://www.w3.org/2018/credentials#VerifiableCredential"
	typePresentation = "https://www.w3.org/2018/credentials#VerifiablePresentation"
)

func (v *Vocabulary) newWalk() *walk {
	return &walk{
		vocabulary: v,
		memo:       v.current(),
		options:    v.options(),
		contexts:   make(map[*scope]*ld.Context),
		secured:    make(map[graphNode]description),
	}
}

// document is the walk without a budget.
func (w *walk) document(doc map[string]any) (*walked, error) {
	at := &Place{}
	if _, has := doc["@context"]; !has {
		return nil, at.Errorf("context-missing", "the document has no @context")
	}
	s, err := w.ownContext(doc["@context"], w.memo.root, at.Member("@context"))
	if err != nil {
		return nil, err
	}
	before := w.statements
	out, err := w.node(doc, s, doc["@context"], at)
	if err != nil {
		return nil, err
	}
	if w.statements == before {
		return nil, at.Errorf("value-lost", "the document says nothing but its id")
	}
	return &walked{out, w.statements, w.options}, nil
}

// statementCost is what a statement takes from a budget before it is canonicalised,
// where duplicates count once.
const statementCost = 4

// within is document paid from a budget, if there is one. One that is used up
// refuses at once, so that a document with many proofs is not walked for each.
func (w *walk) within(doc map[string]any, b *rdfc.Budget) (*walked, error) {
	if b == nil {
		return w.document(doc)
	}
	if err := b.Spend(1); err != nil {
		return nil, OverBudget(err)
	}
	out, err := w.document(doc)
	if err != nil {
		return nil, err
	}
	if err := b.Spend(statementCost * w.statements); err != nil {
		return nil, OverBudget(err)
	}
	return out, nil
}

// ownContext applies an @context member, which must be the URL of a known
// context or an array of such.
func (w *walk) ownContext(value any, s *scope, at *Place) (*scope, error) {
	urls, err := w.contextURLs(value, at)
	if err != nil {
		return nil, err
	}
	next, err := w.withContext(s, urls)
	return next, locate(err, at)
}

func (w *walk) contextURLs(value any, at *Place) ([]string, error) {
	list := oneOrMore(value)
	if len(list) == 0 {
		return nil, at.Errorf("context-missing", "@context is empty")
	}
	urls := make([]string, len(list))
	for i, item := range list {
		url, ok := item.(string)
		if !ok {
			return nil, at.Item(i).Errorf("context-inline", "contexts must be given by URL")
		}
		if _, known := w.vocabulary.documents[url]; !known {
			return nil, at.Item(i).Errorf("context-unknown", "the context %q is not known", url)
		}
		urls[i] = url
	}
	return urls, nil
}

// locate adds a place to an error that has none.
func locate(err error, at *Place) error {
	if e, ok := err.(*Error); ok && e.Pointer == "" {
		e.Pointer = at.Pointer()
	}
	return err
}

// node checks a node object in scope s, to which its own @context was applied
// already, and returns its copy. context is the @context of the document it is
// part of.
func (w *walk) node(obj map[string]any, s *scope, context any, at *Place) (map[string]any, error) {
	types, iris, err := w.types(obj, s, at)
	if err != nil {
		return nil, err
	}
	inner, err := w.withTypes(s, types)
	if err != nil {
		return nil, locate(err, at)
	}
	small := w.small(inner)
	out := make(map[string]any, len(obj)+1)
	id := ""
	typed := false
	for _, key := range slices.Sorted(maps.Keys(obj)) {
		if key == "@context" {
			continue
		}
		here := at.Member(key)
		d, err := w.term(key, inner, here)
		if err != nil {
			return nil, err
		}
		small.TermDefinitions[key] = d
		switch {
		case d.ID == "@id" && id == "":
			if id, err = w.id(obj[key], inner, here); err != nil {
				return nil, err
			}
			out[key] = id
		case d.ID == "@type" && !typed:
			typed = true
			w.statements += len(iris)
			out[key] = iris
		case strings.HasPrefix(d.ID, "@"):
			return nil, here.Errorf("keyword-forbidden", "%q stands for %s a second time, or where it must not", key, d.ID)
		default:
			if out[key], err = w.property(obj[key], property{key, d, inner, context}, here); err != nil {
				return nil, err
			}
		}
	}
	if err := w.describe(id, iris, description{obj, s}, at); err != nil {
		return nil, err
	}
	if id == "" && w.unnamed != nil {
		w.unnamed(obj)
	}
	out["@context"] = small
	return out, nil
}

// describe refuses a second description of a credential or presentation. RDF
// has no tree: members of one node may be moved between all places that have
// its id without any change of the signed statements. Someone could so take
// credentialStatus or validUntil away from where a verifier looks for them. The same
// description again, word for word, can have lost nothing: an endorsement of an issuer
// stands in every credential of a learner record.
func (w *walk) describe(id string, types []any, as description, at *Place) error {
	if id == "" || !slices.Contains(types, any(typeCredential)) && !slices.Contains(types, any(typePresentation)) {
		return nil
	}
	node := graphNode{w.graph, id}
	if before, has := w.secured[node]; has && (before.scope != as.scope || !reflect.DeepEqual(before.object, as.object)) {
		return at.Errorf("node-repeated", "the credential with this id is described in another place too")
	}
	w.secured[node] = as
	return nil
}

// description is a node as it is written, and in what scope.
type description struct {
	object map[string]any
	scope  *scope
}

// small returns the context for json-gold that belongs to s in this walk. It
// has neither @vocab nor @base nor protection; terms are added as they are met.
func (w *walk) small(s *scope) *ld.Context {
	if c := w.contexts[s]; c != nil {
		return c
	}
	c := ld.NewContext(nil, w.options)
	w.contexts[s] = c
	return c
}

// term looks up the name of a member. An IRI as a name is refused even where
// JSON-LD allows it: a member could be hidden from whoever looks for the term,
// with the signature still right.
func (w *walk) term(name string, s *scope, at *Place) (*ld.TermDefinition, error) {
	if strings.HasPrefix(name, "@") {
		return nil, at.Errorf("keyword-forbidden", "the JSON-LD keyword %q must not be used here", name)
	}
	d, defined := s.terms[name]
	if !defined && s.full.Values.Vocab != nil && name != "" && !strings.Contains(name, ":") {
		d = &ld.TermDefinition{ID: *s.full.Values.Vocab + name}
	}
	switch {
	case d == nil:
		return nil, at.Errorf("term-undefined", "no context defines %q here", name)
	case strings.HasPrefix(d.ID, "@"):
		return d, nil
	case !rdfc.ValidIRI(d.ID):
		return nil, at.Errorf("term-undefined", "%q does not stand for a property", name)
	}
	return d, nil
}

// types returns the types of a node as written, and the IRIs they stand for.
func (w *walk) types(obj map[string]any, s *scope, at *Place) (names []string, iris []any, err error) {
	for key, value := range obj {
		d := s.terms[key]
		if d == nil || d.ID != "@type" {
			continue
		}
		here := at.Member(key)
		list := oneOrMore(value)
		names = make([]string, 0, len(list))
		iris = make([]any, 0, len(list))
		for i, item := range list {
			name, ok := item.(string)
			if !ok {
				return nil, nil, here.Item(i).Errorf("type-undefined", "a type is not a string")
			}
			iri, err := w.typeIRI(name, s, here.Item(i))
			if err != nil {
				return nil, nil, err
			}
			names = append(names, name)
			iris = append(iris, iri)
		}
	}
	return names, iris, nil
}

func (w *walk) typeIRI(name string, s *scope, at *Place) (string, error) {
	iri, ok := w.vocabIRI(name, s)
	if !ok {
		return "", at.Errorf("type-undefined", "no context defines the type %q", name)
	}
	if iri != name {
		return iri, nil
	}
	for term, d := range s.terms {
		if d != nil && d.ID == iri && term != name {
			return "", at.Errorf("type-undefined", "a type is written as an IRI although the contexts have a term for it")
		}
	}
	return iri, nil
}

// vocabIRI is IRI expansion of a type or @vocab value, which may be a term or
// an absolute IRI.
func (w *walk) vocabIRI(name string, s *scope) (string, bool) {
	d, defined := s.terms[name]
	switch {
	case defined && d == nil, name == "", strings.HasPrefix(name, "@"):
		return "", false
	case defined:
		return d.ID, rdfc.ValidIRI(d.ID)
	case strings.Contains(name, ":"):
		return name, absolute(name, s)
	case s.full.Values.Vocab != nil:
		iri := *s.full.Values.Vocab + name
		return iri, rdfc.ValidIRI(iri)
	}
	return "", false
}

// absolute tells whether iri is an absolute IRI, and not a compact one that
// would be signed as something else than it shows.
func absolute(iri string, s *scope) bool {
	if !rdfc.ValidIRI(iri) {
		return false
	}
	prefix, rest, _ := strings.Cut(iri, ":")
	if strings.HasPrefix(rest, "//") {
		return true
	}
	d, defined := s.terms[prefix]
	return !defined || d != nil && (d.Prefix == nil || !*d.Prefix)
}

// id checks the value of an id member, or a string that stands for a node.
func (w *walk) id(value any, s *scope, at *Place) (string, error) {
	id, ok := value.(string)
	if !ok {
		return "", at.Errorf("iri-relative", "an id is not a string")
	}
	if label, blank := strings.CutPrefix(id, "_:"); blank && blankLabel(label) || absolute(id, s) {
		return id, nil
	}
	return "", at.Errorf("iri-relative", "an id is not an absolute IRI")
}

func blankLabel(label string) bool {
	for _, b := range []byte(label) {
		if (b|0x20 < 'a' || b|0x20 > 'z') && (b < '0' || b > '9') && b != '_' && b != '-' {
			return false
		}
	}
	return label != ""
}
