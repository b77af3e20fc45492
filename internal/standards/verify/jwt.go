package verify

import (
	"context"
	"crypto"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"laurel/internal/standards/did"
	"laurel/internal/standards/jsonld"
	"laurel/internal/standards/proof"
	"laurel/internal/standards/vc"
)

// openJWT takes a credential or presentation out of a compact JWS: a payload
// that is the credential (Open Badges Specification v3.0, "JSON Web Token Proof
// Format"; Securing Verifiable Credentials using JOSE and COSE), or has it under
// vc or vp (Verifiable Credentials Data Model v1.1, 6.3.1).
func openJWT(text string) (opened, finding) {
	if strings.Contains(text, "~") {
		return openSDJWT(text)
	}
	o := opened{format: FormatJWT}
	jws, err := proof.ParseJWS(text)
	if jsonld.CodeOf(err) == "header-forbidden" && isSealed(text) {
		return opened{format: FormatEuropean}, unknown("european-credential")
	}
	if err != nil {
		return o, failure(err, nil)
	}
	payload, err := jsonld.ParseObject(jws.Payload)
	if err != nil {
		return o, failure(err, nil)
	}
	o.jws, o.claims, o.compact = jws, map[string]any{}, text
	if inner, _ := payload["vc"].(map[string]any); isEuropean(payload) || isEuropean(inner) {
		return opened{format: FormatEuropean}, unknown("european-credential")
	}
	if isOpenBadges2(payload) {
		o.format = FormatOpenBadges2
		return o, unknown("open-badges-2")
	}
	if f, ok := o.checkType(); !ok {
		return o, f
	}
	for _, name := range claimNames {
		if v, ok := payload[name]; ok {
			o.claims[name] = v
		}
	}
	if payload["vc"] != nil || payload["vp"] != nil {
		return o.openVersion1(payload)
	}
	o.doc = maps.Clone(payload)
	for _, name := range claimNames {
		delete(o.doc, name)
	}
	return o, o.openTop()
}

// openTop tells what a payload is that is a credential or presentation itself.
func (o *opened) openTop() finding {
	switch format := formatOf(o.doc); format {
	case FormatPresentation:
		o.format = format
	case FormatVC1:
		o.format, o.misplaced = format, "version-mix.outside"
	case FormatJSON:
		if o.sd == nil {
			o.format = format
		}
		return unknown("not-a-credential.jwt")
	}
	return o.checkOpened()
}

// typeOf is the type that a JWT states, without the words that all have.
func typeOf(jws *proof.JWS) string {
	return strings.TrimPrefix(strings.ToLower(jws.Type), "application/")
}

// checkType refuses a JWT that says it is for something else (RFC 8725, 3.11).
func (o *opened) checkType() (finding, bool) {
	typ := typeOf(o.jws)
	switch {
	case slices.Contains(jwtTypes, typ):
		return finding{}, true
	case slices.Contains(sdJWTTypes, typ):
		o.format = FormatSDJWT
		return fail("sd-jwt-malformed"), false
	}
	return unknown("jwt-type", "type", quote(o.jws.Type)), false
}

// checkOpened refuses a JWT whose type says that it is a presentation while it is a
// credential, or the other way round, and one whose credential is of two versions or
// secured twice.
func (o *opened) checkOpened() finding {
	switch typ := typeOf(o.jws); {
	case strings.HasPrefix(typ, "vp") && o.format != FormatPresentation:
		return unknown("jwt-type", "type", quote(o.jws.Type))
	case typ != "" && typ != "jwt" && !strings.HasPrefix(typ, "vp") && o.format == FormatPresentation:
		return unknown("jwt-type.presentation", "type", quote(o.jws.Type))
	}
	if f := versions(o.doc); f.outcome != Pass {
		return f
	}
	if o.doc["proof"] != nil {
		return fail("jwt-two-securings")
	}
	return pass("ok")
}

