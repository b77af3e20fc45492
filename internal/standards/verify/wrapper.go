package verify

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"laurel/internal/material/text"
	"laurel/internal/standards/bake"
	"laurel/internal/standards/jsonld"
	"laurel/internal/standards/vc"
)

// item is one thing of an input: what was opened of it, or why nothing was.
type item struct {
	opened
	finding
}

// one puts the items of an input together for who asks for one document.
func one(list []item) (opened, finding) {
	if len(list) == 1 {
		return list[0].opened, list[0].finding
	}
	return opened{format: FormatJSON}, unknown("input-several", "count", len(list))
}

// utf8Of takes the byte order mark off a text, and writes UTF-16 that has one as UTF-8
// (RFC 8259, 8.1: a reader may ignore the mark). Other bytes come back as they are.
func utf8Of(data []byte) []byte {
	if rest, ok := bytes.CutPrefix(data, []byte("\ufeff")); ok {
		return rest
	}
	var order binary.ByteOrder = binary.LittleEndian
	rest, ok := bytes.CutPrefix(data, []byte("\xff\xfe"))
	if !ok {
		order = binary.BigEndian
		if rest, ok = bytes.CutPrefix(data, []byte("\xfe\xff")); !ok {
			return data
		}
	}
	if len(rest)%2 != 0 {
		return data
	}
	out := make([]byte, 0, len(rest))
	for ; len(rest) > 0; rest = rest[2:] {
		r := rune(order.Uint16(rest))
		if utf16.IsSurrogate(r) {
			if len(rest) < 4 {
				return data
			}
			if r = utf16.DecodeRune(r, rune(order.Uint16(rest[2:]))); r == utf8.RuneError {
				return data
			}
			rest = rest[2:]
		}
		out = utf8.AppendRune(out, r)
	}
	return out
}

// compactForm is that of a JWS or SD-JWT.
var (
	compactForm = regexp.MustCompile(`^eyJ[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*(~.*)?$`)
	bearerForm  = regexp.MustCompile(`^(?i:bearer)[ \t]+`)
	brokenForm  = regexp.MustCompile(`^eyJ[A-Za-z0-9_~. \t\r\n-]*$`)
	lineSpace   = regexp.MustCompile(`[ \t\r\n]+`)
	lineEnd     = regexp.MustCompile(`[ \t]*[\r\n]+[ \t]*`)

	// base64Form is that of JSON, a JWS or a picture in base64.
	base64Form = regexp.MustCompile(`^(?:e[wy]|W3|ZXlK|iVBORw0KGgo|PHN2Z)[A-Za-z0-9+/_ \t\r\n-]{32,}=*$`)
	quotedByte = regexp.MustCompile(`=(?:\r?\n|[0-9A-Fa-f]{2})`)
	fenceBegin = regexp.MustCompile("^```[A-Za-z0-9+-]*[ \t]*\r?\n")
)

// enclosings are what people and programs that write mail put around a text.
var enclosings = [][2]string{{"<", ">"}, {"“", "”"}, {"„", "“"}, {"„", "”"}, {"«", "»"}, {"»", "«"}, {"‘", "’"}}

// isQuoted tells a text in which lines that go on end as in mail (RFC 2045, 6.7): no JSON
// and no JWS has that in it.
func isQuoted(data []byte) bool {
	return bytes.Contains(data, []byte("=\n")) || bytes.Contains(data, []byte("=\r\n"))
}

// unquoted is a text as it was before it was made quoted-printable.
func unquoted(data []byte) []byte {
	return quotedByte.ReplaceAllFunc(data, func(m []byte) []byte {
		b, _ := hex.DecodeString(string(m[1:]))
		return b
	})
}

// fromBase64 reads base64 of either alphabet, padded or not, with white space in it or
// not; nil if it is none.
func fromBase64(s string) []byte {
	s = strings.NewReplacer("+", "-", "/", "_", " ", "", "\t", "", "\r", "", "\n", "").Replace(s)
	data, _ := text.Base64URL(strings.TrimRight(s, "="))
	return data
}

