package adopt

import (
	"slices"
	"strings"

	"laurel/internal/authoring/model"
	"laurel/internal/standards/vc"
)

// matchable is an award of the content.
type matchable struct {
	*model.Award
	taken bool
}

// index finds awards of the content by what a credential says of its recipient.
type index struct {
	site   *model.Site
	byID   map[string][]*matchable // achievement and DID
	byName map[string][]*matchable // achievement and name
	all    map[string][]*matchable // achievement
	byKey  map[string]*matchable

	learners   []*model.Learner
	recipients []*matchable // of learners, as records have them
}

func newIndex(s *model.Site) *index {
	x := &index{site: s, byID: map[string][]*matchable{}, byName: map[string][]*matchable{}, all: map[string][]*matchable{}, byKey: map[string]*matchable{}}
	for _, c := range s.Cohorts {
		for _, a := range c.Awards {
			m, slug := &matchable{Award: a}, a.Achievement.Slug
			x.byKey[a.Key.String()] = m
			x.all[slug] = append(x.all[slug], m)
			if a.Recipient.ID != "" {
				x.byID[slug+" "+a.Recipient.ID] = append(x.byID[slug+" "+a.Recipient.ID], m)
			}
			x.byName[slug+" "+a.Recipient.Name] = append(x.byName[slug+" "+a.Recipient.Name], m)
		}
	}
	return x
}

// slugOf is the slug of an achievement's id; empty: it is not of this site.
func (x *index) slugOf(id string) string {
	slug := strings.TrimSuffix(strings.TrimPrefix(id, x.site.URL("achievements/")), "/achievement.json")
	if slug == "" || strings.Contains(slug, "/") || x.site.URL(model.AchievementPath(slug)) != id {
		return ""
	}
	return slug
}

// find is the award of the content that a credential is of; nil: none, or, but for
// taken, one that another credential has. Its DID or e-mail address tells most; a name within an
// achievement comes after, and the date tells apart what is left. An address that
// is another one does not count against a name: it may have been corrected.
func (x *index) find(c *vc.Credential, hints []Group, taken bool) *matchable {
	if slices.Contains(c.Type, "ClrCredential") {
		return x.record(c, hints)
	}
	slug := x.slugOf(c.CredentialSubject.Achievement.ID)
	name, email, known := identities(c)
	var candidates []*matchable
	if id := c.CredentialSubject.ID; id != "" {
		candidates = append(candidates, x.byID[slug+" "+id]...)
	}
	if name != "" {
		candidates = append(candidates, x.byName[slug+" "+name]...)
	}
	if len(candidates) == 0 && (known || len(hints) > 0) {
		candidates = x.all[slug] // a name that was corrected since, or none
	}
	var best *matchable
	most := 0
	for _, m := range candidates {
		if score := m.score(c, name, email, known, hints); (taken || !m.taken) && score > most {
			best, most = m, score
		}
	}
	return best
}

// record is the record that one would be of today; nil: its program or its learner is
// not known.
func (x *index) record(c *vc.Credential, hints []Group) *matchable {
	if c.Image == nil {
		return nil
	}
	slug := strings.TrimSuffix(strings.TrimPrefix(c.Image.ID, x.site.URL("programs/")), "/image.png")
	program := x.site.Program(slug)
	if program == nil || x.site.URL(model.ProgramImagePath(slug)) != c.Image.ID {
		return nil
	}
	if x.learners == nil {
		x.learners = x.site.Learners()
		for _, l := range x.learners {
			x.recipients = append(x.recipients, &matchable{Award: &model.Award{Recipient: l.Recipient()}})
		}
	}
	name, email, known := identities(c)
	best, most := -1, 0
	for i, m := range x.recipients {
		if score := m.score(c, name, email, known, hints); score > most {
			best, most = i, score
		}
	}
	if best < 0 {
		return nil
	}
	l := x.learners[best]
	a := l.Record(program, l.Awards[0].Key.Recipient)
	if x.byKey[a.Key.String()] == nil {
		x.byKey[a.Key.String()] = &matchable{Award: a}
	}
	return x.byKey[a.Key.String()]
}

// identities are the name and the hashed address of a credential.
func identities(c *vc.Credential) (name string, email vc.IdentityObject, known bool) {
	for _, i := range c.CredentialSubject.Identifier {
		switch {
		case i.IdentityType == "name" && !i.Hashed:
			name = i.IdentityHash
		case i.IdentityType == "emailAddress":
			email, known = i, true
		}
	}
	return name, email, known
}

// score is how well an award fits a credential; 0: not at all.
func (m *matchable) score(c *vc.Credential, name string, email vc.IdentityObject, known bool, hints []Group) int {
	score := 0
	r := m.Recipient
	if name == "" && r.Name != "" {
		return 0 // a form that says less
	}
	if r.ID != "" && r.ID == c.CredentialSubject.ID {
		score += 8
	}
	if known && r.Email != "" && vc.IsIdentity(email.IdentityHash, email.Salt, email.Hashed, r.Email) ||
		slices.ContainsFunc(hints, func(h Group) bool { return h.Email != "" && strings.EqualFold(h.Email, r.Email) }) {
		score += 8
	}
	if name != "" && name == r.Name {
		score += 4
	}
	if score > 0 && m.AwardedDate.Equal(c.AwardedDate.Time) {
		score += 2
	}
	return score
}
