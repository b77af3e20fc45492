package proof

import (
	"crypto"

	"github.com/mr-tron/base58"

	"laurel/internal/standards/jsonld"
	"laurel/internal/standards/rdfc"
)

// A cryptosuite is one row of suites.
type cryptosuite struct {
	proofType string // "type" of its proofs
	name      string // their "cryptosuite"; empty: they have none

	// hashData is what a signature is made over. The suites differ in how they
	// write down document and proof options.
	hashData hashing

	// keepsContext tells that a proof made here repeats the document's @context,
	// as the suites over canonical JSON demand.
	keepsContext bool

	// parameters tells how to hash and how long a signature is for a public
	// key, and refuses keys of another kind.
	parameters func(key crypto.PublicKey) (parameters, error)

	// sign signs the hash data of the suite, verify checks a signature of the
	// right length over it. Without sign, the suite is only verified.
	sign   func(key crypto.Signer, hashData []byte) ([]byte, error)
	verify func(key crypto.PublicKey, hashData, signature []byte) error

	// derived is there instead of all that for a suite whose proof values hold
	// more than one signature. value is one that check let through, without a
	// key.
	check   func(value string) error
	derived func(v *jsonld.Vocabulary, s secured, value string, key crypto.PublicKey) error
}

// parameters of a suite under one key.
type parameters struct {
	canonical rdfc.Hash // inside RDFC-1.0, where that is used
	hash      crypto.Hash
	signature int // bytes
}

// dataIntegrityProof is the type of proofs that name a cryptosuite.
const dataIntegrityProof = "DataIntegrityProof"

// suites are all that are known; another one is a file with a function like
// eddsaRDFC2022, and a row here.
var suites = []cryptosuite{
	eddsaRDFC2022(),
	eddsaJCS2022(),
	ecdsaRDFC2019(),
	ecdsaJCS2019(),
	ecdsaSD2023(),
	ed25519SignatureOf2020(),
}

const defaultSuite = "eddsa-rdfc-2022"

// suiteFor finds the suite of a proof. The error says which of the two members
// is not known.
func suiteFor(proofType, name string) (cryptosuite, error) {
	member := "/type"
	for _, s := range suites {
		if s.proofType != proofType {
			continue
		}
		if s.name == "" || s.name == name {
			return s, nil
		}
		member = "/cryptosuite"
	}
	return cryptosuite{}, &jsonld.Error{Code: "suite-unknown", Pointer: member, Detail: "proofs of this type or cryptosuite are not known"}
}

// encodeValue writes a signature as multibase, base58btc.
func encodeValue(signature []byte) string {
	return "z" + base58.Encode(signature)
}

// decodeValue reads a proofValue that must be multibase base58btc of exactly
// size bytes, in the one form that encodeValue gives.
func decodeValue(value string, size int) ([]byte, error) {
	malformed := func(detail string) ([]byte, error) {
		return nil, &jsonld.Error{Code: "signature-malformed", Detail: detail}
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
