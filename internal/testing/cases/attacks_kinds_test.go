package cases

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/binary"
	"io"
	"math/big"
	"slices"
	"strings"

	"github.com/decred/dcrd/dcrec/secp256k1/v4"
	"github.com/decred/dcrd/dcrec/secp256k1/v4/ecdsa"

	"laurel/internal/standards/did"
)

// kindAttacks are about the kinds of keys that others use, about documents with faults
// in them, and about names that are written in another way: what is good of them, and
// what comes nearest to it and is not.
func kindAttacks() []attack {
	return slices.Concat(faultyDocuments(), oddMaterial(), namedByKinds(), spelledNames())
}

// faultyDocuments are credentials of the academy, which publishes a document with a
// fault somewhere. %KEY% is an entry of its key, %EVIL% one of the forger's of the same
// name.
func faultyDocuments() []attack {
	entry := func(key crypto.PublicKey, more string) string {
		return `{"id":"` + keyID + `","type":"Multikey","controller":"` + issuerID + `","publicKeyMultibase":"` + multikey(key) + `"` + more + `}`
	}
	own := entry(edKey("first").Public(), "")
	with := func(name, verdict, code, members string) attack {
		members = strings.NewReplacer("%KEY%", own, "%EVIL%", entry(edKey("evil").Public(), ""), "%ID%", `"`+keyID+`"`).Replace(members)
		return attack{"document-" + name, verdict, code, func(a *academy) []byte {
			a.documents[issuerID] = []byte(`{"id":"` + issuerID + `",` + members + `}`)
			return a.sign(credential())
		}}
	}
	// byEvil is the same, signed by the forger.
	byEvil := func(name, verdict, code, members string) attack {
		t := with(name, verdict, code, members)
		publish := t.make
		t.make = func(a *academy) []byte {
			publish(a)
			return a.signAs(credential(), keyID, edKey("evil"))
		}
		return t
	}
	return []attack{
		with("names-a-key-twice-alike", valid, "ok", `"verificationMethod":[%KEY%,%KEY%],"assertionMethod":[%ID%]`),
		with("embeds-a-key-again", valid, "ok", `"verificationMethod":[%KEY%],"assertionMethod":[%KEY%]`),
		with("names-a-key-twice-with-another-member", undetermined, "key-ambiguous", `"verificationMethod":[%KEY%,`+entry(edKey("first").Public(), `,"note":"x"`)+`],"assertionMethod":[%ID%]`),
		with("has-two-keys-of-one-name", undetermined, "key-ambiguous", `"verificationMethod":[%KEY%,%EVIL%],"assertionMethod":[%ID%]`),
		byEvil("has-two-keys-of-one-name-and-the-second-signed", undetermined, "key-ambiguous", `"verificationMethod":[%KEY%,%EVIL%],"assertionMethod":[%ID%]`),
		byEvil("embeds-another-key-of-one-name", undetermined, "key-ambiguous", `"verificationMethod":[%KEY%],"assertionMethod":[%EVIL%]`),
		with("has-two-foreign-keys-of-one-name", valid, "ok", `"verificationMethod":[{"id":"#x"},{"id":"#x","type":"Y"},%KEY%],"assertionMethod":[%ID%]`),
		with("has-an-entry-without-id", valid, "ok", `"verificationMethod":[{"type":"X"},%KEY%],"assertionMethod":[%ID%]`),
		with("has-entries-that-are-none", valid, "ok", `"verificationMethod":[null,"x",7,[],%KEY%],"assertionMethod":[%ID%,7,null]`),
		with("has-a-foreign-key-of-no-form", valid, "ok", `"verificationMethod":[{"id":"#x","type":["Multikey"],"publicKeyJwk":"x","controller":{}},%KEY%],"assertionMethod":["#x",%ID%]`),
		with("has-odd-members-elsewhere", valid, "ok", `"@context":7,"controller":[{}],"alsoKnownAs":{},"service":"x","verificationMethod":[%KEY%],"assertionMethod":[%ID%]`),
		with("has-names-that-differ-in-case", valid, "ok", `"Service":1,"service":2,"verificationMethod":[%KEY%],"assertionMethod":[%ID%]`),
		with("has-a-number-that-loses-digits", undetermined, "issuer-document-malformed", `"x":1e400,"verificationMethod":[%KEY%],"assertionMethod":[%ID%]`),
		with("is-too-deep", undetermined, "issuer-document-malformed", `"x":`+strings.Repeat("[", 70)+strings.Repeat("]", 70)+`,"verificationMethod":[%KEY%],"assertionMethod":[%ID%]`),
		with("is-unreadable-where-the-key-may-be", undetermined, "issuer-document-malformed", `"verificationMethod":[{"type":"X"}],"assertionMethod":[%ID%]`),
		with("is-unreadable-where-it-may-assert", undetermined, "issuer-document-malformed", `"verificationMethod":[%KEY%],"assertionMethod":[7]`),
		with("lists-the-key-for-something-else", invalid, "method-not-assertion", `"verificationMethod":[{"type":"X"},%KEY%],"authentication":[%ID%],"assertionMethod":[]`),
		with("has-the-key-of-the-wrong-form", undetermined, "key-malformed", `"verificationMethod":[{"id":%ID%,"type":["Multikey"],"controller":"`+issuerID+`","publicKeyMultibase":"`+multikey(edKey("first").Public())+`"}],"assertionMethod":[%ID%]`),
		with("revokes-the-key-that-it-breaks", invalid, "key-revoked", `"verificationMethod":[{"type":"X"},`+entry(edKey("first").Public(), `,"revoked":"2026-05-31T00:00:00Z","expires":"never"`)+`],"assertionMethod":[%ID%]`),
		byEvil("is-good-and-another-key-signed", invalid, "signature-invalid", `"verificationMethod":[{"type":"X"},%KEY%,%KEY%],"assertionMethod":[%ID%]`),
	}
}

