package cases

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"math/big"
	"slices"
	"strings"

	"laurel/internal/standards/did"
	"laurel/internal/standards/vc"
)

// joseAttacks are about credentials in JWTs. The header is written by whoever
// makes the token, so nothing in it may decide whom to believe.
func joseAttacks() []attack {
	good := header("EdDSA", keyID, "JWT")
	// head is a token of the issuer under a changed header: its signature is good.
	head := func(name, verdict, code string, changes object) attack {
		return attack{name, verdict, code, func(*academy) []byte {
			return token(with(good, changes), claims(credential()), edKey("first"))
		}}
	}
	// forged is one of the forger's.
	forged := func(name, verdict, code string, header object) attack {
		return attack{name, verdict, code, func(a *academy) []byte {
			a.publish("did:web:evil.example", did.WebDocument("did:web:evil.example", []did.PublishedKey{{Kid: "key-1", PublicKeyMultibase: multikey(edKey("evil").Public())}}))
			return token(header, claims(credential()), edKey("evil"))
		}}
	}
	// claim is a token of the issuer with changed claims.
	claim := func(name, verdict, code string, changes object) attack {
		return attack{name, verdict, code, func(*academy) []byte {
			return token(good, with(claims(credential()), changes), edKey("first"))
		}}
	}
	// text changes the text of a good token.
	text := func(name, verdict, code string, change func(part []string) string) attack {
		return attack{name, verdict, code, func(*academy) []byte {
			return []byte(change(strings.Split(string(token(good, claims(credential()), edKey("first"))), ".")))
		}}
	}
	join := func(parts ...string) string { return strings.Join(parts, ".") }
	evil := jwk(edKey("evil").Public())
	return slices.Concat([]attack{
		head("unchanged", valid, "ok", nil),
		head("without-typ", valid, "ok", object{"typ": absent}),
		head("crit", invalid, "header-forbidden", object{"crit": []any{"exp"}, "exp": 1}),
		head("crit-empty", invalid, "header-forbidden", object{"crit": []any{}}),
		head("b64-false", invalid, "header-forbidden", object{"b64": false, "crit": []any{"b64"}}),
		head("b64-false-without-crit", invalid, "header-forbidden", object{"b64": false}),
		head("alg-missing", invalid, "jws-malformed", object{"alg": absent}),
		head("alg-number", invalid, "jws-malformed", object{"alg": 1}),
		head("alg-empty", invalid, "jws-malformed", object{"alg": ""}),
		head("alg-list", invalid, "jws-malformed", object{"alg": []any{"EdDSA"}}),
		head("alg-none", invalid, "algorithm-forbidden", object{"alg": "none"}),
		head("alg-none-in-capitals", invalid, "algorithm-forbidden", object{"alg": "NONE"}),
		head("alg-none-mixed", invalid, "algorithm-forbidden", object{"alg": "nOnE"}),
		head("alg-hs256", invalid, "algorithm-forbidden", object{"alg": "HS256"}),
		head("alg-es256", invalid, "key-mismatch", object{"alg": "ES256"}),
		head("alg-rs256", invalid, "key-mismatch", object{"alg": "RS256"}),
		head("alg-ps256", undetermined, "suite-unsupported", object{"alg": "PS256"}),
		head("alg-es256k", invalid, "key-mismatch", object{"alg": "ES256K"}),
		head("alg-future", undetermined, "suite-unsupported", object{"alg": "ML-DSA-65"}),
		head("alg-small-letters", undetermined, "suite-unsupported", object{"alg": "eddsa"}),
		head("kid-missing", valid, "ok", object{"kid": absent}),
		head("kid-number", invalid, "jws-malformed", object{"kid": 1}),
		head("kid-fragment", valid, "ok", object{"kid": "#key-2026-1"}),
		head("kid-name", valid, "ok", object{"kid": "key-2026-1"}),
		head("kid-of-another-key", invalid, "key-mismatch", object{"kid": keyP256}),
		head("kid-unknown", valid, "ok", object{"kid": issuerID + "#key-9"}),
		head("typ-of-an-access-token", undetermined, "jwt-type", object{"typ": "at+jwt"}),
		head("private-jwk", invalid, "header-forbidden", object{"jwk": with(evil, object{"d": "AAAA"})}),
		forged("jwk-of-the-forger", undetermined, "jwk-untrusted", object{"alg": "EdDSA", "jwk": evil}),
		forged("jwk-of-the-forger-and-kid", invalid, "signature-invalid", with(good, object{"jwk": evil})),
		forged("jku-of-the-forger", undetermined, "jwk-untrusted", object{"alg": "EdDSA", "jku": "https://evil.example/jwks.json"}),
		forged("jku-of-the-forger-and-kid", invalid, "signature-invalid", with(good, object{"jku": "https://evil.example/jwks.json"})),
		forged("x5u-of-the-forger", undetermined, "jwk-untrusted", object{"alg": "EdDSA", "x5u": "https://evil.example/cert.pem"}),
		forged("x5c-of-the-forger", undetermined, "jwk-untrusted", object{"alg": "EdDSA", "x5c": []any{certificate()}}),
		forged("kid-of-the-forger", invalid, "method-foreign", with(good, object{"kid": "did:web:evil.example#key-1"})),
		forged("kid-of-the-issuer", invalid, "signature-invalid", good),
		forged("kid-is-a-path", invalid, "method-missing", with(good, object{"kid": "../../../../dev/null"})),
		claim("iss-of-another", invalid, "jwt-claim-mismatch", object{"iss": "did:web:evil.example"}),
		claim("iss-number", invalid, "jwt-claim-mismatch", object{"iss": 7}),
		claim("iss-object", invalid, "jwt-claim-mismatch", object{"iss": object{"@list": []any{issuerID}}}),
		claim("sub-of-another", invalid, "jwt-claim-mismatch", object{"sub": "did:web:mallory.example"}),
		claim("jti-of-another", invalid, "jwt-claim-mismatch", object{"jti": "urn:uuid:00000000-0000-4000-8000-000000000000"}),
		claim("nbf-another", invalid, "jwt-claim-mismatch", object{"nbf": 1}),
		claim("exp-another", invalid, "jwt-claim-mismatch", object{"exp": 4102444800}),
		claim("exp-past", invalid, "jwt-claim-mismatch", object{"exp": 1}),
		claim("exp-text", invalid, "jwt-claim-malformed", object{"exp": "2028-01-15T09:00:00Z"}),
		claim("iat-future", invalid, "proof-future", object{"iat": 4102444800}),
		claim("expired", invalid, "proof-expired", object{"validUntil": "2026-05-01T00:00:00Z", "exp": 1777593600}),
		claim("without-claims", valid, "ok", object{"iss": absent, "sub": absent, "jti": absent, "nbf": absent, "exp": absent}),
		claim("proof-inside", invalid, "jwt-two-securings", object{"proof": []any{options(nil)}}),
		claim("vc-claim-beside", invalid, "version-mix", object{"vc": credential()}),
		claim("undefined-term", valid, "ok", object{"grade": "A"}),
		claim("vocab-injected", undetermined, "context-inline", object{"@context": []any{vc.ContextVC, vc.ContextOB, object{"@vocab": "x:"}}}),
		{"vc-claim-of-2.0", undetermined, "version-mix", func(*academy) []byte { return token(good, object{"iss": issuerID, "vc": credential()}, edKey("first")) }},
		{"not-a-credential", undetermined, "not-a-credential", func(*academy) []byte { return token(good, object{"iss": issuerID, "hello": "world"}, edKey("first")) }},
		text("payload-changed", invalid, "signature-invalid", func(p []string) string {
			return join(p[0], base64url([]byte(strings.Replace(string(unbase64(p[1])), "Planing", "Brewing", 1))), p[2])
		}),
		text("payload-duplicate-name", invalid, "json-duplicate-name", func(p []string) string {
			return join(p[0], base64url([]byte(strings.Replace(string(unbase64(p[1])), "{", `{"iss":"did:web:evil.example",`, 1))), p[2])
		}),
		text("header-duplicate-name", invalid, "json-duplicate-name", func(p []string) string {
			return join(base64url([]byte(strings.Replace(string(unbase64(p[0])), "{", `{"alg":"none",`, 1))), p[1], p[2])
		}),
		text("header-case-folded-name", invalid, "json-duplicate-name", func(p []string) string {
			return join(base64url([]byte(strings.Replace(string(unbase64(p[0])), "{", `{"ALG":"none",`, 1))), p[1], p[2])
		}),
		text("signature-missing", invalid, "signature-malformed", func(p []string) string { return join(p[0], p[1], "") }),
		text("signature-cut", invalid, "signature-malformed", func(p []string) string { return join(p[0], p[1], p[2][:len(p[2])-2]) }),
		text("signature-other-last-bits", invalid, "jws-malformed", func(p []string) string { return join(p[0], p[1], otherBits(p[2])) }),
		text("signature-padded", undetermined, "form-unsupported", func(p []string) string { return join(p[0], p[1], p[2]+"==") }),
		text("line-break-inside", valid, "ok", func(p []string) string { return join(p[0], p[1][:9]+"\r\n"+p[1][9:], p[2]) }),
		text("two-parts", undetermined, "form-unsupported", func(p []string) string { return join(p[0], p[1]) }),
		text("five-parts", undetermined, "form-unsupported", func(p []string) string { return join(p[0], p[1], p[2], p[0], p[1]) }),
		text("sd-jwt", undetermined, "jwt-type", func(p []string) string { return join(p...) + "~" }),
		text("json-serialization", undetermined, "european-credential", func(p []string) string {
			return string(encode(object{"payload": p[1], "protected": p[0], "signature": p[2]}))
		}),
		text("alg-none-without-signature", invalid, "algorithm-forbidden", func(p []string) string {
			return join(base64url(encode(with(good, object{"alg": "none"}))), p[1], "")
		}),
	}, publicKeyAsSecret(), ecdsaTokens())
}

