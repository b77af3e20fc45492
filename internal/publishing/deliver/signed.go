package deliver

import (
	"fmt"
	"strings"

	"github.com/go-json-experiment/json"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/ledger"
	"laurel/internal/standards/vc"
)

// subject is whom a signed credential is about.
type subject struct {
	CredentialSubject struct {
		ID         string              `json:"id"`
		Identifier []vc.IdentityObject `json:"identifier"`
	} `json:"credentialSubject"`
}

// subjectOf reads it from a record's full credential.
func subjectOf(rec *ledger.Record, documents []ledger.Document) (subject, error) {
	var s subject
	for _, d := range documents {
		if d.Variant != "" && d.Variant != ledger.Full || d.Document.Kind() != '{' {
			continue
		}
		if err := json.Unmarshal(d.Document, &s); err != nil {
			return s, fmt.Errorf("read credential %s: %w", rec.Credential, err)
		}
		return s, nil
	}
	return s, fmt.Errorf("the ledger has no document of %s, form %s", rec.Credential, ledger.Full)
}

// is tells whether a credential is about the learner of a row as it is today.
// It is not when the row was given to somebody else since, as when keys are
// numbers and a line was put in between; nor when a name, an address or a DID
// was corrected: that cannot be told from the other, and the learner is better
// served with what laurel reissue makes of it.
func (s subject) is(r model.Recipient) bool {
	agrees, says := false, false
	check := func(same bool) bool {
		says = true
		agrees = agrees || same
		return same
	}
	if id := s.CredentialSubject.ID; id != "" && !strings.HasPrefix(id, "urn:") {
		if !check(id == r.ID) && r.ID != "" {
			return false
		}
	}
	for _, i := range s.CredentialSubject.Identifier {
		switch i.IdentityType {
		case "name":
			if !check(r.Name != "" && foldedName(i.IdentityHash) == foldedName(r.Name)) && r.Name != "" {
				return false
			}
		case "emailAddress":
			if !check(sameEmail(i, r.Email) || i.IdentityHash != "" && i.IdentityHash == r.HashedEmail.IdentityHash) && r.Email != "" {
				return false
			}
		}
	}
	return agrees || !says
}

// sameEmail compares an address with a salted hash of one, also where its
// spelling has changed since.
func sameEmail(i vc.IdentityObject, email string) bool {
	return email != "" && vc.IsIdentity(i.IdentityHash, i.Salt, i.Hashed, email)
}
