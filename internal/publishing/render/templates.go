package render

import (
	"fmt"
	"html/template"
	"maps"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"

	"laurel/internal/material/markdown"
	"laurel/internal/material/picture"
	"laurel/internal/material/text"
	"laurel/internal/material/tone"
	"laurel/internal/publishing/site"
)

// parseTemplates parses all templates of the theme into one set, each named by
// its path below templates/. The set itself is never executed, only its
// copies, one a language, that have the language's words.
func (r *Renderer) parseTemplates() (*template.Template, error) {
	set := template.New("").Funcs(r.functions(fallback, words{}))
	for _, name := range slices.Sorted(maps.Keys(r.theme.templates)) {
		if _, err := set.New(name).Parse(r.theme.templates[name]); err != nil {
			return nil, r.theme.templateError(err)
		}
	}
	return set, nil
}

// localized returns the templates with the words of a language; the zero tag is
// English.
func (r *Renderer) localized(tag string) (*template.Template, error) {
	if tag == "" {
		tag = fallback
	}
	if set, ok := r.languages.Load(tag); ok {
		return set.(*template.Template), nil
	}
	set, err := r.templates.Clone()
	if err != nil {
		return nil, fmt.Errorf("prepare templates for %q: %w", tag, err)
	}
	set.Funcs(r.functions(tag, r.theme.wordsFor(tag)))
	kept, _ := r.languages.LoadOrStore(tag, set)
	return kept.(*template.Template), nil
}

// functions are what a theme's templates can call, beside those of
// html/template. This is the interface to themes, as the page types of
// publishing/site are.
func (r *Renderer) functions(tag string, w words) template.FuncMap {
	t := r.theme
	narratives, pages, below := markdown.New(markdown.Absolute), markdown.New(markdown.Within), markdown.Moved(belowRoot)
	return template.FuncMap{
		// The user interface: t "key" "name" value …; the page's language and
		// direction.
		"t": w.Text,
		// words "prefix." gives a script all the words of a prefix, which is left
		// off, for a block of type application/json; verdicts names the asset with
		// those of verdicts, a script of its own, in the page's language, certificate
		// that from which a script makes a certificate that is a file.
		"words":       w.below,
		"verdicts":    func() string { return t.inLanguage(verdictsName, tag) },
		"certificate": func() string { return t.inLanguage(kitName, tag) },
		"lang":        func() string { return tag },
		"dir":         func() string { return direction(tag) },
		// locale is a language as Open Graph writes it: en_GB.
		"locale": locale,
		// Values as people write them. date takes a time, isodate gives what
		// <time datetime> wants, isotime a moment for scripts, duration takes an
		// ISO 8601 one.
		"date":     w.Date,
		"isodate":  isoDate,
		"isotime":  func(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) },
		"number":   w.Number, // or a decimal text
		"list":     w.List,   // of texts, such as "a, b and c"
		"duration": w.duration,
		// result says a site.Standing: what was reached, on which scale, what
		// passes, and whether it did.
		"result": w.Result,
		// markdown source level: headings start at level. pagemarkdown is for
		// the text of a page, which may lead to the site's other pages; pagemarkdownbelow
		// where these stand in the folder of a language.
		"markdown":          asHTML(narratives),
		"pagemarkdown":      asHTML(pages),
		"pagemarkdownbelow": asHTML(below),
		// lead source most: the first paragraph of a text, plain, in so many characters.
		"lead": pages.Lead,
		// weburl gives an http(s) URL or nothing, for links to what others
		// named; plainurl is how to show one; mailurl and telurl give links
		// for an address and a number; walleturl one that a wallet registered, or
		// nothing.
		"weburl":    webURL,
		"walleturl": walletURL,
		"plainurl":  plainURL,
		"telurl":    telURL,
		"mailurl":   mailURL,
		// absolute base href: href seen from base, for what leaves the site.
		"absolute": absoluteURL,
		// qr text draws a code for paper, qr text "L" a coarser one for a screen.
		"qr":      picture.NewQRCode,
		"initial": initial,
		"length":  utf8.RuneCountInString, // of a text, in characters
		// language is a BCP 47 tag as a word, where the strings have one, endonym
		// as one in that language itself; preview the site.Preview that stands for a page, or nothing.
		"language": w.language,
		"endonym":  endonym,
		"years":    years, // from to
		"preview":  r.preview,
		// within picture width height gives a site.Preview as large as there is room.
		"within": r.within,
		// kind of a page: home, catalogue, skills, skill, program, achievement, award,
		// tombstone, text, verify, claim or notfound.
		"kind": func(page any) (string, error) {
			kind, _, err := describe(page)
			return kind, err
		},
		// palette is the colours of the theme: palette.Dark.Paper is #rrggbb.
		"palette": func() tone.Palette { return r.Palette },
		// Where an asset is, seen from the site's root, and its digest for the
		// integrity attribute.
		"asset": func(name string) (string, error) {
			asset, err := t.asset(name)
			return asset.href, err
		},
		"integrity": func(name string) (string, error) {
			asset, err := t.asset(name)
			return asset.integrity, err
		},
	}
}