// oddMaterial are credentials of the academy, whose key is published in an odd way.
func oddMaterial() []attack {
	public := edKey("first").Public()
	raw := []byte(edKey("first").Public().(ed25519.PublicKey))
	with := func(name, verdict, code, kind string, material object) attack {
		return attack{"material-" + name, verdict, code, func(a *academy) []byte {
			method := object{"id": keyID, "type": kind, "controller": issuerID}
			for member, value := range material {
				method[member] = value
			}
			a.documents[issuerID] = encode(object{"id": issuerID, "verificationMethod": []any{method}, "assertionMethod": []any{keyID}})
			return a.sign(credential())
		}}
	}
	base58 := func(b []byte) string { return multibase(b)[1:] }
	evil := []byte(edKey("evil").Public().(ed25519.PublicKey))
	canonical := encode(jwk(public))
	asJWK := func(jwk []byte) string { return multibase(append([]byte{0xd1, 0xd6, 0x03}, jwk...)) }
	return []attack{
		with("2018-base58", valid, "ok", "Ed25519VerificationKey2018", object{"publicKeyBase58": base58(raw)}),
		with("2018-jwk", valid, "ok", "Ed25519VerificationKey2018", object{"publicKeyJwk": jwk(public)}),
		with("2018-multibase", valid, "ok", "Ed25519VerificationKey2018", object{"publicKeyMultibase": multikey(public)}),
		with("2020-jwk", valid, "ok", "Ed25519VerificationKey2020", object{"publicKeyJwk": jwk(public)}),
		with("2020-base58", valid, "ok", "Ed25519VerificationKey2020", object{"publicKeyBase58": base58(raw)}),
		with("2018-base58-of-the-forger", invalid, "signature-invalid", "Ed25519VerificationKey2018", object{"publicKeyBase58": base58(evil)}),
		with("2018-base58-short", undetermined, "key-malformed", "Ed25519VerificationKey2018", object{"publicKeyBase58": base58(raw[:31])}),
		with("2018-base58-of-low-order", invalid, "key-low-order", "Ed25519VerificationKey2018", object{"publicKeyBase58": base58(append([]byte{1}, make([]byte, 31)...))}),
		with("base58-and-multibase", undetermined, "key-malformed", "Ed25519VerificationKey2018", object{"publicKeyBase58": base58(raw), "publicKeyMultibase": multikey(edKey("evil").Public())}),
		with("base58-and-jwk-alike", undetermined, "key-malformed", "Ed25519VerificationKey2018", object{"publicKeyBase58": base58(raw), "publicKeyJwk": jwk(public)}),
		with("multibase-and-hex", undetermined, "key-malformed", "Multikey", object{"publicKeyMultibase": multikey(public), "publicKeyHex": "00"}),
		with("hex", undetermined, "key-unsupported", "Ed25519VerificationKey2018", object{"publicKeyHex": "00"}),
		with("2020-of-p256", undetermined, "key-malformed", "Ed25519VerificationKey2020", object{"publicKeyMultibase": multikey(ecKey(elliptic.P256(), "first").Public())}),
		with("type-of-the-prototype", undetermined, "key-unsupported", "constructor", object{"publicKeyMultibase": multikey(public)}),
		with("jwk-jcs", valid, "ok", "Multikey", object{"publicKeyMultibase": asJWK(canonical)}),
		with("jwk-jcs-spaced", undetermined, "key-malformed", "Multikey", object{"publicKeyMultibase": asJWK(append([]byte(" "), canonical...))}),
		with("jwk-jcs-private", invalid, "key-malformed", "Multikey", object{"publicKeyMultibase": asJWK([]byte(`{"crv":"Ed25519","d":"AA","kty":"OKP","x":"` + base64url(raw) + `"}`))}),
		with("base64url-other-bits", undetermined, "key-malformed", "Multikey", object{"publicKeyMultibase": "u" + otherBits(base64url(append([]byte{0xed, 1}, raw...)))}),
		with("base64url-padded", undetermined, "key-malformed", "Multikey", object{"publicKeyMultibase": "u" + base64url(append([]byte{0xed, 1}, raw...)) + "=="}),
		with("base16", undetermined, "key-malformed", "Multikey", object{"publicKeyMultibase": "fed01" + strings.Repeat("07", 32)}),
	}
}

