package did

import (
	"errors"
	"fmt"
	"strings"

	"github.com/go-json-experiment/json"

	"laurel/internal/material/text"
)

// KeyDocument returns the document that a did:key stands for: one Multikey, its
// fragment the key itself, under authentication and assertionMethod (The did:key
// Method v0.7, 3.1.2 "Document Creation Algorithm").
func KeyDocument(did string) (*Document, error) {
	multikey, ok := strings.CutPrefix(did, "did:key:")
	if !ok {
		return nil, fmt.Errorf("expand %q: %w", did, errors.New("not a did:key"))
	}
	if _, err := DecodeMultikey(multikey); err != nil {
		return nil, fmt.Errorf("expand %q: %w", did, err)
	}
	id := did + "#" + multikey
	return &Document{
		Context: []string{ContextDID, ContextMultikey},
		ID:      did,
		VerificationMethod: []VerificationMethod{{
			ID:                 id,
			Type:               "Multikey",
			Controller:         did,
			PublicKeyMultibase: multikey,
		}},
		Authentication:  []string{id},
		AssertionMethod: []string{id},
	}, nil
}

// JWKDocument returns the document that a did:jwk stands for: one JsonWebKey
// with the fragment "0", under authentication and assertionMethod (did:jwk
// Method Specification, "Read"). A JWK that is for encryption is refused.
func JWKDocument(did string) (*Document, error) {
	d, err := jwkDocument(did)
	if err != nil {
		return nil, fmt.Errorf("expand did:jwk: %w", err)
	}
	return d, nil
}

func jwkDocument(did string) (*Document, error) {
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
	if err := json.Unmarshal(data, &jwk); err != nil || jwk == nil {
		return nil, errors.New("not a JWK in JSON form")
	}
	if _, err := decodeJWK(jwk); err != nil {
		return nil, err
	}
	id := did + "#0"
	return &Document{
		Context:            []string{ContextDID, ContextJWK},
		ID:                 did,
		VerificationMethod: []VerificationMethod{{ID: id, Type: "JsonWebKey", Controller: did, PublicKeyJwk: jwk}},
		Authentication:     []string{id},
		AssertionMethod:    []string{id},
	}, nil
}
