package verify

import (
	"context"
	"maps"

	"laurel/internal/standards/jsonld"
	"laurel/internal/standards/proof"
	"laurel/internal/standards/vc"
)

// proofPresent tells whether there is anything to verify.
func (j *judgement) proofPresent() finding {
	if j.jws == nil && len(vc.Items(j.doc["proof"])) == 0 {
		return fail("proof-missing")
	}
	return pass("ok")
}

// What a proof may be made for.
const (
	purposeAssertion      = "assertionMethod"
	purposeAuthentication = "authentication"
)

// purpose is what the proofs of the document have to be made for.
func (j *judgement) purpose() string {
	if j.format == FormatPresentation {
		return purposeAuthentication
	}
	return purposeAssertion
}

// secured verifies what secures the document, and that it was secured by who.
func (j *judgement) secured(ctx context.Context, who string) (signature, key finding) {
	if j.jws != nil {
		return j.signature(ctx, who)
	}
	return j.proofs(ctx, who)
}

// proofs verifies every proof of the document and the binding of its key. One
// that fails is enough to refuse, whatever the others say; a proof set that
// passes by any one proof would let anybody add theirs to another's words.
func (j *judgement) proofs(ctx context.Context, who string) (signature, key finding) {
	if f := j.proofPresent(); f.outcome == Fail {
		return f, skipped("not-reached.unsigned")
	}
	list, err := proof.Proofs(j.doc)
	if err != nil {
		return failure(err, j.doc), skipped("not-reached.unsigned")
	}
	if len(list) > maxProofs {
		return unknown("proof-too-many", "count", len(list), "most", maxProofs),
			skipped("not-reached.keys")
	}
	var signatures, keys []finding
	for i, p := range list {
		s, k := j.proof(ctx, i, p, who)
		signatures, keys = append(signatures, s), append(keys, k)
	}
	signature, key = worst(signatures...), worst(keys...)
	if signature.outcome == Pass && len(list) > 1 {
		signature = pass("ok.signatures", "count", len(list))
	}
	return signature, key
}

func (j *judgement) proof(ctx context.Context, i int, p proof.Proof, who string) (signature, key finding) {
	// No host is asked for a key that could not be used.
	switch err := proof.CheckForm(j.doc, i); {
	case jsonld.CodeOf(err) == "suite-unknown":
		return unknownSuite(p), unknown("suite-unsupported.key")
	case err != nil:
		return failure(err, j.doc), skipped("not-reached.key")
	}
	if f := j.proofOptions(p); f.outcome != Pass {
		return f, skipped("not-reached.key")
	}
	doc := j.doc
	if meaning, _ := proof.Covers(map[string]any{"proof": p.Raw}); meaning {
		if j.undescribed {
			return unknownSuite(p), unknown("suite-unsupported.key")
		}
		if j.meant == nil {
			return skipped("not-reached.terms"), skipped("not-reached.terms")
		}
		doc = maps.Clone(j.meant)
		doc["proof"] = j.doc["proof"]
	}
	public, key := j.issuerKey(ctx, who, p.VerificationMethod)
	if public == nil {
		return withoutKey(key), key
	}
	if err := j.v.processor.VerifyWritten(doc, i, public, j.work.budget); err != nil {
		return failure(err, j.doc), key
	}
	if now := p.NowCalled(); now != "" {
		return warn("suite-renamed", "suite", quote(p.Cryptosuite), "now", quote(now)), key
	}
	return pass("ok.signature"), key
}

// withoutKey is what there is to say of a signature whose key was not found: why
// it could not be looked up, or only that the key is not the issuer's.
func withoutKey(key finding) finding {
	if key.outcome == Unknown {
		return key
	}
	return skipped("not-reached.signature")
}

func unknownSuite(p proof.Proof) finding {
	name := p.Type
	if p.Cryptosuite != "" {
		name = p.Cryptosuite
	}
	return unknown("suite-unsupported", "suite", quote(name))
}

// proofOptions checks what a proof says of itself (Verifiable Credential Data
// Integrity 1.0, 2.1 "Proofs" and 4.4 "Verify Proof"). What is no date was refused with
// the structure.
func (j *judgement) proofOptions(p proof.Proof) finding {
	created, _ := j.timeOf(p.Raw["created"])
	expires, _ := j.timeOf(p.Raw["expires"])
	switch {
	case p.ProofPurpose != j.purpose():
		return fail("proof-purpose", "purpose", quote(p.ProofPurpose), "wanted", quote(j.purpose()))
	case j.bySigner:
	case created.given && created.After(j.v.o.Now.Add(maxSkew)):
		return fail("proof-future", "date", sayTime(created.Time))
	case expires.given && !j.v.o.Now.Before(expires.Time):
		return fail("proof-expired", "date", sayTime(expires.Time))
	}
	return pass("ok")
}
