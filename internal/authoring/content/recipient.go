package content

import (
	"regexp"
	"strings"

	"laurel/internal/authoring/model"
)

var hashShape = regexp.MustCompile(`^sha256\$[0-9a-f]{64}$`)

// recipient reads who earned something. The second result tells whether there
// is a good key; what is wrong was reported.
func (c *cohortReader) recipient(o object) (model.Recipient, bool) {
	r := model.Recipient{
		Name:      o.text("name"),
		ID:        o.did("id"),
		Email:     o.email("email"),
		StudentID: o.studentID(),
		Key:       o.key("key"),
	}
	if h, ok := o.object("hashedEmail", hashedEmailClass); ok {
		r.HashedEmail = model.HashedEmail{Salt: h.text("salt"), IdentityHash: h.fitting("identityHash", hashShape.MatchString,
			"is not sha256$ and the 64 digits of a SHA-256", "copy it from the badge that named this recipient")}
		if o.has("email") {
			h.problem("repeats what email says", "write one of the two")
		}
	}
	written := false
	for _, name := range []string{"key", "id", "studentId", "email"} {
		written = written || o.has(name)
	}
	switch {
	case !written:
		o.problem("has no id, email, studentId or key", "one of them must say who it is")
	case !o.has("name") && !o.has("id") && !o.has("email") && !o.has("studentId") && !o.has("hashedEmail"):
		o.problem("has only a key, which means nothing to anybody else", "add a name, an id, an email or a studentId")
	}
	// A wrong first key must not make a second award out of the next one.
	for _, k := range []struct{ name, value string }{{"key", r.Key}, {"id", r.ID}, {"studentId", r.StudentID}, {"email", r.Email}} {
		if o.has(k.name) {
			return r, k.value != ""
		}
	}
	return r, false
}

// studentID reads a number of the provider's own, which is often parted by
// slashes: in an award key they part nothing, and no path is made of it. Where it
// makes the key, it must be fit for that.
func (o object) studentID() string {
	v, s, ok := o.textOf("studentId")
	if !ok || o.has("key") || o.has("id") {
		return s
	}
	if fault := model.RecipientKeyFault(strings.ReplaceAll(s, "/", "0")); fault != "" {
		v.problem(fault, "give the recipient a key: of their own, which then names the award")
		return ""
	}
	return s
}

// key reads what may be the last part of an award key.
func (o object) key(name string) string {
	return o.check(name, func(s string) (string, string) { return model.RecipientKeyFault(s), "" })
}
