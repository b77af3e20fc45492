package verify

import (
	"context"
	"fmt"
	"maps"
	"slices"
)

// embedded verifies every credential inside of this one by itself: those of a
// ClrCredential, and endorsements of it, its issuer or its achievement (Open
// Badges Specification v3.0, "Endorsement Credentials").
func (j *judgement) embedded(ctx context.Context) (contained, endorsements finding) {
	found := map[string][]any{}
	collect(j.doc, true, found)
	contained = j.embeddedAll(ctx, found["verifiableCredential"], "contained credential", maxContained, j.part)
	endorsements = j.embeddedAll(ctx, append(found["endorsement"], found["endorsementJwt"]...), "endorsement", maxEndorsements, func(ctx context.Context, v any) *Report {
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

func (j *judgement) embeddedAll(ctx context.Context, list []any, what string, most int, judge func(context.Context, any) *Report) finding {
	if len(list) == 0 {
		return finding{Skipped, "none", fmt.Sprintf("There is no %s.", what)}
	}
	j.work.embedded[what] += len(list)
	switch {
	case j.work.embedded[what] > most:
		return finding{Fail, "embedded-too-many", fmt.Sprintf("There are %d of the kind %s; laurel looks at no more than %d.", j.work.embedded[what], what, most)}
	case j.depth == maxNesting:
		return finding{Fail, "embedded-too-deep", fmt.Sprintf("One %s is embedded in more than %d credentials.", what, maxNesting)}
	}
	var found []finding
	for _, v := range list {
		r := judge(ctx, v)
		if r == nil {
			found = append(found, finding{Fail, "embedded-malformed", fmt.Sprintf("One %s is neither an object nor a JWT.", what)})
			continue
		}
		found = append(found, embeddedFinding(r, what))
	}
	f := worst(found...)
	if f.outcome == Pass {
		f.text = fmt.Sprintf("Every %s (%d) is valid by itself.", what, len(list))
	}
	return f
}

// embeddedFinding is the row for one embedded credential. One that is genuine
// and merely no longer in force is a warning: time passes for an endorsement
// without the credential around it becoming a lie.
func embeddedFinding(r *Report, what string) finding {
	if r.Verdict == Valid {
		return finding{Pass, "ok", ""}
	}
	lapsed := r.passed(Proof) && r.passed(IssuerKey)
	for _, c := range r.Checks {
		if c.Outcome == Fail && c.Name != Dates && c.Name != Status {
			lapsed = false
		}
		if c.Outcome == Fail && c.Name == Status && c.Code != "revoked" && c.Code != "suspended" {
			lapsed = false
		}
	}
	decided := r.decisive()
	switch {
	case r.Verdict == Undetermined:
		return finding{Unknown, "embedded-undetermined", fmt.Sprintf("One %s%s could not be verified. %s", what, by(r), decided.Text)}
	case lapsed:
		return finding{Warn, "embedded-lapsed", fmt.Sprintf("One %s%s is no longer in force. %s", what, by(r), decided.Text)}
	}
	return finding{Fail, "embedded-invalid", fmt.Sprintf("One %s%s is not valid. %s", what, by(r), decided.Text)}
}

// by names the issuer of an embedded credential, if it names one.
func by(r *Report) string {
	if r.Summary.IssuerID == "" {
		return ""
	}
	return " by " + quote(r.Summary.IssuerID)
}
