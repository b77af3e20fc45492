package plan

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/ledger"
	"laurel/internal/material/hint"
	"laurel/internal/standards/vc"
)

// RecordRequest asks for records whether or not a program is complete.
type RecordRequest struct {
	// Learners are named by recipient keys, DIDs or award keys.
	Learners []string
	Program  string // slug; model.Everything
}

// Holding is what a planned record holds.
type Holding struct {
	Members []Member
	// Partial tells that the program is not complete.
	Partial bool
	// Why is the reason for signing it, in a few words.
	Why string
}

// Member is one credential of a record: one that was signed, or one that the same
// plan issues.
type Member struct {
	Award  *model.Award
	Record *ledger.Record // nil: it is in Issue
	Issue  *Issue
}

// Credential is the id of the member's credential, of its variant if that is not
// empty; empty: it has none of that name.
func (m Member) Credential(variant model.Variant) string {
	switch {
	case m.Issue != nil && variant == "":
		return m.Issue.CredentialID
	case m.Issue != nil:
		for _, v := range m.Issue.Variants {
			if v.Name == variant {
				return v.CredentialID
			}
		}
	case variant == "":
		return m.Record.Credential
	default:
		for _, v := range m.Record.Variants {
			if v.Name == string(variant) {
				return v.Credential
			}
		}
	}
	return ""
}

// hasVariant tells whether it is, or will be, signed in that form. Until ids are
// drawn, what is issued has only the names.
func (m Member) hasVariant(name model.Variant) bool {
	if m.Issue != nil {
		return slices.Contains(m.Award.Variants, name)
	}
	return m.Credential(name) != ""
}

// token tells one credential of an award from those before and after it, without
// what is drawn when it is planned.
func (m Member) token() string {
	if m.Issue != nil {
		return m.Award.Key.String() + "\n" + m.Issue.Content + "\n" + m.Issue.Replaces
	}
	return m.Record.Award + "\n" + m.Record.Content + "\n" + m.Record.Replaces
}

// Waiting is a record that is due, or was asked for, and cannot be signed.
type Waiting struct {
	Award *model.Award
	Why   string
}

// IsRecord tells whether a ledger's record is a learner record of a program, and no
// award.
func IsRecord(r *ledger.Record) bool { return keyOf(r).IsRecord() }

// Records are the awards that stand for the learner records of a ledger, whatever
// their status, as today's content has them: those whose program and learner it
// knows. Nil: there are none.
func Records(s *model.Site, state *ledger.State) *model.Cohort {
	var c *model.Cohort
	var of map[string]*model.Learner
	for rec := range state.Records() {
		if rec.ReplacedBy != "" || !IsRecord(rec) {
			continue
		}
		if of == nil {
			of = map[string]*model.Learner{}
			for _, l := range s.Learners() {
				for _, key := range l.Keys {
					of[key] = l
				}
			}
		}
		key := keyOf(rec)
		l, p := of[model.FoldKey(key.Recipient)], s.Program(key.Achievement)
		if l == nil || p == nil || l.Conflicting() {
			continue
		}
		if c == nil {
			c = &model.Cohort{Slug: model.Records}
		}
		c.Awards = append(c.Awards, recordOf(l, p, key.Recipient, state))
	}
	return c
}

// recordOf is Learner.Record with what the ledger knows: a record of an award that was
// taken off the site has no page there either.
func recordOf(l *model.Learner, p *model.Program, key string, state *ledger.State) *model.Award {
	a := l.Record(p, key)
	if a.Visibility == model.Public && slices.ContainsFunc(l.Of(p.Achievements), func(of *model.Award) bool {
		rec := state.Record(of.Key.String())
		return rec != nil && !rec.Withdrawn.IsZero()
	}) {
		a.Visibility = model.Link
	}
	return a
}

// Parts are the awards and the records of Issue.
func (p *Plan) Parts() (awards, records []*Issue) {
	n := slices.IndexFunc(p.Issue, func(i *Issue) bool { return i.Holds != nil })
	if n < 0 {
		return p.Issue, nil
	}
	return p.Issue[:n], p.Issue[n:]
}

