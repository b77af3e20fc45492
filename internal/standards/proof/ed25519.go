package proof

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"fmt"
	"slices"

	"laurel/internal/standards/jsonld"
	"laurel/internal/standards/rdfc"
)

// ed25519Parameters are those of every suite with Ed25519.
func ed25519Parameters(suite string) func(crypto.PublicKey) (parameters, error) {
	return func(key crypto.PublicKey) (parameters, error) {
		if _, ok := key.(ed25519.PublicKey); !ok {
			return parameters{}, &jsonld.Error{Code: "key-mismatch", Detail: suite + " needs an Ed25519 key"}
		}
		return parameters{rdfc.SHA256, crypto.SHA256, ed25519.SignatureSize}, nil
	}
}

func signEd25519(key crypto.Signer, hashData []byte) ([]byte, error) {
	signature, err := key.Sign(rand.Reader, hashData, crypto.Hash(0))
	if err != nil {
		return nil, fmt.Errorf("sign with Ed25519: %w", err)
	}
	return signature, nil
}

// verifyEd25519 is RFC 8032 without cofactor, as crypto/ed25519 does it.
func verifyEd25519(key crypto.PublicKey, hashData, signature []byte) error {
	if err := formEd25519(key, signature); err != nil {
		return err
	}
	if !ed25519.Verify(key.(ed25519.PublicKey), hashData, signature) {
		return &jsonld.Error{Code: "signature-invalid", Detail: notFitting}
	}
	return nil
}

// formEd25519 tells a signature of the wrong length or with S out of range from
// one that does not fit.
func formEd25519(_ crypto.PublicKey, signature []byte) error {
	if len(signature) != ed25519.SignatureSize {
		return &jsonld.Error{Code: "signature-malformed", Detail: "the signature has the wrong length"}
	}
	if !reducedScalar(signature[32:]) {
		return &jsonld.Error{Code: "signature-malformed", Detail: "S of the signature is not below the group order"}
	}
	return nil
}

// reducedScalar tells whether little-endian s is below the order of the group,
// 2^252 + 27742317777372353535851937790883648493. RFC 8032, section 5.1.7: else
// anyone could make a second signature from a first.
func reducedScalar(s []byte) bool {
	order := []byte{
		0x10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
		0x14, 0xde, 0xf9, 0xde, 0xa2, 0xf7, 0x9c, 0xd6, 0x58, 0x12, 0x63, 0x1a, 0x5c, 0xf5, 0xd3, 0xed,
	}
	s = slices.Clone(s)
	slices.Reverse(s)
	return slices.Compare(s, order) < 0
}
