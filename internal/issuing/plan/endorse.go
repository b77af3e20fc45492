package plan

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"maps"
	"slices"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/ledger"
	"laurel/internal/standards/did"
	"laurel/internal/standards/vc"
)

// maxEmbedded is how many endorsements one credential may embed: known verifiers,
// laurel's own among them, refuse more (maxEndorsements of package verify).
const maxEmbedded = 16

// Endorser is a profile with keys of its own, whose endorsements are signed here.
type Endorser struct {
	Slug string
	DID  string
	// Key signs; its Kid is empty where none of the profile's can.
	Key PublicKey
	// Published are all keys of its DID document.
	Published []did.PublishedKey
}

// Endorse is one EndorsementCredential to be signed, in the main form alone: that is
// the one that credentials embed.
type Endorse struct {
	*model.Endorsement
	CredentialID string // urn:uuid:…
	List, Index  int
	// Content, Replaces and Revoke are as an Issue's.
	Content  string
	Replaces string
	Revoke   *ledger.StatusEvent
	// Secured is what awards embed. Package sign fills it in, before them.
	Secured jsontext.Value
	award   *Issue // that it is of; nil: it is of an achievement, or of the issuer
}

// embedded is an endorsement as it is embedded: signed before, or by this plan.
type embedded struct {
	name     string // that tells it from others in a digest
	document jsontext.Value
	made     *Endorse
	source   model.Source
}

// ProfileDID is the DID of the endorser with that slug; of none: the issuer's.
func (p *Plan) ProfileDID(profile string) string {
	if profile == "" {
		return p.DID
	}
	id, err := did.WebDID(p.Site.EndorserURL(profile))
	if err != nil {
		panic("bug: no DID below a base URL that has one: " + err.Error())
	}
	return id
}

// Endorser is the one with that slug. It must be one of Endorsers.
func (p *Plan) Endorser(slug string) Endorser {
	return p.Endorsers[slices.IndexFunc(p.Endorsers, func(e Endorser) bool { return e.Slug == slug })]
}

// endorsers finds all profiles and the key of each.
func (p *Plan) endorsers(in Input) error {
	slugs := map[string]bool{}
	for _, e := range in.Site.Endorsers {
		slugs[e.Slug] = true
	}
	for _, k := range in.State.Keys() {
		slugs[k.Profile] = true
	}
	for _, k := range in.Keys {
		slugs[k.Profile] = true
	}
	for _, l := range in.State.Lists() {
		slugs[l.Profile] = true
	}
	delete(slugs, "")
	for _, slug := range slices.Sorted(maps.Keys(slugs)) {
		key, err := EndorserKey(in.Keys, in.State, slug)
		if err != nil {
			return err
		}
		p.Endorsers = append(p.Endorsers, Endorser{slug, p.ProfileDID(slug), key, published(in.State, p.KeyEvents, slug, nil)})
	}
	return nil
}

// EndorserKey is the newest key of an endorser's that can sign; its Kid is empty when
// none can.
func EndorserKey(keys []PublicKey, s *ledger.State, profile string) (PublicKey, error) {
	main, _ := model.FormOf(model.MainForm)
	key, err := chooseKey(ofProfile(known(keys, s), profile), main, nil)
	key.Profile = profile
	return key, err
}

// NeededKeys are the keys of all that the plan signs, each once, the issuer's before
// those of endorsers; one that there is none of has only a Profile.
func (p *Plan) NeededKeys() []PublicKey {
	var list []PublicKey
	for _, f := range p.NeededForms() {
		if !slices.ContainsFunc(list, func(k PublicKey) bool { return k.Kid == f.Key.Kid }) {
			list = append(list, f.Key)
		}
	}
	for _, e := range p.NeededEndorsers() {
		list = append(list, e.Key)
	}
	return list
}

// NeededEndorsers are those whose key the plan needs.
func (p *Plan) NeededEndorsers() []Endorser {
	needed := map[string]bool{}
	for _, e := range p.Endorse {
		needed[e.Endorser.Slug] = true
	}
	for _, l := range p.Lists {
		needed[l.Profile] = true
	}
	return slices.DeleteFunc(slices.Clone(p.Endorsers), func(e Endorser) bool { return !needed[e.Slug] })
}

// endorsements sorts those of achievements and of the issuer as awards are. One of an
// award is decided on with that: see embed.
func (p *Plan) endorsements(in Input, reissue *reissuing, shared, inContent map[*ledger.Record]bool) error {
	for _, endorser := range in.Site.Endorsers {
		for _, x := range endorser.Endorsements {
			key := x.Key().String()
			rec := in.State.Record(key)
			inContent[rec] = true
			switch {
			case x.Award == nil:
				if err := p.endorsement(in, x, rec, reissue, shared[rec]); err != nil {
					return err
				}
			case reissue != nil && reissue.awards[key]:
				delete(reissue.awards, key)
				reissue.awards[x.Award.Key.String()] = true
			}
		}
	}
	return nil
}

