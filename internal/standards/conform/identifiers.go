package conform

import "time"

// identifiers checks every id and type of a document, however deep: an id is a
// single URL, a type one or more names (VCDM v2.0, "Identifiers", "Types").
// Both words are protected in the base context, so no other context can give
// them another meaning. Contexts and JSON literals hold no such members.
func (f *findings) identifiers(o map[string]any, p *path) {
	for name, v := range o {
		switch name {
		case "@context", "jsonSchema":
		case "id":
			if id, ok := v.(string); !ok || !isURL(id) {
				f.add("id-malformed", p.member(name), "the id is not a single absolute URL")
			}
		case "type":
			f.typeForm(v, p)
		case "verifiableCredential":
			// Documents of their own, with contexts of their own.
		default:
			f.identifiersIn(v, p, name)
		}
	}
}

func (f *findings) identifiersIn(v any, p *path, name string) {
	switch v := v.(type) {
	case map[string]any:
		f.identifiers(v, p.member(name))
	case []any:
		f.identifiersAmong(v, p.member(name))
	}
}

func (f *findings) identifiersAmong(list []any, p *path) {
	for i, v := range list {
		switch v := v.(type) {
		case map[string]any:
			f.identifiers(v, p.item(i))
		case []any:
			f.identifiersAmong(v, p.item(i))
		}
	}
}

func (f *findings) typeForm(v any, p *path) {
	at := p.member("type")
	if list, ok := v.([]any); ok && len(list) == 0 {
		f.add("type-malformed", at, "the type is empty")
	}
	each(v, at, func(v any, p *path) {
		if name, ok := v.(string); !ok || name == "" {
			f.add("type-malformed", p, "the type is not a name")
		}
	})
}

// date reads a member that must be an xsd:dateTimeStamp if it is there, and
// tells whether it was one.
func (f *findings) date(o map[string]any, p *path, name string) (time.Time, bool) {
	v, ok := o[name]
	if !ok {
		return time.Time{}, false
	}
	s, ok := v.(string)
	if !ok {
		f.add("date-malformed", p.member(name), "%s is %s, not a date", name, kindOf(v))
		return time.Time{}, false
	}
	t, err := ParseDateTime(s)
	if err != nil {
		f.add("date-malformed", p.member(name), "%s is %v", name, err)
		return time.Time{}, false
	}
	return t, true
}
