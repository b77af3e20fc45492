package site

import (
	"crypto/sha256"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/go-json-experiment/json"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/ledger"
	"laurel/internal/standards/vc"
)

// Record is what a learner record holds, in the order of its program.
type Record struct {
	// Partial tells that the record does not hold all that it is about, or all that
	// the learner has of it.
	Partial bool
	// Parts are the roots of a tree of achievements.
	Parts []RecordPart
	// Count is how many credentials it holds, and Credits what they give together,
	// of an achievement held more than once the most; empty: no credits.
	Count   int
	Credits string
	// Fallen tells that at least one of them was revoked or suspended since; it is
	// known of pages that are drawn from the ledger.
	Fallen bool
}

// RecordPart is an achievement in a record's tree, what the learner holds of it, and
// what is part of it.
type RecordPart struct {
	Name, Language, Type string
	Href                 string // the achievement's page; empty: it has none
	// Members are the credentials of it that the record holds; none: it only brings
	// others together.
	Members []Member
	// Relations say how it relates to others of the record, beside what the tree says.
	Relations []Relation
	Parts     []RecordPart
}

// Relation relates a part to another one: it is "before", "after", "part" of, "whole"
// of, the "same" as, a "peer" of, "related" to, "replaced" by or in place of it
// ("replaces").
type Relation struct{ Type, Name, Language string }

// Member is one credential that a record holds, as it was signed.
type Member struct {
	CredentialID string
	Issuer       string // name, where it is not the record's
	AwardedDate  time.Time
	ValidFrom    time.Time
	ValidUntil   time.Time // zero: does not expire
	// Listed and StatusIndex are where its status is, as in AwardPage.
	Listed, StatusIndex string
	Results             []Result
	Credits             string
	Href                string // its own page; empty: it has none
	// Status is what the ledger says of it; State is empty where it is not known
	// here, on a sealed page.
	Status AwardStatus
}

// RecordRow is one row of a record as a table.
type RecordRow struct {
	Depth int // from 0
	Part  *RecordPart
	// Member is nil of a part that holds none.
	Member *Member
}

// Rows are the tree from top to bottom: one row a member.
func (r *Record) Rows() []RecordRow { return rows(r.Parts, 0) }

func rows(parts []RecordPart, depth int) (list []RecordRow) {
	for i := range parts {
		part := &parts[i]
		for j := range part.Members {
			list = append(list, RecordRow{depth, part, &part.Members[j]})
		}
		if len(part.Members) == 0 {
			list = append(list, RecordRow{Depth: depth, Part: part})
		}
		list = append(list, rows(part.Parts, depth+1)...)
	}
	return list
}

// relations are what the source of an association is to its target, and the target
// to the source, by associationType; what is not here is not told.
var relations = map[string][2]string{
	"exactMatchOf": {"same", "same"}, "isChildOf": {"part", "whole"}, "isParentOf": {"whole", "part"}, "isPartOf": {"part", "whole"},
	"isPeerOf": {"peer", "peer"}, "isRelatedTo": {"related", "related"}, "precedes": {"before", "after"}, "replacedBy": {"replaced", "replaces"},
}

// downward are the associations of which the source is part of the target, or, if
// true, the other way round.
var downward = map[string]bool{"isChildOf": false, "isPartOf": false, "isParentOf": true}