// clerk plans records.
type clerk struct {
	*Plan
	in      Input
	digests *digester
	reissue *reissuing
	issued  map[*model.Award]*Issue
	moved   map[*model.Award]*ledger.Record
	shared  map[*ledger.Record]bool
	signed  map[string]map[string]*ledger.Record // by program, by folded recipient key
	met     map[*ledger.Record]bool
	// merged tells that two copies of the ledger issued for the same award, so that a
	// record may hold what another copy issued.
	merged bool
}

// records plans the records of all learners, after the awards they hold: new ones
// of who completes a program, and those that hold something else than was signed.
func (p *Plan) records(in Input, d *digester, reissue *reissuing, shared map[*ledger.Record]bool) error {
	c := &clerk{Plan: p, in: in, digests: d, reissue: reissue, shared: shared, issued: map[*model.Award]*Issue{},
		moved: map[*model.Award]*ledger.Record{}, signed: map[string]map[string]*ledger.Record{}, met: map[*ledger.Record]bool{}}
	for rec := range in.State.Records() {
		if rec.ReplacedBy == "" && IsRecord(rec) {
			key := keyOf(rec)
			if c.signed[key.Achievement] == nil {
				c.signed[key.Achievement] = map[string]*ledger.Record{}
			}
			c.signed[key.Achievement][model.FoldKey(key.Recipient)] = rec
		}
		c.merged = c.merged || rec.Twice
	}
	programs := slices.Clone(in.Site.Programs)
	if c.signed[model.Everything] != nil || in.Request != nil && in.Request.Program == model.Everything {
		programs = append(programs, in.Site.Program(model.Everything))
	}
	if len(programs) == 0 && len(c.signed) == 0 && in.Request == nil {
		return nil
	}
	for _, i := range p.Issue {
		c.issued[i.Award] = i
	}
	for _, m := range p.Moved {
		c.moved[m.Award] = m.Record
	}
	learners := in.Site.Learners()
	wanted, err := c.wanted(learners)
	if err != nil {
		return err
	}
	for _, program := range programs {
		for _, l := range learners {
			if err := c.record(program, l, wanted[l] && program.Slug == in.Request.Program); err != nil {
				return err
			}
		}
	}
	c.gone()
	return nil
}

// wanted are the learners that are asked for.
func (c *clerk) wanted(learners []*model.Learner) (map[*model.Learner]bool, error) {
	wanted := map[*model.Learner]bool{}
	if c.in.Request == nil {
		return wanted, nil
	}
	if c.in.Site.Program(c.in.Request.Program) == nil {
		return nil, hint.Errorf("a program is named after its file in content/programs, without .yaml", "no program is called %s", c.in.Request.Program)
	}
	for _, name := range c.in.Request.Learners {
		i := slices.IndexFunc(learners, func(l *model.Learner) bool {
			return slices.Contains(l.Keys, model.FoldKey(name)) || slices.Contains(l.IDs, name) ||
				slices.ContainsFunc(l.Awards, func(a *model.Award) bool { return a.Key.String() == name })
		})
		if i < 0 {
			return nil, hint.Errorf("name a learner by the recipient key, the last part of an award key, or by a DID; laurel plan shows the keys", "no learner of the content is called %s", name)
		}
		wanted[learners[i]] = true
	}
	return wanted, nil
}

// members are what a record of a learner can hold now: what is in force.
func (c *clerk) members(of []*model.Award) []Member {
	var list []Member
	for _, a := range of {
		rec := c.in.State.Record(a.Key.String())
		if moved := c.moved[a]; moved != nil {
			rec = moved
		}
		switch {
		case c.issued[a] != nil:
			list = append(list, Member{Award: a, Issue: c.issued[a]})
		case rec != nil && rec.Status == ledger.Active && (rec.ValidUntil.IsZero() || rec.ValidUntil.After(c.Now)):
			list = append(list, Member{Award: a, Record: rec})
		}
	}
	return list
}