// otherBits changes the bits of the last character that stand for nothing.
func otherBits(text string) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	last := strings.IndexByte(alphabet, text[len(text)-1])
	return text[:len(text)-1] + string(alphabet[last|1])
}

// certificate is one of the forger's own, for a key of the academy's name.
func certificate() string {
	evil := edKey("evil")
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "academy.example.org"}, NotBefore: now, NotAfter: now.AddDate(1, 0, 0)}
	der, err := x509.CreateCertificate(nil, template, template, evil.Public(), evil)
	check("write a certificate", err)
	return base64.StdEncoding.EncodeToString(der)
}

// publicKeyAsSecret are tokens with an HMAC whose secret is the public key, in
// the ways that it may lie in a verifier's memory.
func publicKeyAsSecret() []attack {
	mac := func(name string, key crypto.PublicKey, kid string, secret func(crypto.PublicKey) []byte) attack {
		return attack{name, invalid, "algorithm-forbidden", func(a *academy) []byte {
			a.addRSA()
			signed := base64url(encode(header("HS256", kid, "JWT"))) + "." + base64url(encode(claims(credential())))
			h := hmac.New(sha256.New, secret(key))
			h.Write([]byte(signed))
			return []byte(signed + "." + base64url(h.Sum(nil)))
		}}
	}
	inPEM := func(key crypto.PublicKey) []byte {
		der, err := x509.MarshalPKIXPublicKey(key)
		check("write a key", err)
		return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
	}
	return []attack{
		mac("hs256-with-the-rsa-pem", rsaKey().Public(), keyRSA, inPEM),
		mac("hs256-with-the-ec-pem", ecKey(elliptic.P256(), "first").Public(), keyP256, inPEM),
		mac("hs256-with-the-multikey", edKey("first").Public(), keyID, func(key crypto.PublicKey) []byte { return []byte(multikey(key)) }),
		mac("hs256-with-the-jwk", edKey("first").Public(), keyID, func(key crypto.PublicKey) []byte { return encode(jwk(key)) }),
		mac("hs256-with-nothing", edKey("first").Public(), keyID, func(crypto.PublicKey) []byte { return nil }),
	}
}