// recordView is what a signed record holds, for a page from which root leads to the
// site's; nil: it is none. Known tells whether to say what the ledger knows of each
// member.
func (p *Layout) recordView(c *vc.Credential, document []byte, root string, known bool) (*Record, error) {
	if !slices.Contains(c.Type, "ClrCredential") {
		return nil, nil
	}
	clr, err := vc.ParseClr(document)
	if err != nil {
		return nil, err
	}
	r := &Record{Partial: clr.Partial, Count: len(clr.CredentialSubject.VerifiableCredential)}
	say := p.terms(p.edition(c.CredentialSubject.Achievement.InLanguage).language)
	members, first := map[string][]Member{}, map[string]vc.Achievement{}
	credits := map[string]float64{}
	var order []string
	add := func(a vc.Achievement) {
		if _, ok := first[a.ID]; !ok {
			first[a.ID] = a
			order = append(order, a.ID)
		}
	}
	for _, a := range clr.CredentialSubject.Achievement {
		add(a)
	}
	for _, raw := range clr.CredentialSubject.VerifiableCredential {
		c, err := vc.ParseCredential(raw)
		if err != nil {
			return nil, fmt.Errorf("read what it holds: %w", err)
		}
		a := c.CredentialSubject.Achievement
		add(a)
		m := p.member(c, clr, say, root, known)
		r.Fallen = r.Fallen || m.Status.State == "revoked" || m.Status.State == "suspended"
		earned := c.CredentialSubject.CreditsEarned
		if earned == nil {
			earned = a.CreditsAvailable
		}
		if m.Credits = number(earned); earned != nil {
			credits[a.ID] = max(credits[a.ID], *earned)
		}
		members[a.ID] = append(members[a.ID], m)
	}
	if len(credits) > 0 {
		sum := 0.0
		for _, n := range credits {
			sum += n
		}
		sum = math.Round(sum*1e6) / 1e6
		r.Credits = number(&sum)
	}
	r.Parts = p.tree(order, first, members, clr.CredentialSubject.Association, say, root)
	return r, nil
}

// member is one credential of a record.
func (p *Layout) member(c *vc.Credential, clr *vc.ClrCredential, say terms, root string, known bool) Member {
	s := c.CredentialSubject
	m := Member{CredentialID: c.ID, AwardedDate: c.AwardedDate.Time, ValidFrom: c.ValidFrom.Time, ValidUntil: c.ValidUntil.Time}
	if m.AwardedDate.IsZero() {
		m.AwardedDate = c.ValidFrom.Time
	}
	if c.Issuer.ID != clr.Issuer.ID {
		m.Issuer = c.Issuer.Name
	}
	for _, r := range s.Result {
		m.Results = append(m.Results, say.resultView(r, s.Achievement.ResultDescription))
	}
	if !known {
		return m
	}
	if s := c.CredentialStatus; s != nil {
		m.Listed, m.StatusIndex = p.listed(s.StatusListCredential, root), s.StatusListIndex
	}
	rec := p.beside().ofVariants[c.ID]
	if rec == nil {
		rec = p.in.State.ByCredential(c.ID)
	}
	if rec == nil {
		return m
	}
	m.Status = p.status(rec)
	if rec.Credential == c.ID && p.shown(rec) {
		m.Href = root + model.AwardFolder(rec.Credential)
	}
	return m
}

// tree brings achievements in a tree by what is part of what: those of which the
// record holds something, and what these are part of. What else relates them is told
// beside them.
func (p *Layout) tree(order []string, of map[string]vc.Achievement, members map[string][]Member, associations []vc.Association, say terms, root string) []RecordPart {
	above := map[string]string{}
	for _, a := range associations {
		down, ok := downward[a.AssociationType]
		child, parent := a.SourceID, a.TargetID
		if down {
			child, parent = parent, child
		}
		if ok && above[child] == "" && !under(above, parent, child) {
			above[child] = parent
		}
	}
	seen := map[string]bool{}
	for id := range members {
		for ; id != "" && !seen[id]; id = above[id] {
			seen[id] = true
		}
	}
	told := map[string][]Relation{}
	for _, a := range associations {
		_, tree := downward[a.AssociationType]
		if tree && (above[a.SourceID] == a.TargetID || above[a.TargetID] == a.SourceID) || !seen[a.SourceID] || !seen[a.TargetID] {
			continue
		}
		if r, ok := relations[a.AssociationType]; ok {
			source, target := of[a.SourceID], of[a.TargetID]
			told[source.ID] = append(told[source.ID], Relation{r[0], target.Name, target.InLanguage})
			told[target.ID] = append(told[target.ID], Relation{r[1], source.Name, source.InLanguage})
		}
	}
	var parts func(parent string) []RecordPart
	parts = func(parent string) (list []RecordPart) {
		for _, id := range order {
			if !seen[id] || above[id] != parent {
				continue
			}
			a := of[id]
			part := RecordPart{Name: a.Name, Language: a.InLanguage, Type: say(a.AchievementType), Members: members[id], Relations: told[id], Parts: parts(id)}
			if slug := p.slugOf(id); slug != "" {
				part.Href = root + p.achievementIn(slug, part.Language)
			}
			list = append(list, part)
		}
		return list
	}
	return parts("")
}

