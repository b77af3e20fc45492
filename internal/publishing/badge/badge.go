// Package badge makes the pictures of achievements and of the issuer: it draws
// an emblem, or takes the picture that the author gave, and bakes credentials
// into either. What a picture may be is package picture's to say.
package badge

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"io/fs"
	"sync"

	"laurel/internal/material/lettering"
	"laurel/internal/material/picture"
	"laurel/internal/material/text"
	"laurel/internal/material/tone"
	"laurel/internal/publishing/site"
	"laurel/internal/standards/bake"
)

// Badges makes the pictures of achievements. The same badge gives the same
// bytes on any machine. Pictures are kept, up to a limit, because many awards
// share a few. It is safe for concurrent use.
type Badges struct {
	images      fs.FS
	fonts, sans func() (*lettering.Fonts, error) // opened when something is first written
	palette     tone.Palette
	ground      func() *image.NRGBA // of previews
	cache       cache
}

// NewBadges returns the badges whose authors' pictures are below images, which
// may be nil if no badge names one. Names are drawn in the fonts of a theme,
// which may be nil, and the built-in ones; emblems in hues that begin at the
// palette's accent.
func NewBadges(images, theme fs.FS, palette tone.Palette) *Badges {
	open := func(serif bool) func() (*lettering.Fonts, error) {
		return sync.OnceValues(func() (*lettering.Fonts, error) {
			fonts, err := lettering.Open(lettering.Sources{Theme: theme, Serif: serif})
			if err != nil {
				return nil, fmt.Errorf("find fonts for badges: %w", err)
			}
			return fonts, nil
		})
	}
	b := &Badges{images: images, palette: palette, fonts: open(true), sans: open(false)}
	b.ground = sync.OnceValue(b.drawGround)
	return b
}

// Picture returns a badge's picture, as SVG or as PNG. With a credential, that is
// baked into it (Open Badges Specification v3.0, "Embedding Open Badges into
// Images"); the picture is checked once for all credentials.
//
// As SVG it is the drawn emblem, or the author's picture: see picture.ToSVG. As
// PNG it is the emblem, 512 pixels square, the author's PNG beside an SVG, or the
// image itself: see picture.ToPNG.
//
// Without a credential the bytes are shared with other callers: do not change
// them. Errors are those of an image that cannot be read, or that picture.Check
// would refuse, and of what is no credential: see bake.Blank.
func (b *Badges) Picture(badge site.Badge, svg bool, credential []byte) ([]byte, error) {
	read, write := bake.NewPNG, b.makePNG
	if svg {
		read, write = bake.NewSVG, b.makeSVG
	}
	p, err := b.cache.get(cacheKey{badge, svg}, func() (made, error) {
		data, err := write(badge)
		if err != nil {
			return made{}, err
		}
		blank, err := read(data)
		return made{data, blank}, err
	})
	if err != nil || credential == nil {
		return p.data, err
	}
	return p.blank.Bake(credential)
}

// Sized returns a badge's picture in a size, as SVG or in the form of pixels that
// site.Badge.Shown names. The whole one is Picture's without a credential, as are
// the errors.
func (b *Badges) Sized(badge site.Badge, size site.Size, svg bool) ([]byte, error) {
	side, upTo := 112, plain
	if size == site.Card {
		side, upTo = 320, fine
	}
	switch {
	case size == site.Whole:
		return b.Picture(badge, svg, nil)
	case size == site.Touch:
		return b.icon(badge, 180, 148)
	case size == site.Mask:
		return b.icon(badge, 512, 330) // the middle four fifths are never cut
	case badge.ImageFile == "":
		return b.drawSVG(badge, upTo)
	}
	file, mediaType := badge.ImageFile, badge.MediaType
	if badge.PNGFile != "" {
		file, mediaType = badge.PNGFile, picture.PNG
	}
	return b.take(badge, file, mediaType, func(data []byte, mediaType string) ([]byte, error) { return picture.Small(data, mediaType, side) })
}

// icon is a square of side pixels with a badge's picture of inner ones in it.
func (b *Badges) icon(badge site.Badge, side, inner int) ([]byte, error) {
	data, err := b.Picture(badge, false, nil)
	if err != nil {
		return nil, err
	}
	ground := b.palette.Light.Paper
	return picture.Icon(data, picture.PNG, side, inner, color.NRGBA{R: ground.R, G: ground.G, B: ground.B, A: 255})
}

