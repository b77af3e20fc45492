package vc

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// StatusPurpose is what a set bit of a status list means.
type StatusPurpose string

// The purposes laurel knows (Bitstring Status List v1.0, "statusPurpose").
const (
	Revocation StatusPurpose = "revocation"
	Suspension StatusPurpose = "suspension"
)

// StatusListEntry is the credentialStatus of a credential (Bitstring Status
// List v1.0, "BitstringStatusListEntry").
type StatusListEntry struct {
	ID                   string        `json:"id"` // "<list URL>#<index>"
	Type                 string        `json:"type"`
	StatusPurpose        StatusPurpose `json:"statusPurpose"`
	StatusListIndex      string        `json:"statusListIndex"` // decimal
	StatusListCredential string        `json:"statusListCredential"`
}

// NewStatusListEntry returns the entry for one index of the list at listURL.
// The index is written as a decimal string: as a number it is refused.
func NewStatusListEntry(listURL string, purpose StatusPurpose, index int) *StatusListEntry {
	i := strconv.Itoa(index)
	return &StatusListEntry{
		ID:                   listURL + "#" + i,
		Type:                 "BitstringStatusListEntry",
		StatusPurpose:        purpose,
		StatusListIndex:      i,
		StatusListCredential: listURL,
	}
}

// StatusListCredential is a list of status bits, a credential itself (Bitstring
// Status List v1.0, "BitstringStatusListCredential"). Issuer is the id of the
// issuer, the same as in the credentials that point to the list.
type StatusListCredential struct {
	Context           []string       `json:"@context"`
	ID                string         `json:"id"` // the URL of the list
	Type              []string       `json:"type"`
	Issuer            string         `json:"issuer"`
	ValidFrom         Time           `json:"validFrom"`
	ValidUntil        Time           `json:"validUntil,omitzero"`
	CredentialSubject StatusList     `json:"credentialSubject"`
	Proof             jsontext.Value `json:"proof,omitzero"` // only read
}

// StatusList is the subject of a StatusListCredential. Type is one string:
// verifier-core takes no array. TTL is in milliseconds, 0 for none.
type StatusList struct {
	ID            string   `json:"id,omitzero"` // "<list URL>#list"
	Type          string   `json:"type"`
	StatusPurpose Purposes `json:"statusPurpose"`
	EncodedList   string   `json:"encodedList"`
	TTL           int64    `json:"ttl,omitzero"`
}

// Purposes are what the bits of a list mean. One purpose is written as a plain
// string, as most verifiers want it.
type Purposes []StatusPurpose

// MarshalJSON writes a string for one purpose and an array for more.
func (p Purposes) MarshalJSON() ([]byte, error) {
	if len(p) == 1 {
		return json.Marshal(p[0])
	}
	return json.Marshal([]StatusPurpose(p))
}

// StatusListOptions say what NewStatusList makes. ValidUntil and TTL may be
// zero.
type StatusListOptions struct {
	URL        string // of the list, its id
	Issuer     string // id of the issuer
	Purpose    StatusPurpose
	ValidFrom  time.Time
	ValidUntil time.Time
	TTL        time.Duration // how long a fetched list may be kept, to the millisecond
}

// NewStatusList returns the list of bits as an unsecured credential. A list of
// fewer than ListLength bits is an error: it would tell too much about whom a
// verifier asks for.
func NewStatusList(o StatusListOptions, bits *Bitstring) (*StatusListCredential, error) {
	if bits.Len() < ListLength {
		return nil, fmt.Errorf("status list of %d entries, at least %d are needed", bits.Len(), ListLength)
	}
	encoded, err := bits.Encode()
	if err != nil {
		return nil, err
	}
	c := &StatusListCredential{
		Context:   []string{ContextVC},
		ID:        o.URL,
		Type:      []string{"VerifiableCredential", "BitstringStatusListCredential"},
		Issuer:    o.Issuer,
		ValidFrom: NewTime(o.ValidFrom),
		CredentialSubject: StatusList{
			ID:            o.URL + "#list",
			Type:          "BitstringStatusList",
			StatusPurpose: Purposes{o.Purpose},
			EncodedList:   encoded,
			TTL:           o.TTL.Milliseconds(),
		},
	}
	if !o.ValidUntil.IsZero() {
		c.ValidUntil = NewTime(o.ValidUntil)
	}
	return c, nil
}

// Encode writes the list as compact UTF-8 JSON, as Credential.Encode does.
func (c *StatusListCredential) Encode() ([]byte, error) {
	data, err := json.Marshal(c, json.Deterministic(true))
	if err != nil {
		return nil, fmt.Errorf("encode status list: %w", err)
	}
	return data, nil
}

