package jsonld_test

import (
	"crypto/ed25519"
	"errors"
	"fmt"
	"strings"
	"testing"

	"laurel/internal/standards/jsonld"
	"laurel/internal/standards/proof"
	"laurel/internal/standards/rdfc"
	"laurel/internal/testing/work"
)

const ob303 = `"https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"`

// with is a small valid credential with more members.
func with(members string) string {
	return `{"@context": [` + ob303 + `], "id": "urn:uuid:6f1b2f0a-5f10-4b86-9a35-0d6a3f2a1c10",
		"type": ["VerifiableCredential", "OpenBadgeCredential"], "issuer": {"id": "did:web:academy.example.org", "type": "Profile", "name": "N"}` + members + `}`
}

func subject(members string) string {
	return with(`, "credentialSubject": {"id": "did:example:ada", "type": "AchievementSubject"` + members + `}`)
}

// endorsed is a credential inside of another.
const endorsed = `{"@context": [` + ob303 + `], "id": "urn:x:e", "type": ["VerifiableCredential", "EndorsementCredential"], "name": "E",
	"issuer": {"id": "did:example:eve", "type": "Profile"}, "credentialSubject": {"id": "urn:x:y", "type": "EndorsementSubject"}}`

// TestSafeMode: P3; each is something that
// json-gold's Normalize, and mostly its Expand in SafeMode too, lets pass.
func TestSafeMode(t *testing.T) {
	tests := []struct{ name, in, code, pointer string }{
		{"no-context", `{"type": "VerifiableCredential"}`, "context-missing", ""},
		{"empty-context", `{"@context": [], "id": "urn:x:y"}`, "context-missing", "/@context"},
		{"null-context", `{"@context": null, "id": "urn:x:y"}`, "context-inline", "/@context/0"},
		{"unknown-context", `{"@context": ["https://www.w3.org/ns/credentials/v2", "https://example.org/v1"]}`, "context-unknown", "/@context/1"},
		{"test-only-context", `{"@context": ["https://www.w3.org/ns/credentials/v2", "https://www.w3.org/ns/credentials/examples/v2"]}`, "context-unknown", "/@context/1"},
		{"relative-context", `{"@context": ["credentials/v2"]}`, "context-unknown", "/@context/0"},
		{"inline-context", `{"@context": ["https://www.w3.org/ns/credentials/v2", {"x": "https://example.org/x"}], "x": "1"}`, "context-inline", "/@context/1"},
		{"inline-vocab", `{"@context": {"@vocab": "https://example.org/"}, "x": "1"}`, "context-inline", "/@context/0"},
		{"inline-import", `{"@context": [{"@version": 1.1, "@import": "https://www.w3.org/ns/credentials/v2", "name": "https://example.org/n"}]}`, "context-inline", "/@context/0"},
		{"nested-inline", subject(`, "@context": {"x": "https://example.org/x"}`), "context-inline", "/credentialSubject/@context"},
		{"nested-known", subject(`, "@context": "https://www.w3.org/ns/credentials/v2"`), "context-inline", "/credentialSubject/@context"},
		{"endorsement-inline", with(`, "endorsement": [{"@context": {"@vocab": "https://example.org/"}, "id": "urn:x:y"}]`), "context-inline", "/endorsement/0/@context/0"},
		{"endorsement-unknown", with(`, "endorsement": [{"@context": ["https://example.org/v1"], "id": "urn:x:y"}]`), "context-unknown", "/endorsement/0/@context/0"},
		{"conflict", `{"@context": ["https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json", "https://www.w3.org/2018/credentials/v1", "https://www.w3.org/ns/credentials/v2"], "type": "VerifiableCredential"}`, "context-conflict", "/@context"},
		{"proof-context", with(`, "proof": {"@context": ["https://www.w3.org/ns/credentials/v2"], "type": "DataIntegrityProof"}`), "context-inline", "/proof/@context"},

		{"undefined-term", with(`, "nonsense": "x"`), "term-undefined", "/nonsense"},
		{"undefined-nested-term", subject(`, "nonsense": "x"`), "term-undefined", "/credentialSubject/nonsense"},
		{"undefined-null-term", with(`, "nonsense": null`), "term-undefined", "/nonsense"},
		{"empty-name", with(`, "": "x"`), "term-undefined", "/"},
		{"scoped-term-outside", with(`, "achievement": {}`), "term-undefined", "/achievement"},
		{"term-of-parents-type", subject(`, "achievement": {"id": "urn:x:y", "credentialStatus": {"id": "urn:x:z"}}`), "term-undefined", "/credentialSubject/achievement/credentialStatus"},
		{"iri-name", with(`, "https://www.w3.org/2018/credentials#credentialStatus": {"id": "urn:x:y"}`), "term-undefined", "/https:~1~1www.w3.org~12018~1credentials#credentialStatus"},
		{"compact-name", with(`, "schema:name": "x"`), "term-undefined", "/schema:name"},
		{"blank-name", with(`, "_:name": "x"`), "term-undefined", "/_:name"},
		{"language-map", with(`, "name": {"en": "x"}`), "term-undefined", "/name/en"},
		{"undefined-in-proof", with(`, "proof": {"type": "DataIntegrityProof", "nonsense": "1"}`), "term-undefined", "/proof/nonsense"},

		{"undefined-type", with(`, "credentialSubject": {"type": "Nonsense"}`), "type-undefined", "/credentialSubject/type"},
		{"undefined-type-in-array", with(`, "credentialSubject": {"type": ["AchievementSubject", "Nonsense"]}`), "type-undefined", "/credentialSubject/type/1"},
		{"number-type", with(`, "credentialSubject": {"type": [1]}`), "type-undefined", "/credentialSubject/type/0"},
		{"null-type", with(`, "credentialSubject": {"type": null}`), "type-undefined", "/credentialSubject/type"},
		{"object-type", with(`, "credentialSubject": {"type": {}}`), "type-undefined", "/credentialSubject/type"},
		{"empty-type", with(`, "credentialSubject": {"type": ""}`), "type-undefined", "/credentialSubject/type"},
		{"blank-type", with(`, "credentialSubject": {"type": "_:x"}`), "type-undefined", "/credentialSubject/type"},
		{"keyword-type", with(`, "credentialSubject": {"type": "@json"}`), "type-undefined", "/credentialSubject/type"},
		{"alias-type", with(`, "credentialSubject": {"type": "id"}`), "type-undefined", "/credentialSubject/type"},
		{"iri-type-with-term", with(`, "credentialSubject": {"type": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#AchievementSubject"}`), "type-undefined", "/credentialSubject/type"},
		{"validator-of-extensions", with(`, "credentialSchema": {"id": "urn:x:y", "type": "1EdTechJsonSchemaValidator2019"}`), "type-undefined", "/credentialSchema/type"},

		{"relative-id", with(`, "credentialSubject": {"id": "ada"}`), "iri-relative", "/credentialSubject/id"},
		{"path-id", with(`, "credentialSubject": {"id": "/ada"}`), "iri-relative", "/credentialSubject/id"},
		{"empty-id", with(`, "credentialSubject": {"id": ""}`), "iri-relative", "/credentialSubject/id"},
		{"keyword-id", with(`, "credentialSubject": {"id": "@type"}`), "iri-relative", "/credentialSubject/id"},
		{"number-id", with(`, "credentialSubject": {"id": 1}`), "iri-relative", "/credentialSubject/id"},
		{"array-id", with(`, "credentialSubject": {"id": ["urn:x:y"]}`), "iri-relative", "/credentialSubject/id"},
		{"space-in-id", with(`, "credentialSubject": {"id": "https://example.org/a b"}`), "iri-relative", "/credentialSubject/id"},
		{"bracket-in-id", with(`, "credentialSubject": {"id": "https://example.org/> <urn:x:y"}`), "iri-relative", "/credentialSubject/id"},
		{"newline-in-id", with(`, "credentialSubject": {"id": "urn:x:\n"}`), "iri-relative", "/credentialSubject/id"},
		{"odd-blank", with(`, "credentialSubject": {"id": "_:a b"}`), "iri-relative", "/credentialSubject/id"},
		{"empty-blank", with(`, "credentialSubject": {"id": "_:"}`), "iri-relative", "/credentialSubject/id"},
		{"relative-reference", with(`, "credentialStatus": "status"`), "iri-relative", "/credentialStatus"},
		{"number-reference", with(`, "credentialStatus": 7`), "iri-relative", "/credentialStatus"},
		{"vocab-value", with(`, "proof": {"type": "DataIntegrityProof", "proofPurpose": "nonsense"}`), "iri-relative", "/proof/proofPurpose"},

		{"at-id", with(`, "credentialSubject": {"@id": "urn:x:y"}`), "keyword-forbidden", "/credentialSubject/@id"},
		{"at-type", with(`, "credentialSubject": {"@type": "AchievementSubject"}`), "keyword-forbidden", "/credentialSubject/@type"},
		{"at-graph", with(`, "@graph": []`), "keyword-forbidden", "/@graph"},
		{"at-included", with(`, "@included": [{"id": "urn:x:y"}]`), "keyword-forbidden", "/@included"},
		{"at-reverse", with(`, "@reverse": {"issuer": {"id": "urn:x:y"}}`), "keyword-forbidden", "/@reverse"},
		{"at-nest", with(`, "@nest": {"name": "x"}`), "keyword-forbidden", "/@nest"},
		{"at-index", with(`, "credentialSubject": {"@index": "x"}`), "keyword-forbidden", "/credentialSubject/@index"},
		{"at-list", with(`, "name": {"@list": ["x"]}`), "keyword-forbidden", "/name/@list"},
		{"at-set", with(`, "name": {"@set": ["x"]}`), "keyword-forbidden", "/name/@set"},
		{"at-unknown", with(`, "@unknown": "x"`), "keyword-forbidden", "/@unknown"},
		{"at-language-alone", with(`, "name": {"@language": "en"}`), "keyword-forbidden", "/name/@language"},
		{"value-with-index", with(`, "name": {"@value": "x", "@index": "1"}`), "keyword-forbidden", "/name/@index"},
		{"value-with-term", with(`, "name": {"@value": "x", "name": "y"}`), "keyword-forbidden", "/name/name"},
		{"value-for-date", with(`, "validUntil": {"@value": "2031-01-01T00:00:00Z"}`), "keyword-forbidden", "/validUntil"},
		{"value-for-id", with(`, "credentialStatus": {"@value": "urn:x:y"}`), "keyword-forbidden", "/credentialStatus"},

		{"null", with(`, "name": null`), "value-lost", "/name"},
		{"null-in-array", with(`, "name": ["x", null]`), "value-lost", "/name/1"},
		{"null-json", `{"@context": ["https://www.w3.org/ns/credentials/v2"], "type": "JsonSchema", "jsonSchema": null}`, "value-lost", "/jsonSchema"},
		{"null-value", with(`, "name": {"@value": null}`), "value-lost", "/name/@value"},
		{"array-value", with(`, "name": {"@value": ["x"]}`), "value-lost", "/name/@value"},
		{"nested-array", with(`, "name": [["x"]]`), "value-lost", "/name/0"},
		{"bad-language", with(`, "name": {"@value": "x", "@language": "e_n"}`), "value-lost", "/name/@language"},
		{"empty-language", with(`, "name": {"@value": "x", "@language": ""}`), "value-lost", "/name/@language"},
		{"language-of-number", with(`, "name": {"@value": 1, "@language": "en"}`), "value-lost", "/name/@language"},
		{"null-language", with(`, "name": {"@value": "x", "@language": null}`), "value-lost", "/name/@language"},
		{"direction", with(`, "name": {"@value": "x", "@language": "ar", "@direction": "rtl"}`), "direction-unsigned", "/name/@direction"},
		{"type-and-language", with(`, "name": {"@value": "x", "@language": "en", "@type": "https://example.org/t"}`), "value-lost", "/name/@type"},
		{"undefined-datatype", with(`, "name": {"@value": "x", "@type": "nonsense"}`), "type-undefined", "/name/@type"},
		{"json-datatype", with(`, "name": {"@value": "x", "@type": "@json"}`), "type-undefined", "/name/@type"},
		{"only-id", `{"@context": [` + ob303 + `], "id": "urn:x:y"}`, "value-lost", ""},
		{"only-context", `{"@context": [` + ob303 + `]}`, "value-lost", ""},
		{"string-in-graph", `{"@context": [` + ob303 + `], "type": "VerifiablePresentation", "verifiableCredential": "urn:x:y"}`, "value-lost", "/verifiableCredential"},
		{"reference-in-graph", `{"@context": [` + ob303 + `], "type": "VerifiablePresentation", "verifiableCredential": {"@context": [` + ob303 + `], "id": "urn:x:y"}}`, "value-lost", "/verifiableCredential"},
		{"credential-without-context", `{"@context": [` + ob303 + `], "type": "VerifiablePresentation", "verifiableCredential": {"id": "urn:x:y", "type": "VerifiableCredential"}}`, "term-undefined", "/verifiableCredential/id"},

		{"status-moved-away", subject(`, "source": {"id": "urn:uuid:6f1b2f0a-5f10-4b86-9a35-0d6a3f2a1c10", "type": "VerifiableCredential", "credentialStatus": {"id": "urn:x:y"}}`), "node-repeated", ""},
		{"repeated-otherwise", with(`, "endorsement": [` + endorsed + `, ` + strings.Replace(endorsed, `"name": "E",`, "", 1) + `]`), "node-repeated", ""},
	}
	v := bundled(t)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			doc := parse(t, []byte(test.in))
			err := v.Check(doc, nil)
			var e *jsonld.Error
			if !errors.As(err, &e) || e.Code != test.code {
				t.Fatalf("got %v, want %s", err, test.code)
			}
			if want := strings.TrimSuffix(test.pointer, "/0"); test.pointer != "" && e.Pointer != test.pointer && e.Pointer != want && e.Pointer != test.pointer+"/0" {
				t.Errorf("at %s, want %s", e.Pointer, test.pointer)
			}
			if _, err := v.Canonical(doc, rdfc.Options{}); jsonld.CodeOf(err) != test.code {
				t.Errorf("Canonical: %v", err)
			}
			if err := sign(t, test.in); err == nil {
				t.Error("was signed")
			}
		})
	}
	t.Logf("%d documents refused", len(tests))
}

