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
	"time"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/ledger"
	"laurel/internal/standards/did"
	"laurel/internal/standards/vc"
)

// PublicKey is the public half of a key.
type PublicKey struct {
	Kid                string
	PublicKeyMultibase string
	Profile            string // slug of the endorser whose it is; empty: the issuer's
	Created            time.Time
	Retired            time.Time // zero: still signs
	Revoked            time.Time // zero: trusted
	Reason             string    // of the revocation
	// Exec is the command whose program holds the private half; empty: a file does.
	Exec string
}

// Input is all that a plan depends on.
type Input struct {
	Site  *model.Site
	State *ledger.State
	Keys  []PublicKey
	Now   time.Time
	// Rand yields credential ids, status indexes, salts, and the names and keys
	// of capsules; crypto/rand.
	Rand io.Reader
	// Document returns the main signed document of a record. It is called
	// only for awards whose content differs from what was signed.
	Document func(*ledger.Record) ([]byte, error)
	// List returns the newest signed document of a status list.
	List func(ledger.ListState) ([]byte, error)
	// Reissue is what to revoke and sign anew; nil plans everything else.
	Reissue *Reissue
	// Request is for records that were asked for; nil plans everything else.
	Request *RecordRequest
}

// Reissue names what to revoke and sign anew. The plan then holds nothing but
// these and what follows from them.
type Reissue struct {
	// Awards are award keys.
	Awards []string
	// Cohorts are cohort slugs: all awards of them that are in the content and
	// not revoked.
	Cohorts []string
	// Resume passes over what was reissued before from the same content, so
	// that a long run that was cut off can be repeated.
	Resume bool
	// Lenient passes over awards that are not in the content.
	Lenient bool
	// Reason is recorded with the revocations; empty means "reissued".
	Reason string
	// Renew renews Awards and Cohorts in place of correcting them: their dates move on, in the content
	// that the plan was made of as well. Nil: they are signed as the content has them.
	Renew *Renewal
}

// Plan is what one signing run does. Its parts are in the order in which they
// are written to the ledger; within Issue, content's, with records after all awards.
type Plan struct {
	Site *model.Site
	DID  string
	// Key signs the main form of everything; its Kid is empty when there is no
	// usable key.
	Key PublicKey
	// Forms are all that the site asks for, with their keys, the main one first.
	// FormsOf tells which of them are an award's.
	Forms []Form
	Now   time.Time

	// Published are all keys of the issuer's DID document, this one included.
	Published []did.PublishedKey
	KeyEvents []ledger.KeyEvent // keys whose state the ledger does not know yet
	// Endorsers are those of the content, and those that the ledger has keys of, by
	// slug.
	Endorsers []Endorser
	// Endorse are signed before Issue, which embeds them.
	Endorse []*Endorse
	Issue   []*Issue
	Seal    []*Seal
	Lists   []*List
	// Twice are revocations of credentials of awards that have another one: that another
	// copy of the ledger issued, or that were to be revoked when they were renewed.
	Twice []*ledger.StatusEvent
	// Void are revocations of records that hold a revoked credential, and whose
	// program is no longer complete without it.
	Void []*ledger.StatusEvent
	// Head tells that the ledger has events, or gets some, that no signed head
	// of its log covers; the last thing to be signed is then a new one. It is
	// false as long as there is no key.
	Head bool

	Changed []Change // signed, and the content has changed since
	// Earlier counts the awards that were signed for an earlier version of their
	// achievement and say all else as they did: these are as they should be.
	Earlier int
	// Unversioned are achievements whose definition has changed since they were
	// awarded, and whose version has not.
	Unversioned []*model.Achievement
	Vanished    []*ledger.Record // signed, and no longer in the content
	Fewer       []*ledger.Record // signed, in fewer forms than are asked for now
	// Unendorsed are endorsements of awards that were signed without them. Each is
	// signed when its award is signed anew.
	Unendorsed []*model.Endorsement
	// Moved are not signed: each looks like one that was, under another key.
	Moved []Moved
	// Unclear are not signed either: each could be one of several that were.
	Unclear    []Unclear
	Waiting    []Waiting             // records that are due and cannot be signed
	revocation int64                 // seq of the last revocation of a key
	embedded   map[string][]embedded // by target, in content's order
	// Passed counts what a reissue left alone: revoked, not in the content,
	// or reissued before.
	Passed int
}

