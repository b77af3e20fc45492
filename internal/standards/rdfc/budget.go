package rdfc

import "sync/atomic"

// DefaultBudget is the work allowed when Options names no budget. The heaviest
// W3C test that is to pass ("poison - evil") needs a fiftieth of it, and
// using it up takes about a tenth of a second.
const DefaultBudget = 500_000

// A Budget limits the work of one or more calls, so that a document, its proof
// options and all its proofs together cannot cost more than one limit. A unit
// is some 0.2 microseconds: a quad looked at or a step of a permutation. It may
// be used from several goroutines.
type Budget struct {
	left atomic.Int64
}

// NewBudget returns a budget of the given number of units.
func NewBudget(units int64) *Budget {
	b := &Budget{}
	b.left.Store(units)
	return b
}

// Left tells how many units are not used yet; never negative.
func (b *Budget) Left() int64 {
	return max(0, b.left.Load())
}

// Spend takes units for work that is done beside canonicalisation. The error is
// ErrBudget when there are not as many left.
func (b *Budget) Spend(units int) error {
	if b.left.Add(-int64(units)) < 0 {
		return ErrBudget
	}
	return nil
}
