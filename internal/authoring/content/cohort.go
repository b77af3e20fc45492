package content

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"golang.org/x/text/unicode/norm"

	"laurel/internal/authoring/model"
)

// cohortReader is the state of reading one award list.
type cohortReader struct {
	*loader
	cohort *model.Cohort
	top    object
	terms  terms
	earned []*achievement // what everyone earns who says nothing else
	said   bool           // the cohort says what is earned, rightly or not

	variantsList []model.Variant
	variantsSaid bool // the cohort says which there are, in place of the achievements

	awards  map[string]*model.Award // by folded key
	people  map[string]person       // by folded recipient key
	rows    int
	reading reading
	// undated and unearned are the rows that lack what the cohort lacks too.
	undated, unearned []value
}

type person struct {
	name  string
	where model.Source
}

// cohort reads one file of content/awards with its roster, and notes the
// roster in rosters. It returns false when it cannot be known whether there is
// a roster.
func (l *loader) cohort(f contentFile, rosters map[string]bool) (*model.Cohort, bool) {
	s, ok := l.open(f.name, awardBytes)
	if !ok {
		return l.newCohort(f).cohort, false
	}
	if c, ok := l.cohortInParts(f, s, rosters); ok {
		return c, true
	}
	c := l.newCohort(f)
	v, ok := s.yaml()
	if !ok {
		return c.cohort, false
	}
	o, ok := v.mapping(cohortClass)
	if !ok {
		return c.cohort, false
	}
	c.readAll(o, rosters, func() { o.list("recipients", c.item) })
	return c.cohort, true
}

func (l *loader) newCohort(f contentFile) *cohortReader {
	return &cohortReader{
		loader: l, cohort: &model.Cohort{Slug: f.slug, Source: model.Source{File: f.name, Line: 1, Column: 1}},
		awards: map[string]*model.Award{}, people: map[string]person{},
	}
}

// readAll reads what o says for the whole cohort, then the recipients, then the
// roster.
func (c *cohortReader) readAll(o object, rosters map[string]bool, recipients func()) {
	c.top = o
	c.cohort.Name = o.text("name")
	c.variants(o)
	c.cohort.Certificate = c.loader.certificate(o)
	if o.has("formats") {
		c.cohort.Formats, c.cohort.FormatsSource = o.formats()
	}
	c.terms = c.loader.terms(o)
	c.earned, c.said = c.loader.earned(o)
	if c.terms.results != nil && c.said {
		c.fit(c.terms.results, c.earned)
	}
	roster, hasRoster := o.get("roster")
	if !hasRoster && !o.has("recipients") {
		o.missing("recipients", "is required, but missing", "list who earned it here, or name a table, .csv or .xlsx, with roster:")
	}
	recipients()
	c.reads(o, hasRoster)
	if hasRoster {
		c.roster(roster, rosters)
	}
	c.lacking("awardedDate", c.undated)
	c.lacking("achievement", c.unearned)
}

// item reads one of the recipients.
func (c *cohortReader) item(v value) {
	if r, ok := v.mapping(recipientClass); ok {
		c.row(r)
	}
}

// lacking reports what rows and cohort both lack: once, if it is all of them.
func (c *cohortReader) lacking(name string, rows []value) {
	if len(rows) > 0 && len(rows) == c.rows {
		c.top.missing(name, "is required, but missing", "write it here for all, or for each recipient")
		return
	}
	for _, v := range rows {
		v.missing(name, "is required, but missing", "write it here, or for all at the top of the cohort")
	}
}

// earned reads achievement or achievements. The second result tells whether
// either is there.
func (l *loader) earned(o object) ([]*achievement, bool) {
	one, isOne := o.get("achievement")
	many, isMany := o.get("achievements")
	switch {
	case isOne && isMany:
		many.problem("repeats what achievement says", "write achievement for one, or achievements with a list")
	case isOne:
		if a := l.earnedSlug(one); a != nil {
			return []*achievement{a}, true
		}
	case isMany:
		var list []*achievement
		o.texts("achievements", func(v value) (string, bool) {
			a := l.earnedSlug(v)
			if a == nil {
				return "", false
			}
			if !slices.Contains(list, a) { // else texts reports it
				list = append(list, a)
			}
			return a.Slug, true
		})
		return list, true
	}
	return nil, isOne || isMany
}

