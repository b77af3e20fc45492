package cases

import (
	"crypto"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"math/big"
	"slices"
	"strings"

	"laurel/internal/standards/did"
)

// issuerAttacks are about the names of issuers and about the documents and keys
// that are found under them.
func issuerAttacks() []attack {
	return slices.Concat(namedIssuers(), jwkKeys())
}

// namedIssuers are statements of issuers that are named by a key, or by a URL.
func namedIssuers() []attack {
	key := edKey("first")
	// by is a statement of an issuer, signed with a method, and the documents it
	// takes to find the key.
	by := func(name, verdict, code, id, method string, documents map[string]object) attack {
		return attack{name, verdict, code, func(a *academy) []byte {
			for url, doc := range documents {
				a.documents[url] = encode(doc)
			}
			return encode(a.secure(with(statement(), object{"issuer": id}), options(object{"verificationMethod": method}), key))
		}}
	}
	didKey := "did:key:" + multikey(key.Public())
	fragment := "#" + multikey(key.Public())
	evilKey := "did:key:" + multikey(edKey("evil").Public())
	didJWK := "did:jwk:" + base64url(encode(jwk(key.Public())))
	private := "did:jwk:" + base64url(encode(with(jwk(key.Public()), object{"d": base64url(key.Seed())})))
	const url = "https://academy.example.org/issuer"
	document := func(changes object) map[string]object {
		return map[string]object{url: with(object{
			"@context": []any{did.ContextDID, did.ContextMultikey}, "id": url,
			"verificationMethod": []any{object{"id": url + "#key-1", "type": "Multikey", "controller": url, "publicKeyMultibase": multikey(key.Public())}},
			"assertionMethod":    []any{url + "#key-1"},
		}, changes)}
	}
	// Who writes these out in Punycode, or reads it, takes the square of their length.
	endless, punycode := []rune("https://"), "https://xn--"+strings.Repeat("a1b2", 40_000)
	for i := range 100_000 {
		endless = append(endless, rune(0x4e00+i%20_000))
	}
	endless = append(endless, []rune(".example/")...)
	embedded := object{"id": url + "#key-1", "type": "Multikey", "controller": url, "publicKeyMultibase": multikey(key.Public())}
	return []attack{
		by("did-key", valid, "ok", didKey, didKey+fragment, nil),
		by("did-key-other-fragment", invalid, "method-missing", didKey, didKey+"#key-1", nil),
		by("did-key-without-fragment", valid, "ok", didKey, didKey, nil),
		by("did-key-of-another", invalid, "method-foreign", didKey, evilKey+"#"+multikey(edKey("evil").Public()), nil),
		by("did-key-that-did-not-sign", invalid, "signature-invalid", evilKey, evilKey+"#"+multikey(edKey("evil").Public()), nil),
		by("did-key-cut", invalid, "issuer-malformed", didKey[:len(didKey)-1], didKey[:len(didKey)-1]+fragment[:len(fragment)-1], nil),
		by("did-key-base64url", invalid, "issuer-malformed", "did:key:u7QHeaAzI", "did:key:u7QHeaAzI#u7QHeaAzI", nil),
		by("did-jwk", valid, "ok", didJWK, didJWK+"#0", nil),
		by("did-jwk-other-fragment", invalid, "method-missing", didJWK, didJWK+"#1", nil),
		by("did-jwk-private", invalid, "issuer-malformed", private, private+"#0", nil),
		by("did-jwk-not-json", invalid, "issuer-malformed", "did:jwk:AAAA", "did:jwk:AAAA#0", nil),
		by("https", valid, "ok", url, url+"#key-1", document(nil)),
		by("https-embedded-method", valid, "ok", url, url+"#key-1", document(object{"verificationMethod": absent, "assertionMethod": []any{embedded}})),
		by("https-key-alone", valid, "ok", url, url+"#key-1", map[string]object{url: {
			"@context": did.ContextMultikey, "id": url + "#key-1", "type": "Multikey", "controller": url, "publicKeyMultibase": multikey(key.Public()),
		}}),
		by("https-key-alone-of-another", invalid, "method-controller", url, url+"#key-1", map[string]object{url: {
			"@context": did.ContextMultikey, "id": url + "#key-1", "type": "Multikey", "controller": "https://evil.example/", "publicKeyMultibase": multikey(key.Public()),
		}}),
		by("https-document-of-another", invalid, "issuer-document-id", url, url+"#key-1", document(object{"id": "https://evil.example/issuer"})),
		by("https-method-relative", valid, "ok", url, url+"#key-1", document(object{"assertionMethod": []any{"#key-1"}, "verificationMethod": []any{with(embedded, object{"id": "#key-1"})}})),
		by("https-assertion-object", valid, "ok", url, url+"#key-1", document(object{"assertionMethod": object{"id": url + "#key-1"}})),
		by("https-unavailable", undetermined, "issuer-unavailable", url, url+"#key-1", nil),
		by("https-other-path", invalid, "method-foreign", url, url+"/other#key-1", document(nil)),
		by("did-web-port", undetermined, "issuer-unavailable", "did:web:academy.example.org%3A8443", "did:web:academy.example.org%3A8443#key-1", nil),
		by("did-web-raw-port", undetermined, "issuer-unavailable", "did:web:academy.example.org:8443", "did:web:academy.example.org:8443#key-1", nil),
		by("did-web-capitals", undetermined, "issuer-unavailable", "did:web:Academy.example.org", "did:web:Academy.example.org#key-2026-1", nil),
		by("did-web-localhost", undetermined, "issuer-unavailable", "did:web:localhost", "did:web:localhost#key-1", nil),
		by("did-web-ipv6", invalid, "issuer-malformed", "did:web:%5B%3A%3A1%5D", "did:web:%5B%3A%3A1%5D#key-1", nil),
		by("did-web-dots", invalid, "issuer-malformed", "did:web:academy.example.org:..:x", "did:web:academy.example.org:..:x#key-1", nil),
		by("did-web-empty-part", invalid, "issuer-malformed", "did:web:academy.example.org::x", "did:web:academy.example.org::x#key-1", nil),
		by("did-web-escaped-slash", invalid, "issuer-malformed", "did:web:academy.example.org:a%2Fb", "did:web:academy.example.org:a%2Fb#key-1", nil),
		by("did-web-longer-as-capitals", invalid, "issuer-malformed", "did:web:"+strings.Repeat("ɐ", 5)+"%3A8443", "did:web:"+strings.Repeat("ɐ", 5)+"%3A8443#key-1", nil),
		by("did-web-shorter-as-capitals", invalid, "issuer-malformed", "did:web:"+strings.Repeat("ı", 5)+"%3A8443", "did:web:"+strings.Repeat("ı", 5)+"%3A8443#key-1", nil),
		by("https-host-without-end", undetermined, "issuer-unavailable", string(endless), string(endless)+"#key-1", nil),
		by("https-host-without-end-in-punycode", undetermined, "issuer-unavailable", punycode, punycode+"#key-1", nil),
		by("did-web-user", invalid, "issuer-malformed", "did:web:user%40evil.example", "did:web:user%40evil.example#key-1", nil),
	}
}