// record plans one record, if there is something to do. Request: it was asked for.
func (c *clerk) record(program *model.Program, l *model.Learner, request bool) error {
	of := l.Of(program.Achievements)
	var rec *ledger.Record
	key := l.Awards[0].Key.Recipient
	for _, k := range l.Keys {
		if rec = c.signed[program.Slug][k]; rec != nil {
			c.met[rec] = true
			key = keyOf(rec).Recipient
			break
		}
	}
	if len(of) == 0 && rec == nil && !request {
		return nil
	}
	h := &Holding{Members: c.members(of)}
	credits := map[*model.Achievement]float64{}
	for _, m := range h.Members {
		credits[m.Award.Achievement] = max(credits[m.Award.Achievement], creditsOf(m.Award))
	}
	complete := program.Complete(credits)
	if rec == nil && !request && (!complete || program.Slug == model.Everything || c.reissue != nil || c.in.Request != nil) {
		return nil
	}
	if rec == nil && !request && c.notAgain(program, l) {
		return nil
	}
	a := recordOf(l, program, key, c.in.State)
	if !program.ValidFor.IsZero() {
		a.ValidUntil = program.ValidFor.AddTo(c.Now)
	}
	h.Partial = !complete
	content, err := c.digests.record(a, h)
	if err != nil {
		return err
	}
	named := rec != nil && c.reissue != nil && c.reissue.awards[rec.Award]
	if why := c.obstacle(l, a, h); why != "" {
		if request || named && !c.reissue.Lenient {
			return &AwardError{a.Key.String(), why}
		}
		if rec == nil || rec.Content != content && rec.Status == ledger.Active {
			c.Waiting = append(c.Waiting, Waiting{a, why})
		}
		return nil
	}
	if rec == nil {
		h.Why = "completes the program" + h.names()
		if request {
			h.Why = "asked for" + h.names()
		}
		if len(h.Members) > 0 {
			c.Issue = append(c.Issue, &Issue{Award: a, Holds: h, Content: content})
		}
		return nil
	}
	return c.again(a, rec, h, content, request)
}

// notAgain tells whether a learner's record was issued at an address from which the site
// has moved, and is not to be issued again unless it is asked for.
func (c *clerk) notAgain(program *model.Program, l *model.Learner) bool {
	return slices.ContainsFunc(c.in.Site.NotIssued, func(name string) bool {
		key, err := model.ParseAwardKey(name)
		return err == nil && key.IsRecord() && key.Achievement == program.Slug && slices.Contains(l.Keys, model.FoldKey(key.Recipient))
	})
}

