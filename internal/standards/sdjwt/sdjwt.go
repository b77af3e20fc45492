// Package sdjwt owns SD-JWT: JSON Web Tokens of which the holder chooses what to
// show (Selective Disclosure for JSON Web Tokens, RFC 9901), in their compact form.
//
// It issues them, takes them apart, puts the disclosed claims back in their places,
// and makes presentations of fewer. It knows nothing of what the claims mean, whose
// the keys are and what time it is. It refuses every disclosure that is not bound
// into what the issuer signed exactly once, and a payload that would read otherwise
// with one reader than with another.
package sdjwt

import (
	"crypto"
	"crypto/sha256"
	"encoding/base64"
	"strings"

	"laurel/internal/material/text"
	"laurel/internal/standards/jsonld"
	"laurel/internal/standards/proof"
)

// An SDJWT is an SD-JWT or SD-JWT+KB as it is written. Nothing of it is known to be
// true until Verify was asked.
type SDJWT struct {
	// JWS is the JWT that the issuer signed. Its payload has digests in it.
	JWS *proof.JWS

	// Claims are the processed payload (RFC 9901, 7.1): what is disclosed stands in
	// its place, digests and _sd_alg are gone.
	Claims map[string]any

	// Disclosures are those that came with it, in their order.
	Disclosures []Disclosure

	// Hidden counts the digests of which nothing is disclosed, decoys as well.
	Hidden int

	// Binding is the key binding JWT, or nil.
	Binding *Binding

	signed string // the JWT of the issuer
}

// A Disclosure is one claim or array element that the holder chose to show.
type Disclosure struct {
	// Pointer is where its value stands in Claims, RFC 6901.
	Pointer string
	Value   any // with what is disclosed inside of it

	name    string // of the claim
	element bool   // of an array, without a name
	text    string
	used    bool
	within  int // the disclosure that has its digest, or -1
}

// A Binding is a key binding JWT: by it, who holds the credential's key says that he
// shows it, to whom and when (RFC 9901, 4.3).
type Binding struct {
	JWS      *proof.JWS
	Issued   float64 // iat, a NumericDate
	Audience string
	Nonce    string
}

// bindingType is the type of a key binding JWT.
const bindingType = "kb+jwt"

// Parse reads an SD-JWT, or an SD-JWT+KB. It has at most 1,000 disclosures and 10,000
// digests, the JWT what proof.ParseJWS takes, and the processed payload what
// jsonld.Parse takes. Errors are *jsonld.Error, of proof.ParseJWS, of jsonld.Parse, or
//
//	sd-jwt-malformed     not such a text, or a disclosure or digest is none
//	sd-algorithm-unknown digests of another hash than SHA-256
//	sd-name-forbidden    a claim named _sd, ... or _sd_alg, where none may be
//	sd-claim-twice       a disclosed claim that is there already
//	sd-digest-twice      one digest in two places
//	sd-disclosure-twice  one disclosure written twice
//	sd-disclosure-unused a disclosure that the issuer did not sign
//	kb-malformed         the key binding JWT is none, or is not for this text
func Parse(compact string) (*SDJWT, error) {
	if len(compact) > maxSDJWT {
		return nil, &jsonld.Error{Code: "json-too-large", Detail: "the SD-JWT is too long"}
	}
	last := strings.LastIndexByte(compact, '~')
	if last < 0 {
		return nil, malformed("no ~ behind the JWT")
	}
	parts := strings.Split(compact[:last], "~")
	if len(parts)-1 > maxDisclosures {
		return nil, malformed("too many disclosures")
	}
	s := &SDJWT{signed: parts[0]}
	var err error
	if s.JWS, err = proof.ParseJWS(s.signed); err != nil {
		return nil, err
	}
	payload, err := jsonld.ParseObject(s.JWS.Payload)
	if err != nil {
		return nil, err
	}
	if err := s.disclose(payload, parts[1:]); err != nil {
		return nil, err
	}
	if binding := compact[last+1:]; binding != "" {
		if s.Binding, err = parseBinding(binding, compact[:last+1]); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// Verify checks the issuer's signature under a public key, as proof.JWS does.
func (s *SDJWT) Verify(key crypto.PublicKey) error { return s.JWS.Verify(key) }

// Has tells whether the issuer signed a claim for all to see: not as one that may be
// withheld, and not inside of one.
func (s *SDJWT) Has(pointer string) bool {
	for _, d := range s.Disclosures {
		if pointer == d.Pointer || strings.HasPrefix(pointer, d.Pointer+"/") {
			return false
		}
	}
	_, ok := jsonld.At(s.Claims, pointer)
	return ok
}

// parseBinding reads the key binding JWT behind a presentation and holds it to that:
// whoever takes away or adds a disclosure breaks it (RFC 9901, 4.3.1).
func parseBinding(compact, presentation string) (*Binding, error) {
	refuse := func(detail string) (*Binding, error) {
		return nil, &jsonld.Error{Code: "kb-malformed", Detail: detail}
	}
	jws, err := proof.ParseJWS(compact)
	if err != nil {
		return refuse("the key binding JWT cannot be read: " + err.Error())
	}
	if jws.Type != bindingType {
		return refuse("the type of the key binding JWT is not " + bindingType)
	}
	claims, err := jsonld.ParseObject(jws.Payload)
	if err != nil {
		return refuse("the key binding JWT cannot be read: " + err.Error())
	}
	b := &Binding{JWS: jws}
	var isNumber, isAudience, isNonce bool
	b.Issued, isNumber = claims["iat"].(float64)
	b.Audience, isAudience = claims["aud"].(string)
	b.Nonce, isNonce = claims["nonce"].(string)
	if !isNumber || !isAudience || !isNonce {
		return refuse("iat, aud or nonce of the key binding JWT is missing")
	}
	if claims["sd_hash"] != digest(presentation) {
		return refuse("the key binding JWT is for another choice of disclosures")
	}
	return b, nil
}

// digest is the hash of a disclosure or a presentation as RFC 9901 writes it.
func digest(ascii string) string {
	sum := sha256.Sum256([]byte(ascii))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

func malformed(detail string) error { return &jsonld.Error{Code: "sd-jwt-malformed", Detail: detail} }

// readDisclosure takes a disclosure apart: an array of salt, name and value, or of
// salt and value (RFC 9901, 4.2).
func readDisclosure(written string) (Disclosure, error) {
	data, ok := text.Base64URL(written)
	if !ok || written == "" {
		return Disclosure{}, malformed("a disclosure is not base64url without padding")
	}
	value, err := jsonld.Parse(data)
	if err != nil {
		return Disclosure{}, err
	}
	list, _ := value.([]any)
	if len(list) != 2 && len(list) != 3 {
		return Disclosure{}, malformed("a disclosure is not an array of two or three")
	}
	if _, ok := list[0].(string); !ok {
		return Disclosure{}, malformed("the salt of a disclosure is not a string")
	}
	d := Disclosure{text: written, within: -1, element: len(list) == 2, Value: list[len(list)-1]}
	if !d.element {
		if d.name, ok = list[1].(string); !ok {
			return Disclosure{}, malformed("the claim name of a disclosure is not a string")
		}
	}
	return d, nil
}
