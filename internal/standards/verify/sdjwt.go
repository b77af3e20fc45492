package verify

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"laurel/internal/material/text"
	"laurel/internal/standards/did"
	"laurel/internal/standards/jsonld"
	"laurel/internal/standards/proof"
	"laurel/internal/standards/sdjwt"
	"laurel/internal/standards/vc"
)

// openSDJWT takes a credential out of an SD-JWT (RFC 9901): one whose claims are
// those of a type (SD-JWT-based Verifiable Digital Credentials), or one whose
// payload is a credential or presentation of the Verifiable Credentials Data Model
// (Securing Verifiable Credentials using JOSE and COSE, 3.2).
func openSDJWT(compact string) (opened, finding) {
	o := opened{format: FormatSDJWT}
	s, err := sdjwt.Parse(compact)
	if err != nil {
		return o, failure(err, nil)
	}
	o.jws, o.sd, o.claims, o.compact = s.JWS, s, map[string]any{}, compact
	_, o.typed = s.Claims["vct"]
	typ := typeOf(s.JWS)
	if !slices.Contains(sdJWTTypes, typ) && (o.typed || typ != "") || o.typed && strings.HasPrefix(typ, "vp") {
		return o, unknown("jwt-type", "type", quote(s.JWS.Type))
	}
	o.doc = maps.Clone(s.Claims)
	for _, name := range claimNames {
		if v, ok := o.doc[name]; ok {
			o.claims[name] = v
			delete(o.doc, name)
		}
	}
	if o.typed {
		return o.openTyped()
	}
	f := o.openTop()
	if o.format == FormatPresentation && s.Binding != nil {
		return o, unknown("kb-unsupported") // nobody says whose key that would be
	}
	return o, f
}

// openTyped makes the claims of a type look like a credential, so that the same is
// said of both: what claims of JWT say stands where a credential has it.
func (o opened) openTyped() (opened, finding) {
	malformed := func(what string) (opened, finding) { return o, fail("sd-jwt-vc").with(what) }
	if v, ok := o.doc["vct"].(string); !ok || v == "" {
		return malformed("vct is not a string")
	}
	if v, has := o.claims["cnf"]; has {
		if _, ok := v.(map[string]any); !ok {
			return malformed("cnf is not an object")
		}
	}
	iss, hasIssuer := o.claims["iss"].(string)
	switch {
	case o.claims["iss"] == nil && o.jws.Header["x5c"] != nil:
		return o, unknown("jwk-untrusted", "header", "x5c")
	case o.claims["iss"] == nil:
		return o, unknown("issuer-missing") // it may be told by other means
	case !hasIssuer || iss == "":
		return o, fail("issuer-missing")
	}
	if described, _ := o.doc["issuer"].(map[string]any); stringOf(described, "id") == "" {
		o.doc["issuer"] = iss
	}
	for _, c := range []struct{ member, claim string }{{"id", "jti"}, {"validFrom", "nbf"}, {"validUntil", "exp"}} {
		value := o.claims[c.claim]
		if c.claim != "jti" {
			value = dateOf(value)
			// Its type may say until when it holds as a credential does.
			if own := o.doc[c.member]; value == nil && own != nil {
				if t, ok := timeOf(own, false); !ok || !t.given {
					return o, unknown("date-malformed", "name", quote(c.member))
				}
				value = own
			}
		}
		delete(o.doc, c.member)
		if value != nil {
			o.doc[c.member] = value
		}
	}
	return o, withheld(o.sd)
}

// withheld refuses claims that may be withheld, where the holder must have no say.
func withheld(s *sdjwt.SDJWT) finding {
	payload, _ := jsonld.ParseObject(s.JWS.Payload) // as sdjwt.Parse did
	for _, name := range alwaysShown {
		_, here := s.Claims[name]
		if _, signed := payload[name]; here && !signed || hasDigests(payload[name]) {
			return fail("sd-withheld", "name", quote(name))
		}
	}
	return pass("ok")
}

