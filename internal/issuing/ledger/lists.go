package ledger

import (
	"math/bits"
	"slices"
	"time"
)

// ListLength is the number of entries of a status list (Bitstring Status List
// v1.0, "BitstringStatusListCredential": at least 131,072).
const ListLength = 131072

// bitmap is one bit for each entry of a list.
type bitmap [ListLength / 64]uint64

func (b *bitmap) get(i int) bool { return b[i/64]>>(i%64)&1 == 1 }

func (b *bitmap) put(i int, v bool) {
	if v {
		b[i/64] |= 1 << (i % 64)
	} else {
		b[i/64] &^= 1 << (i % 64)
	}
}

// or returns b with the bits of other added.
func (b bitmap) or(other *bitmap) *bitmap {
	for w := range b {
		b[w] |= other[w]
	}
	return &b
}

// ones returns the positions of set bits, ascending; nil for none.
func (b *bitmap) ones() []int {
	var is []int
	for w, word := range b {
		for ; word != 0; word &= word - 1 {
			is = append(is, w*64+bits.TrailingZeros64(word))
		}
	}
	return is
}

func (b *bitmap) count() int {
	n := 0
	for _, word := range b {
		n += bits.OnesCount64(word)
	}
	return n
}

// Partner is the index whose bit stands where some readers look for that of index i,
// and the other way round. The standard counts the bits of a byte from the highest
// (Bitstring Status List v1.0, "Bitstring Encoding"); LearnCard and trustbloc's
// library count from the lowest. So both indexes are one credential's, and both bits
// are set: whoever reads the list in either way sees the same.
func Partner(i int) int { return i ^ 7 }

// list is the state of one status list: 64 KiB, whatever it holds.
type list struct {
	profile  string // whose it is; empty: the issuer's
	issued   int
	used     bitmap // indexes that are named by a credential
	tied     bitmap // of these, those whose partner is named by another, though both are to be told by both bits
	set      bitmap // bits that are set now, without their partners'
	signed   bitmap // bits that the newest signed list has set
	signedAt time.Time
	latest   time.Time // that it was ever signed at: later than signedAt once a wrong clock was set right
	seq      int64     // of the newest signed list's event
	until    time.Time // of the newest signed list; zero: no end
	pos      Position
	frozen   bool
	token    bool      // the newest signed list has one
	merged   time.Time // of the newest list that was taken in from another copy since; zero: none
}

// partners are the bits that are set beside set: the partner of each that a
// credential names, unless another one names that.
func (l *list) partners() *bitmap {
	var p bitmap
	for w := range p {
		p[w] = bits.ReverseBytes64(bits.Reverse64(l.set[w]&l.used[w])) &^ (l.used[w] &^ l.tied[w]) &^ l.set[w]
	}
	return &p
}

// ListState is a status list: what it should say, and what it says.
type ListState struct {
	List    int    // its number
	Profile string // whose it is; empty: the issuer's
	Issued  int    // indexes that are named by a credential
	// Set and SignedSet are the indexes whose bit is set now, and in the newest
	// signed list; ascending. Partners are those of Set that are so only since their
	// partner is.
	Set       []int
	SignedSet []int
	Partners  []int
	// Changed tells that they differ, or that another copy of the ledger signed the
	// list, too, so that neither says what both decided.
	Changed  bool
	Merged   bool      // the latter
	SignedAt time.Time // zero: never signed
	Seq      int64     // of the newest signed list's event
	// ValidUntil is that of the newest signed list; zero: it has no end.
	ValidUntil time.Time
	Pos        Position // of the newest signed list's event
	// Frozen tells that no index of the list is given any more: some may be
	// given of which nobody knows. Set then holds bits of no record, too.
	Frozen bool
	// Token tells that it was signed as a token, too, the last time or, in another copy
	// of the ledger, since.
	Token bool
}

// Lists returns every list that has a credential or was signed, by number.
func (s *State) Lists() []ListState {
	states := make([]ListState, 0, len(s.lists))
	for n, l := range s.lists {
		partners := l.partners()
		set := l.set.or(partners)
		states = append(states, ListState{
			List: n, Profile: l.profile, Issued: l.issued,
			Set: set.ones(), SignedSet: l.signed.ones(), Partners: partners.ones(),
			Changed: *set != l.signed || !l.merged.IsZero(), Merged: !l.merged.IsZero(), SignedAt: l.signedAt, Seq: l.seq, ValidUntil: l.until, Pos: l.pos,
			Frozen: l.frozen, Token: l.token,
		})
	}
	slices.SortFunc(states, func(a, b ListState) int { return a.List - b.List })
	return states
}

// Used tells whether an index of a list is named by a credential, or is outside
// the list. It stays taken for ever.
func (s *State) Used(list, index int) bool {
	if index < 0 || index >= ListLength {
		return true
	}
	l := s.lists[list]
	return l != nil && l.used.get(index)
}

// Bits are the places whose bits are set when a record is not active: the indexes that
// its credentials name, and their partners, except where a list gave those to others
// before they were given out together.
func (s *State) Bits(r *Record) []Entry {
	var all []Entry
	for _, e := range r.Entries() {
		all = append(all, e)
		p := Partner(e.Index)
		if l := s.lists[e.List]; !l.used.get(p) || l.tied.get(p) {
			all = append(all, Entry{e.Credential, e.List, p})
		}
	}
	return all
}
