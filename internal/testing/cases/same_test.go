package cases

import (
	"bytes"
	"slices"
	"strings"

	"laurel/internal/standards/jsonld"
	"laurel/internal/standards/proof"
	"laurel/internal/standards/rdfc"
)

// Same tells whether a mutant says what the original says, by signatures of the
// original. Of JSON: the same canonical statements, no proof that the original
// does not have, and nothing at a place where the original does not have it, so
// that nothing else can be shown. Of JSON that is signed as it is, the same
// canonical JSON instead. Of a JWS, the same bytes but for white space around it.
// Of a presentation that its holder did not sign, the same for each credential in
// it. Of a picture or page, the same for what is in it.
func (o Original) Same(mutant []byte) bool {
	before, after := o.Input, mutant
	if o.form.carries() {
		before = o.inner().Input
		inside, err := o.form.takeOut(mutant)
		if err != nil {
			return false
		}
		after = inside
	}
	return same(founding().vocabulary, before, after)
}

func same(v *jsonld.Vocabulary, before, after []byte) bool {
	a, err := essenceOf(v, before)
	if err != nil {
		return false
	}
	b, err := essenceOf(v, after)
	if err != nil {
		return false
	}
	if b.presented != nil && len(b.proofs) == 0 {
		return !slices.ContainsFunc(b.presented, func(c []byte) bool {
			return !slices.ContainsFunc(a.presented, func(original []byte) bool { return same(v, original, c) })
		})
	}
	strange := func(proof string) bool { return !slices.Contains(a.proofs, proof) }
	return a.content == b.content && shows(a.tree, b.tree) && len(b.proofs) > 0 && !slices.ContainsFunc(b.proofs, strange)
}

// essence is what a secured credential or presentation comes down to.
type essence struct {
	content string // what is signed
	tree    any    // what is shown
	proofs  []string
	// presented are the credentials of a presentation; of an envelope, the
	// token in it.
	presented [][]byte
}

func essenceOf(v *jsonld.Vocabulary, credential []byte) (essence, error) {
	credential = bytes.TrimSpace(credential)
	if formOf(credential) == formJWS {
		return essence{content: strings.Join(strings.Fields(string(credential)), ""), proofs: []string{"its own"}}, nil
	}
	doc, err := jsonld.ParseObject(credential)
	if err != nil {
		return essence{}, err
	}
	if token, ok := tokenOf(doc); ok {
		return essenceOf(v, []byte(token))
	}
	e := essence{tree: look(with(doc, object{"proof": absent}))}
	if list, ok := doc["verifiableCredential"].([]any); ok {
		for _, item := range list {
			if c, ok := item.(object); ok && c["@context"] == nil {
				item = with(c, object{"@context": doc["@context"]}) // it was written under the contexts around it
			}
			e.presented = append(e.presented, encode(item))
		}
		if doc["proof"] == nil {
			return e, nil
		}
	}
	canonical := func(doc object) (string, error) {
		statements, err := v.Canonical(doc, rdfc.Options{})
		return string(statements), err
	}
	if formOf(credential) == formJCS {
		canonical = func(doc object) (string, error) { return string(jcs(doc)), nil }
	}
	if e.content, err = canonical(with(doc, object{"proof": absent})); err != nil {
		return essence{}, err
	}
	proofs, err := proof.Proofs(doc)
	if err != nil {
		return essence{}, err
	}
	for _, secured := range proofs {
		statements, err := canonical(with(secured.Raw, object{"@context": doc["@context"]}))
		if err != nil {
			return essence{}, err
		}
		e.proofs = append(e.proofs, statements)
	}
	return e, nil
}

// tokenOf returns the token of an enveloped credential.
func tokenOf(doc object) (string, bool) {
	id, _ := doc["id"].(string)
	return strings.CutPrefix(id, "data:application/vc+jwt,")
}

// look is a JSON tree without what makes no difference to a reader: the contexts,
// one value in an array or alone, an object that is only an id or only a value,
// and which of the two names of its class a badge has.
func look(v any) any {
	switch v := v.(type) {
	case object:
		shown := object{}
		for name, value := range v {
			if name != "@context" {
				shown[name] = look(value)
			}
		}
		if len(shown) == 1 {
			for _, name := range []string{"id", "@value"} {
				if text, ok := shown[name].(string); ok {
					return text
				}
			}
		}
		return shown
	case []any:
		if len(v) == 1 {
			return look(v[0])
		}
		list := make([]any, len(v))
		for i, item := range v {
			list[i] = look(item)
		}
		return list
	case string:
		if v == "AchievementCredential" {
			return "OpenBadgeCredential"
		}
	}
	return v
}

// shows tells whether all that b shows is shown at the same place by a. In a
// learner record one node may be described in several places, so that a part of
// a description may be left out in one of them without a statement less.
func shows(a, b any) bool {
	if list, ok := b.([]any); ok {
		return !slices.ContainsFunc(list, func(item any) bool { return !shows(a, item) })
	}
	if list, ok := a.([]any); ok {
		return slices.ContainsFunc(list, func(item any) bool { return shows(item, b) })
	}
	shown, isObject := b.(object)
	if !isObject {
		return a == b
	}
	from, isObject := a.(object)
	if !isObject {
		return false
	}
	for name, value := range shown {
		if original, has := from[name]; !has || !shows(original, value) {
			return false
		}
	}
	return true
}
