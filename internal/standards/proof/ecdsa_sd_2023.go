package proof

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"slices"
	"strconv"

	"laurel/internal/standards/jsonld"
	"laurel/internal/standards/rdfc"
)

// ecdsaSD2023 is the selective disclosure suite of Data Integrity ECDSA
// Cryptosuites v1.0, W3C Recommendation of 15 May 2025, section 3.6: the issuer
// signs the statements that must be shown together with the public half of a key
// made for this one credential, and each other statement with that key. The
// holder shows some of them. What the holder left out is not known to anyone
// else: a status or an end may be missing, unless the issuer made them mandatory.
//
// Base proofs are made (disclose.go), and derived ones made and verified; the one
// curve of the suite is P-256.
func ecdsaSD2023() cryptosuite {
	return cryptosuite{
		proofType: dataIntegrityProof,
		name:      "ecdsa-sd-2023",
		check: func(value string) error {
			_, err := parseDerived(value)
			return err
		},
		derived: verifyDerived,
		base:    signBase,
	}
}

// signatureCost is what one ECDSA signature takes from a budget: it costs as much
// as some 300 units.
const signatureCost = 300

// verifyDerived is "Verify Derived Proof", section 3.6.7.
func verifyDerived(v *jsonld.Vocabulary, s secured, value string, key crypto.PublicKey) error {
	issuer, ok := key.(*ecdsa.PublicKey)
	if !ok || issuer.Curve != elliptic.P256() {
		if isSecp256k1(key) {
			return unusedSecp256k1("ecdsa-sd-2023")
		}
		return needsP256()
	}
	at := s.at.Member("proofValue")
	d, err := parseDerived(value)
	if err != nil {
		return at.Under(err)
	}
	if err := s.budget.Spend((1 + len(d.signatures)) * signatureCost); err != nil {
		return jsonld.OverBudget(err)
	}
	proofHash, err := hashOptions(v, s, parametersP256())
	if err != nil {
		return err
	}
	mandatory, err := d.together(v, s)
	if err != nil {
		return err
	}
	signed := slices.Concat(proofHash, d.publicKey, parametersP256().sum(mandatory))
	return at.Under(verifyECDSA(issuer, signed, d.baseSignature))
}

func needsP256() error {
	return &jsonld.Error{Code: "key-mismatch", Detail: "ecdsa-sd-2023 needs a key on P-256"}
}

// statements are those of the document, sorted, with the labels of blank nodes
// that they were signed under. Every node must have such a label, and no two the
// same: one signed node could else be shown as two.
// "labelReplacementCanonicalizeJsonLd", section 3.4.2.
func (d *derivedProof) statements(v *jsonld.Vocabulary, s secured) ([][]byte, error) {
	used, complete := make(map[string]bool, len(d.labels)), true
	canonical, err := v.Canonical(s.unsecured, rdfc.Options{Budget: s.budget, Name: func(canonical string) string {
		label, known := d.labels[canonical]
		used[canonical], complete = true, complete && known
		return label
	}})
	at := s.at.Member("proofValue")
	switch {
	case err != nil:
		return nil, err
	case !complete:
		return nil, at.Under(notDerived("a blank node of the document has no label in proofValue"))
	case len(used) != len(d.labels):
		return nil, at.Under(notDerived("proofValue labels blank nodes that the document does not have"))
	}
	return slices.Collect(bytes.Lines(canonical)), nil
}

// split tells the statements that are signed together from the others, which
// have one signature each. "createVerifyData", section 3.5.9.
func (d *derivedProof) split(statements [][]byte) (mandatory, others [][]byte, err error) {
	rest := d.mandatory
	for i, statement := range statements {
		if len(rest) > 0 && rest[0] == uint64(i) {
			mandatory, rest = append(mandatory, statement), rest[1:]
			continue
		}
		others = append(others, statement)
	}
	if len(rest) > 0 {
		return nil, nil, notDerived("proofValue counts statements that the document does not have")
	}
	if len(others) != len(d.signatures) {
		return nil, nil, notDerived("the document has " + strconv.Itoa(len(others)) +
			" statements that need a signature each, proofValue has " + strconv.Itoa(len(d.signatures)))
	}
	return mandatory, others, nil
}

// notDerived is the error for a proofValue that was made for another document.
func notDerived(detail string) *jsonld.Error {
	return &jsonld.Error{Code: "signature-invalid", Detail: detail}
}
