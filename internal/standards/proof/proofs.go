package proof

import (
	"maps"
	"slices"

	"laurel/internal/standards/jsonld"
)

// A Proof is one entry of a document's "proof" as it is written, not checked
// against anything. Members that are absent are empty.
type Proof struct {
	ID                 string
	Type               string
	Cryptosuite        string
	VerificationMethod string
	ProofPurpose       string
	ProofValue         string
	JWS                string // in the place of ProofValue, in types of before Data Integrity
	Created            string // dateTimeStamp of XML Schema, as written
	Expires            string
	Domain             []string
	Challenge          string
	Nonce              string
	PreviousProof      []string

	// Raw is the whole proof, part of the document: not to be changed.
	Raw map[string]any
}

// Proofs returns every proof of a document, whose "proof" is an object or an
// array of objects. Errors: proof-missing when there is none, proof-malformed
// when one is not an object, there are more than 32, or one of a type that is
// verified has a member of the wrong type or, if it is a DataIntegrityProof, a
// member its term set lacks (Data Integrity 1.0, section 2.1). Proofs of other
// types are returned with what could be read.
func Proofs(doc map[string]any) ([]Proof, error) {
	at := new(jsonld.Place).Member("proof")
	value, has := doc["proof"]
	if !has {
		return nil, at.Errorf("proof-missing", "the document has no proof")
	}
	list, isList := value.([]any)
	if !isList {
		list = []any{value}
	}
	if len(list) == 0 {
		return nil, at.Errorf("proof-missing", "the document has no proof")
	}
	if len(list) > maxProofs {
		return nil, at.Errorf("proof-malformed", "more than %d proofs", maxProofs)
	}
	proofs := make([]Proof, len(list))
	for i, item := range list {
		var err error
		if proofs[i], err = readProof(item, placeOfProof(doc, i)); err != nil {
			return nil, err
		}
	}
	return proofs, nil
}

func readProof(value any, at *jsonld.Place) (Proof, error) {
	raw, ok := value.(map[string]any)
	if !ok {
		return Proof{}, at.Errorf("proof-malformed", "a proof is not an object")
	}
	p := Proof{Raw: raw}
	var ofType bool
	if p.Type, ofType = raw["type"].(string); !ofType {
		if p.Type, ofType = strange(raw["type"]); !ofType {
			return p, at.Member("type").Errorf("proof-malformed", "a proof needs one type, a string")
		}
		return p, nil
	}
	p.Cryptosuite, _ = raw["cryptosuite"].(string)
	demanding := !p.foreign()
	texts := map[string]*string{
		"id": &p.ID, "type": &p.Type, "cryptosuite": &p.Cryptosuite, "verificationMethod": &p.VerificationMethod,
		"proofPurpose": &p.ProofPurpose, "proofValue": &p.ProofValue, "created": &p.Created, "expires": &p.Expires,
		"challenge": &p.Challenge, "nonce": &p.Nonce,
	}
	if p.Type != dataIntegrityProof {
		texts["jws"] = &p.JWS
	}
	lists := map[string]*[]string{"domain": &p.Domain, "previousProof": &p.PreviousProof}
	for key, value := range raw {
		here := at.Member(key)
		text, isText := texts[key]
		list, isList := lists[key]
		switch {
		case isText:
			*text, ok = value.(string)
		case isList:
			*list, ok = stringList(value)
		case key == "@context":
			ok = true // compared with the document's when the proof is verified
		default:
			if p.Type == dataIntegrityProof && demanding {
				return p, here.Errorf("proof-malformed", "a DataIntegrityProof has no member %q", key)
			}
			ok = true
		}
		if !ok && demanding {
			return p, here.Errorf("proof-malformed", "not a string")
		}
	}
	return p, nil
}

// strange is the first of several types, none of which is known here.
func strange(types any) (string, bool) {
	names, ok := stringList(types)
	if !ok || len(names) == 0 || slices.ContainsFunc(names, isKnown) {
		return "", false
	}
	return names[0], true
}

// isKnown tells a type of proofs that is verified, if perhaps not with every
// cryptosuite.
func isKnown(proofType string) bool {
	return slices.ContainsFunc(suites, func(s cryptosuite) bool { return s.proofType == proofType })
}

// foreign tells a proof of a type or cryptosuite that is not known. Nothing is demanded
// of it, but that it says of what type it is.
func (p *Proof) foreign() bool {
	_, err := suiteFor(p.Type, p.Cryptosuite)
	return err != nil && (!isKnown(p.Type) || p.Cryptosuite != "")
}

