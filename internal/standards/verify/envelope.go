package verify

import (
	"bytes"
	"encoding/base64"
	"errors"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"laurel/internal/standards/conform"
)

// openEnvelope takes the JWT or SD-JWT out of an enveloped credential or presentation
// (Verifiable Credentials Data Model v2.0, "Enveloped Verifiable Credentials"): its id
// is a data: URL of one of their media types. Those are written in any case, and with
// any parameters (RFC 2045, 5.1).
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
	name, isApplication := strings.CutPrefix(mediaType, "application/")
	isPresentation := hasType(doc, "EnvelopedVerifiablePresentation")
	known := name == "jwt" || name == "sd-jwt" || (slices.Contains(jwtTypes, name) || slices.Contains(sdJWTTypes, name)) && strings.HasPrefix(name, "vp") == isPresentation
	if !isApplication || !known {
		return o, unknown("envelope-unsupported", "type", quote(mediaType))
	}
	if !isCompact(body) || bytes.ContainsRune(body, '~') != strings.HasSuffix(name, "sd-jwt") {
		return o, fail("envelope-malformed").with("it does not hold what its media type says")
	}
	o, f := openJWT(string(body))
	if f.outcome == Pass && (o.format == FormatPresentation) != isPresentation {
		return o, fail("envelope-malformed").with("it holds a presentation in place of a credential, or the other way round")
	}
	return o, f
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
