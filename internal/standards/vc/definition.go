package vc

import (
	"crypto/sha256"
	"encoding/hex"

	"github.com/go-json-experiment/json"
)

// Definition is a digest of what an Achievement says of itself, 32 digits of hex: two
// credentials were awarded for the same version of it if it is the same. What it is
// related to, and what others say of it, is not part of that.
func (a Achievement) Definition() string {
	a.Context, a.Related, a.Endorsement = nil, nil, nil
	b, err := json.Marshal(a, json.Deterministic(true))
	if err != nil {
		return "" // nothing in it that could not be written
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:16])
}
