package text

import (
	"strings"

	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"
)

// Email is the one spelling of an e-mail address in which it is hashed and
// compared: composed (NFC), in small letters, the domain in its own letters and
// not as xn--…. That the part before the @ may tell capitals from small letters
// (RFC 5321, 2.4) is true of no mailbox that people have, and of no wallet. What
// has no @ is given back composed and in small letters.
func Email(address string) string {
	local, domain := Address(address)
	if u, err := idna.Lookup.ToUnicode(domain); err == nil {
		domain = u
	}
	return norm.NFC.String(strings.ToLower(norm.NFC.String(local))) + norm.NFC.String(strings.ToLower(norm.NFC.String(domain)))
}

// Address parts an e-mail address behind its last @; what has none has no domain.
func Address(s string) (local, domain string) {
	at := strings.LastIndexByte(s, '@') + 1
	if at == 0 {
		return s, ""
	}
	return s[:at], s[at:]
}
