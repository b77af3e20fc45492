package privacy

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"encoding/base64"
	"encoding/binary"
	"io"
	"iter"
)

const (
	// maxUnpacked bounds what is unpacked of one file, in bytes: a site is
	// looked at that somebody else may have made.
	maxUnpacked = 256 << 20
	// maxNesting is how deep one packing may lie in another.
	maxNesting = 3
)

// unpack yields what somebody may read in a file: its bytes, what is packed in
// them as gzip, ZIP (so spreadsheets and documents, too), in the streams of a
// PDF and the text chunks of a PNG, and what base64url says of JSON, as in a
// JWT. Text in two bytes a letter comes without the zeros. What is damaged is
// yielded as far as it can be read.
func unpack(data []byte) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		u := unpacker{yield: yield, left: maxUnpacked}
		u.file(data, 0)
	}
}

type unpacker struct {
	yield func([]byte) bool
	left  int64 // of maxUnpacked
}

// file yields all that can be read in data; false: stop.
func (u *unpacker) file(data []byte, nesting int) bool {
	if !u.yield(data) || !u.tokens(data) {
		return false
	}
	if bytes.IndexByte(data, 0) >= 0 && !u.yield(bytes.ReplaceAll(data, []byte{0}, nil)) {
		return false
	}
	if nesting == maxNesting {
		return true
	}
	inner := func(packed io.Reader) bool { return u.file(u.read(packed), nesting+1) }
	switch {
	case bytes.HasPrefix(data, []byte("\x1f\x8b")):
		r, err := gzip.NewReader(bytes.NewReader(data))
		return err != nil || inner(r)
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		return u.zip(data, inner)
	case bytes.HasPrefix(data, []byte(pngSignature)):
		for body := range pngTexts(data) {
			if !deflated(body, inner) {
				return false
			}
		}
	case bytes.Contains(data[:min(len(data), 1024)], []byte("%PDF-")):
		return deflated(data, inner)
	}
	return true
}

// read reads as far as can be, and the limit allows.
func (u *unpacker) read(r io.Reader) []byte {
	data, _ := io.ReadAll(io.LimitReader(r, u.left)) // what was read before damage counts
	u.left -= int64(len(data))
	return data
}

func (u *unpacker) zip(data []byte, inner func(io.Reader) bool) bool {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return true
	}
	for _, f := range z.File {
		if !u.yield([]byte(f.Name)) {
			return false
		}
		r, err := f.Open()
		if err != nil {
			continue
		}
		more := inner(r)
		r.Close()
		if !more {
			return false
		}
	}
	return true
}

// deflated finds zlib streams by their first two bytes (RFC 1950, section 2.2:
// a window of 32 KiB, as all writers have it).
func deflated(data []byte, inner func(io.Reader) bool) bool {
	for at := 0; ; at++ {
		next := bytes.IndexByte(data[at:], 0x78)
		if next < 0 {
			return true
		}
		at += next
		if r, err := zlib.NewReader(bytes.NewReader(data[at:])); err == nil && !inner(r) {
			return false
		}
	}
}

// pngSignature opens every PNG (PNG Specification, Third Edition, "PNG
// signature").
const pngSignature = "\x89PNG\r\n\x1a\n"

// pngTexts are the bodies of all chunks but the picture itself, checksums
// disregarded.
func pngTexts(data []byte) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for rest := data[len(pngSignature):]; len(rest) >= 12; {
			size := int64(binary.BigEndian.Uint32(rest))
			name, body := string(rest[4:8]), rest[8:]
			if size > int64(len(body))-4 {
				return
			}
			if name != "IDAT" && name != "fdAT" && !yield(body[:size]) {
				return
			}
			rest = body[size+4:]
		}
	}
}

// tokens yields what runs of base64url say that begin as a JSON object does.
func (u *unpacker) tokens(data []byte) bool {
	for rest := data; ; {
		at := bytes.Index(rest, []byte("eyJ"))
		if at < 0 {
			return true
		}
		rest = rest[at:]
		n := 0
		for n < len(rest) && isBase64URL(rest[n]) {
			n++
		}
		whole := n
		if n%4 == 1 {
			whole-- // no length of base64 (RFC 4648, section 3.2)
		}
		text := make([]byte, base64.RawURLEncoding.DecodedLen(whole))
		length, _ := base64.RawURLEncoding.Decode(text, rest[:whole]) // every letter is one
		if !u.yield(text[:length]) {
			return false
		}
		rest = rest[n:]
	}
}

func isBase64URL(c byte) bool {
	return 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '-' || c == '_'
}