func (p *Plan) endorsement(in Input, x *model.Endorsement, rec *ledger.Record, reissue *reissuing, shared bool) error {
	content, err := p.endorsementDigest(x)
	if err != nil {
		return err
	}
	switch {
	case reissue != nil:
		anew, err := p.anew(reissue, x.Key(), rec, content)
		if anew {
			p.endorse(x, rec, content, reissue.Reason)
		}
		return err
	case rec == nil:
		p.endorse(x, nil, content, "")
	case owed(rec):
		p.endorse(x, rec, content, "")
	case shared:
		if e := p.endorse(x, rec, content, twiceGiven); !in.State.BitSet(rec) {
			e.Revoke = nil
		}
	case rec.Content != content && rec.Status != ledger.Revoked:
		return p.endorsementChanged(in, x, rec)
	}
	return nil
}

// endorse plans an endorsement, in the place of another if there is a record.
func (p *Plan) endorse(x *model.Endorsement, rec *ledger.Record, content, reason string) *Endorse {
	e := &Endorse{Endorsement: x, Content: content}
	if rec != nil {
		e.Replaces, e.Revoke = rec.Credential, revocationOf(rec, p.Now, reason)
	}
	p.Endorse = append(p.Endorse, e)
	return e
}

func (p *Plan) endorsementChanged(in Input, x *model.Endorsement, rec *ledger.Record) error {
	signed, err := in.Document(rec)
	if err != nil {
		return fmt.Errorf("read the endorsement at %v: %w", x.Source, err)
	}
	was, err := vc.ReadEndorsement(signed)
	if err != nil {
		return fmt.Errorf("read the endorsement at %v: %w", x.Source, err)
	}
	is := p.unsignedEndorsement(x, was.Subject)
	is.ID, is.ValidFrom = was.ID, was.ValidFrom
	is.CredentialStatus = vc.NewStatusListEntry(p.Site.URL(model.StatusListPath(rec.List)), vc.Revocation, rec.Index)
	now, err := is.Encode()
	if err != nil {
		return fmt.Errorf("encode the endorsement at %v: %w", x.Source, err)
	}
	leaves, err := differences(signed, now)
	if err == nil && len(leaves) > 0 {
		p.Changed = append(p.Changed, Change{Record: rec, Fields: paths(leaves), Differences: inWords(leaves, nil, nil, nil)})
	}
	return err
}

// embed decides which endorsements credentials embed that are signed now: those that
// are signed now as well, those in force, and those received. What was signed before
// stays as it was. An endorsement of an award names its credential, so it is signed
// with that, and anew with it.
func (p *Plan) embed(in Input) error {
	p.embedded = map[string][]embedded{}
	if in.Request != nil {
		return nil // records embed none themselves
	}
	made := map[*model.Endorsement]*Endorse{}
	for _, e := range p.Endorse {
		made[e.Endorsement] = e
	}
	issued := map[*model.Award]*Issue{}
	for _, i := range p.Issue {
		issued[i.Award] = i
	}
	for _, endorser := range in.Site.Endorsers {
		for _, x := range endorser.Endorsements {
			rec := in.State.Record(x.Key().String())
			if x.Award != nil {
				e, err := p.withAward(in, x, rec, issued[x.Award])
				if err != nil {
					return err
				}
				made[x] = e
			}
			one := embedded{made: made[x], name: x.Key().String(), source: x.Source}
			switch {
			case one.made != nil:
			case x.Award != nil || len(p.Issue) == 0 || rec == nil || !p.inForce(rec):
				continue
			default:
				document, err := in.Document(rec)
				if err != nil {
					return fmt.Errorf("read the endorsement at %v: %w", x.Source, err)
				}
				one.name, one.document = rec.Credential, document
			}
			p.embedded[x.Target.String()] = append(p.embedded[x.Target.String()], one)
		}
	}
	for _, r := range in.Site.Received {
		if r.Shown {
			continue
		}
		document := jsontext.Value(slices.Clone(r.Document))
		if err := document.Compact(); err != nil {
			return fmt.Errorf("read %s: %w", r.File, err)
		}
		sum := sha256.Sum256(document)
		p.embedded[r.Target.String()] = append(p.embedded[r.Target.String()], embedded{hex.EncodeToString(sum[:]), document, nil, r.Source})
	}
	return nil
}

// withAward plans an endorsement of an award with that, or notes that it waits.
func (p *Plan) withAward(in Input, x *model.Endorsement, rec *ledger.Record, award *Issue) (*Endorse, error) {
	switch {
	case rec != nil && rec.Status == ledger.Revoked && !rec.Reissuing:
		return nil, nil
	case award == nil && rec == nil:
		if signed := in.State.Record(x.Award.Key.String()); signed != nil && signed.Status != ledger.Revoked && in.Reissue == nil {
			p.Unendorsed = append(p.Unendorsed, x)
		}
		return nil, nil
	}
	content, err := p.endorsementDigest(x)
	if err != nil {
		return nil, err
	}
	if award == nil {
		if rec.Content != content && in.Reissue == nil {
			err = p.endorsementChanged(in, x, rec)
		}
		return nil, err
	}
	e := p.endorse(x, rec, content, "its award is signed anew")
	e.award = award
	return e, nil
}

