package cases

import (
	"bytes"
	"strings"
	"unicode/utf16"
)

// jsonAttacks are about the text of a document: two parsers must not read two
// documents from one text.
func jsonAttacks() []attack {
	// text changes the text of a signed credential.
	text := func(name, code string, change func(s string) string) attack {
		return attack{name, invalid, code, func(a *academy) []byte { return []byte(change(string(a.sign(credential())))) }}
	}
	insert := func(name, code, member string) attack {
		return text(name, code, func(s string) string { return "{" + member + "," + s[1:] })
	}
	replace := func(name, code, old, new string) attack {
		return text(name, code, func(s string) string {
			if !strings.Contains(s, old) {
				panic("cases: the credential has no " + old)
			}
			return strings.Replace(s, old, new, 1)
		})
	}
	// tooMuch is well-formed JSON that is refused for its size or its numbers.
	tooMuch := func(name, code, member string) attack {
		a := insert(name, code, member)
		a.verdict = undetermined
		return a
	}
	whole := func(name, verdict, code, s string) attack {
		return attack{name, verdict, code, func(*academy) []byte { return []byte(s) }}
	}
	return []attack{
		whole("empty", undetermined, "input-empty", ""),
		whole("space", undetermined, "input-empty", " \n\t\r "),
		whole("list", undetermined, "not-a-credential", "[]"),
		whole("open-brace", undetermined, "form-unsupported", "{"),
		whole("no-members", undetermined, "not-a-credential", "{}"),
		text("cut", "json-syntax", func(s string) string { return s[:len(s)-1] }),
		text("trailing-object", "json-syntax", func(s string) string { return s + "{}" }),
		text("trailing-brace", "json-syntax", func(s string) string { return s + "}" }),
		text("trailing-nul", "json-syntax", func(s string) string { return s + "\x00" }),
		text("trailing-comma", "json-syntax", func(s string) string { return s[:len(s)-1] + ",}" }),
		text("comment", "json-syntax", func(s string) string { return s[:1] + "/* */" + s[1:] }),
		text("form-feed", "json-syntax", func(s string) string { return s[:1] + "\f" + s[1:] }),
		text("no-break-space", "json-syntax", func(s string) string { return s[:1] + "\u00a0" + s[1:] }),
		text("single-quotes", "json-syntax", func(s string) string { return strings.ReplaceAll(s, `"`, `'`) }),
		text("nul-between-tokens", "json-syntax", func(s string) string { return s[:1] + "\x00" + s[1:] }),
		replace("nul-in-a-string", "json-syntax", "Woodworking", "Wood\x00working"),
		replace("newline-in-a-string", "json-syntax", "Woodworking", "Wood\nworking"),
		replace("bad-utf8", "json-syntax", "Woodworking", "Wood\xffworking"),
		replace("overlong-utf8", "json-syntax", "Woodworking", "Wood\xc0\xafworking"),
		replace("surrogate-in-utf8", "json-syntax", "Woodworking", "Wood\xed\xa0\x80working"),
		replace("lone-high-surrogate", "json-syntax", "Woodworking", `Wood\ud800working`),
		replace("lone-low-surrogate", "json-syntax", "Woodworking", `Wood\udc00working`),
		replace("surrogates-turned-round", "json-syntax", "Woodworking", `Wood\udc00\ud800working`),
		replace("bad-escape", "json-syntax", "Woodworking", `Wood\xworking`),
		replace("escaped-nul", "signature-invalid", "Woodworking", `Wood\u0000working`),
		{"byte-order-mark", valid, "ok", func(a *academy) []byte { return append([]byte("\ufeff"), a.sign(credential())...) }},
		{"utf-16", valid, "ok", func(a *academy) []byte {
			var b bytes.Buffer
			b.WriteString("\xff\xfe")
			for _, unit := range utf16.Encode([]rune(string(a.sign(credential())))) {
				b.WriteByte(byte(unit))
				b.WriteByte(byte(unit >> 8))
			}
			return b.Bytes()
		}},
		insert("duplicate-issuer", "json-duplicate-name", `"issuer":"did:web:evil.example"`),
		insert("duplicate-context", "json-duplicate-name", `"@context":"https://www.w3.org/ns/credentials/v2"`),
		insert("duplicate-proof", "json-duplicate-name", `"proof":[]`),
		insert("duplicate-escaped", "json-duplicate-name", `"\u0069ssuer":"did:web:evil.example"`),
		insert("duplicate-equal", "json-duplicate-name", `"awardedDate":"2026-01-10T00:00:00Z"`),
		replace("duplicate-inside", "json-duplicate-name", `"name":"Woodworking"`, `"name":"Surgery","name":"Woodworking"`),
		insert("case-folded-issuer", "json-duplicate-name", `"Issuer":"did:web:evil.example"`),
		insert("long-s", "json-duplicate-name", `"iſſuer":"did:web:evil.example"`),
		insert("case-folded-type", "json-duplicate-name", `"TYPE":["VerifiableCredential"]`),
		insert("kelvin-sign", "json-duplicate-name", `"K":1,"k":2`),
		insert("prototype", "term-undefined", `"__proto__":{"issuer":"did:web:evil.example"}`),
		insert("constructor", "term-undefined", `"constructor":{"prototype":{"issuer":"did:web:evil.example"}}`),
		insert("empty-name", "term-undefined", `"":"x"`),
		tooMuch("deep-objects", "json-too-deep", `"a":`+strings.Repeat(`{"a":`, 100)+"1"+strings.Repeat("}", 100)),
		tooMuch("deep-arrays", "json-too-deep", `"a":`+strings.Repeat("[", 100000)+strings.Repeat("]", 100000)),
		tooMuch("large", "json-too-large", `"a":"`+strings.Repeat("a", 1<<20)+`"`),
		tooMuch("number-beyond-double", "json-number", `"a":1e400`),
		tooMuch("number-beyond-2-53", "json-number", `"a":9007199254740993`),
		tooMuch("number-of-thousand-digits", "json-number", `"a":`+strings.Repeat("9", 1000)),
		tooMuch("number-not-exact", "json-number", `"a":0.1000000000000000055511151231257827`),
		insert("number-with-plus", "json-syntax", `"a":+1`),
		insert("number-hex", "json-syntax", `"a":0x10`),
		insert("number-nan", "json-syntax", `"a":NaN`),
		insert("number-leading-zero", "json-syntax", `"a":012`),
		whole("text", undetermined, "form-unsupported", "hello"),
		whole("html", undetermined, "html-page", "<!doctype html><title>x</title>"),
		whole("hello", undetermined, "not-a-credential", `{"hello":"world"}`),
	}
}
