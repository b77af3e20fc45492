package bake_test

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/png"
	"strings"
	"testing"

	"laurel/internal/standards/bake"
)

// testPNG returns a small picture, encoded by the standard library.
func testPNG(t testing.TB) []byte {
	t.Helper()
	m := image.NewNRGBA(image.Rect(0, 0, 8, 8))
	m.Set(3, 3, color.NRGBA{R: 200, G: 40, B: 40, A: 255})
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// makeChunk returns a chunk with the right length and checksum.
func makeChunk(name, data string) string {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
	b = append(b, name+data...)
	return string(binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:])))
}

func compress(s string) string {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	w.Write([]byte(s))
	w.Close()
	return b.String()
}

const (
	signature = "\x89PNG\r\n\x1a\n"
	keyword   = "openbadgecredential"
)

var (
	ihdr = makeChunk("IHDR", "\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00")
	idat = makeChunk("IDAT", compress("\x00\x00\x00\x00\x00"))
	iend = makeChunk("IEND", "")
	itxt = makeChunk("iTXt", keyword+"\x00\x00\x00\x00\x00{\"a\":1}")
)

func TestPNGShape(t *testing.T) {
	blank := testPNG(t)
	baked, err := bake.PNG(blank, []byte(`{"a":1}`))
	if err != nil {
		t.Fatal(err)
	}
	const after = len(signature) + 25 // IHDR
	if want := string(blank[:after]) + itxt + string(blank[after:]); string(baked) != want {
		t.Errorf("got  %q\nwant %q", baked, want)
	}
	if _, err := png.Decode(bytes.NewReader(baked)); err != nil {
		t.Errorf("the baked image does not decode: %v", err)
	}
	clr, err := bake.PNG(blank, []byte(clrCredential))
	if err != nil || bytes.Count(clr, []byte("iTXtclrcredential\x00\x00\x00\x00\x00{")) != 1 {
		t.Errorf("CLR keyword is missing: %v", err)
	}
}

func TestUnbakePNG(t *testing.T) {
	for _, tt := range []struct{ name, chunks, want string }{
		{"plain", ihdr + itxt + idat + iend, `{"a":1}`},
		{"after_pixels", ihdr + idat + itxt + iend, `{"a":1}`},
		{"with_language", ihdr + makeChunk("iTXt", keyword+"\x00\x00\x00en\x00Badge\x00 {} \n") + idat + iend, `{}`},
		{"compressed", ihdr + makeChunk("iTXt", keyword+"\x00\x01\x00\x00\x00"+compress(`{"b":2}`)) + idat + iend, `{"b":2}`},
		{"clr", ihdr + makeChunk("iTXt", "clrcredential\x00\x00\x00\x00\x00{}") + idat + iend, `{}`},
		{"other_texts", ihdr + makeChunk("iTXt", "Comment\x00\x00\x00\x00\x00x") + makeChunk("tEXt", keyword+"\x00no") + itxt + idat + iend, `{"a":1}`},
		{"only_tEXt", ihdr + makeChunk("tEXt", keyword+"\x00{\"a\":\"é\"}") + idat + iend, `{"a":"é"}`},
		{"tEXt_in_latin1", ihdr + makeChunk("tEXt", keyword+"\x00{\"a\":\"\xe9\x80\"}") + idat + iend, "{\"a\":\"é\u0080\"}"},
		{"only_zTXt", ihdr + makeChunk("zTXt", keyword+"\x00\x00"+compress("{}")) + idat + iend, `{}`},
		{"tail", ihdr + itxt + idat + iend + "x", `{"a":1}`},
		{"tail_of_another", ihdr + itxt + idat + iend + makeChunk("iTXt", keyword+"\x00\x00\x00\x00\x00{}") + iend, `{"a":1}`},
	} {
		got, err := bake.UnbakePNG([]byte(signature + tt.chunks))
		if err != nil || string(got) != tt.want {
			t.Errorf("%s: %q, %v", tt.name, got, err)
		}
	}
}

