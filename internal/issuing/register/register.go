// Package register knows everybody's awards, those that the content has as well as
// those that were signed, and finds one by whatever somebody has of it: its key, a
// name, an address, a number, the id of a credential, or a link.
//
// It is pure, decides nothing, and names people: what it says is for who keeps the
// site folder, never for anything that is published.
package register

import (
	"cmp"
	"fmt"
	"time"

	"github.com/go-json-experiment/json"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/ledger"
	"laurel/internal/standards/vc"
)

// Entry is one award, or learner record, as the content has it, as it was signed, or
// both.
type Entry struct {
	Key    string         // its award key, as laurel plan shows it
	Award  *model.Award   // of the content; nil: it is no longer there
	Record *ledger.Record // its newest credential; nil: it was never signed
	// Name is the recipient's, Title that of what was awarded: as the content has
	// them, else as they were signed. Either may be empty.
	Name, Title string
	// Awarded is the award's date, as the content has it, else as it was signed; zero:
	// not said.
	Awarded time.Time
	// identities are what a credential that the content no longer has says of its
	// recipient; id is their DID.
	identities []vc.IdentityObject
	id         string
}

// Cohort is the list that it is of.
func (e *Entry) Cohort() string { return keyOf(e.Key).Cohort }

// Achievement is the slug of what was awarded: a program's for a record.
func (e *Entry) Achievement() string { return keyOf(e.Key).Achievement }

// Email is the recipient's address as the content has it; empty: it has none.
func (e *Entry) Email() string {
	if e.Award == nil {
		return ""
	}
	return e.Award.Recipient.Email
}

// Until is when it expires: as it was signed, else as the content has it; zero: never.
func (e *Entry) Until() time.Time {
	switch {
	case e.Record != nil:
		return e.Record.ValidUntil
	case e.Award != nil:
		return e.Award.ValidUntil
	}
	return time.Time{}
}

func keyOf(key string) model.AwardKey {
	k, _ := model.ParseAwardKey(key) // zero where laurel would not have written it
	return k
}

// Register is all entries, in content's order, then those that it no longer has, in
// the ledger's.
type Register struct {
	Entries []*Entry
	byKey   map[string]*Entry
	state   *ledger.State
	match   *matcher // made when the first is looked for
}

// Make brings content and ledger together. A nil site has no awards. Document returns
// the main signed document of a record; it is asked for those that the content does
// not have.
func Make(s *model.Site, state *ledger.State, document func(*ledger.Record) ([]byte, error)) (*Register, error) {
	r := &Register{byKey: map[string]*Entry{}, state: state}
	if s != nil {
		for _, c := range s.Cohorts {
			for _, a := range c.Awards {
				key := a.Key.String()
				r.add(&Entry{Key: key, Award: a, Record: state.Record(key), Name: a.Recipient.Name, Title: a.Title(), Awarded: a.AwardedDate})
			}
		}
	}
	for rec := range state.Records() {
		if rec.ReplacedBy != "" || r.byKey[rec.Award] != nil || keyOf(rec.Award).Cohort == model.Endorsements {
			continue
		}
		e := &Entry{Key: rec.Award, Record: rec}
		if err := e.read(document); err != nil {
			return nil, err
		}
		r.add(e)
	}
	return r, nil
}

func (r *Register) add(e *Entry) {
	r.Entries = append(r.Entries, e)
	r.byKey[e.Key] = e
}

// Of is the entry of an award key, or nil.
func (r *Register) Of(key string) *Entry { return r.byKey[key] }

// read fills in what a signed document says.
func (e *Entry) read(document func(*ledger.Record) ([]byte, error)) error {
	b, err := document(e.Record)
	if err != nil {
		return err
	}
	var d struct {
		Name              string    `json:"name"`
		AwardedDate       time.Time `json:"awardedDate"`
		CredentialSubject struct {
			ID          string              `json:"id"`
			Identifier  []vc.IdentityObject `json:"identifier"`
			Achievement struct {
				Name string `json:"name"`
			} `json:"achievement"`
		} `json:"credentialSubject"`
	}
	if err := json.Unmarshal(b, &d); err != nil {
		return fmt.Errorf("read credential %s: %w", e.Record.Credential, err)
	}
	e.identities, e.id = d.CredentialSubject.Identifier, d.CredentialSubject.ID
	e.Title, e.Awarded = cmp.Or(d.CredentialSubject.Achievement.Name, d.Name), d.AwardedDate
	for _, i := range e.identities {
		if i.IdentityType == "name" {
			e.Name = i.IdentityHash
		}
	}
	return nil
}
