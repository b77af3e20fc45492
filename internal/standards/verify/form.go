package verify

import (
	"errors"
	"fmt"
	"strings"

	"laurel/internal/standards/conform"
	"laurel/internal/standards/jsonld"
	"laurel/internal/standards/proof"
)

// structure is what the data model and the credential's types demand of any
// issuer. Of proofs of types that are not known here nothing is demanded.
func (j *judgement) structure() finding {
	doc, form := proof.Own(j.doc), conform.Structure
	if j.format == FormatVC1 {
		form = structure1
	}
	return worst(fromFindings(doc, j.v.soften(doc, form(doc)), pass("ok.structure")), j.placement())
}

// contexts makes sure that every name in the document means something, so that
// what is shown is what was signed.
func (j *judgement) contexts() finding { return j.terms(j.doc, j.coverage()) }

// coverage is what is secured of a document.
type coverage int

const (
	unsecured  coverage = iota // by any proof that is known here
	statements                 // what it says, under its contexts
	everyWord                  // its words, whether they mean something or not
)

func (j *judgement) coverage() coverage {
	meaning, words := proof.Covers(j.doc)
	switch {
	case j.jws != nil, words && !meaning:
		return everyWord
	case meaning:
		return statements
	}
	return unsecured
}

// terms judges the words of a document or presentation, without its proofs of unknown
// types. Where a proof is over what the document says, no word may be without a
// meaning, but for members that are null, which says nothing. Where it is over the
// words themselves, or nobody knows over what, a word without a meaning is none that
// is false: it is a warning if it is none that is read here, and else makes the
// document undetermined. What is left without words that mean nothing can then be made
// into statements, and is kept for the proof.
func (j *judgement) terms(doc map[string]any, covered coverage) finding {
	doc = proof.Own(doc)
	found := pass("ok.contexts")
	for n := 0; n < maxOddities && (n == 0 || n*values(doc) <= maxWalked); n++ {
		err := j.v.processor.CheckTerms(doc)
		if err == nil {
			j.meant = doc
			return found
		}
		if e := (*jsonld.Error)(nil); covered == statements && errors.As(err, &e) && ofProof(e) {
			j.undescribed = true
			doc = jsonld.Without(doc, "/proof")
			continue
		}
		f, skip := j.oddity(err, doc, covered)
		found = worst(found, f)
		if !skip {
			return found
		}
		doc = jsonld.Without(doc, f.place)
	}
	return worst(found, unknown("words-unknown.form"))
}

// ofProof tells a proof whose type no context of the document defines. Signers of before Data
// Integrity 1.0 took proofs to be under a context of their own.
func ofProof(e *jsonld.Error) bool {
	return e.Code == "type-undefined" && strings.HasPrefix(e.Pointer, "/proof/")
}

// oddity is what an error of CheckTerms means, and whether the place of it may be
// passed over.
func (j *judgement) oddity(err error, doc map[string]any, covered coverage) (f finding, skip bool) {
	f = failure(err, doc)
	above := f.place[:max(0, strings.LastIndex(f.place, "/"))]
	if outer, _ := jsonld.At(doc, above); f.key == "type-undefined" && isWord(outer) {
		f.place = above // of a type that is in no array
	}
	value, _ := jsonld.At(doc, f.place)
	isNull := f.key == "value-lost" && value == nil && !strings.HasPrefix(f.place, "/proof/")
	if covered == statements {
		if isNull {
			f.key = "value-null"
			if j.v.o.Lenient {
				f.outcome = Warn
			}
		}
		return f, isNull
	}
	place := f.place
	switch {
	case f.key == "term-undefined", f.key == "type-undefined":
		name, isType := value.(string)
		if f.key == "term-undefined" || !isType {
			name = jsonld.PointerName(place[strings.LastIndex(place, "/")+1:])
		}
		f = warn("words-unknown", "name", quote(name))
		if strings.Contains(name, ":") || j.v.processor.Defines(name) {
			f = unknown("words-unknown.read", "name", quote(name))
		}
		skip = true
	case isNull, f.key == "direction-unsigned":
		f, skip = pass("ok"), true
	case f.outcome == Fail && f.key != "context-missing" && f.key != "context-conflict":
		f = unknown("words-unknown.form").with(f.detail)
	}
	f.place = place
	return f, skip
}

// schema takes the current form of 1EdTech's schemas. What others issue was never
// bound to the stricter one that was served under the same names before. What the
// schemas say of proofs is nothing to those of unknown types.
func (j *judgement) schema() finding {
	if j.format == FormatVC1 {
		return skipped("schema-none")
	}
	doc := proof.Own(j.doc)
	list := j.v.checker.CurrentSchemas(doc)
	for i := range list {
		if j.v.o.Lenient {
			list[i].Severity = conform.Warning
		}
	}
	return fromFindings(doc, list, pass("ok.schema"))
}

// fromFindings makes one row of what conform found in a document: the first
// error, else the first warning, else ok.
func fromFindings(doc map[string]any, list []conform.Finding, ok finding) finding {
	result := ok
	for _, f := range list {
		outcome := Fail
		switch {
		case f.Severity == conform.Warning:
			outcome = Warn
		case f.Code == "id-unsafe": // a URL, and no standard says that it is a wrong one
			outcome = Unknown
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
// may know, and what this one refuses to judge or has no room for, is unknown; all
// else is wrong.
func failure(err error, doc map[string]any) finding {
	var e *jsonld.Error
	if !errors.As(err, &e) {
		return fail("malformed").with(err.Error())
	}
	f := finding{outcome: Fail, key: e.Code, values: valuesAt(doc, e.Pointer), place: e.Pointer}.with(e.Detail)
	switch e.Code {
	case "context-unknown", "context-inline", "direction-unsigned", "suite-unknown", "sd-algorithm-unknown", "key-unsupported",
		"json-too-large", "json-too-deep", "json-number", "canonicalization-budget", "expansion-failed":
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

func isWord(v any) bool {
	_, is := v.(string)
	return is
}

// values counts the values in a document, itself as well.
func values(v any) int {
	n := 1
	switch v := v.(type) {
	case map[string]any:
		for _, w := range v {
			n += values(w)
		}
	case []any:
		for _, w := range v {
			n += values(w)
		}
	}
	return n
}
