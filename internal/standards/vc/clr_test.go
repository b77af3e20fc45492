package vc_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"laurel/internal/standards/vc"
)

// TestRecordKeepsItsMembers: what a record holds is there byte for byte, and what is
// read again is what was written.
func TestRecordKeepsItsMembers(t *testing.T) {
	member := jsontext.Value(`{"id":"urn:uuid:1","name":"\u00c4\/<","n":1.50,"proof":[{}]}`)
	r := &vc.ClrCredential{Context: []string{vc.ContextVC, vc.ContextCLR, vc.ContextOB}, ID: "urn:uuid:2", Type: []string{"VerifiableCredential", "ClrCredential"},
		Name: "A year", Description: "All of it", Partial: true, Issuer: vc.Profile{ID: "did:web:example.org", Type: []string{"Profile"}},
		Image: &vc.Image{ID: "https://example.org/i.png", Type: "Image"}, ValidFrom: vc.NewTime(time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)),
		CredentialSubject: vc.ClrSubject{ID: "did:web:ana.example.org", Type: []string{"ClrSubject"},
			Achievement:          []vc.Achievement{{ID: "https://example.org/a", Type: []string{"Achievement"}, Name: "A"}},
			Association:          []vc.Association{{Type: "Association", AssociationType: "isPartOf", SourceID: "https://example.org/a", TargetID: "https://example.org/b"}},
			VerifiableCredential: []jsontext.Value{member}},
		CredentialStatus: vc.NewStatusListEntry("https://example.org/status/1.json", vc.Revocation, 7)}
	b, err := r.Encode()
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{`"verifiableCredential":[` + string(member) + `]`, `"partial":true`, `"association":[{"type":"Association",`} {
		if !strings.Contains(string(b), part) {
			t.Errorf("%s is not in %s", part, b)
		}
	}
	again, err := vc.ParseClr(b)
	if err != nil || again == nil {
		t.Fatal(again, err)
	}
	if c, err := again.Encode(); err != nil || !bytes.Equal(b, c) {
		t.Errorf("read again: %s, %v", c, err)
	}
	whole := *r
	whole.Partial = false
	if b, err := whole.Encode(); err != nil || strings.Contains(string(b), "partial") {
		t.Errorf("a whole one: %s, %v", b, err)
	}
	// For a page it is a credential about its program.
	c, err := vc.Parse(b)
	if err != nil || c.CredentialSubject.Achievement.Name != "A year" || c.CredentialSubject.ID != r.CredentialSubject.ID || c.CredentialStatus.StatusListIndex != "7" {
		t.Errorf("as a credential: %+v, %v", c, err)
	}
	other, err := full().Encode()
	if err != nil {
		t.Fatal(err)
	}
	if got, err := vc.ParseClr(other); got != nil || err != nil {
		t.Errorf("an award is a record: %v, %v", got, err)
	}
	if c, err := vc.Parse(other); err != nil || c.CredentialSubject.Achievement.Name != "Welding" {
		t.Errorf("an award: %v", err)
	}
}
