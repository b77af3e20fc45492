package cli

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"laurel/internal/authoring/content"
	"laurel/internal/authoring/model"
	"laurel/internal/material/hint"
	"laurel/internal/material/text"
	"laurel/internal/publishing/render"
	"laurel/themes"
)

func (a *app) themeCommand() *cobra.Command {
	c := &cobra.Command{Use: "theme", Short: "How the site looks: list themes, copy their files"}
	c.AddCommand(&cobra.Command{
		Use: "list", Short: "List the themes there are, and what each has of its own", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error { return a.themeList() },
	}, &cobra.Command{
		Use: "copy FILE", Short: "Copy a file of laurel's theme into the site's, to change it there",
		Long: `Copy a file of a built-in theme into the folder of the theme that site.yaml names,
where it then stands in the place of the built-in one. FILE is a path in a theme, such
as templates/home.html, or the end of one that only one file has. A file that is there
already stays as it is.

Copy as little as does: what is copied no longer changes with laurel.`,
		Example: "  laurel theme copy home.html\n  laurel theme copy assets/chrome.css",
		Args:    cobra.ExactArgs(1),
		RunE:    func(_ *cobra.Command, args []string) error { return a.themeCopy(args[0]) },
	}, &cobra.Command{
		Use: "strings LANGUAGE", Short: "Write the words of pages in a further language, to be translated",
		Long: `Write what laurel's pages say to a file of the theme that site.yaml names, for a
language that it has no words in: all words in English, to be translated where they
stand, with {names} kept as they are. A word that counts has a form for each number
that the language tells apart, by the CLDR's names (zero, one, two, few, many, other);
{n} may be left out of one that says its number. Names of languages are filled in. A
file that is there already stays as it is.

LANGUAGE is a BCP 47 tag such as pl or sr-Latn. A word that is deleted is said as the
language without its last part says it, in the end as English does.`,
		Example: "  laurel theme strings pl",
		Args:    cobra.ExactArgs(1),
		RunE:    func(_ *cobra.Command, args []string) error { return a.themeStrings(args[0]) },
	})
	return c
}

