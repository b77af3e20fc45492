package proof_test

import (
	"bytes"
	"crypto/elliptic"
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"testing"

	"github.com/decred/dcrd/dcrec/secp256k1/v4"
	"github.com/decred/dcrd/dcrec/secp256k1/v4/ecdsa"

	"laurel/internal/standards/proof"
)

// TestES256K: a JWS verifies under its key, also with the other s, and under no other
// key; r and s have 32 bytes each, between one and the order.
func TestES256K(t *testing.T) {
	key := secp256k1.PrivKeyFromBytes(bytes.Repeat([]byte{7}, 32))
	input := b64(`{"alg":"ES256K","kid":"k"}`) + "." + b64(`{"name":"x"}`)
	digest := sha256.Sum256([]byte(input))
	made := ecdsa.Sign(key, digest[:])
	r, low := made.R(), made.S()
	high := low
	high.Negate()
	join := func(r, s secp256k1.ModNScalar) []byte {
		x, y := r.Bytes(), s.Bytes()
		return slices.Concat(x[:], y[:])
	}
	order := secp256k1.Params().N.Bytes()
	other := secp256k1.PrivKeyFromBytes(bytes.Repeat([]byte{8}, 32))
	for _, c := range []struct {
		name      string
		signature []byte
		key       any
		code      string
	}{
		{"good", join(r, low), key.PubKey(), ""},
		{"larger-s", join(r, high), key.PubKey(), ""},
		{"other-key", join(r, low), other.PubKey(), "signature-invalid"},
		{"exchanged", join(low, r), key.PubKey(), "signature-invalid"},
		{"p256", join(r, low), testKeyOn(t, elliptic.P256()).Public(), "key-mismatch"},
		{"ed25519", join(r, low), testKey().Public(), "key-mismatch"},
		{"no-point", join(r, low), &secp256k1.PublicKey{}, "key-malformed"},
		{"der", made.Serialize(), key.PubKey(), "signature-malformed"},
		{"short", join(r, low)[:63], key.PubKey(), "signature-malformed"},
		{"long", append(join(r, low), 0), key.PubKey(), "signature-malformed"},
		{"zero-r", slices.Concat(make([]byte, 32), join(r, low)[32:]), key.PubKey(), "signature-malformed"},
		{"zero-s", slices.Concat(join(r, low)[:32], make([]byte, 32)), key.PubKey(), "signature-malformed"},
		{"order-as-s", slices.Concat(join(r, low)[:32], order), key.PubKey(), "signature-malformed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			j, err := proof.ParseJWS(input + "." + base64.RawURLEncoding.EncodeToString(c.signature))
			if err != nil {
				t.Fatal(err)
			}
			wantCode(t, j.Verify(c.key), c.code)
		})
	}
}
