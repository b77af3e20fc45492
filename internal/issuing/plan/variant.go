package plan

import (
	"strings"

	"laurel/internal/authoring/model"
	"laurel/internal/standards/vc"
)

// VariantDocument is the unsecured credential of one variant of a planned
// award. Nothing in it leads to the full credential: id, status index, salts
// and the subject's made-up id are its own.
func (p *Plan) VariantDocument(i *Issue, v *Variant) *vc.Credential {
	return p.complete(p.mapper().variant(i.Award, v), v.CredentialID, v.List, v.Index)
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

// withoutName leaves out the recipient's name, and all in which somebody could
// have written it: texts about this award, evidence and where it lies, the
// number of a licence, and a DID of words. What stays says how well the
// achievement was earned, and lets who knows the e-mail address or the key of
// the recipient check whose it is.
func (m mapper) withoutName(a *model.Award, v *Variant) *vc.Credential {
	unnamed := *a
	unnamed.Recipient.Name = ""
	unnamed.Narrative, unnamed.Evidence, unnamed.LicenseNumber = "", nil, ""
	if !isKey(unnamed.Recipient.ID) {
		unnamed.Recipient.ID = ""
	}
	c := m.credential(&unnamed, v.salts)
	if s := &c.CredentialSubject; s.ID == "" && len(s.Identifier) == 0 {
		s.ID = v.subject
	}
	return c
}

// isKey tells whether a DID is a public key and nothing else: of other methods,
// did:web above all, a DID may have a person's name in it.
func isKey(id string) bool {
	return strings.HasPrefix(id, "did:key:") || strings.HasPrefix(id, "did:jwk:")
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
