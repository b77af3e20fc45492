package proof

import (
	"bytes"
	"crypto"

	"laurel/internal/standards/jsonld"
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
	parts := secured{unsecured: unsecured, options: config, at: &jsonld.Place{}, budget: rdfc.NewBudget(rdfc.DefaultBudget)}
	if s.Document, err = written(p.signing, unsecured, row, with, parts.budget); err != nil {
		return s, err
	}
	options := config
	if !row.keepsContext {
		options = parts.optionsInContext()
	}
	if s.Config, err = written(p.signing, options, row, with, parts.budget); err != nil {
		return s, err
	}
	s.HashData, err = row.hashData(p.signing, parts, with)
	return s, err
}

// written is a document as a suite writes it down to hash it.
func written(v *jsonld.Vocabulary, doc map[string]any, row cryptosuite, with parameters, b *rdfc.Budget) ([]byte, error) {
	if row.keepsContext {
		text, err := jsonld.CanonicalJSON(doc)
		return []byte(text), err
	}
	return v.Canonical(doc, rdfc.Options{Hash: with.canonical, Budget: b})
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
	c := chosen{Proof: &proofs[0], all: proofs, at: new(jsonld.Place)}
	parts, err := c.takeApart(doc, rdfc.NewBudget(rdfc.DefaultBudget))
	if err != nil {
		return s, err
	}
	d, err := parseDerived(value)
	if err != nil {
		return s, err
	}
	statements, err := d.statements(p.verifying, parts)
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
	s.ProofHash, err = hashOptions(p.verifying, parts, parametersP256())
	return s, err
}

// What a signature is checked with, for keys that CheckPublicKey lets through.
var (
	VerifyEd25519   = verifyEd25519
	VerifyECDSA     = verifyECDSA
	VerifySecp256k1 = verifySecp256k1
)

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
	row, err := suiteFor(jsonld.Ed25519Signature2020, "")
	if err != nil {
		return nil, err
	}
	parts := secured{unsecured: unsecured, options: options, at: &jsonld.Place{}, budget: rdfc.NewBudget(rdfc.DefaultBudget)}
	return row.hashData(p.verifying, parts, parameters{rdfc.SHA256, crypto.SHA256, 64})
}

// BaseStages is every intermediate value of a base proof and of what is derived
// from it.
type BaseStages struct {
	Canonical, ProofConfig string
	Lines                  []string // with the labels they are signed under
	ProofHash              []byte
	Labels                 map[string]string // path of a node -> its label
	BaseSignature, HMACKey []byte
	PublicKey              []byte
	Signatures             [][]byte
	Mandatory              []string
}

func (b *Base) Stages() (s BaseStages, err error) {
	parts := b.parts
	canonical, err := b.p.verifying.Canonical(parts.unsecured, rdfc.Options{})
	if err != nil {
		return s, err
	}
	config, err := b.p.verifying.Canonical(parts.optionsInContext(), rdfc.Options{})
	if err != nil {
		return s, err
	}
	g, err := newGroups(b.p.verifying, parts, b.base.hmacKey)
	if err != nil {
		return s, err
	}
	s = BaseStages{Canonical: string(canonical), ProofConfig: string(config), Lines: g.lines, Labels: make(map[string]string),
		BaseSignature: b.base.baseSignature, HMACKey: b.base.hmacKey, PublicKey: b.base.publicKey,
		Signatures: b.base.signatures, Mandatory: b.base.mandatory}
	collectLabels(s.Labels, "", g.named, g.labels)
	s.ProofHash, err = hashOptions(b.p.verifying, parts, parametersP256())
	return s, err
}

func collectLabels(into map[string]string, path string, value any, labels map[string]string) {
	if m, ok := value.(map[string]any); ok {
		if id, ok := m["id"].(string); ok && labels[id] != "" {
			into[path] = labels[id]
		}
		for name, v := range m {
			collectLabels(into, path+"/"+name, v, labels)
		}
	}
}

// Matching are the places of the statements that pointers show.
func (b *Base) Matching(pointers []string) ([]int, error) {
	g, err := newGroups(b.p.verifying, b.parts, b.base.hmacKey)
	if err != nil {
		return nil, err
	}
	matching, err := g.matching(pointers)
	var places []int
	for i, yes := range matching {
		if yes {
			places = append(places, i)
		}
	}
	return places, err
}

// DerivedParts are the parts of a derived proof, and the document it is for.
func (b *Base) DerivedParts(reveal []string) (shown map[string]any, labels map[string]string, mandatory []uint64, signatures [][]byte, err error) {
	shown, d, err := b.derive(reveal)
	if err != nil {
		return nil, nil, nil, nil, err
	}
	return shown, d.labels, d.mandatory, d.signatures, nil
}

// Encode is the proofValue that was read.
func (b *Base) Encode() (string, error) { return b.base.encode() }
