package picture

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"io/fs"

	"golang.org/x/image/draw"
)

const (
	PNG  = "image/png"
	JPEG = "image/jpeg"
	SVG  = "image/svg+xml"

	// MaxBytes bounds an author's picture.
	MaxBytes = 10 << 20
	// maxImageSide bounds its width and its height, in pixels. What a file
	// declares is compared before anything is decoded.
	maxImageSide = 4096
	// maxPNGBytes is what a picture may weigh at its larger size: there is a
	// copy of it in every award.
	maxPNGBytes = 512 << 10
)

// The sizes a picture is brought to, at most, in pixels.
const (
	largeSide = 1024
	smallSide = 512
)

// ReadLimited reads a file that must not be larger than limit.
func ReadLimited(fsys fs.FS, name string, limit int64) ([]byte, error) {
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

// Reencode decodes a picture and writes it as a PNG that holds its pixels and
// nothing else, at most 1024 pixels on a side, or 512 if that is too heavy.
func Reencode(data []byte, mediaType string) ([]byte, error) {
	m, err := decode(data, mediaType, maxImageSide)
	if err != nil {
		return nil, err
	}
	return fit(m)
}

// fit encodes a picture at the larger size, or at the smaller one.
func fit(m *image.NRGBA) ([]byte, error) {
	out, err := encode(shrink(m, largeSide))
	if err != nil || len(out) <= maxPNGBytes {
		return out, err
	}
	return encode(shrink(m, smallSide))
}

// Embed returns an SVG that shows a raster picture, scaled to at most 512
// pixels on a side, in the middle of a square.
func Embed(data []byte, mediaType string) ([]byte, error) {
	m, err := decode(data, mediaType, maxImageSide)
	if err != nil {
		return nil, err
	}
	m = shrink(m, smallSide)
	encoded, err := encode(m)
	if err != nil {
		return nil, err
	}
	w, h := m.Rect.Dx(), m.Rect.Dy()
	side := max(w, h)
	var b bytes.Buffer
	// The old spelling of href is the one that every reader of SVG knows.
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="512" height="512" viewBox="0 0 %d %d">`, side, side)
	fmt.Fprintf(&b, "\n"+`<image x="%d" y="%d" width="%d" height="%d" xlink:href="data:image/png;base64,`, (side-w)/2, (side-h)/2, w, h)
	b.WriteString(base64.StdEncoding.EncodeToString(encoded))
	b.WriteString("\"/>\n</svg>\n")
	return b.Bytes(), nil
}

// decode reads a picture of the media type, its size checked first, upright.
func decode(data []byte, mediaType string, side int) (*image.NRGBA, error) {
	var config func(io.Reader) (image.Config, error)
	var read func(io.Reader) (image.Image, error)
	turn := upright
	switch mediaType {
	case PNG:
		config, read = png.DecodeConfig, png.Decode
	case JPEG:
		config, read = jpeg.DecodeConfig, jpeg.Decode
		turn = orientation(data)
	default:
		return nil, fmt.Errorf("media type %q is not one laurel reads", mediaType)
	}
	c, err := config(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	if c.Width > side || c.Height > side {
		return nil, fmt.Errorf("%d × %d pixels are more than %d on a side", c.Width, c.Height, side)
	}
	if c.Width < 1 || c.Height < 1 {
		return nil, errors.New("the image is empty")
	}
	m, err := read(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	return turn.apply(toNRGBA(m)), nil
}

// toNRGBA returns the picture with 8 bits a channel and alpha apart, from (0, 0).
func toNRGBA(m image.Image) *image.NRGBA {
	if n, ok := m.(*image.NRGBA); ok && n.Rect.Min == (image.Point{}) {
		return n
	}
	b := m.Bounds()
	out := image.NewNRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(out, out.Rect, m, b.Min, draw.Src)
	return out
}

func encode(m *image.NRGBA) ([]byte, error) {
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