// themeFiles are the paths of a theme's files, sorted. A theme need not be there.
func themeFiles(theme fs.FS) (names []string, err error) {
	if _, err := fs.Stat(theme, "theme.yaml"); err == nil {
		names = append(names, "theme.yaml")
	}
	for _, folder := range append(slices.Clone(render.ThemeFolders), "fonts") { // others are its author's
		err := fs.WalkDir(theme, folder, func(p string, d fs.DirEntry, err error) error {
			switch {
			case errors.Is(err, fs.ErrNotExist):
				return nil
			case err == nil && !d.IsDir() && !strings.HasPrefix(d.Name(), "."):
				names = append(names, p)
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	slices.Sort(names)
	return names, nil
}

// listedTheme is a theme as "theme list" shows it.
type listedTheme struct {
	Name    string   `json:"name"`
	BuiltIn bool     `json:"builtIn"`
	Used    bool     `json:"used"`
	Files   []string `json:"files"` // of the site's folder
}

func (a *app) themeList() error {
	content, err := a.loadContent()
	if err != nil {
		return err
	}
	folder := os.DirFS(a.dir)
	names := themes.Names()
	if entries, err := fs.ReadDir(folder, "themes"); err == nil {
		for _, e := range entries {
			if e.IsDir() && !slices.Contains(names, e.Name()) && !strings.HasPrefix(e.Name(), ".") {
				names = append(names, e.Name())
			}
		}
	} else if !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("list themes/: %w", err)
	}
	list := make([]listedTheme, len(names))
	for i, name := range names {
		own, err := fs.Sub(folder, "themes/"+name)
		if err != nil {
			return fmt.Errorf("read themes/%s: %w", name, err)
		}
		t := listedTheme{Name: name, Used: name == content.Theme.Name}
		_, t.BuiltIn = themes.Open(name)
		if t.Files, err = themeFiles(own); err != nil {
			return fmt.Errorf("read themes/%s: %w", name, err)
		}
		list[i] = t
	}
	if a.json {
		return a.printJSON(struct {
			SchemaVersion int           `json:"schemaVersion"`
			Themes        []listedTheme `json:"themes"`
		}{schemaVersion, list})
	}
	for _, t := range list {
		said := "in themes/" + t.Name
		if t.BuiltIn {
			said = "built in"
		}
		if t.Used {
			said += ", used by this site"
		}
		a.printf("%-16s %s\n", clean(t.Name), clean(said))
		for _, f := range t.Files {
			a.printf("  themes/%s/%s\n", clean(t.Name), clean(f))
		}
	}
	return nil
}

func (a *app) themeCopy(wanted string) error {
	content, err := a.loadContent()
	if err != nil {
		return err
	}
	from, name, err := themeSource(content.Theme, wanted)
	if err != nil {
		return err
	}
	data, err := fs.ReadFile(from, name)
	if err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	return a.themeWrite(path.Join("themes", content.Theme.Name, name), data)
}

// themeStrings writes a table of words in a language. It does not read the content,
// which is refused for want of that.
func (a *app) themeStrings(tag string) error {
	table, err := render.Table(tag)
	if err != nil {
		return misuse("for example `laurel theme strings pl`", "%s", err)
	}
	root, err := os.OpenRoot(a.dir)
	if err != nil {
		return fmt.Errorf("open the site folder: %w", err)
	}
	defer root.Close()
	return a.themeWrite(path.Join("themes", content.ThemeName(root), "strings", tag+".json"), table)
}

// themeWrite writes a file of the site's theme where there is none.
func (a *app) themeWrite(target string, data []byte) error {
	root, err := os.OpenRoot(a.dir)
	if err != nil {
		return fmt.Errorf("open the site folder: %w", err)
	}
	defer root.Close()
	if err := root.MkdirAll(path.Dir(target), 0o755); err != nil {
		return fmt.Errorf("make the folder of %s: %w", target, err)
	}
	out, err := root.OpenFile(target, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return hint.Errorf("move it away first, if you want laurel's", "%s is there already; nothing was written", clean(target))
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", target, err)
	}
	_, err = out.Write(data)
	if err := errors.Join(err, out.Close()); err != nil {
		return fmt.Errorf("write %s: %w", target, err)
	}
	if a.json {
		return a.printJSON(struct {
			SchemaVersion int    `json:"schemaVersion"`
			File          string `json:"file"`
		}{schemaVersion, target})
	}
	a.printf("%s\n", clean(target))
	return nil
}

// themeSource finds a file in the built-in theme of a site, or else in the default one.
func themeSource(theme model.Theme, wanted string) (fs.FS, string, error) {
	var all []string
	for _, of := range []string{theme.Name, themes.DefaultName} {
		from, ok := themes.Open(of)
		if !ok {
			continue
		}
		names, err := themeFiles(from)
		if err != nil {
			return nil, "", fmt.Errorf("read the built-in theme %s: %w", of, err)
		}
		found := slices.DeleteFunc(slices.Clone(names), func(n string) bool { return n != wanted && !strings.HasSuffix(n, "/"+wanted) })
		switch {
		case slices.Contains(found, wanted):
			return from, wanted, nil
		case len(found) == 1:
			return from, found[0], nil
		case len(found) > 1:
			return nil, "", misuse("write one of "+strings.Join(found, ", "), "%s is the end of more than one file", clean(wanted))
		}
		all = append(all, names...)
	}
	if wanted == "tokens.css" || wanted == "assets/tokens.css" {
		return nil, "", misuse("write theme: accent: and so on in content/site.yaml, or rules in assets/extra.css", "the build makes tokens.css of the theme's colours and fonts")
	}
	near := cmp.Or(text.Nearest(wanted, all), text.Nearest(wanted, bases(all)))
	if near != "" {
		near = `did you mean "` + near + `"?`
	}
	return nil, "", misuse(cmp.Or(near, "the files are "+strings.Join(slices.DeleteFunc(all, func(n string) bool { return path.Ext(n) != ".html" && path.Ext(n) != ".css" }), ", ")), "laurel's themes have no file %s", clean(wanted))
}

func bases(names []string) []string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = path.Base(n)
	}
	return out
}
