package model

import "time"

// Endorsements is the first part of the keys of endorsements in the ledger, where
// those of awards have their cohort. No cohort has this name.
const Endorsements = "endorsements"

// Endorser is a body that endorses, and whose endorsements are signed here, with a
// key of its own.
type Endorser struct {
	Slug string // file name without .yaml
	// Profile is who endorses. Its ID is empty: the DID follows from the site's
	// BaseURL and Slug.
	Profile      Profile
	Endorsements []*Endorsement // each of another target
	Source       Source
}

// Endorsement is an EndorsementCredential to be made here.
type Endorsement struct {
	Endorser *Endorser
	Target
	Name        string
	Comment     string    // Markdown; EndorsementSubject.endorsementComment
	AwardedDate time.Time // zero: none
	ValidUntil  time.Time // zero: does not expire
	Source      Source
}

// Key names the endorsement for good, as an award's does:
// "endorsements/<endorser>/<target>".
func (e *Endorsement) Key() AwardKey {
	return AwardKey{Endorsements, e.Endorser.Slug, e.Target.String()}
}

// Received is an EndorsementCredential that somebody else has signed.
type Received struct {
	Target
	File     string // slash-separated, relative to the site folder
	Document []byte // JSON
	// Shown tells that it is shown on the site, and that credentials do not embed it.
	Shown     bool
	Documents [][]byte // what is needed to judge it: DID documents, status lists
	Source    Source
}

// Target is what is endorsed: an achievement, an award, or, if both are nil, the
// site's issuer.
type Target struct {
	Achievement *Achievement
	Award       *Award
}

// String is the last part of an endorsement's key: "issuer",
// "achievements/<slug>", or "awards/<award key>".
func (t Target) String() string {
	switch {
	case t.Achievement != nil:
		return "achievements/" + t.Achievement.Slug
	case t.Award != nil:
		return "awards/" + t.Award.Key.String()
	}
	return "issuer"
}

// EndorserURL is what an endorser's DID follows from, as the issuer's does from
// BaseURL.
func (s *Site) EndorserURL(slug string) string { return s.URL("endorsers/" + slug) }

// Endorser returns the endorser with that slug, or nil.
func (s *Site) Endorser(slug string) *Endorser {
	for _, e := range s.Endorsers {
		if e.Slug == slug {
			return e
		}
	}
	return nil
}
