package site

import (
	"fmt"

	"laurel/internal/issuing/ledger"
	"laurel/internal/standards/did"
)

// didDocument is the issuer's did:web document. Every key that ever signed
// stays in it; only a compromised one is marked revoked.
func didDocument(id string, keys []ledger.KeyState) ([]byte, error) {
	published := mapAll(keys, func(k ledger.KeyState) did.PublishedKey {
		return did.PublishedKey{Kid: k.Kid, PublicKeyMultibase: k.PublicKeyMultibase, Revoked: k.Revoked}
	})
	b, err := did.WebDocument(id, published).Encode()
	if err != nil {
		return nil, fmt.Errorf("encode the DID document: %w", err)
	}
	return b, nil
}
