package cases

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mr-tron/base58"

	"laurel/internal/standards/did"
	"laurel/internal/standards/vc"
	"laurel/internal/standards/verify"
	"laurel/internal/testing/interop"
)

// generated is how many cases Generated makes.
const generated = 5000

// draft is a generated case on its way: a document that is changed, secured,
// tampered with and put into something.
type draft struct {
	*academy
	chance *rand.Rand
	doc    object
	// What secures it, and who.
	how    securing
	key    crypto.Signer
	issuer string
	method string // of the issuer's key, empty if it has none to name
	head   object // changes of a JWS's header
	claims object // and of its claims
	proof  object // and of a proof's options
	// made are the documents of this case alone, by URL or DID.
	made map[string]bool
	// data is the case once it is secured.
	data []byte
}

// way is one way in which cases differ in one respect.
type way struct {
	name  string
	plain bool // a case of plain ways alone is valid
	never bool // a case of this way is not valid
	do    func(*draft)
}

// respect is a respect in which cases differ: what most have, and the other ways.
type respect struct {
	name  string
	usual int // of a hundred have the first way
	ways  []way
}

// respects are those in the order in which they are applied.
func respects() []respect {
	return []respect{
		{"document", 70, documentWays()},
		{"securing", 0, securingWays()},
		{"key", 50, keyWays()},
		{"method", 80, methodWays()},
		{"status", 75, statusWays()},
		{"dates", 70, dateWays()},
		{"spelling", 70, spellingWays()},
		{"signature", 85, signatureWays()},
		{"carrier", 40, carrierWays()},
	}
}

func nothing(*draft) {}

func documentWays() []way {
	set := func(doc func() object) func(*draft) { return func(d *draft) { d.doc = doc() } }
	return []way{
		{name: "badge", plain: true, do: set(func() object { return with(credential(), object{"credentialStatus": absent}) })},
		{name: "statement", plain: true, do: set(statement)},
		{name: "rich", plain: true, do: set(func() object { return with(with(credential(), rich()), object{"credentialStatus": absent}) })},
		{name: "data-model-1.1", plain: true, do: set(version1)},
		{name: "endorsement", do: set(endorsement)},
		{name: "record", do: func(d *draft) {
			d.doc = clr(decode(d.sign(with(credential(), object{"credentialStatus": absent}))))
			delete(d.doc, "credentialStatus")
			d.made[issuerID] = true
		}},
	}
}

// securing is a form and suite.
type securing struct {
	jws    string // alg
	typ    string
	key    crypto.Signer
	secure func(d *draft) []byte
}

