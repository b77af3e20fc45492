package verify

import (
	"context"

	"laurel/internal/standards/jsonld"
)

// revocationList looks a credential up in a 1EdTechRevocationList (1EdTech
// Revocation List Status Method, deprecated in 2025). Nobody signs such a list,
// so that it is as good as the host that has it: what it revokes is revoked, and
// what it does not list is a warning.
func (j *judgement) revocationList(ctx context.Context, doc map[string]any) finding {
	url, issuerID := stringOf(doc, "id"), idOf(j.doc["issuer"])
	if url == "" {
		return fail("status-malformed").with("the entry has no id")
	}
	if !j.work.mayAsk(url) {
		return tooManyNames()
	}
	l, ok := j.v.lists.get(ctx, issuerID+" revocations "+url, func(ctx context.Context) list {
		return j.v.findRevocations(ctx, url, issuerID)
	})
	switch {
	case !ok:
		return unknown("stopped")
	case l.revoked == nil:
		return l.problem
	case l.revoked[stringOf(j.doc, "id")]:
		return j.v.said(l, fail("revoked"))
	}
	return j.v.said(l, warn("status-unsigned", "host", safe(hostOf(url))))
}

// findRevocations gets such a list. That nobody signed it makes it no less genuine
// than its host is.
func (v *Verifier) findRevocations(ctx context.Context, url, issuerID string) list {
	malformed := unknown("status-list-malformed.fetched", "host", safe(hostOf(url)))
	data, err := v.o.Load(ctx, url)
	if err != nil {
		return list{problem: statusUnavailable(url, err)}
	}
	doc, err := jsonld.ParseObject(data)
	if err != nil {
		return list{problem: malformed}
	}
	entries, ok := doc["revokedCredential"].([]any)
	if !ok || len(entries) > maxRevoked {
		return list{problem: malformed}
	}
	l := list{revoked: map[string]bool{}, genuine: true, named: true, problem: pass("ok")}
	l.by(v, idOf(doc["issuer"]), issuerID)
	if l.foreign && !v.o.Lenient {
		l.accepted = finding{} // a register knows issuers, and not who wrote this
	}
	for _, v := range entries {
		entry, _ := v.(map[string]any)
		switch id := stringOf(entry, "id"); {
		case id == "":
			l.problem = malformed
		case entry["revoked"] != false:
			l.revoked[id] = true
		}
	}
	return l
}
