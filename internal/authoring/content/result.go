package content

import (
	"slices"

	"laurel/internal/authoring/model"
)

// resultDescriptions reads the kinds of results of an achievement.
func (l *loader) resultDescriptions(o object) []model.ResultDescription {
	ids := names{}
	return objects(o, "resultDescription", resultDescriptionClass, func(r object) model.ResultDescription {
		d := model.ResultDescription{
			ID:                   ids.name(r),
			Name:                 r.text("name"),
			ResultType:           r.extensible("resultType", resultTypes),
			Alignment:            l.alignments(r),
			AllowedValue:         r.texts("allowedValue", value.verbatim),
			RequiredLevel:        r.text("requiredLevel"),
			RequiredValue:        r.verbatim("requiredValue"),
			RubricCriterionLevel: l.rubric(r, ids),
			ValueMax:             r.verbatim("valueMax"),
			ValueMin:             r.verbatim("valueMin"),
		}
		checkDescription(r, d)
		return d
	})
}

func (l *loader) rubric(o object, ids names) []model.RubricCriterionLevel {
	return objects(o, "rubricCriterionLevel", rubricClass, func(r object) model.RubricCriterionLevel {
		return model.RubricCriterionLevel{
			ID:          ids.name(r),
			Name:        r.text("name"),
			Description: r.prose("description"),
			Level:       r.verbatim("level"),
			Points:      r.verbatim("points"),
			Alignment:   l.alignments(r),
		}
	})
}

// checkDescription judges what the properties of a result description say
// together.
func checkDescription(o object, d model.ResultDescription) {
	if d.ResultType == "RubricCriterionLevel" && !o.has("rubricCriterionLevel") {
		o.missing("rubricCriterionLevel", "is required for results of the type RubricCriterionLevel", "list the levels, lowest first")
	}
	if v, ok := o.get("requiredLevel"); ok && d.RequiredLevel != "" && !hasLevel(d, d.RequiredLevel) {
		v.problem("is not one of the levels in rubricCriterionLevel", didYouMean(d.RequiredLevel, levels(d)))
	}
	lowest, isLow := o.limit("valueMin", d.ValueMin)
	highest, isHigh := o.limit("valueMax", d.ValueMax)
	if isLow && isHigh && lowest > highest {
		v, _ := o.get("valueMin")
		v.problem("is above valueMax", "")
	}
	if v, ok := o.get("requiredValue"); ok && d.RequiredValue != "" {
		if fault, hint := valueFault(d, d.RequiredValue); fault != "" {
			v.problem(fault, hint)
		}
	}
}

// limit reads valueMin or valueMax as a number.
func (o object) limit(name, text string) (float64, bool) {
	if text == "" {
		return 0, false
	}
	f, ok := decimal(text)
	if !ok {
		v, _ := o.get(name)
		v.problem("must be a decimal number", "list values that are not numbers in allowedValue, lowest first")
	}
	return f, ok
}

// valueFault says why a result of that description cannot have that value.
func valueFault(d model.ResultDescription, s string) (fault, hint string) {
	if len(d.AllowedValue) > 0 && !slices.Contains(d.AllowedValue, s) {
		return "is not one of the values in allowedValue of that result description", didYouMean(s, d.AllowedValue)
	}
	lowest, isLow := decimal(d.ValueMin)
	highest, isHigh := decimal(d.ValueMax)
	if !isLow && !isHigh {
		return "", ""
	}
	f, ok := decimal(s)
	switch {
	case !ok:
		return "must be a decimal number, because the result description has a valueMin or valueMax", ""
	case isLow && f < lowest:
		return "is below the valueMin of that result description", ""
	case isHigh && f > highest:
		return "is above the valueMax of that result description", ""
	}
	return "", ""
}

func levels(d model.ResultDescription) []string {
	var ids []string
	for _, l := range d.RubricCriterionLevel {
		ids = append(ids, l.ID)
	}
	return ids
}

func hasLevel(d model.ResultDescription, id string) bool { return slices.Contains(levels(d), id) }

// description returns the result description with that id, or nil.
func description(a *model.Achievement, id string) *model.ResultDescription {
	i := slices.IndexFunc(a.ResultDescription, func(d model.ResultDescription) bool { return d.ID == id })
	if i < 0 {
		return nil
	}
	return &a.ResultDescription[i]
}
