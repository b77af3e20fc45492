package verify

import (
	"context"
	"crypto"
	"errors"
	"strings"

	"laurel/internal/standards/did"
	"laurel/internal/standards/proof"
)

// issuer is what was found under an issuer's id: its document, or why there is
// none.
type issuer struct {
	doc     *did.Document
	problem finding
	bytes   int
}

func (i issuer) size() int { return i.bytes + 1024 }

// issuerKey finds the key of a verification method and binds it to the issuer of
// the credential: the method belongs to the issuer's own id, stands in the
// issuer's document, under assertionMethod, controlled by the issuer, neither
// revoked nor expired (Controlled Identifiers v1.0, 3.3 "Retrieve Verification
// Method"). A key written into the URL is never taken for an answer. The name of an
// issuer who has one key for the purpose is one of that key. In another spelling of a
// did:web the key is that of the issuer, and the name is not.
func (j *judgement) issuerKey(ctx context.Context, issuerID, method string) (crypto.PublicKey, finding) {
	base, fragment := did.Split(method)
	spelled := base != issuerID && did.SameWeb(base, issuerID)
	switch {
	case base != issuerID && did.Method(base) == "" && !strings.HasPrefix(base, "https://"):
		return nil, fail("method-malformed", "key", quote(method))
	case base != issuerID && !spelled:
		return nil, fail("method-foreign", "owner", quote(base), "issuer", quote(issuerID))
	}
	doc, f := j.documentOf(ctx, issuerID)
	if doc == nil {
		return nil, f
	}
	if fragment == "" {
		list := doc.AssertionMethod
		if j.purpose() == purposeAuthentication {
			list = doc.Authentication
		}
		if len(list) != 1 || !doc.Whole(j.purpose()) {
			return nil, unknown("method-malformed.fragment", "key", quote(method))
		}
		method = list[0]
	} else if spelled {
		method = issuerID + "#" + fragment
	}
	public, f := j.v.methodKey(doc, method, j.purpose())
	if spelled && good(f) {
		f = unknown("issuer-document-id.spelling", "owner", quote(base), "issuer", quote(issuerID))
	}
	return public, f
}

// documentOf is the document of who, or why there is none.
func (j *judgement) documentOf(ctx context.Context, who string) (*did.Document, finding) {
	if !j.work.mayAsk(who) {
		return nil, tooManyNames()
	}
	v := j.v
	i, ok := v.issuers.get(ctx, who, func(ctx context.Context) issuer { return v.findIssuer(ctx, who) })
	if !ok {
		return nil, unknown("stopped")
	}
	return i.doc, i.problem
}

// methodKey judges a method by the document that it stands in. What is not in a
// document of which everything could be read is not the issuer's; what is amiss with
// the document itself is not the credential's fault.
func (v *Verifier) methodKey(doc *did.Document, method, purpose string) (crypto.PublicKey, finding) {
	m, ok := doc.Method(method)
	switch {
	case !ok && !doc.Whole(did.Methods):
		return nil, unknown("issuer-document-malformed.key", "key", quote(method))
	case !ok:
		return nil, fail("method-missing", "key", quote(method))
	case errors.Is(m.Fault(), did.ErrAmbiguous):
		return nil, unknown("key-ambiguous", "key", quote(method))
	case m.Fault() != nil:
		return nil, unknown("key-malformed.named", "key", quote(method)).with(m.Fault().Error())
	}
	// First, since a key that was revoked may have left assertionMethod.
	if f := v.methodInForce(m); f.outcome != Pass {
		return nil, f
	}
	switch {
	case purpose == purposeAssertion && !doc.Asserts(method) && !doc.Whole(did.Assertion),
		purpose == purposeAuthentication && !doc.Authenticates(method) && !doc.Whole(did.Authentication):
		return nil, unknown("issuer-document-malformed.key", "key", quote(method))
	case purpose == purposeAssertion && !doc.Asserts(method):
		return nil, fail("method-not-assertion", "key", quote(method)).with("it is not under assertionMethod")
	case purpose == purposeAuthentication && !doc.Authenticates(method):
		return nil, fail("method-not-assertion.holder", "key", quote(method)).with("it is not under authentication")
	case !strings.Contains(m.Controller, ":"):
		return nil, unknown("key-malformed.named", "key", quote(method)).with("its controller is missing or not absolute")
	case m.Controller != doc.ID:
		return nil, fail("method-controller", "key", quote(method), "owner", quote(m.Controller))
	}
	key, err := m.PublicKey()
	switch {
	case errors.Is(err, did.ErrUnsupportedKey):
		return nil, unknown("key-unsupported.named", "key", quote(method))
	case errors.Is(err, did.ErrPrivateKey):
		return nil, fail("key-malformed.private", "key", quote(method))
	case err != nil:
		return nil, unknown("key-malformed.named", "key", quote(method)).with(err.Error())
	}
	if err := proof.CheckPublicKey(key); err != nil {
		f := failure(err, nil)
		if f.key == "key-malformed" && !isKeyName(doc.ID) {
			f.outcome = Unknown
		}
		return nil, f
	}
	switch {
	case m.Lenient():
		return key, warn("key-spelling", "key", quote(method))
	case purpose == purposeAuthentication:
		return key, pass("ok.key-holder", "key", quote(method))
	}
	return key, pass("ok.key", "key", quote(method))
}

