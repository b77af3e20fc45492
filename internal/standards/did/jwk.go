package did

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"math"
	"math/big"
	"slices"

	"github.com/decred/dcrd/dcrec/secp256k1/v4"
	"github.com/go-json-experiment/json"

	"laurel/internal/material/text"
)

// DecodeJWK returns the key of a publicKeyJwk of kind OKP/Ed25519, EC/P-256,
// EC/P-384, EC/secp256k1 or RSA of 2,048 to 8,192 bits; other kinds, sizes and
// algorithms are ErrUnsupportedKey. A JWK with a private or secret part is
// ErrPrivateKey. One meant for another use than signing, or with coordinates of any other length than
// the curve's is refused (Controlled Identifiers v1.0, 2.2.3 "JsonWebKey"; RFC 7518,
// 6.2.1 and 6.3.1; RFC 8037, 2; RFC 8812, 3.1).
func DecodeJWK(jwk map[string]any) (crypto.PublicKey, error) {
	for _, secret := range []string{"d", "p", "q", "dp", "dq", "qi", "oth", "k"} {
		if jwk[secret] != nil {
			return nil, fmt.Errorf("publicKeyJwk: %w", ErrPrivateKey)
		}
	}
	if use := jwk["use"]; use != nil && use != "sig" {
		return nil, errors.New("publicKeyJwk is not for signatures")
	}
	if ops := jwk["key_ops"]; ops != nil {
		list, _ := ops.([]any)
		if !slices.Contains(list, any("verify")) {
			return nil, fmt.Errorf("%w: publicKeyJwk is not for verifying", ErrUnsupportedKey)
		}
	}
	kind := kindOfJWK(jwk)
	algorithms, known := algorithmsOf[kind]
	if !known {
		return nil, fmt.Errorf("%w: publicKeyJwk of kty and crv %q", ErrUnsupportedKey, kind)
	}
	// A JWK is held to the one algorithm it says it is for (RFC 7517, 4.4 "alg").
	if alg := jwk["alg"]; alg != nil && !slices.ContainsFunc(algorithms, func(name string) bool { return alg == name }) {
		return nil, fmt.Errorf("%w: publicKeyJwk is for another algorithm", ErrUnsupportedKey)
	}
	switch kind {
	case "EC P-256":
		return decodeEC(jwk, elliptic.P256(), 32)
	case "EC P-384":
		return decodeEC(jwk, elliptic.P384(), 48)
	case "EC secp256k1":
		return decodeSecp256k1(jwk)
	case "RSA ":
		return decodeRSA(jwk)
	}
	x, err := coordinate(jwk, "x", ed25519.PublicKeySize)
	if err != nil {
		return nil, err
	}
	return ed25519.PublicKey(x), nil
}

// kindOfJWK is a JWK's kty and crv.
func kindOfJWK(jwk map[string]any) string {
	kty, _ := jwk["kty"].(string)
	crv, _ := jwk["crv"].(string)
	return kty + " " + crv
}

// algorithmsOf are what keys of a kind may say that they are for.
var algorithmsOf = map[string][]string{
	"OKP Ed25519": {"EdDSA", "Ed25519"}, "EC P-256": {"ES256"}, "EC P-384": {"ES384"}, "EC secp256k1": {"ES256K"}, "RSA ": {"RS256"},
}

// EncodeJWK writes a public key of those kinds as decodeJWK reads it.
func EncodeJWK(key crypto.PublicKey) map[string]any {
	encode := base64.RawURLEncoding.EncodeToString
	switch key := key.(type) {
	case ed25519.PublicKey:
		return map[string]any{"kty": "OKP", "crv": Ed25519, "x": encode(key)}
	case *rsa.PublicKey:
		return map[string]any{"kty": "RSA", "n": encode(key.N.Bytes()), "e": encode(big.NewInt(int64(key.E)).Bytes())}
	case *secp256k1.PublicKey:
		point := key.SerializeUncompressed() // 4, x, y
		return map[string]any{"kty": "EC", "crv": Secp256k1, "x": encode(point[1:33]), "y": encode(point[33:])}
	case *ecdsa.PublicKey:
		if point, err := key.Bytes(); err == nil { // 4, x, y
			half := 1 + len(point)/2
			return map[string]any{"kty": "EC", "crv": Kind(key), "x": encode(point[1:half]), "y": encode(point[half:])}
		}
	}
	panic(fmt.Sprintf("bug: no JWK is written of a key of type %T", key))
}

// Thumbprint names a public key of those kinds by its SHA-256 digest (RFC 7638).
func Thumbprint(key crypto.PublicKey) string {
	// EncodeJWK writes the members that are required, and no other.
	data, err := json.Marshal(EncodeJWK(key), json.Deterministic(true))
	if err != nil {
		panic("bug: a JWK is no JSON: " + err.Error())
	}
	sum := sha256.Sum256(data)
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

func decodeRSA(jwk map[string]any) (crypto.PublicKey, error) {
	n, err := integer(jwk, "n", 1<<20)
	if err != nil {
		return nil, err
	}
	e, err := integer(jwk, "e", 4)
	if err != nil {
		return nil, err
	}
	key := &rsa.PublicKey{N: new(big.Int).SetBytes(n), E: int(new(big.Int).SetBytes(e).Int64())}
	if err := checkRSA(key); err != nil {
		return nil, fmt.Errorf("publicKeyJwk: %w", err)
	}
	return key, nil
}

func checkRSA(key *rsa.PublicKey) error {
	if bits := key.N.BitLen(); bits < minRSABits || bits > maxRSABits {
		return fmt.Errorf("%w: n has %d bits, not %d to %d", ErrUnsupportedKey, bits, minRSABits, maxRSABits)
	}
	if key.N.Bit(0) == 0 {
		return errors.New("n is even")
	}
	if key.E < 3 || key.E%2 == 0 || key.E > math.MaxInt32 {
		return errors.New("e is not an odd number from 3 to 2^31-1")
	}
	return nil
}

// integer reads a Base64urlUInt in its shortest form (RFC 7518, 2).
func integer(jwk map[string]any, name string, most int) ([]byte, error) {
	s, _ := jwk[name].(string)
	size := base64.RawURLEncoding.DecodedLen(len(s))
	if size == 0 || size > most {
		return nil, fmt.Errorf("publicKeyJwk: %s is missing or longer than %d bytes", name, most)
	}
	data, err := coordinate(jwk, name, size)
	if err != nil {
		return nil, err
	}
	if data[0] == 0 {
		return nil, fmt.Errorf("publicKeyJwk: %s has a leading zero", name)
	}
	return data, nil
}

func decodeSecp256k1(jwk map[string]any) (crypto.PublicKey, error) {
	x, err := coordinate(jwk, "x", 32)
	if err != nil {
		return nil, err
	}
	y, err := coordinate(jwk, "y", 32)
	if err != nil {
		return nil, err
	}
	key, err := secp256k1.ParsePubKey(slices.Concat([]byte{4}, x, y))
	if err != nil {
		return nil, errors.New("publicKeyJwk is not a point on its curve")
	}
	return key, nil
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
	data, ok := text.Base64URL(s)
	if !ok || len(data) != size {
		return nil, fmt.Errorf("publicKeyJwk: %s is not %d bytes of base64url", name, size)
	}
	return data, nil
}
