package content

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

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
		checkDescription(r, &d)
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
// together: that the scale is one, that what is required is on it, and that it can
// be told from a result whether it reaches that.
func checkDescription(o object, d *model.ResultDescription) {
	o.unfit(d.ResultType)
	if d.ResultType == "RubricCriterionLevel" && !o.has("rubricCriterionLevel") {
		o.missing("rubricCriterionLevel", "is required for results of the type RubricCriterionLevel", "list the levels, lowest first")
	}
	o.rank(d)
	required, hasLevelRequired := o.get("requiredLevel")
	if hasLevelRequired && d.RequiredLevel != "" && !hasLevel(*d, d.RequiredLevel) {
		required.problem("is not one of the levels in rubricCriterionLevel", didYouMean(d.RequiredLevel, levels(*d)))
	}
	lowest, isLow := o.limit("valueMin", d.ValueMin)
	highest, isHigh := o.limit("valueMax", d.ValueMax)
	if v, ok := o.get("valueMin"); ok && isLow && isHigh && lowest >= highest {
		v.problem("is not below valueMax", "of marks where the lower one is better, list the values in allowedValue, the worst first")
	}
	o.orderOfValues(*d)
	v, ok := o.get("requiredValue")
	if !ok || d.RequiredValue == "" {
		return
	}
	_, isNumber := decimal(d.RequiredValue)
	if fault, hint := valueFault(*d, d.RequiredValue); fault != "" {
		v.problem(fault, hint)
	} else if !isNumber && len(d.AllowedValue) == 0 {
		v.problem("is no number, and there is no allowedValue: nobody can tell which values reach it", "list all values in allowedValue, lowest first")
	}
	for _, l := range d.RubricCriterionLevel {
		points, isPoints := decimal(l.Points)
		if value, _ := decimal(d.RequiredValue); l.ID == d.RequiredLevel && isPoints && isNumber && points != value {
			v.problem("is not what the required level has as points: one may be reached without the other", "write "+l.Points+", or leave one of the two out")
		}
	}
}

// unfit reports properties that results of a type have no use for.
func (o object) unfit(resultType string) {
	var names []string
	hint := ""
	switch resultType {
	case "Status":
		names = []string{"allowedValue", "valueMin", "valueMax", "requiredValue", "requiredLevel", "rubricCriterionLevel"}
		hint = "its results are one of " + oneOf(resultStatuses) + ": delete the line, or write another resultType"
	case "RubricCriterionLevel":
		names = []string{"allowedValue", "valueMin", "valueMax", "requiredValue"}
		hint = "its results are levels of rubricCriterionLevel, and what passes is a requiredLevel; for points, write resultType: RubricScore"
	}
	for _, name := range names {
		if v, ok := o.get(name); ok {
			v.problem("does not go with the type "+resultType, hint)
		}
	}
}

// rank makes sure that the order of the levels can be told, which their list in a
// signed credential does not: levels without level and points are numbered from 1, in
// the order of the list, lowest first.
func (o object) rank(d *model.ResultDescription) {
	said := slices.ContainsFunc(d.RubricCriterionLevel, func(l model.RubricCriterionLevel) bool { return l.Level != "" || l.Points != "" })
	last, ranked := 0.0, 0
	n := -1
	o.list("rubricCriterionLevel", func(v value) {
		n++
		item := object{&v}
		if n >= len(d.RubricCriterionLevel) || v.node.Kind != yaml.MappingNode {
			return
		}
		l := &d.RubricCriterionLevel[n]
		if !said {
			l.Level = strconv.Itoa(n + 1)
			return
		}
		for _, name := range []string{"level", "points"} {
			at, ok := item.get(name)
			if !ok {
				continue
			}
			text, _ := at.verbatim()
			f, isNumber := decimal(text)
			if !isNumber {
				continue
			}
			if ranked > 0 && f <= last {
				at.problem("is not above that of the level before it", "list the levels lowest first; level, or else points, says their order")
			}
			last = f
			ranked++
			return
		}
	})
	if v, ok := o.get("rubricCriterionLevel"); ok && said && ranked < len(d.RubricCriterionLevel) && len(d.RubricCriterionLevel) > 1 {
		v.problem("does not tell the order of its levels", `give each a level, "1" for the lowest, or leave level and points out of all`)
	}
}

// orderOfValues judges the order of allowedValue and that its values are on the
// scale of numbers, where there is one as well.
func (o object) orderOfValues(d model.ResultDescription) {
	at, ok := o.get("allowedValue")
	if !ok || len(d.AllowedValue) < 2 {
		return
	}
	numbers := make([]float64, 0, len(d.AllowedValue))
	n := 0
	o.list("allowedValue", func(v value) {
		if n < len(d.AllowedValue) {
			if fault, hint := rangeFault(d, d.AllowedValue[n]); fault != "" {
				v.problem(fault, hint)
			}
			if f, isNumber := decimal(d.AllowedValue[n]); isNumber {
				numbers = append(numbers, f)
			}
		}
		n++
	})
	rising := slices.IsSorted(numbers)
	slices.Reverse(numbers)
	if len(numbers) == len(d.AllowedValue) && !rising && !slices.IsSorted(numbers) {
		at.problem("is in no order", "list the values lowest first: of marks where the lower one is better, the worst first")
	}
	if first, last := d.AllowedValue[0], d.AllowedValue[len(d.AllowedValue)-1]; d.ResultType == "LetterGrade" && strings.HasPrefix(first, "A") && len(last) <= 2 && last[0] > 'A' && last[0] <= 'F' {
		at.problem("begins with the best grade", "list the values lowest first: "+last+" at the beginning, "+first+" at the end")
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
		return "is not one of the values in allowedValue of that result description", cmp.Or(didYouMean(s, d.AllowedValue), "its values are "+oneOf(d.AllowedValue))
	}
	return rangeFault(d, s)
}

// rangeFault says why a value is not within the numbers of a description; a percent
// is from 0 to 100 where it says nothing else.
func rangeFault(d model.ResultDescription, s string) (fault, hint string) {
	if d.ResultType == "Percent" && d.ValueMin == "" && d.ValueMax == "" && len(d.AllowedValue) == 0 {
		d.ValueMin, d.ValueMax = "0", "100"
	}
	lowest, isLow := decimal(d.ValueMin)
	highest, isHigh := decimal(d.ValueMax)
	_, isMark := decimal(d.RequiredValue)
	if !isLow && !isHigh && (!isMark || len(d.AllowedValue) > 0) {
		return "", ""
	}
	scale := "the scale is " + d.ValueMin + " to " + d.ValueMax
	if d.ValueMin == "" || d.ValueMax == "" {
		scale = ""
	}
	f, ok := decimal(s)
	switch {
	case !ok && strings.Contains(s, ","):
		return "must be a decimal number, as its result description has a scale of numbers", "write a point in place of the comma"
	case !ok && strings.HasSuffix(s, "%"):
		return "must be a decimal number, as its result description has a scale of numbers", "leave the % out"
	case !ok:
		return "must be a decimal number, as its result description has a scale of numbers", scale
	case isLow && f < lowest:
		return "is below the valueMin of that result description", scale
	case isHigh && f > highest:
		return "is above the valueMax of that result description", scale
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
