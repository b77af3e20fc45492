package proof

import (
	"maps"

	"laurel/internal/standards/jsonld"
	"laurel/internal/standards/rdfc"
)

// A secured is a document taken apart for one proof.
type secured struct {
	unsecured map[string]any // the document without "proof", but with the proofs a chain names
	options   map[string]any // the proof without its value
	at        *jsonld.Place  // of the proof in the document
	budget    *rdfc.Budget
	written   bool // the caller judges what the words mean
}

// hashing makes what a suite signs: the hash of the proof options followed by
// the hash of the document.
type hashing func(v *jsonld.Vocabulary, s secured, with parameters) ([]byte, error)

// hashRDF is Data Integrity EdDSA Cryptosuites v1.0, section 3.2.4, which
// ecdsa-rdfc-2019 and the suite of 2020 share: both parts as canonical N-Quads.
// The document's @context is put on the options, as section 3.2.5 asks for.
func hashRDF(v *jsonld.Vocabulary, s secured, with parameters) ([]byte, error) {
	config, err := hashOptions(v, s, with)
	if err != nil {
		return nil, err
	}
	document, err := hash(v, s.unsecured, with, s.budget)
	if err != nil {
		return nil, err
	}
	return append(config, document...), nil
}

// hashOptions is the hash of the proof options as canonical N-Quads.
func hashOptions(v *jsonld.Vocabulary, s secured, with parameters) ([]byte, error) {
	config, err := hash(v, s.optionsInContext(), with, s.budget)
	return config, s.at.Under(err)
}

// optionsInContext are the proof options under the context they are read in: that
// of the document, or the one a proof of 2020 brings.
func (s *secured) optionsInContext() map[string]any {
	if own, has := s.options["@context"]; has && !jsonld.SameContext(own, s.unsecured["@context"]) {
		return s.options
	}
	options := maps.Clone(s.options)
	options["@context"] = s.unsecured["@context"]
	return options
}

// hash is the hash of a document as canonical N-Quads.
func hash(v *jsonld.Vocabulary, doc map[string]any, with parameters, b *rdfc.Budget) ([]byte, error) {
	canonical, err := v.Canonical(doc, rdfc.Options{Hash: with.canonical, Budget: b})
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
func hashJCS(v *jsonld.Vocabulary, s secured, with parameters) ([]byte, error) {
	if !s.written {
		if err := v.Check(s.optionsInContext(), s.budget); err != nil {
			return nil, s.at.Under(err)
		}
		if err := v.Check(s.unsecured, s.budget); err != nil {
			return nil, err
		}
	}
	unsecured := s.unsecured
	if own, has := s.options["@context"]; has { // the same, but perhaps a string for an array of one
		unsecured = maps.Clone(unsecured)
		unsecured["@context"] = own
	}
	var hashes []byte
	for _, part := range []map[string]any{s.options, unsecured} {
		text, err := jsonld.CanonicalJSON(part)
		if err != nil {
			return nil, &jsonld.Error{Code: "expansion-failed", Detail: "the document cannot be written as canonical JSON", Err: err}
		}
		hashes = append(hashes, with.sum([]byte(text))...)
	}
	return hashes, nil
}
