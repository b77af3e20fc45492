package plan

import (
	"cmp"
	"strings"
	"time"

	"laurel/internal/authoring/model"
	"laurel/internal/standards/vc"
)

// salts are the random strings that keep the hashes of a recipient's
// identities apart.
type salts struct{ email string }

// Document is the unsecured credential of a planned award, in the profile of
// Open Badges Specification v3.0 that every known verifier takes.
func (p *Plan) Document(i *Issue) *vc.Credential {
	c := p.complete(p.mapper().credential(i.Award, i.salts), i.Award, i.CredentialID, i.List, i.Index)
	c.CredentialSubject.ID = cmp.Or(c.CredentialSubject.ID, i.subject)
	c.Endorsement = p.endorsementsOf(model.Target{Award: i.Award})
	p.mapper().nameEvidence(c, i.Award, i.Award.Visibility == model.Public)
	return c
}

// complete adds what is drawn or follows from the time of signing, and what others
// say of issuer and achievement.
func (p *Plan) complete(c *vc.Credential, a *model.Award, id string, list, index int) *vc.Credential {
	c.Issuer.Endorsement = p.endorsementsOf(model.Target{})
	c.CredentialSubject.Achievement.Endorsement = p.endorsementsOf(model.Target{Achievement: a.Achievement})
	c.ID = id
	c.ValidFrom = vc.Time{Time: p.Now}
	c.CredentialStatus = vc.NewStatusListEntry(p.Site.URL(model.StatusListPath(list)), vc.Revocation, index)
	return c
}

// Achievement is the wire form of a definition, as it stands in credentials.
func Achievement(s *model.Site, issuerDID string, a *model.Achievement) vc.Achievement {
	return mapper{s, issuerDID}.achievement(a)
}

// Issuer is the wire form of the site's issuer, as it stands in credentials.
func Issuer(s *model.Site, issuerDID string) vc.Profile { return mapper{s, issuerDID}.issuer() }

func (p *Plan) mapper() mapper { return mapper{p.Site, p.DID} }

// mapper turns what authors write into what is signed.
type mapper struct {
	site *model.Site
	did  string
}

func (m mapper) credential(a *model.Award, s salts) *vc.Credential {
	c := m.own(a, s)
	c.Issuer, c.CredentialSubject.Achievement = m.issuer(), m.achievement(a.Achievement)
	return &c
}

// own is the credential but for what it shares with others: issuer and achievement.
func (m mapper) own(a *model.Award, s salts) vc.Credential {
	return vc.Credential{
		Context:     []string{vc.ContextVC, vc.ContextOB},
		Type:        []string{"VerifiableCredential", "OpenBadgeCredential"},
		Name:        a.Achievement.Name,
		ValidUntil:  wireTime(a.ValidUntil),
		AwardedDate: wireTime(a.AwardedDate),
		CredentialSubject: vc.AchievementSubject{
			ID:                a.Recipient.ID,
			Type:              []string{"AchievementSubject"},
			Identifier:        identifiers(a.Recipient, s),
			ActivityStartDate: wireTime(a.ActivityStartDate),
			ActivityEndDate:   wireTime(a.ActivityEndDate),
			CreditsEarned:     a.CreditsEarned,
			LicenseNumber:     a.LicenseNumber,
			Narrative:         a.Narrative,
			Result:            mapAll(a.Result, m.result(a.Achievement)),
			Role:              a.Role,
			Source:            m.profile(a.AssertedBy),
			Term:              a.Term,
		},
		Evidence:        mapAll(a.Evidence, evidence),
		RelatedResource: resources(a.Evidence),
	}
}

// identifiers are the recipient's identities: the name as it is, since it is
// what a reader compares with the person, the e-mail address as a salted hash.
// Student numbers and stable keys serve the provider only and stay out.
func identifiers(r model.Recipient, s salts) []vc.IdentityObject {
	var ids []vc.IdentityObject
	if r.Name != "" {
		ids = append(ids, vc.IdentityObject{Type: "IdentityObject", IdentityHash: r.Name, IdentityType: "name"})
	}
	if r.Email != "" {
		ids = append(ids, vc.IdentityObject{Type: "IdentityObject", Hashed: true,
			IdentityHash: vc.HashEmail(r.Email, s.email), IdentityType: "emailAddress", Salt: s.email})
	} else if h := r.HashedEmail; h.IdentityHash != "" {
		ids = append(ids, vc.IdentityObject{Type: "IdentityObject", Hashed: true, IdentityHash: h.IdentityHash, IdentityType: "emailAddress", Salt: h.Salt})
	}
	return ids
}

func (m mapper) issuer() vc.Profile {
	p := *m.profile(&m.site.Issuer)
	p.ID = m.did
	if i := m.site.Issuer.Image; i != nil {
		p.Image = &vc.Image{ID: m.site.URL(model.IssuerImagePath), Type: "Image", Caption: i.Caption}
	}
	return p
}

// profile leaves out the picture: only the site's own issuer has one that is
// published.
func (m mapper) profile(p *model.Profile) *vc.Profile {
	if p == nil {
		return nil
	}
	return &vc.Profile{
		ID: p.ID, Type: []string{"Profile"},
		Name: p.Name, URL: p.URL, Phone: p.Phone, Description: p.Description, Email: p.Email,
		Address: address(p.Address), OtherIdentifier: mapAll(p.OtherIdentifier, identifierEntry),
		Official: p.Official, ParentOrg: m.profile(p.ParentOrg),
		FamilyName: p.FamilyName, GivenName: p.GivenName, AdditionalName: p.AdditionalName,
		PatronymicName: p.PatronymicName, HonorificPrefix: p.HonorificPrefix,
		HonorificSuffix: p.HonorificSuffix, FamilyNamePrefix: p.FamilyNamePrefix, DateOfBirth: p.DateOfBirth,
	}
}

