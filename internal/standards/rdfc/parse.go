package rdfc

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// ParseNQuads reads N-Quads (RDF 1.1 N-Quads, W3C Recommendation): UTF-8 only,
// absolute IRIs, comments and empty lines allowed. What it returns may hold
// duplicates. An error names the line, counted from 1.
func ParseNQuads(data []byte) ([]Quad, error) {
	if !utf8.Valid(data) {
		return nil, errors.New("N-Quads are not UTF-8")
	}
	var quads []Quad
	line := 0
	for rest := string(data); rest != ""; {
		line++
		text := rest
		if i := strings.IndexAny(rest, "\r\n"); i >= 0 {
			text, rest = rest[:i], strings.TrimPrefix(rest[i:], "\r")
			rest = strings.TrimPrefix(rest, "\n")
		} else {
			rest = ""
		}
		p := parser{rest: text}
		q, ok, err := p.statement()
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", line, err)
		}
		if ok {
			quads = append(quads, q)
		}
	}
	return quads, nil
}

// parser reads one line.
type parser struct {
	rest string
}

func (p *parser) space() {
	p.rest = strings.TrimLeft(p.rest, " \t")
}

func (p *parser) atEnd() bool {
	p.space()
	return p.rest == "" || p.rest[0] == '#'
}

// statement reads a quad; ok is false for an empty line or a comment.
func (p *parser) statement() (q Quad, ok bool, err error) {
	if p.atEnd() {
		return q, false, nil
	}
	if q.Subject, err = p.term(); err != nil {
		return q, false, err
	}
	if q.Predicate, err = p.term(); err != nil {
		return q, false, err
	}
	if q.Object, err = p.term(); err != nil {
		return q, false, err
	}
	p.space()
	if !strings.HasPrefix(p.rest, ".") {
		if q.Graph, err = p.term(); err != nil {
			return q, false, err
		}
		p.space()
	}
	if !strings.HasPrefix(p.rest, ".") {
		return q, false, errors.New("statement does not end in a full stop")
	}
	p.rest = p.rest[1:]
	if !p.atEnd() {
		return q, false, errors.New("text after the full stop")
	}
	return q, true, q.check()
}

func (p *parser) term() (Term, error) {
	p.space()
	switch {
	case strings.HasPrefix(p.rest, "<"):
		iri, err := p.iri()
		return Term{Kind: IRI, Value: iri}, err
	case strings.HasPrefix(p.rest, "_:"):
		return p.blank()
	case strings.HasPrefix(p.rest, `"`):
		return p.literal()
	}
	return Term{}, errors.New("not an IRI, blank node or literal")
}

