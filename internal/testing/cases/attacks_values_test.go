package cases

import (
	"fmt"
	"slices"
	"strings"
)

// valueCases are about single values, written and read in many ways: what two
// JSON parsers, two RDF serialisers and two calendars may see differently.
func valueCases() []attack {
	return slices.Concat(texts(), spelledTexts(), numbers(), dates(), ids())
}

// texts are names that the issuer signed.
func texts() []attack {
	var all []attack
	for name, text := range (sequence[string]{
		{"empty", ""},
		{"spaces", "   "},
		{"spaces-around", "  Woodworking\t"},
		{"line-breaks", "Wood\nwor\r\nking\r"},
		{"tab", "Wood\tworking"},
		{"controls", "\x01\x02\x08\x0b\x0c\x0e\x1f"},
		{"nul", "Wood\x00working"},
		{"delete", "Wood\x7fworking"},
		{"c1-controls", "Wood\u0080\u0085\u009fworking"},
		{"quotes", `"Wood" 'working' \ \\ \" \n`},
		{"separators", "Wood\u2028work\u2029ing"},
		{"no-break-space", "Wood\u00a0working"},
		{"composed", "M\u00e9tier"},
		{"decomposed", "Me\u0301tier"},
		{"arabic", "نجارة"},
		{"hebrew-with-marks", "\u200fנגרות\u200e"},
		{"bidi-override", "Wood\u202egnikrow\u202c"},
		{"emoji", "👩🏽\u200d🏭 🪚"},
		{"astral", "\U00010348\U0001f600\U0010fffd"},
		{"noncharacters", "\ufdd0\uffff\ufffe\U0001ffff"},
		{"replacement", "Wood\ufffdworking"},
		{"byte-order-mark", "\ufeffWoodworking"},
		{"private-use", "\ue000\U000f0000"},
		{"zero-width", "Wood\u200bworking\u2060"},
		{"markup", "<script>alert(1)</script>&amp;&#x41;"},
		{"template", "{{.Name}} ${name} %s %n"},
		{"like-a-blank-node", "_:c14n0"},
		{"like-an-iri", "<https://example.org/>"},
		{"like-a-quad", "x\" .\n<a:b> <c:d> \"e"},
		{"like-a-keyword", "@id"},
		{"like-a-literal", `"x"^^<http://www.w3.org/2001/XMLSchema#integer>`},
		{"long", strings.Repeat("Wood ", 10_000)},
	}).all() {
		all = append(all, signed("text-"+name, valid, "ok", func(doc object) { doc["name"] = text }))
	}
	return all
}

// spelledTexts are good credentials in other JSON.
func spelledTexts() []attack {
	text := func(name, verdict, code string, change func(s string) string) attack {
		return attack{name, verdict, code, func(a *academy) []byte { return []byte(change(string(a.sign(credential())))) }}
	}
	return []attack{
		text("spelled-with-escapes", valid, "ok", func(s string) string {
			return strings.ReplaceAll(s, "Woodworking", `\u0057ood\u0077orking`)
		}),
		text("spelled-with-escaped-names", valid, "ok", func(s string) string { return strings.Replace(s, `"issuer"`, `"\u0069ssuer"`, 1) }),
		text("spelled-with-escaped-slashes", valid, "ok", func(s string) string { return strings.ReplaceAll(s, "/", `\/`) }),
		text("spelled-with-spaces", valid, "ok", func(s string) string { return "\r\n\t " + strings.ReplaceAll(s, `":`, "\" \n:\t") + "\n\n" }),
		text("spelled-with-capital-hex", valid, "ok", func(s string) string { return strings.Replace(s, "sawing, joining", `sawing\u002C joining`, 1) }),
		text("spelled-proof-first", valid, "ok", func(s string) string {
			at := strings.LastIndex(s, `,"proof":`)
			return "{" + s[at+1:len(s)-1] + "," + s[1:at] + "}"
		}),
	}
}

