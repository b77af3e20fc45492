// Package picture knows what laurel shows as a picture: PNG, JPEG, and SVG by
// one list of what it may hold (rules.go). It reads, checks and scales them,
// and draws QR codes. What Check accepts is shown whole.
//
// It draws no SVG: that takes a browser. A PNG of the same name lies beside an
// SVG, and is taken wherever a PNG is wanted: see Beside.
//
// It knows no achievement, no folder and no network. The same bytes give the same
// bytes on any machine, and what it takes to make them is bounded.
package picture

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"io"
	"math"
	"strings"
	"unicode/utf8"
)

// The media types of pictures.
const (
	PNG  = "image/png"
	JPEG = "image/jpeg"
	SVG  = "image/svg+xml"
)

const (
	// LeastSide is what the longer side of a PNG beside an SVG must have.
	LeastSide = 512
	// MaxBytes bounds an author's picture.
	MaxBytes = 10 << 20
	// maxSide bounds its width and its height, in pixels. What a file declares
	// is compared before anything is decoded.
	maxSide = 4096
	// maxPNGBytes is what a picture may weigh at its larger size: there is a
	// copy of it in every award.
	maxPNGBytes = 512 << 10
	// The sizes a picture is brought to, at most, in pixels.
	largeSide, smallSide = 1024, 512
)

// MediaType is what the name of a file says it is; case does not matter. For
// other names it is empty, and the hint says what to do.
func MediaType(file string) (mediaType, hint string) {
	switch strings.ToLower(file[max(0, strings.LastIndexByte(file, '.')):]) {
	case ".png":
		return PNG, ""
	case ".jpg", ".jpeg":
		return JPEG, ""
	case ".svg":
		return SVG, ""
	case ".webp", ".gif", ".avif", ".heic", ".bmp", ".tif", ".tiff", ".ico":
		return "", "open it in an image editor, and export it as PNG"
	case ".ai", ".eps", ".pdf", ".svgz":
		return "", "open it in a drawing program, and export it as plain SVG or as PNG"
	}
	return "", "the name must say what the image is: .png, .jpg or .svg"
}

// Check tells what is wrong with a picture, if anything. Offsets are those of an
// SVG, 0 in other pictures.
func Check(data []byte, mediaType string) []Problem {
	if mediaType == SVG {
		_, problems := readSVG(data)
		return problems
	}
	if _, err := decode(data, mediaType); err != nil {
		return []Problem{{Text: strings.TrimPrefix(err.Error(), "it ")}}
	}
	return nil
}

// Beside tells whether a PNG may be shown in the place of an SVG, both of which
// Check accepts: at least LeastSide pixels on its longer side, and of the same
// proportions within 2 % or one pixel. Otherwise it says what is wrong with it.
func Beside(svg, png []byte) (problem, hint string) {
	root, problems := readSVG(svg)
	c, _, err := image.DecodeConfig(bytes.NewReader(png))
	if len(problems) > 0 || err != nil {
		return "cannot be compared with the SVG", ""
	}
	w, h, _ := root.size()
	switch x, y := float64(c.Width), float64(c.Height); {
	case max(c.Width, c.Height) < LeastSide:
		return fmt.Sprintf("is %d by %d pixels, which looks blurred", c.Width, c.Height), fmt.Sprintf("export it with at least %d pixels on its longer side", LeastSide)
	case math.Abs(x-y*w/h) > max(1, x/50) && math.Abs(y-x*h/w) > max(1, y/50):
		return fmt.Sprintf("is %d by %d pixels, but the SVG is %.4g by %.4g: is it another picture?", c.Width, c.Height, w, h),
			"export the whole drawing, with nothing around it"
	}
	return "", ""
}

// decode reads a PNG or JPEG. The error says what is wrong with it.
func decode(data []byte, mediaType string) (image.Image, error) {
	config, format, err := image.DecodeConfig(bytes.NewReader(data))
	switch {
	case mediaType == SVG:
		return nil, errors.New("it is an SVG, without the PNG that must lie beside it")
	case err != nil:
		return nil, errors.New("it is not an image that can be read")
	case "image/"+format != mediaType:
		return nil, fmt.Errorf("it is a %s image, which its file name does not say", strings.ToUpper(format))
	case config.Width > maxSide || config.Height > maxSide:
		return nil, fmt.Errorf("it is %d by %d pixels, but at most %d on a side are allowed", config.Width, config.Height, maxSide)
	case config.Width == 0 || config.Height == 0:
		return nil, errors.New("it is an image without pixels")
	}
	m, _, err := image.Decode(bytes.NewReader(data))
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF) && mediaType == JPEG:
		return nil, errors.New("it is a JPEG image that was cut off")
	case err != nil:
		return nil, fmt.Errorf("it is a damaged %s image", strings.ToUpper(format))
	}
	return m, nil
}