func securingWays() []way {
	ed, p256, p384, rsa := edKey("generated"), ecKey(elliptic.P256(), "generated"), ecKey(elliptic.P384(), "generated"), rsaKey()
	integrity := func(name string, key crypto.Signer, changes object) way {
		return way{name: name, plain: true, do: func(d *draft) {
			contexts := slices.Clone(d.doc["@context"].([]any))
			if old := contexts[0] == context1; changes["type"] == "Ed25519Signature2020" && !old {
				d.doc["@context"] = append(contexts, "https://w3id.org/security/suites/ed25519-2020/v1")
			} else if changes["type"] == nil && old {
				d.doc["@context"] = append(contexts, "https://w3id.org/security/data-integrity/v2")
			}
			d.how = securing{key: key, secure: func(d *draft) []byte {
				o := with(options(changes), object{"verificationMethod": d.method})
				return encode(d.secureOr(with(d.doc, nil), with(o, d.proof), d.key))
			}}
		}}
	}
	detached := func(name, alg, context string, key crypto.Signer, made object) way {
		return way{name: name, plain: true, do: func(d *draft) {
			if contexts := d.doc["@context"].([]any); context != context2018 || contexts[0] != context1 {
				d.doc["@context"] = append(slices.Clone(contexts), context)
			}
			d.how = securing{key: key, secure: func(d *draft) []byte {
				o := with(made, object{"verificationMethod": d.method})
				return encode(d.orNothing(func() object {
					return d.detach(d.doc, with(o, d.proof), with(unencoded(alg), d.head), d.key)
				}, o))
			}}
		}}
	}
	compact := func(alg, typ string, key crypto.Signer) way {
		return way{name: typ + "-" + alg, plain: true, do: func(d *draft) {
			d.how = securing{jws: alg, typ: typ, key: key, secure: (*draft).compact}
		}}
	}
	ways := []way{
		integrity("eddsa-rdfc-2022", ed, nil),
		integrity("eddsa-jcs-2022", ed, object{"cryptosuite": "eddsa-jcs-2022"}),
		integrity("ecdsa-rdfc-2019-p256", p256, object{"cryptosuite": "ecdsa-rdfc-2019"}),
		integrity("ecdsa-rdfc-2019-p384", p384, object{"cryptosuite": "ecdsa-rdfc-2019"}),
		integrity("ecdsa-jcs-2019", p256, object{"cryptosuite": "ecdsa-jcs-2019"}),
		integrity("eddsa-2022", ed, object{"cryptosuite": "eddsa-2022"}),
		integrity("eddsa-rdf-2022", ed, object{"cryptosuite": "eddsa-rdf-2022"}),
		detached("ed25519-signature-2018", "EdDSA", context2018, ed, options2018(nil)),
		detached("json-web-signature-2020-eddsa", "EdDSA", contextJWS, ed, optionsJWS(nil)),
		detached("json-web-signature-2020-es256", "ES256", contextJWS, p256, optionsJWS(nil)),
		detached("json-web-signature-2020-es384", "ES384", contextJWS, p384, optionsJWS(nil)),
		integrity("ed25519-signature-2020", ed, object{"type": "Ed25519Signature2020", "cryptosuite": absent}),
		{name: "unknown-suite", never: true, do: func(d *draft) {
			d.how = securing{key: ed, secure: func(d *draft) []byte {
				return encode(d.secureOr(d.doc, with(options(object{"verificationMethod": d.method, "cryptosuite": "future-2031"}), d.proof), d.key))
			}}
		}},
		{name: "unknown-type", never: true, do: func(d *draft) {
			d.how = securing{key: ed, secure: func(d *draft) []byte {
				return encode(with(d.doc, object{"proof": object{"type": "MerkleProof2019", "created": "2026-01-15T09:00:00", "proofValue": "z7veGu1", "verificationMethod": d.method, "proofPurpose": "assertionMethod"}}))
			}}
		}},
		{name: "unsigned", never: true, do: func(d *draft) { d.how = securing{key: ed, secure: func(d *draft) []byte { return encode(d.doc) }} }},
		compact("EdDSA", "JWT", ed), compact("ES256", "JWT", p256), compact("ES384", "JWT", p384), compact("RS256", "JWT", rsa), compact("Ed25519", "JWT", ed), compact("ES256K", "JWT", k256Key("generated")), compact("ES256K", "vc+jwt", k256Key("generated")),
		compact("EdDSA", "vc+jwt", ed), compact("ES256", "vc+jwt", p256), compact("Ed25519", "vc+jwt", ed),
		{name: "sd-jwt", plain: true, do: func(d *draft) {
			d.how = securing{jws: "ES256", typ: "vc+sd-jwt", key: p256, secure: func(d *draft) []byte { return append(d.compact(), '~') }}
		}},
	}
	return ways
}

// secureOr is secure, or nothing.
func (d *draft) secureOr(doc, options object, key crypto.Signer) object {
	return d.orNothing(func() object { return d.secure(doc, options, key) }, options)
}

// orNothing is what secures the draft; one that cannot be canonicalised gets a
// signature of something else.
func (d *draft) orNothing(secure func() object, options object) (secured object) {
	defer func() {
		if recover() != nil {
			secured = with(d.doc, object{"proof": with(options, object{"proofValue": multibase(signHash(edKey("generated"), []byte("nothing")))})})
		}
	}()
	return secure()
}

// compact makes a JWS of the document: of data model 1.1 under vc.
func (d *draft) compact() []byte {
	head := header(d.how.jws, d.method, d.how.typ)
	if d.method == "" {
		delete(head, "kid")
	}
	payload := with(d.doc, nil)
	if contexts := vc.Items(d.doc["@context"]); len(contexts) > 0 && contexts[0] == context1 {
		doc := with(d.doc, nil)
		payload = object{"iss": d.issuer, "vc": doc}
		if from, ok := doc["issuanceDate"].(string); ok {
			if t, err := time.Parse(time.RFC3339, from); err == nil {
				payload["nbf"] = t.Unix()
			}
		}
	} else if d.how.typ == "JWT" {
		payload["iss"] = d.issuer
		if id, ok := d.doc["id"].(string); ok {
			payload["jti"] = id
		}
	}
	return token(with(head, d.head), with(payload, d.claims), d.key)
}

