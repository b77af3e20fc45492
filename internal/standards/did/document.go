package did

import (
	"crypto"
	"errors"
	"fmt"
	"slices"
	"strings"

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

// ErrPrivateKey is a verification method that gives its private key away: anybody
// can sign with it.
var ErrPrivateKey = errors.New("holds a private key")

// ErrAmbiguous is a verification method that a document has twice, not alike: a
// signature would be good or not by their order.
var ErrAmbiguous = errors.New("is described twice, not alike")

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

	unread []string // names of members of which something could not be read
}

// The members of a document that say whose keys are what.
const (
	Methods        = "verificationMethod"
	Assertion      = "assertionMethod"
	Authentication = "authentication"
)

// elsewhere are other members that may have methods in them; the first is of the time
// before 2020.
var elsewhere = []string{"publicKey", "keyAgreement", "capabilityInvocation", "capabilityDelegation"}

// Whole tells whether all of a member, one of the three above, could be read. What
// is missing from one that is not whole may be in what was not read.
func (d *Document) Whole(member string) bool { return !slices.Contains(d.unread, member) }

// VerificationMethod is a public key with an absolute id (Controlled Identifiers
// v1.0, 2.2 "Verification Methods"). Laurel writes types Multikey and JsonWebKey. Expires and
// Revoked are xsd:dateTimeStamp or empty.
type VerificationMethod struct {
	ID                 string         `json:"id"`
	Type               string         `json:"type"`
	Controller         string         `json:"controller"`
	PublicKeyMultibase string         `json:"publicKeyMultibase,omitempty"`
	PublicKeyJwk       map[string]any `json:"publicKeyJwk,omitempty"`
	PublicKeyBase58    string         `json:"publicKeyBase58,omitempty"` // of types before 2020
	Expires            string         `json:"expires,omitempty"`
	Revoked            string         `json:"revoked,omitempty"`

	fault   error  // why it is not to be used, of one that was parsed
	other   bool   // has a public key in another member
	written string // as it was parsed, canonical, without what is null
}

// Fault is why a method of a document that was parsed cannot be used at all, nor
// anything be said of it: ErrAmbiguous, or that a member is of the wrong type. Nil:
// its members could be read.
func (m VerificationMethod) Fault() error { return m.fault }

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

// methodTypes are the types of verification methods that are read: the members
// that each has its key in, and the kinds of keys; nil: all.
var methodTypes = map[string]struct{ members, kinds []string }{
	"Multikey":                          {[]string{inMultibase}, nil},
	"JsonWebKey":                        {[]string{inJWK}, nil},
	"JsonWebKey2020":                    {[]string{inJWK}, nil},
	"JwsVerificationKey2020":            {[]string{inJWK}, nil},
	"Ed25519VerificationKey2020":        {[]string{inMultibase}, []string{Ed25519}},
	"Ed25519VerificationKey2018":        {[]string{inBase58}, []string{Ed25519}},
	"EcdsaSecp256k1VerificationKey2019": {[]string{inJWK, inBase58, inMultibase}, []string{Secp256k1}},
	"EcdsaSecp256r1VerificationKey2019": {[]string{inJWK, inBase58, inMultibase}, []string{P256}},
	"P256Key2021":                       {[]string{inJWK, inBase58, inMultibase}, []string{P256}},
	"RsaVerificationKey2018":            {[]string{inJWK}, []string{RSA}},
}

// Where a method has its key.
const (
	inMultibase = "publicKeyMultibase"
	inJWK       = "publicKeyJwk"
	inBase58    = "publicKeyBase58"
)

// material is the one member that has the method's key. Two would be two keys of
// one name (Controlled Identifiers v1.0, 2.2.1 "Verification Material").
func (m VerificationMethod) material() (string, error) {
	var has []string
	for member, there := range map[string]bool{inMultibase: m.PublicKeyMultibase != "", inJWK: m.PublicKeyJwk != nil, inBase58: m.PublicKeyBase58 != "", "": m.other} {
		if there {
			has = append(has, member)
		}
	}
	switch {
	case len(has) > 1:
		return "", errors.New("has its key in several members")
	case len(has) == 0:
		return "", errors.New("has no key")
	case has[0] == "":
		return "", fmt.Errorf("%w: in a member that is not read", ErrUnsupportedKey)
	}
	return has[0], nil
}

// Lenient tells of a method whose key PublicKey returns that it is not written as its
// type demands: in base64url, which a Multikey is never in, or in the member of
// another type.
func (m VerificationMethod) Lenient() bool {
	member, _ := m.material()
	return strings.HasPrefix(m.PublicKeyMultibase, "u") || !slices.Contains(methodTypes[m.Type].members, member)
}

// PublicKey returns the key of a method of one of the types in methodTypes:
// ed25519.PublicKey, *ecdsa.PublicKey on P-256 or P-384, *secp256k1.PublicKey or
// *rsa.PublicKey. Where the key is decides how it is read, whatever the type, and
// the type only has to agree on its kind. The error is ErrUnsupportedKey for a type,
// curve or size that is not used here, ErrPrivateKey, or Fault.
func (m VerificationMethod) PublicKey() (_ crypto.PublicKey, err error) {
	defer wrap(&err, "read key %s", m.ID)
	if m.fault != nil {
		return nil, m.fault
	}
	of, known := methodTypes[m.Type]
	if !known {
		return nil, fmt.Errorf("%w: type %q", ErrUnsupportedKey, m.Type)
	}
	member, err := m.material()
	if err != nil {
		return nil, err
	}
	var key crypto.PublicKey
	switch member {
	case inMultibase:
		key, err = DecodeMultikey(m.PublicKeyMultibase)
	case inJWK:
		key, err = DecodeJWK(m.PublicKeyJwk)
	default:
		key, err = decodeBase58(m.PublicKeyBase58, of.kinds)
	}
	if err != nil {
		return nil, err
	}
	if of.kinds != nil && !slices.Contains(of.kinds, Kind(key)) {
		return nil, fmt.Errorf("type %s with another kind of key", m.Type)
	}
	return key, nil
}
