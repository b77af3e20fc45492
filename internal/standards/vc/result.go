package vc

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Standing is a result beside the scale it was reached on. It is made of what a
// description says, of any issuer's, so nothing in it is taken for granted.
type Standing struct {
	// Value is the value, the name of the level, or nothing where Status is all.
	Value string
	// Status is a term of Open Badges, such as "Completed".
	Status string
	// Min and Max are the ends of a scale of numbers, Values those of another,
	// lowest first; all of them may be empty.
	Min, Max string
	Values   []string
	// Level is the level reached, at Place of Of from the lowest, which is 1; 0
	// where the levels do not say their order.
	Level     *RubricCriterionLevel
	Place, Of int
	// Required is the value, or the name of the level, that it takes to pass.
	Required string
	// Numbers tells that Required is a number that may be passed.
	Numbers bool
	// Outcome is Passed, Missed, or nothing where neither follows.
	Outcome string
}

// The outcomes of a result that has something to reach.
const (
	Passed = "passed"
	Missed = "missed"
)

// Standing holds a result against its description, the one of descriptions that it
// names; without that there is but the value. What it takes to pass is reached at
// the value or level that is required and above: values of allowedValue are ordered,
// lowest first, other values are numbers, and levels are in no order but that of
// their level, or else their points (Open Badges Specification v3.0,
// "ResultDescription": rubricCriterionLevel is a set, of which no order is signed).
func (r Result) Standing(descriptions []ResultDescription) (Standing, ResultDescription) {
	s := Standing{Value: r.Value, Status: r.Status}
	i := slices.IndexFunc(descriptions, func(d ResultDescription) bool { return d.ID == r.ResultDescription })
	if i < 0 {
		return s, ResultDescription{}
	}
	d := descriptions[i]
	s.Min, s.Max, s.Values = d.ValueMin, d.ValueMax, d.AllowedValue
	if d.ResultType == "Percent" && s.Min == "" && s.Max == "" && len(s.Values) == 0 {
		s.Min, s.Max = "0", "100"
	}
	var outcomes []string
	if d.RequiredValue != "" {
		s.Required, s.Numbers = d.RequiredValue, len(s.Values) == 0 && IsDecimal(d.RequiredValue)
		outcomes = append(outcomes, s.value())
	}
	levels, ordered := d.Levels()
	reached := slices.IndexFunc(levels, func(l RubricCriterionLevel) bool { return l.ID == r.AchievedLevel && l.ID != "" })
	required := slices.IndexFunc(levels, func(l RubricCriterionLevel) bool { return l.ID == d.RequiredLevel && l.ID != "" })
	if reached >= 0 {
		s.Level, s.Value = &levels[reached], cmp.Or(s.Value, levels[reached].Name)
		if ordered {
			s.Place, s.Of = reached+1, len(levels)
		}
	}
	if required >= 0 {
		s.Required = cmp.Or(s.Required, levels[required].Name)
		switch {
		case reached >= 0 && (ordered && reached >= required || reached == required):
			outcomes = append(outcomes, Passed)
		case reached >= 0 && ordered:
			outcomes = append(outcomes, Missed)
		default:
			outcomes = append(outcomes, "")
		}
	}
	switch {
	case slices.Contains(outcomes, Missed):
		s.Outcome = Missed
	case len(outcomes) > 0 && !slices.Contains(outcomes, ""):
		s.Outcome = Passed
	}
	return s, d
}

// value is the outcome of a value where one is required.
func (s Standing) value() string {
	value, required := 0.0, 0.0
	if len(s.Values) > 0 {
		value, required = float64(slices.Index(s.Values, s.Value)), float64(slices.Index(s.Values, s.Required))
		if value < 0 || required < 0 {
			return ""
		}
	} else if !IsDecimal(s.Value) || !s.Numbers {
		return ""
	} else {
		value, required = Decimal(s.Value), Decimal(s.Required)
	}
	if value < required {
		return Missed
	}
	return Passed
}

// Levels are the levels of a rubric, lowest first, and whether their order is
// known: all have different numbers as their level, or else as their points.
func (d ResultDescription) Levels() (levels []RubricCriterionLevel, ordered bool) {
	levels = slices.Clone(d.RubricCriterionLevel)
	for _, rank := range []func(RubricCriterionLevel) string{
		func(l RubricCriterionLevel) string { return l.Level },
		func(l RubricCriterionLevel) string { return l.Points },
	} {
		seen := map[float64]bool{}
		for _, l := range levels {
			if IsDecimal(rank(l)) {
				seen[Decimal(rank(l))] = true
			}
		}
		if len(levels) > 0 && len(seen) == len(levels) {
			slices.SortFunc(levels, func(a, b RubricCriterionLevel) int { return cmp.Compare(Decimal(rank(a)), Decimal(rank(b))) })
			return levels, true
		}
	}
	return levels, false
}

// mostValues is how many values of a scale are written out.
const mostValues = 12

// Text is a result with its scale, what passes, and whether it did, such as "8 of
// 10, pass at 6: passed", "B (F D C B A; required D): passed" or "Names them,
// level 2 of 3". word gives the words of a language for a key: out-of, of, most, least,
// level, pass-at, required, outcome, passed, missed, status.Completed and so on, with {value}
// and other names in braces; more, also and aside join two texts.
func (s Standing) Text(word func(key string) string) string {
	say := func(key string, pairs ...string) string {
		return strings.NewReplacer(pairs...).Replace(word(key))
	}
	value := s.Value
	required := ""
	switch {
	case s.Required == "":
	case s.Numbers:
		required = say("pass-at", "{required}", s.Required)
	default:
		required = say("required", "{required}", s.Required)
	}
	join := func(key, value, more string) string {
		if value == "" {
			return more
		}
		return say(key, "{value}", value, "{more}", more)
	}
	notes := ""
	switch {
	case s.Place > 0:
		value = say("level", "{value}", value, "{place}", strconv.Itoa(s.Place), "{of}", strconv.Itoa(s.Of))
	case len(s.Values) > 0:
		notes = listed(s.Values, func(a, b string) string { return join("more", a, b) })
	case s.Value == "":
	case s.Min == "0" && s.Max != "":
		value = say("out-of", "{value}", value, "{max}", s.Max)
	case s.Min != "" && s.Max != "":
		value = say("of", "{value}", value, "{min}", s.Min, "{max}", s.Max)
	case s.Max != "":
		value = say("most", "{value}", value, "{max}", s.Max)
	case s.Min != "":
		value = say("least", "{value}", value, "{min}", s.Min)
	}
	if s.Status != "" {
		value = join("more", value, cmp.Or(word("status."+s.Status), s.Status))
	}
	if s.Numbers {
		value = say("more", "{value}", value, "{more}", required)
	} else if required != "" {
		notes = join("also", notes, required)
	}
	if notes != "" {
		value = say("aside", "{value}", value, "{more}", notes)
	}
	if s.Outcome != "" {
		value = say("outcome", "{result}", value, "{outcome}", word(s.Outcome))
	}
	return strings.TrimPrefix(value, " ")
}

// listed writes the values of a scale, the middle of a long one left out; more joins
// those of several words.
func listed(values []string, more func(a, b string) string) string {
	if len(values) > mostValues {
		values = slices.Concat(values[:mostValues/2], []string{"…"}, values[len(values)-mostValues/2:])
	}
	if !slices.ContainsFunc(values, func(v string) bool { return strings.Contains(v, " ") }) {
		return strings.Join(values, " ")
	}
	said := ""
	for _, v := range values {
		said = more(said, v)
	}
	return said
}

// decimalText is a number as authors write it: digits, a point, a minus sign.
var decimalText = regexp.MustCompile(`^-?[0-9]{1,15}(\.[0-9]{1,15})?$`)

// IsDecimal tells whether Decimal can read a text.
func IsDecimal(s string) bool { return decimalText.MatchString(s) }

// Decimal is the number that a text of at most 15 digits on either side of a point
// is; 0 for any other.
func Decimal(s string) float64 {
	if !IsDecimal(s) {
		return 0
	}
	f, _ := strconv.ParseFloat(s, 64)
	return f
}
