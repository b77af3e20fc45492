package conform

// SchemasLong is Schemas without the short way for known parts.
func (c *Checker) SchemasLong(doc map[string]any) []Finding {
	f := &findings{}
	for _, row := range c.rows {
		if isType(doc, row.types...) {
			for _, form := range row.forms {
				form.validate(doc, f)
			}
			break
		}
	}
	return f.sorted()
}

// Remembered is the number of parts the checker knows.
func (c *Checker) Remembered() int { return len(c.parts.seen) }

// MaxParts is the most it may be.
const MaxParts = maxParts

// RuleCodes are the codes of all lint rules.
func RuleCodes() []string {
	var codes []string
	for _, r := range lintRules {
		codes = append(codes, r.code)
	}
	return codes
}

// IsURL is isURL, IsDataURL isDataURL.
var IsURL, IsDataURL = isURL, isDataURL
