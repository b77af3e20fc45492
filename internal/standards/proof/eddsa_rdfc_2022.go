package proof

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"fmt"
	"slices"

	"laurel/internal/standards/rdfc"
)

// eddsaRDFC2022 is the suite of Data Integrity EdDSA Cryptosuites v1.0, W3C
// Recommendation of 15 May 2025, section 3.2: RDFC-1.0 and SHA-256, Ed25519
// over the hash of the proof options followed by the hash of the document.
func eddsaRDFC2022() cryptosuite {
	return cryptosuite{
		name: "eddsa-rdfc-2022",
		parameters: func(key crypto.PublicKey) (parameters, error) {
			if _, ok := key.(ed25519.PublicKey); !ok {
				return parameters{}, &Error{Code: "key-mismatch", Detail: "eddsa-rdfc-2022 needs an Ed25519 key"}
			}
			return parameters{rdfc.SHA256, crypto.SHA256, ed25519.SignatureSize}, nil
		},
		sign: func(key crypto.Signer, hashData []byte) ([]byte, error) {
			signature, err := key.Sign(rand.Reader, hashData, crypto.Hash(0))
			if err != nil {
				return nil, fmt.Errorf("sign with Ed25519: %w", err)
			}
			return signature, nil
		},
		verify: verifyEd25519,
	}
}

// verifyEd25519 is RFC 8032 without cofactor, as crypto/ed25519 does it, and
// tells an S out of range from a signature that does not fit.
func verifyEd25519(key crypto.PublicKey, hashData, signature []byte) error {
	if !reducedScalar(signature[32:]) {
		return &Error{Code: "signature-malformed", Detail: "S of the signature is not below the group order"}
	}
	if !ed25519.Verify(key.(ed25519.PublicKey), hashData, signature) {
		return &Error{Code: "signature-invalid", Detail: "the signature does not fit document, proof options and key"}
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
