package vc

import (
	"cmp"
	"fmt"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Endorsement is an EndorsementCredential (Open Badges Specification v3.0,
// "EndorsementCredential") in the profile laurel issues: one subject, one status
// entry, an issuer object, which is who endorses. Its Encode is as Credential's.
type Endorsement struct {
	Context           []string           `json:"@context"`
	ID                string             `json:"id"` // urn:uuid:…
	Type              []string           `json:"type"`
	Name              string             `json:"name"` // required
	Issuer            Profile            `json:"issuer"`
	ValidFrom         Time               `json:"validFrom"`
	ValidUntil        Time               `json:"validUntil,omitzero"`
	AwardedDate       Time               `json:"awardedDate,omitzero"`
	CredentialSubject EndorsementSubject `json:"credentialSubject"`
	CredentialStatus  *StatusListEntry   `json:"credentialStatus,omitzero"`
	// Proof is only read, never written by this package.
	Proof jsontext.Value `json:"proof,omitzero"`
}

// EndorsementSubject is what is endorsed (Open Badges Specification v3.0,
// "EndorsementSubject"). ID is that of an Achievement, a Profile or a credential.
type EndorsementSubject struct {
	ID                 string   `json:"id"`
	Type               []string `json:"type"`
	EndorsementComment string   `json:"endorsementComment,omitzero"` // Markdown
}

// NewEndorsement is an endorsement of subject, without what is drawn or follows
// from the time of signing.
func NewEndorsement(name string, endorser Profile, subject, comment string) *Endorsement {
	return &Endorsement{
		Context: []string{ContextVC, ContextOB}, Type: []string{"VerifiableCredential", "EndorsementCredential"},
		Name: name, Issuer: endorser,
		CredentialSubject: EndorsementSubject{ID: subject, Type: []string{"EndorsementSubject"}, EndorsementComment: comment},
	}
}

// Encode writes the endorsement as Credential.Encode does.
func (e *Endorsement) Encode() ([]byte, error) { return encodeCompact("endorsement", e) }

// Endorsed is what an endorsement of any issuer says, as the pages show it. What
// it does not say, or says in another form than a text, is empty.
type Endorsed struct {
	ID, Name                       string
	EndorserID, Endorser, URL      string // the issuer's id, name and web address
	Subject, Comment               string // the id of what is endorsed, and endorsementComment
	Types                          []string
	Awarded, ValidFrom, ValidUntil Time // zero: not said, or not understood
}

// ReadEndorsement reads an endorsement of any issuer. Nothing is verified; what is
// no JSON object is an error, as are duplicate names and text that is not UTF-8.
func ReadEndorsement(data []byte) (Endorsed, error) {
	var doc map[string]any
	if err := json.Unmarshal(data, &doc); err != nil {
		return Endorsed{}, fmt.Errorf("read an endorsement: %w", err)
	}
	text := func(o map[string]any, name string) string { s, _ := o[name].(string); return s }
	object := func(o map[string]any, name string) map[string]any { m, _ := o[name].(map[string]any); return m }
	date := func(name string) Time {
		t, err := time.Parse(time.RFC3339Nano, text(doc, name))
		if err != nil {
			return Time{}
		}
		return NewTime(t)
	}
	issuer, subject := object(doc, "issuer"), object(doc, "credentialSubject")
	if list, ok := doc["credentialSubject"].([]any); ok && len(list) == 1 {
		subject, _ = list[0].(map[string]any)
	}
	e := Endorsed{ID: text(doc, "id"), Name: text(doc, "name"),
		EndorserID: cmp.Or(text(doc, "issuer"), text(issuer, "id")), Endorser: text(issuer, "name"), URL: text(issuer, "url"),
		Subject: text(subject, "id"), Comment: text(subject, "endorsementComment"),
		Awarded: date("awardedDate"), ValidFrom: date("validFrom"), ValidUntil: date("validUntil")}
	types, _ := doc["type"].([]any)
	for _, t := range types {
		if name, ok := t.(string); ok {
			e.Types = append(e.Types, name)
		}
	}
	return e, nil
}
