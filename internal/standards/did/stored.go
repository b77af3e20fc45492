package did

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"fmt"
	"strings"

	"github.com/mr-tron/base58"
)

// rsaHeader is the multicodec code of rsa-pub as a varint. The Multikey table of
// Controlled Identifiers v1.0 does not have it, and whoever reads a Multikey by
// that specification must refuse it.
var rsaHeader = []byte{0x85, 0x24}

// maxStored is longer than the longest key that EncodeKey writes, of RSA with
// 8,192 bits.
const maxStored = 1500

// EncodeKey is the text by which the ledger and the keys folder know a public key:
// EncodeMultikey's, and for an *rsa.PublicKey of 2,048 to 8,192 bits the same of its
// RSAPublicKey in DER (RFC 8017, A.1.1), which is never published.
func EncodeKey(key crypto.PublicKey) (string, error) {
	public, ok := key.(*rsa.PublicKey)
	if !ok {
		return EncodeMultikey(key)
	}
	if err := checkRSA(public); err != nil {
		return "", fmt.Errorf("encode RSA key: %w", err)
	}
	return "z" + base58.Encode(append(bytes.Clone(rsaHeader), x509.MarshalPKCS1PublicKey(public)...)), nil
}

// DecodeKey reads what EncodeKey writes, and nothing else.
func DecodeKey(s string) (crypto.PublicKey, error) {
	if len(s) <= maxMultikey || len(s) > maxStored {
		return DecodeMultikey(s)
	}
	data, err := base58.Decode(strings.TrimPrefix(s, "z"))
	body, ok := bytes.CutPrefix(data, rsaHeader)
	if err != nil || !ok {
		return DecodeMultikey(s)
	}
	key, err := x509.ParsePKCS1PublicKey(body)
	if err != nil {
		return nil, errors.New("decode RSA key: not an RSAPublicKey in DER")
	}
	if again, err := EncodeKey(key); err != nil || again != s {
		return nil, errors.New("decode RSA key: of a size that is not used, or not in its one spelling")
	}
	return key, nil
}