// keyWays are who the issuer is, and in which spelling its key is published.
func keyWays() []way {
	// published is an issuer by did:web with one key as this method.
	published := func(name string, plain bool, method func(d *draft, public crypto.PublicKey) object) way {
		return way{name: name, plain: plain, do: func(d *draft) {
			kind := strings.ToLower(did.Kind(d.how.key.Public()))
			who := "did:web:" + name + "." + kind + ".example"
			d.by(who, who+"#key-1", "x")
			m := with(object{"id": d.method, "controller": who}, method(d, d.how.key.Public()))
			d.publishAs(who, object{"@context": []any{did.ContextDID}, "id": who, "verificationMethod": []any{m}, "assertionMethod": []any{d.method}})
		}}
	}
	asMultikey := func(d *draft, public crypto.PublicKey) object {
		text, err := did.EncodeMultikey(public)
		if err != nil { // RSA
			return object{"type": "JsonWebKey", "publicKeyJwk": jwk(public)}
		}
		return object{"type": "Multikey", "publicKeyMultibase": text}
	}
	// served is an issuer of whose document the entries are what make makes of the key.
	served := func(name string, plain bool, pattern string, entries func(method object) (methods, asserts []any)) way {
		return way{name: name, plain: plain, do: func(d *draft) {
			who := fmt.Sprintf(pattern, strings.ToLower(did.Kind(d.how.key.Public())))
			d.by(who, who+"#key-1", "x")
			methods, asserts := entries(with(object{"id": d.method, "controller": who}, asMultikey(d, d.how.key.Public())))
			d.publishAs(who, object{"id": who, "verificationMethod": methods, "assertionMethod": asserts})
		}}
	}
	alone := func(m object) (methods, asserts []any) { return []any{m}, []any{m["id"]} }
	raw := func(public crypto.PublicKey) []byte {
		if k, ok := public.(ed25519.PublicKey); ok {
			return k
		}
		return []byte("of another kind")
	}
	return []way{
		published("multikey", true, asMultikey),
		published("json-web-key", true, func(_ *draft, p crypto.PublicKey) object { return object{"type": "JsonWebKey", "publicKeyJwk": jwk(p)} }),
		published("json-web-key-2020", true, func(_ *draft, p crypto.PublicKey) object {
			return object{"type": "JsonWebKey2020", "publicKeyJwk": jwk(p)}
		}),
		published("base58-2018", false, func(_ *draft, p crypto.PublicKey) object {
			return object{"type": "Ed25519VerificationKey2018", "publicKeyBase58": base58.Encode(raw(p))}
		}),
		published("jwk-2018", false, func(_ *draft, p crypto.PublicKey) object {
			return object{"type": "Ed25519VerificationKey2018", "publicKeyJwk": jwk(p)}
		}),
		published("jwk-2020", false, func(_ *draft, p crypto.PublicKey) object {
			return object{"type": "Ed25519VerificationKey2020", "publicKeyJwk": jwk(p)}
		}),
		published("multibase-u", false, func(d *draft, p crypto.PublicKey) object {
			m := asMultikey(d, p)
			if text, ok := m["publicKeyMultibase"].(string); ok {
				data, err := base58.Decode(text[1:])
				check("read a Multikey", err)
				m["publicKeyMultibase"] = "u" + base64url(data)
			}
			return m
		}),
		published("unknown-type", false, func(d *draft, p crypto.PublicKey) object {
			return with(asMultikey(d, p), object{"type": "FutureKey2031"})
		}),
		published("two-materials", false, func(d *draft, p crypto.PublicKey) object {
			return with(asMultikey(d, p), object{"publicKeyJwk": jwk(edKey("mallory").Public())})
		}),
		published("revoked", false, func(d *draft, p crypto.PublicKey) object {
			return with(asMultikey(d, p), object{"revoked": "2026-02-01T00:00:00Z"})
		}),
		published("expired-in-year-1", false, func(d *draft, p crypto.PublicKey) object {
			return with(asMultikey(d, p), object{"expires": "0001-01-01T00:00:00Z"})
		}),
		{name: "did-key", plain: false, do: func(d *draft) {
			text, err := did.EncodeMultikey(d.how.key.Public())
			if err != nil {
				text = "z" + base58.Encode([]byte{0x85, 0x24, 1, 2, 3})
			}
			d.by("did:key:"+text, "did:key:"+text+"#"+text, "x")
		}},
		{name: "did-jwk", plain: true, do: func(d *draft) {
			who := "did:jwk:" + base64url(encode(jwk(d.how.key.Public())))
			d.by(who, who+"#0", "x")
		}},
		served("https", true, "https://%s.issuers.example.com/1", alone),
		served("method-twice", false, "did:web:twice.%s.example", func(m object) (methods, asserts []any) {
			return []any{m}, []any{m}
		}),
		served("foreign-entry-broken", false, "did:web:broken.%s.example", func(m object) (methods, asserts []any) {
			return []any{7, object{"id": 7}, m}, []any{m["id"], object{}}
		}),
		served("capitals", false, "did:web:Capitals.Example:%s", alone),
		served("port-443", false, "did:web:port.example%%3a443:%s", alone),
		served("look-alike", false, "https://ac\u0430demy.example.org/%s", alone),
		{name: "unavailable", never: true, do: func(d *draft) {
			d.by("did:web:nowhere.example", "did:web:nowhere.example#key-1", "x")
		}},
		{name: "unknown-did", never: true, do: func(d *draft) { d.by("did:example:issuer", "did:example:issuer#key-1", "x") }},
	}
}

