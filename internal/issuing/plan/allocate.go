package plan

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"
	"slices"

	"github.com/google/uuid"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/ledger"
	"laurel/internal/standards/vc"
)

// fullAt is how many pairs of a list's entries are given out before the next list
// opens: at 3/4 a random one is still found at once, and still says nothing about the
// order of the awards.
const fullAt = vc.ListLength / 2 / 4 * 3

// allocate draws the ids, salts and status indexes of what is to be issued.
// Indexes are random and never used twice (Bitstring Status List v1.0,
// "Privacy Considerations": random allocation). With each goes its partner, see
// ledger.Partner: nobody else is given that. A variant's are drawn like any
// other award's, so that nothing shows which credentials belong together.
func (p *Plan) allocate(s *ledger.State, random io.Reader) error {
	if len(p.Issue)+len(p.Endorse) == 0 {
		return nil
	}
	last := 0 // of all lists, those of this plan, too
	for _, l := range s.Lists() {
		last = max(last, l.List)
	}
	if err := p.allocateAwards(newAllocator(s, random, "", &last)); err != nil {
		return err
	}
	return p.allocateEndorsements(s, random, &last)
}

func (p *Plan) allocateAwards(a *allocator) error {
	for _, i := range p.Issue {
		var err error
		if i.List, i.Index, err = a.next(); err != nil {
			return err
		}
		if i.CredentialID, i.salts, err = a.identity(); err != nil {
			return err
		}
		if i.Award.Recipient.ID == "" && p.needsSubject(i.Award) {
			if i.subject, err = a.urn(); err != nil {
				return err
			}
		}
		for _, name := range i.Award.Variants {
			v := &Variant{Name: name}
			if v.List, v.Index, err = a.next(); err != nil {
				return err
			}
			if v.CredentialID, v.salts, err = a.identity(); err != nil {
				return err
			}
			if v.subject, err = a.urn(); err != nil {
				return err
			}
			i.Variants = append(i.Variants, v)
		}
	}
	return nil
}

// needsSubject tells whether one of an award's forms needs an id of the recipient.
func (p *Plan) needsSubject(a *model.Award) bool {
	return slices.ContainsFunc(p.FormsOf(a), func(f Form) bool {
		form, _ := model.FormOf(f.Format)
		return form.Subject
	})
}

// identity draws a credential's id and salts.
func (a *allocator) identity() (string, salts, error) {
	id, err := a.urn()
	if err != nil {
		return "", salts{}, err
	}
	var salt [16]byte
	if _, err := io.ReadFull(a.random, salt[:]); err != nil {
		return "", salts{}, fmt.Errorf("draw a salt: %w", err)
	}
	return id, salts{email: base64.RawURLEncoding.EncodeToString(salt[:])}, nil
}

// urn draws a urn:uuid: of random bits (RFC 9562, section 5.4).
func (a *allocator) urn() (string, error) {
	id, err := uuid.NewRandomFromReader(a.random)
	if err != nil {
		return "", fmt.Errorf("draw an id: %w", err)
	}
	return id.URN(), nil
}

// allocator hands out indexes of a profile's newest list, and opens the next one
// when that is full.
type allocator struct {
	state  *ledger.State
	random io.Reader
	last   *int         // the highest number of a list
	list   int          // the list in use; 0: none yet
	issued int          // of its pairs, those given out
	taken  map[int]bool // of its entries, those given out by this plan, with their partners
}

// newAllocator takes the newest list of a profile, unless that is frozen.
func newAllocator(s *ledger.State, random io.Reader, profile string, last *int) *allocator {
	a := &allocator{state: s, random: random, last: last, taken: map[int]bool{}}
	frozen := frozenLists(s)
	for _, l := range s.Lists() {
		switch {
		case l.Profile != profile:
		case frozen[l.List]:
			a.list, a.issued = 0, 0
		default:
			a.list, a.issued = l.List, l.Issued
		}
	}
	return a
}

// frozenLists are those that may have indexes of which nobody knows: none is drawn
// from them any more. One of which there is nothing but credentials that were
// adopted is frozen as well.
func frozenLists(s *ledger.State) map[int]bool {
	frozen := map[int]bool{}
	lost := map[int]bool{}
	for _, l := range s.Lists() {
		frozen[l.List], lost[l.List] = l.Frozen, l.SignedAt.IsZero()
	}
	for r := range s.Records() {
		if r.Adopted {
			frozen[r.List] = frozen[r.List] || lost[r.List]
			for _, v := range r.Variants {
				frozen[v.List] = frozen[v.List] || lost[v.List]
			}
		}
	}
	return frozen
}

func (a *allocator) next() (list, index int, err error) {
	if a.list == 0 || a.issued >= fullAt {
		*a.last++
		a.list, a.issued = *a.last, 0
		clear(a.taken)
	}
	for {
		i, err := a.draw()
		if err != nil {
			return 0, 0, fmt.Errorf("draw a status index: %w", err)
		}
		partner := ledger.Partner(i)
		if a.taken[i] || a.state.Used(a.list, i) || a.state.Used(a.list, partner) {
			continue
		}
		a.taken[i], a.taken[partner] = true, true
		a.issued++
		return a.list, i, nil
	}
}

// draw returns a uniform index: ListLength is a power of two, so no bit is
// favoured.
func (a *allocator) draw() (int, error) {
	var b [4]byte
	if _, err := io.ReadFull(a.random, b[:]); err != nil {
		return 0, err
	}
	return int(binary.BigEndian.Uint32(b[:]) % vc.ListLength), nil
}
