package proof

import (
	"crypto"
	"fmt"
	"maps"

	"laurel/internal/standards/rdfc"
)

// Verify checks the cryptography of the i-th proof of doc, counted as Proofs
// does, under a public key: safe mode, canonicalisation, hashes, signature. It
// says nothing about dates, purposes, or whether the key belongs to anyone. All
// verifications of one document share budget b; nil is a default one for this
// call alone. It returns nil or an *Error. Verify Proof, Data Integrity 1.0,
// section 4.4.
//
// Whatever needs no key is looked at first: with a nil key, key-malformed means
// that the proof is well formed and of a suite that is known.
func (p *Processor) Verify(doc map[string]any, i int, key crypto.PublicKey, b *rdfc.Budget) error {
	proofs, err := Proofs(doc)
	if err != nil {
		return err
	}
	if i < 0 || i >= len(proofs) {
		return &Error{Code: "proof-missing", Detail: fmt.Sprintf("the document has no proof number %d", i)}
	}
	at := placeOfProof(doc, i)
	chosen := &proofs[i]
	suite, err := chosen.suite(at)
	if err != nil {
		return err
	}
	if err := checkKey(key); err != nil {
		return err
	}
	if b == nil {
		b = rdfc.NewBudget(rdfc.DefaultBudget)
	}
	if suite.derived == nil {
		return p.verifyHash(suite, doc, chosen, proofs, key, at, b)
	}
	parts, err := takeApart(doc, chosen, proofs, at, b)
	if err != nil {
		return err
	}
	return suite.derived(p.verifying, parts, chosen.ProofValue, key)
}

// suite finds the suite of a proof and looks at whatever needs no key.
func (p *Proof) suite(at *place) (cryptosuite, error) {
	if err := p.check(at); err != nil {
		return cryptosuite{}, err
	}
	suite, err := suiteFor(p.Type, p.Cryptosuite)
	if err != nil {
		return suite, under(err, at)
	}
	if suite.check != nil {
		err = suite.check(p.ProofValue)
	}
	return suite, under(err, at.member("proofValue"))
}

// verifyHash checks the one signature of a proof over the hashes of options and
// document.
func (p *Processor) verifyHash(suite cryptosuite, doc map[string]any, chosen *Proof, all []Proof, key crypto.PublicKey, at *place, b *rdfc.Budget) error {
	with, err := suite.parameters(key)
	if err != nil {
		return err
	}
	signature, err := decodeValue(chosen.ProofValue, with.signature)
	if err != nil {
		return under(err, at.member("proofValue"))
	}
	parts, err := takeApart(doc, chosen, all, at, b)
	if err != nil {
		return err
	}
	hashData, err := suite.hashData(p.verifying, parts, with)
	if err != nil {
		return err
	}
	return under(suite.verify(key, hashData, signature), at.member("proofValue"))
}

// takeApart makes of a document what one of its proofs was made over.
func takeApart(doc map[string]any, chosen *Proof, all []Proof, at *place, b *rdfc.Budget) (secured, error) {
	s := secured{unsecured: maps.Clone(doc), options: maps.Clone(chosen.Raw), at: at, budget: b}
	delete(s.unsecured, "proof")
	delete(s.options, "proofValue")
	if own, has := s.options["@context"]; has && !sameContext(own, doc["@context"]) && !chosen.bringsSuiteContext() {
		return s, at.member("@context").errorf("context-inline", "the proof has another @context than the document")
	}
	chain, err := chosen.chained(all, at)
	if err != nil {
		return s, err
	}
	if len(chain) > 0 {
		s.unsecured["proof"] = chain
	}
	return s, nil
}
