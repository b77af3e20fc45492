package did

import "laurel/internal/material/text"

// Multihash reads a digestMultibase: a Multihash of sha2-256, sha2-384 or sha2-512,
// which are called sha256, sha384 and sha512 here as in digestSRI, in Multibase of
// base64url or base58. The name is empty for all else.
func Multihash(s string) (algorithm string, digest []byte) {
	var data []byte
	if len(s) < 2 || len(s) > 100 {
		return "", nil
	}
	switch s[0] {
	case 'u':
		data, _ = text.Base64URL(s[1:])
	case 'z':
		data, _ = fromBase58(s[1:])
	}
	for name, head := range map[string][2]byte{"sha256": {0x12, 32}, "sha384": {0x20, 48}, "sha512": {0x13, 64}} {
		if len(data) == 2+int(head[1]) && data[0] == head[0] && data[1] == head[1] {
			return name, data[2:]
		}
	}
	return "", nil
}
