package verify

import (
	"errors"
	"fmt"
	"strings"

	"laurel/internal/standards/conform"
	"laurel/internal/standards/jsonld"
)

// structure is what the data model and the credential's types demand of any
// issuer.
func (j *judgement) structure() finding {
	ok := pass("ok.structure")
	if j.format == FormatVC1 {
		return fromFindings(j.doc, j.v.soften(j.doc, structure1(j.doc)), ok)
	}
	return fromFindings(j.doc, j.v.soften(j.doc, conform.Structure(j.doc)), ok)
}

// contexts makes sure that every name in the document means something, so that
// what is shown is what was signed.
func (j *judgement) contexts() finding {
	if err := j.v.processor.CheckTerms(j.doc); err != nil {
		return failure(err, j.doc)
	}
	return pass("ok.contexts")
}

// schema takes the current form of 1EdTech's schemas. What others issue was never
// bound to the stricter one that was served under the same names before.
func (j *judgement) schema() finding {
	if j.format == FormatVC1 {
		return skipped("schema-none")
	}
	list := j.v.checker.CurrentSchemas(j.doc)
	for i := range list {
		if j.v.o.Lenient {
			list[i].Severity = conform.Warning
		}
	}
	return fromFindings(j.doc, list, pass("ok.schema"))
}

// fromFindings makes one row of what conform found in a document: the first
// error, else the first warning, else ok.
func fromFindings(doc map[string]any, list []conform.Finding, ok finding) finding {
	result := ok
	for _, f := range list {
		outcome := Fail
		if f.Severity == conform.Warning {
			outcome = Warn
		}
		if outcome.rank() > result.outcome.rank() {
			result = finding{outcome: outcome, key: f.Code, values: valuesAt(doc, f.Pointer), place: f.Pointer}.
				with(fmt.Sprintf("%s (%s)", f.Detail, f.Verifier))
		}
	}
	if len(list) > 1 {
		result.detail += fmt.Sprintf(", and %d more", len(list)-1)
	}
	return result
}

// failure makes a row of an error of proof about a document. What a newer laurel
// may know is unknown; all else is wrong.
func failure(err error, doc map[string]any) finding {
	var e *jsonld.Error
	if !errors.As(err, &e) {
		return fail("malformed").with(err.Error())
	}
	f := finding{outcome: Fail, key: e.Code, values: valuesAt(doc, e.Pointer), place: e.Pointer}.with(e.Detail)
	switch e.Code {
	case "context-unknown", "suite-unknown", "sd-algorithm-unknown":
		f.outcome = Unknown
	}
	return f
}

// valuesAt are what a sentence about a place of a document may say: the name of
// the nearest member, and the value, if it is a text.
func valuesAt(doc map[string]any, pointer string) []any {
	name := "?"
	for _, token := range strings.Split(pointer, "/") {
		if strings.Trim(token, "0123456789") != "" {
			name = jsonld.PointerName(token)
		}
	}
	value := "?"
	if v, ok := jsonld.At(doc, pointer); ok {
		if s, ok := v.(string); ok {
			value = s
		}
	}
	return []any{"name", quote(name), "value", quote(value)}
}
