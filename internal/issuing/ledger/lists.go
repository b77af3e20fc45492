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

// list is the state of one status list: 48 KiB, whatever it holds.
type list struct {
	issued   int
	used     bitmap // indexes that belong to a credential
	set      bitmap // bits that are set now
	signed   bitmap // bits that the newest signed list has set
	signedAt time.Time
	latest   time.Time // that it was ever signed at: later than signedAt once a wrong clock was set right
	seq      int64     // of the newest signed list's event
	until    time.Time // of the newest signed list; zero: no end
	pos      Position
	frozen   bool
	merged   time.Time // of the newest list that was taken in from another copy since; zero: none
}

// ListState is a status list: what it should say, and what it says.
type ListState struct {
	List   int // its number
	Issued int // indexes taken
	// Set and SignedSet are the indexes whose bit is set now, and in the newest
	// signed list; ascending.
	Set       []int
	SignedSet []int
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
}

// Lists returns every list that has a credential or was signed, by number.
func (s *State) Lists() []ListState {
	states := make([]ListState, 0, len(s.lists))
	for n, l := range s.lists {
		states = append(states, ListState{
			List: n, Issued: l.issued,
			Set: l.set.ones(), SignedSet: l.signed.ones(),
			Changed: l.set != l.signed || !l.merged.IsZero(), Merged: !l.merged.IsZero(), SignedAt: l.signedAt, Seq: l.seq, ValidUntil: l.until, Pos: l.pos,
			Frozen: l.frozen,
		})
	}
	slices.SortFunc(states, func(a, b ListState) int { return a.List - b.List })
	return states
}

// Used tells whether an index of a list belongs to a credential, or is outside
// the list. It stays taken for ever.
func (s *State) Used(list, index int) bool {
	if index < 0 || index >= ListLength {
		return true
	}
	l := s.lists[list]
	return l != nil && l.used.get(index)
}
