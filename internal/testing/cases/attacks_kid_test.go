package cases

import (
	"crypto"
	"crypto/elliptic"
	"fmt"
	"time"

	"laurel/internal/standards/did"
	"laurel/internal/standards/vc"
)

// kidAttacks are JWTs whose header does not name the issuer's key, or names it in
// another way than by its id: kid is a hint (RFC 7515, 4.1.4), and no hint makes a key
// the issuer's that he does not publish for credentials.
func kidAttacks() []attack {
	first, evil := edKey("first"), edKey("evil")
	// by is a token under a header with these changes, signed with a key, after the
	// issuer's document was changed.
	by := func(name, verdict, code string, key crypto.Signer, changes object, change func(d *did.Document)) attack {
		return attack{"kid-" + name, verdict, code, func(a *academy) []byte {
			a.publish("did:web:evil.example", did.WebDocument("did:web:evil.example", []did.PublishedKey{{Kid: "key-1", PublicKeyMultibase: multikey(evil.Public())}}))
			d := a.document()
			if change != nil {
				change(&d)
			}
			a.publish(issuerID, d)
			return token(with(header("EdDSA", keyID, "vc+jwt"), changes), statement(), key)
		}}
	}
	hint := func(kid any) object { return object{"kid": kid} }
	none := hint(absent)
	revoked := func(d *did.Document) { d.VerificationMethod[0].Revoked = "2026-05-31T00:00:00Z" }
	// again publishes a key once more under a name of its own.
	again := func(key crypto.PublicKey, name string, change func(m *did.VerificationMethod)) func(d *did.Document) {
		return func(d *did.Document) {
			m := did.VerificationMethod{ID: issuerID + "#" + name, Type: "Multikey", Controller: issuerID, PublicKeyMultibase: multikey(key)}
			if change != nil {
				change(&m)
			}
			d.VerificationMethod = append(d.VerificationMethod, m)
			d.AssertionMethod = append(d.AssertionMethod, m.ID)
		}
	}
	many := func(n int) func(d *did.Document) {
		return func(d *did.Document) {
			for i := range n {
				again(edKey(fmt.Sprint("other ", i)).Public(), fmt.Sprint("other-", i), nil)(d)
			}
		}
	}
	of := func(key crypto.Signer) string { return did.Thumbprint(key.Public()) }
	// alone is a token of an issuer who is a key himself.
	alone := func(name, verdict, code, id string, key crypto.Signer, changes object) attack {
		return attack{"kid-" + name, verdict, code, func(*academy) []byte {
			return token(with(header("EdDSA", "", "vc+jwt"), changes), with(statement(), object{"issuer": id}), key)
		}}
	}
	didKey, didEvil := "did:key:"+multikey(first.Public()), "did:key:"+multikey(evil.Public())
	didJWK := "did:jwk:" + base64url(encode(jwk(first.Public())))
	p256 := ecKey(elliptic.P256(), "first")
	return []attack{
		by("bare-did", valid, "ok", first, hint(issuerID), nil),
		by("thumbprint", valid, "ok", first, hint(of(first)), nil),
		by("thumbprint-as-fragment", valid, "ok", first, hint(issuerID+"#"+of(first)), nil),
		by("thumbprint-as-urn", valid, "ok", first, hint("urn:ietf:params:oauth:jwk-thumbprint:sha-256:"+of(first)), nil),
		by("arn", valid, "ok", first, hint("arn:aws:kms:eu-central-1:111122223333:key/1234"), nil),
		by("url-of-a-service", valid, "ok", first, hint("https://vault.example/keys/issuer/1"), nil),
		by("path-below-the-did", valid, "ok", first, hint(issuerID+"/keys/1"), nil),
		by("of-p256", valid, "ok", p256, object{"alg": "ES256", "kid": absent}, nil),
		by("missing-and-forged", invalid, "signature-invalid", evil, none, nil),
		by("bare-did-and-forged", invalid, "signature-invalid", evil, hint(issuerID), nil),
		by("thumbprint-of-the-forger", invalid, "method-missing", evil, hint(of(evil)), nil),
		by("thumbprint-and-forged", invalid, "signature-invalid", evil, hint(of(first)), nil),
		by("thumbprint-of-another-kind", invalid, "method-missing", evil, hint(of(p256)), nil),
		by("url-and-forged", invalid, "method-missing", evil, hint("https://evil.example/keys/1"), nil),
		by("foreign-did", invalid, "method-foreign", evil, hint("did:web:evil.example"), nil),
		by("foreign-did-by-the-issuer", invalid, "method-foreign", first, hint("did:web:evil.example"), nil),
		by("foreign-path", invalid, "method-foreign", evil, hint("did:web:evil.example/keys/1"), nil),
		by("foreign-query", invalid, "method-foreign", evil, hint("did:web:evil.example?versionId=1#key-1"), nil),
		by("foreign-did-key", invalid, "method-foreign", evil, hint(didEvil), nil),
		by("foreign-below-the-issuer", invalid, "method-foreign", evil, hint(issuerID+":evil#key-1"), nil),
		by("foreign-with-the-issuer-as-prefix", invalid, "method-foreign", evil, hint(issuerID+".evil.example#key-1"), nil),
		by("foreign-and-a-published-jwk", invalid, "method-foreign", evil, object{"kid": "did:web:evil.example#key-1", "jwk": jwk(first.Public())}, nil),
		by("names-the-revoked", invalid, "key-revoked", evil, nil, revoked),
		by("missing-key-revoked", invalid, "key-revoked", first, none, revoked),
		by("missing-key-revoked-in-the-year-1", invalid, "key-revoked", first, none, func(d *did.Document) { d.VerificationMethod[0].Revoked = "0001-01-01T00:00:00Z" }),
		by("thumbprint-of-the-revoked", invalid, "key-revoked", first, hint(of(first)), revoked),
		by("jwk-of-the-revoked", invalid, "key-revoked", first, object{"kid": absent, "jwk": jwk(first.Public())}, revoked),
		by("missing-key-expired", invalid, "key-expired", first, none, func(d *did.Document) { d.VerificationMethod[0].Expires = "2026-05-31T00:00:00Z" }),
		by("missing-key-expired-in-the-year-1", invalid, "key-expired", first, none, func(d *did.Document) { d.VerificationMethod[0].Expires = "0001-01-01T00:00:00Z" }),
		by("missing-key-not-for-credentials", invalid, "method-not-assertion", first, none, func(d *did.Document) { d.Authentication, d.AssertionMethod = d.AssertionMethod, nil }),
		by("missing-key-of-another", invalid, "method-controller", first, none, func(d *did.Document) { d.VerificationMethod[0].Controller = "did:web:evil.example" }),
		by("missing-one-of-two-revoked", valid, "ok", edKey("second"), none, func(d *did.Document) {
			revoked(d)
			again(edKey("second").Public(), "key-2", nil)(d)
		}),
		by("missing-by-the-revoked-of-two", invalid, "key-revoked", first, none, func(d *did.Document) {
			revoked(d)
			again(edKey("second").Public(), "key-2", nil)(d)
		}),
		by("missing-key-twice-once-revoked", invalid, "key-revoked", first, none, again(first.Public(), "key-2", func(m *did.VerificationMethod) { m.Revoked = "2026-05-31T00:00:00Z" })),
		by("missing-key-twice-once-expired", valid, "ok", first, none, again(first.Public(), "key-2", func(m *did.VerificationMethod) { m.Expires = "2026-05-31T00:00:00Z" })),
		by("missing-key-twice-once-for-credentials", valid, "ok", first, none, func(d *did.Document) {
			d.AssertionMethod = nil
			again(first.Public(), "key-2", nil)(d)
		}),
		by("missing-no-key-of-the-kind", undetermined, "kid-missing", p256, object{"alg": "ES256", "kid": absent}, func(d *did.Document) {
			d.VerificationMethod, d.AssertionMethod = d.VerificationMethod[:1], d.AssertionMethod[:1]
		}),
		by("missing-among-16", valid, "ok", first, none, many(15)),
		by("missing-among-17", undetermined, "kid-missing", first, none, many(16)),
		by("missing-among-70", undetermined, "kid-missing", first, none, many(67)),
		by("named-among-70", valid, "ok", first, nil, many(67)),
		by("missing-and-forged-beside-a-future-key", undetermined, "key-unsupported", evil, none, again(edKey("second").Public(), "key-2", func(m *did.VerificationMethod) { m.Type = "FutureKey2031" })),
		by("missing-and-forged-beside-a-low-order-key", undetermined, "key-unsupported", evil, none, func(d *did.Document) {
			d.VerificationMethod[1].PublicKeyMultibase = multibase(append([]byte{0xed, 1, 1}, make([]byte, 31)...))
		}),
		by("jwk-published", valid, "ok", first, object{"kid": absent, "jwk": jwk(first.Public())}, nil),
		by("jwk-published-and-forged", invalid, "signature-invalid", evil, object{"kid": absent, "jwk": jwk(first.Public())}, nil),
		by("jwk-unpublished-and-bare-did", undetermined, "jwk-untrusted", evil, object{"kid": issuerID, "jwk": jwk(evil.Public())}, nil),
		by("jwk-unpublished-by-the-issuer", undetermined, "jwk-untrusted", first, object{"kid": absent, "jwk": jwk(evil.Public())}, nil),
		by("jwk-of-another-kind", undetermined, "jwk-untrusted", first, object{"kid": absent, "jwk": jwk(p256.Public())}, nil),
		by("x5c-and-forged", undetermined, "jwk-untrusted", evil, object{"kid": absent, "x5c": []any{certificate()}}, nil),
		by("x5c-by-the-issuer", valid, "ok", first, object{"kid": absent, "x5c": []any{certificate()}}, nil),
		by("missing-and-crit", invalid, "header-forbidden", first, object{"kid": absent, "crit": []any{"exp"}, "exp": 1}, nil),
		by("missing-and-b64-false", invalid, "header-forbidden", first, object{"kid": absent, "b64": false}, nil),
		by("missing-and-alg-none", invalid, "algorithm-forbidden", first, object{"kid": absent, "alg": "none"}, nil),
		by("missing-and-alg-es256", invalid, "signature-invalid", first, object{"kid": absent, "alg": "ES256"}, nil),
		by("alg-ed25519", valid, "ok", first, object{"alg": "Ed25519"}, nil),
		by("alg-ed25519-and-forged", invalid, "signature-invalid", evil, object{"alg": "Ed25519"}, nil),
		by("alg-ed25519-under-p256", invalid, "key-mismatch", first, object{"alg": "Ed25519", "kid": keyP256}, nil),
		by("alg-ed448", undetermined, "suite-unsupported", first, object{"alg": "Ed448"}, nil),
		alone("of-a-did-key-missing", valid, "ok", didKey, first, none),
		alone("of-a-did-key-bare", valid, "ok", didKey, first, hint(didKey)),
		alone("of-a-did-key-other-fragment", valid, "ok", didKey, first, hint(didKey+"#key-1")),
		alone("of-a-did-key-nonsense", valid, "ok", didKey, first, hint("key-1")),
		alone("of-a-did-key-by-another", invalid, "signature-invalid", didKey, evil, none),
		alone("of-a-did-key-by-another-with-his-jwk", invalid, "signature-invalid", didKey, evil, object{"kid": absent, "jwk": jwk(evil.Public())}),
		alone("of-a-did-key-of-another", invalid, "method-foreign", didKey, evil, hint(didEvil)),
		alone("of-a-did-key-alg-es256", invalid, "key-mismatch", didKey, first, object{"alg": "ES256", "kid": absent}),
		alone("of-a-did-jwk-missing", valid, "ok", didJWK, first, none),
		alone("of-a-did-jwk-bare", valid, "ok", didJWK, first, hint(didJWK)),
		alone("of-a-did-jwk-by-another", invalid, "signature-invalid", didJWK, evil, hint(didJWK+"#0")),
		alone("of-nobody", undetermined, "issuer-unavailable", "https://nowhere.example/issuer", first, none),
	}
}