// openVersion1 takes the credential out of vc and completes it from the claims, also
// one of data model 2.0, which has no business there (Securing Verifiable Credentials
// using JOSE and COSE, 3.1.3).
func (o opened) openVersion1(payload map[string]any) (opened, finding) {
	name := "vc"
	if payload["vc"] == nil {
		name = "vp"
	}
	inner, ok := payload[name].(map[string]any)
	if !ok || payload["@context"] != nil || payload["credentialSubject"] != nil || payload["vc"] != nil && payload["vp"] != nil {
		return o, fail("version-mix.both")
	}
	o.doc, o.format = maps.Clone(inner), FormatVC1
	from, until := "issuanceDate", "expirationDate"
	if contexts := vc.Items(inner["@context"]); len(contexts) > 0 && contexts[0] == contextVersion2 {
		from, until = "validFrom", "validUntil"
		o.format, o.misplaced = FormatJWT, "version-mix.inside"
	}
	if name == "vp" {
		o.format = FormatPresentation
		return o, o.checkOpened()
	}
	complete := func(member string, v any) {
		if _, has := o.doc[member]; !has && v != nil {
			o.doc[member] = v
		}
	}
	complete("issuer", o.claims["iss"])
	complete("id", o.claims["jti"])
	complete(from, dateOf(o.claims["nbf"]))
	complete(until, dateOf(o.claims["exp"]))
	if subject, ok := o.doc["credentialSubject"].(map[string]any); ok && subject["id"] == nil && o.claims["sub"] != nil {
		subject = maps.Clone(subject)
		subject["id"] = o.claims["sub"]
		o.doc["credentialSubject"] = subject
	}
	return o, o.checkOpened()
}

// dateOf writes a NumericDate as a member of a credential, or nil.
func dateOf(v any) any {
	t, ok := numericDate(v)
	if !ok || !t.given {
		return nil
	}
	return t.Format(time.RFC3339)
}

// numericDate reads a NumericDate (RFC 7519, 2), to the second, of 278,000 years
// before and after 1970. One that is absent, or null, is a moment that is not given.
func numericDate(v any) (moment, bool) {
	if v == nil {
		return moment{}, true
	}
	n, ok := v.(float64)
	if !ok || math.Abs(n) > 1<<43 {
		return moment{}, false
	}
	return moment{time.Unix(int64(math.Floor(n)), 0).UTC(), true}, true
}

// claimsAgree holds the claims against the credential: each that is there says
// the same as the member it stands for (Open Badges Specification v3.0, "Verify
// a Credential VC-JWT Signature").
func (j *judgement) claimsAgree() finding {
	subject := firstSubject(j.doc)
	if j.format == FormatPresentation {
		return j.claimsInForce()
	}
	if j.typed {
		// All else was taken from the claims.
		if v := idOf(j.doc["issuer"]); v != j.claims["iss"] {
			return fail("jwt-claim-mismatch", "claim", quote("iss"), "value", quote(written(j.claims["iss"])), "member", quote("issuer"))
		}
		return j.claimsInForce()
	}
	for _, c := range []struct {
		name, member string
		want         any
	}{
		{"iss", "issuer", idOf(j.doc["issuer"])},
		{"sub", "credentialSubject.id", subject["id"]},
		{"jti", "id", j.doc["id"]},
	} {
		if v, ok := j.claims[c.name]; ok && (v != c.want || v == "") {
			return fail("jwt-claim-mismatch", "claim", quote(c.name), "value", quote(written(v)), "member", quote(c.member))
		}
	}
	if f := j.datesAgree(); f.outcome == Fail {
		return f
	}
	return j.claimsInForce()
}

// datesAgree holds nbf and exp against the dates of the credential, unless the type is
// vc+jwt or it is an SD-JWT: there they are about the signature and not about the
// credential. Times up to maxSkew apart are two readings of one clock: both are
// applied, and so the stricter one.
func (j *judgement) datesAgree() finding {
	if j.format == FormatPresentation || j.sd != nil || strings.HasSuffix(strings.ToLower(j.jws.Type), "vc+jwt") {
		return pass("ok")
	}
	agree := pass("ok")
	from, until := "validFrom", "validUntil"
	if j.format == FormatVC1 {
		from, until = "issuanceDate", "expirationDate"
	}
	for _, c := range []struct{ name, member string }{{"nbf", from}, {"exp", until}} {
		claim, ok := numericDate(j.claims[c.name])
		if !ok {
			return fail("jwt-claim-malformed", "claim", quote(c.name))
		}
		member, _ := j.timeOf(j.doc[c.member])
		if !claim.given || member.given && claim.Equal(member.Truncate(time.Second)) {
			continue
		}
		if !member.given || claim.Sub(member.Time).Abs() > maxSkew {
			return fail("jwt-claim-mismatch", "claim", quote(c.name), "value", sayTime(claim.Time), "member", quote(c.member))
		}
		agree = worst(agree, j.v.tolerated("jwt-claim-near", "claim", quote(c.name), "value", sayTime(claim.Time), "member", quote(c.member)))
	}
	return agree
}

