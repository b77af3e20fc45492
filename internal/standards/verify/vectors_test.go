package verify_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"laurel/internal/standards/conform"
	"laurel/internal/standards/did"
	"laurel/internal/standards/jsonld"
	"laurel/internal/standards/proof"
	"laurel/internal/standards/rdfc"
	"laurel/internal/standards/sdjwt"
	"laurel/internal/standards/verify"
	"laurel/internal/testing/vectors"
)

// member returns a member of a JSON object as it stands.
func member(t testing.TB, data []byte, name string) []byte {
	t.Helper()
	var m map[string]jsontext.Value
	if err := json.Unmarshal(data, &m); err != nil {
		t.Fatal(err)
	}
	return m[name]
}

// vectorDocuments are what a verifier of the vectors may ask for.
func vectorDocuments(t *testing.T) *verify.Documents {
	t.Helper()
	docs := &verify.Documents{}
	for url, data := range vectors.Documents() {
		if err := docs.Add(url, data); err != nil {
			t.Fatal(err)
		}
	}
	return docs
}

func logReport(t testing.TB, r *verify.Report) {
	t.Helper()
	t.Logf("verdict %s", r.Verdict)
	for _, c := range r.Checks {
		t.Logf("  %-12s %-8s %-24s %s", c.Name, c.Outcome, c.Code, c.Text)
	}
}

// TestCredentialVectors runs every credential of 1EdTech's validator, baked or
// not, and of DCC's verifier-core, strictly and leniently. The manifests say what
// a verifier must report.
func TestCredentialVectors(t *testing.T) {
	// Where the strict verdict is not the word "accept" or "reject" of the
	// manifest, or the reason matters, this is the verdict and the row that says
	// why.
	special := map[string]struct {
		verdict     verify.Verdict
		check, code string
	}{
		// "accept (see list note)": the list has 100,000 bits, too few.
		"v2EddsaWithValidStatus.json":                     {verify.Undetermined, verify.Status, "status-list-length"},
		"v2WithValidStatus.json":                          {verify.Undetermined, verify.Status, "status-list-length"},
		"status-list-e5WK8CbZ1GjycuPombrj.json":           {verify.Undetermined, verify.Subject, "status-list-length"},
		"simple-err-expired.json":                         {verify.Invalid, verify.Dates, "expired"},
		"simple-noproof.json":                             {verify.Invalid, verify.Proof, "proof-missing"},
		"simple-err-proof-value.json":                     {verify.Invalid, verify.Proof, ""},
		"bit-string-list--credential-status-revoked.json": {verify.Invalid, verify.Structure, "status-malformed"},
		"v2Expired.json":                                  {verify.Invalid, verify.Dates, "expired"},
		"v1Revoked.json":                                  {verify.Invalid, verify.Status, "revoked"},
		// "accept only if the key is tied to the issuer", which it is not.
		"simple-jwt.svg": {verify.Undetermined, verify.IssuerKey, "jwk-untrusted"},
	}
	lenient := map[string]struct {
		verdict     verify.Verdict
		check, code string
	}{
		"v2EddsaWithValidStatus.json":                     {verify.Valid, verify.Status, "status-list-length"},
		"v2WithValidStatus.json":                          {verify.Valid, verify.Status, "status-list-length"},
		"status-list-e5WK8CbZ1GjycuPombrj.json":           {verify.Valid, verify.Structure, "ok"},
		"bit-string-list--credential-status-revoked.json": {verify.Invalid, verify.Status, "revoked"},
	}
	p, checker := tools()
	strictly := verify.New(p, checker, verify.Options{Now: vectors.Time, Load: vectorDocuments(t).Load})
	leniently := verify.New(p, checker, verify.Options{Now: vectors.Time, Load: vectorDocuments(t).Load, Lenient: true})
	count := map[string]int{}
	for _, suite := range []string{"1edtech-ob30", "1edtech-baked", "dcc-verifier-core"} {
		for _, c := range vectors.Manifest(suite) {
			t.Run(suite+"/"+strings.TrimSuffix(c.File, ".json"), func(t *testing.T) {
				data := c.Data()
				if strings.HasSuffix(c.File, "-signing-vector.json") {
					data = member(t, data, "signedDocument")
				}
				expected, check, code := verify.Valid, "", ""
				if strings.HasPrefix(c.Expected.Verdict, "reject") {
					expected = verify.Invalid
				}
				if s, ok := special[c.File]; ok {
					expected, check, code = s.verdict, s.check, s.code
				}
				judge(t, strictly, data, expected, check, code)
				if s, ok := lenient[c.File]; ok {
					expected, check, code = s.verdict, s.check, s.code
				}
				judge(t, leniently, data, expected, check, code)
				count[suite]++
			})
		}
	}
	t.Logf("vectors with their expected verdict: %v", count)
	if count["1edtech-ob30"] != 17 || count["1edtech-baked"] != 2 || count["dcc-verifier-core"] != 8 {
		t.Error("vectors are missing")
	}
}

