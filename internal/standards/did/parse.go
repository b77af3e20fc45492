package did

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// maxDocument bounds a document of someone else, in bytes.
const maxDocument = 1 << 20

// wireDocument is a Document as others write it: one value or a list of them,
// contexts that are objects, methods by reference or embedded.
type wireDocument struct {
	Context            oneOrMore[any]            `json:"@context"`
	ID                 string                    `json:"id"`
	Controller         oneOrMore[string]         `json:"controller"`
	AlsoKnownAs        oneOrMore[string]         `json:"alsoKnownAs"`
	VerificationMethod []jsontext.Value          `json:"verificationMethod"`
	Authentication     oneOrMore[jsontext.Value] `json:"authentication"`
	AssertionMethod    oneOrMore[jsontext.Value] `json:"assertionMethod"`

	// Of a document that is one key itself.
	Type               any            `json:"type"`
	PublicKeyMultibase string         `json:"publicKeyMultibase"`
	PublicKeyJwk       map[string]any `json:"publicKeyJwk"`
	Expires            string         `json:"expires"`
	Revoked            string         `json:"revoked"`
}

// ParseDocument reads the document of a did:web or an https controller, at most
// 1 MiB and 256 methods. Unknown members are ignored; names twice in an object,
// invalid UTF-8 and trailing data are errors. A reference "#key-1" is made
// absolute by the document's id, and a method embedded in assertionMethod or
// authentication is listed with the others. Two methods of one id are an error,
// because a signature would be good or not by their order. A document that is
// one key itself, as some https issuers serve, becomes one with that method
// under assertionMethod; its id may have a fragment.
func ParseDocument(data []byte) (_ *Document, err error) {
	defer wrap(&err, "parse controlled identifier document")
	if len(data) > maxDocument {
		return nil, errors.New("longer than 1 MiB")
	}
	var w wireDocument
	if err := json.Unmarshal(data, &w); err != nil {
		return nil, err
	}
	isKey := w.PublicKeyMultibase != "" || w.PublicKeyJwk != nil
	id, fragment := Split(w.ID)
	if id == "" || fragment != "" && !isKey || !strings.Contains(id, ":") {
		return nil, errors.New("id is missing or not absolute")
	}
	d := &Document{
		Context:     contextURLs(w.Context),
		ID:          id,
		Controller:  w.Controller,
		AlsoKnownAs: w.AlsoKnownAs,
	}
	for i, raw := range w.VerificationMethod {
		if _, err := d.addMethod(raw); err != nil {
			return nil, fmt.Errorf("verificationMethod %d: %w", i, err)
		}
	}
	if isKey {
		d.addOwnKey(w)
	}
	if d.Authentication, err = d.relationship(w.Authentication); err != nil {
		return nil, fmt.Errorf("authentication: %w", err)
	}
	if d.AssertionMethod, err = d.relationship(w.AssertionMethod); err != nil {
		return nil, fmt.Errorf("assertionMethod: %w", err)
	}
	if isKey && !d.Asserts(w.ID) {
		d.AssertionMethod = append(d.AssertionMethod, w.ID)
	}
	return d, nil
}

// addOwnKey makes a method of a document that is a key. Its controller is the
// one it names, or itself.
func (d *Document) addOwnKey(w wireDocument) {
	m := VerificationMethod{
		ID: w.ID, Controller: d.ID, PublicKeyMultibase: w.PublicKeyMultibase, PublicKeyJwk: w.PublicKeyJwk, Expires: w.Expires, Revoked: w.Revoked,
	}
	if len(w.Controller) > 0 {
		m.Controller = w.Controller[0]
	}
	switch name, _ := w.Type.(string); {
	case name != "":
		m.Type = name
	case w.PublicKeyJwk != nil:
		m.Type = "JsonWebKey"
	default:
		m.Type = "Multikey"
	}
	d.VerificationMethod = append(d.VerificationMethod, m)
}

// addMethod appends a method and returns its absolute id.
func (d *Document) addMethod(raw jsontext.Value) (string, error) {
	var m VerificationMethod
	if err := json.Unmarshal(raw, &m); err != nil {
		return "", err
	}
	m.ID = d.absolute(m.ID)
	if _, fragment := Split(m.ID); fragment == "" && !strings.Contains(m.ID, ":") {
		return "", errors.New("id is missing or not absolute")
	}
	if _, ok := d.Method(m.ID); ok {
		return "", fmt.Errorf("a second method with the id %q", m.ID)
	}
	if len(d.VerificationMethod) == maxMethods {
		return "", fmt.Errorf("more than %d methods", maxMethods)
	}
	d.VerificationMethod = append(d.VerificationMethod, m)
	return m.ID, nil
}

// relationship returns the absolute ids of a verification relationship.
func (d *Document) relationship(refs []jsontext.Value) ([]string, error) {
	var ids []string
	for _, raw := range refs {
		if raw.Kind() == '{' {
			id, err := d.addMethod(raw)
			if err != nil {
				return nil, err
			}
			ids = append(ids, id)
			continue
		}
		var id string
		if err := json.Unmarshal(raw, &id); err != nil {
			return nil, err
		}
		if id = d.absolute(id); !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
		if len(ids) > maxMethods {
			return nil, fmt.Errorf("more than %d methods", maxMethods)
		}
	}
	return ids, nil
}

// absolute resolves a reference that is only a fragment.
func (d *Document) absolute(id string) string {
	if strings.HasPrefix(id, "#") {
		return d.ID + id
	}
	return id
}

// contextURLs returns the contexts that are strings. A document is read as
// plain JSON, so the others change nothing (Controlled Identifiers v1.0, 4.1
// "JSON-LD Context").
func contextURLs(contexts []any) (urls []string) {
	for _, v := range contexts {
		if s, ok := v.(string); ok {
			urls = append(urls, s)
		}
	}
	return urls
}

// oneOrMore is one value or a list of them.
type oneOrMore[T any] []T

// UnmarshalJSONFrom reads either form.
func (o *oneOrMore[T]) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	if dec.PeekKind() == '[' {
		return json.UnmarshalDecode(dec, (*[]T)(o))
	}
	*o = make(oneOrMore[T], 1)
	return json.UnmarshalDecode(dec, &(*o)[0])
}