// under tells whether id is child or below it.
func under(above map[string]string, id, child string) bool {
	for ; id != ""; id = above[id] {
		if id == child {
			return true
		}
	}
	return false
}

// around is a digest of all that is said of a learner record beside what was signed:
// the states of credentials, and which of the learner's awards have pages. It is zero
// for an award.
func (p *Layout) around(rec *ledger.Record) [32]byte {
	key := keyOf(rec)
	if !key.IsRecord() {
		return [32]byte{}
	}
	parts := []any{p.beside().fallen}
	if l := p.beside().learners[model.FoldKey(key.Recipient)]; l != nil {
		for _, a := range l.Awards {
			parts = append(parts, a.Key.String(), string(a.Visibility))
		}
	}
	return digest(parts...)
}

// listAt is the issuer's newest status list at a URL, or nil.
func (p *Layout) listAt(url string) []byte {
	for n, list := range p.lists {
		if url == p.in.Site.URL(model.StatusListPath(n)) {
			return list
		}
	}
	return nil
}

// HeldDigest is a digest of all that a record's files say and bring beside what was
// signed: around, and every status list; zero for an award.
func (p *Layout) HeldDigest(rec *ledger.Record) [32]byte {
	around := p.around(rec)
	if around == ([32]byte{}) {
		return around
	}
	parts := []any{around[:]}
	for _, n := range slices.Sorted(maps.Keys(p.lists)) {
		parts = append(parts, strconv.Itoa(n), p.lists[n])
	}
	return digest(parts...)
}

// beside is what records are shown by, beside what was signed.
type beside struct {
	fallen     []byte                    // digest of credentials that are not in force
	learners   map[string]*model.Learner // by folded key
	ofVariants map[string]*ledger.Record // by a variant's credential
}

func (p *Layout) makeBeside() beside {
	b := beside{learners: map[string]*model.Learner{}, ofVariants: map[string]*ledger.Record{}}
	sum := sha256.New()
	for r := range p.in.State.Records() {
		for _, v := range r.Variants {
			b.ofVariants[v.Credential] = r
		}
		if r.Status != ledger.Active || r.ReplacedBy != "" || !r.Withdrawn.IsZero() {
			d := digest(r.Credential, fmt.Sprint(p.status(r)), r.ReplacedBy, r.Withdrawn.String())
			sum.Write(d[:])
		}
	}
	b.fallen = sum.Sum(nil)
	for _, l := range p.in.Site.Learners() {
		for _, key := range l.Keys {
			b.learners[key] = l
		}
	}
	return b
}

// hideRecords takes from the site what learner records would show of awards that are
// not on it themselves: one of an award that was taken out of the content, withdrawn or
// made less public has no page until a new one is signed.
func (p *Layout) hideRecords() error {
	for rec := range p.in.State.Records() {
		if !keyOf(rec).IsRecord() || !p.shown(rec) {
			continue
		}
		document, err := p.in.Document(rec)
		if err != nil {
			return fmt.Errorf("read learner record %s: %w", rec.Credential, err)
		}
		clr, err := vc.ParseClr(document)
		if err != nil || clr == nil {
			return fmt.Errorf("read learner record %s: it is none, %v", rec.Credential, err)
		}
		for _, held := range clr.CredentialSubject.VerifiableCredential {
			var member struct {
				ID string `json:"id"`
			}
			if err := json.Unmarshal(held, &member); err != nil {
				return fmt.Errorf("read learner record %s: %w", rec.Credential, err)
			}
			of := p.in.State.ByCredential(member.ID)
			if of == nil {
				of = p.beside().ofVariants[member.ID]
			}
			if of == nil || p.visibility(of) != model.Public || !of.Withdrawn.IsZero() {
				p.today[rec.Award] = model.Link
				break
			}
		}
	}
	return nil
}
