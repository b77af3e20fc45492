// Package themes holds the built-in themes. It is nothing but the files: what
// they are given is documented on the page types of publishing/site, how they
// are read in publishing/render.
//
// A site's own theme, in themes/<name>/ of the site folder, has the same
// layout and may hold any part of it:
//
//	theme.yaml   its accent, paper, fonts and certificate: see authoring/content
//	templates/   one html/template file a kind of page, and templates/parts/
//	assets/      CSS, scripts, images; published under fingerprinted names. A CSS
//	             file that another one imports, as style.css does, becomes part
//	             of that one. extra.css is added at the end of style.css
//	file/        offline.js and file.css: what stands in a certificate that is a
//	             file, beside style.css; not published
//	strings/     <language>.json: the words of the user interface
//	fonts/       regular.ttf and bold.ttf, and others for what these lack: for
//	             certificates that laurel deliver writes as PDF, and names on
//	             drawn pictures; not published; the default theme has none
package themes

import (
	"embed"
	"io/fs"
	"maps"
	"slices"
)

//go:embed default/templates default/assets default/file default/strings slate
var files embed.FS

// DefaultName is the name of the theme that is complete: what another one leaves out
// comes from there.
const DefaultName = "default"

// builtIn has the themes by name.
var builtIn = map[string]fs.FS{DefaultName: folder(DefaultName), "slate": folder("slate")}

// Names are those of the built-in themes, sorted.
func Names() []string { return slices.Sorted(maps.Keys(builtIn)) }

// Open returns the folder of a built-in theme; false: there is none of that name.
func Open(name string) (fs.FS, bool) {
	theme, ok := builtIn[name]
	return theme, ok
}

// Default is the folder of the default theme.
func Default() fs.FS { return builtIn[DefaultName] }

func folder(name string) fs.FS {
	sub, err := fs.Sub(files, name)
	if err != nil {
		panic("bug: themes: " + err.Error()) // the name is a constant
	}
	return sub
}