func judge(t *testing.T, v *verify.Verifier, data []byte, verdict verify.Verdict, check, code string) {
	t.Helper()
	r := v.Credential(t.Context(), data)
	got, _ := r.Check(check)
	if r.Verdict != verdict || code != "" && got.Code != code {
		t.Errorf("verdict %s, %s %q; want %s, %q", r.Verdict, check, got.Code, verdict, code)
		logReport(t, r)
	}
}

// TestStructureVectors runs the inputs of the W3C's VCDM 2.0 test suite. What is
// conforming is decided by structure and terms together.
func TestStructureVectors(t *testing.T) {
	p, err := proof.NewWithContexts(vectors.Contexts())
	if err != nil {
		t.Fatal(err)
	}
	taken, refused, policy := 0, 0, 0
	for _, c := range vectors.Manifest("vcdm2-structure") {
		t.Run(strings.TrimSuffix(c.File, ".json"), func(t *testing.T) {
			doc := decode(t, c.Injected())
			var why []string
			for _, f := range conform.Structure(doc) {
				if f.Severity == conform.Error {
					why = append(why, f.String())
				}
			}
			terms := p.CheckTerms(doc)
			if c.Expected.Verdict != "conforming" {
				if len(why) == 0 && terms == nil {
					t.Error("taken")
				}
				refused++
				return
			}
			if len(why) > 0 {
				t.Errorf("refused: %q", why)
			}
			// Laurel takes no inline context, and nothing that a signature
			// would not cover, though the data model allows both.
			var e *jsonld.Error
			switch {
			case terms == nil:
				taken++
			case errors.As(terms, &e) && (e.Code == "context-inline" || e.Code == "direction-unsigned"):
				policy++
			default:
				t.Errorf("refused: %v", terms)
			}
		})
	}
	t.Logf("vectors run: %d taken, %d refused as they have to be, %d refused by laurel's own rules", taken, refused, policy)
	if taken+refused+policy < 59 || policy > 10 {
		t.Error("vectors are missing")
	}
}

