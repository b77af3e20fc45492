package capsule

import (
	"encoding/base64"
	"testing"
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
