package proof_test

import (
	"crypto/ed25519"
	"crypto/elliptic"
	"maps"
	"testing"
)

const vcdm1 = `"https://www.w3.org/2018/credentials/v1"`

// TestVersion1 signs and checks credentials of data model 1.1 with each context of
// Open Badges 3.0 and each context that defines a proof.
func TestVersion1(t *testing.T) {
	p, key := newProcessor(t), testKey()
	for _, badges := range []string{"context.json", "context-3.0.1.json", "context-3.0.2.json"} {
		for _, security := range []string{"https://w3id.org/security/data-integrity/v1", "https://w3id.org/security/data-integrity/v2"} {
			t.Run(badges+"-"+security, func(t *testing.T) {
				signed, err := p.Sign([]byte(version1(badges, security, "")), benchOptions, key)
				if err != nil {
					t.Fatal(err)
				}
				doc := parse(t, signed)
				if err := p.CheckTerms(doc); err != nil {
					t.Error(err)
				}
				if err := p.Verify(doc, 0, key.Public(), nil); err != nil {
					t.Error(err)
				}
				doc["expirationDate"] = "2030-01-01T00:00:00Z"
				wantCode(t, p.Verify(doc, 0, key.Public(), nil), "signature-invalid")
				doc["nonsense"] = "x"
				wantCode(t, p.CheckTerms(doc), "term-undefined")
			})
		}
	}
}

// version1 is a credential of data model 1.1 with a status of 2021.
func version1(badges, security, members string) string {
	return `{"@context": [` + vcdm1 + `, "https://purl.imsglobal.org/spec/ob/v3p0/` + badges + `", "https://w3id.org/vc/status-list/2021/v1", "` + security + `"],
		"id": "urn:uuid:6f1b2f0a-5f10-4b86-9a35-0d6a3f2a1c10", "type": ["VerifiableCredential", "OpenBadgeCredential"],
		"issuer": {"id": "did:web:academy.example.org", "type": ["Profile"], "name": "Academy"}, "issuanceDate": "2022-01-01T00:00:00Z",
		"credentialStatus": {"id": "https://academy.example.org/status/1#7", "type": "StatusList2021Entry", "statusPurpose": "revocation", "statusListIndex": "7", "statusListCredential": "https://academy.example.org/status/1"},
		"credentialSubject": {"id": "did:example:ada", "type": ["AchievementSubject"], "achievement": {"id": "urn:uuid:a", "type": ["Achievement"], "name": "Welding", "description": "D", "criteria": {"narrative": "N"}}}` + members + `}`
}

// TestProofOf2020: Ed25519Signature2020, with the context that defines it in the
// document, or in the proof alone.
func TestProofOf2020(t *testing.T) {
	p, key := newProcessor(t), testKey()
	const suite = "https://w3id.org/security/suites/ed25519-2020/v1"
	options := map[string]any{
		"type": "Ed25519Signature2020", "created": "2022-11-16T18:54:22Z", "proofPurpose": "assertionMethod",
		"verificationMethod": "did:web:academy.example.org#key-2022-1",
	}
	sign := func(doc, options map[string]any) map[string]any {
		hashData, err := p.HashDataOf2020(doc, options)
		if err != nil {
			t.Fatal(err)
		}
		signed, proved := maps.Clone(doc), maps.Clone(options)
		proved["proofValue"] = encoded(ed25519.Sign(key, hashData))
		signed["proof"] = proved
		return signed
	}
	own := maps.Clone(options)
	own["@context"] = suite
	for name, test := range map[string]struct{ doc, options map[string]any }{
		"in-document": {parse(t, []byte(version1("context-3.0.2.json", suite, ""))), options},
		"in-proof":    {parse(t, []byte(version1("context-3.0.2.json", "https://w3id.org/security/data-integrity/v2", ""))), own},
		"in-both":     {parse(t, []byte(version1("context-3.0.2.json", suite, ""))), own},
	} {
		t.Run(name, func(t *testing.T) {
			signed := sign(test.doc, test.options)
			verify := func() error { return p.Verify(signed, 0, key.Public(), nil) }
			if err := p.CheckTerms(signed); err != nil {
				t.Error(err)
			}
			if err := verify(); err != nil {
				t.Fatal(err)
			}
			proved := signed["proof"].(map[string]any)
			for member, code := range map[string]string{"jws": "term-undefined", "cryptosuite": "term-undefined", "domain": "signature-invalid", "nonce": "signature-invalid"} {
				proved[member] = "x"
				wantCode(t, verify(), code)
				delete(proved, member)
			}
			for _, member := range []string{"verificationMethod", "proofPurpose", "proofValue"} {
				value := proved[member]
				delete(proved, member)
				wantCode(t, verify(), "proof-malformed")
				proved[member] = 7.0
				wantCode(t, verify(), "proof-malformed")
				proved[member] = value
			}
			wantCode(t, p.Verify(signed, 0, testKeyOn(t, elliptic.P256()).Public(), nil), "key-mismatch")
			proved["type"] = "DataIntegrityProof"
			if err := verify(); err == nil {
				t.Error("verifies as another type")
			}
			proved["type"] = "Ed25519Signature2020"
			for _, context := range []any{"https://w3id.org/security/data-integrity/v1", map[string]any{}, []any{suite, suite}} {
				proved["@context"] = context
				wantCode(t, verify(), "context-inline")
				wantCode(t, p.CheckTerms(signed), "context-inline")
			}
		})
	}
	// Without the context in either place the terms mean nothing.
	_, err := p.HashDataOf2020(parse(t, []byte(version1("context-3.0.2.json", "https://w3id.org/security/data-integrity/v2", ""))), options)
	wantCode(t, err, "type-undefined")
	o := benchOptions
	o.Cryptosuite = "Ed25519Signature2020"
	_, err = p.Sign([]byte(with(``)), o, key)
	wantCode(t, err, "suite-unknown")
}
