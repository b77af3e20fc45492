package did

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// maxName is the most bytes of a did:web name or base URL that is looked at.
const maxName = 2048

// WebDID returns the did:web of a site's base URL: "https://h:8443/a/b" gives
// "did:web:h%3A8443:a:b". Only https, no IP address, no user, query or
// fragment; the host is lowered and has to be ASCII already (an
// internationalised name in its xn-- form); port 443 and a trailing slash are
// left out (did:web Method Specification, 2.1 "Method-specific identifier").
func WebDID(baseURL string) (_ string, err error) {
	defer wrap(&err, "make a did:web of %q", baseURL)
	return webDID(baseURL)
}

func webDID(baseURL string) (string, error) {
	u, err := parseBase(baseURL)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	b.WriteString("did:web:")
	b.WriteString(strings.ToLower(u.Hostname()))
	if port := u.Port(); port != "" && port != "443" {
		b.WriteString("%3A" + port)
	}
	path := strings.Trim(u.EscapedPath(), "/")
	if path == "" {
		return b.String(), nil
	}
	for _, escaped := range strings.Split(path, "/") {
		segment, err := url.PathUnescape(escaped)
		if err != nil {
			return "", errors.New("path has a broken percent escape")
		}
		if err := checkSegment(segment); err != nil {
			return "", err
		}
		b.WriteByte(':')
		b.WriteString(escapeSegment(segment))
	}
	return b.String(), nil
}

// ErrUnsupportedName is a did:web whose host is written in a way that this package
// does not read: percent escapes that may stand for an international name.
var ErrUnsupportedName = errors.New("host is not in its xn-- form")

// WebURL returns the https URL of the document of a did:web (did:web Method
// Specification, 2.5.2 "Read (Resolve)"), however it is spelled: with capitals, a
// final dot or port 443 in the host, or needless or lower-case percent escapes. The
// URL is that of the one spelling that WebDID writes. Two spellings are two DIDs all
// the same: the document says which it is of. The error is ErrUnsupportedName, or that
// the DID names no host or no path.
func WebURL(did string) (_ string, err error) {
	defer wrap(&err, "resolve %q", did)
	canonical, err := normalWeb(did)
	if err != nil {
		return "", err
	}
	authority, path, hasPath := strings.Cut(strings.TrimPrefix(canonical, "did:web:"), ":")
	base := "https://" + strings.Replace(authority, "%3A", ":", 1)
	if !hasPath {
		return base + "/.well-known/did.json", nil
	}
	return base + "/" + strings.ReplaceAll(path, ":", "/") + "/did.json", nil
}

// SameWeb tells whether two did:web are spellings of one name.
func SameWeb(a, b string) bool {
	x, err := normalWeb(a)
	y, failed := normalWeb(b)
	return err == nil && failed == nil && x == y
}

// normalWeb is the spelling of a did:web that WebDID writes.
func normalWeb(did string) (string, error) {
	rest, ok := strings.CutPrefix(did, "did:web:")
	if !ok {
		return "", errors.New("not a did:web")
	}
	if len(did) > maxName {
		return "", errors.New("too long")
	}
	if !didCharacters.MatchString(rest) {
		return "", errors.New("a did:web has only a host and a path of colons")
	}
	authority, path, hasPath := strings.Cut(rest, ":")
	host, port := authority, ""
	if i := escapedColon(authority); i >= 0 {
		host, port = authority[:i], ":"+authority[i+3:]
	}
	if strings.Contains(host, "%") {
		if name, err := url.PathUnescape(host); err == nil && strings.ContainsFunc(name, func(r rune) bool { return r >= 0x80 && r != 0xfffd }) {
			return "", ErrUnsupportedName
		}
	}
	base := "https://" + strings.TrimSuffix(host, ".") + port
	if hasPath {
		if path == "" || strings.HasPrefix(path, ":") || strings.HasSuffix(path, ":") {
			return "", errors.New("path has an empty segment")
		}
		base += "/" + strings.ReplaceAll(path, ":", "/")
	}
	return webDID(base)
}

// didCharacters are those of a method-specific-id (Decentralized Identifiers v1.0,
// 3.1 "DID Syntax").
var didCharacters = regexp.MustCompile(`^(?:[A-Za-z0-9._:-]|%[0-9A-Fa-f]{2})+$`)

// WebPath returns where the document of a base URL's did:web stands inside the
// site: ".well-known/did.json" for a base URL at the root of its host, else
// "did.json".
func WebPath(baseURL string) string {
	u, err := url.Parse(baseURL)
	if err == nil && strings.Trim(u.EscapedPath(), "/") == "" {
		return ".well-known/did.json"
	}
	return "did.json"
}

func parseBase(baseURL string) (*url.URL, error) {
	if len(baseURL) > maxName {
		return nil, errors.New("too long")
	}
	u, err := url.Parse(baseURL)
	if err != nil {
		return nil, errors.New("not a URL")
	}
	switch {
	case u.Scheme != "https":
		return nil, errors.New("not an https URL")
	case u.User != nil:
		return nil, errors.New("has a user name")
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "" || strings.Contains(baseURL, "#"):
		return nil, errors.New("has a query or a fragment")
	}
	if err := checkHost(u.Hostname()); err != nil {
		return nil, err
	}
	if strings.HasSuffix(u.Host, ":") {
		return nil, errors.New("has an empty port")
	}
	if port := u.Port(); port != "" {
		n, err := strconv.ParseUint(port, 10, 16)
		if err != nil || n == 0 || port[0] == '0' {
			return nil, fmt.Errorf("port %s is not one", port)
		}
	}
	return u, nil
}

// checkHost accepts DNS names. A host whose last label is a number is an IPv4
// address to browsers, in whatever notation (URL Standard, "ends in a number
// checker"); did:web has no IP addresses.
func checkHost(host string) error {
	if host == "" {
		return errors.New("has no host")
	}
	if _, err := netip.ParseAddr(host); err == nil {
		return errors.New("host is an IP address")
	}
	if len(host) > 253 {
		return errors.New("host is longer than 253 bytes")
	}
	labels := strings.Split(host, ".")
	for _, l := range labels {
		if !label.MatchString(l) {
			return fmt.Errorf("host label %q is not one of DNS (international names in their xn-- form)", l)
		}
	}
	if isNumber(strings.ToLower(labels[len(labels)-1])) {
		return errors.New("host is an IP address")
	}
	return nil
}

var label = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$`)

func isNumber(s string) bool {
	digits := "0123456789"
	if rest, ok := strings.CutPrefix(s, "0x"); ok {
		s, digits = rest, "0123456789abcdef"
	}
	return strings.Trim(s, digits) == ""
}

func checkSegment(s string) error {
	if s == "" || s == "." || s == ".." {
		return errors.New("path has an empty or dot segment")
	}
	if s == ".well-known" {
		return errors.New("path has a .well-known segment")
	}
	for _, r := range s {
		if r < 0x20 || r == 0x7f || r == '/' || r == '\\' || r == 0xfffd {
			return errors.New("path has a character that no path can hold")
		}
	}
	return nil
}

// escapeSegment percent-encodes all but idchar (Decentralized Identifiers v1.0,
// 3.1 "DID Syntax").
func escapeSegment(s string) string {
	return strings.NewReplacer("+", "%20", "~", "%7E").Replace(url.QueryEscape(s))
}
