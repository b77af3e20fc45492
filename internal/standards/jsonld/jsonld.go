// Package jsonld reads JSON that came from outside and says what it states: strict
// JSON, JSON-LD with bundled contexts in safe mode, and canonical N-Quads and
// canonical JSON, which are what signatures are made over. It knows nothing of
// proofs, keys, badges or the network.
//
// It refuses whatever would make the statements differ from what a reader of
// the JSON sees: contexts that are not bundled or not given by URL, terms and
// types no context defines, relative IRIs, JSON-LD keywords, values that RDF
// cannot carry. Verifiable Credential Data Integrity 1.0, section 4.2, asks for
// this: data loss is an error.
//
// The way of a document is Parse, the walk of safe mode (walk.go), which hands
// json-gold a copy whose nodes carry contexts that were parsed before, json-gold's
// expansion, quads (quads.go), and rdfc. Verifying and signing have no other way.
package jsonld

import (
	"embed"
	"errors"
	"fmt"
	"maps"
	"sync"

	"github.com/go-json-experiment/json"

	"laurel/internal/standards/rdfc"
)

//go:embed contexts.json contexts
var files embed.FS

// A context is one row of contexts.json: a document in the folder contexts, with
// its URL. The digests are pinned by a test; for credentials-v2, data-integrity-v2,
// multikey, jwk, cid and status they are the ones the W3C Recommendations print.
//
// On 29 June 2026 1EdTech added two terms to the published 3.0.3 of Open Badges.
// What uses neither means the same under both; nothing is signed that uses them,
// as verifiers with the older file would not understand it.
type context struct {
	URL    string `json:"url"`
	File   string `json:"file"`
	SHA256 string `json:"sha256"`
	From   string `json:"from"` // the package of npm that it was taken from, if not from its URL
	Only   string `json:"only"` // "sign" or "verify": where another row is for the other, or for what others sign
	Rare   bool   `json:"rare"` // the verify page loads it only when a document has it
}

// bundled reads contexts.json.
func bundled() (list []context, err error) {
	data, err := files.ReadFile("contexts.json")
	if err == nil {
		err = json.Unmarshal(data, &list, json.RejectUnknownMembers(true))
	}
	return list, err
}

// BaseTerms are the terms of https://www.w3.org/ns/credentials/v2, all of them
// protected, with their definitions as it writes them. Do not change them.
var BaseTerms = sync.OnceValue(func() map[string]any { return termsOf("credentials-v2") })

// BaseTerms1 are likewise those of https://www.w3.org/2018/credentials/v1.
var BaseTerms1 = sync.OnceValue(func() map[string]any { return termsOf("credentials-v1") })

func termsOf(name string) map[string]any {
	var base struct {
		Context map[string]any `json:"@context"`
	}
	data, err := files.ReadFile("contexts/" + name + ".jsonld")
	if err == nil {
		err = json.Unmarshal(data, &base)
	}
	if err != nil {
		panic(fmt.Sprintf("bug: the bundled base context cannot be read: %v", err))
	}
	return base.Context
}

// Vocabularies returns the bundled contexts in the two forms they are used in:
// to verify, and to sign, without the terms 1EdTech added later under the same
// URL. Both also know the documents of extra, by URL. Those are for other
// people's test vectors, which use contexts that define every word; nothing that
// judges real credentials may add any. An error is a damaged build.
func Vocabularies(extra map[string][]byte) (verifying, signing *Vocabulary, err error) {
	toVerify, toSign := make(map[string][]byte), make(map[string][]byte)
	list, err := bundled()
	if err != nil {
		return nil, nil, fmt.Errorf("read contexts.json: %w", err)
	}
	for _, c := range list {
		data, err := files.ReadFile("contexts/" + c.File)
		if err != nil {
			return nil, nil, fmt.Errorf("read bundled context %s: %w", c.URL, err)
		}
		if c.Only != "sign" {
			toVerify[c.URL] = data
		}
		if c.Only != "verify" {
			toSign[c.URL] = data
		}
	}
	maps.Copy(toVerify, extra)
	maps.Copy(toSign, extra)
	return newVocabulary(toVerify), newVocabulary(toSign), nil
}

// Check runs safe mode alone, over the whole document with its proofs: an
// error for the first thing, in the order of sorted names, that canonical
// N-Quads would not say as it is shown. The work is paid from b; with nil only
// the limit of contexts that one document combines holds. Errors are *Error.
func (v *Vocabulary) Check(doc map[string]any, b *rdfc.Budget) error {
	_, err := v.newWalk().within(doc, b)
	return err
}

// Canonical returns the canonical N-Quads of doc: what a proof signs the hash
// of. A caller that checks a signature takes "proof" out first. Without a budget
// in o it is a default one. Errors are *Error.
func (v *Vocabulary) Canonical(doc map[string]any, o rdfc.Options) ([]byte, error) {
	if o.Budget == nil {
		o.Budget = rdfc.NewBudget(rdfc.DefaultBudget)
	}
	quads, err := v.quads(doc, o.Budget, false)
	if err != nil {
		return nil, err
	}
	out, err := rdfc.Canonicalize(quads, o)
	switch {
	case errors.Is(err, rdfc.ErrBudget):
		return nil, OverBudget(err)
	case err != nil:
		return nil, &Error{Code: "expansion-failed", Detail: err.Error(), Err: err}
	}
	return out, nil
}
