package content

import (
	"cmp"

	"laurel/internal/authoring/model"
)

// terms are the per-award properties, as a cohort or a recipient gives them: what
// is theirs of an Award, and its results. A zero value means: not given.
type terms struct {
	model.Award
	results *results
}

func (l *loader) terms(o object) terms {
	t := terms{Award: model.Award{
		Visibility:        model.Visibility(o.enum("visibility", visibilities)),
		AwardedDate:       o.date("awardedDate"),
		ValidUntil:        o.date("validUntil"),
		ActivityStartDate: o.date("activityStartDate"),
		ActivityEndDate:   o.date("activityEndDate"),
		CreditsEarned:     o.number("creditsEarned", false),
		LicenseNumber:     o.text("licenseNumber"),
		Narrative:         l.share(l.narrative(o)),
		Role:              l.share(o.text("role")),
		Term:              l.share(o.text("term")),
		AssertedBy:        l.otherProfile(o, "source"),
		Evidence:          l.evidence(o),
	}}
	if o.has("result") {
		t.results = l.results(o)
	}
	return t
}

// over returns t, with what it does not give taken from the cohort.
func (t terms) over(cohort *terms) terms {
	t.Visibility = cmp.Or(t.Visibility, cohort.Visibility)
	t.AwardedDate = cmp.Or(t.AwardedDate, cohort.AwardedDate)
	t.ValidUntil = cmp.Or(t.ValidUntil, cohort.ValidUntil)
	t.ActivityStartDate = cmp.Or(t.ActivityStartDate, cohort.ActivityStartDate)
	t.ActivityEndDate = cmp.Or(t.ActivityEndDate, cohort.ActivityEndDate)
	t.CreditsEarned = cmp.Or(t.CreditsEarned, cohort.CreditsEarned)
	t.LicenseNumber = cmp.Or(t.LicenseNumber, cohort.LicenseNumber)
	t.Narrative = cmp.Or(t.Narrative, cohort.Narrative)
	t.Role = cmp.Or(t.Role, cohort.Role)
	t.Term = cmp.Or(t.Term, cohort.Term)
	t.AssertedBy = cmp.Or(t.AssertedBy, cohort.AssertedBy)
	t.results = cmp.Or(t.results, cohort.results)
	if t.Evidence == nil {
		t.Evidence = cohort.Evidence
	}
	return t
}

func (l *loader) evidence(o object) []model.Evidence {
	list := objects(o, "evidence", evidenceClass, func(e object) model.Evidence {
		if len(e.node.Content) == 0 {
			e.problem("is empty", "leave the item out, or fill it in")
		}
		return model.Evidence{
			ID:          e.webURL("id"),
			File:        l.evidenceFile(e),
			Name:        e.text("name"),
			Description: e.prose("description"),
			Narrative:   l.narrative(e),
			Genre:       l.share(e.text("genre")),
			Audience:    l.share(e.text("audience")),
		}
	})
	l.evidenceTogether(o, list)
	return list
}

// results are the results of a cohort or a recipient. They are judged only
// when it is known which achievements they belong to.
type results struct {
	list []resultEntry
	// The answer for the achievements asked about last: a cohort's results
	// are mostly asked about the same ones.
	asked  []*achievement
	answer [][]model.Result
}

type resultEntry struct {
	at value
	o  object // zero for a cell of a roster
	r  model.Result
	// cell is a roster's: the type of the result says where it goes.
	cell string
}

func (l *loader) results(o object) *results {
	rs := &results{}
	v, _ := o.get("result")
	if o.s.sheet {
		for i := 0; i+1 < len(v.node.Content); i += 2 {
			id, cell := v.node.Content[i].Value, v.node.Content[i+1]
			c := o.child("result."+id, 0, cell)
			if s, ok := c.verbatim(); ok {
				rs.list = append(rs.list, resultEntry{at: c, r: model.Result{ResultDescription: id}, cell: s})
			}
		}
		return rs
	}
	o.list("result", func(v value) {
		r, ok := v.mapping(resultClass)
		if !ok {
			return
		}
		entry := resultEntry{at: v, o: r, r: model.Result{
			ResultDescription: l.share(r.text("resultDescription")),
			AchievedLevel:     l.share(r.text("achievedLevel")),
			Status:            r.enum("status", resultStatuses),
			Value:             l.share(r.verbatim("value")),
			Alignment:         l.alignments(r),
		}}
		if entry.r.ResultDescription == "" {
			return
		}
		for _, other := range rs.list {
			if other.r.ResultDescription == entry.r.ResultDescription {
				v.problem("is a second result of the same result description", "an award has one result of each kind")
			}
		}
		rs.list = append(rs.list, entry)
	})
	return rs
}
