package vc

import (
	"crypto/sha256"
	"encoding/hex"
)

// HashIdentity returns the identityHash of a hashed IdentityObject: "sha256$"
// and the lower-case hex digest of the identity followed by the salt, both as
// UTF-8. The salt hides the identity from a table of guesses, not from who
// holds the credential. Open Badges Specification v3.0, "IdentityHash".
func HashIdentity(identity, salt string) string {
	sum := sha256.Sum256([]byte(identity + salt))
	return "sha256$" + hex.EncodeToString(sum[:])
}
