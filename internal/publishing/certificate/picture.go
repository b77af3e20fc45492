package certificate

import (
	"fmt"

	"laurel/internal/material/pdf"
	"laurel/internal/material/picture"
)

// The most pixels that pictures have on a certificate: 300 an inch.
const (
	AchievementSide = 700
	IssuerSide      = 220
	SmallSide       = 500 // of signatures, a seal, and of a partner's
	BackgroundSide  = 900
)

// Picture is a picture as it goes into a PDF. It is made once for all awards that
// show it.
type Picture struct {
	image *pdf.Image
	w, h  int
}

// NewPicture makes one from a PNG, with at most so many pixels on a side.
func NewPicture(data []byte, side int) (*Picture, error) {
	pixels, w, h, err := picture.Pixels(data, side)
	if err != nil {
		return nil, fmt.Errorf("read a picture: %w", err)
	}
	return &Picture{pdf.NewImage(w, h, pixels), w, h}, nil
}

// fit is the size in which it fills a box.
func (p *Picture) fit(w, h float64) (float64, float64) {
	scale := min(w/float64(p.w), h/float64(p.h))
	return float64(p.w) * scale, float64(p.h) * scale
}
