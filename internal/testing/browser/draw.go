package browser

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"image"
	"image/png"
	"strings"
)

// DrawSVG returns an SVG as an <img> of w by h pixels shows it.
func (b *Tab) DrawSVG(svg []byte, w, h int) (image.Image, error) {
	url, err := Evaluate[string](b, fmt.Sprintf(`(async () => {
		const img = new Image();
		img.src = 'data:image/svg+xml;base64,%s';
		await img.decode();
		const canvas = new OffscreenCanvas(%d, %d);
		canvas.getContext('2d').drawImage(img, 0, 0, %[2]d, %[3]d);
		const blob = await canvas.convertToBlob();
		return await new Promise(done => { const r = new FileReader(); r.onload = () => done(r.result); r.readAsDataURL(blob); });
	})()`, base64.StdEncoding.EncodeToString(svg), w, h))
	if err != nil {
		return nil, err
	}
	_, body, _ := strings.Cut(url, ",")
	data, err := base64.StdEncoding.DecodeString(body)
	if err != nil {
		return nil, err
	}
	return png.Decode(bytes.NewReader(data))
}

// Apart is the mean of how far the channels of two pictures of one size are
// apart, in percent. Colours weigh by their opacity.
func Apart(a, b image.Image) (float64, error) {
	if a.Bounds().Size() != b.Bounds().Size() || a.Bounds().Empty() {
		return 0, errors.New("the pictures are not of one size")
	}
	size, sum := a.Bounds().Size(), 0.
	for y := range size.Y {
		for x := range size.X {
			r, g, bl, al := a.At(a.Bounds().Min.X+x, a.Bounds().Min.Y+y).RGBA()
			s, h, cl, bt := b.At(b.Bounds().Min.X+x, b.Bounds().Min.Y+y).RGBA()
			for _, pair := range [][2]uint32{{r, s}, {g, h}, {bl, cl}, {al, bt}} {
				sum += float64(max(pair[0], pair[1]) - min(pair[0], pair[1]))
			}
		}
	}
	return sum / float64(4*size.X*size.Y) / 655.35, nil
}
