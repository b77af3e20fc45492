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
	now       string // what the suite is called now, if drafts called it name

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
	// right length over it. Without sign, the suite is only verified, but for base.
	sign   func(key crypto.Signer, hashData []byte) ([]byte, error)
	verify func(key crypto.PublicKey, hashData, signature []byte) error

	// detached are the algorithms that a suite takes whose proofs have a JWS without its
	// payload in "jws", in the place of proofValue.
	detached []string

	// derived and base are there instead of all that for a suite whose proof values
	// hold more than one signature: they verify one that a holder derived, a value
	// that check let through without a key, and make the one it is derived from.
	check   func(value string) error
	derived func(v *jsonld.Vocabulary, s secured, value string, key crypto.PublicKey) error
	base    func(v *jsonld.Vocabulary, s secured, o Options, key crypto.Signer) (value string, err error)
}

// parameters of a suite under one key.
type parameters struct {
	canonical rdfc.Hash // inside RDFC-1.0, where that is used
	hash      crypto.Hash
	signature int // bytes
}

// dataIntegrityProof is the type of proofs that name a cryptosuite.
const dataIntegrityProof = "DataIntegrityProof"

// suites are all that are known; another one is a row here.
var suites = []cryptosuite{
	// Data Integrity EdDSA Cryptosuites v1.0, W3C Recommendation of 15 May 2025,
	// section 3.2: RDFC-1.0 and SHA-256, Ed25519 over the hash of the proof options
	// followed by the hash of the document.
	{proofType: dataIntegrityProof, name: "eddsa-rdfc-2022", hashData: hashRDF,
		parameters: ed25519Parameters("eddsa-rdfc-2022"), sign: signEd25519, verify: verifyEd25519},
	// Section 3.3: the same over the JSON Canonicalization Scheme (RFC 8785). Section
	// 3.3.2 lets a document have more contexts than the proof, which then nobody
	// signed. Here both must have the same.
	{proofType: dataIntegrityProof, name: "eddsa-jcs-2022", hashData: hashJCS, keepsContext: true,
		parameters: ed25519Parameters("eddsa-jcs-2022"), sign: signEd25519, verify: verifyEd25519},
	// Data Integrity ECDSA Cryptosuites v1.0, W3C Recommendation of 15 May 2025,
	// section 3.2: as eddsa-rdfc-2022. With P-256 every hash is SHA-256; with P-384
	// it is SHA-384, inside RDFC-1.0 as well.
	{proofType: dataIntegrityProof, name: "ecdsa-rdfc-2019", hashData: hashRDF,
		parameters: ecdsaParameters("ecdsa-rdfc-2019"), sign: signECDSA, verify: verifyECDSA},
	// Section 3.3: the same over the JSON Canonicalization Scheme, with contexts as
	// eddsa-jcs-2022 has them.
	{proofType: dataIntegrityProof, name: "ecdsa-jcs-2019", hashData: hashJCS, keepsContext: true,
		parameters: ecdsaParameters("ecdsa-jcs-2019"), sign: signECDSA, verify: verifyECDSA},
	ecdsaSD2023(),
	// Ed25519 Signature 2020 of the W3C Credentials Community Group, in which
	// credentials were signed before Data Integrity 1.0. It hashes as
	// eddsa-rdfc-2022 does; only the proof has another type and no cryptosuite. It
	// is verified and never made.
	{proofType: jsonld.Ed25519Signature2020, hashData: hashRDF,
		parameters: ed25519Parameters(jsonld.Ed25519Signature2020), verify: verifyEd25519},
	// Names that drafts of Data Integrity EdDSA Cryptosuites, and texts of 1EdTech, have
	// for eddsa-rdfc-2022. What is signed has the name in it. Verified, never made.
	{proofType: dataIntegrityProof, name: "eddsa-2022", now: "eddsa-rdfc-2022", hashData: hashRDF,
		parameters: ed25519Parameters("eddsa-2022"), verify: verifyEd25519},
	{proofType: dataIntegrityProof, name: "eddsa-rdf-2022", now: "eddsa-rdfc-2022", hashData: hashRDF,
		parameters: ed25519Parameters("eddsa-rdf-2022"), verify: verifyEd25519},
	// Ed25519 Signature 2018 and JSON Web Signature 2020 (Final Report of 21 July 2022)
	// of the W3C Credentials Community Group, see detached.go. Verified, never made.
	{proofType: jsonld.Ed25519Signature2018, hashData: hashRDF, detached: []string{"EdDSA"}},
	{proofType: jsonld.JSONWebSignature2020, hashData: hashRDF, detached: []string{"EdDSA", "ES256", "ES384", "ES256K", "PS256"}},
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
	return cryptosuite{}, unknownSuite(member)
}

func unknownSuite(member string) *jsonld.Error {
	return &jsonld.Error{Code: "suite-unknown", Pointer: member, Detail: "proofs of this type or cryptosuite are not known"}
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
