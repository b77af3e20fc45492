package ledger

import (
	"errors"
	"fmt"
	"time"
)

// journal collects what takes a group's changes back. Nil keeps none.
type journal struct{ undos []func() }

func (j *journal) add(undo func()) {
	if j != nil {
		j.undos = append(j.undos, undo)
	}
}

func (j *journal) undo() {
	for i := len(j.undos) - 1; i >= 0; i-- {
		j.undos[i]()
	}
}

// apply adds a checked event to the state, or leaves the state as it was and
// says which rule the event breaks. Messages name credentials by id, never
// awards: their keys hold people's addresses.
func (s *State) apply(ev *Event, pos Position, j *journal) error {
	var err error
	switch ev.Type {
	case TypeKey:
		err = s.applyKey(ev, j)
	case TypeIssue:
		err = s.applyIssue(ev, pos, j)
	case TypeStatus:
		err = s.applyStatus(ev.Status, j)
	case TypeList:
		err = s.applyList(ev, pos, j)
	}
	if err != nil {
		return err
	}
	seq, hash, at := s.seq, s.hash, s.time
	j.add(func() { s.seq, s.hash, s.time = seq, hash, at })
	s.seq, s.hash, s.time = ev.Seq, pos.Hash, ev.Time
	return nil
}

func (s *State) applyKey(ev *Event, j *journal) error {
	e := ev.Key
	k := s.key(e.Kid)
	if e.Action == ActionAdded {
		if k != nil {
			return fmt.Errorf("key %s is added a second time", e.Kid)
		}
		s.keys = append(s.keys, &KeyState{Kid: e.Kid, PublicKeyMultibase: e.PublicKeyMultibase, Added: e.At})
		j.add(func() { s.keys = s.keys[:len(s.keys)-1] })
		return nil
	}
	switch {
	case k == nil:
		return fmt.Errorf("key %s is %s, but was never added", e.Kid, e.Action)
	case e.PublicKeyMultibase != "" && e.PublicKeyMultibase != k.PublicKeyMultibase:
		return fmt.Errorf("key %s is %s with another public key than it was added with", e.Kid, e.Action)
	case e.Action == ActionRevoked && !k.Revoked.IsZero(), e.Action == ActionRetired && !k.Retired.IsZero():
		return fmt.Errorf("key %s is %s a second time", e.Kid, e.Action)
	}
	old := *k
	j.add(func() { *k = old })
	if e.Action == ActionRetired {
		k.Retired = e.At
	} else {
		k.Revoked, k.RevokedReason, k.RevokedSeq = e.At, e.Reason, ev.Seq
	}
	return nil
}

func (s *State) applyIssue(ev *Event, pos Position, j *journal) error {
	e := ev.Issue
	old := s.byAward[e.Award]
	if r := s.byCredential[e.Credential]; r != nil {
		return fmt.Errorf("credential %s is issued a second time", e.Credential)
	}
	if s.Used(e.List, e.Index) {
		return fmt.Errorf("index %d of list %d is given to credential %s, but is taken", e.Index, e.List, e.Credential)
	}
	if err := checkReplaces(e, old); err != nil {
		return err
	}
	r := &Record{
		Award: e.Award, Credential: e.Credential, List: e.List, Index: e.Index,
		Visibility: s.word(e.Visibility), Content: e.Content,
		IssuedAt: ev.Time, Seq: ev.Seq, ValidUntil: e.ValidUntil, Status: Active,
		Replaces: e.Replaces, LineHash: pos.Hash, Pos: pos,
	}
	s.records = append(s.records, r)
	s.byAward[r.Award] = r
	s.byCredential[r.Credential] = r
	l := s.list(e.List, j)
	l.used.put(e.Index, true)
	l.issued++
	if old != nil {
		old.ReplacedBy = r.Credential
	}
	j.add(func() {
		s.records = s.records[:len(s.records)-1]
		delete(s.byCredential, r.Credential)
		delete(s.byAward, r.Award)
		if old != nil {
			s.byAward[old.Award] = old
			old.ReplacedBy = ""
		}
		l.used.put(e.Index, false)
		l.issued--
	})
	return nil
}

