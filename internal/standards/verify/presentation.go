package verify

import (
	"context"
	"fmt"
	"maps"

	"laurel/internal/standards/conform"
	"laurel/internal/standards/did"
	"laurel/internal/standards/proof"
)

// presentation judges a presentation: its own form and proof, and every
// credential in it by itself, each with a report in Parts. The verdict is the
// worst of all (Verifiable Credentials Data Model v2.0, 4.13 "Verifiable
// Presentations").
func (j *judgement) presentation(ctx context.Context) {
	j.r.set(Structure, j.presentationStructure())
	j.r.set(Contexts, j.presentationContexts())
	j.r.set(Schema, finding{Skipped, "schema-none", "There is no schema for presentations."})
	none := finding{Skipped, "none", "A presentation has none of its own."}
	j.r.set(Dates, none)
	j.r.set(Status, none)
	j.r.set(Endorsements, none)
	j.r.set(IssuerTrust, none)
	if !j.r.passed(Structure) || !j.r.passed(Contexts) {
		return
	}
	signature, key := j.presented(ctx)
	j.r.set(Proof, signature)
	j.r.set(IssuerKey, key)
	if signature.outcome == Fail || key.outcome == Fail {
		return
	}
	j.r.set(Subject, j.presentedCredentials(ctx))
}

// shell is the presentation without its credentials.
func (j *judgement) shell() map[string]any {
	shell := maps.Clone(j.doc)
	delete(shell, "verifiableCredential")
	return shell
}

func (j *judgement) presentationStructure() finding {
	// What nobody signed in a presentation must not look like a credential.
	for _, name := range []string{"issuer", "credentialSubject", "credentialStatus", "validFrom", "validUntil", "issuanceDate", "expirationDate"} {
		if _, has := j.doc[name]; has {
			return finding{Fail, "presentation-mixed", fmt.Sprintf("The presentation has %s, as only a credential does.", name)}
		}
	}
	if hasType(j.doc, "VerifiableCredential") {
		return finding{Fail, "presentation-mixed", "The document says that it is a presentation and a credential."}
	}
	shell := j.shell()
	if contexts := items(shell["@context"]); len(contexts) > 0 && contexts[0] == contextVersion1 {
		shell["@context"] = append([]any{contextVersion2}, contexts[1:]...)
	}
	f := fromFindings(conform.Structure(shell), finding{Pass, "ok", "The document has the structure of a verifiable presentation."})
	if f.outcome.rank() < Fail.rank() && len(items(j.doc["verifiableCredential"])) == 0 {
		return finding{Unknown, "presentation-empty", "The presentation presents no credential."}
	}
	return f
}

// presentationContexts checks the terms of all that a proof of the presentation
// is over; without one each credential answers for itself.
func (j *judgement) presentationContexts() finding {
	doc := j.doc
	if j.jws != nil || doc["proof"] == nil {
		doc = j.shell()
	}
	if err := j.v.processor.CheckTerms(doc); err != nil {
		return failure(err, "The presentation's terms are not all defined")
	}
	return finding{Pass, "ok", "Every term is defined by a context that laurel knows."}
}

// presented verifies the proof of the holder, if there is one.
func (j *judgement) presented(ctx context.Context) (signature, key finding) {
	holder := idOf(j.doc["holder"])
	switch {
	case j.jws != nil:
		if iss, ok := j.claims["iss"].(string); ok && holder == "" {
			holder = iss
		} else if ok && iss != holder {
			return finding{Fail, "jwt-claim-mismatch", "The claim iss of the JWT is not the holder of the presentation."}, finding{Skipped, "not-reached", "The key was not looked at, because the JWT is refused."}
		}
		if holder == "" {
			holder, _ = did.Split(j.jws.KeyID)
		}
	case len(items(j.doc["proof"])) == 0:
		return finding{Warn, "presentation-unsigned", "Nobody signed the presentation itself; its credentials are judged by themselves. That whoever presents them is whom they name was not checked."},
			finding{Skipped, "none", "There is no proof that could name a key."}
	case holder == "":
		if list, err := proof.Proofs(j.doc); err == nil && len(list) > 0 {
			holder, _ = did.Split(list[0].VerificationMethod)
		}
	}
	signature, key = j.secured(ctx, holder)
	if signature.outcome == Pass && key.outcome == Pass {
		return finding{Warn, "presentation-challenge", fmt.Sprintf("The signature of the holder %s is good. That it was made for you and now was not checked: compare challenge and domain with what you asked for.", quote(holder))}, key
	}
	return signature, key
}

// presentedCredentials judges every credential by itself.
func (j *judgement) presentedCredentials(ctx context.Context) finding {
	list := items(j.doc["verifiableCredential"])
	j.work.embedded["presented credential"] += len(list)
	switch n := j.work.embedded["presented credential"]; {
	case n > maxContained:
		return finding{Fail, "embedded-too-many", fmt.Sprintf("There are %d presented credentials; laurel looks at no more than %d.", n, maxContained)}
	case j.depth == maxNesting:
		return finding{Fail, "embedded-too-deep", fmt.Sprintf("One presentation is embedded in more than %d documents.", maxNesting)}
	}
	result := finding{Pass, "ok", fmt.Sprintf("Every presented credential (%d) is valid by itself.", len(list))}
	for _, v := range list {
		r := j.part(ctx, v)
		if r == nil {
			result = worst(result, finding{Fail, "embedded-malformed", "One presented credential is neither an object nor a JWT."})
			continue
		}
		switch r.Verdict {
		case Invalid:
			result = worst(result, finding{Fail, "embedded-invalid", fmt.Sprintf("One presented credential%s is not valid. %s", by(r), r.decisive().Text)})
		case Undetermined:
			result = worst(result, finding{Unknown, "embedded-undetermined", fmt.Sprintf("One presented credential%s could not be verified. %s", by(r), r.decisive().Text)})
		}
	}
	return result
}

// part judges a document inside of this one, and keeps its report.
func (j *judgement) part(ctx context.Context, v any) *Report {
	r, inner := j.inside(ctx, v)
	if r != nil {
		j.r.Parts = append(j.r.Parts, r)
		j.parts = append(j.parts, inner)
	}
	return r
}

// inside judges an object or JWT inside of this document.
func (j *judgement) inside(ctx context.Context, v any) (*Report, *judgement) {
	var o opened
	var f finding
	switch v := v.(type) {
	case string:
		if !isCompact([]byte(v)) {
			return nil, nil
		}
		o, f = openJWT(v)
	case map[string]any:
		if v["@context"] == nil {
			// It was written under the contexts of the document around it.
			v = maps.Clone(v)
			v["@context"] = j.doc["@context"]
		}
		o, f = openObject(v)
	default:
		return nil, nil
	}
	return j.v.judge(ctx, o, f, j.work, j.depth+1)
}
