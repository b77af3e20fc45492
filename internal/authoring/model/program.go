package model

import (
	"cmp"
	"slices"
)

// Records is the cohort of all records: their award keys are
// "records/<program>/<recipient>". No award list has this name.
const Records = "records"

// Reserved are the names that no award list may have: the ledger knows what is
// no award of one under them.
var Reserved = []string{Records, Endorsements}

// Everything is the slug of the program that no file describes: all that a
// learner holds. Records of it are made on request alone.
const Everything = "everything"

// IsRecord tells a record's key from an award's.
func (k AwardKey) IsRecord() bool { return k.Cohort == Records }

// Program is a course of achievements; who completes it is given a record, a
// ClrCredential of the Comprehensive Learner Record Standard v2.0.
type Program struct {
	Slug        string // of its file; never Everything
	Name        string
	Description string
	// Achievements are what a record of it may hold, in this order; at least
	// one, and at most MaxMembers.
	Achievements []*Achievement
	// Associations say how these relate. Those of a directed type form no
	// cycle, and none is there twice.
	Associations []Association
	Completion   Completion
	Visibility   Visibility // of its records
	// Variants are what its records are signed as beside the full one, in
	// content's order.
	Variants   []RecordVariant
	ValidFor   Period // records expire so long after they are signed
	Image      *Image // nil: laurel draws one
	InLanguage string
	Source     Source
}

// MaxMembers is how many credentials a record may hold: verifiers look at no more.
const MaxMembers = 64

// Association relates two achievements of a program (class Association). Type is
// a term of the enumeration AssociationType.
type Association struct {
	Type           string
	Source, Target *Achievement
}

// Completion is what completes a program: its zero value, all achievements.
type Completion struct {
	// SomeOf, if not 0, is how many of From have to be held; From is then not
	// empty.
	SomeOf int
	From   []*Achievement
	// Credits, if not 0, are how many credits what is held has to give.
	Credits float64
}

// RecordVariant is one choice of what a record shows, signed as a credential of
// its own.
type RecordVariant struct {
	Name Variant // a slug that begins with a letter, not Full
	// Label follows the program's name in it; empty for NoName on its own, for
	// which themes have words.
	Label string
	// Achievements are those of which it has the members; nil means all.
	Achievements []*Achievement
	// NoName tells that neither it nor its members name the learner: each is
	// embedded as its own variant NoName, which all awards of these
	// achievements have.
	NoName bool
}

// Variant returns the variant of that name, or nil.
func (p *Program) Variant(name Variant) *RecordVariant {
	if i := slices.IndexFunc(p.Variants, func(v RecordVariant) bool { return v.Name == name }); i >= 0 {
		return &p.Variants[i]
	}
	return nil
}

// Complete tells whether what is held completes the program; credits are those
// that each gives, the most where an achievement is held more than once.
func (p *Program) Complete(credits map[*Achievement]float64) bool {
	if p.Slug == Everything {
		return true
	}
	held := func(list []*Achievement) (n int, sum float64) {
		for _, a := range list {
			if c, ok := credits[a]; ok {
				n, sum = n+1, sum+c
			}
		}
		return n, sum
	}
	all, sum := held(p.Achievements)
	some, _ := held(p.Completion.From)
	switch {
	case p.Completion.SomeOf > 0:
		return some >= p.Completion.SomeOf
	case p.Completion.Credits > 0:
		return sum >= p.Completion.Credits
	}
	return all == len(p.Achievements)
}

// Program returns the program with that slug, or nil. Everything is one of all the
// site's achievements, under the issuer's name.
func (s *Site) Program(slug string) *Program {
	if slug == Everything {
		return &Program{Slug: Everything, Name: "Learner record, " + s.Issuer.Name, Achievements: s.Achievements, Visibility: s.Visibility,
			Source: Source{File: "content/site.yaml", Line: 1, Column: 1}}
	}
	if i := slices.IndexFunc(s.Programs, func(p *Program) bool { return p.Slug == slug }); i >= 0 {
		return s.Programs[i]
	}
	return nil
}

// Slug is that of what an award is for: its achievement's, or, with a slash, which no
// achievement's has, its program's.
func (a *Award) Slug() string { return a.Key.Slug() }

// Slug is Award.Slug.
func (k AwardKey) Slug() string {
	if k.IsRecord() {
		return Records + "/" + k.Achievement
	}
	return k.Achievement
}

