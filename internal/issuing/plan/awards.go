package plan

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/ledger"
)

// awards sorts every award of the content and the ledger into new, changed,
// moved, unclear, vanished and to be reissued.
func (p *Plan) awards(in Input) error {
	d, err := p.mapper().digester()
	if err != nil {
		return err
	}
	reissue := newReissuing(in.Reissue)
	shared := make(map[*ledger.Record]bool)
	for _, rec := range in.State.Shared() {
		shared[rec] = true
	}
	if in.Request != nil {
		return p.records(in, d, nil, shared)
	}
	inContent := make(map[*ledger.Record]bool)
	if err := p.endorsements(in, reissue, shared, inContent); err != nil {
		return err
	}
	for _, c := range in.Site.Cohorts {
		for _, a := range c.Awards {
			key := a.Key.String()
			content, err := d.digest(a)
			if err != nil {
				return err
			}
			rec := in.State.Record(key)
			inContent[rec] = true
			switch {
			case reissue != nil && reissue.Renew != nil && (rec == nil || !owed(rec)):
				err = p.renew(reissue, d, a, rec, in.Document)
			case reissue != nil:
				err = p.reissue(reissue, a, rec, content)
			case rec == nil:
				p.Issue = append(p.Issue, &Issue{Award: a, Content: content})
			case owed(rec):
				p.Issue = append(p.Issue, reissueOf(a, rec, content, p.Now, ""))
			case shared[rec]:
				p.Issue = append(p.Issue, p.unshare(in.State, a, rec, content))
			case rec.Content != content && rec.Status != ledger.Revoked:
				err = p.changed(a, rec, in.Document)
			}
			if err != nil {
				return err
			}
			if reissue == nil && p.lacksForm(a, rec) {
				p.Fewer = append(p.Fewer, rec)
			}
			if reissue == nil && toSeal(a, rec) {
				p.Seal = append(p.Seal, &Seal{Award: a, Record: rec})
			}
		}
	}
	if reissue != nil {
		if err := p.records(in, d, reissue, shared); err != nil {
			return err
		}
		return reissue.missing(in.State, inContent, p)
	}
	for rec := range in.State.Records() {
		if rec.ReplacedBy == "" && rec.Status != ledger.Revoked && !inContent[rec] && !IsRecord(rec) {
			p.Vanished = append(p.Vanished, rec)
		}
	}
	if err := p.findMoved(in); err != nil {
		return err
	}
	if err := p.records(in, d, nil, shared); err != nil {
		return err
	}
	for _, rec := range in.State.Twice() {
		p.Twice = append(p.Twice, &ledger.StatusEvent{Award: rec.Award, Credential: rec.Credential, Action: ledger.ActionRevoke,
			Reason: "issued in two copies of the ledger; replaced by " + rec.ReplacedBy, Date: p.Now})
	}
	for _, rec := range in.State.Superseded() {
		p.Twice = append(p.Twice, supersede(rec, p.Now))
	}
	return nil
}

// lacksForm tells whether an award that stays as it was signed lacks a form that it
// would be signed in today.
func (p *Plan) lacksForm(a *model.Award, rec *ledger.Record) bool {
	if len(p.Forms) == 1 || rec == nil || rec.Status == ledger.Revoked {
		return false
	}
	if n := len(p.Issue); n > 0 && p.Issue[n-1].Award == a {
		return false // it is signed anew
	}
	return slices.ContainsFunc(p.FormsOf(a)[1:], func(f Form) bool { return !slices.Contains(rec.Formats, f.Format) })
}

// unshare plans an award anew that was given the status index of another, in two
// copies of the ledger. The old credential is revoked only where the bit is set
// already: it would revoke the other's, too.
func (p *Plan) unshare(s *ledger.State, a *model.Award, rec *ledger.Record, content string) *Issue {
	i := reissueOf(a, rec, content, p.Now, twiceGiven)
	i.Shared = true
	if !s.BitSet(rec) {
		i.Revoke = nil
	}
	return i
}

const twiceGiven = "its status index was given twice, in two copies of the ledger"

func (p *Plan) changed(a *model.Award, rec *ledger.Record, document func(*ledger.Record) ([]byte, error)) error {
	fields, worded, err := p.changedFields(a, rec, document)
	if err != nil || len(fields) == 0 {
		return err
	}
	definition, version, other := changedParts(fields)
	switch {
	case version && !other:
		p.Earlier++
		return nil
	case definition && !version && !slices.Contains(p.Unversioned, a.Achievement):
		p.Unversioned = append(p.Unversioned, a.Achievement)
	}
	p.Changed = append(p.Changed, Change{Record: rec, Award: a, Fields: fields, Differences: worded})
	return nil
}

