package verify

import (
	"context"
	"strings"

	"laurel/internal/standards/jsonld"
)

// linkage is whether a domain says that an issuer is its own.
type linkage struct{ linked bool }

func (linkage) size() int { return 256 }

// linked adds to what is known of an issuer that is a bare key: whether the
// domain that the credential gives for the issuer names the key as its own. An
// issuer named by a domain needs no such word, and neither does one in a register.
func (j *judgement) linked(ctx context.Context, issuerID string) {
	trust, _ := j.r.Check(IssuerTrust)
	if trust.Outcome != Warn || !isKeyName(issuerID) {
		return
	}
	issuer, _ := j.doc["issuer"].(map[string]any)
	origin, ok := originOf(stringOf(issuer, "url"))
	if !ok || !j.work.mayAsk(origin) {
		return
	}
	l, ok := j.v.links.get(ctx, issuerID+" "+origin, func(ctx context.Context) linkage {
		return linkage{j.v.findLinkage(ctx, origin, issuerID)}
	})
	if !ok || !l.linked {
		return
	}
	if looksLike(origin) {
		j.r.set(IssuerTrust, warn("issuer-lookalike", "host", quote(hostOf(origin))))
		return
	}
	j.r.set(IssuerTrust, warn("issuer-linked", "host", quote(hostOf(origin))))
}

// findLinkage looks for a DomainLinkageCredential of the issuer among those of
// an origin (Well Known DID Configuration, "Domain Linkage Credential").
func (v *Verifier) findLinkage(ctx context.Context, origin, issuerID string) bool {
	data, err := v.o.Load(ctx, origin+"/.well-known/did-configuration.json")
	if err != nil {
		return false
	}
	doc, err := jsonld.ParseObject(data)
	if err != nil {
		return false
	}
	links, _ := doc["linked_dids"].([]any)
	w := newWork()
	for i, link := range links {
		if i < maxLinks && v.isLink(ctx, link, origin, issuerID, w) {
			return true
		}
	}
	return false
}

func (v *Verifier) isLink(ctx context.Context, link any, origin, issuerID string, w *work) bool {
	var o opened
	var f finding
	switch link := link.(type) {
	case string:
		o, f = openJWT(link)
	case map[string]any:
		o, f = openObject(link)
	default:
		return false
	}
	if f.outcome != Pass || !hasType(o.doc, "DomainLinkageCredential") || idOf(o.doc["issuer"]) != issuerID || o.doc["id"] != nil && o.jws == nil {
		return false
	}
	subject := firstSubject(o.doc)
	if stringOf(subject, "id") != issuerID || strings.TrimSuffix(stringOf(subject, "origin"), "/") != origin {
		return false
	}
	j := &judgement{opened: o, v: v, r: newReport(), work: w}
	if worst(j.structure(), j.contexts(), j.dates()).outcome.rank() > Warn.rank() {
		return false
	}
	signature, key := j.secured(ctx, issuerID)
	return good(signature) && good(key)
}
