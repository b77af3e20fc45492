package proof

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"slices"
)

// A joseAlgorithm is one row of algorithms: what "alg" of a JWS may be.
type joseAlgorithm struct {
	name string

	// fits tells whether a key is of the kind the algorithm is for: the key
	// decides, and the header only has to agree.
	fits func(key crypto.PublicKey) bool

	// verify checks a signature over the input of a JWS under a key that fits.
	verify func(key crypto.PublicKey, input, signature []byte) error

	// sign signs the input of a JWS with a key that fits. Nil: nothing here does.
	sign func(key crypto.Signer, input []byte) ([]byte, error)
}

// algorithms are all that are known; a key signs with the first that fits. RFC 7518,
// section 3.1; RFC 8037, section 3.1; RFC 8812, section 3.2; and RFC 9864, section 2.2,
// in which Ed25519 is what EdDSA is with a key of that curve.
var algorithms = []joseAlgorithm{
	{"EdDSA", isEd25519, verifyEd25519, signEd25519},
	{"Ed25519", isEd25519, verifyEd25519, signEd25519},
	{"ES256", onCurve(elliptic.P256()), verifyECDSA, signECDSA},
	{"ES384", onCurve(elliptic.P384()), verifyECDSA, signECDSA},
	{"RS256", isRSA, verifyRSA, signRSA},
	{"ES256K", isSecp256k1, verifySecp256k1, nil},
}

func algorithmNamed(name string) (joseAlgorithm, bool) {
	i := slices.IndexFunc(algorithms, func(a joseAlgorithm) bool { return a.name == name })
	if i < 0 {
		return joseAlgorithm{}, false
	}
	return algorithms[i], true
}

func isEd25519(key crypto.PublicKey) bool {
	_, ok := key.(ed25519.PublicKey)
	return ok
}

func onCurve(curve elliptic.Curve) func(crypto.PublicKey) bool {
	return func(key crypto.PublicKey) bool {
		public, ok := key.(*ecdsa.PublicKey)
		return ok && public.Curve == curve
	}
}

func isRSA(key crypto.PublicKey) bool {
	_, ok := key.(*rsa.PublicKey)
	return ok
}
