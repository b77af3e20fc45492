package cases

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"slices"
	"strings"
	"unicode/utf16"

	"github.com/go-json-experiment/json/jsontext"

	"laurel/internal/standards/vc"
)

// sign of white space, of which the first are that of Unicode and the others are
// none, though they cannot be seen, or are white space to some.
type sign struct{ name, text string }

func spaces() (white, other []sign) {
	white = []sign{
		{"space", " "}, {"tab", "\t"}, {"lf", "\n"}, {"cr", "\r"}, {"crlf", "\r\n"}, {"vt", "\v"}, {"ff", "\f"}, {"nel", "\u0085"}, {"nbsp", "\u00a0"}, {"ogham", "\u1680"},
		{"en-quad", "\u2000"}, {"em-space", "\u2003"}, {"figure-space", "\u2007"}, {"hair-space", "\u200a"}, {"line-separator", "\u2028"}, {"paragraph-separator", "\u2029"},
		{"narrow-nbsp", "\u202f"}, {"math-space", "\u205f"}, {"ideographic", "\u3000"}, {"mixed", " \u00a0\r\n\t\u3000\v\u2028 "}, {"many", strings.Repeat(" \u00a0\n", 3000)},
	}
	other = []sign{
		{"zwsp", "\u200b"}, {"zwnj", "\u200c"}, {"zwj", "\u200d"}, {"lrm", "\u200e"}, {"word-joiner", "\u2060"}, {"bom", "\ufeff"}, {"boms", "\ufeff\ufeff"}, {"bom-and-space", "\ufeff \n"}, {"space-and-bom", " \n\ufeff"},
		{"soft-hyphen", "\u00ad"}, {"mongolian-separator", "\u180e"}, {"filler", "\u3164"}, {"braille-blank", "\u2800"}, {"nul", "\x00"}, {"file-separator", "\x1c"}, {"unit-separator", "\x1f"}, {"escape", "\x1b"}, {"backspace", "\b"}, {"del", "\x7f"},
		{"latin1-nbsp", "\xa0"}, {"latin1-nel", "\x85"}, {"overlong-space", "\xc0\xa0"}, {"overlong-nbsp", "\xe0\x82\xa0"}, {"half-nbsp", "\xc2"}, {"half-ideographic", "\xe3\x80"}, {"not-utf8", "\xff\xfe"}, {"surrogate", "\xed\xa0\x80"}, {"replacement", "\ufffd"},
	}
	return white, other
}

// Wrapped returns cases that wrap every form of a credential in white space of
// every kind, in what looks like it, in byte order marks, other encodings and line
// ends. What white space alone wraps has the verdict of what is wrapped; of all
// else the Verdict is empty: both verifiers must say the same, whatever it is.
func Wrapped() []Case {
	var all []Case
	for _, o := range Originals() {
		if slices.Contains([]string{"eddsa-rdfc-2022", "eddsa-jcs-2022", "data-model-1.1", "presentation", "presentation-enveloped", "jwt-eddsa", "vc-jwt", "png", "svg", "pdf", "html"}, o.Name) {
			all = append(all, o.wrapped()...)
		}
	}
	return all
}

func (o Original) wrapped() []Case {
	var all []Case
	add := func(name, verdict string, input string) {
		c := o.Case
		c.Suite, c.Name, c.Input, c.Verdict, c.Code = "wrapped", o.Name+"-"+name, []byte(input), verdict, ""
		if verdict != "" {
			c.Code = o.Code
		}
		all = append(all, c)
	}
	text := string(o.Input)
	// around wraps a text before, behind and on both sides; what is inside of
	// something else in one of these ways, by turns.
	around := func(what string, holds bool, with func(inside string) string, text string) {
		white, other := spaces()
		for i, s := range slices.Concat(white, other) {
			verdict := ""
			if holds && i < len(white) {
				verdict = valid
			}
			for turn, way := range []sign{{"before", s.text + text}, {"behind", text + s.text}, {"around", s.text + text + s.text}} {
				if what == "" || i%3 == turn {
					add(what+way.name+"-"+s.name, verdict, with(way.text))
				}
			}
		}
	}
	same := func(inside string) string { return inside }
	around("", !o.form.carries(), same, text)
	for _, e := range encodings(text) {
		add(e.name, "", e.text)
	}
	switch o.form {
	case formJWS:
		o.wrappedToken(add, around)
	case formPNG:
		around("inside-", true, func(inside string) string { return pngOf([]byte(inside)) }, string(o.inner().Input))
	case formSVG:
		o.wrappedSVG(add, around)
	case formPDF:
		around("inside-", true, func(inside string) string { return string(withPDF([]byte(inside))) }, string(o.inner().Input))
	case formHTML:
		around("block-", false, func(block string) string { return string(htmlPage(block)) }, jsonString(o.inner().Input))
		around("inside-", true, func(inside string) string {
			if !validUTF8(inside) {
				return string(htmlPage(`"` + strings.ReplaceAll(inside, `"`, `\"`) + `"`))
			}
			return string(htmlPage(jsonString([]byte(inside))))
		}, string(o.inner().Input))
	default:
		o.wrappedJSON(add)
	}
	return all
}

func validUTF8(s string) bool { return strings.ToValidUTF8(s, "") == s }

