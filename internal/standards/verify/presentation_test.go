package verify_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"laurel/internal/standards/did"
	"laurel/internal/standards/proof"
	"laurel/internal/standards/vc"
	"laurel/internal/standards/verify"
)

const holderID = "did:web:learner.example.org"

// presentation holds credentials; their proofs stay good in it.
func presentation(credentials ...any) map[string]any {
	return map[string]any{"@context": []any{vc.ContextVC}, "type": []any{"VerifiablePresentation"}, "verifiableCredential": credentials}
}

// present signs a presentation with the holder's key.
func (w *world) present(doc map[string]any, purpose string) []byte {
	w.t.Helper()
	data, err := w.processor.Sign(encode(w.t, doc), proof.Options{VerificationMethod: holderID + "#key-1", Created: now.Add(-time.Minute), ProofPurpose: purpose}, key("holder"))
	if err != nil {
		w.t.Fatal(err)
	}
	return data
}

func (w *world) publishHolder() {
	w.t.Helper()
	d := did.WebDocument(holderID, []did.PublishedKey{{Kid: "key-1", PublicKeyMultibase: multikey(w.t, key("holder"))}})
	d.Authentication, d.AssertionMethod = d.AssertionMethod, nil
	w.publish(d)
}

func TestPresentation(t *testing.T) {
	w := newWorld(t)
	w.publishHolder()
	verifier := w.verifier(now)
	good := decode(t, w.sign(credential()))
	forged := decode(t, bytes.Replace(w.sign(credential()), []byte("Planing"), []byte("Brewing"), 1))
	other := decode(t, w.sign(with(credential(), map[string]any{"id": "urn:uuid:0b9b3f3e-0d5b-4d2a-9a44-0f8b1f1a2c3e"})))
	enveloped := envelope("EnvelopedVerifiableCredential", "data:application/vc+jwt,"+string(jwtOf(t, credential(), nil)))
	held := with(presentation(good), map[string]any{"holder": holderID})
	signed := w.present(held, "authentication")
	jwt := func(header, payload map[string]any) []byte { return compact(t, header, payload, key("holder")) }
	header := map[string]any{"alg": "EdDSA", "kid": holderID + "#key-1", "typ": "vp+jwt"}
	for _, c := range []struct {
		name        string
		data        []byte
		verdict     verify.Verdict
		check, code string
		parts       int
	}{
		{"unsigned", encode(t, presentation(good)), verify.Valid, verify.Proof, "presentation-unsigned", 1},
		{"several", encode(t, presentation(good, other, enveloped)), verify.Valid, verify.Subject, "ok", 3},
		{"one-forged", encode(t, presentation(good, forged)), verify.Invalid, verify.Subject, "embedded-invalid", 2},
		{"one-unsigned", encode(t, presentation(good, with(other, map[string]any{"proof": nil}))), verify.Invalid, verify.Subject, "embedded-invalid", 2},
		{"one-a-number", encode(t, presentation(good, 7.0)), verify.Invalid, verify.Subject, "embedded-malformed", 1},
		{"one-json-in-a-string", encode(t, presentation(string(encode(t, good)))), verify.Invalid, verify.Subject, "embedded-malformed", 0},
		{"version-1-with-jwt", encode(t, map[string]any{"@context": []any{"https://www.w3.org/2018/credentials/v1"}, "type": []any{"VerifiablePresentation"}, "verifiableCredential": []any{string(jwtOf(t, credential(), nil))}}), verify.Valid, verify.Subject, "ok", 1},
		{"empty", encode(t, presentation()), verify.Undetermined, verify.Structure, "presentation-empty", 0},
		{"signed", signed, verify.Valid, verify.Proof, "presentation-challenge", 1},
		{"signed-without-holder", w.present(presentation(good), "authentication"), verify.Valid, verify.Proof, "presentation-challenge", 1},
		{"for-another-purpose", w.present(held, "assertionMethod"), verify.Invalid, verify.Proof, "proof-purpose", 1},
		{"holder-changed", bytes.Replace(signed, []byte(`"holder":"did:web:learner`), []byte(`"holder":"did:web:teacher`), 1), verify.Invalid, verify.IssuerKey, "method-foreign", 1},
		{"credential-added", append(bytes.Replace(signed, []byte(`"verifiableCredential":[`), append([]byte(`"verifiableCredential":[`), append(encode(t, other), ',')...), 1), '\n'), verify.Invalid, verify.Proof, "signature-invalid", 2},
		{"by-the-issuers-key", w.signAs(held, keyID, key("first")), verify.Invalid, verify.Proof, "proof-purpose", 1},
		{"jwt", jwt(header, with(held, map[string]any{"iss": holderID})), verify.Valid, verify.Proof, "presentation-challenge", 1},
		{"jwt-without-holder", jwt(header, presentation(good)), verify.Valid, verify.Proof, "presentation-challenge", 1},
		{"jwt-iss-of-another", jwt(header, with(held, map[string]any{"iss": issuerID})), verify.Invalid, verify.Proof, "jwt-claim-mismatch", 1},
		{"jwt-expired", jwt(header, with(held, map[string]any{"exp": float64(now.Unix())})), verify.Invalid, verify.Proof, "proof-expired", 1},
		{"jwt-tampered", append(jwt(header, held)[:600], jwt(header, held)[601:]...), verify.Invalid, "", "", 0},
		{"enveloped", encode(t, envelope("EnvelopedVerifiablePresentation", "data:application/vp+jwt,"+string(jwt(header, held)))), verify.Valid, verify.Proof, "presentation-challenge", 1},
		{"nested", encode(t, presentation(presentation(good))), verify.Valid, verify.Subject, "ok", 1},
		{"nested-deeply", encode(t, presentation(presentation(presentation(presentation(good))))), verify.Undetermined, verify.Subject, "embedded-undetermined", 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := verifier.Credential(t.Context(), c.data)
			want(t, r, c.verdict, c.check, c.code)
			if len(r.Parts) != c.parts {
				t.Errorf("%d parts, want %d", len(r.Parts), c.parts)
			}
			wantSafe(t, r)
		})
	}
	// What is written around credentials is nobody's word.
	if s := verifier.Credential(t.Context(), encode(t, with(presentation(good), map[string]any{"name": "Doctor"}))).Summary; s.Name != "" {
		t.Errorf("an unsigned presentation says %+v", s)
	}
	for name, changes := range map[string]map[string]any{
		"issuer": {"issuer": "did:web:university.example"}, "subject": {"credentialSubject": credential()["credentialSubject"]},
		"type": {"type": []any{"VerifiableCredential", "OpenBadgeCredential", "VerifiablePresentation"}}, "validity": {"validUntil": "2030-01-01T00:00:00Z"},
	} {
		t.Run("mixed-"+name, func(t *testing.T) {
			want(t, verifier.Credential(t.Context(), encode(t, with(presentation(good), changes))), verify.Invalid, verify.Structure, "presentation-mixed")
		})
	}
}

