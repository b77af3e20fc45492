package proof

import (
	"bytes"
	"crypto"
	"fmt"
	"maps"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"laurel/internal/standards/rdfc"
)

// Options of a new proof.
type Options struct {
	Cryptosuite        string    // zero: eddsa-rdfc-2022
	VerificationMethod string    // DID URL of the key, required
	Created            time.Time // written in UTC, to the second; zero: left out
	ProofPurpose       string    // zero: assertionMethod
}

// Sign returns the document with "proof": [ {…} ] as its last member; its own
// bytes are otherwise the same. doc is a JSON object without a proof that Parse
// takes and that passes safe mode. The signature is checked against the key's
// public half before it is returned. Errors are *Error, or what the key's Sign
// gives. Add Proof, Data Integrity 1.0, section 4.2.
func (p *Processor) Sign(doc []byte, o Options, key crypto.Signer) ([]byte, error) {
	unsecured, err := ParseObject(doc)
	if err != nil {
		return nil, err
	}
	if _, has := unsecured["proof"]; has {
		return nil, (&place{}).member("proof").errorf("proof-present", "the document has a proof already")
	}
	if o.Cryptosuite == "" {
		o.Cryptosuite = defaultSuite
	}
	if o.ProofPurpose == "" {
		o.ProofPurpose = "assertionMethod"
	}
	suite, err := suiteNamed(o.Cryptosuite)
	if err != nil {
		return nil, err
	}
	public := key.Public()
	if err := checkKey(public); err != nil {
		return nil, err
	}
	with, err := suite.parameters(public)
	if err != nil {
		return nil, err
	}
	made := newProof(o)
	budget := rdfc.NewBudget(rdfc.DefaultBudget)
	hashData, err := p.signing.hashData(unsecured, made.object(), with, (&place{}).member("proof"), budget)
	if err != nil {
		return nil, err
	}
	signature, err := suite.sign(key, hashData)
	if err != nil {
		return nil, err
	}
	// A fault in signing must not become a record, nor tell of the key.
	if len(signature) != with.signature {
		return nil, &Error{Code: "signature-malformed", Detail: "the key made a signature of the wrong length"}
	}
	if err := suite.verify(public, hashData, signature); err != nil {
		return nil, fmt.Errorf("check the signature just made: %w", err)
	}
	made.ProofValue = encodeValue(signature)
	return appendProof(doc, made)
}

// writtenProof has the members of a new proof in the order they are written.
type writtenProof struct {
	Type               string `json:"type"`
	Created            string `json:"created,omitzero"`
	VerificationMethod string `json:"verificationMethod"`
	Cryptosuite        string `json:"cryptosuite"`
	ProofPurpose       string `json:"proofPurpose"`
	ProofValue         string `json:"proofValue"`
}

func newProof(o Options) writtenProof {
	w := writtenProof{
		Type:               dataIntegrityProof,
		VerificationMethod: o.VerificationMethod,
		Cryptosuite:        o.Cryptosuite,
		ProofPurpose:       o.ProofPurpose,
	}
	if !o.Created.IsZero() {
		w.Created = o.Created.UTC().Format("2006-01-02T15:04:05Z")
	}
	return w
}

// object is the proof as Parse would read it, without proofValue.
func (w writtenProof) object() map[string]any {
	m := map[string]any{
		"type":               w.Type,
		"verificationMethod": w.VerificationMethod,
		"cryptosuite":        w.Cryptosuite,
		"proofPurpose":       w.ProofPurpose,
	}
	if w.Created != "" {
		m["created"] = w.Created
	}
	return m
}

// appendProof writes the proof behind the last member of doc, a JSON object
// with at least one.
func appendProof(doc []byte, w writtenProof) ([]byte, error) {
	text, err := json.Marshal(w, jsontext.EscapeForHTML(false))
	if err != nil {
		return nil, fmt.Errorf("write proof: %w", err)
	}
	end := bytes.LastIndexByte(doc, '}')
	last := len(bytes.TrimRight(doc[:end], " \t\r\n"))
	out := make([]byte, 0, len(doc)+len(text)+len(`,"proof":[]`))
	out = append(out, doc[:last]...)
	out = append(out, `,"proof":[`...)
	out = append(out, text...)
	out = append(out, ']')
	return append(out, doc[last:]...), nil
}

// hashData is what a suite signs: the hash of the proof options followed by the
// hash of the document. Data Integrity EdDSA Cryptosuites v1.0, section 3.2.4.
// proof has no proofValue; the document's @context is added to it as section
// 3.2.5 asks for; at is where it is or will be.
func (v *vocabulary) hashData(unsecured, proof map[string]any, with parameters, at *place, b *rdfc.Budget) ([]byte, error) {
	options := maps.Clone(proof)
	options["@context"] = unsecured["@context"]
	config, err := v.hash(options, with, b)
	if err != nil {
		return nil, under(err, at)
	}
	document, err := v.documentHash(unsecured, with, b)
	if err != nil {
		return nil, err
	}
	return append(config, document...), nil
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
	h := with.hash.New()
	h.Write(canonical)
	return h.Sum(nil), nil
}
