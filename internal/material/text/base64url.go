package text

import (
	"encoding/base64"
	"strings"
)

// Base64URL decodes base64url without padding, RFC 4648, section 5, in the one
// form that bytes have. The decoder of encoding/base64 passes over line ends, and
// over bits behind the last byte unless it is strict: two texts would be one key,
// one signature or one list.
func Base64URL(s string) (data []byte, ok bool) {
	if strings.ContainsAny(s, "\r\n") {
		return nil, false
	}
	data, err := base64.RawURLEncoding.Strict().DecodeString(s)
	return data, err == nil
}