// TestSafeModeTakes: what is unusual and right.
func TestSafeModeTakes(t *testing.T) {
	v := bundled(t)
	for name, in := range map[string]string{
		"plain":              with(``),
		"language":           with(`, "name": {"@value": "x", "@language": "en-GB"}`),
		"languages":          with(`, "name": [{"@value": "x", "@language": "en"}, {"@value": "y", "@language": "fr"}]`),
		"value":              with(`, "name": {"@value": "x"}`),
		"iri-type":           with(`, "credentialSubject": {"type": ["AchievementSubject", "https://example.org/types#More"]}`),
		"repeated-alike":     with(`, "endorsement": [` + endorsed + `], "credentialSubject": {"type": "AchievementSubject", "achievement": {"id": "urn:x:y", "endorsement": [` + endorsed + `]}}`),
		"empty-array":        with(`, "evidence": []`),
		"empty-object":       subject(`, "achievement": {}`),
		"blank-ids":          subject(`, "achievement": {"id": "_:a1"}`),
		"reference":          with(`, "credentialStatus": {"id": "urn:x:y"}`),
		"context-as-string":  `{"@context": "https://www.w3.org/ns/credentials/v2", "type": "VerifiableCredential"}`,
		"proof-with-context": with(`, "proof": {"@context": [` + ob303 + `], "type": "DataIntegrityProof"}`),
		"endorsement-jwt":    with(`, "endorsementJwt": ["a.b.c"]`),
	} {
		t.Run(name, func(t *testing.T) {
			doc := parse(t, []byte(in))
			if err := v.Check(doc, nil); err != nil {
				t.Error(err)
			}
			if _, err := v.Canonical(doc, rdfc.Options{}); err != nil {
				t.Error(err)
			}
		})
	}
	// The terms that 1EdTech added later verify, and are not signed.
	wantCode(t, sign(t, with(`, "endorsementJwt": ["a.b.c"]`)), "term-undefined")
}

