package site

import (
	"laurel/internal/authoring/model"
	"laurel/internal/standards/vc"
)

// programs plans the pictures of programs that records name; of everything, where
// there is such a record.
func (p *Layout) programs() error {
	programs := p.in.Site.Programs
	for rec := range p.in.State.Records() {
		if key := keyOf(rec); key.IsRecord() && key.Achievement == model.Everything {
			programs = append(programs[:len(programs):len(programs)], p.in.Site.Program(model.Everything))
			break
		}
	}
	for _, program := range programs {
		badge := Badge{Name: program.Name, Issuer: p.in.Issuer.Name}
		badge.take(program.Image)
		p.badges[model.AwardKey{Cohort: model.Records, Achievement: program.Slug}.Slug()] = badge
		if err := p.pictures(model.ProgramImageStem(program.Slug), badge); err != nil {
			return err
		}
	}
	return nil
}

// parse reads a signed credential. A learner record is read as one whose achievement
// is the program: its name, description and picture.
func parse(document []byte) (*vc.Credential, error) {
	clr, err := vc.ParseClr(document)
	if err != nil {
		return nil, err
	}
	if clr == nil {
		return vc.ParseCredential(document)
	}
	return &vc.Credential{Context: clr.Context, ID: clr.ID, Type: clr.Type, Name: clr.Name, Description: clr.Description, Image: clr.Image,
		Issuer: clr.Issuer, ValidFrom: clr.ValidFrom, ValidUntil: clr.ValidUntil, CredentialStatus: clr.CredentialStatus, Proof: clr.Proof,
		CredentialSubject: vc.AchievementSubject{ID: clr.CredentialSubject.ID, Identifier: clr.CredentialSubject.Identifier,
			Achievement: vc.Achievement{Name: clr.Name, Description: clr.Description, Image: clr.Image}}}, nil
}