// placement tells a JWT that departs from the form of its data model, though there is
// no doubt what it says.
func (j *judgement) placement() finding {
	if j.jws == nil || j.typed {
		return pass("ok")
	}
	f := pass("ok")
	if j.misplaced != "" {
		f = j.v.tolerated(j.misplaced)
	}
	if near := j.datesAgree(); near.outcome != Fail {
		f = worst(f, near)
	}
	return f
}

// written is a value of JSON as it can be said: a text itself, all else as JSON.
func written(v any) string {
	if s, ok := v.(string); ok {
		return s
	}
	text, err := json.Marshal(v, json.Deterministic(true))
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(text)
}

// claimsInForce checks what the JWT says about its own time.
func (j *judgement) claimsInForce() finding {
	now := j.v.o.Now
	for _, name := range []string{"iat", "nbf", "exp"} {
		t, ok := numericDate(j.claims[name])
		switch {
		case !ok:
			return fail("jwt-claim-malformed", "claim", quote(name))
		case !t.given, j.typed && name != "iat": // those are the credential's dates
		case name == "exp" && !now.Before(t.Time):
			return fail("proof-expired", "date", sayTime(t.Time))
		case name != "exp" && t.After(now.Add(maxSkew)):
			return fail("proof-future", "date", sayTime(t.Time))
		}
	}
	return pass("ok")
}

// signature verifies the JWS that secures the document, and the binding of its
// key to who, the issuer or holder.
func (j *judgement) signature(ctx context.Context, who string) (signature, key finding) {
	if f := j.claimsAgree(); !j.bySigner && f.outcome != Pass {
		return f, skipped("not-reached.key")
	}
	return j.signed(ctx, who)
}

// signed verifies the JWS under a key of who. Its kid is a hint (RFC 7515, 4.1.4): a
// DID that is one key has no other, and where kid is missing or leads to none of the
// keys that who publishes, the signature tells which of them it was. What a header
// brings along is at most a hint as well: a key that equals a published one; a
// certificate or URL is never looked at, because whoever made the JWT chose it (RFC
// 8725, 3.10). A kid that names somebody else's key is taken at its word.
func (j *judgement) signed(ctx context.Context, who string) (signature, key finding) {
	kid := j.jws.KeyID
	if !j.jws.Known() {
		return unknown("suite-unsupported", "suite", quote(j.jws.Algorithm)), unknown("suite-unsupported.key")
	}
	if kid == "" && who == "" {
		f := unknown("kid-missing")
		return f, f
	}
	if owner := ownerOf(kid, who); owner != "" && owner != who && !did.SameWeb(owner, who) {
		f := fail("method-foreign", "owner", quote(owner), "issuer", quote(who))
		return withoutKey(f), f
	}
	doc, f := j.documentOf(ctx, who)
	if doc == nil {
		return withoutKey(f), f
	}
	hints := keyHints{jws: j.jws, who: who}
	if m, ok := hints.named(doc); ok {
		return j.signedBy(doc, m)
	}
	return j.signedByAny(doc, &hints)
}

func (j *judgement) signedBy(doc *did.Document, m did.VerificationMethod) (signature, key finding) {
	public, key := j.v.methodKey(doc, m.ID, j.purpose())
	if public == nil {
		return withoutKey(key), key
	}
	if err := j.jws.Verify(public); err != nil {
		return failure(err, nil), key
	}
	return pass("ok.signature"), key
}

// signedByAny looks for the key among all that the issuer publishes, also those that
// have ended: a signature of one of them is known to be worth nothing, and the same
// key may be published under a second name. A signature that fits none of them is
// known to be false only if every one could be tried, and nothing points elsewhere.
func (j *judgement) signedByAny(doc *did.Document, hints *keyHints) (signature, key finding) {
	tried, unread := j.fitting(doc)
	described, isPublished := hints.described(tried)
	brought := hints.brought()
	switch {
	case isPublished:
		tried = described
	case brought == "jwk":
		tried = nil // it is none of those
	}
	if len(tried) > maxKeysTried {
		f := unknown("kid-missing")
		return f, f
	}
	var found []finding
	for _, m := range tried {
		if j.jws.Verify(m.key) == nil {
			_, f := j.v.methodKey(doc, m.ID, j.purpose())
			found = append(found, f)
		}
	}
	switch f := unknown("kid-missing"); {
	case len(found) > 0:
		if key = bestKey(found); key.outcome.rank() > Warn.rank() {
			return withoutKey(key), key
		}
		return pass("ok.signature"), key
	case isPublished:
		return j.signedBy(doc, described[0].VerificationMethod)
	case !doc.Whole(did.Methods):
		f = unknown("issuer-document-malformed", "host", safe(hostOf(hints.who)))
		return f, f
	case unread != "":
		f = unknown("key-unsupported.named", "key", quote(unread))
		return f, f
	case brought != "":
		f = unknown("jwk-untrusted", "header", brought)
		return f, f
	case hints.name() != "":
		f = fail("method-missing", "key", quote(j.jws.KeyID))
		return withoutKey(f), f
	case len(tried) > 0:
		return fail("signature-invalid.keys"), skipped("not-reached.key")
	default:
		return f, f
	}
}

