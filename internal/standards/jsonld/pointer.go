package jsonld

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// At finds what a JSON Pointer points to in a value as Parse returns it: RFC 6901,
// with "/" before each name, the empty one being the whole. The index of an item has
// no leading zeros; "-" is none.
func At(v any, pointer string) (any, bool) {
	if pointer == "" {
		return v, true
	}
	if pointer[0] != '/' {
		return nil, false
	}
	for _, token := range strings.Split(pointer[1:], "/") {
		switch in := v.(type) {
		case map[string]any:
			var ok bool
			if v, ok = in[PointerName(token)]; !ok {
				return nil, false
			}
		case []any:
			i, err := strconv.Atoi(token)
			if err != nil || i < 0 || i >= len(in) || strconv.Itoa(i) != token {
				return nil, false
			}
			v = in[i]
		default:
			return nil, false
		}
	}
	return v, true
}

// PointerName is the name that a part of a JSON Pointer between two "/" stands for.
func PointerName(token string) string {
	return strings.NewReplacer("~1", "/", "~0", "~").Replace(token)
}

// Without returns a document without what stands at a pointer, and without an array
// that nothing is left in. The document itself is not changed. Where there is nothing
// at the pointer, or it is the whole document, it is returned as it is.
func Without(doc map[string]any, pointer string) map[string]any {
	if _, there := At(doc, pointer); !there || pointer == "" {
		return doc
	}
	left, _ := without(doc, strings.Split(pointer[1:], "/")).(map[string]any)
	return left
}

// without returns nil for an array that nothing is left in.
func without(v any, tokens []string) any {
	switch v := v.(type) {
	case map[string]any:
		v, name := maps.Clone(v), PointerName(tokens[0])
		left := any(nil)
		if len(tokens) > 1 {
			left = without(v[name], tokens[1:])
		}
		if v[name] = left; left == nil {
			delete(v, name)
		}
		return v
	case []any:
		i, _ := strconv.Atoi(tokens[0])
		left := any(nil)
		if len(tokens) > 1 {
			left = without(v[i], tokens[1:])
		}
		if v = slices.Clone(v); left != nil {
			v[i] = left
		} else if v = slices.Delete(v, i, i+1); len(v) == 0 {
			return nil
		}
		return v
	}
	return nil
}