// inForce tells whether what was signed may still be embedded.
func (p *Plan) inForce(rec *ledger.Record) bool {
	return rec.Status == ledger.Active && rec.Withdrawn.IsZero() && (rec.ValidUntil.IsZero() || rec.ValidUntil.After(p.Now))
}

// endorsementsOf are the documents to be embedded in what is endorsed.
func (p *Plan) endorsementsOf(t model.Target) []jsontext.Value {
	var list []jsontext.Value
	for _, e := range p.embedded[t.String()] {
		if e.made != nil {
			e.document = e.made.Secured
		}
		list = append(list, e.document)
	}
	return list
}

// EndorsementDocument is the unsecured credential of a planned endorsement.
func (p *Plan) EndorsementDocument(e *Endorse) *vc.Endorsement {
	subject := p.DID
	switch {
	case e.award != nil:
		subject = e.award.CredentialID
	case e.Achievement != nil:
		subject = p.mapper().achievementID(e.Achievement)
	}
	d := p.unsignedEndorsement(e.Endorsement, subject)
	d.ID, d.ValidFrom = e.CredentialID, vc.Time{Time: p.Now}
	d.CredentialStatus = vc.NewStatusListEntry(p.Site.URL(model.StatusListPath(e.List)), vc.Revocation, e.Index)
	return d
}

// unsignedEndorsement is all that an endorsement says but for what each signing
// changes.
func (p *Plan) unsignedEndorsement(x *model.Endorsement, subject string) *vc.Endorsement {
	endorser := *p.mapper().profile(&x.Endorser.Profile)
	endorser.ID = p.ProfileDID(x.Endorser.Slug)
	d := vc.NewEndorsement(x.Name, endorser, subject, x.Comment)
	d.ValidUntil, d.AwardedDate = wireTime(x.ValidUntil), wireTime(x.AwardedDate)
	return d
}

// endorsementDigest is the hex SHA-256 of what an endorsement says.
func (p *Plan) endorsementDigest(x *model.Endorsement) (string, error) {
	b, err := p.unsignedEndorsement(x, x.Target.String()).Encode()
	if err != nil {
		return "", fmt.Errorf("encode the endorsement at %v: %w", x.Source, err)
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:]), nil
}

// checkEndorsements finds endorsements that would have expired before they are
// signed, and too many for one credential.
func (p *Plan) checkEndorsements() AwardProblems {
	var problems AwardProblems
	for _, e := range p.Endorse {
		if until := e.ValidUntil; !until.IsZero() && until.Before(p.Now) {
			problems = append(problems, AwardProblem{e.Source,
				"the endorsement has expired on " + until.UTC().Format(time.DateOnly) + ", before it could be signed"})
		}
	}
	told := map[model.Source]bool{}
	for _, i := range p.Issue {
		if i.Holds != nil {
			continue // what it holds was signed with them
		}
		var all []embedded
		for _, t := range []model.Target{{}, {Achievement: i.Award.Achievement}, {Award: i.Award}} {
			all = append(all, p.embedded[t.String()]...)
		}
		if len(all) <= maxEmbedded {
			continue
		}
		if at := all[maxEmbedded].source; !told[at] {
			told[at] = true
			problems = append(problems, AwardProblem{at, fmt.Sprintf("with this one, awards of %s would embed %d endorsements, and verifiers refuse more than %d",
				i.Award.Achievement.Slug, len(all), maxEmbedded)})
		}
	}
	return problems
}

// digestEndorsements writes what is signed of endorsements, and what is embedded.
func (p *Plan) digestEndorsements(h hash.Hash) {
	for _, e := range p.Endorse {
		key := p.Endorser(e.Endorser.Slug).Key
		line(h, "endorse", e.Key().String(), e.Content, e.Replaces, fmt.Sprint(e.Revoke != nil), key.Kid, key.PublicKeyMultibase)
	}
	if len(p.Issue) == 0 {
		return
	}
	for _, target := range slices.Sorted(maps.Keys(p.embedded)) {
		for _, e := range p.embedded[target] {
			line(h, "embed", target, e.name)
		}
	}
}

// allocateEndorsements draws ids and status indexes, from each endorser's own lists:
// a list speaks for the credentials of who signed it.
func (p *Plan) allocateEndorsements(s *ledger.State, random io.Reader, last *int) error {
	of := map[string]*allocator{}
	for _, e := range p.Endorse {
		a := of[e.Endorser.Slug]
		if a == nil {
			a = newAllocator(s, random, e.Endorser.Slug, last)
			of[e.Endorser.Slug] = a
		}
		var err error
		if e.List, e.Index, err = a.next(); err != nil {
			return err
		}
		if e.CredentialID, err = a.urn(); err != nil {
			return err
		}
	}
	return nil
}