// Title is the name of what an award is for: its achievement's, or its program's.
func (a *Award) Title() string {
	if a.Program != nil {
		return a.Program.Name
	}
	return a.Achievement.Name
}

// Language is that of what an award is for; empty: not said.
func (a *Award) Language() string {
	if a.Program != nil {
		return a.Program.InLanguage
	}
	return a.Achievement.InLanguage
}

// Learner is somebody with awards, maybe of several cohorts.
type Learner struct {
	// Keys are the recipient keys of the awards, folded; IDs their DIDs. All is in
	// content's order, each once.
	Keys, IDs []string
	Awards    []*Award
}

// Conflicting tells that awards under one recipient key name two DIDs, so that
// nobody can tell whose they are.
func (l *Learner) Conflicting() bool { return len(l.IDs) > 1 }

// Recipient is the learner as the newest award knows them, with what older ones
// know beside: DID, e-mail address, or the hash of one, and student number.
func (l *Learner) Recipient() Recipient {
	newest := slices.Clone(l.Awards)
	slices.SortStableFunc(newest, func(a, b *Award) int { return b.AwardedDate.Compare(a.AwardedDate) })
	var r Recipient
	for _, a := range newest {
		r.Name = cmp.Or(r.Name, a.Recipient.Name)
		r.ID = cmp.Or(r.ID, a.Recipient.ID)
		r.Email = cmp.Or(r.Email, a.Recipient.Email)
		r.HashedEmail = cmp.Or(r.HashedEmail, a.Recipient.HashedEmail)
		r.StudentID = cmp.Or(r.StudentID, a.Recipient.StudentID)
	}
	return r
}

// Record is the learner's record of a program, under a recipient key. It is no more
// public than the least public award that it is about, held or not. Of its variants
// it has those that show something.
func (l *Learner) Record(p *Program, key string) *Award {
	a := &Award{Key: AwardKey{Records, p.Slug, key}, Cohort: &Cohort{Slug: Records, Name: p.Name}, Program: p,
		Recipient: l.Recipient(), Visibility: p.Visibility, Source: p.Source}
	a.Recipient.Key = key
	rank := []Visibility{Public, Link, Private}
	of := l.Of(p.Achievements)
	for _, m := range of {
		if slices.Index(rank, m.Visibility) > slices.Index(rank, a.Visibility) {
			a.Visibility = m.Visibility
		}
	}
	for _, v := range p.Variants {
		if v.Achievements == nil || len(l.Of(v.Achievements)) > 0 {
			a.Variants = append(a.Variants, v.Name)
		}
	}
	return a
}

// Of are the learner's awards of some achievements, in the order of these, those of
// one achievement in content's.
func (l *Learner) Of(achievements []*Achievement) []*Award {
	var list []*Award
	for _, a := range achievements {
		for _, award := range l.Awards {
			if award.Achievement == a {
				list = append(list, award)
			}
		}
	}
	return list
}

// Learners brings the awards of a site together by learner, in content's order:
// two are of one learner where they have the same recipient key, in any spelling
// of an e-mail address, or the same DID. A name brings nothing together.
func (s *Site) Learners() []*Learner {
	var awards []*Award
	var before []int // of each award, itself or an earlier one of the same learner
	first := func(i int) int {
		for before[i] != i {
			before[i] = before[before[i]]
			i = before[i]
		}
		return i
	}
	keys, ids := map[string]int{}, map[string]int{}
	join := func(known map[string]int, name string) {
		last := len(awards) - 1
		if i, ok := known[name]; ok {
			a, b := first(i), first(last)
			before[max(a, b)] = min(a, b)
			return
		}
		known[name] = last
	}
	for _, c := range s.Cohorts {
		for _, a := range c.Awards {
			if a.Program != nil {
				continue
			}
			awards, before = append(awards, a), append(before, len(awards))
			join(keys, FoldKey(a.Key.Recipient))
			if a.Recipient.ID != "" {
				join(ids, a.Recipient.ID)
			}
		}
	}
	var all []*Learner
	of := map[int]*Learner{}
	for i, a := range awards {
		l := of[first(i)]
		if l == nil {
			l = &Learner{}
			of[i] = l
			all = append(all, l)
		}
		l.Awards = append(l.Awards, a)
		if key := FoldKey(a.Key.Recipient); !slices.Contains(l.Keys, key) {
			l.Keys = append(l.Keys, key)
		}
		if id := a.Recipient.ID; id != "" && !slices.Contains(l.IDs, id) {
			l.IDs = append(l.IDs, id)
		}
	}
	return all
}