// jwkKeys are keys of the academy in the form of RFC 7517.
func jwkKeys() []attack {
	p256 := ecKey(elliptic.P256(), "first")
	// material is a statement of the academy whose key is published as this JWK.
	material := func(name, verdict, code string, suite string, key crypto.Signer, public object) attack {
		return attack{"jwk-" + name, verdict, code, func(a *academy) []byte {
			d := a.document()
			d.VerificationMethod[0] = did.VerificationMethod{ID: keyID, Type: "JsonWebKey", Controller: issuerID, PublicKeyJwk: public}
			a.publish(issuerID, d)
			return encode(a.secure(statement(), options(object{"cryptosuite": suite}), key))
		}}
	}
	ed := func(name, verdict, code string, changes object) attack {
		return material(name, verdict, code, "eddsa-rdfc-2022", edKey("first"), with(jwk(edKey("first").Public()), changes))
	}
	ec := func(name, verdict, code string, changes object) attack {
		return material("p256-"+name, verdict, code, "ecdsa-rdfc-2019", p256, with(jwk(p256.Public()), changes))
	}
	x := base64url(edKey("first").Public().(ed25519.PublicKey))
	point, err := p256.PublicKey.Bytes()
	check("write a point", err)
	off := slices.Clone(point[33:])
	off[31] ^= 1
	negative := new(big.Int).Sub(elliptic.P256().Params().P, bigOf(point[33:])).FillBytes(make([]byte, 32))
	return append([]attack{
		ed("ed25519", valid, "ok", nil),
		ed("private", invalid, "key-malformed", object{"d": base64url(edKey("first").Seed())}),
		ed("for-encryption", undetermined, "key-malformed", object{"use": "enc"}),
		ed("for-signing-only", undetermined, "key-unsupported", object{"key_ops": []any{"sign"}}),
		ed("for-verifying", valid, "ok", object{"use": "sig", "key_ops": []any{"verify"}}),
		ed("other-algorithm", undetermined, "key-unsupported", object{"alg": "ES256"}),
		ed("x25519", undetermined, "key-unsupported", object{"crv": "X25519"}),
		ed("ed448", undetermined, "key-unsupported", object{"crv": "Ed448"}),
		ed("kty-missing", undetermined, "key-unsupported", object{"kty": absent}),
		ed("secret", invalid, "key-malformed", object{"kty": "oct", "k": "AAAA"}),
		ed("padded", undetermined, "key-malformed", object{"x": x + "="}),
		ed("other-last-bits", undetermined, "key-malformed", object{"x": otherBits(x)}),
		ed("short", undetermined, "key-malformed", object{"x": x[:40]}),
		ed("low-order", invalid, "key-low-order", object{"x": base64url(append([]byte{1}, make([]byte, 31)...))}),
		ec("point", valid, "ok", nil),
		ec("off-the-curve", undetermined, "key-malformed", object{"y": base64url(off)}),
		ec("other-half", invalid, "signature-invalid", object{"y": base64url(negative)}),
		ec("zero", undetermined, "key-malformed", object{"x": base64url(make([]byte, 32)), "y": base64url(make([]byte, 32))}),
		ec("longer", undetermined, "key-malformed", object{"x": base64url(append([]byte{0}, point[1:33]...))}),
		ec("of-p384", undetermined, "key-malformed", object{"crv": "P-384"}),
		ec("secp256k1", undetermined, "key-malformed", object{"crv": "secp256k1"}),
	}, rsaKeys()...)
}