// by makes the draft's issuer another.
func (d *draft) by(who, method, name string) {
	d.issuer, d.method, d.key = who, method, d.how.key
	d.doc["issuer"] = who
	if len(vc.Items(d.doc["type"])) > 1 {
		d.doc["issuer"] = object{"id": who, "type": []any{"Profile"}, "name": name}
	}
}

// publishAs serves a document to this case.
func (d *draft) publishAs(url string, doc object) {
	d.documents[url] = encode(doc)
	d.made[url] = true
}

// methodWays are how the key is named.
func methodWays() []way {
	kid := func(name string, f func(d *draft) string) way {
		return way{name: name, do: func(d *draft) { d.method = f(d) }}
	}
	return []way{
		{name: "absolute", plain: true, do: nothing},
		kid("fragment", func(d *draft) string { return d.method[strings.IndexByte(d.method, '#'):] }),
		kid("fragment-name", func(d *draft) string { return d.method[strings.IndexByte(d.method, '#')+1:] }),
		kid("bare", func(d *draft) string { return d.issuer }),
		kid("none", func(*draft) string { return "" }),
		kid("thumbprint", func(d *draft) string { return thumbprint(d.how.key.Public()) }),
		kid("path", func(*draft) string { return "projects/academy/keys/1/versions/2" }),
		kid("other-fragment", func(d *draft) string { return d.issuer + "#key-2" }),
		{name: "foreign", never: true, do: func(d *draft) { d.method = guildKey; d.made[guildID] = true }},
		{name: "header-key", do: func(d *draft) { d.method = ""; d.head = object{"jwk": jwk(d.how.key.Public())} }},
		{name: "header-key-of-another", never: true, do: func(d *draft) {
			d.method, d.key = "", edKey("mallory")
			d.head = object{"jwk": jwk(edKey("mallory").Public())}
		}},
	}
}

// thumbprint is that of RFC 7638.
func thumbprint(public crypto.PublicKey) string { return digestOf(string(encode(jwk(public)))) }

func statusWays() []way {
	// entry is an entry of the academy's list, which is signed by another than
	// the draft's issuer, or of the issuer's own.
	own := func(name string, plain, never bool, changes object, set ...int) way {
		return way{name: name, plain: plain, never: never, do: func(d *draft) {
			url := "https://lists.example.org/" + name + "/" + digestOf(d.issuer+" "+d.method)
			d.doc["credentialStatus"] = with(statusEntry(url, "revocation", "94567"), changes)
			if d.documents[url] != nil {
				d.made[url] = true
				return
			}
			bits := vc.NewBitstring(vc.ListLength)
			for _, i := range set {
				bits.Set(i, true)
			}
			c, err := vc.NewStatusList(vc.StatusListOptions{URL: url, Issuer: d.issuer, Purpose: vc.Revocation, ValidFrom: now.Add(-24 * time.Hour)}, bits)
			check("make a status list", err)
			data, err := c.Encode()
			check("write a status list", err)
			doc := decode(data)
			delete(doc, "proof")
			if name == "without-u" {
				subjectOf(doc)["encodedList"] = strings.TrimPrefix(subjectOf(doc)["encodedList"].(string), "u")
			}
			if name == "old" {
				doc["validFrom"] = "2026-01-01T00:00:00Z"
			}
			d.documents[url], d.made[url] = token(header(algOf(d.key), d.method, "vc+jwt"), doc, d.key), true
		}}
	}
	return []way{
		{name: "none", plain: true, do: nothing},
		own("own", false, false, nil),
		own("own-revoked", false, true, nil, 94567),
		own("old", false, false, nil),
		own("without-u", false, false, nil),
		own("index-number", false, false, object{"statusListIndex": 94567}),
		own("out-of-range", false, true, object{"statusListIndex": "9999999"}),
		own("other-purpose", false, true, object{"statusPurpose": "suspension"}),
		{name: "of-another", do: func(d *draft) {
			d.doc["credentialStatus"] = statusEntry(listURL, "revocation", "94567")
			d.made[listURL], d.made[issuerID] = true, true
		}},
		{name: "unavailable", never: true, do: func(d *draft) {
			d.doc["credentialStatus"] = statusEntry("https://lists.example.org/gone", "revocation", "1")
		}},
		{name: "unknown-kind", never: true, do: func(d *draft) {
			d.doc["credentialStatus"] = object{"id": "https://lists.example.org/x#1", "type": "FutureStatus2031"}
		}},
		{name: "two", do: func(d *draft) {
			d.doc["credentialStatus"] = []any{statusEntry(listURL, "revocation", "94567"), statusEntry(listURL, "revocation", "5")}
			d.made[listURL], d.made[issuerID] = true, true
		}},
	}
}

