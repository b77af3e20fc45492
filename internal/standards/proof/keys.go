package proof

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"encoding/hex"
	"fmt"
	"math/big"
	"slices"
)

// CheckPublicKey refuses public keys that must not verify anything: of a kind
// no cryptosuite here uses, of wrong size, not on their curve, written in a
// non-canonical form, or of low order. With a low-order Ed25519 key one
// signature fits every message, and crypto/ed25519 takes such keys
// (promises.md, trap 5). Errors are *Error with code key-malformed or
// key-low-order.
func CheckPublicKey(key crypto.PublicKey) error {
	switch key := key.(type) {
	case ed25519.PublicKey:
		return checkEd25519(key)
	case *ecdsa.PublicKey:
		if key == nil || key.Curve != elliptic.P256() && key.Curve != elliptic.P384() {
			return &Error{Code: "key-malformed", Detail: "an ECDSA key on a curve other than P-256 and P-384"}
		}
		if _, err := key.ECDH(); err != nil {
			return &Error{Code: "key-malformed", Detail: "an ECDSA key that is not a point of its curve", err: err}
		}
		return nil
	}
	return &Error{Code: "key-malformed", Detail: fmt.Sprintf("keys of type %T are not used", key)}
}

// curve25519 is the field and curve of RFC 8032, section 5.1.
type curve25519 struct{ p, d *big.Int }

func edwards25519() curve25519 {
	p := new(big.Int).Lsh(big.NewInt(1), 255)
	p.Sub(p, big.NewInt(19))
	// d = -121665/121666
	d := new(big.Int).ModInverse(big.NewInt(121666), p)
	d.Mul(d, big.NewInt(-121665)).Mod(d, p)
	return curve25519{p, d}
}

func checkEd25519(key ed25519.PublicKey) error {
	if len(key) != ed25519.PublicKeySize {
		return &Error{Code: "key-malformed", Detail: fmt.Sprintf("an Ed25519 key of %d bytes", len(key))}
	}
	y32 := slices.Clone(key)
	y32[31] &= 0x7F // the sign of x
	if lowOrder(y32) {
		return &Error{Code: "key-low-order", Detail: "an Ed25519 key of low order"}
	}
	slices.Reverse(y32)
	y := new(big.Int).SetBytes(y32)
	c := edwards25519()
	if y.Cmp(c.p) >= 0 {
		return &Error{Code: "key-malformed", Detail: "an Ed25519 key in non-canonical form"}
	}
	// x^2 = (y^2 - 1) / (d y^2 + 1) must be a square; so then is the product.
	y2 := y.Mul(y, y)
	u := new(big.Int).Sub(y2, big.NewInt(1))
	v := new(big.Int).Mul(c.d, y2)
	v.Add(v, big.NewInt(1)).Mul(v, u).Mod(v, c.p)
	if big.Jacobi(v, c.p) < 0 {
		return &Error{Code: "key-malformed", Detail: "an Ed25519 key that is not a point of the curve"}
	}
	return nil
}

// lowOrder compares y, little-endian and without the sign bit, with those of
// the eight points of low order and with their non-canonical forms.
func lowOrder(y []byte) bool {
	switch hex.EncodeToString(y) {
	case "0000000000000000000000000000000000000000000000000000000000000000",
		"0100000000000000000000000000000000000000000000000000000000000000",
		"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
		"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
		"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f":
		return true
	}
	return false
}
