// Package picture knows what laurel shows as a picture: PNG, JPEG, and SVG by
// one list of what it may hold (rules.go). It reads, checks and scales them,
// draws SVG as PNG, and draws QR codes. What Check accepts is shown whole.
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
	_ "image/jpeg"
	"image/png"
	"io"
	"maps"
	"slices"
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
	// MaxBytes bounds an author's picture.
	MaxBytes = 10 << 20
	// maxSide bounds its width and its height, in pixels. What a file declares
	// is compared before anything is decoded.
	maxSide = 4096
	// maxPNGBytes is what a picture may weigh at its larger size: there is a
	// copy of it in every award.
	maxPNGBytes = 512 << 10
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

// Check tells what is wrong with a picture, if anything. beside says that a PNG
// of the same name lies beside an SVG and is used wherever a PNG is shown; then
// the SVG may hold what browsers alone draw. Offsets are those of an SVG, 0 in
// other pictures.
func Check(data []byte, mediaType string, beside bool) []Problem {
	if mediaType != SVG {
		if _, err := decode(data, mediaType); err != nil {
			return []Problem{{Text: strings.TrimPrefix(err.Error(), "it ")}}
		}
		return nil
	}
	d, problems := ReadSVG(data)
	switch {
	case len(problems) > 0 || beside:
		return problems
	case len(d.Undrawn) > 0:
		return d.Undrawn
	}
	if err := d.tryDraw(); err != nil {
		what, hint, _ := strings.Cut(err.Error(), ": ")
		return []Problem{{Field: "svg", Text: what, Hint: hint, Offset: d.root.at}}
	}
	return nil
}

// decode reads a PNG or JPEG. The error says what is wrong with it.
func decode(data []byte, mediaType string) (image.Image, error) {
	config, format, err := image.DecodeConfig(bytes.NewReader(data))
	switch {
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

// ToPNG returns a picture as a PNG that holds pixels and nothing else: of a PNG
// or JPEG at most 1024 on a side, or 512 where it would be larger than 512 KiB,
// upright; of an SVG the longer side 512. Errors are those of Check, and for an
// SVG name the line and column.
func ToPNG(data []byte, mediaType string) ([]byte, error) {
	if mediaType != SVG {
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
	d, err := read(data)
	if err != nil {
		return nil, err
	}
	if len(d.Undrawn) > 0 {
		return nil, problemError(data, d.Undrawn[0])
	}
	return d.PNG()
}

// ToSVG returns a picture as an SVG: one that was read, written anew, or one that
// shows a PNG or JPEG, at most 512 pixels on a side, in the middle of a square.
// Errors are as of ToPNG.
func ToSVG(data []byte, mediaType string) ([]byte, error) {
	if mediaType != SVG {
		return embed(data, mediaType)
	}
	d, err := read(data)
	if err != nil {
		return nil, err
	}
	return d.SVG(), nil
}

func read(data []byte) (*Drawing, error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	d, problems := ReadSVG(data)
	if len(problems) > 0 {
		return nil, problemError(data, problems[0])
	}
	return d, nil
}

func problemError(text []byte, p Problem) error {
	before := text[:p.Offset]
	line := 1 + bytes.Count(before, []byte("\n"))
	column := 1 + utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:])
	if p.Field == "" {
		return fmt.Errorf("line %d, column %d: it %s", line, column, p.Text)
	}
	return fmt.Errorf("line %d, column %d: %s %s", line, column, p.Field, p.Text)
}

// The sizes a picture is brought to, at most, in pixels.
const (
	largeSide = 1024
	smallSide = 512
)

// OnWhite returns a PNG on white, without transparency, no side longer than side,
// and the size that it has. The error is that of bytes that are no PNG.
func OnWhite(data []byte, side int) (flat []byte, w, h int, err error) {
	m, err := pixels(data, PNG, side)
	if err != nil {
		return nil, 0, 0, err
	}
	out := image.NewNRGBA(m.Rect)
	draw.Draw(out, out.Rect, image.White, image.Point{}, draw.Src)
	draw.Draw(out, out.Rect, m, image.Point{}, draw.Over)
	flat, err = encode(out)
	return flat, m.Rect.Dx(), m.Rect.Dy(), err
}

// embed returns an SVG that shows a raster picture, scaled to at most 512
// pixels on a side, in the middle of a square.
func embed(data []byte, mediaType string) ([]byte, error) {
	m, err := pixels(data, mediaType, smallSide)
	if err != nil {
		return nil, err
	}
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

// encodeFlat writes a picture with a palette: its 256 most frequent colours.
// What does not find a place are rare pixels where three edges meet; they take
// the nearest one.
func encodeFlat(m *image.NRGBA) ([]byte, error) {
	all := make([]color.NRGBA, len(m.Pix)/4)
	for i := range all {
		all[i] = color.NRGBA{m.Pix[4*i], m.Pix[4*i+1], m.Pix[4*i+2], m.Pix[4*i+3]}
	}
	count := map[color.NRGBA]int{}
	for i, from := 1, 0; i <= len(all); i++ {
		if i == len(all) || all[i] != all[from] {
			count[all[from]] += i - from
			from = i
		}
	}
	order := slices.SortedFunc(maps.Keys(count), func(a, b color.NRGBA) int {
		return cmp.Or(count[b]-count[a], int(a.R)-int(b.R), int(a.G)-int(b.G), int(a.B)-int(b.B), int(a.A)-int(b.A))
	})
	out := image.NewPaletted(m.Rect, nil)
	index := map[color.NRGBA]uint8{}
	for i, c := range order {
		if i < 256 {
			out.Palette = append(out.Palette, c)
		}
		index[c] = uint8(out.Palette.Index(c))
	}
	for i, c := range all {
		if i > 0 && c == all[i-1] {
			out.Pix[i] = out.Pix[i-1]
		} else {
			out.Pix[i] = index[c]
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, out); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
