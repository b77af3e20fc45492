package jsonld

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/go-json-experiment/json"
	"github.com/piprate/json-gold/ld"
)

// maxScopes bounds the memo: at this many it is dropped and begun again. A
// credential uses about 20; each takes some 30 KB.
const maxScopes = 512

// A Vocabulary is a set of context documents and a bounded memo of what parsing
// them gave so far. It is safe for concurrent use.
type Vocabulary struct {
	documents map[string][]byte
	memo      atomic.Pointer[memo]
	words     func() map[string]bool // every term of every context
}

// A memo holds the scopes reached from the empty one.
type memo struct {
	root  *scope
	count atomic.Int64
}

func newVocabulary(documents map[string][]byte) *Vocabulary {
	v := &Vocabulary{documents: documents}
	v.memo.Store(v.newMemo())
	v.words = sync.OnceValue(v.terms)
	return v
}

// Defines tells whether one of the contexts has a term of this name, in any scope;
// those that few documents have do not count.
func (v *Vocabulary) Defines(name string) bool { return v.words()[name] }

func (v *Vocabulary) terms() map[string]bool {
	words := map[string]bool{}
	rows, _ := bundled() // which Vocabularies could read
	for url, data := range v.documents {
		var document any
		isRare := slices.ContainsFunc(rows, func(c context) bool { return c.URL == url && c.Rare })
		if json.Unmarshal(data, &document) == nil && !isRare {
			termsIn(document, words)
		}
	}
	return words
}

// termsIn collects the terms of all contexts inside of v.
func termsIn(v any, words map[string]bool) {
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			termsIn(item, words)
		}
	case map[string]any:
		for name, definition := range v {
			if !strings.HasPrefix(name, "@") {
				words[name] = true
			}
			termsIn(definition, words)
		}
	}
}

func (v *Vocabulary) newMemo() *memo {
	m := &memo{}
	m.root = newScope(ld.NewContext(nil, v.options()), nil)
	return m
}

// current returns the memo to walk with, a new one when it is full.
func (v *Vocabulary) current() *memo {
	m := v.memo.Load()
	if m.count.Load() < maxScopes {
		return m
	}
	fresh := v.newMemo()
	if v.memo.CompareAndSwap(m, fresh) {
		return fresh
	}
	return v.memo.Load()
}

func (v *Vocabulary) options() *ld.JsonLdOptions {
	o := ld.NewJsonLdOptions("")
	o.DocumentLoader = v
	o.SafeMode = true
	return o
}

// LoadDocument gives json-gold a fresh copy of a known context each time, as it
// writes into what it loads when a context has @import. It
// never asks the network.
func (v *Vocabulary) LoadDocument(url string) (*ld.RemoteDocument, error) {
	data, known := v.documents[url]
	if !known {
		return nil, errors.New("not a bundled context")
	}
	var document any // not by Parse: contexts define both Achievement and achievement
	if err := json.Unmarshal(data, &document); err != nil {
		return nil, err
	}
	return &ld.RemoteDocument{DocumentURL: url, Document: document}, nil
}

// A scope is an active context (JSON-LD 1.1, section 4.1) in which terms are
// looked up, with the scopes that were derived from it. json-gold parses each
// anew at every node, which is 41 % of its time; here each is parsed once.
type scope struct {
	full  *ld.Context
	terms map[string]*ld.TermDefinition // as in full, with scoped contexts taken off
	outer *scope                        // what nested nodes go back to when full has type-scoped contexts

	mu         sync.RWMutex
	byContext  map[string]*scope
	byTypes    map[string]*scope
	byProperty map[string]*scope // nested node objects below a property
	byValue    map[string]*scope // values of a property that are no such objects
}

func newScope(full *ld.Context, outer *scope) *scope {
	s := &scope{full: full, outer: outer, terms: maps.Clone(full.TermDefinitions)}
	for name, definition := range s.terms {
		if definition != nil && definition.HasContext {
			bare := *definition
			bare.Context, bare.HasContext = nil, false
			s.terms[name] = &bare
		}
	}
	return s
}

// derived returns memo[key], made by parse on first use. The walk counts and
// limits how many it makes.
func (w *walk) derived(s *scope, which *map[string]*scope, key string, parse func() (*ld.Context, error), outer *scope) (*scope, error) {
	s.mu.RLock()
	found := (*which)[key]
	s.mu.RUnlock()
	if found != nil {
		return found, nil
	}
	if w.made++; w.made > maxNewScopes {
		return nil, &Error{Code: "canonicalization-budget", Detail: "the document combines too many contexts"}
	}
	full, err := parse()
	if err != nil {
		return nil, err
	}
	made := newScope(full, outer)
	s.mu.Lock()
	defer s.mu.Unlock()
	if found := (*which)[key]; found != nil {
		return found, nil
	}
	if *which == nil {
		*which = make(map[string]*scope)
	}
	(*which)[key] = made
	w.memo.count.Add(1)
	return made, nil
}

