package proof

import (
	"bytes"
	"cmp"
	"crypto"
	"fmt"
	"io"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"laurel/internal/standards/jsonld"
	"laurel/internal/standards/rdfc"
)

// Options of a new proof.
type Options struct {
	Cryptosuite        string    // zero: eddsa-rdfc-2022; also its jcs form, ecdsa-rdfc-2019, ecdsa-jcs-2019, ecdsa-sd-2023
	VerificationMethod string    // DID URL of the key, required
	Created            time.Time // written in UTC, to the second; zero: left out
	ProofPurpose       string    // zero: assertionMethod

	// For ecdsa-sd-2023, which makes a base proof, and only for that:
	Mandatory []string  // JSON pointers to what is shown always; at least one
	Random    io.Reader // where the keys of this one proof are drawn from; nil: crypto/rand
}

// Sign returns the document with "proof": [ {…} ] as its last member; its own
// bytes are otherwise the same. doc is a JSON object without a proof that Parse
// takes and that passes safe mode. The signature is checked against the key's
// public half before it is returned. Errors are *jsonld.Error, or what the key's Sign
// gives. Add Proof, Data Integrity 1.0, section 4.2.
func (p *Processor) Sign(doc []byte, o Options, key crypto.Signer) ([]byte, error) {
	unsecured, err := jsonld.ParseObject(doc)
	if err != nil {
		return nil, err
	}
	if _, has := unsecured["proof"]; has {
		return nil, new(jsonld.Place).Member("proof").Errorf("proof-present", "the document has a proof already")
	}
	o.Cryptosuite, o.ProofPurpose = cmp.Or(o.Cryptosuite, defaultSuite), cmp.Or(o.ProofPurpose, "assertionMethod")
	suite, err := suiteFor(dataIntegrityProof, o.Cryptosuite)
	if err == nil && suite.now != "" {
		err = unknownSuite("/cryptosuite") // an old name is verified, and not made
	}
	if err != nil {
		return nil, err
	}
	if err := checkKey(key.Public()); err != nil {
		return nil, err
	}
	made := newProof(o)
	if suite.keepsContext {
		made.Context = unsecured["@context"]
	}
	parts := secured{
		unsecured: unsecured,
		options:   made.object(),
		at:        new(jsonld.Place).Member("proof"),
		budget:    rdfc.NewBudget(rdfc.DefaultBudget),
	}
	if suite.base != nil {
		made.ProofValue, err = suite.base(p.signing, parts, o, key)
	} else {
		made.ProofValue, err = p.signHash(suite, parts, key)
	}
	if err != nil {
		return nil, err
	}
	return appendProof(doc, made)
}

// signHash makes the proofValue of a suite with one signature, over the hashes of
// options and document.
func (p *Processor) signHash(suite cryptosuite, parts secured, key crypto.Signer) (string, error) {
	with, err := suite.parameters(key.Public())
	if err != nil {
		return "", err
	}
	hashData, err := suite.hashData(p.signing, parts, with)
	if err != nil {
		return "", err
	}
	signature, err := suite.sign(key, hashData)
	if err != nil {
		return "", err
	}
	// A fault in signing must not become a record, nor tell of the key.
	if len(signature) != with.signature {
		return "", &jsonld.Error{Code: "signature-malformed", Detail: "the key made a signature of the wrong length"}
	}
	if err := suite.verify(key.Public(), hashData, signature); err != nil {
		return "", fmt.Errorf("check the signature just made: %w", err)
	}
	return encodeValue(signature), nil
}

// writtenProof has the members of a new proof in the order they are written.
type writtenProof struct {
	Context            any    `json:"@context,omitzero"`
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
	if w.Context != nil {
		m["@context"] = w.Context
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
