package verify_test

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mr-tron/base58"

	"laurel/internal/standards/did"
	"laurel/internal/standards/proof"
	"laurel/internal/standards/rdfc"
	"laurel/internal/standards/vc"
	"laurel/internal/standards/verify"
)

func TestValid(t *testing.T) {
	w := newWorld(t)
	r := w.verifier(now).Credential(t.Context(), w.sign(credential()))
	want(t, r, verify.Valid, verify.Status, "ok")
	for _, name := range []string{verify.Structure, verify.Contexts, verify.Schema, verify.Proof, verify.IssuerKey, verify.Dates, verify.Subject} {
		if c, _ := r.Check(name); c.Outcome != verify.Pass {
			t.Errorf("%s is %s: %s", name, c.Outcome, c.Text)
		}
	}
	s := r.Summary
	if s.IssuerID != issuerID || s.IssuerName != "Example Academy" || s.Achievement != "Woodworking" || s.ValidUntil != "2028-01-15T09:00:00Z" {
		t.Errorf("summary = %+v", s)
	}
}

// Each case changes the issuer's document, so that the signature stays good and
// the key is not the issuer's any more.
func TestKeyBinding(t *testing.T) {
	type change func(*did.Document)
	method := func(f func(*did.VerificationMethod)) change {
		return func(d *did.Document) { f(&d.VerificationMethod[0]) }
	}
	for _, c := range []struct {
		name    string
		change  change
		verdict verify.Verdict
		code    string
	}{
		{"unchanged", func(*did.Document) {}, verify.Valid, "ok"},
		{"method-not-in-assertionMethod", func(d *did.Document) { d.Authentication, d.AssertionMethod = d.AssertionMethod, nil }, verify.Invalid, "method-not-assertion"},
		{"method-missing", func(d *did.Document) { d.VerificationMethod = nil }, verify.Invalid, "method-missing"},
		{"controller-mismatch", method(func(m *did.VerificationMethod) { m.Controller = "did:web:evil.example" }), verify.Invalid, "method-controller"},
		{"controller-missing", method(func(m *did.VerificationMethod) { m.Controller = "" }), verify.Undetermined, "key-malformed"},
		{"revoked", method(func(m *did.VerificationMethod) { m.Revoked = "2026-05-31T00:00:00Z" }), verify.Invalid, "key-revoked"},
		{"revoked-before-the-proof", method(func(m *did.VerificationMethod) { m.Revoked = "2020-01-01T00:00:00Z" }), verify.Invalid, "key-revoked"},
		{"revoked-later", method(func(m *did.VerificationMethod) { m.Revoked = "2027-01-01T00:00:00Z" }), verify.Valid, "ok"},
		{"revoked-nonsense", method(func(m *did.VerificationMethod) { m.Revoked = "yes" }), verify.Undetermined, "key-malformed"},
		{"expired", method(func(m *did.VerificationMethod) { m.Expires = "2026-06-01T12:00:00Z" }), verify.Invalid, "key-expired"},
		{"expires-later", method(func(m *did.VerificationMethod) { m.Expires = "2026-06-01T12:00:01Z" }), verify.Valid, "ok"},
		{"document-of-another", func(d *did.Document) { d.ID = "did:web:evil.example" }, verify.Invalid, "issuer-document-id"},
		{"key-malformed", method(func(m *did.VerificationMethod) { m.PublicKeyMultibase = "z6Mk" }), verify.Undetermined, "key-malformed"},
		{"two-materials", method(func(m *did.VerificationMethod) { m.PublicKeyJwk = map[string]any{"kty": "OKP"} }), verify.Undetermined, "key-malformed"},
		{"unknown-kind", method(func(m *did.VerificationMethod) { m.Type = "FutureKey2031" }), verify.Undetermined, "key-unsupported"},
		{"low-order", method(func(m *did.VerificationMethod) {
			m.PublicKeyMultibase = "z" + base58.Encode(append([]byte{0xed, 1, 1}, make([]byte, 31)...))
		}), verify.Invalid, "key-low-order"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			d := w.document()
			c.change(&d)
			data, err := d.Encode()
			if err != nil {
				t.Fatal(err)
			}
			w.serve(issuerID, data)
			want(t, w.verifier(now).Credential(t.Context(), w.sign(credential())), c.verdict, verify.IssuerKey, c.code)
		})
	}
}

