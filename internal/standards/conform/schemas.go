package conform

import (
	"embed"
	"errors"
	"fmt"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

//go:embed schemas/*.json
var schemaFiles embed.FS

// Codes of the findings of Schemas. 1EdTech changed its schemas in place: what
// laurel issues must pass both forms, what others issue need only pass the
// later one, which allows what JSON-LD compaction does to a document.
const (
	CodeSchema       = "schema"         // the form of June 2026
	CodeSchemaStrict = "schema-2024-09" // the strict form of September 2024
)

const (
	verifierSchema       = "1EdTech JSON Schema"
	verifierSchemaStrict = "1EdTech JSON Schema of September 2024"
)

const (
	obSchemas = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/"
	// The strict form has an $id of its own, under which it was never served.
	obStrict   = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json-ld/ob_v3p0_achievementcredential_schema.json"
	clrSchemas = "https://purl.imsglobal.org/spec/clr/v2p0/schema/json/"
)

// schemaURLs maps each bundled file to its $id.
var schemaURLs = map[string]string{
	"ob_v3p0_achievementcredential_schema.2024-09.json": obStrict,
	"ob_v3p0_achievementcredential_schema.json":         obSchemas + "ob_v3p0_achievementcredential_schema.json",
	"ob_v3p0_endorsementcredential_schema.json":         obSchemas + "ob_v3p0_endorsementcredential_schema.json",
	"ob_v3p0_profile_schema.json":                       obSchemas + "ob_v3p0_profile_schema.json",
	"clr_v2p0_clrcredential_schema.json":                clrSchemas + "clr_v2p0_clrcredential_schema.json",
}

// schemaRows say which schemas a document of a type has to pass. The strict
// form was kept of one schema only, whose definitions serve the other types.
var schemaRows = []struct {
	types  []string
	schema string
	strict string
}{
	{[]string{"AchievementCredential", "OpenBadgeCredential"}, obSchemas + "ob_v3p0_achievementcredential_schema.json", obStrict},
	{[]string{"EndorsementCredential"}, obSchemas + "ob_v3p0_endorsementcredential_schema.json", obStrict + "#/$defs/EndorsementCredential"},
	{[]string{"ClrCredential"}, clrSchemas + "clr_v2p0_clrcredential_schema.json", ""},
	{[]string{"Profile"}, obSchemas + "ob_v3p0_profile_schema.json", obStrict + "#/$defs/Profile"},
	{[]string{"Achievement"}, obSchemas + "ob_v3p0_achievementcredential_schema.json#/$defs/Achievement", obStrict + "#/$defs/Achievement"},
}

// rowAchievementCredential is the row that nearly all documents are of.
const rowAchievementCredential = 0

// Checker holds the bundled schemas, each compiled when a document first needs
// it: compiling all of them takes longer than verifying a credential. It is safe
// for concurrent use.
type Checker struct {
	rows  []compiledRow
	parts *parts
}

// New returns a Checker of the bundled schemas. Nothing is fetched or compiled
// yet; an error is a bug in the bundle.
func New() (*Checker, error) {
	for file := range schemaURLs {
		if _, err := schemaFiles.Open("schemas/" + file); err != nil {
			return nil, fmt.Errorf("read schema: %w", err)
		}
	}
	compilers := compilersOf(schemaURLs)
	c := &Checker{}
	for _, row := range schemaRows {
		compiled := compiledRow{types: row.types, forms: []form{{CodeSchema, verifierSchema, compilers.lazily(row.schema)}}}
		if row.strict != "" {
			compiled.forms = append(compiled.forms, form{CodeSchemaStrict, verifierSchemaStrict, compilers.lazily(row.strict)})
		}
		c.rows = append(c.rows, compiled)
	}
	c.parts = newParts(compilers, c.rows[rowAchievementCredential].forms)
	return c, nil
}

// Schemas validates a document against the schemas of its type, in both forms;
// the code of a finding tells which form refuses it (CodeSchema,
// CodeSchemaStrict). A type without a bundled schema, a status list or a
// presentation, has no findings.
func (c *Checker) Schemas(doc map[string]any) []Finding { return c.schemas(doc, 2) }

// CurrentSchemas is Schemas with the later form alone, which is all that others'
// credentials are bound to. It spares a process that judges one credential half
// of the compiling.
func (c *Checker) CurrentSchemas(doc map[string]any) []Finding { return c.schemas(doc, 1) }

// schemas validates against the first so many forms.
func (c *Checker) schemas(doc map[string]any, forms int) []Finding {
	f := &findings{}
	for i, row := range c.rows {
		if !isType(doc, row.types...) {
			continue
		}
		if i == rowAchievementCredential && c.parts.accepts(doc, forms) {
			return nil
		}
		if left := maxValues; !fewValues(doc, &left) {
			f.verifier = byLaurel
			f.add(CodeSchema, document, "the document has more than %d values", maxValues)
			break
		}
		for _, form := range row.forms[:min(forms, len(row.forms))] {
			form.validate(doc, f)
		}
		break
	}
	return f.sorted()
}

// fewValues counts down for every value and tells whether some are left.
func fewValues(v any, left *int) bool {
	*left--
	switch v := v.(type) {
	case map[string]any:
		for _, w := range v {
			if *left < 0 || !fewValues(w, left) {
				return false
			}
		}
	case []any:
		for _, w := range v {
			if *left < 0 || !fewValues(w, left) {
				return false
			}
		}
	}
	return *left >= 0
}

// compiledRow is a row of schemaRows ready for use.
type compiledRow struct {
	types []string
	forms []form
}

// form is one compiled schema and what its findings are called.
type form struct {
	code     string
	verifier string
	schema   lazySchema
}

func (s form) validate(doc map[string]any, f *findings) {
	f.verifier = s.verifier
	schema, err := s.schema()
	if err != nil {
		f.add(s.code, document, "the schema cannot be used: %v", err)
		return
	}
	if err = schema.Validate(doc); err == nil {
		return
	}
	var invalid *jsonschema.ValidationError
	if !errors.As(err, &invalid) {
		f.add(s.code, document, "the schema cannot be applied: %v", err)
		return
	}
	f.schemaErrors(s.code, invalid)
}
