// Package themes holds the built-in themes. It is nothing but the files: what
// they are given is documented on the page types of publishing/site, how they
// are read in publishing/render.
//
// A site's own theme, in themes/<name>/ of the site folder, has the same
// layout and may hold any part of it:
//
//	templates/   one html/template file a kind of page, and templates/parts/
//	assets/      CSS, scripts, images; published under fingerprinted names. A CSS
//	             file that another one imports, as style.css does, becomes part
//	             of that one
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
)

//go:embed default/templates default/assets default/file default/strings
var files embed.FS

// Default is the folder of the default theme. It is complete: what another
// theme leaves out comes from here.
func Default() fs.FS {
	sub, err := fs.Sub(files, "default")
	if err != nil {
		panic("bug: themes: " + err.Error()) // the name is a constant
	}
	return sub
}
