package site

import (
	"math"
	"slices"
	"strconv"

	"laurel/internal/standards/vc"
)

// Framework is a skills framework, and the nodes of it that something is aligned to.
type Framework struct {
	Name       string // empty: they name none
	Alignments []Alignment
}

// frameworks groups alignments by framework, in the order in which these are first
// named. What is named twice is there once.
func frameworks(lists ...[]Alignment) (all []Framework) {
	for _, a := range slices.Concat(lists...) {
		i := slices.IndexFunc(all, func(f Framework) bool { return f.Name == a.Framework })
		if i < 0 {
			i = len(all)
			all = append(all, Framework{Name: a.Framework})
		}
		if !slices.ContainsFunc(all[i].Alignments, func(b Alignment) bool { return b.URL == a.URL && b.Name == a.Name }) {
			all[i].Alignments = append(all[i].Alignments, a)
		}
	}
	return all
}

// Frameworks are the alignments of an achievement and of its results, by framework.
func (a Achievement) Frameworks() []Framework {
	lists := [][]Alignment{a.Alignments}
	for _, r := range a.Results {
		lists = append(lists, r.Alignments)
	}
	return frameworks(lists...)
}

// Skills are the alignments of an award's achievement and of what was reached, by
// framework.
func (a *Award) Skills() []Framework {
	lists := [][]Alignment{a.Achievement.Alignments}
	for _, r := range a.Achievement.Results {
		lists = append(lists, r.Alignments)
	}
	for _, r := range a.Results {
		lists = append(lists, r.Alignments)
	}
	return frameworks(lists...)
}

// Bar is a result on a scale of numbers: how much of the way from the least to the most,
// in percent, and what passes, empty where nothing is said of that. The others are what
// is left, for scales that are read from the right.
type Bar struct{ Fill, Need, FillRest, NeedRest string }

// Bar is nil of a result that is not on a scale of numbers with two ends.
func (r Result) Bar() *Bar {
	if r.Value == "" || r.Min == "" || vc.Decimal(r.Max) <= vc.Decimal(r.Min) || len(r.Values) > 0 || !vc.IsDecimal(r.Value) {
		return nil
	}
	b := &Bar{}
	b.Fill, b.FillRest = percent(r.Min, r.Max, r.Value)
	if r.Numbers {
		b.Need, b.NeedRest = percent(r.Min, r.Max, r.Required)
	}
	return b
}

// percent is how much of the way from the least to the most a value is, and what is
// left.
func percent(least, most, value string) (string, string) {
	low, high := vc.Decimal(least), vc.Decimal(most)
	part := math.Round(min(max((vc.Decimal(value)-low)/(high-low), 0), 1) * 100)
	return strconv.FormatFloat(part, 'f', -1, 64), strconv.FormatFloat(100-part, 'f', -1, 64)
}

// Bar has what passes on a scale of numbers; nil where there is no such scale, or all
// of it does.
func (d ResultDescription) Bar() *Bar {
	for _, n := range []string{d.ValueMin, d.ValueMax, d.Required} {
		if !vc.IsDecimal(n) {
			return nil
		}
	}
	if vc.Decimal(d.ValueMax) <= vc.Decimal(d.ValueMin) {
		return nil
	}
	b := &Bar{}
	b.Need, b.NeedRest = percent(d.ValueMin, d.ValueMax, d.Required)
	return b
}

// Step is one step of a scale.
type Step struct {
	Name                  string
	Reached, Here, Needed bool
}

// mostSteps is up to how many steps a scale is drawn: more are too narrow to be read.
const mostSteps = 6

// Steps are the scale of a result that is a level or one of a few values, lowest first;
// none where the order is not known or there are too many.
func (r Result) Steps() (steps []Step) {
	names := r.Values
	here := slices.Index(names, r.Value)
	if r.Place > 0 {
		names, here = mapAll(r.Levels, func(l Level) string { return l.Name }), r.Place-1
	}
	if len(names) < 2 || len(names) > mostSteps || here < 0 {
		return nil
	}
	for i, name := range names {
		steps = append(steps, Step{Name: name, Reached: i <= here, Here: i == here, Needed: name == r.Required})
	}
	return steps
}
