package ledger

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"laurel/internal/standards/tlog"
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
	moot, err := s.moot(ev, j)
	switch {
	case err != nil:
		return err
	case moot:
	default:
		err = s.applyPayload(ev, pos, j)
	}
	if err != nil {
		return err
	}
	s.applyHeader(ev, pos, j)
	return nil
}

func (s *State) applyPayload(ev *Event, pos Position, j *journal) (err error) {
	switch ev.Type {
	case TypeKey:
		err = s.applyKey(ev, j)
	case TypeIssue:
		err = s.applyIssue(ev, pos, j)
	case TypeStatus:
		err = s.applyStatus(ev, j)
	case TypeList:
		err = s.applyList(ev, pos, j)
	case TypeCapsule:
		err = s.applyCapsule(ev.Capsule, pos, j)
	case TypeWithdraw:
		err = s.applyWithdraw(ev.Withdraw, j)
	case TypeHead:
		err = s.applyHead(ev)
	case TypeLog:
		err = s.applyLog()
	case TypeMerge:
		err = s.applyMerge(ev.Merge)
	case TypeClock:
		err = s.applyClock(ev, j)
	}
	return err
}

// applyHeader counts an event whose payload was found right.
func (s *State) applyHeader(ev *Event, pos Position, j *journal) {
	if j != nil { // when a ledger is opened nothing is taken back: this is once for each line
		seq, hash, at, log, merges, heads, last := s.seq, s.hash, s.time, s.log, len(s.merges), len(s.heads), s.last
		j.add(func() {
			s.seq, s.hash, s.time, s.log, s.merges, s.heads, s.last = seq, hash, at, log, s.merges[:merges], s.heads[:heads], last
		})
	}
	s.seq, s.hash, s.last = ev.Seq, pos.Hash, pos
	if ev.Merged == 0 || ev.Time.After(s.time) || ev.Type == TypeClock {
		s.time = ev.Time
	}
	switch ev.Type {
	case TypeMerge:
		s.merges = append(s.merges, *ev.Merge)
	case TypeHead:
		from := s.log.Size
		if len(s.heads) == 0 {
			from = s.log.Adopted
		}
		s.heads = append(s.heads, Head{Head: tlog.Head{Size: ev.Head.Size, Root: tlog.Hash(ev.Head.Root)}, At: ev.Time, Seq: ev.Seq, Pos: pos, From: from})
	}
	s.log.take(ev, pos)
	if ev.Seq == s.mark {
		s.marked = hex.EncodeToString(pos.Hash[:])
	}
	if ev.Status != nil || ev.Withdraw != nil {
		s.decisions++
		j.add(func() { s.decisions-- })
	}
}

