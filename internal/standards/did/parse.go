package did

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"laurel/internal/standards/jsonld"
)

// ParseDocument reads the document of a did:web or an https controller, at most
// 1 MiB and 256 methods. What is no strict JSON, and an id that is missing or relative,
// are errors. All else that is wrong in it is
// wrong only there, so that a fault in a foreign entry does not void the key that is
// asked for: a member or entry that cannot be read is passed over, and Whole tells
// so; an entry with an id, of which another member cannot be read, has a Fault.
//
// A reference "#key-1" is made absolute by the document's id, and a method embedded
// in assertionMethod or authentication is listed with the others, as are those of
// publicKey, which is what verificationMethod was called before, and of other
// relationships, where they have names of their own. Entries of one id that are equal
// as JSON, but for members that are null, are one method, others have the Fault
// ErrAmbiguous. A
// document that is one key itself, as some https issuers serve, becomes one with
// that method under assertionMethod; its id may have a fragment.
func ParseDocument(data []byte) (_ *Document, err error) {
	defer wrap(&err, "parse controlled identifier document")
	var w members
	if err := read(data, &w); err != nil {
		return nil, err
	}
	whole, ok := w.text("id")
	isKey := w.has(inMultibase) || w.has(inJWK) || w.has(inBase58)
	id, fragment := Split(whole)
	if !ok || fragment != "" && !isKey || !strings.Contains(id, ":") {
		return nil, errors.New("id is missing or not absolute")
	}
	d := &Document{ID: id, Context: w.texts("@context"), Controller: w.texts("controller"), AlsoKnownAs: w.texts("alsoKnownAs")}
	for _, raw := range w.list(Methods) {
		if _, ok, err := d.addMethod(raw); err != nil {
			return nil, fmt.Errorf("verificationMethod: %w", err)
		} else if !ok {
			d.unread = append(d.unread, Methods)
		}
	}
	if isKey {
		d.addOwnKey(w, whole)
	}
	if d.Authentication, err = d.relationship(Authentication, w); err != nil {
		return nil, fmt.Errorf("authentication: %w", err)
	}
	if d.AssertionMethod, err = d.relationship(Assertion, w); err != nil {
		return nil, fmt.Errorf("assertionMethod: %w", err)
	}
	if err := d.addElsewhere(w); err != nil {
		return nil, err
	}
	if isKey && !d.Asserts(whole) {
		d.AssertionMethod = append(d.AssertionMethod, whole)
	}
	return d, nil
}

// read is json.Unmarshal of what is strict JSON, which the scripts of the pages demand
// as well: at most 1 MiB and 64 levels, no name twice, no number that loses digits.
func read(data []byte, to any) error {
	if _, err := jsonld.ParseAnyCase(data); err != nil {
		return err
	}
	return json.Unmarshal(data, to)
}

// members are those of an object of someone else. One that is null is not there.
type members map[string]jsontext.Value

func (w members) has(name string) bool {
	v, ok := w[name]
	return ok && v.Kind() != 'n'
}

// text is a member that is a string, or empty if it is not there; ok is false if it
// is something else.
func (w members) text(name string) (s string, ok bool) {
	return s, !w.has(name) || w[name].Kind() == '"' && json.Unmarshal(w[name], &s) == nil
}

// list is one value or a list of them.
func (w members) list(name string) (list []jsontext.Value) {
	switch {
	case !w.has(name):
		return nil
	case w[name].Kind() != '[':
		return []jsontext.Value{w[name]}
	}
	if err := json.Unmarshal(w[name], &list); err != nil {
		panic("bug: a list that was parsed: " + err.Error())
	}
	return list
}

// texts are those of a list that are strings. A document is read as plain JSON, so
// contexts that are objects change nothing (Controlled Identifiers v1.0, 4.1
// "JSON-LD Context").
func (w members) texts(name string) (list []string) {
	for _, raw := range w.list(name) {
		if s, ok := (members{"": raw}).text(""); ok && s != "" {
			list = append(list, s)
		}
	}
	return list
}

// addOwnKey makes a method of a document that is a key. Its controller is the
// one it names, or itself; its type may have company, as in JSON-LD.
func (d *Document) addOwnKey(w members, id string) {
	w = maps.Clone(w)
	if _, ok := w.text("type"); !ok {
		delete(w, "type")
	}
	delete(w, "controller")
	m := readMethod(id, w)
	m.Controller = d.ID
	if len(d.Controller) > 0 {
		m.Controller = d.Controller[0]
	}
	switch {
	case m.Type != "":
	case m.PublicKeyJwk != nil:
		m.Type = "JsonWebKey"
	default:
		m.Type = "Multikey"
	}
	i := d.index(id)
	if i < 0 {
		d.VerificationMethod = append(d.VerificationMethod, m)
		return
	}
	other := &d.VerificationMethod[i]
	if m.written = other.written; !reflect.DeepEqual(*other, m) {
		other.fault = ErrAmbiguous
	}
}

