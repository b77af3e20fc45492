package ledger

import (
	"encoding/hex"
	"iter"
	"slices"
	"time"
)

// State is what the events add up to: which award has which credential, which
// indexes are taken, which bits are set, which keys there are. It holds no
// documents: about 700 bytes an award, its strings included, and 80 more a capsule.
//
// A State is not safe for use beside Writer.Append, which changes it.
type State struct {
	seq   int64
	hash  [32]byte
	time  time.Time
	wrong time.Time // see WrongUntil

	records      []*Record
	byAward      map[string]*Record // the newest of each award
	byCredential map[string]*Record // the ids of variants, too
	capsules     map[string]bool    // names
	lists        map[int]*list
	keys         []*KeyState
	words        map[string]string   // visibilities, one copy each
	formats      map[string][]string // those of records, one copy each
	log          LogState
	merges       []MergeEvent
	sharers      map[[2]int][]*Record // by list and index: records that were given the same one
	sharing      map[*Record]bool     // those records
	heads        []Head
	last         Position // of the newest event
	decisions    int      // events about a record, after it was issued
	moots        []string // of a merge: what it had no effect on
	mark         int64    // an event's number, and the hash of its line, once it was read
	marked       string
}

func newState(mark int64) *State {
	return &State{
		mark:         mark,
		byAward:      map[string]*Record{},
		byCredential: map[string]*Record{},
		capsules:     map[string]bool{},
		lists:        map[int]*list{},
		words:        map[string]string{},
		formats:      map[string][]string{},
		sharers:      map[[2]int][]*Record{},
		sharing:      map[*Record]bool{},
	}
}

// Status is what a credential is worth now.
type Status string

// The statuses. The bit of a credential in its status list is set unless it is
// active.
const (
	Active    Status = "active"
	Revoked   Status = "revoked"
	Suspended Status = "suspended"
)

// Record is one issued credential, with its variants. Its fields are to be
// read, not changed.
type Record struct {
	Award      string
	Credential string
	List       int
	Index      int
	Visibility string
	Profile    string // who issued it; empty: the issuer
	Content    string
	Formats    []string // of the full credential's documents, in their order
	IssuedAt   time.Time
	Seq        int64     // of the event
	ValidUntil time.Time // zero: does not expire
	Status     Status
	// The newest decision; zero while there was none.
	StatusReason string
	StatusSince  time.Time
	StatusPublic bool
	// Reissuing tells that it was revoked for a credential that has yet to come:
	// the run was cut off between the two.
	Reissuing bool
	// Misdated tells that it bears a date in the future, which the clock had
	// wrong: a ClockEvent after it says so.
	Misdated   bool
	Adopted    bool   // entered as it was found
	Replaces   string // credential id, or empty
	ReplacedBy string // credential id, or empty
	// Renewal and Awarded are IssueEvent's. Kept tells that the one in ReplacedBy renews
	// this one and lets it be until it ends.
	Renewal string
	Awarded time.Time
	Kept    bool
	Pos     Position
	// Variants are its further credentials; their status is Status.
	Variants   []VariantIssue
	Definition string // of its achievement, as it was then
	// Evidence are the files of its evidence.
	Evidence []EvidenceFile
	// Certificate is what was set for its certificate, as in IssueEvent.
	Certificate string
	// Capsules are the names under which it is sealed, in the order of its
	// capsule event, the learner's own first; nil: it is not sealed.
	Capsules []string
	// Twice tells that the award had a credential when this one was taken in from
	// another copy of the ledger: ReplacedBy is that one, and this is to be revoked.
	Twice      bool
	merged     bool     // taken in from another copy
	decided    int64    // event of the newest decision; 0: none, or it was taken in
	CapsulePos Position // of the capsule event
	// Withdrawn is when it was taken off the site; zero: never.
	Withdrawn time.Time
}

// Replaced tells that another credential has taken its place: it is there no more, while
// one that was renewed and kept is.
func (r *Record) Replaced() bool { return r.ReplacedBy != "" && !r.Kept }

// Entry is a credential's place in the status lists.
type Entry struct {
	Credential  string
	List, Index int
}

// Entries are those of the full credential and of its variants.
func (r *Record) Entries() []Entry {
	all := make([]Entry, 1, 1+len(r.Variants))
	all[0] = Entry{r.Credential, r.List, r.Index}
	for _, v := range r.Variants {
		all = append(all, Entry{v.Credential, v.List, v.Index})
	}
	return all
}

// KeyState is what the ledger knows of a key.
type KeyState struct {
	Kid                string
	PublicKeyMultibase string
	Profile            string // whose it is; empty: the issuer's
	Added              time.Time
	Retired            time.Time // zero: not retired
	Revoked            time.Time // zero: not revoked
	RevokedReason      string
	// RevokedSeq is the event that revoked it; what was issued under the key
	// by events before that one is the issuer's.
	RevokedSeq int64
}

// Head returns the newest event's seq, hash (hex, of its line) and time. An
// empty ledger has 0, 64 zeros and the zero Time.
func (s *State) Head() (seq int64, hash string, at time.Time) {
	if s.seq == 0 {
		return 0, zeroPrev, time.Time{}
	}
	return s.seq, hex.EncodeToString(s.hash[:]), s.time
}

// Record returns the credential of an award that no other replaces, whatever
// its status; nil when the award was never issued.
func (s *State) Record(award string) *Record { return s.byAward[award] }

// ByCredential returns the record of a credential id, a variant's too, or nil.
func (s *State) ByCredential(id string) *Record { return s.byCredential[id] }

// Records goes through all credentials, replaced ones too, in ledger order.
func (s *State) Records() iter.Seq[*Record] {
	return func(yield func(*Record) bool) {
		for _, r := range s.records {
			if !yield(r) {
				return
			}
		}
	}
}

// Earlier are the credentials that an award had before, the newest first.
func (s *State) Earlier(r *Record) []*Record {
	var list []*Record
	for before := s.byCredential[r.Replaces]; before != nil; before = s.byCredential[before.Replaces] {
		list = append(list, before)
	}
	return list
}

// Kept are those of Earlier that were renewed and are still there beside the newest.
func (s *State) Kept(r *Record) []*Record {
	return slices.DeleteFunc(s.Earlier(r), (*Record).Replaced)
}

// Superseded are the credentials that were renewed, to be revoked by that, and are not: a
// run was cut off between the two.
func (s *State) Superseded() []*Record {
	var list []*Record
	for _, r := range s.records {
		if r.Replaced() && !r.Twice && r.Status != Revoked && s.byCredential[r.ReplacedBy].Renewal == RenewalSupersede {
			list = append(list, r)
		}
	}
	return list
}

// Formats are those of all documents of full credentials, in no order.
func (s *State) Formats() []string {
	var all []string
	for _, r := range s.records {
		for _, f := range r.Formats {
			if !slices.Contains(all, f) {
				all = append(all, f)
			}
		}
	}
	return all
}

// Len is the number of records, replaced ones too.
func (s *State) Len() int { return len(s.records) }

// Keys returns the keys in the order they were added.
func (s *State) Keys() []KeyState {
	keys := make([]KeyState, len(s.keys))
	for i, k := range s.keys {
		keys[i] = *k
	}
	return keys
}

func (s *State) key(kid string) *KeyState {
	for _, k := range s.keys {
		if k.Kid == kid {
			return k
		}
	}
	return nil
}
