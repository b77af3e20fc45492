package text_test

import (
	"encoding/base64"
	"testing"

	"laurel/internal/material/text"
)

func TestBase64URL(t *testing.T) {
	for _, s := range []string{"\n", "AA\n", "A\rA", "AB", "AAB", "AA==", "A", "+/", "A A", "\uff21A"} {
		if data, ok := text.Base64URL(s); ok {
			t.Errorf("%q is taken for %x", s, data)
		}
	}
}

// FuzzBase64URL: what is decoded writes back the same.
func FuzzBase64URL(f *testing.F) {
	for _, s := range []string{"", "AA", "-_8", "AA\n", "AB"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if data, ok := text.Base64URL(s); ok && base64.RawURLEncoding.EncodeToString(data) != s {
			t.Errorf("%q is taken for %x", s, data)
		}
	})
}
