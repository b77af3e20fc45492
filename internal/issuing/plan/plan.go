// Package plan decides everything that is to be signed: which awards become
// credentials, under which ids and status indexes, with which key and in which
// forms, and which status lists have to be signed again.
//
// It is pure: content, ledger state, public keys, time and randomness come in,
// a Plan goes out. It has no access to a private key, a file or the network.
// Package sign only fills in the proofs.
package plan

import (
	"fmt"
	"io"
	"sort"
	"strings"
	"time"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/ledger"
	"laurel/internal/standards/did"
)

// Key is the public half of an issuer's key.
type Key struct {
	Kid                string
	PublicKeyMultibase string
	Created            time.Time
	Retired            time.Time // zero: still signs
	Revoked            time.Time // zero: trusted
	Reason             string    // of the revocation
}

// Input is all that a plan depends on.
type Input struct {
	Site  *model.Site
	State *ledger.State
	Keys  []Key
	Now   time.Time
	// Rand yields credential ids, status indexes and salts; crypto/rand.
	Rand io.Reader
	// Document returns the main signed document of a record. It is called
	// only for awards whose content differs from what was signed.
	Document func(*ledger.Record) ([]byte, error)
	// Reissue names awards to be revoked and signed anew. When it is not
	// empty the plan holds nothing but these and what follows from them.
	Reissue []string
	// Reason is recorded with the revocations of a reissue.
	Reason string
}

// Plan is what one signing run does. Its parts are in the order in which they
// are written to the ledger; within Issue, content's.
type Plan struct {
	Site *model.Site
	DID  string
	// Key signs everything; its Kid is empty when there is no usable key.
	Key Key
	Now time.Time

	// Published are all keys of the issuer's DID document, this one included.
	Published []did.PublishedKey
	KeyEvents []ledger.KeyEvent // keys whose state the ledger does not know yet
	Issue     []*Issue
	Lists     []*List

	Changed  []Change         // signed, and the content has changed since
	Vanished []*ledger.Record // signed, and no longer in the content
}

// Issue is one award to be signed.
type Issue struct {
	Award        *model.Award
	CredentialID string // urn:uuid:…
	List, Index  int
	// Content is the hex SHA-256 of what the credential says, without id,
	// salts, status and validFrom.
	Content string
	// Replaces is the credential this one takes the place of; empty for a
	// new award. Revoke tells whether it is still to be revoked.
	Replaces string
	Revoke   *ledger.StatusEvent
	salts    salts
}

// Change is an award whose content differs from what was signed.
type Change struct {
	Record *ledger.Record
	Award  *model.Award
	Fields []string // JSON paths such as "credentialSubject.achievement.name", sorted
}

// Empty tells whether there is nothing to write to the ledger.
func (p *Plan) Empty() bool {
	return len(p.KeyEvents) == 0 && !p.NeedsKey()
}

// NeedsKey tells whether something has to be signed.
func (p *Plan) NeedsKey() bool { return len(p.Issue) > 0 || len(p.Lists) > 0 }

// AwardError is a mistake in which award is asked for.
type AwardError struct{ Award, Text string }

func (e *AwardError) Error() string { return fmt.Sprintf("award %s: %s", e.Award, e.Text) }

// KeyError says that no key can sign what is planned.
type KeyError struct{ Kid, Text string }

func (e *KeyError) Error() string {
	if e.Kid == "" {
		return e.Text
	}
	return fmt.Sprintf("key %s: %s", e.Kid, e.Text)
}

// Make returns the plan. A missing key is no error here: the plan's Key is
// then empty, so that content can be reviewed before a key exists.
func Make(in Input) (*Plan, error) {
	id, err := did.WebDID(in.Site.BaseURL)
	if err != nil {
		return nil, fmt.Errorf("derive the issuer's DID from baseURL: %w", err)
	}
	p := &Plan{Site: in.Site, DID: id, Now: in.Now.UTC().Truncate(time.Second)}
	if p.Key, err = chooseKey(in.Keys, in.Site.Sign.Key); err != nil {
		return nil, err
	}
	p.KeyEvents = KeyEvents(in.Keys, in.State)
	p.Published = published(in.State, p.KeyEvents)

	if err := p.awards(in); err != nil {
		return nil, err
	}
	if err := p.allocate(in.State, in.Rand); err != nil {
		return nil, err
	}
	p.lists(in.State)
	return p, nil
}

// awards sorts every award of the content and the ledger into new, changed,
// vanished and to be reissued.
func (p *Plan) awards(in Input) error {
	reissue := make(map[string]bool, len(in.Reissue))
	for _, k := range in.Reissue {
		reissue[k] = true
	}
	inContent := make(map[string]bool)
	d := newDigester(p)
	for _, c := range in.Site.Cohorts {
		for _, a := range c.Awards {
			inContent[a.Key] = true
			content, err := d.digest(a)
			if err != nil {
				return err
			}
			rec := in.State.Record(a.Key)
			switch {
			case reissue[a.Key]:
				if rec == nil {
					return &AwardError{a.Key, "has not been signed yet, so there is nothing to reissue"}
				}
				p.Issue = append(p.Issue, reissueOf(a, rec, content, p.Now, in.Reason))
				delete(reissue, a.Key)
			case len(in.Reissue) > 0:
			case rec == nil:
				p.Issue = append(p.Issue, &Issue{Award: a, Content: content})
			case rec.Content != content && rec.Status != ledger.Revoked:
				fields, err := p.changedFields(a, rec, in.Document)
				if err != nil {
					return err
				}
				if len(fields) > 0 {
					p.Changed = append(p.Changed, Change{Record: rec, Award: a, Fields: fields})
				}
			}
		}
	}
	if len(reissue) > 0 {
		return notInContent(reissue)
	}
	if len(in.Reissue) > 0 {
		return nil
	}
	for rec := range in.State.Records() {
		if rec.ReplacedBy == "" && rec.Status != ledger.Revoked && !inContent[rec.Award] {
			p.Vanished = append(p.Vanished, rec)
		}
	}
	return nil
}

func notInContent(awards map[string]bool) error {
	names := make([]string, 0, len(awards))
	for k := range awards {
		names = append(names, k)
	}
	sort.Strings(names)
	return &AwardError{strings.Join(names, ", "), "not in the content, so there is nothing to sign anew"}
}

func reissueOf(a *model.Award, rec *ledger.Record, content string, now time.Time, reason string) *Issue {
	i := &Issue{Award: a, Content: content, Replaces: rec.Credential}
	if rec.Status != ledger.Revoked {
		if reason == "" {
			reason = "reissued"
		}
		i.Revoke = &ledger.StatusEvent{Award: rec.Award, Credential: rec.Credential,
			Action: ledger.ActionRevoke, Reason: reason, Date: now}
	}
	return i
}