// typeAttacks are tokens that say in typ what they are not, and those that stand where
// another data model has them.
func typeAttacks() []attack {
	first := edKey("first")
	typed := func(name, verdict, code, typ string, payload object) attack {
		return attack{"typ-" + name, verdict, code, func(a *academy) []byte {
			a.present(presentation()) // publishes the holder
			return token(header("EdDSA", keyID, typ), payload, first)
		}}
	}
	// shown is a presentation in a token of the holder's.
	shown := func(name, verdict, code, typ string, payload object) attack {
		return attack{"typ-" + name, verdict, code, func(a *academy) []byte {
			a.present(presentation())
			return token(header("EdDSA", holderKey, typ), payload, edKey("ana"))
		}}
	}
	inner := enveloped(token(header("EdDSA", keyID, "vc+jwt"), statement(), first))
	vp := presentation(inner)
	older := with(version1(), object{"@context": []any{context1, "https://purl.imsglobal.org/spec/ob/v3p0/context.json"}})
	// near is a token of data model 1.1 whose times are not quite those inside.
	near := func(name, verdict, code string, key crypto.Signer, nbf, exp time.Duration) attack {
		return attack{"near-" + name, verdict, code, func(*academy) []byte {
			return token(header("EdDSA", keyID, "JWT"), object{
				"iss": issuerID, "jti": older["id"], "vc": older,
				"nbf": seconds(older["issuanceDate"]) + int64(nbf.Seconds()), "exp": seconds(older["expirationDate"]) + int64(exp.Seconds()),
			}, key)
		}}
	}
	// inside is a credential of data model 2.0 under vc.
	inside := func(name, verdict, code string, key crypto.Signer, changes object) attack {
		return attack{"vc-" + name, verdict, code, func(*academy) []byte {
			return token(header("EdDSA", keyID, "JWT"), with(object{"iss": issuerID, "vc": statement()}, changes), key)
		}}
	}
	return []attack{
		typed("vp-of-a-credential", undetermined, "jwt-type", "vp+jwt", statement()),
		typed("vp-ld-of-a-credential", undetermined, "jwt-type", "vp+ld+jwt", statement()),
		typed("vp-of-a-credential-in-capitals", undetermined, "jwt-type", "application/VP+JWT", statement()),
		typed("vp-of-a-vc-claim", undetermined, "jwt-type", "vp+jwt", object{"iss": issuerID, "vc": older}),
		typed("vc-of-a-presentation", undetermined, "jwt-type", "vc+jwt", vp),
		typed("vc-ld-of-a-vp-claim", undetermined, "jwt-type", "vc+ld+jwt", object{"vp": vp}),
		typed("vc-of-a-vp-claim", undetermined, "jwt-type", "vc+jwt", object{"vp": vp}),
		shown("vp", valid, "ok", "vp+jwt", vp),
		shown("vp-ld", valid, "ok", "vp+ld+jwt", vp),
		shown("vp-jwt", valid, "ok", "JWT", vp),
		{"typ-vp-sd-jwt-of-a-credential", undetermined, "jwt-type", func(*academy) []byte {
			return append(token(header("EdDSA", keyID, "vp+sd-jwt"), statement(), first), '~')
		}},
		{"typ-vp-sd-jwt-of-claims", undetermined, "jwt-type", func(a *academy) []byte {
			a.documents[tokenURL] = statusToken(nil)
			return append(token(header("EdDSA", keyID, "vp+sd-jwt"), typedClaims(), first), '~')
		}},
		{"typ-dc-sd-jwt-of-a-presentation", undetermined, "jwt-type", func(a *academy) []byte {
			return append(token(header("EdDSA", keyID, "dc+sd-jwt"), vp, first), '~')
		}},
		near("equal", valid, "ok", first, 0, 0),
		near("nbf-before", undetermined, "jwt-claim-near", first, -90*time.Second, 0),
		near("nbf-after", undetermined, "jwt-claim-near", first, 5*time.Minute, 0),
		near("exp-before", undetermined, "jwt-claim-near", first, 0, -time.Second),
		near("nbf-too-far", invalid, "jwt-claim-mismatch", first, -301*time.Second, 0),
		near("exp-too-far", invalid, "jwt-claim-mismatch", first, 0, 301*time.Second),
		near("forged", invalid, "signature-invalid", edKey("evil"), -90*time.Second, 0),
		inside("claim-of-2.0", undetermined, "version-mix", first, nil),
		inside("claim-of-2.0-forged", invalid, "signature-invalid", edKey("evil"), nil),
		inside("claim-of-2.0-of-another", invalid, "jwt-claim-mismatch", first, object{"iss": "did:web:evil.example"}),
		inside("claim-of-2.0-about-another", invalid, "jwt-claim-mismatch", first, object{"sub": "did:web:mallory.example"}),
		inside("claim-of-2.0-expired-by-exp", invalid, "proof-expired", first, object{"exp": seconds("2026-05-01T00:00:00Z")}),
		inside("claim-of-2.0-that-ended", invalid, "expired", first, object{"vc": with(statement(), object{"validUntil": "2026-05-01T00:00:00Z"})}),
		inside("claim-of-2.0-two-ends", invalid, "jwt-claim-mismatch", first, object{"exp": seconds("2028-01-01T00:00:00Z"), "vc": with(statement(), object{"validUntil": "2026-05-01T00:00:00Z"})}),
		inside("claim-and-members", invalid, "version-mix", first, statement()),
		inside("claim-without-context", invalid, "context-missing", first, object{"vc": with(older, object{"@context": absent})}),
		inside("claim-with-another-context-first", invalid, "context-first", first, object{"vc": with(older, object{"@context": []any{vc.ContextOB, context1}})}),
		inside("claim-null", undetermined, "not-a-credential", first, object{"vc": nil}),
		inside("claim-and-vp-claim", invalid, "version-mix", first, object{"vp": vp}),
	}
}

