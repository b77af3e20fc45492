package cases

import (
	"bytes"
	"compress/zlib"
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/png"
	"slices"
	"strings"

	"laurel/internal/standards/bake"
)

const plainSVG = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><path d="M0 0h8v8H0z"/></svg>`

// plainPNG is a picture of four times four points.
func plainPNG() []byte {
	m := image.NewGray(image.Rect(0, 0, 4, 4))
	m.SetGray(1, 1, color.Gray{Y: 200})
	var b bytes.Buffer
	check("write a picture", png.Encode(&b, m))
	return b.Bytes()
}

func bakedPNG(credential []byte) []byte {
	blank, err := bake.NewPNG(plainPNG())
	check("read a picture", err)
	data, err := blank.Bake(credential)
	check("bake", err)
	return data
}

func blankSVG() *bake.Blank {
	blank, err := bake.NewSVG([]byte(plainSVG))
	check("read a picture", err)
	return blank
}

func bakedSVG(credential []byte) []byte {
	data, err := blankSVG().Bake(credential)
	check("bake", err)
	return data
}

// chunk is one chunk of a PNG, without its checksum.
type chunk struct {
	name string
	data []byte
}

// pngHead opens every PNG.
const pngHead = "\x89PNG\r\n\x1a\n"

func readPNG(data []byte) []chunk {
	var chunks []chunk
	for rest := data[len(pngHead):]; len(rest) > 0; {
		n := binary.BigEndian.Uint32(rest)
		chunks = append(chunks, chunk{string(rest[4:8]), rest[8 : 8+n]})
		rest = rest[12+n:]
	}
	return chunks
}

// writePNG writes chunks with good checksums.
func writePNG(chunks []chunk) []byte {
	out := []byte(pngHead)
	for _, c := range chunks {
		out = binary.BigEndian.AppendUint32(out, uint32(len(c.data)))
		body := append([]byte(c.name), c.data...)
		out = append(out, body...)
		out = binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(body))
	}
	return out
}

// credentialChunk is the place of the chunk with the credential, after IHDR.
const credentialChunk = 1

func deflated(data []byte) []byte {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	_, err := w.Write(data)
	check("compress", err)
	check("compress", w.Close())
	return b.Bytes()
}

// imageAttacks are about pictures with a credential in them.
func imageAttacks() []attack {
	// chunks changes the chunks of a baked PNG.
	chunks := func(name, verdict, code string, change func(c []chunk) []chunk) attack {
		return attack{name, verdict, code, func(a *academy) []byte {
			return writePNG(change(readPNG(bakedPNG(a.sign(credential())))))
		}}
	}
	// text replaces the credential's chunk.
	text := func(name, verdict, code string, make func(json []byte) chunk) attack {
		return chunks(name, verdict, code, func(c []chunk) []chunk {
			_, json, _ := bytes.Cut(c[credentialChunk].data, []byte("\x00\x00\x00\x00\x00"))
			c[credentialChunk] = make(json)
			return c
		})
	}
	itxt := func(keyword, middle string, text []byte) chunk {
		return chunk{"iTXt", append([]byte(keyword+"\x00"+middle), text...)}
	}
	bytesOf := func(name, verdict, code string, change func(data []byte) []byte) attack {
		return attack{name, verdict, code, func(a *academy) []byte { return change(bakedPNG(a.sign(credential()))) }}
	}
	svg := func(name, verdict, code string, change func(s string) string) attack {
		return attack{name, verdict, code, func(a *academy) []byte { return []byte(change(string(bakedSVG(a.sign(credential()))))) }}
	}
	element := func(s string) string {
		begin, end := strings.Index(s, "<openbadges:credential"), strings.Index(s, "</openbadges:credential>")+len("</openbadges:credential>")
		return s[begin:end]
	}
	return []attack{
		chunks("png", valid, "ok", func(c []chunk) []chunk { return c }),
		chunks("png-twice", undetermined, "image-malformed", func(c []chunk) []chunk { return slices.Insert(c, 1, c[credentialChunk]) }),
		chunks("png-not-baked", undetermined, "image-not-baked", func(c []chunk) []chunk { return slices.Delete(c, 1, 2) }),
		chunks("png-after-the-picture", valid, "ok", func(c []chunk) []chunk {
			moved := c[credentialChunk]
			c = slices.Delete(c, 1, 2)
			return slices.Insert(c, len(c)-1, moved)
		}),
		chunks("png-after-its-end", undetermined, "image-not-baked", func(c []chunk) []chunk { return append(slices.Delete(slices.Clone(c), 1, 2), c[credentialChunk]) }),
		chunks("png-without-end", undetermined, "image-malformed", func(c []chunk) []chunk { return c[:len(c)-1] }),
		chunks("png-without-header", undetermined, "image-malformed", func(c []chunk) []chunk { return c[1:] }),
		text("png-compressed", valid, "ok", func(json []byte) chunk { return itxt("openbadgecredential", "\x01\x00\x00\x00", deflated(json)) }),
		text("png-compressed-bomb", undetermined, "image-malformed", func([]byte) chunk {
			return itxt("openbadgecredential", "\x01\x00\x00\x00", deflated(make([]byte, 32<<20)))
		}),
		text("png-compressed-badly", undetermined, "image-malformed", func([]byte) chunk { return itxt("openbadgecredential", "\x01\x00\x00\x00", []byte("x")) }),
		text("png-unknown-compression", undetermined, "image-malformed", func(json []byte) chunk { return itxt("openbadgecredential", "\x02\x00\x00\x00", json) }),
		text("png-language-tag", valid, "ok", func(json []byte) chunk { return itxt("openbadgecredential", "\x00\x00en\x00\x00", json) }),
		text("png-other-keyword", undetermined, "image-not-baked", func(json []byte) chunk { return itxt("OpenBadgeCredential", "\x00\x00\x00\x00", json) }),
		text("png-cut-short", undetermined, "image-malformed", func([]byte) chunk { return chunk{"iTXt", []byte("openbadgecredential\x00\x00")} }),
		text("png-empty", undetermined, "image-malformed", func([]byte) chunk { return itxt("openbadgecredential", "\x00\x00\x00\x00", nil) }),
		text("png-forged", invalid, "signature-invalid", func(json []byte) chunk {
			return itxt("openbadgecredential", "\x00\x00\x00\x00", bytes.Replace(json, []byte("Planing"), []byte("Brewing"), 1))
		}),
		bytesOf("png-bad-checksum", undetermined, "image-malformed", func(data []byte) []byte {
			return bytes.Replace(data, []byte("Planing"), []byte("Brewing"), 1)
		}),
		bytesOf("png-trailing", valid, "ok", func(data []byte) []byte { return append(data, "trailing"...) }),
		bytesOf("png-trailing-picture", valid, "ok", func(data []byte) []byte {
			return append(data, bytes.ReplaceAll(data, []byte("Planing"), []byte("Brewing"))...)
		}),
		bytesOf("png-forged-before-a-good-one", invalid, "signature-invalid", func(data []byte) []byte {
			forged := readPNG(data)
			forged[credentialChunk].data = bytes.Replace(forged[credentialChunk].data, []byte("Planing"), []byte("Brewing"), 1)
			return append(writePNG(forged), data...)
		}),
		chunks("png-second-text-forged", valid, "ok", func(c []chunk) []chunk { // other readers do not look at it, either
			return slices.Insert(c, 1, chunk{"tEXt", append([]byte("openbadgecredential\x00"), bytes.Replace(c[credentialChunk].data[24:], []byte("Planing"), []byte("Brewing"), 1)...)})
		}),
		chunks("png-two-chunks-one-forged", undetermined, "image-malformed", func(c []chunk) []chunk {
			return slices.Insert(c, 1, chunk{"iTXt", bytes.Replace(c[credentialChunk].data, []byte("Planing"), []byte("Brewing"), 1)})
		}),
		text("png-text-chunk", valid, "ok", func(json []byte) chunk { return chunk{"tEXt", append([]byte("openbadgecredential\x00"), json...)} }),
		text("png-text-chunk-forged", invalid, "signature-invalid", func(json []byte) chunk {
			return chunk{"tEXt", append([]byte("openbadges\x00"), bytes.Replace(json, []byte("Planing"), []byte("Brewing"), 1)...)}
		}),
		text("png-compressed-text-chunk", valid, "ok", func(json []byte) chunk {
			return chunk{"zTXt", append([]byte("openbadgecredential\x00\x00"), deflated(json)...)}
		}),
		text("png-compressed-text-bomb", undetermined, "image-malformed", func([]byte) chunk {
			return chunk{"zTXt", append([]byte("openbadgecredential\x00\x00"), deflated(make([]byte, 32<<20))...)}
		}),
		text("png-older-keyword", valid, "ok", func(json []byte) chunk { return itxt("openbadges", "\x00\x00\x00\x00", json) }),
		text("png-older-keyword-and-badge", undetermined, "open-badges-2", func([]byte) chunk {
			return itxt("openbadges", "\x00\x00\x00\x00", []byte("https://badges.example/assertions/1"))
		}),
		chunks("png-older-badge-beside", valid, "ok", func(c []chunk) []chunk {
			return slices.Insert(c, 1, itxt("openbadges", "\x00\x00\x00\x00", []byte("https://badges.example/assertions/1")))
		}),
		text("png-picture-in-a-url", undetermined, "image-malformed", func([]byte) chunk {
			return itxt("openbadgecredential", "\x00\x00\x00\x00", []byte("data:image/png;base64,"+base64.StdEncoding.EncodeToString(plainPNG())))
		}),
		svg("svg-older-element", valid, "ok", func(s string) string {
			s = strings.ReplaceAll(s, "openbadges:credential", "openbadges:assertion")
			return strings.ReplaceAll(s, "https://purl.imsglobal.org/ob/v3p0", "http://openbadges.org")
		}),
		svg("svg-older-element-forged", invalid, "signature-invalid", func(s string) string {
			s = strings.ReplaceAll(s, "openbadges:credential", "openbadges:assertion")
			return strings.NewReplacer("https://purl.imsglobal.org/ob/v3p0", "http://openbadges.org", "Planing", "Brewing").Replace(s)
		}),
		bytesOf("png-cut", undetermined, "image-malformed", func(data []byte) []byte { return data[:len(data)/2] }),
		bytesOf("png-only-head", undetermined, "image-malformed", func([]byte) []byte { return []byte(pngHead) }),
		bytesOf("png-length-huge", undetermined, "image-malformed", func(data []byte) []byte {
			return slices.Replace(data, len(pngHead), len(pngHead)+4, 0xff, 0xff, 0xff, 0xff)
		}),
		svg("svg", valid, "ok", func(s string) string { return s }),
		svg("svg-twice", undetermined, "image-malformed", func(s string) string { return strings.Replace(s, element(s), element(s)+element(s), 1) }),
		svg("svg-and-verify", undetermined, "image-malformed", func(s string) string {
			return strings.Replace(s, "<openbadges:credential>", `<openbadges:credential verify="eyJ9.e30.AA">`, 1)
		}),
		svg("svg-not-baked", undetermined, "image-not-baked", func(string) string { return plainSVG }),
		svg("svg-doctype", valid, "ok", func(s string) string {
			return `<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">` + s
		}),
		svg("svg-entity", undetermined, "image-malformed", func(s string) string {
			return `<!DOCTYPE svg [<!ENTITY e "Surgery">]>` + s
		}),
		svg("svg-external-entity", undetermined, "image-malformed", func(s string) string {
			return `<!DOCTYPE svg [<!ENTITY e SYSTEM "file:///etc/passwd">]>` + strings.Replace(s, "Planing", "&e;", 1)
		}),
		svg("svg-billion-laughs", undetermined, "image-malformed", func(s string) string {
			return `<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>` + s
		}),
		svg("svg-not-well-formed", undetermined, "image-malformed", func(s string) string { return strings.Replace(s, "</svg>", "", 1) }),
		svg("svg-trailing", undetermined, "image-malformed", func(s string) string { return s + "<svg/>" }),
		svg("svg-other-namespace", undetermined, "image-not-baked", func(s string) string {
			return strings.Replace(s, "https://purl.imsglobal.org/ob/v3p0", "https://evil.example/ob/v3p0", 1)
		}),
		svg("svg-forged", invalid, "signature-invalid", func(s string) string { return strings.Replace(s, "Planing", "Brewing", 1) }),
		svg("svg-comment-inside", invalid, "signature-invalid", func(s string) string { return strings.Replace(s, "Planing", "<!-- x -->", 1) }),
		svg("svg-empty", undetermined, "image-malformed", func(s string) string {
			return strings.Replace(s, element(s), "<openbadges:credential></openbadges:credential>", 1)
		}),
	}
}
