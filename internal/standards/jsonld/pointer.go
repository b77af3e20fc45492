package jsonld

import (
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
