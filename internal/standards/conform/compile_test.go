package conform

import (
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// TestCurrentSchemas takes what only the strict form refuses, and remembers apart
// what passed one form and both.
func TestCurrentSchemas(t *testing.T) {
	c, err := New()
	if err != nil {
		t.Fatal(err)
	}
	doc := map[string]any{
		"@context": []any{contextV2, "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"},
		"id":       "urn:uuid:0b9b3f3e-0d5b-4d2a-9a44-0f8b1f1a2c3d", "type": []any{"VerifiableCredential", "OpenBadgeCredential"},
		"issuer":    map[string]any{"id": "did:web:academy.example.org", "type": []any{"Profile"}, "name": "Example Academy", "endorsement": []any{}},
		"validFrom": "2026-01-15T09:00:00Z", "name": "Woodworking",
		"credentialSubject": map[string]any{
			"type": []any{"AchievementSubject"}, "id": "did:web:learner.example.org",
			"achievement": map[string]any{
				"id": "https://academy.example.org/a", "type": []any{"Achievement"}, "name": "Woodworking", "description": "Planing.",
				"criteria": map[string]any{"narrative": "A stool."},
			},
		},
		"proof": map[string]any{"type": "DataIntegrityProof", "verificationMethod": "did:web:academy.example.org#a", "proofPurpose": "assertionMethod"},
	}
	for range 2 {
		if list := c.CurrentSchemas(doc); len(list) > 0 {
			t.Errorf("the current form: %v", list)
		}
		if list := c.Schemas(doc); len(list) == 0 || list[0].Code != CodeSchemaStrict {
			t.Errorf("both forms: %v", list)
		}
	}
	doc["name"] = 7.0
	if list := c.CurrentSchemas(doc); len(list) == 0 || list[0].Code != CodeSchema {
		t.Errorf("a number for a name: %v", list)
	}
}

// TestEverySchemaCompiles makes up for schemas being compiled only when they are
// needed, and by an address that the library trusts.
func TestEverySchemaCompiles(t *testing.T) {
	c, err := New()
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	check := func(schema lazySchema) {
		count++
		if _, err := schema(); err != nil {
			t.Error(err)
		}
	}
	for _, row := range c.rows {
		for _, form := range row.forms {
			check(form.schema)
		}
	}
	for i := range c.parts.issuers {
		check(c.parts.issuers[i])
		check(c.parts.achievements[i])
	}
	if count != 13 {
		t.Errorf("%d schemas, want 13", count)
	}
	for file, url := range schemaURLs {
		data, err := schemaFiles.Open("schemas/" + file)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := jsonschema.UnmarshalJSON(data)
		if err != nil {
			t.Fatal(err)
		}
		whole := jsonschema.NewCompiler() // by the schema of schemas
		if err := whole.AddResource(url, doc); err != nil {
			t.Fatal(err)
		}
		if _, err := whole.Compile(url); err != nil {
			t.Error(err)
		}
	}
	if _, err := compilersOf(schemaURLs).lazily("https://example.org/none.json")(); err == nil {
		t.Error("a schema that is not bundled compiles")
	}
}

// TestOneIsJudgedCheaply bounds what a process that judges one credential compiles.
func TestOneIsJudgedCheaply(t *testing.T) {
	const most = 80_000
	if n := testing.AllocsPerRun(1, func() {
		c, err := New()
		if err != nil {
			t.Fatal(err)
		}
		c.CurrentSchemas(map[string]any{"type": []any{"VerifiableCredential", "OpenBadgeCredential"}})
	}); n > most {
		t.Errorf("%.0f allocations, of %d at most", n, most)
	}
}
