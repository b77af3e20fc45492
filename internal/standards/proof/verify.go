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
	if chosen.Type != dataIntegrityProof {
		return at.member("type").errorf("suite-unknown", "proofs of this type are not known")
	}
	if err := chosen.check(at); err != nil {
		return err
	}
	suite, err := suiteNamed(chosen.Cryptosuite)
	if err != nil {
		return under(err, at.member("cryptosuite"))
	}
	if err := checkKey(key); err != nil {
		return err
	}
	with, err := suite.parameters(key)
	if err != nil {
		return err
	}
	signature, err := decodeValue(chosen.ProofValue, with.signature)
	if err != nil {
		return under(err, at.member("proofValue"))
	}
	hashData, err := p.verifyData(doc, chosen, proofs, with, at, b)
	if err != nil {
		return err
	}
	return under(suite.verify(key, hashData, signature), at.member("proofValue"))
}

// verifyData makes the hash data of one proof of doc.
func (p *Processor) verifyData(doc map[string]any, chosen *Proof, all []Proof, with parameters, at *place, b *rdfc.Budget) ([]byte, error) {
	if b == nil {
		b = rdfc.NewBudget(rdfc.DefaultBudget)
	}
	options := maps.Clone(chosen.Raw)
	delete(options, "proofValue")
	if own, has := options["@context"]; has && !sameContext(own, doc["@context"]) {
		return nil, at.member("@context").errorf("context-inline", "the proof has another @context than the document")
	}
	unsecured := maps.Clone(doc)
	delete(unsecured, "proof")
	chain, err := chosen.chained(all, at)
	if err != nil {
		return nil, err
	}
	if len(chain) > 0 {
		unsecured["proof"] = chain
	}
	return p.verifying.hashData(unsecured, options, with, at, b)
}
