package content

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"laurel/internal/authoring/model"
)

// achievement is a definition as the award lists see it.
type achievement struct {
	*model.Achievement
	// broken: its result descriptions could not be read, so that nothing can
	// be said about results.
	broken bool
}

// achievement reads one file of content/achievements.
func (l *loader) achievement(f contentFile, a *achievement) {
	o, ok := l.document(f.name, yamlBytes, achievementClass)
	if !ok {
		a.broken = true
		return
	}
	a.Name = o.text("name")
	a.Description = o.prose("description")
	a.AchievementType = o.extensible("achievementType", achievementTypes)
	a.Alignment = l.alignments(o)
	a.Creator = l.otherProfile(o, "creator")
	a.CreditsAvailable = o.number("creditsAvailable", false)
	a.FieldOfStudy = o.text("fieldOfStudy")
	a.HumanCode = o.verbatim("humanCode")
	a.Image = l.image(o, "image")
	a.InLanguage = o.language("inLanguage")
	a.OtherIdentifier = l.identifiers(o)
	a.Specialization = o.text("specialization")
	a.Tag = o.texts("tag", value.text)
	a.Version = o.verbatim("version")
	a.Published = o.date("published")
	a.ValidFor = o.period("validFor")
	a.Supersede = o.enum("renewal", []string{"keep", supersede}) == supersede
	a.Variants = o.variants("variants")
	a.Certificate = l.certificate(o)
	a.Related = l.related(o, a)
	if c, ok := o.object("criteria", criteriaClass); ok {
		if !c.has("id") && !c.has("narrative") {
			c.problem("needs a narrative or an id", criteriaClass.instead)
		}
		a.Criteria = model.Criteria{ID: c.webURL("id"), Narrative: l.narrative(c)}
	}
	before := len(l.problems.list)
	a.ResultDescription = l.resultDescriptions(o)
	a.broken = len(l.problems.list) > before
}

// supersede is what an achievement says of renewals where the old credential is revoked.
const supersede = "supersede"

func (l *loader) alignments(o object) []model.Alignment {
	return objects(o, "alignment", alignmentClass, func(a object) model.Alignment {
		return model.Alignment{
			TargetCode:        a.verbatim("targetCode"),
			TargetDescription: a.prose("targetDescription"),
			TargetName:        a.text("targetName"),
			TargetFramework:   a.text("targetFramework"),
			TargetType:        a.extensible("targetType", alignmentTypes),
			TargetURL:         a.webURL("targetUrl"),
		}
	})
}

// related reads links to other achievements: by slug for those of this site.
func (l *loader) related(o object, self *achievement) []model.Related {
	return objects(o, "related", relatedClass, func(r object) model.Related {
		id, slug, _ := r.textOf("id")
		switch {
		case slug == "" || strings.Contains(slug, ":") && isURI(slug):
		case slug == self.Slug:
			id.problem("is the achievement itself", "")
		default:
			l.later = append(l.later, func() {
				if to := l.slug(id, slug); to != nil {
					l.relatedTo(self, to, r)
				}
			})
		}
		return model.Related{ID: slug, InLanguage: r.language("inLanguage"), Version: r.verbatim("version")}
	})
}

// slug returns the achievement with that slug, or reports that there is none.
func (l *loader) slug(v value, slug string) *achievement {
	a := l.achievements[slug]
	if a == nil {
		hint := didYouMean(slug, slices.Sorted(maps.Keys(l.achievements)))
		v.problem("there is no such achievement in content/achievements", cmp.Or(hint, "write the file name without .yaml"))
	}
	return a
}

// names makes sure that local names are unique in an achievement: result
// descriptions and rubric levels become fragments of one IRI.
type names map[string]int

// name reads the id of a result description or a rubric level: an absolute
// IRI or a local name.
func (n names) name(o object) string {
	v, s, ok := o.textOf("id")
	if !ok {
		return ""
	}
	if !(strings.Contains(s, ":") && isURI(s)) && !isLocalName(s) {
		v.problem("must be a name of letters, digits, hyphens and underscores, or a whole URL", "for example final-grade")
		return ""
	}
	if line, ok := n[s]; ok {
		v.problem(fmt.Sprintf("is already the id of a result description or rubric level, in line %d", line), "within an achievement each id must be unique")
		return ""
	}
	n[s] = v.at.Line
	return s
}

var localName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]*$`)

func isLocalName(s string) bool { return len(s) <= slugLimit && localName.MatchString(s) }
