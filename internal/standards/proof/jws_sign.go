package proof

import (
	"crypto"
	_ "crypto/sha256" // of RS256
	"encoding/base64"
	"fmt"
	"slices"

	"github.com/go-json-experiment/json"

	"laurel/internal/standards/jsonld"
)

// JWSHeader is the protected header of a JWS to be made, beside "alg", which
// follows from the key.
type JWSHeader struct {
	Type        string // "typ", or empty
	KeyID       string // "kid", or empty
	ContentType string // "cty", or empty
}

// SignJWS returns the compact JWS of a payload, as RFC 7515, 7.1: ES256 or ES384
// with a key on P-256 or P-384, EdDSA with an Ed25519 key, RS256 with an RSA key of
// at least 2048 bits. The header has alg, kid, typ and cty in this order, the payload is
// taken as it is, at most 1 MiB. The signature is checked under the key's public
// half before it is returned. Errors are *jsonld.Error, or what the key's Sign gives.
func SignJWS(payload []byte, h JWSHeader, key crypto.Signer) (string, error) {
	if len(payload) > jsonld.MaxSize {
		return "", &jsonld.Error{Code: "json-too-large", Detail: "the payload of the JWS is too long"}
	}
	public := key.Public()
	if err := checkKey(public); err != nil {
		return "", err
	}
	i := slices.IndexFunc(algorithms, func(a joseAlgorithm) bool { return a.sign != nil && a.fits(public) })
	if i < 0 {
		return "", &jsonld.Error{Code: "key-mismatch", Detail: "no algorithm of JOSE is known for the key"}
	}
	header, err := json.Marshal(struct {
		Algorithm   string `json:"alg"`
		KeyID       string `json:"kid,omitzero"`
		Type        string `json:"typ,omitzero"`
		ContentType string `json:"cty,omitzero"`
	}{algorithms[i].name, h.KeyID, h.Type, h.ContentType})
	if err != nil {
		return "", fmt.Errorf("write the header of a JWS: %w", err)
	}
	b64 := base64.RawURLEncoding.EncodeToString
	input := b64(header) + "." + b64(payload)
	signature, err := algorithms[i].sign(key, []byte(input))
	if err != nil {
		return "", err
	}
	compact := input + "." + b64(signature)
	// A fault in signing must not become a record, nor tell of the key.
	made, err := ParseJWS(compact)
	if err == nil {
		err = made.Verify(public)
	}
	if err != nil {
		return "", fmt.Errorf("check the signature just made: %w", err)
	}
	return compact, nil
}

func signRSA(key crypto.Signer, input []byte) ([]byte, error) {
	hash := crypto.SHA256.New()
	hash.Write(input)
	signature, err := key.Sign(nil, hash.Sum(nil), crypto.SHA256)
	if err != nil {
		return nil, fmt.Errorf("sign with RSA: %w", err)
	}
	return signature, nil
}
