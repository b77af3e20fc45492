package conform

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"

	"laurel/internal/standards/jsonld"
)

// schemaErrors turns what the schema library says into findings: of the
// branches that did not match, the one that went deepest is what the author
// meant.
func (f *findings) schemaErrors(code string, e *jsonschema.ValidationError) {
	causes := e.Causes
	switch e.ErrorKind.(type) {
	case *kind.OneOf, *kind.AnyOf, *kind.Contains:
		causes = deepest(e)
	}
	if len(causes) == 0 {
		f.add(code, location(e.InstanceLocation), "%s", reason(e.ErrorKind))
		return
	}
	for _, cause := range causes {
		f.schemaErrors(code, cause)
	}
}

// deepest returns the causes to tell of a choice that did not match: those of
// the branch that got furthest into the document, none if all stopped here.
func deepest(e *jsonschema.ValidationError) []*jsonschema.ValidationError {
	here := len(e.InstanceLocation)
	best, depth := -1, here
	for i, cause := range e.Causes {
		if d := depthOf(cause); d > depth {
			best, depth = i, d
		}
	}
	if best >= 0 {
		return e.Causes[best : best+1]
	}
	// A branch that took the kind of the value, but missed a member or found a
	// word it does not know, says more than that no branch matched.
	for _, cause := range e.Causes {
		if !wrongKind(cause) {
			return []*jsonschema.ValidationError{cause}
		}
	}
	return nil
}

func depthOf(e *jsonschema.ValidationError) int {
	d := len(e.InstanceLocation)
	for _, cause := range e.Causes {
		d = max(d, depthOf(cause))
	}
	return d
}

func wrongKind(e *jsonschema.ValidationError) bool {
	if _, ok := e.ErrorKind.(*kind.Type); ok {
		return true
	}
	return slices.ContainsFunc(e.Causes, wrongKind)
}

// location turns the tokens of the library into a path. A token of digits is
// written the same whether it is an index or a name.
func location(tokens []string) *jsonld.Place {
	p := document
	for _, token := range tokens {
		p = p.Member(token)
	}
	return p
}

// reason says why a schema refuses a value, in words and without the value,
// which may be a person's.
func reason(k jsonschema.ErrorKind) string {
	switch k := k.(type) {
	case *kind.Required:
		return "missing: " + strings.Join(k.Missing, ", ")
	case *kind.Type:
		return fmt.Sprintf("is %s, must be %s", k.Got, strings.Join(k.Want, " or "))
	case *kind.Enum:
		return "must be one of: " + words(k.Want)
	case *kind.Const:
		return "must be: " + words([]any{k.Want})
	case *kind.Pattern:
		return "must match " + k.Want
	case *kind.Format:
		return "is not a " + k.Want
	case *kind.AdditionalProperties:
		return "has a member that is not allowed: " + strings.Join(k.Properties, ", ")
	case *kind.MinItems:
		return fmt.Sprintf("has %d elements, must have at least %d", k.Got, k.Want)
	case *kind.Contains:
		return "does not hold the element that it must"
	case *kind.OneOf:
		if len(k.Subschemas) > 0 {
			return "matches two forms of which it may have only one"
		}
		return "has none of the forms that it may have"
	case *kind.AnyOf:
		return "has none of the forms that it may have"
	}
	return "is refused by " + strings.Join(k.KeywordPath(), "/")
}

func words(values []any) string {
	var list []string
	for _, v := range values {
		if s, ok := v.(string); ok {
			list = append(list, s)
		} else {
			list = append(list, strconv.Quote(fmt.Sprint(v)))
		}
	}
	return strings.Join(list, ", ")
}