func TestKeyOfAnotherKind(t *testing.T) {
	w := newWorld(t)
	d := w.document()
	d.VerificationMethod[0].PublicKeyMultibase = "zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP"
	w.publish(d)
	r := w.verifier(now).Credential(t.Context(), w.sign(credential()))
	want(t, r, verify.Invalid, verify.Proof, "key-mismatch")
}

// With the identity as its key, R the identity and S zero, one signature fits
// every message for a verifier that lets such keys pass.
func TestLowOrderSignature(t *testing.T) {
	w := newWorld(t)
	identity := append([]byte{1}, make([]byte, 31)...)
	signature := append(slices.Clone(identity), make([]byte, 32)...)
	if !ed25519.Verify(identity, []byte("any message at all"), signature) {
		t.Fatal("the attack does not work on crypto/ed25519 any more; find one that does")
	}
	d := w.document()
	d.VerificationMethod[0].PublicKeyMultibase = "z" + base58.Encode(append([]byte{0xed, 1}, identity...))
	w.publish(d)
	doc := decode(t, w.sign(credential()))
	doc["proof"].([]any)[0].(map[string]any)["proofValue"] = "z" + base58.Encode(signature)
	want(t, w.verifier(now).Credential(t.Context(), encode(t, doc)), verify.Invalid, verify.IssuerKey, "key-low-order")
}

func TestMethodOfAnotherIssuer(t *testing.T) {
	w := newWorld(t)
	evil := did.WebDocument("did:web:evil.example", []did.PublishedKey{{Kid: "key-1", PublicKeyMultibase: multikey(t, key("evil"))}})
	w.publish(evil)
	for name, method := range map[string]string{
		"other-did":  "did:web:evil.example#key-1",
		"did-key":    "did:key:" + multikey(t, key("evil")) + "#" + multikey(t, key("evil")),
		"path":       issuerID + ":path#key-1",
		"prefix":     issuerID + "evil#key-1",
		"only-issue": issuerID,
	} {
		t.Run(name, func(t *testing.T) {
			r := w.verifier(now).Credential(t.Context(), w.signAs(credential(), method, key("evil")))
			if method == issuerID { // the name of its one key, which did not sign
				want(t, r, verify.Invalid, verify.Proof, "signature-invalid")
				return
			}
			want(t, r, verify.Invalid, verify.IssuerKey, "method-foreign")
		})
	}
	// The fragment names a key, as verifiers that do not resolve believe.
	method := issuerID + "#" + multikey(t, key("evil"))
	want(t, w.verifier(now).Credential(t.Context(), w.signAs(credential(), method, key("evil"))), verify.Invalid, verify.IssuerKey, "method-missing")
}

// changeProof signs and then changes the proof.
func (w *world) changeProof(doc map[string]any, change func(p map[string]any)) []byte {
	signed := decode(w.t, w.sign(doc))
	change(signed["proof"].([]any)[0].(map[string]any))
	return encode(w.t, signed)
}

func TestEveryProofCounts(t *testing.T) {
	w := newWorld(t)
	good := decode(t, w.sign(credential()))
	bad := decode(t, w.sign(with(credential(), map[string]any{"name": "Another"})))
	first, second := good["proof"].([]any)[0], bad["proof"].([]any)[0]
	foreign := decode(t, w.signAs(credential(), "did:web:evil.example#key-1", key("evil")))["proof"].([]any)[0]
	verifier := w.verifier(now)
	for name, c := range map[string]struct {
		proofs  []any
		verdict verify.Verdict
	}{
		"good-and-bad":     {[]any{first, second}, verify.Invalid},
		"bad-and-good":     {[]any{second, first}, verify.Invalid},
		"good-and-foreign": {[]any{first, foreign}, verify.Invalid},
		"good-and-good":    {[]any{first, first}, verify.Valid},
		"good-and-unknown": {[]any{first, map[string]any{"type": "DataIntegrityProof", "cryptosuite": "future-2031", "proofPurpose": "assertionMethod", "verificationMethod": keyID, "proofValue": "zabc"}}, verify.Undetermined},
		"none":             {[]any{}, verify.Invalid},
		"nine":             {[]any{first, first, first, first, first, first, first, first, first}, verify.Undetermined},
		"not-objects":      {[]any{"proof"}, verify.Invalid},
	} {
		t.Run(name, func(t *testing.T) {
			r := verifier.Credential(t.Context(), encode(t, with(good, map[string]any{"proof": c.proofs})))
			want(t, r, c.verdict, "", "")
		})
	}
	r := verifier.Credential(t.Context(), encode(t, with(good, map[string]any{"proof": nil})))
	want(t, r, verify.Invalid, verify.Proof, "proof-missing")
}