// checkReplaces keeps an award from having two credentials in force.
func checkReplaces(e *IssueEvent, old *Record) error {
	switch {
	case old == nil && e.Replaces != "":
		return fmt.Errorf("credential %s replaces %s, which was not issued for that award", e.Credential, e.Replaces)
	case old == nil:
		return nil
	case e.Replaces == "":
		return fmt.Errorf("credential %s is issued for an award that has one: %s", e.Credential, old.Credential)
	case e.Replaces != old.Credential:
		return fmt.Errorf("credential %s replaces %s, but the award's credential is %s", e.Credential, e.Replaces, old.Credential)
	case old.Status != Revoked:
		return fmt.Errorf("credential %s replaces %s, which is not revoked", e.Credential, e.Replaces)
	}
	return nil
}

func (s *State) applyStatus(e *StatusEvent, j *journal) error {
	r := s.byCredential[e.Credential]
	switch {
	case r == nil:
		return fmt.Errorf("a decision (%s) about credential %s, which was never issued", e.Action, e.Credential)
	case r.Award != e.Award:
		return fmt.Errorf("a decision (%s) about credential %s names another award than the one it was issued for", e.Action, e.Credential)
	}
	to, err := transition(r.Status, e.Action)
	if err != nil {
		return fmt.Errorf("credential %s: %w", e.Credential, err)
	}
	l := s.lists[r.List]
	old, bit := *r, l.set.get(r.Index)
	j.add(func() {
		r.Status, r.StatusReason, r.StatusSince, r.StatusPublic = old.Status, old.StatusReason, old.StatusSince, old.StatusPublic
		l.set.put(old.Index, bit)
	})
	r.Status, r.StatusReason, r.StatusSince, r.StatusPublic = to, e.Reason, e.Date, e.Public
	l.set.put(r.Index, to != Active)
	return nil
}

// transition is the life of a credential: active and suspended in turn, until
// it is revoked for good.
func transition(from Status, action string) (Status, error) {
	switch {
	case from == Revoked:
		return "", fmt.Errorf("%s after it was revoked, which is final", action)
	case action == ActionRevoke:
		return Revoked, nil
	case action == ActionSuspend && from == Active:
		return Suspended, nil
	case action == ActionReinstate && from == Suspended:
		return Active, nil
	case action == ActionSuspend:
		return "", errors.New("suspend while it is suspended")
	}
	return "", errors.New("reinstate while it is not suspended")
}

func (s *State) applyList(ev *Event, pos Position, j *journal) error {
	e := ev.List
	set := 0
	if l := s.lists[e.List]; l != nil {
		set = l.set.count()
	}
	if e.Set != set {
		return fmt.Errorf("list %d is signed with %d bits set, but %d are", e.List, e.Set, set)
	}
	l := s.list(e.List, j)
	if j != nil {
		signed, at, seq, until, old := l.signed, l.signedAt, l.seq, l.until, l.pos
		j.add(func() { l.signed, l.signedAt, l.seq, l.until, l.pos = signed, at, seq, until, old })
	}
	l.signed, l.signedAt, l.seq, l.until, l.pos = l.set, ev.Time, ev.Seq, e.ValidUntil, pos
	return nil
}

// list returns list n, opened when it is new.
func (s *State) list(n int, j *journal) *list {
	l := s.lists[n]
	if l == nil {
		l = new(list)
		s.lists[n] = l
		j.add(func() { delete(s.lists, n) })
	}
	return l
}

func (s *State) word(w string) string {
	if _, ok := s.words[w]; !ok {
		s.words[w] = w
	}
	return s.words[w]
}

// follows tells whether an event is the next one of the chain.
func (s *State) follows(ev *Event) error {
	_, hash, at := s.Head()
	switch {
	case ev.Seq <= s.seq:
		return &mergeError{ev.Seq}
	case ev.Seq != s.seq+1:
		return fmt.Errorf("event %d follows event %d: what was between is missing", ev.Seq, s.seq)
	case ev.Prev != hash:
		return fmt.Errorf("event %d does not belong after the line before it: prev is %s, that line's hash is %s", ev.Seq, abbreviate(ev.Prev), abbreviate(hash))
	case ev.Time.Before(at):
		return fmt.Errorf("event %d is of %s, before the event in front of it, of %s", ev.Seq, stamp(ev.Time), stamp(at))
	}
	return nil
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }
