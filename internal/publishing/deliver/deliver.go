// Package deliver writes what a learner is handed: a folder for each, in it one
// for each award with the credential, its baked pictures, a certificate for
// paper and one that is a file of its own, and beside the learners a table for
// a mail merge.
//
// It owns the folder it writes to, of which it keeps a record, and touches
// nothing there that it did not write; it refuses a folder that is not empty
// and not its own. All of it names people: where that folder may not lie is
// the command's to know. It signs nothing and publishes nothing.
package deliver

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/ledger"
)

// Learner is a recipient, who may have awards of several cohorts.
type Learner struct {
	Folder string // below the delivery's
	// Who is a digest of whom the folder is for, which no other learner has.
	Who string
	// Awards are all that are due to the learner, selected or not.
	Awards []*Award
}

// Award is a living credential of an award of today's content.
type Award struct {
	Learner *Learner
	Content *model.Award
	Record  *ledger.Record
	// Folder is the award's, "<learner>/<achievement>".
	Folder string
	// Link is what to send to the learner: the claim link of a sealed award,
	// the page of a public one; empty for a private or withdrawn one.
	Link string
	// Shares are the links that a form of the award shows to others, by its
	// name; the full one's is Shares["full"].
	Shares map[string]string

	selected bool
}

// Selection says which awards to deliver.
type Selection struct {
	// Names are cohorts, award keys and credential ids; none means all.
	Names []string
	// SignedSince leaves out what was signed before; zero leaves out nothing.
	SignedSince time.Time
}

// Delivery is what is due, whatever of it is delivered by one run.
type Delivery struct {
	Learners []*Learner // in the order of the content
	Awards   []*Award   // likewise, all of them
	// Left are selected awards of the content that are not delivered, in its
	// order.
	Left []Left
}

// Left is an award that is not delivered.
type Left struct {
	Content *model.Award
	Why     Reason
}

// Reason says why an award is not delivered.
type Reason string

const (
	Unsigned Reason = "unsigned"
	Revoked  Reason = "revoked"
	// KeyRevoked: the key it was signed with is revoked, so that it verifies
	// as invalid.
	KeyRevoked Reason = "key-revoked"
	// Reassigned: it was signed for another name, address or DID than its row
	// has today, and so maybe for somebody else.
	Reassigned Reason = "reassigned"
)

// Published is where a record is found on the site.
type Published struct {
	// Page is the URL of a public award's page; empty: it has none.
	Page func(*ledger.Record) string
	// Capsules are those of a sealed record, the learner's own first.
	Capsules func(*ledger.Record) ([]ledger.Capsule, error)
	// Documents are the signed forms of a record's credentials.
	Documents func(*ledger.Record) ([]ledger.Document, error)
	// RevokedKey is the name of the key that signed a record where it is
	// revoked, else empty.
	RevokedKey func(*ledger.Record) (string, error)
}

// Make plans a delivery of the site's awards: those of today's content that
// are signed and not revoked, whatever their visibility. A name that nothing has is
// an error.
func Make(s *model.Site, state *ledger.State, published Published, sel Selection) (*Delivery, error) {
	named, _, err := namedAwards(s, state, sel.Names)
	if err != nil {
		return nil, err
	}
	chosen := make(map[*model.Award]bool, len(named))
	for _, a := range named {
		chosen[a] = true
	}
	p := &Delivery{}
	all, first := peopleOf(s), firstSigned(state)
	learners := map[string]*Learner{}     // by whom they are
	signed := map[string][]*model.Award{} // likewise, delivered or not
	for _, c := range s.Cohorts {
		for _, content := range c.Awards {
			wanted := chosen[content]
			rec := state.Record(content.Key.String())
			who := all.who(c.Slug, content.Recipient)
			if rec != nil {
				signed[who] = append(signed[who], content)
			}
			why, err := reason(content, rec, published)
			if err != nil {
				return nil, err
			}
			if why != "" {
				if wanted {
					p.Left = append(p.Left, Left{content, why})
				}
				continue
			}
			l := learners[who]
			if l == nil {
				l = &Learner{Who: digestOf(s.BaseURL, who)}
				learners[who] = l
				p.Learners = append(p.Learners, l)
			}
			a := &Award{Learner: l, Content: content, Record: rec, selected: wanted && !rec.IssuedAt.Before(sel.SignedSince)}
			if err := a.findLinks(s, published); err != nil {
				return nil, err
			}
			l.Awards = append(l.Awards, a)
			p.Awards = append(p.Awards, a)
		}
	}
	p.nameLearners()
	for who, l := range learners {
		l.nameAwards(s, signed[who], first)
	}
	return p, nil
}