// changedParts tells whether what differs from a signed credential is its achievement's
// definition, whether its version is among that, and whether anything else is. The
// credential is called as its achievement is.
func changedParts(fields []string) (definition, version, other bool) {
	const of = "credentialSubject.achievement."
	for _, f := range fields {
		name, ok := strings.CutPrefix(f, of)
		switch {
		case name == "version" && ok:
			version = true
		case ok && !strings.HasPrefix(name, "related"):
			definition = true
		case !ok && f != "name":
			other = true
		}
	}
	return definition, version, other
}

// keyOf is a record's award key; zero where the ledger has one that laurel would
// not have written.
func keyOf(r *ledger.Record) model.AwardKey {
	key, _ := model.ParseAwardKey(r.Award)
	return key
}

// reissuing is a Reissue being carried out.
type reissuing struct {
	*Reissue
	awards map[string]bool // those still to be met in the content
}

func newReissuing(r *Reissue) *reissuing {
	if r == nil {
		return nil
	}
	w := &reissuing{r, make(map[string]bool, len(r.Awards))}
	for _, k := range r.Awards {
		w.awards[k] = true
	}
	return w
}

// owed tells whether a record is to be reissued without anybody's asking: a reissue
// was cut off in the middle of it, or the clock had its date wrong. What is
// suspended waits: signed anew, it would be valid.
func owed(rec *ledger.Record) bool {
	return rec.Reissuing || rec.Misdated && rec.Status == ledger.Active
}

// reissue plans one award of the content anew if it is asked for.
func (p *Plan) reissue(r *reissuing, a *model.Award, rec *ledger.Record, content string) error {
	anew, err := p.anew(r, a.Key, rec, content)
	if anew {
		p.Issue = append(p.Issue, reissueOf(a, rec, content, p.Now, r.Reason))
	}
	return err
}

// anew tells whether something of the content is asked for to be signed anew.
func (p *Plan) anew(r *reissuing, of model.AwardKey, rec *ledger.Record, content string) (bool, error) {
	key := of.String()
	named, owed := r.awards[key], rec != nil && owed(rec)
	if !named && !owed && !slices.Contains(r.Cohorts, of.Cohort) {
		return false, nil
	}
	delete(r.awards, key)
	switch {
	case named && rec == nil:
		return false, &AwardError{key, "has not been signed yet, so there is nothing to reissue"}
	case rec == nil:
		return false, nil // new in the cohort: sign's business
	case !named && !owed && rec.Status == ledger.Revoked,
		r.Resume && rec.Replaces != "" && rec.Content == content && rec.Seq > p.revocation:
		p.Passed++
		return false, nil
	}
	return true, nil
}

// missing complains of awards that were named and are not in the content, and
// counts those of a cohort.
func (r *reissuing) missing(s *ledger.State, inContent map[*ledger.Record]bool, p *Plan) error {
	for _, k := range r.Awards {
		switch {
		case r.awards[k] && r.Lenient:
			p.Passed++
		case r.awards[k]:
			return &AwardError{k, "not in the content, so there is nothing to sign again"}
		}
	}
	for rec := range s.Records() {
		if rec.ReplacedBy == "" && !inContent[rec] && !IsRecord(rec) && slices.Contains(r.Cohorts, keyOf(rec).Cohort) {
			p.Passed++
		}
	}
	return nil
}

func reissueOf(a *model.Award, rec *ledger.Record, content string, now time.Time, reason string) *Issue {
	i := &Issue{Award: a, Content: content, Replaces: rec.Credential, Revoke: revocationOf(rec, now, reason)}
	if !rec.Awarded.IsZero() {
		i.Awarded = a.AwardedDate
	}
	return i
}

// revocationOf takes a credential back for the one that replaces it; nil: it was
// taken back already.
func revocationOf(rec *ledger.Record, now time.Time, reason string) *ledger.StatusEvent {
	if rec.Status == ledger.Revoked {
		return nil
	}
	return &ledger.StatusEvent{Award: rec.Award, Credential: rec.Credential,
		Action: ledger.ActionRevoke, Reason: cmp.Or(reason, "reissued"), Date: now, Reissue: true}
}
