package main

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"html"
	"io"
	"iter"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// secret is a text that must not be found, but below the folder home.
type secret struct {
	what string // how a finding calls it
	home string // "awards/<uuid>/"; empty: nowhere at all
	text []byte
}

// search looks for many secrets at once, without regard to the case of ASCII
// letters.
type search struct {
	byStart map[[searchStart]byte][]secret
	begins  [1 << 16]bool // by the hash of the first four bytes: most places need no further look
	n       int
}

// beginning hashes the first four bytes of a text.
func beginning(b []byte) uint16 {
	return uint16((binary.LittleEndian.Uint32(b) * 0x9e3779b1) >> 16)
}

// searchStart is how long a secret is at least, in bytes.
const searchStart = 8

func newSearch() *search { return &search{byStart: map[[searchStart]byte][]secret{}} }

// add looks for a text as it is.
func (s *search) add(what, home string, text []byte) {
	text = lower(text)
	if len(text) < searchStart {
		panic("bug: too short to look for: " + what)
	}
	start := [searchStart]byte(text)
	s.byStart[start] = append(s.byStart[start], secret{what, home, text})
	s.begins[beginning(text)] = true
	s.n++
}

// addForms looks for a text as it is and in hex. Base64 and percent signs are
// undone in what is searched.
func (s *search) addForms(what, home, text string) {
	s.add(what, home, []byte(text))
	s.add(what+" in hex", home, []byte(hex.EncodeToString([]byte(text))))
	s.add(what+" in base64", home, []byte(strings.TrimRight(base64.StdEncoding.EncodeToString([]byte(text)), "=")))
	s.add(what+" in base64url", home, []byte(base64.RawURLEncoding.EncodeToString([]byte(text))))
	if escaped := url.QueryEscape(text); escaped != text {
		s.add(what+" with percent signs", home, []byte(escaped))
	}
}

// addHashes looks for digests of a text without a salt, as bytes and in the
// usual forms.
func (s *search) addHashes(what, home, text string) {
	m, a, b := md5.Sum([]byte(text)), sha1.Sum([]byte(text)), sha256.Sum256([]byte(text))
	for name, sum := range map[string][]byte{"MD5": m[:], "SHA-1": a[:], "SHA-256": b[:]} {
		s.add(name+" of "+what, home, sum)
		s.add(name+" of "+what+" in hex", home, []byte(hex.EncodeToString(sum)))
		s.add(name+" of "+what+" in base64", home, []byte(base64.RawStdEncoding.EncodeToString(sum)))
		s.add(name+" of "+what+" in base64url", home, []byte(base64.RawURLEncoding.EncodeToString(sum)))
	}
}

// in returns what of the secrets is in a file or output of that name, each
// once.
func (s *search) in(name string, data []byte) []string {
	var found []string
	seen := map[string]bool{}
	for _, view := range views(append([]byte(name+"\n"), data...), 3) {
		for i := 0; i+searchStart <= len(view); i++ {
			if !s.begins[beginning(view[i:])] {
				continue
			}
			for _, x := range s.byStart[[searchStart]byte(view[i:i+searchStart])] {
				if (x.home == "" || !strings.HasPrefix(name, x.home)) && bytes.HasPrefix(view[i:], x.text) && !seen[x.what] {
					seen[x.what] = true
					found = append(found, fmt.Sprintf("%s: %s", name, x.what))
				}
			}
		}
	}
	return found
}

func lower(b []byte) []byte {
	out := bytes.Clone(b)
	for i, c := range out {
		if 'A' <= c && c <= 'Z' {
			out[i] = c + 'a' - 'A'
		}
	}
	return out
}

var (
	percentRun = regexp.MustCompile(`(?:%[0-9A-Fa-f]{2})+`)
	jsonEscape = regexp.MustCompile(`(?:\\u[0-9A-Fa-f]{4})+`)
)

// views are the forms in which data may say something, in lower case: as it is,
// with escapes undone, unpacked, and decoded, and that again, to a depth.
func views(data []byte, depth int) [][]byte {
	return viewer{}.views(data, depth)
}

// viewer remembers the runs of base64 that it has decoded: most stand in
// several views.
type viewer map[string]bool

