package conform

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// isURL tells whether s is an absolute URL: a scheme (RFC 3986, section 3.1)
// and something after it, made of URL code points (URL Standard). What VCDM
// v2.0 calls a URL is a DID or URN as well.
func isURL(s string) bool {
	name, rest, ok := strings.Cut(s, ":")
	if !ok || rest == "" || !scheme.MatchString(name) || !urlCodePoints(rest) {
		return false
	}
	switch strings.ToLower(name) {
	case "http", "https":
		after, ok := strings.CutPrefix(rest, "//")
		return ok && after != "" && !strings.ContainsRune("/?#:", rune(after[0]))
	case "did":
		method, id, ok := strings.Cut(rest, ":")
		return ok && method != "" && id != "" && !strings.ContainsAny(id[:1], "/?#")
	case "urn":
		nid, nss, ok := strings.Cut(rest, ":")
		return ok && nid != "" && nss != ""
	}
	return true
}

var scheme = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]*$`)

// urlCodePoints refuses white space, control characters, the ASCII characters
// that must be escaped, a % that escapes nothing and a second fragment.
func urlCodePoints(s string) bool {
	fragment := false
	for i, c := range s {
		switch {
		case c <= 0x20, 0x7f <= c && c < 0xa0, c == utf8.RuneError:
			return false
		case strings.ContainsRune("\"<>\\^`{|}", c):
			return false
		case c == '%':
			if len(s) < i+3 || !isHex(s[i+1]) || !isHex(s[i+2]) {
				return false
			}
		case c == '#':
			if fragment {
				return false
			}
			fragment = true
		}
	}
	return true
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'f'
}

// isUnsafe tells a URL that names nothing, and that does something where it is made a
// link: javascript:, vbscript: and data:.
func isUnsafe(s string) bool {
	name, _, _ := strings.Cut(s, ":")
	switch strings.ToLower(name) {
	case "javascript", "vbscript", "data":
		return true
	}
	return false
}

// isDataURL tells whether s is a data: URL (RFC 2397) with a media type.
func isDataURL(s string) bool {
	rest, ok := strings.CutPrefix(s, "data:")
	if !ok {
		return false
	}
	head, data, ok := strings.Cut(rest, ",")
	return ok && strings.Contains(head, "/") && data != "" && isURL(s)
}