// bestKey chooses among the findings about one key that is published more than once:
// what was revoked once is revoked, else it is enough that one of them is good.
func bestKey(found []finding) finding {
	for _, f := range found {
		if f.code() == "key-revoked" {
			return f
		}
	}
	return slices.MinFunc(found, func(a, b finding) int { return a.outcome.rank() - b.outcome.rank() })
}

// A fittingKey is a published key of the kind that a JWS is signed with.
type fittingKey struct {
	did.VerificationMethod
	key crypto.PublicKey
}

// fitting are the keys of a document that the JWS may have been signed with. Unread
// names one that it uses for signatures and that is not read here; it may be the one.
func (j *judgement) fitting(doc *did.Document) (list []fittingKey, unread string) {
	for i, m := range doc.VerificationMethod {
		if i == maxKeysRead {
			return list, m.ID
		}
		key, err := m.PublicKey()
		switch {
		case err == nil && !j.jws.Fits(key):
		case err == nil && proof.CheckPublicKey(key) == nil:
			list = append(list, fittingKey{m, key})
		case doc.Asserts(m.ID) || doc.Authenticates(m.ID):
			unread = m.ID
		}
	}
	return list, unread
}

// keyHints are what the header of a JWS says of its key.
type keyHints struct {
	jws *proof.JWS
	who string // whose keys they are
}

// name is what kid says beyond the name of who: a fragment, or all of it.
func (h *keyHints) name() string {
	kid := h.jws.KeyID
	if rest, ok := strings.CutPrefix(kid, h.who); ok {
		kid = rest
	}
	return strings.TrimPrefix(kid, "#")
}

// named is the method that kid names by its id or by the kid of its JWK, or the only
// one that a DID has.
func (h *keyHints) named(doc *did.Document) (did.VerificationMethod, bool) {
	if isKeyName(h.who) {
		return doc.VerificationMethod[0], true
	}
	name := h.name()
	if name == "" {
		return did.VerificationMethod{}, false
	}
	for _, id := range []string{h.jws.KeyID, h.who + "#" + name} {
		if m, ok := doc.Method(id); ok {
			return m, true
		}
	}
	return doc.MethodByKid(name)
}

// described are the keys that equal the one which the header brings along, or whose
// thumbprint kid is (RFC 7638; RFC 9278). There are several if one is published twice.
func (h *keyHints) described(fitting []fittingKey) (list []fittingKey, ok bool) {
	want := strings.TrimPrefix(h.name(), "urn:ietf:params:oauth:jwk-thumbprint:sha-256:")
	if jwk, ok := h.jws.Header["jwk"].(map[string]any); ok {
		want = ""
		if key, err := did.DecodeJWK(jwk); err == nil {
			want = did.Thumbprint(key)
		}
	}
	if want == "" {
		return nil, false
	}
	for _, m := range fitting {
		if did.Thumbprint(m.key) == want {
			list = append(list, m)
		}
	}
	return list, len(list) > 0
}

// brought is the member of the header that brings a key along, or tells where one is.
func (h *keyHints) brought() string {
	for _, name := range []string{"jwk", "jku", "x5c", "x5u"} {
		if h.jws.Header[name] != nil {
			return name
		}
	}
	return ""
}

// ownerOf is the issuer that a kid names: a DID without path, query and fragment, or
// where who is an https URL, one of another host. Any other URL is a name that only the
// issuer's own service understands.
func ownerOf(kid, who string) string {
	base, _ := did.Split(kid)
	if did.Method(base) != "" {
		if i := strings.IndexAny(base, "/?"); i >= 0 {
			base = base[:i]
		}
		return base
	}
	host, isURL := originOf(base)
	own, ofURL := originOf(who)
	if isURL && ofURL && host != own {
		return base
	}
	return ""
}
