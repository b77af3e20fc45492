package plan

import (
	"laurel/internal/authoring/model"
	"laurel/internal/standards/vc"
)

// VariantDocument is the unsecured credential of one variant of a planned
// award. It points to no other credential: its id, status index, salt and the
// subject's id are drawn for it alone. Who is shown two forms of an award can
// still tell by the same dates and results that they may belong together.
func (p *Plan) VariantDocument(i *Issue, v *Variant) *vc.Credential {
	return p.complete(p.mapper().variant(i.Award, v), i.Award, v.CredentialID, v.List, v.Index)
}

func (m mapper) variant(a *model.Award, v *Variant) *vc.Credential {
	switch v.Name {
	case model.NoName:
		return m.withoutName(a, v)
	case model.AchievementOnly:
		return m.achievementOnly(a, v)
	}
	panic("plan: unknown variant " + string(v.Name)) // content knows no others
}

// withoutName says how well and when the achievement was earned, and lets who
// knows the recipient's e-mail address check whose it is. Like achievementOnly
// it is made of what it may say: whatever somebody wrote about this award could
// name the recipient, and a DID is the same in all of a person's credentials.
func (m mapper) withoutName(a *model.Award, v *Variant) *vc.Credential {
	full := m.credential(a, v.salts)
	c := m.achievementOnly(a, v)
	s := &c.CredentialSubject
	s.Identifier = identifiers(model.Recipient{Email: a.Recipient.Email}, v.salts)
	s.ActivityStartDate = full.CredentialSubject.ActivityStartDate
	s.ActivityEndDate = full.CredentialSubject.ActivityEndDate
	s.CreditsEarned = full.CredentialSubject.CreditsEarned
	s.Result = mapAll(full.CredentialSubject.Result, func(r vc.Result) vc.Result {
		return vc.Result{Type: r.Type, ResultDescription: r.ResultDescription, AchievedLevel: r.AchievedLevel, Status: r.Status, Value: r.Value}
	})
	return c
}

// achievementOnly is made of what it may say, not by taking away, so that a new
// property of awards does not slip into it. A subject needs an id or an
// identifier (Open Badges Specification v3.0, "AchievementSubject"); a random
// one says nothing.
func (m mapper) achievementOnly(a *model.Award, v *Variant) *vc.Credential {
	full := m.credential(a, salts{})
	return &vc.Credential{
		Context:     full.Context,
		Type:        full.Type,
		Name:        full.Name,
		Issuer:      full.Issuer,
		ValidUntil:  full.ValidUntil,
		AwardedDate: full.AwardedDate,
		CredentialSubject: vc.AchievementSubject{
			ID:          v.subject,
			Type:        full.CredentialSubject.Type,
			Achievement: full.CredentialSubject.Achievement,
		},
	}
}
