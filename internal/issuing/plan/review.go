package plan

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/ledger"
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

// First tells whether nothing has been signed yet: what is signed next settles the
// issuer's DID and the site's address.
func First(s *ledger.State) bool {
	return s.Len() == 0 && !slices.ContainsFunc(s.Lists(), func(l ledger.ListState) bool { return !l.SignedAt.IsZero() })
}

// Unsigned is the JSON of a credential as it is to be signed, without what is drawn or
// follows from the time when it is: its id and those of its files, validFrom, status, the
// salt and hash of an e-mail address, a subject's made-up id, and the endorsements that
// the same plan signs. Of a variant if v is not nil; a record's members are left out, too. Digest
// covers all that it has.
func (p *Plan) Unsigned(i *Issue, v *Variant) (jsontext.Value, error) {
	var b []byte
	var err error
	drawn := i.CredentialID
	if v != nil {
		drawn = v.CredentialID
	}
	switch {
	case i.Holds != nil:
		b, err = p.RecordDocument(i, v, nil).Encode()
	case v != nil:
		b, err = p.VariantDocument(i, v).Encode()
	default:
		b, err = p.Document(i).Encode()
	}
	if err != nil {
		return nil, fmt.Errorf("encode award at %v: %w", i.Award.Source, err)
	}
	return withoutDrawn(b, drawn, i.Award.Recipient.HashedEmail.IdentityHash)
}

// Unsigned is that of an endorsement; its subject is left out where that is an award.
func (e *Endorse) Unsigned(p *Plan) (jsontext.Value, error) {
	b, err := p.EndorsementDocument(e).Encode()
	if err != nil {
		return nil, fmt.Errorf("encode the endorsement at %v: %w", e.Source, err)
	}
	return withoutDrawn(b, e.CredentialID, "")
}

// withoutDrawn leaves out of a document what each planning draws; own is a hash that was
// not drawn.
func withoutDrawn(b []byte, id, own string) (jsontext.Value, error) {
	var doc map[string]any
	if err := json.Unmarshal(b, &doc); err != nil {
		return nil, fmt.Errorf("read a planned document: %w", err)
	}
	for _, name := range []string{"id", "validFrom", "credentialStatus"} {
		delete(doc, name)
	}
	var clean func(v any)
	clean = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			if v["hashed"] == true && v["identityHash"] != own {
				delete(v, "identityHash")
				delete(v, "salt")
			}
			for name, part := range v {
				s, isText := part.(string)
				switch list, isList := part.([]any); {
				case isText && name == "id" && (strings.HasPrefix(s, "urn:uuid:") || strings.Contains(s, strings.TrimPrefix(id, "urn:uuid:"))):
					delete(v, name)
				case isList && name == "endorsement":
					if list = slices.DeleteFunc(list, func(one any) bool { return one == nil }); len(list) == 0 {
						delete(v, name)
					} else {
						v[name] = list // what is embedded was signed, and stays as it is
					}
				default:
					clean(part)
				}
			}
		case []any:
			for _, one := range v {
				clean(one)
			}
		}
	}
	clean(doc)
	out, err := json.Marshal(doc, json.Deterministic(true))
	if err != nil {
		return nil, fmt.Errorf("encode a planned document: %w", err)
	}
	return out, nil
}
