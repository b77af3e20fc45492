package site

import "laurel/internal/authoring/model"

// programs plans the pictures of programs that records name.
func (p *Layout) programs() error {
	for _, program := range p.named() {
		stem := model.ProgramImageStem(program.Slug)
		if err := p.pictures(stem, p.badges[recordSlug(program)]); err != nil {
			return err
		}
	}
	return nil
}

// named are the programs that records name; everything, where there is such a record.
func (p *Layout) named() []*model.Program {
	programs := p.in.Site.Programs
	for rec := range p.in.State.Records() {
		if key := keyOf(rec); key.IsRecord() && key.Achievement == model.Everything {
			programs = append(programs[:len(programs):len(programs)], p.in.Site.Program(model.Everything))
			break
		}
	}
	return programs
}

// recordSlug is that of a program's records.
func recordSlug(program *model.Program) string {
	return model.AwardKey{Cohort: model.Records, Achievement: program.Slug}.Slug()
}
