package capsule

import (
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
)

// pageVersion is that of the form of pages and of the way to their keys. It is
// to be raised, too, when laurel itself draws pages otherwise: all of them are
// then new, and which of them show the difference is told to nobody.
const pageVersion = "1"

// SealPage encrypts the page of an award, HTML in UTF-8, beside the capsule that
// has this key. theme is a digest of all that the pages of a site have in common:
// where it changes, every page gets another key and so other bytes; the same page
// under the same key and theme always gives the same.
//
// The key is made of the capsule's by HKDF-SHA256 (RFC 5869) without a salt, and
// the header's kid says from what: its info is kid and " key". The initialisation
// vector is the beginning of an HMAC of what is encrypted, whose key is made with
// kid and " nonce".
func SealPage(html []byte, key string, theme [32]byte) (string, error) {
	if len(html) > maxPage {
		return "", fmt.Errorf("seal a page: it has %d bytes, and there is room for %d", len(html), maxPage)
	}
	if strings.HasSuffix(string(html), " ") {
		return "", errors.New("seal a page: spaces at its end would be lost")
	}
	kid := pageKid(theme)
	raw, err := pageKey(key, kid, " key")
	if err != nil {
		return "", fmt.Errorf("seal a page: %w", err)
	}
	mac, err := pageKey(key, kid, " nonce")
	if err != nil {
		return "", fmt.Errorf("seal a page: %w", err)
	}
	packed, err := pack(html, PageLeast)
	if err != nil {
		return "", fmt.Errorf("seal a page: %w", err)
	}
	jwe, err := encrypt(newHeader(kid), packed, raw, contentNonce(mac, packed))
	if err != nil {
		return "", fmt.Errorf("seal a page: %w", err)
	}
	return jwe, nil
}

const kidStart = "page-" + pageVersion + "."

// pageKid names the key of a page: the version, and the digest in base64url.
func pageKid(theme [32]byte) string {
	return kidStart + base64.RawURLEncoding.EncodeToString(theme[:])
}

// pageKey is a key of 32 bytes for a use of a page's.
func pageKey(key, kid, use string) ([]byte, error) {
	raw, err := decodeKey(key)
	if err != nil {
		return nil, err
	}
	return hkdf.Key(sha256.New, raw, nil, kid+use, sha256.Size)
}
