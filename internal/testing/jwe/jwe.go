// Package jwe makes for tests what seals an award, and what laurel would not
// make: other headers, other bytes, other ends.
package jwe

import (
	"bytes"
	"compress/flate"
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"io"
	"testing"
)

// Cipher is the cipher of a key, as text.
func Cipher(t testing.TB, key string) cipher.AEAD {
	t.Helper()
	k, err := base64.RawURLEncoding.DecodeString(key)
	if err != nil {
		t.Fatal(err)
	}
	block, err := aes.NewCipher(k)
	if err != nil {
		t.Fatal(err)
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		t.Fatal(err)
	}
	return gcm
}

// Forge is a compact JWE of some bytes under a header.
func Forge(t testing.TB, header string, packed []byte, key string) string {
	t.Helper()
	text := base64.RawURLEncoding.EncodeToString
	protected, nonce := text([]byte(header)), make([]byte, 12)
	sealed := Cipher(t, key).Seal(nil, nonce, packed, []byte(protected))
	cut := len(sealed) - 16
	return protected + ".." + text(nonce) + "." + text(sealed[:cut]) + "." + text(sealed[cut:])
}

// Deflate deflates a text, and puts blocks behind it: each is stored.
func Deflate(t testing.TB, text string, stored ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	for i, s := range stored {
		last := byte(0)
		if i == len(stored)-1 {
			last = 1
		}
		b.Write([]byte{last, byte(len(s)), byte(len(s) >> 8), ^byte(len(s)), ^byte(len(s) >> 8)})
		b.WriteString(s)
	}
	return b.Bytes()
}
