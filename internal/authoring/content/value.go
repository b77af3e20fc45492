package content

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"

	"gopkg.in/yaml.v3"

	"laurel/internal/authoring/model"
	"laurel/internal/material/text"
)

// value is one value of a file, with the way that leads to it. Rows of a
// roster are made into values too, so that a cell and a YAML field pass the
// same checks.
type value struct {
	s    *source
	up   *value // nil at the top
	name string // the property; "" for an item of a list
	item int
	row  bool       // a row of a roster; its number is item
	at   *yaml.Node // where the value stands
	node *yaml.Node // what it is: where at is an alias, the value it stands for
}

// child is the value of a property, or of an item if name is empty.
func (v *value) child(name string, item int, n *yaml.Node) value {
	c := value{s: v.s, up: v, name: name, item: item, at: n, node: n}
	if n.Kind == yaml.AliasNode {
		c.node = n.Alias
	}
	return c
}

// path is the field of a problem: "recipients[3].email", "row 12, email (C12)".
func (v *value) path() string {
	if letter := v.at.LineComment; v.s.sheet && letter != "" {
		row := v
		for !row.row {
			row = row.up
		}
		return v.way() + " (" + letter + strconv.Itoa(row.item) + ")"
	}
	return v.way()
}

func (v *value) way() string {
	switch {
	case v.row:
		return "row " + strconv.Itoa(v.item)
	case v.up == nil:
		return ""
	}
	up := v.up.way()
	switch {
	case v.name == "" && v.s.sheet: // a sheet has columns, not lists
		return up
	case v.name == "":
		return up + "[" + strconv.Itoa(v.item) + "]"
	case v.up.row:
		return up + ", " + v.name
	case up == "":
		return v.name
	}
	return up + "." + v.name
}

// source is the value's place, as the model has it.
func (v *value) source() model.Source {
	return model.Source{File: v.s.name, Line: v.at.Line, Column: v.at.Column}
}

func (v value) position() position { return position{v.at.Line, v.at.Column} }

// problem reports what is wrong with the value.
func (v value) problem(text, hint string) { v.s.report(v.position(), v.path(), text, hint) }

// missing reports a property the value should have.
func (v *value) missing(name, text, hint string) {
	c := value{s: v.s, up: v, name: name, at: v.at}
	c.problem(text, hint)
}

// mappingLimit bounds the properties of a mapping, so that nobody waits for a
// list of a million unknown ones.
const mappingLimit = 200

// mapping reads the value as the properties of a class: a mapping without
// unknown or repeated ones. What is known is read even if the rest is wrong.
func (v value) mapping(c *class) (object, bool) {
	if v.node.Kind != yaml.MappingNode {
		v.problem("must be a mapping, with the properties of "+c.name, cmp.Or(c.instead, "write "+c.fields[0]+": and so on below it"))
		return object{}, false
	}
	if len(v.node.Content) > 2*mappingLimit {
		v.problem("has more than "+strconv.Itoa(mappingLimit)+" properties", "")
		return object{}, false
	}
	o := object{value: &v}
	for _, name := range c.required {
		if !o.has(name) {
			o.missing(name, "is required, but missing", "")
		}
	}
	for i := 0; i+1 < len(v.node.Content); i += 2 {
		key := v.node.Content[i]
		if key.Kind != yaml.ScalarNode {
			v.s.report(position{key.Line, key.Column}, v.path(), "a property name must be a word", "")
			continue
		}
		named := value{s: v.s, up: &v, name: fieldName(key.Value), at: key}
		if !slices.Contains(c.fields, key.Value) {
			hint := c.notes[key.Value]
			if hint == "" {
				hint = everywhere[key.Value]
			}
			named.problem("unknown field in "+c.name, cmp.Or(hint, didYouMean(key.Value, c.fields)))
			continue
		}
		for j := 0; j < i; j += 2 {
			if v.node.Content[j].Value == key.Value {
				named.problem("given twice, first in line "+strconv.Itoa(v.node.Content[j].Line), "delete one of the two")
				break
			}
		}
	}
	return o, true
}

// fieldName is a property name fit for a message: an author may have written
// a person's name or address where a property belongs.
func fieldName(s string) string {
	if !plainName.MatchString(s) {
		return "?"
	}
	return s
}

var plainName = regexp.MustCompile(`^[A-Za-z0-9_$-]{1,40}$`)

// object is a value known to be a mapping.
type object struct{ *value }

// get returns a property. The first one counts where it is repeated; that was
// reported.
func (o object) get(name string) (value, bool) {
	for i := 0; i+1 < len(o.node.Content); i += 2 {
		if o.node.Content[i].Value == name {
			return o.child(name, 0, o.node.Content[i+1]), true
		}
	}
	return value{}, false
}

func (o object) has(name string) bool { _, ok := o.get(name); return ok }

// object reads a property as the properties of a class.
func (o object) object(name string, c *class) (object, bool) {
	v, ok := o.get(name)
	if !ok {
		return object{}, false
	}
	return v.mapping(c)
}

// objects reads a list of mappings of a class.
func objects[T any](o object, name string, c *class, read func(object) T) []T {
	var list []T
	o.list(name, func(v value) {
		if item, ok := v.mapping(c); ok {
			list = append(list, read(item))
		}
	})
	return list
}

// list calls read for every item of a list property. An empty list and a
// value that is no list are reported.
func (o object) list(name string, read func(value)) {
	v, ok := o.get(name)
	if !ok {
		return
	}
	if v.node.Kind != yaml.SequenceNode {
		v.problem("must be a list", "start each item with a hyphen, even a single one")
		return
	}
	if len(v.node.Content) == 0 {
		v.problem("is empty", "leave the field out, or fill the list")
		return
	}
	for i, n := range v.node.Content {
		read(v.child("", i, n))
	}
}

// texts reads a list of one-line texts, each only once.
func (o object) texts(name string, item func(value) (string, bool)) []string {
	var list []string
	o.list(name, func(v value) {
		s, ok := item(v)
		if !ok {
			return
		}
		if slices.Contains(list, s) {
			v.problem("is in the list twice", "delete one of the two")
			return
		}
		list = append(list, s)
	})
	return list
}

// isScalar reports a list or mapping where a single value belongs, and one
// that is empty.
func (v *value) isScalar() bool {
	switch {
	case v.node.Tag == broken:
	case v.node.Kind == yaml.MappingNode:
		v.problem("must be a single value, not a mapping", "")
	case v.node.Kind == yaml.SequenceNode:
		v.problem("must be a single value, not a list", "")
	case v.node.Tag == "!!null" || text.Blank(v.node.Value):
		v.problem("is empty", "leave the field out, or fill it in")
	default:
		return true
	}
	return false
}
