package vc

// StatusPurpose is what a set bit of a status list means.
type StatusPurpose string

// The purposes laurel knows (Bitstring Status List v1.0, "statusPurpose").
const (
	Revocation StatusPurpose = "revocation"
	Suspension StatusPurpose = "suspension"
)

// ListLength is the number of entries of a list laurel issues, the least that
// Bitstring Status List v1.0 allows.
const ListLength = 131072

// StatusListEntry is the credentialStatus of a credential (Bitstring Status
// List v1.0, "BitstringStatusListEntry").
type StatusListEntry struct {
	ID                   string        `json:"id"` // "<list URL>#<index>"
	Type                 string        `json:"type"`
	StatusPurpose        StatusPurpose `json:"statusPurpose"`
	StatusListIndex      string        `json:"statusListIndex"` // decimal
	StatusListCredential string        `json:"statusListCredential"`
}
