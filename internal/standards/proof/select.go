package proof

import (
	"slices"
	"strconv"
	"strings"

	"laurel/internal/standards/jsonld"
)

// A selection is the part of a document that JSON pointers (RFC 6901) show:
// what they point to, and of all that it is in, @context of the document, id and
// type. "selectJsonLd", Data Integrity ECDSA Cryptosuites v1.0, section 3.4.13.
type selection struct {
	all   bool // with all that is in it
	parts map[string]*selection
}

// newSelection follows the pointers in doc. A pointer to nothing is an error with
// code pointer-unknown, one into a string with a language pointer-partial.
func newSelection(doc map[string]any, pointers []string) (*selection, error) {
	root := new(selection)
	for _, pointer := range pointers {
		s, value := root, any(doc)
		names, ok := parsePointer(pointer)
		for _, name := range names {
			if _, is := member(value, "@value"); is {
				return nil, partial(pointer)
			}
			if value, ok = member(value, name); !ok {
				break
			}
			next := s.parts[name]
			if next == nil {
				next = new(selection)
				if s.parts == nil {
					s.parts = make(map[string]*selection)
				}
				s.parts[name] = next
			}
			s = next
		}
		if !ok {
			return nil, &jsonld.Error{Code: "pointer-unknown", Pointer: pointer, Detail: "the document has nothing there"}
		}
		s.all = true
	}
	return root, nil
}

func partial(pointer string) error {
	return &jsonld.Error{Code: "pointer-partial", Pointer: pointer, Detail: "it can only be shown with the rest of the value, or of the ordered list, that it is in"}
}

// parsePointer takes a JSON pointer apart; false is no pointer.
func parsePointer(pointer string) (names []string, ok bool) {
	if pointer == "" {
		return nil, true
	}
	parts := strings.Split(pointer, "/")
	if parts[0] != "" {
		return nil, false
	}
	unescape := strings.NewReplacer("~1", "/", "~0", "~")
	for _, part := range parts[1:] {
		if strings.Count(part, "~") != strings.Count(part, "~0")+strings.Count(part, "~1") {
			return nil, false
		}
		names = append(names, unescape.Replace(part))
	}
	return names, true
}

// member is what an object or array has under a name.
func member(value any, name string) (any, bool) {
	switch value := value.(type) {
	case map[string]any:
		m, has := value[name]
		return m, has
	case []any:
		i, err := strconv.Atoi(name)
		if err != nil || i < 0 || i >= len(value) || strconv.Itoa(i) != name {
			return nil, false
		}
		return value[i], true
	}
	return nil, false
}

// of is the part of a document. It shares what it has whole.
func (s *selection) of(doc map[string]any) map[string]any {
	out := s.in(doc).(map[string]any)
	if context, has := doc["@context"]; has {
		out["@context"] = context
	}
	return out
}

func (s *selection) in(value any) any {
	if s.all {
		return value
	}
	switch value := value.(type) {
	case map[string]any:
		out := make(map[string]any, 2+len(s.parts))
		for name, part := range s.parts {
			out[name] = part.in(value[name])
		}
		for _, name := range []string{"id", "type"} {
			if always, has := value[name]; has {
				out[name] = always
			}
		}
		return out
	case []any:
		out := make([]any, 0, len(s.parts))
		for i, item := range value {
			if part := s.parts[strconv.Itoa(i)]; part != nil {
				out = append(out, part.in(item))
			}
		}
		return out
	}
	return value
}

// joined is a followed by what of b is not in it.
func joined(a, b []string) []string {
	all := slices.Clone(a)
	for _, pointer := range b {
		if !slices.Contains(all, pointer) {
			all = append(all, pointer)
		}
	}
	return all
}
