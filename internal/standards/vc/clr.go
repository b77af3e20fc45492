package vc

import (
	"fmt"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// ClrCredential is a learner record (Comprehensive Learner Record Standard v2.0,
// "ClrCredential") in the profile laurel issues. Proofs are added to its JSON, not
// here.
type ClrCredential struct {
	Context     []string `json:"@context"`
	ID          string   `json:"id"` // urn:uuid:…
	Type        []string `json:"type"`
	Name        string   `json:"name"`
	Description string   `json:"description,omitzero"`
	Image       *Image   `json:"image,omitzero"`
	// Partial tells that the learner holds more, or less than the record is about.
	Partial           bool             `json:"partial,omitzero"`
	Issuer            Profile          `json:"issuer"`
	ValidFrom         Time             `json:"validFrom"`
	ValidUntil        Time             `json:"validUntil,omitzero"`
	CredentialSubject ClrSubject       `json:"credentialSubject"`
	CredentialStatus  *StatusListEntry `json:"credentialStatus,omitzero"`
	// Proof is only read, never written by this package.
	Proof jsontext.Value `json:"proof,omitzero"`
}

// ClrSubject is who the record is about and what it holds (Comprehensive Learner
// Record Standard v2.0, "ClrSubject"). ID or at least one Identifier is set.
type ClrSubject struct {
	ID          string           `json:"id,omitzero"`
	Type        []string         `json:"type"`
	Identifier  []IdentityObject `json:"identifier,omitempty"`
	Achievement []Achievement    `json:"achievement,omitempty"`
	Association []Association    `json:"association,omitempty"`
	// VerifiableCredential are signed credentials, byte for byte as they were
	// signed; at least one.
	VerifiableCredential []jsontext.Value `json:"verifiableCredential"`
}

// Association relates two achievements by their ids (Comprehensive Learner Record
// Standard v2.0, "Association"). Its type is one string: the schema takes no list.
type Association struct {
	Type            string `json:"type"` // "Association"
	AssociationType string `json:"associationType"`
	SourceID        string `json:"sourceId"`
	TargetID        string `json:"targetId"`
}

// Encode writes the record as Credential.Encode does.
func (c *ClrCredential) Encode() ([]byte, error) { return encodeCompact("learner record", c) }

// Parse reads a credential that laurel issued, as ParseCredential does. A learner
// record is read as one whose achievement is its program: name, description and
// picture, without what it holds.
func Parse(data []byte) (*Credential, error) {
	r, err := ParseClr(data)
	if err != nil {
		return nil, err
	}
	if r == nil {
		return ParseCredential(data)
	}
	return &Credential{Context: r.Context, ID: r.ID, Type: r.Type, Name: r.Name, Description: r.Description, Image: r.Image,
		Issuer: r.Issuer, ValidFrom: r.ValidFrom, ValidUntil: r.ValidUntil, CredentialStatus: r.CredentialStatus, Proof: r.Proof,
		CredentialSubject: AchievementSubject{ID: r.CredentialSubject.ID, Identifier: r.CredentialSubject.Identifier,
			Achievement: Achievement{Name: r.Name, Description: r.Description, Image: r.Image}}}, nil
}

// ParseClr reads a record that laurel issued, as ParseCredential does; nil: it is
// none, but a credential of another type.
func ParseClr(data []byte) (*ClrCredential, error) {
	var kind struct {
		Type []string `json:"type"`
	}
	if err := json.Unmarshal(data, &kind); err != nil {
		return nil, fmt.Errorf("parse credential: %w", err)
	}
	for _, t := range kind.Type {
		if t == "ClrCredential" {
			var c ClrCredential
			if err := json.Unmarshal(data, &c); err != nil {
				return nil, fmt.Errorf("parse learner record: %w", err)
			}
			return &c, nil
		}
	}
	return nil, nil
}
