package plan

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/ledger"
	"laurel/internal/material/text"
	"laurel/internal/standards/vc"
)

// Moved is an award that is new by its key and yet looks like one that was
// signed: the file of its list or of its achievement was renamed, or the recipient
// got another address or identifier. It is not signed: there would be two.
type Moved struct {
	Award  *model.Award
	Record *ledger.Record
	// Row is the award whose key is the record's today, and that names somebody else;
	// nil: none has it.
	Row *model.Award
}

// Was is the key under which it was signed.
func (m Moved) Was() model.AwardKey { return keyOf(m.Record) }

// Unclear are awards that are new by their keys, and each of which could be each of some
// that were signed, such as those of people of one name. None of them is signed.
type Unclear struct {
	Awards  []*model.Award
	Records []*ledger.Record
}

const (
	// nearDays is how far apart the dates of awards in two lists may be that are taken
	// for one: corrected, and not earned again.
	nearDays = 31
	// manyGone is how many awards of lists that are gone are read to be compared with
	// those of lists that are new. Of more, only those with the same recipient's key are.
	manyGone = 5000
)

// findMoved takes out of Issue and Vanished what belongs together. What is certain by
// key is found first, then what has the same address or DID, then what has the same
// name; what is not certain is Unclear.
func (p *Plan) findMoved(in Input) error {
	m := moving{p: p, in: in, facts: map[*ledger.Record]*signedFacts{}, renamed: map[[2]string]bool{}}
	m.collect()
	if len(m.gone) == 0 || len(m.fresh) == 0 {
		return nil
	}
	m.byKey()
	for _, tier := range []func(*model.Award, *ledger.Record) (bool, error){m.sameInList, m.sameElsewhere, m.sameName} {
		if err := m.pair(tier); err != nil {
			return err
		}
	}
	m.unclear()
	p.Issue = slices.DeleteFunc(p.Issue, func(i *Issue) bool { return m.held[i.Award] })
	p.Vanished = slices.DeleteFunc(p.Vanished, func(r *ledger.Record) bool { return m.told[r] })
	return nil
}

// moving is the search for awards that moved.
type moving struct {
	p     *Plan
	in    Input
	fresh []*model.Award   // new by their keys, in content's order
	gone  []*ledger.Record // those that nothing in the content is, and those whose row names another
	rows  map[*ledger.Record]*model.Award
	held  map[*model.Award]bool
	told  map[*ledger.Record]bool
	edges map[*model.Award][]*ledger.Record // every pair that looks alike and is not held

	lists, signedLists map[string]bool // of the content; of the ledger
	most               bool            // too many of gone lists to read them all
	facts              map[*ledger.Record]*signedFacts
	renamed            map[[2]string]bool
}

// signedFacts are what tells whose a signed award is, and of what.
type signedFacts struct {
	name, id string
	email    *vc.IdentityObject
	awarded  time.Time
	of       vc.Achievement
}

func (m *moving) collect() {
	m.held, m.told, m.edges = map[*model.Award]bool{}, map[*ledger.Record]bool{}, map[*model.Award][]*ledger.Record{}
	m.rows, m.lists, m.signedLists = map[*ledger.Record]*model.Award{}, map[string]bool{}, map[string]bool{}
	for _, i := range m.p.Issue {
		if i.Replaces == "" {
			m.fresh = append(m.fresh, i.Award)
		}
	}
	if len(m.fresh) == 0 {
		return
	}
	for _, r := range m.p.Vanished {
		if r.Profile == "" {
			m.gone = append(m.gone, r)
		}
	}
	for _, c := range m.p.Changed {
		if c.Award != nil && slices.ContainsFunc(c.Differences, func(d Difference) bool { return d.Field == "name" && d.Was != "" }) {
			m.gone = append(m.gone, c.Record)
			m.rows[c.Record] = c.Award
		}
	}
	if len(m.gone) == 0 {
		return
	}
	for _, c := range m.in.Site.Cohorts {
		m.lists[c.Slug] = true
	}
	for r := range m.in.State.Records() {
		m.signedLists[keyOf(r).Cohort] = true
	}
	of := 0
	for _, r := range m.gone {
		if !m.lists[keyOf(r).Cohort] {
			of++
		}
	}
	m.most = of > manyGone
}

func (m *moving) hold(a *model.Award, r *ledger.Record) {
	m.held[a], m.told[r] = true, true
	m.p.Moved = append(m.p.Moved, Moved{a, r, m.rows[r]})
}

