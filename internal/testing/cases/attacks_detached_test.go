package cases

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"maps"
	"slices"
	"strings"

	"laurel/internal/standards/rdfc"
	"laurel/internal/standards/vc"
)

// Proofs with a detached JWS: Ed25519Signature2018 and JsonWebSignature2020.

const (
	context2018 = "https://w3id.org/security/suites/ed25519-2018/v1"
	contextJWS  = "https://w3id.org/security/suites/jws-2020/v1"
)

// options2018 are those of a proof of type Ed25519Signature2018.
func options2018(changes object) object {
	return options(with(object{"type": "Ed25519Signature2018", "cryptosuite": absent}, changes))
}

// optionsJWS are those of a proof of type JsonWebSignature2020.
func optionsJWS(changes object) object {
	return options(with(object{"type": "JsonWebSignature2020", "cryptosuite": absent}, changes))
}

// statement2018 and statementJWS are statements under the contexts of the two suites.
func statement2018() object {
	return with(statement(), object{"@context": []any{vc.ContextVC, context2018}})
}

func statementJWS() object {
	return with(statement(), object{"@context": []any{vc.ContextVC, contextJWS}})
}

// version1Of is a badge of data model 1.1 under one more context.
func version1Of(context ...any) object {
	return with(version1(), object{"@context": append([]any{context1, "https://purl.imsglobal.org/spec/ob/v3p0/context.json"}, context...)})
}

// unencoded is the header of a detached JWS.
func unencoded(alg string) object { return object{"alg": alg, "b64": false, "crit": []any{"b64"}} }

// detach returns a copy of doc with one more proof, whose JWS has this header. RFC
// 7797, 5.2; JSON Web Signature 2020, "Proof Representation".
func (a *academy) detach(doc, options, header object, key crypto.Signer) object {
	return a.detachBy(doc, options, header, func(input []byte) []byte { return signDetached(key, input) })
}

func (a *academy) detachBy(doc, options, header object, sign func(input []byte) []byte) object {
	present, _ := doc["proof"].([]any)
	unsecured := with(doc, object{"proof": absent})
	config := maps.Clone(options)
	if _, own := config["@context"]; !own {
		config["@context"] = unsecured["@context"]
	}
	input := []byte(base64url(encode(header)) + ".")
	for _, part := range []object{config, unsecured} {
		canonical, err := a.vocabulary.Canonical(part, rdfc.Options{})
		check("canonicalise", err)
		sum := sha256.Sum256(canonical)
		input = append(input, sum[:]...)
	}
	jws := base64url(encode(header)) + ".." + base64url(sign(input))
	return with(doc, object{"proof": append(append([]any{}, present...), with(options, object{"jws": jws}))})
}

// signDetached signs with EdDSA, ES256 or ES384 by the key's curve, or PS256.
func signDetached(key crypto.Signer, input []byte) []byte {
	switch key := key.(type) {
	case ed25519.PrivateKey:
		return ed25519.Sign(key, input)
	case *ecdsa.PrivateKey:
		return signHash(key, input)
	}
	return signPSS(key.(*rsa.PrivateKey), input, rsa.PSSSaltLengthEqualsHash)
}

func signPSS(key *rsa.PrivateKey, input []byte, salt int) []byte {
	digest := sha256.Sum256(input)
	signature, err := rsa.SignPSS(rand.Reader, key, crypto.SHA256, digest[:], &rsa.PSSOptions{SaltLength: salt})
	check("sign with RSA", err)
	return signature
}