// algOf is an algorithm for a key.
func algOf(key crypto.Signer) string {
	switch k := key.(type) {
	case ed25519.PrivateKey:
		return "EdDSA"
	case *ecdsa.PrivateKey:
		if k.Curve == elliptic.P384() {
			return "ES384"
		}
		return "ES256"
	case k256:
		return "ES256K"
	}
	return "RS256"
}

func dateWays() []way {
	member := func(d *draft, until bool) string {
		old := vc.Items(d.doc["@context"])[0] == context1
		return map[[2]bool]string{{false, false}: "validFrom", {false, true}: "validUntil", {true, false}: "issuanceDate", {true, true}: "expirationDate"}[[2]bool{old, until}]
	}
	from := func(name string, never bool, v any) way {
		return way{name: "from-" + name, never: never, do: func(d *draft) { d.doc = with(d.doc, object{member(d, false): v}) }}
	}
	until := func(name string, plain, never bool, v any) way {
		return way{name: "until-" + name, plain: plain, never: never, do: func(d *draft) { d.doc = with(d.doc, object{member(d, true): v}) }}
	}
	claim := func(name string, v any) way {
		return way{name: "claim-" + name, do: func(d *draft) {
			member, _, _ := strings.Cut(name, "-")
			d.claims[member] = v
		}}
	}
	proof := func(name string, never bool, member string, v any) way {
		return way{name: "proof-" + name, do: func(d *draft) { d.proof[member] = v }}
	}
	return []way{
		{name: "usual", plain: true, do: nothing},
		until("absent", false, false, absent),
		until("far", true, false, "9999-12-31T23:59:59Z"),
		until("zone", true, false, "2030-06-01T00:00:00+05:30"),
		until("nanoseconds", true, false, "2030-06-01T00:00:00.123456789Z"),
		until("past", false, true, "2026-05-01T00:00:00Z"),
		until("year-1", false, true, "0001-01-01T00:00:00Z"),
		until("year-1-late", false, true, "0001-01-01T00:00:01Z"),
		until("without-zone", false, false, "2030-06-01T00:00:00"),
		until("day", false, false, "2030-06-01"),
		until("lower-case", false, false, "2030-06-01t00:00:00z"),
		until("hour-24", false, false, "2030-06-01T24:00:00Z"),
		until("leap-second", false, false, "2030-06-30T23:59:60Z"),
		until("number", false, true, 1900000000),
		until("null", false, false, nil),
		until("empty", false, true, ""),
		from("future", true, "2027-01-01T00:00:00Z"),
		from("year-1", false, "0001-01-01T00:00:00Z"),
		from("before-1", false, "-0001-01-01T00:00:00Z"),
		from("without-zone", false, "2026-01-15T09:00:00"),
		from("day", false, "2026-01-15"),
		from("list", true, []any{"2026-01-15T09:00:00Z"}),
		{name: "from-missing", do: func(d *draft) { delete(d.doc, member(d, false)) }},
		claim("exp-past", 1777593600), claim("exp-year-1", -62135596800), claim("exp-text", "1900000000"), claim("exp-fraction", 1900000000.5), claim("exp-huge", 1e30), claim("exp-zero", 0),
		claim("nbf-future", 1900000000), claim("nbf-year-1", -62135596800), claim("nbf-early", 1768467510), claim("nbf-null", nil),
		claim("iat-future", 1900000000), claim("iat-past", 1768467600), claim("iat-text", "now"),
		proof("created-day", false, "created", "2026-01-15"), proof("created-without-zone", false, "created", "2026-01-15T09:00:00"), proof("created-future", true, "created", "2027-01-15T09:00:00Z"),
		proof("created-year-1", false, "created", "0001-01-01T00:00:00Z"), proof("created-missing", false, "created", absent),
		proof("expires-past", true, "expires", "2026-05-01T00:00:00Z"), proof("expires-year-1", true, "expires", "0001-01-01T00:00:00Z"), proof("expires-later", false, "expires", "2027-01-15T09:00:00Z"),
	}
}