// byKey finds what a renamed list left as it was, and recipients whose old key is
// another of their identifiers now.
func (m *moving) byKey() {
	byKey := make(map[string]*ledger.Record, len(m.gone))
	byContent := make(map[string]*ledger.Record, len(m.gone))
	for _, rec := range m.gone {
		if m.rows[rec] == nil {
			byKey[rec.Award] = rec
			byContent[rec.Content+" "+keyOf(rec).Recipient] = rec
		}
	}
	content := map[*model.Award]string{}
	for _, i := range m.p.Issue {
		content[i.Award] = i.Content
	}
	for _, a := range m.fresh {
		rec := byContent[content[a]+" "+a.Key.Recipient]
		was := a.Key
		for _, id := range []string{a.Recipient.Key, a.Recipient.ID, a.Recipient.StudentID, a.Recipient.Email} {
			if rec == nil && id != "" {
				was.Recipient = id
				rec = byKey[was.String()]
			}
		}
		if rec != nil && !m.told[rec] {
			m.hold(a, rec)
		}
	}
}

// pair holds back each award that looks like one record alone, which looks like no
// other award.
func (m *moving) pair(alike func(*model.Award, *ledger.Record) (bool, error)) error {
	candidates := m.index()
	found, back := map[*model.Award][]*ledger.Record{}, map[*ledger.Record]int{}
	for _, a := range m.fresh {
		if m.held[a] {
			continue
		}
		for _, r := range candidates(a) {
			ok, err := alike(a, r)
			if err != nil {
				return err
			}
			if ok {
				found[a] = append(found[a], r)
				back[r]++
			}
		}
	}
	for _, a := range m.fresh {
		switch list := found[a]; {
		case len(list) == 1 && back[list[0]] == 1:
			m.hold(a, list[0])
		default:
			for _, r := range list {
				if !slices.Contains(m.edges[a], r) {
					m.edges[a] = append(m.edges[a], r)
				}
			}
		}
	}
	return nil
}

// index tells which records, not told yet, an award is compared with: those of its list,
// those of its key, and, of lists that are gone, all.
func (m *moving) index() func(*model.Award) []*ledger.Record {
	byList, byRecipient := map[string][]*ledger.Record{}, map[string][]*ledger.Record{}
	var lost []*ledger.Record
	for _, r := range m.gone {
		if m.told[r] {
			continue
		}
		key := keyOf(r)
		byList[key.Cohort] = append(byList[key.Cohort], r)
		byRecipient[model.FoldKey(key.Recipient)] = append(byRecipient[model.FoldKey(key.Recipient)], r)
		if !m.lists[key.Cohort] && !m.most {
			lost = append(lost, r)
		}
	}
	byName := map[string][]*ledger.Record{}
	named := false
	return func(a *model.Award) []*ledger.Record {
		list := slices.Clone(byList[a.Key.Cohort])
		add := func(more []*ledger.Record) {
			for _, r := range more {
				if keyOf(r).Cohort != a.Key.Cohort && !slices.Contains(list, r) {
					list = append(list, r)
				}
			}
		}
		add(byRecipient[model.FoldKey(a.Key.Recipient)])
		if !m.signedLists[a.Key.Cohort] && len(lost) > 0 {
			if !named {
				named = true
				for _, r := range lost {
					if f, err := m.of(r); err == nil { // alike tells of the error
						byName[nameKey(f.name)] = append(byName[nameKey(f.name)], r)
					}
				}
			}
			if a.Recipient.Name != "" {
				add(byName[nameKey(a.Recipient.Name)])
			}
		}
		return list
	}
}

// of reads a record once.
func (m *moving) of(r *ledger.Record) (*signedFacts, error) {
	if f := m.facts[r]; f != nil {
		return f, nil
	}
	b, err := m.in.Document(r)
	if err != nil {
		return nil, fmt.Errorf("read a credential that is no longer in the content: %w", err)
	}
	c, err := vc.ParseCredential(b)
	if err != nil {
		return nil, fmt.Errorf("read a credential that is no longer in the content: %w", err)
	}
	f := &signedFacts{id: c.CredentialSubject.ID, awarded: c.AwardedDate.Time, of: c.CredentialSubject.Achievement}
	for i := range c.CredentialSubject.Identifier {
		switch o := &c.CredentialSubject.Identifier[i]; o.IdentityType {
		case "name":
			f.name = o.IdentityHash
		case "emailAddress":
			f.email = o
		}
	}
	m.facts[r] = f
	return f, nil
}

// nameKey is equal for names that a person reads as one.
func nameKey(s string) string { return strings.ToLower(text.Print(s)) }