func TestUnbakePNGRefuses(t *testing.T) {
	text := func(s string) string { return ihdr + makeChunk("iTXt", s) + idat + iend }
	bomb := compress(strings.Repeat("a", 50<<20))
	broken := []byte(itxt)
	broken[30] ^= 1
	for _, tt := range []struct {
		name, chunks string
		is           error
	}{
		{"none", ihdr + idat + iend, bake.ErrNotBaked},
		{"two_tEXt", ihdr + strings.Repeat(makeChunk("tEXt", keyword+"\x00{}"), 2) + idat + iend, nil},
		{"tEXt_and_zTXt", ihdr + makeChunk("tEXt", keyword+"\x00{}") + makeChunk("zTXt", keyword+"\x00\x00"+compress("{}")) + idat + iend, nil},
		{"zTXt_unknown_method", ihdr + makeChunk("zTXt", keyword+"\x00\x01"+compress("{}")) + idat + iend, nil},
		{"zTXt_empty", ihdr + makeChunk("zTXt", keyword+"\x00") + idat + iend, nil},
		{"zTXt_bomb", ihdr + makeChunk("zTXt", keyword+"\x00\x00"+bomb) + idat + iend, bake.ErrTooLarge},
		{"only_after_the_end", ihdr + idat + iend + itxt, bake.ErrNotBaked},
		{"other_case", text("OpenBadgeCredential\x00\x00\x00\x00\x00{}"), bake.ErrNotBaked},
		{"twice", ihdr + itxt + idat + itxt + iend, nil},
		{"two_kinds", ihdr + itxt + makeChunk("iTXt", "clrcredential\x00\x00\x00\x00\x00{}") + idat + iend, nil},
		{"bomb", text(keyword + "\x00\x01\x00\x00\x00" + bomb), bake.ErrTooLarge},
		{"compressed_tail", text(keyword + "\x00\x01\x00\x00\x00" + compress("{}") + "x"), nil},
		{"compressed_broken", text(keyword + "\x00\x01\x00\x00\x00" + compress("{}")[:5]), nil},
		{"unknown_flag", text(keyword + "\x00\x02\x00\x00\x00{}"), nil},
		{"unknown_method", text(keyword + "\x00\x01\x01\x00\x00" + compress("{}")), nil},
		{"no_language", text(keyword + "\x00\x00\x00"), nil},
		{"no_text", text(keyword + "\x00\x00\x00\x00\x00"), nil},
		{"blank_text", text(keyword + "\x00\x00\x00\x00\x00 \n"), nil},
		{"not_utf8", text(keyword + "\x00\x00\x00\x00\x00{\"\xff\":1}"), nil},
		{"large", text(keyword + "\x00\x00\x00\x00\x00" + strings.Repeat("a", bake.MaxCredential+1)), bake.ErrTooLarge},
		{"checksum", ihdr + string(broken) + idat + iend, nil},
		{"no_end", ihdr + itxt + idat, nil},
		{"full_end", ihdr + itxt + idat + makeChunk("IEND", "x"), nil},
		{"no_pixels", ihdr + itxt + iend, nil},
		{"pixels_apart", ihdr + idat + itxt + idat + iend, nil},
		{"no_header", itxt + idat + iend, nil},
		{"two_headers", ihdr + ihdr + itxt + idat + iend, nil},
		{"short_header", makeChunk("IHDR", "1234") + itxt + idat + iend, nil},
		{"bad_name", ihdr + makeChunk("iT\x00t", "x") + itxt + idat + iend, nil},
		{"length_overflow", ihdr + "\xff\xff\xff\xff" + itxt[4:] + idat + iend, nil},
		{"length_beyond", ihdr + "\x00\x00\xff\xff" + itxt[4:] + idat + iend, nil},
		{"length_negative", ihdr + "\x80\x00\x00\x00" + itxt[4:] + idat + iend, nil},
		{"nothing", "", nil},
	} {
		got, err := bake.UnbakePNG([]byte(signature + tt.chunks))
		if err == nil {
			t.Errorf("%s: gave %.60q", tt.name, got)
		}
		if errors.Is(err, bake.ErrNotBaked) != (tt.is == bake.ErrNotBaked) || tt.is != nil && !errors.Is(err, tt.is) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.is)
		}
	}
}