// exampleProcessor knows the contexts of the W3C's examples, which define any
// word.
func exampleProcessor(t *testing.T) *proof.Processor {
	t.Helper()
	p, err := proof.NewWithContexts(vectors.Contexts())
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// verifyOwnKey checks the first proof of a document under the did:key that its
// verification method names.
func verifyOwnKey(t *testing.T, p *proof.Processor, signed []byte) error {
	t.Helper()
	doc, err := jsonld.ParseObject(signed)
	if err != nil {
		t.Fatal(err)
	}
	proofs, err := proof.Proofs(doc)
	if err != nil || len(proofs) != 1 {
		t.Fatalf("%d proofs, %v", len(proofs), err)
	}
	id, _ := did.Split(proofs[0].VerificationMethod)
	document, err := did.KeyDocument(id)
	if err != nil {
		t.Fatal(err)
	}
	key, err := document.VerificationMethod[0].PublicKey()
	if err != nil {
		t.Fatal(err)
	}
	return p.Verify(doc, 0, key, rdfc.NewBudget(rdfc.DefaultBudget))
}

// TestDataIntegrityVectors checks the W3C's own examples of each cryptosuite:
// their signatures are good, and their keys, did:keys of nobody, are not the
// issuer's.
func TestDataIntegrityVectors(t *testing.T) {
	p := exampleProcessor(t)
	_, checker := tools()
	v := verify.New(p, checker, verify.Options{Now: vectors.Time})
	count := 0
	for _, c := range []struct {
		suite, file, member string
		verdict             verify.Verdict
		code                string
	}{
		{"vc-di-eddsa", "eddsa-rdfc-2022-alumni.json", "signedDocument", verify.Invalid, "method-foreign"},
		{"vc-di-ecdsa", "ecdsa-rdfc-2019-p256-alumni.json", "signedDocument", verify.Invalid, "method-foreign"},
		{"vc-di-ecdsa", "ecdsa-jcs-2019-p256-alumni.json", "signedDocument", verify.Invalid, "method-foreign"},
		{"vc-di-ecdsa", "ecdsa-sd-2023-prc.json", "derivedRevealDocument", verify.Invalid, "method-foreign"},
	} {
		t.Run(c.suite+"/"+c.file, func(t *testing.T) {
			signed := member(t, vectors.Read(c.suite+"/"+c.file), c.member)
			if err := verifyOwnKey(t, p, signed); err != nil {
				t.Errorf("Verify: %v", err)
			}
			judge(t, v, signed, c.verdict, verify.IssuerKey, c.code)
			count++
		})
	}
	base := member(t, vectors.Read("vc-di-ecdsa/ecdsa-sd-2023-prc.json"), "addSignedSDBase")
	if err := verifyOwnKey(t, p, base); jsonld.CodeOf(err) != "base-proof" {
		t.Errorf("a base proof: %v", err)
	}
	judge(t, v, base, verify.Invalid, verify.Proof, "base-proof")
	t.Logf("vectors with their expected verdict: vc-di-eddsa 1, vc-di-ecdsa 3 (%d in all, and a base proof)", count)
}

// TestRecommendationVectors runs the secured examples of VCDM 2.0 and of VC-JOSE-
// COSE. The JWTs are valid once the issuer's document has their key.
func TestRecommendationVectors(t *testing.T) {
	p := exampleProcessor(t)
	_, checker := tools()
	count := map[string]int{}
	for _, c := range vectors.Manifest("w3c-rec-examples") {
		t.Run(strings.TrimSuffix(c.File, ".json"), func(t *testing.T) {
			var m map[string]jsontext.Value
			if err := json.Unmarshal(c.Data(), &m); err != nil {
				t.Fatal(err)
			}
			docs := &verify.Documents{}
			v := verify.New(p, checker, verify.Options{Now: vectors.Time, Load: docs.Load})
			if m["ecdsa-rdfc-2019"] != nil {
				if err := verifyOwnKey(t, p, m["ecdsa-rdfc-2019"]); err != nil {
					t.Errorf("ecdsa-rdfc-2019: %v", err)
				}
				judge(t, v, m["ecdsa-rdfc-2019"], verify.Invalid, verify.IssuerKey, "method-foreign")
				count["ecdsa-rdfc-2019"]++
			}
			if m["ecdsa-sd-2023"] != nil {
				if err := verifyOwnKey(t, p, m["ecdsa-sd-2023"]); jsonld.CodeOf(err) != "base-proof" {
					t.Errorf("ecdsa-sd-2023: %v", err)
				}
				count["ecdsa-sd-2023 base"]++
			}
			if m["sdJwt"] != nil {
				judgeSDJWT(t, v, c.File, text(t, m["sdJwt"]), m["jwk"])
				count["sd-jwt"]++
			}
			if m["jwt"] == nil {
				return
			}
			signed := text(t, m["jwt"])
			jws, err := proof.ParseJWS(string(signed))
			if err != nil {
				t.Fatal(err)
			}
			var jwk map[string]any
			if err := json.Unmarshal(m["jwk"], &jwk); err != nil {
				t.Fatal(err)
			}
			key, err := did.VerificationMethod{Type: "JsonWebKey", PublicKeyJwk: jwk}.PublicKey()
			if err != nil {
				t.Fatal(err)
			}
			if err := jws.Verify(key); err != nil {
				t.Errorf("jwt: %v", err)
			}
			jwk["kid"] = jws.KeyID
			issuer := decode(t, jws.Payload)["issuer"]
			if o, ok := issuer.(map[string]any); ok {
				issuer = o["id"]
			}
			document := map[string]any{"keys": []any{jwk}}
			if id := issuer.(string); strings.HasPrefix(id, "did:web:") {
				document = map[string]any{"id": id, "assertionMethod": map[string]any{"id": id + "#key-1", "type": "JsonWebKey", "controller": id, "publicKeyJwk": jwk}}
			}
			if err := docs.Add(issuer.(string), encode(t, document)); err != nil {
				t.Fatal(err)
			}
			switch c.File {
			case "vcdm-04.json": // did:example
				judge(t, v, signed, verify.Undetermined, verify.IssuerKey, "issuer-unsupported")
			case "vcdm-06.json":
				judge(t, v, signed, verify.Invalid, verify.Dates, "expired")
			default:
				judge(t, v, signed, verify.Valid, verify.Proof, "ok")
			}
			count["jwt"]++
		})
	}
	t.Logf("vectors with their expected verdict: %v", count)
	if count["jwt"] != 7 || count["ecdsa-rdfc-2019"] != 5 || count["ecdsa-sd-2023 base"] != 5 || count["sd-jwt"] != 7 {
		t.Error("vectors are missing")
	}
}

// text is the text of a JSON string.
func text(t *testing.T, v jsontext.Value) []byte {
	t.Helper()
	var s string
	if err := json.Unmarshal(v, &s); err != nil {
		t.Fatal(err)
	}
	return []byte(s)
}

// TestOlderVectors runs credentials with proofs of before Data Integrity, which the
// libraries of others signed.
func TestOlderVectors(t *testing.T) {
	p, checker := tools()
	v := verify.New(p, checker, verify.Options{Now: vectors.Time})
	files := vectors.Files("older", "*.json")
	for _, file := range files {
		t.Run(file, func(t *testing.T) {
			data := vectors.Read(file)
			judge(t, v, data, verify.Valid, verify.Proof, "ok")
			changed := bytes.Replace(data, []byte("2026-01-15"), []byte("2026-01-14"), 1)
			judge(t, v, changed, verify.Invalid, verify.Proof, "signature-invalid")
		})
	}
	if len(files) != 8 {
		t.Errorf("%d vectors", len(files))
	}
}

// TestDomainLinkageVector runs the two credentials of the specification's
// did-configuration: the JWT was good until 2025, as was the other, an
// Ed25519Signature2018.
func TestDomainLinkageVector(t *testing.T) {
	var config struct {
		LinkedDIDs []jsontext.Value `json:"linked_dids"`
	}
	if err := json.Unmarshal(vectors.Read("well-known-did-configuration/did-configuration.json"), &config); err != nil {
		t.Fatal(err)
	}
	p, checker := tools()
	in2021 := verify.New(p, checker, verify.Options{Now: time.Date(2021, 1, 1, 0, 0, 0, 0, time.UTC)})
	judge(t, in2021, text(t, config.LinkedDIDs[1]), verify.Valid, verify.Proof, "ok")
	judge(t, in2021, config.LinkedDIDs[0], verify.Valid, verify.Proof, "ok")
	today := verify.New(p, checker, verify.Options{Now: vectors.Time})
	judge(t, today, text(t, config.LinkedDIDs[1]), verify.Invalid, verify.Dates, "expired")
	changed := bytes.Replace(config.LinkedDIDs[0], []byte("2020-12-04"), []byte("2020-12-05"), 1)
	judge(t, in2021, changed, verify.Invalid, verify.Proof, "signature-invalid")
	t.Logf("vectors with their expected verdict: well-known-did-configuration %d", len(config.LinkedDIDs))
}

// judgeSDJWT: the signature is good, and the token was good for two weeks.
func judgeSDJWT(t *testing.T, v *verify.Verifier, file string, signed []byte, jwk jsontext.Value) {
	t.Helper()
	s, err := sdjwt.Parse(string(signed))
	if err != nil {
		t.Fatal(err)
	}
	var m map[string]any
	if err := json.Unmarshal(jwk, &m); err != nil {
		t.Fatal(err)
	}
	key, err := did.VerificationMethod{Type: "JsonWebKey", PublicKeyJwk: m}.PublicKey()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Verify(key); err != nil {
		t.Errorf("sd-jwt: %v", err)
	}
	judge(t, v, signed, verify.Invalid, verify.Proof, "proof-expired")
}
