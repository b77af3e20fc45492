// Package bake puts credentials into pictures and takes them out again: Open
// Badges Specification v3.0, "Embedding Open Badges into Images" (baking).
//
// A PNG carries its credential in one uncompressed iTXt chunk, an SVG in one
// element directly after the svg start tag. Neither picture is decoded or
// written anew: the credential is spliced in and every other byte stays as it
// was. The package refuses pictures it cannot walk from end to end, pictures
// that carry a credential twice, and to bake what is baked already. It judges
// no credential; that is verify's work.
//
// It also takes credentials out of what carries one beside a page for people:
// the files attached to a PDF, and certificates that are one web page.
package bake

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
)

var (
	// ErrNotBaked tells that a picture is whole and carries no credential.
	ErrNotBaked = errors.New("the image carries no credential")
	// ErrBaked tells that a picture to be baked carries a credential already;
	// a second one is forbidden, and taking out the first is not ours to do.
	ErrBaked = errors.New("the image already carries a credential")
	// ErrFormat tells that bytes are neither a PNG nor an SVG.
	ErrFormat = errors.New("neither a PNG nor an SVG image")
	// ErrTooLarge tells that a picture or a credential is over its limit.
	ErrTooLarge = errors.New("larger than the limit")
)

// kind is how one sort of credential is marked in a picture.
type kind struct {
	keyword   string // of the PNG chunk
	namespace string // of the SVG element
	prefix    string // the namespace prefix that laurel writes
}

// The sorts of credential that are baked. Open Badges Specification v3.0 gives
// the first; the second is what the 1EdTech validator reads for the
// Comprehensive Learner Record Standard v2.0.
var (
	openBadge = kind{"openbadgecredential", "https://purl.imsglobal.org/ob/v3p0", "openbadges"}
	clr       = kind{"clrcredential", "https://purl.imsglobal.org/clr/v2p0", "clr"}
)

// older is how Open Badges 1.x and 2.x mark theirs, in an element called assertion
// (Open Badges Baking Specification).
var older = kind{keyword: "openbadges", namespace: "http://openbadges.org"}

func isKeyword(s []byte) bool { return string(s) == openBadge.keyword || string(s) == clr.keyword }

func isCredential(name xml.Name) bool {
	return name.Local == "credential" && (name.Space == openBadge.namespace || name.Space == clr.namespace)
}

// wrap says what failed, where something did.
func wrap(err *error, what string) {
	if *err != nil {
		*err = fmt.Errorf("%s: %w", what, *err)
	}
}

// Blank is a picture that was checked once and can be baked many times. It is
// safe for concurrent use and keeps the image's bytes: do not change them.
type Blank struct {
	bake func(t written) ([]byte, error)
}

// Bake returns the picture with a credential in it, as a new slice. The
// credential is a JSON object in UTF-8 or a compact JWS. A PNG gets one
// uncompressed iTXt chunk after IHDR, keyword "openbadgecredential", or
// "clrcredential" if the credential's type names ClrCredential; an SVG one
// credential element directly after the start tag of the svg element, which
// declares the namespace, with JSON in a CDATA section or a compact JWS in the
// verify attribute.
//
// A compact JWS stays as it is. JSON keeps its meaning: inside strings,
// characters beyond ASCII become \u escapes (some readers take the chunk for
// Latin-1), and so do { and } (some readers find the end of the credential by
// counting braces) and the > of "]]>" (which would end the CDATA section).
// Surrounding white space and carriage returns between tokens, which XML would
// alter, are dropped. A credential that is already written so comes back byte
// for byte. Errors: ErrTooLarge, and others for a broken credential.
func (b *Blank) Bake(credential []byte) ([]byte, error) {
	t, err := newText(credential)
	if err != nil {
		return nil, err
	}
	return b.bake(t)
}

// Unbake returns the credential in a PNG or an SVG, told apart by the bytes.
// It returns ErrFormat for anything else, and otherwise what UnbakePNG or
// UnbakeSVG return.
func Unbake(image []byte) ([]byte, error) {
	switch {
	case IsPNG(image):
		return UnbakePNG(image)
	case IsSVG(image):
		return UnbakeSVG(image)
	}
	return nil, ErrFormat
}

// UnbakeOlder returns what Open Badges 1.x and 2.x baked into a PNG or an SVG: an
// assertion as JSON, a compact JWS, or in the first of these the URL of one. Errors are
// those of Unbake.
func UnbakeOlder(image []byte) ([]byte, error) {
	switch {
	case IsPNG(image):
		return unbakePNG(image, func(s []byte) bool { return string(s) == older.keyword })
	case IsSVG(image):
		return unbakeSVG(image, func(n xml.Name) bool { return n.Local == "assertion" && n.Space == older.namespace }, true)
	}
	return nil, ErrFormat
}

// IsPNG reports whether data begins like a PNG.
func IsPNG(data []byte) bool {
	return bytes.HasPrefix(data, []byte(pngSignature))
}

// IsSVG reports whether data looks like an SVG: XML with "<svg" near its
// beginning. It is a guess that tells whether UnbakeSVG is worth calling.
func IsSVG(data []byte) bool {
	data = bytes.TrimLeft(bytes.TrimPrefix(data, []byte(bom)), space)
	if !bytes.HasPrefix(data, []byte("<")) {
		return false
	}
	head := data[:min(len(data), 4096)]
	return bytes.Contains(head, []byte("<svg")) || bytes.Contains(head, []byte(":svg"))
}
