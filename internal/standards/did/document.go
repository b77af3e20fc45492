package did

import (
	"crypto"
	"crypto/ed25519"
	"errors"
	"fmt"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// The contexts of a document laurel publishes, in the order that every known
// resolver takes.
const (
	ContextDID      = "https://www.w3.org/ns/did/v1"
	ContextMultikey = "https://w3id.org/security/multikey/v1"
	ContextJWK      = "https://w3id.org/security/jwk/v1" // where there is a publicKeyJwk
)

// ErrUnsupportedKey is a verification method whose type or curve this package
// does not read. It may be good; it cannot be judged here.
var ErrUnsupportedKey = errors.New("unsupported kind of key")

// Document is a controlled identifier document, as a did:web publishes it or an
// https issuer serves it (Controlled Identifiers v1.0, 2.1 "Controlled
// Identifier Documents"). All ids are absolute.
type Document struct {
	Context            []string             `json:"@context,omitempty"`
	ID                 string               `json:"id"`
	Controller         []string             `json:"controller,omitempty"`
	AlsoKnownAs        []string             `json:"alsoKnownAs,omitempty"`
	VerificationMethod []VerificationMethod `json:"verificationMethod,omitempty"`
	Authentication     []string             `json:"authentication,omitempty"`
	AssertionMethod    []string             `json:"assertionMethod,omitempty"`
}

// VerificationMethod is a public key with an absolute id (Controlled Identifiers
// v1.0, 2.2 "Verification Methods"). Laurel writes types Multikey and JsonWebKey. Expires and
// Revoked are xsd:dateTimeStamp or empty.
type VerificationMethod struct {
	ID                 string         `json:"id"`
	Type               string         `json:"type"`
	Controller         string         `json:"controller"`
	PublicKeyMultibase string         `json:"publicKeyMultibase,omitempty"`
	PublicKeyJwk       map[string]any `json:"publicKeyJwk,omitempty"`
	Expires            string         `json:"expires,omitempty"`
	Revoked            string         `json:"revoked,omitempty"`
}

// Encode returns the document as indented JSON with a newline at its end. The
// same document gives the same bytes.
func (d Document) Encode() ([]byte, error) {
	data, err := json.Marshal(d, json.Deterministic(true), jsontext.WithIndent("  "))
	if err != nil {
		return nil, fmt.Errorf("encode document of %s: %w", d.ID, err)
	}
	return append(data, '\n'), nil
}

// Method returns the verification method with this absolute id.
func (d *Document) Method(id string) (VerificationMethod, bool) {
	i := slices.IndexFunc(d.VerificationMethod, func(m VerificationMethod) bool { return m.ID == id })
	if i < 0 {
		return VerificationMethod{}, false
	}
	return d.VerificationMethod[i], true
}

// Asserts tells whether the method with this absolute id may sign credentials:
// whether it stands in assertionMethod (Controlled Identifiers v1.0, 2.3.2
// "Assertion").
func (d *Document) Asserts(id string) bool {
	return slices.Contains(d.AssertionMethod, id)
}

// Authenticates tells whether the method with this absolute id may sign
// presentations: whether it stands in authentication (Controlled Identifiers
// v1.0, 2.3.1 "Authentication").
func (d *Document) Authenticates(id string) bool {
	return slices.Contains(d.Authentication, id)
}

// MethodByKid returns the one method whose JWK has this kid, as JOSE headers
// name keys that are no URL. There is none if two have it.
func (d *Document) MethodByKid(kid string) (VerificationMethod, bool) {
	var found []VerificationMethod
	for _, m := range d.VerificationMethod {
		if own, _ := m.PublicKeyJwk["kid"].(string); own == kid && kid != "" {
			found = append(found, m)
		}
	}
	if len(found) != 1 {
		return VerificationMethod{}, false
	}
	return found[0], true
}

// PublicKey returns the key of a method of type Multikey, JsonWebKey,
// JsonWebKey2020 or Ed25519VerificationKey2020: ed25519.PublicKey,
// *ecdsa.PublicKey on P-256 or P-384, or *rsa.PublicKey. The error is ErrUnsupportedKey for a type
// or curve unknown here. A method with two forms of key material is refused: it
// would be two keys of one name (Controlled Identifiers v1.0, 2.2.1
// "Verification Material").
func (m VerificationMethod) PublicKey() (_ crypto.PublicKey, err error) {
	defer wrap(&err, "read key %s", m.ID)
	if m.PublicKeyMultibase != "" && m.PublicKeyJwk != nil {
		return nil, errors.New("has both publicKeyMultibase and publicKeyJwk")
	}
	switch m.Type {
	case "Multikey":
		return DecodeMultikey(m.PublicKeyMultibase)
	case "Ed25519VerificationKey2020":
		key, err := DecodeMultikey(m.PublicKeyMultibase)
		if err != nil {
			return nil, err
		}
		if _, ok := key.(ed25519.PublicKey); !ok {
			return nil, errors.New("type Ed25519VerificationKey2020 with another kind of key")
		}
		return key, nil
	case "JsonWebKey", "JsonWebKey2020":
		if m.PublicKeyJwk == nil {
			return nil, errors.New("has no publicKeyJwk")
		}
		return DecodeJWK(m.PublicKeyJwk)
	}
	return nil, fmt.Errorf("%w: type %q", ErrUnsupportedKey, m.Type)
}
