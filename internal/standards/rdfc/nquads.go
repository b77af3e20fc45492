package rdfc

import (
	"regexp"
	"strings"
)

func appendTerm(dst []byte, t *Term) []byte {
	switch t.Kind {
	case IRI:
		return appendIRI(dst, t.Value)
	case Blank:
		dst = append(dst, "_:"...)
		return append(dst, t.Value...)
	}
	dst = append(dst, '"')
	dst = appendEscaped(dst, t.Value)
	dst = append(dst, '"')
	switch {
	case t.Language != "":
		dst = append(dst, '@')
		return append(dst, t.Language...)
	case t.Datatype != "" && t.Datatype != XSDString:
		dst = append(dst, "^^"...)
		return appendIRI(dst, t.Datatype)
	}
	return dst
}

func appendIRI(dst []byte, iri string) []byte {
	dst = append(dst, '<')
	dst = append(dst, iri...)
	return append(dst, '>')
}

// appendEscaped escapes what canonical N-Quads escapes, and nothing else:
// backspace, tab, line feed, form feed, carriage return, quotation mark and
// backslash by a letter, every other control character and DEL as \u00XX.
func appendEscaped(dst []byte, s string) []byte {
	const hexDigits = "0123456789ABCDEF"
	start := 0
	for i := 0; i < len(s); i++ {
		b := s[i]
		if b >= ' ' && b != '"' && b != '\\' && b != 0x7F {
			continue
		}
		dst = append(dst, s[start:i]...)
		start = i + 1
		switch b {
		case '\b':
			dst = append(dst, `\b`...)
		case '\t':
			dst = append(dst, `\t`...)
		case '\n':
			dst = append(dst, `\n`...)
		case '\f':
			dst = append(dst, `\f`...)
		case '\r':
			dst = append(dst, `\r`...)
		case '"', '\\':
			dst = append(dst, '\\', b)
		default:
			dst = append(dst, `\u00`...)
			dst = append(dst, hexDigits[b>>4], hexDigits[b&15])
		}
	}
	return append(dst, s[start:]...)
}

// ValidIRI tells whether s is absolute (has a scheme) and holds no character that
// the IRIREF of N-Quads excludes.
func ValidIRI(s string) bool {
	colon := strings.IndexByte(s, ':')
	if colon < 1 {
		return false
	}
	for i := range colon {
		letter := 'a' <= s[i]|0x20 && s[i]|0x20 <= 'z'
		if !letter && (i == 0 || (s[i] < '0' || s[i] > '9') && s[i] != '+' && s[i] != '-' && s[i] != '.') {
			return false
		}
	}
	for i := colon; i < len(s); i++ {
		switch b := s[i]; {
		case b <= ' ', b == '<', b == '>', b == '"', b == '{', b == '}', b == '|', b == '^', b == '`', b == '\\':
			return false
		}
	}
	return true
}

var language = regexp.MustCompile(`^[A-Za-z]+(-[A-Za-z0-9]+)*$`)

// ValidLanguage tells whether s has the form of a language tag that RDF 1.1
// Turtle and N-Quads can write.
func ValidLanguage(s string) bool { return language.MatchString(s) }
