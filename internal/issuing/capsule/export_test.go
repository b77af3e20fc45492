package capsule

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"testing"

	"laurel/internal/material/text"
)

// PageKey is the key of the page beside the capsule with a key.
func PageKey(t testing.TB, key string, theme [32]byte) string {
	t.Helper()
	secret, err := decodeKey(key)
	if err != nil {
		t.Fatal(err)
	}
	own, err := derive(secret, pageKid(theme)+" key")
	if err != nil {
		t.Fatal(err)
	}
	return base64.RawURLEncoding.EncodeToString(own)
}

// OpenPage reads as the claim page does: it is the HTML of an encrypted page, by
// the key of the capsule that it is beside.
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
