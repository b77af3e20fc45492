package content

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"laurel/internal/authoring/model"
)

// program reads one file of content/programs, after all achievements.
func (l *loader) program(f contentFile) *model.Program {
	p := &model.Program{Slug: f.slug, Source: model.Source{File: f.name, Line: 1, Column: 1}, Visibility: l.visibility}
	if f.slug == model.Everything {
		l.fault(f.name, "is the name of what needs no file: all that a learner holds", "give the file another name")
	}
	o, ok := l.document(f.name, yamlBytes, programClass)
	if !ok {
		return p
	}
	p.Name = o.text("name")
	p.Description = o.prose("description")
	p.InLanguage = o.language("inLanguage")
	p.Image = l.image(o, "image")
	p.ValidFor = o.period("validFor")
	if o.has("visibility") {
		p.Visibility = model.Visibility(o.enum("visibility", visibilities))
	}
	before := len(l.problems.list)
	p.Achievements = l.members(o, "achievements", nil)
	r := &programReader{l, o, p, p}
	if len(l.problems.list) > before { // reported there, and not again wherever one is named
		r.within = nil
	}
	if v, ok := o.get("achievements"); ok && len(p.Achievements) > model.MaxMembers {
		v.problem(fmt.Sprintf("are more than %d, the most credentials that a verifier looks at in a record", model.MaxMembers), "make two programs of it")
	}
	r.associations()
	r.completion()
	r.variants()
	return p
}

// programReader is the state of reading one program.
type programReader struct {
	*loader
	object
	program *model.Program
	// within is the program where its list of achievements is good: what is named
	// elsewhere has to be in it.
	within *model.Program
}

// members reads a list of achievements; those of a program, where it has some.
func (l *loader) members(o object, name string, of *model.Program) []*model.Achievement {
	var list []*model.Achievement
	o.texts(name, func(v value) (string, bool) {
		s, ok := v.text()
		if !ok {
			return "", false
		}
		a := l.memberOf(v, s, of)
		if a != nil && !slices.Contains(list, a) {
			list = append(list, a)
		}
		return s, a != nil
	})
	return list
}

func (l *loader) memberOf(v value, slug string, of *model.Program) *model.Achievement {
	a := l.slug(v, slug)
	switch {
	case a == nil:
		return nil
	case of != nil && !slices.Contains(of.Achievements, a.Achievement):
		var slugs []string
		for _, a := range of.Achievements {
			slugs = append(slugs, a.Slug)
		}
		v.problem("is not among the program's achievements", cmp.Or(didYouMean(slug, slugs), "add it to achievements"))
		return nil
	}
	return a.Achievement
}

// associations reads how the achievements relate, and reports what is there twice
// and what contradicts itself.
func (r *programReader) associations() {
	seen := map[string]int{}                                           // lines, by what is said
	graphs := map[string]map[*model.Achievement][]*model.Achievement{} // edges, by what is directed
	r.list("association", func(v value) {
		item, ok := v.mapping(associationClass)
		if !ok {
			return
		}
		a := model.Association{Type: item.enum("associationType", associationTypes)}
		for name, to := range map[string]**model.Achievement{"sourceId": &a.Source, "targetId": &a.Target} {
			if id, s, ok := item.textOf(name); ok {
				*to = r.memberOf(id, s, r.within)
			}
		}
		if a.Type == "" || a.Source == nil || a.Target == nil {
			return
		}
		if a.Source == a.Target {
			v.problem("relates an achievement to itself", "name another one, or delete the association")
			return
		}
		said, graph, from, to := directed(a)
		if line, ok := seen[said]; ok {
			v.problem(fmt.Sprintf("says the same as the association in line %d", line), "delete one of the two")
			return
		}
		seen[said] = v.at.Line
		if graph != "" {
			if graphs[graph] == nil {
				graphs[graph] = map[*model.Achievement][]*model.Achievement{}
			}
			if way := wayTo(graphs[graph], to, from, nil); way != nil {
				v.problem("closes a cycle: "+strings.Join(append([]string{from.Slug}, way...), ", "),
					"an achievement cannot "+graph+" itself, by way of others either: delete one of these associations, or turn it round")
				return
			}
			graphs[graph][from] = append(graphs[graph][from], to)
		}
		r.program.Associations = append(r.program.Associations, a)
	})
}

// directed puts an association in one spelling of all that say the same, and names
// the graph in which it must close no cycle, by what its edges mean; empty: it has
// no direction.
func directed(a model.Association) (said, graph string, from, to *model.Achievement) {
	from, to = a.Source, a.Target
	kind := a.Type
	switch kind {
	case "isParentOf":
		kind, from, to = "isChildOf", to, from
		fallthrough
	case "isChildOf", "isPartOf":
		graph = "be part of"
	case "precedes":
		graph = "precede"
	case "replacedBy":
		graph = "replace"
	default:
		if from.Slug > to.Slug {
			from, to = to, from
		}
	}
	return kind + " " + from.Slug + " " + to.Slug, graph, from, to
}

// wayTo is a path in a graph from one achievement to another, by slugs; nil: there
// is none. Each is visited once.
func wayTo(edges map[*model.Achievement][]*model.Achievement, from, to *model.Achievement, visited map[*model.Achievement]bool) []string {
	if from == to {
		return []string{from.Slug}
	}
	if visited == nil {
		visited = map[*model.Achievement]bool{}
	}
	visited[from] = true
	for _, next := range edges[from] {
		if !visited[next] {
			if way := wayTo(edges, next, to, visited); way != nil {
				return append([]string{from.Slug}, way...)
			}
		}
	}
	return nil
}

