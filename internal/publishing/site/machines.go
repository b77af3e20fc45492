package site

import (
	"fmt"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"

	"laurel/internal/authoring/model"
	"laurel/internal/publishing/linked"
	"laurel/internal/standards/vc"
)

// offers gathers what machines are told of. It comes before the pages, which say it as
// well.
func (p *Layout) offers() error {
	p.offer = &linked.Site{URL: p.in.Site.URL(""), DID: p.did, Issuer: p.in.Issuer, Language: p.language(""), Feed: p.in.Site.URL(linked.FeedFile)}
	for _, a := range p.in.Site.Achievements {
		p.offer.Achievements = append(p.offer.Achievements, linked.Achievement{Achievement: p.in.Achievements[a.Slug],
			Page: p.in.Site.URL(p.achievementIn(a.Slug, a.InLanguage)), ValidFor: period(a.ValidFor), Published: a.Published})
	}
	for _, m := range p.in.Site.Programs {
		p.offer.Programs = append(p.offer.Programs, linked.Program{Page: p.in.Site.URL(p.edition(m.InLanguage).folder + page(programPath(m.Slug))),
			Name: m.Name, Description: m.Description, Language: m.InLanguage, Image: p.in.Site.URL(model.ProgramImageStem(m.Slug) + ".png"),
			Achievements: mapAll(m.Achievements, func(a *model.Achievement) string { return p.in.Achievements[a.Slug].ID }), Credits: m.Completion.Credits})
	}
	return nil
}

// recognizers are the organizations that endorse an achievement, for as long as it is
// there: what time can end is not said where nobody looks at the clock.
func recognizers(list []Endorsement) (by []linked.Recognizer) {
	for _, e := range list {
		if e.EndorserURL != "" && e.Endorser != "" && e.ValidUntil.IsZero() {
			by = append(by, linked.Recognizer{ID: e.EndorserID, Name: e.Endorser, URL: e.EndorserURL})
		}
	}
	return by
}

// items are the cards of a page as a list for machines.
func items(c Common, cards []AchievementCard) []linked.Item {
	here, err := url.Parse(c.URL)
	if err != nil {
		return nil // baseURL was checked
	}
	return mapAll(cards, func(card AchievementCard) linked.Item {
		to, err := here.Parse(card.Href)
		if err != nil {
			return linked.Item{Name: card.Name}
		}
		return linked.Item{URL: to.String(), Name: card.Name}
	})
}

// offered is the achievement of a page, if it is on offer; nil of an earlier
// version, and of a page that another one stands for.
func (p *Layout) offered(page *AchievementPage) *linked.Achievement {
	i := slices.IndexFunc(p.offer.Achievements, func(a linked.Achievement) bool { return a.ID == page.Achievement.ID })
	if i < 0 || page.NoIndex || page.URL != page.Canonical {
		return nil
	}
	return &p.offer.Achievements[i]
}

// linkAward gives the page of a public award its linked data, which name nobody: the
// page is for who has its address, and what names its learner is the credential. One
// that was taken back has none.
func (p *Layout) linkAward(a *AwardPage, of *vc.Achievement) {
	if a.Status.State != "valid" {
		return
	}
	a.LinkedData = p.offer.Award(linked.Award{Page: a.URL, ID: a.CredentialID, Achievement: a.Achievement.ID, Name: a.Title, Type: of.AchievementType,
		Language: a.Language, Credential: a.URL + a.CredentialHref, Awarded: a.AwardedDate, Expires: a.ValidUntil, IssuerID: a.IssuedBy.DID, IssuedBy: a.IssuedBy.Name})
}

