package cases

import (
	"crypto/elliptic"
	"crypto/sha256"
	"fmt"
	"strings"
	"time"

	"laurel/internal/standards/vc"
)

const tokenURL = "https://academy.example.org/status/1.jwt.txt"

// disclosure is one of RFC 9901, from its JSON, and digestOf its digest.
func disclosure(json string) string { return base64url([]byte(json)) }

func digestOf(ascii string) string {
	sum := sha256.Sum256([]byte(ascii))
	return base64url(sum[:])
}

var (
	nameOf    = disclosure(`["s1","id","did:key:z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi"]`)
	personOf  = disclosure(`["s2",{"type":"IdentityObject","hashed":false,"identityHash":"Ana Example","identityType":"name"}]`)
	ofAnother = disclosure(`["s3","id","did:web:mallory.example"]`)
)

// typed are the claims of an SD-JWT VC in which the learner may be withheld.
func typed() object {
	subject := with(at(credential(), "credentialSubject"), object{"id": absent, "_sd": []any{digestOf(nameOf)}, "identifier": []any{object{"...": digestOf(personOf)}}})
	return object{
		"vct": "https://academy.example.org/vct/achievements/woodworking.json", "iss": issuerID, "jti": credential()["id"], "_sd_alg": "sha-256",
		"iat": now.Add(-time.Hour).Unix(), "nbf": now.Add(-time.Hour).Unix(), "exp": now.Add(time.Hour).Unix(),
		"status": object{"status_list": object{"idx": 42, "uri": tokenURL}},
		"issuer": credential()["issuer"], "credentialSubject": subject,
	}
}

// sdToken signs claims and puts disclosures behind them.
func sdToken(claims object, disclosures ...string) []byte {
	return append(token(header("ES256", keyP256, "dc+sd-jwt"), claims, ecKey(elliptic.P256(), "first")), "~"+strings.Join(append(disclosures, ""), "~")...)
}

// statusToken is a signed Status List Token.
func statusToken(change object, set ...int) []byte {
	bits := vc.NewBitstring(vc.ListLength)
	for _, i := range set {
		bits.Set(i, true)
	}
	data, err := vc.NewTokenStatusList(vc.StatusListOptions{URL: tokenURL, Issuer: issuerID, ValidFrom: now.Add(-time.Hour)}, bits)
	check("make a status list", err)
	return token(header("ES256", keyP256, vc.TokenStatusListType), with(decode(data), change), ecKey(elliptic.P256(), "first"))
}

// guildToken is such a token that the guild signed.
func guildToken(change object, set ...int) []byte {
	claims := decode(unbase64(strings.Split(string(statusToken(change, set...)), ".")[1]))
	return token(header("EdDSA", guildKey, vc.TokenStatusListType), claims, edKey("guild"))
}

