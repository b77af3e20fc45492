package ledger

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
)

// Merged is what Writer.Merge took in, and what the two copies disagree on.
type Merged struct {
	Events, Credentials, Decisions int
	// Twice are credentials of the other copy for awards that have one already, to
	// be revoked by the next signing; Shared are records that were given the index
	// of another, to be issued anew by it.
	Twice, Shared []*Record
	// Moot are events of the other copy that are kept without an effect, since what
	// they decide was decided here otherwise, or before: a sentence each.
	Moot []string
}

// KeyClashError says that both copies of a ledger have a key of one name, but not
// the same key.
type KeyClashError struct{ Kid string }

func (e *KeyClashError) Error() string {
	return "both copies of the ledger have a key called " + e.Kid + ", and these are two keys"
}

// Hint says what to try.
func (*KeyClashError) Hint() string {
	return "verifiers can know only one key of a name: keep the copy that is published, and there, with the content of both, laurel sign; it issues again what the other signed with its key, whose learners need what is new"
}

// Merge takes in the events of another copy of the ledger, which grew apart from
// this one: all that this one does not have, known by their salts, in their order,
// behind its own, with their times and salts; then a MergeEvent, after which the
// other's newest event and signed head are known here. The signed heads of the other
// become such events, too. It is one Append; where that is cut off, merging again
// goes on. Two merges of the same copies give the same bytes.
//
// Of contradictory events the first holds, but revoked is revoked, and suspended
// stays suspended where only the other copy reinstated. Where this one has nothing
// of its own, it becomes the other, line by line. The error of two keys of
// one name is a *KeyClashError.
func (w *Writer) Merge(ctx context.Context, other *Ledger) (Merged, error) {
	var done Merged
	events, copying, err := w.lacking(ctx, other)
	if err != nil || len(events) == 0 {
		return done, err
	}
	records := len(w.state.records)
	shared := len(w.state.Shared())
	for i := range events {
		if ev := &events[i]; ev.Merge == nil {
			done.Events++
		}
	}
	at := w.state.time
	for i := range events {
		if events[i].Time.After(at) {
			at = events[i].Time
		}
	}
	w.state.moots = nil
	w.copying = copying
	defer func() { w.copying = false }()
	if err := w.Append(at, events); err != nil {
		if clash := (*KeyClashError)(nil); errors.As(err, &clash) {
			err = clash
		}
		return Merged{}, err
	}
	for _, r := range w.state.records[records:] {
		done.Credentials++
		if r.Twice {
			done.Twice = append(done.Twice, r)
		}
	}
	for i := range events {
		if events[i].Status != nil || events[i].Withdraw != nil {
			done.Decisions++
		}
	}
	done.Moot = w.state.moots
	if all := w.state.Shared(); len(all) > shared {
		done.Shared = all
	}
	return done, nil
}

// HasMerged tells whether a ledger took in another with this newest event, so that
// it has all of that.
func (s *State) HasMerged(m Mark) bool {
	return m.Seq > 0 && slices.ContainsFunc(s.merges, func(e MergeEvent) bool { return e.Seq == m.Seq && e.Hash == m.Hash })
}