func (p *parser) iri() (string, error) {
	end := strings.IndexByte(p.rest, '>')
	if end < 0 {
		return "", errors.New("IRI does not end")
	}
	iri, err := unescape(p.rest[1:end], false)
	if err != nil {
		return "", err
	}
	p.rest = p.rest[end+1:]
	if !ValidIRI(iri) {
		return "", errors.New("not an absolute IRI")
	}
	return iri, nil
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

func (p *parser) blank() (Term, error) {
	label := p.rest[2:]
	n := 0
	for i, r := range label {
		if !(isLabelStart(r) || '0' <= r && r <= '9' || i > 0 && (r == '-' || r == '.' || isLabelPart(r))) {
			break
		}
		n = i + utf8.RuneLen(r)
	}
	label = strings.TrimRight(label[:n], ".") // a trailing full stop ends the statement
	if label == "" {
		return Term{}, errors.New("blank node has no label")
	}
	p.rest = p.rest[2+len(label):]
	return Term{Kind: Blank, Value: label}, nil
}

// isLabelStart is PN_CHARS_U of the grammar.
func isLabelStart(r rune) bool {
	switch {
	case 'A' <= r && r <= 'Z', 'a' <= r && r <= 'z', r == '_', r == ':':
		return true
	case 0xC0 <= r && r <= 0x2FF:
		return r != 0xD7 && r != 0xF7
	case 0x370 <= r && r <= 0x1FFF:
		return r != 0x37E
	}
	return 0x200C <= r && r <= 0x200D || 0x2070 <= r && r <= 0x218F || 0x2C00 <= r && r <= 0x2FEF ||
		0x3001 <= r && r <= 0xD7FF || 0xF900 <= r && r <= 0xFDCF || 0xFDF0 <= r && r <= 0xFFFD || 0x10000 <= r && r <= 0xEFFFF
}

// isLabelPart is what PN_CHARS adds beyond digits and hyphen.
func isLabelPart(r rune) bool {
	return r == 0xB7 || 0x300 <= r && r <= 0x36F || 0x203F <= r && r <= 0x2040
}

func (p *parser) literal() (Term, error) {
	end := 1
	for end < len(p.rest) && p.rest[end] != '"' {
		if p.rest[end] == '\\' {
			end++
		}
		end++
	}
	if end >= len(p.rest) {
		return Term{}, errors.New("literal does not end")
	}
	value, err := unescape(p.rest[1:end], true)
	if err != nil {
		return Term{}, err
	}
	t := Term{Kind: Literal, Value: value}
	p.rest = p.rest[end+1:]
	switch {
	case strings.HasPrefix(p.rest, "^^<"):
		p.rest = p.rest[2:]
		t.Datatype, err = p.iri()
		if t.Datatype == XSDString {
			t.Datatype = ""
		}
	case strings.HasPrefix(p.rest, "^^"):
		err = errors.New("datatype is not an IRI")
	case strings.HasPrefix(p.rest, "@"):
		n := 1
		for n < len(p.rest) && strings.IndexByte(" \t.", p.rest[n]) < 0 {
			n++
		}
		t.Language = p.rest[1:n]
		p.rest = p.rest[n:]
		if !ValidLanguage(t.Language) {
			err = errors.New("not a language tag")
		}
	}
	return t, err
}

// ValidLanguage tells whether s has the form of a language tag that RDF 1.1
// Turtle and N-Quads can write: [a-zA-Z]+ ('-' [a-zA-Z0-9]+)*.
func ValidLanguage(s string) bool {
	for i, part := range strings.Split(s, "-") {
		if part == "" {
			return false
		}
		for _, b := range []byte(part) {
			letter := 'a' <= b|0x20 && b|0x20 <= 'z'
			if !letter && (i == 0 || b < '0' || b > '9') {
				return false
			}
		}
	}
	return true
}

// unescape resolves \uXXXX and \UXXXXXXXX, and in literals ECHAR too.
func unescape(s string, literal bool) (string, error) {
	if !strings.Contains(s, `\`) {
		return s, nil
	}
	var b strings.Builder
	for s != "" {
		i := strings.IndexByte(s, '\\')
		if i < 0 {
			b.WriteString(s)
			break
		}
		b.WriteString(s[:i])
		s = s[i+1:]
		if s == "" {
			return "", errors.New("escape does not end")
		}
		kind := s[0]
		s = s[1:]
		switch {
		case kind == 'u' || kind == 'U':
			digits := 4
			if kind == 'U' {
				digits = 8
			}
			r, err := codePoint(s, digits)
			if err != nil {
				return "", err
			}
			b.WriteRune(r)
			s = s[digits:]
		case literal && strings.IndexByte(`tbnrf"'\`, kind) >= 0:
			b.WriteByte(map[byte]byte{'t': '\t', 'b': '\b', 'n': '\n', 'r': '\r', 'f': '\f', '"': '"', '\'': '\'', '\\': '\\'}[kind])
		default:
			return "", errors.New("unknown escape")
		}
	}
	return b.String(), nil
}

func codePoint(s string, digits int) (rune, error) {
	if len(s) < digits || strings.ContainsAny(s[:digits], "+-_") {
		return 0, errors.New("escape is too short")
	}
	n, err := strconv.ParseUint(s[:digits], 16, 32)
	if err != nil || n > utf8.MaxRune || !utf8.ValidRune(rune(n)) {
		return 0, errors.New("escape is no code point")
	}
	return rune(n), nil
}