// ParseStatusList reads a status list of any issuer. Beside what laurel writes
// it takes an issuer object, types and purposes as a string or an array, a
// subject in an array of one, and members it does not know; contexts that are
// not URLs are passed over. It verifies nothing: not the proof, not the length.
func ParseStatusList(data []byte) (*StatusListCredential, error) {
	var w struct {
		Context           jsontext.Value            `json:"@context"`
		ID                string                    `json:"id"`
		Type              oneOrMany[string]         `json:"type"`
		Issuer            issuerID                  `json:"issuer"`
		ValidFrom         Time                      `json:"validFrom"`
		ValidUntil        Time                      `json:"validUntil"`
		CredentialSubject oneOrMany[foreignSubject] `json:"credentialSubject"`
		Proof             jsontext.Value            `json:"proof"`
	}
	if err := json.Unmarshal(data, &w); err != nil {
		return nil, fmt.Errorf("parse status list: %w", err)
	}
	if len(w.CredentialSubject) != 1 {
		return nil, fmt.Errorf("parse status list: %d subjects, want one", len(w.CredentialSubject))
	}
	subject, err := w.CredentialSubject[0].statusList()
	if err != nil {
		return nil, fmt.Errorf("parse status list: %w", err)
	}
	return &StatusListCredential{
		Context: contextURLs(w.Context), ID: w.ID, Type: w.Type, Issuer: string(w.Issuer),
		ValidFrom: w.ValidFrom, ValidUntil: w.ValidUntil,
		CredentialSubject: subject, Proof: w.Proof,
	}, nil
}

// IssuedElsewhereError says that a signed status list has another URL or issuer
// than it would have today, so that credentials that name it lead nowhere. Was
// and Is are the list's URLs.
type IssuedElsewhereError struct{ Was, Is string }

func (e *IssuedElsewhereError) Error() string {
	return fmt.Sprintf("baseURL has changed: what was signed names %s, which would now be %s", e.Was, e.Is)
}

// Hint says what to try.
func (*IssuedElsewhereError) Hint() string {
	return "put baseURL in content/site.yaml back as it was; while nothing is published: laurel ledger mend-address; to move a published site: laurel move NEW-URL"
}

// CheckIssued reads a status list that laurel signed and compares its URL and
// issuer with today's; the error is an *IssuedElsewhereError if they differ.
func CheckIssued(list []byte, url, issuer string) error {
	c, err := ParseStatusList(list)
	if err != nil {
		return err
	}
	if c.ID != url || c.Issuer != issuer {
		return &IssuedElsewhereError{Was: c.ID, Is: url}
	}
	return nil
}

// foreignSubject is a StatusList as other issuers may write it.
type foreignSubject struct {
	ID            string                   `json:"id"`
	Type          oneOrMany[string]        `json:"type"`
	StatusPurpose oneOrMany[StatusPurpose] `json:"statusPurpose"`
	EncodedList   string                   `json:"encodedList"`
	TTL           *float64                 `json:"ttl"`
}

func (s foreignSubject) statusList() (StatusList, error) {
	list := StatusList{ID: s.ID, StatusPurpose: Purposes(s.StatusPurpose), EncodedList: s.EncodedList}
	if list.Type = "BitstringStatusList"; !slices.Contains(s.Type, list.Type) {
		return StatusList{}, errors.New("the subject is not a BitstringStatusList")
	}
	if s.TTL != nil {
		if *s.TTL < 0 || *s.TTL > 1<<53 || *s.TTL != math.Trunc(*s.TTL) {
			return StatusList{}, errors.New("ttl is not a whole number of milliseconds")
		}
		list.TTL = int64(*s.TTL)
	}
	return list, nil
}

// oneOrMany is a value or an array of them.
type oneOrMany[T any] []T

func (m *oneOrMany[T]) UnmarshalJSON(data []byte) error {
	if jsontext.Value(data).Kind() == '[' {
		return json.Unmarshal(data, (*[]T)(m))
	}
	*m = make(oneOrMany[T], 1)
	return json.Unmarshal(data, &(*m)[0])
}

// issuerID is an issuer's id, given as a string or inside of an object.
type issuerID string

func (i *issuerID) UnmarshalJSON(data []byte) error {
	if jsontext.Value(data).Kind() != '{' {
		return json.Unmarshal(data, (*string)(i))
	}
	var object struct {
		ID string `json:"id"`
	}
	if err := json.Unmarshal(data, &object); err != nil {
		return err
	}
	*i = issuerID(object.ID)
	return nil
}

func contextURLs(v jsontext.Value) []string {
	var entries oneOrMany[jsontext.Value]
	if json.Unmarshal(v, &entries) != nil {
		return nil
	}
	var urls []string
	for _, entry := range entries {
		var url string
		if json.Unmarshal(entry, &url) == nil {
			urls = append(urls, url)
		}
	}
	return urls
}