// hasDigests tells whether anything inside of a value may be withheld.
func hasDigests(v any) bool {
	switch v := v.(type) {
	case map[string]any:
		return v["_sd"] != nil || v["..."] != nil || slices.ContainsFunc(slices.Collect(maps.Values(v)), hasDigests)
	case []any:
		return slices.ContainsFunc(v, hasDigests)
	}
	return false
}

// typedForm says of claims of a type what structure, contexts and schema say of a
// credential of the data model.
func (j *judgement) typedForm() {
	shown, of := len(j.sd.Disclosures), len(j.sd.Disclosures)+j.sd.Hidden
	j.r.set(Structure, pass("ok.sd-jwt", "shown", shown, "count", of))
	j.r.set(Contexts, pass("ok.type", "type", quote(stringOf(j.doc, "vct"))))
	j.r.set(Schema, skipped("schema-none"))
}

// namedByType is named for the claims of a type.
func (j *judgement) namedByType(subject map[string]any) finding {
	switch {
	case subject["achievement"] == nil:
		return pass("ok.subject-other")
	case stringOf(subject, "id") == "" && len(vc.Items(subject["identifier"])) == 0:
		return warn("subject-withheld")
	case isUnnamed(subject):
		return warn("subject-unnamed")
	}
	return pass("ok.subject")
}

// bound says whether the holder of the key that the credential names has shown it.
// For whom he did is for the reader to know: there is no other side here that would
// have asked (RFC 9901, 7.3).
func (j *judgement) bound() finding {
	cnf, _ := j.claims["cnf"].(map[string]any)
	binding := j.sd.Binding
	switch {
	case binding == nil && cnf == nil:
		return skipped("none")
	case binding == nil:
		return warn("sd-unbound")
	}
	jwk, ok := cnf["jwk"].(map[string]any)
	if !ok {
		return unknown("kb-unsupported")
	}
	key, err := did.VerificationMethod{Type: "JsonWebKey", PublicKeyJwk: jwk}.PublicKey()
	if err != nil {
		return unknown("kb-unsupported").with(err.Error())
	}
	if !binding.JWS.Known() {
		return unknown("kb-unsupported").with("its algorithm is not known")
	}
	if err := binding.JWS.Verify(key); err != nil {
		return fail("kb-invalid").with(err.Error())
	}
	issued, ok := numericDate(binding.Issued)
	switch {
	case !ok:
		return fail("kb-malformed")
	case issued.After(j.v.o.Now.Add(maxSkew)):
		return fail("kb-invalid.future", "date", sayTime(issued.Time))
	}
	return pass("ok.bound", "audience", quote(binding.Audience), "date", sayTime(issued.Time))
}

// tokenStatus reads the status that a claim of a JWT or SD-JWT tells from a Status
// List Token. Other ways to state one are not known.
func (j *judgement) tokenStatus(ctx context.Context, claim any) finding {
	ways, ok := claim.(map[string]any)
	if !ok && !j.typed {
		return unknown("status-type-unknown", "type", quote(written(claim)))
	}
	if !ok {
		return fail("status-malformed").with("status is not an object")
	}
	reference, ok := ways["status_list"].(map[string]any)
	if !ok {
		return unknown("status-type-unknown", "type", quote(strings.Join(slices.Sorted(maps.Keys(ways)), ", ")))
	}
	index, isNumber := reference["idx"].(float64)
	uri, isText := reference["uri"].(string)
	if !isNumber || !isText || uri == "" || index < 0 || index >= 1<<31 || index != float64(int(index)) {
		return fail("status-malformed").with("status_list has no idx or no uri")
	}
	if !j.work.mayAsk(uri) {
		return tooManyNames()
	}
	issuerID := idOf(j.doc["issuer"])
	l, ok := j.v.lists.get(ctx, issuerID+" token "+uri, func(ctx context.Context) list {
		return j.v.findToken(ctx, uri, issuerID)
	})
	if !ok {
		return unknown("stopped")
	}
	return j.v.tokenStatus(l, int(index))
}

