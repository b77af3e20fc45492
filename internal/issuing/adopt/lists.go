package adopt

import (
	"context"
	"maps"
	"slices"
	"time"

	"laurel/internal/issuing/ledger"
	"laurel/internal/material/hint"
	"laurel/internal/standards/vc"
)

// list is a status list that was found: the newest of its number.
type list struct {
	name       string
	profile    string // of the endorser whose it is; empty: the issuer's
	document   []byte
	validFrom  time.Time
	validUntil time.Time
	set        []int
}

// findLists verifies the lists that were found, and keeps the newest of each.
func (a *adoption) findLists(ctx context.Context) error {
	v, err := a.verifier()
	if err != nil {
		return err
	}
	for _, d := range a.in.Lists {
		c, err := vc.ParseStatusList(d.Data)
		profile, ours := "", false
		if err == nil {
			profile, ours = a.profileOf(c.Issuer)
		}
		if !ours {
			a.refuse(d.Name, false, "it is no status list of this issuer")
			continue
		}
		n := a.listOf(c.ID)
		if n == 0 {
			a.refuse(d.Name, true, "it is the list %s, which is not one of this site's", c.ID)
			continue
		}
		if why := genuine(v.Credential(ctx, d.Data)); why != "" {
			a.refuse(d.Name, true, "%s", why)
			continue
		}
		bits, err := vc.DecodeBitstring(c.CredentialSubject.EncodedList, 0)
		if err != nil || bits.Len() != ledger.ListLength {
			a.refuse(d.Name, true, "it does not have %d entries", ledger.ListLength)
			continue
		}
		compact, _, err := compactDocument(d.Data)
		if err != nil {
			a.refuse(d.Name, true, "%v", err)
			continue
		}
		l := &list{name: d.Name, profile: profile, document: compact.Document, validFrom: c.ValidFrom.Time, validUntil: c.ValidUntil.Time}
		for i := range ledger.ListLength {
			if set, _ := bits.Get(i); set {
				l.set = append(l.set, i)
			}
		}
		if other := a.lists[n]; other == nil || l.validFrom.After(other.validFrom) {
			a.lists[n] = l
		}
	}
	return nil
}

// isSet tells whether a bit is set in the list that was found, or in the ledger's,
// there for what names that index.
func (a *adoption) isSet(list, index int) bool {
	if l := a.lists[list]; l != nil {
		if _, set := slices.BinarySearch(l.set, index); set {
			return true
		}
	}
	_, set := slices.BinarySearch(a.own[list].Set, index)
	_, partner := slices.BinarySearch(a.own[list].Partners, index)
	return set && !partner
}

// missingLists refuses to go on where nobody knows what was revoked.
func (a *adoption) missingLists(named map[int]bool) error {
	for n, s := range a.own {
		if !s.SignedAt.IsZero() {
			delete(named, n)
		}
	}
	for n := range named {
		if a.lists[n] == nil {
			a.result.NoLists = append(a.result.NoLists, n)
		}
	}
	slices.Sort(a.result.NoLists)
	if len(a.result.NoLists) > 0 && !a.in.WithoutLists {
		return hint.Errorf("name public/ or the site's address as well; if the lists are lost for good: --without-lists, then revoke again what was revoked",
			"status list %d is named by what was found, but was not found itself, so nobody knows what is revoked; nothing was written", a.result.NoLists[0])
	}
	return nil
}

// revocations are those of credentials that the ledger knows as being in force.
func (a *adoption) revocations() []ledger.Event {
	var events []ledger.Event
	for r := range a.in.State.Records() {
		entries := r.Entries()
		i := slices.IndexFunc(entries, func(e ledger.Entry) bool { return a.isSet(e.List, e.Index) })
		if r.Status != ledger.Active || i < 0 {
			continue
		}
		events = append(events, a.revocation(r.Award, r.Credential, entries[i].List))
		a.over[r] = true
		a.result.Revoked++
	}
	return events
}

// listEvents enter the lists that are newer than the ledger's, or know of bits that
// it does not. The revocations of which they tell come before.
func (a *adoption) listEvents(fresh []*award) []ledger.Event {
	// As the events before leave them: the bits of indexes that are named, or were kept,
	// and those that their partners add.
	bits, partners, taken := map[place]bool{}, map[place]bool{}, map[place]bool{}
	for _, w := range fresh {
		for _, f := range w.forms {
			taken[place{f.list, f.index}] = true
		}
	}
	for n, s := range a.own {
		for _, i := range s.Set {
			bits[place{n, i}] = true
		}
		for _, i := range s.Partners {
			delete(bits, place{n, i})
			partners[place{n, i}] = !taken[place{n, i}]
		}
	}
	for _, w := range fresh {
		for _, f := range w.forms {
			if a.revoked(w) {
				bits[place{f.list, f.index}] = true
				q := place{f.list, ledger.Partner(f.index)}
				partners[q] = !taken[q] && !a.in.State.Used(q.list, q.index)
			}
		}
	}
	for r := range a.over {
		for _, e := range a.in.State.Bits(r) {
			if p := (place{e.List, e.Index}); slices.Contains(r.Entries(), e) {
				bits[p] = true
			} else {
				partners[p] = !taken[p]
			}
		}
	}
	var events []ledger.Event
	for _, n := range slices.Sorted(maps.Keys(a.lists)) {
		l, s := a.lists[n], a.own[n]
		pairs, total := true, 0
		for p, is := range partners {
			_, found := slices.BinarySearch(l.set, p.index)
			pairs = pairs && (found || !is || bits[p] || p.list != n)
		}
		known := func(i int) bool { return bits[place{n, i}] || pairs && partners[place{n, i}] }
		var kept []int
		for _, i := range l.set {
			if !known(i) {
				kept = append(kept, i)
			}
		}
		for i := range ledger.ListLength {
			if known(i) {
				total++
			}
		}
		total += len(kept)
		news := slices.ContainsFunc(l.set, func(i int) bool { _, known := slices.BinarySearch(s.Set, i); return !known })
		switch {
		case !s.SignedAt.IsZero() && !l.validFrom.After(s.SignedAt) && !news:
			continue // older than the ledger's
		case total != len(l.set):
			a.refuse(l.name, true, "the ledger has revoked what is not revoked in it: laurel sign signs the list anew")
			continue
		}
		a.result.Lists++
		events = append(events, ledger.Event{List: &ledger.ListEvent{List: n, Profile: l.profile, Set: total, Pairs: pairs, Frozen: true, Kept: kept,
			ValidUntil: l.validUntil, Document: l.document}})
	}
	return events
}

// revocation is the decision of which a list tells. That a credential was suspended
// looks the same in it, so it is entered as what cannot be taken back by mistake.
func (a *adoption) revocation(award, credential string, list int) ledger.Event {
	at := a.in.Now
	if l := a.lists[list]; l != nil && l.validFrom.Before(at) {
		at = l.validFrom
	}
	return ledger.Event{Status: &ledger.StatusEvent{Award: award, Credential: credential, Action: ledger.ActionRevoke,
		Reason: "found revoked when it was adopted", Date: at}}
}

// place is one in the status lists.
type place struct{ list, index int }