func TestUnbakePNGCutAndFlipped(t *testing.T) {
	baked, err := bake.PNG(testPNG(t), []byte(credential))
	if err != nil {
		t.Fatal(err)
	}
	for i := range baked {
		if _, err := bake.UnbakePNG(baked[:i]); err == nil {
			t.Fatalf("cut at %d: accepted", i)
		}
		for bit := range 8 {
			m := bytes.Clone(baked)
			m[i] ^= 1 << bit
			if _, err := bake.UnbakePNG(m); err == nil {
				t.Fatalf("bit %d of byte %d flipped: accepted", bit, i)
			}
		}
	}
}

func TestPNGRefuses(t *testing.T) {
	for name, image := range map[string]string{
		"tEXt":    signature + ihdr + makeChunk("tEXt", keyword+"\x00{}") + idat + iend,
		"zTXt":    signature + ihdr + makeChunk("zTXt", keyword+"\x00\x00"+compress("{}")) + idat + iend,
		"clr":     signature + ihdr + makeChunk("iTXt", "clrcredential\x00\x00\x00\x00\x00{}") + idat + iend,
		"after":   signature + ihdr + idat + itxt + iend,
		"no_text": signature + ihdr + makeChunk("iTXt", keyword) + idat + iend,
	} {
		if _, err := bake.PNG([]byte(image), []byte("{}")); !errors.Is(err, bake.ErrBaked) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := bake.PNG([]byte(plainSVG), []byte("{}")); err == nil {
		t.Error("an SVG was baked as a PNG")
	}
	if _, err := bake.PNG(make([]byte, bake.MaxImage+1), []byte("{}")); !errors.Is(err, bake.ErrTooLarge) {
		t.Errorf("huge image: %v", err)
	}
}

func FuzzUnbakePNG(f *testing.F) {
	f.Add([]byte(signature + ihdr + itxt + idat + iend))
	f.Add([]byte(signature + ihdr + makeChunk("iTXt", keyword+"\x00\x01\x00en\x00x\x00"+compress("{}")) + idat + iend))
	f.Add([]byte(signature + ihdr + idat + iend))
	f.Fuzz(func(t *testing.T, data []byte) {
		data = fixChecksums(data)
		c, err := bake.UnbakePNG(data)
		if err == nil && (len(c) == 0 || len(c) > bake.MaxCredential) {
			t.Errorf("unbaked %d bytes", len(c))
		}
		baked, bakeErr := bake.PNG(data, []byte(credential))
		if err == nil && !errors.Is(bakeErr, bake.ErrBaked) {
			t.Errorf("a baked image was baked again: %v", bakeErr)
		}
		if bakeErr != nil {
			return
		}
		want, _ := bake.Text([]byte(credential))
		got, err := bake.UnbakePNG(baked)
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("round trip: %q, %v", got, err)
		}
		// The image is untouched around the chunk.
		n := len(baked) - len(data)
		if !bytes.Equal(baked[:33], data[:33]) || !bytes.Equal(baked[33+n:], data[33:]) {
			t.Error("bytes of the image changed")
		}
	})
}

// fixChecksums lets the fuzzer reach what lies behind the checksums.
func fixChecksums(data []byte) []byte {
	data = bytes.Clone(data)
	for at := len(signature); at+12 <= len(data); {
		n := binary.BigEndian.Uint32(data[at:])
		if uint64(n) > uint64(len(data)-at-12) {
			break
		}
		end := at + 8 + int(n)
		binary.BigEndian.PutUint32(data[end:], crc32.ChecksumIEEE(data[at+4:end]))
		at = end + 4
	}
	return data
}

func BenchmarkPNG(b *testing.B) {
	blank, err := bake.NewPNG(testPNG(b))
	if err != nil {
		b.Fatal(err)
	}
	c := []byte(strings.Replace(credential, `"empty":""`, `"empty":"`+strings.Repeat("x", 4000)+`"`, 1))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := blank.Bake(c); err != nil {
			b.Fatal(err)
		}
	}
}
