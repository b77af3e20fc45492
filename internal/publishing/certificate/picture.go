package certificate

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"

	"golang.org/x/image/draw"
)

// The most pixels that pictures have on a certificate: 300 an inch.
const (
	AchievementSide = 560
	IssuerSide      = 160
)

// Picture is a picture as it goes into a PDF: on white, without transparency,
// so that its bytes are taken over as they are. It is made once for all awards
// that show it.
type Picture struct {
	png  []byte
	w, h int
}

// NewPicture makes one from a PNG, with at most so many pixels on a side.
func NewPicture(data []byte, side int) (*Picture, error) {
	m, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("read a picture: %w", err)
	}
	w, h := m.Bounds().Dx(), m.Bounds().Dy()
	if longest := max(w, h); longest > side {
		w, h = max(1, w*side/longest), max(1, h*side/longest)
	}
	flat := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(flat, flat.Rect, image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.CatmullRom.Scale(flat, flat.Rect, m, m.Bounds(), draw.Over, nil)
	var b bytes.Buffer
	if err := png.Encode(&b, flat); err != nil {
		return nil, fmt.Errorf("write a picture: %w", err)
	}
	return &Picture{b.Bytes(), w, h}, nil
}

// fit is the size in which it fills a box.
func (p *Picture) fit(w, h float64) (float64, float64) {
	scale := min(w/float64(p.w), h/float64(p.h))
	return float64(p.w) * scale, float64(p.h) * scale
}
