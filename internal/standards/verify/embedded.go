package verify

import (
	"context"
	"maps"
	"slices"
)

// embedded verifies every credential inside of this one by itself: those of a
// ClrCredential, and endorsements of it, its issuer or its achievement (Open
// Badges Specification v3.0, "Endorsement Credentials").
func (j *judgement) embedded(ctx context.Context) (contained, endorsements finding) {
	found := map[string][]any{}
	if j.typed && firstSubject(j.doc) == nil {
		return skipped(aContained.none), skipped(anEndorsement.none) // its names mean what its type says
	}
	collect(j.doc, true, found)
	contained = j.embeddedAll(ctx, found["verifiableCredential"], aContained, j.part)
	endorsements = j.embeddedAll(ctx, append(found["endorsement"], found["endorsementJwt"]...), anEndorsement, func(ctx context.Context, v any) *Report {
		r, _ := j.inside(ctx, v)
		return r
	})
	return contained, endorsements
}

// collect finds embedded credentials in document order of sorted names, and does
// not look into them.
func collect(v any, top bool, found map[string][]any) {
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			collect(item, false, found)
		}
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			switch {
			case name == "endorsement", name == "endorsementJwt", name == "verifiableCredential":
				found[name] = append(found[name], items(v[name])...)
			case top && name == "proof":
			default:
				collect(v[name], false, found)
			}
		}
	}
}

// embeddedKind is what credentials are inside of another for, with the most that
// are looked at, and the sentences that differ.
type embeddedKind struct {
	most               int
	none, all, tooMany string
}

var (
	aContained    = embeddedKind{maxContained, "none.contained", "ok.contained", "embedded-too-many"}
	aPresented    = embeddedKind{maxContained, "none.contained", "ok.presented", "embedded-too-many"}
	anEndorsement = embeddedKind{maxEndorsements, "none.endorsement", "ok.endorsements", "embedded-too-many.endorsement"}
)

// mayLook counts what is embedded, and refuses what is too much or too deep.
func (j *judgement) mayLook(kind embeddedKind, n int) (finding, bool) {
	j.work.embedded[kind.all] += n
	switch count := j.work.embedded[kind.all]; {
	case count > kind.most:
		return fail(kind.tooMany, "count", count, "most", kind.most), false
	case j.depth == maxNesting:
		return fail("embedded-too-deep", "most", maxNesting), false
	}
	return finding{}, true
}

func (j *judgement) embeddedAll(ctx context.Context, list []any, kind embeddedKind, judge func(context.Context, any) *Report) finding {
	if len(list) == 0 {
		return skipped(kind.none)
	}
	if f, ok := j.mayLook(kind, len(list)); !ok {
		return f
	}
	found := []finding{pass(kind.all, "count", len(list))}
	for _, v := range list {
		r := judge(ctx, v)
		if r == nil {
			found = append(found, fail("embedded-malformed"))
			continue
		}
		found = append(found, embeddedFinding(r, kind))
	}
	return worst(found...)
}

// embeddedFinding is the row for one embedded credential. One that is genuine
// and merely no longer in force is a warning: time passes for an endorsement
// without the credential around it becoming a lie. What is presented must be in
// force.
func embeddedFinding(r *Report, kind embeddedKind) finding {
	if r.Verdict == Valid {
		return pass("ok")
	}
	lapsed := r.passed(Proof) && r.passed(IssuerKey) && kind != aPresented
	for _, c := range r.Checks {
		if c.Outcome == Fail && c.Name != Dates && c.Name != Status {
			lapsed = false
		}
		if c.Outcome == Fail && c.Name == Status && c.Code != "revoked" && c.Code != "suspended" {
			lapsed = false
		}
	}
	decided := r.decisive()
	f := fail("embedded-invalid")
	switch {
	case r.Verdict == Undetermined:
		f = unknown("embedded-undetermined")
	case lapsed:
		f = warn("embedded-lapsed")
	}
	if by := r.Summary.IssuerID; by != "" {
		f.key, f.values = f.key+".by", []any{"issuer", quote(by)}
		if kind == anEndorsement {
			f.key = f.code() + ".endorsement"
		}
	}
	f.place, f.detail = decided.Place, decided.Detail
	return f.from(decided.Text)
}
