package proof

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"slices"

	"github.com/go-jose/go-jose/v4"
)

// A joseAlgorithm is one row of algorithms: what "alg" of a JWS may be.
type joseAlgorithm struct {
	name jose.SignatureAlgorithm

	// fits tells whether a key is of the kind the algorithm is for: the key
	// decides, and the header only has to agree.
	fits func(key crypto.PublicKey) bool

	// form checks length and numbers of a signature, for a key that fits.
	form func(key crypto.PublicKey, signature []byte) error

	// sign signs the input of a JWS with a key that fits. Nil: nothing here does.
	sign func(key crypto.Signer, input []byte) ([]byte, error)
}

// algorithms are all that are known. RFC 7518, section 3.1; RFC 8037, section 3.1;
// RFC 8812, section 3.2.
var algorithms = []joseAlgorithm{
	{jose.EdDSA, isEd25519, formEd25519, signEd25519},
	{jose.ES256, onCurve(elliptic.P256()), formECDSA, signECDSA},
	{jose.ES384, onCurve(elliptic.P384()), formECDSA, signECDSA},
	{jose.RS256, isRSA, formRSA, signRSA},
	{es256K, isSecp256k1, formSecp256k1, nil},
}

func algorithmNamed(name string) (joseAlgorithm, bool) {
	i := slices.IndexFunc(algorithms, func(a joseAlgorithm) bool { return string(a.name) == name })
	if i < 0 {
		return joseAlgorithm{}, false
	}
	return algorithms[i], true
}

func joseAlgorithms() []jose.SignatureAlgorithm {
	names := make([]jose.SignatureAlgorithm, len(algorithms))
	for i, a := range algorithms {
		names[i] = a.name
	}
	return names
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