// isCompact tells text that can only be meant as a JWS or SD-JWT.
func isCompact(data []byte) bool { return compactForm.Match(data) }

// claimMarks are what stands in what is, or once was, a credential of some kind.
var claimMarks = regexp.MustCompile(`credentialSubject|Verifiable(?:Credential|Presentation)|(?:openbadge|clr)credential|openbadges[:\x00]|w3id\.org/openbadges|MerkleProof20|data\.europa\.eu/snb|eyJ[A-Za-z0-9_-]{6,}\.eyJ[A-Za-z0-9_-]{6,}\.`)

// payloadMarks are those of a token's payload.
var payloadMarks = regexp.MustCompile(`credentialSubject|Verifiable(?:Credential|Presentation)|"v(?:c|p|ct)"[ \t\r\n]*:|"badge"|data\.europa\.eu/snb`)

// hasMarks tells whether bytes look as if there were a credential in them.
func hasMarks(data []byte) bool { return claimMarks.Match(data) }

// openText takes the documents out of a text without white space around it: JSON, a JWS
// or SD-JWT, each also in what people keep them in. Level counts the texts that this
// one was written in. Nil: it is none of these.
func openText(data []byte, level int) []item {
	if isCompact(data) {
		return alone(openJWT(string(data)))
	}
	if level > maxTexts || len(data) == 0 {
		return nil
	}
	inside := func(data []byte) []item { return openText(text.TrimBytes(data), level+1) }
	if strings.IndexByte(`"{[e`, data[0]) >= 0 && isQuoted(data) {
		return inside(unquoted(data))
	}
	if m := fenceBegin.Find(data); m != nil && len(data) > len(m)+3 && bytes.HasSuffix(data, []byte("```")) {
		return inside(data[len(m) : len(data)-3])
	}
	for _, e := range enclosings {
		if rest, ok := bytes.CutPrefix(data, []byte(e[0])); ok {
			if rest, ok = bytes.CutSuffix(rest, []byte(e[1])); ok {
				return inside(rest)
			}
		}
	}
	switch first, last := data[0], data[len(data)-1]; {
	case first == '{' || first == '[':
		return openJSON(data, level)
	case first == 'e' && brokenForm.Match(data):
		lines := lineEnd.Split(string(data), -1)
		if !slices.ContainsFunc(lines, func(line string) bool { return !isCompact([]byte(line)) }) {
			var list []item
			for _, line := range lines[:min(len(lines), maxItems+1)] {
				list = append(list, alone(openJWT(line))...)
			}
			return atMost(list)
		}
		if joined := lineSpace.ReplaceAll(data, nil); isCompact(joined) {
			return alone(openJWT(string(joined)))
		}
		return openBase64(data, level)
	case base64Form.Match(data):
		return openBase64(data, level)
	case bearerForm.Match(data):
		if rest := data[len(bearerForm.Find(data)):]; brokenForm.Match(rest) {
			return inside(rest)
		}
	case len(data) > 1 && first == last && (first == '\'' || first == '`'):
		return inside(data[1 : len(data)-1])
	case len(data) > 1 && first == last && first == '"':
		if s, err := jsontext.AppendUnquote(nil, data); err == nil {
			return inside(s)
		}
		return inside(data[1 : len(data)-1]) // its lines were broken, which no string in JSON allows
	case len(data) > 5 && strings.EqualFold(string(data[:5]), "data:"):
		return openDataURL("data:"+string(data[5:]), level)
	}
	return nil
}

func alone(o opened, f finding) []item { return []item{{o, f}} }

// openBase64 takes the documents out of a text or picture in base64, as attachments of
// messages have them.
func openBase64(data []byte, level int) []item {
	if !base64Form.Match(data) || level >= maxTexts {
		return nil
	}
	return openBody(fromBase64(string(data)), level)
}