// sign signs a document with a key for tests.
func sign(t *testing.T, doc string) error {
	p, err := proof.New()
	if err != nil {
		t.Fatal(err)
	}
	_, err = p.Sign([]byte(doc), proof.Options{VerificationMethod: "did:web:academy.example.org#key-2026-1"},
		ed25519.NewKeyFromSeed([]byte("a published test key of 32 bytes")))
	return err
}

// mostAllocations is what the way from JSON to canonical N-Quads may make of one
// document. Time goes with it, and differs from machine to machine.
const mostAllocations = 4_000_000

// TestPoisonDocuments: small documents that canonicalise in exponential time
// fail cleanly, with no more work than a budget buys (P6).
func TestPoisonDocuments(t *testing.T) {
	v := bundled(t)
	for n := 8; n <= 12; n++ {
		var related []string
		for i := range n {
			var links []string
			for j := range n {
				if i != j {
					links = append(links, fmt.Sprintf(`{"id": "_:e%d"}`, j))
				}
			}
			related = append(related, fmt.Sprintf(`{"id": "_:e%d", "type": "Achievement", "related": [%s]}`, i, strings.Join(links, ",")))
		}
		doc := parse(t, []byte(subject(`, "achievement": [`+strings.Join(related, ",")+`]`)))
		var err error
		made, _ := work.Of(func() { _, err = v.Canonical(doc, rdfc.Options{}) })
		wantCode(t, err, "canonicalization-budget")
		if !errors.Is(err, rdfc.ErrBudget) {
			t.Errorf("not ErrBudget: %v", err)
		}
		if t.Logf("clique of %d: %d allocations", n, made); made > mostAllocations {
			t.Error("too many")
		}
	}
	var same []string
	for range 3000 {
		same = append(same, `{"type": "Achievement", "criteria": {"narrative": "x"}}`)
	}
	doc := parse(t, []byte(subject(`, "achievement": [`+strings.Join(same, ",")+`]`)))
	var err error
	made, _ := work.Of(func() { _, err = v.Canonical(doc, rdfc.Options{}) })
	if err != nil {
		wantCode(t, err, "canonicalization-budget")
	}
	if t.Logf("3000 equal objects: %d allocations", made); made > mostAllocations {
		t.Error("too many")
	}
}

