package proof

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"math/big"

	"laurel/internal/standards/jsonld"
)

// checkRSA lets through 2048 to 8192 bits: RFC 7518, section 3.3, asks for the
// one, and with more a signature costs too much. The exponent is odd and above
// 2^16, as FIPS 186-5, A.1.1, has it.
func checkRSA(key *rsa.PublicKey) error {
	if key == nil || key.N == nil || key.N.Sign() <= 0 || key.N.Bit(0) == 0 || key.N.BitLen() > 8192 || key.E&1 == 0 || key.E > 1<<31-1 {
		return &jsonld.Error{Code: "key-malformed", Detail: "an RSA key with numbers that no key has"}
	}
	if key.N.BitLen() < 2048 || key.E < 1<<16 {
		return &jsonld.Error{Code: "key-weak", Detail: "an RSA key of fewer than 2048 bits or with a small exponent"}
	}
	if powersOf65537(key.N) {
		return &jsonld.Error{Code: "key-weak", Detail: "an RSA key of a chip that made keys which can be factored (CVE-2017-15361)"}
	}
	return nil
}

// powersOf65537 recognises keys of the Infineon library, "ROCA": their primes, and
// so their modulus, are powers of 65537 modulo every small prime. Of other keys
// one in 2^27 looks so.
func powersOf65537(n *big.Int) bool {
	for _, p := range []int64{11, 13, 17, 19, 37, 53, 61, 71, 73, 79, 97, 103, 107, 109, 127, 151, 157} {
		rest := new(big.Int).Mod(n, big.NewInt(p)).Int64()
		power := int64(1)
		for power != rest {
			if power = power * 65537 % p; power == 1 {
				return false
			}
		}
	}
	return true
}

func formRSA(key crypto.PublicKey, signature []byte) error {
	if len(signature) != key.(*rsa.PublicKey).Size() {
		return &jsonld.Error{Code: "signature-malformed", Detail: "the signature has the wrong length"}
	}
	return nil
}

// verifyRSA checks a signature of RS256 (RFC 7518, section 3.3).
func verifyRSA(key crypto.PublicKey, input, signature []byte) error {
	if err := formRSA(key, signature); err != nil {
		return err
	}
	digest := sha256.Sum256(input)
	if err := rsa.VerifyPKCS1v15(key.(*rsa.PublicKey), crypto.SHA256, digest[:], signature); err != nil {
		return &jsonld.Error{Code: "signature-invalid", Detail: notFitting, Err: err}
	}
	return nil
}
