package content

import (
	"strings"

	"golang.org/x/text/unicode/norm"

	"laurel/internal/authoring/model"
)

// recipient reads who earned something. The second result tells whether there
// is a good key; what is wrong was reported.
func (c *cohortReader) recipient(o object) (model.Recipient, bool) {
	r := model.Recipient{
		Name:      o.text("name"),
		ID:        o.did("id"),
		Email:     o.email("email"),
		StudentID: o.key("studentId"),
		Key:       o.key("key"),
	}
	written := false
	for _, name := range []string{"key", "id", "studentId", "email"} {
		written = written || o.has(name)
	}
	switch {
	case !written:
		o.problem("has no id, email, studentId or key", "one of them must say who it is")
	case !o.has("name") && !o.has("id") && !o.has("email") && !o.has("studentId"):
		o.problem("has a key alone, which nobody else understands", "add a name, an id, an email or a studentId")
	}
	// A wrong first key must not make a second award out of the next one.
	for _, k := range []struct{ name, value string }{{"key", r.Key}, {"id", r.ID}, {"studentId", r.StudentID}, {"email", r.Email}} {
		if o.has(k.name) {
			return r, k.value != ""
		}
	}
	return r, false
}

// key reads what may be the last part of an award key.
func (o object) key(name string) string {
	v, s, ok := o.textOf(name)
	if !ok {
		return ""
	}
	if fault := model.RecipientKeyFault(s); fault != "" {
		v.problem(fault, "")
		return ""
	}
	return s
}

// fold makes recipient keys equal that a person takes for the same: composed
// and decomposed letters, and the case of e-mail addresses.
func fold(r model.Recipient) string {
	k := r.StableKey()
	ascii := true
	for i := range len(k) {
		ascii = ascii && k[i] < 0x80
	}
	if !ascii {
		k = norm.NFC.String(k)
	}
	if strings.Contains(k, "@") {
		k = strings.ToLower(k)
	}
	return k
}