// completion reads what completes a program, and reports what nothing can.
func (r *programReader) completion() {
	v, ok := r.get("completion")
	if !ok {
		return
	}
	if v.node.Kind == yaml.ScalarNode {
		if s, ok := v.text(); ok && s != "all" {
			v.problem(`must be all, or a mapping with someOf or credits`, completionClass.instead)
		}
		return
	}
	c, ok := v.mapping(completionClass)
	if !ok {
		return
	}
	some, isSome := c.get("someOf")
	credits, isCredits := c.get("credits")
	from, isFrom := c.get("from")
	switch {
	case isSome && isCredits:
		credits.problem("repeats what someOf says", "write someOf or credits, not both")
	case isSome:
		r.someOf(c, some)
	case isCredits:
		if isFrom {
			from.problem("belongs to someOf: the credits of all achievements count", "delete the line")
		}
		r.credits(c, credits)
	default:
		c.problem("needs someOf or credits", completionClass.instead)
	}
}

func (r *programReader) someOf(c object, v value) {
	done := &r.program.Completion
	before := len(r.problems.list)
	n := c.integer("someOf")
	done.From = r.program.Achievements
	if c.has("from") {
		done.From = r.members(c, "from", r.within)
	}
	switch most := len(done.From); {
	case len(r.problems.list) > before:
	case n < 1:
		v.problem("must be at least 1", "")
	case n > most && most > 0:
		v.problem(fmt.Sprintf("is more than the %d achievements to choose from, so nobody could complete the program", most), fmt.Sprintf("write %d or less, or completion: all", most))
	default:
		done.SomeOf = n
	}
}

func (r *programReader) credits(c object, v value) {
	n := c.number("credits", false)
	if n == nil {
		return
	}
	sum, known := 0.0, true
	r.list("achievements", func(item value) {
		s, _ := item.text()
		switch a := r.achievements[s]; {
		case a == nil:
			known = false
		case a.CreditsAvailable == nil:
			known = false
			if !a.broken {
				item.problem("has no creditsAvailable, and credits complete this program", "write creditsAvailable in "+a.Source.File)
			}
		default:
			sum += *a.CreditsAvailable
		}
	})
	switch {
	case *n <= 0:
		v.problem("must be more than 0", "")
	case known && *n > sum:
		v.problem(fmt.Sprintf("are more than the %g that all achievements give, so nobody could complete the program", sum), "")
	}
	r.program.Completion.Credits = *n
}

// variants reads the choices of what a record shows: no-name by itself, or
// one with a name of its own.
func (r *programReader) variants() {
	p := r.program
	r.list("variants", func(v value) {
		var made model.RecordVariant
		at := v
		if v.node.Kind == yaml.MappingNode {
			c, ok := v.mapping(choiceClass)
			if !ok {
				return
			}
			name, s, ok := c.textOf("name")
			switch {
			case !ok:
				return
			case !isSlug(s) || slices.Contains(ownWords, s) || s[0] <= '9':
				name.problem("must be a name of its own, of lower-case letters, digits and hyphens, with a letter first", "for example only-courses")
				return
			}
			made = model.RecordVariant{Name: model.Variant(s), Label: c.text("label"), Achievements: r.members(c, "achievements", r.within)}
			made.NoName = c.enum("form", recordForms) == string(model.NoName)
			if made.Achievements == nil && !made.NoName {
				c.problem("says the same as the record itself", "name the achievements that it has, or write form: no-name")
				return
			}
			at = name
		} else {
			s, ok := v.text()
			switch {
			case !ok, s == string(model.Full):
				return
			case s != string(model.NoName):
				v.problem("must be no-name, or a mapping with a name and achievements", cmp.Or(didYouMean(s, recordForms), choiceClass.instead))
				return
			}
			made = model.RecordVariant{Name: model.NoName, NoName: true}
		}
		if p.Variant(made.Name) != nil {
			at.problem("is in the list twice", "delete one of the two, or give it another name")
			return
		}
		p.Variants = append(p.Variants, made)
		if made.NoName {
			r.nameless = append(r.nameless, nameless{at, p, made})
		}
	})
	if v, ok := r.get("variants"); ok && len(p.Variants) > maxRecordVariants {
		v.problem(fmt.Sprintf("has more than %d choices", maxRecordVariants), "")
	}
}

// maxRecordVariants is how many choices a record may have, fewer than what one
// event of the ledger may hold: each has all its members in it.
const maxRecordVariants = 8

// nameless is a variant of records whose members must not name the learner.
type nameless struct {
	at      value
	program *model.Program
	variant model.RecordVariant
}

// namelessMembers reports variants without a name of which a member would have
// none: awards that are not signed as no-name.
func (l *loader) namelessMembers(cohorts []*model.Cohort) {
	for _, n := range l.nameless {
		of := n.variant.Achievements
		if of == nil {
			of = n.program.Achievements
		}
		for _, c := range cohorts {
			i := slices.IndexFunc(c.Awards, func(a *model.Award) bool {
				return slices.Contains(of, a.Achievement) && !slices.Contains(a.Variants, model.NoName)
			})
			if i >= 0 {
				n.at.problem("needs the no-name form of each award in it, which the awards of "+c.Awards[i].Achievement.Slug+" in "+c.Source.File+" do not have",
					"write variants: [no-name] in "+c.Source.File+" or in "+c.Awards[i].Achievement.Source.File)
				break
			}
		}
	}
}
