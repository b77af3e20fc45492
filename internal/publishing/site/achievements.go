package site

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/ledger"
	"laurel/internal/standards/vc"
)

// home plans the first page and the page for addresses that lead nowhere.
func (p *Layout) home() error {
	for _, e := range p.editions() {
		if err := p.homeIn(e); err != nil {
			return err
		}
	}
	return nil
}

func (p *Layout) homeIn(e edition) error {
	h := &HomePage{Common: p.commonFor(e, "index.html", p.in.Issuer.Name)}
	if !sameLanguage(p.language(""), e.language) {
		h.Foreign = p.language("")
	}
	h.Description = p.in.Issuer.Description
	h.Catalogue = p.catalogue(e, h.Common, p.cards(e, h.Common))
	h.Programs, h.Skills = p.programsWith(nil, e, h.Common), len(p.skills().all)
	var err error
	if h.Endorsements, err = p.endorsementViews("", p.said["issuer"], h.Base); err != nil {
		return fmt.Errorf("read an endorsement of the issuer: %w", err)
	}
	h.LinkedData = p.offer.Home(h.URL, h.Language, items(h.Common, h.Achievements), h.Total)
	if err := p.page(h.Path, h); err != nil {
		return err
	}

	// The host shows this page at any depth, so its links start at the top.
	top, path := basePath(p.in.Site.BaseURL), "404.html"
	n := &NotFoundPage{p.commonIn(top, e.folder+path, p.in.Issuer.Name, e)}
	n.NoIndex, n.Alternates = true, p.alternates(top, e, func(edition) string { return path })
	return p.page(n.Path, n)
}

// achievements plans the page, JSON and picture of every achievement, also of
// those that only live on in signed credentials.
func (p *Layout) achievements() error {
	held := p.held()
	all := make(map[string]shownAchievement, len(p.in.Site.Achievements)+len(p.gone))
	for _, a := range p.in.Site.Achievements {
		image := p.badges[a.Slug].Shown(model.AchievementImageStem(a.Slug)).Large
		all[a.Slug] = shownAchievement{p.in.Achievements[a.Slug], image, held[a.Slug], period(a.ValidFor)}
	}
	for slug, w := range p.gone {
		all[slug] = shownAchievement{w, p.pathOf(w.Image, slug), held[slug], ""}
	}
	for _, slug := range slices.Sorted(maps.Keys(all)) {
		if err := p.achievement(slug, all); err != nil {
			return err
		}
	}
	return nil
}

// pathOf is where the picture that a signed achievement's image names is to be shown.
func (p *Layout) pathOf(i *vc.Image, slug string) string {
	if path, ok := p.shownPath(i); ok {
		return path
	}
	return sharp(model.AchievementImagePath(slug))
}

// shownPath is where a picture of this site that was signed is to be shown.
func (p *Layout) shownPath(i *vc.Image) (path string, ok bool) {
	if i != nil {
		path, ok = strings.CutPrefix(i.ID, p.in.Site.URL(""))
	}
	return sharp(path), ok
}

// sharp is the path of the SVG beside a PNG, which credentials name since wallets draw no
// SVG: it has fewer bytes, and is sharp on paper.
func sharp(path string) string {
	if stem, ok := strings.CutSuffix(path, ".png"); ok {
		return stem + ".svg"
	}
	return path
}

// shownAchievement is an achievement as its page shows it today.
type shownAchievement struct {
	w         vc.Achievement
	imagePath string
	held      int
	validFor  string
}

// achievement plans the files of one achievement, and its pages: see places.
func (p *Layout) achievement(slug string, all map[string]shownAchievement) error {
	w := all[slug].w
	as := func(slug string) text { return text{slug, all[slug].w.Name, all[slug].w.InLanguage} }
	for _, place := range p.places(as(slug), achievementPagePath, func(language string) text { return as(p.translation(slug, language)) }) {
		if err := p.achievementPage(place, all[place.slug]); err != nil {
			return err
		}
	}
	if err := p.versionPages(slug, all[slug].imagePath); err != nil {
		return err
	}
	if err := p.pictures(model.AchievementImageStem(slug), p.badges[slug]); err != nil {
		return err
	}
	w.Context = []string{vc.ContextVC, vc.ContextOB}
	b, err := w.Encode()
	if err != nil {
		return fmt.Errorf("encode achievement %s: %w", slug, err)
	}
	p.data(model.AchievementPath(slug), b)
	return nil
}