func spellingWays() []way {
	change := func(name string, plain bool, f func(doc object)) way {
		return way{name: name, plain: plain, do: func(d *draft) { f(d.doc) }}
	}
	member := func(name, member string, v any) way {
		return way{name: name, do: func(d *draft) { d.doc = with(d.doc, object{member: v}) }}
	}
	subject := func(name string, f func(subject object)) way {
		return change(name, false, func(doc object) {
			if s, ok := doc["credentialSubject"].(object); ok {
				f(s)
			}
		})
	}
	return []way{
		{name: "usual", plain: true, do: nothing},
		change("subject-in-a-list", false, func(doc object) { doc["credentialSubject"] = []any{doc["credentialSubject"]} }),
		change("name-with-accents", true, func(doc object) { doc["name"] = "Mu\u0308hsig \u05d0\u05d1 \u4e2d\u6587" }),
		change("issuer-text", false, func(doc object) { doc["issuer"] = idOf(doc["issuer"]) }),
		member("type-once", "type", "VerifiableCredential"),
		member("id-missing", "id", absent), member("id-path", "id", "/1"), member("id-script", "id", "javascript:alert(1)"), member("id-data", "id", "data:text/html,x"), member("id-bare-uuid", "id", "0b9b3f3e-0d5b-4d2a-9a44-0f8b1f1a2c3d"), member("id-null", "id", nil),
		member("word-undefined", "favouriteColour", "green"), member("word-unlisted-url", "https://example.org/colour", "green"), member("direction", "name", object{"@value": "a", "@direction": "rtl"}),
		member("type-undefined", "type", []any{"VerifiableCredential", "FutureCredential"}),
		member("schema-undefined", "credentialSchema", object{"id": "https://example.org/schema", "type": "FutureSchema2031"}),
		member("image-null", "image", nil), member("image-text", "image", "https://example.org/x.png"),
		member("description-number", "description", 7),
		change("context-unknown", false, func(doc object) {
			doc["@context"] = append(slices.Clone(vc.Items(doc["@context"])), "https://example.org/unknown/v1")
		}),
		change("context-inline", false, func(doc object) {
			doc["@context"] = append(slices.Clone(vc.Items(doc["@context"])), object{"colour": "https://example.org/colour"})
		}),
		change("context-inline-cases", false, func(doc object) {
			doc["@context"] = append(slices.Clone(vc.Items(doc["@context"])), object{"colour": "https://example.org/colour", "Colour": "https://example.org/Colour"})
		}),
		change("context-reversed", false, func(doc object) {
			contexts := slices.Clone(vc.Items(doc["@context"]))
			slices.Reverse(contexts)
			doc["@context"] = contexts
		}),
		change("context-text", false, func(doc object) { doc["@context"] = vc.Items(doc["@context"])[0] }),
		change("context-missing", false, func(doc object) { delete(doc, "@context") }),
		subject("achievement-type-off-list", func(s object) {
			if a, ok := s["achievement"].(object); ok {
				a["achievementType"] = "Program"
			}
		}),
		subject("achievement-without-id", func(s object) {
			if a, ok := s["achievement"].(object); ok {
				delete(a, "id")
			}
		}),
		subject("achievement-script", func(s object) {
			if a, ok := s["achievement"].(object); ok {
				a["id"] = "javascript:alert(1)"
			}
		}),
		subject("member-null", func(s object) { s["image"] = nil }),
		subject("subject-without-id", func(s object) { delete(s, "id") }),
		subject("subject-undefined", func(s object) { s["favouriteColour"] = "green" }),
		member("evidence-null", "evidence", nil), member("evidence-empty", "evidence", []any{}), member("terms-of-use", "termsOfUse", object{"type": "FuturePolicy2031", "id": "https://example.org/terms"}),
		member("related-resource", "relatedResource", []any{object{"id": "https://www.w3.org/ns/credentials/v2", "digestSRI": "sha384-AAAA"}}),
	}
}

func idOf(v any) any {
	if o, ok := v.(object); ok {
		return o["id"]
	}
	return v
}

