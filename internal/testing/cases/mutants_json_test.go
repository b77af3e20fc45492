package cases

import (
	"bytes"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
)

// node is a place in a JSON tree: the member or item under key of parent.
type node struct {
	path   []any // from the root; the last step is key
	parent any   // object or []any
}

func (n node) key() any { return n.path[len(n.path)-1] }

func (n node) pointer() string {
	var b strings.Builder
	for _, step := range n.path {
		fmt.Fprintf(&b, "/%v", step)
	}
	return b.String()
}

// nodes lists every node below v, the outer before the inner.
func nodes(v any, path []any) []node {
	var found []node
	add := func(key, value any) {
		here := append(slices.Clone(path), key)
		found = append(found, node{here, v})
		found = append(found, nodes(value, here)...)
	}
	switch v := v.(type) {
	case object:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			add(name, v[name])
		}
	case []any:
		for i, item := range v {
			add(i, item)
		}
	}
	return found
}

// duplicateBefore and duplicateAfter stand in for a name that is to be there
// twice: in a sorted object the one comes first and the other last.
const (
	duplicateBefore = "  duplicate"
	duplicateAfter  = "~~duplicate"
)

// nodeMutants yields a document with one node changed.
func nodeMutants(doc object, keep func() bool) iter.Seq[Mutant] {
	return func(yield func(Mutant) bool) {
		text := encode(doc)
		for _, n := range nodes(doc, nil) {
			// try changes a fresh copy of the document and yields it.
			try := func(kind string, change func(root object)) bool {
				if !keep() {
					return true
				}
				root := decode(text)
				change(root)
				return yield(Mutant{kind, n.pointer(), encode(root)})
			}
			if !n.values(try) || !n.names(try, text, keep, yield) || !n.moves(try, doc) {
				return
			}
		}
	}
}

// get, set and remove work on the node's place in another copy of the tree.
func (n node) get(root any) any {
	for _, step := range n.path {
		root = child(root, step)
	}
	return root
}

func child(v, step any) any {
	if i, ok := step.(int); ok {
		return v.([]any)[i]
	}
	return v.(object)[step.(string)]
}

func (n node) set(root, value any) {
	holder := node{path: n.path[:len(n.path)-1]}.get(root)
	if i, ok := n.key().(int); ok {
		holder.([]any)[i] = value
		return
	}
	holder.(object)[n.key().(string)] = value
}

func (n node) remove(root any) {
	above := node{path: n.path[:len(n.path)-1]}
	if i, ok := n.key().(int); ok {
		above.set(root, slices.Delete(slices.Clone(above.get(root).([]any)), i, i+1))
		return
	}
	delete(above.get(root).(object), n.key().(string))
}

// values deletes the node, and puts other values in its place.
func (n node) values(try func(string, func(object)) bool) bool {
	if !try("deleted", func(root object) { n.remove(root) }) {
		return false
	}
	for name, make := range retyped.all() {
		if !try("retyped: "+name, func(root object) { n.set(root, make(n.get(root))) }) {
			return false
		}
	}
	return true
}

// retyped are the values that a node can be given, made from its own.
var retyped = sequence[func(v any) any]{
	{"null", func(any) any { return nil }},
	{"true", func(any) any { return true }},
	{"false", func(any) any { return false }},
	{"zero", func(any) any { return 0 }},
	{"a number", func(any) any { return 1 }},
	{"no text", func(any) any { return "" }},
	{"other text", func(any) any { return "https://evil.example/" }},
	{"no items", func(any) any { return []any{} }},
	{"no members", func(any) any { return object{} }},
	{"one item", func(v any) any { return []any{v} }},
	{"two items", func(v any) any { return []any{v, v} }},
	{"an item of an item", func(v any) any { return []any{[]any{v}} }},
	{"another item", func(v any) any { return []any{v, "https://evil.example/"} }},
	{"an id", func(v any) any { return object{"id": v} }},
	{"a value object", func(v any) any { return object{"@value": v} }},
	{"a node object", func(v any) any { return object{"@id": v} }},
	{"a list object", func(v any) any { return object{"@list": []any{v}} }},
	{"a graph object", func(v any) any { return object{"@graph": v} }},
	{"its text", func(v any) any { return string(encode(v)) }},
	{"a space more", edit(func(s string) string { return s + " " })},
	{"a character more", edit(func(s string) string { return s + "x" })},
	{"a NUL more", edit(func(s string) string { return s + "\x00" })},
	{"an invisible character more", edit(func(s string) string { return s + "\u200b" })},
	{"a fragment more", edit(func(s string) string { return s + "#x" })},
	{"capitals", edit(strings.ToUpper)},
	{"its first half", edit(func(s string) string { return s[:len(s)/2] })},
	{"other letters that look alike", edit(func(s string) string { return strings.ReplaceAll(s, "a", "а") })},
}