// achievementPage plans one page of an achievement.
func (p *Layout) achievementPage(at place, s shownAchievement) error {
	a := &AchievementPage{Common: at.Common, JSONHref: at.Root + model.AchievementPath(at.slug), AwardedAtLeast: s.held, ValidFor: s.validFor,
		Offered: p.in.Site.Achievement(at.slug) != nil}
	a.Description = s.w.Description
	a.Achievement = p.terms(a.Language).achievementView(s.w)
	a.Achievement.ImageHref = a.Root + s.imagePath
	a.Preview = previewAt(a.Root, achievementPreviewPath(at.slug))
	for _, link := range p.relatedLinks(s.w.Related, a.Root, a.Language) {
		if link.Language != "" && s.w.InLanguage != "" && !sameLanguage(link.Language, s.w.InLanguage) {
			a.Translations = append(a.Translations, link)
		} else if !strings.HasPrefix(link.Href, a.Root) { // those of this site are around it
			a.Achievement.Related = append(a.Achievement.Related, link)
		}
	}
	a.Earlier = p.earlier(at.slug, a.Root)
	p.linkSkills(&a.Achievement, a.Base)
	a.Around, a.Programs = p.near(at.slug, s.w, a.Common), p.programsWith([]string{at.slug}, p.edition(a.Language), a.Common)
	var err error
	if a.Endorsements, err = p.endorsementViews("", p.said["achievements/"+at.slug], a.Base); err != nil {
		return fmt.Errorf("read an endorsement of achievement %s: %w", at.slug, err)
	}
	if o := p.offered(a); o != nil {
		a.LinkedData = p.offer.Achievement(o, recognizers(a.Endorsements))
	}
	return p.page(a.Path, a)
}

// countHeld counts, for each achievement, the awards that are neither revoked nor
// replaced, rounded down to a number that singles nobody out.
func (p *Layout) countHeld() map[string]int {
	n := make(map[string]int)
	for r := range p.in.State.Records() {
		if r.Profile == "" && r.ReplacedBy == "" && r.Status == ledger.Active {
			n[keyOf(r).Slug()]++
		}
	}
	for slug, count := range n {
		n[slug] = roundDown(count)
	}
	return n
}

// roundDown returns the largest of 5, 10, 20, 50, 100, 200, … that is at most
// n, and 0 below five: a group smaller than that is too easy to name, and an
// exact number would tell, build by build, of each award.
func roundDown(n int) int {
	best := 0
	for step := 5; step <= n; {
		best = step
		switch strconv.Itoa(step)[0] {
		case '2':
			step = step / 2 * 5
		default:
			step *= 2
		}
	}
	return best
}

// achievementView is what a definition says, without what its links lead to.
func (say terms) achievementView(w vc.Achievement) Achievement {
	a := Achievement{
		ID: w.ID, Name: w.Name, Description: w.Description, Type: say(w.AchievementType),
		CriteriaMarkdown: w.Criteria.Narrative, CriteriaURL: w.Criteria.ID,
		Alignments:       mapAll(w.Alignment, say.alignmentView),
		Results:          mapAll(w.ResultDescription, say.resultDescriptionView),
		CreditsAvailable: number(w.CreditsAvailable), FieldOfStudy: w.FieldOfStudy, Specialization: w.Specialization,
		HumanCode: w.HumanCode, Language: w.InLanguage, Version: w.Version, Tags: w.Tag,
	}
	if w.Image != nil {
		a.ImageAlt = w.Image.Caption
	}
	if w.Creator != nil {
		a.Creator = w.Creator.Name
	}
	return a
}

// slugOf is the slug of an achievement of this site, or empty.
func (p *Layout) slugOf(id string) string {
	rest, ok := strings.CutPrefix(id, p.in.Site.URL("achievements/"))
	if !ok {
		return ""
	}
	slug, file, _ := strings.Cut(rest, "/")
	if file != "achievement.json" {
		return ""
	}
	return slug
}

// relatedLinks leaves out an achievement of this site that has no page any
// more: it was never awarded, and is no longer in the content.
//
// Where a link says in which language it is, it leads to the pages of that, else to
// those of the language in which it is read.
func (p *Layout) relatedLinks(related []vc.Related, root, language string) []Link {
	var links []Link
	for _, r := range related {
		slug := p.slugOf(r.ID)
		if slug == "" {
			links = append(links, outside(r))
		} else if name := p.nameOf(slug); name != "" {
			links = append(links, Link{Label: name, Href: root + p.achievementIn(slug, cmp.Or(r.InLanguage, language)), Language: r.InLanguage})
		}
	}
	return links
}