// by is a JWT about a statement of an issuer that is a bare key.
func by(name, verdict, code, id, kid, alg string, sign func(input []byte) []byte) attack {
	return attack{name, verdict, code, func(*academy) []byte {
		payload := with(statement(), object{"issuer": id})
		input := base64url(encode(header(alg, kid, "vc+jwt"))) + "." + base64url(encode(payload))
		return []byte(input + "." + base64url(sign([]byte(input))))
	}}
}

// namedByKinds are issuers that are a bare key of some kind.
func namedByKinds() []attack {
	key := func(name, verdict, code, alg string, multicodec uint64, body []byte, signer crypto.Signer) attack {
		id := "did:key:" + multibase(append(binary.AppendUvarint(nil, multicodec), body...))
		return by("did-key-"+name, verdict, code, id, id+"#"+id[len("did:key:"):], alg, func(input []byte) []byte { return signToken(signer, input) })
	}
	p256, ed := ecKey(elliptic.P256(), "first"), edKey("first")
	der := x509.MarshalPKCS1PublicKey(&rsaKey().PublicKey)
	spki, err := x509.MarshalPKIXPublicKey(&rsaKey().PublicKey)
	check("write an RSA key", err)
	small := x509.MarshalPKCS1PublicKey(&rsa.PublicKey{N: rsaKey().Primes[0], E: 65537})
	one := x509.MarshalPKCS1PublicKey(&rsa.PublicKey{N: rsaKey().N, E: 1})
	jcsP256 := encode(jwk(p256.Public()))
	point := func(curve elliptic.Curve, size int) []byte {
		return append([]byte{2}, bytes.Repeat([]byte{0xff}, size)...)
	}
	jwkID := func(key object) string { return "did:jwk:" + base64url(encode(key)) }
	k256 := k256Key("first")
	return []attack{
		key("rsa", valid, "ok", "RS256", 0x1205, der, rsaKey()),
		key("rsa-and-trailing-bytes", invalid, "issuer-malformed", "RS256", 0x1205, append(slices.Clone(der), 0), rsaKey()),
		key("rsa-with-a-long-length", invalid, "issuer-malformed", "RS256", 0x1205, slices.Concat([]byte{0x30, 0x83, 0}, der[2:]), rsaKey()),
		key("rsa-spki", invalid, "issuer-malformed", "RS256", 0x1205, spki, rsaKey()),
		key("rsa-1024", undetermined, "key-unsupported", "RS256", 0x1205, small, rsaKey()),
		key("rsa-exponent-one", invalid, "issuer-malformed", "RS256", 0x1205, one, rsaKey()),
		key("rsa-as-es256", invalid, "key-mismatch", "ES256", 0x1205, der, p256),
		key("jwk-jcs", valid, "ok", "ES256", 0xeb51, jcsP256, p256),
		key("jwk-jcs-other-order", invalid, "issuer-malformed", "ES256", 0xeb51, slices.Concat([]byte(`{"kty":"EC",`), bytes.Replace(jcsP256[1:], []byte(`"kty":"EC",`), nil, 1)), p256),
		key("jwk-jcs-private", invalid, "issuer-malformed", "ES256", 0xeb51, encode(with(jwk(p256.Public()), object{"d": "AA"})), p256),
		key("jwk-jcs-name-twice", invalid, "issuer-malformed", "ES256", 0xeb51, bytes.Replace(jcsP256, []byte("{"), []byte(`{"crv":"P-256",`), 1), p256),
		key("jwk-jcs-of-the-forger", invalid, "signature-invalid", "ES256", 0xeb51, encode(jwk(ecKey(elliptic.P256(), "evil").Public())), p256),
		key("p521", undetermined, "key-unsupported", "ES256", 0x1202, point(elliptic.P521(), 66), p256),
		key("x25519", undetermined, "key-unsupported", "EdDSA", 0xec, bytes.Repeat([]byte{7}, 32), ed),
		key("of-the-future", undetermined, "key-unsupported", "EdDSA", 0x1210, bytes.Repeat([]byte{7}, 1312), ed),
		key("private-key", undetermined, "key-unsupported", "EdDSA", 0x1300, bytes.Repeat([]byte{7}, 32), ed),
		key("p256-off-the-curve", invalid, "issuer-malformed", "ES256", 0x1200, point(elliptic.P256(), 32), p256),
		key("k256-off-the-curve", invalid, "issuer-malformed", "ES256K", 0xe7, point(elliptic.P256(), 32), p256),
		key("k256-of-a-p256-key", invalid, "issuer-malformed", "ES256K", 0xe7, compressedP256(), p256),
		key("p256-as-es256k", invalid, "key-mismatch", "ES256K", 0x1200, compressedP256(), p256),
		by("did-jwk-k256", valid, "ok", jwkID(jwkOfK256(k256)), jwkID(jwkOfK256(k256))+"#0", "ES256K", k256.sign),
		by("did-jwk-p521", undetermined, "key-unsupported", jwkID(object{"kty": "EC", "crv": "P-521", "x": "AA", "y": "AA"}), jwkID(object{"kty": "EC", "crv": "P-521", "x": "AA", "y": "AA"})+"#0", "ES256", k256.sign),
	}
}

