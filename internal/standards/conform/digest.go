package conform

import (
	"encoding/base64"
	"encoding/hex"
	"strings"
)

// digests checks the digests of a related resource: at least one, in its form,
// and right where the resource is known to this package (VCDM v2.0, "Integrity
// of Related Resources").
func (f *findings) digests(o map[string]any, p *path, id string) {
	sri, hasSRI := o["digestSRI"]
	multibase, hasMultibase := o["digestMultibase"]
	if !hasSRI && !hasMultibase {
		f.add("related-malformed", p, "a related resource has neither digestSRI nor digestMultibase")
	}
	if s, _ := sri.(string); hasSRI {
		f.digestSRI(s, p.member("digestSRI"), id)
	}
	if s, _ := multibase.(string); hasMultibase && (len(s) < 2 || !strings.ContainsAny(s[:1], "uz")) {
		f.add("related-malformed", p.member("digestMultibase"), "not a Multibase value of base64url or base58")
	}
}

// digestSizes are the hashes of Subresource Integrity and their bytes.
var digestSizes = map[string]int{"sha256": 32, "sha384": 48, "sha512": 64}

// digestSRI checks integrity metadata: one or more hashes, each with its
// algorithm (Subresource Integrity, section 3.5).
func (f *findings) digestSRI(s string, p *path, id string) {
	hashes := strings.Fields(s)
	if len(hashes) == 0 {
		f.add("related-malformed", p, "not a digest of Subresource Integrity")
	}
	for _, hash := range hashes {
		hash, _, _ = strings.Cut(hash, "?")
		algorithm, encoded, _ := strings.Cut(hash, "-")
		digest, err := base64.StdEncoding.Strict().DecodeString(encoded)
		if err != nil || digestSizes[algorithm] == 0 || len(digest) != digestSizes[algorithm] {
			f.add("related-malformed", p, "not a digest of Subresource Integrity")
			continue
		}
		if want, known := baseContextDigests[algorithm]; id == contextV2 && known && hex.EncodeToString(digest) != want {
			f.add("related-digest", p, "the digest is not that of the resource")
		}
	}
}

// baseContextDigests are those of https://www.w3.org/ns/credentials/v2; the
// first is printed in VCDM v2.0, "Base Context".
var baseContextDigests = map[string]string{
	"sha256": "59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734",
	"sha384": "97f1eb8e5042356c805fdd61afa2c557663785e0794dcafa21e138fd38def18cb360133c221aa31d6896a6bf3e65b614",
	"sha512": "5d55452bd2dcf8a29f5a290473eb242b1c5fb77d4e68f1a0aa87baa4dba2694852d65ec63d48ac04a99d956f9f7153b9406f84d2d04c74869b02c239a1d81305",
}
