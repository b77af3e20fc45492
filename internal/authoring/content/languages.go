package content

import (
	"io/fs"
	"os"
	"slices"
	"strings"

	"laurel/internal/authoring/model"
	"laurel/themes"
)

// siteLanguage is one of site.yaml's languages, and where it stands.
type siteLanguage struct {
	tag string
	at  value
}

// spoken checks that the site's theme has words in each of the site's languages.
func (l *loader) spoken(languages []siteLanguage, theme string) {
	for _, s := range languages {
		if !l.hasWords(s.tag, theme) {
			s.at.problem("is a language that the theme has no words in, for what stands on every page", "`laurel theme strings "+s.tag+"` writes them in English to themes/"+theme+"/strings/, to be translated there")
		}
	}
}

// hasWords tells whether a table of words is for a language, or what it is a variant
// of: built in, or in the folder of the site's theme.
func (l *loader) hasWords(tag, theme string) bool {
	var tables []string
	for _, name := range []string{theme, themes.DefaultName} {
		if builtIn, ok := themes.Open(name); ok {
			found, _ := fs.Glob(builtIn, "strings/*.json") // the pattern is good
			tables = append(tables, found...)
		}
	}
	if folder := "themes/" + theme + "/strings"; l.folder("themes") && l.folder("themes/"+theme) && l.folder(folder) {
		for _, e := range l.entries(folder) {
			tables = append(tables, "strings/"+e.Name())
		}
	}
	return slices.ContainsFunc(tables, func(name string) bool {
		table := strings.ToLower(strings.TrimSuffix(strings.TrimPrefix(name, "strings/"), ".json"))
		// Chinese has two scripts, of which laurel writes the simplified one.
		return strings.HasPrefix(strings.ToLower(tag)+"-", table+"-") && (table != "zh" || !traditional(tag))
	})
}

func traditional(tag string) bool {
	return slices.ContainsFunc(strings.Split(strings.ToLower(tag), "-"), func(part string) bool { return slices.Contains([]string{"hant", "tw", "hk", "mo"}, part) })
}

// ThemeName is the name of the theme that content/site.yaml names, whatever else is
// wrong there; of a file that cannot be read, or names none that there is, the default
// one's. It is for what mends a site that Load refuses.
func ThemeName(root *os.Root) string {
	l, site := newLoader(root), &model.Site{}
	site.Theme.Name = themes.DefaultName
	l.images.checked = map[string]*model.Image{}
	if o, ok := l.document("content/site.yaml", yamlBytes, siteClass); ok {
		l.theme(o, site)
	}
	return site.Theme.Name
}
