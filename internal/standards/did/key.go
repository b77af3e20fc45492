package did

import (
	"errors"
	"fmt"
	"strings"
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
