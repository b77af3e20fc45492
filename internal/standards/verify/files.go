package verify

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"path"
	"strings"

	"laurel/internal/standards/did"
)

// FileAtHand gives the bytes of a file that a credential has the digest of: by its id,
// and by the name that a copy of it has, which is safe to look for in a folder. Nil:
// it is not at hand.
type FileAtHand func(ctx context.Context, id, name string) []byte

// mostFiles is how many files of a credential are compared.
const mostFiles = 100

// Compare holds what is at hand of the files that a credential has digests of, such as
// its evidence, against those (Verifiable Credentials Data Model v2.0, "Integrity of
// Related Resources"), and puts a row for each into Files. Digests that nobody is known
// to have signed are worth nothing: without a good signature there are no rows.
func (r *Report) Compare(ctx context.Context, at FileAtHand) {
	r.Files = nil
	if !r.passed(Proof) || !r.passed(IssuerKey) {
		return
	}
	for _, f := range r.related {
		shown := safe(f.name)
		row := skipped("file-unseen", "file", shown)
		if data := at(ctx, f.id, f.name); data != nil {
			row = fail("file-differs", "file", shown)
			if f.isFile(data) {
				row = pass("file-same", "file", shown)
			}
		}
		r.Files = append(r.Files, row.check(shown))
	}
}

// related is one file that a credential has the digest of.
type related struct{ id, name, sri, multibase string }

// relatedFiles are those of a document but for contexts and schemas, which are looked
// at anyhow. A name is what the id ends in, without folders.
func relatedFiles(doc map[string]any) (list []related) {
	for _, o := range objectsIn(doc["relatedResource"]) {
		id, sri, multibase := stringOf(o, "id"), stringOf(o, "digestSRI"), stringOf(o, "digestMultibase")
		if algorithm, _ := did.Multihash(multibase); algorithm == "" {
			multibase = "" // nothing to compare with
		}
		name := path.Base(id)
		if _, fragment, ok := strings.Cut(id, "#"); ok {
			name = fragment
		}
		if sri == "" && multibase == "" || name == "" || name == "." || name == ".." || strings.ContainsAny(name, `/\`) || len(list) == mostFiles {
			continue
		}
		if !strings.Contains(name, ".") { // an id that tells nothing
			name += map[string]string{"application/pdf": ".pdf", "image/png": ".png", "image/jpeg": ".jpg", "text/plain": ".txt"}[stringOf(o, "mediaType")]
		}
		list = append(list, related{id, name, sri, multibase})
	}
	return list
}

// isFile tells whether bytes have the digests that are given, both where both are.
func (f related) isFile(data []byte) bool {
	s256, s384, s512 := sha256.Sum256(data), sha512.Sum384(data), sha512.Sum512(data)
	if algorithm, digest := did.Multihash(f.multibase); algorithm != "" {
		sums := map[string][]byte{"sha256": s256[:], "sha384": s384[:], "sha512": s512[:]}
		if !bytes.Equal(sums[algorithm], digest) {
			return false
		}
	}
	return f.sri == "" || hasDigest(f.sri, s256[:], s384[:], s512[:])
}

// hasDigest tells whether one of the digests of the strongest kind that is given is
// among some (Subresource Integrity, "getting the strongest metadata").
func hasDigest(sri string, s256, s384, s512 []byte) bool {
	for _, kind := range []struct {
		name   string
		digest []byte
	}{{"sha512-", s512}, {"sha384-", s384}, {"sha256-", s256}} {
		given := false
		for _, hash := range strings.Fields(sri) {
			hash, _, _ = strings.Cut(hash, "?")
			if encoded, ok := strings.CutPrefix(hash, kind.name); ok {
				given = true
				if encoded == base64.StdEncoding.EncodeToString(kind.digest) {
					return true
				}
			}
		}
		if given {
			return false
		}
	}
	return false
}
