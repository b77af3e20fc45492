package badge

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"slices"

	"laurel/internal/material/lettering"
	"laurel/internal/material/picture"
	"laurel/internal/material/text"
	"laurel/internal/material/tone"
	"laurel/internal/publishing/site"
)

// The parts of a preview, in pixels: a panel with a picture on the left, a strip beside
// it, and a column of text.
const (
	panelWidth   = 430
	stripWidth   = 7
	pictureSide  = 330
	tileSide     = 320
	tileInside   = 264
	columnLeft   = 500.0
	columnRight  = 1132.0
	columnTop    = 64.0
	columnBottom = 492.0
	footLine     = 519.0
	footBase     = 571.0
)

var gold = tone.Hex(0xc9a961)

// Preview draws a preview picture: a PNG of site.PreviewWidth by site.PreviewHeight
// pixels, in the palette's colours, all text as outlines. What no font can write is left
// out; a title that is too long for four lines is cut after a word. Errors are those of
// Picture, and of a theme's font that is broken.
func (b *Badges) Preview(c site.PreviewCard) ([]byte, error) {
	out := image.NewNRGBA(b.ground().Rect)
	copy(out.Pix, b.ground().Pix)
	if err := b.drawPicture(out, c.Badge); err != nil {
		return nil, err
	}
	s := sheet{badges: b, language: c.Language, ink: b.palette.Light}
	if err := s.write(c); err != nil {
		return nil, err
	}
	raster(out, s.shapes, plain, drawingSize, image.Point{})
	return encode(out, png.BestSpeed)
}

// drawGround draws what all previews of a site have.
func (b *Badges) drawGround() *image.NRGBA {
	out := image.NewNRGBA(image.Rect(0, 0, site.PreviewWidth, site.PreviewHeight))
	c := b.palette.Light
	line := c.Brand.Mix(tone.Hex(0xffffff), 26)
	if c.Brand.LCH().L > .7 {
		line = c.Brand.Mix(tone.Hex(0), 18)
	}
	d := drawing{}
	rectangle := func(color tone.Color, x0, y0, x1, y1 float64) {
		d.add(plain, unmoved, color, func(p *pen) { p.poly(x0, y0, x1, y0, x1, y1, x0, y1) })
	}
	rectangle(c.Brand, 0, 0, panelWidth, site.PreviewHeight)
	middle := placed(panelWidth/2, site.PreviewHeight/2, 0, 1)
	d.line(plain, middle, line, 1.1, func(p *pen) {
		waves(p, 24, 2, 150, 258)
		waves(p, 24, 2, 236, 400)
	})
	rectangle(c.Paper, panelWidth, 0, site.PreviewWidth, site.PreviewHeight)
	rectangle(gold, panelWidth, 0, panelWidth+stripWidth, site.PreviewHeight)
	rectangle(c.Line, columnLeft, footLine, columnRight, footLine+2)
	raster(out, d.shapes, plain, drawingSize, image.Point{})
	return out
}

// drawPicture draws a badge's picture on the panel: an emblem as it is, an author's on a
// tile.
func (b *Badges) drawPicture(out *image.NRGBA, badge site.Badge) error {
	at := func(w, h int) image.Point { return image.Pt((panelWidth-w)/2, (site.PreviewHeight-h)/2) }
	if badge.ImageFile == "" {
		letters, err := b.initials(text.Print(badge.Name))
		if err != nil {
			return err
		}
		shapes := drawEmblem(badge, b.palette.Light.Brand, letters, 1, &b.palette.Light.Paper)
		raster(out, shapes, fine, pictureSide, at(pictureSide, pictureSide))
		return nil
	}
	data, err := b.Picture(badge, false, nil)
	if err != nil {
		return err
	}
	if data, err = picture.Small(data, picture.PNG, tileInside); err != nil {
		return fmt.Errorf("read image %s: %w", badge.ImageFile, err)
	}
	m, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		return fmt.Errorf("read image %s: %w", badge.ImageFile, err)
	}
	d := drawing{}
	half := tileSide / 2.0
	corners := []point{{-half, -half}, {half, -half}, {half, half}, {-half, half}}
	d.add(plain, placed(panelWidth/2, site.PreviewHeight/2, 0, 1), tone.Hex(0xffffff), func(p *pen) { p.rounded(corners, 44) })
	raster(out, d.shapes, plain, drawingSize, image.Point{})
	size := m.Bounds().Size()
	draw.Draw(out, image.Rectangle{Min: at(size.X, size.Y), Max: at(size.X, size.Y).Add(size)}, m, m.Bounds().Min, draw.Over)
	return nil
}

// sheet is the text of a preview.
type sheet struct {
	badges   *Badges
	language string
	ink      tone.Set
	shapes   []shape
}

