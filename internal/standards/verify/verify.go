// Package verify judges secured credentials of any issuer: Open Badges 3.0 and
// other credentials of the Verifiable Credentials Data Model v2.0 with an
// embedded Data Integrity proof of cryptosuite eddsa-rdfc-2022, by issuers named
// by did:web, did:key or an https URL.
//
// It owns the order of the checks, the binding of a key to its issuer, dates,
// status lists and embedded credentials. It refuses to guess: what it cannot
// look at, or does not support, is undetermined and never valid; what is wrong
// is invalid, whatever else could not be looked at. Nothing here touches the
// network or a clock: documents come from a Loader, the time from Options. Every
// string of a credential that reaches a report was made safe to print.
package verify

import (
	"context"
	"time"

	"laurel/internal/standards/conform"
	"laurel/internal/standards/proof"
	"laurel/internal/standards/rdfc"
)

// Limits on one credential. Its size and depth are limited by proof.Parse, the
// work of canonicalising it, its proofs and all that is embedded in it by one
// rdfc.Budget. The counts of embedded credentials and of names hold for all
// levels together.
const (
	maxProofs       = 8
	maxEntries      = 8
	maxEndorsements = 16
	maxContained    = 64
	maxNesting      = 3
	maxNames        = 32       // different issuers and lists asked for
	maxCached       = 32 << 20 // bytes of documents, and as many of lists
)

// Options say how to verify.
type Options struct {
	// Now is the moment the credential is judged at.
	Now time.Time
	// Load gets DID documents, controller documents and status lists; nil has
	// none of them.
	Load Loader
}

// Verifier judges credentials at one moment. It keeps what it learned of issuers
// and status lists, each resolved and verified once, so that a thousand
// credentials of one issuer cost little more than their own proofs. Make one for
// each run. Safe for concurrent use.
type Verifier struct {
	processor *proof.Processor
	checker   *conform.Checker
	o         Options
	issuers   *cache[issuer]
	lists     *cache[list]
}

// New returns a Verifier.
func New(p *proof.Processor, c *conform.Checker, o Options) *Verifier {
	if o.Load == nil {
		o.Load = Chain()
	}
	return &Verifier{
		processor: p,
		checker:   c,
		o:         o,
		issuers:   newCache(maxCached, issuer.size),
		lists:     newCache(maxCached, list.size),
	}
}

// Credential judges a credential, given as the bytes of its JSON, or of a PNG or
// SVG that it is baked into. It never
// returns nil and never fails otherwise: what keeps it from an answer is in the
// report, and makes it undetermined. The order of the checks is that of Open
// Badges Specification v3.0, "Verification": nothing is asked of an issuer's
// host before the document is known to be well-formed, and nothing of a status
// list's before the signature is known to be good.
func (v *Verifier) Credential(ctx context.Context, data []byte) *Report {
	r := newReport()
	if doc, ok := parse(r, data); ok {
		j := &judgement{v: v, r: r, doc: doc, work: newWork()}
		j.judge(ctx)
	}
	r.conclude()
	return r
}

// judgement is one credential on its way through the checks.
type judgement struct {
	v    *Verifier
	r    *Report
	doc  map[string]any
	work *work
	// depth is the number of credentials this one is embedded in.
	depth int
}

// work is what one call of Credential may cost, with all that is embedded.
type work struct {
	budget   *rdfc.Budget
	names    map[string]bool
	embedded map[string]int
}

func newWork() *work {
	return &work{budget: rdfc.NewBudget(rdfc.DefaultBudget), names: map[string]bool{}, embedded: map[string]int{}}
}

// mayAsk tells whether one more issuer or list may be asked for. Without an end
// a credential could send its verifier to a thousand hosts.
func (w *work) mayAsk(name string) bool {
	w.names[name] = true
	return len(w.names) <= maxNames
}

func (j *judgement) judge(ctx context.Context) {
	j.r.Summary = summarize(j.doc)
	if f, ok := unsupportedForm(j.doc); ok {
		j.legacy(f)
		return
	}
	j.r.set(Structure, j.structure())
	j.r.set(Contexts, j.contexts())
	j.r.set(Schema, j.schema())
	j.r.set(Dates, j.dates())
	j.r.set(Subject, j.subject())
	j.r.set(IssuerTrust, j.issuerTrust())
	if !j.r.passed(Structure) || !j.r.passed(Contexts) {
		// A proof that is missing is worth saying even so.
		if f := j.proofPresent(); f.outcome == Fail {
			j.r.set(Proof, f)
		}
		return
	}
	signature, key := j.proofs(ctx)
	j.r.set(Proof, signature)
	j.r.set(IssuerKey, key)
	if !j.r.passed(Proof) || !j.r.passed(IssuerKey) {
		return
	}
	j.r.set(Status, j.status(ctx))
	contained, endorsements := j.embedded(ctx)
	j.r.set(Endorsements, endorsements)
	if contained.outcome.rank() > Pass.rank() {
		j.r.set(Subject, contained)
	}
}