func address(a *model.Address) *vc.Address {
	if a == nil {
		return nil
	}
	w := &vc.Address{Type: []string{"Address"},
		AddressCountry: a.AddressCountry, AddressCountryCode: a.AddressCountryCode,
		AddressRegion: a.AddressRegion, AddressLocality: a.AddressLocality, StreetAddress: a.StreetAddress,
		PostOfficeBoxNumber: a.PostOfficeBoxNumber, PostalCode: a.PostalCode}
	if a.Geo != nil {
		w.Geo = &vc.GeoCoordinates{Type: "GeoCoordinates", Latitude: a.Geo.Latitude, Longitude: a.Geo.Longitude}
	}
	return w
}

func (m mapper) achievement(a *model.Achievement) vc.Achievement {
	caption := ""
	if a.Image != nil {
		caption = a.Image.Caption
	}
	return vc.Achievement{
		ID: m.achievementID(a), Type: []string{"Achievement"},
		AchievementType: a.AchievementType, Name: a.Name, Description: a.Description,
		Criteria:         vc.Criteria{ID: a.Criteria.ID, Narrative: a.Criteria.Narrative},
		Image:            &vc.Image{ID: m.site.URL(model.AchievementImagePath(a.Slug)), Type: "Image", Caption: caption},
		Alignment:        mapAll(a.Alignment, alignment),
		Creator:          m.profile(a.Creator),
		CreditsAvailable: a.CreditsAvailable, FieldOfStudy: a.FieldOfStudy, HumanCode: a.HumanCode,
		InLanguage: a.InLanguage, OtherIdentifier: mapAll(a.OtherIdentifier, identifierEntry),
		Related:           mapAll(a.Related, m.related),
		ResultDescription: mapAll(a.ResultDescription, m.resultDescription(a)),
		Specialization:    a.Specialization, Tag: a.Tag, Version: a.Version,
	}
}

func (m mapper) achievementID(a *model.Achievement) string {
	return m.site.URL(model.AchievementPath(a.Slug))
}

func (m mapper) related(r model.Related) vc.Related {
	id := r.ID
	if a := m.site.Achievement(id); a != nil {
		id = m.achievementID(a)
	}
	return vc.Related{ID: id, Type: []string{"Related"}, InLanguage: r.InLanguage, Version: r.Version}
}

// fragment makes a local name of an achievement an IRI; an IRI stays.
func (m mapper) fragment(a *model.Achievement, id string) string {
	if id == "" || strings.Contains(id, ":") {
		return id
	}
	return m.achievementID(a) + "#" + id
}

func (m mapper) resultDescription(a *model.Achievement) func(model.ResultDescription) vc.ResultDescription {
	return func(d model.ResultDescription) vc.ResultDescription {
		return vc.ResultDescription{
			ID: m.fragment(a, d.ID), Type: []string{"ResultDescription"}, Name: d.Name, ResultType: d.ResultType,
			Alignment: mapAll(d.Alignment, alignment), AllowedValue: d.AllowedValue,
			RequiredLevel: m.fragment(a, d.RequiredLevel), RequiredValue: d.RequiredValue,
			RubricCriterionLevel: mapAll(d.RubricCriterionLevel, func(l model.RubricCriterionLevel) vc.RubricCriterionLevel {
				return vc.RubricCriterionLevel{ID: m.fragment(a, l.ID), Type: []string{"RubricCriterionLevel"},
					Name: l.Name, Description: l.Description, Level: l.Level, Points: l.Points,
					Alignment: mapAll(l.Alignment, alignment)}
			}),
			ValueMax: d.ValueMax, ValueMin: d.ValueMin,
		}
	}
}

func (m mapper) result(a *model.Achievement) func(model.Result) vc.Result {
	return func(r model.Result) vc.Result {
		return vc.Result{Type: []string{"Result"}, ResultDescription: m.fragment(a, r.ResultDescription),
			AchievedLevel: m.fragment(a, r.AchievedLevel), Status: r.Status, Value: r.Value,
			Alignment: mapAll(r.Alignment, alignment)}
	}
}

func alignment(a model.Alignment) vc.Alignment {
	return vc.Alignment{Type: []string{"Alignment"}, TargetCode: a.TargetCode,
		TargetDescription: a.TargetDescription, TargetName: a.TargetName,
		TargetFramework: a.TargetFramework, TargetType: a.TargetType, TargetURL: a.TargetURL}
}

func identifierEntry(i model.IdentifierEntry) vc.IdentifierEntry {
	return vc.IdentifierEntry{Type: "IdentifierEntry", Identifier: i.Identifier, IdentifierType: i.IdentifierType}
}

func evidence(e model.Evidence) vc.Evidence {
	return vc.Evidence{ID: e.ID, Type: []string{"Evidence"}, Name: e.Name, Description: e.Description,
		Narrative: e.Narrative, Genre: e.Genre, Audience: e.Audience}
}

func wireTime(t time.Time) vc.Time { return vc.Time{Time: t.UTC()} }

func mapAll[A, B any](in []A, f func(A) B) []B {
	if len(in) == 0 {
		return nil
	}
	out := make([]B, len(in))
	for i, v := range in {
		out[i] = f(v)
	}
	return out
}
