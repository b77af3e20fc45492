package site

import (
	"cmp"
	"net/url"
	"slices"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"

	"laurel/internal/authoring/model"
	"laurel/internal/publishing/linked"
)

// The catalogue is the home page. What is chosen of it stands in its address, which
// any page may link to, seen from the root of its language:
//
//	?tag=metal#achievements
//	?type=Badge&type=Course&skill=use-hand-tools&language=de&level=eqf-level-4&q=joint&page=2#achievements
//
// A type is the term of the standard, a skill or level its slug (Alignment.Skill), a
// tag as it is written, a language its BCP 47 tag; several of a kind widen the choice,
// several kinds narrow it. Nothing of that depends on what the catalogue has today: an
// address that names what is not there finds nothing. Without a script the page has
// all that it has without a choice. In a template, behind the start of the site in a language:
//
//	href="{{.Base}}?skill={{.Skill}}#achievements"

// How many achievements there are decides how they are shown: few as large cards with
// nothing to look for, some as cards with a search, many as rows with facets, of which
// a page has so many.
const (
	fewAchievements  = 6
	someAchievements = 23
	rowsOfPage       = 40
)

// In a facet so many choices are seen at once, and at most so many can be made.
const (
	choicesSeen = 6
	choicesMost = 40
)

// Catalogue is a list of achievements.
type Catalogue struct {
	// Size is "few", "some" or "many": see above.
	Size string
	// Total is how many there are, PerPage how many a script shows at once; 0: all.
	Total, PerPage int
	// Achievements are in the order of their names: the first PerPage of them where
	// AllHref leads to the page that has all.
	Achievements []AchievementCard
	AllHref      string
	// Facets are what can be chosen of many, each of at least two values.
	Facets []Facet
}

// Facet is one kind of choice.
type Facet struct {
	Name string // in the address: "type", "skill", "tag", "language" or "level"
	// Choices are the values, those of most achievements first, and More the next.
	// Total is how many there are of which some may be neither.
	Choices, More []Choice
	Total         int
}

// Choice is a value that can be chosen.
type Choice struct {
	Value    string // in the address
	Label    string // the value itself of a language
	Language string // of the label, BCP 47, where it is not the page's
	Count    int    // of achievements
}

// CataloguePage is achievements/index.html, where the first page does not have all of
// them: in groups by the letter they begin with.
type CataloguePage struct {
	Common
	Total  int
	Groups []CatalogueGroup
}

// CatalogueGroup is the achievements whose names begin with a letter; "#": with none.
type CatalogueGroup struct {
	Letter       string
	Achievements []AchievementCard
}

// cards are the achievements of the content for who reads an edition, by name, seen
// from one of its pages.
func (p *Layout) cards(e edition, c Common) []AchievementCard {
	cards := p.cardsOf(mapAll(p.in.Site.Achievements, func(a *model.Achievement) string { return a.Slug }), e, c)
	order := collate.New(language.Make(e.language), collate.Numeric, collate.IgnoreCase)
	slices.SortStableFunc(cards, func(a, b AchievementCard) int { return order.CompareString(a.Name, b.Name) })
	return cards
}

// cardsOf are some achievements for who reads an edition: of one that is there in
// several languages, one.
func (p *Layout) cardsOf(slugs []string, e edition, c Common) []AchievementCard {
	var own []string
	for _, slug := range slugs {
		if slug = p.translation(slug, e.language); !slices.Contains(own, slug) {
			own = append(own, slug)
		}
	}
	return mapAll(own, func(slug string) AchievementCard { return p.card(slug, c) })
}

// card is an achievement in a list on a page.
func (p *Layout) card(slug string, c Common) AchievementCard {
	w := p.definition(slug)
	image := p.badges[slug].Shown(c.Root + model.AchievementImageStem(slug))
	card := AchievementCard{Name: w.Name, Description: w.Description, Type: p.terms(c.Language)(w.AchievementType), Field: w.FieldOfStudy, Tags: w.Tag,
		Href: c.Base + page(achievementPagePath(slug)), ImageHref: image.Card, SmallHref: image.Row}
	if w.Image != nil {
		card.ImageAlt = w.Image.Caption
	}
	if w.InLanguage != "" {
		card.Language = foreign(w.InLanguage, c.Language)
	}
	is := url.Values{"tag": w.Tag, "language": {p.language(w.InLanguage)}}
	if w.AchievementType != "" {
		is.Set("type", w.AchievementType)
	}
	for _, a := range alignmentsOf(w) {
		if linked.IsLevel(a) {
			is["level"] = append(is["level"], skillSlug(a))
		} else if s := p.skills().of[a.TargetURL]; s != nil {
			is["skill"] = append(is["skill"], s.slugs...)
		}
	}
	for name, values := range is {
		values = slices.Clone(values) // tags are the definition's own
		slices.Sort(values)
		is[name] = slices.Compact(values)
	}
	card.Is = is.Encode()
	return card
}

