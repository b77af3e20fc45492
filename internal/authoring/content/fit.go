package content

import (
	"slices"
	"strconv"

	"laurel/internal/authoring/model"
)

// fit parts results among the achievements one recipient earns, and checks
// each against its result description. Every result must belong to one of the
// achievements (Open Badges Specification v3.0, "Result": the linked
// ResultDescription must be in the achievement that is being asserted).
func (l *loader) fit(rs *results, earned []*achievement) [][]model.Result {
	if rs == nil {
		return make([][]model.Result, len(earned))
	}
	if rs.answer != nil && slices.Equal(rs.asked, earned) {
		return rs.answer
	}
	rs.asked, rs.answer = earned, make([][]model.Result, len(earned))
	for _, e := range rs.list {
		known := false
		for i, a := range earned {
			d := description(a.Achievement, e.r.ResultDescription)
			known = known || a.broken || d != nil
			if d != nil {
				rs.answer[i] = append(rs.answer[i], l.judge(e, *d))
			}
		}
		if !known {
			e.valueAt("resultDescription").problem("no achievement of this award has a result description with that id", didYouMean(e.r.ResultDescription, descriptionIDs(earned)))
		}
	}
	for i := range rs.answer {
		rs.answer[i] = l.alike(rs.answer[i])
	}
	return rs.answer
}

// maxAlike bounds what is remembered of results, where all differ.
const maxAlike = 4096

// alike returns one copy of equal results: many get the same grade.
func (l *loader) alike(rs []model.Result) []model.Result {
	var key []byte
	for _, r := range rs {
		if r.Alignment != nil {
			return rs
		}
		for _, s := range []string{r.ResultDescription, r.AchievedLevel, r.Status, r.Value} {
			key = append(strconv.AppendInt(key, int64(len(s)), 10), ':')
			key = append(key, s...)
		}
	}
	if same, ok := l.grades[string(key)]; ok {
		return same
	}
	if len(l.grades) < maxAlike {
		l.grades[string(key)] = rs
	}
	return rs
}

func descriptionIDs(list []*achievement) []string {
	var ids []string
	for _, a := range list {
		for _, d := range a.ResultDescription {
			ids = append(ids, d.ID)
		}
	}
	return ids
}

// valueAt is where a property of the result stands, or the result itself.
func (e resultEntry) valueAt(name string) value {
	if e.o.value != nil {
		if v, ok := e.o.get(name); ok {
			return v
		}
	}
	return e.at
}

// judge checks one result against its description and returns it complete.
func (l *loader) judge(e resultEntry, d model.ResultDescription) model.Result {
	r := e.r
	r.ResultDescription = d.ID // the definition's own string: one copy
	if e.o.value == nil {
		switch d.ResultType {
		case "Status":
			r.Status = e.cell
			if !slices.Contains(resultStatuses, e.cell) {
				e.at.problem("must be "+oneOf(resultStatuses), didYouMean(e.cell, resultStatuses))
			}
		case "RubricCriterionLevel":
			r.AchievedLevel = l.share(e.cell)
		default:
			value, ok := l.meant(e, d)
			if !ok {
				return r
			}
			r.Value = l.share(value)
		}
	}
	at := e.at
	switch {
	case d.ResultType == "Status" && r.Status == "" && !has(e, "status"):
		at.problem("needs a status: its result description is of the type Status", "write status: "+oneOf(resultStatuses))
	case d.ResultType == "RubricCriterionLevel" && r.AchievedLevel == "" && !has(e, "achievedLevel"):
		at.problem("needs an achievedLevel: its result description is of the type RubricCriterionLevel", "write the id of a level")
	case r.Status == "" && r.AchievedLevel == "" && r.Value == "" && !has(e, "status") && !has(e, "achievedLevel") && !has(e, "value"):
		at.problem("needs a value, a status or an achievedLevel", "")
	}
	if r.AchievedLevel != "" && !hasLevel(d, r.AchievedLevel) {
		e.valueAt("achievedLevel").problem("is not the id of a level of that result description", didYouMean(r.AchievedLevel, levels(d)))
	}
	if r.Value != "" {
		if fault, hint := valueFault(d, r.Value); fault != "" {
			e.valueAt("value").problem(fault, hint)
		}
	}
	return r
}

func has(e resultEntry, name string) bool { return e.o.value != nil && e.o.has(name) }