// outside is a link to an achievement of another site, which has no name here.
func outside(r vc.Related) Link {
	l := Link{Label: r.ID, Language: r.InLanguage}
	if strings.HasPrefix(r.ID, "https://") || strings.HasPrefix(r.ID, "http://") {
		l.Href = r.ID
	}
	return l
}

// nameOf is the name of an achievement that has a page, or empty.
func (p *Layout) nameOf(slug string) string {
	if a := p.in.Site.Achievement(slug); a != nil {
		return a.Name
	}
	return p.gone[slug].Name
}

func (say terms) alignmentView(a vc.Alignment) Alignment {
	return Alignment{Name: a.TargetName, URL: a.TargetURL, Code: a.TargetCode,
		Framework: a.TargetFramework, Description: a.TargetDescription, Type: say(a.TargetType), Skill: skillSlug(a)}
}

func (say terms) resultDescriptionView(d vc.ResultDescription) ResultDescription {
	v := ResultDescription{Name: d.Name, Type: say(d.ResultType), AllowedValues: d.AllowedValue,
		ValueMin: d.ValueMin, ValueMax: d.ValueMax, Required: d.RequiredValue,
		Alignments: mapAll(d.Alignment, say.alignmentView)}
	for _, l := range d.RubricCriterionLevel {
		level := levelView(l)
		level.Required = l.ID == d.RequiredLevel
		if level.Required {
			v.Required = l.Name
		}
		v.Levels = append(v.Levels, level)
	}
	return v
}

func levelView(l vc.RubricCriterionLevel) Level {
	return Level{Name: l.Name, Description: l.Description, Level: l.Level, Points: l.Points}
}

// terms says the terms of enumerations in a language: with the theme's words, where it
// has one for it, else as label does.
type terms func(term string) string

func (p *Layout) terms(language string) terms {
	return func(term string) string {
		if p.in.Word != nil && term != "" {
			if word, err := p.in.Word(language, "term."+term); err == nil {
				return word
			}
		}
		return label(term)
	}
}

// label turns a term such as "CertificateOfCompletion" or "ext:ESCOSkill" into
// words: "Certificate of Completion", "ESCO Skill".
func label(term string) string {
	if _, name, ok := strings.Cut(term, ":"); ok {
		term = name
	}
	letters := []rune(term)
	var b strings.Builder
	for i, r := range letters {
		if i > 0 && unicode.IsUpper(r) {
			afterWord := unicode.IsLower(letters[i-1])
			afterAcronym := unicode.IsUpper(letters[i-1]) && i+1 < len(letters) && unicode.IsLower(letters[i+1])
			if afterWord || afterAcronym {
				b.WriteByte(' ')
			}
		}
		b.WriteRune(r)
	}
	return strings.ReplaceAll(b.String(), " Of ", " of ")
}

func number(f *float64) string {
	if f == nil {
		return ""
	}
	return strconv.FormatFloat(*f, 'f', -1, 64)
}

// period is the ISO 8601 form, empty for none.
func period(p model.Period) string {
	if p.IsZero() {
		return ""
	}
	part := func(n int, unit string) string {
		if n == 0 {
			return ""
		}
		return strconv.Itoa(n) + unit
	}
	s := "P" + part(p.Years, "Y") + part(p.Months, "M") + part(p.Days, "D")
	if t := part(p.Hours, "H") + part(p.Minutes, "M") + part(p.Seconds, "S"); t != "" {
		s += "T" + t
	}
	return s
}

// texts plans the free pages.
func (p *Layout) texts() error {
	as := func(t *model.Page) text { return text{t.Slug, t.Title, p.language(t.Language)} }
	bySlug := make(map[string]*model.Page, len(p.in.Site.Pages))
	for _, t := range p.in.Site.Pages {
		bySlug[t.Slug] = t
	}
	for _, t := range p.in.Site.Pages {
		for _, place := range p.places(as(t), textPagePath, func(language string) text { return as(p.textIn(t, language)) }) {
			if err := p.page(place.Path, &TextPage{Common: place.Common, Markdown: bySlug[place.slug].Markdown}); err != nil {
				return err
			}
		}
	}
	return nil
}

func mapAll[A, B any](in []A, f func(A) B) []B {
	out := make([]B, 0, len(in))
	for _, v := range in {
		out = append(out, f(v))
	}
	return out
}
