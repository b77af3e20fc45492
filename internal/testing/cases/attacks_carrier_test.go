package cases

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// pdf is a PDF of these objects, numbered from 1, with its table of objects.
func pdf(objects ...string) []byte {
	b := bytes.NewBufferString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	var offsets []int
	for i, object := range objects {
		offsets = append(offsets, b.Len())
		fmt.Fprintf(b, "%d 0 obj\n%s\nendobj\n", i+1, object)
	}
	table := b.Len()
	fmt.Fprintf(b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, at := range offsets {
		fmt.Fprintf(b, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(b, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, table)
	return b.Bytes()
}

const (
	pdfCatalog = "<< /Type /Catalog /Pages 2 0 R /Names << /EmbeddedFiles << /Names [(credential.json) 4 0 R] >> >> >>"
	pdfPages   = "<< /Type /Pages /Kids [] /Count 0 >>"
	pdfPage    = "<< /Length 44 >>\nstream\nBT /F1 24 Tf 72 720 Td (Ana Example) Tj ET   \nendstream"
	pdfFile    = "<< /Type /Filespec /F (credential.json) /UF (credential.json) /EF << /F 5 0 R >> /Desc (It \\(is\\) signed) >>"

	// attached is how laurel describes an attachment.
	attached = "/Type /EmbeddedFile /Subtype /application#2Fjson"
)

// pdfStream is a stream object; %d in entries is its length.
func pdfStream(entries string, data []byte) string {
	entries = strings.Replace(entries, "%d", strconv.Itoa(len(data)), 1)
	return "<< " + entries + " >>\nstream\n" + string(data) + "\nendstream"
}

// withFiles is a PDF with these streams as its files.
func withFiles(streams ...string) []byte {
	return pdf(append([]string{pdfCatalog, pdfPages, pdfPage, pdfFile}, streams...)...)
}

// withPDF is a PDF with a credential attached as laurel does it.
func withPDF(credential []byte) []byte {
	return withFiles(pdfStream(attached+" /Length %d /Filter /FlateDecode", deflated(credential)))
}

// htmlPage is a certificate that is a web page, around what stands in its block
// of data.
func htmlPage(block string) []byte {
	return []byte("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Woodworking</title></head>\n<body><p>Ana Example</p>\n" +
		htmlBlock(block) + "\n<script type=\"application/json\" id=\"file-did\">\"{}\"</script>\n" +
		"<script>document.getElementById('file-credential').textContent</script>\n</body></html>\n")
}

func htmlBlock(block string) string {
	return `<script type="application/json" id="file-credential">` + block + `</script>`
}

// jsonString is a text as html/template writes it into a block of data.
func jsonString(text []byte) string {
	s, err := json.Marshal(string(text), jsontext.EscapeForHTML(true), jsontext.EscapeForJS(true))
	check("write a string", err)
	return string(s)
}

// withHTML is a certificate that is a web page with a credential inside, as
// laurel writes it.
func withHTML(credential []byte) []byte { return htmlPage(jsonString(credential)) }

// carrierCases are about PDFs and web pages with a credential inside.
func carrierCases() []attack {
	// whole makes a carrier of the signed credential.
	whole := func(name, verdict, code string, make func(json []byte) []byte) attack {
		return attack{name, verdict, code, func(a *academy) []byte { return make(a.sign(credential())) }}
	}
	// file makes the stream of the one attached file.
	file := func(name, verdict, code string, make func(json []byte) string) attack {
		return whole(name, verdict, code, func(json []byte) []byte { return withFiles(make(json)) })
	}
	forged := func(json []byte) []byte { return bytes.Replace(json, []byte("Planing"), []byte("Brewing"), 1) }
	flate := func(data []byte) string {
		return pdfStream(attached+" /Length %d /Filter /FlateDecode", deflated(data))
	}
	const fail, none = "pdf-malformed", "pdf-unsupported"
	pdfs := []attack{
		whole("pdf", valid, "ok", withPDF),
		file("pdf-not-compressed", valid, "ok", func(json []byte) string { return pdfStream(attached+" /Length %d", json) }),
		file("pdf-filter-array", valid, "ok", func(json []byte) string {
			return pdfStream(attached+" /Length %d /Filter [ /FlateDecode ] /DecodeParms null", deflated(json))
		}),
		file("pdf-names-escaped", valid, "ok", func(json []byte) string {
			return pdfStream("/#54ype /Embedded#46ile /Length %d /Filter /Flate#44ecode", deflated(json))
		}),
		file("pdf-comment-and-strings", valid, "ok", func(json []byte) string {
			return pdfStream("% >> stream\n/Params << /ModDate (D:2026\\)0115 (UTC)) /CheckSum <00ff>/Size 10>>"+attached+"/Length %d/Filter/FlateDecode", deflated(json))
		}),
		file("pdf-media-type-alone", valid, "ok", func(json []byte) string {
			return pdfStream("/Subtype /application#2fvc /Length %d /Filter /FlateDecode", deflated(json))
		}),
		file("pdf-no-media-type", valid, "ok", func(json []byte) string {
			return pdfStream("/Type /EmbeddedFile /Length %d /Filter /FlateDecode", deflated(json))
		}),
		file("pdf-parameters-alone", valid, "ok", func(json []byte) string { return pdfStream("/Length %d /Params << /Size 10 >>", json) }),
		whole("pdf-length-elsewhere", valid, "ok", func(json []byte) []byte {
			data := deflated(json)
			return withFiles(pdfStream(attached+" /Length 6 0 R /Filter /FlateDecode", data), fmt.Sprint(len(data)))
		}),
		file("pdf-length-nowhere", valid, "ok", func(json []byte) string {
			return pdfStream(attached+" /Length 66 0 R /Filter /FlateDecode", deflated(json))
		}),
		file("pdf-length-wrong", valid, "ok", func(json []byte) string {
			return pdfStream(attached+" /Length 12 /Filter /FlateDecode", deflated(json))
		}),
		file("pdf-length-huge", valid, "ok", func(json []byte) string {
			return pdfStream(attached+" /Length 99999999999999999999 /Filter /FlateDecode", deflated(json))
		}),
		whole("pdf-lines-of-two", valid, "ok", func(json []byte) []byte {
			s := strings.NewReplacer("\nstream\n", "\r\nstream\r\n", "\nendstream", "\r\nendstream").Replace(flate(json))
			return withFiles(s)
		}),
		{"pdf-jwt", valid, "ok", func(*academy) []byte {
			return withPDF(token(header("EdDSA", keyID, "JWT"), claims(credential()), edKey("first")))
		}},
		whole("pdf-among-other-files", valid, "ok", func(json []byte) []byte {
			return withFiles(flate([]byte(`{"invoice": 7}`)), pdfStream("/Type /EmbeddedFile /Subtype /text#2Fxml /Length %d", []byte("<a/>")), flate(json), flate([]byte("[1]")))
		}),
		whole("pdf-beside-what-is-too-large", valid, "ok", func(json []byte) []byte {
			return withFiles(pdfStream("/Type /EmbeddedFile /Subtype /video#2Fmp4 /Length %d", bytes.Repeat([]byte("x"), 2<<20)), flate(json))
		}),
		whole("pdf-says-encrypt-in-a-stream", valid, "ok", func(json []byte) []byte {
			return withFiles(flate(json), pdfStream("/Length %d", []byte("/Encrypt 9 0 R")))
		}),
		whole("pdf-forged", invalid, "signature-invalid", func(json []byte) []byte { return withPDF(forged(json)) }),
		whole("pdf-unsigned", invalid, "proof-missing", func(json []byte) []byte {
			return withPDF(encode(with(decode(json), object{"proof": absent})))
		}),
		whole("pdf-not-json", invalid, "json-syntax", func(json []byte) []byte { return withPDF(json[:len(json)-1]) }),
		whole("pdf-two", undetermined, "input-several: valid ok, invalid signature-invalid", func(json []byte) []byte { return withFiles(flate(json), flate(forged(json))) }),
		whole("pdf-twice", undetermined, "input-several: valid ok, valid ok", func(json []byte) []byte { return withFiles(flate(json), flate(json)) }),
		whole("pdf-changed-later", undetermined, "input-several: invalid signature-invalid, valid ok", func(json []byte) []byte {
			return append(withPDF(forged(json)), []byte("5 0 obj\n"+flate(json)+"\nendobj\ntrailer\n<< /Root 1 0 R /Prev 9 >>\n%%EOF\n")...)
		}),
		file("pdf-bomb", undetermined, fail, func([]byte) string { return flate(make([]byte, 32<<20)) }),
		file("pdf-bomb-of-spaces", undetermined, fail, func(json []byte) string { return flate(append(bytes.Repeat([]byte(" "), 2<<20), json...)) }),
		file("pdf-bomb-of-something-else", undetermined, none, func([]byte) string {
			return pdfStream("/Type /EmbeddedFile /Length %d /Filter /FlateDecode", deflated(make([]byte, 32<<20)))
		}),
		file("pdf-damaged", undetermined, fail, func(json []byte) string { return pdfStream(attached+" /Length %d /Filter /FlateDecode", json) }),
		file("pdf-trailing", undetermined, fail, func(json []byte) string {
			return pdfStream(attached+" /Length %d /Filter /FlateDecode", append(deflated(json), "trailing"...))
		}),
		whole("pdf-cut", undetermined, fail, func(json []byte) []byte {
			data := withPDF(json)
			return data[:bytes.LastIndex(data, []byte("endstream"))-100]
		}),
		whole("pdf-cut-before", undetermined, none, func(json []byte) []byte {
			data := withPDF(json)
			return data[:bytes.Index(data, []byte("5 0 obj"))+40]
		}),
		whole("pdf-many", undetermined, fail, func(json []byte) []byte {
			return withFiles(strings.Split(strings.Repeat(pdfStream("/Type /EmbeddedFile /Length %d", []byte("x"))+"|", 33), "|")...)
		}),
		file("pdf-other-filter", undetermined, none, func(json []byte) string {
			return pdfStream(attached+" /Length %d /Filter [/ASCIIHexDecode /FlateDecode]", []byte(fmt.Sprintf("%x>", deflated(json))))
		}),
		file("pdf-predictor", undetermined, none, func(json []byte) string {
			return pdfStream(attached+" /Length %d /Filter /FlateDecode /DecodeParms << /Predictor 12 >>", deflated(json))
		}),
		whole("pdf-encrypted", undetermined, "pdf-encrypted", func(json []byte) []byte {
			return bytes.Replace(withPDF(json), []byte("/Root 1 0 R"), []byte("/Root 1 0 R /Encrypt 9 0 R"), 1)
		}),
		file("pdf-json", undetermined, none, func([]byte) string { return flate([]byte(`{"invoice": 7}`)) }),
		file("pdf-empty-file", undetermined, none, func([]byte) string { return flate(nil) }),
		file("pdf-picture", undetermined, none, func(json []byte) string {
			return pdfStream("/Type /EmbeddedFile /Subtype /image#2Fpng /Length %d", bakedPNG(json))
		}),
		file("pdf-in-a-pdf", undetermined, none, func(json []byte) string {
			return pdfStream("/Type /EmbeddedFile /Subtype /application#2Fpdf /Length %d", withPDF(json))
		}),
		file("pdf-in-a-stream", undetermined, none, func(json []byte) string {
			inner := strings.ReplaceAll("7 0 obj\n"+pdfStream(attached+" /Length %d", json), "endstream", "")
			return pdfStream("/Length %d", []byte(inner))
		}),
		file("pdf-stream-of-a-page", undetermined, none, func(json []byte) string { return pdfStream("/Length %d /Filter /FlateDecode", deflated(json)) }),
		file("pdf-nested-deep", undetermined, none, func(json []byte) string {
			return pdfStream(attached+" /Params "+strings.Repeat("[", 40)+strings.Repeat("]", 40)+" /Length %d", json)
		}),
		file("pdf-dictionary-large", undetermined, none, func(json []byte) string {
			return pdfStream(attached+" /Params ("+strings.Repeat("a", 70<<10)+") /Length %d", json)
		}),
		whole("pdf-never-ending", undetermined, none, func([]byte) []byte {
			return []byte("%PDF-1.7\n" + strings.Repeat("1 0 obj <<((", 1<<15) + strings.Repeat("1 0 obj << /A [[", 1<<15) + strings.Repeat("1 0 obj % x", 1<<15))
		}),
	}
	html := func(name, verdict, code string, change func(page string) string) attack {
		return whole(name, verdict, code, func(json []byte) []byte { return []byte(change(string(withHTML(json)))) })
	}
	replace := func(name, verdict, code, old, new string) attack {
		return html(name, verdict, code, func(page string) string { return strings.Replace(page, old, new, 1) })
	}
	block := func(name, verdict, code, text string) attack {
		return whole(name, verdict, code, func([]byte) []byte { return htmlPage(text) })
	}
	const broken = "html-malformed"
	// in writes the credential into something else.
	in := func(name, verdict, code string, make func(json string) string) attack {
		return whole(name, verdict, code, func(json []byte) []byte { return []byte(make(string(json))) })
	}
	quoted := func(s string) string { return string(encode(s)) }
	base64URL := func(mediaType, s string) string {
		return "data:" + mediaType + ";base64," + base64.StdEncoding.EncodeToString([]byte(s))
	}
	jwt := func(*academy) string {
		return string(token(header("EdDSA", keyID, "JWT"), claims(credential()), edKey("first")))
	}
	inJWT := func(name, verdict, code string, make func(jwt string) string) attack {
		return attack{name, verdict, code, func(a *academy) []byte { return []byte(make(jwt(a))) }}
	}
	brewing := func(s string) string { return string(forged([]byte(s))) }
	// endless is long and is nothing: a reader that tries again at each of its letters
	// would take hours.
	endless := func(name, code, before, again, after string) attack {
		return whole(name+"-without-end", undetermined, code, func([]byte) []byte {
			return []byte(before + strings.Repeat(again, 200_000) + after)
		})
	}
	wrappers := []attack{
		endless("spaces", "form-unsupported", "eyJ", " ", "a"),
		endless("payload", "not-a-credential", `{"signature": "x", "payload": "`, "=", `x"}`),
		endless("tokens", "form-unsupported", "{", "eyJ", "."),
		endless("names", "not-a-credential", "{", `"type":1,`, `"a":1}`),
		endless("padding", "form-unsupported", "data:application/vc;base64,", "=", "x"),
		endless("media-type", "form-unsupported", "data:a", " ", "b,x"),
		in("in-an-array", valid, "ok", func(s string) string { return "[" + s + "]" }),
		in("in-a-wrapper", valid, "ok", func(s string) string { return `{"data":{"badge":` + s + `}}` }),
		in("in-a-wrapper-thrice", valid, "ok", func(s string) string {
			return `{"json":` + quoted(`{"json":`+quoted(`{"credential":`+s+`}`)+`}`) + `}`
		}),
		in("in-a-wrapper-five-times", undetermined, "not-a-credential", func(s string) string {
			for range 5 {
				s = `{"json":` + quoted(s) + `}`
			}
			return s
		}),
		in("in-a-wrapper-nine-deep", undetermined, "not-a-credential", func(s string) string {
			return strings.Repeat(`{"a":`, 10) + s + strings.Repeat("}", 10)
		}),
		in("in-a-wrapper-ten-thousand-deep", undetermined, "not-a-credential", func(s string) string {
			return strings.Repeat("[", 9000) + s + strings.Repeat("]", 9000)
		}),
		in("in-a-wrapper-that-contradicts", valid, "ok", func(s string) string {
			return `{"issuer":"did:web:evil.example","name":"Surgery","validUntil":"2999-01-01T00:00:00Z","credential":` + s + `}`
		}),
		in("in-a-wrapper-forged", invalid, "signature-invalid", func(s string) string { return `{"verified":true,"credential":` + brewing(s) + `}` }),
		in("in-a-wrapper-one-forged", undetermined, "input-several: valid ok, invalid signature-invalid", func(s string) string {
			return `{"credential":` + s + `,"other":` + brewing(s) + `}`
		}),
		in("in-a-wrapper-one-name-twice", undetermined, "input-several: valid ok, invalid signature-invalid", func(s string) string {
			return `{"credential":` + s + `,"credential":` + brewing(s) + `}`
		}),
		in("in-a-wrapper-names-twice", valid, "ok", func(s string) string { return `{"a":1,"a":2,"credential":` + s + `,"A":3}` }),
		in("in-a-wrapper-with-names-twice", invalid, "json-duplicate-name", func(s string) string {
			return `{"credential":{"issuer":"did:web:evil.example",` + s[1:] + `}`
		}),
		in("in-a-wrapper-that-is-signed", invalid, "proof-malformed & context-first", func(s string) string {
			return `{"@context":["https://evil.example/context"],"proof":{"type":"DataIntegrityProof"},"credential":` + s + `}`
		}),
		in("in-a-message-with-a-proof", valid, "ok", func(s string) string { return `{"proof":{"jwt":"x"},"credential":` + s + `}` }),
		in("in-an-array-of-a-million", valid, "ok", func(s string) string { return "[" + strings.Repeat("0,", 1<<20) + s + "]" }),
		in("in-lines", undetermined, "input-several: valid ok, invalid signature-invalid", func(s string) string { return s + "\n" + brewing(s) + "\n" }),
		in("in-lines-one-broken", invalid, "json-syntax", func(s string) string { return s + "\n" + s[:len(s)-1] }),
		in("in-quotes", valid, "ok", quoted),
		in("in-quotes-forged", invalid, "signature-invalid", func(s string) string { return quoted(brewing(s)) }),
		in("in-a-url", valid, "ok", func(s string) string { return base64URL("application/vc", s) }),
		in("in-a-url-escaped", valid, "ok", func(s string) string { return "data:application/vc+ld+json," + url.PathEscape(s) }),
		in("in-a-url-badly-escaped", undetermined, "form-unsupported", func(s string) string { return "data:application/vc," + s + "%" }),
		in("in-a-url-in-a-url", undetermined, "form-unsupported", func(s string) string {
			return base64URL("text/plain", base64URL("application/vc", s))
		}),
		in("in-a-picture-in-a-url", valid, "ok", func(s string) string { return base64URL("image/png", string(bakedPNG([]byte(s)))) }),
		in("with-a-mark-inside", invalid, "json-syntax", func(s string) string { return "{\ufeff" + s[1:] }),
		in("with-two-marks", undetermined, "form-unsupported", func(s string) string { return "\ufeff\ufeff" + s }),
		inJWT("jwt-in-a-wrapper", valid, "ok", func(s string) string { return `{"jwt":"` + s + `"}` }),
		inJWT("jwt-beside-an-access-token", valid, "ok", func(s string) string {
			return `{"access_token":"eyJhbGciOiJub25lIn0.eyJpc3MiOiJ4In0.","credentials":[{"credential":"` + s + `"}]}`
		}),
		inJWT("jwt-in-quotes-with-escapes", valid, "ok", func(s string) string { return `"\u0065` + s[1:] + `"` }),
		inJWT("jwt-in-quotes-with-more", undetermined, "form-unsupported", func(s string) string { return `"` + s + `" "` + s + `"` }),
		inJWT("jwt-of-a-bearer", valid, "ok", func(s string) string { return "Bearer " + s }),
		inJWT("jwt-in-lines", valid, "ok", func(s string) string { return wrap(s, 76, "\r\n") }),
		inJWT("jwt-in-lines-of-each", undetermined, "input-several: valid ok, valid ok", func(s string) string { return s + "\n" + s + "\r\n" }),
		inJWT("jwt-in-lines-forged", invalid, "signature-invalid", func(s string) string {
			i := strings.LastIndexByte(s, '.') + 9
			return wrap(s[:i]+map[bool]string{true: "B", false: "A"}[s[i] == 'A']+s[i+1:], 76, "\n")
		}),
		{"jwt-unsigned-in-a-wrapper", invalid, "algorithm-forbidden", func(*academy) []byte {
			return []byte(`{"jwt":"eyJhbGciOiJub25lIn0.` + base64.RawURLEncoding.EncodeToString(encode(credential())) + `."}`)
		}},
		{"answer-of-a-badge-server", undetermined, "input-several: valid ok, valid ok", func(a *academy) []byte {
			return encode(object{"credential": []any{decode(a.sign(credential()))}, "compactJwsString": []any{jwt(a)}})
		}},
		{"european-compact", undetermined, "european-credential", func(*academy) []byte {
			return token(header("EdDSA", keyID, "JWT"), with(credential(), object{"@context": []any{contextV2, "http://data.europa.eu/snb/model/context/edc-ap"}}), edKey("first"))
		}},
		{"european-unsigned", undetermined, "european-credential", func(*academy) []byte {
			return encode(with(credential(), object{"type": []any{"VerifiableCredential", "EuropeanDigitalCredential"}}))
		}},
		{"european-in-json", undetermined, "european-credential", func(*academy) []byte {
			return encode(object{"payload": `{"@context":["http://data.europa.eu/snb/model/context/edc-ap"]}`, "signatures": []any{object{"protected": "e30", "signature": "AA"}}})
		}},
		in("blockcerts", undetermined, "blockcerts", func(s string) string {
			return string(encode(with(decode([]byte(s)), object{"proof": object{"type": "MerkleProof2019", "proofValue": "z7"}})))
		}),
		in("blockcerts-beside-a-forged-proof", invalid, "signature-invalid", func(s string) string {
			doc := decode([]byte(brewing(s)))
			doc["proof"] = append(doc["proof"].([]any), object{"type": "MerkleProof2019"})
			return string(encode(doc))
		}),
		{"blockcerts-2", undetermined, "blockcerts", func(*academy) []byte {
			return encode(object{"@context": []any{"https://w3id.org/openbadges/v2", "https://w3id.org/blockcerts/v2"}, "type": "Assertion", "badge": object{}, "verification": object{}, "signature": object{"type": []any{"MerkleProof2017", "Extension"}}})
		}},
	}
	return append(slices.Concat(pdfs, wrappers), []attack{
		whole("html", valid, "ok", withHTML),
		{"html-jwt", valid, "ok", func(*academy) []byte {
			return withHTML(token(header("EdDSA", keyID, "JWT"), claims(credential()), edKey("first")))
		}},
		replace("html-other-words", valid, "ok", "Ana Example", "Somebody Else"),
		replace("html-name-in-a-script", valid, "ok", "<script>doc", `<script>"<script type=\"application/json\" id=\"file-credential\">";doc`),
		html("html-in-capitals", undetermined, broken, func(page string) string {
			return strings.Replace(page, `<script type="application/json" id="file-credential"`, `<SCRIPT TYPE="application/json" ID="file-credential"`, 1)
		}),
		replace("html-forged", invalid, "signature-invalid", "Planing", "Brewing"),
		html("html-two", undetermined, "input-several: valid ok, invalid signature-invalid", func(page string) string {
			second := htmlBlock(page[strings.Index(page, `"{`) : strings.Index(page, `}"`)+2])
			return strings.Replace(page, "</body>", strings.Replace(second, "Planing", "Brewing", 1)+"</body>", 1)
		}),
		html("html-two-one-in-a-comment", undetermined, "input-several: undetermined not-a-credential, valid ok", func(page string) string {
			return strings.Replace(page, "<p>", "<!-- "+htmlBlock(`"{}"`)+" --><p>", 1)
		}),
		html("html-two-written-otherwise", undetermined, broken, func(page string) string {
			return strings.Replace(page, "</body>", `<script id="file-credential" type="application/json">"{}"</script></body>`, 1)
		}),
		replace("html-written-otherwise", undetermined, broken, `type="application/json" id="file-credential"`, `id="file-credential" type="application/json"`),
		html("html-cut", undetermined, broken, func(page string) string { return page[:strings.Index(page, "file-credential")+400] }),
		html("html-cut-in-the-tag", undetermined, broken, func(page string) string {
			return page[:strings.Index(page, "file-credential")+len("file-credential")]
		}),
		html("html-cut-before", undetermined, "html-page", func(page string) string { return page[:strings.Index(page, "<p>")] }),
		block("html-empty", undetermined, broken, ""),
		block("html-no-string", undetermined, broken, `{"a":1}`),
		block("html-two-strings", undetermined, broken, `"a" "b"`),
		block("html-no-credential", undetermined, broken, `"hello"`),
		block("html-page-inside", undetermined, broken, `"\u003c!doctype html\u003e"`),
		block("html-half-a-pair", undetermined, broken, `"{\"a\":\"\ud800\"}"`),
		block("html-not-utf8", undetermined, broken, "\"{\\\"a\\\":\\\"\xff\\\"}\""),
		block("html-large", undetermined, broken, `"`+strings.Repeat(" ", 1<<20)+`{}"`),
		block("html-json", undetermined, "not-a-credential", `"{\"a\":1}"`),
		block("html-not-json", invalid, "json-syntax", `"{\"credentialSubject\":}"`),
		whole("html-of-somebody-else", valid, "ok", func(json []byte) []byte {
			return []byte("<!DOCTYPE html><html><script type=\"application/ld+json\">" + string(json) + "</script><p>Certificate</p></html>")
		}),
		whole("html-and-another-in-a-script", undetermined, "input-several: valid ok, invalid signature-invalid", func(json []byte) []byte {
			return bytes.Replace(withHTML(json), []byte("<body>"), []byte("<body><script type='application/ld+json'>"+string(forged(json))+"</script>"), 1)
		}),
		whole("html-and-other-data", valid, "ok", func(json []byte) []byte {
			return bytes.Replace(withHTML(json), []byte("<body>"), []byte(`<body><script type="application/ld+json">{"@context":"https://schema.org","@type":"Course"}</script>`), 1)
		}),
		whole("html-in-a-picture", undetermined, "image-malformed", func(json []byte) []byte {
			return writePNG(append(readPNG(plainPNG())[:1], append([]chunk{{"iTXt", append([]byte("openbadgecredential\x00\x00\x00\x00\x00"), withHTML(json)...)}}, readPNG(plainPNG())[1:]...)...))
		}),
		signed("subject-unnamed", valid, "ok", func(doc object) {
			subjectOf(doc)["id"] = "urn:uuid:5f0f1a8c-7c55-4a58-9f0d-2b8f6a0c9d02"
			delete(subjectOf(doc), "identifier")
		}),
	}...)
}
