package site

import (
	"fmt"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// What stands for the site in tabs, on home screens and in the frame of its pages; the
// icon of tabs is the issuer's small picture.
const (
	touchIcon    = "icon-180.png"
	maskIcon     = "icon-512.png"
	manifestFile = "manifest.json"
	logoStem     = "logo"
)

// icons plans the icons of the site, the web manifest that names them, and the theme's
// logo.
func (p *Layout) icons() error {
	for path, size := range map[string]Size{touchIcon: Touch, maskIcon: Mask} {
		key, err := digestOf(Picture, p.issuerBadge, size)
		if err != nil {
			return fmt.Errorf("plan %s: %w", path, err)
		}
		p.add(Output{Path: path, Kind: Picture, Badge: &p.issuerBadge, Size: size, Fingerprint: key})
	}
	type icon struct {
		Src     string `json:"src"`
		Sizes   string `json:"sizes"`
		Type    string `json:"type"`
		Purpose string `json:"purpose,omitzero"`
	}
	theme := p.in.Site.Theme
	manifest, err := json.Marshal(struct {
		Name       string `json:"name"`
		Language   string `json:"lang"`
		Start      string `json:"start_url"`
		Scope      string `json:"scope"`
		Display    string `json:"display"`
		Background string `json:"background_color,omitzero"`
		Color      string `json:"theme_color,omitzero"`
		Icons      []icon `json:"icons"`
	}{p.in.Issuer.Name, p.in.Site.Languages[0], "./", "./", "browser", theme.Paper, theme.Paper,
		[]icon{{touchIcon, "180x180", "image/png", ""}, {maskIcon, "512x512", "image/png", ""}, {maskIcon, "512x512", "image/png", "maskable"}}},
		jsontext.WithIndent("  "))
	if err != nil {
		return fmt.Errorf("encode %s: %w", manifestFile, err)
	}
	p.data(manifestFile, append(manifest, '\n'))
	if theme.Logo == nil {
		return nil
	}
	return p.pictures(logoStem, p.logoBadge())
}

// logoBadge is the picture of the theme's logo, which is there.
func (p *Layout) logoBadge() (b Badge) {
	b.take(p.in.Site.Theme.Logo)
	return b
}

// logo is the theme's logo as seen from a page, or nothing.
func (p *Layout) logo(root string) Preview {
	if p.in.Site.Theme.Logo == nil {
		return Preview{}
	}
	b := p.logoBadge()
	return Preview{Href: b.Shown(root + logoStem).Large, Badge: b}
}