func TestProofOptions(t *testing.T) {
	w := newWorld(t)
	verifier := w.verifier(now)
	for _, c := range []struct {
		name, member string
		value        any
		verdict      verify.Verdict
		check, code  string
	}{
		{"other-purpose", "proofPurpose", "authentication", verify.Invalid, verify.Proof, "proof-purpose"},
		{"created-in-the-future", "created", "2026-06-01T12:05:01Z", verify.Invalid, verify.Proof, "proof-future"},
		{"created-30-february", "created", "2026-02-30T12:00:00Z", verify.Invalid, "", ""},
		{"created-changed", "created", "2026-05-01T12:00:00Z", verify.Invalid, verify.Proof, "signature-invalid"},
		{"expires-added", "expires", "2030-01-01T00:00:00Z", verify.Invalid, verify.Proof, "signature-invalid"},
		{"expired", "expires", "2026-06-01T12:00:00Z", verify.Invalid, verify.Proof, "proof-expired"},
		{"other-suite", "cryptosuite", "bbs-2023", verify.Undetermined, verify.Proof, "suite-unsupported"},
		{"suite-of-another-key", "cryptosuite", "ecdsa-rdfc-2019", verify.Invalid, verify.Proof, "key-mismatch"},
		{"chain-of-nothing", "previousProof", "urn:uuid:0b9b3f3e-0d5b-4d2a-9a44-0f8b1f1a2c3e", verify.Invalid, "", ""},
		{"no-method", "verificationMethod", nil, verify.Invalid, "", ""},
		{"relative-method", "verificationMethod", "#key-2026-1", verify.Invalid, "", ""},
		{"no-value", "proofValue", nil, verify.Invalid, "", ""},
		{"value-of-base64", "proofValue", "uAAAA", verify.Invalid, "", ""},
		{"value-longer", "proofValue", "z" + strings.Repeat("2", 100), verify.Invalid, "", ""},
		{"undefined-member", "note", "hello", verify.Invalid, "", ""},
		{"context", "@context", vc.ContextVC, verify.Undetermined, verify.Contexts, "context-inline"},
	} {
		t.Run(c.name, func(t *testing.T) {
			data := w.changeProof(credential(), func(p map[string]any) {
				if p[c.member] = c.value; c.value == nil {
					delete(p, c.member)
				}
			})
			want(t, verifier.Credential(t.Context(), data), c.verdict, c.check, c.code)
		})
	}
}

func TestDates(t *testing.T) {
	w := newWorld(t)
	signed := w.sign(credential())
	for _, c := range []struct {
		at      string
		verdict verify.Verdict
		code    string
	}{
		{"2026-06-01T12:00:00Z", verify.Valid, "ok"},
		{"2028-01-15T09:00:00Z", verify.Valid, "ok"},
		{"2028-01-15T09:00:01Z", verify.Invalid, "expired"},
		{"2026-01-15T08:59:59Z", verify.Invalid, "not-yet-valid"},
	} {
		at, _ := time.Parse(time.RFC3339, c.at)
		want(t, w.verifier(at).Credential(t.Context(), signed), c.verdict, verify.Dates, c.code)
	}
	r := w.verifier(now).Credential(t.Context(), w.sign(with(credential(), map[string]any{"validUntil": nil})))
	want(t, r, verify.Valid, verify.Dates, "ok")
}

