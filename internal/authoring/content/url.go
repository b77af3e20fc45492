package content

import (
	"net"
	"net/url"
	"regexp"
	"strings"

	"laurel/internal/authoring/model"
	"laurel/internal/material/text"
)

var (
	// didText is a DID without path, query and fragment (DID Core, "DID Syntax").
	didText = regexp.MustCompile(`^did:[a-z0-9]+(:([A-Za-z0-9._-]|%[0-9A-Fa-f]{2})*)*:([A-Za-z0-9._-]|%[0-9A-Fa-f]{2})+$`)
	urnText = regexp.MustCompile(`^urn:[A-Za-z0-9][A-Za-z0-9-]{0,30}[A-Za-z0-9]:.+$`)
	// basePath is the path of a base URL: it becomes a did:web, and folders.
	basePath = regexp.MustCompile(`^(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*$`)
)

// webURL reads the http or https URL of a page.
func (o object) webURL(name string) string {
	return o.check(name, func(s string) (string, string) { return text.WebURLFault(s), "for example https://example.org/page" })
}

// isURI tells whether s is a name others can use for the same thing: an
// http(s) URL, a DID or a URN.
func isURI(s string) bool {
	if text.URIFault(s) != "" {
		return false
	}
	switch {
	case strings.HasPrefix(s, "did:"):
		did, _, _ := strings.Cut(s, "#")
		did, _, _ = strings.Cut(did, "?")
		did, _, _ = strings.Cut(did, "/")
		return didText.MatchString(did)
	case strings.HasPrefix(s, "urn:"):
		return urnText.MatchString(s)
	}
	return text.WebURLFault(s) == ""
}

// uri reads the IRI of something that is not of this site.
func (o object) uri(name string) string {
	return o.fitting(name, isURI, "must be an http(s) URL, a DID or a URN", "write such as https://example.org/profile")
}

// did reads a recipient's DID, "" if it is wrong.
func (o object) did(name string) string {
	return o.check(name, func(s string) (fault, hint string) {
		switch {
		case strings.HasPrefix(s, "did:") && strings.ContainsAny(s, "#?/"):
			return "must be only a DID, without path, query or fragment", ""
		case len(s) > model.MaxRecipientKey || !didText.MatchString(s):
			return "must be a DID", "for example did:web:example.org:ada; an e-mail address belongs in email"
		}
		return "", ""
	})
}

// baseURL reads site.yaml's baseURL. It becomes the did:web of the issuer, so
// everything did:web cannot say is refused (did:web Method Specification,
// "Method-specific identifier"); slashes at the end are dropped.
func (o object) baseURL(name string) string { return strings.TrimRight(o.check(name, baseFault), "/") }

func baseFault(s string) (fault, hint string) {
	s = strings.TrimRight(s, "/")
	u, err := url.Parse(s)
	switch {
	case err != nil || !strings.HasPrefix(s, "https://"):
		return "must be an https URL", "for example https://example.org/academy"
	case text.WebURLFault(s) != "":
		return text.WebURLFault(s), ""
	case strings.ContainsAny(s, "?#"):
		return "must not have a query or fragment", "delete what follows ? or #"
	case net.ParseIP(u.Hostname()) != nil || looksNumeric(u.Hostname()):
		return "must not have an IP address as its host", "did:web needs a domain name"
	case u.Host != strings.ToLower(u.Host):
		return "must have its host in lower case", "write " + strings.Replace(s, u.Host, strings.ToLower(u.Host), 1)
	case u.Port() == "443":
		return "names the port that https uses anyway", "delete :443"
	case !basePath.MatchString(u.EscapedPath()):
		return "has a path that does not consist of plain names", "use letters, digits, hyphens, dots and underscores between single slashes"
	}
	return "", ""
}

// looksNumeric finds hosts that browsers take for IPv4 addresses: the last
// label is a number (WHATWG URL, "ends in a number").
func looksNumeric(host string) bool {
	last := host[strings.LastIndexByte(host, '.')+1:]
	return last != "" && strings.Trim(last, "0123456789") == "" || strings.HasPrefix(last, "0x")
}
