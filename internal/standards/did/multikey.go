package did

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"errors"
	"fmt"

	"github.com/mr-tron/base58"
)

// keyKind is a row of the Multikey table (Controlled Identifiers v1.0, 2.2.2
// "Multikey").
type keyKind struct {
	name   string
	header [2]byte // multicodec code as a varint
	size   int     // bytes after the header
	curve  elliptic.Curve
}

func keyKinds() []keyKind {
	return []keyKind{
		{Ed25519, [2]byte{0xed, 0x01}, ed25519.PublicKeySize, nil},
		{P256, [2]byte{0x80, 0x24}, 33, elliptic.P256()},
		{P384, [2]byte{0x81, 0x24}, 49, elliptic.P384()},
	}
}

// The kinds of keys, as Kind names them.
const (
	Ed25519 = "Ed25519"
	P256    = "P-256"
	P384    = "P-384"
	RSA     = "RSA"
)

// Kind is the kind of a public key; empty for one that is of none of them.
func Kind(key crypto.PublicKey) string {
	switch key := key.(type) {
	case ed25519.PublicKey:
		return Ed25519
	case *rsa.PublicKey:
		return RSA
	case *ecdsa.PublicKey:
		for _, kind := range keyKinds() {
			if kind.curve != nil && kind.curve == key.Curve {
				return kind.name
			}
		}
	}
	return ""
}

// maxMultikey is longer than the longest Multikey, of P-384 with 71 characters.
const maxMultikey = 80

// EncodeMultikey returns the publicKeyMultibase of an ed25519.PublicKey or an
// *ecdsa.PublicKey on P-256 or P-384: "z" and the base58btc of the multicodec
// header and the key, points compressed.
func EncodeMultikey(key crypto.PublicKey) (string, error) {
	switch key := key.(type) {
	case ed25519.PublicKey:
		if len(key) != ed25519.PublicKeySize {
			return "", fmt.Errorf("encode Multikey: an Ed25519 key has %d bytes, this one %d", ed25519.PublicKeySize, len(key))
		}
		return encodeKind(keyKinds()[0], key), nil
	case *ecdsa.PublicKey:
		for _, kind := range keyKinds() {
			if kind.curve == nil || key.Curve != kind.curve {
				continue
			}
			point, err := key.Bytes()
			if err != nil {
				return "", fmt.Errorf("encode Multikey: %v", err)
			}
			return encodeKind(kind, compress(point)), nil
		}
	}
	return "", fmt.Errorf("encode Multikey: no code for a key of type %T", key)
}

func encodeKind(kind keyKind, key []byte) string {
	return "z" + base58.Encode(append(kind.header[:], key...))
}

// compress turns 0x04 ‖ X ‖ Y into 0x02|0x03 ‖ X (SEC 1, 2.3.3).
func compress(point []byte) []byte {
	n := len(point) / 2
	return append([]byte{2 | point[len(point)-1]&1}, point[1:1+n]...)
}

// DecodeMultikey returns the key of a publicKeyMultibase: ed25519.PublicKey, or
// *ecdsa.PublicKey on P-256 or P-384. It takes base58btc only, in the one
// spelling EncodeMultikey writes, with exactly the bytes of the kind, and points
// that are on the curve. Low-order Ed25519 keys pass: proof.CheckPublicKey
// refuses them.
func DecodeMultikey(s string) (_ crypto.PublicKey, err error) {
	defer wrap(&err, "decode Multikey")
	if s == "" || s[0] != 'z' {
		return nil, errors.New("not base58btc (no z in front)")
	}
	if len(s) > maxMultikey {
		return nil, errors.New("too long")
	}
	data, err := base58.Decode(s[1:])
	if err != nil {
		return nil, errors.New("not base58btc")
	}
	// A library that reads two spellings as one key would let one key have
	// two names.
	if base58.Encode(data) != s[1:] {
		return nil, errors.New("not canonical base58btc")
	}
	for _, kind := range keyKinds() {
		body, ok := bytes.CutPrefix(data, kind.header[:])
		if !ok {
			continue
		}
		if len(body) != kind.size {
			return nil, fmt.Errorf("%s key has %d bytes, not %d", kind.name, len(body), kind.size)
		}
		if kind.curve == nil {
			return ed25519.PublicKey(body), nil
		}
		x, y := elliptic.UnmarshalCompressed(kind.curve, body)
		if x == nil {
			return nil, fmt.Errorf("%s key is not a compressed point on its curve", kind.name)
		}
		return parsePoint(kind.curve, x.FillBytes(make([]byte, kind.size-1)), y.FillBytes(make([]byte, kind.size-1)))
	}
	return nil, errors.New("of no known kind (Ed25519, P-256, P-384)")
}

// parsePoint makes a key of two coordinates of full length, on the curve.
func parsePoint(curve elliptic.Curve, x, y []byte) (*ecdsa.PublicKey, error) {
	point := append([]byte{4}, x...)
	return ecdsa.ParseUncompressedPublicKey(curve, append(point, y...))
}
