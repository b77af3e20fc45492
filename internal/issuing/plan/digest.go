package plan

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
)

// Digest is "sha256:" and the hex digest of everything in the plan that a
// person reviews: issuer, key, forms, awards with their content and variants, awards
// to be sealed, records to be revoked, status lists with their bits, key events, whether the log's head is signed. Ids, indexes, salts,
// capsules' names and keys, and times, which are new with each plan, stay out, so the digest of a reviewed plan is that of
// the plan that is signed later, as long as nothing else has changed.
func (p *Plan) Digest() string {
	h := sha256.New()
	line(h, "laurel plan 1", p.DID, p.Key.Kid, p.Key.PublicKeyMultibase)
	for _, f := range p.Site.Sign.Formats {
		line(h, "format", f)
	}
	for _, f := range p.Forms[min(1, len(p.Forms)):] {
		line(h, "form", f.Format, f.Key.Kid, f.Key.PublicKeyMultibase)
	}
	for _, k := range p.KeyEvents {
		line(h, "key", k.Kid, k.Action, k.PublicKeyMultibase)
	}
	p.digestEndorsements(h)
	for _, i := range p.Issue {
		fields := []string{"issue", i.Award.Key.String(), string(i.Award.Visibility), i.Content, i.Replaces, fmt.Sprint(i.Revoke != nil)}
		for _, f := range p.FormsOf(i.Award)[1:] {
			fields = append(fields, f.Format)
		}
		if i.Renewal != "" {
			fields = append(fields, "renewal", i.Renewal)
		}
		if i.Holds != nil {
			fields = append(fields, "record", fmt.Sprint(i.Holds.Partial))
		}
		line(h, fields...)
	}
	for _, s := range p.Seal {
		line(h, "seal", s.Record.Award, s.Record.Credential)
	}
	for _, e := range p.Twice {
		line(h, "twice", e.Award, e.Credential)
	}
	for _, e := range p.Void {
		line(h, "void", e.Award, e.Credential)
	}
	for _, l := range p.Lists {
		line(h, "list", fmt.Sprint(l.List), fmt.Sprint(l.Set), fmt.Sprint(p.Site.Status.ValidFor))
	}
	if p.Head {
		line(h, "head")
	}
	return "sha256:" + hex.EncodeToString(h.Sum(nil))
}

// line writes fields unambiguously: each with its length before it.
func line(h hash.Hash, fields ...string) {
	for _, f := range fields {
		fmt.Fprintf(h, "%d:%s,", len(f), f)
	}
	h.Write([]byte{'\n'})
}