// encodings are a text in other encodings than UTF-8.
func encodings(text string) []sign {
	units := utf16.Encode([]rune(text))
	little, big, wide := []byte{}, []byte{}, []byte{}
	for _, u := range units {
		little, big = binary.LittleEndian.AppendUint16(little, u), binary.BigEndian.AppendUint16(big, u)
		wide = binary.LittleEndian.AppendUint32(wide, uint32(u))
	}
	return []sign{
		{"utf16le", "\xff\xfe" + string(little)}, {"utf16be", "\xfe\xff" + string(big)}, {"utf16le-unmarked", string(little)}, {"utf32le", "\xff\xfe\x00\x00" + string(wide)},
		{"marked-and-spaced", "\ufeff\r\n" + text + "\r\n"}, {"quoted", `"` + text + `"`}, {"in-backticks", "```\n" + text + "\n```"}, {"twice", text + "\n" + text}, {"in-brackets", "[" + text + "]"}, {"in-angles", "<" + text + ">"},
	}
}

// wrappedJSON ends lines and parts tokens of JSON in every way.
func (o Original) wrappedJSON(add func(name, verdict, input string)) {
	indented := jsontext.Value(bytes.Clone(o.Input))
	check("indent", indented.Indent())
	white, other := spaces()
	for i, s := range slices.Concat(white, other) {
		verdict := ""
		if i < 5 { // what JSON takes for white space
			verdict = valid
		}
		add("lines-"+s.name, verdict, strings.ReplaceAll(string(indented), "\n", s.text))
		add("colons-"+s.name, verdict, strings.ReplaceAll(string(indented), `": `, `":`+s.text))
		add("after-the-first-"+s.name, verdict, "{"+s.text+string(indented[1:]))
	}
}

// wrappedToken breaks the line of a token in every way, and puts it into the
// documents that hold tokens.
func (o Original) wrappedToken(add func(name, verdict, input string), around func(string, bool, func(string) string, string)) {
	token := string(o.Input)
	white, other := spaces()
	for _, s := range slices.Concat(white, other) {
		add("wrapped-at-76-"+s.name, "", wrap(token, 76, s.text))
		add("wrapped-at-dots-"+s.name, "", strings.ReplaceAll(token, ".", "."+s.text))
		add("wrapped-before-dots-"+s.name, "", strings.ReplaceAll(token, ".", s.text+"."))
		add("disclosure-"+s.name, "", token+"~"+s.text)
	}
	if o.Name != "vc-jwt" {
		return
	}
	around("enveloped-", false, func(inside string) string { return string(encode(presentation(envelope(inside)))) }, token)
	// from is a token in an envelope with this data: URL.
	from := func(url string) string {
		return string(encode(object{"@context": vc.ContextVC, "type": "EnvelopedVerifiableCredential", "id": strings.ToValidUTF8(url, "\ufffd")}))
	}
	around("media-type-", false, func(inside string) string { return from("data:" + inside + "," + token) }, "application/vc+jwt")
	encoded := base64.StdEncoding.EncodeToString([]byte(token))
	for _, s := range slices.Concat(white, other) {
		add("base64-"+s.name, "", from("data:application/vc+jwt;base64,"+wrap(encoded, 76, s.text)))
		add("base64-bare-"+s.name, "", from("data:application/vc+jwt;base64,"+strings.TrimRight(encoded, "=")+s.text))
	}
	around("presented-", false, func(inside string) string {
		return string(encode(object{"@context": []any{context1}, "type": []any{"VerifiablePresentation"}, "verifiableCredential": []any{strings.ToValidUTF8(inside, "\ufffd")}}))
	}, token)
}

func envelope(token string) object { return enveloped([]byte(strings.ToValidUTF8(token, "\ufffd"))) }

// wrap breaks a text into lines.
func wrap(text string, width int, end string) string {
	var lines []string
	for len(text) > width {
		lines, text = append(lines, text[:width]), text[width:]
	}
	return strings.Join(append(lines, text), end)
}

// pngOf is a baked PNG with a text as it is.
func pngOf(text []byte) string {
	chunks := readPNG(bakedPNG([]byte(`{"type":"x"}`)))
	chunks[credentialChunk].data = append([]byte("openbadgecredential\x00\x00\x00\x00\x00"), text...)
	return string(writePNG(chunks))
}

// wrappedSVG wraps what stands in an SVG, and the declaration before it.
func (o Original) wrappedSVG(add func(name, verdict, input string), around func(string, bool, func(string) string, string)) {
	svg, inside := string(o.Input), string(o.inner().Input)
	begin := strings.Index(svg, "<![CDATA[")
	head, tail := svg[:begin], svg[strings.Index(svg, "]]>")+len("]]>"):]
	escape := strings.NewReplacer("&", "&amp;", "<", "&lt;", `"`, "&quot;")
	around("cdata-", false, func(text string) string { return head + "<![CDATA[" + text + "]]>" + tail }, inside)
	around("text-", false, func(text string) string { return head + escape.Replace(text) + tail }, inside)
	around("verify-", false, func(text string) string {
		return strings.TrimSuffix(head, ">") + ` verify="` + escape.Replace(text) + `">` + tail
	}, inside)
	const declaration = `<?xml version="1.0" encoding="UTF-8"?>`
	around("declared-", false, func(text string) string { return text + svg }, declaration)
}
