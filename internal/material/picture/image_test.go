package picture

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"slices"
	"strings"
	"testing"
)

func gradient(w, h int) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.SetNRGBA(x, y, color.NRGBA{uint8(x), uint8(y), uint8(x * y), 255})
		}
	}
	return m
}

func testImage(t testing.TB, w, h int) []byte {
	t.Helper()
	b, err := encode(gradient(w, h))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func testJPEG(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// pngChunk returns a chunk with its checksum.
func pngChunk(name, data string) string {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
	b = append(b, name+data...)
	return string(binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:])))
}

// header returns the beginning of a PNG that declares a size.
func header(w, h uint32) string {
	size := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, w), h)
	return "\x89PNG\r\n\x1a\n" + pngChunk("IHDR", string(size)+"\x08\x06\x00\x00\x00")
}

func TestReencode(t *testing.T) {
	for _, tt := range []struct {
		name  string
		data  []byte
		media string
		w, h  int
	}{
		{"small_png", testImage(t, 40, 30), PNG, 40, 30},
		{"limit", testImage(t, 1024, 10), PNG, 1024, 10},
		{"wide", testImage(t, 2000, 500), PNG, 1024, 256},
		{"tall", testImage(t, 3, 4096), PNG, 1, 1024},
		{"jpeg", testJPEG(t, gradient(1500, 1500)), JPEG, 1024, 1024},
	} {
		out, err := ToPNG(tt.data, tt.media)
		if err != nil {
			t.Fatalf("%s: %v", tt.name, err)
		}
		c, err := png.DecodeConfig(bytes.NewReader(out))
		if err != nil || c.Width != tt.w || c.Height != tt.h {
			if len(out) > 0 && tt.name == "jpeg" && c.Width == smallSide {
				continue // too heavy at the larger size
			}
			t.Errorf("%s: %d × %d, %v; want %d × %d", tt.name, c.Width, c.Height, err, tt.w, tt.h)
		}
		again, err := ToPNG(out, PNG)
		if err != nil || !bytes.Equal(again, out) {
			t.Errorf("%s: written anew, it differs: %v", tt.name, err)
		}
	}
}

func TestReencodeHeavy(t *testing.T) {
	m := gradient(1024, 1024)
	x := uint32(1)
	for i := range m.Pix { // noise cannot be compressed
		x = x*1664525 + 1013904223
		m.Pix[i] = uint8(x>>24) | 0x80
	}
	data, err := encode(m)
	if err != nil {
		t.Fatal(err)
	}
	out, err := ToPNG(data, PNG)
	if err != nil {
		t.Fatal(err)
	}
	if c, _ := png.DecodeConfig(bytes.NewReader(out)); c.Width != smallSide {
		t.Errorf("a heavy image is %d wide", c.Width)
	}
}

func TestReencodeDropsMetadata(t *testing.T) {
	data := testImage(t, 4, 4)
	const secret = "Comment\x00taken at 52.1, 21.0"
	data = slices.Concat(data[:33], []byte(pngChunk("tEXt", secret)), []byte(pngChunk("iTXt", "openbadgecredential\x00\x00\x00\x00\x00{}")), data[33:])
	out, err := ToPNG(data, PNG)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(out, []byte("tEXt")) || bytes.Contains(out, []byte("iTXt")) || bytes.Contains(out, []byte("taken")) {
		t.Error("metadata is left")
	}
}

