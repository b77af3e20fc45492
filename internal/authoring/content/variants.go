package content

import (
	"slices"

	"gopkg.in/yaml.v3"

	"laurel/internal/authoring/model"
)

// variants reads a list of the forms in which an award is signed. Full, which
// is always made, may be written, and is left out of the answer.
func (o object) variants(name string) []model.Variant {
	words := o.texts(name, func(v value) (string, bool) {
		s, ok := v.text()
		if ok && !slices.Contains(variants, s) {
			v.problem("must be "+oneOf(variants), didYouMean(s, variants))
			ok = false
		}
		return s, ok
	})
	var list []model.Variant
	for _, w := range words {
		if w != string(model.Full) {
			list = append(list, model.Variant(w))
		}
	}
	return list
}

// variants reads what a cohort says in place of its achievements. An empty list
// says that there is no choice here.
func (c *cohortReader) variants(o object) {
	v, ok := o.get("variants")
	c.variantsSaid = ok
	if ok && v.node.Kind == yaml.SequenceNode && len(v.node.Content) == 0 {
		return
	}
	c.variantsList = o.variants("variants")
}

// variantsOf are those of the cohort's awards for an achievement.
func (c *cohortReader) variantsOf(a *achievement) []model.Variant {
	if c.variantsSaid {
		return c.variantsList
	}
	return a.Variants
}
