package adopt

import (
	"cmp"
	"slices"
	"strings"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/ledger"
	"laurel/internal/issuing/plan"
)

// events are the log's entries, the keys, the awards with what was decided about
// them, and the lists, in this order.
func (a *adoption) events() error {
	var events []ledger.Event
	if seq, _, _ := a.in.State.Head(); seq == 0 {
		for rest := a.in.Entries; len(rest) > 0; {
			n := min(len(rest), ledger.MaxLogEntries*ledger.EntrySize)
			events = append(events, ledger.Event{Log: &ledger.LogEvent{Entries: rest[:n]}})
			a.result.Entries += n / ledger.EntrySize
			rest = rest[n:]
		}
	}
	for _, k := range plan.KeyEvents(a.in.Keys, a.in.State) {
		events = append(events, ledger.Event{Key: &k})
		a.result.Keys++
	}
	fresh := a.fresh()
	named := map[int]bool{}
	for _, w := range fresh {
		for _, f := range w.forms {
			named[f.list] = true
		}
	}
	if err := a.missingLists(named); err != nil {
		return err
	}
	events = append(events, a.revocations()...)
	issued, err := a.issues(fresh)
	if err != nil {
		return err
	}
	events = append(events, issued...)
	events = append(events, a.sealKnown()...)
	a.result.Events = slices.Concat(events, a.listEvents(fresh), a.later)
	return nil
}

// fresh are the awards that the ledger lacks, without those of which something
// stands in the way.
func (a *adoption) fresh() []*award {
	taken := map[place]string{}
	var all []*award
	var work []*award
	for _, w := range a.order {
		if a.in.State.ByCredential(w.full().id) == nil {
			w.forms = slices.DeleteFunc(w.forms, func(f *form) bool { return a.in.State.ByCredential(f.id) != nil })
			work = append(work, w)
			continue
		}
		for _, f := range w.forms { // forms of an award that was adopted without them
			if a.in.State.ByCredential(f.id) == nil {
				work = append(work, &award{forms: []*form{f}, visibility: model.Private})
			}
		}
	}
	for _, w := range work {
		if w = a.free(w, taken); w != nil {
			all = append(all, w)
		}
	}
	return all
}

// placeOf is where documents of a form stand among those of a credential: the main
// one first.
func placeOf(format string) int {
	if i := slices.Index(model.FormNames(), format); i >= 0 {
		return i
	}
	return len(model.Forms)
}

// free refuses an award whose place in a list another credential has.
func (a *adoption) free(w *award, taken map[place]string) *award {
	for _, f := range w.forms {
		slices.SortStableFunc(f.documents, func(x, y ledger.Document) int {
			return cmp.Compare(placeOf(x.Format), placeOf(y.Format))
		})
		p := place{f.list, f.index}
		switch other := taken[p]; {
		case f.documents[0].Document.Kind() != '{':
			a.refuse(f.name, true, "a JWT alone is not enough: laurel builds pages and pictures from the form with an embedded proof")
			return nil
		case a.in.State.Used(f.list, f.index), other != "" && other != f.id:
			a.refuse(f.name, true, "index %d of status list %d, which it names, belongs to another credential; both cannot be told apart when one is revoked", f.index, f.list)
			return nil
		}
		taken[p] = f.id
	}
	return w
}

// issues are the events of awards. Of several credentials of one award the revoked
// ones come first, by date, and the newest that is in force replaces them.
func (a *adoption) issues(fresh []*award) ([]ledger.Event, error) {
	sorted := slices.Clone(fresh)
	slices.SortStableFunc(sorted, func(x, y *award) int {
		if rx, ry := a.ended(x), a.ended(y); rx != ry {
			return map[bool]int{true: 1, false: -1}[rx]
		}
		return y.full().parsed.ValidFrom.Compare(x.full().parsed.ValidFrom.Time)
	})
	// Who is in force chooses first among the awards of the content, the newest
	// before others.
	chosen := map[string][]*award{}
	for _, w := range sorted {
		a.choose(w, chosen)
	}
	var events []ledger.Event
	for _, w := range fresh {
		chain := chosen[w.key]
		delete(chosen, w.key)
		slices.SortStableFunc(chain, func(x, y *award) int {
			if rx, ry := a.ended(x), a.ended(y); rx != ry {
				return map[bool]int{true: -1, false: 1}[rx]
			}
			return x.full().parsed.ValidFrom.Compare(y.full().parsed.ValidFrom.Time)
		})
		replaces := ""
		if old := a.in.State.Record(w.key); old != nil {
			replaces = old.Credential
		}
		for i, one := range chain {
			made, err := a.issue(one, replaces, i == len(chain)-1)
			if err != nil {
				return nil, err
			}
			events = append(events, made...)
			replaces = one.full().id
		}
	}
	return events, nil
}

// revoked tells whether one of an award's bits is set.
func (a *adoption) revoked(w *award) bool {
	return slices.ContainsFunc(w.forms, func(f *form) bool { return a.isSet(f.list, f.index) })
}

// ended tells whether an award is not in force, as far as a list or an older ledger
// tells.
func (a *adoption) ended(w *award) bool {
	r := w.record()
	return a.revoked(w) && (r == nil || r.Status != ledger.Suspended) || r != nil && r.Status == ledger.Revoked
}

