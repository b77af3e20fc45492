package proof

import (
	"bytes"
	"cmp"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/fxamacker/cbor/v2"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"laurel/internal/standards/jsonld"
	"laurel/internal/standards/rdfc"
)

// signBase makes the proofValue of a base proof: "Create Base Proof", section
// 3.6.1 of Data Integrity ECDSA Cryptosuites v1.0.
func signBase(v *jsonld.Vocabulary, s secured, o Options, key crypto.Signer) (string, error) {
	if issuer, ok := key.Public().(*ecdsa.PublicKey); !ok || issuer.Curve != elliptic.P256() {
		return "", needsP256()
	}
	if len(o.Mandatory) == 0 {
		return "", &jsonld.Error{Code: "pointer-unknown", Detail: "a base proof needs something that is always shown"}
	}
	b := baseProof{hmacKey: make([]byte, 32), mandatory: o.Mandatory}
	random := o.Random
	if random == nil {
		random = rand.Reader
	}
	if _, err := io.ReadFull(random, b.hmacKey); err != nil {
		return "", fmt.Errorf("draw an HMAC key: %w", err)
	}
	own, err := drawKey(random)
	if err != nil {
		return "", err
	}
	if b.publicKey, err = encodeProofKey(&own.PublicKey); err != nil {
		return "", err
	}
	proofHash, err := hashOptions(v, s, parametersP256())
	if err != nil {
		return "", err
	}
	g, err := newGroups(v, s, b.hmacKey)
	if err != nil {
		return "", err
	}
	mandatory, err := g.matching(o.Mandatory)
	if err != nil {
		return "", err
	}
	var together []byte
	for i, line := range g.lines {
		if mandatory[i] {
			together = append(together, line...)
			continue
		}
		signature, err := signECDSA(own, []byte(line))
		if err != nil {
			return "", err
		}
		b.signatures = append(b.signatures, signature)
	}
	if b.signatures == nil {
		b.signatures = [][]byte{} // an array in CBOR, not null
	}
	signed := slices.Concat(proofHash, b.publicKey, parametersP256().sum(together))
	if b.baseSignature, err = signECDSA(key, signed); err != nil {
		return "", err
	}
	if err := verifyECDSA(key.Public(), signed, b.baseSignature); err != nil {
		return "", fmt.Errorf("check the signature just made: %w", err)
	}
	return b.encode()
}

// drawKey makes a key for one proof.
func drawKey(random io.Reader) (*ecdsa.PrivateKey, error) {
	raw := make([]byte, 32)
	for {
		if _, err := io.ReadFull(random, raw); err != nil {
			return nil, fmt.Errorf("draw a key: %w", err)
		}
		if key, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), raw); err == nil {
			return key, nil // else zero or not below the group order
		}
	}
}

// encodeProofKey is what decodeProofKey reads.
func encodeProofKey(key *ecdsa.PublicKey) ([]byte, error) {
	point, err := key.Bytes() // 4, x, y
	if err != nil {
		return nil, fmt.Errorf("write the key of a proof: %w", err)
	}
	return append([]byte{0x80, 0x24, 2 + point[64]&1}, point[1:33]...), nil
}

// groups are the statements of a document, which pointers choose from.
// "canonicalizeAndGroup", section 3.4.16.
type groups struct {
	vocabulary *jsonld.Vocabulary
	budget     *rdfc.Budget
	named      map[string]any
	labels     map[string]string // blank nodes of named -> the labels they are signed under
	lines      []string          // canonical, in order, each once
}

func newGroups(v *jsonld.Vocabulary, s secured, hmacKey []byte) (*groups, error) {
	g := &groups{vocabulary: v, budget: s.budget}
	var err error
	if g.named, err = v.Name(s.unsecured, s.budget); err != nil {
		return nil, err
	}
	quads, err := v.Statements(g.named, s.budget)
	if err != nil {
		return nil, err
	}
	canonical, err := canonicalLabels(quads, s.budget)
	if err != nil {
		return nil, err
	}
	g.labels = make(map[string]string, len(canonical))
	for given, label := range canonical {
		g.labels[given] = hmacLabel(hmacKey, label)
	}
	g.lines = g.written(quads)
	return g, nil
}

func canonicalLabels(quads []rdfc.Quad, b *rdfc.Budget) (map[string]string, error) {
	labels, err := rdfc.Labels(quads, rdfc.Options{Budget: b})
	if err != nil {
		return nil, jsonld.OverBudget(err)
	}
	return labels, nil
}

