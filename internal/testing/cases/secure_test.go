package cases

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/asn1"
	"encoding/base64"
	"hash"
	"maps"
	"math/big"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/mr-tron/base58"

	"laurel/internal/standards/proof"
	"laurel/internal/standards/rdfc"
)

// Signing here is by the letter of the specifications, beside the code that
// laurel signs with: it makes what laurel would not, from proofs that lie about
// themselves to suites that laurel only verifies.

// sign signs with the issuer's first key, as laurel does.
func (a *academy) sign(doc object) []byte { return a.signAs(doc, keyID, edKey("first")) }

// signAs signs as laurel does.
func (a *academy) signAs(doc object, method string, key crypto.Signer) []byte {
	data, err := a.processor.Sign(encode(doc), proof.Options{VerificationMethod: method, Created: now.Add(-time.Hour)}, key)
	check("sign", err)
	return data
}

// options are those of a proof of the issuer's first key.
func options(changes object) object {
	return with(object{
		"type": "DataIntegrityProof", "cryptosuite": "eddsa-rdfc-2022", "created": "2026-06-01T11:00:00Z",
		"verificationMethod": keyID, "proofPurpose": "assertionMethod",
	}, changes)
}

// secure returns a copy of doc with one more proof, made with these options,
// whatever they say. The proof is made over the document and, where it names a
// previousProof, over that one. Verifiable Credential Data Integrity 1.0, 4.2
// and 4.3; Data Integrity EdDSA Cryptosuites v1.0; Data Integrity ECDSA
// Cryptosuites v1.0.
func (a *academy) secure(doc, options object, key crypto.Signer) object {
	present, _ := doc["proof"].([]any)
	unsecured := with(doc, object{"proof": absent})
	for _, p := range present {
		if id, ok := at(p)["id"]; ok && id == options["previousProof"] {
			unsecured["proof"] = []any{p}
		}
	}
	made := with(options, object{"proofValue": multibase(signHash(key, a.hashData(unsecured, options, key)))})
	if isJCS(options) {
		made["@context"] = doc["@context"]
	}
	return with(doc, object{"proof": append(append([]any{}, present...), made)})
}

func isJCS(options object) bool {
	return options["cryptosuite"] == "eddsa-jcs-2022" || options["cryptosuite"] == "ecdsa-jcs-2019"
}

// hashData is the hash of the options followed by that of the document.
func (a *academy) hashData(unsecured, options object, key crypto.Signer) []byte {
	config := maps.Clone(options)
	config["@context"] = unsecured["@context"]
	var data []byte
	for _, doc := range []object{config, unsecured} {
		h, inside := hashFor(key)
		if isJCS(options) {
			h.Write(jcs(doc))
		} else {
			canonical, err := a.vocabulary.Canonical(doc, rdfc.Options{Hash: inside})
			check("canonicalise", err)
			h.Write(canonical)
		}
		data = h.Sum(data)
	}
	return data
}

// hashFor is SHA-256, but for P-384, which takes SHA-384 everywhere (Data
// Integrity ECDSA Cryptosuites v1.0, 3 "Algorithms").
func hashFor(key crypto.Signer) (hash.Hash, rdfc.Hash) {
	if k, ok := key.(*ecdsa.PrivateKey); ok && k.Curve.Params().BitSize == 384 {
		return sha512.New384(), rdfc.SHA384
	}
	return sha256.New(), rdfc.SHA256
}

// jcs is the form of RFC 8785.
func jcs(doc object) []byte {
	value := jsontext.Value(encode(doc))
	check("canonicalise JSON", value.Canonicalize())
	return value
}

// signHash signs data: Ed25519 itself, ECDSA its hash, as r and s.
func signHash(key crypto.Signer, data []byte) []byte {
	if k, ok := key.(ed25519.PrivateKey); ok {
		return ed25519.Sign(k, data)
	}
	h, _ := hashFor(key)
	h.Write(data)
	return signECDSA(key.(*ecdsa.PrivateKey), h.Sum(nil))
}

// signECDSA signs as RFC 6979 does, so that the same input makes the same case.
func signECDSA(key *ecdsa.PrivateKey, digest []byte) []byte {
	hashed := crypto.SHA256
	if len(digest) == sha512.Size384 {
		hashed = crypto.SHA384
	}
	der, err := key.Sign(nil, digest, hashed)
	check("sign", err)
	var pair struct{ R, S *big.Int }
	_, err = asn1.Unmarshal(der, &pair)
	check("read a signature", err)
	size := (key.Curve.Params().BitSize + 7) / 8
	return append(pair.R.FillBytes(make([]byte, size)), pair.S.FillBytes(make([]byte, size))...)
}

func bigOf(b []byte) *big.Int { return new(big.Int).SetBytes(b) }

// derOf writes r and s as a SEQUENCE of two INTEGERs.
func derOf(signature []byte) []byte {
	half := len(signature) / 2
	der, err := asn1.Marshal(struct{ R, S *big.Int }{bigOf(signature[:half]), bigOf(signature[half:])})
	check("write a signature", err)
	return der
}

func multibase(data []byte) string { return "z" + base58.Encode(data) }

func base64url(data []byte) string { return base64.RawURLEncoding.EncodeToString(data) }