// edit changes text, and leaves other values as they are.
func edit(change func(string) string) func(any) any {
	return func(v any) any {
		if s, ok := v.(string); ok {
			return change(s)
		}
		return v
	}
}

// names gives a member twice, or another name; an item twice.
func (n node) names(try func(string, func(object)) bool, text []byte, keep func() bool, yield func(Mutant) bool) bool {
	above := node{path: n.path[:len(n.path)-1]}
	name, isMember := n.key().(string)
	if !isMember {
		i := n.key().(int)
		return try("item twice", func(root object) {
			list := above.get(root).([]any)
			above.set(root, slices.Insert(slices.Clone(list), i, list[i]))
		})
	}
	for _, place := range []string{duplicateBefore, duplicateAfter} {
		for _, other := range []bool{false, true} {
			if !keep() {
				continue
			}
			root := decode(text)
			value := n.get(root)
			if other {
				value = "did:web:evil.example"
			}
			above.get(root).(object)[place] = value
			twice := bytes.Replace(encode(root), encode(place), encode(name), 1)
			if !yield(Mutant{"member twice", n.pointer(), twice}) {
				return false
			}
		}
	}
	for kind, rename := range renamed.all() {
		if !try(kind, func(root object) {
			holder := above.get(root).(object)
			value := holder[name]
			delete(holder, name)
			holder[rename(name)] = value
		}) {
			return false
		}
	}
	return true
}

// renamed are the names that a member can be given.
var renamed = sequence[func(name string) string]{
	{"renamed: capitals", strings.ToUpper},
	{"renamed: a space more", func(name string) string { return name + " " }},
	{"renamed: a keyword", func(name string) string { return "@" + name }},
	{"renamed: a letter more", func(name string) string { return name + "s" }},
	{"renamed: an IRI", func(name string) string { return "https://evil.example/" + name }},
	{"renamed: an old name", func(name string) string { return "schema:" + name }},
}

// moves puts a member into every other object, exchanges it with its neighbours,
// and adds what it says to its neighbours; items change places.
func (n node) moves(try func(string, func(object)) bool, doc object) bool {
	name, isMember := n.key().(string)
	if !isMember {
		above := node{path: n.path[:len(n.path)-1]}
		return try("item moved", func(root object) {
			list := slices.Clone(above.get(root).([]any))
			item := list[n.key().(int)]
			list = slices.Delete(list, n.key().(int), n.key().(int)+1)
			above.set(root, append(list, item))
		})
	}
	for _, to := range append([]node{{}}, nodes(doc, nil)...) {
		if _, ok := to.get(doc).(object); !ok || slices.Equal(to.path, n.path[:len(n.path)-1]) {
			continue
		}
		if len(to.path) >= len(n.path) && slices.Equal(to.path[:len(n.path)], n.path) {
			continue // into itself
		}
		for _, kept := range []bool{false, true} {
			if !try(fmt.Sprintf("moved to %s, kept %v", to.pointer(), kept), func(root object) {
				value := n.get(root)
				target := to.get(root).(object)
				if !kept {
					n.remove(root)
				}
				target[name] = value
			}) {
				return false
			}
		}
	}
	for _, other := range slices.Sorted(maps.Keys(n.parent.(object))) {
		if other <= name {
			continue
		}
		if !try("exchanged with "+other, func(root object) {
			holder := node{path: n.path[:len(n.path)-1]}.get(root).(object)
			holder[name], holder[other] = holder[other], holder[name]
		}) {
			return false
		}
	}
	return true
}

// sequence is a list of named values.
type sequence[T any] []struct {
	name  string
	value T
}

func (s sequence[T]) all() iter.Seq2[string, T] {
	return func(yield func(string, T) bool) {
		for _, row := range s {
			if !yield(row.name, row.value) {
				return
			}
		}
	}
}