// choose finds the award key of what was found: that which an older ledger had, or of
// an award of the content, where no other is in force for it. One that is revoked
// joins whatever there is.
func (a *adoption) choose(w *award, chosen map[string][]*award) {
	f, over := w.full(), a.ended(w)
	key := ""
	if r := w.record(); r != nil {
		key = r.Award
	} else if m := a.index.find(f.parsed, w.hints, over); m != nil && rank(f) == 0 {
		key = m.Key.String()
		m.taken = m.taken || !over
	}
	old := a.in.State.Record(key)
	if key != "" && (old == nil || old.Status == ledger.Revoked || a.over[old]) && (over || !a.inForce[key]) {
		w.key = key
		a.inForce[key] = a.inForce[key] || !over
		if m := a.index.byKey[key]; m != nil {
			m.taken = m.taken || !over
			w.visibility = cmp.Or(w.visibility, m.Visibility)
			a.matched[key] = m.Award
			a.result.Matched++
		}
	}
	if w.key == "" {
		w.key = a.keyOf(f)
	}
	chosen[w.key] = append(chosen[w.key], w)
}

// keyOf is the key of an award that is none of the content's: "adopted", its
// achievement and the UUID of its credential.
func (a *adoption) keyOf(f *form) string {
	id := strings.TrimPrefix(f.id, "urn:uuid:")
	if slug := a.index.slugOf(f.parsed.CredentialSubject.Achievement.ID); slug != "" {
		return model.AwardKey{Cohort: Cohort, Achievement: slug, Recipient: id}.String()
	}
	return Cohort + "/" + id
}

// Cohort stands for a cohort in the key of an award that is none of the content's.
const Cohort = "adopted"

// issue is an award's event, its capsules, and what was decided about it. What no
// list tells of comes after the lists, so that they are signed again; only what
// another credential replaces has to be revoked before.
func (a *adoption) issue(w *award, replaces string, newest bool) ([]ledger.Event, error) {
	f := w.full()
	ev := &ledger.IssueEvent{Award: w.key, Credential: f.id, List: f.list, Index: f.index, Visibility: string(cmp.Or(w.visibility, model.Private)),
		ValidUntil: f.parsed.ValidUntil.Time, Replaces: replaces, Adopted: true, Definition: f.parsed.CredentialSubject.Achievement.Definition(), Evidence: plan.EvidenceOf(f.parsed), Documents: f.documents}
	for i, v := range w.forms[1:] {
		if i == ledger.MaxVariants {
			break
		}
		ev.Variants = append(ev.Variants, ledger.VariantIssue{Name: v.variant, Credential: v.id, List: v.list, Index: v.index})
		for _, d := range v.documents {
			d.Variant = v.variant
			ev.Documents = append(ev.Documents, d)
		}
	}
	// What a record holds is compared when it is planned.
	if m := a.matched[w.key]; m != nil && m.Program == nil {
		var err error
		if ev.Content, err = plan.ContentOf(a.in.Site, a.in.DID, m, f.documents[0].Document, ev.Variants); err != nil {
			return nil, err
		}
	}
	events := []ledger.Event{{Issue: ev}}
	a.result.Adopted++
	a.result.Variants += len(ev.Variants)
	if sealed := seal(w, ev); sealed != nil {
		events = append(events, ledger.Event{Capsule: sealed})
		a.result.Sealed++
	}
	r := w.record()
	if a.revoked(w) || r != nil && r.Status != ledger.Active {
		decided := a.decision(w, r)
		if a.revoked(w) || !newest {
			events = append(events, decided)
		} else {
			a.later = append(a.later, decided)
		}
		a.result.Revoked++
	}
	if r != nil && !r.Withdrawn.IsZero() && (ev.Visibility == ledger.Public || w.group != nil) {
		a.later = append(a.later, ledger.Event{Withdraw: &ledger.WithdrawEvent{Award: w.key, Credential: f.id, Date: r.Withdrawn}})
	}
	return events, nil
}

// decision is what an older ledger said of an award that is not in force, or what a
// list tells.
func (a *adoption) decision(w *award, r *ledger.Record) ledger.Event {
	if r == nil || r.Status == ledger.Active {
		set := slices.IndexFunc(w.forms, func(f *form) bool { return a.isSet(f.list, f.index) })
		return a.revocation(w.key, w.full().id, w.forms[set].list)
	}
	action := map[ledger.Status]string{ledger.Revoked: ledger.ActionRevoke, ledger.Suspended: ledger.ActionSuspend}[r.Status]
	return ledger.Event{Status: &ledger.StatusEvent{Award: w.key, Credential: w.full().id, Action: action,
		Reason: r.StatusReason, Date: r.StatusSince, Public: r.StatusPublic}}
}

// seal is the event of an award's capsules, where those that were opened are of just
// these credentials; nil: they are not.
func seal(w *award, ev *ledger.IssueEvent) *ledger.CapsuleEvent {
	if w.group == nil {
		return nil
	}
	want := []string{""}
	if len(ev.Variants) > 0 {
		want = append(want, ledger.Full)
	}
	for _, v := range ev.Variants {
		want = append(want, v.Name)
	}
	if len(want) != len(w.group.Capsules) {
		return nil
	}
	for i, c := range w.group.Capsules {
		if c.Variant != want[i] {
			return nil
		}
	}
	return &ledger.CapsuleEvent{Award: ev.Award, Credential: ev.Credential, Capsules: w.group.Capsules, Packed: w.group.Packed}
}

// sealKnown are the capsules of awards that the ledger knows without.
func (a *adoption) sealKnown() []ledger.Event {
	var events []ledger.Event
	for _, w := range a.order {
		r := a.in.State.ByCredential(w.full().id)
		if r == nil || r.Credential != w.full().id || r.Capsules != nil {
			continue
		}
		if sealed := seal(w, &ledger.IssueEvent{Award: r.Award, Credential: r.Credential, Variants: r.Variants}); sealed != nil {
			events = append(events, ledger.Event{Capsule: sealed})
			a.result.Sealed++
		}
	}
	return events
}
