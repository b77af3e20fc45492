package conform

import (
	"regexp"
	"slices"

	"laurel/internal/standards/jsonld"
	"laurel/internal/standards/vc"
)

const (
	contextV1 = "https://www.w3.org/2018/credentials/v1"
	contextV2 = vc.ContextVC
)

const vcdm = "Verifiable Credentials Data Model 2.0"

// Structure says what keeps a document from being a verifiable credential or
// presentation of the Verifiable Credentials Data Model v2.0, and an Open Badge
// or a status list if it calls itself one. Every credential of a presentation
// is looked at; credentials inside of a credential (an endorsement, those of a
// CLR) are for the caller to hand in one by one. Whether a term or type is
// defined by a context is proof's to say.
//
// A document of VCDM 1.1 gets one finding, "vcdm1-unsupported".
func Structure(doc map[string]any) []Finding {
	f := &findings{verifier: vcdm}
	switch {
	case isType(doc, "VerifiablePresentation"):
		f.presentation(doc, document)
	case isType(doc, "EnvelopedVerifiableCredential"):
		f.enveloped(doc, document, "EnvelopedVerifiableCredential")
	case isType(doc, "EnvelopedVerifiablePresentation"):
		f.enveloped(doc, document, "EnvelopedVerifiablePresentation")
	default:
		f.credential(doc, document)
	}
	return f.sorted()
}

// credential checks VCDM v2.0, section 4, and what its types ask for.
func (f *findings) credential(doc map[string]any, p *jsonld.Place) {
	if isVersion1(doc) {
		f.add("vcdm1-unsupported", p.Member("@context"), "a credential of data model 1.1, which is not supported")
		return
	}
	f.contexts(doc, p)
	f.typesOf(doc, p, "VerifiableCredential")
	f.identifiers(doc, p)
	f.languageText(doc, p, "name")
	f.languageText(doc, p, "description")
	f.issuer(doc, p)
	f.subjects(doc, p)
	f.validity(doc, p)
	f.credentialStatus(doc, p)
	f.typedObjects(doc, p, "credentialSchema", true)
	f.typedObjects(doc, p, "refreshService", false)
	f.typedObjects(doc, p, "termsOfUse", false)
	f.typedObjects(doc, p, "evidence", false)
	f.relatedResource(doc, p)
	f.proofs(doc, p)
	f.openBadge(doc, p)
	f.statusList(doc, p)
	f.verifier = vcdm
}

func isVersion1(doc map[string]any) bool {
	first := items(doc["@context"])
	return len(first) > 0 && first[0] == contextV1
}

// typesOf checks a type that must be there and name what the document is
// (VCDM v2.0, "Types"). The form of every type is checked by identifiers.
func (f *findings) typesOf(doc map[string]any, p *jsonld.Place, want string) {
	if !isType(doc, want) {
		f.add("type-missing", p.Member("type"), "the type %s is missing", want)
	}
}

// issuer checks VCDM v2.0, "Issuer".
func (f *findings) issuer(doc map[string]any, p *jsonld.Place) {
	at := p.Member("issuer")
	if doc["issuer"] == nil {
		f.add("issuer-missing", at, "there is no issuer")
		return
	}
	f.party("issuer-malformed", "issuer", doc["issuer"], at)
	if issuer := object(doc, "issuer"); issuer != nil {
		f.languageText(issuer, at, "name")
		f.languageText(issuer, at, "description")
	}
}

// party is a URL, or an object whose id is one.
func (f *findings) party(code, name string, v any, at *jsonld.Place) {
	switch party := v.(type) {
	case string:
		if !isURL(party) {
			f.add(code, at, "the %s is not a URL", name)
		}
	case map[string]any:
		if _, ok := party["id"]; !ok {
			f.add(code, at, "the %s has no id", name)
		}
	default:
		f.add(code, at, "the %s is %s, not a URL or an object", name, kindOf(v))
	}
}

// subjects checks VCDM v2.0, "Credential Subject": one or more objects, each
// with something said in it.
func (f *findings) subjects(doc map[string]any, p *jsonld.Place) {
	at := p.Member("credentialSubject")
	v, ok := doc["credentialSubject"]
	if !ok {
		f.add("subject-missing", at, "there is no credentialSubject")
		return
	}
	if list, ok := v.([]any); ok && len(list) == 0 {
		f.add("subject-missing", at, "credentialSubject is empty")
		return
	}
	each(v, at, func(v any, p *jsonld.Place) {
		if subject, ok := v.(map[string]any); !ok {
			f.add("subject-malformed", p, "the subject is %s, not an object", kindOf(v))
		} else if len(subject) == 0 {
			f.add("subject-malformed", p, "the subject says nothing")
		}
	})
}

// validity checks VCDM v2.0, "Validity Period".
func (f *findings) validity(doc map[string]any, p *jsonld.Place) {
	from, okFrom := f.date(doc, p, "validFrom")
	until, okUntil := f.date(doc, p, "validUntil")
	if okFrom && okUntil && until.Before(from) {
		f.add("date-order", p.Member("validUntil"), "validUntil is before validFrom")
	}
}

