package conform

import (
	"encoding/base64"
	"encoding/hex"
	"strings"

	"laurel/internal/standards/did"
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
	if algorithm, digest := did.Multihash(s); id == contextV2 && algorithm != "" && hex.EncodeToString(digest) != baseContextDigests[algorithm] {
		f.add("related-digest", p, "the digest is not that of the resource")
	}
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
