package proof

import (
	"crypto"

	"github.com/mr-tron/base58"

	"laurel/internal/standards/rdfc"
)

// A cryptosuite is one row of suites. Its name is what a proof of type
// DataIntegrityProof says in "cryptosuite".
type cryptosuite struct {
	name string

	// parameters tells how to hash and how long a signature is for a public
	// key, and refuses keys of another kind.
	parameters func(key crypto.PublicKey) (parameters, error)

	// sign signs the hash data of the suite, verify checks a signature of the
	// right length over it.
	sign   func(key crypto.Signer, hashData []byte) ([]byte, error)
	verify func(key crypto.PublicKey, hashData, signature []byte) error
}

// parameters of a suite under one key.
type parameters struct {
	canonical rdfc.Hash // inside RDFC-1.0
	hash      crypto.Hash
	signature int // bytes
}

// suites are all that are known; another one is a file with a function like
// eddsaRDFC2022, and a row here.
var suites = []cryptosuite{
	eddsaRDFC2022(),
}

const defaultSuite = "eddsa-rdfc-2022"

func suiteNamed(name string) (cryptosuite, error) {
	for _, s := range suites {
		if s.name == name {
			return s, nil
		}
	}
	return cryptosuite{}, &Error{Code: "suite-unknown", Detail: "the cryptosuite of the proof is not known"}
}

// encodeValue writes a signature as multibase, base58btc.
func encodeValue(signature []byte) string {
	return "z" + base58.Encode(signature)
}

// decodeValue reads a proofValue that must be multibase base58btc of exactly
// size bytes, in the one form that encodeValue gives.
func decodeValue(value string, size int) ([]byte, error) {
	malformed := func(detail string) ([]byte, error) {
		return nil, &Error{Code: "signature-malformed", Detail: detail}
	}
	if value == "" || value[0] != 'z' {
		return malformed("proofValue is not multibase base58btc")
	}
	if len(value) > 2*size {
		return malformed("proofValue is too long") // decoding takes quadratic time
	}
	signature, err := base58.Decode(value[1:])
	if err != nil || encodeValue(signature) != value {
		return malformed("proofValue is not base58btc")
	}
	if len(signature) != size {
		return malformed("the signature has the wrong length")
	}
	return signature, nil
}
