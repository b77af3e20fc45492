// Package render fills in the bytes of what publishing/site plans: pages from
// the theme's templates, QR codes in them. The same input gives the same
// bytes, on any machine and in any time zone.
//
// It refuses to let text become markup. Everything is html/template; the only
// value that enters a page as HTML is what asHTML returns, and the
// only other generated markup, the QR code, enters as numbers of an SVG path.
// It knows neither key, ledger nor network, and decides nothing about what is
// shown to whom: that is publishing/site.
package render

import (
	"bytes"
	"fmt"
	"html/template"
	"io/fs"
	"slices"
	"sync"

	"laurel/internal/material/tone"
	"laurel/internal/publishing/badge"
	"laurel/internal/publishing/site"
	"laurel/themes"
)

// Options has no field that a caller must set.
type Options struct {
	// ThemeName is how errors name the theme, such as "themes/academy".
	// Empty: "theme".
	ThemeName string
	// BuiltIn is a built-in theme that lies between the default one and the custom
	// one; nil: there is none.
	BuiltIn fs.FS
	Look    Look
}

// Renderer fills in pages and images. It is safe for concurrent use.
type Renderer struct {
	// Badges makes the pictures that pages show, and tell the size of.
	Badges *badge.Badges
	// Palette is the colours of all that is made.
	Palette tone.Palette
	// OwnStyle tells that the custom theme's style.css replaces all of the default one.
	OwnStyle bool

	theme     *theme
	templates *template.Template // never executed
	languages sync.Map           // language tag -> *template.Template
	buffers   sync.Pool          // *bytes.Buffer
}

// New reads the theme: each file of theme takes the place of the file of the
// same name in the default theme; theme may be nil. images is the folder that
// achievements' images are named in; it may be nil where no image is named.
//
// Where theme has any file, every template is tried once on an empty and once on a
// full page of its kind, so that a misspelt field is an error here, with file and
// line, and not in the middle of a build. Those that laurel brings along are tried
// by its tests.
func New(custom fs.FS, images fs.FS, o Options) (*Renderer, error) {
	if o.ThemeName == "" {
		o.ThemeName = "theme"
	}
	t, err := readTheme(o.ThemeName, o.Look, themes.Default(), o.BuiltIn, custom)
	if err != nil {
		return nil, fmt.Errorf("read theme: %w", err)
	}
	r := &Renderer{theme: t, Badges: badge.NewBadges(images, custom, o.Look.palette()), Palette: o.Look.palette()}
	if custom != nil {
		own, err := fs.ReadFile(custom, "assets/"+styleName)
		r.OwnStyle = err == nil && !bytes.Contains(own, []byte(`@import "base.css";`))
	}
	if r.templates, err = r.parseTemplates(); err != nil {
		return nil, fmt.Errorf("read theme: %w", err)
	}
	if err := r.addKits(); err != nil {
		return nil, fmt.Errorf("read theme: %w", err)
	}
	if t.own {
		if err := r.tryAll(); err != nil {
			return nil, fmt.Errorf("read theme: %w", err)
		}
	}
	return r, nil
}

// tryAll tries every template.
func (r *Renderer) tryAll() error {
	for _, try := range []func() error{r.try, r.trySealed, r.tryFile} {
		if err := try(); err != nil {
			return err
		}
	}
	return nil
}

// Assets are the theme's assets, sorted by path.
func (r *Renderer) Assets() []site.AssetFile { return slices.Clone(r.theme.assets) }

// Digest is the SHA-256 of all templates, assets, strings, colours and fonts in use,
// names included. Pages rendered under equal digests, by one version of laurel, from
// equal data are equal.
func (r *Renderer) Digest() [32]byte { return r.theme.digest }
