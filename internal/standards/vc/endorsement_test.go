package vc_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"laurel/internal/standards/vc"
)

// TestEmbeddedEndorsements: what was signed is embedded as it is, wherever an
// endorsement may stand.
func TestEmbeddedEndorsements(t *testing.T) {
	signed := `{"id":"urn:uuid:1","name":"\u00c4\/\u003c<","issuer":{"name":"Example Guild","id":"did:web:guild.example.org","url":"https:\/\/guild.example.org"},"n":1.50,` +
		`"type":["VerifiableCredential","EndorsementCredential"],"validFrom":"2026-01-01T00:00:00.5+01:00","credentialSubject":{"id":"https://example.org/a","endorsementComment":"Good"},"proof":[{}]}`
	list := []jsontext.Value{jsontext.Value(signed)}
	c := &vc.Credential{Issuer: vc.Profile{Endorsement: list}, Endorsement: list}
	c.CredentialSubject.Achievement.Endorsement = list
	b, err := c.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(b), `"endorsement":[`+signed+`]`); n != 3 {
		t.Errorf("embedded as it was signed %d times, want 3: %s", n, b)
	}
	again, err := vc.ParseCredential(b)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(again.Endorsement[0], list[0]) || !bytes.Equal(again.Issuer.Endorsement[0], list[0]) || !bytes.Equal(again.CredentialSubject.Achievement.Endorsement[0], list[0]) {
		t.Error("read again, an endorsement is not as it was signed")
	}
	if pretty, err := again.Issuer.Encode(); err != nil || !strings.Contains(string(pretty), `"\u00c4\/\u003c<"`) || !strings.Contains(string(pretty), "1.50") {
		t.Errorf("in a profile of its own: %s %v", pretty, err)
	}
	e, err := vc.ReadEndorsement(list[0])
	if err != nil || e.Name != "Ä/<<" || e.Endorser != "Example Guild" || e.EndorserID != "did:web:guild.example.org" || e.URL != "https://guild.example.org" ||
		e.Subject != "https://example.org/a" || e.Comment != "Good" || e.ValidFrom.String() != "2025-12-31T23:00:00Z" || len(e.Types) != 2 {
		t.Errorf("read: %+v %v", e, err)
	}
	if e, err := vc.ReadEndorsement([]byte(`{"issuer":"https://example.org/","name":{"@value":"x"},"credentialSubject":[{"id":"a"}]}`)); err != nil || e.EndorserID != "https://example.org/" || e.Name != "" || e.Subject != "a" {
		t.Errorf("read: %+v %v", e, err)
	}
}
