package did

import (
	"crypto"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"fmt"
)

// EncodeKey is the text by which the ledger and the keys folder know a public key:
// EncodeMultikey's, and for an *rsa.PublicKey of 2,048 to 8,192 bits the same of its
// RSAPublicKey in DER (RFC 8017, A.1.1), which is never published: the Multikey table
// of Controlled Identifiers v1.0 does not have it. Keys on secp256k1, which laurel only
// verifies with, have none.
func EncodeKey(key crypto.PublicKey) (string, error) {
	public, ok := key.(*rsa.PublicKey)
	switch {
	case Kind(key) == Secp256k1:
		return "", fmt.Errorf("%w: laurel signs with no keys on secp256k1", ErrUnsupportedKey)
	case !ok:
		return EncodeMultikey(key)
	}
	if err := checkRSA(public); err != nil {
		return "", fmt.Errorf("encode RSA key: %w", err)
	}
	return encodeKind(RSA, x509.MarshalPKCS1PublicKey(public)), nil
}

// DecodeKey reads what EncodeKey writes, and nothing else.
func DecodeKey(s string) (crypto.PublicKey, error) {
	key, err := DecodeMultikey(s)
	if err != nil {
		return nil, err
	}
	if again, err := EncodeKey(key); err != nil || again != s {
		return nil, errors.New("decode key: not in its one spelling")
	}
	return key, nil
}
