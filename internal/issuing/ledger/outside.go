package ledger

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"laurel/internal/standards/tlog"
)

// Mark is what was once known of the newest event, kept outside of the ledger.
type Mark struct {
	Seq  int64     `json:"seq"`
	Hash string    `json:"hash"` // of its line, lower-case hex
	Time time.Time `json:"time,omitzero"`
	// Credentials counts the records, replaced ones too, and Decisions the events
	// about one: revoked, suspended, reinstated, withdrawn.
	Credentials int `json:"credentials"`
	Decisions   int `json:"decisions"`
	// Checkpoint is the newest signed head; empty when there is none.
	Checkpoint string `json:"checkpoint,omitzero"`
}

// Mark is that of the newest event.
func (s *State) Mark() Mark {
	seq, hash, at := s.Head()
	return Mark{Seq: seq, Hash: hash, Time: at, Credentials: len(s.records), Decisions: s.decisions, Checkpoint: s.log.Checkpoint}
}

// Seen is what one place outside of the ledger shows of it.
type Seen struct {
	Where string // as messages name it: ".laurel/head.json", "public/", a URL
	// Mark is the zero Mark where the place does not know one.
	Mark Mark
	// Checkpoint is a published head; empty where there is none.
	Checkpoint string
	// Credentials are ids, and Capsules names, of what is published.
	Credentials, Capsules []string
	Lists                 []SeenList
	Keys                  []SeenKey
}

// SeenList is a published status list.
type SeenList struct {
	List      int
	ValidFrom time.Time
	Set       []int // indexes whose bit is set
}

// SeenKey is a published key.
type SeenKey struct {
	Kid, PublicKeyMultibase string
	Revoked                 bool
}

// Empty tells that nothing is known there.
func (s Seen) Empty() bool {
	return s.Mark.Seq == 0 && s.Checkpoint == "" && len(s.Credentials)+len(s.Capsules)+len(s.Lists)+len(s.Keys) == 0
}

// Lag is how a ledger differs from what is known of it.
type Lag string

// The kinds of lag.
const (
	Lost   Lag = "lost"   // there are no events at all
	Behind Lag = "behind" // events are missing at its end
	Forked Lag = "forked" // its events are others, from some event on
)

// OutsideError says that the ledger is neither what is known of it outside nor a
// continuation of that: going on would take back what was done, or do it twice.
type OutsideError struct {
	Lag   Lag
	Where []string // the places that know more
	// Since is the time of the ledger's newest event; zero: it has none.
	Since time.Time
	// What is missing, at least. Published are credentials and capsules on the site
	// that the ledger never issued, Lists status lists that are behind.
	Events                                         int64
	Credentials, Decisions, Published, Keys, Lists int
}

func (e *OutsideError) Error() string {
	var b strings.Builder
	tell := " tells of"
	if len(e.Where) > 1 {
		tell = " tell of"
	}
	b.WriteString("content/ledger/ is " + map[Lag]string{
		Lost:   "gone or empty, and not what ",
		Behind: "older than what ",
		Forked: "another ledger, or has another history, than what ",
	}[e.Lag] + strings.Join(e.Where, " and ") + tell)
	var missing []string
	count := func(n int64, one, more string) {
		switch {
		case n == 1:
			missing = append(missing, "1 "+one)
		case n > 1:
			missing = append(missing, fmt.Sprintf("%d %s", n, more))
		}
	}
	count(e.Events, "event", "events")
	count(int64(e.Credentials), "credential", "credentials")
	count(int64(e.Decisions), "revocation or other decision", "revocations or other decisions")
	count(int64(e.Published), "published credential that it never issued", "published credentials that it never issued")
	count(int64(e.Keys), "key or revocation of a key", "keys or revocations of keys")
	count(int64(e.Lists), "newer status list", "newer status lists")
	if len(missing) > 0 {
		b.WriteString("; missing are at least " + strings.Join(missing, ", "))
		if e.Lag == Behind {
			b.WriteString(", since " + stamp(e.Since))
		}
	}
	return b.String()
}

// Hint says what to try.
func (e *OutsideError) Hint() string {
	ways := "bring the newest content/ledger/ back: git pull, or restore it from git or a backup; if two people signed: laurel ledger merge OTHER; if it is lost: laurel ledger adopt public"
	if slices.Contains(e.Where, ".laurel/head.json") {
		return ways
	}
	return ways + "; if this site was never published: remove public/"
}

// Unknown is what of seen credentials and capsules the ledger never issued; its other
// fields are as in seen.
func (s *State) Unknown(seen Seen) Seen {
	seen.Credentials = slices.DeleteFunc(slices.Clone(seen.Credentials), func(id string) bool { return s.byCredential[id] != nil })
	seen.Capsules = slices.DeleteFunc(slices.Clone(seen.Capsules), func(name string) bool { return s.capsules[name] })
	return seen
}

// mark is the number of the event whose line is to be compared.
func (o Options) mark() int64 {
	for _, s := range o.Seen {
		if s.Mark.Seq > 0 {
			return s.Mark.Seq
		}
	}
	return 0
}

