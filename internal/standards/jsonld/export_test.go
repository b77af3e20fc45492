package jsonld

import (
	"slices"

	"github.com/piprate/json-gold/ld"

	"laurel/internal/standards/rdfc"
)

// Number is the lexical form and datatype of a JSON number.
var Number = number

// Bundled tells the digests of the bundled files.
func Bundled() (files, sums []string) {
	for _, c := range contexts() {
		files = append(files, c.File)
		sums = append(sums, c.SHA256)
	}
	return files, sums
}

func contexts() []context {
	list, err := bundled()
	if err != nil {
		panic(err)
	}
	return list
}

// Contexts are the URLs of the bundled contexts, sorted.
func Contexts() []string {
	var urls []string
	for _, c := range contexts() {
		urls = append(urls, c.URL)
	}
	slices.Sort(urls)
	return slices.Compact(urls)
}

// Quads are the statements of a document by the general path.
func (v *Vocabulary) Quads(doc map[string]any) ([]rdfc.Quad, error) {
	return v.quads(doc, rdfc.NewBudget(rdfc.DefaultBudget), false)
}

// MemoSize is the number of parsed contexts that are kept.
func (v *Vocabulary) MemoSize() int64 { return v.memo.Load().count.Load() }

const MaxScopes, MaxNewScopes = maxScopes, maxNewScopes

// ExpandBothWays expands a document as it is verified, and by json-gold alone
// with the contexts as strings.
func (v *Vocabulary) ExpandBothWays(doc map[string]any) (ours, plain []any, err error) {
	w, err := v.newWalk().document(doc)
	if err != nil {
		return nil, nil, err
	}
	if ours, err = expand(w.document, w.options); err != nil {
		return nil, nil, err
	}
	plain, err = ld.NewJsonLdProcessor().Expand(ld.CloneDocument(doc), v.options())
	return ours, plain, err
}
