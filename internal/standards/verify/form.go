package verify

import (
	"bytes"
	"errors"
	"fmt"

	"laurel/internal/standards/bake"
	"laurel/internal/standards/conform"
	"laurel/internal/standards/proof"
)

const contextVersion1 = "https://www.w3.org/2018/credentials/v1"

// parse reads the document, out of a picture if need be, or puts into the report
// why it cannot.
func parse(r *Report, data []byte) (map[string]any, bool) {
	if bake.IsPNG(data) || bake.IsSVG(data) {
		baked, err := bake.Unbake(data)
		if errors.Is(err, bake.ErrNotBaked) {
			r.set(Structure, finding{Unknown, "image-not-baked", "The picture carries no credential."})
			return nil, false
		}
		if err != nil {
			r.set(Structure, finding{Fail, "image-malformed", "The picture is not a good baked badge: " + safe(err.Error()) + "."})
			return nil, false
		}
		data = baked
	}
	trimmed := bytes.TrimLeft(data, " \t\r\n")
	switch {
	case bytes.HasPrefix(trimmed, []byte("eyJ")):
		r.set(Structure, finding{Unknown, "jwt-unsupported", "This is a credential in JWT form, which this version of laurel does not verify."})
		return nil, false
	case len(trimmed) > 0 && trimmed[0] != '{' && trimmed[0] != '[':
		r.set(Structure, finding{Unknown, "form-unsupported", "This is not a credential in JSON form; laurel cannot tell what it is."})
		return nil, false
	}
	doc, err := proof.ParseObject(data)
	if err != nil {
		r.set(Structure, failure(err, "This is not one well-formed JSON document"))
		return nil, false
	}
	return doc, true
}

// unsupportedForm tells documents that may be good, of a kind that is not judged
// here.
func unsupportedForm(doc map[string]any) (finding, bool) {
	contexts := items(doc["@context"])
	switch {
	case len(contexts) > 0 && contexts[0] == contextVersion1:
		return finding{Unknown, "vcdm1-unsupported", "This credential follows data model 1.1 of 2019 to 2022, which this version of laurel does not verify."}, true
	case hasType(doc, "VerifiablePresentation"), hasType(doc, "EnvelopedVerifiablePresentation"):
		return finding{Unknown, "presentation-unsupported", "This is a presentation of credentials, which this version of laurel does not verify as one; verify the credentials in it."}, true
	case hasType(doc, "EnvelopedVerifiableCredential"):
		return finding{Unknown, "envelope-unsupported", "This is an enveloped credential, which this version of laurel does not verify."}, true
	}
	return finding{}, false
}

// legacy judges what can be judged of a document whose form is not supported:
// without a proof, or past its end, it is invalid in every data model.
func (j *judgement) legacy(f finding) {
	j.r.set(Structure, f)
	if f.code == "vcdm1-unsupported" {
		if missing := j.proofPresent(); missing.outcome == Fail {
			j.r.set(Proof, missing)
		}
		j.r.set(Dates, j.validity("issuanceDate", "expirationDate"))
	}
}

// structure is what the data model and the credential's types demand of any
// issuer.
func (j *judgement) structure() finding {
	return fromFindings(conform.Structure(j.doc), finding{Pass, "ok", "The document has the structure of a verifiable credential."})
}

// contexts makes sure that every name in the document means something, so that
// what is shown is what was signed.
func (j *judgement) contexts() finding {
	if err := j.v.processor.CheckTerms(j.doc); err != nil {
		return failure(err, "The document's terms are not all defined")
	}
	return finding{Pass, "ok", "Every term is defined by a context that laurel knows."}
}

// schema takes the current form of 1EdTech's schemas as binding. The strict form
// that was served under the same names before is a warning: what others issue
// was never bound to both.
func (j *judgement) schema() finding {
	list := j.v.checker.Schemas(j.doc)
	for i := range list {
		if list[i].Code == conform.CodeSchemaStrict {
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
	var e *proof.Error
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