// detachedGood are credentials with proofs of the two suites, and of old names.
func detachedGood() []attack {
	good := func(name string, doc, options, header object, key crypto.Signer) attack {
		return attack{name, valid, "ok", func(a *academy) []byte {
			a.addRSA()
			return encode(a.detach(doc, options, header, key))
		}}
	}
	p256, p384 := ecKey(elliptic.P256(), "first"), ecKey(elliptic.P384(), "first")
	return []attack{
		secured("eddsa-2022", statement(), object{"cryptosuite": "eddsa-2022"}, edKey("first")),
		secured("eddsa-rdf-2022", credential(), object{"cryptosuite": "eddsa-rdf-2022"}, edKey("first")),
		good("ed25519-signature-2018", statement2018(), options2018(nil), unencoded("EdDSA"), edKey("first")),
		good("ed25519-signature-2018-data-model-1.1", version1Of(), options2018(nil), unencoded("EdDSA"), edKey("first")),
		good("json-web-signature-2020-eddsa", statementJWS(), optionsJWS(nil), unencoded("EdDSA"), edKey("first")),
		good("json-web-signature-2020-es256", version1Of(contextJWS), optionsJWS(object{"verificationMethod": keyP256}), unencoded("ES256"), p256),
		good("json-web-signature-2020-es384", statementJWS(), optionsJWS(object{"verificationMethod": keyP384}), unencoded("ES384"), p384),
		good("json-web-signature-2020-ps256", statementJWS(), optionsJWS(object{"verificationMethod": keyRSA}), unencoded("PS256"), rsaKey()),
	}
}

