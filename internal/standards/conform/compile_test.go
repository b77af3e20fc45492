package conform

import "testing"

// TestEverySchemaCompiles makes up for schemas being compiled only when they are
// needed.
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
	if _, err := compilersOf(schemaURLs).lazily("https://example.org/none.json")(); err == nil {
		t.Error("a schema that is not bundled compiles")
	}
}