// ecdsaTokens are ES256 tokens whose signature is no r and s of a signature, or
// is of another curve.
func ecdsaTokens() []attack {
	key := ecKey(elliptic.P256(), "first")
	n := elliptic.P256().Params().N.Bytes()
	es256 := func(name, verdict, code string, change func(signature []byte) []byte) attack {
		return attack{name, verdict, code, func(*academy) []byte {
			parts := strings.Split(string(token(header("ES256", keyP256, "JWT"), claims(credential()), key)), ".")
			return []byte(strings.Join([]string{parts[0], parts[1], base64url(change(unbase64(parts[2])))}, "."))
		}}
	}
	return []attack{
		es256("es256", valid, "ok", func(signature []byte) []byte { return signature }),
		// The curve's other signature of the same words: ES256 takes both.
		es256("es256-s-negated", valid, "ok", func(signature []byte) []byte { return negated(key, signature) }),
		es256("es256-zero", invalid, "signature-malformed", func([]byte) []byte { return make([]byte, 64) }),
		es256("es256-r-and-s-are-the-order", invalid, "signature-malformed", func([]byte) []byte { return append(slices.Clone(n), n...) }),
		es256("es256-der", invalid, "signature-malformed", func(signature []byte) []byte { return derOf(signature) }),
		es256("es256-longer", invalid, "signature-malformed", func(signature []byte) []byte {
			return append([]byte{0}, append(slices.Clone(signature[:32]), append([]byte{0}, signature[32:]...)...)...)
		}),
		{"es384-under-a-key-of-p256", invalid, "key-mismatch", func(*academy) []byte {
			return token(header("ES384", keyP256, "JWT"), claims(credential()), ecKey(elliptic.P384(), "first"))
		}},
	}
}

func negated(key *ecdsa.PrivateKey, signature []byte) []byte {
	half := len(signature) / 2
	s := bigOf(signature[half:])
	return append(slices.Clone(signature[:half]), s.Sub(key.Curve.Params().N, s).FillBytes(make([]byte, half))...)
}
