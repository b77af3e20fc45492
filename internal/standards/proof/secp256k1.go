package proof

import (
	"crypto"
	"crypto/sha256"

	"github.com/decred/dcrd/dcrec/secp256k1/v4"
	"github.com/decred/dcrd/dcrec/secp256k1/v4/ecdsa"

	"laurel/internal/standards/jsonld"
)

func isSecp256k1(key crypto.PublicKey) bool {
	_, ok := key.(*secp256k1.PublicKey)
	return ok
}

// formSecp256k1 tells a signature of the wrong length or with a number out of range
// from one that does not fit. RFC 8812 does not demand the smaller s.
func formSecp256k1(_ crypto.PublicKey, signature []byte) error {
	_, err := readSecp256k1(signature)
	return err
}

func readSecp256k1(signature []byte) (*ecdsa.Signature, error) {
	if len(signature) != 64 {
		return nil, &jsonld.Error{Code: "signature-malformed", Detail: "the signature has the wrong length"}
	}
	var r, s secp256k1.ModNScalar
	if r.SetByteSlice(signature[:32]) || s.SetByteSlice(signature[32:]) || r.IsZero() || s.IsZero() {
		return nil, &jsonld.Error{Code: "signature-malformed", Detail: "a number of the signature is zero or not below the group order"}
	}
	return ecdsa.NewSignature(&r, &s), nil
}

// verifySecp256k1 is ECDSA on the curve secp256k1 with SHA-256, ES256K (RFC 8812, 3.2).
// Laurel verifies it, since wallets and blockchains sign with it, and makes no such
// signature.
func verifySecp256k1(key crypto.PublicKey, data, signature []byte) error {
	read, err := readSecp256k1(signature)
	if err != nil {
		return err
	}
	digest := sha256.Sum256(data)
	if !read.Verify(digest[:], key.(*secp256k1.PublicKey)) {
		return &jsonld.Error{Code: "signature-invalid", Detail: notFitting}
	}
	return nil
}

// unusedSecp256k1 is said of a suite of ECDSA with a key on secp256k1: some sign so, but
// no specification says how.
func unusedSecp256k1(suite string) error {
	return &jsonld.Error{Code: "key-unsupported", Detail: suite + " has no keys on secp256k1"}
}
