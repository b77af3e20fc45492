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
	// Cohorts are slugs; none means all.
	Cohorts []string
	// SignedSince leaves out what was signed before; zero leaves out nothing.
	SignedSince time.Time
}

// Plan is what is due, whatever of it is delivered by one run.
type Plan struct {
	Learners []*Learner // in the order of the content
	Awards   []*Award   // likewise, all of them
	// Unsigned and Revoked count awards of the content, of the selected
	// cohorts, that are not delivered for these reasons.
	Unsigned, Revoked int
}

// CohortError says that there is no cohort of that name.
type CohortError struct{ Name string }

func (e *CohortError) Error() string { return fmt.Sprintf("no cohort is called %q", e.Name) }

// Published is where a record is found on the site.
type Published struct {
	// Page is the URL of a public award's page; empty: it has none.
	Page func(*ledger.Record) string
	// Capsules are those of a sealed record, the learner's own first.
	Capsules func(*ledger.Record) ([]ledger.Capsule, error)
}

// Make plans a delivery of the site's awards: those of today's content that
// are signed and not revoked, whatever their visibility.
func Make(s *model.Site, state *ledger.State, published Published, sel Selection) (*Plan, error) {
	for _, name := range sel.Cohorts {
		if !slices.ContainsFunc(s.Cohorts, func(c *model.Cohort) bool { return c.Slug == name }) {
			return nil, &CohortError{name}
		}
	}
	p := &Plan{}
	learners := map[string]*Learner{} // by recipient key
	for _, c := range s.Cohorts {
		wanted := len(sel.Cohorts) == 0 || slices.Contains(sel.Cohorts, c.Slug)
		for _, content := range c.Awards {
			rec := state.Record(content.Key)
			if rec == nil || rec.Status == ledger.Revoked {
				if wanted && rec == nil {
					p.Unsigned++
				} else if wanted {
					p.Revoked++
				}
				continue
			}
			key := content.Recipient.StableKey()
			l := learners[key]
			if l == nil {
				l = &Learner{}
				learners[key] = l
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
	p.nameLearners(s)
	p.nameAwards(s, state)
	return p, nil
}

// nameLearners gives every learner a folder of their own: with more digits
// where eight are those of another one.
func (p *Plan) nameLearners(s *model.Site) {
	taken := map[string]bool{}
	for _, l := range p.Learners {
		r := l.Awards[0].Content.Recipient
		for digits := 8; l.Folder == "" || taken[l.Folder]; digits += 8 {
			l.Folder = learnerFolder(s.BaseURL, r.StableKey(), r.Name, digits)
		}
		taken[l.Folder] = true
	}
}

// nameAwards gives every award a folder, named for its achievement. A second
// award for the same one is "-2": in the order in which they were signed
// first, so that the name stays when another is revoked or delivered later.
func (p *Plan) nameAwards(s *model.Site, state *ledger.State) {
	nth := map[string]int{}   // of an award key among those of one learner and achievement
	count := map[string]int{} // by learner and achievement
	for rec := range state.Records() {
		if _, known := nth[rec.Award]; known {
			continue
		}
		_, who, _ := strings.Cut(rec.Award, "/")
		count[who]++
		nth[rec.Award] = count[who]
	}
	for _, l := range p.Learners {
		for _, a := range l.Awards {
			name := a.Content.Achievement.Slug
			if n := nth[a.Record.Award]; n > 1 {
				// An achievement may be called so itself.
				for name += "-" + strconv.Itoa(n); s.Achievement(name) != nil; {
					name += "-again"
				}
			}
			a.Folder = l.Folder + "/" + name
		}
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
		link := s.ClaimLink(c.Name, c.Key)
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
