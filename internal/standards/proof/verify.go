package proof

import (
	"crypto"
	"fmt"
	"maps"

	"laurel/internal/standards/jsonld"
	"laurel/internal/standards/rdfc"
)

// CheckForm looks at whatever of the i-th proof of doc, counted as Proofs does,
// needs no key: that it is well formed and of a suite that is known. It returns
// nil or an *jsonld.Error. So nobody need be asked for a key that could not be
// used.
func CheckForm(doc map[string]any, i int) error {
	_, err := choose(doc, i)
	return err
}

// Verify checks the cryptography of the i-th proof of doc, counted as Proofs
// does, under a public key: form, safe mode, canonicalisation, hashes,
// signature. It says nothing about dates, purposes, or whether the key belongs to
// anyone. All verifications of one document share budget b; nil is a default one
// for this call alone. It returns nil or an *jsonld.Error. Verify Proof, Data
// Integrity 1.0, section 4.4.
func (p *Processor) Verify(doc map[string]any, i int, key crypto.PublicKey, b *rdfc.Budget) error {
	return p.verify(doc, i, key, b, false)
}

// VerifyWritten is Verify for a caller who judges by CheckTerms what the document
// says: of a proof over canonical JSON, which covers every word whether it means
// something or not, the signature alone.
func (p *Processor) VerifyWritten(doc map[string]any, i int, key crypto.PublicKey, b *rdfc.Budget) error {
	return p.verify(doc, i, key, b, true)
}

func (p *Processor) verify(doc map[string]any, i int, key crypto.PublicKey, b *rdfc.Budget, written bool) error {
	c, err := choose(doc, i)
	if err != nil {
		return err
	}
	if err := checkKey(key); err != nil {
		return err
	}
	if b == nil {
		b = rdfc.NewBudget(rdfc.DefaultBudget)
	}
	if c.suite.detached != nil {
		return p.verifyDetached(c, doc, key, b)
	}
	if c.suite.derived == nil {
		return p.verifyHash(c, doc, key, b, written)
	}
	parts, err := c.takeApart(doc, b)
	if err != nil {
		return err
	}
	return c.suite.derived(p.verifying, parts, c.ProofValue, key)
}

// A chosen proof of a document is well formed and of a known suite.
type chosen struct {
	*Proof
	suite cryptosuite
	all   []Proof // of the document, this one too
	at    *jsonld.Place
}

func choose(doc map[string]any, i int) (c chosen, err error) {
	if c.all, err = Proofs(doc); err != nil {
		return c, err
	}
	if i < 0 || i >= len(c.all) {
		return c, &jsonld.Error{Code: "proof-missing", Detail: fmt.Sprintf("the document has no proof number %d", i)}
	}
	c.Proof, c.at = &c.all[i], placeOfProof(doc, i)
	c.suite, err = c.findSuite(c.at)
	return c, err
}

// findSuite finds the suite of a proof and looks at whatever needs no key.
func (p *Proof) findSuite(at *jsonld.Place) (cryptosuite, error) {
	if err := p.check(at); err != nil {
		return cryptosuite{}, err
	}
	suite, err := suiteFor(p.Type, p.Cryptosuite)
	if err != nil {
		return suite, at.Under(err)
	}
	switch {
	case suite.detached != nil:
		_, err = parseDetached(p.JWS, suite.detached)
	case suite.check != nil:
		err = suite.check(p.ProofValue)
	}
	return suite, at.Member(p.valueMember()).Under(err)
}

// verifyHash checks the one signature of a proof over the hashes of options and
// document.
func (p *Processor) verifyHash(c chosen, doc map[string]any, key crypto.PublicKey, b *rdfc.Budget, written bool) error {
	with, err := c.suite.parameters(key)
	if err != nil {
		return err
	}
	value := c.at.Member("proofValue")
	signature, err := decodeValue(c.ProofValue, with.signature)
	if err != nil {
		return value.Under(err)
	}
	parts, err := c.takeApart(doc, b)
	if err != nil {
		return err
	}
	parts.written = written
	hashData, err := c.suite.hashData(p.verifying, parts, with)
	if err != nil {
		return err
	}
	return value.Under(c.suite.verify(key, hashData, signature))
}

// takeApart makes of a document what the chosen proof was made over.
func (c chosen) takeApart(doc map[string]any, b *rdfc.Budget) (secured, error) {
	s := secured{unsecured: maps.Clone(doc), options: maps.Clone(c.Raw), at: c.at, budget: b}
	delete(s.unsecured, "proof")
	delete(s.options, c.valueMember())
	if own, has := s.options["@context"]; has && !jsonld.SameContext(own, doc["@context"]) && !c.bringsSuiteContext() {
		return s, c.at.Member("@context").Errorf("context-inline", "the proof has another @context than the document")
	}
	chain, err := c.chained(c.all, c.at)
	if err != nil {
		return s, err
	}
	if len(chain) > 0 {
		s.unsecured["proof"] = chain
	}
	return s, nil
}