// sameAchievement tells whether an award is for what a record was: for the achievement
// of that file, or for one of the same name or words whose file is another since.
func (m *moving) sameAchievement(a *model.Award, r *ledger.Record, f *signedFacts) bool {
	was := keyOf(r).Achievement
	if was == a.Key.Achievement {
		return true
	}
	if m.in.Site.Achievement(was) != nil {
		return false
	}
	pair := [2]string{was, a.Key.Achievement}
	if known, ok := m.renamed[pair]; ok {
		return known
	}
	is := a.Achievement
	m.renamed[pair] = nameKey(f.of.Name) == nameKey(is.Name) ||
		f.of.Description == is.Description && f.of.Criteria.Narrative == is.Criteria.Narrative && f.of.Criteria.ID == is.Criteria.ID
	return m.renamed[pair]
}

// person tells what an award and a record have in common of their recipients.
func person(a *model.Award, r *ledger.Record, f *signedFacts) (key, address, name, named bool) {
	who := a.Recipient
	key = model.FoldKey(a.Key.Recipient) == model.FoldKey(keyOf(r).Recipient)
	address = who.ID != "" && who.ID == f.id
	if e := f.email; e != nil && !address {
		address = who.Email != "" && vc.IsIdentity(e.IdentityHash, e.Salt, e.Hashed, who.Email) ||
			who.HashedEmail.IdentityHash != "" && who.HashedEmail.IdentityHash == e.IdentityHash
	}
	named = who.Name != "" && f.name != ""
	return key, address, named && nameKey(who.Name) == nameKey(f.name), named
}

// sameInList finds who is the same by key, address or DID, in the same list.
func (m *moving) sameInList(a *model.Award, r *ledger.Record) (bool, error) {
	if keyOf(r).Cohort != a.Key.Cohort || m.rows[r] != nil {
		return false, nil
	}
	f, err := m.of(r)
	if err != nil || !m.sameAchievement(a, r, f) {
		return false, err
	}
	key, address, _, _ := person(a, r, f)
	return key || address, nil
}

// sameElsewhere does so in another list; there, the name has to be the same as well, as
// keys such as 1 and 2 may be used again, and the date near.
func (m *moving) sameElsewhere(a *model.Award, r *ledger.Record) (bool, error) {
	if keyOf(r).Cohort == a.Key.Cohort || m.rows[r] != nil {
		return false, nil
	}
	f, err := m.of(r)
	if err != nil || !m.sameAchievement(a, r, f) || !near(a.AwardedDate, f.awarded) {
		return false, err
	}
	key, address, name, named := person(a, r, f)
	return (key || address) && (name || !named), nil
}

// sameName finds who has the name alone in common, in the same list, or in one that is
// new since another is gone.
func (m *moving) sameName(a *model.Award, r *ledger.Record) (bool, error) {
	if list := keyOf(r).Cohort; list != a.Key.Cohort && (m.lists[list] || m.signedLists[a.Key.Cohort]) {
		return false, nil
	}
	f, err := m.of(r)
	if err != nil || !m.sameAchievement(a, r, f) || keyOf(r).Cohort != a.Key.Cohort && !near(a.AwardedDate, f.awarded) {
		return false, err
	}
	_, _, name, _ := person(a, r, f)
	return name, nil
}

func near(a, b time.Time) bool { return a.Sub(b).Abs() <= nearDays*24*time.Hour }

// unclear gathers what is left of pairs that look alike.
func (m *moving) unclear() {
	of := map[*ledger.Record]*Unclear{}
	var groups []*Unclear
	for _, a := range m.fresh {
		if m.held[a] {
			continue
		}
		list := slices.DeleteFunc(slices.Clone(m.edges[a]), func(r *ledger.Record) bool { return m.told[r] && of[r] == nil })
		if len(list) == 0 {
			continue
		}
		var group *Unclear
		for _, r := range list {
			switch other := of[r]; {
			case other == nil:
			case group == nil:
				group = other
			case group != other: // two groups are one
				group.Awards, group.Records = append(group.Awards, other.Awards...), append(group.Records, other.Records...)
				for _, r := range other.Records {
					of[r] = group
				}
				other.Awards = nil
			}
		}
		if group == nil {
			group = &Unclear{}
			groups = append(groups, group)
		}
		group.Awards = append(group.Awards, a)
		m.held[a] = true
		for _, r := range list {
			if of[r] == nil {
				of[r] = group
				m.told[r] = true
				group.Records = append(group.Records, r)
			}
		}
	}
	for _, g := range groups {
		if g.Awards != nil {
			slices.SortFunc(g.Records, func(a, b *ledger.Record) int { return cmp.Compare(a.Seq, b.Seq) })
			m.p.Unclear = append(m.p.Unclear, *g)
		}
	}
}