// tokenStatus is bitStatus for a Status List Token.
func (v *Verifier) tokenStatus(l list, index int) finding {
	if l.tokens == nil {
		return l.problem
	}
	value, err := l.tokens.Get(index)
	if err != nil {
		return worst(l.problem, unknown("status-range"))
	}
	switch value {
	case vc.TokenValid:
		return v.said(l, l.inForce())
	case vc.TokenInvalid:
		return v.said(l, fail("revoked"))
	case vc.TokenSuspended:
		return v.said(l, fail("suspended"))
	}
	return v.said(l, unknown("status-purpose-unknown", "purpose", quote(fmt.Sprintf("0x%x", value))))
}

// findToken gets a Status List Token and verifies it: its key is one of its issuer's,
// who is that of the credential if it names none (Token Status List, 8.3).
func (v *Verifier) findToken(ctx context.Context, uri, issuerID string) list {
	data, err := v.o.Load(ctx, uri)
	if err != nil {
		return list{problem: statusUnavailable(uri, err)}
	}
	refuse := func(detail string) list {
		return list{problem: unknown("status-list-malformed.fetched", "host", safe(hostOf(uri))).with(detail)}
	}
	jws, err := proof.ParseJWS(string(text.TrimBytes(data)))
	if err != nil {
		return refuse(err.Error())
	}
	claims, err := jsonld.ParseObject(jws.Payload)
	if err != nil {
		return refuse(err.Error())
	}
	if !isToken(jws) {
		return refuse("its type is not " + vc.TokenStatusListType)
	}
	statuses, _ := claims["status_list"].(map[string]any)
	size, _ := statuses["bits"].(float64)
	l := list{}
	if l.tokens, err = vc.DecodeTokenStatuses(stringOf(statuses, "lst"), int(size)); err != nil || size != float64(int(size)) {
		return list{problem: unknown("status-list-malformed").with("status_list has no list of statuses")}
	}
	l.by(v, tokenIssuer(jws, claims, issuerID), issuerID)
	owner := issuerID
	if l.foreign {
		owner = l.owner
	}
	name := v.nameList(stringOf(claims, "sub"), uri, l.foreign)
	secured, inForce := v.judgeToken(ctx, jws, claims, owner)
	l.genuine, l.named = secured.outcome == Pass, name.outcome == Pass
	l.signed, _ = numericDate(claims["iat"])
	if seconds, ok := claims["ttl"].(float64); ok {
		l.ttl = seconds * 1000
	}
	l.problem = worst(name, secured, inForce)
	return l
}

// StatusToken judges a Status List Token that is to be at a URL, by an issuer: a row
// with the outcome Pass where its statuses can be relied on. They are nil if it has none.
func (v *Verifier) StatusToken(ctx context.Context, url, issuer string) (*vc.TokenStatuses, Check) {
	l := v.findToken(ctx, url, issuer)
	if l.foreign {
		l.problem = worst(l.problem, unknown("status-list-issuer.open", "owner", quote(l.owner)))
	}
	return l.tokens, l.problem.check(Status)
}

// tokenIssuer is whose a Status List Token is: whom it names, else whose key it names,
// else the issuer of the credential.
func tokenIssuer(jws *proof.JWS, claims map[string]any, issuerID string) string {
	if iss, has := claims["iss"]; has {
		return written(iss)
	}
	return cmp.Or(ownerOf(jws.KeyID, issuerID), issuerID)
}

// judgeToken is judgeList for a Status List Token.
func (v *Verifier) judgeToken(ctx context.Context, jws *proof.JWS, claims map[string]any, owner string) (secured, inForce finding) {
	j := &judgement{opened: opened{format: FormatJWT, jws: jws, claims: claims}, v: v, r: newReport(), work: newWork(), bySigner: true}
	signature, key := j.signature(ctx, owner)
	secured = ofList(worst(key, signature), "status-list-invalid")
	inForce = pass("ok")
	if issued, ok := numericDate(claims["iat"]); !ok || !issued.given || j.claimsInForce().outcome == Fail {
		inForce = unknown("status-list-stale")
	}
	return secured, inForce
}

// isToken tells a Status List Token by its type.
func isToken(jws *proof.JWS) bool {
	return typeOf(jws) == vc.TokenStatusListType
}
