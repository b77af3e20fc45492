package site

import (
	"cmp"
	"slices"
	"strings"

	"laurel/internal/authoring/model"
	"laurel/internal/standards/vc"
)

// edition is the site in one of its languages: home, achievements, programs, texts,
// the pages that verify and claim, and that for addresses that lead nowhere. The first
// language's is at the site's root, another one's in a folder named for it. What is
// signed, drawn or listed is there once.
type edition struct {
	language string // BCP 47
	folder   string // "" or "de/"
}

// editions are those of the site's languages, the first one first.
func (p *Layout) editions() []edition {
	return mapAll(p.in.Site.Languages, func(tag string) edition { return p.edition(tag) })
}

// edition is where somebody who reads a language finds the site's pages: in that, or
// in a variant of it, else at the site's root. A page in a language that the theme has
// no words in is in the frame of the site's first, whose tag is also the empty one.
func (p *Layout) edition(tag string) edition {
	languages := p.in.Site.Languages
	found, own := 0, false
	for i, language := range languages {
		if language == tag {
			found, own = i, true
		} else if !own && found == 0 && sameLanguage(language, tag) {
			found = i
		}
	}
	e := edition{language: cmp.Or(tag, languages[0])}
	switch {
	case found > 0:
		e.folder = languages[found] + "/"
	case !sameLanguage(languages[0], e.language) && !p.hasWords(e.language):
		e.language = languages[0]
	}
	return e
}

// hasWords tells whether the theme has words in a language.
func (p *Layout) hasWords(tag string) bool {
	if p.in.Word == nil {
		return true
	}
	table, err := p.in.Word(tag, "verifier.language")
	return err == nil && sameLanguage(table, tag)
}

// spoken are the languages that pages may be in: the site's, and those of what it
// awards or has awarded.
func (p *Layout) spoken() []string {
	spoken := slices.Clone(p.in.Site.Languages)
	add := func(tag string) {
		if tag = p.edition(tag).language; !slices.Contains(spoken, tag) {
			spoken = append(spoken, tag)
		}
	}
	for _, w := range p.in.Achievements {
		add(w.InLanguage)
	}
	for _, w := range p.gone {
		add(w.InLanguage)
	}
	for tag := range p.signedIn {
		add(tag)
	}
	return spoken
}

// sameLanguage tells whether who reads one language reads the other: "de" and "de-AT".
// Only Chinese is told apart by its script, which is the simplified one unless its tag
// says otherwise.
func sameLanguage(a, b string) bool {
	return primary(a) == primary(b)
}

func primary(tag string) string {
	language, rest, _ := strings.Cut(strings.ToLower(tag), "-")
	if part, _, _ := strings.Cut(rest, "-"); language == "zh" && slices.Contains([]string{"hant", "tw", "hk", "mo"}, part) {
		return "zh-hant"
	}
	return language
}

// text is something that authors wrote, once or once a language, and that has a page of
// its own: an achievement or a free page.
type text struct{ slug, title, language string }

// place is one page of a text: what of a page is known by its place, and the slug of
// what it shows.
type place struct {
	Common
	slug string
}

// places are the pages of a text, one an edition. in gives what is to be read in its
// stead by who reads a language: the same in that language, or the text itself where
// there is none.
//
// So each edition has a page at each path, and a reader who changes the language there
// finds the text in theirs. The page at the root is named in what was signed; if it has
// another language than the root's, and one in that is elsewhere, then it stays what it
// is, in the frame of its language.
func (p *Layout) places(own text, path func(slug string) string, in func(language string) text) []place {
	var list []place
	for i, e := range p.editions() {
		at, shows := e.folder+path(own.slug), in(e.language)
		if i == 0 && shows != own {
			e, shows = p.edition(own.language), own
		}
		c := p.commonIn(root(at), at, shows.title, e)
		c.Canonical = p.in.Site.URL(page(e.folder + path(shows.slug)))
		if shows.language != "" && !sameLanguage(shows.language, e.language) {
			c.Foreign = shows.language
		}
		c.Alternates = p.alternates(c.Root, e, func(other edition) string { return path(in(other.language).slug) })
		list = append(list, place{c, shows.slug})
	}
	return list
}

// alternates are the links to a page in all languages of the site; none where it has
// but one.
func (p *Layout) alternates(root string, here edition, path func(edition) string) []Link {
	if len(p.in.Site.Languages) < 2 {
		return nil
	}
	return mapAll(p.editions(), func(e edition) Link {
		return Link{Href: root + page(e.folder+path(e)), Language: e.language, Current: e == here}
	})
}

// commonFor is what the page of an edition knows that every edition has, by its path
// within it.
func (p *Layout) commonFor(e edition, path, title string) Common {
	c := p.commonIn(root(e.folder+path), e.folder+path, title, e)
	c.Alternates = p.alternates(c.Root, e, func(edition) string { return path })
	return c
}

// achievementIn is the page of an achievement for who reads a language, from the
// site's root. It depends on nothing but the site's languages.
func (p *Layout) achievementIn(slug, language string) string {
	return p.edition(language).folder + page(achievementPagePath(slug))
}

// translation is the slug of an achievement as who reads a language is to see it: that
// of the same achievement in this language, if there is one, else in the site's first,
// else its own.
func (p *Layout) translation(slug, language string) string {
	w := p.definition(slug)
	if w.InLanguage == "" || sameLanguage(w.InLanguage, language) {
		return slug
	}
	for _, r := range w.Related {
		other := p.slugOf(r.ID)
		if r.InLanguage != "" && sameLanguage(r.InLanguage, language) && other != "" && sameLanguage(p.definition(other).InLanguage, language) {
			return other
		}
	}
	if first := p.language(""); !sameLanguage(first, language) {
		return p.translation(slug, first)
	}
	return slug
}

// definition is what an achievement is today, or was when its last award was signed.
func (p *Layout) definition(slug string) vc.Achievement {
	if w, ok := p.gone[slug]; ok {
		return w
	}
	return p.in.Achievements[slug]
}

// textIn is a free page as who reads a language is to see it.
func (p *Layout) textIn(t *model.Page, language string) *model.Page {
	if !sameLanguage(p.language(t.Language), language) {
		for _, other := range p.in.Site.Pages {
			if other.Original() == t.Original() && sameLanguage(p.language(other.Language), language) {
				return other
			}
		}
	}
	return t
}