func (v viewer) views(data []byte, depth int) [][]byte {
	all := [][]byte{lower(data)}
	if depth == 0 {
		return all
	}
	deeper := func(b []byte) {
		if len(b) >= searchStart {
			all = append(all, v.views(b, depth-1)...)
		}
	}
	if i := bytes.Index(data, []byte("\x89PNG\r\n\x1a\n")); i >= 0 {
		for _, text := range pngTexts(data[i+8:]) {
			deeper(text)
		}
		return all // the rest is packed pixels
	}
	if i := bytes.Index(data, []byte{0x1f, 0x8b, 8}); i >= 0 {
		if z, err := gzip.NewReader(bytes.NewReader(data[i:])); err == nil {
			if b, err := io.ReadAll(io.LimitReader(z, 1<<20)); err == nil {
				deeper(b)
			}
		}
	}
	if percentRun.Match(data) {
		deeper(percentRun.ReplaceAllFunc(data, func(run []byte) []byte {
			b, err := hex.DecodeString(strings.ReplaceAll(string(run), "%", ""))
			if err != nil {
				return run
			}
			return b
		}))
	}
	if s := html.UnescapeString(string(data)); s != string(data) {
		deeper([]byte(s))
	}
	if jsonEscape.Match(data) {
		deeper(jsonEscape.ReplaceAllFunc(data, func(run []byte) []byte {
			var units []uint16
			for _, digits := range strings.Split(string(run), `\u`)[1:] {
				n, err := strconv.ParseUint(digits, 16, 16)
				if err != nil {
					return run
				}
				units = append(units, uint16(n))
			}
			return []byte(string(utf16.Decode(units)))
		}))
	}
	for run := range base64Runs(data) {
		if v[string(run)] {
			continue
		}
		v[string(run)] = true
		run = bytes.ReplaceAll(bytes.ReplaceAll(run, []byte("-"), []byte("+")), []byte("_"), []byte("/"))
		for offset := range 4 { // where it starts inside a longer run is not known
			part := run[offset:]
			if len(part)%4 == 1 {
				part = part[:len(part)-1]
			}
			b := make([]byte, base64.RawStdEncoding.DecodedLen(len(part)))
			n, err := base64.RawStdEncoding.Decode(b, part)
			switch {
			case err != nil:
			case saysMore(b[:n]):
				deeper(b[:n])
			default:
				all = append(all, lower(b[:n]))
			}
		}
	}
	return all
}

// base64Runs are the runs of at least twelve letters of base64 or base64url.
func base64Runs(data []byte) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		start := 0
		for i := 0; i <= len(data); i++ {
			if i < len(data) && inBase64[data[i]] {
				continue
			}
			if i-start >= 12 && !yield(data[start:i]) {
				return
			}
			start = i + 1
		}
	}
}

var inBase64 = func() (is [256]bool) {
	for _, c := range []byte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_") {
		is[c] = true
	}
	return is
}()

// saysMore tells whether there may be more to decode in what was decoded: it is
// text, or packed. All else is decoded at the wrong offset, or encrypted.
func saysMore(b []byte) bool {
	if bytes.HasPrefix(b, []byte("\x89PNG")) || bytes.HasPrefix(b, []byte{0x1f, 0x8b}) {
		return true
	}
	for _, c := range b {
		if c < ' ' && c != '\n' && c != '\r' && c != '\t' {
			return false
		}
	}
	return utf8.Valid(b)
}

// pngTexts are what a PNG may say beside its picture: every chunk but those that
// a picture needs, and what of it is packed, unpacked; what follows its end;
// and its pixels, as bytes.
func pngTexts(chunks []byte) [][]byte {
	var texts [][]byte
	var pixels []byte
	for len(chunks) >= 12 {
		n := int(binary.BigEndian.Uint32(chunks))
		if n < 0 || n > len(chunks)-12 {
			break
		}
		kind, body := string(chunks[4:8]), chunks[8:8+n]
		chunks = chunks[12+n:]
		switch kind {
		case "IDAT":
			pixels = append(pixels, body...)
		case "IHDR", "PLTE", "tRNS", "IEND":
		default:
			texts = append(texts, body)
			// What is packed begins after keyword, flags and languages.
			for i := range body {
				if b := inflated(body[i:]); b != nil {
					texts = append(texts, b)
				}
			}
		}
	}
	return append(texts, chunks, lower(inflated(pixels)))
}

// inflated unpacks zlib data; nil if it is none.
func inflated(data []byte) []byte {
	z, err := zlib.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil
	}
	b, err := io.ReadAll(io.LimitReader(z, 1<<20))
	if err != nil {
		return nil
	}
	return b
}
