package proof

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"encoding/asn1"
	"fmt"
	"math/big"

	"laurel/internal/standards/jsonld"
	"laurel/internal/standards/rdfc"
)

// ecdsaParameters are those of the suites that take both curves.
func ecdsaParameters(suite string) func(crypto.PublicKey) (parameters, error) {
	return func(key crypto.PublicKey) (parameters, error) {
		if isSecp256k1(key) {
			return parameters{}, unusedSecp256k1(suite)
		}
		public, ok := key.(*ecdsa.PublicKey)
		if !ok || public.Curve != elliptic.P256() && public.Curve != elliptic.P384() {
			return parameters{}, &jsonld.Error{Code: "key-mismatch", Detail: suite + " needs a key on P-256 or P-384"}
		}
		return curveParameters(public.Curve), nil
	}
}

// curveParameters are those that go with a curve that checkKey lets through. Data
// Integrity ECDSA Cryptosuites v1.0, section 3.2.4: the hash is as strong as the
// curve.
func curveParameters(curve elliptic.Curve) parameters {
	if curve == elliptic.P384() {
		return parameters{rdfc.SHA384, crypto.SHA384, 96}
	}
	return parametersP256()
}

func parametersP256() parameters { return parameters{rdfc.SHA256, crypto.SHA256, 64} }

// signECDSA returns r and s one after the other, each as long as the curve's
// order (IEEE P1363). Go's own keys are asked for deterministic signatures, RFC
// 6979, by giving them nothing random.
func signECDSA(key crypto.Signer, hashData []byte) ([]byte, error) {
	curve := key.Public().(*ecdsa.PublicKey).Curve
	with := curveParameters(curve)
	der, err := key.Sign(nil, with.sum(hashData), with.hash)
	if err != nil {
		return nil, fmt.Errorf("sign with ECDSA: %w", err)
	}
	var parts struct{ R, S *big.Int }
	order := curve.Params().N
	rest, err := asn1.Unmarshal(der, &parts)
	if err != nil || len(rest) != 0 || !inRange(parts.R, order) || !inRange(parts.S, order) {
		return nil, &jsonld.Error{Code: "signature-malformed", Detail: "the key made something that is no ECDSA signature"}
	}
	signature := make([]byte, with.signature)
	parts.R.FillBytes(signature[:len(signature)/2])
	parts.S.FillBytes(signature[len(signature)/2:])
	return signature, nil
}

// verifyECDSA checks r and s of the key's curve over the hash that goes with it.
//
// Of s and its negative both are taken: neither the suites nor JOSE forbid one,
// and the implementations in use make and take both. A signature so has a second
// form that anyone can make from the first; nothing here takes a signature for
// the name of what it signs.
func verifyECDSA(key crypto.PublicKey, hashData, signature []byte) error {
	if err := formECDSA(key, signature); err != nil {
		return err
	}
	public := key.(*ecdsa.PublicKey)
	r, s := split(signature)
	if !ecdsa.Verify(public, curveParameters(public.Curve).sum(hashData), r, s) {
		return &jsonld.Error{Code: "signature-invalid", Detail: notFitting}
	}
	return nil
}

// formECDSA tells a signature of the wrong length or with a number out of range
// (FIPS 186-5, section 6.4.2) from one that does not fit.
func formECDSA(key crypto.PublicKey, signature []byte) error {
	curve := key.(*ecdsa.PublicKey).Curve
	order := curve.Params().N
	if len(signature) != curveParameters(curve).signature {
		return &jsonld.Error{Code: "signature-malformed", Detail: "the signature has the wrong length"}
	}
	r, s := split(signature)
	if !inRange(r, order) || !inRange(s, order) {
		return &jsonld.Error{Code: "signature-malformed", Detail: "a number of the signature is zero or not below the group order"}
	}
	return nil
}

func split(signature []byte) (r, s *big.Int) {
	half := len(signature) / 2
	return new(big.Int).SetBytes(signature[:half]), new(big.Int).SetBytes(signature[half:])
}

const notFitting = "the signature does not fit what it is over and the key"

func inRange(n, order *big.Int) bool {
	return n != nil && n.Sign() > 0 && n.Cmp(order) < 0
}