// hmacLabel is what a blank node is called by: its place in the canonical order
// would tell of what is not shown. "createHmacIdLabelMapFunction", section 3.4.4.
func hmacLabel(key []byte, canonical string) string {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(canonical))
	return "u" + base64.RawURLEncoding.EncodeToString(h.Sum(nil))
}

// written are quads as they are signed.
func (g *groups) written(quads []rdfc.Quad) []string {
	lines := make([]string, len(quads))
	for i, q := range quads {
		for _, term := range []*rdfc.Term{&q.Subject, &q.Object, &q.Graph} {
			if term.Kind == rdfc.Blank {
				term.Value = g.labels[term.Value]
			}
		}
		lines[i] = q.Line()
	}
	slices.Sort(lines)
	return slices.Compact(lines)
}

// part is what pointers show of the document.
func (g *groups) part(pointers []string) ([]rdfc.Quad, error) {
	s, err := newSelection(g.named, pointers)
	if err != nil {
		return nil, err
	}
	return g.vocabulary.Statements(s.of(g.named), g.budget)
}

// matching tells of each line whether pointers show it.
func (g *groups) matching(pointers []string) ([]bool, error) {
	quads, err := g.part(pointers)
	if err != nil {
		return nil, err
	}
	found := make([]bool, len(g.lines))
	for _, line := range g.written(quads) {
		i, has := slices.BinarySearch(g.lines, line)
		switch {
		case has:
			found[i] = true
		case len(pointers) == 1:
			return nil, partial(pointers[0])
		default: // which of them it is
			for _, pointer := range pointers {
				if _, err := g.matching([]string{pointer}); err != nil {
					return nil, err
				}
			}
			return nil, partial("")
		}
	}
	return found, nil
}

// A Base is a document with a base proof, which parts can be shown of.
type Base struct {
	p     *Processor
	parts secured
	proof Proof
	base  *baseProof
}

// OpenBase finds the one base proof of a document, which may have other proofs
// too. Errors are *jsonld.Error; their codes are those of CheckForm, and
// base-missing, or derived-proof where there is only a proof that was derived.
func (p *Processor) OpenBase(doc map[string]any) (*Base, error) {
	all, err := Proofs(doc)
	if err != nil {
		return nil, err
	}
	found, code, detail := -1, "base-missing", "the document has no base proof of ecdsa-sd-2023, from which a part of it could be shown"
	for i, one := range all {
		switch {
		case one.Type != dataIntegrityProof || one.Cryptosuite != "ecdsa-sd-2023":
		case !isBase(one.ProofValue):
			code, detail = "derived-proof", "the document is a part of another already; only who holds the whole one can show other parts"
		case found >= 0:
			return nil, placeOfProof(doc, i).Errorf("proof-malformed", "a second base proof")
		default:
			found = i
		}
	}
	if found < 0 {
		return nil, new(jsonld.Place).Member("proof").Errorf(code, "%s", detail)
	}
	at := placeOfProof(doc, found)
	if err := all[found].check(at); err != nil {
		return nil, err
	}
	c := chosen{Proof: &all[found], all: all, at: at}
	parts, err := c.takeApart(doc, rdfc.NewBudget(rdfc.DefaultBudget))
	if err != nil {
		return nil, err
	}
	if _, chained := parts.unsecured["proof"]; chained {
		return nil, at.Member("previousProof").Errorf("proof-malformed", "no part can be shown of a document whose proof is over other proofs")
	}
	base, err := parseBase(all[found].ProofValue)
	if err != nil {
		return nil, at.Member("proofValue").Under(err)
	}
	return &Base{p, parts, all[found], base}, nil
}

// Unsecured is the document without its proofs. It must not be changed.
func (b *Base) Unsecured() map[string]any { return b.parts.unsecured }

// Mandatory are the JSON pointers to what is always shown.
func (b *Base) Mandatory() []string { return slices.Clone(b.base.mandatory) }