// Changes after signing that JSON-LD would let pass without being asked.
func TestSafeMode(t *testing.T) {
	w := newWorld(t)
	verifier := w.verifier(now)
	signed := decode(t, w.sign(credential()))
	inline := map[string]any{"@vocab": "https://evil.example/#"}
	for _, c := range []struct {
		name    string
		change  map[string]any
		verdict verify.Verdict
		code    string
	}{
		{"inline-vocab", map[string]any{"@context": []any{vc.ContextVC, vc.ContextOB, inline}}, verify.Undetermined, "context-inline"},
		{"inline-base", map[string]any{"@context": []any{vc.ContextVC, vc.ContextOB, map[string]any{"@base": "https://evil.example/"}}}, verify.Undetermined, "context-inline"},
		{"unknown-context", map[string]any{"@context": []any{vc.ContextVC, vc.ContextOB, "https://evil.example/context"}}, verify.Undetermined, "context-unknown"},
		{"undefined-term", map[string]any{"grade": "A"}, verify.Invalid, "term-undefined"},
		{"undefined-type", map[string]any{"type": []any{"VerifiableCredential", "OpenBadgeCredential", "DoctorOfMedicine"}}, verify.Invalid, "type-undefined"},
		{"keyword", map[string]any{"@graph": []any{}}, verify.Invalid, "keyword-forbidden"},
		{"relative-evidence", map[string]any{"evidence": []any{map[string]any{"id": "work.pdf", "type": []any{"Evidence"}}}}, verify.Invalid, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := verifier.Credential(t.Context(), encode(t, with(signed, c.change)))
			check := verify.Contexts
			if c.code == "" {
				check = ""
			}
			want(t, r, c.verdict, check, c.code)
		})
	}
}

// The vocabulary of Open Badges 3.0 says that AchievementCredential and
// OpenBadgeCredential are one class. Changing one for the other either breaks
// the signature or changes nothing that was said.
func TestTypeSwap(t *testing.T) {
	w := newWorld(t)
	signed := decode(t, w.sign(credential()))
	swapped := with(signed, map[string]any{"type": []any{"VerifiableCredential", "AchievementCredential"}})
	r := w.verifier(now).Credential(t.Context(), encode(t, swapped))
	if r.Verdict == verify.Valid && statements(t, signed) != statements(t, swapped) {
		t.Error("a changed type is valid")
		logReport(t, r)
	}
	if r.Verdict == verify.Valid && r.Summary.Achievement != "Woodworking" {
		t.Errorf("summary = %+v", r.Summary)
	}
}

