package text

import (
	"cmp"
	"net"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
)

var (
	// hostName is letters, digits and hyphens in labels, as DNS has it.
	hostName = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$`)
	})
	// uriText is what RFC 3986 lets a URI be made of.
	uriText = regexp.MustCompile(`^([A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+$`)
)

// urlLimit is short of the 2,083 characters at which json-gold starts to drop
// IRIs without a word.
const urlLimit = 2_000

// WebURLFault says what keeps s from being an absolute http or https URL that
// authors may link to, such as "is not a URL", or is empty.
func WebURLFault(s string) string { return cmp.Or(URIFault(s), webFault(s)) }

// IsWebURL tells whether s is such a URL, of any length: what is made of several
// texts of authors may be longer than one of them.
func IsWebURL(s string) bool { return cmp.Or(syntaxFault(s), webFault(s)) == "" }

func webFault(s string) string {
	u, err := url.Parse(s)
	switch {
	case err != nil:
		return "is not a URL"
	case u.Scheme != "http" && u.Scheme != "https" || !strings.HasPrefix(s, u.Scheme+"://"):
		return "must be an absolute http or https URL"
	case u.User != nil:
		return "must not hold a user name or password"
	case !hostName().MatchString(u.Hostname()) && net.ParseIP(u.Hostname()) == nil || len(u.Hostname()) > 253:
		return "has no valid host name"
	case strings.HasSuffix(u.Host, ":") || u.Port() != "" && !validPort(u.Port()):
		return "has no valid port"
	}
	return ""
}

// URIFault says what keeps s from being a URI of any scheme, or is empty: more
// than 2,000 characters, characters that RFC 3986 has not, two fragments.
func URIFault(s string) string {
	if len(s) > urlLimit {
		return "is longer than " + strconv.Itoa(urlLimit) + " characters"
	}
	return syntaxFault(s)
}

func syntaxFault(s string) string {
	switch {
	case !uriText.MatchString(s):
		return "contains characters that a URL cannot have; percent-encode them"
	case strings.Count(s, "#") > 1:
		return "contains more than one #"
	}
	return ""
}

func validPort(p string) bool {
	n, err := strconv.Atoi(p)
	return err == nil && n > 0 && n < 65536 && strconv.Itoa(n) == p
}

// IsFileName tells a file name that means the same on every file system and in every
// URL: up to 100 letters, digits, dots, hyphens and underscores of ASCII, of which the
// first is a letter or a digit.
func IsFileName(name string) bool {
	other := func(r rune) bool {
		return (r|0x20 < 'a' || r|0x20 > 'z') && (r < '0' || r > '9') && r != '.' && r != '_' && r != '-'
	}
	return name != "" && len(name) <= 100 && !strings.ContainsRune("._-", rune(name[0])) && !strings.ContainsFunc(name, other)
}
