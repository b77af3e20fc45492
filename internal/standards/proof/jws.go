package proof

import (
	"crypto"
	"slices"
	"strings"

	"laurel/internal/material/text"
	"laurel/internal/standards/jsonld"
)

// A JWS is a JSON Web Signature as it is written, RFC 7515. Nothing of it is
// known to be true until Verify was asked.
type JWS struct {
	// Header is the protected header, which is the only one the compact form has.
	// The keys it may bring or point to (jwk, jku, x5u, x5c) are there to be seen;
	// nothing here uses them.
	Header map[string]any

	Algorithm string // "alg": one of algorithms
	KeyID     string // "kid", or empty
	Type      string // "typ" as written, or empty
	Payload   []byte // not verified

	input, signature []byte
}

// ParseJWS reads the compact form: three parts of base64url without padding, and
// nothing before or after. The payload has at most 1 MiB, the header 64 KiB. The
// algorithm may be one that Verify does not know.
// Errors are *jsonld.Error:
//
//	jws-malformed        not such a text, or the header or a member of it is none
//	json-…               the header is not strict JSON, see Parse; or too large
//	algorithm-forbidden  none and the symmetric ones, with which anyone can sign
//	header-forbidden     crit, b64, or a private key in jwk
func ParseJWS(compact string) (*JWS, error) {
	if len(compact) > maxJWS {
		return nil, &jsonld.Error{Code: "json-too-large", Detail: "the JWS is too long"}
	}
	parts := strings.Split(compact, ".")
	if len(parts) != 3 {
		return nil, malformedJWS("not three parts between two points")
	}
	var raw [3][]byte
	for i, part := range parts {
		var ok bool
		if raw[i], ok = text.Base64URL(part); !ok {
			return nil, malformedJWS("a part is not base64url without padding")
		}
	}
	j := &JWS{Payload: raw[1], input: []byte(parts[0] + "." + parts[1]), signature: raw[2]}
	if err := j.readHeader(raw[0]); err != nil {
		return nil, err
	}
	return j, nil
}

func malformedJWS(detail string) *jsonld.Error {
	return &jsonld.Error{Code: "jws-malformed", Detail: detail}
}

func (j *JWS) readHeader(data []byte) error {
	value, err := jsonld.ParseLimit(data, maxJWSHeader)
	if err != nil {
		return err
	}
	var ok bool
	if j.Header, ok = value.(map[string]any); !ok {
		return malformedJWS("the header is not an object")
	}
	for name, to := range map[string]*string{"alg": &j.Algorithm, "kid": &j.KeyID, "typ": &j.Type} {
		if member, has := j.Header[name]; has {
			if *to, ok = member.(string); !ok {
				return malformedJWS("alg, kid or typ is not a string")
			}
		}
	}
	// RFC 7515, section 4.1.11: what is critical must be understood; b64 (RFC
	// 7797), which changes what is signed, is not.
	for _, name := range []string{"crit", "b64"} {
		if _, has := j.Header[name]; has {
			return &jsonld.Error{Code: "header-forbidden", Detail: name + " in the header is not supported"}
		}
	}
	if key, _ := j.Header["jwk"].(map[string]any); key["d"] != nil || key["k"] != nil {
		return &jsonld.Error{Code: "header-forbidden", Detail: "the header gives a private key away"}
	}
	return checkAlgorithm(j.Algorithm)
}

// symmetric tells whether who can verify an algorithm can sign with it.
func symmetric(name string) bool {
	return slices.Contains([]string{"none", "hs256", "hs384", "hs512"}, strings.ToLower(name))
}

func checkAlgorithm(name string) error {
	if name == "" {
		return malformedJWS("the header names no algorithm")
	}
	if symmetric(name) {
		return &jsonld.Error{Code: "algorithm-forbidden", Detail: "an algorithm with which anyone who can verify can sign"}
	}
	return nil
}

// Known tells whether the algorithm is one that Verify knows.
func (j *JWS) Known() bool {
	_, known := algorithmNamed(j.Algorithm)
	return known
}

// Fits tells whether a key is of the kind that the algorithm is for.
func (j *JWS) Fits(key crypto.PublicKey) bool {
	algorithm, known := algorithmNamed(j.Algorithm)
	return known && algorithm.fits(key)
}

// Verify checks the signature under a public key: an ed25519.PublicKey for EdDSA and
// Ed25519, an *ecdsa.PublicKey of the right curve for ES256 and ES384, an
// *rsa.PublicKey for RS256, a *secp256k1.PublicKey for ES256K. The header has no say in
// which key that is. Errors are *jsonld.Error with code suite-unknown, key-malformed,
// key-low-order, key-weak, key-mismatch, signature-malformed or signature-invalid.
func (j *JWS) Verify(key crypto.PublicKey) error {
	algorithm, known := algorithmNamed(j.Algorithm)
	if !known {
		return &jsonld.Error{Code: "suite-unknown", Detail: "the algorithm of the JWS is not known"}
	}
	if err := checkKey(key); err != nil {
		return err
	}
	if !algorithm.fits(key) {
		return &jsonld.Error{Code: "key-mismatch", Detail: "the key is not one for " + algorithm.name}
	}
	return algorithm.verify(key, j.input, j.signature)
}