// openDataURL takes the documents out of a data: URL, of whatever media type. In it
// there may be a picture, and no other URL.
func openDataURL(url string, level int) []item {
	_, body, err := parseDataURL(url)
	if err != nil || level >= maxTexts {
		return nil
	}
	return openBody(body, level)
}

func openBody(body []byte, level int) []item {
	data := utf8Of(body)
	if level < 2 && (bake.IsPNG(data) || bake.IsSVG(data)) {
		return openImage(data)
	}
	return openText(text.TrimBytes(data), maxTexts)
}

// atMost are the first of too many items, with one that says so.
func atMost(list []item) []item {
	if len(list) > maxItems {
		list = append(list[:maxItems:maxItems], item{opened{format: FormatJSON}, unknown("input-many", "most", maxItems)})
	}
	return list
}

// openJSON takes the documents out of JSON: the object that it is, or those in it that
// claim to be credentials or presentations, of which each is one for itself, whatever
// stands around them.
func openJSON(data []byte, level int) []item {
	doc, err := jsonld.ParseObject(data)
	if err == nil && claims(doc) {
		return alone(openObject(doc))
	}
	u := unwrapper{Decoder: jsontext.NewDecoder(bytes.NewBuffer(data), jsontext.AllowDuplicateNames(true)), data: data}
	if u.all() != nil {
		if !hasMarks(data) {
			return nil
		}
		if jsonld.CodeOf(err) != "json-too-large" && !utf8.Valid(data) { // whatever was found before that
			err = &jsonld.Error{Code: "json-syntax", Detail: "not well-formed JSON in UTF-8"}
		}
		return alone(opened{format: FormatUnknown}, failure(err, nil))
	}
	var list []item
	for _, w := range u.found {
		list = append(list, w.open(level)...)
		if len(list) > maxItems {
			break
		}
	}
	switch {
	case len(list) == 0 && err == nil:
		return alone(openObject(doc))
	case len(list) == 0:
		return alone(opened{format: FormatJSON}, unknown("not-a-credential"))
	}
	if u.beside > 0 {
		for i := range list {
			if list[i].carrier == "" {
				list[i].carrier = "json"
			}
		}
	}
	return atMost(list)
}

// claims tells an object that says that it is a credential or presentation, of whatever
// kind. A signed document is one for itself; what has a proof and no context may be a
// message around one.
func claims(doc map[string]any) bool {
	if _, _, ok := named(doc); ok || hasType(doc, "EnvelopedVerifiableCredential") || hasType(doc, "EnvelopedVerifiablePresentation") {
		return true
	}
	switch formatOf(doc) {
	case FormatJSON:
		return false
	case FormatVC2:
		return hasType(doc, "VerifiableCredential") || doc["credentialSubject"] != nil || doc["@context"] != nil
	}
	return true
}

// wrapped is something in JSON that claims to be a credential: a string, or an object,
// of which shallow has what it claims that by.
type wrapped struct {
	text    []byte
	shallow map[string]any
}

func (w wrapped) open(level int) []item {
	if w.shallow == nil {
		return openText(text.TrimBytes(w.text), level+1)
	}
	doc, err := jsonld.ParseObject(w.text)
	if err == nil {
		return alone(openObject(doc))
	}
	if o, f, ok := named(w.shallow); ok {
		return alone(o, f) // whatever its size
	}
	return alone(opened{format: FormatUnknown}, failure(err, nil))
}

// unwrapper finds what claims to be a credential in JSON, however it is wrapped, and
// without asking more of the wrapper than that it is JSON: a name that it has twice
// leads to two of them.
type unwrapper struct {
	*jsontext.Decoder
	data   []byte
	found  []wrapped
	beside int // what is in the wrapper beside those
}

