package verify

import (
	"fmt"
	"strings"
)

// Registry is a list of issuers that whoever verifies knows, or that somebody
// they trust does.
type Registry struct {
	Name    string // for sentences: the name of its file
	Issuers map[string]RegisteredIssuer
}

// RegisteredIssuer is what a register says about a DID or https issuer.
type RegisteredIssuer struct {
	Name     string
	URL      string
	Location string
}

// issuerTrust says what the issuer's name is worth: what a register has about it,
// or else that a good credential is as trustworthy as whoever controls the name.
func (j *judgement) issuerTrust(id string) finding {
	if registry := j.v.o.Registry; registry != nil {
		if known, ok := registry.Issuers[id]; ok {
			return finding{Pass, "issuer-registered", fmt.Sprintf("The issuer %s is listed in %s%s.", quote(id), quote(registry.Name), known.describe())}
		}
		return finding{Warn, "issuer-unlisted", fmt.Sprintf("The issuer is not listed in %s, which says nothing against it. %s", quote(registry.Name), nameTrust(id))}
	}
	code := "issuer-unregistered"
	if strings.HasPrefix(id, "did:key:") || strings.HasPrefix(id, "did:jwk:") {
		code = "issuer-anonymous"
	}
	return finding{Warn, code, "No register of issuers was asked. " + nameTrust(id)}
}

// nameTrust says what is and is not known by the issuer's id alone.
func nameTrust(id string) string {
	switch {
	case strings.HasPrefix(id, "did:web:"), strings.HasPrefix(id, "https://"):
		return fmt.Sprintf("Known is that the issuer controls the domain %s; not known is whose that is. Make sure that it is that of whom the credential says.", quote(hostOf(id)))
	case strings.HasPrefix(id, "did:key:"), strings.HasPrefix(id, "did:jwk:"):
		return "Known is only that the issuer has a certain key; nothing ties it to the name in the credential."
	}
	return "Make sure that the issuer is who the credential says."
}

func (r RegisteredIssuer) describe() string {
	var said []string
	for _, s := range []string{r.Name, r.Location, r.URL} {
		if s != "" {
			said = append(said, quote(s))
		}
	}
	if len(said) == 0 {
		return ""
	}
	return " as " + strings.Join(said, ", ")
}