// Size is that of the picture as PNG, in pixels.
func (b *Badges) Size(badge site.Badge) (width, height int, err error) {
	data, err := b.Picture(badge, false, nil)
	if err != nil {
		return 0, 0, err
	}
	c, err := png.DecodeConfig(bytes.NewReader(data))
	return c.Width, c.Height, err
}

// draw draws a badge: its emblem, and its name on a ribbon where the fonts have
// every character of it and it can be made to fit. The issuer's own has none.
func (b *Badges) draw(badge site.Badge, upTo detail) ([]shape, error) {
	name := text.Print(badge.Name)
	letters, err := b.initials(name)
	if err != nil {
		return nil, err
	}
	accent := b.palette.Light.Brand
	grain := 1
	if upTo < lettered {
		grain = 10 // small ones need no tenths
	}
	shapes := drawEmblem(badge, accent, letters, grain, nil)
	if name == "" || badge.OfIssuer || upTo < lettered {
		return shapes, nil
	}
	fonts, err := b.fonts()
	if err != nil {
		return nil, err
	}
	written, ok, err := writeName(fonts, name)
	switch lacking := (*lettering.MissingRune)(nil); {
	case errors.As(err, &lacking) || err == nil && !ok:
		return shapes, nil
	case err != nil:
		return nil, fmt.Errorf("write the name on a badge: %w", err)
	}
	return append(shapes, drawRibbon(written, newScheme(accent, lookOf(badge.ID).turn))...), nil
}

func (b *Badges) makePNG(badge site.Badge) ([]byte, error) {
	if badge.ImageFile == "" {
		shapes, err := b.draw(badge, lettered)
		if err != nil {
			return nil, err
		}
		m := newPicture(drawingSize)
		raster(m, shapes, lettered, drawingSize, image.Point{})
		return encode(m, png.DefaultCompression)
	}
	if badge.PNGFile != "" {
		return b.take(badge, badge.PNGFile, picture.PNG, picture.ToPNG)
	}
	return b.take(badge, badge.ImageFile, badge.MediaType, picture.ToPNG)
}

func (b *Badges) makeSVG(badge site.Badge) ([]byte, error) {
	if badge.ImageFile == "" {
		return b.drawSVG(badge, lettered)
	}
	turn := picture.ToSVG
	if badge.Kept {
		turn = picture.Wrapped
	}
	return b.take(badge, badge.ImageFile, badge.MediaType, turn)
}

func (b *Badges) drawSVG(badge site.Badge, upTo detail) ([]byte, error) {
	shapes, err := b.draw(badge, upTo)
	if err != nil {
		return nil, err
	}
	return writeSVG(shapes, upTo), nil
}

// take reads an author's picture and turns it into what is wanted.
func (b *Badges) take(badge site.Badge, file, mediaType string, turn func([]byte, string) ([]byte, error)) ([]byte, error) {
	if b.images == nil {
		return nil, fmt.Errorf("read image %s: there is no folder of images", file)
	}
	data, err := b.read(file, badge)
	if err == nil {
		data, err = turn(data, mediaType)
	}
	if err != nil {
		return nil, fmt.Errorf("read image %s: %w", file, err)
	}
	return data, nil
}

// readLimited reads a file that must not be larger than limit.
func readLimited(fsys fs.FS, name string, limit int64) ([]byte, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(data)) > limit {
		return nil, fmt.Errorf("larger than %d bytes", limit)
	}
	return data, nil
}

// read reads one of the author's pictures. One that is kept is looked for by what it
// is, where its file is another today: an error says so if it is nowhere.
func (b *Badges) read(file string, badge site.Badge) ([]byte, error) {
	wanted := badge.SHA256
	if len(wanted) > 2*sha256.Size {
		own, beside := wanted[:2*sha256.Size], wanted[2*sha256.Size:]
		if wanted = own; file == badge.PNGFile {
			wanted = beside
		}
	}
	is := func(data []byte) bool {
		sum := sha256.Sum256(bytes.TrimPrefix(data, []byte("\ufeff")))
		return hex.EncodeToString(sum[:]) == wanted
	}
	data, err := readLimited(b.images, file, picture.MaxBytes)
	if !badge.Kept || err == nil && is(data) {
		return data, err
	}
	err = fs.WalkDir(b.images, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() {
			return err
		}
		if data, err = readLimited(b.images, name, picture.MaxBytes); err == nil && is(data) {
			file = ""
			return fs.SkipAll
		}
		return nil
	})
	if err == nil && file != "" {
		err = errors.New("no picture in content/images is the one that certificates were signed with: put it back, under any name, or sign their awards anew with laurel reissue AWARD")
	}
	return data, err
}
