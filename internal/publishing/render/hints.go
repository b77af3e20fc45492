package render

import (
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"

	"laurel/internal/material/text"
)

// Hint names what was probably meant: a field that its data has, a function, a template
// or an asset. Empty: nothing is near.
func (e *TemplateError) Hint() string {
	for _, look := range []struct {
		said  *regexp.Regexp
		known func(m []string) []string
	}{
		{regexp.MustCompile(`can't evaluate field (\w+) in type (\S+)`), func(m []string) []string { return fieldsOf(m[2]) }},
		{regexp.MustCompile(`function "(\w+)" not defined`), func([]string) []string {
			return slices.Collect(maps.Keys((&Renderer{theme: e.of}).functions(fallback, words{})))
		}},
		{regexp.MustCompile(`(?:template "|no such template ")([^"]+)"(?: not defined)?`), func([]string) []string { return slices.Collect(maps.Keys(e.of.templates)) }},
		{regexp.MustCompile(`no file assets/(\S+)$`), func([]string) []string { return slices.Collect(maps.Keys(e.of.published)) }},
		{regexp.MustCompile(`no string "([^"]+)"`), func([]string) []string { return slices.Collect(maps.Keys(e.of.words[fallback])) }},
	} {
		m := look.said.FindStringSubmatch(e.said)
		if m == nil {
			continue
		}
		known := look.known(m)
		slices.Sort(known)
		if near := text.Nearest(m[1], known); near != "" {
			return `did you mean "` + near + `"?`
		}
		if len(known) > 0 && len(known) <= 24 {
			return "there are " + strings.Join(known, ", ")
		}
		return "`laurel help theme` lists what each template is given"
	}
	return ""
}

// fieldsOf are the names that a template can write after a point on a value of a type,
// which is named as package reflect names it.
func fieldsOf(name string) []string {
	seen := map[reflect.Type]bool{}
	var found []string
	var walk func(t reflect.Type)
	walk = func(t reflect.Type) {
		for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice || t.Kind() == reflect.Map {
			t = t.Elem()
		}
		if t.Kind() != reflect.Struct || t == reflect.TypeFor[time.Time]() || seen[t] {
			return
		}
		seen[t] = true
		if t.String() == strings.TrimLeft(name, "*") {
			for _, f := range reflect.VisibleFields(t) {
				if f.IsExported() && !f.Anonymous {
					found = append(found, f.Name)
				}
			}
			for m := range reflect.PointerTo(t).Methods() {
				found = append(found, m.Name)
			}
		}
		for i := range t.NumField() {
			walk(t.Field(i).Type)
		}
	}
	for _, page := range trialPages() {
		walk(reflect.TypeOf(page))
	}
	walk(reflect.TypeFor[FilePage]())
	return found
}