// catalogue is what the home page of an edition shows of these cards.
func (p *Layout) catalogue(e edition, c Common, cards []AchievementCard) Catalogue {
	all := Catalogue{Size: "few", Total: len(cards), Achievements: cards}
	switch {
	case len(cards) > someAchievements:
		all.Size, all.PerPage, all.Facets = "many", rowsOfPage, p.facets(e, cards)
	case len(cards) > fewAchievements:
		all.Size = "some"
	}
	if all.PerPage > 0 && len(cards) > all.PerPage {
		all.Achievements, all.AllHref = cards[:all.PerPage], c.Base+page(cataloguePath)
	}
	return all
}

// facets are the choices that some cards allow.
func (p *Layout) facets(e edition, cards []AchievementCard) []Facet {
	counts := map[string]map[string]int{}
	for _, card := range cards {
		is, _ := url.ParseQuery(card.Is) // as Encode wrote it
		for name, values := range is {
			if counts[name] == nil {
				counts[name] = map[string]int{}
			}
			for _, v := range values {
				counts[name][v]++
			}
		}
	}
	labels := p.labels(e)
	var facets []Facet
	for _, name := range []string{"type", "skill", "level", "language", "tag"} {
		var choices []Choice
		for value, n := range counts[name] {
			choice := Choice{Value: value, Label: value, Count: n}
			if l, ok := labels[name][value]; ok {
				choice.Label, choice.Language = l.text, foreign(l.language, e.language)
			} else if name == "skill" {
				continue // another name of one that is there
			}
			choices = append(choices, choice)
		}
		slices.SortFunc(choices, func(a, b Choice) int {
			return cmp.Or(b.Count-a.Count, cmp.Compare(a.Label, b.Label), cmp.Compare(a.Value, b.Value))
		})
		if len(choices) < 2 {
			continue
		}
		f := Facet{Name: name, Choices: choices, Total: len(choices)}
		if len(choices) > choicesSeen+1 {
			f.Choices, f.More = choices[:choicesSeen], choices[choicesSeen:min(len(choices), choicesMost)]
		}
		facets = append(facets, f)
	}
	return facets
}

// labels are what values of facets are called in an edition.
func (p *Layout) labels(e edition) map[string]map[string]word {
	labels := map[string]map[string]word{"type": {}, "skill": {}, "level": {}}
	for _, a := range p.in.Site.Achievements {
		w := p.in.Achievements[a.Slug]
		labels["type"][w.AchievementType] = word{p.terms(e.language)(w.AchievementType), e.language}
		for _, a := range alignmentsOf(w) {
			if linked.IsLevel(a) {
				labels["level"][skillSlug(a)] = word{a.TargetName, p.language(w.InLanguage)}
			}
		}
	}
	for _, s := range p.skills().all {
		labels["skill"][s.slugs[0]] = s.in(e.language)
	}
	return labels
}

// cataloguePath is the page of all achievements, within an edition.
const cataloguePath = "achievements/index.html"

// indexes plans the pages that list: all achievements, skills, programs.
func (p *Layout) indexes() error {
	for _, e := range p.editions() {
		for _, plan := range []func(edition) error{p.allAchievements, p.skillPages, p.programPages} {
			if err := plan(e); err != nil {
				return err
			}
		}
	}
	return nil
}

// allAchievements plans the page that has all of them, for who has no script, and for
// the script of the first page.
func (p *Layout) allAchievements(e edition) error {
	c := p.commonFor(e, cataloguePath, "")
	page := &CataloguePage{Common: c}
	cards := p.cards(e, c)
	if page.Total = len(cards); page.Total <= rowsOfPage {
		return nil
	}
	for _, card := range cards {
		letter := firstLetter(card.Name)
		if n := len(page.Groups); n == 0 || page.Groups[n-1].Letter != letter {
			page.Groups = append(page.Groups, CatalogueGroup{Letter: letter})
		}
		g := &page.Groups[len(page.Groups)-1]
		g.Achievements = append(g.Achievements, card)
	}
	return p.page(c.Path, page)
}

// firstLetter is that of a name, large and without accents; "#" of one that begins
// with none, or with one of thousands.
func firstLetter(name string) string {
	if c, _ := utf8.DecodeRuneInString(norm.NFKD.String(name)); unicode.IsLetter(c) && c < 0x2e80 {
		return string(unicode.ToUpper(c))
	}
	return "#"
}
