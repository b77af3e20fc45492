// Package verify judges secured credentials of any issuer: Open Badges 3.0, CLR
// 2.0 and other credentials of the Verifiable Credentials Data Model v2.0, and of
// v1.1, with embedded proofs or as a JWT, alone, enveloped, baked into a picture
// or in a presentation, by issuers named by did:web, did:key, did:jwk or an https
// URL.
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

// maxCached bounds what is kept of documents, in bytes, and of lists as well. The
// limits on one credential are in constants.json; its size and depth are limited
// by jsonld.Parse, the work of canonicalising it, its proofs and all that is
// embedded in it by one rdfc.Budget.
const maxCached = 32 << 20

// Options say how to verify.
type Options struct {
	// Now is the moment the credential is judged at.
	Now time.Time
	// Load gets DID documents, controller documents and status lists; nil has
	// none of them.
	Load Loader
	// Lenient turns deviations that real issuers make into warnings:
	//
	//   - a status list of fewer than 131,072 entries,
	//   - a status list of the issuer's that goes by another id than its URL,
	//   - a status list of another than the issuer, if it is genuine,
	//   - an encodedList in another base64 than base64url, padded, or without u,
	//   - a date without a time zone, which is then taken for UTC, or without a time,
	//     which is then the whole day,
	//   - a document that does not pass the published schema of its type, such as one
	//     with an achievementType off the list, or several statuses,
	//   - a picture that is given as its URL, or as null,
	//   - a member that is null, which no signature covers, and which says nothing,
	//   - a statusListIndex that is a number and not a string,
	//   - nbf or exp of a JWT up to five minutes from the date that it stands for,
	//   - a credential of one data model in the place that another has in a JWT,
	//   - a presentation whose id is a bare UUID.
	Lenient bool
	// BaseProofs judges a document with a base proof of ecdsa-sd-2023, which is for its
	// holder alone, by all that can be shown of it: for whoever keeps such documents.
	BaseProofs bool
	// Registry is the issuers that are known; nil if no register is asked.
	Registry *Registry
	// Require is what a valid credential must be to be fit for a purpose; nil
	// requires nothing.
	Require *Policy
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
	links     *cache[linkage]
	logs      *cache[logFile]
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
		links:     newCache(maxCached, linkage.size),
		logs:      newCache(maxCached, logFile.size),
	}
}

// Credential judges a credential or presentation in any of the formats, given as
// its bytes or those of a PNG or SVG that it is baked into. It never returns nil
// and never fails otherwise: what keeps it from an answer is in the report, and
// makes it undetermined. The order of the checks is that of Open Badges
// Specification v3.0, "Verification". A fault of form ends none of them: whether the
// issuer signed it is asked even so. Nothing is asked of an issuer's host before it is
// known that the signature can be looked at, and nothing of a status list's before it
// is known to be good.
func (v *Verifier) Credential(ctx context.Context, data []byte) *Report {
	return v.Logged(ctx, data, nil)
}

// judgement is one document on its way through the checks.
type judgement struct {
	opened
	v    *Verifier
	r    *Report
	work *work
	// depth is the number of documents this one is embedded in.
	depth int
	// meant is what of the document has a meaning, for proofs over that; nil if it
	// could not be told.
	meant map[string]any
	// bySigner asks of a signature only whether the signer made it, not when or with
	// what claims beside it.
	bySigner bool
	// undescribed tells that no context of the document defines the type of a proof:
	// what it is over is then not known.
	undescribed bool
	// parts are the judgements of what the reports in r.Parts are about.
	parts []*judgement
}

// judge makes the report on what was opened, or on why nothing was.
func (v *Verifier) judge(ctx context.Context, o opened, f finding, w *work, depth int) (*Report, *judgement) {
	r := newReport()
	r.Format, r.Carrier = o.format, o.carrier
	j := &judgement{opened: o, v: v, r: r, work: w, depth: depth}
	if o.doc != nil {
		r.Summary = j.summarize()
		r.related = relatedFiles(o.doc)
	}
	switch {
	case f.outcome != Pass:
		r.set(Structure, f)
		if o.format == FormatPresentation && o.doc != nil {
			r.set(Subject, j.presentedCredentials(ctx))
		}
	case o.format == FormatPresentation:
		j.presentation(ctx)
	default:
		j.credential(ctx)
	}
	j.carried()
	r.conclude()
	r.Signed = j.signedOffForm()
	return r, j
}

// work is what one call of Credential may cost, with all that is embedded.
type work struct {
	budget   *rdfc.Budget
	names    map[string]bool
	embedded map[string]int
	endorsed map[string]*Report // endorsements that were judged, by sameness
	place    Place              // of the document that the others are embedded in
}

func newWork() *work {
	return &work{budget: rdfc.NewBudget(rdfc.DefaultBudget), names: map[string]bool{}, embedded: map[string]int{}, endorsed: map[string]*Report{}}
}

// mayAsk tells whether one more issuer or list may be asked for. Without an end
// a credential could send its verifier to a thousand hosts.
func (w *work) mayAsk(name string) bool {
	w.names[name] = true
	return len(w.names) <= maxNames
}

func (j *judgement) credential(ctx context.Context) {
	if j.typed {
		j.typedForm()
	} else {
		j.r.set(Structure, j.structure())
		j.r.set(Contexts, j.contexts())
		j.r.set(Schema, j.schema())
	}
	j.r.set(Dates, j.dates())
	j.r.set(Subject, j.subject())
	issuerID := idOf(j.doc["issuer"])
	j.r.set(IssuerTrust, j.issuerTrust(issuerID))
	signature, key := j.secured(ctx, issuerID)
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
	j.linked(ctx, issuerID)
	j.r.set(Log, j.logged(ctx, issuerID))
}
