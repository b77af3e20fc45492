package conform

import (
	"encoding/base64"
	"encoding/hex"
	"strings"

	"github.com/mr-tron/base58"

	material "laurel/internal/material/text"
	"laurel/internal/standards/jsonld"
)

// digests checks the digests of a related resource: at least one, in its form,
// and right where the resource is known to this package (VCDM v2.0, "Integrity
// of Related Resources").
func (f *findings) digests(o map[string]any, p *jsonld.Place, id string) {
	sri, hasSRI := o["digestSRI"]
	multibase, hasMultibase := o["digestMultibase"]
	if !hasSRI && !hasMultibase {
		f.add("related-malformed", p, "a related resource has neither digestSRI nor digestMultibase")
	}
	if s, _ := sri.(string); hasSRI {
		f.digestSRI(s, p.Member("digestSRI"), id)
	}
	if s, _ := multibase.(string); hasMultibase {
		f.digestMultibase(s, p.Member("digestMultibase"), id)
	}
}

// digestMultibase checks a Multihash in Multibase (Verifiable Credential Data Integrity
// 1.0, section 2.6). One of an algorithm that is not known says nothing.
func (f *findings) digestMultibase(s string, p *jsonld.Place, id string) {
	if len(s) < 2 || !strings.ContainsAny(s[:1], "uz") {
		f.add("related-malformed", p, "not a Multibase value of base64url or base58")
	}
	if algorithm, digest := Multihash(s); id == contextV2 && algorithm != "" && hex.EncodeToString(digest) != baseContextDigests[algorithm] {
		f.add("related-digest", p, "the digest is not that of the resource")
	}
}

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
		data, _ = material.Base64URL(s[1:])
	case 'z':
		data, _ = base58.Decode(s[1:])
	}
	for name, head := range map[string][2]byte{"sha256": {0x12, 32}, "sha384": {0x20, 48}, "sha512": {0x13, 64}} {
		if len(data) == 2+int(head[1]) && data[0] == head[0] && data[1] == head[1] {
			return name, data[2:]
		}
	}
	return "", nil
}

// digestSRI checks integrity metadata: one or more hashes, each with its
// algorithm (Subresource Integrity, section 3.5).
func (f *findings) digestSRI(s string, p *jsonld.Place, id string) {
	hashes := strings.Fields(s)
	if len(hashes) == 0 {
		f.add("related-malformed", p, "not a digest of Subresource Integrity")
	}
	for _, hash := range hashes {
		hash, _, _ = strings.Cut(hash, "?")
		algorithm, encoded, _ := strings.Cut(hash, "-")
		digest, err := base64.StdEncoding.Strict().DecodeString(encoded)
		want, known := baseContextDigests[algorithm]
		if err != nil || !known || len(digest) != hex.DecodedLen(len(want)) {
			f.add("related-malformed", p, "not a digest of Subresource Integrity")
			continue
		}
		if id == contextV2 && hex.EncodeToString(digest) != want {
			f.add("related-digest", p, "the digest is not that of the resource")
		}
	}
}
