package capsule

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"laurel/internal/material/text"
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
// The key is derived from the capsule's, and the header's kid says how: the info
// of its derivation is kid and " key".
func SealPage(html []byte, key string, theme [32]byte) (string, error) {
	if len(html) > maxPage {
		return "", fmt.Errorf("seal a page: it has %d bytes, and there is room for %d", len(html), maxPage)
	}
	if strings.HasSuffix(string(html), " ") {
		return "", errors.New("seal a page: spaces at its end would be lost")
	}
	secret, err := decodeKey(key)
	if err != nil {
		return "", fmt.Errorf("seal a page: %w", err)
	}
	h := newHeader(pageKid(theme))
	own, err := derive(secret, h.Kid+" key")
	if err != nil {
		return "", fmt.Errorf("seal a page: %w", err)
	}
	blocks, err := deflate(html)
	if err != nil {
		return "", fmt.Errorf("seal a page: compress: %w", err)
	}
	jwe, err := encrypt(h, blocks, PageLeast, own, secret)
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

// OpenPage decrypts the page beside the capsule that has this key, whatever theme
// it was made with.
func OpenPage(jwe, key string) ([]byte, error) {
	p, err := parse(jwe)
	if err != nil {
		return nil, fmt.Errorf("open a page: not a page: %w", err)
	}
	if !isPageKid(p.header.Kid) {
		return nil, errors.New("open a page: not a page: its header does not say which key it has")
	}
	secret, err := decodeKey(key)
	if err != nil {
		return nil, fmt.Errorf("open a page: %w", err)
	}
	own, err := derive(secret, p.header.Kid+" key")
	if err != nil {
		return nil, fmt.Errorf("open a page: %w", err)
	}
	packed, err := p.decrypt(own)
	if err != nil {
		return nil, fmt.Errorf("open a page: %w", err)
	}
	html, err := unpack(packed, PageLeast, maxPage+PageLeast)
	if err != nil {
		return nil, fmt.Errorf("open a page: not a page: %w", err)
	}
	return html, nil
}

func isPageKid(kid string) bool {
	digest, ok := strings.CutPrefix(kid, kidStart)
	b, decoded := text.Base64URL(digest)
	return ok && decoded && len(b) == sha256.Size
}
