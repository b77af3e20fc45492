// Package badge makes the pictures of achievements and of the issuer: it draws
// an emblem, or takes the picture that the author gave, and bakes credentials
// into either. What a picture may be is package picture's to say.
package badge

import (
	"errors"
	"fmt"
	"io/fs"
	"sync"

	"laurel/internal/material/lettering"
	"laurel/internal/material/picture"
	"laurel/internal/material/text"
	"laurel/internal/publishing/site"
	"laurel/internal/standards/bake"
)

// Badges makes the pictures of achievements. The same badge gives the same
// bytes on any machine. Pictures are kept, up to a limit, because many awards
// share a few. It is safe for concurrent use.
type Badges struct {
	images fs.FS
	fonts  func() (*lettering.Fonts, error) // opened when a name is first drawn
	cache  cache
}

// NewBadges returns the badges whose authors' pictures are below images, which
// may be nil if no badge names one. Names are drawn in the fonts of a theme,
// which may be nil, and the built-in ones.
func NewBadges(images, theme fs.FS) *Badges {
	return &Badges{images: images, fonts: sync.OnceValues(func() (*lettering.Fonts, error) {
		return lettering.Open(lettering.Sources{Theme: theme})
	})}
}

// PNG returns the picture as a PNG.
//
// Without an image, and for an author's SVG (nothing here paints foreign SVG),
// it is the drawn emblem, 512 pixels square. For an author's raster image it is
// that image, written anew without its metadata, at most 1024 pixels on a side,
// or 512 where it would be larger than 512 KiB.
//
// The bytes are shared with other callers: do not change them. Errors are those
// of an image that cannot be read, that is not what MediaType says, or that is
// over the limits of 10 MiB and 4096 pixels on a side.
func (b *Badges) PNG(badge site.Badge) ([]byte, error) {
	p, err := b.png(badge)
	return p.data, err
}

// SVG returns the picture as an SVG: the drawn emblem without an image, the
// author's SVG after SanitizeSVG, or an SVG that shows an author's raster image,
// at most 512 pixels on a side, from a data URL. Otherwise as PNG.
func (b *Badges) SVG(badge site.Badge) ([]byte, error) {
	p, err := b.svg(badge)
	return p.data, err
}

// BakedPNG returns the picture as PNG does, a copy, with a credential baked
// into it; see bake.Blank. The picture is checked once for all credentials.
func (b *Badges) BakedPNG(badge site.Badge, credential []byte) ([]byte, error) {
	p, err := b.png(badge)
	if err != nil {
		return nil, err
	}
	return p.blank.Bake(credential)
}

// BakedSVG returns the picture as SVG does, a copy, with a credential baked
// into it; see bake.Blank.
func (b *Badges) BakedSVG(badge site.Badge, credential []byte) ([]byte, error) {
	p, err := b.svg(badge)
	if err != nil {
		return nil, err
	}
	return p.blank.Bake(credential)
}

func (b *Badges) png(badge site.Badge) (made, error) {
	return b.cache.get(cacheKey{badge, "png"}, func() (made, error) {
		data, err := b.makePNG(badge)
		if err != nil {
			return made{}, err
		}
		blank, err := bake.NewPNG(data)
		return made{data, blank}, err
	})
}

func (b *Badges) svg(badge site.Badge) (made, error) {
	return b.cache.get(cacheKey{badge, "svg"}, func() (made, error) {
		data, err := b.makeSVG(badge)
		if err != nil {
			return made{}, err
		}
		blank, err := bake.NewSVG(data)
		return made{data, blank}, err
	})
}

// draw draws a badge: its emblem, and its name on a ribbon where the fonts have
// every character of it and it can be made to fit. The issuer's own has none.
func (b *Badges) draw(badge site.Badge) ([]shape, error) {
	plain := func() ([]shape, error) { return drawBadge(badge, plainMiddle), nil }
	name := text.Print(badge.Name)
	if name == "" || badge.OfIssuer {
		return plain()
	}
	fonts, err := b.fonts()
	if err != nil {
		return nil, fmt.Errorf("find fonts for badges: %w", err)
	}
	written, ok, err := writeName(fonts, name)
	if lacking := (*lettering.MissingRune)(nil); errors.As(err, &lacking) {
		return plain()
	}
	if err != nil {
		return nil, fmt.Errorf("write the name on a badge: %w", err)
	}
	if !ok {
		return plain()
	}
	return append(drawBadge(badge, ribbonMiddle), drawRibbon(written, newScheme(hash("name", badge.Name)))...), nil
}

func (b *Badges) makePNG(badge site.Badge) ([]byte, error) {
	if badge.ImageFile == "" || badge.MediaType == picture.SVG {
		shapes, err := b.draw(badge)
		if err != nil {
			return nil, err
		}
		return encodeFlat(rasterize(shapes, drawingSize))
	}
	data, err := b.read(badge)
	if err != nil {
		return nil, err
	}
	out, err := picture.Reencode(data, badge.MediaType)
	if err != nil {
		return nil, fmt.Errorf("read image %s: %w", badge.ImageFile, err)
	}
	return out, nil
}

func (b *Badges) makeSVG(badge site.Badge) ([]byte, error) {
	if badge.ImageFile == "" {
		shapes, err := b.draw(badge)
		if err != nil {
			return nil, err
		}
		return writeSVG(shapes), nil
	}
	data, err := b.read(badge)
	if err != nil {
		return nil, err
	}
	var out []byte
	if badge.MediaType == picture.SVG {
		out, err = picture.SanitizeSVG(data)
	} else {
		out, err = picture.Embed(data, badge.MediaType)
	}
	if err != nil {
		return nil, fmt.Errorf("read image %s: %w", badge.ImageFile, err)
	}
	return out, nil
}

func (b *Badges) read(badge site.Badge) ([]byte, error) {
	if b.images == nil {
		return nil, fmt.Errorf("read image %s: there is no folder of images", badge.ImageFile)
	}
	data, err := picture.ReadLimited(b.images, badge.ImageFile, picture.MaxBytes)
	if err != nil {
		return nil, fmt.Errorf("read image %s: %w", badge.ImageFile, err)
	}
	return data, nil
}
