package plan

import (
	"fmt"
	"slices"
	"time"

	"github.com/go-json-experiment/json"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/ledger"
)

// Renewal is how awards are renewed: each gets a new credential with later dates. The
// old one stays until it ends, or is revoked, as its achievement says.
type Renewal struct {
	// Awarded is the new awardedDate; zero: the content's, where that is later than what
	// was signed, else today. Until is when the new credentials expire; zero: as the
	// achievement's validFor has it, else as long after Awarded as before.
	Awarded, Until time.Time
}

// AsRenewed gives awards that were renewed the dates of their newest credential, which
// the ledger knows, unless the content has a later awardedDate.
func AsRenewed(s *model.Site, state *ledger.State) {
	for _, c := range s.Cohorts {
		for _, a := range c.Awards {
			if rec := state.Record(a.Key.String()); rec != nil && a.AwardedDate.Before(rec.Awarded) {
				a.AwardedDate, a.ValidUntil = rec.Awarded, rec.ValidUntil
			}
		}
	}
}

// renew plans one award of the content anew, with later dates. What was renewed already
// is passed over.
func (p *Plan) renew(r *reissuing, d *digester, a *model.Award, rec *ledger.Record, document func(*ledger.Record) ([]byte, error)) error {
	key := a.Key.String()
	named := r.awards[key]
	if !named && !slices.Contains(r.Cohorts, a.Key.Cohort) {
		return nil
	}
	delete(r.awards, key)
	if why := notRenewable(rec); why != "" {
		if r.Lenient || !named {
			p.Passed++
			return nil
		}
		return &AwardError{key, why}
	}
	was, err := awardedDate(rec, document)
	if err != nil {
		return err
	}
	moved := a.AwardedDate.After(was) // by the author
	awarded := r.Renew.Awarded
	switch today := p.Now.Truncate(24 * time.Hour); {
	case awarded.IsZero() && moved:
		awarded = a.AwardedDate
	case awarded.IsZero() && rec.Renewal != "" && p.Now.Sub(rec.IssuedAt) < rec.ValidUntil.Sub(p.Now):
		p.Passed++ // the other half of its time is to come
		return nil
	case awarded.IsZero():
		awarded = today
	}
	until := r.Renew.Until
	if until.IsZero() && (!moved || !awarded.Equal(a.AwardedDate)) {
		until = renewedUntil(a, rec, was, awarded)
	} else if until.IsZero() {
		until = a.ValidUntil
	}
	switch {
	case awarded.Equal(was):
		p.Passed++
		return nil
	case awarded.Before(was), !until.After(rec.ValidUntil):
		return &AwardError{key, fmt.Sprintf("awarded on %s, it would expire on %s; it was awarded on %s, and expires on %s: a renewal is later",
			day(awarded), day(until), day(was), day(rec.ValidUntil))}
	}
	a.AwardedDate, a.ValidUntil = awarded, until
	content, err := d.digest(a)
	if err != nil {
		return err
	}
	i := &Issue{Award: a, Content: content, Replaces: rec.Credential, Renewal: ledger.RenewalKeep, Renewed: was, Awarded: awarded}
	if a.Achievement.Supersede {
		i.Renewal = ledger.RenewalSupersede
		i.Revoke = supersede(rec, p.Now)
	}
	p.Issue = append(p.Issue, i)
	return nil
}

func supersede(rec *ledger.Record, now time.Time) *ledger.StatusEvent {
	return &ledger.StatusEvent{Award: rec.Award, Credential: rec.Credential, Action: ledger.ActionRevoke, Reason: "renewed", Date: now}
}

func day(t time.Time) string { return t.UTC().Format(time.DateOnly) }

// notRenewable says why a credential cannot be renewed; empty: it can.
func notRenewable(rec *ledger.Record) string {
	switch {
	case rec == nil:
		return "has not been signed yet, so there is nothing to renew"
	case rec.Status == ledger.Revoked:
		return "is revoked: laurel reissue signs it again"
	case rec.Status == ledger.Suspended:
		return "is suspended: laurel reinstate comes first"
	case rec.ValidUntil.IsZero():
		return "does not expire, so there is nothing to renew"
	}
	return ""
}

// renewedUntil is when a renewal expires.
func renewedUntil(a *model.Award, rec *ledger.Record, was, awarded time.Time) time.Time {
	period := a.Achievement.ValidFor
	own := rec.Awarded.IsZero() && !a.ValidUntil.IsZero() && !a.ValidUntil.Equal(period.AddTo(a.AwardedDate))
	if period.IsZero() || own {
		period = between(was, rec.ValidUntil)
	}
	return period.AddTo(awarded)
}

// between is the time from one moment to a later one in whole months, days and seconds.
func between(from, to time.Time) model.Period {
	to = to.In(from.Location())
	p := model.Period{Months: (to.Year()-from.Year())*12 + int(to.Month()-from.Month())}
	if p.AddTo(from).After(to) {
		p.Months--
	}
	rest := int(to.Sub(p.AddTo(from)).Seconds())
	p.Days, p.Seconds = rest/86400, rest%86400
	return p
}

// awardedDate is that of a signed credential, else since when it is valid.
func awardedDate(rec *ledger.Record, document func(*ledger.Record) ([]byte, error)) (time.Time, error) {
	if !rec.Awarded.IsZero() {
		return rec.Awarded, nil
	}
	b, err := document(rec)
	if err != nil {
		return time.Time{}, err
	}
	var signed struct {
		AwardedDate time.Time `json:"awardedDate"`
	}
	if err := json.Unmarshal(b, &signed); err != nil {
		return time.Time{}, fmt.Errorf("read credential %s: %w", rec.Credential, err)
	}
	if signed.AwardedDate.IsZero() {
		return rec.IssuedAt, nil
	}
	return signed.AwardedDate, nil
}