// Own returns a document without those of its proofs that are of unknown types or
// cryptosuites. What is demanded of documents and proofs says nothing of such.
func Own(doc map[string]any) map[string]any {
	value, has := doc["proof"]
	if !has {
		return doc
	}
	list, isList := value.([]any)
	if !isList {
		list = []any{value}
	}
	own := slices.DeleteFunc(slices.Clone(list), func(v any) bool {
		raw, _ := v.(map[string]any)
		p, err := readProof(raw, nil)
		return raw != nil && err == nil && p.foreign()
	})
	if len(own) == len(list) {
		return doc
	}
	doc = maps.Clone(doc)
	if doc["proof"] = own; len(own) == 0 {
		delete(doc, "proof")
	}
	return doc
}

// Covers tells what the proofs of a document are made over: what it says, in
// canonical N-Quads, or every word of it, in canonical JSON. Proofs of
// unknown suites are over neither; where one is not well formed, the strictest is said.
func Covers(doc map[string]any) (meaning, words bool) {
	list, err := Proofs(doc)
	if err != nil {
		return true, false
	}
	for i := range list {
		if suite, err := suiteFor(list[i].Type, list[i].Cryptosuite); err == nil {
			meaning, words = meaning || !suite.keepsContext, words || suite.keepsContext
		}
	}
	return meaning, words
}

func stringList(value any) ([]string, bool) {
	if text, ok := value.(string); ok {
		return []string{text}, true
	}
	list, ok := value.([]any)
	texts := make([]string, 0, len(list))
	for _, item := range list {
		text, isText := item.(string)
		texts, ok = append(texts, text), ok && isText
	}
	return texts, ok
}

// check holds the rules of Data Integrity 1.0, section 2.1, that concern the
// form alone. Of proofs that are foreign it knows nothing.
func (p *Proof) check(at *jsonld.Place) error {
	if p.foreign() {
		return nil
	}
	for _, member := range []struct{ name, value string }{
		{"cryptosuite", p.Cryptosuite},
		{"proofPurpose", p.ProofPurpose},
		{p.valueMember(), p.value()},
		{"verificationMethod", p.VerificationMethod},
	} {
		if member.value == "" && (member.name != "cryptosuite" || p.Type == dataIntegrityProof) {
			return at.Member(member.name).Errorf("proof-malformed", "a proof needs it")
		}
	}
	// Verifiers in use leave these out of what is signed, too.
	for _, name := range []string{"proofValue", "signatureValue"} {
		if _, has := p.Raw[name]; has && p.valueMember() == "jws" {
			return at.Member(name).Errorf("proof-malformed", "a proof of this type has its signature in jws")
		}
	}
	return nil
}

// valueMember is the name of the member that has the signature.
func (p *Proof) valueMember() string {
	if p.Type == jsonld.Ed25519Signature2018 || p.Type == jsonld.JSONWebSignature2020 {
		return "jws"
	}
	return "proofValue"
}

func (p *Proof) value() string {
	if p.valueMember() == "jws" {
		return p.JWS
	}
	return p.ProofValue
}

// NowCalled is what the suite of a proof is called now, where drafts had another name
// for it; else empty.
func (p *Proof) NowCalled() string {
	suite, _ := suiteFor(p.Type, p.Cryptosuite)
	return suite.now
}

// bringsSuiteContext tells whether a proof brings the one context that it may.
func (p *Proof) bringsSuiteContext() bool {
	url := jsonld.SuiteContext(p.Type)
	return url != "" && jsonld.SameContext(p.Raw["@context"], url)
}

// chained returns the proofs that proof p says it was made over. Data
// Integrity 1.0, section 4.5.
func (p *Proof) chained(all []Proof, at *jsonld.Place) ([]any, error) {
	var found []any
	for _, id := range p.PreviousProof {
		before := len(found)
		for i := range all {
			if all[i].ID == id && id != "" && id != p.ID {
				found = append(found, all[i].Raw)
			}
		}
		if len(found) != before+1 {
			return nil, at.Member("previousProof").Errorf("proof-malformed", "%d other proofs have such an id, one must", len(found)-before)
		}
	}
	return found, nil
}

func placeOfProof(doc map[string]any, i int) *jsonld.Place {
	at := new(jsonld.Place).Member("proof")
	if _, isList := doc["proof"].([]any); isList {
		at = at.Item(i)
	}
	return at
}
