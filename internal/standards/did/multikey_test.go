package did_test

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"fmt"
	"math/big"
	"strings"
	"testing"

	"github.com/decred/dcrd/dcrec/secp256k1/v4"
	"github.com/mr-tron/base58"

	"laurel/internal/standards/did"
)

// Keys published in the examples of Controlled Identifiers v1.0, VC Data
// Integrity EdDSA and ECDSA Cryptosuites v1.0.
const (
	ed25519Multikey = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
	p256Multikey    = "zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP"
	p384Multikey    = "z82LkuBieyGShVBhvtE2zoiD6Kma4tJGFtkAhxR5pfkp5QPw4LutoYWhvQCnGjdVn14kujQ"
)

func TestMultikeyRoundTrip(t *testing.T) {
	for name, s := range map[string]string{"ed25519": ed25519Multikey, "p256": p256Multikey, "p384": p384Multikey} {
		t.Run(name, func(t *testing.T) {
			key, err := did.DecodeMultikey(s)
			if err != nil {
				t.Fatal(err)
			}
			if back, err := did.EncodeMultikey(key); err != nil || back != s {
				t.Errorf("encoded again = %q, %v; want %q", back, err, s)
			}
		})
	}
}

func TestMultikeyOfNewKeys(t *testing.T) {
	ed, _, _ := ed25519.GenerateKey(rand.Reader)
	keys := []crypto.PublicKey{ed}
	// Both signs of Y have to come back.
	for range 8 {
		for _, curve := range []elliptic.Curve{elliptic.P256(), elliptic.P384()} {
			key, err := ecdsa.GenerateKey(curve, rand.Reader)
			if err != nil {
				t.Fatal(err)
			}
			keys = append(keys, &key.PublicKey)
		}
	}
	// The longest that is taken as well.
	for _, bits := range []int{2048, 8192} {
		n := new(big.Int).Lsh(big.NewInt(1), uint(bits))
		keys = append(keys, &rsa.PublicKey{N: n.Sub(n, big.NewInt(1)), E: 65537})
	}
	for _, key := range keys {
		s, err := did.EncodeKey(key)
		if err != nil {
			t.Fatal(err)
		}
		back, err := did.DecodeKey(s)
		if err != nil {
			t.Fatalf("%s: %v", s, err)
		}
		if eq := key.(interface{ Equal(crypto.PublicKey) bool }); !eq.Equal(back) {
			t.Errorf("%s decodes to another key", s)
		}
	}
}