// detachedAttacks are what comes nearest to proofs of the two suites, and their
// harmless twins.
func detachedAttacks() []attack {
	ed, p256, p384 := edKey("first"), ecKey(elliptic.P256(), "first"), ecKey(elliptic.P384(), "first")
	inP256, inP384, inRSA := object{"verificationMethod": keyP256}, object{"verificationMethod": keyP384}, object{"verificationMethod": keyRSA}
	made := func(name, verdict, code string, make func(a *academy) object) attack {
		return attack{name, verdict, code, func(a *academy) []byte {
			a.addRSA()
			return encode(make(a))
		}}
	}
	// after changes a good document once it is signed.
	after := func(name, code string, change func(doc object)) attack {
		return made(name, invalid, code, func(a *academy) object {
			doc := a.detach(version1Of(), options2018(nil), unencoded("EdDSA"), ed)
			change(doc)
			return doc
		})
	}
	// jws changes the JWS of a good document.
	jws := func(name, code string, change func(head, signature string) string) attack {
		return after(name, code, func(doc object) {
			head, signature, _ := strings.Cut(proofOf(doc)["jws"].(string), "..")
			proofOf(doc)["jws"] = change(head, signature)
		})
	}
	// headed is signed with a header as it must not be.
	headed := func(name, verdict, code string, header object) attack {
		return made(name, verdict, code, func(a *academy) object { return a.detach(statement2018(), options2018(nil), header, ed) })
	}
	// under is a proof of 2020 with an algorithm, and a key of the issuer that made it or not.
	under := func(name, verdict, code, alg string, method object, key crypto.Signer) attack {
		return made(name, verdict, code, func(a *academy) object {
			return a.detach(statementJWS(), optionsJWS(method), unencoded(alg), key)
		})
	}
	mac := func(name, alg string, secret func() []byte) attack {
		return made(name, invalid, "algorithm-forbidden", func(a *academy) object {
			return a.detachBy(statementJWS(), optionsJWS(nil), unencoded(alg), func(input []byte) []byte {
				h := hmac.New(sha256.New, secret())
				h.Write(input)
				return h.Sum(nil)
			})
		})
	}
	other := with(statement2018(), object{"credentialSubject": object{"id": "did:key:z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi", "name": "Ben Example"}})
	payload := base64url(make([]byte, 64))
	negate := func(doc object) {
		head, signature, _ := strings.Cut(proofOf(doc)["jws"].(string), "..")
		data, err := base64.RawURLEncoding.DecodeString(signature)
		check("read a signature", err)
		proofOf(doc)["jws"] = head + ".." + base64url(negated(p256, data))
	}
	return []attack{
		// Algorithms and keys.
		mac("none-in-a-proof", "none", func() []byte { return nil }),
		mac("none-in-capitals", "NoNe", func() []byte { return nil }),
		mac("hs256-with-the-public-key", "HS256", func() []byte { return ed.Public().(ed25519.PublicKey) }),
		mac("hs512-with-the-multikey", "HS512", func() []byte { return []byte(multikey(ed.Public())) }),
		under("rs256-is-not-of-the-suite", undetermined, "suite-unsupported", "RS256", inRSA, rsaKey()),
		under("es512-is-not-of-the-suite", undetermined, "suite-unsupported", "ES512", inP256, p256),
		under("es256-under-an-ed25519-key", invalid, "key-mismatch", "ES256", nil, p256),
		under("es256-under-a-p384-key", invalid, "key-mismatch", "ES256", inP384, p384),
		under("es384-under-a-p256-key", invalid, "key-mismatch", "ES384", inP256, p256),
		under("eddsa-under-a-p256-key", invalid, "key-mismatch", "EdDSA", inP256, ed),
		under("eddsa-under-an-rsa-key", invalid, "key-mismatch", "EdDSA", inRSA, ed),
		under("ps256-under-an-ec-key", invalid, "key-mismatch", "PS256", inP256, rsaKey()),
		under("es256-of-the-forger", invalid, "signature-invalid", "ES256", inP256, ecKey(elliptic.P256(), "evil")),
		under("es256-with-a-signature-of-p384", invalid, "signature-malformed", "ES256", inP256, p384),
		under("eddsa-of-the-forger", invalid, "signature-invalid", "EdDSA", nil, edKey("evil")),
		under("key-that-is-not-published", invalid, "method-missing", "EdDSA", object{"verificationMethod": issuerID + "#evil"}, edKey("evil")),
		under("key-of-another-issuer", invalid, "method-foreign", "EdDSA", object{"verificationMethod": guildKey}, edKey("guild")),
		made("ps256-signed-as-rs256", invalid, "signature-invalid", func(a *academy) object {
			return a.detachBy(statementJWS(), optionsJWS(inRSA), unencoded("PS256"), func(input []byte) []byte {
				digest := sha256.Sum256(input)
				signature, err := rsa.SignPKCS1v15(nil, rsaKey(), crypto.SHA256, digest[:])
				check("sign with RSA", err)
				return signature
			})
		}),
		made("ps256-with-a-short-salt", invalid, "signature-invalid", func(a *academy) object {
			return a.detachBy(statementJWS(), optionsJWS(inRSA), unencoded("PS256"), func(input []byte) []byte { return signPSS(rsaKey(), input, 20) })
		}),
		made("es256-in-der", invalid, "signature-malformed", func(a *academy) object {
			return a.detachBy(statementJWS(), optionsJWS(inP256), unencoded("ES256"), func(input []byte) []byte { return derOf(signHash(p256, input)) })
		}),
		made("es256-s-negated", valid, "ok", func(a *academy) object {
			doc := a.detach(statementJWS(), optionsJWS(inP256), unencoded("ES256"), p256)
			negate(doc)
			return doc
		}),
		made("key-brought-in-the-header", invalid, "signature-invalid", func(a *academy) object {
			header := with(unencoded("EdDSA"), object{"jwk": jwk(edKey("evil").Public()), "kid": "did:web:evil.example#key"})
			return a.detach(statementJWS(), optionsJWS(nil), header, edKey("evil"))
		}),

		// The header.
		headed("2018-es256", undetermined, "suite-unsupported", unencoded("ES256")),
		headed("header-with-a-kid", valid, "ok", with(unencoded("EdDSA"), object{"kid": keyID})),
		headed("header-b64-true", invalid, "proof-malformed", object{"alg": "EdDSA", "b64": true, "crit": []any{"b64"}}),
		headed("header-b64-absent", invalid, "proof-malformed", object{"alg": "EdDSA", "crit": []any{"b64"}}),
		headed("header-b64-a-string", invalid, "proof-malformed", object{"alg": "EdDSA", "b64": "false", "crit": []any{"b64"}}),
		headed("header-crit-absent", invalid, "proof-malformed", object{"alg": "EdDSA", "b64": false}),
		headed("header-crit-empty", invalid, "proof-malformed", object{"alg": "EdDSA", "b64": false, "crit": []any{}}),
		headed("header-crit-a-string", invalid, "proof-malformed", object{"alg": "EdDSA", "b64": false, "crit": "b64"}),
		headed("header-crit-with-more", invalid, "proof-malformed", object{"alg": "EdDSA", "b64": false, "crit": []any{"b64", "exp"}, "exp": 1}),
		headed("header-crit-twice", invalid, "proof-malformed", object{"alg": "EdDSA", "b64": false, "crit": []any{"b64", "b64"}}),
		headed("header-alg-absent", invalid, "proof-malformed", object{"b64": false, "crit": []any{"b64"}}),
		headed("header-alg-a-number", invalid, "proof-malformed", object{"alg": 1, "b64": false, "crit": []any{"b64"}}),
		headed("header-alg-in-small-letters", undetermined, "suite-unsupported", unencoded("eddsa")),
		headed("header-with-a-private-key", invalid, "header-forbidden", with(unencoded("EdDSA"), object{"jwk": object{"kty": "OKP", "d": "AAAA"}})),
		jws("header-with-a-name-twice", "json-duplicate-name", func(head, signature string) string {
			return base64url([]byte(`{"alg":"none","alg":"EdDSA","b64":false,"crit":["b64"]}`)) + ".." + signature
		}),
		jws("header-spaced", "signature-invalid", func(head, signature string) string {
			return base64url([]byte(`{"alg": "EdDSA","b64":false,"crit":["b64"]}`)) + ".." + signature
		}),
		jws("header-of-another-algorithm", "algorithm-forbidden", func(_, signature string) string { return base64url(encode(unencoded("none"))) + ".." + signature }),

		// The compact form.
		jws("payload-present", "proof-malformed", func(head, signature string) string { return head + "." + payload + "." + signature }),
		jws("five-parts", "proof-malformed", func(head, signature string) string { return head + ".." + signature + ".." }),
		jws("one-point", "proof-malformed", func(head, signature string) string { return head + "." + signature }),
		jws("header-padded", "proof-malformed", func(head, signature string) string { return head + "==.." + signature }),
		jws("signature-padded", "proof-malformed", func(head, signature string) string { return head + ".." + signature + "==" }),
		jws("signature-with-a-line-break", "proof-malformed", func(head, signature string) string { return head + ".." + signature + "\n" }),
		jws("signature-in-the-other-alphabet", "proof-malformed", func(head, signature string) string {
			return head + ".." + strings.Repeat("+/", 43)
		}),
		jws("signature-with-spare-bits", "proof-malformed", func(head, signature string) string {
			last := strings.IndexByte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", signature[85])
			return head + ".." + signature[:85] + "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"[last^1:][:1]
		}),
		jws("signature-empty", "signature-malformed", func(head, _ string) string { return head + ".." }),
		jws("signature-short", "signature-malformed", func(head, signature string) string { return head + ".." + signature[:84] }),
		jws("s-not-reduced", "signature-malformed", func(head, signature string) string {
			data, err := base64.RawURLEncoding.DecodeString(signature)
			check("read a signature", err)
			return head + ".." + base64url(append(data[:32], slices.Repeat([]byte{0xff}, 32)...))
		}),

		// The proof, and what it was made over.
		made("2018-of-another-document", invalid, "signature-invalid", func(a *academy) object {
			return with(statement2018(), object{"proof": a.detach(other, options2018(nil), unencoded("EdDSA"), ed)["proof"]})
		}),
		after("2018-document-changed", "signature-invalid", func(doc object) { achievementOf(doc)["name"] = "Surgery" }),
		after("2018-term-added", "term-undefined", func(doc object) { subjectOf(doc)["grade"] = "A" }),
		after("2018-created-altered", "signature-invalid", func(doc object) { proofOf(doc)["created"] = "2026-05-01T11:00:00Z" }),
		after("2018-created-left-out", "signature-invalid", func(doc object) { delete(proofOf(doc), "created") }),
		after("2018-purpose-altered", "proof-purpose", func(doc object) { proofOf(doc)["proofPurpose"] = "authentication" }),
		after("2018-purpose-left-out", "proof-malformed", func(doc object) { delete(proofOf(doc), "proofPurpose") }),
		after("2018-domain-added", "signature-invalid", func(doc object) { proofOf(doc)["domain"] = "example.org" }),
		after("2018-method-changed", "key-mismatch", func(doc object) { proofOf(doc)["verificationMethod"] = keyP256 }),
		after("2018-method-an-object", "proof-malformed", func(doc object) { proofOf(doc)["verificationMethod"] = object{"id": keyID} }),
		after("2018-called-2020", "proof-malformed", func(doc object) { proofOf(doc)["type"] = "Ed25519Signature2020" }),
		func() attack {
			a := after("2018-called-jws-2020", "suite-unsupported", func(doc object) { proofOf(doc)["type"] = "JsonWebSignature2020" })
			a.verdict = undetermined // no context of the document says what such a proof is
			return a
		}(),
		after("2018-called-data-integrity", "proof-malformed", func(doc object) {
			maps.Copy(proofOf(doc), object{"type": "DataIntegrityProof", "cryptosuite": "eddsa-rdfc-2022"})
		}),
		made("jws-2020-called-2018", invalid, "signature-invalid", func(a *academy) object {
			doc := a.detach(version1Of(contextJWS), optionsJWS(nil), unencoded("EdDSA"), ed)
			proofOf(doc)["type"] = "Ed25519Signature2018"
			return doc
		}),
		made("2018-value-in-proofvalue", invalid, "proof-malformed", func(a *academy) object {
			doc := a.detach(version1Of(), options2018(nil), unencoded("EdDSA"), ed)
			p := proofOf(doc)
			p["proofValue"] = p["jws"]
			delete(p, "jws")
			return doc
		}),
		after("2018-jws-and-proofvalue", "proof-malformed", func(doc object) { proofOf(doc)["proofValue"] = proofOf(doc)["jws"] }),
		made("jws-2020-jws-and-signaturevalue", invalid, "proof-malformed & term-undefined", func(a *academy) object {
			doc := a.detach(statementJWS(), optionsJWS(nil), unencoded("EdDSA"), ed)
			proofOf(doc)["signatureValue"] = proofOf(doc)["jws"]
			return doc
		}),
		made("2020-with-a-jws", invalid, "term-undefined", func(a *academy) object {
			doc := a.secure(with(statement(), legacyContext()), options(object{"type": "Ed25519Signature2020", "cryptosuite": absent}), ed)
			proofOf(doc)["jws"] = base64url(encode(unencoded("EdDSA"))) + ".." + base64url(make([]byte, 64))
			return doc
		}),
		made("data-integrity-with-a-jws", invalid, "proof-malformed & term-undefined", func(a *academy) object {
			doc := a.secure(statement(), options(nil), ed)
			proofOf(doc)["jws"] = base64url(encode(unencoded("EdDSA"))) + ".." + base64url(make([]byte, 64))
			return doc
		}),
		made("2018-jws-a-list", invalid, "proof-malformed", func(a *academy) object {
			doc := a.detach(version1Of(), options2018(nil), unencoded("EdDSA"), ed)
			proofOf(doc)["jws"] = []any{proofOf(doc)["jws"], proofOf(doc)["jws"]}
			return doc
		}),
		made("options-swapped-between-proofs", invalid, "signature-invalid", func(a *academy) object {
			doc := a.detach(version1Of(), options2018(nil), unencoded("EdDSA"), ed)
			doc = a.detach(doc, options2018(object{"created": "2026-05-01T11:00:00Z"}), unencoded("EdDSA"), ed)
			first, second := at(doc, "proof", 0), at(doc, "proof", 1)
			first["jws"], second["jws"] = second["jws"], first["jws"]
			return doc
		}),
		made("two-proofs-of-two-suites", valid, "ok", func(a *academy) object {
			doc := a.detach(version1Of(contextJWS), options2018(nil), unencoded("EdDSA"), ed)
			return a.detach(doc, optionsJWS(inP256), unencoded("ES256"), p256)
		}),
		made("proof-of-a-stranger-added", invalid, "method-foreign", func(a *academy) object {
			doc := a.detach(version1Of(contextJWS), options2018(nil), unencoded("EdDSA"), ed)
			return a.detach(doc, optionsJWS(object{"verificationMethod": guildKey}), unencoded("EdDSA"), edKey("guild"))
		}),

		// The context of a proof.
		made("2018-with-the-context-of-its-suite", valid, "ok", func(a *academy) object {
			return a.detach(version1Of(), options2018(object{"@context": context2018}), unencoded("EdDSA"), ed)
		}),
		// It has no term for the type of a proof, so that nothing can be signed under it alone.
		made("jws-2020-with-the-context-of-its-suite", undetermined, "context-inline", func(a *academy) object {
			doc := a.detach(statementJWS(), optionsJWS(nil), unencoded("EdDSA"), ed)
			proofOf(doc)["@context"] = contextJWS
			return doc
		}),
		made("jws-2020-without-the-context-of-its-suite", undetermined, "suite-unsupported", func(a *academy) object {
			doc := a.detach(statementJWS(), optionsJWS(nil), unencoded("EdDSA"), ed)
			doc["@context"] = []any{vc.ContextVC}
			return doc
		}),
		made("2018-with-another-suites-context", undetermined, "context-inline", func(a *academy) object {
			doc := a.detach(version1Of(), options2018(nil), unencoded("EdDSA"), ed)
			proofOf(doc)["@context"] = contextJWS
			return doc
		}),
		made("2018-with-a-context-in-it", undetermined, "context-inline", func(a *academy) object {
			doc := a.detach(version1Of(), options2018(nil), unencoded("EdDSA"), ed)
			proofOf(doc)["@context"] = object{"created": "urn:x:nothing"}
			return doc
		}),
		made("both-suites-contexts-conflict", invalid, "context-conflict", func(a *academy) object {
			doc := a.detach(version1Of(), options2018(nil), unencoded("EdDSA"), ed)
			doc["@context"] = append(doc["@context"].([]any), context2018)
			return doc
		}),

		// Old names.
		made("old-name-with-a-new-value", invalid, "signature-invalid", func(a *academy) object {
			doc := a.secure(statement(), options(nil), ed)
			proofOf(doc)["cryptosuite"] = "eddsa-2022"
			return doc
		}),
		made("new-name-with-an-old-value", invalid, "signature-invalid", func(a *academy) object {
			doc := a.secure(statement(), options(object{"cryptosuite": "eddsa-rdf-2022"}), ed)
			proofOf(doc)["cryptosuite"] = "eddsa-rdfc-2022"
			return doc
		}),
		made("old-name-with-a-value-of-jcs", invalid, "signature-invalid", func(a *academy) object {
			doc := a.secure(statement(), options(object{"cryptosuite": "eddsa-jcs-2022"}), ed)
			proofOf(doc)["cryptosuite"] = "eddsa-2022"
			return doc
		}),
		made("old-name-under-a-p256-key", invalid, "key-mismatch", func(a *academy) object {
			return a.secure(statement(), options(with(inP256, object{"cryptosuite": "eddsa-2022"})), ed)
		}),
		made("old-name-of-the-forger", invalid, "signature-invalid", func(a *academy) object {
			return a.secure(statement(), options(object{"cryptosuite": "eddsa-2022"}), edKey("evil"))
		}),
		made("old-name-of-2019", undetermined, "suite-unsupported", func(a *academy) object {
			return a.secure(statement(), options(object{"cryptosuite": "eddsa-2019"}), ed)
		}),
	}
}
