package did

import (
	"errors"
	"fmt"
	"strings"

	"laurel/internal/material/text"
)

// KeyDocument returns the document that a did:key stands for: one Multikey, its
// fragment the key itself, under authentication and assertionMethod (The did:key
// Method v0.7, 3.1.2 "Document Creation Algorithm"). The error is ErrUnsupportedKey for
// a kind of key that is not read here.
func KeyDocument(did string) (_ *Document, err error) {
	defer wrap(&err, "expand %q", did)
	multikey, ok := strings.CutPrefix(did, "did:key:")
	if !ok {
		return nil, errors.New("not a did:key")
	}
	if _, err := DecodeMultikey(multikey); err != nil {
		return nil, err
	}
	if !strings.HasPrefix(multikey, "z") {
		return nil, fmt.Errorf("%w: not base58btc (no z in front)", ErrUnsupportedKey)
	}
	return oneKey(did, ContextMultikey, VerificationMethod{ID: did + "#" + multikey, Type: "Multikey", PublicKeyMultibase: multikey}), nil
}

// oneKey is the document of a DID that stands for one key.
func oneKey(did, context string, m VerificationMethod) *Document {
	m.Controller = did
	return &Document{Context: []string{ContextDID, context}, ID: did, VerificationMethod: []VerificationMethod{m},
		Authentication: []string{m.ID}, AssertionMethod: []string{m.ID}}
}

// JWKDocument returns the document that a did:jwk stands for: one JsonWebKey
// with the fragment "0", under authentication and assertionMethod (did:jwk
// Method Specification, "Read"). A JWK that is for encryption is refused.
func JWKDocument(did string) (_ *Document, err error) {
	defer wrap(&err, "expand did:jwk")
	encoded, ok := strings.CutPrefix(did, "did:jwk:")
	if !ok {
		return nil, errors.New("not a did:jwk")
	}
	if len(did) > maxJWKName {
		return nil, errors.New("too long")
	}
	data, ok := text.Base64URL(encoded)
	if !ok {
		return nil, errors.New("not base64url")
	}
	var jwk map[string]any
	if err := read(data, &jwk); err != nil || jwk == nil {
		return nil, errors.New("not a JWK in JSON form")
	}
	if _, err := DecodeJWK(jwk); err != nil {
		return nil, err
	}
	return oneKey(did, ContextJWK, VerificationMethod{ID: did + "#0", Type: "JsonWebKey", PublicKeyJwk: jwk}), nil
}