// all reads one object or array, or one with something in it after the other, as in a
// file of lines.
func (u *unwrapper) all() error {
	for n, empty := 0, false; ; n++ {
		found := len(u.found)
		switch kind := u.PeekKind(); {
		case kind != '{' && kind != '[':
			if _, err := u.ReadToken(); !errors.Is(err, io.EOF) {
				return errNotJSON
			}
			return nil
		case empty:
			return errNotJSON
		}
		if err := u.value(0); err != nil {
			return err
		}
		if empty = len(u.found) == found; empty && n > 0 {
			return errNotJSON
		}
	}
}

var errNotJSON = errors.New("not a list of JSON objects")

func (u *unwrapper) value(depth int) error {
	switch kind := u.PeekKind(); {
	case (kind == '{' || kind == '[') && depth > maxWrapping:
		u.beside++
		return u.SkipValue()
	case kind == '{':
		return u.object(depth)
	case kind == '[':
		return u.array(depth)
	}
	token, err := u.ReadToken()
	if err != nil {
		return err
	}
	if token.Kind() == '"' {
		if s := token.String(); isWrapped(s) {
			u.found = append(u.found, wrapped{text: []byte(s)})
			return nil
		}
	}
	if token.Kind() != 'n' {
		u.beside++
	}
	return nil
}

func (u *unwrapper) array(depth int) error {
	found := len(u.found)
	if _, err := u.ReadToken(); err != nil {
		return err
	}
	for u.PeekKind() != ']' {
		if err := u.value(depth + 1); err != nil {
			return err
		}
	}
	return u.end(found)
}

// end reads the end of an object or array. What had nothing in it stands beside.
func (u *unwrapper) end(found int) error {
	if len(u.found) == found {
		u.beside++
	}
	_, err := u.ReadToken()
	return err
}

func (u *unwrapper) object(depth int) error {
	found, beside := len(u.found), u.beside
	if _, err := u.ReadToken(); err != nil {
		return err
	}
	start := int(u.InputOffset()) - 1
	shallow := map[string]any{}
	for u.PeekKind() != '}' {
		name, err := u.ReadToken()
		if err != nil {
			return err
		}
		switch s := name.String(); s {
		case "@context", "type", "payload", "proof", "signature":
			raw, err := u.ReadValue()
			if err != nil {
				return err
			}
			v, err := jsonld.ParseLimit(raw, len(raw))
			if err != nil {
				v = true
			}
			if v != nil {
				shallow[s] = append(vc.Items(shallow[s]), vc.Items(v)...)
			}
			u.beside++
		default:
			if u.PeekKind() != 'n' {
				shallow[s] = true
			}
			if err := u.value(depth + 1); err != nil {
				return err
			}
		}
	}
	if err := u.end(found); err != nil {
		return err
	}
	if claims(shallow) {
		text := u.data[start:u.InputOffset()]
		u.found, u.beside = append(u.found[:found], wrapped{text, shallow}), beside
	}
	return nil
}

// isWrapped tells a string that is to be looked into: a JWS or SD-JWT whose payload looks
// like that of a credential, a data: URL of one, or JSON with one in it.
func isWrapped(s string) bool {
	s = text.Trim(s)
	switch {
	case base64Form.MatchString(s):
		decoded := fromBase64(s)
		return hasMarks(decoded) || isCompact(decoded)
	case strings.HasPrefix(s, "eyJ"):
		decoded, ok := text.Base64URL(lineSpace.ReplaceAllString(payloadOf(s), ""))
		return ok && payloadMarks.Match(decoded)
	case strings.HasPrefix(s, "data:"):
		if strings.HasPrefix(s, "data:application/json") || strings.HasPrefix(s, "data:application/ld+json") {
			_, body, err := parseDataURL(s)
			return err == nil && hasMarks(body)
		}
		return strings.HasPrefix(s, "data:application/v")
	case strings.HasPrefix(s, "{"):
		return hasMarks([]byte(s))
	}
	return false
}