// isKeyName tells an issuer who is known only by a key.
func isKeyName(id string) bool {
	method := did.Method(id)
	return method == "key" || method == "jwk"
}

// methodInForce takes revoked and expires by the time of judging. The time of
// the proof decides nothing: created is what the signer claims, and who has a
// stolen key claims a good one (Controlled Identifiers v1.0, 5.3 and 5.5.1).
func (v *Verifier) methodInForce(m did.VerificationMethod) finding {
	result := pass("ok")
	for _, c := range []struct {
		value string
		ended func(time string) finding
	}{
		{m.Revoked, func(time string) finding { return fail("key-revoked", "key", quote(m.ID), "date", time) }},
		{m.Expires, func(time string) finding { return fail("key-expired", "key", quote(m.ID), "date", time) }},
	} {
		if c.value == "" {
			continue
		}
		t, ok := timeOf(c.value, false)
		switch {
		case !ok:
			result = worst(result, unknown("key-malformed.time", "key", quote(m.ID), "value", quote(c.value)))
		case !v.o.Now.Before(t.Time):
			result = worst(result, c.ended(sayTime(t.Time)))
		}
	}
	return result
}

// findIssuer resolves an issuer's id to its document.
func (v *Verifier) findIssuer(ctx context.Context, id string) issuer {
	none := func(f finding) issuer { return issuer{problem: f} }
	urls := []string{id}
	switch method := did.Method(id); {
	case method == "key" || method == "jwk":
		expand := did.KeyDocument
		if method == "jwk" {
			expand = did.JWKDocument
		}
		doc, err := expand(id)
		if errors.Is(err, did.ErrUnsupportedKey) {
			return none(unknown("key-unsupported.named", "key", quote(id)))
		}
		if err != nil {
			return none(fail("issuer-malformed.did", "issuer", quote(id)))
		}
		return issuer{doc: doc}
	case method == "web":
		url, err := did.WebURL(id)
		if errors.Is(err, did.ErrUnsupportedName) {
			return none(unknown("issuer-unsupported", "issuer", quote(id)))
		}
		if err != nil {
			return none(fail("issuer-malformed.did", "issuer", quote(id)))
		}
		urls = append(urls, url)
	case method == "" && strings.HasPrefix(id, "https://"):
		// A user name before the host is there to deceive (RFC 9110, 4.2.4).
		if h, ok := did.HostOf(id); !ok || h.User {
			return none(fail("issuer-malformed.did", "issuer", quote(id)))
		}
	default:
		return none(unknown("issuer-unsupported", "issuer", quote(id)))
	}
	data, err := v.loadFirst(ctx, urls)
	if err != nil {
		if doc, size := v.wellKnownKeys(ctx, id); doc != nil {
			return issuer{doc: doc, bytes: size}
		}
		return none(unknown("issuer-unavailable", "host", safe(hostOf(id))).with(err.Error()))
	}
	doc, err := parseIssuer(data, id)
	if err != nil {
		return none(unknown("issuer-document-malformed", "host", safe(hostOf(id))).with(err.Error()))
	}
	if doc.ID != id {
		if did.SameWeb(doc.ID, id) {
			return none(unknown("issuer-document-id.spelling", "owner", quote(doc.ID), "issuer", quote(id)))
		}
		return none(fail("issuer-document-id", "owner", quote(doc.ID)))
	}
	return issuer{doc: doc, bytes: len(data)}
}

// parseIssuer reads a controlled identifier document, or the JWK Set that an
// https issuer serves in its place. The id of the result is the one the document
// claims.
func parseIssuer(data []byte, id string) (*did.Document, error) {
	if !strings.HasPrefix(id, "https://") {
		return did.ParseDocument(data)
	}
	keys, iss, err := did.ParseKeySet(data, id)
	if err != nil {
		return did.ParseDocument(data)
	}
	if iss != "" {
		keys.ID = iss
	}
	return keys, nil
}

// wellKnownKeys gets the JWK Set of an issuer's host, which speaks for an issuer
// only if it names it, or if the issuer is the host itself (Open Badges v3.0
// Implementation Guide, "Key provenance").
func (v *Verifier) wellKnownKeys(ctx context.Context, id string) (*did.Document, int) {
	origin, ok := originOf(id)
	if !ok {
		return nil, 0
	}
	data, err := v.o.Load(ctx, origin+"/.well-known/jwks.json")
	if err != nil {
		return nil, 0
	}
	doc, iss, err := did.ParseKeySet(data, id)
	if err != nil || iss != id && (iss != "" || strings.TrimSuffix(id, "/") != origin) {
		return nil, 0
	}
	return doc, len(data)
}

// loadFirst returns the first document that one of the names has. The error is
// the last one.
func (v *Verifier) loadFirst(ctx context.Context, urls []string) (data []byte, err error) {
	for _, url := range urls {
		if data, err = v.o.Load(ctx, url); err == nil {
			return data, nil
		}
	}
	return nil, err
}

func tooManyNames() finding {
	return unknown("too-many-names", "most", maxNames)
}
