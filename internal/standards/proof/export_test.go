package proof

import (
	"bytes"
	"crypto"

	"github.com/piprate/json-gold/ld"

	"laurel/internal/standards/rdfc"
)

// Stages is every intermediate value of a signature, for official vectors.
type Stages struct {
	Document, Config []byte // canonical N-Quads
	HashData         []byte
}

func (p *Processor) Stages(unsecured, config map[string]any, suite string, key crypto.PublicKey) (s Stages, err error) {
	row, err := suiteFor(dataIntegrityProof, suite)
	if err != nil {
		return s, err
	}
	with, err := row.parameters(key)
	if err != nil {
		return s, err
	}
	parts := secured{unsecured, config, &place{}, rdfc.NewBudget(rdfc.DefaultBudget)}
	if s.Document, err = p.signing.written(unsecured, row, with, parts.budget); err != nil {
		return s, err
	}
	options := config
	if !row.keepsContext {
		options = parts.optionsInContext()
	}
	if s.Config, err = p.signing.written(options, row, with, parts.budget); err != nil {
		return s, err
	}
	s.HashData, err = row.hashData(p.signing, parts, with)
	return s, err
}

// written is a document as a suite writes it down to hash it.
func (v *vocabulary) written(doc map[string]any, row cryptosuite, with parameters, b *rdfc.Budget) ([]byte, error) {
	if row.keepsContext {
		text, err := canonicalJSON(doc)
		return []byte(text), err
	}
	return v.canonical(doc, rdfc.Options{Hash: with.canonical, Budget: b})
}

// Number is the lexical form and datatype of a JSON number.
var Number = number

// Bundled tells the digests of the bundled files.
func Bundled() (files, sums []string) {
	for _, c := range bundled {
		files = append(files, c.file)
		sums = append(sums, c.sum)
	}
	return files, sums
}

// Quads are the statements of a document by the general path.
func (p *Processor) Quads(doc map[string]any) ([]rdfc.Quad, error) {
	return p.verifying.quads(doc, rdfc.NewBudget(rdfc.DefaultBudget))
}

// MemoSize is the number of parsed contexts that are kept.
func (p *Processor) MemoSize() int64 { return p.verifying.memo.Load().count.Load() }

const MaxScopes, MaxNewScopes = maxScopes, maxNewScopes

// ExpandBothWays expands a document as it is verified, and by json-gold alone
// with the contexts as strings.
func (p *Processor) ExpandBothWays(doc map[string]any) (ours, plain []any, err error) {
	v := p.verifying
	w, err := v.walkDocument(doc)
	if err != nil {
		return nil, nil, err
	}
	if ours, err = expand(w.document, w.options); err != nil {
		return nil, nil, err
	}
	plain, err = ld.NewJsonLdProcessor().Expand(ld.CloneDocument(doc), v.options())
	return ours, plain, err
}

// Components are the parts of the proofValue of a derived proof.
type Components = components

// DerivedStages is every intermediate value of a derived proof.
type DerivedStages struct {
	Statements               []string
	ProofHash, MandatoryHash []byte
	BaseSignature            []byte
	Signatures               [][]byte
	Mandatory                []uint64
}

func (p *Processor) DerivedStages(doc map[string]any, value string) (s DerivedStages, err error) {
	proofs, err := Proofs(doc)
	if err != nil {
		return s, err
	}
	parts, err := takeApart(doc, &proofs[0], proofs, &place{}, rdfc.NewBudget(rdfc.DefaultBudget))
	if err != nil {
		return s, err
	}
	d, err := parseDerived(value)
	if err != nil {
		return s, err
	}
	canonical, err := p.verifying.canonical(parts.unsecured, rdfc.Options{})
	if err != nil {
		return s, err
	}
	statements, err := d.relabel(canonical)
	if err != nil {
		return s, err
	}
	for _, statement := range statements {
		s.Statements = append(s.Statements, string(statement))
	}
	mandatory, _, err := d.split(statements)
	if err != nil {
		return s, err
	}
	s.MandatoryHash = parametersP256().sum(bytes.Join(mandatory, nil))
	s.BaseSignature, s.Signatures, s.Mandatory = d.baseSignature, d.signatures, d.mandatory
	s.ProofHash, err = p.verifying.hashOptions(parts, parametersP256())
	return s, err
}

// What a signature is checked with, for keys that CheckPublicKey lets through.
var (
	VerifyEd25519 = verifyEd25519
	VerifyECDSA   = verifyECDSA
)

// CanonicalJSON is RFC 8785.
var CanonicalJSON = canonicalJSON

// SignHashData is what a suite does with hash data.
func SignHashData(suite string, key crypto.Signer, hashData []byte) ([]byte, error) {
	row, err := suiteFor(dataIntegrityProof, suite)
	if err != nil {
		return nil, err
	}
	return row.sign(key, hashData)
}

// ParseDerived reads the proofValue of a derived proof.
var ParseDerived = parseDerived

// WithoutSignatures is all of a derived proof that has one form only.
func (d *derivedProof) WithoutSignatures() derivedProof {
	rest := *d
	rest.baseSignature, rest.signatures = nil, nil
	return rest
}

// HashDataOf2020 is what an Ed25519Signature2020 is made over.
func (p *Processor) HashDataOf2020(unsecured, options map[string]any) ([]byte, error) {
	row, err := suiteFor(ed25519Signature2020, "")
	if err != nil {
		return nil, err
	}
	parts := secured{unsecured, options, &place{}, rdfc.NewBudget(rdfc.DefaultBudget)}
	return row.hashData(p.verifying, parts, parameters{rdfc.SHA256, crypto.SHA256, 64})
}
