package content

import (
	"cmp"
	"fmt"
	"slices"

	"laurel/internal/authoring/model"
)

// translation is one link from an achievement to another language's.
type translation struct {
	from, to *achievement
	at       value // of inLanguage
}

// relatedTo notes a link to an achievement of this site; one in another language than
// that of the achievement it stands in says that the two are the same in two languages.
func (l *loader) relatedTo(from, to *achievement, r object) {
	at, stated := r.get("inLanguage")
	language := ""
	if stated {
		language, _ = at.language()
	}
	switch {
	case !stated || to.broken || from.broken:
	case to.InLanguage == "":
		at.problem(to.Source.File+" does not say in which language it is", "write inLanguage: "+language+" there")
	case to.InLanguage != language:
		at.problem("is not the inLanguage of "+to.Source.File, "write inLanguage: "+to.InLanguage)
	case from.InLanguage == "":
		at.problem("is that of the other achievement; this one does not say in which language it is", "write inLanguage: of its own")
	case from.InLanguage != to.InLanguage:
		l.translations = append(l.translations, translation{from, to, at})
	}
}

// translate makes links between languages whole: whatever achievements are linked so,
// in whichever direction, are one achievement in several languages, and each of them
// gets a link to all others, behind those its author wrote. One language has one
// achievement of them.
func (l *loader) translate() {
	group := map[*achievement][]*achievement{}
	of := func(a *achievement) []*achievement {
		if g := group[a]; g != nil {
			return g
		}
		return []*achievement{a}
	}
	for _, t := range l.translations {
		one, other := of(t.from), of(t.to)
		if slices.Contains(one, t.to) {
			continue
		}
		for _, a := range one {
			if i := slices.IndexFunc(other, func(b *achievement) bool { return b.InLanguage == a.InLanguage }); i >= 0 {
				t.at.problem(fmt.Sprintf("makes %s and %s one achievement in several languages, and both are in the language %s", a.Source.File, other[i].Source.File, a.InLanguage),
					"link one achievement a language; of two versions of one, leave inLanguage out")
				return
			}
		}
		all := slices.Concat(one, other)
		for _, a := range all {
			group[a] = all
		}
	}
	for a, all := range group {
		all = slices.Clone(all)
		slices.SortFunc(all, func(x, y *achievement) int { return cmp.Compare(x.Slug, y.Slug) })
		for _, b := range all {
			linked := slices.ContainsFunc(a.Related, func(r model.Related) bool { return r.ID == b.Slug })
			if a != b && !linked {
				a.Related = append(a.Related, model.Related{ID: b.Slug, InLanguage: b.InLanguage, Version: b.Version})
			}
		}
	}
}
