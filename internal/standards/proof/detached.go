package proof

import (
	"crypto"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/sha256"
	"slices"
	"strings"

	"laurel/internal/material/text"
	"laurel/internal/standards/jsonld"
	"laurel/internal/standards/rdfc"
)

// The two suites with a detached JWS: RFC 7515, appendix F, with the unencoded payload
// of RFC 7797. The payload is 64 bytes, the SHA-256 of the proof options followed by
// that of the document, both as canonical N-Quads, whatever the algorithm. As the
// suites in use have it, the options are read under the document's @context, or under
// the one a proof brings.

// A detachedJWS is the "jws" of a proof, read and not verified.
type detachedJWS struct {
	algorithm detachedAlgorithm
	header    string // as it is signed
	signature []byte
}

// A detachedAlgorithm is what "alg" of such a JWS may be.
type detachedAlgorithm struct {
	fits   func(key crypto.PublicKey) bool
	form   func(key crypto.PublicKey, signature []byte) error // of signatures, before anything is hashed
	verify func(key crypto.PublicKey, input, signature []byte) error
}

// detachedAlgorithms are all that are known: JSON Web Signature 2020, "JOSE
// Conformance". RSA is for PS256 alone there.
var detachedAlgorithms = map[string]detachedAlgorithm{
	"EdDSA":  {isEd25519, formEd25519, verifyEd25519},
	"ES256":  {onCurve(elliptic.P256()), formECDSA, verifyECDSA},
	"ES384":  {onCurve(elliptic.P384()), formECDSA, verifyECDSA},
	"ES256K": {isSecp256k1, formSecp256k1, verifySecp256k1},
	"PS256":  {isRSA, formRSA, verifyPS256},
}

// parseDetached reads a JWS without its payload, for a suite with these algorithms.
// The header has "b64": false and "crit": ["b64"], as RFC 7797, section 6, and both
// suites demand; what else it has must not be critical and changes nothing (RFC 7515,
// section 4). Errors are as those of ParseJWS.
func parseDetached(compact string, algorithms []string) (detachedJWS, error) {
	if len(compact) > maxJWS {
		return detachedJWS{}, &jsonld.Error{Code: "json-too-large", Detail: "the JWS is too long"}
	}
	parts := strings.Split(compact, ".")
	if len(parts) != 3 || parts[1] != "" {
		return detachedJWS{}, malformedDetached("not header and signature with two points between them")
	}
	head, ok := text.Base64URL(parts[0])
	signature, also := text.Base64URL(parts[2])
	if !ok || !also {
		return detachedJWS{}, malformedDetached("a part is not base64url without padding")
	}
	value, err := jsonld.ParseLimit(head, maxJWSHeader)
	if err != nil {
		return detachedJWS{}, err
	}
	header, ok := value.(map[string]any)
	if !ok {
		return detachedJWS{}, malformedDetached("the header is not an object")
	}
	name, ok := header["alg"].(string)
	if !ok || name == "" {
		return detachedJWS{}, malformedDetached("the header names no algorithm")
	}
	if symmetric(name) {
		return detachedJWS{}, &jsonld.Error{Code: "algorithm-forbidden", Detail: "an algorithm with which anyone who can verify can sign"}
	}
	critical, _ := header["crit"].([]any)
	if encoded, isBool := header["b64"].(bool); !isBool || encoded || !slices.Equal(critical, []any{"b64"}) {
		return detachedJWS{}, malformedDetached(`the header has not "b64": false and "crit": ["b64"]`)
	}
	if key, _ := header["jwk"].(map[string]any); key["d"] != nil || key["k"] != nil {
		return detachedJWS{}, &jsonld.Error{Code: "header-forbidden", Detail: "the header gives a private key away"}
	}
	if !slices.Contains(algorithms, name) {
		return detachedJWS{}, &jsonld.Error{Code: "suite-unknown", Detail: "the algorithm is none of this type of proof"}
	}
	return detachedJWS{detachedAlgorithms[name], parts[0], signature}, nil
}

func malformedDetached(detail string) *jsonld.Error {
	return &jsonld.Error{Code: "proof-malformed", Detail: detail}
}

// verifyDetached checks the detached JWS of a proof over the hashes of options and
// document.
func (p *Processor) verifyDetached(c chosen, doc map[string]any, key crypto.PublicKey, b *rdfc.Budget) error {
	j, err := parseDetached(c.JWS, c.suite.detached)
	if err != nil {
		return err
	}
	if !j.algorithm.fits(key) {
		return &jsonld.Error{Code: "key-mismatch", Detail: "the key is not one for the algorithm of the proof"}
	}
	value := c.at.Member("jws")
	if err := j.algorithm.form(key, j.signature); err != nil {
		return value.Under(err)
	}
	parts, err := c.takeApart(doc, b)
	if err != nil {
		return err
	}
	hashData, err := c.suite.hashData(p.verifying, parts, parametersSHA256())
	if err != nil {
		return err
	}
	return value.Under(j.algorithm.verify(key, append([]byte(j.header+"."), hashData...), j.signature))
}

func parametersSHA256() parameters { return parameters{canonical: rdfc.SHA256, hash: crypto.SHA256} }

// verifyPS256 is RSASSA-PSS with SHA-256 and a salt of as many bytes (RFC 7518,
// section 3.5).
func verifyPS256(key crypto.PublicKey, input, signature []byte) error {
	digest := sha256.Sum256(input)
	o := &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash}
	if err := rsa.VerifyPSS(key.(*rsa.PublicKey), crypto.SHA256, digest[:], signature, o); err != nil {
		return &jsonld.Error{Code: "signature-invalid", Detail: notFitting, Err: err}
	}
	return nil
}
