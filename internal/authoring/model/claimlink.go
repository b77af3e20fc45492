package model

import (
	"bytes"
	"errors"
	"regexp"
	"slices"
)

// ClaimLink opens a sealed award in the browser: the fragment of its URL is
// "<name>.<key>". Whoever has it has the award.
type ClaimLink struct {
	Name string // of the capsule: 32 digits of lower-case hex
	Key  string // 32 bytes as 43 characters of base64url
}

// ClaimURL is the address of a claim link. The key stands in the fragment, which
// browsers send to nobody.
func (s *Site) ClaimURL(l ClaimLink) string {
	return s.URL("claim/#" + l.Name + "." + l.Key)
}

// The grammar of claim links. Name and key have one length each, so what stands
// behind them is none of theirs, be it the full stop of a sentence, a bracket or
// what a newsletter adds, unless it could be one more character of the key. The
// last character of a key has but four bits. Programs that pass a link on may
// escape its # and its full stop; one that changed the case of the name has
// changed the key as well. pages/claimlink.ts has the same grammar, and
// testdata/claimlinks.json the links that both are held to.
const (
	claimName = `([0-9a-f]{32})`
	claimDot  = `(?:\.|%2[eE])`
	claimKey  = `([A-Za-z0-9_-]{42}[AEIMQUYcgkosw048])`
)

var (
	wholeClaimLink = regexp.MustCompile(`(?:^|%23|[^A-Za-z0-9_-])` + claimName + claimDot + claimKey + `(?:$|[^A-Za-z0-9_-])`)
	// likeClaimLink also has what is left of one that was cut off or changed.
	likeClaimLink = regexp.MustCompile(`(?i:/claim/?(?:index\.html)?(?:\?[^\s#]*)?(?:#|%23).)|` + `[0-9a-fA-F]{32}` + claimDot + `[A-Za-z0-9_-]{8}`)
)

// Why a text is no claim link.
var (
	ErrNoClaimLink     = errors.New("it contains no claim link")
	ErrBrokenClaimLink = errors.New("this claim link was cut off or changed")
)

// ParseClaimLink reads the first whole claim link in a text, to whatever site it
// leads, or its fragment alone. The error is ErrNoClaimLink or
// ErrBrokenClaimLink, and never quotes the text.
func ParseClaimLink(text string) (ClaimLink, error) {
	if parts := wholeClaimLink.FindStringSubmatch(text); parts != nil {
		return ClaimLink{Name: parts[1], Key: parts[2]}, nil
	}
	if likeClaimLink.MatchString(text) {
		return ClaimLink{}, ErrBrokenClaimLink
	}
	return ClaimLink{}, ErrNoClaimLink
}

// HasClaimLink tells whether a text holds a claim link, or part of one: what was
// cut off may be guessed or found, so it is not to be repeated either.
func HasClaimLink(text []byte) bool { return likeClaimLink.Match(text) }

// The lengths of a claim link's parts.
const (
	claimNameLength = 32
	claimKeyLength  = 43
)

// FindClaimLink finds the first name and key of a capsule in text, or in any
// other bytes, and returns their offset; -1: there are none. They give the
// award away whatever stands around them, so they are found where ParseClaimLink
// finds no link: within longer words, and with a last character that was
// changed. Nothing else that laurel writes has this shape.
func FindClaimLink(data []byte) int {
	first := -1
	for _, dot := range []string{".", "%2E", "%2e"} {
		if at := findAround(data, []byte(dot)); at >= 0 && (first < 0 || at < first) {
			first = at
		}
	}
	return first
}

// findAround finds the first name and key with dot between them.
func findAround(data, dot []byte) int {
	for at := 0; ; at++ {
		next := bytes.Index(data[at:], dot)
		if next < 0 {
			return -1
		}
		at += next
		if start := at - claimNameLength; start >= 0 && startsWithKey(data[at+len(dot):]) && isHex(data[start:at]) {
			return start
		}
	}
}

func startsWithKey(data []byte) bool {
	return len(data) >= claimKeyLength && !slices.ContainsFunc(data[:claimKeyLength], func(c byte) bool {
		return (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '_'
	})
}

func isHex(data []byte) bool {
	return !slices.ContainsFunc(data, func(c byte) bool { return (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'f') })
}
