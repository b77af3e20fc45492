package verify

import (
	"strings"

	"laurel/internal/standards/did"
)

// Registry is a list of issuers that whoever verifies knows, or that somebody
// they trust does.
type Registry struct {
	Name    string // for sentences: the name of its file
	Issuers map[string]RegisteredIssuer
}

// RegisteredIssuer is what a register says about a DID or https issuer.
type RegisteredIssuer struct{ Name, URL, Location string }

// issuerTrust says what the issuer's name is worth: what a register has about it,
// or else that a good credential is as trustworthy as whoever controls the name.
func (j *judgement) issuerTrust(id string) finding {
	isDomain := strings.HasPrefix(id, "did:web:") || strings.HasPrefix(id, "https://")
	isKey := isKeyName(id)
	if registry := j.v.o.Registry; registry != nil {
		if known, ok := registry.Issuers[id]; ok {
			if as := known.describe(); as != "" {
				return pass("issuer-registered.as", "issuer", quote(id), "register", quote(registry.Name), "name", as)
			}
			return pass("issuer-registered", "issuer", quote(id), "register", quote(registry.Name))
		}
		switch list := quote(registry.Name); {
		case looksLike(id):
			return warn("issuer-lookalike", "host", quote(hostOf(id)))
		case isDomain:
			return warn("issuer-unlisted.domain", "host", quote(hostOf(id)), "register", list)
		case isKey:
			return warn("issuer-unlisted.key", "register", list)
		default:
			return warn("issuer-unlisted", "register", list)
		}
	}
	switch {
	case looksLike(id):
		return warn("issuer-lookalike", "host", quote(hostOf(id)))
	case isDomain:
		return warn("issuer-unregistered.domain", "host", quote(hostOf(id)))
	case isKey:
		return warn("issuer-anonymous")
	}
	return warn("issuer-unregistered")
}

// looksLike tells a domain whose name may be taken for another.
func looksLike(id string) bool {
	h, ok := did.HostOf(id)
	return ok && h.LooksLike
}

// describe is all that a register says of an issuer, in one line.
func (r RegisteredIssuer) describe() string {
	var said []string
	for _, s := range []string{r.Name, r.Location, r.URL} {
		if s != "" {
			said = append(said, quote(s))
		}
	}
	return strings.Join(said, ", ")
}