// signatureWays secure the document, and some forge it.
func signatureWays() []way {
	forged := func(name string, f func(d *draft)) way {
		return way{name: name, never: true, do: func(d *draft) { d.data = d.how.secure(d); f(d) }}
	}
	// text changes the text of what was signed: of a token, in its payload.
	text := func(d *draft, change func(doc object)) {
		if d.how.jws == "" {
			doc := plainObject(d.data)
			change(doc)
			d.data = encode(doc)
			return
		}
		parts := strings.Split(string(d.data), ".")
		payload := plainObject(unbase64(parts[1]))
		doc := payload
		if inner, ok := payload["vc"].(object); ok {
			doc = inner
		}
		change(doc)
		parts[1] = base64url(encode(payload))
		d.data = []byte(strings.Join(parts, "."))
	}
	return []way{
		{name: "good", plain: true, do: func(d *draft) { d.data = d.how.secure(d) }},
		forged("name-changed", func(d *draft) { text(d, func(doc object) { doc["name"] = "Surgery" }) }),
		forged("subject-changed", func(d *draft) {
			text(d, func(doc object) {
				doc["credentialSubject"] = object{"id": "did:web:mallory.example", "type": []any{"AchievementSubject"}}
			})
		}),
		forged("until-changed", func(d *draft) { text(d, func(doc object) { doc["validUntil"] = "2040-01-01T00:00:00Z" }) }),
		{name: "by-another", never: true, do: func(d *draft) {
			switch d.how.key.(type) {
			case ed25519.PrivateKey:
				d.key = edKey("mallory")
			case *ecdsa.PrivateKey:
				d.key = ecKey(d.how.key.(*ecdsa.PrivateKey).Curve, "mallory")
			case k256:
				d.key = k256Key("mallory")
			default:
				d.key = edKey("mallory")
			}
			d.data = d.how.secure(d)
		}},
		forged("other-algorithm", func(d *draft) {
			if d.how.jws == "" {
				text(d, func(doc object) { change(doc["proof"], object{"cryptosuite": "ecdsa-rdfc-2019"}) })
				return
			}
			parts := strings.Split(string(d.data), ".")
			parts[0] = base64url(encode(with(plainObject(unbase64(parts[0])), object{"alg": map[bool]string{true: "HS256", false: "none"}[d.chance.IntN(2) == 0]})))
			d.data = []byte(strings.Join(parts, "."))
		}),
	}
}

// plainObject has the members of an object, also of one that laurel would not read.
func plainObject(data []byte) object {
	var doc object
	check("read a document", json.Unmarshal(data, &doc))
	return doc
}

// change sets members of a proof, or of the first of several.
func change(proof any, members object) {
	if list, ok := proof.([]any); ok && len(list) > 0 {
		proof = list[0]
	}
	if o, ok := proof.(object); ok {
		members = with(members, nil)
		if o["cryptosuite"] == members["cryptosuite"] {
			members["cryptosuite"] = "eddsa-rdfc-2022"
		}
		maps.Copy(o, members)
	}
}

// carrierWays are what it is put into. A token stands in JSON as a text.
func carrierWays() []way {
	value := func(d *draft) any {
		if d.how.jws != "" {
			return string(d.data)
		}
		return plainObject(d.data)
	}
	in := func(name string, plain bool, f func(d *draft) []byte) way {
		return way{name: name, plain: plain, do: func(d *draft) { d.data = f(d) }}
	}
	return []way{
		{name: "bare", plain: true, do: nothing},
		in("white", true, func(d *draft) []byte { return []byte(" \r\n\t\u00a0" + string(d.data) + "\n\u2003 ") }),
		in("bom", false, func(d *draft) []byte { return []byte("\ufeff" + string(d.data)) }),
		in("quoted", false, func(d *draft) []byte { return []byte(`"` + string(d.data) + `"`) }),
		in("json-text", false, func(d *draft) []byte { return encode(string(d.data)) }),
		in("lines", false, func(d *draft) []byte { return []byte(wrap(string(d.data), 76, "\r\n")) }),
		in("bearer", false, func(d *draft) []byte { return []byte("Bearer " + string(d.data)) }),
		in("data-url", false, func(d *draft) []byte {
			return []byte("data:" + map[bool]string{true: "application/vc+jwt", false: "application/vc"}[d.how.jws != ""] + ";base64," + base64.StdEncoding.EncodeToString(d.data))
		}),
		in("png", false, func(d *draft) []byte { return []byte(pngOf(d.data)) }),
		in("png-trailing", false, func(d *draft) []byte { return []byte(pngOf(d.data) + "bytes behind the end") }),
		in("svg", false, func(d *draft) []byte {
			svg := string(bakedSVG([]byte(`{"type":"x"}`)))
			return []byte(strings.Replace(svg, `{"type":"x"}`, strings.ReplaceAll(string(d.data), "]]>", "]]&gt;"), 1))
		}),
		in("pdf", false, func(d *draft) []byte { return withPDF(d.data) }),
		in("html", false, func(d *draft) []byte { return withHTML(d.data) }),
		in("list", false, func(d *draft) []byte { return encode([]any{value(d)}) }),
		in("credential-response", false, func(d *draft) []byte { return encode(object{"credentials": []any{object{"credential": value(d)}}}) }),
		in("credential-response-draft", false, func(d *draft) []byte { return encode(object{"format": "jwt_vc_json", "credential": value(d)}) }),
		in("open-badge-response", false, func(d *draft) []byte {
			if d.how.jws != "" {
				return encode(object{"compactJwsString": []any{value(d)}})
			}
			return encode(object{"credential": []any{value(d)}})
		}),
		in("jwt-member", false, func(d *draft) []byte { return encode(object{"jwt": value(d)}) }),
		in("wrapper", false, func(d *draft) []byte { return encode(object{"status": "ok", "data": object{"badge": value(d)}}) }),
		in("presentation", false, func(d *draft) []byte {
			if d.how.jws != "" {
				return encode(presentation(enveloped(d.data)))
			}
			return encode(presentation(value(d)))
		}),
		in("envelope", false, func(d *draft) []byte {
			if d.how.jws != "" {
				return encode(enveloped(d.data))
			}
			return d.data
		}),
	}
}

