package picture

import (
	"bytes"
	"encoding/binary"
	"image"
)

// turn is how a stored picture becomes upright: the Orientation tag of Exif 2.3,
// 1 to 8. Cameras store pictures lying and say so in metadata, which laurel
// takes away.
type turn int

const upright turn = 1

// orientation returns the turn that a JPEG asks for; upright if it has no Exif
// or an odd one.
func orientation(data []byte) turn {
	const marker, app1, scan = 0xff, 0xe1, 0xda
	for at := 2; at+4 <= len(data) && data[at] == marker && data[at+1] != scan; {
		size := int(binary.BigEndian.Uint16(data[at+2:]))
		if size < 2 || at+2+size > len(data) {
			break
		}
		segment := data[at+4 : at+2+size]
		if exif, ok := bytes.CutPrefix(segment, []byte("Exif\x00\x00")); ok && data[at+1] == app1 {
			return exifOrientation(exif)
		}
		at += 2 + size
	}
	return upright
}

// HasPosition tells a JPEG or PNG whose metadata say where on Earth it was taken.
// It looks for the directory of a GPS receiver in Exif, and for the words of XMP.
func HasPosition(data []byte) bool {
	if bytes.Contains(data, []byte("GPSLatitude")) {
		return true
	}
	for _, head := range []string{"Exif\x00\x00", "eXIf"} {
		for rest := data; ; {
			_, tiff, ok := bytes.Cut(rest, []byte(head))
			if !ok {
				break
			}
			if _, ok := exifTag(tiff, 0x8825); ok {
				return true
			}
			rest = tiff
		}
	}
	return false
}

// exifOrientation is the turn in the first directory of a TIFF.
func exifOrientation(tiff []byte) turn {
	if value, ok := exifTag(tiff, 0x0112); ok && value >= 1 && value <= 8 {
		return turn(value)
	}
	return upright
}

// exifTag looks for a tag in the first directory of a TIFF, and returns the first two
// bytes of its value.
func exifTag(tiff []byte, tag uint16) (uint16, bool) {
	if len(tiff) < 8 {
		return 0, false
	}
	var order binary.ByteOrder = binary.BigEndian
	if tiff[0] == 'I' {
		order = binary.LittleEndian
	}
	at := int64(order.Uint32(tiff[4:]))
	if at+2 > int64(len(tiff)) {
		return 0, false
	}
	n := int64(order.Uint16(tiff[at:]))
	for i := range n {
		entry := at + 2 + 12*i
		if entry+12 > int64(len(tiff)) {
			break
		}
		if order.Uint16(tiff[entry:]) == tag {
			return order.Uint16(tiff[entry+8:]), true
		}
	}
	return 0, false
}

// apply returns the picture upright.
func (t turn) apply(m *image.NRGBA) *image.NRGBA {
	if t == upright {
		return m
	}
	w, h := m.Rect.Dx(), m.Rect.Dy()
	dw, dh := w, h
	if t >= 5 { // the last four also exchange rows and columns
		dw, dh = h, w
	}
	out := image.NewNRGBA(image.Rect(0, 0, dw, dh))
	for y := range dh {
		for x := range dw {
			sx, sy := t.source(x, y, w, h)
			copy(out.Pix[out.PixOffset(x, y):], m.Pix[m.PixOffset(sx, sy):m.PixOffset(sx, sy)+4])
		}
	}
	return out
}

// source returns the stored place of an upright pixel; w and h are as stored.
func (t turn) source(x, y, w, h int) (int, int) {
	if t >= 5 {
		x, y = y, x
	}
	if t == 2 || t == 3 || t == 7 || t == 8 {
		x = w - 1 - x
	}
	if t == 3 || t == 4 || t == 6 || t == 7 {
		y = h - 1 - y
	}
	return x, y
}