// typedObjects checks a member that holds one or more objects which each say
// their type (VCDM v2.0, sections 4.10, 4.11 and 5.4 to 5.6).
func (f *findings) typedObjects(doc map[string]any, p *jsonld.Place, name string, needID bool) {
	v, ok := doc[name]
	if !ok {
		return
	}
	at := p.Member(name)
	if list, ok := v.([]any); ok && len(list) == 0 {
		f.add("member-malformed", at, "%s is empty", name)
	}
	each(v, at, func(v any, p *jsonld.Place) {
		o, ok := v.(map[string]any)
		if !ok {
			f.add("member-malformed", p, "%s is %s, not an object", name, kindOf(v))
			return
		}
		if len(types(o)) == 0 {
			f.add("type-missing", p.Member("type"), "%s has no type", name)
		}
		if _, ok := o["id"]; needID && !ok {
			f.add("id-missing", p.Member("id"), "%s has no id", name)
		}
	})
}

// proofs checks that what is called a proof is one or more typed objects; the
// rest is for proof and verify (Data Integrity 1.0, "Proofs").
func (f *findings) proofs(doc map[string]any, p *jsonld.Place) {
	f.typedObjects(doc, p, "proof", false)
	eachObject(doc, "proof", p, func(o map[string]any, p *jsonld.Place) {
		f.date(o, p, "created")
		f.date(o, p, "expires")
	})
}

// presentation checks VCDM v2.0, "Verifiable Presentations".
func (f *findings) presentation(doc map[string]any, p *jsonld.Place) {
	if isVersion1(doc) {
		f.add("vcdm1-unsupported", p.Member("@context"), "a presentation of data model 1.1, which is not supported")
		return
	}
	f.contexts(doc, p)
	f.typesOf(doc, p, "VerifiablePresentation")
	f.identifiers(doc, p)
	if holder, ok := doc["holder"]; ok {
		f.party("holder-malformed", "holder", holder, p.Member("holder"))
	}
	f.typedObjects(doc, p, "termsOfUse", false)
	f.proofs(doc, p)
	v, ok := doc["verifiableCredential"]
	if !ok {
		return
	}
	each(v, p.Member("verifiableCredential"), func(v any, p *jsonld.Place) {
		o, ok := v.(map[string]any)
		switch {
		case !ok:
			f.add("member-malformed", p, "the credential is %s, not an object", kindOf(v))
		case isType(o, "EnvelopedVerifiableCredential"):
			f.enveloped(o, p, "EnvelopedVerifiableCredential")
		default:
			f.credential(o, p)
		}
	})
}

// enveloped checks an object that stands for a secured credential or
// presentation (VCDM v2.0, "Enveloped Verifiable Credentials").
func (f *findings) enveloped(doc map[string]any, p *jsonld.Place, want string) {
	f.contexts(doc, p)
	f.typesOf(doc, p, want)
	if id, _ := doc["id"].(string); !isDataURL(id) {
		f.add("envelope-malformed", p.Member("id"), "the id is not a data: URL with a media type")
	}
}

// relatedResource checks VCDM v2.0, "Integrity of Related Resources".
func (f *findings) relatedResource(doc map[string]any, p *jsonld.Place) {
	v, ok := doc["relatedResource"]
	if !ok {
		return
	}
	var seen []string
	each(v, p.Member("relatedResource"), func(v any, p *jsonld.Place) {
		o, ok := v.(map[string]any)
		if !ok {
			f.add("related-malformed", p, "a related resource is %s, not an object", kindOf(v))
			return
		}
		id, ok := o["id"].(string)
		switch {
		case !ok:
			f.add("related-malformed", p.Member("id"), "a related resource has no id")
		case slices.Contains(seen, id):
			f.add("related-malformed", p.Member("id"), "two related resources have the same id")
		}
		seen = append(seen, id)
		f.digests(o, p, id)
	})
}

// languageText checks a name or description: a string, a language value object
// or several of them (VCDM v2.0, "Names and Descriptions", "Language and Base
// Direction").
func (f *findings) languageText(doc map[string]any, p *jsonld.Place, name string) {
	v, ok := doc[name]
	if !ok {
		return
	}
	each(v, p.Member(name), func(v any, p *jsonld.Place) {
		switch value := v.(type) {
		case string:
		case map[string]any:
			f.languageValue(value, p)
		default:
			f.add("text-malformed", p, "the %s is %s, not text", name, kindOf(v))
		}
	})
}

func (f *findings) languageValue(o map[string]any, p *jsonld.Place) {
	if _, ok := o["@value"].(string); !ok {
		f.add("text-malformed", p, "a text with a language has no @value that is a string")
	}
	if v, ok := o["@language"]; ok {
		if tag, _ := v.(string); !languageTag.MatchString(tag) {
			f.add("text-malformed", p.Member("@language"), "not a language tag (BCP 47)")
		}
	}
	if v, ok := o["@direction"]; ok && v != "ltr" && v != "rtl" {
		f.add("text-malformed", p.Member("@direction"), "neither ltr nor rtl")
	}
	for name := range o {
		if name != "@value" && name != "@language" && name != "@direction" {
			f.add("text-malformed", p.Member(name), "a text with a language has a member beside @value, @language and @direction")
		}
	}
}

// languageTag is the form of a tag: subtags of one to eight letters and digits,
// the first of letters only (BCP 47, section 2.1).
var languageTag = regexp.MustCompile(`^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$`)