// addMethod lists a method and returns its absolute id; ok is false if it has none,
// or is no object. The error is that there are too many.
func (d *Document) addMethod(raw jsontext.Value) (id string, ok bool, err error) {
	var w members
	if raw.Kind() != '{' || json.Unmarshal(raw, &w) != nil {
		return "", false, nil
	}
	if id, ok = w.text("id"); ok {
		id = d.absolute(id)
	}
	if !strings.Contains(id, ":") {
		return "", false, nil
	}
	m := readMethod(id, w)
	if i := d.index(id); i >= 0 {
		if known := &d.VerificationMethod[i]; known.written != m.written {
			known.fault = ErrAmbiguous
		}
		return id, true, nil
	}
	if len(d.VerificationMethod) == maxMethods {
		return "", false, fmt.Errorf("more than %d methods", maxMethods)
	}
	d.VerificationMethod = append(d.VerificationMethod, m)
	return id, true, nil
}

// addElsewhere lists the methods that stand only where nothing is looked for that
// signs credentials. What is embedded there may still be named under assertionMethod.
func (d *Document) addElsewhere(w members) error {
	known := len(d.VerificationMethod)
	for _, name := range elsewhere {
		for _, raw := range w.list(name) {
			var only members
			if raw.Kind() != '{' || json.Unmarshal(raw, &only) != nil || len(only) == 1 {
				continue // a reference
			}
			if id, ok := only.text("id"); ok && slices.ContainsFunc(d.VerificationMethod[:known], func(m VerificationMethod) bool { return m.ID == d.absolute(id) }) {
				continue
			}
			if _, _, err := d.addMethod(raw); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
	}
	return nil
}

// readMethod reads what is known of a method with this absolute id.
func readMethod(id string, w members) VerificationMethod {
	m := VerificationMethod{ID: id}
	for name, to := range map[string]*string{"type": &m.Type, "controller": &m.Controller, inMultibase: &m.PublicKeyMultibase, inBase58: &m.PublicKeyBase58, "expires": &m.Expires, "revoked": &m.Revoked} {
		s, ok := w.text(name)
		if *to = s; !ok {
			m.fault = fmt.Errorf("%s is not a string", name)
		}
	}
	if w.has(inJWK) && (w[inJWK].Kind() != '{' || json.Unmarshal(w[inJWK], &m.PublicKeyJwk) != nil) {
		m.fault = errors.New("publicKeyJwk is not an object")
	}
	for name := range w {
		m.other = m.other || strings.HasPrefix(name, "publicKey") && w.has(name) && name != inMultibase && name != inJWK && name != inBase58
	}
	w = maps.Clone(w)
	maps.DeleteFunc(w, func(name string, _ jsontext.Value) bool { return !w.has(name) })
	quoted, err := json.Marshal(id)
	w["id"] = quoted
	written, failed := json.Marshal(w)
	value := jsontext.Value(written)
	if err := cmp.Or(err, failed, value.Canonicalize()); err != nil {
		m.fault = err
	}
	m.written = string(value)
	return m
}

// relationship returns the absolute ids of a verification relationship.
func (d *Document) relationship(name string, w members) ([]string, error) {
	var ids []string
	for _, raw := range w.list(name) {
		var id string
		var ok bool
		var only members
		if raw.Kind() == '{' && json.Unmarshal(raw, &only) == nil && len(only) == 1 && only.has("id") {
			raw = only["id"] // of JSON-LD, where that is a reference
		}
		if raw.Kind() == '{' {
			var err error
			if id, ok, err = d.addMethod(raw); err != nil {
				return nil, err
			}
			if !ok {
				d.unread = append(d.unread, Methods)
			}
		} else if id, ok = (members{"": raw}).text(""); ok {
			id = d.absolute(id)
		}
		switch {
		case !ok || id == "":
			d.unread = append(d.unread, name)
		case !slices.Contains(ids, id):
			ids = append(ids, id)
		}
		if len(ids) > maxMethods {
			return nil, fmt.Errorf("more than %d methods", maxMethods)
		}
	}
	return ids, nil
}

func (d *Document) index(id string) int {
	return slices.IndexFunc(d.VerificationMethod, func(m VerificationMethod) bool { return m.ID == id })
}

// absolute resolves a reference that is only a fragment.
func (d *Document) absolute(id string) string {
	if strings.HasPrefix(id, "#") {
		return d.ID + id
	}
	return id
}