// clr is a learner record with credentials inside.
func clr(credentials ...any) map[string]any {
	return map[string]any{
		"@context": []any{vc.ContextVC, "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json", vc.ContextOB},
		"id":       "urn:uuid:6f1d8a0c-5d8e-4f0f-9d6a-4f6b1f1a2c3d", "type": []any{"VerifiableCredential", "ClrCredential"}, "name": "A year",
		"issuer":    map[string]any{"id": issuerID, "type": []any{"Profile"}, "name": "Example Academy"},
		"validFrom": "2026-02-01T00:00:00Z",
		"credentialSubject": map[string]any{
			"id": "did:key:z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi", "type": []any{"ClrSubject"}, "verifiableCredential": credentials,
		},
	}
}

func TestLearnerRecord(t *testing.T) {
	w := newWorld(t)
	w.serve(listURL, w.list(nil, 77))
	verifier := w.verifier(now)
	good := decode(t, w.sign(credential()))
	about := func(id string) any {
		c := credential()
		c["credentialSubject"].(map[string]any)["id"] = id
		return decode(t, w.sign(c))
	}
	forged := decode(t, bytes.Replace(w.sign(credential()), []byte("Planing"), []byte("Brewing"), 1))
	expired := decode(t, w.sign(with(credential(), map[string]any{"validUntil": "2026-05-01T00:00:00Z"})))
	for _, c := range []struct {
		name    string
		inner   any
		verdict verify.Verdict
		part    verify.Verdict
		code    string
	}{
		{"good", good, verify.Valid, verify.Valid, "ok"},
		{"forged", forged, verify.Invalid, verify.Invalid, "embedded-invalid"},
		{"expired", expired, verify.Valid, verify.Invalid, "embedded-lapsed"},
		{"revoked", decode(t, w.sign(with(credential(), map[string]any{"credentialStatus": statusEntry(listURL, "revocation", "77")}))), verify.Valid, verify.Invalid, "embedded-lapsed"},
		{"of-somebody-else", about("did:web:ben.example.org"), verify.Valid, verify.Valid, "embedded-subject"},
		{"with-a-made-up-id", about("urn:uuid:5f1d8a0c-5d8e-4f0f-9d6a-4f6b1f1a2c3d"), verify.Valid, verify.Valid, "ok"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := verifier.Credential(t.Context(), w.sign(clr(c.inner)))
			want(t, r, c.verdict, verify.Subject, c.code)
			if len(r.Parts) != 1 || r.Parts[0].Verdict != c.part || r.Parts[0].Summary.Achievement != "Woodworking" {
				t.Errorf("parts: %+v", r.Parts)
			}
		})
	}
	data, err := json.Marshal(verifier.Credential(t.Context(), w.sign(clr(good))))
	if err != nil || !bytes.Contains(data, []byte(`"parts":[{"verdict":"valid"`)) {
		t.Errorf("%s, %v", data, err)
	}
}

func TestEndorsementJWT(t *testing.T) {
	w := newWorld(t)
	verifier := w.verifier(now)
	jwt := string(jwtOf(t, endorsement(), nil))
	for _, c := range []struct {
		name, jwt string
		verdict   verify.Verdict
		code      string
	}{
		{"good", jwt, verify.Valid, "ok"},
		{"forged", string(compact(t, map[string]any{"alg": "EdDSA", "kid": keyID}, endorsement(), key("mallory"))), verify.Invalid, "embedded-invalid"},
		{"text", "hello", verify.Invalid, "embedded-malformed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			data := jwtOf(t, credential(), map[string]any{"endorsementJwt": []any{c.jwt}})
			want(t, verifier.Credential(t.Context(), data), c.verdict, verify.Endorsements, c.code)
		})
	}
}