// reason says why an award is not delivered; empty: it is.
func reason(content *model.Award, rec *ledger.Record, published Published) (Reason, error) {
	switch {
	case rec == nil:
		return Unsigned, nil
	case rec.Status == ledger.Revoked:
		return Revoked, nil
	}
	if kid, err := published.RevokedKey(rec); err != nil || kid != "" {
		return KeyRevoked, err
	}
	documents, err := published.Documents(rec)
	if err != nil {
		return "", fmt.Errorf("read credential %s: %w", rec.Credential, err)
	}
	about, err := subjectOf(rec, documents)
	if err != nil || about.is(content.Recipient) {
		return "", err
	}
	return Reassigned, nil
}

// nameLearners gives every learner a folder of their own: with more digits
// where eight are those of another one, for both of them, so that neither takes
// a name that was the other's when one of them leaves.
func (p *Delivery) nameLearners() {
	for digits := 8; ; digits += 8 {
		count := map[string]int{}
		for _, l := range p.Learners {
			count[learnerFolder(l.Who, l.Awards[0].Content.Recipient.Name, digits)]++
		}
		open := false
		for _, l := range p.Learners {
			name := learnerFolder(l.Who, l.Awards[0].Content.Recipient.Name, digits)
			switch {
			case l.Folder != "":
			case count[name] == 1 || digits == len(l.Who):
				l.Folder = name
			default:
				open = true
			}
		}
		if !open {
			return
		}
	}
}

// firstSigned are award keys by when they were signed first.
func firstSigned(state *ledger.State) map[string]int {
	first := map[string]int{}
	for rec := range state.Records() {
		if _, known := first[rec.Award]; !known {
			first[rec.Award] = len(first)
		}
	}
	return first
}

// nameAwards gives every award of a learner a folder, named for its
// achievement. Of several for the same one, the second is "-2": in the order in
// which they were signed first, with those that are not delivered, so that a
// name stays when another is revoked or comes later.
func (l *Learner) nameAwards(s *model.Site, signed []*model.Award, first map[string]int) {
	slices.SortStableFunc(signed, func(a, b *model.Award) int { return first[a.Key.String()] - first[b.Key.String()] })
	count := map[string]int{} // by achievement
	names := map[*model.Award]string{}
	for _, a := range signed {
		name := strings.Replace(a.Slug(), "/", "-", 1)
		count[name]++
		if n := count[name]; n > 1 {
			// An achievement may be called so itself.
			for name += "-" + strconv.Itoa(n); s.Achievement(name) != nil; {
				name += "-again"
			}
		}
		names[a] = name
	}
	for _, a := range l.Awards {
		a.Folder = l.Folder + "/" + names[a.Content]
	}
}

// findLinks finds what leads to an award on the site.
func (a *Award) findLinks(s *model.Site, published Published) error {
	a.Shares = map[string]string{}
	rec := a.Record
	if a.Content.Visibility == model.Public {
		a.Link = published.Page(rec)
	}
	if a.Content.Visibility == model.Private || rec.Capsules == nil || !rec.Withdrawn.IsZero() {
		return nil
	}
	list, err := published.Capsules(rec)
	if err != nil {
		return fmt.Errorf("read the capsules of %s: %w", rec.Credential, err)
	}
	for _, c := range list {
		link := s.ClaimURL(model.ClaimLink{Name: c.Name, Key: c.Key})
		if c.Variant != "" {
			a.Shares[c.Variant] = link
			continue
		}
		if len(list) == 1 {
			a.Shares[ledger.Full] = link
		}
		if a.Content.Visibility == model.Link {
			a.Link = link
		}
	}
	return nil
}
