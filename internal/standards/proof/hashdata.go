package proof

import (
	"maps"

	"laurel/internal/standards/rdfc"
)

// A secured is a document taken apart for one proof.
type secured struct {
	unsecured map[string]any // the document without "proof", but with the proofs a chain names
	options   map[string]any // the proof without its value
	at        *place         // of the proof in the document
	budget    *rdfc.Budget
}

// hashing makes what a suite signs: the hash of the proof options followed by
// the hash of the document.
type hashing func(v *vocabulary, s secured, with parameters) ([]byte, error)

// hashRDF is Data Integrity EdDSA Cryptosuites v1.0, section 3.2.4, which
// ecdsa-rdfc-2019 and the suite of 2020 share: both parts as canonical N-Quads.
// The document's @context is put on the options, as section 3.2.5 asks for.
func hashRDF(v *vocabulary, s secured, with parameters) ([]byte, error) {
	config, err := v.hashOptions(s, with)
	if err != nil {
		return nil, err
	}
	document, err := v.documentHash(s.unsecured, with, s.budget)
	if err != nil {
		return nil, err
	}
	return append(config, document...), nil
}

// hashOptions is the hash of the proof options as canonical N-Quads.
func (v *vocabulary) hashOptions(s secured, with parameters) ([]byte, error) {
	config, err := v.hash(s.optionsInContext(), with, s.budget)
	return config, under(err, s.at)
}

// optionsInContext are the proof options under the context they are read in: that
// of the document, or the one a proof of 2020 brings.
func (s *secured) optionsInContext() map[string]any {
	if own, has := s.options["@context"]; has && !sameContext(own, s.unsecured["@context"]) {
		return s.options
	}
	options := maps.Clone(s.options)
	options["@context"] = s.unsecured["@context"]
	return options
}

// documentHash takes the general path. It is the seam for a faster one: when
// many documents differ only in values, their quads can be made from a template
// of quads, as long as RDFC-1.0 runs for each and verifying stays here.
func (v *vocabulary) documentHash(unsecured map[string]any, with parameters, b *rdfc.Budget) ([]byte, error) {
	return v.hash(unsecured, with, b)
}

func (v *vocabulary) hash(doc map[string]any, with parameters, b *rdfc.Budget) ([]byte, error) {
	canonical, err := v.canonical(doc, rdfc.Options{Hash: with.canonical, Budget: b})
	if err != nil {
		return nil, err
	}
	return with.sum(canonical), nil
}

func (p parameters) sum(data []byte) []byte {
	h := p.hash.New()
	h.Write(data)
	return h.Sum(nil)
}

// hashJCS is Data Integrity EdDSA Cryptosuites v1.0, section 3.3.4, and the same
// of ECDSA: both parts as canonical JSON. These suites sign names and not what
// they mean, so that safe mode is all that makes a document say what it shows.
func hashJCS(v *vocabulary, s secured, with parameters) ([]byte, error) {
	if _, err := v.walkWithin(s.optionsInContext(), s.budget); err != nil {
		return nil, under(err, s.at)
	}
	if _, err := v.walkWithin(s.unsecured, s.budget); err != nil {
		return nil, err
	}
	unsecured := s.unsecured
	if own, has := s.options["@context"]; has { // the same, but perhaps a string for an array of one
		unsecured = maps.Clone(unsecured)
		unsecured["@context"] = own
	}
	var hashes []byte
	for _, part := range []map[string]any{s.options, unsecured} {
		text, err := canonicalJSON(part)
		if err != nil {
			return nil, &Error{Code: "expansion-failed", Detail: "the document cannot be written as canonical JSON", err: err}
		}
		hashes = append(hashes, with.sum([]byte(text))...)
	}
	return hashes, nil
}