func TestForms(t *testing.T) {
	w := newWorld(t)
	verifier := w.verifier(now)
	signed := w.sign(credential())
	for _, c := range []struct {
		name    string
		data    string
		verdict verify.Verdict
		code    string
	}{
		{"empty", "", verify.Undetermined, "input-empty"},
		{"blank", " \r\n\t", verify.Undetermined, "input-empty"},
		{"list", "[]", verify.Undetermined, "not-a-credential"},
		{"cut", string(signed[:len(signed)-1]), verify.Invalid, "json-syntax"},
		{"trailing", string(signed) + "{}", verify.Invalid, "json-syntax"},
		{"duplicate-name", `{"issuer":"did:web:evil.example",` + string(signed[1:]), verify.Invalid, "json-duplicate-name"},
		{"case-folded-name", `{"Issuer":"did:web:evil.example",` + string(signed[1:]), verify.Invalid, "json-duplicate-name"},
		{"long-s", `{"iſſuer":"did:web:evil.example",` + string(signed[1:]), verify.Invalid, "json-duplicate-name"},
		{"deep", strings.Repeat(`{"credentialSubject":`, 100) + "1" + strings.Repeat("}", 100), verify.Undetermined, "json-too-deep"},
		{"deep-and-no-credential", strings.Repeat(`{"a":`, 100) + "1" + strings.Repeat("}", 100), verify.Undetermined, "not-a-credential"},
		{"large", `{"credentialSubject":{},"a":"` + strings.Repeat("a", 1<<20) + `"}`, verify.Undetermined, "json-too-large"},
		{"rich-text", `{\rtf1\ansi Canteen}`, verify.Undetermined, "form-unsupported"},
		{"bad-utf8", "{\"credentialSubject\":\"\xff\"}", verify.Invalid, "json-syntax"},
		{"jwt", "eyJhbGciOiJFZERTQSJ9.eyJpc3MiOiJ4In0.AAAA", verify.Undetermined, "not-a-credential"},
		{"jwt-unsigned", "eyJhbGciOiJub25lIn0.eyJpc3MiOiJ4In0.", verify.Invalid, "algorithm-forbidden"},
		{"sd-jwt", "eyJhbGciOiJFZERTQSJ9.eyJpc3MiOiJ4In0.AAAA~WyJhIl0~", verify.Invalid, "sd-jwt-malformed"},
		{"html", "<!DOCTYPE html><html><svg></svg></html>", verify.Undetermined, "html-page"},
		{"jpeg", "\xff\xd8\xff\xe0", verify.Undetermined, "image-unsupported"},
		{"webp", "RIFF\x00\x00\x00\x00WEBPVP8 ", verify.Undetermined, "image-unsupported"},
		{"pdf", "%PDF-1.7\n", verify.Undetermined, "pdf-unsupported"},
		{"zip", "PK\x03\x04", verify.Undetermined, "zip-file"},
		{"open-badges-2", `{"@context":"https://w3id.org/openbadges/v2","type":"Assertion","id":"https://example.org/a","badge":"https://example.org/b","verification":{"type":"hosted"}}`, verify.Undetermined, "open-badges-2"},
		{"open-badges-1", `{"uid":"1","badge":"https://example.org/b","verify":{"type":"hosted","url":"https://example.org/a"}}`, verify.Undetermined, "open-badges-2"},
		{"open-badges-2-signed", "eyJhbGciOiJSUzI1NiJ9." + base64.RawURLEncoding.EncodeToString([]byte(`{"@context":"https://w3id.org/openbadges/v2","type":"Assertion"}`)) + ".AAAA", verify.Undetermined, "open-badges-2"},
		{"open-badges-2-svg", `<svg xmlns="http://www.w3.org/2000/svg" xmlns:openbadges="http://openbadges.org"><openbadges:assertion verify="https://example.org/a"/></svg>`, verify.Undetermined, "open-badges-2"},
		{"version-mix", `{"@context":["https://www.w3.org/2018/credentials/v1","https://www.w3.org/ns/credentials/v2"],"type":["VerifiableCredential"],"credentialSubject":{},"proof":{}}`, verify.Invalid, "version-mix"},
		{"png", "\x89PNG\r\n\x1a\n", verify.Undetermined, "image-malformed"},
		{"svg", `<svg xmlns="http://www.w3.org/2000/svg"></svg>`, verify.Undetermined, "image-not-baked"},
		{"text", "hello", verify.Undetermined, "form-unsupported"},
		{"presentation", `{"@context":["https://www.w3.org/ns/credentials/v2"],"type":["VerifiablePresentation"]}`, verify.Undetermined, "presentation-empty"},
		{"version-1", `{"@context":["https://www.w3.org/2018/credentials/v1"],"type":["VerifiableCredential"],"proof":{"type":"Ed25519Signature2020"}}`, verify.Invalid, "subject-missing"},
		{"version-1-unsigned", `{"@context":["https://www.w3.org/2018/credentials/v1"],"type":["VerifiableCredential"]}`, verify.Invalid, "subject-missing"},
		{"version-1-expired", `{"@context":["https://www.w3.org/2018/credentials/v1"],"type":["VerifiableCredential"],"expirationDate":"2020-01-01T00:00:00Z","proof":{"type":"Ed25519Signature2020"}}`, verify.Invalid, "subject-missing"},
		{"no-credential", `{"hello":"world"}`, verify.Undetermined, "not-a-credential"},
	} {
		t.Run(c.name, func(t *testing.T) {
			check := verify.Structure
			if c.code == "" {
				check = ""
			}
			want(t, verifier.Credential(t.Context(), []byte(c.data)), c.verdict, check, c.code)
		})
	}
}

func TestBaked(t *testing.T) {
	w := newWorld(t)
	baked := bakedSVG(t, w.sign(credential()))
	want(t, w.verifier(now).Credential(t.Context(), baked), verify.Valid, "", "")
	forged := bytes.Replace(baked, []byte("Planing"), []byte("Brewing"), 1)
	want(t, w.verifier(now).Credential(t.Context(), forged), verify.Invalid, verify.Proof, "signature-invalid")
}

func TestUnavailable(t *testing.T) {
	w := newWorld(t)
	signed := w.sign(credential())
	r := verify.New(w.processor, w.checker, verify.Options{Now: now}).Credential(t.Context(), signed)
	want(t, r, verify.Undetermined, verify.IssuerKey, "issuer-unavailable")

	r = w.verifier(now).Credential(t.Context(), w.sign(with(credential(), map[string]any{"credentialStatus": statusEntry("https://academy.example.org/status/2.json", "revocation", "5")})))
	want(t, r, verify.Undetermined, verify.Status, "status-unavailable")

	for id, code := range map[string]string{
		"did:example:abc": "issuer-unsupported", "http://example.org/issuer": "issuer-unsupported", "did:web:127.0.0.1": "issuer-malformed", "did:key:z6Mk": "issuer-malformed",
	} {
		issuer := map[string]any{"id": id, "type": []any{"Profile"}, "name": "Nobody"}
		r := w.verifier(now).Credential(t.Context(), w.signAs(with(credential(), map[string]any{"issuer": issuer}), id+"#key-1", key("first")))
		verdict := verify.Undetermined
		if code == "issuer-malformed" {
			verdict = verify.Invalid
		}
		want(t, r, verdict, verify.IssuerKey, code)
	}
}

