// Package vc owns the wire documents of what laurel issues: Open Badges 3.0
// credentials in the Verifiable Credentials Data Model 2.0, their status lists,
// and the Profile and Achievement documents published beside them.
//
// A Go value here is one JSON document, member for member and in order, so the
// same value always encodes to the same bytes. The package refuses to judge:
// whether a document conforms is conform's to say, whether it is genuine is
// verify's, and proofs are added to its bytes by proof.
package vc

import (
	"fmt"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Encode writes the credential as compact UTF-8 JSON, members in the order of
// the struct, no HTML escaping, no newline at the end. Equal credentials give
// equal bytes, and what is embedded keeps its own but for white space between
// them. Text that is not UTF-8 and dates beyond the year 9999 are errors.
func (c *Credential) Encode() ([]byte, error) { return encodeCompact("credential", c) }

func encodeCompact(what string, v any) ([]byte, error) {
	data, err := json.Marshal(v, json.Deterministic(true), jsontext.PreserveRawStrings(true))
	if err != nil {
		return nil, fmt.Errorf("encode %s: %w", what, err)
	}
	return data, nil
}

// ParseCredential reads a credential that laurel issued, for the pages that
// show it. Members it does not know are passed over, the proof is kept as it
// stands, and nothing is verified. Duplicate names, text that is not UTF-8 and
// trailing data are errors.
func ParseCredential(data []byte) (*Credential, error) {
	var c Credential
	if err := json.Unmarshal(data, &c); err != nil {
		return nil, fmt.Errorf("parse credential: %w", err)
	}
	return &c, nil
}

// Encode writes the profile as a document of its own (issuer.json): indented,
// newline at the end. Without a Context it gets those of Open Badges 3.0.
func (p Profile) Encode() ([]byte, error) {
	if p.Context == nil {
		p.Context = []string{ContextVC, ContextOB}
	}
	return encodeIndented("profile", &p)
}

// Encode writes the achievement as a document of its own (achievement.json):
// indented, newline at the end. Without a Context it gets those of Open Badges
// 3.0.
func (a Achievement) Encode() ([]byte, error) {
	if a.Context == nil {
		a.Context = []string{ContextVC, ContextOB}
	}
	return encodeIndented("achievement", &a)
}

func encodeIndented(what string, v any) ([]byte, error) {
	data, err := json.Marshal(v, json.Deterministic(true), jsontext.PreserveRawStrings(true), jsontext.WithIndent("  "))
	if err != nil {
		return nil, fmt.Errorf("encode %s: %w", what, err)
	}
	return append(data, '\n'), nil
}