func (l *loader) earnedSlug(v value) *achievement {
	if s, ok := v.text(); ok {
		return l.slug(v, s)
	}
	return nil
}

// row reads one recipient and makes their awards.
func (c *cohortReader) row(o object) {
	c.rows++
	r, known := c.recipient(o)
	own := c.loader.terms(o)
	t := own.over(&c.terms)
	if !o.has("awardedDate") && !c.top.has("awardedDate") {
		c.undated = append(c.undated, *o.value)
	}
	earned, said := c.loader.earned(o)
	if !said {
		earned, said = c.earned, c.said
	}
	if !said {
		c.unearned = append(c.unearned, *o.value)
	}
	c.dates(o, t)
	if !known || len(earned) == 0 {
		return
	}
	where := o.source()
	key := model.FoldKey(r.StableKey())
	c.samePerson(o, key, r.Name, where)
	fitted := c.fit(t.results, earned)
	for i, a := range earned {
		c.award(o, r, t, a, fitted[i], key, where)
	}
}

func (c *cohortReader) award(o object, r model.Recipient, t terms, a *achievement, fitted []model.Result, key string, where model.Source) {
	award := t.Award
	award.Key = model.AwardKey{Cohort: c.cohort.Slug, Achievement: a.Slug, Recipient: r.StableKey()}
	award.Cohort, award.Achievement, award.Recipient = c.cohort, a.Achievement, r
	award.Visibility = cmp.Or(t.Visibility, c.visibility)
	award.Variants, award.Result, award.Source = c.variantsOf(a), fitted, where
	if award.ValidUntil.IsZero() && !a.ValidFor.IsZero() && !t.AwardedDate.IsZero() {
		award.ValidUntil = a.ValidFor.AddTo(t.AwardedDate)
		if award.ValidUntil.UTC().Year() > LastYear {
			c.valueAt(o, "awardedDate").problem(fmt.Sprintf("with the achievement's validFor, the award would expire after the year %d", LastYear), "")
		}
	}
	folded := a.Slug + "/" + key
	if other, ok := c.awards[folded]; ok {
		o.problem(fmt.Sprintf("is the same award as in %v", other.Source),
			"delete one of the two, or give each recipient a key of their own")
		return
	}
	c.awards[folded] = &award
	c.cohort.Awards = append(c.cohort.Awards, &award)
}

// samePerson reports one recipient key that stands for two names.
func (c *cohortReader) samePerson(o object, key, name string, where model.Source) {
	if name == "" {
		return
	}
	name = norm.NFC.String(name)
	p, ok := c.people[key]
	if !ok {
		c.people[key] = person{name, where}
		return
	}
	if p.name != name {
		c.valueAt(o, "name").problem(fmt.Sprintf("differs from the name of the same recipient in %v", p.where),
			"spell the name the same way, or give each recipient a key of their own")
	}
}

// valueAt is where a property stands: in the row, in the cohort, or nowhere.
func (c *cohortReader) valueAt(o object, name string) value {
	for _, o := range []object{o, c.top} {
		if v, ok := o.get(name); ok {
			return v
		}
	}
	return *o.value
}

// dates judges the dates of an award together.
func (c *cohortReader) dates(o object, t terms) {
	if before(t.ActivityEndDate, t.ActivityStartDate) {
		c.valueAt(o, "activityEndDate").problem("is before activityStartDate", "")
	}
	if before(t.ValidUntil, t.AwardedDate) {
		c.valueAt(o, "validUntil").problem("is before awardedDate", "")
	}
}

func before(a, b time.Time) bool { return !a.IsZero() && !b.IsZero() && a.Before(b) }
