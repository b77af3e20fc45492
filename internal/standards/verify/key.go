package verify

import (
	"context"
	"crypto"
	"errors"
	"fmt"
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
// Method"). A key written into the URL is never taken for an answer.
func (j *judgement) issuerKey(ctx context.Context, issuerID, method string) (crypto.PublicKey, finding) {
	base, fragment := did.Split(method)
	switch {
	case did.Method(base) == "" && !strings.HasPrefix(base, "https://"):
		return nil, finding{Fail, "method-malformed", fmt.Sprintf("The proof names its key as %s, which is neither a DID URL nor an https URL.", quote(method))}
	case base != issuerID:
		return nil, finding{Fail, "method-foreign", fmt.Sprintf("The proof was made with a key of %s, not of the issuer %s.", quote(base), quote(issuerID))}
	case fragment == "":
		return nil, finding{Fail, "method-malformed", fmt.Sprintf("The proof names an issuer but no key: %s.", quote(method))}
	}
	return j.boundKey(ctx, issuerID, func(*did.Document) string { return method })
}

// boundKey returns the key of the method that choose names in the document of
// who.
func (j *judgement) boundKey(ctx context.Context, who string, choose func(*did.Document) string) (crypto.PublicKey, finding) {
	if !j.work.mayAsk(who) {
		return nil, tooManyNames()
	}
	v := j.v
	i, ok := v.issuers.get(ctx, who, func(ctx context.Context) issuer { return v.findIssuer(ctx, who) })
	if !ok {
		return nil, stopped()
	}
	if i.doc == nil {
		return nil, i.problem
	}
	return v.methodKey(i.doc, choose(i.doc), j.purpose())
}

func (v *Verifier) methodKey(doc *did.Document, method, purpose string) (crypto.PublicKey, finding) {
	m, ok := doc.Method(method)
	switch {
	case !ok:
		return nil, finding{Fail, "method-missing", fmt.Sprintf("The issuer's document has no key %s.", quote(method))}
	case purpose == purposeAssertion && !doc.Asserts(method):
		return nil, finding{Fail, "method-not-assertion", fmt.Sprintf("The issuer does not use the key %s for credentials: it is not under assertionMethod.", quote(method))}
	case purpose == purposeAuthentication && !doc.Authenticates(method):
		return nil, finding{Fail, "method-not-assertion", fmt.Sprintf("The holder does not use the key %s for presentations: it is not under authentication.", quote(method))}
	case m.Controller != doc.ID:
		return nil, finding{Fail, "method-controller", fmt.Sprintf("The key %s is controlled by %s, not by the issuer.", quote(method), quote(m.Controller))}
	}
	if f := v.methodInForce(m); f.outcome == Fail {
		return nil, f
	}
	key, err := m.PublicKey()
	if errors.Is(err, did.ErrUnsupportedKey) {
		return nil, finding{Unknown, "key-unsupported", fmt.Sprintf("The key %s is of a kind that laurel does not know.", quote(method))}
	}
	if err != nil {
		return nil, finding{Fail, "key-malformed", fmt.Sprintf("The key %s is malformed.", quote(method))}
	}
	if err := proof.CheckPublicKey(key); err != nil {
		return nil, failure(err, "The issuer's key cannot be trusted by anyone")
	}
	if purpose == purposeAuthentication {
		return key, finding{Pass, "ok", fmt.Sprintf("The key %s is the holder's, for presentations, and in force.", quote(method))}
	}
	return key, finding{Pass, "ok", fmt.Sprintf("The key %s is the issuer's, for credentials, and in force.", quote(method))}
}

// methodInForce takes revoked and expires by the time of judging. The time of
// the proof decides nothing: created is what the signer claims, and who has a
// stolen key claims a good one (Controlled Identifiers v1.0, 5.3 and 5.5.1).
func (v *Verifier) methodInForce(m did.VerificationMethod) finding {
	for _, c := range []struct{ value, code, verb string }{
		{m.Revoked, "key-revoked", "revoked"},
		{m.Expires, "key-expired", "given its end"},
	} {
		if c.value == "" {
			continue
		}
		t, ok := timeOf(c.value)
		if !ok {
			return finding{Fail, "key-malformed", fmt.Sprintf("The key %s was %s at a time that is none: %s.", quote(m.ID), c.verb, quote(c.value))}
		}
		if !v.o.Now.Before(t) {
			return finding{Fail, c.code, fmt.Sprintf("The key %s was %s by its issuer at %s.", quote(m.ID), c.verb, sayTime(t))}
		}
	}
	return finding{Pass, "ok", ""}
}

// findIssuer resolves an issuer's id to its document.
func (v *Verifier) findIssuer(ctx context.Context, id string) issuer {
	none := func(outcome Outcome, code, format string, args ...any) issuer {
		return issuer{problem: finding{outcome, code, fmt.Sprintf(format, args...)}}
	}
	urls := []string{id}
	switch method := did.Method(id); {
	case method == "key":
		doc, err := did.KeyDocument(id)
		if err != nil {
			return none(Fail, "issuer-malformed", "The issuer's did:key is malformed.")
		}
		return issuer{doc: doc}
	case method == "jwk":
		doc, err := did.JWKDocument(id)
		if errors.Is(err, did.ErrUnsupportedKey) {
			return none(Unknown, "key-unsupported", "The issuer's did:jwk is a key of a kind that laurel does not know.")
		}
		if err != nil {
			return none(Fail, "issuer-malformed", "The issuer's did:jwk is malformed.")
		}
		return issuer{doc: doc}
	case method == "web":
		url, err := did.WebURL(id)
		if err != nil {
			return none(Fail, "issuer-malformed", "The issuer's did:web is malformed: %s.", quote(id))
		}
		urls = append(urls, url)
	case method == "" && strings.HasPrefix(id, "https://"):
	default:
		return none(Unknown, "issuer-unsupported", "The issuer %s is named in a way that laurel cannot look up.", quote(id))
	}
	data, err := v.loadFirst(ctx, urls)
	if err != nil {
		if doc, size := v.wellKnownKeys(ctx, id); doc != nil {
			return issuer{doc: doc, bytes: size}
		}
		return none(Unknown, "issuer-unavailable", "The issuer's document could not be had from %s: %s.", safe(hostOf(id)), safe(err.Error()))
	}
	doc, err := parseIssuer(data, id)
	if err != nil {
		return none(Unknown, "issuer-document-malformed", "What %s has for the issuer's document is malformed.", safe(hostOf(id)))
	}
	if doc.ID != id {
		return none(Fail, "issuer-document-id", "The issuer's document is that of %s.", quote(doc.ID))
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

// stopped is the finding when the caller's context ended.
func stopped() finding {
	return finding{Unknown, "stopped", "Verification was stopped before this was looked at."}
}

func tooManyNames() finding {
	return finding{Unknown, "too-many-names", fmt.Sprintf("The credential makes laurel ask for more than %d issuers and status lists.", maxNames)}
}