// numbers are credits that the issuer signed, and other ways to write one.
func numbers() []attack {
	credits := func(name, verdict, code string, n float64, spelled string) attack {
		return attack{"number-" + name, verdict, code, func(a *academy) []byte {
			doc := credential()
			achievementOf(doc)["creditsAvailable"] = n
			text := string(a.sign(doc))
			if spelled == "" {
				return []byte(text)
			}
			written := `"creditsAvailable":` + string(encode(n))
			if !strings.Contains(text, written) {
				panic("cases: no " + written)
			}
			return []byte(strings.Replace(text, written, `"creditsAvailable":`+spelled, 1))
		}}
	}
	var all []attack
	for _, n := range []float64{0, 1, 3, 0.1, 0.5, 4.5, 33.33, 100, 1e5, 1e20, 1e21, 1e22, 1e-6, 1e-7, 123456789012, 1.5e300, 5e-324, 9007199254740991} {
		all = append(all, credits(fmt.Sprint(n), valid, "ok", n, ""))
	}
	return append(all,
		credits("100-with-exponent", valid, "ok", 100, "1e2"),
		credits("100-with-capital-exponent", valid, "ok", 100, "1.0E+2"),
		credits("100-with-fraction", valid, "ok", 100, "100.000"),
		credits("zero-negative", undetermined, "json-number", 0, "-0"),
		credits("zero-with-exponent", valid, "ok", 0, "0e0"),
		credits("as-text", invalid, "schema", 100, `"100"`),
		credits("changed", invalid, "signature-invalid", 100, "101"),
		credits("zero-made-1e-7", invalid, "signature-invalid", 0, "1e-7"),
		credits("a-bit-more", invalid, "signature-invalid", 0.1, "0.1000000000000001"),
		// JSON-LD 1.1 writes a number with 16 digits, so that the 17th would say nothing.
		credits("a-17th-digit-more", invalid, "value-lost", 0.1, "0.10000000000000002"),
	)
}

// dates are ends of validity that the issuer signed.
func dates() []attack {
	end := func(name, verdict, code, date string) attack {
		return signed("date-"+name, verdict, code, func(doc object) { doc["validUntil"] = date })
	}
	return []attack{
		end("half-second", valid, "ok", "2028-01-15T09:00:00.5Z"),
		end("nanoseconds", valid, "ok", "2028-01-15T09:00:00.123456789Z"),
		end("more-than-nanoseconds", valid, "ok", "2028-01-15T09:00:00.1234567890123Z"),
		end("point-without-digits", invalid, "date-malformed", "2028-01-15T09:00:00.Z"),
		end("comma", invalid, "date-malformed", "2028-01-15T09:00:00,5Z"),
		end("zone-east", valid, "ok", "2028-01-15T09:00:00+05:45"),
		end("zone-14", valid, "ok", "2028-01-15T09:00:00-14:00"),
		end("zone-beyond-14", invalid, "date-malformed", "2028-01-15T09:00:00+14:01"),
		end("zone-minus-zero", valid, "ok", "2028-01-15T09:00:00-00:00"),
		end("zone-without-colon", invalid, "date-malformed", "2028-01-15T09:00:00+0100"),
		end("zone-hours-only", invalid, "date-malformed", "2028-01-15T09:00:00+01"),
		end("hour-24", invalid, "schema", "2028-01-15T24:00:00Z"),
		end("hour-24-and-more", invalid, "date-malformed", "2028-01-15T24:00:01Z"),
		end("minute-60", invalid, "date-malformed", "2028-01-15T09:60:00Z"),
		end("without-seconds", invalid, "date-malformed", "2028-01-15T09:00Z"),
		end("month-13", invalid, "date-malformed", "2028-13-15T09:00:00Z"),
		end("month-0", invalid, "date-malformed", "2028-00-15T09:00:00Z"),
		end("day-0", invalid, "date-malformed", "2028-01-00T09:00:00Z"),
		end("day-31-april", invalid, "date-malformed", "2028-04-31T09:00:00Z"),
		end("29-february-2100", invalid, "date-malformed", "2100-02-29T09:00:00Z"),
		end("29-february-2400", valid, "ok", "2400-02-29T09:00:00Z"),
		end("year-five-digits", invalid, "schema", "12028-01-15T09:00:00Z"),
		end("year-leading-zero", invalid, "date-malformed", "02028-01-15T09:00:00Z"),
		end("year-two-digits", invalid, "date-malformed", "28-01-15T09:00:00Z"),
		end("year-negative", invalid, "expired & date-order", "-2028-01-15T09:00:00Z"),
		end("year-plus", invalid, "date-malformed", "+2028-01-15T09:00:00Z"),
		end("year-9999", valid, "ok", "9999-12-31T23:59:59Z"),
		end("one-digit", invalid, "date-malformed", "2028-1-15T09:00:00Z"),
		end("space-after", invalid, "date-malformed", "2028-01-15T09:00:00Z "),
		end("newline-after", invalid, "date-malformed", "2028-01-15T09:00:00Z\n"),
		end("other-digits", invalid, "date-malformed", "２０２８-01-15T09:00:00Z"),
		end("words", invalid, "date-malformed", "15 January 2028"),
		end("week", invalid, "date-malformed", "2028-W03-6T09:00:00Z"),
		end("empty", invalid, "date-malformed", ""),
		end("this-moment-in-another-zone", valid, "ok", "2026-06-01T17:30:00+05:30"),
		end("a-nanosecond-ago", invalid, "expired", "2026-06-01T11:59:59.999999999Z"),
	}
}