func TestDecodeRefuses(t *testing.T) {
	whole := testImage(t, 8, 8)
	for name, tt := range map[string]struct{ data, media string }{
		"wide":       {header(5000, 10), PNG},
		"bomb":       {header(1<<31-1, 1<<31-1), PNG},
		"zero":       {header(0, 10), PNG},
		"cut":        {string(whole[:60]), PNG},
		"no_pixels":  {header(4096, 4096), PNG},
		"wrong_type": {string(whole), JPEG},
		"unknown":    {string(whole), "image/gif"},
		"empty":      {"", PNG},
		"jpeg_bomb":  {strings.Replace(string(testJPEG(t, gradient(16, 16))), "\x00\x10\x00\x10\x03", "\xff\xff\xff\xff\x03", 1), JPEG},
	} {
		if _, err := ToPNG([]byte(tt.data), tt.media); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestShrink(t *testing.T) {
	m := image.NewNRGBA(image.Rect(0, 0, 4, 2))
	for i, c := range []color.NRGBA{{R: 255, A: 255}, {B: 255, A: 255}, {G: 200, A: 255}, {R: 9, G: 9, B: 9}} {
		m.SetNRGBA(i, 0, c)
		m.SetNRGBA(i, 1, c)
	}
	out := shrink(m, 2)
	if out.Rect != image.Rect(0, 0, 2, 1) {
		t.Fatalf("bounds %v", out.Rect)
	}
	if got, want := out.NRGBAAt(0, 0), (color.NRGBA{128, 0, 128, 255}); got != want {
		t.Errorf("mean %v, want %v", got, want)
	}
	// A transparent pixel gives its share of opacity and none of its colour.
	if got, want := out.NRGBAAt(1, 0), (color.NRGBA{0, 200, 0, 128}); got != want {
		t.Errorf("mean %v, want %v", got, want)
	}
	flat := image.NewNRGBA(image.Rect(0, 0, 777, 513))
	for i := range flat.Pix {
		flat.Pix[i] = 77
	}
	for i, v := range shrink(flat, 100).Pix {
		if v != 77 {
			t.Fatalf("byte %d of a flat image became %d", i, v)
		}
	}
}

// All new pixels cover each source pixel once, and cover equally much.
func TestCovered(t *testing.T) {
	for n := 2; n < 60; n++ {
		for d := 1; d < n; d++ {
			of := make([]uint64, n)
			for j := range d {
				sum := uint64(0)
				for i := range of {
					of[i] += covered(i, d, j, n)
					sum += covered(i, d, j, n)
				}
				if sum != uint64(n) {
					t.Fatalf("%d to %d: a new pixel covers %d", n, d, sum)
				}
			}
			for i, c := range of {
				if c != uint64(d) {
					t.Fatalf("%d to %d: pixel %d is covered %d", n, d, i, c)
				}
			}
		}
	}
}

func TestOrientation(t *testing.T) {
	plain := testJPEG(t, gradient(32, 16))
	exif := func(order string, tag, value uint16) []byte {
		var o binary.AppendByteOrder = binary.BigEndian
		if order == "II" {
			o = binary.LittleEndian
		}
		b := append([]byte("Exif\x00\x00"+order), 0, 0, 0, 0, 0, 0)
		b = append(b[:8], o.AppendUint32(o.AppendUint16(nil, 42), 8)...)
		b = o.AppendUint16(b, 1)
		b = o.AppendUint16(b, tag)
		b = o.AppendUint16(b, 3)
		b = o.AppendUint32(b, 1)
		b = o.AppendUint16(b, value)
		b = append(b, 0, 0)
		seg := binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(len(b)+2))
		return slices.Concat(plain[:2], seg, b, plain[2:])
	}
	for _, tt := range []struct {
		name string
		data []byte
		want turn
	}{
		{"none", plain, 1}, {"big", exif("MM", 0x112, 6), 6}, {"little", exif("II", 0x112, 8), 8},
		{"other_tag", exif("MM", 0x111, 6), 1}, {"odd", exif("MM", 0x112, 99), 1},
		{"cut", exif("MM", 0x112, 6)[:20], 1}, {"empty", nil, 1},
	} {
		if got := orientation(tt.data); got != tt.want {
			t.Errorf("%s: %d, want %d", tt.name, got, tt.want)
		}
	}
	m, err := pixels(exif("MM", 0x112, 6), JPEG, maxSide)
	if err != nil || m.Rect.Dx() != 16 || m.Rect.Dy() != 32 {
		t.Errorf("a lying picture was not turned: %v, %v", m.Rect, err)
	}
}

// Exif's eight orientations, each by where it puts the four corners of abc/def.
func TestTurns(t *testing.T) {
	for tn, want := range map[turn]string{
		1: "abc/def", 2: "cba/fed", 3: "fed/cba", 4: "def/abc",
		5: "ad/be/cf", 6: "da/eb/fc", 7: "fc/eb/da", 8: "cf/be/ad",
	} {
		m := image.NewNRGBA(image.Rect(0, 0, 3, 2))
		for i := range 6 {
			m.Pix[4*i] = "abcdef"[i]
		}
		out := tn.apply(m)
		var got strings.Builder
		for y := range out.Rect.Dy() {
			if y > 0 {
				got.WriteByte('/')
			}
			for x := range out.Rect.Dx() {
				got.WriteByte(out.NRGBAAt(x, y).R)
			}
		}
		if got.String() != want {
			t.Errorf("orientation %d: %s, want %s", tn, got.String(), want)
		}
	}
}

// TestSmall: what is made small has 256 colours at most, which are near to what they
// were; fewer stay as they are.
func TestSmall(t *testing.T) {
	few := image.NewNRGBA(image.Rect(0, 0, 40, 30))
	for i := range few.Pix {
		few.Pix[i] = uint8(i / 4 % 40 * 6)
	}
	for name, m := range map[string]*image.NRGBA{"few": few, "gradient": gradient(200, 150), "one": image.NewNRGBA(image.Rect(0, 0, 1, 1))} {
		data, err := encode(m)
		if err != nil {
			t.Fatal(err)
		}
		small, err := Small(data, PNG, 112)
		if err != nil {
			t.Fatal(err)
		}
		got, err := png.Decode(bytes.NewReader(small))
		if err != nil {
			t.Fatal(err)
		}
		want, worst := shrink(m, 112), 0
		seen := map[color.NRGBA]bool{}
		for y := range want.Rect.Dy() {
			for x := range want.Rect.Dx() {
				a, b := color.NRGBAModel.Convert(got.At(x, y)).(color.NRGBA), want.NRGBAAt(x, y)
				seen[a] = true
				for _, d := range []int{int(a.R) - int(b.R), int(a.G) - int(b.G), int(a.B) - int(b.B), int(a.A) - int(b.A)} {
					if a.A > 0 || b.A > 0 {
						worst = max(worst, d, -d)
					}
				}
			}
		}
		if got.Bounds() != want.Rect || len(seen) > 256 || worst > map[string]int{"gradient": 40}[name] {
			t.Errorf("%s: %v, %d colours, %d apart", name, got.Bounds(), len(seen), worst)
		}
		if again, err := Small(data, PNG, 112); err != nil || !bytes.Equal(again, small) {
			t.Errorf("%s: not the same again: %v", name, err)
		}
	}
	if _, err := Small([]byte("<svg/>"), SVG, 112); err == nil {
		t.Error("an SVG was made small")
	}
	if small, err := Small(testJPEG(t, gradient(200, 150)), JPEG, 112); err != nil || len(small) > 8<<10 {
		t.Errorf("%d bytes of JPEG, %v", len(small), err)
	} else if c, err := jpeg.DecodeConfig(bytes.NewReader(small)); err != nil || c.Width != 112 || c.Height != 84 {
		t.Errorf("%v, %v", c, err)
	}
}
