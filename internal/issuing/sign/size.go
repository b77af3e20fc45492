package sign

import (
	"encoding/base64"
	"fmt"

	"laurel/internal/issuing/capsule"
	"laurel/internal/issuing/ledger"
	"laurel/internal/issuing/plan"
)

// Bytes that are added to a document, at most; names of keys and awards not
// counted.
const (
	proofRoom = 1 << 10 // by a proof, and by what names a document in an event
	eventRoom = 4 << 10 // by an event around its documents
)

// sizeError is an award that has no room in an event of the ledger.
type sizeError struct {
	what string
	size int
}

func (e *sizeError) Error() string {
	return fmt.Sprintf("%s, it would take up to %d bytes in the ledger, where an event has at most %d: shorten its texts, make its evidence smaller, or leave out variants or formats", e.what, e.size, ledger.MaxLine)
}

// fitsLedger finds an award that would be signed, and then could not be written:
// what was handed on before it would stay.
func (r *run) fitsLedger(i *plan.Issue, credentials []credential) error {
	sizes := make([]int, len(credentials))
	signed := eventRoom + 6*len(i.Award.Key.String()) // as JSON writes control characters
	for n, c := range credentials {
		for _, f := range r.formsOf(i, c) {
			sizes[n] += securings[f.Format].room(c.document) + 2*len(r.signers[f.Format].method)
		}
		signed += sizes[n]
	}
	if signed > ledger.MaxLine {
		return &sizeError{"signed", signed}
	}
	for _, e := range i.Award.Evidence {
		if e.File != nil {
			sizes[0] += base64.RawURLEncoding.EncodedLen(int(e.File.Size)) + proofRoom
		}
	}
	return sealFits(i.Award.Key.String(), sizes, len(i.Capsules))
}

// sealFits does so for the capsules of credentials of some sizes, in all their
// forms: the learner's, with all of them, and one for each where there are more.
func sealFits(award string, documents []int, capsules int) error {
	if capsules == 0 {
		return nil
	}
	all := 0
	for _, n := range documents {
		all += n
	}
	size := eventRoom + 6*len(award) + capsuleSize(all)
	if capsules > 1 {
		for _, n := range documents {
			size += capsuleSize(n)
		}
	}
	if size > ledger.MaxLine {
		return &sizeError{"sealed", size}
	}
	return nil
}

// capsuleSize is the length of a capsule's JWE around so many bytes of
// documents, at most.
func capsuleSize(documents int) int {
	return base64.RawURLEncoding.EncodedLen(documents+proofRoom+capsule.Least) + proofRoom
}
