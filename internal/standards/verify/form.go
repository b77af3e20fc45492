package verify

import (
	"errors"
	"fmt"

	"laurel/internal/standards/conform"
	"laurel/internal/standards/jsonld"
)

// structure is what the data model and the credential's types demand of any
// issuer.
func (j *judgement) structure() finding {
	ok := finding{Pass, "ok", "The document has the structure of a verifiable credential."}
	if j.format == FormatVC1 {
		return fromFindings(j.v.soften(j.doc, structure1(j.doc)), ok)
	}
	return fromFindings(j.v.soften(j.doc, conform.Structure(j.doc)), ok)
}

// contexts makes sure that every name in the document means something, so that
// what is shown is what was signed.
func (j *judgement) contexts() finding {
	if err := j.v.processor.CheckTerms(j.doc); err != nil {
		return failure(err, "The document's terms are not all defined")
	}
	return finding{Pass, "ok", "Every term is defined by a context that laurel knows."}
}

// schema takes the current form of 1EdTech's schemas. What others issue was never
// bound to the stricter one that was served under the same names before.
func (j *judgement) schema() finding {
	if j.format == FormatVC1 {
		return finding{Skipped, "schema-none", "There is no schema for credentials of data model 1.1."}
	}
	list := j.v.checker.CurrentSchemas(j.doc)
	for i := range list {
		if j.v.o.Lenient {
			list[i].Severity = conform.Warning
		}
	}
	return fromFindings(list, finding{Pass, "ok", "The document passes the published schemas of its types."})
}

// fromFindings makes one row of what conform found: the first error, else the
// first warning, else ok.
func fromFindings(list []conform.Finding, ok finding) finding {
	result, more := ok, 0
	for _, f := range list {
		outcome := Fail
		if f.Severity == conform.Warning {
			outcome = Warn
		}
		more++
		if outcome.rank() > result.outcome.rank() {
			result = finding{outcome, f.Code, fmt.Sprintf("%s: %s (%s)", place(f.Pointer), safe(f.Detail), safe(f.Verifier))}
		}
	}
	if more > 1 {
		result.text += fmt.Sprintf(", and %d more", more-1)
	}
	if more > 0 {
		result.text += "."
	}
	return result
}

// failure makes a row of an error of proof. What a newer laurel may know is
// unknown; all else is wrong.
func failure(err error, what string) finding {
	var e *jsonld.Error
	if !errors.As(err, &e) {
		return finding{Fail, "malformed", what + ": " + safe(err.Error()) + "."}
	}
	outcome := Fail
	switch e.Code {
	case "context-unknown", "suite-unknown":
		outcome = Unknown
	}
	if e.Pointer != "" {
		what += " at " + place(e.Pointer)
	}
	return finding{outcome, e.Code, what + ": " + safe(e.Detail) + "."}
}

func place(pointer string) string {
	if pointer == "" {
		return "document"
	}
	return safe(pointer)
}