func TestEncodeMultikeyRefuses(t *testing.T) {
	r, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	weak := &rsa.PublicKey{N: new(big.Int).SetBytes(bytes.Repeat([]byte{0xff}, 128)), E: 65537}
	if s, err := did.EncodeKey(weak); err == nil {
		t.Errorf("1,024 bits: encoded as %q", s)
	}
	k256 := secp256k1.PrivKeyFromBytes(bytes.Repeat([]byte{7}, 32)).PubKey()
	if s, err := did.EncodeKey(k256); err == nil {
		t.Errorf("secp256k1: encoded as %q", s)
	}
	if s, err := did.EncodeMultikey(k256); err != nil {
		t.Error(err)
	} else if _, err := did.DecodeKey(s); err == nil {
		t.Error("a key on secp256k1 is decoded as one of laurel's")
	}
	p521, err := ecdsa.GenerateKey(elliptic.P521(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for name, key := range map[string]crypto.PublicKey{
		"nil": nil, "rsa": &r.PublicKey, "p521": &p521.PublicKey, "short-ed25519": make(ed25519.PublicKey, 31),
	} {
		if s, err := did.EncodeMultikey(key); err == nil {
			t.Errorf("%s: encoded as %q", name, s)
		}
	}
}

func TestDecodeMultikeyRefuses(t *testing.T) {
	ed := func(n int) []byte { return append([]byte{0xed, 0x01}, bytes.Repeat([]byte{7}, n)...) }
	offCurve := append([]byte{0x80, 0x24, 2}, bytes.Repeat([]byte{0xff}, 32)...)
	uncompressed := append([]byte{0x80, 0x24, 4}, bytes.Repeat([]byte{1}, 64)...)
	z := func(b []byte) string { return "z" + base58.Encode(b) }
	for name, s := range map[string]string{
		"empty":            "",
		"only-z":           "z",
		"no-prefix":        ed25519Multikey[1:],
		"base64url-padded": "u7QEHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBw=",
		"base64":           "m7QEHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBw",
		"bad-letter":       strings.Replace(ed25519Multikey, "M", "0", 1),
		"space":            ed25519Multikey + " ",
		"newline":          ed25519Multikey + "\n",
		"leading-one":      "z1" + ed25519Multikey[1:],
		"short":            z(ed(31)),
		"long":             z(ed(33)),
		"private-header":   z(append([]byte{0x80, 0x26}, bytes.Repeat([]byte{7}, 32)...)),
		"x25519-header":    z(append([]byte{0xec, 0x01}, bytes.Repeat([]byte{7}, 32)...)),
		"p256-off-curve":   z(offCurve),
		"p256-uncompress":  z(uncompressed),
		"p256-as-p384":     z(append([]byte{0x81, 0x24}, bytes.Repeat([]byte{2}, 33)...)),
		"rsa-not-der":      z(append([]byte{0x85, 0x24}, bytes.Repeat([]byte{7}, 270)...)),
		"longer-varint":    z(append([]byte{0xed, 0x81, 0}, bytes.Repeat([]byte{7}, 32)...)),
		"one-byte-codec":   z(append([]byte{0x04}, bytes.Repeat([]byte{7}, 32)...)),
		"k256-off-curve":   z(append([]byte{0xe7, 1, 2}, bytes.Repeat([]byte{0xff}, 32)...)),
		"k256-hybrid":      z(append([]byte{0xe7, 1, 6}, bytes.Repeat([]byte{7}, 32)...)),
		"jwk-spaced":       jwkMultikey(`{"crv":"Ed25519", "kty":"OKP","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}`),
		"jwk-other-order":  jwkMultikey(`{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}`),
		"jwk-private":      jwkMultikey(`{"crv":"Ed25519","d":"AA","kty":"OKP","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}`),
		"jwk-twice":        jwkMultikey(`{"crv":"Ed25519","kty":"OKP","kty":"OKP","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}`),
		"header-only":      z([]byte{0xed, 0x01}),
		"very-long":        "z" + strings.Repeat("2", 100000),
		"non-ascii-letter": "z6Mkä",
	} {
		t.Run(name, func(t *testing.T) {
			if key, err := did.DecodeMultikey(s); err == nil {
				t.Errorf("decoded as %T", key)
			}
			if key, err := did.DecodeKey(s); err == nil {
				t.Errorf("decoded as a stored key, %T", key)
			}
		})
	}
}

func jwkMultikey(jwk string) string {
	return "z" + base58.Encode(append([]byte{0xd1, 0xd6, 0x03}, jwk...))
}

func TestDecodeMultikeyOfJWK(t *testing.T) {
	key, err := did.DecodeMultikey(jwkMultikey(`{"crv":"Ed25519","kty":"OKP","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}`))
	if err != nil || did.Kind(key) != did.Ed25519 {
		t.Errorf("%v, %v", key, err)
	}
}

func ExampleDecodeMultikey() {
	key, err := did.DecodeMultikey("z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2")
	fmt.Printf("%T %v\n", key, err)
	// Output: ed25519.PublicKey <nil>
}

// What parses writes back the same.
func FuzzMultikey(f *testing.F) {
	for _, s := range []string{ed25519Multikey, p256Multikey, p384Multikey, "z", "z1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		key, err := did.DecodeKey(s)
		if err != nil {
			return
		}
		if back, err := did.EncodeKey(key); err != nil || back != s {
			t.Errorf("%q comes back as %q, %v", s, back, err)
		}
	})
}