// ids are put in the place of the credential's own; a good one breaks the
// signature, a bad one does so too, and with a worse one, which is no IRI, there is
// nothing that a signature could be over.
func ids() []attack {
	id := func(name, code, value string) attack {
		return tamper("id-"+name, invalid, code, func(doc object) { doc["id"] = value })
	}
	const good, bad, worse = "signature-invalid", "signature-invalid & id-malformed", "id-malformed"
	return []attack{
		id("urn", good, "urn:x:y"),
		id("urn-in-capitals", good, "URN:UUID:0B9B3F3E-0D5B-4D2A-9A44-0F8B1F1A2C3D"),
		id("urn-short", bad, "urn:x"),
		id("urn-empty", bad, "urn::"),
		id("https", good, "https://example.org/1"),
		id("https-in-capitals", good, "HTTPS://EXAMPLE.ORG/1"),
		id("https-host-only", good, "https://example.org"),
		id("https-other-letters", good, "https://exämple.org/ü"),
		id("https-arabic", good, "https://example.org/نجارة"),
		id("https-user", good, "https://user:secret@example.org/"),
		id("https-ipv6", good, "https://[::1]/"),
		id("https-no-host", bad, "https://"),
		id("https-only-query", bad, "https://?x"),
		id("https-one-slash", bad, "https:/example.org"),
		id("https-space", worse, "https://example.org/a b"),
		id("https-bad-escape", bad, "https://example.org/%zz"),
		id("https-half-escape", bad, "https://example.org/%4"),
		id("https-two-fragments", bad, "https://example.org/#a#b"),
		id("https-braces", worse, "https://example.org/{a}"),
		id("https-bar", worse, "https://example.org/a|b"),
		id("https-backslash", worse, `https://example.org\a`),
		id("https-quote", worse, `https://example.org/"`),
		id("https-angle", worse, "https://example.org/<a>"),
		id("https-control", worse, "https://example.org/\x01"),
		id("https-delete", bad, "https://example.org/\x7f"),
		id("https-c1", bad, "https://example.org/\u0085"),
		id("https-line-break", worse, "https://example.org/\n"),
		id("did", good, "did:example:abc"),
		id("did-short", bad, "did:example"),
		id("did-empty", bad, "did:example:"),
		id("mailto", good, "mailto:ana@example.org"),
		id("tag", good, "tag:example.org,2026:x"),
		id("javascript", good, "javascript:alert(1)"),
		id("data", good, "data:,x"),
		id("one-letter-scheme", good, "x:y"),
		id("scheme-of-digits", worse, "1:2"),
		id("scheme-only", bad, "urn:"),
		id("colon-first", worse, ":x"),
		id("scheme-relative", worse, "//example.org/1"),
		id("path", worse, "/1"),
		id("query", worse, "?x"),
		id("empty", worse, ""),
		id("dot", worse, "."),
	}
}