// compressedP256 is a point of P-256 of which there is none on secp256k1 with the same
// x.
func compressedP256() []byte {
	for n := int64(1); ; n++ {
		key := ecKey(elliptic.P256(), "first")
		if n > 1 {
			key = ecKey(elliptic.P256(), "point"+big.NewInt(n).String())
		}
		point, err := key.PublicKey.Bytes()
		check("write a point", err)
		compressed := append([]byte{2 | point[64]&1}, point[1:33]...)
		if _, err := secp256k1.ParsePubKey(compressed); err != nil {
			return compressed
		}
	}
}

// k256 is a key on secp256k1.
type k256 struct{ *secp256k1.PrivateKey }

func k256Key(name string) k256 {
	seed := sha256.Sum256([]byte("laurel test key " + name))
	return k256{secp256k1.PrivKeyFromBytes(seed[:])}
}

func jwkOfK256(key k256) object { return did.EncodeJWK(key.PubKey()) }

// Public and Sign make a crypto.Signer of it, which signs as ES256K does.
func (k k256) Public() crypto.PublicKey { return k.PubKey() }

func (k k256) Sign(_ io.Reader, input []byte, _ crypto.SignerOpts) ([]byte, error) {
	return k.sign(input), nil
}

func (k k256) sign(input []byte) []byte {
	digest := sha256.Sum256(input)
	made := ecdsa.Sign(k.PrivateKey, digest[:])
	r, s := made.R(), made.S()
	x, y := r.Bytes(), s.Bytes()
	return append(x[:], y[:]...)
}

