package conform

import (
	"fmt"
	"maps"
	"reflect"
	"sync"
)

// parts is the short way through the schemas for the many awards of one
// achievement. The schema library spends its time on the values it walks, not
// on formats, patterns or branches that fail, so the way is to walk less. Issuer and achievement are over half of such a credential and
// the same in each. Once both passed every form, they are remembered, and the
// next credential that holds equal ones is validated with two small stand-ins
// in their place.
//
// The short way only ever accepts, and only what the long way accepts: in every
// form the place of the achievement is a $ref to the definition it passed, that
// of the issuer a choice between a string and the definition it passed, and
// nothing else in the schema looks at either. A document that the short way
// does not accept goes the long way.
type parts struct {
	forms        []form // of the whole credential
	issuers      []lazySchema
	achievements []lazySchema

	mu   sync.RWMutex
	seen map[string]map[string]any // good ones, by kind, number of forms and id
}

// Bounds of what is remembered; above them a document only takes longer.
const (
	maxParts     = 128
	maxPartNodes = 2000
)

// newParts takes the definitions of the parts from the schemas of the whole.
func newParts(compilers compilers, whole []form) *parts {
	c := &parts{forms: whole, seen: map[string]map[string]any{}}
	row := schemaRows[rowAchievementCredential]
	for _, url := range []string{row.schema, row.strict} {
		c.issuers = append(c.issuers, compilers.lazily(url+"#/$defs/Profile"))
		c.achievements = append(c.achievements, compilers.lazily(url+"#/$defs/Achievement"))
	}
	return c
}

// accepts tells whether the document passes the first so many forms of its
// schema; false is no verdict.
func (c *parts) accepts(doc map[string]any, forms int) bool {
	issuer, subject := object(doc, "issuer"), object(doc, "credentialSubject")
	achievement := object(subject, "achievement")
	if issuer == nil || achievement == nil {
		return false
	}
	if !c.good("issuer", issuer, c.issuers[:forms]) || !c.good("achievement", achievement, c.achievements[:forms]) {
		return false
	}
	rest := with(doc, map[string]any{
		"issuer":            "urn:laurel:issuer",
		"credentialSubject": with(subject, map[string]any{"achievement": standInAchievement()}),
	})
	for _, form := range c.forms[:forms] {
		if !form.schema.accepts(rest) {
			return false
		}
	}
	return true
}

// standInAchievement is the least that is an Achievement in every form.
func standInAchievement() map[string]any {
	return map[string]any{
		"id": "", "type": []any{"Achievement"}, "name": "", "description": "", "criteria": map[string]any{},
	}
}

// good tells whether a part passes its schema, or did before.
func (c *parts) good(kind string, part map[string]any, schemas []lazySchema) bool {
	key := fmt.Sprintf("%s %d %s", kind, len(schemas), text(part, "id"))
	c.mu.RLock()
	seen, ok := c.seen[key]
	c.mu.RUnlock()
	if ok && reflect.DeepEqual(seen, part) {
		return true
	}
	for _, schema := range schemas {
		if !schema.accepts(part) {
			return false
		}
	}
	nodes := 0
	if kept := clone(part, &nodes); nodes <= maxPartNodes {
		c.mu.Lock()
		if len(c.seen) >= maxParts {
			clear(c.seen)
		}
		c.seen[key] = kept.(map[string]any)
		c.mu.Unlock()
	}
	return true
}

// with returns a copy of o, one level deep, with some members replaced.
func with(o, replaced map[string]any) map[string]any {
	c := maps.Clone(o)
	maps.Copy(c, replaced)
	return c
}

// clone copies a document, so that nobody can change it later, and counts its
// values.
func clone(v any, nodes *int) any {
	*nodes++
	switch v := v.(type) {
	case map[string]any:
		c := make(map[string]any, len(v))
		for name, w := range v {
			c[name] = clone(w, nodes)
		}
		return c
	case []any:
		c := make([]any, len(v))
		for i, w := range v {
			c[i] = clone(w, nodes)
		}
		return c
	}
	return v
}
