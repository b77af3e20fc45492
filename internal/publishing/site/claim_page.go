package site

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// claimPagePath is the page that opens sealed awards. The name is reserved, as
// that of the folder "c" is.
const claimPagePath = "claim/index.html"

// BrowserTemplatePath is where the award template of a language is published.
func BrowserTemplatePath(language string) string { return "claim/award." + language + ".json" }

// claimPage plans the page that opens sealed awards, and the template it draws
// them with in every language that an award may have. They are there whether
// or not there are sealed awards: that there is none would be told otherwise,
// and a link outlives the last award.
func (p *Plan) claimPage() error {
	page := &ClaimPage{Common: p.common(claimPagePath, "", ""), BaseURL: p.in.Site.URL(""), Languages: p.languages()}
	page.NoIndex = true
	for _, language := range page.Languages {
		p.add(Output{Path: BrowserTemplatePath(language), Kind: BrowserTemplate, Language: language,
			Key: digest(string(BrowserTemplate), language)})
	}
	if err := p.page(claimPagePath, page); err != nil {
		return fmt.Errorf("plan the claim page: %w", err)
	}
	return nil
}

// languages are those of the site and of its achievements, of today and gone,
// sorted. Tags that differ in case are one language, in the spelling that sorts
// first.
func (p *Plan) languages() []string {
	plain := regexp.MustCompile(`^[A-Za-z0-9-]+$`) // a file's name is made of it
	all := slices.Clone(p.in.Site.Languages)
	for _, a := range p.in.Achievements {
		all = append(all, a.InLanguage)
	}
	for a := range maps.Values(p.gone) {
		all = append(all, a.InLanguage)
	}
	slices.Sort(all)
	seen := map[string]bool{}
	return slices.DeleteFunc(slices.Compact(all), func(tag string) bool {
		folded := strings.ToLower(tag)
		again := seen[folded]
		seen[folded] = true
		return again || !plain.MatchString(tag)
	})
}
