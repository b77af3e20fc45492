package verify

import (
	"context"
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"

	"github.com/go-json-experiment/json"

	"laurel/internal/standards/vc"
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
	if hasType(j.doc, "ClrCredential") {
		contained = worst(contained, j.ofOneSubject())
		j.partsOf()
	}
	endorsements = j.embeddedAll(ctx, append(found["endorsement"], found["endorsementJwt"]...), anEndorsement, j.endorsement)
	return contained, endorsements
}

// partsOf says of each credential in a learner record what its achievement is part of,
// as the record's associations have it.
func (j *judgement) partsOf() {
	subject := firstSubject(j.doc)
	names, above := map[string]string{}, map[string]string{}
	for _, a := range objectsIn(subject["achievement"]) {
		names[stringOf(a, "id")] = textOf(a["name"])
	}
	for _, a := range objectsIn(subject["association"]) {
		child, parent := stringOf(a, "sourceId"), stringOf(a, "targetId")
		switch stringOf(a, "associationType") {
		case "isParentOf":
			child, parent = parent, child
		case "isChildOf", "isPartOf":
		default:
			continue
		}
		if above[child] == "" {
			above[child] = names[parent]
		}
	}
	for i, part := range j.parts {
		achievement, _ := firstSubject(part.doc)["achievement"].(map[string]any)
		j.r.Parts[i].Summary.PartOf = safe(above[stringOf(achievement, "id")])
	}
}

// endorsement judges one, and keeps its report, once. The same one may stand in many
// places, as that of an issuer does in every credential of a learner record.
func (j *judgement) endorsement(ctx context.Context, v any) *Report {
	key := j.sameness(v)
	r, known := j.work.endorsed[key]
	if !known {
		r, _ = j.inside(ctx, v)
		j.work.endorsed[key] = r
	}
	if r != nil && !slices.Contains(j.r.Endorsements, r) {
		j.r.Endorsements = append(j.r.Endorsements, r)
	}
	return r
}

// sameness is equal for what would be judged alike.
func (j *judgement) sameness(v any) string {
	context := any(nil)
	if o, ok := v.(map[string]any); ok && o["@context"] == nil {
		context = j.doc["@context"]
	}
	b, err := json.Marshal([]any{j.depth, context, v}, json.Deterministic(true))
	if err != nil {
		return fmt.Sprintf("%p", &b) // like nothing else
	}
	sum := sha256.Sum256(b)
	return string(sum[:])
}

// unseen counts those of some endorsements that have not been judged yet, each once.
func (j *judgement) unseen(list []any) int {
	fresh := map[string]bool{}
	for _, v := range list {
		key := j.sameness(v)
		if _, known := j.work.endorsed[key]; !known {
			fresh[key] = true
		}
	}
	return len(fresh)
}

// ofOneSubject warns where a learner record holds a credential of somebody else. Ids
// that were made up for one credential each, and others' names, tell nothing.
func (j *judgement) ofOneSubject() finding {
	own := stringOf(firstSubject(j.doc), "id")
	for _, part := range j.parts {
		id := stringOf(firstSubject(part.doc), "id")
		if own != "" && id != "" && id != own && !isMadeUp(own) && !isMadeUp(id) {
			return warn("embedded-subject", "id", quote(safe(id)))
		}
	}
	return pass("ok")
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
				found[name] = append(found[name], vc.Items(v[name])...)
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
		return unknown(kind.tooMany, "count", count, "most", kind.most), false
	case j.depth == maxNesting:
		return unknown("embedded-too-deep", "most", maxNesting), false
	}
	return finding{}, true
}

func (j *judgement) embeddedAll(ctx context.Context, list []any, kind embeddedKind, judge func(context.Context, any) *Report) finding {
	if len(list) == 0 {
		return skipped(kind.none)
	}
	n := len(list)
	if kind == anEndorsement {
		n = j.unseen(list)
	}
	if f, ok := j.mayLook(kind, n); !ok {
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
	lapsed, understood := r.passed(Proof) && r.passed(IssuerKey) && kind != aPresented, true
	for _, c := range r.Checks {
		if c.Outcome == Fail && !slices.Contains([]string{"expired", "not-yet-valid", "revoked", "suspended"}, c.Code) {
			lapsed = false
		}
		if c.Outcome == Unknown && c.ofForm() {
			understood = false
		}
	}
	decided := r.Decisive()
	f := fail("embedded-invalid")
	switch {
	case r.Verdict == Undetermined, lapsed && !understood:
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
	if r.Signed != nil {
		return f.from(r.Signed.Text)
	}
	return f.from(decided.Text)
}