// sdJWTCases are SD-JWTs: what may be disclosed and how, what its issuer says of
// status and holder, and how a list of statuses can be wrong.
func sdJWTCases() []attack {
	// of is a token of changed claims with these disclosures.
	of := func(name, verdict, code string, changes object, disclosures ...string) attack {
		return attack{name, verdict, code, func(a *academy) []byte {
			a.documents[tokenURL] = statusToken(nil)
			return sdToken(with(typed(), changes), disclosures...)
		}}
	}
	// one is a token with one disclosure more, which the issuer signed.
	one := func(name, verdict, code, json string) attack {
		return of(name, verdict, code, object{"_sd": []any{digestOf(disclosure(json))}}, nameOf, disclosure(json))
	}
	// list is a good token whose list of statuses is this.
	list := func(name, verdict, code string, make func() []byte) attack {
		return attack{name, verdict, code, func(a *academy) []byte {
			a.documents[tokenURL] = make()
			return sdToken(typed(), nameOf)
		}}
	}
	head := func(name, verdict, code string, changes object) attack {
		return attack{name, verdict, code, func(a *academy) []byte {
			a.documents[tokenURL] = statusToken(nil)
			return append(token(with(header("ES256", keyP256, "dc+sd-jwt"), changes), typed(), ecKey(elliptic.P256(), "first")), "~"+nameOf+"~"...)
		}}
	}
	holder := ecKey(elliptic.P256(), "holder")
	// shown is a token of the holder's with a key binding JWT of changed claims.
	shown := func(name, verdict, code string, cnf any, by string, changes object) attack {
		return attack{name, verdict, code, func(a *academy) []byte {
			a.documents[tokenURL] = statusToken(nil)
			t := sdToken(with(typed(), object{"cnf": cnf}), nameOf)
			kb := with(object{"iat": now.Unix(), "aud": "https://employer.example", "nonce": "n", "sd_hash": digestOf(string(t))}, changes)
			return append(t, token(object{"alg": "ES256", "typ": "kb+jwt"}, kb, ecKey(elliptic.P256(), by))...)
		}}
	}
	cnf := object{"jwk": jwk(holder.Public())}
	idx := func(idx, uri any) object {
		return object{"status": object{"status_list": object{"idx": idx, "uri": uri}}}
	}
	// inToken is a credential of the data model in a JWT with one more claim; 7 is
	// revoked.
	inToken := func(name, verdict, code string, claim object) attack {
		return attack{name, verdict, code, func(a *academy) []byte {
			a.documents[tokenURL] = statusToken(nil, 7)
			return token(header("EdDSA", keyID, "vc+jwt"), with(credential(), claim), edKey("first"))
		}}
	}
	statuses := func(bits any, lst string) object { return object{"status_list": object{"bits": bits, "lst": lst}} }
	deep := strings.Repeat("[", 40) + strings.Repeat("]", 40)
	inner := disclosure(`["s","b",` + deep + `]`)
	outer := disclosure(`["s","a",` + strings.Repeat(`{"x":`, 40) + `{"_sd":["` + digestOf(inner) + `"]}` + strings.Repeat(`}`, 40) + `]`)
	many := make([]string, 1001)
	digests := make([]any, 10_001)
	for i := range digests {
		d := disclosure(fmt.Sprintf(`["s","n%d",1]`, i))
		if digests[i] = digestOf(d); i < len(many) {
			many[i] = d
		}
	}
	return []attack{
		of("whole", valid, "ok", nil, nameOf, personOf),
		of("other-order", valid, "ok", nil, personOf, nameOf),
		of("all-withheld", valid, "ok", nil),
		of("without-digests", valid, "ok", object{"credentialSubject": at(credential(), "credentialSubject"), "_sd_alg": absent}),
		of("decoys", valid, "ok", object{"_sd": []any{"decoy", "another"}}, nameOf),
		of("no-digests-in-a-list", valid, "ok", object{"_sd": []any{}}, nameOf),
		one("unknown-claim", valid, "ok", `["s","x",{"y":[1]}]`),
		one("space-in-disclosure", valid, "ok", "[\"s\" ,\n\"x\", null]"),
		one("of-one", invalid, "sd-jwt-malformed", `["s"]`),
		one("of-four", invalid, "sd-jwt-malformed", `["s","x",1,2]`),
		one("an-object", invalid, "sd-jwt-malformed", `{"s":"x"}`),
		one("element-as-claim", invalid, "sd-jwt-malformed", `["s","x"]`),
		one("salt-number", invalid, "sd-jwt-malformed", `[1,"x",1]`),
		one("name-number", invalid, "sd-jwt-malformed", `["s",1,1]`),
		one("not-json", invalid, "json-syntax", `["s","x",1`),
		one("more-behind", invalid, "json-syntax", `["s","x",1]1`),
		one("name-twice-inside", invalid, "json-duplicate-name", `["s","x",{"a":1,"a":2}]`),
		one("number-inexact", undetermined, "json-number", `["s","x",12345678901234567890]`),
		one("named-sd", invalid, "sd-name-forbidden", `["s","_sd",["x"]]`),
		one("named-dots", invalid, "sd-name-forbidden", `["s","...","x"]`),
		one("named-algorithm", invalid, "sd-name-forbidden", `["s","_sd_alg","sha-256"]`),
		one("named-iss", invalid, "sd-claim-twice", `["s","iss","did:web:evil.example"]`),
		one("in-another-case", invalid, "json-duplicate-name", `["s","ISS","did:web:evil.example"]`),
		one("named-proto", valid, "ok", `["s","__proto__",{"vct":"x"}]`),
		of("status-disclosed", invalid, "sd-withheld", object{"status": absent, "_sd": []any{digestOf(disclosure(`["s","status",{}]`))}}, nameOf, disclosure(`["s","status",{}]`)),
		of("index-withheld", invalid, "sd-withheld", object{"status": object{"status_list": object{"uri": tokenURL, "_sd": []any{"x"}}}}, nameOf),
		of("vct-disclosed", invalid, "sd-withheld", object{"vct": absent, "_sd": []any{digestOf(disclosure(`["s","vct","x"]`))}}, nameOf, disclosure(`["s","vct","x"]`)),
		of("claim-as-element", invalid, "sd-jwt-malformed", object{"list": []any{object{"...": digestOf(ofAnother)}}}, nameOf, ofAnother),
		of("element-with-more", invalid, "sd-jwt-malformed", object{"list": []any{object{"...": "x", "y": 1}}}, nameOf),
		of("element-number", invalid, "sd-jwt-malformed", object{"list": []any{object{"...": 1}}}, nameOf),
		of("dots-in-object", invalid, "sd-name-forbidden", object{"x": object{"...": "y"}}, nameOf),
		of("digests-text", invalid, "sd-jwt-malformed", object{"_sd": "x"}, nameOf),
		of("digests-null", invalid, "sd-jwt-malformed", object{"_sd": nil}, nameOf),
		of("digest-number", invalid, "sd-jwt-malformed", object{"_sd": []any{1}}, nameOf),
		of("digest-twice", invalid, "sd-digest-twice", object{"_sd": []any{"x", "x"}}, nameOf),
		of("digest-in-two-places", invalid, "sd-digest-twice", object{"_sd": []any{digestOf(nameOf)}}, nameOf),
		of("disclosure-twice", invalid, "sd-disclosure-twice", nil, nameOf, nameOf),
		of("disclosure-unsigned", invalid, "sd-disclosure-unused", nil, nameOf, ofAnother),
		of("disclosure-instead", invalid, "sd-disclosure-unused", nil, ofAnother),
		of("disclosure-without-outer", invalid, "sd-disclosure-unused", object{"_sd": []any{digestOf(outer)}}, inner),
		of("disclosure-empty", invalid, "sd-jwt-malformed", nil, nameOf, ""),
		of("disclosure-padded", invalid, "sd-jwt-malformed", nil, nameOf+"="),
		of("disclosure-not-ascii", invalid, "sd-jwt-malformed", nil, "é"),
		of("too-deep", undetermined, "json-too-deep", object{"_sd": []any{digestOf(outer)}}, outer, inner),
		of("too-many-disclosures", invalid, "sd-jwt-malformed", object{"_sd": digests[:1001]}, many...),
		of("as-many-as-may-be", valid, "ok", object{"_sd": digests[:1000]}, many[:1000]...),
		of("too-many-digests", invalid, "sd-jwt-malformed", object{"_sd": digests}, nameOf),
		of("other-algorithm", undetermined, "sd-algorithm-unknown", object{"_sd_alg": "sha-512"}, nameOf),
		of("algorithm-in-capitals", undetermined, "sd-algorithm-unknown", object{"_sd_alg": "SHA-256"}, nameOf),
		of("until-of-the-data-model-past", invalid, "expired", object{"exp": absent, "validUntil": "2026-05-01T00:00:00Z"}, nameOf),
		of("until-of-the-data-model", valid, "ok", object{"exp": absent, "validUntil": "2027-05-01T00:00:00Z"}, nameOf),
		of("until-of-the-data-model-a-day", undetermined, "date-malformed", object{"exp": absent, "validUntil": "2026-05-01"}, nameOf),
		of("until-of-the-data-model-beside-exp", valid, "ok", object{"validUntil": "a word of its type"}, nameOf),
		{"with-a-status-of-the-data-model", invalid, "revoked", func(a *academy) []byte {
			a.documents[tokenURL], a.documents[listURL] = statusToken(nil), a.list(nil, 7)
			return sdToken(with(typed(), object{"credentialStatus": statusEntry(listURL, "revocation", "7")}), nameOf)
		}},
		of("vct-number", invalid, "sd-jwt-vc", object{"vct": 1}, nameOf),
		of("vct-null", invalid, "sd-jwt-vc", object{"vct": nil}, nameOf),
		of("cnf-text", invalid, "sd-jwt-vc", object{"cnf": "x"}, nameOf),
		of("cnf-null", invalid, "sd-jwt-vc", object{"cnf": nil}, nameOf),
		of("iss-missing", undetermined, "issuer-missing", object{"iss": absent}, nameOf),
		of("iss-of-another", invalid, "jwt-claim-mismatch", object{"iss": "did:web:evil.example"}, nameOf),
		of("iss-of-a-forger", invalid, "method-foreign", object{"iss": "did:web:evil.example", "issuer": absent}, nameOf),
		of("issuer-without-id", valid, "ok", object{"issuer": object{"name": "The Academy"}}, nameOf),
		of("issuer-text", valid, "ok", object{"issuer": "The Academy"}, nameOf),
		of("expired", invalid, "expired", object{"exp": 1}, nameOf),
		of("not-yet", invalid, "not-yet-valid", object{"nbf": now.Unix() + 60}, nameOf),
		of("exp-text", invalid, "jwt-claim-malformed", object{"exp": "2028"}, nameOf),
		of("exp-huge", invalid, "jwt-claim-malformed", object{"exp": 1 << 44}, nameOf),
		of("exp-in-milliseconds", valid, "ok", object{"exp": now.UnixMilli()}, nameOf),
		of("made-tomorrow", invalid, "proof-future", object{"iat": now.Unix() + 86400}, nameOf),
		of("without-dates", valid, "ok", object{"iat": absent, "nbf": absent, "exp": absent}, nameOf),
		of("of-other-claims", valid, "ok", object{"credentialSubject": absent, "verifiableCredential": "x", "given_name": "Ana"}),
		of("status-missing", valid, "ok", object{"status": absent}, nameOf),
		of("status-text", invalid, "status-malformed", object{"status": "x"}, nameOf),
		of("status-null", invalid, "status-malformed", object{"status": nil}, nameOf),
		of("status-of-another-kind", undetermined, "status-type-unknown", object{"status": object{"b": 1, "a": 2}}, nameOf),
		of("index-text", invalid, "status-malformed", idx("42", tokenURL), nameOf),
		of("index-negative", invalid, "status-malformed", idx(-1, tokenURL), nameOf),
		of("index-half", invalid, "status-malformed", idx(0.5, tokenURL), nameOf),
		of("index-huge", invalid, "status-malformed", idx(1<<31, tokenURL), nameOf),
		of("index-outside", undetermined, "status-range", idx(vc.ListLength, tokenURL), nameOf),
		of("uri-missing", invalid, "status-malformed", idx(1, nil), nameOf),
		of("list-missing", undetermined, "status-unavailable", idx(1, "https://academy.example.org/status/9.jwt.txt"), nameOf),
		of("list-of-another-kind", undetermined, "status-list-malformed", idx(1, listURL), nameOf),
		head("older-typ", valid, "ok", object{"typ": "vc+sd-jwt"}),
		head("long-typ", valid, "ok", object{"typ": "Application/DC+SD-JWT"}),
		head("typ-of-jwt", undetermined, "jwt-type", object{"typ": "JWT"}),
		head("typ-missing", undetermined, "jwt-type", object{"typ": absent}),
		head("alg-none", invalid, "algorithm-forbidden", object{"alg": "none"}),
		head("alg-eddsa", invalid, "key-mismatch", object{"alg": "EdDSA"}),
		head("kid-missing", valid, "ok", object{"kid": absent}),
		head("kid-unknown", valid, "ok", object{"kid": issuerID + "#key-9"}),
		head("x5c-beside-kid", valid, "ok", object{"x5c": []any{certificate()}}),
		{"x5c-alone", undetermined, "jwk-untrusted", func(*academy) []byte {
			h := object{"alg": "ES256", "typ": "dc+sd-jwt", "x5c": []any{certificate()}}
			return append(token(h, with(typed(), object{"iss": absent}), ecKey(elliptic.P256(), "first")), '~')
		}},
		{"forged", invalid, "signature-invalid", func(*academy) []byte {
			return append(token(header("ES256", keyP256, "dc+sd-jwt"), typed(), ecKey(elliptic.P256(), "evil")), "~"+nameOf+"~"...)
		}},
		{"without-tilde", invalid, "sd-jwt-malformed", func(*academy) []byte {
			return token(header("ES256", keyP256, "dc+sd-jwt"), typed(), ecKey(elliptic.P256(), "first"))
		}},
		{"line-break-behind", valid, "ok", func(a *academy) []byte {
			a.documents[tokenURL] = append(statusToken(nil), "\r\n"...)
			return append(sdToken(typed(), nameOf), "\r\n"...)
		}},
		{"line-break-inside", valid, "ok", func(a *academy) []byte {
			a.documents[tokenURL] = statusToken(nil)
			return sdToken(typed(), nameOf+"\n")
		}},
		{"of-the-data-model", valid, "ok", func(*academy) []byte {
			return append(token(header("ES256", keyP256, "vc+sd-jwt"), with(credential(), object{"_sd": []any{digestOf(disclosure(`["s","description","x"]`))}}), ecKey(elliptic.P256(), "first")), "~"+disclosure(`["s","description","x"]`)+"~"...)
		}},
		{"of-the-data-model-without-typ", valid, "ok", func(*academy) []byte {
			return append(token(object{"alg": "ES256", "kid": keyP256}, credential(), ecKey(elliptic.P256(), "first")), '~')
		}},
		{"presentation-bound", undetermined, "kb-unsupported", func(*academy) []byte {
			t := append(token(header("ES256", keyP256, "vp+sd-jwt"), object{"@context": []any{vc.ContextVC}, "type": "VerifiablePresentation"}, ecKey(elliptic.P256(), "first")), '~')
			kb := object{"iat": now.Unix(), "aud": "a", "nonce": "n", "sd_hash": digestOf(string(t))}
			return append(t, token(object{"alg": "ES256", "typ": "kb+jwt"}, kb, holder)...)
		}},
		{"in-an-envelope", invalid, "envelope-malformed", func(*academy) []byte {
			return encode(object{"@context": vc.ContextVC, "type": "EnvelopedVerifiableCredential", "id": "data:application/vc+jwt," + string(sdToken(typed(), nameOf))})
		}},
		shown("shown-by-the-holder", valid, "ok", cnf, "holder", nil),
		of("held-and-not-shown", valid, "ok", object{"cnf": cnf}, nameOf),
		shown("shown-by-another", invalid, "kb-invalid", cnf, "thief", nil),
		shown("shown-tomorrow", invalid, "kb-invalid", cnf, "holder", object{"iat": now.Unix() + 86400}),
		shown("shown-in-no-year", invalid, "kb-malformed", cnf, "holder", object{"iat": 1 << 44}),
		shown("shown-of-another-choice", invalid, "kb-malformed", cnf, "holder", object{"sd_hash": digestOf("x")}),
		shown("shown-to-nobody", invalid, "kb-malformed", cnf, "holder", object{"aud": absent}),
		shown("shown-to-two", invalid, "kb-malformed", cnf, "holder", object{"aud": []any{"a", "b"}}),
		shown("shown-without-nonce", invalid, "kb-malformed", cnf, "holder", object{"nonce": absent}),
		shown("shown-at-no-time", invalid, "kb-malformed", cnf, "holder", object{"iat": "1"}),
		shown("held-by-name", undetermined, "kb-unsupported", object{"kid": "did:key:z6Mk#x"}, "holder", nil),
		shown("held-by-nobody", undetermined, "kb-unsupported", absent, "holder", nil),
		shown("held-by-a-secret", undetermined, "kb-unsupported", object{"jwk": object{"kty": "oct", "k": "AA"}}, "holder", nil),
		shown("held-by-a-private-key", undetermined, "kb-unsupported", object{"jwk": with(jwk(holder.Public()), object{"d": "AA"})}, "holder", nil),
		list("revoked", invalid, "revoked", func() []byte { return statusToken(nil, 42) }),
		list("neighbours-revoked", valid, "ok", func() []byte { return statusToken(nil, 40, 41, 43, 45, 47) }),
		list("list-without-iss", valid, "ok", func() []byte { return statusToken(object{"iss": absent}) }),
		list("list-of-another", undetermined, "status-list-invalid", func() []byte { return statusToken(object{"iss": "did:web:evil.example"}) }),
		list("foreign-list", undetermined, "status-list-issuer", func() []byte { return guildToken(object{"iss": guildID}) }),
		list("foreign-list-by-its-key", undetermined, "status-list-issuer", func() []byte { return guildToken(object{"iss": absent}) }),
		list("foreign-list-revoked", undetermined, "status-list-issuer", func() []byte { return guildToken(object{"iss": guildID}, 42) }),
		list("foreign-list-in-our-name", undetermined, "status-list-invalid", func() []byte { return guildToken(nil, 42) }),
		list("list-replayed", valid, "ok", func() []byte { return statusToken(object{"iat": now.Add(-45 * 24 * time.Hour).Unix()}) }),
		list("list-replayed-revoked", invalid, "revoked", func() []byte { return statusToken(object{"iat": now.Add(-45 * 24 * time.Hour).Unix()}, 42) }),
		list("list-after-its-ttl", valid, "ok", func() []byte {
			return statusToken(object{"iat": now.Add(-3 * 24 * time.Hour).Unix(), "ttl": 86400})
		}),
		list("list-within-its-ttl", valid, "ok", func() []byte {
			return statusToken(object{"iat": now.Add(-45 * 24 * time.Hour).Unix(), "ttl": 90 * 86400})
		}),
		inToken("jwt-status", valid, "ok", idx(42, tokenURL)),
		inToken("jwt-status-revoked", invalid, "revoked", idx(7, tokenURL)),
		inToken("jwt-status-text", undetermined, "status-type-unknown", object{"status": "active"}),
		inToken("jwt-status-of-another-kind", undetermined, "status-type-unknown", object{"status": object{"a": 1}}),
		{"jwt-status-of-version-1-revoked", invalid, "revoked", func(a *academy) []byte {
			a.documents[tokenURL] = statusToken(nil, 7)
			return token(header("EdDSA", keyID, "JWT"), with(idx(7, tokenURL), object{"iss": issuerID, "vc": version1()}), edKey("first"))
		}},
		list("list-under-another-name", undetermined, "status-list-id", func() []byte { return statusToken(object{"sub": "x"}) }),
		list("list-without-name", undetermined, "status-list-id", func() []byte { return statusToken(object{"sub": absent}) }),
		list("revoked-under-another-name", invalid, "revoked", func() []byte { return statusToken(object{"sub": "x"}, 42) }),
		list("list-expired", undetermined, "status-list-stale", func() []byte { return statusToken(object{"exp": now.Unix()}) }),
		list("revoked-though-expired", invalid, "revoked", func() []byte { return statusToken(object{"exp": now.Unix()}, 42) }),
		list("list-without-date", undetermined, "status-list-stale", func() []byte { return statusToken(object{"iat": absent}) }),
		list("list-of-tomorrow", undetermined, "status-list-stale", func() []byte { return statusToken(object{"iat": now.Unix() + 86400}) }),
		list("list-in-no-year", undetermined, "status-list-stale", func() []byte { return statusToken(object{"iat": 1 << 41}) }),
		list("three-bits", undetermined, "status-list-malformed", func() []byte { return statusToken(statuses(3, "eNrbuRgAAhcBXQ")) }),
		list("bits-text", undetermined, "status-list-malformed", func() []byte { return statusToken(statuses("1", "eNrbuRgAAhcBXQ")) }),
		list("list-padded", undetermined, "status-list-malformed", func() []byte { return statusToken(statuses(1, "eNrbuRgAAhcBXQ==")) }),
		list("list-cut", undetermined, "status-list-malformed", func() []byte { return statusToken(statuses(1, "eNrbuRgAAhcB")) }),
		list("list-with-more", undetermined, "status-list-malformed", func() []byte { return statusToken(statuses(1, "eNrbuRgAAhcBXQAA")) }),
		list("list-short", undetermined, "status-range", func() []byte { return statusToken(statuses(2, "eNo76fITAAPfAgc")) }),
		list("list-of-other-type", undetermined, "status-list-malformed", func() []byte {
			return token(header("ES256", keyP256, "JWT"), object{"sub": tokenURL}, ecKey(elliptic.P256(), "first"))
		}),
		list("list-not-a-token", undetermined, "status-list-malformed", func() []byte { return []byte("{}") }),
		list("list-forged", undetermined, "status-list-invalid", func() []byte {
			data := strings.Split(string(statusToken(nil)), ".")
			return []byte(data[0] + "." + data[1] + "." + strings.Split(string(statusToken(nil, 42)), ".")[2])
		}),
		{"suspended", invalid, "suspended", func(a *academy) []byte {
			a.documents[tokenURL] = statusToken(statuses(2, "eNo76fITAAPfAgc"))
			return sdToken(with(typed(), idx(1, tokenURL)), nameOf)
		}},
		{"status-of-its-own", undetermined, "status-purpose-unknown", func(a *academy) []byte {
			a.documents[tokenURL] = statusToken(statuses(2, "eNo76fITAAPfAgc"))
			return sdToken(with(typed(), idx(3, tokenURL)), nameOf)
		}},
	}
}
