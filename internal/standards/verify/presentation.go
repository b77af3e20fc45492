package verify

import (
	"context"
	"maps"
	"regexp"
	"slices"

	"laurel/internal/standards/conform"
	"laurel/internal/standards/did"
	"laurel/internal/standards/proof"
	"laurel/internal/standards/vc"
)

// presentation judges a presentation: its own form and proof, and every
// credential in it by itself, whatever ails the envelope, each with a report in
// Parts. The verdict is the worst of all (Verifiable Credentials Data Model v2.0, 4.13 "Verifiable
// Presentations").
func (j *judgement) presentation(ctx context.Context) {
	j.r.set(Structure, j.presentationStructure())
	j.r.set(Contexts, j.presentationContexts())
	j.r.set(Schema, skipped("schema-none"))
	none := skipped("none.presentation")
	j.r.set(Dates, none)
	j.r.set(Status, none)
	j.r.set(Endorsements, none)
	j.r.set(IssuerTrust, none)
	j.r.set(Log, none)
	signature, key := j.presented(ctx)
	j.r.set(Proof, signature)
	j.r.set(IssuerKey, key)
	j.r.set(Subject, j.presentedCredentials(ctx))
}

// shell is the presentation without its credentials.
func (j *judgement) shell() map[string]any {
	shell := maps.Clone(j.doc)
	delete(shell, "verifiableCredential")
	return shell
}

func (j *judgement) presentationStructure() finding {
	for _, name := range onlyOfCredentials {
		if _, has := j.doc[name]; has {
			return fail("presentation-mixed.member", "name", quote(name))
		}
	}
	if hasType(j.doc, "VerifiableCredential") {
		return fail("presentation-mixed")
	}
	shell := proof.Own(j.shell())
	if contexts := vc.Items(shell["@context"]); len(contexts) > 0 && contexts[0] == contextVersion1 {
		shell["@context"] = append([]any{contextVersion2}, contexts[1:]...)
	}
	found := conform.Structure(shell)
	ok := worst(pass("ok.presentation"), j.placement())
	// Wallets write a bare UUID; nothing hangs on it here.
	id, _ := shell["id"].(string)
	if i := slices.IndexFunc(found, func(f conform.Finding) bool { return f.Pointer == "/id" }); i >= 0 && bareUUID.MatchString(id) {
		f := j.v.tolerated("id-malformed")
		f.place = found[i].Pointer
		ok = worst(ok, f)
		found = slices.Delete(found, i, i+1)
	}
	f := worst(fromFindings(shell, found, ok), ok)
	if f.outcome.rank() < Fail.rank() && len(vc.Items(j.doc["verifiableCredential"])) == 0 {
		return unknown("presentation-empty")
	}
	return f
}

var bareUUID = regexp.MustCompile(`^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$`)

// presentationContexts checks the terms of all that a proof of the presentation
// is over; without one each credential answers for itself.
func (j *judgement) presentationContexts() finding {
	shell := j.shell()
	if id, _ := shell["id"].(string); bareUUID.MatchString(id) {
		delete(shell, "id") // as the row for the structure says
	}
	switch {
	case j.jws != nil:
		return j.terms(shell, everyWord)
	case len(vc.Items(j.doc["proof"])) == 0:
		return j.terms(shell, unsecured)
	}
	return j.terms(j.doc, j.coverage())
}

// presented verifies the proof of the holder, if there is one.
func (j *judgement) presented(ctx context.Context) (signature, key finding) {
	holder := idOf(j.doc["holder"])
	switch {
	case j.jws != nil:
		if iss, ok := j.claims["iss"].(string); ok && holder == "" {
			holder = iss
		} else if ok && iss != holder {
			return fail("jwt-claim-mismatch.holder"), skipped("not-reached.key")
		}
		if holder == "" {
			holder, _ = did.Split(j.jws.KeyID)
		}
	case len(vc.Items(j.doc["proof"])) == 0:
		return warn("presentation-unsigned"), skipped("none.proof")
	case holder == "":
		if list, err := proof.Proofs(j.doc); err == nil && len(list) > 0 {
			holder, _ = did.Split(list[0].VerificationMethod)
		}
	}
	signature, key = j.secured(ctx, holder)
	if signature.outcome == Pass && good(key) {
		return warn("presentation-challenge", "holder", quote(holder)), key
	}
	return signature, key
}

// presentedCredentials judges every credential by itself.
func (j *judgement) presentedCredentials(ctx context.Context) finding {
	list := vc.Items(j.doc["verifiableCredential"])
	return j.embeddedAll(ctx, list, aPresented, j.part)
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