// withContext is s after the context URLs, in order.
func (w *walk) withContext(s *scope, urls []string) (*scope, error) {
	return w.derived(s, &s.byContext, strings.Join(urls, "\n"), func() (*ld.Context, error) {
		list := make([]any, len(urls))
		for i, url := range urls {
			list[i] = url
		}
		return parseContext(s.full, list)
	}, nil)
}

// withTypes is s after the type-scoped contexts of types, in the order of
// Expansion step 11. Without any it is s.
func (w *walk) withTypes(s *scope, types []string) (*scope, error) {
	scoped := make([]string, 0, 4)
	for _, t := range types {
		if d := s.full.TermDefinitions[t]; d != nil && d.HasContext {
			scoped = append(scoped, t)
		}
	}
	if len(scoped) == 0 {
		return s, nil
	}
	slices.Sort(scoped)
	scoped = slices.Compact(scoped)
	return w.derived(s, &s.byTypes, strings.Join(scoped, "\n"), func() (*ld.Context, error) {
		full := s.full
		for _, t := range scoped {
			var err error
			if full, err = parseContext(full, s.full.TermDefinitions[t].Context); err != nil {
				return nil, err
			}
		}
		return full, nil
	}, s)
}

// reverted is s without its type-scoped contexts, which do not reach nested
// nodes. Expansion step 7.
func (s *scope) reverted() *scope {
	if s.outer != nil {
		return s.outer
	}
	return s
}

// forNode is the scope of a node object under a property of a node with scope
// s. Expansion steps 7 and 8.
func (w *walk) forNode(s *scope, property string) (*scope, error) {
	d := s.full.TermDefinitions[property]
	if d == nil || !d.HasContext {
		return s.reverted(), nil
	}
	return w.derived(s, &s.byProperty, property, func() (*ld.Context, error) {
		return parseOverriding(s.reverted().full, d.Context)
	}, nil)
}

// forValue is the scope of a string under a property, or of an object with
// nothing but an id, for which type-scoped contexts stay. Expansion step 4.
func (w *walk) forValue(s *scope, property string) (*scope, error) {
	d := s.full.TermDefinitions[property]
	if d == nil || !d.HasContext {
		return s, nil
	}
	return w.derived(s, &s.byValue, property, func() (*ld.Context, error) {
		return parseOverriding(s.full, d.Context)
	}, s.outer)
}

// parseContext applies a local context to an active one.
func parseContext(active *ld.Context, local any) (result *ld.Context, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = &Error{Code: "expansion-failed", Detail: fmt.Sprintf("json-gold panicked on a context: %v", r)}
		}
	}()
	result, err = active.Parse(local)
	if err != nil {
		return nil, contextError(err)
	}
	return result, nil
}

func contextError(err error) error {
	e := &Error{Code: "expansion-failed", Detail: "contexts cannot be applied", Err: err}
	var cause *ld.JsonLdError
	if errors.As(err, &cause) {
		switch cause.Code {
		case ld.ProtectedTermRedefinition, ld.InvalidContextNullification:
			e.Code, e.Detail = "context-conflict", "a context redefines a protected term of another"
		}
	}
	return e
}

// parseOverriding applies a property-scoped context, which may redefine
// protected terms and even forget them all (verifiableCredential in
// credentials/v2 does). json-gold keeps that switch to itself, so protection is
// taken off for the while and put back on the terms that were not redefined.
func parseOverriding(active *ld.Context, local any) (*ld.Context, error) {
	open := ld.CopyContext(active)
	clear(open.Protected)
	originals := make(map[*ld.TermDefinition]*ld.TermDefinition)
	for name, definition := range open.TermDefinitions {
		if definition != nil && definition.Protected {
			unprotected := *definition
			unprotected.Protected = false
			open.TermDefinitions[name] = &unprotected
			originals[&unprotected] = definition
		}
	}
	result, err := parseContext(open, local)
	if err != nil {
		return nil, err
	}
	for name, definition := range result.TermDefinitions {
		if original := originals[definition]; original != nil {
			result.TermDefinitions[name] = original
			result.Protected[name] = true
		}
	}
	return result, nil
}