// typedClaims are those of an SD-JWT VC with nothing to disclose.
func typedClaims() object {
	return with(typed(), object{"credentialSubject": at(credential(), "credentialSubject"), "_sd_alg": absent})
}

// dateAttacks are dates that a careless verifier takes for none, and dates without a
// zone, which data model 1.1 allows.
func dateAttacks() []attack {
	const year1 = "0001-01-01T00:00:00Z"
	const second1 = -62135596800
	jwtOf := func(name, verdict, code, typ string, payload object) attack {
		return attack{"dates-" + name, verdict, code, func(*academy) []byte { return token(header("EdDSA", keyID, typ), payload, edKey("first")) }}
	}
	proofOf := func(name, verdict, code string, changes object) attack {
		return attack{"dates-" + name, verdict, code, func(a *academy) []byte { return encode(a.secure(statement(), options(changes), edKey("first"))) }}
	}
	sd := func(name, verdict, code string, changes object) attack {
		return attack{"dates-" + name, verdict, code, func(a *academy) []byte {
			a.documents[tokenURL] = statusToken(nil)
			return sdToken(with(typed(), changes), nameOf)
		}}
	}
	old := func(name, verdict, code string, changes object) attack {
		return attack{"dates-" + name, verdict, code, func(a *academy) []byte {
			return encode(a.secure(with(version1(), changes), options(object{"type": "Ed25519Signature2020", "cryptosuite": absent}), edKey("first")))
		}}
	}
	return []attack{
		signed("dates-ended-in-the-year-1", invalid, "expired & date-order", func(doc object) { doc["validUntil"] = year1 }),
		signed("dates-ended-before-the-years", invalid, "expired & date-order", func(doc object) { doc["validUntil"] = "-0044-03-15T12:00:00Z" }),
		signed("dates-of-the-year-1", valid, "ok", func(doc object) { doc["validFrom"] = year1 }),
		signed("dates-of-a-distant-year", invalid, "not-yet-valid & schema", func(doc object) {
			doc["validFrom"], doc["validUntil"] = "276000-01-01T00:00:00Z", "276001-01-01T00:00:00Z"
		}),
		jwtOf("exp-in-the-year-1", invalid, "jwt-claim-mismatch", "JWT", with(claims(credential()), object{"exp": second1})),
		jwtOf("nbf-in-the-year-1", invalid, "jwt-claim-mismatch", "JWT", with(claims(credential()), object{"nbf": second1})),
		jwtOf("signature-ended-in-the-year-1", invalid, "proof-expired", "vc+jwt", with(statement(), object{"exp": second1})),
		jwtOf("signature-ended-1970", invalid, "proof-expired", "vc+jwt", with(statement(), object{"exp": 0})),
		jwtOf("signature-of-the-year-1", valid, "ok", "vc+jwt", with(statement(), object{"nbf": second1, "iat": second1})),
		jwtOf("both-in-the-year-1", invalid, "proof-expired & date-order", "JWT", with(statement(), object{"validUntil": year1, "exp": second1})),
		jwtOf("fraction-of-a-second", valid, "ok", "vc+jwt", with(statement(), object{"exp": float64(now.Unix()) + 1.5, "nbf": float64(now.Unix()) - 0.5})),
		jwtOf("exp-in-milliseconds", valid, "ok", "vc+jwt", with(statement(), object{"exp": now.UnixMilli()})),
		jwtOf("exp-beyond-all", invalid, "jwt-claim-malformed", "vc+jwt", with(statement(), object{"exp": 1e300})),
		jwtOf("exp-at-the-bound", valid, "ok", "vc+jwt", with(statement(), object{"exp": 1 << 43})),
		jwtOf("exp-past-the-bound", invalid, "jwt-claim-malformed", "vc+jwt", with(statement(), object{"exp": 1<<43 + 1})),
		jwtOf("exp-null", valid, "ok", "vc+jwt", with(statement(), object{"exp": nil})),
		jwtOf("claims-of-a-distant-year", invalid, "proof-future", "JWT", object{"iss": issuerID, "nbf": 1 << 42, "vc": with(version1(), object{
			"@context": []any{context1, "https://purl.imsglobal.org/spec/ob/v3p0/context.json"}, "issuanceDate": absent, "expirationDate": absent,
		})}),
		jwtOf("claims-of-the-year-1", valid, "ok", "JWT", object{"iss": issuerID, "nbf": second1, "vc": with(version1(), object{
			"@context": []any{context1, "https://purl.imsglobal.org/spec/ob/v3p0/context.json"}, "issuanceDate": absent, "expirationDate": absent,
		})}),
		proofOf("proof-ended-in-the-year-1", invalid, "proof-expired", object{"expires": year1}),
		proofOf("proof-of-the-year-1", valid, "ok", object{"created": year1}),
		sd("claims-ended-in-the-year-1", invalid, "expired", object{"exp": second1}),
		sd("claims-began-in-the-year-1", valid, "ok", object{"nbf": second1}),
		old("1.1-without-a-zone", valid, "ok", object{"issuanceDate": "2026-01-15T09:00:00", "expirationDate": "2028-01-15T09:00:00.25"}),
		old("1.1-without-a-zone-ended", invalid, "expired", object{"expirationDate": "2026-06-01T11:59:59"}),
		old("1.1-without-a-zone-at-this-moment", valid, "ok", object{"expirationDate": "2026-06-01T12:00:00"}),
		old("1.1-without-a-zone-not-yet", invalid, "not-yet-valid", object{"issuanceDate": "2026-06-01T12:00:01"}),
		old("1.1-without-a-zone-no-such-day", invalid, "date-malformed", object{"issuanceDate": "2026-02-30T09:00:00"}),
		old("1.1-date-only", invalid, "date-malformed", object{"issuanceDate": "2026-01-15"}),
		old("1.1-in-the-year-1", invalid, "expired & date-order", object{"expirationDate": year1}),
		oldToken("dates-1.1-token-without-a-zone", valid, "ok", nil, object{"issuanceDate": "2026-01-15T09:00:00"}),
		signed("dates-2.0-without-a-zone", invalid, "date-malformed", func(doc object) { doc["validFrom"] = "2026-01-15T09:00:00" }),
	}
}