// again plans a record that was signed before.
func (c *clerk) again(a *model.Award, rec *ledger.Record, h *Holding, content string, request bool) error {
	named := false
	if r := c.reissue; r != nil {
		named = r.awards[rec.Award] || slices.Contains(r.Cohorts, model.Records) && rec.Status != ledger.Revoked
		delete(r.awards, rec.Award)
		if named && r.Resume && rec.Replaces != "" && rec.Content == content && rec.Seq > c.revocation {
			c.Passed++
			return nil
		}
	}
	sign := func(why string) {
		h.Why = cmp.Or(why, "to be signed anew") + h.names()
		i := reissueOf(a, rec, content, c.Now, why)
		i.Holds = h
		c.Issue = append(c.Issue, i)
	}
	switch {
	case named:
		sign(c.reissue.Reason)
		return nil
	case request && rec.Status == ledger.Revoked:
		sign("asked for")
		return nil
	case owed(rec):
		sign("")
		return nil
	case rec.Status == ledger.Revoked:
		return nil
	case c.shared[rec]:
		i := c.unshare(c.in.State, a, rec, content)
		i.Holds = h
		h.Why = "its status index was given twice" + h.names()
		c.Issue = append(c.Issue, i)
		return nil
	case rec.Content == content && !c.merged:
		if c.in.Request == nil && c.reissue == nil && toSeal(a, rec) {
			c.Seal = append(c.Seal, &Seal{Award: a, Record: rec})
		}
		if request {
			c.Passed++
		}
		return nil
	}
	if c.in.Request != nil && !request {
		return nil
	}
	was, err := c.held(rec)
	if err != nil {
		return err
	}
	why := was.difference(h)
	follows := slices.ContainsFunc(h.Members, func(m Member) bool { return m.Issue != nil })
	switch {
	case why == "" && (c.merged || was.lapsed > 0 || rec.Adopted && rec.Content == ""), c.reissue != nil && !follows, rec.Status == ledger.Suspended:
		return nil
	case why == "" && !request: // as of an award: whoever has its link keeps it
		c.Changed = append(c.Changed, Change{Record: rec, Award: a, Fields: []string{"content"}})
	case !h.Partial || was.partial || request:
		sign(cmp.Or(why, "its content changed"))
	case was.revoked > 0:
		c.Void = append(c.Void, &ledger.StatusEvent{Award: rec.Award, Credential: rec.Credential, Action: ledger.ActionRevoke,
			Reason: "a member was revoked, and the program is no longer complete", Date: c.Now})
	default:
		c.Changed = append(c.Changed, Change{Record: rec, Award: a, Fields: []string{cmp.Or(why, "content") + "; no longer complete"}})
	}
	return nil
}

// gone tells of records that were signed and whose learner or program is no longer
// in the content.
func (c *clerk) gone() {
	if c.reissue != nil || c.in.Request != nil {
		return
	}
	for rec := range c.in.State.Records() {
		if rec.ReplacedBy == "" && rec.Status != ledger.Revoked && IsRecord(rec) && !c.met[rec] {
			c.Vanished = append(c.Vanished, rec)
		}
	}
}

// obstacle says why a record cannot be signed; empty: it can.
func (c *clerk) obstacle(l *model.Learner, a *model.Award, h *Holding) string {
	switch {
	case l.Conflicting():
		return "awards under one recipient key name different DIDs, so nobody can tell whose they are: give each learner a key of their own"
	case len(h.Members) == 0:
		return "the learner holds nothing of it that is signed and in force"
	case len(h.Members) > model.MaxMembers:
		return fmt.Sprintf("the learner holds %d credentials of it, where verifiers look at no more than %d", len(h.Members), model.MaxMembers)
	}
	for _, v := range a.Variants {
		for _, m := range h.Of(a.Program.Variant(v)) {
			if a.Program.Variant(v).NoName && !m.hasVariant(model.NoName) {
				return "its variant " + string(v) + " needs the no-name form of " + m.Award.Key.String() + ", which was signed without: laurel reissue " + hint.Arg(m.Award.Key.String())
			}
		}
	}
	return ""
}

// names adds to a reason that members name different people, which a shared address
// can mean as well as a new name: whoever reviews the plan can tell.
func (h *Holding) names() string {
	first := ""
	for _, m := range h.Members {
		name := strings.ToLower(strings.Join(strings.Fields(m.Award.Recipient.Name), " "))
		if first = cmp.Or(first, name); name != "" && name != first {
			return "; its awards have different names"
		}
	}
	return ""
}

// Of are the members that a variant of a record has; nil: the full one.
func (h *Holding) Of(v *model.RecordVariant) []Member {
	if v == nil || v.Achievements == nil {
		return h.Members
	}
	return slices.DeleteFunc(slices.Clone(h.Members), func(m Member) bool { return !slices.Contains(v.Achievements, m.Award.Achievement) })
}

// creditsOf are the credits that an award gives.
func creditsOf(a *model.Award) float64 {
	switch {
	case a.CreditsEarned != nil:
		return *a.CreditsEarned
	case a.Achievement.CreditsAvailable != nil:
		return *a.Achievement.CreditsAvailable
	}
	return 0
}

