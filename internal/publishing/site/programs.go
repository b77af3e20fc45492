package site

import (
	"slices"

	"laurel/internal/authoring/model"
	"laurel/internal/standards/vc"
)

// ProgramCard is a program in a list.
type ProgramCard struct {
	Name, Description string
	Language          string // BCP 47, where it is not the page's
	Href, ImageHref   string
	Count             int // of its achievements
}

// ProgramPage is programs/<slug>/index.html: what a program holds and how it is
// completed.
type ProgramPage struct {
	Common
	ImageHref string
	Parts     []ProgramPart
	// SomeOf of From complete it, or so many Credits; if neither is set, all of it
	// does. From is empty where it is all of its achievements.
	SomeOf  int
	From    []Link
	Credits string
	// AwardedAtLeast and ValidFor are as of an AchievementPage, of its records.
	AwardedAtLeast int
	ValidFor       string
}

// ProgramPart is an achievement of a program, and how it relates to others of it.
type ProgramPart struct {
	AchievementCard
	Relations []ProgramRelation
}

// ProgramRelation is what an achievement is to another one: see Relation.
type ProgramRelation struct {
	Type string
	Link
}

func programPath(slug string) string { return "programs/" + slug + "/index.html" }

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

// programPages plans the pages of an edition for the content's programs.
func (p *Layout) programPages(e edition) error {
	held := p.held()
	for i, program := range p.in.Site.Programs {
		page := &ProgramPage{Common: p.commonFor(e, programPath(program.Slug), program.Name), AwardedAtLeast: held[recordSlug(program)], ValidFor: period(program.ValidFor)}
		page.Preview = previewAt(page.Root, programPreviewPath(program.Slug))
		page.Description, page.Foreign = program.Description, foreign(p.language(program.InLanguage), e.language)
		page.ImageHref = p.badges[recordSlug(program)].Shown(page.Root + model.ProgramImageStem(program.Slug)).Large
		for _, a := range program.Achievements {
			page.Parts = append(page.Parts, ProgramPart{p.cardIn(a.Slug, e, page.Common), p.related(program, a, e, page.Common)})
		}
		if done := program.Completion; done.SomeOf > 0 {
			page.SomeOf = done.SomeOf
			if len(done.From) < len(program.Achievements) {
				page.From = mapAll(done.From, func(a *model.Achievement) Link { return p.linkTo(a.Slug, e, page.Common) })
			}
		} else if done.Credits > 0 {
			page.Credits = number(&done.Credits)
		}
		page.LinkedData = p.offer.Program(&p.offer.Programs[i])
		if err := p.page(page.Path, page); err != nil {
			return err
		}
	}
	return nil
}

// cardIn is an achievement in a list, as who reads an edition is to see it.
func (p *Layout) cardIn(slug string, e edition, c Common) AchievementCard {
	return p.card(p.translation(slug, e.language), c)
}

// linkTo leads to an achievement, as who reads an edition is to see it.
func (p *Layout) linkTo(slug string, e edition, c Common) Link {
	card := p.cardIn(slug, e, c)
	return Link{Label: card.Name, Href: card.Href, Language: card.Language}
}

// related is how an achievement of a program relates to others of it.
func (p *Layout) related(program *model.Program, a *model.Achievement, e edition, c Common) (list []ProgramRelation) {
	for _, between := range program.Associations {
		kinds, ok := relations[between.Type]
		switch {
		case !ok:
		case between.Source == a:
			list = append(list, ProgramRelation{kinds[0], p.linkTo(between.Target.Slug, e, c)})
		case between.Target == a:
			list = append(list, ProgramRelation{kinds[1], p.linkTo(between.Source.Slug, e, c)})
		}
	}
	return list
}

// near is what an achievement relates to on this site, once each: what a program
// says of it tells more than that they are related.
func (p *Layout) near(slug string, w vc.Achievement, c Common) (list []AroundCard) {
	e, seen := p.edition(c.Language), map[string]bool{p.translation(slug, c.Language): true}
	add := func(other, kind string) {
		other = p.translation(other, e.language)
		if p.nameOf(other) != "" && !seen[other] {
			seen[other] = true
			list = append(list, AroundCard{p.card(other, c), kind})
		}
	}
	for _, program := range p.in.Site.Programs {
		for _, between := range program.Associations {
			kinds := relations[between.Type]
			if between.Source.Slug == slug {
				add(between.Target.Slug, kinds[1])
			} else if between.Target.Slug == slug {
				add(between.Source.Slug, kinds[0])
			}
		}
	}
	for _, r := range w.Related {
		if translated := r.InLanguage != "" && w.InLanguage != "" && !sameLanguage(r.InLanguage, w.InLanguage); !translated {
			add(p.slugOf(r.ID), "related")
		}
	}
	return list
}

// programsWith are the programs that hold one of some achievements; of nil, all.
func (p *Layout) programsWith(slugs []string, e edition, c Common) (cards []ProgramCard) {
	for _, program := range p.in.Site.Programs {
		if slugs == nil || slices.ContainsFunc(program.Achievements, func(a *model.Achievement) bool { return slices.Contains(slugs, a.Slug) }) {
			cards = append(cards, ProgramCard{Name: program.Name, Description: program.Description, Language: foreign(p.language(program.InLanguage), e.language),
				Href: c.Base + page(programPath(program.Slug)), ImageHref: p.badges[recordSlug(program)].Shown(c.Root + model.ProgramImageStem(program.Slug)).Row, Count: len(program.Achievements)})
		}
	}
	return cards
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
