package bake

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"unicode/utf8"
)

// pngSignature opens every PNG (PNG Specification, Third Edition, "PNG
// signature").
const pngSignature = "\x89PNG\r\n\x1a\n"

// chunk is one chunk of a PNG.
type chunk struct {
	name string // four letters
	data []byte
	end  int // offset of the byte after the chunk
}

// NewPNG checks a PNG from signature to IEND, every checksum included, and
// keeps it for baking. Errors: ErrBaked for images that carry a credential, in
// any of the three kinds of text chunk, ErrTooLarge, and others for a broken one.
func NewPNG(image []byte) (_ *Blank, err error) {
	defer wrap(&err, "read PNG")
	splice := 0
	end, err := walkPNG(image, func(c chunk) error {
		if c.name == "IHDR" {
			splice = c.end
		}
		keyword, _, _ := bytes.Cut(c.data, []byte{0})
		if isText(c.name) && isKeyword(keyword) {
			return ErrBaked
		}
		return nil
	})
	if err == nil && end != len(image) {
		err = errors.New("bytes after the IEND chunk")
	}
	if err != nil {
		return nil, err
	}
	return &Blank{bake: func(t written) ([]byte, error) {
		return splicePNG(image[:splice], t, image[splice:])
	}}, nil
}

func isText(name string) bool {
	return name == "iTXt" || name == "tEXt" || name == "zTXt"
}

// splicePNG writes the chunk between head and tail: keyword, NUL, compression
// flag 0 and method 0, empty language tag and translated keyword, text.
func splicePNG(head []byte, t written, tail []byte) ([]byte, error) {
	size := len(t.kind.keyword) + 5 + len(t.data)
	out := make([]byte, 0, len(head)+12+size+len(tail))
	out = append(out, head...)
	out = binary.BigEndian.AppendUint32(out, uint32(size))
	sum := len(out)
	out = append(out, "iTXt"...)
	out = append(out, t.kind.keyword...)
	out = append(out, 0, 0, 0, 0, 0)
	out = append(out, t.data...)
	out = binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[sum:]))
	return append(out, tail...), nil
}

// UnbakePNG returns the credential of a PNG: the text of its one iTXt chunk with the
// keyword "openbadgecredential" or "clrcredential", compressed or not, without
// surrounding white space; where there is no such chunk, that of its one tEXt or zTXt
// chunk, which some bakers write. What stands after the end of the picture is not looked
// at: see PNGEnd. It returns ErrNotBaked if there is none, ErrTooLarge over MaxImage or
// MaxCredential, and an error for two of them or a damaged image.
func UnbakePNG(image []byte) (credential []byte, err error) {
	return unbakePNG(image, isKeyword)
}

