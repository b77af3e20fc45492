package picture

import (
	"bytes"
	"encoding/binary"
	"testing"
)

// TestHasPosition: pictures that say where they were taken are told from others.
func TestHasPosition(t *testing.T) {
	exif := func(order binary.AppendByteOrder, mark string, tags ...uint16) []byte {
		tiff := order.AppendUint32(order.AppendUint16([]byte(mark), 42), 8)
		tiff = order.AppendUint16(tiff, uint16(len(tags)))
		for _, tag := range tags {
			tiff = append(order.AppendUint32(order.AppendUint16(order.AppendUint16(tiff, tag), 3), 1), 0, 1, 0, 1)
		}
		return append([]byte("\xff\xd8\xff\xe1\x00\x40Exif\x00\x00"), tiff...)
	}
	for name, c := range map[string]struct {
		data []byte
		want bool
	}{
		"none":         {[]byte("\xff\xd8\xff\xdb"), false},
		"orientation":  {exif(binary.BigEndian, "MM", 0x0112), false},
		"gps":          {exif(binary.BigEndian, "MM", 0x0112, 0x8825), true},
		"gps-intel":    {exif(binary.LittleEndian, "II", 0x8825), true},
		"png":          {bytes.Replace(exif(binary.BigEndian, "MM", 0x8825), []byte("Exif\x00\x00"), []byte("eXIf"), 1), true},
		"xmp":          {[]byte(`<rdf:Description exif:GPSLatitude="53,45.0N"/>`), true},
		"cut":          {exif(binary.BigEndian, "MM", 0x8825)[:20], false},
		"second-later": {append(exif(binary.BigEndian, "MM", 0x0112), exif(binary.BigEndian, "MM", 0x8825)...), true},
	} {
		if got := HasPosition(c.data); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
