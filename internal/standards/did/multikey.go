package did

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/x509"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"github.com/decred/dcrd/dcrec/secp256k1/v4"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/mr-tron/base58"

	"laurel/internal/material/text"
)

// keyKind is a row of the Multikey table (Controlled Identifiers v1.0, 2.2.2
// "Multikey").
type keyKind struct {
	name  string
	code  uint64 // multicodec
	size  int    // bytes after the code; 0: any
	curve elliptic.Curve
}

func keyKinds() []keyKind {
	return []keyKind{
		{Ed25519, 0xed, ed25519.PublicKeySize, nil},
		{P256, 0x1200, 33, elliptic.P256()},
		{P384, 0x1201, 49, elliptic.P384()},
		{Secp256k1, 0xe7, secp256k1.PubKeyBytesLenCompressed, nil},
		{RSA, 0x1205, 0, nil},
		{asJWK, 0xeb51, 0, nil},
	}
}

// asJWK is the kind of a Multikey that is a JWK of any kind: jwk_jcs-pub, which EBSI's
// did:key are.
const asJWK = "JWK"

// The kinds of keys, as Kind names them.
const (
	Ed25519   = "Ed25519"
	P256      = "P-256"
	P384      = "P-384"
	Secp256k1 = "secp256k1"
	RSA       = "RSA"
)

// Kind is the kind of a public key; empty for one that is of none of them.
func Kind(key crypto.PublicKey) string {
	switch key := key.(type) {
	case ed25519.PublicKey:
		return Ed25519
	case *rsa.PublicKey:
		return RSA
	case *secp256k1.PublicKey:
		return Secp256k1
	case *ecdsa.PublicKey:
		for _, kind := range keyKinds() {
			if kind.curve != nil && kind.curve == key.Curve {
				return kind.name
			}
		}
	}
	return ""
}

// EncodeMultikey returns the publicKeyMultibase of an ed25519.PublicKey, a
// *secp256k1.PublicKey or an *ecdsa.PublicKey on P-256 or P-384: "z" and the
// base58btc of the multicodec code and the key, points compressed.
func EncodeMultikey(key crypto.PublicKey) (string, error) {
	switch key := key.(type) {
	case ed25519.PublicKey:
		if len(key) != ed25519.PublicKeySize {
			return "", fmt.Errorf("encode Multikey: an Ed25519 key has %d bytes, this one %d", ed25519.PublicKeySize, len(key))
		}
		return encodeKind(Ed25519, key), nil
	case *secp256k1.PublicKey:
		return encodeKind(Secp256k1, key.SerializeCompressed()), nil
	case *ecdsa.PublicKey:
		if kind := Kind(key); kind != "" {
			point, err := key.Bytes()
			if err != nil {
				return "", fmt.Errorf("encode Multikey: %v", err)
			}
			return encodeKind(kind, compress(point)), nil
		}
	}
	return "", fmt.Errorf("encode Multikey: no code for a key of type %T", key)
}

func encodeKind(name string, key []byte) string {
	kinds := keyKinds()
	i := slices.IndexFunc(kinds, func(k keyKind) bool { return k.name == name })
	return "z" + base58.Encode(append(binary.AppendUvarint(nil, kinds[i].code), key...))
}

// compress turns 0x04 ‖ X ‖ Y into 0x02|0x03 ‖ X (SEC 1, 2.3.3).
func compress(point []byte) []byte {
	n := len(point) / 2
	return append([]byte{2 | point[len(point)-1]&1}, point[1:1+n]...)
}

// DecodeMultikey returns the key of a publicKeyMultibase: ed25519.PublicKey,
// *ecdsa.PublicKey on P-256 or P-384, *secp256k1.PublicKey, or *rsa.PublicKey. It
// takes base58btc, and base64url without padding, each in its one spelling; exactly
// the bytes of the kind; points that are on the curve; RSA keys in DER and JWKs in
// canonical JSON (jwk_jcs-pub). The error is ErrUnsupportedKey for a multicodec that
// is not read here. Low-order Ed25519 keys pass: proof.CheckPublicKey refuses them.
func DecodeMultikey(s string) (_ crypto.PublicKey, err error) {
	defer wrap(&err, "decode Multikey")
	if s == "" || len(s) > maxMultikey {
		return nil, errors.New("empty, or too long")
	}
	var data []byte
	switch s[0] {
	case 'z':
		if data, err = fromBase58(s[1:]); err != nil {
			return nil, err
		}
	case 'u':
		var ok bool
		if data, ok = text.Base64URL(s[1:]); !ok {
			return nil, errors.New("not base64url")
		}
	default:
		return nil, errors.New("not base58btc (no z in front)")
	}
	code, n := binary.Uvarint(data)
	// Multicodecs of one byte are of other things than keys, and no key is that short.
	if n < 2 || n > 9 || data[n-1] == 0 || len(data)-n < 32 {
		return nil, errors.New("not a key with its multicodec")
	}
	body := data[n:]
	for _, kind := range keyKinds() {
		if kind.code == code {
			return kind.decode(body)
		}
	}
	return nil, fmt.Errorf("%w: multicodec %#x", ErrUnsupportedKey, code)
}