// Issue is one award to be signed.
type Issue struct {
	Award        *model.Award
	Holds        *Holding // of a record; else nil
	CredentialID string   // urn:uuid:…
	List, Index  int
	// Content is the hex SHA-256 of what the credential says, without id,
	// salts, status and validFrom.
	Content string
	// Replaces is the credential this one takes the place of; empty for a
	// new award. Revoke tells whether it is still to be revoked.
	Replaces string
	Revoke   *ledger.StatusEvent
	// Renewal is that of its ledger.IssueEvent: what it replaces was of Renewed, and is
	// revoked only behind it.
	Renewal string
	Renewed time.Time
	// Awarded is the AwardedDate of its ledger.IssueEvent: zero where the award was never
	// renewed.
	Awarded time.Time
	// Shared tells that it takes the place of a credential with the status index of
	// another award.
	Shared bool
	salts  salts
	// subject stands for the recipient where a form needs an id of one who has none.
	subject string // urn:uuid:…, or empty
	// Variants are its further credentials, in content's order.
	Variants []*Variant
	// Capsules are those of a ledger.CapsuleEvent; nil for an award that is
	// not handed out by link.
	Capsules []ledger.Capsule
}

// Variant is one further credential of an award to be signed.
type Variant struct {
	Name         model.Variant
	CredentialID string // urn:uuid:…
	List, Index  int
	salts        salts
	// subject stands for a recipient of whom nothing else is told.
	subject string // urn:uuid:…
}

// Change is an award or endorsement whose content differs from what was signed.
type Change struct {
	Record *ledger.Record
	Award  *model.Award // nil: it is an endorsement
	Fields []string     // JSON paths such as "credentialSubject.achievement.name", sorted
	// Differences are the same in the author's words, old and new. A record has none:
	// its Fields are sentences.
	Differences []Difference
}

// Empty tells whether there is nothing to write to the ledger.
func (p *Plan) Empty() bool {
	return len(p.KeyEvents) == 0 && len(p.Seal) == 0 && len(p.Twice) == 0 && len(p.Void) == 0 && !p.NeedsKey()
}

// NeedsKey tells whether something has to be signed. Only where there is no
// key at all, what needs none is done without: keys are recorded, and what is
// signed is sealed.
func (p *Plan) NeedsKey() bool {
	return len(p.Issue) > 0 || len(p.Endorse) > 0 || len(p.Lists) > 0 || p.Head
}

// Make returns the plan. That there is no key at all is no error here: the plan's
// Key is then empty, so that content can be reviewed before a key exists. Errors are
// *KeyError, *SettingError, *AwardError, *vc.IssuedElsewhereError, AwardProblems, or of in's functions.
func Make(in Input) (*Plan, error) {
	id, err := did.WebDID(in.Site.BaseURL)
	if err != nil {
		return nil, fmt.Errorf("derive the issuer's DID from baseURL: %w", err)
	}
	AsRenewed(in.Site, in.State)
	p := &Plan{Site: in.Site, DID: id, Now: in.Now.UTC().Truncate(time.Second)}
	if err := p.checkIssuer(in); err != nil {
		return nil, err
	}
	if err := checkKeys(in.Keys, in.State); err != nil {
		return nil, err
	}
	if p.Forms, err = Forms(in.Keys, in.State, in.Site); err != nil {
		return nil, err
	}
	p.Key = p.Forms[0].Key
	p.KeyEvents = KeyEvents(in.Keys, in.State)
	if err := p.endorsers(in); err != nil {
		return nil, err
	}
	p.revocation = lastRevocation(in.State, p.KeyEvents)

	if err := p.awards(in); err != nil {
		return nil, err
	}
	if err := p.embed(in); err != nil {
		return nil, err
	}
	if err := p.checkDates(); err != nil {
		return nil, err
	}
	if err := p.checkForms(); err != nil {
		return nil, err
	}
	if err := p.allocate(in.State, in.Rand); err != nil {
		return nil, err
	}
	if err := p.drawCapsules(in.Rand); err != nil {
		return nil, err
	}
	p.lists(in.State)
	if err := p.checkTokens(); err != nil {
		return nil, err
	}
	p.Published = published(in.State, p.KeyEvents, "", p.NeededForms())
	p.Head = p.Key.Kid != "" && (!p.Empty() || in.State.Log().Events > 0)
	return p, nil
}

// checkIssuer refuses a site whose identity is no longer the one that signed:
// every credential names it.
func (p *Plan) checkIssuer(in Input) error {
	for _, l := range in.State.Lists() {
		if l.SignedAt.IsZero() {
			continue
		}
		b, err := in.List(l)
		if err != nil {
			return fmt.Errorf("read status list %d: %w", l.List, err)
		}
		if err := vc.CheckIssued(b, p.Site.URL(model.StatusListPath(l.List)), p.ProfileDID(l.Profile)); err != nil {
			return fmt.Errorf("status list %d: %w", l.List, err)
		}
	}
	return nil
}

// checkDates finds awards that would have expired before they are signed.
func (p *Plan) checkDates() error {
	var problems AwardProblems
	for _, i := range p.Issue {
		if until := i.Award.ValidUntil; !until.IsZero() && until.Before(p.Now) {
			problems = append(problems, AwardProblem{i.Award.Source,
				"the award has expired on " + until.UTC().Format(time.DateOnly) + ", before it could be signed"})
		}
	}
	if problems = append(problems, p.checkEndorsements()...); len(problems) > 0 {
		return problems
	}
	return nil
}