// lacking are the events of another copy that this one does not have, ready to be
// appended. Copying: this one has nothing else, and they are as they were.
func (w *Writer) lacking(ctx context.Context, other *Ledger) (events []Event, copying bool, err error) {
	if other.state.seq == 0 {
		return nil, false, nil
	}
	common, own, err := w.compare(other)
	if err != nil || common == other.state.seq {
		return nil, false, err
	}
	copying = common == w.state.seq
	if !copying && (other.state.log.logs > w.state.log.logs || w.state.log.logs > 0 && common == 0) {
		return nil, false, errors.New("the other copy goes on with the log of a ledger that was lost, and this one does not: merge this one into that one")
	}
	seq := int64(0)
	err = other.lines(Position{Segment: 1}, func(line []byte) error {
		if seq++; seq <= common {
			return nil
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		var ev Event
		if err := ev.decode(line, whole); err != nil {
			return err
		}
		if copying {
			ev.Type = ""
			events = append(events, ev)
			return nil
		}
		if own[ev.Salt] {
			return nil
		}
		hash := fmt.Sprintf("%x", sha256.Sum256(line))
		if ev.Head != nil {
			if seq == other.state.seq { // the last event of all says this
				return nil
			}
			ev = Event{Time: ev.Time, Salt: ev.Salt, Merge: &MergeEvent{Checkpoint: ev.Head.Checkpoint, Seq: ev.Seq, Hash: hash}}
		}
		if ev.Merge != nil && w.state.knows(ev.Merge.Seq, ev.Merge.Hash) {
			return nil
		}
		ev.Merged, ev.Type = common+1, ""
		events = append(events, ev)
		return nil
	})
	if err != nil {
		return nil, false, err
	}
	head, hash, _ := other.state.Head()
	if copying || w.state.knows(head, hash) {
		return events, copying, nil
	}
	// The salt follows from what is merged, so that two who merge the same get the
	// same bytes.
	_, this, _ := w.state.Head()
	salt := sha256.Sum256([]byte("laurel merge\n" + this + "\n" + hash))
	return append(events, Event{Salt: base64.RawURLEncoding.EncodeToString(salt[:saltSize]),
		Merge: &MergeEvent{Checkpoint: other.state.log.Checkpoint, Seq: head, Hash: hash, Events: len(events)}}), false, nil
}

// compare finds how many lines two copies have in common at their beginning, and
// the salts of this one's behind these.
func (w *Writer) compare(other *Ledger) (common int64, own map[string]bool, err error) {
	var hashes [][sha256.Size]byte
	err = w.lines(Position{Segment: 1}, func(line []byte) error {
		hashes = append(hashes, sha256.Sum256(line))
		return nil
	})
	if err != nil {
		return 0, nil, err
	}
	differ := false
	err = other.lines(Position{Segment: 1}, func(line []byte) error {
		if !differ && common < int64(len(hashes)) && sha256.Sum256(line) == hashes[common] {
			common++
		} else {
			differ = true
		}
		return nil
	})
	if err != nil {
		return 0, nil, err
	}
	own, seq := map[string]bool{}, int64(0)
	err = w.lines(Position{Segment: 1}, func(line []byte) error {
		if seq++; seq > common {
			var ev Event
			if err := ev.decode(line, facts); err != nil {
				return err
			}
			own[ev.Salt] = true
		}
		return nil
	})
	return common, own, err
}

// Shared are the records to be issued anew since their bit is another's, too: all
// that are active where the bit is set, and else all but the first. Those whose list
// is another profile's are among them: nobody believes that list of them.
func (s *State) Shared() []*Record {
	chosen := map[*Record]bool{}
	for r := range s.sharing {
		chosen[r] = r.Status == Active && r.ReplacedBy == "" && s.lists[r.List].profile != r.Profile
	}
	for _, group := range s.sharers {
		set := slices.ContainsFunc(group, func(r *Record) bool { return r.Status != Active })
		kept := set
		for _, r := range group {
			switch {
			case r.Status != Active || r.ReplacedBy != "":
			case !kept:
				kept = true
			default:
				chosen[r] = true
			}
		}
	}
	var list []*Record
	for _, r := range s.records {
		if len(chosen) > 0 && chosen[r] {
			list = append(list, r)
		}
	}
	return list
}

// Twice are the credentials that were taken in for awards that had one, and are to
// be revoked.
func (s *State) Twice() []*Record {
	var list []*Record
	for _, r := range s.records {
		if r.Twice && r.Status != Revoked {
			list = append(list, r)
		}
	}
	return list
}

// BitSet tells whether the bit of a record, or of a variant of it, is set.
func (s *State) BitSet(r *Record) bool {
	return slices.ContainsFunc(s.Bits(r), func(e Entry) bool { return s.lists[e.List].set.get(e.Index) })
}

// names tells whether one of a record's credentials names a place in the lists.
func (r *Record) names(e Entry) bool {
	return slices.ContainsFunc(r.Entries(), func(b Entry) bool { return b.List == e.List && b.Index == e.Index })
}

// share notes that a record was given an index that is another's, or the partner of
// one.
func (s *State) share(r *Record, e Entry, j *journal) {
	at, l, owned := [2]int{e.List, e.Index}, s.lists[e.List], e
	if !l.used.get(e.Index) {
		owned.Index = Partner(e.Index)
		before := l.tied.get(owned.Index)
		l.tied.put(e.Index, true)
		l.tied.put(owned.Index, true)
		j.add(func() {
			l.tied.put(e.Index, false)
			l.tied.put(owned.Index, before)
		})
	}
	group := s.sharers[at]
	if group == nil {
		i := slices.IndexFunc(s.records, func(o *Record) bool { return o.names(owned) })
		group = []*Record{s.records[i]}
	}
	before, owner := s.sharers[at], s.sharing[group[0]]
	s.sharers[at] = append(group[:len(group):len(group)], r)
	s.sharing[group[0]], s.sharing[r] = true, true
	j.add(func() {
		delete(s.sharing, r)
		if !owner {
			delete(s.sharing, group[0])
		}
		if s.sharers[at] = before; before == nil {
			delete(s.sharers, at)
		}
	})
}

// moot tells whether an event that was taken in has no effect, since what it says
// is so already, or is contradicted by what was there.
func (s *State) moot(ev *Event, j *journal) (bool, error) {
	if ev.Merged == 0 {
		return false, nil
	}
	why := ""
	switch {
	case ev.Key != nil:
		k := s.key(ev.Key.Kid)
		switch {
		case k == nil:
		case ev.Key.PublicKeyMultibase != "" && ev.Key.PublicKeyMultibase != k.PublicKeyMultibase:
			return false, &KeyClashError{k.Kid}
		case ev.Key.Action == ActionAdded:
			return true, nil
		case ev.Key.Action == ActionRetired && !k.Retired.IsZero(), ev.Key.Action == ActionRevoked && !k.Revoked.IsZero():
			why = "key " + k.Kid + " was " + ev.Key.Action + " in both copies"
		}
	case ev.Issue != nil:
		if r := s.byCredential[ev.Issue.Credential]; r != nil && r.Award == ev.Issue.Award && r.List == ev.Issue.List && r.Index == ev.Issue.Index {
			return true, nil // adopted in both
		}
	case ev.Status != nil:
		r := s.byCredential[ev.Status.Credential]
		if r == nil {
			return false, nil
		}
		to, err := transition(r.Status, ev.Status.Action)
		if err != nil || to == Active && r.decided >= ev.Merged {
			why = fmt.Sprintf("award %s: the other copy decided to %s credential %s; it stays %s", r.Award, ev.Status.Action, r.Credential, r.Status)
			// A reissue counts on either side, whatever the other revoked meanwhile.
			if replaced := r.ReplacedBy != "" || r.Reissuing; ev.Status.Action == ActionRevoke && replaced != ev.Status.Reissue {
				here, there := "this copy issued it anew", "the other one revoked it"
				if ev.Status.Reissue {
					here, there = "this copy revoked it", "the other one issued it anew"
				}
				why = fmt.Sprintf("award %s: %s, and %s: the newer credential is valid; where it is not to be: laurel revoke %s", r.Award, here, there, r.Award)
			}
		}
	case ev.Capsule != nil:
		r := s.byCredential[ev.Capsule.Credential]
		if r == nil || r.Capsules == nil {
			return false, nil
		}
		for _, c := range ev.Capsule.Capsules {
			if !s.capsules[c.Name] {
				s.capsules[c.Name] = true
				j.add(func() { delete(s.capsules, c.Name) })
			}
		}
		why = "award " + r.Award + ": credential " + r.Credential + " was sealed in both copies; the other copy's claim link will not open it"
	case ev.Withdraw != nil:
		if r := s.byCredential[ev.Withdraw.Credential]; r != nil && (r.Capsules == nil || !r.Withdrawn.IsZero()) {
			return true, nil
		}
	case ev.Clock != nil:
		return !s.time.After(ev.Clock.At), nil
	}
	if why != "" && j != nil {
		s.moots = append(s.moots, why)
	}
	return why != "", nil
}

// mergeList notes that another copy signed a list, which is therefore to be signed
// again: with the bits of both.
func (s *State) mergeList(ev *Event, j *journal) {
	l := s.list(ev.List.List, s.word(ev.List.Profile), j)
	merged, frozen, token := l.merged, l.frozen, l.token
	if ev.Time.After(l.merged) {
		l.merged = ev.Time
	}
	l.frozen, l.token = l.frozen || ev.List.Frozen, l.token || ev.List.Token != ""
	var kept []int
	for _, i := range ev.List.Kept {
		if !l.set.get(i) {
			l.set.put(i, true)
			kept = append(kept, i)
		}
	}
	j.add(func() {
		l.merged, l.frozen, l.token = merged, frozen, token
		for _, i := range kept {
			l.set.put(i, false)
		}
	})
}
