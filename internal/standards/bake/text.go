package bake

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"laurel/internal/material/text"
)

// space is white space of both JSON and XML.
const space = " \t\r\n"

// bom is the byte order mark in UTF-8.
const bom = "\ufeff"

// written is a credential as it is written into a picture: ASCII, checked.
type written struct {
	kind kind
	jws  bool
	data []byte
}

// newText checks a credential and writes it as Bake describes.
func newText(credential []byte) (_ written, err error) {
	defer wrap(&err, "bake credential")
	if len(credential) > MaxCredential {
		return written{}, ErrTooLarge
	}
	c := bytes.Trim(credential, space)
	if len(c) == 0 || c[0] != '{' {
		return jwsText(c)
	}
	k, err := kindOf(c)
	if err != nil {
		return written{}, err
	}
	data := escape(c)
	if len(data) > MaxCredential {
		return written{}, fmt.Errorf("escaped: %w", ErrTooLarge)
	}
	return written{kind: k, data: data}, nil
}

// jwsText checks the form of a compact JWS: three parts of base64url.
func jwsText(c []byte) (written, error) {
	parts := bytes.Split(c, []byte("."))
	if len(parts) != 3 {
		return written{}, errors.New("neither a JSON object nor a compact JWS")
	}
	var payload []byte
	for i, p := range parts {
		raw, ok := text.Base64URL(string(p))
		if !ok || len(raw) == 0 {
			return written{}, fmt.Errorf("part %d of the JWS is not base64url", i+1)
		}
		if i == 1 {
			payload = raw
		}
	}
	k, err := kindOf(payload)
	if err != nil {
		return written{}, fmt.Errorf("payload: %w", err)
	}
	return written{kind: k, jws: true, data: bytes.Clone(c)}, nil
}

// kindOf walks a credential once, which also checks its syntax, and tells by
// the "type" member of the object whether it is a CLR.
func kindOf(c []byte) (kind, error) {
	d := jsontext.NewDecoder(bytes.NewBuffer(c))
	if d.PeekKind() != '{' {
		return kind{}, errors.New("not a JSON object")
	}
	if _, err := d.ReadToken(); err != nil {
		return kind{}, err
	}
	k := openBadge
	for d.PeekKind() != '}' {
		name, err := d.ReadToken()
		if err != nil {
			return kind{}, err
		}
		isType := name.Kind() == '"' && name.String() == "type"
		v, err := d.ReadValue()
		if err != nil {
			return kind{}, err
		}
		if isType && bytes.Contains(v, []byte(`"ClrCredential"`)) {
			k = clr
		}
	}
	if _, err := d.ReadToken(); err != nil {
		return kind{}, err
	}
	if _, err := d.ReadToken(); err != io.EOF {
		return kind{}, errors.New("bytes after the JSON object")
	}
	return k, nil
}

// escape writes JSON, already known to be well formed, as Bake describes. It
// copies the bytes between those it changes in one go.
func escape(c []byte) []byte {
	out := make([]byte, 0, len(c)+len(c)/16)
	inString, done := false, 0
	for i := 0; i < len(c); {
		b, next := c[i], i+1
		var esc rune // 0: the byte stays
		switch {
		case b == '"':
			inString = !inString
		case !inString && b == '\r':
			out, done = append(out, c[done:i]...), next
		case !inString:
		case b == '\\': // a pair: the second byte is no quotation mark to us
			next++
		case b == '{' || b == '}' || b == '>' && bytes.HasSuffix(c[:i], []byte("]]")):
			esc = rune(b)
		case b >= utf8.RuneSelf:
			var n int
			esc, n = utf8.DecodeRune(c[i:])
			next = i + n
		}
		if esc != 0 {
			out = appendEscape(append(out, c[done:i]...), esc)
			done = next
		}
		i = next
	}
	return append(out, c[done:]...)
}

// appendEscape appends r as one \u escape, or as two beyond U+FFFF.
func appendEscape(out []byte, r rune) []byte {
	if r1, r2 := utf16.EncodeRune(r); r1 != utf8.RuneError {
		return appendEscape(appendEscape(out, r1), r2)
	}
	const hex = "0123456789abcdef"
	return append(out, '\\', 'u', hex[r>>12&15], hex[r>>8&15], hex[r>>4&15], hex[r&15])
}

// checkUnbaked checks what came out of a picture: some text, in UTF-8, within
// the limit. Whether it is a credential is for the reader to find out.
func checkUnbaked(c []byte) ([]byte, error) {
	c = bytes.Trim(c, space)
	switch {
	case len(c) == 0:
		return nil, errors.New("the credential in the image is empty")
	case len(c) > MaxCredential:
		return nil, fmt.Errorf("the credential in the image: %w", ErrTooLarge)
	case !utf8.Valid(c):
		return nil, errors.New("the credential in the image is not UTF-8")
	}
	return c, nil
}
