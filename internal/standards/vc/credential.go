package vc

import (
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// The contexts of what laurel issues, in this order. The CLR context stands
// between the two others, and only in a ClrCredential.
const (
	ContextVC  = "https://www.w3.org/ns/credentials/v2"
	ContextCLR = "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json"
	ContextOB  = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
)

// Time is an xsd:dateTimeStamp in UTC, in whole seconds. The zero Time is left
// out of a document.
type Time struct{ time.Time }

// Credential is an AchievementCredential (Open Badges Specification v3.0,
// "AchievementCredential") in the profile laurel issues: one subject, one
// status entry, an issuer object. Proofs are added to its JSON, not here.
type Credential struct {
	Context           []string           `json:"@context"`
	ID                string             `json:"id"` // urn:uuid:…
	Type              []string           `json:"type"`
	Name              string             `json:"name,omitzero"`
	Description       string             `json:"description,omitzero"`
	Image             *Image             `json:"image,omitzero"`
	Issuer            Profile            `json:"issuer"`
	ValidFrom         Time               `json:"validFrom"`
	ValidUntil        Time               `json:"validUntil,omitzero"`
	AwardedDate       Time               `json:"awardedDate,omitzero"`
	CredentialSubject AchievementSubject `json:"credentialSubject"`
	Evidence          []Evidence         `json:"evidence,omitempty"`
	RelatedResource   []RelatedResource  `json:"relatedResource,omitempty"`
	// Endorsement are EndorsementCredentials about this credential, signed.
	Endorsement      []jsontext.Value `json:"endorsement,omitempty"`
	CredentialStatus *StatusListEntry `json:"credentialStatus,omitzero"`
	// Proof is only read, never written by this package.
	Proof jsontext.Value `json:"proof,omitzero"`
}

// AchievementSubject is who earned what (Open Badges Specification v3.0,
// "AchievementSubject"). ID or at least one Identifier is set.
type AchievementSubject struct {
	ID                string           `json:"id,omitzero"`
	Type              []string         `json:"type"`
	Identifier        []IdentityObject `json:"identifier,omitempty"`
	Achievement       Achievement      `json:"achievement"`
	ActivityStartDate Time             `json:"activityStartDate,omitzero"`
	ActivityEndDate   Time             `json:"activityEndDate,omitzero"`
	CreditsEarned     *float64         `json:"creditsEarned,omitzero"`
	LicenseNumber     string           `json:"licenseNumber,omitzero"`
	Narrative         string           `json:"narrative,omitzero"`
	Result            []Result         `json:"result,omitempty"`
	Role              string           `json:"role,omitzero"`
	Source            *Profile         `json:"source,omitzero"`
	Term              string           `json:"term,omitzero"`
}

// Achievement is what can be earned (Open Badges Specification v3.0,
// "Achievement"). ID is the https URL of its published JSON.
type Achievement struct {
	// Context is set only when the Achievement is published on its own.
	Context         []string    `json:"@context,omitempty"`
	ID              string      `json:"id"`
	Type            []string    `json:"type"`
	AchievementType string      `json:"achievementType,omitzero"`
	Name            string      `json:"name"`
	Description     string      `json:"description"`
	Criteria        Criteria    `json:"criteria"`
	Image           *Image      `json:"image,omitzero"`
	Alignment       []Alignment `json:"alignment,omitempty"`
	Creator         *Profile    `json:"creator,omitzero"`
	// Endorsement are EndorsementCredentials about the achievement, signed.
	Endorsement       []jsontext.Value    `json:"endorsement,omitempty"`
	CreditsAvailable  *float64            `json:"creditsAvailable,omitzero"`
	FieldOfStudy      string              `json:"fieldOfStudy,omitzero"`
	HumanCode         string              `json:"humanCode,omitzero"`
	InLanguage        string              `json:"inLanguage,omitzero"`
	OtherIdentifier   []IdentifierEntry   `json:"otherIdentifier,omitempty"`
	Related           []Related           `json:"related,omitempty"`
	ResultDescription []ResultDescription `json:"resultDescription,omitempty"`
	Specialization    string              `json:"specialization,omitzero"`
	Tag               []string            `json:"tag,omitempty"`
	Version           string              `json:"version,omitzero"`
}

// Criteria say how an achievement is earned: the URL of a page, or Markdown.
type Criteria struct {
	ID        string `json:"id,omitzero"`
	Narrative string `json:"narrative,omitzero"`
}

// Image is a picture by URL, with words for who cannot see it.
type Image struct {
	ID      string `json:"id"`
	Type    string `json:"type"` // "Image"
	Caption string `json:"caption,omitzero"`
}

// Profile is a person or organisation (Open Badges Specification v3.0,
// "Profile").
type Profile struct {
	Context     []string `json:"@context,omitempty"`
	ID          string   `json:"id"`
	Type        []string `json:"type"`
	Name        string   `json:"name,omitzero"`
	URL         string   `json:"url,omitzero"`
	Phone       string   `json:"phone,omitzero"`
	Description string   `json:"description,omitzero"`
	Image       *Image   `json:"image,omitzero"`
	Email       string   `json:"email,omitzero"`
	// Endorsement are EndorsementCredentials about whom the Profile is of, signed.
	Endorsement      []jsontext.Value  `json:"endorsement,omitempty"`
	Address          *Address          `json:"address,omitzero"`
	OtherIdentifier  []IdentifierEntry `json:"otherIdentifier,omitempty"`
	Official         string            `json:"official,omitzero"`
	ParentOrg        *Profile          `json:"parentOrg,omitzero"`
	FamilyName       string            `json:"familyName,omitzero"`
	GivenName        string            `json:"givenName,omitzero"`
	AdditionalName   string            `json:"additionalName,omitzero"`
	PatronymicName   string            `json:"patronymicName,omitzero"`
	HonorificPrefix  string            `json:"honorificPrefix,omitzero"`
	HonorificSuffix  string            `json:"honorificSuffix,omitzero"`
	FamilyNamePrefix string            `json:"familyNamePrefix,omitzero"`
	DateOfBirth      string            `json:"dateOfBirth,omitzero"`
}

// Address is a postal address (Open Badges Specification v3.0, "Address").
type Address struct {
	Type                []string        `json:"type"`
	AddressCountry      string          `json:"addressCountry,omitzero"`
	AddressCountryCode  string          `json:"addressCountryCode,omitzero"`
	AddressRegion       string          `json:"addressRegion,omitzero"`
	AddressLocality     string          `json:"addressLocality,omitzero"`
	StreetAddress       string          `json:"streetAddress,omitzero"`
	PostOfficeBoxNumber string          `json:"postOfficeBoxNumber,omitzero"`
	PostalCode          string          `json:"postalCode,omitzero"`
	Geo                 *GeoCoordinates `json:"geo,omitzero"`
}

// GeoCoordinates are WGS 84 degrees.
type GeoCoordinates struct {
	Type      string  `json:"type"` // "GeoCoordinates"
	Latitude  float64 `json:"latitude"`
	Longitude float64 `json:"longitude"`
}

// IdentifierEntry is an identifier of a thing.
type IdentifierEntry struct {
	Type           string `json:"type"` // "IdentifierEntry"
	Identifier     string `json:"identifier"`
	IdentifierType string `json:"identifierType"`
}

// IdentityObject is a recipient's identity, plain or as a salted hash (Open
// Badges Specification v3.0, "IdentityObject", "IdentityHash").
type IdentityObject struct {
	Type         string `json:"type"` // "IdentityObject"
	Hashed       bool   `json:"hashed"`
	IdentityHash string `json:"identityHash"`
	IdentityType string `json:"identityType"`
	Salt         string `json:"salt,omitzero"`
}

// Alignment is a link to a node of a skill framework.
type Alignment struct {
	Type              []string `json:"type"`
	TargetCode        string   `json:"targetCode,omitzero"`
	TargetDescription string   `json:"targetDescription,omitzero"`
	TargetName        string   `json:"targetName"`
	TargetFramework   string   `json:"targetFramework,omitzero"`
	TargetType        string   `json:"targetType,omitzero"`
	TargetURL         string   `json:"targetUrl"`
}

// Related is another version or translation of an achievement.
type Related struct {
	ID         string   `json:"id"`
	Type       []string `json:"type"`
	InLanguage string   `json:"inLanguage,omitzero"`
	Version    string   `json:"version,omitzero"`
}

// ResultDescription is a kind of result.
type ResultDescription struct {
	ID                   string                 `json:"id"`
	Type                 []string               `json:"type"`
	Name                 string                 `json:"name"`
	ResultType           string                 `json:"resultType"`
	Alignment            []Alignment            `json:"alignment,omitempty"`
	AllowedValue         []string               `json:"allowedValue,omitempty"`
	RequiredLevel        string                 `json:"requiredLevel,omitzero"`
	RequiredValue        string                 `json:"requiredValue,omitzero"`
	RubricCriterionLevel []RubricCriterionLevel `json:"rubricCriterionLevel,omitempty"`
	ValueMax             string                 `json:"valueMax,omitzero"`
	ValueMin             string                 `json:"valueMin,omitzero"`
}

// RubricCriterionLevel is one level of a rubric.
type RubricCriterionLevel struct {
	ID          string      `json:"id"`
	Type        []string    `json:"type"`
	Name        string      `json:"name"`
	Description string      `json:"description,omitzero"`
	Level       string      `json:"level,omitzero"`
	Points      string      `json:"points,omitzero"`
	Alignment   []Alignment `json:"alignment,omitempty"`
}

// Result is what was reached.
type Result struct {
	Type              []string    `json:"type"`
	ResultDescription string      `json:"resultDescription,omitzero"`
	AchievedLevel     string      `json:"achievedLevel,omitzero"`
	Status            string      `json:"status,omitzero"`
	Value             string      `json:"value,omitzero"`
	Alignment         []Alignment `json:"alignment,omitempty"`
}

// Evidence is proof of the work done.
type Evidence struct {
	ID          string   `json:"id,omitzero"`
	Type        []string `json:"type"`
	Name        string   `json:"name,omitzero"`
	Description string   `json:"description,omitzero"`
	Narrative   string   `json:"narrative,omitzero"`
	Genre       string   `json:"genre,omitzero"`
	Audience    string   `json:"audience,omitzero"`
}

// RelatedResource is a file that a credential is about, with its digest (Verifiable
// Credentials Data Model v2.0, "Integrity of Related Resources"). ID is that of the
// evidence whose file it is.
type RelatedResource struct {
	ID        string `json:"id"`
	MediaType string `json:"mediaType,omitzero"`
	DigestSRI string `json:"digestSRI"`
}
