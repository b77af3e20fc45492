package cases

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"math/big"

	"github.com/decred/dcrd/dcrec/secp256k1/v4"

	"laurel/internal/standards/did"
)

// token signs a payload as a compact JWS, whatever the header says.
func token(header, payload object, key crypto.Signer) []byte {
	signed := base64url(encode(header)) + "." + base64url(encode(payload))
	return []byte(signed + "." + base64url(signToken(key, []byte(signed))))
}

func signToken(key crypto.Signer, data []byte) []byte {
	if k, ok := key.(k256); ok {
		return k.sign(data)
	}
	if k, ok := key.(*rsa.PrivateKey); ok {
		digest := sha256.Sum256(data)
		signature, err := rsa.SignPKCS1v15(nil, k, crypto.SHA256, digest[:])
		check("sign", err)
		return signature
	}
	return signHash(key, data)
}

// jwk is the public half of a key as RFC 7517 has it.
func jwk(public crypto.PublicKey) object {
	switch k := public.(type) {
	case ed25519.PublicKey:
		return object{"kty": "OKP", "crv": "Ed25519", "x": base64url(k)}
	case *ecdsa.PublicKey:
		point, err := k.Bytes()
		check("write a point", err)
		half := len(point) / 2
		return object{"kty": "EC", "crv": k.Curve.Params().Name, "x": base64url(point[1 : 1+half]), "y": base64url(point[1+half:])}
	case *secp256k1.PublicKey:
		return did.EncodeJWK(k)
	case *rsa.PublicKey:
		return object{"kty": "RSA", "n": base64url(k.N.Bytes()), "e": base64url(big.NewInt(int64(k.E)).Bytes())}
	}
	panic("cases: a key of another kind")
}

func unbase64(text string) []byte {
	data, err := base64.RawURLEncoding.DecodeString(text)
	check("read base64url", err)
	return data
}

// rsaKey is a test key of 2048 bits. Its primes stand here for all to see.
func rsaKey() *rsa.PrivateKey {
	number := func(hex string) *big.Int {
		n, _ := new(big.Int).SetString(hex, 16)
		return n
	}
	p := number("d64a7bf2a6a602a0ad45c005704e3a61cc8e3f9fc1adaf4754812687161510e3" +
		"218761a2279b3fa216f7618109853fae9591d6255cebb22550de6fabdaa6eebf" +
		"2de9a4ada89be68f2b0bd3032cac1b53677abcb8a667e000dd22a4527f69e55b" +
		"c04d1d8be58f83979d20f6effc59a7ac43e03ac4ee881e3e07152ed67c90ca31")
	q := number("b558eba6858ff9c7f14548d23b018d9d7caf4e1ce92472f1c61c45c73071f340" +
		"c777ac6f2004aa07b12131008259b2d9a5958410e3852951ee6599aceea16a48" +
		"404deb0919652c7182877a9f25e2b9dc0585541fdff8ac98408096f5d0655c73" +
		"40938c12bab1065d4b0012fa4e7a281bb73e62df65caccc600f8dd9866a1b307")
	e, one := big.NewInt(65537), big.NewInt(1)
	order := new(big.Int).Mul(new(big.Int).Sub(p, one), new(big.Int).Sub(q, one))
	key := &rsa.PrivateKey{
		PublicKey: rsa.PublicKey{N: new(big.Int).Mul(p, q), E: int(e.Int64())},
		D:         new(big.Int).ModInverse(e, order),
		Primes:    []*big.Int{p, q},
	}
	key.Precompute()
	check("make the RSA key", key.Validate())
	return key
}