// fromBase58 reads the one spelling. A library that reads two as one key would let
// one key have two names.
func fromBase58(s string) ([]byte, error) {
	data, err := base58.Decode(s)
	if err != nil || base58.Encode(data) != s {
		return nil, errors.New("not canonical base58btc")
	}
	return data, nil
}

// decodeBase58 reads a publicKeyBase58: a key of the first of the kinds, without
// multicodec.
func decodeBase58(s string, kinds []string) (crypto.PublicKey, error) {
	all := keyKinds()
	i := slices.IndexFunc(all, func(k keyKind) bool { return len(kinds) > 0 && k.name == kinds[0] && k.size > 0 })
	if i < 0 {
		return nil, fmt.Errorf("%w: publicKeyBase58 of a type that has none", ErrUnsupportedKey)
	}
	if len(s) > maxMultikey {
		return nil, errors.New("publicKeyBase58 is too long")
	}
	data, err := fromBase58(s)
	if err != nil {
		return nil, err
	}
	return all[i].decode(data)
}

// decode reads the bytes of a key of the kind.
func (k keyKind) decode(body []byte) (crypto.PublicKey, error) {
	if k.name != Ed25519 && k.size > 0 && len(body) == 2*k.size-1 && body[0] == 4 {
		return nil, fmt.Errorf("%w: a %s point that is not compressed", ErrUnsupportedKey, k.name)
	}
	if k.size > 0 && len(body) != k.size {
		return nil, fmt.Errorf("%s key has %d bytes, not %d", k.name, len(body), k.size)
	}
	switch k.name {
	case Ed25519:
		return ed25519.PublicKey(body), nil
	case RSA:
		return decodePKCS1(body)
	case asJWK:
		return decodeCanonicalJWK(body)
	case Secp256k1:
		key, err := secp256k1.ParsePubKey(body)
		if err != nil {
			return nil, fmt.Errorf("%s key is not a compressed point on its curve", k.name)
		}
		return key, nil
	}
	x, y := elliptic.UnmarshalCompressed(k.curve, body)
	if x == nil {
		return nil, fmt.Errorf("%s key is not a compressed point on its curve", k.name)
	}
	return parsePoint(k.curve, x.FillBytes(make([]byte, k.size-1)), y.FillBytes(make([]byte, k.size-1)))
}

// decodePKCS1 reads an RSAPublicKey (RFC 8017, A.1.1) in DER.
func decodePKCS1(der []byte) (crypto.PublicKey, error) {
	key, err := x509.ParsePKCS1PublicKey(der)
	if err != nil || !bytes.Equal(x509.MarshalPKCS1PublicKey(key), der) {
		return nil, errors.New("not an RSAPublicKey in DER")
	}
	if err := checkRSA(key); err != nil {
		return nil, err
	}
	return key, nil
}

// decodeCanonicalJWK reads a JWK in the form of RFC 8785: one key, one name.
func decodeCanonicalJWK(data []byte) (crypto.PublicKey, error) {
	canonical := jsontext.Value(bytes.Clone(data))
	var jwk map[string]any
	if err := read(data, &jwk); err != nil || jwk == nil || canonical.Canonicalize() != nil || !bytes.Equal(canonical, data) {
		return nil, errors.New("not a JWK in canonical JSON")
	}
	return DecodeJWK(jwk)
}

// parsePoint makes a key of two coordinates of full length, on the curve.
func parsePoint(curve elliptic.Curve, x, y []byte) (*ecdsa.PublicKey, error) {
	point := append([]byte{4}, x...)
	return ecdsa.ParseUncompressedPublicKey(curve, append(point, y...))
}