// A signature that is wrong stays wrong when something else could not be had.
func TestInvalidIsNotSoftened(t *testing.T) {
	w := newWorld(t)
	doc := decode(t, w.sign(with(credential(), map[string]any{"credentialStatus": statusEntry("https://nowhere.example/1", "revocation", "5")})))
	doc["name"] = "Forged"
	want(t, w.verifier(now).Credential(t.Context(), encode(t, doc)), verify.Invalid, verify.Proof, "signature-invalid")
	if w.asked["https://nowhere.example/1"] != 0 {
		t.Error("a forged credential made the verifier ask for its status list")
	}
}

// What a hostile credential says cannot draw on the terminal.
func TestReportIsSafe(t *testing.T) {
	w := newWorld(t)
	hostile := "x\x1b[2J\r\nverdict: valid\u202e\u2066\u0000\u200b" + strings.Repeat("A", 5000)
	doc := credential()
	doc["name"] = hostile
	doc["issuer"].(map[string]any)["name"] = hostile
	doc["credentialSubject"].(map[string]any)["achievement"].(map[string]any)["name"] = hostile
	doc["type"] = append(doc["type"].([]any), hostile)
	doc["id"] = "urn:" + hostile
	for _, data := range [][]byte{
		encode(t, doc),
		encode(t, with(doc, map[string]any{"issuer": hostile})),
		encode(t, with(credential(), map[string]any{hostile: 1})),
		encode(t, with(credential(), map[string]any{"@context": []any{vc.ContextVC, "https://" + hostile}})),
		w.changeProof(credential(), func(p map[string]any) { p["cryptosuite"] = hostile }),
		w.changeProof(credential(), func(p map[string]any) { p["verificationMethod"] = "https://" + hostile }),
	} {
		r := w.verifier(now).Credential(t.Context(), data)
		if r.Verdict == verify.Valid {
			t.Error("valid")
		}
		wantSafe(t, r)
	}
}

func wantSafe(t testing.TB, r *verify.Report) {
	t.Helper()
	texts := []string{r.Summary.ID, r.Summary.Name, r.Summary.IssuerID, r.Summary.IssuerName, r.Summary.SubjectID, r.Summary.SubjectName, r.Summary.Achievement, r.Summary.AwardedDate, r.Summary.ValidFrom, r.Summary.ValidUntil}
	texts = append(texts, r.Summary.Type...)
	for _, c := range r.Checks {
		texts = append(texts, c.Text, c.Code, c.Place, c.Detail)
		if c.Text == "" || c.Code == "" {
			t.Errorf("%s says nothing: %+v", c.Name, c)
		}
	}
	for _, text := range texts {
		if len(text) > 4000 || strings.ContainsFunc(text, func(r rune) bool {
			return r < 0x20 || 0x7f <= r && r < 0xa0 || 0x200b <= r && r <= 0x200f && r != 0x200c && r != 0x200d || 0x2028 <= r && r <= 0x202e || 0x2066 <= r && r <= 0x2069
		}) {
			t.Errorf("unsafe text %q", text)
		}
	}
}

// statements are the canonical statements of a document and of its proofs'
// options, with the proof values: all that is signed, and the signatures.
func statements(t testing.TB, doc map[string]any) string {
	t.Helper()
	v := vocabulary()
	var b strings.Builder
	bare, err := v.Canonical(with(doc, map[string]any{"proof": nil}), rdfc.Options{})
	if err != nil {
		t.Fatal(err)
	}
	b.Write(bare)
	proofs, err := proof.Proofs(doc)
	if err != nil {
		t.Fatal(err)
	}
	for _, secured := range proofs {
		options := with(secured.Raw, map[string]any{"proofValue": nil, "@context": doc["@context"]})
		canonical, err := v.Canonical(options, rdfc.Options{})
		if err != nil {
			t.Fatal(err)
		}
		b.Write(canonical)
		b.WriteString(secured.ProofValue)
	}
	return b.String()
}
