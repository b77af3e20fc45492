package main

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"crypto/md5"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash/crc32"
	"os"
	"strings"
	"testing"
)

// leakyThemes are themes that print an address, each in another manner: their
// files, by what they do.
func leakyThemes(t *testing.T, address string) map[string]map[string][]byte {
	t.Helper()
	foot, err := os.ReadFile("../../themes/default/templates/parts/foot.html")
	if err != nil {
		t.Fatal(err)
	}
	folded := strings.ToLower(address)
	sum, sum5 := sha256.Sum256([]byte(folded)), md5.Sum([]byte(folded))
	encoded := base64.StdEncoding.EncodeToString([]byte("reply to " + address))
	themes := map[string]map[string][]byte{
		"in gzip":           {"assets/list.bin": gzipped(t, []byte("mail "+address))},
		"base64 in gzip":    {"assets/list.bin": gzipped(t, []byte("mail "+encoded))},
		"in a PNG":          {"assets/dot.png": pngSaying(t, address, false)},
		"packed in a PNG":   {"assets/dot.png": pngSaying(t, address, true)},
		"behind a PNG":      {"assets/dot.png": append(pngSaying(t, "nothing here", false), encoded...)},
		"in JSON escapes":   {"assets/list.json": fmt.Appendf(nil, `{"to":"%s"}`, strings.ReplaceAll(address, "@", `\u0040`))},
		"in the words":      {"strings/en.json": fmt.Appendf(nil, `{"footer.note": "Ask %s"}`, address)},
		"in a comment":      {"assets/more.css": fmt.Appendf(nil, "/* %s */", address)},
		"in a file's name":  {"assets/" + folded + ".txt": []byte("nothing here")},
		"in upper case":     {"assets/list.txt": []byte(strings.ToUpper(address))},
		"with a per cent @": {"assets/list.svg": []byte(`<svg xmlns="http://www.w3.org/2000/svg"><a href="mailto:` + strings.ReplaceAll(address, "@", "%40") + `"/></svg>`)},
	}
	for what, text := range map[string]string{
		"plain":             address,
		"in HTML entities":  strings.ReplaceAll(address, "@", "&#64;"),
		"base64":            encoded,
		"base64url":         base64.RawURLEncoding.EncodeToString([]byte(address)),
		"SHA-256 in hex":    hex.EncodeToString(sum[:]),
		"SHA-256 in base64": base64.StdEncoding.EncodeToString(sum[:]),
		"MD5 as Gravatar":   "https://gravatar.example.com/avatar/" + hex.EncodeToString(sum5[:]),
	} {
		themes[what] = map[string][]byte{"templates/parts/foot.html": bytes.Replace(foot, []byte("</main>"), []byte("<p>"+text+"</p></main>"), 1)}
	}
	return themes
}

func gzipped(t *testing.T, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// pngSaying is a picture of one pixel with a text chunk.
func pngSaying(t *testing.T, text string, pack bool) []byte {
	t.Helper()
	deflated := func(data []byte) []byte {
		var b bytes.Buffer
		w := zlib.NewWriter(&b)
		if _, err := w.Write(data); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	picture := []byte("\x89PNG\r\n\x1a\n")
	chunk := func(kind string, body []byte) {
		picture = binary.BigEndian.AppendUint32(picture, uint32(len(body)))
		typed := append([]byte(kind), body...)
		picture = append(picture, typed...)
		picture = binary.BigEndian.AppendUint32(picture, crc32.ChecksumIEEE(typed))
	}
	chunk("IHDR", []byte{0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0})
	if pack {
		chunk("zTXt", append([]byte("Author\x00\x00"), deflated([]byte(text))...))
	} else {
		chunk("tEXt", []byte("Author\x00"+text))
	}
	chunk("IDAT", deflated([]byte{0, 0}))
	chunk("IEND", nil)
	return picture
}
