package deliver

import (
	"strings"

	"golang.org/x/text/unicode/norm"

	"laurel/internal/authoring/model"
)

// people tells the learners of a site's award lists apart.
//
// A recipient key names a learner within one cohort only, and a student number
// is as global as the provider's own numbering, so neither brings rows of two
// cohorts together by itself. Where it is not certain that two rows are of one
// person they are of two: who gets two folders has lost nothing, and who gets
// another's is handed their credentials and claim links.
type people struct{ numbered map[numbered]*grounds }

// numbered is a student number with a name, both folded.
type numbered struct{ number, name string }

// grounds are the identities that rows of one student number and name give.
type grounds struct{ ids, emails map[string]bool }

// peopleOf looks at all rows of a site, delivered or not.
func peopleOf(s *model.Site) people {
	p := people{map[numbered]*grounds{}}
	for _, c := range s.Cohorts {
		for _, a := range c.Awards {
			r := a.Recipient
			if r.StudentID == "" {
				continue
			}
			n := numbered{folded(r.StudentID), foldedName(r.Name)}
			g := p.numbered[n]
			if g == nil {
				g = &grounds{map[string]bool{}, map[string]bool{}}
				p.numbered[n] = g
			}
			if r.ID != "" {
				g.ids[r.ID] = true
			}
			if r.Email != "" {
				g.emails[folded(r.Email)] = true
			}
		}
	}
	return p
}

// who names the learner of an award, by the first of these that its row has:
//
//   - the DID. Nobody else has it, whatever name stands beside it. So rows that
//     agree in the e-mail address and differ in the DID are two learners, and so
//     are a row with a DID and one with the address alone.
//   - the e-mail address with the name, since families and offices share one.
//   - the student number with the name, in all cohorts where rows with the two
//     give no more than one DID and one address, else in its cohort.
//   - the recipient key with the name, in its cohort.
//
// Each begins with its kind, so that a number never meets an address.
func (p people) who(cohort string, r model.Recipient) string {
	name := foldedName(r.Name)
	number := folded(r.StudentID)
	switch {
	case r.ID != "":
		return identity("id", r.ID)
	case r.Email != "":
		return identity("email", folded(r.Email), name)
	case number != "" && name != "" && p.one(numbered{number, name}):
		return identity("studentId", number, name)
	}
	return identity("row", cohort, folded(r.Key), number, name)
}

// one tells whether nothing says that a student number and name are of several
// learners.
func (p people) one(n numbered) bool {
	g := p.numbered[n]
	return g != nil && len(g.ids) <= 1 && len(g.emails) <= 1
}

// identity joins parts that hold no line break.
func identity(parts ...string) string { return strings.Join(parts, "\n") }

// folded makes identities equal that content takes for the same: composed and
// decomposed letters, and the case of e-mail addresses.
func folded(s string) string {
	s = norm.NFC.String(s)
	if strings.Contains(s, "@") {
		s = strings.ToLower(s)
	}
	return s
}

// foldedName makes names equal that differ in case and spaces alone.
func foldedName(s string) string { return strings.ToLower(oneLine(norm.NFC.String(s))) }
