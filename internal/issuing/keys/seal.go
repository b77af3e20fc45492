package keys

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"golang.org/x/text/unicode/norm"

	"laurel/internal/material/text"
)

const (
	// defaultIterations is what OWASP asks of PBKDF2 with HMAC-SHA-256; with
	// HMAC-SHA-512 it is nearly three times what they ask (210,000).
	defaultIterations = 600_000
	// maxIterations is go-jose's own limit for opening, so none is sealed with
	// more; a file that claims more would only burn time.
	maxIterations = 1_000_000

	contentType = "jwk+json"
)

// sealed is <kid>.jwe: a JWE in flattened JSON serialisation (RFC 7516,
// section 7.2.2), and one member more, which readers of JWE ignore. Sum is the
// SHA-256, in hex, of the compact serialisation: it tells a damaged file from
// a wrong passphrase, which key unwrapping alone cannot.
type sealed struct {
	Protected    string `json:"protected"`
	EncryptedKey string `json:"encrypted_key"`
	IV           string `json:"iv"`
	Ciphertext   string `json:"ciphertext"`
	Tag          string `json:"tag"`
	Sum          string `json:"sum"`
}

func (s sealed) compact() string {
	return strings.Join([]string{s.Protected, s.EncryptedKey, s.IV, s.Ciphertext, s.Tag}, ".")
}

// protectedHeader is all that the header of a sealed key may say: an "alg" or
// "enc" of another kind, a "zip" or a "crit" are not laurel's.
type protectedHeader struct {
	Alg string `json:"alg"`
	Enc string `json:"enc"`
	Cty string `json:"cty"`
	P2C int    `json:"p2c"`
	P2S string `json:"p2s"`
}

// seal encrypts a private key.
func seal(kid string, key crypto.Signer, passphrase []byte, o Options) ([]byte, error) {
	if o.Iterations < 0 || o.Iterations > maxIterations {
		return nil, fmt.Errorf("%d iterations: the limit is %d", o.Iterations, maxIterations)
	}
	jwk, err := jose.JSONWebKey{Key: key, KeyID: kid}.MarshalJSON()
	if err != nil {
		return nil, errors.New("the key cannot be written as a JWK")
	}
	defer clear(jwk)
	secret := norm.NFC.Append(nil, passphrase...)
	defer clear(secret)
	recipient := jose.Recipient{Algorithm: jose.PBES2_HS512_A256KW, Key: secret, PBES2Count: o.Iterations}
	if o.Iterations == 0 {
		recipient.PBES2Count = defaultIterations
	}
	encrypter, err := jose.NewEncrypter(jose.A256GCM, recipient, (&jose.EncrypterOptions{}).WithContentType(contentType))
	if err != nil {
		return nil, fmt.Errorf("encrypt: %w", err)
	}
	jwe, err := encrypter.Encrypt(jwk)
	if err != nil {
		return nil, fmt.Errorf("encrypt: %w", err)
	}
	compact, err := jwe.CompactSerialize()
	if err != nil {
		return nil, fmt.Errorf("encrypt: %w", err)
	}
	part := strings.Split(compact, ".")
	sum := sha256.Sum256([]byte(compact))
	b, err := json.Marshal(sealed{part[0], part[1], part[2], part[3], part[4], hex.EncodeToString(sum[:])},
		json.Deterministic(true), jsontext.WithIndent("  "))
	return append(b, '\n'), err
}

// unseal decrypts a private key. Its errors are ErrPassphrase, or say what of
// the file's form is wrong.
func unseal(data, passphrase []byte) (crypto.Signer, error) {
	compact, err := parseSealed(data)
	if err != nil {
		return nil, err
	}
	jwe, err := jose.ParseEncryptedCompact(compact,
		[]jose.KeyAlgorithm{jose.PBES2_HS512_A256KW}, []jose.ContentEncryption{jose.A256GCM})
	if err != nil {
		return nil, errors.New("it is not a JWE")
	}
	secret := norm.NFC.Append(nil, passphrase...)
	defer clear(secret)
	jwk, err := jwe.Decrypt(secret)
	if err != nil {
		return nil, ErrPassphrase
	}
	defer clear(jwk)
	return parseJWK(jwk)
}

// parseSealed checks all that can be checked without the passphrase, and
// returns the compact serialisation.
func parseSealed(data []byte) (string, error) {
	var s sealed
	if err := json.Unmarshal(data, &s, json.RejectUnknownMembers(true)); err != nil {
		return "", jsonError(err)
	}
	compact := s.compact()
	sum := sha256.Sum256([]byte(compact))
	if hex.EncodeToString(sum[:]) != s.Sum {
		return "", errors.New("its checksum does not match its content")
	}
	header, ok := text.Base64URL(s.Protected)
	if !ok {
		return "", errors.New("its header is not base64url")
	}
	var h protectedHeader
	if err := json.Unmarshal(header, &h, json.RejectUnknownMembers(true)); err != nil {
		return "", fmt.Errorf("its header: %w", jsonError(err))
	}
	switch {
	case h.Alg != string(jose.PBES2_HS512_A256KW) || h.Enc != string(jose.A256GCM) || h.Cty != contentType:
		return "", fmt.Errorf("it is not a %s encrypted with %s and %s", contentType, jose.PBES2_HS512_A256KW, jose.A256GCM)
	case h.P2C < 1 || h.P2C > maxIterations:
		return "", fmt.Errorf("p2c is not from 1 to %d", maxIterations)
	}
	return compact, nil
}

// parseJWK reads the decrypted key. Errors say nothing of what it read.
func parseJWK(data []byte) (crypto.Signer, error) {
	errJWK := errors.New("its content is not a private key")
	var jwk jose.JSONWebKey
	if err := jwk.UnmarshalJSON(data); err != nil {
		return nil, errJWK
	}
	switch key := jwk.Key.(type) {
	case ed25519.PrivateKey:
		if len(key) == ed25519.PrivateKeySize && bytes.Equal(ed25519.NewKeyFromSeed(key.Seed()), key) {
			return key, nil
		}
	case *ecdsa.PrivateKey:
		if !AlgorithmOf(&key.PublicKey).made() {
			return nil, errJWK
		}
		// go-jose does not check that the point belongs to the scalar.
		scalar, err := key.Bytes()
		if err != nil {
			return nil, errJWK
		}
		defer clear(scalar)
		again, err := ecdsa.ParseRawPrivateKey(key.Curve, scalar)
		if err == nil && again.PublicKey.Equal(&key.PublicKey) {
			return again, nil
		}
	case *rsa.PrivateKey:
		if AlgorithmOf(&key.PublicKey).made() && key.Validate() == nil {
			return key, nil
		}
	}
	return nil, errJWK
}
