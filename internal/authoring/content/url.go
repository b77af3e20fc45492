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
	v, s, ok := o.textOf(name)
	if !ok {
		return ""
	}
	if fault := text.WebURLFault(s); fault != "" {
		v.problem(fault, "for example https://example.org/page")
		return ""
	}
	return s
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
	v, s, ok := o.textOf(name)
	if ok && !isURI(s) {
		v.problem("must be an http(s) URL, a DID or a URN", "write such as https://example.org/profile")
		return ""
	}
	return s
}

// did reads a recipient's DID, "" if it is wrong.
func (o object) did(name string) string {
	v, s, ok := o.textOf(name)
	switch {
	case !ok:
		return ""
	case strings.HasPrefix(s, "did:") && strings.ContainsAny(s, "#?/"):
		v.problem("must be only a DID, without path, query or fragment", "")
	case len(s) > model.MaxRecipientKey || !didText.MatchString(s):
		v.problem("must be a DID", "for example did:web:example.org:ada; an e-mail address belongs in email")
	default:
		return s
	}
	return ""
}

// baseURL reads site.yaml's baseURL. It becomes the did:web of the issuer, so
// everything did:web cannot say is refused (did:web Method Specification,
// "Method-specific identifier"); slashes at the end are dropped.
func (o object) baseURL(name string) string {
	v, s, ok := o.textOf(name)
	if !ok {
		return ""
	}
	s = strings.TrimRight(s, "/")
	u, err := url.Parse(s)
	fault, hint := "", ""
	switch {
	case err != nil || !strings.HasPrefix(s, "https://"):
		fault, hint = "must be an https URL", "for example https://example.org/academy"
	case text.WebURLFault(s) != "":
		fault = text.WebURLFault(s)
	case strings.ContainsAny(s, "?#"):
		fault, hint = "must not have a query or fragment", "delete what follows ? or #"
	case net.ParseIP(u.Hostname()) != nil || looksNumeric(u.Hostname()):
		fault, hint = "must not have an IP address as its host", "did:web needs a domain name"
	case u.Host != strings.ToLower(u.Host):
		fault, hint = "must have its host in lower case", "write "+strings.Replace(s, u.Host, strings.ToLower(u.Host), 1)
	case u.Port() == "443":
		fault, hint = "names the port that https uses anyway", "delete :443"
	case !basePath.MatchString(u.EscapedPath()):
		fault, hint = "has a path that does not consist of plain names", "use letters, digits, hyphens, dots and underscores between single slashes"
	default:
		return s
	}
	v.problem(fault, hint)
	return ""
}

// looksNumeric finds hosts that browsers take for IPv4 addresses: the last
// label is a number (WHATWG URL, "ends in a number").
func looksNumeric(host string) bool {
	last := host[strings.LastIndexByte(host, '.')+1:]
	return digits(last) || strings.HasPrefix(last, "0x")
}
