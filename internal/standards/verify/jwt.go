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
	if err != nil {
		return o, failure(err, nil)
	}
	payload, err := jsonld.ParseObject(jws.Payload)
	if err != nil {
		return o, failure(err, nil)
	}
	o.jws, o.claims, o.compact = jws, map[string]any{}, text
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
	switch format := formatOf(o.doc); format {
	case FormatPresentation:
		o.format = format
	case FormatVC1:
		return o, fail("version-mix.outside")
	case FormatJSON:
		o.format = format
		return o, unknown("not-a-credential.jwt")
	}
	return o, o.checkOpened()
}

// checkType refuses a JWT that says it is for something else (RFC 8725, 3.11).
func (o *opened) checkType() (finding, bool) {
	typ := strings.TrimPrefix(strings.ToLower(o.jws.Type), "application/")
	switch {
	case slices.Contains(jwtTypes, typ):
		return finding{}, true
	case slices.Contains(sdJWTTypes, typ):
		o.format = FormatSDJWT
		return fail("sd-jwt-malformed"), false
	}
	return unknown("jwt-type", "type", quote(o.jws.Type)), false
}

// checkOpened refuses a JWT whose credential is of two versions or secured
// twice.
func (o *opened) checkOpened() finding {
	if f := versions(o.doc); f.outcome != Pass {
		return f
	}
	if o.doc["proof"] != nil {
		return fail("jwt-two-securings")
	}
	return pass("ok")
}

// openVersion1 takes the credential out of vc and completes it from the claims.
func (o opened) openVersion1(payload map[string]any) (opened, finding) {
	name := "vc"
	if payload["vc"] == nil {
		name = "vp"
	}
	inner, ok := payload[name].(map[string]any)
	if !ok || payload["@context"] != nil || payload["credentialSubject"] != nil || payload["vc"] != nil && payload["vp"] != nil {
		return o, fail("version-mix.both")
	}
	if slices.Contains(vc.Items(inner["@context"]), any(contextVersion2)) {
		return o, fail("version-mix.inside")
	}
	o.doc, o.format = maps.Clone(inner), FormatVC1
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
	complete("issuanceDate", dateOf(o.claims["nbf"]))
	complete("expirationDate", dateOf(o.claims["exp"]))
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
	if !ok || t.IsZero() {
		return nil
	}
	return t.Format(time.RFC3339)
}

// numericDate reads a NumericDate (RFC 7519, 2), to the second; an absent one is
// the zero time.
func numericDate(v any) (time.Time, bool) {
	if v == nil {
		return time.Time{}, true
	}
	n, ok := v.(float64)
	if !ok || math.Abs(n) > 1<<40 {
		return time.Time{}, false
	}
	return time.Unix(int64(math.Floor(n)), 0).UTC(), true
}

// claimsAgree holds the claims against the credential: each that is there says
// the same as the member it stands for (Open Badges Specification v3.0, "Verify
// a Credential VC-JWT Signature"). Where the type is vc+jwt, and in an SD-JWT, nbf and
// exp are about the signature and not about the credential.
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
	from, until := "validFrom", "validUntil"
	if j.format == FormatVC1 {
		from, until = "issuanceDate", "expirationDate"
	}
	if j.sd == nil && !strings.HasSuffix(strings.ToLower(j.jws.Type), "vc+jwt") {
		for _, c := range []struct{ name, member string }{{"nbf", from}, {"exp", until}} {
			claim, ok := numericDate(j.claims[c.name])
			if !ok {
				return fail("jwt-claim-malformed", "claim", quote(c.name))
			}
			member, _ := j.timeOf(j.doc[c.member])
			if !claim.IsZero() && !claim.Equal(member.Truncate(time.Second)) {
				return fail("jwt-claim-mismatch", "claim", quote(c.name), "value", sayTime(claim), "member", quote(c.member))
			}
		}
	}
	return j.claimsInForce()
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
		case t.IsZero(), j.typed && name != "iat": // those are the credential's dates
		case name == "exp" && !now.Before(t):
			return fail("proof-expired", "date", sayTime(t))
		case name != "exp" && t.After(now.Add(maxSkew)):
			return fail("proof-future", "date", sayTime(t))
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
	public, key := j.jwtKey(ctx, who)
	if public == nil {
		return withoutKey(key), key
	}
	if err := j.jws.Verify(public); err != nil {
		return failure(err, nil), key
	}
	return pass("ok.signature"), key
}

// jwtKey finds the key that kid names among the issuer's. A key, certificate or
// URL that the header brings along is never looked at: whoever made the JWT
// chose it (RFC 8725, 3.10).
func (j *judgement) jwtKey(ctx context.Context, who string) (crypto.PublicKey, finding) {
	kid := j.jws.KeyID
	if kid == "" {
		for _, name := range []string{"jwk", "jku", "x5c", "x5u"} {
			if j.jws.Header[name] != nil {
				return nil, unknown("jwk-untrusted", "header", name)
			}
		}
		return nil, unknown("kid-missing")
	}
	method := kid
	switch {
	case strings.HasPrefix(kid, "did:"), strings.HasPrefix(kid, "https://"):
	case strings.HasPrefix(kid, "#"):
		method = who + kid
	default:
		return j.boundKey(ctx, who, func(d *did.Document) string {
			if _, ok := d.Method(who + "#" + kid); !ok {
				if m, ok := d.MethodByKid(kid); ok {
					return m.ID
				}
			}
			return who + "#" + kid
		})
	}
	return j.issuerKey(ctx, who, method)
}