// secp256k1Tokens are JWTs with ES256K.
func secp256k1Tokens() []attack {
	key, evil := k256Key("first"), k256Key("evil")
	id := "did:key:" + multikey(key.PubKey())
	kid := id + "#" + multikey(key.PubKey())
	token := func(name, verdict, code, alg string, sign func([]byte) []byte) attack {
		return by("es256k-"+name, verdict, code, id, kid, alg, sign)
	}
	changed := func(change func(signature []byte) []byte) func([]byte) []byte {
		return func(input []byte) []byte { return change(key.sign(input)) }
	}
	order := secp256k1.Params().N
	// published is the academy's own key on secp256k1, as a member of its document.
	published := func(name, verdict, code, kind string, method object, signer k256) attack {
		return attack{"es256k-" + name, verdict, code, func(a *academy) []byte {
			m := with(object{"id": issuerID + "#k", "type": kind, "controller": issuerID}, method)
			a.documents[issuerID] = encode(object{"id": issuerID, "verificationMethod": []any{m}, "assertionMethod": []any{issuerID + "#k"}})
			payload := with(statement(), object{"issuer": issuerID})
			input := base64url(encode(header("ES256K", issuerID+"#k", "vc+jwt"))) + "." + base64url(encode(payload))
			return []byte(input + "." + base64url(signer.sign([]byte(input))))
		}}
	}
	return []attack{
		token("good", valid, "ok", "ES256K", key.sign),
		token("larger-s", valid, "ok", "ES256K", changed(func(s []byte) []byte {
			return append(s[:32], new(big.Int).Sub(order, bigOf(s[32:])).FillBytes(make([]byte, 32))...)
		})),
		token("of-another", invalid, "signature-invalid", "ES256K", evil.sign),
		token("exchanged", invalid, "signature-invalid", "ES256K", changed(func(s []byte) []byte { return slices.Concat(s[32:], s[:32]) })),
		token("der", invalid, "signature-malformed", "ES256K", changed(derOf)),
		token("recoverable", invalid, "signature-malformed", "ES256K", changed(func(s []byte) []byte { return append(s, 0) })),
		token("zeros", invalid, "signature-malformed", "ES256K", changed(func([]byte) []byte { return make([]byte, 64) })),
		token("r-plus-order", invalid, "signature-malformed", "ES256K", changed(func(s []byte) []byte { return append(order.Bytes(), s[32:]...) })),
		token("called-es256", invalid, "key-mismatch", "ES256", key.sign),
		token("called-es256k-r", undetermined, "suite-unsupported", "ES256K-R", key.sign),
		token("called-eddsa", invalid, "key-mismatch", "EdDSA", key.sign),
		token("by-a-p256-key", invalid, "signature-invalid", "ES256K", func(input []byte) []byte { return signToken(ecKey(elliptic.P256(), "first"), input) }),
		published("jwk", valid, "ok", "JsonWebKey2020", object{"publicKeyJwk": jwkOfK256(key)}, key),
		published("2019-jwk", valid, "ok", "EcdsaSecp256k1VerificationKey2019", object{"publicKeyJwk": jwkOfK256(key)}, key),
		published("2019-base58", valid, "ok", "EcdsaSecp256k1VerificationKey2019", object{"publicKeyBase58": multibase(key.PubKey().SerializeCompressed())[1:]}, key),
		published("2019-address", undetermined, "key-malformed", "EcdsaSecp256k1VerificationKey2019", object{"blockchainAccountId": "eip155:1:0xab16a96D359eC26a11e2C2b3d8f8B8942d5Bfcdb"}, key),
		published("jwk-of-p256", undetermined, "key-malformed", "JsonWebKey2020", object{"publicKeyJwk": with(jwkOfK256(key), object{"crv": "P-256"})}, key),
		published("jwk-for-es256", undetermined, "key-unsupported", "JsonWebKey2020", object{"publicKeyJwk": with(jwkOfK256(key), object{"alg": "ES256"})}, key),
		published("jwk-of-the-forger", invalid, "signature-invalid", "JsonWebKey2020", object{"publicKeyJwk": jwkOfK256(key)}, evil),
	}
}