// pixels are those of a PNG or JPEG, upright, no side longer than side.
func pixels(data []byte, mediaType string, side int) (*image.NRGBA, error) {
	m, err := decode(data, mediaType)
	if err != nil {
		return nil, err
	}
	return shrink(orientation(data).apply(toNRGBA(m)), side), nil
}

// ToPNG returns a PNG or JPEG as a PNG that holds pixels and nothing else, at
// most 1024 on a side, or 512 where it would be larger than 512 KiB, upright.
// Errors are those of Check; an SVG is one.
func ToPNG(data []byte, mediaType string) ([]byte, error) {
	m, err := pixels(data, mediaType, largeSide)
	if err != nil {
		return nil, err
	}
	out, err := encode(m)
	if len(out) > maxPNGBytes {
		return encode(shrink(m, smallSide))
	}
	return out, err
}

// Small returns a PNG or JPEG in its own form, with pixels and nothing else, no side
// longer than side, upright; a PNG with 256 colours at most. Errors are those of Check;
// an SVG is one.
func Small(data []byte, mediaType string, side int) ([]byte, error) {
	m, err := pixels(data, mediaType, side)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if mediaType != JPEG {
		err = (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&b, indexed(m))
		return b.Bytes(), err
	}
	err = jpeg.Encode(&b, m, &jpeg.Options{Quality: 80})
	return b.Bytes(), err
}

// ToSVG returns a picture as an SVG: one that was read, written anew, or one that
// shows a PNG or JPEG, at most 512 pixels on a side, in the middle of a square.
// Errors are those of Check, and for an SVG name the line and column.
func ToSVG(data []byte, mediaType string) ([]byte, error) {
	if mediaType != SVG {
		return embed(data, mediaType)
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	root, problems := readSVG(data)
	if len(problems) > 0 {
		return nil, problemError(data, problems[0])
	}
	return writeSVG(root), nil
}

func problemError(text []byte, p Problem) error {
	before := text[:p.Offset]
	line := 1 + bytes.Count(before, []byte("\n"))
	column := 1 + utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:])
	return fmt.Errorf("line %d, column %d: %s %s", line, column, cmp.Or(p.Field, "it"), p.Text)
}

// Pixels returns those of a PNG, no side longer than side: four bytes each, red,
// green, blue and how opaque it is. The error is that of bytes that are no PNG.
func Pixels(data []byte, side int) (pix []byte, w, h int, err error) {
	m, err := pixels(data, PNG, side)
	if err != nil {
		return nil, 0, 0, err
	}
	return m.Pix, m.Rect.Dx(), m.Rect.Dy(), nil
}

// Icon returns a PNG of side pixels square: a picture of inner pixels at most in the
// middle of a ground without transparency, for systems that put icons in shapes of their
// own. The error is that of a picture that is none.
func Icon(data []byte, mediaType string, side, inner int, ground color.Color) ([]byte, error) {
	m, err := pixels(data, mediaType, inner)
	if err != nil {
		return nil, err
	}
	out := image.NewNRGBA(image.Rect(0, 0, side, side))
	draw.Draw(out, out.Rect, image.NewUniform(ground), image.Point{}, draw.Src)
	at := image.Pt((side-m.Rect.Dx())/2, (side-m.Rect.Dy())/2)
	draw.Draw(out, m.Rect.Add(at), m, image.Point{}, draw.Over)
	return encode(out)
}

// embed returns an SVG that shows a raster picture, scaled to at most 512
// pixels on a side, in the middle of a square.
func embed(data []byte, mediaType string) ([]byte, error) {
	return embedIn(data, mediaType, func(w, h int) (int, int) { return max(w, h), max(w, h) })
}

// Wrapped is ToSVG for a picture that stands beside text: an SVG as wide and as high as
// the picture, at most 512 pixels on a side.
func Wrapped(data []byte, mediaType string) ([]byte, error) {
	if mediaType == SVG {
		return ToSVG(data, mediaType)
	}
	return embedIn(data, mediaType, func(w, h int) (int, int) { return w, h })
}

func embedIn(data []byte, mediaType string, box func(w, h int) (int, int)) ([]byte, error) {
	m, err := pixels(data, mediaType, smallSide)
	if err != nil {
		return nil, err
	}
	encoded, err := encode(m)
	if err != nil {
		return nil, err
	}
	w, h := m.Rect.Dx(), m.Rect.Dy()
	wide, high := box(w, h)
	scale := 512 / float64(max(w, h))
	var b bytes.Buffer
	// The old spelling of href is the one that every reader of SVG knows.
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="%.4g" height="%.4g" viewBox="0 0 %d %d">`, scale*float64(wide), scale*float64(high), wide, high)
	fmt.Fprintf(&b, "\n"+`<image x="%d" y="%d" width="%d" height="%d" xlink:href="data:image/png;base64,`, (wide-w)/2, (high-h)/2, w, h)
	b.WriteString(base64.StdEncoding.EncodeToString(encoded))
	b.WriteString("\"/>\n</svg>\n")
	return b.Bytes(), nil
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
