package vc

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"

	"laurel/internal/material/text"
)

// HashIdentity returns the identityHash of a hashed IdentityObject: "sha256$"
// and the lower-case hex digest of the identity followed by the salt, both as
// UTF-8. The salt hides the identity from a table of guesses, not from who
// holds the credential. Open Badges Specification v3.0, "IdentityHash". An
// e-mail address is hashed as HashEmail does.
func HashIdentity(identity, salt string) string {
	sum := sha256.Sum256([]byte(identity + salt))
	return "sha256$" + hex.EncodeToString(sum[:])
}

// HashEmail is HashIdentity of an e-mail address in its one spelling: see
// text.Email.
func HashEmail(address, salt string) string { return HashIdentity(text.Email(address), salt) }

// IsIdentity tells whether an identityHash is that of an identity, hashed or not,
// in any spelling that issuers have hashed: its own, in small letters, composed or
// not, the domain of an e-mail address as xn--… or in its own letters.
func IsIdentity(identityHash, salt string, hashed bool, identity string) bool {
	return slices.ContainsFunc(Spellings(identity), func(s string) bool {
		return !hashed && identityHash == s || identityHash == HashIdentity(s, salt)
	})
}

// Spellings are those of an identity, the canonical one of an e-mail address
// first.
func Spellings(identity string) []string {
	list := []string{text.Email(identity), identity}
	local, domain := text.Address(identity)
	domains := []string{domain, strings.ToLower(domain)}
	for _, as := range []func(string) (string, error){idna.Lookup.ToASCII, idna.Lookup.ToUnicode} {
		if d, err := as(domain); err == nil {
			domains = append(domains, d)
		}
	}
	for _, l := range []string{local, strings.ToLower(local)} {
		for _, d := range domains {
			list = append(list, l+d, norm.NFC.String(l+d), norm.NFD.String(l+d))
		}
	}
	slices.Sort(list[2:])
	return slices.Compact(list)
}