// rsaKeys are RSA keys that verify nothing safely.
func rsaKeys() []attack {
	good := rsaKey()
	key := func(name, verdict, code string, public object) attack {
		return attack{"jwk-rsa-" + name, verdict, code, func(a *academy) []byte {
			d := a.document()
			d.VerificationMethod = append(d.VerificationMethod, did.VerificationMethod{ID: keyRSA, Type: "JsonWebKey", Controller: issuerID, PublicKeyJwk: public})
			d.AssertionMethod = append(d.AssertionMethod, keyRSA)
			a.publish(issuerID, d)
			return token(header("RS256", keyRSA, "JWT"), claims(credential()), good)
		}}
	}
	public := jwk(good.Public())
	small := &rsa.PublicKey{N: good.Primes[0], E: good.E}
	return []attack{
		key("2048", valid, "ok", public),
		key("exponent-one", undetermined, "key-malformed", with(public, object{"e": "AQ"})),
		key("exponent-even", undetermined, "key-malformed", with(public, object{"e": "BA"})),
		key("modulus-1024", undetermined, "key-unsupported", jwk(small)),
		key("modulus-even", undetermined, "key-malformed", with(public, object{"n": base64url(new(big.Int).Sub(good.N, big.NewInt(1)).Bytes())})),
		key("modulus-leading-zero", undetermined, "key-malformed", with(public, object{"n": base64url(append([]byte{0}, good.N.Bytes()...))})),
		key("another", invalid, "signature-invalid", with(public, object{"n": base64url(new(big.Int).Sub(good.N, big.NewInt(2)).Bytes())})),
	}
}
