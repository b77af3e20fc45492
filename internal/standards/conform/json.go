package conform

import (
	"encoding/json"
	"slices"
	"strconv"

	"laurel/internal/standards/jsonld"
)

// object returns the object at a member, or nil.
func object(o map[string]any, name string) map[string]any {
	m, _ := o[name].(map[string]any)
	return m
}

// text returns the string at a member, or "".
func text(o map[string]any, name string) string {
	s, _ := o[name].(string)
	return s
}

// items returns the elements of an array, or any other value as the only one.
func items(v any) []any {
	if list, ok := v.([]any); ok {
		return list
	}
	return []any{v}
}

// each calls do for every element of an array, or for the value itself.
func each(v any, p *jsonld.Place, do func(v any, p *jsonld.Place)) {
	list, ok := v.([]any)
	if !ok {
		do(v, p)
		return
	}
	for i, item := range list {
		do(item, p.Item(i))
	}
}

// eachObject calls do for the objects among the elements at a member.
func eachObject(o map[string]any, name string, p *jsonld.Place, do func(o map[string]any, p *jsonld.Place)) {
	v, ok := o[name]
	if !ok {
		return
	}
	each(v, p.Member(name), func(v any, p *jsonld.Place) {
		if m, ok := v.(map[string]any); ok {
			do(m, p)
		}
	})
}

// types returns the strings of the type member.
func types(o map[string]any) (names []string) {
	for _, v := range items(o["type"]) {
		if s, ok := v.(string); ok {
			names = append(names, s)
		}
	}
	return names
}

// isType tells whether one of the names is among the types of an object.
func isType(o map[string]any, names ...string) bool {
	return slices.ContainsFunc(items(o["type"]), func(v any) bool { s, ok := v.(string); return ok && slices.Contains(names, s) })
}

// number returns the value of a JSON number.
func number(v any) (float64, bool) {
	switch n := v.(type) {
	case float64:
		return n, true
	case json.Number:
		f, err := strconv.ParseFloat(n.String(), 64)
		return f, err == nil
	}
	return 0, false
}

// kindOf names the kind of a JSON value.
func kindOf(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case bool:
		return "a boolean"
	case string:
		return "a string"
	case []any:
		return "an array"
	case map[string]any:
		return "an object"
	}
	return "a number"
}