// machines plans the files that tell machines what there is: catalogues, feed, sitemap.
// It comes after the pages. Nothing in them is about an award.
func (p *Layout) machines() error {
	for name, document := range map[string]linked.Node{linked.CatalogFile: p.offer.Catalog(), linked.CatalogContextFile: linked.CatalogContext(), linked.CTDLFile: p.offer.CTDL()} {
		b, err := indented(document)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		p.data(name, b)
	}
	since, modified := p.dates()
	feed, err := p.offer.NewAchievements(since, p.start())
	if err != nil {
		return fmt.Errorf("%s: %w", linked.FeedFile, err)
	}
	p.data(linked.FeedFile, feed)
	maps, err := linked.Sitemaps(p.in.Site.URL(""), p.locations(modified))
	if err != nil {
		return fmt.Errorf("%s: %w", linked.SitemapFile, err)
	}
	for name, b := range maps {
		p.data(name, b)
	}
	p.data("robots.txt", []byte(p.robots()))
	return nil
}

// robots is robots.txt. Nobody reads it below a path of its host, and it says so.
func (p *Layout) robots() string {
	line := "Sitemap: " + p.in.Site.URL(linked.SitemapFile) + "\n"
	if below := basePath(p.in.Site.BaseURL); below != "/" {
		host := strings.TrimSuffix(p.in.Site.URL(""), below)
		line = "# Crawlers read robots.txt at the root of a host alone, so they do not read this one.\n" +
			"# The next line belongs into " + host + "/robots.txt:\n" + line
	}
	return "User-agent: *\nAllow: /\n" + line
}

// dates are the days since which achievements are there, and on which they changed
// last, by id, where these are known: no clock is read, and of an award only that counts
// which its own page tells, or that of the version which it is of.
func (p *Layout) dates() (since, modified map[string]time.Time) {
	since, modified = map[string]time.Time{}, map[string]time.Time{}
	definitions := map[string]string{} // of today, by slug
	first := func(times map[string]time.Time, id string, t time.Time) {
		if known, ok := times[id]; !ok || t.Before(known) {
			times[id] = t
		}
	}
	for rec := range p.in.State.Records() {
		key := keyOf(rec)
		w, ok := p.in.Achievements[key.Achievement]
		if rec.Profile != "" || key.IsRecord() || !ok || !p.shown(rec) {
			continue
		}
		current, ok := definitions[key.Achievement]
		if !ok {
			current = w.Definition()
			definitions[key.Achievement] = current
		}
		first(since, w.ID, rec.IssuedAt)
		if rec.Definition == current {
			first(modified, w.ID, rec.IssuedAt)
		}
	}
	for _, a := range p.offer.Achievements {
		if a.Published.IsZero() {
			continue
		}
		since[a.ID] = a.Published
		// That it changed since is told where awards of what it was are.
		if t := modified[a.ID]; a.Published.After(t) && (!t.IsZero() || len(p.versions[p.slugOf(a.ID)]) == 0) {
			modified[a.ID] = a.Published
		}
	}
	return since, modified
}

// start is the day of the site's first key, or long ago.
func (p *Layout) start() time.Time {
	start := time.Unix(0, 0)
	for i, k := range p.in.State.Keys() {
		if i == 0 || k.Added.Before(start) {
			start = k.Added
		}
	}
	return start
}

// locations are the pages anyone may find: never an award's.
func (p *Layout) locations(modified map[string]time.Time) []linked.Location {
	hidden := map[string]bool{}
	for _, t := range p.in.Site.Pages {
		hidden[t.Slug] = t.Hidden
	}
	var newest time.Time
	for _, t := range modified {
		if t.After(newest) {
			newest = t
		}
	}
	var list []linked.Location
	for _, o := range p.Outputs {
		l := linked.Location{URL: o.URL}
		switch page := o.Page.(type) {
		case *HomePage:
			l.Modified = newest
		case *AchievementPage:
			if p.offered(page) == nil {
				continue
			}
			l.Modified = modified[page.Achievement.ID]
		case *TextPage:
			if page.URL != page.Canonical || hidden[path.Base(path.Dir(page.Path))] {
				continue
			}
		case *VerifyPage, *CataloguePage, *SkillsPage, *SkillPage, *ProgramPage:
		default:
			continue
		}
		list = append(list, l)
	}
	slices.SortFunc(list, func(a, b linked.Location) int { return strings.Compare(a.URL, b.URL) })
	return list
}
