package did

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// PublishedKey is a key of a did:web document that laurel publishes.
type PublishedKey struct {
	Kid                string    // the fragment
	PublicKeyMultibase string    // as EncodeKey writes it
	Revoked            time.Time // zero: not compromised
	// JOSE tells that JOSE forms name the key, so that it is published as a JWK too.
	// Keys of other kinds than Ed25519 always are.
	JOSE bool
}

// JOSEMethod is the id of the verification method by which JOSE forms name a key:
// that of its JWK. JWKs are methods of their own, since one that had both
// publicKeyMultibase and publicKeyJwk would be two keys of one name.
func JOSEMethod(id, kid string) string { return id + "#" + jwkPrefix + kid }

// jwkPrefix is one that no key's own name has.
const jwkPrefix = "jwk-"

// KidOf is the name of the key that a verification method's id stands for, be it
// the key's own or JOSEMethod's; empty: it has no fragment.
func KidOf(method string) string {
	_, fragment, _ := strings.Cut(method, "#")
	return strings.TrimPrefix(fragment, jwkPrefix)
}

// WebDocument is the document of a did:web issuer in the form every known
// verifier takes (Controlled Identifiers v1.0, "Verification Methods"):
// Multikey methods with absolute ids, string entries in assertionMethod. Keys
// carry no expiry date, so that rotation voids nothing. A revoked key keeps its
// method, with the date, but leaves assertionMethod: verifiers that do not look at
// revoked, as those of @digitalbazaar/data-integrity, refuse it for that.
//
// Keys that JOSE forms name have a method of type JsonWebKey as well, which Securing
// Verifiable Credentials using JOSE and COSE, "Using Controlled Identifier
// Documents", asks for, and 1EdTech's validator reads nothing else. RSA keys have
// only that: there is no Multikey of them.
func WebDocument(id string, keys []PublishedKey) Document {
	d := Document{Context: []string{ContextDID, ContextMultikey}, ID: id}
	for _, k := range keys {
		for _, m := range k.methods(id) {
			if m.PublicKeyJwk != nil && !slices.Contains(d.Context, ContextJWK) {
				d.Context = append(d.Context, ContextJWK)
			}
			if k.Revoked.IsZero() {
				d.AssertionMethod = append(d.AssertionMethod, m.ID)
			} else {
				m.Revoked = k.Revoked.UTC().Format(time.RFC3339)
			}
			d.VerificationMethod = append(d.VerificationMethod, m)
		}
	}
	return d
}

// methods are a key's, its Multikey first.
func (k PublishedKey) methods(id string) []VerificationMethod {
	multikey := VerificationMethod{ID: id + "#" + k.Kid, Type: "Multikey", Controller: id, PublicKeyMultibase: k.PublicKeyMultibase}
	key, err := DecodeKey(k.PublicKeyMultibase)
	kind := Kind(key)
	if err != nil || kind == Ed25519 && !k.JOSE {
		return []VerificationMethod{multikey}
	}
	jwk := VerificationMethod{ID: JOSEMethod(id, k.Kid), Type: "JsonWebKey", Controller: id, PublicKeyJwk: EncodeJWK(key)}
	if kind == RSA {
		return []VerificationMethod{jwk}
	}
	return []VerificationMethod{multikey, jwk}
}

// PublishedKeys are the keys of a document that WebDocument made. JOSE is not told.
// Revoked is unread where its time cannot be read. Of a document of another hand it
// returns what it can.
func (d Document) PublishedKeys(unread time.Time) []PublishedKey {
	var keys []PublishedKey
	for _, m := range d.VerificationMethod {
		k := PublishedKey{Kid: KidOf(m.ID), PublicKeyMultibase: m.PublicKeyMultibase}
		if slices.ContainsFunc(keys, func(other PublishedKey) bool { return other.Kid == k.Kid }) {
			continue // its JWK
		}
		if key, err := m.PublicKey(); m.PublicKeyJwk != nil && err == nil {
			k.PublicKeyMultibase, _ = EncodeKey(key)
		}
		if m.Revoked != "" {
			var err error
			// The zero time is one that a document may have, and says here that there is none.
			if k.Revoked, err = time.Parse(time.RFC3339, m.Revoked); err != nil || k.Revoked.IsZero() {
				k.Revoked = unread
			}
		}
		keys = append(keys, k)
	}
	return keys
}

// KeySet is the JWK Set beside a document that WebDocument made (RFC 7517, 5 "JWK
// Set Format"): the keys of its methods of type JsonWebKey that are not revoked,
// each with the method's id as its kid, which is what headers name. Nil: there are
// none.
func (d Document) KeySet() ([]byte, error) {
	set := struct {
		Iss  string           `json:"iss"` // Open Badges v3.0 Implementation Guide, "Key provenance"
		Keys []map[string]any `json:"keys"`
	}{Iss: d.ID}
	for _, m := range d.VerificationMethod {
		if m.PublicKeyJwk == nil || m.Revoked != "" {
			continue
		}
		jwk := maps.Clone(m.PublicKeyJwk)
		jwk["kid"], jwk["use"], jwk["alg"] = m.ID, "sig", algorithmsOf[kindOfJWK(jwk)][0]
		set.Keys = append(set.Keys, jwk)
	}
	if set.Keys == nil {
		return nil, nil
	}
	data, err := json.Marshal(set, json.Deterministic(true), jsontext.WithIndent("  "))
	if err != nil {
		return nil, fmt.Errorf("encode the JWK Set of %s: %w", d.ID, err)
	}
	return append(data, '\n'), nil
}