// spelledNames are issuers whose did:web or URL is not written as laurel writes them,
// or is made to be taken for another's.
func spelledNames() []attack {
	// at is a statement of an issuer, whose document, under some name, says that it is of owner.
	at := func(name, verdict, code, id, served, owner string) attack {
		return attack{"name-" + name, verdict, code, func(a *academy) []byte {
			d := did.WebDocument(owner, []did.PublishedKey{{Kid: "key-1", PublicKeyMultibase: multikey(edKey("first").Public())}})
			data, err := d.Encode()
			check("write a DID document", err)
			a.documents[served] = data
			return encode(a.secure(with(statement(), object{"issuer": id}), options(object{"verificationMethod": id + "#key-1"}), edKey("first")))
		}}
	}
	const root = "https://school.example.org/.well-known/did.json"
	same := func(name, id, served string) attack { return at(name, valid, "ok", id, served, id) }
	return []attack{
		same("capitals", "did:web:School.Example.org", root),
		same("capitals-under-the-did", "did:web:School.Example.org", "did:web:School.Example.org"),
		same("port-443", "did:web:school.example.org%3A443", root),
		same("port-in-small-letters", "did:web:school.example.org%3a8443", "https://school.example.org:8443/.well-known/did.json"),
		same("final-dot", "did:web:school.example.org.", root),
		same("path-in-capitals", "did:web:School.Example.org:Team", "https://school.example.org/Team/did.json"),
		same("path-escaped", "did:web:school.example.org:%74eam", "https://school.example.org/team/did.json"),
		same("path-small-escape", "did:web:school.example.org:b%c3%bcro", "https://school.example.org/b%C3%BCro/did.json"),
		same("look-alike", "did:web:xn--80ak6aa92e.example", "https://xn--80ak6aa92e.example/.well-known/did.json"),
		same("international", "did:web:xn--bcher-kva.example", "https://xn--bcher-kva.example/.well-known/did.json"),
		at("document-of-the-usual-spelling", undetermined, "issuer-document-id", "did:web:School.Example.org", root, "did:web:school.example.org"),
		at("document-of-another-spelling", undetermined, "issuer-document-id", "did:web:school.example.org", root, "did:web:school.example.org%3A443"),
		at("document-of-another", invalid, "issuer-document-id", "did:web:School.Example.org", root, "did:web:evil.example"),
		at("document-of-another-path", invalid, "issuer-document-id", "did:web:school.example.org:Team", "https://school.example.org/Team/did.json", "did:web:school.example.org:team"),
		at("other-port", undetermined, "issuer-unavailable", "did:web:school.example.org%3A8443", root, "did:web:school.example.org%3A8443x"),
		at("escaped-slash", invalid, "issuer-malformed", "did:web:school.example.org%2Fteam", root, "did:web:school.example.org"),
		at("escaped-user", invalid, "issuer-malformed", "did:web:school.example.org%40evil.example", "https://evil.example/.well-known/did.json", "did:web:school.example.org%40evil.example"),
		at("escaped-letter", invalid, "issuer-malformed", "did:web:%73chool.example.org", root, "did:web:%73chool.example.org"),
		at("escaped-international", undetermined, "issuer-unsupported", "did:web:b%C3%BCcher.example", "https://xn--bcher-kva.example/.well-known/did.json", "did:web:b%C3%BCcher.example"),
		at("two-ports", invalid, "issuer-malformed", "did:web:school.example.org%3A443%3A8443", root, "did:web:school.example.org%3A443%3A8443"),
		at("dots-in-the-path", invalid, "issuer-malformed", "did:web:school.example.org:%2e%2e:team", "https://school.example.org/team/did.json", "did:web:school.example.org:%2e%2e:team"),
		at("https-with-a-user", invalid, "issuer-malformed", "https://school.example.org@evil.example/issuer", "https://school.example.org@evil.example/issuer", "https://school.example.org@evil.example/issuer"),
		signed("id-of-a-script", undetermined, "id-unsafe", func(doc object) { doc["id"] = "javascript:alert(1)" }),
		signed("achievement-of-a-script", undetermined, "id-unsafe", func(doc object) { achievementOf(doc)["id"] = "JavaScript:alert(1)" }),
		signed("achievement-of-a-file", undetermined, "id-unsafe", func(doc object) { achievementOf(doc)["id"] = "data:text/html,x" }),
		signed("image-of-a-file", valid, "ok", func(doc object) {
			achievementOf(doc)["image"] = object{"id": "data:image/png;base64,iVBORw0KGgo=", "type": "Image"}
		}),
		signed("issuer-of-a-script", invalid, "method-foreign", func(doc object) { doc["issuer"].(object)["id"] = "javascript:alert(1)" }),
	}
}
