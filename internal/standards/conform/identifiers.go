package conform

import (
	"strings"
	"time"

	"laurel/internal/standards/jsonld"
)

// identifiers checks every id and type of a document, however deep: an id is a
// single URL, a type one or more names (VCDM v2.0, "Identifiers", "Types").
// Both words are protected in the base context, so no other context can give
// them another meaning. Contexts and JSON literals hold no such members.
func (f *findings) identifiers(o map[string]any, p *jsonld.Place) {
	for name, v := range o {
		switch name {
		case "@context", "jsonSchema":
		case "id":
			id, ok := v.(string)
			switch {
			case !ok || !isURL(id):
				f.add("id-malformed", p.Member(name), "the id is not a single absolute URL")
			case isUnsafe(id) && !(strings.HasPrefix(id, "data:image/") && isType(o, "Image")):
				f.add("id-unsafe", p.Member(name), "the id is a script or a file, and names nothing")
			}
		case "type":
			f.typeForm(v, p)
		case "verifiableCredential":
			// Documents of their own, with contexts of their own.
		default:
			f.identifiersIn(v, func() *jsonld.Place { return p.Member(name) })
		}
	}
}

// identifiersIn checks a value, whose place is made where there are some.
func (f *findings) identifiersIn(v any, at func() *jsonld.Place) {
	switch v := v.(type) {
	case map[string]any:
		f.identifiers(v, at())
	case []any:
		p := at()
		for i, item := range v {
			f.identifiersIn(item, func() *jsonld.Place { return p.Item(i) })
		}
	}
}

func (f *findings) typeForm(v any, p *jsonld.Place) {
	at := p.Member("type")
	if list, ok := v.([]any); ok && len(list) == 0 {
		f.add("type-malformed", at, "the type is empty")
	}
	each(v, at, func(v any, p *jsonld.Place) {
		if name, ok := v.(string); !ok || name == "" {
			f.add("type-malformed", p, "the type is not a name")
		}
	})
}

// date reads a member that must be an xsd:dateTimeStamp if it is there, and
// tells whether it was one.
func (f *findings) date(o map[string]any, p *jsonld.Place, name string) (time.Time, bool) {
	v, ok := o[name]
	if !ok {
		return time.Time{}, false
	}
	s, ok := v.(string)
	if !ok {
		f.add("date-malformed", p.Member(name), "%s is %s, not a date", name, kindOf(v))
		return time.Time{}, false
	}
	t, err := ParseDateTime(s)
	if err != nil {
		f.add("date-malformed", p.Member(name), "%s is %v", name, err)
		return time.Time{}, false
	}
	return t, true
}