// TestLargeDocuments: whatever the size limit lets through gets its answer with
// work that is bounded (P6).
func TestLargeDocuments(t *testing.T) {
	v := bundled(t)
	fill := func(item string) string {
		n := (1<<20 - 2000) / (len(item) + 1)
		return strings.TrimSuffix(strings.Repeat(item+",", n), ",")
	}
	for name, in := range map[string]string{
		"empty-objects":   subject(`, "achievement": [` + fill(`{}`) + `]`),
		"references":      subject(`, "achievement": [` + fill(`{"id":"_:a"}`) + `]`),
		"types":           subject(`, "achievement": {"type": [` + fill(`"urn:a:b"`) + `]}`),
		"typed-objects":   subject(`, "achievement": [` + fill(`{"type":["Achievement","Image"],"name":"x","version":"1","image":{"id":"urn:x:y"}}`) + `]`),
		"strings":         with(`, "name": [` + fill(`"x"`) + `]`),
		"numbers":         with(`, "name": [` + fill(`1.5`) + `]`),
		"list":            subject(`, "achievement": {"type": "Achievement", "resultDescription": {"type": "ResultDescription", "allowedValue": [` + fill(`"x"`) + `]}}`),
		"credentials":     with(`, "endorsement": [` + fill(`{"@context":[`+ob303+`],"type":["VerifiableCredential","EndorsementCredential"],"credentialSubject":{"type":"EndorsementSubject","endorsementComment":"x"}}`) + `]`),
		"proofs":          with(`, "proof": [` + fill(`{"type":"DataIntegrityProof","created":"x"}`) + `]`),
		"one-long-string": with(`, "name": "` + strings.Repeat(`\u0000`, 170_000) + `"`),
		"json":            schema(`[` + fill(`{"b":1,"a":2}`) + `]`),
	} {
		t.Run(name, func(t *testing.T) {
			if len(in) > 1<<20 {
				t.Fatalf("%d bytes", len(in))
			}
			var err error
			made, _ := work.Of(func() { _, err = v.Canonical(parse(t, []byte(in)), rdfc.Options{}) })
			t.Logf("%d allocations: %.100v", made, err)
			if err != nil && jsonld.CodeOf(err) == "" {
				t.Errorf("no code: %v", err)
			}
			if made > mostAllocations {
				t.Error("too many")
			}
		})
	}
}
