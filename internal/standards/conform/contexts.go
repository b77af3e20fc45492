package conform

import (
	"maps"
	"reflect"
	"strings"

	"laurel/internal/standards/jsonld"
)

// differs tells whether two definitions of a term are known to give it two meanings: a
// compact IRI may be any.
func differs(a, b any) bool {
	one, two := written(a), written(b)
	for _, d := range []map[string]any{one, two} {
		if iri, is := d["@id"].(string); is && !strings.HasPrefix(iri, "@") && !strings.Contains(iri, "://") {
			delete(one, "@id")
			delete(two, "@id")
		}
	}
	return !reflect.DeepEqual(one, two)
}

// written is a definition of a term in its long form, without its protection.
func written(definition any) map[string]any {
	d, is := definition.(map[string]any)
	if !is {
		return map[string]any{"@id": definition}
	}
	d = maps.Clone(d)
	delete(d, "@protected")
	return d
}

// contexts checks the @context of a credential or presentation (VCDM v2.0,
// "Contexts"): URLs and objects, the first the base context; none of the
// objects may give a protected term another meaning (JSON-LD 1.1, "Protected
// Term Definitions"). proof then refuses every object and every URL it does not
// hold, so what is told here is why.
func (f *findings) contexts(doc map[string]any, p *jsonld.Place) {
	at := p.Member("@context")
	v, ok := doc["@context"]
	if !ok {
		f.add("context-missing", at, "there is no @context")
		return
	}
	list := items(v)
	if len(list) == 0 || list[0] != contextV2 {
		f.add("context-first", at, "the first context is not %s", contextV2)
	}
	protected := map[string]any{}
	each(v, at, func(v any, p *jsonld.Place) {
		switch entry := v.(type) {
		case string:
			if !isURL(entry) {
				f.add("context-malformed", p, "the context is not a URL")
			}
		case map[string]any:
			f.inlineContext(entry, p, protected)
		default:
			f.add("context-malformed", p, "the context is %s, not a URL or an object", kindOf(v))
		}
	})
}

// inlineContext checks one object of @context against the terms that are
// protected so far, and adds its own.
func (f *findings) inlineContext(context map[string]any, p *jsonld.Place, protected map[string]any) {
	all := context["@protected"] == true
	for term, definition := range context {
		if strings.HasPrefix(term, "@") {
			continue
		}
		before, seen := protected[term]
		if base, is := jsonld.BaseTerms()[term]; is {
			before, seen = base, true
		}
		if seen && differs(before, definition) {
			f.add("context-redefines", p.Member(term), "a protected term is given another meaning")
		}
		d, _ := definition.(map[string]any)
		if all || d["@protected"] == true {
			protected[term] = definition
		}
	}
}