// belowRoot is a link of a text at the site's root as it is seen from the folder of a
// language, which has pages of its own, but nothing that is there once: awards, data,
// pictures.
func belowRoot(href string) string {
	rest, up := strings.CutPrefix(href, "../")
	first, _, _ := strings.Cut(rest, "/")
	file, _, _ := strings.Cut(rest, "#")
	if ext := path.Ext(file); up && (slices.Contains([]string{"awards", "status", "endorsements", "endorsers", "log"}, first) || ext != "" && ext != ".html") {
		return "../" + href
	}
	return href
}

// asHTML is the only place where text becomes HTML without html/template: every
// other value is escaped by it.
func asHTML(m *markdown.Markdown) func(source string, level int) (template.HTML, error) {
	return func(source string, level int) (template.HTML, error) {
		drawn, err := m.HTML(source, level)
		return template.HTML(drawn), err
	}
}

func (t *theme) asset(name string) (publishedAsset, error) {
	asset, ok := t.published[name]
	if !ok {
		return publishedAsset{}, fmt.Errorf("no file assets/%s", name)
	}
	return asset, nil
}

// templateError puts the theme's file, line and column first.
//
//	template: award.html:12:5: executing …   ->   theme: templates/award.html:12:5: executing …
func (t *theme) templateError(err error) error {
	said := regexp.MustCompile(`^(?:html/)?template: ?`).ReplaceAllString(err.Error(), "")
	for name := range t.templates {
		if strings.HasPrefix(said, name+":") {
			return &TemplateError{Theme: t.name, File: "templates/" + name, err: err, said: said, of: t}
		}
	}
	return fmt.Errorf("%s: %w", t.name, err)
}

// TemplateError is a mistake in a theme's template. It has a hint.
type TemplateError struct {
	Theme string // as named in Options
	File  string // "templates/award.html"
	said  string
	err   error
	of    *theme
}

func (e *TemplateError) Error() string { return e.Theme + ": templates/" + e.said }

func (e *TemplateError) Unwrap() error { return e.err }

// absoluteURL resolves href against the URL of the page it stands on; where
// there is no such URL it returns nothing.
func absoluteURL(base, href string) string {
	b, err := url.Parse(base)
	if err != nil || !b.IsAbs() || href == "" {
		return ""
	}
	h, err := url.Parse(href)
	if err != nil {
		return ""
	}
	return b.ResolveReference(h).String()
}

// plainURL is a URL without its scheme and closing slash.
func plainURL(target string) string {
	_, rest, ok := strings.Cut(target, "://")
	if !ok {
		return target
	}
	return strings.TrimSuffix(rest, "/")
}

// mailURL is the mailto URL of an e-mail address, or nothing for what is none.
func mailURL(address string) string {
	name, host, ok := strings.Cut(address, "@")
	if !ok || name == "" || host == "" || strings.ContainsAny(address, " \t\r\n<>\"\\:/?#&%[]`") || strings.Contains(host, "@") {
		return ""
	}
	return "mailto:" + address
}

// telURL keeps of a telephone number what can be dialled.
func telURL(phone string) string {
	return strings.Map(func(c rune) rune {
		if '0' <= c && c <= '9' || c == '+' {
			return c
		}
		return -1
	}, phone)
}

// preview is the image to show where a page is linked to, nil for none.
func (r *Renderer) preview(page any) (*site.Preview, error) {
	_, common, err := describe(page)
	if err != nil || common.Preview.Href == "" {
		return nil, err
	}
	p := common.Preview
	if p.Width == 0 {
		p.Width, p.Height, err = r.Badges.Size(p.Badge)
	}
	return &p, err
}

// locale is a language with the country where most people speak it, unless it names
// one.
func locale(tag string) string {
	t := language.Make(tag)
	base, _ := t.Base()
	region, _ := t.Region()
	return base.String() + "_" + region.String()
}

// within is a picture in its proportions, no larger than width and height allow.
func (r *Renderer) within(p site.Preview, width, height int) (site.Preview, error) {
	var err error
	if p.Width == 0 {
		p.Width, p.Height, err = r.Badges.Size(p.Badge)
	}
	if err != nil || p.Width == 0 || p.Height == 0 {
		return p, err
	}
	if p.Width*height > width*p.Height {
		p.Width, p.Height = width, max(1, p.Height*width/p.Width)
	} else {
		p.Width, p.Height = max(1, p.Width*height/p.Height), height
	}
	return p, nil
}

// initial is the first letter of a name, where there is no image.
func initial(name string) string {
	for _, c := range name {
		if unicode.IsLetter(c) || unicode.IsNumber(c) {
			return string(unicode.ToUpper(c))
		}
	}
	c, _ := utf8.DecodeRuneInString(name)
	if c == utf8.RuneError {
		return ""
	}
	return string(c)
}

// walletURL returns a link into the Learner Credential Wallet, or the beginning of one,
// as one that html/template takes, else "".
func walletURL(link string) template.URL {
	if rest, ok := strings.CutPrefix(link, site.WalletURL); ok && regexp.MustCompile(`^[A-Za-z0-9_.!~*'()%-]*$`).MatchString(rest) {
		return template.URL(link)
	}
	return ""
}

// webURL returns target where it is a URL that authors may link to, or a longer
// one of that kind, else "".
func webURL(target string) string {
	if !text.IsWebURL(target) {
		return ""
	}
	return target
}
