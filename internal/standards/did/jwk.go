package did

import (
	"crypto"
	"crypto/ed25519"
	"crypto/elliptic"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
)

// decodeJWK returns the key of a publicKeyJwk of kind OKP/Ed25519, EC/P-256 or
// EC/P-384. A JWK with a private part, meant for something else than signing, or
// with coordinates of any other length than the curve's is refused (Controlled
// Identifiers v1.0, 2.2.3 "JsonWebKey"; RFC 7518, 6.2.1; RFC 8037, 2).
func decodeJWK(jwk map[string]any) (crypto.PublicKey, error) {
	if _, ok := jwk["d"]; ok {
		return nil, errors.New("publicKeyJwk holds a private key")
	}
	if use, ok := jwk["use"]; ok && use != "sig" {
		return nil, errors.New("publicKeyJwk is not for signatures")
	}
	if ops, ok := jwk["key_ops"]; ok {
		list, _ := ops.([]any)
		if !slices.Contains(list, any("verify")) {
			return nil, errors.New("publicKeyJwk is not for verifying")
		}
	}
	kty, _ := jwk["kty"].(string)
	crv, _ := jwk["crv"].(string)
	switch kty + " " + crv {
	case "OKP Ed25519":
		x, err := coordinate(jwk, "x", ed25519.PublicKeySize)
		if err != nil {
			return nil, err
		}
		return ed25519.PublicKey(x), nil
	case "EC P-256":
		return decodeEC(jwk, elliptic.P256(), 32)
	case "EC P-384":
		return decodeEC(jwk, elliptic.P384(), 48)
	}
	return nil, fmt.Errorf("%w: publicKeyJwk of kty %q and crv %q", ErrUnsupportedKey, kty, crv)
}

func decodeEC(jwk map[string]any, curve elliptic.Curve, size int) (crypto.PublicKey, error) {
	x, err := coordinate(jwk, "x", size)
	if err != nil {
		return nil, err
	}
	y, err := coordinate(jwk, "y", size)
	if err != nil {
		return nil, err
	}
	key, err := parsePoint(curve, x, y)
	if err != nil {
		return nil, errors.New("publicKeyJwk is not a point on its curve")
	}
	return key, nil
}

func coordinate(jwk map[string]any, name string, size int) ([]byte, error) {
	s, _ := jwk[name].(string)
	data, err := base64.RawURLEncoding.Strict().DecodeString(s)
	// The decoder skips line breaks; the length does not.
	if err != nil || len(data) != size || len(s) != base64.RawURLEncoding.EncodedLen(size) {
		return nil, fmt.Errorf("publicKeyJwk: %s is not %d bytes of base64url", name, size)
	}
	return data, nil
}
