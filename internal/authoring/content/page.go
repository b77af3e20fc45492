package content

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"laurel/internal/authoring/model"
	"laurel/internal/material/text"
)

// reservedPages are names that the published site needs itself, now or
// with the pages that claim and verify.
var reservedPages = []string{"achievements", "assets", "awards", "c", "claim", "index", "programs", "skills", "status", "verify"}

// page reads a file of content/pages: front matter between two lines of three
// hyphens, then Markdown.
func (l *loader) page(f contentFile) *model.Page {
	p := &model.Page{Slug: f.slug, Source: model.Source{File: f.name, Line: 1, Column: 1}}
	if slices.Contains(reservedPages, f.slug) {
		l.fault(f.name, "has a name that the published site needs for itself", "rename the file")
	} else if i := slices.IndexFunc(l.languages, func(tag string) bool { return strings.EqualFold(tag, f.slug) }); i > 0 {
		l.fault(f.name, "has the name of the folder of the pages in the language "+l.languages[i], "rename the file")
	}
	s, ok := l.open(f.name, pageBytes)
	if !ok {
		return p
	}
	start, ok := frontMatter(s)
	if !ok {
		return p
	}
	// A document of its own that has the same lines: --- may open one.
	front := &source{name: s.name, text: s.text[:start.end], problems: s.problems}
	if v, ok := front.yaml(); ok {
		if o, ok := v.mapping(pageClass); ok {
			l.front(o, p)
		}
	}
	p.Markdown = strings.TrimRight(norm.NFC.String(strings.ReplaceAll(string(s.text[start.body:]), "\r\n", "\n")), "\n")
	if text.Blank(p.Markdown) {
		s.report(s.position(start.body), "", "the page has no text", "write Markdown below the second ---")
	}
	first := s.position(start.body).line
	for _, f := range l.pages.Check(p.Markdown) {
		line := first + strings.Count(p.Markdown[:f.Offset], "\n")
		s.report(position{line, columnOf(s.line(line), p.Markdown, f.Offset)}, "", f.Text, f.Hint)
	}
	return p
}

func (l *loader) front(o object, p *model.Page) {
	p.Title = o.text("title")
	p.Order = o.integer("order")
	p.Hidden = o.boolean("hidden")
	p.Language = o.language("language")
	if v, ok := o.get("language"); ok && p.Language != "" && len(l.languages) > 0 && !slices.Contains(l.languages, p.Language) {
		v.problem("is not one of the languages in site.yaml", didYouMean(p.Language, l.languages))
	}
	p.TranslationOf = o.text("translationOf")
	if v, ok := o.get("translationOf"); ok && p.TranslationOf != "" {
		l.translated = append(l.translated, translatedPage{p, v})
	}
}

// translatedPage is a page that says which one it is the translation of, and where.
type translatedPage struct {
	page *model.Page
	at   value // of translationOf
}

// translatePages checks what pages are the translations of: one that is none itself,
// and one page a language.
func (l *loader) translatePages(pages []*model.Page) {
	language := func(p *model.Page) string { return cmp.Or(p.Language, l.languages[0]) }
	var slugs []string
	for _, p := range pages {
		slugs = append(slugs, p.Slug)
	}
	for _, t := range l.translated {
		i := slices.Index(slugs, t.page.TranslationOf)
		switch {
		case i < 0:
			t.at.problem("is not the name of a page", didYouMean(t.page.TranslationOf, slugs))
		case pages[i].TranslationOf != "" || pages[i] == t.page:
			t.at.problem("is not a page that was written first", "name that one, which has no translationOf")
		case len(l.languages) == 0:
		default:
			for _, other := range pages {
				if other != t.page && other.Original() == t.page.Original() && language(other) == language(t.page) {
					t.at.problem(fmt.Sprintf("makes %s and this one page, and both are in the language %s", other.Source.File, language(t.page)), "say in which language each is, with language:")
					break
				}
			}
		}
	}
}

// pageParts are offsets: the front matter ends at end, the Markdown starts at
// body.
type pageParts struct{ end, body int }

// fence is a line of three hyphens.
var fence = regexp.MustCompile(`(?m)^---[ \t\r]*(?:\n|\z)`)

func frontMatter(s *source) (pageParts, bool) {
	opening := fence.FindIndex(s.text)
	if opening == nil || opening[0] > 0 {
		s.report(position{1, 1}, "", "the page has no front matter", "start it with a line of ---, then title: and so on, then --- again")
		return pageParts{}, false
	}
	start := opening[1]
	closing := fence.FindIndex(s.text[start:])
	if closing == nil {
		s.report(position{1, 1}, "", "the front matter does not end", "close it with a line of ---")
		return pageParts{}, false
	}
	return pageParts{start + closing[0], start + closing[1]}, true
}
