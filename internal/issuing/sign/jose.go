package sign

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"laurel/internal/standards/proof"
)

// vcJWT is the JSON Web Token of Open Badges Specification v3.0, "JSON Web Token
// Proof Format": the credential with the registered claims beside its members, and a
// header that has nothing but alg, kid and typ. The claims are in no context, so a
// verifier takes them away before it reads the credential as JSON-LD.
var vcJWT = enveloped(proof.JWSHeader{Type: "JWT"}, withClaims)

// vcPlusJWT is that of Securing Verifiable Credentials using JOSE and COSE, "With
// JOSE": the payload is the credential, to the byte. It has no claims of its own:
// iss may be left out where kid is a URL, and exp and nbf are about the signature.
var vcPlusJWT = enveloped(proof.JWSHeader{Type: "vc+jwt", ContentType: "vc"}, func(document []byte) ([]byte, error) { return document, nil })

// enveloped is a compact JWS around a payload that is made of the document.
func enveloped(header proof.JWSHeader, payload func(document []byte) ([]byte, error)) securing {
	return securing{
		payload: payload,
		secure: func(_ *proof.Processor, s signer, document []byte) (jsontext.Value, error) {
			signed, err := payload(document)
			if err != nil {
				return nil, err
			}
			h := header
			h.KeyID = s.joseMethod
			compact, err := proof.SignJWS(signed, h, s.key)
			if err != nil {
				return nil, err
			}
			return json.Marshal(compact)
		},
		room: func(document []byte) int {
			signed, err := payload(document)
			if err != nil {
				return 0 // that it cannot be signed is told before
			}
			return base64.RawURLEncoding.EncodedLen(len(signed)) + 2*proofRoom
		},
	}
}

// withClaims adds the claims that Open Badges Specification v3.0, "JWT Payload
// Format", asks for. Times are whole seconds, as laurel writes them.
func withClaims(document []byte) ([]byte, error) {
	var c struct {
		ID     string `json:"id"`
		Issuer struct {
			ID string `json:"id"`
		} `json:"issuer"`
		ValidFrom  time.Time `json:"validFrom"`
		ValidUntil time.Time `json:"validUntil"`
		Subject    struct {
			ID string `json:"id"`
		} `json:"credentialSubject"`
	}
	if err := json.Unmarshal(document, &c); err != nil {
		return nil, fmt.Errorf("read what is to be claimed: %w", err)
	}
	switch {
	case c.ID == "" || c.Issuer.ID == "" || c.ValidFrom.IsZero():
		return nil, errors.New("a JWT needs the id, the issuer's id and validFrom of the credential")
	case c.Subject.ID == "":
		return nil, errors.New("a JWT needs the id of the credential's subject")
	}
	claims := struct {
		Iss string `json:"iss"`
		Jti string `json:"jti"`
		Nbf int64  `json:"nbf"`
		Sub string `json:"sub"`
		Exp int64  `json:"exp,omitzero"`
	}{Iss: c.Issuer.ID, Jti: c.ID, Nbf: c.ValidFrom.Unix(), Sub: c.Subject.ID}
	if !c.ValidUntil.IsZero() {
		claims.Exp = c.ValidUntil.Unix()
	}
	more, err := json.Marshal(claims)
	if err != nil {
		return nil, fmt.Errorf("write the claims: %w", err)
	}
	end := bytes.LastIndexByte(document, '}')
	payload := append(bytes.Clone(document[:end]), ',')
	return append(payload, more[1:]...), nil
}
