package site

import (
	"bytes"
	"testing"

	"laurel/internal/authoring/model"
	"laurel/internal/standards/vc"
)

func TestIcons(t *testing.T) {
	p := &Layout{in: Input{Site: &model.Site{BaseURL: "https://example.org/a", Languages: []string{"de"}, Theme: model.Theme{Paper: "#fcfbf7", Logo: &model.Image{File: "wide.png", MediaType: "image/png", SHA256: "00"}}},
		Issuer: vc.Profile{Name: "Example Academy"}}}
	if err := p.icons(); err != nil {
		t.Fatal(err)
	}
	got := map[string]Output{}
	for _, o := range p.Outputs {
		got[o.Path] = o
	}
	for _, path := range []string{"icon-180.png", "icon-512.png", "logo.png", "logo.svg", "logo-row.png"} {
		if got[path].Kind != Picture {
			t.Errorf("%s is %q", path, got[path].Kind)
		}
	}
	for _, want := range []string{`"name": "Example Academy"`, `"lang": "de"`, `"background_color": "#fcfbf7"`, `"src": "icon-512.png"`, `"purpose": "maskable"`} {
		if !bytes.Contains(got["manifest.json"].Bytes, []byte(want)) {
			t.Errorf("the manifest lacks %s:\n%s", want, got["manifest.json"].Bytes)
		}
	}
	if l := p.logo("../"); l.Href != "../logo.png" || l.Badge.ImageFile != "wide.png" {
		t.Errorf("the logo is %+v", l)
	}
	if p.in.Site.Theme.Logo = nil; p.logo("./") != (Preview{}) {
		t.Error("a site without a logo has one")
	}
}