// lost refuses a ledger that has no segment at all before its folder is made.
func (o Options) lost(dir string) error {
	if names, err := filepath.Glob(filepath.Join(dir, "*"+segmentExt)); err != nil || len(names) > 0 || o.FS != nil {
		return nil
	}
	return newState(0).against(o.Seen)
}

// Against compares the ledger with what is known of it outside, after opening it:
// as Options.Seen does, but for a Mark, which is passed over.
func (s *State) Against(seen Seen) error {
	seen.Mark = Mark{}
	return s.against([]Seen{seen})
}

// against returns an *OutsideError where the ledger is not a continuation of what
// was seen.
func (s *State) against(seen []Seen) error {
	e := &OutsideError{Lag: Behind}
	if s.seq > 0 {
		e.Since = s.time
	} else {
		e.Lag = Lost
	}
	for _, o := range seen {
		if o.Empty() {
			continue
		}
		before := *e
		s.againstMark(o.Mark, e)
		s.againstCheckpoint(o.Checkpoint, e)
		s.againstPublished(o, e)
		if e.Events != before.Events || e.Credentials != before.Credentials || e.Decisions != before.Decisions ||
			e.Published != before.Published || e.Keys != before.Keys || e.Lists != before.Lists || e.Lag != before.Lag {
			e.Where = append(e.Where, o.Where)
		}
	}
	if e.Where == nil {
		return nil
	}
	return e
}

func (s *State) againstMark(m Mark, e *OutsideError) {
	switch {
	case m.Seq == 0, s.knows(m.Seq, m.Hash):
		return
	case s.seq >= m.Seq && e.Lag != Lost:
		e.Lag = Forked
	}
	e.Events = max(e.Events, m.Seq-s.seq, 1)
	e.Credentials = max(e.Credentials, m.Credentials-len(s.records))
	e.Decisions = max(e.Decisions, m.Decisions-s.decisions)
}

// knows tells whether a line is one of the ledger's, or of a copy that was
// merged into it.
func (s *State) knows(seq int64, hash string) bool {
	return s.marked == hash || s.HasMerged(Mark{Seq: seq, Hash: hash})
}

func (s *State) againstPublished(o Seen, e *OutsideError) {
	unknown := s.Unknown(o)
	published := len(unknown.Credentials) + len(unknown.Capsules)
	keys := 0
	for _, k := range o.Keys {
		own := s.key(k.Kid)
		if own == nil || own.PublicKeyMultibase != k.PublicKeyMultibase || k.Revoked && own.Revoked.IsZero() {
			keys++
		}
	}
	lists, decisions := 0, 0
	for _, l := range o.Lists {
		bits := s.unexplained(l)
		if own := s.lists[l.List]; own == nil || l.ValidFrom.After(own.latest) && l.ValidFrom.After(own.merged) || bits > 0 {
			lists++
		}
		decisions += bits
	}
	e.Published, e.Keys, e.Lists = max(e.Published, published), max(e.Keys, keys), max(e.Lists, lists)
	e.Decisions = max(e.Decisions, decisions)
}

// unexplained counts what has a bit in a published list that the ledger does not
// set, though nobody reinstated it: an award with its variants once, and each index
// or pair of them that was never given.
func (s *State) unexplained(l SeenList) int {
	own := s.lists[l.List]
	if own == nil {
		return len(l.Set)
	}
	missing, set := map[int]bool{}, own.set.or(own.partners())
	for _, i := range l.Set {
		if i < 0 || i >= ListLength || !set.get(i) {
			missing[i] = true
		}
	}
	if len(missing) == 0 {
		return 0
	}
	awards := 0
	for _, r := range s.records {
		hit := false
		for _, e := range s.Bits(r) {
			if e.List == l.List && missing[e.Index] {
				hit = true
				delete(missing, e.Index)
			}
		}
		if hit && (r.Status != Active || r.StatusSince.IsZero()) {
			awards++
		}
	}
	for i := range missing {
		if i > Partner(i) && missing[Partner(i)] {
			delete(missing, i)
		}
	}
	return awards + len(missing)
}

// againstCheckpoint looks for a published head among those that were signed, since
// no other is ever published. One of a log that was taken over is known by its
// size.
func (s *State) againstCheckpoint(checkpoint string, e *OutsideError) {
	if checkpoint == "" {
		return
	}
	seen, err := tlog.StatedHead(checkpoint)
	if err == nil && (seen.Size <= s.log.Adopted || s.signed(seen)) {
		return
	}
	if err == nil && seen.Size <= s.log.Size && e.Lag != Lost {
		e.Lag = Forked
	}
	e.Events = max(e.Events, 1)
}

// signed tells whether a head is one of the ledger's, or of a copy that was merged
// into it.
func (s *State) signed(head tlog.Head) bool {
	return slices.ContainsFunc(s.heads, func(h Head) bool { return h.Head == head }) ||
		slices.ContainsFunc(s.merges, func(m MergeEvent) bool {
			known, err := tlog.StatedHead(m.Checkpoint)
			return err == nil && known == head
		})
}
