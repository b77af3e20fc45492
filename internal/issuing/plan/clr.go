package plan

import (
	"slices"

	"github.com/go-json-experiment/json/jsontext"

	"laurel/internal/authoring/model"
	"laurel/internal/standards/vc"
)

// Embedded are the ids of the credentials that a record, or a variant of it, holds,
// in its order; nil is the full one. Those of a variant without a name are the
// members' own.
func (i *Issue) Embedded(v *Variant) []string {
	choice := i.choice(v)
	form := model.Variant("")
	if choice != nil && choice.NoName {
		form = model.NoName
	}
	var ids []string
	for _, m := range i.Holds.Of(choice) {
		ids = append(ids, m.Credential(form))
	}
	return ids
}

func (i *Issue) choice(v *Variant) *model.RecordVariant {
	if v == nil {
		return nil
	}
	return i.Award.Program.Variant(v.Name)
}

// RecordDocument is the unsecured ClrCredential of a planned record, or of a variant
// of it; nil is the full one. Members are the signed documents of what is Embedded.
func (p *Plan) RecordDocument(i *Issue, v *Variant, members []jsontext.Value) *vc.ClrCredential {
	m := p.mapper()
	id, list, index, name, s := i.CredentialID, i.List, i.Index, model.Variant(""), i.salts
	if v != nil {
		id, list, index, name, s = v.CredentialID, v.List, v.Index, v.Name, v.salts
	}
	c := m.clr(i.Award, i.Holds, name, s)
	choice := i.choice(v)
	switch subject := &c.CredentialSubject.ID; {
	case choice != nil && choice.NoName:
		*subject = v.subject
	case i.subject != "" && v != nil: // a form needs one
		*subject = v.subject
	case i.subject != "":
		*subject = i.subject
	}
	c.ID, c.Issuer, c.ValidFrom = id, m.issuer(), vc.Time{Time: p.Now}
	c.CredentialStatus = vc.NewStatusListEntry(p.Site.URL(model.StatusListPath(list)), vc.Revocation, index)
	c.CredentialSubject.Achievement = mapAll(about(i.Award.Program, choice, i.Holds.Members), m.achievement)
	c.CredentialSubject.VerifiableCredential = members
	return c
}

// clr is a record, or a variant of it, without what is drawn, what it shares with
// others, and what it holds.
func (m mapper) clr(a *model.Award, h *Holding, variant model.Variant, s salts) *vc.ClrCredential {
	p := a.Program
	choice := p.Variant(variant)
	c := &vc.ClrCredential{
		Context:           []string{vc.ContextVC, vc.ContextCLR, vc.ContextOB},
		Type:              []string{"VerifiableCredential", "ClrCredential"},
		Name:              p.Name,
		Description:       p.Description,
		Partial:           h.Partial || len(h.Of(choice)) < len(h.Members),
		ValidUntil:        wireTime(a.ValidUntil),
		CredentialSubject: vc.ClrSubject{ID: a.Recipient.ID, Type: []string{"ClrSubject"}, Identifier: identifiers(a.Recipient, s)},
	}
	c.Image = &vc.Image{ID: m.site.URL(model.ProgramImagePath(p.Slug)), Type: "Image"}
	if p.Image != nil {
		c.Image.Caption = p.Image.Caption
	}
	if choice != nil && choice.Label != "" {
		c.Name += ": " + choice.Label
	}
	if choice != nil && choice.NoName {
		c.CredentialSubject.ID, c.CredentialSubject.Identifier = "", identifiers(model.Recipient{Email: a.Recipient.Email}, s)
	}
	of := about(p, choice, h.Members)
	for _, s := range p.Associations {
		if slices.Contains(of, s.Source) && slices.Contains(of, s.Target) {
			c.CredentialSubject.Association = append(c.CredentialSubject.Association, vc.Association{Type: "Association",
				AssociationType: s.Type, SourceID: m.achievementID(s.Source), TargetID: m.achievementID(s.Target)})
		}
	}
	return c
}

// about are the achievements that a record is about, in the program's order, held or
// not; of everything those that are held, and of a variant those that it chooses.
func about(p *model.Program, choice *model.RecordVariant, members []Member) []*model.Achievement {
	switch {
	case choice != nil && choice.Achievements != nil:
		return choice.Achievements
	case p.Slug != model.Everything:
		return p.Achievements
	}
	var list []*model.Achievement
	for _, m := range members {
		if !slices.Contains(list, m.Award.Achievement) {
			list = append(list, m.Award.Achievement)
		}
	}
	return list
}
