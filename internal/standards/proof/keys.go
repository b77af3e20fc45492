package proof

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"encoding/hex"
	"fmt"
	"math/big"
	"slices"

	"github.com/decred/dcrd/dcrec/secp256k1/v4"

	"laurel/internal/standards/jsonld"
)

// CheckPublicKey refuses public keys that must not verify anything: of a kind
// no cryptosuite here uses, of wrong size, not on their curve, written in a
// non-canonical form, or of low order. With a low-order Ed25519 key one
// signature fits every message, and crypto/ed25519 takes such keys.
// Errors are *jsonld.Error with code key-malformed, key-low-order or key-weak.
func CheckPublicKey(key crypto.PublicKey) error {
	if key, ok := key.(ed25519.PublicKey); ok {
		return checkEd25519(key)
	}
	return checkKey(key)
}

// checkKey is CheckPublicKey for a key that is about to be used.
func checkKey(key crypto.PublicKey) error {
	switch key := key.(type) {
	case ed25519.PublicKey:
		return checkEncoding(key)
	case *ecdsa.PublicKey:
		if key == nil || key.Curve != elliptic.P256() && key.Curve != elliptic.P384() {
			return &jsonld.Error{Code: "key-malformed", Detail: "an ECDSA key on a curve other than P-256 and P-384"}
		}
		if _, err := key.ECDH(); err != nil {
			return &jsonld.Error{Code: "key-malformed", Detail: "an ECDSA key that is not a point of its curve", Err: err}
		}
		return nil
	case *secp256k1.PublicKey:
		if key == nil || !key.IsOnCurve() {
			return &jsonld.Error{Code: "key-malformed", Detail: "a secp256k1 key that is not a point of its curve"}
		}
		return nil
	case *rsa.PublicKey:
		return checkRSA(key)
	}
	return &jsonld.Error{Code: "key-malformed", Detail: fmt.Sprintf("keys of type %T are not used", key)}
}

func checkEd25519(key ed25519.PublicKey) error {
	if err := checkEncoding(key); err != nil {
		return err
	}
	p := new(big.Int).Lsh(big.NewInt(1), 255)
	p.Sub(p, big.NewInt(19))
	y := slices.Clone(key)
	y[31] &= 0x7F // the sign of x
	slices.Reverse(y)
	// RFC 8032, section 5.1: x^2 = (y^2 - 1) / (d y^2 + 1) with d =
	// -121665/121666 must be a square. So then is (y^2 - 1)(d y^2 + 1), and that
	// times 121666^2.
	y2 := new(big.Int).SetBytes(y)
	y2.Mul(y2, y2)
	v := new(big.Int).Mul(y2, big.NewInt(-121665))
	v.Add(v, big.NewInt(121666)).Mul(v, big.NewInt(121666))
	v.Mul(v, y2.Sub(y2, big.NewInt(1))).Mod(v, p)
	if big.Jacobi(v, p) < 0 {
		return &jsonld.Error{Code: "key-malformed", Detail: "an Ed25519 key that is not a point of the curve"}
	}
	return nil
}

// checkEncoding is checkEd25519 without the question whether there is such a
// point, which costs as much as a signature and which verifying asks anyway.
func checkEncoding(key ed25519.PublicKey) error {
	if len(key) != ed25519.PublicKeySize {
		return &jsonld.Error{Code: "key-malformed", Detail: fmt.Sprintf("an Ed25519 key of %d bytes", len(key))}
	}
	y := slices.Clone(key)
	y[31] &= 0x7F
	if lowOrder(y) {
		return &jsonld.Error{Code: "key-low-order", Detail: "an Ed25519 key of low order"}
	}
	high := bytes.Count(y[1:31], []byte{0xFF}) == 30 && y[31] == 0x7F
	if high && y[0] >= 0xED { // 2^255 - 19 and above
		return &jsonld.Error{Code: "key-malformed", Detail: "an Ed25519 key in non-canonical form"}
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