// digest of a record: what it would say that does not change with each signing, and
// which credentials it holds.
func (d *digester) record(a *model.Award, h *Holding) (string, error) {
	c := d.clr(a, h, "", salts{})
	c.ValidUntil = vc.Time{}
	text, err := c.Encode()
	if err != nil {
		return "", fmt.Errorf("encode record of %v: %w", a.Source, err)
	}
	sum := sha256.New()
	line(sum, "record", string(text), string(d.issuer), fmt.Sprint(a.Program.ValidFor))
	for _, achievement := range about(a.Program, nil, h.Members) {
		shared, err := d.definition(achievement)
		if err != nil {
			return "", err
		}
		sum.Write(shared)
	}
	for _, m := range h.Members {
		line(sum, "member", m.token())
	}
	for _, name := range a.Variants {
		fields := []string{"variant", string(name), fmt.Sprint(a.Program.Variant(name).NoName)}
		for _, m := range h.Of(a.Program.Variant(name)) {
			fields = append(fields, m.Award.Key.String())
		}
		line(sum, fields...)
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// held is what a signed record holds.
type held struct {
	partial bool
	ids     []string
	state   *ledger.State
	// revoked, renewed and lapsed count the members that were revoked for good, that
	// others have taken the place of, and that have expired since.
	revoked, renewed, lapsed, suspended int
	expired                             map[string]bool
}

func (c *clerk) held(rec *ledger.Record) (*held, error) {
	signed, err := c.in.Document(rec)
	if err != nil {
		return nil, fmt.Errorf("read record %s: %w", rec.Credential, err)
	}
	clr, err := vc.ParseClr(signed)
	if err == nil && clr == nil {
		err = errors.New("it is no ClrCredential")
	}
	if err != nil {
		return nil, fmt.Errorf("read record %s: %w", rec.Credential, err)
	}
	was := &held{partial: clr.Partial, state: c.in.State, expired: map[string]bool{}}
	for _, v := range clr.CredentialSubject.VerifiableCredential {
		var member struct {
			ID string `json:"id"`
		}
		if err := json.Unmarshal(v, &member); err != nil {
			return nil, fmt.Errorf("read record %s: %w", rec.Credential, err)
		}
		was.ids = append(was.ids, member.ID)
		switch m := c.in.State.ByCredential(member.ID); {
		case m == nil:
		case m.ReplacedBy != "":
			was.renewed++
		case m.Status == ledger.Revoked:
			was.revoked++
		case m.Status == ledger.Suspended:
			was.suspended++
		case !m.ValidUntil.IsZero() && !m.ValidUntil.After(c.Now):
			was.lapsed++
			was.expired[member.ID] = true
		}
	}
	return was, nil
}

// difference says how the members of a record have changed since it was signed; what
// has merely expired stays in it. Empty: they have not.
func (was *held) difference(h *Holding) string {
	fresh, gone, anew := 0, 0, was.renewed
	now := map[string]bool{}
	for _, m := range h.Members {
		id := ""
		if m.Issue != nil {
			if id = m.Issue.Replaces; slices.Contains(was.ids, id) {
				anew++
			} else {
				fresh++
			}
		} else if id = m.Record.Credential; !slices.Contains(was.ids, id) && !slices.Contains(was.ids, m.Record.Replaces) {
			fresh++
		}
		now[id] = true
	}
	for _, id := range was.ids {
		if m := was.state.ByCredential(id); !now[id] && !was.expired[id] && (m == nil || m.ReplacedBy == "" && m.Status == ledger.Active) {
			gone++
		}
	}
	var parts []string
	for _, part := range []struct {
		n    int
		what string
	}{{was.revoked, "revoked"}, {was.suspended, "suspended"}, {anew, "signed anew"}, {gone, "no longer in the content"}, {fresh, "new"}} {
		if part.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", part.n, part.what))
		}
	}
	if parts == nil {
		return ""
	}
	return "members: " + strings.Join(parts, ", ")
}