// draw makes case number n, and tells of which ways.
func draw(n int, founding *academy) (Case, []way) {
	d := &draft{academy: founding, chance: rand.New(rand.NewPCG(11, uint64(n))), made: map[string]bool{}, claims: object{}, proof: object{}}
	var names []string
	var chosen []way
	for _, r := range respects() {
		w := r.ways[0]
		if d.chance.IntN(100) >= r.usual {
			w = r.ways[d.chance.IntN(len(r.ways))]
		}
		w.do(d)
		names, chosen = append(names, w.name), append(chosen, w)
	}
	c := Case{Suite: "generated", Name: fmt.Sprintf("%d: %s", n, strings.Join(names, ", ")), Input: d.data, Documents: map[string][]byte{}, At: now}
	for url := range d.made {
		c.Documents[url] = d.documents[url]
	}
	return c, chosen
}

// TestGenerated has the command and the page judge cases in which carriers, forms,
// suites, keys, dates and spellings are combined by chance, of fixed seed: both say
// the same of each, in the same rows; what is forged is never valid, and what is
// plain always.
func TestGenerated(t *testing.T) {
	if err := interop.Install(t.Context(), pageSource); err != nil {
		t.Fatal(err)
	}
	count := generated
	if testing.Short() {
		count /= 10
	}
	founding := newAcademy()
	var list []Case
	chosen := map[string][]way{}
	for n := range count {
		c, ways := draw(n, founding)
		list, chosen[c.id()] = append(list, c), ways
	}
	answers, reports := askPage(t, list), askCommand(t, list)
	agreed, rows, verdicts := 0, 0, map[string]int{}
	for i, c := range list {
		mine := reports[i]
		page := answers[c.id()]
		theirs := string(page.Verdict) + " " + page.Code
		if theirs != answer(mine) {
			t.Errorf("%s: the page says %s, the command %s", c.id(), theirs, answer(mine))
			continue
		}
		agreed++
		if same := sameRows(t, c.id(), &page.Report, mine); same != len(mine.Checks) {
			t.Errorf("%s: of %d rows %d are alike", c.id(), len(mine.Checks), same)
		} else {
			rows += same
		}
		verdicts[string(mine.Verdict)]++
		ways := chosen[c.id()]
		switch {
		case mine.Verdict == verify.Valid && slices.ContainsFunc(ways, func(w way) bool { return w.never }):
			t.Errorf("%s: is valid\n%s", c.id(), c.Input)
		case mine.Verdict != verify.Valid && !slices.ContainsFunc(ways, func(w way) bool { return !w.plain }):
			t.Errorf("%s: is %s\n%s", c.id(), answer(mine), c.Input)
		}
	}
	t.Logf("%d cases, of which command and page judge %d alike, with the same %d sentences: %v", len(list), agreed, rows, verdicts)
}

// askCommand has one command judge all cases, each from a file of its own.
func askCommand(t *testing.T, list []Case) []*verify.Report {
	t.Helper()
	dir := t.TempDir()
	args := []string{"verify", "--offline", "--no-cache", "--json", "--at", now.Format(time.RFC3339)}
	documents := map[string][]byte{}
	for _, c := range list {
		maps.Copy(documents, c.Documents)
	}
	store := func(name string, data []byte) string {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	for i, url := range slices.Sorted(maps.Keys(documents)) {
		args = append(args, "--documents", url+"="+store(fmt.Sprintf("document-%d", i), documents[url]))
	}
	for i, c := range list {
		args = append(args, store(fmt.Sprintf("case-%05d", i), c.Input))
	}
	_, stdout, stderr := laurel(t, dir, args...)
	var out struct {
		Reports []*verify.Report `json:"reports"`
	}
	if err := json.Unmarshal([]byte(stdout), &out); err != nil || len(out.Reports) != len(list) {
		t.Fatalf("%d reports on %d cases, %v\n%s", len(out.Reports), len(list), err, stderr)
	}
	return out.Reports
}
