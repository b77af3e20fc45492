package content

import (
	"cmp"
	"errors"
	"io/fs"
	"regexp"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"laurel/internal/authoring/model"
	"laurel/internal/material/tone"
	"laurel/themes"
)

// ThemeFile is the file in a theme's folder that says how it looks, where the site
// does not.
const ThemeFile = "theme.yaml"

var (
	lookFields = []string{"accent", "paper", "fonts", "certificate"}
	themeNotes = map[string]string{
		"color": `did you mean "accent"?`, "colour": `did you mean "accent"?`, "background-color": `did you mean "paper"?`,
		"font": `did you mean "fonts"?`, "design": `did you mean "certificate"?`, "css": "rules of CSS are in themes/<name>/assets/extra.css",
		"image": `did you mean "logo"?`,
	}
	themeClass = &class{
		name: "theme", fields: append([]string{"name", "logo", "background"}, lookFields...), notes: themeNotes,
		instead: "write the name of a theme, or accent: and so on below it",
	}
	themeFileClass = &class{
		name: ThemeFile, fields: lookFields,
		notes: map[string]string{"logo": "a site's logo is in its site.yaml", "background": "a site's background is in its site.yaml", "name": "a theme has the name of its folder: delete the line"},
	}
	fontsClass = &class{name: "fonts", fields: []string{"headings", "text"}}
)

// theme reads the site's theme: a mapping, or the bare name of one. What neither it
// nor the theme's own file says is laurel's own. What either says of certificates is
// what site has where it says nothing itself.
func (l *loader) theme(o object, site *model.Site) {
	site.Theme.Name = themes.DefaultName
	if v, ok := o.get("theme"); ok && v.node.Kind != yaml.MappingNode {
		l.themeName(v, site)
	} else if m, ok := o.object("theme", themeClass); ok {
		if name, ok := m.get("name"); ok {
			l.themeName(name, site)
		}
		l.look(m, site)
		site.Theme.Logo = l.image(m, "logo")
		site.Certificate = site.Certificate.Over(model.Certificate{Background: l.certificateImage(m, "background")})
	}
	l.complete(site)
}

// themeName is the name of a built-in theme or of a folder of themes/.
func (l *loader) themeName(v value, site *model.Site) {
	s, ok := v.text()
	if !ok {
		return
	}
	names := themes.Names()
	if l.folder("themes") {
		for _, e := range l.entries("themes") {
			if e.IsDir() && !slices.Contains(names, e.Name()) {
				names = append(names, e.Name())
			}
		}
	}
	switch {
	case !isSlug(s):
		v.problem("must be the name of a theme, in lower-case letters, digits and hyphens", "`laurel theme list` shows them")
	case slices.Contains(names, s):
		site.Theme.Name = s
	case strings.HasPrefix(s, "#"):
		v.problem("must be the name of a theme", "write a colour below it, as accent:")
	default:
		v.problem("there is no theme of that name, built in or in themes/", cmp.Or(didYouMean(s, names), "`laurel theme list` shows those that there are"))
	}
}

// look reads what a site and a theme's own file may both say, where nothing is said yet.
func (l *loader) look(o object, site *model.Site) {
	t := &site.Theme
	t.Accent = cmp.Or(t.Accent, o.color("accent", nil))
	t.Paper = cmp.Or(t.Paper, o.color("paper", func(c tone.Color) (string, string) {
		if tone.LightEnough(c) {
			return "", ""
		}
		lch := c.LCH()
		lch.L, lch.C = .96, min(lch.C, .03)
		return "is too dark for a paper: pages have dark colours of their own", `use a lighter one, such as "` + lch.Color().String() + `"`
	}))
	if v, ok := o.get("fonts"); ok && v.node.Kind == yaml.MappingNode {
		if f, ok := v.mapping(fontsClass); ok {
			t.Fonts.Headings, t.Fonts.Text = cmp.Or(t.Fonts.Headings, f.fontStack("headings")), cmp.Or(t.Fonts.Text, f.fontStack("text"))
		}
	} else if ok {
		both := o.fontStack("fonts")
		t.Fonts.Headings, t.Fonts.Text = cmp.Or(t.Fonts.Headings, both), cmp.Or(t.Fonts.Text, both)
	}
	site.Certificate = site.Certificate.Over(model.Certificate{Design: o.design("certificate")})
}

// complete takes what is not said from the theme's own file, else laurel's own.
func (l *loader) complete(site *model.Site) {
	t := &site.Theme
	name := "themes/" + t.Name + "/" + ThemeFile
	if _, err := l.root.Lstat(name); err == nil {
		if o, ok := l.document(name, yamlBytes, themeFileClass); ok {
			l.look(o, site)
		}
	} else if !errors.Is(err, fs.ErrNotExist) {
		l.fault(name, reason(err), "")
	}
	if builtIn, ok := themes.Open(t.Name); ok {
		if data, err := fs.ReadFile(builtIn, ThemeFile); err == nil {
			if s, ok := newSource(name+" of laurel", data, l.problems); ok {
				if v, ok := s.yaml(); ok {
					if o, ok := v.mapping(themeFileClass); ok {
						l.look(o, site)
					}
				}
			}
		}
	}
	t.Accent, t.Paper = cmp.Or(t.Accent, tone.Accent.String()), cmp.Or(t.Paper, tone.Paper.String())
}

// color reads a colour as #rrggbb; more says what else is wrong with one, and what to
// try.
func (o object) color(name string, more func(tone.Color) (fault, hint string)) string {
	v, ok := o.get(name)
	if !ok {
		return ""
	}
	if v.node.Tag == "!!null" && v.node.Value == "" {
		v.problem("is empty: in YAML a # begins a comment", `put the colour in quotes: `+name+`: "#17614a"`)
		return ""
	}
	s, ok := v.text()
	if !ok {
		return ""
	}
	c, ok := tone.Parse(s)
	if !ok {
		hint := `write it as "#17614a": #, and two hexadecimal digits each of red, green and blue`
		if _, ok := tone.Parse("#" + s); ok {
			hint = `did you mean "#` + s + `"?`
		}
		v.problem("is not a colour", hint)
		return ""
	}
	if more != nil {
		if fault, hint := more(c); fault != "" {
			v.problem(fault, hint)
			return ""
		}
	}
	return c.String()
}

// fontNames is a list of font families as CSS has it, of which nothing can become
// other CSS.
var fontNames = regexp.MustCompile(`^(?:"[^"'\\<>{};]+"|'[^"'\\<>{};]+'|-?[A-Za-z][A-Za-z0-9-]*(?: [A-Za-z0-9-]+)*)$`)

func (o object) fontStack(name string) string {
	return o.check(name, func(s string) (string, string) {
		for family := range strings.SplitSeq(s, ",") {
			if !fontNames.MatchString(strings.TrimSpace(family)) {
				return "is not a list of font names", `write it as in CSS: '"Source Serif 4", Georgia, serif'`
			}
		}
		return "", ""
	})
}
