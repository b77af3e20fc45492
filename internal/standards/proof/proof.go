// Package proof secures JSON documents with embedded proofs and checks them:
// strict JSON, bundled JSON-LD contexts, JSON-LD in safe mode, Data Integrity
// cryptosuites (Verifiable Credential Data Integrity 1.0, W3C Recommendation of
// 15 May 2025), the proofs of type Ed25519Signature2020 that came before them, and
// JSON Web Signatures (jws.go). It works on JSON and knows nothing of badges,
// dates, issuers or the network: whether a key may speak for an issuer is decided
// elsewhere.
//
// It refuses whatever would make the signed statements differ from what a
// reader of the JSON sees: contexts that are not bundled or not given by URL,
// terms and types no context defines, relative IRIs, JSON-LD keywords, values
// that RDF cannot carry. Data Integrity 1.0, section 4.2, asks for this: data
// loss is an error.
//
// The way of a document is Parse, the walk of safe mode (walk.go), which hands
// json-gold a copy whose nodes carry contexts that were parsed before, json-gold's
// expansion, quads (quads.go), and rdfc. Verifying has no other way; the suites
// over canonical JSON take the walk, too, and hash the JSON. Signing may one day
// take a shortcut for documents that differ in a few values; its place is
// documentHash.
package proof

import (
	"embed"
	"errors"
	"fmt"
	"maps"
	"slices"

	"laurel/internal/standards/rdfc"
)

//go:embed contexts
var files embed.FS

// A Processor holds the bundled contexts and a bounded memo of parsed ones. It
// is safe for concurrent use.
type Processor struct {
	verifying *vocabulary
	signing   *vocabulary // without the terms 1EdTech added later under the same URL
}

// New returns a processor that knows the bundled contexts and no others. An
// error is a damaged build.
func New() (*Processor, error) {
	return NewWithContexts(nil)
}

// NewWithContexts also knows the given context documents, by URL. It is for
// running other people's test vectors, which use contexts that define every
// word; nothing that judges real credentials may add any.
func NewWithContexts(extra map[string][]byte) (*Processor, error) {
	verifying := make(map[string][]byte)
	signing := make(map[string][]byte)
	for _, c := range bundled {
		data, err := files.ReadFile("contexts/" + c.file)
		if err != nil {
			return nil, fmt.Errorf("read bundled context %s: %w", c.url, err)
		}
		if !c.signOnly {
			verifying[c.url] = data
		}
		if !c.verifyOnly {
			signing[c.url] = data
		}
	}
	maps.Copy(verifying, extra)
	maps.Copy(signing, extra)
	return &Processor{newVocabulary(verifying), newVocabulary(signing)}, nil
}

// Contexts returns the URLs of the bundled contexts, sorted.
func Contexts() []string {
	urls := make([]string, 0, len(bundled))
	for _, c := range bundled {
		urls = append(urls, c.url)
	}
	slices.Sort(urls)
	return slices.Compact(urls)
}

// CheckTerms runs safe mode alone, over the whole document with its proofs: an
// error for the first thing, in the order of sorted names, that a signature
// would not cover as it is shown.
func (p *Processor) CheckTerms(doc map[string]any) error {
	_, err := p.verifying.walkDocument(doc)
	return err
}

// Canonical returns the canonical N-Quads of doc: what a proof signs the hash
// of. A caller that checks a signature takes "proof" out first.
func (p *Processor) Canonical(doc map[string]any, o rdfc.Options) ([]byte, error) {
	return p.verifying.canonical(doc, o)
}

func (v *vocabulary) canonical(doc map[string]any, o rdfc.Options) ([]byte, error) {
	if o.Budget == nil {
		o.Budget = rdfc.NewBudget(rdfc.DefaultBudget)
	}
	quads, err := v.quads(doc, o.Budget)
	if err != nil {
		return nil, err
	}
	out, err := rdfc.Canonicalize(quads, o)
	switch {
	case errors.Is(err, rdfc.ErrBudget):
		return nil, overBudget(err)
	case err != nil:
		return nil, &Error{Code: "expansion-failed", Detail: err.Error(), err: err}
	}
	return out, nil
}

func overBudget(err error) *Error {
	return &Error{Code: "canonicalization-budget", Detail: "the document needs more work to canonicalise than is allowed", err: err}
}