func (s *State) applyKey(ev *Event, j *journal) error {
	e := ev.Key
	k := s.key(e.Kid)
	if e.Action == ActionAdded {
		if k != nil {
			return fmt.Errorf("key %s is added a second time", e.Kid)
		}
		s.keys = append(s.keys, &KeyState{Kid: e.Kid, PublicKeyMultibase: e.PublicKeyMultibase, Profile: s.word(e.Profile), Added: e.At})
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
	twice := false
	if err := s.checkReplaces(e, old); err != nil {
		if twice = ev.Merged > 0 && old != nil; !twice {
			return err
		}
	}
	r := &Record{
		Award: e.Award, Credential: e.Credential, List: e.List, Index: e.Index,
		Visibility: s.word(e.Visibility), Profile: s.word(e.Profile), Content: e.Content, Formats: s.formatsOf(e),
		IssuedAt: ev.Time, Seq: ev.Seq, ValidUntil: e.ValidUntil, Status: Active,
		Replaces: e.Replaces, Adopted: e.Adopted, Pos: pos, Variants: e.Variants, Evidence: e.Evidence, Definition: e.Definition, Certificate: s.word(e.Certificate), merged: ev.Merged > 0,
		Renewal: s.word(e.Renewal), Awarded: e.AwardedDate,
	}
	if err := s.checkEntries(r, r.Adopted || ev.Merged > 0, ev.Merged > 0); err != nil {
		return err
	}
	s.records = append(s.records, r)
	s.take(r, j)
	if twice {
		r.Twice, r.ReplacedBy = true, old.Credential
		j.add(func() { s.records = s.records[:len(s.records)-1] })
		return nil
	}
	s.byAward[r.Award] = r
	reissuing := old != nil && old.Reissuing
	if old != nil {
		old.ReplacedBy, old.Reissuing, old.Kept = r.Credential, false, r.Renewal == RenewalKeep
	}
	j.add(func() {
		s.records = s.records[:len(s.records)-1]
		delete(s.byAward, r.Award)
		if old != nil {
			s.byAward[old.Award] = old
			old.ReplacedBy, old.Reissuing, old.Kept = "", reissuing, false
		}
	})
	return nil
}

// checkEntries refuses a credential id or an index that is there already, in
// the ledger or in the same event, and an index of a frozen list to anything
// that is not adopted, or one of another profile's list. Merged: an index may be
// another record's, too, and the list another's.
func (s *State) checkEntries(r *Record, adopted, merged bool) error {
	entries := r.Entries()
	for i, e := range entries {
		before := entries[:i]
		if l := s.lists[e.List]; !adopted && l != nil && l.frozen {
			return fmt.Errorf("index %d of list %d is given to credential %s, but the list is frozen", e.Index, e.List, e.Credential)
		}
		if l := s.lists[e.List]; l != nil && !merged && l.profile != r.Profile {
			return fmt.Errorf("index %d of list %d is given to credential %s, but the list is another profile's", e.Index, e.List, e.Credential)
		}
		if s.byCredential[e.Credential] != nil || slices.ContainsFunc(before, func(b Entry) bool { return b.Credential == e.Credential }) {
			return fmt.Errorf("credential %s is issued a second time", e.Credential)
		}
		if !merged && s.Used(e.List, e.Index) || slices.ContainsFunc(before, func(b Entry) bool { return b.List == e.List && b.Index == e.Index }) {
			return fmt.Errorf("index %d of list %d is given to credential %s, but is taken", e.Index, e.List, e.Credential)
		}
	}
	return nil
}

// take gives a record its ids and indexes.
func (s *State) take(r *Record, j *journal) {
	for _, e := range r.Entries() {
		s.byCredential[e.Credential] = r
		j.add(func() { delete(s.byCredential, e.Credential) })
		l := s.list(e.List, r.Profile, j)
		if again := l.used.get(e.Index); again || r.merged && l.used.get(Partner(e.Index)) {
			s.share(r, e, j)
			if again {
				continue
			}
		}
		if l.profile != r.Profile && !s.sharing[r] {
			s.sharing[r] = true // two copies gave the number of a list to two profiles
			j.add(func() { delete(s.sharing, r) })
		}
		l.used.put(e.Index, true)
		l.issued++
		j.add(func() {
			l.used.put(e.Index, false)
			l.issued--
		})
	}
}

// checkReplaces keeps an award from having two credentials in force, but where one renews
// the other. One whose bit is another's, too, is replaced without being revoked, since
// that would revoke both.
func (s *State) checkReplaces(e *IssueEvent, old *Record) error {
	switch {
	case old == nil && e.Replaces != "":
		return fmt.Errorf("credential %s replaces %s, which was not issued for that award", e.Credential, e.Replaces)
	case old == nil:
		return nil
	case e.Replaces == "":
		return fmt.Errorf("credential %s is issued for an award that has one: %s", e.Credential, old.Credential)
	case e.Replaces != old.Credential:
		return fmt.Errorf("credential %s replaces %s, but the award's credential is %s", e.Credential, e.Replaces, old.Credential)
	case e.Renewal != "" && old.Status == Suspended:
		return fmt.Errorf("credential %s renews %s, which is suspended", e.Credential, e.Replaces)
	case old.Status != Revoked && !s.sharing[old] && e.Renewal == "":
		return fmt.Errorf("credential %s replaces %s, which is not revoked", e.Credential, e.Replaces)
	}
	return nil
}

func (s *State) applyStatus(ev *Event, j *journal) error {
	e := ev.Status
	r, err := s.own(e.Award, e.Credential, "a decision ("+e.Action+")")
	if err != nil {
		return err
	}
	to, err := transition(r.Status, e.Action)
	if err != nil {
		return fmt.Errorf("credential %s: %w", e.Credential, err)
	}
	s.decide(r, to, ev, j)
	for before := s.byCredential[r.Replaces]; before != nil && before.Status != Revoked && s.sharing[before]; before = s.byCredential[before.Replaces] {
		s.decide(before, to, ev, j) // it was replaced without being revoked: see checkReplaces
	}
	return nil
}

// decide gives a record a status.
func (s *State) decide(r *Record, to Status, ev *Event, j *journal) {
	e, old, bits := ev.Status, *r, s.bits(r)
	j.add(func() {
		r.Status, r.StatusReason, r.StatusSince, r.StatusPublic, r.Reissuing, r.decided = old.Status, old.StatusReason, old.StatusSince, old.StatusPublic, old.Reissuing, old.decided
		for i, e := range r.Entries() {
			s.lists[e.List].set.put(e.Index, bits[i])
		}
	})
	r.Status, r.StatusReason, r.StatusSince, r.StatusPublic, r.Reissuing = to, e.Reason, e.Date, e.Public, e.Reissue
	r.decided = 0
	if ev.Merged == 0 {
		r.decided = ev.Seq
	}
	s.setBits(r)
}

// bits are those of a record and its variants as they are set now: a record that
// was adopted may have one that was found set.
func (s *State) bits(r *Record) []bool {
	var bits []bool
	for _, e := range r.Entries() {
		bits = append(bits, s.lists[e.List].set.get(e.Index))
	}
	return bits
}

// setBits sets the bit of a record and those of its variants, unless it is
// active. A bit that is another record's, too, is set for either.
func (s *State) setBits(r *Record) {
	for _, e := range r.Entries() {
		set := r.Status != Active
		for _, other := range s.sharers[[2]int{e.List, e.Index}] {
			set = set || other.Status != Active && other.names(e)
		}
		s.lists[e.List].set.put(e.Index, set)
	}
}

// own finds the record that an event is about. What is about an award names
// its full credential, never a variant's.
func (s *State) own(award, credential, what string) (*Record, error) {
	r := s.byCredential[credential]
	switch {
	case r == nil:
		return nil, fmt.Errorf("%s about credential %s, which was never issued", what, credential)
	case r.Award != award:
		return nil, fmt.Errorf("%s about credential %s names another award than the one it was issued for", what, credential)
	case r.Credential != credential:
		return nil, fmt.Errorf("%s about credential %s, which is a variant of %s", what, credential, r.Credential)
	}
	return r, nil
}

func (s *State) applyCapsule(e *CapsuleEvent, pos Position, j *journal) error {
	r, err := s.own(e.Award, e.Credential, "a capsule")
	if err != nil {
		return err
	}
	if r.Capsules != nil {
		return fmt.Errorf("credential %s is sealed a second time", r.Credential)
	}
	if err := s.checkCapsules(e.Capsules, r.Variants); err != nil {
		return fmt.Errorf("a capsule about credential %s: %w", r.Credential, err)
	}
	names := make([]string, len(e.Capsules))
	for i, c := range e.Capsules {
		names[i] = c.Name
		s.capsules[c.Name] = true
	}
	r.Capsules, r.CapsulePos = names, pos
	j.add(func() {
		for _, name := range names {
			delete(s.capsules, name)
		}
		r.Capsules, r.CapsulePos = nil, Position{}
	})
	return nil
}

// checkCapsules holds capsules to the credentials they seal, and to all names
// there are.
func (s *State) checkCapsules(capsules []Capsule, variants []VariantIssue) error {
	want := []string{""}
	if len(variants) > 0 {
		want = append(want, Full)
	}
	for _, v := range variants {
		want = append(want, v.Name)
	}
	if len(capsules) != len(want) {
		return fmt.Errorf("%d capsules, where its variants make it %d", len(capsules), len(want))
	}
	for i, c := range capsules {
		if c.Variant != want[i] {
			return fmt.Errorf("capsules[%d] is not for the variant that belongs there", i)
		}
		if s.capsules[c.Name] || slices.ContainsFunc(capsules[:i], func(b Capsule) bool { return b.Name == c.Name }) {
			return fmt.Errorf("capsules[%d] has a name that is taken", i)
		}
	}
	return nil
}

func (s *State) applyWithdraw(e *WithdrawEvent, j *journal) error {
	r, err := s.own(e.Award, e.Credential, "a withdrawal")
	switch {
	case err != nil:
		return err
	case r.Capsules == nil && r.Visibility != Public:
		return fmt.Errorf("credential %s is withdrawn, but was never sealed, nor public", r.Credential)
	case !r.Withdrawn.IsZero():
		return fmt.Errorf("credential %s is withdrawn a second time", r.Credential)
	}
	r.Withdrawn = e.Date
	j.add(func() { r.Withdrawn = time.Time{} })
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
	if ev.Merged > 0 {
		s.mergeList(ev, j)
		return nil
	}
	e := ev.List
	bits := new(bitmap)
	if l := s.lists[e.List]; l != nil {
		bits = &l.set
		if e.Pairs {
			bits = l.set.or(l.partners())
		}
	}
	set := len(e.Kept) + bits.count()
	if l := s.lists[e.List]; l != nil {
		if l.profile != e.Profile {
			return fmt.Errorf("list %d is signed for another profile than it was begun for", e.List)
		}
		if l.frozen && !e.Frozen {
			return fmt.Errorf("list %d is frozen, and is signed as one that is not", e.List)
		}
		for _, index := range e.Kept {
			if bits.get(index) || l.used.get(index) {
				return fmt.Errorf("index %d of list %d is kept, but is known already", index, e.List)
			}
		}
	}
	if e.Set != set {
		return fmt.Errorf("list %d is signed with %d bits set, but %d are", e.List, e.Set, set)
	}
	l := s.list(e.List, s.word(e.Profile), j)
	if j != nil {
		signed, at, latest, seq, until, old, frozen, merged, token := l.signed, l.signedAt, l.latest, l.seq, l.until, l.pos, l.frozen, l.merged, l.token
		j.add(func() {
			l.signed, l.signedAt, l.latest, l.seq, l.until, l.pos, l.frozen, l.merged, l.token = signed, at, latest, seq, until, old, frozen, merged, token
			for _, index := range e.Kept {
				l.set.put(index, false)
			}
		})
	}
	l.frozen, l.signed, l.token = e.Frozen, *bits, e.Token != ""
	for _, index := range e.Kept {
		l.set.put(index, true)
		l.signed.put(index, true)
	}
	l.signedAt, l.seq, l.until, l.pos, l.merged = ev.Time, ev.Seq, e.ValidUntil, pos, time.Time{}
	if ev.Time.After(l.latest) {
		l.latest = ev.Time
	}
	return nil
}

// list returns list n, opened for a profile when it is new.
func (s *State) list(n int, profile string, j *journal) *list {
	l := s.lists[n]
	if l == nil {
		l = &list{profile: profile}
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

// formatsOf are an event's, one copy of all that are the same.
func (s *State) formatsOf(e *IssueEvent) []string {
	var formats []string
	for _, d := range e.Documents {
		if d.Variant == "" {
			formats = append(formats, d.Format)
		}
	}
	name := strings.Join(formats, "\n")
	if s.formats[name] == nil {
		s.formats[name] = formats
	}
	return s.formats[name]
}

// follows tells whether an event is the next one of the chain.
func (s *State) follows(ev *Event) error {
	prev := [2 * sha256.Size]byte([]byte(zeroPrev))
	if s.seq > 0 {
		hex.Encode(prev[:], s.hash[:])
	}
	switch {
	case ev.Seq <= s.seq:
		return &mergeError{ev.Seq}
	case ev.Seq != s.seq+1:
		return fmt.Errorf("event %d follows event %d: what was between them is missing", ev.Seq, s.seq)
	case ev.Prev != string(prev[:]):
		return fmt.Errorf("event %d does not follow the line before it: prev is %s, that line's hash is %s", ev.Seq, abbreviate(ev.Prev), abbreviate(string(prev[:])))
	case ev.Time.Before(s.time) && ev.Type != TypeClock && ev.Merged == 0:
		return fmt.Errorf("event %d is dated %s, earlier than the event before it, %s", ev.Seq, stamp(ev.Time), stamp(s.time))
	}
	return nil
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }
