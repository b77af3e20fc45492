package plan

import (
	"slices"
	"sort"
	"time"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/ledger"
	"laurel/internal/standards/vc"
)

// ttl is how long a verifier may keep a status list: as long as GitHub Pages'
// caches do.
const ttl = 10 * time.Minute

// renewal is how old a status list may be when anything is signed, a third less than
// the 30 days after which verifiers warn of one, since whoever hosts it could keep a
// newer one back: who signs weekly, every other week or monthly has none that is older.
const renewal = 20 * 24 * time.Hour

// List is one status list to be signed.
type List struct {
	List int
	// Profile is whose list it is: the slug of an endorser; empty: the issuer's.
	Profile string
	// Reason says why, in a few words for the person who reviews the plan.
	Reason string
	// Frozen lists are never drawn from again, see ledger.ListEvent.
	Frozen bool
	// Set are the indexes whose bit is 1, ascending.
	Set []int
	// ValidUntil bounds the list; zero where the site sets no
	// status.validFor.
	ValidUntil time.Time
	// Token tells that it is signed as a Status List Token, too.
	Token bool
}

// StatusList is the unsecured BitstringStatusListCredential of a planned list
// (Bitstring Status List v1.0, "BitstringStatusListCredential").
func (p *Plan) StatusList(l *List) (*vc.StatusListCredential, error) {
	return vc.NewStatusList(p.listOptions(l, model.StatusListPath(l.List)), l.bits())
}

// StatusToken are the claims of a planned list as a Status List Token.
func (p *Plan) StatusToken(l *List) ([]byte, error) {
	return vc.NewTokenStatusList(p.listOptions(l, model.StatusTokenPath(l.List)), l.bits())
}

func (p *Plan) listOptions(l *List, path string) vc.StatusListOptions {
	return vc.StatusListOptions{
		URL:        p.Site.URL(path),
		Issuer:     p.ProfileDID(l.Profile),
		Purpose:    vc.Revocation,
		ValidFrom:  p.Now,
		ValidUntil: l.ValidUntil,
		TTL:        ttl,
	}
}

func (l *List) bits() *vc.Bitstring {
	bits := vc.NewBitstring(vc.ListLength)
	for _, i := range l.Set {
		bits.Set(i, true)
	}
	return bits
}

// lists decides which status lists must be signed: those in use that never
// were, those whose bits have changed, and those that would lapse.
func (p *Plan) lists(s *ledger.State) {
	set := make(map[int][]int) // bits that this plan's own revocations add
	revoke := func(credential string) {
		for _, e := range s.Bits(s.ByCredential(credential)) {
			set[e.List] = append(set[e.List], e.Index)
		}
	}
	used := make(map[int]string) // by list: whose it is
	for _, e := range p.Endorse {
		used[e.List] = e.Endorser.Slug
		if e.Revoke != nil {
			revoke(e.Replaces)
		}
	}
	for _, i := range p.Issue {
		used[i.List] = ""
		for _, v := range i.Variants {
			used[v.List] = ""
		}
		if i.Revoke != nil {
			revoke(i.Replaces)
		}
	}
	for _, e := range slices.Concat(p.Twice, p.Void) {
		revoke(e.Credential)
	}
	frozen := frozenLists(s)
	for _, l := range s.Lists() {
		delete(used, l.List)
		if reason := p.listReason(l, len(set[l.List])); reason != "" {
			p.addList(l.List, l.Profile, reason, append(append([]int(nil), l.Set...), set[l.List]...), frozen[l.List], l.Token)
		}
	}
	for list, profile := range used {
		p.addList(list, profile, "new list", nil, false, false)
	}
	sort.Slice(p.Lists, func(i, j int) bool { return p.Lists[i].List < p.Lists[j].List })
}

func (p *Plan) addList(list int, profile, reason string, set []int, frozen, token bool) {
	slices.Sort(set)
	l := &List{List: list, Profile: profile, Reason: reason, Set: slices.Compact(set), Frozen: frozen, Token: token || p.wantsToken(profile)}
	if v := p.Site.Status.ValidFor; !v.IsZero() {
		l.ValidUntil = v.AddTo(p.Now)
	}
	p.Lists = append(p.Lists, l)
}

// wantsToken tells whether lists are to be signed as tokens: those of the issuer's, if
// awards are SD-JWTs.
func (p *Plan) wantsToken(profile string) bool {
	return profile == "" && Asks(p.Site, model.SDJWTForm)
}

// listReason is empty when the list can stay as it was signed last.
func (p *Plan) listReason(l ledger.ListState, revoked int) string {
	switch {
	case l.SignedAt.IsZero():
		return "never signed"
	case l.Merged:
		return "two copies of the ledger signed it"
	case l.Changed || revoked > 0:
		return "status of its awards has changed"
	case l.Seq < p.revocation:
		return "a key was revoked since it was signed"
	case l.SignedAt.After(p.Now):
		return "it bears a date in the future"
	case l.ValidUntil.IsZero() != p.Site.Status.ValidFor.IsZero():
		return "status.validFor was set or removed"
	case p.lapses(l):
		return "expires soon"
	case p.Now.Sub(l.SignedAt) > renewal:
		return "signed long ago"
	case !l.Token && p.wantsToken(l.Profile):
		return "as SD-JWTs read it"
	}
	return ""
}

// lapses tells whether less than a third is left of the time for which a list
// is valid.
func (p *Plan) lapses(l ledger.ListState) bool {
	return !l.ValidUntil.IsZero() && l.ValidUntil.Sub(p.Now) < l.ValidUntil.Sub(l.SignedAt)/3
}
