package verify

import (
	"context"
	"errors"
	"fmt"

	"laurel/internal/standards/jsonld"
	"laurel/internal/standards/proof"
)

// proofPresent tells whether there is anything to verify.
func (j *judgement) proofPresent() finding {
	if j.jws == nil && len(items(j.doc["proof"])) == 0 {
		return finding{Fail, "proof-missing", "The document carries no proof: nobody signed it."}
	}
	return finding{Pass, "ok", ""}
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
		return f, finding{Skipped, "not-reached", "There is no proof that could name a key."}
	}
	list, err := proof.Proofs(j.doc)
	if err != nil {
		return failure(err, "The proof is malformed"), finding{Skipped, "not-reached", "There is no proof that could name a key."}
	}
	if len(list) > maxProofs {
		return finding{Fail, "proof-too-many", fmt.Sprintf("The document has %d proofs; laurel looks at no more than %d.", len(list), maxProofs)},
			finding{Skipped, "not-reached", "There are too many proofs to look at their keys."}
	}
	var signatures, keys []finding
	for i, p := range list {
		s, k := j.proof(ctx, i, p, who)
		signatures, keys = append(signatures, s), append(keys, k)
	}
	signature, key = worst(signatures...), worst(keys...)
	if signature.outcome == Pass && len(list) > 1 {
		signature.text = fmt.Sprintf("All %d signatures are good: the document is as it was signed.", len(list))
	}
	return signature, key
}

func (j *judgement) proof(ctx context.Context, i int, p proof.Proof, who string) (signature, key finding) {
	// No host is asked for a key that could not be used.
	switch err := proof.CheckForm(j.doc, i); {
	case codeOf(err) == "suite-unknown":
		return unknownSuite(p), finding{Unknown, "suite-unsupported", "The key was not looked at, because the proof cannot be verified."}
	case err != nil:
		return failure(err, "The proof is malformed"), finding{Skipped, "not-reached", "The key was not looked at, because the proof is refused."}
	}
	if f := j.proofOptions(p); f.outcome != Pass {
		return f, finding{Skipped, "not-reached", "The key was not looked at, because the proof is refused."}
	}
	public, key := j.issuerKey(ctx, who, p.VerificationMethod)
	if public == nil {
		if key.outcome == Unknown {
			return finding{Unknown, key.code, "The signature could not be checked without the issuer's key."}, key
		}
		return finding{Skipped, "not-reached", "The signature was not checked, because its key is not one of the issuer's."}, key
	}
	if err := j.v.processor.Verify(j.doc, i, public, j.work.budget); err != nil {
		return failure(err, "The signature is not good"), key
	}
	return finding{Pass, "ok", "The signature is good: the document is as it was signed."}, key
}

func unknownSuite(p proof.Proof) finding {
	name := p.Type
	if p.Cryptosuite != "" {
		name = p.Cryptosuite
	}
	return finding{Unknown, "suite-unsupported", fmt.Sprintf("The document is signed with %s, which this version of laurel does not verify.", quote(name))}
}

func codeOf(err error) string {
	var e *jsonld.Error
	if !errors.As(err, &e) {
		return ""
	}
	return e.Code
}

// proofOptions checks what a proof says of itself (Verifiable Credential Data
// Integrity 1.0, 2.1 "Proofs" and 4.4 "Verify Proof").
func (j *judgement) proofOptions(p proof.Proof) finding {
	if p.ProofPurpose != j.purpose() {
		return finding{Fail, "proof-purpose", fmt.Sprintf("The proof was made for the purpose %s, not for %s.", quote(p.ProofPurpose), j.purpose())}
	}
	created, ok := j.timeOf(p.Raw["created"])
	if !ok {
		return finding{Fail, "proof-malformed", "The proof's created is not a date and time with a time zone."}
	}
	if created.After(j.v.o.Now.Add(maxSkew)) {
		return finding{Fail, "proof-future", fmt.Sprintf("The proof claims to have been made at %s, which is yet to come.", sayTime(created))}
	}
	expires, ok := j.timeOf(p.Raw["expires"])
	if !ok {
		return finding{Fail, "proof-malformed", "The proof's expires is not a date and time with a time zone."}
	}
	if !expires.IsZero() && !j.v.o.Now.Before(expires) {
		return finding{Fail, "proof-expired", fmt.Sprintf("The proof expired at %s.", sayTime(expires))}
	}
	return finding{Pass, "ok", ""}
}
