package proof

import (
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
	row, err := suiteNamed(suite)
	if err != nil {
		return s, err
	}
	with, err := row.parameters(key)
	if err != nil {
		return s, err
	}
	b := rdfc.NewBudget(rdfc.DefaultBudget)
	if s.Document, err = p.signing.canonical(unsecured, rdfc.Options{Hash: with.canonical, Budget: b}); err != nil {
		return s, err
	}
	options := map[string]any{"@context": unsecured["@context"]}
	for name, value := range config {
		options[name] = value
	}
	if s.Config, err = p.signing.canonical(options, rdfc.Options{Hash: with.canonical, Budget: b}); err != nil {
		return s, err
	}
	s.HashData, err = p.signing.hashData(unsecured, config, with, &place{}, b)
	return s, err
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
	return p.verifying.quads(doc)
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
