package site

import (
	"errors"
	"fmt"

	"laurel/internal/authoring/model"
)

// Badge is an achievement's or the issuer's picture: the author's, or what to
// draw one from.
type Badge struct {
	// ID is the achievement's, from which its emblem is drawn and nothing else: it
	// stays as it is whatever else is published.
	ID string
	// Name gives its initials and the writing on its ribbon, Type its outline.
	Name, Type string
	// OfIssuer tells that it is the issuer's own: drawn without writing.
	OfIssuer bool
	// ImageFile is the author's picture, relative to content/images; empty
	// means a drawn one. MediaType is its type.
	ImageFile, MediaType string
	// PNGFile lies beside an SVG, and is taken where a PNG is wanted; empty if
	// ImageFile is no SVG.
	PNGFile string
	// SHA256 is the hex digest of the author's picture, and of PNGFile.
	SHA256 string
	// Kept tells that it is the picture of that digest that is wanted, whatever file
	// has it.
	Kept bool
}

// digest is that of all it is drawn from, but whose it is.
func (b Badge) digest() [32]byte {
	return digest(b.ID, b.Name, b.Type, b.ImageFile, b.MediaType, b.PNGFile, b.SHA256)
}

// take makes it the author's picture, if there is one.
func (b *Badge) take(i *model.Image) {
	if i != nil {
		b.ImageFile, b.MediaType, b.PNGFile, b.SHA256 = i.File, i.MediaType, i.PNG, i.SHA256
	}
}

// Size is in which form a picture is made. All are published beside each other:
// with <stem>.png and <stem>.svg, which show the whole of it and are what
// credentials name and are baked into, smaller ones that only pages show.
type Size string

// The sizes of pictures.
const (
	Whole Size = "" // <stem>.png and <stem>.svg
	// Card is for up to 160 pixels of CSS: <stem>-card.svg of a drawn emblem, without
	// the writing that is not shown there, <stem>-card.png or .jpg of an author's PNG or
	// JPEG, 320 pixels on its longer side. An author's SVG is shown whole.
	Card Size = "card"
	// Row is for up to 56 pixels of CSS: <stem>-row.svg of a drawn emblem, without all
	// that is too fine for that, in about 3 kB; else <stem>-row.png or .jpg, of 112 pixels.
	Row Size = "row"
	// Touch and Mask are icons of the issuer for the screens of telephones, as PNG on
	// the theme's paper: 180 pixels with a narrow edge, and 512 of which a circle can be
	// cut.
	Touch Size = "touch"
	Mask  Size = "mask"
)

// Shown are the addresses of a picture in the sizes that pages show it in. Each
// has the right bytes for what it is for; none is empty.
type Shown struct {
	Large string // for a page of its own, at any size
	Card  string // for up to 160 pixels of CSS
	Row   string // for up to 56 pixels of CSS
}

// Shown tells where the sizes of a picture are, whose stem is given as seen from
// the page: model.AchievementImageStem, or that of a program or of the issuer.
func (b Badge) Shown(stem string) Shown {
	switch {
	case b.ImageFile == "":
		return Shown{stem + ".svg", stem + "-card.svg", stem + "-row.svg"}
	case b.MediaType == "image/svg+xml":
		return Shown{stem + ".svg", stem + ".svg", stem + "-row.png"}
	}
	small := ".png"
	if b.MediaType == "image/jpeg" {
		small = ".jpg"
	}
	return Shown{stem + ".png", stem + "-card" + small, stem + "-row" + small}
}

// findBadges finds the pictures of all that has one.
func (p *Layout) findBadges() error {
	p.issuerBadge = Badge{ID: p.in.Site.URL(""), Name: p.in.Issuer.Name, OfIssuer: true}
	p.issuerBadge.take(p.in.Site.Issuer.Image)
	of := func(slug, id, name, kind string, i *model.Image) {
		b := Badge{ID: id, Name: name, Type: kind}
		b.take(i)
		p.badges[slug] = b
	}
	for _, a := range p.in.Site.Achievements {
		of(a.Slug, p.in.Site.URL(model.AchievementPath(a.Slug)), a.Name, a.AchievementType, a.Image)
	}
	for slug, w := range p.gone {
		of(slug, p.in.Site.URL(model.AchievementPath(slug)), w.Name, w.AchievementType, nil)
	}
	for _, program := range p.named() {
		of(recordSlug(program), p.in.Site.URL(model.ProgramImageStem(program.Slug)), program.Name, "", program.Image)
	}
	return nil
}

// pictures plans a picture in all its sizes.
func (p *Layout) pictures(stem string, b Badge) error {
	add := func(path string, size Size) error {
		key, err := digestOf(Picture, b, size)
		if err != nil {
			return fmt.Errorf("plan %s: %w", path, err)
		}
		p.add(Output{Path: path, Kind: Picture, Badge: &b, Size: size, Fingerprint: key})
		return nil
	}
	shown := b.Shown(stem)
	err := errors.Join(add(stem+".png", Whole), add(stem+".svg", Whole), add(shown.Row, Row))
	if shown.Card != shown.Large {
		err = errors.Join(err, add(shown.Card, Card))
	}
	return err
}
