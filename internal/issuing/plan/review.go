package plan

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"laurel/internal/authoring/model"
	"laurel/internal/standards/vc"
)

// Batch is what is to be signed of one award list for one achievement, in content's
// order.
type Batch struct {
	Cohort      *model.Cohort
	Achievement *model.Achievement
	Issues      []*Issue
}

// Batches are the awards to be signed as a person reviews them; learner records are in
// none.
func (p *Plan) Batches() []Batch {
	awards, _ := p.Parts()
	var all []Batch
	of := map[[2]string]int{}
	for _, i := range awards {
		key := [2]string{i.Award.Key.Cohort, i.Award.Key.Achievement}
		n, known := of[key]
		if !known {
			n = len(all)
			of[key] = n
			all = append(all, Batch{Cohort: i.Award.Cohort, Achievement: i.Award.Achievement})
		}
		all[n].Issues = append(all[n].Issues, i)
	}
	return all
}

// Fact is one thing that a credential says: its name, as authors or readers know it, and
// the text.
type Fact struct{ Name, Text string }

// Results are what an award says was reached, each named as authors name it.
func Results(a *model.Award) []Fact {
	var all []Fact
	for _, r := range a.Result {
		text := resultText(vc.Result{Value: r.Value, AchievedLevel: r.AchievedLevel, Status: r.Status, Alignment: mapAll(r.Alignment, alignment)})
		all = append(all, Fact{r.ResultDescription, text})
	}
	if a.CreditsEarned != nil {
		all = append(all, Fact{"credits", strconv.FormatFloat(*a.CreditsEarned, 'f', -1, 64)})
	}
	return all
}

// Details are all else that an award says of its recipient, named as in YAML; texts are
// whole.
func Details(a *model.Award) []Fact {
	var all []Fact
	add := func(name, text string) {
		if text != "" {
			all = append(all, Fact{name, text})
		}
	}
	add("email", cmp.Or(a.Recipient.Email, a.Recipient.HashedEmail.IdentityHash))
	add("id", a.Recipient.ID)
	add("activityStartDate", Day(a.ActivityStartDate))
	add("activityEndDate", Day(a.ActivityEndDate))
	add("licenseNumber", a.LicenseNumber)
	add("role", a.Role)
	add("term", a.Term)
	add("narrative", a.Narrative)
	if s := a.AssertedBy; s != nil {
		add("source", strings.Join(slices.DeleteFunc([]string{s.Name, s.URL, s.ID, s.Email}, func(s string) bool { return s == "" }), ", "))
	}
	for i, e := range a.Evidence {
		at := "evidence[" + strconv.Itoa(i) + "]"
		if e.File != nil {
			add(at+".file", e.File.File+", sha256 "+e.File.SHA256)
		}
		for _, f := range []Fact{{"id", e.ID}, {"name", e.Name}, {"description", e.Description}, {"narrative", e.Narrative}, {"genre", e.Genre}, {"audience", e.Audience}} {
			add(at+"."+f.Name, f.Text)
		}
	}
	return all
}

// Day is a moment as authors write it: a day, where it is the first moment of one in
// UTC, else day and time. Empty: it is zero.
func Day(t time.Time) string {
	switch {
	case t.IsZero():
		return ""
	case t.UTC().Format(time.TimeOnly) == "00:00:00":
		return t.UTC().Format(time.DateOnly)
	}
	return t.Format(time.RFC3339)
}

// Edit is a difference that several awards have in common, or one of an achievement or
// of the issuer.
type Edit struct {
	Difference
	// Achievement is whose it is: the slug, where the field begins with "achievement.".
	Achievement string
	Changes     []Change
}

// common is from how many awards on a difference is told once.
const common = 3

// Edits sorts what has changed: what is told once with the awards that it concerns, the
// most first, and the changes that are left, each with what is told nowhere else.
func (p *Plan) Edits() (edits []Edit, single []Change) {
	type key struct {
		Difference
		achievement string
	}
	keyOf := func(c Change, d Difference) key {
		k := key{Difference: d}
		if strings.HasPrefix(d.Field, "achievement.") && c.Award != nil && c.Award.Achievement != nil {
			k.achievement = c.Award.Achievement.Slug
		}
		return k
	}
	count := map[key]int{}
	for _, c := range p.Changed {
		for _, d := range c.Differences {
			count[keyOf(c, d)]++
		}
	}
	at := map[key]int{}
	for _, c := range p.Changed {
		var left []Difference
		for _, d := range c.Differences {
			k := keyOf(c, d)
			if count[k] < common && !d.Shared() || d.Hashed {
				left = append(left, d)
				continue
			}
			n, known := at[k]
			if !known {
				n = len(edits)
				at[k] = n
				edits = append(edits, Edit{Difference: d, Achievement: k.achievement})
			}
			edits[n].Changes = append(edits[n].Changes, c)
		}
		if len(left) > 0 || len(c.Differences) == 0 {
			single = append(single, Change{c.Record, c.Award, c.Fields, left})
		}
	}
	slices.SortStableFunc(edits, func(a, b Edit) int { return cmp.Compare(len(b.Changes), len(a.Changes)) })
	return edits, single
}