// Derive returns the part of the document that is always shown and that JSON
// pointers (RFC 6901) point to, with a proof of its own, as one line of JSON with
// sorted names. No key is needed. What can be checked without the issuer's key is
// checked: that each statement was signed. Errors are *jsonld.Error: pointer-unknown
// with the pointer to nothing, pointer-partial for some items of an ordered list,
// signature-invalid for a base proof of another document. "Add Derived Proof",
// Data Integrity ECDSA Cryptosuites v1.0, section 3.6.6.
func (b *Base) Derive(reveal []string) ([]byte, error) {
	shown, d, err := b.derive(reveal)
	if err != nil {
		return nil, err
	}
	value, err := d.encode()
	if err != nil {
		return nil, err
	}
	if _, err := d.together(b.p.verifying, secured{unsecured: shown, options: b.parts.options, at: b.parts.at, budget: rdfc.NewBudget(rdfc.DefaultBudget)}); err != nil {
		return nil, err
	}
	options := maps.Clone(b.proof.Raw)
	delete(options, "@context")
	options["proofValue"] = value
	out := maps.Clone(shown)
	out["proof"] = []any{options}
	text, err := json.Marshal(out, json.Deterministic(true), jsontext.EscapeForHTML(false))
	if err != nil {
		return nil, fmt.Errorf("write the document: %w", err)
	}
	return text, nil
}

// derive is "createDisclosureData", section 3.5.4.
func (b *Base) derive(reveal []string) (shown map[string]any, d *derivedProof, err error) {
	budget := rdfc.NewBudget(rdfc.DefaultBudget)
	parts := b.parts
	parts.budget = budget
	g, err := newGroups(b.p.verifying, parts, b.base.hmacKey)
	if err != nil {
		return nil, nil, err
	}
	mandatory, err := g.matching(b.base.mandatory)
	if err != nil {
		return nil, nil, err
	}
	pointers := joined(b.base.mandatory, reveal)
	chosen, err := newSelection(b.parts.unsecured, pointers)
	if err != nil {
		return nil, nil, err
	}
	combined, err := g.matching(pointers)
	if err != nil {
		return nil, nil, err
	}
	quads, err := g.part(pointers)
	if err != nil {
		return nil, nil, err
	}
	d = &derivedProof{baseSignature: b.base.baseSignature, publicKey: b.base.publicKey, mandatory: []uint64{}, signatures: [][]byte{}}
	if d.key, err = decodeProofKey(d.publicKey); err != nil {
		return nil, nil, err
	}
	signature, place := 0, uint64(0)
	for i := range g.lines {
		switch {
		case combined[i] && mandatory[i]:
			d.mandatory = append(d.mandatory, place)
		case signature >= len(b.base.signatures) && !mandatory[i]:
			return nil, nil, b.parts.at.Member("proofValue").Under(notDerived("the base proof has too few signatures for this document"))
		case combined[i]:
			d.signatures = append(d.signatures, b.base.signatures[signature])
		}
		if combined[i] {
			place++
		}
		if !mandatory[i] {
			signature++
		}
	}
	canonical, err := canonicalLabels(quads, budget)
	if err != nil {
		return nil, nil, err
	}
	d.labels = make(map[string]string, len(canonical))
	for given, label := range canonical {
		d.labels[label] = g.labels[given]
	}
	return chosen.of(b.parts.unsecured), d, nil
}

// encode is "serializeDerivedProofValue", section 3.5.7.
func (d *derivedProof) encode() (string, error) {
	c := components{BaseSignature: cbor.ByteString(d.baseSignature), PublicKey: cbor.ByteString(d.publicKey),
		Signatures: make([]cbor.ByteString, len(d.signatures)), Labels: make(map[uint64]cbor.ByteString, len(d.labels)), Mandatory: d.mandatory}
	for i, signature := range d.signatures {
		c.Signatures[i] = cbor.ByteString(signature)
	}
	for canonical, label := range d.labels {
		number, err := strconv.ParseUint(strings.TrimPrefix(canonical, "c14n"), 10, 64)
		digest, bad := base64.RawURLEncoding.DecodeString(strings.TrimPrefix(label, "u"))
		if err = cmp.Or(err, bad); err != nil {
			return "", fmt.Errorf("write labels: %w", err)
		}
		c.Labels[number] = cbor.ByteString(digest)
	}
	return encodeParts(derivedProofHeader, c)
}

// together checks the statements that have a signature each, and returns those
// that are signed together.
func (d *derivedProof) together(v *jsonld.Vocabulary, s secured) ([]byte, error) {
	statements, err := d.statements(v, s)
	if err != nil {
		return nil, err
	}
	at := s.at.Member("proofValue")
	mandatory, others, err := d.split(statements)
	if err != nil {
		return nil, at.Under(err)
	}
	for i, statement := range others {
		if err := verifyECDSA(d.key, statement, d.signatures[i]); err != nil {
			return nil, at.Under(err)
		}
	}
	return bytes.Join(mandatory, nil), nil
}
