package site

import "laurel/internal/authoring/model"

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