// unbakePNG takes the one text whose keyword is right.
func unbakePNG(image []byte, is func(keyword []byte) bool) (credential []byte, err error) {
	defer wrap(&err, "unbake PNG")
	var international, plain []chunk
	_, err = walkPNG(image, func(c chunk) error {
		if keyword, rest, ok := bytes.Cut(c.data, []byte{0}); ok && isText(c.name) && is(keyword) {
			c.data = rest
			if c.name == "iTXt" {
				international = append(international, c)
			} else {
				plain = append(plain, c)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	found := international
	if len(found) == 0 {
		found = plain
	}
	switch {
	case len(found) == 0:
		return nil, ErrNotBaked
	case len(found) > 1:
		return nil, errors.New("more than one credential in the image")
	}
	c := found[0]
	switch c.name {
	case "iTXt":
		c.data, err = internationalText(c.data)
	case "zTXt":
		if len(c.data) == 0 || c.data[0] != 0 {
			return nil, errors.New("zTXt chunk with an unknown compression")
		}
		c.data, err = inflate(c.data[1:])
	}
	if err != nil {
		return nil, err
	}
	if c.name != "iTXt" && !utf8.Valid(c.data) { // it is Latin-1, though some write UTF-8
		wide := make([]rune, len(c.data))
		for i, b := range c.data {
			wide[i] = rune(b)
		}
		c.data = []byte(string(wide))
	}
	return checkUnbaked(c.data)
}

// PNGEnd returns where a PNG ends, that UnbakePNG could read: what comes after that no
// decoder looks at.
func PNGEnd(image []byte) int {
	end, _ := walkPNG(image, func(chunk) error { return nil })
	return end
}

// internationalText reads an iTXt chunk after its keyword (PNG Specification,
// Third Edition, "iTXt International textual data").
func internationalText(b []byte) ([]byte, error) {
	if len(b) < 2 || b[0] > 1 || b[1] != 0 {
		return nil, errors.New("iTXt chunk with an unknown compression")
	}
	compressed := b[0] == 1
	_, b, ok1 := bytes.Cut(b[2:], []byte{0}) // language tag
	_, b, ok2 := bytes.Cut(b, []byte{0})     // translated keyword
	if !ok1 || !ok2 {
		return nil, errors.New("iTXt chunk is cut short")
	}
	if !compressed {
		return b, nil
	}
	return inflate(b)
}

// inflate reads a zlib stream, at most one byte more than a credential may
// have, so that a small chunk cannot become a large text.
func inflate(b []byte) (out []byte, err error) {
	defer wrap(&err, "inflate")
	r := bytes.NewReader(b)
	z, err := zlib.NewReader(r)
	if err != nil {
		return nil, err
	}
	out, err = io.ReadAll(io.LimitReader(z, MaxCredential+1))
	switch {
	case err != nil:
		return nil, err
	case len(out) > MaxCredential:
		return nil, ErrTooLarge
	case r.Len() > 0:
		return nil, errors.New("bytes after the compressed text")
	}
	return out, nil
}

// walkPNG calls f for each chunk and checks the frame on the way: signature,
// IHDR first and once, IDAT there and in one run, IEND last and empty, names of letters,
// lengths within the file, checksums. It returns where the picture ends.
func walkPNG(image []byte, f func(chunk) error) (end int, err error) {
	if len(image) > MaxImage {
		return 0, ErrTooLarge
	}
	if !IsPNG(image) {
		return 0, errors.New("not a PNG")
	}
	var last string
	pixels := false
	at := len(pngSignature)
	for {
		c, err := readChunk(image, at)
		if err != nil {
			return 0, err
		}
		switch {
		case (c.name == "IHDR") != (last == ""):
			return 0, errors.New("the IHDR chunk is not the first, or not alone")
		case c.name == "IHDR" && len(c.data) != 13:
			return 0, errors.New("the IHDR chunk has a wrong length")
		case c.name == "IDAT" && pixels && last != "IDAT":
			return 0, errors.New("the IDAT chunks are not together")
		case c.name == "IEND" && (len(c.data) != 0 || !pixels):
			return 0, errors.New("the IEND chunk comes early or is not empty")
		}
		if err := f(c); err != nil {
			return 0, err
		}
		pixels = pixels || c.name == "IDAT"
		last, at = c.name, c.end
		if c.name == "IEND" {
			return at, nil
		}
	}
}

// readChunk reads the chunk at an offset and checks its sum.
func readChunk(image []byte, at int) (chunk, error) {
	rest := image[at:]
	if len(rest) < 12 {
		return chunk{}, errors.New("the image is cut short: no IEND chunk")
	}
	// The image has at most MaxImage bytes, so a length that fits is small.
	n := binary.BigEndian.Uint32(rest)
	if uint64(n) > uint64(len(rest)-12) {
		return chunk{}, fmt.Errorf("the chunk at byte %d is longer than the image", at)
	}
	size := int(n)
	for _, b := range rest[4:8] {
		if b|0x20 < 'a' || b|0x20 > 'z' {
			return chunk{}, fmt.Errorf("the chunk at byte %d has no name of letters", at)
		}
	}
	if crc32.ChecksumIEEE(rest[4:8+size]) != binary.BigEndian.Uint32(rest[8+size:]) {
		return chunk{}, fmt.Errorf("the checksum of the chunk at byte %d is wrong", at)
	}
	return chunk{name: string(rest[4:8]), data: rest[8 : 8+size], end: at + 12 + size}, nil
}
