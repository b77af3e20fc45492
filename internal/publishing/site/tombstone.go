package site

import (
	"cmp"
	"fmt"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/ledger"
	"laurel/internal/standards/vc"
)

// tombstone plans what is left of a credential that had a page: a page in the same
// place, with nothing of what was signed but the credential's id. shared is the
// digest of what every award page shows.
func (p *Layout) tombstone(rec *ledger.Record, shared [32]byte) {
	parts := []any{string(Tombstone), rec.Pos.Hash[:], shared[:], rec.Withdrawn.String(), rec.StatusSince.String()}
	if next := p.successor(rec); next != nil {
		parts = append(parts, next.Pos.Hash[:])
	}
	p.add(Output{Path: model.AwardFolder(rec.Credential) + "index.html", Kind: Tombstone, Record: rec, Fingerprint: digest(parts...)})
}

// TombstonePage is the page in the place of a public award that was replaced or
// withdrawn. It names the newer credential only where it cannot tie two names
// together: both were public when they were signed, and say the same name, or
// neither says one. Its errors are those of Input.Document.
func (p *Layout) TombstonePage(o Output) (*TombstonePage, error) {
	rec := o.Record
	t := &TombstonePage{Common: p.common(o.Path, "", ""), CredentialID: rec.Credential, State: "withdrawn", Since: rec.Withdrawn}
	t.NoIndex = true
	if !rec.Withdrawn.IsZero() {
		return t, nil
	}
	t.State, t.Since = "replaced", rec.StatusSince
	next := p.successor(rec)
	if next == nil {
		return t, nil
	}
	var err error
	t.ReplacedHref, err = p.leads(t.Root, rec, next)
	return t, err
}

// leads is the way from a credential's page to that of its successor; empty where the two
// do not say the same name, since it would tie them together.
func (p *Layout) leads(root string, rec, next *ledger.Record) (string, error) {
	was, err1 := p.nameIn(rec)
	is, err2 := p.nameIn(next)
	if err := cmp.Or(err1, err2); err != nil || was != is {
		return "", err
	}
	return root + model.AwardFolder(next.Credential), nil
}

// renewal says on the page of a public award that another one renews it, or that it
// renews one that was public as well.
func (p *Layout) renewal(a *AwardPage, rec *ledger.Record) (err error) {
	before := p.in.State.ByCredential(rec.Replaces)
	a.IsRenewal = rec.Renewal != "" && before != nil && public(before) && public(rec)
	next := p.successor(rec)
	if next == nil {
		return nil
	}
	a.Renewed = next.Awarded
	a.RenewedHref, err = p.leads(a.Root, rec, next)
	return err
}

// successor is the credential that a replaced or renewed one may lead to, nil for none: its
// award's newest, where that has a page and both were signed as public ones.
func (p *Layout) successor(rec *ledger.Record) *ledger.Record {
	next := p.in.State.Record(rec.Award)
	if rec.ReplacedBy == "" || !rec.Withdrawn.IsZero() || !public(rec) || !public(next) || !p.shown(next) {
		return nil
	}
	return next
}

// nameIn is the name that a credential was signed with.
func (p *Layout) nameIn(rec *ledger.Record) (string, error) {
	b, err := p.in.Document(rec)
	if err != nil {
		return "", fmt.Errorf("read credential %s: %w", rec.Credential, err)
	}
	c, err := vc.Parse(b)
	if err != nil {
		return "", fmt.Errorf("read credential %s: %w", rec.Credential, err)
	}
	return recipientName(c), nil
}
