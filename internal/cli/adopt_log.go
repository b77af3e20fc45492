package cli

import (
	"crypto/ed25519"
	"fmt"

	"laurel/internal/issuing/ledger"
	"laurel/internal/issuing/plan"
	"laurel/internal/material/hint"
	"laurel/internal/standards/did"
	"laurel/internal/standards/tlog"
)

// entries are those of the longest log that the issuer's keys have signed. They can
// only be the first of a ledger: where it has others, nothing is to be entered.
func (g *gathering) entries(keys []plan.PublicKey, s *ledger.State) ([]byte, error) {
	var public []ed25519.PublicKey
	for _, k := range keys {
		if key, err := did.DecodeKey(k.PublicKeyMultibase); err == nil {
			if key, ok := key.(ed25519.PublicKey); ok {
				public = append(public, key)
			}
		}
	}
	var best []byte
	var bad error
	seq, _, _ := s.Head()
	for _, l := range g.logs {
		tree, err := readLog(l.read, tlog.Origin(g.site.BaseURL), public)
		if err != nil {
			bad = fmt.Errorf("read the log of %s: %w; nothing was written", l.name, err)
			continue
		}
		checkpoint, _ := l.read("checkpoint") // it was read before
		if err := s.Against(ledger.Seen{Where: l.name, Checkpoint: string(checkpoint)}); seq > 0 && err != nil {
			return nil, hint.Errorf("so that the log goes on: move content/ledger/ away, to older-ledger for example, then laurel ledger adopt public older-ledger",
				"the log of %s has entries that the ledger has not, and they can only be the first of an empty ledger; nothing was written", l.name)
		}
		if int(tree.Size())*ledger.EntrySize > len(best) {
			best = best[:0]
			for i := range tree.Size() {
				e := tree.Entry(i)
				best = append(best, e[:]...)
			}
		}
	}
	if best == nil && bad != nil && seq == 0 {
		return nil, hint.Errorf("without its entries the log could never go on; if it is damaged for good, move public/log away", "%w", bad)
	}
	return best, nil
}

func readLog(read tlog.Reader, origin string, keys []ed25519.PublicKey) (*tlog.Tree, error) {
	checkpoint, err := read("checkpoint")
	if err != nil {
		return nil, fmt.Errorf("read the log's head: %w", err)
	}
	head, err := tlog.OpenCheckpoint(string(checkpoint), origin, keys)
	if err != nil {
		return nil, err
	}
	return tlog.ReadTree(head, read)
}
