package verify

import (
	"bytes"
	"encoding/base64"
	"errors"
	"net/url"
	"regexp"
	"strings"

	"laurel/internal/standards/conform"
)

// openEnvelope takes the JWT out of an enveloped credential or presentation
// (Verifiable Credentials Data Model v2.0, "Enveloped Verifiable Credentials"):
// its id is a data: URL of the media type application/vc+jwt or vp+jwt.
func openEnvelope(doc map[string]any) (opened, finding) {
	o := opened{format: FormatJWT}
	for _, f := range conform.Structure(doc) {
		if f.Severity == conform.Error {
			return o, fromFindings(doc, []conform.Finding{f}, finding{})
		}
	}
	mediaType, body, err := parseDataURL(stringOf(doc, "id"))
	switch {
	case err != nil:
		return o, fail("envelope-malformed").with(err.Error())
	case mediaType == "":
		return o, fail("envelope-malformed").with("its data: URL has no media type")
	}
	want := "application/vc+jwt"
	if hasType(doc, "EnvelopedVerifiablePresentation") {
		want = "application/vp+jwt"
	}
	if mediaType != want {
		return o, unknown("envelope-unsupported", "type", quote(mediaType))
	}
	if !isCompact(body) || bytes.ContainsRune(body, '~') {
		return o, fail("envelope-malformed").with("it does not hold a compact JWS")
	}
	return openJWT(string(body))
}

// mediaForm is that of a media type without parameters.
var mediaForm = regexp.MustCompile(`^[\w!#$&^.+-]+/[\w!#$&^.+-]+$`)

// parseDataURL reads a data: URL (RFC 2397). The media type comes back without
// parameters and in small letters, empty if there is none that could be one.
func parseDataURL(s string) (mediaType string, body []byte, err error) {
	rest, ok := strings.CutPrefix(s, "data:")
	if !ok {
		return "", nil, errors.New("its id is not a data: URL")
	}
	head, text, ok := strings.Cut(rest, ",")
	if !ok {
		return "", nil, errors.New("its data: URL has no data")
	}
	head, isBase64 := strings.CutSuffix(head, ";base64")
	head, _, _ = strings.Cut(head, ";")
	if mediaType = strings.ToLower(strings.Trim(head, " ")); !mediaForm.MatchString(mediaType) {
		mediaType = ""
	}
	if isBase64 {
		text = lineSpace.ReplaceAllString(text, "")
		if body, err = base64.RawStdEncoding.Strict().DecodeString(strings.TrimRight(text, "=")); err != nil {
			return "", nil, errors.New("its data: URL is not base64")
		}
		return mediaType, body, nil
	}
	if text, err = url.PathUnescape(text); err != nil {
		return "", nil, errors.New("its data: URL has a broken escape")
	}
	return mediaType, []byte(text), nil
}
