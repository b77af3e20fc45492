// Package proof secures JSON documents with embedded proofs and checks them: the
// cryptosuites of Data Integrity (Verifiable Credential Data Integrity 1.0, W3C
// Recommendation of 15 May 2025), the proofs of types Ed25519Signature2020,
// Ed25519Signature2018 and JsonWebSignature2020 that came before them, and JSON Web
// Signatures (jws.go). What a document states is
// package jsonld's to say. It knows nothing of badges, dates, issuers or the
// network: whether a key may speak for an issuer is decided elsewhere.
//
// Errors are *jsonld.Error. To the codes listed there this package adds
//
//	proof-missing proof-present proof-malformed suite-unknown
//	base-proof base-missing derived-proof pointer-unknown pointer-partial jws-malformed header-forbidden algorithm-forbidden
//	signature-malformed signature-invalid
//	key-malformed key-low-order key-weak key-mismatch key-unsupported
package proof

import "laurel/internal/standards/jsonld"

// A Processor signs and verifies with the bundled contexts. It is safe for
// concurrent use.
type Processor struct {
	verifying *jsonld.Vocabulary
	signing   *jsonld.Vocabulary
}

// New returns a processor that knows the bundled contexts and no others. An
// error is a damaged build.
func New() (*Processor, error) {
	return NewWithContexts(nil)
}

// NewWithContexts also knows the given context documents, by URL. It is for
// running other people's test vectors, see jsonld.Vocabularies; nothing that
// judges real credentials may add any.
func NewWithContexts(extra map[string][]byte) (*Processor, error) {
	verifying, signing, err := jsonld.Vocabularies(extra)
	if err != nil {
		return nil, err
	}
	return &Processor{verifying, signing}, nil
}

// CheckTerms runs safe mode alone, over the whole document with its proofs: an
// error for the first thing, in the order of sorted names, that a signature
// would not cover as it is shown.
func (p *Processor) CheckTerms(doc map[string]any) error {
	return p.verifying.Check(doc, nil)
}

// Defines tells whether one of the bundled contexts has a term of this name.
func (p *Processor) Defines(name string) bool { return p.verifying.Defines(name) }