// block is some lines of type in one size.
type block struct {
	lines   []lettering.Line
	size    float64
	leading float64 // in sizes
	color   tone.Color
	right   bool // it stands on the right
}

// width is that of the first line.
func (b block) width() float64 {
	if len(b.lines) == 0 {
		return 0
	}
	return b.lines[0].Width() * b.size
}

func (b block) height() float64 { return float64(len(b.lines)) * b.size * b.leading }

// set breaks a text into at most so many lines of a width; there is none where no font
// can write it. whole tells whether all of it is there, and no word broken.
func (s *sheet) set(of string, serif, bold bool, size, width float64, most int) (b block, whole bool, err error) {
	open := s.badges.sans
	if serif {
		open = s.badges.fonts
	}
	fonts, err := open()
	if err != nil {
		return block{}, false, err
	}
	words := lettering.Words{Text: text.Print(of), Bold: bold, Language: s.language}
	if words.Text == "" {
		return block{}, true, nil
	}
	set, err := fonts.Set(words)
	if lacking := (*lettering.MissingRune)(nil); errors.As(err, &lacking) {
		return block{}, true, nil
	}
	if err != nil {
		return block{}, false, fmt.Errorf("write a preview: %w", err)
	}
	lines, broken := set.Wrap(width / size)
	whole = !broken && len(lines) <= most
	if len(lines) > most {
		if lines, err = shortened(fonts, words, width/size, most); err != nil {
			return block{}, false, fmt.Errorf("write a preview: %w", err)
		}
	}
	return block{lines: lines, size: size, right: set.Base == 1}, whole, nil
}

// write sets all text: the title as large as it may be, of the text below it what there
// is room for.
func (s *sheet) write(c site.PreviewCard) error {
	const width = columnRight - columnLeft
	kind, _, err := s.set(c.Kind, false, true, 28, width, 1)
	if err != nil {
		return err
	}
	kind.color, kind.leading = s.ink.Accent, 1.75
	if title, _, err := s.set(c.Title, true, true, 70, width, 1); err == nil && len(title.lines) == 0 {
		c.Title = c.Foot // no font has it
	}
	var title block
	for _, t := range []struct {
		size float64
		most int
	}{{70, 1}, {63, 1}, {66, 2}, {58, 2}, {54, 3}, {48, 3}, {42, 4}, {38, 4}} {
		var whole bool
		if title, whole, err = s.set(c.Title, true, true, t.size, width, t.most); err != nil {
			return err
		}
		if whole {
			break
		}
	}
	title.color, title.leading = s.ink.Ink, 1.2
	kind.right = title.right
	room := columnBottom - columnTop - kind.height() - title.height()
	const air = 18.0
	body, _, err := s.set(c.Text, false, false, 27, width, max(1, min(4, int((room-air)/(27*1.42)))))
	if err != nil {
		return err
	}
	body.color, body.leading = s.ink.Muted, 1.42
	high := kind.height() + title.height() + body.height()
	if len(body.lines) > 0 {
		high += air
	}
	y := columnTop + (columnBottom-columnTop-high)/2
	y = s.put(kind, y)
	y = s.put(title, y)
	s.put(body, y+air)
	return s.foot(c)
}

// foot writes whose it is and where: beside each other if there is room, else below each
// other.
func (s *sheet) foot(c site.PreviewCard) error {
	const width, between = columnRight - columnLeft, 40.0
	host, _, err := s.set(c.Host, false, false, 25, width, 1)
	if err != nil {
		return err
	}
	foot, _, err := s.set(c.Foot, false, true, 27, width, 1)
	if err != nil {
		return err
	}
	foot.color, host.color = s.ink.Ink, s.ink.Muted
	if foot.width()+between+host.width() > width {
		host.right = foot.right
		s.line(foot, footBase-14)
		s.line(host, footBase+23)
		return nil
	}
	host.right = !foot.right
	s.line(foot, footBase)
	s.line(host, footBase)
	return nil
}

// put writes a block from a height down, and says where it ends.
func (s *sheet) put(b block, y float64) float64 {
	for _, l := range b.lines {
		one := b
		one.lines = []lettering.Line{l}
		s.line(one, y+b.size*(b.leading/2+.36))
		y += b.size * b.leading
	}
	return y
}

// line writes the first line of a block, if it has one, on a base line at a height.
func (s *sheet) line(b block, y float64) {
	d, x := drawing{}, columnLeft
	if b.right {
		x = columnRight - b.width()
	}
	for _, l := range b.lines[:min(1, len(b.lines))] {
		d.add(plain, unmoved, b.color, func(p *pen) {
			for shape := range l.Shapes() {
				p.outline(shape, func(u, v float64) (float64, float64) { return x + u*b.size, y - v*b.size })
			}
		})
	}
	s.shapes = slices.Concat(s.shapes, d.shapes)
}
