package verify

import (
	"encoding/base64"
	"fmt"
	"mime"
	"net/url"
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
	mediaType, text, err := parseDataURL(stringOf(doc, "id"))
	if err != nil {
		return o, fail("envelope-malformed").with(err.Error())
	}
	want := "application/vc+jwt"
	if hasType(doc, "EnvelopedVerifiablePresentation") {
		want = "application/vp+jwt"
	}
	if mediaType != want {
		return o, unknown("envelope-unsupported", "type", quote(mediaType))
	}
	if !isCompact([]byte(text)) || strings.Contains(text, "~") {
		return o, fail("envelope-malformed").with("it does not hold a compact JWS")
	}
	return openJWT(text)
}

// parseDataURL reads a data: URL (RFC 2397). The media type comes back without
// parameters.
func parseDataURL(s string) (mediaType, body string, err error) {
	rest, ok := strings.CutPrefix(s, "data:")
	if !ok {
		return "", "", fmt.Errorf("its id is not a data: URL")
	}
	head, body, ok := strings.Cut(rest, ",")
	if !ok {
		return "", "", fmt.Errorf("its data: URL has no data")
	}
	head, isBase64 := strings.CutSuffix(head, ";base64")
	if mediaType, _, err = mime.ParseMediaType(head); err != nil {
		return "", "", fmt.Errorf("its data: URL has no media type")
	}
	if isBase64 {
		data, err := base64.StdEncoding.Strict().DecodeString(body)
		if err != nil {
			return "", "", fmt.Errorf("its data: URL is not base64")
		}
		return mediaType, string(data), nil
	}
	if body, err = url.PathUnescape(body); err != nil {
		return "", "", fmt.Errorf("its data: URL has a broken escape")
	}
	return mediaType, body, nil
}
